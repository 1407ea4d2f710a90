//! Exact sums over square cells of a screen.

use super::kernels::{COLUMNS, ROWS};
use super::picture::Gray;

/// Cells have sides of 1, 2, 4 or 8 pixels: this many levels.
pub(super) const CELL_LEVELS: usize = 4;

/// Sums over the cells of a screen.
#[derive(Debug)]
pub(super) struct Cells {
    /// Entries in a row of the tables; what a block that runs over the edge reads is there.
    pub table: usize,
    /// Sums of all pixels in cells above and to the left; they wrap around, and differences are right nevertheless.
    pub sums: Vec<u32>,
    /// Sums of the squares of the sums of cells, exact.
    pub squares: Vec<f64>,
}

impl Cells {
    /// Cells of 2^`level` pixels a side; what is left over at the right and below is not covered.
    pub(super) fn new(gray: &Gray, level: usize) -> Self {
        let (side, across, down) = (1 << level, gray.width >> level, gray.height >> level);
        let table = across + 1 + COLUMNS;
        let mut sums = vec![0_u32; table * (down + 1 + ROWS)];
        let mut squares = vec![0.0; sums.len()];
        let mut cells = vec![0_u32; across];
        for row in 0..down {
            cells.fill(0);
            for y in row * side..(row + 1) * side {
                for (cell, pixels) in cells.iter_mut().zip(gray.row(y).chunks_exact(side)) {
                    *cell += pixels.iter().map(|&pixel| u32::from(pixel)).sum::<u32>();
                }
            }
            let (mut sum, mut square) = (0_u32, 0.0);
            for (column, &cell) in (1..).zip(&cells) {
                sum = sum.wrapping_add(cell);
                square += f64::from(cell) * f64::from(cell);
                sums[(row + 1) * table + column] = sums[row * table + column].wrapping_add(sum);
                squares[(row + 1) * table + column] = squares[row * table + column] + square;
            }
        }
        Self { table, sums, squares }
    }
}
