//! Whether a picture has anything on it that could be found.

use super::picture::{Gray, Picture};
use crate::target::Flaw;

/// An anchor whose luma deviates by less than this many grey levels is flat.
pub(super) const FLAT: f64 = 3.0;

/// An anchor shorter than this on a side, in pixels, is too small to be told from its surroundings.
pub(super) const MIN_SIDE: usize = 8;

/// A screen whose channels each stay within this many levels shows one colour; JPEG noise stays below it.
const ONE_COLOUR: u8 = 8;

/// A screen of one colour is black when its mean luma is below this many levels.
const BLACK: f64 = 16.0;

/// Luma of a picture: mean and standard deviation, grey levels 0 to 255.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Statistics {
    /// The mean.
    pub mean: f64,
    /// The standard deviation over all pixels.
    pub deviation: f64,
}

/// Mean and deviation of `picture`, which has at least one pixel.
pub fn statistics(picture: &Gray) -> Statistics {
    let (mut sum, mut squares) = (0_u64, 0_u64);
    for &pixel in &picture.pixels {
        sum += u64::from(pixel);
        squares += u64::from(pixel) * u64::from(pixel);
    }
    let count = picture.pixels.len() as f64;
    let mean = sum as f64 / count;
    Statistics { mean, deviation: (squares as f64 / count - mean * mean).max(0.0).sqrt() }
}

/// What makes `screen` unusable, if anything: it shows a single colour.
pub(super) fn flaw_of_screen(screen: &Picture, luma: &Gray) -> Option<Flaw> {
    let mut low = [u8::MAX; 3];
    let mut high = [0_u8; 3];
    for pixel in screen.rgb.chunks_exact(3) {
        for channel in 0..3 {
            low[channel] = low[channel].min(pixel[channel]);
            high[channel] = high[channel].max(pixel[channel]);
        }
    }
    if (0..3).any(|channel| high[channel] - low[channel] > ONE_COLOUR) {
        return None;
    }
    Some(if statistics(luma).mean < BLACK { Flaw::ScreenBlack } else { Flaw::ScreenOneColour })
}

/// What makes `anchor` unusable on a screen (or a region of it) of `width` by `height`, if anything.
pub(super) fn flaw_of_anchor(anchor: &Gray, (width, height): (usize, usize)) -> Option<Flaw> {
    if anchor.width > width || anchor.height > height {
        return Some(Flaw::AnchorTooLarge);
    }
    if anchor.width.min(anchor.height) < MIN_SIDE {
        return Some(Flaw::AnchorTooSmall);
    }
    (statistics(anchor).deviation < FLAT).then_some(Flaw::AnchorFlat)
}
