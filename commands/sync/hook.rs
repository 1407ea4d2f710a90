//! The command that is run after a change.
//!
//! Names come from outside, so that they never stand in the command line, where a shell would read them: they are in variables of the
//! environment, one a line, and all of the event is on standard input as JSON.

use std::io::Write;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::Duration;

use lea::clock::Clock;
use lea::error::{Error, Kind, Result};
use lea::sync::{Changes, Difference, Kept, Pulled};
use serde_json::json;

use crate::context::Context;

/// The longest text of one variable, bytes: some systems refuse a program more than 128 KiB, or 32 KiB for all of them together.
const MAX_VARIABLE: usize = 8 << 10;

/// Secrets that the command is not given: whoever writes it can name a file.
const SECRETS: [&str; 2] = ["LEA_TOKEN", "RPA_API_TOKEN"];

/// How the command ended.
pub(super) struct Ended {
    pub(super) ok: bool,
    pub(super) exit_code: Option<i32>,
}

/// How often it is looked whether the command has ended.
const LOOK: Duration = Duration::from_millis(50);

/// Runs `command` in the platform's shell, told what changed, and waits for its end; what takes longer than `limit` is ended.
pub(super) fn run(command: &str, limit: Duration, pulled: &Pulled, kept: &Kept, context: &Context) -> Result<Ended> {
    let failed =
        |cause: std::io::Error| Error::new(Kind::Input, "hook_failed", "the command after a change could not be run").caused_by(cause);
    let Difference { skills, workflows } = &pulled.difference;
    let mut shell = shell(command);
    for secret in SECRETS {
        shell.env_remove(secret);
    }
    let previous = pulled.previous.as_deref().unwrap_or_default();
    let mut child = shell
        .env("LEA_SYNC_VERSION", &kept.snapshot.version)
        .env("LEA_SYNC_PREVIOUS", one_line(previous))
        .env("LEA_SYNC_CACHE", context.cache_path()?)
        .env("LEA_SYNC_SKILLS", names(skills))
        .env("LEA_SYNC_WORKFLOWS", names(workflows))
        .stdin(Stdio::piped())
        .stdout(context.output.aside())
        .spawn()
        .map_err(failed)?;
    let event = json!({
        "version": kept.snapshot.version, "previous": pulled.previous, "synced_at": kept.snapshot.synced_at,
        "skills": skills, "workflows": workflows,
    });
    if let Some(mut stdin) = child.stdin.take() {
        // A command that doesn't read it need not; the thread ends with the command at the latest.
        std::thread::spawn(move || stdin.write_all(format!("{event}\n").as_bytes()));
    }
    let Some(status) = waited(&mut child, limit, context).map_err(failed)? else {
        child.kill().and_then(|()| child.wait()).map_err(failed)?;
        let text = format!("the command after a change had not ended after {} seconds, and was ended", limit.as_secs());
        return Err(Error::new(Kind::Timeout, "hook_timeout", text)
            .hint("allow it more with --on-change-limit, or have it start what takes long and end"));
    };
    Ok(Ended { ok: status.success(), exit_code: status.code() })
}

/// How the child ended, if it did within `limit`.
fn waited(child: &mut Child, limit: Duration, context: &Context) -> std::io::Result<Option<ExitStatus>> {
    let deadline = context.clock.monotonic() + limit;
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(Some(status));
        }
        if context.clock.monotonic() >= deadline {
            return Ok(None);
        }
        (context.waiting().sleep)(LOOK);
    }
}

#[cfg(unix)]
fn shell(command: &str) -> Command {
    let mut shell = Command::new("/bin/sh");
    shell.arg("-c").arg(command);
    shell
}

#[cfg(windows)]
fn shell(command: &str) -> Command {
    use std::os::windows::process::CommandExt;
    let mut shell = Command::new("cmd");
    // As it was written: the quoting that other programs understand means nothing to this one.
    shell.raw_arg("/D /S /C \"").raw_arg(command).raw_arg("\"");
    shell
}

/// The names that are in `changes`, one a line, whole ones up to the longest text that a variable may have.
fn names(changes: &Changes) -> String {
    let mut text = String::new();
    for name in changes.names().map(one_line) {
        if text.len() + name.len() >= MAX_VARIABLE {
            break;
        }
        if !text.is_empty() {
            text.push('\n');
        }
        text.push_str(&name);
    }
    text
}

/// `text` without what ends a line, or a variable.
fn one_line(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_one_line_whatever_is_in_it() {
        let changes = Changes { added: vec!["a\nb\0c".to_owned(), "$(rm -rf ~)".to_owned()], ..Changes::default() };
        assert_eq!(names(&changes), "a b c\n$(rm -rf ~)");
        let many = Changes { added: vec!["x".repeat(100); 1000], ..Changes::default() };
        assert!(names(&many).len() <= MAX_VARIABLE && names(&many).lines().all(|line| line.len() == 100));
    }
}
