//! What is kept: adapters of the slices' ports, one folder a kind of database.

mod sqlite;

pub use sqlite::{Committed, Database, Writer};
