//! The configuration that machines keep at hand: its version, and all of it.

use std::sync::Arc;
use std::time::Duration;

use axum::Json as Reply;
use axum::extract::State;
use axum::http::header::{ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, ETAG, IF_NONE_MATCH, VARY};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};

use crate::api::{ConfigAnswer, ConfigVersionAnswer};
use crate::error::Result;
use crate::server::auth::Principal;
use crate::server::extract::Parameters;
use crate::server::reply::Answer;
use crate::server::routes::replay::MAX_WAIT;
use crate::server::shelf::Served;
use crate::server::state::Shared;
use crate::sync::phase_of;

/// How often files are looked at for whoever waits.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// Tells a machine its moment within its interval, so that a fleet's lie evenly.
const PHASE: HeaderName = HeaderName::from_static("lea-phase");

/// Which version is served.
#[utoipa::path(
    get, path = "/api/v1/config/version", tag = "config",
    params(
        ("version" = Option<String>, Query, description = "the version that the caller has"),
        ("wait" = Option<usize>, Query, description = "hold the answer for so many seconds, at most 60, until there is another version"),
        ("If-None-Match" = Option<String>, Header, description = "the `ETag` of the version that the caller has"),
    ),
    responses(
        (status = 200, description = "the version, with an `ETag`", body = ConfigVersionAnswer),
        (status = 304, description = "it is the one in `If-None-Match`"),
        (status = 503, description = "`config_too_large`"),
    )
)]
pub(in crate::server) async fn version(
    State(state): State<Shared>,
    principal: Principal,
    parameters: Parameters,
    headers: HeaderMap,
) -> Answer<Response> {
    let served = await_other(&state, &principal, &parameters, &headers).await?;
    if matches(&headers, &served.version) {
        return Ok(named(StatusCode::NOT_MODIFIED.into_response(), &served.etag, &principal));
    }
    let left_out = match principal {
        Principal::Operator => served.left_out.iter().map(Into::into).collect(),
        _ => Vec::new(),
    };
    let body = ConfigVersionAnswer { version: served.version.clone(), left_out };
    Ok(named(Reply(body).into_response(), &served.etag, &principal))
}

/// Everything that is served.
#[utoipa::path(
    get, path = "/api/v1/config/all", tag = "config",
    params(
        ("version" = Option<String>, Query, description = "the version that the caller has"),
        ("wait" = Option<usize>, Query, description = "hold the answer for so many seconds, at most 60, until there is another version"),
        ("If-None-Match" = Option<String>, Header, description = "the `ETag` of what the caller has"),
        ("Accept-Encoding" = Option<String>, Header, description = "`gzip` to have it packed"),
    ),
    responses(
        (status = 200, description = "skills and workflows, with an `ETag`; for a machine also `Lea-Phase`, its moment within its interval, 0 up to 1", body = ConfigAnswer),
        (status = 304, description = "nothing changed since `If-None-Match`"),
        (status = 503, description = "`config_too_large`"),
    )
)]
pub(in crate::server) async fn all(
    State(state): State<Shared>,
    principal: Principal,
    parameters: Parameters,
    headers: HeaderMap,
) -> Answer<Response> {
    let served = await_other(&state, &principal, &parameters, &headers).await?;
    if matches(&headers, &served.version) {
        return Ok(named(StatusCode::NOT_MODIFIED.into_response(), &served.etag, &principal));
    }
    let json = (CONTENT_TYPE, "application/json");
    if takes_gzip(&headers) {
        let packed = ([json, (CONTENT_ENCODING, "gzip")], served.packed.clone()).into_response();
        return Ok(named(packed, &served.weak_etag, &principal));
    }
    Ok(named(([json], served.plain.clone()).into_response(), &served.etag, &principal))
}

/// What is served: at once, or as soon as it is another version than the caller has, for as long as it will wait.
async fn await_other(state: &Shared, principal: &Principal, parameters: &Parameters, headers: &HeaderMap) -> Result<Arc<Served>> {
    // Whoever may look for targets may have what they are looked for with.
    principal.screen_reader()?;
    let wait = parameters.number("wait", 0..=MAX_WAIT)?.unwrap_or(0);
    let known = parameters.text("version");
    let until = state.clock.monotonic() + Duration::from_secs(wait as u64);
    loop {
        // Listened to before looking, so that nothing comes between.
        let changed = state.shelf.changed.notified();
        tokio::pin!(changed);
        changed.as_mut().enable();
        let served = state.shelf.current(&state.bridge, &state.clock).await?;
        let left = until.saturating_sub(state.clock.monotonic());
        let is_other = known != Some(served.version.as_str()) && !matches(headers, &served.version);
        if is_other || left.is_zero() || state.is_stopping() {
            // The token may have been withdrawn in the meantime.
            principal.check_still_known(state)?;
            return Ok(served);
        }
        let _waiting = state.metrics.waits();
        tokio::select! {
            () = changed => {}
            () = tokio::time::sleep(left.min(LOOK_EVERY)) => {}
            () = state.stopping() => {}
        }
    }
}

/// `response` with what it is named by, and the machine's moment.
fn named(mut response: Response, etag: &HeaderValue, principal: &Principal) -> Response {
    let headers = response.headers_mut();
    headers.insert(ETAG, etag.clone());
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
    headers.insert(VARY, HeaderValue::from_static("accept-encoding"));
    if let Principal::Machine { agent, .. } = principal
        && let Ok(phase) = HeaderValue::from_str(&format!("{:.6}", phase_of(*agent).min(0.999_999)))
    {
        headers.insert(PHASE, phase);
    }
    response
}

/// Whether `If-None-Match` names this version; packed or not makes no difference (the weak comparison of RFC 9110, section 13.1.2).
fn matches(headers: &HeaderMap, version: &str) -> bool {
    let tags = headers.get_all(IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok()).flat_map(|value| value.split(','));
    let opaque = |tag: &str| tag.strip_prefix("W/").unwrap_or(tag).strip_prefix('"').and_then(|tag| tag.strip_suffix('"')) == Some(version);
    tags.map(str::trim).any(|tag| tag == "*" || opaque(tag))
}

/// Whether the caller reads gzip.
fn takes_gzip(headers: &HeaderMap) -> bool {
    let offers = headers.get_all(ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok()).flat_map(|value| value.split(','));
    offers.map(str::trim).any(|offer| {
        let (name, weight) = offer.split_once(';').unwrap_or((offer, ""));
        let refused = weight.trim().strip_prefix("q=").is_some_and(|q| q.trim().parse::<f32>().is_ok_and(|q| q <= 0.0));
        matches!(name.trim().to_ascii_lowercase().as_str(), "gzip" | "x-gzip") && !refused
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(name: HeaderName, value: &'static str) -> HeaderMap {
        HeaderMap::from_iter([(name, HeaderValue::from_static(value))])
    }

    #[test]
    fn a_version_is_known_by_its_tag_weak_or_strong_alone_or_in_a_list() {
        for known in ["\"v\"", "W/\"v\"", "\"x\", W/\"v\"", "*"] {
            assert!(matches(&headers(IF_NONE_MATCH, known), "v"), "{known}");
        }
        for other in ["\"x\"", "v", "", "\"v", "w/\"v\"", "\"v-gzip\""] {
            assert!(!matches(&headers(IF_NONE_MATCH, other), "v"), "{other}");
        }
    }

    #[test]
    fn gzip_is_sent_to_who_reads_it() {
        for yes in ["gzip", "gzip, deflate", "br;q=1.0, GZIP;q=0.5"] {
            assert!(takes_gzip(&headers(ACCEPT_ENCODING, yes)), "{yes}");
        }
        for no in ["", "identity", "gzip;q=0", "deflate, gzip;q=0.0", "br"] {
            assert!(!takes_gzip(&headers(ACCEPT_ENCODING, no)), "{no}");
        }
    }
}
