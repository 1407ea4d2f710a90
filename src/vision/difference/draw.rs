//! A copy of the screenshot on which a person sees what changed, what was left out of it, and where the action was.
//!
//! No meaning by colour alone: what counts has a thick unbroken frame and a plate that says CHANGED, what passes by itself a
//! dashed one with its name, and a strip below the picture repeats the verdict in words. Pixels keep their coordinates.

use image::{Rgb, RgbImage};
use imageproc::drawing::draw_hollow_rect_mut;
use imageproc::rect::Rect;

use super::super::draw::{ALIKE, OTHER, WHITE, WIDE, cross, dashed, encoded, free_spot, with_words, wrapped};
use super::super::picture::Picture;
use super::super::text::{draw_plate, letters_in, plate_size};
use crate::error::Result;
use crate::target::{Judgement, Place};

/// Frames with a plate of their own at most, the largest first; smaller ones have only the frame.
const MOST_PLATES: usize = 12;

/// Draws `judgement` on a copy of `screen` and encodes it as PNG; the action's place `at` (shares of width and height) as a
/// cross, if it had one.
///
/// # Errors
/// [`Kind::Bug`](crate::error::Kind::Bug) when the picture cannot be encoded.
pub(super) fn annotate(screen: &Picture, judgement: &Judgement, at: Option<(f64, f64)>) -> Result<Vec<u8>> {
    let (width, height) = (screen.width as u32, screen.height as u32);
    let size = if width >= WIDE { 2 } else { 1 };
    let here = at.map(|(x, y)| (x * f64::from(width), y * f64::from(height)));
    let place = here.map(|(x, y)| format!(" The cross: the action at {x:.0},{y:.0}.")).unwrap_or_default();
    let words = format!("{}: {}.{place}", judgement.verdict.word().to_uppercase(), judgement.detail);
    let mut canvas = with_words(screen, &wrapped(&words, letters_in(width, size)), size);
    let mut plates: Vec<(Place, String, Rgb<u8>)> = Vec::new();
    for ignored in &judgement.ignored {
        for distance in 1..=size as i32 {
            dashed(&mut canvas, ring(ignored.place, distance), ALIKE, 3 * size as i32);
        }
        plates.push((ignored.place, ignored.why.word().to_uppercase(), ALIKE));
    }
    for (rank, region) in (1..).zip(&judgement.regions) {
        frame(&mut canvas, *region, size as i32);
        plates.push((*region, format!("CHANGED {rank}"), OTHER));
    }
    let on_screen = |(x, y): &(f64, f64)| (0.0..f64::from(width)).contains(x) && (0.0..f64::from(height)).contains(y);
    if let Some((x, y)) = here.filter(on_screen) {
        cross(&mut canvas, (x as i32, y as i32), size as i32);
    }
    let mut taken: Vec<Rect> = Vec::new();
    for (place, text, colour) in plates.iter().take(MOST_PLATES) {
        let spot = free_spot(*place, plate_size(text, size), (width, height), &taken);
        taken.push(spot);
        draw_plate(&mut canvas, (spot.left(), spot.top()), text, size, *colour, WHITE);
    }
    encoded(&canvas)
}

fn ring(place: Place, distance: i32) -> Rect {
    let grown = 2 * distance as u32;
    Rect::at(place.x as i32 - distance, place.y as i32 - distance).of_size(place.width + grown, place.height + grown)
}

/// A frame outside of `place`; a white line on both sides keeps it visible on a ground of its own colour.
fn frame(canvas: &mut RgbImage, place: Place, size: i32) {
    (1..=size + 1).for_each(|distance| draw_hollow_rect_mut(canvas, ring(place, distance), OTHER));
    draw_hollow_rect_mut(canvas, ring(place, size + 2), WHITE);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::target::{Change, Ignored, Passing};

    #[test]
    fn draws_at_every_edge_and_keeps_what_changed_as_it_was() {
        let screen = Picture { width: 90, height: 60, rgb: vec![200; 90 * 60 * 3] };
        let judgement = Judgement {
            verdict: Change::Here,
            regions: vec![Place { x: 60, y: 40, width: 30, height: 20 }, Place { x: 0, y: 0, width: 1, height: 1 }],
            ignored: vec![Ignored { place: Place { x: 20, y: 30, width: 2, height: 16 }, why: Passing::Caret }],
            detail: "2 regions changed".to_owned(),
        };
        for at in [None, Some((1.0, 1.0)), Some((0.5, 0.99)), Some((f64::MAX, f64::MIN))] {
            let png = annotate(&screen, &judgement, at).unwrap();
            let drawn = image::load_from_memory(&png).unwrap().to_rgb8();
            assert!(drawn.height() > 60 && drawn.width() == 90);
            assert_eq!(drawn.get_pixel(88, 58).0, [200; 3], "inside a region");
            assert_eq!(drawn.get_pixel(59, 50), &OTHER, "its frame");
        }
    }
}
