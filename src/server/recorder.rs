//! The one writer of journals: a thread that adds whatever waits, many lines of a session in one piece, and a second one that flushes
//! them to disk. An event is answered once its line is written, so that only a power cut can take it away, and within
//! `session.flush_ms` not even that.

use std::collections::{HashMap, HashSet};
use std::fs::File;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use tokio::sync::oneshot;

use super::seats::Seat;
use crate::clock::Clock;
use crate::error::{Error, Kind, Result};
use crate::session::{EventKey, Journals, Line, Recordings};
use crate::store::Database;

/// Events that may wait; beyond that the server says that it is overloaded.
const MAX_WAITING: usize = 16_384;

/// The most events that are written in one go.
const MAX_TOGETHER: usize = 1024;

/// How long an idle writer sleeps at most.
const IDLE: Duration = Duration::from_secs(1);

/// What the writing thread is asked.
enum Job {
    /// To write an event.
    Append(Append),
    /// To say when all that was written before is flushed.
    Flush(oneshot::Sender<()>),
}

/// Files to flush, and who wants to know when that is done.
type Batch = (Vec<File>, Option<oneshot::Sender<()>>);

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
}

/// What the thread works with.
pub(super) struct Tools {
    pub(super) journals: Box<dyn Journals>,
    pub(super) recordings: Arc<dyn Recordings>,
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
        let mut thread = Thread { tools, to_flush, written_at: None };
        let handle = std::thread::Builder::new().name("lea-recorder".to_owned()).spawn(move || thread.run(&appends)).map_err(no_thread)?;
        Ok(Self { queue: Mutex::new(Some(queue)), thread: Mutex::new(Some(handle)), fresh })
    }

    /// Adds an event to its session's journal; gives how many events the session has by then.
    ///
    /// # Errors
    /// When the session is closed, the disk refuses, too much waits, or the server is stopping.
    pub(super) async fn append(&self, seat: Arc<Seat>, line: Line) -> Result<u64> {
        let (reply, answer) = oneshot::channel();
        let unavailable = |code: &'static str, why: &str| Error::new(Kind::Unavailable, code, why.to_owned()).detail("retry_after", 1);
        {
            let queue = self.queue.lock().unwrap_or_else(PoisonError::into_inner);
            match queue.as_ref().map(|queue| queue.try_send(Job::Append(Append { seat, line, reply }))) {
                Some(Ok(())) => {}
                Some(Err(TrySendError::Full(_))) => return Err(unavailable("overloaded", "too many events wait to be written")),
                Some(Err(TrySendError::Disconnected(_))) | None => return Err(unavailable("stopping", "the server is stopping")),
            }
        }
        answer.await.map_err(|_| Error::new(Kind::Bug, "bug", "an event's writing had a defect"))?
    }

    /// Waits until all that was written before is flushed to disk.
    pub(super) async fn flushed(&self) {
        let (reply, done) = oneshot::channel();
        let queued = {
            let queue = self.queue.lock().unwrap_or_else(PoisonError::into_inner);
            queue.as_ref().is_some_and(|queue| queue.try_send(Job::Flush(reply)).is_ok())
        };
        if queued {
            // A thread that has ended has flushed everything.
            let _ = done.await;
        }
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

/// The folder of a session's recording: where it is, or where it belongs now that the session has a machine.
///
/// # Errors
/// When it cannot be moved.
pub(super) fn folder_of(seat: &Seat, recordings: &dyn Recordings, moved: &mut dyn FnMut(&str)) -> Result<String> {
    let mut folder = seat.folder.lock().unwrap_or_else(PoisonError::into_inner);
    let wanted = format!("{}/{}", seat.owner().as_str(), seat.id);
    match &*folder {
        Some(folder) if *folder == wanted => {}
        Some(before) => {
            moved(before);
            recordings.rename(before, &wanted)?;
        }
        None => {}
    }
    *folder = Some(wanted.clone());
    Ok(wanted)
}

struct Thread {
    tools: Tools,
    to_flush: SyncSender<Batch>,
    /// When the oldest line that is not flushed was written.
    written_at: Option<Duration>,
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
                    let (mut waiting, mut asked) = (Vec::new(), Vec::new());
                    for job in std::iter::once(first).chain(appends.try_iter().take(MAX_TOGETHER - 1)) {
                        match job {
                            Job::Append(append) => waiting.push(append),
                            Job::Flush(reply) => asked.push(reply),
                        }
                    }
                    self.write(waiting);
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
        sync(&self.tools.journals.unflushed());
    }

    /// Gives what was written to the flusher, unless it is still busy.
    fn hand_over(&mut self) {
        let files = self.tools.journals.unflushed();
        // A flusher that is still busy is helped: what waits must not wait longer than it may.
        if let Err(TrySendError::Full((files, _)) | TrySendError::Disconnected((files, _))) = self.to_flush.try_send((files, None)) {
            sync(&files);
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
            sync(&self.tools.journals.unflushed());
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
        let journals = &mut self.tools.journals;
        let mut close = |before: &str| {
            if let Err(error) = journals.close(before) {
                tracing::warn!(code = error.code(), "a journal could not be closed: {error}");
            }
        };
        let folder = folder_of(seat, &*self.tools.recordings, &mut close)?;
        self.tools.journals.append(&folder, lines)
    }
}

/// A recording that is closed takes no more.
pub(super) fn closed() -> Error {
    Error::new(Kind::Conflict, "session_finalized", "the session's recording is closed")
        .hint("register the session again to go on with it, or start another")
}

fn flush_all(batches: &Receiver<Batch>) {
    while let Ok((files, asked)) = batches.recv() {
        sync(&files);
        if let Some(reply) = asked {
            let _ = reply.send(());
        }
    }
}

fn sync(files: &[File]) {
    for file in files {
        if let Err(cause) = file.sync_data() {
            tracing::error!(%cause, "a journal could not be flushed to disk; a power cut may take its last lines");
        }
    }
}
