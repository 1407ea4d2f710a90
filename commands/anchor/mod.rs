//! `lea anchor`: what an author should know of a picture before targets are found by it.

mod check;
mod larger;

use std::process::ExitCode;

use lea::error::Result;

use crate::context::Context;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// Say whether anchors are fit to find their targets by, and propose a larger crop where one is not unique
    Check(check::Args),
}

pub(crate) fn run(args: &Args, context: &Context) -> Result<ExitCode> {
    match &args.command {
        Command::Check(args) => check::run(args, context),
    }
}
