//! The routes, one file a slice.

pub(super) mod competences;
pub(super) mod config;
pub(super) mod fleet;
pub(super) mod health;
pub(super) mod images;
pub(super) mod keys;
pub(super) mod recordings;
pub(super) mod replay;
pub(super) mod replay_events;
pub(super) mod replays;
pub(super) mod resolve;
pub(super) mod sessions;
pub(super) mod updates;
pub(super) mod workflows;
