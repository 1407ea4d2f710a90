//! A screen made ready for searching: at its own size and at a half, a quarter and so on of it.
#![allow(clippy::inline_always, reason = "what is not inlined is not compiled for the instructions of its caller")]

use std::sync::OnceLock;

use super::kernels::{Instructions, Job, Kernel, Ready};
use super::picture::Gray;

/// Each layer but the first has half the width and height of the one before; this many at most.
pub(super) const LEVELS: usize = 7;

/// One size of a screen.
#[derive(Debug)]
pub(super) struct Layer {
    /// The pixels.
    pub gray: Gray,
    ready: OnceLock<Ready>,
}

impl Layer {
    pub(super) fn new(gray: Gray) -> Self {
        Self { gray, ready: OnceLock::new() }
    }

    /// What a sweep reads, made when it is first asked for.
    pub(super) fn ready(&self) -> &Ready {
        self.ready.get_or_init(|| Ready::new(&self.gray, Instructions::best()))
    }
}

/// The mean of each two by two pixels, halves rounded up; an odd last column or row is left out.
pub(super) fn halved(gray: &Gray) -> Gray {
    halved_from(gray, (0, 0), (gray.width / 2, gray.height / 2))
}

/// The same from this pixel on, so many columns and rows of it; they must be there.
pub(super) fn halved_from(gray: &Gray, from: (usize, usize), size: (usize, usize)) -> Gray {
    Instructions::best().run(Halving { gray, from, size })
}

/// A picture to be halved, compiled for the instructions at hand.
struct Halving<'a> {
    gray: &'a Gray,
    from: (usize, usize),
    size: (usize, usize),
}

impl Job for Halving<'_> {
    type Outcome = Gray;

    #[inline(always)]
    fn run<K: Kernel>(self) -> Gray {
        let Self { gray, from, size: (width, height) } = self;
        let mut pixels = vec![0; width * height];
        if width > 0 {
            for (y, out) in pixels.chunks_exact_mut(width).enumerate() {
                let pairs = |row: usize| gray.row(from.1 + row)[from.0..][..2 * width].as_chunks::<2>().0;
                let (upper, lower) = (&pairs(2 * y)[..out.len()], &pairs(2 * y + 1)[..out.len()]);
                for x in 0..out.len() {
                    let sum = u16::from(upper[x][0]) + u16::from(upper[x][1]) + u16::from(lower[x][0]) + u16::from(lower[x][1]);
                    out[x] = ((sum + 2) >> 2) as u8;
                }
            }
        }
        Gray { width, height, pixels }
    }
}

/// The layers of a screen, each made when it is first asked for.
#[derive(Debug)]
pub(super) struct Pyramid {
    base: Layer,
    rest: [OnceLock<Layer>; LEVELS - 1],
}

impl Pyramid {
    pub(super) fn new(gray: Gray) -> Self {
        Self { base: Layer::new(gray), rest: Default::default() }
    }

    /// The layer that is reduced `level` times, below [`LEVELS`].
    pub(super) fn layer(&self, level: usize) -> &Layer {
        match level.checked_sub(1).and_then(|at| self.rest.get(at)) {
            None => &self.base,
            Some(slot) => slot.get_or_init(|| Layer::new(halved(&self.layer(level - 1).gray))),
        }
    }
}
