//! AVX2: eight windows and two pixels of each in one instruction, in 16 bits so that nothing saturates.
#![allow(unsafe_code, reason = "vector instructions; the twin in plain Rust is `Plain`")]

use std::arch::x86_64::{
    __m256i, _mm256_add_epi32, _mm256_loadu_si256, _mm256_madd_epi16, _mm256_set1_epi32, _mm256_setzero_si256, _mm256_storeu_si256,
};

use super::plain::{Block, COLUMNS, Job, Kernel, Packed, ROWS};

/// Vectors of a row that are summed at once: with four rows eight of the sixteen registers.
const VECTORS: usize = 2;

pub(super) struct Avx2;

/// Whether this processor has them.
pub(super) fn available() -> bool {
    is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma")
}

impl Kernel for Avx2 {
    const GROUP: usize = 2;

    #[inline(always)]
    fn dots(words: &[u32], stride: usize, template: &Packed, x: usize, y: usize, out: &mut Block) {
        let across = template.words_a_row;
        // The last words that are read: checked once, here.
        assert!((y + template.rows + ROWS - 2) * stride + x + (across - 1) * 2 + COLUMNS <= words.len());
        assert!(template.words.len() == (template.rows + 2 * (ROWS - 1)) * across);
        for part in (0..COLUMNS).step_by(8 * VECTORS) {
            // SAFETY: both assertions above bound every address; `out` is a whole block; the caller runs only where `available`.
            unsafe {
                let mut sums = [[_mm256_setzero_si256(); VECTORS]; ROWS];
                for row in 0..template.rows + ROWS - 1 {
                    let image = words.as_ptr().add((y + row) * stride + x + part);
                    // Row `by` of the block meets template row `row - by`, which stands `ROWS - 1` rows further down.
                    let level = template.words.as_ptr().add((row + ROWS - 1) * across);
                    for column in 0..across {
                        let at = image.add(2 * column);
                        let mut pixels: [__m256i; VECTORS] = [_mm256_setzero_si256(); VECTORS];
                        for vector in 0..VECTORS {
                            pixels[vector] = _mm256_loadu_si256(at.add(8 * vector).cast());
                        }
                        for by in 0..ROWS {
                            let levels = _mm256_set1_epi32(*level.add(column).sub(by * across) as i32);
                            for vector in 0..VECTORS {
                                sums[by][vector] = _mm256_add_epi32(sums[by][vector], _mm256_madd_epi16(pixels[vector], levels));
                            }
                        }
                    }
                }
                for (sums, row) in sums.iter().zip(out.iter_mut()) {
                    for (vector, sum) in sums.iter().enumerate() {
                        _mm256_storeu_si256(row.as_mut_ptr().add(part + 8 * vector).cast(), *sum);
                    }
                }
            }
        }
    }
}

#[target_feature(enable = "avx2,fma")]
fn compiled<J: Job>(job: J) -> J::Outcome {
    job.run::<Avx2>()
}

/// `job`, all of it compiled for these instructions.
pub(super) fn run<J: Job>(job: J) -> J::Outcome {
    assert!(available());
    // SAFETY: asserted.
    unsafe { compiled(job) }
}
