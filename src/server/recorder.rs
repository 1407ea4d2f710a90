//! The one writer of journals: a thread that adds whatever waits, many lines of a session in one piece, and a second one that flushes
//! them to disk. An event is answered once its line is written, so that only a power cut can take it away, and within
//! `session.flush_ms` not even that.

use std::collections::{HashMap, HashSet};
use std::fs::File;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use tokio::sync::oneshot;

use super::seats::Seat;
use crate::clock::Clock;
use crate::error::{Error, Kind, Result};
use crate::session::{EventKey, Journals, Line};
use crate::store::Database;

/// Events that may wait; beyond that the server says that it is overloaded.
const MAX_WAITING: usize = 16_384;

/// And their bytes.
const MAX_WAITING_BYTES: usize = 128 << 20;

/// The most events that are written in one go.
const MAX_TOGETHER: usize = 1024;

/// How long an idle writer sleeps at most.
const IDLE: Duration = Duration::from_secs(1);

/// What the writing thread is asked.
enum Job {
    /// To write an event.
    Append(Append),
    /// To say when all that was written before is flushed.
    Flush(oneshot::Sender<Result<()>>),
    /// To let go of a recording that is to be removed, if it is not in use any more; says whether it did.
    Release(Release),
}

/// A recording to be let go of.
struct Release {
    seat: Arc<Seat>,
    /// Whether it may go, asked when nothing can be written any more.
    unused: Box<dyn FnOnce(&Seat) -> bool + Send>,
    reply: oneshot::Sender<bool>,
}

/// Files to flush, and who wants to know when that is done.
type Batch = (Vec<File>, Option<oneshot::Sender<Result<()>>>);

/// An event on its way to its journal.
struct Append {
    seat: Arc<Seat>,
    line: Line,
    reply: oneshot::Sender<Result<u64>>,
}

/// Ids of events that are not in the database yet, by session.
#[derive(Debug, Default)]
pub(super) struct FreshIds(Mutex<HashMap<String, HashSet<EventKey>>>);

impl FreshIds {
    fn all(&self) -> MutexGuard<'_, HashMap<String, HashSet<EventKey>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds ids of a session.
    pub(super) fn add(&self, session: String, ids: impl IntoIterator<Item = EventKey>) {
        self.all().entry(session).or_default().extend(ids);
    }

    /// Those of a session that is gone.
    fn forget(&self, session: &str) {
        self.all().remove(session);
    }

    /// All of them, to be written.
    pub(super) fn snapshot(&self) -> Vec<(String, Vec<EventKey>)> {
        self.all().iter().map(|(session, ids)| (session.clone(), ids.iter().copied().collect())).collect()
    }

    /// These are in the database by now.
    pub(super) fn written(&self, written: &[(String, Vec<EventKey>)]) {
        let mut all = self.all();
        for (session, ids) in written {
            if let Some(fresh) = all.get_mut(session) {
                for id in ids {
                    fresh.remove(id);
                }
                if fresh.is_empty() {
                    all.remove(session);
                }
            }
        }
    }
}

/// The handle of the writing thread.
pub(super) struct Recorder {
    queue: Mutex<Option<SyncSender<Job>>>,
    thread: Mutex<Option<JoinHandle<()>>>,
    pub(super) fresh: Arc<FreshIds>,
    /// Bytes of events that wait.
    waiting: Arc<AtomicUsize>,
}

/// What the thread works with.
pub(super) struct Tools {
    pub(super) journals: Box<dyn Journals>,
    /// For looking up ids of events.
    pub(super) database: Database,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) flush: Duration,
    pub(super) fresh: Arc<FreshIds>,
}

impl Recorder {
    /// Starts the threads.
    ///
    /// # Errors
    /// When the operating system gives none.
    pub(super) fn start(tools: Tools) -> Result<Self> {
        let no_thread = |cause| Error::new(Kind::Storage, "no_thread", "the recording threads could not be started").caused_by(cause);
        let (queue, appends) = sync_channel(MAX_WAITING);
        // One batch at a time: while the disk flushes, the next is only collected.
        let (to_flush, files) = sync_channel::<Batch>(1);
        std::thread::Builder::new().name("lea-flusher".to_owned()).spawn(move || flush_all(&files)).map_err(no_thread)?;
        let fresh = Arc::clone(&tools.fresh);
        let waiting = Arc::new(AtomicUsize::new(0));
        let mut thread = Thread { tools, to_flush, written_at: None, waiting: Arc::clone(&waiting) };
        let handle = std::thread::Builder::new().name("lea-recorder".to_owned()).spawn(move || thread.run(&appends)).map_err(no_thread)?;
        Ok(Self { queue: Mutex::new(Some(queue)), thread: Mutex::new(Some(handle)), fresh, waiting })
    }

    /// Adds an event to its session's journal; gives how many events the session has by then.
    ///
    /// # Errors
    /// When the session is closed, the disk refuses, too much waits, or the server is stopping.
    pub(super) async fn append(&self, seat: Arc<Seat>, line: Line) -> Result<u64> {
        let (reply, answer) = oneshot::channel();
        let length = line.bytes.len();
        if self.waiting.fetch_add(length, Ordering::Relaxed) + length > MAX_WAITING_BYTES {
            self.waiting.fetch_sub(length, Ordering::Relaxed);
            return Err(Error::new(Kind::Unavailable, "overloaded", "too many events wait to be written").detail("retry_after", 1));
        }
        if let Err(error) = self.send(Job::Append(Append { seat, line, reply })) {
            self.waiting.fetch_sub(length, Ordering::Relaxed);
            return Err(error);
        }
        answer.await.map_err(|_| Error::new(Kind::Bug, "bug", "an event's writing had a defect"))?
    }

    fn send(&self, job: Job) -> Result<()> {
        let unavailable = |code: &'static str, why: &str| Error::new(Kind::Unavailable, code, why.to_owned()).detail("retry_after", 1);
        let queue = self.queue.lock().unwrap_or_else(PoisonError::into_inner);
        match queue.as_ref().map(|queue| queue.try_send(job)) {
            Some(Ok(())) => Ok(()),
            Some(Err(TrySendError::Full(_))) => Err(unavailable("overloaded", "too many events wait to be written")),
            Some(Err(TrySendError::Disconnected(_))) | None => Err(unavailable("stopping", "the server is stopping")),
        }
    }

    /// Waits until all that was written before is flushed to disk.
    ///
    /// # Errors
    /// When nobody can say that it is.
    pub(super) async fn flushed(&self) -> Result<()> {
        let (reply, done) = oneshot::channel();
        match self.send(Job::Flush(reply)) {
            // A thread that has ended has flushed everything.
            Err(error) if error.code() == "stopping" => Ok(()),
            Err(error) => Err(error),
            Ok(()) => done.await.unwrap_or(Ok(())),
        }
    }

    /// Lets go of a recording that is to be removed, if `unused` still says so when nothing can be written to it any more; its
    /// folder then takes nothing new. Says whether it did.
    ///
    /// # Errors
    /// When too much waits, or the server is stopping.
    pub(super) async fn release(&self, seat: Arc<Seat>, unused: impl FnOnce(&Seat) -> bool + Send + 'static) -> Result<bool> {
        let (reply, answer) = oneshot::channel();
        self.send(Job::Release(Release { seat, unused: Box::new(unused), reply }))?;
        answer.await.map_err(|_| Error::new(Kind::Bug, "bug", "letting go of a recording had a defect"))
    }

    /// Writes what waits, flushes it, and ends the thread.
    pub(super) fn stop(&self) {
        drop(self.queue.lock().unwrap_or_else(PoisonError::into_inner).take());
        if let Some(thread) = self.thread.lock().unwrap_or_else(PoisonError::into_inner).take()
            && thread.join().is_err()
        {
            tracing::error!("the recording thread ended by a defect");
        }
    }
}

/// The folder of a session's recording. Once something is in it, it stays where it is until the next start, even if the session
/// is given a machine: nobody who is writing there is ever left in a folder that has moved.
///
/// # Errors
/// When the recording is being removed.
pub(super) fn folder_of(seat: &Seat) -> Result<String> {
    in_folder(seat, |folder| Ok(folder.to_owned()))
}

/// Does something short in the folder of a session's recording, while nobody can remove it.
///
/// # Errors
/// When the recording is being removed; those of `with`.
pub(super) fn in_folder<R>(seat: &Seat, with: impl FnOnce(&str) -> Result<R>) -> Result<R> {
    let mut folder = seat.folder.lock().unwrap_or_else(PoisonError::into_inner);
    if folder.removed {
        return Err(Error::new(Kind::Unavailable, "session_removed", "the session's recording is being removed").detail("retry_after", 1));
    }
    with(folder.path.get_or_insert_with(|| format!("{}/{}", seat.owner().as_str(), seat.id)))
}

/// An error of the recordings' own disk is no fault of whoever sent something, and its paths are none of their business.
pub(super) fn own_fault(error: Error) -> Error {
    match error.code() {
        "file_not_found" | "permission_denied" | "io_error" => {
            tracing::error!(code = error.code(), causes = ?error.causes(), "a recording could not be written: {error}");
            Error::new(Kind::Storage, "recording_failed", "the recording could not be written on the server")
        }
        _ => error,
    }
}

struct Thread {
    tools: Tools,
    to_flush: SyncSender<Batch>,
    /// When the oldest line that is not flushed was written.
    written_at: Option<Duration>,
    waiting: Arc<AtomicUsize>,
}

impl Thread {
    fn run(&mut self, appends: &Receiver<Job>) {
        loop {
            let sleep = match self.written_at {
                Some(at) => (at + self.tools.flush).saturating_sub(self.tools.clock.monotonic()),
                None => IDLE,
            };
            match appends.recv_timeout(sleep) {
                Ok(first) => {
                    let (mut waiting, mut asked, mut released) = (Vec::new(), Vec::new(), Vec::new());
                    for job in std::iter::once(first).chain(appends.try_iter().take(MAX_TOGETHER - 1)) {
                        match job {
                            Job::Append(append) => {
                                self.waiting.fetch_sub(append.line.bytes.len(), Ordering::Relaxed);
                                waiting.push(append);
                            }
                            Job::Flush(reply) => asked.push(reply),
                            Job::Release(release) => released.push(release),
                        }
                    }
                    self.write(waiting);
                    for Release { seat, unused, reply } in released {
                        let _ = reply.send(self.release(&seat, unused));
                    }
                    for reply in asked {
                        // In turn after whatever is being flushed; a flusher that is gone drops the reply.
                        let _ = self.to_flush.send((self.tools.journals.unflushed(), Some(reply)));
                        self.written_at = None;
                    }
                }
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => break,
            }
            if self.written_at.is_some_and(|at| at + self.tools.flush <= self.tools.clock.monotonic()) {
                self.hand_over();
            }
        }
        // Said in the log; whoever wrote has been answered.
        let _ = sync(&self.tools.journals.unflushed());
    }

    fn release(&mut self, seat: &Seat, unused: Box<dyn FnOnce(&Seat) -> bool + Send>) -> bool {
        let mut folder = seat.folder.lock().unwrap_or_else(PoisonError::into_inner);
        if !unused(seat) {
            return false;
        }
        folder.removed = true;
        if let Some(path) = &folder.path
            && let Err(error) = self.tools.journals.close(path)
        {
            tracing::warn!(code = error.code(), "a journal could not be closed: {error}");
        }
        self.tools.fresh.forget(&seat.id.key());
        true
    }

    /// Gives what was written to the flusher, unless it is still busy.
    fn hand_over(&mut self) {
        let files = self.tools.journals.unflushed();
        // A flusher that is still busy is helped: what waits must not wait longer than it may.
        if let Err(TrySendError::Full((files, _)) | TrySendError::Disconnected((files, _))) = self.to_flush.try_send((files, None)) {
            let _ = sync(&files);
        }
        self.written_at = None;
    }

    fn write(&mut self, waiting: Vec<Append>) {
        let mut places: HashMap<*const Seat, usize> = HashMap::new();
        let mut groups: Vec<Vec<Append>> = Vec::new();
        for append in waiting {
            let place = *places.entry(Arc::as_ptr(&append.seat)).or_insert_with(|| {
                groups.push(Vec::new());
                groups.len() - 1
            });
            groups[place].push(append);
        }
        let mut answers = Vec::new();
        for group in groups {
            self.write_group(group, &mut answers);
        }
        if self.tools.flush.is_zero() {
            // Asked for on disk before the answer: where it is not, the answer is no.
            if let Err(error) = sync(&self.tools.journals.unflushed()) {
                for (_, answer) in answers.iter_mut().filter(|(_, answer)| answer.is_ok()) {
                    *answer = Err(Error::new(error.kind(), error.code().to_owned(), error.message().to_owned()));
                }
            }
            self.written_at = None;
        }
        for (reply, answer) in answers {
            // Whoever has gone away needs no answer; the event stands.
            let _ = reply.send(answer);
        }
    }

    /// Writes the events of one session.
    fn write_group(&mut self, group: Vec<Append>, answers: &mut Vec<(oneshot::Sender<Result<u64>>, Result<u64>)>) {
        let Some(seat) = group.first().map(|append| Arc::clone(&append.seat)) else { return };
        let (mut lines, mut ids, mut events, mut window) = (Vec::new(), HashSet::new(), seat.tally().events, None);
        let mut waiting = Vec::with_capacity(group.len());
        for Append { line, reply, .. } in group {
            let known = match line.key {
                Some(key) => self.is_known(&seat, key, &ids),
                None => Ok(false),
            };
            match known {
                Ok(true) => {}
                Ok(false) => {
                    lines.extend_from_slice(&line.bytes);
                    ids.extend(line.key);
                    window = line.window.or(window);
                    events += 1;
                }
                Err(error) => {
                    answers.push((reply, Err(error)));
                    continue;
                }
            }
            waiting.push((reply, events));
        }
        let written = if lines.is_empty() { Ok(None) } else { self.append(&seat, &lines).map(Some) };
        match written {
            Ok(length) => {
                if let Some(length) = length {
                    // The ids first: whoever keeps the counts keeps the ids that they stand for.
                    if !ids.is_empty() {
                        self.tools.fresh.add(seat.id.key(), ids);
                    }
                    seat.count(|tally| {
                        tally.events = events;
                        tally.bytes = length;
                        tally.window = window.or(tally.window.take());
                    });
                    self.written_at.get_or_insert_with(|| self.tools.clock.monotonic());
                }
                answers.extend(waiting.into_iter().map(|(reply, events)| (reply, Ok(events))));
            }
            Err(error) => {
                tracing::error!(session = %seat.id, code = error.code(), causes = ?error.causes(), "events could not be written: {error}");
                for (reply, _) in waiting {
                    let again = Error::new(error.kind(), error.code().to_owned(), error.message().to_owned());
                    answers.push((reply, Err(again)));
                }
            }
        }
    }

    fn is_known(&self, seat: &Seat, key: EventKey, with: &HashSet<EventKey>) -> Result<bool> {
        if with.contains(&key) || self.tools.fresh.all().get(&seat.id.key()).is_some_and(|fresh| fresh.contains(&key)) {
            return Ok(true);
        }
        self.tools.database.read(|entities| entities.knows_event(&key))
    }

    fn append(&mut self, seat: &Seat, lines: &[u8]) -> Result<u64> {
        if seat.is_finalized() {
            return Err(closed());
        }
        let folder = folder_of(seat)?;
        self.tools.journals.append(&folder, lines).map_err(own_fault)
    }
}

/// A recording that is closed takes no more.
pub(super) fn closed() -> Error {
    Error::new(Kind::Conflict, "session_finalized", "the session's recording is closed")
        .hint("register the session again to go on with it, or start another")
}

fn flush_all(batches: &Receiver<Batch>) {
    // Whoever asks next is told of every failure since somebody asked last, whatever a later flush says.
    let mut failed = false;
    while let Ok((files, asked)) = batches.recv() {
        failed |= sync(&files).is_err();
        if let Some(reply) = asked {
            let answer = if failed { Err(not_flushed()) } else { Ok(()) };
            failed = false;
            let _ = reply.send(answer);
        }
    }
}

fn not_flushed() -> Error {
    Error::new(Kind::Storage, "not_flushed", "the disk did not take what was written")
}

/// Flushes each file, even if another cannot be.
fn sync(files: &[File]) -> Result<()> {
    let mut all = Ok(());
    for file in files {
        if let Err(cause) = file.sync_data() {
            tracing::error!(%cause, "a journal could not be flushed to disk; a power cut may take its last lines");
            all = Err(not_flushed());
        }
    }
    all
}
