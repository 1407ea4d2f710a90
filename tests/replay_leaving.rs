//! Machines that leave the fleet, come back as another computer, or take up what was started before their first word.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::replay_http::STREAM;
use crate::support::{OPERATOR, Sandbox, Server};

fn call(server: &Server, token: &str, method: &str, path: &str, body: Option<Value>) -> (u16, Value) {
    server.call(method, &format!("{STREAM}{path}"), token, body)
}

fn clicks(count: usize) -> Value {
    (1..=count).map(|number| json!({ "action_id": format!("a{number}"), "type": "click", "x_pct": 0.5, "y_pct": 0.5 })).collect()
}

/// Starts `count` clicks; gives the replay's id.
#[track_caller]
fn start(server: &Server, session: &str, machine: &str, count: usize) -> String {
    let body = json!({ "session_id": session, "machine_id": machine, "actions": clicks(count) });
    let (status, body) = call(server, OPERATOR, "POST", "/replay/raw", Some(body));
    assert_eq!(status, 200, "{body}");
    body["replay_id"].as_str().unwrap().to_owned()
}

/// What a poll is given: the status, and the action's id.
fn next(server: &Server, token: &str, session: &str) -> (u16, Option<String>) {
    let (status, body) = call(server, token, "GET", &format!("/replay/next?session_id={session}"), None);
    (status, body["action"]["action_id"].as_str().map(str::to_owned))
}

fn show(server: &Server, id: &str) -> Value {
    call(server, OPERATOR, "GET", &format!("/replay/{id}"), None).1
}

fn uninstall(server: &Server, machine: &str) {
    let (status, body) = server.call("POST", "/api/v1/agents/uninstall", OPERATOR, Some(json!({ "machine_id": machine })));
    assert_eq!(status, 200, "{body}");
}

fn enroll(server: &Server, body: Value) -> (u16, String) {
    let (status, body) = server.call("POST", "/api/v1/agents/enroll", OPERATOR, Some(body));
    (status, body["api_token"].as_str().unwrap_or_default().to_owned())
}

#[track_caller]
fn assert_ended(server: &Server, id: &str, reason: &str) {
    let seen = show(server, id);
    assert_eq!((&seen["status"], &seen["reason"]), (&json!("cancelled"), &json!(reason)), "{seen}");
}

#[test]
fn what_was_started_for_a_machine_that_left_is_given_to_nobody() {
    let sandbox = Sandbox::new();
    let server = Server::start(&sandbox, &[]);
    let old = server.enroll("PC-A");
    // On a session that became the machine's; out when it leaves.
    let taken_up = start(&server, "sess_n", "default", 2);
    assert_eq!(next(&server, &old, "sess_n"), (200, Some("a1".to_owned())));
    let running = start(&server, "sess_a", "PC-A", 3);
    let other = start(&server, "sess_b", "pc-b", 1);
    uninstall(&server, "pc-a");
    for id in [&taken_up, &running] {
        assert_ended(&server, id, "the machine was uninstalled");
    }
    assert_eq!(show(&server, &taken_up)["results"][0]["outcome"], "unknown");
    assert_eq!(show(&server, &other)["status"], "running");
    for place in [json!({ "machine_id": "pc-a" }), json!({ "session_id": "sess_a" }), json!({ "session_id": "new", "machine_id": "PC-A" })]
    {
        for (path, name, what) in [("raw", "actions", clicks(1)), ("single", "action", json!({ "type": "wait" }))] {
            let mut body = place.clone();
            body[name] = what;
            let (status, refused) = call(&server, OPERATOR, "POST", &format!("/replay/{path}"), Some(body));
            assert_eq!((status, &refused["code"]), (409, &json!("uninstalled")), "{refused}");
        }
    }
    drop(server);
    let server = Server::start(&sandbox, &[]);
    let (status, token) = enroll(&server, json!({ "machine_id": "pc-a", "hostname": "another" }));
    assert_eq!(status, 201);
    for session in ["sess_new", "sess_n", "sess_a"] {
        assert_eq!(next(&server, &token, session), (200, None), "{session}");
    }
    assert_ended(&server, &running, "the machine was uninstalled");
    start(&server, "sess_new", "pc-a", 1);
    assert_eq!(next(&server, &token, "sess_new"), (200, Some("a1".to_owned())));
}

#[test]
fn killed_while_a_machine_leaves_it_has_left_with_everything_or_not_at_all() {
    for (point, left) in [("leave.decided", false), ("leave.written", true)] {
        let sandbox = Sandbox::new();
        let mut command = sandbox.lea(["serve", "--listen", "127.0.0.1:0"]);
        // The first passing is the enrollment's.
        let server = Server::spawn(command.env("LEA_TOKEN", OPERATOR).env("LEA_FAILPOINT", format!("{point}:2")));
        server.enroll("pc-a");
        let id = start(&server, "sess_a", "pc-a", 2);
        let body = json!({ "machine_id": "pc-a" });
        assert!(server.try_call("POST", "/api/v1/agents/uninstall", OPERATOR, Some(body), &[]).is_err(), "{point}");
        drop(server);
        let server = Server::start(&sandbox, &[]);
        let (_, agent) = server.call("GET", "/api/v1/agents/pc-a", OPERATOR, None);
        let expected = if left { ("uninstalled", "cancelled") } else { ("active", "running") };
        assert_eq!((agent["status"].as_str().unwrap(), show(&server, &id)["status"].as_str().unwrap()), expected, "{point}");
    }
}

#[test]
fn a_machine_that_another_program_took_out_is_given_nothing_more() {
    let sandbox = Sandbox::new();
    let server = Server::start(&sandbox, &[]);
    for machine in ["pc-a", "pc-b"] {
        server.enroll(machine);
    }
    let (seen, unseen) = (start(&server, "sess_a", "pc-a", 2), start(&server, "sess_b", "pc-b", 2));
    sandbox.run(["fleet", "uninstall", "pc-a"]).expect(0);
    let deadline = Instant::now() + Duration::from_secs(30);
    while show(&server, &seen)["status"] == "running" {
        assert!(Instant::now() < deadline);
        std::thread::yield_now();
    }
    assert_ended(&server, &seen, "the machine was uninstalled");
    drop(server);
    // While no server runs: it is noticed at the start.
    sandbox.run(["fleet", "uninstall", "pc-b"]).expect(0);
    let server = Server::start(&sandbox, &[]);
    assert_ended(&server, &unseen, "the machine was uninstalled");
}

#[test]
fn an_enrollment_in_the_place_of_another_begins_with_nothing_and_a_repeated_one_goes_on() {
    let sandbox = Sandbox::new();
    let server = Server::start(&sandbox, &[]);
    let once = |body: Value| server.try_call("POST", "/api/v1/agents/enroll", OPERATOR, Some(body), &[("Idempotency-Key", "k")]).unwrap();
    assert_eq!(once(json!({ "machine_id": "pc-a" })).0, 201);
    let id = start(&server, "sess_a", "pc-a", 2);
    let again = once(json!({ "machine_id": "pc-a" }));
    let token = again.1["api_token"].as_str().unwrap();
    assert_eq!((again.0, next(&server, token, "sess_a")), (201, (200, Some("a1".to_owned()))));
    assert_eq!(enroll(&server, json!({ "machine_id": "pc-a", "hostname": "h2", "force": true })).0, 201);
    assert_ended(&server, &id, "the machine was enrolled anew");
}

#[test]
fn a_machine_that_left_counts_for_nothing_and_the_one_that_comes_after_it_only_once_it_speaks() {
    let sandbox = Sandbox::new();
    let server = Server::start(&sandbox, &[]);
    let (a, b) = (server.enroll("pc-a"), server.enroll("pc-b"));
    for (token, session) in [(&a, "sess_a"), (&b, "sess_b")] {
        assert_eq!(call(&server, token, "POST", &format!("/register?session_id={session}"), None).0, 200);
        next(&server, token, session);
    }
    let begin = || call(&server, OPERATOR, "POST", "/replay/raw", Some(json!({ "actions": clicks(1), "replace": true })));
    assert_eq!(begin().1["code"], "machine_required");
    uninstall(&server, "pc-a");
    assert_eq!(begin().1["machine_id"], "pc-b");
    let (_, seen) = call(&server, OPERATOR, "GET", "/machines", None);
    let active: Vec<_> = seen["machines"].as_array().unwrap().iter().map(|machine| &machine["active_sessions"]).collect();
    assert_eq!(active, [0, 1], "{seen}");
    assert_eq!(call(&server, OPERATOR, "GET", "/stats", None).1["active_sessions"], 1);
    uninstall(&server, "pc-b");
    assert_eq!(begin().1["code"], "no_session");
    // The former computer's session says nothing of the one that is enrolled now.
    let (_, token) = enroll(&server, json!({ "machine_id": "pc-a" }));
    assert_eq!(begin().1["code"], "machine_required");
    next(&server, &token, "sess_a2");
    assert_eq!(begin().1["session_id"], "sess_a2");
}

#[test]
fn a_session_that_is_nobodys_is_taken_up_by_a_machine_and_never_taken_from_one() {
    let sandbox = Sandbox::new();
    let server = Server::start(&sandbox, &[]);
    let (b, c) = (server.enroll("pc-b"), server.enroll("pc-c"));
    let id = start(&server, "sess_c1", "", 2);
    assert_eq!(next(&server, &c, "sess_c1"), (200, Some("a1".to_owned())));
    assert_eq!(next(&server, &b, "sess_c1").0, 403);
    let report = |server: &Server, token: &str, action: &str| {
        let body = json!({ "session_id": "sess_c1", "action_id": action, "success": true });
        call(server, token, "POST", "/replay/result", Some(body))
    };
    assert_eq!(report(&server, &c, "a1").1["status"], "recorded");
    assert_eq!(call(&server, &c, "GET", &format!("/replay/{id}"), None).0, 200);
    assert_eq!(call(&server, &b, "GET", &format!("/replay/{id}"), None).0, 404);
    drop(server);
    // What is waiting there stays that machine's.
    let server = Server::start(&sandbox, &[]);
    assert_eq!(next(&server, &b, "sess_c1").0, 403);
    assert_eq!(next(&server, &c, "sess_c1"), (200, Some("a2".to_owned())));
    assert_eq!(report(&server, &c, "a2").1["replay_status"], "completed");
    assert_eq!(report(&server, &c, "a2").1["replay_status"], "completed", "a repeated report is answered the same");

    // One that an older agent registered for nobody.
    let register =
        |token: &str, machine: &str| call(&server, token, "POST", &format!("/register?session_id=sess_d&machine_id={machine}"), None);
    assert_eq!(register(OPERATOR, "default").1["machine_id"], "default");
    assert_eq!(register(&c, "pc-c").1["machine_id"], "pc-c");
    assert_eq!(register(&b, "pc-b").0, 403);
}

#[test]
fn nothing_is_asked_of_another_machines_sessions() {
    let sandbox = Sandbox::new();
    let server = Server::start(&sandbox, &[]);
    let (a, b) = (server.enroll("pc-a"), server.enroll("pc-b"));
    for (token, session) in [(&a, "sess_a"), (&b, "sess_b")] {
        assert_eq!(call(&server, token, "POST", &format!("/register?session_id={session}"), None).0, 200);
    }
    let sought = |session: &str| json!({ "session_id": session, "screenshot_b64": "AAAA", "target_spec": {} });
    let resolve = |token: &str, session: &str| call(&server, token, "POST", "/replay/resolve_target", Some(sought(session)));
    assert_eq!(resolve(&b, "sess_a").1["code"], "other_machine");
    for (token, session) in [(&*a, "sess_a"), (&*b, "unknown"), (OPERATOR, "sess_a")] {
        assert_eq!(resolve(token, session).0, 200, "{session}");
    }
    for (method, path) in
        [("GET", "/sessions?machine_id=pc-a"), ("GET", "/replays?machine_id=pc-a"), ("POST", "/finalize?session_id=sess_b&machine_id=pc-a")]
    {
        let (status, body) = call(&server, &b, method, path, None);
        assert_eq!((status, &body["code"]), (403, &json!("other_machine")), "{path}");
    }
    assert_eq!(call(&server, OPERATOR, "POST", "/finalize?session_id=sess_b&machine_id=pc-a", None).0, 409);
    assert_eq!(call(&server, &b, "GET", "/sessions?machine_id=PC-B", None).1["sessions"].as_array().unwrap().len(), 1);
    assert_eq!(call(&server, &b, "GET", "/replays?machine_id=pc-b", None).0, 200);
    assert_eq!(call(&server, &b, "POST", "/finalize?session_id=sess_b&machine_id=pc-b", None).0, 200);
}
