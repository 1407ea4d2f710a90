//! `lea session`: recordings, on a server or in the data directory.

mod export;
mod list;
mod one;
mod place;
mod purge;

use std::process::ExitCode;

use lea::error::Result;

use crate::context::Context;
use place::Place;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// List the sessions, the last heard of first
    List(list::Args),
    /// Show one session
    Show(one::Session),
    /// Close a session's recording and have it verified
    Finalize(one::Session),
    /// Write a recording (events and shots) as a ZIP
    Export(export::Args),
    /// Remove recordings that are older than they are to be kept
    Purge(purge::Args),
}

pub(crate) fn run(args: &Args, context: &Context) -> Result<ExitCode> {
    let place = Place::open(context)?;
    match &args.command {
        Command::List(args) => list::run(args, context, &place)?,
        Command::Show(session) => one::show(session, context, &place)?,
        Command::Finalize(session) => one::finalize(session, context, &place)?,
        Command::Export(args) => export::run(args, context, &place)?,
        Command::Purge(args) => purge::run(args, context, &place)?,
    }
    Ok(ExitCode::SUCCESS)
}
