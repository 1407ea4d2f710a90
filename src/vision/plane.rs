//! Grey pictures in fractions of a level, evened out and read between their pixels.
#![allow(clippy::needless_range_loop, reason = "loops by index become vectors, and no call without optimisation")]

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
        let along = |line: &[f32], pick: fn(f32, f32) -> f32| -> Vec<f32> {
            (0..line.len())
                .map(|at| line[at.saturating_sub(by)..(at + by + 1).min(line.len())].iter().copied().reduce(pick).unwrap_or(0.0))
                .collect()
        };
        let mut lightest: Vec<Vec<f32>> = (0..self.height).map(|y| along(self.row(y), f32::max)).collect();
        let mut darkest: Vec<Vec<f32>> = (0..self.height).map(|y| along(self.row(y), f32::min)).collect();
        for x in 0..self.width {
            for (lines, pick) in [(&mut lightest, f32::max as fn(f32, f32) -> f32), (&mut darkest, f32::min)] {
                let column: Vec<f32> = lines.iter().map(|line| line[x]).collect();
                for (line, value) in lines.iter_mut().zip(along(&column, pick)) {
                    line[x] = value;
                }
            }
        }
        let pixels = lightest.iter().flatten().zip(darkest.iter().flatten()).map(|(most, least)| most - least).collect();
        Self { width: self.width, height: self.height, pixels }
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
        fn between_pixels_a_slope_goes_on(from in 0.0..50.0_f32, by in -3.0..3.0_f32, at in 2.0..8.0_f64) {
            let slope: Vec<f32> = (0..12_u8).map(|x| from + by * f32::from(x)).collect();
            let seen = plane(12, &slope).sampled(&[at], &[0.0]).pixels[0];
            // The constant of cubic convolution that is taken bends a slope by up to a fifth of a step.
            prop_assert!((seen - (from + by * at as f32)).abs() <= 0.2 * by.abs() + 1e-3, "{seen}");
        }
    }
}
