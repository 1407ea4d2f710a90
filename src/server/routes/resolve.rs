//! Where on the screen a target is.

use std::sync::Arc;

use axum::Json as Reply;
use axum::extract::State;

use crate::api::{ResolveAnswer, ResolveRequest, resolve_target};
use crate::error::Error;
use crate::server::auth::Principal;
use crate::server::evidence;
use crate::server::extract::Pictures;
use crate::server::reply::Answer;
use crate::server::state::Shared;
use crate::session::SessionId;

/// Finds a target on a screenshot; by a machine or an operator. A miss is an answer, with the caller's own fallback.
#[utoipa::path(
    post, path = "/api/v1/traces/stream/replay/resolve_target", tag = "targets", request_body = ResolveRequest,
    responses(
        (status = 200, description = "a verdict, found or not", body = ResolveAnswer),
        (status = 403, description = "`other_machine`: a machine's token, and another machine's session"),
        (status = 413, description = "a picture beyond its ceiling"),
        (status = 503, description = "`ocr_unavailable`: a text or a role is asked for, and no text can be read here"),
    )
)]
pub(in crate::server) async fn resolve(State(state): State<Shared>, principal: Principal, body: Pictures) -> Answer<Reply<ResolveAnswer>> {
    let (own, caller) = (Arc::clone(&state), principal.clone());
    let (threshold, depth) = (state.settings.resolve.threshold, state.settings.limits.json_depth);
    let (answer, session, screenshot) = state
        .bridge
        .pixels(move || {
            // A body of megabytes is read here, where it keeps nobody waiting.
            let request: ResolveRequest = body.parse(depth)?;
            let wrong = |why: Error| Error::field(&["body", "session_id"], "value_error", why.to_string());
            let session: SessionId = request.session_id.parse().map_err(wrong)?;
            caller.check_session(&own, &session)?;
            let answer = resolve_target(&request, threshold, own.eyes(), &*own.clock)?;
            Ok((answer, session, request.screenshot_b64))
        })
        .await?;
    tracing::info!(verdict = answer.verdict, cause = answer.cause, millis = answer.elapsed_ms, "target");
    evidence::note_sighting(&state, &principal, session, &answer, screenshot);
    Ok(Reply(answer))
}
