//! The loops that take the time, once in plain Rust and once for each set of vector instructions, chosen at run time.
//!
//! Every kernel gives the very same whole numbers as the plain one; what is computed from them in floating point is the same code.

#![allow(clippy::inline_always, reason = "what is not inlined is not compiled for the instructions of its caller")]
#![allow(clippy::needless_range_loop, reason = "loops by index become vectors, and no call without optimisation")]

#[cfg(target_arch = "x86_64")]
mod avx2;
#[cfg(target_arch = "x86_64")]
mod avx512;
mod instructions;
mod moments;
mod plain;
mod ready;
mod sweep;
mod weigh;
mod whole;

pub(super) use instructions::Instructions;
pub(super) use moments::{Moments, moments, product};
pub(super) use plain::{Block, COLUMNS, Job, Kernel, Packed, ROWS};
pub(super) use ready::{Ready, Words};
pub(super) use sweep::{Best, CELL, Patch, Phase, SweepInput};
pub(super) use weigh::weigh;
pub(super) use whole::{rounded_down, rounded_up};

#[cfg(test)]
mod tests {
    use super::plain::expand;
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

    /// One block, from the first place.
    struct Dots<'a> {
        words: &'a [u32],
        stride: usize,
        packed: &'a Packed,
        block: &'a mut Block,
    }

    impl Job for Dots<'_> {
        type Outcome = ();

        #[inline(always)]
        fn run<K: Kernel>(self) {
            K::dots(self.words, self.stride, self.packed, 0, 0, self.block);
        }
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
                instructions.run(Dots { words: &words, stride, packed: &packed, block: &mut block });
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
