//! O or 0, l or 1: what a reader of text mistakes and an identifier does not forgive, told by how wide and how tall the letters are drawn.
//!
//! In a proportional font a capital O is clearly wider than the digits, which are all as wide as each other, and an l or I much
//! narrower than a 1. Where that cannot be seen, the identifier is in doubt.

use super::fold::word;
use super::labels::around;
use super::types::Place;

/// How wide a zero may be, among letters and among digits alone, and how wide a capital O must be, in widths of other digits.
const ZERO: f64 = 1.06;
const ZERO_IN_NUMBERS: f64 = 1.18;
const LETTER_O: f64 = 1.2;

/// How tall a small o may be, and how tall a zero must be, in heights of digits.
const SMALL_O: f64 = 0.8;
const LEAST_ZERO: f64 = 0.85;

/// How wide a one must be, and how wide an l may be, in widths of other digits.
const ONE: f64 = 0.36;
const LETTER_L: f64 = 0.34;

/// The same in their own heights, where there is no other digit: a one has a flag or a foot, and an l has neither.
const ONE_ALONE: f64 = 0.28;
const BAR_ALONE: f64 = 0.2;

/// Parts of one letter, as of an M of thin strokes, are no further apart than this, pixels of the enlarged letters.
const TOUCHING: u32 = 1;

/// What a sign may be mistaken for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Zero,
    SmallO,
    CapitalO,
    One,
    Bar,
    /// Nothing tells which it is: an accent may be the stroke of a zero, a bracket a one.
    Either,
    /// It is none of these.
    Clear,
}

/// What the sign at `at` may be. A slash between digits is one, as in a date.
fn kind(signs: &[char], at: usize) -> Kind {
    match signs[at] {
        '0' => Kind::Zero,
        'o' | 'l' | 'i' if is_in_word(signs, at) => Kind::Clear,
        'o' => Kind::SmallO,
        'O' => Kind::CapitalO,
        '1' => Kind::One,
        'l' | 'i' | 'I' | '|' => Kind::Bar,
        'L' => Kind::Clear,
        '!' | '/' | '\\' | '[' | ']' | '(' | ')' | '{' | '}' => {
            if is_digit(signs, at.checked_sub(1)) && is_digit(signs, at.checked_add(1)) { Kind::Clear } else { Kind::Either }
        }
        sign if word(sign.encode_utf8(&mut [0; 4])).iter().any(|letter| matches!(letter.sign, '0' | '1' | 'o' | 'l' | 'i')) => Kind::Either,
        _ => Kind::Clear,
    }
}

fn is_digit(signs: &[char], at: Option<usize>) -> bool {
    at.and_then(|at| signs.get(at)).is_some_and(char::is_ascii_digit)
}

/// Whether the small letter at `at` is one of a word beside digits, as in F3=Sortir: among letters of which this many are small and no
/// others' likes nobody takes it for a digit.
fn is_in_word(signs: &[char], at: usize) -> bool {
    const CLEAR: usize = 3;
    let from = signs[..at].iter().rposition(|sign| !sign.is_alphabetic()).map_or(0, |last| last + 1);
    let to = signs[at..].iter().position(|sign| !sign.is_alphabetic()).map_or(signs.len(), |next| at + next);
    signs[from..to].iter().filter(|sign| sign.is_lowercase() && !matches!(sign, 'o' | 'l' | 'i')).count() >= CLEAR
}

/// Whether the drawn letters at `glyphs`, from left to right, may be something else than the word `text`, which has a digit. Letters
/// that are as many as the word has are compared one by one, where there is no digit to compare with a one and a bar by their own
/// proportions; otherwise a word of letters and digits is in doubt as soon as it has a sign that may be another.
pub(super) fn is_doubtful(text: &str, glyphs: &[Place]) -> bool {
    let signs: Vec<char> = text.chars().filter(|sign| !sign.is_whitespace()).collect();
    let kinds: Vec<Kind> = (0..signs.len()).map(|at| kind(&signs, at)).collect();
    let mixed = signs.iter().any(|sign| sign.is_alphabetic());
    if kinds.iter().all(|kind| *kind == Kind::Clear) {
        return false;
    }
    let drawn = whole(glyphs, signs.len());
    let digits = signs.iter().zip(&drawn).filter(|(sign, _)| matches!(sign, '2'..='9'));
    let (mut widths, mut heights): (Vec<u32>, Vec<u32>) = digits.map(|(_, drawn)| (drawn.place.width, drawn.place.height)).unzip();
    widths.sort_unstable();
    heights.sort_unstable();
    let usual = |of: &[u32]| of.get(of.len() / 2).map(|&length| f64::from(length.max(1)));
    if drawn.len() != signs.len() {
        return mixed;
    }
    let (Some(wide), Some(tall)) = (usual(&widths), usual(&heights)) else {
        // By themselves a one and a bar are told by their own proportions, and nothing else is.
        let unlike = |(drawn, kind): (&Drawn, &Kind)| {
            let slender = f64::from(drawn.place.width) / f64::from(drawn.place.height.max(1));
            drawn.joined && *kind != Kind::Clear
                || match kind {
                    Kind::One => slender < ONE_ALONE,
                    Kind::Bar => slender > BAR_ALONE,
                    kind => *kind != Kind::Clear,
                }
        };
        return mixed && drawn.iter().zip(&kinds).any(unlike);
    };
    drawn.iter().zip(&kinds).enumerate().any(|(at, (drawn, kind))| {
        let (width, height) = (f64::from(drawn.place.width) / wide, f64::from(drawn.place.height) / tall);
        let beside_a_digit = is_digit(&signs, at.checked_sub(1)) || is_digit(&signs, at.checked_add(1));
        let unlike = match kind {
            Kind::Zero if mixed => width > ZERO || height < LEAST_ZERO,
            Kind::Zero => width > ZERO_IN_NUMBERS,
            // A zero of old figures is as low; among digits only a wide one is an O.
            Kind::SmallO => width < LETTER_O && (height > SMALL_O || beside_a_digit),
            Kind::CapitalO => width < LETTER_O,
            Kind::One => width < ONE,
            Kind::Bar => width > LETTER_L,
            Kind::Either => mixed,
            Kind::Clear => false,
        };
        // Letters fall into parts, digits don't: what was put together there is two of them.
        unlike || drawn.joined && (*kind != Kind::Clear || signs[at].is_ascii_digit())
    })
}

/// A letter as it is drawn.
#[derive(Clone, Copy)]
struct Drawn {
    place: Place,
    /// It was put together from parts that touch.
    joined: bool,
}

/// The letters, those put together that fell into parts where that makes them `count`.
fn whole(glyphs: &[Place], count: usize) -> Vec<Drawn> {
    let touches = |before: Place, after: Place| after.x <= before.x + before.width + TOUCHING;
    let touching = glyphs.windows(2).filter(|pair| touches(pair[0], pair[1])).count();
    let join = glyphs.len() > count && touching == glyphs.len() - count;
    let mut all: Vec<Drawn> = Vec::new();
    for &place in glyphs {
        match all.last_mut() {
            Some(last) if join && touches(last.place, place) => *last = Drawn { place: around(last.place, place), joined: true },
            _ => all.push(Drawn { place, joined: false }),
        }
    }
    all
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
        for (text, widths) in [("Ø827", &[26_u32, 20, 20, 20][..]), ("MG44Ô8", &[28, 26, 20, 20, 26, 19]), ("A2î7", &[24, 20, 6, 20])] {
            assert!(doubtful(text, widths), "{text}");
        }
        // A one that was read as a bracket says nothing where texts are compared.
        assert!(doubtful("MG40]", &[28, 26, 20, 20, 8]));
        assert!(!doubtful("135/82", &[10, 20, 20, 14, 20, 20]));
    }

    #[test]
    fn a_one_by_itself_is_told_by_its_own_shape() {
        let doubtful = |text: &str, widths: &[u32]| is_doubtful(text, &glyphs(widths));
        assert!(!doubtful("B1", &[20, 12]));
        assert!(doubtful("B1", &[20, 6]) && doubtful("B1", &[32]));
        assert!(!doubtful("1Passw", &[12, 20, 18, 18, 18, 26]) && !doubtful("Al", &[20, 5]));
        // Nothing tells a zero without another digit.
        assert!(doubtful("A10", &[20, 12, 20]) && doubtful("K0", &[20, 19]));
    }

    #[test]
    fn a_letter_of_a_word_is_no_digit() {
        // As a typewriter draws them: all about as wide.
        let doubtful = |text: &str| is_doubtful(text, &glyphs(&vec![20; text.chars().count()]));
        assert!(!doubtful("F5=Relire") && !doubtful("F3=Sortir"));
        assert!(doubtful("F5=Rel") && doubtful("l5=Relire") && doubtful("F5=RELIRE"));
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
        // Figures of old have a low zero, and whether a letter is a capital the drawing tells no better.
        assert!(low("MG44o8", &[28, 26, 20, 20, 20, 19], 4));
        assert!(low("48KO", &[20, 20, 22, 20], 3));
    }

    #[test]
    fn a_letter_that_falls_into_parts_is_put_together_where_nothing_else_touches() {
        let mut parts = glyphs(&[12, 15, 12, 26, 20, 20, 20, 19]);
        (parts[1].x, parts[2].x) = (parts[0].x + 12, parts[0].x + 27);
        assert!(!is_doubtful("MG4408", &parts));
        // What touches too may be what fell apart.
        parts[5].x = parts[4].x + 20;
        assert!(is_doubtful("MG4408", &parts));
        // A quote is two bars, and a digit is no letter that falls into parts.
        let mut quoted = glyphs(&[6, 6, 28, 20, 20, 20]);
        quoted[4].x = quoted[3].x + 20;
        assert!(is_doubtful("\"M4O8", &quoted));
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
