//! The loops that take the time, once in plain Rust and once for each set of vector instructions, chosen at run time.
//!
//! Every kernel gives the very same whole numbers as [`Plain`]; what is computed from them in floating point is the same code.

#![allow(clippy::inline_always, reason = "what is not inlined is not compiled for the instructions of its caller")]
#![allow(clippy::needless_range_loop, reason = "loops by index become vectors, and no call without optimisation")]

#[cfg(target_arch = "x86_64")]
mod avx2;
#[cfg(target_arch = "x86_64")]
mod avx512;
mod moments;
mod plain;
mod ready;
mod sweep;

pub(super) use moments::moments;
pub(super) use plain::Packed;
pub(super) use ready::Ready;
pub(super) use sweep::{Best, CELL, Patch, Phase, Sweep, SweepInput};

use std::sync::OnceLock;

use plain::{Kernel, Plain};
use sweep::sweep;

/// Which instructions this processor has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Instructions {
    /// What every processor has.
    Plain,
    /// AVX2.
    Avx2,
    /// AVX-512 with byte products (VNNI).
    Avx512,
}

impl Instructions {
    /// The best that this processor has; looked up once.
    pub(super) fn best() -> Self {
        static BEST: OnceLock<Instructions> = OnceLock::new();
        *BEST.get_or_init(|| Self::all().last().copied().unwrap_or(Self::Plain))
    }

    /// All that this processor has, the slowest first.
    pub(super) fn all() -> Vec<Self> {
        let mut all = vec![Self::Plain];
        #[cfg(target_arch = "x86_64")]
        {
            if avx2::available() {
                all.push(Self::Avx2);
            }
            if avx512::available() {
                all.push(Self::Avx512);
            }
        }
        all
    }

    /// Pixels that stand side by side in one word of an expanded picture and of a packed template.
    pub(super) fn group(self) -> usize {
        match self {
            Self::Plain => Plain::GROUP,
            #[cfg(target_arch = "x86_64")]
            Self::Avx2 => avx2::Avx2::GROUP,
            #[cfg(target_arch = "x86_64")]
            Self::Avx512 => avx512::Avx512::GROUP,
            #[cfg(not(target_arch = "x86_64"))]
            _ => Plain::GROUP,
        }
    }

    /// Runs `input` with these instructions.
    pub(super) fn sweep(self, input: &SweepInput<'_>, out: &mut Sweep) {
        match self {
            Self::Plain => sweep::<Plain>(input, out),
            #[cfg(target_arch = "x86_64")]
            Self::Avx2 => avx2::sweep_avx2(input, out),
            #[cfg(target_arch = "x86_64")]
            Self::Avx512 => avx512::sweep_avx512(input, out),
            #[cfg(not(target_arch = "x86_64"))]
            _ => sweep::<Plain>(input, out),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::plain::{COLUMNS, ROWS, expand};
    use super::*;
    use proptest::prelude::*;

    /// Expands `pixels` for `group` with room for the blocks that run over the edge.
    fn words(pixels: &[u8], width: usize, group: usize) -> (Vec<u32>, usize) {
        let stride = width + COLUMNS + 8;
        let rows = pixels.len() / width;
        let mut words = vec![0; stride * (rows + ROWS)];
        for (row, line) in pixels.chunks_exact(width).zip(words.chunks_exact_mut(stride)) {
            expand(row, group, line);
        }
        (words, stride)
    }

    proptest! {
        #[test]
        fn every_kernel_gives_the_same_whole_numbers(
            (width, height, pixels) in (1_usize..90, 1_usize..24)
                .prop_flat_map(|(width, height)| (Just(width), Just(height), proptest::collection::vec(any::<u8>(), width * height))),
            (columns, rows, template) in (1_usize..23, 1_usize..14)
                .prop_flat_map(|(width, height)| (Just(width), Just(height), proptest::collection::vec(any::<u8>(), width * height))),
        ) {
            prop_assume!(columns <= width && rows <= height);
            let run = |instructions: Instructions| {
                let group = instructions.group();
                let (words, stride) = words(&pixels, width, group);
                let packed = Packed::new(&template, columns, group);
                let mut block = [[0; COLUMNS]; ROWS];
                match instructions {
                    Instructions::Plain => Plain::dots(&words, stride, &packed, 0, 0, &mut block),
                    #[cfg(target_arch = "x86_64")]
                    Instructions::Avx2 => avx2::block(&words, stride, &packed, 0, 0, &mut block),
                    #[cfg(target_arch = "x86_64")]
                    Instructions::Avx512 => avx512::block(&words, stride, &packed, 0, 0, &mut block),
                    #[cfg(not(target_arch = "x86_64"))]
                    _ => {}
                }
                block
            };
            let plain = run(Instructions::Plain);
            for instructions in Instructions::all() {
                prop_assert_eq!(run(instructions), plain, "{:?}", instructions);
            }
            // And the plain one is the definition.
            for y in 0..ROWS.min(height - rows + 1) {
                for x in 0..COLUMNS.min(width - columns + 1) {
                    let mut sum = 0;
                    for v in 0..rows {
                        for u in 0..columns {
                            sum += (i32::from(template[v * columns + u]) - 128) * i32::from(pixels[(y + v) * width + x + u]);
                        }
                    }
                    prop_assert_eq!(plain[y][x], sum);
                }
            }
        }
    }
}
