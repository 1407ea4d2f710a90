//! `lea`: the server of a fleet of agents that record and replay what a person does on screen, and the tools around it.
//!
//! The slices hold the rules: [`fleet`] (enrollment, tokens, history), [`session`] (recordings), [`replay`] (actions, one at a
//! time and each once), [`target`] (where on the screen something is), [`update`] (which version a machine runs next) and [`sync`]
//! (what machines keep at hand).
//! The tools carry them out: [`vision`] (pixels), [`ocr`] (text on pixels), [`store`] (SQLite), [`files`], [`client`] and [`server`] (HTTP), with
//! [`api`] as the wire between the two. Below all of them: [`error`], [`clock`], [`id`], [`json`]; beside them [`config`].
//!
//! The library never prints, never ends the process, and reads neither the environment nor a home folder by itself.

pub mod api;
pub mod client;
pub mod clock;
pub mod competence;
pub mod config;
pub mod error;
pub mod files;
pub mod fleet;
pub mod id;
pub mod json;
pub mod ocr;
pub mod replay;
pub mod server;
pub mod session;
pub mod store;
pub mod sync;
pub mod target;
pub mod update;
pub mod vision;
pub mod workflow;

/// The version of this program, as `lea --version` prints it.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");
