//! Competences on the server: the folder, the database beside it, what looks for personal data, and how often a machine may persist.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use super::failpoints::Failpoints;
use crate::api::{AuditAnswer, AuditVerdict, CompetenceAnswer, CompetencesAnswer};
use crate::clock::Time;
use crate::competence::{
    Evidence, Filter, Journal, Ledger, Library, Limiter, Move, Moved, Node, Persisted, Request, Scanner, State, Tools, change_state,
    entries, known, look_up, persist, pick, prove, shelf,
};
use crate::error::{Error, Kind, Result};

/// The window in which persists are counted.
const WINDOW: Duration = Duration::from_mins(1);

/// Competences on the server. Everything here blocks.
pub(super) struct Learned {
    library: Arc<dyn Library>,
    ledger: Arc<dyn Ledger>,
    scanner: Scanner,
    limiter: Mutex<Limiter>,
}

impl Learned {
    /// With these ports; a machine may persist `per_minute`.
    pub(super) fn new(library: Arc<dyn Library>, ledger: Arc<dyn Ledger>, scanner: Scanner, per_minute: usize) -> Self {
        Self { library, ledger, scanner, limiter: Mutex::new(Limiter::new(per_minute, WINDOW)) }
    }

    /// Ends a change that a crash cut short. What stands in its way is said at the next change; it does not keep the server from starting.
    pub(super) fn carry_on(&self) {
        let settled = self.ledger.pending().and_then(|pending| match pending {
            Some(_) => Journal::open(&self.tools(&|_| {})).map(drop),
            None => Ok(()),
        });
        if let Err(error) = settled {
            tracing::error!(code = error.code(), "a change of competences that was cut short could not be ended: {error}");
        }
    }

    /// Persists for `machine`, if it is one, at `tick` of the monotonic clock. What came before under the same id counts for nothing.
    ///
    /// # Errors
    /// Those of persisting; `too_many_persists` with the seconds to wait.
    pub(super) fn persist(
        &self,
        failpoints: &Failpoints,
        request: &Request,
        machine: Option<&str>,
        now: Time,
        tick: Duration,
    ) -> Result<Persisted> {
        let pass = |name: &str| failpoints.pass(name);
        let tools = self.tools(&pass);
        if let Some(known) = known(&tools, request)? {
            return Ok(known);
        }
        if let Some(machine) = machine {
            let allowed = self.limiter.lock().unwrap_or_else(PoisonError::into_inner).allow(machine, tick);
            allowed.map_err(|seconds| {
                Error::new(Kind::TooMany, "too_many_persists", "this machine has persisted too much within a minute")
                    .detail("retry_after", seconds)
            })?;
        }
        persist(&tools, &self.scanner, request, now)
    }

    /// Moves a competence up or down.
    pub(super) fn change_state(&self, failpoints: &Failpoints, wanted: &Move, evidence: Evidence, now: Time) -> Result<Moved> {
        let pass = |name: &str| failpoints.pass(name);
        change_state(&self.tools(&pass), &self.scanner, wanted, evidence, now)
    }

    /// Every competence, or those in a state.
    pub(super) fn list(&self, state: Option<State>) -> Result<CompetencesAnswer> {
        shelf(&*self.library, state).map(|(read, unreadable)| CompetencesAnswer::of(&read, unreadable))
    }

    /// One competence.
    pub(super) fn show(&self, slug: &str) -> Result<CompetenceAnswer> {
        pick(&*self.library, slug).map(Into::into)
    }

    /// A page of the audit; `filter` has a limit.
    pub(super) fn entries(&self, filter: &Filter) -> Result<AuditAnswer> {
        let mut found = Vec::new();
        entries(&mut *self.library.audit(0)?, filter, &mut |entry| {
            found.push(entry);
            Ok(())
        })?;
        let full = filter.limit.is_some_and(|limit| found.len() >= limit);
        let last = found.last().and_then(|entry| entry.get("audit_entry_id")).and_then(Node::int);
        let next_after = last.filter(|_| full).and_then(|last| u64::try_from(last).ok());
        Ok(AuditAnswer { entries: found, next_after })
    }

    /// One entry of the audit.
    pub(super) fn entry(&self, id: &str) -> Result<Node> {
        look_up(&*self.library, Some(&*self.ledger), id)
    }

    /// Whether the audit is whole.
    pub(super) fn verdict(&self) -> Result<AuditVerdict> {
        let (verdict, head_known) = prove(&*self.library, Some(&*self.ledger))?;
        Ok(AuditVerdict::of(verdict, head_known, self.library.set_aside()?))
    }

    fn tools<'a>(&'a self, pass: &'a dyn Fn(&str)) -> Tools<'a> {
        Tools { library: &*self.library, ledger: &*self.ledger, pass }
    }
}
