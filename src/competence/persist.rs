//! Persisting a competence: slug, personal data, collision, document, file and audit as one.

use super::chain::{hex, sha};
use super::document::{document, stamp};
use super::journal::{Journal, Tools, slug_taken};
use super::node::{Node, map};
use super::pii::{Finding, Scanner};
use super::ports::{Document, Library, Persist};
use super::request::Request;
use super::slug;
use super::state::{State, path_of};
use super::yaml::write_yaml;
use crate::clock::Time;
use crate::error::{Error, Kind, Result};
use crate::id;

/// What became of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Persisted {
    /// The slug.
    pub slug: String,
    /// Where the document is, from the data directory on.
    pub path: String,
    /// The number of its entry in the audit.
    pub entry: u64,
    /// Whether it was made now; false when the same request came before.
    pub created: bool,
}

/// Persists what is asked for; what was persisted before under the same id is answered as it was then.
///
/// # Errors
/// `pii_detected` with the findings; `slug_taken` with the state; `persist_id_reused` when other content came under that id.
pub fn persist(tools: &Tools<'_>, scanner: &Scanner, request: &Request, now: Time) -> Result<Persisted> {
    let mut journal = Journal::open(tools)?;
    if let Some(known) = known(tools, request)? {
        return Ok(known);
    }
    let text = draft(scanner, request, now)?;
    refuse_taken(tools.library, request)?;
    let (state, path) = (State::Candidate, path_of(State::Candidate, &request.slug));
    let persist_id = request.persist_id.clone().unwrap_or_else(id::fresh);
    let hash = request.hash();
    let fields = map([
        ("event", Node::from("persisted")),
        ("persist_id", Node::from(persist_id.as_str())),
        ("slug", Node::from(request.slug.as_str())),
        ("state", Node::from(state.word())),
        ("path", Node::from(path.as_str())),
        ("sha256", Node::from(hex(&sha(&[text.as_bytes()])))),
        ("request_sha256", Node::from(hex(&hash))),
        ("session_id", request.session_id.clone().into()),
        ("machine_id", request.machine_id.clone().into()),
        ("external_agent_id", request.external_agent_id.clone().into()),
        ("timestamp", Node::from(stamp(now))),
    ]);
    let slug = request.slug.clone();
    let persisted = Persist { persist_id, request: Some(hash), slug: slug.clone(), path: path.clone(), entry: 0, offset: 0 };
    let entry = journal.carry_out(Document { state, slug: slug.clone(), text }, None, fields, Some(persisted))?;
    Ok(Persisted { slug, path, entry, created: true })
}

/// The document that would be written for `request`, as YAML.
///
/// # Errors
/// `pii_detected` with the findings.
pub fn draft(scanner: &Scanner, request: &Request, now: Time) -> Result<String> {
    refuse_personal(scanner.document(&request.given))?;
    write_yaml(&document(request, State::Candidate, now))
}

/// What was answered when the request came before, if it did.
///
/// # Errors
/// `persist_id_reused` when what came under that id was something else.
pub fn known(tools: &Tools<'_>, request: &Request) -> Result<Option<Persisted>> {
    let Some(persist_id) = &request.persist_id else { return Ok(None) };
    let Some(known) = tools.ledger.find(persist_id)? else { return Ok(None) };
    // Of what the source's module wrote only the slug is known.
    let same = known.request.map_or(known.slug == request.slug, |hash| hash == request.hash());
    if !same {
        return Err(Error::new(Kind::Conflict, "persist_id_reused", "something else was persisted under that persist_id")
            .detail("slug", known.slug)
            .hint("every competence wants a persist_id of its own; only the very same request may be sent again"));
    }
    Ok(Some(Persisted { slug: known.slug, path: known.path, entry: known.entry, created: false }))
}

/// Refuses personal data, naming kinds and places.
pub(super) fn refuse_personal(findings: Vec<Finding>) -> Result<()> {
    if findings.is_empty() {
        return Ok(());
    }
    let places: Vec<String> = findings.iter().take(10).map(|finding| format!("{} at {:?}", finding.kind, finding.path)).collect();
    let more = findings.len().saturating_sub(places.len());
    let rest = if more > 0 { format!(", and {more} more") } else { String::new() };
    let list: Vec<serde_json::Value> =
        findings.into_iter().map(|finding| serde_json::json!({ "kind": finding.kind, "path": finding.path })).collect();
    Err(Error::new(Kind::Input, "pii_detected", format!("it holds personal data: {}{rest}", places.join(", ")))
        .detail("findings", list)
        .hint("put a parameter such as ${ipp} in its place"))
}

/// Refuses a slug that is taken in any state; also that under which an older program would have kept it.
fn refuse_taken(library: &dyn Library, request: &Request) -> Result<()> {
    let older = slug::older(&request.name).filter(|older| *older != request.slug);
    for slug in std::iter::once(&request.slug).chain(&older) {
        for state in State::ALL {
            if library.is_taken(state, slug)? {
                return Err(slug_taken(slug, state));
            }
        }
    }
    Ok(())
}
