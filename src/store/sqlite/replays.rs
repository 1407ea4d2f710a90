//! Replays and what happened to them.

use std::fmt::Write;

use rusqlite::types::Value as Column;
use rusqlite::{Row, params, params_from_iter};

use super::row::{own_json, own_time};
use super::transaction::Transaction;
use crate::clock::Time;
use crate::error::Result;
use crate::replay::{Fact, Kept, Moment, Notice, Plan, ReplayQuery, Replays, Source, StartRequest, Status, kept};
use crate::store::sqlite::row::json;

const SELECT: &str = "SELECT row, id, lane, machine, session, source, name, actions, params, created_at FROM lea_replays";

fn plan(row: &Row<'_>) -> rusqlite::Result<(i64, Plan)> {
    let name: String = row.get("name")?;
    let source = match row.get::<_, String>("source")?.as_str() {
        "workflow" => Source::Workflow(name),
        "raw" => Source::Raw(name),
        _ => Source::Single,
    };
    let plan = Plan {
        id: row.get("id")?,
        source,
        lane: row.get("lane")?,
        session: row.get("session")?,
        machine: row.get("machine")?,
        actions: own_json(row, "actions")?,
        params: own_json(row, "params")?,
        created_at: own_time(row, "created_at")?,
    };
    Ok((row.get("row")?, plan))
}

fn moment(row: &Row<'_>) -> rusqlite::Result<Moment> {
    Ok(Moment { at: Time::from_micros(row.get("at")?), facts: own_json::<Vec<Fact>>(row, "facts")? })
}

fn request(row: &Row<'_>) -> rusqlite::Result<StartRequest> {
    Ok(StartRequest { key: row.get("request_key")?, body: row.get("request_body")?, answer: row.get("request_answer")? })
}

fn notice(row: &Row<'_>) -> rusqlite::Result<Notice> {
    Ok(Notice {
        id: row.get("id")?,
        url: row.get("url")?,
        body: row.get("body")?,
        tries: row.get("tries")?,
        made_at: own_time(row, "made_at")?,
        due_at: own_time(row, "due_at")?,
    })
}

impl Transaction<'_> {
    fn kept(&self, (row, plan): (i64, Plan)) -> Result<Kept> {
        let sql = "SELECT at, facts FROM lea_replay_moments WHERE replay = ?1 ORDER BY number";
        Ok(kept(row, plan, &self.rows(sql, [row], moment)?))
    }

    fn all_kept(&self, plans: Vec<(i64, Plan)>) -> Result<Vec<Kept>> {
        plans.into_iter().map(|found| self.kept(found)).collect()
    }
}

impl Replays for Transaction<'_> {
    fn insert_replay(&mut self, plan: &Plan, request: Option<&StartRequest>) -> Result<i64> {
        let sql = "INSERT INTO lea_replays (id, lane, machine, session, source, name, actions, params, status, created_at, request_key, \
             request_body, request_answer) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)";
        let (source, name) = match &plan.source {
            Source::Workflow(id) => ("workflow", id.as_str()),
            Source::Raw(task) => ("raw", task.as_str()),
            Source::Single => ("single", ""),
        };
        let values = params![
            plan.id,
            plan.lane,
            plan.machine,
            plan.session,
            source,
            name,
            json(&plan.actions)?,
            json(&plan.params)?,
            Status::Running.as_str(),
            plan.created_at.to_string(),
            request.map(|request| request.key),
            request.map(|request| request.body),
            request.map(|request| &request.answer),
        ];
        self.insert_row(sql, values)
    }

    fn add_moment(&mut self, row: i64, number: u32, moment: &Moment, status: Status) -> Result<()> {
        let sql = "INSERT INTO lea_replay_moments (replay, number, at, facts) VALUES (?1, ?2, ?3, ?4)";
        self.execute(sql, params![row, number, moment.at.micros(), json(&moment.facts)?])?;
        let moves = |fact: &Fact| matches!(fact, Fact::Stalled { .. } | Fact::Paused | Fact::Resumed { .. } | Fact::Finished { .. });
        if moment.facts.iter().any(moves) {
            let finished_at = status.is_final().then(|| moment.at.to_string());
            let sql = "UPDATE lea_replays SET status = ?2, finished_at = coalesce(finished_at, ?3) WHERE row = ?1";
            self.execute(sql, params![row, status.as_str(), finished_at])?;
        }
        Ok(())
    }

    fn find_replay(&mut self, id: &str) -> Result<Option<Kept>> {
        let found = self.first(&format!("{SELECT} WHERE id = ?1"), [id], plan)?;
        found.map(|found| self.kept(found)).transpose()
    }

    fn live_replays(&mut self, since: Time) -> Result<Vec<Kept>> {
        let sql = format!("{SELECT} WHERE finished_at IS NULL OR finished_at >= ?1 ORDER BY row");
        self.all_kept(self.rows(&sql, [since.to_string()], plan)?)
    }

    fn recent_replays(&mut self, lane: &str, most: usize) -> Result<Vec<Kept>> {
        let sql = format!("{SELECT} WHERE lane = ?1 AND finished_at IS NOT NULL ORDER BY row DESC LIMIT ?2");
        self.all_kept(self.rows(&sql, params![lane, most as i64], plan)?)
    }

    fn list_replays(&mut self, query: &ReplayQuery) -> Result<Vec<Kept>> {
        let mut sql = format!("{SELECT} WHERE 1");
        let mut values = Vec::<Column>::new();
        let mut add = |condition: &str, value: Column| {
            values.push(value);
            let _ = write!(sql, " AND {condition} ?{}", values.len());
        };
        if let Some(status) = query.status {
            add("status =", Column::from(status.as_str().to_owned()));
        }
        if let Some(machine) = &query.machine {
            add("machine =", Column::from(machine.clone()));
        }
        if let Some(lane) = &query.lane {
            add("lane =", Column::from(lane.clone()));
        }
        if let Some(after) = query.after {
            add(if query.newest_first { "row <" } else { "row >" }, Column::from(after));
        }
        sql.push_str(if query.newest_first { " ORDER BY row DESC" } else { " ORDER BY row" });
        let _ = write!(sql, " LIMIT {}", query.limit);
        self.all_kept(self.rows(&sql, params_from_iter(values), plan)?)
    }

    fn past_start(&mut self, key: &[u8; 32], since: Time) -> Result<Option<StartRequest>> {
        let sql = "SELECT request_key, request_body, request_answer FROM lea_replays WHERE request_key = ?1 AND created_at >= ?2";
        let found = self.first(sql, params![key, since.to_string()], request)?;
        if found.is_none() {
            // An old one makes room for a new one of the same key.
            self.execute("UPDATE lea_replays SET request_key = NULL WHERE request_key = ?1", [key])?;
        }
        Ok(found)
    }

    fn old_replays(&mut self, before: Time, keys_before: Time) -> Result<Vec<String>> {
        let sql = "SELECT id FROM lea_replays WHERE finished_at < ?1 AND (request_key IS NULL OR created_at < ?2)";
        self.rows(sql, [before.to_string(), keys_before.to_string()], |row| row.get(0))
    }

    fn purge_replays(&mut self, ids: &[String]) -> Result<()> {
        ids.iter().try_for_each(|id| self.execute("DELETE FROM lea_replays WHERE id = ?1 AND finished_at IS NOT NULL", [id]).map(drop))
    }

    fn set_callback(&mut self, row: i64, url: &str) -> Result<()> {
        self.execute("UPDATE lea_replays SET callback = ?2 WHERE row = ?1", params![row, url])?;
        Ok(())
    }

    fn callback(&mut self, row: i64) -> Result<Option<String>> {
        Ok(self.first("SELECT callback FROM lea_replays WHERE row = ?1", [row], |row| row.get::<_, Option<String>>(0))?.flatten())
    }

    fn add_notice(&mut self, url: &str, body: &str, now: Time) -> Result<()> {
        let at = now.to_string();
        self.execute("INSERT INTO lea_notices (url, body, made_at, due_at) VALUES (?1, ?2, ?3, ?3)", params![url, body, at])?;
        Ok(())
    }

    fn due_notices(&mut self, now: Time, most: usize) -> Result<Vec<Notice>> {
        let sql = "SELECT id, url, body, tries, made_at, due_at FROM lea_notices WHERE due_at <= ?1 ORDER BY due_at, id LIMIT ?2";
        self.rows(sql, params![now.to_string(), most as i64], notice)
    }

    fn drop_notice(&mut self, id: i64) -> Result<()> {
        self.execute("DELETE FROM lea_notices WHERE id = ?1", [id])?;
        Ok(())
    }

    fn delay_notice(&mut self, id: i64, tries: u32, due_at: Time) -> Result<()> {
        self.execute("UPDATE lea_notices SET tries = ?2, due_at = ?3 WHERE id = ?1", params![id, tries, due_at.to_string()])?;
        Ok(())
    }
}
