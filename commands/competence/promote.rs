//! `lea competence promote` and `demote`.

use lea::api::MoveRequest;
use lea::competence::State;
use lea::error::Result;

use super::list::StateName;
use super::place::Place;
use crate::context::Context;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Slug of the competence
    slug: String,
    /// The state that it is to have
    #[arg(long, value_enum)]
    to: StateName,
    /// Who says so, for the history and the audit
    #[arg(long, value_name = "NAME")]
    by: String,
    /// Why
    #[arg(long, value_name = "TEXT")]
    reason: String,
    /// A replay that ended as completed, where the document asks for one and notes none itself
    #[arg(long, value_name = "ID")]
    replay: Option<String>,
}

pub(super) fn run(args: &Args, up: bool, context: &Context, place: &Place<'_>) -> Result<()> {
    let request =
        MoveRequest { to: State::from(args.to).to_string(), by: args.by.clone(), reason: args.reason.clone(), replay: args.replay.clone() };
    let answer = place.change_state(&args.slug, up, request)?;
    if context.output.is_json() {
        return context.output.json(&answer);
    }
    context.output.line(&format!("{} was {} and is {}: entry {} of the audit", answer.slug, answer.from, answer.to, answer.audit_entry_id))
}
