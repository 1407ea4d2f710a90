//! What a server serves: where it comes from, in which order it stands, since when it is what it is.

use serde_json::{Map, Value};

use super::canonical::version_of;
use crate::clock::Time;
use crate::error::Result;

/// The largest snapshot as JSON, bytes. A client reads no larger answer.
pub const MAX_SNAPSHOT_BYTES: usize = 60 << 20;

/// The deepest nesting of a document. Readers of JSON stop at 128, and in a snapshot a document stands two levels down.
pub const MAX_DEPTH: usize = 100;

/// What tells that something may have changed.
pub type Fingerprint = [u8; 32];

/// How far a skill has come. The folder that it lies in says so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SkillState {
    /// It may be relied on.
    Stable,
    /// A person looks on.
    Supervised,
    /// It was never replayed.
    Candidate,
}

impl SkillState {
    /// All of them, the most proven first.
    pub const ALL: [Self; 3] = [Self::Stable, Self::Supervised, Self::Candidate];

    /// Its name, which is the folder's and stands in `learning_state`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Stable => "stable",
            Self::Supervised => "supervised",
            Self::Candidate => "candidate",
        }
    }
}

/// A file that is not served.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeftOut {
    /// Its path below the data directory.
    pub file: String,
    /// Why.
    pub reason: String,
}

/// Skills and workflows as they were read.
#[derive(Debug, Clone, Default)]
pub struct Loaded {
    /// Each with `id`, `name` and `learning_state`.
    pub skills: Vec<Map<String, Value>>,
    /// Each with `workflow_id` and `name`.
    pub workflows: Vec<Map<String, Value>>,
    /// What is left out.
    pub left_out: Vec<LeftOut>,
}

impl Loaded {
    /// The same in the order in which it is served: skills by name, of those of one name the most proven first, which is the one
    /// that a client finds that takes the first; workflows by id.
    #[must_use]
    pub fn in_order(mut self) -> Self {
        let text = |of: &Map<String, Value>, name: &str| of.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
        let rank = |of: &Map<String, Value>| {
            let state = text(of, "learning_state");
            SkillState::ALL.iter().position(|known| known.name() == state)
        };
        self.skills.sort_by_cached_key(|skill| (text(skill, "name"), rank(skill), text(skill, "id")));
        self.workflows.sort_by_cached_key(|workflow| text(workflow, "workflow_id"));
        self.left_out.sort_by(|a, b| a.file.cmp(&b.file));
        self
    }

    /// The version of what is served.
    pub fn version(&self) -> String {
        version_of(&self.skills, &self.workflows)
    }
}

/// Where a server's skills and workflows come from.
pub trait Content: Send + Sync {
    /// Changes when any of them does.
    ///
    /// # Errors
    /// When it cannot be looked.
    fn fingerprint(&self) -> Result<Fingerprint>;
    /// All of them, in order.
    ///
    /// # Errors
    /// When none can be read; a single one that cannot is left out.
    fn load(&self) -> Result<Loaded>;
    /// Whether the very places where they are kept are not there: nothing was ever kept, or a disk is missing.
    fn is_gone(&self) -> bool;
}

/// Which version is served, and since when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stamp {
    /// The version.
    pub version: String,
    /// When it came to be served.
    pub synced_at: Time,
}

impl Stamp {
    /// The stamp of `version` after `before`: the same while the version is, else `now`, but always later than the one before, be the
    /// clock set back. So a client that knows a later one has seen a newer snapshot.
    pub fn after(before: Option<Self>, version: String, now: Time) -> Self {
        match before {
            Some(before) if before.version == version => before,
            Some(before) => Self { version, synced_at: now.max(Time::from_micros(before.synced_at.micros().saturating_add(1))) },
            None => Self { version, synced_at: now },
        }
    }
}

/// Where a server remembers what it serves, across restarts.
pub trait Ledger {
    /// What was served last.
    fn served(&mut self) -> Result<Option<Stamp>>;
    /// Notes what is served from now on.
    fn serve(&mut self, stamp: &Stamp) -> Result<()>;
}

/// How deep `of` is nested: 0 for what holds nothing, 1 for a flat list or object.
pub fn depth_of(of: &Value) -> usize {
    let below = match of {
        Value::Array(items) => items.iter().map(depth_of).max(),
        Value::Object(members) => members.values().map(depth_of).max(),
        _ => return 0,
    };
    1 + below.unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    fn objects(of: Value) -> Vec<Map<String, Value>> {
        serde_json::from_value(of).unwrap()
    }

    #[test]
    fn the_order_is_that_of_the_content_and_not_of_the_folder() {
        let loaded = Loaded {
            skills: objects(json!([
                { "id": "b", "name": "Ouvrir", "learning_state": "candidate" },
                { "id": "c", "name": "Ouvrir", "learning_state": "stable" },
                { "id": "a", "name": "Fermer", "learning_state": "candidate" },
            ])),
            workflows: objects(json!([{ "workflow_id": "2" }, { "workflow_id": "1" }])),
            left_out: Vec::new(),
        };
        let mut turned = loaded.clone();
        turned.skills.reverse();
        turned.workflows.reverse();
        let (loaded, turned) = (loaded.in_order(), turned.in_order());
        assert_eq!(loaded.skills.iter().map(|skill| skill["id"].as_str().unwrap()).collect::<Vec<_>>(), ["a", "c", "b"]);
        assert_eq!(loaded.version(), turned.version());
    }

    #[test]
    fn depth_is_counted_as_readers_count_it() {
        assert_eq!((depth_of(&json!(1)), depth_of(&json!([])), depth_of(&json!({ "a": [{ "b": 1 }] }))), (0, 1, 3));
    }

    proptest! {
        #[test]
        fn a_stamp_stands_still_with_its_content_and_never_goes_back(steps in prop::collection::vec(("[ab]", -5_i64..5), 1..40)) {
            let mut now = 1_000_i64;
            let mut last: Option<Stamp> = None;
            for (version, passed) in steps {
                now += passed;
                let next = Stamp::after(last.clone(), version.clone(), Time::from_micros(now));
                prop_assert_eq!(&next.version, &version);
                if let Some(last) = last {
                    prop_assert_eq!(last.version == version, last.synced_at == next.synced_at);
                    prop_assert!(next.synced_at >= last.synced_at);
                }
                last = Some(next);
            }
        }
    }
}
