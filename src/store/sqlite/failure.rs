//! SQLite's failures as ours.

use std::path::Path;

use rusqlite::ErrorCode;

use crate::error::{Error, Kind};

/// `cause` as an error about the database at `path`.
pub(super) fn storage(path: &Path, cause: rusqlite::Error) -> Error {
    let place = path.display();
    let error = match cause.sqlite_error_code() {
        Some(ErrorCode::DiskFull) => Error::new(Kind::DiskFull, "disk_full", format!("no room left for the database {place}"))
            .hint("free some space on that disk; what was acknowledged before is kept"),
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
            Error::new(Kind::Unavailable, "database_busy", format!("another program keeps the database {place} locked"))
                .hint("try again in a moment")
        }
        Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied | ErrorCode::CannotOpen) => {
            Error::new(Kind::Storage, "database_not_writable", format!("the database {place} cannot be written"))
                .hint("check the rights of the file, of its folder and of the files -wal and -shm beside it")
        }
        Some(ErrorCode::NotADatabase) => Error::new(Kind::Input, "not_a_database", format!("{place} is no SQLite database"))
            .hint("move it away, or name the right file with LEA_DATABASE; keep it if it may be a damaged one"),
        Some(ErrorCode::DatabaseCorrupt) => Error::new(Kind::Integrity, "database_corrupt", format!("the database {place} is damaged"))
            .hint("stop, keep a copy of it, and restore the last backup"),
        _ => Error::new(Kind::Storage, "database_failed", format!("the database {place} refused")),
    };
    error.caused_by(cause)
}

/// `error` once more, for everybody who waited on the same transaction.
pub(super) fn again(error: &Error) -> Error {
    let mut copy = Error::new(error.kind(), error.code().to_owned(), error.message());
    if let Some(hint) = error.hint_text() {
        copy = copy.hint(hint);
    }
    match error.causes().first() {
        Some(cause) => copy.caused_by(cause.clone()),
        None => copy,
    }
}
