//! How a machine enrolls: so that it can be done again at any time, and a lost answer never strands it.
//!
//! Before a request leaves, an `Idempotency-Key` for it is on disk. A run that finds the note of an earlier one with the same
//! request shows the same key, and the server, which may have enrolled the machine already, gives a fresh token.

use std::time::Duration;

use secrecy::SecretString;
use serde_json::Value;

use super::calls::EnrollCall;
use super::credentials::{Credentials, CredentialsFile, Pending};
use super::failure::blame;
use super::http::{Client, json_body};
use super::retry::{Schedule, Waiting, repeat};
use crate::api::{EnrollAnswer, EnrollRequest};
use crate::error::{Error, Kind, Result};
use crate::id::MachineId;

/// What is to be enrolled, and with what.
pub struct EnrollOrder<'a> {
    /// The facts about the machine.
    pub request: EnrollRequest,
    /// An enrollment key, the operator's token, or the machine's own.
    pub given: Option<SecretString>,
    /// Where the machine's token is kept.
    pub credentials: &'a CredentialsFile,
    /// How long all attempts may take together.
    pub timeout: Duration,
}

/// What a caller may want to tell people while it goes on.
#[derive(Debug)]
pub enum EnrollNews<'a> {
    /// An attempt failed; the next one comes after this wait.
    Retrying(&'a Error, Duration),
    /// An earlier request got no answer and is asked again.
    Resuming,
    /// The file holds credentials of another server or machine, which will be replaced.
    Replacing(&'a Credentials),
    /// The file of credentials cannot be used and will be replaced.
    Unreadable(&'a Error),
    /// The machine's own token is dead; it goes on with the one that was given.
    OwnTokenRefused,
}

/// A machine that is enrolled.
pub struct EnrollDone {
    /// What the server said, its token included if there was one.
    pub answer: EnrollAnswer,
    /// Whether the credentials were written; they were in place otherwise.
    pub written: bool,
}

/// Enrolls, within the time that is given.
///
/// # Errors
/// Each message begins with who is to blame, and `blame` says it again for programs.
pub fn enroll(client: &Client, order: &EnrollOrder<'_>, waiting: Waiting<'_>, told: &mut dyn FnMut(EnrollNews<'_>)) -> Result<EnrollDone> {
    attempt(client, order, waiting, told).map_err(|error| named(error, order))
}

fn attempt(client: &Client, order: &EnrollOrder<'_>, waiting: Waiting<'_>, told: &mut dyn FnMut(EnrollNews<'_>)) -> Result<EnrollDone> {
    let machine: MachineId = order.request.machine_id.parse()?;
    let server = client.server().to_string();
    let own = usable_credentials(order, &server, &machine, told)?;
    if own.is_none() && order.given.is_none() {
        return Err(Error::new(Kind::Unauthenticated, "no_token", "there is nothing to show to the server")
            .hint("give an enrollment key with --key-file FILE, or a token with --token-file FILE or LEA_TOKEN")
            .detail("blame", blame::TOKEN));
    }
    order.credentials.probe()?;
    let _lock = order.credentials.lock()?;
    let mut schedule = Schedule::until(waiting.clock.monotonic().saturating_add(order.timeout));

    if let Some(own) = own {
        let sent = send(client, order, &own.api_token, None, &mut schedule, waiting, told);
        match (sent, &order.given) {
            (Ok(answer), _) => return keep(order, &server, answer, None),
            (Err(error), None) if error.kind() == Kind::Unauthenticated => {
                return Err(error.hint(
                    "this machine was uninstalled, or its token replaced: enroll it again with --key-file, or with the operator's token",
                ));
            }
            (Err(error), Some(_)) if error.kind() == Kind::Unauthenticated => told(EnrollNews::OwnTokenRefused),
            (Err(error), _) => return Err(error),
        }
    }
    let Some(given) = &order.given else {
        return Err(Error::new(Kind::Bug, "no_token", "a machine without a token was let through"));
    };

    let body = json_body(&order.request)?;
    let now = waiting.clock.now();
    let earlier = order.credentials.pending().filter(|pending| pending.fits(&server, &body, now));
    if earlier.is_some() {
        told(EnrollNews::Resuming);
    }
    let mut pending = earlier.unwrap_or_else(|| Pending::fresh(&server, &body, now));
    let mut fresh_keys = 0;
    loop {
        order.credentials.note(&pending)?;
        match send(client, order, given, Some(&pending.idempotency_key), &mut schedule, waiting, told) {
            Ok(answer) => return keep(order, &server, answer, Some(given)),
            // What the old key stood for has been replaced since: this is a request of its own.
            Err(error) if error.code().starts_with("idempotency_key_") && fresh_keys == 0 => {
                fresh_keys += 1;
                pending = Pending::fresh(&server, &body, now);
            }
            Err(error) => {
                if is_final(&error) {
                    order.credentials.settle()?;
                }
                return Err(error);
            }
        }
    }
}

/// The credentials in place, if they are this machine's for this server. An operator who forces wants new ones.
fn usable_credentials(
    order: &EnrollOrder<'_>,
    server: &str,
    machine: &MachineId,
    told: &mut dyn FnMut(EnrollNews<'_>),
) -> Result<Option<Credentials>> {
    match order.credentials.load() {
        Ok(Some(found)) if found.fit(server, machine) => Ok(Some(found).filter(|_| order.request.force != Some(true))),
        Ok(Some(found)) => {
            told(EnrollNews::Replacing(&found));
            Ok(None)
        }
        Ok(None) => Ok(None),
        Err(error) if order.given.is_some() => {
            told(EnrollNews::Unreadable(&error));
            Ok(None)
        }
        Err(error) => Err(error),
    }
}

fn send(
    client: &Client,
    order: &EnrollOrder<'_>,
    token: &SecretString,
    idempotency_key: Option<&str>,
    schedule: &mut Schedule,
    waiting: Waiting<'_>,
    told: &mut dyn FnMut(EnrollNews<'_>),
) -> Result<EnrollAnswer> {
    repeat(schedule, waiting, &mut |error, wait| told(EnrollNews::Retrying(error, wait)), &mut |within| {
        client.enroll(&order.request, EnrollCall { token: Some(token), idempotency_key, timeout: Some(within) })
    })
}

/// Writes the token before anybody hears of success. A token that proved to be the machine's own is its credentials too.
fn keep(order: &EnrollOrder<'_>, server: &str, answer: EnrollAnswer, shown: Option<&SecretString>) -> Result<EnrollDone> {
    let token = match (&answer.api_token, shown) {
        (Some(token), _) => Some(SecretString::from(token.as_str())),
        (None, Some(shown)) if answer.status == "already_enrolled" => Some(shown.clone()),
        (None, Some(_)) => {
            return Err(
                Error::new(Kind::Server, "unexpected_answer", "the answer holds no token for this machine").detail("blame", blame::SERVER)
            );
        }
        (None, None) => None,
    };
    let written = token.is_some();
    if let Some(api_token) = token {
        let machine_id = answer.machine_id.parse()?;
        let credentials = Credentials { server: server.to_owned(), machine_id, api_token, enrolled_at: answer.agent.enrolled_at };
        order.credentials.save(&credentials).map_err(|error| {
            error.hint("the machine is enrolled; run the same command again within 24 hours and the server gives it a new token")
        })?;
    }
    order.credentials.settle()?;
    Ok(EnrollDone { answer, written })
}

/// Whether the server itself refused, so that asking again can bring nothing else.
fn is_final(error: &Error) -> bool {
    let status = error.details().get("status").and_then(Value::as_u64).unwrap_or_default();
    (400..500).contains(&status)
        && !matches!(status, 401 | 407 | 408 | 429)
        && error.code() != "unexpected_answer"
        && error.kind() != Kind::Unreachable
}

/// The error with what to do about it, and who is to blame.
fn named(error: Error, order: &EnrollOrder<'_>) -> Error {
    name_blame(match (error.hint_text(), advice(&error, order)) {
        (None, Some(advice)) => error.hint(advice),
        _ => error,
    })
}

/// The error with who is to blame as its first word; this machine, where nobody else is. Wrong usage stays as it is.
#[must_use]
pub fn name_blame(error: Error) -> Error {
    if matches!(error.kind(), Kind::Usage | Kind::Bug) {
        return error;
    }
    let guilty = error.details().get("blame").and_then(Value::as_str).unwrap_or(blame::MACHINE).to_owned();
    let lead = format!("{guilty}: ");
    let error = if error.message().starts_with(&lead) { error } else { error.led_by(&lead) };
    error.detail("blame", guilty)
}

fn advice(error: &Error, order: &EnrollOrder<'_>) -> Option<&'static str> {
    match error.kind() {
        Kind::Unauthenticated => {
            Some("ask an operator for a new enrollment key: the one shown is unknown to this server, expired or revoked")
        }
        Kind::Forbidden if order.request.force == Some(true) => Some("--force needs the operator's token"),
        Kind::Forbidden if error.code() == "key_exhausted" => Some("ask an operator for another key: `lea fleet key create`"),
        Kind::Forbidden => Some("enroll with an enrollment key, the operator's token, or this machine's own"),
        Kind::Conflict if order.request.allow_reactivate == Some(false) => {
            Some("leave out --no-reactivate to bring back a machine that was uninstalled")
        }
        Kind::Conflict => Some(
            "if this machine lost its credentials, an operator uninstalls it (`lea fleet uninstall`) or enrolls it with --force; if it is another machine, give it an id of its own with --machine-id",
        ),
        Kind::TooMany => Some("wait a while, then run it again"),
        Kind::Server | Kind::Unavailable | Kind::DiskFull => Some("look at the server's log, then run it again: nothing is lost"),
        _ => None,
    }
}
