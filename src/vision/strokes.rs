//! Edges of letters and their groups, and letters that a lossy picture glued to the badge that they stand on.

use super::components::{self, components};
use super::picture::Picture;
use crate::target::Place;

/// A group of edges that touch: its box and its pixels.
#[derive(Debug, Clone, Copy)]
pub(super) struct Component {
    pub(super) x: usize,
    pub(super) y: usize,
    pub(super) width: usize,
    pub(super) height: usize,
    pub(super) area: usize,
}

impl From<components::Component> for Component {
    fn from(found: components::Component) -> Self {
        let [x, y, width, height] = [found.left, found.top, found.width(), found.height()].map(|value| value as usize);
        Self { x, y, width, height, area: found.area as usize }
    }
}

/// 1 where the pixel, its right and its lower neighbours differ by more than `least` levels in a channel.
pub(super) fn edges(screen: &Picture, least: u8) -> Vec<u8> {
    let (width, height) = (screen.width, screen.height);
    let mut mask = vec![0; width * height];
    let (mut most, mut fewest) = (vec![0_u8; 3 * width], vec![0_u8; 3 * width]);
    for y in 0..height {
        let (row, next) = (screen.row(y), screen.row((y + 1).min(height - 1)));
        for (((most, fewest), &a), &b) in most.iter_mut().zip(&mut fewest).zip(row).zip(next) {
            (*most, *fewest) = (a.max(b), a.min(b));
        }
        let out = &mut mask[y * width..(y + 1) * width];
        for (x, out) in out.iter_mut().enumerate().take(width - 1) {
            let at = 3 * x;
            let span = |c: usize| most[at + c].max(most[at + c + 3]) - fewest[at + c].min(fewest[at + c + 3]);
            *out = u8::from(span(0).max(span(1)).max(span(2)) > least);
        }
    }
    mask
}

/// The box around all of `parts`.
pub(super) fn extent(parts: &[Component]) -> Component {
    let left = parts.iter().map(|part| part.x).min().unwrap_or_default();
    let top = parts.iter().map(|part| part.y).min().unwrap_or_default();
    let right = parts.iter().map(|part| part.x + part.width).max().unwrap_or_default();
    let bottom = parts.iter().map(|part| part.y + part.height).max().unwrap_or_default();
    let area = parts.iter().map(|part| part.area).sum();
    Component { x: left, y: top, width: right - left, height: bottom - top, area }
}

/// Badges that letters may be glued to: heights, pixels, and how much wider than tall they are at least.
const BADGES: std::ops::RangeInclusive<usize> = 13..=48;
const LEAST_WIDE: usize = 2;

/// A change of colour that JPEG does not make around letters, levels; that of letters and badges is larger as a rule.
const STRONG: u8 = 80;

/// What stands on a badge leaves this free within its outline, pixels.
const FREE: usize = 1;

/// Groups of edges on one badge at most.
const MOST_ON_BADGE: usize = 200;

/// `found` with the letters of badges in place of the badges that they are glued to: where JPEG leaves ripples between a letter and the
/// end of the colour that it stands on, the two are one group of edges.
pub(super) fn unglued(screen: &Picture, found: Vec<Component>) -> Vec<Component> {
    let glued = |part: &Component| BADGES.contains(&part.height) && part.width >= LEAST_WIDE * part.height;
    let mut all = Vec::with_capacity(found.len());
    for part in &found {
        match glued(part).then(|| on_badge(screen, part, &found)).flatten() {
            Some(letters) => all.extend(letters),
            None => all.push(*part),
        }
    }
    all
}

/// The letters inside `badge`, if it is a badge and they are glued to it.
fn on_badge(screen: &Picture, badge: &Component, found: &[Component]) -> Option<Vec<Component>> {
    let within = |part: &Component, outline: &Component| {
        let (right, bottom) = (outline.x + outline.width, outline.y + outline.height);
        let end = (part.x + part.width + FREE, part.y + part.height + FREE);
        part.x >= outline.x + FREE && part.y >= outline.y + FREE && end.0 <= right && end.1 <= bottom
    };
    // Letters that are told already are not glued.
    if found.iter().any(|part| part.height * 3 >= badge.height && within(part, badge)) {
        return None;
    }
    let [x, y, width, height] = [badge.x, badge.y, badge.width, badge.height].map(|value| value as u32);
    let crop = screen.crop(Place { x, y, width, height });
    let strong = components(&edges(&crop, STRONG), crop.width, MOST_ON_BADGE)?;
    let moved = |part: components::Component| {
        let part = Component::from(part);
        Component { x: part.x + badge.x, y: part.y + badge.y, ..part }
    };
    let strong: Vec<Component> = strong.into_iter().map(moved).collect();
    // The outline of the badge goes around all of it; where there is none it is no badge.
    let goes_around = |part: &&Component| part.width * 8 >= badge.width * 7 && part.height * 4 >= badge.height * 3;
    let outline = strong.iter().find(goes_around)?;
    let letters: Vec<Component> = strong.iter().filter(|part| within(part, outline)).copied().collect();
    let whole = extent(&letters);
    (whole.width * 5 >= badge.width * 2 && whole.height * 5 >= badge.height * 2).then_some(letters)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A dark badge with white letters on it, on white, with ripples around the letters that reach the ends of the badge.
    fn badge(ripples: u8) -> Picture {
        let (width, height) = (120, 40);
        let mut rgb = vec![255; 3 * width * height];
        let mut paint = |[x, y, w, h]: [usize; 4], colour: [u8; 3]| {
            for row in y..y + h {
                for column in x..x + w {
                    rgb[3 * (row * width + column)..][..3].copy_from_slice(&colour);
                }
            }
        };
        paint([20, 10, 72, 18], [180, 30, 40]);
        for letter in 0..5 {
            paint([30 + 11 * letter, 10, 2, 18], [180 - ripples, 30 + ripples / 2, 40]);
            paint([28 + 11 * letter, 14, 6, 10], [255; 3]);
        }
        Picture { width, height, rgb }
    }

    #[test]
    fn letters_are_told_from_the_badge_that_they_are_glued_to() {
        let found = |picture: &Picture| {
            let groups = components(&edges(picture, 30), picture.width, 1000).unwrap();
            unglued(picture, groups.into_iter().map(Component::from).collect())
        };
        let glued = components(&edges(&badge(60), 30), 120, 1000).unwrap();
        assert_eq!(glued.len(), 1, "{glued:?}");
        let letters = found(&badge(60));
        assert_eq!(letters.len(), 5, "{letters:?}");
        assert!(letters.iter().all(|letter| letter.height <= 12 && letter.y >= 12), "{letters:?}");
        // What is not glued is left as it is: five letters and what they stand on; and so is text that is on no badge.
        assert_eq!(found(&badge(0)).len(), 6);
    }
}
