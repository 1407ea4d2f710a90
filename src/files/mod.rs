//! Files: written whole or not at all, readable by no more people than needed, locked against a second program.

mod competences;
mod content;
mod journals;
mod lock;
mod private;
mod public_keys;
mod recordings;
mod releases;
mod screens;
mod scripts;
mod secret_key;
mod staging;
mod whole;
mod workflows;

pub use competences::{CompetenceFolder, MAX_DOCUMENT_BYTES};
pub use content::ContentFolder;
pub use journals::JournalFolder;
pub use lock::{Lock, acquire};
pub use private::{Access, create_private, create_private_dir, is_private, make_private};
pub use public_keys::trusted_keys;
pub use recordings::RecordingFolder;
pub use releases::ReleaseFolder;
pub use screens::ScreenFolder;
pub use scripts::ScriptFolder;
pub use secret_key::signer;
pub use staging::{FileSource, InstalledFolder, StagingFolder};
pub use whole::{flush_folder, read_capped, write_whole, write_whole_from};
pub use workflows::{MAX_WORKFLOW_BYTES, WorkflowFolder, read_workflow};
