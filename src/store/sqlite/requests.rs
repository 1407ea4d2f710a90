//! Enrollments that may be asked for again.

use rusqlite::{Row, params};

use super::row::own_time;
use super::transaction::Transaction;
use crate::clock::Time;
use crate::error::Result;
use crate::fleet::{PastRequest, Requests};

fn request(row: &Row<'_>) -> rusqlite::Result<PastRequest> {
    Ok(PastRequest {
        scope: row.get("scope")?,
        key: row.get("key")?,
        body: row.get("body")?,
        agent: row.get("agent_id")?,
        enrolled_at: own_time(row, "enrolled_at")?,
        status: row.get("status")?,
        at: own_time(row, "at")?,
    })
}

impl Requests for Transaction<'_> {
    fn past_request(&mut self, scope: &str, key: &[u8; 32], since: Time) -> Result<Option<PastRequest>> {
        let sql = "SELECT scope, key, body, agent_id, enrolled_at, status, at FROM lea_enroll_requests WHERE scope = ?1 AND key = ?2 AND at >= ?3";
        self.first(sql, params![scope, key, since.to_string()], request)
    }

    fn remember_request(&mut self, request: &PastRequest, since: Time) -> Result<()> {
        self.execute("DELETE FROM lea_enroll_requests WHERE at < ?1", [since.to_string()])?;
        let sql = "INSERT OR REPLACE INTO lea_enroll_requests (scope, key, body, agent_id, enrolled_at, status, at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
        let values = params![
            request.scope,
            request.key,
            request.body,
            request.agent,
            request.enrolled_at.to_string(),
            request.status,
            request.at.to_string()
        ];
        self.execute(sql, values)?;
        Ok(())
    }
}
