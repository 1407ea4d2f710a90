//! `lea update` through the executable: keys, publishing, checking, staging, and who is offered what.
#![allow(clippy::unwrap_used, reason = "a test may stop where it stands")]

use std::path::Path;

use lea::files::{Access, write_whole};
use serde_json::{Value, json};

use crate::support::fake::{Fake, Reply};
use crate::support::zips::{Entry, sha256, update, zip};
use crate::support::{OPERATOR, Run, Sandbox, Server};

fn write(path: &Path, bytes: &[u8]) {
    write_whole(path, bytes, Access::Everyone).unwrap();
}

/// `lea update` with these arguments, told of the server at `url`, with updates switched on.
fn on(sandbox: &Sandbox, url: &str, arguments: &[&str]) -> Run {
    let mut command = sandbox.lea(arguments);
    command.env("LEA_SERVER", url).env("LEA_TOKEN", OPERATOR).env("RPA_AUTO_UPDATE_ENABLED", "1");
    Run::of(&mut command)
}

fn serve(sandbox: &Sandbox) -> Server {
    let mut command = sandbox.lea(["serve", "--listen", "127.0.0.1:0"]);
    Server::spawn(command.env("LEA_TOKEN", OPERATOR).env("RPA_AUTO_UPDATE_SERVER_ENABLED", "true"))
}

/// What stands in the staging folder, but for the lock.
fn staged(sandbox: &Sandbox) -> Vec<String> {
    let mut names: Vec<String> = std::fs::read_dir(sandbox.path("st"))
        .into_iter()
        .flatten()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| !name.starts_with('.'))
        .collect();
    names.sort();
    names
}

fn answer(zip: &[u8], url: &str) -> Value {
    json!({
        "update_available": true, "latest_version": "1.4.0", "update_type": "code-only", "url": url, "sha256": sha256(zip), "size": zip.len(),
    })
}

/// Stages from a server that answers a download as `reply` says.
fn fetch(sandbox: &Sandbox, fake: &Fake, answer: &Value) -> Run {
    write(&sandbox.path("answer.json"), answer.to_string().as_bytes());
    on(
        sandbox,
        &fake.url(),
        &["update", "stage", "--current", "1.0", "--response", "answer.json", "--staging", "st", "--timeout", "1", "--json"],
    )
}

/// An answer to a download: head and body as they are.
fn raw(head: &str, body: &[u8]) -> Vec<u8> {
    [format!("HTTP/1.1 {head}\r\nconnection: close\r\n\r\n").as_bytes(), body].concat()
}

fn whole(zip: &[u8]) -> Reply {
    Reply::Raw(raw(&format!("200 OK\r\ncontent-length: {}\r\netag: \"e\"", zip.len()), zip))
}

/// As a server answers that knows ranges.
fn ranged(request: &crate::support::fake::Request, zip: &[u8]) -> Reply {
    match request.header("range").and_then(|range| range.strip_prefix("bytes=")?.strip_suffix('-')?.parse::<usize>().ok()) {
        None => whole(zip),
        Some(from) => {
            let head = format!(
                "206 Partial\r\ncontent-length: {}\r\ncontent-range: bytes {from}-{}/{}\r\netag: \"e\"",
                zip.len() - from,
                zip.len() - 1,
                zip.len()
            );
            Reply::Raw(raw(&head, &zip[from..]))
        }
    }
}

#[test]
fn a_release_is_published_offered_staged_and_withdrawn() {
    let (sandbox, machine) = (Sandbox::new(), Sandbox::new());
    let server = serve(&sandbox);
    let bytes = update(50_000, 1);
    write(&sandbox.path("u.zip"), &bytes);
    let published =
        on(&sandbox, &server.url, &["update", "publish", "u.zip", "--version", "1.4.0", "--type", "code-only", "--json"]).expect(0).json();
    assert_eq!((&published["status"], &published["release"]["rollout"]), (&json!("published"), &json!(100)));
    let again =
        on(&sandbox, &server.url, &["update", "publish", "u.zip", "--version", "v1.4", "--type", "code-only", "--json"]).expect(0).json();
    assert_eq!(again["status"], "already_published");
    let changed =
        on(&sandbox, &server.url, &["update", "publish", "u.zip", "--version", "1.4", "--type", "code-only", "--rollout", "5", "--json"]);
    assert_eq!(changed.expect(5).error()["differs"], "rollout", "nobody is left to believe that it is offered to 5 %");
    write(&sandbox.path("other.zip"), &update(50_000, 2));
    let other =
        on(&sandbox, &server.url, &["update", "publish", "other.zip", "--version", "1.4.0", "--type", "code-only", "--json"]).expect(5);
    assert_eq!(other.error()["code"], "release_exists");
    let local = sandbox.run(["update", "list", "--json"]).expect(0);
    assert_eq!(
        local.out,
        on(&sandbox, &server.url, &["update", "list", "--json"]).expect(0).out,
        "a server and the data directory say the same"
    );
    assert_eq!(std::fs::read_dir(sandbox.path("data/updates")).unwrap().count(), 1, "what was refused is gone");

    // A machine asks with its own token, which the server tells it by.
    let body = json!({ "machine_id": "PC-1", "version": "1.0.0" });
    let token = server.call("POST", "/api/v1/agents/enroll", OPERATOR, Some(body)).1["api_token"].as_str().unwrap().to_owned();
    let ask = |arguments: &[&str]| {
        let mut command = machine.lea(arguments);
        Run::of(command.env("LEA_SERVER", &server.url).env("LEA_TOKEN", &token).env("RPA_AUTO_UPDATE_ENABLED", "on"))
    };
    let plan = ask(&["update", "check", "--current", "1.2.0", "--json"]).expect(0).json();
    assert_eq!((&plan["reason"], &plan["update"]["sha256"]), (&json!("update_available"), &json!(sha256(&bytes))));
    assert_eq!(server.call("GET", "/api/v1/agents/PC-1", OPERATOR, None).1["agent"]["version"], "1.2.0", "it said what it runs");
    assert_eq!(ask(&["update", "check", "--current", "1.4", "--json"]).expect(0).json(), json!({ "update": null, "reason": "no_update" }));
    ask(&["update", "check", "--current", "1.4", "--exit-code"]).expect(1);
    let nobody = server.call("GET", "/api/v1/agents/update/check?version=1.0&machine_id=PC-2", &token, None);
    assert_eq!(nobody.0, 403, "a machine asks for itself alone");

    let done = ask(&["update", "stage", "--current", "1.2.0", "--staging", "st", "--json"]).expect(0).json();
    let keys = ["ok", "staged_zip", "target_version", "update_type", "sha256_verified", "resumed_from", "problems"];
    assert_eq!(done.as_object().unwrap().len(), keys.len());
    assert_eq!(
        keys.map(|key| &done[key]),
        [&json!(true), &json!("st/lea_update_1.4.0.zip"), &json!("1.4.0"), &json!("code-only"), &json!(true), &json!(0), &json!([])]
    );
    assert_eq!(std::fs::read(machine.path("st/lea_update_1.4.0.zip")).unwrap(), bytes);
    assert_eq!(staged(&machine), ["lea_update_1.4.0.zip", "staged.json"]);
    let record = std::fs::read(machine.path("st/staged.json")).unwrap();
    ask(&["update", "stage", "--current", "1.2.0", "--staging", "st"]).expect(0);
    assert_eq!(std::fs::read(machine.path("st/staged.json")).unwrap(), record, "staging again changes nothing");
    // A ZIP that is handed in is looked at, whatever is staged.
    write(&machine.path("other.zip"), &update(1000, 77));
    let hash = sha256(&bytes);
    let handed = |file: &str| {
        let named = ["update", "stage", "--version", "1.4.0", "--type", "code-only", "--sha256", &hash, "--current", "1.2.0"];
        ask(&[&named[..], &["--file", file, "--staging", "st", "--json"]].concat())
    };
    handed("nowhere.zip").expect(3);
    assert_eq!(handed("other.zip").expect(7).json()["problems"][0]["code"], "hash_mismatch");
    assert_eq!(std::fs::read(machine.path("st/staged.json")).unwrap(), record);

    on(&sandbox, &server.url, &["update", "withdraw", "1.4.0"]).expect(0);
    assert_eq!(ask(&["update", "check", "--current", "1.2.0", "--json"]).json()["reason"], "no_update");
    // Whoever repeats the old answer is refused, and so is whoever offers what was withdrawn.
    let old = json!({ "update_available": true, "latest_version": "1.4.0", "url": "/x", "revision": 1 });
    let fake = Fake::start(move |_, _| Reply::json(200, &old));
    let offered = Run::of(
        machine
            .lea(["update", "check", "--current", "1.2.0", "--json"])
            .env("LEA_SERVER", fake.url())
            .env("LEA_TOKEN", "x")
            .env("RPA_AUTO_UPDATE_ENABLED", "1"),
    );
    assert_eq!(offered.expect(0).json(), json!({ "update": null, "reason": "release_withdrawn" }));
    // Who is told of a staged ZIP's end in the same breath as of nothing newer hears it as a warning.
    let late = ask(&["update", "stage", "--current", "1.2.0", "--staging", "st"]).expect(0);
    assert!(late.err.contains("1.4.0 is staged in st and was withdrawn since"), "{late:?}");
    // An answer that withdraws what it offers.
    let both = json!({ "update_available": true, "latest_version": "4.0", "url": "/x", "sha256": sha256(&bytes), "withdrawn": ["4.0.0"] });
    write(&machine.path("both.json"), both.to_string().as_bytes());
    let refused = ask(&["update", "stage", "--current", "1.2.0", "--response", "both.json", "--staging", "st3", "--json"]).expect(7);
    assert_eq!(refused.error()["reason"], "release_withdrawn");
    // A plan that was kept is no way round.
    let kept = json!({ "target_version": "1.4.0", "update_type": "code-only", "url": "/x", "sha256": sha256(&bytes) });
    write(&machine.path("kept.json"), kept.to_string().as_bytes());
    write(&machine.path("u.zip"), &bytes);
    let staged_again =
        ask(&["update", "stage", "--current", "1.2.0", "--plan", "kept.json", "--file", "u.zip", "--staging", "st2", "--json"]);
    assert_eq!(staged_again.expect(7).error()["reason"], "release_withdrawn");
    let back = on(&sandbox, &server.url, &["update", "resume", "1.4.0", "--json"]).expect(5);
    assert_eq!(back.error()["code"], "release_withdrawn");
    on(&sandbox, &server.url, &["update", "pause", "9.9"]).expect(8);
}

#[test]
fn an_answer_older_than_one_that_was_seen_is_refused() {
    let sandbox = Sandbox::new();
    let at = |revision: u64| {
        let body = json!({ "update_available": true, "latest_version": "1.4.0", "url": "/x", "revision": revision });
        write(&sandbox.path("answer.json"), body.to_string().as_bytes());
        on(&sandbox, "http://127.0.0.1:9", &["update", "check", "--current", "1.0", "--response", "answer.json", "--json"]).expect(0).json()
            ["reason"]
            .clone()
    };
    assert_eq!([at(7), at(8), at(7), at(8)], ["update_available", "update_available", "answer_stale", "update_available"]);
}

#[test]
fn updates_are_off_until_they_are_switched_on() {
    let sandbox = Sandbox::new();
    let server = Server::start(&sandbox, &[]);
    write(&sandbox.path("u.zip"), &update(1000, 1));
    on(&sandbox, &server.url, &["update", "publish", "u.zip", "--version", "1.4.0", "--type", "code-only"]).expect(0);
    // The server's switch is off.
    let (status, body) = server.call("GET", "/api/v1/agents/update/check?version=1.0", OPERATOR, None);
    assert_eq!((status, &body["update_available"]), (200, &json!(false)));
    // And the machine's.
    let off = Run::of(sandbox.lea(["update", "check", "--current", "1.0", "--json"]).env("LEA_SERVER", "http://127.0.0.1:9"));
    assert_eq!(off.expect(0).json(), json!({ "update": null, "reason": "disabled" }), "nobody is asked");
    let off =
        Run::of(sandbox.lea(["update", "stage", "--current", "1.0", "--staging", "st", "--json"]).env("LEA_SERVER", "http://127.0.0.1:9"));
    assert_eq!(off.expect(0).json()["staged_zip"], Value::Null);
    let person = Run::of(
        sandbox
            .lea(["update", "check", "--current", "1.0", "--even-if-disabled"])
            .env("LEA_SERVER", "http://127.0.0.1:9")
            .env("LEA_TOKEN", "x"),
    );
    person.expect(6);
}

#[test]
fn where_the_server_offers_nothing_nobody_is_told_that_it_does() {
    let sandbox = Sandbox::new();
    let server = Server::start(&sandbox, &[]);
    server.call("POST", "/api/v1/agents/enroll", OPERATOR, Some(json!({ "machine_id": "PC-1", "version": "1.0.0" })));
    write(&sandbox.path("code.zip"), &update(1000, 1));
    on(&sandbox, &server.url, &["update", "publish", "code.zip", "--version", "1.4.0", "--type", "code-only"]).expect(0);
    let check = server.call("GET", "/api/v1/agents/update/check?version=1.0.0&machine_id=pc-1", OPERATOR, None).1;
    assert_eq!(check["update_available"], false, "{check}");
    let explain = ["update", "explain", "--machine-id", "PC-1"];
    let told = on(&sandbox, &server.url, &[explain.as_slice(), &["--json"]].concat()).expect(0).json();
    let release = &told["releases"][0];
    assert_eq!((&told["offered"], &release["offered"], &release["reason"]), (&Value::Null, &json!(false), &json!("server_disabled")));
    assert!(on(&sandbox, &server.url, &explain).expect(0).out.contains("update.server_enabled"));
    for command in ["list", "status"] {
        assert!(on(&sandbox, &server.url, &["update", command]).expect(0).err.contains("update.server_enabled is off"), "{command}");
    }
    assert_eq!(on(&sandbox, &server.url, &["update", "list", "--json"]).expect(0).json()["server_enabled"], false);
}

#[test]
fn a_rollout_reaches_the_same_machines_and_is_explained() {
    let sandbox = Sandbox::new();
    let server = serve(&sandbox);
    for number in 0..40 {
        let body = json!({ "machine_id": format!("PC-{number}"), "version": "1.0.0" });
        server.call("POST", "/api/v1/agents/enroll", OPERATOR, Some(body));
    }
    write(&sandbox.path("full.zip"), &zip(&[Entry::stored("python/x.dll", b"x"), Entry::stored("config.py", b"")]));
    write(&sandbox.path("code.zip"), &update(1000, 1));
    on(&sandbox, &server.url, &["update", "publish", "full.zip", "--version", "1.4.0", "--type", "full", "--rollout", "30"]).expect(0);
    on(
        &sandbox,
        &server.url,
        &["update", "publish", "code.zip", "--version", "1.4.0", "--type", "code-only", "--rollout", "30", "--min-version", "1.2"],
    )
    .expect(0);
    on(&sandbox, &server.url, &["update", "publish", "full.zip", "--version", "2.0", "--type", "code-only"]).expect(7);
    let offered = |version: &str| -> Vec<(u32, String)> {
        let of = |number: u32| {
            let path = format!("/api/v1/agents/update/check?version={version}&machine_id=pc-{number}");
            let body = server.call("GET", &path, OPERATOR, None).1;
            body["update_type"].as_str().map(|kind| (number, kind.to_owned()))
        };
        (0..40).filter_map(of).collect()
    };
    let (old, new) = (offered("1.0.0"), offered("1.2.0"));
    assert!(old.len() > 3 && old.len() < 25, "{old:?}");
    assert!(old.iter().all(|(_, kind)| kind == "full") && new.iter().all(|(_, kind)| kind == "code-only"));
    let numbers = |offers: &[(u32, String)]| offers.iter().map(|(number, _)| *number).collect::<Vec<_>>();
    assert_eq!(numbers(&old), numbers(&new));
    for number in [old[0].0, (0..40).find(|number| !numbers(&old).contains(number)).unwrap()] {
        let name = format!("PC-{number}");
        let told = sandbox.run(["update", "explain", "--machine-id", &name, "--json"]).expect(0).json();
        let expected = if numbers(&old).contains(&number) { json!("1.4.0") } else { Value::Null };
        assert_eq!(told["offered"], expected, "{told}");
        assert_eq!(told["releases"][0]["reason"], "base_too_old", "{told}");
    }
    for machine in ["../x", "con"] {
        sandbox.run(["update", "explain", "--machine-id", machine, "--current", "1.0.0"]).expect(3);
    }
    on(&sandbox, &server.url, &["update", "rollout", "1.4.0", "100"]).expect(0);
    assert_eq!(offered("1.0.0").len(), 40);
    let status = on(&sandbox, &server.url, &["update", "status", "--json"]).expect(0).json();
    assert_eq!(status["versions"], json!([{ "version": "1.0.0", "machines": 40 }]));
    assert_eq!((&status["releases"][1]["offered"], &status["releases"][1]["updated"]), (&json!(40), &json!(0)));
    assert!(on(&sandbox, &server.url, &["update", "status", "--machines"]).expect(0).out.contains("PC-39"));
    on(&sandbox, &server.url, &["update", "rollout", "1.4.0", "101"]).expect(2);
}

#[test]
fn a_signature_binds_the_release_and_several_keys_may_count() {
    let sandbox = Sandbox::new();
    write(&sandbox.path("u.zip"), &update(1000, 1));
    let key = |name: &str| sandbox.run(["update", "keygen", "-o", name, "--json"]).expect(0).json()["key"].as_str().unwrap().to_owned();
    let (old, new) = (key("old"), key("new"));
    assert!(lea::files::is_private(&sandbox.path("old.key")).unwrap());
    sandbox.run(["update", "keygen", "-o", "old"]).expect(5);
    let sign = |version: &str| {
        sandbox.run(["update", "sign", "u.zip", "--version", version, "--type", "code-only", "--secret-key", "new.key"]).expect(0)
    };
    sign("1.4.0");
    let verify = |arguments: &[&str]| sandbox.run([&["update", "verify", "u.zip", "--json"], arguments].concat());
    assert_eq!(verify(&[]).expect(0).json()["signature"], "unchecked");
    assert_eq!(verify(&["--public-key", &old, "--public-key", "new.pub"]).expect(0).json()["signature"], "valid");
    assert_eq!(verify(&["--public-key", &old]).expect(7).json()["problems"][0]["code"], "signature_invalid");
    let manifest = json!({ "version": "1.5.0", "type": "code-only", "sha256": sha256(&update(1000, 1)) });
    write(&sandbox.path("m.json"), manifest.to_string().as_bytes());
    assert_eq!(verify(&["--manifest", "m.json", "--public-key", &new]).expect(7).json()["problems"][0]["code"], "signature_invalid");
    assert_eq!(verify(&["--public-key", "nonsense"]).expect(3).error()["code"], "invalid_public_key");
    // A server that trusts a key publishes nothing without its signature, nor does a machine stage it.
    let mut command = sandbox.lea(["serve", "--listen", "127.0.0.1:0"]);
    let server =
        Server::spawn(command.env("LEA_TOKEN", OPERATOR).env("RPA_AUTO_UPDATE_SERVER_ENABLED", "1").env("LEA_UPDATE_PUBLIC_KEYS", &new));
    on(&sandbox, &server.url, &["update", "publish", "u.zip", "--version", "1.4.0", "--type", "code-only"]).expect(0);
    std::fs::remove_file(sandbox.path("u.zip.minisig")).unwrap();
    let unsigned =
        on(&sandbox, &server.url, &["update", "publish", "u.zip", "--version", "1.5.0", "--type", "code-only", "--json"]).expect(3);
    assert_eq!(unsigned.error()["problems"][0]["code"], "signature_missing");
    let stage =
        |key: &str| on(&sandbox, &server.url, &["update", "stage", "--current", "1.0", "--staging", "st", "--public-key", key, "--json"]);
    assert_eq!(stage(&old).expect(7).json()["problems"][0]["code"], "signature_invalid");
    assert_eq!(staged(&sandbox), Vec::<String>::new());
    stage("new.pub").expect(0);
    let record: Value = serde_json::from_slice(&std::fs::read(sandbox.path("st/staged.json")).unwrap()).unwrap();
    assert_eq!(record["signed"], true);
    write(&sandbox.path("bad.zip"), b"no zip");
    sandbox.run(["update", "sign", "bad.zip", "--version", "1.4.0", "--type", "full", "--secret-key", "new.key"]).expect(7);
}

#[test]
fn a_key_with_a_password_signs_with_it_alone() {
    let sandbox = Sandbox::new();
    write(&sandbox.path("u.zip"), &update(100, 1));
    write(&sandbox.path("password"), "correct horse\n".as_bytes());
    write(&sandbox.path("wrong"), b"correct house");
    sandbox.run(["update", "keygen", "-o", "k", "--password-file", "password"]).expect(0);
    let sign = |more: &[&str]| {
        let arguments = ["update", "sign", "u.zip", "--version", "1.0", "--type", "full", "--secret-key", "k.key", "--json"];
        sandbox.run([&arguments[..], more].concat())
    };
    assert_eq!(sign(&[]).expect(3).error()["code"], "password_needed");
    assert_eq!(sign(&["--password-file", "wrong"]).expect(3).error()["code"], "wrong_password");
    sign(&["--password-file", "password"]).expect(0);
    sandbox.run(["update", "verify", "u.zip", "--public-key", "k.pub"]).expect(0);
}

#[test]
fn ci_checks_one_zip_or_many() {
    let sandbox = Sandbox::new();
    let (one, two) = (update(1000, 1), update(1000, 2));
    write(&sandbox.path("one.zip"), &one);
    write(&sandbox.path("two.zip"), &two);
    let good = sandbox.run(["update", "verify", "one.zip", "--sha256", &sha256(&one).to_uppercase(), "--json"]).expect(0).json();
    assert_eq!(good, json!({ "ok": true, "sha256": sha256(&one), "size": one.len(), "entries": 4, "signature": "absent", "problems": [] }));
    let bad = sandbox.run(["update", "verify", "two.zip", "--sha256", &sha256(&one), "--json"]).expect(7).json();
    assert_eq!(bad["problems"][0]["code"], "hash_mismatch");
    assert!(sandbox.run(["update", "verify", "one.zip"]).expect(0).out.contains("one.zip: ok"));
    write(&sandbox.path("SUMS"), format!("{}  one.zip\n{} *two.zip\n", sha256(&one), sha256(&two)).as_bytes());
    assert_eq!(sandbox.run(["update", "verify", "--sha256sums", "SUMS", "--json"]).expect(0).json()["files"].as_array().unwrap().len(), 2);
    write(&sandbox.path("SUMS"), format!("{}  one.zip\n{}  two.zip\n", sha256(&one), sha256(&one)).as_bytes());
    sandbox.run(["update", "verify", "--sha256sums", "SUMS"]).expect(7);
    write(&sandbox.path("SUMS"), format!("{}  gone.zip\n{}  two.zip\n", sha256(&one), sha256(&two)).as_bytes());
    let rest = sandbox.run(["update", "verify", "--sha256sums", "SUMS", "--json"]).expect(3).json();
    assert_eq!(
        (&rest["ok"], &rest["files"][0]["error"]["code"]),
        (&json!(false), &json!("file_not_found")),
        "one that is missing hides no other"
    );
    assert_eq!((&rest["files"][1]["ok"], &rest["files"][1]["sha256"]), (&json!(true), &json!(sha256(&two))));
    write(&sandbox.path("SUMS"), b"what\n");
    assert!(sandbox.run(["update", "verify", "--sha256sums", "SUMS"]).expect(3).err.contains("line 1"));
    sandbox.run(["update", "verify", "none.zip"]).expect(3);
    sandbox.run(["update", "verify", "one.zip", "--sha256", "abc"]).expect(7);
    sandbox.run(["update", "verify"]).expect(2);
}

#[test]
fn what_would_change_is_told_and_old_zips_are_kept_to_a_number() {
    let sandbox = Sandbox::new();
    let live = sandbox.path("live");
    std::fs::create_dir_all(live.join("agent_v1")).unwrap();
    write(&live.join("agent_v1/same.py"), b"same");
    write(&live.join("agent_v1/old.py"), b"old");
    write(&live.join("agent_v1/gone.py"), b"gone");
    write(&live.join("settings.txt"), b"nobody's business");
    let parts = [Entry::stored("agent_v1/same.py", b"same"), Entry::stored("agent_v1/old.py", b"new"), Entry::stored("config.py", b"x")];
    let bytes = zip(&parts);
    write(&sandbox.path("u.zip"), &bytes);
    let stage = |version: &str| {
        let hash = sha256(&bytes);
        sandbox.run([
            "update",
            "stage",
            "--file",
            "u.zip",
            "--version",
            version,
            "--sha256",
            &hash,
            "--installed",
            "live",
            "--staging",
            "st",
            "--current",
            "1.0",
        ])
    };
    let told = stage("1.1.0").expect(0);
    assert!(told.out.contains("1 added, 1 changed, 1 removed, 1 unchanged"), "{told:?}");
    let record: Value = serde_json::from_slice(&std::fs::read(sandbox.path("st/staged.json")).unwrap()).unwrap();
    assert_eq!(
        record["changes"],
        json!({ "added": ["config.py"], "changed": ["agent_v1/old.py"], "removed": ["agent_v1/gone.py"], "unchanged": 1 })
    );
    assert_eq!((&record["file"], &record["from_version"]), (&json!("lea_update_1.1.0.zip"), &json!("1.0")));
    assert_eq!(std::fs::read(live.join("agent_v1/old.py")).unwrap(), b"old", "live files are looked at and nothing else");
    for version in ["1.2.0", "1.10.0", "1.9.0"] {
        stage(version).expect(0);
    }
    assert_eq!(staged(&sandbox), ["lea_update_1.10.0.zip", "lea_update_1.9.0.zip", "staged.json"]);
    assert_eq!(
        stage("0.9").expect(0).out.trim(),
        "nothing to stage: the version that the server offers is not newer than the one that runs here"
    );
    let nothing = sandbox.run(["update", "stage", "--file", "u.zip", "--version", "1.1", "--staging", "st", "--json"]).expect(7);
    assert_eq!(nothing.error()["code"], "hash_missing");
    sandbox.run(["update", "stage", "--file", "u.zip", "--version", "../1", "--sha256", &sha256(&bytes), "--staging", "st"]).expect(3);
}

#[test]
fn a_server_that_fails_or_lies_leaves_nothing_staged() {
    let bytes = update(400_000, 1);
    let other = update(400_000, 2);
    let length = bytes.len();
    let half = bytes[..length / 2].to_vec();
    let page = b"<html>please log in</html>".to_vec();
    let full = |body: &[u8]| raw(&format!("200 OK\r\ncontent-length: {length}"), body);
    let cases: Vec<(&str, i32, Vec<u8>)> = vec![
        ("cuts it every time", 6, full(&half)),
        ("closes at once", 6, Vec::new()),
        ("says less than the plan", 7, raw(&format!("200 OK\r\ncontent-length: {}", half.len()), &half)),
        ("says more than there is", 7, raw(&format!("200 OK\r\ncontent-length: {}", length + 1), &bytes)),
        ("sends more than the plan", 7, raw("200 OK\r\ntransfer-encoding: chunked", &chunked(&[bytes.as_slice(), b"more"].concat()))),
        ("sends another file", 7, full(&other)),
        ("sends a page", 7, raw(&format!("200 OK\r\ncontent-type: text/html\r\ncontent-length: {}", page.len()), &page)),
        ("knows no such file", 8, raw("404 Not Found\r\ncontent-length: 0", b"")),
        ("lets nobody in", 4, raw("401 Unauthorized\r\ncontent-length: 0", b"")),
        ("has failed", 9, raw("500 Oh\r\ncontent-length: 0", b"")),
        ("sends a part without saying which", 6, raw(&format!("206 Partial\r\ncontent-length: {length}"), &bytes)),
    ];
    for (what, code, reply) in cases {
        let sandbox = Sandbox::new();
        let (head, fruitless) = (reply.clone(), code == 8);
        let fake = Fake::start(move |_, _| Reply::Raw(head.clone()));
        let run = fetch(&sandbox, &fake, &answer(&bytes, "/u.zip"));
        assert_eq!(run.code, code, "{what}: {run:?}");
        assert!(
            !staged(&sandbox).iter().any(|name| name == "lea_update_1.4.0.zip" || name == "staged.json"),
            "{what}: {:?}",
            staged(&sandbox)
        );
        if fruitless {
            assert_eq!(fake.requests().len(), 1, "{what}: what is not there does not come back");
        }
        assert!(fake.requests().iter().all(|request| request.header("authorization") == Some(&format!("Bearer {OPERATOR}"))));
    }
    // One that stalls is given up, and what came is kept for the next call.
    let sandbox = Sandbox::new();
    let head = full(&half);
    let fake = Fake::start(move |_, _| Reply::Stall(head.clone()));
    fetch(&sandbox, &fake, &answer(&bytes, "/u.zip")).expect(6);
    let kept = fake.requests().len();
    assert_eq!(kept, 2, "the time is for all tries together");
}

/// A body in chunks.
fn chunked(body: &[u8]) -> Vec<u8> {
    [format!("{:x}\r\n", body.len()).as_bytes(), body, b"\r\n0\r\n\r\n"].concat()
}

#[test]
fn a_download_goes_on_where_it_was_cut_and_only_with_the_same_file() {
    let bytes = update(400_000, 1);
    let cut = bytes.len() / 3;
    // Cut in one call, and gone on with in the same.
    let sandbox = Sandbox::new();
    let zip = bytes.clone();
    let fake = Fake::start(move |request, before| match before {
        0 => Reply::Raw(raw(&format!("200 OK\r\ncontent-length: {}\r\netag: \"e\"", zip.len()), &zip[..cut])),
        _ => ranged(request, &zip),
    });
    let done = fetch(&sandbox, &fake, &answer(&bytes, "/u.zip")).expect(0).json();
    assert_eq!(done["sha256_verified"], true);
    let second = &fake.requests()[1];
    assert_eq!((second.header("range").unwrap(), second.header("if-range")), (format!("bytes={cut}-").as_str(), Some("\"e\"")));
    // Cut off by a crash, and gone on with in the next call: what is there is not fetched again.
    let (sandbox, zip) = (Sandbox::new(), bytes.clone());
    std::fs::create_dir_all(sandbox.path("st")).unwrap();
    let part = |content: &[u8]| {
        write(&sandbox.path("st/lea_update_1.4.0.zip.part"), content);
        write(
            &sandbox.path("st/lea_update_1.4.0.zip.part.json"),
            json!({ "sha256": sha256(&bytes), "etag": "\"e\"" }).to_string().as_bytes(),
        );
    };
    part(&bytes[..cut]);
    let fake = Fake::start(move |request, _| ranged(request, &zip));
    let done = fetch(&sandbox, &fake, &answer(&bytes, "/u.zip")).expect(0).json();
    assert_eq!(done["resumed_from"], cut);
    assert_eq!(staged(&sandbox), ["lea_update_1.4.0.zip", "staged.json"]);
    // A server that goes on with another file under the same tag: once more from the beginning.
    std::fs::remove_dir_all(sandbox.path("st")).unwrap();
    std::fs::create_dir_all(sandbox.path("st")).unwrap();
    part(&update(400_000, 2)[..cut]);
    let done = fetch(&sandbox, &fake, &answer(&bytes, "/u.zip")).expect(0).json();
    assert_eq!((&done["resumed_from"], &done["ok"]), (&json!(0), &json!(true)));
    // One that never has the right file: nothing.
    std::fs::remove_dir_all(sandbox.path("st")).unwrap();
    std::fs::create_dir_all(sandbox.path("st")).unwrap();
    part(&bytes[..cut]);
    let wrong = update(400_000, 2);
    let fake = Fake::start(move |request, _| ranged(request, &wrong));
    let refused = fetch(&sandbox, &fake, &answer(&bytes, "/u.zip")).expect(7).json();
    assert_eq!(refused["problems"][0]["code"], "hash_mismatch");
    assert_eq!(staged(&sandbox), Vec::<String>::new());
}

#[cfg(unix)]
#[test]
fn a_page_costs_nothing_that_was_kept_and_others_files_are_not_taken_over() {
    let bytes = update(400_000, 1);
    let sandbox = Sandbox::new();
    std::fs::create_dir_all(sandbox.path("st")).unwrap();
    let part = sandbox.path("st/lea_update_1.4.0.zip.part");
    write(&part, &bytes[..1000]);
    write(&sandbox.path("st/lea_update_1.4.0.zip.part.json"), json!({ "sha256": sha256(&bytes), "etag": "\"e\"" }).to_string().as_bytes());
    let page = Fake::start(|_, _| Reply::page(200));
    fetch(&sandbox, &page, &answer(&bytes, "/u.zip")).expect(7);
    assert_eq!(std::fs::read(&part).unwrap(), &bytes[..1000]);
    // Somebody else's hand on the part: another name of the same file.
    std::fs::hard_link(&part, sandbox.path("theirs")).unwrap();
    let zip = bytes.clone();
    let fake = Fake::start(move |request, _| ranged(request, &zip));
    assert_eq!(fetch(&sandbox, &fake, &answer(&bytes, "/u.zip")).expect(0).json()["resumed_from"], 0);
    assert_eq!(std::fs::read(sandbox.path("theirs")).unwrap(), &bytes[..1000]);
    // A folder that everybody may write to is none to stage in.
    std::fs::set_permissions(sandbox.path("st"), std::os::unix::fs::PermissionsExt::from_mode(0o777)).unwrap();
    assert_eq!(fetch(&sandbox, &fake, &answer(&bytes, "/u.zip")).expect(3).error()["code"], "staging_open");
}

#[test]
fn the_token_goes_to_no_other_server() {
    let bytes = update(1000, 1);
    let zip = bytes.clone();
    let elsewhere = Fake::start(move |_, _| whole(&zip));
    let sandbox = Sandbox::new();
    // By a redirect.
    let to = format!("{}/u.zip", elsewhere.url());
    let fake = Fake::start(move |_, _| Reply::Raw(raw(&format!("302 Found\r\nlocation: {to}\r\ncontent-length: 0"), b"")));
    assert_eq!(fetch(&sandbox, &fake, &answer(&bytes, "/u.zip")).expect(6).error()["code"], "redirected");
    // By the plan.
    for url in [format!("{}/u.zip", elsewhere.url()), "http://user:pw@localhost/u.zip".to_owned()] {
        assert_eq!(fetch(&sandbox, &fake, &answer(&bytes, &url)).expect(7).error()["code"], "url_other_host");
    }
    for url in ["//evil.example/u.zip", "file:///etc/passwd", "ftp://localhost/u.zip", "u.zip"] {
        let run = fetch(&sandbox, &fake, &answer(&bytes, url)).expect(7);
        assert_eq!(run.error()["reason"], "url_invalid", "{url}");
    }
    assert_eq!(elsewhere.requests().len(), 0);
    // Where no server is configured, the plan's own is asked, and shown nothing.
    write(&sandbox.path("answer.json"), answer(&bytes, &format!("{}/u.zip", elsewhere.url())).to_string().as_bytes());
    let mut command = sandbox.lea(["update", "stage", "--current", "1.0", "--response", "answer.json", "--staging", "st"]);
    Run::of(command.env("LEA_TOKEN", OPERATOR)).expect(0);
    assert_eq!(elsewhere.requests()[0].header("authorization"), None);
}

#[test]
fn the_download_serves_ranges_of_what_is_published() {
    let sandbox = Sandbox::new();
    let server = serve(&sandbox);
    let bytes = update(300_000, 1);
    write(&sandbox.path("u.zip"), &bytes);
    on(&sandbox, &server.url, &["update", "publish", "u.zip", "--version", "1.4.0", "--type", "code-only"]).expect(0);
    let url = server.call("GET", "/api/v1/agents/update/check?version=1.0", OPERATOR, None).1["url"].as_str().unwrap().to_owned();
    let client = reqwest::blocking::Client::builder().no_proxy().build().unwrap();
    let get = |path: &str, headers: &[(&str, &str)]| {
        let mut request = client.get(format!("{}{path}", server.url)).bearer_auth(OPERATOR);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let response = request.send().unwrap();
        let said = |name: &str| response.headers().get(name).map(|value| value.to_str().unwrap().to_owned());
        let (range, etag) = (said("content-range"), said("etag"));
        (response.status().as_u16(), range, etag, response.bytes().unwrap().to_vec())
    };
    let (status, _, etag, body) = get(&url, &[]);
    let etag = etag.unwrap();
    assert_eq!((status, etag.as_str(), body), (200, format!("\"{}\"", sha256(&bytes)).as_str(), bytes.clone()));
    let (status, range, _, body) = get(&url, &[("range", "bytes=1000-"), ("if-range", &etag)]);
    assert_eq!((status, range, body), (206, Some(format!("bytes 1000-{}/{}", bytes.len() - 1, bytes.len())), bytes[1000..].to_vec()));
    assert_eq!(get(&url, &[("range", "bytes=1000-"), ("if-range", "\"other\"")]).0, 200);
    assert_eq!(get(&url, &[("range", &format!("bytes={}-", bytes.len()))]).0, 416);
    assert_eq!(get(&url, &[("if-none-match", &etag)]).0, 304);
    for path in ["lea.db", "..%2Flea.db", "lea_update_9.zip", "..", "%2e%2e%2ftoken"] {
        let path = format!("/api/v1/agents/update/download/{path}");
        assert!([404, 422].contains(&get(&path, &[]).0), "{path}");
    }
    on(&sandbox, &server.url, &["update", "withdraw", "1.4.0"]).expect(0);
    assert_eq!(get(&url, &[]).0, 404);
}
