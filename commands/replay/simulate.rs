//! `lea replay simulate`: an agent without a desktop.

use std::cell::OnceCell;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use clap::ValueHint;
use lea::client::{AgentEnd, AgentNews, AgentOrder, Client, CredentialsFile, MAX_REPLIES, Script, ScriptedReply, run_agent, session_id};
use lea::clock::Clock;
use lea::error::{Error, Kind, Result};
use lea::files::read_capped;
use lea::id::MachineId;
use serde_json::{Value, json};

use super::input;
use crate::context::Context;

/// The most pictures that are taken from a folder; they are held in memory.
const MAX_SCREENS: usize = 100;

#[derive(Debug, clap::Args)]
#[command(
    after_help = "Shows the machine's own token where its credentials are kept, else the operator's. Nothing is clicked or typed: each \
    action is answered as if it had been. A line is printed for each action taken and each answer given."
)]
pub(crate) struct Args {
    /// Machine to speak for
    #[arg(long, value_name = "ID")]
    machine_id: String,
    /// Session to speak in [default: a fresh one, sess_…]
    #[arg(long, value_name = "ID")]
    session: Option<String>,
    /// Where the machine's token is kept [default: credentials.json in the data directory, if it is this machine's]
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    credentials_file: Option<PathBuf>,
    /// Report each N-th action as failed
    #[arg(long, value_name = "N", default_value_t = 0)]
    fail_every: u64,
    /// Take each N-th action and say nothing of it
    #[arg(long, value_name = "N", default_value_t = 0)]
    lose_every: u64,
    /// End without a word right after taking N actions, as an agent that crashed
    #[arg(long, value_name = "N", default_value_t = 0)]
    die_after: u64,
    /// How long an action takes, milliseconds
    #[arg(long, value_name = "MS", default_value_t = 0)]
    delay: u64,
    /// Don't wait where an action is a wait
    #[arg(long)]
    fast: bool,
    /// Folder of pictures (PNG, JPEG) to send as the screen after each action, in the order of their names, again from the first
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    screens: Option<PathBuf>,
    /// JSON list of answers to the first actions, such as [{}, {"fail": true, "error": "no such window"}, {"lose": true}]
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    script: Option<PathBuf>,
    /// End when there was nothing to do for two seconds
    #[arg(long, conflicts_with_all = ["for_seconds", "count"])]
    until_idle: bool,
    /// End after so long
    #[arg(long = "for", value_name = "SECONDS", conflicts_with = "count", value_parser = clap::value_parser!(u64).range(1..))]
    for_seconds: Option<u64>,
    /// End after taking so many actions
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    count: Option<u64>,
}

/// After this long without anything to do an agent counts as idle.
const IDLE: Duration = Duration::from_secs(2);

pub(super) fn run(args: &Args, context: &Context) -> Result<ExitCode> {
    let machine: MachineId = args.machine_id.parse()?;
    let replies: Vec<ScriptedReply> = match &args.script {
        Some(path) => input::parse(&input::name(path), &input::read(path)?, "a list of answers")?,
        None => Vec::new(),
    };
    if replies.len() > MAX_REPLIES {
        return Err(Error::new(Kind::TooLarge, "script_too_long", format!("{} answers are more than {MAX_REPLIES}", replies.len())));
    }
    let screens = args.screens.as_deref().map(|folder| pictures(folder, context)).transpose()?.unwrap_or_default();
    let client = client(args, &machine, context)?;
    let session = args.session.clone().unwrap_or_else(|| session_id(context.clock.now()));
    let order = AgentOrder {
        script: Script { fail_every: args.fail_every, lose_every: args.lose_every, die_after: args.die_after, replies },
        screens,
        delay: Duration::from_millis(args.delay),
        waits: !args.fast,
        patience: client.timeout(),
        count: args.count,
        idle: args.until_idle.then_some(IDLE),
        lifetime: args.for_seconds.map(Duration::from_secs),
        ..AgentOrder::new(session, machine.to_string())
    };
    context.output.note(&format!("{} speaks for {machine} at {}", order.session, client.server()));
    let (mut taken, failed) = (0_u64, OnceCell::new());
    let end = run_agent(&client, &order, context.waiting(), &|| failed.get().is_some(), &mut |news| {
        taken += u64::from(matches!(news, AgentNews::Given(_)));
        if let Err(error) = tell(context, &news) {
            // The first one counts; the agent ends with it.
            let _ = failed.set(error);
        }
    });
    if let Some(failed) = failed.into_inner() {
        return Err(failed);
    }
    let end = end?;
    let why = match end {
        AgentEnd::Count | AgentEnd::Lifetime => "as it should",
        AgentEnd::Idle => "nothing is left to do",
        AgentEnd::Died => "without a word about the last",
        AgentEnd::Stopped => "stopped",
    };
    context.output.note(&format!("ended after {taken} actions: {why}"));
    Ok(ExitCode::SUCCESS)
}

/// A client with the machine's own token, if its credentials are here, else the operator's.
fn client(args: &Args, machine: &MachineId, context: &Context) -> Result<Client> {
    let named = args.credentials_file.is_some();
    let file = CredentialsFile::new(args.credentials_file.clone().unwrap_or_else(|| context.credentials_path()));
    let server = context.client(None)?;
    match file.load() {
        Ok(Some(found)) if found.fit(&server.server().to_string(), machine) => Ok(server.with_token(Some(found.api_token))),
        Err(error) if named => Err(error),
        Ok(found) if named => {
            let what = if found.is_some() { "are another machine's, or another server's" } else { "are not there" };
            Err(Error::new(Kind::Input, "invalid_credentials", format!("the credentials in {} {what}", file.path().display()))
                .hint("enroll the machine with `lea enroll`, or leave out --credentials-file to use the operator's token"))
        }
        _ => Ok(server.with_token(Some(context.needed_token()?))),
    }
}

/// The pictures of a folder, in the order of their names.
fn pictures(folder: &Path, context: &Context) -> Result<Vec<Vec<u8>>> {
    let failed = |cause| Error::io("read", folder, cause);
    let is_picture = |path: &PathBuf| {
        let ending = path.extension().map(std::ffi::OsStr::to_ascii_lowercase);
        ending.is_some_and(|ending| ["png", "jpg", "jpeg"].iter().any(|known| ending == *known))
    };
    let entries = std::fs::read_dir(folder).map_err(failed)?;
    let mut paths = entries.map(|entry| entry.map(|entry| entry.path())).collect::<std::io::Result<Vec<_>>>().map_err(failed)?;
    paths.retain(is_picture);
    paths.sort();
    if paths.is_empty() || paths.len() > MAX_SCREENS {
        let message = format!("{} holds {} pictures; give 1 to {MAX_SCREENS}", folder.display(), paths.len());
        return Err(Error::new(Kind::Input, "no_screens", message));
    }
    paths.iter().map(|path| read_capped(path, context.settings.limits.image_bytes as u64)).collect()
}

/// One line for each action that is taken and each answer that is given, with nothing of what is typed.
fn tell(context: &Context, news: &AgentNews<'_>) -> Result<()> {
    let output = &context.output;
    let line = match news {
        AgentNews::Registered(false) => {
            output.note("the server keeps no sessions; polling will do");
            return Ok(());
        }
        AgentNews::Registered(true) => return Ok(()),
        AgentNews::Lost(error, wait) => {
            output.note(&format!("{error}; trying again in {:.1} s", wait.as_secs_f64()));
            return Ok(());
        }
        AgentNews::Given(action) => {
            let text = |name: &str| action.get(name).and_then(Value::as_str).unwrap_or_default();
            json!({ "event": "given", "action_id": text("action_id"), "type": text("type") })
        }
        AgentNews::Answered(report, answer) => json!({
            "event": "answered", "action_id": report.action_id, "success": report.success, "status": answer.status,
            "replay_status": answer.replay_status
        }),
        AgentNews::Refused(report) => {
            json!({ "event": "answered", "action_id": report.action_id, "success": report.success, "status": "unknown_action" })
        }
        AgentNews::Silent(action) => json!({ "event": "silent", "action_id": action }),
    };
    if output.is_json() {
        return output.json_line(&line);
    }
    let word = |name: &str| line[name].as_str().unwrap_or_default();
    let success = if line["success"] == json!(false) { "failed" } else { "success" };
    let rest = match word("event") {
        "given" => word("type").to_owned(),
        "answered" => format!("{success}, {}", word("status")),
        _ => String::new(),
    };
    output.line(format!("{:<8}  {}  {rest}", word("event"), word("action_id")).trim_end())
}
