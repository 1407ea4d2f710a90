//! What is said of a replay in the same words everywhere.

use std::process::ExitCode;

use lea::api::{ReplayView, ResultView};
use lea::replay::Status;

/// A text for a cell; a dash when there is none.
pub(super) fn cell(text: Option<&str>) -> String {
    text.filter(|text| !text.trim().is_empty()).unwrap_or("-").to_owned()
}

/// How a replay that is over answers "did all go well?".
pub(super) fn verdict(status: &str) -> ExitCode {
    if status == Status::Completed.as_str() { ExitCode::SUCCESS } else { ExitCode::from(1) }
}

/// How many actions were reported as done, of how many.
pub(super) fn progress(replay: &ReplayView) -> String {
    format!("{}/{}", replay.completed_actions, replay.total_actions)
}

/// How many actions are done, and how many ended otherwise, as far as there are any.
pub(super) fn counts(replay: &ReplayView) -> String {
    let others = [
        (replay.failed_actions, "failed"),
        (replay.unreported_actions, "unreported"),
        (replay.unknown_actions, "unknown"),
        (replay.skipped_actions, "skipped"),
        (replay.unverified_actions, "unverified"),
        (replay.retried_actions, "tried again"),
        (replay.remaining_actions, "to come"),
    ];
    let done = format!("{} of {} actions done", replay.completed_actions, replay.total_actions);
    let others = others.iter().filter(|(count, _)| *count > 0).map(|(count, what)| format!("{count} {what}"));
    std::iter::once(done).chain(others).collect::<Vec<_>>().join(", ")
}

/// What became of an attempt, with what a person decided and what the agent said too late.
pub(super) fn outcome(result: &ResultView) -> String {
    let decided = result.decision.as_ref().map(|decision| format!(" (decided: {decision})")).unwrap_or_default();
    let late = match result.late_success {
        None => "",
        Some(true) => " (said too late: success)",
        Some(false) => " (said too late: failed)",
    };
    format!("{}{decided}{late}", result.outcome)
}

/// Why a replay waits for a person, and what to type.
pub(super) fn waits(id: &str, why: Option<&str>) -> String {
    let why = why.unwrap_or("the outcome of an action is not known");
    format!("stalled: {why}. Look at the machine's screen, then: lea replay resume {id} --decision retry (or skip, or fail)")
}

/// What to type where a replay is paused.
pub(super) fn paused(id: &str) -> String {
    format!("paused; to go on: lea replay resume {id}")
}
