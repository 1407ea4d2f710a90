//! Actions that wait for what the screen shows, on a real server: the agent only waits and reports, the server looks.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use crate::sessions_http::shot;
use crate::support::form::{THEMES, VALIDER_LA_COMMANDE, form};
use crate::support::reader::{NOWHERE, tesseract};
use crate::support::{OPERATOR, Sandbox, Server, root, signal};

const STREAM: &str = "/api/v1/traces/stream";

fn picture(name: &str) -> String {
    STANDARD.encode(std::fs::read(root().join("tests/fixtures/screens").join(name)).unwrap())
}

/// A server, and the agent of one machine on it.
struct Room<'a> {
    sandbox: &'a Sandbox,
    server: Server,
}

impl<'a> Room<'a> {
    fn new(sandbox: &'a Sandbox) -> Self {
        Self::with_reader(sandbox, NOWHERE.as_ref())
    }

    fn with_reader(sandbox: &'a Sandbox, reader: &std::path::Path) -> Self {
        Self { sandbox, server: Server::with_reader(sandbox, reader) }
    }

    fn post(&self, path: &str, body: Value) -> (u16, Value) {
        self.server.call("POST", &format!("{STREAM}{path}"), OPERATOR, Some(body))
    }

    fn get(&self, path: &str) -> Value {
        let (status, body) = self.server.call("GET", &format!("{STREAM}{path}"), OPERATOR, None);
        assert_eq!(status, 200, "{body}");
        body
    }

    /// Starts `action` and a click after it.
    fn start(&self, action: &Value) -> String {
        let click = json!({ "action_id": "click", "type": "click", "x_pct": 0.5, "y_pct": 0.5 });
        let (status, body) = self.post("/replay/raw", json!({ "session_id": "sess_1", "machine_id": "pc", "actions": [action, click] }));
        assert_eq!(status, 200, "{body}");
        body["replay_id"].as_str().unwrap().to_owned()
    }

    fn next(&self) -> Value {
        let action = self.get("/replay/next?session_id=sess_1&machine_id=pc")["action"].clone();
        assert!(!action.to_string().contains("anchor"), "{action}");
        action
    }

    /// The server's own wait, which is all that an agent sees of the action.
    #[track_caller]
    fn next_wait(&self) -> String {
        let given = self.next();
        let id = given["action_id"].as_str().unwrap_or_default().to_owned();
        assert!(id.starts_with("wait_look_"), "{given}");
        let millis = given["duration_ms"].as_u64().unwrap();
        assert_eq!(given, json!({ "action_id": id, "type": "wait", "duration_ms": millis }));
        assert!((500..=3000).contains(&millis), "{given}");
        id
    }

    fn report(&self, action: &str, screen: Option<&str>) -> Value {
        let body = json!({ "session_id": "sess_1", "action_id": action, "success": true, "screenshot_after": screen });
        let (status, answer) = self.post("/replay/result", body);
        assert_eq!(status, 200, "{answer}");
        answer
    }

    /// Waits once, and reports on it with this picture.
    #[track_caller]
    fn look(&self, screen: &str) -> Value {
        let wait = self.next_wait();
        self.report(&wait, Some(screen))
    }

    /// Looks until the time is up: a millisecond, which may be longer than a look takes.
    #[track_caller]
    fn look_in_vain(&self, success: bool, screen: Option<&str>) -> Value {
        loop {
            let wait = self.next_wait();
            let body = json!({ "session_id": "sess_1", "action_id": wait, "success": success, "screenshot_after": screen });
            let (status, answer) = self.post("/replay/result", body);
            assert_eq!(status, 200, "{answer}");
            if answer["replay_status"] != "running" {
                return answer;
            }
        }
    }

    fn show(&self, id: &str) -> Value {
        let shown = self.get(&format!("/replay/{id}"));
        assert!(!shown.to_string().contains("anchor_image"), "{shown}");
        shown
    }

    fn kill(self) -> Self {
        let Self { sandbox, server } = self;
        signal(server.pid(), "KILL");
        drop(server);
        Self::new(sandbox)
    }
}

fn wait_until(anchor: &str) -> Value {
    json!({ "action_id": "watch", "type": "wait_until", "target": { "anchor_image_base64": picture(anchor) }, "timeout_ms": 600_000 })
}

fn wait_gone(anchor: &str) -> Value {
    json!({ "action_id": "watch", "type": "wait_gone", "target": { "anchor_image_base64": picture(anchor) }, "timeout_ms": 600_000 })
}

fn with(mut action: Value, name: &str, value: Value) -> Value {
    action[name] = value;
    action
}

#[test]
fn the_target_comes_on_the_third_picture_and_the_queue_goes_on() {
    let sandbox = Sandbox::new();
    let room = Room::new(&sandbox);
    let id = room.start(&wait_until("save.png"));
    for screen in [picture("tools.png"), "no picture at all".to_owned()] {
        let answer = room.look(&screen);
        assert_eq!((&answer["status"], &answer["replay_status"]), (&json!("recorded"), &json!("running")));
        assert_eq!((&answer["remaining_actions"], &answer["retry_count"], &answer["verification"]), (&json!(2), &json!(0), &Value::Null));
        let shown = room.show(&id);
        assert_eq!((&shown["out"]["action_id"], &shown["out"]["action_type"]), (&json!("watch"), &json!("wait_until")));
        assert_eq!((&shown["remaining_actions"], &shown["results"]), (&json!(2), &json!([])));
    }
    let answer = room.look(&picture("record.png"));
    assert_eq!((&answer["replay_status"], &answer["remaining_actions"]), (&json!("running"), &json!(1)));
    let result = room.show(&id)["results"][0].clone();
    assert_eq!(
        (&result["action_id"], &result["action_type"], &result["outcome"]),
        (&json!("watch"), &json!("wait_until"), &json!("success"))
    );
    assert_eq!((&result["target"]["verdict"], &result["target"]["cause"]), (&json!("found"), &json!("single_place")));
    assert!(result["target"]["place"].is_array() && result["success"] == true && result["retry_count"] == 0, "{result}");
    // The picture by which it ended is kept, and no other.
    let kept = result["screen_after"].as_str().unwrap();
    assert!(kept.starts_with("0000_0_after"), "{kept}");
    let folder = std::fs::read_dir(sandbox.path("data/replays").join(&id)).unwrap();
    assert_eq!(folder.count(), 1);
    assert_eq!(room.next()["action_id"], "click");
    // What is compared with the screen after the click is the screen on which the target was seen.
    let clicked = room.report("click", Some(&picture("record.png")));
    assert_eq!((&clicked["verification"]["verdict"], &clicked["replay_status"]), (&json!("unchanged"), &json!("completed_with_warnings")));
}

#[test]
fn a_target_that_never_comes_makes_it_fail_and_says_so() {
    let sandbox = Sandbox::new();
    let room = Room::new(&sandbox);
    let id = room.start(&with(wait_until("save.png"), "timeout_ms", json!(1)));
    let answer = room.look_in_vain(true, Some(&picture("tools.png")));
    assert_eq!((&answer["success"], &answer["replay_status"], &answer["remaining_actions"]), (&json!(true), &json!("error"), &json!(0)));
    assert_eq!(room.next(), Value::Null, "the click would be one on the wrong screen");
    let shown = room.show(&id);
    let error = "the target did not appear within 1 ms; last seen: absent (colour_differs)";
    assert_eq!((&shown["error_log"][0]["error"], &shown["error_log"][0]["action_id"]), (&json!(error), &json!("watch")));
    assert_eq!((&shown["results"][0]["outcome"], &shown["results"][0]["error"]), (&json!("failed"), &json!(error)));
    assert_eq!((&shown["failed_actions"], &shown["retried_actions"]), (&json!(1), &json!(0)));
    let printed = sandbox.lea(["replay", "show", &id, "--server", &room.server.url]).env("LEA_TOKEN", OPERATOR).output().unwrap();
    let printed = String::from_utf8(printed.stdout).unwrap();
    assert!(printed.contains("wait_until") && printed.contains(error), "{printed}");
    // Several alike are not found: nobody knows which would be clicked.
    let id = room.start(&with(wait_until("download.png"), "timeout_ms", json!(1)));
    room.look_in_vain(true, Some(&picture("tools.png")));
    assert_eq!(room.show(&id)["results"][0]["target"]["verdict"], "ambiguous");
    // An agent that sends no picture, or that could not wait, shows nothing.
    for success in [true, false] {
        let id = room.start(&with(wait_until("save.png"), "timeout_ms", json!(1)));
        let screen = picture("record.png");
        let screen = (!success).then_some(screen.as_str());
        assert_eq!(room.look_in_vain(success, screen)["replay_status"], "error");
        let error = room.show(&id)["results"][0]["error"].clone();
        assert!(error.as_str().unwrap().contains("no report brought a picture"), "{error}");
    }
}

#[test]
fn what_only_looks_different_is_not_gone() {
    let sandbox = Sandbox::new();
    let room = Room::new(&sandbox);
    let black = "iVBORw0KGgoAAAANSUhEUgAAAAoAAAAKCAIAAAACUFjqAAAAD0lEQVR4nGNgGAWjgHoAAAJEAAHU9pjBAAAAAElFTkSuQmCC";
    let id = room.start(&with(wait_gone("save.png"), "threshold", json!(0.5)));
    // There, refused for its colours alone, nothing to see, and no picture.
    for screen in [picture("record.png"), picture("tools.png"), black.to_owned(), "aGVsbG8=".to_owned()] {
        room.look(&screen);
        assert_eq!(room.show(&id)["results"], json!([]));
    }
    assert_eq!(room.post(&format!("/replay/{id}/cancel"), json!({})).1["results"][0]["outcome"], "skipped");
    // By itself it takes a score that nothing there reaches: it is gone.
    let id = room.start(&wait_gone("save.png"));
    let first = room.look(&picture("record.png"));
    assert_eq!((&first["remaining_actions"], &room.show(&id)["results"]), (&json!(2), &json!([])));
    room.look(&picture("tools.png"));
    let result = room.show(&id)["results"][0].clone();
    assert_eq!((&result["outcome"], &result["target"]["cause"]), (&json!("success"), &json!("below_threshold")), "{result}");
    assert_eq!(room.next()["type"], "click");
}

#[test]
fn killed_in_the_middle_it_goes_on_looking_and_a_report_counts_once() {
    let sandbox = Sandbox::new();
    let room = Room::new(&sandbox);
    let id = room.start(&wait_until("save.png"));
    let first = room.next_wait();
    let room = room.kill();
    let answer = room.report(&first, Some(&picture("tools.png")));
    assert_eq!((&answer["status"], &answer["remaining_actions"]), (&json!("recorded"), &json!(2)));
    let room = room.kill();
    // The same report again, now with the target on it: it was answered, and moves nothing on.
    assert_eq!(room.report(&first, Some(&picture("record.png"))), answer);
    assert_eq!(room.show(&id)["results"], json!([]));
    let second = room.next_wait();
    assert_ne!(first, second);
    assert_eq!(room.report(&first, Some(&picture("record.png"))), answer, "the second is out, and nobody reported on it");
    assert_eq!(room.show(&id)["results"], json!([]));
    let found = room.report(&second, Some(&picture("record.png")));
    assert_eq!(found["remaining_actions"], 1);
    let room = room.kill();
    assert_eq!(room.show(&id)["results"][0]["outcome"], "success");
    assert_eq!(room.report(&second, Some(&picture("tools.png"))), found);
    assert_eq!(room.next()["action_id"], "click");
    assert_eq!(room.report(&second, Some(&picture("tools.png"))), found);
    let shown = room.show(&id);
    assert_eq!((&shown["out"]["action_id"], &shown["results"].as_array().unwrap().len()), (&json!("click"), &1));
    // Nobody was given the action itself.
    let body = json!({ "session_id": "sess_1", "action_id": "watch", "success": true });
    assert_eq!(room.post("/replay/result", body).1["code"], "unknown_action");
}

#[test]
fn a_shot_of_the_session_may_be_named_and_a_single_action_may_wait_too() {
    let sandbox = Sandbox::new();
    let room = Room::new(&sandbox);
    room.next();
    let bytes = std::fs::read(root().join("tests/fixtures/screens/record.png")).unwrap();
    assert_eq!(shot(&room.server, OPERATOR, "sess_1", "shot_0001_full", &bytes).0, 200);
    let action = json!({ "session_id": "sess_1", "machine_id": "pc", "action": wait_until("save.png") });
    let (status, single) = room.post("/replay/single", action);
    assert_eq!((status, &single["action_id"]), (200, &json!("watch")), "{single}");
    let id = single["replay_id"].as_str().unwrap();
    assert_eq!(room.look("shot_0002_full")["replay_status"], "running");
    assert_eq!(room.look("shot_0001_full")["replay_status"], "completed");
    assert_eq!(room.show(id)["results"][0]["screen_after"], "shot_0001_full");
}

#[test]
fn what_could_never_hold_is_refused_before_anything_starts() {
    let sandbox = Sandbox::new();
    let room = Room::new(&sandbox);
    room.next();
    let anchor = |text: &str| json!({ "type": "wait_gone", "target": { "anchor_image_base64": text } });
    let fine = wait_until("save.png");
    for (action, field) in [
        (with(fine.clone(), "timeout_ms", json!(0)), "timeout_ms"),
        (with(fine.clone(), "timeout_ms", json!(600_001)), "timeout_ms"),
        (with(fine.clone(), "timeout_ms", json!("soon")), "timeout_ms"),
        (with(fine.clone(), "threshold", json!(2)), "threshold"),
        (json!({ "type": "wait_until" }), "target"),
        (json!({ "type": "wait_until", "target": {} }), "target"),
        (json!({ "type": "wait_until", "target": "save.png" }), "target"),
        (json!({ "type": "wait_until", "target": { "anchor_image_base64": picture("save.png"), "anchor_scale": "big" } }), "target"),
        (
            json!({ "type": "wait_until", "target": { "anchor_image_base64": picture("save.png"), "anchor_scale": 9 } }),
            "target.anchor_scale",
        ),
        (json!({ "type": "wait_until", "target": { "by_text": "Enregistrer" } }), "target.by_text"),
        (json!({ "type": "wait_until", "target": { "by_role": "button", "anchor_image_base64": picture("save.png") } }), "target.by_role"),
        (json!({ "type": "wait_gone", "target": { "by_text": "Enregistrer", "row": "3" } }), "target.by_text"),
        (anchor("####"), "target.anchor_image_base64"),
        (anchor("aGVsbG8="), "target.anchor_image_base64"),
        (anchor(&picture("save.png")[..400]), "target.anchor_image_base64"),
        (anchor(&picture("blue.png")), "target.anchor_image_base64"),
    ] {
        let named = |at: &[&str]| at.iter().copied().chain(field.split('.')).map(str::to_owned).collect::<Vec<_>>();
        let raw = json!({ "session_id": "sess_1", "actions": [{ "type": "wait" }, action] });
        let (status, refused) = room.post("/replay/raw", raw);
        assert_eq!((status, &refused["detail"][0]["loc"]), (422, &json!(named(&["body", "actions", "1"]))), "{refused}");
        let (status, refused) = room.post("/replay/single", json!({ "session_id": "sess_1", "action": action }));
        assert_eq!((status, &refused["detail"][0]["loc"]), (422, &json!(named(&["body", "action"]))), "{refused}");
    }
    assert_eq!(room.get("/replays")["replays"], json!([]));
}

#[test]
fn a_workflow_may_wait_for_what_the_screen_shows() {
    let sandbox = Sandbox::new();
    let workflow = |id: &str, anchor: &str| {
        let step = json!({ "type": "wait_until", "target": { "anchor_image_base64": anchor, "by_position": [1, 2] }, "timeout_ms": 1000 });
        json!({
            "workflow_id": id, "name": id, "entry_nodes": ["n1"],
            "nodes": [{ "node_id": "n1" }, { "node_id": "n2" }, { "node_id": "n3" }],
            "edges": [
                { "edge_id": "e1", "from_node": "n1", "to_node": "n2",
                  "action": { "type": "compound", "parameters": { "steps": [step] } } },
                { "edge_id": "e2", "from_node": "n2", "to_node": "n3",
                  "action": { "type": "wait_gone", "target": { "anchor_image_base64": anchor }, "parameters": {} } },
            ],
        })
    };
    let folder = sandbox.path("data/workflows");
    std::fs::create_dir_all(&folder).unwrap();
    for (id, anchor) in [("good", picture("save.png")), ("bad", "####".to_owned())] {
        std::fs::write(folder.join(format!("{id}.json")), workflow(id, &anchor).to_string()).unwrap();
    }
    let file = folder.join("good.json").display().to_string();
    let printed = sandbox.run(["replay", "expand", &file]).expect(0).out;
    assert!(printed.contains("wait_until") && printed.contains("up to 1000 ms") && printed.contains("an anchor"), "{printed}");
    assert!(printed.contains("wait_gone") && printed.contains("up to 10000 ms") && printed.len() < 2000, "{printed}");
    let expanded = sandbox.run(["replay", "expand", &file, "--json"]).expect(0).json();
    let fields = expanded["actions"][0]["target"].as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    assert_eq!((fields, &expanded["actions"][0]["edge_id"]), (vec!["anchor_image_base64".to_owned()], &json!("e1")));
    let room = Room::new(&sandbox);
    let (status, refused) = room.post("/replay", json!({ "workflow_id": "bad", "session_id": "sess_1" }));
    assert_eq!((status, &refused["code"], &refused["edge_id"]), (400, &json!("invalid_action"), &json!("e1")), "{refused}");
    let (status, started) = room.post("/replay", json!({ "workflow_id": "good", "session_id": "sess_1", "machine_id": "pc" }));
    assert_eq!((status, &started["total_actions"]), (200, &json!(2)), "{started}");
    assert_eq!(room.look(&picture("record.png"))["remaining_actions"], 1);
    let second = room.next_wait();
    assert_eq!(room.show(started["replay_id"].as_str().unwrap())["out"]["action_type"], "wait_gone", "{second}");
}

#[test]
fn a_text_may_be_waited_for_until_it_is_there_or_gone() {
    let Some(reader) = tesseract() else { return };
    let sandbox = Sandbox::new();
    let room = Room::with_reader(&sandbox, &reader);
    let form = STANDARD.encode(std::fs::read(form(THEMES[0])).unwrap());
    let watch = |kind: &str, target: Value| json!({ "action_id": "watch", "type": kind, "target": target, "timeout_ms": 600_000 });
    let id = room.start(&watch("wait_until", json!({ "by_text": "Valider la commande", "by_role": "button" })));
    room.look(&picture("tools.png"));
    assert_eq!(room.show(&id)["results"], json!([]));
    room.look(&form);
    let result = room.show(&id)["results"][0].clone();
    assert_eq!((&result["outcome"], &result["target"]["verdict"]), (&json!("success"), &json!("found")), "{result}");
    assert_eq!(result["target"]["place"], json!(VALIDER_LA_COMMANDE), "{result}");
    room.post(&format!("/replay/{id}/cancel"), json!({}));
    // Two of them are still there, and so is one that is greyed out.
    for text in ["Stable", "Archiver"] {
        let id = room.start(&watch("wait_gone", json!({ "by_text": text })));
        room.look(&form);
        assert_eq!(room.show(&id)["results"], json!([]), "{text}");
        room.post(&format!("/replay/{id}/cancel"), json!({}));
    }
    let id = room.start(&watch("wait_gone", json!({ "by_text": "Supprimer" })));
    room.look(&form);
    assert_eq!(room.show(&id)["results"][0]["outcome"], "success");
    // What says nothing could never be seen.
    let action = watch("wait_until", json!({ "by_text": "-" }));
    let (status, refused) = room.post("/replay/single", json!({ "session_id": "sess_2", "action": action }));
    assert_eq!((status, &refused["detail"][0]["loc"]), (422, &json!(["body", "action", "target", "by_text"])), "{refused}");
}
