//! Looks at closed recordings, one after the other: verifies each and writes its summary. The queue is what is kept of sessions;
//! in memory is only the one that is looked at, so that a restart begins with it again.
//!
//! Turning a verified recording into a workflow will come after [`examine`], as a further stage.

use std::io::Cursor;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use super::recorder::folder_of;
use super::seats::{Seat, Seats};
use crate::clock::Clock;
use crate::error::{Error, Kind, Result};
use crate::session::Verifier;
use crate::session::{Processing, Recordings, Stage};
use crate::vision::{Ceilings, measure};

/// How often an idle worker looks for itself.
const LOOK_EVERY: Duration = Duration::from_secs(2);

/// How far the recording that is looked at has come.
#[derive(Debug, Default)]
pub(super) struct Progress {
    current: Mutex<Option<(String, &'static str)>>,
    done: AtomicU64,
    total: AtomicU64,
}

impl Progress {
    /// The session that is looked at, at what, and how much of how much is done.
    pub(super) fn now(&self) -> Option<(String, &'static str, u64, u64)> {
        let current = self.current.lock().unwrap_or_else(PoisonError::into_inner);
        let (session, stage) = current.as_ref()?;
        Some((session.clone(), *stage, self.done.load(Ordering::Relaxed), self.total.load(Ordering::Relaxed)))
    }

    fn begin(&self, session: Option<(String, &'static str)>, total: u64) {
        self.done.store(0, Ordering::Relaxed);
        self.total.store(total, Ordering::Relaxed);
        *self.current.lock().unwrap_or_else(PoisonError::into_inner) = session;
    }
}

/// What the worker and its handle share.
#[derive(Debug, Default)]
struct Signal {
    /// Whether to stop, and whether there is something new.
    state: Mutex<(bool, bool)>,
    changed: Condvar,
}

/// The handle of the worker.
pub(super) struct Worker {
    signal: Arc<Signal>,
    thread: Mutex<Option<JoinHandle<()>>>,
    pub(super) progress: Arc<Progress>,
}

/// What the worker works with.
pub(super) struct Desk {
    pub(super) seats: Arc<Seats>,
    pub(super) recordings: Arc<dyn Recordings>,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) ceilings: Ceilings,
}

impl Worker {
    /// Starts the worker.
    ///
    /// # Errors
    /// When the operating system gives no thread.
    pub(super) fn start(desk: Desk) -> Result<Self> {
        let (signal, progress) = (Arc::new(Signal::default()), Arc::new(Progress::default()));
        let (theirs, shown) = (Arc::clone(&signal), Arc::clone(&progress));
        let thread = std::thread::Builder::new()
            .name("lea-processing".to_owned())
            .spawn(move || work(&desk, &theirs, &shown))
            .map_err(|cause| Error::new(Kind::Storage, "no_thread", "the processing thread could not be started").caused_by(cause))?;
        Ok(Self { signal, thread: Mutex::new(Some(thread)), progress })
    }

    /// There is something new to look at.
    pub(super) fn wake(&self) {
        self.signal.state.lock().unwrap_or_else(PoisonError::into_inner).1 = true;
        self.signal.changed.notify_all();
    }

    /// Ends the worker; what it is looking at is looked at again at the next start.
    pub(super) fn stop(&self) {
        self.signal.state.lock().unwrap_or_else(PoisonError::into_inner).0 = true;
        self.signal.changed.notify_all();
        if let Some(thread) = self.thread.lock().unwrap_or_else(PoisonError::into_inner).take() {
            let _ = thread.join();
        }
    }
}

impl Signal {
    fn is_stopping(&self) -> bool {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).0
    }
}

fn work(desk: &Desk, signal: &Signal, progress: &Progress) {
    while !signal.is_stopping() {
        let next = desk.seats.registered().into_iter().filter(|seat| seat.processing().stage == Stage::Queued);
        if let Some(seat) = next.min_by_key(|seat| seat.processing().at) {
            let at = |stage, problems| Processing { stage, problems, at: Some(desk.clock.now()) };
            let over = |stage, problems| seat.processed(at(stage, problems));
            seat.set_processing(at(Stage::Running, Vec::new()));
            let examined = examine(desk, &seat, signal, progress);
            progress.begin(None, 0);
            match examined {
                Ok(None) => over(Stage::Queued, Vec::new()),
                Ok(Some(problems)) if problems.is_empty() => {
                    tracing::info!(session = %seat.id, "a recording was verified");
                    over(Stage::Done, problems);
                }
                Ok(Some(problems)) => {
                    tracing::warn!(session = %seat.id, problems = problems.len(), "a recording is not whole");
                    over(Stage::Failed, problems);
                }
                Err(error) => {
                    tracing::error!(session = %seat.id, code = error.code(), causes = ?error.causes(), "a recording could not be looked at: {error}");
                    over(Stage::Failed, vec![error.to_string()]);
                }
            }
            continue;
        }
        let state = signal.state.lock().unwrap_or_else(PoisonError::into_inner);
        if !state.0 && !state.1 {
            let waited = signal.changed.wait_timeout(state, LOOK_EVERY);
            waited.unwrap_or_else(PoisonError::into_inner).0.1 = false;
        } else {
            drop(state);
            signal.state.lock().unwrap_or_else(PoisonError::into_inner).1 = false;
        }
    }
}

/// Verifies a recording and writes its summary; gives what is wrong with it, nothing when the server stops meanwhile.
fn examine(desk: &Desk, seat: &Seat, signal: &Signal, progress: &Progress) -> Result<Option<Vec<String>>> {
    let folder = folder_of(seat)?;
    let recording = seat.recording();
    let mut verifier = Verifier::default();
    progress.begin(Some((seat.id.to_string(), "events")), recording.tally.events);
    let stopping = || Error::new(Kind::Unavailable, "stopping", "the server is stopping");
    let read = desk.recordings.read_journal(&folder, 0, false, &mut |line| {
        verifier.line(line);
        progress.done.fetch_add(1, Ordering::Relaxed);
        if signal.is_stopping() { Err(stopping()) } else { Ok(()) }
    });
    match read {
        Err(error) if error.code() == "stopping" => return Ok(None),
        read => read?,
    }
    let shots = desk.recordings.shots(&folder)?;
    progress.begin(Some((seat.id.to_string(), "shots")), shots.len() as u64);
    for (name, _) in &shots {
        if signal.is_stopping() {
            return Ok(None);
        }
        let shot = name.rsplit_once('.').map_or(name.as_str(), |(stem, _)| stem);
        let bytes = desk.recordings.read_shot(&folder, shot)?.unwrap_or_default();
        if let Err(error) = measure(Cursor::new(&bytes), desk.ceilings) {
            verifier.broken_shot(shot, error.message());
        }
        progress.done.fetch_add(1, Ordering::Relaxed);
    }
    let (mut summary, problems) = verifier.finish(&shots);
    if let Some(fields) = summary.as_object_mut() {
        fields.insert("session_id".to_owned(), recording.id.as_str().into());
        fields.insert("machine_id".to_owned(), recording.owner.as_str().into());
        fields.insert("created_at".to_owned(), recording.created_at.to_string().into());
        fields.insert("finalized_at".to_owned(), recording.finalized_at.map(|at| at.to_string()).into());
        fields.insert("verified_at".to_owned(), desk.clock.now().to_string().into());
    }
    desk.recordings.write_summary(&folder, &format!("{summary:#}\n"))?;
    Ok(Some(problems))
}
