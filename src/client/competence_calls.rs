//! The calls about competences.

use reqwest::{Method, Url};

use super::http::{Call, Client, json_body};
use crate::api::{AuditAnswer, AuditVerdict, CompetenceAnswer, CompetencesAnswer, MoveAnswer, MoveRequest, PersistAnswer};
use crate::competence::{Filter, Node, is_slug};
use crate::error::{Error, Kind, Result};

impl Client {
    /// Persists a competence.
    ///
    /// # Errors
    /// `pii_detected` with `findings`, `slug_taken`, `persist_id_reused`.
    pub fn persist(&self, body: &Node) -> Result<PersistAnswer> {
        let call = Call { body: Some(json_body(body)?), ..Call::default() };
        self.send(Method::POST, self.competences(&["candidate", "persist"])?, call)?.success(self.route())
    }

    /// All competences, or those in a state.
    pub fn list_competences(&self, state: Option<&str>) -> Result<CompetencesAnswer> {
        let query: Vec<(&str, String)> = state.map(|state| ("state", state.to_owned())).into_iter().collect();
        self.send(Method::GET, self.competences(&[])?, Call { query: &query, ..Call::default() })?.success(self.route())
    }

    /// One competence.
    pub fn competence(&self, slug: &str) -> Result<CompetenceAnswer> {
        self.send(Method::GET, self.competences(&[nameable(slug)?])?, Call::default())?.success(self.route())
    }

    /// Entries of the audit.
    pub fn audit(&self, filter: &Filter) -> Result<AuditAnswer> {
        let mut query = Vec::new();
        let mut add = |name, value: Option<String>| query.extend(value.map(|value| (name, value)));
        add("since", filter.since.map(|since| since.to_string()));
        add("slug", filter.slug.clone());
        add("machine_id", filter.machine.clone());
        add("after", filter.after.map(|after| after.to_string()));
        add("limit", filter.limit.map(|limit| limit.to_string()));
        self.send(Method::GET, self.competences(&["audit"])?, Call { query: &query, ..Call::default() })?.success(self.route())
    }

    /// One entry of the audit.
    pub fn audit_entry(&self, id: &str) -> Result<Node> {
        let query = [("id", id.to_owned())];
        self.send(Method::GET, self.competences(&["audit", "find"])?, Call { query: &query, ..Call::default() })?.success(self.route())
    }

    /// Whether the audit is whole.
    pub fn audit_verdict(&self) -> Result<AuditVerdict> {
        self.send(Method::GET, self.competences(&["audit", "verify"])?, Call::default())?.success(self.route())
    }

    /// Moves a competence up or down.
    pub fn move_competence(&self, slug: &str, verb: &str, request: &MoveRequest) -> Result<MoveAnswer> {
        let call = Call { body: Some(json_body(request)?), ..Call::default() };
        self.send(Method::POST, self.competences(&[nameable(slug)?, verb])?, call)?.success(self.route())
    }

    fn competences(&self, path: &[&str]) -> Result<Url> {
        let segments: Vec<&str> = ["api", "v1", "lea", "competences"].iter().chain(path).copied().collect();
        self.server().join(&segments)
    }
}

/// Refuses to ask for a competence whose slug would be another path: there is none of that name.
fn nameable(slug: &str) -> Result<&str> {
    if !is_slug(slug) {
        return Err(Error::new(Kind::NotFound, "unknown_competence", "there is no competence of that slug"));
    }
    Ok(slug)
}
