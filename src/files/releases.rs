//! The folder of published update ZIPs.

use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use super::private::{Access, create_private_dir, restrict};
use super::whole::{flush_folder, rename};
use crate::error::{Error, Result};
use crate::id;
use crate::update::{Content, Delivery, Depot};

/// What files that come in are called until they are kept.
const INCOMING: (&str, &str) = (".lea-incoming-", ".tmp");

/// A folder of ZIPs, each under the name of its release.
#[derive(Debug)]
pub struct ReleaseFolder {
    folder: PathBuf,
}

impl ReleaseFolder {
    /// The folder at `folder`, which need not be there yet.
    pub fn new(folder: PathBuf) -> Self {
        Self { folder }
    }

    /// Removes what came in and was cut short by a crash. Nobody may be publishing meanwhile.
    ///
    /// # Errors
    /// When the folder cannot be read.
    pub fn sweep(&self) -> Result<()> {
        let failed = |cause| Error::io("read", &self.folder, cause);
        if !self.folder.is_dir() {
            return Ok(());
        }
        for entry in std::fs::read_dir(&self.folder).map_err(failed)? {
            let entry = entry.map_err(failed)?;
            let name = entry.file_name();
            if name.to_str().is_some_and(|name| name.starts_with(INCOMING.0) && name.ends_with(INCOMING.1)) {
                std::fs::remove_file(entry.path()).map_err(failed)?;
            }
        }
        Ok(())
    }
}

impl Depot for ReleaseFolder {
    fn receive(&self) -> Result<Box<dyn Delivery>> {
        let failed = |cause| Error::io("write to", &self.folder, cause);
        create_private_dir(&self.folder).map_err(failed)?;
        let file = tempfile::Builder::new().prefix(INCOMING.0).suffix(INCOMING.1).tempfile_in(&self.folder).map_err(failed)?;
        restrict(file.as_file(), file.path(), Access::Owner).map_err(failed)?;
        Ok(Box::new(Incoming { file, folder: self.folder.clone() }))
    }

    fn open(&self, file: &str) -> Result<Option<(Box<dyn Content>, u64)>> {
        if id::check(file).is_some() {
            return Ok(None);
        }
        let path = self.folder.join(file);
        let failed = |cause| Error::io("read", &path, cause);
        let file = match File::open(&path) {
            Err(cause) if cause.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            opened => opened.map_err(failed)?,
        };
        let size = file.metadata().map_err(failed)?.len();
        Ok(Some((Box::new(file), size)))
    }

    fn discard(&self, file: &str) -> Result<()> {
        let path = self.folder.join(file);
        std::fs::remove_file(&path).map_err(|cause| Error::io("remove", &path, cause))
    }
}

struct Incoming {
    file: NamedTempFile,
    folder: PathBuf,
}

impl Incoming {
    fn failed(&self, cause: std::io::Error) -> Error {
        Error::io("write to", &self.folder, cause)
    }
}

impl Delivery for Incoming {
    fn append(&mut self, bytes: &[u8]) -> Result<()> {
        self.file.as_file_mut().write_all(bytes).map_err(|cause| self.failed(cause))
    }

    fn content(&mut self) -> Result<Box<dyn Content>> {
        Ok(Box::new(self.file.reopen().map_err(|cause| self.failed(cause))?))
    }

    fn keep(self: Box<Self>, file: &str) -> Result<()> {
        self.file.as_file().sync_all().map_err(|cause| self.failed(cause))?;
        let target = self.folder.join(file);
        let kept = |cause| Error::io("write", Path::new(file), cause);
        let (_, path) = self.file.keep().map_err(|refused| kept(refused.error))?;
        rename(&path, &target).and_then(|()| flush_folder(&self.folder)).map_err(|cause| {
            // The name it has now means nothing to anybody.
            let _ = std::fs::remove_file(&path);
            kept(cause)
        })
    }
}
