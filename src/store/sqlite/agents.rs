//! The table of machines, and their tokens beside it.

use rusqlite::{Row, named_params, params};

use super::row::{text, time};
use super::transaction::Transaction;
use crate::clock::Time;
use crate::error::Result;
use crate::fleet::{Agent, Agents, Facts, Record, Status, TokenHash, WRONG_CLOCK};
use crate::id::MachineId;

const SELECT: &str = "SELECT a.id, machine_id, user_name, user_email, user_id, hostname, os_info, version, status, enrolled_at, \
     last_seen_at, uninstalled_at, uninstall_reason, t.hash FROM enrolled_agents a LEFT JOIN lea_agent_tokens t ON t.agent_id = a.id";

fn record(row: &Row<'_>) -> rusqlite::Result<Record> {
    let facts = Facts {
        user_name: row.get("user_name")?,
        user_email: row.get("user_email")?,
        user_id: row.get("user_id")?,
        hostname: row.get("hostname")?,
        os_info: row.get("os_info")?,
        version: row.get("version")?,
    };
    let status: String = row.get("status")?;
    let agent = Agent {
        id: row.get("id")?,
        machine_id: row.get("machine_id")?,
        facts,
        status: if status == Status::Active.as_str() { Status::Active } else { Status::Uninstalled },
        enrolled_at: time(row, "enrolled_at")?,
        last_seen_at: time(row, "last_seen_at")?,
        uninstalled_at: time(row, "uninstalled_at")?,
        uninstall_reason: row.get("uninstall_reason")?,
    };
    let hash: Option<[u8; 32]> = row.get("hash")?;
    Ok(Record { agent, token: hash.map(TokenHash::from_bytes) })
}

impl Transaction<'_> {
    fn save_token(&self, id: i64, token: Option<&TokenHash>) -> Result<()> {
        match token {
            Some(hash) => {
                self.execute("INSERT OR REPLACE INTO lea_agent_tokens (agent_id, hash) VALUES (?1, ?2)", params![id, hash.as_bytes()])?
            }
            None => self.execute("DELETE FROM lea_agent_tokens WHERE agent_id = ?1", [id])?,
        };
        Ok(())
    }
}

impl Agents for Transaction<'_> {
    fn find(&mut self, machine: &MachineId) -> Result<Option<Record>> {
        let sql = selecting("machine_id = ?1 COLLATE NOCASE ORDER BY enrolled_at DESC, a.id DESC LIMIT 1");
        self.first(&sql, [machine.as_str()], record)
    }

    fn find_exact(&mut self, machine: &str) -> Result<Option<Record>> {
        self.first(&selecting("machine_id = ?1"), [machine], record)
    }

    fn find_row(&mut self, id: i64) -> Result<Option<Record>> {
        self.first(&selecting("a.id = ?1"), [id], record)
    }

    fn insert(&mut self, record: &Record) -> Result<i64> {
        let Record { agent, token } = record;
        let sql = "INSERT INTO enrolled_agents (machine_id, user_name, user_email, user_id, hostname, os_info, version, status, enrolled_at, \
             last_seen_at, uninstalled_at, uninstall_reason) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)";
        let [user_name, user_email, user_id, hostname, os_info, version] = agent.facts.values();
        let values = params![
            agent.machine_id,
            user_name,
            user_email,
            user_id,
            hostname,
            os_info,
            version,
            agent.status.as_str(),
            text(agent.enrolled_at),
            text(agent.last_seen_at),
            text(agent.uninstalled_at),
            agent.uninstall_reason,
        ];
        let id = self.insert_row(sql, values)?;
        if token.is_some() {
            self.save_token(id, token.as_ref())?;
        }
        let mut inserted = record.clone();
        inserted.agent.id = id;
        self.changed.push(inserted);
        Ok(id)
    }

    fn save(&mut self, record: &Record) -> Result<()> {
        let Record { agent, token } = record;
        // A time that could not be read stays as it was stored.
        let sql = "UPDATE enrolled_agents SET user_name = :user_name, user_email = :user_email, user_id = :user_id, hostname = :hostname, \
             os_info = :os_info, version = :version, status = :status, enrolled_at = coalesce(:enrolled_at, enrolled_at), \
             last_seen_at = coalesce(:last_seen_at, last_seen_at), uninstalled_at = :uninstalled_at, uninstall_reason = :uninstall_reason \
             WHERE id = :id";
        let [user_name, user_email, user_id, hostname, os_info, version] = agent.facts.values();
        let values = named_params! {
            ":id": agent.id,
            ":user_name": user_name,
            ":user_email": user_email,
            ":user_id": user_id,
            ":hostname": hostname,
            ":os_info": os_info,
            ":version": version,
            ":status": agent.status.as_str(),
            ":enrolled_at": text(agent.enrolled_at),
            ":last_seen_at": text(agent.last_seen_at),
            ":uninstalled_at": text(agent.uninstalled_at),
            ":uninstall_reason": agent.uninstall_reason,
        };
        self.execute(sql, values)?;
        self.save_token(agent.id, token.as_ref())?;
        self.changed.push(record.clone());
        Ok(())
    }

    fn touch(&mut self, id: i64, at: Time) -> Result<()> {
        // A time far ahead is what a wrong clock left behind.
        let sql = "UPDATE enrolled_agents SET last_seen_at = ?2 WHERE id = ?1 AND status = 'active' \
             AND (coalesce(last_seen_at, '') < ?2 OR last_seen_at > ?3)";
        self.execute(sql, params![id, at.to_string(), at.plus(WRONG_CLOCK).to_string()])?;
        Ok(())
    }

    fn all(&mut self) -> Result<Vec<Record>> {
        self.rows(SELECT, [], record)
    }
}

fn selecting(condition: &str) -> String {
    format!("{SELECT} WHERE {condition}")
}
