//! The schema, in numbered steps. A step that was applied is known by its checksum and never changes.

use std::fmt::Write;
use std::path::{Path, PathBuf};

use rusqlite::{Connection, MAIN_DB, OpenFlags, OptionalExtension, TransactionBehavior};
use sha2::{Digest, Sha256};

use super::failure::storage;
use crate::clock::Time;
use crate::error::{Error, Kind, Result};
use crate::files::flush_folder;

struct Step {
    number: u32,
    sql: &'static str,
}

const STEPS: &[Step] = &[
    Step { number: 1, sql: include_str!("migrations/0001_fleet.sql") },
    Step { number: 2, sql: include_str!("migrations/0002_sessions.sql") },
    Step { number: 3, sql: include_str!("migrations/0003_replays.sql") },
    Step { number: 4, sql: include_str!("migrations/0004_releases.sql") },
    Step { number: 5, sql: include_str!("migrations/0005_competences.sql") },
    Step { number: 6, sql: include_str!("migrations/0006_config.sql") },
];

/// Brings the database up to this program's schema, in one transaction, and keeps a copy of what was there before.
///
/// # Errors
/// When the database was written by a newer program, or its steps are not the ones known here.
pub(super) fn migrate(connection: &mut Connection, path: &Path, now: Time) -> Result<()> {
    let failed = |cause| storage(path, cause);
    if check(connection, path)? == STEPS.len() {
        return Ok(());
    }
    // From here on nobody else writes; whoever was first is seen by the second look.
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(failed)?;
    let applied = check(&transaction, path)?;
    let Some(next) = STEPS.get(applied) else { return Ok(()) };
    keep_copy(&transaction, path, next.number)?;
    transaction
        .execute_batch(
            "CREATE TABLE IF NOT EXISTS lea_migrations (number INTEGER PRIMARY KEY, checksum TEXT NOT NULL, program TEXT NOT NULL, applied_at TEXT NOT NULL)",
        )
        .map_err(failed)?;
    for step in &STEPS[applied..] {
        transaction.execute_batch(step.sql).map_err(failed)?;
        transaction
            .execute(
                "INSERT INTO lea_migrations (number, checksum, program, applied_at) VALUES (?1, ?2, ?3, ?4)",
                (step.number, checksum(step.sql), crate::VERSION, now.to_string()),
            )
            .map_err(failed)?;
        tracing::info!(step = step.number, database = %path.display(), "database schema brought up to date");
    }
    transaction.commit().map_err(failed)
}

/// How many steps the database has; refuses one whose steps are not ours.
pub(super) fn check(connection: &Connection, path: &Path) -> Result<usize> {
    let failed = |cause| storage(path, cause);
    let known: Option<i64> = connection
        .query_row("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'lea_migrations'", [], |row| row.get(0))
        .optional()
        .map_err(failed)?;
    if known.is_none() {
        return Ok(0);
    }
    let mut statement = connection.prepare("SELECT number, checksum, program FROM lea_migrations ORDER BY number").map_err(failed)?;
    let rows = statement
        .query_map([], |row| Ok((row.get::<_, u32>(0)?, row.get::<_, String>(1)?, row.get::<_, String>(2)?)))
        .and_then(Iterator::collect::<rusqlite::Result<Vec<_>>>)
        .map_err(failed)?;
    for (index, (number, sum, program)) in rows.iter().enumerate() {
        match STEPS.get(index) {
            Some(step) if step.number == *number && checksum(step.sql) == *sum => {}
            Some(step) if step.number == *number => {
                return Err(Error::new(
                    Kind::Integrity,
                    "schema_changed",
                    format!("step {number} of the database {} is not the one that this program knows", path.display()),
                )
                .hint("use the program that wrote it, or restore a backup"));
            }
            _ => {
                return Err(Error::new(
                    Kind::Input,
                    "database_newer",
                    format!(
                        "the database {} was written by lea {program}, which is newer than this lea {}",
                        path.display(),
                        crate::VERSION
                    ),
                )
                .hint("use that version, or restore the copy kept beside the database"));
            }
        }
    }
    Ok(rows.len())
}

/// Where the copy from before step `number` is kept.
fn copy_path(path: &Path, number: u32) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(format!(".before-{number:04}"));
    path.with_file_name(name)
}

/// Copies the database as it is, unless it is empty, through a second connection: the first holds the lock and has written
/// nothing yet. A copy that an attempt cut short left behind is replaced.
fn keep_copy(connection: &Connection, path: &Path, number: u32) -> Result<()> {
    let failed = |cause| storage(path, cause);
    let tables: i64 = connection.query_row("SELECT count(*) FROM sqlite_master", [], |row| row.get(0)).map_err(failed)?;
    if tables == 0 {
        return Ok(());
    }
    let target = copy_path(path, number);
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let written = |cause| Error::io("write", &target, cause);
    let temporary = tempfile::Builder::new().prefix(".lea-copy-").tempfile_in(folder).map_err(written)?.into_temp_path();
    let reader = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY).map_err(failed)?;
    reader.backup(MAIN_DB, &temporary, None::<fn(rusqlite::backup::Progress)>).map_err(failed)?;
    temporary.persist(&target).map_err(|cause| written(cause.error))?;
    flush_folder(folder).map_err(written)?;
    tracing::info!(copy = %target.display(), "kept a copy of the database from before its first change");
    Ok(())
}

fn checksum(sql: &str) -> String {
    // A checkout on Windows may have other line ends; they mean nothing to SQLite.
    Sha256::digest(sql.replace("\r\n", "\n").as_bytes()).iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}
