//! Outlines that hold a text: of a badge, of a box, the circle around a number. What stands in one is beside nothing outside of it.

use std::collections::HashSet;

use super::picture::Picture;
use super::shapes::{apart, pixel};
use super::strokes::{Component, LETTERS};
use crate::target::{Form, Shape};

/// `letters`, from left to right, without those that hold others: the outline of a badge is no letter, nor is the circle around a step's number.
/// Each of the others comes with the outline that it stands in, if it does.
pub(super) fn without_frames(letters: Vec<Component>, screen: &Picture, shapes: &[Shape]) -> Vec<(Component, Option<usize>)> {
    /// How far a mark may be off its outline, pixels.
    const OFF: u32 = 3;
    // What is ticked is no text.
    let marks = shapes.iter().filter(|shape| matches!(shape.form, Form::Check { .. } | Form::Radio { .. })).map(|shape| shape.place);
    let marks: HashSet<(u32, u32)> =
        marks.flat_map(|place| (0..=2 * OFF).flat_map(move |y| (0..=2 * OFF).map(move |x| (place.x + x, place.y + y)))).collect();
    let is_mark = |part: &Component| marks.contains(&(part.x as u32 + OFF, part.y as u32 + OFF));
    let frames: Vec<bool> = (0..letters.len())
        .map(|at| {
            let frame = &letters[at];
            let held = || letters[at + 1..].iter().take_while(|part| part.x < frame.x + frame.width);
            // Thin lines leave most of their box empty.
            let thin = frame.area * 10 <= frame.width * frame.height * 4;
            let mut inside = held().filter(|part| is_within(part, frame, 1));
            let first = inside.next();
            // One is enough where letters have run into one another.
            let badge = thin
                && frame.width >= 2 * frame.height
                && (inside.next().is_some() || first.is_some_and(|part| part.width >= 2 * part.height));
            badge || (!is_mark(frame) && held().any(|part| surrounds(screen, frame, part)))
        })
        .collect();
    let mut around: Vec<Option<usize>> = vec![None; letters.len()];
    for at in (0..letters.len()).filter(|&at| frames[at]) {
        let frame = &letters[at];
        let beside = (at + 1..letters.len()).take_while(|&other| letters[other].x < frame.x + frame.width);
        for other in beside.filter(|&other| is_within(&letters[other], frame, 1)) {
            if around[other].is_none_or(|known| letters[known].width > frame.width) {
                around[other] = Some(at);
            }
        }
    }
    let all = letters.into_iter().zip(around).zip(frames);
    all.filter(|(_, frame)| !frame).map(|(part, _)| part).collect()
}

/// Whether `part` is inside of `frame`, so many pixels and more from each side.
fn is_within(part: &Component, frame: &Component, clear: usize) -> bool {
    let across = part.x >= frame.x + clear && part.x + part.width + clear <= frame.x + frame.width;
    across && part.y >= frame.y + clear && part.y + part.height + clear <= frame.y + frame.height
}

/// Whether `frame` is the outline of a circle or a small box in which the letter `part` stands, and no letter of which it is the hollow, as large
/// ones have: it is far from all sides, and between them there is nothing but one ground.
fn surrounds(screen: &Picture, frame: &Component, part: &Component) -> bool {
    /// How far it is from the sides, and how tall, as shares of the outline's height: 1 of so many. Strokes are thinner.
    const CLEAR: usize = 6;
    const TALL: usize = 4;
    /// The widest outline, in its heights: a wider one is told by its thin lines, and all that it holds may be a page.
    const WIDE: usize = 4;
    /// The ends of the outline that are left out where grounds are compared, 1 of so many of its sides: the corners of a circle's box.
    const ENDS: usize = 7;
    /// The least share of what is left that is of the one ground. The strokes of bold narrow letters have up to 0.69.
    const LEAST: f64 = 0.72;
    /// Levels that a ground may be off: JPEG.
    const OFF: u8 = 24;
    let compact = 5 * frame.width >= 4 * frame.height && frame.width <= WIDE * frame.height && frame.height >= 2 * *LETTERS.start();
    if !compact || TALL * part.height < frame.height || !is_within(part, frame, frame.height.div_ceil(CLEAR)) {
        return false;
    }
    let (across, down) = (part.x + part.width / 2, part.y + part.height / 2);
    let sides = [(part.x - 2, down), (part.x + part.width + 2, down), (across, part.y - 2), (across, part.y + part.height + 2)];
    let colours = sides.map(|(x, y)| pixel(screen, x.min(screen.width - 1), y.min(screen.height - 1)));
    let like = |colour: &[u8; 3]| colours.iter().filter(|other| apart(**other, *colour) <= OFF).count();
    let Some(ground) = colours.iter().max_by_key(|colour| like(colour)).copied() else { return false };
    let (ends_across, ends_down) = (frame.width / ENDS, frame.height / ENDS);
    let (mut same, mut all) = (0, 0);
    for y in frame.y + ends_down..(frame.y + frame.height - ends_down).min(screen.height) {
        for x in frame.x + ends_across..(frame.x + frame.width - ends_across).min(screen.width) {
            same += usize::from(apart(pixel(screen, x, y), ground) <= OFF);
            all += 1;
        }
    }
    f64::from(same as u32) >= LEAST * f64::from(all)
}
