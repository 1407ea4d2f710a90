//! Bounds of all places at once: which of them are left open.
#![allow(clippy::inline_always, reason = "what is not inlined is not compiled for the instructions of its caller")]
#![allow(clippy::needless_range_loop, reason = "loops by index become vectors, and no call without optimisation")]

use super::bound::{Bound, FLAT, Guide, Part, Seen};
use super::kernels::{Block, COLUMNS, Job, Kernel, Packed, ROWS};
use super::picture::Gray;
use super::scenery::{Bounds, Scenery};

/// A place, or the first of a group of places, and the most that it can score.
#[derive(Debug, Clone, Copy)]
pub(super) struct Open {
    pub most: f32,
    pub x: u32,
    pub y: u32,
}

/// One pass over groups of places; gives those that may score `least`.
pub(super) struct Groups<'a> {
    pub scenery: &'a Scenery,
    pub bound: &'a Bound,
    pub bounds: &'a Bounds,
    pub least: f32,
    /// The groups that are looked at; all where there is none.
    pub among: Option<&'a [Open]>,
}

/// A block of groups: its first cell, and how far behind that cell's beginning its first group begins.
#[derive(Clone, Copy)]
struct At {
    u: usize,
    v: usize,
    right: usize,
    down: usize,
}

impl Job for Groups<'_> {
    type Outcome = Vec<Open>;

    #[inline(always)]
    fn run<K: Kernel>(self) -> Self::Outcome {
        let (side, span, bounds) = (1_usize << self.bound.level, self.bound.span, self.bounds);
        let mut open = Vec::new();
        if let Some(among) = self.among {
            for block in self.blocks(among) {
                let (x, y) = (block[0].x as usize, block[0].y as usize);
                if block.len() >= self.bound.guide(x % side, y % side).worth_a_block() {
                    let ((u, v), mut wanted) = (self.block_of(x, y), [[false; COLUMNS]; ROWS]);
                    for group in &block {
                        wanted[group.y as usize / side - v][group.x as usize / side - u] = true;
                    }
                    self.block::<K>(At { u, v, right: x % side, down: y % side }, Some(&wanted), &mut open);
                } else {
                    let most = |group: Open| Open { most: self.bound.most_at(self.scenery, group.x as usize, group.y as usize), ..group };
                    open.extend(block.into_iter().map(most).filter(|group| group.most >= self.least));
                }
            }
            return open;
        }
        for down in (0..side).step_by(span) {
            for right in (0..side).step_by(span) {
                for v in (bounds.top / side..=bounds.bottom / side).step_by(ROWS) {
                    for u in (bounds.left / side..=bounds.right / side).step_by(COLUMNS) {
                        if u * side + right <= bounds.right && v * side + down <= bounds.bottom {
                            self.block::<K>(At { u, v, right, down }, None, &mut open);
                        }
                    }
                }
            }
        }
        open
    }
}

impl Groups<'_> {
    /// The first cell of the block that the group at `x`, `y` lies in.
    #[inline(always)]
    fn block_of(&self, x: usize, y: usize) -> (usize, usize) {
        let side = 1_usize << self.bound.level;
        let (u, v) = (self.bounds.left / side, self.bounds.top / side);
        ((x / side - u) / COLUMNS * COLUMNS + u, (y / side - v) / ROWS * ROWS + v)
    }

    /// Groups by the block that they lie in, those of one offset together.
    fn blocks(&self, groups: &[Open]) -> Vec<Vec<Open>> {
        let (side, span) = (1_usize << self.bound.level, self.bound.span);
        let (across, down) = ((self.bounds.right / side) / COLUMNS + 1, (self.bounds.bottom / side) / ROWS + 1);
        let mut blocks = vec![Vec::new(); across * down * (side / span) * (side / span)];
        for &group in groups {
            let (x, y) = (group.x as usize, group.y as usize);
            let (u, v) = self.block_of(x, y);
            let phase = y % side / span * (side / span) + x % side / span;
            blocks[(phase * down + v / ROWS) * across + u / COLUMNS].push(group);
        }
        blocks.retain(|block| !block.is_empty());
        blocks
    }

    /// The groups of a block, those alone that are `wanted`.
    #[inline(always)]
    fn block<K: Kernel>(&self, at: At, among: Option<&[[bool; COLUMNS]; ROWS]>, open: &mut Vec<Open>) {
        let (level, span, bounds) = (self.bound.level, self.bound.span, self.bounds);
        let (side, At { u, v, right, down }) = (1_usize << level, at);
        let guide = self.bound.guide(right, down);
        let (ready, cells) = (self.scenery.shown(level).ready(), self.scenery.cells(level));
        let rows = ROWS.min((bounds.bottom - down - v * side) / side + 1);
        let mut outer = [[0.0_f32; COLUMNS]; ROWS];
        let mut lively = false;
        for row in 0..rows {
            self.energies(&guide.touched, u, v + row, &mut outer[row]);
            for column in 0..COLUMNS {
                lively |= outer[row][column] > FLAT;
            }
        }
        if !lively {
            return;
        }
        let (first, across_down) = ((u + guide.whole.from.0, v + guide.whole.from.1), guide.whole.size);
        let mut block: Block = [[0; COLUMNS]; ROWS];
        K::dots(&ready.words, ready.stride, &guide.packed, first.0, first.1, &mut block);
        let mut spreads: Block = [[0; COLUMNS]; ROWS];
        K::dots(&cells.spread_words.words, cells.spread_words.stride, &guide.spread_packed, first.0, first.1, &mut spreads);
        let mut inner = [0.0_f32; COLUMNS];
        for row in 0..rows {
            let at = (first.0, first.1 + row);
            self.energies(&guide.whole, u, v + row, &mut inner);
            let off = wrapping(corners(&cells.off, ready.table, at, across_down));
            let levels = wrapping(corners(&ready.sums, ready.table, at, across_down));
            let squares = wrapping(corners(&ready.squares, ready.table, at, across_down));
            let mut most = [0.0_f32; COLUMNS];
            let mut any = false;
            for column in 0..COLUMNS {
                most[column] = guide.most(Seen {
                    product: block[row][column],
                    spreads: spreads[row][column],
                    levels: levels[column],
                    squares: squares[column],
                    off: off[column],
                    inner: inner[column],
                    outer: outer[row][column],
                });
                any |= most[column] >= self.least && outer[row][column] > FLAT;
            }
            if !any {
                continue;
            }
            for column in 0..COLUMNS {
                let (x, y) = ((u + column) * side + right, (v + row) * side + down);
                let wanted = among.map_or(x <= bounds.right && x + span > bounds.left && y + span > bounds.top, |among| among[row][column]);
                if most[column] >= self.least && outer[row][column] > FLAT && wanted {
                    open.push(Open { most: most[column], x: x as u32, y: y as u32 });
                }
            }
        }
    }

    /// The squared deviations of the pixels of a part, for each group of a row of a block.
    #[inline(always)]
    fn energies(&self, part: &Part, u: usize, v: usize, energies: &mut [f32; COLUMNS]) {
        let (sums, at) = (self.scenery.sums(self.bound.level), (u + part.from.0, v + part.from.1));
        let pixels = wrapping(corners(&sums.pixels, sums.table, at, part.size));
        let squares = exact(corners(&sums.squares, sums.table, at, part.size));
        for column in 0..COLUMNS {
            energies[column] = Guide::energy(part, pixels[column], squares[column]);
        }
    }
}

/// One pass over all places with a template of at most 2^16 pixels itself; gives those that may score `least`, and their score as
/// far as single precision tells it.
pub(super) struct Places<'a> {
    pub scenery: &'a Scenery,
    pub template: &'a Gray,
    /// The template's mean level, and the sum of its squared deviations.
    pub facts: (f64, f64),
    pub packed: Packed,
    pub bounds: &'a Bounds,
    pub least: f32,
}

impl Job for Places<'_> {
    type Outcome = Vec<Open>;

    #[inline(always)]
    fn run<K: Kernel>(self) -> Self::Outcome {
        let (ready, bounds, size) = (self.scenery.ready(0), self.bounds, (self.template.width, self.template.height));
        let count = self.template.pixels.len() as f64;
        let (mean, norm) = (self.facts.0 - 128.0, (1.0 / self.facts.1.sqrt()) as f32);
        let mut open = Vec::new();
        let mut block: Block = [[0; COLUMNS]; ROWS];
        for y in (bounds.top..=bounds.bottom).step_by(ROWS) {
            for x in (bounds.left..=bounds.right).step_by(COLUMNS) {
                let rows = ROWS.min(bounds.bottom - y + 1);
                let mut sums = [[0_u32; COLUMNS]; ROWS];
                let mut energy = [[0.0_f32; COLUMNS]; ROWS];
                let mut lively = false;
                for row in 0..rows {
                    sums[row] = wrapping(corners(&ready.sums, ready.table, (x, y + row), size));
                    let squares = wrapping(corners(&ready.squares, ready.table, (x, y + row), size));
                    for column in 0..COLUMNS {
                        let sum = f64::from(sums[row][column]);
                        energy[row][column] = (f64::from(squares[column]) - sum * sum / count) as f32;
                        lively |= energy[row][column] > FLAT;
                    }
                }
                if !lively {
                    continue;
                }
                K::dots(&ready.words, ready.stride, &self.packed, x, y, &mut block);
                for row in 0..rows {
                    let mut most = [0.0_f32; COLUMNS];
                    let mut any = false;
                    for column in 0..COLUMNS {
                        let energy = energy[row][column];
                        let shared = (f64::from(block[row][column]) - mean * f64::from(sums[row][column])) as f32;
                        most[column] = shared * norm / energy.max(FLAT).sqrt();
                        any |= most[column] >= self.least && energy > FLAT;
                    }
                    if !any {
                        continue;
                    }
                    for column in 0..COLUMNS.min(bounds.right - x + 1) {
                        if most[column] >= self.least && energy[row][column] > FLAT {
                            open.push(Open { most: most[column], x: (x + column) as u32, y: (y + row) as u32 });
                        }
                    }
                }
            }
        }
        open
    }
}

/// The four corners of each of the windows of a row: the first of them has its first cell at `at`, and each is of `size` cells.
#[inline(always)]
fn corners<T>(table: &[T], stride: usize, at: (usize, usize), size: (usize, usize)) -> [&[T]; 4] {
    let (upper, lower) = (at.1 * stride + at.0, (at.1 + size.1) * stride + at.0);
    // Written out: what is handed to a function of the standard library may not be compiled for the instructions at hand.
    [
        &table[upper..upper + COLUMNS],
        &table[upper + size.0..upper + size.0 + COLUMNS],
        &table[lower..lower + COLUMNS],
        &table[lower + size.0..lower + size.0 + COLUMNS],
    ]
}

/// Sums over windows from a table of sums that wrap around.
#[inline(always)]
fn wrapping([a, b, c, d]: [&[u32]; 4]) -> [u32; COLUMNS] {
    let (a, b, c, d) = (&a[..COLUMNS], &b[..COLUMNS], &c[..COLUMNS], &d[..COLUMNS]);
    let mut sums = [0; COLUMNS];
    for column in 0..COLUMNS {
        sums[column] = d[column].wrapping_sub(c[column]).wrapping_sub(b[column]).wrapping_add(a[column]);
    }
    sums
}

/// The same of whole numbers below 2^53.
#[inline(always)]
fn exact([a, b, c, d]: [&[f64]; 4]) -> [f64; COLUMNS] {
    let (a, b, c, d) = (&a[..COLUMNS], &b[..COLUMNS], &c[..COLUMNS], &d[..COLUMNS]);
    let mut sums = [0.0; COLUMNS];
    for column in 0..COLUMNS {
        sums[column] = d[column] - c[column] - b[column] + a[column];
    }
    sums
}
