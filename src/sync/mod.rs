//! The configuration that machines keep at hand: skills and workflows as one snapshot with a version, the copy that works
//! without a server, and when to ask for another.
//!
//! Pure rules and the functions that carry them out over ports: [`Content`] is what a server serves, [`Ledger`] what it remembers of
//! it, [`Source`] where a client asks, [`Cache`] where it keeps its copy. No file, no socket and no clock of its own.

mod cache;
mod canonical;
mod content;
mod difference;
mod pull;
mod schedule;
mod snapshot;

pub use cache::{Cache, Kept};
pub use canonical::{canonical, version_of};
pub use content::{Content, Fingerprint, Ledger, LeftOut, Loaded, MAX_DEPTH, MAX_SNAPSHOT_BYTES, SkillState, Stamp, depth_of};
pub use difference::{Change, Changes, Difference};
pub use pull::{AtHand, Fetched, Pulled, Rules, Source, Trust, pull};
pub use schedule::{Schedule, phase_of};
pub use snapshot::{Entry, Snapshot, claim_of, is_version};
