//! The ports: what sessions need from whoever keeps them.

use std::fs::File;

use super::record::Recording;
use super::shot::{Landed, ShotFile};
use crate::error::Result;

/// What is kept of an event's id: half of a SHA-256 of the session and the id.
pub type EventKey = [u8; 16];

/// The sessions of one open transaction.
pub trait Sessions {
    /// Every recording.
    fn recordings(&mut self) -> Result<Vec<Recording>>;
    /// Keeps a recording; one of the same id, in any case, is replaced.
    fn save_recording(&mut self, recording: &Recording) -> Result<()>;
    /// Forgets a recording and the ids of its events; `key` is its folded id.
    fn forget_recording(&mut self, key: &str) -> Result<()>;
    /// Whether an event of this id is known.
    fn knows_event(&mut self, event: &EventKey) -> Result<bool>;
    /// Notes events of a recording; those that are known already stay as they are.
    fn note_events(&mut self, key: &str, events: &[EventKey]) -> Result<()>;
}

/// Journals: files to which whole lines are added. `folder` is `<machine>/<session>`, both checked ids.
pub trait Journals: Send {
    /// Adds whole lines, in one piece or not at all; gives the journal's length afterwards, bytes.
    fn append(&mut self, folder: &str, lines: &[u8]) -> Result<u64>;
    /// What was written since this was last asked, to be flushed to disk.
    fn unflushed(&mut self) -> Vec<File>;
    /// Closes a journal that moves or goes away.
    fn close(&mut self, folder: &str) -> Result<()>;
}

/// Recordings on disk. `folder` is `<machine>/<session>`, both checked ids.
pub trait Recordings: Send + Sync {
    /// The folders there are.
    fn folders(&self) -> Result<Vec<(String, String)>>;
    /// The journal's length, bytes; 0 when there is none.
    fn journal_length(&self, folder: &str) -> Result<u64>;
    /// Reads the journal's whole lines from `offset` on, each without its end. A tail that is no whole line is set aside if `mend`.
    fn read_journal(&self, folder: &str, offset: u64, mend: bool, line: &mut dyn FnMut(&[u8]) -> Result<()>) -> Result<()>;
    /// Makes a file for a shot that is about to come in.
    fn begin_shot(&self, folder: &str) -> Result<ShotFile>;
    /// Gives the file of a shot its name, `<shot>.<ending>`, unless there is a shot of that id.
    fn land_shot(&self, folder: &str, file: ShotFile, shot: &str, ending: &str) -> Result<Landed>;
    /// A shot, by its id.
    fn read_shot(&self, folder: &str, shot: &str) -> Result<Option<Vec<u8>>>;
    /// Names and sizes of all shots, sorted.
    fn shots(&self, folder: &str) -> Result<Vec<(String, u64)>>;
    /// Writes the summary, `session.json`.
    fn write_summary(&self, folder: &str, text: &str) -> Result<()>;
    /// Gives the recording another folder.
    fn rename(&self, from: &str, to: &str) -> Result<()>;
    /// Removes a recording; gives its bytes.
    fn remove(&self, folder: &str) -> Result<u64>;
    /// Bytes of a recording.
    fn size(&self, folder: &str) -> Result<u64>;
    /// A file without a name, for an archive that is only read.
    fn scratch(&self) -> Result<File>;
    /// Packs journal, summary and shots into a ZIP.
    fn pack(&self, folder: &str, into: &mut File, progress: &mut dyn FnMut(u64)) -> Result<()>;
    /// Removes what a crash left half done.
    fn sweep(&self) -> Result<()>;
}
