//! The folder in which updates are staged: part files that grow, ZIPs under their final names, `staged.json`.

use std::fs::{File, OpenOptions};
use std::io::{ErrorKind, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use super::lock::{Lock, acquire};
use super::private::{Access, create_private_dir, is_open_to_all, is_own_alone, plainly, restrict};
use super::whole::{flush_folder, read_capped, rename, write_whole};
use crate::error::{Error, Kind, Result};
use crate::update::{Body, Content, Incoming, Installed, Note, Part, Record, Source, Staging, hash};

/// The largest `staged.json`, bytes: it names files.
const MAX_RECORD_BYTES: u64 = 16 << 20;

/// The largest note of a part file, bytes.
const MAX_NOTE_BYTES: u64 = 64 << 10;

/// The file that says what is staged.
const RECORD: &str = "staged.json";

/// The most files that are looked at below a folder of live files.
const MAX_INSTALLED: usize = 200_000;

/// A folder beside the live files, held against any other program that stages there.
#[derive(Debug)]
pub struct StagingFolder {
    folder: PathBuf,
    _lock: Lock,
}

impl StagingFolder {
    /// Makes the folder if it is missing, and holds it.
    ///
    /// # Errors
    /// [`Kind::Conflict`] when another program stages there; when the folder cannot be made.
    pub fn open(folder: &Path) -> Result<Self> {
        create_private_dir(folder).map_err(|cause| Error::io("create", folder, cause))?;
        if is_open_to_all(folder).map_err(|cause| Error::io("look at", folder, cause))? {
            let text = format!("everybody may write to {}, so that what is verified there could be replaced", folder.display());
            return Err(Error::new(Kind::Input, "staging_open", text).hint("take the right to write from others, or name another folder"));
        }
        let lock = acquire(&folder.join(".lea-staging.lock"), "another staging").map_err(|error| match error.kind() {
            Kind::Conflict => Error::new(Kind::Conflict, "staging_busy", format!("something else is being staged in {}", folder.display()))
                .hint("wait until that is done, and run this again"),
            _ => error,
        })?;
        Ok(Self { folder: folder.to_owned(), _lock: lock })
    }

    fn at(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// What `staged.json` in `folder` says, if it is there and can be read; for whoever only looks.
    pub fn record_in(folder: &Path) -> Option<Record> {
        serde_json::from_slice(&read_capped(&folder.join(RECORD), MAX_RECORD_BYTES).ok()?).ok()
    }
}

/// Opens a file that is one: nobody's link leads elsewhere. None where there is nothing of that name.
fn open_plain(path: &Path, options: &mut OpenOptions) -> Result<Option<File>> {
    let failed = |cause| Error::io("open", path, cause);
    match std::fs::symlink_metadata(path) {
        Ok(facts) if !facts.is_file() => Err(failed(std::io::Error::new(ErrorKind::InvalidInput, "it is a link or a folder"))),
        Ok(_) => plainly(options).open(path).map(Some).map_err(failed),
        Err(cause) if cause.kind() == ErrorKind::NotFound => Ok(None),
        Err(cause) => Err(failed(cause)),
    }
}

/// As [`open_plain`], of a file that is this user's alone; what is somebody else's is removed, be it never so whole.
fn open_own(path: &Path, options: &mut OpenOptions) -> Result<Option<File>> {
    let Some(file) = open_plain(path, options)? else { return Ok(None) };
    let folder = path.parent().unwrap_or(Path::new("."));
    if is_own_alone(&file, folder).map_err(|cause| Error::io("look at", path, cause))? {
        return Ok(Some(file));
    }
    remove(path)?;
    Ok(None)
}

impl Staging for StagingFolder {
    fn room(&self) -> Option<u64> {
        fs4::available_space(&self.folder).ok()
    }

    fn path(&self, name: &str) -> String {
        self.at(name).display().to_string()
    }

    fn staged(&self, name: &str) -> Result<Option<Box<dyn Content>>> {
        let file = open_own(&self.at(name), OpenOptions::new().read(true))?;
        Ok(file.map(|file| Box::new(file) as Box<dyn Content>))
    }

    fn part(&mut self, name: &str) -> Result<Box<dyn Part>> {
        let path = self.at(&format!("{name}.part"));
        let mut options = OpenOptions::new();
        options.read(true).write(true);
        let mut file = match open_own(&path, &mut options)? {
            Some(file) => file,
            None => options.create_new(true).open(&path).map_err(|cause| Error::io("create", &path, cause))?,
        };
        let failed = |cause| Error::io("write", &path, cause);
        restrict(&file, &path, Access::Everyone).map_err(failed)?;
        let length = file.seek(SeekFrom::End(0)).map_err(failed)?;
        let note = self.at(&format!("{name}.part.json"));
        // One that cannot be read only means to begin anew.
        let known = read_capped(&note, MAX_NOTE_BYTES).ok().and_then(|text| serde_json::from_slice(&text).ok());
        Ok(Box::new(PartFile { file, path, note, target: self.at(name), length, known }))
    }

    fn record(&self) -> Option<Record> {
        Self::record_in(&self.folder)
    }

    fn set_record(&mut self, record: Option<&Record>) -> Result<()> {
        match record {
            None => self.remove(RECORD),
            Some(record) => {
                let mut text = serde_json::to_vec_pretty(record)
                    .map_err(|cause| Error::new(Kind::Bug, "not_serialisable", "staged.json could not be written").caused_by(cause))?;
                text.push(b'\n');
                write_whole(&self.at(RECORD), &text, Access::Everyone)
            }
        }
    }

    fn names(&self) -> Result<Vec<String>> {
        let failed = |cause| Error::io("read", &self.folder, cause);
        let mut names = Vec::new();
        for entry in std::fs::read_dir(&self.folder).map_err(failed)? {
            if let Ok(name) = entry.map_err(failed)?.file_name().into_string() {
                names.push(name);
            }
        }
        Ok(names)
    }

    fn remove(&mut self, name: &str) -> Result<()> {
        remove(&self.at(name))
    }
}

fn remove(path: &Path) -> Result<()> {
    match std::fs::remove_file(path) {
        Err(cause) if cause.kind() != ErrorKind::NotFound => Err(Error::io("remove", path, cause)),
        _ => Ok(()),
    }
}

struct PartFile {
    file: File,
    path: PathBuf,
    note: PathBuf,
    target: PathBuf,
    length: u64,
    known: Option<Note>,
}

impl PartFile {
    fn failed(&self, cause: std::io::Error) -> Error {
        Error::io("write", &self.path, cause)
    }
}

impl Part for PartFile {
    fn length(&self) -> u64 {
        self.length
    }

    fn note(&self) -> Option<&Note> {
        self.known.as_ref()
    }

    fn restart(&mut self, note: &Note) -> Result<()> {
        // First of all nothing is left that the new note could be taken to speak of.
        self.file.set_len(0).and_then(|()| self.file.rewind()).map_err(|cause| self.failed(cause))?;
        self.length = 0;
        if self.known.as_ref() != Some(note) {
            let text = serde_json::to_vec(note)
                .map_err(|cause| Error::new(Kind::Bug, "not_serialisable", "a note could not be written").caused_by(cause))?;
            write_whole(&self.note, &text, Access::Everyone)?;
            self.known = Some(note.clone());
        }
        Ok(())
    }

    fn append(&mut self, bytes: &[u8]) -> Result<()> {
        let at = SeekFrom::Start(self.length);
        self.file.seek(at).and_then(|_| self.file.write_all(bytes)).map_err(|cause| self.failed(cause))?;
        self.length += bytes.len() as u64;
        Ok(())
    }

    fn content(&mut self) -> Result<Box<dyn Content>> {
        // The very file that was written, whatever stands under its name meanwhile.
        Ok(Box::new(self.file.try_clone().map_err(|cause| Error::io("read", &self.path, cause))?))
    }

    fn commit(self: Box<Self>) -> Result<()> {
        self.file.sync_all().map_err(|cause| self.failed(cause))?;
        drop(self.file);
        let failed = |cause| Error::io("write", &self.target, cause);
        rename(&self.path, &self.target).map_err(failed)?;
        flush_folder(self.target.parent().unwrap_or(Path::new("."))).map_err(failed)?;
        remove(&self.note)
    }

    fn discard(self: Box<Self>) -> Result<()> {
        drop(self.file);
        remove(&self.path)?;
        remove(&self.note)
    }
}

/// A ZIP that is on a disk of this machine already.
#[derive(Debug)]
pub struct FileSource {
    path: PathBuf,
}

impl FileSource {
    /// The file at `path`.
    pub fn new(path: &Path) -> Self {
        Self { path: path.to_owned() }
    }

    /// The file, and how long it is.
    fn file(&self) -> Result<(File, u64)> {
        let failed = |cause| Error::io("read", &self.path, cause);
        let file = File::open(&self.path).map_err(failed)?;
        let facts = file.metadata().map_err(failed)?;
        if !facts.is_file() {
            return Err(failed(std::io::Error::new(ErrorKind::IsADirectory, "it is no file")));
        }
        Ok((file, facts.len()))
    }
}

struct FileBody {
    file: File,
    path: PathBuf,
}

impl Body for FileBody {
    fn read(&mut self, into: &mut [u8]) -> Result<usize> {
        self.file.read(into).map_err(|cause| Error::io("read", &self.path, cause))
    }
}

impl Source<'_> for FileSource {
    fn open(&mut self, _from: u64, _etag: Option<&str>) -> Result<Incoming<'static>> {
        let (file, length) = self.file()?;
        Ok(Incoming { from: 0, total: Some(length), etag: None, body: Box::new(FileBody { file, path: self.path.clone() }) })
    }

    fn agrees(&self, sha256: &str) -> Result<bool> {
        Ok(hash(&mut self.file()?.0)? == sha256)
    }

    fn again(&mut self, _failed: &Error, _progressed: bool) -> bool {
        false
    }
}

/// The folder of the live files. It is only looked at.
#[derive(Debug)]
pub struct InstalledFolder {
    folder: PathBuf,
}

impl InstalledFolder {
    /// The folder at `folder`.
    ///
    /// # Errors
    /// When there is none.
    pub fn open(folder: &Path) -> Result<Self> {
        let failed = |cause| Error::io("read", folder, cause);
        if !std::fs::metadata(folder).map_err(failed)?.is_dir() {
            return Err(failed(std::io::Error::new(ErrorKind::NotADirectory, "it is no folder")));
        }
        Ok(Self { folder: folder.to_owned() })
    }
}

impl Installed for InstalledFolder {
    fn files(&self) -> Result<Vec<String>> {
        let mut found = Vec::new();
        let mut folders = vec![(self.folder.clone(), String::new())];
        while let Some((folder, prefix)) = folders.pop() {
            let failed = |cause| Error::io("read", &folder, cause);
            for entry in std::fs::read_dir(&folder).map_err(failed)? {
                let entry = entry.map_err(failed)?;
                let Ok(name) = entry.file_name().into_string() else { continue };
                let kind = entry.file_type().map_err(failed)?;
                // A link is not followed: it may lead out of the folder, or round in circles.
                if kind.is_dir() {
                    folders.push((entry.path(), format!("{prefix}{name}/")));
                } else if kind.is_file() {
                    found.push(format!("{prefix}{name}"));
                }
                if found.len() + folders.len() > MAX_INSTALLED {
                    let text = format!("{} holds more than {MAX_INSTALLED} files", self.folder.display());
                    return Err(Error::new(Kind::TooLarge, "too_many_files", text).hint("name the folder of the agent itself"));
                }
            }
        }
        Ok(found)
    }

    fn facts(&self, name: &str) -> Result<Option<(u64, u32)>> {
        let path = self.folder.join(name);
        let failed = |cause| Error::io("read", &path, cause);
        match std::fs::symlink_metadata(&path) {
            // A link, a folder, or a file of another size is another thing in any case.
            Ok(facts) if !facts.is_file() => return Ok(Some((0, 0))),
            Ok(_) => {}
            Err(cause) if matches!(cause.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => return Ok(None),
            Err(cause) => return Err(failed(cause)),
        }
        let mut file = File::open(&path).map_err(failed)?;
        let mut hasher = crc32fast::Hasher::new();
        let (mut piece, mut size) = (vec![0; 64 << 10], 0);
        loop {
            match file.read(&mut piece).map_err(failed)? {
                0 => return Ok(Some((size, hasher.finalize()))),
                count => {
                    hasher.update(&piece[..count]);
                    size += count as u64;
                }
            }
        }
    }
}
