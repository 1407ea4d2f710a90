//! The only place that prints. Data goes to standard output, everything else to standard error.
//!
//! Text that came from outside (a machine's name, a user's name) loses its control characters on the way, so that nobody's
//! hostname can repaint an operator's terminal.

use std::io::{ErrorKind, IsTerminal, Write};
use std::process::ExitCode;
use std::time::Duration;

use comfy_table::{ColumnConstraint, ContentArrangement, Table, Width, presets};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use lea::api::AgentView;
use lea::clock::Time;
use lea::config::Environment;
use lea::error::{Error, Kind, Result};
use serde::Serialize;

use crate::cli::{Global, When};

/// A table is never squeezed below this, columns.
const MIN_WIDTH: u16 = 60;

/// The code of the error that stands for a reader who has gone away.
const BROKEN_PIPE: &str = "broken_pipe";

/// The words that switch something on, then those that switch it off.
const SWITCH: [&str; 8] = ["1", "true", "yes", "on", "0", "false", "no", "off"];

/// How this run speaks.
#[derive(Debug, Clone)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of its own")]
pub(crate) struct Output {
    json: bool,
    verbose: u8,
    quiet: bool,
    color: bool,
    json_logs: bool,
    log: Option<String>,
}

/// A table before it is drawn.
#[derive(Debug)]
pub(crate) struct Columns {
    headers: Vec<String>,
    rows: Vec<Vec<String>>,
}

impl Columns {
    pub(crate) fn new(headers: &[&str]) -> Self {
        Self { headers: headers.iter().map(ToString::to_string).collect(), rows: Vec::new() }
    }

    pub(crate) fn row(&mut self, cells: impl IntoIterator<Item = String>) {
        self.rows.push(cells.into_iter().map(|cell| plain(&cell)).collect());
    }

    /// What is known of one machine, a line a fact; `when` says a time as people do.
    pub(crate) fn of_agent(agent: &AgentView, when: impl Fn(Option<Time>) -> String) -> Self {
        let mut table = Self::new(&["FACT", "VALUE"]);
        let mut fact = |name: &str, value: Option<String>| {
            if let Some(value) = value {
                table.row([name.to_owned(), value]);
            }
        };
        let time = |time: Option<Time>| time.map(|at| format!("{at} ({})", when(Some(at))));
        fact("machine", Some(agent.machine_id.clone()));
        fact(
            "status",
            Some(if agent.legacy { format!("{} (legacy id: it can only be uninstalled)", agent.status) } else { agent.status.clone() }),
        );
        fact("user", agent.user_name.clone());
        fact("e-mail", agent.user_email.clone());
        fact("user id", agent.user_id.clone());
        fact("host", agent.hostname.clone());
        fact("system", agent.os_info.clone());
        fact("version", agent.version.clone());
        fact("enrolled", time(agent.enrolled_at));
        fact("last seen", time(agent.last_seen_at));
        fact("uninstalled", time(agent.uninstalled_at));
        fact("reason", agent.uninstall_reason.clone());
        table
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// How wide each column is with its longest word and two characters of space.
    fn words(&self) -> Vec<u16> {
        let mut widest = vec![0; self.headers.len()];
        for row in std::iter::once(&self.headers).chain(&self.rows) {
            for (widest, cell) in widest.iter_mut().zip(row) {
                let longest = cell.split_whitespace().map(|word| word.chars().count()).max().unwrap_or_default();
                *widest = longest.max(*widest);
            }
        }
        widest.iter().map(|longest| u16::try_from(longest + 2).unwrap_or(u16::MAX)).collect()
    }
}

/// `text` on one line and without control characters, each replaced by the sign for what cannot be shown.
fn plain(text: &str) -> String {
    let shown = |c: char| match c {
        '\n' | '\r' | '\t' => ' ',
        _ if c.is_control() || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}') => char::REPLACEMENT_CHARACTER,
        _ => c,
    };
    text.chars().map(shown).collect()
}

impl Output {
    pub(crate) fn new(global: &Global, environment: &Environment) -> Self {
        let wanted = global.color.unwrap_or_else(|| match environment.get("LEA_COLOR") {
            Some("always") => When::Always,
            Some("never") => When::Never,
            _ => When::Auto,
        });
        let color = match wanted {
            When::Always => true,
            When::Never => false,
            When::Auto => !environment.is_set("NO_COLOR") && std::io::stderr().is_terminal(),
        };
        Self {
            json: global.json || environment.get("LEA_JSON").is_some_and(|value| SWITCH[..4].contains(&value)),
            verbose: global.verbose,
            quiet: global.quiet,
            color,
            json_logs: environment.get("LEA_LOG_FORMAT") == Some("json"),
            log: environment.get("LEA_LOG").map(str::to_owned),
        }
    }

    pub(crate) fn logs_json(&self) -> bool {
        self.json_logs
    }

    pub(crate) fn is_json(&self) -> bool {
        self.json
    }

    /// Starts the log on standard error: `LEA_LOG` decides, else the flags; the server speaks by default.
    pub(crate) fn start_tracing(&self, server: bool, json: bool) {
        let level = match (self.quiet, self.verbose, server) {
            (true, ..) => "error",
            (_, 0, false) => "warn",
            (_, 0, true) | (_, 1, false) => "info",
            (_, 1, true) | (_, 2, _) => "debug",
            _ => "trace",
        };
        let filter = tracing_subscriber::EnvFilter::new(self.log.as_deref().unwrap_or(&format!("warn,lea={level}")));
        let base = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).log_internal_errors(false);
        // A second start (in a test) keeps the first one's settings.
        let _ = if self.json_logs || json {
            base.json().flatten_event(true).with_span_list(false).try_init()
        } else {
            base.with_ansi(self.color).with_target(false).try_init()
        };
    }

    /// Lines of data with text from outside: on a terminal without control characters, elsewhere as it is.
    pub(crate) fn document(&self, bytes: &[u8]) -> Result<()> {
        if !std::io::stdout().is_terminal() {
            return self.bytes(bytes);
        }
        String::from_utf8_lossy(bytes).lines().try_for_each(|line| self.line(line))
    }

    /// Bytes as they are.
    #[expect(clippy::unused_self, reason = "who prints has been given the right to")]
    pub(crate) fn bytes(&self, bytes: &[u8]) -> Result<()> {
        let mut stdout = std::io::stdout().lock();
        stdout.write_all(bytes).and_then(|()| stdout.flush()).map_err(|cause| match cause.kind() {
            ErrorKind::BrokenPipe => Error::new(Kind::Input, BROKEN_PIPE, "the reader went away"),
            _ => Error::io("write to", std::path::Path::new("standard output"), cause),
        })
    }

    /// One line of data.
    pub(crate) fn line(&self, text: &str) -> Result<()> {
        self.bytes(format!("{}\n", plain(text)).as_bytes())
    }

    /// One JSON document.
    pub(crate) fn json<T: Serialize>(&self, value: &T) -> Result<()> {
        let mut text = serde_json::to_vec_pretty(value)
            .map_err(|cause| Error::new(Kind::Bug, "not_serialisable", "an answer could not be written as JSON").caused_by(cause))?;
        text.push(b'\n');
        self.bytes(&text)
    }

    /// One JSON document on one line, for commands that print several.
    pub(crate) fn json_line<T: Serialize>(&self, value: &T) -> Result<()> {
        let mut text = serde_json::to_vec(value)
            .map_err(|cause| Error::new(Kind::Bug, "not_serialisable", "an answer could not be written as JSON").caused_by(cause))?;
        text.push(b'\n');
        self.bytes(&text)
    }

    /// A table: fitted to the terminal, or plain columns where there is none.
    pub(crate) fn table(&self, columns: Columns) -> Result<()> {
        let mut table = Table::new();
        let mut words = Vec::new();
        let (mut plainly, mut gap) = (!std::io::stdout().is_terminal(), 2);
        if plainly {
            table.load_style(presets::NOTHING).set_content_arrangement(ContentArrangement::Disabled);
        } else {
            table.load_style(presets::UTF8_FULL_CONDENSED).set_content_arrangement(ContentArrangement::Dynamic);
            // A terminal that does not know its width says 0.
            if table.width().is_some_and(|width| width < MIN_WIDTH) {
                table.set_width(MIN_WIDTH);
            }
            // No word is broken while all fit; before one is, the lines between columns go.
            words = columns.words();
            let width = usize::from(table.width().unwrap_or(MIN_WIDTH));
            let all: usize = words.iter().map(|width| usize::from(*width)).sum();
            if all + words.len() + 1 > width {
                (plainly, gap) = (true, 1);
                table.load_style(presets::NOTHING);
                // One character of space each is less.
                for width in &mut words {
                    *width -= 1;
                }
            }
            if all > width + words.len() {
                words.clear();
            }
        }
        table.set_header(columns.headers);
        for row in columns.rows {
            table.add_row(row);
        }
        for (column, width) in table.column_iter_mut().zip(words) {
            column.set_constraint(ColumnConstraint::LowerBoundary(Width::Fixed(width)));
        }
        if plainly {
            // So that a line begins with its first cell.
            table.column_iter_mut().for_each(|column| {
                column.set_padding((0, gap));
            });
        }
        let mut drawn = String::new();
        for line in table.lines() {
            drawn.push_str(line.trim_end());
            drawn.push('\n');
        }
        self.bytes(drawn.as_bytes())
    }

    /// A remark for people, on standard error; not under `--quiet`.
    pub(crate) fn note(&self, text: &str) {
        if !self.quiet {
            self.say("", text);
        }
    }

    /// A warning for people, on standard error.
    pub(crate) fn warn(&self, text: &str) {
        if !self.quiet {
            self.say(&self.painted("warning: ", "33"), text);
        }
    }

    /// A failure that nothing ends with, as a warning with what to do.
    pub(crate) fn warn_of(&self, error: &Error) {
        if self.quiet {
            return;
        }
        self.warn(&explained(error));
        if let Some(hint) = error.hint_text() {
            self.say(&self.painted("hint: ", "36"), &plain(hint));
        }
    }

    /// Where a program that is run for the user prints: on standard error, for standard output is for data.
    #[expect(clippy::unused_self, reason = "who prints has been given the right to")]
    pub(crate) fn aside(&self) -> std::process::Stdio {
        std::process::Stdio::from(std::io::stderr())
    }

    /// A spinner or bar on standard error while work goes on; none where nobody looks.
    pub(crate) fn spinner(&self, text: &str) -> ProgressBar {
        let bar = ProgressBar::new_spinner();
        if self.quiet || self.json || !std::io::stderr().is_terminal() {
            bar.set_draw_target(ProgressDrawTarget::hidden());
        } else {
            bar.set_style(ProgressStyle::default_spinner());
            bar.enable_steady_tick(Duration::from_millis(120));
        }
        bar.set_message(text.to_owned());
        bar
    }

    /// A bar on standard error that fills up to `total`; none where nobody looks.
    pub(crate) fn bar(&self, total: u64) -> ProgressBar {
        let bar = ProgressBar::new(total);
        let style = ProgressStyle::with_template("{bar:30} {pos}/{len}  {elapsed}  {wide_msg}");
        match style {
            Ok(style) if !self.quiet && !self.json && std::io::stderr().is_terminal() => bar.set_style(style),
            _ => bar.set_draw_target(ProgressDrawTarget::hidden()),
        }
        bar
    }

    /// Reports an error and gives the exit code that its kind stands for.
    pub(crate) fn fail(&self, error: &Error) -> ExitCode {
        if error.code() == BROKEN_PIPE {
            return ExitCode::SUCCESS;
        }
        if self.json {
            self.say("", &error.report().to_string());
        } else {
            self.say(&self.painted("error: ", "31"), &explained(error));
            if let Some(hint) = error.hint_text() {
                self.say(&self.painted("hint: ", "36"), &plain(hint));
            }
        }
        ExitCode::from(error.kind().exit_code())
    }

    /// Reports a defect of this program.
    pub(crate) fn bug(&self, what: &str, report_to: &str) {
        if self.json {
            let error = Error::new(Kind::Bug, "bug", format!("lea {} has a defect: {}", lea::VERSION, plain(what)))
                .hint(format!("please report this text to {report_to}"));
            self.say("", &error.report().to_string());
        } else {
            self.say(&self.painted("bug: ", "31"), &format!("lea {} has a defect: {}", lea::VERSION, plain(what)));
            self.say(&self.painted("hint: ", "36"), &format!("please report the line above to {report_to}"));
        }
    }

    /// Answers what the argument parser refused, or asked-for help.
    pub(crate) fn usage(refused: &clap::Error, json_flag: bool, environment: &Environment) -> ExitCode {
        let wrong = refused.use_stderr();
        let output = Self::new(&Global { json: json_flag, ..Global::default() }, environment);
        if wrong && output.json {
            return output.fail(&usage_error(refused));
        }
        // Nobody is left to be told when this fails.
        let _ = refused.print();
        ExitCode::from(if wrong { Kind::Usage.exit_code() } else { 0 })
    }

    fn painted(&self, text: &str, code: &str) -> String {
        if self.color { format!("\u{1b}[1;{code}m{text}\u{1b}[0m") } else { text.to_owned() }
    }

    #[expect(clippy::unused_self, reason = "who prints has been given the right to")]
    fn say(&self, lead: &str, text: &str) {
        // When standard error is gone there is nobody to tell.
        let _ = writeln!(std::io::stderr(), "{lead}{text}");
    }
}

/// What went wrong, and why.
fn explained(error: &Error) -> String {
    let mut text = plain(error.message());
    for cause in error.causes() {
        text.push_str(": ");
        text.push_str(&plain(&cause));
    }
    text
}

/// The error for a variable that decides how this run speaks and says nothing that is known.
pub(crate) fn refused_variable(environment: &Environment) -> Option<Error> {
    let known: [(&str, &[&str]); 3] =
        [("LEA_COLOR", &["auto", "always", "never"]), ("LEA_JSON", &SWITCH), ("LEA_LOG_FORMAT", &["text", "json"])];
    let wrong = known.into_iter().find_map(|(name, words)| {
        let value = environment.get(name).filter(|value| !words.contains(value))?;
        Some((name, value, format!("must be one of {}", words.join(", "))))
    });
    let log = environment.get("LEA_LOG").filter(|value| tracing_subscriber::EnvFilter::try_new(value).is_err());
    let (name, value, why) = wrong.or(log.map(|value| ("LEA_LOG", value, "must be levels such as warn,lea=debug".to_owned())))?;
    Some(Error::new(Kind::Input, "invalid_environment", format!("{name} = {value:?}: it {why}")))
}

/// What the argument parser refused, in one sentence; its tip, if it has one, as the hint.
fn usage_error(refused: &clap::Error) -> Error {
    let text = refused.to_string();
    let sentence = if refused.kind() == clap::error::ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand {
        // Its text is the whole help.
        "a command is missing".to_owned()
    } else {
        let first = text.lines().take_while(|line| !line.is_empty()).map(str::trim).collect::<Vec<_>>().join(" ");
        first.trim_start_matches("error: ").to_owned()
    };
    let tip = text.lines().find_map(|line| line.trim().strip_prefix("tip: "));
    Error::new(Kind::Usage, "usage", sentence).hint(tip.unwrap_or("see `lea --help`"))
}
