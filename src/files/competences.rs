//! The folder of competences: documents by their states, and the audit to which lines are added.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{BufRead, BufReader, ErrorKind, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use sha2::{Digest, Sha256};

use super::private::{Access, create_private_dir, restrict};
use super::whole::{flush_folder, read_capped, write_whole};
use crate::competence::{Held, Library, Made, State, is_slug};
use crate::error::{Error, Kind, Result};

/// The largest document, bytes.
pub const MAX_DOCUMENT_BYTES: u64 = 16 << 20;

/// The most documents that are listed.
const MAX_DOCUMENTS: usize = 100_000;

/// The audit.
const AUDIT: &str = "persist_audit.jsonl";

/// What is cut off the audit begins so.
const SET_ASIDE: &str = "persist_audit.torn-";

/// How long to wait for another program's turn to end, and how long between two looks.
const PATIENCE: Duration = Duration::from_secs(30);
const BETWEEN: Duration = Duration::from_millis(3);

/// Read at a time, bytes.
const BUFFER: usize = 256 << 10;

/// The folder `competences` of a data directory.
#[derive(Debug, Clone)]
pub struct CompetenceFolder {
    root: PathBuf,
}

/// The locks of whoever changes something: among programs like this one, and on the audit, which the source's module locks too.
struct Locks {
    _files: Vec<File>,
}

impl Held for Locks {}

impl CompetenceFolder {
    /// At `root`, which is made when it is first needed.
    pub fn new(root: PathBuf) -> Self {
        Self { root }
    }

    fn folder(&self, state: State) -> PathBuf {
        self.root.join(state.word())
    }

    fn document(&self, state: State, slug: &str) -> Result<PathBuf> {
        if !is_slug(slug) {
            return Err(Error::new(Kind::Input, "invalid_slug", "a slug is 3 to 80 of a-z, 0-9 and _, and begins with a letter"));
        }
        Ok(self.folder(state).join(format!("{slug}.yaml")))
    }

    fn audit_path(&self) -> PathBuf {
        self.root.join(AUDIT)
    }

    /// The audit for adding to it; made if it isn't there.
    fn open_audit(&self) -> Result<File> {
        let path = self.audit_path();
        let failed = |cause| Error::io("open", &path, cause);
        let fresh = !path.exists();
        let file = writable(&path, true).map_err(failed)?;
        if fresh {
            restrict(&file, &path, Access::Owner).map_err(failed)?;
            flush_folder(&self.root).map_err(failed)?;
        }
        Ok(file)
    }
}

fn writable(path: &Path, append: bool) -> std::io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).create(true).truncate(false);
    if append {
        options.append(true)
    } else {
        options.write(true)
    };
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// Waits for the lock on `file`.
fn wait_for(file: &File, path: &Path) -> Result<()> {
    let mut waited = Duration::ZERO;
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(()),
            Err(TryLockError::WouldBlock) if waited < PATIENCE => {
                std::thread::sleep(BETWEEN);
                waited += BETWEEN;
            }
            Err(TryLockError::WouldBlock) => {
                return Err(Error::new(Kind::Unavailable, "competences_busy", format!("another program keeps {} locked", path.display()))
                    .hint("try again in a moment")
                    .detail("retry_after", 5));
            }
            Err(TryLockError::Error(cause)) => return Err(Error::io("lock", path, cause)),
        }
    }
}

/// A failure to write that is the disk's, not the caller's.
fn storage(doing: &str, path: &Path, cause: std::io::Error) -> Error {
    let error = Error::io(doing, path, cause);
    if error.kind() == Kind::DiskFull { error } else { error.of_kind(Kind::Storage) }
}

impl Library for CompetenceFolder {
    fn hold(&self) -> Result<Box<dyn Held>> {
        create_private_dir(&self.root).map_err(|cause| Error::io("make", &self.root, cause))?;
        let path = self.root.join(".lock");
        let lock = writable(&path, false).map_err(|cause| Error::io("open", &path, cause))?;
        wait_for(&lock, &path)?;
        let mut files = vec![lock];
        // Where a lock is only an agreement, as on Unix, the source's module keeps it too; elsewhere it would keep this program out itself.
        if cfg!(unix) {
            let audit = self.open_audit()?;
            wait_for(&audit, &self.audit_path())?;
            files.push(audit);
        }
        Ok(Box::new(Locks { _files: files }))
    }

    fn is_taken(&self, state: State, slug: &str) -> Result<bool> {
        let path = self.document(state, slug)?;
        match path.symlink_metadata() {
            Ok(_) => Ok(true),
            Err(cause) if cause.kind() == ErrorKind::NotFound => Ok(false),
            Err(cause) => Err(storage("look at", &path, cause)),
        }
    }

    fn read(&self, state: State, slug: &str) -> Result<Option<String>> {
        let path = self.document(state, slug)?;
        let bytes = match read_capped(&path, MAX_DOCUMENT_BYTES) {
            Ok(bytes) => bytes,
            Err(error) if error.code() == "file_not_found" => return Ok(None),
            Err(error) => return Err(error),
        };
        String::from_utf8(bytes)
            .map(Some)
            .map_err(|_| Error::new(Kind::Integrity, "invalid_document", format!("{} is no UTF-8", path.display())))
    }

    fn make(&self, state: State, slug: &str, text: &str) -> Result<Made> {
        let (path, folder) = (self.document(state, slug)?, self.folder(state));
        let failed = |cause| storage("write", &path, cause);
        if !folder.is_dir() {
            create_private_dir(&folder).map_err(failed)?;
            flush_folder(&self.root).map_err(failed)?;
        }
        // What cannot be read as a document is another one: it must not stand in everybody's way.
        let same = || Ok(if self.read(state, slug).ok().flatten().as_deref() == Some(text) { Made::Whole } else { Made::Taken });
        if self.is_taken(state, slug)? {
            return same();
        }
        let mut temporary = tempfile::Builder::new().prefix(".lea-").suffix(".tmp").tempfile_in(&folder).map_err(failed)?;
        restrict(temporary.as_file(), temporary.path(), Access::Owner).map_err(failed)?;
        temporary.write_all(text.as_bytes()).and_then(|()| temporary.as_file().sync_all()).map_err(failed)?;
        match temporary.persist_noclobber(&path) {
            Ok(_) => {}
            Err(refused) if refused.error.kind() == ErrorKind::AlreadyExists => return same(),
            Err(refused) => return Err(failed(refused.error)),
        }
        flush_folder(&folder).map_err(failed)?;
        Ok(Made::Whole)
    }

    fn remove(&self, state: State, slug: &str, text: &str) -> Result<bool> {
        match self.read(state, slug)? {
            None => return Ok(true),
            Some(found) if found == text => {}
            Some(_) => return Ok(false),
        }
        let path = self.document(state, slug)?;
        let failed = |cause| storage("remove", &path, cause);
        std::fs::remove_file(&path).map_err(failed)?;
        flush_folder(&self.folder(state)).map_err(failed)?;
        Ok(true)
    }

    fn list(&self) -> Result<Vec<(State, String)>> {
        let mut found = Vec::new();
        for state in State::ALL {
            let folder = self.folder(state);
            let entries = match std::fs::read_dir(&folder) {
                Ok(entries) => entries,
                Err(cause) if cause.kind() == ErrorKind::NotFound => continue,
                Err(cause) => return Err(Error::io("read", &folder, cause)),
            };
            let mut slugs = Vec::new();
            for entry in entries.take(MAX_DOCUMENTS) {
                let entry = entry.map_err(|cause| Error::io("read", &folder, cause))?;
                let Ok(name) = entry.file_name().into_string() else { continue };
                slugs.extend(name.strip_suffix(".yaml").filter(|slug| is_slug(slug)).map(str::to_owned));
            }
            slugs.sort();
            found.extend(slugs.into_iter().map(|slug| (state, slug)));
        }
        Ok(found)
    }

    fn sweep(&self) -> Result<()> {
        for folder in State::ALL.map(|state| self.folder(state)) {
            let Ok(entries) = std::fs::read_dir(&folder) else { continue };
            for entry in entries.flatten() {
                let name = entry.file_name();
                let ours = name.to_str().is_some_and(|name| name.strip_suffix(".tmp").is_some_and(|stem| stem.starts_with(".lea-")));
                if ours && let Err(cause) = std::fs::remove_file(entry.path()) {
                    tracing::warn!(path = %entry.path().display(), %cause, "a file that was left half done could not be removed");
                }
            }
        }
        Ok(())
    }

    fn audit_length(&self) -> Result<u64> {
        let path = self.audit_path();
        match path.metadata() {
            Ok(facts) => Ok(facts.len()),
            Err(cause) if cause.kind() == ErrorKind::NotFound => Ok(0),
            Err(cause) => Err(Error::io("look at", &path, cause)),
        }
    }

    fn audit(&self, from: u64) -> Result<Box<dyn BufRead + Send>> {
        let path = self.audit_path();
        let mut file = match File::open(&path) {
            Ok(file) => file,
            Err(cause) if cause.kind() == ErrorKind::NotFound => return Ok(Box::new(std::io::empty())),
            Err(cause) => return Err(Error::io("read", &path, cause)),
        };
        file.seek(SeekFrom::Start(from)).map_err(|cause| Error::io("read", &path, cause))?;
        Ok(Box::new(BufReader::with_capacity(BUFFER, file)))
    }

    fn append(&self, at: u64, lines: &str) -> Result<()> {
        let path = self.audit_path();
        let failed = |cause| storage("write", &path, cause);
        let mut file = self.open_audit()?;
        if file.metadata().map_err(failed)?.len() != at {
            return Err(Error::new(
                Kind::Unavailable,
                "audit_moved",
                format!("{} was written by another program meanwhile", path.display()),
            )
            .hint("try again in a moment"));
        }
        if let Err(cause) = file.write_all(lines.as_bytes()).and_then(|()| file.sync_data()) {
            // Nothing half written stays: the next line must not be glued to it.
            if let Err(cause) = file.set_len(at).and_then(|()| file.sync_data()) {
                tracing::error!(path = %path.display(), %cause, "a half-written line could not be cut off");
            }
            return Err(failed(cause));
        }
        Ok(())
    }

    fn cut(&self, at: u64, known: bool) -> Result<Option<String>> {
        let path = self.audit_path();
        let failed = |cause| storage("write", &path, cause);
        let mut aside = None;
        if !known {
            let mut rest = Vec::new();
            self.audit(at)?.take(MAX_DOCUMENT_BYTES).read_to_end(&mut rest).map_err(failed)?;
            if at + rest.len() as u64 != self.audit_length()? {
                return Err(Error::new(Kind::Integrity, "audit_broken", format!("{} ends with too much that is no text", path.display()))
                    .hint("look at the file with an editor, and restore it from a backup"));
            }
            // Cut off once more after a crash, it has the same name.
            let digest = Sha256::digest(&rest);
            let name = format!("{SET_ASIDE}{at}-{:02x}{:02x}{:02x}{:02x}.part", digest[0], digest[1], digest[2], digest[3]);
            write_whole(&self.root.join(&name), &rest, Access::Owner)?;
            aside = Some(name);
        }
        let file = writable(&path, false).map_err(failed)?;
        file.set_len(at).and_then(|()| file.sync_all()).map_err(failed)?;
        Ok(aside)
    }

    fn set_aside(&self) -> Result<Vec<String>> {
        let entries = match std::fs::read_dir(&self.root) {
            Ok(entries) => entries,
            Err(cause) if cause.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
            Err(cause) => return Err(Error::io("read", &self.root, cause)),
        };
        let names = entries.flatten().filter_map(|entry| entry.file_name().into_string().ok());
        let mut found: Vec<String> = names.filter(|name| name.starts_with(SET_ASIDE)).collect();
        found.sort();
        Ok(found)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder() -> (tempfile::TempDir, CompetenceFolder) {
        let place = tempfile::tempdir().unwrap();
        let folder = CompetenceFolder::new(place.path().join("competences"));
        (place, folder)
    }

    #[test]
    fn a_document_is_made_once_and_never_over_another() {
        let (_place, folder) = folder();
        let _held = folder.hold().unwrap();
        assert_eq!(folder.make(State::Candidate, "abc", "one").unwrap(), Made::Whole);
        assert_eq!(folder.make(State::Candidate, "abc", "one").unwrap(), Made::Whole);
        assert_eq!(folder.make(State::Candidate, "abc", "two").unwrap(), Made::Taken);
        assert_eq!(folder.read(State::Candidate, "abc").unwrap().as_deref(), Some("one"));
        assert!(!folder.remove(State::Candidate, "abc", "two").unwrap() && folder.remove(State::Candidate, "abc", "one").unwrap());
        assert_eq!(folder.make(State::Candidate, "../x", "one").unwrap_err().code(), "invalid_slug");
    }

    #[cfg(unix)]
    #[test]
    fn a_link_that_leads_nowhere_takes_the_name() {
        let (_place, folder) = folder();
        folder.make(State::Stable, "abc", "one").unwrap();
        std::os::unix::fs::symlink("/nonexistent/x", folder.root.join("stable/def.yaml")).unwrap();
        assert!(folder.is_taken(State::Stable, "def").unwrap());
        assert_eq!(folder.make(State::Stable, "def", "one").unwrap(), Made::Taken);
        assert_eq!(folder.list().unwrap().len(), 2);
    }

    #[test]
    fn what_is_cut_off_is_kept_beside_it() {
        let (_place, folder) = folder();
        let _held = folder.hold().unwrap();
        folder.append(0, "{}\n{\"a").unwrap();
        assert_eq!(folder.append(0, "x\n").unwrap_err().code(), "audit_moved");
        let name = folder.cut(3, false).unwrap().unwrap();
        assert_eq!(folder.set_aside().unwrap(), std::slice::from_ref(&name));
        assert_eq!(read_capped(&folder.root.join(name), 10).unwrap(), b"{\"a");
        assert_eq!(folder.audit_length().unwrap(), 3);
    }
}
