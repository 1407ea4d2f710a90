//! The wire: what travels between a server and its clients, one file a slice. Shared by both sides; no logic.

mod fleet;
mod resolve;

pub use fleet::*;
pub use resolve::*;
