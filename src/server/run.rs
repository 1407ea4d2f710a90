//! The bridge: the one place where a request crosses from the threads that wait to the threads that work.
//!
//! Database work and pixel work have limits of their own, so that a burst of matching cannot keep a heartbeat waiting.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::runtime::{Builder, Runtime};
use tokio::sync::{Semaphore, oneshot};

use crate::error::{Error, Kind, Result};
use crate::store::{Database, Entities, Writer};

/// Readers beside the writer.
const READERS: usize = 4;

/// Work on files of recordings at once.
const FILES: usize = 6;

/// How long a stopped server waits for work that still runs.
pub(super) const LAST_CALL: Duration = Duration::from_secs(5);

/// Threads for what the runtime itself crosses for, such as reading a certificate.
const SPARE_THREADS: usize = 16;

fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, std::num::NonZero::get)
}

/// The runtime of the server.
///
/// # Errors
/// When the operating system gives no threads.
pub(super) fn runtime() -> Result<Runtime> {
    Builder::new_multi_thread()
        .enable_all()
        .thread_name("lea-serve")
        .max_blocking_threads(cores() + READERS + FILES + SPARE_THREADS)
        .build()
        .map_err(|cause| Error::new(Kind::Storage, "no_thread", "the server's threads could not be started").caused_by(cause))
}

/// Crosses to blocking work.
pub(super) struct Bridge {
    writer: Writer,
    readers: Arc<Mutex<Vec<Database>>>,
    reading: Arc<Semaphore>,
    pixels: Arc<Semaphore>,
    files: Arc<Semaphore>,
}

impl Bridge {
    /// With a writer, readers of the same database, and as much pixel work at once as there are cores.
    ///
    /// # Errors
    /// When a reader cannot be opened.
    pub(super) fn new(writer: Writer, readers: &Database) -> Result<Self> {
        let opened = (0..READERS).map(|_| readers.reader()).collect::<Result<Vec<_>>>()?;
        Ok(Self {
            writer,
            readers: Arc::new(Mutex::new(opened)),
            reading: Arc::new(Semaphore::new(READERS)),
            pixels: Arc::new(Semaphore::new(cores())),
            files: Arc::new(Semaphore::new(FILES)),
        })
    }

    /// Runs a change in the writer's next transaction and waits until it is on disk.
    ///
    /// # Errors
    /// Those of `work`; when the database fails or too much waits.
    pub(super) async fn write<R: Send + 'static>(&self, work: impl FnOnce(&mut dyn Entities) -> Result<R> + Send + 'static) -> Result<R> {
        let (reply, answer) = oneshot::channel();
        // Whoever has gone away needs no answer; the change stands.
        self.writer.submit(work, |result| drop(reply.send(result)))?;
        answer.await.map_err(|_| Error::new(Kind::Bug, "bug", "a change had a defect and was undone"))?
    }

    /// Runs a query on one unchanging view of the database.
    ///
    /// # Errors
    /// Those of `work`; when the database fails.
    pub(super) async fn read<R: Send + 'static>(&self, work: impl FnOnce(&mut dyn Entities) -> Result<R> + Send + 'static) -> Result<R> {
        let readers = Arc::clone(&self.readers);
        cross(&self.reading, move || {
            let reader = Borrowed::take(&readers);
            match &reader.database {
                Some(database) => database.read(work),
                None => Err(Error::new(Kind::Bug, "bug", "there are fewer readers than permits")),
            }
        })
        .await
    }

    /// Runs work that needs no database but takes a while, beside the queries.
    ///
    /// # Errors
    /// Those of `work`.
    pub(super) async fn assemble<R: Send + 'static>(&self, work: impl FnOnce() -> Result<R> + Send + 'static) -> Result<R> {
        cross(&self.reading, work).await
    }

    /// Runs work on pixels.
    ///
    /// # Errors
    /// Those of `work`.
    pub(super) async fn pixels<R: Send + 'static>(&self, work: impl FnOnce() -> Result<R> + Send + 'static) -> Result<R> {
        cross(&self.pixels, work).await
    }

    /// Runs work on files of recordings.
    ///
    /// # Errors
    /// Those of `work`.
    pub(super) async fn files<R: Send + 'static>(&self, work: impl FnOnce() -> Result<R> + Send + 'static) -> Result<R> {
        cross(&self.files, work).await
    }

    /// Writes what waits and ends the writer.
    pub(super) fn stop(&self) {
        self.writer.stop();
    }
}

/// A reader that goes back when it is dropped, also after a defect.
struct Borrowed<'a> {
    database: Option<Database>,
    home: &'a Mutex<Vec<Database>>,
}

impl<'a> Borrowed<'a> {
    fn take(home: &'a Mutex<Vec<Database>>) -> Self {
        Self { database: home.lock().unwrap_or_else(PoisonError::into_inner).pop(), home }
    }
}

impl Drop for Borrowed<'_> {
    fn drop(&mut self) {
        self.home.lock().unwrap_or_else(PoisonError::into_inner).extend(self.database.take());
    }
}

#[expect(clippy::disallowed_methods, reason = "the one place that crosses over")]
async fn cross<R: Send + 'static>(lane: &Arc<Semaphore>, work: impl FnOnce() -> Result<R> + Send + 'static) -> Result<R> {
    let permit = Arc::clone(lane).acquire_owned().await.map_err(|_| Error::new(Kind::Unavailable, "stopping", "the server is stopping"))?;
    let done = tokio::task::spawn_blocking(move || {
        let _permit = permit;
        work()
    });
    done.await.map_err(|_| Error::new(Kind::Bug, "bug", "the work had a defect"))?
}
