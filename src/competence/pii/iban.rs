//! The IBAN of an account: country, two check digits, and as many letters and digits as the country's has. Its remainder by 97 is 1 (ISO 13616).

use super::number::{before, byte, past_separator};

/// The length of an IBAN, by country (SWIFT's registry).
const LENGTHS: &[(&[u8; 2], u8)] = &[
    (b"AD", 24),
    (b"AE", 23),
    (b"AL", 28),
    (b"AT", 20),
    (b"AZ", 28),
    (b"BA", 20),
    (b"BE", 16),
    (b"BG", 22),
    (b"BH", 22),
    (b"BI", 27),
    (b"BR", 29),
    (b"BY", 28),
    (b"CH", 21),
    (b"CR", 22),
    (b"CY", 28),
    (b"CZ", 24),
    (b"DE", 22),
    (b"DJ", 27),
    (b"DK", 18),
    (b"DO", 28),
    (b"EE", 20),
    (b"EG", 29),
    (b"ES", 24),
    (b"FI", 18),
    (b"FK", 18),
    (b"FO", 18),
    (b"FR", 27),
    (b"GB", 22),
    (b"GE", 22),
    (b"GI", 23),
    (b"GL", 18),
    (b"GR", 27),
    (b"GT", 28),
    (b"HN", 28),
    (b"HR", 21),
    (b"HU", 28),
    (b"IE", 22),
    (b"IL", 23),
    (b"IQ", 23),
    (b"IS", 26),
    (b"IT", 27),
    (b"JO", 30),
    (b"KW", 30),
    (b"KZ", 20),
    (b"LB", 28),
    (b"LC", 32),
    (b"LI", 21),
    (b"LT", 20),
    (b"LU", 20),
    (b"LV", 21),
    (b"LY", 25),
    (b"MC", 27),
    (b"MD", 24),
    (b"ME", 22),
    (b"MK", 19),
    (b"MN", 20),
    (b"MR", 27),
    (b"MT", 31),
    (b"MU", 30),
    (b"NI", 28),
    (b"NL", 18),
    (b"NO", 15),
    (b"OM", 23),
    (b"PK", 24),
    (b"PL", 28),
    (b"PS", 29),
    (b"PT", 25),
    (b"QA", 29),
    (b"RO", 24),
    (b"RS", 22),
    (b"RU", 33),
    (b"SA", 24),
    (b"SC", 31),
    (b"SD", 18),
    (b"SE", 24),
    (b"SI", 19),
    (b"SK", 24),
    (b"SM", 27),
    (b"SO", 23),
    (b"ST", 25),
    (b"SV", 28),
    (b"TL", 23),
    (b"TN", 24),
    (b"TR", 26),
    (b"UA", 29),
    (b"VA", 22),
    (b"VG", 24),
    (b"XK", 20),
    (b"YE", 30),
];

/// The IBAN whose check digits begin at `from`: where its country begins and where it ends.
pub(super) fn find(text: &[u8], from: usize) -> Option<(usize, usize)> {
    let after = match before(text, from) {
        b' ' => from - 1,
        _ => from,
    };
    let start = after.checked_sub(2)?;
    let country = [text[start].to_ascii_uppercase(), text[start + 1].to_ascii_uppercase()];
    let length = LENGTHS.iter().find(|(code, _)| **code == country).map(|(_, length)| usize::from(*length))?;
    // Right after the word for it, or after anything that is neither letter nor digit.
    let named = text[..start].len() >= 4 && text[start - 4..start].eq_ignore_ascii_case(b"iban");
    if before(text, start).is_ascii_alphanumeric() && !named {
        return None;
    }
    let mut code = [0; 34];
    code[..2].copy_from_slice(&country);
    let mut at = from;
    for (place, slot) in code.iter_mut().enumerate().take(length).skip(2) {
        // The check digits are digits, and stand together.
        let next = if place < 4 { at } else { past_separator(text, at) };
        let sign = byte(text, next).to_ascii_uppercase();
        if !(sign.is_ascii_digit() || (place >= 4 && sign.is_ascii_uppercase())) {
            return None;
        }
        *slot = sign;
        at = next + 1;
    }
    if byte(text, at).is_ascii_alphanumeric() || remainder(&code[..length]) != 1 {
        return None;
    }
    Some((start, at))
}

/// The remainder by 97 of the code with its first four signs at the end and A to Z as 10 to 35.
fn remainder(code: &[u8]) -> u32 {
    code[4..].iter().chain(&code[..4]).fold(0, |rest, sign| match sign {
        b'0'..=b'9' => (rest * 10 + u32::from(sign - b'0')) % 97,
        _ => (rest * 100 + u32::from(sign - b'A') + 10) % 97,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> bool {
        let folded = super::super::fold::fold(text);
        (0..folded.len()).any(|at| folded[at].is_ascii_digit() && !before(&folded, at).is_ascii_digit() && find(&folded, at).is_some())
    }

    #[test]
    fn known_ones_are_found_however_they_are_split() {
        for text in [
            "FR7630006000011234567890189",
            "FR76 3000 6000 0112 3456 7890 189",
            "fr76 3000 6000 0112 3456 7890 189",
            "FR76\u{a0}3000\u{a0}6000\u{a0}0112\u{a0}3456\u{a0}7890\u{a0}189",
            "IBANFR7630006000011234567890189",
            "IBAN : FR14 2004 1010 0505 0001 3M02 606",
            "FR76-3000-6000-0112-3456-7890-189 merci",
            "DE89370400440532013000",
            "BE68 5390 0754 7034",
            "GB29NWBK60161331926819",
            "NO9386011117947",
        ] {
            assert!(found(text), "{text}");
        }
        for text in [
            "FR7630006000011234567890188",
            "FR76 3000 6000 0112 3456 7890 18",
            "XFR7630006000011234567890189",
            "FR76300060000112345678901890",
            "ZZ7630006000011234567890189",
            "de12 rue",
        ] {
            assert!(!found(text), "{text}");
        }
    }
}
