//! `lea replay show`: all that is known of a replay, as tables, as JSON, or as a page.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::ValueHint;
use lea::api::ReplayView;
use lea::clock::Time;
use lea::error::Result;
use lea::files::{Access, write_whole};

use super::page::{self, Pictures};
use super::place::Place;
use super::words::{cell, counts, outcome, paused, waits};
use crate::context::Context;
use crate::output::Columns;
use crate::times::{ago, short};

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Id of the replay
    replay_id: String,
    /// Write one page with every attempt, the screens before and after it and what was found on them; readable by its owner alone
    #[arg(long, value_name = "OUT.html", value_hint = ValueHint::FilePath)]
    html: Option<PathBuf>,
}

pub(super) fn run(args: &Args, context: &Context) -> Result<ExitCode> {
    let place = Place::open(context)?;
    let replay = place.replay(&args.replay_id)?;
    if let Some(path) = &args.html {
        write_page(path, &replay, &place, context)?;
    }
    if context.output.is_json() {
        context.output.json(&replay)?;
    } else if args.html.is_none() {
        print(&replay, context)?;
    }
    Ok(ExitCode::SUCCESS)
}

fn write_page(path: &Path, replay: &ReplayView, place: &Place, context: &Context) -> Result<()> {
    let spinner = context.output.spinner("fetching screens");
    let pictures = Pictures::gather(replay, |name| place.screen(&replay.replay_id, name));
    spinner.finish_and_clear();
    // Screens may show anybody's data.
    write_whole(path, page::render(replay, &pictures).as_bytes(), Access::Owner)?;
    let left_out = pictures.left_out();
    if left_out > 0 {
        context
            .output
            .warn(&format!("{left_out} screens are left out: the page would be larger than {} MiB", crate::html::MAX_PICTURES >> 20));
    }
    context.output.note(&format!("{} attempts written to {}", replay.results.len(), path.display()));
    Ok(())
}

fn print(replay: &ReplayView, context: &Context) -> Result<()> {
    context.output.table(facts(replay, context))?;
    if replay.results.is_empty() {
        return Ok(());
    }
    let mut table = Columns::new(&["#", "ACTION", "TYPE", "OUTCOME", "VERDICT", "ATTEMPT", "TIME", "ERROR"]);
    for result in &replay.results {
        table.row([
            (result.action_index + 1).to_string(),
            result.action_id.clone(),
            result.action_type.clone(),
            outcome(result),
            cell(result.verification.as_ref().map(|seen| seen.verdict.as_str())),
            (result.retry_count + 1).to_string(),
            short(result.ended_at.since(result.handed_at)),
            cell(result.error.as_deref()),
        ]);
    }
    context.output.table(table)
}

fn facts(replay: &ReplayView, context: &Context) -> Columns {
    let mut table = Columns::new(&["FACT", "VALUE"]);
    let mut fact = |name: &str, value: Option<String>| {
        if let Some(value) = value {
            table.row([name.to_owned(), value]);
        }
    };
    let time = |time: Option<Time>| time.map(|at| format!("{at} ({})", ago(Some(at), context)));
    fact("replay", Some(replay.replay_id.clone()));
    fact("workflow", Some(replay.workflow_id.clone()));
    fact("machine", Some(replay.machine_id.clone()));
    fact("session", Some(replay.session_id.clone()));
    fact("status", Some(replay.status.clone()));
    fact("actions", Some(counts(replay)));
    fact("variables", (!replay.params.is_empty()).then(|| replay.params.keys().cloned().collect::<Vec<_>>().join(", ")));
    fact(
        "out",
        replay.out.as_ref().map(|out| {
            format!("{} ({}), action {}, {}", out.action_id, out.action_type, out.action_index + 1, ago(Some(out.handed_at), context))
        }),
    );
    fact("created", time(Some(replay.created_at)));
    fact("started", time(replay.started_at));
    fact("finished", time(replay.finished_at));
    match replay.status.as_str() {
        "stalled" => fact("to do", Some(waits(&replay.replay_id, replay.reason.as_deref()))),
        "paused" => fact("to do", Some(paused(&replay.replay_id))),
        _ => fact("reason", replay.reason.clone()),
    }
    table
}
