//! `lea replay` through the executable: on a real server, with an agent that is played by the executable too.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdout, Stdio};

use serde_json::{Value, json};

use crate::support::{OPERATOR, Run, Sandbox, Server};

/// `lea` with these arguments, told of `server`.
fn on(sandbox: &Sandbox, server: &Server, arguments: &[&str]) -> Run {
    Run::of(sandbox.lea(arguments).env("LEA_SERVER", &server.url).env("LEA_TOKEN", OPERATOR))
}

fn prepared() -> (Sandbox, Server) {
    let sandbox = Sandbox::new();
    let mut command = sandbox.lea(["serve", "--listen", "127.0.0.1:0", "-q"]);
    let server = Server::spawn(command.env("LEA_TOKEN", OPERATOR).env("LEA_REPLAY_LEASE_SECONDS", "1"));
    (sandbox, server)
}

fn clicks(name: &str, count: usize) -> Vec<Value> {
    (0..count).map(|index| json!({ "action_id": format!("{name}{index}"), "type": "click", "x_pct": 0.5, "y_pct": 0.5 })).collect()
}

/// Writes JSON into the sandbox and gives its path.
fn file(sandbox: &Sandbox, name: &str, content: &Value) -> String {
    let path = sandbox.path(name);
    std::fs::write(&path, content.to_string()).unwrap();
    path.to_str().unwrap().to_owned()
}

/// Makes a machine known: its agent looks once whether there is something to do.
fn agent_comes(server: &Server, machine: &str) {
    let path = format!("/api/v1/traces/stream/replay/next?session_id=sess_of_{machine}&machine_id={machine}");
    assert_eq!(server.call("GET", &path, OPERATOR, None).0, 200);
}

/// An agent of the executable's own; killed when it goes out of scope.
struct Played(Child, BufReader<ChildStdout>);

impl Played {
    fn new(sandbox: &Sandbox, server: &Server, arguments: &[&str]) -> Self {
        let mut command = sandbox.lea(["replay", "simulate", "--fast", "--json"]);
        command.args(arguments).env("LEA_SERVER", &server.url).env("LEA_TOKEN", OPERATOR);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let output = BufReader::new(child.stdout.take().unwrap());
        Self(child, output)
    }

    /// The lines it prints until its end.
    fn lines(&mut self) -> Vec<Value> {
        (&mut self.1).lines().map(|line| serde_json::from_str(&line.unwrap()).unwrap()).collect()
    }
}

impl Drop for Played {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn a_replay_is_started_watched_and_shown_by_the_server_and_without_it() {
    let (sandbox, server) = prepared();
    agent_comes(&server, "PC-1");
    let actions = file(&sandbox, "actions.json", &json!(clicks("a", 3)));
    let mut agent =
        Played::new(&sandbox, &server, &["--machine-id", "PC-1", "--session", "sess_of_PC-1", "--fail-every", "3", "--count", "4"]);
    let started = ["replay", "raw", &actions, "--machine", "PC-1", "--task", "try it", "--watch", "--json"];
    let lines: Vec<Value> = on(&sandbox, &server, &started).expect(0).out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!((&lines[0]["status"], &lines[0]["total_actions"], &lines[0]["task"]), (&json!("running"), &json!(3), &json!("try it")));
    assert_eq!(lines[1]["event"], "snapshot");
    let ended: Vec<&Value> = lines.iter().filter(|line| line["event"] == "ended").collect();
    let told = |line: &&Value| format!("{} {}", line["action_id"].as_str().unwrap(), line["outcome"].as_str().unwrap());
    assert_eq!(ended.iter().map(told).collect::<Vec<_>>(), ["a0 success", "a1 success", "a2 failed", "a2_retry1 success"]);
    assert_eq!((&lines.last().unwrap()["event"], &lines.last().unwrap()["status"]), (&json!("finished"), &json!("completed")));

    let said = agent.lines();
    let given: Vec<&str> = said.iter().filter(|line| line["event"] == "given").map(|line| line["action_id"].as_str().unwrap()).collect();
    assert_eq!(given, ["a0", "a1", "a2", "a2_retry1"]);
    assert!(said.iter().any(|line| *line
        == json!({ "event": "answered", "action_id": "a2", "success": false, "status": "recorded", "replay_status": "running" })));

    let id = lines[0]["replay_id"].as_str().unwrap();
    let watched = on(&sandbox, &server, &["replay", "watch", id]).expect(0);
    assert_eq!(watched.out.lines().count(), 5, "one that is over is watched to its end at once: {}", watched.out);
    assert!(
        watched.out.contains("failed on purpose") && watched.out.ends_with("completed, 3 of 3 actions done, 1 tried again\n"),
        "{}",
        watched.out
    );
    assert!(!watched.out.contains('\u{1b}') && watched.err.is_empty(), "{}", watched.err);

    for arguments in [
        vec!["replay", "show", id, "--json"],
        vec!["replay", "list", "--json"],
        vec!["replay", "list", "--json", "--status", "completed", "--machine", "pc-1", "--limit", "1"],
        vec!["replay", "list", "--json", "--status", "running"],
        vec!["replay", "list", "--json", "--all"],
        vec!["replay", "show", id],
    ] {
        let (by_server, local) = (on(&sandbox, &server, &arguments).expect(0), sandbox.run(&arguments).expect(0));
        // What was "now" a moment ago is told in words in the table only.
        if arguments.contains(&"--json") {
            assert_eq!(by_server.out, local.out, "{arguments:?}");
        }
        assert!(by_server.out.contains("a2_retry1") || arguments.contains(&"running"), "{arguments:?}: {}", by_server.out);
    }
    let status = server.call("GET", &format!("/api/v1/traces/stream/replay/{id}"), OPERATOR, None).1;
    assert_eq!(on(&sandbox, &server, &["replay", "show", id, "--json"]).json(), status);
    let list = on(&sandbox, &server, &["replay", "list"]).expect(0);
    assert!(list.out.contains("free_task:try it") && list.out.contains("3/3") && list.out.starts_with("REPLAY"), "{}", list.out);
}

#[test]
fn a_replay_that_waits_says_what_to_type_and_goes_on_as_decided() {
    let (sandbox, server) = prepared();
    agent_comes(&server, "PC-1");
    let actions = file(&sandbox, "actions.json", &json!({ "actions": clicks("b", 3), "task_description": "three" }));
    let id = on(&sandbox, &server, &["replay", "raw", &actions, "--json"]).expect(0).json()["replay_id"].as_str().unwrap().to_owned();
    let running = on(&sandbox, &server, &["replay", "raw", &actions, "--machine", "PC-1", "--json"]).expect(5).error();
    assert_eq!((&running["code"], &running["replay_id"]), (&json!("replay_running"), &json!(id)));

    let paused = on(&sandbox, &server, &["replay", "pause", &id, "--json"]).expect(0).json();
    assert_eq!(paused["status"], "paused");
    assert!(on(&sandbox, &server, &["replay", "show", &id]).expect(0).out.contains(&format!("lea replay resume {id}")));
    assert_eq!(
        on(&sandbox, &server, &["replay", "resume", &id, "--decision", "skip", "--json"]).expect(5).error()["code"],
        "no_decision_needed"
    );
    assert!(on(&sandbox, &server, &["replay", "resume", &id]).expect(0).out.contains("is running: 0 of 3 actions done, 3 to come"));

    // An agent takes an action and dies; nobody knows whether it was carried out.
    let died = Played::new(&sandbox, &server, &["--machine-id", "PC-1", "--die-after", "1"]).lines();
    assert_eq!(died.iter().map(|line| line["event"].as_str().unwrap()).collect::<Vec<_>>(), ["given", "silent"]);
    let stalled = on(&sandbox, &server, &["replay", "watch", &id, "--until-stalled"]).expect(1);
    assert!(stalled.err.contains(&format!("lea replay resume {id} --decision retry")) && stalled.out.contains("unknown"), "{stalled:?}");
    assert!(on(&sandbox, &server, &["replay", "show", &id]).expect(0).out.contains("--decision retry"));
    assert_eq!(on(&sandbox, &server, &["replay", "resume", &id, "--json"]).expect(5).error()["code"], "decision_required");
    on(&sandbox, &server, &["replay", "resume", &id, "--decision", "maybe"]).expect(2);
    on(&sandbox, &server, &["replay", "resume", &id, "--decision", "skip"]).expect(0);
    let _agent = Played::new(&sandbox, &server, &["--machine-id", "PC-1"]);
    let end = on(&sandbox, &server, &["replay", "watch", &id]).expect(1);
    assert!(end.out.ends_with("completed_with_warnings, 2 of 3 actions done, 1 skipped\n"), "{}", end.out);

    assert_eq!(on(&sandbox, &server, &["replay", "cancel", &id, "--json"]).expect(5).error()["code"], "already_over");
}

#[test]
fn a_start_is_sent_under_a_key_and_starts_once() {
    let (sandbox, server) = prepared();
    agent_comes(&server, "PC-1");
    let actions = file(&sandbox, "actions.json", &json!(clicks("c", 2)));
    let start = ["replay", "raw", &actions, "--machine", "PC-1", "--idempotency-key", "k1", "--json"];
    let first = on(&sandbox, &server, &start).expect(0).json();
    assert_eq!(on(&sandbox, &server, &start).expect(0).json(), first);
    let other = file(&sandbox, "other.json", &json!(clicks("d", 1)));
    let reused = on(&sandbox, &server, &["replay", "raw", &other, "--machine", "PC-1", "--idempotency-key", "k1", "--json"]).expect(5);
    assert_eq!(reused.error()["code"], "idempotency_key_reused");
    let replaced = on(&sandbox, &server, &["replay", "raw", &other, "--machine", "PC-1", "--replace", "--json"]).expect(0).json();
    let (old, new) = (first["replay_id"].as_str().unwrap(), replaced["replay_id"].as_str().unwrap());
    assert_eq!(on(&sandbox, &server, &["replay", "show", old, "--json"]).json()["status"], "cancelled");
    let cancelled = on(&sandbox, &server, &["replay", "cancel", new, "--reason", "enough", "--json"]).expect(0).json();
    assert_eq!((&cancelled["status"], &cancelled["reason"]), (&json!("cancelled"), &json!("enough")));
    assert!(on(&sandbox, &server, &["replay", "watch", new]).expect(1).out.contains("cancelled, 0 of 1 actions done: enough"));

    let single = on(&sandbox, &server, &["replay", "single", "--action", &clicks("e", 1)[0].to_string(), "--json"]).expect(0).json();
    assert_eq!((&single["status"], &single["action_id"]), (&json!("enqueued"), &json!("e0")));
    let mut command = sandbox.lea(["replay", "single", "-", "--machine", "PC-1"]);
    let mut child =
        command.env("LEA_SERVER", &server.url).env("LEA_TOKEN", OPERATOR).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(clicks("f", 1)[0].to_string().as_bytes()).unwrap();
    assert!(String::from_utf8(child.wait_with_output().unwrap().stdout).unwrap().contains("f0 waits on sess_of_PC-1"));
}

#[test]
fn what_is_wrong_is_said_with_the_fitting_exit_code() {
    let (sandbox, server) = prepared();
    let actions = file(&sandbox, "actions.json", &json!(clicks("g", 1)));
    let code =
        |arguments: &[&str], exit: i32| on(&sandbox, &server, &[arguments, &["--json"]].concat()).expect(exit).error()["code"].clone();
    assert_eq!(code(&["replay", "raw", &actions, "--machine", "PC-9"], 8), "no_session");
    assert_eq!(code(&["replay", "raw", &actions], 8), "no_session");
    agent_comes(&server, "PC-1");
    agent_comes(&server, "PC-2");
    assert_eq!(code(&["replay", "raw", &actions], 5), "machine_required");
    assert_eq!(code(&["replay", "raw", &actions, "--machine", "PC-1", "--session", "sess_of_PC-2"], 5), "session_of_other_machine");
    assert_eq!(code(&["replay", "start", "nothing", "--machine", "PC-1"], 8), "unknown_workflow");
    assert_eq!(code(&["replay", "raw", &file(&sandbox, "none.json", &json!([])), "--machine", "PC-1"], 3), "no_actions");
    assert_eq!(code(&["replay", "raw", &file(&sandbox, "word.json", &json!({ "text": "geheim" }))], 3), "invalid_actions");
    for verb in ["show", "watch", "pause", "cancel", "resume"] {
        for id in ["replay_none", "raw", "a/b"] {
            assert_eq!(code(&["replay", verb, id], 8), "unknown_replay", "{verb} {id}");
        }
    }
    for (unknown, hint) in [(["replay", "show", "nope"], "lea replay list"), (["replay", "start", "nope"], "lea sync show")] {
        let more: &[&str] = if unknown[1] == "start" { &["--machine", "PC-1", "--json"] } else { &["--json"] };
        let error = on(&sandbox, &server, &[&unknown[..], more].concat()).expect(8).error();
        assert!(error["message"].as_str().unwrap().starts_with("nope: ") && error["hint"].as_str().unwrap().contains(hint), "{error}");
    }
    let missing = sandbox.run(["replay", "expand", "missing.json", "--json"]).expect(3).error();
    assert!(missing["message"].as_str().unwrap().starts_with("missing.json cannot be read: "), "{missing}");
    sandbox.run(["replay", "list", "--machine", "a/b"]).expect(3);
    std::fs::write(sandbox.path("broken.json"), r#"[{"text": "geheim"#).unwrap();
    let broken = on(&sandbox, &server, &["replay", "raw", sandbox.path("broken.json").to_str().unwrap(), "--json"]).expect(3);
    assert!(broken.error()["code"] == "invalid_json" && !broken.err.contains("geheim"), "{}", broken.err);
    on(&sandbox, &server, &["replay", "raw", "/nonexistent.json"]).expect(3);
    on(&sandbox, &server, &["replay", "start", "w", "--param", "novalue"]).expect(2);
    on(&sandbox, &server, &["replay", "single"]).expect(2);
    on(&sandbox, &server, &["replay", "list", "--status", "happy"]).expect(2);
    on(&sandbox, &server, &["replay", "list", "--limit", "0"]).expect(2);
    on(&sandbox, &server, &["replay", "simulate", "--machine-id", "a/b"]).expect(3);
    on(&sandbox, &server, &["replay", "simulate", "--machine-id", "PC-1", "--count", "1", "--for", "1"]).expect(2);
    let folder = sandbox.path("empty");
    std::fs::create_dir(&folder).unwrap();
    assert_eq!(code(&["replay", "simulate", "--machine-id", "PC-1", "--screens", folder.to_str().unwrap()], 3), "no_screens");

    // What needs a server says so; a wrong token is refused; a server that is down is tried again, then given up.
    for verb in [vec!["raw", &actions], vec!["watch", "x"], vec!["pause", "x"], vec!["simulate", "--machine-id", "x"]] {
        let refused = sandbox.run([&["replay", "--json"], verb.as_slice()].concat()).expect(2);
        assert_eq!(refused.error()["code"], "no_server", "{verb:?}");
    }
    Run::of(sandbox.lea(["replay", "list"]).env("LEA_SERVER", &server.url).env("LEA_TOKEN", "wrong")).expect(4);
    let token = server.enroll("PC-1");
    let denied =
        Run::of(sandbox.lea(["replay", "raw", &actions, "--json"]).env("LEA_SERVER", &server.url).env("LEA_TOKEN", token)).expect(4);
    assert_eq!(denied.error()["code"], "operator_required");
    let down = sandbox
        .lea(["replay", "raw", &actions, "--timeout", "1", "--json"])
        .env("LEA_SERVER", "http://127.0.0.1:9")
        .env("LEA_TOKEN", "x")
        .output()
        .unwrap();
    assert_eq!(down.status.code(), Some(6));
    assert!(String::from_utf8(down.stderr).unwrap().contains("trying again"));
}

#[test]
fn a_page_holds_the_screens_and_is_private_also_when_the_server_is_down() {
    let (sandbox, server) = prepared();
    let token = server.enroll("PC-1");
    let screens = sandbox.path("screens");
    std::fs::create_dir(&screens).unwrap();
    for (index, level) in [30_u8, 90, 160].into_iter().enumerate() {
        image::RgbImage::from_pixel(64, 48, image::Rgb([level; 3])).save(screens.join(format!("{index}.png"))).unwrap();
    }
    agent_comes(&server, "PC-1");
    let typed = json!([{ "action_id": "h0", "type": "type", "text": "geheim" }, clicks("i", 1)[0]]);
    let actions = file(&sandbox, "actions.json", &typed);
    let id = on(&sandbox, &server, &["replay", "raw", &actions, "--json"]).expect(0).json()["replay_id"].as_str().unwrap().to_owned();
    // With the machine's own token, from its credentials.
    let credentials = json!({ "server": server.url, "machine_id": "PC-1", "api_token": token });
    let credentials = file(&sandbox, "credentials.json", &credentials);
    let arguments = ["replay", "simulate", "--machine-id", "PC-1", "--session", "sess_of_PC-1", "--count", "2"];
    let mut command = sandbox.lea(arguments);
    command.args(["--screens", screens.to_str().unwrap(), "--credentials-file", &credentials]).env("LEA_SERVER", &server.url);
    let played = Run::of(&mut command).expect(0);
    assert!(played.out.contains("given     h0  type") && played.out.contains("answered  h0  success, recorded"), "{}", played.out);
    let other = ["replay", "simulate", "--machine-id", "PC-2", "--credentials-file", &credentials];
    Run::of(sandbox.lea(other).env("LEA_SERVER", &server.url)).expect(3);

    let by_server = sandbox.path("server.html");
    on(&sandbox, &server, &["replay", "show", &id, "--html", by_server.to_str().unwrap()]).expect(0);
    drop(server);
    let local = sandbox.path("local.html");
    let shown = sandbox.run(["replay", "show", &id, "--html", local.to_str().unwrap()]).expect(0);
    assert!(shown.out.is_empty() && shown.err.contains("2 attempts written"), "{shown:?}");
    let (text, again) = (std::fs::read_to_string(&by_server).unwrap(), std::fs::read_to_string(&local).unwrap());
    assert_eq!(text, again);
    assert!(lea::files::is_private(&local).unwrap());
    assert!(
        text.matches("data:image/png;base64,").count() == 3 && text.contains("viewBox=\"0 0 64 48\""),
        "{} pictures",
        text.matches("data:").count()
    );
    assert!(!text.contains("geheim") && !text.contains("<script"));
    sandbox.run(["replay", "show", &id, "--html", "/nonexistent/x.html"]).expect(3);
}

#[test]
#[cfg(unix)]
fn whoever_stops_watching_does_not_stop_the_replay() {
    use std::os::unix::process::ExitStatusExt;

    let (sandbox, server) = prepared();
    agent_comes(&server, "PC-1");
    let actions = file(&sandbox, "actions.json", &json!(clicks("k", 1)));
    let id = on(&sandbox, &server, &["replay", "raw", &actions, "--json"]).expect(0).json()["replay_id"].as_str().unwrap().to_owned();
    let mut command = sandbox.lea(["replay", "watch", &id, "--json"]);
    let mut watching = command.env("LEA_SERVER", &server.url).env("LEA_TOKEN", OPERATOR).stdout(Stdio::piped()).spawn().unwrap();
    let mut line = String::new();
    // Read from until the end: into a closed pipe the next line could not be written.
    let mut lines = BufReader::new(watching.stdout.take().unwrap());
    lines.read_line(&mut line).unwrap();
    assert!(line.contains("snapshot"), "{line}");
    // As Ctrl-C does; that one is not heard by whatever was started in the background of a script.
    crate::support::signal(watching.id(), "TERM");
    assert_eq!(watching.wait().unwrap().signal(), Some(15));
    assert_eq!(on(&sandbox, &server, &["replay", "show", &id, "--json"]).json()["status"], "running");
}

#[test]
fn watching_survives_the_server() {
    let (sandbox, server) = prepared();
    agent_comes(&server, "PC-1");
    let actions = file(&sandbox, "actions.json", &json!(clicks("j", 2)));
    let id = on(&sandbox, &server, &["replay", "raw", &actions, "--json"]).expect(0).json()["replay_id"].as_str().unwrap().to_owned();
    let mut watching = sandbox
        .lea(["replay", "watch", &id, "--json"])
        .env("LEA_SERVER", &server.url)
        .env("LEA_TOKEN", OPERATOR)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut lines =
        BufReader::new(watching.stdout.take().unwrap()).lines().map(|line| serde_json::from_str::<Value>(&line.unwrap()).unwrap());
    assert_eq!(lines.next().unwrap()["event"], "snapshot");
    let listen = server.url.trim_start_matches("http://").to_owned();
    drop(server);
    let server = Server::spawn(sandbox.lea(["serve", "--listen", &listen, "-q"]).env("LEA_TOKEN", OPERATOR));
    Played::new(&sandbox, &server, &["--machine-id", "PC-1", "--session", "sess_of_PC-1", "--count", "2"]).lines();
    let rest: Vec<Value> = lines.collect();
    let ended: Vec<&str> = rest.iter().filter(|line| line["event"] == "ended").map(|line| line["action_id"].as_str().unwrap()).collect();
    assert_eq!(ended, ["j0", "j1"], "each end once, whether it was seen or found afterwards");
    assert_eq!(watching.wait().unwrap().code(), Some(0));
}
