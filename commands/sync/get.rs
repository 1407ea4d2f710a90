//! `lea sync get`.

use std::process::ExitCode;
use std::time::Duration;

use clap::ValueEnum;
use lea::error::Result;

use super::place::{age, at_hand, length, too_old};
use super::words::aged;
use crate::context::Context;

#[derive(Debug, clap::Args)]
#[command(
    after_help = "Prints the skill or workflow itself, as JSON, with or without --json. The exit code is 8 when there is none of that \
    name, and 1 when the copy is older than --max-age: then nothing is printed."
)]
pub(crate) struct Args {
    /// What is asked for
    #[arg(value_enum)]
    kind: Kind,
    /// Name or id of the skill, id of the workflow
    name: String,
    /// Ask no server
    #[arg(long)]
    offline: bool,
    /// The longest time since a server confirmed it, such as 90m, 24h or 7d
    #[arg(long, value_name = "LENGTH", value_parser = length)]
    max_age: Option<Duration>,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Kind {
    /// A skill.
    Skill,
    /// A workflow.
    Workflow,
}

pub(super) fn run(args: &Args, context: &Context) -> Result<ExitCode> {
    let (kept, source) = at_hand(context, args.offline)?;
    let found = match args.kind {
        Kind::Skill => kept.snapshot.skill(&args.name)?,
        Kind::Workflow => kept.snapshot.workflow(&args.name)?,
    };
    if too_old(age(&kept, source, context), args.max_age) {
        context.output.warn(&format!("the copy is older than --max-age: {}", aged(&kept, context)));
        return Ok(ExitCode::from(1));
    }
    context.output.json(found)?;
    Ok(ExitCode::SUCCESS)
}
