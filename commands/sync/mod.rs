//! `lea sync`: the copy of the configuration that this machine keeps at hand.

mod diff;
mod events;
mod get;
mod hook;
mod place;
mod pull;
mod show;
mod watch;
mod words;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::ValueHint;
use lea::error::Result;

use crate::context::Context;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Where the copy is kept [env: LEA_SYNC_CACHE, AGENTKIT_CONFIG_CACHE; default: config_cache.db in the data directory]
    #[arg(long, global = true, value_name = "FILE", value_hint = ValueHint::FilePath)]
    cache: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// Ask the server once, and replace the copy by what it serves
    Pull(pull::Args),
    /// Keep the copy up to date until a signal or Ctrl-C
    Watch(watch::Args),
    /// Show what is at hand: from the server where it answers, else from the copy
    Show(show::Args),
    /// Print one skill or workflow as JSON
    Get(get::Args),
    /// Show what differs between the copy and the server, and change nothing
    Diff(diff::Args),
}

impl Args {
    /// The settings that flags of this command set: flag, setting, value.
    pub(crate) fn settings(&self) -> Vec<(&'static str, &'static str, String)> {
        let cache = self.cache.as_ref().map(|path| ("--cache", "sync.cache", path.display().to_string()));
        let interval = match &self.command {
            Command::Watch(args) => args.interval().map(|seconds| ("--interval", "sync.interval_seconds", seconds.to_string())),
            _ => None,
        };
        cache.into_iter().chain(interval).collect()
    }
}

pub(crate) fn run(args: &Args, context: &Context) -> Result<ExitCode> {
    match &args.command {
        Command::Pull(args) => pull::run(args, context),
        Command::Watch(args) => watch::run(args, context),
        Command::Show(args) => show::run(args, context),
        Command::Get(args) => get::run(args, context),
        Command::Diff(args) => diff::run(args, context),
    }
}
