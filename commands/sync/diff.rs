//! `lea sync diff`.

use std::process::ExitCode;

use lea::clock::Clock;
use lea::clock::Time;
use lea::error::{Error, Result};
use lea::sync::{AtHand, Cache, Difference, Kept, Rules, Snapshot, pull};
use serde::Serialize;

use super::place::{Place, Purpose, trust};
use super::words::{lines, short};
use crate::context::Context;

#[derive(Debug, clap::Args)]
#[command(
    after_help = "Each line names a skill or workflow: `+` the server has it and the copy has not, `-` the other way round, `~` they \
    differ, with the members that do."
)]
pub(crate) struct Args {
    /// Make the exit code 1 when something differs
    #[arg(long)]
    exit_code: bool,
}

#[derive(Serialize)]
struct Answer<'a> {
    same: bool,
    cache: Option<Side<'a>>,
    server: Side<'a>,
    #[serde(flatten)]
    difference: &'a Difference,
}

#[derive(Serialize)]
struct Side<'a> {
    version: &'a str,
    synced_at: Option<Time>,
}

impl<'a> Side<'a> {
    fn of(snapshot: &'a Snapshot) -> Self {
        Self { version: &snapshot.version, synced_at: snapshot.synced_at }
    }
}

/// Where nothing is kept.
struct Nowhere;

impl Cache for Nowhere {
    fn load(&self) -> Result<Option<Kept>> {
        Ok(None)
    }

    fn newest(&self, _server: &str) -> Result<Option<Time>> {
        Ok(None)
    }

    fn save(&self, _kept: &Kept, _server: &str, _newest: Option<Time>) -> Result<()> {
        Ok(())
    }

    fn confirm(&self, _version: &str, _at: Time) -> Result<bool> {
        Ok(true)
    }
}

pub(super) fn run(args: &Args, context: &Context) -> Result<ExitCode> {
    let place = Place::with_server(context, Purpose::Look)?;
    let Place { client: Some(client), at_hand, keys, .. } = place else { return Err(no_server()) };
    let before = at_hand.kept.clone();
    let server = client.server().to_string();
    let mut now = AtHand { kept: at_hand.kept, ..AtHand::default() };
    // An older one is what somebody who asks for the difference wants to see, not a reason to say nothing.
    let rules = Rules { server: &server, allow_older: true, trust: trust(keys.as_ref()) };
    pull(&client, &Nowhere, &mut now, rules, context.clock.now())?;
    let (before, after) = (before.as_ref().map(|kept| &kept.snapshot), now.kept.as_ref().map(|kept| &kept.snapshot));
    let Some(after) = after else { return Err(no_server()) };
    let difference = Difference::between(before, after);
    let same = before.is_some_and(|before| before.version == after.version) || (before.is_some() && difference.is_empty());
    if context.output.is_json() {
        context.output.json(&Answer { same, cache: before.map(Side::of), server: Side::of(after), difference: &difference })?;
    } else {
        lines(&difference, context)?;
        let told =
            before.map_or_else(|| "there is no copy yet".to_owned(), |before| format!("the copy is version {}", short(&before.version)));
        context.output.note(&format!("{told}; the server has version {}", short(&after.version)));
    }
    Ok(ExitCode::from(u8::from(args.exit_code && !same)))
}

fn no_server() -> Error {
    Error::new(lea::error::Kind::Usage, "no_server", "no server is named").hint("give --server URL, or set LEA_SERVER")
}
