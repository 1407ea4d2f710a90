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
    /// The variants.
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
    let mut block: Block = [[0; COLUMNS]; ROWS];
    for y in rows.clone().step_by(ROWS) {
        for x in columns.clone().step_by(COLUMNS) {
            let windows = Windows::measure(input, x, y);
            if !windows.any {
                continue;
            }
            let mut value = [[0.0_f32; COLUMNS]; ROWS];
            let mut which = [[0_u32; COLUMNS]; ROWS];
            for (index, phase) in (0_u32..).zip(&patch.phases) {
                K::dots(&input.ready.words, input.ready.stride, &phase.packed, x, y, &mut block);
                for row in 0..ROWS {
                    for column in 0..COLUMNS {
                        let product = block[row][column] as f32;
                        let score = (product - windows.sum[row][column] * phase.mean) * (windows.scale[row][column] * phase.scale);
                        let score = if input.sign_free { score.abs() } else { score };
                        let better = score > value[row][column];
                        value[row][column] = if better { score } else { value[row][column] };
                        which[row][column] = if better { index } else { which[row][column] };
                    }
                }
            }
            let mut most = value[0];
            for row in &value[1..] {
                for column in 0..COLUMNS {
                    most[column] = if row[column] > most[column] { row[column] } else { most[column] };
                }
            }
            for cell in 0..COLUMNS / CELL {
                let cells = &most[cell * CELL..(cell + 1) * CELL];
                let best = cells[0].max(cells[1]).max(cells[2]).max(cells[3]);
                if best <= input.floor {
                    continue;
                }
                let mut best = Best { score: input.floor, x: u32::MAX, y: 0, phase: 0 };
                for row in 0..ROWS {
                    for column in cell * CELL..(cell + 1) * CELL {
                        if value[row][column] > best.score {
                            best =
                                Best { score: value[row][column], x: (x + column) as u32, y: (y + row) as u32, phase: which[row][column] };
                        }
                    }
                }
                if best.x != u32::MAX {
                    out.push(best);
                }
            }
        }
    }
}

/// The windows of a block.
struct Windows {
    /// Whether any of them is not flat.
    any: bool,
    /// `Σ i`.
    sum: [[f32; COLUMNS]; ROWS],
    /// One over the root of the sum of squared deviations; 0 where the window is flat or beyond the last place.
    scale: [[f32; COLUMNS]; ROWS],
}

impl Windows {
    #[inline(always)]
    fn measure(input: &SweepInput<'_>, x: usize, y: usize) -> Self {
        let mut windows = Self { any: false, sum: [[0.0; COLUMNS]; ROWS], scale: [[0.0; COLUMNS]; ROWS] };
        let (ready, patch) = (input.ready, input.patch);
        let count = (patch.width * patch.height) as f32;
        let (columns, rows) = &input.places;
        let mut any = 0_u32;
        let inside = columns.end - x;
        for row in 0..ROWS.min(rows.end - y) {
            let upper = (y + row) * ready.table + x;
            let lower = (y + row + patch.height) * ready.table + x;
            let sums = corners(&ready.sums, upper, lower, patch.width);
            let squares = corners(&ready.squares, upper, lower, patch.width);
            for column in 0..COLUMNS {
                let sum = sums[column] as f32;
                let spread = squares[column] as f32 - sum * sum / count;
                windows.sum[row][column] = sum;
                // Without a branch, and told apart by a factor of 1 or 0, so that all columns are computed together.
                let lively = u8::from(spread > FLAT_VARIANCE * count) & u8::from(column < inside);
                windows.scale[row][column] = 1.0 / (if spread > 1.0 { spread } else { 1.0 }).sqrt() * f32::from(lively);
                any |= u32::from(lively);
            }
        }
        windows.any = any > 0;
        windows
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
