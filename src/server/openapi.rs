//! The description of all routes, from the types that they use.

use axum::Json;
use serde_json::Value;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::{Modify, OpenApi};

use super::routes::{fleet, health, keys, resolve};

#[derive(OpenApi)]
#[openapi(
    info(title = "lea", description = "The server of a fleet of Léa agents. Failures are `{detail, code}` with the fitting status.", license(name = "MIT OR Apache-2.0")),
    paths(
        health::healthz, health::readyz, health::metrics, openapi,
        fleet::enroll, fleet::uninstall, fleet::heartbeat, fleet::list, fleet::agent, fleet::rotate, fleet::history,
        keys::create, keys::keys, keys::revoke, resolve::resolve,
    ),
    modifiers(&Bearer),
    security(("bearer" = []))
)]
struct Document;

struct Bearer;

impl Modify for Bearer {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
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
