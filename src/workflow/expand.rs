//! From a graph to the actions that carry it out. What cannot be carried out as it was meant is refused whole, naming the edge.

use serde_json::{Map, Value, json};

use super::action::{Action, ActionKind, check_wait, has_target, shown};
use super::graph::{Edge, EdgeAction, Workflow};
use super::position::position;
use super::text::{Unfilled, substitute};
use super::watch::{Awaited, DEFAULT_WATCH_MS, watch_faults};
use crate::error::{Error, Kind, Result};

/// How long a wait lasts when the recording does not say, milliseconds.
const DEFAULT_WAIT_MS: u64 = 500;

/// The actions of a workflow, in order. `params` fill its variables; `path` names the edges to take, in order, where it branches.
///
/// The graph is followed from its entry (the first node when it names none) until a node that nothing leaves, or that was passed
/// before. An edge without an action is followed and gives none.
///
/// # Errors
/// [`Kind::Input`], naming the edge: `branching`, `invalid_path`, `unknown_action_type`, `click_without_target`,
/// `unset_variable`, `invalid_action`.
pub fn expand(
    workflow: &Workflow,
    params: &Map<String, Value>,
    path: Option<&[String]>,
    fresh_id: &mut dyn FnMut() -> String,
) -> Result<Vec<Action>> {
    let edges = match path {
        Some(path) => chosen(workflow, path)?,
        None => line(workflow)?,
    };
    let mut actions = Vec::new();
    for edge in edges {
        if let Some(action) = &edge.action {
            Expansion { edge, params, fresh_id }.edge(action, &mut actions)?;
        }
    }
    Ok(actions)
}

/// The edges of a graph that is one line.
fn line(workflow: &Workflow) -> Result<Vec<&Edge>> {
    let mut entries: Vec<&String> = workflow.entry_nodes.iter().collect();
    entries.dedup();
    if entries.len() > 1 {
        let names = entries.iter().map(|node| shown(node)).collect::<Vec<_>>().join(", ");
        return Err(branching(format!("the workflow begins at several nodes: {names}")));
    }
    let mut edges = Vec::new();
    let mut passed = std::collections::HashSet::new();
    let mut next = entries.first().copied().or(workflow.nodes.first());
    while let Some(node) = next.filter(|node| passed.insert(node.as_str())) {
        let leaving: Vec<&Edge> = workflow.edges.iter().filter(|edge| edge.from_node == *node).collect();
        if leaving.len() > 1 {
            let names = leaving.iter().map(|edge| shown(&edge.id)).collect::<Vec<_>>().join(", ");
            return Err(branching(format!("several edges leave the node {}: {names}", shown(node))));
        }
        next = leaving.first().map(|edge| &edge.to_node);
        edges.extend(leaving);
    }
    Ok(edges)
}

fn branching(message: String) -> Error {
    Error::new(Kind::Input, "branching", message).hint("say which edges to take, in order, with `path` (`--path e1,e2`)")
}

/// The edges that were chosen, each of which must begin where the one before ended.
fn chosen<'w>(workflow: &'w Workflow, path: &[String]) -> Result<Vec<&'w Edge>> {
    let wrong = |message: String| Error::new(Kind::Input, "invalid_path", message);
    let mut edges: Vec<&Edge> = Vec::new();
    for id in path {
        let edge = workflow.edges.iter().find(|edge| edge.id == *id);
        let edge = edge.ok_or_else(|| wrong(format!("the path names the edge {}, which the workflow has not", shown(id))))?;
        if let Some(before) = edges.last()
            && before.to_node != edge.from_node
        {
            let message = format!("the edge {} does not begin where {} ends", shown(&edge.id), shown(&before.id));
            return Err(wrong(format!("the path is broken: {message}")));
        }
        edges.push(edge);
    }
    Ok(edges)
}

struct Expansion<'a> {
    edge: &'a Edge,
    params: &'a Map<String, Value>,
    fresh_id: &'a mut dyn FnMut() -> String,
}

impl Expansion<'_> {
    fn wrong(&self, code: &'static str, why: &str) -> Error {
        Error::new(Kind::Input, code, format!("edge {}: {why}", shown(&self.edge.id))).detail("edge_id", self.edge.id.clone())
    }

    fn unknown(&self, what: &str, kind: &str) -> Error {
        let why =
            format!("{what} of type {} is not known; mouse_click, text_input, key_press, wait, wait_until and wait_gone are", shown(kind));
        self.wrong("unknown_action_type", &why)
    }

    fn edge(&mut self, action: &EdgeAction, actions: &mut Vec<Action>) -> Result<()> {
        let parameters = &action.parameters;
        let nothing = Map::new();
        let defaults = match parameters.get("defaults") {
            None | Some(Value::Null) => &nothing,
            Some(Value::Object(defaults)) => defaults,
            Some(_) => return Err(self.wrong("invalid_action", "defaults must be an object")),
        };
        if action.kind == "compound" {
            return match parameters.get("steps") {
                None | Some(Value::Null) => Ok(()),
                Some(Value::Array(steps)) => steps.iter().enumerate().try_for_each(|(number, step)| {
                    let step =
                        step.as_object().ok_or_else(|| self.wrong("invalid_action", &format!("step {} must be an object", number + 1)))?;
                    actions.push(self.step(number + 1, step, defaults)?);
                    Ok(())
                }),
                Some(_) => Err(self.wrong("invalid_action", "steps must be a list")),
            };
        }
        let mut body = Map::new();
        let kind = match action.kind.as_str() {
            "mouse_click" => self.click(&mut body, &action.target, parameters, parameters)?,
            "text_input" => {
                self.place(&mut body, &action.target, parameters)?;
                body.insert("text".to_owned(), self.text(parameters, defaults)?);
                ActionKind::Type
            }
            "key_press" => keys(&mut body, parameters),
            "wait_until" | "wait_gone" => {
                let action = self.watch(&action.kind, &action.target, parameters, "")?;
                actions.push(action);
                return Ok(());
            }
            kind => return Err(self.unknown("an action", kind)),
        };
        target(&mut body, &action.target);
        if kind == ActionKind::Click && body.get("x_pct").is_none() && !has_target(&body) {
            return Err(self.wrong("click_without_target", "the click has neither a position nor a target"));
        }
        actions.push(self.made(kind, body));
        Ok(())
    }

    fn step(&mut self, number: usize, step: &Map<String, Value>, defaults: &Map<String, Value>) -> Result<Action> {
        let mut body = Map::new();
        let kind = match step.get("type").and_then(Value::as_str).unwrap_or("") {
            "key_press" => keys(&mut body, step),
            "text_input" => {
                let own = step.get("defaults").and_then(Value::as_object);
                let mut all = defaults.clone();
                all.extend(own.into_iter().flatten().map(|(name, value)| (name.clone(), value.clone())));
                body.insert("text".to_owned(), self.text(step, &all)?);
                ActionKind::Type
            }
            "wait" => {
                let duration = step.get("duration_ms").filter(|duration| !duration.is_null());
                check_wait(duration).map_err(|why| self.wrong("invalid_action", &format!("step {number}: duration_ms {why}")))?;
                body.insert("duration_ms".to_owned(), duration.cloned().unwrap_or(json!(DEFAULT_WAIT_MS)));
                ActionKind::Wait
            }
            "mouse_click" => {
                let nothing = Map::new();
                let spec = step.get("target").or_else(|| step.get("target_spec")).and_then(Value::as_object).unwrap_or(&nothing);
                let kind = self.click(&mut body, spec, step, step)?;
                self.shares(&mut body, number, step)?;
                target(&mut body, spec);
                if body.get("x_pct").is_none() && !has_target(&body) {
                    let why = format!("step {number} is a click with neither a position nor a target");
                    return Err(self.wrong("click_without_target", &why));
                }
                kind
            }
            kind @ ("wait_until" | "wait_gone") => {
                let nothing = Map::new();
                let spec = step.get("target").or_else(|| step.get("target_spec")).and_then(Value::as_object).unwrap_or(&nothing);
                return self.watch(kind, spec, step, &format!("step {number}: "));
            }
            kind => return Err(self.unknown(&format!("step {number}, an action"), kind)),
        };
        Ok(self.made(kind, body))
    }

    /// An action that the server carries out by looking for `spec`.
    fn watch(&mut self, kind: &str, spec: &Map<String, Value>, fields: &Map<String, Value>, lead: &str) -> Result<Action> {
        let unknown = || self.unknown("an action", kind);
        let awaited = Awaited::named(kind).ok_or_else(unknown)?;
        let mut body = Map::from_iter([("type".to_owned(), json!(kind))]);
        let said = fields.get("timeout_ms").filter(|millis| !millis.is_null());
        body.insert("timeout_ms".to_owned(), said.cloned().unwrap_or(json!(DEFAULT_WATCH_MS)));
        if let Some(threshold) = fields.get("threshold").filter(|threshold| !threshold.is_null()) {
            body.insert("threshold".to_owned(), threshold.clone());
        }
        let wanted = ["anchor_image_base64", "by_text", "by_role", "anchor_scale"];
        let wanted = wanted.into_iter().filter_map(|name| Some((name.to_owned(), spec.get(name)?.clone())));
        body.insert("target".to_owned(), Value::Object(wanted.collect()));
        if let Some(fault) = watch_faults(&body, &[]).first() {
            return Err(self.wrong("invalid_action", &format!("{lead}{} {}", fault.loc.join("."), fault.msg)));
        }
        let kind = match awaited {
            Awaited::Shown => ActionKind::WaitUntil,
            Awaited::Gone => ActionKind::WaitGone,
        };
        Ok(self.made(kind, body))
    }

    /// The position that a step gives as shares.
    fn shares(&self, body: &mut Map<String, Value>, number: usize, step: &Map<String, Value>) -> Result<()> {
        let given = ["x_pct", "y_pct"].map(|name| step.get(name).filter(|value| !value.is_null()));
        if given.iter().all(Option::is_none) {
            return Ok(());
        }
        for (name, value) in ["x_pct", "y_pct"].into_iter().zip(given) {
            if let Some(value) = value.filter(|value| value.as_f64().is_some_and(|share| (0.0..=1.0).contains(&share))) {
                drop(body.insert(name.to_owned(), value.clone()));
            } else {
                let why = format!("step {number}: {name} must be a number from 0 to 1, a share of the screen");
                return Err(self.wrong("invalid_action", &why));
            }
        }
        Ok(())
    }

    fn click(
        &self,
        body: &mut Map<String, Value>,
        spec: &Map<String, Value>,
        fields: &Map<String, Value>,
        parameters: &Map<String, Value>,
    ) -> Result<ActionKind> {
        self.place(body, spec, parameters)?;
        body.insert("button".to_owned(), fields.get("button").cloned().unwrap_or(json!("left")));
        if let Some(submit) = fields.get("submit") {
            body.insert("submit".to_owned(), submit.clone());
        }
        Ok(ActionKind::Click)
    }

    fn place(&self, body: &mut Map<String, Value>, spec: &Map<String, Value>, parameters: &Map<String, Value>) -> Result<()> {
        if let Some((x, y)) = position(spec.get("by_position"), parameters).map_err(|why| self.wrong("invalid_position", &why))? {
            body.insert("x_pct".to_owned(), x);
            body.insert("y_pct".to_owned(), y);
        }
        Ok(())
    }

    fn text(&self, fields: &Map<String, Value>, defaults: &Map<String, Value>) -> Result<Value> {
        let text = match fields.get("text") {
            None | Some(Value::Null) => "",
            Some(Value::String(text)) => text,
            Some(_) => return Err(self.wrong("invalid_action", "text must be a text")),
        };
        substitute(text, self.params, defaults).map(Value::from).map_err(|unfilled| match unfilled {
            Unfilled::Unset(name) => self
                .wrong("unset_variable", &format!("nothing is set for the variable {}", shown(&name)))
                .hint("give it with params (`--param name=value`)")
                .detail("variable", name),
            Unfilled::NotText(name) => {
                let why = format!("the variable {} stands for something that is no text and no exact number", shown(&name));
                self.wrong("variable_not_text", &why).hint("give it as a text").detail("variable", name)
            }
        })
    }

    fn made(&mut self, kind: ActionKind, mut body: Map<String, Value>) -> Action {
        for (name, value) in [("edge_id", &self.edge.id), ("from_node", &self.edge.from_node), ("to_node", &self.edge.to_node)] {
            body.insert(name.to_owned(), json!(value));
        }
        Action::made(kind, (self.fresh_id)(), body)
    }
}

fn keys(body: &mut Map<String, Value>, fields: &Map<String, Value>) -> ActionKind {
    let empty = |value: &&Value| match value {
        Value::Null => true,
        Value::Array(keys) => keys.is_empty(),
        Value::String(keys) => keys.is_empty(),
        _ => false,
    };
    let said = |name: &str| fields.get(name).filter(|value| !empty(value));
    let keys = said("keys").cloned().or_else(|| said("key").map(|key| json!([key]))).unwrap_or(json!([]));
    body.insert("keys".to_owned(), keys);
    ActionKind::KeyCombo
}

/// What is to be hit, for agents that look for it.
fn target(body: &mut Map<String, Value>, spec: &Map<String, Value>) {
    let said = |name: &str| {
        spec.get(name).filter(|value| match value {
            Value::Null => false,
            Value::String(text) => !text.is_empty(),
            Value::Object(fields) => !fields.is_empty(),
            _ => true,
        })
    };
    let mut wanted = Map::new();
    for (name, shown_as) in [
        ("by_role", Some("target_role")),
        ("by_text", Some("target_text")),
        ("context_hints", None),
        ("anchor_image_base64", None),
        ("anchor_id", None),
    ] {
        let Some(value) = said(name) else { continue };
        wanted.insert(name.to_owned(), value.clone());
        if let Some(shown_as) = shown_as {
            body.insert(shown_as.to_owned(), value.clone());
        }
    }
    if !wanted.is_empty() {
        body.insert("target_spec".to_owned(), Value::Object(wanted));
        body.insert("visual_mode".to_owned(), json!(true));
    }
}
