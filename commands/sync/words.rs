//! Configurations and their differences as people read them.

use lea::clock::{Clock, Time};
use lea::error::Result;
use lea::sync::{Changes, Difference, Entry, Kept, Snapshot};
use serde_json::Value;

use crate::context::Context;
use crate::output::Columns;
use crate::times::ago;

/// How old a copy is: `confirmed 3 h ago`.
pub(super) fn aged(kept: &Kept, context: &Context) -> String {
    match kept.age(context.clock.now()) {
        Some(_) => format!("confirmed {}", ago(kept.checked_at, context)),
        None => "of unknown age".to_owned(),
    }
}

/// The first digits of a version, by which people tell two apart.
pub(super) fn short(version: &str) -> &str {
    version.get(..12).unwrap_or(version)
}

/// How many skills and workflows there are.
pub(super) fn counts(snapshot: &Snapshot) -> String {
    let count = |number: usize, word: &str| format!("{number} {word}{}", if number == 1 { "" } else { "s" });
    format!("{} and {}", count(snapshot.skills.len(), "skill"), count(snapshot.workflows.len(), "workflow"))
}

fn text<'a>(entry: &'a Entry, key: &str) -> &'a str {
    entry.get(key).and_then(Value::as_str).unwrap_or("-")
}

/// A line for each skill and workflow.
pub(super) fn table(snapshot: &Snapshot) -> Columns {
    let mut table = Columns::new(&["KIND", "NAME", "ID", "STATE"]);
    for skill in &snapshot.skills {
        table.row(["skill", text(skill, "name"), text(skill, "id"), text(skill, "learning_state")].map(str::to_owned));
    }
    for workflow in &snapshot.workflows {
        table.row(["workflow", text(workflow, "name"), text(workflow, "workflow_id"), "-"].map(str::to_owned));
    }
    table
}

/// Since when a version is served, as people say it.
pub(super) fn since(synced_at: Option<Time>, context: &Context) -> String {
    synced_at.map_or_else(|| "an unknown time".to_owned(), |at| format!("{at} ({})", ago(Some(at), context)))
}

/// A line for each name that differs: `+` new, `-` gone, `~` another now.
pub(super) fn lines(difference: &Difference, context: &Context) -> Result<()> {
    let each = |kind: &str, changes: &Changes| -> Result<()> {
        for name in &changes.added {
            context.output.line(&format!("+ {kind} {name}"))?;
        }
        for name in &changes.removed {
            context.output.line(&format!("- {kind} {name}"))?;
        }
        for change in &changes.changed {
            context.output.line(&format!("~ {kind} {} ({})", change.name, change.fields.join(", ")))?;
        }
        Ok(())
    };
    each("skill", &difference.skills)?;
    each("workflow", &difference.workflows)
}
