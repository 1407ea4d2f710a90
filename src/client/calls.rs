//! The calls about machines, one method each, with the types of [`api`](crate::api).

use std::time::Duration;

use reqwest::Method;
use secrecy::SecretString;

use super::http::{Call, Client, json_body};
use crate::api::{
    AgentAnswer, EnrollAnswer, EnrollRequest, FleetAnswer, HeartbeatAnswer, HeartbeatRequest, HistoryAnswer, KeyRequest, KeyView,
    KeysAnswer, TokenAnswer, UninstallAnswer, UninstallRequest, is_reserved,
};
use crate::error::{Error, Kind, Result};

/// Which part of the fleet is asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FleetQuery {
    /// `active` or `uninstalled`; both when absent.
    pub status: Option<String>,
    /// Machines a page; the whole fleet when absent.
    pub limit: Option<usize>,
    /// Where the page begins.
    pub cursor: Option<String>,
    /// Whether to add the open conflicts.
    pub conflicts: bool,
}

/// How an enrollment is sent.
#[derive(Clone, Copy, Default)]
pub struct EnrollCall<'a> {
    /// Shown instead of the client's own token.
    pub token: Option<&'a SecretString>,
    /// Makes the request repeatable within 24 h, with the same body.
    pub idempotency_key: Option<&'a str>,
    /// Shorter than the client's own.
    pub timeout: Option<Duration>,
}

/// Each fails with the server's own refusal, or with why no answer came.
/// Refuses to ask for a machine whose id would be another path: there is none of that name.
fn nameable(machine_id: &str) -> Result<()> {
    if is_reserved(machine_id) {
        return Err(Error::new(Kind::NotFound, "unknown_machine", "there is no machine of that id"));
    }
    Ok(())
}

impl Client {
    /// Enrolls a machine.
    ///
    /// # Errors
    /// [`Kind::Conflict`] with `fields` (and `agent`, for an operator) when it is there already.
    pub fn enroll(&self, request: &EnrollRequest, how: EnrollCall<'_>) -> Result<EnrollAnswer> {
        let body = Some(json_body(request)?);
        let call = Call { token: how.token, idempotency_key: how.idempotency_key, timeout: how.timeout, body, ..Call::default() };
        self.agents(Method::POST, &["enroll"], call)
    }

    /// One machine.
    pub fn agent(&self, machine_id: &str) -> Result<AgentAnswer> {
        nameable(machine_id)?;
        self.agents(Method::GET, &[machine_id], Call::default())
    }

    /// Takes a machine out of the fleet.
    pub fn uninstall(&self, machine_id: &str, reason: Option<&str>) -> Result<UninstallAnswer> {
        let request = UninstallRequest { machine_id: machine_id.to_owned(), reason: reason.map(str::to_owned) };
        self.agents(Method::POST, &["uninstall"], Call { body: Some(json_body(&request)?), ..Call::default() })
    }

    /// Says that a machine lives.
    pub fn heartbeat(&self, machine_id: &str) -> Result<HeartbeatAnswer> {
        let request = HeartbeatRequest { machine_id: machine_id.to_owned() };
        self.agents(Method::POST, &["heartbeat"], Call { body: Some(json_body(&request)?), ..Call::default() })
    }

    /// Gives a machine a new token; the old one is dead.
    pub fn rotate_token(&self, machine_id: &str) -> Result<TokenAnswer> {
        nameable(machine_id)?;
        self.agents(Method::POST, &[machine_id, "token"], Call::default())
    }

    /// The fleet, or a page of it.
    pub fn fleet(&self, query: &FleetQuery) -> Result<FleetAnswer> {
        let mut pairs = Vec::new();
        let mut add = |name, value: Option<String>| pairs.extend(value.map(|value| (name, value)));
        add("status", query.status.clone());
        add("limit", query.limit.map(|limit| limit.to_string()));
        add("cursor", query.cursor.clone());
        add("conflicts", query.conflicts.then(|| "true".to_owned()));
        self.agents(Method::GET, &["fleet"], Call { query: &pairs, ..Call::default() })
    }

    /// Everything that happened to a machine.
    pub fn history(&self, machine_id: &str) -> Result<HistoryAnswer> {
        nameable(machine_id)?;
        self.agents(Method::GET, &[machine_id, "history"], Call::default())
    }

    /// Makes an enrollment key; the answer is the only place that holds it.
    pub fn create_key(&self, request: &KeyRequest) -> Result<KeyView> {
        self.agents(Method::POST, &["keys"], Call { body: Some(json_body(request)?), ..Call::default() })
    }

    /// All enrollment keys.
    pub fn keys(&self) -> Result<KeysAnswer> {
        self.agents(Method::GET, &["keys"], Call::default())
    }

    /// Ends an enrollment key.
    pub fn revoke_key(&self, id: &str) -> Result<KeyView> {
        self.agents(Method::DELETE, &["keys", id], Call::default())
    }
}
