//! Whose a session is, and who may speak in it.

use std::fmt;
use std::str::FromStr;

use serde::Serialize;

use crate::error::{Error, Kind, Result};
use crate::id::{self, MachineId};

/// What stands for a machine where nobody says which: `default` names none.
const NOBODY: &str = "default";

/// The id of a session: checked, never trimmed. Two that differ only in case would share a folder on some systems; see
/// [`SessionId::key`].
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(transparent)]
pub struct SessionId(String);

impl SessionId {
    /// The id as it was given.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The id folded to lower case.
    pub fn key(&self) -> String {
        self.0.to_ascii_lowercase()
    }

    /// Whether an agent runs it, by the name that agents give: `sess_…`.
    pub fn is_agents(&self) -> bool {
        self.0.starts_with("sess_")
    }
}

impl fmt::Display for SessionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for SessionId {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        match id::check(text) {
            None => Ok(Self(text.to_owned())),
            Some(why) => Err(Error::new(Kind::Validation, "invalid_id", format!("a session id {why}"))),
        }
    }
}

/// Whose a session is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Owner {
    /// Nobody said; the session is a machine of its own.
    Nobody,
    /// A machine.
    Machine(MachineId),
}

impl Owner {
    /// Reads a machine's name as callers give it: nothing, white space and `default` name none.
    ///
    /// # Errors
    /// [`Kind::Validation`] when it is no id.
    pub fn named(text: Option<&str>) -> Result<Self> {
        match text.map(id::trim) {
            None | Some("") => Ok(Self::Nobody),
            Some(text) if text.eq_ignore_ascii_case(NOBODY) => Ok(Self::Nobody),
            Some(text) => Ok(Self::Machine(text.parse()?)),
        }
    }

    /// The machine's id, or `default`.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Nobody => NOBODY,
            Self::Machine(machine) => machine.as_str(),
        }
    }

    /// What the work of this owner's session is kept under: the machine's folded id, or the session where there is none. An id
    /// holds no slash, so that no machine can be called like a session.
    pub fn lane(&self, session: &SessionId) -> String {
        match self {
            Self::Nobody => format!("{NOBODY}/{}", session.key()),
            Self::Machine(machine) => machine.key(),
        }
    }

    /// The session (folded) whose lane is called so, if it is one of nobody's sessions.
    pub fn session_of_lane(lane: &str) -> Option<&str> {
        lane.split_once('/').map(|(_, session)| session)
    }

    /// The machine, if it is one's.
    pub fn machine(&self) -> Option<&MachineId> {
        match self {
            Self::Nobody => None,
            Self::Machine(machine) => Some(machine),
        }
    }

    /// Whether both are the same machine, in any case; two nobodies are not.
    pub fn is_machine(&self, other: &MachineId) -> bool {
        matches!(self, Self::Machine(machine) if machine.key() == other.key())
    }
}

/// Who speaks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Speaker {
    /// An operator, or an older agent with the operator's token, for the owner that it names.
    Operator(Owner),
    /// A machine, by its own token.
    Machine(MachineId),
}

impl Speaker {
    /// Whom a session becomes when this speaker is the first in it.
    pub fn owner(&self) -> Owner {
        match self {
            Self::Operator(owner) => owner.clone(),
            Self::Machine(machine) => Owner::Machine(machine.clone()),
        }
    }
}

/// What a speaker may do with a session that is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Claim {
    /// Speak in it.
    Speak,
    /// Speak in it; it was nobody's and is this machine's from now on.
    Adopt(MachineId),
}

/// Whether `speaker` may speak in a session of `owner`. A session is never taken from a machine; one that is nobody's becomes that of the
/// machine that takes it up, by its own token or by an operator's word.
///
/// # Errors
/// [`Kind::Forbidden`] `other_machine` for a machine's token, [`Kind::Conflict`] `session_of_other_machine` otherwise.
pub fn claim(owner: &Owner, speaker: &Speaker) -> Result<Claim> {
    match (owner, speaker) {
        (_, Speaker::Operator(Owner::Nobody)) => Ok(Claim::Speak),
        (Owner::Nobody, Speaker::Operator(Owner::Machine(machine)) | Speaker::Machine(machine)) => Ok(Claim::Adopt(machine.clone())),
        (owner, Speaker::Operator(Owner::Machine(machine)) | Speaker::Machine(machine)) if owner.is_machine(machine) => Ok(Claim::Speak),
        (_, Speaker::Operator(Owner::Machine(_))) => {
            Err(Error::new(Kind::Conflict, "session_of_other_machine", "the session belongs to another machine")
                .hint("start a session of its own for each machine"))
        }
        (_, Speaker::Machine(_)) => Err(Error::new(Kind::Forbidden, "other_machine", "the session belongs to another machine")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn machine(name: &str) -> MachineId {
        name.parse().unwrap()
    }

    #[test]
    fn a_session_is_never_taken_from_a_machine() {
        let (a, b) = (Owner::Machine(machine("PC-A")), machine("pc-b"));
        assert_eq!(claim(&a, &Speaker::Operator(Owner::Machine(b.clone()))).unwrap_err().code(), "session_of_other_machine");
        assert_eq!(claim(&a, &Speaker::Machine(b.clone())).unwrap_err().kind(), Kind::Forbidden);
        assert_eq!(claim(&a, &Speaker::Machine(machine("pc-a"))).unwrap(), Claim::Speak);
        assert_eq!(claim(&a, &Speaker::Operator(Owner::Nobody)).unwrap(), Claim::Speak);
        assert_eq!(claim(&Owner::Nobody, &Speaker::Operator(Owner::Machine(b.clone()))).unwrap(), Claim::Adopt(b.clone()));
        assert_eq!(claim(&Owner::Nobody, &Speaker::Machine(b.clone())).unwrap(), Claim::Adopt(b));
    }

    #[test]
    fn nobody_has_many_names_and_each_of_its_sessions_a_lane_of_its_own() {
        for text in [None, Some(""), Some(" "), Some("default"), Some("Default")] {
            assert_eq!(Owner::named(text).unwrap(), Owner::Nobody, "{text:?}");
        }
        assert!(Owner::named(Some("a/b")).is_err());
        let session: SessionId = "Sess_1".parse().unwrap();
        assert_eq!(Owner::Nobody.lane(&session), "default/sess_1");
        assert_eq!((Owner::session_of_lane("default/sess_1"), Owner::session_of_lane("pc-a")), (Some("sess_1"), None));
        assert_eq!(Owner::Machine(machine("PC-A")).lane(&session), "pc-a");
    }
}
