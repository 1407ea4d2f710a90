//! Personal data in texts and documents: which kinds, and where. Never the data themselves.
//!
//! A recogniser for each kind, each with the shape of what it looks for, its checksum where the identifier has one, and words that must
//! stand by it where it hasn't. Every text is walked once, with a bounded look around each number and each `@`: linear on any input.

mod context;
mod email;
mod fold;
mod iban;
mod ipp;
mod nir;
mod number;
mod own;
mod phone;
mod rpps;
mod scan;

pub use own::{MAX_PATTERN_FILE, split_alternatives};
pub use scan::{Finding, Hit, Kind, Scanner};
