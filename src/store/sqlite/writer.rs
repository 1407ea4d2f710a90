//! The one writer: a thread that puts whatever waits into one transaction, so that many share one flush to disk.
//!
//! A change is answered only after its transaction is committed and after the [`Watcher`] has been told. A change that
//! fails is undone alone; a transaction that fails takes all its changes with it, and each of them is told why.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use super::database::Database;
use super::failure::{again, storage};
use super::transaction::Transaction;
use crate::clock::Clock;
use crate::error::{Error, Kind, Result};
use crate::fleet::{Keys, Watcher};
use crate::store::Entities;

/// Changes that may wait; beyond that the server says that it is overloaded.
const MAX_WAITING: usize = 8192;

/// The most changes in one transaction.
const MAX_TOGETHER: usize = 512;

/// How often an idle writer looks whether another program has written.
const LOOK_EVERY: Duration = Duration::from_millis(25);

/// The least time between two readings of everything: another program may write all the time.
const REST: Duration = Duration::from_millis(100);

/// Called once the change is on disk, or with the reason why it is not.
pub type Committed = Box<dyn FnOnce(Result<()>) + Send>;

/// A change: runs inside the transaction and leaves what to do after it; whether it failed decides if it is undone.
/// Without a transaction it does nothing but leave its reply.
type Change = Box<dyn FnOnce(Option<&mut dyn Entities>) -> (Committed, Result<()>) + Send>;

/// The handle of the writing thread.
pub struct Writer {
    queue: Mutex<Option<SyncSender<Change>>>,
    thread: Mutex<Option<JoinHandle<()>>>,
}

impl Writer {
    /// Starts the thread on `database`. The watcher is first told everything there is.
    ///
    /// # Errors
    /// When the database cannot be read, or no thread can be started.
    pub fn start(database: Database, watcher: Arc<dyn Watcher>, clock: Arc<dyn Clock>) -> Result<Self> {
        let (queue, changes) = sync_channel(MAX_WAITING);
        let mut thread = Thread { database, watcher, clock, rested_at: Duration::ZERO, blind: false, seen: 0 };
        thread.seen = thread.version()?;
        thread.tell_everything()?;
        let handle = std::thread::Builder::new()
            .name("lea-writer".to_owned())
            .spawn(move || thread.run(&changes))
            .map_err(|cause| Error::new(Kind::Storage, "no_thread", "the writing thread could not be started").caused_by(cause))?;
        Ok(Self { queue: Mutex::new(Some(queue)), thread: Mutex::new(Some(handle)) })
    }

    /// Queues a change; `reply` is called on the writing thread, after the commit, with what `work` gave.
    ///
    /// # Errors
    /// When too many changes wait, or the writer has stopped. `reply` is then never called.
    pub fn submit<R: Send + 'static>(
        &self,
        work: impl FnOnce(&mut dyn Entities) -> Result<R> + Send + 'static,
        reply: impl FnOnce(Result<R>) + Send + 'static,
    ) -> Result<()> {
        let change: Change = Box::new(move |registry| match registry.map(work) {
            Some(Ok(value)) => (Box::new(move |committed: Result<()>| reply(committed.map(|()| value))) as Committed, Ok(())),
            Some(Err(error)) => {
                let why = again(&error);
                (Box::new(move |_| reply(Err(error))) as Committed, Err(why))
            }
            None => {
                let never_ran = |()| Err(Error::new(Kind::Bug, "never_ran", "a change was committed without having run"));
                (Box::new(move |committed: Result<()>| reply(committed.and_then(never_ran))) as Committed, Ok(()))
            }
        });
        let queue = self.queue.lock().unwrap_or_else(PoisonError::into_inner);
        let unavailable = |code: &'static str, why: &str| Error::new(Kind::Unavailable, code, why.to_owned()).detail("retry_after", 1);
        match queue.as_ref().map(|queue| queue.try_send(change)) {
            Some(Ok(())) => Ok(()),
            Some(Err(TrySendError::Full(_))) => Err(unavailable("overloaded", "too many changes wait to be written")),
            Some(Err(TrySendError::Disconnected(_))) | None => Err(unavailable("stopping", "the server is stopping")),
        }
    }

    /// Writes what waits, then ends the thread.
    pub fn stop(&self) {
        drop(self.queue.lock().unwrap_or_else(PoisonError::into_inner).take());
        if let Some(thread) = self.thread.lock().unwrap_or_else(PoisonError::into_inner).take()
            && thread.join().is_err()
        {
            tracing::error!("the writing thread ended by a defect");
        }
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        self.stop();
    }
}

struct Thread {
    database: Database,
    watcher: Arc<dyn Watcher>,
    clock: Arc<dyn Clock>,
    /// When everything may be read again.
    rested_at: Duration,
    /// Whether reading it failed the last time.
    blind: bool,
    /// SQLite's counter of other connections' commits, as it was when everything was last read.
    seen: i64,
}

impl Thread {
    fn run(mut self, changes: &Receiver<Change>) {
        loop {
            let first = match changes.recv_timeout(LOOK_EVERY) {
                Ok(change) => Some(change),
                Err(RecvTimeoutError::Timeout) => None,
                Err(RecvTimeoutError::Disconnected) => break,
            };
            match self.notice_others() {
                Ok(()) => self.blind = false,
                // Said once, however often it is tried.
                Err(error) if !self.blind => {
                    self.blind = true;
                    tracing::error!(code = error.code(), causes = ?error.causes(), "the database could not be read again: {error}");
                }
                Err(_) => {}
            }
            if let Some(first) = first {
                let mut waiting = vec![first];
                waiting.extend(changes.try_iter().take(MAX_TOGETHER - 1));
                self.commit(waiting);
            }
        }
        let connection = self.database.connection();
        if let Err(cause) = connection.execute_batch("PRAGMA wal_checkpoint(TRUNCATE)") {
            tracing::warn!(%cause, "the write-ahead log could not be folded into the database; it will be at the next start");
        }
    }

    fn version(&self) -> Result<i64> {
        let connection = self.database.connection();
        let read = connection.prepare_cached("PRAGMA data_version").and_then(|mut statement| statement.query_row([], |row| row.get(0)));
        read.map_err(|cause| storage(self.database.path(), cause))
    }

    /// Another program (this one's own command line, an older server's module) may have written: read all again.
    fn notice_others(&mut self) -> Result<()> {
        let version = self.version()?;
        let now = self.clock.monotonic();
        if version != self.seen && now >= self.rested_at {
            self.tell_everything()?;
            self.seen = version;
            self.rested_at = now + REST;
        }
        Ok(())
    }

    fn tell_everything(&self) -> Result<()> {
        let (records, keys) = self.database.read(|registry| Ok((registry.all()?, registry.keys()?)))?;
        self.watcher.replaced(records, keys);
        Ok(())
    }

    fn commit(&self, changes: Vec<Change>) {
        let started = self.clock.monotonic();
        let count = changes.len();
        let mut replies = Vec::with_capacity(count);
        let result = self.transaction(changes, &mut replies);
        self.watcher.committed(if result.is_ok() { count } else { 0 }, self.clock.monotonic().saturating_sub(started));
        if let Err(error) = &result {
            tracing::error!(code = error.code(), causes = ?error.causes(), changes = count, "nothing was written: {error}");
        }
        for reply in replies {
            reply(match &result {
                Ok(()) => Ok(()),
                Err(error) => Err(again(error)),
            });
        }
    }

    fn transaction(&self, changes: Vec<Change>, replies: &mut Vec<Committed>) -> Result<()> {
        let connection = self.database.connection();
        let failed = |cause| storage(self.database.path(), cause);
        let run = |sql: &str| connection.prepare_cached(sql).and_then(|mut statement| statement.execute([])).map(|_| ()).map_err(failed);
        let mut begun = run("BEGIN IMMEDIATE");
        let mut transaction = Transaction::new(&connection, self.database.path());
        for change in changes {
            if begun.is_ok() {
                begun = run("SAVEPOINT change");
            }
            if begun.is_err() {
                replies.push(change(None).0);
                continue;
            }
            let before = transaction.changed.len();
            // A defect in one change must not end the writer; whoever waits for it sees its reply vanish.
            let done = match catch_unwind(AssertUnwindSafe(|| change(Some(&mut transaction)))) {
                Ok((reply, done)) => {
                    replies.push(reply);
                    done
                }
                Err(_) => Err(Error::new(Kind::Bug, "bug", "a change had a defect")),
            };
            begun = match done {
                Ok(()) => run("RELEASE change"),
                // A full disk makes SQLite undo everything at once.
                Err(why) if connection.is_autocommit() => Err(why),
                Err(_) => {
                    transaction.changed.truncate(before);
                    run("ROLLBACK TO change").and_then(|()| run("RELEASE change"))
                }
            };
        }
        let result = begun.and_then(|()| {
            let keys = if transaction.keys_changed { Some(transaction.keys()?) } else { None };
            run("COMMIT")?;
            Ok((std::mem::take(&mut transaction.changed), keys))
        });
        if !connection.is_autocommit() {
            run("ROLLBACK")?;
        }
        let (records, keys) = result?;
        if !records.is_empty() || keys.is_some() {
            self.watcher.changed(records, keys);
        }
        Ok(())
    }
}
