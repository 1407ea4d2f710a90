//! The calls about sessions.

use std::io::{Read, Write};
use std::time::Duration;

use reqwest::Method;
use reqwest::header::CONTENT_LENGTH;
use serde_json::Value;

use super::answer::Answer;
use super::http::{Call, Client, json_body};
use crate::api::{FinalizeAnswer, PurgeAnswer, PurgeRequest, SessionView, SessionsAnswer};
use crate::error::{Error, Kind, Result};
use crate::id;

/// How long an archive may take to come.
const ARCHIVE_TIME: Duration = Duration::from_hours(1);

/// Read at a time, bytes.
const PIECE: usize = 256 << 10;

impl Client {
    /// All sessions, or those of a machine.
    pub fn sessions(&self, machine: Option<&str>) -> Result<SessionsAnswer> {
        let query: Vec<(&str, String)> = machine.map(|machine| ("machine_id", machine.to_owned())).into_iter().collect();
        self.send(Method::GET, self.traces(&["sessions"])?, Call { query: &query, ..Call::default() })?.success(self.route())
    }

    /// One session.
    pub fn session(&self, id: &str) -> Result<SessionView> {
        self.send(Method::GET, self.traces(&["session", nameable(id)?])?, Call::default())?.success(self.route())
    }

    /// Closes a session's recording.
    pub fn finalize_session(&self, id: &str) -> Result<FinalizeAnswer> {
        let query = [("session_id", nameable(id)?.to_owned())];
        self.send(Method::POST, self.traces(&["finalize"])?, Call { query: &query, ..Call::default() })?.success(self.route())
    }

    /// Removes old recordings.
    pub fn purge_sessions(&self, request: &PurgeRequest) -> Result<PurgeAnswer> {
        let call = Call { body: Some(json_body(request)?), held: ARCHIVE_TIME, ..Call::default() };
        self.send(Method::POST, self.traces(&["sessions", "purge"])?, call)?.success(self.route())
    }

    /// Writes a recording into `into` as a ZIP; `progress` is told how much came of how much, bytes.
    ///
    /// # Errors
    /// The server's refusal; that it broke off, and then what was written is not whole.
    pub fn export_session(&self, id: &str, into: &mut dyn Write, progress: &mut dyn FnMut(u64, u64)) -> Result<()> {
        let url = self.traces(&["session", nameable(id)?, "export"])?;
        let mut response = self.open(Method::GET, url, Call { held: ARCHIVE_TIME, ..Call::default() })?;
        if !response.status().is_success() {
            let answer = Answer::read(response, self.route())?;
            return Err(answer.success::<Value>(self.route()).err().unwrap_or_else(broken));
        }
        let total = response.headers().get(CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse().ok()).ok_or_else(broken)?;
        let (mut piece, mut came) = (vec![0; PIECE], 0_u64);
        loop {
            let read = response.read(&mut piece).map_err(|cause| broken().caused_by(cause))?;
            if read == 0 {
                break;
            }
            let failed = |cause| Error::io("write", std::path::Path::new("the archive"), cause);
            into.write_all(&piece[..read]).map_err(failed)?;
            came += read as u64;
            progress(came, total);
        }
        if came == total { Ok(()) } else { Err(broken()) }
    }
}

fn broken() -> Error {
    Error::new(Kind::Unreachable, "connection_lost", "network: the archive broke off").hint("run it again")
}

/// Refuses to ask for a session whose id would be another path: there is none of that name.
fn nameable(id: &str) -> Result<&str> {
    if id::check(id).is_some() {
        return Err(Error::new(Kind::NotFound, "unknown_session", "there is no session of that id"));
    }
    Ok(id)
}
