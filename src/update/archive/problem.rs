//! What an archive may be at most, and what is said of one that is wrong.

use serde::Serialize;

/// What an archive may be at most.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ceilings {
    /// The file itself, bytes.
    pub bytes: u64,
    /// All entries together when they are unpacked, bytes.
    pub expanded: u64,
    /// How many times larger an entry of more than 1 MiB may be than it is packed.
    pub ratio: u64,
    /// Entries.
    pub entries: u64,
}

/// Something that is wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// A word for scripts.
    pub code: String,
    /// The entry, or none where it is the archive as a whole.
    pub entry: Option<String>,
    /// A sentence for people.
    pub message: String,
}

impl Problem {
    /// Of the archive as a whole.
    pub fn whole(code: &str, message: &str) -> Self {
        Self { code: code.to_owned(), entry: None, message: message.to_owned() }
    }

    /// Of one entry.
    pub(super) fn of(entry: &str, code: &str, message: &str) -> Self {
        Self { entry: Some(entry.to_owned()), ..Self::whole(code, message) }
    }
}
