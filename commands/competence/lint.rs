//! `lea competence lint`.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use lea::clock::Clock;
use lea::competence::{Node, Sight, document, lint, read_one};
use lea::competence::{Request, State};
use lea::error::{Error, Kind, Result};
use lea::files::{MAX_DOCUMENT_BYTES, read_capped};
use serde::Serialize;

use crate::context::Context;
use crate::output::Columns;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The documents, YAML; or requests, JSON
    #[arg(required = true, value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
    files: Vec<PathBuf>,
}

#[derive(Serialize)]
struct Report {
    files: Vec<OfFile>,
}

#[derive(Serialize)]
struct OfFile {
    file: String,
    remarks: Vec<Remark>,
}

#[derive(Serialize)]
struct Remark {
    code: &'static str,
    path: String,
    message: String,
    suggestion: &'static str,
    serious: bool,
}

pub(super) fn run(args: &Args, context: &Context) -> Result<ExitCode> {
    let (scanner, pixels) = (context.scanner()?, context.pixels());
    let sight = Sight { anchors: &pixels, pixels: &pixels, threshold: context.settings.resolve.threshold };
    let mut report = Report { files: Vec::new() };
    for path in &args.files {
        let name = path.display().to_string();
        let document = read(path, context).map_err(|error| error.led_by(&format!("{name}: ")))?;
        let remarks = lint(&document, &scanner, &sight)?;
        let told = remarks.into_iter().map(|one| Remark {
            code: one.code,
            path: one.path,
            message: one.message,
            suggestion: one.suggestion,
            serious: one.serious,
        });
        report.files.push(OfFile { file: name, remarks: told.collect() });
    }
    let fit = report.files.iter().flat_map(|file| &file.remarks).all(|remark| !remark.serious);
    if context.output.is_json() {
        context.output.json(&report)?;
    } else {
        tell(&report, context)?;
    }
    Ok(if fit { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// The document; of a request the one that would be made of it.
fn read(path: &Path, context: &Context) -> Result<Node> {
    let bytes = read_capped(path, MAX_DOCUMENT_BYTES)?;
    let text = String::from_utf8(bytes).map_err(|_| Error::new(Kind::Input, "not_utf8", "it is no UTF-8"))?;
    let text = text.trim_start_matches('\u{feff}');
    if path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("json")) {
        let body: Node =
            serde_json::from_str(text).map_err(|cause| Error::new(Kind::Input, "invalid_json", "it is no JSON").caused_by(cause))?;
        if body.get("workflow_ir").is_some() {
            return Ok(document(&Request::read(&body)?, State::Candidate, context.clock.now()));
        }
        return Ok(body);
    }
    read_one(text)
}

fn tell(report: &Report, context: &Context) -> Result<()> {
    let mut table = Columns::new(&["FILE", "WHERE", "WHAT", "SUGGESTION"]);
    for file in &report.files {
        for remark in &file.remarks {
            let mark = if remark.serious { "problem" } else { "note" };
            let what = format!("{mark}: {} [{}]", remark.message, remark.code);
            table.row([file.file.clone(), remark.path.clone(), what, remark.suggestion.to_owned()]);
        }
    }
    if table.is_empty() {
        context.output.note("nothing to say");
        return Ok(());
    }
    context.output.table(table)
}
