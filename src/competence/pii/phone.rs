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

/// Whether the pairs are a part of more pairs of the same sort, as in a table or a list of codes. Ages, rooms, beds and house numbers stand
/// beside phone numbers, and other phone numbers do: it takes more than two pairs that are neither, or for what could be a mobile's more
/// than three that all stand on one side of it, such as a date.
fn in_series(text: &[u8], from: usize, end: usize, last: usize) -> bool {
    /// More pairs than that are looked at by nobody.
    const MOST: usize = 20;
    if end != from + 14 {
        // Parted by more than one sign each.
        return false;
    }
    if is_moment(text, from) {
        return true;
    }
    let sign = text[from + 2];
    let pair = |at: usize| !before(text, at).is_ascii_digit() && digits_end(text, at.min(text.len())) == at + 2;
    let goes_before = |at: usize| at >= last && text[at + 2] == sign && pair(at);
    let left = (1..=MOST).take_while(|place| from.checked_sub(3 * place).is_some_and(goes_before)).count();
    let right = (0..MOST).take_while(|place| byte(text, end + 3 * place) == sign && pair(end + 3 * place + 1)).count();
    let first = from - 3 * left;
    let pairs: Vec<u8> = (0..left + 5 + right).map(|place| two(text, first + 3 * place)).collect();
    if left + right > 0 && is_ladder(&pairs) {
        return true;
    }
    // Year, month and day with two digits each, then the time; what is parted by blanks is rather a phone's.
    if left == 1 && right == 0 && sign != b' ' && is_month_to_second(&pairs[1..]) {
        return true;
    }
    let begins = |place: usize| matches!(&text[first + 3 * place..][..2], [b'0', b'1'..=b'9']);
    let mut next = left + 5;
    while next + 5 <= pairs.len() && begins(next) {
        next += 5;
    }
    let right = pairs.len() - next;
    let mobile = matches!(text[from + 1], b'6' | b'7') && (left == 0 || right == 0);
    left + right > if mobile { 3 } else { 2 }
}

/// The number of the two digits at `at`.
fn two(text: &[u8], at: usize) -> u8 {
    (text[at] - b'0') * 10 + text[at + 1] - b'0'
}

/// Whether the numbers go up or down by the same step.
fn is_ladder(numbers: &[u8]) -> bool {
    numbers.windows(3).all(|three| i16::from(three[2]) - i16::from(three[1]) == i16::from(three[1]) - i16::from(three[0]))
}

/// Whether five numbers can be month, day, hour, minute and second.
fn is_month_to_second(numbers: &[u8]) -> bool {
    matches!(numbers, [1..=12, 1..=31, 0..=23, 0..=59, 0..=59])
}

/// Whether a year stands before, and the pairs are month, day, hour, minute and second.
fn is_moment(text: &[u8], from: usize) -> bool {
    let Some(year) = from.checked_sub(5).map(|at| &text[at..from]) else { return false };
    let dated =
        year[..4].iter().all(u8::is_ascii_digit) && (year.starts_with(b"19") || year.starts_with(b"20")) && !year[4].is_ascii_digit();
    dated && is_month_to_second(&[0, 1, 2, 3, 4].map(|place| two(text, from + 3 * place)))
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
            "lit 12 01 42 34 56 78",
            "poste 01 42 34 56 78 90",
            "01.42.34.56.78.12",
            "Dr Martin 01 42 34 56 78 12 rue de Paris",
            "12 01 42 34 56 78 02 99 12 34 56 3",
            "06 12 34 56 78 21 11 26",
            "01 42 34 56 78 02 99 12 34 56 12 rue",
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
            "26-04-15-07-09-19",
            "01 02 03 04 05 06 07 08 09 10 11 12",
            "09.08.07.06.05.04",
            "11 04 22 31 47 53 68 72 85",
        ] {
            assert!(!found(text), "{text}");
        }
    }
}
