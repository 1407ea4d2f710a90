//! What must be hit, and whether it was: the rules by which places on a screenshot become a verdict, and two screenshots an
//! effect, with the ports to pixels.
//!
//! Knows no pictures: what is measured comes in through [`Pixels`] and [`Compare`].

mod decide;
mod difference;
mod gates;
mod resolve;
mod types;
mod words;

pub use decide::{Cause, Decision, Verdict, conclusive, decide, distance};
pub use difference::{Change, Compare, Comparison, Ignored, Judgement, NotComparable, Outcome, Passing, judge};
pub use gates::is_recoloured;
pub use resolve::{DEFAULT_SCALES, Expected, Finding, Order, Why, resolve};
pub use types::{Candidate, Evidence, Flaw, Parts, Pixels, Place, Search, Sighting, Standing, is_recorded_scale};
