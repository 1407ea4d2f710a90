//! How a machine enrolls: so that it can be done again at any time, and a lost answer never strands it.
//!
//! Before a request leaves, it is noted on disk with an `Idempotency-Key`. A run that finds the note of an earlier one makes that request
//! first, as it was, under the same key: the server, which may have enrolled the machine already, gives a fresh token. Only then is it
//! seen what this run wants besides. A note goes once it is known what became of its request, and for nothing else.

use std::path::PathBuf;
use std::time::Duration;

use secrecy::SecretString;
use serde_json::Value;

use super::calls::EnrollCall;
use super::credentials::{Credentials, CredentialsFile};
use super::failure::{blame, never_left};
use super::http::Client;
use super::pending::{Notes, Pending};
use super::retry::{Schedule, Waiting, repeat};
use crate::api::{EnrollAnswer, EnrollRequest};
use crate::clock::Time;
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
    /// The file holds credentials of another server or machine; they will be replaced, and kept beside it.
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
    /// Where those that were there before are kept, if they were another machine's or server's.
    pub aside: Option<PathBuf>,
}

/// Enrolls, within the time that is given.
///
/// # Errors
/// Each message begins with who is to blame, and `blame` says it again for programs.
pub fn enroll(client: &Client, order: &EnrollOrder<'_>, waiting: Waiting<'_>, told: &mut dyn FnMut(EnrollNews<'_>)) -> Result<EnrollDone> {
    attempt(client, order, waiting, told).map_err(|error| named(error, order))
}

/// The machine that this computer was enrolled as, or was about to be, at `server`; none where nothing says so.
pub fn known_machine(file: &CredentialsFile, server: &str, now: Time) -> Option<MachineId> {
    if let Ok(Some(found)) = file.load() {
        return Some(found.machine_id).filter(|_| found.server == server);
    }
    let notes = Notes::new(file.pending_path()).all(now);
    let mut machines =
        notes.iter().filter(|note| note.server == server).filter_map(|note| note.request.machine_id.parse::<MachineId>().ok());
    let first = machines.next()?;
    machines.all(|other| other.key() == first.key()).then_some(first)
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
    order.credentials.sweep(waiting.clock.now());
    let schedule = Schedule::until(waiting.clock.monotonic().saturating_add(order.timeout));
    let notes = Notes::new(order.credentials.pending_path());
    let mut run = Run { client, order, machine, server, notes, schedule, waiting, told };

    if let Some(own) = own {
        let sent = run.send(&order.request, &own.api_token, None).0;
        match (sent, &order.given) {
            (Ok(answer), _) => return run.keep(answer, None),
            (Err(error), None) if error.kind() == Kind::Unauthenticated => {
                return Err(error.hint(
                    "this machine was uninstalled, or its token replaced: enroll it again with --key-file, or with the operator's token",
                ));
            }
            (Err(error), Some(_)) if error.kind() == Kind::Unauthenticated => (run.told)(EnrollNews::OwnTokenRefused),
            (Err(error), _) => return Err(error),
        }
    }
    let Some(given) = &order.given else {
        return Err(Error::new(Kind::Bug, "no_token", "a machine without a token was let through"));
    };
    if let Some(done) = run.earlier(given)? {
        return Ok(done);
    }
    run.ask(given)
}

/// One run: what it is for, and what it works with.
struct Run<'a> {
    client: &'a Client,
    order: &'a EnrollOrder<'a>,
    machine: MachineId,
    server: String,
    notes: Notes,
    schedule: Schedule,
    waiting: Waiting<'a>,
    told: &'a mut dyn FnMut(EnrollNews<'_>),
}

/// What became of a request that was noted before.
enum Settled {
    /// The machine is enrolled by it.
    Enrolled(Box<EnrollDone>),
    /// It enrolls nothing, now or ever, or not for this caller.
    Refused(Error),
}

impl Run<'_> {
    fn now(&self) -> Time {
        self.waiting.clock.now()
    }

    fn is_at_hand(&self, note: &Pending) -> bool {
        note.server == self.server && note.is_of(&self.machine)
    }

    /// Settles what was asked of this server for this machine before, if by this caller. Done where that leaves nothing to ask for.
    fn earlier(&mut self, given: &SecretString) -> Result<Option<EnrollDone>> {
        for note in self.notes.all(self.now()).into_iter().filter(|note| note.may_be_by(given)) {
            if !self.is_at_hand(&note) {
                continue;
            }
            match self.settle(&note, given)? {
                // Only who forces asks for more than to be enrolled.
                Settled::Enrolled(_) if note.request != self.order.request && self.order.request.force == Some(true) => {}
                Settled::Enrolled(done) => return Ok(Some(self.wished(&note, *done))),
                Settled::Refused(error) if note.request == self.order.request && !is_spent(&error) => return Err(error),
                Settled::Refused(_) => {}
            }
        }
        Ok(None)
    }

    /// Makes a request that was noted once more, as it was.
    ///
    /// # Errors
    /// When what became of it is still not known; the note stays.
    fn settle(&mut self, note: &Pending, given: &SecretString) -> Result<Settled> {
        (self.told)(EnrollNews::Resuming);
        match self.send(&note.request, given, Some(&note.idempotency_key)).0 {
            Ok(answer) => {
                let done = self.keep(answer, Some(given))?;
                self.notes.settle(self.now(), |other| other == note)?;
                Ok(Settled::Enrolled(Box::new(done)))
            }
            Err(error) if is_final(&error) => {
                // The server looks for the request before anything else: who is refused all the same was never let in by it. But
                // it remembers by who asked, and from somebody else this proves nothing.
                if is_spent(&error) || (self.is_at_hand(note) && note.is_by(given)) {
                    self.notes.settle(self.now(), |other| other == note)?;
                }
                Ok(Settled::Refused(error))
            }
            Err(error) => Err(error),
        }
    }

    /// The machine is enrolled by a request that was noted before: where this run wants something else, the server says what differs,
    /// and nothing changes.
    fn wished(&mut self, note: &Pending, done: EnrollDone) -> EnrollDone {
        let token = done.answer.api_token.clone().filter(|_| note.request != self.order.request);
        let Some(token) = token.map(SecretString::from) else { return done };
        let order = self.order;
        // Enrolled it is, whatever comes of this.
        let Ok(now) = self.send(&order.request, &token, None).0 else { return done };
        let answer = EnrollAnswer { api_token: now.api_token.or(done.answer.api_token), ..now };
        EnrollDone { answer, ..done }
    }

    /// Makes this run's own request.
    fn ask(&mut self, given: &SecretString) -> Result<EnrollDone> {
        let pending = Pending::fresh(&self.server, &self.order.request, given, self.now());
        self.notes.add(&pending, self.now())?;
        let order = self.order;
        let (sent, may_have_left) = self.send(&order.request, given, Some(&pending.idempotency_key));
        let error = match sent {
            Ok(answer) => return self.keep(answer, Some(given)),
            Err(error) => error,
        };
        if is_final(&error) || !may_have_left {
            self.notes.settle(self.now(), |note| *note == pending)?;
        }
        if matches!(error.code(), "already_enrolled" | "key_exhausted") {
            return self.elsewhere(given, error);
        }
        Err(error)
    }

    /// The machine is enrolled already, or the key used up: maybe by a request that was noted for the same server under another address.
    fn elsewhere(&mut self, given: &SecretString, refused: Error) -> Result<EnrollDone> {
        let wants = |request: &EnrollRequest| (request.allow_reactivate, request.force);
        let notes: Vec<Pending> = self.notes.all(self.now()).into_iter().filter(|note| note.is_of(&self.machine)).collect();
        for note in notes.iter().filter(|note| note.may_be_by(given)) {
            // What this run did not ask for must not be granted to it by another's request.
            if note.server == self.server || wants(&note.request) != wants(&self.order.request) {
                continue;
            }
            if let Settled::Enrolled(done) = self.settle(note, given)? {
                return Ok(self.wished(note, *done));
            }
        }
        if notes.iter().any(|note| !note.may_be_by(given)) {
            return Err(refused.hint(
                "an earlier run that showed another key got no answer, and may have enrolled this machine: run it again with that key",
            ));
        }
        Err(refused)
    }

    /// Sends a request until it is answered; says also whether it may have reached the server.
    fn send(&mut self, request: &EnrollRequest, token: &SecretString, idempotency_key: Option<&str>) -> (Result<EnrollAnswer>, bool) {
        let Self { client, schedule, waiting, told, .. } = self;
        let mut may_have_left = false;
        let sent = repeat(schedule, *waiting, &mut |error, wait| told(EnrollNews::Retrying(error, wait)), &mut |within| {
            let sent = client.enroll(request, EnrollCall { token: Some(token), idempotency_key, timeout: Some(within) });
            may_have_left |= !sent.as_ref().is_err_and(never_left);
            sent
        });
        (sent, may_have_left)
    }

    /// Writes the token before anybody hears of success. A token that proved to be the machine's own is its credentials too.
    fn keep(&mut self, answer: EnrollAnswer, shown: Option<&SecretString>) -> Result<EnrollDone> {
        let token = match (&answer.api_token, shown) {
            (Some(token), _) => Some(SecretString::from(token.as_str())),
            (None, Some(shown)) if answer.status == "already_enrolled" => Some(shown.clone()),
            (None, Some(_)) => {
                let text = "the answer holds no token for this machine";
                return Err(Error::new(Kind::Server, "unexpected_answer", text).detail("blame", blame::SERVER));
            }
            (None, None) => None,
        };
        let (written, mut aside) = (token.is_some(), None);
        if let Some(api_token) = token {
            let machine_id = answer.machine_id.parse()?;
            let credentials = Credentials { server: self.server.clone(), machine_id, api_token, enrolled_at: answer.agent.enrolled_at };
            aside = self.replace(&credentials).map_err(|error| {
                error.hint("the machine is enrolled; run the same command again within 24 hours and the server gives it a new token")
            })?;
        }
        // Whoever is let in now stands in the place of every earlier request for this machine.
        let (server, machine) = (&self.server, &self.machine);
        self.notes.settle(self.waiting.clock.now(), |note| note.server == *server && note.is_of(machine))?;
        Ok(EnrollDone { answer, written, aside })
    }

    /// Puts new credentials in the place of what is there; those of another machine or server are kept beside them first.
    fn replace(&self, credentials: &Credentials) -> Result<Option<PathBuf>> {
        let file = self.order.credentials;
        let former = file.load().ok().flatten().filter(|former| !former.fit(&credentials.server, &credentials.machine_id));
        let aside = former.map(|former| file.set_aside(&former)).transpose()?;
        file.save(credentials)?;
        Ok(aside)
    }
}

/// Whether the server knows the request, and what came of it is over.
fn is_spent(error: &Error) -> bool {
    error.code().starts_with("idempotency_key_")
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
