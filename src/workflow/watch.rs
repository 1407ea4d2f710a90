//! Waiting for what the screen shows: two actions that the server carries out by looking itself, and that no agent is ever given.

use std::time::Duration;

use serde_json::{Map, Value};

use crate::error::FieldFault;
use crate::target::Presence;

/// How long such an action waits when it does not say, milliseconds.
pub const DEFAULT_WATCH_MS: u64 = 10_000;

/// The longest that it may wait, milliseconds.
pub const MAX_WATCH_MS: u64 = 600_000;

/// The largest anchor of one action, characters of its base64. It is kept with the replay, and decoded at every look.
pub const MAX_WATCH_ANCHOR: usize = 1 << 20;

/// What of a target says what to look for.
const CRITERIA: [&str; 3] = ["anchor_image_base64", "by_text", "by_role"];

/// What is waited for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Awaited {
    /// The target is on the screen.
    Shown,
    /// The target is on the screen no more.
    Gone,
}

impl Awaited {
    /// What an action of the type `name` waits for, if it is one of these.
    pub fn named(name: &str) -> Option<Self> {
        [Self::Shown, Self::Gone].into_iter().find(|awaited| awaited.action() == name)
    }

    /// The type of the action that waits for this.
    pub fn action(self) -> &'static str {
        match self {
            Self::Shown => "wait_until",
            Self::Gone => "wait_gone",
        }
    }

    /// Whether this is what was seen. What nobody can be sure of is neither.
    pub fn is(self, presence: Presence) -> bool {
        matches!((self, presence), (Self::Shown, Presence::Shown) | (Self::Gone, Presence::Gone))
    }
}

/// An action that waits for what the screen shows.
#[derive(Debug, Clone, Copy)]
pub struct Watch<'a> {
    /// What for.
    pub awaited: Awaited,
    /// Of what: the fields of a target.
    pub target: &'a Map<String, Value>,
    /// For how long.
    pub timeout: Duration,
    /// The score from which a place counts, 0 to 1; the server's setting when absent.
    pub threshold: Option<f64>,
}

impl<'a> Watch<'a> {
    /// What an action of these fields, which were checked, waits for.
    pub(super) fn of(awaited: Awaited, body: &'a Map<String, Value>) -> Option<Self> {
        let target = body.get("target").and_then(Value::as_object)?;
        let millis = body.get("timeout_ms").and_then(Value::as_u64).unwrap_or(DEFAULT_WATCH_MS);
        let threshold = body.get("threshold").and_then(Value::as_f64);
        Some(Self { awaited, target, timeout: Duration::from_millis(millis), threshold })
    }
}

/// What is wrong with the fields of an action that waits for what the screen shows, each field below `at`; nothing for any other
/// action. Whether the anchor is a picture that can be found is not looked at.
pub fn watch_faults(body: &Map<String, Value>, at: &[&str]) -> Vec<FieldFault> {
    if body.get("type").and_then(Value::as_str).and_then(Awaited::named).is_none() {
        return Vec::new();
    }
    let mut faults = Vec::new();
    let mut add = |fields: &[&str], kind: &str, why: String| faults.push(FieldFault::new(&[at, fields].concat(), kind, why));
    match body.get("timeout_ms") {
        None => {}
        Some(millis) if millis.as_u64().is_some_and(|millis| (1..=MAX_WATCH_MS).contains(&millis)) => {}
        Some(_) => add(&["timeout_ms"], "value_error", format!("must be a whole number of milliseconds from 1 to {MAX_WATCH_MS}")),
    }
    if body.get("threshold").is_some_and(|score| !score.as_f64().is_some_and(|score| (0.0..=1.0).contains(&score))) {
        add(&["threshold"], "value_error", "must be a number from 0 to 1".to_owned());
    }
    let target = match body.get("target") {
        None => {
            add(&["target"], "missing", "is missing".to_owned());
            return faults;
        }
        Some(Value::Object(target)) => target,
        Some(_) => {
            add(&["target"], "type_error", "must be an object".to_owned());
            return faults;
        }
    };
    let mut any = false;
    for name in CRITERIA {
        match target.get(name) {
            None | Some(Value::Null) => {}
            Some(Value::String(text)) if text.len() > MAX_WATCH_ANCHOR => {
                add(&["target", name], "value_error", format!("is longer than {MAX_WATCH_ANCHOR} characters"));
            }
            Some(Value::String(text)) => any |= !text.trim().is_empty(),
            Some(_) => add(&["target", name], "type_error", "must be a text".to_owned()),
        }
    }
    if !any && faults.iter().all(|fault| fault.loc.get(at.len()).is_none_or(|field| field != "target")) {
        let why = format!("must name what to look for: {}", CRITERIA.join(", "));
        faults.push(FieldFault::new(&[at, &["target"]].concat(), "value_error", why));
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::super::action::Action;
    use super::*;
    use serde_json::json;

    #[test]
    fn what_could_never_hold_is_refused_naming_the_field() {
        let target = json!({ "anchor_image_base64": "abcd" });
        for (body, loc) in [
            (json!({ "type": "wait_until" }), "target"),
            (json!({ "type": "wait_gone", "target": null }), "target"),
            (json!({ "type": "wait_gone", "target": [] }), "target"),
            (json!({ "type": "wait_until", "target": {} }), "target"),
            (json!({ "type": "wait_until", "target": { "by_text": " ", "by_role": null } }), "target"),
            (json!({ "type": "wait_until", "target": { "by_position": [1, 2] } }), "target"),
            (json!({ "type": "wait_until", "target": { "anchor_image_base64": 5 } }), "target.anchor_image_base64"),
            (json!({ "type": "wait_until", "target": { "by_text": "x".repeat(MAX_WATCH_ANCHOR + 1) } }), "target.by_text"),
            (json!({ "type": "wait_until", "target": target, "timeout_ms": 0 }), "timeout_ms"),
            (json!({ "type": "wait_until", "target": target, "timeout_ms": -1 }), "timeout_ms"),
            (json!({ "type": "wait_until", "target": target, "timeout_ms": 600_001 }), "timeout_ms"),
            (json!({ "type": "wait_until", "target": target, "timeout_ms": 1.5 }), "timeout_ms"),
            (json!({ "type": "wait_until", "target": target, "timeout_ms": "1000" }), "timeout_ms"),
            (json!({ "type": "wait_until", "target": target, "timeout_ms": null }), "timeout_ms"),
            (json!({ "type": "wait_gone", "target": target, "threshold": 1.5 }), "threshold"),
            (json!({ "type": "wait_gone", "target": target, "threshold": "high" }), "threshold"),
        ] {
            let faults = watch_faults(body.as_object().unwrap(), &["body", "actions", "2"]);
            let locs: Vec<String> = faults.iter().map(|fault| fault.loc.join(".")).collect();
            assert_eq!(locs, [format!("body.actions.2.{loc}")], "{}", body["type"]);
            let refused = Action::check(body.as_object().unwrap().clone(), "action 3", &mut String::new).unwrap_err();
            assert_eq!((refused.code(), refused.to_string().contains("action 3")), ("invalid_action", true), "{refused}");
        }
    }

    #[test]
    fn what_is_waited_for_and_for_how_long() {
        let watch = |body: Value| {
            let action = Action::check(body.as_object().unwrap().clone(), "action 1", &mut || "id".to_owned()).unwrap();
            let kept: Action = serde_json::from_str(&serde_json::to_string(&action).unwrap()).unwrap();
            kept.watch().map(|watch| (watch.awaited, watch.timeout.as_millis(), watch.target.len()))
        };
        let target = json!({ "anchor_image_base64": "abcd" });
        assert_eq!(watch(json!({ "type": "wait_until", "target": target })), Some((Awaited::Shown, 10_000, 1)));
        assert_eq!(watch(json!({ "type": "wait_gone", "target": target, "timeout_ms": 1 })), Some((Awaited::Gone, 1, 1)));
        assert_eq!(watch(json!({ "type": "wait_gone", "target": target, "timeout_ms": 600_000 })), Some((Awaited::Gone, 600_000, 1)));
        assert_eq!(watch(json!({ "type": "wait", "target": target })), None);
        let body = json!({ "type": "wait_gone", "target": target, "threshold": 0.9 });
        let action = Action::check(body.as_object().unwrap().clone(), "action 1", &mut String::new).unwrap();
        assert_eq!(action.watch().unwrap().threshold, Some(0.9));
    }

    #[test]
    fn what_nobody_can_be_sure_of_is_neither_there_nor_gone() {
        let holds = [Presence::Shown, Presence::Gone, Presence::Unsure].map(|seen| (Awaited::Shown.is(seen), Awaited::Gone.is(seen)));
        assert_eq!(holds, [(true, false), (false, true), (false, false)]);
    }
}
