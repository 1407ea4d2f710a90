//! Files to which whole lines are added.

use std::collections::HashMap;
use std::fs::{File, OpenOptions};
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use super::private::{Access, create_private_dir, restrict};
use super::recordings::JOURNAL;
use crate::error::{Error, Kind, Result};
use crate::session::Journals;

/// Journals that are held open.
const MAX_OPEN: usize = 256;

/// Closed journals that wait to be flushed.
const MAX_UNFLUSHED: usize = 512;

/// Journals below one folder, `<machine>/<session>/live_events.jsonl`.
#[derive(Debug)]
pub struct JournalFolder {
    root: PathBuf,
    open: HashMap<String, Open>,
    /// Counts uses, so that the one unused for longest gives way.
    uses: u64,
    unflushed: Vec<File>,
}

#[derive(Debug)]
struct Open {
    file: File,
    path: PathBuf,
    length: u64,
    used: u64,
    dirty: bool,
}

impl JournalFolder {
    /// Below `root`, which is made when it is first needed.
    pub fn new(root: PathBuf) -> Self {
        Self { root, open: HashMap::new(), uses: 0, unflushed: Vec::new() }
    }

    fn opened(&mut self, folder: &str) -> Result<&mut Open> {
        self.uses += 1;
        let uses = self.uses;
        if !self.open.contains_key(folder) {
            if self.open.len() >= MAX_OPEN {
                let oldest = self.open.iter().min_by_key(|(_, open)| open.used).map(|(name, _)| name.clone());
                if let Some(oldest) = oldest {
                    self.close(&oldest)?;
                }
            }
            let opened = open(&self.root.join(folder))?;
            self.open.insert(folder.to_owned(), opened);
        }
        let found = self.open.get_mut(folder).ok_or_else(|| Error::new(Kind::Bug, "bug", "a journal was closed while it was opened"))?;
        found.used = uses;
        Ok(found)
    }
}

/// Opens the journal of a folder, for its owner alone, and sees to it that it ends with a whole line.
fn open(folder: &Path) -> Result<Open> {
    create_private_dir(folder).map_err(|cause| Error::io("make", folder, cause))?;
    let path = folder.join(JOURNAL);
    let failed = |cause| Error::io("open", &path, cause);
    let mut options = OpenOptions::new();
    options.read(true).append(true).create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let fresh = !path.exists();
    let mut file = options.open(&path).map_err(failed)?;
    if fresh {
        restrict(&file, &path, Access::Owner).map_err(failed)?;
        // The file itself must outlast a power cut, not only what is in it.
        super::whole::flush_folder(folder).map_err(failed)?;
    }
    let length = file.metadata().map_err(failed)?.len();
    if length > 0 {
        let mut last = [0];
        file.seek(SeekFrom::Start(length - 1)).and_then(|_| file.read_exact(&mut last)).map_err(failed)?;
        if last != *b"\n" {
            return Err(Error::new(Kind::Integrity, "journal_torn", format!("{} does not end with a whole line", path.display()))
                .hint("start the server again: it sets such an end aside"));
        }
    }
    Ok(Open { file, path, length, used: 0, dirty: false })
}

impl Journals for JournalFolder {
    fn append(&mut self, folder: &str, lines: &[u8]) -> Result<u64> {
        let open = self.opened(folder)?;
        if let Err(cause) = open.file.write_all(lines) {
            let error = Error::io("write", &open.path, cause);
            // Nothing half written stays: the next line must not be glued to it.
            if let Err(cause) = open.file.set_len(open.length) {
                tracing::error!(path = %open.path.display(), %cause, "a half-written line could not be cut off");
                self.open.remove(folder);
            }
            return Err(match error.kind() {
                Kind::DiskFull => error,
                _ => Error::new(Kind::Storage, "journal_failed", error.message().to_owned()).caused_by(error.causes().join("; ")),
            });
        }
        open.length += lines.len() as u64;
        open.dirty = true;
        Ok(open.length)
    }

    fn unflushed(&mut self) -> Vec<File> {
        let mut files = std::mem::take(&mut self.unflushed);
        for open in self.open.values_mut().filter(|open| open.dirty) {
            match open.file.try_clone() {
                Ok(file) => {
                    open.dirty = false;
                    files.push(file);
                }
                Err(cause) => tracing::warn!(path = %open.path.display(), %cause, "a journal could not be flushed, and will be later"),
            }
        }
        files
    }

    fn close(&mut self, folder: &str) -> Result<()> {
        if let Some(open) = self.open.remove(folder)
            && open.dirty
        {
            // So many sessions at once that files would run out: rather slow than refused.
            if self.unflushed.len() >= MAX_UNFLUSHED {
                open.file.sync_data().map_err(|cause| Error::io("flush", &open.path, cause))?;
            } else {
                self.unflushed.push(open.file);
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn more_journals_than_may_be_open_lose_nothing() {
        let root = tempfile::tempdir().unwrap();
        let mut journals = JournalFolder::new(root.path().to_path_buf());
        for round in 0..2 {
            for number in 0..MAX_OPEN + 20 {
                journals.append(&format!("m/s{number}"), format!("{round}\n").as_bytes()).unwrap();
            }
        }
        assert!(journals.open.len() <= MAX_OPEN);
        assert!(journals.unflushed().len() >= MAX_OPEN + 20);
        assert!(journals.unflushed().is_empty());
        for number in 0..MAX_OPEN + 20 {
            assert_eq!(super::super::whole::read_capped(&root.path().join(format!("m/s{number}/{JOURNAL}")), 100).unwrap(), b"0\n1\n");
        }
    }

    #[test]
    fn nothing_is_glued_to_a_torn_line() {
        let root = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(root.path().join("m/s")).unwrap();
        super::super::whole::write_whole(&root.path().join("m/s").join(JOURNAL), b"whole\nha", Access::Owner).unwrap();
        let mut journals = JournalFolder::new(root.path().to_path_buf());
        assert_eq!(journals.append("m/s", b"next\n").unwrap_err().code(), "journal_torn");
    }
}
