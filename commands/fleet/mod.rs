//! `lea fleet`: the machines, on a server or in the data directory.

mod export;
mod key;
mod list;
mod one;
mod place;

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
    /// List the machines, newest enrollment first
    List(list::Args),
    /// Show one machine
    Show(one::Machine),
    /// Show everything that happened to a machine
    History(one::Machine),
    /// Take a machine out of the fleet; its token is dead from then on
    Uninstall(one::Uninstall),
    /// Give a machine a new token and print it; the old one is dead from then on
    RotateToken(one::Machine),
    /// Write the machines as CSV or JSON
    Export(export::Args),
    /// Look after enrollment keys, which installers carry instead of the operator's token
    Key(key::Args),
}

pub(crate) fn run(args: &Args, context: &Context) -> Result<ExitCode> {
    let place = Place::open(context)?;
    match &args.command {
        Command::List(args) => list::run(args, context, &place)?,
        Command::Show(machine) => one::show(machine, context, &place)?,
        Command::History(machine) => one::history(machine, context, &place)?,
        Command::Uninstall(args) => one::uninstall(args, context, &place)?,
        Command::RotateToken(machine) => one::rotate(machine, context, &place)?,
        Command::Export(args) => export::run(args, context, &place)?,
        Command::Key(args) => key::run(args, context, &place)?,
    }
    Ok(ExitCode::SUCCESS)
}

/// A text for a cell; a dash when there is none.
fn cell(text: Option<&str>) -> String {
    text.filter(|text| !text.trim().is_empty()).unwrap_or("-").to_owned()
}
