//! `lea fleet export`: the machines for a spreadsheet or a script.

use std::path::PathBuf;

use clap::ValueEnum;
use lea::api::AgentView;
use lea::error::{Error, Kind, Result};
use lea::files::{Access, write_whole};

use super::list::Filter;
use super::place::Place;
use crate::context::Context;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    filter: Filter,
    /// How to write them; with --json as JSON, else as CSV, unless said otherwise
    #[arg(long, value_enum)]
    format: Option<Format>,
    /// File to write, readable by its owner alone; standard output without it
    #[arg(long, short, value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
    output: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// Comma-separated values with a header line.
    Csv,
    /// One JSON array.
    Json,
}

pub(super) fn run(args: &Args, context: &Context, place: &Place) -> Result<()> {
    let fleet = args.filter.apply(context, place.fleet(false)?);
    let agents: Vec<&AgentView> = fleet.active.iter().chain(&fleet.uninstalled).collect();
    let failed = |cause: Box<dyn std::error::Error + Send + Sync>| {
        Error::new(Kind::Bug, "not_serialisable", "the machines could not be written").caused_by(cause)
    };
    let usual = if context.output.is_json() { Format::Json } else { Format::Csv };
    let text = match args.format.unwrap_or(usual) {
        Format::Csv => csv(&agents).map_err(|cause| failed(cause.into()))?,
        Format::Json => {
            let mut text = serde_json::to_vec_pretty(&agents).map_err(|cause| failed(cause.into()))?;
            text.push(b'\n');
            text
        }
    };
    match &args.output {
        Some(path) => {
            write_whole(path, &text, Access::Owner)?;
            if context.output.is_json() {
                context.output.json(&serde_json::json!({ "machines": agents.len(), "path": path }))?;
            }
            context.output.note(&format!("wrote {} machines to {}", agents.len(), path.display()));
            Ok(())
        }
        None => context.output.document(&text),
    }
}

fn csv(agents: &[&AgentView]) -> csv::Result<Vec<u8>> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record([
        "id",
        "machine_id",
        "user_name",
        "user_email",
        "user_id",
        "hostname",
        "os_info",
        "version",
        "status",
        "enrolled_at",
        "last_seen_at",
        "uninstalled_at",
        "uninstall_reason",
    ])?;
    for agent in agents {
        let time = |time: Option<lea::clock::Time>| time.map(|time| time.to_string()).unwrap_or_default();
        let said = |text: &Option<String>| harmless(text.as_deref().unwrap_or_default());
        writer.write_record([
            agent.id.to_string(),
            harmless(&agent.machine_id),
            said(&agent.user_name),
            said(&agent.user_email),
            said(&agent.user_id),
            said(&agent.hostname),
            said(&agent.os_info),
            said(&agent.version),
            agent.status.clone(),
            time(agent.enrolled_at),
            time(agent.last_seen_at),
            time(agent.uninstalled_at),
            said(&agent.uninstall_reason),
        ])?;
    }
    writer.into_inner().map_err(|cause| cause.into_error().into())
}

/// A spreadsheet takes a cell that begins like a formula for one; an apostrophe makes it text.
fn harmless(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']) { format!("'{text}") } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hostname_is_never_a_formula() {
        assert_eq!(harmless("=HYPERLINK(1)"), "'=HYPERLINK(1)");
        assert_eq!(harmless("PC-1"), "PC-1");
    }
}
