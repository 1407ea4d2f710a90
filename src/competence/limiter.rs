//! How often a machine may persist: so many in any minute, by a clock that never goes back.

use std::collections::{HashMap, VecDeque};
use std::time::Duration;

/// How many machines are remembered; of more, the one that was silent for longest is forgotten.
const MAX_MACHINES: usize = 10_000;

/// Counts what each machine did within the window that ends now.
#[derive(Debug)]
pub struct Limiter {
    most: usize,
    window: Duration,
    done: HashMap<String, VecDeque<Duration>>,
}

impl Limiter {
    /// Lets `most` through within any `window`.
    pub fn new(most: usize, window: Duration) -> Self {
        Self { most, window, done: HashMap::new() }
    }

    /// Lets `machine` through at `now` and counts it, or says for how many whole seconds it must wait: then it will be let through.
    ///
    /// # Errors
    /// The seconds to wait, at least 1.
    pub fn allow(&mut self, machine: &str, now: Duration) -> Result<(), u64> {
        let window = self.window;
        if !self.done.contains_key(machine) && self.done.len() >= MAX_MACHINES {
            self.make_room(now);
        }
        let times = self.done.entry(machine.to_owned()).or_default();
        while times.front().is_some_and(|time| now.saturating_sub(*time) >= window) {
            times.pop_front();
        }
        if times.len() >= self.most {
            let free_at = times.front().map_or(now, |time| *time + window);
            let wait = free_at.saturating_sub(now);
            return Err((wait.as_secs() + u64::from(wait.subsec_nanos() > 0)).max(1));
        }
        times.push_back(now);
        Ok(())
    }

    /// Forgets a machine, or all.
    pub fn reset(&mut self, machine: Option<&str>) {
        match machine {
            Some(machine) => drop(self.done.remove(machine)),
            None => self.done.clear(),
        }
    }

    fn make_room(&mut self, now: Duration) {
        let window = self.window;
        self.done.retain(|_, times| times.back().is_some_and(|time| now.saturating_sub(*time) < window));
        while self.done.len() >= MAX_MACHINES {
            let silent = self.done.iter().min_by_key(|(_, times)| times.back().copied()).map(|(machine, _)| machine.clone());
            let Some(silent) = silent else { return };
            self.done.remove(&silent);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn memory_has_an_end() {
        let mut limiter = Limiter::new(1, Duration::from_mins(1));
        for number in 0..MAX_MACHINES + 100 {
            assert!(limiter.allow(&format!("m{number}"), Duration::from_millis(number as u64)).is_ok());
        }
        assert!(limiter.done.len() <= MAX_MACHINES);
    }

    proptest! {
        #[test]
        fn whoever_waits_as_told_is_let_through(gaps in proptest::collection::vec(0_u64..20_000, 1..60), most in 1_usize..5) {
            let mut limiter = Limiter::new(most, Duration::from_mins(1));
            let mut now = Duration::from_secs(5);
            for gap in gaps {
                now += Duration::from_millis(gap);
                if let Err(wait) = limiter.allow("m", now) {
                    prop_assert!(wait <= 60);
                    now += Duration::from_secs(wait);
                    prop_assert!(limiter.allow("m", now).is_ok());
                }
            }
        }
    }
}
