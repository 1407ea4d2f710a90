//! `lea sync` through the executable: against a real server, against servers that lie, and without any.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::process::Stdio;
use std::sync::{Arc, Mutex};

use flate2::Compression;
use flate2::write::GzEncoder;
use lea::files::{Access, write_whole};
use lea::update::generate;
use secrecy::ExposeSecret;
use serde_json::{Value, json};

use crate::support::fake::{Fake, Reply, closed_port};
use crate::support::{OPERATOR, Run, Sandbox, Server, signal};
use crate::sync_http::{fixture, prepared, put};

/// `lea sync` on `url`, with its copy in the sandbox.
fn sync(sandbox: &Sandbox, url: &str, arguments: &[&str]) -> Run {
    let mut command = sandbox.lea(["sync"]);
    Run::of(command.args(arguments).env("LEA_SERVER", url).env("LEA_TOKEN", OPERATOR).env("LEA_SYNC_CACHE", sandbox.path("copy.db")))
}

/// What is at hand without a server.
fn at_hand(sandbox: &Sandbox) -> Value {
    let mut shown = sync(sandbox, "http://127.0.0.1:1", &["show", "--offline", "--json"]).expect(0).json();
    shown.as_object_mut().unwrap().remove("age_seconds").unwrap();
    shown
}

#[test]
fn what_was_pulled_is_there_when_the_server_is_not() {
    let (sandbox, server) = prepared();
    let nothing = sync(&sandbox, &server.url, &["show", "--offline", "--json"]).expect(8);
    assert_eq!(nothing.error()["code"], "no_config");
    assert!(!sandbox.path("copy.db").exists(), "looking makes nothing");

    let pulled = sync(&sandbox, &server.url, &["pull", "--json"]).expect(0).json();
    assert_eq!((&pulled["changed"], &pulled["cached"], &pulled["source"]), (&json!(true), &json!(true), &json!("server")));
    assert_eq!(pulled["difference"]["skills"]["added"], json!(["Ouvrir le dossier"]));
    let again = sync(&sandbox, &server.url, &["pull", "--json"]).expect(0).json();
    assert_eq!((&again["changed"], &again["version"]), (&json!(false), &pulled["version"]));
    let shown = sync(&sandbox, &server.url, &["show", "--json"]).expect(0).json();
    assert_eq!(
        shown.as_object().unwrap().keys().collect::<Vec<_>>(),
        ["age_seconds", "skills", "source", "synced_at", "version", "workflows"]
    );
    assert_eq!((&shown["source"], &shown["age_seconds"]), (&json!("server"), &json!(0)));

    let gone = format!("http://127.0.0.1:{}", closed_port());
    let shown = sync(&sandbox, &gone, &["show", "--json"]).expect(0);
    assert!(shown.err.contains("nothing answers") && shown.err.contains("confirmed"), "{}", shown.err);
    assert_eq!((&shown.json()["source"], &shown.json()["skills"]), (&json!("cache"), &pulled["skills"]));
    let skill = sync(&sandbox, &gone, &["get", "skill", "Ouvrir le dossier"]).expect(0).json();
    assert_eq!(skill["methods"][0], json!({ "kind": "type", "text": "yes", "value": 0.1 }));
    assert_eq!(sync(&sandbox, &gone, &["get", "skill", "ouvrir", "--json"]).expect(0).json(), skill);
    assert_eq!(sync(&sandbox, &gone, &["get", "workflow", "dossier", "--offline"]).expect(0).json()["name"], "Dossier é");
    assert_eq!(sync(&sandbox, &gone, &["get", "workflow", "nope", "--json"]).expect(8).error()["code"], "unknown_workflow");
    assert_eq!(sandbox.run(["sync", "get", "skill", "ouvrir", "--cache", "copy.db"]).expect(0).json(), skill);
    let refused = sync(&sandbox, &gone, &["pull", "--json"]).expect(6);
    assert_eq!(refused.error()["kept_version"], pulled["version"]);
    assert!(refused.out.is_empty());
}

#[test]
fn a_copy_that_is_too_old_is_said() {
    let (sandbox, server) = prepared();
    sync(&sandbox, &server.url, &["pull"]).expect(0);
    sync(&sandbox, &server.url, &["show", "--offline", "--max-age", "1h"]).expect(0);
    let old = sync(&sandbox, &server.url, &["show", "--offline", "--max-age", "0", "--json"]).expect(1);
    assert_eq!(old.json()["source"], "cache");
    assert!(sync(&sandbox, &server.url, &["get", "skill", "ouvrir", "--offline", "--max-age", "0s"]).expect(1).out.is_empty());
    // What the server confirms now is of now.
    sync(&sandbox, &server.url, &["show", "--max-age", "0"]).expect(0);
    sync(&sandbox, &server.url, &["show", "--max-age", "soon"]).expect(2);
}

#[test]
fn the_difference_is_shown_and_changes_nothing() {
    let (sandbox, server) = prepared();
    let first = Run::of(sandbox.lea(["sync", "diff", "--json"]).env("LEA_SERVER", &server.url).env("LEA_TOKEN", OPERATOR)).expect(0);
    assert_eq!(first.json()["cache"], Value::Null);
    sync(&sandbox, &server.url, &["pull"]).expect(0);
    assert_eq!(sync(&sandbox, &server.url, &["diff", "--json", "--exit-code"]).expect(0).json()["same"], true);
    put(&sandbox, "workflows/dossier.json", r#"{ "name": "Dossier", "edges": [] }"#);
    put(&sandbox, "workflows/new.json", r#"{ "name": "New", "edges": [] }"#);
    let before = at_hand(&sandbox);
    let found = sync(&sandbox, &server.url, &["diff", "--exit-code"]).expect(1);
    assert_eq!(found.out, "+ workflow new\n~ workflow dossier (name)\n");
    let found = sync(&sandbox, &server.url, &["diff", "--json"]).expect(0).json();
    assert_eq!(found["workflows"], json!({ "added": ["new"], "removed": [], "changed": [{ "name": "dossier", "fields": ["name"] }] }));
    assert_eq!((at_hand(&sandbox), &found["same"]), (before, &json!(false)));
}

#[test]
fn a_machine_asks_by_its_own_credentials_and_is_asked_for_some_without() {
    let (sandbox, server) = prepared();
    let on = |arguments: &[&str]| {
        let mut command = sandbox.lea(arguments);
        Run::of(command.env("LEA_SERVER", &server.url).env("LEA_DATA_DIR", sandbox.path("machine")))
    };
    assert_eq!(on(&["sync", "pull", "--json"]).expect(4).error()["code"], "missing_token");
    Run::of(
        sandbox
            .lea(["enroll", "--machine-id", "PC-1"])
            .env("LEA_SERVER", &server.url)
            .env("LEA_DATA_DIR", sandbox.path("machine"))
            .env("LEA_TOKEN", OPERATOR),
    )
    .expect(0);
    on(&["sync", "pull"]).expect(0);
    assert!(sandbox.path("machine/config_cache.db").exists());
    // The data directory that is named is where the copy is; the server is still the one of the environment.
    let elsewhere = sandbox.path("machine").display().to_string();
    Run::of(sandbox.lea(["sync", "pull", "--data-dir", &elsewhere]).env("LEA_SERVER", &server.url)).expect(0);
    assert_eq!(on(&["sync", "show", "--data-dir", &elsewhere, "--json"]).expect(0).json()["source"], "cache");
    assert_eq!(Run::of(&mut sandbox.lea(["sync", "pull", "--json"])).expect(2).error()["code"], "no_server");
}

/// A listener that answers each request with the bytes that were set last.
struct Raw {
    url: String,
    answer: Arc<Mutex<Vec<u8>>>,
}

impl Raw {
    fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let answer = Arc::new(Mutex::new(Vec::new()));
        let given = Arc::clone(&answer);
        std::thread::spawn(move || {
            for mut stream in listener.incoming().flatten() {
                let mut lines = BufReader::new(stream.try_clone().unwrap()).lines();
                while lines.next().is_some_and(|line| line.is_ok_and(|line| !line.is_empty())) {}
                // Who breaks off has seen enough.
                let _ = stream.write_all(&given.lock().unwrap());
            }
        });
        Self { url, answer }
    }

    fn set(&self, bytes: Vec<u8>) {
        *self.answer.lock().unwrap() = bytes;
    }
}

fn answer(status: &str, headers: &str, body: &[u8]) -> Vec<u8> {
    let head = format!("HTTP/1.1 {status}\r\ncontent-length: {}\r\nconnection: close\r\n{headers}\r\n", body.len());
    [head.as_bytes(), body].concat()
}

fn json_answer(body: &Value) -> Vec<u8> {
    answer("200 OK", "content-type: application/json\r\n", body.to_string().as_bytes())
}

fn packed(bytes: &[u8]) -> Vec<u8> {
    let mut packer = GzEncoder::new(Vec::new(), Compression::fast());
    packer.write_all(bytes).unwrap();
    packer.finish().unwrap()
}

const GZIP: &str = "content-encoding: gzip\r\ncontent-type: application/json\r\n";

#[test]
fn a_server_that_lies_never_replaces_the_last_good_copy() {
    let (sandbox, server) = prepared();
    let (_, good) = server.call("GET", "/api/v1/config/all", OPERATOR, None);
    put(&sandbox, "workflows/new.json", r#"{ "name": "New", "edges": [] }"#);
    let (_, newer) = server.call("GET", "/api/v1/config/all", OPERATOR, None);
    let liar = Raw::start();
    liar.set(json_answer(&good));
    sync(&sandbox, &liar.url, &["pull"]).expect(0);
    let kept = at_hand(&sandbox);

    let with = |field: &str, value: Value| {
        let mut body = newer.clone();
        body[field] = value;
        json_answer(&body)
    };
    let text = newer.to_string();
    let mut short = json_answer(&newer);
    short.truncate(short.len() - 20);
    let page = b"<html><body>Please log in</body></html>";
    let without = |field: &str| {
        let mut body = newer.clone();
        body.as_object_mut().unwrap().remove(field);
        json_answer(&body)
    };
    let html = "content-type: text/html\r\n";
    let small = packed(text.as_bytes());
    let cases: Vec<(&str, Vec<u8>, i32, &str)> = vec![
        ("a list", json_answer(&json!([newer])), 6, "invalid_snapshot"),
        ("null", json_answer(&json!(null)), 6, "invalid_snapshot"),
        ("an empty object", json_answer(&json!({})), 6, "invalid_snapshot"),
        ("skills that are null", with("skills", json!(null)), 6, "invalid_snapshot"),
        ("workflows that are null", with("workflows", json!(null)), 6, "invalid_snapshot"),
        ("workflows that are an object", with("workflows", json!({})), 6, "invalid_snapshot"),
        ("a skill that is null", with("skills", json!([null])), 6, "invalid_snapshot"),
        ("no workflows", without("workflows"), 6, "invalid_snapshot"),
        ("no version", without("version"), 6, "invalid_snapshot"),
        ("a version that is null", with("version", json!(null)), 6, "invalid_snapshot"),
        ("a version that is no hash", with("version", json!("2026-11-21")), 6, "invalid_snapshot"),
        ("another version", with("version", json!("0".repeat(64))), 7, "version_mismatch"),
        ("the former version", with("version", good["version"].clone()), 7, "version_mismatch"),
        ("a content that lost something", with("workflows", json!([])), 7, "version_mismatch"),
        ("an older snapshot", with("synced_at", json!("2001-01-01T00:00:00+00:00")), 7, "snapshot_older"),
        ("no time", without("synced_at"), 6, "invalid_snapshot"),
        ("a page", answer("200 OK", html, page), 6, "unexpected_answer"),
        ("a page with an error", answer("502 Bad Gateway", html, page), 9, "unexpected_answer"),
        ("nothing", answer("200 OK", "", b""), 6, "unexpected_answer"),
        ("no content", answer("204 No Content", "", b""), 6, "unexpected_answer"),
        ("a cut text", answer("200 OK", "", &text.as_bytes()[..text.len() / 2]), 6, "answer_cut"),
        ("a cut connection", short, 6, "connection_lost"),
        ("something packed that is not", answer("200 OK", GZIP, text.as_bytes()), 6, "answer_cut"),
        ("something packed and cut", answer("200 OK", GZIP, &small[..small.len() / 2]), 6, "answer_cut"),
        ("a redirect", answer("302 Found", "location: http://127.0.0.1:9/\r\n", b""), 6, "redirected"),
        ("a refusal", answer("401 Unauthorized", "", br#"{"detail": "no", "code": "unknown_token"}"#), 4, "unknown_token"),
        ("a failure", answer("500 Internal Server Error", "", br#"{"detail": "no", "code": "bug"}"#), 9, "bug"),
        ("no HTTP", b"SSH-2.0-OpenSSH_9.2\r\n".to_vec(), 6, "not_http"),
        ("too deep a nesting", answer("200 OK", "", "[".repeat(10_000).as_bytes()), 6, "unexpected_answer"),
    ];
    for (what, bytes, code, error) in cases {
        liar.set(bytes);
        let refused = sync(&sandbox, &liar.url, &["pull", "--json"]);
        assert_eq!(refused.code, code, "{what}: {refused:?}");
        let said = refused.error();
        assert_eq!((&said["code"], &said["kept_version"]), (&json!(error), &kept["version"]), "{what}");
        assert_eq!(at_hand(&sandbox), kept, "{what}");
        let shown = sync(&sandbox, &liar.url, &["show", "--json"]).expect(0);
        assert_eq!((&shown.json()["version"], &shown.json()["source"]), (&kept["version"], &json!("cache")), "{what}");
        assert!(shown.err.contains("warning: "), "{what}: {}", shown.err);
    }
    liar.set(answer("200 OK", GZIP, &small));
    assert_eq!(sync(&sandbox, &liar.url, &["pull", "--json"]).expect(0).json()["version"], newer["version"]);
    // Set back on purpose.
    liar.set(json_answer(&good));
    assert_eq!(sync(&sandbox, &liar.url, &["pull", "--json"]).expect(7).error()["code"], "snapshot_older");
    sync(&sandbox, &liar.url, &["pull", "--allow-older"]).expect(0);
    sync(&sandbox, &liar.url, &["pull"]).expect(0);
}

#[test]
fn another_servers_time_is_no_measure() {
    let (sandbox, server) = prepared();
    sync(&sandbox, &server.url, &["pull"]).expect(0);
    let (_, mut body) = server.call("GET", "/api/v1/config/all", OPERATOR, None);
    body["synced_at"] = json!("2001-01-01T00:00:00+00:00");
    let other = Raw::start();
    other.set(json_answer(&body));
    sync(&sandbox, &other.url, &["pull"]).expect(0);
}

#[test]
fn a_copy_that_the_python_client_wrote_is_where_we_start() {
    let sandbox = Sandbox::new();
    let shown = |name: &str| {
        let copy = sandbox.path(name);
        std::fs::copy(fixture(name), &copy).unwrap();
        let run = Run::of(sandbox.lea(["sync", "show", "--json"]).env("AGENTKIT_CONFIG_CACHE", &copy)).expect(0);
        assert!(std::fs::read(&copy).unwrap() == std::fs::read(fixture(name)).unwrap());
        run.json()
    };
    let of_ours = shown("cache_by_python_client.db");
    assert_eq!(of_ours["version"].as_str().unwrap().len(), 64);
    assert_eq!((&of_ours["skills"][0]["name"], &of_ours["source"]), (&json!("Ouvrir Excel"), &json!("cache")));
    assert!(of_ours["age_seconds"].as_u64().is_some());
    // From a server whose versions are none of ours.
    let of_theirs = shown("cache_of_python_server.db");
    assert_eq!((&of_theirs["version"], &of_theirs["skills"][0]["id"]), (&json!("c2e6500ac1d186ff"), &json!("ouvrir_excel")));
}

#[test]
fn a_start_from_the_python_clients_copy_asks_only_whether_there_is_another() {
    let sandbox = Sandbox::new();
    let copy = sandbox.path("copy.db");
    std::fs::copy(fixture("cache_by_python_client.db"), &copy).unwrap();
    let fake = Fake::start(|_, _| Reply::Answer(304, Vec::new(), String::new()));
    let pulled = sync(&sandbox, &fake.url(), &["pull", "--json"]).expect(0).json();
    assert!(lea::files::is_private(&copy).unwrap());
    let asked = &fake.requests()[0];
    assert_eq!(asked.header("if-none-match"), Some(format!("\"{}\"", pulled["version"].as_str().unwrap()).as_str()));
    assert_eq!((asked.target.as_str(), &pulled["changed"]), ("/api/v1/config/all", &json!(false)));
    // A proxy's or a broken server's: there is nothing that could be unchanged.
    std::fs::remove_file(&copy).unwrap();
    assert_eq!(sync(&sandbox, &fake.url(), &["pull", "--json"]).expect(6).error()["code"], "unexpected_answer");
}

#[test]
fn a_damaged_copy_is_set_aside_and_a_place_that_takes_none_is_no_reason_to_give_up() {
    let (sandbox, server) = prepared();
    let copy = sandbox.path("machine/config_cache.db");
    put(&sandbox, "../machine/config_cache.db", "no copy of anything, and long enough to be looked at");
    let here = |arguments: &[&str]| {
        let mut command = sandbox.lea(["sync"]);
        command.args(arguments).env("LEA_DATA_DIR", sandbox.path("machine"));
        Run::of(command.env("LEA_SERVER", &server.url).env("LEA_TOKEN", OPERATOR))
    };
    // Who looks is told, and changes nothing.
    assert_eq!(here(&["show", "--json"]).expect(0).json()["source"], "server");
    assert!(here(&["show", "--offline"]).expect(8).err.contains("damaged") && std::fs::read(&copy).unwrap().starts_with(b"no copy"));
    let pulled = here(&["pull", "--json"]).expect(0);
    assert!(pulled.err.contains("damaged") && pulled.err.contains("set aside as"), "{}", pulled.err);
    assert_eq!(
        (&pulled.json()["cached"], &here(&["show", "--offline", "--json"]).json()["version"]),
        (&json!(true), &pulled.json()["version"])
    );
    let names: Vec<String> =
        std::fs::read_dir(sandbox.path("machine")).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    assert!(names.iter().any(|name| name.starts_with("config_cache.db.corrupt-")), "{names:?}");

    std::fs::write(sandbox.path("file"), "no folder").unwrap();
    let cache = sandbox.path("file/copy.db").display().to_string();
    let pulled = sync(&sandbox, &server.url, &["pull", "--cache", &cache, "--json"]).expect(0);
    assert!(pulled.err.contains("cannot be kept on disk"), "{}", pulled.err);
    assert_eq!((&pulled.json()["cached"], &pulled.json()["skills"][0]["id"]), (&json!(false), &json!("ouvrir")));
}

#[test]
fn a_file_that_is_no_copy_is_left_alone() {
    let (sandbox, server) = prepared();
    let letter = sandbox.path("letter.txt");
    std::fs::write(&letter, "Madame, Monsieur").unwrap();
    let cache = letter.display().to_string();
    for arguments in
        [&["show", "--offline"][..], &["show"], &["get", "skill", "ouvrir"], &["diff"], &["pull"], &["watch"], &["pull", "--allow-older"]]
    {
        let refused = sync(&sandbox, &server.url, &[arguments, &["--cache", &cache, "--json"]].concat()).expect(3);
        assert_eq!(refused.error()["code"], "not_a_cache", "{arguments:?}");
        assert_eq!(std::fs::read_to_string(&letter).unwrap(), "Madame, Monsieur", "{arguments:?}");
    }
}

#[test]
fn a_name_that_a_server_gives_is_not_what_it_is_asked_by() {
    let (sandbox, server) = prepared();
    let (_, good) = server.call("GET", "/api/v1/config/all", OPERATOR, None);
    let liar = good.clone();
    let fake = Fake::start(move |_, _| Reply::json(200, &liar).with("etag", "*"));
    for _ in 0..2 {
        sync(&sandbox, &fake.url(), &["pull"]).expect(0);
    }
    let asked: Vec<_> = fake.requests().iter().map(|request| request.header("if-none-match").map(str::to_owned)).collect();
    assert_eq!(asked, [None, Some(format!("\"{}\"", good["version"].as_str().unwrap()))]);
}

#[test]
fn a_time_that_is_yet_to_come_is_refused() {
    let (sandbox, server) = prepared();
    let (_, mut body) = server.call("GET", "/api/v1/config/all", OPERATOR, None);
    body["synced_at"] = json!("2140-01-01T00:00:00+00:00");
    let ahead = Raw::start();
    ahead.set(json_answer(&body));
    let refused = sync(&sandbox, &ahead.url, &["pull", "--json"]).expect(7);
    assert_eq!(refused.error()["code"], "snapshot_from_the_future");
    assert!(refused.error()["hint"].as_str().is_some_and(|hint| hint.contains("clock")) && !sandbox.path("copy.db").exists());
}

#[test]
fn a_copy_that_was_confirmed_in_the_future_is_of_unknown_age() {
    let (sandbox, server) = prepared();
    sync(&sandbox, &server.url, &["pull"]).expect(0);
    let copy = rusqlite::Connection::open(sandbox.path("copy.db")).unwrap();
    copy.execute_batch("UPDATE config_cache SET updated_at = '2140-01-01T00:00:00+00:00'").unwrap();
    let shown = sync(&sandbox, &server.url, &["show", "--offline", "--json", "--max-age", "3650d"]).expect(1);
    assert_eq!(shown.json()["age_seconds"], Value::Null);
    assert!(shown.err.contains("unknown age"), "{}", shown.err);
}

#[test]
fn a_tilde_is_the_home_folder() {
    let (sandbox, server) = prepared();
    let home = sandbox.path("home");
    let pull = |command: &mut std::process::Command| {
        Run::of(command.env("HOME", &home).env("LEA_SERVER", &server.url).env("LEA_TOKEN", OPERATOR)).expect(0)
    };
    pull(sandbox.lea(["sync", "pull"]).env("AGENTKIT_CONFIG_CACHE", "~/.agentkit/config_cache.db"));
    pull(&mut sandbox.lea(["sync", "pull", "--cache", "~/other.db"]));
    assert!(home.join(".agentkit/config_cache.db").exists() && home.join("other.db").exists() && !sandbox.path("~").exists());
    Run::of(sandbox.lea(["sync", "show", "--cache", "~somebody/x.db"]).env("HOME", &home)).expect(2);
}

#[test]
#[cfg(unix)]
fn a_command_that_hangs_does_not_hold_the_watching() {
    let (sandbox, server) = prepared();
    let mut child = sandbox
        .lea(["sync", "watch", "--json", "--interval", "1", "--on-change", "exec sleep 600", "--on-change-limit", "1"])
        .envs([("LEA_SERVER", server.url.as_str()), ("LEA_TOKEN", OPERATOR)])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut events =
        BufReader::new(child.stdout.take().unwrap()).lines().map(|line| serde_json::from_str::<Value>(&line.unwrap()).unwrap());
    let (changed, hooked, same) = (events.next().unwrap(), events.next().unwrap(), events.next().unwrap());
    assert_eq!((&changed["event"], &same["event"]), (&json!("changed"), &json!("unchanged")));
    assert_eq!((&hooked["event"], &hooked["ok"], &hooked["exit_code"]), (&json!("hook"), &json!(false), &Value::Null));
    signal(child.id(), "TERM");
    assert_eq!((&events.last().unwrap()["event"], child.wait().unwrap().code()), (&json!("stopped"), Some(0)));
    let mut log = String::new();
    child.stderr.take().unwrap().read_to_string(&mut log).unwrap();
    assert!(log.contains("--on-change-limit"), "{log}");
}

#[test]
#[cfg(unix)]
fn watching_takes_what_is_good_tells_what_is_not_and_ends_with_a_signal() {
    let (sandbox, server) = prepared();
    let (_, first) = server.call("GET", "/api/v1/config/all", OPERATOR, None);
    put(&sandbox, "workflows/$(touch pwned).json", r#"{ "workflow_id": "second", "name": "Second", "edges": [] }"#);
    put(&sandbox, "competences/candidate/evil.yaml", "name: \"$(touch pwned); `touch pwned`\"\n");
    let (_, second) = server.call("GET", "/api/v1/config/all", OPERATOR, None);
    let one = format!("\"{}\"", first["version"].as_str().unwrap());
    let fake = Fake::start(move |request, count| match count {
        0 => Reply::json(200, &first).with("etag", "\"one\""),
        1 => Reply::json(200, &json!([])),
        2 => Reply::json(503, &json!({ "detail": "later", "code": "overloaded" })).with("retry-after", "1"),
        _ if request.header("if-none-match") == Some(one.as_str()) => Reply::json(200, &second).with("etag", "\"two\""),
        _ => Reply::Answer(304, Vec::new(), String::new()),
    });
    let hook = format!("printf '%s|%s' \"$LEA_SYNC_SKILLS\" \"$LEA_SYNC_WORKFLOWS\" >> {}; cat > {}; exit 3", "names", "event");
    let mut child = sandbox
        .lea(["sync", "watch", "--json", "--interval", "1", "--on-change", &hook])
        .envs([("LEA_SERVER", fake.url().as_str()), ("LEA_TOKEN", OPERATOR)])
        .env("LEA_SYNC_CACHE", sandbox.path("copy.db"))
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut events =
        BufReader::new(child.stdout.take().unwrap()).lines().map(|line| serde_json::from_str::<Value>(&line.unwrap()).unwrap());
    let mut next = || events.next().unwrap();
    let (changed, hooked) = (next(), next());
    assert_eq!((&changed["event"], &changed["previous"], &changed["cached"]), (&json!("changed"), &Value::Null, &json!(true)));
    assert_eq!((&hooked["event"], &hooked["ok"], &hooked["exit_code"]), (&json!("hook"), &json!(false), &json!(3)));
    let (refused, failed) = (next(), next());
    assert_eq!((&refused["code"], &refused["kept"]), (&json!("invalid_snapshot"), &changed["version"]));
    assert_eq!((&failed["event"], &failed["code"]), (&json!("failed"), &json!("overloaded")));
    let (again, _, same) = (next(), next(), next());
    assert_eq!((&again["event"], &again["workflows"]["added"]), (&json!("changed"), &json!(["second"])));
    assert_eq!((&same["event"], &same["version"], &same["cached"]), (&json!("unchanged"), &again["version"], &json!(true)));
    assert_eq!(std::fs::read_to_string(sandbox.path("names")).unwrap(), "Ouvrir le dossier|dossier$(touch pwned); `touch pwned`|second");
    assert_eq!(
        serde_json::from_str::<Value>(&std::fs::read_to_string(sandbox.path("event")).unwrap()).unwrap()["version"],
        again["version"]
    );
    assert!(!sandbox.path("pwned").exists(), "a name was run");
    signal(child.id(), "TERM");
    let last = events.last().unwrap();
    assert_eq!((&last["event"], child.wait().unwrap().code()), (&json!("stopped"), Some(0)));
    let mut log = String::new();
    child.stderr.take().unwrap().read_to_string(&mut log).unwrap();
    assert!(!log.contains("panicked"), "{log}");
    assert_eq!(at_hand(&sandbox)["version"], again["version"]);
}

#[test]
#[cfg(unix)]
fn a_signal_ends_the_wait_for_a_server_that_says_nothing() {
    let sandbox = Sandbox::new();
    let fake = Fake::start(|_, _| Reply::Silence);
    let mut child = sandbox
        .lea(["sync", "watch", "--json", "--timeout", "600"])
        .envs([("LEA_SERVER", fake.url().as_str()), ("LEA_TOKEN", OPERATOR)])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    fake.wait_for(1);
    signal(child.id(), "INT");
    let mut out = String::new();
    child.stdout.take().unwrap().read_to_string(&mut out).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(0));
    assert!(out.contains("\"stopped\""), "{out}");
}

#[test]
fn what_must_be_signed_is_taken_with_a_signature_that_holds_alone() {
    let sandbox = Sandbox::new();
    put(&sandbox, "workflows/dossier.json", r#"{ "name": "Dossier", "edges": [] }"#);
    let (ours, theirs) = (generate(None).unwrap(), generate(None).unwrap());
    let key = sandbox.path("secret.key");
    write_whole(&key, ours.secret.expose_secret().as_bytes(), Access::Owner).unwrap();
    std::fs::write(sandbox.path("ours.pub"), &ours.public).unwrap();
    let serve = |key: Option<&std::path::Path>| {
        let mut command = sandbox.lea(["serve", "--listen", "127.0.0.1:0"]);
        command.env("LEA_TOKEN", OPERATOR);
        if let Some(key) = key {
            command.env("LEA_SYNC_SECRET_KEY", key);
        }
        Server::spawn(&mut command)
    };
    let sync = |url: &str, keys: &str, arguments: &[&str]| {
        let mut command = sandbox.lea(["sync"]);
        command.args(arguments).env("LEA_SERVER", url).env("LEA_TOKEN", OPERATOR).env("LEA_SYNC_CACHE", sandbox.path("copy.db"));
        Run::of(command.env("LEA_SYNC_PUBLIC_KEYS", keys))
    };
    let ours_pub = sandbox.path("ours.pub").display().to_string();
    let server = serve(Some(&key));
    sync(&server.url, &ours_pub, &["pull"]).expect(0);
    let both = format!("{},{}", theirs.public_base64, ours.public_base64);
    assert_eq!(sync(&server.url, &both, &["show", "--offline", "--json"]).expect(0).json()["source"], "cache");
    assert_eq!(sync(&server.url, &theirs.public_base64, &["pull", "--json"]).expect(7).error()["code"], "signature_invalid");
    sync(&server.url, &theirs.public_base64, &["show", "--offline"]).expect(8);
    // What was signed for another time is no proof of this one.
    let (_, mut body) = server.call("GET", "/api/v1/config/all", OPERATOR, None);
    body["synced_at"] = json!("2040-01-01T00:00:00+00:00");
    let liar = Raw::start();
    liar.set(json_answer(&body));
    std::fs::remove_file(sandbox.path("copy.db")).unwrap();
    assert_eq!(sync(&liar.url, &ours_pub, &["pull", "--json"]).expect(7).error()["code"], "signature_invalid");
    drop(server);
    let server = serve(None);
    assert_eq!(sync(&server.url, &ours_pub, &["pull", "--json"]).expect(7).error()["code"], "signature_missing");
    assert!(!sandbox.path("copy.db").exists());
    sync(&server.url, "", &["pull"]).expect(0);
    // A copy without a signature, as the Python client writes it, is not taken either.
    sync(&server.url, &ours_pub, &["show", "--offline"]).expect(8);
    drop(server);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        std::fs::set_permissions(&key, std::fs::Permissions::from_mode(0o644)).unwrap();
        let refused = Run::of(sandbox.lea(["serve", "--listen", "127.0.0.1:0", "--json"]).env("LEA_SYNC_SECRET_KEY", &key)).expect(3);
        assert_eq!(refused.error()["code"], "secret_key_exposed");
    }
}

#[test]
#[cfg(unix)]
fn a_watch_goes_on_with_the_token_of_a_machine_that_was_enrolled_anew() {
    let (sandbox, server) = prepared();
    let (_, good) = server.call("GET", "/api/v1/config/all", OPERATOR, None);
    let fake = Fake::start(move |request, _| match request.header("authorization") {
        Some("Bearer new") => Reply::json(200, &good),
        _ => Reply::json(401, &json!({ "detail": "no", "code": "unknown_token" })),
    });
    let enrolled = |token: &str| {
        let credentials = json!({ "server": fake.url(), "machine_id": "PC-1", "api_token": token });
        write_whole(&sandbox.path("machine/credentials.json"), credentials.to_string().as_bytes(), Access::Owner).unwrap();
    };
    std::fs::create_dir(sandbox.path("machine")).unwrap();
    enrolled("old");
    let mut child = sandbox
        .lea(["sync", "watch", "--json", "--interval", "1"])
        .envs([("LEA_SERVER", fake.url()), ("LEA_DATA_DIR", sandbox.path("machine").display().to_string())])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut events =
        BufReader::new(child.stdout.take().unwrap()).lines().map(|line| serde_json::from_str::<Value>(&line.unwrap()).unwrap());
    assert_eq!(events.next().unwrap()["code"], "unknown_token");
    enrolled("new");
    assert_eq!(events.find(|event| event["event"] != "failed").unwrap()["event"], "changed");
    signal(child.id(), "TERM");
    assert_eq!(child.wait().unwrap().code(), Some(0));
}
