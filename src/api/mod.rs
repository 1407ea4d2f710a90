//! The wire: what travels between a server and its clients, one file a slice. Shared by both sides; no logic.

mod compare;
mod competence;
mod config;
mod elements;
mod fleet;
mod replay;
mod replay_view;
mod resolve;
mod session;
mod sight;
mod sought;
mod update;
mod workflow;

pub use compare::*;
pub use competence::*;
pub use config::*;
pub use elements::*;
pub use fleet::*;
pub use replay::*;
pub use replay_view::*;
pub use resolve::*;
pub use session::*;
pub use sight::*;
pub use sought::*;
pub use update::*;
pub use workflow::*;
