//! `lea resolve`.

use std::process::ExitCode;

use lea::error::Result;

use crate::context::Context;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {}

impl Args {
    /// The settings that flags of this command set: flag, setting, value.
    pub(crate) fn settings(&self) -> Vec<(&'static str, &'static str, String)> {
        Vec::new()
    }
}

pub(crate) fn run(_args: &Args, _context: &Context) -> Result<ExitCode> {
    Ok(ExitCode::SUCCESS)
}
