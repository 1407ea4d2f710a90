//! The HTTP server: who may call what, within which limits, and the bridge to what blocks.

mod attempts;
mod auth;
mod extract;
mod frame;
mod listen;
mod metrics;
mod openapi;
mod reply;
mod roster;
mod routes;
mod run;
mod state;

use std::path::PathBuf;
use std::sync::Arc;

use secrecy::SecretString;

use crate::clock::Clock;
use crate::config::Settings;
use crate::error::Result;

pub use listen::{check_address, check_certificate};
pub use openapi::document as openapi;

/// What a server needs to run.
pub struct Options {
    /// The settings in force.
    pub settings: Settings,
    /// The database.
    pub database: PathBuf,
    /// The operator's token.
    pub token: SecretString,
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
}

/// Runs the server until a signal ends it. `ready` is called with the base address once connections are accepted.
///
/// # Errors
/// When the database, the certificate or the address cannot be used.
pub fn serve(options: Options, ready: impl FnOnce(&str) -> Result<()> + Send + 'static) -> Result<()> {
    let runtime = run::runtime()?;
    let state = state::State::open(options)?;
    let served = runtime.block_on(listen::run(Arc::clone(&state), ready));
    // Whatever a request left running is given up; what was accepted is written below.
    runtime.shutdown_timeout(run::LAST_CALL);
    state.close();
    served
}
