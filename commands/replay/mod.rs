//! `lea replay`: what replays do, on a server; looking at them also in the data directory.

mod begin;
mod control;
mod expand;
mod input;
mod list;
mod page;
mod place;
mod show;
mod simulate;
mod watch;
mod words;

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
    /// Start a replay of a workflow
    Start(begin::Start),
    /// Start a replay of actions from a file
    Raw(begin::Raw),
    /// Queue one action
    Single(begin::Single),
    /// List replays, the newest first
    List(list::Args),
    /// Show a replay: every attempt, what is out, what it waits for
    Show(show::Args),
    /// Watch a replay until it is over; Ctrl-C stops watching, not the replay
    Watch(watch::Args),
    /// End a replay
    Cancel(control::Cancel),
    /// Stop a replay for a while
    Pause(control::Pause),
    /// Let a replay go on; a stalled one with a decision
    Resume(control::Resume),
    /// Show the actions of a workflow, without a server
    Expand(expand::Args),
    /// Play an agent without a desktop, to try a server out
    Simulate(simulate::Args),
}

pub(crate) fn run(args: &Args, context: &Context) -> Result<ExitCode> {
    match &args.command {
        Command::Start(args) => begin::start(args, context),
        Command::Raw(args) => begin::raw(args, context),
        Command::Single(args) => begin::single(args, context),
        Command::List(args) => list::run(args, context),
        Command::Show(args) => show::run(args, context),
        Command::Watch(args) => watch::run(args, context),
        Command::Cancel(args) => control::cancel(args, context),
        Command::Pause(args) => control::pause(args, context),
        Command::Resume(args) => control::resume(args, context),
        Command::Expand(args) => expand::run(args, context),
        Command::Simulate(args) => simulate::run(args, context),
    }
}
