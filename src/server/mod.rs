//! The HTTP server: who may call what, within which limits, and the bridge to what blocks.

mod attempts;
mod auth;
mod callbacks;
mod catalogue;
mod evidence;
mod extract;
mod failpoints;
mod frame;
mod lanes;
mod learned;
mod leave;
mod linger;
mod listen;
mod looks;
mod metrics;
mod moments;
mod openapi;
mod options;
mod pick;
mod processing;
mod recorder;
mod reply;
mod restore;
mod roster;
mod router;
mod routes;
mod run;
mod seats;
mod settle;
mod shelf;
mod state;
mod turns;

use std::sync::Arc;

use crate::error::Result;

pub use listen::{check_address, check_certificate};
pub use openapi::document as openapi;
pub use options::Options;

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
