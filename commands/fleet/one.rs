//! One machine: `show`, `history`, `uninstall`, `rotate-token`.

use lea::error::Result;

use super::cell;
use super::place::Place;
use crate::context::Context;
use crate::output::Columns;
use crate::times::ago;

#[derive(Debug, clap::Args)]
pub(crate) struct Machine {
    /// Id of the machine, in any case
    machine_id: String,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Uninstall {
    /// Id of the machine, in any case
    machine_id: String,
    /// Why, for the history
    #[arg(long, value_name = "TEXT")]
    reason: Option<String>,
}

pub(super) fn show(machine: &Machine, context: &Context, place: &Place) -> Result<()> {
    let answer = place.agent(&machine.machine_id)?;
    if context.output.is_json() {
        return context.output.json(&answer);
    }
    context.output.table(Columns::of_agent(&answer.agent, |time| ago(time, context)))
}

pub(super) fn history(machine: &Machine, context: &Context, place: &Place) -> Result<()> {
    let answer = place.history(&machine.machine_id)?;
    if context.output.is_json() {
        return context.output.json(&answer);
    }
    let mut table = Columns::new(&["WHEN", "EVENT", "BY", "VERSION", "HOST", "REASON"]);
    for entry in answer.history {
        let fact = |name: &str| cell(entry.detail.get(name).and_then(|value| value.as_str()));
        table.row([
            entry.at.to_string(),
            entry.event.clone(),
            entry.actor.clone(),
            fact("version"),
            fact("hostname"),
            fact("uninstall_reason"),
        ]);
    }
    context.output.table(table)
}

pub(super) fn uninstall(args: &Uninstall, context: &Context, place: &Place) -> Result<()> {
    let answer = place.uninstall(&args.machine_id, args.reason.as_deref())?;
    if context.output.is_json() {
        return context.output.json(&answer);
    }
    let agent = &answer.agent;
    let reason = agent.uninstall_reason.as_deref().filter(|reason| !reason.is_empty()).map(|reason| format!(": {reason}"));
    context.output.line(&format!(
        "{} was uninstalled {}{}",
        agent.machine_id,
        ago(agent.uninstalled_at, context),
        reason.unwrap_or_default()
    ))
}

pub(super) fn rotate(machine: &Machine, context: &Context, place: &Place) -> Result<()> {
    let answer = place.rotate_token(&machine.machine_id)?;
    if context.output.is_json() {
        return context.output.json(&answer);
    }
    context.output.note(&format!("the new token of {}; the old one is dead:", answer.machine_id));
    context.output.line(&answer.api_token)
}
