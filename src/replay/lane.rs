//! The state machine: one machine's replays, given what happened, say what follows and what to answer.
//!
//! Pure: no clock, no disk. What follows is a list of facts; they are kept first and applied afterwards, so that nothing is ever
//! answered that a crash could undo.

use super::cursor::{Cursor, Turn};
use super::ending::{After, end, finish, judge};
use super::input::{Answer, Input, Step, Taken};
use super::state::{Attempt, Plan, Replay, Source};
use super::types::{Decision, Fact, Moment, Outcome, Policy, Receipt, Report, Sighted, Stall, Status};
use super::watch::{look_wait, looked, timed_out, waited};
use crate::clock::Time;
use crate::error::{Error, Kind, Result};
use crate::workflow::Action;

/// How long the server's own wait before the second retry lasts, milliseconds.
pub const RETRY_WAIT_MS: u64 = 2000;

/// Single actions that may wait in a lane.
pub const MAX_SINGLES: usize = 1000;

/// Replays that are over and still answer a repeated report from memory.
const REMEMBERED: usize = 2;

/// The replays of one machine: those that are not over, and the last few that are.
#[derive(Debug, Clone, Default)]
pub struct Lane {
    replays: Vec<Replay>,
}

impl Lane {
    /// The replays, in the order in which they were started.
    pub fn replays(&self) -> &[Replay] {
        &self.replays
    }

    /// The replay with this id.
    pub fn find(&self, id: &str) -> Option<&Replay> {
        self.replays.iter().find(|replay| replay.plan().id == id)
    }

    /// Whether an action of this id was handed out here, as far as is remembered.
    pub fn knows(&self, action: &str) -> bool {
        self.has(|id, _| id == action)
    }

    /// Whether it was handed to this session.
    pub fn gave(&self, session: &str, action: &str) -> bool {
        self.has(|id, to| id == action && to == session)
    }

    fn has(&self, wanted: impl Fn(&str, &str) -> bool) -> bool {
        let waits = |replay: &Replay| replay.waits.iter().any(|wait| wanted(&wait.id, &wait.session));
        let given = |replay: &Replay, attempt: &Attempt| replay.was_given(attempt) && wanted(&attempt.id, &attempt.session);
        let gave = |replay: &Replay| replay.attempts().iter().any(|attempt| given(replay, attempt));
        self.replays.iter().any(|replay| waits(replay) || gave(replay))
    }

    /// Whether this session was given something for a request of this key that is no longer out.
    fn has_used(&self, session: &str, key: &str) -> bool {
        let is_its = |to: &str, by: &Option<String>| to == session && by.as_deref() == Some(key);
        let over = |replay: &Replay| {
            let out = replay.wait.as_ref().map(|wait| wait.id.as_str());
            let waits = replay.waits.iter().any(|wait| is_its(&wait.session, &wait.key) && Some(wait.id.as_str()) != out);
            waits || replay.attempts().iter().any(|attempt| attempt.end.is_some() && is_its(&attempt.session, &attempt.key))
        };
        self.replays.iter().any(over)
    }

    /// The replay that waits for what the screen shows after the server's own wait of this id, which is out, and the action that says
    /// what.
    pub fn looks_after(&self, wait: &str) -> Option<(&Replay, &Action)> {
        let (_, replay) = self.out().filter(|(_, replay)| replay.wait.as_ref().is_some_and(|out| out.id == wait))?;
        Some((replay, replay.plan().actions.get(replay.watched()?.action)?))
    }

    /// Whether a report on an action of this id, or on another attempt at it, may still come from a replay that is here.
    /// With `replaced` what is not handed out yet never will be.
    pub fn may_hear_of(&self, action: &str, replaced: bool) -> bool {
        let about = |id: &str| id.strip_prefix(action).is_some_and(|rest| rest.is_empty() || rest.starts_with("_retry"));
        let open = |replay: &Replay| {
            let mut given = replay.attempts().iter();
            given.any(|attempt| attempt.report.is_none() && attempt.late.is_none() && about(&attempt.id))
        };
        let planned =
            |replay: &Replay| !replaced && !replay.status().is_final() && replay.plan().actions.iter().any(|other| other.id() == action);
        self.replays.iter().any(|replay| open(replay) || planned(replay))
    }

    /// Whether no replay is left that anything could happen to.
    pub fn is_over(&self) -> bool {
        self.live().next().is_none()
    }

    /// Whether a poll could neither be answered by anything but nothing nor change anything.
    pub fn is_quiet(&self) -> bool {
        self.live().all(|(_, replay)| replay.status() == Status::Stalled || (replay.status() == Status::Paused && self.out().is_none()))
    }

    /// The session that holds what is out, or that is waited for to ask again.
    pub fn holder(&self) -> Option<&str> {
        let out = self.out().map(|(_, replay)| match &replay.wait {
            Some(wait) => wait.session.as_str(),
            None => replay.out().map_or("", |attempt| attempt.session.as_str()),
        });
        out.or_else(|| self.live().find(|(_, replay)| replay.watched().is_some()).map(|(_, replay)| replay.session()))
    }

    fn live(&self) -> impl Iterator<Item = (usize, &Replay)> {
        self.replays.iter().enumerate().filter(|(_, replay)| !replay.status().is_final())
    }

    /// The replay of which something is out; at most one in a lane.
    fn out(&self) -> Option<(usize, &Replay)> {
        self.live().find(|(_, replay)| matches!(replay.cursor.turn, Turn::Out { .. } | Turn::Waiting { .. } | Turn::Looking { .. }))
    }

    /// Whether a replay of `source` may start here now.
    ///
    /// # Errors
    /// [`Kind::Conflict`] `replay_running`; [`Kind::TooMany`] when too many single actions wait.
    pub fn check_start(&self, source: &Source) -> Result<()> {
        let running = |replay: &Replay| {
            Error::new(Kind::Conflict, "replay_running", format!("the replay {} is {} there", replay.plan().id, replay.status()))
                .hint("cancel it first, or start with \"replace\": true, which cancels it")
                .detail("replay_id", replay.plan().id.clone())
        };
        let (singles, others): (Vec<_>, Vec<_>) = self.live().partition(|(_, replay)| replay.plan().source == Source::Single);
        if *source != Source::Single {
            return self.live().next().map_or(Ok(()), |(_, replay)| Err(running(replay)));
        }
        if let Some((_, replay)) = others.iter().find(|(_, replay)| replay.status() != Status::Paused) {
            return Err(running(replay));
        }
        if singles.len() >= MAX_SINGLES {
            let message = format!("{MAX_SINGLES} single actions wait there already");
            return Err(Error::new(Kind::TooMany, "queue_full", message).detail("retry_after", 1));
        }
        Ok(())
    }

    /// A replay that is kept by now.
    pub fn add(&mut self, replay: Replay) {
        self.replays.push(replay);
    }

    /// What happened to the replay at `place` is kept by now.
    pub fn apply(&mut self, place: usize, moment: &Moment) {
        if let Some(replay) = self.replays.get_mut(place) {
            replay.apply(moment);
        }
    }

    /// Forgets what was over before `before`, and what is over beyond the last few; gives the ids. Places change.
    pub fn tidy(&mut self, before: Time) -> Vec<String> {
        let over = self.replays.iter().filter(|replay| replay.status().is_final()).count();
        let mut excess = over.saturating_sub(REMEMBERED);
        let mut forgotten = Vec::new();
        self.replays.retain(|replay| {
            if !replay.status().is_final() || (excess == 0 && replay.times().1 >= Some(before)) {
                return true;
            }
            excess = excess.saturating_sub(1);
            forgotten.push(replay.plan().id.clone());
            false
        });
        forgotten
    }

    /// What follows from what happened.
    ///
    /// # Errors
    /// When it does not fit: an unknown action, a replay that is over, a decision that is missing or out of place.
    pub fn step(&self, input: Input<'_>, now: Time, policy: &Policy) -> Result<Step> {
        match input {
            Input::Polled { session, key, heard } => Ok(self.polled(session, key, heard, now, policy)),
            Input::Reported { action, report } => self.reported(action, report, now, policy),
            Input::Ticked { heard } => Ok(self.ticked(heard, now, policy)),
            Input::Sighted { session, about, sighted } => Ok(self.sighted(session, about, sighted)),
            Input::Pause { replay } => self.pause(replay),
            Input::Resume { replay, decision } => self.resume(replay, decision),
            Input::Cancel { replay, reason } => self.cancel(replay, reason),
        }
    }

    fn polled(&self, session: &str, key: Option<&str>, heard: Time, now: Time, policy: &Policy) -> Step {
        // A request that comes again after its action is over has nobody behind it who would carry out another.
        if key.is_some_and(|key| self.has_used(session, key)) {
            return Step::nothing(Answer::Nothing);
        }
        let mut changes = Vec::new();
        if let Some((place, replay)) = self.out() {
            if let Some(why) = lost(replay, Some(session), heard, now, policy) {
                changes.push((place, when_lost(replay, why, now)));
            } else if let Some(step) = repeated(replay, key) {
                return step;
            } else {
                let facts = match &replay.wait {
                    Some(_) => waited(replay, now),
                    None => end(replay, Outcome::Unreported, None, After::Next),
                };
                changes.push((place, facts));
            }
        }
        // What the lane looks like after that.
        let cursor = |place: usize, replay: &Replay| {
            let mut cursor = replay.cursor;
            let facts = changes.iter().filter(|(changed, _)| *changed == place).flat_map(|(_, facts)| facts);
            facts.for_each(|fact| cursor.apply(fact));
            cursor
        };
        let cursors: Vec<(usize, Cursor)> = self.live().map(|(place, replay)| (place, cursor(place, replay))).collect();
        if cursors.iter().any(|(_, cursor)| cursor.status == Status::Stalled) {
            return Step { changes, answer: Answer::Nothing };
        }
        // Single actions that wait come before a replay that was paused for them.
        let singles_first = |place: usize| usize::from(self.replays[place].plan().source != Source::Single);
        let mut ready: Vec<_> =
            cursors.into_iter().filter(|(_, cursor)| cursor.status == Status::Running && cursor.remaining() > 0).collect();
        ready.sort_by_key(|(place, _)| (singles_first(*place), *place));
        let Some((place, cursor)) = ready.first().copied() else { return Step { changes, answer: Answer::Nothing } };
        let (given, answer) = hand_out(&self.replays[place], &cursor, session, key, now);
        match changes.iter_mut().find(|(changed, _)| *changed == place) {
            Some((_, facts)) => facts.extend(given),
            None => changes.push((place, given)),
        }
        Step { changes, answer }
    }

    fn reported(&self, action: &str, report: Report, now: Time, policy: &Policy) -> Result<Step> {
        if let Some((place, replay)) = self.out() {
            if let Some(wait) = &replay.wait
                && wait.id == action
            {
                let (facts, receipt) = if replay.watched().is_some() {
                    looked(replay, &report, now)
                } else {
                    (vec![Fact::Waited], Receipt { status: replay.status(), remaining: replay.remaining() })
                };
                let taken = Taken { late: false, receipt, number: 0, report };
                return Ok(Step { changes: vec![(place, facts)], answer: Answer::Taken(taken) });
            }
            if let Some(attempt) = replay.out()
                && attempt.id == action
            {
                let number = attempt.number;
                let (outcome, after) = judge(replay, number, &report, policy);
                let facts = end(replay, outcome, Some(&report), after);
                let receipt = facts.iter().find_map(|fact| if let Fact::Ended { receipt, .. } = fact { receipt.clone() } else { None });
                let receipt = receipt.unwrap_or(Receipt { status: replay.status(), remaining: 0 });
                let taken = Taken { late: false, receipt, number, report };
                return Ok(Step { changes: vec![(place, facts)], answer: Answer::Taken(taken) });
            }
        }
        for (place, replay) in self.replays.iter().enumerate().rev() {
            // A wait that is over has had its look: what is said of it once more moves nothing on.
            if let Some(wait) = replay.waits.iter().rev().find(|wait| wait.id == action) {
                let late = || (report.clone(), Receipt { status: replay.status(), remaining: replay.remaining() });
                let (first, receipt) = wait.said.clone().unwrap_or_else(late);
                let taken = Taken { late: wait.said.is_none(), receipt, number: 0, report: first };
                return Ok(Step::nothing(Answer::Taken(taken)));
            }
            let mut attempts = replay.attempts().iter().enumerate().rev();
            let found = attempts.find(|(_, attempt)| attempt.id == action && replay.was_given(attempt));
            let Some((index, attempt)) = found else { continue };
            if let (Some(receipt), Some(first)) = (&attempt.receipt, &attempt.report) {
                let taken = Taken { late: false, receipt: receipt.clone(), number: attempt.number, report: first.clone() };
                return Ok(Step::nothing(Answer::Taken(taken)));
            }
            let receipt = Receipt { status: replay.status(), remaining: replay.remaining() };
            let first = attempt.late.clone();
            let changes =
                if first.is_none() { vec![(place, vec![Fact::Late { attempt: index, report: report.clone() }])] } else { Vec::new() };
            let taken = Taken { late: true, receipt, number: attempt.number, report: first.unwrap_or(report) };
            return Ok(Step { changes, answer: Answer::Taken(taken) });
        }
        Err(unknown_action())
    }

    fn ticked(&self, heard: Time, now: Time, policy: &Policy) -> Step {
        let lost = self.out().and_then(|(place, replay)| Some((place, when_lost(replay, lost(replay, None, heard, now, policy)?, now))));
        // Nobody asks any more for the next look.
        let given_up = || {
            let (place, replay) = self.live().find(|(_, replay)| replay.wait.is_none() && replay.watched().is_some())?;
            let silent = lost_since(replay, heard, now, policy, replay.watched()?.handed_at);
            let facts = if silent { timed_out(replay, now) } else { Vec::new() };
            (!facts.is_empty()).then_some((place, facts))
        };
        Step { changes: lost.or_else(given_up).into_iter().collect(), answer: Answer::Nothing }
    }

    fn sighted(&self, session: &str, (id, action): (&str, &str), sighted: Sighted) -> Step {
        let meant = |replay: &Replay| {
            replay.plan().id == id && replay.out().is_some_and(|attempt| attempt.session == session && attempt.id == action)
        };
        let held = self.out().filter(|(_, replay)| meant(replay));
        let changes = held.map(|(place, _)| (place, vec![Fact::Sighted { sighted }])).into_iter().collect();
        Step { changes, answer: Answer::Nothing }
    }

    fn named(&self, id: &str) -> Result<(usize, &Replay)> {
        let found = self.replays.iter().enumerate().find(|(_, replay)| replay.plan().id == id);
        found.ok_or_else(unknown_replay)
    }

    fn pause(&self, id: &str) -> Result<Step> {
        let (place, replay) = self.named(id)?;
        match replay.status() {
            Status::Running => Ok(Step { changes: vec![(place, vec![Fact::Paused])], answer: Answer::Done }),
            Status::Paused => Ok(Step::nothing(Answer::Done)),
            status => Err(Error::new(Kind::Conflict, "not_running", format!("the replay is {status}; only a running one can be paused"))),
        }
    }

    fn resume(&self, id: &str, decision: Option<Decision>) -> Result<Step> {
        let (place, replay) = self.named(id)?;
        let done = |facts| Ok(Step { changes: vec![(place, facts)], answer: Answer::Done });
        match (replay.status(), decision) {
            (Status::Paused, None) => done(vec![Fact::Resumed { decision: None }]),
            (Status::Paused, Some(_)) => {
                Err(Error::new(Kind::Conflict, "no_decision_needed", "the replay is paused: there is nothing to decide")
                    .hint("resume it without a decision"))
            }
            (Status::Stalled, None) => {
                let why = replay.stall().map_or("", Stall::sentence);
                Err(Error::new(Kind::Conflict, "decision_required", format!("somebody must decide: {why}"))
                    .hint("look at the machine's screen, then resume with the decision retry, skip or fail"))
            }
            (Status::Stalled, Some(decision)) => {
                let mut facts = vec![Fact::Resumed { decision: Some(decision) }];
                match decision {
                    Decision::Retry => facts.push(Fact::Again { wait: false }),
                    Decision::Skip => {}
                    Decision::Fail => facts.push(Fact::Finished { status: Status::Error, reason: None }),
                }
                finish(&replay.cursor, &mut facts);
                done(facts)
            }
            (status, _) => Err(Error::new(Kind::Conflict, "not_resumable", format!("the replay is {status}"))),
        }
    }

    fn cancel(&self, id: Option<&str>, reason: &str) -> Result<Step> {
        let wanted: Vec<(usize, &Replay)> = match id {
            Some(id) => vec![self.named(id)?],
            None => self.live().collect(),
        };
        let mut changes = Vec::new();
        for (place, replay) in wanted {
            match replay.status() {
                Status::Cancelled => {}
                status if status.is_final() => {
                    return Err(Error::new(Kind::Conflict, "already_over", format!("the replay is over: {status}")));
                }
                _ => {
                    let mut facts = Vec::new();
                    // Where the server only looked, nothing was done that anybody must look at.
                    let open = replay.out().map(|_| Outcome::Unknown).or(replay.watched().map(|_| Outcome::Skipped));
                    if let Some(outcome) = open {
                        facts.push(Fact::Ended { outcome, report: None, receipt: None });
                    }
                    facts.push(Fact::Finished { status: Status::Cancelled, reason: Some(reason.to_owned()) });
                    changes.push((place, facts));
                }
            }
        }
        Ok(Step { changes, answer: Answer::Done })
    }
}

/// Whether what is out is lost: its holder came back as another session (if somebody asks), or was silent for too long.
fn lost(replay: &Replay, asking: Option<&str>, heard: Time, now: Time, policy: &Policy) -> Option<Stall> {
    let (holder, handed_at) = match (&replay.wait, replay.out()) {
        (Some(wait), _) => (wait.session.as_str(), wait.handed_at),
        (None, Some(attempt)) => (attempt.session.as_str(), attempt.handed_at),
        (None, None) => return None,
    };
    if asking.is_some_and(|session| session != holder) {
        return Some(Stall::OtherSession);
    }
    lost_since(replay, heard, now, policy, handed_at).then_some(Stall::Silent)
}

/// Whether nothing was heard of the agent for longer than the lease; what came before `at`, or before a person let the replay go on,
/// doesn't count.
fn lost_since(replay: &Replay, heard: Time, now: Time, policy: &Policy, at: Time) -> bool {
    let last = heard.max(at).max(policy.listening_since);
    let last = if replay.watched().is_some() { last.max(replay.resumed_at().unwrap_or(last)) } else { last };
    now.since(last) > policy.lease
}

/// A wait that is lost has no effect that anybody must look at; an action may have had one.
fn when_lost(replay: &Replay, why: Stall, now: Time) -> Vec<Fact> {
    if replay.wait.is_some() {
        return waited(replay, now);
    }
    end(replay, Outcome::Unknown, None, After::Stall(why))
}

/// The answer to a request that is repeated because its answer was lost.
fn repeated(replay: &Replay, key: Option<&str>) -> Option<Step> {
    let key = key?;
    if let Some(wait) = &replay.wait {
        let millis = if replay.watched().is_some() { look_wait(replay, wait.handed_at) } else { RETRY_WAIT_MS };
        return (wait.key.as_deref() == Some(key)).then(|| Step::nothing(Answer::Wait { id: wait.id.clone(), millis }));
    }
    let attempt = replay.out().filter(|attempt| attempt.key.as_deref() == Some(key))?;
    Some(Step::nothing(Answer::Give(Box::new(replay.handed(attempt)?))))
}

/// What is given next, and what is kept of it. An action that waits for what the screen shows is never given: in its place there is
/// a wait, after which the server looks.
fn hand_out(replay: &Replay, cursor: &Cursor, session: &str, key: Option<&str>, now: Time) -> (Vec<Fact>, Answer) {
    let (session, key) = (session.to_owned(), key.map(str::to_owned));
    let wait = |before: Option<Fact>, id: String, millis: u64| {
        let waiting = Fact::Waiting { id: id.clone(), session: session.clone(), key: key.clone() };
        (before.into_iter().chain([waiting]).collect(), Answer::Wait { id, millis })
    };
    let (action, number) = match cursor.turn {
        Turn::Again { wait: true, .. } => return wait(None, replay.wait_id(), RETRY_WAIT_MS),
        Turn::Watch { .. } => return wait(None, replay.look_id(), look_wait(replay, now)),
        Turn::Again { action, number, .. } => (action, number),
        _ => (cursor.next, 0),
    };
    let id = replay.id_of(action, number);
    let given = replay.plan().actions[action].clone();
    if given.kind().awaits().is_some() {
        let watching = Fact::Watching { action, id, session: session.clone() };
        return wait(Some(watching), replay.look_id(), look_wait(replay, now));
    }
    let given = if number == 0 { given } else { given.again(id.clone()) };
    (vec![Fact::Handed { action, number, id, session, key }], Answer::Give(Box::new(given)))
}

/// There is no such action here.
pub fn unknown_action() -> Error {
    Error::new(Kind::Conflict, "unknown_action", "no action of that id was handed out here")
}

/// There is no such replay.
pub fn unknown_replay() -> Error {
    Error::new(Kind::NotFound, "unknown_replay", "there is no replay of that id")
}

/// A plan whose actions are none, or more than `most`, is refused.
///
/// # Errors
/// [`Kind::Input`] `no_actions` or `too_many_actions`.
pub fn check_plan(plan: &Plan, most: usize) -> Result<()> {
    match plan.actions.len() {
        0 => Err(Error::new(Kind::Input, "no_actions", "there is no action to carry out")),
        count if count > most => {
            let message = format!("{count} actions are more than the {most} that a replay may have");
            Err(Error::new(Kind::Input, "too_many_actions", message).hint("cut it into several replays"))
        }
        _ => Ok(()),
    }
}
