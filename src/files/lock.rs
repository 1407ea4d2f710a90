//! A lock file: one program at a time, released by the operating system when its holder dies.

use std::fs::{File, OpenOptions, TryLockError};
use std::path::Path;

use crate::error::{Error, Kind, Result};

/// Held for as long as this value lives.
#[derive(Debug)]
pub struct Lock {
    _file: File,
}

/// Takes the lock at `path`, or says that another program has it.
///
/// # Errors
/// [`Kind::Conflict`] when it is held; an input error when the file cannot be made.
pub fn acquire(path: &Path, holder: &str) -> Result<Lock> {
    let failed = |cause| Error::io("open", path, cause);
    let mut options = OpenOptions::new();
    options.create(true).truncate(false).write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let file = options.open(path).map_err(failed)?;
    match file.try_lock() {
        Ok(()) => Ok(Lock { _file: file }),
        Err(TryLockError::WouldBlock) => {
            Err(Error::new(Kind::Conflict, "locked", format!("{holder} is already running on {}", path.with_file_name("").display()))
                .hint("stop that one first, or choose another folder"))
        }
        Err(TryLockError::Error(cause)) => Err(failed(cause)),
    }
}
