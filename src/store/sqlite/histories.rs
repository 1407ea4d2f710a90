//! What happened to machines, and the conflicts that are open.

use rusqlite::{Row, params};

use super::row::{json, own_json, own_time};
use super::transaction::Transaction;
use crate::clock::Time;
use crate::error::Result;
use crate::fleet::{Conflict, Entry, Histories};

/// Conflicts of one machine that are kept open at once.
const MAX_OPEN: i64 = 16;

fn entry(row: &Row<'_>) -> rusqlite::Result<Entry> {
    Ok(Entry {
        agent: row.get("agent_id")?,
        at: own_time(row, "at")?,
        event: row.get("event")?,
        actor: row.get("actor")?,
        detail: own_json(row, "detail")?,
    })
}

fn conflict(row: &Row<'_>) -> rusqlite::Result<Conflict> {
    Ok(Conflict {
        agent: row.get("agent_id")?,
        machine_id: row.get("machine_id")?,
        at: own_time(row, "at")?,
        fields: own_json(row, "fields")?,
        offered: own_json(row, "offered")?,
        refused: row.get("refused")?,
    })
}

impl Histories for Transaction<'_> {
    fn remember(&mut self, entry: &Entry) -> Result<()> {
        let sql = "INSERT INTO lea_agent_history (agent_id, at, event, actor, detail) VALUES (?1, ?2, ?3, ?4, ?5)";
        self.execute(sql, params![entry.agent, entry.at.to_string(), entry.event, entry.actor, json(&entry.detail)?])?;
        Ok(())
    }

    fn history(&mut self, agent: i64) -> Result<Vec<Entry>> {
        self.rows("SELECT agent_id, at, event, actor, detail FROM lea_agent_history WHERE agent_id = ?1 ORDER BY id", [agent], entry)
    }

    fn note_conflict(&mut self, conflict: &Conflict) -> Result<bool> {
        let (at, fields, offered) = (conflict.at.to_string(), json(&conflict.fields)?, json(&conflict.offered)?);
        let seen_again =
            "UPDATE lea_agent_conflicts SET at = ?2 WHERE agent_id = ?1 AND offered = ?3 AND refused = ?4 AND settled_at IS NULL";
        if self.execute(seen_again, params![conflict.agent, at, offered, conflict.refused])? > 0 {
            return Ok(false);
        }
        // Whoever makes up ever new facts fills neither the list nor the history.
        let many = "UPDATE lea_agent_conflicts SET at = ?2 WHERE id = (SELECT max(id) FROM lea_agent_conflicts WHERE agent_id = ?1 AND settled_at IS NULL) \
             AND (SELECT count(*) FROM lea_agent_conflicts WHERE agent_id = ?1 AND settled_at IS NULL) >= ?3";
        if self.execute(many, params![conflict.agent, at, MAX_OPEN])? > 0 {
            return Ok(false);
        }
        let sql = "INSERT INTO lea_agent_conflicts (agent_id, at, fields, offered, refused) VALUES (?1, ?2, ?3, ?4, ?5)";
        self.execute(sql, params![conflict.agent, at, fields, offered, conflict.refused])?;
        Ok(true)
    }

    fn settle_conflicts(&mut self, agent: i64, at: Time) -> Result<()> {
        self.execute(
            "UPDATE lea_agent_conflicts SET settled_at = ?2 WHERE agent_id = ?1 AND settled_at IS NULL",
            params![agent, at.to_string()],
        )?;
        Ok(())
    }

    fn conflicts(&mut self) -> Result<Vec<Conflict>> {
        let sql = "SELECT c.agent_id, a.machine_id, c.at, c.fields, c.offered, c.refused FROM lea_agent_conflicts c \
             JOIN enrolled_agents a ON a.id = c.agent_id WHERE c.settled_at IS NULL ORDER BY c.at DESC, c.id DESC";
        self.rows(sql, [], conflict)
    }
}
