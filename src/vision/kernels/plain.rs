//! What every kernel computes, and how its pictures are laid out; and the one in plain Rust.

/// Rows of places that are computed together.
pub(in crate::vision) const ROWS: usize = 4;

/// Places in each of these rows.
pub(in crate::vision) const COLUMNS: usize = 64;

/// Dot products of a template with each window of a block of places.
pub(in crate::vision) type Block = [[i32; COLUMNS]; ROWS];

/// One way to compute a block of dot products.
pub(in crate::vision) trait Kernel {
    /// Pixels in a word: 1, 2 or 4.
    const GROUP: usize;

    /// The dot products of `template` with the windows whose top left corners begin at `x`, `y` of a picture that is expanded
    /// by [`expand`] to `stride` words a row.
    fn dots(words: &[u32], stride: usize, template: &Packed, x: usize, y: usize, out: &mut Block);
}

/// Work around a kernel, compiled once for each of them.
pub(in crate::vision) trait Job {
    /// What comes of it.
    type Outcome;

    /// Does it. To be inlined always: what is not, is not compiled for the kernel's instructions.
    fn run<K: Kernel>(self) -> Self::Outcome;
}

/// A template made ready for a kernel: levels less 128, rows padded with zeros to whole words, and [`ROWS`] - 1 rows of zeros
/// above and below, so that all rows of a block can share one loop.
#[derive(Debug, Clone)]
pub(in crate::vision) struct Packed {
    /// Words in a row.
    pub words_a_row: usize,
    /// Rows of the template itself.
    pub rows: usize,
    /// `(rows + 2 * (ROWS - 1)) * words_a_row` words.
    pub words: Vec<u32>,
}

impl Packed {
    /// Packs `pixels`, rows of `width`, for words of `group` pixels.
    pub(in crate::vision) fn new(pixels: &[u8], width: usize, group: usize) -> Self {
        let (rows, words_a_row) = (pixels.len() / width, width.div_ceil(group));
        let mut words = vec![0; (rows + 2 * (ROWS - 1)) * words_a_row];
        for (row, line) in pixels.chunks_exact(width).zip(words[(ROWS - 1) * words_a_row..].chunks_exact_mut(words_a_row)) {
            for (pixels, word) in row.chunks(group).zip(line) {
                *word = pixels.iter().enumerate().fold(0, |word, (at, &pixel)| {
                    let level = i32::from(pixel) - 128;
                    word | match group {
                        4 => u32::from(level as i8 as u8) << (8 * at),
                        2 => u32::from(level as i16 as u16) << (16 * at),
                        _ => level as u32,
                    }
                });
            }
        }
        Self { words_a_row, rows, words }
    }
}

/// Each pixel of `row` with its `group` - 1 neighbours to the right in one word; beyond the end are zeros. `out` may be longer.
pub(super) fn expand(row: &[u8], group: usize, out: &mut [u32]) {
    let inner = row.len().saturating_sub(group - 1);
    match group {
        4 => {
            for at in 0..inner {
                out[at] = u32::from_le_bytes([row[at], row[at + 1], row[at + 2], row[at + 3]]);
            }
        }
        2 => {
            for at in 0..inner {
                out[at] = u32::from(row[at]) | u32::from(row[at + 1]) << 16;
            }
        }
        _ => {
            for at in 0..inner {
                out[at] = u32::from(row[at]);
            }
        }
    }
    let bits = 32 / group as u32;
    for at in inner..row.len() {
        out[at] = (0_u32..).zip(&row[at..]).fold(0, |word, (by, &pixel)| word | u32::from(pixel) << (bits * by));
    }
}

/// The obvious loop, one pixel a word.
pub(super) struct Plain;

impl Kernel for Plain {
    const GROUP: usize = 1;

    #[inline(always)]
    fn dots(words: &[u32], stride: usize, template: &Packed, x: usize, y: usize, out: &mut Block) {
        *out = [[0; COLUMNS]; ROWS];
        for row in 0..template.rows {
            let line = &template.words[(row + ROWS - 1) * template.words_a_row..][..template.words_a_row];
            for (column, &level) in line.iter().enumerate() {
                for (by, sums) in out.iter_mut().enumerate() {
                    let image = &words[(y + row + by) * stride + x + column..][..COLUMNS];
                    for (sum, &pixel) in sums.iter_mut().zip(image) {
                        *sum += level as i32 * pixel as i32;
                    }
                }
            }
        }
    }
}
