//! Settings: every one has a name, a default, and knows where its value came from.
//!
//! Layers, the later wins: default, `lea.toml`, environment, flag. Nothing here reads the process's environment or a home
//! folder by itself: the binary hands in an [`Environment`] and the values of its flags.

mod file;
mod keys;
mod layers;
mod settings;

pub use keys::{KEYS, Key};
pub use layers::{Effective, Environment, Layers, Origin};
pub use settings::{Client, Competence, Limits, OnUnchanged, Replay, Resolve, Server, Session, Settings, Update};
