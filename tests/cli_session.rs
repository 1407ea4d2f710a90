//! `lea session` and `lea replay expand`, as people call them.

use std::io::Read;

use serde_json::{Value, json};

use crate::support::{OPERATOR, Run, Sandbox, Server};

fn told(server: &Server, session: &str, number: usize) {
    let body = json!({ "session_id": session, "machine_id": "pc", "timestamp": number, "event": { "type": "click" } });
    assert_eq!(server.call("POST", "/api/v1/traces/stream/event", OPERATOR, Some(body)).0, 200);
}

fn of_server(sandbox: &Sandbox, server: &Server, arguments: &[&str]) -> Run {
    Run::of(sandbox.lea(["--server", &server.url]).args(arguments).env("LEA_TOKEN", OPERATOR))
}

fn names_in(zip: &std::path::Path) -> Vec<String> {
    let mut archive = zip::ZipArchive::new(std::fs::File::open(zip).unwrap()).unwrap();
    let mut text = String::new();
    archive.by_name("live_events.jsonl").unwrap().read_to_string(&mut text).unwrap();
    assert!(text.lines().all(|line| serde_json::from_str::<Value>(line).is_ok()));
    (0..archive.len()).map(|index| archive.by_index(index).unwrap().name().unwrap().into_owned()).collect()
}

#[test]
fn recordings_are_looked_after_on_a_server_and_in_the_data_directory() {
    let sandbox = Sandbox::new();
    let server = Server::start(&sandbox, &[]);
    told(&server, "sess_1", 1);
    told(&server, "sess_1", 2);
    told(&server, "sess_2", 3);
    let list = of_server(&sandbox, &server, &["session", "list"]).expect(0);
    assert!(list.out.contains("sess_1") && list.out.contains("open") && list.out.contains("pc"), "{}", list.out);
    let listed = of_server(&sandbox, &server, &["session", "list", "--machine", "PC", "--active", "--json"]).expect(0).json();
    assert_eq!(listed["sessions"].as_array().unwrap().len(), 2);
    assert_eq!(of_server(&sandbox, &server, &["session", "list", "--machine", "other", "--json"]).expect(0).json()["sessions"], json!([]));
    let shown = of_server(&sandbox, &server, &["session", "show", "sess_1", "--json"]).expect(0).json();
    assert_eq!((&shown["events_count"], &shown["finalized"]), (&json!(2), &json!(false)));
    assert_eq!(
        of_server(&sandbox, &server, &["session", "finalize", "sess_1", "--json"]).expect(0).json()["status"],
        "queued_for_processing"
    );
    for wrong in [&["session", "show", "nope"][..], &["session", "finalize", "../x"], &["session", "export", "nope"]] {
        of_server(&sandbox, &server, wrong).expect(8);
    }
    let export = of_server(&sandbox, &server, &["session", "export", "sess_1", "--json"]).expect(0).json();
    assert_eq!(export["bytes"].as_u64().unwrap(), std::fs::metadata(sandbox.path("sess_1.zip")).unwrap().len());
    assert!(names_in(&sandbox.path("sess_1.zip")).contains(&"live_events.jsonl".to_owned()));
    assert_eq!(of_server(&sandbox, &server, &["session", "export", "sess_1"]).expect(5).out, "");
    of_server(&sandbox, &server, &["session", "export", "sess_1", "--force"]).expect(0);
    of_server(&sandbox, &server, &["session", "export", "sess_1", "-o", "no/such/folder/x.zip"]).expect(3);
    // What is in use is not purged; what is not is named first.
    let dry = of_server(&sandbox, &server, &["session", "purge", "--older-than", "1s", "--dry-run", "--json"]).expect(0).json();
    assert!(dry["dry_run"] == true && dry["purged"].as_array().unwrap().iter().all(|gone| gone["session_id"] == "sess_1"), "{dry}");
    assert_eq!(of_server(&sandbox, &server, &["session", "purge"]).expect(0).out, "");
    of_server(&sandbox, &server, &["session", "purge", "--older-than", "soon"]).expect(2);
    // Beside a server that runs, nothing is changed behind its back.
    assert_eq!(sandbox.run(["session", "purge", "--json"]).expect(5).error()["code"], "locked");
    assert_eq!(sandbox.run(["session", "finalize", "sess_2", "--json"]).expect(5).error()["code"], "locked");
    #[cfg(unix)]
    assert_eq!(server.stop().0, 0);
    #[cfg(not(unix))]
    drop(server);
    // And without one all the same.
    assert_eq!(sandbox.run(["session", "list", "--json"]).expect(0).json()["sessions"].as_array().unwrap().len(), 2);
    assert_eq!(sandbox.run(["session", "show", "SESS_2", "--json"]).expect(0).json()["session_id"], "sess_2");
    sandbox.run(["session", "show", "nope"]).expect(8);
    sandbox.run(["session", "finalize", "sess_2"]).expect(0);
    sandbox.run(["session", "export", "sess_2", "-o", "two.zip"]).expect(0);
    assert!(names_in(&sandbox.path("two.zip")).contains(&"live_events.jsonl".to_owned()));
    let gone = sandbox.run(["session", "purge", "--older-than", "0s", "--json"]);
    if gone.code == 0 {
        assert_eq!(gone.json()["purged"].as_array().unwrap().len(), 2);
        assert!(!sandbox.path("data/sessions/pc/sess_1").exists());
    } else {
        gone.expect(2);
    }
}

#[test]
fn a_workflow_is_expanded_or_it_is_said_what_is_wrong_with_it() {
    let sandbox = Sandbox::new();
    let put = |name: &str, text: &str| std::fs::write(sandbox.path(name), text).unwrap();
    put(
        "w.json",
        r#"{ "name": "W", "nodes": [{"node_id": "a"}], "edges": [
            { "edge_id": "e1", "from_node": "a", "to_node": "b", "action": { "type": "mouse_click", "target": { "by_text": "Enregistrer", "by_position": [960, 540] } } },
            { "edge_id": "e2", "from_node": "b", "to_node": "c", "action": { "type": "text_input", "parameters": { "text": "Bonjour ${nom}" } } }
        ] }"#,
    );
    let run = |arguments: &[&str]| Run::of(sandbox.lea(["replay", "expand"]).args(arguments));
    let actions = run(&["w.json", "--param", "nom=Léa", "--json"]).expect(0).json();
    assert_eq!((&actions["actions"][0]["type"], &actions["actions"][0]["x_pct"]), (&json!("click"), &json!(0.5)));
    assert_eq!(actions["actions"][1]["text"], "Bonjour Léa");
    assert!(actions["actions"][1].get("x_pct").is_none(), "no position is no position");
    let table = run(&["w.json", "--param", "nom=Léa"]).expect(0);
    assert!(table.out.contains("Enregistrer") && table.out.contains("50.0 %"), "{}", table.out);
    let unset = run(&["w.json", "--json"]).expect(3).error();
    assert_eq!((&unset["code"], &unset["edge_id"]), (&json!("unset_variable"), &json!("e2")));
    assert_eq!(run(&["w.json", "--path", "e2", "--param", "nom=x", "--json"]).expect(0).json()["actions"].as_array().unwrap().len(), 1);
    assert_eq!(run(&["w.json", "--path", "e2,e1", "--param", "nom=x", "--json"]).expect(3).error()["code"], "invalid_path");
    put("bad.json", r#"{ "name": "W", "edges": [{ "edge_id": 5 }, 7] }"#);
    let bad = run(&["bad.json", "--json"]).expect(3).error();
    assert_eq!(bad["faults"].as_array().unwrap().len(), 4, "{bad}");
    assert_eq!(bad["faults"][0]["field"], "/edges/0/edge_id");
    run(&["gone.json"]).expect(3);
    run(&["w.json", "--param", "no equals sign"]).expect(2);
    // Beside a data directory the doctor says the same.
    std::fs::create_dir_all(sandbox.path("data/workflows")).unwrap();
    put("data/workflows/bad.json", "{}");
    let doctor = sandbox.run(["doctor", "--json"]).json();
    let check = doctor["checks"].as_array().unwrap().iter().find(|check| check["name"] == "workflows").unwrap().clone();
    assert!(check["status"] == "failed" && check["message"].as_str().unwrap().contains("bad.json"), "{check}");
}

#[test]
fn workflows_are_read_again_when_they_change_and_replayed() {
    let sandbox = Sandbox::new();
    let server = Server::start(&sandbox, &[]);
    let get = |path: &str| server.call("GET", &format!("/api/v1/traces/stream{path}"), OPERATOR, None);
    let start = |body: Value| server.call("POST", "/api/v1/traces/stream/replay", OPERATOR, Some(body));
    assert_eq!(get("/workflows").1["workflows"], json!([]));
    std::fs::create_dir_all(sandbox.path("data/workflows")).unwrap();
    let put = |name: &str, text: &str| std::fs::write(sandbox.path("data/workflows").join(name), text).unwrap();
    put("broken.json", "{ \"name\": ");
    put(
        "greet.json",
        r#"{ "workflow_id": "greet", "name": "Greet", "nodes": [{"node_id": "a"}], "entry_nodes": ["a"], "edges": [
            { "edge_id": "e1", "from_node": "a", "to_node": "b", "action": { "type": "text_input", "parameters": { "text": "${nom}", "defaults": { "nom": "Def" } } } },
            { "edge_id": "e2", "from_node": "b", "to_node": "c", "action": { "type": "compound", "parameters": { "steps": [{ "type": "wait" }, { "type": "key_press", "key": "enter" }] } } }
        ] }"#,
    );
    let listed = get("/workflows").1;
    assert_eq!((&listed["workflows"][0]["workflow_id"], &listed["workflows"][0]["edges"]), (&json!("greet"), &json!(2)));
    assert_eq!(listed["broken"][0]["file"], "broken.json");
    let body = json!({ "workflow_id": "greet", "session_id": "sess_1", "params": { "nom": "Dupont" } });
    let (status, started) = start(body.clone());
    assert_eq!((status, &started["total_actions"], &started["workflow_id"]), (200, &json!(3), &json!("greet")));
    let id = started["replay_id"].as_str().unwrap();
    assert_eq!(get("/replay/next?session_id=sess_1").1["action"]["text"], "Dupont");
    let shown = get(&format!("/replay/{id}")).1.to_string();
    assert!(shown.contains("nom") && !shown.contains("Dupont"), "what variables stand for is not told");
    put("greet.json", r#"{ "workflow_id": "greet", "name": "Greet", "edges": [] }"#);
    assert_eq!(start(json!({ "workflow_id": "greet", "session_id": "sess_2" })).1["code"], "no_actions");
    let (status, unknown) = start(json!({ "workflow_id": "nope", "session_id": "sess_2" }));
    assert_eq!((status, &unknown["code"]), (404, &json!("unknown_workflow")));
    assert!(!unknown.to_string().contains("greet"), "other workflows are not listed");
}
