//! What a server is told before it starts.

use std::path::PathBuf;
use std::sync::Arc;

use secrecy::SecretString;

use crate::clock::Clock;
use crate::competence::Scanner;
use crate::config::Settings;
use crate::target::Analyser;

/// What a server needs to run.
pub struct Options {
    /// The settings in force.
    pub settings: Settings,
    /// The database.
    pub database: PathBuf,
    /// The data directory, below which recordings and screens are kept.
    pub data_dir: PathBuf,
    /// The operator's token.
    pub token: SecretString,
    /// The point at which a debug build dies, for tests; see `failpoints.rs`.
    pub failpoint: Option<String>,
    /// Looks at screens instead of reading them, where one is configured.
    pub analyser: Option<Arc<dyn Analyser>>,
    /// What looks for personal data.
    pub scanner: Scanner,
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
}
