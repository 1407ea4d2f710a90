//! Recordings, and the ids of their events.

use rusqlite::{Row, params};

use super::row::{json, own_json, own_time, own_time_or_none, text};
use super::transaction::Transaction;
use crate::error::Result;
use crate::session::{EventKey, Owner, Processing, Recording, SessionId, Sessions, Stage, Tally};

fn recording(row: &Row<'_>) -> rusqlite::Result<Recording> {
    let invalid = |cause| rusqlite::Error::FromSqlConversionFailure(0, rusqlite::types::Type::Text, Box::new(cause));
    let id: SessionId = row.get::<_, String>("id")?.parse().map_err(invalid)?;
    let owner = Owner::named(row.get::<_, Option<String>>("machine")?.as_deref()).map_err(invalid)?;
    Ok(Recording {
        id,
        owner,
        created_at: own_time(row, "created_at")?,
        last_activity: own_time(row, "last_activity")?,
        finalized_at: own_time_or_none(row, "finalized_at")?,
        tally: Tally {
            events: row.get::<_, i64>("events")?.unsigned_abs(),
            bytes: row.get::<_, i64>("bytes")?.unsigned_abs(),
            shots: row.get::<_, i64>("shots")?.unsigned_abs(),
            full_shots: row.get::<_, i64>("full_shots")?.unsigned_abs(),
            last_full: row.get("last_full")?,
            window: row.get("window")?,
        },
        processing: Processing {
            stage: Stage::named(&row.get::<_, String>("stage")?).unwrap_or_default(),
            problems: own_json(row, "problems")?,
            at: own_time_or_none(row, "stage_at")?,
        },
    })
}

impl Sessions for Transaction<'_> {
    fn recordings(&mut self) -> Result<Vec<Recording>> {
        self.rows("SELECT * FROM lea_sessions ORDER BY created_at, key", [], recording)
    }

    fn save_recording(&mut self, recording: &Recording) -> Result<()> {
        let sql = "INSERT OR REPLACE INTO lea_sessions (key, id, machine, created_at, last_activity, finalized_at, events, bytes, shots, \
             full_shots, last_full, window, stage, problems, stage_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)";
        let Recording { id, owner, created_at, last_activity, finalized_at, tally, processing } = recording;
        let machine = if let Owner::Machine(machine) = owner { Some(machine.as_str()) } else { None };
        let values = params![
            id.key(),
            id.as_str(),
            machine,
            created_at.to_string(),
            last_activity.to_string(),
            text(*finalized_at),
            tally.events as i64,
            tally.bytes as i64,
            tally.shots as i64,
            tally.full_shots as i64,
            tally.last_full,
            tally.window,
            processing.stage.as_str(),
            json(&processing.problems)?,
            text(processing.at),
        ];
        self.execute(sql, values)?;
        Ok(())
    }

    fn forget_recording(&mut self, key: &str) -> Result<()> {
        self.execute("DELETE FROM lea_event_ids WHERE session = ?1", [key])?;
        self.execute("DELETE FROM lea_sessions WHERE key = ?1", [key])?;
        Ok(())
    }

    fn knows_event(&mut self, event: &EventKey) -> Result<bool> {
        Ok(self.first("SELECT 1 FROM lea_event_ids WHERE id = ?1", [event], |row| row.get::<_, i64>(0))?.is_some())
    }

    fn note_events(&mut self, key: &str, events: &[EventKey]) -> Result<()> {
        for event in events {
            self.execute("INSERT OR IGNORE INTO lea_event_ids (id, session) VALUES (?1, ?2)", params![event, key])?;
        }
        Ok(())
    }
}
