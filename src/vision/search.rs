//! The adapter: two encoded pictures in, candidates with their evidence out.

use super::decode::{Ceilings, decode};
use super::draw::annotate;
use super::evidence::compare;
use super::luma::luma;
use super::peaks::{peaks, same_place};
use super::picture::{Gray, Picture};
use super::quality::{flaw_of_anchor, flaw_of_screen};
use super::reference::{MIN_SCALED_SIDE, correlate, scaled, work};
use super::resize::{resize_gray, resize_picture};
use crate::error::{Error, Kind, Result};
use crate::target::{Candidate, Finding, Flaw, Pixels, Place, Search, Sighting, is_recorded_scale};

/// Places kept for each scale: more than a long list has rows on a screen.
const KEPT: usize = 256;

/// A place below this score is not worth a mention.
const FLOOR: f64 = 0.5;

/// Multiplications that one search may cost: about a minute of two cores.
const MOST_WORK: u64 = 2_000_000_000_000;

/// Finds anchors by correlation at every place and scale asked for.
#[derive(Debug, Clone, Copy)]
pub struct Correlation {
    ceilings: Ceilings,
    most_work: u64,
}

impl Correlation {
    /// With these ceilings on each picture.
    pub fn new(ceilings: Ceilings) -> Self {
        Self { ceilings, most_work: MOST_WORK }
    }
}

impl Correlation {
    /// A copy of `screenshot` with `finding` drawn on it, as PNG. See [`annotate`].
    ///
    /// # Errors
    /// When the screenshot cannot be decoded.
    pub fn annotate(&self, screenshot: &[u8], finding: &Finding) -> Result<Vec<u8>> {
        annotate(&decode(screenshot, self.ceilings)?, finding)
    }
}

impl Pixels for Correlation {
    fn search(&self, search: &Search<'_>, enough: &dyn Fn(&[Candidate]) -> bool) -> Result<Sighting> {
        let Some(screen) = readable(decode(search.screenshot, self.ceilings))? else {
            return Ok(Sighting::flawed(Flaw::ScreenUndecodable, None));
        };
        let size = (screen.width as u32, screen.height as u32);
        let screen_luma = luma(&screen);
        if let Some(flaw) = flaw_of_screen(&screen, &screen_luma) {
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
        let scene = Scene { screen, part: screen_luma.crop(region), region, anchor, anchor_luma };
        scene.check_work(search.scales, self.most_work)?;
        let mut sighting = Sighting { screen: Some(size), ..Sighting::default() };
        for &scale in search.scales {
            let Some(found) = scene.at_scale(scale) else { continue };
            sighting.scales.push(scale);
            sighting.truncated |= found.len() == KEPT;
            merge(&mut sighting.candidates, found);
            if enough(&sighting.candidates) {
                break;
            }
        }
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

/// Adds `found`, keeping of two that are the same place the better. At another scale whatever overlaps is the same place.
fn merge(candidates: &mut Vec<Candidate>, found: Vec<Candidate>) {
    candidates.extend(found);
    // A stable sort: of equals the scale that came first, and within it raster order.
    candidates.sort_by(|a, b| b.score.total_cmp(&a.score));
    let mut kept: Vec<Candidate> = Vec::new();
    for candidate in candidates.drain(..) {
        let peak = |candidate: &Candidate| super::Peak { place: candidate.place, score: candidate.score };
        let same = |better: &Candidate| match better.scale.total_cmp(&candidate.scale) {
            std::cmp::Ordering::Equal => same_place(peak(better), peak(&candidate)),
            _ => better.place.overlap(&candidate.place) > 0.5,
        };
        if !kept.iter().any(same) {
            kept.push(candidate);
        }
    }
    *candidates = kept;
}

/// What is searched, and for what.
struct Scene {
    screen: Picture,
    /// Luma of the region.
    part: Gray,
    region: Place,
    anchor: Picture,
    anchor_luma: Gray,
}

impl Scene {
    /// The anchor's size at `scale`, if it can be tried.
    fn size_at(&self, scale: f64) -> Option<(usize, usize)> {
        let (width, height) = scaled((self.anchor.width, self.anchor.height), scale);
        let fits = width <= self.part.width && height <= self.part.height;
        let large_enough = is_recorded_scale(scale) || width.min(height) >= MIN_SCALED_SIDE;
        (fits && large_enough).then_some((width, height))
    }

    fn check_work(&self, scales: &[f64], most: u64) -> Result<()> {
        let part = (self.part.width, self.part.height);
        let needed = scales.iter().filter_map(|&scale| self.size_at(scale)).fold(0_u64, |sum, size| sum.saturating_add(work(part, size)));
        if needed <= most {
            return Ok(());
        }
        let message = format!("searching this anchor on this screenshot needs {needed} steps, more than the {most} that are allowed");
        Err(Error::new(Kind::TooLarge, "search_too_large", message).hint("give a region, a smaller anchor or fewer scales"))
    }

    fn at_scale(&self, scale: f64) -> Option<Vec<Candidate>> {
        let (width, height) = self.size_at(scale)?;
        let map = correlate(&self.part, &resize_gray(&self.anchor_luma, width, height));
        let anchor = resize_picture(&self.anchor, width, height);
        let candidate = |peak: super::Peak| {
            let place = Place { x: peak.place.x + self.region.x, y: peak.place.y + self.region.y, ..peak.place };
            let evidence = compare(&anchor, &self.screen.crop(place));
            Candidate { place, score: peak.score, scale, evidence }
        };
        Some(peaks(&map, (width, height), FLOOR, KEPT).into_iter().map(candidate).collect())
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
        assert_eq!(verdict(KEPT), Verdict::Ambiguous);
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
        let needed = work((40, 30), (12, 12)) + work((40, 30), (13, 13));
        let most = |most_work: u64| resolve(&order(&screen, &patch), &Correlation { ceilings: Ceilings::default(), most_work });
        assert_eq!(most(needed - 1).unwrap_err().code(), "search_too_large");
        assert!(most(needed).is_ok());
    }
}
