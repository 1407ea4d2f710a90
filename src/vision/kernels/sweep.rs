//! One pass over a layer: every place scored, the best of each cell of four by four places kept.

use super::plain::{Block, COLUMNS, Job, Kernel, Packed, ROWS};
use super::ready::Ready;

/// Sides of the cells of which the best place is kept.
pub(in crate::vision) const CELL: usize = ROWS;

/// A window whose levels deviate by less than this is flat and scores 0; the square of it, in levels.
const FLAT_VARIANCE: f32 = 0.25;

/// A template and its variants: the same picture reduced from different first pixels, all of one size.
#[derive(Debug, Clone)]
pub(in crate::vision) struct Patch {
    /// Pixels in a row.
    pub width: usize,
    /// Rows.
    pub height: usize,
    /// The variants: four at most.
    pub phases: Vec<Phase>,
}

/// One variant of a template.
#[derive(Debug, Clone)]
pub(in crate::vision) struct Phase {
    /// Ready for the kernel.
    pub packed: Packed,
    /// The mean of its levels less 128.
    pub mean: f32,
    /// One over the root of the sum of its squared deviations; 0 when it is flat.
    pub scale: f32,
}

/// What a sweep reads.
pub(in crate::vision) struct SweepInput<'a> {
    /// The layer.
    pub ready: &'a Ready,
    /// What is looked for; no larger than the layer, of at most 2^16 pixels, so that nothing overflows.
    pub patch: &'a Patch,
    /// The part of the places that is swept: first and end column, first and end row. The firsts are multiples of [`CELL`].
    pub places: (std::ops::Range<usize>, std::ops::Range<usize>),
    /// Whether a negative of the template counts as much as the template.
    pub sign_free: bool,
    /// Cells below this score are not kept.
    pub floor: f32,
    /// Where the first variant scores less than this in all of a block, the others are not compared and no cell of it is kept.
    pub promising: f32,
}

/// The best place of a cell.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(in crate::vision) struct Best {
    /// Its score; with `sign_free` its magnitude.
    pub score: f32,
    /// Column of the place.
    pub x: u32,
    /// Row of the place.
    pub y: u32,
    /// Which variant of the template.
    pub phase: u32,
}

impl Job for &SweepInput<'_> {
    type Outcome = Vec<Best>;

    /// Scores every place; gives the best of each cell that reaches the floor, cells in raster order.
    #[inline(always)]
    fn run<K: Kernel>(self) -> Vec<Best> {
        let mut best = Vec::new();
        sweep::<K>(self, &mut best);
        best
    }
}

#[inline(always)]
fn sweep<K: Kernel>(input: &SweepInput<'_>, out: &mut Vec<Best>) {
    let patch = input.patch;
    let (columns, rows) = &input.places;
    // A block for each variant.
    let mut blocks: [Block; 4] = [[[0; COLUMNS]; ROWS]; 4];
    let mut windows = Windows { sum: [[0.0; COLUMNS]; ROWS], scale: [[0.0; COLUMNS]; ROWS] };
    assert!(patch.phases.len() <= blocks.len());
    for y in rows.clone().step_by(ROWS) {
        'blocks: for x in columns.clone().step_by(COLUMNS) {
            if !windows.measure(input, x, y) {
                continue;
            }
            let mut value = [[0.0_f32; COLUMNS]; ROWS];
            for (number, (phase, block)) in patch.phases.iter().zip(&mut blocks).enumerate() {
                if number == 1 && windows.most(&value) < input.promising {
                    continue 'blocks;
                }
                K::dots(&input.ready.words, input.ready.stride, &phase.packed, x, y, block);
                for row in 0..ROWS {
                    for column in 0..COLUMNS {
                        let shared = phase.shared(block[row][column], windows.sum[row][column], input.sign_free);
                        value[row][column] = if shared > value[row][column] { shared } else { value[row][column] };
                    }
                }
            }
            let mut most = [0.0_f32; COLUMNS];
            for row in 0..ROWS {
                for column in 0..COLUMNS {
                    let score = value[row][column] * windows.scale[row][column];
                    value[row][column] = score;
                    most[column] = if score > most[column] { score } else { most[column] };
                }
            }
            // The best of each cell, in its first column; what is in the others does not count.
            for by in [1, 2] {
                for column in 0..COLUMNS - by {
                    most[column] = if most[column + by] > most[column] { most[column + by] } else { most[column] };
                }
            }
            for first in (0..COLUMNS).step_by(CELL) {
                let best = most[first];
                if best <= input.floor {
                    continue;
                }
                // The first place of the cell that scores as much.
                let (mut row, mut column) = (0, first);
                while value[row][column] < best {
                    (row, column) = if column + 1 == first + CELL { (row + 1, first) } else { (row, column + 1) };
                }
                // And the first variant that does.
                let (mut which, mut most) = (0, 0.0);
                for (index, (phase, block)) in (0_u32..).zip(patch.phases.iter().zip(&blocks)) {
                    let shared = phase.shared(block[row][column], windows.sum[row][column], input.sign_free);
                    (which, most) = if shared > most { (index, shared) } else { (which, most) };
                }
                out.push(Best { score: best, x: (x + column) as u32, y: (y + row) as u32, phase: which });
            }
        }
    }
}

impl Phase {
    /// What this variant and a window share, over the root of the variant's squared deviations: of `Σ (t - 128) i` and `Σ i`.
    #[inline(always)]
    fn shared(&self, product: i32, sum: f32, sign_free: bool) -> f32 {
        let shared = product as f32 * self.scale - sum * (self.mean * self.scale);
        if sign_free { shared.abs() } else { shared }
    }
}

/// One over the root of `value`, at least 1, less five millionths of it at most. A first guess from the exponent (Lomont, "Fast inverse
/// square root", 2003) and two of Newton's steps; dividing and taking roots takes several times as long.
#[inline(always)]
fn inverse_root(value: f32) -> f32 {
    let half = 0.5 * value;
    let guess = f32::from_bits(0x5f37_5a86 - (value.to_bits() >> 1));
    let closer = guess * (1.5 - half * guess * guess);
    closer * (1.5 - half * closer * closer)
}

/// The windows of a block.
struct Windows {
    /// `Σ i`.
    sum: [[f32; COLUMNS]; ROWS],
    /// One over the root of the sum of squared deviations; 0 where the window is flat or beyond the last place.
    scale: [[f32; COLUMNS]; ROWS],
}

impl Windows {
    /// The best score in a block, of what its windows share with a variant.
    #[inline(always)]
    fn most(&self, shared: &[[f32; COLUMNS]; ROWS]) -> f32 {
        let mut most = [0.0_f32; COLUMNS];
        for row in 0..ROWS {
            for column in 0..COLUMNS {
                let score = shared[row][column] * self.scale[row][column];
                most[column] = if score > most[column] { score } else { most[column] };
            }
        }
        most.into_iter().fold(0.0, f32::max)
    }

    /// Those of the block that begins at this place; gives whether any of them is not flat. What was measured before is lost.
    #[inline(always)]
    fn measure(&mut self, input: &SweepInput<'_>, x: usize, y: usize) -> bool {
        let (ready, patch) = (input.ready, input.patch);
        let count = (patch.width * patch.height) as f32;
        let share = 1.0 / count;
        let (columns, rows) = &input.places;
        let inside = columns.end - x;
        let least = FLAT_VARIANCE * count;
        let mut most = [0.0_f32; COLUMNS];
        let there = ROWS.min(rows.end - y);
        for row in 0..there {
            let upper = (y + row) * ready.table + x;
            let lower = (y + row + patch.height) * ready.table + x;
            let sums = corners(&ready.sums, upper, lower, patch.width);
            let squares = corners(&ready.squares, upper, lower, patch.width);
            for column in 0..COLUMNS {
                let sum = sums[column] as f32;
                let spread = squares[column] as f32 - sum * sum * share;
                self.sum[row][column] = sum;
                let scale = inverse_root(if spread > 1.0 { spread } else { 1.0 });
                self.scale[row][column] = if spread > least { scale } else { 0.0 };
            }
            if inside < COLUMNS {
                self.scale[row][inside..].fill(0.0);
            }
            for column in 0..COLUMNS {
                let scale = self.scale[row][column];
                most[column] = if scale > most[column] { scale } else { most[column] };
            }
        }
        for row in there..ROWS {
            self.scale[row] = [0.0; COLUMNS];
        }
        most.iter().any(|&scale| scale > 0.0)
    }
}

/// Sums over windows from a table of sums: what is above and to the left of each corner, added and taken away.
#[inline(always)]
fn corners(table: &[u32], upper: usize, lower: usize, width: usize) -> [u32; COLUMNS] {
    let (a, b) = (&table[upper..upper + COLUMNS], &table[upper + width..upper + width + COLUMNS]);
    let (c, d) = (&table[lower..lower + COLUMNS], &table[lower + width..lower + width + COLUMNS]);
    let mut sums = [0; COLUMNS];
    for column in 0..COLUMNS {
        sums[column] = d[column].wrapping_sub(c[column]).wrapping_sub(b[column]).wrapping_add(a[column]);
    }
    sums
}
