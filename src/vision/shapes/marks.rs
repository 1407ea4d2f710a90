//! Check boxes and radio buttons: small squares and circles, told by their outline alone.

use super::edges::Edges;
use super::lattice::Lattice;
use super::rectangles::{apart, around, most_frequent, pixel};
use crate::target::{Form, Place, Shape};
use crate::vision::components::Component;
use crate::vision::picture::Picture;

/// The smallest of them, pixels.
pub(super) const LEAST: u32 = 10;

/// The largest one where letters have their usual size, pixels.
pub(super) const MOST: f64 = 20.0;

/// How round the corners of a square may be: their radius as a share of the side. That of a circle is a half.
const SQUARE: [f64; 4] = [0.0, 0.1, 0.2, 0.25];

/// How far the outline may be off a square or a circle on average: pixels, and share of the side.
const OFF: (f64, f64) = (0.3, 0.015);

/// Whether `ink`, which is measured in blocks, is about a square that is large enough for a check box and has at most `most` pixels
/// a side.
pub(super) fn is_square(ink: &Component, most: u32) -> bool {
    let side = ink.width().max(ink.height()) - 1;
    (LEAST..=most).contains(&side) && ink.width().abs_diff(ink.height()) <= 1 + side / 20
}

/// The check box or radio button whose outline the [square](is_square) `ink` is, if it is one.
pub(super) fn mark(screen: &Picture, edges: &Edges, ink: &Component) -> Option<Shape> {
    // The first steep block of a side holds a pixel outside and one inside.
    let (width, height) = (ink.width() - 1, ink.height() - 1);
    let side = width.max(height);
    let place = Place { x: ink.left + 1, y: ink.top + 1, width, height };
    let outline = Outline::new(edges, ink)?;
    let off_square = SQUARE.into_iter().map(|corner| outline.off(corner)).fold(f64::MAX, f64::min);
    let off_circle = outline.off(0.5);
    if off_square.min(off_circle) > OFF.0 + OFF.1 * f64::from(side) {
        return None;
    }
    let circle = off_circle < off_square;
    let (marked, ground) = inside(screen, edges, place, circle);
    let fits = match (marked, circle) {
        (false, _) => bordered(screen, edges.step, place, ground),
        (true, false) => ring(screen, edges.step, place, None),
        (true, true) => dot(screen, edges.step, place).is_some_and(|dot| ring(screen, edges.step, place, Some(dot))),
    };
    let around = around(screen, place);
    if !fits || !is_closed(screen, edges.step, place, around) {
        return None;
    }
    let form = if circle { Form::Radio { marked } } else { Form::Check { marked } };
    // An icon with a square outline looks like a check box with something in it.
    let sureness = if form == (Form::Check { marked: true }) { 0.65 } else { 0.85 };
    Some(Shape { place, form, ground, around, sureness })
}

/// Whether the outline `ink` is a part of something else: of a word, where another one is as near as the next letter; or of a
/// drawing or a switch, where another one of little more size lies around it and not evenly; or of a thick line, whose other side
/// is the outline.
pub(super) fn is_part(ink: &Component, index: usize, inks: &[Component], lattice: &Lattice) -> bool {
    /// The thickest line of an outline, pixels.
    const THICK: u32 = 4;
    let height = ink.height();
    let near = height / 5;
    let area = Component { left: ink.left.saturating_sub(near), right: ink.right + near, ..*ink };
    let mut found = false;
    lattice.visit(&area, |index_beside| {
        let beside = &inks[index_beside];
        if index_beside == index {
            return;
        }
        let gap = beside.left.saturating_sub(ink.right).max(ink.left.saturating_sub(beside.right));
        let shared = (ink.bottom.min(beside.bottom) + 1).saturating_sub(ink.top.max(beside.top));
        let letter = (1..=near).contains(&gap) && 5 * shared >= 2 * height && 2 * beside.height() <= 5 * height;
        let around = beside.left <= ink.left && beside.right >= ink.right && beside.top <= ink.top && beside.bottom >= ink.bottom;
        let small = beside.height() <= 2 * height && 2 * beside.width() <= 7 * ink.width();
        let aside =
            (beside.left + beside.right).abs_diff(ink.left + ink.right).max((beside.top + beside.bottom).abs_diff(ink.top + ink.bottom));
        let margin = (ink.left.saturating_sub(beside.left)).max(beside.right.saturating_sub(ink.right));
        found |= letter || around && small && (2 * aside > height || margin <= THICK);
    });
    found
}

/// Whether a line of the small rectangle at `place` goes on beyond it: then it is the hollow of a letter or part of a drawing.
/// What is part of a table or a panel is too large to be among `inks`.
pub(super) fn goes_on(place: Place, inks: &[Component], lattice: &Lattice) -> bool {
    /// How far a line may go on, pixels.
    const PLAY: u32 = 3;
    let (right, bottom) = (place.x + place.width, place.y + place.height);
    let area = Component { left: place.x, top: place.y, right: right - 1, bottom: bottom - 1, area: 0, spans: 0 };
    let mut found = false;
    lattice.visit(&area, |ink| {
        let ink = &inks[ink];
        let touches = ink.left < right && ink.right >= place.x && ink.top < bottom && ink.bottom >= place.y;
        let beyond = ink.left + PLAY < place.x || ink.top + PLAY < place.y || ink.right > right + PLAY || ink.bottom > bottom + PLAY;
        // What lies wholly around it at a distance is a frame of its own.
        let apart = ink.left + PLAY < place.x && ink.top + PLAY < place.y && ink.right > right + PLAY && ink.bottom > bottom + PLAY;
        found |= touches && beyond && !apart;
    });
    found
}

/// What the small rectangle `shape` is: an empty square with a border is a check box, what is no square is a drawing.
pub(super) fn small(screen: &Picture, edges: &Edges, shape: Shape) -> Shape {
    let Place { width, height, .. } = shape.place;
    if is_cell(edges, shape.place) {
        return shape;
    }
    if width.abs_diff(height) > 1 + width.max(height) / 8 {
        return Shape { form: Form::Icon, sureness: 0.5 * shape.sureness, ..shape };
    }
    if shape.form == Form::Bordered && width.abs_diff(height) <= 1 && !inside(screen, edges, shape.place, false).0 {
        return Shape { form: Form::Check { marked: false }, ..shape };
    }
    shape
}

/// Whether the lines around `place` go on beyond most of its corners, as those of a table do.
fn is_cell(edges: &Edges, place: Place) -> bool {
    /// How far beyond it is looked, pixels.
    const BEYOND: i64 = 4;
    let (left, top) = (i64::from(place.x), i64::from(place.y));
    let (right, bottom) = (left + i64::from(place.width) - 1, top + i64::from(place.height) - 1);
    let steep = |x: i64, y: i64| usize::try_from(x).ok().zip(usize::try_from(y).ok()).is_some_and(|(x, y)| edges.steep(x, y));
    // A line lies in the blocks that begin at it, and in those before.
    let line = |x: i64, y: i64| steep(x, y) || steep(x - 1, y - 1);
    let across = [left - BEYOND, right + BEYOND].into_iter().flat_map(|x| [(x, top), (x, bottom)]);
    let down = [top - BEYOND, bottom + BEYOND].into_iter().flat_map(|y| [(left, y), (right, y)]);
    across.chain(down).filter(|(x, y)| line(*x, *y)).count() >= 4
}

/// How many flat blocks lie before the first steep one, from each side, for each row or column.
struct Outline {
    depths: [Vec<f64>; 4],
}

impl Outline {
    /// None where a row or a column is flat throughout.
    fn new(edges: &Edges, ink: &Component) -> Option<Self> {
        let (left, right, top, bottom) = (ink.left as usize, ink.right as usize, ink.top as usize, ink.bottom as usize);
        let mut depths = [const { Vec::new() }; 4];
        for y in top..=bottom {
            depths[0].push((left..=right).position(|x| edges.steep(x, y))? as f64);
            depths[1].push((left..=right).rev().position(|x| edges.steep(x, y))? as f64);
        }
        for x in left..=right {
            depths[2].push((top..=bottom).position(|y| edges.steep(x, y))? as f64);
            depths[3].push((top..=bottom).rev().position(|y| edges.steep(x, y))? as f64);
        }
        Some(Self { depths })
    }

    /// How far the depths are on average off those of a square with round corners, whose radius is the share `corner` of its
    /// side; blocks.
    fn off(&self, corner: f64) -> f64 {
        /// A depth that is off by more is off by so much, blocks: the ends of a bow are steep.
        const MOST: f64 = 3.0;
        let (mut sum, mut count) = (0.0, 0);
        for side in &self.depths {
            let radius = corner * (side.len() - 1) as f64;
            for (at, depth) in side.iter().enumerate() {
                // A block has two rows of pixels; the one nearer to the middle is the longer one.
                let from_end = at.min(side.len() - 1 - at) as f64 + 1.0;
                let along = (radius - from_end).max(0.0);
                let bow = radius - (radius * radius - along * along).sqrt();
                sum += (depth - bow).abs().min(MOST);
                count += 1;
            }
        }
        sum / f64::from(count.max(1))
    }
}

/// Whether something is drawn inside, and the most frequent colour there. The outline is left out, and what follows its bow.
fn inside(screen: &Picture, edges: &Edges, place: Place, circle: bool) -> (bool, [u8; 3]) {
    let margin = (place.width.min(place.height) / 5).max(3);
    let (columns, rows) = (place.x + margin..place.x + place.width - margin, place.y + margin..place.y + place.height - margin);
    let (middle_x, middle_y) = (f64::from(place.x) + f64::from(place.width) / 2.0, f64::from(place.y) + f64::from(place.height) / 2.0);
    let radius = f64::from(place.width.min(place.height)) / 2.0 - f64::from(margin);
    let (mut steep, mut count, mut colours) = (0, 0, Vec::new());
    for y in rows {
        for x in columns.clone() {
            let from_middle = (f64::from(x) + 0.5 - middle_x).hypot(f64::from(y) + 0.5 - middle_y);
            if circle && from_middle > radius {
                continue;
            }
            let (x, y) = (x as usize, y as usize);
            steep += usize::from(edges.steep(x, y));
            count += 1;
            colours.push(pixel(screen, x, y));
        }
    }
    (20 * steep >= count, most_frequent(colours))
}

/// Levels that pixels of one thing may be apart, since it is thin and smoothed, or shaded.
fn play(step: u8) -> u8 {
    (2 * step).max(24)
}

/// Whether a line of one colour runs between the outline and what is drawn inside: a square one, or a ring of another colour
/// than `dot`. Where a drawing goes on to the outline there is none.
fn ring(screen: &Picture, step: u8, place: Place, dot: Option<[u8; 3]>) -> bool {
    /// Places along the line.
    const PLACES: u32 = 24;
    /// The least share of them that has its colour.
    const EVEN: f64 = 0.8;
    let play = play(step);
    let (width, height) = (f64::from(place.width), f64::from(place.height));
    (1..=place.width / 4).any(|inset| {
        let (across, down) = (width / 2.0 - f64::from(inset) - 0.5, height / 2.0 - f64::from(inset) - 0.5);
        let colours: Vec<[u8; 3]> = (0..PLACES)
            .map(|at| {
                let (sine, cosine) = (f64::from(at) * std::f64::consts::TAU / f64::from(PLACES)).sin_cos();
                // The square around the circle, but for its corners, which may be round.
                let stretch = if dot.is_some() { 1.0 } else { 1.0 / sine.abs().max(cosine.abs()).max(0.8) };
                let (x, y) = (width / 2.0 + across * cosine * stretch, height / 2.0 + down * sine * stretch);
                pixel(screen, place.x as usize + x as usize, place.y as usize + y as usize)
            })
            .collect();
        let colour = most_frequent(colours.clone());
        // Around a dot the ring is thin, and smoothed on both sides: what counts is that it is none of the dot.
        let of_it = |other: &&[u8; 3]| dot.map_or(apart(**other, colour) < play, |dot| apart(**other, dot) >= 2 * play);
        let even = colours.iter().filter(of_it).count();
        even as f64 >= EVEN * f64::from(PLACES) && dot.is_none_or(|dot| apart(dot, colour) >= play)
    })
}

/// The colour of the middle, if it is the same for some pixels: a digit or a sign is thinner.
fn dot(screen: &Picture, step: u8, place: Place) -> Option<[u8; 3]> {
    let (x, y) = ((place.x + place.width / 2) as usize, (place.y + place.height / 2) as usize);
    let (middle, play) = (pixel(screen, x, y), play(step));
    let even = (y - 1..=y + 1).all(|y| (x - 1..=x + 1).all(|x| apart(pixel(screen, x, y), middle) < play));
    even.then_some(middle)
}

/// Whether something other than what is `around` runs along the middle of each side: a drawing that is open at one is no box.
fn is_closed(screen: &Picture, step: u8, place: Place, around: [u8; 3]) -> bool {
    let (x, y) = (place.x as usize, place.y as usize);
    let (width, height) = (place.width as usize, place.height as usize);
    // The outermost pixel may be smoothed away, and a circle curves off.
    let drawn = |at: &dyn Fn(usize) -> (usize, usize)| {
        (0..=2).any(|inset| {
            let (x, y) = at(inset);
            apart(pixel(screen, x, y), around) >= step
        })
    };
    let middle = |length: usize| 3 * length / 8..(5 * length).div_ceil(8);
    let most = |sides: Vec<bool>| 3 * sides.iter().filter(|drawn| **drawn).count() >= 2 * sides.len();
    most(middle(height).map(|row| drawn(&|inset| (x + inset, y + row))).collect())
        && most(middle(height).map(|row| drawn(&|inset| (x + width - 1 - inset, y + row))).collect())
        && most(middle(width).map(|column| drawn(&|inset| (x + column, y + inset))).collect())
        && most(middle(width).map(|column| drawn(&|inset| (x + column, y + height - 1 - inset))).collect())
}

/// Whether the outermost pixels in the middle of at least three sides are of another colour than `ground`.
fn bordered(screen: &Picture, step: u8, place: Place, ground: [u8; 3]) -> bool {
    let (x, y) = (place.x as usize, place.y as usize);
    let (right, bottom) = (x + place.width as usize - 1, y + place.height as usize - 1);
    let (middle_x, middle_y) = (usize::midpoint(x, right), usize::midpoint(y, bottom));
    let outermost = [(x, middle_y), (right, middle_y), (middle_x, y), (middle_x, bottom)];
    outermost.iter().filter(|(x, y)| apart(pixel(screen, *x, *y), ground) >= step).count() >= 3
}
