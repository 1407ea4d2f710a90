//! Bodies and queries as values; what is wrong with them is named.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::Arc;

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{FromRequest, FromRequestParts, Path, Query, Request};
use axum::http::header::CONTENT_LENGTH;
use axum::http::request::Parts;
use memchr::memchr2;
use serde::de::DeserializeOwned;
use tokio::sync::OwnedSemaphorePermit;

use super::auth::Principal;
use super::linger::linger;
use super::reply::Refused;
use super::state::Shared;
use crate::api::ResultRequest;
use crate::error::{Error, Kind, Result};

/// The largest body about machines, bytes, be `limits.body_bytes` larger.
const MAX_FLEET_BODY: usize = 64 << 10;

/// A JSON body about machines.
pub(super) struct Json<T>(pub(super) T);

/// A JSON body that carries pictures, within what two of `limits.image_bytes` take in base64; not read yet.
/// While it lives it counts among the pictures that are held at once.
pub(super) struct Pictures {
    bytes: Bytes,
    _place: OwnedSemaphorePermit,
}

impl Pictures {
    /// Reads the body; for a thread that may take its time.
    pub(super) fn parse<T: DeserializeOwned>(&self, depth: usize) -> Result<T> {
        parse(&self.bytes, depth)
    }
}

/// A JSON body of up to `limits.body_bytes`, and its bytes, by which a repeated request is known.
pub(super) struct Large<T> {
    /// What it says.
    pub(super) value: T,
    /// Its bytes.
    pub(super) bytes: Bytes,
}

impl<T: DeserializeOwned> FromRequest<Shared> for Large<T> {
    type Rejection = Refused;

    async fn from_request(request: Request, state: &Shared) -> Result<Self, Refused> {
        let limits = &state.settings.limits;
        let bytes = collect(request, limits.body_bytes).await?;
        // A command without a word to say is an empty one.
        let said: &[u8] = if bytes.trim_ascii().is_empty() { b"{}" } else { &bytes };
        Ok(Self { value: parse(said, limits.json_depth)?, bytes })
    }
}

/// An event: a small JSON body that is parsed at once.
pub(super) struct Event<T>(pub(super) T);

/// What an event's body holds beside the event, bytes.
const BESIDE_EVENT: usize = 4096;

impl<T: DeserializeOwned> FromRequest<Shared> for Event<T> {
    type Rejection = Refused;

    async fn from_request(request: Request, state: &Shared) -> Result<Self, Refused> {
        let limits = &state.settings.limits;
        Ok(Self(parse(&collect(request, limits.event_bytes + BESIDE_EVENT).await?, limits.json_depth)?))
    }
}

/// What an agent says of an action: small, or with pictures. One with pictures waits for a place among those that are held at once;
/// it is never turned away, for a report that is lost leaves a replay without an outcome.
pub(super) struct Reported {
    pub(super) request: ResultRequest,
    /// Its place among the pictures that are held at once; to be kept until they are looked at.
    pub(super) place: Option<OwnedSemaphorePermit>,
}

impl FromRequest<Shared> for Reported {
    type Rejection = Refused;

    async fn from_request(request: Request, state: &Shared) -> Result<Self, Refused> {
        let limits = &state.settings.limits;
        if announced(&request).is_some_and(|length| length <= MAX_FLEET_BODY as u64) {
            let request = parse(&collect(request, MAX_FLEET_BODY).await?, limits.json_depth)?;
            return Ok(Self { request, place: None });
        }
        let place = Arc::clone(&state.pictures).acquire_owned().await;
        let place = place.map_err(|_| Error::new(Kind::Unavailable, "stopping", "the server is stopping"))?;
        let bytes = collect(request, limits.body_bytes + two_pictures(limits.image_bytes)).await?;
        let depth = limits.json_depth;
        Ok(Self { request: state.bridge.pixels(move || parse(&bytes, depth)).await?, place: Some(place) })
    }
}

/// What two pictures take in base64, bytes.
fn two_pictures(image_bytes: usize) -> usize {
    image_bytes.div_ceil(3) * 4 * 2
}

impl<T: DeserializeOwned> FromRequest<Shared> for Json<T> {
    type Rejection = Refused;

    async fn from_request(request: Request, state: &Shared) -> Result<Self, Refused> {
        let limits = &state.settings.limits;
        Ok(Self(parse(&collect(request, limits.body_bytes.min(MAX_FLEET_BODY)).await?, limits.json_depth)?))
    }
}

impl FromRequest<Shared> for Pictures {
    type Rejection = Refused;

    async fn from_request(request: Request, state: &Shared) -> Result<Self, Refused> {
        let limits = &state.settings.limits;
        // Who may not ask must not take a place from those who may.
        Principal::admitted(request.extensions())?.screen_reader()?;
        let Ok(place) = Arc::clone(&state.pictures).try_acquire_owned() else {
            linger(request).await;
            return Err(Error::new(Kind::Unavailable, "overloaded", "too many pictures are being looked at")
                .detail("retry_after", 1)
                .into());
        };
        Ok(Self { bytes: collect(request, limits.body_bytes + two_pictures(limits.image_bytes)).await?, _place: place })
    }
}

/// The whole body, refused beyond `ceiling` bytes.
async fn collect(request: Request, ceiling: usize) -> Result<Bytes> {
    let too_large = || Error::new(Kind::TooLarge, "body_too_large", format!("the body is larger than {ceiling} bytes"));
    if announced(&request).is_some_and(|length| length > ceiling as u64) {
        linger(request).await;
        return Err(too_large());
    }
    let body: Body = request.into_body();
    to_bytes(body, ceiling).await.map_err(|cause| {
        if std::error::Error::source(&cause).is_some_and(<dyn std::error::Error>::is::<http_body_util::LengthLimitError>) {
            too_large()
        } else {
            Error::new(Kind::Input, "body_incomplete", "the body ended early").caused_by(cause)
        }
    })
}

/// How long the body says that it is.
fn announced(request: &Request) -> Option<u64> {
    request.headers().get(CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse().ok())
}

fn parse<T: DeserializeOwned>(bytes: &[u8], depth: usize) -> Result<T> {
    if !within_depth(bytes, depth) {
        return Err(Error::field(&["body"], "json_invalid", format!("is nested deeper than {depth} levels")));
    }
    // A list would be taken for an object's fields, by their position.
    if bytes.trim_ascii_start().first().is_some_and(|first| *first != b'{') {
        return Err(Error::field(&["body"], "type_error", "must be a JSON object"));
    }
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let value = serde_path_to_error::deserialize(&mut reader).map_err(|fault| {
        let mut loc: Vec<Cow<'_, str>> = vec!["body".into()];
        loc.extend(fault.path().iter().filter_map(|part| match part {
            serde_path_to_error::Segment::Map { key } => Some(key.clone().into()),
            serde_path_to_error::Segment::Seq { index } => Some(index.to_string().into()),
            _ => None,
        }));
        let cause = fault.inner();
        let text = cause.to_string();
        let mut kind = "type_error";
        if let Some(name) = text.strip_prefix("missing field `").and_then(|rest| rest.split('`').next()) {
            loc.push(name.to_owned().into());
            kind = "missing";
        } else if !cause.is_data() {
            kind = "json_invalid";
        }
        let loc: Vec<&str> = loc.iter().map(AsRef::as_ref).collect();
        Error::field(&loc, kind, if kind == "missing" { "is missing".to_owned() } else { valueless(&text) })
    })?;
    reader.end().map_err(|cause| Error::field(&["body"], "json_invalid", cause.to_string()))?;
    Ok(value)
}

/// serde's sentence without the value that was wrong: it may be a person's.
fn valueless(text: &str) -> String {
    let mut said = String::new();
    for (index, part) in text.split(['"', '`']).enumerate() {
        said.push_str(if index % 2 == 0 { part } else { "…" });
    }
    said
}

/// Whether no array or object of the JSON text is nested deeper than `most`; linear, no allocation.
fn within_depth(bytes: &[u8], most: usize) -> bool {
    let (mut depth, mut rest) = (0_usize, bytes);
    while let Some((byte, after)) = rest.split_first() {
        rest = after;
        match byte {
            b'"' => rest = beyond_text(after),
            b'[' | b'{' => {
                depth += 1;
                if depth > most {
                    return false;
                }
            }
            b']' | b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    true
}

/// What follows a text that has begun; a text may be a whole screenshot.
fn beyond_text(mut rest: &[u8]) -> &[u8] {
    while let Some(at) = memchr2(b'"', b'\\', rest) {
        if rest[at] == b'"' {
            return &rest[at + 1..];
        }
        // What is escaped ends no text.
        rest = rest.get(at + 2..).unwrap_or_default();
    }
    &[]
}

/// The part of the path that names something.
pub(super) struct Named(pub(super) String);

impl<S: Send + Sync> FromRequestParts<S> for Named {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Refused> {
        let Ok(Path(name)) = Path::from_request_parts(parts, state).await else {
            return Err(Error::field(&["path"], "value_error", "is no UTF-8").into());
        };
        Ok(Self(name))
    }
}

/// The query's parameters; of a repeated one the last.
pub(super) struct Parameters(HashMap<String, String>);

impl<S: Sync> FromRequestParts<S> for Parameters {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Refused> {
        let Query(all) = Query::try_from_uri(&parts.uri).map_err(|_| Error::field(&["query"], "value_error", "cannot be read"))?;
        Ok(Self(all))
    }
}

impl Parameters {
    /// The parameter called `name`, unless it is absent or empty.
    pub(super) fn text(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str).filter(|value| !value.is_empty())
    }

    /// The parameter called `name`.
    pub(super) fn required(&self, name: &str) -> Result<&str> {
        self.text(name).ok_or_else(|| Error::field(&["query", name], "missing", "is missing"))
    }

    /// A whole number within `range`.
    pub(super) fn number(&self, name: &str, range: std::ops::RangeInclusive<usize>) -> Result<Option<usize>> {
        let Some(text) = self.text(name) else { return Ok(None) };
        match text.parse() {
            Ok(number) if range.contains(&number) => Ok(Some(number)),
            _ => Err(Error::field(
                &["query", name],
                "value_error",
                format!("must be a whole number from {} to {}", range.start(), range.end()),
            )),
        }
    }

    /// Yes or no.
    pub(super) fn flag(&self, name: &str) -> Result<bool> {
        match self.text(name) {
            None | Some("false" | "0") => Ok(false),
            Some("true" | "1") => Ok(true),
            Some(_) => Err(Error::field(&["query", name], "value_error", "must be true or false")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_fault_names_its_field_and_never_quotes_the_value() {
        #[derive(Debug, serde::Deserialize)]
        #[expect(dead_code, reason = "only its reading matters")]
        struct Body {
            name: String,
            inner: Vec<u8>,
        }
        let fault = |text: &str| parse::<Body>(text.as_bytes(), 9).unwrap_err().field_faults()[0].clone();
        assert_eq!(fault("{}").loc, ["body", "name"]);
        assert_eq!(fault("{}").kind, "missing");
        assert_eq!(fault(r#"{"name":"Jean","inner":[1,"secret"]}"#).loc, ["body", "inner", "1"]);
        assert!(!fault(r#"{"name":"Jean","inner":[1,"secret"]}"#).msg.contains("secret"));
        assert!(!fault(r#"{"name":1850578006084}"#).msg.contains("185"));
        assert_eq!(fault(r#"{"name":"#).kind, "json_invalid");
        assert_eq!(fault(r#"{"name":"\ud800"}"#).kind, "json_invalid");
        assert_eq!(fault(r#"{"name":NaN}"#).kind, "json_invalid");
        assert_eq!(fault(r#"{"name":"a","inner":[]} x"#).kind, "json_invalid");
    }

    proptest! {
        #[test]
        fn depth_is_counted_as_a_parser_would(depth in 0_usize..40, text in "[\\[\\]{}\"\\\\a]{0,8}") {
            let inside = serde_json::to_string(&text).unwrap();
            let json = format!("{}{inside}{}", "[".repeat(depth), "]".repeat(depth));
            prop_assert!(within_depth(json.as_bytes(), depth));
            prop_assert!(depth == 0 || !within_depth(json.as_bytes(), depth - 1));
        }
    }
}
