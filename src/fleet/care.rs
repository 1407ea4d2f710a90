//! What is done to machines that are in the fleet already.

use crate::clock::Time;
use crate::error::{Error, Kind, Result};
use crate::fleet::alive::check_alive;
use crate::fleet::{Agent, Agents, Caller, Entry, Event, Record, Registry, Status, Token, TokenKind};
use crate::id::{self, MachineId};

/// The longest reason for an uninstallation, in characters.
const MAX_REASON_CHARS: usize = 512;

/// The machine called `text`: by id in any case, or, for a row of an older program, by exactly what it stored.
///
/// # Errors
/// [`Kind::Validation`] when it is no id and no old row has it; [`Kind::NotFound`] when nobody has it.
pub fn find_agent(registry: &mut (impl Agents + ?Sized), text: &str) -> Result<Record> {
    let found = match text.parse::<MachineId>() {
        Ok(machine) => registry.find(&machine)?,
        Err(invalid) => match registry.find_exact(text)? {
            None => registry.find_exact(id::trim(text))?,
            found => found,
        }
        .map(Some)
        .ok_or_else(|| Error::field(&["body", "machine_id"], "value_error", invalid.message()))?,
    };
    found.ok_or_else(|| Error::new(Kind::NotFound, "unknown_machine", "there is no machine of that id").hint("`lea fleet list` shows them"))
}

/// Takes a machine out of the fleet; its token is dead from then on. A second time changes nothing.
///
/// # Errors
/// Those of [`find_agent`]; when the reason is too long; when the registry fails.
pub fn uninstall(registry: &mut dyn Registry, machine: &str, reason: Option<&str>, caller: &Caller, now: Time) -> Result<Agent> {
    if reason.is_some_and(|reason| reason.chars().count() > MAX_REASON_CHARS) {
        return Err(Error::field(&["body", "reason"], "value_error", format!("must not be longer than {MAX_REASON_CHARS} characters")));
    }
    check_alive(caller, registry)?;
    let mut record = find_agent(registry, machine)?;
    if record.agent.status == Status::Active {
        record.agent.status = Status::Uninstalled;
        record.agent.uninstalled_at = Some(now);
        record.agent.uninstall_reason = reason.map(str::to_owned);
        record.token = None;
        registry.save(&record)?;
        registry.settle_conflicts(record.agent.id, now)?;
        registry.remember(&Entry::of(&record.agent, now, Event::Uninstalled, caller))?;
    }
    Ok(record.agent)
}

/// The refusal of work for a machine that was uninstalled.
pub fn uninstalled(machine: &MachineId) -> Error {
    Error::new(Kind::Conflict, "uninstalled", format!("the machine {machine} is uninstalled"))
        .hint("enroll it again, or name another machine")
}

/// Refuses work for a machine that was uninstalled. One that never enrolled passes: it may work by an operator's word.
///
/// # Errors
/// [`Kind::Conflict`] `uninstalled`; when the registry fails.
pub fn check_here(agents: &mut (impl Agents + ?Sized), machine: &MachineId) -> Result<()> {
    match agents.find(machine)? {
        Some(Record { agent, .. }) if agent.status == Status::Uninstalled => Err(uninstalled(machine)),
        _ => Ok(()),
    }
}

/// Notes which version of the agent an active machine runs, if that is news.
///
/// # Errors
/// Those of [`find_agent`].
pub fn note_version(registry: &mut dyn Registry, machine: &str, version: &str, caller: &Caller, now: Time) -> Result<()> {
    check_alive(caller, registry)?;
    let mut record = find_agent(registry, machine)?;
    if record.agent.status == Status::Active && record.agent.facts.version.as_deref() != Some(version) {
        record.agent.facts.version = Some(version.to_owned());
        registry.save(&record)?;
        registry.remember(&Entry::of(&record.agent, now, Event::VersionChanged, caller))?;
    }
    Ok(())
}

/// Gives a machine a new token; the old one is dead from then on.
///
/// # Errors
/// Those of [`find_agent`]; [`Kind::Conflict`] when the machine is uninstalled or a row that can only be uninstalled.
pub fn rotate_token(registry: &mut dyn Registry, machine: &str, caller: &Caller, now: Time) -> Result<(Agent, Token)> {
    check_alive(caller, registry)?;
    let mut record = find_agent(registry, machine)?;
    let refuse = |code: &'static str, why: &str| Err(Error::new(Kind::Conflict, code, format!("the machine {why}")));
    if record.agent.status != Status::Active {
        return refuse("uninstalled", "is uninstalled; enroll it again");
    }
    if record.agent.is_legacy() {
        return refuse("legacy_id", "has an id that is not valid today; it can only be uninstalled");
    }
    let token = Token::fresh(TokenKind::Machine)?;
    record.token = Some(token.hash());
    registry.save(&record)?;
    registry.remember(&Entry::of(&record.agent, now, Event::TokenRotated, caller))?;
    Ok((record.agent, token))
}
