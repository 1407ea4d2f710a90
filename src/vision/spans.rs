//! How much colours change from one pixel to the next: one number for each block of two by two pixels.
#![allow(clippy::inline_always, reason = "what is not inlined is not compiled for the instructions of its caller")]
#![allow(clippy::needless_range_loop, reason = "loops by index become vectors, and no call without optimisation")]

use super::kernels::{Instructions, Job, Kernel};
use super::picture::Picture;

/// By how many levels the four pixels of each block differ, in the channel where they do most. The block of `x`, `y` has its upper left pixel there;
/// below the last row there is the last row again, and the last column has none.
pub(super) struct Spans {
    /// Pixels in a row of the picture.
    pub(super) width: usize,
    /// Rows of pixels.
    pub(super) height: usize,
    /// Rows from top to bottom, each as long as one of pixels.
    pub(super) levels: Vec<u8>,
}

impl Spans {
    /// Those of `screen`.
    pub(super) fn new(screen: &Picture) -> Self {
        let (width, height) = (screen.width, screen.height);
        let mut levels = vec![0; width * height];
        let mut scratch = vec![0; 3 * width.saturating_sub(1)];
        for (y, out) in levels.chunks_exact_mut(width.max(1)).enumerate() {
            let (above, below) = (screen.row(y), screen.row((y + 1).min(height - 1)));
            Instructions::best().run(Row { above, below, scratch: &mut scratch, out });
        }
        Self { width, height, levels }
    }

    /// One row of blocks.
    pub(super) fn row(&self, y: usize) -> &[u8] {
        &self.levels[y * self.width..(y + 1) * self.width]
    }
}

/// Two rows of pixels, and the blocks between them.
struct Row<'a> {
    above: &'a [u8],
    below: &'a [u8],
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
            scratch[at] = most - least;
        }
        let out = &mut self.out[..channels / 3];
        for x in 0..out.len() {
            out[x] = scratch[3 * x].max(scratch[3 * x + 1]).max(scratch[3 * x + 2]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_block_spans_what_its_pixels_differ_by((width, rgb) in (1_usize..40).prop_flat_map(|width| {
            (Just(width), (1_usize..6).prop_flat_map(move |height| proptest::collection::vec(any::<u8>(), 3 * width * height)))
        })) {
            let height = rgb.len() / (3 * width);
            let spans = Spans::new(&Picture { width, height, rgb: rgb.clone() });
            for (y, x) in (0..height).flat_map(|y| (0..width).map(move |x| (y, x))) {
                let levels = |c: usize| [(0, 0), (1, 0), (0, 1), (1, 1)].map(|(dx, dy)| rgb[3 * ((y + dy).min(height - 1) * width + x + dx) + c]);
                let span = |c: usize| levels(c).into_iter().max().unwrap_or(0) - levels(c).into_iter().min().unwrap_or(0);
                let slow = if x + 1 < width { (0..3).map(span).max().unwrap_or(0) } else { 0 };
                prop_assert_eq!(spans.row(y)[x], slow);
            }
        }
    }
}
