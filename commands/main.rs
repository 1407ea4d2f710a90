//! The `lea` executable: parse, start tracing, match, turn an error into an exit code.
#![allow(clippy::doc_markdown, reason = "these texts are read in a terminal, where backticks are only noise")]

mod anchor;
mod cli;
mod compare;
mod competence;
mod completions;
mod config;
mod context;
mod doctor;
mod elements;
mod enroll;
mod fleet;
mod host;
mod html;
mod man;
mod output;
mod pictures;
mod replay;
mod resolve;
mod serve;
mod session;
mod sync;
mod times;
mod update;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::ExitCode;

use clap::{CommandFactory, FromArgMatches};
use lea::config::Environment;
use lea::error::Result;

use cli::{Cli, Command};
use context::Context;
use output::Output;

/// Pictures take memory by the megabyte, and the system's allocator gets it page by page and gives it back each time.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Who wants to hear of a defect; whoever packages `lea` may name another place when building it.
const REPORT_TO: &str = match option_env!("LEA_REPORT_TO") {
    Some(place) => place,
    None => "the maintainers, where you got lea from",
};

fn main() -> ExitCode {
    let (environment, unreadable) = Environment::from_os(std::env::vars_os());
    let wanted = cli::color_of(std::env::args_os().map(|argument| argument.to_string_lossy().into_owned()));
    let parsed = Cli::command().color(wanted).try_get_matches().and_then(|matches| Cli::from_arg_matches(&matches));
    let cli = match parsed {
        Ok(cli) => cli,
        Err(refused) => return Output::usage(&refused, std::env::args_os().any(|argument| argument == "--json"), &environment),
    };
    let output = Output::new(&cli.global, &environment);
    if let Some(error) = unreadable.or_else(|| output::refused_variable(&environment)) {
        return output.fail(&error);
    }
    match &cli.command {
        Command::Serve(args) => output.start_tracing(true, args.logs_json()),
        _ => output.start_tracing(false, false),
    }
    guarded(&output, || run(cli, environment, &output))
}

fn run(cli: Cli, environment: Environment, output: &Output) -> Result<ExitCode> {
    match cli.command {
        Command::Completions(args) => completions::run(&args, output),
        Command::Man(args) => man::run(&args, output),
        command => {
            let context = match Context::load(&cli.global, &command, environment, output.clone()) {
                // Settings that cannot be read are the first thing that it looks for.
                Err(error) if matches!(command, Command::Doctor(_)) => return doctor::without_settings(&error, output),
                loaded => loaded?,
            };
            match command {
                Command::Serve(args) => serve::run(&args, &context),
                Command::Enroll(args) => enroll::run(&args, &context),
                Command::Fleet(args) => fleet::run(&args, &context),
                Command::Replay(args) => replay::run(&args, &context),
                Command::Session(args) => session::run(&args, &context),
                Command::Sync(args) => sync::run(&args, &context),
                Command::Resolve(args) => resolve::run(&args, &context),
                Command::Elements(args) => elements::run(&args, &context),
                Command::Anchor(args) => anchor::run(&args, &context),
                Command::Compare(args) => compare::run(&args, &context),
                Command::Update(args) => update::run(&args, &context),
                Command::Competence(args) => competence::run(&args, &context),
                Command::Doctor(args) => doctor::run(&args, &context),
                Command::Config(args) => config::run(&args, &context),
                Command::Completions(_) | Command::Man(_) => Ok(ExitCode::SUCCESS),
            }
        }
    }
}

/// Runs `work`; an error becomes its exit code, a panic becomes 70 and a sentence that says where to report it.
fn guarded(output: &Output, work: impl FnOnce() -> Result<ExitCode>) -> ExitCode {
    let reporter = output.clone();
    std::panic::set_hook(Box::new(move |panic| reporter.bug(&panic.to_string(), REPORT_TO)));
    match catch_unwind(AssertUnwindSafe(work)) {
        Ok(Ok(code)) => code,
        Ok(Err(error)) => output.fail(&error),
        Err(_) => ExitCode::from(lea::error::Kind::Bug.exit_code()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_ends_with_70_and_leaves_nothing_half_written() {
        let output = Output::new(&cli::Global::default(), &Environment::default());
        let folder = tempfile::tempdir().unwrap();
        let code = guarded(&output, || {
            let _unfinished = tempfile::NamedTempFile::new_in(folder.path()).unwrap();
            panic!("a defect on purpose")
        });
        assert_eq!(format!("{code:?}"), format!("{:?}", ExitCode::from(70)));
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
    }

    #[test]
    fn the_argument_tree_is_sound() {
        Cli::command().debug_assert();
    }
}
