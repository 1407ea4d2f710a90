//! What happens around every request: its id, its caller, its time limit, its line in the log and its place in the metrics.

use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use axum::extract::{ConnectInfo, MatchedPath, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::auth::Principal;
use super::linger::linger;
use super::reply::Refused;
use super::routes::replay::MAX_WAIT;
use super::state::Shared;
use crate::error::{Error, Kind};
use crate::id::{self, Serial};

/// Paths that want no token.
const PUBLIC: [&str; 3] = ["/healthz", "/readyz", "/health"];

/// How long a poll may wait for an action.
const LONGEST_POLL: Duration = Duration::from_secs(MAX_WAIT as u64);

/// How much longer an update may take to come in and to be read through.
const LONGEST_UPLOAD: Duration = Duration::from_mins(30);

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

pub(super) async fn frame(
    State(state): State<Shared>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    mut request: Request,
    next: Next,
) -> Response {
    let started = state.clock.monotonic();
    let method = known_method(request.method());
    let route = request.extensions().get::<MatchedPath>().map_or("unmatched", MatchedPath::as_str).to_owned();
    let address = caller_address(request.headers(), peer.ip(), state.settings.server.behind_proxy);
    let request_id = request_id(request.headers(), &state.serial);

    // A poll may wait besides, and a large body takes its time.
    let longer = match route.as_str() {
        path if path.ends_with("/replay/next") || path.ends_with("/config/version") || path.ends_with("/config/all") => LONGEST_POLL,
        path if path.ends_with("/update/releases") => LONGEST_UPLOAD,
        _ => Duration::ZERO,
    };
    let limit = state.settings.limits.request + longer;
    let admitted = if PUBLIC.contains(&request.uri().path()) {
        Ok(())
    } else {
        Principal::of(&state, request.headers(), address).map(|principal| drop(request.extensions_mut().insert(principal)))
    };
    let mut response = match admitted {
        Err(refused) => {
            linger(request).await;
            Refused(refused).into_response()
        }
        Ok(()) => match tokio::time::timeout(limit, next.run(request)).await {
            Ok(response) => response,
            Err(_) => Refused(Error::new(Kind::Timeout, "request_timeout", "the request took too long")).into_response(),
        },
    };

    let took = state.clock.monotonic().saturating_sub(started);
    let status = response.status();
    state.metrics.answered(&route, method, status.as_u16(), took);
    let millis = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
    match status.as_u16() {
        500.. => tracing::error!(%request_id, method, route, status = status.as_u16(), %address, micros = millis, "request failed"),
        400..500 => tracing::info!(%request_id, method, route, status = status.as_u16(), %address, micros = millis, "request refused"),
        _ => tracing::debug!(%request_id, method, route, status = status.as_u16(), %address, micros = millis, "request"),
    }
    if let Ok(value) = HeaderValue::from_str(&request_id) {
        response.headers_mut().insert(REQUEST_ID, value);
    }
    response
}

/// The id that the caller gave the request, if it is an id, else a fresh one.
fn request_id(headers: &HeaderMap, serial: &Serial) -> String {
    let given = headers.get(REQUEST_ID).and_then(|value| value.to_str().ok());
    given.filter(|text| id::check(text).is_none()).map_or_else(|| serial.next(), str::to_owned)
}

/// Who is calling. A proxy in front adds the caller's address at the end of `X-Forwarded-For`; nobody else is believed.
fn caller_address(headers: &HeaderMap, peer: IpAddr, behind_proxy: bool) -> IpAddr {
    if !behind_proxy {
        return peer;
    }
    let last = headers.get_all("x-forwarded-for").iter().next_back().and_then(|value| value.to_str().ok()?.rsplit(',').next());
    let address = |text: &str| text.parse().ok().or_else(|| text.parse::<SocketAddr>().ok().map(|with_port| with_port.ip()));
    last.and_then(|text| address(text.trim())).unwrap_or(peer)
}

/// The method by name. Whatever a caller makes up is one word: names are kept for ever in the metrics.
fn known_method(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::POST => "POST",
        Method::DELETE => "DELETE",
        Method::PUT => "PUT",
        Method::HEAD => "HEAD",
        Method::OPTIONS => "OPTIONS",
        _ => "other",
    }
}

/// The answer when a handler has a defect.
pub(super) fn panicked(_panic: Box<dyn std::any::Any + Send>) -> Response {
    Refused(Error::new(Kind::Bug, "bug", "the server has a defect; its log says more")).into_response()
}

/// How long a connection may take to send its headers.
pub(super) const HEADER_TIME: Duration = Duration::from_secs(30);

/// The most headers of a request.
pub(super) const MAX_HEADERS: usize = 64;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_last_forwarded_address_counts_and_only_behind_a_proxy() {
        let peer: IpAddr = "10.0.0.1".parse().unwrap();
        let mut headers = HeaderMap::new();
        headers.insert("x-forwarded-for", HeaderValue::from_static("1.2.3.4, 5.6.7.8"));
        assert_eq!(caller_address(&headers, peer, false), peer);
        assert_eq!(caller_address(&headers, peer, true).to_string(), "5.6.7.8");
        headers.insert("x-forwarded-for", HeaderValue::from_static("[2001:db8::1]:443"));
        assert_eq!(caller_address(&headers, peer, true).to_string(), "2001:db8::1");
        headers.insert("x-forwarded-for", HeaderValue::from_static("nonsense"));
        assert_eq!(caller_address(&headers, peer, true), peer);
    }

    #[test]
    fn a_request_id_that_could_forge_a_log_line_is_replaced() {
        let mut headers = HeaderMap::new();
        headers.insert(REQUEST_ID, HeaderValue::from_static("abc-1"));
        assert_eq!(request_id(&headers, &Serial::new()), "abc-1");
        headers.insert(REQUEST_ID, HeaderValue::from_static("a b"));
        assert_ne!(request_id(&headers, &Serial::new()), "a b");
    }
}
