//! `lea update status`: which versions the fleet runs, and how far each rollout is.

use std::collections::BTreeMap;

use lea::error::Result;
use lea::update::{Asker, Release, Stage, Version, check, offer, ranked};
use serde::Serialize;

use super::place::Place;
use crate::context::Context;
use crate::output::Columns;

/// How wide a bar is, characters: with its neighbours it fits a terminal of 100.
const BAR: usize = 10;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// List each machine with its version and what it is offered
    #[arg(long)]
    machines: bool,
}

#[derive(Serialize)]
struct OfVersion {
    version: Option<String>,
    machines: usize,
}

#[derive(Serialize)]
struct OfRelease {
    version: String,
    #[serde(rename = "type")]
    update_type: String,
    stage: Stage,
    rollout: u8,
    /// Machines that run it or a newer one.
    updated: usize,
    /// Machines that are offered it and don't run it yet.
    offered: usize,
    /// Machines that it is for, but for the rollout, a pause, or a newer one.
    waiting: usize,
}

#[derive(Serialize)]
struct OfMachine {
    machine_id: String,
    version: Option<String>,
    offered: Option<String>,
}

pub(super) fn run(args: &Args, context: &Context) -> Result<()> {
    let place = Place::open(context)?;
    let answer = place.releases()?;
    let releases = answer.read()?;
    let offering: &[Release] = if answer.is_closed() { &[] } else { &releases };
    let fleet = place.fleet()?.active;
    let machines: Vec<OfMachine> = fleet
        .iter()
        .map(|agent| {
            let version: Option<Version> = agent.version.as_deref().and_then(|text| text.parse().ok());
            let asked = version.as_ref().and_then(|version| offer(offering, asker(version, &agent.machine_id)));
            OfMachine {
                machine_id: agent.machine_id.clone(),
                version: agent.version.clone(),
                offered: asked.map(|release| release.version.to_string()),
            }
        })
        .collect();
    let versions = by_version(&machines);
    let rollouts: Vec<OfRelease> = ranked(&releases).into_iter().map(|release| of_release(release, offering, &machines)).collect();
    if context.output.is_json() {
        let mut found = serde_json::json!({ "machines": machines.len(), "versions": versions, "releases": rollouts });
        if args.machines {
            found["fleet"] = serde_json::json!(machines);
        }
        return context.output.json(&found);
    }
    let mut table = Columns::new(&["VERSION", "MACHINES", "SHARE"]);
    for row in &versions {
        table.row([
            row.version.clone().unwrap_or_else(|| "unknown".to_owned()),
            row.machines.to_string(),
            bar(row.machines, machines.len()),
        ]);
    }
    context.output.table(table)?;
    let mut table = Columns::new(&["RELEASE", "TYPE", "STAGE", "ROLLOUT", "UPDATED", "OFFERED", "WAITING", "OF ALL"]);
    for row in &rollouts {
        table.row([
            row.version.clone(),
            row.update_type.clone(),
            row.stage.as_str().to_owned(),
            format!("{} %", row.rollout),
            row.updated.to_string(),
            row.offered.to_string(),
            row.waiting.to_string(),
            bar(row.updated, machines.len()),
        ]);
    }
    if !table.is_empty() {
        context.output.line("")?;
        context.output.table(table)?;
        super::list::note_closed(&answer, context);
    }
    if args.machines {
        let mut table = Columns::new(&["MACHINE", "VERSION", "OFFERED"]);
        let dash = |text: &Option<String>| text.clone().unwrap_or_else(|| "-".to_owned());
        for machine in &machines {
            table.row([machine.machine_id.clone(), dash(&machine.version), dash(&machine.offered)]);
        }
        context.output.line("")?;
        context.output.table(table)?;
    }
    Ok(())
}

fn asker<'a>(version: &'a Version, machine: &'a str) -> Asker<'a> {
    Asker { version, machine_id: Some(machine), prereleases: false }
}

/// The newest first; last those whose version is unknown or none.
fn by_version(machines: &[OfMachine]) -> Vec<OfVersion> {
    let mut counts: BTreeMap<Option<Version>, (String, usize)> = BTreeMap::new();
    for machine in machines {
        let version = machine.version.as_deref().and_then(|text| text.parse::<Version>().ok());
        let shown = version.as_ref().map(ToString::to_string).unwrap_or_default();
        counts.entry(version).or_insert((shown, 0)).1 += 1;
    }
    let rows = counts.into_iter().rev();
    rows.map(|(version, (shown, machines))| OfVersion { version: version.map(|_| shown), machines }).collect()
}

fn of_release(release: &Release, offering: &[Release], machines: &[OfMachine]) -> OfRelease {
    let (mut updated, mut offered, mut waiting) = (0, 0, 0);
    for machine in machines {
        let Some(version) = machine.version.as_deref().and_then(|text| text.parse::<Version>().ok()) else { continue };
        let asker = asker(&version, &machine.machine_id);
        if version >= release.version {
            updated += 1;
        } else if offer(offering, asker).is_some_and(|offered| offered.file == release.file) {
            offered += 1;
        } else if release.stage != Stage::Withdrawn
            && check(&Release { rollout: 100, stage: Stage::Published, ..release.clone() }, asker).is_ok()
        {
            waiting += 1;
        }
    }
    OfRelease {
        version: release.version.to_string(),
        update_type: release.update_type.to_string(),
        stage: release.stage,
        rollout: release.rollout,
        updated,
        offered,
        waiting,
    }
}

/// A share as a bar and a percentage.
fn bar(part: usize, whole: usize) -> String {
    let filled = (part * BAR).checked_div(whole).unwrap_or_default();
    let percent = (part * 100).checked_div(whole).unwrap_or_default();
    // The number first: where the column is too narrow for both, the bar goes to the next line whole.
    format!("{percent:>3} % {}{}", "#".repeat(filled), ".".repeat(BAR - filled))
}
