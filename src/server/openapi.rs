//! The description of all routes, from the types that they use.

use axum::Json;
use serde_json::Value;
use utoipa::openapi::ResponseBuilder;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::{Modify, OpenApi};

use super::routes::{
    competences, config, fleet, health, images, keys, recordings, replay, replay_events, replays, resolve, sessions, updates, workflows,
};

#[derive(OpenApi)]
#[openapi(
    info(title = "lea", description = "The server of a fleet of Léa agents. Failures are `{detail, code}` with the fitting status.", license(name = "MIT OR Apache-2.0")),
    paths(
        health::healthz, health::readyz, health::metrics, openapi,
        fleet::enroll, fleet::uninstall, fleet::heartbeat, fleet::list, fleet::agent, fleet::rotate, fleet::history,
        keys::create, keys::keys, keys::revoke, resolve::resolve,
        replay::next, replay::result, replays::start, replays::raw, replays::single, replays::show, replays::list, replays::pause,
        replays::resume, replays::cancel, replays::error_callback, replays::screen, replay_events::events,
        workflows::list,
        competences::persist, competences::list, competences::show, competences::promote, competences::demote,
        competences::audit, competences::find, competences::verify,
        updates::check, updates::download, updates::list, updates::publish, updates::withdraw, updates::pause, updates::resume, updates::rollout,
        config::version, config::all,
        sessions::register, sessions::event, images::image, sessions::finalize, sessions::show, sessions::list, sessions::machines,
        sessions::stats, sessions::processing, sessions::requeue, recordings::export, recordings::purge,
    ),
    modifiers(&Bearer),
    security(("bearer" = []))
)]
struct Document;

struct Bearer;

/// What any call that wants a token may be answered besides, by status.
const REFUSALS: [(&str, &str); 8] = [
    ("401", "`missing_token`, `unknown_token`, `key_expired`, `key_revoked`"),
    ("403", "the caller may not do this"),
    ("408", "`request_timeout`"),
    ("413", "`body_too_large`"),
    ("422", "fields are missing, ill-typed or refused: `detail` is a list of `{loc, msg, type}`"),
    ("429", "`too_many_attempts`, with `Retry-After`"),
    ("503", "`overloaded`, `stopping`, `database_busy`"),
    ("507", "`disk_full`"),
];

impl Modify for Bearer {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        for path in document.paths.paths.values_mut() {
            let operations = [&mut path.get, &mut path.post, &mut path.delete].into_iter().flatten();
            // Public calls say so themselves.
            for operation in operations.filter(|operation| operation.security.is_none()) {
                for (status, meaning) in REFUSALS {
                    let refusal = || ResponseBuilder::new().description(meaning).build().into();
                    operation.responses.responses.entry(status.to_owned()).or_insert_with(refusal);
                }
            }
        }
        let bearer = SecurityScheme::Http(HttpBuilder::new().scheme(HttpAuthScheme::Bearer).build());
        document.components.get_or_insert_default().add_security_scheme("bearer", bearer);
    }
}

/// The description as OpenAPI 3.1.
pub fn document() -> Value {
    // A tree of texts is always JSON.
    serde_json::to_value(Document::openapi()).unwrap_or_default()
}

/// This description.
#[utoipa::path(get, path = "/api/v1/openapi.json", tag = "health", responses((status = 200, description = "OpenAPI 3.1", body = Object)))]
pub(super) async fn openapi() -> Json<Value> {
    Json(document())
}
