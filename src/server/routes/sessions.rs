//! Sessions: registered, told events, closed, looked at.

use std::sync::Arc;

use axum::Json as Reply;
use axum::extract::State;

use crate::api::{
    EventAnswer, EventRequest, FinalizeAnswer, MachineView, MachinesAnswer, ProcessingAnswer, RegisterAnswer, RequeueAnswer, SessionView,
    SessionsAnswer, StatsAnswer,
};
use crate::error::{Error, Kind, Result};
use crate::id;
use crate::server::auth::Principal;
use crate::server::extract::{Event, Named, Parameters};
use crate::server::reply::Answer;
use crate::server::seats::Seat;
use crate::server::state::Shared;
use crate::session::{Owner, Processing, Recording, SessionId, Speaker, Stage, claim, line};

/// The most sessions on a page.
const MAX_PAGE: usize = 10_000;

/// The id of a session in a request.
pub(super) fn session_id(text: &str, loc: [&str; 2]) -> Result<SessionId> {
    text.parse().map_err(|why: Error| Error::field(&loc, "value_error", why.to_string()))
}

/// The session that the query names, for a caller who may speak in it; made when there is none.
pub(super) fn spoken(state: &Shared, principal: &Principal, parameters: &Parameters) -> Result<Arc<Seat>> {
    let speaker = principal.speaker(state, ["query", "machine_id"], parameters.text("machine_id"))?;
    let id = session_id(parameters.required("session_id")?, ["query", "session_id"])?;
    let now = state.clock.now();
    let seat = state.seats.take(&id, &speaker, now)?;
    state.heard(&seat, now);
    Ok(seat)
}

fn unknown_session() -> Error {
    Error::new(Kind::NotFound, "unknown_session", "there is no session of that id")
}

/// The recording of a session that is kept, for a caller who may look at it.
pub(super) fn visible(state: &Shared, principal: &Principal, id: &str) -> Result<Arc<Seat>> {
    if let Principal::Key(_) = principal {
        principal.operator()?;
    }
    let seat = state.seats.find(id).filter(|seat| seat.is_registered()).ok_or_else(unknown_session)?;
    match principal {
        Principal::Machine { key, .. } if seat.lane() != *key => {
            Err(Error::new(Kind::Forbidden, "other_machine", "the session belongs to another machine"))
        }
        _ => Ok(seat),
    }
}

/// Registers a session; one that is there goes on, also where it was closed.
#[utoipa::path(
    post, path = "/api/v1/traces/stream/register", tag = "sessions",
    params(("session_id" = String, Query, description = "its id"), ("machine_id" = Option<String>, Query, description = "the machine; a machine's token says it by itself")),
    responses((status = 200, description = "registered, now or before", body = RegisterAnswer), (status = 409, description = "`session_of_other_machine`, `session_spelled_otherwise`"))
)]
pub(in crate::server) async fn register(
    State(state): State<Shared>,
    principal: Principal,
    parameters: Parameters,
) -> Answer<Reply<RegisterAnswer>> {
    let seat = spoken(&state, &principal, &parameters)?;
    seat.register();
    if seat.set_finalized(None).is_some() {
        seat.set_processing(Processing::default());
        tracing::info!(session = %seat.id, "a closed recording was opened again");
    }
    state.keep_sessions().await?;
    Ok(Reply(RegisterAnswer {
        status: "session_registered".to_owned(),
        session_id: seat.id.to_string(),
        machine_id: seat.owner().as_str().to_owned(),
    }))
}

/// Writes an event to its session's journal; on disk before the answer.
#[utoipa::path(
    post, path = "/api/v1/traces/stream/event", tag = "sessions", request_body = EventRequest,
    responses(
        (status = 200, description = "`event_synced`", body = EventAnswer),
        (status = 409, description = "`session_of_other_machine`, `session_finalized`"),
        (status = 413, description = "`event_too_large`"),
    )
)]
pub(in crate::server) async fn event(
    State(state): State<Shared>,
    principal: Principal,
    Event(request): Event<EventRequest>,
) -> Answer<Reply<EventAnswer>> {
    let speaker = principal.speaker(&state, ["body", "machine_id"], request.machine_id.as_deref())?;
    let id = session_id(&request.session_id, ["body", "session_id"])?;
    if let Some(event_id) = &request.event_id
        && (event_id.is_empty() || event_id.len() > id::MAX_ID_CHARS || event_id.chars().any(char::is_control))
    {
        let why = format!("must be a text of 1 to {} characters", id::MAX_ID_CHARS);
        return Err(Error::field(&["body", "event_id"], "value_error", why).into());
    }
    let now = state.clock.now();
    let seat = state.seats.take(&id, &speaker, now)?;
    state.keep_adoption(&seat).await?;
    state.heard(&seat, now);
    let most = state.settings.limits.event_bytes;
    let line = line(&seat.id, seat.owner().as_str(), &request.timestamp, &request.event, request.event_id.as_deref(), most)?;
    let events_count = state.recorder.append(Arc::clone(&seat), line).await?;
    state.metrics.recorded_event();
    Ok(Reply(EventAnswer { status: "event_synced".to_owned(), session_id: request.session_id, events_count }))
}

/// Closes a session and has its recording verified.
#[utoipa::path(
    post, path = "/api/v1/traces/stream/finalize", tag = "sessions",
    params(("session_id" = String, Query, description = "its id"), ("machine_id" = Option<String>, Query, description = "the machine, if it is to be the session's")),
    responses((status = 200, description = "closed, now or before", body = FinalizeAnswer), (status = 403, description = "`other_machine`"), (status = 404, description = "`unknown_session`"), (status = 409, description = "`session_of_other_machine`"))
)]
pub(in crate::server) async fn finalize(
    State(state): State<Shared>,
    principal: Principal,
    parameters: Parameters,
) -> Answer<Reply<FinalizeAnswer>> {
    let id = session_id(parameters.required("session_id")?, ["query", "session_id"])?;
    let speaker = principal.speaker(&state, ["query", "machine_id"], parameters.text("machine_id"))?;
    let seat = visible(&state, &principal, id.as_str())?;
    // Whoever names another machine means another session.
    claim(&seat.owner(), &speaker)?;
    let now = state.clock.now();
    seat.finalize(now);
    state.keep_sessions().await?;
    state.worker.wake();
    let shots = seat.tally().full_shots;
    Ok(Reply(FinalizeAnswer {
        status: "queued_for_processing".to_owned(),
        session_id: seat.id.to_string(),
        machine_id: seat.owner().as_str().to_owned(),
        screenshots_to_analyze: shots,
        message: format!(
            "the recording is closed; {shots} screens at actions will be verified, see GET /api/v1/traces/stream/processing/status"
        ),
    }))
}

/// A session.
#[utoipa::path(
    get, path = "/api/v1/traces/stream/session/{session_id}", tag = "sessions", params(("session_id" = String, Path, description = "its id")),
    responses((status = 200, description = "the session", body = SessionView), (status = 404, description = "`unknown_session`"))
)]
pub(in crate::server) async fn show(State(state): State<Shared>, principal: Principal, Named(id): Named) -> Answer<Reply<SessionView>> {
    Ok(Reply(SessionView::of(&visible(&state, &principal, &id)?.recording())))
}

/// The recordings that a caller may look at, the oldest first.
fn recordings(state: &Shared, principal: &Principal) -> Result<Vec<Recording>> {
    let only = if let Principal::Machine { key, .. } = principal {
        Some(key.clone())
    } else {
        principal.operator()?;
        None
    };
    let seats = state.seats.registered();
    Ok(seats.iter().filter(|seat| only.as_ref().is_none_or(|only| seat.lane() == *only)).map(|seat| seat.recording()).collect())
}

/// Whether a recording may still grow: it is not closed, and its machine has not left the fleet.
fn is_active(state: &Shared, recording: &Recording) -> bool {
    recording.finalized_at.is_none() && !state.has_left(&recording.owner)
}

fn machines_of(recordings: &[Recording]) -> Vec<String> {
    let names: std::collections::BTreeSet<String> = recordings.iter().map(|recording| recording.owner.as_str().to_owned()).collect();
    names.into_iter().collect()
}

/// All sessions, the oldest first.
#[utoipa::path(
    get, path = "/api/v1/traces/stream/sessions", tag = "sessions",
    params(
        ("machine_id" = Option<String>, Query, description = "only those of a machine"),
        ("limit" = Option<usize>, Query, description = "1 to 10000; without it all"),
        ("cursor" = Option<String>, Query, description = "`next_cursor` of the page before"),
    ),
    responses((status = 200, description = "the sessions", body = SessionsAnswer))
)]
pub(in crate::server) async fn list(
    State(state): State<Shared>,
    principal: Principal,
    parameters: Parameters,
) -> Answer<Reply<SessionsAnswer>> {
    let all = recordings(&state, &principal)?;
    let machines = machines_of(&all);
    let wanted = parameters.text("machine_id");
    let speaker = principal.speaker(&state, ["query", "machine_id"], wanted)?;
    let owner = match speaker {
        _ if wanted.is_none() => None,
        Speaker::Operator(owner) => Some(owner),
        Speaker::Machine(own) => Some(Owner::Machine(own)),
    };
    let fits = |recording: &&Recording| match &owner {
        None => true,
        Some(Owner::Nobody) => recording.owner == Owner::Nobody,
        Some(Owner::Machine(machine)) => recording.owner.is_machine(machine),
    };
    let limit = parameters.number("limit", 1..=MAX_PAGE)?;
    let start = match parameters.text("cursor") {
        None => 0,
        Some(text) => text.parse::<usize>().map_err(|_| Error::field(&["query", "cursor"], "value_error", "is no cursor of this list"))?,
    };
    let found: Vec<&Recording> = all.iter().filter(fits).collect();
    let end = limit.map_or(found.len(), |limit| found.len().min(start.saturating_add(limit)));
    let page = found.get(start.min(end)..end).unwrap_or_default();
    let next_cursor = limit.map(|_| (end < found.len()).then(|| end.to_string()));
    Ok(Reply(SessionsAnswer { sessions: page.iter().map(|recording| SessionView::of(recording)).collect(), machines, next_cursor }))
}

/// The machines that have sessions.
#[utoipa::path(get, path = "/api/v1/traces/stream/machines", tag = "sessions", responses((status = 200, description = "by id", body = MachinesAnswer)))]
pub(in crate::server) async fn machines(State(state): State<Shared>, principal: Principal) -> Answer<Reply<MachinesAnswer>> {
    let all = recordings(&state, &principal)?;
    let view = |machine_id: String| {
        let of: Vec<&Recording> = all.iter().filter(|recording| recording.owner.as_str() == machine_id).collect();
        MachineView {
            total_sessions: of.len(),
            active_sessions: of.iter().filter(|recording| is_active(&state, recording)).count(),
            last_activity: of.iter().map(|recording| recording.last_activity).max(),
            machine_id,
        }
    };
    Ok(Reply(MachinesAnswer { machines: machines_of(&all).into_iter().map(view).collect() }))
}

/// What was taken in since the start.
#[utoipa::path(get, path = "/api/v1/traces/stream/stats", tag = "sessions", responses((status = 200, description = "counts", body = StatsAnswer)))]
pub(in crate::server) async fn stats(State(state): State<Shared>, principal: Principal) -> Answer<Reply<StatsAnswer>> {
    principal.operator()?;
    let all = recordings(&state, &principal)?;
    let (events_processed, screenshots_processed, crops_processed) = state.metrics.recorded();
    Ok(Reply(StatsAnswer {
        running: true,
        events_processed,
        screenshots_processed,
        crops_processed,
        active_sessions: all.iter().filter(|recording| is_active(&state, recording)).count(),
        machines: machines_of(&all),
    }))
}

/// How the verification of closed recordings stands.
#[utoipa::path(get, path = "/api/v1/traces/stream/processing/status", tag = "sessions", responses((status = 200, description = "the queue", body = ProcessingAnswer)))]
pub(in crate::server) async fn processing(State(state): State<Shared>, principal: Principal) -> Answer<Reply<ProcessingAnswer>> {
    principal.operator()?;
    Ok(Reply(ProcessingAnswer::of(&recordings(&state, &principal)?, state.worker.progress.now())))
}

/// Has a closed recording verified again.
#[utoipa::path(
    post, path = "/api/v1/traces/stream/processing/requeue", tag = "sessions", params(("session_id" = String, Query, description = "its id")),
    responses((status = 200, description = "it waits", body = RequeueAnswer), (status = 404, description = "`unknown_session`"), (status = 409, description = "`session_open`"))
)]
pub(in crate::server) async fn requeue(
    State(state): State<Shared>,
    principal: Principal,
    parameters: Parameters,
) -> Answer<Reply<RequeueAnswer>> {
    principal.operator()?;
    let id = session_id(parameters.required("session_id")?, ["query", "session_id"])?;
    let seat = visible(&state, &principal, id.as_str())?;
    if !seat.is_finalized() {
        return Err(Error::new(Kind::Conflict, "session_open", "the session's recording is not closed yet").hint("finalize it").into());
    }
    if seat.processing().stage != Stage::Running {
        seat.set_processing(Processing { stage: Stage::Queued, problems: Vec::new(), at: Some(state.clock.now()) });
    }
    state.keep_sessions().await?;
    state.worker.wake();
    let queue_status = ProcessingAnswer::of(&recordings(&state, &principal)?, state.worker.progress.now());
    Ok(Reply(RequeueAnswer { status: "requeued".to_owned(), session_id: seat.id.to_string(), queue_status }))
}
