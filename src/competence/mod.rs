//! Competences: learned skills, kept as documents that people read.
//!
//! The rules are pure: how a name becomes a slug, what is personal data, what a document must hold, how the audit proves that it is
//! whole. What carries them out takes its ports as arguments.

mod chain;
mod document;
mod edit;
mod inspect;
mod journal;
mod limiter;
mod lint;
mod node;
mod persist;
mod pii;
mod ports;
mod promote;
mod request;
mod requirements;
mod shelf;
mod slug;
mod state;
mod verify;
mod walk;
mod yaml;

pub use chain::{Head, Line};
pub use document::{REQUIRED_KEYS, document};
pub use inspect::{Format, MAX_SCANNED_BYTES, inspect};
pub use journal::{Journal, Tools};
pub use limiter::Limiter;
pub use lint::{Remark as LintRemark, Sight, lint};
pub use node::{Node, map, pointer_part};
pub use persist::{Persisted, draft, known, persist};
pub use pii::{Finding, Hit, Kind, MAX_PATTERN_FILE, Scanner, split_alternatives};
pub use ports::{Document, Held, Intent, Ledger, Library, Made, Persist};
pub use promote::{Move, Moved, change_state};
pub use request::{PARAMETER_TYPES, Request, check_numbers};
pub use requirements::{Evidence, Unmet, is_vacuous, unmet};
pub use shelf::{Shelved, Unreadable, pick, shelf};
pub use slug::{is_slug, older, slugify};
pub use state::{State, path_of};
pub use verify::{BadLine, Filter, Verdict, entries, entry_here, find_entry, look_up, prove, verify};
pub use yaml::{Remark, Scalars, Stream, read_one, read_yaml, write_yaml};
