//! O or 0, l or 1: what a reader of text mistakes and an identifier does not forgive, told by how wide the letters are drawn.
//!
//! In a proportional font a capital O is clearly wider than the digits, which are all as wide as each other, and an l or I much
//! narrower than a 1. Where that cannot be seen, the identifier is in doubt.

use std::borrow::Cow;

use super::labels::around;
use super::types::Place;

/// How wide a zero may be, among letters and among digits alone, and how wide a capital O must be, in widths of other digits.
const ZERO: f64 = 1.06;
const ZERO_IN_NUMBERS: f64 = 1.18;
const LETTER_O: f64 = 1.2;

/// How tall a small o may be, in heights of digits: a zero is as tall as the others.
const SMALL_O: f64 = 0.85;

/// How wide a one must be, and how wide an l may be, in widths of other digits.
const ONE: f64 = 0.36;
const LETTER_L: f64 = 0.34;

/// Parts of one letter, as of an M of thin strokes, are no further apart than this, pixels of the enlarged letters.
const TOUCHING: u32 = 1;

/// Whether the drawn letters at `glyphs`, from left to right, may be something else than the word `text`, which has a digit. Letters
/// that are as many as the word has are compared one by one; where they are not, or where there is no digit to compare with, a word of
/// letters and digits is in doubt as soon as it has a sign that may be another.
pub(super) fn is_doubtful(text: &str, glyphs: &[Place]) -> bool {
    let signs: Vec<char> = text.chars().filter(|sign| !sign.is_whitespace()).collect();
    let ambiguous = |sign: &char| matches!(sign, '0' | 'o' | 'O' | 'ø' | 'Ø' | '1' | 'l' | 'i' | 'I' | '|');
    let mixed = signs.iter().any(|sign| sign.is_alphabetic());
    if !signs.iter().any(ambiguous) {
        return false;
    }
    let glyphs = whole(glyphs, signs.len());
    let digits = signs.iter().zip(glyphs.iter()).filter(|(sign, _)| matches!(sign, '2'..='9'));
    let (mut widths, mut heights): (Vec<u32>, Vec<u32>) = digits.map(|(_, glyph)| (glyph.width, glyph.height)).unzip();
    widths.sort_unstable();
    heights.sort_unstable();
    let usual = |of: &[u32]| of.get(of.len() / 2).map(|&length| f64::from(length.max(1)));
    let (true, Some(wide), Some(tall)) = (glyphs.len() == signs.len(), usual(&widths), usual(&heights)) else { return mixed };
    signs.iter().zip(glyphs.iter()).any(|(sign, glyph)| {
        let (width, height) = (f64::from(glyph.width) / wide, f64::from(glyph.height) / tall);
        match sign {
            '0' if mixed => width > ZERO || height < SMALL_O,
            '0' => width > ZERO_IN_NUMBERS,
            'o' | 'O' => width < LETTER_O && height >= SMALL_O,
            'ø' | 'Ø' => true,
            '1' => width < ONE,
            'l' | 'i' | 'I' | '|' => width > LETTER_L,
            _ => false,
        }
    })
}

/// Letters of which the parts were put together, where that makes them `count`.
fn whole(glyphs: &[Place], count: usize) -> Cow<'_, [Place]> {
    let touches = |pair: &[Place]| pair[1].x <= pair[0].x + pair[0].width + TOUCHING;
    if glyphs.len() <= count || glyphs.windows(2).filter(|pair| touches(pair)).count() != glyphs.len() - count {
        return Cow::Borrowed(glyphs);
    }
    let mut all: Vec<Place> = Vec::new();
    for &glyph in glyphs {
        match all.last_mut() {
            Some(last) if touches(&[*last, glyph]) => *last = around(*last, glyph),
            _ => all.push(glyph),
        }
    }
    Cow::Owned(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn glyphs(widths: &[u32]) -> Vec<Place> {
        let mut x = 0;
        let place = |&width: &u32| {
            let left = x;
            x += width + 4;
            Place { x: left, y: 0, width, height: 30 }
        };
        widths.iter().map(place).collect()
    }

    #[test]
    fn a_zero_is_as_wide_as_a_digit_and_an_o_is_wider() {
        let doubtful = |text: &str, widths: &[u32]| is_doubtful(text, &glyphs(widths));
        assert!(!doubtful("MG4408", &[28, 26, 20, 20, 20, 19]));
        assert!(doubtful("MG4408", &[28, 26, 20, 20, 26, 19]));
        assert!(!doubtful("MG44O8", &[28, 26, 20, 20, 26, 19]));
        assert!(doubtful("MG44O8", &[28, 26, 20, 20, 20, 19]));
        // Letters that run into one another cannot be compared: digits alone are digits, and anything else is in doubt.
        assert!(doubtful("MG4408", &[54, 20, 20, 20, 19]));
        assert!(!doubtful("80402", &[40, 20, 20]));
        assert!(!doubtful("MG4428", &[]));
    }

    #[test]
    fn punctuation_is_drawn_too_and_a_capital_l_is_no_bar() {
        let doubtful = |text: &str, widths: &[u32]| is_doubtful(text, &glyphs(widths));
        assert!(!doubtful("F25-8095", &[20, 20, 20, 9, 20, 20, 20, 20]));
        assert!(doubtful("F25-8095", &[20, 20, 20, 9, 20, 26, 20, 20]));
        assert!(!doubtful("L8B027", &[20, 20, 22, 20, 20, 20]));
        assert!(doubtful("I8B027", &[20, 20, 22, 20, 20, 20]));
        assert!(doubtful("Ø827", &[26, 20, 20, 20]));
    }

    #[test]
    fn a_small_o_is_low_and_a_zero_is_not() {
        let low = |text: &str, widths: &[u32], low: usize| {
            let mut glyphs = glyphs(widths);
            glyphs[low].height = 22;
            is_doubtful(text, &glyphs)
        };
        assert!(!low("48Ko", &[20, 20, 22, 20], 3));
        assert!(is_doubtful("48Ko", &glyphs(&[20, 20, 22, 20])));
        assert!(low("48K0", &[20, 20, 22, 20], 3));
    }

    #[test]
    fn a_letter_that_falls_into_parts_is_put_together_where_nothing_else_touches() {
        let mut parts = glyphs(&[12, 15, 12, 26, 20, 20, 20, 19]);
        (parts[1].x, parts[2].x) = (parts[0].x + 12, parts[0].x + 27);
        assert!(!is_doubtful("MG4408", &parts));
        // What touches too may be what fell apart.
        parts[5].x = parts[4].x + 20;
        assert!(is_doubtful("MG4408", &parts));
        // Two zeros that touch are no wide one: they are as many letters as there are.
        let mut pair = glyphs(&[28, 20, 20, 20]);
        pair[2].x = pair[1].x + 20;
        assert!(!is_doubtful("M400", &pair));
    }

    #[test]
    fn an_l_is_a_bar_and_a_one_is_not() {
        let doubtful = |text: &str, widths: &[u32]| is_doubtful(text, &glyphs(widths));
        assert!(!doubtful("A123", &[24, 12, 20, 20]));
        assert!(doubtful("A123", &[24, 5, 20, 20]));
        assert!(doubtful("Al23", &[24, 12, 20, 20]));
        assert!(!doubtful("Al23", &[24, 5, 20, 20]));
    }
}
