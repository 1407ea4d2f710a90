//! `lea competence`: learned skills, on a server or in the data directory.

mod scan;
mod slugify;

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
    /// Print the slugs of names, one a line
    Slugify(slugify::Args),
    /// Look for personal data in JSON, YAML or text, offline
    Scan(scan::Args),
}

pub(crate) fn run(args: &Args, context: &Context) -> Result<ExitCode> {
    match &args.command {
        Command::Slugify(args) => slugify::run(args, context),
        Command::Scan(args) => scan::run(args, context),
    }
}
