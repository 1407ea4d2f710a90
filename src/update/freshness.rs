//! What a machine remembers of its servers' answers, so that an old one cannot be repeated to it, and that what was withdrawn stays so.
//!
//! No clock of this machine is asked: a server numbers its changes, and the numbers only rise.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::version::Version;

/// The most withdrawn versions that are remembered.
const MAX_WITHDRAWN: usize = 5000;

/// The largest number of a change that is taken note of: microseconds until the year 2255. A larger one would make every honest answer
/// an old one.
const MAX_REVISION: u64 = 1 << 53;

/// The most servers that are remembered.
const MAX_SERVERS: usize = 64;

/// What was seen of one server.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Seen {
    revision: Option<u64>,
    withdrawn: Vec<Version>,
}

/// What was seen of all servers, as it is kept in a file.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Memory {
    #[serde(default)]
    revisions: BTreeMap<String, u64>,
    #[serde(default)]
    withdrawn: BTreeSet<String>,
}

impl Seen {
    /// Whether an answer of that revision is older than one that was seen. One without a number is, where there were numbers before.
    pub fn is_stale(&self, revision: Option<&Value>) -> bool {
        match (self.revision, revision.and_then(Value::as_u64)) {
            (Some(seen), Some(now)) => now < seen,
            (Some(_), None) => true,
            (None, _) => false,
        }
    }

    /// Whether `version` was withdrawn.
    pub fn is_withdrawn(&self, version: &Version) -> bool {
        self.withdrawn.contains(version)
    }
}

impl Memory {
    /// What was seen of the server at `host` (host and port). What one server withdrew counts for all.
    pub fn of(&self, host: &str) -> Seen {
        Seen {
            revision: self.revisions.get(host).copied(),
            withdrawn: self.withdrawn.iter().filter_map(|text| text.parse().ok()).collect(),
        }
    }

    /// Takes note of `answer` of the server at `host`, unless it is an old one; says whether anything is new.
    pub fn note(&mut self, host: &str, answer: &Value) -> bool {
        let before = self.clone();
        if self.of(host).is_stale(answer.get("revision")) {
            return false;
        }
        if let Some(revision) = answer.get("revision").and_then(Value::as_u64).filter(|revision| *revision <= MAX_REVISION)
            && (self.revisions.contains_key(host) || self.revisions.len() < MAX_SERVERS)
        {
            self.revisions.insert(host.to_owned(), revision);
        }
        let withdrawn = answer.get("withdrawn").and_then(Value::as_array).into_iter().flatten();
        let versions = withdrawn.take(MAX_WITHDRAWN).filter_map(Value::as_str).filter_map(|text| text.parse::<Version>().ok());
        // A full memory takes nothing more: what was heard first cannot be pushed out by a flood of other names.
        for version in versions {
            if self.withdrawn.len() < MAX_WITHDRAWN {
                self.withdrawn.insert(version.canonical());
            }
        }
        *self != before
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::update::{Reason, Wishes, decide};
    use serde_json::json;

    fn answer(version: &str, revision: Option<u64>, withdrawn: &[&str]) -> Value {
        json!({ "update_available": true, "latest_version": version, "url": "/x", "revision": revision, "withdrawn": withdrawn })
    }

    #[test]
    fn an_older_answer_is_refused_and_changes_nothing() {
        let mut memory = Memory::default();
        let reason = |memory: &Memory, answer: &Value| decide("1.0", Wishes::default(), answer, &memory.of("a:1")).reason;
        assert!(memory.note("a:1", &answer("1.2", Some(7), &["1.1"])));
        assert!(!memory.note("a:1", &answer("1.2", Some(7), &["1.1"])));
        let old = answer("1.1", Some(6), &["1.2"]);
        assert_eq!(reason(&memory, &old), Reason::AnswerStale);
        assert!(!memory.note("a:1", &old));
        assert_eq!(reason(&memory, &answer("1.1", None, &[])), Reason::AnswerStale, "leaving the number out is no way round");
        assert_eq!(reason(&memory, &answer("1.2", Some(7), &[])), Reason::UpdateAvailable);
        assert_eq!(reason(&memory, &answer("v1.1.0", Some(8), &[])), Reason::ReleaseWithdrawn);
        assert_eq!(memory.of("b:1").revision, None, "another server counts for itself");
    }

    #[test]
    fn what_is_remembered_has_a_ceiling_and_a_flood_pushes_nothing_out() {
        let mut memory = Memory::default();
        memory.note("a:1", &json!({ "withdrawn": ["0.9"] }));
        for from in 0..4 {
            let many: Vec<String> = (0..4000).map(|number| format!("{from}.{number}")).collect();
            memory.note("a:1", &json!({ "withdrawn": many, "revision": u64::MAX }));
        }
        assert_eq!(memory.withdrawn.len(), MAX_WITHDRAWN);
        assert!(memory.of("a:1").is_withdrawn(&"0.9".parse().unwrap()));
        assert_eq!(memory.of("a:1").revision, None, "a number that no honest answer reaches is not believed");
    }
}
