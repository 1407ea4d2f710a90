//! What the screens before and after an action say, and the pictures that are kept of them.

use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::auth::Principal;
use super::lanes::Slot;
use super::state::Shared;
use super::turns::act;
use crate::api::{ResolveAnswer, ResultRequest};
use crate::config::OnUnchanged;
use crate::error::Result;
use crate::replay::{Input, Lane, Point, Replay, Report, Sighted, Verification};
use crate::session::SessionId;
use crate::target::{Change, Judgement, judge};
use crate::workflow::Action;

/// The longest reference to a picture that is no picture, characters: an agent's own path, or a shot's id.
const MAX_REFERENCE: usize = 512;

/// The longest sentence of an agent about a failure, characters.
const MAX_ERROR: usize = 2000;

/// What an agent sent where a picture may stand.
pub(super) enum Sent {
    Nothing,
    /// A picture, PNG or JPEG by its first bytes.
    Picture(Vec<u8>),
    /// A word that may name a picture.
    Reference(String),
    /// Neither.
    Broken,
}

impl Sent {
    pub(super) fn read(text: Option<String>) -> Self {
        let Some(text) = text.filter(|text| !text.is_empty()) else { return Self::Nothing };
        let data = match text.strip_prefix("data:") {
            Some(rest) => rest.split_once(";base64,").map_or("", |(_, data)| data),
            None => text.as_str(),
        };
        match STANDARD.decode(data.trim()) {
            Ok(bytes) if extension(&bytes).is_some() => Self::Picture(bytes),
            _ if text.len() <= MAX_REFERENCE && !text.chars().any(char::is_control) => Self::Reference(text),
            _ => Self::Broken,
        }
    }
}

/// The ending of a picture's name, by its first bytes.
pub(super) fn extension(bytes: &[u8]) -> Option<&'static str> {
    match bytes {
        [0x89, b'P', b'N', b'G', ..] => Some("png"),
        [0xff, 0xd8, 0xff, ..] => Some("jpg"),
        _ => None,
    }
}

/// An agent's sentence about a failure, not beyond its ceiling.
pub(super) fn reason(text: String) -> String {
    if text.chars().count() > MAX_ERROR { text.chars().take(MAX_ERROR).collect() } else { text }
}

/// The attempt that is reported on.
struct Subject {
    replay: String,
    /// What its pictures' names begin with.
    name: String,
    action: Action,
    /// The picture from before it that is kept already, or a reference.
    before: Option<String>,
}

/// The report in `request`, with what its pictures say. Those of the attempt that is out are kept; others change nothing.
///
/// Pictures that cannot be kept or compared lose nothing of the report: it is then unverified.
pub(super) async fn of_report(state: &Shared, slot: &Slot, session: &SessionId, request: ResultRequest) -> Report {
    let mut report = Report {
        success: request.success,
        error: request.error.map(reason),
        fatal: request.retryable == Some(false),
        position: request
            .actual_position
            .map(|place| Point { x: place.x, y: place.y })
            .filter(|place| place.x.is_finite() && place.y.is_finite()),
        ..Report::default()
    };
    let after = request.screenshot_after.filter(|text| !text.is_empty()).or(request.screenshot);
    if after.is_none() && request.screenshot_before.is_none() {
        return report;
    }
    let Some(subject) = slot.look(|lane| subject(lane, &request.action_id)) else { return report };
    let (state_inside, session) = (Arc::clone(state), session.clone());
    let (before, compared) = (request.screenshot_before, report.success);
    let look = move || look(&state_inside, &session, &subject, Sent::read(before), Sent::read(after), compared);
    match state.bridge.pixels(look).await {
        Ok((before, after, verification)) => {
            report.before = before;
            report.after = after;
            report.verification = verification;
        }
        Err(error) => {
            tracing::warn!(code = error.code(), "the pictures of a report could not be kept; the report is taken without them: {error}");
            report.verification = report.success.then(|| Verification {
                verified: false,
                suggestion: "continue".to_owned(),
                detail: "the server could not keep or compare the pictures".to_owned(),
                verdict: Change::Unknown.word().to_owned(),
            });
        }
    }
    report
}

fn subject(lane: &Lane, action: &str) -> Option<Subject> {
    let replay = lane.replays().iter().find(|replay| replay.out().is_some_and(|attempt| attempt.id == action))?;
    let attempt = replay.out()?;
    let index = replay.attempts().len() - 1;
    // Only right after the attempt before: what came between would be taken for this one's doing.
    let previous = index.checked_sub(1).map(|previous| &replay.attempts()[previous]).filter(|previous| {
        let others = lane.replays().iter().filter(|other| other.plan().id != replay.plan().id);
        let mut between = others.flat_map(Replay::attempts).map(|attempt| attempt.handed_at).chain(replay.resumed_at());
        !between.any(|at| at >= previous.handed_at)
    });
    let previous = previous.and_then(|previous| previous.report.as_ref()?.after.clone());
    let sighted = attempt.sighted.as_ref().and_then(|sighted| sighted.screen.clone());
    Some(Subject {
        replay: replay.plan().id.clone(),
        name: format!("{:04}_{}", index, attempt.number),
        action: replay.plan().actions.get(attempt.action)?.clone(),
        before: sighted.or(previous),
    })
}

type Looked = (Option<String>, Option<String>, Option<Verification>);

/// Keeps what was sent; with `compared` says what the two screens tell.
fn look(state: &Shared, session: &SessionId, subject: &Subject, before: Sent, after: Sent, compared: bool) -> Result<Looked> {
    let keep = |sent: Sent, when: &str| -> Result<(Option<String>, Option<Vec<u8>>)> {
        match sent {
            Sent::Nothing | Sent::Broken => Ok((None, None)),
            Sent::Picture(bytes) => {
                let name = format!("{}_{when}.{}", subject.name, extension(&bytes).unwrap_or("png"));
                state.screens.keep(&subject.replay, &name, &bytes)?;
                Ok((Some(name), Some(bytes)))
            }
            Sent::Reference(text) => {
                let bytes = state.shot(session, &text);
                Ok((Some(text), bytes))
            }
        }
    };
    let broken = matches!(after, Sent::Broken);
    let (before_name, before_bytes) = match before {
        Sent::Nothing | Sent::Broken => {
            let bytes = subject.before.as_ref().and_then(|name| state.screens.read(&subject.replay, name).ok());
            (subject.before.clone(), bytes)
        }
        sent => keep(sent, "before")?,
    };
    let (after_name, after_bytes) = keep(after, "after")?;
    if !compared {
        return Ok((before_name, after_name, None));
    }
    let judged = |verdict: Change, detail: &str| Judgement { verdict, regions: Vec::new(), ignored: Vec::new(), detail: detail.to_owned() };
    let seen = match (&before_bytes, &after_bytes) {
        // A picture beyond a ceiling leaves the report as it is: nobody can tell.
        (Some(before), Some(after)) => Some(match state.compare.compare(before, after) {
            Ok(outcome) => judge(&outcome, subject.action.position()),
            Err(error) => judged(Change::Unknown, error.message()),
        }),
        // The same word twice names the same picture, whatever it is.
        _ if before_name.is_some() && before_name == after_name => Some(judged(Change::Nothing, "the agent names the same picture again")),
        _ if broken => Some(judged(Change::Unknown, "what the agent sent is no picture")),
        _ => None,
    };
    let verification = seen.map(|seen| verification(&subject.action, seen, state.settings.replay.on_unchanged));
    Ok((before_name, after_name, verification))
}

/// What the difference of two screens means for an action.
fn verification(action: &Action, seen: Judgement, on_unchanged: OnUnchanged) -> Verification {
    let unchanged = seen.verdict == Change::Nothing;
    let needs_none = unchanged && !action.needs_change();
    let verified = needs_none || !matches!(seen.verdict, Change::Nothing | Change::Unknown);
    let suggestion = match on_unchanged {
        _ if verified || !unchanged => "continue",
        OnUnchanged::Retry if action.is_safe_to_repeat() => "retry",
        OnUnchanged::Warn | OnUnchanged::Retry => "continue",
        OnUnchanged::Stall => "stall",
    };
    let detail = if needs_none { format!("{}; this action needs no change", seen.detail) } else { seen.detail };
    Verification { verified, suggestion: suggestion.to_owned(), detail, verdict: seen.verdict.word().to_owned() }
}

/// Notes where the target of what is out was found, with the picture that was searched, if it is this caller's to speak of. Nobody
/// waits for it: the agent has its answer, and evidence that cannot be kept is only missed.
pub(super) fn note_sighting(state: &Shared, principal: &Principal, session: SessionId, answer: &ResolveAnswer, screenshot: String) {
    let Some(seat) = state.seats.find(session.as_str()) else { return };
    let allowed = match principal {
        Principal::Operator => true,
        Principal::Machine { key, .. } => seat.lane() == *key,
        Principal::Key(_) => false,
    };
    let Some(slot) = state.lanes.find(&state.lane_of(&seat)).filter(|_| allowed) else { return };
    let held = slot.look(|lane| {
        let replay = lane.replays().iter().find(|replay| replay.out().is_some_and(|attempt| attempt.session == session.as_str()))?;
        let out = replay.out()?;
        let name = format!("{:04}_{}_searched", replay.attempts().len() - 1, out.number);
        Some(About { replay: replay.plan().id.clone(), attempt: out.id.clone(), name })
    });
    let (Some(about), Ok(place)) = (held, Arc::clone(&state.sightings).try_acquire_owned()) else { return };
    let sighted = Sighted {
        verdict: answer.verdict.clone(),
        cause: Some(answer.cause.clone()),
        place: answer.match_box.map(|place| [place.x, place.y, place.width, place.height]),
        score: answer.score,
        screen: None,
    };
    let state = Arc::clone(state);
    tokio::spawn(async move {
        let _place = place;
        let noted = keep_sighting(&state, slot, session, sighted, about, screenshot).await;
        if let Err(error) = noted {
            tracing::warn!(code = error.code(), "what a target was found by could not be noted: {error}");
        }
    });
}

/// What was out when a target was looked for.
struct About {
    replay: String,
    attempt: String,
    /// What the picture is kept as, without its ending.
    name: String,
}

async fn keep_sighting(
    state: &Shared,
    slot: Arc<Slot>,
    session: SessionId,
    mut sighted: Sighted,
    about: About,
    screenshot: String,
) -> Result<()> {
    let About { replay, attempt, name } = about;
    let screens = Arc::clone(&state.screens);
    let kept_in = replay.clone();
    let keep = move || match Sent::read(Some(screenshot)) {
        Sent::Picture(bytes) => {
            let name = format!("{name}.{}", extension(&bytes).unwrap_or("png"));
            screens.keep(&kept_in, &name, &bytes).map(|()| Some(name))
        }
        _ => Ok(None),
    };
    sighted.screen = state.bridge.assemble(keep).await?;
    let policy = state.policy();
    let decide = move |lane: &Lane, now| {
        let about = (replay.as_str(), attempt.as_str());
        lane.step(Input::Sighted { session: session.as_str(), about, sighted: sighted.clone() }, now, &policy)
    };
    act(state, slot, decide).await.map(drop)
}
