//! What the handlers share; together with `commands/context.rs` the only place that constructs adapters.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use secrecy::ExposeSecret;
use tokio::sync::{Notify, Semaphore, watch};

use super::attempts::Attempts;
use super::catalogue::Catalogue;
use super::failpoints::Failpoints;
use super::lanes::{self, Lanes};
use super::learned::Learned;
use super::metrics::Metrics;
use super::options::Options;
use super::processing::{Desk, Worker};
use super::recorder::{FreshIds, Recorder, Tools, folder_of};
use super::restore::restore;
use super::roster::Roster;
use super::run::Bridge;
use super::seats::{LIVE_FOR, Seat, Seats};
use super::settle::settle;
use super::shelf::Shelf;
use crate::api::Eyes;
use crate::clock::{Clock, Time};
use crate::config::{self, Settings, Update};
use crate::error::{Error, Kind, Result};
use crate::files::{
    CompetenceFolder, ContentFolder, JournalFolder, RecordingFolder, ReleaseFolder, ScreenFolder, WorkflowFolder, signer, trusted_keys,
};
use crate::fleet::{Agents, Token, TokenHash};
use crate::id::Serial;
use crate::ocr::{Recent, Tesseract, TesseractOptions};
use crate::replay::{Lane, OnUnchanged, Policy, Screens};
use crate::session::{Owner, Recording, Recordings, SessionId};
use crate::store::{Database, Writer};
use crate::target::{Analyser, Anchors, Compare, Layout, Memory, Pixels, Reader, Text};
use crate::update::{self, Depot, TrustedKeys};
use crate::vision::{Ceilings, Correlation, Differences};
use crate::workflow::{Loaded, Workflow};

/// Requests with pictures that are held in memory at once.
const MAX_PICTURES: usize = 32;

/// Screens that are kept as evidence at once; more are not kept.
const MAX_SIGHTINGS: usize = 4;

/// Screens of which it is remembered what was read on them.
const MOST_READ: usize = 64;

/// Parts of one screen that are read at once.
const MOST_READERS: usize = 2;

/// What every handler is given.
pub(super) type Shared = Arc<State>;

/// What the handlers share.
pub(super) struct State {
    pub(super) settings: Settings,
    pub(super) operator: TokenHash,
    /// Whether the operator's token is too hard to guess for guesses to be held against an address.
    pub(super) operator_is_strong: bool,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) roster: Arc<Roster>,
    pub(super) metrics: Arc<Metrics>,
    pub(super) seats: Arc<Seats>,
    pub(super) recordings: Arc<dyn Recordings>,
    pub(super) recorder: Recorder,
    pub(super) worker: Worker,
    pub(super) failpoints: Failpoints,
    pub(super) catalogue: Arc<Catalogue>,
    pub(super) shelf: Shelf,
    pub(super) lanes: Lanes,
    /// Held while what is known of sessions is written.
    pub(super) keeping: tokio::sync::Mutex<()>,
    /// Polls that came so far.
    pub(super) polls: AtomicU64,
    pub(super) screens: Arc<dyn Screens>,
    pub(super) compare: Arc<dyn Compare>,
    pub(super) depot: Arc<dyn Depot>,
    /// Whose signatures updates need, if any.
    pub(super) update_keys: TrustedKeys,
    pub(super) learned: Learned,
    /// Told when there is a callback to send.
    pub(super) notices: Notify,
    pub(super) serial: Serial,
    stop: watch::Sender<bool>,
    started_at: Time,
    pub(super) attempts: Attempts,
    pub(super) bridge: Bridge,
    pub(super) pixels: Arc<dyn Pixels>,
    pub(super) layout: Arc<dyn Layout>,
    pub(super) text: Arc<dyn Text>,
    pub(super) analyser: Option<Arc<dyn Analyser>>,
    /// What was read of the screens that were asked about last.
    pub(super) memory: Arc<dyn Memory>,
    pub(super) anchors: Arc<dyn Anchors>,
    pub(super) pictures: Arc<Semaphore>,
    /// Screens that are kept as evidence at once.
    pub(super) sightings: Arc<Semaphore>,
}

impl State {
    /// Opens the database and reads the fleet.
    pub(super) fn open(options: Options) -> Result<Shared> {
        let Options { settings, database, data_dir, token, failpoint, analyser, scanner, clock } = options;
        let metrics = Arc::new(Metrics::new());
        let roster = Arc::new(Roster::new(Arc::clone(&metrics)));
        let database = Database::open(&database, clock.now())?;
        let readers = database.reader()?;
        let kept = database.read(|entities| entities.recordings())?;
        let started_at = clock.now();
        settle(&database, &kept, &policy_of(&settings, started_at), started_at)?;
        let lanes = Lanes::restored(database.read(|entities| entities.live_replays(lanes::remembered(clock.now())))?);
        let operator = TokenHash::of(token.expose_secret());
        let operator_is_strong = Token::is_strong(token.expose_secret());
        let ceilings = Ceilings { bytes: settings.limits.image_bytes, pixels: settings.limits.image_pixels };
        let pixels = Arc::new(Correlation::new(ceilings));
        let text = Tesseract::new(TesseractOptions {
            program: settings.resolve.ocr_program.clone(),
            languages: settings.resolve.ocr_languages.clone(),
            timeout: settings.resolve.ocr_limit,
            calls: MOST_READERS,
            // What is read in two goes finds as many ready the second time.
            waiting: 2 * MOST_READERS,
        });
        let seats = Arc::new(Seats::default());
        let sessions = data_dir.join("sessions");
        let recordings: Arc<dyn Recordings> = Arc::new(RecordingFolder::new(sessions.clone(), ceilings.bytes));
        let fresh = Arc::new(FreshIds::default());
        let lost = restore(kept, &*recordings, &seats, &fresh, clock.now())?;
        if !lost.is_empty() {
            database.write(|entities| lost.iter().try_for_each(|session| entities.forget_recording(session)))?;
        }
        let config_signer = settings.sync.secret_key.as_deref().map(signer).transpose()?;
        let update_keys = trusted_keys(&settings.update.public_keys)?;
        let depot = ReleaseFolder::new(data_dir.join("updates"));
        depot.sweep()?;
        // With a connection of its own: a change takes several steps in files and in the database, and holds a lock meanwhile.
        let ledger = Arc::new(Database::open_existing(readers.path(), clock.now())?);
        let library = Arc::new(CompetenceFolder::new(data_dir.join("competences")));
        let learned = Learned::new(library, ledger, scanner, settings.competence.per_minute);
        learned.carry_on();
        let watcher: Arc<Roster> = Arc::clone(&roster);
        let writer = Writer::start(database, watcher, Arc::clone(&clock))?;
        let bridge = Bridge::new(writer, &readers)?;
        let recorder = Recorder::start(Tools {
            journals: Box::new(JournalFolder::new(sessions)),
            database: readers.reader()?,
            clock: Arc::clone(&clock),
            flush: settings.session.flush,
            fresh,
        })?;
        let worker =
            Worker::start(Desk { seats: Arc::clone(&seats), recordings: Arc::clone(&recordings), clock: Arc::clone(&clock), ceilings })?;
        Ok(Arc::new(Self {
            started_at,
            settings,
            operator,
            operator_is_strong,
            clock,
            roster,
            metrics,
            seats,
            recordings,
            recorder,
            worker,
            failpoints: Failpoints::armed(failpoint.as_deref()),
            catalogue: Arc::new(Catalogue::new(Arc::new(WorkflowFolder::new(data_dir.join("workflows"))))),
            shelf: Shelf::new(Arc::new(ContentFolder::new(data_dir.clone())), config_signer),
            lanes,
            polls: AtomicU64::new(0),
            keeping: tokio::sync::Mutex::default(),
            screens: Arc::new(ScreenFolder::new(data_dir.join("replays"), ceilings.bytes)),
            compare: Arc::new(Differences::new(ceilings)),
            depot: Arc::new(depot),
            update_keys,
            learned,
            notices: Notify::new(),
            serial: Serial::new(),
            stop: watch::Sender::new(false),
            attempts: Attempts::default(),
            bridge,
            layout: Arc::<Correlation>::clone(&pixels),
            anchors: pixels.clone(),
            pixels,
            text: Arc::new(text),
            analyser,
            memory: Arc::new(Recent::new(MOST_READ)),
            pictures: Arc::new(Semaphore::new(MAX_PICTURES)),
            sightings: Arc::new(Semaphore::new(MAX_SIGHTINGS)),
        }))
    }

    /// The rules of replays in force.
    pub(super) fn policy(&self) -> Policy {
        policy_of(&self.settings, self.started_at)
    }

    /// Whether this owner's machine was taken out of the fleet.
    pub(super) fn has_left(&self, owner: &Owner) -> bool {
        owner.machine().is_some_and(|machine| self.roster.has_left(&machine.key()))
    }

    /// Whether an agent is connected by this session: heard of lately, and since its machine was last let in.
    pub(super) fn is_live(&self, seat: &Seat, now: Time) -> bool {
        let (owner, seen) = (seat.owner(), seat.seen());
        let since = owner.machine().and_then(|machine| self.roster.enrolled_at(&machine.key()));
        now.since(seen) <= LIVE_FOR && !self.has_left(&owner) && since.is_none_or(|since| seen >= since)
    }

    /// What targets are looked for with.
    pub(super) fn eyes(&self) -> Eyes<'_> {
        let reader = Reader { layout: &*self.layout, text: &*self.text, memory: &*self.memory };
        Eyes { pixels: &*self.pixels, reader, analyser: self.analyser.as_deref() }
    }

    /// What an update ZIP may be at most.
    pub(super) fn update_ceilings(&self) -> update::Ceilings {
        let Update { max_bytes, max_expanded_bytes, max_ratio, max_entries, .. } = self.settings.update;
        update::Ceilings { bytes: max_bytes, expanded: max_expanded_bytes, ratio: max_ratio, entries: max_entries }
    }

    /// When a session was last heard of; long ago when it is not known.
    pub(super) fn heard_of(&self, session: &SessionId) -> Time {
        self.seats.find(session.as_str()).map_or(Time::from_micros(0), |seat| seat.seen())
    }

    /// The lane of a session: what was started on it before it had a machine comes first.
    pub(super) fn lane_of(&self, seat: &Seat) -> String {
        let nobodys = Owner::Nobody.lane(&seat.id);
        match self.lanes.find(&nobodys) {
            Some(slot) if !slot.look(Lane::is_over) => nobodys,
            _ => seat.lane(),
        }
    }

    /// The picture of a session's shot, if there is one of that id.
    pub(super) fn shot(&self, session: &SessionId, shot: &str) -> Option<Vec<u8>> {
        let seat = self.seats.find(session.as_str())?;
        let folder = folder_of(&seat).ok()?;
        self.recordings.read_shot(&folder, shot).ok()?
    }

    /// Writes what changed of sessions, and the ids of events that came in.
    ///
    /// # Errors
    /// When it cannot be written; it is then tried again later.
    pub(super) async fn keep_sessions(self: &Arc<Self>) -> Result<()> {
        let state = Arc::clone(self);
        // To the end even if the caller is gone: who was marked as changed is so no more.
        let kept = tokio::spawn(async move { state.keep_all().await });
        kept.await.map_err(|_| Error::new(Kind::Bug, "bug", "keeping sessions had a defect"))?
    }

    /// Writes that a session was given a machine, if it was just now: what has been answered to the machine is the machine's.
    ///
    /// # Errors
    /// When it cannot be written; it is then tried again at the next call.
    pub(super) async fn keep_adoption(self: &Arc<Self>, seat: &Seat) -> Result<()> {
        if seat.is_registered() && seat.adopted.swap(false, Ordering::AcqRel) {
            self.keep_sessions().await.inspect_err(|_| seat.adopted.store(true, Ordering::Release))?;
        }
        Ok(())
    }

    async fn keep_all(&self) -> Result<()> {
        // One after the other: a change is in this turn's writing or in the next one's, and the caller waits for its own.
        let _turn = self.keeping.lock().await;
        let dirty = self.seats.take_dirty();
        let recordings: Vec<Recording> = dirty.iter().map(|seat| seat.recording()).collect();
        // After the counts: each event that is counted has its id here.
        let ids = self.recorder.fresh.snapshot();
        if recordings.is_empty() && ids.is_empty() {
            return Ok(());
        }
        // Before the ids: an event that a power cut takes away must not be known when it is sent again.
        if let Err(error) = self.recorder.flushed().await {
            Seats::put_back(&dirty);
            return Err(error);
        }
        let written = self
            .bridge
            .write(move |entities| {
                recordings.iter().try_for_each(|recording| entities.save_recording(recording))?;
                ids.iter().try_for_each(|(session, ids)| entities.note_events(session, ids))?;
                Ok(ids)
            })
            .await;
        match written {
            Ok(ids) => {
                self.recorder.fresh.written(&ids);
                Ok(())
            }
            Err(error) => {
                Seats::put_back(&dirty);
                Err(error)
            }
        }
    }

    /// All workflows, as they are now.
    pub(super) async fn workflows(&self) -> Result<Arc<Loaded>> {
        let catalogue = Arc::clone(&self.catalogue);
        self.bridge.assemble(move || catalogue.current()).await
    }

    /// The workflow called `id`.
    pub(super) async fn workflow(&self, id: &str) -> Result<Arc<Workflow>> {
        let found = self.workflows().await?.workflows.get(id).cloned();
        found.ok_or_else(|| {
            Error::new(Kind::NotFound, "unknown_workflow", "there is no workflow of that id")
                .hint("`GET …/workflows` lists those that can be used, and files that cannot")
        })
    }

    /// Lets whoever waits for something go.
    pub(super) fn stop_waiting(&self) {
        self.stop.send_replace(true);
    }

    /// Whether the server is about to stop.
    pub(super) fn is_stopping(&self) -> bool {
        *self.stop.borrow()
    }

    /// Waits until the server is about to stop.
    pub(super) async fn stopping(&self) {
        // The sender lives as long as this does.
        let _ = self.stop.subscribe().wait_for(|stop| *stop).await;
    }

    /// Notes that a session, and with it its machine, was heard of.
    pub(super) fn heard(&self, seat: &Seat, now: Time) {
        seat.touch(now);
        if seat.must_tell(now)
            && let Owner::Machine(machine) = seat.owner()
        {
            // A machine that never enrolled is nobody's business here; one that was uninstalled stays so.
            let _ = self.roster.touch(machine.as_str(), now);
        }
    }

    /// Writes what heartbeats said since the last time; also before a row is changed and answered, so that it says the latest.
    pub(super) async fn flush_heartbeats(&self) {
        let touched = self.roster.take_touched();
        if touched.is_empty() {
            return;
        }
        let again = touched.clone();
        let written = self
            .bridge
            .write(move |registry| {
                for (id, at) in &touched {
                    Agents::touch(registry, *id, *at)?;
                }
                Ok(())
            })
            .await;
        if let Err(error) = written {
            tracing::warn!(code = error.code(), "heartbeats could not be written, and will be tried again: {error}");
            self.roster.put_back(again);
        }
    }

    /// Ends the writer once everything it has accepted is written.
    pub(super) fn close(&self) {
        self.recorder.stop();
        self.worker.stop();
        self.bridge.stop();
    }
}

fn policy_of(settings: &Settings, listening_since: Time) -> Policy {
    let replay = &settings.replay;
    let on_unchanged = match replay.on_unchanged {
        config::OnUnchanged::Warn => OnUnchanged::Warn,
        config::OnUnchanged::Retry => OnUnchanged::Retry,
        config::OnUnchanged::Stall => OnUnchanged::Stall,
    };
    Policy { lease: replay.lease, max_retries: replay.max_retries, on_unchanged, listening_since }
}
