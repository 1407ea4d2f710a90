//! Requests and answers about replays.

use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

use crate::replay::{self, Taken};

/// `POST /traces/stream/replay`.
#[derive(Clone, Default, Serialize, Deserialize, ToSchema)]
pub struct StartRequest {
    /// The workflow.
    pub workflow_id: String,
    /// The session to start on; empty, or `chat_…`: the machine's, or that of the one agent there is.
    #[serde(default)]
    pub session_id: String,
    /// The machine to start on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub machine_id: Option<String>,
    /// What the workflow's variables stand for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub params: Option<Map<String, Value>>,
    /// The edges to take, by id, where the workflow branches.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<Vec<String>>,
    /// Whether to cancel what runs there.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub replace: bool,
}

/// `POST /traces/stream/replay/raw`.
#[derive(Clone, Default, Serialize, Deserialize, ToSchema)]
pub struct RawRequest {
    /// The actions, in order.
    #[schema(value_type = Vec<Object>)]
    pub actions: Vec<Map<String, Value>>,
    /// As in `StartRequest`.
    #[serde(default)]
    pub session_id: String,
    /// As in `StartRequest`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub machine_id: Option<String>,
    /// What it is for.
    #[serde(default)]
    pub task_description: String,
    /// Whether to cancel what runs there.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub replace: bool,
}

/// `POST /traces/stream/replay/single`.
#[derive(Clone, Default, Serialize, Deserialize, ToSchema)]
pub struct SingleRequest {
    /// The action.
    #[schema(value_type = Object)]
    pub action: Map<String, Value>,
    /// As in `StartRequest`.
    #[serde(default)]
    pub session_id: String,
    /// As in `StartRequest`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub machine_id: Option<String>,
}

/// A replay was started.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct StartAnswer {
    /// Its id.
    pub replay_id: String,
    /// `running`.
    pub status: String,
    /// The workflow, if it is of one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub workflow_id: Option<String>,
    /// What raw actions are for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub task: Option<String>,
    /// The session that it was started on.
    pub session_id: String,
    /// The machine, or `default`.
    pub machine_id: String,
    /// How many actions it has.
    pub total_actions: usize,
}

/// A single action waits.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct SingleAnswer {
    /// The action's id.
    pub action_id: String,
    /// The replay that it is.
    pub replay_id: String,
    /// The session that it was started on.
    pub session_id: String,
    /// The machine that was named, if one was.
    pub machine_id: Option<String>,
    /// `enqueued`.
    pub status: String,
}

/// `GET /traces/stream/replay/next`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct NextAnswer {
    /// What to do, or nothing.
    #[schema(value_type = Option<Object>)]
    pub action: Option<Map<String, Value>>,
    /// The session that asked.
    pub session_id: String,
    /// The machine that asked, as it called itself.
    pub machine_id: String,
}

/// `POST /traces/stream/replay/result`.
#[derive(Clone, Default, Serialize, Deserialize, ToSchema)]
pub struct ResultRequest {
    /// The session of the agent.
    pub session_id: String,
    /// The action, by the id under which it was handed out.
    pub action_id: String,
    /// Whether it was done.
    #[serde(deserialize_with = "yes_or_no")]
    pub success: bool,
    /// Why not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// The screen afterwards: PNG or JPEG in base64, or the id of a shot of the session.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub screenshot: Option<String>,
    /// The same; stands before `screenshot`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub screenshot_after: Option<String>,
    /// The screen before, likewise; without it the one after the action before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub screenshot_before: Option<String>,
    /// Where the agent clicked, pixels.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub actual_position: Option<PositionView>,
    /// False: another try would fail too.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retryable: Option<bool>,
}

/// Reads yes or no as the field's agents may write it: a boolean, 0 or 1, or one of these as text.
fn yes_or_no<'de, D: Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
    let value = Value::deserialize(deserializer)?;
    let known = match &value {
        Value::Bool(yes) => Some(*yes),
        Value::Number(number) => [(0.0, false), (1.0, true)].into_iter().find(|(known, _)| number.as_f64() == Some(*known)).map(|it| it.1),
        Value::String(text) => match text.to_ascii_lowercase().as_str() {
            "true" | "1" | "yes" | "y" | "on" | "t" => Some(true),
            "false" | "0" | "no" | "n" | "off" | "f" => Some(false),
            _ => None,
        },
        _ => None,
    };
    known.ok_or_else(|| serde::de::Error::custom("invalid type: expected a boolean"))
}

/// A place in pixels.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct PositionView {
    /// From the left.
    pub x: f64,
    /// From the top.
    pub y: f64,
}

/// A report was taken.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ResultAnswer {
    /// `recorded`; `late` where it came when it no longer mattered, and changes nothing.
    pub status: String,
    /// The action.
    pub action_id: String,
    /// What was reported.
    pub success: bool,
    /// How the replay stood then.
    pub replay_status: String,
    /// Actions that were still to be handed out.
    pub remaining_actions: usize,
    /// How many attempts at the action there were before.
    pub retry_count: u32,
    /// What the screens say, where they could be compared.
    pub verification: Option<VerificationView>,
}

impl ResultAnswer {
    /// What to answer to a report on `action`.
    pub fn of(action: String, taken: Taken) -> Self {
        Self {
            status: if taken.late { "late" } else { "recorded" }.to_owned(),
            action_id: action,
            success: taken.report.success,
            replay_status: taken.receipt.status.to_string(),
            remaining_actions: taken.receipt.remaining,
            retry_count: taken.number,
            verification: taken.report.verification.map(Into::into),
        }
    }
}

/// What the screens before and after say.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct VerificationView {
    /// Whether they bear the report out, or need not.
    pub verified: bool,
    /// `continue`, `retry` or `stall`.
    pub suggestion: String,
    /// A sentence.
    pub detail: String,
    /// `changed_here`, `changed_elsewhere`, `changed`, `unchanged` or `not_comparable`.
    pub verdict: String,
}

impl From<replay::Verification> for VerificationView {
    fn from(seen: replay::Verification) -> Self {
        let replay::Verification { verified, suggestion, detail, verdict } = seen;
        Self { verified, suggestion, detail, verdict }
    }
}

/// `POST /traces/stream/replay/{id}/resume`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ResumeRequest {
    /// `retry`, `skip` or `fail`; for a replay that is stalled, and needed there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decision: Option<String>,
}

/// `POST /traces/stream/replay/{id}/cancel`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CancelRequest {
    /// Why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// `POST /traces/stream/replay/error_callback`.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
pub struct CallbackRequest {
    /// The replay.
    pub replay_id: String,
    /// Where to tell that it failed or waits for a person.
    pub callback_url: String,
}

/// A callback is registered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CallbackAnswer {
    /// `callback_registered`.
    pub status: String,
    /// The replay.
    pub replay_id: String,
    /// Where to.
    pub callback_url: String,
}
