//! `lea update publish`.

use std::path::PathBuf;

use clap::ValueHint;
use lea::error::{Kind, Result};
use lea::update::{Expected, Proposal, UpdateType, Version, refused};

use super::place::Place;
use super::verify::{keys_of, look, problems, signature_of};
use crate::context::Context;

#[derive(Debug, clap::Args)]
#[command(
    after_help = "A published version never changes, and one that was withdrawn never comes back. A code-only ZIP with --min-version is \
    offered to machines of that version or later; to older ones the full ZIP of the same version, if it is published too."
)]
pub(super) struct Args {
    /// The ZIP
    #[arg(value_hint = ValueHint::FilePath)]
    zip: PathBuf,
    /// Its version
    #[arg(long, value_name = "VERSION")]
    version: Version,
    /// What it replaces: code-only or full
    #[arg(long = "type", value_name = "TYPE")]
    update_type: UpdateType,
    /// Which part of the fleet it is offered to
    #[arg(long, value_name = "PERCENT", default_value_t = 100, value_parser = clap::value_parser!(u8).range(0..=100))]
    rollout: u8,
    /// Oldest version that it may be applied to
    #[arg(long, value_name = "VERSION")]
    min_version: Option<Version>,
    /// What people should know of it
    #[arg(long, value_name = "TEXT")]
    notes: Option<String>,
    /// Its signature [default: ZIP.minisig if that is there]
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    signature: Option<PathBuf>,
}

pub(super) fn run(args: &Args, context: &Context) -> Result<()> {
    let proposal = Proposal {
        version: args.version.clone(),
        update_type: args.update_type,
        rollout: args.rollout,
        min_version: args.min_version.clone(),
        notes: args.notes.clone(),
        signature: signature_of(args.signature.as_deref(), &args.zip)?,
    };
    proposal.check()?;
    let expected = Expected {
        version: Some(args.version.clone()),
        update_type: Some(args.update_type),
        signature: proposal.signature.clone(),
        ..Expected::default()
    };
    // Here first: what is wrong is said before anything is sent.
    let report = look(&args.zip, &expected, &keys_of(&[], context)?, context)?;
    if !report.ok {
        if !context.output.is_json() {
            problems(&report.problems, context)?;
        }
        return Err(refused(Kind::Integrity, &report));
    }
    let place = Place::open(context)?;
    let waiting = context.output.spinner(&format!("publishing {}", args.zip.display()));
    let published = place.publish(&args.zip, proposal, &report);
    waiting.finish_and_clear();
    let answer = published?;
    if context.output.is_json() {
        return context.output.json(&answer);
    }
    let how = if answer.status == "published" { "is published" } else { "was published before" };
    context.output.line(&format!(
        "{} {} {how}, offered to {} % of the fleet",
        answer.release.update_type, answer.release.version, answer.release.rollout
    ))
}
