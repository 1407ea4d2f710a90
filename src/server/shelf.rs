//! The configuration that is served: built once a change, held ready as bytes, looked after by whoever asks for it.
//!
//! Whether files changed is looked up by their names, sizes and times when somebody asks: an answer is never older than its request.
//! Those who ask while somebody looks share the next look. Where looks take long, for there are thousands of files or the disk is
//! slow, no more than a twentieth of the time goes into them in the long run, and answers are older for it. A look that took long
//! once, for the machine was busy, makes none older.

use std::io::{Cursor, Write};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use axum::body::Bytes;
use axum::http::HeaderValue;
use flate2::Compression;
use flate2::write::GzEncoder;
use tokio::sync::Notify;

use super::run::Bridge;
use crate::api::ConfigAnswer;
use crate::clock::Clock;
use crate::error::{Error, Kind, Result};
use crate::sync::{Content, Fingerprint, LeftOut, Loaded, MAX_SNAPSHOT_BYTES, Stamp, canonical, claim_of};
use crate::update::Signer;

/// A look that takes longer is a long one, and is counted.
const LONG_LOOK: Duration = Duration::from_millis(5);

/// One part in so many of the time may go into long looks.
const SHARE: u32 = 20;

/// How much may go into them besides before they are held back: 30 that somebody else's work made long, or some of a large folder.
const AT_ONCE: Duration = Duration::from_millis(300);

/// For how long it is not looked again after a failure.
const AFTER_FAILURE: Duration = Duration::from_secs(1);

/// For how long files that changed must not change again before they are read.
const STANDS_STILL: Duration = Duration::from_millis(50);

/// How often that is waited for; then what is there is read.
const MOST_WAITS: usize = 20;

/// What is served.
#[derive(Debug)]
pub(super) struct Served {
    /// The hash of the content.
    pub(super) version: String,
    /// The whole answer.
    pub(super) plain: Bytes,
    /// The same, packed by gzip.
    pub(super) packed: Bytes,
    /// Names the plain answer.
    pub(super) etag: HeaderValue,
    /// Names the packed answer, which is not the same byte for byte.
    pub(super) weak_etag: HeaderValue,
    /// Files that are not in it.
    pub(super) left_out: Vec<LeftOut>,
}

#[derive(Default)]
struct Held {
    served: Option<Arc<Served>>,
    fingerprint: Option<Fingerprint>,
    /// When the files were looked at last, and for how long that is good, on the monotonic clock.
    looked: Option<(Duration, Duration)>,
    /// What went into long looks when it was looked last, less the part of the time since that may.
    spent: Duration,
    /// Code and sentence of what went wrong last, so that it is said once.
    failed: Option<(String, String)>,
}

impl Held {
    /// Counts a look at `started` that took so long, and gives for how long it is good.
    fn count(&mut self, started: Duration, took: Duration) -> Duration {
        let since = self.looked.map_or(Duration::ZERO, |(last, _)| started.saturating_sub(last));
        let long = if took > LONG_LOOK { took } else { Duration::ZERO };
        self.spent = self.spent.saturating_sub(since / SHARE).saturating_add(long);
        self.spent.saturating_sub(AT_ONCE).saturating_mul(SHARE)
    }
}

/// The configuration that is served.
pub(super) struct Shelf {
    content: Arc<dyn Content>,
    /// Signs what is served, where there is a key.
    signer: Option<Arc<Signer>>,
    /// Held while somebody looks.
    turn: tokio::sync::Mutex<()>,
    held: RwLock<Held>,
    /// Told when another version is served.
    pub(super) changed: Notify,
}

impl Shelf {
    /// Of this content, signed by `signer`; nothing is read yet.
    pub(super) fn new(content: Arc<dyn Content>, signer: Option<Signer>) -> Self {
        Self { content, signer: signer.map(Arc::new), turn: tokio::sync::Mutex::default(), held: RwLock::default(), changed: Notify::new() }
    }

    /// What is served, if that is known for a moment not before `at`.
    fn fresh(&self, at: Duration) -> Option<Arc<Served>> {
        let held = self.held.read().unwrap_or_else(PoisonError::into_inner);
        let (looked, good_for) = held.looked?;
        if at <= looked.saturating_add(good_for) { held.served.clone() } else { None }
    }

    /// Why there is nothing to serve, if that was found out for a moment not before `at`.
    fn failing(&self, at: Duration) -> Option<Error> {
        let held = self.held.read().unwrap_or_else(PoisonError::into_inner);
        let ((looked, good_for), (code, message)) = (held.looked?, held.failed.clone()?);
        let failing = held.served.is_none() && at <= looked.saturating_add(good_for);
        failing.then(|| Error::new(Kind::Unavailable, code, message))
    }

    fn change(&self, change: impl FnOnce(&mut Held)) {
        change(&mut self.held.write().unwrap_or_else(PoisonError::into_inner));
    }

    /// What is served now.
    ///
    /// # Errors
    /// When it cannot be read and never was; as long as there is an older one, that is served.
    pub(super) async fn current(&self, bridge: &Bridge, clock: &Arc<dyn Clock>) -> Result<Arc<Served>> {
        let arrived = clock.monotonic();
        if let Some(served) = self.fresh(arrived) {
            return Ok(served);
        }
        let _turn = self.turn.lock().await;
        if let Some(served) = self.fresh(arrived) {
            return Ok(served);
        }
        if let Some(error) = self.failing(arrived) {
            return Err(error);
        }
        let started = clock.monotonic();
        let outcome = self.look(bridge, clock).await;
        let mut answer = Err(Error::new(Kind::Unavailable, "config_unavailable", "there is no configuration to serve yet"));
        self.change(|held| {
            let good_for = outcome.as_ref().map_or(AFTER_FAILURE, |took| held.count(started, *took));
            held.looked = Some((started, good_for));
            let failure = outcome.as_ref().err().map(|error| (error.code().to_owned(), error.message().to_owned()));
            if failure != held.failed {
                if let Err(error) = &outcome {
                    tracing::error!(code = error.code(), causes = ?error.causes(), "the configuration cannot be read anew: {error}");
                } else {
                    tracing::info!("the configuration can be read again");
                }
                held.failed = failure;
            }
            if let Some(served) = &held.served {
                answer = Ok(Arc::clone(served));
            }
        });
        match (answer, outcome) {
            (Err(_), Err(error)) => Err(error),
            (answer, _) => answer,
        }
    }

    /// Looks at the files; where they changed, what is served changes with them. Gives how long the looking alone took.
    async fn look(&self, bridge: &Bridge, clock: &Arc<dyn Clock>) -> Result<Duration> {
        let (known, served) = {
            let held = self.held.read().unwrap_or_else(PoisonError::into_inner);
            (held.fingerprint, held.served.clone())
        };
        let (content, watch) = (Arc::clone(&self.content), Arc::clone(clock));
        // Before the files: what changes while they are read is seen at the next look.
        let (fingerprint, took) = bridge
            .assemble(move || {
                let started = watch.monotonic();
                let fingerprint = content.fingerprint()?;
                Ok((fingerprint, watch.monotonic().saturating_sub(started)))
            })
            .await?;
        if known == Some(fingerprint) {
            return Ok(took);
        }
        let fingerprint = self.settled(bridge, fingerprint).await?;
        let content = Arc::clone(&self.content);
        let read = bridge.files(move || {
            let loaded = content.load()?;
            Ok((loaded.version(), loaded, content.is_gone()))
        });
        let (version, loaded, gone) = read.await?;
        if served.as_ref().is_none_or(|served| served.left_out != loaded.left_out) {
            for left in &loaded.left_out {
                tracing::warn!(file = left.file, reason = left.reason, "a file is not served");
            }
        }
        let now = clock.now();
        // Written before it is served: after a restart it is never older than what somebody was given.
        let stamp = bridge
            .write(move |entities| {
                let before = entities.served()?;
                // A disk that is missing must not empty every machine's copy.
                if gone && before.as_ref().is_some_and(|before| before.version != version) {
                    let message = "the folders workflows and competences are gone, and there was content in them before";
                    return Err(Error::new(Kind::Unavailable, "content_missing", message)
                        .hint("bring the disk back, or make an empty folder workflows to serve nothing"));
                }
                let stamp = Stamp::after(before.clone(), version, now);
                if before.as_ref() != Some(&stamp) {
                    entities.serve(&stamp)?;
                }
                Ok(stamp)
            })
            .await?;
        let other = served.as_ref().is_none_or(|served| served.version != stamp.version);
        let signer = self.signer.clone();
        let built = Arc::new(bridge.files(move || build(&stamp, loaded, signer.as_deref())).await?);
        if other {
            tracing::info!(version = built.version, bytes = built.plain.len(), "another configuration is served");
        }
        self.change(|held| {
            held.fingerprint = Some(fingerprint);
            held.served = Some(built);
        });
        if other {
            self.changed.notify_waiters();
        }
        Ok(took)
    }

    /// Waits until the files stand still, for a while at most: half a file may look like a whole one.
    async fn settled(&self, bridge: &Bridge, mut fingerprint: Fingerprint) -> Result<Fingerprint> {
        for _ in 0..MOST_WAITS {
            tokio::time::sleep(STANDS_STILL).await;
            let content = Arc::clone(&self.content);
            let now = bridge.assemble(move || content.fingerprint()).await?;
            if now == fingerprint {
                break;
            }
            fingerprint = now;
        }
        Ok(fingerprint)
    }
}

fn build(stamp: &Stamp, loaded: Loaded, signer: Option<&Signer>) -> Result<Served> {
    let defect = || Error::new(Kind::Bug, "not_serialisable", "the configuration could not be written as JSON");
    let sign = |signer: &Signer| {
        let content = canonical(&loaded.skills, &loaded.workflows);
        signer.sign(&mut Cursor::new(content), &claim_of(&stamp.version, stamp.synced_at))
    };
    let signature = signer.map(sign).transpose()?;
    let answer = ConfigAnswer {
        version: &stamp.version,
        skills: &loaded.skills,
        workflows: &loaded.workflows,
        synced_at: stamp.synced_at.to_string(),
        signature: signature.as_deref(),
    };
    let plain = serde_json::to_vec(&answer).map_err(|cause| defect().caused_by(cause))?;
    if plain.len() > MAX_SNAPSHOT_BYTES {
        let message =
            format!("workflows and skills together take {} bytes, more than the {MAX_SNAPSHOT_BYTES} that are served", plain.len());
        return Err(
            Error::new(Kind::Unavailable, "config_too_large", message).hint("take workflows out of the data directory that nobody needs")
        );
    }
    let mut gzip = GzEncoder::new(Vec::new(), Compression::default());
    let packed = gzip.write_all(&plain).and_then(|()| gzip.finish()).map_err(|cause| defect().caused_by(cause))?;
    let header = |text: String| HeaderValue::from_str(&text).map_err(|cause| defect().caused_by(cause));
    Ok(Served {
        etag: header(format!("\"{}\"", stamp.version))?,
        weak_etag: header(format!("W/\"{}\"", stamp.version))?,
        version: stamp.version.clone(),
        plain: plain.into(),
        packed: packed.into(),
        left_out: loaded.left_out,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Looks as often as may be for so long: each at `took`, or later where the one before is still good. Gives when each began.
    fn looks(took: Duration, until: Duration) -> Vec<Duration> {
        let (mut held, mut at, mut begun) = (Held::default(), Duration::ZERO, Vec::new());
        while at < until {
            begun.push(at);
            let good_for = held.count(at, took);
            held.looked = Some((at, good_for));
            at += took.max(good_for);
        }
        begun
    }

    #[test]
    fn short_looks_are_never_held_back_and_long_ones_take_a_twentieth() {
        let minute = Duration::from_mins(1);
        assert_eq!(looks(LONG_LOOK, minute).len(), 12_000);
        for took in [6, 50, 500, 2_000] {
            let took = Duration::from_millis(took);
            let spent = took * u32::try_from(looks(took, minute).len()).unwrap();
            let may = minute / SHARE + AT_ONCE + took;
            assert!(spent <= may && spent * 10 >= minute / SHARE * 9, "{took:?}: {spent:?} of {may:?}");
        }
    }

    #[test]
    fn a_look_that_took_long_once_makes_no_answer_older() {
        let mut held = Held::default();
        for at in 0..100 {
            let started = Duration::from_secs(at);
            let good_for = held.count(started, Duration::from_millis(if at % 4 == 0 { 150 } else { 1 }));
            assert_eq!(good_for, Duration::ZERO, "{at}");
            held.looked = Some((started, good_for));
        }
    }
}
