//! Where published ZIPs are kept, and how one is taken in: read through and hashed before anybody is offered it.

use super::archive::Ceilings;
use super::ports::Content;
use super::release::{MAX_NOTES_CHARS, Release, Stage, UpdateType};
use super::signature::TrustedKeys;
use super::verify::{Expected, Report, verify};
use super::version::Version;
use crate::clock::Time;
use crate::error::{Error, Kind, Result};

/// The longest version of a release, bytes: it becomes a part of a file's name.
const MAX_RELEASE_VERSION: usize = 60;

/// The folder of published ZIPs.
pub trait Depot: Send + Sync {
    /// A file that comes in; it goes away again unless it is kept.
    fn receive(&self) -> Result<Box<dyn Delivery>>;
    /// A published ZIP and its size.
    fn open(&self, file: &str) -> Result<Option<(Box<dyn Content>, u64)>>;
    /// Removes a ZIP that was kept and could not be published.
    fn discard(&self, file: &str) -> Result<()>;
}

/// A ZIP that comes in.
pub trait Delivery: Send {
    /// Adds bytes at its end.
    fn append(&mut self, bytes: &[u8]) -> Result<()>;
    /// The whole of it.
    fn content(&mut self) -> Result<Box<dyn Content>>;
    /// Flushes it and gives it its name, over the same content if that is there.
    fn keep(self: Box<Self>, file: &str) -> Result<()>;
}

/// What a release is to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposal {
    /// Its version.
    pub version: Version,
    /// What it replaces.
    pub update_type: UpdateType,
    /// Which part of the fleet it is offered to, percent.
    pub rollout: u8,
    /// The oldest version that it may be applied to.
    pub min_version: Option<Version>,
    /// What people should know of it.
    pub notes: Option<String>,
    /// The text of its signature.
    pub signature: Option<String>,
}

impl Proposal {
    /// Whether it can be a release at all.
    ///
    /// # Errors
    /// [`Kind::Validation`] naming the field.
    pub fn check(&self) -> Result<()> {
        let wrong = |field: &str, why: &str| Err(Error::field(&["query", field], "value_error", why));
        if self.rollout > 100 {
            return wrong("rollout", "must be a percentage, 0 to 100");
        }
        if self.notes.as_ref().is_some_and(|notes| notes.chars().count() > MAX_NOTES_CHARS) {
            return wrong("notes", "must not be longer than 4000 characters");
        }
        if self.version.to_string().len() > MAX_RELEASE_VERSION {
            return wrong("version", "must not be longer than 60 characters");
        }
        if self.min_version.as_ref().is_some_and(|base| *base >= self.version) {
            return wrong("min_version", "must be older than the version itself");
        }
        Ok(())
    }

    /// Looks at the ZIP that came in for it.
    ///
    /// # Errors
    /// When it cannot be read. What is wrong with it is in the report.
    pub fn verify(&self, delivery: &mut dyn Delivery, keys: &TrustedKeys, ceilings: &Ceilings) -> Result<Report> {
        let expected = Expected {
            version: Some(self.version.clone()),
            update_type: Some(self.update_type),
            signature: self.signature.clone(),
            ..Expected::default()
        };
        verify(&mut delivery.content()?, None, &expected, keys, ceilings)
    }

    /// The release that it becomes with a ZIP that is whole.
    pub fn release(self, report: &Report, now: Time) -> Release {
        Release {
            file: Release::file_name(&self.version, self.update_type, &report.sha256),
            version: self.version,
            update_type: self.update_type,
            size: report.size,
            sha256: report.sha256.clone(),
            signature: self.signature,
            rollout: self.rollout,
            min_version: self.min_version,
            notes: self.notes,
            stage: Stage::Published,
            published_at: now,
            changed_at: now,
        }
    }
}

/// Removes a ZIP that was kept and could not be published, unless it is that of one of `releases` all the same: published under other
/// words, or withdrawn.
///
/// # Errors
/// When it cannot be removed.
pub fn discard_orphan(depot: &dyn Depot, releases: &[Release], file: &str) -> Result<()> {
    if releases.iter().any(|release| release.file == file) { Ok(()) } else { depot.discard(file) }
}

/// The refusal of a ZIP that is not whole.
pub fn refused(kind: Kind, report: &Report) -> Error {
    let first = report.problems.first().map_or("", |problem| &problem.message);
    let at = report.problems.first().and_then(|problem| problem.entry.as_deref()).map(|entry| format!("{entry}: ")).unwrap_or_default();
    let more = report.problems.len().saturating_sub(1);
    let others = if more > 0 { format!(", and {more} more") } else { String::new() };
    Error::new(kind, "release_refused", format!("the ZIP is refused: {at}{first}{others}"))
        .hint("`lea update verify` lists everything that is wrong with it")
        .detail("problems", serde_json::json!(report.problems))
}
