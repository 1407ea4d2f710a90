//! What must be hit: the rules by which places on a screenshot become a verdict, and the port to pixels.
//!
//! Knows no pictures: what is measured comes in through [`Pixels`].

mod decide;
mod resolve;
mod types;
mod words;

pub use decide::{Cause, Decision, Standing, Verdict, conclusive, decide, distance};
pub use resolve::{DEFAULT_SCALES, Expected, Finding, Order, Why, resolve};
pub use types::{Candidate, Evidence, Flaw, Pixels, Place, Search, Sighting, is_recorded_scale};
