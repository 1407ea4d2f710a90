//! What the registry in the field answered to sequences of calls, held against this one. Departures are listed here and, with
//! their reasons, in `docs/decisions.md`.

use std::collections::BTreeMap;
use std::time::Duration;

use lea::api::AgentView;
use lea::clock::Time;
use lea::error::{Error, Kind};
use lea::fleet::{self, Caller, Claim, Facts, Order, Outcome, Status};
use lea::id::MachineId;
use lea::store::Database;
use serde_json::{Value, json};

/// The instant of operation number `n`.
fn instant(n: usize) -> Time {
    Time::from_micros(1_700_000_000_000_000).plus(Duration::from_secs(n as u64))
}

fn mark(time: Option<Time>) -> Value {
    time.map_or(Value::Null, |time| format!("<op:{:03}>", time.since(instant(0)).as_secs()).into())
}

fn row(agent: &fleet::Agent) -> Value {
    let mut row = serde_json::to_value(AgentView::from(agent)).unwrap();
    for (name, time) in [("enrolled_at", agent.enrolled_at), ("last_seen_at", agent.last_seen_at), ("uninstalled_at", agent.uninstalled_at)]
    {
        row[name] = mark(time);
    }
    row
}

fn refused(error: &Error, id: &str) -> Value {
    match error.kind() {
        Kind::NotFound => Value::Null,
        Kind::Validation if lea::id::trim(id).is_empty() => json!({ "error": "empty_machine_id" }),
        Kind::Validation => json!({ "error": "invalid_id" }),
        _ => panic!("{error:?}"),
    }
}

fn answer(database: &Database, op: &Value, now: Time) -> Value {
    let id = op["machine_id"].as_str().unwrap_or_default();
    let text = |name: &str| op[name].as_str().map(str::to_owned);
    let result = match op["op"].as_str().unwrap() {
        "enroll" => {
            let machine = match id.parse::<MachineId>() {
                Ok(machine) => machine,
                Err(error) => return refused(&error, id),
            };
            let order = Order {
                machine,
                facts: Facts {
                    user_name: text("user_name"),
                    user_email: text("user_email"),
                    user_id: text("user_id"),
                    hostname: text("hostname"),
                    os_info: text("os_info"),
                    version: text("version"),
                },
                allow_reactivate: op["allow_reactivate"].as_bool().unwrap_or(true),
                force: false,
                claim: Claim::Known(Caller::Operator),
                idempotency_key: None,
            };
            return match database.write(|registry| fleet::enroll(registry, &order, now)).unwrap() {
                Outcome::Enrolled(done) => {
                    let again = done.status == "reactivated";
                    json!({ "created": !again, "reactivated": again, "agent": row(&done.agent) })
                }
                Outcome::Refused { error, row: Some(existing) } => json!({ "error": error.code(), "existing": row(&existing) }),
                other => panic!("{other:?}"),
            };
        }
        "uninstall" => database.write(|registry| fleet::uninstall(registry, id, op["reason"].as_str(), &Caller::Operator, now)),
        "get" => database.read(|registry| Ok(fleet::find_agent(registry, id)?.agent)),
        "touch" => {
            // Unknown machines are nobody's error here: the server answers 404 for them.
            let _ = database.write(|registry| {
                let id = fleet::find_agent(registry, id)?.agent.id;
                registry.touch(id, now)
            });
            return Value::Null;
        }
        listing @ ("list" | "count") => {
            let mut all = database.read(|registry| registry.all()).unwrap();
            all.sort_by_key(|record| fleet::Place::of(&record.agent));
            let wanted = op["status"].as_str().unwrap();
            let rows: Vec<Value> =
                all.iter().filter(|record| record.agent.status.as_str() == wanted).map(|record| row(&record.agent)).collect();
            return if listing == "count" { json!(rows.len()) } else { json!(rows) };
        }
        other => panic!("{other}"),
    };
    match result {
        Ok(agent) => row(&agent),
        Err(error) => refused(&error, id),
    }
}

/// Why operation `index` may be answered otherwise than the field's registry did; `None` if it may not.
fn departure(ops: &[Value], index: usize) -> Option<&'static str> {
    let named = |op: &Value| op["machine_id"].as_str().unwrap_or_default().to_owned();
    let id = |op: &Value| lea::id::trim(&named(op)).to_owned();
    let earlier = &ops[..index];
    let this = &ops[index];
    let before_with = |kind: &str| earlier.iter().any(|op| op["op"] == kind);
    let invalid = |op: &Value| !id(op).is_empty() && id(op).parse::<MachineId>().is_err();
    if ops[..=index].iter().any(invalid) {
        return Some("unrestricted_id");
    }
    let padded_touch = earlier.iter().any(|op| op["op"] == "touch" && named(op) != id(op));
    if (this["op"] == "get" && named(this) != id(this)) || padded_touch {
        return Some("touch_not_trimmed");
    }
    if before_with("uninstall") {
        let of = if id(this).is_empty() { None } else { Some(id(this)) };
        let state = |machine: &str| {
            earlier.iter().filter(|op| id(op) == machine).fold((0, false), |(removed, touched), op| match op["op"].as_str().unwrap() {
                "uninstall" => (removed + 1, touched),
                "enroll" => (0, false),
                "touch" => (removed, touched || removed > 0),
                _ => (removed, touched),
            })
        };
        let concerned = |machine: &str| {
            let (removed, touched) = state(machine);
            (removed > 1 || (removed == 1 && this["op"] == "uninstall")) || touched
        };
        let machines: Vec<String> = earlier.iter().map(&id).collect();
        if of.map_or_else(|| machines.iter().any(|machine| concerned(machine)), |machine| concerned(&machine)) {
            return Some("uninstall_twice");
        }
    }
    None
}

#[test]
fn sequences_are_answered_as_in_the_field_or_depart_by_a_listed_tag() {
    let text = std::fs::read_to_string(crate::support::root().join("tests/fixtures/registry_sequences.json")).unwrap();
    let cases: Vec<Value> = serde_json::from_str(&text).unwrap();
    let mut departures: BTreeMap<&str, usize> = BTreeMap::new();
    for case in &cases {
        let folder = tempfile::tempdir().unwrap();
        let database = Database::open(&folder.path().join("lea.db"), instant(0)).unwrap();
        let ops = case["input"]["ops"].as_array().unwrap();
        for (index, (op, expected)) in ops.iter().zip(case["expected"].as_array().unwrap()).enumerate() {
            let answered = answer(&database, op, instant(index + 1));
            if answered == *expected {
                continue;
            }
            let why = departure(ops, index);
            assert!(why.is_some(), "{} op {}: {op}\nanswered {answered}\nexpected {expected}", case["id"], index + 1);
            *departures.entry(why.unwrap()).or_default() += 1;
        }
    }
    let tags: Vec<&str> = departures.keys().copied().collect();
    assert_eq!(tags, ["touch_not_trimmed", "uninstall_twice", "unrestricted_id"], "{departures:?}");
}

#[test]
fn a_second_uninstall_answers_the_first_ones_time_and_reason() {
    let folder = tempfile::tempdir().unwrap();
    let database = Database::open(&folder.path().join("lea.db"), instant(0)).unwrap();
    answer(&database, &json!({ "op": "enroll", "machine_id": "m1" }), instant(1));
    answer(&database, &json!({ "op": "uninstall", "machine_id": "m1", "reason": "first" }), instant(2));
    let second = answer(&database, &json!({ "op": "uninstall", "machine_id": "M1", "reason": "second" }), instant(3));
    assert_eq!((&second["uninstalled_at"], &second["uninstall_reason"]), (&json!("<op:002>"), &json!("first")));
    answer(&database, &json!({ "op": "touch", "machine_id": "m1" }), instant(4));
    assert_eq!(answer(&database, &json!({ "op": "get", "machine_id": "m1" }), instant(5))["last_seen_at"], "<op:001>");
    let kinds = database.read(|registry| registry.history(1)).unwrap().into_iter().map(|entry| entry.event).collect::<Vec<_>>();
    assert_eq!(kinds, ["enrolled", "uninstalled"]);
    assert_eq!(Status::Uninstalled.as_str(), second["status"]);
}
