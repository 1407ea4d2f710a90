//! Keeping a copy up to date for as long as the program runs: one pull after the other, each at the machine's own moment.

use std::time::Duration;

use super::retry::{Waiting, asked_wait};
use crate::error::Error;
use crate::sync::{AtHand, Cache, Pulled, Rules, Schedule, Source, pull};

/// What somebody who follows is told.
#[derive(Debug)]
pub enum FollowNews<'a> {
    /// The server answered; what is at hand is its present configuration.
    Current(&'a Pulled, &'a AtHand),
    /// It did not, or what it answered is not to be taken; what is at hand is as it was.
    Failed(&'a Error, &'a AtHand),
}

/// Pulls now and again at each moment of `schedule`, for ever, or until `told`, which hears of each attempt and of the wait that
/// follows, answers false.
pub fn follow(
    source: &dyn Source,
    cache: &dyn Cache,
    mut at_hand: AtHand,
    rules: Rules<'_>,
    mut schedule: Schedule,
    waiting: Waiting<'_>,
    told: &mut dyn FnMut(FollowNews<'_>, Duration) -> bool,
) {
    loop {
        let outcome = pull(source, cache, &mut at_hand, rules, waiting.clock.now());
        let now = waiting.clock.now();
        let (go_on, wait) = match outcome {
            Ok(pulled) => {
                if let Some(phase) = pulled.phase {
                    schedule.keep_to(phase);
                }
                let wait = schedule.after_answer(now);
                (told(FollowNews::Current(&pulled, &at_hand), wait), wait)
            }
            Err(error) => {
                let wait = schedule.after_failure(now, (waiting.random)(), asked_wait(&error));
                (told(FollowNews::Failed(&error, &at_hand), wait), wait)
            }
        };
        if !go_on {
            return;
        }
        (waiting.sleep)(wait);
    }
}

#[cfg(test)]
mod tests {
    use std::cell::{Cell, RefCell};

    use super::*;
    use crate::clock::{Clock, ManualClock, Time};
    use crate::error::{Kind, Result};
    use crate::sync::{Fetched, Kept};
    use serde_json::json;

    struct Nowhere;

    impl Cache for Nowhere {
        fn load(&self) -> Result<Option<Kept>> {
            Ok(None)
        }
        fn newest(&self, _server: &str) -> Result<Option<Time>> {
            Ok(None)
        }
        fn save(&self, _kept: &Kept, _server: &str, _newest: Option<Time>) -> Result<()> {
            Ok(())
        }
        fn confirm(&self, _version: &str, _at: Time) -> Result<bool> {
            Ok(true)
        }
    }

    /// Fails twice, the second time with a wish, then answers.
    struct Flaky(Cell<u32>);

    impl Source for Flaky {
        fn fetch(&self, _known: Option<&str>) -> Result<Fetched> {
            let count = self.0.replace(self.0.get() + 1);
            let refused = || Error::new(Kind::Unavailable, "overloaded", "x");
            match count {
                0 => Err(refused()),
                1 => Err(refused().detail("retry_after", 1000)),
                2 => {
                    let version = crate::sync::version_of(&[], &[]);
                    let body = json!({ "version": version, "skills": [], "workflows": [], "synced_at": Time::from_micros(1) });
                    Ok(Fetched { news: Some(body), phase: Some(0.25) })
                }
                _ => Ok(Fetched { news: None, phase: None }),
            }
        }
    }

    #[test]
    fn failures_wait_as_asked_and_answers_move_to_the_moment_that_the_server_gives() {
        let clock = ManualClock::at(Time::from_micros(0));
        let slept = RefCell::new(Vec::new());
        let sleep = |wait| {
            slept.borrow_mut().push(wait);
            clock.advance(wait);
        };
        let waiting = Waiting { clock: &clock, sleep: &sleep, random: &|| 0.0 };
        let schedule = Schedule::new(Duration::from_secs(400), 0.0);
        let rules = Rules { server: "http://a", allow_older: false, trust: None };
        let mut events = Vec::new();
        follow(&Flaky(Cell::new(0)), &Nowhere, AtHand::default(), rules, schedule, waiting, &mut |news, _| {
            events.push(match news {
                FollowNews::Current(pulled, at_hand) => {
                    assert!(at_hand.kept.is_some());
                    if pulled.changed { "changed" } else { "same" }
                }
                FollowNews::Failed(..) => "failed",
            });
            events.len() < 4
        });
        assert_eq!(events, ["failed", "failed", "changed", "same"]);
        let seconds: Vec<u64> = slept.borrow().iter().map(Duration::as_secs).collect();
        // At 400; asked for 1000 s, so at 1600 and not before 1400; then at a quarter of an interval, at least half an interval later.
        assert_eq!(seconds, [400, 1200, 500]);
        assert_eq!(clock.now(), Time::from_micros(2_100_000_000));
    }
}
