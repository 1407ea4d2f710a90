//! `lea update check`.

use std::process::ExitCode;

use lea::error::{Error, Kind, Result};
use lea::update::{Decision, Reason};

use super::ask::{Question, tell};
use crate::context::Context;

#[derive(Debug, clap::Args)]
#[command(
    after_help = "Exits with 0 whether there is an update or not; --exit-code makes \"no update\" 1. The server is trusted with nothing: \
    the version must be newer, and neither withdrawn nor from an answer older than one seen before."
)]
pub(super) struct Args {
    #[command(flatten)]
    question: Question,
    /// Exit with 1 when there is no update
    #[arg(long)]
    exit_code: bool,
}

pub(super) fn run(args: &Args, context: &Context) -> Result<ExitCode> {
    if args.question.current.is_none() {
        return Err(Error::new(Kind::Usage, "usage", "the version that runs here is not named").hint("give --current VERSION"));
    }
    let decision = if args.question.is_off(context) { Decision::none(Reason::Disabled) } else { args.question.decided(context)? };
    tell(&decision, context);
    if context.output.is_json() {
        context.output.json(&decision)?;
    } else if let Some(plan) = &decision.update {
        let size = plan.size.map(|size| format!(", {size} bytes")).unwrap_or_default();
        let signed = if plan.signature.is_some() { "signed" } else { "not signed" };
        context.output.line(&format!("{} ({}{size}, {signed}) from {}", plan.target_version, plan.update_type, plan.url))?;
    }
    Ok(ExitCode::from(u8::from(args.exit_code && decision.update.is_none())))
}
