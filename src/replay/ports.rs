//! The port: what replays need from whoever keeps them.

use std::sync::Arc;

use super::state::{Plan, Replay};
use super::types::{Moment, Status};
use crate::clock::Time;
use crate::error::Result;

/// A start that may be asked for again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StartRequest {
    /// The hash of the idempotency key.
    pub key: [u8; 32],
    /// The hash of what was asked for.
    pub body: [u8; 32],
    /// What was answered, JSON.
    pub answer: String,
}

/// A replay as it is kept: its row and its state.
#[derive(Debug, Clone)]
pub struct Kept {
    /// Its row, which orders replays by their start.
    pub row: i64,
    /// Its state.
    pub replay: Replay,
}

/// Which replays are listed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ReplayQuery {
    /// Only those that stand so.
    pub status: Option<Status>,
    /// Only those of this lane's machine, folded.
    pub machine: Option<String>,
    /// Only those of this lane.
    pub lane: Option<String>,
    /// Those after this row (or before it, newest first).
    pub after: Option<i64>,
    /// The newest first; else the oldest.
    pub newest_first: bool,
    /// The most.
    pub limit: usize,
}

/// A notice that waits to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// Its number, which is also the notice's id for the receiver.
    pub id: i64,
    /// Where to.
    pub url: String,
    /// What, JSON.
    pub body: String,
    /// How often it was tried.
    pub tries: u32,
    /// Since when it waits.
    pub made_at: Time,
    /// Not before.
    pub due_at: Time,
}

/// The replays of one open transaction.
pub trait Replays {
    /// Keeps a new replay; gives its row.
    fn insert_replay(&mut self, plan: &Plan, request: Option<&StartRequest>) -> Result<i64>;
    /// Keeps what happened to the replay in `row`: its moment number `number`, from 0, and the status after it.
    fn add_moment(&mut self, row: i64, number: u32, moment: &Moment, status: Status) -> Result<()>;
    /// The replay with this id.
    fn find_replay(&mut self, id: &str) -> Result<Option<Kept>>;
    /// Every replay that is not over, or was not yet at `since`, in the order in which they were started.
    fn live_replays(&mut self, since: Time) -> Result<Vec<Kept>>;
    /// The last few replays of a lane that are over, the newest first.
    fn recent_replays(&mut self, lane: &str, most: usize) -> Result<Vec<Kept>>;
    /// A page of replays.
    fn list_replays(&mut self, query: &ReplayQuery) -> Result<Vec<Kept>>;
    /// A start with this key that is not older than `since`.
    fn past_start(&mut self, key: &[u8; 32], since: Time) -> Result<Option<StartRequest>>;
    /// The ids of replays that were over before `before`, but for those whose start may still be asked for again: they came with
    /// a key, at `keys_before` or later.
    fn old_replays(&mut self, before: Time, keys_before: Time) -> Result<Vec<String>>;
    /// Removes these replays, as far as they are over.
    fn purge_replays(&mut self, ids: &[String]) -> Result<()>;
    /// Where notices about a replay go.
    fn set_callback(&mut self, row: i64, url: &str) -> Result<()>;
    /// Where notices about a replay go, if anywhere.
    fn callback(&mut self, row: i64) -> Result<Option<String>>;
    /// Adds a notice that is due at once.
    fn add_notice(&mut self, url: &str, body: &str, now: Time) -> Result<()>;
    /// Notices that are due, the oldest first.
    fn due_notices(&mut self, now: Time, most: usize) -> Result<Vec<Notice>>;
    /// A notice was sent, or is given up.
    fn drop_notice(&mut self, id: i64) -> Result<()>;
    /// A notice will be tried again.
    fn delay_notice(&mut self, id: i64, tries: u32, due_at: Time) -> Result<()>;
}

/// A replay from its parts.
pub fn kept(row: i64, plan: Plan, moments: &[Moment]) -> Kept {
    Kept { row, replay: Replay::restored(Arc::new(plan), moments) }
}

/// The screens before and after actions. Names are ids.
pub trait Screens: Send + Sync {
    /// Keeps a picture, whole or not at all; one of the same name is replaced.
    fn keep(&self, replay: &str, name: &str, picture: &[u8]) -> Result<()>;
    /// A picture that is kept.
    fn read(&self, replay: &str, name: &str) -> Result<Vec<u8>>;
    /// Removes all of a replay's.
    fn remove(&self, replay: &str) -> Result<()>;
}
