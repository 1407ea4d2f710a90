//! `lea competence persist`.

use std::io::Read;
use std::path::{Path, PathBuf};

use lea::clock::Clock;
use lea::competence::{Node, Request, check_numbers, draft};
use lea::error::{Error, Kind, Result};
use lea::files::read_capped;

use super::place::Place;
use crate::context::Context;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The request, JSON: `name`, `workflow_ir` and what else stands in it; `-` is standard input
    #[arg(value_hint = clap::ValueHint::FilePath)]
    file: PathBuf,
    /// Only check it, and print the YAML that would be written
    #[arg(long)]
    dry_run: bool,
}

pub(super) fn run(args: &Args, context: &Context) -> Result<()> {
    let body = read(&args.file, context.settings.limits.body_bytes as u64)?;
    let request = Request::read(&body)?;
    if args.dry_run {
        let text = draft(&context.scanner()?, &request, context.clock.now())?;
        return context.output.bytes(text.as_bytes());
    }
    let answer = Place::open_for_machine(context)?.persist(&body, &request)?;
    if context.output.is_json() {
        return context.output.json(&answer);
    }
    let verb = if answer.created { "stored" } else { "was stored before" };
    context.output.line(&format!("{} {verb}: {}, entry {} of the audit", answer.slug, answer.path, answer.audit_entry_id))
}

/// The body of a request, in the order in which it was written.
fn read(path: &Path, ceiling: u64) -> Result<Node> {
    let (name, bytes) = if path == Path::new("-") {
        let mut bytes = Vec::new();
        let read = std::io::stdin().lock().take(ceiling + 1).read_to_end(&mut bytes);
        read.map_err(|cause| Error::io("read", Path::new("standard input"), cause))?;
        if bytes.len() as u64 > ceiling {
            return Err(Error::new(Kind::TooLarge, "file_too_large", format!("standard input is larger than {ceiling} bytes")));
        }
        ("standard input".to_owned(), bytes)
    } else {
        (path.display().to_string(), read_capped(path, ceiling)?)
    };
    let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes);
    let node = serde_json::from_slice(text).map_err(|fault| {
        let place = format!("line {}, column {}", fault.line(), fault.column());
        Error::new(Kind::Input, "invalid_json", format!("{name} is no JSON: {place}"))
    })?;
    check_numbers(text)?;
    Ok(node)
}
