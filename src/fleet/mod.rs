//! The fleet: which machines there are, who may speak for them, and what happened to them.
//!
//! Rules are pure ([`decide()`] above all); [`enroll()`], [`uninstall`], [`rotate_token`] and the functions beside them carry a
//! decision out through the port [`Registry`], inside one transaction of whoever implements it.

mod agent;
mod alive;
mod care;
mod decide;
mod enroll;
mod history;
mod issue;
mod key;
mod listing;
mod registry;
mod token;

pub use agent::{Agent, FACT_NAMES, Facts, MAX_FACT_CHARS, Record, Status, WRONG_CLOCK};
pub use care::{check_here, find_agent, note_version, rotate_token, uninstall, uninstalled};
pub use decide::{Decision, Refusal, decide};
pub use enroll::{Claim, Enrolled, MAX_IDEMPOTENCY_KEY_CHARS, Order, Outcome, REPEAT_WINDOW, enroll};
pub use history::{Caller, Conflict, Entry, Event};
pub use issue::{MAX_KEY_NAME_CHARS, create_key, revoke_key};
pub use key::{EnrollmentKey, parse_lifetime};
pub use listing::{MAX_PAGE, Page, PageQuery, Place, page};
pub use registry::{Agents, Histories, Keys, PastRequest, Registry, Requests, Watcher};
pub use token::{Token, TokenHash, TokenKind};
