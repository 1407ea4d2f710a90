//! AVX-512 with VNNI: sixteen windows and four pixels of each in one instruction.
#![allow(unsafe_code, reason = "vector instructions; the twin in plain Rust is `Plain`")]

use std::arch::x86_64::{__m512i, _mm512_dpbusd_epi32, _mm512_loadu_si512, _mm512_set1_epi32, _mm512_setzero_si512, _mm512_storeu_si512};

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
            let mut sums = Four { first: none, second: none, third: none, fourth: none };
            let image = |row: usize| words.as_ptr().add((y + row) * stride + x);
            // Row `by` of the block meets template row `row - by`, which stands `ROWS - 1` rows further down.
            let level = |row: usize| template.words.as_ptr().add((row + ROWS - 1) * across);
            let last = template.rows;
            if last < ROWS {
                for row in 0..last + ROWS - 1 {
                    sums.add::<true, true, true, true>(image(row), level(row), across);
                }
            } else {
                // The first and the last rows of the picture meet fewer rows of the block.
                sums.add::<true, false, false, false>(image(0), level(0), across);
                sums.add::<true, true, false, false>(image(1), level(1), across);
                sums.add::<true, true, true, false>(image(2), level(2), across);
                for row in ROWS - 1..last {
                    sums.add::<true, true, true, true>(image(row), level(row), across);
                }
                sums.add::<false, true, true, true>(image(last), level(last), across);
                sums.add::<false, false, true, true>(image(last + 1), level(last + 1), across);
                sums.add::<false, false, false, true>(image(last + 2), level(last + 2), across);
            }
            let Four { first, second, third, fourth } = sums;
            for (sums, row) in [first, second, third, fourth].iter().zip(out) {
                for (vector, sum) in sums.iter().enumerate() {
                    _mm512_storeu_si512(row.as_mut_ptr().add(16 * vector).cast(), *sum);
                }
            }
        }
    }
}

/// The sums of a block: one array a row, so that each stays in its registers.
struct Four {
    first: [__m512i; VECTORS],
    second: [__m512i; VECTORS],
    third: [__m512i; VECTORS],
    fourth: [__m512i; VECTORS],
}

impl Four {
    /// Adds one row of the picture to the rows of the block that are named: `image` points to its words, `level` to the template row
    /// that the first row of the block meets there, of `across` words; the other rows of the block meet those before it.
    ///
    /// # Safety
    /// All words that this reads must be there, and the processor must have these instructions.
    #[inline(always)]
    unsafe fn add<const A: bool, const B: bool, const C: bool, const D: bool>(
        &mut self,
        image: *const u32,
        level: *const u32,
        across: usize,
    ) {
        for column in 0..across {
            // SAFETY: as asked of the caller.
            unsafe {
                let at = image.add(4 * column);
                let mut pixels = [_mm512_setzero_si512(); VECTORS];
                for vector in 0..VECTORS {
                    pixels[vector] = _mm512_loadu_si512(at.add(16 * vector).cast());
                }
                let level = level.add(column);
                if A {
                    let levels = _mm512_set1_epi32(*level as i32);
                    for vector in 0..VECTORS {
                        self.first[vector] = _mm512_dpbusd_epi32(self.first[vector], pixels[vector], levels);
                    }
                }
                if B {
                    let levels = _mm512_set1_epi32(*level.sub(across) as i32);
                    for vector in 0..VECTORS {
                        self.second[vector] = _mm512_dpbusd_epi32(self.second[vector], pixels[vector], levels);
                    }
                }
                if C {
                    let levels = _mm512_set1_epi32(*level.sub(2 * across) as i32);
                    for vector in 0..VECTORS {
                        self.third[vector] = _mm512_dpbusd_epi32(self.third[vector], pixels[vector], levels);
                    }
                }
                if D {
                    let levels = _mm512_set1_epi32(*level.sub(3 * across) as i32);
                    for vector in 0..VECTORS {
                        self.fourth[vector] = _mm512_dpbusd_epi32(self.fourth[vector], pixels[vector], levels);
                    }
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
