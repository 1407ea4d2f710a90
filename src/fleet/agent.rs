//! A machine's row, and what is said about it.

use std::time::Duration;

use crate::clock::Time;
use crate::error::FieldFault;
use crate::fleet::TokenHash;
use crate::id;

/// The longest text of a fact, in characters.
pub const MAX_FACT_CHARS: usize = 512;

/// A machine cannot have been heard of so far in the future: such a time is what a wrong clock left behind.
pub const WRONG_CLOCK: Duration = Duration::from_mins(5);

/// The names of the facts, as columns and as fields of a request.
pub const FACT_NAMES: [&str; 6] = ["user_name", "user_email", "user_id", "hostname", "os_info", "version"];

/// Whether a machine belongs to the fleet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// Enrolled.
    Active,
    /// Enrolled once; its row and its history are kept.
    Uninstalled,
}

impl Status {
    /// The word in the database and on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Uninstalled => "uninstalled",
        }
    }
}

/// What an enrollment says about a machine and the person at it.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Facts {
    /// Name of the person.
    pub user_name: Option<String>,
    /// Their e-mail address.
    pub user_email: Option<String>,
    /// Their id in the organisation.
    pub user_id: Option<String>,
    /// Name of the machine on its network.
    pub hostname: Option<String>,
    /// Operating system and version.
    pub os_info: Option<String>,
    /// Version of the agent.
    pub version: Option<String>,
}

impl Facts {
    /// The facts in the order of [`FACT_NAMES`].
    pub fn values(&self) -> [Option<&str>; 6] {
        [&self.user_name, &self.user_email, &self.user_id, &self.hostname, &self.os_info, &self.version].map(Option::as_deref)
    }

    /// These facts, with what they leave unsaid taken from `known`.
    #[must_use]
    pub fn or(self, known: &Self) -> Self {
        let pick = |new: Option<String>, old: &Option<String>| new.or_else(|| old.clone());
        Self {
            user_name: pick(self.user_name, &known.user_name),
            user_email: pick(self.user_email, &known.user_email),
            user_id: pick(self.user_id, &known.user_id),
            hostname: pick(self.hostname, &known.hostname),
            os_info: pick(self.os_info, &known.os_info),
            version: pick(self.version, &known.version),
        }
    }

    /// The names of the facts that `offered` states otherwise than these. A host's name has no case.
    pub fn differing(&self, offered: &Self) -> Vec<&'static str> {
        let pairs = self.values().into_iter().zip(offered.values());
        FACT_NAMES
            .into_iter()
            .zip(pairs)
            .filter(|(name, (known, offered))| match (known, offered) {
                (_, None) => false,
                (Some(known), Some(offered)) if *name == "hostname" => !known.eq_ignore_ascii_case(offered),
                (known, offered) => known != offered,
            })
            .map(|(name, _)| name)
            .collect()
    }

    /// What is too long, as faults of a request's body.
    pub fn faults(&self) -> Vec<FieldFault> {
        let too_long = |text: Option<&str>| text.is_some_and(|text| text.chars().count() > MAX_FACT_CHARS);
        FACT_NAMES
            .into_iter()
            .zip(self.values())
            .filter(|(_, value)| too_long(*value))
            .map(|(name, _)| {
                FieldFault::new(&["body", name], "value_error", format!("must not be longer than {MAX_FACT_CHARS} characters"))
            })
            .collect()
    }
}

/// One machine of the fleet.
#[derive(Clone, PartialEq, Eq)]
pub struct Agent {
    /// Row number; 0 before it has one.
    pub id: i64,
    /// The machine's id as it was first spelled; an older program may have stored one that is no valid id today.
    pub machine_id: String,
    /// What is known about it.
    pub facts: Facts,
    /// Whether it belongs to the fleet.
    pub status: Status,
    /// When it was last enrolled; `None` if an older program stored something that is no time.
    pub enrolled_at: Option<Time>,
    /// When it was last heard of.
    pub last_seen_at: Option<Time>,
    /// When it was uninstalled.
    pub uninstalled_at: Option<Time>,
    /// Why it was uninstalled.
    pub uninstall_reason: Option<String>,
}

impl Agent {
    /// Whether its id would be refused today.
    pub fn is_legacy(&self) -> bool {
        id::check(&self.machine_id).is_some()
    }
}

// Names and addresses of people stay out of logs.
impl std::fmt::Debug for Agent {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Agent")
            .field("id", &self.id)
            .field("machine_id", &self.machine_id)
            .field("status", &self.status)
            .finish_non_exhaustive()
    }
}

/// A machine with the hash of its token, if it has one that works.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// The machine.
    pub agent: Agent,
    /// The hash of its token.
    pub token: Option<TokenHash>,
}
