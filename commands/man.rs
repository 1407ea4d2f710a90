//! `lea man`: one page for the program and one for each subcommand.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::CommandFactory;
use lea::error::{Error, Result};
use lea::files::{Access, write_whole};

use crate::cli::Cli;
use crate::output::Output;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Folder to write the pages into
    #[arg(value_hint = clap::ValueHint::DirPath)]
    dir: PathBuf,
}

pub(crate) fn run(args: &Args, output: &Output) -> Result<ExitCode> {
    std::fs::create_dir_all(&args.dir).map_err(|cause| Error::io("make", &args.dir, cause))?;
    let mut root = Cli::command();
    root.build();
    let written = write(&root, "lea", &args.dir)?;
    if output.is_json() {
        output.json(&serde_json::json!({ "pages": written, "dir": args.dir }))?;
    }
    output.note(&format!("wrote {written} pages to {}", args.dir.display()));
    Ok(ExitCode::SUCCESS)
}

/// Writes the page of `command` and of all below it; `name` is its full name with hyphens.
fn write(command: &clap::Command, name: &str, dir: &Path) -> Result<usize> {
    let path = dir.join(format!("{name}.1"));
    let mut page = Vec::new();
    // The date and the version would make every page change with every release.
    let titled = command.clone().name(leak(name)).version(None::<&str>);
    clap_mangen::Man::new(titled)
        // Quoted, or the next word would be taken for it.
        .date("\"\"")
        .source("lea")
        .manual("lea")
        .render(&mut page)
        .map_err(|cause| Error::io("write", &path, cause))?;
    write_whole(&path, &page, Access::Everyone)?;
    let mut written = 1;
    for below in command.get_subcommands().filter(|below| !below.is_hide_set()) {
        written += write(below, &format!("{name}-{}", below.get_name()), dir)?;
    }
    Ok(written)
}

/// clap keeps names for the life of the program; a page's name is made here once.
fn leak(name: &str) -> &'static str {
    Box::leak(name.to_owned().into_boxed_str())
}
