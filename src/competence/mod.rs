//! Competences: learned skills, kept as documents that people read.
//!
//! The rules are pure: how a name becomes a slug, what is personal data, what a document must hold, how the audit proves that it is
//! whole. What carries them out takes its ports as arguments.

mod inspect;
mod node;
mod pii;
mod slug;
mod yaml;

pub use inspect::{Format, MAX_SCANNED_BYTES, inspect};
pub use node::{Node, map, pointer_part};
pub use pii::{Finding, Hit, Kind, MAX_PATTERN_FILE, Scanner, split_alternatives};
pub use slug::{is_slug, older, slugify};
pub use yaml::{Remark, Scalars, Stream, read_one, read_yaml, write_yaml};
