//! What happens in a lane, one after the other: decided on what is in memory, written, applied, answered. A crash at any moment
//! leaves what was written, and nothing was answered that wasn't.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use super::lanes::{Held, Slot, remembered};
use super::moments::{Write, prepare};
use super::state::Shared;
use crate::api::ProgressView;
use crate::clock::Time;
use crate::error::{Error, Kind, Result};
use crate::fleet::check_here;
use crate::replay::{Answer, Fact, Input, Kept, Lane, Moment, Plan, Replay, StartRequest, Step, unknown_replay};
use crate::session::Owner;
use crate::store::Entities;

/// Replays of a lane that are looked through for the action of a report that nothing in memory knows.
const LOOK_BACK: usize = 32;

/// How long the answer to a start can be asked for again.
pub(super) const REPEATABLE: Duration = Duration::from_hours(24);

/// What a start gave.
pub(super) enum Started {
    /// It is kept.
    New,
    /// It was asked for before: the answer it was given.
    Before(String),
}

/// Decides in a lane, writes what follows, applies it, and gives the answer. Goes on to the end even if the caller is gone.
///
/// # Errors
/// Those of `decide`; when it cannot be written, and then nothing has happened.
pub(super) async fn act(
    state: &Shared,
    slot: Arc<Slot>,
    decide: impl Fn(&Lane, Time) -> Result<Step> + Send + Sync + 'static,
) -> Result<Answer> {
    let state = Arc::clone(state);
    let task = tokio::spawn(async move {
        let _turn = slot.turn.lock().await;
        let now = state.clock.now();
        let decided = {
            let held = slot.held();
            decide(&held.lane, now).map(|step| (in_rows(&held, &step, now), step.answer))
        };
        let (writes, answer) = match decided {
            // What is over for a while is no longer in memory, and may still be reported on.
            Err(error) if error.code() == "unknown_action" => return look_back(&state, &slot, &decide, now).await,
            decided => decided?,
        };
        if !writes.is_empty() {
            state.failpoints.pass("replay.decided");
            let keep = move |entities: &mut dyn Entities| writes.iter().try_for_each(|write| write.keep(entities)).map(|()| writes);
            let writes = state.bridge.write(keep).await?;
            state.failpoints.pass("replay.written");
            apply(&state, &slot, &writes);
            state.failpoints.pass("replay.applied");
        }
        Ok(answer)
    });
    task.await.map_err(|_| Error::new(Kind::Bug, "bug", "a replay's change had a defect"))?
}

fn in_rows(held: &Held, step: &Step, now: Time) -> Vec<Write> {
    prepare(&held.lane, |id| held.rows.get(id).copied(), step, now)
}

fn apply(state: &Shared, slot: &Slot, writes: &[Write]) {
    let mut held = slot.held();
    for write in writes {
        held.lane.apply(write.place, &write.moment);
        if let Some(replay) = held.lane.replays().get(write.place) {
            tell(state, replay, &write.moment);
        }
        if write.notice.is_some() {
            state.notices.notify_one();
        }
    }
    let forgotten = held.lane.tidy(Time::from_micros(i64::MIN));
    state.lanes.forget(&mut held, forgotten);
    if !held.lane.is_quiet() {
        slot.changed.notify_waiters();
    }
}

fn tell(state: &Shared, replay: &Replay, moment: &Moment) {
    state.metrics.replayed(&moment.facts);
    for fact in &moment.facts {
        match fact {
            Fact::Stalled { why } => tracing::warn!(replay = replay.plan().id, why = why.sentence(), "a replay waits for a person"),
            Fact::Finished { status, .. } => tracing::info!(replay = replay.plan().id, %status, "a replay is over"),
            _ => {}
        }
        if state.lanes.has_listeners() {
            state.lanes.tell(ProgressView::of(replay, fact, moment.at));
        }
    }
}

/// Does `work`, and where it gives a reason ends every replay of these lanes, all in one transaction. Goes on to the end even if the
/// caller is gone.
///
/// # Errors
/// Those of `work`; when it cannot be written, and then nothing has happened.
pub(super) async fn end_with<R: Send + 'static>(
    state: &Shared,
    mut slots: Vec<Arc<Slot>>,
    work: impl FnOnce(&mut dyn Entities) -> Result<(R, Option<&'static str>)> + Send + 'static,
) -> Result<R> {
    let state = Arc::clone(state);
    // In one order for everybody: two who wait for each other's lanes would wait for ever.
    slots.sort_by(|one, other| one.key.cmp(&other.key));
    let task = tokio::spawn(async move {
        let mut turns = Vec::with_capacity(slots.len());
        for slot in &slots {
            turns.push(slot.turn.lock().await);
        }
        let (now, policy) = (state.clock.now(), state.policy());
        // Looked at by the transaction itself: who has the turns keeps everybody else from changing what is there.
        let lanes: Vec<(Lane, HashMap<String, i64>)> = slots.iter().map(|slot| slot.held().copy()).collect();
        state.failpoints.pass("leave.decided");
        let (done, writes) = state
            .bridge
            .write(move |entities| {
                let (done, reason) = work(entities)?;
                let mut all = Vec::with_capacity(lanes.len());
                for (lane, rows) in reason.map(|_| lanes).unwrap_or_default() {
                    let step = lane.step(Input::Cancel { replay: None, reason: reason.unwrap_or_default() }, now, &policy)?;
                    let writes = prepare(&lane, |id| rows.get(id).copied(), &step, now);
                    writes.iter().try_for_each(|write| write.keep(entities))?;
                    all.push(writes);
                }
                Ok((done, all))
            })
            .await?;
        state.failpoints.pass("leave.written");
        for (slot, writes) in slots.iter().zip(&writes) {
            apply(&state, slot, writes);
        }
        // Who waits there may no longer be let in.
        for slot in &slots {
            slot.changed.notify_waiters();
        }
        Ok(done)
    });
    task.await.map_err(|_| Error::new(Kind::Bug, "bug", "ending a machine's replays had a defect"))?
}

/// The same decision on what is kept of the lane's last replays; they are over, and at most noted on.
async fn look_back(
    state: &Shared,
    slot: &Slot,
    decide: &(impl Fn(&Lane, Time) -> Result<Step> + Send + Sync + 'static),
    now: Time,
) -> Result<Answer> {
    let key = slot.key.clone();
    let mut kept = state.bridge.read(move |entities| entities.recent_replays(&key, LOOK_BACK)).await?;
    kept.reverse();
    let mut past = Held::default();
    for Kept { row, replay } in kept.into_iter().filter(|kept| kept.replay.status().is_final()) {
        past.rows.insert(replay.plan().id.clone(), row);
        past.lane.add(replay);
    }
    let step = decide(&past.lane, now)?;
    let writes = in_rows(&past, &step, now);
    if !writes.is_empty() {
        state.bridge.write(move |entities| writes.iter().try_for_each(|write| write.keep(entities))).await?;
    }
    Ok(step.answer)
}

/// The answer to a start with this key and body within the last day.
///
/// # Errors
/// `idempotency_key_reused` when the key came with another body.
pub(super) fn started_before(entities: &mut dyn Entities, key: &[u8; 32], body: &[u8; 32], now: Time) -> Result<Option<String>> {
    match entities.past_start(key, before(now, REPEATABLE))? {
        Some(past) if past.body == *body => Ok(Some(past.answer)),
        Some(_) => {
            let message = "the same Idempotency-Key came with another request before";
            Err(Error::new(Kind::Conflict, "idempotency_key_reused", message))
        }
        None => Ok(None),
    }
}

/// So long before `now`.
pub(super) fn before(now: Time, by: Duration) -> Time {
    Time::from_micros(now.micros().saturating_sub(by.as_micros() as i64))
}

/// Starts a replay in its lane; with `replace`, what runs there is cancelled first, in the same transaction.
///
/// # Errors
/// `replay_running`, `queue_full`; `idempotency_key_reused` when the key was used for something else.
pub(super) async fn start(state: &Shared, plan: Plan, replace: bool, request: Option<StartRequest>) -> Result<Started> {
    let slot = state.lanes.slot(&plan.lane);
    let state = Arc::clone(state);
    let task = tokio::spawn(async move {
        let _turn = slot.turn.lock().await;
        let now = state.clock.now();
        let policy = state.policy();
        let (allowed, writes) = {
            let held = slot.held();
            if replace {
                let cancelled = held.lane.step(Input::Cancel { replay: None, reason: "replaced by another replay" }, now, &policy)?;
                (Ok(()), in_rows(&held, &cancelled, now))
            } else {
                (held.lane.check_start(&plan.source), Vec::new())
            }
        };
        // Whose it is by now: a session may have been taken up since it was picked.
        let machine = match Owner::named(Some(&plan.machine))? {
            Owner::Nobody => state.seats.find(&plan.session).and_then(|seat| seat.owner().machine().cloned()),
            Owner::Machine(machine) => Some(machine),
        };
        state.failpoints.pass("start.decided");
        let kept = plan.clone();
        let (row, writes) = state
            .bridge
            .write(move |entities| {
                if let Some(request) = &request
                    && let Some(answer) = started_before(entities, &request.key, &request.body, now)?
                {
                    return Ok((Err(answer), Vec::new()));
                }
                allowed?;
                machine.iter().try_for_each(|machine| check_here(entities, machine))?;
                writes.iter().try_for_each(|write| write.keep(entities))?;
                Ok((Ok(entities.insert_replay(&kept, request.as_ref())?), writes))
            })
            .await?;
        state.failpoints.pass("start.written");
        let row = match row {
            Ok(row) => row,
            Err(answer) => return Ok(Started::Before(answer)),
        };
        apply(&state, &slot, &writes);
        let id = plan.id.clone();
        let mut held = slot.held();
        held.rows.insert(id.clone(), row);
        held.lane.add(Replay::new(Arc::new(plan)));
        state.lanes.place(id, &slot);
        drop(held);
        state.failpoints.pass("start.applied");
        slot.changed.notify_waiters();
        Ok(Started::New)
    });
    task.await.map_err(|_| Error::new(Kind::Bug, "bug", "starting a replay had a defect"))?
}

/// The replay called `id`, from memory or from what is kept.
///
/// # Errors
/// When there is none.
pub(super) async fn find(state: &Shared, id: &str) -> Result<Replay> {
    if let Some(slot) = state.lanes.of_replay(id)
        && let Some(replay) = slot.look(|lane| lane.find(id).cloned())
    {
        return Ok(replay);
    }
    let id = id.to_owned();
    let kept = state.bridge.read(move |entities| entities.find_replay(&id)).await?;
    kept.map(|kept| kept.replay).ok_or_else(unknown_replay)
}

/// Looks once at every lane: whose holder was silent for too long, and what is long over.
pub(super) async fn look_around(state: &Shared) {
    let now = state.clock.now();
    let before = remembered(now);
    for slot in state.lanes.all() {
        if let Some(holder) = slot.holder() {
            let heard = state.heard_of(&holder);
            let policy = state.policy();
            let due = slot.look(|lane| lane.step(Input::Ticked { heard }, now, &policy)).is_ok_and(|step| !step.changes.is_empty());
            if due
                && let Err(error) = act(state, Arc::clone(&slot), move |lane, now| lane.step(Input::Ticked { heard }, now, &policy)).await
            {
                tracing::warn!(code = error.code(), "a replay's stall could not be written, and will be tried again: {error}");
            }
        }
        // Whoever decides has the lane's places in hand.
        if let Ok(_turn) = slot.turn.try_lock() {
            let mut held = slot.held();
            let forgotten = held.lane.tidy(before);
            state.lanes.forget(&mut held, forgotten);
        }
    }
    state.lanes.drop_empty();
}
