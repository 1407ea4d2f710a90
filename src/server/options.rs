//! What a server is told before it starts.

use std::path::PathBuf;
use std::sync::Arc;

use secrecy::SecretString;

use crate::clock::Clock;
use crate::config::Settings;

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
