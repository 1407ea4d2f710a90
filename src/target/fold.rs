//! Text as it is compared: without accents, case, width, white space, and the punctuation that labels carry.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// A letter, digit or sign that counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Letter {
    /// What it is once folded.
    pub(super) sign: char,
    /// Before that it was an upright bar in most fonts: a capital I, a small l or a `|`.
    pub(super) bar: bool,
    /// It begins a word.
    pub(super) first: bool,
}

/// Punctuation that says nothing about which label it is. Signs that do are not in it: the + of a blood group, a %, a #.
fn is_silent(sign: char) -> bool {
    ".,:;…!?¿¡'\"`´()[]{}<>|/\\•·*_~^«»°ˆ¨¸†".contains(sign)
}

/// The letters of a word; none where it says nothing. Punctuation stays between digits: `12/03`, `4.5`.
pub(super) fn word(text: &str) -> Vec<Letter> {
    let signs = signs(text);
    let digit = |at: Option<usize>| at.and_then(|at| signs.get(at)).is_some_and(|letter| letter.sign.is_ascii_digit());
    let counts = |at: usize| !is_silent(signs[at].sign) || (digit(at.checked_sub(1)) && digit(Some(at + 1)));
    let kept: Vec<Letter> = (0..signs.len()).filter(|&at| counts(at)).map(|at| signs[at]).collect();
    // A dash by itself separates.
    if kept.iter().all(|letter| letter.sign == '-') { Vec::new() } else { begun(kept) }
}

/// The letters of each of the words of one text. Where none says anything its signs do: the `...` or the `?` of a button.
pub(super) fn each<'a>(words: impl Iterator<Item = &'a str> + Clone) -> Vec<Vec<Letter>> {
    let mut said: Vec<Vec<Letter>> = words.clone().map(word).collect();
    unframe(&mut said);
    if said.iter().any(|word| !word.is_empty()) {
        return said;
    }
    words.map(|text| begun(signs(text).into_iter().filter(|letter| letter.sign != '-').collect())).collect()
}

/// Drops the dashes that a text both begins and ends with: the frame that a heading stands in. One at one end alone says something: a
/// result is negative, a word goes on in the next line, another part of a number follows.
fn unframe(words: &mut [Vec<Letter>]) {
    let dash = |letter: Option<&Letter>| letter.is_some_and(|letter| letter.sign == '-');
    let outer = |words: &[Vec<Letter>]| {
        let saying = |word: &Vec<Letter>| !word.is_empty();
        words.iter().position(saying).zip(words.iter().rposition(saying))
    };
    let Some((first, last)) = outer(words) else { return };
    let numbered = [first, last].iter().any(|&at| words[at].iter().any(|letter| letter.sign.is_numeric()));
    if numbered || !dash(words[first].first()) || !dash(words[last].last()) {
        return;
    }
    let end = words[last].iter().rposition(|letter| letter.sign != '-').map_or(0, |at| at + 1);
    words[last].truncate(end);
    let begin = words[first].iter().take_while(|letter| letter.sign == '-').count();
    words[first].drain(..begin);
    if let Some(letter) = words[first].first_mut() {
        letter.first = true;
    }
}

/// The words of a text, those that say something.
pub(super) fn words(text: &str) -> Vec<Vec<Letter>> {
    each(text.split_whitespace()).into_iter().filter(|word| !word.is_empty()).collect()
}

/// Letters of which the first begins a word.
fn begun(mut letters: Vec<Letter>) -> Vec<Letter> {
    if let Some(first) = letters.first_mut() {
        first.first = true;
    }
    letters
}

fn signs(text: &str) -> Vec<Letter> {
    let mut all = Vec::new();
    for before in text.chars() {
        let bar = matches!(before, 'I' | 'l' | '|');
        let mut push = |sign: char| all.push(Letter { sign, bar, first: false });
        for part in std::iter::once(before).nfkd().filter(|part| !is_combining_mark(*part) && !part.is_control()) {
            match part {
                // What Unicode does not take apart and people type apart.
                'œ' | 'Œ' => "oe".chars().for_each(&mut push),
                'æ' | 'Æ' => "ae".chars().for_each(&mut push),
                'ß' | 'ẞ' => "ss".chars().for_each(&mut push),
                'ø' | 'Ø' => push('o'),
                'ł' | 'Ł' => push('l'),
                'đ' | 'Đ' => push('d'),
                'ı' => push('i'),
                '’' | '‘' | '‚' | 'ʼ' => push('\''),
                '“' | '”' | '„' => push('"'),
                '‐' | '‑' | '‒' | '–' | '—' | '−' | '\u{ad}' => push('-'),
                // It says nothing, and a part of what is joined by it is a part all the same.
                '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' => {}
                _ => part.to_lowercase().filter(|part| !is_combining_mark(*part) && !part.is_whitespace()).for_each(&mut push),
            }
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn folded(text: &str) -> String {
        words(text).iter().map(|word| word.iter().map(|letter| letter.sign).collect::<String>()).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn accents_case_width_and_spaces_do_not_count() {
        for (text, expected) in [
            ("  Élève\u{a0}\u{202f}du  COLLÈGE ", "eleve du college"),
            ("e\u{301}le\u{300}ve", "eleve"),
            ("Ｖａｌｉｄｅｒ", "valider"),
            ("Cœur", "coeur"),
            ("N° sécurité sociale :", "n securite sociale"),
            ("Rechercher un patient…", "rechercher un patient"),
            ("Né(e) le", "nee le"),
            ("l’urgence", "lurgence"),
            ("12/03/2021", "12/03/2021"),
            ("LéaSoins – Dossier", "leasoins dossier"),
            ("e-mail", "e-mail"),
            ("+", "+"),
            ("...", "..."),
            ("Nom : ?", "nom"),
            ("? !", "? !"),
            ("-", ""),
            ("A+ A-", "a+ a-"),
            ("-Critères de tri-", "criteres de tri"),
            ("AB- Rh-", "ab- rh-"),
            ("VIH-", "vih-"),
            ("--Tri--", "tri"),
            ("-2024-", "-2024-"),
            ("REF2024- 2", "ref2024- 2"),
            ("", ""),
        ] {
            assert_eq!(folded(text), expected, "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn folding_twice_changes_nothing(text in "\\PC{0,24}") {
            prop_assert_eq!(folded(&folded(&text)), folded(&text));
        }
    }
}
