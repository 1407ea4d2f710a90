//! Exact sums over the cells of a screen, and the screen reduced to the means of larger ones, with what these are off.
#![allow(clippy::inline_always, reason = "what is not inlined is not compiled for the instructions of its caller")]
#![allow(clippy::needless_range_loop, reason = "loops by index become vectors, and no call without optimisation")]

use super::kernels::{COLUMNS, Instructions, Job, Kernel, ROWS, Words, rounded_down, rounded_up};
use super::layer::Layer;
use super::picture::Gray;

/// Cells have sides of 2 to 2^this pixels.
pub(super) const CELL_LEVELS: usize = 5;

/// The square of what a cell's level is off is kept in these parts.
const PARTS: f32 = 256.0;

/// Sums over cells. Beyond the right and lower edge of the screen its last pixels go on for two cells at least.
#[derive(Debug)]
pub(super) struct Sums {
    /// Entries in a row of the tables; what a block that runs over the edge reads is there.
    pub table: usize,
    /// Sums of all pixels in cells above and to the left; they wrap around, and differences are right nevertheless.
    pub pixels: Vec<u32>,
    /// The same of the squares of pixels, exact.
    pub squares: Vec<f64>,
}

impl Sums {
    /// Over cells of 2^`level` pixels a side.
    pub(super) fn new(screen: &Gray, level: usize) -> Self {
        Instructions::best().run(Summing { screen, level })
    }
}

/// A screen to be summed, compiled for the instructions at hand.
struct Summing<'a> {
    screen: &'a Gray,
    level: usize,
}

impl Job for Summing<'_> {
    type Outcome = Sums;

    #[inline(always)]
    fn run<K: Kernel>(self) -> Sums {
        let (screen, side) = (self.screen, 1 << self.level);
        let (across, down) = (screen.width / side + 3, screen.height / side + 3);
        let table = across + 1 + COLUMNS;
        let (mut sums, mut squares) = (vec![0_u32; table * (down + 1)], vec![0.0; table * (down + 1)]);
        let (mut columns, mut column_squares) = (vec![0_u32; across * side], vec![0_u32; across * side]);
        for row in 0..down {
            if row * side < screen.height + side {
                columns.fill(0);
                column_squares.fill(0);
                let width = screen.width;
                for y in row * side..(row + 1) * side {
                    let line = &screen.row(y.min(screen.height - 1))[..width];
                    let (columns, column_squares) = (&mut columns[..width], &mut column_squares[..width]);
                    for x in 0..width {
                        let pixel = u32::from(line[x]);
                        columns[x] += pixel;
                        column_squares[x] += pixel * pixel;
                    }
                }
                let (last, last_square) = (columns[width - 1], column_squares[width - 1]);
                columns[width..].fill(last);
                column_squares[width..].fill(last_square);
            }
            let (above, below) = sums.split_at_mut((row + 1) * table);
            let (above, below) = (&above[row * table + 1..][..across], &mut below[1..][..across]);
            let (above_squares, below_squares) = squares.split_at_mut((row + 1) * table);
            let (above_squares, below_squares) = (&above_squares[row * table + 1..][..across], &mut below_squares[1..][..across]);
            let (mut sum, mut square) = (0_u32, 0_u64);
            for (x, (columns, column_squares)) in columns.chunks_exact(side).zip(column_squares.chunks_exact(side)).enumerate() {
                sum = columns.iter().fold(sum, |sum, &column| sum.wrapping_add(column));
                square = column_squares.iter().fold(square, |square, &column| square + u64::from(column));
                below[x] = above[x].wrapping_add(sum);
                below_squares[x] = above_squares[x] + square as f64;
            }
        }
        Sums { table, pixels: sums, squares }
    }
}

/// A screen reduced to the means of its cells in whole levels, what these are off, and how much the pixels of each cell deviate.
#[derive(Debug)]
pub(super) struct Cells {
    /// The means; none for the finest cells, whose means are a halved screen's levels.
    pub layer: Option<Layer>,
    /// Sums over all cells above and to the left of the squares of what their levels are off, see [`Cells::off_from`]; in rows as
    /// those of [`Ready::sums`](super::kernels::Ready). They wrap around, and differences are right nevertheless.
    pub off: Vec<u32>,
    /// Twice the deviation of the pixels of each cell, rounded up.
    pub spread: Gray,
    /// The same as a kernel reads it.
    pub spread_words: Words,
}

impl Cells {
    /// Whole cells of 2^`level` pixels a side of a screen of `size`, from the sums over them; for the finest `halved` has their levels.
    pub(super) fn new(sums: &Sums, level: usize, size: (usize, usize), halved: Option<&Gray>) -> Self {
        let (layer, off, spread) = Instructions::best().run(Reducing { over: sums, level, size, halved });
        let spread_words = Words::new(&spread, Instructions::best().group());
        Self { layer, off, spread, spread_words }
    }

    /// The summed squares of what levels are off, from a difference of the table's entries.
    #[inline(always)]
    pub(super) fn off_from(difference: u32) -> f32 {
        difference as f32 / PARTS
    }
}

struct Reducing<'a> {
    over: &'a Sums,
    level: usize,
    size: (usize, usize),
    halved: Option<&'a Gray>,
}

impl Job for Reducing<'_> {
    type Outcome = (Option<Layer>, Vec<u32>, Gray);

    #[inline(always)]
    fn run<K: Kernel>(self) -> Self::Outcome {
        /// Makes up for what a root in single precision may be short of.
        const MORE: f32 = 1.0 + 1e-6;
        let Self { over, level, size, halved } = self;
        let (width, height) = (size.0 >> level, size.1 >> level);
        let blank = || Gray { width, height, pixels: vec![0_u8; width * height] };
        let (mut levels, mut spread) = (blank(), blank());
        let table = width + 1 + COLUMNS;
        let mut off = vec![0_u32; table * (height + 1 + ROWS)];
        let share = 1.0 / (1_u32 << (2 * level)) as f32;
        let (mut sums, mut squares, mut errors) = (vec![0_u32; width], vec![0.0_f32; width], vec![0_u32; width]);
        for row in 0..height {
            let line = |row: usize| row * over.table..row * over.table + width + 1;
            let (upper, lower) = (&over.pixels[line(row)], &over.pixels[line(row + 1)]);
            let (upper_squares, lower_squares) = (&over.squares[line(row)], &over.squares[line(row + 1)]);
            let (sums, squares, errors) = (&mut sums[..width], &mut squares[..width], &mut errors[..width]);
            for column in 0..width {
                let sum = lower[column + 1].wrapping_sub(lower[column]).wrapping_sub(upper[column + 1]).wrapping_add(upper[column]);
                sums[column] = sum;
                let square = lower_squares[column + 1] - lower_squares[column] - upper_squares[column + 1] + upper_squares[column];
                squares[column] = (square - f64::from(sum) * f64::from(sum) * f64::from(share)) as f32;
            }
            let (levels, spread) = (&mut levels.pixels[row * width..][..width], &mut spread.pixels[row * width..][..width]);
            if let Some(halved) = halved {
                levels.copy_from_slice(&halved.pixels[row * width..][..width]);
            } else {
                for column in 0..width {
                    levels[column] = rounded_down(sums[column] as f32 * share + 0.5) as u8;
                }
            }
            for column in 0..width {
                // All of it exact: the share is a power of two, and the sum is below 2^24.
                let by = sums[column] as f32 * share - f32::from(levels[column]);
                errors[column] = rounded_up(by * by * PARTS);
                let square = if squares[column] > 0.0 { squares[column] * share } else { 0.0 };
                spread[column] = rounded_up(square.sqrt() * (2.0 * MORE)).min(255) as u8;
            }
            let (above, below) = off.split_at_mut((row + 1) * table);
            let (above, below) = (&above[row * table + 1..][..width], &mut below[1..][..width]);
            let mut sum = 0_u32;
            for column in 0..width {
                sum = sum.wrapping_add(errors[column]);
                below[column] = above[column].wrapping_add(sum);
            }
        }
        (halved.is_none().then(|| Layer::new(levels)), off, spread)
    }
}
