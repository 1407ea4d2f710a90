//! Enrollment keys; for operators.

use axum::Json as Reply;
use axum::extract::State;
use axum::http::StatusCode;

use crate::api::{KeyRequest, KeyView, KeysAnswer};
use crate::fleet;
use crate::server::auth::Principal;
use crate::server::extract::{Json, Named};
use crate::server::reply::Answer;
use crate::server::state::Shared;

/// Makes a key; the key itself is told this once.
#[utoipa::path(post, path = "/api/v1/agents/keys", tag = "keys", request_body = KeyRequest, responses((status = 201, description = "the key", body = KeyView)))]
pub(in crate::server) async fn create(
    State(state): State<Shared>,
    principal: Principal,
    Json(request): Json<KeyRequest>,
) -> Answer<(StatusCode, Reply<KeyView>)> {
    principal.operator()?;
    let lifetime = request.lifetime()?;
    let now = state.clock.now();
    let (key, token) =
        state.bridge.write(move |registry| fleet::create_key(registry, &request.name, lifetime, request.max_uses, now)).await?;
    tracing::info!(key = key.id, "enrollment key made");
    Ok((StatusCode::CREATED, Reply(KeyView::made(key, &token))))
}

/// All keys, without the keys themselves.
#[utoipa::path(get, path = "/api/v1/agents/keys", tag = "keys", responses((status = 200, description = "newest first", body = KeysAnswer)))]
pub(in crate::server) async fn keys(State(state): State<Shared>, principal: Principal) -> Answer<Reply<KeysAnswer>> {
    principal.operator()?;
    let keys = state.bridge.read(|registry| registry.keys()).await?;
    Ok(Reply(KeysAnswer { keys: keys.into_iter().map(Into::into).collect() }))
}

/// Revokes a key.
#[utoipa::path(
    delete, path = "/api/v1/agents/keys/{id}", tag = "keys", params(("id" = String, Path, description = "the key's id")),
    responses((status = 200, description = "revoked, now or before", body = KeyView), (status = 404, description = "`unknown_key`"))
)]
pub(in crate::server) async fn revoke(State(state): State<Shared>, principal: Principal, Named(id): Named) -> Answer<Reply<KeyView>> {
    principal.operator()?;
    let now = state.clock.now();
    let key = state.bridge.write(move |registry| fleet::revoke_key(registry, &id, now)).await?;
    tracing::info!(key = key.id, "enrollment key revoked");
    Ok(Reply(key.into()))
}
