//! Workflows: a graph of screens and the actions between them, and the actions that carry it out.

mod action;
mod expand;
mod graph;
mod ports;
mod position;
mod text;
mod watch;

pub use action::{Action, ActionKind, MAX_WAIT_MS, check_actions};
pub use expand::expand;
pub use graph::{Edge, EdgeAction, Fault, Workflow, parse};
pub use ports::{BrokenFile, Fingerprint, Loaded, Workflows};
pub use text::{Unfilled, substitute};
pub use watch::{Awaited, DEFAULT_WATCH_MS, MAX_WATCH_ANCHOR, MAX_WATCH_MS, Watch, watch_faults};
