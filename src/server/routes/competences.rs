//! Competences: persisting, reading, moving up and down, and the audit.

use std::sync::Arc;

use axum::Json as Reply;
use axum::extract::State;
use axum::http::StatusCode;

use crate::api::{AuditAnswer, AuditVerdict, CompetenceAnswer, CompetencesAnswer, MoveAnswer, MoveRequest, PersistAnswer, PersistRequest};
use crate::clock::Time;
use crate::competence::{self, Evidence, Filter, Move, Node, Request};
use crate::error::{Error, Kind, Result};
use crate::id::MachineId;
use crate::replay::Status;
use crate::server::auth::Principal;
use crate::server::extract::{Json, Large, Named, Parameters};
use crate::server::reply::Answer;
use crate::server::state::Shared;

/// Entries of the audit on a page.
const MAX_PAGE: usize = 1_000;

/// Persists a competence as a candidate; by a machine for itself, or by an operator.
#[utoipa::path(
    post, path = "/api/v1/lea/competences/candidate/persist", tag = "competences", request_body = PersistRequest,
    responses(
        (status = 201, description = "stored and audited", body = PersistAnswer),
        (status = 200, description = "the same came before under this `persist_id`: the first answer", body = PersistAnswer),
        (status = 400, description = "`pii_detected` with `findings: [{kind, path}]`; `empty`, `invalid_slug`"),
        (status = 409, description = "`slug_taken` with `state`; `persist_id_reused`"),
        (status = 429, description = "`too_many_persists`, with `Retry-After`"),
    )
)]
pub(in crate::server) async fn persist(
    State(state): State<Shared>,
    principal: Principal,
    Large { value: body, bytes }: Large<Node>,
) -> Answer<(StatusCode, Reply<PersistAnswer>)> {
    // Who may not speak for a machine is told so before anything else.
    let (body, machine) = spoken_for(&state, &principal, body)?;
    competence::check_numbers(&bytes)?;
    let shared = Arc::clone(&state);
    let done = state.bridge.files(move || {
        let request = Request::read(&body)?;
        let (now, tick) = (shared.clock.now(), shared.clock.monotonic());
        shared.learned.persist(&shared.failpoints, &request, machine.as_deref(), now, tick)
    });
    let done = done.await?;
    tracing::info!(slug = done.slug, entry = done.entry, created = done.created, "competence persisted");
    let status = if done.created { StatusCode::CREATED } else { StatusCode::OK };
    Ok((status, Reply(done.into())))
}

/// The body with the machine that it is for, and that machine's id, folded. A machine's token need not say its name; an operator may speak
/// for nobody.
fn spoken_for(state: &Shared, principal: &Principal, mut body: Node) -> Result<(Node, Option<String>)> {
    let named = body.last_wins().text_of("machine_id").map(str::to_owned).filter(|name| !name.is_empty());
    match principal {
        Principal::Key(_) => principal.operator().map(|_| (body, None)),
        Principal::Operator => Ok((body, named.map(|name| name.to_ascii_lowercase()))),
        Principal::Machine { key, .. } => {
            if let Some(named) = &named {
                principal.operator_or(named)?;
                return Ok((body, Some(key.clone())));
            }
            let own: MachineId = state.roster.agent(key)?.machine_id.parse()?;
            if let Node::Map(entries) = &mut body {
                entries.retain(|(name, _)| name != "machine_id");
                entries.push(("machine_id".to_owned(), Node::from(own.as_str())));
            }
            Ok((body, Some(key.clone())))
        }
    }
}

/// All competences.
#[utoipa::path(
    get, path = "/api/v1/lea/competences", tag = "competences",
    params(("state" = Option<String>, Query, description = "`candidate`, `supervised` or `stable`")),
    responses((status = 200, description = "by state, then by slug", body = CompetencesAnswer))
)]
pub(in crate::server) async fn list(
    State(state): State<Shared>,
    principal: Principal,
    parameters: Parameters,
) -> Answer<Reply<CompetencesAnswer>> {
    principal.screen_reader()?;
    let only = parameters.text("state").map(competence::State::named).transpose();
    let only = only.map_err(|error| Error::field(&["query", "state"], "value_error", error.to_string()))?;
    let shared = Arc::clone(&state);
    Ok(Reply(state.bridge.files(move || shared.learned.list(only)).await?))
}

/// One competence.
#[utoipa::path(
    get, path = "/api/v1/lea/competences/{slug}", tag = "competences", params(("slug" = String, Path, description = "its slug")),
    responses((status = 200, description = "the whole document", body = CompetenceAnswer), (status = 404, description = "`unknown_competence`"))
)]
pub(in crate::server) async fn show(
    State(state): State<Shared>,
    principal: Principal,
    Named(slug): Named,
) -> Answer<Reply<CompetenceAnswer>> {
    principal.screen_reader()?;
    let shared = Arc::clone(&state);
    Ok(Reply(state.bridge.files(move || shared.learned.show(&slug)).await?))
}

/// Moves a competence up, if it has what its document asks for; for operators.
#[utoipa::path(
    post, path = "/api/v1/lea/competences/{slug}/promote", tag = "competences", request_body = MoveRequest,
    params(("slug" = String, Path, description = "its slug")),
    responses((status = 200, description = "moved", body = MoveAnswer), (status = 409, description = "`requirements_not_met` with `unmet`, `wrong_direction`"))
)]
pub(in crate::server) async fn promote(
    State(state): State<Shared>,
    principal: Principal,
    Named(slug): Named,
    Json(request): Json<MoveRequest>,
) -> Answer<Reply<MoveAnswer>> {
    change(&state, &principal, slug, true, request).await
}

/// Moves a competence down; for operators.
#[utoipa::path(
    post, path = "/api/v1/lea/competences/{slug}/demote", tag = "competences", request_body = MoveRequest,
    params(("slug" = String, Path, description = "its slug")),
    responses((status = 200, description = "moved", body = MoveAnswer), (status = 409, description = "`wrong_direction`"))
)]
pub(in crate::server) async fn demote(
    State(state): State<Shared>,
    principal: Principal,
    Named(slug): Named,
    Json(request): Json<MoveRequest>,
) -> Answer<Reply<MoveAnswer>> {
    change(&state, &principal, slug, false, request).await
}

async fn change(state: &Shared, principal: &Principal, slug: String, up: bool, request: MoveRequest) -> Answer<Reply<MoveAnswer>> {
    principal.operator()?;
    let to = competence::State::named(&request.to).map_err(|error| Error::field(&["body", "to"], "value_error", error.to_string()))?;
    let replayed = match request.replay.clone() {
        None => false,
        Some(id) => match state.bridge.read(move |entities| entities.find_replay(&id)).await? {
            Some(kept) if kept.replay.status() == Status::Completed => true,
            Some(_) => return Err(Error::new(Kind::Conflict, "replay_not_completed", "that replay did not end as completed").into()),
            None => return Err(Error::new(Kind::NotFound, "unknown_replay", "there is no replay of that id").into()),
        },
    };
    let wanted = Move { slug, to, up, by: request.by, reason: request.reason, replay: request.replay };
    let shared = Arc::clone(state);
    let work = move || shared.learned.change_state(&shared.failpoints, &wanted, Evidence { replayed }, shared.clock.now());
    let moved = state.bridge.files(work).await?;
    tracing::info!(slug = moved.slug, to = moved.to.word(), "competence moved");
    Ok(Reply(moved.into()))
}

/// Entries of the audit; for operators.
#[utoipa::path(
    get, path = "/api/v1/lea/competences/audit", tag = "competences",
    params(
        ("since" = Option<String>, Query, description = "RFC 3339"), ("slug" = Option<String>, Query), ("machine_id" = Option<String>, Query),
        ("after" = Option<u64>, Query, description = "`next_after` of the page before"), ("limit" = Option<usize>, Query, description = "1 to 1000, and 1000 without it"),
    ),
    responses((status = 200, description = "oldest first", body = AuditAnswer))
)]
pub(in crate::server) async fn audit(
    State(state): State<Shared>,
    principal: Principal,
    parameters: Parameters,
) -> Answer<Reply<AuditAnswer>> {
    principal.operator()?;
    let time = |text: &str| text.parse::<Time>().map_err(|_| Error::field(&["query", "since"], "value_error", "must be a time (RFC 3339)"));
    let filter = Filter {
        since: parameters.text("since").map(time).transpose()?,
        slug: parameters.text("slug").map(str::to_owned),
        machine: parameters.text("machine_id").map(str::to_owned),
        after: parameters.number("after", 0..=usize::MAX)?.map(|after| after as u64),
        limit: Some(parameters.number("limit", 1..=MAX_PAGE)?.unwrap_or(MAX_PAGE)),
    };
    let shared = Arc::clone(&state);
    Ok(Reply(state.bridge.files(move || shared.learned.entries(&filter)).await?))
}

/// One entry of the audit, by its `persist_id` or its number; for operators.
#[utoipa::path(
    get, path = "/api/v1/lea/competences/audit/find", tag = "competences", params(("id" = String, Query, description = "`persist_id`, or number")),
    responses((status = 200, description = "the entry", body = Object), (status = 404, description = "`unknown_entry`"))
)]
pub(in crate::server) async fn find(State(state): State<Shared>, principal: Principal, parameters: Parameters) -> Answer<Reply<Node>> {
    principal.operator()?;
    let id = parameters.required("id")?.to_owned();
    let shared = Arc::clone(&state);
    Ok(Reply(state.bridge.files(move || shared.learned.entry(&id)).await?))
}

/// Whether the audit is whole; for operators.
#[utoipa::path(
    get, path = "/api/v1/lea/competences/audit/verify", tag = "competences",
    responses((status = 200, description = "the verdict, `ok` or not", body = AuditVerdict))
)]
pub(in crate::server) async fn verify(State(state): State<Shared>, principal: Principal) -> Answer<Reply<AuditVerdict>> {
    principal.operator()?;
    let shared = Arc::clone(&state);
    Ok(Reply(state.bridge.files(move || shared.learned.verdict()).await?))
}
