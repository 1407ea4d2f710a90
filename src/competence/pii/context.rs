//! Words that say what a number is: in the text around it, or in the name under which it stands.

use super::number::is_letter;

/// How far before a number a word is looked for, characters.
const BEFORE: usize = 48;

/// How far after it.
const AFTER: usize = 24;

/// Words for a NIR. A word of several parts stands with one space between them.
const NIR: &[&str] = &[
    "nir",
    "nirpp",
    "nss",
    "numss",
    "secu",
    "securite sociale",
    "secsoc",
    "num ss",
    "n ss",
    "no ss",
    "numero ss",
    "insee",
    "vitale",
    "assure social",
];

/// Words for a phone number.
const PHONE: &[&str] = &[
    "tel",
    "tél",
    "telephone",
    "telephones",
    "phone",
    "portable",
    "mobile",
    "gsm",
    "fax",
    "telecopie",
    "appeler",
    "joindre",
    "rappeler",
    "fixe",
];

/// Words for the identifier of a health professional.
const RPPS: &[&str] = &["rpps", "idnps"];

/// Words for a patient's permanent identifier.
const IPP: &[&str] = &["ipp"];

/// What the words around a number, or the name of its field, say that it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Hints(u8);

impl Hints {
    pub(super) const NIR: Self = Self(1);
    pub(super) const PHONE: Self = Self(2);
    pub(super) const RPPS: Self = Self(4);
    pub(super) const IPP: Self = Self(8);

    /// What a name says: `numeroSecu`, `num_ipp`, `tel`.
    pub(super) fn of_name(folded: &[u8]) -> Self {
        let words = words(folded);
        let said = |list: &[&str], hint: Self| if list.iter().any(|word| holds(&words, word)) { hint } else { Self::default() };
        said(NIR, Self::NIR).and(said(PHONE, Self::PHONE)).and(said(RPPS, Self::RPPS)).and(said(IPP, Self::IPP))
    }

    /// Both together.
    pub(super) fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether `hint` is among them.
    pub(super) fn has(self, hint: Self) -> bool {
        self.0 & hint.0 != 0
    }
}

/// Whether the words around `from..to` of a folded text, or the name of its field, say what `hint` stands for.
pub(super) fn says(text: &[u8], from: usize, to: usize, name: Hints, hint: Hints) -> bool {
    if name.has(hint) {
        return true;
    }
    let left = &text[from.saturating_sub(BEFORE)..from];
    let right = &text[to..text.len().min(to + AFTER)];
    // Numbers without a word nearby are the common case, and cheap to tell.
    let lettered = |part: &[u8]| part.iter().any(|byte| is_letter(*byte));
    (lettered(left) && Hints::of_name(left).has(hint)) || (lettered(right) && Hints::of_name(right).has(hint))
}

/// The words of `folded` in lower case with one space before each and one at the end; a capital after a small letter begins a word.
fn words(folded: &[u8]) -> String {
    let mut words = String::with_capacity(folded.len() + 8);
    words.push(' ');
    let mut last = b' ';
    for byte in folded.iter().copied() {
        let apart = !is_letter(byte) || (byte.is_ascii_uppercase() && last.is_ascii_lowercase());
        if apart && !words.ends_with(' ') {
            words.push(' ');
        }
        if is_letter(byte) {
            words.push(if byte.is_ascii() { byte.to_ascii_lowercase().into() } else { '?' });
        }
        last = byte;
    }
    if !words.ends_with(' ') {
        words.push(' ');
    }
    words
}

/// Whether `word` stands in `words` as a whole.
fn holds(words: &str, word: &str) -> bool {
    words.match_indices(word).any(|(at, _)| words.as_bytes()[at - 1] == b' ' && words.as_bytes()[at + word.len()] == b' ')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_in_any_spelling_say_what_stands_under_them() {
        for (name, hint) in [
            ("nir", Hints::NIR),
            ("numeroSecu", Hints::NIR),
            ("NUM_SECURITE_SOCIALE", Hints::NIR),
            ("patientIPP", Hints::IPP),
            ("tel_fixe", Hints::PHONE),
            ("rpps", Hints::RPPS),
        ] {
            assert!(Hints::of_name(name.as_bytes()).has(hint), "{name}");
        }
        for name in ["souvenir", "clipping", "hotel", "timestamp", "x"] {
            assert_eq!(Hints::of_name(name.as_bytes()), Hints::default(), "{name}");
        }
    }
}
