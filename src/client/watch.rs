//! Following a replay to its end: across connections that break and servers that are started again, each action's end told once.

use std::collections::HashSet;
use std::time::Duration;

use super::http::Client;
use super::retry::{Schedule, Waiting, asked_wait, may_go_away};
use crate::api::{ProgressView, ReplayView, ResultView};
use crate::error::{Error, Result};
use crate::replay::Status;

/// What a watcher is told.
#[derive(Debug)]
pub enum WatchNews<'a> {
    /// Something happened to the replay. Each attempt's `ended` comes once, also that of attempts which ended while nobody looked;
    /// anything else may be missed or come again after a break, and then a `snapshot` says how the replay stands.
    Progress(&'a ProgressView),
    /// The server is silent; it will be asked again after this wait.
    Lost(&'a Error, Duration),
}

/// Follows the replay called `id` until it is over, or until `told` answers false. Gives how it stands then.
///
/// # Errors
/// A refusal; the last failure once the server has been silent for `patience`.
pub fn watch(
    client: &Client,
    id: &str,
    patience: Duration,
    waiting: Waiting<'_>,
    told: &mut dyn FnMut(WatchNews<'_>) -> bool,
) -> Result<ReplayView> {
    let mut watching = Watching { client, id, told: HashSet::new(), heard: false };
    let mut schedule = Schedule::until(waiting.clock.monotonic().saturating_add(patience));
    loop {
        watching.heard = false;
        let error = match watching.follow(told) {
            Ok(Some(view)) => return Ok(view),
            Ok(None) => None,
            Err(error) if may_go_away(&error) => Some(error),
            Err(error) => return Err(error),
        };
        let now = waiting.clock.monotonic();
        if watching.heard {
            schedule = Schedule::until(now.saturating_add(patience));
        }
        let asked = error.as_ref().and_then(asked_wait);
        match (schedule.next(now, (waiting.random)(), asked), error) {
            (Some(wait), Some(error)) => {
                if !told(WatchNews::Lost(&error, wait)) {
                    return Err(error);
                }
                (waiting.sleep)(wait);
            }
            (Some(wait), None) => (waiting.sleep)(wait),
            (None, Some(error)) => return Err(error),
            (None, None) => return client.replay(id),
        }
    }
}

struct Watching<'a> {
    client: &'a Client,
    id: &'a str,
    /// The ids of attempts whose end was told.
    told: HashSet<String>,
    /// Whether the server answered.
    heard: bool,
}

impl Watching<'_> {
    /// One stream, from how the replay stands to the stream's end. None when it ended before the replay did.
    fn follow(&mut self, told: &mut dyn FnMut(WatchNews<'_>) -> bool) -> Result<Option<ReplayView>> {
        let mut progress = self.client.replay_progress(self.id)?;
        while let Some(view) = progress.read()? {
            self.heard = true;
            let over = Status::named(&view.status).is_some_and(Status::is_final);
            let go_on = match view.event.as_str() {
                "ended" => !view.action_id.as_ref().is_some_and(|id| self.told.insert(id.clone())) || told(WatchNews::Progress(&view)),
                "snapshot" => {
                    let go_on = told(WatchNews::Progress(&view));
                    self.catch_up(told)? && go_on
                }
                _ => told(WatchNews::Progress(&view)),
            };
            if !go_on || (over && matches!(view.event.as_str(), "snapshot" | "finished")) {
                return self.client.replay(self.id).map(Some);
            }
        }
        Ok(None)
    }

    /// Tells of what ended while nobody looked. The stream is open by now, so that nothing comes between.
    fn catch_up(&mut self, told: &mut dyn FnMut(WatchNews<'_>) -> bool) -> Result<bool> {
        let replay = self.client.replay(self.id)?;
        for result in &replay.results {
            if self.told.insert(result.action_id.clone()) && !told(WatchNews::Progress(&ended(&replay, result))) {
                return Ok(false);
            }
        }
        Ok(true)
    }
}

/// The progress that was told when `result` ended, as far as it is still known.
fn ended(replay: &ReplayView, result: &ResultView) -> ProgressView {
    ProgressView {
        replay_id: replay.replay_id.clone(),
        event: "ended".to_owned(),
        at: result.ended_at,
        status: replay.status.clone(),
        completed_actions: replay.completed_actions,
        total_actions: replay.total_actions,
        action_id: Some(result.action_id.clone()),
        action_index: Some(result.action_index),
        action_type: Some(result.action_type.clone()),
        outcome: Some(result.outcome.clone()),
        verdict: result.verification.as_ref().map(|seen| seen.verdict.clone()),
        elapsed_ms: u64::try_from(result.ended_at.since(result.handed_at).as_millis()).ok(),
        reason: result.error.clone(),
    }
}
