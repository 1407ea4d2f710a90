//! Proof that no place scores more than the best one known: a bound from a reduced screen, and the exact score wherever the bound
//! leaves room.
//!
//! Let `t` and `i` be a template and a window less their means, and `P` the projection that replaces the pixels of each whole cell
//! of c by c pixels by their mean and all others by 0. Then
//!
//! ```text
//! <t, i> = <Pt, Pi> + <t - Pt, i - Pi>  ≤  <Pt, Pi> + sqrt(|t|² - |Pt|²) sqrt(|i|² - |Pi|²)
//! ```
//!
//! since `P` is orthogonal, and by Cauchy and Schwarz. `<Pt, Pi>` is a correlation of two pictures with c² times fewer pixels. These
//! are kept in whole levels, which adds an error that is bounded in [`Phase`]. Everything else comes from sums.
#![allow(clippy::inline_always, reason = "what is not inlined is not compiled for the instructions of its caller")]
#![allow(clippy::needless_range_loop, reason = "loops by index become vectors, and no call without optimisation")]

use super::hunt::{Bounds, Probe, Scenery, Spot};
use super::kernels::{Block, COLUMNS, Instructions, Job, Kernel, Packed, ROWS, moments};
use super::picture::Gray;

/// A bound this much below a score still counts as reaching it: more than single precision can be off.
const SLACK: f32 = 2e-5;

/// The template's cells for windows that begin at one offset from the screen's cells.
struct Phase {
    /// The cells' means in whole levels.
    levels: Gray,
    packed: Packed,
    /// `Σ (t̂ - t̄)`: t̂ are the cells' means in whole levels.
    rest: f64,
    /// The most that the rounding of the screen's cells adds: e is between -level/2 and level/4, so `Σ max (t̂ - t̄) e`.
    rounding: f64,
    /// The root of the summed squares of what the rounding of the template's cells takes away.
    rounded: f64,
    /// `sqrt(|t|² - |Pt|²)`.
    inside: f64,
}

impl Phase {
    fn new(template: &Gray, facts: &Facts, (dx, dy): (usize, usize), group: usize) -> Self {
        let (level, side) = (facts.level, 1 << facts.level);
        let (across, down) = ((template.width - dx) / side, (template.height - dy) / side);
        let mut levels = Vec::with_capacity(across * down);
        let (mut rest, mut rounding, mut rounded, mut projected) = (0.0, 0.0, 0.0, 0.0);
        for row in 0..down {
            for column in 0..across {
                let line = |y: usize| &template.row(dy + row * side + y)[dx + column * side..][..side];
                let sum: u32 = (0..side).flat_map(|y| line(y).iter().map(|&pixel| u32::from(pixel))).sum();
                let mean = f64::from(sum) / (side * side) as f64;
                let whole = mean.round();
                levels.push(whole as u8);
                let off = whole - facts.mean;
                rest += off;
                rounding += if off > 0.0 { 0.25 * off } else { -0.5 * off } * level as f64;
                rounded += (mean - whole) * (mean - whole);
                projected += (mean - facts.mean) * (mean - facts.mean);
            }
        }
        let inside = facts.energy - projected * (side * side) as f64;
        Self {
            packed: Packed::new(&levels, across, group),
            levels: Gray { width: across, height: down, pixels: levels },
            rest,
            rounding,
            rounded: rounded.sqrt(),
            inside: inside.max(0.0).sqrt(),
        }
    }
}

/// What is known of a window but its mean and its energy.
#[derive(Clone, Copy)]
struct Sums {
    /// The dot product of the rounded cells of template and window, the template's less 128.
    product: f64,
    /// The sum of the window's cells in whole levels.
    quantised: f64,
    /// The sum of its pixels in whole cells.
    sum: f64,
    /// The sum of the squares of the sums of its cells.
    squares: f64,
}

impl Phase {
    /// The most that a window can score, in single precision.
    #[inline(always)]
    fn most(&self, facts: &Facts, sums: Sums, mean: f64, energy: f64) -> f32 {
        let pixels = facts.cell;
        let projected = sums.squares / (pixels * pixels) - 2.0 * mean * sums.sum / pixels + self.levels.pixels.len() as f64 * mean * mean;
        let product = sums.product - (facts.mean - 128.0) * sums.quantised - mean * self.rest + self.rounding;
        let inside = (energy - pixels * projected).max(0.0) as f32;
        let rounded = pixels as f32 * self.rounded as f32 * (projected.max(0.0) as f32).sqrt();
        let bound = (pixels * product) as f32 + rounded + self.inside as f32 * inside.sqrt();
        bound * facts.norm / (energy as f32).max(0.5).sqrt()
    }
}

/// What is known of a template.
struct Facts {
    /// Sides of cells are 2^level pixels.
    level: usize,
    /// Its mean level.
    mean: f64,
    /// `|t|²`, the sum of its squared deviations.
    energy: f64,
    /// `1 / |t|`.
    norm: f32,
    /// Pixels.
    count: f64,
    /// Pixels of a cell.
    cell: f64,
}

impl Facts {
    fn new(template: &Gray, (mean, energy): (f64, f64), level: usize) -> Self {
        let norm = (1.0 / energy.sqrt()) as f32;
        Self { level, mean, energy, norm, count: template.pixels.len() as f64, cell: (1_usize << (2 * level)) as f64 }
    }

    /// The template's cells for each place that a window's first pixel may have in the screen's cells, row by row.
    fn phases(&self, template: &Gray, instructions: Instructions) -> Vec<Phase> {
        let side = 1_usize << self.level;
        let offsets = (0..side * side).map(|index| ((side - index % side) % side, (side - index / side) % side));
        offsets.map(|offset| Phase::new(template, self, offset, instructions.group())).collect()
    }
}

/// Sides of the cells for a template of this size: the larger it is the more of it is seen at once.
fn level_for(width: usize, height: usize) -> usize {
    let wanted = match width * height {
        0..=1_500 => 0,
        1_501..=8_000 => 1,
        8_001..=80_000 => 2,
        _ => 3,
    };
    // Every phase must hold whole cells.
    (0..=wanted).rev().find(|level| width.min(height) >= 2 << level).unwrap_or(0)
}

/// The best place whose window lies in `bounds`, if one scores more than `known` does (or as much and stands before it in raster
/// order), or at least `floor` when none is known. Its score is exact, and nothing scores more.
pub(super) fn best_of_all(scenery: &Scenery, template: &Gray, bounds: &Bounds, known: Option<Spot>, floor: f64) -> Option<Spot> {
    let probe = Probe::new(template.clone());
    let known_facts = probe.mean_and_energy();
    if known_facts.1 <= 0.0 || bounds.left > bounds.right || bounds.top > bounds.bottom {
        return known;
    }
    let facts = Facts::new(template, known_facts, level_for(template.width, template.height));
    let instructions = Instructions::best();
    let phases = facts.phases(template, instructions);
    let least = known.map_or(floor, |spot| spot.score.max(floor)) as f32 - SLACK;
    let mut open = instructions.run(Bounding { scenery, template, facts: &facts, phases, bounds, least });
    open.sort_unstable_by(|a, b| b.most.total_cmp(&a.most).then((a.y, a.x).cmp(&(b.y, b.x))));
    // Large cells leave much open. Smaller ones close most of it, for a quarter of what the exact score costs.
    let closer = (facts.level > 1).then(|| Facts::new(template, known_facts, 1));
    let closer = closer.map(|facts| (facts.phases(template, instructions), facts));
    let mut best = known;
    for place in open {
        let least = best.map_or(least, |best| (best.score as f32 - SLACK).max(least));
        if place.most < least {
            break;
        }
        if closer.as_ref().is_some_and(|(phases, facts)| place.most_by(scenery, facts, phases) < least) {
            continue;
        }
        let (x, y) = (place.x as usize, place.y as usize);
        let score = probe.score(scenery.luma(), x, y);
        let better = best.is_none_or(|best| score > best.score || (score >= best.score && (y, x) < (best.y, best.x)));
        if better && score >= floor {
            best = Some(Spot { x, y, score });
        }
    }
    best
}

/// A place and the most that it can score.
struct Open {
    most: f32,
    x: u32,
    y: u32,
    mean: f64,
    energy: f64,
}

impl Open {
    /// The most that it can score, by other cells.
    fn most_by(&self, scenery: &Scenery, facts: &Facts, phases: &[Phase]) -> f32 {
        let (side, x, y) = (1 << facts.level, self.x as usize, self.y as usize);
        let phase = &phases[y % side * side + x % side];
        let first = (x.div_ceil(side), y.div_ceil(side));
        let (cells, gray) = (scenery.cells(facts.level), scenery.gray(facts.level));
        let (across, down) = (phase.levels.width, phase.levels.height);
        let all = moments(&phase.levels.pixels, across, &gray.pixels, gray.width, first.1 * gray.width + first.0);
        let (upper, lower) = (first.1 * cells.table + first.0, (first.1 + down) * cells.table + first.0);
        let corners = [upper, upper + across, lower, lower + across];
        let sums = corners.map(|corner| cells.sums[corner]);
        let squares = corners.map(|corner| cells.squares[corner]);
        let sums = Sums {
            product: all.product as f64 - 128.0 * all.sum as f64,
            quantised: all.sum as f64,
            sum: f64::from(sums[3].wrapping_sub(sums[2]).wrapping_sub(sums[1]).wrapping_add(sums[0])),
            squares: squares[3] - squares[2] - squares[1] + squares[0],
        };
        phase.most(facts, sums, self.mean, self.energy)
    }
}

/// One pass over all places.
struct Bounding<'a> {
    scenery: &'a Scenery,
    template: &'a Gray,
    facts: &'a Facts,
    /// By column and then row of a window's first pixel in its cell.
    phases: Vec<Phase>,
    bounds: &'a Bounds,
    least: f32,
}

/// Sums of each window of some rows, those of one offset side by side.
struct Windows {
    /// Places of one row and offset.
    places: usize,
    /// The windows' mean levels.
    mean: Vec<f64>,
    /// Their sums of squared deviations; 0 where that is half a level or less, which counts as flat.
    energy: Vec<f64>,
}

impl Job for Bounding<'_> {
    type Outcome = Vec<Open>;

    #[inline(always)]
    fn run<K: Kernel>(self) -> Vec<Open> {
        let (level, side) = (self.facts.level, 1_usize << self.facts.level);
        let screen = self.scenery.luma();
        let mut open = Vec::new();
        let places = self.bounds.right / side + 1;
        let mut windows = Windows { places: places + COLUMNS, mean: Vec::new(), energy: Vec::new() };
        windows.mean.resize(ROWS * side * side * windows.places, 0.0);
        windows.energy.resize(windows.mean.len(), 0.0);
        let mut columns = Columns::new(screen.width);
        let mut block: Block = [[0; COLUMNS]; ROWS];
        for first in (self.bounds.top / side..=self.bounds.bottom / side).step_by(ROWS) {
            let mut lively = false;
            for row in 0..ROWS * side {
                let y = first * side + row;
                let line = &mut windows.energy[row * side * windows.places..(row + 1) * side * windows.places];
                line.fill(0.0);
                if y >= self.bounds.top && y <= self.bounds.bottom {
                    columns.move_to(screen, y, self.template.height);
                    let means = &mut windows.mean[row * side * windows.places..(row + 1) * side * windows.places];
                    lively |= columns.slide(self.template, self.bounds, level, windows.places, means, line);
                }
            }
            if !lively {
                continue;
            }
            for down in 0..side.min(self.bounds.bottom + 1 - first * side) {
                for right in 0..side {
                    let last = (self.bounds.right + 1).saturating_sub(right).div_ceil(side);
                    for x in (self.bounds.left / side..last).step_by(COLUMNS) {
                        self.block::<K>((x, first), (right, down), &windows, &mut block, &mut open);
                    }
                }
            }
        }
        open
    }
}

impl Bounding<'_> {
    #[inline(always)]
    fn block<K: Kernel>(
        &self,
        (x, y): (usize, usize),
        (right, down): (usize, usize),
        windows: &Windows,
        block: &mut Block,
        open: &mut Vec<Open>,
    ) {
        let (facts, side) = (self.facts, 1_usize << self.facts.level);
        let at = |row: usize| ((row * side + down) * side + right) * windows.places + x;
        if (0..ROWS).all(|row| windows.energy[at(row)..at(row) + COLUMNS].iter().all(|&energy| energy <= 0.0)) {
            return;
        }
        let phase = &self.phases[down * side + right];
        let ready = self.scenery.ready(facts.level);
        let (u, v) = (x + usize::from(right > 0), y + usize::from(down > 0));
        K::dots(&ready.words, ready.stride, &phase.packed, u, v, block);
        let cells = self.scenery.cells(facts.level);
        for row in 0..ROWS {
            let mean = &windows.mean[at(row)..at(row) + COLUMNS];
            let energy = &windows.energy[at(row)..at(row) + COLUMNS];
            let mut most = [0.0_f32; COLUMNS];
            if facts.level == 0 {
                for column in 0..COLUMNS {
                    let product = f64::from(block[row][column]) - (facts.mean - 128.0) * mean[column] * facts.count;
                    most[column] = product as f32 * facts.norm / (energy[column] as f32).max(0.5).sqrt();
                }
            } else {
                let cells_of = (phase.levels.width, phase.levels.height);
                let quantised = wrapping(corners(&ready.sums, ready.table, (u, v + row), cells_of));
                let sums = wrapping(corners(&cells.sums, cells.table, (u, v + row), cells_of));
                let squares = exact(corners(&cells.squares, cells.table, (u, v + row), cells_of));
                for column in 0..COLUMNS {
                    let sums = Sums {
                        product: f64::from(block[row][column]),
                        quantised: f64::from(quantised[column]),
                        sum: f64::from(sums[column]),
                        squares: squares[column],
                    };
                    most[column] = phase.most(facts, sums, mean[column], energy[column]);
                }
            }
            let mut any = false;
            for column in 0..COLUMNS {
                any |= most[column] >= self.least && energy[column] > 0.0;
            }
            if any {
                for column in 0..COLUMNS {
                    if most[column] >= self.least && energy[column] > 0.0 {
                        let place = (((x + column) * side + right) as u32, ((y + row) * side + down) as u32);
                        let (mean, energy) = (mean[column], energy[column]);
                        open.push(Open { most: most[column], x: place.0, y: place.1, mean, energy });
                    }
                }
            }
        }
    }
}

/// The four corners of each of the windows of a row: the first of them has its first cell at `at`, and each is of `size` cells.
#[inline(always)]
fn corners<T>(table: &[T], stride: usize, at: (usize, usize), size: (usize, usize)) -> [&[T]; 4] {
    let (upper, lower) = (at.1 * stride + at.0, (at.1 + size.1) * stride + at.0);
    [upper, upper + size.0, lower, lower + size.0].map(|from| &table[from..from + COLUMNS])
}

/// Sums over windows from a table of sums that wrap around.
#[inline(always)]
fn wrapping(corners: [&[u32]; 4]) -> [u32; COLUMNS] {
    let mut sums = [0; COLUMNS];
    for column in 0..COLUMNS {
        let [a, b, c, d] = corners.map(|corner| corner[column]);
        sums[column] = d.wrapping_sub(c).wrapping_sub(b).wrapping_add(a);
    }
    sums
}

/// The same of whole numbers below 2^53.
#[inline(always)]
fn exact(corners: [&[f64]; 4]) -> [f64; COLUMNS] {
    let mut sums = [0.0; COLUMNS];
    for column in 0..COLUMNS {
        let [a, b, c, d] = corners.map(|corner| corner[column]);
        sums[column] = d - c - b + a;
    }
    sums
}

/// The sum and the sum of squares of each column over the rows of the windows that begin at one row.
struct Columns {
    row: Option<usize>,
    sums: Vec<u32>,
    squares: Vec<u32>,
    window_sums: Vec<u64>,
    window_squares: Vec<u64>,
}

impl Columns {
    fn new(width: usize) -> Self {
        let zeros = vec![0; width];
        Self { row: None, squares: zeros.clone(), sums: zeros, window_sums: vec![0; width], window_squares: vec![0; width] }
    }

    #[inline(always)]
    fn move_to(&mut self, screen: &Gray, y: usize, height: usize) {
        if self.row.is_some_and(|row| row + 1 == y) {
            let (gone, come) = (screen.row(y - 1), screen.row(y + height - 1));
            for x in 0..screen.width {
                let (gone, come) = (u32::from(gone[x]), u32::from(come[x]));
                self.sums[x] = self.sums[x].wrapping_add(come).wrapping_sub(gone);
                self.squares[x] = self.squares[x].wrapping_add(come * come).wrapping_sub(gone * gone);
            }
        } else {
            self.sums.fill(0);
            self.squares.fill(0);
            for row in y..y + height {
                for (x, &pixel) in screen.row(row).iter().enumerate() {
                    self.sums[x] += u32::from(pixel);
                    self.squares[x] += u32::from(pixel) * u32::from(pixel);
                }
            }
        }
        self.row = Some(y);
    }

    /// Writes mean and energy of each window of the row, those of one offset in a cell side by side; gives whether one is not flat.
    #[inline(always)]
    fn slide(&mut self, template: &Gray, bounds: &Bounds, level: usize, places: usize, mean: &mut [f64], energy: &mut [f64]) -> bool {
        let width = template.width;
        let count = (width * template.height) as f64;
        let mut sum: u64 = self.sums[bounds.left..bounds.left + width].iter().map(|&sum| u64::from(sum)).sum();
        let mut square: u64 = self.squares[bounds.left..bounds.left + width].iter().map(|&square| u64::from(square)).sum();
        (self.window_sums[bounds.left], self.window_squares[bounds.left]) = (sum, square);
        for x in bounds.left + 1..=bounds.right {
            sum = sum + u64::from(self.sums[x + width - 1]) - u64::from(self.sums[x - 1]);
            square = square + u64::from(self.squares[x + width - 1]) - u64::from(self.squares[x - 1]);
            self.window_sums[x] = sum;
            self.window_squares[x] = square;
        }
        let side = 1_usize << level;
        let mut lively = false;
        let inverse = 1.0 / count;
        for right in 0..side {
            let first = if bounds.left % side <= right { bounds.left / side } else { bounds.left / side + 1 };
            let line = (right * places, first);
            for at in first..(bounds.right + side - right) / side {
                let x = at * side + right;
                let (sum, square) = (self.window_sums[x] as f64, self.window_squares[x] as f64);
                let spread = square - sum * sum * inverse;
                let flat = spread <= 0.5;
                mean[line.0 + at] = sum * inverse;
                energy[line.0 + at] = if flat { 0.0 } else { spread };
                lively |= !flat;
            }
        }
        lively
    }
}

#[cfg(test)]
mod tests {
    use super::super::reference::correlate;
    use super::*;
    use crate::target::Place;
    use proptest::prelude::*;

    /// A screen of flat blocks, noise and stripes.
    fn screen(width: usize, height: usize, seed: u32, block: u32) -> Gray {
        let hash = |x: u32, y: u32| {
            seed.wrapping_add(x.wrapping_mul(73_856_093)).wrapping_add(y.wrapping_mul(19_349_663)).wrapping_mul(2_654_435_761) >> 24
        };
        let pixel = |at: usize| {
            let (x, y) = ((at % width) as u32, (at / width) as u32);
            let flat = hash(x / block, y / block) as u8;
            match flat % 4 {
                0 => flat.wrapping_add((hash(x, y) / 8) as u8),
                1 => flat ^ ((x & 1) as u8 * 40),
                _ => flat,
            }
        };
        Gray { width, height, pixels: (0..width * height).map(pixel).collect() }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn what_is_proven_is_the_reference_s_best(
            seed: u32, block in 2_u32..17, (width, height) in (20_usize..260, 20_usize..200), (w, h) in (2_usize..150, 2_usize..120),
            foreign: bool, floor in prop_oneof![Just(-1.0), Just(0.3), Just(0.7)],
        ) {
            prop_assume!(w <= width && h <= height);
            let screen = screen(width, height, seed, block);
            let place = Place { x: seed % (width - w + 1) as u32, y: (seed / 7) % (height - h + 1) as u32, width: w as u32, height: h as u32 };
            let template = if foreign { self::screen(w, h, !seed, block) } else { screen.crop(place) };
            let map = correlate(&screen, &template);
            let mut best = (0, f32::MIN);
            for (at, &score) in map.scores.iter().enumerate() {
                if score > best.1 {
                    best = (at, score);
                }
            }
            let scenery = Scenery::new(screen.clone());
            let whole = Place { x: 0, y: 0, width: width as u32, height: height as u32 };
            let bounds = Bounds::new(whole, (w, h));
            let proven = best_of_all(&scenery, &template, &bounds, None, floor);
            // Flat windows score 0 and are not looked at.
            if f64::from(best.1) >= floor.max(1e-6) {
                let proven = proven.unwrap();
                prop_assert!((proven.score - f64::from(best.1)).abs() < 1e-6, "{proven:?} {best:?}");
                prop_assert!((f64::from(map.scores[proven.y * map.width + proven.x]) - proven.score).abs() < 1e-6);
            } else if floor > 0.0 {
                prop_assert!(proven.is_none(), "{proven:?} {best:?}");
            }
        }
    }
}
