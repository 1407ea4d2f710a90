//! When to try again: exponential back-off with full jitter, ended by a deadline. Pure; waiting is passed in.

use std::time::Duration;

use serde_json::Value;

use crate::clock::Clock;
use crate::error::{Error, Result};

/// The upper bound of the first wait.
pub const FIRST_WAIT: Duration = Duration::from_millis(200);

/// The upper bound of any wait that the server didn't ask for.
pub const LONGEST_WAIT: Duration = Duration::from_secs(10);

/// The least time that one attempt is given, as long as there is as much left.
const LEAST_ATTEMPT: Duration = Duration::from_secs(5);

/// The least time that must be left for an attempt to be begun again: with less, it would end for want of time, and hide what
/// the ones before it have found.
const LEAST_LEFT: Duration = Duration::from_millis(200);

/// What repeating needs from outside: the time, a way to wait, a number from 0 up to 1.
#[derive(Clone, Copy)]
pub struct Waiting<'a> {
    /// Tells how much time has passed.
    pub clock: &'a dyn Clock,
    /// Lets that much time pass.
    pub sleep: &'a dyn Fn(Duration),
    /// A fresh random number, at least 0 and less than 1.
    pub random: &'a dyn Fn() -> f64,
}

/// The schedule of one call.
#[derive(Debug, Clone)]
pub struct Schedule {
    deadline: Duration,
    failed: u32,
}

impl Schedule {
    /// A schedule that ends at `deadline`, on the clock of [`Clock::monotonic`].
    pub fn until(deadline: Duration) -> Self {
        Self { deadline, failed: 0 }
    }

    /// How many attempts have failed.
    pub fn failed(&self) -> u32 {
        self.failed
    }

    /// The most time that the next attempt may take: half of what is left, so that a silent connection leaves room for
    /// another one, but no less than five seconds where there are as many.
    pub fn attempt(&self, now: Duration) -> Duration {
        let left = self.deadline.saturating_sub(now);
        (left / 2).max(LEAST_ATTEMPT).min(left)
    }

    /// How long to wait after a failure at `now`, or `None` when too little time would be left by then for another attempt.
    /// `random` is at least 0 and less than 1; `asked` is what the server asked for, which is then the least.
    pub fn next(&mut self, now: Duration, random: f64, asked: Option<Duration>) -> Option<Duration> {
        let bound = FIRST_WAIT.saturating_mul(2_u32.saturating_pow(self.failed)).min(LONGEST_WAIT);
        self.failed = self.failed.saturating_add(1);
        let jitter = bound.mul_f64(random.clamp(0.0, 1.0));
        let wait = asked.unwrap_or_default().saturating_add(jitter);
        (now.checked_add(wait)?.checked_add(LEAST_LEFT)? <= self.deadline).then_some(wait)
    }
}

/// Whether `error`, as the [`Client`](super::Client) gives it, may go away by itself.
pub fn may_go_away(error: &Error) -> bool {
    error.details().get("retryable").and_then(Value::as_bool).unwrap_or(false)
}

/// How long the server asked to wait.
pub fn asked_wait(error: &Error) -> Option<Duration> {
    error.details().get("retry_after").and_then(Value::as_u64).map(Duration::from_secs)
}

/// Calls `attempt` with the time it may take until it succeeds, fails for good, or the schedule ends; then its last error.
/// `told` hears of each wait before it begins.
///
/// # Errors
/// Those of `attempt`.
pub fn repeat<T>(
    schedule: &mut Schedule,
    waiting: Waiting<'_>,
    told: &mut dyn FnMut(&Error, Duration),
    attempt: &mut dyn FnMut(Duration) -> Result<T>,
) -> Result<T> {
    loop {
        match attempt(schedule.attempt(waiting.clock.monotonic())) {
            Err(error) if may_go_away(&error) => match schedule.next(waiting.clock.monotonic(), (waiting.random)(), asked_wait(&error)) {
                Some(wait) => {
                    told(&error, wait);
                    (waiting.sleep)(wait);
                }
                None => return Err(error),
            },
            done => return done,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::{ManualClock, Time};
    use crate::error::Kind;
    use proptest::prelude::*;

    fn flaky(asked: Option<u64>) -> Error {
        let error = Error::new(Kind::Unreachable, "timed_out", "x").detail("retryable", true);
        match asked {
            Some(seconds) => error.detail("retry_after", seconds),
            None => error,
        }
    }

    #[test]
    fn repeats_until_the_deadline_and_gives_the_last_error() {
        let clock = ManualClock::at(Time::from_micros(0));
        let sleep = |wait| clock.advance(wait);
        let waiting = Waiting { clock: &clock, sleep: &sleep, random: &|| 0.999 };
        let (mut tries, mut waits) = (0, Vec::new());
        let outcome: Result<()> =
            repeat(&mut Schedule::until(Duration::from_secs(30)), waiting, &mut |_, wait| waits.push(wait), &mut |_| {
                tries += 1;
                Err(flaky(None))
            });
        assert_eq!(outcome.unwrap_err().code(), "timed_out");
        assert_eq!((tries, waits.len()), (8, 7), "{waits:?}");
        assert!(waits.windows(2).all(|pair| pair[0] <= pair[1]));
    }

    #[test]
    fn a_final_failure_is_not_repeated_and_a_long_wait_is_not_begun() {
        let clock = ManualClock::at(Time::from_micros(0));
        let sleep = |_| panic!("nothing to wait for");
        let waiting = Waiting { clock: &clock, sleep: &sleep, random: &|| 0.5 };
        for error in [Error::new(Kind::Conflict, "x", "x"), flaky(Some(31))] {
            let mut error = Some(error);
            let outcome: Result<()> =
                repeat(&mut Schedule::until(Duration::from_secs(30)), waiting, &mut |_, _| panic!("nothing to tell"), &mut |_| {
                    Err(error.take().unwrap())
                });
            assert!(outcome.is_err());
        }
    }

    proptest! {
        #[test]
        fn waits_stay_within_their_bounds(randoms in prop::collection::vec(0.0..1.0_f64, 1..60), asked in prop::option::of(0..20_u64), end in 0..600_u64) {
            let deadline = Duration::from_secs(end);
            let mut schedule = Schedule::until(deadline);
            let mut now = Duration::ZERO;
            let mut bound = FIRST_WAIT;
            for random in randoms {
                prop_assert!(now + schedule.attempt(now) <= deadline.max(now));
                let least = Duration::from_secs(asked.unwrap_or_default());
                match schedule.next(now, random, asked.map(Duration::from_secs)) {
                    Some(wait) => {
                        prop_assert!(wait >= least && wait <= least + bound, "{wait:?} {bound:?}");
                        now += wait;
                        prop_assert!(schedule.attempt(now) >= LEAST_LEFT);
                    }
                    None => prop_assert!(now + least + bound + LEAST_LEFT >= deadline),
                }
                bound = (bound * 2).min(LONGEST_WAIT);
            }
        }
    }
}
