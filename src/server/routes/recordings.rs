//! Whole recordings: taken away as an archive, removed when they are old.

use std::io::{Read, Seek, SeekFrom};
use std::path::Path;
use std::sync::{Arc, PoisonError};
use std::time::Duration;

use axum::Json as Reply;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use futures_util::stream::try_unfold;

use super::sessions::visible;
use crate::api::{PurgeAnswer, PurgeRequest, PurgedView};
use crate::clock::Time;
use crate::error::{Error, Kind, Result};
use crate::server::auth::Principal;
use crate::server::extract::{Large, Named};
use crate::server::recorder::folder_of;
use crate::server::reply::Answer;
use crate::server::seats::{LIVE_FOR, Seat};
use crate::server::state::Shared;

/// Read at a time, bytes.
const PIECE: usize = 256 << 10;

/// A recording as a ZIP: journal, summary, shots; for operators.
#[utoipa::path(
    get, path = "/api/v1/traces/stream/session/{session_id}/export", tag = "sessions", params(("session_id" = String, Path, description = "its id")),
    responses((status = 200, description = "a ZIP", content_type = "application/zip"), (status = 404, description = "`unknown_session`"))
)]
pub(in crate::server) async fn export(State(state): State<Shared>, principal: Principal, Named(id): Named) -> Answer<Response> {
    principal.operator()?;
    let seat = visible(&state, &principal, &id)?;
    let recordings = Arc::clone(&state.recordings);
    let name = format!("attachment; filename=\"{}.zip\"", seat.id);
    let (file, length) = state
        .bridge
        .files(move || {
            let folder = folder_of(&seat)?;
            let failed = |cause| Error::io("read", Path::new("the archive"), cause);
            // Nameless: it goes away with whoever reads it.
            let mut file = recordings.scratch()?;
            recordings.pack(&folder, &mut file, &mut |_| {})?;
            let length = file.seek(SeekFrom::End(0)).map_err(failed)?;
            file.seek(SeekFrom::Start(0)).map_err(failed)?;
            Ok((file, length))
        })
        .await?;
    let inside = Arc::clone(&state);
    let pieces = try_unfold(file, move |mut file| {
        let state = Arc::clone(&inside);
        async move {
            let read = move || {
                let mut piece = vec![0; PIECE];
                let count = file.read(&mut piece).map_err(|cause| Error::io("read", Path::new("the archive"), cause))?;
                piece.truncate(count);
                Ok((piece, file))
            };
            let (piece, file) = state.bridge.files(read).await.map_err(|error| std::io::Error::other(error.to_string()))?;
            Ok::<_, std::io::Error>((!piece.is_empty()).then(|| (Bytes::from(piece), file)))
        }
    });
    let headers = [(CONTENT_TYPE, "application/zip".to_owned()), (CONTENT_DISPOSITION, name), (CONTENT_LENGTH, length.to_string())];
    Ok((headers, Body::from_stream(pieces)).into_response())
}

/// Removes a recording, its session and what is known of its events; nothing, if it was heard of after `before` after all. Goes on to
/// the end even if the caller is gone.
async fn remove(state: &Shared, seat: Arc<Seat>, before: Time) -> Result<Option<u64>> {
    let state = Arc::clone(state);
    let task = tokio::spawn(async move {
        // Nobody keeps what is known of it meanwhile.
        let _turn = state.keeping.lock().await;
        let folder = folder_of(&seat)?;
        let unused = move |seat: &Seat| seat.recording().last_activity <= before;
        if !state.recorder.release(Arc::clone(&seat), unused).await? {
            return Ok(None);
        }
        let recordings = Arc::clone(&state.recordings);
        let removed = state.bridge.files(move || recordings.remove(&folder)).await;
        if removed.is_err() {
            // It is still there, and in use as before.
            seat.folder.lock().unwrap_or_else(PoisonError::into_inner).removed = false;
        }
        let (bytes, key) = (removed?, seat.id.key());
        state.bridge.write(move |entities| entities.forget_recording(&key)).await?;
        state.seats.forget(&seat.id);
        tracing::info!(session = %seat.id, bytes, "an old recording was removed");
        Ok(Some(bytes))
    });
    task.await.map_err(|_| Error::new(Kind::Bug, "bug", "removing a recording had a defect"))?
}

/// Removes recordings that were not heard of for long; for operators.
#[utoipa::path(
    post, path = "/api/v1/traces/stream/sessions/purge", tag = "sessions", request_body = PurgeRequest,
    responses((status = 200, description = "what was removed, or would be", body = PurgeAnswer))
)]
pub(in crate::server) async fn purge(
    State(state): State<Shared>,
    principal: Principal,
    Large { value: request, .. }: Large<PurgeRequest>,
) -> Answer<Reply<PurgeAnswer>> {
    principal.operator()?;
    let keep = request.older_than_seconds.map_or(state.settings.session.keep, Duration::from_secs);
    let now = state.clock.now();
    let before = Time::from_micros(now.micros().saturating_sub(i64::try_from(keep.as_micros()).unwrap_or(i64::MAX)));
    let mut answer = PurgeAnswer { purged: Vec::new(), bytes: 0, dry_run: request.dry_run };
    for seat in state.seats.registered() {
        let recording = seat.recording();
        let in_use = now.since(seat.seen()) < LIVE_FOR && recording.finalized_at.is_none();
        if recording.last_activity > before || in_use {
            continue;
        }
        let bytes = if request.dry_run {
            let (recordings, folder) = (Arc::clone(&state.recordings), folder_of(&seat)?);
            state.bridge.files(move || recordings.size(&folder)).await?
        } else {
            match remove(&state, Arc::clone(&seat), before).await? {
                Some(bytes) => bytes,
                None => continue,
            }
        };
        answer.bytes += bytes;
        answer.purged.push(PurgedView {
            session_id: seat.id.to_string(),
            machine_id: recording.owner.as_str().to_owned(),
            last_activity: recording.last_activity,
            bytes,
        });
    }
    Ok(Reply(answer))
}
