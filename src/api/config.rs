//! What machines keep at hand: answers about the configuration.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

use crate::sync::LeftOut;

/// `GET /config/version`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ConfigVersionAnswer {
    /// SHA-256 of the canonical JSON of what is served, 64 hexadecimal digits.
    pub version: String,
    /// Files that are not served; for operators, and only when there are any.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub left_out: Vec<LeftOutView>,
}

/// A file that is not served.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LeftOutView {
    /// Its path below the data directory.
    pub file: String,
    /// Why.
    pub reason: String,
}

impl From<&LeftOut> for LeftOutView {
    fn from(of: &LeftOut) -> Self {
        Self { file: of.file.clone(), reason: of.reason.clone() }
    }
}

/// `GET /config/all`.
#[derive(Debug, Serialize, ToSchema)]
pub struct ConfigAnswer<'a> {
    /// SHA-256 of the canonical JSON of `{"skills", "workflows"}`, 64 hexadecimal digits.
    pub version: &'a str,
    /// The skills, each with `id`, `name` and `learning_state` (`stable`, `supervised` or `candidate`).
    #[schema(value_type = Vec<Object>)]
    pub skills: &'a [Map<String, Value>],
    /// The workflows, each with `workflow_id` and `name`.
    #[schema(value_type = Vec<Object>)]
    pub workflows: &'a [Map<String, Value>],
    /// Since when this version is served.
    pub synced_at: String,
    /// A minisign signature over the canonical JSON, where the server signs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub signature: Option<&'a str>,
}
