//! What happened to a replay, on its way into the database.

use crate::api::ReplayView;
use crate::clock::Time;
use crate::error::Result;
use crate::replay::{Fact, Lane, Moment, Replay, Status, Step};
use crate::store::Entities;

/// What is written of a step.
pub(super) struct Write {
    row: i64,
    /// The replay's place in its lane.
    pub(super) place: usize,
    number: u32,
    /// What happened, and when.
    pub(super) moment: Moment,
    status: Status,
    /// What a callback is told, if this is of the sort that it is told.
    pub(super) notice: Option<String>,
}

impl Write {
    /// Keeps it.
    ///
    /// # Errors
    /// When the database refuses.
    pub(super) fn keep(&self, entities: &mut dyn Entities) -> Result<()> {
        entities.add_moment(self.row, self.number, &self.moment, self.status)?;
        if let Some(body) = &self.notice
            && let Some(url) = entities.callback(self.row)?
        {
            entities.add_notice(&url, body, self.moment.at)?;
        }
        Ok(())
    }
}

/// What is written of a step in a lane whose replays lie in the rows that `row_of` gives by their ids.
pub(super) fn prepare(lane: &Lane, row_of: impl Fn(&str) -> Option<i64>, step: &Step, now: Time) -> Vec<Write> {
    let write = |(place, facts): &(usize, Vec<Fact>)| {
        let replay = lane.replays().get(*place)?;
        Some(written(replay, row_of(&replay.plan().id)?, *place, facts.clone(), now))
    };
    step.changes.iter().filter_map(write).collect()
}

fn written(replay: &Replay, row: i64, place: usize, facts: Vec<Fact>, now: Time) -> Write {
    let moment = Moment { at: now, facts };
    let status = replay.status_after(&moment.facts);
    let tells = |fact: &Fact| matches!(fact, Fact::Stalled { .. } | Fact::Finished { status: Status::Error, .. });
    let notice = moment.facts.iter().any(tells).then(|| {
        let mut after = replay.clone();
        after.apply(&moment);
        notice(&after)
    });
    Write { row, place, number: replay.moments(), moment, status, notice }
}

/// What is told to a callback about a replay that failed or waits for a person.
pub(super) fn notice(replay: &Replay) -> String {
    let view = ReplayView::of(replay);
    let last = view.results.last();
    serde_json::json!({
        "replay_id": view.replay_id,
        "workflow_id": view.workflow_id,
        "session_id": view.session_id,
        "machine_id": view.machine_id,
        "action_id": last.map(|last| &last.action_id),
        "error": last.and_then(|last| last.error.clone()).or(view.reason),
        "retried_actions": view.retried_actions,
        "error_log": view.error_log,
        "status": view.status,
    })
    .to_string()
}
