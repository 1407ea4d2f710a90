//! Progress of a replay as server-sent events.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use axum::response::sse::{Event, KeepAlive, Sse};
use futures_util::Stream;
use futures_util::stream::unfold;
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;

use crate::api::ProgressView;
use crate::replay::Status;
use crate::server::auth::Principal;
use crate::server::extract::Named;
use crate::server::reply::Answer;
use crate::server::routes::replays::visible;
use crate::server::state::Shared;
use crate::server::turns::find;

/// How often a silent stream says that it is still there.
const STILL_THERE: Duration = Duration::from_secs(15);

/// What a listener has before it.
struct Listening {
    state: Shared,
    principal: Principal,
    id: String,
    receiver: Receiver<Arc<ProgressView>>,
    first: Option<ProgressView>,
    over: bool,
}

/// What happens to a replay, as it happens: first how it stands, then each event, until it is over.
#[utoipa::path(
    get, path = "/api/v1/traces/stream/replay/{replay_id}/events", tag = "replays", params(("replay_id" = String, Path, description = "its id")),
    responses((status = 200, description = "server-sent events, each a `ProgressView`", body = ProgressView, content_type = "text/event-stream"), (status = 404, description = "`unknown_replay`"))
)]
pub(in crate::server) async fn events(
    State(state): State<Shared>,
    principal: Principal,
    Named(id): Named,
) -> Answer<Sse<impl Stream<Item = Result<Event, Infallible>>>> {
    // Listened to before looking, so that nothing comes between.
    let receiver = state.lanes.listen();
    let replay = visible(&state, &principal, &id).await?;
    let first = ProgressView::snapshot(&replay, state.clock.now());
    let listening = Listening { state, principal, id, receiver, first: Some(first), over: false };
    Ok(Sse::new(unfold(listening, next)).keep_alive(KeepAlive::new().interval(STILL_THERE)))
}

async fn next(mut listening: Listening) -> Option<(Result<Event, Infallible>, Listening)> {
    if listening.over {
        return None;
    }
    let view = match listening.first.take() {
        Some(view) => view,
        None => listening.wait().await?,
    };
    let is_final = Status::named(&view.status).is_some_and(Status::is_final);
    listening.over = is_final && view.event == "finished";
    if is_final && view.event == "snapshot" {
        // Who reads up to the end finds it also where the replay was over before.
        let reason = view.reason.clone();
        listening.first = Some(ProgressView { event: "finished".to_owned(), reason, ..view.clone() });
    }
    // A struct of texts and numbers is always JSON.
    let data = serde_json::to_string(&view).unwrap_or_default();
    Some((Ok(Event::default().event(view.event).data(data)), listening))
}

impl Listening {
    async fn wait(&mut self) -> Option<ProgressView> {
        loop {
            let received = tokio::select! {
                received = self.receiver.recv() => received,
                () = self.state.stopping() => return None,
            };
            match received {
                // What began with a token ends with it.
                _ if self.principal.check_still_known(&self.state).is_err() => return None,
                Ok(view) if view.replay_id == self.id => return Some(ProgressView::clone(&view)),
                Ok(_) => {}
                // Too slow for what was said: how it stands now makes up for it.
                Err(RecvError::Lagged(_)) => {
                    let replay = find(&self.state, &self.id).await.ok()?;
                    return Some(ProgressView::snapshot(&replay, self.state.clock.now()));
                }
                Err(RecvError::Closed) => return None,
            }
        }
    }
}
