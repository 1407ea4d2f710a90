//! Bilinear resizing, bit for bit as `OpenCV`'s 8-bit `INTER_LINEAR` does it: fixed point, no smoothing before shrinking. And Catmull and
//! Rom's, for what is to be read.

#![allow(clippy::inline_always, reason = "what is not inlined is not compiled for the instructions of its caller")]
#![allow(clippy::needless_range_loop, reason = "loops by index become vectors, and no call without optimisation")]

use super::kernels::{Instructions, Job, Kernel};
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
fn resize<const N: usize>(pixels: &[u8], from: (usize, usize), to: (usize, usize)) -> Vec<u8> {
    if from == to { pixels.to_vec() } else { Instructions::best().run(Resizing::<N> { pixels, from, to }) }
}

/// A picture of `N` interleaved channels to be resized, compiled for the instructions at hand.
struct Resizing<'a, const N: usize> {
    pixels: &'a [u8],
    /// Width and height that it has.
    from: (usize, usize),
    /// And shall have.
    to: (usize, usize),
}

impl<const N: usize> Job for Resizing<'_, N> {
    type Outcome = Vec<u8>;

    #[inline(always)]
    fn run<K: Kernel>(self) -> Vec<u8> {
        let (columns, length) = (taps(self.from.0, self.to.0, true), N * self.to.0);
        let mut out = vec![0; length * self.to.1];
        // The two rows that were read last, and which they are: each is read once.
        let (mut above, mut below) = ((usize::MAX, vec![0; length]), (usize::MAX, vec![0; length]));
        for (tap, line) in taps(self.from.1, self.to.1, false).iter().zip(out.chunks_exact_mut(length)) {
            if above.0 != tap.at[0] {
                std::mem::swap(&mut above, &mut below);
            }
            if above.0 != tap.at[0] {
                above.0 = tap.at[0];
                self.across(above.0, &columns, &mut above.1);
            }
            if below.0 != tap.at[1] {
                below.0 = tap.at[1];
                self.across(below.0, &columns, &mut below.1);
            }
            let (upper, lower, [first, second]) = (&above.1[..length], &below.1[..length], tap.weight);
            for at in 0..length {
                let (a, b) = ((first * (upper[at] >> 4)) >> 16, (second * (lower[at] >> 4)) >> 16);
                line[at] = ((a + b + 2) >> 2).clamp(0, 255) as u8;
            }
        }
        out
    }
}

impl<const N: usize> Resizing<'_, N> {
    /// Row `y`, its columns resized.
    #[inline(always)]
    fn across(&self, y: usize, columns: &[Tap], out: &mut [i32]) {
        let row = &self.pixels[N * y * self.from.0..N * (y + 1) * self.from.0];
        for (tap, to) in columns.iter().zip(out.chunks_exact_mut(N)) {
            let (left, right) = (&row[N * tap.at[0]..][..N], &row[N * tap.at[1]..][..N]);
            for channel in 0..N {
                to[channel] = i32::from(left[channel]) * tap.weight[0] + i32::from(right[channel]) * tap.weight[1];
            }
        }
    }
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

/// The cubic of Catmull and Rom ("A class of local interpolating splines", 1974) at `x`: 1 at 0, none at other whole numbers.
fn cubic(x: f32) -> f32 {
    let x = x.abs();
    if x < 1.0 {
        (1.5 * x - 2.5) * x * x + 1.0
    } else if x < 2.0 {
        ((2.5 - 0.5 * x) * x - 4.0) * x + 2.0
    } else {
        0.0
    }
}

/// For each of `to` output coordinates the first of the `from` input ones that it reads, and their weights, which sum to 1. Where it is
/// made smaller the cubic is made as much wider: the picture is smoothed.
fn cubics(from: usize, to: usize) -> Vec<(usize, Vec<f32>)> {
    let ratio = from as f32 / to as f32;
    let wide = ratio.max(1.0);
    let of = |target: usize| {
        let middle = (target as f32 + 0.5) * ratio;
        let first = (middle - 2.0 * wide).floor().clamp(0.0, from as f32 - 1.0) as usize;
        let last = ((middle + 2.0 * wide).ceil() as usize).clamp(first + 1, from);
        let weights: Vec<f32> = (first..last).map(|at| cubic((at as f32 + 0.5 - middle) / wide)).collect();
        let sum: f32 = weights.iter().sum();
        (first, weights.into_iter().map(|weight| weight / sum).collect())
    };
    (0..to).map(of).collect()
}

/// The grey picture at another size, smooth: by cubics, down first; `width` and `height` at least 1.
pub(super) fn resize_smooth(picture: &Gray, width: usize, height: usize) -> Gray {
    let across = cubics(picture.width, width);
    let mut pixels = Vec::with_capacity(width * height);
    let mut line = vec![0.0; picture.width];
    for (top, weights) in cubics(picture.height, height) {
        line.fill(0.0);
        for (y, weight) in (top..).zip(weights) {
            for (sum, &level) in line.iter_mut().zip(picture.row(y)) {
                *sum += weight * f32::from(level);
            }
        }
        pixels.extend(across.iter().map(|(left, weights)| {
            let sum: f32 = line[*left..].iter().zip(weights).map(|(level, weight)| level * weight).sum();
            sum.round().clamp(0.0, 255.0) as u8
        }));
    }
    Gray { width, height, pixels }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn gray(width: usize, pixels: &[u8]) -> Gray {
        Gray { width, height: pixels.len() / width, pixels: pixels.to_vec() }
    }

    #[test]
    fn known_values() {
        // Twice as wide: the outer quarter repeats, the inner ones mix 3 to 1.
        assert_eq!(resize_gray(&gray(2, &[0, 100]), 4, 1).pixels, [0, 25, 75, 100]);
        // Half as wide: the two pixels under each output pixel, evenly.
        assert_eq!(resize_gray(&gray(4, &[0, 10, 200, 100]), 2, 1).pixels, [5, 150]);
        // A third: the middle one alone, since nothing is smoothed.
        assert_eq!(resize_gray(&gray(3, &[0, 90, 255, 1, 91, 254, 2, 92, 253]), 1, 1).pixels, [91]);
        assert_eq!(resize_gray(&gray(1, &[0, 100]), 1, 4).pixels, [0, 25, 75, 100]);
    }

    #[test]
    fn channels_do_not_mix() {
        let picture = Picture { width: 2, height: 1, rgb: vec![0, 50, 100, 100, 50, 0] };
        assert_eq!(resize_picture(&picture, 4, 1).rgb, [0, 50, 100, 25, 50, 75, 75, 50, 25, 100, 50, 0]);
    }

    proptest! {
        #[test]
        fn what_is_smooth_is_what_the_image_library_makes_of_it(
            (width, height, pixels) in (1_usize..30, 1_usize..20).prop_flat_map(|(w, h)| (Just(w), Just(h), proptest::collection::vec(any::<u8>(), w * h))),
            new_width in 1_usize..70,
            new_height in 1_usize..50,
        ) {
            let other = image::GrayImage::from_raw(width as u32, height as u32, pixels.clone()).unwrap();
            let other = image::imageops::resize(&other, new_width as u32, new_height as u32, image::imageops::FilterType::CatmullRom);
            let own = resize_smooth(&Gray { width, height, pixels }, new_width, new_height);
            for (own, other) in own.pixels.iter().zip(other.as_raw()) {
                prop_assert!(own.abs_diff(*other) <= 1, "{own} is not {other}");
            }
        }

        #[test]
        fn stays_within_half_a_level_or_so_of_exact_arithmetic(
            (width, height, pixels) in (1_usize..9, 1_usize..9).prop_flat_map(|(w, h)| (Just(w), Just(h), proptest::collection::vec(any::<u8>(), w * h))),
            new_width in 1_usize..20,
            new_height in 1_usize..20,
        ) {
            let picture = Gray { width, height, pixels };
            let resized = resize_gray(&picture, new_width, new_height);
            let axis = |target: usize, from: usize, to: usize| {
                let place = ((target as f64 + 0.5) * from as f64 / to as f64 - 0.5).clamp(0.0, from as f64 - 1.0);
                let first = place.floor() as usize;
                (first, (first + 1).min(from - 1), place - place.floor())
            };
            for y in 0..new_height {
                for x in 0..new_width {
                    let (left, right, across) = axis(x, width, new_width);
                    let (top, bottom, down) = axis(y, height, new_height);
                    let at = |v: usize, u: usize| f64::from(picture.row(v)[u]);
                    let mix = |v: usize| at(v, left) * (1.0 - across) + at(v, right) * across;
                    let exact = mix(top) * (1.0 - down) + mix(bottom) * down;
                    prop_assert!((f64::from(resized.row(y)[x]) - exact).abs() <= 1.0, "{x},{y}: {} is not {exact}", resized.row(y)[x]);
                }
            }
        }
    }
}
