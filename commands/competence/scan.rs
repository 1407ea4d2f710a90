//! `lea competence scan`.

use std::collections::BTreeSet;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use lea::competence::{Finding, MAX_SCANNED_BYTES, inspect};
use lea::error::{Error, Kind, Result};
use lea::files::read_capped;
use serde::{Deserialize, Serialize};

use crate::context::Context;
use crate::output::Columns;

/// The largest file of accepted findings, bytes.
const MAX_BASELINE: u64 = 64 << 20;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The files, JSON, YAML or text by their names; `-` is standard input
    #[arg(required = true, value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
    files: Vec<PathBuf>,
    /// Show what was found, too; never where others read along
    #[arg(long)]
    reveal: bool,
    /// What an earlier run printed under --json: findings in it are accepted
    #[arg(long, value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
    baseline: Option<PathBuf>,
}

/// Everything that was found.
#[derive(Debug, Serialize, Deserialize)]
struct Report {
    findings: Vec<Placed>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    accepted: Option<usize>,
    /// Files that could not be looked through.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    unread: Vec<Unread>,
}

/// A file that could not be looked through, and why.
#[derive(Debug, Serialize, Deserialize)]
struct Unread {
    file: String,
    error: serde_json::Value,
}

/// A finding, and its file where there are several.
#[derive(Debug, Serialize, Deserialize)]
struct Placed {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    file: Option<String>,
    #[serde(flatten)]
    finding: Finding,
}

pub(super) fn run(args: &Args, context: &Context) -> Result<ExitCode> {
    let scanner = context.scanner()?.revealing(args.reveal);
    let accepted = args.baseline.as_deref().map(baseline).transpose()?;
    let named = args.files.len() > 1 || accepted.is_some();
    let mut report = Report { findings: Vec::new(), accepted: accepted.as_ref().map(|_| 0), unread: Vec::new() };
    for path in &args.files {
        let looked = content(path).and_then(|(name, bytes)| {
            let findings = inspect(&scanner, &name, &bytes).map_err(|error| error.led_by(&format!("{name}: ")))?;
            Ok((name, findings))
        });
        let (name, findings) = match looked {
            Ok(looked) => looked,
            Err(error) if args.files.len() == 1 => return Err(error),
            // The others are looked through all the same.
            Err(error) => {
                if !context.output.is_json() {
                    context.output.warn_of(&error);
                }
                report.unread.push(Unread { file: path.display().to_string(), error: error.report()["error"].take() });
                continue;
            }
        };
        for finding in findings {
            let key = |file: Option<&str>| (file.map(str::to_owned), finding.kind.clone(), finding.path.clone());
            let known = accepted
                .as_ref()
                .is_some_and(|accepted| accepted.contains(&key(Some(&name))) || (args.files.len() == 1 && accepted.contains(&key(None))));
            match &mut report.accepted {
                Some(count) if known => *count += 1,
                _ => report.findings.push(Placed { file: named.then(|| name.clone()), finding }),
            }
        }
    }
    if context.output.is_json() {
        context.output.json(&report)?;
    } else {
        tell(&report, context)?;
    }
    Ok(if report.findings.is_empty() && report.unread.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(Kind::Input.exit_code()) })
}

fn content(path: &Path) -> Result<(String, Vec<u8>)> {
    let name = path.display().to_string();
    if name != "-" {
        return Ok((name, read_capped(path, MAX_SCANNED_BYTES)?));
    }
    let mut bytes = Vec::new();
    let read = std::io::stdin().lock().take(MAX_SCANNED_BYTES + 1).read_to_end(&mut bytes);
    read.map_err(|cause| Error::io("read", Path::new("standard input"), cause))?;
    if bytes.len() as u64 > MAX_SCANNED_BYTES {
        return Err(Error::new(Kind::TooLarge, "file_too_large", format!("standard input is larger than {MAX_SCANNED_BYTES} bytes")));
    }
    Ok((name, bytes))
}

/// The findings that are accepted: file, kind, path.
fn baseline(path: &Path) -> Result<BTreeSet<(Option<String>, String, String)>> {
    let report: Report = serde_json::from_slice(&read_capped(path, MAX_BASELINE)?).map_err(|cause| {
        Error::new(Kind::Input, "invalid_baseline", format!("{} is not what `lea competence scan --json` prints", path.display()))
            .caused_by(cause)
    })?;
    Ok(report.findings.into_iter().map(|placed| (placed.file, placed.finding.kind, placed.finding.path)).collect())
}

fn tell(report: &Report, context: &Context) -> Result<()> {
    if report.findings.is_empty() {
        let rest = if report.unread.is_empty() { "" } else { " in the others" };
        context.output.note(&format!("no personal data was found{rest}"));
        return Ok(());
    }
    let shown = report.findings.iter().any(|placed| placed.finding.text.is_some());
    let filed = report.findings.iter().any(|placed| placed.file.is_some());
    let headers: Vec<&str> = [(filed, "FILE"), (true, "KIND"), (true, "WHERE"), (shown, "TEXT")]
        .into_iter()
        .filter(|(is, _)| *is)
        .map(|(_, name)| name)
        .collect();
    let mut table = Columns::new(&headers);
    for Placed { file, finding } in &report.findings {
        let place = if finding.path.is_empty() { "(the whole)".to_owned() } else { finding.path.clone() };
        let cells = [
            (filed, file.clone().unwrap_or_default()),
            (true, finding.kind.clone()),
            (true, place),
            (shown, finding.text.clone().unwrap_or_default()),
        ];
        table.row(cells.into_iter().filter(|(is, _)| *is).map(|(_, cell)| cell));
    }
    context.output.table(table)
}
