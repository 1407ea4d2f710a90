//! Whether a picture has anything on it that could be found.

use super::picture::{Gray, Picture};
use crate::target::{Flaw, Side};

/// An anchor whose luma deviates by less than this many grey levels is flat.
pub(super) const FLAT: f64 = 3.0;

/// An anchor shorter than this on a side, in pixels, is too small to be told from its surroundings.
pub(super) const MIN_SIDE: usize = 8;

/// A screen whose channels each stay within this many levels shows one colour; JPEG noise stays below it.
const ONE_COLOUR: u8 = 8;

/// A screen of one colour is black when its mean luma is below this many levels.
const BLACK: u8 = 16;

/// An anchor that looks the same this many pixels further on cannot be placed where its surroundings go on in the same way.
pub(super) const MOST_STEP: usize = 8;

/// Levels that belong to one shade: JPEG noise stays below it.
const ONE_SHADE: u8 = 12;

/// One pixel in so many may differ in what looks the same.
const SAME_BUT_ONE_IN: usize = 1000;

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
    // Most screens show so within their first rows.
    for y in 0..screen.height {
        for pixel in screen.row(y).chunks_exact(3) {
            for channel in 0..3 {
                low[channel] = low[channel].min(pixel[channel]);
                high[channel] = high[channel].max(pixel[channel]);
            }
        }
        if (0..3).any(|channel| high[channel] - low[channel] > ONE_COLOUR) {
            return None;
        }
    }
    Some(if statistics(luma).mean < f64::from(BLACK) { Flaw::ScreenBlack } else { Flaw::ScreenOneColour })
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

/// The smallest step to the right (first) or down, up to `most` pixels, after which `anchor` looks the same again.
pub(super) fn repeats(anchor: &Gray, most: usize) -> Option<(usize, usize)> {
    let same = |dx: usize, dy: usize| {
        let (width, height) = (anchor.width - dx, anchor.height - dy);
        let mut left = width * height / SAME_BUT_ONE_IN;
        (0..height).all(|y| {
            let (line, other) = (&anchor.row(y)[..width], &anchor.row(y + dy)[dx..]);
            let off = line.iter().zip(other).filter(|(a, b)| a.abs_diff(**b) > ONE_SHADE).count();
            let enough = off <= left;
            left = left.saturating_sub(off);
            enough
        })
    };
    let steps = 1..=most;
    steps.into_iter().find_map(|step| {
        let right = (step < anchor.width / 2 && same(step, 0)).then_some((step, 0));
        right.or_else(|| (step < anchor.height / 2 && same(0, step)).then_some((0, step)))
    })
}

/// The edges of `anchor` along which its luma varies: letters or icons that go on beyond it.
pub(super) fn clipped(anchor: &Gray) -> Vec<Side> {
    /// A line whose luma deviates by more than this many levels is no plain ground or border.
    const VARIED: f64 = 12.0;
    let (right, bottom) = (anchor.width - 1, anchor.height - 1);
    let column = |x: usize| (0..anchor.height).map(|y| anchor.row(y)[x]).collect::<Vec<u8>>();
    let lines = [
        (Side::Left, column(0)),
        (Side::Top, anchor.row(0).to_vec()),
        (Side::Right, column(right)),
        (Side::Bottom, anchor.row(bottom).to_vec()),
    ];
    let varied = |pixels: Vec<u8>| statistics(&Gray { width: pixels.len(), height: 1, pixels }).deviation > VARIED;
    lines.into_iter().filter_map(|(side, line)| varied(line).then_some(side)).collect()
}

/// What makes `screen` one that shows nothing to work with though it is of more than one colour, if anything: a pointer or a clock on
/// black or on one shade, as of a locked or disconnected session. A window, or a bar along an edge, covers more of a screen.
pub(super) fn vacancy(screen: &Gray) -> Option<Flaw> {
    /// One pixel in so many may be lit on a black screen, and another shade on one of another shade.
    const LIT_ONE_IN: usize = 100;
    const OTHER_ONE_IN: usize = 40;
    /// Pixels that are counted before it is asked whether it can be either still.
    const AT_A_TIME: usize = 1 << 16;
    let few = |count: usize, one_in: usize| count <= screen.pixels.len() / one_in;
    let (mut seen, mut levels) = (0, [0_usize; 256]);
    let mut found = None;
    for pixels in screen.pixels.chunks(AT_A_TIME) {
        for &level in pixels {
            levels[usize::from(level)] += 1;
        }
        seen += pixels.len();
        let lit = levels[usize::from(BLACK)..].iter().sum();
        let shade = levels.windows(usize::from(ONE_SHADE)).map(|levels| levels.iter().sum()).max().unwrap_or(0_usize);
        let vacant = few(seen - shade, OTHER_ONE_IN).then_some(Flaw::ScreenVacant);
        found = if few(lit, LIT_ONE_IN) { Some(Flaw::ScreenBlack) } else { vacant };
        // What is too much stays so, whatever follows.
        if found.is_none() {
            break;
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vision::luma;

    fn plain(width: usize, height: usize, pixel: [u8; 3]) -> Picture {
        Picture { width, height, rgb: pixel.repeat(width * height) }
    }

    fn screen(picture: &Picture) -> Option<Flaw> {
        flaw_of_screen(picture, &luma(picture))
    }

    #[test]
    fn black_and_plain_screens_are_told_from_usable_ones() {
        assert_eq!(screen(&plain(9, 9, [2, 2, 3])), Some(Flaw::ScreenBlack));
        assert_eq!(screen(&plain(9, 9, [30, 60, 200])), Some(Flaw::ScreenOneColour));
        let mut cursor = plain(9, 9, [2, 2, 3]);
        cursor.rgb[50] = 40;
        assert_eq!(screen(&cursor), None);
    }

    #[test]
    fn anchors_that_prove_nothing_are_refused() {
        let gray = |width: usize, height: usize, far: u8| Gray {
            width,
            height,
            pixels: (0..width * height).map(|at| 100 + (at * at % 23 % 8) as u8 * (far / 4)).collect(),
        };
        assert_eq!(flaw_of_anchor(&gray(20, 20, 4), (50, 50)), Some(Flaw::AnchorFlat));
        assert_eq!(flaw_of_anchor(&gray(20, 20, 60), (50, 50)), None);
        assert_eq!(flaw_of_anchor(&gray(20, 7, 90), (50, 50)), Some(Flaw::AnchorTooSmall));
        assert_eq!(flaw_of_anchor(&gray(20, 20, 90), (50, 19)), Some(Flaw::AnchorTooLarge));
    }

    #[test]
    fn rules_stripes_and_grids_cannot_be_placed_and_what_has_an_end_can() {
        let drawn = |pixel: &dyn Fn(usize, usize) -> u8| Gray {
            width: 60,
            height: 40,
            pixels: (0..2400).map(|at| pixel(at % 60, at / 60)).collect(),
        };
        let step = |pixel: &dyn Fn(usize, usize) -> u8| repeats(&drawn(pixel), MOST_STEP);
        assert_eq!(step(&|_, y| if y == 20 { 0 } else { 250 }), Some((1, 0)));
        assert_eq!(step(&|x, _| if x % 5 == 0 { 0 } else { 250 }), Some((0, 1)));
        assert_eq!(step(&|x, y| if (x / 4 + y / 4) % 2 == 0 { 0 } else { 250 }), Some((8, 0)));
        // A field is white all over, but it has ends.
        assert_eq!(step(&|x, y| if x == 2 || x == 57 || y == 2 || y == 37 { 90 } else { 255 }), None);
        assert_eq!(repeats(&drawn(&|x, y| if x % 20 == 0 || y == 7 { 0 } else { 250 }), 30), Some((20, 0)));
    }

    #[test]
    fn letters_that_go_on_beyond_an_edge_are_cut_off_there() {
        let mut anchor = Gray { width: 40, height: 20, pixels: vec![240; 800] };
        (5..15).for_each(|y| anchor.pixels[y * 40 + 10..y * 40 + 30].fill(20));
        assert_eq!(clipped(&anchor), []);
        (8..12).for_each(|y| anchor.pixels[y * 40 + 30..y * 40 + 40].fill(20));
        assert_eq!(clipped(&anchor), [Side::Right]);
        (0..20).for_each(|y| anchor.pixels[y * 40 + 17] = 20);
        assert_eq!(clipped(&anchor), [Side::Top, Side::Right, Side::Bottom]);
    }

    #[test]
    fn a_pointer_on_black_or_a_clock_on_one_shade_is_next_to_nothing() {
        let with = |ground: u8, others: usize| {
            let mut screen = Gray { width: 100, height: 50, pixels: vec![ground; 5000] };
            screen.pixels[..others].fill(255);
            vacancy(&screen)
        };
        assert_eq!(with(3, 50), Some(Flaw::ScreenBlack));
        assert_eq!(with(3, 51), Some(Flaw::ScreenVacant));
        assert_eq!(with(90, 125), Some(Flaw::ScreenVacant));
        assert_eq!(with(90, 126), None);
    }

    #[test]
    fn mean_and_deviation_of_known_pixels() {
        let facts = statistics(&Gray { width: 4, height: 1, pixels: vec![2, 4, 4, 6] });
        assert!((facts.mean - 4.0).abs() < 1e-12 && (facts.deviation - 2.0_f64.sqrt()).abs() < 1e-12);
    }
}
