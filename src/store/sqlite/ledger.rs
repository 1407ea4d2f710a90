//! The head of the audit of competences, what is about to happen to it, and where its entries are.

use rusqlite::{OptionalExtension, Row, params};

use super::database::Database;
use super::failure::storage;
use super::row::json;
use crate::competence::{Head, Intent, Ledger, Persist};
use crate::error::{Error, Kind, Result};

fn persist(row: &Row<'_>) -> rusqlite::Result<Persist> {
    Ok(Persist {
        persist_id: row.get("persist_id")?,
        request: row.get("request")?,
        slug: row.get("slug")?,
        path: row.get("path")?,
        entry: row.get::<_, i64>("entry")?.unsigned_abs(),
        offset: row.get::<_, i64>("at_byte")?.unsigned_abs(),
    })
}

impl Database {
    /// A column of the one row, read as JSON that this program wrote.
    fn audit_column<T: serde::de::DeserializeOwned>(&self, sql: &str) -> Result<Option<T>> {
        let connection = self.connection();
        let text: Option<String> = connection
            .prepare_cached(sql)
            .and_then(|mut statement| statement.query_row([], |row| row.get(0)).optional())
            .map_err(|cause| storage(self.path(), cause))?
            .flatten();
        text.map(|text| serde_json::from_str(&text)).transpose().map_err(|cause| {
            Error::new(
                Kind::Integrity,
                "database_corrupt",
                format!("the database {} holds a row that cannot be read", self.path().display()),
            )
            .caused_by(cause)
        })
    }

    fn set_audit(&self, sql: &str, value: Option<String>) -> Result<()> {
        let connection = self.connection();
        let done = connection.prepare_cached(sql).and_then(|mut statement| statement.execute([value]));
        done.map(drop).map_err(|cause| storage(self.path(), cause))
    }

    /// Writes the head and the entries; forgets what was about to happen if `ended`.
    fn write_audit(&self, head: &Head, persisted: &[Persist], ended: bool) -> Result<()> {
        let head = json(head)?;
        let mut connection = self.connection();
        let failed = |cause| storage(self.path(), cause);
        let transaction = connection.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate).map_err(failed)?;
        let sql = if ended { "UPDATE lea_audit SET head = ?1, intent = NULL" } else { "UPDATE lea_audit SET head = ?1" };
        transaction.prepare_cached(sql).and_then(|mut statement| statement.execute([head])).map_err(failed)?;
        let insert =
            "INSERT OR IGNORE INTO lea_audit_entries (persist_id, entry, at_byte, slug, path, request) VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
        for one in persisted {
            let values = params![one.persist_id, one.entry as i64, one.offset as i64, one.slug, one.path, one.request];
            transaction.prepare_cached(insert).and_then(|mut statement| statement.execute(values)).map_err(failed)?;
        }
        transaction.commit().map_err(failed)
    }
}

impl Ledger for Database {
    fn head(&self) -> Result<Option<Head>> {
        self.audit_column("SELECT head FROM lea_audit")
    }

    fn pending(&self) -> Result<Option<Intent>> {
        self.audit_column("SELECT intent FROM lea_audit")
    }

    fn begin(&self, intent: &Intent) -> Result<()> {
        self.set_audit("UPDATE lea_audit SET intent = ?1", Some(json(intent)?))
    }

    fn cancel(&self) -> Result<()> {
        self.set_audit("UPDATE lea_audit SET intent = ?1", None)
    }

    fn finish(&self, head: &Head, persisted: &[Persist]) -> Result<()> {
        self.write_audit(head, persisted, true)
    }

    fn finish_taking_in(&self, head: &Head, persisted: &[Persist]) -> Result<()> {
        self.write_audit(head, persisted, false)
    }

    fn find(&self, persist_id: &str) -> Result<Option<Persist>> {
        let connection = self.connection();
        let found = connection
            .prepare_cached("SELECT persist_id, entry, at_byte, slug, path, request FROM lea_audit_entries WHERE persist_id = ?1")
            .and_then(|mut statement| statement.query_row([persist_id], persist).optional());
        found.map_err(|cause| storage(self.path(), cause))
    }
}
