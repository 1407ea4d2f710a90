//! How an attempt ends, and what comes after it.

use super::cursor::{Cursor, Turn};
use super::state::Replay;
use super::types::{Fact, OnUnchanged, Outcome, Policy, Receipt, Report, Stall, Status};
use crate::workflow::Action;

/// The retry that the wait stands before.
const WAIT_BEFORE: u32 = 2;

/// What comes after an attempt.
#[derive(Clone, Copy)]
pub(super) enum After {
    /// The next action, if there is one.
    Next,
    /// The same again.
    Again { wait: bool },
    /// A person decides.
    Stall(Stall),
    /// Nothing.
    Fail,
}

/// How an attempt that is reported on ends, and what comes after it.
pub(super) fn judge(replay: &Replay, number: u32, report: &Report, policy: &Policy) -> (Outcome, After) {
    let may_retry = number < policy.max_retries;
    let again = After::Again { wait: number + 1 == WAIT_BEFORE };
    if !report.success {
        let after = if may_retry && !report.fatal { again } else { After::Fail };
        return (Outcome::Failed, after);
    }
    let Some(seen) = report.verification.as_ref().filter(|seen| !seen.verified) else { return (Outcome::Success, After::Next) };
    if seen.verdict != "unchanged" {
        return (Outcome::Unverified, After::Next);
    }
    let Turn::Out { action, .. } = replay.cursor.turn else { return (Outcome::Unverified, After::Next) };
    let safe = replay.plan().actions.get(action).is_some_and(Action::is_safe_to_repeat);
    let after = match policy.on_unchanged {
        OnUnchanged::Retry if safe && may_retry => again,
        OnUnchanged::Warn | OnUnchanged::Retry => After::Next,
        OnUnchanged::Stall => After::Stall(Stall::Unchanged),
    };
    (Outcome::Unverified, after)
}

/// The facts with which the attempt that is out ends.
pub(super) fn end(replay: &Replay, outcome: Outcome, report: Option<&Report>, after: After) -> Vec<Fact> {
    let mut facts = vec![Fact::Ended { outcome, report: report.cloned(), receipt: None }];
    match after {
        After::Next => {}
        After::Again { wait } => facts.push(Fact::Again { wait }),
        After::Stall(why) => facts.push(Fact::Stalled { why }),
        After::Fail => facts.push(Fact::Finished { status: Status::Error, reason: None }),
    }
    let cursor = finish(&replay.cursor, &mut facts);
    if let (Some(Fact::Ended { receipt, .. }), true) = (facts.first_mut(), report.is_some()) {
        *receipt = Some(Receipt { status: cursor.status, remaining: cursor.remaining() });
    }
    facts
}

/// Adds the end of the replay where these facts leave nothing to do; gives where it stands after them.
pub(super) fn finish(before: &Cursor, facts: &mut Vec<Fact>) -> Cursor {
    let mut cursor = *before;
    for fact in facts.iter() {
        cursor.apply(fact);
    }
    if cursor.is_done() && !cursor.status.is_final() && cursor.status != Status::Stalled {
        let over = Fact::Finished { status: cursor.verdict(), reason: None };
        cursor.apply(&over);
        facts.push(over);
    }
    cursor
}
