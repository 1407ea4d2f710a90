//! The rule that agents in the field were served by until now, carried out by the fast search.

use super::hunt::{Bounds, Channel, Effort, Quarry, Scenery};
use super::picture::Gray;
use super::proof::best_of_all;
use super::reference::{SourceHit, by_source_rule};
use crate::target::Place;

/// Enough that few of a thousand searches differ from the exhaustive one; see "The same answer, fast" in `docs/decisions.md`.
const EFFORT: Effort = Effort { rough: 160, fine: 12, floor: 0.25, winners: 2 };

/// Pixels of a template that are compared at the full size for all places together, as long as there are a few: of a large one half of
/// its size tells nearly all.
const FINE_PIXELS: usize = 1 << 20;

/// Places that are followed to the full size at least.
const LEAST_FINE: usize = 4;

/// A screen on which anchors are searched by the source's rule; see [`source_rule`](super::reference::source_rule), whose answers
/// these are. Prepared once for any number of anchors.
#[derive(Debug)]
pub struct Compat {
    scenery: Scenery,
}

impl Compat {
    /// On this screen.
    pub fn new(screen: Gray) -> Self {
        Self { scenery: Scenery::new(screen) }
    }

    /// The place and scale that the rule chooses, if the score there reaches `threshold`. With `exact` it is proven that no place
    /// of a scale that is tried scores more; without, a better place may be missed, and the score is still the exact one of its place.
    pub fn find(&self, anchor: &Gray, threshold: f64, exact: bool) -> Option<SourceHit> {
        by_rule(&self.scenery, anchor, threshold, exact).filter(|hit| hit.score >= threshold)
    }
}

/// The best that the rule sees, whatever its score; with `exact` the best for certain if it reaches `threshold`.
pub(super) fn by_rule(scenery: &Scenery, anchor: &Gray, threshold: f64, exact: bool) -> Option<SourceHit> {
    let screen = scenery.luma();
    let whole = Place { x: 0, y: 0, width: screen.width as u32, height: screen.height as u32 };
    by_source_rule((screen.width, screen.height), anchor, |template, so_far| {
        let effort = Effort { fine: (FINE_PIXELS / template.pixels.len()).clamp(LEAST_FINE, EFFORT.fine), ..EFFORT };
        let found = Quarry::new(template, Channel::Luma)?.hunt(scenery, whole, effort, 1).into_iter();
        let mut best = found.max_by(|a, b| a.score.total_cmp(&b.score).then((b.y, b.x).cmp(&(a.y, a.x))));
        if exact {
            let bounds = Bounds::new(whole, (template.width, template.height));
            best = best_of_all(scenery, template, &bounds, best, so_far.max(threshold));
        }
        best.map(|spot| ((spot.x, spot.y), spot.score))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vision::reference::source_rule;
    use proptest::prelude::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]

        #[test]
        fn what_is_proven_is_what_the_slow_rule_says(
            seed: u32, block in 3_u32..20, (width, height) in (60_usize..200, 60_usize..160), (w, h) in (8_usize..60, 8_usize..50),
            noise in 0_u8..60, larger in 0_u32..3, threshold in prop_oneof![Just(0.7), Just(0.4)],
        ) {
            let pixel = |x: usize, y: usize, of: u32| {
                of.wrapping_add((x as u32).wrapping_mul(73_856_093)).wrapping_add((y as u32).wrapping_mul(19_349_663)).wrapping_mul(2_654_435_761) >> 24
            };
            let of_screen = |at: usize| pixel(at % width / block as usize, at / width / block as usize, seed) as u8;
            let screen = Gray { width, height, pixels: (0..width * height).map(of_screen).collect() };
            prop_assume!(w <= width && h <= height);
            let place = Place { x: seed % (width - w + 1) as u32, y: (seed / 11) % (height - h + 1) as u32, width: w as u32, height: h as u32 };
            let mut anchor = screen.crop(place);
            for (at, level) in anchor.pixels.iter_mut().enumerate() {
                *level = level.saturating_add(pixel(at, 0, !seed) as u8 % (noise + 1));
            }
            let scale = [1.0, 0.8, 1.3][larger as usize];
            let anchor = resize_to(&anchor, scale);
            let slow = source_rule(&screen, &anchor, threshold);
            let fast = Compat::new(screen).find(&anchor, threshold, true);
            match (slow, fast) {
                // The slow one keeps its scores in single precision, so that equal ones may be told apart.
                (Some(slow), Some(fast)) => {
                    prop_assert!((slow.score - fast.score).abs() < 1e-6, "{slow:?} {fast:?}");
                    prop_assert!(slow.place == fast.place || slow.score - fast.score < 1e-6);
                }
                (None, None) => {}
                other => prop_assert!(false, "{other:?}"),
            }
        }
    }

    fn resize_to(gray: &Gray, scale: f64) -> Gray {
        let to = |length: usize| ((length as f64 * scale) as usize).max(1);
        crate::vision::resize_gray(gray, to(gray.width), to(gray.height))
    }
}
