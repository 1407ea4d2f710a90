//! `lea enroll`: lets this machine into the fleet, and keeps its token.

use std::path::PathBuf;
use std::process::ExitCode;

use lea::api::{AgentView, EnrollAnswer, EnrollRequest};
use lea::client::{CredentialsFile, EnrollNews, EnrollOrder, enroll, known_machine, name_blame};
use lea::clock::Clock;
use lea::error::{Error, Result};
use serde_json::Value;

use crate::context::{Context, read_token};
use crate::host;
use crate::output::Columns;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Id of this machine [default: the one that it is enrolled as at this server, else the operating system's own]
    #[arg(long, value_name = "ID")]
    machine_id: Option<String>,
    /// Name of the person at this machine
    #[arg(long, value_name = "NAME")]
    user_name: Option<String>,
    /// Their e-mail address
    #[arg(long, value_name = "ADDRESS", value_hint = clap::ValueHint::EmailAddress)]
    user_email: Option<String>,
    /// Their id in the organisation
    #[arg(long, value_name = "ID")]
    user_id: Option<String>,
    /// Name of this machine on its network [default: detected]
    #[arg(long, value_name = "NAME", value_hint = clap::ValueHint::Hostname)]
    hostname: Option<String>,
    /// Operating system and version [default: detected]
    #[arg(long, value_name = "TEXT")]
    os_info: Option<String>,
    /// Version of the agent on this machine
    #[arg(long, value_name = "VERSION")]
    agent_version: Option<String>,
    /// Refuse if this machine was uninstalled before, instead of bringing it back
    #[arg(long)]
    no_reactivate: bool,
    /// Operators: issue a new token although the machine is active; its old one dies
    #[arg(long)]
    force: bool,
    /// File that holds an enrollment key, used instead of a token
    #[arg(long, value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
    key_file: Option<PathBuf>,
    /// Where to keep the machine's token [default: credentials.json in the data directory]
    #[arg(long, value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
    credentials_file: Option<PathBuf>,
    /// Print the machine's token too
    #[arg(long)]
    show_token: bool,
}

pub(crate) fn run(args: &Args, context: &Context) -> Result<ExitCode> {
    enrolled(args, context).map_err(name_blame)
}

fn enrolled(args: &Args, context: &Context) -> Result<ExitCode> {
    let given = match &args.key_file {
        Some(path) => Some(read_token(path)?),
        None => context.named_token()?,
    };
    let client = context.client(None)?;
    let credentials = CredentialsFile::new(args.credentials_file.clone().unwrap_or_else(|| context.credentials_path()));
    let known = || known_machine(&credentials, &client.server().to_string(), context.clock.now()).map(|id| id.to_string());
    let machine_id = match args.machine_id.clone().or_else(known) {
        Some(id) => id,
        None => host::machine_id()?.to_string(),
    };
    let order =
        EnrollOrder { request: request(args, machine_id), given, credentials: &credentials, timeout: context.settings.client.timeout };

    let spinner = context.output.spinner(&format!("enrolling {} at {}", order.request.machine_id, client.server()));
    let done = enroll(&client, &order, context.waiting(), &mut |news| match news {
        EnrollNews::Retrying(error, wait) if !spinner.is_hidden() => {
            spinner.set_message(format!("{error}; trying again in {:.1} s", wait.as_secs_f64()));
        }
        news => spinner.suspend(|| tell(context, &credentials, &news)),
    });
    spinner.finish_and_clear();
    let done = done.inspect_err(|error| explain(context, error))?;

    if !done.answer.fields.is_empty() {
        context.output.warn(&format!("the server knows other values, and keeps them: {}", done.answer.fields.join(", ")));
    }
    if let Some(aside) = &done.aside {
        context.output.note(&format!("the credentials that were there before are in {}", aside.display()));
    }
    print(args, context, done.answer)?;
    let state = if done.written { "written to" } else { "unchanged in" };
    context.output.note(&format!("credentials {state} {}", credentials.path().display()));
    Ok(ExitCode::SUCCESS)
}

fn request(args: &Args, machine_id: String) -> EnrollRequest {
    EnrollRequest {
        machine_id,
        user_name: args.user_name.clone(),
        user_email: args.user_email.clone(),
        user_id: args.user_id.clone(),
        hostname: args.hostname.clone().or_else(host::hostname),
        os_info: args.os_info.clone().or_else(host::os_info),
        version: args.agent_version.clone(),
        allow_reactivate: args.no_reactivate.then_some(false),
        force: args.force.then_some(true),
    }
}

fn tell(context: &Context, credentials: &CredentialsFile, news: &EnrollNews<'_>) {
    let path = credentials.path().display();
    match news {
        EnrollNews::Retrying(error, wait) => context.output.note(&format!("{error}; trying again in {:.1} s", wait.as_secs_f64())),
        EnrollNews::Resuming => context.output.note("an earlier run got no answer; asking for it again"),
        EnrollNews::Replacing(old) => {
            context.output.warn(&format!(
                "{path} holds the credentials of {} at {}; they will be replaced, and kept beside it",
                old.machine_id, old.server
            ));
        }
        EnrollNews::Unreadable(error) => context.output.warn(&format!("{error}; it will be replaced")),
        EnrollNews::OwnTokenRefused => {
            context.output.note("this machine's own token is no longer valid; enrolling with the one that was given");
        }
    }
}

/// What a conflict's answer says beyond its sentence.
fn explain(context: &Context, error: &Error) {
    if context.output.is_json() {
        return;
    }
    if let Some(fields) = error.details().get("fields").and_then(Value::as_array).filter(|fields| !fields.is_empty()) {
        let names: Vec<&str> = fields.iter().filter_map(Value::as_str).collect();
        if !names.iter().all(|name| error.message().contains(name)) {
            context.output.note(&format!("what differs: {}", names.join(", ")));
        }
    }
    if let Some(Ok(agent)) = error.details().get("agent").map(|agent| serde_json::from_value::<AgentView>(agent.clone())) {
        for (name, value) in facts(&agent) {
            context.output.note(&format!("enrolled there: {name} = {value}"));
        }
    }
}

/// The agent row, as far as it says something.
fn facts(agent: &AgentView) -> Vec<(&'static str, String)> {
    let time = |time: Option<lea::clock::Time>| time.map(|time| time.to_string());
    [
        ("machine_id", Some(agent.machine_id.clone())),
        ("status", Some(agent.status.clone())),
        ("user_name", agent.user_name.clone()),
        ("user_email", agent.user_email.clone()),
        ("user_id", agent.user_id.clone()),
        ("hostname", agent.hostname.clone()),
        ("os_info", agent.os_info.clone()),
        ("version", agent.version.clone()),
        ("enrolled_at", time(agent.enrolled_at)),
        ("last_seen_at", time(agent.last_seen_at)),
    ]
    .into_iter()
    .filter_map(|(name, value)| value.map(|value| (name, value)))
    .collect()
}

fn print(args: &Args, context: &Context, mut answer: EnrollAnswer) -> Result<()> {
    if !args.show_token {
        answer.api_token = None;
    }
    if context.output.is_json() {
        return context.output.json(&answer);
    }
    let mut table = Columns::new(&["FIELD", "VALUE"]);
    table.row(["enrollment".to_owned(), answer.status]);
    for (name, value) in facts(&answer.agent) {
        table.row([name.to_owned(), value]);
    }
    if let Some(token) = answer.api_token {
        table.row(["api_token".to_owned(), token]);
    }
    context.output.table(table)
}
