//! What a monitoring system is told.

use std::collections::HashMap;
use std::time::Duration;

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::{Registry, Unit};

use crate::api::Totals;
use crate::error::{Error, Kind, Result};
use crate::replay::{Fact, Status};
use crate::session::ShotKind;

/// Upper bounds of the time buckets, seconds.
const BUCKETS: [f64; 10] = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.05, 0.1, 0.5, 2.5, 10.0];

#[derive(Debug, Clone, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Call {
    route: String,
    method: &'static str,
    status: u16,
}

#[derive(Debug, Clone, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Route {
    route: String,
}

#[derive(Debug, Clone, Hash, PartialEq, Eq, EncodeLabelSet)]
struct OfStatus {
    status: &'static str,
}

#[derive(Debug, Clone, Hash, PartialEq, Eq, EncodeLabelSet)]
struct OfOutcome {
    outcome: &'static str,
}

/// Counters and histograms of this process.
pub(super) struct Metrics {
    registry: Registry,
    requests: Family<Call, Counter>,
    seconds: Family<Route, Histogram, fn() -> Histogram>,
    agents: Family<OfStatus, Gauge>,
    transactions: Histogram,
    changes: Counter,
    handed: Counter,
    outcomes: Family<OfOutcome, Counter>,
    replays: Family<OfStatus, Gauge>,
    events: Counter,
    screens: Counter,
    crops: Counter,
    shots: Counter,
    waiting: Gauge,
}

/// A poll that waits, counted while it lives.
pub(super) struct Waiting(Gauge);

impl Drop for Waiting {
    fn drop(&mut self) {
        self.0.dec();
    }
}

fn histogram() -> Histogram {
    Histogram::new(BUCKETS)
}

impl Metrics {
    pub(super) fn new() -> Self {
        let mut registry = Registry::with_prefix("lea");
        let requests = Family::<Call, Counter>::default();
        let seconds = Family::<Route, Histogram, fn() -> Histogram>::new_with_constructor(histogram);
        let agents = Family::<OfStatus, Gauge>::default();
        let transactions = histogram();
        let changes = Counter::default();
        let handed = Counter::default();
        let outcomes = Family::<OfOutcome, Counter>::default();
        let replays = Family::<OfStatus, Gauge>::default();
        registry.register("replay_actions_handed_out", "Actions handed to agents", handed.clone());
        registry.register("replay_outcomes", "Attempts at actions by how they ended", outcomes.clone());
        let (events, screens, crops, shots) = (Counter::default(), Counter::default(), Counter::default(), Counter::default());
        let waiting = Gauge::default();
        registry.register("polls_waiting", "Polls of agents that wait for an action", waiting.clone());
        registry.register("events", "Events written to journals", events.clone());
        registry.register("shots", "Shots kept", shots.clone());
        registry.register("replays", "Replays that are not over, by status", replays.clone());
        registry.register("http_requests", "Requests by route, method and status", requests.clone());
        registry.register_with_unit("http_request_duration", "Time to answer", Unit::Seconds, seconds.clone());
        registry.register("agents", "Machines by status", agents.clone());
        registry.register_with_unit("database_transaction_duration", "Time of a writing transaction", Unit::Seconds, transactions.clone());
        registry.register("database_changes", "Changes written, many to a transaction", changes.clone());
        Self {
            registry,
            requests,
            seconds,
            agents,
            transactions,
            changes,
            handed,
            outcomes,
            replays,
            events,
            screens,
            crops,
            shots,
            waiting,
        }
    }

    /// A poll begins to wait.
    pub(super) fn waits(&self) -> Waiting {
        self.waiting.inc();
        Waiting(self.waiting.clone())
    }

    /// A request was answered.
    pub(super) fn answered(&self, route: &str, method: &'static str, status: u16, took: Duration) {
        self.requests.get_or_create(&Call { route: route.to_owned(), method, status }).inc();
        self.seconds.get_or_create(&Route { route: route.to_owned() }).observe(took.as_secs_f64());
    }

    /// An event was written.
    pub(super) fn recorded_event(&self) {
        self.events.inc();
    }

    /// A shot was kept.
    pub(super) fn recorded_shot(&self, kind: ShotKind) {
        self.shots.inc();
        match kind {
            ShotKind::Full => {
                self.screens.inc();
            }
            ShotKind::Crop => {
                self.crops.inc();
            }
            _ => {}
        }
    }

    /// Events, screens at actions and crops since the start.
    pub(super) fn recorded(&self) -> (u64, u64, u64) {
        (self.events.get(), self.screens.get(), self.crops.get())
    }

    /// Something happened to a replay.
    pub(super) fn replayed(&self, facts: &[Fact]) {
        for fact in facts {
            match fact {
                Fact::Handed { .. } => {
                    self.handed.inc();
                }
                Fact::Ended { outcome, .. } => {
                    self.outcomes.get_or_create(&OfOutcome { outcome: outcome.as_str() }).inc();
                }
                _ => {}
            }
        }
    }

    /// A transaction was committed or failed.
    pub(super) fn committed(&self, changes: usize, took: Duration) {
        self.transactions.observe(took.as_secs_f64());
        self.changes.inc_by(changes as u64);
    }

    /// Everything in Prometheus' text format.
    pub(super) fn text(&self, totals: Totals, replays: &HashMap<Status, usize>) -> Result<String> {
        let count = |status, number: u64| self.agents.get_or_create(&OfStatus { status }).set(i64::try_from(number).unwrap_or(i64::MAX));
        count("active", totals.active);
        count("uninstalled", totals.uninstalled);
        for status in [Status::Running, Status::Paused, Status::Stalled] {
            let number = replays.get(&status).copied().unwrap_or(0);
            self.replays.get_or_create(&OfStatus { status: status.as_str() }).set(i64::try_from(number).unwrap_or(i64::MAX));
        }
        let mut text = String::new();
        encode(&mut text, &self.registry)
            .map_err(|cause| Error::new(Kind::Bug, "bug", "the metrics could not be written").caused_by(cause))?;
        Ok(text)
    }
}
