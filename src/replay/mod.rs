//! Replays: actions handed to a machine one at a time, each once, and what became of them.
//!
//! The rules are pure. [`Lane::step`] is told what happened and says what follows, as facts; whoever keeps replays keeps the facts
//! first and applies them afterwards. A replay is its [`Plan`] and its facts, in order, and nothing else is kept of it.

mod cursor;
mod ending;
mod input;
mod lane;
#[cfg(test)]
mod model;
mod ports;
mod state;
mod types;
mod watch;

pub use cursor::Counts;
pub use input::{Answer, Input, Step, Taken};
pub use lane::{Lane, MAX_SINGLES, RETRY_WAIT_MS, check_plan, unknown_action, unknown_replay};
pub use ports::{Kept, Notice, ReplayQuery, Replays, Screens, StartRequest, kept};
pub use state::{Attempt, Plan, Replay, Source};
pub use types::{
    Decision, Fact, Look, MAX_KEY, Moment, OnUnchanged, Outcome, Point, Policy, Receipt, Report, Sighted, Stall, Status, Verification,
    check_key,
};
pub use watch::{LOOK_WAIT_MS, MOST_LOOK_WAIT_MS};
