//! What agents call: the next action, and what became of it.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use axum::Json as Reply;
use axum::extract::{FromRequest, Request, State};
use axum::http::HeaderMap;

use crate::api::{NextAnswer, ResultAnswer, ResultRequest};
use crate::clock::Time;
use crate::error::{Error, Kind, Result};
use crate::replay::{Answer as Told, Input, Lane, Step, check_key, unknown_action};
use crate::server::auth::Principal;
use crate::server::extract::{Parameters, Reported};
use crate::server::lanes::Slot;
use crate::server::looks;
use crate::server::reply::Answer;
use crate::server::seats::Seat;
use crate::server::state::Shared;
use crate::server::turns::act;
use crate::session::{Owner, SessionId, Speaker};

/// The longest that a poll may wait, seconds.
pub(in crate::server) const MAX_WAIT: usize = 60;

fn session(text: &str, loc: [&str; 2]) -> Result<SessionId> {
    text.parse().map_err(|why: Error| Error::field(&loc, "value_error", why.to_string()))
}

/// The key of a request that may be repeated.
pub(in crate::server) fn idempotency_key(headers: &HeaderMap) -> Result<Option<String>> {
    let Some(value) = headers.get("idempotency-key") else { return Ok(None) };
    let text = value.to_str().map_err(|_| Error::field(&["header", "Idempotency-Key"], "value_error", "must be plain text"))?;
    check_key(text)?;
    Ok(Some(text.to_owned()))
}

/// The next action for a session's machine, or null. Asking for the next one says that the last is not reported on.
#[utoipa::path(
    get, path = "/api/v1/traces/stream/replay/next", tag = "replays",
    params(
        ("session_id" = String, Query, description = "the agent's session"),
        ("machine_id" = Option<String>, Query, description = "the agent's machine; a machine's token says it by itself"),
        ("wait" = Option<usize>, Query, description = "hold the answer for so many seconds, at most 60, until there is an action"),
        ("Idempotency-Key" = Option<String>, Header, description = "the same key again, when the answer was lost, gives the same action"),
    ),
    responses(
        (status = 200, description = "an action, or null", body = NextAnswer),
        (status = 409, description = "`session_of_other_machine`"),
    )
)]
pub(in crate::server) async fn next(
    State(state): State<Shared>,
    principal: Principal,
    parameters: Parameters,
    headers: HeaderMap,
) -> Answer<Reply<NextAnswer>> {
    let named = parameters.text("machine_id");
    let speaker = principal.speaker(&state, ["query", "machine_id"], named)?;
    let id = session(parameters.required("session_id")?, ["query", "session_id"])?;
    let wait = parameters.number("wait", 0..=MAX_WAIT)?.unwrap_or(0);
    let key = idempotency_key(&headers)?;
    let mut heard = state.heard_of(&id);
    let now = state.clock.now();
    let seat = state.seats.take(&id, &speaker, now)?;
    // A session on which something waits is its machine's for good: after a restart nobody else can take it up.
    let waits = state.lanes.find(&Owner::Nobody.lane(&seat.id)).is_some_and(|slot| !slot.look(Lane::is_over));
    if waits && seat.owner().machine().is_some() && !seat.is_registered() {
        seat.register();
    }
    state.keep_adoption(&seat).await?;
    state.heard(&seat, now);
    let machine_id = match &speaker {
        Speaker::Machine(machine) => machine.to_string(),
        Speaker::Operator(_) => named.unwrap_or("default").to_owned(),
    };
    let mut answer = NextAnswer { action: None, session_id: id.to_string(), machine_id };
    let until = state.clock.monotonic() + Duration::from_secs(wait as u64);
    let ticket = state.polls.fetch_add(1, Ordering::Relaxed) + 1;
    loop {
        let mut lane = seat.lane();
        let mut slot = state.lanes.find(&lane);
        // Somebody may have started it on the session before the session had a machine.
        if slot.as_ref().is_none_or(|slot| slot.is_quiet()) {
            let nobodys = state.lane_of(&seat);
            if nobodys != lane {
                slot = state.lanes.find(&nobodys);
                lane = nobodys;
            }
        }
        if slot.is_none() && wait > 0 {
            slot = Some(state.lanes.slot(&lane));
        }
        let Some(slot) = slot else { return Ok(Reply(answer)) };
        // Listened to before looking, so that nothing comes between.
        let changed = slot.changed.notified();
        tokio::pin!(changed);
        changed.as_mut().enable();
        slot.enter(ticket, &id.key(), key.as_deref());
        if !slot.is_newest(ticket) {
            return Ok(Reply(answer));
        }
        if !slot.is_quiet() {
            answer.action = poll(&state, &slot, &principal, ticket, &seat, key.as_deref(), heard).await?;
        }
        let left = until.saturating_sub(state.clock.monotonic());
        if answer.action.is_some() || left.is_zero() || state.is_stopping() {
            return Ok(Reply(answer));
        }
        let _waiting = state.metrics.waits();
        tokio::select! {
            () = changed => {}
            () = tokio::time::sleep(left) => {}
            () = state.stopping() => {}
        }
        principal.check_still_known(&state)?;
        heard = state.clock.now();
        state.heard(&seat, heard);
    }
}

/// One look at a lane that is not quiet.
async fn poll(
    state: &Shared,
    slot: &Arc<Slot>,
    principal: &Principal,
    ticket: u64,
    seat: &Arc<Seat>,
    key: Option<&str>,
    before: Time,
) -> Result<Option<serde_json::Map<String, serde_json::Value>>> {
    // A report that is here already comes before the poll that follows it.
    slot.settled(state.settings.limits.request).await;
    let heard = match slot.holder() {
        Some(holder) if holder.key() != seat.id.key() => state.heard_of(&holder),
        _ => before,
    };
    let (session, key, policy) = (seat.id.to_string(), key.map(str::to_owned), state.policy());
    let (polled, caller, known, asking) = (Arc::clone(slot), principal.clone(), Arc::clone(state), Arc::clone(seat));
    let decide = move |lane: &Lane, now| {
        // Whoever asked may have given up, or lost the right to ask, while the request waited.
        caller.check_still_known(&known)?;
        // What is left of a machine that is gone is given to nobody.
        if !polled.is_newest(ticket) || known.has_left(&asking.owner()) {
            return Ok(Step { changes: Vec::new(), answer: Told::Nothing });
        }
        lane.step(Input::Polled { session: &session, key: key.as_deref(), heard }, now, &policy)
    };
    Ok(match act(state, Arc::clone(slot), decide).await? {
        Told::Give(action) => Some(action.body().clone()),
        Told::Wait { id, millis } => {
            let wait = serde_json::json!({ "action_id": id, "type": "wait", "duration_ms": millis });
            wait.as_object().cloned()
        }
        _ => None,
    })
}

/// What became of an action.
#[utoipa::path(
    post, path = "/api/v1/traces/stream/replay/result", tag = "replays", request_body = ResultRequest,
    responses(
        (status = 200, description = "`recorded`, now or before; `late` where it no longer matters", body = ResultAnswer),
        (status = 409, description = "`unknown_action`: none of that id was handed out here"),
    )
)]
pub(in crate::server) async fn result(State(state): State<Shared>, principal: Principal, request: Request) -> Answer<Reply<ResultAnswer>> {
    // Only operators and machines report; who may not must not take a place from those who may.
    principal.screen_reader()?;
    let Reported { request, place } = Reported::from_request(request, &state).await?;
    let speaker = principal.speaker(&state, ["body", "machine_id"], None)?;
    let id = session(&request.session_id, ["body", "session_id"])?;
    let now = state.clock.now();
    let heard = state.heard_of(&id);
    let seat = state.seats.take(&id, &speaker, now)?;
    let slot = state.lanes.find(&state.lane_of(&seat)).filter(|slot| slot.look(|lane| lane.knows(&request.action_id)));
    // An agent that was restarted may report under a session that nobody has heard of yet.
    // A machine speaks of what it was given itself, whatever session it names.
    let may = |slot: &Arc<Slot>| match &speaker {
        Speaker::Machine(machine) => slot.is(&machine.key()) || slot.is(&Owner::Nobody.lane(&seat.id)),
        Speaker::Operator(_) => true,
    };
    let slot = slot.or_else(|| state.lanes.holding(&id, &request.action_id).filter(may));
    let slot = slot.unwrap_or_else(|| state.lanes.slot(&state.lane_of(&seat)));
    state.heard(&seat, now.max(heard));
    let under_way = slot.report();
    // What has come is taken, even if the agent or the time limit gives up on the answer.
    let taken = tokio::spawn(async move {
        let (_under_way, _place) = (under_way, place);
        let action = request.action_id.clone();
        let report = looks::of_report(&state, &slot, &id, request).await;
        let policy = state.policy();
        let named = action.clone();
        let decide = move |lane: &Lane, now| lane.step(Input::Reported { action: &named, report: report.clone() }, now, &policy);
        match act(&state, slot, decide).await? {
            Told::Taken(taken) => Ok(ResultAnswer::of(action, taken)),
            _ => Err(unknown_action()),
        }
    });
    Ok(Reply(taken.await.map_err(|_| Error::new(Kind::Bug, "bug", "taking a report had a defect"))??))
}
