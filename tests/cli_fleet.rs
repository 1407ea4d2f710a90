//! `lea fleet` through the executable: on a server, and on the data directory, with the same answers.

use serde_json::{Value, json};

use crate::support::{OPERATOR, Run, Sandbox, Server};

/// `lea` with these arguments, told of `server`.
fn on(sandbox: &Sandbox, server: &Server, arguments: &[&str]) -> Run {
    Run::of(sandbox.lea(arguments).env("LEA_SERVER", &server.url).env("LEA_TOKEN", OPERATOR))
}

fn prepared() -> (Sandbox, Server) {
    let sandbox = Sandbox::new();
    let server = Server::start(&sandbox, &[]);
    for (machine, host) in [("PC-1", "one"), ("PC-2", "two\u{1b}[31m"), ("PC-3", "=cmd()")] {
        let body = json!({ "machine_id": machine, "hostname": host, "version": "1.0.2", "user_name": "Zoé" });
        assert_eq!(server.call("POST", "/api/v1/agents/enroll", OPERATOR, Some(body)).0, 201);
    }
    (sandbox, server)
}

#[test]
fn a_server_and_the_data_directory_give_the_same_answers() {
    let (sandbox, server) = prepared();
    for arguments in [
        vec!["fleet", "list", "--json"],
        vec!["fleet", "list", "--json", "--status", "active", "--sort", "machine", "--version", "1.0.2"],
        vec!["fleet", "show", "pc-2", "--json"],
        vec!["fleet", "history", "PC-3", "--json"],
        vec!["fleet", "export", "--format", "csv"],
        vec!["fleet", "key", "list", "--json"],
    ] {
        let (by_server, local) = (on(&sandbox, &server, &arguments).expect(0), sandbox.run(&arguments).expect(0));
        assert_eq!(by_server.out, local.out, "{arguments:?}");
        assert!(!by_server.out.is_empty());
    }
    let list = sandbox.run(["fleet", "list", "--json"]).json();
    assert_eq!((&list["totals"], list["active"].as_array().unwrap().len()), (&json!({ "active": 3, "uninstalled": 0 }), 3));
}

#[test]
fn an_operator_lists_uninstalls_and_reads_the_history() {
    let (sandbox, server) = prepared();
    let list = on(&sandbox, &server, &["fleet", "list"]).expect(0);
    assert!(list.out.contains("PC-1") && list.out.contains("MACHINE") && list.err.contains("3 active, 0 uninstalled"), "{list:?}");
    assert!(!list.out.contains('\u{1b}'), "a hostname reached the terminal as it is");
    assert_eq!(on(&sandbox, &server, &["fleet", "list", "--stale", "1h", "--json"]).json()["active"], json!([]));

    let gone = on(&sandbox, &server, &["fleet", "uninstall", "pc-1", "--reason", "sold", "--json"]).expect(0).json();
    assert_eq!((&gone["status"], &gone["machine_id"]), (&json!("uninstalled"), &json!("PC-1")));
    let again = on(&sandbox, &server, &["fleet", "uninstall", "PC-1", "--reason", "other", "--json"]).expect(0).json();
    assert_eq!(gone, again, "a second time changes nothing");
    let history = on(&sandbox, &server, &["fleet", "history", "PC-1"]).expect(0);
    assert!(history.out.contains("enrolled") && history.out.contains("sold"), "{}", history.out);
    assert!(on(&sandbox, &server, &["fleet", "show", "PC-1"]).expect(0).out.contains("uninstalled"));

    assert_eq!(on(&sandbox, &server, &["fleet", "show", "nobody", "--json"]).expect(8).error()["code"], "unknown_machine");
    on(&sandbox, &server, &["fleet", "uninstall", "a/b"]).expect(3);
    on(&sandbox, &server, &["fleet", "list", "--stale", "soon"]).expect(2);
    let token = on(&sandbox, &server, &["fleet", "rotate-token", "PC-2"]).expect(0);
    assert_eq!(server.call("GET", "/api/v1/agents/PC-2", token.out.trim(), None).0, 200);
    let denied =
        Run::of(sandbox.lea(["fleet", "list", "--json"]).env("LEA_SERVER", &server.url).env("LEA_TOKEN", token.out.trim())).expect(4);
    assert_eq!(denied.error()["code"], "operator_required");
    Run::of(sandbox.lea(["fleet", "list"]).env("LEA_SERVER", &server.url).env("LEA_TOKEN", "wrong")).expect(4);
}

#[test]
fn what_is_done_in_the_data_directory_the_server_notices() {
    let (sandbox, server) = prepared();
    let token = sandbox.run(["fleet", "rotate-token", "PC-1"]).expect(0).out;
    let heard = |wanted: u16| (0..2000).any(|_| server.call("GET", "/api/v1/agents/PC-1", token.trim(), None).0 == wanted);
    assert!(heard(200), "a new token was never known");
    sandbox.run(["fleet", "uninstall", "PC-1", "--reason", "by hand"]).expect(0);
    assert!(heard(401), "a token outlived its machine");
    let events: Vec<String> = sandbox.run(["fleet", "history", "PC-1", "--json"]).json()["history"]
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| format!("{} {}", entry["event"].as_str().unwrap(), entry["actor"].as_str().unwrap()))
        .collect();
    assert_eq!(events, ["enrolled operator", "token_rotated local", "uninstalled local"]);
}

#[test]
fn keys_are_made_listed_and_revoked() {
    let (sandbox, server) = prepared();
    let key = on(&sandbox, &server, &["fleet", "key", "create", "--name", "ward 3", "--expires", "24h", "--max-uses", "1", "--json"])
        .expect(0)
        .json();
    let secret = key["key"].as_str().unwrap();
    let enroll = |machine: &str| server.call("POST", "/api/v1/agents/enroll", secret, Some(json!({ "machine_id": machine }))).0;
    assert_eq!((enroll("k1"), enroll("k2")), (201, 403));
    let list = on(&sandbox, &server, &["fleet", "key", "list"]).expect(0);
    assert!(list.out.contains("used up") && list.out.contains("1 of 1") && !list.out.contains(secret), "{}", list.out);
    let revoked = on(&sandbox, &server, &["fleet", "key", "revoke", key["id"].as_str().unwrap()]).expect(0);
    assert!(revoked.out.contains("ward 3"));
    on(&sandbox, &server, &["fleet", "key", "revoke", "nope"]).expect(8);
    on(&sandbox, &server, &["fleet", "key", "create", "--name", "x", "--expires", "never"]).expect(2);
    let made = sandbox.run(["fleet", "key", "create", "--name", "local"]).expect(0);
    assert!(made.out.starts_with("lea_k_"), "{}", made.out);
}

#[test]
fn an_export_is_private_and_no_formula() {
    let (sandbox, server) = prepared();
    let csv = on(&sandbox, &server, &["fleet", "export"]).expect(0).out;
    assert!(csv.starts_with("id,machine_id,user_name") && csv.contains("'=cmd()") && csv.contains("Zoé"), "{csv}");
    let path = sandbox.path("fleet.json");
    on(&sandbox, &server, &["fleet", "export", "--format", "json", "--output", path.to_str().unwrap()]).expect(0);
    let all: Value = serde_json::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
    assert_eq!(all.as_array().unwrap().len(), 3);
    assert!(lea::files::is_private(&path).unwrap());
    on(&sandbox, &server, &["fleet", "export", "--output", "/nonexistent/x"]).expect(3);
}

#[test]
fn without_a_server_or_a_database_it_says_what_to_do() {
    let sandbox = Sandbox::new();
    let refused = sandbox.run(["fleet", "list"]).expect(3);
    assert!(refused.err.contains("there is no database") && refused.err.contains("--server"), "{}", refused.err);
    assert!(!sandbox.path("data").exists(), "looking made something");
    let down =
        Run::of(sandbox.lea(["fleet", "list", "--json", "--timeout", "2"]).env("LEA_SERVER", "http://127.0.0.1:9").env("LEA_TOKEN", "x"))
            .expect(6);
    assert!(down.error()["message"].as_str().unwrap().contains("127.0.0.1:9"), "{}", down.err);
}

#[test]
fn a_flag_beats_the_environment_and_a_word_of_the_paths_is_nobody() {
    let (sandbox, server) = prepared();
    std::fs::write(sandbox.path("token"), OPERATOR).unwrap();
    let path = sandbox.path("token");
    let mut command = sandbox.lea(["fleet", "list", "--token-file", path.to_str().unwrap()]);
    Run::of(command.env("LEA_SERVER", &server.url).env("LEA_TOKEN", "wrong")).expect(0);
    Run::of(sandbox.lea(["fleet", "list"]).env("LEA_SERVER", &server.url).env("LEA_TOKEN", "wrong").env("LEA_TOKEN_FILE", &path)).expect(4);
    for word in ["keys", "Fleet", "enroll"] {
        on(&sandbox, &server, &["fleet", "show", word]).expect(8);
        let unknown = sandbox.run(["fleet", "show", word]).expect(8);
        assert!(unknown.err.contains(word) && unknown.err.contains("lea fleet list"), "{}", unknown.err);
    }
    let none = Run::of(sandbox.lea(["fleet", "list", "--json"]).env("LEA_SERVER", &server.url)).expect(4);
    assert!(none.error()["hint"].as_str().unwrap().contains("--token-file"), "{}", none.err);
}

#[test]
fn the_operators_token_of_this_machine_goes_to_no_other() {
    let sandbox = Sandbox::new();
    std::fs::create_dir_all(sandbox.path("data")).unwrap();
    std::fs::write(sandbox.path("data/token"), OPERATOR).unwrap();
    let elsewhere = Run::of(sandbox.lea(["fleet", "list", "--json"]).env("LEA_SERVER", "https://lea.invalid")).expect(4);
    assert_eq!(elsewhere.error()["code"], "missing_token");
}
