//! The state machine against random interleavings of agents, people, restarts and crashes.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::Duration;

use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::clock::Time;
use crate::target::Presence;
use crate::workflow::Action;

mod looks;
mod tests;

/// A lane in which the first of two clicks is out, handed to `s1` under the key `k1`.
fn one_out() -> (Lane, Time, Policy) {
    let click = |id: &str| {
        let body = json!({ "action_id": id, "type": "click", "x_pct": 0.5, "y_pct": 0.5 });
        Action::check(body.as_object().unwrap().clone(), "action", &mut String::new).unwrap()
    };
    let plan = Plan {
        id: "r1".to_owned(),
        source: Source::Single,
        lane: "pc".to_owned(),
        session: "s1".to_owned(),
        machine: "pc".to_owned(),
        actions: vec![click("a1"), click("a2")],
        params: std::collections::BTreeMap::new(),
        created_at: Time::from_micros(0),
    };
    let policy = Policy { lease: LEASE, max_retries: 3, on_unchanged: OnUnchanged::Warn, listening_since: Time::from_micros(0) };
    let mut lane = Lane::default();
    lane.add(Replay::new(Arc::new(plan)));
    let now = Time::from_micros(1);
    happen(&mut lane, Input::Polled { session: "s1", key: Some("k1"), heard: now }, now, &policy);
    (lane, now, policy)
}

fn happen(lane: &mut Lane, input: Input<'_>, now: Time, policy: &Policy) -> Answer {
    let step = lane.step(input, now, policy).unwrap();
    step.changes.into_iter().for_each(|(place, facts)| lane.apply(place, &Moment { at: now, facts }));
    step.answer
}

#[test]
fn what_was_found_for_one_action_is_not_noted_on_the_next() {
    let (mut lane, now, policy) = one_out();
    let sighted = Sighted { verdict: "found".to_owned(), cause: None, place: None, score: Some(1.0), screen: None };
    let note = |lane: &mut Lane, action: &str| {
        happen(lane, Input::Sighted { session: "s1", about: ("r1", action), sighted: sighted.clone() }, now, &policy);
        lane.find("r1").unwrap().attempts().last().unwrap().sighted.is_some()
    };
    assert!(!note(&mut lane, "a0"));
    assert!(note(&mut lane, "a1"));
    happen(&mut lane, Input::Reported { action: "a1", report: Report { success: true, ..Report::default() } }, now, &policy);
    happen(&mut lane, Input::Polled { session: "s1", key: None, heard: now }, now, &policy);
    assert!(!note(&mut lane, "a1"), "it is the second that is out");
}

#[test]
fn a_request_that_comes_again_when_its_action_is_over_is_given_nothing() {
    let (mut lane, now, policy) = one_out();
    let poll = |lane: &mut Lane, key: &str| match happen(lane, Input::Polled { session: "s1", key: Some(key), heard: now }, now, &policy) {
        Answer::Give(action) => action.id().to_owned(),
        other => format!("{other:?}"),
    };
    assert_eq!(poll(&mut lane, "k1"), "a1");
    assert!(
        lane.may_hear_of("a1", true) && lane.may_hear_of("a2", false) && !lane.may_hear_of("a2", true) && !lane.may_hear_of("a", false)
    );
    happen(&mut lane, Input::Reported { action: "a1", report: Report { success: true, ..Report::default() } }, now, &policy);
    assert!(!lane.may_hear_of("a1", true));
    assert_eq!(poll(&mut lane, "k1"), "Nothing");
    assert_eq!(poll(&mut lane, "k2"), "a2");
}

const LEASE: Duration = Duration::from_mins(2);

/// What may happen.
#[derive(Debug, Clone)]
enum Event {
    Start {
        actions: usize,
        replace: bool,
    },
    Single,
    /// An agent polls; `lost`: the server crashes after it has written and before it has answered.
    Poll {
        session: u8,
        key: Option<u8>,
        lost: bool,
    },
    /// The agent that holds something reports on it.
    Report {
        success: bool,
        verdict: u8,
        fatal: bool,
    },
    /// The agent that holds the server's own wait reports on it, with a picture on which this is seen, or without one.
    Look {
        presence: Option<Presence>,
        success: bool,
    },
    /// Some report: of an attempt long ago, or of nothing.
    Stray {
        which: u8,
        success: bool,
    },
    Pass {
        seconds: u64,
    },
    Pause {
        which: u8,
    },
    Resume {
        which: u8,
        decision: Option<Decision>,
    },
    Cancel {
        which: u8,
    },
    /// The server is started again on what is kept.
    Restart,
    /// What is decided is never written.
    CrashBeforeWriting {
        session: u8,
    },
}

fn event() -> impl Strategy<Value = Event> {
    let decision = prop_oneof![Just(None), Just(Some(Decision::Retry)), Just(Some(Decision::Skip)), Just(Some(Decision::Fail))];
    let presence = prop_oneof![Just(None), Just(Some(Presence::Shown)), Just(Some(Presence::Gone)), Just(Some(Presence::Unsure))];
    prop_oneof![
        2 => (1_usize..5, prop::bool::weighted(0.2)).prop_map(|(actions, replace)| Event::Start { actions, replace }),
        1 => Just(Event::Single),
        8 => (0_u8..2, prop::option::of(0_u8..3), prop::bool::weighted(0.2)).prop_map(|(session, key, lost)| Event::Poll { session, key, lost }),
        6 => (any::<bool>(), 0_u8..4, prop::bool::weighted(0.1)).prop_map(|(success, verdict, fatal)| Event::Report { success, verdict, fatal }),
        6 => (presence, prop::bool::weighted(0.9)).prop_map(|(presence, success)| Event::Look { presence, success }),
        1 => (any::<u8>(), any::<bool>()).prop_map(|(which, success)| Event::Stray { which, success }),
        1 => prop_oneof![Just(1_u64), Just(60), Just(200)].prop_map(|seconds| Event::Pass { seconds }),
        1 => any::<u8>().prop_map(|which| Event::Pause { which }),
        3 => (any::<u8>(), decision).prop_map(|(which, decision)| Event::Resume { which, decision }),
        1 => any::<u8>().prop_map(|which| Event::Cancel { which }),
        1 => Just(Event::Restart),
        1 => (0_u8..2).prop_map(|session| Event::CrashBeforeWriting { session }),
    ]
}

/// When something happened, and the facts as text.
type Texts = Vec<(Time, String)>;

/// What is kept: for each replay its plan and its moments, as text and back.
#[derive(Default)]
struct World {
    lane: Lane,
    kept: Vec<(Arc<Plan>, Texts)>,
    now: i64,
    heard: HashMap<String, Time>,
    since: i64,
    /// For each replay and action the ids under which agents were given it, in order.
    given: HashMap<(String, usize), Vec<String>>,
    over: HashMap<String, Status>,
    /// The server's own waits that agents were given.
    waits: HashSet<String>,
    made: usize,
}

impl World {
    fn time(&self) -> Time {
        Time::from_micros(self.now)
    }

    fn policy(on_unchanged: OnUnchanged, since: i64) -> Policy {
        Policy { lease: LEASE, max_retries: 3, on_unchanged, listening_since: Time::from_micros(since) }
    }

    fn heard_of_holder(&self) -> Time {
        self.lane.holder().and_then(|holder| self.heard.get(holder).copied()).unwrap_or(Time::from_micros(0))
    }

    fn keep(&mut self, step: &Step) {
        let at = self.time();
        for (place, facts) in &step.changes {
            assert!(!facts.is_empty(), "nothing is no change");
            let text = serde_json::to_string(facts).unwrap();
            let facts: Vec<Fact> = serde_json::from_str(&text).unwrap();
            let (id, expected) = {
                let replay = &self.lane.replays()[*place];
                (replay.plan().id.clone(), replay.status_after(&facts))
            };
            self.kept.iter_mut().find(|(plan, _)| plan.id == id).unwrap().1.push((at, text));
            self.lane.apply(*place, &Moment { at, facts });
            assert_eq!(self.lane.replays()[*place].status(), expected);
        }
    }

    fn restart(&mut self) {
        let mut lane = Lane::default();
        for (plan, moments) in &self.kept {
            let moments: Vec<Moment> =
                moments.iter().map(|(at, text)| Moment { at: *at, facts: serde_json::from_str(text).unwrap() }).collect();
            lane.add(Replay::restored(Arc::clone(plan), &moments));
        }
        self.lane = lane;
        self.since = self.now;
    }

    fn start(&mut self, source: Source, actions: usize) {
        self.made += 1;
        let id = format!("replay_{:012x}", self.made);
        let action = |index: usize| {
            let target = json!({ "anchor_image_base64": "abcd" });
            // The first replay begins with what agents carry out, the second with what the server looks for.
            let kind = match (index + 2 * (self.made - 1)) % 4 {
                0 => json!({ "type": "click", "x_pct": 0.5, "y_pct": 0.5 }),
                1 => json!({ "type": "type", "text": "x" }),
                2 => json!({ "type": "wait_until", "target": target }),
                _ => json!({ "type": "wait_gone", "target": target, "timeout_ms": 60_000 }),
            };
            let mut body = kind.as_object().unwrap().clone();
            body.insert("action_id".to_owned(), json!(format!("r{}a{index}", self.made)));
            Action::check(body, "action", &mut String::new).unwrap()
        };
        let plan = Arc::new(Plan {
            id,
            source,
            lane: "m".to_owned(),
            session: "s0".to_owned(),
            machine: "m".to_owned(),
            actions: (0..actions).map(action).collect(),
            params: std::collections::BTreeMap::new(),
            created_at: self.time(),
        });
        self.kept.push((Arc::clone(&plan), Vec::new()));
        self.lane.add(Replay::new(plan));
    }

    fn id(&self, which: u8) -> Option<String> {
        let replays = self.lane.replays();
        (!replays.is_empty()).then(|| replays[which as usize % replays.len()].plan().id.clone())
    }

    /// An agent was given what is out now.
    fn delivered(&mut self) {
        let replay = self.lane.replays().iter().find(|replay| replay.out().is_some()).unwrap();
        let attempt = replay.out().unwrap();
        let given = self.given.entry((replay.plan().id.clone(), attempt.action)).or_default();
        if given.last() == Some(&attempt.id) {
            return; // The same attempt, asked for again because its answer was lost.
        }
        if !given.is_empty() {
            // Handed out once more: the attempt before failed by report, or was not borne out and safe, or a person said so.
            let index = replay.attempts().len() - 1;
            let before = replay.attempts()[..index].iter().rev().find(|before| before.action == attempt.action).unwrap();
            let reported = before.report.as_ref().is_some_and(|report| !report.success);
            let by_person = before.decision == Some(Decision::Retry);
            let unseen = before.end.is_some_and(|(_, outcome)| outcome == Outcome::Unverified)
                && replay.plan().actions[attempt.action].is_safe_to_repeat();
            assert!(reported || by_person || unseen, "{before:?}");
        }
        assert!(!given.contains(&attempt.id), "an id is given to one attempt");
        given.push(attempt.id.clone());
    }

    fn check(&mut self) {
        let mut out = 0;
        for replay in self.lane.replays() {
            let counts = replay.counts();
            let settled = counts.completed + counts.failed + counts.unreported + counts.skipped + counts.unknown;
            let total = replay.plan().actions.len();
            assert!(settled <= total);
            out += usize::from(replay.out().is_some() || replay.wait.is_some());
            for attempt in replay.attempts().iter().filter(|attempt| !replay.was_given(attempt)) {
                // What the server waits to see is done once it was seen, and at no other time; nobody repeats it.
                assert_eq!((attempt.number, attempt.key.as_ref()), (0, None));
                if let Some((_, outcome)) = attempt.end {
                    let seen = attempt.sighted.as_ref().map(|seen| seen.verdict.as_str());
                    let awaited = replay.plan().actions[attempt.action].kind().as_str();
                    match outcome {
                        Outcome::Success => assert_eq!(seen, Some(if awaited == "wait_until" { "Shown" } else { "Gone" })),
                        Outcome::Failed => {
                            assert!(attempt.report.as_ref().unwrap().error.as_ref().unwrap().contains(" ms; "));
                            assert_eq!(replay.status(), Status::Error);
                        }
                        other => assert_eq!((other, replay.status()), (Outcome::Skipped, Status::Cancelled)),
                    }
                }
            }
            match replay.status() {
                Status::Completed | Status::CompletedWithWarnings => {
                    assert_eq!(settled, total, "none is lost");
                    assert_eq!(counts.failed, 0);
                    let clean = counts.completed == total && counts.doubtful == 0;
                    assert_eq!(replay.status() == Status::Completed, clean);
                    for action in 0..total {
                        assert!(replay.attempts().iter().any(|attempt| attempt.action == action && attempt.end.is_some()));
                    }
                }
                Status::Error => assert_eq!(counts.failed, 1),
                _ => {}
            }
            let id = replay.plan().id.clone();
            if let Some(before) = self.over.get(&id) {
                assert_eq!(*before, replay.status(), "what is over stays over");
            } else if replay.status().is_final() {
                self.over.insert(id, replay.status());
            }
        }
        assert!(out <= 1, "one thing is out at a time");
    }
}

fn verification(verdict: u8) -> Option<Verification> {
    let (verified, verdict) = match verdict {
        0 => return None,
        1 => (true, "changed_here"),
        2 => (false, "unchanged"),
        _ => (false, "not_comparable"),
    };
    Some(Verification { verified, suggestion: "continue".to_owned(), detail: String::new(), verdict: verdict.to_owned() })
}

#[expect(clippy::too_many_lines, reason = "one arm for each thing that may happen")]
fn carry_out(world: &mut World, event: &Event, on_unchanged: OnUnchanged) {
    let policy = World::policy(on_unchanged, world.since);
    let now = world.time();
    match event {
        Event::Start { actions, replace } => {
            let source = Source::Raw("task".to_owned());
            if *replace {
                let step = world.lane.step(Input::Cancel { replay: None, reason: "replaced" }, now, &policy).unwrap();
                world.keep(&step);
            }
            match world.lane.check_start(&source) {
                Ok(()) => world.start(source, *actions),
                Err(error) => assert_eq!(error.code(), "replay_running"),
            }
        }
        Event::Single => {
            if world.lane.check_start(&Source::Single).is_ok() {
                world.start(Source::Single, 1);
            }
        }
        Event::Poll { session, key, lost } => {
            let (session, key) = (format!("s{session}"), key.map(|key| format!("k{key}")));
            let heard = world.heard_of_holder();
            let step = world.lane.step(Input::Polled { session: &session, key: key.as_deref(), heard }, now, &policy).unwrap();
            let quiet = world.lane.is_quiet();
            assert!(!quiet || (step.changes.is_empty() && step.answer == Answer::Nothing), "quiet means that nothing can happen");
            world.keep(&step);
            world.heard.insert(session, now);
            if *lost {
                world.restart();
            } else if let Answer::Give(action) = &step.answer {
                let out = world.lane.replays().iter().find_map(|replay| replay.out()).unwrap();
                assert_eq!((action.id(), action.body()["action_id"].as_str()), (out.id.as_str(), Some(out.id.as_str())));
                assert!(action.kind().awaits().is_none(), "no agent knows this one");
                world.delivered();
            } else if let Answer::Wait { id, .. } = &step.answer {
                let again = key.is_some() && step.changes.is_empty();
                assert!(world.waits.insert(id.clone()) || again, "an id is given to one wait");
            }
        }
        Event::Report { success, verdict, fatal } => {
            let Some(id) = world.lane.replays().iter().find_map(|replay| Some(replay.out()?.id.clone())) else { return };
            let report =
                Report { success: *success, fatal: *fatal, verification: verification(*verdict).filter(|_| *success), ..Report::default() };
            let step = world.lane.step(Input::Reported { action: &id, report }, now, &policy).unwrap();
            world.keep(&step);
            let Answer::Taken(first) = step.answer else { panic!("a report is taken") };
            // The same again changes nothing and is answered the same.
            let again = world.lane.step(Input::Reported { action: &id, report: Report::default() }, now, &policy).unwrap();
            assert!(again.changes.is_empty());
            assert_eq!(again.answer, Answer::Taken(first));
        }
        Event::Look { presence, success } => {
            let held = world.lane.replays().iter().find_map(|replay| Some((replay, replay.wait.as_ref()?.id.clone())));
            let Some((replay, id)) = held else { return };
            let watched = replay.watched().is_some();
            let sighted = |seen: &Presence| Sighted { verdict: format!("{seen:?}"), cause: None, place: None, score: None, screen: None };
            let look =
                presence.as_ref().filter(|_| watched && *success).map(|seen| Box::new(Look { presence: *seen, sighted: sighted(seen) }));
            let report = Report { success: *success, look, ..Report::default() };
            let step = world.lane.step(Input::Reported { action: &id, report: report.clone() }, now, &policy).unwrap();
            world.keep(&step);
            let Answer::Taken(first) = step.answer else { panic!("a report is taken") };
            // The same again moves nothing on, also after a restart.
            world.restart();
            let again = world.lane.step(Input::Reported { action: &id, report }, now, &policy).unwrap();
            assert!(again.changes.is_empty());
            let Answer::Taken(again) = again.answer else { panic!("a report is taken") };
            assert!(again == first || (!watched && again.late), "{again:?}");
        }
        Event::Stray { which, success } => {
            let ended = |replay: &Replay| {
                let given = replay.attempts().iter().filter(|it| it.end.is_some() && replay.was_given(it)).map(|it| it.id.clone());
                let out = replay.wait.as_ref().map(|wait| wait.id.clone());
                let waits = replay.waits.iter().map(|wait| wait.id.clone()).filter(|id| Some(id) != out.as_ref());
                given.chain(waits).collect::<Vec<_>>()
            };
            let ids: Vec<String> = world.lane.replays().iter().flat_map(ended).collect();
            let report = Report { success: *success, ..Report::default() };
            let id = ids.get(*which as usize % (ids.len() + 1)).cloned().unwrap_or_else(|| "never_handed_out".to_owned());
            let before: Vec<_> = world.lane.replays().iter().map(|replay| (replay.status(), replay.counts(), replay.remaining())).collect();
            match world.lane.step(Input::Reported { action: &id, report }, now, &policy) {
                Ok(step) => world.keep(&step),
                Err(error) => assert_eq!((error.code(), id.as_str()), ("unknown_action", "never_handed_out")),
            }
            let after: Vec<_> = world.lane.replays().iter().map(|replay| (replay.status(), replay.counts(), replay.remaining())).collect();
            assert_eq!(before, after, "a late report changes nothing");
        }
        Event::Pass { seconds } => {
            world.now += i64::try_from(*seconds * 1_000_000).unwrap();
            let heard = world.heard_of_holder();
            let step = world.lane.step(Input::Ticked { heard }, world.time(), &policy).unwrap();
            world.keep(&step);
        }
        Event::Pause { which } => {
            let Some(id) = world.id(*which) else { return };
            if let Ok(step) = world.lane.step(Input::Pause { replay: &id }, now, &policy) {
                world.keep(&step);
            }
        }
        Event::Resume { which, decision } => {
            let Some(id) = world.id(*which) else { return };
            let status = world.lane.find(&id).unwrap().status();
            match world.lane.step(Input::Resume { replay: &id, decision: *decision }, now, &policy) {
                Ok(step) => {
                    assert_eq!(status == Status::Stalled, decision.is_some());
                    world.keep(&step);
                }
                Err(error) => assert!(["decision_required", "no_decision_needed", "not_resumable"].contains(&error.code())),
            }
        }
        Event::Cancel { which } => {
            let Some(id) = world.id(*which) else { return };
            match world.lane.step(Input::Cancel { replay: Some(&id), reason: "no more" }, now, &policy) {
                Ok(step) => {
                    world.keep(&step);
                    assert_eq!(world.lane.find(&id).unwrap().status(), Status::Cancelled);
                }
                Err(error) => assert_eq!(error.code(), "already_over"),
            }
        }
        Event::Restart => world.restart(),
        Event::CrashBeforeWriting { session } => {
            let session = format!("s{session}");
            let heard = world.heard_of_holder();
            let _ = world.lane.step(Input::Polled { session: &session, key: None, heard }, now, &policy).unwrap();
            world.restart();
        }
    }
    world.now += 1000;
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn nothing_is_doubled_and_nothing_is_lost(events in prop::collection::vec(event(), 1..60), mode in 0_u8..3) {
        let on_unchanged = [OnUnchanged::Warn, OnUnchanged::Retry, OnUnchanged::Stall][mode as usize];
        let mut world = World { now: 1_000_000_000, ..World::default() };
        for event in &events {
            carry_out(&mut world, event, on_unchanged);
            world.check();
        }
        // A patient agent and a person who passes over what nobody knows bring everything to an end.
        for turn in 0..400 {
            if world.lane.is_over() {
                break;
            }
            for which in 0..world.lane.replays().len() {
                let status = world.lane.replays()[which].status();
                let decision = (status == Status::Stalled).then_some(Decision::Skip);
                carry_out(&mut world, &Event::Resume { which: which as u8, decision }, on_unchanged);
            }
            carry_out(&mut world, &Event::Poll { session: 0, key: None, lost: false }, on_unchanged);
            carry_out(&mut world, &Event::Report { success: true, verdict: 1, fatal: false }, on_unchanged);
            let presence = if turn % 2 == 0 { Presence::Shown } else { Presence::Gone };
            carry_out(&mut world, &Event::Look { presence: Some(presence), success: true }, on_unchanged);
            world.check();
        }
        prop_assert!(world.lane.is_over());
    }
}
