//! What is at hand, and where it came from.

use std::time::Duration;

use lea::client::{Client, SnapshotKeys};
use lea::clock::Clock;
use lea::error::{Error, Kind, Result};
use lea::fleet::parse_lifetime;
use lea::store::ConfigCache;
use lea::sync::{AtHand, Kept, Pulled, Rules, Trust, pull};
use serde::Serialize;

use super::words::aged;
use crate::context::Context;

/// The copy, and the server where one is named.
pub(super) struct Place {
    pub(super) client: Option<Client>,
    pub(super) cache: ConfigCache,
    pub(super) at_hand: AtHand,
    pub(super) keys: Option<SnapshotKeys>,
}

/// What the copy is opened for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Purpose {
    /// To see what is there. A file that was named by mistake stays as it is.
    Look,
    /// To keep what comes, in place of a damaged copy too.
    Keep,
}

/// The keys as a rule.
pub(super) fn trust(keys: Option<&SnapshotKeys>) -> Option<&dyn Trust> {
    keys.map(|keys| keys as &dyn Trust)
}

/// Where what is shown came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum From {
    /// The server answered just now.
    Server,
    /// It is the copy.
    Cache,
}

impl Place {
    /// The copy, and the server that is named: without one there is nothing to do.
    pub(super) fn with_server(context: &Context, purpose: Purpose) -> Result<Self> {
        Self::open(context, Some(context.machine_client()?), purpose)
    }

    /// The copy alone, to see what is there.
    pub(super) fn without_server(context: &Context) -> Result<Self> {
        Self::open(context, None, Purpose::Look)
    }

    fn open(context: &Context, client: Option<Client>, purpose: Purpose) -> Result<Self> {
        let (mut cache, keys) = (context.config_cache()?, context.config_keys()?);
        if context.settings.sync.cache.is_none() {
            cache = cache.in_its_own_place();
        }
        if purpose == Purpose::Keep
            && let Some(error) = cache.keep()?
        {
            context.output.warn_of(&error);
        }
        let server = client.as_ref().map(|client| client.server().to_string());
        let (at_hand, told) = AtHand::open(&cache, server.as_deref(), trust(keys.as_ref()));
        match told {
            Some(error) if error.code() == "not_a_cache" => return Err(error),
            Some(error) => context.output.warn_of(&error),
            None => {}
        }
        Ok(Self { client, cache, at_hand, keys })
    }

    /// Asks the server, and takes over what comes.
    pub(super) fn pull(&mut self, context: &Context, allow_older: bool) -> Result<Pulled> {
        let Some(client) = &self.client else { return Err(nothing_at_hand()) };
        let server = client.server().to_string();
        let rules = Rules { server: &server, allow_older, trust: trust(self.keys.as_ref()) };
        let pulled = pull(client, &self.cache, &mut self.at_hand, rules, context.clock.now())?;
        if let Some(error) = &pulled.not_kept {
            context.output.warn_of(&not_kept(error));
        }
        Ok(pulled)
    }

    /// What is at hand.
    pub(super) fn kept(&self) -> Result<&Kept> {
        self.at_hand.kept.as_ref().ok_or_else(nothing_at_hand)
    }
}

/// What is at hand: the server's where one is named and answers, else the copy, with a warning that says why and how old it is.
pub(super) fn at_hand(context: &Context, offline: bool) -> Result<(Kept, From)> {
    if offline || context.is_local() {
        return Ok((Place::without_server(context)?.kept()?.clone(), From::Cache));
    }
    let opened = Place::with_server(context, Purpose::Look).map(|mut place| {
        let pulled = place.pull(context, false).map(drop);
        (place, pulled)
    });
    let (place, failed) = match opened {
        Ok((place, Ok(()))) => return Ok((place.kept()?.clone(), From::Server)),
        Ok((place, Err(error))) => (place, error),
        // Without a token nobody can be asked; what is at hand is there all the same.
        Err(error) if error.kind() == Kind::Unauthenticated => (Place::without_server(context)?, error),
        Err(error) => return Err(error),
    };
    let Ok(kept) = place.kept() else { return Err(failed) };
    context.output.warn_of(&failed);
    context.output.note(&format!("using the copy, {}", aged(kept, context)));
    Ok((kept.clone(), From::Cache))
}

/// The warning that a snapshot is at hand and not on disk.
pub(super) fn not_kept(cause: &Error) -> Error {
    let text = format!("what came cannot be kept on disk, and is gone when this command ends: {}", cause.message());
    let error = Error::new(cause.kind(), "not_kept", text);
    match cause.hint_text() {
        Some(hint) => error.hint(hint),
        None => error,
    }
}

fn nothing_at_hand() -> Error {
    Error::new(Kind::NotFound, "no_config", "there is no configuration at hand").hint("`lea sync pull` gets it from the server")
}

/// How long ago a server last said that this is its present configuration; nothing when that is not known.
pub(super) fn age(kept: &Kept, from: From, context: &Context) -> Option<Duration> {
    match from {
        From::Server => Some(Duration::ZERO),
        From::Cache => kept.age(context.clock.now()),
    }
}

/// A length of time as an argument: as elsewhere, and nothing at all.
pub(super) fn length(text: &str) -> Result<Duration, String> {
    if matches!(text.trim(), "0" | "0s" | "0m" | "0h" | "0d") {
        return Ok(Duration::ZERO);
    }
    parse_lifetime(text).map_err(|error| error.to_string())
}

/// Whether a copy of this age is older than somebody will have it. One of unknown age is.
pub(super) fn too_old(age: Option<Duration>, most: Option<Duration>) -> bool {
    most.is_some_and(|most| age.is_none_or(|age| age > most))
}
