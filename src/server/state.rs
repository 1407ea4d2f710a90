//! What the handlers share; together with `commands/context.rs` the only place that constructs adapters.

use std::sync::Arc;

use secrecy::ExposeSecret;
use tokio::sync::Semaphore;

use super::attempts::Attempts;
use super::metrics::Metrics;
use super::options::Options;
use super::roster::Roster;
use super::run::Bridge;
use crate::clock::Clock;
use crate::config::Settings;
use crate::error::Result;
use crate::fleet::{Agents, Token, TokenHash};
use crate::store::{Database, Writer};
use crate::target::Pixels;
use crate::vision::{Ceilings, Correlation};

/// Requests with pictures that are held in memory at once.
const MAX_PICTURES: usize = 32;

/// What every handler is given.
pub(super) type Shared = Arc<State>;

/// What the handlers share.
pub(super) struct State {
    pub(super) settings: Settings,
    pub(super) operator: TokenHash,
    /// Whether the operator's token is too hard to guess for guesses to be held against an address.
    pub(super) operator_is_strong: bool,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) roster: Arc<Roster>,
    pub(super) metrics: Arc<Metrics>,
    pub(super) attempts: Attempts,
    pub(super) bridge: Bridge,
    pub(super) pixels: Arc<dyn Pixels>,
    pub(super) pictures: Arc<Semaphore>,
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
        let operator_is_strong = Token::is_strong(token.expose_secret());
        let bridge = Bridge::new(writer, &readers)?;
        let ceilings = Ceilings { bytes: settings.limits.image_bytes, pixels: settings.limits.image_pixels };
        let pixels = Arc::new(Correlation::new(ceilings));
        Ok(Arc::new(Self {
            settings,
            operator,
            operator_is_strong,
            clock,
            roster,
            metrics,
            attempts: Attempts::default(),
            bridge,
            pixels,
            pictures: Arc::new(Semaphore::new(MAX_PICTURES)),
        }))
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
