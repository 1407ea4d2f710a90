//! Where recordings are looked after: on a server, or in the data directory. Both give the same answers.

use std::io::{Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use lea::api::{FinalizeAnswer, PurgeAnswer, PurgeRequest, PurgedView, SessionView, SessionsAnswer};
use lea::client::Client;
use lea::clock::{Clock, Time};
use lea::error::{Error, Kind, Result};
use lea::files::{RecordingFolder, acquire};
use lea::session::{Owner, Processing, Recording, Recordings, Stage};
use lea::store::Database;

use crate::context::Context;

/// A server, or the data directory.
pub(super) enum Place {
    /// By HTTP, with the operator's token.
    Server(Client),
    /// The database and the folder of recordings.
    Local(Local),
}

/// The data directory.
pub(super) struct Local {
    database: Database,
    folder: RecordingFolder,
    data_dir: PathBuf,
    keep: Duration,
    now: Time,
}

impl Place {
    /// The place that the settings name.
    pub(super) fn open(context: &Context) -> Result<Self> {
        if !context.is_local() {
            return Ok(Self::Server(context.operator_client()?));
        }
        let (path, now) = (context.database_path(), context.clock.now());
        tracing::info!(database = %path.display(), "working on the data directory");
        Ok(Self::Local(Local {
            database: Database::open_existing(&path, now)?,
            folder: context.recordings(),
            data_dir: context.data_dir.clone(),
            keep: context.settings.session.keep,
            now,
        }))
    }

    /// All sessions, or those of a machine.
    pub(super) fn sessions(&self, machine: Option<&str>) -> Result<SessionsAnswer> {
        match self {
            Self::Server(client) => client.sessions(machine),
            Self::Local(local) => local.sessions(machine),
        }
    }

    /// One session.
    pub(super) fn session(&self, id: &str) -> Result<SessionView> {
        match self {
            Self::Server(client) => client.session(id),
            Self::Local(local) => Ok(SessionView::of(&local.recording(id)?)),
        }
    }

    /// Closes a session's recording.
    pub(super) fn finalize(&self, id: &str) -> Result<FinalizeAnswer> {
        match self {
            Self::Server(client) => client.finalize_session(id),
            Self::Local(local) => local.finalize(id),
        }
    }

    /// Removes old recordings.
    pub(super) fn purge(&self, request: &PurgeRequest) -> Result<PurgeAnswer> {
        match self {
            Self::Server(client) => client.purge_sessions(request),
            Self::Local(local) => local.purge(request),
        }
    }

    /// Writes a recording as a ZIP; `progress` is told how much of how much is done, bytes.
    pub(super) fn export(&self, id: &str, into: &mut dyn Write, progress: &mut dyn FnMut(u64, u64)) -> Result<()> {
        match self {
            Self::Server(client) => client.export_session(id, into, progress),
            Self::Local(local) => local.export(id, into, progress),
        }
    }
}

impl Local {
    /// Where a session's recording is: of a session that was given its machine later it is not where it belongs until the server
    /// starts again.
    fn folder_of(&self, recording: &Recording) -> Result<String> {
        let key = recording.id.key();
        let same = |(_, session): &(String, String)| session.parse::<lea::session::SessionId>().is_ok_and(|id| id.key() == key);
        let found = self.folder.folders()?.into_iter().find(same);
        let (machine, session) = found.unwrap_or_else(|| (recording.owner.as_str().to_owned(), recording.id.to_string()));
        Ok(format!("{machine}/{session}"))
    }

    fn recording(&self, id: &str) -> Result<Recording> {
        let all = self.database.read(|entities| entities.recordings())?;
        all.into_iter()
            .find(|recording| recording.id.as_str().eq_ignore_ascii_case(id))
            .ok_or_else(|| Error::new(Kind::NotFound, "unknown_session", "there is no session of that id"))
    }

    fn sessions(&self, machine: Option<&str>) -> Result<SessionsAnswer> {
        let owner = machine.map(|text| Owner::named(Some(text))).transpose()?;
        let all = self.database.read(|entities| entities.recordings())?;
        let machines: std::collections::BTreeSet<String> = all.iter().map(|recording| recording.owner.as_str().to_owned()).collect();
        let fits = |recording: &&Recording| match &owner {
            None => true,
            Some(Owner::Nobody) => recording.owner == Owner::Nobody,
            Some(Owner::Machine(machine)) => recording.owner.is_machine(machine),
        };
        let sessions = all.iter().filter(fits).map(SessionView::of).collect();
        Ok(SessionsAnswer { sessions, machines: machines.into_iter().collect(), next_cursor: None })
    }

    fn finalize(&self, id: &str) -> Result<FinalizeAnswer> {
        // Never beside a server, which would not hear of it.
        let _lock = acquire(&self.data_dir.join("serve.lock"), "lea serve")?;
        let mut recording = self.recording(id)?;
        if recording.finalized_at.is_none() {
            recording.finalized_at = Some(self.now);
            recording.processing = Processing { stage: Stage::Queued, problems: Vec::new(), at: Some(self.now) };
            self.database.write(|entities| entities.save_recording(&recording))?;
        }
        let shots = recording.tally.full_shots;
        Ok(FinalizeAnswer {
            status: "queued_for_processing".to_owned(),
            session_id: recording.id.to_string(),
            machine_id: recording.owner.as_str().to_owned(),
            screenshots_to_analyze: shots,
            message: format!("the recording is closed; {shots} screens at actions will be verified at the server's next start"),
        })
    }

    fn purge(&self, request: &PurgeRequest) -> Result<PurgeAnswer> {
        let _lock = acquire(&self.data_dir.join("serve.lock"), "lea serve")?;
        let keep = request.older_than_seconds.map_or(self.keep, Duration::from_secs);
        let mut answer = PurgeAnswer { purged: Vec::new(), bytes: 0, dry_run: request.dry_run };
        for recording in self.database.read(|entities| entities.recordings())? {
            if self.now.since(recording.last_activity) < keep {
                continue;
            }
            let folder = self.folder_of(&recording)?;
            let bytes = if request.dry_run { self.folder.size(&folder)? } else { self.folder.remove(&folder)? };
            if !request.dry_run {
                self.database.write(|entities| entities.forget_recording(&recording.id.key()))?;
            }
            answer.bytes += bytes;
            answer.purged.push(PurgedView {
                session_id: recording.id.to_string(),
                machine_id: recording.owner.as_str().to_owned(),
                last_activity: recording.last_activity,
                bytes,
            });
        }
        Ok(answer)
    }

    fn export(&self, id: &str, into: &mut dyn Write, progress: &mut dyn FnMut(u64, u64)) -> Result<()> {
        let folder = self.folder_of(&self.recording(id)?)?;
        let total = self.folder.size(&folder)?;
        let failed = |cause| Error::io("write", Path::new("the archive"), cause);
        let (mut file, mut done) = (self.folder.scratch()?, 0);
        self.folder.pack(&folder, &mut file, &mut |bytes| {
            done += bytes;
            progress(done, total);
        })?;
        file.seek(SeekFrom::Start(0)).map_err(failed)?;
        let mut piece = vec![0; 256 << 10];
        loop {
            let read = file.read(&mut piece).map_err(failed)?;
            if read == 0 {
                return Ok(());
            }
            into.write_all(&piece[..read]).map_err(failed)?;
        }
    }
}
