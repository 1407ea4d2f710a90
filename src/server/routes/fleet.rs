//! Machines: enrollment, look-ups, heartbeats, tokens, history.

use axum::Json as Reply;
use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};

use crate::api::{
    AgentAnswer, EnrollAnswer, EnrollRequest, FleetAnswer, HeartbeatAnswer, HeartbeatRequest, HistoryAnswer, TokenAnswer, UninstallAnswer,
    UninstallRequest,
};
use crate::error::{Error, FieldFault};
use crate::fleet::{self, MAX_PAGE, Outcome, PageQuery, Status};
use crate::server::auth::Principal;
use crate::server::extract::{Json, Named, Parameters};
use crate::server::leave;
use crate::server::reply::Answer;
use crate::server::state::Shared;

/// Enrolls a machine: by an operator, with an enrollment key, or, to prove that it is known, by the machine itself.
#[utoipa::path(
    post, path = "/api/v1/agents/enroll", tag = "fleet", request_body = EnrollRequest,
    params(("Idempotency-Key" = Option<String>, Header, description = "The same key with the same body within 24 h gives the first answer's status with a fresh token")),
    responses(
        (status = 201, description = "`enrolled` or `reactivated`, with a token", body = EnrollAnswer),
        (status = 200, description = "`already_enrolled`: the caller is this machine, nothing changed", body = EnrollAnswer),
        (status = 409, description = "`already_enrolled`, `idempotency_key_reused`, `idempotency_key_spent`"),
        (status = 422, description = "a field is missing, ill-typed or no id"),
    )
)]
pub(in crate::server) async fn enroll(
    State(state): State<Shared>,
    principal: Principal,
    headers: HeaderMap,
    Json(request): Json<EnrollRequest>,
) -> Answer<Response> {
    let idempotency_key = match headers.get("idempotency-key").map(|value| value.to_str()) {
        None => None,
        Some(Ok(text)) => Some(text.to_owned()),
        Some(Err(_)) => return Err(Error::field(&["header", "Idempotency-Key"], "value_error", "must be plain text").into()),
    };
    let order = request.into_order(principal.claim(), idempotency_key)?;
    let machine = order.machine.clone();
    let outcome = leave::enroll(&state, order).await?;
    let (status, word) = match &outcome {
        Outcome::Enrolled(done) => (StatusCode::CREATED, done.status.clone()),
        Outcome::Same { .. } => (StatusCode::OK, "already_enrolled".to_owned()),
        Outcome::Refused { error, .. } => (StatusCode::CONFLICT, error.code().to_owned()),
    };
    tracing::info!(machine = %machine, outcome = word, "enrollment");
    Ok((status, Reply(EnrollAnswer::of(outcome)?)).into_response())
}

/// Takes a machine out of the fleet, and ends what was to be done on it; by an operator or the machine itself.
#[utoipa::path(
    post, path = "/api/v1/agents/uninstall", tag = "fleet", request_body = UninstallRequest,
    responses((status = 200, description = "uninstalled, now or before", body = UninstallAnswer), (status = 404, description = "`unknown_machine`"))
)]
pub(in crate::server) async fn uninstall(
    State(state): State<Shared>,
    principal: Principal,
    Json(request): Json<UninstallRequest>,
) -> Answer<Reply<UninstallAnswer>> {
    let caller = principal.operator_or(&request.machine_id)?;
    state.flush_heartbeats().await;
    let agent = leave::uninstall(&state, request.machine_id, request.reason, caller).await?;
    tracing::info!(row = agent.id, "uninstalled");
    Ok(Reply(UninstallAnswer::of(&agent)))
}

/// Notes that a machine was heard of.
#[utoipa::path(
    post, path = "/api/v1/agents/heartbeat", tag = "fleet", request_body = HeartbeatRequest,
    responses((status = 200, description = "noted", body = HeartbeatAnswer), (status = 404, description = "`unknown_machine`"), (status = 409, description = "`uninstalled`"))
)]
pub(in crate::server) async fn heartbeat(
    State(state): State<Shared>,
    principal: Principal,
    Json(request): Json<HeartbeatRequest>,
) -> Answer<Reply<HeartbeatAnswer>> {
    principal.operator_or(&request.machine_id)?;
    let (machine_id, last_seen_at) = state.roster.touch(&request.machine_id, state.clock.now())?;
    Ok(Reply(HeartbeatAnswer { status: "ok".to_owned(), machine_id, last_seen_at }))
}

/// The whole fleet, or a page of it; for operators.
#[utoipa::path(
    get, path = "/api/v1/agents/fleet", tag = "fleet",
    params(
        ("status" = Option<String>, Query, description = "`active` or `uninstalled`"),
        ("limit" = Option<usize>, Query, description = "1 to 10000; without it the whole fleet"),
        ("cursor" = Option<String>, Query, description = "`next_cursor` of the page before"),
        ("conflicts" = Option<bool>, Query, description = "add the open conflicts"),
    ),
    responses((status = 200, description = "newest enrollment first", body = FleetAnswer))
)]
pub(in crate::server) async fn list(State(state): State<Shared>, principal: Principal, parameters: Parameters) -> Answer<Response> {
    principal.operator()?;
    let status = match parameters.text("status") {
        None => None,
        Some("active") => Some(Status::Active),
        Some("uninstalled") => Some(Status::Uninstalled),
        Some(_) => return Err(Error::field(&["query", "status"], "value_error", "must be active or uninstalled").into()),
    };
    let query = PageQuery {
        status,
        limit: parameters.number("limit", 1..=MAX_PAGE)?,
        after: parameters.text("cursor").map(str::parse).transpose()?,
    };
    let conflicts = parameters.flag("conflicts")?;
    if query.status.is_none() && query.limit.is_none() && query.after.is_none() && !conflicts {
        let bytes = if let Some(bytes) = state.roster.ready_listing() {
            bytes
        } else {
            let roster = state.roster.clone();
            state.bridge.assemble(move || Ok(roster.listing())).await?
        };
        return Ok(([(CONTENT_TYPE, "application/json")], bytes).into_response());
    }
    let roster = state.roster.clone();
    let mut answer = state.bridge.assemble(move || Ok(roster.page(&query))).await?;
    if conflicts {
        let open = state.bridge.read(|registry| registry.conflicts()).await?;
        answer.conflicts = Some(open.into_iter().map(Into::into).collect());
    }
    Ok(Reply(answer).into_response())
}

/// One machine; for operators and the machine itself.
#[utoipa::path(
    get, path = "/api/v1/agents/{machine_id}", tag = "fleet", params(("machine_id" = String, Path, description = "in any case")),
    responses((status = 200, description = "the machine", body = AgentAnswer), (status = 404, description = "`unknown_machine`"))
)]
pub(in crate::server) async fn agent(
    State(state): State<Shared>,
    principal: Principal,
    Named(machine): Named,
) -> Answer<Reply<AgentAnswer>> {
    principal.operator_or(&machine)?;
    Ok(Reply(state.roster.agent(&machine)?.into()))
}

/// What is wrong with an id, where the id stands in the path.
fn in_path(error: Error) -> Error {
    if error.field_faults().is_empty() {
        return error;
    }
    let moved = |fault: &FieldFault| FieldFault { loc: vec!["path".to_owned(), "machine_id".to_owned()], ..fault.clone() };
    Error::faults(error.field_faults().iter().map(moved).collect())
}

/// Gives a machine a new token; the old one is dead. By an operator or the machine itself.
#[utoipa::path(
    post, path = "/api/v1/agents/{machine_id}/token", tag = "fleet", params(("machine_id" = String, Path, description = "in any case")),
    responses((status = 200, description = "the new token", body = TokenAnswer), (status = 404, description = "`unknown_machine`"), (status = 409, description = "`uninstalled`"))
)]
pub(in crate::server) async fn rotate(
    State(state): State<Shared>,
    principal: Principal,
    Named(machine): Named,
) -> Answer<Reply<TokenAnswer>> {
    let caller = principal.operator_or(&machine)?;
    state.flush_heartbeats().await;
    let now = state.clock.now();
    let (agent, token) =
        state.bridge.write(move |registry| fleet::rotate_token(registry, &machine, &caller, now)).await.map_err(in_path)?;
    tracing::info!(row = agent.id, "token rotated");
    Ok(Reply(TokenAnswer::of(&agent, &token)))
}

/// Everything that happened to a machine; for operators.
#[utoipa::path(
    get, path = "/api/v1/agents/{machine_id}/history", tag = "fleet", params(("machine_id" = String, Path, description = "in any case")),
    responses((status = 200, description = "oldest first", body = HistoryAnswer), (status = 404, description = "`unknown_machine`"))
)]
pub(in crate::server) async fn history(
    State(state): State<Shared>,
    principal: Principal,
    Named(machine): Named,
) -> Answer<Reply<HistoryAnswer>> {
    principal.operator()?;
    let answer = state.bridge.read(move |registry| HistoryAnswer::read(registry, &machine)).await.map_err(in_path)?;
    Ok(Reply(answer))
}
