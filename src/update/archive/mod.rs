//! What an update ZIP holds, read through without writing any of it.

mod contents;
mod directory;
mod inspect;
mod names;
mod problem;

pub use inspect::{Inspection, Member, inspect};
pub(super) use names::is_code;
pub use problem::{Ceilings, Problem};
