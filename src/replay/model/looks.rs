//! Waiting for what the screen shows, step by step.

use serde_json::Value;

use super::*;

/// A lane, its clock, and what is kept of it.
struct Room {
    lane: Lane,
    kept: Vec<Moment>,
    plan: Arc<Plan>,
    now: Time,
    /// How long the last wait lasts.
    millis: u64,
}

impl Room {
    /// `action` and a click after it.
    fn with(action: Value) -> Self {
        let click = json!({ "action_id": "click", "type": "click", "x_pct": 0.5, "y_pct": 0.5 });
        let check = |body: Value| Action::check(body.as_object().unwrap().clone(), "action", &mut || "watch".to_owned()).unwrap();
        let plan = Arc::new(Plan {
            id: "replay_0123456789abcdef".to_owned(),
            source: Source::Raw("task".to_owned()),
            lane: "pc".to_owned(),
            session: "s1".to_owned(),
            machine: "pc".to_owned(),
            actions: vec![check(action), check(click)],
            params: std::collections::BTreeMap::new(),
            created_at: Time::from_micros(0),
        });
        let mut lane = Lane::default();
        lane.add(Replay::new(Arc::clone(&plan)));
        Self { lane, kept: Vec::new(), plan, now: Time::from_micros(1_000_000), millis: 0 }
    }

    fn until(timeout: u64) -> Self {
        Self::with(json!({ "type": "wait_until", "target": { "anchor_image_base64": "abcd" }, "timeout_ms": timeout }))
    }

    fn gone(timeout: u64) -> Self {
        Self::with(json!({ "type": "wait_gone", "target": { "anchor_image_base64": "abcd" }, "timeout_ms": timeout }))
    }

    fn pass(&mut self, millis: u64) {
        self.now = self.now.plus(Duration::from_millis(millis));
    }

    fn step(&mut self, input: Input<'_>) -> crate::error::Result<Answer> {
        let policy = Policy {
            lease: Duration::from_mins(2),
            max_retries: 3,
            on_unchanged: OnUnchanged::Warn,
            listening_since: Time::from_micros(0),
        };
        let step = self.lane.step(input, self.now, &policy)?;
        for (place, facts) in step.changes {
            let facts = serde_json::from_str(&serde_json::to_string(&facts).unwrap()).unwrap();
            let moment = Moment { at: self.now, facts };
            self.lane.apply(place, &moment);
            self.kept.push(moment);
        }
        Ok(step.answer)
    }

    /// The server is killed and started again.
    fn restart(&mut self) {
        self.lane = Lane::default();
        self.lane.add(Replay::restored(Arc::clone(&self.plan), &self.kept));
    }

    fn poll_as(&mut self, session: &str, key: Option<&str>) -> Option<String> {
        match self.step(Input::Polled { session, key, heard: self.now }).unwrap() {
            Answer::Give(action) => {
                assert_eq!(action.kind().awaits(), None, "no agent knows this one");
                Some(action.id().to_owned())
            }
            Answer::Wait { id, millis } => {
                assert!((LOOK_WAIT_MS..=MOST_LOOK_WAIT_MS).contains(&millis));
                self.millis = millis;
                Some(id)
            }
            _ => None,
        }
    }

    fn poll(&mut self) -> String {
        self.poll_as("s1", None).unwrap_or_default()
    }

    fn say(&mut self, id: &str, report: Report) -> Taken {
        match self.step(Input::Reported { action: id, report }).unwrap() {
            Answer::Taken(taken) => taken,
            other => panic!("{other:?}"),
        }
    }

    fn replay(&self) -> &Replay {
        &self.lane.replays()[0]
    }

    fn error(&self) -> String {
        self.replay().attempts()[0].report.as_ref().and_then(|report| report.error.clone()).unwrap_or_default()
    }

    fn outcome(&self) -> Option<Outcome> {
        self.replay().attempts().first()?.end.map(|(_, outcome)| outcome)
    }
}

fn seen(presence: Presence, verdict: &str, cause: &str) -> Report {
    let sighted =
        Sighted { verdict: verdict.to_owned(), cause: Some(cause.to_owned()), place: None, score: Some(0.5), screen: Some("p".to_owned()) };
    Report { success: true, after: Some("p".to_owned()), look: Some(Box::new(Look { presence, sighted })), ..Report::default() }
}

fn there() -> Report {
    seen(Presence::Shown, "found", "single_place")
}

fn away() -> Report {
    seen(Presence::Gone, "absent", "nothing_alike")
}

fn unsure() -> Report {
    seen(Presence::Unsure, "ambiguous", "several_alike")
}

fn blind() -> Report {
    Report { success: true, ..Report::default() }
}

#[test]
fn the_queue_goes_on_once_the_target_is_seen() {
    let mut room = Room::until(10_000);
    let mut ids = Vec::new();
    for report in [away(), unsure(), blind(), there()] {
        let id = room.poll();
        assert!(id.starts_with("wait_look_0123456789ab_") && !ids.contains(&id), "{id} {ids:?}");
        assert_eq!((room.replay().remaining(), room.outcome()), (2, None));
        room.pass(500);
        let taken = room.say(&id, report.clone());
        let holds = report == there();
        assert_eq!((taken.late, taken.receipt.remaining, taken.number), (false, if holds { 1 } else { 2 }, 0));
        ids.push(id);
        room.restart();
    }
    assert_eq!((room.outcome(), room.replay().counts().completed), (Some(Outcome::Success), 1));
    let attempt = &room.replay().attempts()[0];
    assert_eq!((attempt.id.as_str(), attempt.sighted.as_ref().unwrap().verdict.as_str()), ("watch", "found"));
    assert_eq!(attempt.report.as_ref().unwrap().after.as_deref(), Some("p"));
    assert_eq!(room.poll(), "click");
    room.say("click", blind());
    assert_eq!(room.replay().status(), Status::Completed);
}

#[test]
fn gone_is_only_what_is_surely_gone() {
    let mut room = Room::gone(10_000);
    for report in [there(), unsure(), blind(), Report { success: false, ..away() }] {
        let id = room.poll();
        room.say(&id, report);
        assert_eq!(room.outcome(), None);
    }
    let id = room.poll();
    room.say(&id, away());
    assert_eq!(room.outcome(), Some(Outcome::Success));
}

#[test]
fn it_fails_when_its_time_is_up_and_tells_what_was_last_seen() {
    for (report, error) in [
        (unsure(), "the target did not appear within 1000 ms; last seen: ambiguous (several_alike)"),
        (blind(), "the target did not appear within 1000 ms; no report brought a picture of the screen that could be looked at"),
    ] {
        let mut room = Room::until(1000);
        let id = room.poll();
        room.pass(999);
        assert_eq!(room.say(&id, report.clone()).receipt.status, Status::Running);
        let id = room.poll();
        room.pass(1);
        let taken = room.say(&id, report);
        assert_eq!((taken.receipt.status, taken.receipt.remaining), (Status::Error, 0));
        assert_eq!((room.outcome(), room.error().as_str()), (Some(Outcome::Failed), error));
        assert_eq!((room.replay().counts().failed, room.replay().counts().retried), (1, 0));
        assert_eq!(room.poll_as("s1", None), None);
    }
    let mut room = Room::gone(1);
    let id = room.poll();
    room.pass(500);
    room.say(&id, there());
    assert_eq!(room.error(), "the target did not go within 1 ms; last seen: found (single_place)");
    // A report without a picture doesn't make what was seen before unseen.
    let mut room = Room::until(700);
    for report in [away(), blind()] {
        let id = room.poll();
        room.pass(500);
        room.say(&id, report);
    }
    assert_eq!(room.error(), "the target did not appear within 700 ms; last seen: absent (nothing_alike)");
}

#[test]
fn what_a_late_report_shows_counts_before_the_clock() {
    let mut room = Room::until(1000);
    let id = room.poll();
    room.pass(60_000);
    room.say(&id, there());
    assert_eq!(room.outcome(), Some(Outcome::Success));
}

#[test]
fn an_agent_that_never_reports_its_waits_runs_out_of_time() {
    let mut room = Room::until(1000);
    let first = room.poll();
    room.pass(500);
    let second = room.poll();
    assert!(second.starts_with("wait_look_") && second != first);
    // What is said of the first comes late, whatever it shows.
    assert!(room.say(&first, there()).late);
    assert_eq!((room.outcome(), room.replay().wait.as_ref().unwrap().id.as_str()), (None, second.as_str()));
    room.pass(500);
    assert_eq!(room.poll_as("s1", None), None);
    assert_eq!((room.outcome(), room.replay().status()), (Some(Outcome::Failed), Status::Error));
    assert!(room.say(&second, there()).late);
    assert_eq!(room.outcome(), Some(Outcome::Failed));
}

#[test]
fn a_report_that_comes_again_moves_nothing_on() {
    let mut room = Room::until(10_000);
    let first = room.poll();
    let answer = room.say(&first, unsure());
    // The same report now shows the target: it is the first that counts, before and after a restart, and also in the next wait.
    assert_eq!(room.say(&first, there()), answer);
    room.restart();
    assert_eq!(room.say(&first, there()), answer);
    let second = room.poll();
    assert_eq!(room.say(&first, there()), answer);
    assert_eq!(room.outcome(), None);
    let answer = room.say(&second, there());
    assert_eq!((room.say(&second, there()), room.replay().remaining()), (answer.clone(), 1));
    assert_eq!(room.poll(), "click");
    assert_eq!((room.say(&second, unsure()), room.replay().out().unwrap().id.as_str()), (answer, "click"));
    assert!(room.lane.knows(&first) && room.lane.gave("s1", &second) && !room.lane.knows("watch"));
    // Nobody was given the action itself, so nobody can report on it.
    let refused = room.step(Input::Reported { action: "watch", report: blind() }).unwrap_err();
    assert_eq!(refused.code(), "unknown_action");
}

#[test]
fn a_request_that_comes_again_is_given_the_same_wait_and_later_nothing() {
    let mut room = Room::until(10_000);
    let wait = room.poll_as("s1", Some("k1")).unwrap();
    room.restart();
    assert_eq!(room.poll_as("s1", Some("k1")), Some(wait.clone()));
    room.say(&wait, there());
    assert_eq!(room.poll_as("s1", Some("k1")), None, "nobody is behind it who would click");
    assert_eq!(room.poll_as("s1", Some("k2")).as_deref(), Some("click"));
}

#[test]
fn no_time_runs_while_it_is_paused() {
    let mut room = Room::until(1000);
    let id = room.poll();
    room.step(Input::Pause { replay: "replay_0123456789abcdef" }).unwrap();
    room.pass(60_000);
    room.say(&id, unsure());
    assert_eq!((room.outcome(), room.poll_as("s1", None)), (None, None));
    room.step(Input::Resume { replay: "replay_0123456789abcdef", decision: None }).unwrap();
    room.restart();
    room.pass(999);
    let id = room.poll();
    room.say(&id, unsure());
    assert_eq!(room.outcome(), None);
    let id = room.poll();
    room.pass(1);
    room.say(&id, unsure());
    assert_eq!(room.outcome(), Some(Outcome::Failed));
}

#[test]
fn an_agent_that_comes_back_as_another_session_goes_on_looking() {
    let mut room = Room::until(10_000);
    let first = room.poll();
    let second = room.poll_as("s2", None).unwrap();
    assert!(second.starts_with("wait_look_") && second != first);
    assert_eq!(room.lane.holder(), Some("s2"));
    room.say(&second, there());
    assert_eq!((room.outcome(), room.replay().status()), (Some(Outcome::Success), Status::Running));
}

#[test]
fn an_agent_that_falls_silent_makes_it_fail_and_stalls_nothing() {
    for reported in [false, true] {
        let mut room = Room::until(10_000);
        let id = room.poll();
        if reported {
            room.say(&id, unsure());
        }
        assert_eq!(room.lane.holder(), Some("s1"));
        let heard = room.now;
        room.pass(119_000);
        room.step(Input::Ticked { heard }).unwrap();
        assert_eq!(room.outcome(), None, "the lease holds");
        room.pass(2000);
        room.step(Input::Ticked { heard }).unwrap();
        assert_eq!((room.outcome(), room.replay().status()), (Some(Outcome::Failed), Status::Error));
    }
    // Silent, but there is time left.
    let mut room = Room::until(600_000);
    room.poll();
    let heard = room.now;
    room.pass(121_000);
    room.step(Input::Ticked { heard }).unwrap();
    assert_eq!((room.outcome(), room.replay().wait.is_none()), (None, true));
    room.pass(480_000);
    room.step(Input::Ticked { heard }).unwrap();
    assert_eq!(room.outcome(), Some(Outcome::Failed));
}

#[test]
fn a_person_may_end_it_and_nothing_was_done() {
    let mut room = Room::gone(1000);
    room.poll();
    room.step(Input::Cancel { replay: None, reason: "enough" }).unwrap();
    assert_eq!(
        (room.outcome(), room.replay().status(), room.replay().watched().is_none()),
        (Some(Outcome::Skipped), Status::Cancelled, true)
    );
    let refused = room.step(Input::Resume { replay: "replay_0123456789abcdef", decision: Some(Decision::Retry) }).unwrap_err();
    assert_eq!(refused.code(), "not_resumable");
}

#[test]
fn the_longer_it_takes_the_rarer_it_is_looked_at() {
    let mut room = Room::until(600_000);
    let mut looks = 0;
    while room.outcome().is_none() {
        let id = room.poll_as("s1", Some(&format!("k{looks}"))).unwrap();
        let millis = room.millis;
        room.pass(1);
        room.restart();
        assert_eq!((room.poll_as("s1", Some(&format!("k{looks}"))), room.millis), (Some(id.clone()), millis), "the same wait again");
        room.pass(millis);
        room.say(&id, unsure());
        looks += 1;
    }
    assert!((150..300).contains(&looks), "{looks}");
    assert_eq!(room.millis, MOST_LOOK_WAIT_MS);
}
