//! What must be hit, and whether it was: the rules by which places on a screenshot become a verdict, and two screenshots an
//! effect, with the ports to pixels.
//!
//! Knows no pictures: what is measured comes in through [`Pixels`] and [`Compare`].

mod corpus;
mod decide;
mod difference;
mod gates;
mod resolve;
mod scales;
mod types;
mod words;

pub use corpus::{Expectation, Worth, worth};
pub use decide::{Cause, Decision, Verdict, conclusive, decide, distance};
pub use difference::{Change, Compare, Comparison, Ignored, Judgement, NotComparable, Outcome, Passing, judge};
pub use gates::is_recoloured;
pub use resolve::{Expected, Finding, Order, Why, resolve, resolve_by_source_rule};
pub use scales::{DEFAULT_SCALES, likely_scales};
pub use types::{Candidate, Evidence, Flaw, Parts, Pixels, Place, Quality, Search, Side, Sighting, Standing, is_recorded_scale};
