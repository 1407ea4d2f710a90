//! A client's copy of the configuration: the SQLite file of the field's Python client, row by row as that client writes it, with
//! rows of our own beside, which it leaves alone.
//!
//! The table is `config_cache(key, value, updated_at)`; the rows are `version`, `skills`, `workflows` and `synced_at`, each JSON. Ours begin
//! with `lea_`. The file stays in SQLite's own journal mode, so that it also opens where nothing may be written beside it.

use std::cell::RefCell;
use std::collections::HashMap;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::{Connection, ErrorCode, OpenFlags, params};
use serde_json::{Value, json};

use super::failure::{again, storage};
use crate::clock::Time;
use crate::error::{Error, Kind, Result};
use crate::files::{create_private, create_private_dir, make_private};
use crate::sync::{Cache, Kept, Snapshot};

/// How long to wait for another program that holds the file; the Python client waits as long.
const BUSY: Duration = Duration::from_secs(5);

/// The largest value of a row, bytes.
const MAX_VALUE_BYTES: i64 = 64 << 20;

/// The most servers of which it is remembered how new their newest snapshot was.
const MAX_SERVERS: i64 = 32;

const SCHEMA: &str = "CREATE TABLE IF NOT EXISTS config_cache (key TEXT PRIMARY KEY, value TEXT NOT NULL, updated_at TEXT NOT NULL)";

/// The files that SQLite may leave beside one.
const BESIDE: [&str; 4] = ["", "-journal", "-wal", "-shm"];

/// The rows of the Python client.
const ROWS: [&str; 4] = ["version", "skills", "workflows", "synced_at"];

/// A client's copy of the configuration in a file.
#[derive(Debug)]
pub struct ConfigCache {
    path: PathBuf,
    connection: RefCell<Option<Connection>>,
    /// Why the file cannot be used, if it cannot.
    broken: Option<Error>,
}

impl ConfigCache {
    /// The file at `path`, which need not be there; nothing is made before there is something to keep. A damaged one is set aside
    /// under another name, and a file that cannot be used at all is as none. Beside it what people should be told, if anything.
    pub fn open(path: &Path, now: Time) -> (Self, Option<Error>) {
        let mut cache = Self { path: path.to_path_buf(), connection: RefCell::new(None), broken: None };
        match path.try_exists() {
            Ok(false) => return (cache, None),
            Ok(true) => {}
            Err(cause) => {
                let told = Error::io("look at", path, cause);
                cache.broken = Some(again(&told));
                return (cache, Some(told));
            }
        }
        match connect(path) {
            Ok(connection) => {
                cache.connection = RefCell::new(Some(connection));
                (cache, None)
            }
            Err(error) if is_damage(&error) => match set_aside(path, now) {
                Ok(aside) => {
                    let told = Error::new(Kind::Integrity, "cache_set_aside", format!("the copy in {} is damaged", path.display()))
                        .hint(format!("it was set aside as {}, and is made anew at the next pull", aside.display()));
                    (cache, Some(told))
                }
                Err(error) => {
                    cache.broken = Some(again(&error));
                    (cache, Some(error))
                }
            },
            Err(error) => {
                cache.broken = Some(again(&error));
                (cache, Some(error))
            }
        }
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Runs `work` on the file, which is made if need be.
    fn write(&self, work: impl FnOnce(&Connection) -> rusqlite::Result<()>) -> Result<()> {
        if let Some(broken) = &self.broken {
            return Err(again(broken));
        }
        let mut held = self.connection.borrow_mut();
        let connection = match held.take() {
            Some(connection) => connection,
            None => make(&self.path)?,
        };
        let failed = |cause| storage(&self.path, cause);
        let done = within(&connection, work).map_err(failed);
        *held = Some(connection);
        done
    }

    /// The rows whose keys these are, with their times.
    fn rows(&self, keys: &[&str]) -> Result<HashMap<String, (String, String)>> {
        let held = self.connection.borrow();
        let Some(connection) = held.as_ref() else { return Ok(HashMap::new()) };
        let read = || -> rusqlite::Result<HashMap<String, (String, String)>> {
            let sql = "SELECT key, value, updated_at FROM config_cache WHERE key = ?1 AND length(value) <= ?2";
            let mut statement = connection.prepare_cached(sql)?;
            let mut rows = HashMap::new();
            for key in keys {
                let mut found = statement.query(params![key, MAX_VALUE_BYTES])?;
                if let Some(row) = found.next()? {
                    rows.insert((*key).to_owned(), (row.get(1)?, row.get(2)?));
                }
            }
            Ok(rows)
        };
        match read() {
            // On a file that may only be read the table could not be made.
            Err(cause) if cause.to_string().contains("no such table") => Ok(HashMap::new()),
            Err(rusqlite::Error::InvalidColumnType(..) | rusqlite::Error::FromSqlConversionFailure(..)) => {
                Err(self.unusable("a row is no text"))
            }
            read => read.map_err(|cause| storage(&self.path, cause)),
        }
    }

    fn unusable(&self, why: &str) -> Error {
        Error::new(Kind::Integrity, "cache_unusable", format!("the copy in {} cannot be used: {why}", self.path.display()))
            .hint("the next pull that succeeds replaces it")
    }
}

/// Opens the file for reading and writing, or for reading alone where no more is allowed, and looks whether it is whole.
fn connect(path: &Path) -> Result<Connection> {
    let failed = |cause| storage(path, cause);
    let open = |mode: OpenFlags| -> rusqlite::Result<Connection> {
        let connection = Connection::open_with_flags(path, mode | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
        connection.busy_timeout(BUSY)?;
        Ok(connection)
    };
    let prepare = |connection: Connection| -> rusqlite::Result<Connection> {
        connection.execute_batch(SCHEMA)?;
        Ok(connection)
    };
    // Whoever made it with wider rights made it for the same user.
    let _ = make_private(path);
    let connection = match open(OpenFlags::SQLITE_OPEN_READ_WRITE).and_then(prepare) {
        Ok(connection) => connection,
        Err(cause)
            if matches!(cause.sqlite_error_code(), Some(ErrorCode::ReadOnly | ErrorCode::CannotOpen | ErrorCode::PermissionDenied)) =>
        {
            open(OpenFlags::SQLITE_OPEN_READ_ONLY).map_err(failed)?
        }
        Err(cause) => return Err(failed(cause)),
    };
    let verdict: String = connection.query_row("PRAGMA quick_check(1)", [], |row| row.get(0)).map_err(failed)?;
    let sql = "SELECT count(*), coalesce(sum(name IN ('key', 'value', 'updated_at')), 0) FROM pragma_table_info('config_cache')";
    let (columns, known): (i64, i64) = connection.query_row(sql, [], |row| Ok((row.get(0)?, row.get(1)?))).map_err(failed)?;
    // None at all: a file for reading alone in which the table could not be made.
    if verdict != "ok" || (columns > 0 && known != 3) {
        return Err(Error::new(Kind::Integrity, "database_corrupt", format!("{} is damaged", path.display())));
    }
    Ok(connection)
}

fn is_damage(error: &Error) -> bool {
    matches!(error.code(), "not_a_database" | "database_corrupt")
}

/// Makes a new file that its owner alone reads.
fn make(path: &Path) -> Result<Connection> {
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        create_private_dir(folder).map_err(|cause| Error::io("make", folder, cause))?;
    }
    match create_private(path) {
        Err(cause) if cause.kind() != std::io::ErrorKind::AlreadyExists => return Err(Error::io("make", path, cause)),
        _ => {}
    }
    connect(path)
}

/// Gives the file, and what belongs to it, another name.
fn set_aside(path: &Path, now: Time) -> Result<PathBuf> {
    let stamp: String = now.to_string().chars().take(19).filter(char::is_ascii_digit).collect();
    let beside = |ending: &str| {
        let mut name: OsString = path.as_os_str().to_owned();
        name.push(ending);
        PathBuf::from(name)
    };
    let free = |count: u32| {
        let aside = if count == 0 { beside(&format!(".corrupt-{stamp}")) } else { beside(&format!(".corrupt-{stamp}-{count}")) };
        (!aside.exists()).then_some(aside)
    };
    let aside = (0..1000).find_map(free).unwrap_or_else(|| beside(".corrupt"));
    for ending in BESIDE {
        let mut to = aside.as_os_str().to_owned();
        to.push(ending);
        match std::fs::rename(beside(ending), &to) {
            Err(cause) if ending.is_empty() => return Err(Error::io("set aside", path, cause)),
            // What is not there need not be moved.
            _ => {}
        }
    }
    Ok(aside)
}

fn within(connection: &Connection, work: impl FnOnce(&Connection) -> rusqlite::Result<()>) -> rusqlite::Result<()> {
    connection.execute_batch("BEGIN IMMEDIATE")?;
    let done = work(connection).and_then(|()| connection.execute_batch("COMMIT"));
    if done.is_err() && !connection.is_autocommit() {
        // What failed counts, not that it could not be undone: SQLite does that when the file is opened again.
        let _ = connection.execute_batch("ROLLBACK");
    }
    done
}

fn newest_key(server: &str) -> String {
    format!("lea_newest:{server}")
}

impl Cache for ConfigCache {
    fn load(&self) -> Result<Option<Kept>> {
        let mut rows = self.rows(&[ROWS[0], ROWS[1], ROWS[2], ROWS[3], "lea_etag", "lea_signature"])?;
        if ROWS.iter().all(|key| !rows.contains_key(*key)) {
            return Ok(None);
        }
        let checked_at = rows.get("version").and_then(|(_, at)| at.parse().ok());
        let mut json = |key: &str| match rows.remove(key) {
            None => Ok(Value::Null),
            Some((text, _)) => serde_json::from_str::<Value>(&text).map_err(|_| self.unusable(&format!("the row {key} is no JSON"))),
        };
        let version = json("version")?;
        // Ours are about the version that they name: the other rows may have been replaced since, by a program that knows nothing of them.
        let mut ours = |key: &str, name: &str| {
            let row = json(key).unwrap_or_default();
            if row["version"] == version { row[name].as_str().map(str::to_owned) } else { None }
        };
        let (etag, signature) = (ours("lea_etag", "etag"), ours("lea_signature", "signature"));
        let snapshot = Snapshot::of_copy(&version, json("skills")?, json("workflows")?, &json("synced_at")?, signature)
            .map_err(|error| self.unusable(error.message()))?;
        Ok(Some(Kept { snapshot, checked_at, etag }))
    }

    fn newest(&self, server: &str) -> Result<Option<Time>> {
        let key = newest_key(server);
        let rows = self.rows(&[&key])?;
        Ok(rows.get(&key).and_then(|(text, _)| serde_json::from_str::<Time>(text).ok()))
    }

    fn save(&self, kept: &Kept, server: &str) -> Result<()> {
        let Kept { snapshot, checked_at, etag } = kept;
        let at = checked_at.unwrap_or(Time::from_micros(0)).to_string();
        let defect = |cause| Error::new(Kind::Bug, "not_serialisable", "a copy could not be written as JSON").caused_by(cause);
        let text = |value: &[crate::sync::Entry]| serde_json::to_string(value).map_err(defect);
        let mut rows = vec![
            ("version".to_owned(), Some(json!(snapshot.version).to_string())),
            ("skills".to_owned(), Some(text(&snapshot.skills)?)),
            ("workflows".to_owned(), Some(text(&snapshot.workflows)?)),
            ("synced_at".to_owned(), Some(json!(snapshot.synced_at).to_string())),
        ];
        let about = |name: &str, value: &Option<String>| {
            value.as_ref().map(|value| json!({ "version": snapshot.version, name: value }).to_string())
        };
        rows.push(("lea_etag".to_owned(), about("etag", etag)));
        rows.push(("lea_signature".to_owned(), about("signature", &snapshot.signature)));
        rows.push((newest_key(server), snapshot.synced_at.map(|at| json!(at).to_string())));
        self.write(|connection| {
            let mut put = connection.prepare_cached("INSERT OR REPLACE INTO config_cache (key, value, updated_at) VALUES (?1, ?2, ?3)")?;
            let mut drop = connection.prepare_cached("DELETE FROM config_cache WHERE key = ?1")?;
            for (key, value) in rows {
                match value {
                    Some(value) => put.execute(params![key, value, at])?,
                    None => drop.execute([key])?,
                };
            }
            let sql = "DELETE FROM config_cache WHERE key LIKE 'lea_newest:%' AND key NOT IN \
                 (SELECT key FROM config_cache WHERE key LIKE 'lea_newest:%' ORDER BY updated_at DESC LIMIT ?1)";
            connection.execute(sql, [MAX_SERVERS]).map(|_| ())
        })
    }

    fn confirm(&self, version: &str, at: Time) -> Result<()> {
        let version = json!(version).to_string();
        let sql = "UPDATE config_cache SET updated_at = ?1 WHERE key IN ('version', 'skills', 'workflows', 'synced_at') \
             AND EXISTS (SELECT 1 FROM config_cache WHERE key = 'version' AND value = ?2)";
        self.write(|connection| connection.execute(sql, params![at.to_string(), version]).map(|_| ()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sync::version_of;

    fn kept(name: &str, second: i64) -> Kept {
        let skills = vec![serde_json::from_value(json!({ "name": name, "value": 1.5 })).unwrap()];
        let at = Time::from_micros(second * 1_000_000);
        let snapshot = Snapshot { version: version_of(&skills, &[]), skills, workflows: Vec::new(), synced_at: Some(at), signature: None };
        Kept { snapshot, checked_at: Some(at), etag: Some("\"x\"".to_owned()) }
    }

    fn put(path: &Path, bytes: &[u8]) {
        crate::files::write_whole(path, bytes, crate::files::Access::Owner).unwrap();
    }

    fn bytes_of(path: &Path) -> Vec<u8> {
        crate::files::read_capped(path, 1 << 20).unwrap()
    }

    fn now() -> Time {
        Time::from_micros(1_776_236_959_000_000)
    }

    fn opened(path: &Path) -> ConfigCache {
        let (cache, told) = ConfigCache::open(path, now());
        assert!(told.is_none(), "{told:?}");
        cache
    }

    #[test]
    fn what_is_kept_is_there_again_and_for_its_owner_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("new/config_cache.db");
        let cache = opened(&path);
        assert!(cache.load().unwrap().is_none() && !path.exists());
        cache.save(&kept("a", 10), "http://a").unwrap();
        cache.save(&kept("b", 20), "http://b").unwrap();
        let cache = opened(&path);
        assert_eq!(cache.load().unwrap().unwrap(), kept("b", 20));
        assert_eq!(cache.newest("http://a").unwrap(), kept("a", 10).snapshot.synced_at);
        assert_eq!(cache.newest("http://c").unwrap(), None);
        cache.confirm(&kept("b", 20).snapshot.version, Time::from_micros(77)).unwrap();
        cache.confirm("another", Time::from_micros(99)).unwrap();
        assert_eq!(opened(&path).load().unwrap().unwrap().checked_at, Some(Time::from_micros(77)));
        assert!(crate::files::is_private(&path).unwrap());
    }

    #[test]
    fn a_damaged_file_is_set_aside_and_made_anew() {
        for damage in [&b"this is no database, and long enough to be looked at as one"[..], &[0xff; 8192]] {
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join("c.db");
            put(&path, damage);
            let (cache, told) = ConfigCache::open(&path, now());
            assert_eq!(told.unwrap().code(), "cache_set_aside");
            cache.save(&kept("a", 10), "http://a").unwrap();
            assert_eq!(opened(&path).load().unwrap().unwrap(), kept("a", 10));
            assert_eq!(bytes_of(&folder.path().join("c.db.corrupt-20260415070919")), damage);
        }
    }

    #[test]
    fn a_page_that_rots_is_noticed() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("c.db");
        let mut large = kept("a", 10);
        large.snapshot.skills[0].insert("padding".to_owned(), json!("x".repeat(50_000)));
        large.snapshot.version = version_of(&large.snapshot.skills, &[]);
        opened(&path).save(&large, "http://a").unwrap();
        let mut bytes = bytes_of(&path);
        let at = bytes.len() / 2;
        bytes[at..at + 4096].fill(b'y');
        put(&path, &bytes);
        let (cache, told) = ConfigCache::open(&path, now());
        // Either the structure is broken, or a content that is no longer its version's.
        assert!(told.is_some() || cache.load().is_err());
    }

    #[test]
    fn rows_that_are_no_snapshot_are_told_and_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("c.db");
        for (skills, version) in [("null", "\"v\""), ("[", "\"v\""), ("[]", "null"), ("[]", &json!("0".repeat(64)).to_string())] {
            let connection = Connection::open(&path).unwrap();
            connection.execute_batch(SCHEMA).unwrap();
            for (key, value) in [("version", version), ("skills", skills), ("workflows", "[]"), ("synced_at", "null")] {
                connection.execute("INSERT OR REPLACE INTO config_cache VALUES (?1, ?2, 'now')", [key, value]).unwrap();
            }
            drop(connection);
            let cache = opened(&path);
            assert_eq!(cache.load().unwrap_err().code(), "cache_unusable", "{skills} {version}");
            cache.save(&kept("a", 10), "http://a").unwrap();
            assert_eq!(cache.load().unwrap().unwrap(), kept("a", 10));
        }
    }

    #[test]
    fn a_table_of_another_form_is_set_aside() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("c.db");
        Connection::open(&path).unwrap().execute_batch("CREATE TABLE config_cache (other TEXT)").unwrap();
        let (cache, told) = ConfigCache::open(&path, now());
        assert_eq!(told.unwrap().code(), "cache_set_aside");
        assert!(cache.load().unwrap().is_none());
    }

    #[test]
    fn a_place_where_nothing_can_be_is_as_none() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("file");
        put(&file, b"x");
        let (cache, _) = ConfigCache::open(&file.join("c.db"), now());
        assert!(cache.load().unwrap().is_none());
        assert!(cache.save(&kept("a", 10), "http://a").is_err());
        let (cache, _) = ConfigCache::open(folder.path(), now());
        assert!(cache.load().unwrap().is_none());
        assert!(cache.save(&kept("a", 10), "http://a").is_err());
    }
}
