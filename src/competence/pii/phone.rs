//! French phone numbers: national, with +33 or 0033, and those of the overseas departments and collectivities.

use super::context::{self, Hints};
use super::number::{Groups, before, byte, digits_end, is_code, is_decimals, past_separator};

/// Country codes, and how many digits follow.
const COUNTRIES: &[(&[u8], usize)] =
    &[(b"33", 9), (b"262", 9), (b"590", 9), (b"594", 9), (b"596", 9), (b"508", 6), (b"681", 6), (b"687", 6), (b"689", 8)];

/// How the numbers of the overseas departments begin that people write in one piece.
const OVERSEAS: &[&[u8]] =
    &[b"0262", b"0263", b"0269", b"0590", b"0594", b"0596", b"0639", b"0690", b"0691", b"0692", b"0693", b"0694", b"0696", b"0697"];

/// Pairs of digits, the commonest grouping.
const PAIRS: &[u8] = &[2, 2, 2, 2, 2];

/// Where the number whose digits begin at `from` ends, if it is one; `last` is where the number found before it ends.
pub(super) fn find(text: &[u8], from: usize, last: usize, name: Hints) -> Option<usize> {
    if before(text, from) == b'+' {
        return abroad(text, from);
    }
    match (text[from], byte(text, from + 1)) {
        (b'0', b'0') => abroad(text, from + 2),
        (b'0', _) => national(text, from, last, name),
        _ => bare(text, from, name),
    }
}

/// With a country's code, which begins at `at`: `33 6 12 34 56 78`, `33 (0)6…`, `262 692 12 34 56`.
fn abroad(text: &[u8], at: usize) -> Option<usize> {
    // `00 33` as well as `0033`.
    let at = if byte(text, at).is_ascii_digit() { at } else { past_separator(text, at) };
    COUNTRIES.iter().find_map(|(code, count)| {
        if !text[at..].starts_with(code) {
            return None;
        }
        let bracketed = byte(text, at + code.len()) == b')' && at >= 2 && text[at - 2] == b'(';
        let mut next = past_separator(text, at + code.len() + usize::from(bracketed));
        if text[next..].starts_with(b"(0)") {
            next = past_separator(text, next + 3);
        } else if byte(text, next) == b'0' {
            next = past_separator(text, next + 1);
        }
        if *count == 9 && !matches!(byte(text, next), b'1'..=b'9') {
            return None;
        }
        let mut end = next;
        for place in 0..*count {
            let digit = if place == 0 { next } else { past_separator(text, end) };
            if !byte(text, digit).is_ascii_digit() {
                return None;
            }
            end = digit + 1;
        }
        (!byte(text, end).is_ascii_digit() && !is_code(text, at, end)).then_some(end)
    })
}

/// `0` and nine digits, in one piece or in groups.
fn national(text: &[u8], from: usize, last: usize, name: Hints) -> Option<usize> {
    if !matches!(byte(text, past_separator(text, from + 1)), b'1'..=b'9') || is_decimals(text, from) {
        return None;
    }
    if before(text, from) == b'(' && byte(text, from + 2) == b')' {
        let rest = Groups::read(text, past_separator(text, from + 3), 8);
        return (matches!(rest.lengths(), [2, 2, 2, 2] | [8]) && !byte(text, rest.end).is_ascii_alphanumeric()).then_some(rest.end);
    }
    let groups = Groups::read(text, from, 10);
    if groups.digits != 10 || is_code(text, from, groups.end) {
        return None;
    }
    let told = || context::says(text, from, groups.end, name, Hints::PHONE);
    let goes_on = byte(text, groups.end) == b'.' && byte(text, groups.end + 1).is_ascii_digit();
    let usual = match groups.lengths() {
        PAIRS => !in_series(text, from, groups.end, last),
        [10] => !goes_on,
        // Groupings besides pairs that people use, where the beginning makes them hardly anything else.
        [1, 3, 3, 3] => groups.uniform && byte(text, past_separator(text, from + 1)) == b'8',
        [4, 3, 3] | [4, 2, 2, 2] => {
            let overseas = OVERSEAS.iter().any(|prefix| text[from..].starts_with(prefix));
            groups.uniform && (overseas || matches!(text[from + 1], b'6'..=b'8'))
        }
        [2, 4, 4] => groups.uniform && matches!(text[from + 1], b'6' | b'7'),
        [2, 3, 3, 2] => groups.uniform,
        _ => false,
    };
    (usual || (groups.uniform && told())).then_some(groups.end)
}

/// Whether the pairs are a part of more pairs of the same sort, as in a table or a list of codes; other phone numbers may follow or have
/// ended right before. By a mobile number stand ages and rooms too: for that, it takes several.
fn in_series(text: &[u8], from: usize, end: usize, last: usize) -> bool {
    /// More pairs than that are looked at by nobody.
    const MOST: usize = 50;
    /// From this many pairs around it on, a number that could be a mobile's is taken for a part of a series.
    const MANY: usize = 3;
    if end != from + 14 {
        // Parted by more than one sign each.
        return false;
    }
    if is_moment(text, from) {
        return true;
    }
    let sign = text[from + 2];
    if matches!(text[from + 1], b'6' | b'7') {
        return pairs_around(text, (from, end), last, sign) >= MANY;
    }
    let is_pair = |at: usize| digits_end(text, at.min(text.len())) == at + 2;
    let before_it = from >= 3 && from > last + 1 && text[from - 1] == sign;
    if before_it && text[from - 3..from - 1].iter().all(u8::is_ascii_digit) && (from == 3 || !text[from - 4].is_ascii_digit()) {
        return true;
    }
    let mut pairs = 5;
    while pairs < MOST && byte(text, from + 3 * pairs - 1) == sign && is_pair(from + 3 * pairs) {
        pairs += 1;
    }
    !(pairs.is_multiple_of(5) && (5..pairs).step_by(5).all(|pair| text[from + 3 * pair] == b'0'))
}

/// How many pairs stand right before `from` (but behind `last`) and after `end`, three at most on each side. Pairs that begin another mobile
/// number end the count.
fn pairs_around(text: &[u8], (from, end): (usize, usize), last: usize, sign: u8) -> usize {
    let pair = |at: usize| !before(text, at).is_ascii_digit() && digits_end(text, at.min(text.len())) == at + 2;
    let mobile = |at: usize| matches!(&text[at..at + 2], b"06" | b"07");
    let follows = |at: usize| byte(text, at) == sign && pair(at + 1) && !mobile(at + 1);
    let after = (0..3).take_while(|place| follows(end + 3 * place)).count();
    let goes_before = |at: usize| at >= last && text[at + 2] == sign && pair(at);
    let left = (1..=3).take_while(|place| from.checked_sub(3 * place).is_some_and(goes_before)).count();
    left + after
}

/// Whether a year stands before, and the pairs are month, day, hour, minute and second.
fn is_moment(text: &[u8], from: usize) -> bool {
    let Some(year) = from.checked_sub(5).map(|at| &text[at..from]) else { return false };
    let pair = |place: usize| (text[from + 3 * place] - b'0') * 10 + text[from + 3 * place + 1] - b'0';
    let dated =
        year[..4].iter().all(u8::is_ascii_digit) && (year.starts_with(b"19") || year.starts_with(b"20")) && !year[4].is_ascii_digit();
    dated && matches!(pair(0), 1..=12) && matches!(pair(1), 1..=31) && pair(2) < 24 && pair(3) < 60 && pair(4) < 60
}

/// Without the 0 or the + that make it one, as numbers lose them: only under a name that says what it is.
fn bare(text: &[u8], from: usize, name: Hints) -> Option<usize> {
    let end = digits_end(text, from);
    let number = &text[from..end];
    let national = number.len() == 9 && matches!(number[0], b'1'..=b'9');
    let abroad = number.len() == 11 && number.starts_with(b"33")
        || number.len() == 12 && COUNTRIES[1..5].iter().any(|(code, _)| number.starts_with(code));
    ((national && name.has(Hints::PHONE)) || (abroad && context::says(text, from, end, name, Hints::PHONE))).then_some(end)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> bool {
        let folded = super::super::fold::fold(text);
        (0..folded.len()).any(|at| {
            folded[at].is_ascii_digit() && !before(&folded, at).is_ascii_digit() && find(&folded, at, 0, Hints::default()).is_some()
        })
    }

    #[test]
    fn all_ways_of_writing_one() {
        for text in [
            "0612345678",
            "06 12 34 56 78",
            "06.12.34.56.78",
            "06-12-34-56-78",
            "06 12.34-56 78",
            "06\u{a0}12\u{202f}34 56 78",
            "+33612345678",
            "+33 6 12 34 56 78",
            "+33 (0)6 12 34 56 78",
            "+33(0)612345678",
            "0033612345678",
            "0033 6 12 34 56 78",
            "+262 692 12 34 56",
            "0692 12 34 56",
            "+590590123456",
            "+508 41 12 34",
            "+689 40 12 34 56",
            "0612 345 678",
            "tel0612345678",
            "_0612345678",
            "06 12 34 56 78 06 98 76 54 32",
            "tél. 06 1234 5678",
            "dossier 2024 06 12 34 56 78",
            "(+33) 6 12 34 56 78",
            "(06) 12 34 56 78",
            "06 1234 5678",
            "06 12 34 56 78 12 ans",
            "chambre 12 06 12 34 56 78",
            "0 800 123 456",
            "0800 123 456",
            "42,0612345678,M",
            "0612345678,0698765432",
        ] {
            assert!(found(text), "{text}");
        }
    }

    #[test]
    fn what_only_looks_like_one() {
        for text in [
            "06 12 34 56 7",
            "06/12/34/56/78",
            "06123456789",
            "0.0612345678",
            "192.168.1.40",
            "2024-05-01",
            "01.02.2024 12:30",
            "10 05 06 12 34 56 78 90",
            "2026-04-15-07-09-19",
            "2026.04.15 07.09.19",
            "d0612345678beef01",
            "00 11 22 33 44",
            "0000000000",
            "+4961234567890",
            "12:30:45",
            "0 255 255 255",
            "0.102.189.247",
            "0100 20 30 40",
            "05 06 07 08 09 10 11 12 13",
            "2026-06-15-07-09-19",
        ] {
            assert!(!found(text), "{text}");
        }
    }
}
