//! A copy of the screenshot on which a person sees what is taken for an element, and for which kind.
//!
//! No meaning by colour alone: what is pressed has an unbroken frame, what is filled in or ticked a dashed one, the rest a dotted
//! one, and plates say number and role. Texts are many and have their number alone. Pixels keep their coordinates.

use image::{Rgb, RgbImage};
use imageproc::drawing::draw_hollow_rect_mut;
use imageproc::rect::Rect;

use super::draw::{ALIKE, ANSWER, INK, OTHER, WHITE, dashed, encoded, with_words, wrapped};
use super::picture::Picture;
use super::text::{draw_plate, letters_in, plate_size};
use crate::error::Result;
use crate::target::{Element, Place, Role};

/// From this width on letters are drawn at twice their size, pixels: above it screens show everything larger.
const WIDE: u32 = 2400;

/// Draws `elements`, each with its number, on a copy of `screen` and encodes it as PNG.
///
/// # Errors
/// [`Kind::Bug`](crate::error::Kind::Bug) when the picture cannot be encoded.
pub(super) fn annotate(screen: &Picture, elements: &[(usize, &Element)]) -> Result<Vec<u8>> {
    let (width, height) = (screen.width as u32, screen.height as u32);
    let size = if width >= WIDE { 2 } else { 1 };
    let words = format!(
        "{} elements. Plates: number and role; a number alone is a text. Unbroken frames: pressed. Dashed: filled in or ticked. \
         Dotted: cells, icons, texts. OFF: greyed out. MARKED: ticked or chosen.",
        elements.len()
    );
    let mut canvas = with_words(screen, &wrapped(&words, letters_in(width, size)), size);
    for (_, element) in elements {
        frame(&mut canvas, element, size as i32);
    }
    let frames: Vec<Rect> = elements.iter().map(|(_, element)| rect(element.place, 1)).collect();
    let mut taken: Vec<Rect> = Vec::new();
    for (number, element) in elements {
        let text = plate(*number, element);
        let spot = spot(element.place, plate_size(&text, size), (width, height), &frames, &taken);
        taken.push(spot);
        draw_plate(&mut canvas, (spot.left(), spot.top()), &text, size, colour(element.role), WHITE);
    }
    encoded(&canvas)
}

fn plate(number: usize, element: &Element) -> String {
    let mut text = number.to_string();
    if element.role != Role::Text {
        text.push(' ');
        text.push_str(element.role.word());
    }
    if element.enabled == Some(false) {
        text.push_str(" OFF");
    }
    if element.marked == Some(true) {
        text.push_str(" MARKED");
    }
    text
}

fn colour(role: Role) -> Rgb<u8> {
    match role {
        Role::Button | Role::Link | Role::MenuItem | Role::Tab => ANSWER,
        Role::Field | Role::Checkbox | Role::Radio => ALIKE,
        Role::Cell | Role::Icon => OTHER,
        Role::Text => INK,
    }
}

fn rect(place: Place, distance: i32) -> Rect {
    let grown = 2 * distance as u32;
    Rect::at(place.x as i32 - distance, place.y as i32 - distance).of_size(place.width + grown, place.height + grown)
}

/// A frame around the element, outside of it.
fn frame(canvas: &mut RgbImage, element: &Element, size: i32) {
    let colour = colour(element.role);
    let dash = match element.role {
        Role::Button | Role::Link | Role::MenuItem | Role::Tab => 0,
        Role::Field | Role::Checkbox | Role::Radio => 6,
        Role::Cell | Role::Icon | Role::Text => 2,
    };
    let thick = if element.role == Role::Text { 1 } else { size + 1 };
    for distance in 1..=thick {
        if dash == 0 {
            draw_hollow_rect_mut(canvas, rect(element.place, distance), colour);
        } else {
            dashed(canvas, rect(element.place, distance), colour, dash * size);
        }
    }
}

/// Where a plate of `size` stands at `place`: where it covers no plate and no element, else no plate, else above.
fn spot(place: Place, (width, height): (u32, u32), screen: (u32, u32), frames: &[Rect], taken: &[Rect]) -> Rect {
    let (left, top) = (place.x as i32, place.y as i32);
    let (right, bottom) = (left + place.width as i32, top + place.height as i32);
    let (w, h) = (width as i32, height as i32);
    let at = |(x, y): (i32, i32)| {
        let x = x.clamp(0, (screen.0 as i32 - w).max(0));
        let y = y.clamp(0, (screen.1 as i32 - h).max(0));
        Rect::at(x, y).of_size(width, height)
    };
    let spots = [
        (left, top - h - 2),
        (right - w, top - h - 2),
        (left, bottom + 2),
        (right - w, bottom + 2),
        (right + 2, top),
        (left - w - 2, top),
        (right - w, top),
    ];
    let spots = spots.map(at);
    let apart = |spot: &Rect, others: &[Rect]| others.iter().all(|other| other.intersect(*spot).is_none());
    let free = |spot: &&Rect| apart(spot, taken) && apart(spot, frames);
    let free_of_plates = |spot: &&Rect| apart(spot, taken);
    spots.iter().find(free).or_else(|| spots.iter().find(free_of_plates)).copied().unwrap_or(spots[0])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn element(role: Role, place: Place) -> Element {
        let (centre, enabled) = (place.centre(), Some(false));
        Element { words: Vec::new(), role, called: None, place, centre, text: None, enabled, marked: Some(true), confidence: 0.5 }
    }

    #[test]
    fn draws_at_every_edge_and_keeps_the_element_as_it_was() {
        let screen = Picture { width: 300, height: 120, rgb: vec![200; 300 * 120 * 3] };
        let corner = element(Role::Field, Place { x: 250, y: 90, width: 50, height: 30 });
        let whole = element(Role::Cell, Place { x: 0, y: 0, width: 300, height: 120 });
        let png = annotate(&screen, &[(1, &corner), (2, &whole)]).unwrap();
        let drawn = image::load_from_memory(&png).unwrap().to_rgb8();
        assert!(drawn.width() == 300 && drawn.height() > 120);
        assert_eq!(drawn.get_pixel(290, 110).0, [200; 3], "inside");
        let frame: Vec<_> = (92..120).map(|y| *drawn.get_pixel(249, y)).collect();
        assert!(frame.contains(&ALIKE) && frame.contains(&WHITE), "dashed");
        assert_eq!(plate(1, &corner), "1 field OFF MARKED");
        assert!(!annotate(&screen, &[]).unwrap().is_empty());
    }

    #[test]
    fn plates_stand_apart_where_there_is_room() {
        let size = plate_size("12 button", 1);
        let places = [Place { x: 20, y: 40, width: 90, height: 20 }, Place { x: 120, y: 40, width: 90, height: 20 }];
        let frames = places.map(|place| rect(place, 1));
        let first = spot(places[0], size, (400, 200), &frames, &[]);
        let second = spot(places[1], size, (400, 200), &frames, &[first]);
        assert!(first.intersect(second).is_none() && frames.iter().all(|frame| frame.intersect(second).is_none()));
    }
}
