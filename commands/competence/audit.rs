//! `lea competence audit`: reading the audit, and proving that it is whole.

use std::path::PathBuf;
use std::process::ExitCode;

use lea::clock::{Clock, Time};
use lea::competence::{Filter, Node};
use lea::error::{Error, Kind, Result};
use lea::files::{Access, write_whole_from};
use lea::fleet::parse_lifetime;
use serde::Serialize;

use super::place::Place;
use crate::context::Context;
use crate::output::Columns;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// List entries, oldest first
    List(Which),
    /// Show the entry of a persist_id, or of a number
    Find {
        /// The persist_id, or the number of the entry
        id: String,
    },
    /// Prove that no line was changed, left out, put in or moved
    Verify,
    /// Take in lines that the database does not know, after it was restored from an older backup
    Adopt,
    /// Write entries as JSON, one a line
    Export {
        #[command(flatten)]
        which: Which,
        /// Write into this file, for its owner alone, instead of standard output
        #[arg(short, long, value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
        output: Option<PathBuf>,
    },
}

/// Which entries.
#[derive(Debug, clap::Args)]
struct Which {
    /// Not before this time: 2026-04-15, 2026-04-15T07:00:00Z, or so long ago, such as 24h or 7d
    #[arg(long, value_name = "TIME")]
    since: Option<String>,
    /// Only of this competence
    #[arg(long)]
    slug: Option<String>,
    /// Only of this machine
    #[arg(long, value_name = "ID")]
    machine: Option<String>,
    /// At most so many
    #[arg(long, value_name = "NUMBER")]
    limit: Option<usize>,
}

#[derive(Serialize)]
struct Listing {
    entries: Vec<Node>,
}

pub(super) fn run(args: &Args, context: &Context, place: &Place<'_>) -> Result<ExitCode> {
    match &args.command {
        Command::List(which) => list(which, context, place)?,
        Command::Find { id } => find(id, context, place)?,
        Command::Verify => return verify(context, place),
        Command::Adopt => {
            let lines = place.adopt()?;
            if context.output.is_json() {
                context.output.json(&serde_json::json!({ "lines": lines }))?;
            } else {
                context.output.line(&format!("{lines} lines are taken in that the database did not know"))?;
            }
        }
        Command::Export { which, output } => export(which, output.as_ref(), context, place)?,
    }
    Ok(ExitCode::SUCCESS)
}

impl Which {
    fn filter(&self, context: &Context) -> Result<Filter> {
        let since = self.since.as_deref().map(|text| time(text, context.clock.now())).transpose()?;
        Ok(Filter { since, slug: self.slug.clone(), machine: self.machine.clone(), after: None, limit: self.limit })
    }
}

/// A time, a day, or a length before now.
fn time(text: &str, now: Time) -> Result<Time> {
    if let Ok(ago) = parse_lifetime(text) {
        return Ok(Time::from_micros(now.micros().saturating_sub(i64::try_from(ago.as_micros()).unwrap_or(i64::MAX))));
    }
    text.parse().or_else(|_| format!("{text}T00:00:00Z").parse()).map_err(|_| {
        Error::new(Kind::Usage, "invalid_time", format!("{text:?} is no time")).hint("write 2026-04-15, 2026-04-15T07:00:00Z, 24h or 7d")
    })
}

fn list(which: &Which, context: &Context, place: &Place<'_>) -> Result<()> {
    let mut found = Vec::new();
    place.entries(&which.filter(context)?, &mut |entry| {
        found.push(entry);
        Ok(())
    })?;
    if context.output.is_json() {
        return context.output.json(&Listing { entries: found });
    }
    let mut table = Columns::new(&["ENTRY", "WHEN", "EVENT", "SLUG", "STATE", "MACHINE", "BY", "CHAIN"]);
    for entry in &found {
        let text = |key: &str| entry.text_of(key).unwrap_or("-").to_owned();
        let number = entry.get("audit_entry_id").and_then(Node::int).map_or_else(|| "-".to_owned(), |number| number.to_string());
        let chain = if entry.get("unchained").is_some() { "unchained" } else { "yes" };
        let cells = ["timestamp", "event", "slug", "state", "machine_id", "by"].map(text);
        table.row(std::iter::once(number).chain(cells).chain([chain.to_owned()]));
    }
    if table.is_empty() {
        context.output.note("no entry fits");
        return Ok(());
    }
    context.output.table(table)
}

fn find(id: &str, context: &Context, place: &Place<'_>) -> Result<()> {
    let entry = place.entry(id)?;
    if context.output.is_json() {
        return context.output.json(&entry);
    }
    let mut table = Columns::new(&["FACT", "VALUE"]);
    for (key, value) in entry.entries() {
        let shown = value.text().map_or_else(|| serde_json::to_string(value).unwrap_or_default(), str::to_owned);
        table.row([key.clone(), shown]);
    }
    context.output.table(table)
}

fn verify(context: &Context, place: &Place<'_>) -> Result<ExitCode> {
    let verdict = place.verdict()?;
    if context.is_local() && !context.data_dir.is_dir() {
        context.output.warn(&format!("there is no folder {}: nothing was proved", context.data_dir.display()));
    }
    if context.output.is_json() {
        context.output.json(&verdict)?;
    } else {
        match &verdict.first_bad {
            None => context.output.line(&format!("whole: {} entries, {} of them in the chain", verdict.entries, verdict.chained))?,
            Some(bad) => context.output.line(&format!("not whole: line {} {}", bad.line, bad.reason))?,
        }
        if verdict.entries > 0 && !verdict.head_known {
            context.output.warn("the database does not know where the audit ends: that lines at the end are missing would not show");
        }
        if verdict.unchained_tail > 0 {
            context.output.note(&format!("the last {} lines carry no chain; the next line of lea ties them in", verdict.unchained_tail));
        }
        for name in &verdict.set_aside {
            context.output.note(&format!("a torn end was set aside: {name}"));
        }
    }
    Ok(if verdict.ok { ExitCode::SUCCESS } else { ExitCode::from(Kind::Integrity.exit_code()) })
}

fn export(which: &Which, output: Option<&PathBuf>, context: &Context, place: &Place<'_>) -> Result<()> {
    let filter = which.filter(context)?;
    let mut count = 0_u64;
    if let Some(path) = output {
        write_whole_from(path, Access::Owner, &mut |into| {
            place.entries(&filter, &mut |entry| {
                count += 1;
                into.write_all(&line(&entry)?).map_err(|cause| Error::io("write", path, cause))
            })
        })?;
        context.output.note(&format!("{count} entries in {}", path.display()));
        return Ok(());
    }
    place.entries(&filter, &mut |entry| context.output.bytes(&line(&entry)?))
}

fn line(entry: &Node) -> Result<Vec<u8>> {
    let mut line = serde_json::to_vec(entry)
        .map_err(|cause| Error::new(Kind::Bug, "not_serialisable", "an entry could not be written as JSON").caused_by(cause))?;
    line.push(b'\n');
    Ok(line)
}
