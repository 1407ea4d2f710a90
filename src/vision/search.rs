//! The adapter: two encoded pictures in, candidates with their evidence out.

use std::sync::Arc;

use super::compat::by_rule;
use super::decode::{Ceilings, decode, decode_with_alpha};
use super::draw::{annotate, encoded};
use super::draw_elements;
use super::hunt::{Effort, Quarry};
use super::luma::luma;
use super::mask::Mask;
use super::parallel::each;
use super::prepared::{Prepared, Question, Shelf};
use super::quality::{clipped, flaw_of_anchor, repeats, statistics, vacancy};
use super::reference::{SOURCE_SCALES, SourceHit, scaled};
use super::scene::{Scene, Shown};
use super::scenery::Channel;
use crate::error::{Error, Kind, Result};
use crate::target::{Candidate, Element, Evidence, Finding, Flaw, Pixels, Place, Quality, Search, Sighting, is_recorded_scale};

/// How the recorded scale is searched: rows of a long list are places too.
const RECORDED: Effort = Effort { rough: 384, fine: 192, floor: 0.5, winners: 4, crowd: None };

/// How other scales and themes are searched.
const OTHERS: Effort = Effort { rough: 32, fine: 8, floor: 0.4, winners: 1, crowd: None };

/// Multiplications that one search may cost.
const MOST_WORK: u64 = 1_000_000_000_000;

/// Bytes of prepared screens that are kept for the next search.
const SHELF: usize = 256 << 20;

/// Finds anchors by correlation at every place and scale asked for. Clones share the screens that they have prepared.
#[derive(Debug, Clone)]
pub struct Correlation {
    ceilings: Ceilings,
    most_work: u64,
    threads: usize,
    shelf: Arc<Shelf>,
}

impl Correlation {
    /// With these ceilings on each picture.
    pub fn new(ceilings: Ceilings) -> Self {
        Self { ceilings, most_work: MOST_WORK, threads: 1, shelf: Arc::new(Shelf::new(SHELF)) }
    }

    /// The same with each search on so many threads, at least one; the answers are the same.
    #[must_use]
    pub fn on_threads(self, threads: usize) -> Self {
        Self { threads: threads.max(1), ..self }
    }

    /// A copy of `screenshot` with `finding` drawn on it, as PNG. See [`annotate`].
    ///
    /// # Errors
    /// When the screenshot cannot be decoded.
    pub fn annotate(&self, screenshot: &[u8], finding: &Finding) -> Result<Vec<u8>> {
        annotate(&decode(screenshot, self.ceilings)?, finding)
    }

    /// A copy of `screenshot` with `elements` drawn on it, each with its number and its role, as PNG.
    ///
    /// # Errors
    /// When the screenshot cannot be decoded.
    pub fn annotate_elements(&self, screenshot: &[u8], elements: &[(usize, &Element)]) -> Result<Vec<u8>> {
        draw_elements::annotate(&decode(screenshot, self.ceilings)?, elements)
    }

    /// The part of `screenshot` inside `place` as PNG.
    ///
    /// # Errors
    /// When the screenshot cannot be decoded, or the place does not lie on it.
    pub fn crop(&self, screenshot: &[u8], place: Place) -> Result<Vec<u8>> {
        let prepared = self.shelf.get(screenshot, || decode(screenshot, self.ceilings).map(Prepared::new).map(Some))?;
        let Some(prepared) = prepared else { return Err(Error::new(Kind::Bug, "no_screen", "a screen that was decoded is gone")) };
        let size = (prepared.screen.width as u32, prepared.screen.height as u32);
        if place.within(size) != Some(place) {
            return Err(outside(place, size));
        }
        let crop = prepared.screen.crop(place);
        let drawn = image::RgbImage::from_raw(place.width, place.height, crop.rgb);
        encoded(&drawn.unwrap_or_default())
    }

    /// What an anchor is worth by itself; none where it is no picture.
    ///
    /// # Errors
    /// When it is beyond a ceiling.
    pub fn quality(&self, anchor: &[u8]) -> Result<Option<Quality>> {
        let Some((picture, alpha)) = readable(decode_with_alpha(anchor, self.ceilings))? else { return Ok(None) };
        let gray = luma(&picture);
        let mask = alpha.and_then(|alpha| Mask::new(gray.width, gray.height, &alpha));
        let flaw = match &mask {
            Some(mask) => mask.usable_core().err(),
            None => flaw_of_anchor(&gray, (gray.width, gray.height)),
        };
        Ok(Some(Quality {
            size: (gray.width as u32, gray.height as u32),
            deviation: statistics(&gray).deviation,
            flaw,
            repeats: repeats(&gray, gray.width.max(gray.height) / 2),
            // What is transparent at the edge was cut out on purpose.
            clipped: if mask.is_some() { Vec::new() } else { clipped(&gray) },
        }))
    }

    /// Looks at all scales, and for other themes, and adds to `sighting` what is seen.
    fn everywhere(&self, scene: &Scene<'_>, search: &Search<'_>, kept: &mut Vec<Shown>, sighting: &mut Sighting) {
        sighting.scales = search.scales.iter().copied().filter(|&scale| scene.size_at(scale).is_some()).collect();
        // Another theme turns dark and light around; edges stay. At other scales they are drawn anew, and say little.
        let both = [(Channel::SignFree, OTHERS), (Channel::Steepness, OTHERS)];
        let look = |scale: f64| scene.looks(scale, if is_recorded_scale(scale) { &both } else { &both[..1] }, 1);
        let looked = each(sighting.scales.len(), self.threads, |at| look(sighting.scales[at])).into_iter().flatten().collect();
        scene.examine(looked, kept, sighting);
    }

    /// The screen, prepared now or before; none where it is no picture.
    pub(super) fn prepared(&self, screenshot: &[u8]) -> Result<Option<Arc<Prepared>>> {
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
        let Some((anchor, alpha)) = readable(decode_with_alpha(search.anchor, self.ceilings))? else {
            return Ok(Sighting::flawed(Flaw::AnchorUndecodable, Some(size)));
        };
        let anchor_size = Some((anchor.width as u32, anchor.height as u32));
        let scene = match Scene::new(&prepared, region, anchor, alpha, search, self.threads) {
            Ok(scene) => scene,
            Err(flaw) => return Ok(Sighting { anchor: anchor_size, ..Sighting::flawed(flaw, Some(size)) }),
        };
        let work = |size: (usize, usize)| Quarry::work(size, (screen.width, screen.height));
        check_work(search.scales.iter().filter_map(|&scale| scene.size_at(scale)).map(work), self.most_work)?;
        let mut sighting = Sighting { screen: Some(size), anchor: anchor_size, ..Sighting::default() };
        // What the caller holds to be enough is asked each time; what was seen is the same as the last time.
        let question = Question::new(search);
        let mut steps = prepared.seen(&question);
        let mut kept = Vec::new();
        let known = steps.len();
        let likely = |scale: f64| (search.is_likely(scale) || is_recorded_scale(scale)) && scene.size_at(scale).is_some();
        let early: Vec<f64> = search.scales.iter().copied().filter(|&scale| likely(scale)).collect();
        for (step, &scale) in early.iter().enumerate() {
            if let Some(seen) = steps.get(step) {
                sighting = seen.clone();
            } else {
                let looked = scene.looks(scale, &[(Channel::Luma, RECORDED)], self.threads);
                scene.examine(looked.into_iter().collect(), &mut kept, &mut sighting);
                sighting.scales.push(scale);
                steps.push(sighting.clone());
            }
            if enough(&sighting.candidates) {
                if steps.len() > known {
                    prepared.keep(question, steps);
                }
                return Ok(scene.placeable(sighting));
            }
        }
        if let Some(seen) = steps.get(early.len()) {
            return Ok(scene.placeable(seen.clone()));
        }
        self.everywhere(&scene, search, &mut kept, &mut sighting);
        sighting.vacancy = vacancy(screen);
        steps.push(sighting.clone());
        prepared.keep(question, steps);
        Ok(scene.placeable(sighting))
    }

    fn by_source_rule(&self, search: &Search<'_>, threshold: f64) -> Result<Sighting> {
        let Some(prepared) = self.prepared(search.screenshot)? else {
            return Ok(Sighting::flawed(Flaw::ScreenUndecodable, None));
        };
        let screen = prepared.scenery.luma();
        let size = Some((screen.width as u32, screen.height as u32));
        let Some(anchor) = readable(decode(search.anchor, self.ceilings))? else {
            return Ok(Sighting::flawed(Flaw::AnchorUndecodable, size));
        };
        let work = |scale: f64| Quarry::work(scaled((anchor.width, anchor.height), scale), (screen.width, screen.height));
        check_work(SOURCE_SCALES.iter().map(|&scale| work(scale)), self.most_work)?;
        let best = by_rule(&prepared.scenery, &luma(&anchor), threshold, search.exact);
        let candidate = |hit: SourceHit| Candidate { place: hit.place, score: hit.score, scale: hit.scale, evidence: Evidence::default() };
        Ok(Sighting { screen: size, candidates: best.map(candidate).into_iter().collect(), ..Sighting::default() })
    }
}

/// A picture that cannot be decoded is a finding; one beyond a ceiling is a refusal.
fn readable<T>(picture: Result<T>) -> Result<Option<T>> {
    match picture {
        Ok(picture) => Ok(Some(picture)),
        Err(error) if error.kind() == Kind::TooLarge => Err(error),
        Err(_) => Ok(None),
    }
}

fn check_work(parts: impl Iterator<Item = u64>, most: u64) -> Result<()> {
    let needed = parts.fold(0_u64, u64::saturating_add);
    if needed <= most {
        return Ok(());
    }
    let message = format!("searching this anchor on this screenshot needs {needed} steps, more than the {most} that are allowed");
    Err(Error::new(Kind::TooLarge, "search_too_large", message).hint("give a smaller screenshot, a smaller anchor or fewer scales"))
}

fn outside(region: Place, (width, height): (u32, u32)) -> Error {
    let message = format!("the region {region} lies outside the screenshot of {width}x{height} pixels");
    Error::new(Kind::Input, "invalid_region", message).hint("a region is x,y,width,height in pixels of the screenshot")
}

#[cfg(test)]
mod tests {
    use super::super::scene::MOST_EXAMINED;
    use super::*;
    use crate::target::{Order, Verdict, resolve};

    fn noise(seed: u32, at: u32) -> u8 {
        let mixed = (seed.wrapping_add(at) ^ 0x9e37).wrapping_mul(2_654_435_761);
        ((mixed ^ (mixed >> 15)).wrapping_mul(2_246_822_519) >> 24) as u8
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
        Order { scales: &[1.0, 1.1], ..Order::new(screenshot, Some(anchor), 0.9) }
    }

    #[test]
    fn finds_a_patch_and_stops_at_a_conclusive_scale() {
        let (screen, patch) = pictures(1);
        let finding = resolve(&order(&screen, &patch), &Correlation::new(Ceilings::default())).unwrap();
        assert_eq!(finding.found().unwrap().place, Place { x: 4, y: 9, width: 12, height: 12 });
        assert_eq!(finding.scales, [1.0]);
    }

    #[test]
    fn a_question_is_answered_alike_again_and_another_is_another() {
        let (screen, patch) = pictures(2);
        let other = pictures(1).1;
        let one = order(&screen, &patch);
        let region = Some(Place { x: 0, y: 0, width: 20, height: 30 });
        let expected = Some(crate::target::Expected::Pixels(30.0, 15.0));
        let orders = [
            one,
            Order { threshold: 0.999, ..one },
            Order { expected, ..one },
            Order { region, ..one },
            Order { scales: &[1.1, 1.0], ..one },
            Order { scales: &[1.1], ..one },
            Order { exact: true, ..one },
            Order { anchor: Some(&other[..other.len() - 1]), ..one },
            Order { click: Some((2.0, 1.0)), ..one },
        ];
        let shared = Correlation::new(Ceilings::default());
        for _ in 0..2 {
            for order in &orders {
                let told = format!("{:?}", resolve(order, &shared).unwrap());
                assert_eq!(told, format!("{:?}", resolve(order, &Correlation::new(Ceilings::default())).unwrap()));
                assert_eq!(told, format!("{:?}", resolve(order, &shared).unwrap()));
            }
        }
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
