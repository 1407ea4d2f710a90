//! A copy of the screenshot on which a person sees what was searched and what was decided.
//!
//! No meaning by colour alone: the answer has a thick unbroken frame and its plate says so, other places have thin dashed
//! ones with their rank, and a strip below the picture repeats verdict and reason in words. Pixels keep their coordinates.

use std::io::Cursor;

use image::{ImageFormat, Rgb, RgbImage, imageops};
use imageproc::drawing::{draw_filled_rect_mut, draw_hollow_circle_mut, draw_hollow_rect_mut};
use imageproc::rect::Rect;

use super::picture::Picture;
use super::text::{draw_plate, letters_in, plate_size};
use crate::error::{Error, Kind, Result};
use crate::target::{Candidate, Finding, Place, Standing};

pub(super) const WHITE: Rgb<u8> = Rgb([255, 255, 255]);
pub(super) const INK: Rgb<u8> = Rgb([24, 28, 36]);
/// The answer: a green that stands out from a blue and an orange for every kind of colour vision.
pub(super) const ANSWER: Rgb<u8> = Rgb([0, 120, 72]);
/// Places that are as good as another.
pub(super) const ALIKE: Rgb<u8> = Rgb([0, 84, 180]);
/// Places that were refused or are weaker.
pub(super) const OTHER: Rgb<u8> = Rgb([180, 76, 0]);

/// Places drawn at most.
const MOST_BOXES: usize = 8;

/// A place that scores less than this is not worth a box of its own on the picture.
const LEAST_DRAWN: f64 = 0.6;

/// From this width on letters are drawn at twice their size, pixels.
pub(super) const WIDE: u32 = 1000;

/// Draws `finding` on a copy of `screen` and encodes it as PNG. The strip with the words stands below the screenshot.
///
/// # Errors
/// [`Kind::Bug`] when the picture cannot be encoded.
pub fn annotate(screen: &Picture, finding: &Finding) -> Result<Vec<u8>> {
    let (width, height) = (screen.width as u32, screen.height as u32);
    let size = if width >= WIDE { 2 } else { 1 };
    let lines = legend(finding, letters_in(width, size));
    let mut canvas = with_words(screen, &lines, size);
    let mut plates = Vec::new();
    if let Some(region) = finding.region.and_then(|region| region.within((width, height))) {
        dashed(&mut canvas, Rect::at(region.x as i32, region.y as i32).of_size(region.width, region.height), INK, 3 * size as i32);
    }
    // The worst first, so that the best lies on top. On a miss the best there was is shown, however bad.
    let some = |place: usize, candidate: &Candidate| candidate.score >= LEAST_DRAWN || place == 0;
    let worth = finding.candidates.iter().enumerate().filter(|(place, (candidate, _))| some(*place, candidate)).map(|(_, drawn)| drawn);
    for (rank, (candidate, standing)) in (1..).zip(worth).take(MOST_BOXES).collect::<Vec<_>>().into_iter().rev() {
        frame(&mut canvas, candidate.place, *standing, size as i32);
        plates.push((candidate.place, *standing, format!("{rank} {}{:.3}", tag(*standing), candidate.score)));
    }
    if let Some(found) = finding.found() {
        // Whatever other frames run through it, the target itself is shown as it was.
        let shown = screen.crop(found.place);
        if let Some(shown) = RgbImage::from_raw(found.place.width, found.place.height, shown.rgb) {
            imageops::replace(&mut canvas, &shown, i64::from(found.place.x), i64::from(found.place.y));
        }
    }
    if let Some((x, y)) = finding.click {
        ring(&mut canvas, (x as i32, y as i32), size as i32);
    }
    let on_screen = |(x, y): &(f64, f64)| (0.0..f64::from(width)).contains(x) && (0.0..f64::from(height)).contains(y);
    if let Some((x, y)) = finding.expected.filter(on_screen) {
        cross(&mut canvas, (x as i32, y as i32), size as i32);
    }
    let mut taken: Vec<Rect> = Vec::new();
    for (place, standing, text) in plates.iter().rev() {
        let at = free_spot(*place, plate_size(text, size), (width, height), &taken);
        taken.push(at);
        draw_plate(&mut canvas, (at.left(), at.top()), text, size, colour(*standing), WHITE);
    }
    encoded(&canvas)
}

/// `screen` with `lines` of words on plates below it.
pub(super) fn with_words(screen: &Picture, lines: &[String], size: u32) -> RgbImage {
    let (width, height) = (screen.width as u32, screen.height as u32);
    let line_height = plate_size("", size).1;
    let mut canvas = RgbImage::from_pixel(width, height + line_height * lines.len() as u32, INK);
    if let Some(copy) = RgbImage::from_raw(width, height, screen.rgb.clone()) {
        imageops::replace(&mut canvas, &copy, 0, 0);
    }
    for (index, line) in (0_u32..).zip(lines) {
        draw_plate(&mut canvas, (0, (height + index * line_height) as i32), line, size, INK, WHITE);
    }
    canvas
}

/// `canvas` as PNG.
///
/// # Errors
/// [`Kind::Bug`] when it cannot be encoded.
pub(super) fn encoded(canvas: &RgbImage) -> Result<Vec<u8>> {
    let mut png = Cursor::new(Vec::new());
    canvas
        .write_to(&mut png, ImageFormat::Png)
        .map_err(|cause| Error::new(Kind::Bug, "not_encodable", "the annotated picture could not be encoded").caused_by(cause))?;
    Ok(png.into_inner())
}

fn colour(standing: Standing) -> Rgb<u8> {
    match standing {
        Standing::Hit => ANSWER,
        Standing::Alike => ALIKE,
        _ => OTHER,
    }
}

fn tag(standing: Standing) -> &'static str {
    match standing {
        Standing::Hit => "FOUND ",
        Standing::Alike => "ALIKE ",
        Standing::Weaker => "WEAKER ",
        Standing::BelowThreshold => "BELOW ",
        Standing::ColourDiffers => "COLOUR ",
        Standing::PartDiffers => "PART ",
        Standing::RoleDiffers => "ROLE ",
        Standing::Elsewhere => "ELSEWHERE ",
        Standing::Unsure => "UNSURE ",
        Standing::Fainter => "",
    }
}

/// A ring around the point to click, which stays as it was.
fn ring(canvas: &mut RgbImage, (x, y): (i32, i32), size: i32) {
    for (radius, colour) in [(6 * size, WHITE), (6 * size - 1, ANSWER), (6 * size - 2, ANSWER), (6 * size - 3, WHITE)] {
        draw_hollow_circle_mut(canvas, (x, y), radius, colour);
    }
}

/// A frame around `place`, outside of it as far as there is room: thick and unbroken for the answer, thin and dashed for others.
fn frame(canvas: &mut RgbImage, place: Place, standing: Standing, size: i32) {
    let ring = |distance: i32| {
        let grown = 2 * distance as u32;
        Rect::at(place.x as i32 - distance, place.y as i32 - distance).of_size(place.width + grown, place.height + grown)
    };
    if standing == Standing::Hit {
        // A white line on both sides keeps the frame visible on a ground of its own colour.
        (1..=2 * size + 2).for_each(|distance| draw_hollow_rect_mut(canvas, ring(distance), ANSWER));
        draw_hollow_rect_mut(canvas, ring(0), WHITE);
        draw_hollow_rect_mut(canvas, ring(2 * size + 3), WHITE);
        return;
    }
    for distance in 0..size {
        dashed(canvas, ring(distance), colour(standing), 4 * size);
    }
}

/// A hollow rectangle of dashes `dash` pixels long, white between them.
pub(super) fn dashed(canvas: &mut RgbImage, rect: Rect, colour: Rgb<u8>, dash: i32) {
    draw_hollow_rect_mut(canvas, rect, WHITE);
    let mut put = |x: i32, y: i32| {
        if x >= 0 && y >= 0 && (x as u32) < canvas.width() && (y as u32) < canvas.height() {
            canvas.put_pixel(x as u32, y as u32, colour);
        }
    };
    let is_ink = |along: i32| along.rem_euclid(2 * dash) < dash;
    for x in (rect.left()..=rect.right()).filter(|x| is_ink(x - rect.left())) {
        put(x, rect.top());
        put(x, rect.bottom());
    }
    for y in (rect.top()..=rect.bottom()).filter(|y| is_ink(y - rect.top())) {
        put(rect.left(), y);
        put(rect.right(), y);
    }
}

/// A cross where the target was expected; the words below the picture say what it is.
pub(super) fn cross(canvas: &mut RgbImage, (x, y): (i32, i32), size: i32) {
    let (arm, thick) = (9 * size, size);
    for (grown, colour) in [(size, WHITE), (0, INK)] {
        let along = (2 * (arm + grown) + 1) as u32;
        let across = (2 * (thick + grown) - 1) as u32;
        draw_filled_rect_mut(canvas, Rect::at(x - arm - grown, y - thick - grown + 1).of_size(along, across), colour);
        draw_filled_rect_mut(canvas, Rect::at(x - thick - grown + 1, y - arm - grown).of_size(across, along), colour);
    }
}

/// Where a plate of `size` can stand beside `place` without covering another: above, below, right, left, in this order and a row of
/// plates further off each time; above where there is no such spot.
pub(super) fn free_spot(place: Place, (width, height): (u32, u32), screen: (u32, u32), taken: &[Rect]) -> Rect {
    const GAP: i32 = 8;
    /// Further off nobody sees what a plate belongs to.
    const ROWS: i32 = 4;
    let (left, top) = (place.x as i32, place.y as i32);
    let (right, bottom) = (left + place.width as i32, top + place.height as i32);
    let (w, h) = (width as i32, height as i32);
    let spots = |row: i32| {
        let further = row * (h + GAP / 2);
        [(left, top - h - GAP - further), (left, bottom + GAP + further), (right + GAP, top + further), (left - w - GAP, top + further)]
    };
    let inside = |(x, y): (i32, i32)| {
        let x = x.clamp(0, (screen.0 as i32 - w).max(0));
        let y = y.clamp(0, (screen.1 as i32 - h).max(0));
        Rect::at(x, y).of_size(width, height)
    };
    let box_of_place = Rect::at(left, top).of_size(place.width, place.height);
    let free = |rect: &Rect| taken.iter().all(|other| other.intersect(*rect).is_none()) && rect.intersect(box_of_place).is_none();
    (0..ROWS).flat_map(spots).map(inside).find(free).unwrap_or_else(|| inside(spots(0)[0]))
}

/// The words below the picture, wrapped to `letters` a line.
fn legend(finding: &Finding, letters: usize) -> Vec<String> {
    let verdict = finding.verdict.word().to_uppercase();
    let click = finding.click.map(|(x, y)| format!(" The ring: click {x},{y}.")).unwrap_or_default();
    let margin = finding.margin.map(|margin| format!(", margin {margin:.3}")).unwrap_or_default();
    let expected = finding.expected.map(|(x, y)| format!(" The cross: expected at {x:.0},{y:.0}.")).unwrap_or_default();
    let region = finding.region.map(|region| format!(" The finely dashed frame: searched was {region} alone.")).unwrap_or_default();
    let text = format!("{verdict}: {}.{click} Threshold {:.2}{margin}.{expected}{region}", finding.why.sentence(), finding.threshold);
    let mut lines = wrapped(&text, letters);
    let shown = |standing: Standing| finding.candidates.iter().any(|(_, other)| *other == standing);
    let meant = [
        (Standing::Hit, "FOUND, thick frame: the answer."),
        (Standing::Alike, "ALIKE: as good as another."),
        (Standing::Weaker, "WEAKER: would do, clearly worse."),
        (Standing::BelowThreshold, "BELOW: under the threshold."),
        (Standing::ColourDiffers, "COLOUR: other colours."),
        (Standing::PartDiffers, "PART: a part differs."),
        (Standing::RoleDiffers, "ROLE: another kind of element."),
        (Standing::Elsewhere, "ELSEWHERE: another row, or not near."),
        (Standing::Unsure, "UNSURE: read with doubt, or only near, or a letter may be a digit."),
    ];
    let meant: Vec<&str> = meant.into_iter().filter(|(standing, _)| shown(*standing)).map(|(_, words)| words).collect();
    if !meant.is_empty() {
        lines.extend(wrapped(&format!("Plates: rank, standing, score. {}", meant.join(" ")), letters));
    }
    lines
}

/// `text` in lines of at most `letters`, as far as its words allow.
pub(super) fn wrapped(text: &str, letters: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split(' ') {
        let last = lines.len() - 1;
        if lines[last].is_empty() {
            lines[last].push_str(word);
        } else if lines[last].chars().count() + 1 + word.chars().count() <= letters {
            lines[last].push(' ');
            lines[last].push_str(word);
        } else {
            lines.push(word.to_owned());
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::target::{By, Cause, Evidence, Verdict, Why};

    fn finding(places: &[(Place, Standing)], expected: Option<(f64, f64)>) -> Finding {
        let candidate = |place: Place| Candidate { place, score: 0.97, scale: 1.0, evidence: Evidence::default() };
        Finding {
            verdict: Verdict::Found,
            why: Why::Compared(Cause::SinglePlace),
            screen: Some((60, 40)),
            candidates: places.iter().map(|(place, standing)| (candidate(*place), *standing)).collect(),
            hit: places.iter().position(|(_, standing)| *standing == Standing::Hit),
            margin: Some(0.1),
            click: None,
            expected,
            region: Some(Place { x: 30, y: 20, width: 300, height: 10 }),
            threshold: 0.9,
            scales: vec![1.0],
            by: By::Anchor,
            element: None,
            seen: Vec::new(),
        }
    }

    #[test]
    fn draws_at_every_edge_and_keeps_the_target_as_it_was() {
        let screen = Picture { width: 60, height: 40, rgb: (0..60 * 40 * 3_u32).map(|at| (at * 7 % 256) as u8).collect() };
        let whole = Place { x: 0, y: 0, width: 60, height: 40 };
        let corner = Place { x: 52, y: 30, width: 8, height: 10 };
        for expected in [None, Some((59.5, 0.0)), Some((-1.0, 3.0)), Some((1e300, f64::MIN))] {
            let png = annotate(&screen, &finding(&[(corner, Standing::Hit), (whole, Standing::Alike)], expected)).unwrap();
            let drawn = image::load_from_memory(&png).unwrap().to_rgb8();
            assert_eq!(
                drawn.get_pixel(56, 35).0,
                [(35 * 60 + 56) * 3 * 7, ((35 * 60 + 56) * 3 + 1) * 7, ((35 * 60 + 56) * 3 + 2) * 7].map(|level: u32| (level % 256) as u8)
            );
            assert!(drawn.height() > 40);
        }
    }

    #[test]
    fn plates_of_places_that_crowd_together_cover_neither_one_another_nor_their_place() {
        let mut taken: Vec<Rect> = Vec::new();
        for number in 0..8 {
            let place = Place { x: 1400 + 9 * number, y: 69, width: 143, height: 46 };
            let at = free_spot(place, (150, 26), (1920, 1080), &taken);
            let own = Rect::at(place.x as i32, place.y as i32).of_size(place.width, place.height);
            assert!(taken.iter().chain([&own]).all(|other| other.intersect(at).is_none()), "{at:?}");
            taken.push(at);
        }
    }

    #[test]
    fn words_wrap_where_the_picture_ends() {
        let lines = legend(&finding(&[], Some((1.0, 2.0))), 20);
        assert!(lines.len() > 3 && lines.iter().all(|line| line.chars().count() <= 20), "{lines:?}");
        assert_eq!(lines.join(" "), legend(&finding(&[], Some((1.0, 2.0))), 500)[0]);
    }
}
