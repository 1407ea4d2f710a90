//! What a correlation over the whole anchor cannot see: colour, edges, and one part that differs.
#![allow(clippy::inline_always, reason = "what is not inlined is not compiled for the instructions of its caller")]
#![allow(clippy::needless_range_loop, reason = "loops by index become vectors, and no call without optimisation")]

use super::gradient::{gradient, smoothed};
use super::hunt::Probe;
use super::kernels::{Instructions, Job, Kernel};
use super::picture::{Gray, Picture};
use crate::target::{Evidence, Parts, Place, is_recorded_scale};

/// Sides of the parts that are compared one by one, pixels at the recorded scale: about the width of a letter or two.
const PART: f64 = 10.0;

/// The narrowest and the widest part, pixels.
const PART_RANGE: (usize, usize) = (8, 20);

/// Sides of parts that hold a single letter.
const LETTER: f64 = 7.0;

/// The narrowest and the widest letter, pixels.
const LETTER_RANGE: (usize, usize) = (6, 14);

/// What noise (re-encoding, hinting) adds to the deviation of a part, grey levels.
const NOISE: f64 = 6.0;

/// Pixels at the edges that are left out: what is smoothed there knows nothing of its surroundings.
const EDGE: usize = 2;

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
    colour: Picture,
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
    /// `colour` and `luma` are the anchor at `scale`.
    pub(super) fn new(colour: Picture, luma: Gray, scale: f64) -> Self {
        let smooth = smoothed(&luma);
        let smoother = Probe::new(smoothed(&smooth));
        let steep = gradient(&luma);
        let steep_smooth = Probe::new(smoothed(&steep));
        let probe = Probe::new(luma.clone());
        Self { scale, colour, luma, probe, smooth, smoother, steep, steep_smooth }
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
        let (colour_mean, colour_peak) = colour_difference(&self.colour, &window);
        let parts = Some(self.parts(stage, place, &window, blurred < 0.0));
        Evidence { colour_mean, colour_peak, blurred, edges, parts }
    }

    fn parts(&self, stage: &Stage<'_>, place: Place, window: &Picture, inverted: bool) -> Parts {
        let play = play(self.scale);
        let around = padded(stage.luma, place, play);
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
        let (luma_mean, edge_mean) = (mean(&luma), mean(&edge));
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

/// The window at `place` and `by` pixels around it; beyond the screen its last pixels go on.
fn padded(screen: &Gray, place: Place, by: usize) -> Gray {
    let (width, height) = (place.width as usize + 2 * by, place.height as usize + 2 * by);
    let mut pixels = Vec::with_capacity(width * height);
    for y in 0..height {
        let row = screen.row((place.y as usize + y).saturating_sub(by).min(screen.height - 1));
        for x in 0..width {
            pixels.push(row[(place.x as usize + x).saturating_sub(by).min(screen.width - 1)]);
        }
    }
    Gray { width, height, pixels }
}

/// A picture cut into cells. A part is two by two of them, so that parts overlap by half and nothing is summed twice.
struct Grid {
    columns: Vec<(usize, usize)>,
    rows: Vec<(usize, usize)>,
}

/// Sums over one cell of two pictures.
#[derive(Debug, Clone, Copy, Default)]
struct Sums {
    count: i64,
    a: i64,
    b: i64,
    aa: i64,
    bb: i64,
    ab: i64,
}

impl std::ops::AddAssign for Sums {
    fn add_assign(&mut self, other: Self) {
        self.count += other.count;
        self.a += other.a;
        self.b += other.b;
        self.aa += other.aa;
        self.bb += other.bb;
        self.ab += other.ab;
    }
}

impl Sums {
    /// `(cov + c) / sqrt((var + c)(var' + c))` with c for noise, after the structure term of SSIM (Wang et al. 2004): two flat
    /// parts are alike, a flat one and a lettered one are not.
    fn alike(&self, inverted: bool) -> f64 {
        let count = self.count as f64;
        let of = |product: i64, one: i64, other: i64| product as f64 - one as f64 * other as f64 / count;
        let shared = of(self.ab, self.a, self.b);
        let noise = NOISE * NOISE * count;
        let (a, b) = (of(self.aa, self.a, self.a), of(self.bb, self.b, self.b));
        (if inverted { -shared } else { shared } + noise) / ((a + noise) * (b + noise)).sqrt()
    }

    /// The deviation of the difference, grey levels.
    fn rough(&self) -> f64 {
        let count = self.count as f64;
        let square = (self.aa + self.bb - 2 * self.ab) as f64 / count;
        let mean = (self.a - self.b) as f64 / count;
        (square - mean * mean).max(0.0).sqrt()
    }
}

/// The sums over the cells of `grid` for each way to move `a` by up to `play` pixels on `around`.
struct Moved<'a> {
    grid: &'a Grid,
    a: &'a Gray,
    around: &'a Gray,
    play: usize,
}

impl Job for Moved<'_> {
    type Outcome = Vec<Sums>;

    /// Column by column down each row of cells, so that neighbours share an instruction; then cell by cell.
    #[inline(always)]
    fn run<K: Kernel>(self) -> Vec<Sums> {
        let (grid, a, width) = (self.grid, self.a, self.a.width);
        let ways = (2 * self.play + 1) * (2 * self.play + 1);
        let mut all = Vec::with_capacity(ways * grid.columns.len() * grid.rows.len());
        // Cells are at most some ten pixels high, so that nothing overflows.
        let mut columns: [Vec<i32>; 5] = std::array::from_fn(|_| vec![0; width]);
        for dy in 0..=2 * self.play {
            for dx in 0..=2 * self.play {
                for &(top, bottom) in &grid.rows {
                    let [sum_a, sum_b, aa, bb, ab] = &mut columns;
                    let (sum_a, sum_b, aa) = (&mut sum_a[..width], &mut sum_b[..width], &mut aa[..width]);
                    let (bb, ab) = (&mut bb[..width], &mut ab[..width]);
                    for sums in [&mut *sum_a, &mut *sum_b, &mut *aa, &mut *bb, &mut *ab] {
                        sums.fill(0);
                    }
                    for y in top..bottom {
                        let (line, other) = (&a.row(y)[..width], &self.around.row(y + dy)[dx..dx + width]);
                        for x in 0..width {
                            let (a, b) = (i32::from(line[x]), i32::from(other[x]));
                            sum_a[x] += a;
                            sum_b[x] += b;
                            aa[x] += a * a;
                            bb[x] += b * b;
                            ab[x] += a * b;
                        }
                    }
                    for &(left, right) in &grid.columns {
                        let sum = |sums: &[i32]| sums[left..right].iter().map(|&sum| i64::from(sum)).sum();
                        all.push(Sums {
                            count: ((right - left) * (bottom - top)) as i64,
                            a: sum(sum_a),
                            b: sum(sum_b),
                            aa: sum(aa),
                            bb: sum(bb),
                            ab: sum(ab),
                        });
                    }
                }
            }
        }
        all
    }
}

impl Grid {
    fn new((width, height): (usize, usize), side: usize) -> Self {
        let cuts = |length: usize| {
            let edge = if length >= 4 * EDGE { EDGE } else { 0 };
            let inner = length - 2 * edge;
            let count = ((2 * inner + side / 2) / side.max(1)).clamp(2, inner.max(2));
            (0..count).map(|index| (edge + index * inner / count, edge + (index + 1) * inner / count)).collect()
        };
        Self { columns: cuts(width), rows: cuts(height) }
    }

    /// For each part the best of `measure` over all ways to move it by up to `play` pixels; `around` has that many more on every side.
    fn best(&self, a: &Gray, around: &Gray, play: usize, measure: impl Fn(&Sums) -> f64, better: impl Fn(f64, f64) -> f64) -> Vec<f64> {
        let across = self.columns.len();
        let mut best: Vec<f64> = Vec::new();
        let moved = Instructions::best().run(Moved { grid: self, a, around, play });
        for cells in moved.chunks_exact(across * self.rows.len()) {
            let mut index = 0;
            for row in 0..self.rows.len() - 1 {
                for column in 0..across - 1 {
                    let mut sums = cells[row * across + column];
                    sums += cells[row * across + column + 1];
                    sums += cells[(row + 1) * across + column];
                    sums += cells[(row + 1) * across + column + 1];
                    let value = measure(&sums);
                    match best.get_mut(index) {
                        Some(best) => *best = better(*best, value),
                        None => best.push(value),
                    }
                    index += 1;
                }
            }
        }
        best
    }

    /// How alike each part is, at its best, up to 1.
    fn likeness(&self, a: &Gray, around: &Gray, play: usize, inverted: bool) -> Vec<f64> {
        self.best(a, around, play, |sums| sums.alike(inverted), f64::max)
    }

    /// How much the part differs that differs most, at its best: the deviation of the difference, grey levels.
    fn roughest(&self, a: &Gray, around: &Gray, play: usize) -> f64 {
        self.best(a, around, play, Sums::rough, f64::min).into_iter().fold(0.0, f64::max)
    }

    /// For each part how far its mean colour is off, in the channel that is off most, and how far without lightness, levels; sorted.
    fn colours(&self, a: &Picture, b: &Picture) -> (Vec<f64>, Vec<f64>) {
        let across = self.columns.len();
        let mut cells = vec![[0_i64; 4]; across * self.rows.len()];
        for (&(top, bottom), cells) in self.rows.iter().zip(cells.chunks_exact_mut(across)) {
            for y in top..bottom {
                let (line, other) = (a.row(y), b.row(y));
                for (&(left, right), cell) in self.columns.iter().zip(cells.iter_mut()) {
                    for (a, b) in line[3 * left..3 * right].chunks_exact(3).zip(other[3 * left..3 * right].chunks_exact(3)) {
                        for channel in 0..3 {
                            cell[channel] += i64::from(a[channel]) - i64::from(b[channel]);
                        }
                        cell[3] += 1;
                    }
                }
            }
        }
        let part = |row: usize, column: usize| {
            let four = [(row, column), (row, column + 1), (row + 1, column), (row + 1, column + 1)];
            let sum = |of: usize| four.iter().map(|(row, column)| cells[row * across + column][of]).sum::<i64>();
            off([0, 1, 2].map(|channel| sum(channel) as f64 / sum(3).max(1) as f64))
        };
        let places = (0..self.rows.len() - 1).flat_map(|row| (0..across - 1).map(move |column| (row, column)));
        let (colour, hue) = places.map(|(row, column)| part(row, column)).unzip();
        (sorted(colour), sorted(hue))
    }
}

/// How far a colour is off, in the channel that is off most, and how far when all three are moved alike.
fn off(by: [f64; 3]) -> (f64, f64) {
    let most = |by: [f64; 3]| by.into_iter().map(f64::abs).fold(0.0, f64::max);
    let mean = by.iter().sum::<f64>() / 3.0;
    (most(by), most(by.map(|channel| channel - mean)))
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

/// Mean and 98th percentile of the difference between two pictures, levels 0 to 255: at each pixel the channel that differs
/// most, after a 3 by 3 box blur that evens out the noise of re-encoding.
fn colour_difference(anchor: &Picture, window: &Picture) -> (f64, f64) {
    let (a, b) = (blurred(anchor), blurred(window));
    let mut counts = [0_u64; 256];
    for (a, b) in a.chunks_exact(3).zip(b.chunks_exact(3)) {
        let most = a.iter().zip(b).map(|(a, b)| a.abs_diff(*b)).max().unwrap_or(0);
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

/// A 3 by 3 box blur; at the edges the mean of what is there.
fn blurred(picture: &Picture) -> Vec<u8> {
    let (width, height) = (picture.width, picture.height);
    let mut out = vec![0; picture.rgb.len()];
    let mut columns = vec![0_u32; 3 * width];
    for y in 0..height {
        let rows = y.saturating_sub(1)..=(y + 1).min(height - 1);
        columns.fill(0);
        for row in rows.clone() {
            for (sum, &level) in columns.iter_mut().zip(picture.row(row)) {
                *sum += u32::from(level);
            }
        }
        let line = &mut out[3 * y * width..3 * (y + 1) * width];
        let tall = rows.count() as u32;
        for x in 0..width {
            let (first, last) = (x.saturating_sub(1), (x + 1).min(width - 1));
            let count = tall * (last - first + 1) as u32;
            for channel in 0..3 {
                let sum: u32 = (first..=last).map(|column| columns[3 * column + channel]).sum();
                line[3 * x + channel] = (sum / count) as u8;
            }
        }
    }
    out
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
        let sample = Sample::new(asked, anchor_luma, 1.0);
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
