//! From a server's answer to a plan, or to a reason why not. Pure; and it trusts the server with nothing: never down, never sideways,
//! never what was withdrawn, never by an answer older than one that was seen.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::freshness::Seen;
use super::release::UpdateType;
use super::version::Version;
use crate::error::{Error, Kind, Result};

/// The largest answer or plan that is read, bytes.
pub const MAX_PLAN_BYTES: u64 = 256 << 10;

/// What to install.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    /// The version, as the server wrote it; [`version`](Self::version) reads it.
    pub target_version: String,
    /// What the update replaces.
    pub update_type: UpdateType,
    /// Where the ZIP is: a path on the server, or a whole address.
    pub url: String,
    /// Its SHA-256, in hexadecimal digits; nothing is staged without.
    #[serde(default)]
    pub sha256: Option<String>,
    /// Its size, bytes.
    #[serde(default)]
    pub size: Option<u64>,
    /// The text of its minisign signature.
    #[serde(default)]
    pub signature: Option<String>,
}

impl Plan {
    /// The version that it leads to.
    ///
    /// # Errors
    /// When it is no version.
    pub fn version(&self) -> Result<Version> {
        self.target_version.parse()
    }

    /// Reads a plan that [`decide`] made and somebody kept; also as the `update` of the object that `lea update check` prints.
    ///
    /// # Errors
    /// [`Kind::Input`] naming the field.
    pub fn read(text: &[u8]) -> Result<Option<Self>> {
        let wrong = |why: String| Error::new(Kind::Input, "invalid_plan", format!("the plan cannot be used: {why}"));
        let mut value: Value = serde_json::from_slice(text).map_err(|cause| wrong(cause.to_string()))?;
        if let Some(inside) = value.as_object_mut().and_then(|object| object.remove("update")) {
            if inside.is_null() {
                return Ok(None);
            }
            value = inside;
        }
        if !value.is_object() {
            return Err(wrong("it is no object".to_owned()));
        }
        let plan: Self = serde_path_to_error::deserialize(value).map_err(|cause| wrong(cause.to_string()))?;
        plan.version()?;
        if usable_url(&plan.url) { Ok(Some(plan)) } else { Err(wrong("url is neither a path nor an http or https address".to_owned())) }
    }
}

/// What a machine is ready to take.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Wishes {
    /// Pre-releases too.
    pub prereleases: bool,
}

/// Why there is a plan, or none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// There is one.
    UpdateAvailable,
    /// The server offers none.
    NoUpdate,
    /// Updates are switched off on this machine.
    Disabled,
    /// The machine's own version is no version.
    LocalVersionInvalid,
    /// What the server said is no answer.
    AnswerInvalid,
    /// The version that is offered is none.
    TargetVersionInvalid,
    /// The version that is offered is not newer than the machine's.
    NotNewer,
    /// A pre-release is offered to a machine that wants none.
    PrereleaseNotWanted,
    /// The type is none that is known: applying it as another would be half an update.
    UpdateTypeUnknown,
    /// The address is none that anything may be fetched from.
    UrlInvalid,
    /// The answer is older than one that was seen: somebody repeats it, or the server went back.
    AnswerStale,
    /// The version was withdrawn, as was heard before.
    ReleaseWithdrawn,
}

impl Reason {
    /// A sentence for people.
    pub fn sentence(self) -> &'static str {
        match self {
            Self::UpdateAvailable => "an update is available",
            Self::NoUpdate => "the server offers no update",
            Self::Disabled => "updates are switched off here; set RPA_AUTO_UPDATE_ENABLED, or ask with --even-if-disabled",
            Self::LocalVersionInvalid => "the version that runs here is no version, so that nothing is newer than it",
            Self::AnswerInvalid => "what the server said is no answer to this question",
            Self::TargetVersionInvalid => "the version that the server offers is none",
            Self::NotNewer => "the version that the server offers is not newer than the one that runs here",
            Self::PrereleaseNotWanted => "the server offers a pre-release, which this machine does not take; --prereleases does",
            Self::UpdateTypeUnknown => "the server names a type of update that is not known",
            Self::UrlInvalid => "the server names an address that nothing may be fetched from",
            Self::AnswerStale => "the answer is older than one that was seen before; somebody may be repeating it",
            Self::ReleaseWithdrawn => "the version that the server offers was withdrawn",
        }
    }

    /// Whether the server, or who speaks for it, did what it never should.
    pub fn is_suspicious(self) -> bool {
        matches!(self, Self::AnswerInvalid | Self::UpdateTypeUnknown | Self::UrlInvalid | Self::AnswerStale | Self::ReleaseWithdrawn)
    }
}

/// What follows from an answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Decision {
    /// What to install, if anything.
    pub update: Option<Plan>,
    /// Why, or why not.
    pub reason: Reason,
}

impl Decision {
    /// None, for this reason.
    pub fn none(reason: Reason) -> Self {
        Self { update: None, reason }
    }
}

/// What follows from `answer` for a machine that runs `local`.
pub fn decide(local: &str, wishes: Wishes, answer: &Value, seen: &Seen) -> Decision {
    match plan(local, wishes, answer, seen) {
        Ok(plan) => Decision { update: Some(plan), reason: Reason::UpdateAvailable },
        Err(reason) => Decision::none(reason),
    }
}

fn plan(local: &str, wishes: Wishes, answer: &Value, seen: &Seen) -> Result<Plan, Reason> {
    let answer = answer.as_object().ok_or(Reason::AnswerInvalid)?;
    if seen.is_stale(answer.get("revision")) {
        return Err(Reason::AnswerStale);
    }
    let local: Version = local.parse().map_err(|_| Reason::LocalVersionInvalid)?;
    match answer.get("update_available") {
        Some(Value::Bool(true)) => {}
        Some(Value::Bool(false) | Value::Null) | None => return Err(Reason::NoUpdate),
        // `"false"` is a text, and no text is yes.
        Some(_) => return Err(Reason::AnswerInvalid),
    }
    let target_version = text(answer, "latest_version").map_err(|()| Reason::TargetVersionInvalid)?.ok_or(Reason::TargetVersionInvalid)?;
    let target: Version = target_version.parse().map_err(|_| Reason::TargetVersionInvalid)?;
    if target <= local {
        return Err(Reason::NotNewer);
    }
    if target.is_prerelease() && !wishes.prereleases && !local.is_prerelease() {
        return Err(Reason::PrereleaseNotWanted);
    }
    if seen.is_withdrawn(&target) {
        return Err(Reason::ReleaseWithdrawn);
    }
    let update_type = match text(answer, "update_type").map_err(|()| Reason::UpdateTypeUnknown)? {
        // A server that says nothing means what the field's servers always meant.
        None => UpdateType::CodeOnly,
        Some(name) => name.parse().map_err(|_| Reason::UpdateTypeUnknown)?,
    };
    let url = text(answer, "url").map_err(|()| Reason::UrlInvalid)?.ok_or(Reason::UrlInvalid)?;
    if !usable_url(&url) {
        return Err(Reason::UrlInvalid);
    }
    let size = match answer.get("size") {
        None | Some(Value::Null) => None,
        Some(size) => Some(size.as_u64().ok_or(Reason::AnswerInvalid)?),
    };
    let sha256 = text(answer, "sha256").map_err(|()| Reason::AnswerInvalid)?;
    let signature = text(answer, "signature").map_err(|()| Reason::AnswerInvalid)?;
    Ok(Plan { target_version, update_type, url, sha256, size, signature })
}

/// A field that is a text; a blank one is none.
fn text(answer: &Map<String, Value>, name: &str) -> Result<Option<String>, ()> {
    match answer.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.clone()).filter(|text| !text.trim().is_empty())),
        Some(_) => Err(()),
    }
}

/// Whether `url` is a path on the server, or an address of the web. Two slashes at its beginning would name another host.
fn usable_url(url: &str) -> bool {
    let clean = !url.chars().any(|c| c.is_whitespace() || c.is_control() || c == '\\');
    let lower = url.to_ascii_lowercase();
    clean && ((url.starts_with('/') && !url.starts_with("//")) || lower.starts_with("http://") || lower.starts_with("https://"))
}
