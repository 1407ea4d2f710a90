//! `lea session purge`.

use std::time::Duration;

use lea::api::PurgeRequest;
use lea::error::Result;
use lea::fleet::parse_lifetime;

use super::place::Place;
use crate::context::Context;
use crate::output::Columns;
use crate::times::ago;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Remove what was not heard of for so long, such as 30d or 12h [default: session.keep_days]
    #[arg(long, value_name = "AGE", value_parser = age)]
    older_than: Option<Duration>,
    /// Only say what would be removed
    #[arg(long)]
    dry_run: bool,
}

fn age(text: &str) -> Result<Duration, String> {
    parse_lifetime(text).map_err(|error| error.to_string())
}

pub(super) fn run(args: &Args, context: &Context, place: &Place) -> Result<()> {
    let request = PurgeRequest { older_than_seconds: args.older_than.map(|age| age.as_secs()), dry_run: args.dry_run };
    let answer = place.purge(&request)?;
    if context.output.is_json() {
        return context.output.json(&answer);
    }
    let mut table = Columns::new(&["SESSION", "MACHINE", "LAST HEARD", "BYTES"]);
    for gone in &answer.purged {
        table.row([gone.session_id.clone(), gone.machine_id.clone(), ago(Some(gone.last_activity), context), gone.bytes.to_string()]);
    }
    if table.is_empty() {
        context.output.note("nothing is old enough");
        return Ok(());
    }
    context.output.table(table)?;
    let verb = if answer.dry_run { "would be removed" } else { "removed" };
    context.output.note(&format!("{} recordings, {} bytes {verb}", answer.purged.len(), answer.bytes));
    Ok(())
}
