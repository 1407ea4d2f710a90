//! `lea competence show`.

use lea::competence::Node;
use lea::error::Result;

use super::place::Place;
use crate::context::Context;
use crate::output::Columns;

/// The longest value that is shown beside a step, characters.
const MAX_SHOWN: usize = 80;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Slug of the competence
    slug: String,
}

pub(super) fn run(args: &Args, context: &Context, place: &Place<'_>) -> Result<()> {
    let answer = place.competence(&args.slug)?;
    if context.output.is_json() {
        return context.output.json(&answer);
    }
    let document = &answer.document;
    let text = |key: &str| document.text_of(key).unwrap_or("-").to_owned();
    let mut facts = Columns::new(&["FACT", "VALUE"]);
    facts.row(["competence".to_owned(), format!("{} ({})", answer.slug, answer.state)]);
    facts.row(["name".to_owned(), text("name")]);
    let intent = document.get("intent").and_then(|intent| intent.text_of("fr")).unwrap_or("-");
    facts.row(["intention".to_owned(), intent.to_owned()]);
    for (name, parameter) in document.get("parameters").map(Node::entries).unwrap_or_default() {
        let needed = if parameter.get("required") == Some(&Node::Bool(true)) { ", required" } else { "" };
        let kind = parameter.text_of("type").unwrap_or("string");
        facts.row([format!("parameter {name}"), format!("{kind}{needed} {}", parameter.text_of("description").unwrap_or_default())]);
    }
    facts.row(["success".to_owned(), brief(document.get("success_marker").unwrap_or(&Node::Null))]);
    facts.row(["updated".to_owned(), text("last_updated_at")]);
    facts.row(["file".to_owned(), answer.path.clone()]);
    context.output.table(facts)?;
    let mut steps = Columns::new(&["STEP", "ID", "KIND", "WHAT"]);
    for (index, step) in document.get("methods").map(Node::items).unwrap_or_default().iter().enumerate() {
        let said = |key: &str| step.get(key).map_or_else(|| "-".to_owned(), brief);
        let rest = step.entries().iter().filter(|(key, _)| !["id", "kind", "primitive_ref", "observed"].contains(&key.as_str()));
        let what: Vec<String> = rest.map(|(key, value)| format!("{key}: {}", brief(value))).collect();
        steps.row([(index + 1).to_string(), said("id"), said("kind"), what.join(", ")]);
    }
    if steps.is_empty() {
        context.output.note("it has no steps");
        return Ok(());
    }
    context.output.line("")?;
    context.output.table(steps)
}

/// A value on one line, cut off where it is long.
fn brief(node: &Node) -> String {
    let text = match node {
        Node::Text(text) => text.clone(),
        Node::Map(entries) => entries.iter().map(|(key, value)| format!("{key} {}", brief(value))).collect::<Vec<_>>().join("; "),
        Node::List(items) => format!("[{}]", items.iter().map(brief).collect::<Vec<_>>().join(", ")),
        plain => serde_json::to_string(plain).unwrap_or_default(),
    };
    if text.chars().count() <= MAX_SHOWN {
        return text;
    }
    let cut: String = text.chars().take(MAX_SHOWN - 1).collect();
    format!("{cut}…")
}
