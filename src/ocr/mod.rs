//! Text on pixels, read by the Tesseract program.
//!
//! Implements the port [`Text`](crate::target::Text) of [`crate::target`]; what text means is decided there.

mod memory;
mod process;
mod tesseract;

pub use memory::Recent;
pub use tesseract::{Found, Tesseract, TesseractOptions, look};
