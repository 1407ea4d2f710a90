//! One database file: opened, brought up to date, read and written.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rusqlite::{Connection, OpenFlags};

use super::failure::storage;
use super::migrations;
use super::transaction::Transaction;
use crate::clock::Time;
use crate::error::{Error, Kind, Result};
use crate::files::{create_private, create_private_dir};
use crate::store::Entities;

/// How long to wait for another program that holds the database.
const BUSY: Duration = Duration::from_secs(5);

/// Statements that are kept prepared.
const PREPARED: usize = 64;

/// An open database, one connection. Everybody in the process may share it; they take turns.
#[derive(Debug)]
pub struct Database {
    connection: Mutex<Connection>,
    path: PathBuf,
}

impl Database {
    /// Opens the database at `path`, makes it if it isn't there, and brings it up to this program's schema.
    ///
    /// # Errors
    /// When it cannot be opened or written, is no database, or was written by a newer program.
    pub fn open(path: &Path, now: Time) -> Result<Self> {
        if !is_there(path)? {
            if let Some(folder) = path.parent() {
                create_private_dir(folder).map_err(|cause| Error::io("make", folder, cause))?;
            }
            // Made here so that nobody else can read it; on Unix SQLite gives the files beside it the same rights.
            match create_private(path) {
                Ok(()) => {}
                // Another program was first, or a link leads nowhere for now: both are seen when it is opened.
                Err(cause) if cause.kind() == std::io::ErrorKind::AlreadyExists => {}
                Err(cause) => return Err(Error::io("make", path, cause)),
            }
        }
        Self::open_existing(path, now)
    }

    /// As [`open`](Self::open), but a database that isn't there is an error.
    ///
    /// # Errors
    /// Those of [`open`](Self::open), and when there is no file.
    pub fn open_existing(path: &Path, now: Time) -> Result<Self> {
        if !is_there(path)? {
            return Err(Error::new(Kind::Input, "no_database", format!("there is no database {}", path.display()))
                .hint("name a server with --server or LEA_SERVER, or the right folder with --data-dir"));
        }
        let mut connection = connect(path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
        migrations::migrate(&mut connection, path, now)?;
        Ok(Self { connection: Mutex::new(connection), path: path.to_path_buf() })
    }

    /// Looks at the database at `path` without changing it: whether it can be read, is whole, and is not too new. Gives false when
    /// there is none.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn inspect(path: &Path) -> Result<bool> {
        if !is_there(path)? {
            return Ok(false);
        }
        let connection = connect(path, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
        migrations::check(&connection, path)?;
        let verdict: String = connection.query_row("PRAGMA quick_check(1)", [], |row| row.get(0)).map_err(|cause| storage(path, cause))?;
        if verdict == "ok" {
            return Ok(true);
        }
        Err(Error::new(Kind::Integrity, "database_corrupt", format!("the database {} is damaged", path.display()))
            .hint("keep a copy of it, and restore the last backup")
            .caused_by(verdict))
    }

    /// Another connection to the same file, for reading beside the writer.
    ///
    /// # Errors
    /// When it cannot be opened.
    pub fn reader(&self) -> Result<Self> {
        let connection = connect(&self.path, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
        Ok(Self { connection: Mutex::new(connection), path: self.path.clone() })
    }

    /// The file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Runs `work` in one transaction of its own; it is committed when `work` succeeds, undone when it fails.
    ///
    /// # Errors
    /// Those of `work`, and when the database fails.
    pub fn write<R>(&self, work: impl FnOnce(&mut dyn Entities) -> Result<R>) -> Result<R> {
        self.within("BEGIN IMMEDIATE", work)
    }

    /// Runs `work` on one unchanging view of the database.
    ///
    /// # Errors
    /// Those of `work`, and when the database fails.
    pub fn read<R>(&self, work: impl FnOnce(&mut dyn Entities) -> Result<R>) -> Result<R> {
        self.within("BEGIN", work)
    }

    fn within<R>(&self, begin: &str, work: impl FnOnce(&mut dyn Entities) -> Result<R>) -> Result<R> {
        let connection = self.connection();
        let failed = |cause| storage(&self.path, cause);
        if !connection.is_autocommit() {
            // A defect left the last one open.
            connection.execute_batch("ROLLBACK").map_err(failed)?;
        }
        connection.execute_batch(begin).map_err(failed)?;
        let result = work(&mut Transaction::new(&connection, &self.path));
        let ended = match &result {
            Ok(_) => connection.execute_batch("COMMIT").map_err(failed),
            Err(_) => Ok(()),
        };
        if !connection.is_autocommit() {
            connection.execute_batch("ROLLBACK").map_err(failed)?;
        }
        ended.and(result)
    }

    /// The connection, for as long as the guard lives.
    pub(super) fn connection(&self) -> MutexGuard<'_, Connection> {
        self.connection.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whether there is a file; that nobody may look is no absence.
fn is_there(path: &Path) -> Result<bool> {
    path.try_exists().map_err(|cause| Error::io("look at", path, cause))
}

fn connect(path: &Path, mode: OpenFlags) -> Result<Connection> {
    let failed = |cause| storage(path, cause);
    let connection = Connection::open_with_flags(path, mode | OpenFlags::SQLITE_OPEN_NO_MUTEX).map_err(failed)?;
    connection.busy_timeout(BUSY).map_err(failed)?;
    connection.set_prepared_statement_cache_capacity(PREPARED);
    if mode.contains(OpenFlags::SQLITE_OPEN_READ_WRITE) {
        connection.pragma_update(None, "journal_mode", "wal").map_err(failed)?;
        // Flushed at every commit: what was acknowledged outlives a power cut. Commits are shared, so the price is too.
        connection.pragma_update(None, "synchronous", "full").map_err(failed)?;
        connection.pragma_update(None, "journal_size_limit", 64 << 20).map_err(failed)?;
    }
    connection.pragma_update(None, "foreign_keys", "on").map_err(failed)?;
    Ok(connection)
}
