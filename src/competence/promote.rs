//! Moving a competence up, when its document has what it asks for, or down.

use super::chain::{hex, sha};
use super::document::stamp;
use super::edit::edited;
use super::journal::{Journal, Tools, slug_taken};
use super::node::{Node, map};
use super::persist::refuse_personal;
use super::pii::Scanner;
use super::ports::Document;
use super::requirements::{Evidence, unmet};
use super::shelf::{Shelved, pick};
use super::state::{State, path_of};
use crate::clock::Time;
use crate::error::{Error, Kind, Result};

/// The longest name of a person, and the longest reason, characters.
const MAX_NAME: usize = 200;
const MAX_REASON: usize = 2_000;

/// A move that is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Move {
    /// Which competence.
    pub slug: String,
    /// The state that it is to have.
    pub to: State,
    /// Whether it is to rise.
    pub up: bool,
    /// Who says so.
    pub by: String,
    /// Why.
    pub reason: String,
    /// A replay that ended as `completed`, if one was named.
    pub replay: Option<String>,
}

/// What became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moved {
    /// Which competence.
    pub slug: String,
    /// The state that it had.
    pub from: State,
    /// The state that it has.
    pub to: State,
    /// Where its document is, from the data directory on.
    pub path: String,
    /// The number of the entry in the audit.
    pub entry: u64,
}

/// Moves a competence: the document goes to the folder of its new state, its history and the audit say who moved it and why.
///
/// # Errors
/// `requirements_not_met` with everything that is missing; `wrong_direction`; `pii_detected`; `unknown_competence`.
pub fn change_state(tools: &Tools<'_>, scanner: &Scanner, wanted: &Move, evidence: Evidence, now: Time) -> Result<Moved> {
    check_words(scanner, wanted)?;
    let mut journal = Journal::open(tools)?;
    let found = pick(tools.library, &wanted.slug)?;
    let (from, to) = (found.state, wanted.to);
    if (wanted.up && to <= from) || (!wanted.up && to >= from) {
        let way = if wanted.up { "above" } else { "below" };
        return Err(Error::new(Kind::Conflict, "wrong_direction", format!("{} is {from}, and {to} is not {way} that", found.slug)));
    }
    if wanted.up {
        check_document(scanner, &found, wanted, evidence)?;
    }
    if tools.library.is_taken(to, &found.slug)? {
        return Err(slug_taken(&found.slug, to));
    }
    let now = stamp(now);
    let mut history = vec![
        ("at".to_owned(), Node::from(now.as_str())),
        ("from".to_owned(), Node::from(from.word())),
        ("to".to_owned(), Node::from(to.word())),
        ("by".to_owned(), Node::from(wanted.by.as_str())),
        ("reason".to_owned(), Node::from(wanted.reason.as_str())),
    ];
    history.extend(wanted.replay.as_ref().map(|replay| ("replay".to_owned(), Node::from(replay.as_str()))));
    let text = edited(&found.text, to.word(), &now, &Node::Map(history))?;
    let path = path_of(to, &found.slug);
    let fields = map([
        ("event", Node::from(if wanted.up { "promoted" } else { "demoted" })),
        ("slug", Node::from(found.slug.as_str())),
        ("from", Node::from(from.word())),
        ("state", Node::from(to.word())),
        ("path", Node::from(path.as_str())),
        ("sha256", Node::from(hex(&sha(&[text.as_bytes()])))),
        ("by", Node::from(wanted.by.as_str())),
        ("reason", Node::from(wanted.reason.as_str())),
        ("replay", wanted.replay.clone().into()),
        ("timestamp", Node::from(now.as_str())),
    ]);
    let makes = Document { state: to, slug: found.slug.clone(), text };
    let removes = Document { state: from, slug: found.slug.clone(), text: found.text };
    let entry = journal.carry_out(makes, Some(removes), fields, None)?;
    Ok(Moved { slug: found.slug, from, to, path, entry })
}

/// Who and why must be said, and said without personal data: both stay in the audit for ever.
fn check_words(scanner: &Scanner, wanted: &Move) -> Result<()> {
    for (name, text, most) in [("by", &wanted.by, MAX_NAME), ("reason", &wanted.reason, MAX_REASON)] {
        if text.trim().is_empty() || text.chars().count() > most {
            return Err(Error::field(&["body", name], "value_error", format!("must have 1 to {most} characters")));
        }
    }
    refuse_personal(scanner.document(&map([("by", Node::from(wanted.by.as_str())), ("reason", Node::from(wanted.reason.as_str()))])))
}

/// What a person may have changed since it was persisted is looked at again.
fn check_document(scanner: &Scanner, found: &Shelved, wanted: &Move, evidence: Evidence) -> Result<()> {
    refuse_personal(scanner.document(&found.document))?;
    let mut missing = unmet(&found.document, wanted.to, evidence);
    missing.extend(super::requirements::repeated_ids(&found.document));
    if missing.is_empty() {
        return Ok(());
    }
    let told: Vec<String> = missing.iter().map(|one| format!("{} ({})", one.requirement, one.reason)).collect();
    let list: Vec<serde_json::Value> =
        missing.iter().map(|one| serde_json::json!({ "requirement": one.requirement, "reason": one.reason })).collect();
    Err(Error::new(Kind::Conflict, "requirements_not_met", format!("{} may not become {}: {}", found.slug, wanted.to, told.join("; ")))
        .detail("unmet", list)
        .hint("the document says itself what it needs, under `promotion`"))
}
