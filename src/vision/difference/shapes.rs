//! What comes by itself, told by its shape: a caret, the digits of a clock, a mouse cursor.
//!
//! In doubt it is a change. What is taken for one of these wrongly ends in a warning that an action had no effect; what is
//! taken for a change wrongly hides that it had none.

use super::super::picture::Picture;
use super::clusters::Patch;
use super::pointers::{ARROW, HAND, I_BEAM, Part, Pointer};
use crate::target::{Passing, Place};

/// A caret's width, pixels: 1 as a rule, 2 or 3 on scaled displays.
const CARET_WIDTH: u32 = 3;

/// A caret's height, pixels: from small letters to a headline.
const CARET_HEIGHTS: std::ops::RangeInclusive<u32> = 8..=40;

/// Bars of one caret that moved: where it was and where it is. Their heights and tops may differ by this many pixels; beside a
/// letter made of one stroke, which is shorter, a caret is no caret.
const SAME_LINE: u32 = 1;

/// Where a bar stands nothing else may be: levels that the ground may vary by, and the bar itself; or, if that is more, a share
/// of the contrast between them, since JPEG softens a bar's ends.
const EVEN: u8 = 40;
const EVEN_SHARE: f64 = 0.35;

/// A caret and a cursor are made to be seen: levels that their most changed pixel is off by at least.
const PLAIN_TO_SEE: u8 = 60;

/// A screen with a clock is at least so large, pixels; a smaller picture is a part of one.
const LEAST_SCREEN: (u32, u32) = (800, 600);

/// The corner in which a clock stands: width and height below, as shares of the screen's height, and their least in pixels. At
/// 1080 pixels 216 by 72, which holds the taskbar's clock and date up to a display scale of 1.5.
const CLOCK_BELOW: (f64, f64) = (0.2, 1.0 / 15.0);
const LEAST_CLOCK_BELOW: (f64, f64) = (144.0, 48.0);

/// A bar above is thinner, and web pages have titles near it: 26 pixels of 1080 at the top hold a panel's clock only.
const CLOCK_ABOVE: f64 = 26.0 / 1080.0;

/// The largest and smallest that digits of a clock and a date are together, as shares of the screen's height; pixels.
const CLOCK_SIZE: (f64, f64) = (0.12, 0.05);
const LEAST_DIGIT: u32 = 5;

/// Levels of luma between digits and their ground, before and after.
const DIGIT_CONTRAST: u8 = 40;

/// The share of a rectangle that digits fill at most.
const DIGIT_INK: f64 = 0.7;

/// The sizes of a cursor in quarters: 1, 1.25, 1.5, 2.
const CURSOR_SIZES: [usize; 4] = [4, 5, 6, 8];

/// How much of a cursor's outline or inside must have changed where its colours are not plain to see; how much of both must
/// have their colours where they are; and how much may have changed beside it.
const CURSOR_COVERED: f64 = 0.85;
const CURSOR_COLOURED: f64 = 0.85;
const CURSOR_BESIDE: f64 = 0.04;

/// Pixels by which a cursor that is told by what changed may be smaller than its outline.
const CURSOR_PLAY: usize = 2;

/// Luma of what is dark and what is light in a cursor, softened by JPEG.
const DARK: i32 = 100;
const LIGHT: i32 = 155;

/// A cursor may not show where it stands on its own colours; so much of its width and height must. A ticked box of 12 pixels is
/// less than this of an arrow's 19.
const CURSOR_SEEN: f64 = 0.75;

/// The largest patch that is worth a look, pixels to a side.
pub(super) const MOST_SIDE: u32 = 160;

/// What `patch` of a screen of `width` by `height` pixels is, if it comes by itself.
pub(super) fn passing(patch: &Patch, screen: (u32, u32)) -> Option<Passing> {
    if is_caret(patch) {
        Some(Passing::Caret)
    } else if is_cursor(patch) {
        Some(Passing::Cursor)
    } else if is_clock(patch, screen) {
        Some(Passing::Clock)
    } else {
        None
    }
}

/// One or two bars of the same height on one line, each evenly coloured and on even ground.
fn is_caret(patch: &Patch) -> bool {
    let Some(bars) = patch.pieces(2).filter(|_| patch.peak >= PLAIN_TO_SEE) else { return false };
    let Some((first, _)) = bars.first() else { return false };
    let allowed = EVEN.max((EVEN_SHARE * f64::from(patch.peak)) as u8);
    bars.iter().all(|(bar, pixels)| {
        let whole = *pixels as u64 * 10 >= u64::from(bar.width) * u64::from(bar.height) * 9;
        let shaped = bar.width <= CARET_WIDTH && CARET_HEIGHTS.contains(&bar.height) && bar.height >= 4 * bar.width;
        let same = bar.y.abs_diff(first.y) <= SAME_LINE && bar.height.abs_diff(first.height) <= SAME_LINE;
        whole && shaped && same && even(&patch.before, *bar, allowed) && even(&patch.after, *bar, allowed)
    })
}

/// Whether each column of `bar` has one shade from top to bottom.
fn even(picture: &Picture, bar: Place, allowed: u8) -> bool {
    (bar.x..bar.x + bar.width).all(|x| range(picture, Place { x, width: 1, ..bar }) <= allowed)
}

/// The largest range of any channel within `place`.
fn range(picture: &Picture, place: Place) -> u8 {
    let part = picture.crop(place);
    let of = |channel: usize| {
        let levels = || part.rgb.chunks_exact(3).map(|pixel| pixel[channel]);
        levels().max().unwrap_or(0) - levels().min().unwrap_or(0)
    };
    (0..3).map(of).max().unwrap_or(0)
}

/// Digits that gave way to others where a screen has its clock.
fn is_clock(patch: &Patch, (width, height): (u32, u32)) -> bool {
    if width < LEAST_SCREEN.0 || height < LEAST_SCREEN.1 {
        return false;
    }
    let marked = patch.marked();
    let (left, top) = (f64::from(patch.place.x + marked.x), f64::from(patch.place.y + marked.y));
    let bottom = top + f64::from(marked.height);
    let (wide, high) = (f64::from(width), f64::from(height));
    let corner = (CLOCK_BELOW.0 * high).max(LEAST_CLOCK_BELOW.0);
    let strip = (CLOCK_BELOW.1 * high).max(LEAST_CLOCK_BELOW.1);
    let there = left >= wide - corner && (top >= high - strip || bottom <= (CLOCK_ABOVE * high).max(CLOCK_ABOVE * 1080.0));
    let small = f64::from(marked.width) <= (CLOCK_SIZE.0 * high).max(96.0) && f64::from(marked.height) <= (CLOCK_SIZE.1 * high).max(40.0);
    let ink = patch.mask.iter().filter(|on| **on).count() as f64;
    let digits = marked.height >= LEAST_DIGIT
        && ink <= DIGIT_INK * f64::from(marked.width) * f64::from(marked.height)
        && [&patch.before, &patch.after].iter().all(|picture| range(picture, marked) >= DIGIT_CONTRAST);
    there && small && digits
}

/// A cursor that came or went.
fn is_cursor(patch: &Patch) -> bool {
    patch.peak >= PLAIN_TO_SEE
        && [ARROW, HAND, I_BEAM].iter().any(|rows| CURSOR_SIZES.iter().any(|quarters| fits(patch, &Pointer::at(rows, *quarters))))
}

/// Whether what changed lies within `pointer` at some place, and the pointer can be seen there, before or after.
fn fits(patch: &Patch, pointer: &Pointer) -> bool {
    let marked = patch.marked();
    let (width, height) = (i64::from(marked.width), i64::from(marked.height));
    let (wide, high) = (pointer.width as i64, pointer.height as i64);
    let seen = |length: i64, whole: i64| length as f64 >= CURSOR_SEEN * whole as f64 && length <= whole + 2;
    if !seen(width, wide) || !seen(height, high) {
        return false;
    }
    let pixels: Vec<(i64, i64)> = (0..patch.before.height as i64)
        .flat_map(|y| (0..patch.before.width as i64).map(move |x| (x, y)))
        .filter(|(x, y)| patch.is_marked(*x, *y))
        .collect();
    let stands = |left: i64, top: i64| {
        let beside = pixels.iter().filter(|(x, y)| !pointer.reaches(x - left, y - top)).count();
        beside as f64 <= CURSOR_BESIDE * pixels.len() as f64
            && (is_covered(patch, pointer, (left, top))
                || [&patch.before, &patch.after].iter().any(|one| is_coloured(one, pointer, (left, top))))
    };
    let (x, y) = (i64::from(marked.x), i64::from(marked.y));
    let starts = |start: i64, length: i64, whole: i64| (start + length - whole).min(start) - 1..=(start + length - whole).max(start) + 1;
    starts(y, height, high).any(|top| starts(x, width, wide).any(|left| stands(left, top)))
}

/// Whether the pointer's outline changed, or its inside, as far as it reaches.
fn is_covered(patch: &Patch, pointer: &Pointer, (left, top): (i64, i64)) -> bool {
    let marked = patch.marked();
    let whole = |length: u32, whole: usize| length as usize + CURSOR_PLAY >= whole;
    if !whole(marked.width, pointer.width) || !whole(marked.height, pointer.height) {
        return false;
    }
    let changed = |(x, y): (i64, i64)| AROUND.iter().any(|(dx, dy)| patch.is_marked(left + x + dx, top + y + dy));
    [Part::Outline, Part::Inside].into_iter().any(|part| share(pointer, part, changed) >= CURSOR_COVERED)
}

/// Whether a pointer with an inside is there to be seen, light in a dark outline.
fn is_coloured(picture: &Picture, pointer: &Pointer, (left, top): (i64, i64)) -> bool {
    let luma = |x: i64, y: i64| {
        let inside = x >= 0 && y >= 0 && x < picture.width as i64 && y < picture.height as i64;
        inside.then(|| {
            let at = 3 * (y as usize * picture.width + x as usize);
            (299 * i32::from(picture.rgb[at]) + 587 * i32::from(picture.rgb[at + 1]) + 114 * i32::from(picture.rgb[at + 2])) / 1000
        })
    };
    let is = |part: Part, wanted: &dyn Fn(i32) -> bool| {
        let there = |(x, y): (i64, i64)| AROUND.iter().any(|(dx, dy)| luma(left + x + dx, top + y + dy).is_some_and(wanted));
        let exactly = |(x, y): (i64, i64)| luma(left + x, top + y).is_some_and(wanted);
        // An outline is one pixel wide, and softened; the inside is not.
        let share = if part == Part::Inside { share(pointer, part, exactly) } else { share(pointer, part, there) };
        share >= CURSOR_COLOURED
    };
    is(Part::Inside, &|luma| luma >= LIGHT) && is(Part::Outline, &|luma| luma <= DARK)
}

/// A pixel and its four neighbours.
const AROUND: [(i64, i64); 5] = [(0, 0), (1, 0), (-1, 0), (0, 1), (0, -1)];

/// The share of the pixels of `part` for which `is` holds; 0 when there are none.
fn share(pointer: &Pointer, part: Part, is: impl Fn((i64, i64)) -> bool) -> f64 {
    let (mut all, mut hit) = (0_usize, 0_usize);
    for at in pointer.of(part) {
        all += 1;
        hit += usize::from(is(at));
    }
    if all == 0 { 0.0 } else { hit as f64 / all as f64 }
}
