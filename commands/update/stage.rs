//! `lea update stage`.

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use clap::ValueHint;
use lea::client::Download;
use lea::clock::Clock;
use lea::error::{Error, Kind, Result};
use lea::files::{FileSource, InstalledFolder, StagingFolder, read_capped};
use lea::update::{Installed, Job, MAX_PLAN_BYTES, Outcome, Plan, Reason, Source, Staging, UpdateType, sha256_of, stage};

use super::ask::{Question, is_withdrawn, tell};
use super::verify::{keys_of, problems, signature_of};
use crate::context::Context;
use crate::host;

/// How often it is said how far it is where there is no terminal.
const EVERY: Duration = Duration::from_secs(5);

#[derive(Debug, clap::Args)]
#[command(
    after_help = "Nothing but the staging folder is written. What was cut short goes on where it was; what is staged and whole stays. \
    staged.json says what would change, for the person who applies it. --timeout is how long nothing may come; while something does, it takes \
    the time that it takes."
)]
pub(super) struct Args {
    #[command(flatten)]
    question: Question,
    /// Take this plan, as `lea update check --json` printed it, instead of asking
    #[arg(long, value_name = "FILE", conflicts_with = "response", value_hint = ValueHint::FilePath)]
    plan: Option<PathBuf>,
    /// Take this ZIP instead of fetching it
    #[arg(long, value_name = "ZIP", value_hint = ValueHint::FilePath)]
    file: Option<PathBuf>,
    /// Version of the ZIP, where no plan says it
    #[arg(long = "version", value_name = "VERSION", requires = "file", conflicts_with_all = ["plan", "response"])]
    target: Option<String>,
    /// What the ZIP replaces, code-only or full, where no plan says it
    #[arg(long = "type", value_name = "TYPE", requires = "target")]
    update_type: Option<UpdateType>,
    /// Signature of the ZIP, where no plan has it [default: ZIP.minisig if that is there]
    #[arg(long, value_name = "FILE", requires = "file", value_hint = ValueHint::FilePath)]
    signature: Option<PathBuf>,
    /// SHA-256 that it must have; counts before the plan's
    #[arg(long, value_name = "HEX")]
    sha256: Option<String>,
    /// Folder that it is staged in [default: staging in the data directory]
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    staging: Option<PathBuf>,
    /// Folder of the live files, to say what would change; it is only looked at
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    installed: Option<PathBuf>,
    /// Public key whose signature counts, or a file that holds it; repeatable. With any, the update must be signed
    #[arg(long, value_name = "KEY-OR-FILE")]
    public_key: Vec<String>,
    /// How many staged ZIPs are kept, the new one among them
    #[arg(long, value_name = "NUMBER", default_value_t = 2, value_parser = clap::value_parser!(u16).range(1..))]
    keep: u16,
}

pub(super) fn run(args: &Args, context: &Context) -> Result<ExitCode> {
    let keys = keys_of(&args.public_key, context)?;
    let mut plan = match planned(args, context)? {
        Ok(plan) => plan,
        Err(reason) => {
            let folder = folder_of(args, context);
            if let Some(record) = StagingFolder::record_in(&folder)
                .filter(|record| record.version.parse().is_ok_and(|version| is_withdrawn(&version, context)))
            {
                let text =
                    format!("{} is staged in {} and was withdrawn since: it should not be applied", record.version, folder.display());
                context.output.warn(&text);
            }
            return nothing(reason, context);
        }
    };
    if let (Some(file), None) = (&args.file, &plan.signature) {
        plan.signature = signature_of(args.signature.as_deref(), file)?;
    }
    let ceilings = context.update_ceilings();
    let folder = folder_of(args, context);
    let installed = args.installed.as_deref().map(InstalledFolder::open).transpose()?;
    let by = [host::account(), host::hostname()].map(|name| name.unwrap_or_else(|| "unknown".to_owned())).join("@");
    let origin = args.file.as_ref().map_or_else(|| plan.url.clone(), |file| file.display().to_string());
    let job = Job {
        plan: &plan,
        sha256: args.sha256.as_deref(),
        keys: &keys,
        ceilings: &ceilings,
        installed: installed.as_ref().map(|folder| folder as &dyn Installed),
        keep: usize::from(args.keep),
        source: &origin,
        staged_by: &by,
        from_version: args.question.current.as_deref(),
        now: context.clock.now(),
    };
    // What is missing from the start is said before anything is made or asked.
    job.check()?;
    let mut staging = StagingFolder::open(&folder)?;
    let outcome = if let Some(file) = &args.file {
        carry_out(&job, &mut staging, &mut FileSource::new(file), context)?
    } else {
        let client = fetcher(&plan, context)?;
        let mut told = |error: &Error, wait: Duration| {
            context.output.note(&format!("{}; trying again in {:.1} s", error.message(), wait.as_secs_f64()));
        };
        let mut source = Download::new(&client, &plan.url, context.settings.client.timeout, context.waiting(), &mut told)?;
        carry_out(&job, &mut staging, &mut source, context)?
    };
    report(&outcome, &staging, context)
}

fn folder_of(args: &Args, context: &Context) -> PathBuf {
    args.staging.clone().unwrap_or_else(|| context.data_dir.join("staging"))
}

/// The plan that the arguments name, or that the server's answer leads to.
fn planned(args: &Args, context: &Context) -> Result<Result<Plan, Reason>> {
    if let Some(path) = &args.plan {
        let plan = Plan::read(&read_capped(path, MAX_PLAN_BYTES)?).map_err(|error| error.detail("file", path.display().to_string()))?;
        return Ok(match plan {
            None => Err(Reason::NoUpdate),
            Some(plan) => newer(&plan, args, context)?.map_or_else(|| Ok(plan), Err),
        });
    }
    if let Some(target) = &args.target {
        let plan = Plan {
            target_version: target.clone(),
            update_type: args.update_type.unwrap_or(UpdateType::CodeOnly),
            url: "/".to_owned(),
            sha256: args.sha256.as_deref().map(sha256_of).transpose()?,
            size: None,
            signature: None,
        };
        plan.version()?;
        return Ok(newer(&plan, args, context)?.map_or_else(|| Ok(plan), Err));
    }
    if args.question.response.is_none() {
        if args.file.is_some() {
            return Err(Error::new(Kind::Usage, "usage", "nothing says what the ZIP is").hint("give --plan, --response or --version"));
        }
        if args.question.current.is_none() {
            return Err(Error::new(Kind::Usage, "usage", "the version that runs here is not named").hint("give --current VERSION"));
        }
        if args.question.is_off(context) {
            return Ok(Err(Reason::Disabled));
        }
    } else if args.question.current.is_none() {
        unguarded(context);
    }
    let decision = args.question.decided(context)?;
    tell(&decision, context);
    match decision.update {
        Some(plan) => Ok(Ok(plan)),
        None if decision.reason.is_suspicious() => Err(refused(decision.reason)),
        None => Ok(Err(decision.reason)),
    }
}

/// Why a plan that somebody kept is not for this machine after all.
fn newer(plan: &Plan, args: &Args, context: &Context) -> Result<Option<Reason>> {
    if is_withdrawn(&plan.version()?, context) {
        return Err(refused(Reason::ReleaseWithdrawn));
    }
    let Some(current) = &args.question.current else {
        unguarded(context);
        return Ok(None);
    };
    let target = plan.version()?;
    Ok(match current.parse::<lea::update::Version>() {
        Err(_) => Some(Reason::LocalVersionInvalid),
        Ok(current) => (target <= current).then_some(Reason::NotNewer),
    })
}

fn refused(reason: Reason) -> Error {
    Error::new(Kind::Integrity, "answer_refused", reason.sentence()).detail("reason", serde_json::json!(reason))
}

fn unguarded(context: &Context) {
    context.output.warn("without --current nothing says whether this is newer than what runs here");
}

/// That there is nothing to stage.
fn nothing(reason: Reason, context: &Context) -> Result<ExitCode> {
    if context.output.is_json() {
        context.output.json(&serde_json::json!({
            "ok": true, "staged_zip": null, "target_version": null, "update_type": null, "sha256_verified": false, "resumed_from": 0,
            "problems": [], "reason": reason,
        }))?;
    } else {
        context.output.line(&format!("nothing to stage: {}", reason.sentence()))?;
    }
    Ok(ExitCode::SUCCESS)
}

/// Who fetches: the configured server's client; where none is configured, the plan's own server's, which is shown no token. A silence ends
/// a try after half the time that there is, so that there is another.
fn fetcher(plan: &Plan, context: &Context) -> Result<lea::client::Client> {
    let mut context = context.clone();
    context.settings.client.timeout /= 2;
    if context.settings.client.server.is_none() && !plan.url.starts_with('/') {
        return context.stranger(&plan.url);
    }
    context.machine_client()
}

fn carry_out(job: &Job<'_>, staging: &mut dyn Staging, source: &mut dyn Source<'_>, context: &Context) -> Result<Outcome> {
    let bar = context.output.bar(0);
    // Where no bar can be seen, a line now and then.
    let talks = bar.is_hidden() && !context.output.is_json();
    let mut next = context.clock.monotonic() + EVERY;
    let outcome = stage(job, staging, source, &mut |done, total| {
        if let Some(total) = total {
            bar.set_length(total);
        }
        bar.set_position(done);
        if talks && context.clock.monotonic() >= next {
            next = context.clock.monotonic() + EVERY;
            let of = total.map(|total| format!(" of {total}")).unwrap_or_default();
            context.output.note(&format!("{done}{of} bytes"));
        }
    });
    bar.finish_and_clear();
    outcome
}

fn report(outcome: &Outcome, staging: &dyn Staging, context: &Context) -> Result<ExitCode> {
    let output = &context.output;
    let code = if outcome.ok { 0 } else { Kind::Integrity.exit_code() };
    if output.is_json() {
        output.json(outcome)?;
        return Ok(ExitCode::from(code));
    }
    let Some(zip) = &outcome.staged_zip else {
        output.line(&format!("{} {} is REFUSED, and nothing is staged", outcome.update_type, outcome.target_version))?;
        problems(&outcome.problems, context)?;
        return Ok(ExitCode::from(code));
    };
    let how = if outcome.already { "was staged before, and is whole" } else { "is staged" };
    output.line(&format!("{} {} {how}: {zip}", outcome.update_type, outcome.target_version))?;
    if let Some(changes) = outcome.record.as_ref().and_then(|record| record.changes.as_ref()) {
        let counts = [("added", &changes.added), ("changed", &changes.changed), ("removed", &changes.removed)];
        let told: Vec<String> = counts.iter().map(|(word, files)| format!("{} {word}", files.len())).collect();
        output.line(&format!("it would leave {}, {} unchanged", told.join(", "), changes.unchanged))?;
    }
    output.note(&format!("{} says what would change; applying it is up to a person", staging.path("staged.json")));
    Ok(ExitCode::from(code))
}
