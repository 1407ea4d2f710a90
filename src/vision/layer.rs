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
        self.ready.get_or_init(|| Ready::new(&self.gray, Instructions::best().group()))
    }
}

/// The mean of each two by two pixels, halves rounded up; an odd last column or row is left out.
pub(super) fn halved(gray: &Gray) -> Gray {
    Instructions::best().run(Halving(gray))
}

/// A picture to be halved, compiled for the instructions at hand.
struct Halving<'a>(&'a Gray);

impl Job for Halving<'_> {
    type Outcome = Gray;

    #[inline(always)]
    fn run<K: Kernel>(self) -> Gray {
        let gray = self.0;
        let (width, height) = (gray.width / 2, gray.height / 2);
        let mut pixels = vec![0; width * height];
        if width > 0 {
            for (y, out) in pixels.chunks_exact_mut(width).enumerate() {
                let (upper, lower) = (&gray.row(2 * y)[..2 * width], &gray.row(2 * y + 1)[..2 * width]);
                for x in 0..width {
                    let sum = u16::from(upper[2 * x]) + u16::from(upper[2 * x + 1]) + u16::from(lower[2 * x]) + u16::from(lower[2 * x + 1]);
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
