//! A recording as it is kept: whose it is, how far it has come, and what became of it.

use serde::{Deserialize, Serialize};

use super::owner::{Owner, SessionId};
use crate::clock::Time;

/// A recording.
#[derive(Debug, Clone, PartialEq)]
pub struct Recording {
    /// Its session.
    pub id: SessionId,
    /// Whose it is.
    pub owner: Owner,
    /// When it was first heard of.
    pub created_at: Time,
    /// When it was last heard of.
    pub last_activity: Time,
    /// When it was closed.
    pub finalized_at: Option<Time>,
    /// What it holds.
    pub tally: Tally,
    /// What became of it after it was closed.
    pub processing: Processing,
}

/// What a recording holds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tally {
    /// Events.
    pub events: u64,
    /// Bytes of the journal that these counts speak of.
    pub bytes: u64,
    /// Shots, all of them.
    pub shots: u64,
    /// Shots of whole screens at actions.
    pub full_shots: u64,
    /// The last of those that showed something new.
    pub last_full: Option<String>,
    /// The last window that an event told of, JSON.
    pub window: Option<String>,
}

/// How far the processing of a closed recording has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// It is still open.
    #[default]
    None,
    /// It waits.
    Queued,
    /// It is looked at.
    Running,
    /// It is whole.
    Done,
    /// It is not.
    Failed,
}

impl Stage {
    const ALL: [(Self, &str); 5] =
        [(Self::None, "none"), (Self::Queued, "queued"), (Self::Running, "running"), (Self::Done, "done"), (Self::Failed, "failed")];

    /// Its name.
    pub fn as_str(self) -> &'static str {
        Self::ALL.iter().find(|(stage, _)| *stage == self).map_or("none", |(_, name)| name)
    }

    /// The stage called `name`.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, known)| *known == name).map(|(stage, _)| *stage)
    }
}

/// What became of a closed recording.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Processing {
    /// How far it is.
    pub stage: Stage,
    /// What is wrong with it.
    pub problems: Vec<String>,
    /// Since when.
    pub at: Option<Time>,
}
