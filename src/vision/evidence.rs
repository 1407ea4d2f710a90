//! What a correlation over the whole anchor cannot see: colour, edges, and one part that differs.
#![allow(clippy::inline_always, reason = "what is not inlined is not compiled for the instructions of its caller")]
#![allow(clippy::needless_range_loop, reason = "loops by index become vectors, and no call without optimisation")]

use std::sync::OnceLock;

use super::gradient::{gradient, smoothed};
use super::ink::{Colour, Counts, colours, strongest};
use super::kernels::{Instructions, Job, Kernel};
use super::parts::{EDGE, Grid, off};
use super::picture::{Gray, Picture};
use super::probe::Probe;
use super::redrawn::strokes;
use super::shapes::apart;
use crate::target::{Evidence, Parts, Place, is_recoloured, is_recorded_scale};

/// Sides of the parts that are compared one by one, pixels at the recorded scale: about the width of a letter or two.
const PART: f64 = 10.0;

/// The narrowest and the widest part, pixels.
const PART_RANGE: (usize, usize) = (8, 20);

/// Sides of parts that hold a single letter.
const LETTER: f64 = 7.0;

/// The narrowest and the widest letter, pixels.
const LETTER_RANGE: (usize, usize) = (6, 14);

/// Contrasts that are so much of the anchor's are much the same.
const SIMILAR: std::ops::RangeInclusive<f64> = 0.7..=1.4;

/// How far a part may have moved by itself, pixels: letters are laid out anew at every scale.
fn play(scale: f64) -> usize {
    match scale {
        scale if is_recorded_scale(scale) => 1,
        scale if scale <= 1.3 => 2,
        _ => 3,
    }
}

/// An anchor at one scale, in all the forms that are compared.
pub(super) struct Sample {
    scale: f64,
    /// Its luma as it was recorded.
    recorded: Gray,
    colour: Picture,
    /// `colour` after [`evened`], its [`spread`] and its [`ink`], once they have been asked for.
    colour_evened: OnceLock<Vec<u8>>,
    depth: OnceLock<f64>,
    ink: OnceLock<Colour>,
    luma: Gray,
    probe: Probe,
    smooth: Gray,
    smoother: Probe,
    steep: Gray,
    steep_smooth: Probe,
}

/// A screen in the forms that are compared.
pub(super) struct Stage<'a> {
    /// In colour.
    pub colour: &'a Picture,
    /// Luma.
    pub luma: &'a Gray,
}

impl Sample {
    /// `colour` and `luma` are the anchor at `scale`, `recorded` its luma as it was recorded.
    pub(super) fn new(colour: Picture, luma: Gray, scale: f64, recorded: &Gray) -> Self {
        let smooth = smoothed(&luma);
        let smoother = Probe::new(smoothed(&smooth));
        let steep = gradient(&luma);
        let steep_smooth = Probe::new(smoothed(&steep));
        let probe = Probe::new(luma.clone());
        Self {
            scale,
            recorded: recorded.clone(),
            colour,
            colour_evened: OnceLock::new(),
            depth: OnceLock::new(),
            ink: OnceLock::new(),
            luma,
            probe,
            smooth,
            smoother,
            steep,
            steep_smooth,
        }
    }

    /// The scale.
    pub(super) fn scale(&self) -> f64 {
        self.scale
    }

    /// The anchor's luma at this scale.
    pub(super) fn luma(&self) -> &Gray {
        &self.luma
    }

    /// The correlation of luma at `place`, -1 to 1: the very number that the reference gives.
    pub(super) fn score(&self, stage: &Stage<'_>, place: Place) -> f64 {
        self.probe.score(stage.luma, place.x as usize, place.y as usize)
    }

    fn size(&self) -> (usize, usize) {
        (self.luma.width, self.luma.height)
    }

    /// The correlations of what is blurred and of what is steep, which rank places before anything dearer is measured.
    pub(super) fn first_look(&self, stage: &Stage<'_>, place: Place) -> (f64, f64) {
        let window = stage.luma.crop(place);
        let blurred = self.smoother.score(&smoothed(&smoothed(&window)), 0, 0);
        let edges = self.steep_smooth.score(&smoothed(&gradient(&window)), 0, 0);
        (blurred, edges)
    }

    /// Everything about the window of the anchor's size at `place`.
    pub(super) fn compare(&self, stage: &Stage<'_>, place: Place, (blurred, edges): (f64, f64)) -> Evidence {
        let window = stage.colour.crop(place);
        let own = self.colour_evened.get_or_init(|| evened(&self.colour));
        let (colour_mean, colour_peak) = colour_difference(own, &evened(&window));
        let parts = Some(self.parts(stage, place, &window, blurred < 0.0));
        Evidence { colour_mean, colour_peak, blurred, edges, parts }
    }

    fn parts(&self, stage: &Stage<'_>, place: Place, window: &Picture, inverted: bool) -> Parts {
        let play = play(self.scale);
        let around = stage.luma.padded(place, play);
        let smooth = smoothed(&around);
        // Beyond the edge of what is cut out here the gradient is another; that much lies outside the parts.
        let steep = gradient(&around);
        let sides = |size: f64, (least, most): (usize, usize)| ((size * self.scale).round() as usize).clamp(least, most);
        let grid = Grid::new(self.size(), sides(PART, PART_RANGE));
        let letters = Grid::new(self.size(), sides(LETTER, LETTER_RANGE));
        let luma = grid.likeness(&self.smooth, &smooth, play, inverted);
        let edge = grid.likeness(&self.steep, &steep, play, false);
        let both = |luma: &[f64], edge: &[f64]| sorted(luma.iter().zip(edge).map(|(a, b)| a.max(*b)).collect());
        let best = both(&luma, &edge);
        let letter = both(&letters.likeness(&self.smooth, &smooth, play, inverted), &letters.likeness(&self.steep, &steep, play, false));
        let (colour, hue) = grid.colours(&self.colour, window);
        let (colour, hue) = (sorted(colour), sorted(hue));
        let (luma_mean, edge_mean) = (mean(&luma), mean(&edge));
        let depth = *self.depth.get_or_init(|| spread(&self.colour));
        let contrast = spread(window) / depth.max(1.0);
        let inks = || f64::from(apart(*self.ink.get_or_init(|| ink(&self.colour)), ink(window)));
        let (luma, edge) = (sorted(luma), sorted(edge));
        Parts {
            least: at(&best, 0.0),
            low: at(&best, 0.03),
            usual: at(&best, 0.15),
            letter: at(&letter, 0.0),
            luma_mean,
            luma_low: at(&luma, 0.05),
            edge_mean,
            edge_low: at(&edge, 0.05),
            colour_high: at(&colour, 0.97),
            colour_most: at(&colour, 1.0),
            hue_most: at(&hue, 1.0),
            ground: ground(&self.colour, window),
            roughest: grid.roughest(&self.luma, &around, play),
            contrast,
            depth,
            inks: (!SIMILAR.contains(&contrast)).then(inks),
            strokes: None,
        }
    }

    /// Adds what the strokes at `place` say to its evidence.
    pub(super) fn compare_strokes(&self, stage: &Stage<'_>, place: Place, evidence: &mut Evidence) {
        let recoloured = is_recoloured(evidence);
        if let Some(parts) = &mut evidence.parts {
            parts.strokes = strokes(&self.recorded, stage.luma, place, recoloured);
        }
    }
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len().max(1) as f64
}

fn sorted(mut values: Vec<f64>) -> Vec<f64> {
    values.sort_by(f64::total_cmp);
    values
}

/// The value that a `share` of the sorted ones does not exceed.
fn at(sorted: &[f64], share: f64) -> f64 {
    sorted.get((sorted.len().saturating_sub(1) as f64 * share) as usize).copied().unwrap_or(1.0)
}

/// What lies between the darkest and the lightest hundredth, in the channel where it is most, levels.
fn spread(picture: &Picture) -> f64 {
    let mut counts = [[0_usize; 256]; 3];
    for pixel in picture.rgb.chunks_exact(3) {
        for (counts, &level) in counts.iter_mut().zip(pixel) {
            counts[usize::from(level)] += 1;
        }
    }
    let rest = picture.rgb.len() / 3 / 100;
    let range = |counts: &[usize; 256]| {
        let mut seen = (0, 0);
        let darkest = (0..256).position(|level| {
            seen.0 += counts[level];
            seen.0 > rest
        });
        let lightest = (0..256).rposition(|level| {
            seen.1 += counts[level];
            seen.1 > rest
        });
        lightest.unwrap_or(0).saturating_sub(darkest.unwrap_or(0))
    };
    counts.iter().map(range).max().unwrap_or(0) as f64
}

/// How far the mean colour of the outermost pixels is off, levels.
fn ground(a: &Picture, b: &Picture) -> f64 {
    let mut sums = [0_i64; 3];
    let mut count = 0_i64;
    for y in 0..a.height {
        let whole = y < EDGE || y + EDGE >= a.height;
        for x in (0..a.width).filter(|x| whole || *x < EDGE || *x + EDGE >= a.width) {
            for (channel, sum) in sums.iter_mut().enumerate() {
                *sum += i64::from(a.rgb[3 * (y * a.width + x) + channel]) - i64::from(b.rgb[3 * (y * a.width + x) + channel]);
            }
            count += 1;
        }
    }
    off(sums.map(|sum| sum as f64 / count.max(1) as f64)).0
}

/// The colour of what is drawn on most of a picture: the mean of the fiftieth that is farthest from it.
fn ink(picture: &Picture) -> Colour {
    let colours = colours(picture);
    strongest(&colours, Counts::new().ground(&colours), 50)
}

/// Mean and 98th percentile of the difference between two pictures, each after [`evened`], levels 0 to
/// 255: at each pixel the channel that differs most.
fn colour_difference(anchor: &[u8], window: &[u8]) -> (f64, f64) {
    let mut counts = [0_u64; 256];
    for (a, b) in anchor.chunks_exact(3).zip(window.chunks_exact(3)) {
        let most = a[0].abs_diff(b[0]).max(a[1].abs_diff(b[1])).max(a[2].abs_diff(b[2]));
        counts[usize::from(most)] += 1;
    }
    let total: u64 = counts.iter().sum();
    let mean = counts.iter().zip(0_u64..).map(|(count, level)| count * level).sum::<u64>() as f64 / total.max(1) as f64;
    let mut seen = 0;
    let peak = counts.iter().position(|count| {
        seen += count;
        seen * 100 >= total * 98
    });
    (mean, peak.unwrap_or(0) as f64)
}

/// A 3 by 3 box blur, which evens out the noise of re-encoding; at the edges the mean of what is there.
fn evened(picture: &Picture) -> Vec<u8> {
    Instructions::best().run(Blur(picture))
}

/// A picture to be blurred, compiled for the instructions at hand.
struct Blur<'a>(&'a Picture);

impl Job for Blur<'_> {
    type Outcome = Vec<u8>;

    #[inline(always)]
    fn run<K: Kernel>(self) -> Vec<u8> {
        let (picture, length) = (self.0, 3 * self.0.width);
        let mut out = vec![0; picture.rgb.len()];
        // Sums of three rows, with a pixel of nothing beyond either end.
        let mut columns = vec![0_u16; length + 6];
        for (y, line) in out.chunks_exact_mut(length).enumerate() {
            let rows = y.saturating_sub(1)..=(y + 1).min(picture.height - 1);
            let tall = rows.clone().count() as u16;
            let inner = &mut columns[3..3 + length];
            inner.fill(0);
            for row in rows {
                let row = &picture.row(row)[..length];
                for at in 0..length {
                    inner[at] += u16::from(row[at]);
                }
            }
            let (left, here, right) = (&columns[..length], &columns[3..3 + length], &columns[6..6 + length]);
            let line = &mut line[..length];
            // By numbers that are known here, so that each division is a multiplication.
            match tall {
                3 => thirds::<9>(left, here, right, line),
                2 => thirds::<6>(left, here, right, line),
                _ => thirds::<3>(left, here, right, line),
            }
            // The first and the last pixel have a neighbour on one side, and the only one has none.
            let wide = picture.width.min(2) as u16;
            for at in (0..3).chain(length - 3..length) {
                line[at] = ((left[at] + here[at] + right[at]) / (tall * wide)) as u8;
            }
        }
        out
    }
}

/// The sum of three rows of channels, over `N`.
#[inline(always)]
fn thirds<const N: u16>(left: &[u16], here: &[u16], right: &[u16], out: &mut [u8]) {
    let length = out.len();
    let (left, here, right) = (&left[..length], &here[..length], &right[..length]);
    for at in 0..length {
        out[at] = ((left[at] + here[at] + right[at]) / N) as u8;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vision::luma;

    const SIZE: (u32, u32) = (60, 24);

    /// A word of strokes on a ground; `change` is where one stroke is another.
    fn picture(ground: [u8; 3], ink: [u8; 3], change: Option<u32>) -> Picture {
        let mut rgb = Vec::new();
        for y in 0..SIZE.1 {
            for x in 0..SIZE.0 {
                let (letter, at) = (x / 8, x % 8);
                let tall = if change == Some(letter) { (letter * 3) % 4 } else { (letter * 5 + 1) % 4 };
                let stroke = (6..18).contains(&y) && (at == 1 || (at < 6 && y == 6 + 3 * tall));
                rgb.extend(if stroke { ink } else { ground });
            }
        }
        Picture { width: SIZE.0 as usize, height: SIZE.1 as usize, rgb }
    }

    /// The evidence for `shown` when `asked` is what is looked for, at the recorded scale.
    fn seen(asked: Picture, shown: &Picture) -> Evidence {
        let anchor_luma = luma(&asked);
        let sample = Sample::new(asked, anchor_luma.clone(), 1.0, &anchor_luma);
        let screen_luma = luma(shown);
        let stage = Stage { colour: shown, luma: &screen_luma };
        let place = Place { x: 0, y: 0, width: SIZE.0, height: SIZE.1 };
        let first = sample.first_look(&stage, place);
        sample.compare(&stage, place, first)
    }

    const PAPER: [u8; 3] = [250, 250, 252];
    const INK: [u8; 3] = [20, 24, 40];

    #[test]
    fn the_same_again_differs_in_nothing() {
        let evidence = seen(picture(PAPER, INK, None), &picture(PAPER, INK, None));
        let parts = evidence.parts.unwrap();
        assert!(parts.least > 0.999 && parts.letter > 0.999 && parts.luma_mean > 0.999 && parts.edge_mean > 0.999, "{parts:?}");
        assert!(parts.roughest < 1e-9 && parts.colour_most < 1e-9 && parts.ground < 1e-9 && evidence.colour_peak < 1e-9, "{parts:?}");
        assert!(evidence.blurred > 0.999 && evidence.edges > 0.999);
    }

    #[test]
    fn one_other_letter_shows_in_its_part_and_hardly_in_the_whole() {
        let evidence = seen(picture(PAPER, INK, None), &picture(PAPER, INK, Some(3)));
        let parts = evidence.parts.unwrap();
        assert!(evidence.blurred > 0.9, "{evidence:?}");
        assert!(parts.least < 0.85 && parts.letter < 0.8 && parts.roughest > 40.0, "{parts:?}");
    }

    #[test]
    fn dark_and_light_exchanged_are_the_same_shape_on_another_ground() {
        let evidence = seen(picture(PAPER, INK, None), &picture(INK, PAPER, None));
        let parts = evidence.parts.unwrap();
        assert!(evidence.blurred < -0.99 && evidence.edges > 0.99);
        assert!(parts.least > 0.97 && parts.ground > 200.0 && parts.hue_most < 20.0, "{parts:?}");
    }

    #[test]
    fn another_hue_on_the_same_ground_is_told() {
        // Red and green of about one luma.
        let evidence = seen(picture(PAPER, [200, 40, 40], None), &picture(PAPER, [20, 120, 40], None));
        let parts = evidence.parts.unwrap();
        assert!(evidence.blurred > 0.95 && parts.ground < 12.0 && evidence.colour_peak > 60.0 && parts.hue_most > 20.0, "{evidence:?}");
    }
}
