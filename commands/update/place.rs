//! Where releases are looked after: on a server, or in the data directory. Both give the same answers.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use lea::api::{AgentView, FleetAnswer, PublishAnswer, ReleasesAnswer};
use lea::client::{Client, FleetQuery};
use lea::clock::{Clock, Time};
use lea::error::{Error, Kind, Result};
use lea::files::ReleaseFolder;
use lea::fleet;
use lea::store::Database;
use lea::update::{self, Change, Depot, Proposal, Report, Version};

use crate::context::Context;

/// Copied at a time, bytes.
const PIECE: usize = 256 << 10;

/// A server, or the data directory.
pub(super) enum Place {
    /// By HTTP, with the operator's token.
    Server(Client),
    /// The database and the folder of ZIPs themselves, at this time.
    Local(Database, ReleaseFolder, Time),
}

impl Place {
    /// The place that the settings name.
    pub(super) fn open(context: &Context) -> Result<Self> {
        if context.is_local() {
            let path = context.database_path();
            tracing::info!(database = %path.display(), "working on the data directory");
            let now = context.clock.now();
            return Ok(Self::Local(Database::open_existing(&path, now)?, context.releases(), now));
        }
        Ok(Self::Server(context.operator_client()?))
    }

    /// All releases.
    pub(super) fn releases(&self) -> Result<ReleasesAnswer> {
        match self {
            Self::Server(client) => client.releases(),
            Self::Local(database, ..) => database.read(|kept| Ok(ReleasesAnswer::of(&kept.releases()?, false))),
        }
    }

    /// The whole fleet.
    pub(super) fn fleet(&self) -> Result<FleetAnswer> {
        match self {
            Self::Server(client) => client.fleet(&FleetQuery::default()),
            Self::Local(database, ..) => database.read(|registry| Ok(FleetAnswer::whole(registry.all()?))),
        }
    }

    /// One machine.
    pub(super) fn agent(&self, machine: &str) -> Result<AgentView> {
        match self {
            Self::Server(client) => client.agent(machine).map(|answer| answer.agent),
            Self::Local(database, ..) => database.read(|registry| Ok(AgentView::from(&fleet::find_agent(registry, machine)?.agent))),
        }
    }

    /// Publishes a ZIP that was looked at and is whole.
    pub(super) fn publish(&self, zip: &Path, proposal: Proposal, report: &Report) -> Result<PublishAnswer> {
        let (database, folder, now) = match self {
            Self::Server(client) => return client.publish_release(zip, &proposal),
            Self::Local(database, folder, now) => (database, folder, *now),
        };
        let failed = |cause| Error::io("read", zip, cause);
        let mut delivery = folder.receive()?;
        let mut file = File::open(zip).map_err(failed)?;
        let mut piece = vec![0; PIECE];
        loop {
            match file.read(&mut piece).map_err(failed)? {
                0 => break,
                count => delivery.append(&piece[..count])?,
            }
        }
        if update::hash(&mut delivery.content()?)? != report.sha256 {
            return Err(Error::new(Kind::Integrity, "file_changed", format!("{} changed while it was published", zip.display())));
        }
        let release = proposal.release(report, now);
        let name = release.file.clone();
        delivery.keep(&name)?;
        let published = database.write(|kept| update::publish(kept, release));
        if published.as_ref().is_err_and(|error| error.kind() == Kind::Conflict) {
            update::discard_orphan(folder, &database.read(|kept| kept.releases())?, &name)?;
        }
        published.map(|(release, new)| PublishAnswer::of(release, new))
    }

    /// Changes a version.
    pub(super) fn change(&self, version: &Version, change: Change) -> Result<ReleasesAnswer> {
        match self {
            Self::Server(client) => client.change_release(&version.to_string(), change),
            Self::Local(database, _, now) => {
                database.write(|kept| Ok(ReleasesAnswer::of(&update::change(kept, version, change, *now)?, false)))
            }
        }
    }
}
