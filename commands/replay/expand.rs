//! `lea replay expand`: the actions of a workflow, without a server.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::ValueHint;
use lea::error::{Error, Kind, Result};
use lea::files::read_workflow;
use lea::id;
use lea::workflow::{Action, ActionKind, expand};
use serde_json::{Map, Value, json};

use super::begin::Variables;
use crate::context::Context;
use crate::output::Columns;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// File of the workflow
    #[arg(value_name = "WORKFLOW.json", value_hint = ValueHint::FilePath)]
    workflow: PathBuf,
    #[command(flatten)]
    variables: Variables,
}

pub(super) fn run(args: &Args, context: &Context) -> Result<ExitCode> {
    let workflow = read_workflow(&args.workflow).map_err(|faults| {
        let all = faults
            .iter()
            .map(|fault| if fault.field.is_empty() { fault.reason.clone() } else { format!("{} {}", fault.field, fault.reason) });
        let message = format!("{} {}", args.workflow.display(), all.collect::<Vec<_>>().join("; "));
        let list: Vec<Value> = faults.iter().map(|fault| json!({ "field": fault.field, "reason": fault.reason })).collect();
        Error::new(Kind::Input, "invalid_workflow", message).detail("faults", list)
    })?;
    let params: Map<String, Value> = args.variables.params()?.unwrap_or_default();
    let actions = expand(&workflow, &params, args.variables.path(), &mut || format!("act_{}", id::fresh()))?;
    if context.output.is_json() {
        let bodies: Vec<&Map<String, Value>> = actions.iter().map(Action::body).collect();
        context.output.json(&json!({ "actions": bodies }))?;
        return Ok(ExitCode::SUCCESS);
    }
    let mut table = Columns::new(&["", "EDGE", "ACTION", "WHAT", "WHERE"]);
    for (index, action) in actions.iter().enumerate() {
        let text = |name: &str| action.body().get(name).and_then(Value::as_str).unwrap_or("-").to_owned();
        table.row([(index + 1).to_string(), text("edge_id"), action.kind().as_str().to_owned(), what(action), place(action)]);
    }
    if table.is_empty() {
        context.output.note("the workflow has no action");
    } else {
        context.output.table(table)?;
    }
    Ok(ExitCode::SUCCESS)
}

fn what(action: &Action) -> String {
    let field = |name: &str| action.body().get(name);
    match action.kind() {
        ActionKind::Click => field("button").and_then(Value::as_str).unwrap_or("left").to_owned(),
        ActionKind::Type => format!("{:?}", field("text").and_then(Value::as_str).unwrap_or_default()),
        ActionKind::Wait => format!("{} ms", field("duration_ms").unwrap_or(&json!(0))),
        ActionKind::WaitUntil | ActionKind::WaitGone => {
            let millis = action.watch().map_or(0, |watch| watch.timeout.as_millis());
            format!("up to {millis} ms")
        }
        ActionKind::KeyCombo => match field("keys") {
            Some(Value::Array(keys)) => keys.iter().filter_map(Value::as_str).collect::<Vec<_>>().join("+"),
            Some(Value::String(keys)) => keys.clone(),
            _ => String::new(),
        },
    }
}

fn place(action: &Action) -> String {
    let at = action.position().map(|(x, y)| format!("{:.1} %, {:.1} %", x * 100.0, y * 100.0));
    let named = |name: &str| action.body().get(name).and_then(Value::as_str).map(|text| format!("{text:?}"));
    let looked_for = action.watch().map(|watch| {
        let said = |name: &str| watch.target.get(name).and_then(Value::as_str).filter(|text| !text.trim().is_empty());
        let anchor = said("anchor_image_base64").map(|_| "an anchor".to_owned());
        let texts = ["by_role", "by_text"].into_iter().filter_map(said).map(|text| format!("{text:?}"));
        texts.chain(anchor).collect::<Vec<_>>().join(" ")
    });
    let parts: Vec<String> = [named("target_role"), named("target_text"), looked_for, at].into_iter().flatten().collect();
    if parts.is_empty() { "-".to_owned() } else { parts.join(" ") }
}
