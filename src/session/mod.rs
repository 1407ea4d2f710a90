//! Recordings: what an agent saw and did, and whose it is.

mod event;
mod owner;
mod ports;
mod record;
mod shot;
mod verify;

pub use event::{Line, event_id_of, event_key, line};
pub use owner::{Claim, Owner, SessionId, Speaker, claim};
pub use ports::{EventKey, Journals, Recordings, Sessions};
pub use record::{Processing, Recording, Stage, Tally};
pub use shot::{Landed, ShotFile, ShotKind, check_shot};
pub use verify::Verifier;
