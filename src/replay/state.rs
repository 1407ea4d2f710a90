//! A replay in memory: its plan and what its facts add up to.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::Value;

use super::cursor::{Counts, Cursor, Turn};
use super::types::{Decision, Fact, Moment, Outcome, Receipt, Report, Sighted, Stall, Status};
use crate::clock::Time;
use crate::workflow::Action;

/// What a replay carries out. Never changes.
#[derive(Debug, Clone)]
pub struct Plan {
    /// Its id.
    pub id: String,
    /// What it is of.
    pub source: Source,
    /// What its work is kept under; see [`Owner::lane`](crate::session::Owner::lane).
    pub lane: String,
    /// The session it was started on.
    pub session: String,
    /// The machine, or `default`.
    pub machine: String,
    /// The actions, in order; at least one.
    pub actions: Vec<Action>,
    /// What the variables of the workflow stood for.
    pub params: BTreeMap<String, Value>,
    /// When it was started.
    pub created_at: Time,
}

/// What a replay is of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// A workflow, by its id.
    Workflow(String),
    /// Actions that somebody sent, for this task.
    Raw(String),
    /// One action.
    Single,
}

impl Plan {
    /// What stands for the workflow on the wire.
    pub fn workflow_id(&self) -> String {
        /// Characters of a task that its replay is known by.
        const SHOWN: usize = 50;
        match &self.source {
            Source::Workflow(id) => id.clone(),
            Source::Raw(task) => format!("free_task:{}", task.chars().take(SHOWN).collect::<String>()),
            Source::Single => "single_action".to_owned(),
        }
    }

    /// The start of the id, enough to tell apart what the server adds.
    fn short(&self) -> &str {
        let hex = self.id.rsplit('_').next().unwrap_or(&self.id);
        hex.get(..12).unwrap_or(hex)
    }
}

/// One handing-out of an action, and its end.
#[derive(Debug, Clone, PartialEq)]
pub struct Attempt {
    /// Which action, from 0.
    pub action: usize,
    /// How many attempts at it there were before.
    pub number: u32,
    /// The id under which it was handed out.
    pub id: String,
    /// To which session.
    pub session: String,
    /// The agent's key of that request.
    pub key: Option<String>,
    /// When.
    pub handed_at: Time,
    /// When it ended, and how.
    pub end: Option<(Time, Outcome)>,
    /// What the agent said.
    pub report: Option<Report>,
    /// What it was answered.
    pub receipt: Option<Receipt>,
    /// What the agent said when it no longer mattered.
    pub late: Option<Report>,
    /// What a person decided.
    pub decision: Option<Decision>,
    /// Where the target was found.
    pub sighted: Option<Sighted>,
}

/// The server's own wait that is out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Wait {
    pub(super) id: String,
    pub(super) session: String,
    pub(super) key: Option<String>,
    pub(super) handed_at: Time,
}

/// A wait of the server's own that was handed out, now or before. Reports on it may still come.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct GivenWait {
    pub(super) id: String,
    pub(super) session: String,
    pub(super) key: Option<String>,
    /// What the agent said, and what it was answered.
    pub(super) said: Option<(Report, Receipt)>,
}

/// A replay.
#[derive(Debug, Clone)]
pub struct Replay {
    plan: Arc<Plan>,
    pub(super) cursor: Cursor,
    attempts: Vec<Attempt>,
    pub(super) wait: Option<Wait>,
    pub(super) waits: Vec<GivenWait>,
    moments: u32,
    session: String,
    stall: Option<Stall>,
    resumed_at: Option<Time>,
    started_at: Option<Time>,
    finished_at: Option<Time>,
    reason: Option<String>,
}

impl Replay {
    /// At the start.
    pub fn new(plan: Arc<Plan>) -> Self {
        let cursor = Cursor::new(plan.actions.len());
        let session = plan.session.clone();
        Self {
            plan,
            cursor,
            attempts: Vec::new(),
            wait: None,
            waits: Vec::new(),
            moments: 0,
            session,
            stall: None,
            resumed_at: None,
            started_at: None,
            finished_at: None,
            reason: None,
        }
    }

    /// From its plan and its facts.
    pub fn restored(plan: Arc<Plan>, moments: &[Moment]) -> Self {
        let mut replay = Self::new(plan);
        for moment in moments {
            replay.apply(moment);
        }
        replay
    }

    /// What it carries out.
    pub fn plan(&self) -> &Arc<Plan> {
        &self.plan
    }

    /// How it stands.
    pub fn status(&self) -> Status {
        self.cursor.status
    }

    /// How many actions ended how.
    pub fn counts(&self) -> Counts {
        self.cursor.counts
    }

    /// Actions still to be handed out.
    pub fn remaining(&self) -> usize {
        self.cursor.remaining()
    }

    /// Every attempt, in the order in which they were handed out.
    pub fn attempts(&self) -> &[Attempt] {
        &self.attempts
    }

    /// How many moments it is made of.
    pub fn moments(&self) -> u32 {
        self.moments
    }

    /// The session that was last given something.
    pub fn session(&self) -> &str {
        &self.session
    }

    /// Why it waits for a person, if it does.
    pub fn stall(&self) -> Option<Stall> {
        self.stall.filter(|_| self.cursor.status == Status::Stalled)
    }

    /// When the first action was handed out, and when it was over.
    pub fn times(&self) -> (Option<Time>, Option<Time>) {
        (self.started_at, self.finished_at)
    }

    /// When a person last let it go on: until then the screen was in other hands.
    pub fn resumed_at(&self) -> Option<Time> {
        self.resumed_at
    }

    /// Why a person or another replay ended it.
    pub fn reason(&self) -> Option<&str> {
        self.reason.as_deref()
    }

    /// The attempt that is out.
    pub fn out(&self) -> Option<&Attempt> {
        if matches!(self.cursor.turn, Turn::Out { .. }) { self.attempts.last() } else { None }
    }

    /// The attempt at an action that the server carries out by looking, while it does.
    pub fn watched(&self) -> Option<&Attempt> {
        let looks = matches!(self.cursor.turn, Turn::Watch { .. } | Turn::Looking { .. });
        self.attempts.last().filter(|_| looks && !self.cursor.status.is_final())
    }

    /// Whether an agent was given this attempt; else the server carried it out itself, and nobody can report on it.
    pub(super) fn was_given(&self, attempt: &Attempt) -> bool {
        self.plan.actions.get(attempt.action).is_some_and(|action| action.kind().awaits().is_none())
    }

    /// The action of an attempt, as it was handed out.
    pub fn handed(&self, attempt: &Attempt) -> Option<Action> {
        let action = self.plan.actions.get(attempt.action)?;
        Some(if attempt.number == 0 { action.clone() } else { action.again(attempt.id.clone()) })
    }

    /// The id of a further attempt at an action.
    pub(super) fn id_of(&self, action: usize, number: u32) -> String {
        let id = self.plan.actions.get(action).map_or("", Action::id);
        if number == 0 { id.to_owned() } else { format!("{id}_retry{number}") }
    }

    /// The id of the wait before the next attempt.
    pub(super) fn wait_id(&self) -> String {
        format!("wait_retry_{}_{}", self.plan.short(), self.attempts.len())
    }

    /// The id of the next wait after which the server looks.
    pub(super) fn look_id(&self) -> String {
        // There is at most one in a moment, so that no other is called the same, also after a restart.
        format!("wait_look_{}_{}", self.plan.short(), self.moments)
    }

    /// How it will stand after these facts.
    pub fn status_after(&self, facts: &[Fact]) -> Status {
        let mut cursor = self.cursor;
        for fact in facts {
            cursor.apply(fact);
        }
        cursor.status
    }

    /// Moves on by what happened at a moment.
    pub fn apply(&mut self, moment: &Moment) {
        self.moments += 1;
        for fact in &moment.facts {
            self.cursor.apply(fact);
            self.note(fact, moment.at);
        }
    }

    fn note(&mut self, fact: &Fact, at: Time) {
        if let Fact::Resumed { .. } = fact {
            self.resumed_at = Some(at);
        }
        match fact {
            Fact::Handed { action, number, id, session, key } => self.begin((*action, *number), id, session, key.clone(), at),
            Fact::Watching { action, id, session } => self.begin((*action, 0), id, session, None, at),
            Fact::Waiting { id, session, key } => {
                self.session.clone_from(session);
                self.wait = Some(Wait { id: id.clone(), session: session.clone(), key: key.clone(), handed_at: at });
                self.waits.push(GivenWait { id: id.clone(), session: session.clone(), key: key.clone(), said: None });
            }
            Fact::Waited => self.wait = None,
            Fact::Looked { report, receipt } => {
                self.wait = None;
                if let Some(wait) = self.waits.last_mut() {
                    wait.said = Some((report.clone(), receipt.clone()));
                }
                if let (Some(look), Some(attempt)) = (&report.look, self.attempts.last_mut()) {
                    attempt.sighted = Some(look.sighted.clone());
                }
            }
            Fact::Ended { outcome, report, receipt } => {
                if let Some(attempt) = self.attempts.last_mut() {
                    attempt.end = Some((at, *outcome));
                    attempt.report.clone_from(report);
                    attempt.receipt.clone_from(receipt);
                }
            }
            Fact::Stalled { why } => self.stall = Some(*why),
            Fact::Resumed { decision: Some(decision) } => {
                if let Some(attempt) = self.attempts.last_mut() {
                    attempt.decision = Some(*decision);
                    let settled = match decision {
                        Decision::Retry => None,
                        Decision::Skip => Some(Outcome::Skipped),
                        Decision::Fail => Some(Outcome::Failed),
                    };
                    if let (Some((_, outcome)), Some(settled)) = (&mut attempt.end, settled) {
                        *outcome = settled;
                    }
                }
            }
            Fact::Finished { reason, .. } => {
                self.finished_at = Some(at);
                self.wait = None;
                self.reason.clone_from(reason);
            }
            Fact::Late { attempt, report } => {
                if let Some(attempt) = self.attempts.get_mut(*attempt) {
                    attempt.late = Some(report.clone());
                }
            }
            Fact::Sighted { sighted } => {
                if let Some(attempt) = self.attempts.last_mut() {
                    attempt.sighted = Some(sighted.clone());
                }
            }
            Fact::Again { .. } | Fact::Paused | Fact::Resumed { decision: None } => {}
        }
    }

    fn begin(&mut self, (action, number): (usize, u32), id: &str, session: &str, key: Option<String>, at: Time) {
        self.started_at.get_or_insert(at);
        session.clone_into(&mut self.session);
        self.attempts.push(Attempt {
            action,
            number,
            id: id.to_owned(),
            session: session.to_owned(),
            key,
            handed_at: at,
            end: None,
            report: None,
            receipt: None,
            late: None,
            decision: None,
            sighted: None,
        });
    }
}
