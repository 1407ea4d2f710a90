//! What is asked to be persisted: read, and everything that is wrong with it said at once.

use std::collections::BTreeSet;

use sha2::{Digest, Sha256};

use super::node::{Node, map};
use super::slug::slugify;
use super::state::State;
use crate::error::{Error, FieldFault, Result};
use crate::id;

/// The most steps of a competence.
const MAX_STEPS: usize = 5_000;

/// The most parameters.
const MAX_PARAMETERS: usize = 500;

/// The longest name, characters.
const MAX_NAME: usize = 500;

/// The longest intention, characters.
const MAX_INTENT: usize = 5_000;

/// What a parameter may be.
pub const PARAMETER_TYPES: [&str; 22] = [
    "string", "str", "text", "int", "integer", "float", "number", "bool", "boolean", "date", "time", "datetime", "list", "array", "object",
    "dict", "enum", "choice", "file", "path", "url", "secret",
];

/// The fields of a request that mean something; anything else in it is ignored.
const FIELDS: [&str; 9] =
    ["name", "intent_fr", "workflow_ir", "parameters", "learning_state", "session_id", "machine_id", "external_agent_id", "persist_id"];

/// A competence that is to be persisted.
#[derive(Debug, Clone, PartialEq)]
pub struct Request {
    /// Its name, as people say it.
    pub name: String,
    /// Its slug.
    pub slug: String,
    /// What it is for; may be empty.
    pub intent: String,
    /// Steps, preconditions, success marker, failure message: an object.
    pub workflow: Node,
    /// What it takes: a list of objects.
    pub parameters: Vec<Node>,
    /// Where it was learned.
    pub session_id: Option<String>,
    /// On which machine.
    pub machine_id: Option<String>,
    /// By which other agent.
    pub external_agent_id: Option<String>,
    /// By what the request is known when it comes again.
    pub persist_id: Option<String>,
    /// What of the body means something, as it was given.
    pub given: Node,
}

/// Refuses JSON text in which a whole number is beyond 64 bits: it would be stored as another one.
///
/// # Errors
/// Names the body, for such a text.
pub fn check_numbers(text: &[u8]) -> Result<()> {
    if std::str::from_utf8(text).is_ok_and(crate::json::has_huge_integer) {
        return Err(Error::field(&["body"], "value_error", "holds a whole number beyond 64 bits; write it as a text"));
    }
    Ok(())
}

impl Request {
    /// Reads the body of a request.
    ///
    /// # Errors
    /// Every field that is missing, ill-typed or out of range, at once; else `empty` or `invalid_slug` for the name.
    pub fn read(body: &Node) -> Result<Self> {
        let mut faults = Faults::default();
        let Node::Map(_) = body else {
            return Err(Error::field(&["body"], "type_error", "must be a JSON object"));
        };
        let given = Node::Map(body.entries().iter().filter(|(key, _)| FIELDS.contains(&key.as_str())).cloned().collect());
        let body = body.last_wins();
        let name = match body.get("name") {
            Some(Node::Text(name)) => name.clone(),
            other => {
                faults.typed(&["name"], "text", other);
                String::new()
            }
        };
        faults.limit(&["name"], &name, MAX_NAME);
        let intent = faults.optional_text(&body, "intent_fr").unwrap_or_default();
        faults.limit(&["intent_fr"], &intent, MAX_INTENT);
        let ids = ["session_id", "machine_id", "external_agent_id", "persist_id"];
        // An empty one is none.
        let text_of = |field: &str| faults.optional_text(&body, field).filter(|text| !text.is_empty());
        let [session_id, machine_id, external_agent_id, persist_id] = ids.map(text_of);
        for (field, value) in [("session_id", &session_id), ("machine_id", &machine_id), ("persist_id", &persist_id)] {
            if let Some(why) = value.as_deref().and_then(id::check) {
                faults.add(&[field], "value_error", why);
            }
        }
        faults.limit(&["external_agent_id"], external_agent_id.as_deref().unwrap_or_default(), MAX_NAME);
        match body.get("learning_state") {
            None | Some(Node::Null) => {}
            Some(Node::Text(word)) if word == State::Candidate.word() => {}
            Some(_) => faults.add(&["learning_state"], "value_error", "must be candidate: the other states are reached by promotion"),
        }
        let workflow = faults.workflow(body.get("workflow_ir"));
        let parameters = faults.parameters(body.get("parameters"));
        faults.end()?;
        let slug = slugify(&name)?;
        Ok(Self { name, slug, intent, workflow, parameters, session_id, machine_id, external_agent_id, persist_id, given })
    }

    /// The hash by which a repeated request is known to be the same: of what it says, whatever the order of its keys.
    pub fn hash(&self) -> [u8; 32] {
        let text = |text: &Option<String>| Node::from(text.clone());
        let said = map([
            ("name", Node::from(self.name.as_str())),
            ("intent", Node::from(self.intent.as_str())),
            ("workflow", self.workflow.clone()),
            ("parameters", Node::List(self.parameters.clone())),
            ("session_id", text(&self.session_id)),
            ("machine_id", text(&self.machine_id)),
            ("external_agent_id", text(&self.external_agent_id)),
        ]);
        // A tree of plain values is always JSON.
        Sha256::digest(serde_json::to_vec(&said.canonical()).unwrap_or_default()).into()
    }
}

/// What is wrong, all of it.
#[derive(Default)]
struct Faults(Vec<FieldFault>);

impl Faults {
    fn add(&mut self, path: &[&str], kind: &str, why: impl Into<String>) {
        let loc: Vec<&str> = std::iter::once("body").chain(path.iter().copied()).collect();
        self.0.push(FieldFault::new(&loc, kind, why));
    }

    fn typed(&mut self, path: &[&str], wanted: &str, found: Option<&Node>) {
        match found {
            None => self.add(path, "missing", "is missing"),
            Some(found) => self.add(path, "type_error", format!("must be {wanted}, and is {}", found.sort())),
        }
    }

    fn limit(&mut self, path: &[&str], text: &str, most: usize) {
        if text.chars().count() > most {
            self.add(path, "value_error", format!("must not be longer than {most} characters"));
        }
    }

    fn optional_text(&mut self, body: &Node, field: &str) -> Option<String> {
        match body.get(field) {
            None | Some(Node::Null) => None,
            Some(Node::Text(text)) => Some(text.clone()),
            other => {
                self.typed(&[field], "text", other);
                None
            }
        }
    }

    fn workflow(&mut self, found: Option<&Node>) -> Node {
        let Some(workflow @ Node::Map(_)) = found else {
            self.typed(&["workflow_ir"], "an object", found);
            return Node::Map(Vec::new());
        };
        for field in ["steps", "preconditions"] {
            if !matches!(workflow.get(field), None | Some(Node::Null | Node::List(_))) {
                self.typed(&["workflow_ir", field], "a list", workflow.get(field));
            }
        }
        for field in ["success_marker", "failure_message_template"] {
            let value = workflow.get(field);
            if !value.is_none_or(|value| value.is_falsy() || matches!(value, Node::Map(_))) {
                self.typed(&["workflow_ir", field], "an object", value);
            }
        }
        let steps = workflow.get("steps").map(Node::items).unwrap_or_default();
        if steps.len() > MAX_STEPS {
            self.add(&["workflow_ir", "steps"], "value_error", format!("must not be more than {MAX_STEPS}"));
        }
        let mut seen = BTreeSet::new();
        for (index, step) in steps.iter().enumerate() {
            let at = index.to_string();
            if !matches!(step, Node::Map(_)) {
                self.typed(&["workflow_ir", "steps", &at], "an object", Some(step));
                continue;
            }
            if !matches!(step.get("kind"), None | Some(Node::Null | Node::Text(_) | Node::Int(_))) {
                self.typed(&["workflow_ir", "steps", &at, "kind"], "text", step.get("kind"));
            }
            match step.get("id") {
                None | Some(Node::Null | Node::Text(_) | Node::Int(_)) => {}
                other => self.typed(&["workflow_ir", "steps", &at, "id"], "text", other),
            }
            if !seen.insert(step_id(index, step)) {
                self.add(&["workflow_ir", "steps", &at, "id"], "value_error", "another step has the same id");
            }
        }
        workflow.clone()
    }

    fn parameters(&mut self, found: Option<&Node>) -> Vec<Node> {
        let items = match found {
            None | Some(Node::Null) => return Vec::new(),
            Some(Node::List(items)) => items,
            other => {
                self.typed(&["parameters"], "a list", other);
                return Vec::new();
            }
        };
        if items.len() > MAX_PARAMETERS {
            self.add(&["parameters"], "value_error", format!("must not be more than {MAX_PARAMETERS}"));
        }
        let mut seen = BTreeSet::new();
        for (index, item) in items.iter().enumerate() {
            let at = index.to_string();
            if !matches!(item, Node::Map(_)) {
                self.typed(&["parameters", &at], "an object", Some(item));
                continue;
            }
            match item.get("name") {
                Some(Node::Text(name)) if name.is_empty() => self.add(&["parameters", &at, "name"], "value_error", "must not be empty"),
                Some(Node::Text(name)) if seen.insert(name.clone()) => {}
                Some(Node::Text(_)) => self.add(&["parameters", &at, "name"], "value_error", "another parameter has the same name"),
                other => self.typed(&["parameters", &at, "name"], "text", other),
            }
            match item.get("type") {
                None | Some(Node::Null) => {}
                Some(Node::Text(word)) if PARAMETER_TYPES.contains(&word.to_ascii_lowercase().as_str()) => {}
                Some(Node::Text(_)) => {
                    self.add(&["parameters", &at, "type"], "value_error", format!("must be one of {}", PARAMETER_TYPES.join(", ")));
                }
                other => self.typed(&["parameters", &at, "type"], "text", other),
            }
            if !matches!(item.get("required"), None | Some(Node::Null | Node::Bool(_) | Node::Int(0 | 1))) {
                self.typed(&["parameters", &at, "required"], "true or false", item.get("required"));
            }
            if !matches!(item.get("description"), None | Some(Node::Null | Node::Text(_))) {
                self.typed(&["parameters", &at, "description"], "text", item.get("description"));
            }
        }
        items.clone()
    }

    fn end(self) -> Result<()> {
        if self.0.is_empty() { Ok(()) } else { Err(Error::faults(self.0)) }
    }
}

/// The id of the step at `index`, from 0: its own, or one of its place and its kind.
pub(super) fn step_id(index: usize, step: &Node) -> String {
    match step.get("id") {
        Some(Node::Text(id)) => id.clone(),
        Some(Node::Int(id)) => id.to_string(),
        _ => {
            let kind = match step.get("kind") {
                Some(Node::Text(kind)) if !kind.is_empty() => kind.clone(),
                Some(Node::Int(kind)) if *kind != 0 => kind.to_string(),
                _ => "action".to_owned(),
            };
            format!("step_{}_{kind}", index + 1)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Request> {
        Request::read(&serde_json::from_str(text).unwrap())
    }

    #[test]
    fn everything_that_is_wrong_is_said_at_once() {
        let error = read(
            r#"{"name":5,"workflow_ir":{"steps":["x",{"id":"a"},{"id":"a"}],"preconditions":"abc"},"parameters":[{"name":"p","type":"blob"},
            {"name":"p","required":"no"}],"learning_state":"stable","persist_id":"../x"}"#,
        )
        .unwrap_err();
        let told: Vec<String> = error.field_faults().iter().map(|fault| fault.loc[1..].join("/")).collect();
        assert_eq!(
            told,
            [
                "name",
                "persist_id",
                "learning_state",
                "workflow_ir/preconditions",
                "workflow_ir/steps/0",
                "workflow_ir/steps/2/id",
                "parameters/0/type",
                "parameters/1/name",
                "parameters/1/required"
            ]
        );
        assert_eq!(read(r#"{"name":"x","workflow_ir":{}}"#).unwrap_err().code(), "invalid_slug");
    }

    #[test]
    fn the_order_of_keys_makes_no_other_request() {
        let one = read(r#"{"name":"Ouvrir Excel","workflow_ir":{"a":1,"b":[1]},"persist_id":"p"}"#).unwrap();
        let other = read(r#"{"persist_id":"q","extra":1,"workflow_ir":{"b":[1],"a":1},"name":"Ouvrir Excel","parameters":null}"#).unwrap();
        assert_eq!(one.hash(), other.hash());
        let third = read(r#"{"name":"Ouvrir Excel","workflow_ir":{"a":1,"b":[2]}}"#).unwrap();
        assert_ne!(one.hash(), third.hash());
    }
}
