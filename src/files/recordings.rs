//! Recordings on disk: a folder each, `<machine>/<session>`, with the journal, the shots and the summary.

use std::fs::File;
use std::io::{BufRead, BufReader, ErrorKind, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};
use tempfile::Builder;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use super::private::{Access, create_private_dir, restrict};
use super::whole::{flush_folder, read_capped, write_whole};
use crate::clock::Time;
use crate::error::{Error, Kind, Result};
use crate::id;
use crate::session::{Landed, Recordings, ShotFile};

/// The journal of a recording.
pub(super) const JOURNAL: &str = "live_events.jsonl";

/// The folder of its shots.
const SHOTS: &str = "shots";

/// Its summary.
const SUMMARY: &str = "session.json";

/// What the names of temporary shots begin with.
const INCOMING: &str = "~lea-shot-";

/// What the name of a recording that is being removed begins with.
const GOING: &str = "~lea-gone-";

/// The longest line that is read, bytes; longer ones are cut into pieces that are no events.
const MAX_LINE: u64 = 32 << 20;

/// Read at a time, bytes.
const PIECE: usize = 256 << 10;

/// Recordings below one folder.
#[derive(Debug, Clone)]
pub struct RecordingFolder {
    root: PathBuf,
    ceiling: u64,
}

impl RecordingFolder {
    /// Below `root`, which is made when it is first needed; no shot is larger than `ceiling` bytes.
    pub fn new(root: PathBuf, ceiling: usize) -> Self {
        Self { root, ceiling: ceiling as u64 }
    }

    /// The path of a recording; each part of `folder` is an id, so that it lies below the root.
    fn path(&self, folder: &str) -> Result<PathBuf> {
        let parts: Vec<&str> = folder.split('/').collect();
        if parts.len() != 2 || parts.iter().any(|part| id::check(part).is_some()) {
            return Err(Error::new(Kind::Bug, "bug", "a recording was to be kept outside its folder"));
        }
        Ok(self.root.join(parts[0]).join(parts[1]))
    }

    fn shot_path(&self, folder: &str, shot: &str) -> Result<Option<PathBuf>> {
        if id::check(shot).is_some() {
            return Ok(None);
        }
        let folder = self.path(folder)?.join(SHOTS);
        Ok(["png", "jpg"].into_iter().map(|ending| folder.join(format!("{shot}.{ending}"))).find(|path| path.is_file()))
    }
}

/// What is in a folder, nothing when there is none.
fn entries(folder: &Path) -> Result<Vec<(String, std::fs::DirEntry)>> {
    let failed = |cause| Error::io("read", folder, cause);
    let found = match std::fs::read_dir(folder) {
        Ok(found) => found,
        Err(cause) if cause.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        Err(cause) => return Err(failed(cause)),
    };
    let mut entries = Vec::new();
    for entry in found {
        let entry = entry.map_err(failed)?;
        if let Ok(name) = entry.file_name().into_string() {
            entries.push((name, entry));
        }
    }
    entries.sort_by(|a, b| a.0.cmp(&b.0));
    Ok(entries)
}

fn hash_of(path: &Path) -> Result<[u8; 32]> {
    let failed = |cause| Error::io("read", path, cause);
    let mut file = File::open(path).map_err(failed)?;
    let (mut hash, mut piece) = (Sha256::new(), vec![0; PIECE]);
    loop {
        match file.read(&mut piece).map_err(failed)? {
            0 => return Ok(hash.finalize().into()),
            read => hash.update(&piece[..read]),
        }
    }
}

impl Recordings for RecordingFolder {
    fn folders(&self) -> Result<Vec<(String, String)>> {
        let mut folders = Vec::new();
        for (machine, entry) in entries(&self.root)? {
            if id::check(&machine).is_some() || !entry.path().is_dir() {
                continue;
            }
            for (session, entry) in entries(&entry.path())? {
                if id::check(&session).is_none() && entry.path().is_dir() {
                    folders.push((machine.clone(), session));
                }
            }
        }
        Ok(folders)
    }

    fn journal_length(&self, folder: &str) -> Result<u64> {
        let path = self.path(folder)?.join(JOURNAL);
        match std::fs::metadata(&path) {
            Ok(facts) => Ok(facts.len()),
            Err(cause) if cause.kind() == ErrorKind::NotFound => Ok(0),
            Err(cause) => Err(Error::io("read", &path, cause)),
        }
    }

    fn read_journal(&self, folder: &str, offset: u64, mend: bool, line: &mut dyn FnMut(&[u8]) -> Result<()>) -> Result<()> {
        let path = self.path(folder)?.join(JOURNAL);
        let failed = |cause| Error::io("read", &path, cause);
        let mut file = match File::open(&path) {
            Ok(file) => file,
            Err(cause) if cause.kind() == ErrorKind::NotFound => return Ok(()),
            Err(cause) => return Err(failed(cause)),
        };
        file.seek(SeekFrom::Start(offset)).map_err(failed)?;
        let (mut reader, mut whole, mut text) = (BufReader::with_capacity(PIECE, file), offset, Vec::new());
        loop {
            text.clear();
            let read = (&mut reader).take(MAX_LINE).read_until(b'\n', &mut text).map_err(failed)?;
            if read == 0 {
                return Ok(());
            }
            if text.pop_if(|last| *last == b'\n').is_none() {
                if (read as u64) < MAX_LINE {
                    return if mend { set_aside(&path, whole, &text) } else { Ok(()) };
                }
                whole += read as u64;
                continue;
            }
            whole += read as u64;
            line(&text)?;
        }
    }

    fn begin_shot(&self, folder: &str) -> Result<ShotFile> {
        let shots = self.path(folder)?.join(SHOTS);
        let failed = |cause| Error::io("write", &shots, cause);
        create_private_dir(&shots).map_err(failed)?;
        let file = Builder::new().prefix(INCOMING).tempfile_in(&shots).map_err(failed)?;
        restrict(file.as_file(), file.path(), Access::Owner).map_err(failed)?;
        Ok(ShotFile::new(file))
    }

    fn land_shot(&self, folder: &str, file: ShotFile, shot: &str, ending: &str) -> Result<Landed> {
        let shots = self.path(folder)?.join(SHOTS);
        if id::check(shot).is_some() {
            return Err(Error::new(Kind::Bug, "bug", "a shot was to be kept outside its folder"));
        }
        let (file, hash) = file.finish();
        loop {
            if let Some(there) = self.shot_path(folder, shot)? {
                return Ok(if hash_of(&there)? == hash { Landed::Same } else { Landed::Other });
            }
            let name = format!("{shot}.{ending}");
            let target = shots.join(&name);
            let failed = |cause| Error::io("write", &target, cause);
            file.as_file().sync_all().map_err(failed)?;
            // A second name first, then the first one goes: unlike a rename this never replaces what another has put there.
            match std::fs::hard_link(file.path(), &target) {
                Ok(()) => {
                    flush_folder(&shots).map_err(failed)?;
                    return Ok(Landed::New(name));
                }
                Err(cause) if cause.kind() == ErrorKind::AlreadyExists => {}
                Err(_) => {
                    // A file system without second names.
                    return match file.persist_noclobber(&target) {
                        Ok(_) => flush_folder(&shots).map(|()| Landed::New(name)).map_err(failed),
                        Err(refused) => Err(failed(refused.error)),
                    };
                }
            }
        }
    }

    fn read_shot(&self, folder: &str, shot: &str) -> Result<Option<Vec<u8>>> {
        self.shot_path(folder, shot)?.map(|path| read_capped(&path, self.ceiling)).transpose()
    }

    fn shots(&self, folder: &str) -> Result<Vec<(String, u64)>> {
        let mut shots = Vec::new();
        for (name, entry) in entries(&self.path(folder)?.join(SHOTS))? {
            if name.starts_with(INCOMING) {
                continue;
            }
            shots.push((name, entry.metadata().map_or(0, |facts| facts.len())));
        }
        Ok(shots)
    }

    fn write_summary(&self, folder: &str, text: &str) -> Result<()> {
        write_whole(&self.path(folder)?.join(SUMMARY), text.as_bytes(), Access::Owner)
    }

    fn rename(&self, from: &str, to: &str) -> Result<()> {
        let (from, to) = (self.path(from)?, self.path(to)?);
        if !from.exists() {
            return Ok(());
        }
        let parent = to.parent().unwrap_or(&self.root).to_path_buf();
        create_private_dir(&parent).map_err(|cause| Error::io("make", &parent, cause))?;
        std::fs::rename(&from, &to).map_err(|cause| Error::io("rename", &from, cause))?;
        flush_folder(&parent).map_err(|cause| Error::io("write", &parent, cause))
    }

    fn remove(&self, folder: &str) -> Result<u64> {
        let path = self.path(folder)?;
        let bytes = self.size(folder)?;
        // Out of the way in one step: half a recording would be taken for a whole one.
        let going = self.root.join(format!("{GOING}{}", id::fresh()));
        match std::fs::rename(&path, &going) {
            Ok(()) => {}
            Err(cause) if cause.kind() == ErrorKind::NotFound => return Ok(0),
            Err(cause) => return Err(Error::io("remove", &path, cause)),
        }
        std::fs::remove_dir_all(&going).map_err(|cause| Error::io("remove", &going, cause))?;
        if let Some(machine) = path.parent() {
            // Only if nothing else is in it.
            let _ = std::fs::remove_dir(machine);
        }
        Ok(bytes)
    }

    fn size(&self, folder: &str) -> Result<u64> {
        let shots: u64 = self.shots(folder)?.iter().map(|(_, bytes)| bytes).sum();
        let summary = std::fs::metadata(self.path(folder)?.join(SUMMARY)).map_or(0, |facts| facts.len());
        Ok(shots + summary + self.journal_length(folder)?)
    }

    fn scratch(&self) -> Result<File> {
        let failed = |cause| Error::io("write", &self.root, cause);
        create_private_dir(&self.root).map_err(failed)?;
        tempfile::tempfile_in(&self.root).map_err(failed)
    }

    fn pack(&self, folder: &str, into: &mut File, progress: &mut dyn FnMut(u64)) -> Result<()> {
        let path = self.path(folder)?;
        let failed =
            |cause: zip::result::ZipError| Error::new(Kind::Storage, "export_failed", "the archive could not be written").caused_by(cause);
        let mut archive = ZipWriter::new(std::io::BufWriter::with_capacity(PIECE, into));
        let large = SimpleFileOptions::default().large_file(true);
        let (packed, stored) = (large.compression_method(CompressionMethod::Deflated), large.compression_method(CompressionMethod::Stored));
        let shots = self.shots(folder)?.into_iter().map(|(name, _)| (format!("{SHOTS}/{name}"), stored));
        let names = [(JOURNAL.to_owned(), packed), (SUMMARY.to_owned(), packed)].into_iter().chain(shots);
        let mut piece = vec![0; PIECE];
        for (name, options) in names {
            let source = path.join(&name);
            let mut file = match File::open(&source) {
                Ok(file) => file,
                Err(cause) if cause.kind() == ErrorKind::NotFound => continue,
                Err(cause) => return Err(Error::io("read", &source, cause)),
            };
            archive.start_file(name, options).map_err(failed)?;
            loop {
                let read = file.read(&mut piece).map_err(|cause| Error::io("read", &source, cause))?;
                if read == 0 {
                    break;
                }
                archive.write_all(&piece[..read]).map_err(|cause| failed(cause.into()))?;
                progress(read as u64);
            }
        }
        archive.finish().map_err(failed)?.flush().map_err(|cause| failed(cause.into()))
    }

    fn sweep(&self) -> Result<()> {
        for (name, entry) in entries(&self.root)? {
            if name.starts_with(GOING) {
                std::fs::remove_dir_all(entry.path()).map_err(|cause| Error::io("remove", &entry.path(), cause))?;
            }
        }
        for (machine, session) in self.folders()? {
            for (name, entry) in entries(&self.root.join(machine).join(session).join(SHOTS))? {
                if name.starts_with(INCOMING) {
                    // Whoever sent it was not told that it is kept.
                    let _ = std::fs::remove_file(entry.path());
                }
            }
        }
        Ok(())
    }
}

/// Moves the end of a journal that is no whole line into a file of its own.
fn set_aside(path: &Path, whole: u64, tail: &[u8]) -> Result<()> {
    let failed = |cause| Error::io("write", path, cause);
    let folder = path.parent().unwrap_or(Path::new("."));
    let modified = std::fs::metadata(path).and_then(|facts| facts.modified()).map_err(failed)?;
    let micros = modified.duration_since(std::time::SystemTime::UNIX_EPOCH).map_or(0, |since| since.as_micros() as i64);
    let stamp: String = Time::from_micros(micros).to_string().chars().filter(char::is_ascii_digit).take(20).collect();
    let aside = folder.join(format!("live_events.torn-{stamp}-{whole}.part"));
    // First there twice, then here no more: a crash in between sets it aside again, under the same name.
    write_whole(&aside, tail, Access::Owner)?;
    let file = std::fs::OpenOptions::new().write(true).open(path).map_err(failed)?;
    file.set_len(whole).and_then(|()| file.sync_all()).map_err(failed)?;
    tracing::warn!(journal = %path.display(), aside = %aside.display(), bytes = tail.len(), "the end of a journal was no whole line and was set aside");
    Ok(())
}
