//! Coarse to fine: a sweep over a small copy of the screen, then each promising place followed down to the full size.

use super::gradient::gradient;
use super::kernels::{Best, CELL, Instructions, Patch, SweepInput};
use super::layer::{LEVELS, halved, halved_from};
use super::parallel::each;
use super::picture::Gray;
use super::probe::{Known, Probe};
use super::scenery::{Bounds, Channel, Scenery};
use crate::target::Place;

/// A side of a template that is swept with is no shorter than this, pixels: less is told from nothing.
const LEAST_SIDE: usize = 7;

/// And this is enough where what is looked for was drawn anew, and only the best few places are followed.
const LEAST_SIDE_REDRAWN: usize = 6;

/// And it has no more pixels than this, so that its products fit 32 bits.
const MOST_PIXELS: usize = 1 << 16;

/// Reduced this often at most, unless [`MOST_PIXELS`] asks for more.
const USUAL_LEVELS: usize = 3;

/// And more often as long as it has so many pixels: where that much is drawn, even less of each tells one place from another.
const ENOUGH_PIXELS: usize = 1 << 9;

/// Edges are thin: of letters reduced more often nothing but where text stands is left.
const USUAL_LEVELS_OF_EDGES: usize = 2;

/// Steps of a climb at most.
const MOST_STEPS: usize = 6;

/// Pixels of templates that one step of all climbs compares at a reduced size: the larger a template is there, the surer is what its
/// size before has told of a place.
const FOLLOWED_PIXELS: usize = 1 << 20;

/// And in a crowd so many times that.
const MOST_FOLLOWED: usize = 32;

/// Places that score this much less than the best are nearly as good, at a reduced size.
const NEARLY: f64 = 0.1;

/// Where the best place scores so much at half the size it shows the very thing.
const THE_VERY_THING: f64 = 0.9;

/// And what scores so much less than that is none that could be mistaken for it: it is not followed to the full size.
const FAR_BEHIND: f64 = 0.4;

/// Places that at a reduced size score so much less than the best, or than what would be of use, will not be of use at the full size.
pub(super) const HOPELESS: f64 = 0.2;

/// And so many are followed though they are hopeless.
const FOLLOWED_ANYWAY: usize = 4;

/// How much is followed up.
#[derive(Debug, Clone, Copy)]
pub(super) struct Effort {
    /// Places of the sweep that are followed.
    pub rough: usize,
    /// Of these the ones that are followed to the full size, but for a crowd.
    pub fine: usize,
    /// A rough score below this is not followed.
    pub floor: f32,
    /// Of the best places so many have their surroundings looked at closely.
    pub winners: usize,
    /// What is done where many places are nearly as good as the best; nothing when there is none.
    pub crowd: Option<Crowd>,
}

/// Places that are nearly as good as the best are followed too, however many were to be: the reduced sizes don't tell which is the best.
#[derive(Debug, Clone, Copy)]
pub(super) struct Crowd {
    /// A place that scores less is of no use, and none that others can be as good as.
    pub from: f64,
    /// Places of the sweep that are followed at most.
    pub rough: usize,
    /// Of these the ones that are followed to each size after it; more of a small template.
    pub fine: usize,
}

impl Crowd {
    /// What is nearly as good as `best`.
    fn least(self, best: f64) -> f64 {
        best.max(self.from) - NEARLY
    }

    /// How many of `spots`, best first, may still be of use.
    fn hopeful(self, spots: &[Spot]) -> usize {
        let best = spots.first().map_or(0.0, |best| best.score.abs());
        spots.iter().take_while(|spot| spot.score.abs() >= best.max(self.from) - HOPELESS).count()
    }
}

/// What a hunt brought.
#[derive(Debug, PartialEq)]
pub(super) struct Hunted {
    /// The best places, best first.
    pub spots: Vec<Spot>,
    /// Whether as many were nearly as good as the best as [`Effort::crowd`] follows, or one so close to a good one that the sweep had
    /// left it out: a better one may be among the others.
    pub crowded: bool,
}

/// A place and its score.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Spot {
    /// Left edge.
    pub x: usize,
    /// Top edge.
    pub y: usize,
    /// Correlation, -1 to 1.
    pub score: f64,
}

/// A template at one scale, reduced as the screen is.
pub(super) struct Quarry {
    channel: Channel,
    /// The level that is swept.
    level: usize,
    /// For each level from 0 to the swept one, its variants by first pixel: none moved, right, down, both, by half of 2^level.
    probes: Vec<Vec<Probe>>,
}

/// The level that a template of this size is swept at; none where it is so long and thin that nothing would be left of it before its
/// products fit.
fn level_for(width: usize, height: usize, channel: Channel) -> Option<usize> {
    let least_side = if channel == Channel::SignFree { LEAST_SIDE_REDRAWN } else { LEAST_SIDE };
    let most = if channel == Channel::Steepness { USUAL_LEVELS_OF_EDGES } else { USUAL_LEVELS };
    let reduced = |level: usize| {
        let shift = if level == 0 { 0 } else { 1 << (level - 1) };
        (width.saturating_sub(shift) >> level, height.saturating_sub(shift) >> level)
    };
    let usual = (0..LEVELS).rev().find(|&level| {
        let (width, height) = reduced(level);
        let plenty = width * height >= ENOUGH_PIXELS && width.min(height) >= 2 * least_side;
        plenty || level <= most && width.min(height) >= least_side
    });
    let least = (0..LEVELS).find(|&level| {
        let (width, height) = reduced(level);
        width * height <= MOST_PIXELS
    });
    let level = usual.unwrap_or(0).max(least?);
    let (width, height) = reduced(level);
    (width.min(height) > 0).then_some(level)
}

impl Quarry {
    /// `template` made ready; it must be smaller than what is searched. None where [`Self::work`] is beyond measure.
    pub(super) fn new(template: &Gray, channel: Channel) -> Option<Self> {
        let top = level_for(template.width, template.height, channel)?;
        // Reduced after edges are taken: how many there are stays, as on the screen.
        let steep = (channel == Channel::Steepness).then(|| gradient(template));
        let levels = variants(steep.as_ref().unwrap_or(template), top).into_iter();
        let probes = levels.map(|level| level.into_iter().map(Probe::new).collect()).collect();
        Some(Self { channel, level: top, probes })
    }

    /// Multiplications of a sweep with a template of this size over a screen of that size; no number where it cannot be swept with.
    pub(super) fn work((width, height): (usize, usize), screen: (usize, usize)) -> u64 {
        let Some(level) = level_for(width, height, Channel::Luma) else { return u64::MAX };
        let phases = if level == 0 { 1 } else { 4 };
        phases * ((width >> level).max(1) * (height >> level).max(1)) as u64 * ((screen.0 >> level) * (screen.1 >> level)) as u64
    }

    /// The best places whose window lies in `region`, best first, each a summit of its surroundings; scores of
    /// [`Channel::SignFree`] may be negative and count by their magnitude. On so many threads; what comes of it is the same.
    pub(super) fn hunt(&self, scenery: &Scenery, region: Place, effort: Effort, threads: usize) -> Hunted {
        let template = &self.probes[0][0].gray;
        let bounds = Bounds::new(region, (template.width, template.height));
        let (mut spots, mut crowded) = self.rough(scenery, &bounds, effort, threads);
        let known: Vec<Known> = self.probes.iter().map(|_| Known::default()).collect();
        let climb = |spot: Spot, level: usize| self.climb(scenery, level, &known[level], &bounds, spot);
        for level in (0..=self.level).rev() {
            // The sweep has seen its own level; but in single precision, and by whole cells.
            if level < self.level || level == 0 {
                spots = each(spots.len(), threads, |number| climb(spots[number], level));
            }
            best_first(&mut spots);
            spots.dedup_by(|a, b| a.x == b.x && a.y == b.y);
            let hopeful = effort.crowd.map_or(usize::MAX, |crowd| crowd.hopeful(&spots));
            spots.truncate(hopeful.max(FOLLOWED_ANYWAY));
            if let Some(next) = level.checked_sub(1) {
                let most = if next == 0 { 0 } else { FOLLOWED_PIXELS / self.probes[next][0].gray.pixels.len() };
                let nearly = effort.crowd.zip(spots.first()).map_or(0, |(crowd, best)| {
                    let least = crowd.least(best.score.abs());
                    let near = spots.iter().take_while(|spot| spot.score.abs() >= least).count();
                    let pixels = self.probes[next][0].gray.pixels.len();
                    let followed = crowd.fine.clamp(FOLLOWED_PIXELS / pixels, MOST_FOLLOWED * FOLLOWED_PIXELS / pixels);
                    crowded |= near >= followed;
                    near.min(followed)
                });
                spots.truncate(most.max(effort.fine).max(nearly));
                let best = spots.first().map_or(0.0, |best| best.score.abs());
                if next == 0 && best >= THE_VERY_THING {
                    spots.retain(|spot| spot.score.abs() >= best - FAR_BEHIND);
                }
            }
        }
        spots.truncate(effort.fine);
        let winners = effort.crowd.map_or(usize::MAX, |crowd| crowd.hopeful(&spots)).min(effort.winners);
        let best = spots.first().map_or(0.0, |best| best.score.abs());
        for winner in spots.iter().take(winners).copied().collect::<Vec<_>>() {
            for spot in self.beside(scenery, &bounds, winner) {
                let spot = (0..=self.level).rev().fold(spot, climb);
                if !spots.iter().any(|known| (known.x, known.y) == (spot.x, spot.y)) {
                    // What repeats this closely has more such places beside others that were found.
                    crowded |= effort.crowd.is_some_and(|crowd| spot.score.abs() >= crowd.least(best));
                    spots.push(spot);
                }
            }
        }
        best_first(&mut spots);
        Hunted { spots, crowded }
    }

    /// The least share of the template's variance that any of its reduced copies has: what they have little of, they can't find.
    pub(super) fn kept(&self) -> f64 {
        let variance = |probe: &Probe| probe.mean_and_energy().1 / probe.gray.pixels.len() as f64;
        let whole = variance(&self.probes[0][0]);
        self.probes.iter().flatten().map(|probe| variance(probe) / whole).fold(1.0, f64::min)
    }

    /// Where else around `spot` to climb from: of each cell the sweep keeps one place, and what repeats at a few pixels' distance
    /// has several.
    fn beside(&self, scenery: &Scenery, bounds: &Bounds, spot: Spot) -> Vec<Spot> {
        /// Places of the swept level that are looked at on every side: a cell.
        const REACH: usize = CELL;
        /// How many of them are followed.
        const FOLLOWED: usize = 4;
        let layer = scenery.layer(self.channel, self.level);
        let half = if self.level == 0 { 0 } else { 1_usize << (self.level - 1) };
        let (u, v) = (spot.x >> self.level, spot.y >> self.level);
        let mut all: Vec<Spot> = Vec::new();
        for v in v.saturating_sub(REACH)..=v + REACH {
            for u in u.saturating_sub(REACH)..=u + REACH {
                for (variant, probe) in self.probes[self.level].iter().enumerate() {
                    let fits = u + probe.gray.width <= layer.gray.width && v + probe.gray.height <= layer.gray.height;
                    let to = |at: usize, moved: bool| (at << self.level).checked_sub(if moved { half } else { 0 });
                    let (Some(x), Some(y), true) = (to(u, variant & 1 == 1), to(v, variant & 2 == 2), fits) else { continue };
                    if bounds.hold(x, y) == (x, y) {
                        all.push(Spot { x, y, score: probe.score(&layer.gray, u, v) });
                    }
                }
            }
        }
        best_first(&mut all);
        let apart = |a: &Spot, b: &Spot| a.x.abs_diff(b.x).max(a.y.abs_diff(b.y)) >= (1 << self.level).max(3);
        let mut chosen: Vec<Spot> = Vec::new();
        for spot in all {
            if chosen.len() < FOLLOWED && chosen.iter().all(|other| apart(other, &spot)) {
                chosen.push(spot);
            }
        }
        chosen
    }

    /// The summits of the sweep, and whether as many were nearly as good as the best as are followed.
    fn rough(&self, scenery: &Scenery, bounds: &Bounds, effort: Effort, threads: usize) -> (Vec<Spot>, bool) {
        let layer = scenery.layer(self.channel, self.level);
        let probes = &self.probes[self.level];
        let (width, height) = (probes[0].gray.width, probes[0].gray.height);
        if width > layer.gray.width || height > layer.gray.height {
            return (Vec::new(), false);
        }
        let instructions = Instructions::best();
        let patch = Patch { width, height, phases: probes.iter().map(|probe| probe.phase(instructions)).collect() };
        let cut = |from: usize, to: usize, most: usize| {
            let first = (from >> self.level).saturating_sub(1) / CELL * CELL;
            first..((to >> self.level) + 2).min(most)
        };
        let columns = cut(bounds.left, bounds.right, layer.gray.width + 1 - width);
        let rows = cut(bounds.top, bounds.bottom, layer.gray.height + 1 - height);
        let (ready, sign_free) = (layer.ready(), self.channel == Channel::SignFree);
        let promising = effort.crowd.map_or(0.0, |crowd| (crowd.from - 2.0 * HOPELESS) as f32);
        let band = rows.len().div_ceil(threads.max(1)).next_multiple_of(CELL).max(CELL);
        let swept = each(rows.len().div_ceil(band), threads, |number| {
            let first = rows.start + number * band;
            let places = (columns.clone(), first..(first + band).min(rows.end));
            instructions.run(&SweepInput { ready, patch: &patch, places, sign_free, floor: effort.floor, promising })
        });
        let mut best: Vec<Best> = swept.into_iter().flatten().collect();
        let (nearly, most) = effort.crowd.map_or((0, usize::MAX), |crowd| {
            let least = crowd.least(best.iter().fold(0.0, |most, place| f64::from(place.score).max(most)));
            (best.iter().filter(|place| f64::from(place.score) >= least).count(), crowd.rough)
        });
        summits(&mut best, effort.rough.max(nearly.min(most)));
        let half = if self.level == 0 { 0 } else { 1 << (self.level - 1) };
        let full = |at: u32, moved: bool| ((at as usize) << self.level).saturating_sub(if moved { half } else { 0 });
        let spot = |best: &Best| {
            let (x, y) = bounds.hold(full(best.x, best.phase & 1 == 1), full(best.y, best.phase & 2 == 2));
            Spot { x, y, score: f64::from(best.score) }
        };
        (best.iter().map(spot).collect(), nearly >= most)
    }

    /// The summit that is reached from `spot` by steps of half a pixel of `level` (a whole one at the full size).
    fn climb(&self, scenery: &Scenery, level: usize, known: &Known, bounds: &Bounds, spot: Spot) -> Spot {
        let layer = scenery.layer(self.channel, level);
        let probes = &self.probes[level];
        let step = if level == 0 { 1 } else { 1_usize << (level - 1) };
        let score = |x: usize, y: usize| {
            let (variant_x, variant_y) = if level == 0 { (0, 0) } else { ((x / step) % 2, (y / step) % 2) };
            let probe = &probes[variant_x + 2 * variant_y];
            let (u, v) = ((x + variant_x * step) >> level, (y + variant_y * step) >> level);
            let fits = u + probe.gray.width <= layer.gray.width && v + probe.gray.height <= layer.gray.height;
            if fits { known.score(probe, variant_x + 2 * variant_y, &layer.gray, (u, v)) } else { -2.0 }
        };
        let worth = |score: f64| if self.channel == Channel::SignFree && score > -2.0 { score.abs() } else { score };
        let (mut x, mut y) = bounds.hold((spot.x + step / 2) / step * step, (spot.y + step / 2) / step * step);
        if level > 0 {
            (x, y) = (x / step * step, y / step * step);
        }
        let mut best = Spot { x, y, score: score(x, y) };
        // What was seen already is not looked at again: the last step says which side is new.
        let mut seen: Vec<(usize, usize)> = vec![(x, y)];
        for _ in 0..MOST_STEPS {
            let centre = best;
            for dy in [-1_i64, 0, 1] {
                for dx in [-1_i64, 0, 1] {
                    let at = (centre.x as i64 + dx * step as i64, centre.y as i64 + dy * step as i64);
                    let Some((x, y)) = bounds.inside(at, step) else { continue };
                    if seen.contains(&(x, y)) {
                        continue;
                    }
                    seen.push((x, y));
                    let score = score(x, y);
                    if worth(score) > worth(best.score) {
                        best = Spot { x, y, score };
                    }
                }
            }
            if (best.x, best.y) == (centre.x, centre.y) {
                break;
            }
        }
        let (x, y) = bounds.hold(best.x, best.y);
        Spot { x, y, ..best }
    }
}

/// For each level up to `top` the template reduced so often, from its first pixel and from ones half of 2^level further right, down,
/// and both; all of one size.
fn variants(template: &Gray, top: usize) -> Vec<Vec<Gray>> {
    let mut all = vec![vec![template.clone()]];
    // The whole template, reduced as often as for the level before.
    let mut whole = template.clone();
    for level in 1..=top {
        let half = 1 << (level - 1);
        let (width, height) = ((template.width - half) >> level, (template.height - half) >> level);
        // One pixel of the level before is half a pixel of this one.
        let moved = |x: usize, y: usize| halved_from(&whole, (x, y), (width, height));
        all.push(vec![moved(0, 0), moved(1, 0), moved(0, 1), moved(1, 1)]);
        whole = halved(&whole);
    }
    all
}

fn best_first(spots: &mut [Spot]) {
    spots.sort_by(|a, b| b.score.abs().total_cmp(&a.score.abs()).then((a.y, a.x).cmp(&(b.y, b.x))));
}

/// Keeps the best `count` places; one within two pixels of a better one is its flank. Of each cell there is one at most.
fn summits(best: &mut Vec<Best>, count: usize) {
    /// Places that are put in order at once, for each that is wanted.
    const AT_ONCE: usize = 8;
    /// Pixels that a flank is off at most: no further than the cell beside.
    const FLANK: u32 = 2;
    let order = |a: &Best, b: &Best| b.score.total_cmp(&a.score).then((a.y, a.x).cmp(&(b.y, b.x)));
    let cell = |place: &Best| (place.x as usize / CELL, place.y as usize / CELL);
    let across = best.iter().map(|place| cell(place).0).max().unwrap_or_default() + 3;
    let down = best.iter().map(|place| cell(place).1).max().unwrap_or_default() + 3;
    // By cell, with a border of one, the number of what was kept plus one.
    let mut taken = vec![0_u32; across * down];
    let mut kept: Vec<Best> = Vec::new();
    let mut rest = &mut best[..];
    while !rest.is_empty() && kept.len() < count {
        let some = (AT_ONCE * count).min(rest.len());
        if some < rest.len() {
            rest.select_nth_unstable_by(some, order);
        }
        let (now, later) = rest.split_at_mut(some);
        now.sort_unstable_by(order);
        for place in now {
            let (column, row) = cell(place);
            let beside = (row..row + 3).flat_map(|row| &taken[row * across + column..row * across + column + 3]);
            let mut others = beside.filter_map(|&number| kept.get((number as usize).checked_sub(1)?));
            let flank = others.any(|other| other.x.abs_diff(place.x) <= FLANK && other.y.abs_diff(place.y) <= FLANK);
            if !flank && kept.len() < count {
                kept.push(*place);
                taken[(row + 1) * across + column + 1] = kept.len() as u32;
            }
        }
        rest = later;
    }
    *best = kept;
}

#[cfg(test)]
mod tests {
    use super::super::reference::correlate;
    use super::*;
    const ALL: Effort = Effort { rough: 256, fine: 64, floor: 0.3, winners: 4, crowd: None };

    /// A screen of blocks and noise, as windows, letters and pictures are.
    fn screen(width: usize, height: usize, seed: u32, block: u32) -> Gray {
        let hash = |x: u32, y: u32| {
            seed.wrapping_add(x.wrapping_mul(73_856_093)).wrapping_add(y.wrapping_mul(19_349_663)).wrapping_mul(2_654_435_761) >> 24
        };
        let pixel = |at: usize| {
            let (x, y) = ((at % width) as u32, (at / width) as u32);
            let flat = hash(x / block, y / block) as u8;
            if flat.is_multiple_of(3) { flat.wrapping_add((hash(x, y) / 8) as u8) } else { flat }
        };
        Gray { width, height, pixels: (0..width * height).map(pixel).collect() }
    }

    fn whole(gray: &Gray) -> Place {
        Place { x: 0, y: 0, width: gray.width as u32, height: gray.height as u32 }
    }

    #[test]
    fn finds_what_the_reference_finds_and_scores_it_the_same() {
        const CASES: u32 = 240;
        let mut state = 1_u64;
        let mut random = |from: usize, to: usize| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            from + (state >> 33) as usize % (to - from)
        };
        let mut missed = 0;
        for seed in 0..CASES {
            let (width, height) = (random(90, 220), random(70, 160));
            let (w, h) = (random(8, 90), random(8, 70));
            let screen = screen(width, height, seed * 7919, random(3, 17) as u32);
            let place =
                Place { x: random(0, width - w + 1) as u32, y: random(0, height - h + 1) as u32, width: w as u32, height: h as u32 };
            let (mut anchor, noise) = (screen.crop(place), random(1, 13));
            for pixel in &mut anchor.pixels {
                *pixel = pixel.saturating_add(random(0, noise) as u8);
            }
            let map = correlate(&screen, &anchor);
            let best = map.scores.iter().copied().fold(f32::MIN, f32::max);
            let spots = Quarry::new(&anchor, Channel::Luma).unwrap().hunt(&Scenery::new(screen.clone()), whole(&screen), ALL, 1).spots;
            for spot in &spots {
                let exact = f64::from(map.scores[spot.y * map.width + spot.x]);
                assert!((spot.score - exact).abs() < 1e-6, "{spot:?} is {exact}");
            }
            missed += u32::from(spots.first().is_none_or(|spot| (spot.score - f64::from(best)).abs() >= 1e-6));
        }
        // Noise in blocks as fine as the steps of the search is the worst there is; what is proven is never missed, see `proof`.
        assert!(missed * 100 <= CASES, "{missed} of {CASES} missed");
    }

    #[test]
    fn a_thread_that_nothing_would_be_left_of_is_beyond_measure() {
        assert_eq!(Quarry::work((8, 4_000_000), (16, 4_000_000)), u64::MAX);
        assert!(Quarry::work((8, 70_000), (16, 70_000)) < u64::MAX);
        let thread =
            Gray { width: 8, height: 300_000, pixels: (0..2_400_000_u32).map(|at| (at.wrapping_mul(2_654_435_761) >> 24) as u8).collect() };
        assert!(Quarry::new(&thread, Channel::Luma).is_none() && Quarry::new(&thread, Channel::Steepness).is_none());
    }

    #[test]
    fn a_region_is_never_left_and_its_edges_are_reached() {
        let screen = screen(200, 120, 7, 9);
        let scenery = Scenery::new(screen.clone());
        for (x, y) in [(60, 40), (101, 40), (60, 71), (101, 71)] {
            let anchor = screen.crop(Place { x, y, width: 39, height: 29 });
            let region = Place { x: 60, y: 40, width: 80, height: 60 };
            let quarry = Quarry::new(&anchor, Channel::Luma).unwrap();
            let spots = quarry.hunt(&scenery, region, ALL, 1).spots;
            assert_eq!(quarry.hunt(&scenery, region, ALL, 3).spots, spots);
            assert_eq!((spots[0].x, spots[0].y), (x as usize, y as usize));
            assert!(spots.iter().all(|spot| (60..=101).contains(&spot.x) && (40..=71).contains(&spot.y)), "{spots:?}");
        }
    }

    #[test]
    fn a_negative_is_found_where_the_sign_does_not_count() {
        let screen = screen(200, 120, 3, 7);
        let mut anchor = screen.crop(Place { x: 90, y: 33, width: 40, height: 30 });
        anchor.pixels.iter_mut().for_each(|pixel| *pixel = 255 - *pixel);
        let scenery = Scenery::new(screen.clone());
        let best = |channel| Quarry::new(&anchor, channel).unwrap().hunt(&scenery, whole(&screen), ALL, 1).spots.first().copied();
        let found = best(Channel::SignFree).unwrap();
        assert_eq!((found.x, found.y), (90, 33));
        assert!(found.score < -0.999);
        assert!(best(Channel::Luma).is_none_or(|spot| spot.score < 0.9));
    }
}
