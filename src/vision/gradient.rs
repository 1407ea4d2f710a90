//! How steep a picture is at each pixel: what stays of it when a theme turns its colours around.
#![allow(clippy::inline_always, reason = "what is not inlined is not compiled for the instructions of its caller")]
#![allow(clippy::needless_range_loop, reason = "loops by index become vectors, and no call without optimisation")]

use super::kernels::{Instructions, Job, Kernel};
use super::picture::Gray;

/// Steepness from which on more makes no difference, levels a pixel: an edge is an edge.
const STEEPEST: f32 = 96.0;

/// The magnitude of the Scharr gradient, up to 96 levels a pixel stretched to 255, evened out by a binomial of three by three.
/// Beyond the edges the picture goes on as it ends.
pub(super) fn gradient(gray: &Gray) -> Gray {
    Instructions::best().run(Filter { gray, steep: true })
}

/// Each pixel with its neighbours, weighted 1 2 1 across and down, rounded.
pub(super) fn smoothed(gray: &Gray) -> Gray {
    Instructions::best().run(Filter { gray, steep: false })
}

/// One of the two, to be compiled for the instructions at hand.
struct Filter<'a> {
    gray: &'a Gray,
    steep: bool,
}

impl Job for Filter<'_> {
    type Outcome = Gray;

    #[inline(always)]
    fn run<K: Kernel>(self) -> Gray {
        if self.gray.width == 0 || self.gray.height == 0 {
            return self.gray.clone();
        }
        if self.steep { by_threes(&by_threes(self.gray, true), false) } else { by_threes(self.gray, false) }
    }
}

/// One row as `i16`, with its first and last pixel once more beyond the ends.
#[inline(always)]
fn pad(row: &[u8], out: &mut [i16]) {
    let width = row.len();
    let inner = &mut out[1..=width];
    for x in 0..width {
        inner[x] = i16::from(row[x]);
    }
    out[0] = i16::from(row[0]);
    out[width + 1] = i16::from(row[width - 1]);
}

/// Three rows at a time, the first and the last of the picture twice, each padded by one pixel.
#[inline(always)]
fn by_threes(gray: &Gray, steep: bool) -> Gray {
    let (width, height) = (gray.width, gray.height);
    let mut pixels = vec![0_u8; width * height];
    let mut rows = [vec![0; width + 2], vec![0; width + 2], vec![0; width + 2]];
    pad(gray.row(0), &mut rows[1]);
    pad(gray.row(0), &mut rows[2]);
    for (y, out) in pixels.chunks_exact_mut(width).enumerate() {
        rows.rotate_left(1);
        pad(gray.row((y + 1).min(height - 1)), &mut rows[2]);
        let [a, h, b] = &rows;
        let (a0, a1, a2) = (&a[..width], &a[1..=width], &a[2..width + 2]);
        let (h0, h1, h2) = (&h[..width], &h[1..=width], &h[2..width + 2]);
        let (b0, b1, b2) = (&b[..width], &b[1..=width], &b[2..width + 2]);
        if steep {
            for x in 0..width {
                let across = 3 * (a2[x] - a0[x]) + 10 * (h2[x] - h0[x]) + 3 * (b2[x] - b0[x]);
                let down = 3 * (b0[x] - a0[x]) + 10 * (b1[x] - a1[x]) + 3 * (b2[x] - a2[x]);
                let (across, down) = (f32::from(across), f32::from(down));
                // The weights sum to 16 over a distance of two pixels.
                let steepness = (across * across + down * down).sqrt() * (255.0 / (32.0 * STEEPEST)) + 0.5;
                // By way of 32 bits: straight to 8 it would be done one by one.
                out[x] = (steepness as i32).min(255) as u8;
            }
        } else {
            for x in 0..width {
                let (above, here, below) = (a0[x] + 2 * a1[x] + a2[x], h0[x] + 2 * h1[x] + h2[x], b0[x] + 2 * b1[x] + b2[x]);
                out[x] = ((above + 2 * here + below + 8) >> 4) as u8;
            }
        }
    }
    Gray { width, height, pixels }
}
