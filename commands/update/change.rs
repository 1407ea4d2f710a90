//! `lea update rollout`, `pause`, `resume` and `withdraw`.

use lea::error::Result;
use lea::update::Change;

use super::list::show;
use super::place::Place;
use crate::context::Context;

#[derive(Debug, clap::Args)]
pub(super) struct Version {
    /// The version, as the list shows it
    #[arg(value_name = "VERSION")]
    release: lea::update::Version,
}

#[derive(Debug, clap::Args)]
pub(super) struct Rollout {
    #[command(flatten)]
    version: Version,
    /// Which part of the fleet it is offered to
    #[arg(value_parser = clap::value_parser!(u8).range(0..=100))]
    percent: u8,
}

pub(super) fn rollout(args: &Rollout, context: &Context) -> Result<()> {
    run(&args.version, Change::Rollout(args.percent), context)
}

pub(super) fn run(args: &Version, change: Change, context: &Context) -> Result<()> {
    show(&Place::open(context)?.change(&args.release, change)?, context)
}
