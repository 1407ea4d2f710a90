//! Recorded expansions of the field's older server, repeated with this one. Where this one decides otherwise, the case departs by a
//! name that `docs/decisions.md` explains.

use std::collections::BTreeMap;

use lea::workflow::{expand, parse, substitute};
use serde_json::{Map, Value, json};

fn cases(name: &str) -> Vec<Value> {
    let text = std::fs::read_to_string(crate::support::root().join(format!("tests/fixtures/{name}.json"))).unwrap();
    serde_json::from_str(&text).unwrap()
}

fn map(value: &Value) -> Map<String, Value> {
    value.as_object().cloned().unwrap_or_default()
}

/// The actions of a workflow with ids `<act:1>` and so on, or the code of the refusal.
fn expanded(workflow: &Value, params: &Value) -> Result<Vec<Value>, String> {
    let workflow = parse(&workflow.to_string(), "file").map_err(|faults| format!("invalid_workflow {faults:?}"))?;
    let mut count = 0;
    let mut fresh = || {
        count += 1;
        format!("<act:{count}>")
    };
    let actions = expand(&workflow, &map(params), None, &mut fresh).map_err(|error| error.code().to_owned())?;
    Ok(actions.into_iter().map(|action| Value::Object(action.body().clone())).collect())
}

fn one_edge(edge: &Value) -> Value {
    json!({ "workflow_id": "w", "nodes": [{ "node_id": edge["from_node"] }], "edges": [edge] })
}

/// Numbers compare as numbers.
fn same(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Number(a), Value::Number(b)) => (a.as_f64().unwrap() - b.as_f64().unwrap()).abs() < 1e-9,
        (Value::Array(a), Value::Array(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b)),
        (Value::Object(a), Value::Object(b)) => a.len() == b.len() && a.iter().all(|(name, a)| b.get(name).is_some_and(|b| same(a, b))),
        _ => a == b,
    }
}

/// Without positions of 0, which stand for none in the older answers.
fn without_zero(actions: &Value) -> Value {
    let strip = |action: &Value| {
        let mut action = map(action);
        if ["x_pct", "y_pct"].iter().all(|name| action.get(*name).and_then(Value::as_f64) == Some(0.0)) {
            action.remove("x_pct");
            action.remove("y_pct");
        }
        Value::Object(action)
    };
    Value::Array(actions.as_array().into_iter().flatten().map(strip).collect())
}

/// By what name an answer departs from what was expected; none when it does not.
fn departure(expected: &Value, answered: &Result<Vec<Value>, String>) -> Option<String> {
    match answered {
        Ok(actions) => {
            let actions = Value::Array(actions.clone());
            if same(expected, &actions) {
                return None;
            }
            let absent = same(&without_zero(expected), &without_zero(&actions));
            Some(if absent { "absent_position".to_owned() } else { format!("other: {actions}") })
        }
        Err(_) if expected.get("error").is_some() => None,
        Err(code) => Some(code.clone()),
    }
}

fn check(name: &str, expected: &[(&str, usize)], run: impl Fn(&Value) -> Result<Vec<Value>, String>) {
    let mut departures: BTreeMap<String, usize> = BTreeMap::new();
    for case in cases(name) {
        if let Some(mut why) = departure(&case["expected"], &run(&case["input"])) {
            // An answer that differs needs a name of its own: a step's target was lost before.
            let has_target = |step: &Value| step["target"].is_object();
            if why.starts_with("other") && case["input"]["steps"].as_array().is_some_and(|steps| steps.iter().any(has_target)) {
                "compound_target_dropped".clone_into(&mut why);
            }
            assert!(
                !why.starts_with("other") && !why.starts_with("invalid_workflow"),
                "{}: {why}\nexpected {}",
                case["id"],
                case["expected"]
            );
            *departures.entry(why).or_default() += 1;
        }
    }
    let departures: Vec<(&str, usize)> = departures.iter().map(|(name, count)| (name.as_str(), *count)).collect();
    assert_eq!(departures, expected, "{name}");
}

#[test]
fn edges_become_actions() {
    let expected =
        [("absent_position", 15), ("click_without_target", 5), ("invalid_position", 22), ("unknown_action_type", 3), ("unset_variable", 2)];
    check("edge_actions", &expected, |input| expanded(&one_edge(&input["edge"]), &input["params"]));
}

#[test]
fn steps_become_actions() {
    let expected = [
        ("click_without_target", 3),
        ("compound_target_dropped", 2),
        ("invalid_action", 4),
        ("unknown_action_type", 16),
        ("unset_variable", 3),
    ];
    check("compound_steps", &expected, |input| {
        let mut edge = map(&input["base"]);
        edge.insert("action".to_owned(), json!({ "type": "compound", "target": null, "parameters": { "steps": input["steps"] } }));
        expanded(&one_edge(&Value::Object(edge)), &input["params"])
    });
}

#[test]
fn workflows_become_actions() {
    let expected = [("absent_position", 4), ("branching", 17), ("unknown_action_type", 2)];
    check("workflow_actions", &expected, |input| expanded(&input["workflow"], &input["params"]));
}

#[test]
fn variables_are_filled_in() {
    let mut departures: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for case in cases("substitute_variables") {
        let input = &case["input"];
        let filled = substitute(input["text"].as_str().unwrap(), &map(&input["params"]), &map(&input["defaults"]));
        if filled.as_deref().ok() == case["expected"].as_str() {
            continue;
        }
        let why = match filled {
            Ok(text) if case["tags"][0] != "value_to_text" => panic!("{}: {text}", case["id"]),
            Ok(_) => "value_to_text",
            Err(lea::workflow::Unfilled::Unset(_)) => "unset_variable",
            Err(lea::workflow::Unfilled::NotText(_)) => "variable_not_text",
        };
        departures.entry(why).or_default().push(input["text"].as_str().unwrap().to_owned());
    }
    let counts: Vec<(&str, usize)> = departures.iter().map(|(name, texts)| (*name, texts.len())).collect();
    assert_eq!(counts, [("unset_variable", 13), ("value_to_text", 1), ("variable_not_text", 5)], "{departures:?}");
}
