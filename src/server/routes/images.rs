//! Shots: taken in piece by piece, checked, and kept whole or not at all.

use std::sync::Arc;

use axum::Json as Reply;
use axum::body::Bytes;
use axum::extract::multipart::{Field, MultipartError};
use axum::extract::{FromRequest, Multipart, Request, State};

use super::sessions::spoken;
use crate::api::ImageAnswer;
use crate::error::{Error, Kind, Result};
use crate::server::auth::Principal;
use crate::server::extract::Parameters;
use crate::server::linger::linger;
use crate::server::recorder::{closed, folder_of, in_folder, own_fault};
use crate::server::reply::Answer;
use crate::server::seats::Seat;
use crate::server::state::Shared;
use crate::session::{Landed, ShotFile, ShotKind, check_shot};
use crate::vision::{Ceilings, measure};

/// Bytes that are collected before they are written.
const PIECE: usize = 256 << 10;

/// Keeps a shot of a session.
#[utoipa::path(
    post, path = "/api/v1/traces/stream/image", tag = "sessions",
    params(
        ("session_id" = String, Query, description = "its session"),
        ("shot_id" = String, Query, description = "its id, which says what it is for"),
        ("machine_id" = Option<String>, Query, description = "the machine; a machine's token says it by itself"),
    ),
    request_body(content_type = "multipart/form-data", description = "the picture, PNG or JPEG, as `file`"),
    responses(
        (status = 200, description = "it is kept", body = ImageAnswer),
        (status = 400, description = "`undecodable_image`"),
        (status = 409, description = "`shot_differs`, `session_finalized`, `session_of_other_machine`"),
        (status = 413, description = "`image_too_large`"),
    )
)]
pub(in crate::server) async fn image(
    State(state): State<Shared>,
    principal: Principal,
    parameters: Parameters,
    request: Request,
) -> Answer<Reply<ImageAnswer>> {
    let ready = (|| {
        let shot = parameters.required("shot_id")?;
        check_shot(shot)?;
        let seat = spoken(&state, &principal, &parameters)?;
        if seat.is_finalized() { Err(closed()) } else { Ok((seat, shot.to_owned())) }
    })();
    let (seat, shot) = match ready {
        Ok(ready) => ready,
        Err(refused) => {
            linger(request).await;
            return Err(refused.into());
        }
    };
    state.keep_adoption(&seat).await?;
    let Ok(mut form) = Multipart::from_request(request, &state).await else {
        return Err(Error::field(&["body"], "type_error", "must be multipart/form-data with the picture as `file`").into());
    };
    while let Some(field) = form.next_field().await.map_err(broken_form)? {
        if field.name() == Some("file") {
            let file = receive(&state, &seat, field).await?;
            let status = keep(&state, seat, file, shot.clone()).await?;
            return Ok(Reply(ImageAnswer { status: status.to_owned(), shot_id: shot }));
        }
    }
    Err(Error::field(&["body", "file"], "missing", "is missing").into())
}

fn broken_form(cause: MultipartError) -> Error {
    Error::new(Kind::Input, "body_incomplete", "the form ended early or is damaged").caused_by(cause)
}

/// Takes the picture in, a piece at a time; no thread waits for the network.
async fn receive(state: &Shared, seat: &Arc<Seat>, mut field: Field<'_>) -> Result<ShotFile> {
    let most = state.settings.limits.image_bytes as u64;
    let (recordings, place) = (Arc::clone(&state.recordings), Arc::clone(seat));
    let mut file = state.bridge.files(move || in_folder(&place, |folder| recordings.begin_shot(folder)).map_err(own_fault)).await?;
    let (mut pieces, mut waiting) = (Vec::<Bytes>::new(), 0);
    loop {
        let piece = field.chunk().await.map_err(broken_form)?;
        let over = piece.is_none();
        if let Some(piece) = piece {
            waiting += piece.len();
            pieces.push(piece);
        }
        if file.length() + waiting as u64 > most {
            return Err(Error::new(Kind::TooLarge, "image_too_large", format!("the picture is larger than {most} bytes")));
        }
        if waiting >= PIECE || (over && waiting > 0) {
            let collected = std::mem::take(&mut pieces);
            waiting = 0;
            file = state.bridge.files(move || collected.iter().try_for_each(|piece| file.write(piece)).map(|()| file)).await?;
        }
        if over {
            return Ok(file);
        }
    }
}

/// Checks the picture and gives it its name; gives what to answer.
async fn keep(state: &Shared, seat: Arc<Seat>, file: ShotFile, shot: String) -> Result<&'static str> {
    let kind = ShotKind::of(&shot);
    let limits = &state.settings.limits;
    let ceilings = Ceilings { bytes: limits.image_bytes, pixels: limits.image_pixels };
    let (recordings, place, name) = (Arc::clone(&state.recordings), Arc::clone(&seat), shot.clone());
    let landed = state
        .bridge
        .files(move || {
            let reopened = file.file().reopen().map_err(|cause| Error::io("read", file.file().path(), cause))?;
            let (_, _, ending) = measure(std::io::BufReader::new(reopened), ceilings)?;
            // The upload took a while: closed meanwhile, the recording may be verified already.
            if place.is_finalized() {
                return Err(closed());
            }
            let landed = recordings.land_shot(&folder_of(&place)?, file, &name, ending).map_err(own_fault)?;
            // Counted here, where nobody who goes away can prevent it.
            let before = matches!(landed, Landed::New(_)).then(|| counted(&place, kind, &name)).flatten();
            Ok((landed, before))
        })
        .await?;
    let (landed, before) = landed;
    match landed {
        Landed::Other => Err(Error::new(Kind::Conflict, "shot_differs", "another picture is kept under this shot's id")),
        Landed::Same if kind == ShotKind::Full => Ok("already_analyzed"),
        Landed::Same => Ok(kind.stored()),
        Landed::New(_) => {
            state.metrics.recorded_shot(kind);
            let same = match before {
                Some(before) => {
                    let same = shows_the_same(state, &seat, before, shot.clone()).await?;
                    if !same {
                        // The next is compared with this one; with one that was the same it could drift away unseen.
                        seat.count(|tally| tally.last_full = Some(shot));
                    }
                    same
                }
                None => false,
            };
            Ok(if same { "duplicate_skipped" } else { kind.stored() })
        }
    }
}

/// Counts a new shot; gives the full one that it is to be compared with.
fn counted(seat: &Seat, kind: ShotKind, shot: &str) -> Option<String> {
    seat.count(|tally| {
        tally.shots += 1;
        if kind != ShotKind::Full {
            return None;
        }
        tally.full_shots += 1;
        if tally.last_full.is_none() {
            tally.last_full = Some(shot.to_owned());
            return None;
        }
        tally.last_full.clone()
    })
}

/// Whether two shots of a session show the same screen: nothing changed but what comes and goes by itself.
async fn shows_the_same(state: &Shared, seat: &Arc<Seat>, before: String, after: String) -> Result<bool> {
    let (recordings, compare, seat) = (Arc::clone(&state.recordings), Arc::clone(&state.compare), Arc::clone(seat));
    let looked = state
        .bridge
        .pixels(move || {
            let folder = folder_of(&seat)?;
            let (Some(before), Some(after)) = (recordings.read_shot(&folder, &before)?, recordings.read_shot(&folder, &after)?) else {
                return Ok(false);
            };
            if before == after {
                return Ok(true);
            }
            Ok(matches!(compare.compare(&before, &after)?, crate::target::Outcome::Compared(seen) if seen.is_unchanged()))
        })
        .await;
    // The shot is kept; that nobody can tell whether it is new makes it new.
    Ok(looked.unwrap_or_else(|error| {
        tracing::warn!(code = error.code(), "two shots could not be compared: {error}");
        false
    }))
}
