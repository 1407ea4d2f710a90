//! Shots: which ids mean what, and what an incoming one becomes.

use std::io::Write;

use sha2::{Digest, Sha256};
use tempfile::NamedTempFile;

use crate::error::{Error, Result};
use crate::id;

/// What a shot is for, by its id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ShotKind {
    /// A part of a screen.
    Crop,
    /// The whole screen, now and then.
    Heartbeat,
    /// The whole screen, when another window came to the front.
    Focus,
    /// The screen after an action of a replay.
    Result,
    /// The whole screen at an action.
    Full,
    /// Anything else.
    Other,
}

impl ShotKind {
    /// By the id, as agents name shots.
    pub fn of(shot: &str) -> Self {
        if shot.contains("_crop") {
            Self::Crop
        } else if shot.starts_with("heartbeat_") {
            Self::Heartbeat
        } else if shot.starts_with("focus_") {
            Self::Focus
        } else if shot.starts_with("res_shot_") {
            Self::Result
        } else if shot.starts_with("shot_") && shot.contains("_full") {
            Self::Full
        } else {
            Self::Other
        }
    }

    /// What is answered when it is kept.
    pub fn stored(self) -> &'static str {
        match self {
            Self::Crop => "crop_stored",
            Self::Heartbeat => "heartbeat_stored",
            Self::Focus => "focus_stored",
            Self::Result => "res_stored",
            Self::Full => "image_queued",
            Self::Other => "stored_no_analysis",
        }
    }
}

/// Checks the id of a shot.
///
/// # Errors
/// 422 naming the parameter.
pub fn check_shot(shot: &str) -> Result<()> {
    match id::check(shot) {
        None => Ok(()),
        Some(why) => Err(Error::field(&["query", "shot_id"], "value_error", format!("a shot id {why}"))),
    }
}

/// A shot that is coming in: a temporary file beside where it will be, and the hash of what is in it.
#[derive(Debug)]
pub struct ShotFile {
    file: NamedTempFile,
    hash: Sha256,
    length: u64,
}

impl ShotFile {
    /// Of an empty temporary file.
    pub fn new(file: NamedTempFile) -> Self {
        Self { file, hash: Sha256::new(), length: 0 }
    }

    /// Adds what came in.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn write(&mut self, bytes: &[u8]) -> Result<()> {
        self.file.write_all(bytes).map_err(|cause| Error::io("write", self.file.path(), cause))?;
        self.hash.update(bytes);
        self.length += bytes.len() as u64;
        Ok(())
    }

    /// Bytes so far.
    pub fn length(&self) -> u64 {
        self.length
    }

    /// The file.
    pub fn file(&self) -> &NamedTempFile {
        &self.file
    }

    /// The file and the SHA-256 of its content.
    pub fn finish(self) -> (NamedTempFile, [u8; 32]) {
        (self.file, self.hash.finalize().into())
    }
}

/// What became of a shot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Landed {
    /// It is kept, under this name.
    New(String),
    /// It was there already, the same.
    Same,
    /// Another is there under its id.
    Other,
}
