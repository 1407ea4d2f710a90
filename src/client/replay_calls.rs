//! The calls about replays, one method each, with the types of [`api`](crate::api). Each fails with the server's own refusal, or
//! with why no answer came.

use std::time::Duration;

use reqwest::blocking::Response;
use reqwest::header::CONTENT_TYPE;
use reqwest::{Method, Url};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::answer::Answer;
use super::events::{Event, Events};
use super::http::{Call, Client, json_body};
use crate::api::{
    CancelRequest, NextAnswer, ProgressView, RawRequest, ReplayView, ReplaysAnswer, ResultAnswer, ResultRequest, ResumeRequest,
    SingleAnswer, SingleRequest, StartAnswer, StartRequest,
};
use crate::error::{Error, Kind, Result};
use crate::id;

/// How long a stream of progress is read before it is asked for again: by then a connection that died silently is noticed.
const STREAM_TIME: Duration = Duration::from_mins(2);

/// Words of the paths below `replay/`: no replay is called so.
const WORDS: [&str; 6] = ["raw", "single", "next", "result", "error_callback", "resolve_target"];

/// Which replays are asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ReplaysQuery {
    /// Only those that stand so.
    pub status: Option<String>,
    /// Only those of this machine.
    pub machine: Option<String>,
    /// The most on a page, 1 to 1000; the server's own choice when absent.
    pub limit: Option<usize>,
    /// Where the page begins.
    pub cursor: Option<String>,
    /// The newest first.
    pub newest: bool,
    /// Without what became of each action.
    pub short: bool,
}

/// How a start is sent.
#[derive(Debug, Clone, Copy, Default)]
pub struct StartCall<'a> {
    /// Makes the request repeatable within 24 h, with the same body.
    pub idempotency_key: Option<&'a str>,
    /// Shorter than the client's own.
    pub timeout: Option<Duration>,
}

/// How an agent asks for its next action.
#[derive(Debug, Clone, Copy)]
pub struct NextCall<'a> {
    /// The agent's session.
    pub session: &'a str,
    /// The agent's machine, where its token does not say it.
    pub machine: Option<&'a str>,
    /// How long the server may hold its answer, whole seconds, at most 60.
    pub wait: Duration,
    /// The same key again, when the answer was lost, gives the same action.
    pub idempotency_key: &'a str,
}

/// Progress as it comes.
pub struct Progress {
    events: Events<Response>,
}

impl Progress {
    /// What happened next; none when the server ended the stream.
    ///
    /// # Errors
    /// When the stream breaks off (which may be tried again), or holds something that no `lea` server sends.
    pub fn read(&mut self) -> Result<Option<ProgressView>> {
        let Some(Event { data, .. }) = self.events.read()? else { return Ok(None) };
        let wrong = |cause: serde_json::Error| {
            Error::new(Kind::Server, "unexpected_answer", "the stream holds something that no lea server sends").caused_by(cause)
        };
        serde_json::from_str(&data).map(Some).map_err(wrong)
    }
}

impl Client {
    pub(super) fn traces(&self, path: &[&str]) -> Result<Url> {
        let segments: Vec<&str> = ["api", "v1", "traces", "stream"].iter().chain(path).copied().collect();
        self.server().join(&segments)
    }

    fn of_replay<T: DeserializeOwned>(&self, method: Method, id: &str, verb: Option<&str>, call: Call<'_>) -> Result<T> {
        let path: Vec<&str> = ["replay", nameable(id)?].into_iter().chain(verb).collect();
        self.send(method, self.traces(&path)?, call)?.success(self.route())
    }

    fn begin<T: Serialize, A: DeserializeOwned>(&self, path: &[&str], request: &T, how: StartCall<'_>) -> Result<A> {
        let StartCall { idempotency_key, timeout } = how;
        let call = Call { idempotency_key, timeout, body: Some(json_body(request)?), ..Call::default() };
        self.send(Method::POST, self.traces(path)?, call)?.success(self.route())
    }

    /// Starts a replay of a workflow.
    ///
    /// # Errors
    /// [`Kind::Conflict`] `replay_running` with the `replay_id` that is in the way, `machine_required`, …; [`Kind::NotFound`].
    pub fn start_replay(&self, request: &StartRequest, how: StartCall<'_>) -> Result<StartAnswer> {
        self.begin(&["replay"], request, how)
    }

    /// Starts a replay of actions as they are.
    pub fn start_actions(&self, request: &RawRequest, how: StartCall<'_>) -> Result<StartAnswer> {
        self.begin(&["replay", "raw"], request, how)
    }

    /// Queues one action.
    pub fn queue_action(&self, request: &SingleRequest, how: StartCall<'_>) -> Result<SingleAnswer> {
        self.begin(&["replay", "single"], request, how)
    }

    /// A page of replays.
    pub fn replays(&self, query: &ReplaysQuery) -> Result<ReplaysAnswer> {
        let mut pairs = Vec::new();
        let mut add = |name, value: Option<String>| pairs.extend(value.map(|value| (name, value)));
        add("status", query.status.clone());
        add("machine_id", query.machine.clone());
        add("limit", query.limit.map(|limit| limit.to_string()));
        add("cursor", query.cursor.clone());
        add("newest", query.newest.then(|| "true".to_owned()));
        add("short", query.short.then(|| "true".to_owned()));
        self.send(Method::GET, self.traces(&["replays"])?, Call { query: &pairs, ..Call::default() })?.success(self.route())
    }

    /// One replay.
    pub fn replay(&self, id: &str) -> Result<ReplayView> {
        self.of_replay(Method::GET, id, None, Call::default())
    }

    /// Stops a replay for a while.
    pub fn pause_replay(&self, id: &str) -> Result<ReplayView> {
        self.of_replay(Method::POST, id, Some("pause"), Call::default())
    }

    /// Lets a replay go on; a stalled one needs a decision: `retry`, `skip` or `fail`.
    ///
    /// Not to be repeated blindly when the answer is lost: the decision may have been taken, and the replay have stalled again at
    /// another action since.
    pub fn resume_replay(&self, id: &str, decision: Option<&str>) -> Result<ReplayView> {
        let request = ResumeRequest { decision: decision.map(str::to_owned) };
        self.of_replay(Method::POST, id, Some("resume"), Call { body: Some(json_body(&request)?), ..Call::default() })
    }

    /// Ends a replay.
    pub fn cancel_replay(&self, id: &str, reason: Option<&str>) -> Result<ReplayView> {
        let request = CancelRequest { reason: reason.map(str::to_owned) };
        self.of_replay(Method::POST, id, Some("cancel"), Call { body: Some(json_body(&request)?), ..Call::default() })
    }

    /// A screen of a replay, PNG or JPEG, by the name that a result gives it.
    pub fn replay_screen(&self, id: &str, name: &str) -> Result<Vec<u8>> {
        let url = self.traces(&["replay", nameable(id)?, "screen", name])?;
        self.send(Method::GET, url, Call::default())?.bytes(self.route())
    }

    /// What happens to a replay, beginning with how it stands.
    pub fn replay_progress(&self, id: &str) -> Result<Progress> {
        let url = self.traces(&["replay", nameable(id)?, "events"])?;
        let response = self.open(Method::GET, url, Call { held: STREAM_TIME, ..Call::default() })?;
        let kind = response.headers().get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
        if response.status().is_success() && kind.starts_with("text/event-stream") {
            return Ok(Progress { events: Events::new(response) });
        }
        let answer = Answer::read(response, self.route())?;
        Err(answer.success::<Value>(self.route()).err().unwrap_or_else(|| {
            Error::new(Kind::Unreachable, "unexpected_answer", "network: the answer is no stream of events; a proxy may have changed it")
        }))
    }

    /// Registers an agent's session.
    pub fn register_session(&self, session: &str, machine: Option<&str>) -> Result<Value> {
        let mut query = vec![("session_id", session.to_owned())];
        query.extend(machine.map(|machine| ("machine_id", machine.to_owned())));
        self.send(Method::POST, self.traces(&["register"])?, Call { query: &query, ..Call::default() })?.success(self.route())
    }

    /// The next action for an agent, if there is one.
    pub fn next_action(&self, how: &NextCall<'_>) -> Result<NextAnswer> {
        let mut query = vec![("session_id", how.session.to_owned())];
        query.extend(how.machine.map(|machine| ("machine_id", machine.to_owned())));
        if how.wait.as_secs() > 0 {
            query.push(("wait", how.wait.as_secs().to_string()));
        }
        let call = Call { query: &query, idempotency_key: Some(how.idempotency_key), held: how.wait, ..Call::default() };
        self.send(Method::GET, self.traces(&["replay", "next"])?, call)?.success(self.route())
    }

    /// Says what became of an action. The same again is answered the same.
    ///
    /// # Errors
    /// [`Kind::Conflict`] `unknown_action` when it was not handed out.
    pub fn report_action(&self, request: &ResultRequest) -> Result<ResultAnswer> {
        let call = Call { body: Some(json_body(request)?), ..Call::default() };
        self.send(Method::POST, self.traces(&["replay", "result"])?, call)?.success(self.route())
    }
}

/// Refuses to ask for a replay whose id would be another path: there is none of that name.
fn nameable(id: &str) -> Result<&str> {
    if id::check(id).is_some() || WORDS.contains(&id) {
        return Err(Error::new(Kind::NotFound, "unknown_replay", "there is no replay of that id"));
    }
    Ok(id)
}
