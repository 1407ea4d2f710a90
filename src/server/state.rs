//! What the handlers share; together with `commands/context.rs` the only place that constructs adapters.

use std::sync::Arc;

use secrecy::ExposeSecret;

use super::attempts::Attempts;
use super::metrics::Metrics;
use super::options::Options;
use super::roster::Roster;
use super::run::Bridge;
use crate::clock::Clock;
use crate::config::Settings;
use crate::error::Result;
use crate::fleet::{Agents, TokenHash};
use crate::store::{Database, Writer};

/// What every handler is given.
pub(super) type Shared = Arc<State>;

/// What the handlers share.
pub(super) struct State {
    pub(super) settings: Settings,
    pub(super) operator: TokenHash,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) roster: Arc<Roster>,
    pub(super) metrics: Arc<Metrics>,
    pub(super) attempts: Attempts,
    pub(super) bridge: Bridge,
}

impl State {
    /// Opens the database and reads the fleet.
    pub(super) fn open(options: Options) -> Result<Shared> {
        let Options { settings, database, token, clock } = options;
        let metrics = Arc::new(Metrics::new());
        let roster = Arc::new(Roster::new(Arc::clone(&metrics)));
        let database = Database::open(&database, clock.now())?;
        let readers = database.reader()?;
        let watcher: Arc<Roster> = Arc::clone(&roster);
        let writer = Writer::start(database, watcher, Arc::clone(&clock))?;
        let operator = TokenHash::of(token.expose_secret());
        let bridge = Bridge::new(writer, &readers)?;
        Ok(Arc::new(Self { settings, operator, clock, roster, metrics, attempts: Attempts::default(), bridge }))
    }

    /// Writes what heartbeats said since the last time; also before a row is changed and answered, so that it says the latest.
    pub(super) async fn flush_heartbeats(&self) {
        let touched = self.roster.take_touched();
        if touched.is_empty() {
            return;
        }
        let again = touched.clone();
        let written = self
            .bridge
            .write(move |registry| {
                for (id, at) in &touched {
                    Agents::touch(registry, *id, *at)?;
                }
                Ok(())
            })
            .await;
        if let Err(error) = written {
            tracing::warn!(code = error.code(), "heartbeats could not be written, and will be tried again: {error}");
            self.roster.put_back(again);
        }
    }

    /// Ends the writer once everything it has accepted is written.
    pub(super) fn close(&self) {
        self.bridge.stop();
    }
}
