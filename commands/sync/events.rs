//! What `lea sync watch` tells, as a line for people and as a JSON document on one line.

use std::time::Duration;

use lea::clock::Time;
use lea::error::{Error, Result};
use lea::sync::{AtHand, Difference, Kept, Pulled};
use serde::Serialize;

use super::words::{aged, counts, lines, short};
use crate::context::Context;
use crate::times;

/// Something that happened.
#[derive(Debug, Serialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub(super) enum Event<'a> {
    /// What is at hand is another version than before.
    Changed {
        at: Time,
        version: &'a str,
        previous: Option<&'a str>,
        synced_at: Option<Time>,
        cached: bool,
        #[serde(flatten)]
        difference: &'a Difference,
        next_in_seconds: f64,
    },
    /// The server has what is at hand.
    Unchanged { at: Time, version: &'a str, cached: bool, next_in_seconds: f64 },
    /// The server did not answer, or what it answered is refused; what is at hand stays.
    Failed { at: Time, code: &'a str, message: &'a str, kept: Option<&'a str>, next_in_seconds: f64 },
    /// The command after a change has ended.
    Hook { at: Time, ok: bool, exit_code: Option<i32> },
    /// A signal ended it.
    Stopped { at: Time },
}

impl<'a> Event<'a> {
    /// What an answer of the server means.
    pub(super) fn current(pulled: &'a Pulled, kept: &'a Kept, at: Time, wait: Duration) -> Self {
        let (version, next_in_seconds) = (kept.snapshot.version.as_str(), wait.as_secs_f64());
        let cached = pulled.not_kept.is_none();
        if !pulled.changed {
            return Self::Unchanged { at, version, cached, next_in_seconds };
        }
        let previous = pulled.previous.as_deref();
        let (synced_at, difference) = (kept.snapshot.synced_at, &pulled.difference);
        Self::Changed { at, version, previous, synced_at, cached, difference, next_in_seconds }
    }

    /// What a failure means.
    pub(super) fn failed(error: &'a Error, at_hand: &'a AtHand, at: Time, wait: Duration) -> Self {
        let kept = at_hand.kept.as_ref().map(|kept| kept.snapshot.version.as_str());
        Self::Failed { at, code: error.code(), message: error.message(), kept, next_in_seconds: wait.as_secs_f64() }
    }

    /// Tells it; `at_hand` is what there is now.
    pub(super) fn tell(&self, at_hand: Option<&AtHand>, context: &Context) -> Result<()> {
        let output = &context.output;
        if output.is_json() {
            return output.json_line(self);
        }
        let kept = at_hand.and_then(|at_hand| at_hand.kept.as_ref());
        let next = |seconds: &f64| format!("asking again in {}", times::short(Duration::from_secs_f64(*seconds)));
        match self {
            Self::Changed { version, difference, next_in_seconds, .. } => {
                lines(difference, context)?;
                let counts = kept.map(|kept| counts(&kept.snapshot)).unwrap_or_default();
                output.note(&format!("version {}, {counts}; {}", short(version), next(next_in_seconds)));
            }
            Self::Unchanged { version, next_in_seconds, .. } => {
                output.note(&format!("nothing changed: still version {}; {}", short(version), next(next_in_seconds)));
            }
            Self::Failed { message, next_in_seconds, .. } => {
                let kept =
                    kept.map_or_else(|| "nothing is at hand yet".to_owned(), |kept| format!("the copy stays, {}", aged(kept, context)));
                output.warn(&format!("{message}; {kept}; {}", next(next_in_seconds)));
            }
            Self::Hook { ok: true, .. } => {}
            Self::Hook { exit_code, .. } => {
                let how = exit_code.map_or_else(|| "did not end by itself".to_owned(), |code| format!("ended with exit code {code}"));
                output.warn(&format!("the command after a change {how}"));
            }
            Self::Stopped { .. } => output.note("stopped"),
        }
        Ok(())
    }
}
