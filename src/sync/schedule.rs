//! When to ask again, as a pure function of the time, what happened and chance.
//!
//! Each machine has its own moment within the interval, its *phase*, and keeps to it: whatever happens to the server or the
//! network, a fleet never arrives together. A server gives the machines that it knows phases that lie evenly; who is given none
//! takes one by chance. After failures whole intervals are left out, by chance, so that the moment stays the same.

use std::time::Duration;

use crate::clock::Time;

/// The most intervals from one attempt to the next.
const MOST_INTERVALS: u32 = 4;

/// The longest wait that a server is granted.
const LONGEST_ASKED: Duration = Duration::from_hours(24);

/// The golden ratio's fraction: its multiples lie more evenly on a circle than those of any other number (Weyl's sequence).
const GOLDEN: f64 = 0.618_033_988_749_894_9;

/// The phase of the machine with this number, 0 up to 1. Those of machines that were enrolled one after the other lie evenly.
pub fn phase_of(number: i64) -> f64 {
    // Beyond 2^32 the product has too few digits behind the point; there are not so many machines.
    ((number.rem_euclid(1 << 32)) as f64 * GOLDEN).fract()
}

/// When one machine asks.
#[derive(Debug, Clone)]
pub struct Schedule {
    interval: Duration,
    phase: f64,
    failed: u32,
}

impl Schedule {
    /// Every `interval`, which is taken to be no less than a millisecond, at `phase`, 0 up to 1.
    pub fn new(interval: Duration, phase: f64) -> Self {
        let mut schedule = Self { interval: interval.max(Duration::from_millis(1)), phase: 0.0, failed: 0 };
        schedule.keep_to(phase);
        schedule
    }

    /// Keeps to `phase` from now on; what is no phase changes nothing.
    pub fn keep_to(&mut self, phase: f64) {
        if (0.0..1.0).contains(&phase) {
            self.phase = phase;
        }
    }

    /// How long to wait after an answer: until the machine's next moment that is at least half an interval away.
    pub fn after_answer(&mut self, now: Time) -> Duration {
        self.failed = 0;
        self.next_moment(now, self.interval / 2)
    }

    /// How long to wait after a failure. The first time it is the next moment; then up to two, then up to four intervals, as `chance`
    /// (at least 0, less than 1) says; never sooner than the server `asked`.
    pub fn after_failure(&mut self, now: Time, chance: f64, asked: Option<Duration>) -> Duration {
        let most = 1_u32.checked_shl(self.failed).unwrap_or(MOST_INTERVALS).min(MOST_INTERVALS);
        self.failed = self.failed.saturating_add(1);
        let left_out = ((chance.clamp(0.0, 1.0) * f64::from(most)) as u32).min(most - 1);
        let least = self.interval / 2 + self.interval * left_out;
        self.next_moment(now, least.max(asked.unwrap_or_default().min(LONGEST_ASKED)))
    }

    /// How long until the first of the machine's moments that is at least `least` away.
    fn next_moment(&self, now: Time, least: Duration) -> Duration {
        let period = i128::try_from(self.interval.as_micros()).unwrap_or(i128::MAX);
        let offset = (self.interval.as_micros() as f64 * self.phase) as i128;
        let since_moment = (i128::from(now.micros()) + least.as_micros() as i128 - offset).rem_euclid(period);
        let rest = if since_moment == 0 { 0 } else { period - since_moment };
        least + Duration::from_micros(u64::try_from(rest).unwrap_or(u64::MAX))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const INTERVAL: Duration = Duration::from_mins(5);

    proptest! {
        #[test]
        fn waits_end_at_the_machines_own_moment(start in 0_i64..4_000_000_000_000_000, phase in 0.0..1.0_f64, seconds in 1_u64..4000, chances in prop::collection::vec(0.0..1.0_f64, 1..20)) {
            let interval = Duration::from_secs(seconds);
            let mut schedule = Schedule::new(interval, phase);
            let mut now = Time::from_micros(start);
            let wait = schedule.after_answer(now);
            prop_assert!(wait >= interval / 2 && wait <= interval * 3 / 2, "{wait:?}");
            now = now.plus(wait);
            for chance in chances {
                let wait = schedule.after_failure(now, chance, None);
                // From its own moment on whole intervals.
                prop_assert_eq!(wait.as_micros() % interval.as_micros(), 0);
                prop_assert!(wait >= interval && wait <= interval * MOST_INTERVALS);
                now = now.plus(wait);
            }
            prop_assert_eq!(schedule.after_answer(now), interval);
        }

        #[test]
        fn what_the_server_asks_is_the_least(asked in 0_u64..100_000, chance in 0.0..1.0_f64, now in 0_i64..1_000_000_000_000) {
            let mut schedule = Schedule::new(INTERVAL, 0.3);
            let asked = Duration::from_secs(asked);
            let wait = schedule.after_failure(Time::from_micros(now), chance, Some(asked));
            prop_assert!(wait >= asked.min(LONGEST_ASKED) && wait <= asked.max(INTERVAL) + INTERVAL);
        }
    }

    #[test]
    fn the_first_failure_costs_one_interval_and_later_ones_up_to_four() {
        let mut schedule = Schedule::new(INTERVAL, 0.0);
        let waits: Vec<u64> = (0..5).map(|_| schedule.after_failure(Time::from_micros(0), 0.999, None).as_secs() / 300).collect();
        assert_eq!(waits, [1, 2, 4, 4, 4]);
        schedule.after_answer(Time::from_micros(0));
        assert_eq!(schedule.after_failure(Time::from_micros(0), 0.999, None).as_secs(), 300);
    }

    #[test]
    fn what_is_no_phase_changes_nothing() {
        let mut schedule = Schedule::new(INTERVAL, 0.5);
        for bad in [f64::NAN, -0.1, 1.0, f64::INFINITY] {
            schedule.keep_to(bad);
        }
        assert_eq!(schedule.after_answer(Time::from_micros(0)), INTERVAL / 2);
    }

    /// Chance from a seed: a linear congruential generator with Knuth's constants.
    struct Seeded(u64);

    impl Seeded {
        fn next(&mut self) -> f64 {
            self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (self.0 >> 11) as f64 / (1_u64 << 53) as f64
        }
    }

    /// Requests that reach the server in each second of the half hour after it is back, of `phases` machines that polled it before it
    /// went away for `away`. Their clocks differ by up to half a second, and a request is up to 200 ms on its way.
    fn arrivals(phases: &[f64], away: Duration, seed: u64) -> Vec<usize> {
        let mut chance = Seeded(seed);
        let (gone, back) = (Time::from_micros(3_600_000_000), Time::from_micros(3_600_000_000).plus(away));
        let mut seconds = vec![0; 1800];
        for phase in phases {
            let mut schedule = Schedule::new(INTERVAL, *phase);
            let skew = Duration::from_secs_f64(chance.next());
            // Somewhere in the hour before, it began.
            let mut now = Time::from_micros((chance.next() * 3.5e9) as i64);
            loop {
                let arrived = now.plus(skew).plus(Duration::from_secs_f64(0.2 * chance.next()));
                if arrived >= back {
                    let second = arrived.since(back).as_secs() as usize;
                    if second >= seconds.len() {
                        break;
                    }
                    seconds[second] += 1;
                }
                let wait = if arrived >= gone && arrived < back {
                    schedule.after_failure(now, chance.next(), None)
                } else {
                    schedule.after_answer(now)
                };
                now = now.plus(wait);
            }
        }
        seconds
    }

    /// The busiest window of `width` seconds over the mean one.
    fn peak_over_mean(seconds: &[usize], width: usize) -> f64 {
        let windows: Vec<usize> = seconds.chunks(width).map(|window| window.iter().sum()).collect();
        let mean = windows.iter().sum::<usize>() as f64 / windows.len() as f64;
        windows.into_iter().max().unwrap_or_default() as f64 / mean
    }

    #[test]
    fn a_thousand_machines_do_not_arrive_together_after_a_restart() {
        let machines: Vec<f64> = (1..=1000).map(phase_of).collect();
        for away in [5, 60, 600, 7200].map(Duration::from_secs) {
            for seed in 1..=20 {
                let ratio = peak_over_mean(&arrivals(&machines, away, seed), 1);
                assert!(ratio < 3.0, "busiest second over mean: {ratio:.2} after {away:?}, seed {seed}");
            }
        }
        // Machines that the server does not know lie as chance has it: 3.3 a second on average, so that single seconds differ by chance
        // alone; the busiest five seconds tell whether they come together.
        for seed in 1..=20 {
            let mut chance = Seeded(seed);
            let strangers: Vec<f64> = (0..1000).map(|_| chance.next()).collect();
            let ratio = peak_over_mean(&arrivals(&strangers, Duration::from_mins(10), seed), 5);
            assert!(ratio < 3.0, "{ratio:.2}, seed {seed}");
        }
        // That the measure tells: all of one phase.
        assert!(peak_over_mean(&arrivals(&[0.5; 1000], Duration::from_mins(10), 1), 1) > 50.0);
    }
}
