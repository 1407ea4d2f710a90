//! `lea session export`.

use std::path::PathBuf;

use clap::ValueHint;
use lea::error::{Error, Kind, Result};
use lea::files::{Access, write_whole_from};

use super::place::Place;
use crate::context::Context;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Id of the session
    session_id: String,
    /// Where to write the archive [default: SESSION.zip in this folder]
    #[arg(short, long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    output: Option<PathBuf>,
    /// Replace a file that is there
    #[arg(long)]
    force: bool,
}

pub(super) fn run(args: &Args, context: &Context, place: &Place) -> Result<()> {
    // Its own spelling, and that there is one, before anything is made.
    let session = place.session(&args.session_id)?.session_id;
    let path = args.output.clone().unwrap_or_else(|| PathBuf::from(format!("{session}.zip")));
    if path.exists() && !args.force {
        return Err(Error::new(Kind::Conflict, "file_exists", format!("{} is there already", path.display()))
            .hint("choose another name with -o, or replace it with --force"));
    }
    let bar = context.output.bar(0);
    let written = write_whole_from(&path, Access::Owner, &mut |into| {
        place.export(&session, into, &mut |done, total| {
            bar.set_length(total);
            bar.set_position(done);
        })
    });
    bar.finish_and_clear();
    let bytes = written?;
    if context.output.is_json() {
        return context.output.json(&serde_json::json!({ "session_id": session, "file": path, "bytes": bytes }));
    }
    context.output.line(&format!("{} bytes written to {}", bytes, path.display()))
}
