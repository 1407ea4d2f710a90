//! The replays that are not over, in memory, one lane a machine. What agents poll most, an empty lane, is answered from here.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};
use std::time::Duration;

use tokio::sync::{Notify, broadcast, watch};

use crate::api::ProgressView;
use crate::clock::Time;
use crate::replay::{Kept, Lane, Status};
use crate::session::SessionId;

/// How long a replay that is over answers a repeated report from memory.
const REMEMBER: Duration = Duration::from_mins(10);

/// Progress that a slow listener may lag behind.
const PROGRESS: usize = 4096;

/// Replays that were over before this are no longer in memory.
pub(super) fn remembered(now: Time) -> Time {
    Time::from_micros(now.micros().saturating_sub(REMEMBER.as_micros() as i64))
}

/// One machine's lane.
#[derive(Debug, Default)]
pub(super) struct Slot {
    pub(super) key: String,
    /// Held from the decision until it is applied.
    pub(super) turn: tokio::sync::Mutex<()>,
    held: Mutex<Held>,
    /// Told when there may be something to do.
    pub(super) changed: Notify,
    newest: Mutex<Newest>,
    /// Reports that came and are not decided on yet.
    reports: watch::Sender<usize>,
}

/// The poll that came last in a lane. Only it is given anything: whoever sent an earlier one has given up on it.
#[derive(Debug, Default)]
struct Newest {
    ticket: u64,
    /// The session and the key of the request, if it has one.
    request: Option<(String, String)>,
}

/// A report under way; while it lives, polls of the lane wait for it.
pub(super) struct UnderWay(Arc<Slot>);

impl Drop for UnderWay {
    fn drop(&mut self) {
        self.0.reports.send_modify(|count| *count = count.saturating_sub(1));
    }
}

/// A lane and where its replays are kept.
#[derive(Debug, Default)]
pub(super) struct Held {
    /// What is decided on.
    pub(super) lane: Lane,
    /// For each replay its row.
    pub(super) rows: HashMap<String, i64>,
}

impl Held {
    /// The lane and its rows as they are now.
    pub(super) fn copy(&self) -> (Lane, HashMap<String, i64>) {
        (self.lane.clone(), self.rows.clone())
    }
}

impl Slot {
    /// The lane, for whoever has the turn, or looks only.
    pub(super) fn held(&self) -> MutexGuard<'_, Held> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A poll with this ticket looks at the lane. A request that is repeated under its key stands beside the first, and does not
    /// take its place.
    pub(super) fn enter(&self, ticket: u64, session: &str, key: Option<&str>) {
        let mut newest = self.newest.lock().unwrap_or_else(PoisonError::into_inner);
        if ticket > newest.ticket {
            let request = key.map(|key| (session.to_owned(), key.to_owned()));
            *newest = Newest { ticket: if request.is_some() && request == newest.request { newest.ticket } else { ticket }, request };
        }
    }

    /// Whether no later poll than this one has looked at the lane.
    pub(super) fn is_newest(&self, ticket: u64) -> bool {
        ticket >= self.newest.lock().unwrap_or_else(PoisonError::into_inner).ticket
    }

    /// A report begins to be looked at.
    pub(super) fn report(self: &Arc<Self>) -> UnderWay {
        self.reports.send_modify(|count| *count += 1);
        UnderWay(Arc::clone(self))
    }

    /// Waits until no report is under way, for as long as a request may take.
    pub(super) async fn settled(&self, limit: Duration) {
        let mut reports = self.reports.subscribe();
        let _ = tokio::time::timeout(limit, reports.wait_for(|count| *count == 0)).await;
    }

    /// Whether it is the lane called `key`.
    pub(super) fn is(&self, key: &str) -> bool {
        self.key == key
    }

    /// Whether a poll need not be looked at any closer.
    pub(super) fn is_quiet(&self) -> bool {
        self.held().lane.is_quiet()
    }

    /// The session that holds what is out.
    pub(super) fn holder(&self) -> Option<SessionId> {
        self.held().lane.holder().and_then(|session| session.parse().ok())
    }

    /// Looks at the lane.
    pub(super) fn look<R>(&self, with: impl FnOnce(&Lane) -> R) -> R {
        with(&self.held().lane)
    }
}

/// All lanes.
#[derive(Debug)]
pub(super) struct Lanes {
    slots: RwLock<HashMap<String, Arc<Slot>>>,
    /// For each replay in memory its lane.
    places: RwLock<HashMap<String, String>>,
    progress: broadcast::Sender<Arc<ProgressView>>,
}

impl Lanes {
    /// From what is kept.
    pub(super) fn restored(kept: Vec<Kept>) -> Self {
        let lanes = Self { slots: RwLock::default(), places: RwLock::default(), progress: broadcast::channel(PROGRESS).0 };
        for Kept { row, replay } in kept {
            let slot = lanes.slot(&replay.plan().lane);
            lanes.places_mut().insert(replay.plan().id.clone(), slot.key.clone());
            let mut held = slot.held();
            held.rows.insert(replay.plan().id.clone(), row);
            held.lane.add(replay);
        }
        lanes
    }

    fn places_mut(&self) -> std::sync::RwLockWriteGuard<'_, HashMap<String, String>> {
        self.places.write().unwrap_or_else(PoisonError::into_inner)
    }

    /// The lane called `key`, if there is one.
    pub(super) fn find(&self, key: &str) -> Option<Arc<Slot>> {
        self.slots.read().unwrap_or_else(PoisonError::into_inner).get(key).cloned()
    }

    /// The lane called `key`.
    pub(super) fn slot(&self, key: &str) -> Arc<Slot> {
        if let Some(slot) = self.find(key) {
            return slot;
        }
        let mut slots = self.slots.write().unwrap_or_else(PoisonError::into_inner);
        let make = || Arc::new(Slot { key: key.to_owned(), ..Slot::default() });
        Arc::clone(slots.entry(key.to_owned()).or_insert_with(make))
    }

    /// The lane of a replay that is in memory.
    pub(super) fn of_replay(&self, id: &str) -> Option<Arc<Slot>> {
        let key = self.places.read().unwrap_or_else(PoisonError::into_inner).get(id).cloned()?;
        self.find(&key)
    }

    /// The lane in which `session` was given `action`.
    pub(super) fn holding(&self, session: &SessionId, action: &str) -> Option<Arc<Slot>> {
        self.all().into_iter().find(|slot| slot.look(|lane| lane.gave(session.as_str(), action)))
    }

    /// Every lane.
    pub(super) fn all(&self) -> Vec<Arc<Slot>> {
        self.slots.read().unwrap_or_else(PoisonError::into_inner).values().cloned().collect()
    }

    /// What happens to any replay from now on.
    pub(super) fn listen(&self) -> broadcast::Receiver<Arc<ProgressView>> {
        self.progress.subscribe()
    }

    /// How many replays stand how, of those that are not over.
    pub(super) fn totals(&self) -> HashMap<Status, usize> {
        let mut totals = HashMap::new();
        for slot in self.all() {
            for replay in slot.held().lane.replays().iter().filter(|replay| !replay.status().is_final()) {
                *totals.entry(replay.status()).or_default() += 1;
            }
        }
        totals
    }

    /// A replay that is kept by now has its lane here.
    pub(super) fn place(&self, id: String, slot: &Slot) {
        self.places_mut().insert(id, slot.key.clone());
    }

    /// Replays that are no longer in memory.
    pub(super) fn forget(&self, held: &mut Held, forgotten: Vec<String>) {
        if forgotten.is_empty() {
            return;
        }
        let mut places = self.places_mut();
        for id in forgotten {
            held.rows.remove(&id);
            places.remove(&id);
        }
    }

    /// Lanes in which nothing is left, and that nobody looks at.
    pub(super) fn drop_empty(&self) {
        let mut slots = self.slots.write().unwrap_or_else(PoisonError::into_inner);
        slots.retain(|_, slot| Arc::strong_count(slot) > 1 || !slot.held().lane.replays().is_empty());
    }

    /// Whether anybody listens.
    pub(super) fn has_listeners(&self) -> bool {
        self.progress.receiver_count() > 0
    }

    /// Tells whoever listens.
    pub(super) fn tell(&self, view: ProgressView) {
        // Nobody listens any more: nobody misses it.
        let _ = self.progress.send(Arc::new(view));
    }
}
