//! What `check` and `stage` share: asking for a plan, trusting nothing, and remembering what was seen.

use std::path::{Path, PathBuf};

use clap::ValueHint;
use lea::client::CheckQuery;
use lea::error::{Error, Kind, Result};
use lea::files::{Access, create_private_dir, read_capped, write_whole};
use lea::update::{Decision, MAX_PLAN_BYTES, Memory, Reason, Version, Wishes, decide};
use serde_json::Value;

use crate::context::Context;

/// The largest file of what was seen of servers, bytes.
const MAX_MEMORY_BYTES: u64 = 1 << 20;

/// The name under which answers from files are remembered.
const BY_FILE: &str = "file";

/// Whose plan is asked for.
#[derive(Debug, clap::Args)]
pub(super) struct Question {
    /// Version that runs on this machine
    #[arg(long, value_name = "VERSION")]
    pub(super) current: Option<String>,
    /// Take this server's answer, a JSON file, instead of asking
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(super) response: Option<PathBuf>,
    /// Machine that asks; its own token says so by itself
    #[arg(long, value_name = "ID")]
    machine_id: Option<String>,
    /// Take pre-releases too
    #[arg(long)]
    prereleases: bool,
    /// Ask although updates are switched off on this machine
    #[arg(long)]
    even_if_disabled: bool,
}

impl Question {
    /// The decision, by the answer of the file or of the server.
    pub(super) fn decided(&self, context: &Context) -> Result<Decision> {
        let local = self.current.as_deref().unwrap_or("0");
        let (host, answer) = if let Some(path) = &self.response {
            (BY_FILE.to_owned(), answer_of(path)?)
        } else {
            let client = context.machine_client()?;
            let query = CheckQuery { version: local.to_owned(), machine_id: self.machine_id.clone(), prereleases: self.prereleases };
            (client.server().host_port(), client.check_update(&query)?)
        };
        let mut memory = remembered(context);
        // First what it withdraws: it may be what it offers. An old answer is taken no note of, and stays an old one.
        if memory.note(&host, &answer) {
            keep(context, &memory);
        }
        Ok(decide(local, Wishes { prereleases: self.prereleases }, &answer, &memory.of(&host)))
    }

    /// Whether this machine doesn't want to be asked.
    pub(super) fn is_off(&self, context: &Context) -> bool {
        !context.settings.update.enabled && !self.even_if_disabled
    }
}

fn answer_of(path: &Path) -> Result<Value> {
    let bytes = read_capped(path, MAX_PLAN_BYTES)?;
    serde_json::from_slice(&bytes)
        .map_err(|cause| Error::new(Kind::Input, "invalid_response", format!("{}: it is no JSON", path.display())).caused_by(cause))
}

/// What to say of a decision.
pub(super) fn tell(decision: &Decision, context: &Context) {
    let sentence = decision.reason.sentence();
    if decision.reason.is_suspicious() {
        context.output.warn(sentence);
        if decision.reason == Reason::AnswerStale {
            context.output.note(&format!("if the server was set up anew, remove {}", memory_path(context).display()));
        }
    } else if decision.reason != Reason::UpdateAvailable {
        context.output.note(sentence);
    }
}

/// Whether a server once said that `version` was withdrawn.
pub(super) fn is_withdrawn(version: &Version, context: &Context) -> bool {
    remembered(context).of(BY_FILE).is_withdrawn(version)
}

fn memory_path(context: &Context) -> PathBuf {
    context.data_dir.join("update_seen.json")
}

/// What was seen of servers; nothing where it cannot be read.
fn remembered(context: &Context) -> Memory {
    let path = memory_path(context);
    if !path.exists() {
        return Memory::default();
    }
    let read = read_capped(&path, MAX_MEMORY_BYTES).ok().and_then(|bytes| serde_json::from_slice(&bytes).ok());
    read.unwrap_or_else(|| {
        context.output.warn(&format!("{} cannot be read; which updates were withdrawn is not known", path.display()));
        Memory::default()
    })
}

fn keep(context: &Context, memory: &Memory) {
    let path = memory_path(context);
    let written = serde_json::to_vec(memory).map_err(|_| ()).and_then(|text| {
        create_private_dir(&context.data_dir).map_err(|_| ())?;
        write_whole(&path, &text, Access::Owner).map_err(|_| ())
    });
    if written.is_err() {
        context.output.warn(&format!("{} cannot be written; an old answer would not be known as one", path.display()));
    }
}
