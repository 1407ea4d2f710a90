//! What came back: read up to a ceiling, taken apart, and turned into a value or an error.

use std::io::Read;
use std::time::Duration;

use reqwest::StatusCode;
use reqwest::blocking::Response;
use reqwest::header::{CONTENT_TYPE, DATE, HeaderMap, HeaderName, LOCATION, RETRY_AFTER};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::address::Address;
use super::failure::{blame, transport};
use super::proxy::Proxy;
use crate::clock::Time;
use crate::error::{Error, FieldFault, Kind, Result};

/// The largest answer that is read, bytes.
pub const MAX_ANSWER_BYTES: u64 = 64 << 20;

/// The longest sentence of a server that is passed on, in characters.
const MAX_SENTENCE_CHARS: usize = 2000;

/// Names that an error has already; a server's field of that name is not taken over.
const RESERVED: [&str; 9] = ["detail", "code", "message", "exit_code", "hint", "causes", "blame", "retryable", "host"];

/// A whole answer, whatever its status.
#[derive(Debug)]
pub(super) struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    body: Vec<u8>,
}

/// Between whom an answer travelled; what errors name.
#[derive(Clone, Copy)]
pub(super) struct Route<'a> {
    pub(super) server: &'a Address,
    pub(super) proxy: Option<&'a Proxy>,
}

/// The error for a body that could not be read to its end.
pub(super) fn broken_off(broken: &std::io::Error, route: Route<'_>) -> Error {
    let lost = || {
        Error::new(Kind::Unreachable, "connection_lost", format!("network: the answer of {} broke off", route.server.host_port()))
            .detail("blame", blame::NETWORK)
            .detail("retryable", true)
    };
    broken.get_ref().and_then(|cause| cause.downcast_ref()).map_or_else(lost, |cause| transport(cause, route.server, route.proxy))
}

impl Answer {
    /// Reads the whole body.
    ///
    /// # Errors
    /// When the connection breaks off, or the answer is larger than [`MAX_ANSWER_BYTES`].
    pub(super) fn read(response: Response, route: Route<'_>) -> Result<Self> {
        Self::read_up_to(MAX_ANSWER_BYTES, response, route)
    }

    /// Reads the whole body of at most `ceiling` bytes.
    ///
    /// # Errors
    /// As [`read`](Self::read).
    pub(super) fn read_up_to(ceiling: u64, response: Response, route: Route<'_>) -> Result<Self> {
        let (status, headers) = (response.status(), response.headers().clone());
        let mut body = Vec::new();
        response.take(ceiling + 1).read_to_end(&mut body).map_err(|broken| broken_off(&broken, route))?;
        if body.len() as u64 > ceiling {
            let text = format!("the answer of {} is larger than {ceiling} bytes", route.server.host_port());
            return Err(Error::new(Kind::TooLarge, "answer_too_large", text).detail("blame", blame::SERVER));
        }
        Ok(Self { status, headers, body })
    }

    /// The server's clock when it answered, to the second.
    pub(super) fn date(&self) -> Option<Time> {
        http_date(self.header(&DATE)?)
    }

    /// The body of a success.
    ///
    /// # Errors
    /// The server's own refusal; or that this is no answer of a `lea` server.
    pub(super) fn success<T: DeserializeOwned>(self, route: Route<'_>) -> Result<T> {
        if !self.status.is_success() {
            return Err(self.refusal(route));
        }
        serde_json::from_slice(&self.body).map_err(|cause| self.stranger(route).caused_by(cause.to_string()))
    }

    /// The body of a success that is no JSON, as it is.
    ///
    /// # Errors
    /// The server's own refusal.
    pub(super) fn bytes(self, route: Route<'_>) -> Result<Vec<u8>> {
        if self.status.is_success() { Ok(self.body) } else { Err(self.refusal(route)) }
    }

    /// Its status.
    pub(super) fn status(&self) -> u16 {
        self.status.as_u16()
    }

    /// Whether it says that all went well.
    pub(super) fn is_success(&self) -> bool {
        self.status.is_success()
    }

    /// Whether there is no body.
    pub(super) fn is_empty(&self) -> bool {
        self.body.is_empty()
    }

    /// The same with another body: what was packed in this one.
    ///
    /// # Errors
    /// Those of `unpack`.
    pub(super) fn unpacked(self, unpack: impl FnOnce(Vec<u8>) -> Result<Vec<u8>>) -> Result<Self> {
        Ok(Self { body: unpack(self.body)?, ..self })
    }

    /// The body as JSON, whatever the status.
    pub(super) fn parsed<T: DeserializeOwned>(&self) -> serde_json::Result<T> {
        serde_json::from_slice(&self.body)
    }

    /// A header as text.
    pub(super) fn header(&self, name: &HeaderName) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// The error that the answer stands for.
    fn refusal(&self, route: Route<'_>) -> Error {
        if self.status.is_redirection() {
            return self.redirect(route);
        }
        let status = self.status.as_u16();
        let error = match serde_json::from_slice::<Map<String, Value>>(&self.body) {
            Ok(body) if status != 407 && body.contains_key("detail") => self.sentence(body),
            _ => self.stranger(route),
        };
        let error = match self.retry_after() {
            Some(wait) => error.detail("retry_after", wait.as_secs()),
            None => error,
        };
        error.detail("retryable", matches!(status, 408 | 429 | 502 | 503 | 504)).detail("status", status)
    }

    /// What a `lea` server says: its kind by the status, its code, its sentence, its further fields.
    fn sentence(&self, mut body: Map<String, Value>) -> Error {
        let status = self.status.as_u16();
        let code = body.get("code").and_then(Value::as_str).map(str::to_owned);
        let error = match body.remove("detail") {
            Some(Value::Array(list)) if status == 422 => {
                Error::faults(list.into_iter().filter_map(|fault| serde_json::from_value::<FieldFault>(fault).ok()).collect())
            }
            Some(Value::String(text)) => Error::new(Kind::from_status(status), "refused", clipped(&text)),
            _ => Error::new(Kind::from_status(status), "refused", format!("the server answered {status} and gave no reason")),
        };
        let error = match code {
            Some(code) => error.code_as(code),
            None => error,
        };
        let error = match status {
            401 | 403 => error.detail("blame", blame::TOKEN),
            409 => error.detail("blame", blame::CONFLICT),
            429 | 500.. => error.detail("blame", blame::SERVER),
            _ => error,
        };
        body.into_iter()
            .filter(|(name, _)| !RESERVED.contains(&name.as_str()))
            .fold(error, |error, (name, value)| error.detail(&name, value))
    }

    /// An answer that no `lea` server gives: a proxy's page, a portal, another program.
    fn stranger(&self, route: Route<'_>) -> Error {
        let (status, at) = (self.status.as_u16(), route.server.host_port());
        let what = match self.header(&CONTENT_TYPE) {
            Some(kind) if kind.starts_with("text/html") => "a web page",
            Some(kind) if kind.contains("json") => "JSON of another form",
            _ => "something that is no JSON",
        };
        let error = match (status, route.proxy) {
            (407, proxy) => {
                let who = proxy.map_or_else(|| at.clone(), Proxy::host_port);
                Error::new(Kind::Unreachable, "proxy_auth_required", format!("proxy: the proxy {who} wants a user name and password"))
                    .hint("put them into the proxy's address: http://USER:PASSWORD@HOST:PORT")
                    .detail("blame", blame::PROXY)
            }
            (_, Some(proxy)) => {
                let text = format!("proxy: {at} was asked through {}, and {status} came back with {what}", proxy.host_port());
                Error::new(Kind::Unreachable, "proxy_answered", text)
                    .hint("ask for the host and port to be let through, or add the host to NO_PROXY if it is reached directly")
                    .detail("blame", blame::PROXY)
            }
            (401 | 403 | 429 | 500.., None) => {
                let guilty = if status < 429 { blame::TOKEN } else { blame::SERVER };
                let text = format!("{guilty}: {at} answered {status} with {what}; something in front of the server may have spoken");
                Error::new(Kind::from_status(status), "unexpected_answer", text).detail("blame", guilty)
            }
            (_, None) => {
                let text = format!("network: {at} answered {status} with {what}; that is no lea server, or a portal stands before it");
                Error::new(Kind::Unreachable, "unexpected_answer", text)
                    .hint("open the address in a browser to see who answers; check --server")
                    .detail("blame", blame::NETWORK)
            }
        };
        error.detail("host", at)
    }

    /// Redirects are never followed: the token is for the configured server alone.
    fn redirect(&self, route: Route<'_>) -> Error {
        let (status, at) = (self.status.as_u16(), route.server.host_port());
        let guilty = if route.proxy.is_some() { blame::PROXY } else { blame::NETWORK };
        let target = self.header(&LOCATION).and_then(|text| reqwest::Url::parse(text).ok());
        let target = target.map(|url| url.origin().ascii_serialization()).unwrap_or_default();
        let to = if target.is_empty() { String::new() } else { format!(" to {target}") };
        Error::new(Kind::Unreachable, "redirected", format!("{guilty}: {at} answered {status}, a redirect{to}, which is not followed"))
            .hint("name the final address as --server; a redirect to another host may be a portal that wants a login")
            .detail("blame", guilty)
            .detail("retryable", false)
            .detail("host", at)
    }

    /// How long to wait, in seconds or until a moment of the server's own clock.
    fn retry_after(&self) -> Option<Duration> {
        let text = self.header(&RETRY_AFTER)?.trim();
        match text.parse() {
            Ok(seconds) => Some(Duration::from_secs(seconds)),
            Err(_) => Some(http_date(text)?.since(self.date()?)),
        }
    }
}

/// The time in a header such as `Date`.
fn http_date(text: &str) -> Option<Time> {
    let zoned = jiff::fmt::rfc2822::parse(text.trim()).ok()?;
    Some(Time::from_micros(zoned.timestamp().as_microsecond()))
}

fn clipped(text: &str) -> String {
    match text.char_indices().nth(MAX_SENTENCE_CHARS) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use reqwest::header::HeaderValue;

    fn answer(status: u16, headers: &[(HeaderName, &'static str)], body: &str) -> Answer {
        let headers = headers.iter().map(|(name, value)| (name.clone(), HeaderValue::from_static(value))).collect();
        Answer { status: StatusCode::from_u16(status).unwrap(), headers, body: body.as_bytes().to_vec() }
    }

    fn refused(answer: Answer) -> Error {
        let server = Address::parse("https://lea.example").unwrap();
        answer.success::<Map<String, Value>>(Route { server: &server, proxy: None }).unwrap_err()
    }

    #[test]
    fn a_refusal_keeps_its_code_sentence_and_fields_and_cannot_pass_for_ours() {
        let body = r#"{"detail": "it is there", "code": "already_enrolled", "fields": ["hostname"], "retryable": true, "exit_code": 0}"#;
        let error = refused(answer(409, &[], body));
        assert_eq!((error.kind(), error.code(), error.message()), (Kind::Conflict, "already_enrolled", "it is there"));
        assert_eq!(error.details()["fields"], serde_json::json!(["hostname"]));
        assert_eq!(error.details()["blame"], "conflict");
        assert_eq!(error.details()["retryable"], false);
        assert_eq!(error.report()["error"]["exit_code"], 5);
    }

    #[test]
    fn wrong_fields_stay_a_list() {
        let body = r#"{"detail": [{"loc": ["body", "machine_id"], "msg": "too long", "type": "value_error"}], "code": "validation_error"}"#;
        let error = refused(answer(422, &[], body));
        assert_eq!(error.field_faults().len(), 1);
        assert_eq!(error.message(), "machine_id: too long");
    }

    #[test]
    fn a_wait_is_read_as_seconds_and_as_a_moment() {
        let body = r#"{"detail": "slow down", "code": "too_many"}"#;
        let after = |headers: &[(HeaderName, &'static str)]| refused(answer(429, headers, body)).details().get("retry_after").cloned();
        assert_eq!(after(&[(RETRY_AFTER, "7")]), Some(Value::from(7)));
        let moment = [(DATE, "Sun, 06 Nov 1994 08:49:37 GMT"), (RETRY_AFTER, "Sun, 06 Nov 1994 08:50:00 GMT")];
        assert_eq!(after(&moment), Some(Value::from(23)));
        assert_eq!(after(&[(RETRY_AFTER, "soon")]), None);
    }

    #[test]
    fn what_is_no_answer_of_ours_is_said() {
        for (status, code, exit) in [
            (200, "unexpected_answer", 6),
            (404, "unexpected_answer", 6),
            (403, "unexpected_answer", 4),
            (502, "unexpected_answer", 9),
            (302, "redirected", 6),
            (407, "proxy_auth_required", 6),
        ] {
            let error = refused(answer(status, &[(CONTENT_TYPE, "text/html; charset=utf-8")], "<html>"));
            assert_eq!((error.code(), error.kind().exit_code()), (code, exit), "{status}");
            assert!(error.message().contains("lea.example:443"), "{error}");
        }
    }
}
