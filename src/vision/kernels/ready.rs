//! A picture laid out for sweeps.

use super::instructions::Instructions;
use super::plain::{COLUMNS, Job, Kernel, ROWS, expand};
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
        let mut words = Vec::with_capacity(stride * (gray.height + ROWS));
        // Row by row from one that stays at hand, and not as zeros first: all of it is written once.
        let mut line = vec![0; stride];
        for y in 0..gray.height {
            expand(gray.row(y), group, &mut line);
            words.extend_from_slice(&line);
        }
        words.resize(stride * (gray.height + ROWS), 0);
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
    /// `gray` made ready for a sweep by these instructions.
    pub(in crate::vision) fn new(gray: &Gray, instructions: Instructions) -> Self {
        instructions.run(Making(gray))
    }
}

/// A picture to be made ready, compiled for the instructions at hand.
struct Making<'a>(&'a Gray);

/// Each level and its square, in one number: a row of some million pixels adds up without a carry from one to the other.
const LEVELS: [u64; 256] = {
    let mut all = [0; 256];
    let mut level = 0;
    while level < 256 {
        all[level] = (level | (level * level) << 32) as u64;
        level += 1;
    }
    all
};

impl Job for Making<'_> {
    type Outcome = Ready;

    #[inline(always)]
    fn run<K: Kernel>(self) -> Ready {
        let gray = self.0;
        let Words { words, stride } = Words::new(gray, K::GROUP);
        let table = gray.width + 1 + COLUMNS;
        let entries = table * (gray.height + 1 + ROWS);
        let (mut sums, mut squares) = (Vec::with_capacity(entries), Vec::with_capacity(entries));
        // The rows that were written last.
        let (mut sum, mut square) = (vec![0_u32; table], vec![0_u32; table]);
        let mut so_far = vec![0_u64; gray.width];
        sums.extend_from_slice(&sum);
        squares.extend_from_slice(&square);
        for y in 0..gray.height {
            let mut both = 0_u64;
            for (&pixel, so_far) in gray.row(y).iter().zip(&mut so_far) {
                both = both.wrapping_add(LEVELS[usize::from(pixel)]);
                *so_far = both;
            }
            let row = &so_far[..];
            let (sum_row, square_row) = (&mut sum[1..][..row.len()], &mut square[1..][..row.len()]);
            for x in 0..row.len() {
                sum_row[x] = sum_row[x].wrapping_add(row[x] as u32);
                square_row[x] = square_row[x].wrapping_add((row[x] >> 32) as u32);
            }
            sums.extend_from_slice(&sum);
            squares.extend_from_slice(&square);
        }
        sums.resize(entries, 0);
        squares.resize(entries, 0);
        Ready { words, stride, sums, squares, table }
    }
}
