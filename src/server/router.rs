//! Which path leads where, and what happens around every route.

use std::time::Duration;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::{HeaderName, HeaderValue, Method, header};
use axum::middleware::from_fn_with_state;
use axum::routing::{delete, get, post};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::cors::{AllowOrigin, CorsLayer};

use super::frame::{frame, panicked};
use super::openapi;
use super::reply::Refused;
use super::routes::{
    competences, config, fleet, health, images, keys, recordings, replay, replay_events, replays, resolve, sessions, updates, workflows,
};
use super::state::Shared;
use crate::error::{Error, Kind};

/// Every route, with what happens around it.
pub(super) fn router(state: &Shared) -> Router {
    let agents = Router::new()
        .route("/enroll", post(fleet::enroll))
        .route("/uninstall", post(fleet::uninstall))
        .route("/heartbeat", post(fleet::heartbeat))
        .route("/fleet", get(fleet::list))
        .route("/keys", get(keys::keys).post(keys::create))
        .route("/keys/{id}", delete(keys::revoke))
        .route("/update/check", get(updates::check))
        .route("/update/download/{file}", get(updates::download))
        .route("/update/releases", get(updates::list).post(updates::publish).layer(DefaultBodyLimit::disable()))
        .route("/update/releases/{version}/withdraw", post(updates::withdraw))
        .route("/update/releases/{version}/rollout", post(updates::rollout))
        .route("/update/releases/{version}/pause", post(updates::pause))
        .route("/update/releases/{version}/resume", post(updates::resume))
        .route("/{machine_id}", get(fleet::agent))
        .route("/{machine_id}/token", post(fleet::rotate))
        .route("/{machine_id}/history", get(fleet::history));
    let stream = Router::new()
        .route("/replay", post(replays::start))
        .route("/replay/raw", post(replays::raw))
        .route("/replay/single", post(replays::single))
        .route("/replay/next", get(replay::next))
        .route("/replay/result", post(replay::result))
        .route("/replay/error_callback", post(replays::error_callback))
        .route("/replay/resolve_target", post(resolve::resolve))
        .route("/replay/{replay_id}", get(replays::show))
        .route("/replay/{replay_id}/events", get(replay_events::events))
        .route("/replay/{replay_id}/screen/{name}", get(replays::screen))
        .route("/replay/{replay_id}/pause", post(replays::pause))
        .route("/replay/{replay_id}/resume", post(replays::resume))
        .route("/replay/{replay_id}/cancel", post(replays::cancel))
        .route("/replays", get(replays::list))
        .route("/workflows", get(workflows::list))
        .route("/register", post(sessions::register))
        .route("/event", post(sessions::event))
        .route("/image", post(images::image).layer(DefaultBodyLimit::disable()))
        .route("/finalize", post(sessions::finalize))
        .route("/session/{session_id}", get(sessions::show))
        .route("/session/{session_id}/export", get(recordings::export))
        .route("/sessions", get(sessions::list))
        .route("/sessions/purge", post(recordings::purge))
        .route("/machines", get(sessions::machines))
        .route("/stats", get(sessions::stats))
        .route("/processing/status", get(sessions::processing))
        .route("/processing/requeue", post(sessions::requeue));
    let config = Router::new().route("/version", get(config::version)).route("/all", get(config::all));
    let learned = Router::new()
        .route("/", get(competences::list))
        .route("/candidate/persist", post(competences::persist))
        .route("/audit", get(competences::audit))
        .route("/audit/find", get(competences::find))
        .route("/audit/verify", get(competences::verify))
        .route("/{slug}", get(competences::show))
        .route("/{slug}/promote", post(competences::promote))
        .route("/{slug}/demote", post(competences::demote));
    let routes = Router::new()
        .route("/healthz", get(health::healthz))
        .route("/health", get(health::healthz))
        .route("/readyz", get(health::readyz))
        .route("/metrics", get(health::metrics))
        .route("/api/v1/openapi.json", get(openapi::openapi))
        .nest("/api/v1/agents", agents)
        .nest("/api/v1/traces/stream", stream)
        .nest("/api/v1/config", config)
        .nest("/api/v1/lea/competences", learned)
        .fallback(no_such_path)
        .method_not_allowed_fallback(no_such_method)
        .layer(CatchPanicLayer::custom(panicked))
        .layer(from_fn_with_state(state.clone(), frame))
        .with_state(state.clone());
    match origins(&state.settings.server.allowed_origins) {
        Some(allowed) => routes.layer(
            CorsLayer::new()
                .allow_origin(allowed)
                .allow_methods([Method::GET, Method::POST, Method::DELETE])
                .allow_headers([header::CONTENT_TYPE, header::AUTHORIZATION, HeaderName::from_static("idempotency-key")])
                .max_age(Duration::from_mins(10)),
        ),
        None => routes,
    }
}

fn origins(allowed: &[String]) -> Option<AllowOrigin> {
    let values: Vec<HeaderValue> = allowed.iter().filter_map(|origin| origin.parse().ok()).collect();
    (!values.is_empty()).then(|| AllowOrigin::list(values))
}

async fn no_such_path() -> Refused {
    Refused(Error::new(Kind::NotFound, "no_such_path", "there is nothing at this path"))
}

async fn no_such_method() -> Refused {
    Refused(Error::new(Kind::MethodNotAllowed, "method_not_allowed", "this path does not take this method"))
}
