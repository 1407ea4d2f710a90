//! One session: `show`, `finalize`.

use lea::error::Result;

use super::place::Place;
use crate::context::Context;
use crate::output::Columns;

#[derive(Debug, clap::Args)]
pub(crate) struct Session {
    /// Id of the session
    session_id: String,
}

pub(super) fn show(session: &Session, context: &Context, place: &Place) -> Result<()> {
    let seen = place.session(&session.session_id)?;
    if context.output.is_json() {
        return context.output.json(&seen);
    }
    let mut table = Columns::new(&["FIELD", "VALUE"]);
    let mut row = |name: &str, value: String| table.row([name.to_owned(), value]);
    row("session_id", seen.session_id.clone());
    row("machine_id", seen.machine_id.clone());
    row("events", seen.events_count.to_string());
    row("shots", seen.screenshots_count.to_string());
    row("begun", seen.created_at.to_string());
    row("last heard", seen.last_activity.to_string());
    row("recording", if seen.finalized { "closed" } else { "open" }.to_owned());
    row("processing", seen.processing.clone());
    for problem in &seen.problems {
        row("problem", problem.clone());
    }
    context.output.table(table)
}

pub(super) fn finalize(session: &Session, context: &Context, place: &Place) -> Result<()> {
    let answer = place.finalize(&session.session_id)?;
    if context.output.is_json() {
        return context.output.json(&answer);
    }
    context.output.line(&format!("{}: {}", answer.session_id, answer.message))
}
