//! Files: written whole or not at all, readable by no more people than needed, locked against a second program.

mod lock;
mod private;
mod whole;

pub use lock::{Lock, acquire};
pub use private::{Access, create_private, create_private_dir, is_private};
pub use whole::{flush_folder, read_capped, write_whole};
