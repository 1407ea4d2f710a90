//! A template that is compared with windows of the screen in whole numbers.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use super::kernels::{Instructions, Moments, Packed, Phase, moments};
use super::picture::Gray;

/// Sums over so many pixels fit 64 bits: 255² times the square of it stays below 2^63.
const MOST_IN_64_BITS: usize = 1 << 23;

/// From so many pixels on a score takes longer than looking whether it is known: several climbs come to one summit.
const WORTH_KEEPING: usize = 1 << 14;

/// A template with its sums, to be compared exactly.
#[derive(Debug, Clone)]
pub(super) struct Probe {
    pub(super) gray: Gray,
    sum: u64,
    /// `n Σt² - (Σt)²`.
    spread: i128,
}

impl Probe {
    pub(super) fn new(gray: Gray) -> Self {
        // Its product with itself is that of its squares.
        let Moments { product: squares, sum, .. } = moments(&gray.pixels, gray.width, &gray.pixels, gray.width, 0);
        let spread = i128::from(squares) * gray.pixels.len() as i128 - i128::from(sum) * i128::from(sum);
        Self { gray, sum, spread }
    }

    /// The mean level, and the sum of squared deviations from it.
    pub(super) fn mean_and_energy(&self) -> (f64, f64) {
        let count = self.gray.pixels.len() as f64;
        (self.sum as f64 / count, self.spread as f64 / count)
    }

    /// The zero-mean normalised correlation with the window of `screen` at `x`, `y`, in whole numbers up to the last division:
    /// the very number that the reference gives. The window must lie on the screen.
    pub(super) fn score(&self, screen: &Gray, x: usize, y: usize) -> f64 {
        let all = moments(&self.gray.pixels, self.gray.width, &screen.pixels, screen.width, y * screen.width + x);
        // Written out twice: a function for both kinds of numbers would be called for each place.
        let (spread, shared) = if self.gray.pixels.len() <= MOST_IN_64_BITS {
            let (count, sum) = (self.gray.pixels.len() as i64, all.sum as i64);
            let spread = count * all.squares as i64 - sum * sum;
            (if 2 * spread <= count { 0.0 } else { spread as f64 }, (count * all.product as i64 - self.sum as i64 * sum) as f64)
        } else {
            let (count, sum) = (self.gray.pixels.len() as i128, i128::from(all.sum));
            let spread = count * i128::from(all.squares) - sum * sum;
            (if 2 * spread <= count { 0.0 } else { spread as f64 }, (count * i128::from(all.product) - i128::from(self.sum) * sum) as f64)
        };
        if self.spread == 0 || spread <= 0.0 {
            return 0.0;
        }
        (shared / ((self.spread as f64).sqrt() * spread.sqrt())).clamp(-1.0, 1.0)
    }

    /// Made ready for a sweep.
    pub(super) fn phase(&self, instructions: Instructions) -> Phase {
        let count = self.gray.pixels.len() as f64;
        let spread = self.spread as f64 / count;
        Phase {
            packed: Packed::new(&self.gray.pixels, self.gray.width, instructions.group()),
            mean: (self.sum as f64 / count - 128.0) as f32,
            scale: if self.spread == 0 { 0.0 } else { (1.0 / spread.sqrt()) as f32 },
        }
    }
}

/// Scores of one level that were asked for before, by variant and place.
#[derive(Default)]
pub(super) struct Known(Mutex<HashMap<(usize, usize, usize), f64>>);

impl Known {
    /// What [`Probe::score`] gives for this variant of the template, worked out once.
    pub(super) fn score(&self, probe: &Probe, variant: usize, screen: &Gray, (x, y): (usize, usize)) -> f64 {
        if probe.gray.pixels.len() < WORTH_KEEPING {
            return probe.score(screen, x, y);
        }
        // Whoever panicked while holding it has left nothing half done.
        let known = || self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = known().get(&(variant, x, y)) {
            return *known;
        }
        let score = probe.score(screen, x, y);
        known().insert((variant, x, y), score);
        score
    }
}
