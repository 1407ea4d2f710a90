//! Requests and answers about updates.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::clock::Time;
use crate::error::Result;
use crate::update::{Asker, Release, Stage, UpdateType, offer};

/// The most withdrawn versions that one answer names.
const MAX_WITHDRAWN: usize = 100;

/// `GET /agents/update/check`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CheckAnswer {
    /// Whether there is an update for this machine.
    pub update_available: bool,
    /// Its version.
    pub latest_version: Option<String>,
    /// `code-only` or `full`.
    pub update_type: Option<String>,
    /// Where its ZIP is: a path on this server.
    pub url: Option<String>,
    /// The SHA-256 of the ZIP.
    pub sha256: Option<String>,
    /// Its size, bytes.
    pub size: Option<u64>,
    /// The text of its minisign signature, if it is signed.
    pub signature: Option<String>,
    /// What people should know of it.
    pub notes: Option<String>,
    /// The number of the last change of any release; it never falls. An answer with a smaller one than was seen is an old one.
    pub revision: u64,
    /// Versions newer than the machine's that were withdrawn: they are to be refused from whoever offers them.
    pub withdrawn: Vec<String>,
}

impl CheckAnswer {
    /// That there is none.
    pub fn none(revision: u64) -> Self {
        Self {
            update_available: false,
            latest_version: None,
            update_type: None,
            url: None,
            sha256: None,
            size: None,
            signature: None,
            notes: None,
            revision,
            withdrawn: Vec::new(),
        }
    }

    /// What `asker` is told of these releases.
    pub fn of(releases: &[Release], asker: Asker<'_>, revision: u64) -> Self {
        let mut withdrawn: Vec<&Release> =
            releases.iter().filter(|release| release.stage == Stage::Withdrawn && release.version > *asker.version).collect();
        withdrawn.sort_by(|a, b| b.version.cmp(&a.version));
        withdrawn.dedup_by(|a, b| a.version == b.version);
        let none = Self {
            withdrawn: withdrawn.into_iter().take(MAX_WITHDRAWN).map(|release| release.version.to_string()).collect(),
            ..Self::none(revision)
        };
        match offer(releases, asker) {
            None => none,
            Some(release) => Self {
                update_available: true,
                latest_version: Some(release.version.to_string()),
                update_type: Some(release.update_type.to_string()),
                url: Some(format!("/api/v1/agents/update/download/{}", release.file)),
                sha256: Some(release.sha256.clone()),
                size: Some(release.size),
                signature: release.signature.clone(),
                notes: release.notes.clone(),
                ..none
            },
        }
    }
}

/// A release.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ReleaseView {
    /// Its version.
    pub version: String,
    /// `code-only` or `full`.
    #[serde(rename = "type")]
    pub update_type: String,
    /// `published`, `paused` or `withdrawn`.
    #[schema(value_type = String)]
    pub stage: Stage,
    /// Which part of the fleet it is offered to, percent.
    pub rollout: u8,
    /// The oldest version that it may be applied to.
    pub min_version: Option<String>,
    /// The name of its file.
    pub file: String,
    /// Its size, bytes.
    pub size: u64,
    /// Its SHA-256.
    pub sha256: String,
    /// The text of its signature, if it is signed.
    pub signature: Option<String>,
    /// What people should know of it.
    pub notes: Option<String>,
    /// When it was published.
    #[schema(value_type = String, format = DateTime)]
    pub published_at: Time,
    /// When its stage or rollout was last changed.
    #[schema(value_type = String, format = DateTime)]
    pub changed_at: Time,
}

impl From<Release> for ReleaseView {
    fn from(release: Release) -> Self {
        Self {
            version: release.version.to_string(),
            update_type: release.update_type.to_string(),
            stage: release.stage,
            rollout: release.rollout,
            min_version: release.min_version.map(|version| version.to_string()),
            file: release.file,
            size: release.size,
            sha256: release.sha256,
            signature: release.signature,
            notes: release.notes,
            published_at: release.published_at,
            changed_at: release.changed_at,
        }
    }
}

impl ReleaseView {
    /// The release itself.
    ///
    /// # Errors
    /// When its version or type is none, as of a newer server.
    pub fn release(&self) -> Result<Release> {
        Ok(Release {
            version: self.version.parse()?,
            update_type: self.update_type.parse::<UpdateType>()?,
            file: self.file.clone(),
            size: self.size,
            sha256: self.sha256.clone(),
            signature: self.signature.clone(),
            rollout: self.rollout,
            min_version: self.min_version.as_deref().map(str::parse).transpose()?,
            notes: self.notes.clone(),
            stage: self.stage,
            published_at: self.published_at,
            changed_at: self.changed_at,
        })
    }
}

/// `GET /agents/update/releases`, and what changes of a version answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ReleasesAnswer {
    /// The newest first.
    pub releases: Vec<ReleaseView>,
    /// False where machines are offered none of them at all (`update.server_enabled` is off); absent otherwise, and from a data directory,
    /// which does not know with what settings its server runs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub server_enabled: Option<bool>,
}

impl ReleasesAnswer {
    /// Of these, in the order in which they are considered, and whether none is offered at all.
    pub fn of(releases: &[Release], closed: bool) -> Self {
        let releases = crate::update::ranked(releases).into_iter().cloned().map(Into::into).collect();
        Self { releases, server_enabled: closed.then_some(false) }
    }

    /// The releases, read.
    ///
    /// # Errors
    /// When one is none.
    pub fn read(&self) -> Result<Vec<Release>> {
        self.releases.iter().map(ReleaseView::release).collect()
    }

    /// Whether none of them is offered to anybody, as far as that is known.
    pub fn is_closed(&self) -> bool {
        self.server_enabled == Some(false)
    }
}

/// `POST /agents/update/releases`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PublishAnswer {
    /// `published`, or `already_published` when the same ZIP was.
    pub status: String,
    /// The release.
    pub release: ReleaseView,
}

impl PublishAnswer {
    /// Of a release, and whether it is new.
    pub fn of(release: Release, new: bool) -> Self {
        Self { status: if new { "published" } else { "already_published" }.to_owned(), release: release.into() }
    }
}

/// `POST /agents/update/releases/{version}/rollout`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RolloutRequest {
    /// Which part of the fleet it is offered to, 0 to 100.
    pub percent: u8,
}
