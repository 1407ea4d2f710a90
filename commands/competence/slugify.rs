//! `lea competence slugify`.

use std::io::{BufRead, Read};
use std::path::Path;
use std::process::ExitCode;

use lea::competence::slugify;
use lea::error::{Error, Kind, Result};
use serde::Serialize;

use crate::context::Context;

/// The longest line that may be a name, bytes.
const MAX_NAME: u64 = 1 << 20;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The names; from standard input, one a line, when none is given. After `--` they may begin with a hyphen
    names: Vec<String>,
}

/// A name with its slug, or why it has none.
#[derive(Serialize)]
struct Row {
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    slug: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<Fault>,
}

#[derive(Serialize)]
struct Fault {
    code: String,
    message: String,
}

impl Row {
    fn of(name: Vec<u8>) -> Self {
        let name = match String::from_utf8(name) {
            Ok(name) => name,
            Err(bytes) => {
                let error = Fault { code: "not_utf8".to_owned(), message: "the name is not UTF-8".to_owned() };
                return Self { name: String::from_utf8_lossy(bytes.as_bytes()).into_owned(), slug: None, error: Some(error) };
            }
        };
        match slugify(&name) {
            Ok(slug) => Self { name, slug: Some(slug), error: None },
            Err(why) => Self { name, slug: None, error: Some(Fault { code: why.code().to_owned(), message: why.message().to_owned() }) },
        }
    }
}

pub(super) fn run(args: &Args, context: &Context) -> Result<ExitCode> {
    let mut failed = false;
    if context.output.is_json() {
        let mut rows = Vec::new();
        each_name(args, &mut |name| {
            rows.push(Row::of(name));
            Ok(())
        })?;
        failed = rows.iter().any(|row| row.error.is_some());
        context.output.json(&rows)?;
    } else {
        each_name(args, &mut |name| {
            let row = Row::of(name);
            match (row.slug, row.error) {
                (Some(slug), _) => context.output.line(&slug),
                (None, why) => {
                    failed = true;
                    let why = why.map(|why| why.message).unwrap_or_default();
                    context.output.fail(&Error::new(Kind::Input, "invalid_slug", format!("{:?}: {why}", row.name)));
                    Ok(())
                }
            }
        })?;
    }
    Ok(if failed { ExitCode::from(Kind::Input.exit_code()) } else { ExitCode::SUCCESS })
}

/// Each name in turn: those given, else the lines of standard input.
fn each_name(args: &Args, take: &mut dyn FnMut(Vec<u8>) -> Result<()>) -> Result<()> {
    if !args.names.is_empty() {
        return args.names.iter().try_for_each(|name| take(name.clone().into_bytes()));
    }
    let mut input = std::io::stdin().lock();
    loop {
        let mut line = Vec::new();
        let read = input.by_ref().take(MAX_NAME).read_until(b'\n', &mut line);
        let read = read.map_err(|cause| Error::io("read", Path::new("standard input"), cause))?;
        if read == 0 {
            return Ok(());
        }
        if line.last() == Some(&b'\n') {
            line.pop();
        }
        if line.last() == Some(&b'\r') {
            line.pop();
        }
        take(line)?;
    }
}
