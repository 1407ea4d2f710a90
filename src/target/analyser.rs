//! Another program that looks at screenshots.

use super::element::Element;
use crate::error::Result;

/// Says what is on a screenshot, instead of reading it here.
pub trait Analyser: Send + Sync {
    /// The elements on `screenshot`, PNG or JPEG, of `size` in pixels.
    ///
    /// # Errors
    /// When it gives no answer that can be used. Nothing is then known of the screenshot.
    fn analyse(&self, screenshot: &[u8], size: (u32, u32)) -> Result<Vec<Element>>;
}
