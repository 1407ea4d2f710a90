//! Walking through a number that people have split with spaces, dots or hyphens.

use super::fold::LETTER;

/// Beyond this many letters and digits on end, a token with letters is encoded data, not something that a person typed.
const ENCODED: usize = 40;

/// From this many, a token of nothing but hexadecimal digits, with letters among them, is a hash or the like.
const HEXADECIMAL: usize = 12;

/// Whether the byte is a letter of any script.
pub(super) fn is_letter(byte: u8) -> bool {
    byte.is_ascii_alphabetic() || byte == LETTER
}

/// The byte before `at`, 0 at the beginning.
pub(super) fn before(text: &[u8], at: usize) -> u8 {
    at.checked_sub(1).map_or(0, |at| text[at])
}

/// The byte at `at`, 0 beyond the end.
pub(super) fn byte(text: &[u8], at: usize) -> u8 {
    text.get(at).copied().unwrap_or(0)
}

/// Where the digits that begin at `at` end.
pub(super) fn digits_end(text: &[u8], at: usize) -> usize {
    at + text[at..].iter().take_while(|byte| byte.is_ascii_digit()).count()
}

/// Past one separator at `at`: a space, a dot, a hyphen, or a dot or hyphen with a space before or after it. `at` itself where there is none.
pub(super) fn past_separator(text: &[u8], at: usize) -> usize {
    let lead = usize::from(byte(text, at) == b' ');
    let sign = usize::from(matches!(byte(text, at + lead), b'.' | b'-'));
    let trail = usize::from(sign == 1 && byte(text, at + lead + sign) == b' ');
    at + lead + sign + trail
}

/// Whether the digits from `from` are the decimals of a number (`0.0612345678`).
pub(super) fn is_decimals(text: &[u8], from: usize) -> bool {
    from >= 2 && text[from - 1] == b'.' && text[from - 2].is_ascii_digit()
}

/// Whether the digits from `from` may be decimals after a comma (`12,2850578006084`): few digits before it, and no other comma at either end,
/// as there would be in a row of a table. Not for what a checksum or its beginning tells apart.
pub(super) fn is_after_comma(text: &[u8], from: usize) -> bool {
    /// The most digits before the comma.
    const SHORT: usize = 4;
    if from < 2 || text[from - 1] != b',' || !text[from - 2].is_ascii_digit() {
        return false;
    }
    let whole = text[..from - 1].iter().rev().take(SHORT + 1).take_while(|byte| byte.is_ascii_digit()).count();
    whole <= SHORT && before(text, from - 1 - whole) != b',' && byte(text, digits_end(text, from)) != b','
}

/// Whether `at` stands within a UUID: hexadecimal digits, 8-4-4-4-12.
pub(super) fn in_uuid(text: &[u8], at: usize) -> bool {
    const LENGTH: usize = 36;
    let shaped = |token: &[u8]| {
        token.iter().enumerate().all(|(place, byte)| match place {
            8 | 13 | 18 | 23 => *byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        })
    };
    (at.saturating_sub(LENGTH - 1)..=at).any(|start| {
        text.get(start..start + LENGTH).is_some_and(shaped)
            && !before(text, start).is_ascii_alphanumeric()
            && !byte(text, start + LENGTH).is_ascii_alphanumeric()
    })
}

/// Whether `from..to` is a piece of a hash, an address of memory or encoded data.
pub(super) fn is_code(text: &[u8], from: usize, to: usize) -> bool {
    if !is_letter(before(text, from)) && !is_letter(byte(text, to)) {
        return false;
    }
    let left = text[..from].iter().rev().take(ENCODED).take_while(|byte| byte.is_ascii_alphanumeric()).count();
    let right = text[to..].iter().take(ENCODED).take_while(|byte| byte.is_ascii_alphanumeric()).count();
    let token = &text[from - left..to + right];
    let hexadecimal = token.len() >= HEXADECIMAL && token.iter().all(u8::is_ascii_hexdigit) && token.iter().any(u8::is_ascii_alphabetic);
    token.len() >= ENCODED || hexadecimal
}

/// The digits of a number in groups.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Groups {
    /// How many digits each group has.
    lengths: [u8; 12],
    count: usize,
    /// The digits in all.
    pub(super) digits: usize,
    /// Where it ends.
    pub(super) end: usize,
    /// Whether every two groups are parted by the same sign.
    pub(super) uniform: bool,
}

impl Groups {
    /// Reads groups from `at` until there are `most` digits or no group follows.
    pub(super) fn read(text: &[u8], at: usize, most: usize) -> Self {
        let mut groups = Self { uniform: true, ..Self::default() };
        let (mut at, mut sign) = (at, &text[at..at]);
        while groups.count < groups.lengths.len() {
            let end = digits_end(text, at);
            groups.lengths[groups.count] = (end - at).min(255) as u8;
            groups.count += 1;
            groups.digits += end - at;
            groups.end = end;
            let next = past_separator(text, end);
            if groups.digits >= most || next == end || !byte(text, next).is_ascii_digit() {
                break;
            }
            groups.uniform &= groups.count == 1 || *sign == text[end..next];
            sign = &text[end..next];
            at = next;
        }
        groups
    }

    /// The lengths of the groups.
    pub(super) fn lengths(&self) -> &[u8] {
        &self.lengths[..self.count]
    }
}

/// Whether the digits satisfy Luhn's formula: from the right, every second one doubled, the digits of all that added up, a multiple of ten.
pub(super) fn luhn(digits: impl DoubleEndedIterator<Item = u8>) -> bool {
    let sum: u32 = digits
        .rev()
        .enumerate()
        .map(|(place, digit)| {
            let value = u32::from(digit - b'0') << (place % 2);
            if value > 9 { value - 9 } else { value }
        })
        .sum();
    sum.is_multiple_of(10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_over_the_separators_that_people_use() {
        let read = |text: &str| {
            let groups = Groups::read(text.as_bytes(), 0, 20);
            (groups.lengths().to_vec(), groups.uniform, groups.end)
        };
        assert_eq!(read("06 12.34-56 x"), (vec![2, 2, 2, 2], false, 11));
        assert_eq!(read("06 - 12 - 34"), (vec![2, 2, 2], true, 12));
        assert_eq!(read("06  12"), (vec![2], true, 2));
        assert_eq!(read("0612"), (vec![4], true, 4));
    }

    #[test]
    fn luhn_is_the_known_one() {
        assert!(luhn(b"79927398713".iter().copied()));
        assert!(!luhn(b"79927398710".iter().copied()));
    }

    #[test]
    fn hashes_and_encoded_data_are_no_numbers() {
        let text = b"d0612345678beef01 x0612345678";
        assert!(is_code(text, 1, 11));
        assert!(!is_code(text, 19, 29));
    }
}
