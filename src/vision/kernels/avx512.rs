//! AVX-512 with VNNI: sixteen windows and four pixels of each in one instruction.
#![allow(unsafe_code, reason = "vector instructions; the twin in plain Rust is `Plain`")]

use std::arch::x86_64::{_mm512_dpbusd_epi32, _mm512_loadu_si512, _mm512_set1_epi32, _mm512_setzero_si512, _mm512_storeu_si512};

use super::plain::{Block, COLUMNS, Job, Kernel, Packed, ROWS};

/// Vectors that hold a row of a block.
const VECTORS: usize = COLUMNS / 16;

pub(super) struct Avx512;

/// Whether this processor has them.
pub(super) fn available() -> bool {
    is_x86_feature_detected!("avx512f")
        && is_x86_feature_detected!("avx512bw")
        && is_x86_feature_detected!("avx512vl")
        && is_x86_feature_detected!("avx512vnni")
        && is_x86_feature_detected!("avx2")
        && is_x86_feature_detected!("fma")
}

impl Kernel for Avx512 {
    const GROUP: usize = 4;

    #[inline(always)]
    fn dots(words: &[u32], stride: usize, template: &Packed, x: usize, y: usize, out: &mut Block) {
        let across = template.words_a_row;
        // The last words that are read: checked once, here.
        assert!((y + template.rows + ROWS - 2) * stride + x + (across - 1) * 4 + COLUMNS <= words.len());
        assert!(template.words.len() == (template.rows + 2 * (ROWS - 1)) * across);
        // SAFETY: both assertions above bound every address; `out` is a whole block; the caller runs only where `available`.
        unsafe {
            let none = [_mm512_setzero_si512(); VECTORS];
            // One array a row, so that each stays in its registers.
            let (mut first, mut second, mut third, mut fourth) = (none, none, none, none);
            for row in 0..template.rows + ROWS - 1 {
                let image = words.as_ptr().add((y + row) * stride + x);
                // Row `by` of the block meets template row `row - by`, which stands `ROWS - 1` rows further down.
                let level = template.words.as_ptr().add((row + ROWS - 1) * across);
                for column in 0..across {
                    let at = image.add(4 * column);
                    let mut pixels = none;
                    for vector in 0..VECTORS {
                        pixels[vector] = _mm512_loadu_si512(at.add(16 * vector).cast());
                    }
                    let level = level.add(column);
                    let levels = _mm512_set1_epi32(*level as i32);
                    for vector in 0..VECTORS {
                        first[vector] = _mm512_dpbusd_epi32(first[vector], pixels[vector], levels);
                    }
                    let levels = _mm512_set1_epi32(*level.sub(across) as i32);
                    for vector in 0..VECTORS {
                        second[vector] = _mm512_dpbusd_epi32(second[vector], pixels[vector], levels);
                    }
                    let levels = _mm512_set1_epi32(*level.sub(2 * across) as i32);
                    for vector in 0..VECTORS {
                        third[vector] = _mm512_dpbusd_epi32(third[vector], pixels[vector], levels);
                    }
                    let levels = _mm512_set1_epi32(*level.sub(3 * across) as i32);
                    for vector in 0..VECTORS {
                        fourth[vector] = _mm512_dpbusd_epi32(fourth[vector], pixels[vector], levels);
                    }
                }
            }
            for (sums, row) in [first, second, third, fourth].iter().zip(out) {
                for (vector, sum) in sums.iter().enumerate() {
                    _mm512_storeu_si512(row.as_mut_ptr().add(16 * vector).cast(), *sum);
                }
            }
        }
    }
}

#[target_feature(enable = "avx512f,avx512bw,avx512vl,avx512vnni,avx2,fma")]
fn compiled<J: Job>(job: J) -> J::Outcome {
    job.run::<Avx512>()
}

/// `job`, all of it compiled for these instructions.
pub(super) fn run<J: Job>(job: J) -> J::Outcome {
    assert!(available());
    // SAFETY: asserted.
    unsafe { compiled(job) }
}
