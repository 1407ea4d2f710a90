//! The sessions in memory: whose each is, and when it was last heard of. What agents poll most is answered from here.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};
use std::time::Duration;

use crate::clock::Time;
use crate::error::{Error, Kind, Result};
use crate::session::{Claim, Owner, Processing, Recording, SessionId, Speaker, Stage, Tally, claim};

/// Sessions in memory; beyond that, whoever only polls and went silent gives way, else new ones are refused.
const MAX_SEATS: usize = 200_000;

/// Silence after which a session that was never registered is forgotten.
const FORGET_AFTER: Duration = Duration::from_hours(1);

/// How often the fleet is told that a session's machine was heard of.
const TELL_EVERY: Duration = Duration::from_secs(5);

/// Silence after which an agent no longer counts as connected.
pub(super) const LIVE_FOR: Duration = Duration::from_mins(5);

/// Where a session's recording is.
#[derive(Debug, Default)]
pub(super) struct Folder {
    /// `<machine>/<session>`, once somebody asked.
    pub(super) path: Option<String>,
    /// It is being removed, and takes nothing more.
    pub(super) removed: bool,
}

/// A session in memory.
#[derive(Debug)]
pub(super) struct Seat {
    /// Its id, as it was first spelled.
    pub(super) id: SessionId,
    owner: RwLock<Owner>,
    /// Microseconds since 1970.
    seen: AtomicI64,
    /// When the fleet was last told, microseconds since 1970.
    told: AtomicI64,
    /// Whether it is kept on disk; one that was only heard polling is not.
    registered: AtomicBool,
    /// Whether what is kept of it is not what is here.
    dirty: AtomicBool,
    kept: Mutex<KeptSeat>,
    /// The folder that its recording is in, once there is one.
    pub(super) folder: Mutex<Folder>,
    /// It was given a machine, and that is not written yet.
    pub(super) adopted: AtomicBool,
}

/// What is kept of a session besides.
#[derive(Debug)]
struct KeptSeat {
    created_at: Time,
    finalized_at: Option<Time>,
    tally: Tally,
    processing: Processing,
}

impl Seat {
    /// Whose it is.
    pub(super) fn owner(&self) -> Owner {
        self.owner.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// What its work is kept under.
    pub(super) fn lane(&self) -> String {
        self.owner.read().unwrap_or_else(PoisonError::into_inner).lane(&self.id)
    }

    /// When it was last heard of.
    pub(super) fn seen(&self) -> Time {
        Time::from_micros(self.seen.load(Ordering::Relaxed))
    }

    /// Whether it is time to tell the fleet that its machine was heard of; true at most once in a while.
    pub(super) fn must_tell(&self, now: Time) -> bool {
        let told = self.told.load(Ordering::Relaxed);
        now.since(Time::from_micros(told)) >= TELL_EVERY
            && self.told.compare_exchange(told, now.micros(), Ordering::Relaxed, Ordering::Relaxed).is_ok()
    }

    /// Notes that it was heard of at `now`; never moves the time back.
    pub(super) fn touch(&self, now: Time) {
        if self.seen.fetch_max(now.micros(), Ordering::Relaxed) < now.micros() {
            self.dirty.store(true, Ordering::Relaxed);
        }
    }

    /// Whether it is kept on disk.
    pub(super) fn is_registered(&self) -> bool {
        self.registered.load(Ordering::Acquire)
    }

    /// It is kept on disk from now on.
    pub(super) fn register(&self) {
        self.registered.store(true, Ordering::Release);
        self.dirty.store(true, Ordering::Release);
    }

    fn kept(&self) -> MutexGuard<'_, KeptSeat> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether its recording is closed.
    pub(super) fn is_finalized(&self) -> bool {
        self.kept().finalized_at.is_some()
    }

    /// Its recording is closed (or, with none, open) from now on; gives what it was before.
    pub(super) fn set_finalized(&self, at: Option<Time>) -> Option<Time> {
        let before = std::mem::replace(&mut self.kept().finalized_at, at);
        // After the change: whoever takes the mark sees it.
        self.dirty.store(true, Ordering::Release);
        before
    }

    /// Its recording is closed from now on and waits to be looked at, unless it was closed before.
    pub(super) fn finalize(&self, now: Time) {
        {
            let mut kept = self.kept();
            if kept.finalized_at.is_none() {
                kept.finalized_at = Some(now);
                kept.processing = Processing { stage: Stage::Queued, problems: Vec::new(), at: Some(now) };
            }
        }
        self.dirty.store(true, Ordering::Release);
    }

    /// A look at its recording is over, unless another has been asked for meanwhile.
    pub(super) fn processed(&self, processing: Processing) {
        {
            let mut kept = self.kept();
            if kept.processing.stage == Stage::Running {
                kept.processing = processing;
            }
        }
        self.dirty.store(true, Ordering::Release);
    }

    /// What it holds.
    pub(super) fn tally(&self) -> Tally {
        self.kept().tally.clone()
    }

    /// Changes what it holds.
    pub(super) fn count<R>(&self, change: impl FnOnce(&mut Tally) -> R) -> R {
        let changed = change(&mut self.kept().tally);
        self.register();
        changed
    }

    /// How far its processing is.
    pub(super) fn processing(&self) -> Processing {
        self.kept().processing.clone()
    }

    /// Its processing has come so far.
    pub(super) fn set_processing(&self, processing: Processing) {
        self.kept().processing = processing;
        self.dirty.store(true, Ordering::Release);
    }

    /// All that is kept of it.
    pub(super) fn recording(&self) -> Recording {
        let (owner, seen) = (self.owner(), self.seen());
        let kept = self.kept();
        Recording {
            id: self.id.clone(),
            owner,
            created_at: kept.created_at,
            last_activity: seen.max(kept.created_at),
            finalized_at: kept.finalized_at,
            tally: kept.tally.clone(),
            processing: kept.processing.clone(),
        }
    }
}

/// All of them, by folded id.
#[derive(Debug, Default)]
pub(super) struct Seats {
    all: RwLock<HashMap<String, Arc<Seat>>>,
}

impl Seats {
    /// The session called `id`.
    pub(super) fn find(&self, id: &str) -> Option<Arc<Seat>> {
        let all = self.all.read().unwrap_or_else(PoisonError::into_inner);
        match all.get(id) {
            Some(seat) => Some(Arc::clone(seat)),
            None if id.bytes().any(|byte| byte.is_ascii_uppercase()) => all.get(&id.to_ascii_lowercase()).cloned(),
            None => None,
        }
    }

    /// The session called `id`, if `speaker` may speak in it; a new one when there is none. A session without a machine becomes
    /// that of an operator's speaker who names one.
    ///
    /// # Errors
    /// When it is another machine's, is spelled otherwise, or there are too many.
    pub(super) fn take(&self, id: &SessionId, speaker: &Speaker, now: Time) -> Result<Arc<Seat>> {
        let seat = self.claimed(id, speaker, now, now)?;
        seat.touch(now);
        Ok(seat)
    }

    /// The same on somebody else's behalf: it says nothing of when the session was heard of.
    pub(super) fn take_quietly(&self, id: &SessionId, speaker: &Speaker, now: Time) -> Result<Arc<Seat>> {
        self.claimed(id, speaker, now, Time::from_micros(0))
    }

    fn claimed(&self, id: &SessionId, speaker: &Speaker, now: Time, seen: Time) -> Result<Arc<Seat>> {
        let seat = match self.find(id.as_str()) {
            Some(seat) => seat,
            None => self.make(id, speaker.owner(), now, seen)?,
        };
        if seat.id != *id {
            return Err(Error::new(Kind::Conflict, "session_spelled_otherwise", "there is a session whose id differs only in case")
                .hint("ids that differ only in case would share a folder on some systems; choose another"));
        }
        let decided = claim(&seat.owner.read().unwrap_or_else(PoisonError::into_inner), speaker)?;
        if let Claim::Adopt(machine) = decided {
            let mut owner = seat.owner.write().unwrap_or_else(PoisonError::into_inner);
            // Somebody else may have been faster.
            claim(&owner, speaker)?;
            *owner = Owner::Machine(machine);
            seat.adopted.store(true, Ordering::Release);
            seat.dirty.store(true, Ordering::Release);
        }
        Ok(seat)
    }

    fn make(&self, id: &SessionId, owner: Owner, now: Time, seen: Time) -> Result<Arc<Seat>> {
        let mut all = self.all.write().unwrap_or_else(PoisonError::into_inner);
        if all.len() >= MAX_SEATS && !all.contains_key(&id.key()) {
            all.retain(|_, seat| seat.is_registered() || now.since(seat.seen()) < FORGET_AFTER);
            if all.len() >= MAX_SEATS {
                return Err(Error::new(Kind::Unavailable, "too_many_sessions", "the server holds as many sessions as it can")
                    .hint("purge old recordings: `lea session purge`"));
            }
        }
        let fresh = || {
            let (created_at, finalized_at) = (now, None);
            let recording = Recording {
                id: id.clone(),
                owner,
                created_at,
                last_activity: seen,
                finalized_at,
                tally: Tally::default(),
                processing: Processing::default(),
            };
            Arc::new(Seat::new(recording, false))
        };
        let seat = all.entry(id.key()).or_insert_with(fresh);
        Ok(Arc::clone(seat))
    }

    /// Puts back a session that is kept on disk; `changed` if what is kept is not up to date.
    pub(super) fn restore(&self, recording: Recording, changed: bool) {
        let seat = Arc::new(Seat::new(recording, true));
        seat.dirty.store(changed, Ordering::Release);
        self.all.write().unwrap_or_else(PoisonError::into_inner).insert(seat.id.key(), seat);
    }

    /// Sessions of which what is kept is not up to date; they count as kept from here on.
    pub(super) fn take_dirty(&self) -> Vec<Arc<Seat>> {
        let all = self.all.read().unwrap_or_else(PoisonError::into_inner);
        all.values().filter(|seat| seat.is_registered() && seat.dirty.swap(false, Ordering::AcqRel)).cloned().collect()
    }

    /// What could not be kept is not up to date after all.
    pub(super) fn put_back(seats: &[Arc<Seat>]) {
        for seat in seats {
            seat.dirty.store(true, Ordering::Release);
        }
    }

    /// Every session that is kept on disk, the oldest first.
    pub(super) fn registered(&self) -> Vec<Arc<Seat>> {
        let all = self.all.read().unwrap_or_else(PoisonError::into_inner);
        let mut found: Vec<Arc<Seat>> = all.values().filter(|seat| seat.is_registered()).cloned().collect();
        drop(all);
        found.sort_by_cached_key(|seat| (seat.kept().created_at, seat.id.key()));
        found
    }

    /// Forgets a session.
    pub(super) fn forget(&self, id: &SessionId) {
        self.all.write().unwrap_or_else(PoisonError::into_inner).remove(&id.key());
    }

    /// The machines that have sessions, each once, sorted.
    pub(super) fn machines(&self) -> Vec<String> {
        let all = self.all.read().unwrap_or_else(PoisonError::into_inner);
        let names = all.values().filter(|seat| seat.is_registered()).map(|seat| seat.owner().as_str().to_owned());
        names.collect::<std::collections::BTreeSet<_>>().into_iter().collect()
    }

    /// The agents' sessions that `wanted` lets through: those heard of lately before the others, open before finalized ones, the one
    /// heard of last before the rest.
    pub(super) fn agents(&self, now: Time, wanted: impl Fn(&Owner) -> bool) -> Vec<Arc<Seat>> {
        let all = self.all.read().unwrap_or_else(PoisonError::into_inner);
        let mut found: Vec<Arc<Seat>> = all.values().filter(|seat| seat.id.is_agents() && wanted(&seat.owner())).cloned().collect();
        drop(all);
        found.sort_by_key(|seat| {
            let rank = (now.since(seat.seen()) > LIVE_FOR, seat.is_finalized());
            (rank, std::cmp::Reverse(seat.seen()), seat.id.clone())
        });
        found
    }
}

impl Seat {
    fn new(recording: Recording, registered: bool) -> Self {
        let Recording { id, owner, created_at, last_activity, finalized_at, tally, processing } = recording;
        Self {
            id,
            owner: RwLock::new(owner),
            seen: AtomicI64::new(last_activity.micros()),
            told: AtomicI64::new(0),
            registered: AtomicBool::new(registered),
            dirty: AtomicBool::new(false),
            kept: Mutex::new(KeptSeat { created_at, finalized_at, tally, processing }),
            folder: Mutex::default(),
            adopted: AtomicBool::new(false),
        }
    }
}
