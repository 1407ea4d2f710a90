//! Recorded conversations of agents and operators with the field's older server, held with this one. Where this one decides
//! otherwise, the conversation departs by a name that `docs/decisions.md` explains.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Cursor;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use image::{ImageFormat, Rgb, RgbImage};
use serde_json::{Value, json};

use crate::support::{OPERATOR, Sandbox, Server};

const STREAM: &str = "/api/v1/traces/stream";

/// A picture for each name: the same name, the same picture.
fn picture(name: &str) -> String {
    let number = name.bytes().fold(0_u32, |sum, byte| sum * 31 + u32::from(byte)) % 12;
    let mut screen = RgbImage::from_pixel(320, 240, Rgb([230, 230, 230]));
    for (x, y) in (0..60).flat_map(|x| (0..40).map(move |y| (x, y))) {
        screen.put_pixel(20 + (number % 4) * 75 + x, 20 + (number / 4) * 70 + y, Rgb([20, 60, 120]));
    }
    let mut bytes = Cursor::new(Vec::new());
    screen.write_to(&mut bytes, ImageFormat::Png).unwrap();
    STANDARD.encode(bytes.into_inner())
}

/// Names on both sides for ids that are made up.
#[derive(Default)]
struct Names {
    ours: BTreeMap<String, String>,
}

impl Names {
    /// `<replay:1>` and the like in what is sent become our ids.
    fn translate(&self, value: &Value) -> Value {
        match value {
            Value::String(text) => json!(self.ours.get(text).unwrap_or(text)),
            Value::Array(items) => items.iter().map(|item| self.translate(item)).collect(),
            Value::Object(fields) => Value::Object(fields.iter().map(|(name, value)| (name.clone(), self.translate(value))).collect()),
            other => other.clone(),
        }
    }

    /// Whether what was answered says at least what was expected. A made-up id is learned where it first stands.
    fn covers(&mut self, expected: &Value, answered: &Value, field: &str) -> bool {
        match (expected, answered) {
            // Sentences are free.
            _ if ["detail", "message"].contains(&field) => true,
            // A picture is known by its name here.
            (Value::String(_), Value::String(_)) if field == "last_screenshot" => true,
            (Value::String(name), Value::String(id)) if name.starts_with('<') && name.ends_with('>') => {
                self.ours.entry(name.clone()).or_insert_with(|| id.clone()) == id
            }
            (Value::Object(wanted), Value::Object(_)) => {
                wanted.iter().all(|(name, value)| self.covers(value, answered.get(name).unwrap_or(&json!("absent")), name))
            }
            (Value::Array(wanted), Value::Array(items)) => {
                wanted.len() == items.len() && wanted.iter().zip(items).all(|(wanted, item)| self.covers(wanted, item, ""))
            }
            (Value::Number(wanted), Value::Number(number)) => wanted.as_f64() == number.as_f64(),
            _ => expected == answered,
        }
    }
}

fn call(server: &Server, op: &Value) -> (u16, Value) {
    let name = op["op"].as_str().unwrap();
    let query = |path: &str, names: &[&str]| {
        let pairs: Vec<String> = names.iter().filter_map(|name| Some(format!("{name}={}", op[*name].as_str()?))).collect();
        format!("{STREAM}{path}?{}", pairs.join("&"))
    };
    let mut body = op.clone();
    body.as_object_mut().unwrap().remove("op");
    for shot in ["screenshot", "screenshot_after"] {
        if let Some(name) = body[shot].as_str() {
            body[shot] = json!(picture(name));
        } else {
            body.as_object_mut().unwrap().remove(shot);
        }
    }
    let id = op["replay_id"].as_str().unwrap_or_default();
    match name {
        "raw" | "single" | "result" | "error_callback" => server.call("POST", &format!("{STREAM}/replay/{name}"), OPERATOR, Some(body)),
        "replay" => server.call("POST", &format!("{STREAM}/replay"), OPERATOR, Some(body)),
        "next" => server.call("GET", &query("/replay/next", &["session_id", "machine_id"]), OPERATOR, None),
        "status" => server.call("GET", &format!("{STREAM}/replay/{id}"), OPERATOR, None),
        "list" => server.call("GET", &format!("{STREAM}/replays"), OPERATOR, None),
        "register" | "finalize" => server.call("POST", &query(&format!("/{name}"), &["session_id", "machine_id"]), OPERATOR, None),
        other => panic!("{other}"),
    }
}

fn server_for(sandbox: &Sandbox, setup: &Value) -> Server {
    let folder = sandbox.path("data/workflows");
    std::fs::create_dir_all(&folder).unwrap();
    for workflow in setup["workflows"].as_array().into_iter().flatten() {
        let name = format!("{}.json", workflow["workflow_id"].as_str().unwrap());
        std::fs::write(folder.join(name), workflow.to_string()).unwrap();
    }
    let on_unchanged = if setup["unchanged_suggestion"] == "continue" { "warn" } else { "retry" };
    let mut command = sandbox.lea(["serve", "--listen", "127.0.0.1:0"]);
    command.env("LEA_TOKEN", OPERATOR).env("LEA_REPLAY_ON_UNCHANGED", on_unchanged);
    let server = Server::spawn(&mut command);
    for session in setup["sessions"].as_array().into_iter().flatten() {
        let query =
            format!("session_id={}&machine_id={}", session["session_id"].as_str().unwrap(), session["machine_id"].as_str().unwrap());
        assert_eq!(server.call("POST", &format!("{STREAM}/register?{query}"), OPERATOR, None).0, 200);
        if session["finalized"] == true {
            assert_eq!(server.call("POST", &format!("{STREAM}/finalize?{query}"), OPERATOR, None).0, 200);
        }
    }
    server
}

/// Conversations without a tag in which this server answers otherwise, and by what name.
const UNTAGGED: [(&str, &str); 4] = [
    ("replay_sequences-0006", "unknown_action"),
    ("replay_sequences-0016", "click_without_target"),
    ("replay_sequences-0027", "completed_with_warnings"),
    ("replay_sequences-0034", "replay_running"),
];

#[test]
fn conversations_go_as_in_the_field_or_depart_by_a_listed_name() {
    let text = std::fs::read_to_string(crate::support::root().join("tests/fixtures/replay_sequences.json")).unwrap();
    let cases: Vec<Value> = serde_json::from_str(&text).unwrap();
    let mut departed = BTreeSet::new();
    let mut wrong = Vec::new();
    for case in &cases {
        let sandbox = Sandbox::new();
        let server = server_for(&sandbox, &case["input"]["setup"]);
        let mut names = Names::default();
        let ops = case["input"]["ops"].as_array().unwrap();
        for (index, (op, expected)) in ops.iter().zip(case["expected"].as_array().unwrap()).enumerate() {
            let (status, answered) = call(&server, &names.translate(op));
            let refused = status == 422 && expected["body"]["error"] == "validation";
            let same = json!(status) == expected["http"] && (refused || names.covers(&expected["body"], &answered, ""));
            if same {
                continue;
            }
            let id = case["id"].as_str().unwrap();
            let tags: Vec<&str> = case["tags"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
            match (tags.first(), UNTAGGED.iter().find(|(known, _)| *known == id)) {
                (_, Some((_, name))) => drop(departed.insert((*name).to_owned())),
                (Some(_), None) => departed.extend(tags.iter().map(ToString::to_string)),
                _ => wrong.push(format!("{id} op {}: {op}\n  answered {status} {answered}\n  expected {expected}", index + 1)),
            }
            // What comes after it goes another way.
            break;
        }
        drop(server);
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let departed: Vec<&str> = departed.iter().map(String::as_str).collect();
    let expected = [
        "at_most_once",
        "callback_url_unchecked",
        "click_without_target",
        "completed_with_warnings",
        "machine_not_checked",
        "replay_replaced",
        "replay_running",
        "retry_carries_only_id",
        "single_counted_in_replay",
        "single_result_unrecorded",
        "unknown_action",
        "unknown_action_accepted",
        "wait_counted_as_action",
    ];
    assert_eq!(departed, expected);
}
