//! Requests and answers about sessions.

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use serde_json::{Number, Value};
use utoipa::ToSchema;

use crate::clock::Time;
use crate::session::{Recording, Stage};

/// `POST /traces/stream/event`.
#[derive(Debug, Deserialize, ToSchema)]
pub struct EventRequest {
    /// The session.
    pub session_id: String,
    /// When it happened, seconds since 1970.
    #[schema(value_type = f64)]
    pub timestamp: Number,
    /// What happened; kept as it is sent.
    #[schema(value_type = Object)]
    pub event: Box<RawValue>,
    /// The machine; a machine's token says it by itself.
    #[serde(default)]
    pub machine_id: Option<String>,
    /// The same id again adds nothing.
    #[serde(default)]
    pub event_id: Option<String>,
}

/// An event is written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct EventAnswer {
    /// `event_synced`.
    pub status: String,
    /// The session.
    pub session_id: String,
    /// How many events it has by then.
    pub events_count: u64,
}

/// A session is registered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RegisterAnswer {
    /// `session_registered`.
    pub status: String,
    /// The session.
    pub session_id: String,
    /// The machine, or `default`.
    pub machine_id: String,
}

/// A shot is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ImageAnswer {
    /// `image_queued, crop_stored, heartbeat_stored, focus_stored, res_stored, stored_no_analysis, already_analyzed, duplicate_skipped`.
    pub status: String,
    /// The shot.
    pub shot_id: String,
}

/// A session is closed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct FinalizeAnswer {
    /// `queued_for_processing`.
    pub status: String,
    /// The session.
    pub session_id: String,
    /// The machine, or `default`.
    pub machine_id: String,
    /// Shots of whole screens at actions.
    pub screenshots_to_analyze: u64,
    /// A sentence.
    pub message: String,
}

/// A session.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct SessionView {
    /// Its id.
    pub session_id: String,
    /// The machine, or `default`.
    pub machine_id: String,
    /// Events.
    pub events_count: u64,
    /// Shots.
    pub screenshots_count: u64,
    /// The last window that an event told of.
    #[serde(default)]
    #[schema(value_type = Object)]
    pub last_window: Value,
    /// When it was first heard of.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Time,
    /// When it was last heard of.
    #[schema(value_type = String, format = DateTime)]
    pub last_activity: Time,
    /// Whether its recording is closed.
    pub finalized: bool,
    /// `none, queued, running, done, failed`.
    pub processing: String,
    /// What is wrong with the recording.
    #[serde(default)]
    pub problems: Vec<String>,
}

impl SessionView {
    /// All that is told of a session.
    pub fn of(recording: &Recording) -> Self {
        let window = recording.tally.window.as_deref().and_then(|text| serde_json::from_str(text).ok());
        Self {
            session_id: recording.id.to_string(),
            machine_id: recording.owner.as_str().to_owned(),
            events_count: recording.tally.events,
            screenshots_count: recording.tally.shots,
            last_window: window.unwrap_or_else(|| Value::Object(serde_json::Map::new())),
            created_at: recording.created_at,
            last_activity: recording.last_activity,
            finalized: recording.finalized_at.is_some(),
            processing: recording.processing.stage.as_str().to_owned(),
            problems: recording.processing.problems.clone(),
        }
    }
}

/// `GET /traces/stream/sessions`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct SessionsAnswer {
    /// The sessions, the oldest first.
    pub sessions: Vec<SessionView>,
    /// The machines that have any.
    pub machines: Vec<String>,
    /// Where the next page begins; absent without `limit`, null at the end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_cursor: Option<Option<String>>,
}

/// A machine with its sessions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct MachineView {
    /// Its id, or `default`.
    pub machine_id: String,
    /// Sessions.
    pub total_sessions: usize,
    /// Of those, the ones that are not closed.
    pub active_sessions: usize,
    /// When any of them was last heard of.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub last_activity: Option<Time>,
}

/// `GET /traces/stream/machines`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct MachinesAnswer {
    /// By id.
    pub machines: Vec<MachineView>,
}

/// `GET /traces/stream/stats`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct StatsAnswer {
    /// Always true: it answers.
    pub running: bool,
    /// Events since the start.
    pub events_processed: u64,
    /// Shots of whole screens since the start.
    pub screenshots_processed: u64,
    /// Crops since the start.
    pub crops_processed: u64,
    /// Sessions that are not closed.
    pub active_sessions: usize,
    /// The machines that have sessions.
    pub machines: Vec<String>,
}

/// How far the recording that is looked at has come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ProcessingProgress {
    /// What is looked at: `events` or `shots`.
    pub stage: String,
    /// How many were.
    pub done: u64,
    /// How many there are.
    pub total: u64,
}

/// A recording that is not whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct FailedView {
    /// The session.
    pub session_id: String,
    /// What is wrong with it.
    pub problems: Vec<String>,
}

/// `GET /traces/stream/processing/status`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ProcessingAnswer {
    /// How many wait.
    pub queue_length: usize,
    /// The sessions that wait, in order.
    pub queue: Vec<String>,
    /// The session that is looked at.
    pub current_session: Option<String>,
    /// How far it is.
    pub current_progress: Option<ProcessingProgress>,
    /// Sessions that are whole, the last ones.
    pub completed: Vec<String>,
    /// Sessions that are not, the last ones.
    pub failed: Vec<String>,
    /// Why not.
    pub failures: Vec<FailedView>,
}

/// Sessions whose names are listed as done or failed.
const LISTED: usize = 200;

impl ProcessingAnswer {
    /// From all recordings, the oldest first, and the one that is looked at.
    pub fn of(recordings: &[Recording], current: Option<(String, &'static str, u64, u64)>) -> Self {
        let at = |stage: Stage| {
            let mut found: Vec<&Recording> = recordings.iter().filter(|recording| recording.processing.stage == stage).collect();
            found.sort_by_key(|recording| recording.processing.at);
            found
        };
        let last = |found: Vec<&Recording>| found.into_iter().rev().take(LISTED).rev().cloned().collect::<Vec<_>>();
        let names = |found: &[Recording]| found.iter().map(|recording| recording.id.to_string()).collect::<Vec<_>>();
        let queued: Vec<String> = at(Stage::Queued).into_iter().map(|recording| recording.id.to_string()).collect();
        let (completed, failed) = (last(at(Stage::Done)), last(at(Stage::Failed)));
        let failure =
            |recording: &Recording| FailedView { session_id: recording.id.to_string(), problems: recording.processing.problems.clone() };
        let (current_session, current_progress) = match current {
            Some((session, stage, done, total)) => (Some(session), Some(ProcessingProgress { stage: stage.to_owned(), done, total })),
            None => (None, None),
        };
        Self {
            queue_length: queued.len(),
            queue: queued,
            current_session,
            current_progress,
            completed: names(&completed),
            failed: names(&failed),
            failures: failed.iter().map(failure).collect(),
        }
    }
}

/// `POST /traces/stream/processing/requeue`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RequeueAnswer {
    /// `requeued`.
    pub status: String,
    /// The session.
    pub session_id: String,
    /// How the queue stands.
    pub queue_status: ProcessingAnswer,
}

/// `POST /traces/stream/sessions/purge`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PurgeRequest {
    /// Recordings that were not heard of for so many seconds; by default as the server's settings say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub older_than_seconds: Option<u64>,
    /// Only say what would be removed.
    #[serde(default)]
    pub dry_run: bool,
}

/// A recording that was removed, or would be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PurgedView {
    /// Its session.
    pub session_id: String,
    /// The machine, or `default`.
    pub machine_id: String,
    /// When it was last heard of.
    #[schema(value_type = String, format = DateTime)]
    pub last_activity: Time,
    /// Its size.
    pub bytes: u64,
}

/// What was removed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PurgeAnswer {
    /// The recordings.
    pub purged: Vec<PurgedView>,
    /// Their size in all.
    pub bytes: u64,
    /// Whether they are still there.
    pub dry_run: bool,
}
