//! Requests and answers about machines.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

use crate::clock::Time;
use crate::error::{Error, FieldFault, Kind, Result};
use crate::fleet::{
    Agent, Claim, Conflict, Enrolled, EnrollmentKey, Entry, Facts, MAX_IDEMPOTENCY_KEY_CHARS, Order, Outcome, Page, Place, Record,
    Registry, Status, Token, find_agent, parse_lifetime,
};
use crate::id::MachineId;

/// Words that stand in paths where a machine's id may stand: a machine of that name could not be asked for.
const RESERVED: [&str; 7] = ["default", "enroll", "fleet", "heartbeat", "keys", "uninstall", "update"];

/// Whether no machine can be called so, for it is a word of the paths.
pub fn is_reserved(machine_id: &str) -> bool {
    RESERVED.iter().any(|word| word.eq_ignore_ascii_case(machine_id.trim()))
}

/// `POST /agents/enroll`.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct EnrollRequest {
    /// Id of the machine; trimmed. 1 to 128 of `A-Z a-z 0-9 . _ -`.
    pub machine_id: String,
    /// Name of the person at the machine.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_name: Option<String>,
    /// Their e-mail address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_email: Option<String>,
    /// Their id in the organisation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_id: Option<String>,
    /// Name of the machine on its network.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hostname: Option<String>,
    /// Operating system and its version.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub os_info: Option<String>,
    /// Version of the agent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// Whether a machine that was uninstalled may come back; true unless said otherwise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub allow_reactivate: Option<bool>,
    /// Operators only: issue a new token although the machine is active.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub force: Option<bool>,
}

/// One machine: the columns of the registry table.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AgentView {
    /// Row number.
    pub id: i64,
    /// Id of the machine, as it was first spelled.
    pub machine_id: String,
    /// Name of the person at the machine.
    pub user_name: Option<String>,
    /// Their e-mail address.
    pub user_email: Option<String>,
    /// Their id in the organisation.
    pub user_id: Option<String>,
    /// Name of the machine on its network.
    pub hostname: Option<String>,
    /// Operating system and its version.
    pub os_info: Option<String>,
    /// Version of the agent.
    pub version: Option<String>,
    /// `active` or `uninstalled`.
    pub status: String,
    /// When it was last enrolled; null only if an older program stored no readable time.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub enrolled_at: Option<Time>,
    /// When it was last heard of.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub last_seen_at: Option<Time>,
    /// When it was uninstalled.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub uninstalled_at: Option<Time>,
    /// Why it was uninstalled.
    pub uninstall_reason: Option<String>,
    /// Present and true when the id would not be accepted today; such a machine can only be uninstalled.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub legacy: bool,
}

/// The answer to an enrollment that holds.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
pub struct EnrollAnswer {
    /// `enrolled`, `reactivated`, or `already_enrolled`.
    pub status: String,
    /// Id of the machine, as it was first spelled.
    pub machine_id: String,
    /// The machine's token; absent when nothing changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub api_token: Option<String>,
    /// The machine.
    pub agent: AgentView,
    /// Names of fields that were offered and differ from what is known; nothing was changed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<String>,
}

/// `POST /agents/uninstall`.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct UninstallRequest {
    /// Id of the machine.
    pub machine_id: String,
    /// Why, for the history.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// The answer to an uninstallation, the first or a repeated one.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
pub struct UninstallAnswer {
    /// `uninstalled`.
    pub status: String,
    /// Id of the machine.
    pub machine_id: String,
    /// The machine, with the first uninstallation's time and reason.
    pub agent: AgentView,
}

/// `POST /agents/heartbeat`.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct HeartbeatRequest {
    /// Id of the machine.
    pub machine_id: String,
}

/// The answer to a heartbeat.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct HeartbeatAnswer {
    /// `ok`.
    pub status: String,
    /// Id of the machine.
    pub machine_id: String,
    /// The time that was noted.
    #[schema(value_type = String, format = DateTime)]
    pub last_seen_at: Time,
}

/// The answer to `POST /agents/{machine_id}/token`.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
pub struct TokenAnswer {
    /// `rotated`.
    pub status: String,
    /// Id of the machine.
    pub machine_id: String,
    /// The new token; the old one is dead.
    pub api_token: String,
    /// The machine.
    pub agent: AgentView,
}

/// How many machines there are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Totals {
    /// Active ones.
    pub active: u64,
    /// Uninstalled ones.
    pub uninstalled: u64,
}

/// The fleet, or a page of it; newest enrollment first.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
pub struct FleetAnswer {
    /// Active machines.
    pub active: Vec<AgentView>,
    /// Uninstalled machines.
    pub uninstalled: Vec<AgentView>,
    /// Of the whole fleet, whatever the page holds.
    pub totals: Totals,
    /// With `limit`: where the next page begins; null on the last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub next_cursor: Option<Option<String>>,
    /// With `conflicts=true`: the enrollments that were refused or noticed and not settled since.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub conflicts: Option<Vec<ConflictView>>,
}

/// An active machine that was offered again with other facts.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
pub struct ConflictView {
    /// Id of the machine.
    pub machine_id: String,
    /// When it was offered.
    #[schema(value_type = String, format = DateTime)]
    pub at: Time,
    /// Names of the fields that differ.
    pub fields: Vec<String>,
    /// What was offered in those fields.
    #[schema(value_type = Object)]
    pub offered: Map<String, Value>,
    /// Whether the enrollment was refused, or let through on the proof of the machine's token.
    pub refused: bool,
}

/// One machine.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
pub struct AgentAnswer {
    /// The machine's own status.
    #[serde(default)]
    pub status: String,
    /// Id of the machine, as it was first spelled.
    #[serde(default)]
    pub machine_id: String,
    /// The machine.
    pub agent: AgentView,
}

/// Everything that happened to a machine, oldest first.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
pub struct HistoryAnswer {
    /// Id of the machine.
    pub machine_id: String,
    /// What happened.
    pub history: Vec<HistoryView>,
}

/// One thing that happened to a machine.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
pub struct HistoryView {
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub at: Time,
    /// What: `imported`, `enrolled`, `reactivated`, `forced`, `token_reissued`, `conflict`, `uninstalled`, `token_rotated`, `version_changed`.
    pub event: String,
    /// Who: `operator`, `machine`, `key:NAME`, `local`.
    pub actor: String,
    /// The row as it was after the event, or what was offered in a conflict.
    #[schema(value_type = Object)]
    pub detail: Value,
}

/// `POST /agents/keys`.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct KeyRequest {
    /// What the key is for, 1 to 128 characters.
    pub name: String,
    /// How long it works: `90m`, `24h`, `7d`, or seconds; absent or null: until revoked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub expires_in: Option<Lifetime>,
    /// How many machines it may enroll; absent or null: any number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_uses: Option<u32>,
}

/// A length of time as text with a unit, or as seconds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged, expecting = "must be a length of time such as 90m, 24h or 7d, or a number of seconds")]
pub enum Lifetime {
    /// Seconds.
    Seconds(u64),
    /// A number with `s`, `m`, `h` or `d`.
    Text(String),
}

/// An enrollment key.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
pub struct KeyView {
    /// Id of the key, for revoking it.
    pub id: String,
    /// The key itself; only in the answer to its creation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// What it is for.
    pub name: String,
    /// When it stops working.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub expires_at: Option<Time>,
    /// How many machines it may enroll.
    pub max_uses: Option<u32>,
    /// How many it has enrolled.
    pub uses: u32,
    /// When it was made.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Time,
    /// When it last enrolled a machine.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub last_used_at: Option<Time>,
    /// When it was revoked.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub revoked_at: Option<Time>,
}

/// All enrollment keys, newest first.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
pub struct KeysAnswer {
    /// The keys.
    pub keys: Vec<KeyView>,
}

impl From<&Agent> for AgentView {
    fn from(agent: &Agent) -> Self {
        let facts = agent.facts.clone();
        Self {
            id: agent.id,
            machine_id: agent.machine_id.clone(),
            user_name: facts.user_name,
            user_email: facts.user_email,
            user_id: facts.user_id,
            hostname: facts.hostname,
            os_info: facts.os_info,
            version: facts.version,
            status: agent.status.as_str().to_owned(),
            enrolled_at: agent.enrolled_at,
            last_seen_at: agent.last_seen_at,
            uninstalled_at: agent.uninstalled_at,
            uninstall_reason: agent.uninstall_reason.clone(),
            legacy: agent.is_legacy(),
        }
    }
}

impl From<Conflict> for ConflictView {
    fn from(conflict: Conflict) -> Self {
        let Conflict { machine_id, at, fields, offered, refused, .. } = conflict;
        Self { machine_id, at, fields, offered, refused }
    }
}

impl From<Entry> for HistoryView {
    fn from(entry: Entry) -> Self {
        let Entry { at, event, actor, detail, .. } = entry;
        Self { at, event, actor, detail }
    }
}

impl From<EnrollmentKey> for KeyView {
    fn from(key: EnrollmentKey) -> Self {
        let EnrollmentKey { id, name, created_at, expires_at, max_uses, uses, last_used_at, revoked_at, .. } = key;
        Self { id, key: None, name, expires_at, max_uses, uses, created_at, last_used_at, revoked_at }
    }
}

impl KeyView {
    /// A key that was just made, with the key itself.
    pub fn made(key: EnrollmentKey, token: &Token) -> Self {
        Self { key: Some(token.expose().to_owned()), ..key.into() }
    }
}

impl EnrollRequest {
    /// The order that this request stands for.
    ///
    /// # Errors
    /// Every field that cannot be used, at once.
    pub fn into_order(self, claim: Claim, idempotency_key: Option<String>) -> Result<Order> {
        let reserved =
            || Error::new(Kind::Validation, "invalid_id", "a machine id must not be a word that this interface uses in its paths");
        let free = |machine: &MachineId| !is_reserved(machine.as_str());
        let machine = self.machine_id.parse::<MachineId>().and_then(|machine| if free(&machine) { Ok(machine) } else { Err(reserved()) });
        let facts = Facts {
            user_name: self.user_name,
            user_email: self.user_email,
            user_id: self.user_id,
            hostname: self.hostname,
            os_info: self.os_info,
            version: self.version,
        };
        let mut faults = facts.faults();
        if idempotency_key.as_ref().is_some_and(|key| key.is_empty() || key.chars().count() > MAX_IDEMPOTENCY_KEY_CHARS) {
            let why = format!("must be 1 to {MAX_IDEMPOTENCY_KEY_CHARS} characters");
            faults.push(FieldFault::new(&["header", "Idempotency-Key"], "value_error", why));
        }
        match machine {
            Ok(machine) if faults.is_empty() => {
                let (allow_reactivate, force) = (self.allow_reactivate.unwrap_or(true), self.force.unwrap_or(false));
                Ok(Order { machine, facts, allow_reactivate, force, claim, idempotency_key })
            }
            Ok(_) => Err(Error::faults(faults)),
            Err(invalid) => {
                faults.insert(0, FieldFault::new(&["body", "machine_id"], "value_error", invalid.message()));
                Err(Error::faults(faults))
            }
        }
    }
}

impl EnrollAnswer {
    /// What an enrollment that ended in `outcome` is answered.
    ///
    /// # Errors
    /// The refusal, with the row that stands in the way where the caller may see it.
    pub fn of(outcome: Outcome) -> Result<Self> {
        match outcome {
            Outcome::Enrolled(done) => {
                let Enrolled { status, agent, token, anew: _ } = *done;
                let machine_id = agent.machine_id.clone();
                Ok(Self {
                    status,
                    machine_id,
                    api_token: Some(token.expose().to_owned()),
                    agent: AgentView::from(&agent),
                    fields: Vec::new(),
                })
            }
            Outcome::Same { agent, fields } => Ok(Self {
                status: "already_enrolled".to_owned(),
                machine_id: agent.machine_id.clone(),
                api_token: None,
                agent: AgentView::from(&*agent),
                fields: fields.into_iter().map(str::to_owned).collect(),
            }),
            Outcome::Refused { error, row } => Err(match row {
                Some(agent) => error.detail("agent", serde_json::json!(AgentView::from(&*agent))),
                None => error,
            }),
        }
    }
}

impl From<AgentView> for AgentAnswer {
    fn from(agent: AgentView) -> Self {
        Self { status: agent.status.clone(), machine_id: agent.machine_id.clone(), agent }
    }
}

impl UninstallAnswer {
    /// The answer about `agent`, which is uninstalled.
    pub fn of(agent: &Agent) -> Self {
        Self { status: "uninstalled".to_owned(), machine_id: agent.machine_id.clone(), agent: AgentView::from(agent) }
    }
}

impl TokenAnswer {
    /// The answer about `agent`, which was given `token`.
    pub fn of(agent: &Agent, token: &Token) -> Self {
        let api_token = token.expose().to_owned();
        Self { status: "rotated".to_owned(), machine_id: agent.machine_id.clone(), api_token, agent: AgentView::from(agent) }
    }
}

impl FleetAnswer {
    /// A page of the fleet. `limited` says whether a limit was asked for: only then is there a cursor.
    pub fn of(page: Page<AgentView>, totals: Totals, limited: bool) -> Self {
        let next_cursor = limited.then(|| page.next.map(|place| place.to_string()));
        let (active, uninstalled) = page.items.into_iter().partition(|agent| agent.status == Status::Active.as_str());
        Self { active, uninstalled, totals, next_cursor, conflicts: None }
    }
}

impl FleetAnswer {
    /// The whole fleet.
    pub fn whole(mut records: Vec<Record>) -> Self {
        records.sort_by_key(|record| Place::of(&record.agent));
        let views = records.iter().map(|record| AgentView::from(&record.agent)).collect();
        let mut answer = Self::of(Page { items: views, next: None }, Totals::default(), false);
        answer.totals = Totals { active: answer.active.len() as u64, uninstalled: answer.uninstalled.len() as u64 };
        answer
    }
}

impl KeyRequest {
    /// How long the key is to work.
    ///
    /// # Errors
    /// When the length cannot be read.
    pub fn lifetime(&self) -> Result<Option<Duration>> {
        let text = match &self.expires_in {
            None => return Ok(None),
            Some(Lifetime::Seconds(seconds)) => seconds.to_string(),
            Some(Lifetime::Text(text)) => text.clone(),
        };
        parse_lifetime(&text).map(Some).map_err(|invalid| Error::field(&["body", "expires_in"], "value_error", invalid.message()))
    }
}

impl HistoryAnswer {
    /// What `registry` knows of the past of the machine called `text`.
    ///
    /// # Errors
    /// When nobody has that id, or the registry fails.
    pub fn read(registry: &mut dyn Registry, text: &str) -> Result<Self> {
        let agent = find_agent(registry, text)?.agent;
        let history = registry.history(agent.id)?.into_iter().map(Into::into).collect();
        Ok(Self { machine_id: agent.machine_id, history })
    }
}
