//! Whether the server lives, what it counts, and what it offers.

use axum::Json;
use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;
use serde_json::{Value, json};

use crate::error::{Error, Kind};
use crate::server::auth::Principal;
use crate::server::reply::Answer;
use crate::server::state::Shared;

/// The process answers.
#[utoipa::path(get, path = "/healthz", tag = "health", security(()), responses((status = 200, description = "alive")))]
pub(in crate::server) async fn healthz() -> Json<Value> {
    Json(json!({ "status": "ok", "version": crate::VERSION }))
}

/// The database answers too.
#[utoipa::path(get, path = "/readyz", tag = "health", security(()), responses((status = 200, description = "ready"), (status = 503, description = "`not_ready`: the database does not answer")))]
pub(in crate::server) async fn readyz(State(state): State<Shared>) -> Answer<Json<Value>> {
    let failed = |error: Error| {
        tracing::error!(code = error.code(), causes = ?error.causes(), "not ready: {error}");
        Error::new(Kind::Unavailable, "not_ready", "the database does not answer")
    };
    state.bridge.read(|registry| registry.find_row(0)).await.map_err(failed)?;
    state.bridge.write(|_| Ok(())).await.map_err(failed)?;
    Ok(Json(json!({ "status": "ready" })))
}

/// Counters in Prometheus' text format; for operators.
#[utoipa::path(get, path = "/metrics", tag = "health", responses((status = 200, description = "metrics", body = String, content_type = "application/openmetrics-text")))]
pub(in crate::server) async fn metrics(State(state): State<Shared>, principal: Principal) -> Answer<impl IntoResponse> {
    principal.operator()?;
    let text = state.metrics.text(state.roster.totals(), &state.lanes.totals())?;
    Ok(([(CONTENT_TYPE, "application/openmetrics-text; version=1.0.0; charset=utf-8")], text))
}
