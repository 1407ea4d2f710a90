//! Bilinear resizing, bit for bit as `OpenCV`'s 8-bit `INTER_LINEAR` does it: fixed point, no smoothing before shrinking.

use super::picture::{Gray, Picture};

/// Weights are multiples of 1/2048.
const ONE: f32 = 2048.0;

/// One output coordinate: the two input coordinates and their weights, which sum to 2048.
struct Tap {
    at: [usize; 2],
    weight: [i32; 2],
}

/// Where each of `to` output coordinates reads among `from` input ones: `(d + 0.5) * from / to - 0.5`, clamped at the ends.
/// Rows keep their weights at the ends (both taps then read the same row), columns get the whole weight on one; this
/// difference is `OpenCV`'s and shows in the last bit.
fn taps(from: usize, to: usize, columns: bool) -> Vec<Tap> {
    let scale = 1.0 / (to as f64 / from as f64);
    let last = from as i64 - 1;
    let tap = |target: usize| {
        let place = ((target as f64 + 0.5) * scale - 0.5) as f32;
        let mut first = place.floor() as i64;
        let mut rest = place - place.floor();
        if columns && (first < 0 || first >= last) {
            rest = 0.0;
            first = first.clamp(0, last);
        }
        let clamped = |coordinate: i64| coordinate.clamp(0, last) as usize;
        let weight = [((1.0 - rest) * ONE).round_ties_even() as i32, (rest * ONE).round_ties_even() as i32];
        Tap { at: [clamped(first), clamped(first + 1)], weight }
    };
    (0..to).map(tap).collect()
}

/// `pixels` of `N` interleaved channels, `width` by `height`, at `new_width` by `new_height` (both at least 1).
fn resize<const N: usize>(pixels: &[u8], (width, height): (usize, usize), (new_width, new_height): (usize, usize)) -> Vec<u8> {
    if (width, height) == (new_width, new_height) {
        return pixels.to_vec();
    }
    let columns = taps(width, new_width, true);
    let horizontal = |y: usize| -> Vec<i32> {
        let row = &pixels[N * y * width..N * (y + 1) * width];
        let mix = |tap: &Tap, channel: usize| {
            let value = |side: usize| i32::from(row[N * tap.at[side] + channel]) * tap.weight[side];
            value(0) + value(1)
        };
        columns.iter().flat_map(|tap| (0..N).map(move |channel| mix(tap, channel))).collect()
    };
    let mut out = Vec::with_capacity(N * new_width * new_height);
    for tap in taps(height, new_height, false) {
        let (above, below) = (horizontal(tap.at[0]), horizontal(tap.at[1]));
        let blend = |(a, b): (&i32, &i32)| {
            let (a, b) = ((tap.weight[0] * (a >> 4)) >> 16, (tap.weight[1] * (b >> 4)) >> 16);
            ((a + b + 2) >> 2).clamp(0, 255) as u8
        };
        out.extend(above.iter().zip(&below).map(blend));
    }
    out
}

/// The grey picture at another size; `width` and `height` at least 1.
pub fn resize_gray(picture: &Gray, width: usize, height: usize) -> Gray {
    let pixels = resize::<1>(&picture.pixels, (picture.width, picture.height), (width, height));
    Gray { width, height, pixels }
}

/// The colour picture at another size; `width` and `height` at least 1.
pub fn resize_picture(picture: &Picture, width: usize, height: usize) -> Picture {
    let rgb = resize::<3>(&picture.rgb, (picture.width, picture.height), (width, height));
    Picture { width, height, rgb }
}
