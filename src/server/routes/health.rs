//! Whether the server lives, what it counts, and what it offers.

use axum::Json;
use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;
use serde_json::{Value, json};

use crate::server::auth::Principal;
use crate::server::reply::Answer;
use crate::server::state::Shared;

/// The process answers.
#[utoipa::path(get, path = "/healthz", tag = "health", security(()), responses((status = 200, description = "alive")))]
pub(in crate::server) async fn healthz() -> Json<Value> {
    Json(json!({ "status": "ok", "version": crate::VERSION }))
}

/// The database answers too.
#[utoipa::path(get, path = "/readyz", tag = "health", security(()), responses((status = 200, description = "ready"), (status = 500, description = "the database does not answer")))]
pub(in crate::server) async fn readyz(State(state): State<Shared>) -> Answer<Json<Value>> {
    state.bridge.read(|registry| registry.find_row(0)).await?;
    Ok(Json(json!({ "status": "ready" })))
}

/// Counters in Prometheus' text format; for operators.
#[utoipa::path(get, path = "/metrics", tag = "health", responses((status = 200, description = "metrics", body = String, content_type = "text/plain")))]
pub(in crate::server) async fn metrics(State(state): State<Shared>, principal: Principal) -> Answer<impl IntoResponse> {
    principal.operator()?;
    let text = state.metrics.text(state.roster.totals())?;
    Ok(([(CONTENT_TYPE, "application/openmetrics-text; version=1.0.0; charset=utf-8")], text))
}
