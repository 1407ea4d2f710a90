//! Which configuration is served.

use rusqlite::{Row, params};

use super::row::own_time;
use super::transaction::Transaction;
use crate::error::Result;
use crate::sync::{Ledger, Stamp};

fn stamp(row: &Row<'_>) -> rusqlite::Result<Stamp> {
    Ok(Stamp { version: row.get("version")?, synced_at: own_time(row, "synced_at")? })
}

impl Ledger for Transaction<'_> {
    fn served(&mut self) -> Result<Option<Stamp>> {
        self.first("SELECT version, synced_at FROM lea_config_served WHERE id = 1", [], stamp)
    }

    fn serve(&mut self, stamp: &Stamp) -> Result<()> {
        let sql = "INSERT INTO lea_config_served (id, version, synced_at) VALUES (1, ?1, ?2) \
             ON CONFLICT (id) DO UPDATE SET version = excluded.version, synced_at = excluded.synced_at";
        self.execute(sql, params![stamp.version, stamp.synced_at.to_string()]).map(drop)
    }
}
