//! What competences need from whoever keeps them.

use std::io::BufRead;

use serde::{Deserialize, Serialize};

use super::chain::Head;
use super::node::Node;
use super::state::State;
use crate::error::Result;

/// Held while something changes; given back when it is dropped.
pub trait Held: Send {}

/// What became of a file that was to be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Made {
    /// It is there now, or was there with just this content.
    Whole,
    /// There is another one of that name.
    Taken,
}

/// The files: documents in folders by their states, and the audit, to which lines are added.
pub trait Library: Send + Sync {
    /// Waits until nobody else changes anything, in this program or another.
    fn hold(&self) -> Result<Box<dyn Held>>;
    /// Whether there is anything under that name, be it a link that leads nowhere.
    fn is_taken(&self, state: State, slug: &str) -> Result<bool>;
    /// A document's text, if there is one.
    fn read(&self, state: State, slug: &str) -> Result<Option<String>>;
    /// Makes a document, whole or not at all, never over another.
    fn make(&self, state: State, slug: &str, text: &str) -> Result<Made>;
    /// Removes a document that is still this text; says whether it is gone.
    fn remove(&self, state: State, slug: &str, text: &str) -> Result<bool>;
    /// Every document there is, by state and slug.
    fn list(&self) -> Result<Vec<(State, String)>>;
    /// Removes what writers that were killed left half done; only while held.
    fn sweep(&self) -> Result<()>;
    /// How long the audit is, bytes.
    fn audit_length(&self) -> Result<u64>;
    /// The audit from a byte on; empty where there is none.
    fn audit(&self, from: u64) -> Result<Box<dyn BufRead + Send>>;
    /// Adds whole lines at `at`, the end of the audit, and has them on disk; only while held.
    fn append(&self, at: u64, lines: &str) -> Result<()>;
    /// Cuts the audit off at `at`; what is cut off goes into a file of its own first unless `known`. Only while held. Gives the file's name.
    fn cut(&self, at: u64, known: bool) -> Result<Option<String>>;
    /// The files into which something was cut off.
    fn set_aside(&self) -> Result<Vec<String>>;
}

/// Something that is about to happen, written down whole before it begins: whoever finds it carries it out.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Intent {
    /// The document that is made.
    pub makes: Document,
    /// The document that it takes the place of.
    pub removes: Option<Document>,
    /// What the audit will say of it.
    pub fields: Node,
    /// The very line.
    pub line: String,
    /// What the audit was before it.
    pub before: Head,
    /// By what it is found again, if by anything.
    pub persisted: Option<Persist>,
}

/// A document and where it is kept.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Document {
    /// Its state.
    pub state: State,
    /// Its slug.
    pub slug: String,
    /// Its text.
    pub text: String,
}

/// What is remembered of a persist.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Persist {
    /// By what it is known.
    pub persist_id: String,
    /// The hash of what was asked.
    pub request: Option<[u8; 32]>,
    /// The slug that it was given.
    pub slug: String,
    /// Where the document was put.
    pub path: String,
    /// The number of its entry.
    pub entry: u64,
    /// Where its line begins, bytes.
    pub offset: u64,
}

/// The database: the head of the audit, what is about to happen, and where entries are.
pub trait Ledger: Send + Sync {
    /// The head that was written last; none before the first.
    fn head(&self) -> Result<Option<Head>>;
    /// What was begun and not ended.
    fn pending(&self) -> Result<Option<Intent>>;
    /// Writes down what is about to happen, in place of what was.
    fn begin(&self, intent: &Intent) -> Result<()>;
    /// Forgets what was about to happen.
    fn cancel(&self) -> Result<()>;
    /// What was about to happen has: the new head, and what is remembered; of an id that is known already the first stays.
    fn finish(&self, head: &Head, persisted: &[Persist]) -> Result<()>;
    /// Lines that others added are taken in: as [`finish`](Self::finish), and what is about to happen stays.
    fn finish_taking_in(&self, head: &Head, persisted: &[Persist]) -> Result<()>;
    /// What is known of a persist.
    fn find(&self, persist_id: &str) -> Result<Option<Persist>>;
}
