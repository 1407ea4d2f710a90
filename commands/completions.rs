//! `lea completions`: the script that makes a shell complete `lea`.

use std::process::ExitCode;

use clap::CommandFactory;
use clap_complete::Shell;
use lea::error::Result;

use crate::cli::Cli;
use crate::output::Output;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The shell to write for
    shell: Shell,
}

pub(crate) fn run(args: &Args, output: &Output) -> Result<ExitCode> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "lea", &mut script);
    if output.is_json() {
        output.json(&serde_json::json!({ "shell": args.shell.to_string(), "script": String::from_utf8_lossy(&script) }))?;
    } else {
        output.bytes(&script)?;
    }
    Ok(ExitCode::SUCCESS)
}
