//! Whether a flat area is a rectangle with edges all around, how thick its border is, and what colours it has.

use crate::target::{Form, Place, Shape};
use crate::vision::components::Component;
use crate::vision::picture::Picture;

/// The narrowest and the lowest widget, its border included, pixels.
const LEAST: u32 = 10;

/// The least share of its bounding box that an area fills, holes left out of account: round ends of a widget half as wide again
/// as it is high leave 0.86.
const LEAST_FILLED: f64 = 0.85;

/// The least share of a side, its corners left out, along which colours change.
const LEAST_EDGE: f64 = 0.85;

/// The least share of a side along which the area goes on inwards: else it is but a line around something.
const LEAST_DEEP: f64 = 0.5;

/// How far inwards, pixels.
const DEEP: i32 = 3;

/// The thickest border, pixels.
const THICKEST: usize = 4;

/// Lines of one colour outside that are surroundings and no longer border.
const CALM: usize = 3;

/// Places looked at along a side, at most.
const SAMPLES: usize = 48;

/// A colour: red, green, blue.
type Colour = [u8; 3];

/// The four sides.
const SIDES: [Side; 4] = [Side::Left, Side::Top, Side::Right, Side::Bottom];

#[derive(Clone, Copy, PartialEq)]
enum Side {
    Left,
    Top,
    Right,
    Bottom,
}

/// The outermost pixels of a flat area.
#[derive(Clone, Copy)]
struct Inside {
    left: u32,
    top: u32,
    right: u32,
    bottom: u32,
}

/// What a side looks like.
struct Edge {
    /// Share of it along which colours change.
    clear: f64,
    /// Lines that belong to the shape beyond the flat area.
    lines: u32,
    /// The lines are of a colour of their own.
    own: bool,
    /// Nothing lies beyond: the picture ends.
    last: bool,
}

/// The widget or panel whose inside `flat` is, if it is one; `flat` is measured in blocks of two by two pixels.
/// Colours that are `step` levels apart differ.
pub(super) fn rectangle(screen: &Picture, step: u8, flat: &Component) -> Option<Shape> {
    let inside = Inside { left: flat.left, top: flat.top, right: flat.right + 1, bottom: flat.bottom + 1 };
    let (width, height) = (inside.right - inside.left + 1, inside.bottom - inside.top + 1);
    let boxed = u64::from(flat.width()) * u64::from(flat.height());
    // Where parts were joined a block may be counted twice.
    let filled = (flat.spans as f64 / boxed as f64).min(1.0);
    if filled < LEAST_FILLED {
        return None;
    }
    let across = |side: Side| matches!(side, Side::Left | Side::Right);
    let ends = SIDES.map(|side| inside.at(screen, side, 0, 1).is_none());
    // What reaches from one end of the screen to the other is a band of the page.
    if (ends[0] && ends[2]) || (ends[1] && ends[3]) {
        return None;
    }
    let mut edges = Vec::with_capacity(SIDES.len());
    for side in SIDES {
        let (start, length, corner) =
            if across(side) { (inside.top, height, height / 3) } else { (inside.left, width, (height / 2).min(width / 3)) };
        edges.push(edge(screen, step, inside, side, start + corner, length - 2 * corner)?);
    }
    let [left, top, right, bottom] = [&edges[0], &edges[1], &edges[2], &edges[3]];
    let place = Place {
        x: inside.left - left.lines,
        y: inside.top - top.lines,
        width: width + left.lines + right.lines,
        height: height + top.lines + bottom.lines,
    };
    if place.width < LEAST || place.height < LEAST {
        return None;
    }
    let (seen, own) = (edges.iter().filter(|edge| !edge.last).count(), edges.iter().filter(|edge| edge.own).count());
    let form = if own >= 2.min(seen) { Form::Bordered } else { Form::Filled };
    let (ground, around) = (ground(screen, inside), around(screen, place));
    let clear = edges.iter().map(|edge| edge.clear).fold(1.0, f64::min);
    Some(Shape { place, form, ground, around, sureness: clear * filled })
}

/// One side, from `start` over `length` pixels; none where it is no edge.
fn edge(screen: &Picture, step: u8, inside: Inside, side: Side, start: u32, length: u32) -> Option<Edge> {
    if inside.at(screen, side, 0, 1).is_none() {
        return Some(Edge { clear: 1.0, lines: 0, own: false, last: true });
    }
    let count = (length as usize).clamp(1, SAMPLES);
    let (mut clear, mut deep) = (0, 0);
    let mut steps = [0; THICKEST + CALM + 1];
    let mut profiles = Vec::with_capacity(count);
    for sample in 0..count {
        let along = start + (sample * length as usize / count) as u32;
        let colour = |out: i32| inside.at(screen, side, along, out).map(|(x, y)| pixel(screen, x, y));
        let Some(own) = colour(0) else { continue };
        let differs = |a: i32, b: i32| colour(a).zip(colour(b)).is_some_and(|(a, b)| apart(a, b) >= step);
        clear += usize::from(differs(0, 1) || differs(0, 2));
        deep += usize::from((0..DEEP).all(|depth| !differs(-depth, -depth - 1)));
        let mut profile = [own; THICKEST + CALM + 1];
        for out in 1..profile.len() {
            profile[out] = colour(out as i32).unwrap_or(profile[out - 1]);
            steps[out] += usize::from(apart(profile[out], profile[out - 1]) >= step);
        }
        profiles.push(profile);
    }
    let share = |part: usize| part as f64 / count as f64;
    if share(clear) < LEAST_EDGE || share(deep) < LEAST_DEEP {
        return None;
    }
    // The border ends where some lines of one colour follow.
    let calm = |lines: &usize| steps[lines + 2..=lines + CALM].iter().all(|&step| share(step) < 0.3);
    let lines = (0..=THICKEST).find(calm).unwrap_or(0);
    let own = profiles.iter().filter(|profile| stands_out(&profile[..=lines + 1], step)).count();
    let own = lines > 0 && share(own) >= 0.5;
    let lines = if own || lines == 0 {
        lines
    } else {
        // What is only between the two colours is the smoothed end of the nearer one.
        let nearer = |profile: &[Colour; THICKEST + CALM + 1]| {
            (1..=lines).filter(|&line| apart(profile[line], profile[0]) < apart(profile[line], profile[lines + 1])).count()
        };
        (profiles.iter().map(nearer).sum::<usize>() + count / 2) / count
    };
    Some(Edge { clear: share(clear), lines: lines as u32, own, last: false })
}

/// Whether a line between the first and the last colour is of a colour that doesn't lie between them.
fn stands_out(profile: &[Colour], step: u8) -> bool {
    let [first, lines @ .., last] = profile else { return false };
    lines.iter().any(|line| {
        (0..3).any(|channel| {
            let (low, high) = (first[channel].min(last[channel]), first[channel].max(last[channel]));
            line[channel].saturating_add(step) <= low || line[channel] >= high.saturating_add(step)
        })
    })
}

impl Inside {
    /// The pixel `out` lines beyond a side, `along` counted from the edge of the screen; none beyond the picture.
    fn at(self, screen: &Picture, side: Side, along: u32, out: i32) -> Option<(usize, usize)> {
        let (along, out) = (i64::from(along), i64::from(out));
        let (x, y) = match side {
            Side::Left => (i64::from(self.left) - out, along),
            Side::Right => (i64::from(self.right) + out, along),
            Side::Top => (along, i64::from(self.top) - out),
            Side::Bottom => (along, i64::from(self.bottom) + out),
        };
        let (x, y) = (usize::try_from(x).ok()?, usize::try_from(y).ok()?);
        (x < screen.width && y < screen.height).then_some((x, y))
    }
}

/// The colour at `x`, `y`, which lie within the picture.
pub(in crate::vision) fn pixel(screen: &Picture, x: usize, y: usize) -> Colour {
    let at = 3 * (y * screen.width + x);
    [screen.rgb[at], screen.rgb[at + 1], screen.rgb[at + 2]]
}

/// The largest difference of a channel, levels.
pub(in crate::vision) fn apart(a: Colour, b: Colour) -> u8 {
    a[0].abs_diff(b[0]).max(a[1].abs_diff(b[1])).max(a[2].abs_diff(b[2]))
}

/// The most frequent colour of a lattice of places inside.
fn ground(screen: &Picture, inside: Inside) -> Colour {
    /// Places in a row and in a column.
    const LATTICE: u32 = 16;
    let step = |low: u32, high: u32, at: u32| (low + (high - low) * (2 * at + 1) / (2 * LATTICE)) as usize;
    let mut colours = Vec::with_capacity((LATTICE * LATTICE) as usize);
    for row in 0..LATTICE {
        for column in 0..LATTICE {
            let (x, y) = (step(inside.left, inside.right, column), step(inside.top, inside.bottom, row));
            colours.push(pixel(screen, x, y));
        }
    }
    most_frequent(colours)
}

/// The most frequent colour two pixels beyond `place`; black where nothing lies beyond.
pub(super) fn around(screen: &Picture, place: Place) -> Colour {
    /// Places along each side.
    const PLACES: u32 = 12;
    let inside = Inside { left: place.x, top: place.y, right: place.x + place.width - 1, bottom: place.y + place.height - 1 };
    let mut colours = Vec::with_capacity(4 * PLACES as usize);
    for side in SIDES {
        let (start, length) = if matches!(side, Side::Left | Side::Right) { (place.y, place.height) } else { (place.x, place.width) };
        for at in 0..PLACES {
            let along = start + length * (2 * at + 1) / (2 * PLACES);
            colours.extend(inside.at(screen, side, along, 2).map(|(x, y)| pixel(screen, x, y)));
        }
    }
    most_frequent(colours)
}

/// The most frequent colour; black where there is none.
pub(super) fn most_frequent(mut colours: Vec<Colour>) -> Colour {
    colours.sort_unstable();
    colours.chunk_by(|a, b| a == b).max_by_key(|alike| alike.len()).map_or([0; 3], |alike| alike[0])
}
