//! The NIR, the number of the French social security: sex, year, month, department, commune, order, and a key of two digits.
//!
//! The key is 97 minus the rest of the thirteen digits by 97; for that, 2A counts as 19 and 2B as 18 (INSEE).

use super::context::{self, Hints};
use super::number::{before, byte, is_after_comma, is_code, is_decimals, past_separator};

/// Digits of each group: sex, year, month, department, commune, order.
const GROUPS: [usize; 6] = [1, 2, 2, 2, 3, 3];

/// The first millisecond of 2001 and of 2036: a bare number between them may be a time stamp.
const STAMPS: std::ops::Range<u64> = 978_307_200_000..2_082_758_400_000;

/// Where the NIR that begins at `from` ends, if one does.
pub(super) fn find(text: &[u8], from: usize, name: Hints) -> Option<usize> {
    if !matches!(text[from], b'1'..=b'4' | b'7' | b'8') || is_decimals(text, from) {
        return None;
    }
    let (number, end, parts) = thirteen(text, from)?;
    let told = |end: usize| context::says(text, from, end, name, Hints::NIR);
    let (key_at, apart) = (past_separator(text, end), past_separator(text, end) != end);
    let key_digits = text[key_at..].iter().take(3).take_while(|byte| byte.is_ascii_digit()).count();
    if key_digits == 2 {
        let key = (text[key_at] - b'0') * 10 + text[key_at + 1] - b'0';
        let key_end = key_at + 2;
        if u64::from(key) == 97 - number.value() % 97 {
            return (number.fits(true) && !is_code(text, from, key_end)).then_some(key_end);
        }
        // Two digits that are no key: those of a date, a time or an age that follows, where a space parts them and the words leave no doubt.
        let goes_on = matches!(byte(text, key_end), b'/' | b':' | b'-' | b'.') && byte(text, key_end + 1).is_ascii_digit();
        let another = text[end] == b' ' && (goes_on || (parts == 0 && is_letter_next(text, key_end)) || is_age(text, key_end));
        return (another && number.fits(false) && told(end)).then_some(end);
    }
    if key_digits > 0 && !apart {
        // A longer number.
        return None;
    }
    if !number.fits(false) || is_code(text, from, end) || (is_after_comma(text, from) && !told(end)) {
        return None;
    }
    // Split as people split it, or with a Corsican department, it is nothing else; split otherwise it may be any numbers side by side.
    let bare = parts == 0 && !number.corsican;
    if !number.corsican && (1..GROUPS.len() - 1).contains(&parts) {
        return told(end).then_some(end);
    }
    if bare && (STAMPS.contains(&number.digits) || is_goods(text, from, end)) {
        return told(end).then_some(end);
    }
    if number.corsican && parts == 0 && (before(text, from).is_ascii_alphanumeric() || byte(text, end).is_ascii_alphanumeric()) {
        return told(end).then_some(end);
    }
    Some(end)
}

/// The thirteen characters before the key.
struct Number {
    /// All thirteen, the department's letter as a 0.
    digits: u64,
    month: u8,
    /// The department, of Corsica 20.
    department: u8,
    corsican: bool,
    /// 1000000 for 2A, 2000000 for 2B: what its letter is worth less than a 0 would be.
    letter: u64,
    commune: u16,
    order: u16,
}

impl Number {
    /// The number that the key is made of: with 19 for 2A and 18 for 2B.
    fn value(&self) -> u64 {
        self.digits - self.letter
    }

    /// Whether month and department can be; with a right key those of people whose birth is not fully known count too.
    fn fits(&self, keyed: bool) -> bool {
        let month = matches!(self.month, 1..=12) || (keyed && matches!(self.month, 20..=42 | 50..=99));
        let overseas = self.commune / 100;
        let department = match self.department {
            1..=95 | 99 => true,
            // Tunisia, before its independence.
            96 => keyed,
            97 => (1..=8).contains(&overseas),
            98 => keyed || (4..=9).contains(&overseas),
            _ => false,
        };
        month && department && (keyed || (self.commune != 0 && self.order != 0))
    }
}

/// Reads the thirteen characters; gives them, where they end, and how many separators stand between their groups.
fn thirteen(text: &[u8], from: usize) -> Option<(Number, usize, usize)> {
    let mut groups = [0_u64; GROUPS.len()];
    let (mut at, mut parts, mut letter) = (from, 0, 0);
    for (index, length) in GROUPS.into_iter().enumerate() {
        for place in 0..length {
            let digit = match byte(text, at) {
                digit @ b'0'..=b'9' => u64::from(digit - b'0'),
                b'A' | b'a' if index == 3 && place == 1 && groups[3] == 2 => {
                    letter = 1_000_000;
                    0
                }
                b'B' | b'b' if index == 3 && place == 1 && groups[3] == 2 => {
                    letter = 2_000_000;
                    0
                }
                _ => return None,
            };
            groups[index] = groups[index] * 10 + digit;
            at += 1;
        }
        // Most numbers are none by their month already.
        if index == 2 && matches!(groups[2], 0 | 13..=19 | 43..=49) {
            return None;
        }
        if index + 1 < GROUPS.len() {
            let next = past_separator(text, at);
            parts += usize::from(next != at);
            at = next;
        }
    }
    let digits = GROUPS.iter().zip(groups).fold(0, |sum, (length, group)| sum * 10_u64.pow(*length as u32) + group);
    let [_, _, month, department, commune, order] = groups;
    let number = Number {
        digits,
        month: month as u8,
        department: department as u8,
        corsican: letter > 0,
        letter,
        commune: commune as u16,
        order: order as u16,
    };
    Some((number, at, parts))
}

/// Whether thirteen bare digits are the code of an article (EAN-13, as also medicines have it): the last is the key of the others, and the
/// first is one that such codes have and hardly a NIR.
fn is_goods(text: &[u8], from: usize, end: usize) -> bool {
    let code = &text[from..end];
    if code.len() != 13 || !matches!(code[0], b'3' | b'4' | b'7' | b'8') {
        return false;
    }
    let sum: u32 = code.iter().enumerate().map(|(place, digit)| u32::from(digit - b'0') * if place % 2 == 0 { 1 } else { 3 }).sum();
    sum.is_multiple_of(10)
}

/// Whether what follows makes the number before it an age.
fn is_age(text: &[u8], at: usize) -> bool {
    is_letter_next(text, at)
        && [&b"an"[..], b"mois", b"jour", b"semaine"]
            .iter()
            .any(|word| text.get(at + 1..at + 1 + word.len()).is_some_and(|next| next.eq_ignore_ascii_case(word)))
}

/// Whether a word follows, after a space.
fn is_letter_next(text: &[u8], at: usize) -> bool {
    byte(text, at) == b' ' && super::number::is_letter(byte(text, at + 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> bool {
        let folded = super::super::fold::fold(text);
        (0..folded.len())
            .any(|at| folded[at].is_ascii_digit() && !before(&folded, at).is_ascii_digit() && find(&folded, at, Hints::default()).is_some())
    }

    #[test]
    fn the_key_decides() {
        for right in ["185057800608491", "1 85 05 78 006 084 91", "1\u{a0}85\u{202f}05.78-006-084 91", "1850578006084 91"] {
            assert!(found(right), "{right}");
        }
        assert!(!found("185057800608436") && !found("1 85 05 78 006 084 36") && !found("NIR 185057800608436"));
        // Born in a month that nobody knows: only with its key.
        let known = format!("1853578006084{:02}", key_of("1853578006084"));
        assert!(found(&known) && !found("1 85 35 78 006 084"));
    }

    fn key_of(thirteen: &str) -> u64 {
        97 - thirteen.parse::<u64>().unwrap() % 97
    }

    #[test]
    fn corsicans_have_letters() {
        assert!(found(&format!("2 85 05 2A 006 084 {:02}", key_of("2850519006084"))));
        assert!(found(&format!("285052B006084{:02}", key_of("2850518006084"))));
        assert!(!found(&format!("285052B006084{:02}", key_of("2850519006084") % 97 + 1)));
        assert!(found("1 85 05 2b 006 084"));
    }

    #[test]
    fn stamps_and_goods_want_a_word() {
        assert!(!found("1850578006084") && !found("1700000000000") && found("2850578006084"));
        assert!(found("NIR 1850578006084") && found("1850578006084 (sécurité sociale)") && found("n° sécu : 1850578006084"));
        assert!(!found("souvenir 1850578006084"));
        // The code of a medicine.
        assert!(!found("3400930000014") && !found("3400930000007"));
    }

    #[test]
    fn numbers_side_by_side_are_none() {
        for text in ["303 1136 692 811", "285 0578 006 084", "12,2850578006084"] {
            assert!(!found(text), "{text}");
        }
        for text in [
            "NIR 285 0578 006 084",
            "NIR 1 85 05 78 006 084 45 ans",
            "42,285057800608441",
            "DUPONT,2850578006084,M",
            "1,2850578006084,M",
            "id,nir\n42,1850578006084",
        ] {
            assert!(found(text), "{text}");
        }
    }

    #[test]
    fn what_has_no_such_place_is_none() {
        assert!(!found("2 85 05 00 006 084") && !found("2 85 05 97 906 084") && found("2 85 05 97 106 084"));
        assert!(!found("28505780060841") && !found("2850578006084123") && !found("0.2850578006084"));
    }
}
