//! `lea replay start`, `raw` and `single`: each under a key, so that it starts once however often it must be sent.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::ValueHint;
use lea::api::{RawRequest, SingleRequest, StartAnswer, StartRequest};
use lea::client::retry::{Schedule, repeat};
use lea::client::{Client, StartCall};
use lea::clock::Clock;
use lea::error::{Error, Kind, Result};
use lea::id;
use serde::Deserialize;
use serde_json::{Map, Value};

use super::place::unknown;
use super::{input, watch};
use crate::context::Context;

/// Where a replay starts.
#[derive(Debug, clap::Args)]
struct Where {
    /// Machine to start on; without it, and without --session, the one agent that is connected
    #[arg(long, value_name = "ID")]
    machine: Option<String>,
    /// Session to start on
    #[arg(long, value_name = "ID")]
    session: Option<String>,
    /// Starts once, however often the same command is run with this key within 24 hours [default: a fresh one]
    #[arg(long, value_name = "KEY")]
    idempotency_key: Option<String>,
}

/// What to do beside starting.
#[derive(Debug, clap::Args)]
struct How {
    /// Cancel what runs there
    #[arg(long)]
    replace: bool,
    /// Watch it until it is over; the exit code is then that of `lea replay watch`
    #[arg(long)]
    watch: bool,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Start {
    /// Id of the workflow
    workflow_id: String,
    #[command(flatten)]
    at: Where,
    #[command(flatten)]
    how: How,
    #[command(flatten)]
    variables: Variables,
}

/// What a workflow is filled with, and which way it goes.
#[derive(Debug, clap::Args)]
pub(super) struct Variables {
    /// What a variable of the workflow stands for; may be given several times
    #[arg(long, value_name = "NAME=TEXT", value_parser = pair)]
    param: Vec<(String, String)>,
    /// JSON object of variables; --param goes before it, and a value given here doesn't show in the list of processes
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    params_file: Option<PathBuf>,
    /// Ids of the edges to take where the workflow branches
    #[arg(long, value_name = "EDGES", value_delimiter = ',')]
    path: Option<Vec<String>>,
}

impl Variables {
    /// The variables, if any is set.
    pub(super) fn params(&self) -> Result<Option<Map<String, Value>>> {
        let mut params = Map::new();
        if let Some(path) = &self.params_file {
            params = input::parse(&input::name(path), &input::read(path)?, "an object of variables")?;
        }
        params.extend(self.param.iter().map(|(name, value)| (name.clone(), Value::from(value.as_str()))));
        Ok((!params.is_empty()).then_some(params))
    }

    /// The edges to take.
    pub(super) fn path(&self) -> Option<&[String]> {
        self.path.as_deref()
    }
}

#[derive(Debug, clap::Args)]
pub(crate) struct Raw {
    /// JSON: a list of actions, or {"actions": […], "task_description": …}; - for standard input
    #[arg(value_hint = ValueHint::FilePath)]
    file: PathBuf,
    /// What it is for
    #[arg(long, value_name = "TEXT")]
    task: Option<String>,
    #[command(flatten)]
    at: Where,
    #[command(flatten)]
    how: How,
}

#[derive(Debug, clap::Args)]
#[command(group = clap::ArgGroup::new("what").required(true).args(["file", "action"]))]
pub(crate) struct Single {
    /// File with the action as JSON; - for standard input
    #[arg(value_hint = ValueHint::FilePath)]
    file: Option<PathBuf>,
    /// The action as JSON; a text to type is better kept in a file, where `ps` doesn't show it
    #[arg(long, value_name = "JSON")]
    action: Option<String>,
    #[command(flatten)]
    at: Where,
}

fn pair(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, value)) if !name.is_empty() => Ok((name.to_owned(), value.to_owned())),
        _ => Err("write it as NAME=TEXT".to_owned()),
    }
}

/// What a file of actions may hold.
#[derive(Deserialize)]
#[serde(untagged)]
enum Actions {
    List(Vec<Map<String, Value>>),
    Request(RawRequest),
}

/// Sends a start until it is answered, always under one key.
fn sent<A>(context: &Context, at: &Where, client: &Client, call: impl Fn(StartCall<'_>) -> Result<A>) -> Result<A> {
    let key = at.idempotency_key.clone().unwrap_or_else(id::fresh);
    let mut schedule = Schedule::until(context.clock.monotonic().saturating_add(client.timeout()));
    let mut told = |error: &Error, wait: std::time::Duration| {
        context.output.note(&format!("{error}; trying again in {:.1} s", wait.as_secs_f64()));
    };
    repeat(&mut schedule, context.waiting(), &mut told, &mut |within| {
        call(StartCall { idempotency_key: Some(&key), timeout: Some(within) })
    })
}

pub(super) fn start(args: &Start, context: &Context) -> Result<ExitCode> {
    let request = StartRequest {
        workflow_id: args.workflow_id.clone(),
        session_id: args.at.session.clone().unwrap_or_default(),
        machine_id: args.at.machine.clone(),
        params: args.variables.params()?,
        path: args.variables.path().map(<[String]>::to_vec),
        replace: args.how.replace,
    };
    let client = context.operator_client()?;
    let answer =
        sent(context, &args.at, &client, |how| client.start_replay(&request, how)).map_err(|error| unknown(error, &args.workflow_id))?;
    begun(context, &client, &answer, &args.how)
}

pub(super) fn raw(args: &Raw, context: &Context) -> Result<ExitCode> {
    let name = input::name(&args.file);
    let value: Value = input::parse(&name, &input::read(&args.file)?, "JSON")?;
    let mut request = match serde_json::from_value(value) {
        Ok(Actions::List(actions)) => RawRequest { actions, ..RawRequest::default() },
        Ok(Actions::Request(request)) => request,
        Err(_) => {
            return Err(Error::new(
                Kind::Input,
                "invalid_actions",
                format!("{name} holds neither a list of actions nor an object with `actions`"),
            )
            .hint(r#"write [{"type": "click", …}, …] or {"actions": [{"type": "click", …}, …]}"#));
        }
    };
    let named = |given: &Option<String>, from_file: &mut String| given.iter().for_each(|text| text.clone_into(from_file));
    named(&args.task, &mut request.task_description);
    named(&args.at.session, &mut request.session_id);
    request.machine_id = args.at.machine.clone().or(request.machine_id);
    request.replace |= args.how.replace;
    let client = context.operator_client()?;
    let answer = sent(context, &args.at, &client, |how| client.start_actions(&request, how))?;
    begun(context, &client, &answer, &args.how)
}

fn begun(context: &Context, client: &Client, answer: &StartAnswer, how: &How) -> Result<ExitCode> {
    let output = &context.output;
    match (output.is_json(), how.watch) {
        (true, false) => output.json(answer)?,
        (true, true) => output.json_line(answer)?,
        (false, _) => {
            let (count, machine, session) = (answer.total_actions, &answer.machine_id, &answer.session_id);
            output.line(&format!("{}: {count} actions on {machine} ({session})", answer.replay_id))?;
        }
    }
    if how.watch {
        return watch::follow(context, client, &answer.replay_id, false);
    }
    output.note(&format!("to follow it: lea replay watch {}", answer.replay_id));
    Ok(ExitCode::SUCCESS)
}

pub(super) fn single(args: &Single, context: &Context) -> Result<ExitCode> {
    let action = match (&args.action, &args.file) {
        (Some(text), _) => input::parse("--action", text.as_bytes(), "an object")?,
        (None, Some(path)) => input::parse(&input::name(path), &input::read(path)?, "an object")?,
        (None, None) => Map::new(),
    };
    let (session_id, machine_id) = (args.at.session.clone().unwrap_or_default(), args.at.machine.clone());
    let request = SingleRequest { action, session_id, machine_id };
    let client = context.operator_client()?;
    let answer = sent(context, &args.at, &client, |how| client.queue_action(&request, how))?;
    if context.output.is_json() {
        context.output.json(&answer)?;
    } else {
        context.output.line(&format!("{}: {} waits on {}", answer.replay_id, answer.action_id, answer.session_id))?;
    }
    Ok(ExitCode::SUCCESS)
}
