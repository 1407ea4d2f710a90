//! The most that a place can score, told from a reduced screen. The inequality stands in [`proof`](super::proof).
#![allow(clippy::inline_always, reason = "what is not inlined is not compiled for the instructions of its caller")]

use super::cells::Cells;
use super::kernels::{Instructions, Packed, product};
use super::picture::Gray;
use super::scenery::Scenery;

/// Template cells at most, so that their products fit 32 bits.
const MOST_CELLS: usize = 1 << 16;

/// A window whose squared deviations sum to this or less is flat and scores 0.
pub(super) const FLAT: f32 = 0.5;

/// A template's deviations are kept in these parts of a level, so that the largest of them, 127.5, fits.
const SPREAD: f64 = 127.0 / 127.5;

/// More than the share of an energy that single precision can be off.
const LOOSE: f32 = 1e-6;

/// A template with what its cells are summed from.
pub(super) struct Subject {
    width: usize,
    height: usize,
    /// Sums of all pixels above and to the left, rows of `width + 1`; they wrap around, and differences are right nevertheless.
    sums: Vec<u32>,
    /// The same of their squares.
    squares: Vec<u32>,
    /// The sum of its squared deviations.
    energy: f64,
}

impl Subject {
    /// `energy` is the sum of the template's squared deviations, above 0.
    pub(super) fn new(template: &Gray, energy: f64) -> Self {
        let table = template.width + 1;
        let sums = |of: &dyn Fn(u32) -> u32| {
            let mut sums = vec![0_u32; table * (template.height + 1)];
            for y in 0..template.height {
                let (above, below) = sums.split_at_mut((y + 1) * table);
                let mut sum = 0_u32;
                for ((&pixel, above), below) in template.row(y).iter().zip(&above[y * table + 1..]).zip(&mut below[1..]) {
                    sum = sum.wrapping_add(of(u32::from(pixel)));
                    *below = above.wrapping_add(sum);
                }
            }
            sums
        };
        Self { width: template.width, height: template.height, sums: sums(&|pixel| pixel), squares: sums(&|pixel| pixel * pixel), energy }
    }

    /// Of one of its tables the sums of `size` cells of `cell` pixels, the first of which begins at `from`.
    fn cells(&self, table: &[u32], from: (usize, usize), cell: usize, size: (usize, usize)) -> Vec<u32> {
        let mut cells = Vec::with_capacity(size.0 * size.1);
        for row in 0..size.1 {
            let line = |y: usize| &table[y * (self.width + 1) + from.0..][..=size.0 * cell];
            let (upper, lower) = (line(from.1 + row * cell), line(from.1 + (row + 1) * cell));
            let between = |at: usize| lower[at].wrapping_sub(upper[at]);
            cells.extend((0..size.0).map(|column| between((column + 1) * cell).wrapping_sub(between(column * cell))));
        }
        cells
    }
}

/// Cells along one side: where a group of windows stands in the screen's cells, counted from one of them.
#[derive(Debug, Clone, Copy)]
struct Side {
    /// Cells that all windows together touch.
    outer: usize,
    /// The first cell that lies whole in every window.
    first: usize,
    /// Cells that lie whole in every window.
    inner: usize,
}

impl Side {
    /// For `span` windows of `length` pixels the first of which begins `at` pixels behind the beginning of a cell.
    fn new(length: usize, cell: usize, span: usize, at: usize) -> Option<Self> {
        let first = (at + span - 1).div_ceil(cell);
        let inner = ((at + length) / cell).checked_sub(first).filter(|&inner| inner > 0)?;
        Some(Self { outer: (at + span - 1 + length).div_ceil(cell), first, inner })
    }
}

/// A rectangle of cells, counted from the one that a group's first pixel lies in: first and number, across and down.
#[derive(Debug, Clone, Copy)]
pub(super) struct Part {
    pub from: (usize, usize),
    pub size: (usize, usize),
    /// One over its pixels.
    share: f64,
}

impl Part {
    fn new(from: (usize, usize), size: (usize, usize), cell: usize) -> Self {
        Self { from, size, share: 1.0 / (size.0 * size.1 * cell * cell) as f64 }
    }
}

/// What is compared with the windows of a group: one direction for all of them.
pub(super) struct Guide {
    /// The direction: levels of cells, of which only the differences count.
    levels: Gray,
    pub(super) packed: Packed,
    /// The most that the pixels of each cell deviate in a window, above 128, in parts of [`SPREAD`].
    spread: Gray,
    pub(super) spread_packed: Packed,
    /// The cells in every window.
    pub(super) whole: Part,
    /// The cells that the windows touch.
    pub(super) touched: Part,
    /// One over the number of the cells in every window.
    share: f64,
    /// Pixels of one cell.
    cell: f32,
    /// One over the norm of the template.
    norm: f32,
    /// The mean of the direction less 128.
    mean: f64,
    /// The side of a cell over the norm of the direction.
    scale: f32,
    /// The least and the most of the template along the direction.
    along: (f32, f32),
    /// The most of the template's cells beside the direction.
    beside: f32,
    /// The most of the template inside its cells.
    inside: f32,
    /// The most of the template at its edges.
    edges: f32,
    /// What a product of deviations is worth.
    unit: f32,
    /// More than the sum of squared deviations of so many pixels can be off in double precision.
    doubt: f32,
}

impl Guide {
    fn new(subject: &Subject, level: usize, span: usize, at: (usize, usize), group: usize) -> Option<Self> {
        let cell = 1_usize << level;
        let (across, down) = (Side::new(subject.width, cell, span, at.0)?, Side::new(subject.height, cell, span, at.1)?);
        let count = across.inner * down.inner;
        if count > MOST_CELLS {
            return None;
        }
        let area = (cell * cell) as f64;
        // The template's cells for each window of the group, and their sum.
        let mut windows = Vec::with_capacity(span * span);
        let (mut together, mut within) = (vec![0_u32; count], vec![0_u32; count]);
        for window in 0..span * span {
            let from = (across.first * cell - at.0 - window % span, down.first * cell - at.1 - window / span);
            let cells = subject.cells(&subject.sums, from, cell, (across.inner, down.inner));
            let squares = subject.cells(&subject.squares, from, cell, (across.inner, down.inner));
            let (mut inside, pixels) = (0_u64, (cell * cell) as u64);
            for (index, (&sum, &square)) in cells.iter().zip(&squares).enumerate() {
                together[index] += sum;
                // The squared deviations in the cell, times its pixels.
                let deviation = pixels * u64::from(square) - u64::from(sum) * u64::from(sum);
                inside += deviation;
                within[index] = within[index].max(deviation.div_ceil(pixels) as u32);
            }
            windows.push((cells, inside as f64 / pixels as f64));
        }
        let parts = (cell * cell * span * span) as u32;
        let levels: Vec<u8> = together.iter().map(|&sum| ((sum + parts / 2) / parts) as u8).collect();
        let total = |of: &mut dyn Iterator<Item = u64>| of.sum::<u64>() as f64;
        let sum = total(&mut levels.iter().map(|&level| u64::from(level)));
        let mean = sum / count as f64;
        let squares = total(&mut levels.iter().map(|&level| u64::from(level) * u64::from(level)));
        let norm = (squares - sum * mean).max(0.0).sqrt();
        let inverse = if norm > 0.0 { 1.0 / norm } else { 0.0 };
        let (mut along, mut beside, mut inside, mut edges) = ((f64::MAX, 0.0_f64), 0.0_f64, 0.0_f64, 0.0_f64);
        for (cells, own_inside) in &windows {
            let own = total(&mut cells.iter().map(|&mine| u64::from(mine)));
            let own_squares = total(&mut cells.iter().map(|&mine| u64::from(mine) * u64::from(mine)));
            let products = total(&mut cells.iter().zip(&levels).map(|(&mine, &level)| u64::from(mine) * u64::from(level)));
            let kept = (own_squares - own * own / count as f64) / area;
            let share = ((products - own * mean) * inverse / cell as f64).max(0.0);
            along = (along.0.min(share), along.1.max(share));
            beside = beside.max(kept - share * share);
            inside = inside.max(*own_inside);
            edges = edges.max(subject.energy - kept - own_inside);
        }
        let levels = Gray { width: across.inner, height: down.inner, pixels: levels };
        let deviation = |&within: &u32| 128 + ((f64::from(within) / area).sqrt() * SPREAD).ceil() as u8;
        let spread = Gray { width: across.inner, height: down.inner, pixels: within.iter().map(deviation).collect() };
        Some(Self {
            spread_packed: Packed::new(&spread.pixels, across.inner, group),
            spread,
            packed: Packed::new(&levels.pixels, across.inner, group),
            levels,
            whole: Part::new((across.first, down.first), (across.inner, down.inner), cell),
            touched: Part::new((0, 0), (across.outer, down.outer), cell),
            share: 1.0 / count as f64,
            cell: area as f32,
            norm: (1.0 / subject.energy.sqrt()) as f32,
            mean: mean - 128.0,
            scale: (cell as f64 * inverse) as f32,
            along: (along.0 as f32, along.1 as f32),
            beside: beside.max(0.0).sqrt() as f32,
            inside: inside.sqrt() as f32,
            edges: edges.max(0.0).sqrt() as f32,
            // The screen's deviations are kept twice.
            unit: (area / SPREAD / 2.0) as f32,
            doubt: (255.0
                * 255.0
                * f64::EPSILON
                * 4.0
                * (subject.width + 2 * cell * span) as f64
                * (subject.height + 2 * cell * span) as f64) as f32,
        })
    }
}

/// What is known of the windows of a group.
#[derive(Debug, Clone, Copy)]
pub(super) struct Seen {
    /// The products of the direction's levels, less 128, with those of the screen's cells.
    pub product: i32,
    /// The products of deviations.
    pub spreads: i32,
    /// The sum of the levels of the screen's cells in every window.
    pub levels: u32,
    /// The sum of their squares.
    pub squares: u32,
    /// The difference of the table of what they are off.
    pub off: u32,
    /// The squared deviations of the pixels of these cells.
    pub inner: f32,
    /// Those of the cells that the windows touch.
    pub outer: f32,
}

impl Guide {
    /// The most that one of the windows can score.
    #[inline(always)]
    pub(super) fn most(&self, seen: Seen) -> f32 {
        let sum = f64::from(seen.levels);
        let shown = (((f64::from(seen.squares) - sum * sum * self.share) as f32).max(0.0) * self.cell).sqrt();
        let off = (Cells::off_from(seen.off) * self.cell).sqrt();
        let along = (f64::from(seen.product) - self.mean * sum) as f32 * self.scale + off;
        let shared = (self.along.0 * along).max(self.along.1 * along) + self.beside * (shown + off);
        let (shown, kept) = ((shown - off).max(0.0), seen.inner * (1.0 - LOOSE) - self.doubt);
        let spread = (seen.inner * (1.0 + LOOSE) + self.doubt - shown * shown * (1.0 - LOOSE)).max(0.0).sqrt();
        let shared = shared + (seen.spreads as f32 * self.unit).min(self.inside * spread);
        let far = (seen.outer * (1.0 + LOOSE) + self.doubt - kept).max(0.0).sqrt();
        let near = (FLAT * (1.0 - LOOSE) - kept).max(0.0).sqrt();
        let edges = (self.edges * kept / shared.max(f32::MIN_POSITIVE)).min(far).max(near);
        (shared + self.edges * edges) * self.norm / (kept + edges * edges).sqrt()
    }

    /// The squared deviations of the pixels of a part, from their sum and the sum of their squares.
    #[inline(always)]
    pub(super) fn energy(part: &Part, sum: u32, squares: f64) -> f32 {
        (squares - f64::from(sum) * f64::from(sum) * part.share) as f32
    }

    /// What a block of places costs by itself beside what one place does: where more of them are open, the block is cheaper.
    pub(super) fn worth_a_block(&self) -> usize {
        let (across, down) = self.whole.size;
        (4 * across * down + 1_500) / (4 * down * across.div_ceil(64) + 250)
    }
}

/// Bounds for groups of `span` by `span` places, by the cells of one size.
pub(super) struct Bound {
    pub(super) level: usize,
    pub(super) span: usize,
    /// By row and column of a group's first place in its cell.
    guides: Vec<Guide>,
}

impl Bound {
    /// None where the template is too small or too large for cells of 2^`level` pixels a side.
    pub(super) fn new(subject: &Subject, level: usize, span: usize) -> Option<Self> {
        let phases = (1 << level) / span;
        let at = |index: usize| (index % phases * span, index / phases * span);
        let group = Instructions::best().group();
        let guides = (0..phases * phases).map(|index| Guide::new(subject, level, span, at(index), group)).collect::<Option<_>>()?;
        Some(Self { level, span, guides })
    }

    /// The guide for a group whose first place lies `x`, `y` pixels behind a cell's beginning.
    #[inline(always)]
    pub(super) fn guide(&self, x: usize, y: usize) -> &Guide {
        let phases = (1 << self.level) / self.span;
        &self.guides[y / self.span * phases + x / self.span]
    }

    /// The most that a place of the group at `x`, `y`, multiples of the span, can score; nothing where all of it is flat.
    pub(super) fn most_at(&self, scenery: &Scenery, x: usize, y: usize) -> f32 {
        let cell = 1 << self.level;
        let guide = self.guide(x % cell, y % cell);
        let (u, v) = (x / cell, y / cell);
        let corners = |table: usize, (u, v): (usize, usize), part: &Part| {
            let (upper, size) = ((v + part.from.1) * table + u + part.from.0, part.size);
            let lower = upper + size.1 * table;
            [upper, upper + size.0, lower, lower + size.0]
        };
        let wrapping = |of: &[u32], [a, b, c, d]: [usize; 4]| of[d].wrapping_sub(of[c]).wrapping_sub(of[b]).wrapping_add(of[a]);
        let sums = scenery.sums(self.level);
        let energy = |part: &Part| {
            let corners @ [a, b, c, d] = corners(sums.table, (u, v), part);
            let squares = sums.squares[d] - sums.squares[c] - sums.squares[b] + sums.squares[a];
            Guide::energy(part, wrapping(&sums.pixels, corners), squares)
        };
        let outer = energy(&guide.touched);
        if outer <= FLAT {
            return f32::MIN;
        }
        let layer = scenery.shown(self.level);
        let (ready, gray, cells) = (layer.ready(), &layer.gray, scenery.cells(self.level));
        let shown = corners(ready.table, (u, v), &guide.whole);
        let first = (v + guide.whole.from.1) * gray.width + u + guide.whole.from.0;
        guide.most(Seen {
            product: product(&guide.levels.pixels, guide.levels.width, &gray.pixels, gray.width, first),
            spreads: product(&guide.spread.pixels, guide.spread.width, &cells.spread.pixels, gray.width, first),
            levels: wrapping(&ready.sums, shown),
            squares: wrapping(&ready.squares, shown),
            off: wrapping(&cells.off, shown),
            inner: energy(&guide.whole),
            outer,
        })
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::super::probe::Probe;
    use super::super::scenery::Bounds;
    use super::super::sweeps::{Groups, Open};
    use super::*;
    use crate::target::Place;
    use proptest::prelude::*;

    /// A screen of flat blocks, noise, stripes and what is all but flat; for some seeds of one of these alone.
    pub(in crate::vision) fn screen(width: usize, height: usize, seed: u32, block: u32) -> Gray {
        let hash = |x: u32, y: u32| {
            seed.wrapping_add(x.wrapping_mul(73_856_093)).wrapping_add(y.wrapping_mul(19_349_663)).wrapping_mul(2_654_435_761) >> 24
        };
        let pixel = |at: usize| {
            let (x, y) = ((at % width) as u32, (at / width) as u32);
            let flat = hash(x / block, y / block) as u8;
            let kind = if seed % 8 < 5 { seed % 8 } else { u32::from(flat) % 5 };
            match kind {
                0 => flat.wrapping_add((hash(x, y) / 8) as u8),
                1 => flat ^ ((x & 1) as u8 * 40),
                2 => 250 + u8::from(hash(x, y) > 250),
                3 if (x / 3 + y / block).is_multiple_of(2) => 255,
                3 => 0,
                _ => flat,
            }
        };
        Gray { width, height, pixels: (0..width * height).map(pixel).collect() }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(96))]

        #[test]
        fn no_place_scores_more_than_its_bound(
            seed: u32, other: u32, block in 1_u32..17, (width, height) in (20_usize..150, 20_usize..130),
            (w, h) in (4_usize..110, 4_usize..90), (level, halvings) in (1_usize..=5).prop_flat_map(|level| (Just(level), 0..=level)),
            foreign: bool, (left, top) in (0_usize..9, 0_usize..9),
        ) {
            let (w, h) = (w.min(width - left), h.min(height - top));
            let screen = screen(width, height, seed, block);
            let place = Place { x: seed % (width - w + 1) as u32, y: (seed / 7) % (height - h + 1) as u32, width: w as u32, height: h as u32 };
            let template = if foreign { self::screen(w, h, other, block) } else { screen.crop(place) };
            let probe = Probe::new(template.clone());
            prop_assume!(probe.mean_and_energy().1 > 0.0);
            let span = 1 << halvings;
            let Some(bound) = Bound::new(&Subject::new(&template, probe.mean_and_energy().1), level, span) else { return Ok(()) };
            let scenery = Scenery::new(screen.clone());
            let region = Place { x: left as u32, y: top as u32, width: (width - left) as u32, height: (height - top) as u32 };
            let bounds = Bounds::new(region, (w, h));
            let (mut groups, mut best) = (Vec::new(), f64::MIN);
            for y in (bounds.top / span * span..=bounds.bottom).step_by(span) {
                for x in (bounds.left / span * span..=bounds.right).step_by(span) {
                    let most = bound.most_at(&scenery, x, y);
                    groups.push(Open { most, x: x as u32, y: y as u32 });
                    for place in 0..span * span {
                        let (x, y) = (x + place % span, y + place / span);
                        if x <= bounds.right && y <= bounds.bottom {
                            let score = probe.score(&screen, x, y);
                            best = best.max(score);
                            // A flat window scores 0, and its group may have no bound at all.
                            prop_assert!(f64::from(most) > score - 1e-5 || score == 0.0, "{most} {score} at {x},{y}");
                        }
                    }
                }
            }
            // A sweep, whose groups are computed side by side, leaves open the same.
            for least in [0.3_f32, 0.8, best as f32 - 1e-4] {
                let mut expected: Vec<(u32, u32)> = groups.iter().filter(|group| group.most >= least).map(|group| (group.y, group.x)).collect();
                expected.sort_unstable();
                for among in [None, Some(&groups[..])] {
                    let open = Instructions::best().run(Groups { scenery: &scenery, bound: &bound, bounds: &bounds, least, among });
                    let mut open: Vec<(u32, u32)> = open.iter().map(|group| (group.y, group.x)).collect();
                    open.sort_unstable();
                    prop_assert_eq!(&open, &expected);
                }
            }
        }
    }
}
