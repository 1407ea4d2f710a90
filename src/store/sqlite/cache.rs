//! A client's copy of the configuration: the SQLite file of the field's Python client, row by row as that client writes it, with
//! rows of our own beside, which it leaves alone.
//!
//! The table is `config_cache(key, value, updated_at)`; the rows are `version`, `skills`, `workflows` and `synced_at`, each JSON. Ours begin
//! with `lea_`. The file stays in SQLite's own journal mode, so that it also opens where nothing may be written beside it.

use std::collections::HashMap;
use std::ffi::OsString;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::ffi::SQLITE_READONLY_ROLLBACK;
use rusqlite::{Connection, ErrorCode, OpenFlags, params};
use serde_json::{Value, json};

use super::failure::storage;
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

/// What an SQLite database begins with.
const MAGIC: &[u8] = b"SQLite format 3\0";

/// The largest first page of a database, bytes; the tables stand in it.
const MAX_PAGE_BYTES: u64 = 64 << 10;

/// What stands there of ours.
const TABLE: &[u8] = b"TABLE config_cache";

/// The files that SQLite may leave beside one.
const BESIDE: [&str; 4] = ["", "-journal", "-wal", "-shm"];

/// The rows of the Python client.
const ROWS: [&str; 4] = ["version", "skills", "workflows", "synced_at"];

/// A client's copy of the configuration in a file. It is opened anew for each use, so that a lock, or a file that was replaced, is
/// no trouble for longer than it lasts.
///
/// Made by [`open`](Self::open) it is looked at: nothing about a file that is there already changes, but for the rows of what
/// recognisably is a copy. After [`keep`](Self::keep) one that is damaged is set aside and made anew.
#[derive(Debug)]
pub struct ConfigCache {
    path: PathBuf,
    /// Names what is set aside.
    now: Time,
    /// How long to wait for a lock.
    busy: Duration,
    /// Nobody but us puts anything there.
    own: bool,
    /// What is no whole copy may be set aside.
    keeping: bool,
}

/// What stands where the copy should be.
#[derive(Debug, PartialEq, Eq)]
enum Form {
    /// Nothing.
    Missing,
    /// A file without a byte.
    Empty,
    /// A copy.
    Copy,
    /// What was one.
    Damaged,
    /// Something else.
    Foreign,
}

impl ConfigCache {
    /// The file at `path`, which need not be there; nothing is made before there is something to keep. Beside it what people should be
    /// told when the place cannot even be looked at; it is then as if nothing were there.
    pub fn open(path: &Path, now: Time) -> (Self, Option<Error>) {
        let cache = Self { path: path.to_path_buf(), now, busy: BUSY, own: false, keeping: false };
        let told = path.try_exists().err().map(|cause| Error::io("look at", path, cause));
        (cache, told)
    }

    /// The same in a place that is for nothing but a copy: whatever is there counts as one, be it damaged beyond recognition.
    #[must_use]
    pub fn in_its_own_place(self) -> Self {
        Self { own: true, ..self }
    }

    /// From now on a damaged copy is set aside under another name, and a file without a byte is made one. What people should be told,
    /// if anything; while another program holds the file nothing is done, and writing tries again.
    ///
    /// # Errors
    /// `not_a_cache` when what is there is none.
    pub fn keep(&mut self) -> Result<Option<Error>> {
        self.keeping = true;
        let at_once = Self { path: self.path.clone(), busy: Duration::ZERO, ..*self };
        match at_once.form(true) {
            Ok(Form::Damaged) => Ok(Some(match self.set_aside() {
                Ok(aside) => Error::new(Kind::Integrity, "cache_set_aside", format!("the copy in {} is damaged", self.path.display()))
                    .hint(format!("it was set aside as {}, and is made anew at the next pull", aside.display())),
                Err(error) => error,
            })),
            Ok(Form::Foreign) => Err(self.foreign()),
            // Reading it tells the failure.
            Ok(Form::Missing | Form::Empty | Form::Copy) | Err(_) => Ok(None),
        }
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// What is there; its pages are read only when it must be `whole`.
    fn form(&self, whole: bool) -> Result<Form> {
        match std::fs::metadata(&self.path) {
            Err(cause) if cause.kind() == std::io::ErrorKind::NotFound => return Ok(Form::Missing),
            Err(cause) => return Err(Error::io("look at", &self.path, cause)),
            Ok(there) if !there.is_file() => return Ok(Form::Foreign),
            Ok(there) if there.len() == 0 => return Ok(Form::Empty),
            Ok(_) => {}
        }
        let form = match self.reading().and_then(|connection| form_of(&connection, whole)) {
            Err(cause) if cause.sqlite_error_code() == Some(ErrorCode::NotADatabase) => Form::Foreign,
            Err(cause) if cause.sqlite_error_code() == Some(ErrorCode::DatabaseCorrupt) => {
                if self.names_the_table()? {
                    Form::Damaged
                } else {
                    Form::Foreign
                }
            }
            form => form.map_err(|cause| storage(&self.path, cause))?,
        };
        Ok(if form == Form::Foreign && self.own { Form::Damaged } else { form })
    }

    /// Whether the first page of a database that is damaged still says that it was a copy.
    fn names_the_table(&self) -> Result<bool> {
        let mut head = Vec::new();
        let file = std::fs::File::open(&self.path).map_err(|cause| Error::io("read", &self.path, cause))?;
        file.take(MAX_PAGE_BYTES).read_to_end(&mut head).map_err(|cause| Error::io("read", &self.path, cause))?;
        Ok(head.starts_with(MAGIC) && head.windows(TABLE.len()).any(|window| window == TABLE))
    }

    /// The file for reading alone.
    fn reading(&self) -> rusqlite::Result<Connection> {
        let connection = self.connect(OpenFlags::SQLITE_OPEN_READ_ONLY)?;
        match connection.query_row("SELECT count(*) FROM sqlite_master", [], |_| Ok(())) {
            // Whoever wrote last was cut off; what was there before can be read once SQLite has put it back.
            Err(rusqlite::Error::SqliteFailure(cause, _)) if cause.extended_code == SQLITE_READONLY_ROLLBACK => {
                self.connect(OpenFlags::SQLITE_OPEN_READ_WRITE)
            }
            Err(cause) => Err(cause),
            Ok(()) => Ok(connection),
        }
    }

    fn connect(&self, mode: OpenFlags) -> rusqlite::Result<Connection> {
        let connection = Connection::open_with_flags(&self.path, mode | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
        connection.busy_timeout(self.busy)?;
        Ok(connection)
    }

    /// Runs `work` on the file, which is made if need be.
    fn write<T>(&self, work: impl FnOnce(&Connection) -> rusqlite::Result<T>) -> Result<T> {
        match (self.form(false)?, self.keeping) {
            (Form::Missing, _) => make(&self.path)?,
            (Form::Copy, false) => {}
            // Whoever made it with wider rights made it for the same user.
            (Form::Copy | Form::Empty, true) => drop(make_private(&self.path)),
            (Form::Damaged, true) => {
                self.set_aside()?;
                make(&self.path)?;
            }
            (Form::Damaged, false) => return Err(self.damaged()),
            (Form::Empty, false) | (Form::Foreign, _) => return Err(self.foreign()),
        }
        let write = || -> rusqlite::Result<T> {
            let connection = self.connect(OpenFlags::SQLITE_OPEN_READ_WRITE)?;
            within(&connection, |connection| {
                connection.execute_batch(SCHEMA)?;
                work(connection)
            })
        };
        write().map_err(|cause| storage(&self.path, cause))
    }

    /// The rows whose keys these are, with their times.
    fn rows(&self, keys: &[&str], whole: bool) -> Result<HashMap<String, (String, String)>> {
        if self.path.try_exists().is_err() {
            // That was told when it was opened.
            return Ok(HashMap::new());
        }
        match self.form(whole)? {
            Form::Missing | Form::Empty => return Ok(HashMap::new()),
            Form::Copy => {}
            Form::Damaged => return Err(self.damaged()),
            Form::Foreign => return Err(self.foreign()),
        }
        let read = || -> rusqlite::Result<HashMap<String, (String, String)>> {
            let connection = self.reading()?;
            let sql = "SELECT key, value, updated_at FROM config_cache WHERE key = ?1 AND length(value) <= ?2";
            // One moment for all of them.
            connection.execute_batch("BEGIN")?;
            let mut statement = connection.prepare(sql)?;
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
            Err(rusqlite::Error::InvalidColumnType(..) | rusqlite::Error::FromSqlConversionFailure(..)) => {
                Err(self.unusable("a row is no text"))
            }
            read => read.map_err(|cause| storage(&self.path, cause)),
        }
    }

    fn set_aside(&self) -> Result<PathBuf> {
        set_aside(&self.path, self.now)
    }

    fn unusable(&self, why: &str) -> Error {
        Error::new(Kind::Integrity, "cache_unusable", format!("the copy in {} cannot be used: {why}", self.path.display()))
            .hint("the next pull that succeeds replaces it")
    }

    fn damaged(&self) -> Error {
        Error::new(Kind::Integrity, "cache_damaged", format!("the copy in {} is damaged", self.path.display()))
            .hint("`lea sync pull` sets it aside and makes another")
    }

    fn foreign(&self) -> Error {
        Error::new(Kind::Input, "not_a_cache", format!("{} is no configuration cache", self.path.display()))
            .hint("name the copy with --cache; what is there is left alone, and one is made where nothing is yet")
    }
}

/// What an SQLite database is.
fn form_of(connection: &Connection, whole: bool) -> rusqlite::Result<Form> {
    let sql = "SELECT count(*), coalesce(sum(name IN ('key', 'value', 'updated_at')), 0) FROM pragma_table_info('config_cache')";
    let (columns, known): (i64, i64) = connection.query_row(sql, [], |row| Ok((row.get(0)?, row.get(1)?)))?;
    if columns == 0 {
        return Ok(Form::Foreign);
    }
    let sound = known == 3 && (!whole || connection.query_row("PRAGMA quick_check(1)", [], |row| row.get::<_, String>(0))? == "ok");
    Ok(if sound { Form::Copy } else { Form::Damaged })
}

/// Makes a new file that its owner alone reads.
fn make(path: &Path) -> Result<()> {
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        create_private_dir(folder).map_err(|cause| Error::io("make", folder, cause))?;
    }
    match create_private(path) {
        Err(cause) if cause.kind() != std::io::ErrorKind::AlreadyExists => Err(Error::io("make", path, cause)),
        _ => Ok(()),
    }
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

fn within<T>(connection: &Connection, work: impl FnOnce(&Connection) -> rusqlite::Result<T>) -> rusqlite::Result<T> {
    connection.execute_batch("BEGIN IMMEDIATE")?;
    let done = work(connection).and_then(|done| connection.execute_batch("COMMIT").map(|()| done));
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
        let mut rows = self.rows(&[ROWS[0], ROWS[1], ROWS[2], ROWS[3], "lea_signature"], true)?;
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
        let signature = ours("lea_signature", "signature");
        let snapshot = Snapshot::of_copy(&version, json("skills")?, json("workflows")?, &json("synced_at")?, signature)
            .map_err(|error| self.unusable(error.message()))?;
        Ok(Some(Kept { snapshot, checked_at }))
    }

    fn newest(&self, server: &str) -> Result<Option<Time>> {
        let key = newest_key(server);
        let rows = self.rows(&[&key], false)?;
        Ok(rows.get(&key).and_then(|(text, _)| serde_json::from_str::<Time>(text).ok()))
    }

    fn save(&self, kept: &Kept, server: &str, newest: Option<Time>) -> Result<()> {
        let Kept { snapshot, checked_at } = kept;
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
        // Of a former release, which believed what a server said of its names.
        rows.push(("lea_etag".to_owned(), None));
        rows.push(("lea_signature".to_owned(), about("signature", &snapshot.signature)));
        rows.extend(newest.map(|at| (newest_key(server), Some(json!(at).to_string()))));
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

    fn confirm(&self, version: &str, at: Time) -> Result<bool> {
        let version = json!(version).to_string();
        let sql = "UPDATE config_cache SET updated_at = ?1 WHERE key IN ('version', 'skills', 'workflows', 'synced_at') \
             AND EXISTS (SELECT 1 FROM config_cache WHERE key = 'version' AND value = ?2)";
        self.write(|connection| connection.execute(sql, params![at.to_string(), version]).map(|rows| rows > 0))
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
        Kept { snapshot, checked_at: Some(at) }
    }

    fn save(cache: &ConfigCache, kept: &Kept) -> Result<()> {
        cache.save(kept, "http://a", kept.snapshot.synced_at)
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
        cache.save(&kept("a", 10), "http://a", kept("a", 10).snapshot.synced_at).unwrap();
        cache.save(&kept("b", 20), "http://b", kept("b", 20).snapshot.synced_at).unwrap();
        let cache = opened(&path);
        assert_eq!(cache.load().unwrap().unwrap(), kept("b", 20));
        assert_eq!(cache.newest("http://a").unwrap(), kept("a", 10).snapshot.synced_at);
        assert_eq!(cache.newest("http://c").unwrap(), None);
        assert!(cache.confirm(&kept("b", 20).snapshot.version, Time::from_micros(77)).unwrap());
        assert!(!cache.confirm("another", Time::from_micros(99)).unwrap());
        assert_eq!(opened(&path).load().unwrap().unwrap().checked_at, Some(Time::from_micros(77)));
        assert!(crate::files::is_private(&path).unwrap());
    }

    #[test]
    fn a_file_beyond_recognition_is_set_aside_where_only_a_copy_can_be_and_left_alone_elsewhere() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("c.db");
        for (index, damage) in [&b"this is no database, and long enough to be looked at as one"[..], &[0xff; 8192]].into_iter().enumerate()
        {
            put(&path, damage);
            for keeping in [false, true] {
                let mut cache = opened(&path);
                if keeping {
                    assert_eq!(cache.keep().unwrap_err().code(), "not_a_cache");
                }
                assert_eq!(cache.load().unwrap_err().code(), "not_a_cache");
                assert_eq!(cache.confirm("x", now()).unwrap_err().code(), "not_a_cache");
                assert_eq!(save(&cache, &kept("a", 10)).unwrap_err().code(), "not_a_cache");
            }
            let mut cache = opened(&path).in_its_own_place();
            assert_eq!(cache.load().unwrap_err().code(), "cache_damaged");
            assert!(save(&cache, &kept("a", 10)).is_err() && bytes_of(&path) == damage);
            assert_eq!(cache.keep().unwrap().unwrap().code(), "cache_set_aside");
            save(&cache, &kept("a", 10)).unwrap();
            assert_eq!(opened(&path).load().unwrap().unwrap(), kept("a", 10));
            let aside = folder.path().join(["c.db.corrupt-20260415070919", "c.db.corrupt-20260415070919-1"][index]);
            assert_eq!(bytes_of(&aside), damage);
        }
    }

    #[test]
    #[cfg(unix)]
    fn looking_changes_nothing() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let (empty, copy, other) = (folder.path().join("empty"), folder.path().join("copy.db"), folder.path().join("other.db"));
        put(&empty, b"");
        save(&opened(&copy), &kept("a", 10)).unwrap();
        Connection::open(&other).unwrap().execute_batch("CREATE TABLE t (note TEXT); INSERT INTO t VALUES ('config_cache')").unwrap();
        let seen = || {
            let mut names: Vec<_> = std::fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().path()).collect();
            names.sort();
            names
                .into_iter()
                .map(|path| (bytes_of(&path), std::fs::metadata(&path).unwrap().permissions().mode(), path))
                .collect::<Vec<_>>()
        };
        for path in [&empty, &copy, &other] {
            std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o644)).unwrap();
        }
        let before = seen();
        assert!(opened(&empty).load().unwrap().is_none());
        assert_eq!(save(&opened(&empty), &kept("b", 20)).unwrap_err().code(), "not_a_cache");
        assert_eq!(opened(&copy).load().unwrap().unwrap(), kept("a", 10));
        for keeping in [false, true] {
            let mut cache = opened(&other);
            assert!(!keeping || cache.keep().is_err());
            assert_eq!(cache.load().unwrap_err().code(), "not_a_cache");
            assert_eq!(save(&cache, &kept("b", 20)).unwrap_err().code(), "not_a_cache");
        }
        assert!(seen() == before);
        // A file without a byte becomes a copy for who keeps one, and is then for its owner alone.
        let mut cache = opened(&empty);
        assert!(cache.keep().unwrap().is_none());
        save(&cache, &kept("b", 20)).unwrap();
        assert!(cache.load().unwrap().is_some() && crate::files::is_private(&empty).unwrap());
    }

    #[test]
    fn a_lock_is_no_trouble_for_longer_than_it_lasts() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("c.db");
        save(&opened(&path), &kept("a", 10)).unwrap();
        let other = Connection::open(&path).unwrap();
        other.execute_batch("BEGIN EXCLUSIVE").unwrap();
        let mut cache = ConfigCache { busy: Duration::ZERO, ..opened(&path) };
        assert!(cache.keep().unwrap().is_none());
        let kinds = [cache.load().unwrap_err().kind(), save(&cache, &kept("b", 20)).unwrap_err().kind()];
        assert_eq!(kinds, [Kind::Unavailable; 2]);
        other.execute_batch("ROLLBACK").unwrap();
        assert_eq!(cache.load().unwrap().unwrap(), kept("a", 10));
        save(&cache, &kept("b", 20)).unwrap();
        assert_eq!(cache.load().unwrap().unwrap(), kept("b", 20));
    }

    #[test]
    fn what_a_write_that_was_cut_off_left_is_as_it_was_before() {
        let folder = tempfile::tempdir().unwrap();
        let (path, cut) = (folder.path().join("c.db"), folder.path().join("cut.db"));
        let mut large = kept("a", 10);
        large.snapshot.skills[0].insert("padding".to_owned(), json!("x".repeat(200_000)));
        large.snapshot.version = version_of(&large.snapshot.skills, &[]);
        save(&opened(&path), &large).unwrap();
        let other = Connection::open(&path).unwrap();
        other.execute_batch("PRAGMA cache_size = 1; BEGIN; UPDATE config_cache SET value = replace(value, 'x', 'y')").unwrap();
        // As a machine that loses its power leaves them.
        std::fs::copy(&path, &cut).unwrap();
        std::fs::copy(folder.path().join("c.db-journal"), folder.path().join("cut.db-journal")).unwrap();
        assert!(
            bytes_of(&cut) != {
                drop(other);
                bytes_of(&path)
            },
            "nothing of it was written"
        );
        assert_eq!(opened(&cut).load().unwrap().unwrap(), large);
    }

    #[test]
    fn a_page_that_rots_is_noticed() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("c.db");
        let mut large = kept("a", 10);
        large.snapshot.skills[0].insert("padding".to_owned(), json!("x".repeat(50_000)));
        large.snapshot.version = version_of(&large.snapshot.skills, &[]);
        opened(&path).save(&large, "http://a", large.snapshot.synced_at).unwrap();
        let mut bytes = bytes_of(&path);
        let at = bytes.len() / 2;
        bytes[at..at + 4096].fill(b'y');
        put(&path, &bytes);
        // Either the structure is broken, or a content that is no longer its version's.
        assert!(opened(&path).load().is_err());
        let mut cache = opened(&path);
        assert!(cache.keep().unwrap().is_some() || cache.load().is_err());
        save(&cache, &kept("b", 20)).unwrap();
        assert_eq!(cache.load().unwrap().unwrap(), kept("b", 20));
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
            cache.save(&kept("a", 10), "http://a", kept("a", 10).snapshot.synced_at).unwrap();
            assert_eq!(cache.load().unwrap().unwrap(), kept("a", 10));
        }
    }

    #[test]
    fn a_table_of_another_form_is_set_aside() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("c.db");
        Connection::open(&path).unwrap().execute_batch("CREATE TABLE config_cache (other TEXT)").unwrap();
        let mut cache = opened(&path);
        assert_eq!(cache.load().unwrap_err().code(), "cache_damaged");
        assert_eq!(cache.keep().unwrap().unwrap().code(), "cache_set_aside");
        assert!(cache.load().unwrap().is_none());
    }

    #[test]
    fn a_place_where_nothing_can_be_is_as_none() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("file");
        put(&file, b"x");
        let (cache, _) = ConfigCache::open(&file.join("c.db"), now());
        assert!(cache.load().unwrap().is_none());
        assert!(cache.save(&kept("a", 10), "http://a", kept("a", 10).snapshot.synced_at).is_err());
        let (cache, _) = ConfigCache::open(folder.path(), now());
        assert_eq!(cache.load().unwrap_err().code(), "not_a_cache");
        assert!(cache.save(&kept("a", 10), "http://a", kept("a", 10).snapshot.synced_at).is_err());
    }
}
