//! How steep a picture is at each pixel: what stays of it when a theme turns its colours around.
#![allow(clippy::inline_always, reason = "what is not inlined is not compiled for the instructions of its caller")]
#![allow(clippy::needless_range_loop, reason = "loops by index become vectors, and no call without optimisation")]

use super::kernels::{Instructions, Job, Kernel, rounded_down};
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

/// Pixels that are computed together. Rows are as long as a multiple of it: what is left over would be done one by one.
const LANES: usize = 32;

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
    let padded = width.next_multiple_of(LANES);
    let mut pixels = vec![0_u8; width * height];
    let mut line = vec![0_u8; padded];
    let mut rows = [vec![0; padded + 2], vec![0; padded + 2], vec![0; padded + 2]];
    pad(gray.row(0), &mut rows[1]);
    pad(gray.row(0), &mut rows[2]);
    for (y, out) in pixels.chunks_exact_mut(width).enumerate() {
        rows.rotate_left(1);
        pad(gray.row((y + 1).min(height - 1)), &mut rows[2]);
        let [above, here, below] = &rows;
        for from in (0..padded).step_by(LANES) {
            let (a, h, b) = (&above[from..from + LANES + 2], &here[from..from + LANES + 2], &below[from..from + LANES + 2]);
            let out = &mut line[from..from + LANES];
            if steep {
                for x in 0..LANES {
                    let across = 3 * (a[x + 2] - a[x]) + 10 * (h[x + 2] - h[x]) + 3 * (b[x + 2] - b[x]);
                    let down = 3 * (b[x] - a[x]) + 10 * (b[x + 1] - a[x + 1]) + 3 * (b[x + 2] - a[x + 2]);
                    let (across, down) = (f32::from(across), f32::from(down));
                    // The weights sum to 16 over a distance of two pixels.
                    let steepness = (across * across + down * down).sqrt() * (255.0 / (32.0 * STEEPEST)) + 0.5;
                    out[x] = rounded_down(if steepness < 255.0 { steepness } else { 255.0 }) as u8;
                }
            } else {
                for x in 0..LANES {
                    let (above, below) = (a[x] + 2 * a[x + 1] + a[x + 2], b[x] + 2 * b[x + 1] + b[x + 2]);
                    out[x] = ((above + 2 * (h[x] + 2 * h[x + 1] + h[x + 2]) + below + 8) >> 4) as u8;
                }
            }
        }
        out.copy_from_slice(&line[..width]);
    }
    Gray { width, height, pixels }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The definition, one pixel at a time.
    fn by_definition(gray: &Gray, steep: bool) -> Gray {
        let at = |x: usize, y: usize, dx: i64, dy: i64| {
            let inside = |at: usize, by: i64, length: usize| (at as i64 + by).clamp(0, length as i64 - 1) as usize;
            i32::from(gray.row(inside(y, dy, gray.height))[inside(x, dx, gray.width)])
        };
        let pixel = |x: usize, y: usize| {
            let sum = |weights: [(i64, i64, i32); 6]| weights.iter().map(|&(dx, dy, by)| by * at(x, y, dx, dy)).sum::<i32>() as f32;
            if steep {
                let across = sum([(-1, -1, -3), (1, -1, 3), (-1, 0, -10), (1, 0, 10), (-1, 1, -3), (1, 1, 3)]);
                let down = sum([(-1, -1, -3), (0, -1, -10), (1, -1, -3), (-1, 1, 3), (0, 1, 10), (1, 1, 3)]);
                (((across * across + down * down).sqrt() * (255.0 / (32.0 * STEEPEST)) + 0.5) as i32).min(255) as u8
            } else {
                let row = |dy: i64| at(x, y, -1, dy) + 2 * at(x, y, 0, dy) + at(x, y, 1, dy);
                ((row(-1) + 2 * row(0) + row(1) + 8) >> 4) as u8
            }
        };
        let pixels = (0..gray.width * gray.height).map(|at| pixel(at % gray.width, at / gray.width)).collect();
        Gray { width: gray.width, height: gray.height, pixels }
    }

    proptest! {
        #[test]
        fn both_filters_are_what_they_are_defined_as(
            (width, height, pixels) in (1_usize..80, 1_usize..12)
                .prop_flat_map(|(width, height)| (Just(width), Just(height), proptest::collection::vec(any::<u8>(), width * height))),
        ) {
            let gray = Gray { width, height, pixels };
            prop_assert_eq!(smoothed(&gray).pixels, by_definition(&gray, false).pixels);
            let steep = by_definition(&by_definition(&gray, true), false);
            prop_assert_eq!(gradient(&gray).pixels, steep.pixels);
        }
    }
}
