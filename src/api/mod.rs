//! The wire: what travels between a server and its clients, one file a slice. Shared by both sides; no logic.

mod compare;
mod fleet;
mod resolve;

pub use compare::*;
pub use fleet::*;
pub use resolve::*;
