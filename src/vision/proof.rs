//! Proof that no place scores more than the best one known: bounds from a reduced screen close most places, a group of neighbours at
//! a time, and what they leave open is looked at by smaller cells, then place by place, then scored exactly.
//!
//! Let `t` and `i` be a template and a window less their means, `A` the cells of c by c pixels that lie whole in every window of a
//! group, and `g` a picture that is constant in each cell of `A`, of mean 0, and 0 outside. A window is the sum of four parts, each
//! orthogonal to the others: along `g`; the rest of the means of its cells (less their mean); inside each cell; and the remainder,
//! which comes from the edges outside `A`. By Cauchy and Schwarz for each part, and for each cell by itself in the third,
//!
//! ```text
//! <t, i>  ≤  a s + r q + Σ |t_k| |i_k| + e sqrt(E - F)
//! ```
//!
//! with `a` and `s` the template and the window along `g`, `r` the rest of the template's means, `q` the window's means, `t_k` and
//! `i_k` the deviations from the mean in cell k, `e` the template's remainder, `E = |i|²` and `F` the same of `A` alone. `s` and the
//! third term are correlations of pictures with c² times fewer pixels; the third is also at most the product of both norms. Divided by
//! `|t| sqrt(E)` this is a bound of the score. `E` lies between `F` and what the cells that the windows touch have, and the bound is
//! largest at `E - F = (e F / C)²`, `C` being the first three terms, or where that is cut off.
//!
//! For all windows of a group `g` is the mean of the template's cells as they fall in each, and `a`, `r`, `t_k` and `e` are the largest.
//! Levels of cells are whole: where those of the screen are off by `d` in all, so are `s` and `q`. Those of `g` are what they are, and
//! deviations are rounded up.

use super::bound::{Bound, Subject};
use super::cells::CELL_LEVELS;
use super::hunt::Spot;
use super::kernels::{Instructions, Packed};
use super::picture::Gray;
use super::probe::Probe;
use super::scenery::{Bounds, Scenery};
use super::sweeps::{Groups, Open, Places};

/// A bound this much below a score still counts as reaching it: more than single precision can be off.
const SLACK: f32 = 2e-5;

/// Pixels of a template that can be compared itself with every place in little time.
const SMALL: usize = 1_000;

/// Pixels at most where products of all of it fit 32 bits, and sums of its squares too.
const FITS: usize = 1 << 16;

/// Pixels of a template that scoring one place costs beside its own.
const PLACE: usize = 2_000;

/// When bounds are left off because scoring is quicker. The outcome is the same whatever these are.
struct Haste {
    /// Pixels, for each of the screen, that are compared at once rather than told apart by smaller cells that have to be made first.
    few: usize,
    /// The same where the cells were made before.
    fewer: usize,
    /// Where no more than this is known, a small template is compared with every place: its cells tell too little.
    little: f32,
    /// Pixels that a sweep over all places compares in the time that one place takes by itself.
    alone: usize,
}

/// By what was measured.
const USUAL: Haste = Haste { few: 50, fewer: 15, little: 0.85, alone: 35_000 };

/// The cells by which a template of this size is looked at first have sides of 2 to this; at 0 it is looked at itself.
fn level_for(width: usize, height: usize) -> usize {
    /// Pixels from which larger cells pay.
    const MORE_THAN: [usize; CELL_LEVELS] = [300, SMALL, 10_000, 100_000, 4_000_000];
    let wanted = MORE_THAN.iter().filter(|&&pixels| width * height > pixels).count();
    // A narrower one has too few whole cells.
    (0..=wanted).rev().find(|level| width.min(height) >= 4 << level).unwrap_or(0)
}

/// The best place whose window lies in `bounds`, if one scores more than `known` does (or as much and stands before it in raster
/// order), or at least `floor` when none is known. Its score is exact, and nothing scores more.
pub(super) fn best_of_all(scenery: &Scenery, template: &Gray, bounds: &Bounds, known: Option<Spot>, floor: f64) -> Option<Spot> {
    best_with(&USUAL, scenery, template, bounds, known, floor)
}

/// The same, in this haste.
fn best_with(haste: &Haste, scenery: &Scenery, template: &Gray, bounds: &Bounds, known: Option<Spot>, floor: f64) -> Option<Spot> {
    let probe = Probe::new(template.clone());
    let facts = probe.mean_and_energy();
    if facts.1 <= 0.0 || bounds.left > bounds.right || bounds.top > bounds.bottom {
        return known;
    }
    let least = known.map_or(floor, |spot| spot.score.max(floor)) as f32 - SLACK;
    let mut open = open_places(haste, scenery, template, facts, bounds, least);
    open.sort_unstable_by(|a, b| b.most.total_cmp(&a.most).then((a.y, a.x).cmp(&(b.y, b.x))));
    let mut best = known;
    for Open { most, x, y } in open {
        if best.is_some_and(|best| most < best.score as f32 - SLACK) {
            break;
        }
        let (x, y) = (x as usize, y as usize);
        let score = probe.score(scenery.luma(), x, y);
        let better = best.is_none_or(|best| score > best.score || (score >= best.score && (y, x) < (best.y, best.x)));
        if better && score >= floor {
            best = Some(Spot { x, y, score });
        }
    }
    best
}

/// Sides of the groups of places that are closed together by cells of this level.
fn span_for(level: usize) -> usize {
    (1 << level >> 1).max(2)
}

/// The places that may score `least`, and the most that each can score.
fn open_places(haste: &Haste, scenery: &Scenery, template: &Gray, facts: (f64, f64), bounds: &Bounds, least: f32) -> Vec<Open> {
    let instructions = Instructions::best();
    let subject = Subject::new(template, facts.1);
    let all = || {
        let packed = Packed::new(&template.pixels, template.width, instructions.group());
        instructions.run(Places { scenery, template, facts, packed, bounds, least })
    };
    let every = || {
        let open = |x: usize, y: usize| Open { most: f32::MAX, x: x as u32, y: y as u32 };
        (bounds.top..=bounds.bottom).flat_map(|y| (bounds.left..=bounds.right).map(move |x| open(x, y))).collect()
    };
    let pixels = |places: usize| places * (template.pixels.len() + PLACE) / scenery.luma().pixels.len();
    let total = (bounds.right + 1 - bounds.left) * (bounds.bottom + 1 - bounds.top);
    if pixels(total) < haste.fewer {
        return every();
    }
    let mut level = level_for(template.width, template.height);
    if template.pixels.len() <= SMALL && least < haste.little {
        return all();
    }
    let mut span = span_for(level);
    let bound = (level > 0).then(|| Bound::new(&subject, level, span)).flatten();
    let Some(bound) = bound else {
        if template.pixels.len() <= FITS {
            return all();
        }
        return every();
    };
    let sweep = |bound: &Bound, among: Option<&[Open]>| instructions.run(Groups { scenery, bound, bounds, least, among });
    let mut groups = sweep(&bound, None);
    if template.pixels.len() <= FITS && groups.len() * span * span * haste.alone > template.pixels.len() * total {
        return all();
    }
    let few = |groups: &[Open], span: usize, level: usize| {
        let each = if scenery.has_cells(level) { haste.fewer } else { haste.few };
        groups.is_empty() || pixels(groups.len() * span * span) < each
    };
    while level > 1 && !few(&groups, span, level - 1) {
        level -= 1;
        if let Some(bound) = Bound::new(&subject, level, span_for(level)) {
            groups = sweep(&bound, Some(&split(&groups, span, span_for(level), bounds)));
            span = span_for(level);
        }
    }
    let places = split(&groups, span, 1, bounds);
    if few(&groups, span, 1) {
        return places;
    }
    match Bound::new(&subject, 1, 1) {
        Some(bound) => sweep(&bound, Some(&places)),
        None => places,
    }
}

/// The groups of `to` by `to` places, within the bounds, that groups of `from` by `from` are made of.
fn split(groups: &[Open], from: usize, to: usize, bounds: &Bounds) -> Vec<Open> {
    let parts = from / to;
    let part = |group: Open, index: usize| {
        let (x, y) = (group.x as usize + index % parts * to, group.y as usize + index / parts * to);
        let within = x <= bounds.right && x + to > bounds.left && y <= bounds.bottom && y + to > bounds.top;
        within.then_some(Open { x: x as u32, y: y as u32, ..group })
    };
    groups.iter().flat_map(|&group| (0..parts * parts).filter_map(move |index| part(group, index))).collect()
}

#[cfg(test)]
mod tests {
    use super::super::bound::tests::screen;
    use super::super::reference::correlate;
    use super::*;
    use crate::target::Place;
    use proptest::prelude::*;

    /// All bounds, wherever there are any.
    const PATIENT: Haste = Haste { few: 0, fewer: 0, little: -2.0, alone: 0 };

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn what_is_proven_is_the_reference_s_best(
            seed: u32, block in 2_u32..17, (width, height) in (20_usize..260, 20_usize..200), (w, h) in (2_usize..150, 2_usize..120),
            foreign: bool, floor in prop_oneof![Just(-1.0), Just(0.3), Just(0.7)],
        ) {
            prop_assume!(w <= width && h <= height);
            let screen = screen(width, height, seed, block);
            let place = Place { x: seed % (width - w + 1) as u32, y: (seed / 7) % (height - h + 1) as u32, width: w as u32, height: h as u32 };
            let template = if foreign { super::super::bound::tests::screen(w, h, !seed, block) } else { screen.crop(place) };
            let map = correlate(&screen, &template);
            let mut best = (0, f32::MIN);
            for (at, &score) in map.scores.iter().enumerate() {
                if score > best.1 {
                    best = (at, score);
                }
            }
            let scenery = Scenery::new(screen.clone());
            let whole = Place { x: 0, y: 0, width: width as u32, height: height as u32 };
            let bounds = Bounds::new(whole, (w, h));
            for haste in [USUAL, PATIENT] {
                let proven = best_with(&haste, &scenery, &template, &bounds, None, floor);
                // Flat windows score 0 and are not looked at.
                if f64::from(best.1) >= floor.max(1e-6) {
                    let proven = proven.unwrap();
                    prop_assert!((proven.score - f64::from(best.1)).abs() < 1e-6, "{proven:?} {best:?}");
                    prop_assert!((f64::from(map.scores[proven.y * map.width + proven.x]) - proven.score).abs() < 1e-6);
                } else if floor > 0.0 {
                    prop_assert!(proven.is_none(), "{proven:?} {best:?}");
                }
            }
        }
    }
}
