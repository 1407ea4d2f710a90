//! `lea update verify`.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::ValueHint;
use lea::error::{Error, Kind, Result};
use lea::files::{read_capped, trusted_keys};
use lea::update::{Expected, MAX_PLAN_BYTES, MAX_SIGNATURE_BYTES, Problem, Report, Trust, TrustedKeys, UpdateType, sha256_of, verify};
use serde::Serialize;

use crate::context::Context;
use crate::output::Columns;

/// The largest list of hashes, bytes.
const MAX_SUMS_BYTES: u64 = 4 << 20;

#[derive(Debug, clap::Args)]
#[command(after_help = "Works offline. Exits with 0 when everything holds, with 7 when something does not, and lists what.")]
pub(super) struct Args {
    /// The ZIP
    #[arg(required_unless_present = "sha256sums", value_hint = ValueHint::FilePath)]
    zip: Option<PathBuf>,
    /// SHA-256 that it must have, 64 hexadecimal digits
    #[arg(long, value_name = "HEX", conflicts_with_all = ["manifest", "sha256sums"])]
    sha256: Option<String>,
    /// JSON file that says version, type, size and hash, perhaps the signature too
    #[arg(long, value_name = "FILE", conflicts_with = "sha256sums", value_hint = ValueHint::FilePath)]
    manifest: Option<PathBuf>,
    /// Public key whose signature counts, or a file that holds it; repeatable. With any, the ZIP must be signed
    #[arg(long, value_name = "KEY-OR-FILE")]
    public_key: Vec<String>,
    /// Its signature [default: the manifest's, else ZIP.minisig if that is there]
    #[arg(long, value_name = "FILE", conflicts_with = "sha256sums", value_hint = ValueHint::FilePath)]
    signature: Option<PathBuf>,
    /// What it replaces, code-only or full [default: what manifest or signature say]
    #[arg(long = "type", value_name = "TYPE")]
    update_type: Option<UpdateType>,
    /// Check every ZIP that this list of sha256sum names, beside the list
    #[arg(long, value_name = "FILE", conflicts_with = "zip", value_hint = ValueHint::FilePath)]
    sha256sums: Option<PathBuf>,
}

pub(super) fn run(args: &Args, context: &Context) -> Result<ExitCode> {
    let keys = keys_of(&args.public_key, context)?;
    if let Some(list) = &args.sha256sums {
        return many(list, args.update_type, &keys, context);
    }
    let zip = args.zip.as_deref().unwrap_or(Path::new(""));
    let mut expected = match &args.manifest {
        Some(path) => {
            Expected::read(&read_capped(path, MAX_PLAN_BYTES)?).map_err(|error| error.detail("file", path.display().to_string()))?
        }
        None => Expected { sha256: args.sha256.as_deref().map(sha256_of).transpose()?, ..Expected::default() },
    };
    expected.update_type = args.update_type.or(expected.update_type);
    if args.signature.is_some() || expected.signature.is_none() {
        expected.signature = signature_of(args.signature.as_deref(), zip)?;
    }
    let report = look(zip, &expected, &keys, context)?;
    if context.output.is_json() {
        context.output.json(&report)?;
    } else {
        tell(zip, &report, expected.sha256.is_some(), context)?;
    }
    Ok(ExitCode::from(code(report.ok)))
}

fn code(ok: bool) -> u8 {
    if ok { 0 } else { Kind::Integrity.exit_code() }
}

/// The keys that are named, else those of the settings.
pub(super) fn keys_of(named: &[String], context: &Context) -> Result<TrustedKeys> {
    trusted_keys(if named.is_empty() { &context.settings.update.public_keys } else { named })
}

/// The text of the signature that is named, else of the one beside the ZIP, if there is one.
pub(super) fn signature_of(named: Option<&Path>, zip: &Path) -> Result<Option<String>> {
    let beside = beside(zip);
    let path = match named {
        Some(path) => path,
        None if beside.is_file() => &beside,
        None => return Ok(None),
    };
    let bytes = read_capped(path, MAX_SIGNATURE_BYTES as u64)?;
    let text = String::from_utf8(bytes);
    text.map(Some).map_err(|_| Error::new(Kind::Input, "invalid_signature", format!("{}: a signature is text", path.display())))
}

/// Where the signature of a ZIP stands.
pub(super) fn beside(zip: &Path) -> PathBuf {
    let mut name = zip.as_os_str().to_owned();
    name.push(".minisig");
    PathBuf::from(name)
}

/// Looks at one ZIP.
pub(super) fn look(zip: &Path, expected: &Expected, keys: &TrustedKeys, context: &Context) -> Result<Report> {
    let failed = |cause| Error::io("read", zip, cause);
    let mut file = File::open(zip).map_err(failed)?;
    if !file.metadata().map_err(failed)?.is_file() {
        return Err(failed(std::io::Error::new(std::io::ErrorKind::IsADirectory, "it is no file")));
    }
    let waiting = context.output.spinner(&format!("reading {}", zip.display()));
    let report = verify(&mut file, None, expected, keys, &context.update_ceilings());
    waiting.finish_and_clear();
    report.map_err(|error| error.detail("file", zip.display().to_string()))
}

/// What was found out about a ZIP, for people and for the log of a CI job.
pub(super) fn tell(zip: &Path, report: &Report, hash_known: bool, context: &Context) -> Result<()> {
    let wrong = |code: &str| report.problems.iter().any(|problem| problem.code == code);
    let hash = match (hash_known, wrong("hash_mismatch")) {
        (false, _) => "not compared: give --sha256 or --manifest",
        (true, true) => "NOT the one that it should be",
        (true, false) => "as it should be",
    };
    let signature = match report.signature {
        Trust::Valid => "valid",
        Trust::Absent => "none",
        Trust::Unchecked => "not checked: give --public-key",
        Trust::Invalid => "NOT valid",
    };
    let output = &context.output;
    output.line(&format!("{}: {}", zip.display(), if report.ok { "ok" } else { "REFUSED" }))?;
    output.line(&format!("  sha256     {} ({hash})", report.sha256))?;
    output.line(&format!("  size       {} bytes, {} entries", report.size, report.entries))?;
    output.line(&format!("  signature  {signature}"))?;
    problems(&report.problems, context)
}

/// The table of what is wrong, if anything.
pub(super) fn problems(problems: &[Problem], context: &Context) -> Result<()> {
    if problems.is_empty() {
        return Ok(());
    }
    let mut table = Columns::new(&["PROBLEM", "ENTRY", "WHAT IS WRONG"]);
    for problem in problems {
        table.row([problem.code.clone(), problem.entry.clone().unwrap_or_else(|| "-".to_owned()), problem.message.clone()]);
    }
    context.output.table(table)
}

/// One line of a list of hashes.
#[derive(Serialize)]
struct Checked {
    file: String,
    #[serde(flatten)]
    report: Option<Report>,
    /// Why it could not be looked at.
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<serde_json::Value>,
}

#[derive(Serialize)]
struct Many {
    ok: bool,
    files: Vec<Checked>,
}

/// Checks every ZIP of a list as `sha256sum` writes it: hash, two spaces or a space and a star, name.
fn many(list: &Path, update_type: Option<UpdateType>, keys: &TrustedKeys, context: &Context) -> Result<ExitCode> {
    let text = String::from_utf8(read_capped(list, MAX_SUMS_BYTES)?)
        .map_err(|_| Error::new(Kind::Input, "invalid_sums", format!("{}: it is no text", list.display())))?;
    let folder = list.parent().unwrap_or(Path::new(""));
    let (mut found, mut exit) = (Many { ok: true, files: Vec::new() }, 0);
    for (number, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        let wrong = || {
            let text = format!("{}, line {}: it is no hash with a name", list.display(), number + 1);
            Error::new(Kind::Input, "invalid_sums", text).hint("write it with `sha256sum *.zip > FILE`")
        };
        let (hash, name) = line.split_once("  ").or_else(|| line.split_once(" *")).ok_or_else(wrong)?;
        let sha256 = sha256_of(hash).map_err(|_| wrong())?;
        let zip = folder.join(name);
        let looked = signature_of(None, &zip).and_then(|signature| {
            look(&zip, &Expected { sha256: Some(sha256), update_type, signature, ..Expected::default() }, keys, context)
        });
        let (report, error) = match looked {
            Ok(report) => {
                if !context.output.is_json() {
                    tell(&zip, &report, true, context)?;
                }
                exit = exit.max(code(report.ok));
                (Some(report), None)
            }
            // The others are looked at all the same.
            Err(error) => {
                if !context.output.is_json() {
                    context.output.line(&format!("{}: NOT READ: {}", zip.display(), error.message()))?;
                }
                exit = exit.max(error.kind().exit_code());
                let told = error.report()["error"].take();
                (None, Some(told))
            }
        };
        found.ok = found.ok && report.as_ref().is_some_and(|report| report.ok);
        found.files.push(Checked { file: name.to_owned(), report, error });
    }
    if found.files.is_empty() {
        return Err(Error::new(Kind::Input, "invalid_sums", format!("{}: it names no file", list.display())));
    }
    if context.output.is_json() {
        context.output.json(&found)?;
    }
    Ok(ExitCode::from(exit))
}
