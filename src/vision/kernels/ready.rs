//! A picture laid out for sweeps.

use super::plain::{COLUMNS, ROWS, expand};
use crate::vision::Gray;

/// What a kernel reads.
#[derive(Debug)]
pub(in crate::vision) struct Words {
    /// Each pixel with its neighbours, see [`expand`]; rows of `stride` words with zeros beyond the picture.
    pub words: Vec<u32>,
    /// Words in a row.
    pub stride: usize,
}

impl Words {
    /// `gray` in words of `group` pixels.
    pub(in crate::vision) fn new(gray: &Gray, group: usize) -> Self {
        // A block that begins at the last place reads COLUMNS places on, and a word holds up to four pixels.
        let stride = gray.width + COLUMNS + 8;
        let mut words = vec![0; stride * (gray.height + ROWS)];
        for (y, line) in words.chunks_exact_mut(stride).take(gray.height).enumerate() {
            expand(gray.row(y), group, line);
        }
        Self { words, stride }
    }
}

/// What a sweep reads.
#[derive(Debug)]
pub(in crate::vision) struct Ready {
    /// The picture.
    pub words: Vec<u32>,
    /// Words in a row of it.
    pub stride: usize,
    /// Sums of all pixels above and to the left: `(height + 1)` rows of [`Ready::table`]. They wrap around: differences of
    /// sums below 2^32 are right nevertheless.
    pub sums: Vec<u32>,
    /// The same of squares.
    pub squares: Vec<u32>,
    /// Entries in a row of the tables: what a block that runs over the edge reads is there.
    pub table: usize,
}

impl Ready {
    /// `gray` made ready for words of `group` pixels.
    pub(in crate::vision) fn new(gray: &Gray, group: usize) -> Self {
        let Words { words, stride } = Words::new(gray, group);
        let table = gray.width + 1 + COLUMNS;
        // Each made as zeros: a copy would read all of the other's memory before it is there.
        let entries = table * (gray.height + 1 + ROWS);
        let (mut sums, mut squares) = (vec![0_u32; entries], vec![0_u32; entries]);
        for y in 0..gray.height {
            let (above, below) = sums.split_at_mut((y + 1) * table);
            let (above_squares, below_squares) = squares.split_at_mut((y + 1) * table);
            let (above, below) = (&above[y * table + 1..][..gray.width], &mut below[1..=gray.width]);
            let (above_squares, below_squares) = (&above_squares[y * table + 1..][..gray.width], &mut below_squares[1..=gray.width]);
            let row = &gray.row(y)[..gray.width];
            let (mut sum, mut square) = (0_u32, 0_u32);
            for x in 0..gray.width {
                let pixel = u32::from(row[x]);
                sum = sum.wrapping_add(pixel);
                square = square.wrapping_add(pixel * pixel);
                below[x] = above[x].wrapping_add(sum);
                below_squares[x] = above_squares[x].wrapping_add(square);
            }
        }
        Self { words, stride, sums, squares, table }
    }
}
