//! The port to anchors by themselves.

use super::search::Correlation;
use crate::error::Result;
use crate::target::{Anchors, Quality};

impl Anchors for Correlation {
    fn quality(&self, anchor: &[u8]) -> Result<Option<Quality>> {
        Self::quality(self, anchor)
    }
}
