//! The rule that agents in the field were served by until now, carried out by the fast search.

use super::hunt::{Crowd, Effort, HOPELESS, Hunted, Quarry};
use super::picture::Gray;
use super::proof::best_of_all;
use super::reference::{SourceHit, by_source_rule};
use super::scenery::{Bounds, Channel, Scenery};
use crate::target::Place;

/// Enough that few of a thousand searches differ from the exhaustive one; see "The same answer, fast" in `docs/decisions.md`.
const EFFORT: Effort = Effort { rough: 160, fine: 12, floor: 0.25, winners: 4, crowd: None };

/// Pixels of a template for all places together whose surroundings are looked at closely, as long as there are two.
const WINNERS_PIXELS: usize = 1 << 16;

/// Places that are followed where many are nearly as good as the best: [`Crowd::rough`] and [`Crowd::fine`].
const CROWD: (usize, usize) = (600, 150);

/// A template whose reduced copies have a smaller share of its variance than this is not searched by them: what is left out, such as a
/// line at its edge, may be all there is to it.
const LEAST_KEPT: f64 = 0.2;

/// From this score on nothing can be better by more than is told of a score.
const PERFECT: f64 = 0.9999;

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
    /// of a scale that is tried scores more; without, that is proven only where the search can tell that it may have missed one, and
    /// the score is still the exact one of its place.
    pub fn find(&self, anchor: &Gray, threshold: f64, exact: bool) -> Option<SourceHit> {
        by_rule(&self.scenery, anchor, threshold, exact).filter(|hit| hit.score >= threshold)
    }
}

/// The best that the rule sees, whatever its score; with `exact` the best for certain if it reaches `threshold`.
pub(super) fn by_rule(scenery: &Scenery, anchor: &Gray, threshold: f64, exact: bool) -> Option<SourceHit> {
    let screen = scenery.luma();
    let whole = Place { x: 0, y: 0, width: screen.width as u32, height: screen.height as u32 };
    by_source_rule((screen.width, screen.height), anchor, |template, so_far| {
        let from = threshold.max(so_far);
        let effort = Effort {
            // What is of no use is left out once there is a score to tell.
            floor: if so_far > 0.0 { EFFORT.floor.max((from - HOPELESS) as f32) } else { EFFORT.floor },
            fine: (FINE_PIXELS / template.pixels.len()).clamp(LEAST_FINE, EFFORT.fine),
            crowd: Some(Crowd { from, rough: CROWD.0, fine: CROWD.1 }),
            winners: (WINNERS_PIXELS / template.pixels.len()).clamp(2, EFFORT.winners),
            ..EFFORT
        };
        let quarry = Quarry::new(template, Channel::Luma)?;
        let Hunted { spots, crowded } = quarry.hunt(scenery, whole, effort, 1);
        let mut best = spots.into_iter().max_by(|a, b| a.score.total_cmp(&b.score).then((b.y, b.x).cmp(&(a.y, a.x))));
        let known = best.map_or(so_far, |spot| spot.score.max(so_far));
        // Below the threshold it would take as long as all the rest, and nearly always for nothing.
        let doubtful = quarry.kept() < LEAST_KEPT || crowded && known >= threshold;
        if exact || doubtful && known < PERFECT {
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

    /// Windows, fields and lines of one colour each: a crop shows an edge, a corner, or a line at its side, and there are many of these.
    fn plain_page(seed: u32) -> Gray {
        let (width, height) = (1280, 720);
        let mut page = Gray { width, height, pixels: vec![240; width * height] };
        let mut state = seed;
        let mut below = |bound: usize| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 8) as usize % bound
        };
        for _ in 0..400 {
            let (left, top, across, down) = (below(width), below(height), 2 + below(160), 2 + below(60));
            let (fill, line) = ([255, 244, 240][below(3)], [244, 160][below(2)]);
            for y in top..(top + down).min(height) {
                for x in left..(left + across).min(width) {
                    let inside = x > left && y > top && x + 1 < left + across && y + 1 < top + down;
                    page.pixels[y * width + x] = if inside { fill } else { line };
                }
            }
        }
        page
    }

    #[test]
    fn what_is_nearly_plain_is_found_as_if_it_were_proven() {
        let (mut searched, mut missed) = (0, 0);
        for seed in 0..12 {
            let page = plain_page(seed);
            let compat = Compat::new(page.clone());
            for number in 0..12_u32 {
                let size = [(24, 20), (44, 36), (60, 30), (110, 60)][number as usize % 4];
                let (x, y) = ((seed * 331 + number * 411) % (1280 - size.0), (seed * 271 + number * 197) % (720 - size.1));
                let anchor = page.crop(Place { x, y, width: size.0, height: size.1 });
                if super::super::probe::Probe::new(anchor.clone()).mean_and_energy().1 < 100.0 * anchor.pixels.len() as f64 {
                    continue;
                }
                // Where it comes from it scores 1, so that nothing else can.
                searched += 1;
                missed += usize::from(compat.find(&anchor, 0.7, false).is_none_or(|hit| hit.score < 0.9999));
            }
        }
        assert!(searched > 80 && missed == 0, "{missed} of {searched} missed");
    }

    #[test]
    fn a_line_at_the_side_of_a_plain_crop_is_not_lost_where_it_is_reduced() {
        let mut page = Gray { width: 640, height: 400, pixels: vec![90; 640 * 400] };
        page.pixels[640 * 300..640 * 304].fill(255);
        page.pixels.chunks_exact_mut(640).for_each(|row| row[600..].fill(30));
        // All of the line is below the last whole row of eight pixels.
        let anchor = page.crop(Place { x: 340, y: 216, width: 234, height: 88 });
        let hit = Compat::new(page).find(&anchor, 0.7, false).unwrap();
        assert_eq!((hit.place.y, hit.scale), (216, 1.0), "{hit:?}");
        assert!(hit.score > 0.9999);
    }

    fn resize_to(gray: &Gray, scale: f64) -> Gray {
        let to = |length: usize| ((length as f64 * scale) as usize).max(1);
        crate::vision::resize_gray(gray, to(gray.width), to(gray.height))
    }
}
