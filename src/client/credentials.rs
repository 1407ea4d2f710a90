//! What a machine keeps after its enrollment, and what it notes before it: two files that only their owner may read.

use std::fmt;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::failure::blame;
use crate::clock::Time;
use crate::error::{Error, Kind, Result};
use crate::files::{Access, Lock, acquire, create_private_dir, read_capped, write_whole};
use crate::id::{self, MachineId};

/// The largest file of either sort, bytes.
const MAX_BYTES: u64 = 64 << 10;

/// For how long a server gives the same answer to the same request.
pub const REPEATABLE: Duration = Duration::from_hours(24);

/// What a machine shows to its server.
#[derive(Clone)]
pub struct Credentials {
    /// Address of the server that issued them.
    pub server: String,
    /// The machine that they are valid for.
    pub machine_id: MachineId,
    /// The machine's token.
    pub api_token: SecretString,
    /// When it was enrolled.
    pub enrolled_at: Option<Time>,
}

impl Credentials {
    /// Whether they were issued by `server` for `machine`.
    pub fn fit(&self, server: &str, machine: &MachineId) -> bool {
        self.server == server && self.machine_id.key() == machine.key()
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credentials").field("server", &self.server).field("machine_id", &self.machine_id).finish_non_exhaustive()
    }
}

#[derive(Serialize, Deserialize)]
struct Stored {
    server: String,
    machine_id: MachineId,
    api_token: String,
    #[serde(default)]
    enrolled_at: Option<Time>,
}

/// A request that was sent, or is about to be: its answer may be lost, and can then be asked for again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pending {
    /// Sent with the request; whoever shows it again gets the first answer's status.
    pub idempotency_key: String,
    /// SHA-256 of the server's address and the body, base64.
    pub request_sha256: String,
    /// When it was first sent.
    pub at: Time,
}

impl Pending {
    /// A note for a request that was never sent before.
    pub fn fresh(server: &str, body: &[u8], now: Time) -> Self {
        Self { idempotency_key: id::fresh(), request_sha256: digest(server, body), at: now }
    }

    /// Whether this request is the one that was noted, and the server still remembers it.
    pub fn fits(&self, server: &str, body: &[u8], now: Time) -> bool {
        self.request_sha256 == digest(server, body) && now.since(self.at) < REPEATABLE
    }
}

fn digest(server: &str, body: &[u8]) -> String {
    let mut hash = Sha256::new();
    hash.update(server.as_bytes());
    hash.update([0]);
    hash.update(body);
    BASE64.encode(hash.finalize())
}

/// The file of credentials, with the note of a pending request and a lock beside it.
#[derive(Debug, Clone)]
pub struct CredentialsFile {
    path: PathBuf,
}

impl CredentialsFile {
    /// The file at `path`; it need not exist.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into() }
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Where a request is noted before it is sent.
    pub fn pending_path(&self) -> PathBuf {
        self.beside(".pending")
    }

    /// Makes the folder if need be, and sees whether files can be written there: a token that cannot be kept must not be asked for.
    ///
    /// # Errors
    /// [`Kind::Input`] when they cannot.
    pub fn probe(&self) -> Result<()> {
        let folder = match self.path.parent() {
            Some(folder) if !folder.as_os_str().is_empty() => folder,
            _ => Path::new("."),
        };
        let write = || {
            if self.path.is_dir() {
                return Err(std::io::ErrorKind::IsADirectory.into());
            }
            create_private_dir(folder)?;
            let mut file = tempfile::Builder::new().prefix(".lea-").suffix(".tmp").tempfile_in(folder)?;
            file.write_all(&[0; 4096])?;
            file.close()
        };
        write().map_err(|cause| unwritable(&self.path, cause))
    }

    /// Keeps a second enrollment away until the lock is dropped.
    ///
    /// # Errors
    /// [`Kind::Conflict`] when another program has it.
    pub fn lock(&self) -> Result<Lock> {
        acquire(&self.beside(".lock"), "another `lea enroll`")
    }

    /// The credentials, if there are any.
    ///
    /// # Errors
    /// [`Kind::Input`] when the file cannot be read or is none of ours.
    pub fn load(&self) -> Result<Option<Credentials>> {
        let Some(bytes) = read_if_there(&self.path)? else { return Ok(None) };
        let stored: Stored = serde_json::from_slice(&bytes).map_err(|cause| {
            // The cause's text could quote the token.
            let place = format!("{} is no file of credentials (line {}, column {})", self.path.display(), cause.line(), cause.column());
            Error::new(Kind::Input, "invalid_credentials", place)
                .hint("move it away, and enroll this machine again with a key or the operator's token")
        })?;
        let Stored { server, machine_id, api_token, enrolled_at } = stored;
        Ok(Some(Credentials { server, machine_id, api_token: SecretString::from(api_token), enrolled_at }))
    }

    /// Replaces the credentials.
    ///
    /// # Errors
    /// [`Kind::Input`] when they cannot be written.
    pub fn save(&self, credentials: &Credentials) -> Result<()> {
        let Credentials { server, machine_id, api_token, enrolled_at } = credentials;
        let api_token = api_token.expose_secret().to_owned();
        write(&self.path, &Stored { server: server.clone(), machine_id: machine_id.clone(), api_token, enrolled_at: *enrolled_at })
    }

    /// The request that may still be answered; what cannot be read counts as none.
    pub fn pending(&self) -> Option<Pending> {
        let bytes = read_if_there(&self.pending_path()).ok()??;
        serde_json::from_slice(&bytes).ok()
    }

    /// Notes a request before it is sent.
    ///
    /// # Errors
    /// [`Kind::Input`] when that cannot be written.
    pub fn note(&self, pending: &Pending) -> Result<()> {
        write(&self.pending_path(), pending)
    }

    /// Forgets the request: it is settled.
    ///
    /// # Errors
    /// [`Kind::Input`] when the note cannot be removed.
    pub fn settle(&self) -> Result<()> {
        match std::fs::remove_file(self.pending_path()) {
            Err(cause) if cause.kind() != std::io::ErrorKind::NotFound => Err(unwritable(&self.pending_path(), cause)),
            _ => Ok(()),
        }
    }

    fn beside(&self, suffix: &str) -> PathBuf {
        let mut path = self.path.clone().into_os_string();
        path.push(suffix);
        PathBuf::from(path)
    }
}

fn write<T: Serialize>(path: &Path, value: &T) -> Result<()> {
    let mut bytes = super::http::json_body(value)?;
    bytes.push(b'\n');
    write_whole(path, &bytes, Access::Owner).map_err(|error| {
        let text = format!("cannot write {}", path.display());
        Error::new(Kind::Input, error.code().to_owned(), text).detail("blame", blame::MACHINE).caused_by(error.causes().join(": "))
    })
}

fn read_if_there(path: &Path) -> Result<Option<Vec<u8>>> {
    match read_capped(path, MAX_BYTES) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.code() == "file_not_found" => Ok(None),
        Err(error) => Err(error),
    }
}

fn unwritable(path: &Path, cause: std::io::Error) -> Error {
    Error::new(Kind::Input, "credentials_not_writable", format!("cannot write {}", path.display()))
        .hint("name a place that this user may write to with --credentials-file FILE, or see to free space")
        .detail("blame", blame::MACHINE)
        .caused_by(cause)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn credentials() -> Credentials {
        let api_token = SecretString::from("secret-token");
        Credentials { server: "https://a".to_owned(), machine_id: "PC-1".parse().unwrap(), api_token, enrolled_at: None }
    }

    #[test]
    fn what_is_saved_is_loaded_private_and_never_shown() {
        let folder = tempfile::tempdir().unwrap();
        let file = CredentialsFile::new(folder.path().join("new/credentials.json"));
        assert!(file.load().unwrap().is_none());
        file.probe().unwrap();
        file.save(&credentials()).unwrap();
        let loaded = file.load().unwrap().unwrap();
        assert_eq!(loaded.api_token.expose_secret(), "secret-token");
        assert!(loaded.fit("https://a", &"pc-1".parse().unwrap()) && !loaded.fit("https://b", &"pc-1".parse().unwrap()));
        assert!(!format!("{loaded:?}").contains("secret"));
        assert!(crate::files::is_private(file.path()).unwrap());
        let names: Vec<_> = std::fs::read_dir(folder.path().join("new")).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        assert_eq!(names, ["credentials.json"]);
    }

    #[test]
    fn a_file_of_another_sort_is_refused_without_quoting_it() {
        let folder = tempfile::tempdir().unwrap();
        let file = CredentialsFile::new(folder.path().join("c.json"));
        write_whole(file.path(), br#"{"server": "s", "machine_id": "m", "api_token": ["secret-token"]}"#, Access::Owner).unwrap();
        let refused = file.load().unwrap_err();
        assert!(!format!("{refused:?} {}", refused.report()).contains("secret"));
    }

    #[test]
    fn a_note_fits_the_same_request_for_a_day() {
        let start = Time::from_micros(1_700_000_000_000_000);
        let note = Pending::fresh("https://a", b"{}", start);
        let hour = Duration::from_hours(1);
        assert!(note.fits("https://a", b"{}", start.plus(hour * 23)));
        assert!(!note.fits("https://a", b"{}", start.plus(hour * 24)));
        assert!(!note.fits("https://a", b"{ }", start) && !note.fits("https://b", b"{}", start));
        assert_ne!(note.idempotency_key, Pending::fresh("https://a", b"{}", start).idempotency_key);

        let folder = tempfile::tempdir().unwrap();
        let file = CredentialsFile::new(folder.path().join("c.json"));
        file.note(&note).unwrap();
        assert_eq!(file.pending(), Some(note));
        assert!(crate::files::is_private(&file.pending_path()).unwrap());
        file.settle().unwrap();
        file.settle().unwrap();
        assert_eq!(file.pending(), None);
    }

    #[test]
    fn a_place_that_cannot_be_written_is_known_before_anything_is_sent() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("taken")).unwrap();
        write_whole(&folder.path().join("file"), b"", Access::Owner).unwrap();
        for path in ["taken", "file/credentials.json"] {
            let refused = CredentialsFile::new(folder.path().join(path)).probe().unwrap_err();
            assert_eq!((refused.kind(), refused.code()), (Kind::Input, "credentials_not_writable"));
        }
    }
}
