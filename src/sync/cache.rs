//! The port: where a client keeps its copy.

use std::time::Duration;

use super::snapshot::Snapshot;
use crate::clock::Time;
use crate::error::Result;

/// How far a time may lie ahead of the local clock: clocks are set now and then, by a little.
const CLOCK_ERROR: Duration = Duration::from_mins(1);

/// A snapshot with what is known of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Kept {
    /// The snapshot.
    pub snapshot: Snapshot,
    /// When a server last said that it is the present one.
    pub checked_at: Option<Time>,
}

impl Kept {
    /// How long before `now` a server last said that it is the present one; nothing when that is not known. A time that is yet to come
    /// was told by a clock that is wrong, and says nothing.
    pub fn age(&self, now: Time) -> Option<Duration> {
        self.checked_at.filter(|at| *at <= now.plus(CLOCK_ERROR)).map(|at| now.since(at))
    }
}

/// A client's copy of the configuration, and what it must not forget.
pub trait Cache {
    /// The copy; nothing when there is none.
    ///
    /// # Errors
    /// When it cannot be read, or what is in it is no snapshot.
    fn load(&self) -> Result<Option<Kept>>;
    /// The newest `synced_at` that was taken from `server`.
    ///
    /// # Errors
    /// When it cannot be read.
    fn newest(&self, server: &str) -> Result<Option<Time>>;
    /// Replaces the copy, whole or not at all, and notes `newest` as the newest `synced_at` of `server`.
    ///
    /// # Errors
    /// When it cannot be written; the former copy is then whole.
    fn save(&self, kept: &Kept, server: &str, newest: Option<Time>) -> Result<()>;
    /// Notes that the copy of this version is the present one at `at`; false when there is no copy of it.
    ///
    /// # Errors
    /// When it cannot be written.
    fn confirm(&self, version: &str, at: Time) -> Result<bool>;
}
