//! What a machine notes before it asks to be enrolled: until it is known what became of a request, the request can be made again as it
//! was, and its answer be had after all. No other attempt takes a note away.

use std::fmt;
use std::fmt::Write;
use std::path::PathBuf;
use std::time::Duration;

use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::credentials::{read_if_there, unwritable, write};
use crate::api::EnrollRequest;
use crate::clock::Time;
use crate::error::Result;
use crate::fleet::Token;
use crate::id::{self, MachineId};

/// For how long a server gives the same answer to the same request.
pub const REPEATABLE: Duration = Duration::from_hours(24);

/// The most notes that are kept; the oldest gives way. Each is of another request whose outcome is not known.
const MAX_NOTES: usize = 8;

/// Bytes of a hash that tell one secret from another, and are too few to find either by.
const MARK_BYTES: usize = 4;

/// A request that was sent, or is about to be.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pending {
    /// Sent with the request; whoever shows it again gets the first answer's status.
    pub idempotency_key: String,
    /// Address of the server that was asked.
    pub server: String,
    /// What was asked for.
    pub request: EnrollRequest,
    /// Tells whether the secret that was shown is another one's; absent where it was chosen by somebody, and could be guessed by this.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shown: Option<String>,
    /// When it was first sent.
    pub at: Time,
}

// What is said about people stays out of logs.
impl fmt::Debug for Pending {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pending").field("server", &self.server).field("at", &self.at).finish_non_exhaustive()
    }
}

impl Pending {
    /// A note for a request that was never sent before.
    pub fn fresh(server: &str, request: &EnrollRequest, shown: &SecretString, now: Time) -> Self {
        let idempotency_key = id::fresh();
        let shown = mark(&idempotency_key, shown);
        Self { idempotency_key, server: server.to_owned(), request: request.clone(), shown, at: now }
    }

    /// Whether it is about this machine.
    pub fn is_of(&self, machine: &MachineId) -> bool {
        self.request.machine_id.parse::<MachineId>().is_ok_and(|noted| noted.key() == machine.key())
    }

    /// Whether it was, or may have been, sent with this secret. A server remembers requests by who sent them.
    pub fn may_be_by(&self, secret: &SecretString) -> bool {
        self.shown == mark(&self.idempotency_key, secret)
    }

    /// Whether it was surely sent with this secret.
    pub fn is_by(&self, secret: &SecretString) -> bool {
        self.shown.is_some() && self.may_be_by(secret)
    }
}

fn mark(idempotency_key: &str, secret: &SecretString) -> Option<String> {
    let secret = secret.expose_secret();
    let hash = Sha256::new().chain_update(idempotency_key).chain_update([0]).chain_update(secret).finalize();
    let hex = hash.iter().take(MARK_BYTES).fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    });
    Token::has_our_form(secret).then_some(hex)
}

/// The file of notes.
#[derive(Debug, Clone)]
pub struct Notes {
    path: PathBuf,
}

impl Notes {
    /// The file at `path`; it is there only while something is noted.
    pub fn new(path: PathBuf) -> Self {
        Self { path }
    }

    /// The requests that may still be answered, the oldest first; what cannot be read counts as none.
    pub fn all(&self, now: Time) -> Vec<Pending> {
        let bytes = read_if_there(&self.path).ok().flatten().unwrap_or_default();
        let mut notes: Vec<Pending> = serde_json::from_slice(&bytes).unwrap_or_default();
        notes.retain(|note| now.since(note.at) < REPEATABLE);
        notes
    }

    /// Notes a request before it is sent.
    ///
    /// # Errors
    /// [`Kind::Input`](crate::error::Kind::Input) when that cannot be written.
    pub fn add(&self, pending: &Pending, now: Time) -> Result<()> {
        let mut notes = self.all(now);
        notes.push(pending.clone());
        let excess = notes.len().saturating_sub(MAX_NOTES);
        write(&self.path, &notes.split_off(excess))
    }

    /// Forgets the requests that are settled.
    ///
    /// # Errors
    /// [`Kind::Input`](crate::error::Kind::Input) when the file cannot be written or removed.
    pub fn settle(&self, now: Time, is_settled: impl Fn(&Pending) -> bool) -> Result<()> {
        let mut notes = self.all(now);
        notes.retain(|note| !is_settled(note));
        if !notes.is_empty() {
            return write(&self.path, &notes);
        }
        match std::fs::remove_file(&self.path) {
            Err(cause) if cause.kind() != std::io::ErrorKind::NotFound => Err(unwritable(&self.path, cause)),
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fleet::TokenKind;

    fn request(host: &str) -> EnrollRequest {
        EnrollRequest { machine_id: "PC-1".to_owned(), hostname: Some(host.to_owned()), ..EnrollRequest::default() }
    }

    #[test]
    fn notes_are_private_last_a_day_and_go_one_by_one() {
        let folder = tempfile::tempdir().unwrap();
        let notes = Notes::new(folder.path().join("c.json.pending"));
        let start = Time::from_micros(1_700_000_000_000_000);
        let secret = SecretString::from("chosen-by-somebody");
        let (one, two) =
            (Pending::fresh("https://a", &request("h1"), &secret, start), Pending::fresh("https://a", &request("h2"), &secret, start));
        assert_ne!(one.idempotency_key, two.idempotency_key);
        notes.add(&one, start).unwrap();
        notes.add(&two, start).unwrap();
        assert!(crate::files::is_private(&folder.path().join("c.json.pending")).unwrap());
        let hour = Duration::from_hours(1);
        assert_eq!(notes.all(start.plus(hour * 23)), [one.clone(), two.clone()]);
        assert_eq!(notes.all(start.plus(hour * 24)), []);
        notes.settle(start, |note| *note == two).unwrap();
        assert_eq!(notes.all(start), [one]);
        notes.settle(start, |_| true).unwrap();
        notes.settle(start, |_| true).unwrap();
        assert!(!folder.path().join("c.json.pending").exists());
    }

    #[test]
    fn a_secret_is_told_from_another_and_never_noted() {
        let (one, other) = (Token::fresh(TokenKind::EnrollmentKey).unwrap(), Token::fresh(TokenKind::EnrollmentKey).unwrap());
        let secret = |token: &Token| SecretString::from(token.expose());
        let note = Pending::fresh("https://a", &request("h1"), &secret(&one), Time::from_micros(0));
        assert!(note.is_by(&secret(&one)) && !note.may_be_by(&secret(&other)));
        assert!(!serde_json::to_string(&note).unwrap().contains(one.expose()));
        let chosen = SecretString::from("chosen-by-somebody");
        let note = Pending::fresh("https://a", &request("h1"), &chosen, Time::from_micros(0));
        assert!(note.shown.is_none() && note.may_be_by(&chosen) && !note.is_by(&chosen) && !note.may_be_by(&secret(&one)));
        assert!(note.is_of(&"pc-1".parse().unwrap()) && !note.is_of(&"pc-2".parse().unwrap()));
        assert!(!format!("{note:?}").contains("h1"));
    }
}
