//! The words of this slice: statuses, outcomes, reports, decisions, and the facts that a replay is made of.

use std::fmt;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::clock::Time;
use crate::error::{Error, Result};
use crate::target::Presence;

/// How a replay stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Actions are handed out as they are asked for.
    Running,
    /// A person has stopped it for a while.
    Paused,
    /// The outcome of an action is not known, and a person must decide.
    Stalled,
    /// Every action was carried out.
    Completed,
    /// Every action was handed out, but of some it is not known, or was decided by a person, what became of them.
    CompletedWithWarnings,
    /// An action failed for good.
    Error,
    /// A person ended it.
    Cancelled,
}

impl Status {
    /// All of them.
    pub const ALL: [Self; 7] =
        [Self::Running, Self::Paused, Self::Stalled, Self::Completed, Self::CompletedWithWarnings, Self::Error, Self::Cancelled];

    /// Its name on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Paused => "paused",
            Self::Stalled => "stalled",
            Self::Completed => "completed",
            Self::CompletedWithWarnings => "completed_with_warnings",
            Self::Error => "error",
            Self::Cancelled => "cancelled",
        }
    }

    /// The status called `name`.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.as_str() == name)
    }

    /// Whether nothing can happen any more.
    pub fn is_final(self) -> bool {
        matches!(self, Self::Completed | Self::CompletedWithWarnings | Self::Error | Self::Cancelled)
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// What became of one attempt at an action.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Reported as done; the screen, where it could be seen, agrees.
    Success,
    /// Reported as failed, or given up by a person.
    Failed,
    /// Reported as done, but nothing changed on the screen, or it could not be seen.
    Unverified,
    /// The agent asked for the next action without a word about this one.
    Unreported,
    /// The agent fell silent or came back as another session: it may or may not have been carried out.
    Unknown,
    /// A person went on without knowing.
    Skipped,
}

impl Outcome {
    /// Its name on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Success => "success",
            Self::Failed => "failed",
            Self::Unverified => "unverified",
            Self::Unreported => "unreported",
            Self::Unknown => "unknown",
            Self::Skipped => "skipped",
        }
    }
}

/// What a person decides about an action whose outcome is not known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Decision {
    /// Hand it out again.
    Retry,
    /// Go on without it.
    Skip,
    /// End the replay as failed.
    Fail,
}

impl Decision {
    /// The decision called `name`.
    pub fn named(name: &str) -> Option<Self> {
        [(Self::Retry, "retry"), (Self::Skip, "skip"), (Self::Fail, "fail")].into_iter().find(|(_, known)| *known == name).map(|(it, _)| it)
    }
}

/// What follows when an action changed nothing on the screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OnUnchanged {
    /// It is noted, and the replay ends with warnings.
    Warn,
    /// It is tried again if that is safe, else noted.
    Retry,
    /// A person decides.
    Stall,
}

/// The rules in force.
#[derive(Debug, Clone, Copy)]
pub struct Policy {
    /// Silence after which the outcome of an action that is out is unknown.
    pub lease: Duration,
    /// Times an action is tried again after a reported failure.
    pub max_retries: u32,
    /// What follows when an action changed nothing.
    pub on_unchanged: OnUnchanged,
    /// Before this the agent could not speak, because nobody listened.
    pub listening_since: Time,
}

/// What was seen when the screens before and after an action were compared.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Verification {
    /// Whether the screen bears the report out, or needs not.
    pub verified: bool,
    /// What follows: `continue`, `retry` or `stall`.
    pub suggestion: String,
    /// A sentence.
    pub detail: String,
    /// `changed_here`, `changed_elsewhere`, `changed`, `unchanged` or `not_comparable`.
    pub verdict: String,
}

/// What an agent says of an action, as far as it is kept.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Report {
    /// Whether the agent holds it for done.
    pub success: bool,
    /// Why not, in the agent's words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// The agent knows that another try would fail too.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub fatal: bool,
    /// The screen afterwards: the name of a picture that is kept, or a reference of the agent's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
    /// The screen before, where it is not the one after the action before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<String>,
    /// Where the agent clicked, pixels.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub position: Option<Point>,
    /// What the screens say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verification: Option<Verification>,
    /// What the server saw on the screen afterwards, where it was looking for something.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub look: Option<Box<Look>>,
}

/// A place in pixels.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Point {
    /// From the left.
    pub x: f64,
    /// From the top.
    pub y: f64,
}

/// What the reporter was answered; a repeated report is answered the same.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Receipt {
    /// The status of the replay afterwards.
    pub status: Status,
    /// Actions that were still to be handed out.
    pub remaining: usize,
}

/// Where the target of an attempt was found, as it was answered to the agent.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Sighted {
    /// The verdict.
    pub verdict: String,
    /// A finer word for why, if it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cause: Option<String>,
    /// The place in pixels of the screen: x, y, width, height.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<[u32; 4]>,
    /// How alike.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub score: Option<f64>,
    /// The picture that was searched, if it is kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub screen: Option<String>,
}

/// What was seen when the server looked for a target itself.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Look {
    /// Whether the target is on the screen.
    pub presence: Presence,
    /// The same as it is told.
    pub sighted: Sighted,
}

/// Why a replay waits for a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stall {
    /// The agent was silent for longer than the lease.
    Silent,
    /// The agent came back as another session.
    OtherSession,
    /// The action changed nothing on the screen.
    Unchanged,
}

impl Stall {
    /// A sentence for people.
    pub fn sentence(self) -> &'static str {
        match self {
            Self::Silent => "the agent fell silent before it said what became of the action",
            Self::OtherSession => "the agent came back as another session before it said what became of the action",
            Self::Unchanged => "the action changed nothing on the screen",
        }
    }
}

/// Something that happened to a replay. A replay is its plan and its facts, in order; nothing else is kept of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "fact")]
pub enum Fact {
    /// An action was handed out.
    Handed {
        /// Which, from 0.
        action: usize,
        /// How many times it was handed out before.
        number: u32,
        /// The id under which it was.
        id: String,
        /// To which session.
        session: String,
        /// The agent's key of this request, if it gave one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        key: Option<String>,
    },
    /// The server began to wait for what the screen shows; no agent is given this action.
    Watching {
        /// Which, from 0.
        action: usize,
        /// Its id.
        id: String,
        /// The session that asked for the next action.
        session: String,
    },
    /// The wait that was out is over, and the server has looked at the screen after it.
    Looked {
        /// What the agent said, and what was seen.
        report: Report,
        /// What it was answered.
        receipt: Receipt,
    },
    /// A wait that the server adds was handed out.
    Waiting {
        /// The id under which it was.
        id: String,
        /// To which session.
        session: String,
        /// The agent's key of this request, if it gave one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        key: Option<String>,
    },
    /// The wait is over, and nothing was looked at.
    Waited,
    /// The attempt that was out has ended.
    Ended {
        /// How.
        outcome: Outcome,
        /// What the agent said.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        report: Option<Report>,
        /// What it was answered.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        receipt: Option<Receipt>,
    },
    /// The last action will be handed out again.
    Again {
        /// After a wait.
        wait: bool,
    },
    /// The replay waits for a person.
    Stalled {
        /// Why.
        why: Stall,
    },
    /// A person stopped it for a while.
    Paused,
    /// A person let it go on.
    Resumed {
        /// What was decided about the last attempt.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        decision: Option<Decision>,
    },
    /// It is over.
    Finished {
        /// How.
        status: Status,
        /// Why, where a person or another replay ended it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
    },
    /// A report came when it no longer mattered.
    Late {
        /// Of which attempt, from 0.
        attempt: usize,
        /// What the agent said.
        report: Report,
    },
    /// The target of the attempt that is out was looked for.
    Sighted {
        /// What was answered.
        sighted: Sighted,
    },
}

/// Facts of one moment.
#[derive(Debug, Clone, PartialEq)]
pub struct Moment {
    /// When.
    pub at: Time,
    /// What, in order.
    pub facts: Vec<Fact>,
}

/// The longest key of a request, characters.
pub const MAX_KEY: usize = 255;

/// Checks the key of a request that may be repeated.
///
/// # Errors
/// When it is empty, too long or not plain text.
pub fn check_key(text: &str) -> Result<()> {
    let plain = text.bytes().all(|byte| (0x20..0x7f).contains(&byte));
    if text.is_empty() || text.len() > MAX_KEY || !plain {
        let why = format!("must be 1 to {MAX_KEY} plain characters");
        return Err(Error::field(&["header", "Idempotency-Key"], "value_error", why));
    }
    Ok(())
}
