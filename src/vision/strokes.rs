//! Edges of letters and their groups, as far as colours tell them.

use super::components;
use super::picture::Picture;

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
