//! The configuration over HTTP: its version, its names, what is held back until there is another.

use std::path::Path;

use reqwest::blocking::{Client, Response};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::support::{OPERATOR, Sandbox, Server};

const ALL: &str = "/api/v1/config/all";
const VERSION: &str = "/api/v1/config/version";

/// Writes a file below the data directory.
pub fn put(sandbox: &Sandbox, name: &str, text: &str) {
    let path = sandbox.path("data").join(name);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, text).unwrap();
}

/// A data directory with a skill and a workflow, and a server on it.
pub fn prepared() -> (Sandbox, Server) {
    let sandbox = Sandbox::new();
    put(
        &sandbox,
        "competences/stable/ouvrir.yaml",
        "id: ouvrir\nname: Ouvrir le dossier\nmethods:\n- kind: type\n  text: 'yes'\n  value: 0.1\n",
    );
    put(&sandbox, "workflows/dossier.json", r#"{ "name": "Dossier é", "edges": [] }"#);
    let server = Server::start(&sandbox, &[]);
    (sandbox, server)
}

fn get(server: &Server, path: &str, token: &str, headers: &[(&str, &str)]) -> Response {
    let client = Client::builder().no_proxy().build().unwrap();
    let request = client.get(format!("{}{path}", server.url)).bearer_auth(token);
    headers.iter().fold(request, |request, (name, value)| request.header(*name, *value)).send().unwrap()
}

fn header(response: &Response, name: &str) -> String {
    response.headers().get(name).map(|value| value.to_str().unwrap().to_owned()).unwrap_or_default()
}

fn all(server: &Server) -> Value {
    let (status, body) = server.call("GET", ALL, OPERATOR, None);
    assert_eq!(status, 200, "{body}");
    body
}

fn version(server: &Server) -> String {
    server.call("GET", VERSION, OPERATOR, None).1["version"].as_str().unwrap().to_owned()
}

fn workflow_file(name: &str) -> String {
    format!(r#"{{ "name": "{name}", "edges": [] }}"#)
}

#[test]
fn the_version_is_the_hash_of_what_is_served_and_names_it() {
    let (_sandbox, server) = prepared();
    let body = all(&server);
    let text = r#"{"skills":[{"id":"ouvrir","learning_state":"stable","methods":[{"kind":"type","text":"yes","value":0.1}],"name":"Ouvrir le dossier"}],"workflows":[{"edges":[],"name":"Dossier é","workflow_id":"dossier"}]}"#;
    let hash = Sha256::digest(text.as_bytes()).iter().fold(String::new(), |hash, byte| hash + &format!("{byte:02x}"));
    assert_eq!(body["version"], hash.as_str());
    assert_eq!(body.as_object().unwrap().keys().collect::<Vec<_>>(), ["skills", "synced_at", "version", "workflows"]);
    assert_eq!(server.call("GET", VERSION, OPERATOR, None), (200, json!({ "version": hash })));

    for path in [ALL, VERSION] {
        let plain = get(&server, path, OPERATOR, &[]);
        let etag = header(&plain, "etag");
        assert_eq!((etag.as_str(), header(&plain, "content-encoding").as_str()), (format!("\"{hash}\"").as_str(), ""));
        let unchanged = get(&server, path, OPERATOR, &[("if-none-match", &etag)]);
        assert_eq!((unchanged.status().as_u16(), header(&unchanged, "etag")), (304, etag));
        assert!(unchanged.bytes().unwrap().is_empty());
        assert_eq!(get(&server, path, OPERATOR, &[("if-none-match", "\"another\"")]).status(), 200);
    }
    let packed = get(&server, ALL, OPERATOR, &[("accept-encoding", "gzip")]);
    assert_eq!((header(&packed, "content-encoding"), header(&packed, "vary")), ("gzip".to_owned(), "accept-encoding".to_owned()));
    let weak = header(&packed, "etag");
    let mut text = String::new();
    std::io::Read::read_to_string(&mut flate2::read::GzDecoder::new(packed.bytes().unwrap().as_ref()), &mut text).unwrap();
    assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), body);
    assert_eq!(get(&server, ALL, OPERATOR, &[("if-none-match", &weak)]).status(), 304);
}

#[test]
fn a_change_is_seen_by_the_next_request_and_a_name_that_comes_back_is_newer() {
    let (sandbox, server) = prepared();
    let time = |body: &Value| body["synced_at"].as_str().unwrap().to_owned();
    let first = all(&server);
    let mut last = time(&first);
    for round in 0..20 {
        // In place, of the same length: the one sort of change that only the time of the file tells.
        put(&sandbox, "workflows/dossier.json", &workflow_file(&format!("Dossier {}", round % 10)));
        let body = all(&server);
        assert_eq!(body["workflows"][0]["name"], format!("Dossier {}", round % 10));
        assert!(time(&body) > last, "{last}");
        last = time(&body);
    }
    put(&sandbox, "workflows/dossier.json", &workflow_file("Dossier é"));
    let back = all(&server);
    assert_eq!((&back["version"], &back["skills"], time(&back) > last), (&first["version"], &first["skills"], true));
    std::fs::remove_file(sandbox.path("data/competences/stable/ouvrir.yaml")).unwrap();
    assert_eq!(all(&server)["skills"], json!([]));
}

#[test]
#[cfg(unix)]
fn the_same_content_is_the_same_after_a_restart_and_on_another_server() {
    let (sandbox, server) = prepared();
    let before = all(&server);
    server.stop();
    let server = Server::start(&sandbox, &[]);
    assert_eq!(all(&server), before);
    let (_other, server) = prepared();
    assert_eq!(version(&server), before["version"]);
    let empty = Sandbox::new();
    let server = Server::start(&empty, &[]);
    assert_eq!((&all(&server)["skills"], &all(&server)["workflows"]), (&json!([]), &json!([])));
}

#[test]
fn a_missing_disk_empties_no_copies() {
    let (sandbox, server) = prepared();
    let before = all(&server);
    for folder in ["workflows", "competences"] {
        std::fs::rename(sandbox.path("data").join(folder), sandbox.path(folder)).unwrap();
    }
    assert_eq!(all(&server), before);
    // That is what somebody wants who makes an empty folder.
    std::fs::create_dir(sandbox.path("data/workflows")).unwrap();
    let version = before["version"].as_str().unwrap();
    assert_ne!(server.call("GET", &format!("{VERSION}?wait=30&version={version}"), OPERATOR, None).1["version"], *version);
    let emptied = all(&server);
    assert_eq!((&emptied["skills"], &emptied["workflows"]), (&json!([]), &json!([])));
}

#[test]
fn machines_and_operators_may_ask_and_machines_are_given_their_moment() {
    let (_sandbox, server) = prepared();
    let moments: Vec<String> = ["PC-1", "PC-2"]
        .map(|machine| {
            let token = server.enroll(machine);
            let answer = get(&server, ALL, &token, &[]);
            assert_eq!(answer.status(), 200);
            header(&answer, "lea-phase")
        })
        .to_vec();
    assert_eq!(moments, ["0.618034", "0.236068"]);
    assert_eq!(header(&get(&server, ALL, OPERATOR, &[]), "lea-phase"), "");
    let key = server.call("POST", "/api/v1/agents/keys", OPERATOR, Some(json!({ "name": "ward" }))).1;
    assert_eq!(get(&server, ALL, key["key"].as_str().unwrap(), &[]).status(), 403);
    assert_eq!(server.call("GET", VERSION, "", None).0, 401);
    assert_eq!(server.call("GET", &format!("{VERSION}?wait=61"), OPERATOR, None).0, 422);
}

#[test]
fn files_that_cannot_be_served_are_left_out_and_named_to_operators() {
    let (sandbox, server) = prepared();
    let before = version(&server);
    put(&sandbox, "competences/candidate/broken.yaml", "a: [");
    put(&sandbox, "workflows/broken.json", "[1]");
    let (_, told) = server.call("GET", VERSION, OPERATOR, None);
    assert_eq!(told["version"], before.as_str(), "what is left out is no part of what is served");
    let files: Vec<&str> = told["left_out"].as_array().unwrap().iter().map(|left| left["file"].as_str().unwrap()).collect();
    assert_eq!(files, ["competences/candidate/broken.yaml", "workflows/broken.json"]);
    let token = server.enroll("PC-1");
    assert_eq!(server.call("GET", VERSION, &token, None).1, json!({ "version": before }));
}

/// Asks, in another thread, for another version than `version`; the server's own count says when it waits.
fn waiting(server: &Server, path: &str) -> std::thread::JoinHandle<(u16, Value)> {
    let url = format!("{}{path}", server.url);
    let asked = std::thread::spawn(move || {
        let client = Client::builder().no_proxy().timeout(None).build().unwrap();
        let answer = client.get(url).bearer_auth(OPERATOR).send().unwrap();
        (answer.status().as_u16(), answer.json().unwrap_or_default())
    });
    while server.polls_waiting() == 0 {
        std::thread::yield_now();
    }
    asked
}

#[test]
fn an_answer_is_held_until_there_is_another_version() {
    let (sandbox, server) = prepared();
    let known = version(&server);
    let asked = waiting(&server, &format!("{VERSION}?wait=60&version={known}"));
    put(&sandbox, "workflows/new.json", &workflow_file("New"));
    let (status, body) = asked.join().unwrap();
    assert_eq!((status, body["version"] == known.as_str()), (200, false));
    // Who has another one already is answered at once, as is who doesn't say what it has.
    assert_eq!(server.call("GET", &format!("{ALL}?wait=60&version={known}"), OPERATOR, None).1["workflows"].as_array().unwrap().len(), 2);
    assert_eq!(server.call("GET", &format!("{VERSION}?wait=60"), OPERATOR, None).0, 200);
}

#[test]
#[cfg(unix)]
fn who_waits_is_answered_when_the_server_stops() {
    let (_sandbox, server) = prepared();
    let known = version(&server);
    let asked = waiting(&server, &format!("{ALL}?wait=60&version={known}"));
    let (code, _) = server.stop();
    assert_eq!((code, asked.join().unwrap().0), (0, 200));
}

/// The path of a fixture.
pub fn fixture(name: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/sync").join(name)
}
