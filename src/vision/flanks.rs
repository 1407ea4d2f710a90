//! What of an anchor says something: empty flanks beside what is drawn are its surroundings, and these are laid out anew at another scale.

use super::picture::Picture;
use crate::target::Place;

/// Levels that a channel of an empty column may stray.
const EMPTY: u8 = 4;

/// Empty columns that are kept: wider than the gap between two words, so that a label which goes on is still another one.
const KEPT: usize = 12;

/// No fewer columns than this are left out.
const WORTH_IT: usize = 8;

/// The anchor less its empty flanks; none where they are narrow, or where its middle, which is what is clicked, would not be left.
pub(super) fn without_flanks(anchor: &Picture) -> Option<Place> {
    let (width, height) = (anchor.width, anchor.height);
    let stray = |x: usize, ground: &[u8]| {
        (0..height).any(|y| anchor.row(y)[3 * x..3 * x + 3].iter().zip(ground).any(|(level, ground)| level.abs_diff(*ground) > EMPTY))
    };
    let (first, last) = (&anchor.row(0)[..3], &anchor.row(0)[3 * (width - 1)..]);
    let left = (0..width).take_while(|&x| !stray(x, first)).count();
    let right = (0..width).rev().take_while(|&x| !stray(x, last)).count();
    let spared = |empty: usize| if empty >= KEPT + WORTH_IT { empty - KEPT } else { 0 };
    let (from, to) = (spared(left), width.saturating_sub(spared(right)));
    let holds_middle = 2 * from <= width && width <= 2 * to && from < to;
    let place = Place { x: from as u32, y: 0, width: to.saturating_sub(from) as u32, height: height as u32 };
    (holds_middle && (place.width as usize) < width).then_some(place)
}

/// Where `drawn`, a part of an anchor, lies in `all` of it at `scale`.
pub(super) fn part_at(scale: f64, drawn: Place, all: Place) -> Place {
    let to = |length: u32| (f64::from(length) * scale).round() as u32;
    let x = to(drawn.x).min(all.width - 1);
    Place { x, width: to(drawn.width).clamp(1, all.width - x), ..all }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A bar of ink from one column to another on paper, and what is left of it.
    fn left_of(width: usize, ink: std::ops::Range<usize>) -> Option<(u32, u32)> {
        let pixels = (0..20).flat_map(|y| (0..width).map(move |x| (x, y)));
        let rgb = pixels.flat_map(|(x, y)| if ink.contains(&x) && (6..14).contains(&y) { [20; 3] } else { [250, 252, 250] }).collect();
        without_flanks(&Picture { width, height: 20, rgb }).map(|place| (place.x, place.width))
    }

    #[test]
    fn wide_empty_flanks_are_left_out_but_for_a_margin() {
        assert_eq!(left_of(160, 15..90), Some((0, 102)));
        assert_eq!(left_of(160, 60..100), Some((48, 64)));
        assert_eq!(left_of(100, 15..90), None, "narrow ones stay");
    }

    #[test]
    fn a_part_grows_with_its_anchor_and_stays_within_it() {
        let part = |scale: f64, x: u32, width: u32, of: u32| {
            let part = part_at(scale, Place { x, y: 0, width, height: 9 }, Place { x: 0, y: 0, width: of, height: 14 });
            (part.x, part.width, part.height)
        };
        assert_eq!(part(1.5, 40, 64, 240), (60, 96, 14));
        assert_eq!(part(0.5, 41, 60, 50), (21, 29, 14));
    }

    #[test]
    fn what_would_be_clicked_stays() {
        assert_eq!(left_of(220, 15..88), None, "the middle lies in an empty flank");
        assert_eq!(left_of(160, 0..160), None);
        assert_eq!(left_of(160, 200..201), None, "nothing is drawn at all");
    }
}
