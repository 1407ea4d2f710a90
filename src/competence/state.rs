//! How far a competence has come.

use serde::{Deserialize, Serialize};

use crate::error::{Error, Kind, Result};

/// How far a competence has come; also the folder that it is kept in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// Learned, and not tried.
    Candidate,
    /// Replayed once, and looked at by a person.
    Supervised,
    /// Proven in several places.
    Stable,
}

impl State {
    /// Every state, the first one first.
    pub const ALL: [Self; 3] = [Self::Candidate, Self::Supervised, Self::Stable];

    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Candidate => "candidate",
            Self::Supervised => "supervised",
            Self::Stable => "stable",
        }
    }

    /// The state of that name.
    ///
    /// # Errors
    /// When there is none.
    pub fn named(word: &str) -> Result<Self> {
        Self::ALL
            .into_iter()
            .find(|state| state.word() == word)
            .ok_or_else(|| Error::new(Kind::Input, "unknown_state", "a state is candidate, supervised or stable"))
    }
}

impl std::fmt::Display for State {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.word())
    }
}

/// Where a competence is kept, from the data directory on.
pub fn path_of(state: State, slug: &str) -> String {
    format!("competences/{state}/{slug}.yaml")
}
