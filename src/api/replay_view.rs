//! What is told of replays: their state, their results, and what happens to them.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{PositionView, VerificationView};
use crate::clock::Time;
use crate::replay::{Attempt, Fact, Outcome, Replay, Status};

/// What stands for a value that is not told.
const HIDDEN: &str = "********";

/// One attempt at one action that has ended.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ResultView {
    /// The id under which it was handed out.
    pub action_id: String,
    /// Which action of the replay, from 0.
    pub action_index: usize,
    /// `click`, `type`, `key_combo`, `wait`, `wait_until` or `wait_gone`.
    pub action_type: String,
    /// What became of it: `success, failed, unverified, unreported, unknown, skipped`.
    pub outcome: String,
    /// Whether the agent held it for done.
    pub success: bool,
    /// Why not, in the agent's words.
    pub error: Option<String>,
    /// Whether the agent sent the screen afterwards.
    pub has_screenshot: bool,
    /// Where the agent clicked.
    pub actual_position: Option<PositionView>,
    /// How many attempts there were before.
    pub retry_count: u32,
    /// What the screens say.
    pub verification: Option<VerificationView>,
    /// When it was handed out.
    #[schema(value_type = String, format = DateTime)]
    pub handed_at: Time,
    /// When it ended.
    #[schema(value_type = String, format = DateTime)]
    pub ended_at: Time,
    /// To which session.
    pub session_id: String,
    /// What a person decided.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decision: Option<String>,
    /// What the agent said when it no longer mattered: success or not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub late_success: Option<bool>,
    /// The picture of the screen before, by its name below `…/replay/{id}/screen/`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub screen_before: Option<String>,
    /// The same of the screen after.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub screen_after: Option<String>,
    /// Where the target was found.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target: Option<TargetView>,
}

/// Where the target of an attempt was found.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct TargetView {
    /// The verdict.
    pub verdict: String,
    /// A finer word for why, if it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cause: Option<String>,
    /// x, y, width, height in pixels of the screen before.
    pub place: Option<[u32; 4]>,
    /// How alike.
    pub score: Option<f64>,
}

/// The action that is out, or that the server carries out by looking.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct OutView {
    /// Its id.
    pub action_id: String,
    /// Which action of the replay, from 0.
    pub action_index: usize,
    /// `click`, `type`, `key_combo`, `wait`, `wait_until` or `wait_gone`.
    pub action_type: String,
    /// To which session.
    pub session_id: String,
    /// Since when.
    #[schema(value_type = String, format = DateTime)]
    pub handed_at: Time,
}

/// An action that failed for good.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ErrorView {
    /// The action.
    pub action_id: String,
    /// Why.
    pub error: String,
    /// How many attempts there were before.
    pub retry_count: u32,
    /// When, seconds since 1970.
    pub timestamp: f64,
}

/// A replay.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ReplayView {
    /// Its id.
    pub replay_id: String,
    /// The workflow; `free_task:…` for raw actions, `single_action` for one.
    pub workflow_id: String,
    /// The session that was last given something.
    pub session_id: String,
    /// The machine, or `default`.
    pub machine_id: String,
    /// `running, paused, stalled, completed, completed_with_warnings, error, cancelled`.
    pub status: String,
    /// How many actions it has.
    pub total_actions: usize,
    /// Reported as done.
    pub completed_actions: usize,
    /// Failed for good.
    pub failed_actions: usize,
    /// The same as `completed_actions`.
    pub current_action_index: usize,
    /// The names of the variables that were set; their values are not told.
    #[schema(value_type = Object)]
    pub params: BTreeMap<String, String>,
    /// Every attempt that has ended, in order.
    pub results: Vec<ResultView>,
    /// Attempts after the first.
    pub retried_actions: usize,
    /// Attempts whose effect could not be seen.
    pub unverified_actions: usize,
    /// What failed for good.
    pub error_log: Vec<ErrorView>,
    /// The last picture that the agent sent, by its name.
    pub last_screenshot: Option<String>,
    /// Never reported.
    pub unreported_actions: usize,
    /// Not known.
    pub unknown_actions: usize,
    /// Passed over by a person.
    pub skipped_actions: usize,
    /// Still to be handed out.
    pub remaining_actions: usize,
    /// What is out, or what the server waits to see.
    pub out: Option<OutView>,
    /// Why it waits for a person, or was ended.
    pub reason: Option<String>,
    /// When it was started.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Time,
    /// When its first action was handed out.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub started_at: Option<Time>,
    /// When it was over.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub finished_at: Option<Time>,
}

impl ReplayView {
    /// All that is told of a replay.
    pub fn of(replay: &Replay) -> Self {
        let (plan, counts) = (replay.plan(), replay.counts());
        let (started_at, finished_at) = replay.times();
        let ended = |attempt: &&Attempt| attempt.end.is_some();
        Self {
            replay_id: plan.id.clone(),
            workflow_id: plan.workflow_id(),
            session_id: replay.session().to_owned(),
            machine_id: plan.machine.clone(),
            status: replay.status().to_string(),
            total_actions: plan.actions.len(),
            completed_actions: counts.completed,
            failed_actions: counts.failed,
            current_action_index: counts.completed,
            params: plan.params.keys().map(|name| (name.clone(), HIDDEN.to_owned())).collect(),
            results: replay.attempts().iter().filter(ended).map(|attempt| ResultView::of(replay, attempt)).collect(),
            retried_actions: counts.retried,
            unverified_actions: counts.unverified,
            error_log: errors(replay),
            last_screenshot: replay.attempts().iter().rev().find_map(|attempt| attempt.report.as_ref()?.after.clone()),
            unreported_actions: counts.unreported,
            unknown_actions: counts.unknown,
            skipped_actions: counts.skipped,
            remaining_actions: replay.remaining(),
            out: replay.out().or(replay.watched()).map(|attempt| OutView {
                action_id: attempt.id.clone(),
                action_index: attempt.action,
                action_type: kind_of(replay, attempt),
                session_id: attempt.session.clone(),
                handed_at: attempt.handed_at,
            }),
            reason: replay.stall().map(|why| why.sentence().to_owned()).or(replay.reason().map(str::to_owned)),
            created_at: plan.created_at,
            started_at,
            finished_at,
        }
    }

    /// The same without what is long.
    #[must_use]
    pub fn in_short(mut self) -> Self {
        self.results.clear();
        self
    }
}

fn kind_of(replay: &Replay, attempt: &Attempt) -> String {
    replay.plan().actions.get(attempt.action).map_or("", |action| action.kind().as_str()).to_owned()
}

/// The last attempt, where it ended the replay.
fn errors(replay: &Replay) -> Vec<ErrorView> {
    let last = replay.attempts().last().filter(|_| replay.status() == Status::Error);
    let entry = |attempt: &Attempt| {
        let (at, _) = attempt.end?;
        let said = attempt.report.as_ref().and_then(|report| report.error.clone());
        Some(ErrorView {
            action_id: attempt.id.clone(),
            error: said.unwrap_or_else(|| "no reason was given".to_owned()),
            retry_count: attempt.number,
            timestamp: at.micros() as f64 / 1e6,
        })
    };
    last.and_then(entry).into_iter().collect()
}

impl ResultView {
    fn of(replay: &Replay, attempt: &Attempt) -> Self {
        let (ended_at, outcome) = attempt.end.unwrap_or((attempt.handed_at, Outcome::Unknown));
        let report = attempt.report.clone().unwrap_or_default();
        Self {
            action_id: attempt.id.clone(),
            action_index: attempt.action,
            action_type: kind_of(replay, attempt),
            outcome: outcome.as_str().to_owned(),
            success: report.success,
            error: report.error,
            has_screenshot: report.after.is_some(),
            actual_position: report.position.map(|point| PositionView { x: point.x, y: point.y }),
            retry_count: attempt.number,
            verification: report.verification.map(Into::into),
            handed_at: attempt.handed_at,
            ended_at,
            session_id: attempt.session.clone(),
            decision: attempt.decision.and_then(|decision| word(&decision)),
            late_success: attempt.late.as_ref().map(|late| late.success),
            screen_before: report.before.or_else(|| attempt.sighted.as_ref()?.screen.clone()),
            screen_after: report.after,
            target: attempt.sighted.as_ref().map(|seen| TargetView {
                verdict: seen.verdict.clone(),
                cause: seen.cause.clone(),
                place: seen.place,
                score: seen.score,
            }),
        }
    }
}

/// The name that serde gives a word.
fn word<T: Serialize>(value: &T) -> Option<String> {
    serde_json::to_value(value).ok()?.as_str().map(str::to_owned)
}

/// `GET /traces/stream/replays`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ReplaysAnswer {
    /// The replays.
    pub replays: Vec<ReplayView>,
    /// Where the next page begins; null at the end.
    pub next_cursor: Option<String>,
}

/// Something happened to a replay: one line of `GET /traces/stream/replay/{id}/events`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ProgressView {
    /// The replay.
    pub replay_id: String,
    /// What: `snapshot, handed, watching, waiting, waited, looked, ended, again, stalled, paused, resumed, finished, late, sighted`.
    pub event: String,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub at: Time,
    /// How the replay stands after it.
    pub status: String,
    /// Reported as done.
    pub completed_actions: usize,
    /// How many there are.
    pub total_actions: usize,
    /// The action it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub action_id: Option<String>,
    /// Which action of the replay, from 0.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub action_index: Option<usize>,
    /// `click`, `type`, `key_combo`, `wait`, `wait_until` or `wait_gone`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub action_type: Option<String>,
    /// What became of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outcome: Option<String>,
    /// The verdict of the screens; of `looked`, of the target.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verdict: Option<String>,
    /// How long it was out, milliseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub elapsed_ms: Option<u64>,
    /// Why, where a reason is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

impl ProgressView {
    /// How a replay stands.
    pub fn snapshot(replay: &Replay, at: Time) -> Self {
        let out = replay.out().or(replay.watched());
        Self {
            replay_id: replay.plan().id.clone(),
            event: "snapshot".to_owned(),
            at,
            status: replay.status().to_string(),
            completed_actions: replay.counts().completed,
            total_actions: replay.plan().actions.len(),
            action_id: out.map(|attempt| attempt.id.clone()),
            action_index: out.map(|attempt| attempt.action),
            action_type: out.map(|attempt| kind_of(replay, attempt)),
            outcome: None,
            verdict: None,
            elapsed_ms: None,
            reason: replay.stall().map(|why| why.sentence().to_owned()).or(replay.reason().map(str::to_owned)),
        }
    }

    /// What a fact was, told of a replay to which it has been applied.
    pub fn of(replay: &Replay, fact: &Fact, at: Time) -> Self {
        let attempt = match fact {
            Fact::Late { attempt, .. } => replay.attempts().get(*attempt),
            Fact::Finished { .. } | Fact::Paused => None,
            _ => replay.attempts().last(),
        };
        let mut view = Self {
            event: word_of(fact),
            action_id: attempt.map(|attempt| attempt.id.clone()),
            action_index: attempt.map(|attempt| attempt.action),
            action_type: attempt.map(|attempt| kind_of(replay, attempt)),
            reason: None,
            ..Self::snapshot(replay, at)
        };
        match fact {
            Fact::Ended { outcome, report, .. } => {
                view.outcome = Some(outcome.as_str().to_owned());
                view.verdict = report.as_ref().and_then(|report| Some(report.verification.as_ref()?.verdict.clone()));
                view.elapsed_ms = attempt.map(|attempt| u64::try_from(at.since(attempt.handed_at).as_millis()).unwrap_or(u64::MAX));
                view.reason = report.as_ref().and_then(|report| report.error.clone());
            }
            Fact::Looked { report, .. } => {
                let look = report.look.as_ref();
                view.verdict = look.map(|look| look.sighted.verdict.clone());
                view.reason = look.and_then(|look| look.sighted.cause.clone()).or(report.error.clone());
            }
            Fact::Stalled { why } => view.reason = Some(why.sentence().to_owned()),
            Fact::Finished { reason, .. } => view.reason.clone_from(reason),
            _ => {}
        }
        view
    }
}

/// The name of a fact.
fn word_of(fact: &Fact) -> String {
    serde_json::to_value(fact).ok().and_then(|value| Some(value.get("fact")?.as_str()?.to_owned())).unwrap_or_default()
}
