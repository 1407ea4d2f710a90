//! The routes, one file a slice.

pub(super) mod fleet;
pub(super) mod health;
pub(super) mod keys;
pub(super) mod resolve;
