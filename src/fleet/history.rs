//! What happened to a machine, who did it, and what contradicted what is known.

use serde_json::{Map, Value};

use crate::clock::Time;
use crate::fleet::{Agent, FACT_NAMES, Facts, TokenHash};

/// Who asks for a change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Caller {
    /// Holds the operator's token.
    Operator,
    /// Works on the data directory itself.
    Local,
    /// Holds the token of the machine with this row number.
    Machine {
        /// Its row number.
        agent: i64,
        /// The hash of what it presented: whether it still holds is judged within the transaction that it asks for.
        token: TokenHash,
    },
    /// Holds an enrollment key.
    Key {
        /// The key's id.
        id: String,
        /// What the key is for.
        name: String,
    },
}

impl Caller {
    /// Whether it may do everything.
    pub fn is_operator(&self) -> bool {
        matches!(self, Self::Operator | Self::Local)
    }

    /// How the history names it.
    pub fn label(&self) -> String {
        match self {
            Self::Operator => "operator".to_owned(),
            Self::Local => "local".to_owned(),
            Self::Machine { .. } => "machine".to_owned(),
            Self::Key { name, .. } => format!("key:{name}"),
        }
    }
}

/// A kind of change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Event {
    /// First enrolled.
    Enrolled,
    /// Enrolled again after it was uninstalled.
    Reactivated,
    /// Given a new token by an operator although it was active.
    Forced,
    /// Given a new token because the answer to its enrollment was lost.
    Repeated,
    /// Offered again with other facts.
    Conflict,
    /// Uninstalled.
    Uninstalled,
    /// Given a new token.
    TokenRotated,
    /// Runs another version of the agent, as it said itself.
    VersionChanged,
}

impl Event {
    /// The word in the database and on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Enrolled => "enrolled",
            Self::Reactivated => "reactivated",
            Self::Forced => "forced",
            Self::Repeated => "token_reissued",
            Self::Conflict => "conflict",
            Self::Uninstalled => "uninstalled",
            Self::TokenRotated => "token_rotated",
            Self::VersionChanged => "version_changed",
        }
    }
}

/// One line of a machine's history.
#[derive(Clone, PartialEq)]
pub struct Entry {
    /// The machine's row number.
    pub agent: i64,
    /// When.
    pub at: Time,
    /// What, as a word.
    pub event: String,
    /// Who, as a label.
    pub actor: String,
    /// The row after the change, or what was offered.
    pub detail: Value,
}

impl Entry {
    /// A line with the row as it is after the change.
    pub fn of(agent: &Agent, at: Time, event: Event, caller: &Caller) -> Self {
        let mut detail = offered(&agent.facts, &FACT_NAMES);
        detail.insert("status".to_owned(), Value::from(agent.status.as_str()));
        let mut time =
            |name: &str, value: Option<Time>| detail.insert(name.to_owned(), value.map_or(Value::Null, |value| value.to_string().into()));
        time("enrolled_at", agent.enrolled_at);
        time("uninstalled_at", agent.uninstalled_at);
        detail.insert("uninstall_reason".to_owned(), agent.uninstall_reason.clone().map_or(Value::Null, Value::from));
        Self { agent: agent.id, at, event: event.as_str().to_owned(), actor: caller.label(), detail: Value::Object(detail) }
    }
}

/// An active machine that was offered again with other facts, and nobody has settled it yet.
#[derive(Clone, PartialEq)]
pub struct Conflict {
    /// The machine's row number.
    pub agent: i64,
    /// The machine's id.
    pub machine_id: String,
    /// When it was last offered so.
    pub at: Time,
    /// Names of the facts that differ.
    pub fields: Vec<String>,
    /// What was offered in them.
    pub offered: Map<String, Value>,
    /// Whether the enrollment was refused.
    pub refused: bool,
}

/// The facts called `names`, as an object.
pub(super) fn offered(facts: &Facts, names: &[&str]) -> Map<String, Value> {
    let all = FACT_NAMES.into_iter().zip(facts.values());
    all.filter(|(name, _)| names.contains(name)).map(|(name, value)| (name.to_owned(), Value::from(value))).collect()
}
