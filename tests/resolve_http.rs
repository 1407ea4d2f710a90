//! Targets over HTTP: the same object as the command's, for machines and operators.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use crate::support::reader::NOWHERE;
use crate::support::{OPERATOR, Sandbox, Server, root};

const RESOLVE: &str = "/api/v1/traces/stream/replay/resolve_target";

fn picture(name: &str) -> String {
    STANDARD.encode(std::fs::read(root().join("tests/fixtures/screens").join(name)).unwrap())
}

fn request(screen: &str, spec: &Value) -> Value {
    json!({ "session_id": "sess_1", "screenshot_b64": screen, "target_spec": spec, "fallback_x_pct": 0.25, "fallback_y_pct": 0.75 })
}

#[test]
fn an_agent_is_given_the_commands_answer() {
    let sandbox = Sandbox::new();
    let server = Server::start(&sandbox, &[]);
    let machine = server.enroll("pc");
    let (status, mut answer) = server.call(
        "POST",
        RESOLVE,
        &machine,
        Some(request(&picture("record.png"), &json!({ "anchor_image_base64": picture("save.png") }))),
    );
    assert_eq!((status, &answer["verdict"], &answer["resolved"]), (200, &json!("found"), &json!(true)), "{answer}");
    let fixture = |name: &str| root().join("tests/fixtures/screens").join(name).display().to_string();
    let mut printed = sandbox.run(["resolve", &fixture("record.png"), "--anchor", &fixture("save.png"), "--json"]).expect(0).json();
    for object in [&mut answer, &mut printed] {
        assert!(object.as_object_mut().unwrap().remove("elapsed_ms").is_some());
    }
    assert_eq!(answer, printed);
}

#[test]
fn a_miss_echoes_the_callers_fallback_and_a_text_is_never_guessed() {
    let sandbox = Sandbox::new();
    let server = Server::with_reader(&sandbox, NOWHERE.as_ref());
    let ask = |spec: Value| server.call("POST", RESOLVE, OPERATOR, Some(request(&picture("record.png"), &spec)));
    for (spec, verdict, reason) in [
        (json!({ "anchor_image_base64": picture("bell.png"), "by_text": " " }), None, ""),
        (json!({}), Some("unusable_anchor"), "no_target_criteria"),
        (json!({ "anchor_image_base64": "####" }), Some("unusable_anchor"), "template_matching_failed"),
    ] {
        let (status, answer) = ask(spec.clone());
        assert_eq!(status, 200, "{answer}");
        if let Some(verdict) = verdict {
            assert_eq!((&answer["verdict"], &answer["reason"]), (&json!(verdict), &json!(reason)), "{spec}");
            assert_eq!((&answer["x_pct"], &answer["y_pct"], &answer["resolved"]), (&json!(0.25), &json!(0.75), &json!(false)));
        }
    }
    let (status, answer) =
        server.call("POST", RESOLVE, OPERATOR, Some(request("bm8gcGljdHVyZQ==", &json!({ "anchor_image_base64": picture("save.png") }))));
    assert_eq!((status, &answer["verdict"], &answer["reason"]), (200, &json!("unusable_screen"), &json!("decode_error")));
    for spec in [json!({ "by_text": "Enregistrer" }), json!({ "by_role": "button", "anchor_image_base64": picture("save.png") })] {
        let (status, answer) = ask(spec);
        assert_eq!((status, &answer["code"]), (503, &json!("ocr_unavailable")));
    }
}

#[test]
fn a_fallback_that_nobody_gave_is_not_made_up() {
    let sandbox = Sandbox::new();
    let server = Server::start(&sandbox, &[]);
    let mut request = request(&picture("record.png"), &json!({ "anchor_image_base64": picture("blue.png") }));
    request.as_object_mut().unwrap().retain(|name, _| !name.starts_with("fallback"));
    let (status, answer) = server.call("POST", RESOLVE, OPERATOR, Some(request.clone()));
    assert_eq!(
        (status, &answer["resolved"], &answer["x_pct"], &answer["y_pct"]),
        (200, &json!(false), &Value::Null, &Value::Null),
        "{answer}"
    );
    // A list is no object, be its parts in the right order.
    request["target_spec"] = json!([picture("save.png")]);
    assert_eq!(server.call("POST", RESOLVE, OPERATOR, Some(request)).0, 422);
    assert_eq!(server.call("POST", "/api/v1/agents/heartbeat", OPERATOR, Some(json!(["pc"]))).0, 422);
}

#[test]
fn what_cannot_be_is_refused() {
    let sandbox = Sandbox::new();
    std::fs::create_dir_all(sandbox.path("data")).unwrap();
    std::fs::write(sandbox.path("data/lea.toml"), "[limits]\nimage_bytes = 50000\nbody_bytes = 2048\n").unwrap();
    let server = Server::start(&sandbox, &[]);
    let spec = json!({ "anchor_image_base64": picture("save.png") });
    let (status, body) = server.call("POST", RESOLVE, OPERATOR, Some(request(&"A".repeat(400_000), &spec)));
    assert_eq!((status, &body["code"]), (413, &json!("body_too_large")));
    let (status, body) = server.call("POST", RESOLVE, OPERATOR, Some(request(&STANDARD.encode(vec![0; 60_000]), &spec)));
    assert_eq!(status, 413, "{body}");
    let mut hostile = request(&picture("record.png"), &spec);
    hostile["session_id"] = json!("../../etc");
    let (status, body) = server.call("POST", RESOLVE, OPERATOR, Some(hostile));
    assert_eq!((status, &body["detail"][0]["loc"]), (422, &json!(["body", "session_id"])));
    let mut request = request(&picture("record.png"), &spec);
    request["threshold"] = json!(7);
    assert_eq!(server.call("POST", RESOLVE, OPERATOR, Some(request.clone())).0, 422);
    let (_, key) = server.call("POST", "/api/v1/agents/keys", OPERATOR, Some(json!({ "name": "k" })));
    assert_eq!(server.call("POST", RESOLVE, key["key"].as_str().unwrap(), Some(request.clone())).0, 403);
    assert_eq!(server.call("POST", RESOLVE, "", Some(request)).0, 401);
}
