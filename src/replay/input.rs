//! What a lane is told, and what it says.

use super::types::{Decision, Fact, Receipt, Report, Sighted};
use crate::clock::Time;
use crate::workflow::Action;

/// What happened.
#[derive(Debug, Clone)]
pub enum Input<'a> {
    /// An agent asks for its next action.
    Polled {
        /// Its session.
        session: &'a str,
        /// The key of its request, if it may be repeated.
        key: Option<&'a str>,
        /// When the session that holds what is out was last heard of before this.
        heard: Time,
    },
    /// An agent says what became of an action.
    Reported {
        /// The id of the action.
        action: &'a str,
        /// What it says.
        report: Report,
    },
    /// Time has passed.
    Ticked {
        /// When the session that holds what is out was last heard of.
        heard: Time,
    },
    /// The target of what is out was looked for, by this session.
    Sighted {
        /// The session that asked.
        session: &'a str,
        /// The replay and the attempt that were out when it asked; what was found then says nothing of a later one.
        about: (&'a str, &'a str),
        /// What it was answered.
        sighted: Sighted,
    },
    /// A person stops a replay for a while.
    Pause {
        /// Which.
        replay: &'a str,
    },
    /// A person lets a replay go on.
    Resume {
        /// Which.
        replay: &'a str,
        /// What to do about the action whose outcome is not known.
        decision: Option<Decision>,
    },
    /// A person ends a replay, or all of the lane's.
    Cancel {
        /// Which; all when absent.
        replay: Option<&'a str>,
        /// Why.
        reason: &'a str,
    },
}

/// What to answer.
#[derive(Debug, Clone, PartialEq)]
pub enum Answer {
    /// Nothing to do.
    Nothing,
    /// This action.
    Give(Box<Action>),
    /// A wait of the server's own.
    Wait {
        /// Its id.
        id: String,
        /// How long it lasts, milliseconds.
        millis: u64,
    },
    /// The report was taken.
    Taken(Taken),
    /// It is done.
    Done,
}

/// How a report was taken.
#[derive(Debug, Clone, PartialEq)]
pub struct Taken {
    /// It came when it no longer mattered.
    pub late: bool,
    /// What to answer.
    pub receipt: Receipt,
    /// How many attempts at the action there were before.
    pub number: u32,
    /// What the first report said.
    pub report: Report,
}

/// What follows.
#[derive(Debug, Clone)]
pub struct Step {
    /// For replays of the lane, by their place in it: what happened to them.
    pub changes: Vec<(usize, Vec<Fact>)>,
    /// What to answer once that is kept.
    pub answer: Answer,
}

impl Step {
    /// Nothing follows.
    pub(super) fn nothing(answer: Answer) -> Self {
        Self { changes: Vec::new(), answer }
    }
}
