//! What is there: every document, or one.

use super::node::Node;
use super::ports::Library;
use super::slug::is_slug;
use super::state::{State, path_of};
use super::yaml::read_one;
use crate::error::{Error, Kind, Result};

/// A document that was read.
#[derive(Debug, Clone, PartialEq)]
pub struct Shelved {
    /// Its slug.
    pub slug: String,
    /// Its state: the folder that it is in.
    pub state: State,
    /// Where it is, from the data directory on.
    pub path: String,
    /// Its text.
    pub text: String,
    /// What it says.
    pub document: Node,
}

/// A document that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unreadable {
    /// Its slug.
    pub slug: String,
    /// Its state.
    pub state: State,
    /// Why.
    pub reason: String,
}

/// Every document, and those that cannot be read; by state, then by slug.
///
/// # Errors
/// When the folders cannot be read.
pub fn shelf(library: &dyn Library, only: Option<State>) -> Result<(Vec<Shelved>, Vec<Unreadable>)> {
    let (mut read, mut unreadable) = (Vec::new(), Vec::new());
    for (state, slug) in library.list()? {
        if only.is_some_and(|only| only != state) {
            continue;
        }
        match take(library, state, &slug) {
            Ok(Some(shelved)) => read.push(shelved),
            // Moved or removed since.
            Ok(None) => {}
            Err(error) => {
                // Machines read this too: where the server keeps its files is nothing to them.
                let reason = match error.code() {
                    "permission_denied" | "io_error" | "file_not_found" => format!("{} cannot be read", path_of(state, &slug)),
                    _ => error.to_string(),
                };
                unreadable.push(Unreadable { slug, state, reason });
            }
        }
    }
    Ok((read, unreadable))
}

/// The competence of that slug, in whatever state; while it is moved, the further one.
///
/// # Errors
/// `unknown_competence` when there is none; when it cannot be read.
pub fn pick(library: &dyn Library, slug: &str) -> Result<Shelved> {
    let unknown = || {
        Error::new(Kind::NotFound, "unknown_competence", "there is no competence of that slug")
            .hint("`lea competence list` shows what there is")
    };
    if !is_slug(slug) {
        return Err(unknown());
    }
    for state in State::ALL.into_iter().rev() {
        if let Some(shelved) = take(library, state, slug)? {
            return Ok(shelved);
        }
    }
    Err(unknown())
}

fn take(library: &dyn Library, state: State, slug: &str) -> Result<Option<Shelved>> {
    let Some(text) = library.read(state, slug)? else { return Ok(None) };
    let path = path_of(state, slug);
    let document = read_one(&text).map_err(|error| error.led_by(&format!("{path}: ")))?;
    if !matches!(document, Node::Map(_)) {
        return Err(Error::new(Kind::Input, "invalid_document", format!("{path} is no object")));
    }
    Ok(Some(Shelved { slug: slug.to_owned(), state, path, text, document }))
}
