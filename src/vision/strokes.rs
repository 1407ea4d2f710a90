//! Edges of letters and their groups, as far as colours tell them.

use super::components;
use super::spans::Spans;

/// Heights of letters, pixels.
pub(super) const LETTERS: std::ops::RangeInclusive<usize> = 6..=96;

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

impl Component {
    /// Whether this is inside of `outer`, so many pixels and more from each of its sides.
    pub(super) fn is_within(&self, outer: &Self, clear: usize) -> bool {
        let across = self.x >= outer.x + clear && self.x + self.width + clear <= outer.x + outer.width;
        across && self.y >= outer.y + clear && self.y + self.height + clear <= outer.y + outer.height
    }
}

/// Sides of the blocks that JPEG keeps, pixels, and what its ripples reach at most in each, as a share of what differs most there.
const BLOCK: usize = 8;
const RIPPLES: f64 = 0.25;

/// 1 where the pixel, its right and its lower neighbours differ by more than `least` levels in a channel, and, where there are `ripples`, by
/// more than a quarter of what differs most in its block.
pub(super) fn edges(spans: Spans, least: u8, ripples: bool) -> Vec<u8> {
    let Spans { width, mut levels, .. } = spans;
    if !ripples {
        exceeding(&mut levels, least);
        return levels;
    }
    for band in levels.chunks_mut(BLOCK * width) {
        let mut limits = vec![least; width.div_ceil(BLOCK)];
        for row in band.chunks_exact(width) {
            for (limit, block) in limits.iter_mut().zip(row.chunks(BLOCK)) {
                let most = block.iter().copied().max().unwrap_or(0);
                *limit = (*limit).max((RIPPLES * f64::from(most)) as u8);
            }
        }
        for row in band.chunks_exact_mut(width) {
            for (limit, block) in limits.iter().zip(row.chunks_mut(BLOCK)) {
                exceeding(block, *limit);
            }
        }
    }
    levels
}

/// 1 for each of `spans` that is more than `limit`, 0 for the others.
fn exceeding(spans: &mut [u8], limit: u8) {
    for span in spans {
        *span = u8::from(*span > limit);
    }
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
