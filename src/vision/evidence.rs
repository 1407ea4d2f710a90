//! What a correlation over the whole anchor cannot see: colour, and one part that differs.

use super::luma::luma;
use super::picture::{Gray, Picture};
use crate::target::Evidence;

/// Sides of the tiles that are compared one by one, pixels: about the width of a letter or two.
const TILE: usize = 12;

/// What noise (re-encoding, hinting) adds to the deviation of a tile, grey levels.
const NOISE: f64 = 6.0;

/// How far a part may have moved by itself, pixels.
const PLAY: i64 = 1;

/// Compares `anchor` with `window`, two pictures of one size.
pub(super) fn compare(anchor: &Picture, window: &Picture) -> Evidence {
    let (colour_mean, colour_peak) = colour_difference(anchor, window);
    Evidence { colour_mean, colour_peak, tile_low: least_alike(&luma(anchor), &luma(window)) }
}

/// Mean and 98th percentile of the difference between two pictures, levels 0 to 255: at each pixel the channel that differs
/// most, after a 3 by 3 box blur that evens out the noise of re-encoding.
fn colour_difference(anchor: &Picture, window: &Picture) -> (f64, f64) {
    let (a, b) = (blurred(anchor), blurred(window));
    let mut counts = [0_u64; 256];
    for (a, b) in a.chunks_exact(3).zip(b.chunks_exact(3)) {
        let most = a.iter().zip(b).map(|(a, b)| a.abs_diff(*b)).max().unwrap_or(0);
        counts[usize::from(most)] += 1;
    }
    let total: u64 = counts.iter().sum();
    let mean = counts.iter().zip(0_u64..).map(|(count, level)| count * level).sum::<u64>() as f64 / total.max(1) as f64;
    let mut seen = 0;
    let peak = counts.iter().position(|count| {
        seen += count;
        seen * 100 >= total * 98
    });
    (mean, peak.unwrap_or(0) as f64)
}

/// A 3 by 3 box blur; at the edges the mean of what is there.
fn blurred(picture: &Picture) -> Vec<u8> {
    let mut out = Vec::with_capacity(picture.rgb.len());
    for y in 0..picture.height {
        let rows = y.saturating_sub(1)..=(y + 1).min(picture.height - 1);
        for x in 0..picture.width {
            let columns = x.saturating_sub(1)..=(x + 1).min(picture.width - 1);
            let count = (rows.clone().count() * columns.clone().count()) as u32;
            for channel in 0..3 {
                let value = |v: usize, u: usize| u32::from(picture.rgb[3 * (v * picture.width + u) + channel]);
                let sum: u32 = rows.clone().map(|v| columns.clone().map(|u| value(v, u)).sum::<u32>()).sum();
                out.push((sum / count) as u8);
            }
        }
    }
    out
}

/// How alike the least similar tile is, 0 to 1.
fn least_alike(anchor: &Gray, window: &Gray) -> f64 {
    let cuts = |length: usize| {
        let count = (length / TILE).max(1);
        (0..count).map(move |index| (index * length / count, (index + 1) * length / count)).collect::<Vec<_>>()
    };
    let columns = cuts(anchor.width);
    let mut least = 1.0_f64;
    for (top, bottom) in cuts(anchor.height) {
        for &(left, right) in &columns {
            let tile = Tile { left, right, top, bottom };
            let shifts = (-PLAY..=PLAY).flat_map(|dy| (-PLAY..=PLAY).map(move |dx| (dx, dy)));
            least = least.min(shifts.filter_map(|shift| tile.alike(anchor, window, shift)).fold(0.0, f64::max));
        }
    }
    least
}

/// A part of a picture: columns `left..right`, rows `top..bottom`.
struct Tile {
    left: usize,
    right: usize,
    top: usize,
    bottom: usize,
}

impl Tile {
    /// `(2 cov + c) / (var + var' + c)` of this tile of `anchor` and the one of `window` moved by `shift`, with c for noise: the
    /// structure term of SSIM (Wang et al. 2004). Two flat tiles are alike, a flat one and a lettered one are not. `None`
    /// where the moved tile leaves the window.
    fn alike(&self, anchor: &Gray, window: &Gray, (dx, dy): (i64, i64)) -> Option<f64> {
        let moved = |from: usize, to: usize, by: i64, end: usize| {
            let (from, to) = (from as i64 + by, to as i64 + by);
            (from >= 0 && to <= end as i64).then_some(from as usize)
        };
        let left = moved(self.left, self.right, dx, window.width)?;
        let top = moved(self.top, self.bottom, dy, window.height)?;
        let [mut sum_a, mut sum_b, mut aa, mut bb, mut ab] = [0_i64; 5];
        let width = self.right - self.left;
        for row in 0..self.bottom - self.top {
            let a = &anchor.row(self.top + row)[self.left..self.right];
            let b = &window.row(top + row)[left..left + width];
            for (&a, &b) in a.iter().zip(b) {
                let (a, b) = (i64::from(a), i64::from(b));
                sum_a += a;
                sum_b += b;
                aa += a * a;
                bb += b * b;
                ab += a * b;
            }
        }
        let count = (width * (self.bottom - self.top)) as f64;
        let (mean_a, mean_b) = (sum_a as f64 / count, sum_b as f64 / count);
        let variance = |squares: i64, mean: f64| squares as f64 / count - mean * mean;
        let shared = ab as f64 / count - mean_a * mean_b;
        let noise = 2.0 * NOISE * NOISE;
        Some(((2.0 * shared + noise) / (variance(aa, mean_a) + variance(bb, mean_b) + noise)).max(0.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 48 by 24 pixels: stripes of `ink` on white, those right of column 36 shifted by `shift`.
    fn word(ink: [u8; 3], shift: usize) -> Picture {
        let pixel = |at: usize| {
            let (x, y) = (at % 48, at / 48);
            let phase = if x >= 36 { x + shift } else { x };
            if (phase / 3 + y / 6) % 2 == 0 { ink } else { [255; 3] }
        };
        Picture { width: 48, height: 24, rgb: (0..48 * 24).flat_map(pixel).collect() }
    }

    #[test]
    fn the_same_picture_differs_in_nothing() {
        let evidence = compare(&word([0, 0, 90], 0), &word([0, 0, 90], 0));
        assert_eq!(evidence, Evidence { colour_mean: 0.0, colour_peak: 0.0, tile_low: 1.0 });
    }

    #[test]
    fn one_part_that_differs_is_seen_however_much_is_the_same() {
        let evidence = compare(&word([0, 0, 90], 0), &word([0, 0, 90], 3));
        assert!(evidence.tile_low < 0.3, "{evidence:?}");
        // A part that moved by a pixel is the same part.
        assert!(compare(&word([0, 0, 90], 0), &word([0, 0, 90], 1)).tile_low > 0.7);
    }

    #[test]
    fn two_inks_of_one_luma_are_told_apart_by_colour() {
        // 0.299 * 150 is about 0.587 * 76.
        let evidence = compare(&word([150, 0, 0], 0), &word([0, 76, 0], 0));
        assert!(evidence.tile_low > 0.95 && evidence.colour_peak > 45.0, "{evidence:?}");
    }

    #[test]
    fn a_lettered_part_is_not_a_plain_one() {
        let plain = Picture { width: 48, height: 24, rgb: vec![255; 48 * 24 * 3] };
        assert!(compare(&word([0, 0, 90], 0), &plain).tile_low < 0.1);
        assert!(compare(&plain, &plain).tile_low > 0.99);
    }
}
