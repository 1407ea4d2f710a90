//! Requests and answers about competences.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::competence::{Moved, Node, Persisted, Shelved, Unreadable, Verdict};

/// What is asked to be persisted: the body of `POST /lea/competences/candidate/persist`. Only described here: the body is read in the
/// order in which it was written.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct PersistRequest {
    /// Its name; the slug is made of it.
    pub name: String,
    /// What it is for, in French.
    #[serde(default)]
    pub intent_fr: Option<String>,
    /// `steps`, `preconditions`, `success_marker`, `failure_message_template`.
    #[schema(value_type = Object)]
    pub workflow_ir: Node,
    /// `[{name, type, required, description}]`.
    #[serde(default)]
    #[schema(value_type = Option<Vec<Object>>)]
    pub parameters: Option<Vec<Node>>,
    /// `candidate`.
    #[serde(default)]
    pub learning_state: Option<String>,
    /// Where it was learned.
    #[serde(default)]
    pub session_id: Option<String>,
    /// On which machine.
    #[serde(default)]
    pub machine_id: Option<String>,
    /// By which other agent.
    #[serde(default)]
    pub external_agent_id: Option<String>,
    /// By what a repeated request is known.
    #[serde(default)]
    pub persist_id: Option<String>,
}

/// What became of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PersistAnswer {
    /// The slug.
    pub slug: String,
    /// Where the document is, from the data directory on.
    pub path: String,
    /// The number of the entry in the audit.
    pub audit_entry_id: u64,
    /// Whether it was made now; false when the same request came before.
    pub created: bool,
}

impl From<Persisted> for PersistAnswer {
    fn from(persisted: Persisted) -> Self {
        let Persisted { slug, path, entry, created } = persisted;
        Self { slug, path, audit_entry_id: entry, created }
    }
}

/// `GET /lea/competences`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CompetencesAnswer {
    /// Those that can be read, by state, then by slug.
    pub competences: Vec<CompetenceView>,
    /// Those that cannot.
    pub broken: Vec<BrokenCompetenceView>,
}

/// A competence in short.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CompetenceView {
    /// Its slug.
    pub slug: String,
    /// `candidate`, `supervised` or `stable`.
    pub state: String,
    /// Its name.
    pub name: String,
    /// What it is for.
    pub intent: Option<String>,
    /// How many steps it has.
    pub steps: usize,
    /// When it was made, as the document says it.
    pub created_at: Option<String>,
    /// When it last changed.
    pub last_updated_at: Option<String>,
    /// Where it is, from the data directory on.
    pub path: String,
}

/// A document that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct BrokenCompetenceView {
    /// Its slug.
    pub slug: String,
    /// Its state.
    pub state: String,
    /// Why.
    pub reason: String,
}

/// `GET /lea/competences/{slug}`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct CompetenceAnswer {
    /// Its slug.
    pub slug: String,
    /// Its state.
    pub state: String,
    /// Where it is, from the data directory on.
    pub path: String,
    /// The whole document.
    #[schema(value_type = Object)]
    pub document: Node,
}

/// Entries of the audit, oldest first.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct AuditAnswer {
    /// The entries; `"unchained": true` on those that carry no chain.
    #[schema(value_type = Vec<Object>)]
    pub entries: Vec<Node>,
    /// What to give as `after` for the next page; none on the last.
    #[serde(default)]
    pub next_after: Option<u64>,
}

/// Whether the audit is whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AuditVerdict {
    /// Whether it is.
    pub ok: bool,
    /// Lines that say something.
    pub entries: u64,
    /// Lines that carry the chain.
    pub chained: u64,
    /// The first line that is not as it was written.
    pub first_bad: Option<BadLineView>,
    /// Lines at the end that carry no chain and are not tied in yet.
    pub unchained_tail: u64,
    /// Whether the database knows where the audit ends; without it nobody could tell that lines at the end are missing.
    pub head_known: bool,
    /// Files into which torn ends were set aside.
    pub set_aside: Vec<String>,
}

/// A line that is not as it was written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct BadLineView {
    /// Its number among all lines, from 1.
    pub line: u64,
    /// What is wrong with it.
    pub reason: String,
}

/// A competence that goes up or down.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct MoveRequest {
    /// The state that it is to have.
    pub to: String,
    /// Who says so.
    pub by: String,
    /// Why.
    pub reason: String,
    /// A replay that ended as `completed`, where the document asks for one and notes none itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replay: Option<String>,
}

/// What became of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct MoveAnswer {
    /// Its slug.
    pub slug: String,
    /// The state that it had.
    pub from: String,
    /// The state that it has.
    pub to: String,
    /// Where it is now, from the data directory on.
    pub path: String,
    /// The number of the entry in the audit.
    pub audit_entry_id: u64,
}

impl From<Moved> for MoveAnswer {
    fn from(moved: Moved) -> Self {
        let Moved { slug, from, to, path, entry } = moved;
        Self { slug, from: from.to_string(), to: to.to_string(), path, audit_entry_id: entry }
    }
}

impl CompetencesAnswer {
    /// What is told of documents.
    pub fn of(read: &[Shelved], unreadable: Vec<Unreadable>) -> Self {
        let broken =
            unreadable.into_iter().map(|one| BrokenCompetenceView { slug: one.slug, state: one.state.to_string(), reason: one.reason });
        Self { competences: read.iter().map(CompetenceView::of).collect(), broken: broken.collect() }
    }
}

impl CompetenceView {
    fn of(shelved: &Shelved) -> Self {
        let text = |key: &str| shelved.document.text_of(key).map(str::to_owned);
        Self {
            slug: shelved.slug.clone(),
            state: shelved.state.to_string(),
            name: text("name").unwrap_or_default(),
            intent: shelved.document.get("intent").and_then(|intent| intent.text_of("fr")).map(str::to_owned),
            steps: shelved.document.get("methods").map_or(0, |methods| methods.items().len()),
            created_at: text("created_at"),
            last_updated_at: text("last_updated_at"),
            path: shelved.path.clone(),
        }
    }
}

impl From<Shelved> for CompetenceAnswer {
    fn from(shelved: Shelved) -> Self {
        Self { slug: shelved.slug, state: shelved.state.to_string(), path: shelved.path, document: shelved.document }
    }
}

impl AuditVerdict {
    /// What is told of a look at the audit.
    pub fn of(verdict: Verdict, head_known: bool, set_aside: Vec<String>) -> Self {
        let Verdict { ok, entries, chained, first_bad, unchained_tail } = verdict;
        let first_bad = first_bad.map(|bad| BadLineView { line: bad.line, reason: bad.reason });
        Self { ok, entries, chained, first_bad, unchained_tail, head_known, set_aside }
    }
}
