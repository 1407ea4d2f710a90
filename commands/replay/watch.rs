//! `lea replay watch`: a bar for the eye, a line for each action that has ended.

use std::process::ExitCode;
use std::time::Duration;

use indicatif::ProgressBar;
use lea::api::{ProgressView, ReplayView};
use lea::client::{Client, WatchNews, watch};
use lea::error::Result;

use super::place::unknown;
use super::words::{self, counts, paused, verdict};
use crate::context::Context;
use crate::times::short;

#[derive(Debug, clap::Args)]
#[command(after_help = "The exit code is 0 when every action was carried out, 1 when the replay ended otherwise (with warnings, failed, \
    cancelled) or, with --until-stalled, waits for a person. Ctrl-C stops watching; the replay goes on.")]
pub(crate) struct Args {
    /// Id of the replay
    replay_id: String,
    /// Stop watching when the replay waits for a person, with exit code 1, instead of waiting for the decision
    #[arg(long)]
    until_stalled: bool,
}

pub(super) fn run(args: &Args, context: &Context) -> Result<ExitCode> {
    follow(context, &context.operator_client()?, &args.replay_id, args.until_stalled)
}

/// Watches a replay, and gives the exit code that its end stands for.
pub(super) fn follow(context: &Context, client: &Client, id: &str, until_stalled: bool) -> Result<ExitCode> {
    let output = &context.output;
    let mut shown = Shown { context, bar: output.bar(0), said: None, failed: None };
    let end = watch(client, id, client.timeout(), context.waiting(), &mut |news| {
        let view = match news {
            WatchNews::Lost(error, wait) => {
                shown.say(&format!("{error}; asking again in {:.1} s", wait.as_secs_f64()));
                return true;
            }
            WatchNews::Progress(view) => view,
        };
        // Somebody who no longer reads what is printed watches no longer.
        shown.failed = shown.show(view).err();
        let waits = view.status == "stalled" && matches!(view.event.as_str(), "stalled" | "snapshot");
        shown.failed.is_none() && !(until_stalled && waits)
    });
    shown.bar.finish_and_clear();
    if let Some(failed) = shown.failed {
        return Err(failed);
    }
    let end = end.map_err(|error| unknown(error, id))?;
    if !output.is_json() {
        output.line(&last_line(&end))?;
    }
    Ok(verdict(&end.status))
}

struct Shown<'a> {
    context: &'a Context,
    bar: ProgressBar,
    /// The action about which it was said that somebody must decide.
    said: Option<String>,
    failed: Option<lea::error::Error>,
}

impl Shown<'_> {
    fn show(&mut self, view: &ProgressView) -> Result<()> {
        let output = &self.context.output;
        if output.is_json() {
            return output.json_line(view);
        }
        self.bar.set_length(view.total_actions as u64);
        self.bar.set_position(view.completed_actions as u64);
        match (view.event.as_str(), view.status.as_str()) {
            ("ended", _) => self.bar.suspend(|| output.line(&line(view)))?,
            ("handed" | "watching", _) => {
                self.bar.set_message(format!("{} {}", number(view), view.action_type.as_deref().unwrap_or_default()));
            }
            ("stalled" | "snapshot", "stalled") if view.action_id.is_none() || self.said != view.action_id => {
                self.said.clone_from(&view.action_id);
                self.say(&words::waits(&view.replay_id, view.reason.as_deref()));
            }
            ("paused", _) | ("snapshot", "paused") => self.say(&paused(&view.replay_id)),
            ("resumed", _) => {
                self.said = None;
                self.say("it goes on");
            }
            _ => {}
        }
        Ok(())
    }

    fn say(&self, text: &str) {
        self.bar.suspend(|| self.context.output.note(text));
    }
}

fn number(view: &ProgressView) -> String {
    let index = view.action_index.map_or_else(|| "-".to_owned(), |index| (index + 1).to_string());
    format!("{index}/{}", view.total_actions)
}

/// One action that has ended.
fn line(view: &ProgressView) -> String {
    let text = |text: &Option<String>| text.clone().unwrap_or_else(|| "-".to_owned());
    let time = view.elapsed_ms.map_or_else(|| "-".to_owned(), |millis| short(Duration::from_millis(millis)));
    let reason = view.reason.as_ref().map(|reason| format!("  {reason}")).unwrap_or_default();
    let (kind, outcome, verdict) = (text(&view.action_type), text(&view.outcome), text(&view.verdict));
    format!("{:>7}  {kind:<10}  {outcome:<10}  {verdict:<17}  {time:>8}{reason}", number(view))
}

fn last_line(replay: &ReplayView) -> String {
    let reason = replay.reason.as_ref().map(|reason| format!(": {reason}")).unwrap_or_default();
    format!("{}, {}{reason}", replay.status, counts(replay))
}
