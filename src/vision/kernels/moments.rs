//! Sums over one window and one template: what an exact score is made of.
#![allow(unsafe_code, reason = "vector instructions, and the plain loop compiled once more for AVX2; the twin is `plain`")]

#[cfg(target_arch = "x86_64")]
use std::arch::x86_64::{
    __m512i, _mm512_add_epi32, _mm512_add_epi64, _mm512_castsi512_si256, _mm512_cvtepi32_epi64, _mm512_dpbusd_epi32,
    _mm512_extracti64x4_epi64, _mm512_maskz_loadu_epi8, _mm512_reduce_add_epi32, _mm512_reduce_add_epi64, _mm512_set1_epi8,
    _mm512_setzero_si512, _mm512_xor_si512,
};

use super::instructions::Instructions;

/// Sums over a template `t` and a window `i` of the same size. The template's own sums are known elsewhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(in crate::vision) struct Moments {
    /// `Σ t i`.
    pub product: u64,
    /// `Σ i`.
    pub sum: u64,
    /// `Σ i²`.
    pub squares: u64,
}

/// Pixels whose products are summed in 32 bits: 255² times this stays below 2^32.
const MOST: usize = 1 << 15;

/// The moments of `template` (whole rows of `width`) and the window of `picture` (rows of `stride`) whose first pixel is `at`.
pub(in crate::vision) fn moments(template: &[u8], width: usize, picture: &[u8], stride: usize, at: usize) -> Moments {
    with(Instructions::best(), template, width, picture, stride, at)
}

/// The same by instructions that this processor has.
fn with(instructions: Instructions, template: &[u8], width: usize, picture: &[u8], stride: usize, at: usize) -> Moments {
    assert!(instructions <= Instructions::best());
    #[cfg(target_arch = "x86_64")]
    match instructions {
        Instructions::Plain => {}
        Instructions::Avx2 => {
            #[target_feature(enable = "avx2")]
            fn compiled(template: &[u8], width: usize, picture: &[u8], stride: usize, at: usize) -> Moments {
                plain(template, width, picture, stride, at)
            }
            // SAFETY: this processor has them.
            return unsafe { compiled(template, width, picture, stride, at) };
        }
        // SAFETY: this processor has them.
        Instructions::Avx512 => return unsafe { vectors(template, width, picture, stride, at) },
    }
    plain(template, width, picture, stride, at)
}

/// `Σ (t - 128) i` over a template of at most 2^16 pixels and the same window.
pub(in crate::vision) fn product(template: &[u8], width: usize, picture: &[u8], stride: usize, at: usize) -> i32 {
    product_with(Instructions::best(), template, width, picture, stride, at)
}

/// The same by instructions that this processor has.
fn product_with(instructions: Instructions, template: &[u8], width: usize, picture: &[u8], stride: usize, at: usize) -> i32 {
    assert!(instructions <= Instructions::best() && template.len() <= 1 << 16);
    #[cfg(target_arch = "x86_64")]
    match instructions {
        Instructions::Plain => {}
        Instructions::Avx2 => {
            #[target_feature(enable = "avx2")]
            fn compiled(template: &[u8], width: usize, picture: &[u8], stride: usize, at: usize) -> i32 {
                plain_product(template, width, picture, stride, at)
            }
            // SAFETY: this processor has them.
            return unsafe { compiled(template, width, picture, stride, at) };
        }
        // SAFETY: this processor has them.
        Instructions::Avx512 => return unsafe { product_of_vectors(template, width, picture, stride, at) },
    }
    plain_product(template, width, picture, stride, at)
}

/// Gives `take` sixty-four pixels of each of two rows at a time, so that two sums take turns and none waits for itself: the template's less
/// 128, since one factor of a product must have a sign, and the window's. Beyond the last pixel the window's are 0.
#[cfg(target_arch = "x86_64")]
#[inline]
#[target_feature(enable = "avx512f,avx512bw,avx512vl,avx512vnni")]
fn by_two_rows(template: &[u8], width: usize, picture: &[u8], stride: usize, at: usize, mut take: impl FnMut([(__m512i, __m512i); 2])) {
    let rows = template.len() / width;
    // The last pixels that are read: checked once, here.
    assert!(rows > 0 && template.len() == rows * width && at + (rows - 1) * stride + width <= picture.len());
    let half = _mm512_set1_epi8(-128);
    for row in (0..rows).step_by(2) {
        let next = (row + 1).min(rows - 1);
        let both = if next == row { 0 } else { u64::MAX };
        for from in (0..width).step_by(64) {
            let mask = u64::MAX >> (64 - (width - from).min(64));
            let load = |row: usize, mask: u64| {
                // SAFETY: what the mask lets through lies in both, by the assertion above.
                let (levels, pixels) = unsafe {
                    let levels = template.as_ptr().add(row * width + from);
                    let pixels = picture.as_ptr().add(at + row * stride + from);
                    (_mm512_maskz_loadu_epi8(mask, levels.cast()), _mm512_maskz_loadu_epi8(mask, pixels.cast()))
                };
                (_mm512_xor_si512(levels, half), pixels)
            };
            take([load(row, mask), load(next, mask & both)]);
        }
    }
}

/// Sixty-four pixels in one instruction; 2^16 times 255 times 128 stays below 2^31.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f,avx512bw,avx512vl,avx512vnni")]
fn product_of_vectors(template: &[u8], width: usize, picture: &[u8], stride: usize, at: usize) -> i32 {
    let (mut one, mut other) = (_mm512_setzero_si512(), _mm512_setzero_si512());
    by_two_rows(template, width, picture, stride, at, |[first, second]| {
        one = _mm512_dpbusd_epi32(one, first.1, first.0);
        other = _mm512_dpbusd_epi32(other, second.1, second.0);
    });
    _mm512_reduce_add_epi32(_mm512_add_epi32(one, other))
}

#[inline(always)]
fn plain_product(template: &[u8], width: usize, picture: &[u8], stride: usize, at: usize) -> i32 {
    let mut sum = 0_i32;
    for (row, line) in template.chunks_exact(width).enumerate() {
        let window = &picture[at + row * stride..][..width];
        let mut column = 0;
        while column < width {
            sum += i32::from(i16::from(line[column]) - 128) * i32::from(i16::from(window[column]));
            column += 1;
        }
    }
    sum
}

/// Vectors that are summed in 32 bits: 4 * 255 * 128 times this stays below 2^31.
#[cfg(target_arch = "x86_64")]
const MOST_VECTORS: usize = 1 << 14;

/// Sixty-four pixels in one instruction.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f,avx512bw,avx512vl,avx512vnni")]
fn vectors(template: &[u8], width: usize, picture: &[u8], stride: usize, at: usize) -> Moments {
    let (half, ones) = (_mm512_set1_epi8(-128), _mm512_set1_epi8(1));
    let none = [_mm512_setzero_si512(); 3];
    let (mut one, mut other, mut totals, mut taken) = (none, none, [0_i64; 3], 0);
    let plus = |[product, squares, sum]: [__m512i; 3], (levels, pixels)| {
        [
            _mm512_dpbusd_epi32(product, pixels, levels),
            _mm512_dpbusd_epi32(squares, pixels, _mm512_xor_si512(pixels, half)),
            _mm512_dpbusd_epi32(sum, pixels, ones),
        ]
    };
    by_two_rows(template, width, picture, stride, at, |[first, second]| {
        (one, other) = (plus(one, first), plus(other, second));
        taken += 2;
        if taken == MOST_VECTORS {
            add_to(&mut totals, one, other);
            (one, other, taken) = (none, none, 0);
        }
    });
    add_to(&mut totals, one, other);
    let [product, squares, sum] = totals;
    Moments { product: (product + 128 * sum) as u64, sum: sum as u64, squares: (squares + 128 * sum) as u64 }
}

/// Adds to each of `totals` both of its vectors; no sum of two numbers is larger than 32 bits allow.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f")]
fn add_to(totals: &mut [i64; 3], one: [__m512i; 3], other: [__m512i; 3]) {
    for (total, (one, other)) in totals.iter_mut().zip(one.into_iter().zip(other)) {
        *total += across(_mm512_add_epi32(one, other));
    }
}

/// The sum of sixteen numbers that each may be as large as 32 bits allow.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f")]
fn across(vector: __m512i) -> i64 {
    _mm512_reduce_add_epi64(_mm512_add_epi64(
        _mm512_cvtepi32_epi64(_mm512_castsi512_si256(vector)),
        _mm512_cvtepi32_epi64(_mm512_extracti64x4_epi64::<1>(vector)),
    ))
}

#[inline(always)]
fn plain(template: &[u8], width: usize, picture: &[u8], stride: usize, at: usize) -> Moments {
    let mut all = Moments::default();
    let rows = template.len() / width;
    for row in 0..rows {
        let mut from = 0;
        while from < width {
            let length = MOST.min(width - from);
            let line = &template[row * width + from..][..length];
            let window = &picture[at + row * stride + from..][..length];
            let (mut product, mut sum, mut squares) = (0_u32, 0_u32, 0_u32);
            // By index, so that without optimisation no step is a call; through i16: two products in one instruction.
            let mut column = 0;
            while column < length {
                let (t, i) = (i32::from(i16::from(line[column])), i32::from(i16::from(window[column])));
                product = product.wrapping_add((t * i) as u32);
                squares = squares.wrapping_add((i * i) as u32);
                sum += i as u32;
                column += 1;
            }
            all.product += u64::from(product);
            all.sum += u64::from(sum);
            all.squares += u64::from(squares);
            from += length;
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn equal_the_definition_with_and_without_vectors(
            (width, height, template) in (1_usize..70, 1_usize..9)
                .prop_flat_map(|(width, height)| (Just(width), Just(height), proptest::collection::vec(any::<u8>(), width * height))),
            beyond in 0_usize..5, seed: u32,
        ) {
            let stride = width + beyond;
            let picture: Vec<u8> = (0..stride * (height + 1)).map(|at| (seed.wrapping_add(at as u32).wrapping_mul(2_654_435_761) >> 24) as u8).collect();
            let mut exact = Moments::default();
            for (at, &t) in template.iter().enumerate() {
                let i = u64::from(picture[beyond + at / width * stride + at % width]);
                exact.product += u64::from(t) * i;
                exact.sum += i;
                exact.squares += i * i;
            }
            prop_assert_eq!(plain(&template, width, &picture, stride, beyond), exact);
            for instructions in Instructions::all() {
                prop_assert_eq!(with(instructions, &template, width, &picture, stride, beyond), exact, "{:?}", instructions);
                let product = product_with(instructions, &template, width, &picture, stride, beyond);
                prop_assert_eq!(i64::from(product), exact.product as i64 - 128 * exact.sum as i64, "{:?}", instructions);
            }
        }
    }

    #[test]
    fn white_on_white_does_not_overflow() {
        let white = vec![255; 3_000_000];
        for instructions in Instructions::all() {
            let all = with(instructions, &white, 3_000_000, &white, 3_000_000, 0);
            assert_eq!(all, Moments { product: 195_075_000_000, sum: 765_000_000, squares: 195_075_000_000 });
        }
    }
}
