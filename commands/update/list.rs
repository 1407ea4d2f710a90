//! `lea update list`.

use lea::api::{ReleaseView, ReleasesAnswer};
use lea::error::Result;

use super::place::Place;
use crate::context::Context;
use crate::output::Columns;
use crate::times::ago;

pub(super) fn run(context: &Context) -> Result<()> {
    let answer = Place::open(context)?.releases()?;
    if answer.releases.is_empty() && !context.output.is_json() {
        context.output.note("nothing was published yet; `lea update publish` does");
        return Ok(());
    }
    show(&answer, context)
}

/// Releases as a table, or as they came.
pub(super) fn show(answer: &ReleasesAnswer, context: &Context) -> Result<()> {
    if context.output.is_json() {
        return context.output.json(answer);
    }
    let mut table = Columns::new(&["VERSION", "TYPE", "STAGE", "ROLLOUT", "FROM", "BYTES", "SIGNED", "PUBLISHED", "NOTES"]);
    for release in &answer.releases {
        let ReleaseView { version, update_type, stage, rollout, min_version, size, signature, published_at, notes, .. } = release;
        table.row([
            version.clone(),
            update_type.clone(),
            stage.as_str().to_owned(),
            format!("{rollout} %"),
            min_version.clone().unwrap_or_else(|| "any".to_owned()),
            size.to_string(),
            if signature.is_some() { "yes" } else { "no" }.to_owned(),
            ago(Some(*published_at), context),
            notes.clone().unwrap_or_else(|| "-".to_owned()),
        ]);
    }
    context.output.table(table)?;
    note_closed(answer, context);
    Ok(())
}

/// Says so where the server offers none of them.
pub(super) fn note_closed(answer: &ReleasesAnswer, context: &Context) {
    if answer.is_closed() {
        context.output.note("none of them is offered to anybody: update.server_enabled is off on the server");
    }
}
