//! Where colours change: one byte for each block of two by two pixels.

use crate::vision::spans::Spans;

/// The blocks of a picture: that of `x`, `y` has its upper left pixel there. One column and one row fewer than the picture.
pub(super) struct Edges {
    /// Blocks in a row.
    pub width: usize,
    /// Rows of blocks.
    pub height: usize,
    /// Levels of a channel that the four pixels of a block differ by at least where a colour changes.
    pub step: u8,
    /// 1 where a colour changes, 0 where the block is flat; rows from top to bottom.
    blocks: Vec<u8>,
}

impl Edges {
    /// All blocks of a picture, and where the colour changes by `step` levels or more; none where it is but one pixel wide or high.
    pub(super) fn new(spans: &Spans, step: u8) -> Self {
        let (width, height) = (spans.width.saturating_sub(1), spans.height.saturating_sub(1));
        let mut blocks = vec![0; width * height];
        for (y, out) in blocks.chunks_exact_mut(width.max(1)).enumerate() {
            for (block, span) in out.iter_mut().zip(spans.row(y)) {
                *block = u8::from(*span >= step);
            }
        }
        Self { width, height, step, blocks }
    }

    /// One row of blocks.
    pub(super) fn row(&self, y: usize) -> &[u8] {
        &self.blocks[y * self.width..(y + 1) * self.width]
    }

    /// Whether a colour changes in the block at `x`, `y`; never beyond the picture.
    pub(super) fn steep(&self, x: usize, y: usize) -> bool {
        x < self.width && y < self.height && self.blocks[y * self.width + x] != 0
    }
}
