//! Enrollment, carried out: everything in one transaction, with a fresh token for whoever is let in.

use std::time::Duration;

use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::clock::Time;
use crate::error::{Error, Kind, Result};
use crate::fleet::alive::check_alive;
use crate::fleet::history::offered;
use crate::fleet::{
    Agent, Caller, Conflict, Decision, Entry, Event, Facts, PastRequest, Record, Refusal, Registry, Status, Token, TokenHash, TokenKind,
    decide,
};
use crate::id::MachineId;

/// How long a request with an idempotency key may be repeated.
pub const REPEAT_WINDOW: Duration = Duration::from_hours(24);

/// The longest idempotency key, in characters.
pub const MAX_IDEMPOTENCY_KEY_CHARS: usize = 255;

/// Who asks for an enrollment.
#[derive(Debug, Clone)]
pub enum Claim {
    /// Somebody who is known already.
    Known(Caller),
    /// Somebody with an enrollment key, which is judged within the transaction that counts its use.
    Key(TokenHash),
}

/// What is asked for.
#[derive(Debug, Clone)]
pub struct Order {
    /// The machine.
    pub machine: MachineId,
    /// What is said about it.
    pub facts: Facts,
    /// Whether a machine that was uninstalled may come back.
    pub allow_reactivate: bool,
    /// Whether an active machine is to get a new token all the same.
    pub force: bool,
    /// Who asks.
    pub claim: Claim,
    /// The key under which the request may be repeated.
    pub idempotency_key: Option<String>,
}

// What is said about people stays out of logs.
impl std::fmt::Debug for Facts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Facts(********)")
    }
}

/// A machine that was let in.
#[derive(Debug, Clone)]
pub struct Enrolled {
    /// `enrolled` or `reactivated`.
    pub status: String,
    /// The row.
    pub agent: Agent,
    /// Its token.
    pub token: Token,
    /// Whether it took the place of an earlier enrollment of the same id: what was meant for that is not for this one.
    pub anew: bool,
}

/// How an enrollment ended. All of these are committed, the refusal with the conflict that it recorded.
#[derive(Debug)]
pub enum Outcome {
    /// Let in.
    Enrolled(Box<Enrolled>),
    /// It proved to be the active machine that is known already: nothing changed.
    Same {
        /// The row.
        agent: Box<Agent>,
        /// Facts that were offered and differ.
        fields: Vec<&'static str>,
    },
    /// Refused.
    Refused {
        /// Why.
        error: Error,
        /// The row that stands in the way; only for an operator.
        row: Option<Box<Agent>>,
    },
}

impl Outcome {
    fn refused(error: Error) -> Self {
        Self::Refused { error, row: None }
    }
}

/// Enrolls, or says why not.
///
/// # Errors
/// When the registry fails; what was written until then must be undone.
pub fn enroll(registry: &mut dyn Registry, order: &Order, now: Time) -> Result<Outcome> {
    let (caller, mut key) = match &order.claim {
        Claim::Known(caller) => match check_alive(caller, registry) {
            Ok(()) => (caller.clone(), None),
            Err(dead) if dead.kind() == Kind::Unauthenticated => return Ok(Outcome::refused(dead)),
            Err(failed) => return Err(failed),
        },
        Claim::Key(hash) => {
            let Some(key) = registry.key_by_hash(hash)? else {
                return Ok(Outcome::refused(Error::new(Kind::Unauthenticated, "unknown_token", "the enrollment key is not known here")));
            };
            if let Err(dead) = key.check_valid(now) {
                return Ok(Outcome::refused(dead));
            }
            (Caller::Key { id: key.id.clone(), name: key.name.clone() }, Some(key))
        }
    };
    let request = order.idempotency_key.as_deref().map(|key| Request::of(&caller, key, order));
    if let Some(request) = &request
        && let Some(past) = registry.past_request(&request.scope, &request.key, before(now))?
    {
        return repeat(registry, &past, request, &caller, now);
    }
    if let Some(key) = &key
        && let Err(exhausted) = key.check_uses()
    {
        return Ok(Outcome::refused(exhausted));
    }

    let existing = registry.find(&order.machine)?;
    let (event, status) = match (decide(existing.as_ref(), &caller, &order.facts, order.allow_reactivate, order.force), &existing) {
        (Decision::Same { fields }, Some(record)) => {
            note_conflict(registry, record, &fields, order, &caller, false, now)?;
            return Ok(Outcome::Same { agent: Box::new(record.agent.clone()), fields });
        }
        (Decision::Refuse(refusal), _) => {
            if let (Refusal::Active { fields }, Some(record)) = (&refusal, &existing) {
                note_conflict(registry, record, fields, order, &caller, true, now)?;
            }
            let row = existing.filter(|_| caller.is_operator()).map(|record| Box::new(record.agent));
            return Ok(Outcome::Refused { error: sentence(&refusal, &order.machine), row });
        }
        (Decision::Reactivate, _) => (Event::Reactivated, "reactivated"),
        (Decision::Force, _) => (Event::Forced, "reactivated"),
        (Decision::Create | Decision::Same { .. }, _) => (Event::Enrolled, "enrolled"),
    };

    let token = Token::fresh(TokenKind::Machine)?;
    let mut record = Record { agent: enrolled_row(existing.map(|record| record.agent), order, now), token: Some(token.hash()) };
    if record.agent.id == 0 {
        record.agent.id = registry.insert(&record)?;
    } else {
        registry.save(&record)?;
        registry.settle_conflicts(record.agent.id, now)?;
    }
    registry.remember(&Entry::of(&record.agent, now, event, &caller))?;
    if let Some(key) = &mut key {
        key.uses += 1;
        key.last_used_at = Some(now);
        registry.save_key(key)?;
    }
    if let Some(request) = request {
        let past = PastRequest {
            scope: request.scope,
            key: request.key,
            body: request.body,
            agent: record.agent.id,
            enrolled_at: now,
            status: status.to_owned(),
            at: now,
        };
        registry.remember_request(&past, before(now))?;
    }
    let anew = event != Event::Enrolled;
    Ok(Outcome::Enrolled(Box::new(Enrolled { status: status.to_owned(), agent: record.agent, token, anew })))
}

/// The row as it is once the machine has been let in.
fn enrolled_row(existing: Option<Agent>, order: &Order, now: Time) -> Agent {
    let (id, machine_id, facts) = match existing {
        Some(agent) => (agent.id, agent.machine_id, order.facts.clone().or(&agent.facts)),
        None => (0, order.machine.as_str().to_owned(), order.facts.clone()),
    };
    Agent {
        id,
        machine_id,
        facts,
        status: Status::Active,
        enrolled_at: Some(now),
        last_seen_at: Some(now),
        uninstalled_at: None,
        uninstall_reason: None,
    }
}

/// Another host or operating system under an active machine's id is worth an operator's look.
fn note_conflict(
    registry: &mut dyn Registry,
    record: &Record,
    fields: &[&'static str],
    order: &Order,
    caller: &Caller,
    refused: bool,
    now: Time,
) -> Result<()> {
    if !fields.iter().any(|name| matches!(*name, "hostname" | "os_info")) {
        return Ok(());
    }
    let conflict = Conflict {
        agent: record.agent.id,
        machine_id: record.agent.machine_id.clone(),
        at: now,
        fields: fields.iter().map(ToString::to_string).collect(),
        offered: offered(&order.facts, fields),
        refused,
    };
    if registry.note_conflict(&conflict)? {
        let detail = Value::Object(conflict.offered);
        registry.remember(&Entry {
            agent: conflict.agent,
            at: now,
            event: Event::Conflict.as_str().to_owned(),
            actor: caller.label(),
            detail,
        })?;
    }
    Ok(())
}

/// The sentence for a refusal, without anything that the other row says.
fn sentence(refusal: &Refusal, machine: &MachineId) -> Error {
    let already = |fields: &[&'static str], what: &str, hint: &str| {
        let differing = if fields.is_empty() { String::new() } else { format!("; what differs: {}", fields.join(", ")) };
        Error::new(Kind::Conflict, "already_enrolled", format!("the machine {machine} {what}{differing}"))
            .hint(hint)
            .detail("fields", fields.to_vec())
    };
    match refusal {
        Refusal::Active { fields } => already(
            fields,
            "is enrolled and active",
            "if this is that machine, enroll with its own token; if it was reinstalled, an operator uninstalls it first, or enrolls it with --force; if it is another machine, give it an id of its own",
        ),
        Refusal::Uninstalled { fields } => already(
            fields,
            "was uninstalled, and the request forbids to bring it back",
            "leave out --no-reactivate (allow_reactivate) to bring it back",
        ),
        Refusal::Legacy => already(&[], "is an old row whose id is not valid today; it can only be uninstalled", "enroll under a valid id"),
        Refusal::OtherMachine => Error::new(Kind::Forbidden, "other_machine", "this token speaks for another machine"),
        Refusal::ForceByOthers => Error::new(Kind::Forbidden, "operator_required", "only an operator may force an enrollment"),
    }
}

/// The first answer's status again, with a fresh token: the one that was sent may be lost.
fn repeat(registry: &mut dyn Registry, past: &PastRequest, request: &Request, caller: &Caller, now: Time) -> Result<Outcome> {
    if past.body != request.body {
        return Ok(Outcome::refused(Error::new(
            Kind::Conflict,
            "idempotency_key_reused",
            "this Idempotency-Key came with another body before; use a fresh one",
        )));
    }
    let current = registry.find_row(past.agent)?;
    let Some(mut record) =
        current.filter(|record| record.agent.status == Status::Active && record.agent.enrolled_at == Some(past.enrolled_at))
    else {
        return Ok(Outcome::refused(Error::new(
            Kind::Conflict,
            "idempotency_key_spent",
            "the enrollment that this Idempotency-Key made has been replaced or ended since; use a fresh one",
        )));
    };
    let token = Token::fresh(TokenKind::Machine)?;
    record.token = Some(token.hash());
    registry.save(&record)?;
    registry.remember(&Entry::of(&record.agent, now, Event::Repeated, caller))?;
    Ok(Outcome::Enrolled(Box::new(Enrolled { status: past.status.clone(), agent: record.agent, token, anew: false })))
}

/// A request that may be repeated: who asks, and the hashes of its key and its content.
struct Request {
    scope: String,
    key: [u8; 32],
    body: [u8; 32],
}

impl Request {
    fn of(caller: &Caller, key: &str, order: &Order) -> Self {
        let scope = match caller {
            Caller::Key { id, .. } => format!("key:{id}"),
            Caller::Machine { agent, .. } => format!("machine:{agent}"),
            other => other.label(),
        };
        let mut body = Sha256::new();
        let said = order.facts.values().map(|value| value.map_or_else(|| "-".to_owned(), |value| format!("{}:{value}", value.len())));
        body.update(format!("{}\n{}\n{}{}", order.machine.key(), said.join("\n"), order.allow_reactivate, order.force));
        Self { scope, key: Sha256::digest(key.as_bytes()).into(), body: body.finalize().into() }
    }
}

fn before(now: Time) -> Time {
    Time::from_micros(now.micros() - REPEAT_WINDOW.as_micros() as i64)
}
