//! Where the fleet is looked after: on a server, or in the data directory. Both give the same answers.

use lea::api::{AgentAnswer, AgentView, FleetAnswer, HistoryAnswer, KeyRequest, KeyView, KeysAnswer, TokenAnswer, UninstallAnswer};
use lea::client::{Client, FleetQuery};
use lea::clock::{Clock, Time};
use lea::error::{Error, Result};
use lea::fleet::{self, Caller};
use lea::store::Database;

use crate::context::Context;

/// A server, or the data directory.
pub(super) enum Place {
    /// By HTTP, with the operator's token.
    Server(Client),
    /// The database itself, at this time.
    Local(Database, Time),
}

impl Place {
    /// The place that the settings name.
    pub(super) fn open(context: &Context) -> Result<Self> {
        if context.is_local() {
            let path = context.database_path();
            tracing::info!(database = %path.display(), "working on the data directory");
            let now = context.clock.now();
            return Ok(Self::Local(Database::open_existing(&path, now)?, now));
        }
        Ok(Self::Server(context.operator_client()?))
    }

    /// The whole fleet, with the open conflicts if asked for.
    pub(super) fn fleet(&self, conflicts: bool) -> Result<FleetAnswer> {
        match self {
            Self::Server(client) => client.fleet(&FleetQuery { conflicts, ..FleetQuery::default() }),
            Self::Local(database, _) => database.read(|registry| {
                let mut answer = FleetAnswer::whole(registry.all()?);
                if conflicts {
                    answer.conflicts = Some(registry.conflicts()?.into_iter().map(Into::into).collect());
                }
                Ok(answer)
            }),
        }
    }

    /// One machine.
    pub(super) fn agent(&self, machine: &str) -> Result<AgentAnswer> {
        match self {
            Self::Server(client) => client.agent(machine),
            Self::Local(database, _) => database.read(|registry| Ok(AgentView::from(&fleet::find_agent(registry, machine)?.agent).into())),
        }
        .map_err(|error| unknown(error, machine))
    }

    /// What happened to a machine.
    pub(super) fn history(&self, machine: &str) -> Result<HistoryAnswer> {
        match self {
            Self::Server(client) => client.history(machine),
            Self::Local(database, _) => database.read(|registry| HistoryAnswer::read(registry, machine)),
        }
        .map_err(|error| unknown(error, machine))
    }

    /// Takes a machine out of the fleet.
    pub(super) fn uninstall(&self, machine: &str, reason: Option<&str>) -> Result<UninstallAnswer> {
        match self {
            Self::Server(client) => client.uninstall(machine, reason),
            Self::Local(database, now) => {
                database.write(|registry| Ok(UninstallAnswer::of(&fleet::uninstall(registry, machine, reason, &Caller::Local, *now)?)))
            }
        }
        .map_err(|error| unknown(error, machine))
    }

    /// Gives a machine a new token.
    pub(super) fn rotate_token(&self, machine: &str) -> Result<TokenAnswer> {
        match self {
            Self::Server(client) => client.rotate_token(machine),
            Self::Local(database, now) => database.write(|registry| {
                let (agent, token) = fleet::rotate_token(registry, machine, &Caller::Local, *now)?;
                Ok(TokenAnswer::of(&agent, &token))
            }),
        }
        .map_err(|error| unknown(error, machine))
    }

    /// Makes an enrollment key.
    pub(super) fn create_key(&self, request: &KeyRequest) -> Result<KeyView> {
        match self {
            Self::Server(client) => client.create_key(request),
            Self::Local(database, now) => {
                let lifetime = request.lifetime()?;
                database.write(|registry| {
                    let (key, token) = fleet::create_key(registry, &request.name, lifetime, request.max_uses, *now)?;
                    Ok(KeyView::made(key, &token))
                })
            }
        }
    }

    /// All enrollment keys.
    pub(super) fn keys(&self) -> Result<KeysAnswer> {
        match self {
            Self::Server(client) => client.keys(),
            Self::Local(database, _) => {
                database.read(|registry| Ok(KeysAnswer { keys: registry.keys()?.into_iter().map(Into::into).collect() }))
            }
        }
    }

    /// Revokes an enrollment key.
    pub(super) fn revoke_key(&self, id: &str) -> Result<KeyView> {
        match self {
            Self::Server(client) => client.revoke_key(id),
            Self::Local(database, now) => database.write(|registry| Ok(fleet::revoke_key(registry, id, *now)?.into())),
        }
    }
}

/// The error with the id that nothing is known of, and where to look for it.
fn unknown(error: Error, machine: &str) -> Error {
    match error.code() {
        "unknown_machine" => error.led_by(&format!("{machine}: ")).hint("`lea fleet list` shows the machines that there are"),
        _ => error,
    }
}
