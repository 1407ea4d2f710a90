//! `lea update`: what a machine runs next. Nothing here replaces a live file or restarts an agent: a person does.

mod ask;
mod change;
mod check;
mod explain;
mod keys;
mod list;
mod place;
mod publish;
mod stage;
mod status;
mod verify;

use std::process::ExitCode;

use lea::error::Result;

use crate::context::Context;

#[derive(Debug, clap::Args)]
#[command(
    after_help = "On a machine: check, stage; then a person applies what was staged. In CI: verify. Operators: publish, list, rollout, \
    pause, resume, withdraw, explain, status. Who signs: keygen, sign."
)]
pub(crate) struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// Ask whether there is an update for this machine
    Check(check::Args),
    /// Fetch an update, verify it, and put it beside the live files, which stay as they are
    Stage(Box<stage::Args>),
    /// Check an update ZIP: its hash, its signature, and all that is in it
    Verify(verify::Args),
    /// Make a pair of keys that sign updates
    Keygen(keys::Keygen),
    /// Sign an update ZIP
    Sign(keys::Sign),
    /// Publish an update ZIP
    Publish(publish::Args),
    /// List the releases, newest first
    List,
    /// Offer a version to this part of the fleet
    Rollout(change::Rollout),
    /// Offer a version to nobody for now
    Pause(change::Version),
    /// Offer a paused version again
    Resume(change::Version),
    /// Withdraw a version for ever: who was told refuses it from then on
    Withdraw(change::Version),
    /// Say why a machine is or isn't offered a release
    Explain(explain::Args),
    /// Show which versions the fleet runs, and how far each rollout is
    Status(status::Args),
}

pub(crate) fn run(args: &Args, context: &Context) -> Result<ExitCode> {
    match &args.command {
        Command::Check(args) => return check::run(args, context),
        Command::Stage(args) => return stage::run(args, context),
        Command::Verify(args) => return verify::run(args, context),
        Command::Keygen(args) => keys::keygen(args, context)?,
        Command::Sign(args) => return keys::sign(args, context),
        Command::Publish(args) => publish::run(args, context)?,
        Command::List => list::run(context)?,
        Command::Rollout(args) => change::rollout(args, context)?,
        Command::Pause(args) => change::run(args, lea::update::Change::Pause, context)?,
        Command::Resume(args) => change::run(args, lea::update::Change::Resume, context)?,
        Command::Withdraw(args) => change::run(args, lea::update::Change::Withdraw, context)?,
        Command::Explain(args) => explain::run(args, context)?,
        Command::Status(args) => status::run(args, context)?,
    }
    Ok(ExitCode::SUCCESS)
}
