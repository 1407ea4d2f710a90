//! What must be hit, and whether it was: the rules by which places on a screenshot become a verdict, and two screenshots an
//! effect, with the ports to pixels.
//!
//! Knows no pictures: what is measured comes in through [`Pixels`] and [`Compare`].

mod analyser;
mod colour;
mod conclude;
mod corpus;
mod decide;
mod difference;
mod doubt;
mod element;
mod fold;
mod gates;
mod grid;
mod identifier;
mod labels;
mod menu;
mod neighbours;
mod plain;
mod presence;
mod read;
mod reading;
mod recognise;
mod resolve;
mod scales;
mod seek;
mod shape;
mod strip;
mod table;
mod together;
mod types;
mod widget;
mod wording;
mod words;

pub use analyser::Analyser;
pub use corpus::{Expectation, Worth, worth};
pub use decide::{Cause, Decision, Verdict, conclusive, decide, distance};
pub use difference::{Change, Compare, Comparison, Ignored, Judgement, NotComparable, Outcome, Passing, judge};
pub use element::{Element, Role};
pub use gates::{hangs_on_strokes, is_recoloured, passes_by_strokes, strokes_decide};
pub use presence::{Anchors, Presence};
pub use read::Reader;
pub use reading::{Laid, Layout, Memory, Montage, Piece, Rule, Script, Text, Tint, Word};
pub use resolve::{By, Expected, Finding, Order, Seen, Why, resolve, resolve_by_source_rule};
pub use scales::{DEFAULT_SCALES, likely_scales};
pub use seek::{Inventory, MOST_ASKED, Query, inventory, seek, seek_among};
pub use shape::{Form, Shape};
pub use together::resolve_by_all;
pub use types::{Candidate, Evidence, Flaw, Parts, Pixels, Place, Quality, Search, Side, Sighting, Standing, Strokes, is_recorded_scale};
pub use wording::{Fit, Match, Wanted};
