//! What a machine keeps after its enrollment: a file that only its owner may read, with former ones, the notes of what is pending and a
//! lock beside it.

use std::fmt;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::Duration;

use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};

use super::failure::blame;
use crate::clock::Time;
use crate::error::{Error, Kind, Result};
use crate::files::{Access, Lock, acquire, create_private_dir, read_capped, write_whole};
use crate::id::MachineId;

/// The largest file of either sort, bytes.
const MAX_BYTES: u64 = 256 << 10;

/// What is left of a file that nobody finished writing is old after this: nobody writes one for so long.
const STALE: Duration = Duration::from_hours(1);

/// The most files of former credentials of one machine.
const MAX_KEPT: u32 = 99;

/// Machines whose former credentials would take the names of the note and of the lock.
const TAKEN: [&str; 2] = ["pending", "lock"];

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

/// The file of credentials, with the notes of pending requests and a lock beside it.
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

    /// Where requests are noted before they are sent.
    pub fn pending_path(&self) -> PathBuf {
        self.beside(".pending")
    }

    /// Makes the folder if need be, and sees whether files can be written there: a token that cannot be kept must not be asked for.
    ///
    /// # Errors
    /// [`Kind::Input`] when they cannot.
    pub fn probe(&self) -> Result<()> {
        let folder = self.folder();
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

    /// Keeps credentials that are about to be replaced beside the file, as `….MACHINE`; gives where.
    ///
    /// # Errors
    /// [`Kind::Input`] when they cannot be written.
    pub fn set_aside(&self, former: &Credentials) -> Result<PathBuf> {
        let place = self.place_aside(former)?;
        Self::new(&place).save(former)?;
        Ok(place)
    }

    /// Where credentials are kept once others take their place: what other credentials are kept in is not written over.
    fn place_aside(&self, former: &Credentials) -> Result<PathBuf> {
        let machine = former.machine_id.as_str();
        let first = if TAKEN.iter().any(|name| name.eq_ignore_ascii_case(machine)) { 2 } else { 1 };
        for number in first..=MAX_KEPT {
            let place = self.beside(&if number == 1 { format!(".{machine}") } else { format!(".{machine}.{number}") });
            match Self::new(&place).load() {
                Ok(None) => return Ok(place),
                Ok(Some(kept)) if kept.fit(&former.server, &former.machine_id) => return Ok(place),
                Ok(Some(_)) | Err(_) => {}
            }
        }
        let text = format!("there are {MAX_KEPT} files of former credentials of {machine} beside {}", self.path.display());
        Err(Error::new(Kind::Input, "too_many_kept", text).hint("remove those that are no longer needed"))
    }

    /// Removes what a run that was killed left half written here, tokens maybe, once it is old.
    pub fn sweep(&self, now: Time) {
        let Ok(entries) = std::fs::read_dir(self.folder()) else { return };
        for entry in entries.flatten() {
            let name = entry.file_name();
            let ours = name.to_str().and_then(|name| name.strip_suffix(".tmp")).is_some_and(|stem| stem.starts_with(".lea-"));
            let written = entry.metadata().ok().filter(std::fs::Metadata::is_file).and_then(|facts| facts.modified().ok());
            let written = written.and_then(|at| at.duration_since(std::time::SystemTime::UNIX_EPOCH).ok());
            let written = written.and_then(|since| i64::try_from(since.as_micros()).ok()).map(Time::from_micros);
            if ours && written.is_some_and(|written| now.since(written) > STALE) {
                // One that cannot be removed is no worse than before.
                let _ = std::fs::remove_file(entry.path());
            }
        }
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

    fn folder(&self) -> &Path {
        match self.path.parent() {
            Some(folder) if !folder.as_os_str().is_empty() => folder,
            _ => Path::new("."),
        }
    }

    fn beside(&self, suffix: &str) -> PathBuf {
        let mut path = self.path.clone().into_os_string();
        path.push(suffix);
        PathBuf::from(path)
    }
}

/// Writes `value` as JSON, for its owner alone.
pub(super) fn write<T: Serialize>(path: &Path, value: &T) -> Result<()> {
    let mut bytes = super::http::json_body(value)?;
    bytes.push(b'\n');
    write_whole(path, &bytes, Access::Owner).map_err(|error| {
        let text = format!("cannot write {}", path.display());
        Error::new(Kind::Input, error.code().to_owned(), text).detail("blame", blame::MACHINE).caused_by(error.causes().join(": "))
    })
}

/// What is in a file of either sort, if there is one.
pub(super) fn read_if_there(path: &Path) -> Result<Option<Vec<u8>>> {
    match read_capped(path, MAX_BYTES) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.code() == "file_not_found" => Ok(None),
        Err(error) => Err(error),
    }
}

/// The error for a place that cannot be written to.
pub(super) fn unwritable(path: &Path, cause: std::io::Error) -> Error {
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
    fn former_credentials_are_kept_beside_under_a_name_of_their_own() {
        let folder = tempfile::tempdir().unwrap();
        let file = CredentialsFile::new(folder.path().join("credentials.json"));
        let of =
            |server: &str, machine: &str| Credentials { server: server.to_owned(), machine_id: machine.parse().unwrap(), ..credentials() };
        let named = |path: &Path| path.file_name().unwrap().to_str().unwrap().to_owned();
        let first = file.set_aside(&of("https://a", "PC-1")).unwrap();
        assert_eq!(named(&first), "credentials.json.PC-1");
        assert!(crate::files::is_private(&first).unwrap());
        // The same again takes the same place; another server's another one; and the names of the other files are nobody's.
        assert_eq!(file.set_aside(&of("https://a", "PC-1")).unwrap(), first);
        assert_eq!(named(&file.set_aside(&of("https://b", "PC-1")).unwrap()), "credentials.json.PC-1.2");
        assert_eq!(named(&file.set_aside(&of("https://a", "lock")).unwrap()), "credentials.json.lock.2");
        assert_eq!(CredentialsFile::new(first).load().unwrap().unwrap().server, "https://a");
    }

    #[test]
    fn what_a_killed_run_left_behind_is_swept_once_it_is_old() {
        let folder = tempfile::tempdir().unwrap();
        let file = CredentialsFile::new(folder.path().join("credentials.json"));
        for name in [".lea-abc.tmp", ".lea-new.tmp", "lea-abc.tmp"] {
            write_whole(&folder.path().join(name), b"token", Access::Owner).unwrap();
        }
        let old = std::time::SystemTime::UNIX_EPOCH + Duration::from_hours(1000);
        let open = |name: &str| std::fs::File::options().write(true).open(folder.path().join(name)).unwrap();
        open(".lea-abc.tmp").set_modified(old).unwrap();
        open("lea-abc.tmp").set_modified(old).unwrap();
        let written = open(".lea-new.tmp").metadata().unwrap().modified().unwrap();
        let now = written.duration_since(std::time::SystemTime::UNIX_EPOCH).unwrap();
        file.sweep(Time::from_micros(i64::try_from(now.as_micros()).unwrap()));
        let mut names: Vec<_> = std::fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        names.sort();
        assert_eq!(names, [".lea-new.tmp", "lea-abc.tmp"]);
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
