//! Enrollment keys.

use rusqlite::{Row, params};

use super::row::{own_time, own_time_or_none, text};
use super::transaction::Transaction;
use crate::error::Result;
use crate::fleet::{EnrollmentKey, Keys, TokenHash};

const SELECT: &str = "SELECT id, hash, name, created_at, expires_at, max_uses, uses, last_used_at, revoked_at FROM lea_enrollment_keys";

fn key(row: &Row<'_>) -> rusqlite::Result<EnrollmentKey> {
    Ok(EnrollmentKey {
        id: row.get("id")?,
        hash: TokenHash::from_bytes(row.get("hash")?),
        name: row.get("name")?,
        created_at: own_time(row, "created_at")?,
        expires_at: own_time_or_none(row, "expires_at")?,
        max_uses: row.get("max_uses")?,
        uses: row.get("uses")?,
        last_used_at: own_time_or_none(row, "last_used_at")?,
        revoked_at: own_time_or_none(row, "revoked_at")?,
    })
}

impl Keys for Transaction<'_> {
    fn keys(&mut self) -> Result<Vec<EnrollmentKey>> {
        self.rows(&format!("{SELECT} ORDER BY created_at DESC, id"), [], key)
    }

    fn key_by_hash(&mut self, hash: &TokenHash) -> Result<Option<EnrollmentKey>> {
        self.first(&format!("{SELECT} WHERE hash = ?1"), [hash.as_bytes()], key)
    }

    fn insert_key(&mut self, key: &EnrollmentKey) -> Result<()> {
        let sql = "INSERT INTO lea_enrollment_keys (id, hash, name, created_at, expires_at, max_uses, uses, last_used_at, revoked_at) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)";
        let values = params![
            key.id,
            key.hash.as_bytes(),
            key.name,
            key.created_at.to_string(),
            text(key.expires_at),
            key.max_uses,
            key.uses,
            text(key.last_used_at),
            text(key.revoked_at),
        ];
        self.execute(sql, values)?;
        self.keys_changed = true;
        Ok(())
    }

    fn save_key(&mut self, key: &EnrollmentKey) -> Result<()> {
        let sql = "UPDATE lea_enrollment_keys SET uses = ?2, last_used_at = ?3, revoked_at = ?4 WHERE id = ?1";
        self.execute(sql, params![key.id, key.uses, text(key.last_used_at), text(key.revoked_at)])?;
        self.keys_changed = true;
        Ok(())
    }
}
