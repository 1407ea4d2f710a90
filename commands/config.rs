//! `lea config`: the settings in force, and the files they may come from.

use std::process::ExitCode;

use lea::config::KEYS;
use lea::error::Result;

use crate::context::Context;
use crate::output::Columns;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// Print each setting's value and where it came from, secrets masked
    Show,
    /// Print the settings file that is read, and whether it is there
    Path,
}

pub(crate) fn run(args: &Args, context: &Context) -> Result<ExitCode> {
    match args.command {
        Command::Show => show(context)?,
        Command::Path => path(context)?,
    }
    Ok(ExitCode::SUCCESS)
}

fn show(context: &Context) -> Result<()> {
    let rows = context.effective_settings();
    if context.output.is_json() {
        return context.output.json(&serde_json::json!({ "settings": rows }));
    }
    let mut table = Columns::new(&["SETTING", "VALUE", "FROM", "WHAT IT IS"]);
    for row in rows {
        let help = KEYS.iter().find(|key| key.path == row.name).map_or("", |key| key.help);
        table.row([row.name.to_owned(), row.value.unwrap_or_else(|| "-".to_owned()), row.origin.to_string(), help.to_owned()]);
    }
    context.output.table(table)
}

fn path(context: &Context) -> Result<()> {
    let path = context.settings_path();
    if context.output.is_json() {
        return context.output.json(&serde_json::json!({ "path": path, "exists": path.exists() }));
    }
    context.output.line(&path.display().to_string())?;
    if !path.exists() {
        context.output.note("the file does not exist; defaults and the environment are in force");
    }
    Ok(())
}
