//! Luma from colour, three bytes a pixel to one.
#![allow(unsafe_code, reason = "vector instructions; the twin is `plain`")]

#[cfg(target_arch = "x86_64")]
use std::arch::x86_64::{
    __m128i, _mm_add_epi32, _mm_loadu_si128, _mm_madd_epi16, _mm_packus_epi16, _mm_packus_epi32, _mm_set_epi8, _mm_set1_epi32,
    _mm_shuffle_epi8, _mm_srli_epi32, _mm_storeu_si128,
};

use super::instructions::Instructions;

/// The weights of red, green and blue, of 2^14.
const WEIGHTS: [u16; 3] = [4899, 9617, 1868];

/// What makes halves round up.
const HALF: u32 = 1 << 13;

/// Writes the luma of each pixel of `rgb` to `luma`: `(4899 R + 9617 G + 1868 B + 8192) >> 14`.
pub(in crate::vision) fn weigh(rgb: &[u8], luma: &mut [u8]) {
    with(Instructions::best(), rgb, luma);
}

/// The same by instructions that this processor has.
fn with(instructions: Instructions, rgb: &[u8], luma: &mut [u8]) {
    assert!(instructions <= Instructions::best() && rgb.len() == 3 * luma.len());
    #[cfg(target_arch = "x86_64")]
    if instructions >= Instructions::Avx2 {
        // SAFETY: this processor has them.
        return unsafe { vectors(rgb, luma) };
    }
    plain(rgb, luma);
}

fn plain(rgb: &[u8], luma: &mut [u8]) {
    for (pixel, luma) in rgb.chunks_exact(3).zip(luma) {
        let weighed = |channel: usize| u32::from(WEIGHTS[channel]) * u32::from(pixel[channel]);
        *luma = ((weighed(0) + weighed(1) + weighed(2) + HALF) >> 14) as u8;
    }
}

/// Sixteen pixels a turn: red and green, then blue, are brought into pairs of 16 bits that are multiplied and added in one instruction.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
fn vectors(rgb: &[u8], luma: &mut [u8]) {
    assert!(rgb.len() == 3 * luma.len());
    let red_green = _mm_set_epi8(-1, 10, -1, 9, -1, 7, -1, 6, -1, 4, -1, 3, -1, 1, -1, 0);
    let blue = _mm_set_epi8(-1, -1, -1, 11, -1, -1, -1, 8, -1, -1, -1, 5, -1, -1, -1, 2);
    let weights = _mm_set1_epi32(i32::from(WEIGHTS[0]) | i32::from(WEIGHTS[1]) << 16);
    let weight = _mm_set1_epi32(i32::from(WEIGHTS[2]));
    let half = _mm_set1_epi32(HALF as i32);
    let four = |pixels: __m128i| {
        let colour = _mm_add_epi32(
            _mm_madd_epi16(_mm_shuffle_epi8(pixels, red_green), weights),
            _mm_madd_epi16(_mm_shuffle_epi8(pixels, blue), weight),
        );
        _mm_srli_epi32::<14>(_mm_add_epi32(colour, half))
    };
    let mut at = 0;
    // The last of the four loads reads four bytes more than the pixels have.
    while 3 * at + 52 <= rgb.len() {
        // SAFETY: 52 bytes are there, and as 3 * at + 52 is no more than three times the pixels, so are 16 pixels to write.
        unsafe {
            let from = rgb.as_ptr().add(3 * at);
            // Written out: what is handed to an array's `map` is called for each of them.
            let (a, b) = (four(_mm_loadu_si128(from.cast())), four(_mm_loadu_si128(from.add(12).cast())));
            let (c, d) = (four(_mm_loadu_si128(from.add(24).cast())), four(_mm_loadu_si128(from.add(36).cast())));
            let sixteen = _mm_packus_epi16(_mm_packus_epi32(a, b), _mm_packus_epi32(c, d));
            _mm_storeu_si128(luma.as_mut_ptr().add(at).cast(), sixteen);
        }
        at += 16;
    }
    plain(&rgb[3 * at..], &mut luma[at..]);
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn every_way_gives_the_same_levels(pixels in proptest::collection::vec(any::<[u8; 3]>(), 0..200)) {
            let rgb = pixels.concat();
            let by = |instructions: Instructions| {
                let mut luma = vec![0; pixels.len()];
                with(instructions, &rgb, &mut luma);
                luma
            };
            let weighed = |[red, green, blue]: [u8; 3]| ((4899 * u32::from(red) + 9617 * u32::from(green) + 1868 * u32::from(blue) + 8192) >> 14) as u8;
            let exact: Vec<u8> = pixels.iter().map(|&pixel| weighed(pixel)).collect();
            for instructions in Instructions::all() {
                prop_assert_eq!(&by(instructions), &exact, "{:?}", instructions);
            }
        }
    }
}
