//! One anchor on one screen: its sizes, the places that correlate, and a close look at those that are worth it.

use super::evidence::{Sample, Stage};
use super::flanks::{part_at, without_flanks};
use super::hunt::{Effort, Quarry, Spot};
use super::luma::luma;
use super::mask::Mask;
use super::parallel::each;
use super::picture::{Gray, Picture};
use super::prepared::Prepared;
use super::probe::Probe;
use super::proof::best_of_all;
use super::quality::{MOST_STEP, flaw_of_anchor, repeats};
use super::reference::MIN_SCALED_SIDE;
use super::resize::{resize_gray, resize_picture};
use super::scenery::{Bounds, Channel};
use crate::target::{
    Candidate, Evidence, Flaw, Place, Search, Sighting, hangs_on_strokes, is_recoloured, is_recorded_scale, passes_by_strokes,
    strokes_decide,
};

/// Places looked at closely at most.
pub(super) const MOST_EXAMINED: usize = 64;

/// Places that are looked at closely though others look better, at most.
const SOME: usize = 8;

/// A first look that falls behind the best by no more than this may be the same thing again.
const ABOUT_AS_GOOD: f64 = 0.12;

/// Beyond this it isn't looked at closely at all.
const MUCH_WORSE: f64 = 0.6;

/// Looks at one place from slightly different scales: the best of them are kept.
const AT_ONE_PLACE: usize = 2;

/// Places whose strokes are compared, at most.
const MOST_BY_STROKES: usize = 32;

/// When asked for proof: no place with a higher correlation than this is missed if it is the best.
const PROVEN_FROM: f64 = 0.5;

/// What is searched, and for what.
pub(super) struct Scene<'a> {
    prepared: &'a Prepared,
    region: Place,
    anchor: Picture,
    anchor_luma: Gray,
    mask: Option<Mask>,
    /// The part of the anchor that is looked for at other scales, if it is not all of it.
    drawn: Option<Place>,
    exact: bool,
    /// Places are looked at on so many threads.
    threads: usize,
}

/// The anchor at one scale.
pub(super) struct Shown {
    /// All of it; without a mask its core.
    sample: Sample,
    mask: Option<Mask>,
    /// Width and height of all of it.
    size: (usize, usize),
    /// The part of it that is searched for: all of it, what is drawn on it, or the largest rectangle in which every pixel counts.
    core: Place,
}

/// What was seen of the anchor at one scale.
pub(super) struct Looked {
    looks: Vec<Look>,
    shown: Shown,
}

/// A place that was found by correlation, and how it looks at first.
struct Look {
    place: Place,
    scale: f64,
    score: f64,
    /// See [`Sample::first_look`].
    first: (f64, f64),
}

/// What decides whether a place is looked at closely: how it looks at first, at this scale.
fn worth((blurred, edges): (f64, f64), scale: f64) -> f64 {
    /// What being drawn as large as it was recorded is worth.
    const RECORDED: f64 = 0.06;
    blurred.abs() + edges + if is_recorded_scale(scale) { RECORDED } else { 0.0 }
}

impl Look {
    /// See [`worth`].
    fn worth(&self) -> f64 {
        worth(self.first, self.scale)
    }
}

impl<'a> Scene<'a> {
    pub(super) fn new(
        prepared: &'a Prepared,
        region: Place,
        mut anchor: Picture,
        alpha: Option<Vec<u8>>,
        search: &Search<'_>,
        threads: usize,
    ) -> Result<Self, Flaw> {
        let room = (region.width as usize, region.height as usize);
        let mask = alpha.and_then(|alpha| Mask::new(anchor.width, anchor.height, &alpha));
        if let Some(mask) = &mask {
            let core = mask.usable_core()?;
            if let Some(flaw) = flaw_of_anchor(&luma(&anchor.crop(core)), room) {
                return Err(flaw);
            }
            if anchor.width > room.0 || anchor.height > room.1 {
                return Err(Flaw::AnchorTooLarge);
            }
            mask.even_out(&mut anchor, (0, 0));
        }
        let anchor_luma = luma(&anchor);
        let drawn = if search.whole || mask.is_some() { None } else { without_flanks(&anchor) };
        match flaw_of_anchor(&anchor_luma, room) {
            Some(flaw) if mask.is_none() => Err(flaw),
            _ => Ok(Self { prepared, region, anchor, anchor_luma, mask, drawn, exact: search.exact, threads }),
        }
    }

    /// The anchor's size at `scale`, if it can be tried.
    pub(super) fn size_at(&self, scale: f64) -> Option<(usize, usize)> {
        let to = |length: usize| (length as f64 * scale).round() as usize;
        let (width, height) = (to(self.anchor.width), to(self.anchor.height));
        let fits = width <= self.region.width as usize && height <= self.region.height as usize;
        let large_enough = is_recorded_scale(scale) || width.min(height) >= MIN_SCALED_SIDE;
        (fits && large_enough).then_some((width, height))
    }

    /// `sighting`, unless the anchor looks the same a few pixels further on and so does the place that is most like it: it is a piece
    /// of a rule, of stripes or of a fine grid, and nobody can say which.
    pub(super) fn placeable(&self, sighting: Sighting) -> Sighting {
        /// A place that scores this much less is the end of what repeats.
        const AS_GOOD: f64 = 0.02;
        let (Some((dx, dy)), Some(best)) = (repeats(&self.anchor_luma, MOST_STEP), sighting.candidates.first()) else { return sighting };
        let Some(shown) = self.shown(best.scale) else { return sighting };
        let step = |by: usize| ((by as f64 * best.scale).round() as i64).max(i64::from(by > 0));
        let slides = [1, -1].into_iter().any(|sign| {
            let to = |from: u32, by: i64| u32::try_from(i64::from(from) + sign * by).ok();
            let (Some(x), Some(y)) = (to(best.place.x, step(dx)), to(best.place.y, step(dy))) else { return false };
            let place = Place { x, y, ..best.place };
            let screen = self.prepared.scenery.luma();
            let inside = (x + place.width) as usize <= screen.width && (y + place.height) as usize <= screen.height;
            inside && self.at(&shown, place, |stage, place| shown.sample.score(stage, place).abs()) >= best.score - AS_GOOD
        });
        if slides { Sighting { anchor: sighting.anchor, ..Sighting::flawed(Flaw::AnchorRepeats, sighting.screen) } } else { sighting }
    }

    fn shown(&self, scale: f64) -> Option<Shown> {
        let size @ (width, height) = self.size_at(scale)?;
        let Some(mask) = &self.mask else {
            let all = Place { x: 0, y: 0, width: width as u32, height: height as u32 };
            let (anchor, gray, core) = match self.drawn.filter(|_| !is_recorded_scale(scale)) {
                None => (&self.anchor, &self.anchor_luma, all),
                Some(drawn) => (&self.anchor.crop(drawn), &self.anchor_luma.crop(drawn), part_at(scale, drawn, all)),
            };
            let (width, height) = (core.width as usize, core.height as usize);
            let sample = Sample::new(resize_picture(anchor, width, height), resize_gray(gray, width, height), scale, gray);
            return Some(Shown { sample, mask: None, size, core });
        };
        let mut picture = resize_picture(&self.anchor, width, height);
        let mask = mask.resized(width, height);
        mask.even_out(&mut picture, (0, 0));
        let gray = luma(&picture);
        let core = mask.usable_core().ok()?;
        Some(Shown { sample: Sample::new(picture, gray, scale, &self.anchor_luma), mask: Some(mask), size, core })
    }

    /// What `look` sees at `place`, where pixels that do not count are evened out.
    fn at<T>(&self, shown: &Shown, place: Place, look: impl FnOnce(&Stage<'_>, Place) -> T) -> T {
        match &shown.mask {
            None => {
                let core = Place { x: place.x + shown.core.x, y: place.y + shown.core.y, ..shown.core };
                look(&Stage { colour: &self.prepared.screen, luma: self.prepared.scenery.luma() }, core)
            }
            Some(mask) => {
                let (colour, luma, inner) = mask.surroundings(&self.prepared.screen, place);
                look(&Stage { colour: &colour, luma: &luma }, inner)
            }
        }
    }

    /// The best places at `scale`, each once; none where it cannot be tried. They are looked at on so many threads.
    pub(super) fn looks(&self, scale: f64, how: &[(Channel, Effort)], threads: usize) -> Option<Looked> {
        let shown = self.shown(scale)?;
        let (sample, core) = (&shown.sample, shown.core);
        let template = if shown.mask.is_some() { &sample.luma().crop(core) } else { sample.luma() };
        let (width, height) = (shown.size.0 as u32, shown.size.1 as u32);
        let room = Place {
            x: self.region.x + core.x,
            y: self.region.y + core.y,
            width: self.region.width - (width - core.width),
            height: self.region.height - (height - core.height),
        };
        let mut spots: Vec<Spot> = Vec::new();
        let mut add = |spot: Spot| {
            if !spots.iter().any(|known| known.x.abs_diff(spot.x) <= 2 && known.y.abs_diff(spot.y) <= 2) {
                spots.push(spot);
            }
        };
        let mut best: Option<Spot> = None;
        for &(channel, effort) in how {
            let Some(quarry) = Quarry::new(template, channel) else { continue };
            for spot in quarry.hunt(&self.prepared.scenery, room, effort, threads).spots {
                best = best.filter(|best| channel == Channel::Steepness || best.score >= spot.score).or(Some(spot));
                add(spot);
            }
        }
        if self.exact {
            let bounds = Bounds::new(room, (template.width, template.height));
            let known =
                best.map(|spot| Spot { score: Probe::new(template.clone()).score(self.prepared.scenery.luma(), spot.x, spot.y), ..spot });
            best_of_all(&self.prepared.scenery, template, &bounds, known, PROVEN_FROM).into_iter().for_each(&mut add);
        }
        let look = |number: usize| {
            let spot = spots[number];
            let place = Place { x: spot.x as u32 - core.x, y: spot.y as u32 - core.y, width, height };
            let (score, first) = self.at(&shown, place, |stage, place| (sample.score(stage, place), sample.first_look(stage, place)));
            Look { place, scale, score: score.abs(), first }
        };
        let looks = each(spots.len(), threads, look);
        Some(Looked { looks, shown })
    }

    /// Adds to `sighting` the places that are worth it looked at closely, and to `kept` what they were compared with. A place that is known
    /// already stays as it was seen then.
    pub(super) fn examine(&self, looked: Vec<Looked>, kept: &mut Vec<Shown>, sighting: &mut Sighting) {
        let mut looks: Vec<Look> = Vec::new();
        for Looked { looks: more, shown } in looked {
            looks.extend(more);
            kept.retain(|known| known.sample.scale().total_cmp(&shown.sample.scale()).is_ne());
            kept.push(shown);
        }
        looks.sort_by(|a, b| b.worth().total_cmp(&a.worth()));
        let best = looks.first().map_or(0.0, Look::worth);
        let mut chosen: Vec<(Look, bool)> = Vec::new();
        let (mut close, mut truncated) = (0, false);
        for look in looks {
            let here =
                chosen.iter().filter(|(other, _)| look.place.overlap(&other.place) > 0.6 && other.scale.total_cmp(&look.scale).is_ne());
            if here.count() >= AT_ONE_PLACE {
                continue;
            }
            let behind = best - look.worth();
            let wanted = behind <= ABOUT_AS_GOOD || (close < SOME && behind <= MUCH_WORSE);
            truncated |= wanted && close >= MOST_EXAMINED;
            let closely = wanted && close < MOST_EXAMINED;
            close += usize::from(closely);
            chosen.push((look, closely));
        }
        chosen.retain(|(look, _)| sighting.candidates.iter().all(|known| known.place != look.place));
        let candidates = each(chosen.len(), self.threads, |number| {
            let (Look { place, scale, score, first }, closely) = chosen[number];
            let evidence = match at_scale(kept, scale).filter(|_| closely) {
                Some(shown) => self.at(shown, place, |stage, place| shown.sample.compare(stage, place, first)),
                None => Evidence { blurred: first.0, edges: first.1, ..Default::default() },
            };
            // In other colours light and dark mean nothing; what is compared then are edges.
            let score = if closely && is_recoloured(&evidence) { evidence.edges.max(0.0) } else { score };
            Candidate { place, score, scale, evidence }
        });
        sighting.add(candidates, truncated);
        self.compare_strokes(kept, &mut sighting.candidates);
    }

    /// Compares strokes where they decide: those of places against which nothing else speaks, and where one of these passes by them,
    /// those of the others.
    fn compare_strokes(&self, kept: &mut Vec<Shown>, candidates: &mut [Candidate]) {
        let worth = |number: &usize| {
            let Candidate { scale, evidence, .. } = &candidates[*number];
            worth((evidence.blurred, evidence.edges), *scale)
        };
        let mut open: Vec<usize> = (0..candidates.len()).filter(|&number| strokes_decide(&candidates[number])).collect();
        open.sort_by(|a, b| worth(b).total_cmp(&worth(a)));
        open.truncate(MOST_BY_STROKES);
        open.retain(|&number| candidates[number].evidence.parts.is_some_and(|parts| parts.strokes.is_none()));
        let (hanging, rest): (Vec<_>, Vec<_>) = open.into_iter().partition(|&number| hangs_on_strokes(&candidates[number]));
        for wanted in [hanging, rest] {
            for scale in wanted.iter().map(|&number| candidates[number].scale) {
                if at_scale(kept, scale).is_none() {
                    kept.extend(self.shown(scale));
                }
            }
            let compared = each(wanted.len(), self.threads, |number| {
                let Candidate { place, scale, mut evidence, .. } = candidates[wanted[number]];
                if let Some(shown) = at_scale(kept, scale) {
                    self.at(shown, place, |stage, place| shown.sample.compare_strokes(stage, place, &mut evidence));
                }
                evidence
            });
            wanted.iter().zip(compared).for_each(|(&number, evidence)| candidates[number].evidence = evidence);
            if !candidates.iter().any(passes_by_strokes) {
                return;
            }
        }
    }
}

/// What is looked for at this scale.
fn at_scale(kept: &[Shown], scale: f64) -> Option<&Shown> {
    kept.iter().find(|shown| shown.sample.scale().total_cmp(&scale).is_eq())
}

impl Sighting {
    /// Adds places that are not known yet.
    fn add(&mut self, candidates: Vec<Candidate>, truncated: bool) {
        self.truncated |= truncated;
        for candidate in candidates {
            if !self.candidates.iter().any(|known| known.place == candidate.place) {
                self.candidates.push(candidate);
            }
        }
        self.candidates.sort_by(|a, b| b.score.total_cmp(&a.score));
    }
}
