//! `lea fleet key`: enrollment keys.

use lea::api::{KeyRequest, Lifetime};
use lea::clock::Clock;
use lea::error::Result;
use lea::fleet::parse_lifetime;

use super::place::Place;
use crate::context::Context;
use crate::output::Columns;
use crate::times::ago;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// Make a key and print it; it is told this once
    Create(Create),
    /// List the keys, newest first
    List,
    /// Revoke a key; it enrolls nobody from then on
    Revoke {
        /// Id of the key, as the list shows it
        id: String,
    },
}

#[derive(Debug, clap::Args)]
struct Create {
    /// What the key is for
    #[arg(long)]
    name: String,
    /// How long it works, such as 90m, 24h or 7d; without it until revoked
    #[arg(long, value_name = "LENGTH", value_parser = length)]
    expires: Option<String>,
    /// How many machines it may enroll; without it any number
    #[arg(long, value_name = "NUMBER", value_parser = clap::value_parser!(u32).range(1..))]
    max_uses: Option<u32>,
}

fn length(text: &str) -> Result<String, String> {
    parse_lifetime(text).map(|_| text.to_owned()).map_err(|error| error.to_string())
}

pub(super) fn run(args: &Args, context: &Context, place: &Place) -> Result<()> {
    match &args.command {
        Command::Create(create) => {
            let expires_in = create.expires.clone().map(Lifetime::Text);
            let key = place.create_key(&KeyRequest { name: create.name.clone(), expires_in, max_uses: create.max_uses })?;
            if context.output.is_json() {
                return context.output.json(&key);
            }
            context.output.note(&format!("enrollment key {} for {:?}; it is told this once:", key.id, key.name));
            context.output.line(key.key.as_deref().unwrap_or_default())
        }
        Command::List => {
            let answer = place.keys()?;
            if context.output.is_json() {
                return context.output.json(&answer);
            }
            let now = context.clock.now();
            let mut table = Columns::new(&["ID", "NAME", "STATE", "USES", "LAST USE", "EXPIRES"]);
            for key in answer.keys {
                let state = match (key.revoked_at, key.expires_at, key.max_uses) {
                    (Some(_), ..) => "revoked",
                    (_, Some(end), _) if end <= now => "expired",
                    (.., Some(most)) if key.uses >= most => "used up",
                    _ => "valid",
                };
                let uses = key.max_uses.map_or_else(|| key.uses.to_string(), |most| format!("{} of {most}", key.uses));
                let expires = if key.expires_at.is_some() { ago(key.expires_at, context) } else { "never".to_owned() };
                table.row([key.id, key.name, state.to_owned(), uses, ago(key.last_used_at, context), expires]);
            }
            if table.is_empty() {
                context.output.note("there are no enrollment keys; `lea fleet key create` makes one");
                return Ok(());
            }
            context.output.table(table)
        }
        Command::Revoke { id } => {
            let key = place.revoke_key(id)?;
            if context.output.is_json() {
                return context.output.json(&key);
            }
            context.output.line(&format!("the key {} ({}) is revoked", key.id, key.name))
        }
    }
}
