//! O or 0, l or 1: what a reader of text mistakes and an identifier does not forgive, told by how wide the letters are drawn.
//!
//! In a proportional font a capital O is clearly wider than the digits, which are all as wide as each other, and an l or I much
//! narrower than a 1. Where that cannot be seen, the identifier is in doubt.

use super::fold::word;
use super::types::Place;

/// How wide a zero may be, among letters and among digits alone, and how wide a letter O must be, in widths of other digits.
const ZERO: f64 = 1.06;
const ZERO_IN_NUMBERS: f64 = 1.18;
const LETTER_O: f64 = 1.2;

/// How wide a one must be, and how wide an l may be, in widths of other digits.
const ONE: f64 = 0.36;
const LETTER_L: f64 = 0.34;

/// Whether the drawn letters at `glyphs`, from left to right, may be something else than the word `text`, which has a digit. Letters
/// that are as many as the word has are compared one by one; where they are not, or where there is no digit to compare with, a word of
/// letters and digits is in doubt as soon as it has a sign that may be another.
pub(super) fn is_doubtful(text: &str, glyphs: &[Place]) -> bool {
    let signs: Vec<char> = word(text).into_iter().map(|letter| letter.sign).collect();
    let ambiguous = |sign: &char| matches!(sign, '0' | 'o' | '1' | 'l' | 'i');
    let mixed = signs.iter().any(|sign| sign.is_alphabetic());
    if !signs.iter().any(ambiguous) {
        return false;
    }
    let mut widths: Vec<u32> =
        signs.iter().zip(glyphs).filter(|(sign, _)| matches!(sign, '2'..='9')).map(|(_, glyph)| glyph.width).collect();
    widths.sort_unstable();
    let (true, Some(&usual)) = (glyphs.len() == signs.len(), widths.get(widths.len() / 2)) else { return mixed };
    signs.iter().zip(glyphs).any(|(sign, glyph)| {
        let width = f64::from(glyph.width) / f64::from(usual.max(1));
        match sign {
            '0' => width > if mixed { ZERO } else { ZERO_IN_NUMBERS },
            'o' => width < LETTER_O,
            '1' => width < ONE,
            'l' | 'i' => width > LETTER_L,
            _ => false,
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn glyphs(widths: &[u32]) -> Vec<Place> {
        let mut x = 0;
        let place = |&width: &u32| {
            x += width + 4;
            Place { x, y: 0, width, height: 30 }
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
    fn an_l_is_a_bar_and_a_one_is_not() {
        let doubtful = |text: &str, widths: &[u32]| is_doubtful(text, &glyphs(widths));
        assert!(!doubtful("A123", &[24, 12, 20, 20]));
        assert!(doubtful("A123", &[24, 5, 20, 20]));
        assert!(doubtful("Al23", &[24, 12, 20, 20]));
        assert!(!doubtful("Al23", &[24, 5, 20, 20]));
    }
}
