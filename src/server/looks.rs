//! Actions that the server carries out by looking: their targets before a replay starts, and on the pictures that come with reports
//! on the server's own waits.

use std::sync::Arc;

use serde_json::{Map, Value};

use super::evidence::{self, Sent, extension, reason};
use super::lanes::Slot;
use super::state::Shared;
use crate::api::{ResultRequest, look_for, target_faults};
use crate::error::{Error, FieldFault, Kind, Result};
use crate::replay::{Lane, Look, Report};
use crate::session::SessionId;
use crate::workflow::{Action, Awaited, watch_faults};

/// Refuses actions that wait for what could never be seen, naming each field; `at` says where in the request the action of a number
/// stands.
///
/// # Errors
/// [`Kind::Validation`] with every such field.
pub(super) async fn check(state: &Shared, bodies: &[Map<String, Value>], at: impl Fn(usize) -> Vec<String>) -> Result<()> {
    let mut faults = Vec::new();
    let mut targets = Vec::new();
    for (index, body) in bodies.iter().enumerate() {
        let place = at(index);
        let loc: Vec<&str> = place.iter().map(String::as_str).collect();
        let wrong = watch_faults(body, &loc);
        let waits = body.get("type").and_then(Value::as_str).is_some_and(|name| Awaited::named(name).is_some());
        if let (true, true, Some(target)) = (waits, wrong.is_empty(), body.get("target").and_then(Value::as_object)) {
            targets.push((place.iter().cloned().chain(["target".to_owned()]).collect(), target.clone()));
        }
        faults.extend(wrong);
    }
    faults.extend(look_at(state, targets).await?);
    if faults.is_empty() { Ok(()) } else { Err(Error::faults(faults)) }
}

/// The same of the actions of a workflow, which stand in no request.
///
/// # Errors
/// [`Kind::Input`] `invalid_action`, naming the edge.
pub(super) async fn check_expanded(state: &Shared, actions: &[Action]) -> Result<()> {
    let edge = |action: &Action| action.body().get("edge_id").and_then(Value::as_str).unwrap_or_default().to_owned();
    let watches = actions.iter().filter_map(|action| Some((vec![edge(action), "target".to_owned()], action.watch()?.target.clone())));
    let faults = look_at(state, watches.collect()).await?;
    let Some(FieldFault { loc, msg, .. }) = faults.first() else { return Ok(()) };
    let edge = loc.first().cloned().unwrap_or_default();
    let message = format!("edge {edge:?}: {}: {msg}", loc.get(1..).unwrap_or_default().join("."));
    Err(Error::new(Kind::Input, "invalid_action", message).detail("edge_id", edge))
}

async fn look_at(state: &Shared, targets: Vec<(Vec<String>, Map<String, Value>)>) -> Result<Vec<FieldFault>> {
    if targets.is_empty() {
        return Ok(Vec::new());
    }
    // Another program looks instead of the reader, which need not be there then.
    let text = state.analyser.is_none().then(|| Arc::clone(&state.text));
    let anchors = Arc::clone(&state.anchors);
    let look = move || {
        let mut faults = Vec::new();
        for (place, target) in &targets {
            let at: Vec<&str> = place.iter().map(String::as_str).collect();
            faults.extend(target_faults(target, &at, &*anchors, text.as_deref())?);
        }
        Ok(faults)
    };
    state.bridge.pixels(look).await
}

/// What is looked for on the picture of a report.
struct Sought {
    replay: String,
    /// What the picture is kept as, without its ending. The same for every look of one action: the last is what it ended by.
    name: String,
    target: Map<String, Value>,
    threshold: Option<f64>,
    gone: bool,
}

fn sought(lane: &Lane, wait: &str) -> Option<Sought> {
    let (replay, action) = lane.looks_after(wait)?;
    let name = format!("{:04}_0_after", replay.attempts().len().checked_sub(1)?);
    let watch = action.watch()?;
    Some(Sought {
        replay: replay.plan().id.clone(),
        name,
        target: watch.target.clone(),
        threshold: watch.threshold,
        gone: watch.awaited == Awaited::Gone,
    })
}

/// The report in `request`: on a wait after which the server looks, with what was seen; else see [`evidence::of_report`].
pub(super) async fn of_report(state: &Shared, slot: &Slot, session: &SessionId, request: ResultRequest) -> Report {
    let Some(sought) = slot.look(|lane| sought(lane, &request.action_id)) else {
        return evidence::of_report(state, slot, session, request).await;
    };
    let mut report = Report { success: request.success, error: request.error.map(reason), ..Report::default() };
    let after = request.screenshot_after.filter(|text| !text.is_empty()).or(request.screenshot);
    // Whoever could not wait is not believed about the screen after it.
    let Some(after) = after.filter(|_| report.success) else { return report };
    let (inside, session) = (Arc::clone(state), session.clone());
    match state.bridge.pixels(move || Ok(look(&inside, &session, &sought, Sent::read(Some(after))))).await {
        Ok((name, look)) => {
            report.after = name;
            report.look = look.map(Box::new);
        }
        Err(error) => tracing::warn!(code = error.code(), "nobody could look at the picture of a report: {error}"),
    }
    report
}

/// Looks for a target on what was sent, and keeps the picture. Whatever fails here leaves it unseen: the server looks again.
fn look(state: &Shared, session: &SessionId, sought: &Sought, sent: Sent) -> (Option<String>, Option<Look>) {
    let (name, bytes) = match sent {
        Sent::Nothing | Sent::Broken => return (None, None),
        Sent::Picture(bytes) => {
            let name = format!("{}.{}", sought.name, extension(&bytes).unwrap_or("png"));
            let kept = state.screens.keep(&sought.replay, &name, &bytes);
            let kept = kept.inspect_err(|error| tracing::warn!(code = error.code(), "the picture of a report could not be kept: {error}"));
            (kept.ok().map(|()| name), bytes)
        }
        Sent::Reference(text) => match state.shot(session, &text) {
            Some(bytes) => (Some(text), bytes),
            None => return (Some(text), None),
        },
    };
    match look_for(&sought.target, &bytes, sought.gone, sought.threshold, state.settings.resolve.threshold, state.eyes()) {
        Ok(mut look) => {
            tracing::info!(verdict = look.sighted.verdict, cause = look.sighted.cause, "looked for a target");
            look.sighted.screen.clone_from(&name);
            (name, Some(look))
        }
        Err(error) => {
            tracing::warn!(code = error.code(), "a target could not be looked for: {error}");
            (name, None)
        }
    }
}
