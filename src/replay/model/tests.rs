//! Single courses of events.

use super::*;

#[test]
fn a_retry_carries_the_whole_action_and_the_second_comes_after_a_wait() {
    let mut world = World { now: 1_000_000_000, ..World::default() };
    world.start(Source::Raw("task".to_owned()), 1);
    let mut seen = Vec::new();
    for _ in 0..5 {
        let policy = World::policy(OnUnchanged::Warn, 0);
        let heard = world.time();
        let step = world.lane.step(Input::Polled { session: "s0", key: None, heard }, world.time(), &policy).unwrap();
        world.keep(&step);
        let id = match step.answer {
            Answer::Give(action) => {
                assert_eq!((action.body()["type"].as_str(), action.position()), (Some("click"), Some((0.5, 0.5))));
                action.id().to_owned()
            }
            Answer::Wait { id, millis: RETRY_WAIT_MS } => id,
            other => panic!("{other:?}"),
        };
        seen.push(if id.starts_with("wait_retry_") { "wait".to_owned() } else { id.clone() });
        let report = Report { success: false, error: Some("not found".to_owned()), ..Report::default() };
        let step = world.lane.step(Input::Reported { action: &id, report }, world.time(), &policy).unwrap();
        world.keep(&step);
    }
    assert_eq!(seen, ["r1a0", "r1a0_retry1", "wait", "r1a0_retry2", "r1a0_retry3"]);
    let replay = &world.lane.replays()[0];
    assert_eq!((replay.status(), replay.attempts().len(), replay.counts().retried), (Status::Error, 4, 3));
}

#[test]
fn the_same_key_gives_the_same_action_and_another_gives_the_next() {
    let mut world = World { now: 1_000_000_000, ..World::default() };
    world.start(Source::Raw("task".to_owned()), 2);
    let mut poll = |key: Option<&str>| {
        let policy = World::policy(OnUnchanged::Warn, 0);
        let heard = world.time();
        let step = world.lane.step(Input::Polled { session: "s0", key, heard }, world.time(), &policy).unwrap();
        world.keep(&step);
        if let Answer::Give(action) = step.answer { Some(action.id().to_owned()) } else { None }
    };
    assert_eq!(poll(Some("k1")).as_deref(), Some("r1a0"));
    assert_eq!(poll(Some("k1")).as_deref(), Some("r1a0"));
    assert_eq!(poll(Some("k2")).as_deref(), Some("r1a1"));
    assert_eq!(poll(None), None);
    let outcomes: Vec<_> = world.lane.replays()[0].attempts().iter().map(|attempt| attempt.end.unwrap().1).collect();
    assert_eq!(outcomes, [Outcome::Unreported, Outcome::Unreported]);
    assert_eq!(world.lane.replays()[0].status(), Status::CompletedWithWarnings);
}

#[test]
fn a_silent_agent_and_one_that_comes_back_as_another_session_leave_it_to_a_person() {
    for other_session in [false, true] {
        let mut world = World { now: 1_000_000_000, ..World::default() };
        world.start(Source::Raw("task".to_owned()), 2);
        carry_out(&mut world, &Event::Poll { session: 0, key: None, lost: false }, OnUnchanged::Warn);
        if other_session {
            carry_out(&mut world, &Event::Poll { session: 1, key: None, lost: false }, OnUnchanged::Warn);
        } else {
            carry_out(&mut world, &Event::Pass { seconds: 121 }, OnUnchanged::Warn);
        }
        let replay = &world.lane.replays()[0];
        assert_eq!((replay.status(), replay.attempts()[0].end.unwrap().1), (Status::Stalled, Outcome::Unknown));
        // Nothing is handed out until somebody decides, whoever asks.
        carry_out(&mut world, &Event::Poll { session: 1, key: None, lost: false }, OnUnchanged::Warn);
        assert_eq!(world.lane.replays()[0].attempts().len(), 1);
        carry_out(&mut world, &Event::Resume { which: 0, decision: Some(Decision::Retry) }, OnUnchanged::Warn);
        carry_out(&mut world, &Event::Poll { session: 1, key: None, lost: false }, OnUnchanged::Warn);
        assert_eq!(world.lane.replays()[0].out().unwrap().id, "r1a0_retry1");
    }
}
