//! `lea competence`: learned skills, on a server or in the data directory.

mod audit;
mod lint;
mod list;
mod persist;
mod place;
mod promote;
mod scan;
mod show;
mod slugify;

use std::process::ExitCode;

use lea::error::Result;

use crate::context::Context;
use place::Place;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// Print the slugs of names, one a line
    Slugify(slugify::Args),
    /// Look for personal data in JSON, YAML or text, offline
    Scan(scan::Args),
    /// Say what a careful reviewer would say about documents, offline
    Lint(lint::Args),
    /// Check a competence and store it as a candidate
    Persist(persist::Args),
    /// List the competences
    List(list::Args),
    /// Show a competence, its steps readably
    Show(show::Args),
    /// Move a competence up, if it has what its document asks for
    Promote(promote::Args),
    /// Move a competence down
    Demote(promote::Args),
    /// Read the audit, and prove that it is whole
    Audit(audit::Args),
}

pub(crate) fn run(args: &Args, context: &Context) -> Result<ExitCode> {
    match &args.command {
        Command::Slugify(args) => return slugify::run(args, context),
        Command::Scan(args) => return scan::run(args, context),
        Command::Lint(args) => return lint::run(args, context),
        Command::Persist(args) => persist::run(args, context)?,
        Command::List(args) => list::run(args, context, &Place::open_for_machine(context)?)?,
        Command::Show(args) => show::run(args, context, &Place::open_for_machine(context)?)?,
        Command::Promote(args) => promote::run(args, true, context, &Place::open(context)?)?,
        Command::Demote(args) => promote::run(args, false, context, &Place::open(context)?)?,
        Command::Audit(args) => return audit::run(args, context, &Place::open(context)?),
    }
    Ok(ExitCode::SUCCESS)
}
