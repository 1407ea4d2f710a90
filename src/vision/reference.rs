//! Zero-mean normalised cross-correlation, the slow and obvious way: every place, whole numbers, one division at the end.
//!
//! What is faster must agree with this. [`source_rule`] is the rule that agents in the field were served by until now.

use std::thread;

use super::picture::Gray;
use super::resize::resize_gray;
use crate::target::{Place, is_recorded_scale};

/// The scales that are tried, in this order.
pub const SOURCE_SCALES: [f64; 7] = [1.0, 0.9, 1.1, 0.8, 1.2, 0.75, 1.25];

/// A score from which the source's rule looks no further.
const SOURCE_ENOUGH: f64 = 0.95;

/// A scaled anchor with a side below this, pixels, is not tried.
pub const MIN_SCALED_SIDE: usize = 10;

/// Neighbouring windows that are computed together.
const BLOCK: usize = 48;

/// Products that are summed in `i32` before going to `i64`: 128 * 128 * 2^16 stays below 2^31.
const MOST_SUMMED: usize = 1 << 16;

/// A score for each place of an anchor on a screen.
#[derive(Debug, Clone)]
pub struct Map {
    /// Places in a row: screen width - anchor width + 1.
    pub width: usize,
    /// Rows of places: screen height - anchor height + 1.
    pub height: usize,
    /// `width * height` scores, -1 to 1; 0 where the screen is flat.
    pub scores: Vec<f32>,
}

/// Multiplications and additions that [`correlate`] needs.
pub fn work(screen: (usize, usize), anchor: (usize, usize)) -> u64 {
    let places = (screen.0 + 1).saturating_sub(anchor.0) as u64 * (screen.1 + 1).saturating_sub(anchor.1) as u64;
    places.saturating_mul(anchor.0 as u64 * anchor.1 as u64)
}

/// An anchor made ready: centred at 128 in `i16`, with its sums.
struct Template {
    width: usize,
    height: usize,
    pixels: Vec<i16>,
    sum: i64,
    /// `n Σt² - (Σt)²`, which is n² times the variance.
    spread: i128,
}

impl Template {
    fn new(anchor: &Gray) -> Self {
        let pixels = centred(anchor);
        let sum: i64 = pixels.iter().map(|&t| i64::from(t)).sum();
        let squares: i64 = pixels.iter().map(|&t| i64::from(t) * i64::from(t)).sum();
        let spread = i128::from(squares) * pixels.len() as i128 - i128::from(sum) * i128::from(sum);
        Self { width: anchor.width, height: anchor.height, pixels, sum, spread }
    }

    /// The score of a window, given its `Σ t i`.
    fn score(&self, window: &Window, product: i64) -> f64 {
        if window.spread == 0 || self.spread == 0 {
            return 0.0;
        }
        let shared = self.pixels.len() as i128 * i128::from(product) - i128::from(self.sum) * i128::from(window.sum);
        (shared as f64 / ((self.spread as f64).sqrt() * (window.spread as f64).sqrt())).clamp(-1.0, 1.0)
    }
}

/// A part of the screen of the anchor's size.
#[derive(Debug, Clone, Copy, Default)]
struct Window {
    sum: i64,
    /// `n Σi² - (Σi)²`; 0 also where the squared deviations sum to half a level or less, which counts as flat.
    spread: i128,
}

/// Moving the zero to 128 changes no correlation, and keeps products small.
fn centred(picture: &Gray) -> Vec<i16> {
    picture.pixels.iter().map(|&pixel| i16::from(pixel) - 128).collect()
}

/// The zero-mean normalised correlation of `anchor` with each window of `screen` (`TM_CCOEFF_NORMED` in `OpenCV`):
/// `Σ(t - t̄)(i - ī) / sqrt(Σ(t - t̄)² Σ(i - ī)²)`. Sums are exact; a window of one grey scores 0, and so does everything
/// when the anchor is flat. Empty when the anchor is larger than the screen. Runs on two threads.
pub fn correlate(screen: &Gray, anchor: &Gray) -> Map {
    let width = (screen.width + 1).saturating_sub(anchor.width);
    let height = (screen.height + 1).saturating_sub(anchor.height);
    if width == 0 || height == 0 || anchor.pixels.is_empty() {
        return Map { width: 0, height: 0, scores: Vec::new() };
    }
    let template = Template::new(anchor);
    let mut image = centred(screen);
    // The last block of the last row reads on beyond the end.
    image.extend([0; BLOCK]);
    let mut scores = vec![0.0; width * height];
    let half = height.div_ceil(2);
    let (upper, lower) = scores.split_at_mut(half * width);
    thread::scope(|scope| {
        let (template, image) = (&template, &image);
        scope.spawn(move || fill(image, screen.width, template, half, lower));
        fill(image, screen.width, template, 0, upper);
    });
    Map { width, height, scores }
}

/// The sum and the sum of squares of each column of the screen, over the rows that the anchor covers at present.
struct Columns {
    sums: Vec<i64>,
    squares: Vec<i64>,
}

impl Columns {
    /// Adds (`sign` 1) or takes away (`sign` -1) one row of the screen.
    fn shift(&mut self, row: &[i16], sign: i64) {
        for ((sum, square), &pixel) in self.sums.iter_mut().zip(&mut self.squares).zip(row) {
            let pixel = i64::from(pixel);
            *sum += sign * pixel;
            *square += sign * pixel * pixel;
        }
    }

    /// The sums of each window of these rows, from left to right.
    fn slide(&self, template: &Template, windows: &mut [Window]) {
        let count = template.pixels.len() as i128;
        let mut sum: i64 = self.sums[..template.width].iter().sum();
        let mut square: i64 = self.squares[..template.width].iter().sum();
        for (x, window) in windows.iter_mut().enumerate() {
            if x > 0 {
                sum += self.sums[x + template.width - 1] - self.sums[x - 1];
                square += self.squares[x + template.width - 1] - self.squares[x - 1];
            }
            let spread = count * i128::from(square) - i128::from(sum) * i128::from(sum);
            *window = Window { sum, spread: if 2 * spread <= count { 0 } else { spread } };
        }
    }
}

/// Fills whole rows of scores, the first of them for the row `first` of the screen.
fn fill(image: &[i16], stride: usize, template: &Template, first: usize, scores: &mut [f32]) {
    let line = |y: usize| &image[y * stride..(y + 1) * stride];
    let mut columns = Columns { sums: vec![0; stride], squares: vec![0; stride] };
    for y in first..first + template.height - 1 {
        columns.shift(line(y), 1);
    }
    let places = stride + 1 - template.width;
    let mut windows = vec![Window::default(); places];
    for (y, row) in (first..).zip(scores.chunks_exact_mut(places)) {
        columns.shift(line(y + template.height - 1), 1);
        columns.slide(template, &mut windows);
        for (block, (scores, windows)) in row.chunks_mut(BLOCK).zip(windows.chunks(BLOCK)).enumerate() {
            // Much of a screen is of one colour: nothing to multiply there.
            if template.spread == 0 || windows.iter().all(|window| window.spread == 0) {
                scores.fill(0.0);
                continue;
            }
            let products = products(image, stride, template, block * BLOCK, y);
            for ((score, window), product) in scores.iter_mut().zip(windows).zip(products) {
                *score = template.score(window, product) as f32;
            }
        }
        columns.shift(line(y), -1);
    }
}

/// `Σ t i` over the [`BLOCK`] windows whose left edges begin at `x`, all with their top at `y`. Windows that run over the end
/// of a row are computed from whatever follows, and left unused. A loop over neighbouring windows, not over one window, so
/// that the compiler turns it into vectors.
fn products(image: &[i16], stride: usize, template: &Template, x: usize, y: usize) -> [i64; BLOCK] {
    let mut totals = [0_i64; BLOCK];
    let mut sums = [0_i32; BLOCK];
    let mut summed = 0;
    for (row, anchor) in template.pixels.chunks_exact(template.width).enumerate() {
        let mut start = (y + row) * stride + x;
        for anchor in anchor.chunks(MOST_SUMMED) {
            if summed + anchor.len() > MOST_SUMMED {
                flush(&mut sums, &mut totals);
                summed = 0;
            }
            summed += anchor.len();
            let line = &image[start..start + anchor.len() + BLOCK - 1];
            for (column, &t) in anchor.iter().enumerate() {
                let Some(neighbours) = line[column..].first_chunk::<BLOCK>() else { break };
                let t = i32::from(t);
                // Not an iterator: without optimisation, as in tests, each of its steps would be a call.
                let mut at = 0;
                while at < BLOCK {
                    sums[at] += t * i32::from(neighbours[at]);
                    at += 1;
                }
            }
            start += anchor.len();
        }
    }
    flush(&mut sums, &mut totals);
    totals
}

fn flush(sums: &mut [i32; BLOCK], totals: &mut [i64; BLOCK]) {
    for (total, sum) in totals.iter_mut().zip(sums) {
        *total += i64::from(*sum);
        *sum = 0;
    }
}

/// An anchor's size at `scale`, cut to whole pixels as the source does.
pub fn scaled(anchor: (usize, usize), scale: f64) -> (usize, usize) {
    ((anchor.0 as f64 * scale) as usize, (anchor.1 as f64 * scale) as usize)
}

/// What the source's rule finds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SourceHit {
    /// Where.
    pub place: Place,
    /// The score there.
    pub score: f64,
    /// The scale of the anchor.
    pub scale: f64,
}

/// The source's own rule: the best place over its seven scales, stopping at a score of 0.95, if it reaches `threshold`.
/// Kept to compare with, never to click by: it takes a flat anchor for a perfect hit at the first place (as `OpenCV` does),
/// and the first of several equal places for the right one.
pub fn source_rule(screen: &Gray, anchor: &Gray, threshold: f64) -> Option<SourceHit> {
    let best = by_source_rule((screen.width, screen.height), anchor, |template, _| {
        let map = correlate(screen, template);
        let (mut at, mut score) = (0, f64::from(map.scores[0]));
        for (index, &other) in map.scores.iter().enumerate() {
            if f64::from(other) > score {
                (at, score) = (index, f64::from(other));
            }
        }
        Some(((at % map.width, at / map.width), score))
    });
    best.filter(|best| best.score >= threshold)
}

/// Walks through the scales of the source's rule on a screen of `size`. `best_at` gives the best place of a template and its score;
/// it may give none if none scores more than the best so far, which it is told (-1 at first).
pub(super) fn by_source_rule(
    size: (usize, usize),
    anchor: &Gray,
    mut best_at: impl FnMut(&Gray, f64) -> Option<((usize, usize), f64)>,
) -> Option<SourceHit> {
    if anchor.width > size.0 || anchor.height > size.1 {
        return None;
    }
    let mut best: Option<SourceHit> = None;
    for scale in SOURCE_SCALES {
        let (width, height) = scaled((anchor.width, anchor.height), scale);
        let too_small = width.min(height) < MIN_SCALED_SIDE;
        if !is_recorded_scale(scale) && (too_small || width > size.0 || height > size.1) {
            continue;
        }
        let template = resize_gray(anchor, width, height);
        let flat = template.pixels.iter().all(|&pixel| pixel == template.pixels[0]);
        let so_far = best.map_or(-1.0, |best| best.score);
        let found = if flat { Some(((0, 0), 1.0)) } else { best_at(&template, so_far) };
        if let Some(((x, y), score)) = found.filter(|(_, score)| *score > so_far) {
            let place = Place { x: x as u32, y: y as u32, width: width as u32, height: height as u32 };
            best = Some(SourceHit { place, score, scale });
        }
        if best.is_some_and(|best| best.score >= SOURCE_ENOUGH) {
            break;
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The definition, three loops in `f64`.
    fn naive(screen: &Gray, anchor: &Gray, x: usize, y: usize) -> f64 {
        let count = anchor.pixels.len() as f64;
        let window = screen.crop(Place { x: x as u32, y: y as u32, width: anchor.width as u32, height: anchor.height as u32 });
        let mean = |picture: &Gray| picture.pixels.iter().map(|&pixel| f64::from(pixel)).sum::<f64>() / count;
        let (mean_t, mean_i) = (mean(anchor), mean(&window));
        let (mut shared, mut spread_t, mut spread_i) = (0.0, 0.0, 0.0);
        for (&t, &i) in anchor.pixels.iter().zip(&window.pixels) {
            let (t, i) = (f64::from(t) - mean_t, f64::from(i) - mean_i);
            shared += t * i;
            spread_t += t * t;
            spread_i += i * i;
        }
        if spread_t < 0.25 || spread_i <= 0.5 { 0.0 } else { shared / (spread_t * spread_i).sqrt() }
    }

    fn picture(sides: std::ops::Range<usize>, levels: u8) -> impl Strategy<Value = Gray> {
        (sides.clone(), sides).prop_flat_map(move |(width, height)| {
            proptest::collection::vec(0..=levels, width * height).prop_map(move |pixels| Gray { width, height, pixels })
        })
    }

    proptest! {
        #[test]
        fn equals_the_definition_everywhere(screen in picture(1..70, 255), anchor in picture(1..12, 255)) {
            check(&screen, &anchor)?;
        }

        #[test]
        fn equals_the_definition_where_much_is_flat(screen in picture(1..24, 1), anchor in picture(1..6, 1)) {
            check(&screen, &anchor)?;
        }
    }

    fn check(screen: &Gray, anchor: &Gray) -> Result<(), TestCaseError> {
        let map = correlate(screen, anchor);
        let fits = anchor.width <= screen.width && anchor.height <= screen.height;
        let places = if fits { (screen.width - anchor.width + 1) * (screen.height - anchor.height + 1) } else { 0 };
        prop_assert_eq!(map.scores.len(), places);
        for (at, &score) in map.scores.iter().enumerate() {
            let exact = naive(screen, anchor, at % map.width, at / map.width);
            prop_assert!((f64::from(score) - exact).abs() < 1e-6, "{} is not {exact} at {at}", score);
        }
        Ok(())
    }

    #[test]
    fn sums_beyond_32_bits_are_exact() {
        // One row of 140,000 pixels, black and white: its products do not fit into 32 bits.
        let pixels: Vec<u8> = (0..140_003_u32).map(|x| if (x / 7) % 2 == 0 { 0 } else { 255 }).collect();
        let screen = Gray { width: pixels.len(), height: 1, pixels };
        let anchor = screen.crop(Place { x: 2, y: 0, width: 140_000, height: 1 });
        let map = correlate(&screen, &anchor);
        assert_eq!(map.scores.len(), 4);
        assert!((map.scores[2] - 1.0).abs() < 1e-6 && map.scores[0] < 0.9, "{:?}", map.scores);
    }

    #[test]
    fn a_flat_anchor_is_a_perfect_hit_to_the_source_alone() {
        let screen = Gray { width: 30, height: 20, pixels: (0..600_u32).map(|x| (x * 37 % 251) as u8).collect() };
        let anchor = Gray { width: 10, height: 10, pixels: vec![9; 100] };
        assert!(correlate(&screen, &anchor).scores.iter().all(|&score| score == 0.0));
        let hit = source_rule(&screen, &anchor, 0.7).unwrap();
        assert_eq!((hit.place.x, hit.place.y, hit.score), (0, 0, 1.0));
    }
}
