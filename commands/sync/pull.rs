//! `lea sync pull`.

use std::process::ExitCode;

use lea::error::{Error, Result};
use lea::sync::Difference;
use serde::Serialize;

use super::place::{From, Place, Purpose};
use super::show::Shown;
use super::words::{aged, counts, lines, short};
use crate::context::Context;

#[derive(Debug, clap::Args)]
#[command(
    after_help = "What comes is checked whole before it replaces anything; when it is refused, or nothing comes, the copy stays as it \
    is. Where the copy cannot be written, what came is listed all the same, and printed whole under --json, with a warning."
)]
pub(crate) struct Args {
    /// Take a snapshot that is older than one this server gave before
    #[arg(long)]
    allow_older: bool,
}

#[derive(Serialize)]
struct Answer<'a> {
    #[serde(flatten)]
    shown: Shown<'a>,
    /// Whether it is another version than before.
    changed: bool,
    /// Whether it is on disk.
    cached: bool,
    difference: &'a Difference,
}

pub(super) fn run(args: &Args, context: &Context) -> Result<ExitCode> {
    let mut place = Place::with_server(context, Purpose::Keep)?;
    let pulled = match place.pull(context, args.allow_older) {
        Ok(pulled) => pulled,
        Err(error) => return Err(refused(error, &place, context)),
    };
    let kept = place.kept()?;
    if context.output.is_json() {
        let shown = Shown::of(kept, From::Server, context);
        let answer = Answer { shown, changed: pulled.changed, cached: pulled.not_kept.is_none(), difference: &pulled.difference };
        context.output.json(&answer)?;
        return Ok(ExitCode::SUCCESS);
    }
    lines(&pulled.difference, context)?;
    let version = short(&kept.snapshot.version);
    let what = if pulled.changed { format!("version {version}") } else { format!("nothing changed: still version {version}") };
    context.output.note(&format!("{what}, {}", counts(&kept.snapshot)));
    Ok(ExitCode::SUCCESS)
}

/// The failure with what is at hand all the same.
fn refused(error: Error, place: &Place, context: &Context) -> Error {
    match place.kept() {
        Ok(kept) => {
            context.output.note(&format!("the copy stays: version {}, {}", short(&kept.snapshot.version), aged(kept, context)));
            error.detail("kept_version", kept.snapshot.version.clone())
        }
        Err(_) => error,
    }
}
