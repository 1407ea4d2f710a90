//! The port: what the fleet needs from whoever keeps it. One implementation is one open transaction.

use std::time::Duration;

use crate::clock::Time;
use crate::error::Result;
use crate::fleet::{Conflict, EnrollmentKey, Entry, Record, TokenHash};
use crate::id::MachineId;

/// The machines.
pub trait Agents {
    /// The machine with this id in any case; of several the one enrolled last.
    fn find(&mut self, machine: &MachineId) -> Result<Option<Record>>;
    /// The machine whose stored id is exactly `text`, valid or not.
    fn find_exact(&mut self, text: &str) -> Result<Option<Record>>;
    /// The machine in row `id`.
    fn find_row(&mut self, id: i64) -> Result<Option<Record>>;
    /// A new row; gives its number, whatever `record.agent.id` says.
    fn insert(&mut self, record: &Record) -> Result<i64>;
    /// Replaces the row and its token.
    fn save(&mut self, record: &Record) -> Result<()>;
    /// Notes when an active machine was last heard of; never moves that time back.
    fn touch(&mut self, id: i64, at: Time) -> Result<()>;
    /// Every machine.
    fn all(&mut self) -> Result<Vec<Record>>;
}

/// What happened, and what contradicts.
pub trait Histories {
    /// Adds a line that is never changed again.
    fn remember(&mut self, entry: &Entry) -> Result<()>;
    /// A machine's lines, oldest first.
    fn history(&mut self, agent: i64) -> Result<Vec<Entry>>;
    /// Notes a conflict; false when the same one was open already.
    fn note_conflict(&mut self, conflict: &Conflict) -> Result<bool>;
    /// A machine's conflicts are settled.
    fn settle_conflicts(&mut self, agent: i64, at: Time) -> Result<()>;
    /// The conflicts that are open, newest first.
    fn conflicts(&mut self) -> Result<Vec<Conflict>>;
}

/// Enrollment keys.
pub trait Keys {
    /// Every key, newest first.
    fn keys(&mut self) -> Result<Vec<EnrollmentKey>>;
    /// The key with this hash.
    fn key_by_hash(&mut self, hash: &TokenHash) -> Result<Option<EnrollmentKey>>;
    /// A new key.
    fn insert_key(&mut self, key: &EnrollmentKey) -> Result<()>;
    /// Replaces what may change of a key: its uses, last use and revocation.
    fn save_key(&mut self, key: &EnrollmentKey) -> Result<()>;
}

/// An enrollment that was granted to a request with an idempotency key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PastRequest {
    /// Who asked, so that one caller's key means nothing to another.
    pub scope: String,
    /// The hash of the idempotency key.
    pub key: [u8; 32],
    /// The hash of the body.
    pub body: [u8; 32],
    /// The machine's row number.
    pub agent: i64,
    /// The enrollment that it made.
    pub enrolled_at: Time,
    /// The first answer's `status`.
    pub status: String,
    /// When.
    pub at: Time,
}

/// Requests that may be repeated.
pub trait Requests {
    /// The request of `scope` with this key, if it is not older than `since`.
    fn past_request(&mut self, scope: &str, key: &[u8; 32], since: Time) -> Result<Option<PastRequest>>;
    /// Notes a request, and forgets those older than `since`.
    fn remember_request(&mut self, request: &PastRequest, since: Time) -> Result<()>;
}

/// All of it.
pub trait Registry: Agents + Histories + Keys + Requests {}

impl<T: Agents + Histories + Keys + Requests> Registry for T {}

/// Is told what was committed, before whoever asked for it is answered.
pub trait Watcher: Send + Sync {
    /// These machines changed; `keys` holds all keys if one of them did.
    fn changed(&self, records: Vec<Record>, keys: Option<Vec<EnrollmentKey>>);
    /// Somebody else may have changed anything: this is everything.
    fn replaced(&self, records: Vec<Record>, keys: Vec<EnrollmentKey>);
    /// A transaction with so many changes took so long.
    fn committed(&self, changes: usize, took: Duration);
}
