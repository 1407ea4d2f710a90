//! `lea replay pause`, `resume` and `cancel`.

use std::process::ExitCode;

use clap::ValueEnum;
use lea::api::ReplayView;
use lea::error::Result;

use super::place::unknown;
use super::words::counts;
use crate::context::Context;

#[derive(Debug, clap::Args)]
pub(crate) struct Pause {
    /// Id of the replay
    replay_id: String,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Resume {
    /// Id of the replay
    replay_id: String,
    /// What to do about the action whose outcome is not known; needed for a stalled replay. Look at the machine's screen first
    #[arg(long, value_enum)]
    decision: Option<Decision>,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Cancel {
    /// Id of the replay
    replay_id: String,
    /// Why
    #[arg(long, value_name = "TEXT")]
    reason: Option<String>,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Decision {
    /// Hand the action out again: it was not carried out.
    Retry,
    /// Go on with the next one: it was carried out, or isn't needed.
    Skip,
    /// End the replay as failed.
    Fail,
}

impl Decision {
    fn word(self) -> &'static str {
        match self {
            Self::Retry => "retry",
            Self::Skip => "skip",
            Self::Fail => "fail",
        }
    }
}

pub(super) fn pause(args: &Pause, context: &Context) -> Result<ExitCode> {
    told(context, &of(&args.replay_id, context.operator_client()?.pause_replay(&args.replay_id))?)
}

pub(super) fn resume(args: &Resume, context: &Context) -> Result<ExitCode> {
    told(context, &of(&args.replay_id, context.operator_client()?.resume_replay(&args.replay_id, args.decision.map(Decision::word)))?)
}

pub(super) fn cancel(args: &Cancel, context: &Context) -> Result<ExitCode> {
    told(context, &of(&args.replay_id, context.operator_client()?.cancel_replay(&args.replay_id, args.reason.as_deref()))?)
}

fn of(id: &str, answer: Result<ReplayView>) -> Result<ReplayView> {
    answer.map_err(|error| unknown(error, id))
}

fn told(context: &Context, replay: &ReplayView) -> Result<ExitCode> {
    if context.output.is_json() {
        context.output.json(replay)?;
    } else {
        context.output.line(&format!("{} is {}: {}", replay.replay_id, replay.status, counts(replay)))?;
        if let (Some(out), "paused") = (&replay.out, replay.status.as_str()) {
            context.output.note(&format!("{} is still out; its outcome will be taken", out.action_id));
        }
    }
    Ok(ExitCode::SUCCESS)
}
