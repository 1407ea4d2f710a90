//! The IPP, a patient's permanent identifier: any number of six digits and more that the word IPP stands before.

use super::context::Hints;
use super::number::{Groups, digits_end, is_code, is_letter};

/// How far before the number its word may stand, characters.
const REACH: usize = 40;

/// The fewest digits.
const DIGITS: usize = 6;

/// What may stand between the word and the number.
const BETWEEN: &[&[u8]] = &[
    b"n",
    b"no",
    b"nr",
    b"num",
    b"numero",
    b"id",
    b"identifiant",
    b"permanent",
    b"patient",
    b"du",
    b"de",
    b"la",
    b"le",
    b"est",
    b"code",
    b"number",
    b"is",
];

/// Where the IPP whose digits begin at `from` ends, if it is one.
pub(super) fn find(text: &[u8], from: usize, name: Hints) -> Option<usize> {
    // Two letters at most may belong to the number itself.
    let attached = text[..from].iter().rev().take(3).take_while(|byte| is_letter(**byte)).count();
    let start = if attached <= 2 { from - attached } else { from };
    if !(name.has(Hints::IPP) || announced(text, start)) {
        return None;
    }
    let end = number_end(text, from)?;
    (!is_code(text, from, end)).then_some(end)
}

/// Where the number ends: one piece, or pieces of one length (the last may be shorter) between the same signs.
fn number_end(text: &[u8], from: usize) -> Option<usize> {
    let piece = digits_end(text, from);
    if piece - from >= DIGITS {
        return Some(piece);
    }
    let groups = Groups::read(text, from, 20);
    let (last, others) = groups.lengths().split_last()?;
    let even =
        others.windows(2).all(|pair| pair[0] == pair[1]) && others.first().is_some_and(|first| (2..=4).contains(first) && last <= first);
    (groups.digits >= DIGITS && groups.uniform && even).then_some(groups.end)
}

/// Whether the word stands before `at`, with nothing between that doesn't belong there.
fn announced(text: &[u8], at: usize) -> bool {
    let window = &text[at.saturating_sub(REACH)..at];
    // Most numbers have no such letter near them.
    if !window.iter().any(|byte| matches!(byte, b'p' | b'P')) {
        return false;
    }
    let last = |word: &[u8]| window.windows(word.len()).rposition(|part| part.eq_ignore_ascii_case(word)).map(|at| (at, word.len()));
    let Some((word, length)) = last(b"ipp").max(last(b"i.p.p")) else { return false };
    if word > 0 && is_letter(window[word - 1]) {
        return false;
    }
    let rest = &window[word + length..];
    let known = |part: &[u8]| part.is_empty() || BETWEEN.iter().any(|word| part.eq_ignore_ascii_case(word));
    let passes = |byte: &u8| is_letter(*byte) || byte.is_ascii_whitespace() || b":=-_#.,;/()[]|'\"\x81".contains(byte);
    rest.split(|byte| !is_letter(*byte)).all(known) && rest.iter().all(passes)
}

#[cfg(test)]
mod tests {
    use super::super::number::before;
    use super::*;

    fn found(text: &str) -> bool {
        let folded = super::super::fold::fold(text);
        (0..folded.len())
            .any(|at| folded[at].is_ascii_digit() && !before(&folded, at).is_ascii_digit() && find(&folded, at, Hints::default()).is_some())
    }

    #[test]
    fn the_word_makes_it() {
        for text in [
            "IPP123456",
            "IPP-123456",
            "ipp : 1234567",
            "IPP\n123456",
            "IPP n° 123456",
            "IPP patient n°12345678",
            "IPP=123456",
            "IPP 12 34 56",
            "IPP_:_123456",
            "IPP A123456",
            "IPP nº 123456",
            "I.P.P. 123456",
            "IPP[123456]",
            "IPP|123456",
        ] {
            assert!(found(text), "{text}");
        }
        for text in [
            "IPP 12345",
            "XIPP 123456",
            "IP 123456",
            "APP 123456",
            "IPP le 12/05/2024",
            "clipper 123456",
            "IPP rue 123456",
            "${ipp} 123456",
        ] {
            assert!(!found(text), "{text}");
        }
    }
}
