//! What is kept: adapters of the slices' ports, one folder a kind of database.

mod entities;
mod sqlite;

pub use entities::Entities;
pub use sqlite::{Committed, ConfigCache, Database, Writer};
