//! The workflows in memory, read again when their files change.

use std::sync::{Arc, Mutex, PoisonError};

use crate::error::Result;
use crate::workflow::{Fingerprint, Loaded, Workflows};

/// The workflows in memory.
pub(super) struct Catalogue {
    shelf: Arc<dyn Workflows>,
    read: Mutex<Option<(Fingerprint, Arc<Loaded>)>>,
}

impl Catalogue {
    /// Of what is on `shelf`; nothing is read yet.
    pub(super) fn new(shelf: Arc<dyn Workflows>) -> Self {
        Self { shelf, read: Mutex::default() }
    }

    /// All of them, as they are now; looks at the files, for a thread that may wait.
    pub(super) fn current(&self) -> Result<Arc<Loaded>> {
        let fingerprint = self.shelf.fingerprint()?;
        let mut read = self.read.lock().unwrap_or_else(PoisonError::into_inner);
        match &*read {
            Some((of, loaded)) if *of == fingerprint => Ok(Arc::clone(loaded)),
            _ => {
                let loaded = Arc::new(self.shelf.load()?);
                for broken in &loaded.broken {
                    tracing::warn!(file = broken.file, faults = broken.faults.len(), "a workflow cannot be used");
                }
                *read = Some((fingerprint, Arc::clone(&loaded)));
                Ok(loaded)
            }
        }
    }
}
