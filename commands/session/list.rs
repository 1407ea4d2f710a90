//! `lea session list`.

use lea::error::Result;

use super::place::Place;
use crate::context::Context;
use crate::output::Columns;
use crate::times::ago;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Only sessions of this machine; `default` for those of none
    #[arg(long, value_name = "ID")]
    machine: Option<String>,
    /// Only sessions whose recording is not closed
    #[arg(long)]
    active: bool,
}

pub(super) fn run(args: &Args, context: &Context, place: &Place) -> Result<()> {
    let mut answer = place.sessions(args.machine.as_deref())?;
    if args.active {
        answer.sessions.retain(|session| !session.finalized);
    }
    answer.sessions.sort_by_key(|session| std::cmp::Reverse(session.last_activity));
    if context.output.is_json() {
        return context.output.json(&answer);
    }
    let mut table = Columns::new(&["SESSION", "MACHINE", "EVENTS", "SHOTS", "STATE", "LAST HEARD", "BEGUN"]);
    for session in &answer.sessions {
        let state = match (session.finalized, session.processing.as_str()) {
            (false, _) => "open".to_owned(),
            (true, "done") => "verified".to_owned(),
            (true, "failed") => format!("not whole: {}", session.problems.len()),
            (true, stage) => format!("closed, {stage}"),
        };
        table.row([
            session.session_id.clone(),
            session.machine_id.clone(),
            session.events_count.to_string(),
            session.screenshots_count.to_string(),
            state,
            ago(Some(session.last_activity), context),
            ago(Some(session.created_at), context),
        ]);
    }
    if table.is_empty() {
        context.output.note("no session fits");
        return Ok(());
    }
    context.output.table(table)
}
