//! Updates: what a machine is offered, the ZIPs themselves, and what operators publish.

use std::io::{Read, Seek, SeekFrom};
use std::sync::Arc;

use axum::Json as Reply;
use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::http::header::{ACCEPT_RANGES, CONTENT_LENGTH, CONTENT_RANGE, CONTENT_TYPE, ETAG, IF_NONE_MATCH, IF_RANGE, RANGE};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use base64::Engine;
use futures_util::stream::try_unfold;
use http_body_util::BodyExt;

use crate::api::{CheckAnswer, PublishAnswer, ReleasesAnswer, RolloutRequest};
use crate::error::{Error, Kind, Result};
use crate::fleet;
use crate::id;
use crate::server::auth::Principal;
use crate::server::extract::{Json, Named, Parameters};
use crate::server::linger::linger;
use crate::server::reply::Answer;
use crate::server::state::Shared;
use crate::update::{self, Asker, Change, Content, Delivery, MAX_SIGNATURE_BYTES, Proposal, Stage, Version};

/// Read from a file at a time, bytes.
const PIECE: u64 = 256 << 10;

/// The signature of a ZIP that is published: the text of its minisign file in base 64.
const SIGNATURE: HeaderName = HeaderName::from_static("x-lea-signature");

/// Tells a machine whether there is an update for it.
#[utoipa::path(
    get, path = "/api/v1/agents/update/check", tag = "updates",
    params(
        ("version" = Option<String>, Query, description = "the version that it runs; what is no version is offered nothing"),
        ("machine_id" = Option<String>, Query, description = "the machine; a machine's token says it by itself"),
        ("prereleases" = Option<bool>, Query, description = "offer pre-releases too"),
    ),
    responses((status = 200, description = "what it is offered, if anything", body = CheckAnswer))
)]
pub(in crate::server) async fn check(
    State(state): State<Shared>,
    principal: Principal,
    parameters: Parameters,
) -> Answer<Reply<CheckAnswer>> {
    principal.screen_reader()?;
    let named = parameters.text("machine_id").filter(|id| !id.trim().is_empty());
    let machine = match (&principal, named) {
        (_, Some(machine)) => {
            if let Some(why) = id::check(id::trim(machine)) {
                return Err(Error::field(&["query", "machine_id"], "value_error", format!("a machine id {why}")).into());
            }
            principal.operator_or(machine)?;
            Some(machine.to_owned())
        }
        (Principal::Machine { key, .. }, None) => Some(key.clone()),
        (Principal::Operator | Principal::Key(_), None) => None,
    };
    let prereleases = parameters.flag("prereleases")?;
    let version = parameters.text("version").and_then(|text| text.parse::<Version>().ok());
    if let (Some(version), Principal::Machine { key, .. }) = (&version, &principal) {
        note(&state, &principal, key, version).await?;
    }
    let (releases, revision) = state.bridge.read(|kept| Ok((kept.releases()?, kept.revision()?))).await?;
    let Some(version) = version.filter(|_| state.settings.update.server_enabled) else { return Ok(Reply(CheckAnswer::none(revision))) };
    let asker = Asker { version: &version, machine_id: machine.as_deref(), prereleases };
    Ok(Reply(CheckAnswer::of(&releases, asker, revision)))
}

/// Notes which version a machine says that it runs, if that is news.
async fn note(state: &Shared, principal: &Principal, machine: &str, version: &Version) -> Result<()> {
    let written = version.to_string();
    if state.roster.agent(machine)?.version.as_deref() == Some(&written) {
        return Ok(());
    }
    let (caller, machine, now) = (principal.operator_or(machine)?, machine.to_owned(), state.clock.now());
    state.flush_heartbeats().await;
    state.bridge.write(move |registry| fleet::note_version(registry, &machine, &written, &caller, now)).await
}

/// The ZIP of a release that was published and not withdrawn.
#[utoipa::path(
    get, path = "/api/v1/agents/update/download/{file}", tag = "updates",
    params(
        ("file" = String, Path, description = "its name, as the check gives it"),
        ("Range" = Option<String>, Header, description = "one range of bytes"),
        ("If-Range" = Option<String>, Header, description = "the `ETag` of what is there already; the whole file when it is another"),
    ),
    responses(
        (status = 200, description = "the whole file", content_type = "application/zip"),
        (status = 206, description = "the range that was asked for"),
        (status = 304, description = "it is the one of `If-None-Match`"),
        (status = 404, description = "`unknown_release`"),
        (status = 416, description = "the range lies outside the file"),
    )
)]
pub(in crate::server) async fn download(
    State(state): State<Shared>,
    principal: Principal,
    Named(file): Named,
    headers: HeaderMap,
) -> Answer<Response> {
    principal.screen_reader()?;
    let unknown = || Error::new(Kind::NotFound, "unknown_release", "no update of that name is published");
    if !state.settings.update.server_enabled && !matches!(principal, Principal::Operator) {
        return Err(unknown().into());
    }
    let releases = state.bridge.read(|kept| kept.releases()).await?;
    let release = releases.into_iter().find(|release| release.file == file && release.stage != Stage::Withdrawn).ok_or_else(unknown)?;
    let depot = Arc::clone(&state.depot);
    let (content, size) = state.bridge.files(move || depot.open(&release.file)).await?.ok_or_else(unknown)?;
    let etag = format!("\"{}\"", release.sha256);
    let tag = HeaderValue::from_str(&etag).map_err(|cause| Error::new(Kind::Bug, "bug", "an etag cannot be sent").caused_by(cause))?;
    let said = |name: HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    if said(IF_NONE_MATCH).is_some_and(|tags| tags.split(',').any(|one| one.trim() == etag || one.trim() == "*")) {
        return Ok((StatusCode::NOT_MODIFIED, [(ETAG, tag)]).into_response());
    }
    let range = said(RANGE).filter(|_| said(IF_RANGE).is_none_or(|known| known == etag)).map_or(Asked::Whole, |text| asked(text, size));
    let (status, from, length) = match range {
        Asked::Whole => (StatusCode::OK, 0, size),
        Asked::Part(from, length) => (StatusCode::PARTIAL_CONTENT, from, length),
        Asked::Outside => {
            let headers = [(CONTENT_RANGE, format!("bytes */{size}")), (ETAG, etag)];
            return Ok((StatusCode::RANGE_NOT_SATISFIABLE, headers).into_response());
        }
    };
    let mut response = (status, Body::from_stream(pieces(&state, content, from, length))).into_response();
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/zip"));
    headers.insert(ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    headers.insert(CONTENT_LENGTH, length.into());
    headers.insert(ETAG, tag);
    if status == StatusCode::PARTIAL_CONTENT
        && let Ok(range) = HeaderValue::from_str(&format!("bytes {from}-{}/{size}", from + length - 1))
    {
        headers.insert(CONTENT_RANGE, range);
    }
    Ok(response)
}

/// What a `Range` asks for.
#[derive(Debug, PartialEq, Eq)]
enum Asked {
    /// Everything: it asks for several ranges, or for something that is none.
    Whole,
    /// From there on, so many bytes.
    Part(u64, u64),
    /// What the file does not have.
    Outside,
}

/// One range of bytes of a file of `size`; RFC 9110, section 14.1.
fn asked(text: &str, size: u64) -> Asked {
    let Some((first, last)) = text.trim().strip_prefix("bytes=").and_then(|range| range.split_once('-')) else { return Asked::Whole };
    let number = |text: &str| (!text.is_empty()).then(|| text.trim().parse::<u64>());
    let (from, to) = match (number(first), number(last)) {
        (Some(Ok(from)), None) => (from, size.saturating_sub(1)),
        (Some(Ok(from)), Some(Ok(to))) if to >= from => (from, to.min(size.saturating_sub(1))),
        (None, Some(Ok(0))) => return Asked::Outside,
        (None, Some(Ok(count))) => (size.saturating_sub(count), size.saturating_sub(1)),
        _ => return Asked::Whole,
    };
    if from < size { Asked::Part(from, to - from + 1) } else { Asked::Outside }
}

/// `length` bytes of a file, a piece at a time.
fn pieces(
    state: &Shared,
    content: Box<dyn Content>,
    from: u64,
    length: u64,
) -> impl futures_util::Stream<Item = std::io::Result<Bytes>> + use<> {
    let state = Arc::clone(state);
    try_unfold((content, from, length), move |(mut content, from, left)| {
        let state = Arc::clone(&state);
        async move {
            if left == 0 {
                return Ok(None);
            }
            let read = move || {
                let failed = |cause| Error::new(Kind::Storage, "read_failed", "a published update cannot be read").caused_by(cause);
                let mut piece = Vec::new();
                content.seek(SeekFrom::Start(from)).map_err(failed)?;
                content.by_ref().take(left.min(PIECE)).read_to_end(&mut piece).map_err(failed)?;
                Ok((piece, content))
            };
            let (piece, content) = state.bridge.files(read).await.map_err(|error| std::io::Error::other(error.to_string()))?;
            if piece.is_empty() {
                return Err(std::io::Error::other("a published update is shorter than it was"));
            }
            let count = piece.len() as u64;
            Ok(Some((Bytes::from(piece), (content, from + count, left - count))))
        }
    })
}

/// Publishes a ZIP.
#[utoipa::path(
    post, path = "/api/v1/agents/update/releases", tag = "updates",
    params(
        ("version" = String, Query, description = "its version"),
        ("type" = String, Query, description = "`code-only` or `full`"),
        ("rollout" = Option<u8>, Query, description = "which part of the fleet it is offered to, percent; 100 unless said otherwise"),
        ("min_version" = Option<String>, Query, description = "the oldest version that it may be applied to"),
        ("notes" = Option<String>, Query, description = "what people should know of it"),
        ("X-Lea-Signature" = Option<String>, Header, description = "the text of its minisign signature, in base 64"),
    ),
    request_body(content_type = "application/zip", description = "the ZIP"),
    responses(
        (status = 201, description = "it is published", body = PublishAnswer),
        (status = 200, description = "the same ZIP was published before", body = PublishAnswer),
        (status = 400, description = "`release_refused`, with what is wrong as `problems`"),
        (status = 409, description = "`release_exists`, `release_withdrawn`"),
        (status = 413, description = "`update_too_large`"),
    )
)]
pub(in crate::server) async fn publish(
    State(state): State<Shared>,
    principal: Principal,
    parameters: Parameters,
    request: Request,
) -> Answer<(StatusCode, Reply<PublishAnswer>)> {
    let proposal = principal.operator().and_then(|_| proposal(&parameters, request.headers()));
    let proposal = match proposal {
        Ok(proposal) => proposal,
        Err(refused) => {
            linger(request).await;
            return Err(refused.into());
        }
    };
    let most = state.settings.update.max_bytes;
    let announced = request.headers().get(CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse::<u64>().ok());
    if announced.is_some_and(|length| length > most) {
        linger(request).await;
        return Err(too_large(most).into());
    }
    let mut delivery = receive(&state, request).await?;
    let (inside, now) = (Arc::clone(&state), state.clock.now());
    let (delivery, release) = state
        .bridge
        .files(move || {
            let report = proposal.verify(&mut *delivery, &inside.update_keys, &inside.update_ceilings())?;
            if !report.ok {
                return Err(update::refused(Kind::Input, &report));
            }
            Ok((delivery, proposal.release(&report, now)))
        })
        .await?;
    let file = release.file.clone();
    let (named, name) = (file.clone(), file);
    state.bridge.files(move || delivery.keep(&named)).await?;
    let published = state.bridge.write(move |kept| update::publish(kept, release)).await;
    if published.as_ref().is_err_and(|error| error.kind() == Kind::Conflict) {
        let (depot, known) = (Arc::clone(&state.depot), state.bridge.read(|kept| kept.releases()).await?);
        state.bridge.files(move || update::discard_orphan(&*depot, &known, &name)).await?;
    }
    let (release, new) = published?;
    tracing::info!(version = %release.version, kind = %release.update_type, rollout = release.rollout, new, "update published");
    Ok((if new { StatusCode::CREATED } else { StatusCode::OK }, Reply(PublishAnswer::of(release, new))))
}

fn proposal(parameters: &Parameters, headers: &HeaderMap) -> Result<Proposal> {
    let invalid = |field: &'static str| move |error: Error| Error::field(&["query", field], "value_error", error.message().to_owned());
    let signature = headers.get(SIGNATURE).map(|value| {
        let text = base64::engine::general_purpose::STANDARD.decode(value.as_bytes()).ok().filter(|text| text.len() <= MAX_SIGNATURE_BYTES);
        text.and_then(|text| String::from_utf8(text).ok())
            .ok_or_else(|| Error::field(&["header", "x-lea-signature"], "value_error", "must be the text of a minisign file in base 64"))
    });
    let proposal = Proposal {
        version: parameters.required("version")?.parse().map_err(invalid("version"))?,
        update_type: parameters.required("type")?.parse().map_err(invalid("type"))?,
        rollout: parameters.number("rollout", 0..=100)?.unwrap_or(100) as u8,
        min_version: parameters.text("min_version").map(str::parse).transpose().map_err(invalid("min_version"))?,
        notes: parameters.text("notes").map(str::to_owned),
        signature: signature.transpose()?,
    };
    proposal.check()?;
    Ok(proposal)
}

fn too_large(most: u64) -> Error {
    Error::new(Kind::TooLarge, "update_too_large", format!("an update may have no more than {most} bytes"))
}

/// Takes the ZIP in, a piece at a time; no thread waits for the network.
async fn receive(state: &Shared, request: Request) -> Result<Box<dyn Delivery>> {
    let most = state.settings.update.max_bytes;
    let depot = Arc::clone(&state.depot);
    let mut delivery = state.bridge.files(move || depot.receive()).await?;
    let mut body = request.into_body();
    let (mut waiting, mut seen) = (Vec::<u8>::new(), 0);
    loop {
        let frame = body
            .frame()
            .await
            .transpose()
            .map_err(|cause| Error::new(Kind::Input, "body_incomplete", "the ZIP ended early").caused_by(cause.to_string()))?;
        let over = frame.is_none();
        if let Some(data) = frame.as_ref().and_then(|frame| frame.data_ref()) {
            seen += data.len() as u64;
            if seen > most {
                return Err(too_large(most));
            }
            waiting.extend_from_slice(data);
        }
        if !waiting.is_empty() && (over || waiting.len() as u64 >= PIECE) {
            let piece = std::mem::take(&mut waiting);
            let append = move || delivery.append(&piece).map(|()| delivery);
            delivery = state.bridge.files(append).await?;
        }
        if over {
            return Ok(delivery);
        }
    }
}

/// All releases, for operators.
#[utoipa::path(
    get, path = "/api/v1/agents/update/releases", tag = "updates",
    responses((status = 200, description = "the newest first", body = ReleasesAnswer))
)]
pub(in crate::server) async fn list(State(state): State<Shared>, principal: Principal) -> Answer<Reply<ReleasesAnswer>> {
    principal.operator()?;
    let releases = state.bridge.read(|kept| kept.releases()).await?;
    Ok(Reply(ReleasesAnswer::of(&releases, !state.settings.update.server_enabled)))
}

/// Withdraws a version, for ever: nobody is offered it, and who hears of it refuses it.
#[utoipa::path(
    post, path = "/api/v1/agents/update/releases/{version}/withdraw", tag = "updates", params(("version" = String, Path, description = "the version")),
    responses((status = 200, description = "as it is now", body = ReleasesAnswer), (status = 404, description = "`unknown_release`"))
)]
pub(in crate::server) async fn withdraw(state: State<Shared>, principal: Principal, version: Named) -> Answer<Reply<ReleasesAnswer>> {
    change(state, principal, version, Change::Withdraw).await
}

/// Offers a version to nobody for now.
#[utoipa::path(
    post, path = "/api/v1/agents/update/releases/{version}/pause", tag = "updates", params(("version" = String, Path, description = "the version")),
    responses(
        (status = 200, description = "as it is now", body = ReleasesAnswer), (status = 404, description = "`unknown_release`"),
        (status = 409, description = "`release_withdrawn`"),
    )
)]
pub(in crate::server) async fn pause(state: State<Shared>, principal: Principal, version: Named) -> Answer<Reply<ReleasesAnswer>> {
    change(state, principal, version, Change::Pause).await
}

/// Offers a paused version again.
#[utoipa::path(
    post, path = "/api/v1/agents/update/releases/{version}/resume", tag = "updates", params(("version" = String, Path, description = "the version")),
    responses(
        (status = 200, description = "as it is now", body = ReleasesAnswer), (status = 404, description = "`unknown_release`"),
        (status = 409, description = "`release_withdrawn`"),
    )
)]
pub(in crate::server) async fn resume(state: State<Shared>, principal: Principal, version: Named) -> Answer<Reply<ReleasesAnswer>> {
    change(state, principal, version, Change::Resume).await
}

/// Says which part of the fleet a version is offered to.
#[utoipa::path(
    post, path = "/api/v1/agents/update/releases/{version}/rollout", tag = "updates", params(("version" = String, Path, description = "the version")),
    request_body = RolloutRequest,
    responses(
        (status = 200, description = "as it is now", body = ReleasesAnswer), (status = 404, description = "`unknown_release`"),
        (status = 409, description = "`release_withdrawn`"),
    )
)]
pub(in crate::server) async fn rollout(
    state: State<Shared>,
    principal: Principal,
    version: Named,
    Json(request): Json<RolloutRequest>,
) -> Answer<Reply<ReleasesAnswer>> {
    if request.percent > 100 {
        return Err(Error::field(&["body", "percent"], "value_error", "must be a percentage, 0 to 100").into());
    }
    change(state, principal, version, Change::Rollout(request.percent)).await
}

async fn change(State(state): State<Shared>, principal: Principal, Named(version): Named, change: Change) -> Answer<Reply<ReleasesAnswer>> {
    principal.operator()?;
    let version: Version =
        version.parse().map_err(|error: Error| Error::field(&["path", "version"], "value_error", error.message().to_owned()))?;
    let now = state.clock.now();
    let named = version.clone();
    let releases = state.bridge.write(move |kept| update::change(kept, &named, change, now)).await?;
    tracing::info!(%version, ?change, "update changed");
    Ok(Reply(ReleasesAnswer::of(&releases, !state.settings.update.server_enabled)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_range_is_served_and_anything_else_is_the_whole() {
        for (text, size, wanted) in [
            ("bytes=0-", 10, Asked::Part(0, 10)),
            ("bytes=4-", 10, Asked::Part(4, 6)),
            ("bytes=4-5", 10, Asked::Part(4, 2)),
            ("bytes=4-99", 10, Asked::Part(4, 6)),
            ("bytes=-3", 10, Asked::Part(7, 3)),
            ("bytes=-30", 10, Asked::Part(0, 10)),
            ("bytes=10-", 10, Asked::Outside),
            ("bytes=-0", 10, Asked::Outside),
            ("bytes=0-", 0, Asked::Outside),
            ("bytes=5-4", 10, Asked::Whole),
            ("bytes=0-1,3-4", 10, Asked::Whole),
            ("items=0-1", 10, Asked::Whole),
            ("bytes=a-b", 10, Asked::Whole),
            ("bytes=18446744073709551616-", 10, Asked::Whole),
        ] {
            assert_eq!(asked(text, size), wanted, "{text}");
        }
    }
}
