//! Replays on a real server: who is given what, once, and what follows.

use std::time::{Duration, Instant};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use crate::support::fake::{Fake, Reply};
use crate::support::{OPERATOR, Sandbox, Server, signal};

pub const STREAM: &str = "/api/v1/traces/stream";

fn post(server: &Server, path: &str, body: Value) -> (u16, Value) {
    server.call("POST", &format!("{STREAM}{path}"), OPERATOR, Some(body))
}

fn get(server: &Server, path: &str) -> (u16, Value) {
    server.call("GET", &format!("{STREAM}{path}"), OPERATOR, None)
}

fn clicks(count: usize) -> Value {
    (1..=count).map(|number| json!({ "action_id": format!("a{number}"), "type": "click", "x_pct": 0.5, "y_pct": 0.5 })).collect()
}

/// Starts `count` clicks on a session; gives the replay's id.
fn start(server: &Server, session: &str, machine: &str, count: usize) -> String {
    let (status, body) = post(server, "/replay/raw", json!({ "session_id": session, "machine_id": machine, "actions": clicks(count) }));
    assert_eq!(status, 200, "{body}");
    body["replay_id"].as_str().unwrap().to_owned()
}

fn next(server: &Server, session: &str, machine: &str) -> Option<String> {
    let (status, body) = get(server, &format!("/replay/next?session_id={session}&machine_id={machine}"));
    assert_eq!(status, 200, "{body}");
    body["action"]["action_id"].as_str().map(str::to_owned)
}

fn report(server: &Server, session: &str, action: &str, success: bool) -> (u16, Value) {
    post(server, "/replay/result", json!({ "session_id": session, "action_id": action, "success": success, "error": "because" }))
}

fn show(server: &Server, id: &str) -> Value {
    let (status, body) = get(server, &format!("/replay/{id}"));
    assert_eq!(status, 200, "{body}");
    body
}

/// Looks until the replay stands as `status`; the server does that by itself, within the time that anything may take.
#[track_caller]
fn until(server: &Server, id: &str, status: &str) -> Value {
    let deadline = Instant::now() + Duration::from_secs(30);
    loop {
        let seen = show(server, id);
        if seen["status"] == status {
            return seen;
        }
        assert!(Instant::now() < deadline, "{seen}");
        std::thread::yield_now();
    }
}

fn serve(sandbox: &Sandbox, settings: &[(&str, &str)]) -> Server {
    let mut command = sandbox.lea(["serve", "--listen", "127.0.0.1:0"]);
    command.env("LEA_TOKEN", OPERATOR).envs(settings.iter().copied());
    Server::spawn(&mut command)
}

#[test]
fn a_replay_belongs_to_a_machine_and_nobody_else_is_given_its_actions() {
    let sandbox = Sandbox::new();
    let server = serve(&sandbox, &[]);
    let (a, b) = (server.enroll("pc-a"), server.enroll("pc-b"));
    let id = start(&server, "sess_a", "pc-a", 3);
    let poll = |token: &str, session: &str, machine: &str| {
        server.call("GET", &format!("{STREAM}/replay/next?session_id={session}&machine_id={machine}"), token, None)
    };
    // Another machine: by its own session, by the other's session, by the other's name, with its own token and with the operator's.
    assert_eq!(poll(&b, "sess_b", "pc-b").1["action"], Value::Null);
    assert_eq!(poll(&b, "sess_a", "pc-b").0, 403);
    assert_eq!(poll(&b, "sess_b", "pc-a").0, 403);
    assert_eq!(poll(OPERATOR, "sess_a", "pc-b").0, 409);
    assert_eq!(poll(OPERATOR, "sess_c", "pc-b").1["action"], Value::Null);
    assert_eq!(poll(OPERATOR, "sess_c2", "default").1["action"], Value::Null);
    // The machine itself need not say its name.
    let (status, given) = server.call("GET", &format!("{STREAM}/replay/next?session_id=sess_a"), &a, None);
    assert_eq!((status, &given["action"]["action_id"], &given["machine_id"]), (200, &json!("a1"), &json!("pc-a")));
    // Nor may another report on it, start anything, or look at it.
    let body = json!({ "session_id": "sess_a", "action_id": "a1", "success": true });
    assert_eq!(server.call("POST", &format!("{STREAM}/replay/result"), &b, Some(body.clone())).0, 403);
    assert_eq!(server.call("GET", &format!("{STREAM}/replay/{id}"), &b, None).0, 404);
    assert_eq!(server.call("POST", &format!("{STREAM}/replay/{id}/cancel"), &b, Some(json!({}))).0, 403);
    assert_eq!(server.call("POST", &format!("{STREAM}/replay/raw"), &a, Some(json!({ "actions": clicks(1) }))).0, 403);
    assert_eq!(server.call("GET", &format!("{STREAM}/replays"), &b, None).1["replays"], json!([]));
    assert_eq!(server.call("POST", &format!("{STREAM}/replay/result"), &a, Some(body)).1["status"], "recorded");
    // It comes back as another session with nothing out: it goes on.
    assert_eq!(poll(&a, "sess_a2", "PC-A").1["action"]["action_id"], "a2");
    assert_eq!(show(&server, &id)["session_id"], "sess_a2");
}

#[test]
fn an_action_is_given_again_only_to_the_request_whose_answer_was_lost() {
    let sandbox = Sandbox::new();
    let server = serve(&sandbox, &[]);
    let id = start(&server, "sess_1", "pc", 3);
    let poll = |key: &str| {
        let path = format!("{STREAM}/replay/next?session_id=sess_1&machine_id=pc");
        server.try_call("GET", &path, OPERATOR, None, &[("Idempotency-Key", key)]).unwrap().1["action"]["action_id"].clone()
    };
    assert_eq!((poll("k1"), poll("k1"), poll("k2")), (json!("a1"), json!("a1"), json!("a2")));
    // What was passed over is unreported; a report on it comes late and changes nothing.
    let late = report(&server, "sess_1", "a1", false).1;
    assert_eq!((&late["status"], &late["replay_status"]), (&json!("late"), &json!("running")));
    assert_eq!(report(&server, "sess_1", "a2", true).1, report(&server, "sess_1", "a2", false).1, "the first report counts");
    assert_eq!(
        report(&server, "sess_1", "a3", true),
        (409, json!({ "code": "unknown_action", "detail": "no action of that id was handed out here" }))
    );
    assert_eq!(poll("k3"), json!("a3"));
    report(&server, "sess_1", "a3", true);
    let over = show(&server, &id);
    let outcomes: Vec<&str> = over["results"].as_array().unwrap().iter().map(|result| result["outcome"].as_str().unwrap()).collect();
    assert_eq!(outcomes, ["unreported", "success", "success"]);
    assert_eq!(
        (&over["status"], &over["completed_actions"], &over["unreported_actions"]),
        (&json!("completed_with_warnings"), &json!(2), &json!(1))
    );
    assert_eq!(over["results"][0]["late_success"], false);
}

#[test]
fn starting_twice_by_one_click_starts_once() {
    let sandbox = Sandbox::new();
    let server = serve(&sandbox, &[]);
    let body = json!({ "session_id": "sess_1", "actions": clicks(2) });
    let begin = |body: &Value, key: &str| {
        server.try_call("POST", &format!("{STREAM}/replay/raw"), OPERATOR, Some(body.clone()), &[("Idempotency-Key", key)]).unwrap()
    };
    let first = begin(&body, "once");
    assert_eq!(first.0, 200);
    assert_eq!(begin(&body, "once"), first);
    assert_eq!(begin(&json!({ "session_id": "sess_2", "actions": clicks(1) }), "once").1["code"], "idempotency_key_reused");
    assert_eq!(begin(&body, "twice").1["code"], "replay_running");
    assert_eq!(get(&server, "/replays").1["replays"].as_array().unwrap().len(), 1);
    // In place of it, which is cancelled; what it had out may have been done.
    next(&server, "sess_1", "default");
    let (status, second) = post(&server, "/replay/raw", json!({ "session_id": "sess_1", "actions": clicks(1), "replace": true }));
    assert_eq!(status, 200, "{second}");
    let cancelled = show(&server, first.1["replay_id"].as_str().unwrap());
    assert_eq!((&cancelled["status"], &cancelled["results"][0]["outcome"]), (&json!("cancelled"), &json!("unknown")));
    assert_eq!(begin(&body, "once"), first, "also after a restart of nothing");
    signal(server.pid(), "KILL");
    drop(server);
    let server = serve(&sandbox, &[]);
    let again = server.try_call("POST", &format!("{STREAM}/replay/raw"), OPERATOR, Some(body), &[("Idempotency-Key", "once")]).unwrap();
    assert_eq!(again, first);
    // Under an id of its own: a report on the first "a1" may still be on its way, and would be taken for this one's.
    let given = next(&server, "sess_1", "default").unwrap();
    assert!(given.starts_with("a1_"), "{given}");
    assert_eq!(report(&server, "sess_1", "a1", true).1["status"], "late");
    assert_eq!(show(&server, second["replay_id"].as_str().unwrap())["status"], "running");
    assert_eq!(report(&server, "sess_1", &given, true).1["status"], "recorded");
}

#[test]
fn a_start_asked_for_again_is_answered_even_when_it_could_not_be_made_any_more() {
    let sandbox = Sandbox::new();
    let server = serve(&sandbox, &[]);
    next(&server, "sess_1", "pc");
    let body = json!({ "session_id": "", "actions": clicks(1) });
    let begin =
        || server.try_call("POST", &format!("{STREAM}/replay/raw"), OPERATOR, Some(body.clone()), &[("Idempotency-Key", "k")]).unwrap();
    let first = begin();
    assert_eq!(first.0, 200, "{first:?}");
    // By now it would not be clear which machine is meant.
    next(&server, "sess_2", "other");
    assert_eq!(post(&server, "/replay/raw", body.clone()).1["code"], "machine_required");
    assert_eq!(begin(), first);
}

#[test]
fn only_the_newest_poll_of_a_machine_is_given_anything() {
    let sandbox = Sandbox::new();
    let server = serve(&sandbox, &[]);
    let token = server.enroll("pc");
    next(&server, "sess_1", "pc");
    let path = |session: &str| format!("{STREAM}/replay/next?session_id={session}&machine_id=pc&wait=60");
    let poll = |session: &str, key: &str| server.try_call("GET", &path(session), OPERATOR, None, &[("Idempotency-Key", key)]).unwrap().1;
    std::thread::scope(|scope| {
        // Nobody is behind the first any more, as the server cannot know: the agent was restarted, and asks under another session.
        let given_up = scope.spawn(|| poll("sess_1", "k1"));
        waits(&server, 1);
        let live = scope.spawn(|| poll("sess_2", "k2"));
        let beside = scope.spawn(|| poll("sess_2", "k2"));
        waits(&server, 3);
        let id = start(&server, "sess_2", "pc", 2);
        assert_eq!(given_up.join().unwrap()["action"], Value::Null);
        let (live, beside) = (live.join().unwrap(), beside.join().unwrap());
        assert_eq!((&live["action"]["action_id"], &beside["action"]["action_id"]), (&json!("a1"), &json!("a1")));
        assert_eq!(report(&server, "sess_2", "a1", true).1["status"], "recorded");
        // The same request once more, when its action is over: there is nobody who would carry out the next.
        assert_eq!(poll_now(&server, "sess_2", "k2")["action"], Value::Null);
        assert_eq!(next(&server, "sess_2", "pc").as_deref(), Some("a2"));
        assert_eq!(show(&server, &id)["status"], "running");
        report(&server, "sess_2", "a2", true);
    });
    // A machine that lost its token while its poll waited is told at once.
    std::thread::scope(|scope| {
        let waiting = scope.spawn(|| server.call("GET", &path("sess_3"), &token, None));
        waits(&server, 1);
        assert_eq!(server.call("POST", "/api/v1/agents/uninstall", OPERATOR, Some(json!({ "machine_id": "pc" }))).0, 200);
        assert_eq!(waiting.join().unwrap().0, 401);
    });
}

/// A poll that does not wait.
fn poll_now(server: &Server, session: &str, key: &str) -> Value {
    let path = format!("{STREAM}/replay/next?session_id={session}&machine_id=pc");
    server.try_call("GET", &path, OPERATOR, None, &[("Idempotency-Key", key)]).unwrap().1
}

/// Until so many polls wait.
fn waits(server: &Server, count: usize) {
    let deadline = Instant::now() + Duration::from_secs(30);
    while server.polls_waiting() < count {
        assert!(Instant::now() < deadline);
        std::thread::yield_now();
    }
}

#[test]
fn silence_leaves_it_to_a_person_and_every_decision_is_carried_out() {
    let sandbox = Sandbox::new();
    let server = serve(&sandbox, &[("LEA_REPLAY_LEASE_SECONDS", "1")]);
    for (decision, status, outcomes) in [
        ("retry", "completed", vec!["unknown", "success", "success"]),
        ("skip", "completed_with_warnings", vec!["skipped", "success"]),
        ("fail", "error", vec!["failed"]),
    ] {
        let session = format!("sess_{decision}");
        let id = start(&server, &session, "pc", 2);
        assert_eq!(next(&server, &session, "pc").as_deref(), Some("a1"));
        let stalled = until(&server, &id, "stalled");
        assert_eq!((&stalled["results"][0]["outcome"], &stalled["unknown_actions"]), (&json!("unknown"), &json!(1)));
        assert!(stalled["reason"].as_str().unwrap().contains("silent"));
        // Nothing is repeated by itself, and the truth comes too late to decide anything.
        assert_eq!(next(&server, &session, "pc"), None);
        assert_eq!(report(&server, &session, "a1", true).1["status"], "late");
        assert_eq!(show(&server, &id)["status"], "stalled");
        assert_eq!(post(&server, "/replay/raw", json!({ "session_id": session, "actions": clicks(1) })).1["code"], "replay_running");
        assert_eq!(
            post(&server, "/replay/single", json!({ "session_id": session, "action": { "type": "wait" } })).1["code"],
            "replay_running"
        );
        let resume = |body: Value| post(&server, &format!("/replay/{id}/resume"), body);
        assert_eq!(resume(json!({})).1["code"], "decision_required");
        assert_eq!(resume(json!({ "decision": "perhaps" })).0, 422);
        assert_eq!(resume(json!({ "decision": decision })).0, 200);
        while let Some(action) = next(&server, &session, "pc") {
            assert_eq!(action == "a1_retry1", decision == "retry" && action != "a2", "{action}");
            report(&server, &session, &action, true);
        }
        let over = show(&server, &id);
        let seen: Vec<&str> = over["results"].as_array().unwrap().iter().map(|result| result["outcome"].as_str().unwrap()).collect();
        assert_eq!((over["status"].as_str().unwrap(), seen), (status, outcomes));
        assert_eq!(over["results"][0]["late_success"], true);
        assert_eq!(resume(json!({ "decision": "skip" })).1["code"], "not_resumable");
    }
}

#[test]
fn another_session_in_the_middle_of_an_action_leaves_it_to_a_person() {
    let sandbox = Sandbox::new();
    let server = serve(&sandbox, &[]);
    let id = start(&server, "sess_1", "pc", 2);
    assert_eq!(next(&server, "sess_1", "pc").as_deref(), Some("a1"));
    assert_eq!(next(&server, "sess_2", "pc"), None);
    assert_eq!(show(&server, &id)["status"], "stalled");
    assert_eq!(post(&server, &format!("/replay/{id}/resume"), json!({ "decision": "skip" })).0, 200);
    assert_eq!(next(&server, "sess_2", "pc").as_deref(), Some("a2"));
}

#[test]
fn pausing_holds_what_comes_and_single_actions_go_between() {
    let sandbox = Sandbox::new();
    let server = serve(&sandbox, &[]);
    let id = start(&server, "sess_1", "pc", 2);
    let single = |number: usize| {
        post(&server, "/replay/single", json!({ "session_id": "sess_1", "action": { "action_id": format!("s{number}"), "type": "wait" } }))
    };
    assert_eq!(next(&server, "sess_1", "pc").as_deref(), Some("a1"));
    assert_eq!(single(0).1["code"], "replay_running");
    assert_eq!(post(&server, &format!("/replay/{id}/pause"), json!({})).1["status"], "paused");
    assert_eq!(report(&server, "sess_1", "a1", true).1["replay_status"], "paused");
    assert_eq!(next(&server, "sess_1", "pc"), None);
    let first = single(1);
    assert_eq!((first.0, &first.1["status"]), (200, &json!("enqueued")));
    assert_eq!(single(2).0, 200);
    assert_eq!(post(&server, &format!("/replay/{id}/resume"), json!({ "decision": "retry" })).1["code"], "no_decision_needed");
    assert_eq!(post(&server, &format!("/replay/{id}/resume"), json!({})).1["status"], "running");
    for action in ["s1", "s2", "a2"] {
        assert_eq!(next(&server, "sess_1", "pc").as_deref(), Some(action));
        assert_eq!(report(&server, "sess_1", action, true).1["status"], "recorded");
    }
    assert_eq!(show(&server, first.1["replay_id"].as_str().unwrap())["status"], "completed");
    assert_eq!(show(&server, &id)["status"], "completed");
    assert_eq!(post(&server, &format!("/replay/{id}/cancel"), json!({})).1["code"], "already_over");
    assert_eq!(post(&server, &format!("/replay/{id}/pause"), json!({})).1["code"], "not_running");
}

#[test]
fn who_asks_for_an_agent_must_say_which_when_there_are_several() {
    let sandbox = Sandbox::new();
    let server = serve(&sandbox, &[]);
    let begin = |body: Value| post(&server, "/replay/raw", body);
    assert_eq!(begin(json!({ "actions": clicks(1) })).1["code"], "no_session");
    assert_eq!(begin(json!({ "actions": clicks(1), "machine_id": "pc-a" })).0, 404);
    next(&server, "sess_a", "pc-a");
    let (status, one) = begin(json!({ "actions": clicks(1), "session_id": "chat_7" }));
    assert_eq!((status, &one["session_id"], &one["machine_id"]), (200, &json!("sess_a"), &json!("pc-a")));
    next(&server, "sess_b", "pc-b");
    assert_eq!(begin(json!({ "actions": clicks(1) })).1["code"], "machine_required");
    assert_eq!(begin(json!({ "actions": clicks(1), "machine_id": "PC-B" })).1["session_id"], "sess_b");
    assert_eq!(begin(json!({ "actions": clicks(1), "session_id": "sess_a", "machine_id": "pc-b" })).1["code"], "session_of_other_machine");
    let unset = begin(json!({ "session_id": "sess_c", "actions": [{ "type": "type", "text": "Bonjour ${nom}" }] }));
    assert_eq!((unset.0, &unset.1["code"], &unset.1["variable"]), (400, &json!("unset_variable"), &json!("nom")));
    assert_eq!(get(&server, "/replays?machine_id=default").1["replays"], json!([]), "nothing was started");
    for (field, hostile) in [("session_id", "../x"), ("machine_id", "a/b"), ("session_id", "nul"), ("machine_id", "\u{0}")] {
        let (status, body) = begin(json!({ "actions": clicks(1), field: hostile }));
        assert_eq!((status, &body["detail"][0]["loc"]), (422, &json!(["body", field])), "{body}");
    }
}

#[test]
fn a_poll_that_waits_is_answered_by_the_start() {
    let sandbox = Sandbox::new();
    let server = serve(&sandbox, &[]);
    next(&server, "sess_1", "pc");
    std::thread::scope(|scope| {
        let waiting = scope.spawn(|| get(&server, "/replay/next?session_id=sess_1&machine_id=pc&wait=60"));
        // Started again and again until the poll has it: whichever comes first, the poll ends long before its minute.
        let id = start(&server, "sess_1", "pc", 1);
        let (status, body) = waiting.join().unwrap();
        assert_eq!((status, &body["action"]["action_id"]), (200, &json!("a1")));
        report(&server, "sess_1", "a1", true);
        assert_eq!(show(&server, &id)["status"], "completed");
    });
    assert_eq!(get(&server, "/replay/next?session_id=sess_1&wait=61").0, 422);
    // A server that stops lets those who wait go.
    std::thread::scope(|scope| {
        let waiting = scope.spawn(|| get(&server, "/replay/next?session_id=sess_1&machine_id=pc&wait=60"));
        signal(server.pid(), "TERM");
        if let Ok((status, body)) = waiting.join() {
            assert_eq!((status, &body["action"]), (200, &Value::Null));
        }
    });
}

#[test]
fn an_unchanged_screen_is_a_warning_and_what_was_typed_is_never_typed_again() {
    let screen = |shade: u8| {
        let mut bytes = std::io::Cursor::new(Vec::new());
        let picture = image::RgbImage::from_fn(200, 120, |x, y| {
            if (60..140).contains(&x) && (40..80).contains(&y) { image::Rgb([shade; 3]) } else { image::Rgb([240, 240, 240]) }
        });
        picture.write_to(&mut bytes, image::ImageFormat::Png).unwrap();
        STANDARD.encode(bytes.into_inner())
    };
    let actions = json!([
        { "action_id": "c1", "type": "click", "x_pct": 0.5, "y_pct": 0.5 },
        { "action_id": "t1", "type": "type", "text": "secret words" },
        { "action_id": "c2", "type": "click", "x_pct": 0.5, "y_pct": 0.5, "submit": true },
        { "action_id": "w1", "type": "wait", "duration_ms": 5 },
    ]);
    for (mode, expected, status) in [
        ("warn", vec![("c1", "unverified"), ("t1", "unverified"), ("c2", "unverified"), ("w1", "success")], "completed_with_warnings"),
        (
            "retry",
            vec![("c1", "unverified"), ("c1_retry1", "success"), ("t1", "unverified"), ("c2", "unverified"), ("w1", "success")],
            "completed_with_warnings",
        ),
        ("stall", vec![("c1", "unverified")], "stalled"),
    ] {
        let sandbox = Sandbox::new();
        let server = serve(&sandbox, &[("LEA_REPLAY_ON_UNCHANGED", mode)]);
        let (_, body) = post(&server, "/replay/raw", json!({ "session_id": "sess_1", "machine_id": "pc", "actions": actions }));
        let id = body["replay_id"].as_str().unwrap().to_owned();
        while let Some(action) = next(&server, "sess_1", "pc") {
            // Only the repeated click does something.
            let after = if action == "c1_retry1" { 30 } else { 200 };
            let report = json!({
                "session_id": "sess_1", "action_id": action, "success": true,
                "screenshot_before": screen(200), "screenshot_after": screen(after),
            });
            let (status, body) = post(&server, "/replay/result", report);
            assert_eq!(status, 200, "{body}");
            let verdict = if action == "c1_retry1" { "changed_here" } else { "unchanged" };
            let verdict = if action == "w1" || action == "t1" { body["verification"]["verdict"].as_str().unwrap() } else { verdict };
            assert_eq!(body["verification"]["verdict"], verdict, "{body}");
        }
        let over = show(&server, &id);
        let seen: Vec<(&str, &str)> = over["results"]
            .as_array()
            .unwrap()
            .iter()
            .map(|it| (it["action_id"].as_str().unwrap(), it["outcome"].as_str().unwrap()))
            .collect();
        assert_eq!((seen, over["status"].as_str().unwrap()), (expected, status), "{mode}");
        assert!(!over.to_string().contains("secret words"));
        // The evidence is there for who looks.
        let name = over["results"][0]["screen_after"].as_str().unwrap();
        let picture = reqwest::blocking::Client::builder().no_proxy().build().unwrap();
        let url = format!("{}{STREAM}/replay/{id}/screen/{name}", server.url);
        let answer = picture.get(url).bearer_auth(OPERATOR).send().unwrap();
        assert_eq!((answer.status().as_u16(), answer.bytes().unwrap().starts_with(b"\x89PNG")), (200, true));
        assert_eq!(get(&server, &format!("/replay/{id}/screen/..%2F..%2Flea.db")).0, 404);
    }
}

#[test]
fn a_callback_is_sent_to_hosts_that_are_named_and_until_it_arrives() {
    let sandbox = Sandbox::new();
    let receiver = Fake::start(|_, before| if before == 0 { Reply::page(503) } else { Reply::json(200, &json!({})) });
    let server = serve(
        &sandbox,
        &[
            ("LEA_REPLAY_CALLBACK_ALLOW", "localhost,127.0.0.1,::1"),
            ("LEA_REPLAY_CALLBACK_SECRET", "shared secret"),
            ("LEA_REPLAY_MAX_RETRIES", "0"),
        ],
    );
    let id = start(&server, "sess_1", "pc", 2);
    let register = |url: &str| post(&server, "/replay/error_callback", json!({ "replay_id": id, "callback_url": url }));
    for refused in ["http://169.254.169.254/latest", "http://10.0.0.1/", "http://127.0.0.1.example.org/"] {
        assert_eq!(register(refused).1["code"], "callback_not_allowed", "{refused}");
    }
    for wrong in ["not a url", "file:///etc/passwd", "http://user:word@127.0.0.1/"] {
        assert_eq!(register(wrong).0, 422, "{wrong}");
    }
    let url = format!("{}/failed?of=1", receiver.url());
    assert_eq!(register(&url), (200, json!({ "status": "callback_registered", "replay_id": id, "callback_url": url })));
    assert_eq!(post(&server, "/replay/error_callback", json!({ "replay_id": "nope", "callback_url": url })).0, 404);
    next(&server, "sess_1", "pc");
    assert_eq!(report(&server, "sess_1", "a1", false).1["replay_status"], "error");
    // The first try is refused; a kill between the two changes nothing.
    receiver.wait_for(1);
    signal(server.pid(), "KILL");
    drop(server);
    let _server =
        serve(&sandbox, &[("LEA_REPLAY_CALLBACK_ALLOW", "localhost,127.0.0.1,::1"), ("LEA_REPLAY_CALLBACK_SECRET", "shared secret")]);
    receiver.wait_for(2);
    let request = receiver.requests().pop().unwrap();
    let told = request.json();
    assert_eq!(
        (request.target.as_str(), &told["replay_id"], &told["status"], &told["error"]),
        ("/failed?of=1", &json!(id), &json!("error"), &json!("because"))
    );
    assert_eq!(told["error_log"][0]["action_id"], "a1");
    assert!(request.header("x-lea-signature").unwrap().starts_with("sha256=") && request.header("x-lea-timestamp").is_some());
    assert!(request.header("authorization").is_none());
}

#[test]
fn progress_is_told_as_it_happens_until_the_end() {
    let sandbox = Sandbox::new();
    let server = serve(&sandbox, &[]);
    let id = start(&server, "sess_1", "pc", 1);
    let client = reqwest::blocking::Client::builder().no_proxy().build().unwrap();
    let stream = client.get(format!("{}{STREAM}/replay/{id}/events", server.url)).bearer_auth(OPERATOR).send().unwrap();
    assert_eq!(stream.headers()["content-type"], "text/event-stream");
    next(&server, "sess_1", "pc");
    report(&server, "sess_1", "a1", true);
    // It ends by itself once the replay is over.
    let text = stream.text().unwrap();
    let events: Vec<Value> = text.lines().filter_map(|line| serde_json::from_str(line.strip_prefix("data: ")?).ok()).collect();
    let names: Vec<&str> = events.iter().map(|event| event["event"].as_str().unwrap()).collect();
    assert_eq!(names, ["snapshot", "handed", "ended", "finished"]);
    assert_eq!((&events[2]["outcome"], &events[3]["status"]), (&json!("success"), &json!("completed")));
    // Who comes afterwards is told of the end too.
    let late = client.get(format!("{}{STREAM}/replay/{id}/events", server.url)).bearer_auth(OPERATOR).send().unwrap().text().unwrap();
    let names: Vec<&str> = late.lines().filter_map(|line| line.strip_prefix("event: ")).collect();
    assert_eq!(names, ["snapshot", "finished"], "{late}");
    assert_eq!(get(&server, "/replay/nope/events").0, 404);
}

#[test]
fn the_list_is_paged_and_filtered() {
    let sandbox = Sandbox::new();
    let server = serve(&sandbox, &[]);
    let ids: Vec<String> = (0..5).map(|number| start(&server, &format!("sess_{number}"), &format!("pc-{number}"), 1)).collect();
    post(&server, &format!("/replay/{}/cancel", ids[1]), json!({ "reason": "no longer needed" }));
    let listed = |query: &str| {
        let (status, body) = get(&server, &format!("/replays{query}"));
        assert_eq!(status, 200, "{body}");
        let ids: Vec<String> = body["replays"].as_array().unwrap().iter().map(|it| it["replay_id"].as_str().unwrap().to_owned()).collect();
        (ids, body["next_cursor"].as_str().map(str::to_owned))
    };
    assert_eq!(listed("").0, ids);
    let (page, cursor) = listed("?limit=2&newest=true");
    assert_eq!(page, [ids[4].clone(), ids[3].clone()]);
    assert_eq!(listed(&format!("?limit=2&newest=true&cursor={}", cursor.unwrap())).0, [ids[2].clone(), ids[1].clone()]);
    assert_eq!(listed("?status=cancelled").0, [ids[1].clone()]);
    assert_eq!(listed("?machine_id=PC-3").0, [ids[3].clone()]);
    assert_eq!(show(&server, &ids[1])["reason"], "no longer needed");
    for wrong in ["?limit=0", "?limit=1001", "?status=done", "?cursor=x", "?newest=maybe"] {
        assert_eq!(get(&server, &format!("/replays{wrong}")).0, 422, "{wrong}");
    }
}

/// A conversation with a server that dies at a point of the protocol and is started again: both sides repeat what was not answered.
struct Conversation {
    sandbox: Sandbox,
    server: Option<Server>,
    died: usize,
}

impl Conversation {
    fn call(&mut self, method: &str, path: &str, body: Option<&Value>, key: Option<&str>) -> (u16, Value) {
        let headers: Vec<(&str, &str)> = key.into_iter().map(|key| ("Idempotency-Key", key)).collect();
        loop {
            let server = self.server.as_ref().unwrap();
            if let Ok(answer) = server.try_call(method, &format!("{STREAM}{path}"), OPERATOR, body.cloned(), &headers) {
                return answer;
            }
            self.died += 1;
            self.server = None;
            self.server = Some(serve(&self.sandbox, &[]));
        }
    }
}

#[test]
fn killed_at_every_named_point_it_loses_no_action_and_doubles_none() {
    let mut died = 0;
    for point in ["start.decided", "start.written", "start.applied", "replay.decided", "replay.written", "replay.applied"] {
        for count in 1..=if point.starts_with("start") { 1 } else { 9 } {
            let sandbox = Sandbox::new();
            let server = serve(&sandbox, &[("LEA_FAILPOINT", &format!("{point}:{count}"))]);
            let mut talk = Conversation { sandbox, server: Some(server), died: 0 };
            let plan = json!({ "session_id": "sess_1", "machine_id": "pc", "actions": clicks(3) });
            let (status, started) = talk.call("POST", "/replay/raw", Some(&plan), Some("start"));
            assert_eq!(status, 200, "{point}:{count} {started}");
            let mut done = Vec::new();
            for poll in 0.. {
                let (_, body) = talk.call("GET", "/replay/next?session_id=sess_1&machine_id=pc", None, Some(&format!("poll{poll}")));
                let Some(action) = body["action"]["action_id"].as_str() else { break };
                assert_eq!(body["action"]["type"], "click", "the whole action, every time");
                done.push(action.to_owned());
                // The second action fails once.
                let report = json!({ "session_id": "sess_1", "action_id": action, "success": action != "a2", "error": "not yet" });
                let (status, receipt) = talk.call("POST", "/replay/result", Some(&report), None);
                assert_eq!((status, &receipt["status"]), (200, &json!("recorded")), "{point}:{count} {receipt}");
            }
            assert_eq!(done, ["a1", "a2", "a2_retry1", "a3"], "{point}:{count}");
            let id = started["replay_id"].as_str().unwrap();
            let (_, over) = talk.call("GET", &format!("/replay/{id}"), None, None);
            let outcomes: Vec<&str> = over["results"].as_array().unwrap().iter().map(|it| it["outcome"].as_str().unwrap()).collect();
            assert_eq!((over["status"].as_str().unwrap(), outcomes), ("completed", vec!["success", "failed", "success", "success"]));
            assert_eq!(talk.call("GET", "/replays", None, None).1["replays"].as_array().unwrap().len(), 1, "{point}:{count}");
            died += talk.died;
        }
    }
    // Eight changes of state in a conversation: the ninth time never comes.
    assert_eq!(died, 3 + 3 * 8);
}
