//! `lea competence` through the executable, in the data directory.

use std::fs;

use serde_json::{Value, json};

use crate::support::{OPERATOR, Run, Sandbox, Server};

const AUDIT: &str = "data/competences/persist_audit.jsonl";

/// A request that may be persisted.
pub fn request(name: &str, persist_id: &str) -> Value {
    json!({
        "name": name,
        "intent_fr": "Ouvrir le tableur",
        "workflow_ir": {
            "steps": [{ "kind": "click", "target": { "by_text": "OK: non", "x": 0.5 } }, { "kind": "type", "text": "12:30" }],
            "preconditions": ["yes", "2026-04-15", "a\nb"],
            "success_marker": { "mode": "any_of", "markers": [{ "text": "Prêt" }] },
        },
        "parameters": [{ "name": "nom", "type": "int", "required": true }],
        "machine_id": "PC-1",
        "persist_id": persist_id,
    })
}

/// `lea competence persist` of a body.
pub fn persist(sandbox: &Sandbox, body: &Value) -> Run {
    let path = sandbox.path(&format!("{}.json", body["persist_id"].as_str().unwrap_or("none")));
    fs::write(&path, body.to_string()).unwrap();
    sandbox.run(["competence", "persist", "--json", path.to_str().unwrap()])
}

fn verify(sandbox: &Sandbox) -> Run {
    sandbox.run(["competence", "audit", "verify", "--json"])
}

#[test]
fn a_competence_is_stored_once_whatever_is_asked_again() {
    let sandbox = Sandbox::new();
    let first = persist(&sandbox, &request("Ouvrir Excel", "p-1")).expect(0).json();
    assert_eq!((&first["slug"], &first["audit_entry_id"], &first["created"]), (&json!("ouvrir_excel"), &json!(1), &json!(true)));
    let path = first["path"].as_str().unwrap();
    let text = fs::read_to_string(path).unwrap();
    assert!(text.starts_with("schema_version: 1\nid: ouvrir_excel\nname: Ouvrir Excel\n"), "{text}");
    let again = persist(&sandbox, &request("Ouvrir Excel", "p-1")).expect(0).json();
    assert_eq!((&again["path"], &again["audit_entry_id"], &again["created"]), (&first["path"], &json!(1), &json!(false)));
    assert_eq!(persist(&sandbox, &request("Autre", "p-1")).expect(5).error()["code"], "persist_id_reused");
    // The same order as on a server: an id that was used is told before what is in the document.
    assert_eq!(
        persist(&sandbox, &request("Dr Martin 01 42 34 56 78 12 rue de Paris", "p-1")).expect(5).error()["code"],
        "persist_id_reused"
    );
    let mut number = request("Nombre", "p-3");
    number["workflow_ir"]["v"] = serde_json::from_str("123456789012345678901234567890").unwrap();
    let sent = number.to_string().replace("1.2345678901234568e+29", "123456789012345678901234567890");
    fs::write(sandbox.path("huge.json"), &sent).unwrap();
    let huge = sandbox.run(["competence", "persist", "huge.json", "--json"]).expect(3).error();
    assert!(sent.contains("123456789012345678901234567890") && huge.to_string().contains("64 bits"), "{huge}");
    let taken = persist(&sandbox, &request("ouvrir excel", "p-2")).expect(5).error();
    assert_eq!((&taken["code"], &taken["state"]), (&json!("slug_taken"), &json!("candidate")));
    assert_eq!(fs::read_to_string(sandbox.path(AUDIT)).unwrap().lines().count(), 1);
    assert_eq!(fs::read_to_string(path).unwrap(), text);
    let verdict = verify(&sandbox).expect(0).json();
    assert_eq!(verdict["ok"], true);
    assert_eq!((&verdict["entries"], &verdict["chained"], &verdict["first_bad"]), (&json!(1), &json!(1), &Value::Null));
    // A name that was mistyped proves nothing.
    let nowhere = sandbox.path("nowhere");
    let proved = sandbox.run(["competence", "audit", "verify", "--data-dir", nowhere.to_str().unwrap()]);
    assert!(proved.expect(0).err.contains("nothing was proved") && !nowhere.exists());
}

#[test]
fn what_is_refused_leaves_nothing() {
    let sandbox = Sandbox::new();
    let mut personal = request("Saisie", "p-1");
    personal["workflow_ir"]["steps"][1]["text"] = json!("IPP 12345678 de jean@chu.fr");
    let run = persist(&sandbox, &personal).expect(3);
    let error = run.error();
    assert_eq!(error["code"], "pii_detected");
    let kinds: Vec<&str> = error["findings"].as_array().unwrap().iter().map(|finding| finding["kind"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["ipp", "email"]);
    assert!(!run.err.contains("12345678") && !run.err.contains("jean"), "{}", run.err);
    assert_eq!(persist(&sandbox, &request("é", "p-2")).expect(3).error()["code"], "invalid_slug");
    assert_eq!(persist(&sandbox, &request("  ", "p-3")).expect(3).error()["code"], "empty");
    let wrong = json!({ "name": 5, "workflow_ir": { "steps": "x" }, "parameters": [{}], "persist_id": "p-4" });
    let told = persist(&sandbox, &wrong).expect(3).error()["message"].as_str().unwrap().to_owned();
    for place in ["name", "workflow_ir.steps", "parameters.0.name"] {
        assert!(told.contains(place), "{told}");
    }
    assert!(!sandbox.path("data").exists(), "a refusal made something");
    fs::write(sandbox.path("x.json"), "{").unwrap();
    assert_eq!(sandbox.run(["competence", "persist", "x.json", "--json"]).expect(3).error()["code"], "invalid_json");
    let dry = request("Ouvrir Excel", "p-5");
    fs::write(sandbox.path("d.json"), dry.to_string()).unwrap();
    let yaml = sandbox.run(["competence", "persist", "--dry-run", "d.json"]).expect(0).out;
    assert!(yaml.contains("- \"yes\"\n- \"2026-04-15\"\n- \"a\\nb\"\n") && yaml.contains("text: \"12:30\""), "{yaml}");
    assert!(!sandbox.path("data").exists(), "a dry run made something");
}

#[test]
fn a_name_that_an_older_program_would_have_used_is_taken_too() {
    let sandbox = Sandbox::new();
    fs::create_dir_all(sandbox.path("data/competences/stable")).unwrap();
    fs::write(sandbox.path("data/competences/stable/cur.yaml"), "id: cur\n").unwrap();
    let taken = persist(&sandbox, &request("Cœur", "p-1")).expect(5).error();
    assert_eq!((&taken["slug"], &taken["state"]), (&json!("cur"), &json!("stable")));
    fs::remove_file(sandbox.path("data/competences/stable/cur.yaml")).unwrap();
    assert_eq!(persist(&sandbox, &request("Cœur", "p-1")).expect(0).json()["slug"], "coeur");
}

#[test]
fn tampering_is_found_and_named() {
    let sandbox = Sandbox::new();
    for number in 0..6 {
        persist(&sandbox, &request(&format!("Saisie {number}"), &format!("p-{number}"))).expect(0);
    }
    let path = sandbox.path(AUDIT);
    let whole = fs::read_to_string(&path).unwrap();
    let lines: Vec<&str> = whole.lines().collect();
    let joined = |lines: &[&str]| lines.join("\n") + "\n";
    let mut edited = lines.clone();
    let other = lines[2].replace("saisie_2", "saisie_9");
    edited[2] = &other;
    let mut moved = lines.clone();
    moved.swap(1, 2);
    let mut doubled = lines.clone();
    doubled.insert(3, lines[2]);
    let mut forged = lines.clone();
    forged.insert(4, r#"{"persist_id": "x", "slug": "x", "audit_entry_id": 5}"#);
    let stripped_line = format!("{}}}", lines[3].split(", \"prev\"").next().unwrap());
    let mut stripped = lines.clone();
    stripped[3] = &stripped_line;
    for (what, text, line) in [
        ("edited", joined(&edited), 3),
        ("moved", joined(&moved), 2),
        ("doubled", joined(&doubled), 4),
        ("put in", joined(&forged), 5),
        ("stripped of its chain", joined(&stripped), 4),
        ("taken out", joined(&[&lines[..2], &lines[3..]].concat()), 3),
        ("first taken out", joined(&lines[1..]), 1),
        ("cut off", joined(&lines[..4]), 5),
        ("cut off but one", joined(&lines[..5]), 6),
        ("emptied", String::new(), 1),
        ("torn", whole[..whole.len() - 9].to_owned(), 6),
    ] {
        fs::write(&path, &text).unwrap();
        let verdict = verify(&sandbox).expect(7).json();
        assert_eq!(verdict["ok"], false);
        assert_eq!(verdict["first_bad"]["line"], line, "{what}: {verdict}");
        assert!(!verdict["first_bad"]["reason"].as_str().unwrap().is_empty());
    }
    // Nothing is added to what is not whole.
    fs::write(&path, joined(&lines[..4])).unwrap();
    assert_eq!(persist(&sandbox, &request("Nouveau", "n-1")).expect(7).error()["code"], "audit_cut");
    fs::write(&path, &whole).unwrap();
    verify(&sandbox).expect(0);
    persist(&sandbox, &request("Nouveau", "n-1")).expect(0);
}

#[test]
fn the_sources_module_may_write_before_and_in_between() {
    let sandbox = Sandbox::new();
    let path = sandbox.path(AUDIT);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(&path, "{\"persist_id\": \"old\", \"slug\": \"ancien\", \"audit_entry_id\": 1}\n{bad json\n\n").unwrap();
    let add = |text: &str| fs::write(&path, fs::read_to_string(&path).unwrap() + text).unwrap();
    assert_eq!(persist(&sandbox, &request("Une saisie", "p-1")).expect(0).json()["audit_entry_id"], 4);
    add("{\"persist_id\": \"between\", \"slug\": \"x\", \"audit_entry_id\": 5}\n");
    let verdict = verify(&sandbox).expect(0).json();
    assert_eq!((&verdict["entries"], &verdict["chained"], &verdict["unchained_tail"]), (&json!(4), &json!(1), &json!(1)));
    assert_eq!(persist(&sandbox, &request("Autre saisie", "p-2")).expect(0).json()["audit_entry_id"], 6);
    let verdict = verify(&sandbox).expect(0).json();
    assert_eq!((&verdict["entries"], &verdict["chained"], &verdict["unchained_tail"]), (&json!(5), &json!(2), &json!(0)));
    assert_eq!(verdict["set_aside"], json!([]), "nothing was torn");
    let found = sandbox.run(["competence", "audit", "find", "between", "--json"]).expect(0).json();
    assert_eq!((&found["audit_entry_id"], &found["unchained"]), (&json!(5), &json!(true)));
    sandbox.run(["competence", "audit", "find", "nobody"]).expect(8);
    // What that module persisted is answered as it was.
    let mut old = request("Ancien", "old");
    assert_eq!(persist(&sandbox, &old).expect(0).json()["created"], false);
    old["name"] = json!("Un autre");
    persist(&sandbox, &old).expect(5);
    // And what stands between is held by the chain from then on.
    let whole = fs::read_to_string(&path).unwrap();
    fs::write(&path, whole.replace("between", "betwixt")).unwrap();
    assert_eq!(verify(&sandbox).expect(7).json()["first_bad"]["line"], 5);
    fs::write(&path, whole.replace("ancien", "anciem")).unwrap();
    verify(&sandbox).expect(7);
}

#[test]
fn a_torn_end_is_set_aside_and_told() {
    let sandbox = Sandbox::new();
    persist(&sandbox, &request("Une saisie", "p-1")).expect(0);
    let path = sandbox.path(AUDIT);
    let mut bytes = fs::read(&path).unwrap();
    bytes.extend(b"\xff\xfe no text\n{\"persist_id\": \"half");
    fs::write(&path, &bytes).unwrap();
    assert_eq!(verify(&sandbox).expect(7).json()["first_bad"]["line"], 3);
    let run = persist(&sandbox, &request("Autre saisie", "p-2")).expect(0);
    assert!(run.err.contains("set aside"), "{}", run.err);
    let verdict = verify(&sandbox).expect(0).json();
    let aside = verdict["set_aside"][0].as_str().unwrap();
    assert_eq!(fs::read(sandbox.path("data/competences").join(aside)).unwrap(), b"\xff\xfe no text\n{\"persist_id\": \"half");
    assert_eq!(fs::read_to_string(&path).unwrap().lines().count(), 2);
}

#[test]
fn competences_rise_by_what_their_documents_ask_for_and_fall() {
    let sandbox = Sandbox::new();
    let mut vacuous = request("Vide", "p-0");
    vacuous["workflow_ir"]["success_marker"] = json!({ "mode": "all_of", "markers": [] });
    persist(&sandbox, &vacuous).expect(0);
    persist(&sandbox, &request("Une saisie", "p-1")).expect(0);
    let go = |verb: &str, slug: &str, to: &str| {
        sandbox.run(["competence", verb, slug, "--to", to, "--by", "Zoé", "--reason", "relue: ok", "--json"])
    };
    let unmet = go("promote", "vide", "supervised").expect(5).error();
    assert_eq!(unmet["code"], "requirements_not_met");
    let names: Vec<&str> = unmet["unmet"].as_array().unwrap().iter().map(|one| one["requirement"].as_str().unwrap()).collect();
    assert_eq!(names, ["success_marker_defined", "replay_verified_once"]);
    go("promote", "une_saisie", "supervised").expect(5);
    // A program that replays notes where it succeeded, as the field's do.
    let candidate = sandbox.path("data/competences/candidate/une_saisie.yaml");
    let text = fs::read_to_string(&candidate).unwrap();
    fs::write(&candidate, text.replace("seen_contexts: []", "seen_contexts: # noted\n  - {screen: a, success: true}")).unwrap();
    let moved = go("promote", "une_saisie", "supervised").expect(0).json();
    assert_eq!((&moved["from"], &moved["to"], &moved["audit_entry_id"]), (&json!("candidate"), &json!("supervised"), &json!(3)));
    assert!(!candidate.exists());
    let text = fs::read_to_string(sandbox.path("data/competences/supervised/une_saisie.yaml")).unwrap();
    assert!(text.contains("learning_state: supervised") && text.contains("by: Zoé") && text.contains("# noted"), "{text}");
    go("promote", "une_saisie", "stable").expect(5);
    go("promote", "une_saisie", "supervised").expect(5);
    go("demote", "une_saisie", "candidate").expect(0);
    go("promote", "nobody", "stable").expect(8);
    sandbox.run(["competence", "demote", "nobody", "--to", "candidate", "--by", "Zoé", "--reason", "x"]).expect(8);
    sandbox.run(["competence", "promote", "une_saisie", "--to", "stable", "--by", "", "--reason", "x"]).expect(3);
    let shown = sandbox.run(["competence", "show", "une_saisie", "--json"]).expect(0).json();
    assert_eq!(shown["document"]["promotion"]["history"].as_array().unwrap().len(), 3);
    let list = sandbox.run(["competence", "audit", "list", "--slug", "une_saisie", "--json"]).expect(0).json();
    let events: Vec<&str> = list["entries"].as_array().unwrap().iter().map(|entry| entry["event"].as_str().unwrap()).collect();
    assert_eq!(events, ["persisted", "promoted", "demoted"]);
    verify(&sandbox).expect(0);
}

#[test]
fn a_line_that_somebody_put_in_is_found_and_never_taken_for_ours() {
    let sandbox = Sandbox::new();
    persist(&sandbox, &request("Une saisie", "p-1")).expect(0);
    let (audit, database) = (sandbox.path("data/competences/persist_audit.jsonl"), sandbox.path("data/lea.db"));
    let older = fs::read(&database).unwrap();
    persist(&sandbox, &request("Une autre", "p-2")).expect(0);
    // As it is after an older database was put in its place: the second line fits, and the database knows nothing of it. So does a line
    // that whoever may write to the file has made: no key goes into its hash.
    for file in ["lea.db-wal", "lea.db-shm"] {
        let _ = fs::remove_file(sandbox.path("data").join(file));
    }
    fs::write(&database, older).unwrap();
    let refused = persist(&sandbox, &request("Une troisieme", "p-3")).expect(7);
    assert!(refused.err.contains("line 2") && refused.err.contains("audit adopt"), "{refused:?}");
    verify(&sandbox).expect(7);
    let lines = fs::read_to_string(&audit).unwrap();
    assert_eq!(sandbox.run(["competence", "audit", "adopt", "--json"]).expect(0).json()["lines"], 1);
    assert_eq!(fs::read_to_string(&audit).unwrap(), lines);
    verify(&sandbox).expect(0);
    assert_eq!(persist(&sandbox, &request("Une autre", "p-2")).expect(0).json()["created"], false);
    persist(&sandbox, &request("Une troisieme", "p-3")).expect(0);
}

#[test]
fn what_is_no_document_stands_in_nobodys_way() {
    let sandbox = Sandbox::new();
    persist(&sandbox, &request("Une saisie", "p-1")).expect(0);
    fs::create_dir_all(sandbox.path("data/competences/candidate/une_autre.yaml")).unwrap();
    fs::write(sandbox.path("data/competences/candidate/en_latin.yaml"), b"name: \xe9").unwrap();
    for (name, id) in [("Une autre", "p-a"), ("En latin", "p-l")] {
        assert_eq!(persist(&sandbox, &request(name, id)).expect(5).error()["code"], "slug_taken");
    }
    persist(&sandbox, &request("Une troisieme", "p-3")).expect(0);
    verify(&sandbox).expect(0);
}

#[test]
fn reading_needs_nothing_and_makes_nothing() {
    let sandbox = Sandbox::new();
    assert_eq!(sandbox.run(["competence", "list", "--json"]).expect(0).json(), json!({ "competences": [], "broken": [] }));
    assert_eq!(sandbox.run(["competence", "audit", "list", "--json"]).expect(0).json()["entries"], json!([]));
    assert_eq!(verify(&sandbox).expect(0).json()["ok"], true);
    sandbox.run(["competence", "show", "nobody"]).expect(8);
    sandbox.run(["competence", "audit", "find", "x"]).expect(8);
    assert!(!sandbox.path("data").exists(), "reading made something");
    persist(&sandbox, &request("Ouvrir Excel", "p-1")).expect(0);
    fs::write(sandbox.path("data/competences/candidate/abc.yaml"), "a: [").unwrap();
    let list = sandbox.run(["competence", "list"]).expect(0);
    assert!(list.out.contains("ouvrir_excel") && list.err.contains("abc (candidate) cannot be read"), "{list:?}");
    let shown = sandbox.run(["competence", "show", "ouvrir_excel"]).expect(0).out;
    assert!(shown.contains("step_1_click") && shown.contains("by_text OK: non"), "{shown}");
    let listed = |arguments: &[&str]| {
        let all = ["competence", "audit", "list", "--json"].iter().chain(arguments).copied().collect::<Vec<_>>();
        sandbox.run(all).expect(0).json()["entries"].as_array().unwrap().len()
    };
    assert_eq!((listed(&["--machine", "pc-1"]), listed(&["--machine", "x"]), listed(&["--since", "1h"])), (1, 0, 1));
    assert_eq!((listed(&["--since", "2126-01-01"]), listed(&["--slug", "ouvrir_excel"])), (0, 1));
    sandbox.run(["competence", "audit", "list", "--since", "soon"]).expect(2);
    let export = sandbox.run(["competence", "audit", "export", "--output", "audit.jsonl"]).expect(0);
    assert!(export.err.contains("1 entries"), "{}", export.err);
    assert_eq!(fs::read_to_string(sandbox.path("audit.jsonl")).unwrap().lines().count(), 1);
}

#[test]
fn slugs_and_findings_by_the_command_line() {
    let sandbox = Sandbox::new();
    let rows = sandbox.run(["competence", "slugify", "Cœur", "é", "con", "--json"]).expect(3).json();
    assert_eq!((&rows[0]["slug"], &rows[1]["error"]["code"], &rows[2]["slug"]), (&json!("coeur"), &json!("invalid_slug"), &json!("c_con")));
    assert_eq!(sandbox.run(["competence", "slugify", "--", "-abc-"]).expect(0).out, "abc\n");
    fs::write(sandbox.path("a.json"), r#"{"a":"06 12 34 56 78","b":{"0612345678":[1,"x@y.fr"]}}"#).unwrap();
    fs::write(sandbox.path("b.yaml"), "ok: 12:30\n").unwrap();
    let found = sandbox.run(["competence", "scan", "a.json", "--json"]).expect(3);
    assert_eq!(
        found.json(),
        json!({ "findings": [{ "kind": "phone", "path": "/a" }, { "kind": "phone", "path": "/b/{0}" }, { "kind": "email", "path": "/b/{0}/1" }] })
    );
    assert!(!found.out.contains("0612") && !found.err.contains("0612"));
    assert!(sandbox.run(["competence", "scan", "a.json", "--reveal"]).expect(3).out.contains("06 12 34 56 78"));
    assert_eq!(sandbox.run(["competence", "scan", "b.yaml", "--json"]).expect(0).json(), json!({ "findings": [] }));
    let both = sandbox.run(["competence", "scan", "a.json", "b.yaml", "--json"]).expect(3);
    assert_eq!(both.json()["findings"][0]["file"], "a.json");
    fs::write(sandbox.path("accepted.json"), &both.out).unwrap();
    let rest = sandbox.run(["competence", "scan", "a.json", "b.yaml", "--baseline", "accepted.json", "--json"]).expect(0);
    assert_eq!(rest.json(), json!({ "findings": [], "accepted": 3 }));
    sandbox.run(["competence", "scan", "nothing.json"]).expect(3);
    for (name, value) in [("RPA_PII_PATTERNS", "(foo"), ("RPA_PII_PATTERNS", "x(?=y)")] {
        let refused = Run::of(sandbox.lea(["competence", "scan", "b.yaml", "--json"]).env(name, value)).expect(3);
        assert!(refused.error()["message"].as_str().unwrap().contains(value), "{}", refused.err);
        let refused = Run::of(sandbox.lea(["serve", "--check", "--json"]).env(name, value)).expect(3);
        assert_eq!(refused.error()["code"], "invalid_pattern");
    }
    let own = Run::of(sandbox.lea(["competence", "scan", "a.json", "--json"]).env("RPA_PII_PATTERNS", "x@|(y|z)q")).expect(3);
    assert_eq!(own.json(), json!({ "findings": [{ "kind": "x@", "path": "/b/0612345678/1" }] }));
    fs::write(sandbox.path("patterns"), "# own\n\\d\\d:\\d\\d\n").unwrap();
    let added = Run::of(sandbox.lea(["competence", "scan", "b.yaml", "--json"]).env("LEA_PII_PATTERNS_FILE", "patterns")).expect(3);
    assert_eq!(added.json()["findings"][0]["path"], "/ok");
}

#[test]
fn a_server_and_the_data_directory_give_the_same_answers() {
    let sandbox = Sandbox::new();
    let server = Server::start(&sandbox, &[]);
    let on = |arguments: &[&str]| Run::of(sandbox.lea(arguments).env("LEA_SERVER", &server.url).env("LEA_TOKEN", OPERATOR));
    fs::write(sandbox.path("a.json"), request("Ouvrir Excel", "p-1").to_string()).unwrap();
    let made = on(&["competence", "persist", "a.json", "--json"]).expect(0).json();
    assert_eq!((&made["path"], &made["created"]), (&json!("competences/candidate/ouvrir_excel.yaml"), &json!(true)));
    assert_eq!(persist(&sandbox, &request("Ouvrir Excel", "p-1")).expect(0).json()["created"], false);
    persist(&sandbox, &request("Une saisie", "p-2")).expect(0);
    for arguments in [
        vec!["competence", "list", "--json"],
        vec!["competence", "show", "ouvrir_excel", "--json"],
        vec!["competence", "show", "une_saisie"],
        vec!["competence", "audit", "list", "--json"],
        vec!["competence", "audit", "list", "--limit", "1"],
        vec!["competence", "audit", "find", "p-2", "--json"],
        vec!["competence", "audit", "find", "1", "--json"],
        vec!["competence", "audit", "verify", "--json"],
        vec!["competence", "audit", "export"],
    ] {
        let (by_server, local) = (on(&arguments).expect(0), sandbox.run(&arguments).expect(0));
        assert_eq!(by_server.out, local.out, "{arguments:?}");
        assert!(!by_server.out.is_empty());
    }
    on(&["competence", "show", "nobody"]).expect(8);
    let refused = on(&["competence", "promote", "une_saisie", "--to", "supervised", "--by", "Zoé", "--reason", "x", "--json"]).expect(5);
    assert_eq!(refused.error()["code"], "requirements_not_met");
}

#[test]
fn a_reviewer_is_told_what_is_wrong_where_and_what_to_do() {
    use base64::Engine;
    let sandbox = Sandbox::new();
    let mut flat = std::io::Cursor::new(Vec::new());
    image::RgbImage::from_pixel(40, 40, image::Rgb([200; 3])).write_to(&mut flat, image::ImageFormat::Png).unwrap();
    let mut body = request("Une saisie", "p-1");
    body["workflow_ir"]["success_marker"] = json!({});
    body["workflow_ir"]["steps"] = json!([
        { "kind": "click" },
        { "kind": "click", "target": { "x": 0.5, "y": 0.5 } },
        { "kind": "click", "target": { "anchor_image_base64": base64::engine::general_purpose::STANDARD.encode(flat.into_inner()) } },
        { "kind": "wait", "duration_ms": 90_000 },
        { "kind": "type", "target": { "by_text": "Mot de passe" }, "text": "azerty" },
        { "kind": "type", "text": "${ipp} rm -rf /" },
        { "kind": "key_combo", "keys": ["Alt", "F4"], "next": "nobody" },
        { "kind": "type", "text": "mdp : Azerty!" },
        { "kind": "wait", "params": { "ms": 90_000 } },
        { "kind": "stop" },
        { "kind": "type", "text": "jean@chu.fr" },
    ]);
    fs::write(sandbox.path("a.json"), body.to_string()).unwrap();
    let told = sandbox.run(["competence", "lint", "a.json", "--json"]).expect(1).json();
    let remarks = told["files"][0]["remarks"].as_array().unwrap();
    let mut codes: Vec<(&str, &str)> =
        remarks.iter().map(|remark| (remark["code"].as_str().unwrap(), remark["path"].as_str().unwrap())).collect();
    codes.sort_unstable();
    assert_eq!(
        codes,
        [
            ("anchor_flat", "/methods/2/target/anchor_image_base64"),
            ("click_by_place", "/methods/1"),
            ("click_without_target", "/methods/0"),
            ("long_wait", "/methods/3/duration_ms"),
            ("long_wait", "/methods/8/params/ms"),
            ("personal_data", "/methods/10/text"),
            ("secret", "/methods/4/text"),
            ("secret", "/methods/7/text"),
            ("undeclared_parameter", "/parameters"),
            ("unknown_step", "/methods/6/next"),
            ("unreachable", "/methods/10"),
            ("unsafe_keys", "/methods/6"),
            ("unsafe_text", "/methods/5/text"),
            ("unused_parameter", "/parameters/nom"),
            ("vacuous_success", "/success_marker"),
        ]
    );
    assert!(remarks.iter().all(|remark| !remark["suggestion"].as_str().unwrap().is_empty()));
    let mut fine = request("Une saisie", "p-1");
    fine["workflow_ir"]["steps"] = json!([{ "kind": "click", "target": { "by_text": "Saisir ${nom}" } }]);
    fs::write(sandbox.path("b.json"), fine.to_string()).unwrap();
    let run = sandbox.run(["competence", "lint", "b.json"]).expect(0);
    assert!(run.out.is_empty() && run.err.contains("nothing to say"), "{run:?}");
}
