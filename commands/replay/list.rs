//! `lea replay list`.

use std::process::ExitCode;

use clap::builder::PossibleValuesParser;
use lea::api::ReplaysAnswer;
use lea::client::ReplaysQuery;
use lea::error::Result;
use lea::replay::Status;

use super::place::Place;
use super::words::progress;
use crate::context::Context;
use crate::output::Columns;
use crate::times::ago;

/// The most replays on a page, as the server has it.
const MAX_PAGE: usize = 1000;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Only replays that stand so
    #[arg(long, value_parser = PossibleValuesParser::new(Status::ALL.map(Status::as_str)))]
    status: Option<String>,
    /// Only replays of this machine
    #[arg(long, value_name = "ID")]
    machine: Option<String>,
    /// How many at most
    #[arg(long, value_name = "NUMBER", default_value_t = 50, value_parser = clap::value_parser!(u64).range(1..=MAX_PAGE as u64))]
    limit: u64,
    /// All of them, however many
    #[arg(long, conflicts_with = "limit")]
    all: bool,
}

pub(super) fn run(args: &Args, context: &Context) -> Result<ExitCode> {
    let place = Place::open(context)?;
    let mut query = ReplaysQuery {
        status: args.status.clone(),
        machine: args.machine.clone(),
        limit: Some(if args.all { MAX_PAGE } else { usize::try_from(args.limit).unwrap_or(MAX_PAGE) }),
        cursor: None,
        newest: true,
        short: !context.output.is_json(),
    };
    let mut answer = place.replays(&query)?;
    while args.all && answer.next_cursor.is_some() {
        query.cursor.clone_from(&answer.next_cursor);
        let page = place.replays(&query)?;
        answer = ReplaysAnswer { replays: answer.replays.into_iter().chain(page.replays).collect(), next_cursor: page.next_cursor };
    }
    if context.output.is_json() {
        context.output.json(&answer)?;
    } else {
        print(context, &answer)?;
    }
    Ok(ExitCode::SUCCESS)
}

fn print(context: &Context, answer: &ReplaysAnswer) -> Result<()> {
    let mut table = Columns::new(&["REPLAY", "WORKFLOW", "MACHINE", "STATUS", "PROGRESS", "STARTED"]);
    for replay in &answer.replays {
        table.row([
            replay.replay_id.clone(),
            replay.workflow_id.clone(),
            replay.machine_id.clone(),
            replay.status.clone(),
            progress(replay),
            ago(Some(replay.created_at), context),
        ]);
    }
    if table.is_empty() {
        context.output.note("no replay fits");
        return Ok(());
    }
    context.output.table(table)?;
    if answer.next_cursor.is_some() {
        context.output.note("there are more: --limit NUMBER, or --all");
    }
    Ok(())
}
