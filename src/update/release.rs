//! Releases, who is offered which, and why not.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::rollout::place;
use super::version::Version;
use crate::clock::Time;
use crate::error::{Error, Kind, Result};

/// The longest notes of a release, characters.
pub const MAX_NOTES_CHARS: usize = 4000;

/// What an update replaces.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum UpdateType {
    /// The agent's own code and nothing else.
    CodeOnly,
    /// Everything.
    Full,
}

impl UpdateType {
    /// `code-only` or `full`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::CodeOnly => "code-only",
            Self::Full => "full",
        }
    }
}

impl fmt::Display for UpdateType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for UpdateType {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        match text {
            "code-only" => Ok(Self::CodeOnly),
            "full" => Ok(Self::Full),
            _ => Err(Error::new(Kind::Input, "invalid_update_type", "an update is of type `code-only` or `full`")),
        }
    }
}

/// Whether a release is offered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// It is offered to who is within its rollout.
    Published,
    /// It is offered to nobody for now; who was offered it may still fetch it.
    Paused,
    /// It is offered to nobody, and refused by who hears of it; for ever.
    Withdrawn,
}

impl Stage {
    /// As it is stored and sent.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Published => "published",
            Self::Paused => "paused",
            Self::Withdrawn => "withdrawn",
        }
    }

    /// The stage of that name.
    pub fn named(text: &str) -> Option<Self> {
        [Self::Published, Self::Paused, Self::Withdrawn].into_iter().find(|stage| stage.as_str() == text)
    }
}

/// One update ZIP with what is known of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Release {
    /// Its version.
    pub version: Version,
    /// What it replaces.
    pub update_type: UpdateType,
    /// The name of its file.
    pub file: String,
    /// Its size, bytes.
    pub size: u64,
    /// Its SHA-256, 64 hexadecimal digits in lower case.
    pub sha256: String,
    /// The text of its minisign signature, if it is signed.
    pub signature: Option<String>,
    /// Which part of the fleet it is offered to, percent.
    pub rollout: u8,
    /// The oldest version that it may be applied to.
    pub min_version: Option<Version>,
    /// What people should know of it.
    pub notes: Option<String>,
    /// Whether it is offered.
    pub stage: Stage,
    /// When it was published.
    pub published_at: Time,
    /// When its stage or rollout was last changed.
    pub changed_at: Time,
}

impl Release {
    /// The name under which the ZIP of a release is kept and served.
    /// A part of the hash is in it, so that one content never stands under the name of another.
    pub fn file_name(version: &Version, update_type: UpdateType, sha256: &str) -> String {
        format!("lea_update_{}_{update_type}_{}.zip", version.canonical(), sha256.get(..12).unwrap_or(sha256))
    }
}

/// Who asks for an update.
#[derive(Debug, Clone, Copy)]
pub struct Asker<'a> {
    /// The version it runs.
    pub version: &'a Version,
    /// Its id, if it says one.
    pub machine_id: Option<&'a str>,
    /// Whether it wants pre-releases.
    pub prereleases: bool,
}

/// Why a release is not offered.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum WhyNot {
    /// The machine runs this version or a newer one.
    NotNewer,
    /// It was withdrawn.
    Withdrawn,
    /// It is paused.
    Paused,
    /// It is a pre-release, and the machine neither asks for them nor runs one.
    Prerelease,
    /// The machine runs a version that it may not be applied to.
    BaseTooOld,
    /// The machine's place is beyond the rollout.
    OutsideRollout(f64),
    /// It is rolled out in part, and the machine did not say who it is.
    Anonymous,
}

impl WhyNot {
    /// A word for scripts.
    pub fn code(self) -> &'static str {
        match self {
            Self::NotNewer => "not_newer",
            Self::Withdrawn => "withdrawn",
            Self::Paused => "paused",
            Self::Prerelease => "prerelease",
            Self::BaseTooOld => "base_too_old",
            Self::OutsideRollout(_) => "outside_rollout",
            Self::Anonymous => "machine_unknown",
        }
    }
}

/// Whether `release` is for `asker`.
///
/// # Errors
/// The first reason why it is not.
pub fn check(release: &Release, asker: Asker<'_>) -> Result<(), WhyNot> {
    if release.version <= *asker.version {
        return Err(WhyNot::NotNewer);
    }
    match release.stage {
        Stage::Withdrawn => return Err(WhyNot::Withdrawn),
        Stage::Paused => return Err(WhyNot::Paused),
        Stage::Published => {}
    }
    if release.version.is_prerelease() && !asker.prereleases && !asker.version.is_prerelease() {
        return Err(WhyNot::Prerelease);
    }
    if release.min_version.as_ref().is_some_and(|base| asker.version < base) {
        return Err(WhyNot::BaseTooOld);
    }
    if release.rollout >= 100 {
        return Ok(());
    }
    let machine = asker.machine_id.ok_or(WhyNot::Anonymous)?;
    let place = place(&release.version, machine);
    if place < f64::from(release.rollout) { Ok(()) } else { Err(WhyNot::OutsideRollout(place)) }
}

/// `releases` as they are considered: the newest first, of one version the one that replaces less.
pub fn ranked(releases: &[Release]) -> Vec<&Release> {
    let mut ranked: Vec<&Release> = releases.iter().collect();
    ranked.sort_by(|a, b| b.version.cmp(&a.version).then(a.update_type.cmp(&b.update_type)));
    ranked
}

/// The release that `asker` is offered: the newest that is for it.
pub fn offer<'a>(releases: &'a [Release], asker: Asker<'_>) -> Option<&'a Release> {
    ranked(releases).into_iter().find(|release| check(release, asker).is_ok())
}

/// What is kept of releases. Each change raises the revision, which never falls.
pub trait Releases {
    /// All of them, in any order.
    fn releases(&mut self) -> Result<Vec<Release>>;
    /// Adds one.
    fn insert_release(&mut self, release: &Release) -> Result<()>;
    /// Writes stage and rollout of one that is there.
    fn save_release(&mut self, release: &Release) -> Result<()>;
    /// The number of the last change, 0 before the first: microseconds since 1970 as the server's clock had it, or one more than
    /// the last where that clock went backwards.
    fn revision(&mut self) -> Result<u64>;
}

/// Adds `release`. Gives the one that is there already when it is the same.
///
/// # Errors
/// [`Kind::Conflict`] when another file was published as this version and type, or the version was withdrawn.
pub fn publish(kept: &mut dyn Releases, release: Release) -> Result<(Release, bool)> {
    let same = |other: &Release| other.version == release.version;
    let of_version: Vec<Release> = kept.releases()?.into_iter().filter(same).collect();
    if of_version.iter().any(|other| other.stage == Stage::Withdrawn) {
        let text = format!("version {} was withdrawn, and machines refuse it from then on", release.version);
        return Err(Error::new(Kind::Conflict, "release_withdrawn", text).hint("publish it under a newer version"));
    }
    let Some(other) = of_version.into_iter().find(|other| other.update_type == release.update_type) else {
        kept.insert_release(&release)?;
        return Ok((release, true));
    };
    match difference(&other, &release) {
        None => Ok((other, false)),
        Some(what) => {
            let text = format!("{} {} is published with another {what}", release.update_type, release.version);
            Err(Error::new(Kind::Conflict, "release_exists", text)
                .hint("a published version never changes, but for its rollout: `lea update rollout`; publish a newer one")
                .detail("differs", what))
        }
    }
}

/// What is not the same about two releases of one version and type, if anything.
fn difference(one: &Release, other: &Release) -> Option<&'static str> {
    let differs = [
        ("ZIP", one.sha256 != other.sha256),
        ("signature", one.signature != other.signature),
        ("rollout", one.rollout != other.rollout),
        ("base", one.min_version != other.min_version),
        ("note", one.notes != other.notes),
    ];
    differs.into_iter().find_map(|(what, differs)| differs.then_some(what))
}

/// What an operator changes of a version.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// See [`Stage::Withdrawn`].
    Withdraw,
    /// See [`Stage::Paused`].
    Pause,
    /// Offered again after a pause.
    Resume,
    /// Offered to this part of the fleet, percent.
    Rollout(u8),
}

/// Changes all releases of a version; gives them as they are then.
///
/// # Errors
/// [`Kind::NotFound`] for a version that was never published; [`Kind::Conflict`] when it was withdrawn and is to be offered again.
pub fn change(kept: &mut dyn Releases, version: &Version, change: Change, now: Time) -> Result<Vec<Release>> {
    let mut of_version: Vec<Release> = kept.releases()?.into_iter().filter(|release| release.version == *version).collect();
    if of_version.is_empty() {
        return Err(Error::new(Kind::NotFound, "unknown_release", format!("version {version} was never published"))
            .hint("`lea update list` shows those that were"));
    }
    for release in &mut of_version {
        let before = (release.stage, release.rollout);
        if release.stage == Stage::Withdrawn && change != Change::Withdraw {
            return Err(Error::new(Kind::Conflict, "release_withdrawn", format!("version {version} was withdrawn"))
                .hint("publish it again under a newer version"));
        }
        match change {
            Change::Withdraw => release.stage = Stage::Withdrawn,
            Change::Pause => release.stage = Stage::Paused,
            Change::Resume => release.stage = Stage::Published,
            Change::Rollout(percent) => release.rollout = percent,
        }
        if (release.stage, release.rollout) != before {
            release.changed_at = now;
            kept.save_release(release)?;
        }
    }
    Ok(of_version)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn release(version: &str, update_type: UpdateType) -> Release {
        let version: Version = version.parse().unwrap();
        Release {
            file: Release::file_name(&version, update_type, "00"),
            version,
            update_type,
            size: 1,
            sha256: "0".repeat(64),
            signature: None,
            rollout: 100,
            min_version: None,
            notes: None,
            stage: Stage::Published,
            published_at: Time::from_micros(0),
            changed_at: Time::from_micros(0),
        }
    }

    fn offered(releases: &[Release], version: &str, machine_id: Option<&str>) -> Option<String> {
        let asker = Asker { version: &version.parse().unwrap(), machine_id, prereleases: false };
        offer(releases, asker).map(|release| format!("{} {}", release.version, release.update_type))
    }

    #[test]
    fn the_newest_that_fits_is_offered_and_less_is_replaced_where_it_may_be() {
        let code = Release { min_version: Some("1.2".parse().unwrap()), ..release("1.4.0", UpdateType::CodeOnly) };
        let releases = [release("1.3.0", UpdateType::Full), code, release("1.4.0", UpdateType::Full), release("2.0rc1", UpdateType::Full)];
        assert_eq!(offered(&releases, "1.2.0", None).as_deref(), Some("1.4.0 code-only"));
        assert_eq!(offered(&releases, "1.1.9", None).as_deref(), Some("1.4.0 full"));
        assert_eq!(offered(&releases, "1.4", None), None);
        assert_eq!(offered(&releases, "2.0b1", None).as_deref(), Some("2.0rc1 full"), "it runs a pre-release");
    }

    #[test]
    fn a_rollout_grows_and_never_takes_back() {
        let at = |percent| Release { rollout: percent, ..release("1.4.0", UpdateType::Full) };
        let mut before = 0;
        for percent in [0, 10, 50, 90, 100] {
            let within = |machine: &u32| offered(&[at(percent)], "1.0", Some(&format!("PC-{machine}"))).is_some();
            let many: Vec<u32> = (0..300).filter(within).collect();
            assert!(many.len() >= before);
            before = many.len();
        }
        assert_eq!(before, 300);
        assert_eq!(offered(&[at(99)], "1.0", None), None, "who doesn't say who it is comes last");
    }

    #[test]
    fn what_is_paused_or_withdrawn_is_offered_to_nobody() {
        for stage in [Stage::Paused, Stage::Withdrawn] {
            let releases = [Release { stage, ..release("1.4.0", UpdateType::Full) }, release("1.3.0", UpdateType::Full)];
            assert_eq!(offered(&releases, "1.0", None).as_deref(), Some("1.3.0 full"));
            assert_eq!(Stage::named(stage.as_str()), Some(stage));
        }
    }
}
