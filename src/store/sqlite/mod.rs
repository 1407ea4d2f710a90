//! SQLite: one writer, readers beside it, numbered migrations. One file an entity.

mod agents;
mod cache;
mod database;
mod failure;
mod histories;
mod keys;
mod ledger;
mod migrations;
mod releases;
mod replays;
mod requests;
mod row;
mod served;
mod sessions;
mod transaction;
mod writer;

pub use cache::ConfigCache;
pub use database::Database;
pub use writer::{Committed, Writer};
