//! How large text is on a screen: the measure for what is as small as a letter.

use crate::vision::components::Component;

/// The height of letters at the usual size of text, ascenders counted in where letters touch, pixels.
pub(super) const LETTER: f64 = 10.0;

/// The usual height of letters, pixels; the usual one of all screens where there is no text.
pub(super) fn letter_height(inks: &[Component]) -> f64 {
    /// Heights of letters, pixels.
    const HEIGHTS: std::ops::Range<usize> = 5..40;
    let mut count = [0_usize; HEIGHTS.end];
    for ink in inks {
        if let Some(count) = count.get_mut(ink.height() as usize - 1) {
            *count += 1;
        }
    }
    let all: usize = count[HEIGHTS].iter().sum();
    let mut below = 0;
    let middle = HEIGHTS.into_iter().find(|&height| {
        below += count[height];
        2 * below >= all
    });
    if all < 20 { LETTER } else { (middle.unwrap_or(0) as f64).clamp(LETTER, 2.2 * LETTER) }
}
