//! An agent without a desktop: it pulls actions, does nothing, and answers them by a script. It keeps the rules that an agent on a
//! desktop must keep: a poll whose answer was lost is repeated under its key, a report is repeated until it is answered.

use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use serde_json::{Map, Value};

use super::http::Client;
use super::replay_calls::NextCall;
use super::retry::{Schedule, Waiting, repeat};
use super::script::{Deed, Script};
use crate::api::{ResultAnswer, ResultRequest};
use crate::clock::Time;
use crate::error::{Error, Result};
use crate::id;

/// The longest wait that is waited for; a plan that asks for more is a mistake.
const MAX_WAIT: Duration = Duration::from_mins(10);

/// What an agent is made of.
#[derive(Debug, Clone)]
pub struct AgentOrder {
    /// Its session.
    pub session: String,
    /// Its machine.
    pub machine: String,
    /// What it answers.
    pub script: Script,
    /// What its screen looks like after each action, PNG or JPEG, one after the other and again from the first; before its first
    /// action it looks like the first.
    pub screens: Vec<Vec<u8>>,
    /// How long an action takes.
    pub delay: Duration,
    /// Whether actions that are waits are waited for.
    pub waits: bool,
    /// How long the server may hold a poll, whole seconds.
    pub poll: Duration,
    /// How long the server may be silent before the agent gives up.
    pub patience: Duration,
    /// The agent ends when it has taken so many actions.
    pub count: Option<u64>,
    /// The agent ends when there was nothing to do for so long.
    pub idle: Option<Duration>,
    /// The agent ends after so long.
    pub lifetime: Option<Duration>,
}

impl AgentOrder {
    /// An agent of `machine` that succeeds in everything at once and never ends by itself.
    pub fn new(session: String, machine: String) -> Self {
        Self {
            session,
            machine,
            script: Script::default(),
            screens: Vec::new(),
            delay: Duration::ZERO,
            waits: true,
            poll: Duration::from_secs(25),
            patience: Duration::from_secs(30),
            count: None,
            idle: None,
            lifetime: None,
        }
    }
}

/// A session id as agents make them: `sess_`, the time, six random digits.
pub fn session_id(now: Time) -> String {
    let time: String = now.to_string().chars().take(19).filter(|c| !matches!(c, '-' | ':')).collect();
    let random: String = id::fresh().chars().take(6).collect();
    format!("sess_{time}_{random}")
}

/// What an agent tells.
pub enum AgentNews<'a> {
    /// Its session is registered; false where the server has no such call, and polling will do.
    Registered(bool),
    /// It was given an action.
    Given(&'a Map<String, Value>),
    /// It answered an action, and what the server said to that.
    Answered(&'a ResultRequest, &'a ResultAnswer),
    /// It answered, and the server knows of no such action.
    Refused(&'a ResultRequest),
    /// It says nothing of the action.
    Silent(&'a str),
    /// The server is silent; it will be asked again after this wait.
    Lost(&'a Error, Duration),
}

/// Why an agent ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AgentEnd {
    /// It has taken as many actions as it should.
    Count,
    /// There was nothing to do.
    Idle,
    /// Its time was over.
    Lifetime,
    /// It died, as its script has it.
    Died,
    /// It was stopped.
    Stopped,
}

/// Runs an agent until it ends; `stop` is asked before each thing it does, and ends it without another word.
///
/// # Errors
/// A refusal; the last failure once the server has been silent for the agent's patience.
pub fn run_agent(
    client: &Client,
    order: &AgentOrder,
    waiting: Waiting<'_>,
    stop: &dyn Fn() -> bool,
    told: &mut dyn FnMut(AgentNews<'_>),
) -> Result<AgentEnd> {
    let mut agent = Agent { client, order, waiting, stop, told, taken: 0 };
    agent.register()?;
    let began = waiting.clock.monotonic();
    let mut last = began;
    loop {
        let now = waiting.clock.monotonic();
        if stop() {
            return Ok(AgentEnd::Stopped);
        }
        if order.count.is_some_and(|count| agent.taken >= count) {
            return Ok(AgentEnd::Count);
        }
        if order.lifetime.is_some_and(|most| now.saturating_sub(began) >= most) {
            return Ok(AgentEnd::Lifetime);
        }
        if order.idle.is_some_and(|most| now.saturating_sub(last) >= most) {
            return Ok(AgentEnd::Idle);
        }
        // The first poll answers at once, so that an agent that should end when idle sees whether it is.
        let until = [order.idle.map(|most| last + most), order.lifetime.map(|most| began + most)].into_iter().flatten().min();
        let poll = until.map_or(order.poll, |until| order.poll.min(until.saturating_sub(now)));
        let Some(action) = agent.poll(Duration::from_secs(poll.as_secs()))? else {
            if poll < Duration::from_secs(1) {
                (waiting.sleep)(poll);
            }
            continue;
        };
        if !agent.carry_out(&action)? {
            return Ok(if stop() { AgentEnd::Stopped } else { AgentEnd::Died });
        }
        last = waiting.clock.monotonic();
    }
}

struct Agent<'a> {
    client: &'a Client,
    order: &'a AgentOrder,
    waiting: Waiting<'a>,
    stop: &'a dyn Fn() -> bool,
    told: &'a mut dyn FnMut(AgentNews<'_>),
    /// Actions that were taken.
    taken: u64,
}

impl Agent<'_> {
    /// Repeats a call until it is answered.
    fn insist<T>(&mut self, call: impl Fn(&Client) -> Result<T>) -> Result<T> {
        let (client, waiting) = (self.client, self.waiting);
        let mut schedule = Schedule::until(waiting.clock.monotonic().saturating_add(self.order.patience));
        repeat(&mut schedule, waiting, &mut |error, wait| (self.told)(AgentNews::Lost(error, wait)), &mut |_| call(client))
    }

    fn register(&mut self) -> Result<()> {
        let (session, machine) = (self.order.session.clone(), self.order.machine.clone());
        let registered = match self.insist(|client| client.register_session(&session, Some(&machine))) {
            Ok(_) => true,
            Err(error) if error.code() == "no_such_path" => false,
            Err(error) => return Err(error),
        };
        (self.told)(AgentNews::Registered(registered));
        Ok(())
    }

    /// One poll, under one key until it is answered.
    fn poll(&mut self, wait: Duration) -> Result<Option<Map<String, Value>>> {
        let (session, machine, key) = (self.order.session.clone(), self.order.machine.clone(), id::fresh());
        let call = |client: &Client| {
            client
                .next_action(&NextCall { session: &session, machine: Some(&machine), wait, idempotency_key: &key })
                .map(|next| next.action)
        };
        self.insist(call)
    }

    /// Takes an action and answers it. False when the agent ends with it.
    fn carry_out(&mut self, action: &Map<String, Value>) -> Result<bool> {
        self.taken += 1;
        (self.told)(AgentNews::Given(action));
        let text = |name: &str| action.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
        let action_id = text("action_id");
        let deed = self.order.script.deed(self.taken);
        if deed == Deed::Die || (self.stop)() {
            (self.told)(AgentNews::Silent(&action_id));
            return Ok(false);
        }
        let lasts = if text("type") == "wait" {
            let asked = action.get("duration_ms").and_then(Value::as_u64).map(Duration::from_millis);
            asked.filter(|_| self.order.waits).unwrap_or_default().min(MAX_WAIT)
        } else {
            self.order.delay
        };
        if !lasts.is_zero() {
            (self.waiting.sleep)(lasts);
        }
        if deed == Deed::Lose || (self.stop)() {
            (self.told)(AgentNews::Silent(&action_id));
            return Ok(deed == Deed::Lose);
        }
        let report = self.report(action_id, deed);
        match self.insist(|client| client.report_action(&report)) {
            Ok(answer) => (self.told)(AgentNews::Answered(&report, &answer)),
            Err(error) if error.code() == "unknown_action" => (self.told)(AgentNews::Refused(&report)),
            Err(error) => return Err(error),
        }
        Ok(true)
    }

    fn report(&self, action_id: String, deed: Deed) -> ResultRequest {
        let screens = &self.order.screens;
        let shot = |number: u64| {
            let index = usize::try_from(number).unwrap_or_default().checked_rem(screens.len())?;
            Some(BASE64.encode(&screens[index]))
        };
        let (success, error, fatal) = match deed {
            Deed::Fail { error, fatal } => (false, Some(error), fatal),
            _ => (true, None, false),
        };
        ResultRequest {
            session_id: self.order.session.clone(),
            action_id,
            success,
            error,
            screenshot: None,
            screenshot_after: shot(self.taken),
            screenshot_before: if self.taken == 1 { shot(0) } else { None },
            actual_position: None,
            retryable: fatal.then_some(false),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_is_called_as_agents_call_them() {
        let session = session_id("2026-04-15T07:09:19+00:00".parse().unwrap());
        assert!(session.starts_with("sess_20260415T070919_") && session.len() == 27 && id::check(&session).is_none(), "{session}");
    }
}
