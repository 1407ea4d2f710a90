//! The port: where a client keeps its copy.

use super::snapshot::Snapshot;
use crate::clock::Time;
use crate::error::Result;

/// A snapshot with what is known of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Kept {
    /// The snapshot.
    pub snapshot: Snapshot,
    /// When a server last said that it is the present one.
    pub checked_at: Option<Time>,
    /// What the server named it by, to ask whether there is another.
    pub etag: Option<String>,
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
    /// Replaces the copy, whole or not at all, and notes its `synced_at` as the newest of `server`.
    ///
    /// # Errors
    /// When it cannot be written; the former copy is then whole.
    fn save(&self, kept: &Kept, server: &str) -> Result<()>;
    /// Notes that the copy of this version is the present one at `at`.
    ///
    /// # Errors
    /// When it cannot be written.
    fn confirm(&self, version: &str, at: Time) -> Result<()>;
}
