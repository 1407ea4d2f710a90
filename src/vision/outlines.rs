//! Outlines that hold a text: of a badge, of a box, the circle around a number. What stands in one is beside nothing outside of it.

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
    let is_mark = |part: &Component| {
        let (x, y) = (part.x as u32, part.y as u32);
        let marks = shapes.iter().filter(|shape| matches!(shape.form, Form::Check { .. } | Form::Radio { .. }));
        marks.map(|shape| shape.place).any(|place| x.abs_diff(place.x) <= OFF && y.abs_diff(place.y) <= OFF)
    };
    let is_frame = |at: usize| {
        let frame = &letters[at];
        let held = || letters[at + 1..].iter().take_while(|part| part.x < frame.x + frame.width);
        is_badge(frame, held()) || (is_compact(frame) && held().any(|part| surrounds(screen, frame, part)) && !is_mark(frame))
    };
    let frames: Vec<bool> = (0..letters.len()).map(is_frame).collect();
    let mut around: Vec<Option<usize>> = vec![None; letters.len()];
    for at in (0..letters.len()).filter(|&at| frames[at]) {
        let frame = &letters[at];
        let beside = (at + 1..letters.len()).take_while(|&other| letters[other].x < frame.x + frame.width);
        for other in beside.filter(|&other| letters[other].is_within(frame, 1)) {
            if around[other].is_none_or(|known| letters[known].width > frame.width) {
                around[other] = Some(at);
            }
        }
    }
    let all = letters.into_iter().zip(around).zip(frames);
    all.filter(|(_, frame)| !frame).map(|(part, _)| part).collect()
}

/// Whether `frame` is the outline of a badge around some of `held`, which begin where it does or later.
fn is_badge<'a>(frame: &Component, held: impl Iterator<Item = &'a Component>) -> bool {
    // Thin lines leave most of their box empty.
    if frame.width < 2 * frame.height || frame.area * 10 > frame.width * frame.height * 4 {
        return false;
    }
    let mut inside = held.filter(|part| part.is_within(frame, 1));
    // One is enough where letters have run into one another.
    inside.next().is_some_and(|first| first.width >= 2 * first.height || inside.next().is_some())
}

/// Whether `frame` may be a circle or a small box around a letter, by its sides alone.
fn is_compact(frame: &Component) -> bool {
    /// The widest one, in its heights: a wider one is told by its thin lines, and all that it holds may be a page.
    const WIDE: usize = 4;
    5 * frame.width >= 4 * frame.height && frame.width <= WIDE * frame.height && frame.height >= 2 * *LETTERS.start()
}

/// Whether the [compact](is_compact) `frame` is an outline in which the letter `part` stands, and no letter of which it is the hollow, as large
/// ones have: it is far from all sides, and between them there is nothing but one ground.
fn surrounds(screen: &Picture, frame: &Component, part: &Component) -> bool {
    /// How far it is from the sides, and how tall, as shares of the outline's height: 1 of so many. Strokes are thinner.
    const CLEAR: usize = 6;
    const TALL: usize = 4;
    /// The ends of the outline that are left out where grounds are compared, 1 of so many of its sides: the corners of a circle's box.
    const ENDS: usize = 7;
    /// The least share of what is left that is of the one ground. The strokes of bold narrow letters have up to 0.69.
    const LEAST: f64 = 0.72;
    /// Levels that a ground may be off: JPEG.
    const OFF: u8 = 24;
    if TALL * part.height < frame.height || !part.is_within(frame, frame.height.div_ceil(CLEAR)) {
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
