//! The fleet in memory: what every request must know (whose token is this?) and what operators list.
//!
//! Told of every commit before its caller is answered, and of other programs' commits within moments, so that it never lags
//! behind an answer of this server.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};
use std::time::Duration;

use axum::body::Bytes;

use super::metrics::Metrics;
use crate::api::{AgentView, FleetAnswer, Totals};
use crate::clock::Time;
use crate::error::{Error, Kind, Result};
use crate::fleet::{Agent, EnrollmentKey, PageQuery, Place, Record, Status, TokenHash, WRONG_CLOCK, Watcher, page};
use crate::id;

/// The fleet in memory.
pub(super) struct Roster {
    fleet: RwLock<Fleet>,
    /// The whole list as it was last asked for, and of which generation it is.
    listing: Mutex<Option<(u64, Bytes)>>,
    metrics: Arc<Metrics>,
}

#[derive(Default)]
struct Fleet {
    machines: HashMap<i64, Machine>,
    order: BTreeMap<Place, i64>,
    /// For each id, folded, the row that a look-up finds.
    folded: HashMap<String, i64>,
    tokens: HashMap<TokenHash, i64>,
    keys: HashMap<TokenHash, EnrollmentKey>,
    touched: HashMap<i64, Time>,
    totals: Totals,
    generation: u64,
}

struct Machine {
    record: Record,
    /// The machine as JSON: lists are long, and most of a list does not change between two of them.
    json: Box<[u8]>,
}

impl Roster {
    pub(super) fn new(metrics: Arc<Metrics>) -> Self {
        Self { fleet: RwLock::default(), listing: Mutex::default(), metrics }
    }

    fn read(&self) -> RwLockReadGuard<'_, Fleet> {
        self.fleet.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, Fleet> {
        self.fleet.write().unwrap_or_else(PoisonError::into_inner)
    }

    /// The row and the folded id of the active machine whose token has this hash.
    pub(super) fn machine_of(&self, hash: &TokenHash) -> Option<(i64, String)> {
        let fleet = self.read();
        let id = *fleet.tokens.get(hash)?;
        let agent = &fleet.machines.get(&id)?.record.agent;
        (agent.status == Status::Active).then(|| (id, agent.machine_id.to_ascii_lowercase()))
    }

    /// The enrollment key with this hash.
    pub(super) fn key_of(&self, hash: &TokenHash) -> Option<EnrollmentKey> {
        self.read().keys.get(hash).cloned()
    }

    /// The machine called `text`, in any case.
    pub(super) fn agent(&self, text: &str) -> Result<AgentView> {
        let fleet = self.read();
        let id = fleet.folded.get(&id::trim(text).to_ascii_lowercase());
        let found = id.and_then(|id| fleet.machines.get(id)).map(|machine| AgentView::from(&machine.record.agent));
        found.ok_or_else(|| match id::check(id::trim(text)) {
            Some(why) => Error::field(&["path", "machine_id"], "value_error", format!("a machine id {why}")),
            None => Error::new(Kind::NotFound, "unknown_machine", "there is no machine of that id"),
        })
    }

    /// Whether the machine called `key` (folded) was taken out of the fleet; one that never was in it was not.
    pub(super) fn has_left(&self, key: &str) -> bool {
        self.read().find(key).is_some_and(|agent| agent.status == Status::Uninstalled)
    }

    /// Since when the machine called `key` (folded) is in the fleet, if it is and that is known.
    pub(super) fn enrolled_at(&self, key: &str) -> Option<Time> {
        self.read().find(key).filter(|agent| agent.status == Status::Active)?.enrolled_at
    }

    /// Notes that a machine was heard of at `now`.
    pub(super) fn touch(&self, text: &str, now: Time) -> Result<(String, Time)> {
        let id = id::trim(text).to_ascii_lowercase();
        if let Some(why) = id::check(&id) {
            return Err(Error::field(&["body", "machine_id"], "value_error", format!("a machine id {why}")));
        }
        let mut fleet = self.write();
        let fleet = &mut *fleet;
        let machine = fleet.folded.get(&id).and_then(|id| fleet.machines.get_mut(id));
        let machine = machine.ok_or_else(|| Error::new(Kind::NotFound, "unknown_machine", "there is no machine of that id"))?;
        let agent = &mut machine.record.agent;
        if agent.status != Status::Active {
            return Err(Error::new(Kind::Conflict, "uninstalled", "the machine is uninstalled; enroll it again"));
        }
        // A time far ahead is what a wrong clock left behind.
        let seen = agent.last_seen_at.filter(|before| *before <= now.plus(WRONG_CLOCK)).map_or(now, |before| before.max(now));
        agent.last_seen_at = Some(seen);
        fleet.touched.insert(agent.id, seen);
        let name = agent.machine_id.clone();
        machine.json = json(&machine.record);
        fleet.generation += 1;
        Ok((name, seen))
    }

    /// What [`touch`](Self::touch) noted since the last time.
    pub(super) fn take_touched(&self) -> HashMap<i64, Time> {
        if self.read().touched.is_empty() { HashMap::new() } else { std::mem::take(&mut self.write().touched) }
    }

    /// Notes again what could not be written.
    pub(super) fn put_back(&self, touched: HashMap<i64, Time>) {
        let mut fleet = self.write();
        for (id, at) in touched {
            fleet.touched.entry(id).or_insert(at);
        }
    }

    /// The whole list, if it has not changed since it was last built.
    pub(super) fn ready_listing(&self) -> Option<Bytes> {
        let generation = self.read().generation;
        // Held only while somebody builds it: then it isn't ready.
        let listing = self.listing.try_lock().ok()?;
        listing.as_ref().filter(|(of, _)| *of == generation).map(|(_, bytes)| bytes.clone())
    }

    /// The whole list as JSON; builds it if need be, once for everybody who waits.
    pub(super) fn listing(&self) -> Bytes {
        let mut listing = self.listing.lock().unwrap_or_else(PoisonError::into_inner);
        let fleet = self.read();
        if let Some((of, bytes)) = &*listing
            && *of == fleet.generation
        {
            return bytes.clone();
        }
        let bytes = Bytes::from(fleet.to_json());
        *listing = Some((fleet.generation, bytes.clone()));
        bytes
    }

    /// A page of the list.
    pub(super) fn page(&self, query: &PageQuery) -> FleetAnswer {
        let fleet = self.read();
        let sorted = fleet.order.iter().filter_map(|(place, id)| fleet.machines.get(id).map(|m| (*place, m.record.agent.status, m)));
        let found = page(sorted, query);
        let items = found.items.into_iter().map(|machine| AgentView::from(&machine.record.agent)).collect();
        FleetAnswer::of(crate::fleet::Page { items, next: found.next }, fleet.totals, query.limit.is_some())
    }

    /// How many machines there are.
    pub(super) fn totals(&self) -> Totals {
        self.read().totals
    }
}

impl Watcher for Roster {
    fn changed(&self, records: Vec<Record>, keys: Option<Vec<EnrollmentKey>>) {
        let mut fleet = self.write();
        for record in records {
            fleet.put(record);
        }
        if let Some(keys) = keys {
            fleet.put_keys(keys);
        }
        fleet.generation += 1;
    }

    fn replaced(&self, records: Vec<Record>, keys: Vec<EnrollmentKey>) {
        // Built beside the old one, so that nobody waits for it.
        let mut new = Fleet::default();
        for record in records {
            new.put(record);
        }
        new.put_keys(keys);
        let mut fleet = self.write();
        new.touched = std::mem::take(&mut fleet.touched);
        new.generation = fleet.generation + 1;
        new.keep_seen(&fleet);
        let old = std::mem::replace(&mut *fleet, new);
        drop(fleet);
        drop(old);
    }

    fn committed(&self, changes: usize, took: Duration) {
        self.metrics.committed(changes, took);
    }
}

impl Fleet {
    fn find(&self, key: &str) -> Option<&Agent> {
        self.machines.get(self.folded.get(key)?).map(|machine| &machine.record.agent)
    }

    fn put(&mut self, mut record: Record) {
        let id = record.agent.id;
        // What was heard since the row was read is newer than the row.
        let mut seen = self.touched.get(&id).copied();
        if let Some(old) = self.machines.remove(&id) {
            seen = seen.max(old.record.agent.last_seen_at);
            self.order.remove(&Place::of(&old.record.agent));
            *self.counter(old.record.agent.status) -= 1;
            if let Some(hash) = old.record.token {
                self.tokens.remove(&hash);
            }
        }
        match record.agent.status {
            Status::Active => record.agent.last_seen_at = record.agent.last_seen_at.max(seen),
            Status::Uninstalled => drop(self.touched.remove(&id)),
        }
        *self.counter(record.agent.status) += 1;
        let place = Place::of(&record.agent);
        self.order.insert(place, id);
        if let Some(hash) = record.token {
            self.tokens.insert(hash, id);
        }
        let folded = record.agent.machine_id.to_ascii_lowercase();
        let newest = self.folded.get(&folded).and_then(|other| self.machines.get(other)).map(|other| Place::of(&other.record.agent));
        if newest.is_none_or(|newest| place < newest) {
            self.folded.insert(folded, id);
        }
        self.machines.insert(id, Machine { json: json(&record), record });
    }

    /// Takes over from `old` when machines were last heard of, where that is later than their rows say.
    fn keep_seen(&mut self, old: &Self) {
        for (id, machine) in &mut self.machines {
            let agent = &mut machine.record.agent;
            let seen = old.machines.get(id).and_then(|known| known.record.agent.last_seen_at);
            if agent.status == Status::Active && seen > agent.last_seen_at {
                agent.last_seen_at = seen;
                machine.json = json(&machine.record);
            }
        }
    }

    fn counter(&mut self, status: Status) -> &mut u64 {
        match status {
            Status::Active => &mut self.totals.active,
            Status::Uninstalled => &mut self.totals.uninstalled,
        }
    }

    fn put_keys(&mut self, keys: Vec<EnrollmentKey>) {
        self.keys = keys.into_iter().map(|key| (key.hash, key)).collect();
    }

    fn to_json(&self) -> Vec<u8> {
        let size: usize = self.machines.values().map(|machine| machine.json.len() + 1).sum();
        let mut text = Vec::with_capacity(size + 128);
        text.extend_from_slice(b"{\"active\":");
        self.push_all(Status::Active, &mut text);
        text.extend_from_slice(b",\"uninstalled\":");
        self.push_all(Status::Uninstalled, &mut text);
        text.extend_from_slice(
            format!(",\"totals\":{{\"active\":{},\"uninstalled\":{}}}}}", self.totals.active, self.totals.uninstalled).as_bytes(),
        );
        text
    }

    fn push_all(&self, status: Status, text: &mut Vec<u8>) {
        let mut lead = b'[';
        for machine in self.order.values().filter_map(|id| self.machines.get(id)).filter(|machine| machine.record.agent.status == status) {
            text.push(lead);
            text.extend_from_slice(&machine.json);
            lead = b',';
        }
        if lead == b'[' {
            text.push(lead);
        }
        text.push(b']');
    }
}

fn json(record: &Record) -> Box<[u8]> {
    // A struct of texts, numbers and times is always JSON.
    serde_json::to_vec(&AgentView::from(&record.agent)).unwrap_or_default().into_boxed_slice()
}
