//! Letters in relief: those of a greyed out button of older programs, with a light copy a pixel aside, and titles with a shadow.

use super::luma::luma;
use super::picture::Picture;

/// Less than this share of the ink is no second copy of the letters.
const LEAST: f64 = 0.1;

/// From this share on the one side is a copy of the other.
const COPIED: f64 = 0.8;

/// What is weaker than this share of the strongest ink on its side is no letter: the ground of a title runs from one colour to another.
const WEAK: f64 = 0.3;

/// How far a copy lies aside, pixels.
const ASIDE: [(i64, i64); 10] = [(1, 1), (1, 0), (0, 1), (-1, 1), (-1, -1), (-1, 0), (0, -1), (1, -1), (2, 2), (0, 2)];

/// Clears of `inks`, which is how far each pixel of `shown` is from the `ground`, what is a copy of the letters a pixel
/// or two aside on the other side of the ground: lighter than it where they are darker, or the other way round. The letters lie over it,
/// so that all that is seen of it stands aside of a letter; of the letters that cannot be said.
pub(super) fn flatten(inks: &mut [i32], shown: &Picture, ground: [u8; 3]) {
    let middle = luma(&Picture { width: 1, height: 1, rgb: ground.to_vec() }).pixels[0];
    let shades = luma(shown).pixels;
    let mut sums = [0.0; 2];
    for (ink, shade) in inks.iter().zip(&shades) {
        sums[usize::from(*shade > middle)] += f64::from(*ink);
    }
    if sums[0].min(sums[1]) < LEAST * (sums[0] + sums[1]) {
        return;
    }
    // Each side as strong as it gets, what is weak left out.
    let side = |light: bool| -> Vec<f64> {
        let own = || inks.iter().zip(&shades).map(|(ink, shade)| if (*shade > middle) == light { *ink } else { 0 });
        let strongest = f64::from(own().max().unwrap_or(0).max(1));
        own().map(|ink| f64::from(ink) / strongest).map(|share| if share < WEAK { 0.0 } else { share }).collect()
    };
    let sides = [side(false), side(true)];
    let either: Vec<f64> = sides[0].iter().zip(&sides[1]).map(|(a, b)| a.max(*b)).collect();
    let likenesses = [0, 1].map(|copy| likeness(&sides[copy], &sides[1 - copy], &either, shown.width));
    let copy = usize::from(likenesses[1] > likenesses[0]);
    if likenesses[copy] >= COPIED {
        for (ink, shade) in inks.iter_mut().zip(&shades) {
            if usize::from(*shade > middle) == copy {
                *ink = 0;
            }
        }
    }
}

/// How much of `copy` is where `letters` are once they are moved aside, and how much of the moved letters is to be seen, in the copy or under
/// other letters, which is in `either`, whichever is less, 0 to 1. A rim around letters is where they are, and goes further.
fn likeness(copy: &[f64], letters: &[f64], either: &[f64], width: usize) -> f64 {
    let alike = |&(dx, dy): &(i64, i64)| {
        let there = moved(copy, letters, width, (-dx, -dy));
        // Hardly any text is in relief: the other way is looked at where there is something to it.
        if there < COPIED { 0.0 } else { there.min(moved(letters, either, width, (dx, dy))) }
    };
    ASIDE.iter().map(alike).fold(0.0, f64::max)
}

/// How much of `some` is in `other` where it stands once it is moved, 0 to 1.
fn moved(some: &[f64], other: &[f64], width: usize, (dx, dy): (i64, i64)) -> f64 {
    let (across, down) = (width as i64, (other.len() / width.max(1)) as i64);
    let (mut shared, mut whole) = (0.0, 0.0);
    for (y, row) in (dy..).zip(some.chunks_exact(width.max(1))) {
        for (x, ink) in (dx..).zip(row).filter(|(_, ink)| **ink > 0.0) {
            whole += ink;
            if (0..across).contains(&x) && (0..down).contains(&y) {
                shared += ink.min(other[(y * across + x) as usize]);
            }
        }
    }
    if whole > 0.0 { shared / whole } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vision::shapes::apart;

    type Colour = [u8; 3];

    const GROUND: Colour = [192; 3];
    const LETTERS: [&str; 7] = ["..#...#..", "..##..#..", "..#.#.#..", "..#..##..", "..#...#..", "..#...#..", "........."];

    /// The letters in one colour, over their copies in another.
    fn drawn(letters: Colour, copies: &[(i64, i64, Colour)]) -> Vec<Colour> {
        let (width, height) = (LETTERS[0].len() as i64, LETTERS.len() as i64);
        let is = |x: i64, y: i64| (0..width).contains(&x) && (0..height).contains(&y) && LETTERS[y as usize].as_bytes()[x as usize] == b'#';
        let colour = |place: i64| {
            let (x, y) = (place % width, place / width);
            let copy = copies.iter().find(|(dx, dy, _)| is(x - dx, y - dy)).map(|copy| copy.2);
            if is(x, y) { letters } else { copy.unwrap_or(GROUND) }
        };
        (0..width * height).map(colour).collect()
    }

    /// The inks once they are flat, and as they were.
    fn inks(colours: &[Colour]) -> (Vec<i32>, Vec<i32>) {
        let before: Vec<i32> = colours.iter().map(|colour| i32::from(apart(*colour, GROUND))).collect();
        let mut after = before.clone();
        let shown = Picture { width: LETTERS[0].len(), height: LETTERS.len(), rgb: colours.concat() };
        flatten(&mut after, &shown, GROUND);
        (after, before)
    }

    #[test]
    fn the_light_copy_of_greyed_out_letters_is_cleared_and_so_is_a_shadow() {
        for (letters, copy) in [([128; 3], [255; 3]), ([255; 3], [64; 3])] {
            let plain = inks(&drawn(letters, &[])).1;
            assert_eq!(inks(&drawn(letters, &[(1, 1, copy)])).0, plain);
        }
    }

    #[test]
    fn letters_in_two_colours_side_by_side_are_all_kept() {
        let half = |(place, colour): (usize, &Colour)| {
            if *colour != GROUND && place % LETTERS[0].len() > 4 { [255; 3] } else { *colour }
        };
        let two: Vec<Colour> = drawn([0; 3], &[]).iter().enumerate().map(half).collect();
        let (after, before) = inks(&two);
        assert_eq!(after, before);
        // Light letters with a dark rim all around are no copy a pixel aside.
        let rim: Vec<(i64, i64, Colour)> = (-1..=1).flat_map(|x| (-1..=1).map(move |y| (x, y, [0; 3]))).collect();
        let (after, before) = inks(&drawn([255; 3], &rim));
        assert_eq!(after, before);
    }
}
