//! The argument tree: the global options and the list of subcommands. Each subcommand's own arguments stand in its file.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

/// Runs and watches a fleet of Léa agents.
///
/// Data goes to standard output, everything else to standard error. A value comes from a flag, else the environment, else
/// lea.toml, else the default; `lea config show` says which.
#[derive(Debug, Parser)]
#[command(name = "lea", version, max_term_width = 110, disable_help_subcommand = true, after_long_help = EXIT_CODES)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) global: Global,
    #[command(subcommand)]
    pub(crate) command: Command,
}

const EXIT_CODES: &str = "Exit codes:
  0 done, or yes          5 conflict: already there
  1 the answer is no      6 the server could not be reached in time
  2 wrong usage           7 a hash, signature or chain does not hold
  3 bad input             8 no such thing
  4 not allowed           9 the server failed; 70 a bug in lea";

/// Options that every command takes.
#[derive(Debug, Default, Clone, Args)]
#[command(next_help_heading = "Global options")]
pub(crate) struct Global {
    /// Address of the server, such as https://lea.example.org [env: LEA_SERVER]
    #[arg(long, global = true, value_name = "URL")]
    pub(crate) server: Option<String>,
    /// File that holds the token; the token itself comes by LEA_TOKEN or RPA_API_TOKEN [env: LEA_TOKEN_FILE]
    #[arg(long, global = true, value_name = "PATH", value_hint = clap::ValueHint::FilePath)]
    pub(crate) token_file: Option<PathBuf>,
    /// Folder of the database, the token and the credentials [env: LEA_DATA_DIR]
    #[arg(long, global = true, value_name = "DIR", value_hint = clap::ValueHint::DirPath)]
    pub(crate) data_dir: Option<PathBuf>,
    /// Settings file [env: LEA_CONFIG; default: lea.toml in the data directory]
    #[arg(long, global = true, value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
    pub(crate) config: Option<PathBuf>,
    /// Certificate authority to trust besides the system's, PEM [env: LEA_CA_CERT]
    #[arg(long, global = true, value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
    pub(crate) ca_cert: Option<PathBuf>,
    /// How long to wait for the server in all [env: LEA_TIMEOUT; default: 30]
    #[arg(long, global = true, value_name = "SECONDS")]
    pub(crate) timeout: Option<u64>,
    /// Print one JSON document instead of text; errors as JSON on standard error [env: LEA_JSON]
    #[arg(long, global = true)]
    pub(crate) json: bool,
    /// When to use colour; NO_COLOR is honoured [env: LEA_COLOR]
    #[arg(long, global = true, value_name = "WHEN", value_enum)]
    pub(crate) color: Option<When>,
    /// Say more; twice for details
    #[arg(short, long, global = true, action = clap::ArgAction::Count)]
    pub(crate) verbose: u8,
    /// Say nothing but errors
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    pub(crate) quiet: bool,
}

/// When to use colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum When {
    /// On a terminal.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// What `--color` says, before anything is parsed: help and usage errors come from the parsing itself.
pub(crate) fn color_of(arguments: impl Iterator<Item = String>) -> clap::ColorChoice {
    let mut choice = clap::ColorChoice::Auto;
    let mut named = false;
    for argument in arguments {
        let value = if named { Some(argument.as_str()) } else { argument.strip_prefix("--color=") };
        choice = match value {
            Some("always") => clap::ColorChoice::Always,
            Some("never") => clap::ColorChoice::Never,
            _ => choice,
        };
        named = argument == "--color";
    }
    choice
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Run the server
    Serve(crate::serve::Args),
    /// Enroll this machine
    Enroll(crate::enroll::Args),
    /// Look after the machines: list, show, uninstall, tokens, keys
    Fleet(crate::fleet::Args),
    /// Look after recorded sessions: list, show, close, export, purge
    Session(crate::session::Args),
    /// Start replays, watch them, decide where one waits, and play an agent
    Replay(crate::replay::Args),
    /// Keep skills and workflows at hand, also when the server is not
    Sync(crate::sync::Args),
    /// Find a target on a screenshot, offline
    Resolve(Box<crate::resolve::Args>),
    /// List what is on a screenshot: buttons, fields, texts, offline
    Elements(crate::elements::Args),
    /// Check pictures by which targets are found, offline
    Anchor(crate::anchor::Args),
    /// Tell what changed between two screenshots, offline
    Compare(crate::compare::Args),
    /// Ask for updates, stage and verify them; publish and roll them out
    Update(crate::update::Args),
    /// Keep learned skills: name, check, store, read, promote and audit them
    Competence(crate::competence::Args),
    /// Check what usually goes wrong, and say how to mend it
    Doctor(crate::doctor::Args),
    /// Show the settings in force and where each came from
    Config(crate::config::Args),
    /// Print a completion script for a shell
    Completions(crate::completions::Args),
    /// Write the man pages into a folder
    Man(crate::man::Args),
}
