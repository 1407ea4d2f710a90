//! Grey pictures in fractions of a level, evened out and read between their pixels.
#![allow(clippy::inline_always, reason = "what is not inlined is not compiled for the instructions of its caller")]
#![allow(clippy::needless_range_loop, reason = "loops by index become vectors, and no call without optimisation")]

use super::kernels::{Instructions, Job, Kernel};
use super::picture::Gray;

/// A Gaussian is cut off this many deviations from its middle.
const REACH: f64 = 3.0;

/// The constant of cubic convolution (Keys 1981), the one that `OpenCV` takes.
const CUBIC: f64 = -0.75;

/// A grey picture, levels 0 to 255 or a little beyond.
#[derive(Debug, Clone)]
pub(super) struct Plane {
    pub(super) width: usize,
    pub(super) height: usize,
    pixels: Vec<f32>,
}

impl Plane {
    pub(super) fn of(gray: &Gray) -> Self {
        Self { width: gray.width, height: gray.height, pixels: gray.pixels.iter().map(|&level| f32::from(level)).collect() }
    }

    #[inline(always)]
    pub(super) fn row(&self, y: usize) -> &[f32] {
        &self.pixels[y * self.width..(y + 1) * self.width]
    }

    /// Evened out by a Gaussian of this deviation, pixels. Beyond its edges the picture goes on as it ends.
    pub(super) fn blurred(&self, deviation: f64) -> Self {
        let reach = (REACH * deviation).ceil().max(1.0) as usize;
        let weights: Vec<f64> =
            (0..=2 * reach).map(|at| (-(at as f64 - reach as f64).powi(2) / (2.0 * deviation * deviation)).exp()).collect();
        let total: f64 = weights.iter().sum();
        let weights: Vec<f32> = weights.iter().map(|weight| (weight / total) as f32).collect();
        let down = |y: usize, at: usize| (y + at).saturating_sub(reach).min(self.height - 1);
        let mut pixels = Vec::with_capacity(self.pixels.len());
        let mut line = vec![0_f32; self.width + 2 * reach];
        for y in 0..self.height {
            let inner = &mut line[reach..reach + self.width];
            inner.fill(0.0);
            for (at, &weight) in weights.iter().enumerate() {
                let row = self.row(down(y, at));
                for x in 0..row.len() {
                    inner[x] += weight * row[x];
                }
            }
            let (first, last) = (inner[0], inner[self.width - 1]);
            line[..reach].fill(first);
            line[reach + self.width..].fill(last);
            let from = pixels.len();
            pixels.resize(from + self.width, 0.0);
            let out = &mut pixels[from..];
            for (at, &weight) in weights.iter().enumerate() {
                let moved = &line[at..at + out.len()];
                for x in 0..out.len() {
                    out[x] += weight * moved[x];
                }
            }
        }
        Self { width: self.width, height: self.height, pixels }
    }

    /// Read at these columns and rows (whole numbers are the middles of pixels) by cubic convolution.
    pub(super) fn sampled(&self, columns: &[f64], rows: &[f64]) -> Self {
        let across: Vec<Taps> = columns.iter().map(|&at| taps(at, self.width)).collect();
        let narrow: Vec<Vec<f32>> = (0..self.height)
            .map(|y| {
                let row = self.row(y);
                across.iter().map(|taps| taps.iter().map(|(at, weight)| row[*at] * weight).sum()).collect()
            })
            .collect();
        let mut pixels = Vec::with_capacity(columns.len() * rows.len());
        for &at in rows {
            let lines = taps(at, self.height).map(|(y, weight)| (&narrow[y], weight));
            pixels.extend((0..columns.len()).map(|x| lines.iter().map(|(line, weight)| line[x] * weight).sum::<f32>()));
        }
        Self { width: columns.len(), height: rows.len(), pixels }
    }

    /// Every third column from the one at `first`, which is below 3.
    pub(super) fn every_third(&self, first: usize) -> Self {
        let width = (self.width - first).div_ceil(3);
        let pixels = (0..self.height).flat_map(|y| self.row(y)[first..].iter().step_by(3).copied()).collect();
        Self { width, height: self.height, pixels }
    }

    /// Each level times `factor`, plus `more`.
    pub(super) fn stretch(&mut self, factor: f32, more: f32) {
        self.pixels.iter_mut().for_each(|level| *level = *level * factor + more);
    }

    /// For each pixel the lightest less the darkest within `by` pixels to every side.
    pub(super) fn ranges(&self, by: usize) -> Self {
        Instructions::best().run(Ranges { plane: self, by })
    }
}

/// See [`Plane::ranges`]; compiled for the instructions at hand.
struct Ranges<'a> {
    plane: &'a Plane,
    by: usize,
}

impl Job for Ranges<'_> {
    type Outcome = Plane;

    #[inline(always)]
    fn run<K: Kernel>(self) -> Plane {
        let Self { plane: &Plane { width, height, ref pixels }, by } = self;
        let (mut most, mut least) = (pixels.clone(), pixels.clone());
        // Along each row first, then across them.
        for y in 0..height {
            let line = y * width..(y + 1) * width;
            let (row, most, least) = (&pixels[line.clone()], &mut most[line.clone()], &mut least[line]);
            for step in 1..=by.min(width.saturating_sub(1)) {
                widen(&mut most[..width - step], &mut least[..width - step], &row[step..], &row[step..]);
                widen(&mut most[step..], &mut least[step..], &row[..width - step], &row[..width - step]);
            }
        }
        let (wide_most, wide_least) = (most.clone(), least.clone());
        for step in 1..=by.min(height.saturating_sub(1)) {
            let (rest, step) = ((height - step) * width, step * width);
            widen(&mut most[..rest], &mut least[..rest], &wide_most[step..], &wide_least[step..]);
            widen(&mut most[step..], &mut least[step..], &wide_most[..rest], &wide_least[..rest]);
        }
        for at in 0..most.len() {
            most[at] -= least[at];
        }
        Plane { width, height, pixels: most }
    }
}

/// Takes in other values, one for each place.
#[inline(always)]
fn widen(most: &mut [f32], least: &mut [f32], light: &[f32], dark: &[f32]) {
    let length = most.len();
    let (least, light, dark) = (&mut least[..length], &light[..length], &dark[..length]);
    for at in 0..length {
        most[at] = if light[at] > most[at] { light[at] } else { most[at] };
        least[at] = if dark[at] < least[at] { dark[at] } else { least[at] };
    }
}

/// The four pixels that a value between them is made of, and their weights, which sum to 1.
type Taps = [(usize, f32); 4];

fn taps(at: f64, length: usize) -> Taps {
    let first = at.floor();
    let rest = at - first;
    let near = |by: f64| ((CUBIC + 2.0) * by - (CUBIC + 3.0)) * by * by + 1.0;
    let far = |by: f64| ((CUBIC * by - 5.0 * CUBIC) * by + 8.0 * CUBIC) * by - 4.0 * CUBIC;
    let weights = [far(rest + 1.0), near(rest), near(1.0 - rest), far(2.0 - rest)];
    let pixel = |by: i64| (first as i64 + by).clamp(0, length as i64 - 1) as usize;
    [0, 1, 2, 3].map(|tap: usize| (pixel(tap as i64 - 1), weights[tap] as f32))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn plane(width: usize, pixels: &[f32]) -> Plane {
        Plane { width, height: pixels.len() / width, pixels: pixels.to_vec() }
    }

    #[test]
    fn known_values() {
        let step = plane(4, &[0.0, 0.0, 100.0, 100.0]);
        let is = |plane: &Plane, known: &[f32]| {
            plane.pixels.len() == known.len() && plane.pixels.iter().zip(known).all(|(seen, known)| (seen - known).abs() < 1e-4)
        };
        assert!(is(&step.sampled(&[0.0, 1.0, 1.5, 2.0], &[0.0]), &[0.0, 0.0, 50.0, 100.0]));
        assert!(is(&step.ranges(1), &[0.0, 100.0, 100.0, 0.0]));
        assert!(is(&plane(7, &[0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0]).every_third(1), &[1.0, 4.0]));
        let blurred = step.blurred(0.6);
        assert!(blurred.pixels[1] > 10.0 && (blurred.pixels[1] + blurred.pixels[2] - 100.0).abs() < 1e-3, "{blurred:?}");
    }

    proptest! {
        #[test]
        fn what_is_even_stays_as_it_is(width in 1_usize..12, height in 1_usize..12, level in 0_u8..=255, deviation in 0.2..3.0_f64, at in -3.0..15.0_f64) {
            let even = Plane::of(&Gray { width, height, pixels: vec![level; width * height] });
            let level = f32::from(level);
            prop_assert!(even.blurred(deviation).pixels.iter().all(|seen| (seen - level).abs() < 0.01));
            prop_assert!(even.sampled(&[at], &[at, at + 0.5]).pixels.iter().all(|seen| (seen - level).abs() < 0.01));
            prop_assert!(even.ranges(3).pixels.iter().all(|range| *range == 0.0));
        }

        #[test]
        fn ranges_are_what_they_are_defined_as(
            (width, levels) in (1_usize..40, 1_usize..12)
                .prop_flat_map(|(width, height)| (Just(width), proptest::collection::vec(0.0..255.0_f32, width * height))),
            by in 0_usize..14,
        ) {
            let seen = plane(width, &levels).ranges(by);
            for at in 0..levels.len() {
                let (x, y) = (at % width, at / width);
                let near = (0..levels.len()).filter(|other| (other % width).abs_diff(x) <= by && (other / width).abs_diff(y) <= by);
                let near: Vec<f32> = near.map(|other| levels[other]).collect();
                let range = near.iter().copied().fold(f32::MIN, f32::max) - near.iter().copied().fold(f32::MAX, f32::min);
                prop_assert!((seen.pixels[at] - range).abs() < 1e-6);
            }
        }

        #[test]
        fn between_pixels_a_slope_goes_on(from in 0.0..50.0_f32, by in -3.0..3.0_f32, at in 2.0..8.0_f64) {
            let slope: Vec<f32> = (0..12_u8).map(|x| from + by * f32::from(x)).collect();
            let seen = plane(12, &slope).sampled(&[at], &[0.0]).pixels[0];
            // The constant of cubic convolution that is taken bends a slope by up to a fifth of a step.
            prop_assert!((seen - (from + by * at as f32)).abs() <= 0.2 * by.abs() + 1e-3, "{seen}");
        }
    }
}
