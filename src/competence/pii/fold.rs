//! A text as the recognisers see it: one byte a character, accents off, the separators that people use made one.
//!
//! Digits of other scripts become digits, every sort of space a space, every sort of hyphen a hyphen; what has no width is dropped.
//! Letters beyond ASCII lose their accent, or stand as [`LETTER`] where they are not Latin; anything else stands as [`SIGN`].

use std::borrow::Cow;

/// A letter that is not Latin.
pub(super) const LETTER: u8 = 0x80;

/// A sign that is neither letter, digit nor separator.
pub(super) const SIGN: u8 = 0x81;

/// `text`, folded. A text of ASCII alone is itself.
pub(super) fn fold(text: &str) -> Cow<'_, [u8]> {
    if text.is_ascii() {
        return Cow::Borrowed(text.as_bytes());
    }
    let bytes = text.as_bytes();
    let mut folded = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let plain = bytes[at..].iter().position(|byte| !byte.is_ascii()).unwrap_or(bytes.len() - at);
        folded.extend_from_slice(&bytes[at..at + plain]);
        at += plain;
        for c in text[at..].chars().take_while(|c| !c.is_ascii()) {
            at += c.len_utf8();
            folded.extend(folded_char(c));
        }
    }
    Cow::Owned(folded)
}

/// Where the characters at `places` (ascending, of the folded text) begin in `text`, in bytes.
pub(super) fn unfolded(text: &str, places: &[usize]) -> Vec<usize> {
    if text.is_ascii() {
        return places.to_vec();
    }
    let mut wanted = places.iter().copied().peekable();
    let mut found = Vec::with_capacity(places.len());
    let mut count = 0;
    for (at, c) in text.char_indices() {
        while wanted.next_if(|place| *place == count && folds(c)).is_some() {
            found.push(at);
        }
        count += usize::from(folds(c));
    }
    // The end of the text is a place too.
    found.extend(wanted.map(|_| text.len()));
    found
}

fn folds(c: char) -> bool {
    c.is_ascii() || folded_char(c).is_some()
}

/// What a character beyond ASCII becomes; nothing for what has no width.
fn folded_char(c: char) -> Option<u8> {
    let digit_from = |zero: u32| Some(b'0' + (u32::from(c) - zero) as u8);
    match c {
        '\u{a0}' | '\u{1680}' | '\u{2000}'..='\u{200a}' | '\u{202f}' | '\u{205f}' | '\u{3000}' => Some(b' '),
        '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' | '\u{300}'..='\u{36f}' | '\u{fe00}'..='\u{fe0f}' => None,
        '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{fe63}' => Some(b'-'),
        '\u{b7}' | '\u{2024}' | '\u{2027}' => Some(b'.'),
        '\u{85}' | '\u{2028}' | '\u{2029}' => Some(b'\n'),
        '\u{660}'..='\u{669}' => digit_from(0x660),
        '\u{6f0}'..='\u{6f9}' => digit_from(0x6f0),
        '\u{966}'..='\u{96f}' => digit_from(0x966),
        '\u{1d7ce}'..='\u{1d7ff}' => Some(b'0' + ((u32::from(c) - 0x1d7ce) % 10) as u8),
        // Full width: the ASCII characters 65,248 further on.
        '\u{ff01}'..='\u{ff5e}' => Some((u32::from(c) - 0xfee0) as u8),
        'À'..='Å' | 'à'..='å' | 'Ā'..='ą' | 'ª' => Some(b'a'),
        'Ç' | 'ç' | 'Ć'..='č' => Some(b'c'),
        'È'..='Ë' | 'è'..='ë' | 'Ē'..='ě' => Some(b'e'),
        'Ì'..='Ï' | 'ì'..='ï' | 'Ĩ'..='ı' => Some(b'i'),
        'Ñ' | 'ñ' | 'Ń'..='ň' => Some(b'n'),
        'Ò'..='Ö' | 'ò'..='ö' | 'Ø' | 'ø' | 'Ō'..='ő' => Some(b'o'),
        'Ù'..='Ü' | 'ù'..='ü' | 'Ũ'..='ų' => Some(b'u'),
        'Ý' | 'ý' | 'ÿ' => Some(b'y'),
        // The sign of `nº`, which Unicode counts among the letters.
        'º' => Some(SIGN),
        _ if c.is_alphabetic() => Some(LETTER),
        _ => Some(SIGN),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn separators_and_digits_of_all_sorts_become_plain_ones() {
        assert_eq!(&*fold("06\u{a0}12\u{202f}34–56\u{200b}78"), b"06 12 34-5678");
        assert_eq!(&*fold("٠١٢ ０１９ sécurité"), b"012 019 securite");
        assert_eq!(&*fold("n° 5 日"), &[b'n', SIGN, b' ', b'5', b' ', LETTER]);
    }

    proptest! {
        #[test]
        fn every_place_comes_from_the_character_that_made_it(text in "\\PC{0,40}") {
            let folded = fold(&text);
            let places: Vec<usize> = (0..=folded.len()).collect();
            let found = unfolded(&text, &places);
            prop_assert_eq!(found.len(), places.len());
            prop_assert!(found.windows(2).all(|pair| pair[0] < pair[1]));
            for (place, at) in places.iter().zip(&found).take(folded.len()) {
                let first = text[*at..].chars().next().unwrap();
                let again = fold(text.get(*at..*at + first.len_utf8()).unwrap()).into_owned();
                prop_assert_eq!(again, vec![folded[*place]]);
            }
        }
    }
}
