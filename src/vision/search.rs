//! The adapter: two encoded pictures in, candidates with their evidence out.

use std::sync::Arc;

use super::decode::{Ceilings, decode};
use super::draw::annotate;
use super::evidence::{Sample, Stage};
use super::hunt::{Channel, Effort, Quarry, Spot};
use super::luma::luma;
use super::picture::{Gray, Picture};
use super::prepared::{Prepared, Shelf};
use super::quality::flaw_of_anchor;
use super::reference::MIN_SCALED_SIDE;
use super::resize::{resize_gray, resize_picture};
use crate::error::{Error, Kind, Result};
use crate::target::{Candidate, Finding, Flaw, Pixels, Place, Search, Sighting, is_recoloured, is_recorded_scale};

/// How the recorded scale is searched: rows of a long list are places too.
const RECORDED: Effort = Effort { rough: 384, fine: 192, floor: 0.5 };

/// How other scales and themes are searched.
const OTHERS: Effort = Effort { rough: 32, fine: 8, floor: 0.4 };

/// Places looked at closely at most.
const MOST_EXAMINED: usize = 64;

/// Places that are looked at closely though others look better, at most.
const SOME: usize = 8;

/// A first look that falls behind the best by no more than this may be the same thing again.
const ABOUT_AS_GOOD: f64 = 0.12;

/// Beyond this it isn't looked at closely at all.
const MUCH_WORSE: f64 = 0.6;

/// Looks at one place from slightly different scales: the best of them are kept.
const AT_ONE_PLACE: usize = 2;

/// Multiplications that one search may cost.
const MOST_WORK: u64 = 1_000_000_000_000;

/// Bytes of prepared screens that are kept for the next search.
const SHELF: usize = 128 << 20;

/// Finds anchors by correlation at every place and scale asked for. Clones share the screens that they have prepared.
#[derive(Debug, Clone)]
pub struct Correlation {
    ceilings: Ceilings,
    most_work: u64,
    shelf: Arc<Shelf>,
}

impl Correlation {
    /// With these ceilings on each picture.
    pub fn new(ceilings: Ceilings) -> Self {
        Self { ceilings, most_work: MOST_WORK, shelf: Arc::new(Shelf::new(SHELF)) }
    }

    /// A copy of `screenshot` with `finding` drawn on it, as PNG. See [`annotate`].
    ///
    /// # Errors
    /// When the screenshot cannot be decoded.
    pub fn annotate(&self, screenshot: &[u8], finding: &Finding) -> Result<Vec<u8>> {
        annotate(&decode(screenshot, self.ceilings)?, finding)
    }

    /// The screen, prepared now or before; none where it is no picture.
    fn prepared(&self, screenshot: &[u8]) -> Result<Option<Arc<Prepared>>> {
        self.shelf.get(screenshot, || Ok(readable(decode(screenshot, self.ceilings))?.map(Prepared::new)))
    }
}

impl Pixels for Correlation {
    fn search(&self, search: &Search<'_>, enough: &dyn Fn(&[Candidate]) -> bool) -> Result<Sighting> {
        let Some(prepared) = self.prepared(search.screenshot)? else {
            return Ok(Sighting::flawed(Flaw::ScreenUndecodable, None));
        };
        let screen = prepared.scenery.luma();
        let size = (screen.width as u32, screen.height as u32);
        if let Some(flaw) = prepared.flaw {
            return Ok(Sighting::flawed(flaw, Some(size)));
        }
        let region = match search.region {
            Some(region) => region.within(size).ok_or_else(|| outside(region, size))?,
            None => Place { x: 0, y: 0, width: size.0, height: size.1 },
        };
        let Some(anchor) = readable(decode(search.anchor, self.ceilings))? else {
            return Ok(Sighting::flawed(Flaw::AnchorUndecodable, Some(size)));
        };
        let anchor_luma = luma(&anchor);
        if let Some(flaw) = flaw_of_anchor(&anchor_luma, (region.width as usize, region.height as usize)) {
            return Ok(Sighting::flawed(flaw, Some(size)));
        }
        let scene = Scene { prepared: &prepared, region, anchor, anchor_luma };
        scene.check_work(search.scales, self.most_work)?;
        let mut sighting = Sighting { screen: Some(size), ..Sighting::default() };
        if let Some(&recorded) = search.scales.iter().find(|scale| is_recorded_scale(**scale)) {
            let looks = scene.looks(recorded, &[(Channel::Luma, RECORDED)]);
            (sighting.candidates, sighting.truncated) = scene.examined(looks);
            sighting.scales.push(recorded);
            if enough(&sighting.candidates) {
                return Ok(sighting);
            }
        }
        let mut looks = Vec::new();
        sighting.scales.clear();
        for &scale in search.scales {
            if scene.size_at(scale).is_none() {
                continue;
            }
            sighting.scales.push(scale);
            // Another theme turns dark and light around; edges stay. At other scales they are drawn anew, and say little.
            let both = [(Channel::SignFree, OTHERS), (Channel::Steepness, OTHERS)];
            looks.extend(scene.looks(scale, if is_recorded_scale(scale) { &both } else { &both[..1] }));
        }
        let (candidates, truncated) = scene.examined(looks);
        sighting.truncated |= truncated;
        for candidate in candidates {
            if !sighting.candidates.iter().any(|known| known.place == candidate.place) {
                sighting.candidates.push(candidate);
            }
        }
        sighting.candidates.sort_by(|a, b| b.score.total_cmp(&a.score));
        Ok(sighting)
    }
}

/// A picture that cannot be decoded is a finding; one beyond a ceiling is a refusal.
fn readable(picture: Result<Picture>) -> Result<Option<Picture>> {
    match picture {
        Ok(picture) => Ok(Some(picture)),
        Err(error) if error.kind() == Kind::TooLarge => Err(error),
        Err(_) => Ok(None),
    }
}

fn outside(region: Place, (width, height): (u32, u32)) -> Error {
    let message = format!("the region {region} lies outside the screenshot of {width}x{height} pixels");
    Error::new(Kind::Input, "invalid_region", message).hint("a region is x,y,width,height in pixels of the screenshot")
}

/// What is searched, and for what.
struct Scene<'a> {
    prepared: &'a Prepared,
    region: Place,
    anchor: Picture,
    anchor_luma: Gray,
}

/// A place that was found by correlation, and how it looks at first.
struct Look {
    place: Place,
    scale: f64,
    score: f64,
    /// See [`Sample::first_look`].
    first: (f64, f64),
}

impl Look {
    /// What decides whether the place is looked at closely.
    fn worth(&self) -> f64 {
        /// What being drawn as large as it was recorded is worth.
        const RECORDED: f64 = 0.06;
        self.first.0.abs() + self.first.1 + if is_recorded_scale(self.scale) { RECORDED } else { 0.0 }
    }
}

impl Scene<'_> {
    /// The anchor's size at `scale`, if it can be tried.
    fn size_at(&self, scale: f64) -> Option<(usize, usize)> {
        let to = |length: usize| (length as f64 * scale).round() as usize;
        let (width, height) = (to(self.anchor.width), to(self.anchor.height));
        let fits = width <= self.region.width as usize && height <= self.region.height as usize;
        let large_enough = is_recorded_scale(scale) || width.min(height) >= MIN_SCALED_SIDE;
        (fits && large_enough).then_some((width, height))
    }

    fn check_work(&self, scales: &[f64], most: u64) -> Result<()> {
        let screen = self.prepared.scenery.luma();
        let cost = |size: (usize, usize)| Quarry::work(size, (screen.width, screen.height));
        let needed = scales.iter().filter_map(|&scale| self.size_at(scale)).fold(0_u64, |sum, size| sum.saturating_add(cost(size)));
        if needed <= most {
            return Ok(());
        }
        let message = format!("searching this anchor on this screenshot needs {needed} steps, more than the {most} that are allowed");
        Err(Error::new(Kind::TooLarge, "search_too_large", message).hint("give a smaller screenshot, a smaller anchor or fewer scales"))
    }

    fn sample(&self, scale: f64) -> Option<Sample> {
        let (width, height) = self.size_at(scale)?;
        Some(Sample::new(resize_picture(&self.anchor, width, height), resize_gray(&self.anchor_luma, width, height), scale))
    }

    fn stage(&self) -> Stage<'_> {
        Stage { colour: &self.prepared.screen, luma: self.prepared.scenery.luma() }
    }

    /// The best places at `scale`, each once.
    fn looks(&self, scale: f64, how: &[(Channel, Effort)]) -> Vec<Look> {
        let Some(sample) = self.sample(scale) else { return Vec::new() };
        let mut spots: Vec<Spot> = Vec::new();
        for &(channel, effort) in how {
            let Some(quarry) = Quarry::new(sample.luma(), channel) else { continue };
            for spot in quarry.hunt(&self.prepared.scenery, self.region, effort) {
                if !spots.iter().any(|known| known.x.abs_diff(spot.x) <= 2 && known.y.abs_diff(spot.y) <= 2) {
                    spots.push(spot);
                }
            }
        }
        let size = (sample.luma().width as u32, sample.luma().height as u32);
        let stage = self.stage();
        let look = |spot: Spot| {
            let place = Place { x: spot.x as u32, y: spot.y as u32, width: size.0, height: size.1 };
            Look { place, scale, score: sample.score(&stage, place).abs(), first: sample.first_look(&stage, place) }
        };
        spots.into_iter().map(look).collect()
    }

    /// The places that are worth it looked at closely; and whether more of them were as good.
    fn examined(&self, mut looks: Vec<Look>) -> (Vec<Candidate>, bool) {
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
        let mut samples: Vec<(f64, Sample)> = Vec::new();
        let stage = self.stage();
        let mut candidates = Vec::new();
        for (look, closely) in chosen {
            let mut evidence = crate::target::Evidence { blurred: look.first.0, edges: look.first.1, ..Default::default() };
            if closely {
                if !samples.iter().any(|(scale, _)| scale.total_cmp(&look.scale).is_eq()) {
                    samples.extend(self.sample(look.scale).map(|sample| (look.scale, sample)));
                }
                if let Some((_, sample)) = samples.iter().find(|(scale, _)| scale.total_cmp(&look.scale).is_eq()) {
                    evidence = sample.compare(&stage, look.place, look.first);
                }
            }
            // In other colours light and dark mean nothing; what is compared then are edges.
            let score = if closely && is_recoloured(&evidence) { evidence.edges.max(0.0) } else { look.score };
            candidates.push(Candidate { place: look.place, score, scale: look.scale, evidence });
        }
        candidates.sort_by(|a, b| b.score.total_cmp(&a.score));
        (candidates, truncated)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::target::{Order, Verdict, resolve};

    fn noise(seed: u32, at: u32) -> u8 {
        (seed.wrapping_add(at).wrapping_mul(2_654_435_761) >> 13) as u8
    }

    /// A screen of noise with `twins` copies of one patch in a row; the patch as anchor.
    fn pictures(twins: usize) -> (Vec<u8>, Vec<u8>) {
        let patch = image::RgbImage::from_fn(12, 12, |x, y| image::Rgb([noise(7, y * 12 + x); 3]));
        let width = 20 * twins.max(2) as u32;
        let mut screen = image::RgbImage::from_pixel(width, 30, image::Rgb([200; 3]));
        for index in 0..twins as i64 {
            image::imageops::replace(&mut screen, &patch, 20 * index + 4, 9);
        }
        screen.put_pixel(0, 0, image::Rgb([0; 3]));
        let encoded = |picture: &image::RgbImage| {
            let mut png = std::io::Cursor::new(Vec::new());
            picture.write_to(&mut png, image::ImageFormat::Png).unwrap();
            png.into_inner()
        };
        (encoded(&screen), encoded(&patch))
    }

    fn order<'a>(screenshot: &'a [u8], anchor: &'a [u8]) -> Order<'a> {
        Order { screenshot, anchor: Some(anchor), expected: None, region: None, threshold: 0.9, scales: &[1.0, 1.1] }
    }

    #[test]
    fn finds_a_patch_and_stops_at_a_conclusive_scale() {
        let (screen, patch) = pictures(1);
        let finding = resolve(&order(&screen, &patch), &Correlation::new(Ceilings::default())).unwrap();
        assert_eq!(finding.found().unwrap().place, Place { x: 4, y: 9, width: 12, height: 12 });
        assert_eq!(finding.scales, [1.0]);
    }

    #[test]
    fn where_places_were_left_out_an_expected_position_settles_nothing() {
        let expected = Some(crate::target::Expected::Pixels(30.0, 15.0));
        let verdict = |twins: usize| {
            let (screen, patch) = pictures(twins);
            resolve(&Order { expected, ..order(&screen, &patch) }, &Correlation::new(Ceilings::default())).unwrap().verdict
        };
        assert_eq!(verdict(20), Verdict::Found);
        assert_eq!(verdict(MOST_EXAMINED + 8), Verdict::Ambiguous);
    }

    #[test]
    fn a_row_that_goes_on_beyond_its_anchor_is_ambiguous() {
        let star = image::RgbImage::from_fn(12, 12, |x, y| image::Rgb([noise(7, y * 12 + x); 3]));
        let row = |count: i64, width: u32| {
            let mut picture = image::RgbImage::from_pixel(width, 30, image::Rgb([200; 3]));
            (0..count).for_each(|index| image::imageops::replace(&mut picture, &star, 14 * index + 4, 9));
            picture.put_pixel(0, 0, image::Rgb([0; 3]));
            picture
        };
        let encoded = |picture: &image::RgbImage| {
            let mut png = std::io::Cursor::new(Vec::new());
            picture.write_to(&mut png, image::ImageFormat::Png).unwrap();
            png.into_inner()
        };
        let anchor = encoded(&image::imageops::crop_imm(&row(5, 120), 4, 9, 5 * 14 - 2, 12).to_image());
        let verdict = |count: i64, expected: Option<crate::target::Expected>| {
            let screen = encoded(&row(count, 140));
            resolve(&Order { expected, ..order(&screen, &anchor) }, &Correlation::new(Ceilings::default())).unwrap()
        };
        assert_eq!(verdict(5, None).verdict, Verdict::Found, "the row ends where the anchor does");
        assert_eq!(verdict(7, None).verdict, Verdict::Ambiguous, "the same five stars begin at three places");
        let there = Some(crate::target::Expected::Pixels(4.0 + 14.0 + 34.0, 15.0));
        assert_eq!(verdict(7, there).found().unwrap().place.x, 4 + 14, "the recorded position tells which");
    }

    #[test]
    fn a_search_beyond_its_ceiling_is_refused_before_it_starts() {
        let (screen, patch) = pictures(2);
        let needed = Quarry::work((12, 12), (40, 30)) + Quarry::work((13, 13), (40, 30));
        let most = |most_work: u64| resolve(&order(&screen, &patch), &Correlation { most_work, ..Correlation::new(Ceilings::default()) });
        assert_eq!(most(needed - 1).unwrap_err().code(), "search_too_large");
        assert!(most(needed).is_ok());
    }
}
