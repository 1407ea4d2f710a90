//! Where replays are looked at: on a server, or in the data directory when the server is down. Both give the same answers.

use lea::api::{ReplayView, ReplaysAnswer};
use lea::client::{Client, ReplaysQuery};
use lea::clock::Clock;
use lea::error::{Error, Kind, Result};
use lea::files::ScreenFolder;
use lea::replay::{ReplayQuery, Screens, Status, unknown_replay};
use lea::session::Owner;
use lea::store::Database;

use crate::context::Context;

/// Replays on a page, where nobody says how many.
const PAGE: usize = 100;

/// A server, or the data directory.
pub(super) enum Place {
    /// By HTTP, with the operator's token.
    Server(Client),
    /// The database and the folder of screens.
    Local(Database, ScreenFolder),
}

impl Place {
    /// The place that the settings name.
    pub(super) fn open(context: &Context) -> Result<Self> {
        if !context.is_local() {
            return Ok(Self::Server(context.operator_client()?));
        }
        let path = context.database_path();
        tracing::info!(database = %path.display(), "looking into the data directory");
        Ok(Self::Local(Database::open_existing(&path, context.clock.now())?, context.screens()))
    }

    /// A page of replays, the newest first.
    pub(super) fn replays(&self, query: &ReplaysQuery) -> Result<ReplaysAnswer> {
        let database = match self {
            Self::Server(client) => return client.replays(query),
            Self::Local(database, _) => database,
        };
        let wrong = |what: &str| Error::new(Kind::Validation, "validation", format!("{what} is none of this list"));
        let limit = query.limit.unwrap_or(PAGE);
        let kept = ReplayQuery {
            status: query.status.as_deref().map(|name| Status::named(name).ok_or_else(|| wrong("the status"))).transpose()?,
            machine: query.machine.as_deref().map(|text| Ok(Owner::named(Some(text))?.as_str().to_owned())).transpose()?,
            lane: None,
            after: query.cursor.as_deref().map(|text| text.parse().map_err(|_| wrong("the cursor"))).transpose()?,
            newest_first: query.newest,
            limit: limit.saturating_add(1),
        };
        let mut found = database.read(|entities| entities.list_replays(&kept))?;
        let more = found.len() > limit;
        found.truncate(limit);
        let next_cursor = found.last().filter(|_| more).map(|last| last.row.to_string());
        let view = |view: ReplayView| if query.short { view.in_short() } else { view };
        Ok(ReplaysAnswer { replays: found.iter().map(|kept| view(ReplayView::of(&kept.replay))).collect(), next_cursor })
    }

    /// One replay.
    pub(super) fn replay(&self, id: &str) -> Result<ReplayView> {
        self.found(id).map_err(|error| unknown(error, id))
    }

    fn found(&self, id: &str) -> Result<ReplayView> {
        match self {
            Self::Server(client) => client.replay(id),
            Self::Local(database, _) => {
                let kept = database.read(|entities| entities.find_replay(id))?.ok_or_else(unknown_replay)?;
                Ok(ReplayView::of(&kept.replay))
            }
        }
    }

    /// A screen of a replay, PNG or JPEG.
    pub(super) fn screen(&self, id: &str, name: &str) -> Result<Vec<u8>> {
        match self {
            Self::Server(client) => client.replay_screen(id, name),
            Self::Local(_, screens) => screens.read(id, name),
        }
    }
}

/// The error with the id that nothing is known of, and where to look for it.
pub(super) fn unknown(error: Error, id: &str) -> Error {
    let hint = match error.code() {
        "unknown_replay" => "`lea replay list` shows the replays that there are",
        "unknown_workflow" => "`lea sync show` lists the workflows that the server has; their files lie in its folder `workflows`",
        _ => return error,
    };
    error.led_by(&format!("{id}: ")).hint(hint)
}
