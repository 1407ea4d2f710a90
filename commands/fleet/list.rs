//! `lea fleet list`.

use std::time::Duration;

use clap::ValueEnum;
use lea::api::{AgentView, FleetAnswer};
use lea::clock::Clock;
use lea::error::Result;
use lea::fleet::parse_lifetime;

use super::cell;
use super::place::Place;
use crate::context::Context;
use crate::output::Columns;
use crate::times::ago;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    filter: Filter,
    /// Show the enrollments that contradicted an active machine and are not settled
    #[arg(long)]
    conflicts: bool,
}

/// Which machines, and in which order.
#[derive(Debug, clap::Args)]
pub(super) struct Filter {
    /// Only machines of this status
    #[arg(long, value_enum)]
    status: Option<StatusName>,
    /// Only machines that were not heard of for so long, such as 90m, 24h or 7d; active ones unless --status says otherwise
    #[arg(long, value_name = "LENGTH", value_parser = length)]
    stale: Option<Duration>,
    /// Only machines whose agent has this version
    #[arg(long, value_name = "VERSION")]
    version: Option<String>,
    /// What to sort by
    #[arg(long, value_enum, default_value = "enrolled")]
    sort: Sort,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum StatusName {
    /// Enrolled.
    Active,
    /// Taken out of the fleet.
    Uninstalled,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Sort {
    /// Newest enrollment first.
    Enrolled,
    /// Longest silence first.
    Seen,
    /// By id.
    Machine,
    /// By version.
    Version,
}

fn length(text: &str) -> Result<Duration, String> {
    parse_lifetime(text).map_err(|error| error.to_string())
}

impl Filter {
    /// The machines of `place` that this filter lets through, in its order.
    pub(super) fn apply(&self, context: &Context, mut fleet: FleetAnswer) -> FleetAnswer {
        let now = context.clock.now();
        let keep = |agent: &AgentView| {
            let silent = |limit: Duration| agent.last_seen_at.is_none_or(|seen| now.since(seen) > limit);
            self.stale.is_none_or(silent) && self.version.as_ref().is_none_or(|version| agent.version.as_ref() == Some(version))
        };
        for (agents, status) in [(&mut fleet.active, StatusName::Active), (&mut fleet.uninstalled, StatusName::Uninstalled)] {
            // Whoever asks for silent machines means those that should speak.
            let only = self.status.or(self.stale.map(|_| StatusName::Active));
            if only.is_some_and(|only| only != status) {
                agents.clear();
            }
            agents.retain(keep);
            match self.sort {
                Sort::Enrolled => {}
                Sort::Seen => agents.sort_by_key(|agent| agent.last_seen_at),
                Sort::Machine => agents.sort_by_key(|agent| agent.machine_id.to_lowercase()),
                Sort::Version => agents.sort_by(|a, b| a.version.cmp(&b.version)),
            }
        }
        fleet
    }
}

pub(super) fn run(args: &Args, context: &Context, place: &Place) -> Result<()> {
    let fleet = args.filter.apply(context, place.fleet(args.conflicts)?);
    if context.output.is_json() {
        return context.output.json(&fleet);
    }
    if args.conflicts {
        return conflicts(context, &fleet);
    }
    let mut table = Columns::new(&["MACHINE", "STATUS", "USER", "HOST", "SYSTEM", "VERSION", "SEEN", "ENROLLED"]);
    for agent in fleet.active.iter().chain(&fleet.uninstalled) {
        let status = if agent.legacy { format!("{} (legacy id)", agent.status) } else { agent.status.clone() };
        table.row([
            agent.machine_id.clone(),
            status,
            cell(agent.user_name.as_deref()),
            cell(agent.hostname.as_deref()),
            cell(agent.os_info.as_deref()),
            cell(agent.version.as_deref()),
            ago(agent.last_seen_at, context),
            ago(agent.enrolled_at, context),
        ]);
    }
    if table.is_empty() {
        context.output.note("no machine fits");
    } else {
        context.output.table(table)?;
    }
    context.output.note(&format!("{} active, {} uninstalled in all", fleet.totals.active, fleet.totals.uninstalled));
    Ok(())
}

fn conflicts(context: &Context, fleet: &FleetAnswer) -> Result<()> {
    let mut table = Columns::new(&["MACHINE", "OFFERED", "OUTCOME", "LAST"]);
    for conflict in fleet.conflicts.iter().flatten() {
        let offered = conflict.offered.iter().map(|(name, value)| format!("{name}: {}", value.as_str().unwrap_or("-"))).collect::<Vec<_>>();
        let outcome = if conflict.refused { "refused" } else { "let through by its own token" };
        table.row([conflict.machine_id.clone(), offered.join(", "), outcome.to_owned(), ago(Some(conflict.at), context)]);
    }
    if table.is_empty() {
        context.output.note("no conflict is open");
        return Ok(());
    }
    context.output.table(table)?;
    context.output.note("to settle one: `lea fleet uninstall` the machine, or enroll the right one with --force");
    Ok(())
}
