//! Where colours change: one byte for each block of two by two pixels.
#![allow(clippy::inline_always, reason = "what is not inlined is not compiled for the instructions of its caller")]
#![allow(clippy::needless_range_loop, reason = "loops by index become vectors, and no call without optimisation")]

use crate::vision::kernels::{Instructions, Job, Kernel};
use crate::vision::picture::Picture;

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
    /// All blocks of `screen`, and where the colour changes by `step` levels or more; none where it is but one pixel wide or high.
    pub(super) fn new(screen: &Picture, step: u8) -> Self {
        let (width, height) = (screen.width.saturating_sub(1), screen.height.saturating_sub(1));
        let mut blocks = vec![0; width * height];
        let mut scratch = vec![0; 3 * width];
        if width > 0 {
            for (y, out) in blocks.chunks_exact_mut(width).enumerate() {
                let (above, below) = (screen.row(y), screen.row(y + 1));
                Instructions::best().run(Row { above, below, step, scratch: &mut scratch, out });
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

/// Two rows of pixels, and the blocks between them.
struct Row<'a> {
    above: &'a [u8],
    below: &'a [u8],
    step: u8,
    scratch: &'a mut [u8],
    out: &'a mut [u8],
}

impl Job for Row<'_> {
    type Outcome = ();

    #[inline(always)]
    fn run<K: Kernel>(self) {
        let channels = self.scratch.len();
        let scratch = &mut self.scratch[..channels];
        let (a, b) = (&self.above[..channels], &self.above[3..channels + 3]);
        let (c, d) = (&self.below[..channels], &self.below[3..channels + 3]);
        for at in 0..channels {
            let most = a[at].max(b[at]).max(c[at].max(d[at]));
            let least = a[at].min(b[at]).min(c[at].min(d[at]));
            scratch[at] = u8::from(most - least >= self.step);
        }
        for (block, channels) in self.out.iter_mut().zip(scratch.chunks_exact(3)) {
            *block = channels[0] | channels[1] | channels[2];
        }
    }
}
