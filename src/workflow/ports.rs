//! The port: where workflows come from.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::graph::{Fault, Workflow};
use crate::error::Result;

/// Workflows as they were read.
#[derive(Debug, Clone, Default)]
pub struct Loaded {
    /// Those that can be used, by id.
    pub workflows: BTreeMap<String, Arc<Workflow>>,
    /// Files that cannot be.
    pub broken: Vec<BrokenFile>,
}

/// A file that is no workflow, or not to be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BrokenFile {
    /// Its name.
    pub file: String,
    /// Everything that is wrong with it.
    pub faults: Vec<Fault>,
}

/// What tells that something may have changed.
pub type Fingerprint = [u8; 32];

/// Where workflows come from.
pub trait Workflows: Send + Sync {
    /// Changes when any of them does.
    fn fingerprint(&self) -> Result<Fingerprint>;
    /// All of them.
    fn load(&self) -> Result<Loaded>;
}
