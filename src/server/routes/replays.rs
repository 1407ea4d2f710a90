//! What operators call: start, look, pause, resume, cancel.

use axum::Json as Reply;
use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};

use super::replay::idempotency_key;
use crate::api::{
    CallbackAnswer, CallbackRequest, CancelRequest, RawRequest, ReplayView, ReplaysAnswer, ResumeRequest, SingleAnswer, SingleRequest,
    StartAnswer, StartRequest,
};
use crate::clock::Time;
use crate::error::{Error, Kind, Result};
use crate::id;
use crate::replay::{self, Decision, Input, Plan, Replay, ReplayQuery, Source, Status, Step, check_plan, unknown_replay};
use crate::server::auth::Principal;
use crate::server::callbacks;
use crate::server::extract::{Large, Named, Parameters};
use crate::server::looks;
use crate::server::moments;
use crate::server::pick::{Picked, pick};
use crate::server::reply::Answer;
use crate::server::state::Shared;
use crate::server::turns::{Started, act, find, start as start_in_lane, started_before};
use crate::session::{Owner, Speaker};
use crate::workflow::{Action, check_actions, expand};

/// Replays on a page when nobody says how many.
const PAGE: usize = 100;

/// The most replays on a page.
const MAX_PAGE: usize = 1000;

/// What a raw replay is for when nobody says.
const NO_TASK: &str = "Tâche libre";

/// The longest task, characters.
const MAX_TASK: usize = 500;

fn plan_of(picked: &Picked, id: String, source: Source, actions: Vec<Action>, now: Time) -> Plan {
    Plan {
        id,
        source,
        lane: picked.lane.clone(),
        session: picked.seat.id.to_string(),
        machine: picked.machine.clone(),
        actions,
        params: std::collections::BTreeMap::new(),
        created_at: now,
    }
}

/// Starts `plan`, and answers `answer`, or what the same request was answered before.
async fn begin<T: Serialize + DeserializeOwned>(
    state: &Shared,
    headers: &HeaderMap,
    body: &[u8],
    plan: Plan,
    replace: bool,
    answer: T,
) -> Result<T> {
    check_plan(&plan, state.settings.limits.actions_per_replay)?;
    let request = match known_by(headers, body)? {
        None => None,
        Some((key, body)) => {
            let answer = serde_json::to_string(&answer).map_err(|cause| broken().caused_by(cause))?;
            Some(replay::StartRequest { key, body, answer })
        }
    };
    match start_in_lane(state, plan, replace, request).await? {
        Started::New => Ok(answer),
        Started::Before(answer) => serde_json::from_str(&answer).map_err(|cause| broken().caused_by(cause)),
    }
}

/// The hashes of the request's key and of its body, if it has a key.
fn known_by(headers: &HeaderMap, body: &[u8]) -> Result<Option<([u8; 32], [u8; 32])>> {
    Ok(idempotency_key(headers)?.map(|key| (Sha256::digest(key.as_bytes()).into(), Sha256::digest(body).into())))
}

/// The answer that the same request was given before. Asked before anything else: by now the agent may be silent, or the workflow
/// another.
async fn given_before<T: DeserializeOwned>(state: &Shared, headers: &HeaderMap, body: &[u8]) -> Result<Option<T>> {
    let Some((key, body)) = known_by(headers, body)? else { return Ok(None) };
    let now = state.clock.now();
    match state.bridge.write(move |entities| started_before(entities, &key, &body, now)).await? {
        Some(answer) => serde_json::from_str(&answer).map(Some).map_err(|cause| broken().caused_by(cause)),
        None => Ok(None),
    }
}

/// Actions under ids of their own where a report on an earlier action of the same id may still come: it would be taken for theirs.
fn told_apart(state: &Shared, picked: &Picked, replace: bool, actions: Vec<Action>) -> Vec<Action> {
    let Some(slot) = state.lanes.find(&picked.lane) else { return actions };
    let apart = |action: Action| {
        if slot.look(|lane| lane.may_hear_of(action.id(), replace)) {
            action.again(format!("{}_{}", action.id(), id::fresh().get(..8).unwrap_or_default()))
        } else {
            action
        }
    };
    actions.into_iter().map(apart).collect()
}

fn broken() -> Error {
    Error::new(Kind::Bug, "bug", "an answer could not be kept")
}

/// Starts a replay of a workflow; for operators.
#[utoipa::path(
    post, path = "/api/v1/traces/stream/replay", tag = "replays", request_body = StartRequest,
    params(("Idempotency-Key" = Option<String>, Header, description = "The same key with the same body within 24 h gives the first answer and starts nothing")),
    responses(
        (status = 200, description = "it runs", body = StartAnswer),
        (status = 400, description = "the workflow cannot be carried out as it is: `unknown_action_type`, `click_without_target`, `unset_variable`, `branching`, `no_actions`, `too_many_actions`"),
        (status = 404, description = "`unknown_workflow`, `no_session`"),
        (status = 409, description = "`replay_running`, `machine_required`, `session_of_other_machine`, `uninstalled`, `idempotency_key_reused`"),
    )
)]
pub(in crate::server) async fn start(
    State(state): State<Shared>,
    principal: Principal,
    headers: HeaderMap,
    Large { value: request, bytes }: Large<StartRequest>,
) -> Answer<Reply<StartAnswer>> {
    principal.operator()?;
    if let Some(answer) = given_before(&state, &headers, &bytes).await? {
        return Ok(Reply(answer));
    }
    let now = state.clock.now();
    let picked = pick(&state, &request.session_id, request.machine_id.as_deref(), now)?;
    let workflow = state.workflow(&request.workflow_id).await?;
    let params = request.params.unwrap_or_default();
    let actions = expand(&workflow, &params, request.path.as_deref(), &mut || format!("act_{}", id::fresh()))?;
    looks::check_expanded(&state, &actions).await?;
    let actions = told_apart(&state, &picked, request.replace, actions);
    let replay_id = format!("replay_{}", id::fresh());
    let mut plan = plan_of(&picked, replay_id.clone(), Source::Workflow(workflow.id.clone()), actions, now);
    plan.params = params.into_iter().collect();
    let answer = StartAnswer {
        replay_id,
        status: Status::Running.to_string(),
        workflow_id: Some(workflow.id.clone()),
        task: None,
        session_id: plan.session.clone(),
        machine_id: plan.machine.clone(),
        total_actions: plan.actions.len(),
    };
    Ok(Reply(begin(&state, &headers, &bytes, plan, request.replace, answer).await?))
}

/// Starts a replay of actions as they are sent; for operators.
#[utoipa::path(
    post, path = "/api/v1/traces/stream/replay/raw", tag = "replays", request_body = RawRequest,
    params(("Idempotency-Key" = Option<String>, Header, description = "as for `replay`")),
    responses(
        (status = 200, description = "it runs", body = StartAnswer),
        (status = 400, description = "an action cannot be carried out: `unknown_action_type`, `click_without_target`, `duplicate_action_id`, `no_actions`, `too_many_actions`"),
        (status = 404, description = "`no_session`"),
        (status = 409, description = "`replay_running`, `machine_required`, `session_of_other_machine`, `uninstalled`, `idempotency_key_reused`"),
        (status = 422, description = "a `wait_until` or `wait_gone` that could never hold, by its fields"),
    )
)]
pub(in crate::server) async fn raw(
    State(state): State<Shared>,
    principal: Principal,
    headers: HeaderMap,
    Large { value: request, bytes }: Large<RawRequest>,
) -> Answer<Reply<StartAnswer>> {
    principal.operator()?;
    if let Some(answer) = given_before(&state, &headers, &bytes).await? {
        return Ok(Reply(answer));
    }
    let most = state.settings.limits.actions_per_replay;
    if request.actions.is_empty() || request.actions.len() > most {
        let count = request.actions.len();
        let refused = if count == 0 {
            ("no_actions", "there is no action to carry out".to_owned())
        } else {
            ("too_many_actions", format!("{count} actions are more than the {most} that a replay may have"))
        };
        return Err(Error::new(Kind::Input, refused.0, refused.1).into());
    }
    looks::check(&state, &request.actions, |index| ["body", "actions", &index.to_string()].map(str::to_owned).to_vec()).await?;
    let now = state.clock.now();
    let picked = pick(&state, &request.session_id, request.machine_id.as_deref(), now)?;
    let actions = check_actions(request.actions, &mut || format!("act_free_{}", id::fresh()))?;
    let actions = told_apart(&state, &picked, request.replace, actions);
    let task =
        if request.task_description.is_empty() { NO_TASK.to_owned() } else { request.task_description.chars().take(MAX_TASK).collect() };
    let replay_id = format!("replay_free_{}", id::fresh());
    let plan = plan_of(&picked, replay_id.clone(), Source::Raw(task.clone()), actions, now);
    let answer = StartAnswer {
        replay_id,
        status: Status::Running.to_string(),
        workflow_id: None,
        task: Some(task),
        session_id: plan.session.clone(),
        machine_id: plan.machine.clone(),
        total_actions: plan.actions.len(),
    };
    Ok(Reply(begin(&state, &headers, &bytes, plan, request.replace, answer).await?))
}

/// Queues one action: a replay of its own, behind the single actions that wait there; for operators.
#[utoipa::path(
    post, path = "/api/v1/traces/stream/replay/single", tag = "replays", request_body = SingleRequest,
    params(("Idempotency-Key" = Option<String>, Header, description = "as for `replay`")),
    responses(
        (status = 200, description = "it waits for the agent", body = SingleAnswer),
        (status = 400, description = "the action cannot be carried out"),
        (status = 409, description = "`replay_running`, `machine_required`, `session_of_other_machine`, `uninstalled`, `idempotency_key_reused`"),
        (status = 422, description = "a `wait_until` or `wait_gone` that could never hold, by its fields"),
        (status = 429, description = "`queue_full`"),
    )
)]
pub(in crate::server) async fn single(
    State(state): State<Shared>,
    principal: Principal,
    headers: HeaderMap,
    Large { value: request, bytes }: Large<SingleRequest>,
) -> Answer<Reply<SingleAnswer>> {
    principal.operator()?;
    if let Some(answer) = given_before(&state, &headers, &bytes).await? {
        return Ok(Reply(answer));
    }
    let asked = vec![request.action];
    looks::check(&state, &asked, |_| vec!["body".to_owned(), "action".to_owned()]).await?;
    let now = state.clock.now();
    let picked = pick(&state, &request.session_id, request.machine_id.as_deref(), now)?;
    let actions = check_actions(asked, &mut || format!("act_copilot_{}", id::fresh()))?;
    let actions = told_apart(&state, &picked, false, actions);
    let action_id = actions.first().map(|action| action.id().to_owned()).unwrap_or_default();
    let replay_id = format!("replay_single_{}", id::fresh());
    let plan = plan_of(&picked, replay_id.clone(), Source::Single, actions, now);
    let answer = SingleAnswer {
        action_id,
        replay_id,
        session_id: plan.session.clone(),
        machine_id: request.machine_id,
        status: "enqueued".to_owned(),
    };
    Ok(Reply(begin(&state, &headers, &bytes, plan, false, answer).await?))
}

/// Whether a replay is the work of the machine called `key`: started for it, or on a session that it took up.
fn is_its(state: &Shared, replay: &Replay, key: &str) -> bool {
    let lane = &replay.plan().lane;
    let taken_up = || {
        let seat = state.seats.find(Owner::session_of_lane(lane)?)?;
        Some(seat.owner().machine()?.key() == key)
    };
    lane == key || taken_up().unwrap_or(false)
}

/// A replay that the caller may look at.
pub(super) async fn visible(state: &Shared, principal: &Principal, id: &str) -> Result<Replay> {
    if let Principal::Key(_) = principal {
        principal.operator()?;
    }
    let replay = find(state, id).await?;
    match principal {
        // What another machine does is not told, not even that it does something.
        Principal::Machine { key, .. } if !is_its(state, &replay, key) => Err(unknown_replay()),
        _ => Ok(replay),
    }
}

/// How a replay stands, and what became of each action.
#[utoipa::path(
    get, path = "/api/v1/traces/stream/replay/{replay_id}", tag = "replays", params(("replay_id" = String, Path, description = "its id")),
    responses((status = 200, description = "the replay", body = ReplayView), (status = 404, description = "`unknown_replay`"))
)]
pub(in crate::server) async fn show(State(state): State<Shared>, principal: Principal, Named(id): Named) -> Answer<Reply<ReplayView>> {
    Ok(Reply(ReplayView::of(&visible(&state, &principal, &id).await?)))
}

/// All replays, in the order in which they were started.
#[utoipa::path(
    get, path = "/api/v1/traces/stream/replays", tag = "replays",
    params(
        ("status" = Option<String>, Query, description = "only those that stand so"),
        ("machine_id" = Option<String>, Query, description = "only those of a machine"),
        ("limit" = Option<usize>, Query, description = "1 to 1000, by default 100"),
        ("cursor" = Option<String>, Query, description = "`next_cursor` of the page before"),
        ("newest" = Option<bool>, Query, description = "the newest first"),
        ("short" = Option<bool>, Query, description = "without results"),
    ),
    responses((status = 200, description = "a page", body = ReplaysAnswer))
)]
pub(in crate::server) async fn list(
    State(state): State<Shared>,
    principal: Principal,
    parameters: Parameters,
) -> Answer<Reply<ReplaysAnswer>> {
    let wanted = parameters.text("machine_id");
    let (lane, machine) = match principal.speaker(&state, ["query", "machine_id"], wanted)? {
        Speaker::Machine(own) => (Some(own.key()), None),
        Speaker::Operator(owner) => (None, wanted.map(|_| owner.as_str().to_owned())),
    };
    let status = match parameters.text("status") {
        None => None,
        Some(name) => Some(Status::named(name).ok_or_else(|| {
            let names: Vec<&str> = Status::ALL.iter().map(|status| status.as_str()).collect();
            Error::field(&["query", "status"], "value_error", format!("must be one of {}", names.join(", ")))
        })?),
    };
    let after = match parameters.text("cursor") {
        None => None,
        Some(text) => Some(text.parse().map_err(|_| Error::field(&["query", "cursor"], "value_error", "is no cursor of this list"))?),
    };
    let limit = parameters.number("limit", 1..=MAX_PAGE)?.unwrap_or(PAGE);
    let short = parameters.flag("short")?;
    let query = ReplayQuery { status, machine, lane, after, newest_first: parameters.flag("newest")?, limit: limit + 1 };
    let answer = state
        .bridge
        .read(move |entities| {
            let mut kept = entities.list_replays(&query)?;
            let more = kept.len() > limit;
            kept.truncate(limit);
            let next_cursor = kept.last().filter(|_| more).map(|kept| kept.row.to_string());
            let view = |kept: &replay::Kept| {
                let view = ReplayView::of(&kept.replay);
                if short { view.in_short() } else { view }
            };
            Ok(ReplaysAnswer { replays: kept.iter().map(view).collect(), next_cursor })
        })
        .await?;
    Ok(Reply(answer))
}

/// Decides on a replay and gives how it stands afterwards.
async fn control(
    state: &Shared,
    id: String,
    decide: impl Fn(&replay::Lane, &str, Time) -> Result<Step> + Send + Sync + 'static,
) -> Answer<Reply<ReplayView>> {
    let Some(lane) = state.lanes.of_replay(&id) else {
        // It is over for a while; the rule says what that means.
        let replay = find(state, &id).await?;
        let mut lane = replay::Lane::default();
        lane.add(replay.clone());
        decide(&lane, &id, state.clock.now())?;
        return Ok(Reply(ReplayView::of(&replay)));
    };
    let named = id.clone();
    act(state, lane, move |lane, now| decide(lane, &named, now)).await?;
    Ok(Reply(ReplayView::of(&find(state, &id).await?)))
}

/// Stops a replay for a while; what is out may still be reported.
#[utoipa::path(
    post, path = "/api/v1/traces/stream/replay/{replay_id}/pause", tag = "replays", params(("replay_id" = String, Path, description = "its id")),
    responses((status = 200, description = "paused", body = ReplayView), (status = 404, description = "`unknown_replay`"), (status = 409, description = "`not_running`"))
)]
pub(in crate::server) async fn pause(State(state): State<Shared>, principal: Principal, Named(id): Named) -> Answer<Reply<ReplayView>> {
    principal.operator()?;
    let policy = state.policy();
    control(&state, id, move |lane, id, now| lane.step(Input::Pause { replay: id }, now, &policy)).await
}

/// Lets a replay go on; a stalled one needs a decision about the action whose outcome is not known.
#[utoipa::path(
    post, path = "/api/v1/traces/stream/replay/{replay_id}/resume", tag = "replays", request_body = ResumeRequest,
    params(("replay_id" = String, Path, description = "its id")),
    responses((status = 200, description = "it goes on, or has ended", body = ReplayView), (status = 404, description = "`unknown_replay`"), (status = 409, description = "`decision_required`, `no_decision_needed`, `not_resumable`"))
)]
pub(in crate::server) async fn resume(
    State(state): State<Shared>,
    principal: Principal,
    Named(id): Named,
    Large { value: request, .. }: Large<ResumeRequest>,
) -> Answer<Reply<ReplayView>> {
    principal.operator()?;
    let decision = match request.decision.as_deref() {
        None => None,
        Some(name) => {
            Some(Decision::named(name).ok_or_else(|| Error::field(&["body", "decision"], "value_error", "must be retry, skip or fail"))?)
        }
    };
    let policy = state.policy();
    control(&state, id, move |lane, id, now| lane.step(Input::Resume { replay: id, decision }, now, &policy)).await
}

/// Ends a replay. What is out may have been carried out or not.
#[utoipa::path(
    post, path = "/api/v1/traces/stream/replay/{replay_id}/cancel", tag = "replays", request_body = CancelRequest,
    params(("replay_id" = String, Path, description = "its id")),
    responses((status = 200, description = "cancelled, now or before", body = ReplayView), (status = 404, description = "`unknown_replay`"), (status = 409, description = "`already_over`"))
)]
pub(in crate::server) async fn cancel(
    State(state): State<Shared>,
    principal: Principal,
    Named(id): Named,
    Large { value: request, .. }: Large<CancelRequest>,
) -> Answer<Reply<ReplayView>> {
    principal.operator()?;
    let reason = request.reason.unwrap_or_else(|| "cancelled".to_owned()).chars().take(MAX_TASK).collect::<String>();
    let policy = state.policy();
    control(&state, id, move |lane, id, now| lane.step(Input::Cancel { replay: Some(id), reason: &reason }, now, &policy)).await
}

/// Names the address that is told when a replay fails or waits for a person; for operators.
#[utoipa::path(
    post, path = "/api/v1/traces/stream/replay/error_callback", tag = "replays", request_body = CallbackRequest,
    responses(
        (status = 200, description = "registered", body = CallbackAnswer),
        (status = 403, description = "`callback_not_allowed`: the server's configuration does not name the host"),
        (status = 404, description = "`unknown_replay`"),
    )
)]
pub(in crate::server) async fn error_callback(
    State(state): State<Shared>,
    principal: Principal,
    Large { value: request, .. }: Large<CallbackRequest>,
) -> Answer<Reply<CallbackAnswer>> {
    principal.operator()?;
    callbacks::check_url(&request.callback_url, &state.settings.replay.callback_allow)?;
    let (id, url, now) = (request.replay_id.clone(), request.callback_url.clone(), state.clock.now());
    let due = state
        .bridge
        .write(move |entities| {
            let kept = entities.find_replay(&id)?.ok_or_else(unknown_replay)?;
            entities.set_callback(kept.row, &url)?;
            // Whoever comes after the failure is told of it too; asked here, where no failure can come between.
            let due = matches!(kept.replay.status(), Status::Error | Status::Stalled);
            if due {
                entities.add_notice(&url, &moments::notice(&kept.replay), now)?;
            }
            Ok(due)
        })
        .await?;
    if due {
        state.notices.notify_one();
    }
    let CallbackRequest { replay_id, callback_url } = request;
    Ok(Reply(CallbackAnswer { status: "callback_registered".to_owned(), replay_id, callback_url }))
}

/// The screen before or after an action, as the agent sent it; for operators.
#[utoipa::path(
    get, path = "/api/v1/traces/stream/replay/{replay_id}/screen/{name}", tag = "replays",
    params(("replay_id" = String, Path, description = "the replay"), ("name" = String, Path, description = "the picture, as a result names it")),
    responses((status = 200, description = "PNG or JPEG", content_type = "image/*"), (status = 404, description = "`unknown_replay`, `unknown_screen`"))
)]
pub(in crate::server) async fn screen(
    State(state): State<Shared>,
    principal: Principal,
    axum::extract::Path((id, name)): axum::extract::Path<(String, String)>,
) -> Answer<Response> {
    principal.operator()?;
    let screens = std::sync::Arc::clone(&state.screens);
    let bytes = state.bridge.assemble(move || screens.read(&id, &name)).await?;
    let kind = if bytes.starts_with(b"\x89PNG") { "image/png" } else { "image/jpeg" };
    let headers = [(CONTENT_TYPE, kind), (axum::http::header::X_CONTENT_TYPE_OPTIONS, "nosniff")];
    Ok((StatusCode::OK, headers, bytes).into_response())
}
