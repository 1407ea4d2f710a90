//! Updates: versions, what a machine is offered, whether it takes it, and whether a ZIP is what it should be. Nothing here replaces a
//! live file or restarts anything: that stays a supervised act of a person.

mod archive;
mod depot;
mod freshness;
mod plan;
mod ports;
mod release;
mod rollout;
mod signature;
mod stage;
mod verify;
mod version;

pub use archive::{Ceilings, Inspection, Member, Problem, inspect};
pub use depot::{Delivery, Depot, Proposal, discard_orphan, refused};
pub use freshness::{Memory, Seen};
pub use plan::{Decision, MAX_PLAN_BYTES, Plan, Reason, Wishes, decide};
pub use ports::{Body, Changes, Content, Incoming, Installed, Note, Part, Record, Source, Staging};
pub use release::{Asker, Change, MAX_NOTES_CHARS, Release, Releases, Stage, UpdateType, WhyNot, change, check, offer, publish, ranked};
pub use rollout::place;
pub use signature::{Claim, Distrust, MAX_SIGNATURE_BYTES, NewKeys, Signed, Signer, TrustedKeys, generate, is_sha256};
pub use stage::{Job, Outcome, stage, staged_name};
pub use verify::{Expected, Report, Trust, hash, sha256_of, verify};
pub use version::{MAX_VERSION_BYTES, Version, is_newer};
