//! The document of a competence: the keys, their order and the defaults that the field's programs know.

use super::node::{Node, map};
use super::request::{Request, step_id};
use super::state::State;
use crate::clock::Time;

/// What the field's programs expect in every document.
pub const REQUIRED_KEYS: [&str; 17] = [
    "schema_version",
    "id",
    "name",
    "version",
    "learning_state",
    "intent",
    "parameters",
    "preconditions",
    "methods",
    "success_marker",
    "failure_message_template",
    "promotion",
    "generalisation",
    "failure_log",
    "created_at",
    "last_updated_at",
    "methods_execution",
];

/// The time as documents have it: to the second, in UTC.
pub(super) fn stamp(now: Time) -> String {
    let text = now.to_string();
    match (text.find('.'), text.find('+')) {
        (Some(dot), Some(plus)) => format!("{}{}", &text[..dot], &text[plus..]),
        _ => text,
    }
}

/// The document of `request`, made at `now`, in `state`.
pub fn document(request: &Request, state: State, now: Time) -> Node {
    let text = |text: &str| Node::from(text);
    let texts = |words: &[&str]| Node::List(words.iter().map(|word| Node::from(*word)).collect());
    let now = stamp(now);
    let intent = if request.intent.is_empty() { &request.name } else { &request.intent };
    let field = |name: &str| request.workflow.get(name).filter(|value| !value.is_falsy()).cloned();
    let marker = || map([("mode", text("all_of")), ("timeout_ms", Node::Int(5000)), ("markers", Node::List(Vec::new()))]);
    let template = || {
        map([
            ("intention", text(intent)),
            ("attendu", text("")),
            ("vu", text("{observed_human_state}")),
            ("demande", text("indiquer la correction attendue")),
        ])
    };
    let history = map([
        ("at", text(&now)),
        ("from", text("observed")),
        ("to", text(state.word())),
        ("by", text("lea_persist_endpoint")),
        ("reason", text("persisted via /api/v1/lea/competences/candidate/persist")),
    ]);
    let proven = map([("min_successes", Node::Int(3)), ("distinct_contexts", Node::Int(3)), ("max_unexplained_failures", Node::Int(0))]);
    let promotion = map([
        ("history", Node::List(vec![history])),
        ("candidate_requires", texts(&["method_trace_present", "success_marker_defined", "failure_message_template_valid"])),
        ("supervised_requires", texts(&["replay_verified_once", "human_validation"])),
        ("stable_requires", proven),
        ("t2_known_gaps", Node::List(Vec::new())),
    ]);
    let generalisation = map([
        ("seen_contexts", Node::List(Vec::new())),
        ("method_success_rate", Node::Map(Vec::new())),
        ("variance_log", Node::List(Vec::new())),
    ]);
    let mut body = map([
        ("schema_version", Node::Int(1)),
        ("id", text(&request.slug)),
        ("name", text(&request.name)),
        ("version", Node::Int(1)),
        ("learning_state", text(state.word())),
        ("intent", map([("fr", text(intent))])),
        ("parameters", parameters(&request.parameters)),
        ("preconditions", field("preconditions").unwrap_or(Node::List(Vec::new()))),
        ("methods", methods(request.workflow.get("steps").map(Node::items).unwrap_or_default())),
        ("success_marker", field("success_marker").unwrap_or_else(marker)),
        ("failure_message_template", field("failure_message_template").unwrap_or_else(template)),
        ("promotion", promotion),
        ("generalisation", generalisation),
        ("failure_log", Node::List(Vec::new())),
        ("created_at", text(&now)),
        ("last_updated_at", text(&now)),
        ("methods_execution", text("sequence")),
    ]);
    let origin = [&request.session_id, &request.machine_id, &request.external_agent_id];
    if let Node::Map(entries) = &mut body
        && origin.iter().any(|id| id.as_ref().is_some_and(|id| !id.is_empty()))
    {
        let refs = map([
            ("source_session", request.session_id.clone().into()),
            ("machine_id", request.machine_id.clone().into()),
            ("external_agent_id", request.external_agent_id.clone().into()),
        ]);
        entries.push(("chain_refs".to_owned(), refs));
    }
    body
}

/// The steps, each with an id, what it refers to, and whether it was observed.
fn methods(steps: &[Node]) -> Node {
    let method = |(index, step): (usize, &Node)| {
        let mut entries = step.entries().to_vec();
        match entries.iter_mut().find(|(key, _)| key == "id") {
            Some((_, id)) if *id == Node::Null => *id = Node::from(step_id(index, step)),
            Some(_) => {}
            None => entries.push(("id".to_owned(), Node::from(step_id(index, step)))),
        }
        let kind = step.get("kind").filter(|kind| !kind.is_falsy());
        if let (None, Some(kind)) = (step.get("primitive_ref"), kind) {
            entries.push(("primitive_ref".to_owned(), kind.clone()));
        }
        if step.get("observed").is_none() {
            entries.push(("observed".to_owned(), Node::Bool(false)));
        }
        Node::Map(entries)
    };
    Node::List(steps.iter().enumerate().map(method).collect())
}

/// The parameters by their names.
fn parameters(items: &[Node]) -> Node {
    let entry = |item: &Node| {
        let required = item.get("required").is_some_and(|value| !value.is_falsy());
        let value = map([
            ("type", item.get("type").cloned().unwrap_or_else(|| Node::from("string"))),
            ("required", Node::Bool(required)),
            ("description", item.get("description").cloned().unwrap_or_else(|| Node::from(""))),
        ]);
        Some((item.text_of("name")?.to_owned(), value))
    };
    Node::Map(items.iter().filter_map(entry).collect())
}
