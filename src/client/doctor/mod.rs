//! What usually goes wrong, looked at: each check says what was seen and how to mend it. Nothing is changed.

mod local;
mod server;

use serde::Serialize;

use crate::error::Error;

pub use local::{LEAST_FREE_BYTES, LOW_FREE_BYTES, credentials, data_dir, disk_space, secret_file, settings_file, text_reader, workflows};
pub use server::{MAX_SKEW, Tokens, WORRYING_SKEW, server};

/// How a check ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// As it should be.
    Ok,
    /// It works, and may not for long.
    Warning,
    /// It does not work.
    Failed,
    /// There was nothing to look at.
    Skipped,
}

impl Status {
    /// The word for people and programs.
    pub fn word(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Warning => "warning",
            Self::Failed => "failed",
            Self::Skipped => "skipped",
        }
    }
}

/// One check.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Check {
    /// What was looked at, in `snake_case`.
    pub name: &'static str,
    /// How it ended.
    pub status: Status,
    /// What was seen.
    pub message: String,
    /// What to do about it.
    pub mend: Option<String>,
}

impl Check {
    /// As it should be.
    pub fn ok(name: &'static str, message: impl Into<String>) -> Self {
        Self { name, status: Status::Ok, message: message.into(), mend: None }
    }

    /// Nothing to look at.
    pub fn skipped(name: &'static str, message: impl Into<String>) -> Self {
        Self { name, status: Status::Skipped, message: message.into(), mend: None }
    }

    /// It works, and may not for long.
    pub fn warning(name: &'static str, message: impl Into<String>, mend: impl Into<String>) -> Self {
        Self { name, status: Status::Warning, message: message.into(), mend: Some(mend.into()) }
    }

    /// It does not work.
    pub fn failed(name: &'static str, message: impl Into<String>, mend: impl Into<String>) -> Self {
        Self { name, status: Status::Failed, message: message.into(), mend: Some(mend.into()) }
    }

    /// It does not work, for this reason.
    pub fn of_error(name: &'static str, error: &Error) -> Self {
        let message = [vec![error.to_string()], error.causes()].concat().join(": ");
        Self { name, status: Status::Failed, message, mend: error.hint_text().map(str::to_owned) }
    }
}

/// All checks of a run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Report {
    /// Whether none has failed.
    pub ok: bool,
    /// In the order in which they were made.
    pub checks: Vec<Check>,
}

impl Report {
    /// The sum of `checks`.
    pub fn of(checks: Vec<Check>) -> Self {
        Self { ok: checks.iter().all(|check| check.status != Status::Failed), checks }
    }

    /// How many ended so.
    pub fn count(&self, status: Status) -> usize {
        self.checks.iter().filter(|check| check.status == status).count()
    }
}
