//! One action as an agent is given it: checked, and otherwise as it was sent.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Map, Value};

use super::text::{Unfilled, substitute};
use super::watch::{Awaited, Watch, watch_faults};
use crate::error::{Error, Kind, Result};

/// The longest id of an action, characters.
const MAX_ID: usize = 128;

/// The longest text that is typed, bytes.
const MAX_TEXT: usize = 64 << 10;

/// The most keys pressed together.
const MAX_KEYS: usize = 32;

/// The longest wait, milliseconds.
pub const MAX_WAIT_MS: f64 = 600_000.0;

/// What a further attempt's id has after the action's own.
const RETRY: &str = "_retry";

/// What an action does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ActionKind {
    /// Clicks at a place.
    Click,
    /// Types a text.
    Type,
    /// Presses keys together.
    KeyCombo,
    /// Waits.
    Wait,
    /// Waits until a target is on the screen; the server looks, and no agent is given it.
    WaitUntil,
    /// Waits until a target is on the screen no more, likewise.
    WaitGone,
}

impl ActionKind {
    const ALL: [Self; 6] = [Self::Click, Self::Type, Self::KeyCombo, Self::Wait, Self::WaitUntil, Self::WaitGone];

    /// Its name on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Click => "click",
            Self::Type => "type",
            Self::KeyCombo => "key_combo",
            Self::Wait => "wait",
            Self::WaitUntil => Awaited::Shown.action(),
            Self::WaitGone => Awaited::Gone.action(),
        }
    }

    /// The kind called `name`.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == name)
    }

    /// What an action of this kind waits to see, if it is one that the server carries out by looking.
    pub fn awaits(self) -> Option<Awaited> {
        match self {
            Self::WaitUntil => Some(Awaited::Shown),
            Self::WaitGone => Some(Awaited::Gone),
            Self::Click | Self::Type | Self::KeyCombo | Self::Wait => None,
        }
    }
}

/// An action.
#[derive(Clone, PartialEq)]
pub struct Action {
    kind: ActionKind,
    id: String,
    body: Map<String, Value>,
}

impl std::fmt::Debug for Action {
    /// Without what is typed, which may be about a person.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Action").field("kind", &self.kind).field("id", &self.id).finish_non_exhaustive()
    }
}

impl Action {
    /// An action whose parts were checked before: `body` without its id and type.
    pub(super) fn made(kind: ActionKind, id: String, mut body: Map<String, Value>) -> Self {
        body.insert("action_id".to_owned(), Value::from(id.as_str()));
        body.insert("type".to_owned(), Value::from(kind.as_str()));
        Self { kind, id, body }
    }

    /// Checks an action that somebody sends. What is wrong is told of `named`, such as `action 3`.
    ///
    /// # Errors
    /// [`Kind::Input`] with a code for what is wrong.
    pub fn check(body: Map<String, Value>, named: &str, fresh_id: &mut dyn FnMut() -> String) -> Result<Self> {
        let wrong = |code: &'static str, why: String| Error::new(Kind::Input, code, format!("{named}: {why}"));
        let ill = |field: &str, why: &str| wrong("invalid_action", format!("{field} {why}"));
        let kind = match body.get("type") {
            Some(Value::String(name)) => {
                let known = "click, type, key_combo, wait, wait_until and wait_gone are known";
                ActionKind::named(name).ok_or_else(|| wrong("unknown_action_type", format!("its type is {}; {known}", shown(name))))?
            }
            None => return Err(wrong("unknown_action_type", "it has no type".to_owned())),
            Some(_) => return Err(wrong("unknown_action_type", "its type is no text".to_owned())),
        };
        let id = match body.get("action_id") {
            None => fresh_id(),
            Some(Value::String(id)) if is_id(id) => id.clone(),
            Some(_) => return Err(ill("action_id", &format!("must be a text of 1 to {MAX_ID} characters"))),
        };
        let place = (body.get("x_pct"), body.get("y_pct"));
        if place.0.is_some() || place.1.is_some() {
            for (name, value) in [("x_pct", place.0), ("y_pct", place.1)] {
                if !value.and_then(Value::as_f64).is_some_and(|share| (0.0..=1.0).contains(&share)) {
                    return Err(ill(name, "must be a number from 0 to 1, a share of the screen"));
                }
            }
        }
        match kind {
            ActionKind::Click if place.0.is_none() && !has_target(&body) => {
                return Err(wrong("click_without_target", "a click needs a position (x_pct, y_pct) or a target".to_owned()));
            }
            ActionKind::Type => match body.get("text") {
                Some(Value::String(text)) if text.len() <= MAX_TEXT => {
                    // Nothing is filled in here: what stands for something else would be typed as it stands.
                    if let Err(Unfilled::Unset(name) | Unfilled::NotText(name)) = substitute(text, &Map::new(), &Map::new()) {
                        let why = format!("nothing is set for the variable {}", shown(&name));
                        return Err(wrong("unset_variable", why)
                            .hint("put in what it stands for; only workflows have variables")
                            .detail("variable", name));
                    }
                }
                Some(Value::String(_)) => return Err(ill("text", &format!("is longer than {MAX_TEXT} bytes"))),
                _ => return Err(ill("text", "must be a text")),
            },
            ActionKind::KeyCombo => check_keys(&body).map_err(|why| ill("keys", why))?,
            ActionKind::Wait => check_wait(body.get("duration_ms")).map_err(|why| ill("duration_ms", &why))?,
            ActionKind::WaitUntil | ActionKind::WaitGone => {
                if let Some(fault) = watch_faults(&body, &[]).first() {
                    return Err(ill(&fault.loc.join("."), &fault.msg));
                }
            }
            ActionKind::Click => {}
        }
        Ok(Self::made(kind, id, body))
    }

    /// Its id, by which it is reported.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// What it does.
    pub fn kind(&self) -> ActionKind {
        self.kind
    }

    /// All of it, as an agent is given it.
    pub fn body(&self) -> &Map<String, Value> {
        &self.body
    }

    /// What the server looks for, where no agent carries this action out.
    pub fn watch(&self) -> Option<Watch<'_>> {
        Watch::of(self.kind.awaits()?, &self.body)
    }

    /// Where it happens, as shares of the screen's width and height.
    pub fn position(&self) -> Option<(f64, f64)> {
        Some((self.body.get("x_pct")?.as_f64()?, self.body.get("y_pct")?.as_f64()?))
    }

    /// Whether doing it twice is no worse than doing it once, as far as can be told: a wait, and a click that isn't marked `submit`.
    pub fn is_safe_to_repeat(&self) -> bool {
        let submits =
            |fields: &Map<String, Value>| fields.get("submit").is_some_and(|submit| *submit != Value::Bool(false) && !submit.is_null());
        let target = self.body.get("target_spec").and_then(Value::as_object);
        match self.kind {
            ActionKind::Wait | ActionKind::WaitUntil | ActionKind::WaitGone => true,
            ActionKind::Click => !submits(&self.body) && !target.is_some_and(submits),
            ActionKind::Type | ActionKind::KeyCombo => false,
        }
    }

    /// Whether the screen should look different after it.
    pub fn needs_change(&self) -> bool {
        matches!(self.kind, ActionKind::Click | ActionKind::Type)
    }

    /// The whole action under another id: what a further attempt hands out.
    #[must_use]
    pub fn again(&self, id: String) -> Self {
        Self::made(self.kind, id, self.body.clone())
    }
}

impl Serialize for Action {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.body.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Action {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let body = Map::deserialize(deserializer)?;
        let text = |name: &str| body.get(name).and_then(Value::as_str);
        let kind = text("type").and_then(ActionKind::named);
        match (kind, text("action_id").map(str::to_owned)) {
            (Some(kind), Some(id)) => Ok(Self { kind, id, body }),
            _ => Err(serde::de::Error::custom("no action")),
        }
    }
}

/// Checks the actions of a replay that somebody sends: each by itself, and that their ids tell them apart, also those of further
/// attempts.
///
/// # Errors
/// Those of [`Action::check`], with the number of the action; `duplicate_action_id`.
pub fn check_actions(bodies: Vec<Map<String, Value>>, fresh_id: &mut dyn FnMut() -> String) -> Result<Vec<Action>> {
    let mut actions = Vec::with_capacity(bodies.len());
    for (index, body) in bodies.into_iter().enumerate() {
        actions.push(Action::check(body, &format!("action {}", index + 1), fresh_id)?);
    }
    let mut seen = std::collections::HashSet::new();
    let twice = actions.iter().position(|action| !seen.insert(action.id().to_owned()));
    let clash = || actions.iter().position(|action| base_of_retry(action.id()).is_some_and(|base| seen.contains(base)));
    match twice.or_else(clash) {
        None => Ok(actions),
        Some(index) => Err(Error::new(
            Kind::Input,
            "duplicate_action_id",
            format!("action {}: its id is another's, or would be that of another's further attempt", index + 1),
        )),
    }
}

/// The id of which this would be a further attempt's.
fn base_of_retry(id: &str) -> Option<&str> {
    let (base, number) = id.rsplit_once(RETRY)?;
    (!number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit())).then_some(base)
}

fn is_id(id: &str) -> bool {
    !id.is_empty() && id.chars().count() <= MAX_ID && !id.chars().any(char::is_control)
}

/// A word that somebody sent, short enough for a sentence.
pub(super) fn shown(word: &str) -> String {
    format!("{:?}", word.chars().take(40).collect::<String>())
}

/// Whether there is something to look for.
pub(super) fn has_target(body: &Map<String, Value>) -> bool {
    let said =
        |fields: &Map<String, Value>, name: &str| fields.get(name).and_then(Value::as_str).is_some_and(|text| !text.trim().is_empty());
    let spec = body.get("target_spec").and_then(Value::as_object);
    let in_spec = spec.is_some_and(|spec| ["by_text", "by_role", "anchor_image_base64"].into_iter().any(|name| said(spec, name)));
    in_spec || ["target_text", "target_role", "anchor_image_base64"].into_iter().any(|name| said(body, name))
}

fn check_keys(body: &Map<String, Value>) -> Result<(), &'static str> {
    let pressed = |value: &Value| value.as_str().is_some_and(|key| !key.is_empty() && key.len() <= MAX_ID);
    match (body.get("keys"), body.get("key")) {
        (Some(Value::Array(keys)), _) if !keys.is_empty() => {
            if keys.len() <= MAX_KEYS && keys.iter().all(pressed) {
                Ok(())
            } else {
                Err("must be a short list of key names")
            }
        }
        (Some(keys @ Value::String(_)), _) if pressed(keys) => Ok(()),
        (None | Some(Value::Null | Value::Array(_)), Some(key)) if pressed(key) => Ok(()),
        _ => Err("must name the keys to press"),
    }
}

/// Checks how long a wait lasts.
pub(super) fn check_wait(duration: Option<&Value>) -> Result<(), String> {
    match duration {
        None => Ok(()),
        Some(value) if value.as_f64().is_some_and(|millis| (0.0..=MAX_WAIT_MS).contains(&millis)) => Ok(()),
        Some(_) => Err(format!("must be a number of milliseconds from 0 to {MAX_WAIT_MS}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn check(action: &Value) -> Result<Action> {
        Action::check(action.as_object().unwrap().clone(), "action 1", &mut || "fresh".to_owned())
    }

    #[test]
    fn what_could_click_nowhere_in_particular_is_refused() {
        for (action, code) in [
            (json!({ "type": "click" }), "click_without_target"),
            (json!({ "type": "click", "target_spec": { "by_text": " " } }), "click_without_target"),
            (json!({ "type": "click", "target_spec": { "context_hints": { "a": 1 } } }), "click_without_target"),
            (json!({ "type": "click", "x_pct": 0.5 }), "invalid_action"),
            (json!({ "type": "click", "x_pct": 0.5, "y_pct": 1.01 }), "invalid_action"),
            (json!({ "type": "click", "x_pct": "0.5", "y_pct": 0.1 }), "invalid_action"),
            (json!({ "type": "click", "x_pct": null, "y_pct": null }), "invalid_action"),
            (json!({ "type": "scroll" }), "unknown_action_type"),
            (json!({ "action_id": "b0" }), "unknown_action_type"),
            (json!({ "type": "wait", "action_id": null }), "invalid_action"),
            (json!({ "type": "wait", "action_id": "a\nb" }), "invalid_action"),
            (json!({ "type": "wait", "duration_ms": "long" }), "invalid_action"),
            (json!({ "type": "wait", "duration_ms": 1e9 }), "invalid_action"),
            (json!({ "type": "type" }), "invalid_action"),
            (json!({ "type": "type", "text": 5 }), "invalid_action"),
            (json!({ "type": "type", "text": "Bonjour ${nom}" }), "unset_variable"),
            (json!({ "type": "key_combo", "keys": [] }), "invalid_action"),
            (json!({ "type": "key_combo", "keys": ["ctrl", 1] }), "invalid_action"),
        ] {
            let refused = check(&action).unwrap_err();
            assert_eq!((refused.code(), refused.kind()), (code, Kind::Input), "{action}");
            assert!(refused.to_string().contains("action 1"), "{refused}");
        }
    }

    #[test]
    fn everything_else_of_an_action_is_handed_on() {
        let action = check(&json!({ "type": "click", "target_spec": { "by_text": "OK" }, "note": [1, { "a": null }] })).unwrap();
        assert_eq!(
            Value::Object(action.body().clone()),
            json!({ "type": "click", "action_id": "fresh", "target_spec": { "by_text": "OK" }, "note": [1, { "a": null }] })
        );
        let kept: Action = serde_json::from_str(&serde_json::to_string(&action).unwrap()).unwrap();
        assert_eq!(kept, action);
        assert_eq!(Value::Object(action.again("again".to_owned()).body().clone())["target_spec"], json!({ "by_text": "OK" }));
    }

    #[test]
    fn only_what_is_harmless_twice_may_be_repeated() {
        let safe = |action: Value| check(&action).unwrap().is_safe_to_repeat();
        assert!(safe(json!({ "type": "click", "x_pct": 0, "y_pct": 1 })));
        assert!(!safe(json!({ "type": "click", "x_pct": 0, "y_pct": 1, "submit": true })));
        assert!(!safe(json!({ "type": "click", "target_spec": { "by_text": "OK", "submit": 1 } })));
        assert!(!safe(json!({ "type": "type", "text": "x" })));
        assert!(!safe(json!({ "type": "key_combo", "keys": ["enter"] })));
        assert!(safe(json!({ "type": "wait" })));
    }

    #[test]
    fn ids_tell_actions_apart_also_when_they_are_tried_again() {
        let wait = |id: &str| json!({ "type": "wait", "action_id": id }).as_object().unwrap().clone();
        let refused =
            |ids: &[&str]| check_actions(ids.iter().map(|id| wait(id)).collect(), &mut String::new).err().map(|it| it.code().to_owned());
        assert_eq!(refused(&["a", "b"]), None);
        assert_eq!(refused(&["a", "a"]).as_deref(), Some("duplicate_action_id"));
        assert_eq!(refused(&["a", "a_retry1"]).as_deref(), Some("duplicate_action_id"));
        assert_eq!(refused(&["a_retry1", "b_retryx"]), None);
    }

    #[test]
    fn what_is_typed_is_in_no_debug_print() {
        let action = check(&json!({ "type": "type", "text": "secret" })).unwrap();
        assert!(!format!("{action:?}").contains("secret"));
    }
}
