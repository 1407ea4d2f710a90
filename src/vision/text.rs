//! Letters on pictures: an 8 by 8 bitmap font, enlarged by whole numbers, always on a plate of its own.

use font8x8::UnicodeFonts;
use image::{Rgb, RgbImage};
use imageproc::drawing::draw_filled_rect_mut;
use imageproc::rect::Rect;

/// Sides of a letter at size 1, pixels.
const LETTER: u32 = 8;

/// Around the letters of a plate at size 1, pixels.
const PADDING: u32 = 3;

/// Width and height of a plate with `text` at `size`, pixels.
pub(super) fn plate_size(text: &str, size: u32) -> (u32, u32) {
    (size * (text.chars().count() as u32 * LETTER + 2 * PADDING), size * (LETTER + 2 * PADDING))
}

/// How many letters at `size` fit on a plate of `width` pixels; at least 1.
pub(super) fn letters_in(width: u32, size: u32) -> usize {
    ((width / size).saturating_sub(2 * PADDING) / LETTER).max(1) as usize
}

/// Draws `text` on a plate whose top left corner is at `x`, `y`; what lies outside the picture is not drawn.
pub(super) fn draw_plate(canvas: &mut RgbImage, (x, y): (i32, i32), text: &str, size: u32, plate: Rgb<u8>, ink: Rgb<u8>) {
    let (width, height) = plate_size(text, size);
    draw_filled_rect_mut(canvas, Rect::at(x, y).of_size(width, height), plate);
    let inset = (size * PADDING) as i32;
    for (index, letter) in (0..).zip(text.chars()) {
        draw_letter(canvas, (x + inset + index * (size * LETTER) as i32, y + inset), letter, size, ink);
    }
}

/// Draws one letter; one that the font lacks becomes a question mark.
fn draw_letter(canvas: &mut RgbImage, (left, top): (i32, i32), letter: char, size: u32, ink: Rgb<u8>) {
    let Some(rows) = font8x8::BASIC_FONTS.get(letter).or_else(|| font8x8::BASIC_FONTS.get('?')) else { return };
    let dot = size as i32;
    for (line, bits) in (0..).zip(rows) {
        for column in (0..8_i32).filter(|column| bits & (1 << column) != 0) {
            let square = Rect::at(left + column * dot, top + line * dot).of_size(size, size);
            draw_filled_rect_mut(canvas, square, ink);
        }
    }
}
