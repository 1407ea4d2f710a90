//! `lea sync show`.

use std::process::ExitCode;
use std::time::Duration;

use lea::error::Result;
use lea::sync::{Entry, Kept};
use serde::Serialize;

use super::place::{From, age, at_hand, length, too_old};
use super::words::{aged, counts, since, table};
use crate::context::Context;

#[derive(Debug, clap::Args)]
#[command(
    after_help = "Where a server is named, it is asked first, and the copy is replaced by what it serves; where it does not answer, \
    the copy is shown, with a warning. The exit code is 1 when the copy is older than --max-age."
)]
pub(crate) struct Args {
    /// Ask no server
    #[arg(long)]
    offline: bool,
    /// The longest time since a server confirmed what is shown, such as 90m, 24h or 7d
    #[arg(long, value_name = "LENGTH", value_parser = length)]
    max_age: Option<Duration>,
}

/// The shape that scripts rely on.
#[derive(Serialize)]
pub(super) struct Shown<'a> {
    version: &'a str,
    skills: &'a [Entry],
    workflows: &'a [Entry],
    synced_at: Option<lea::clock::Time>,
    source: From,
    age_seconds: Option<u64>,
}

impl<'a> Shown<'a> {
    pub(super) fn of(kept: &'a Kept, source: From, context: &Context) -> Self {
        let snapshot = &kept.snapshot;
        Self {
            version: &snapshot.version,
            skills: &snapshot.skills,
            workflows: &snapshot.workflows,
            synced_at: snapshot.synced_at,
            source,
            age_seconds: age(kept, source, context).map(|age| age.as_secs()),
        }
    }
}

pub(super) fn run(args: &Args, context: &Context) -> Result<ExitCode> {
    let (kept, source) = at_hand(context, args.offline)?;
    if context.output.is_json() {
        context.output.json(&Shown::of(&kept, source, context))?;
    } else {
        print(&kept, source, context)?;
    }
    if too_old(age(&kept, source, context), args.max_age) {
        context.output.warn(&format!("the copy is older than --max-age: {}", aged(&kept, context)));
        return Ok(ExitCode::from(1));
    }
    Ok(ExitCode::SUCCESS)
}

/// What is at hand, for people.
pub(super) fn print(kept: &Kept, source: From, context: &Context) -> Result<()> {
    let snapshot = &kept.snapshot;
    let table = table(snapshot);
    if !table.is_empty() {
        context.output.table(table)?;
    }
    let from = match source {
        From::Server => "the server's".to_owned(),
        From::Cache => format!("the copy's, {}", aged(kept, context)),
    };
    context.output.note(&format!("{}, {from}", counts(snapshot)));
    context.output.note(&format!("version {}, served since {}", snapshot.version, since(snapshot.synced_at, context)));
    Ok(())
}
