//! The calls about updates.

use std::fs::File;
use std::path::Path;
use std::time::Duration;

use base64::Engine;
use reqwest::Method;
use reqwest::header::HeaderName;
use serde_json::Value;

use super::answer::Answer;
use super::http::{Call, Client, json_body};
use crate::api::{PublishAnswer, ReleasesAnswer, RolloutRequest};
use crate::error::{Error, Result};
use crate::update::{Change, MAX_PLAN_BYTES, Proposal};

/// How long a ZIP may take to be sent and read through.
const UPLOAD_TIME: Duration = Duration::from_mins(30);

/// Asks for an update.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CheckQuery {
    /// The version that runs.
    pub version: String,
    /// The machine, if it is not known by the token.
    pub machine_id: Option<String>,
    /// Pre-releases too.
    pub prereleases: bool,
}

impl Client {
    /// What the server says of an update, as it is: nothing in it is trusted yet.
    ///
    /// # Errors
    /// No answer, a refusal, or an answer that is no JSON.
    pub fn check_update(&self, query: &CheckQuery) -> Result<Value> {
        let mut parameters = vec![("version", query.version.clone())];
        parameters.extend(query.machine_id.clone().map(|machine| ("machine_id", machine)));
        if query.prereleases {
            parameters.push(("prereleases", "true".to_owned()));
        }
        let url = self.server().join(&["api", "v1", "agents", "update", "check"])?;
        let response = self.open(Method::GET, url, Call { query: &parameters, ..Call::default() })?;
        Answer::read_up_to(MAX_PLAN_BYTES, response, self.route())?.success(self.route())
    }

    /// All releases.
    ///
    /// # Errors
    /// No answer, or a refusal.
    pub fn releases(&self) -> Result<ReleasesAnswer> {
        self.agents(Method::GET, &["update", "releases"], Call::default())
    }

    /// Sends a ZIP to be published.
    ///
    /// # Errors
    /// When the file cannot be read; no answer, or a refusal.
    pub fn publish_release(&self, zip: &Path, proposal: &Proposal) -> Result<PublishAnswer> {
        let failed = |cause| Error::io("read", zip, cause);
        let file = File::open(zip).map_err(failed)?;
        let length = file.metadata().map_err(failed)?.len();
        let mut parameters = vec![
            ("version", proposal.version.to_string()),
            ("type", proposal.update_type.to_string()),
            ("rollout", proposal.rollout.to_string()),
        ];
        parameters.extend(proposal.min_version.as_ref().map(|version| ("min_version", version.to_string())));
        parameters.extend(proposal.notes.clone().map(|notes| ("notes", notes)));
        let encoded = proposal.signature.as_ref().map(|text| base64::engine::general_purpose::STANDARD.encode(text));
        let headers: Vec<_> = encoded.map(|text| (HeaderName::from_static("x-lea-signature"), text)).into_iter().collect();
        let call = Call { query: &parameters, headers: &headers, file: Some((file, length)), held: UPLOAD_TIME, ..Call::default() };
        self.agents(Method::POST, &["update", "releases"], call)
    }

    /// Changes a version.
    ///
    /// # Errors
    /// No answer, or a refusal.
    pub fn change_release(&self, version: &str, change: Change) -> Result<ReleasesAnswer> {
        let (word, body) = match change {
            Change::Withdraw => ("withdraw", None),
            Change::Pause => ("pause", None),
            Change::Resume => ("resume", None),
            Change::Rollout(percent) => ("rollout", Some(json_body(&RolloutRequest { percent })?)),
        };
        self.agents(Method::POST, &["update", "releases", version, word], Call { body, ..Call::default() })
    }
}
