//! Actions that the server carries out by looking: they end once the screen shows what is waited for, or when their time is up.

use super::ending::finish;
use super::state::Replay;
use super::types::{Fact, Outcome, Receipt, Report, Sighted, Status};
use crate::clock::Time;
use crate::workflow::{Awaited, Watch};

/// The shortest of the server's own waits before a look at the screen, milliseconds.
pub const LOOK_WAIT_MS: u64 = 500;

/// The longest.
pub const MOST_LOOK_WAIT_MS: u64 = 3000;

/// What is waited for, and since when its time runs: since it came to the head of the queue, or since a person last let the replay
/// go on, for while it is paused nobody looks.
fn running(replay: &Replay) -> Option<(Watch<'_>, Time)> {
    let attempt = replay.watched()?;
    let watch = replay.plan().actions.get(attempt.action)?.watch()?;
    Some((watch, replay.resumed_at().unwrap_or(attempt.handed_at).max(attempt.handed_at)))
}

/// How long the wait before the next look lasts that is handed out at `now`, milliseconds: a tenth of the time waited so far, within
/// bounds. What comes soon is seen soon, and what takes minutes costs no picture every half second.
pub(super) fn look_wait(replay: &Replay, now: Time) -> u64 {
    let waited = running(replay).map_or(0, |(_, since)| now.since(since).as_millis());
    u64::try_from(waited / 10).unwrap_or(MOST_LOOK_WAIT_MS).clamp(LOOK_WAIT_MS, MOST_LOOK_WAIT_MS)
}

/// The facts with which the wait ends that was out and has been reported on, and what to answer. What is waited for is looked at
/// first and the clock second: however late a report comes, what it shows counts.
pub(super) fn looked(replay: &Replay, report: &Report, now: Time) -> (Vec<Fact>, Receipt) {
    let unsaid = Receipt { status: replay.status(), remaining: replay.remaining() };
    let mut facts = vec![Fact::Looked { report: report.clone(), receipt: unsaid.clone() }];
    // A wait that failed may have left the screen in anybody's hands.
    let look = report.look.as_ref().filter(|_| report.success);
    let holds = running(replay).is_some_and(|(watch, _)| look.is_some_and(|look| watch.awaited.is(look.presence)));
    if holds {
        let done = Report { success: true, after: report.after.clone(), ..Report::default() };
        facts.push(Fact::Ended { outcome: Outcome::Success, report: Some(done), receipt: None });
    } else {
        facts.extend(failed(replay, report.after.clone(), report.look.as_ref().map(|look| &look.sighted), now));
    }
    let cursor = finish(&replay.cursor, &mut facts);
    let answer = Receipt { status: cursor.status, remaining: cursor.remaining() };
    for fact in &mut facts {
        match fact {
            Fact::Looked { receipt, .. } => receipt.clone_from(&answer),
            Fact::Ended { receipt, .. } => *receipt = Some(answer.clone()),
            _ => {}
        }
    }
    (facts, answer)
}

/// The facts with which a wait ends that nobody has reported on: nothing was seen, and the time may be up.
pub(super) fn waited(replay: &Replay, now: Time) -> Vec<Fact> {
    let mut facts = vec![Fact::Waited];
    facts.extend(timed_out(replay, now));
    facts
}

/// The facts with which the action fails, if its time is up.
pub(super) fn timed_out(replay: &Replay, now: Time) -> Vec<Fact> {
    failed(replay, None, None, now)
}

fn failed(replay: &Replay, after: Option<String>, seen: Option<&Sighted>, now: Time) -> Vec<Fact> {
    let Some((watch, since)) = running(replay) else { return Vec::new() };
    if replay.status() != Status::Running || now.since(since) < watch.timeout {
        return Vec::new();
    }
    let seen = seen.or_else(|| replay.watched()?.sighted.as_ref());
    let report = Report { success: false, error: Some(sentence(&watch, seen)), after, ..Report::default() };
    vec![
        Fact::Ended { outcome: Outcome::Failed, report: Some(report), receipt: None },
        Fact::Finished { status: Status::Error, reason: None },
    ]
}

fn sentence(watch: &Watch<'_>, seen: Option<&Sighted>) -> String {
    let what = match watch.awaited {
        Awaited::Shown => "appear",
        Awaited::Gone => "go",
    };
    let last = match seen {
        Some(Sighted { verdict, cause: Some(cause), .. }) => format!("last seen: {verdict} ({cause})"),
        Some(Sighted { verdict, .. }) => format!("last seen: {verdict}"),
        None => "no report brought a picture of the screen that could be looked at".to_owned(),
    };
    format!("the target did not {what} within {} ms; {last}", watch.timeout.as_millis())
}
