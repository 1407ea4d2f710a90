//! Icons: compact groups of ink that stand alone. What stands in a line with others of its height is a letter or a word.

use super::lattice::Lattice;
use super::letters::LETTER;
use super::rectangles::{around, most_frequent, pixel};
use crate::target::{Form, Place, Shape};
use crate::vision::components::Component;
use crate::vision::picture::Picture;

/// The largest icon where letters have their usual size, pixels.
const MOST: f64 = 64.0;

/// The least height of an icon, in heights of letters; capitals and digits are lower.
const LEAST: f64 = 1.2;

/// The shorter side of an icon as a share of the longer one, at least.
const COMPACT: f64 = 0.6;

/// The icons among those of `inks` that are `free`, that is, no outlines of other shapes. They are measured in blocks; `letter` is
/// the usual height of letters, pixels.
pub(super) fn icons(screen: &Picture, inks: &[Component], free: impl Fn(&Component) -> bool, letter: f64) -> Vec<Shape> {
    let lattice = Lattice::new(screen, inks);
    let drawn: Vec<Component> = inks.iter().filter(|ink| free(ink)).copied().collect();
    let most = MOST * letter / LETTER;
    let mut shapes = Vec::new();
    for group in groups(screen, &drawn, (letter / 5.0).round() as u32) {
        let (width, height) = (group.width() - 1, group.height() - 1);
        let (short, long) = (f64::from(width.min(height)), f64::from(width.max(height)));
        if f64::from(height) < LEAST * letter || long > most || short < COMPACT * long {
            continue;
        }
        let Some(sureness) = alone(&group, inks, &lattice) else { continue };
        let place = Place { x: group.left + 1, y: group.top + 1, width, height };
        let ground = ink_colour(screen, place);
        shapes.push(Shape { place, form: Form::Icon, ground, around: around(screen, place), sureness });
    }
    shapes
}

/// How sure it is that `group` is in no line of text; none where it is in one.
fn alone(group: &Component, inks: &[Component], lattice: &Lattice) -> Option<f64> {
    let (height, width) = (group.height(), group.width());
    let reach = height.max(width);
    let area = Component { left: group.left.saturating_sub(reach), right: group.right + reach, ..*group };
    let mut sureness: f64 = 0.7;
    let mut in_text = false;
    lattice.visit(&area, |other| {
        let other = &inks[other];
        let gap = other.left.saturating_sub(group.right).max(group.left.saturating_sub(other.right));
        let shared = (group.bottom.min(other.bottom) + 1).saturating_sub(group.top.max(other.top));
        // What overlaps is a part of it, or a frame around it.
        if gap == 0 || 2 * shared < other.height().min(height) {
            return;
        }
        let alike = 10 * other.height() >= 6 * height && 10 * height >= 6 * other.height();
        let in_line = other.top.abs_diff(group.top) <= 1 + height / 12 && other.bottom.abs_diff(group.bottom) <= 1 + height / 12;
        if alike && 10 * gap <= 3 * height || in_line && 10 * gap <= 6 * height {
            in_text = true;
        } else if alike && gap <= height {
            sureness = sureness.min(0.5);
        }
    });
    (!in_text).then_some(sureness)
}

/// The most frequent colour in the middle.
fn ink_colour(screen: &Picture, place: Place) -> [u8; 3] {
    let mut colours = Vec::new();
    for y in place.y + place.height / 4..place.y + place.height - place.height / 4 {
        for x in place.x + place.width / 4..place.x + place.width - place.width / 4 {
            colours.push(pixel(screen, x as usize, y as usize));
        }
    }
    most_frequent(colours)
}

/// Bounding boxes of `inks` that come as near as `gap` blocks to one another.
fn groups(screen: &Picture, inks: &[Component], gap: u32) -> Vec<Component> {
    let lattice = Lattice::new(screen, inks);
    let mut parents: Vec<u32> = (0..inks.len() as u32).collect();
    for (index, ink) in inks.iter().enumerate() {
        let area = Component {
            left: ink.left.saturating_sub(gap),
            top: ink.top.saturating_sub(gap),
            right: ink.right + gap,
            bottom: ink.bottom + gap,
            ..*ink
        };
        lattice.visit(&area, |other| {
            if other < index && touches(&area, &inks[other]) {
                let (a, b) = (root(&mut parents, index as u32), root(&mut parents, other as u32));
                parents[a.max(b) as usize] = a.min(b);
            }
        });
    }
    let mut joined: Vec<Option<Component>> = vec![None; inks.len()];
    for (index, ink) in inks.iter().enumerate() {
        let group = &mut joined[root(&mut parents, index as u32) as usize];
        *group = Some(group.map_or(*ink, |group| Component {
            left: group.left.min(ink.left),
            top: group.top.min(ink.top),
            right: group.right.max(ink.right),
            bottom: group.bottom.max(ink.bottom),
            area: group.area + ink.area,
            spans: group.spans + ink.spans,
        }));
    }
    joined.into_iter().flatten().collect()
}

fn touches(a: &Component, b: &Component) -> bool {
    a.left <= b.right && b.left <= a.right && a.top <= b.bottom && b.top <= a.bottom
}

fn root(parents: &mut [u32], mut at: u32) -> u32 {
    while parents[at as usize] != at {
        parents[at as usize] = parents[parents[at as usize] as usize];
        at = parents[at as usize];
    }
    at
}
