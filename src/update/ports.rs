//! What staging needs from outside: where a ZIP comes from, the folder beside the live files, the live files themselves.

use std::io::{Read, Seek};

use serde::{Deserialize, Serialize};

use super::release::UpdateType;
use crate::clock::Time;
use crate::error::{Error, Result};

/// What can be read from anywhere.
pub trait Content: Read + Seek + Send {}

impl<T: Read + Seek + Send> Content for T {}

/// Where a ZIP comes from.
pub trait Source<'a> {
    /// Opens it from byte `from` on, if it is still the one of `etag`; else from its beginning.
    fn open(&mut self, from: u64, etag: Option<&str>) -> Result<Incoming<'a>>;
    /// Whether it is at hand, and has the SHA-256 `sha256`; what has yet to come is taken to have it.
    fn agrees(&self, _sha256: &str) -> Result<bool> {
        Ok(true)
    }
    /// Waits after `failed` and says whether to try again. `progressed` tells whether anything came since the last time.
    fn again(&mut self, failed: &Error, progressed: bool) -> bool;
}

/// A ZIP that comes in.
pub struct Incoming<'a> {
    /// Where in the ZIP its first byte stands: where it was asked for, or 0.
    pub from: u64,
    /// How large the whole ZIP is, if it is told.
    pub total: Option<u64>,
    /// What tells it from another.
    pub etag: Option<String>,
    /// The bytes.
    pub body: Box<dyn Body + 'a>,
}

/// Bytes that come in.
pub trait Body {
    /// As [`Read::read`], with errors that name the server.
    fn read(&mut self, into: &mut [u8]) -> Result<usize>;
}

/// What is noted of a part file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Note {
    /// The hash that the whole should have.
    pub sha256: String,
    /// What tells it from another, if the server says it.
    pub etag: Option<String>,
}

/// A ZIP that is being fetched.
pub trait Part {
    /// How much is there, bytes.
    fn length(&self) -> u64;
    /// What was noted of it, if it can be read.
    fn note(&self) -> Option<&Note>;
    /// Begins anew.
    fn restart(&mut self, note: &Note) -> Result<()>;
    /// Adds bytes at its end.
    fn append(&mut self, bytes: &[u8]) -> Result<()>;
    /// The whole of it.
    fn content(&mut self) -> Result<Box<dyn Content>>;
    /// Flushes it and gives it its final name.
    fn commit(self: Box<Self>) -> Result<()>;
    /// Removes it.
    fn discard(self: Box<Self>) -> Result<()>;
}

/// A folder beside the live files. Nobody else stages there while this lives.
pub trait Staging {
    /// Room on its disk, bytes; none where the system doesn't say.
    fn room(&self) -> Option<u64>;
    /// The path of a file in it, for people and scripts.
    fn path(&self, name: &str) -> String;
    /// A staged ZIP.
    fn staged(&self, name: &str) -> Result<Option<Box<dyn Content>>>;
    /// The part file of a ZIP, there already or new.
    fn part(&mut self, name: &str) -> Result<Box<dyn Part>>;
    /// What `staged.json` says, if it is there and can be read.
    fn record(&self) -> Option<Record>;
    /// Writes `staged.json`, or removes it.
    fn set_record(&mut self, record: Option<&Record>) -> Result<()>;
    /// The names of all files in it.
    fn names(&self) -> Result<Vec<String>>;
    /// Removes a file.
    fn remove(&mut self, name: &str) -> Result<()>;
}

/// The live files, which are only looked at.
pub trait Installed {
    /// All files, with `/` between folders.
    fn files(&self) -> Result<Vec<String>>;
    /// Size and CRC-32 of one of them.
    fn facts(&self, name: &str) -> Result<Option<(u64, u32)>>;
}

/// What would change if the update were applied.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Changes {
    /// Files that are not there yet.
    pub added: Vec<String>,
    /// Files whose content is another.
    pub changed: Vec<String>,
    /// Files that the update no longer has, where it replaces.
    pub removed: Vec<String>,
    /// How many files stay as they are.
    pub unchanged: u64,
}

/// What `staged.json` says, for the person who applies the update.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// The staged file.
    pub file: String,
    /// Its version.
    pub version: String,
    /// What it replaces.
    pub update_type: UpdateType,
    /// Its SHA-256.
    pub sha256: String,
    /// Its size, bytes.
    pub size: u64,
    /// How many files it holds.
    pub files: u64,
    /// How large they are, bytes.
    pub expanded: u64,
    /// Whether a trusted key signed it.
    pub signed: bool,
    /// Where it came from.
    pub source: String,
    /// When it was staged.
    pub staged_at: Time,
    /// By whom, as far as the system tells.
    pub staged_by: String,
    /// The version that was running, if it was told.
    pub from_version: Option<String>,
    /// What would change, if the live files were named.
    pub changes: Option<Changes>,
}
