//! How well a label is the text that was asked for.
//!
//! The order is fixed: the label itself, a whole word of it, its beginning, and last a text that a reader of pictures may have
//! mistaken for it. A text with a digit in it is an identifier or a date, and only ever itself.

use unicode_normalization::UnicodeNormalization;

use super::fold::{Letter, each, word, words};
use super::reading::Word;

/// How a label fits, the best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fit {
    /// The label says this and nothing else.
    Exact,
    /// Whole words of the label say this.
    Word,
    /// The label begins like this.
    Prefix,
    /// The label differs from it by what is easily misread.
    Near,
}

impl Fit {
    /// A stable word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Exact => "exact",
            Self::Word => "word",
            Self::Prefix => "prefix",
            Self::Near => "near",
        }
    }
}

/// A label that fits.
#[derive(Debug, Clone, PartialEq)]
pub struct Match {
    /// How.
    pub fit: Fit,
    /// How well, 0 to 1: 1 is exact; a word from 0.8, a beginning from 0.65 on, more the larger its part of the label; and
    /// 0.6 and less what is near.
    pub score: f64,
    /// Which words of the label say it.
    pub words: std::ops::Range<usize>,
}

/// The shortest text of which a beginning is enough.
const SHORTEST_PREFIX: usize = 3;

/// The shortest text that something else may be near to.
const SHORTEST_NEAR: usize = 5;

/// From this length on two letters may be misread and not one.
const LONG: usize = 10;

/// Below this a word may be anything that looks like it.
const UNSURE: f64 = 0.6;

/// Below this hardly anything is known of a word.
const VAGUE: f64 = 0.5;

/// The shortest word that is too long to be a part of an icon, or of another word by chance.
const SHORTEST_SURE: usize = 4;

/// A text that was asked for.
#[derive(Debug, Clone)]
pub struct Wanted {
    letters: Vec<Letter>,
    words: usize,
    has_digit: bool,
    height: f64,
}

impl Wanted {
    /// None where the text says nothing.
    pub fn new(text: &str) -> Option<Self> {
        let words = words(text);
        let letters: Vec<Letter> = words.concat();
        let has_digit = letters.iter().any(|letter| letter.sign.is_numeric());
        (!letters.is_empty()).then_some(Self { letters, words: words.len(), has_digit, height: height(text) })
    }

    /// How tall a line that says it is at most, from the tops of its accents to the ends of its tails, in heights of its capitals.
    pub(super) fn height(&self) -> f64 {
        self.height
    }

    /// Whether a digit is in it: it is an identifier, a date or a number then, and each sign counts.
    pub fn is_identifier(&self) -> bool {
        self.has_digit
    }

    /// How many words it has.
    pub fn words(&self) -> usize {
        self.words
    }

    /// Its signs as they are compared.
    pub fn signs(&self) -> impl Iterator<Item = char> {
        self.letters.iter().map(|letter| letter.sign)
    }

    /// How `label` fits, if it does.
    pub fn compare(&self, label: &[Word]) -> Option<Match> {
        let folded: Vec<Vec<Letter>> = each(label.iter().map(|part| part.text.as_str()));
        let said: Vec<usize> = (0..folded.len()).filter(|&at| !folded[at].is_empty()).collect();
        let (first, last) = (*said.first()?, *said.last()?);
        let all = folded.concat();
        let part = |letters: usize| letters as f64 / all.len().max(1) as f64;
        if self.is(&all) {
            return Some(Match { fit: Fit::Exact, score: 1.0, words: first..last + 1 });
        }
        for from in said.iter().copied() {
            let mut some: Vec<Letter> = Vec::new();
            for (to, word) in folded.iter().enumerate().take(last + 1).skip(from) {
                some.extend(word);
                if some.len() > self.letters.len() {
                    break;
                }
                if self.is(&some) {
                    return Some(Match { fit: Fit::Word, score: 0.8 + 0.15 * part(some.len()), words: from..to + 1 });
                }
            }
        }
        let begins = self.letters.len() >= SHORTEST_PREFIX && !self.has_digit && all.len() > self.letters.len();
        // A word begins where one begins: "plugins" is no beginning of "plugin support". A reader may have lost all spaces.
        let words_begin = all.iter().zip(&self.letters).all(|(seen, asked)| seen.first == asked.first) || said.len() == 1;
        // One letter more makes another word of it: Options, Martine.
        let goes_on = |rest: &[Letter]| !rest[0].sign.is_numeric() && rest.get(1).is_some_and(|second| !second.first);
        if begins && words_begin && self.is(&all[..self.letters.len()]) && goes_on(&all[self.letters.len()..]) {
            return Some(Match { fit: Fit::Prefix, score: 0.65 + 0.1 * part(self.letters.len()), words: first..last + 1 });
        }
        let confidence = label.iter().zip(&folded).flat_map(|(part, letters)| letters.iter().map(|_| part.confidence)).collect::<Vec<_>>();
        let edits = self.misread(&all, &confidence)?;
        let score = 0.6 * (1.0 - edits as f64 / self.letters.len() as f64);
        Some(Match { fit: Fit::Near, score, words: first..last + 1 })
    }

    /// Whether a label that was read with doubt may be this: no more than a third of the letters are others, more or fewer. Of two
    /// letters one may be another, and none is missing: any icon may be read as a single one.
    pub(super) fn resembles(&self, label: &[Word]) -> bool {
        let (edits, read) = self.edits(label);
        read >= self.letters.len().min(2) && edits <= (self.letters.len() / 3).max(1)
    }

    /// Whether `label` has all letters of this, one after the other, wherever its words were cut; a fifth of them may be others, more or
    /// fewer in what was read with doubt. What is shorter stands in many.
    pub(super) fn is_in(&self, label: &[Word]) -> bool {
        let asked: Vec<char> = self.signs().collect();
        let least = |read: &[Word]| table(&asked, signs(read).into_iter(), |_| 0).into_iter().min().unwrap_or(asked.len());
        let doubtful: Vec<Word> = label.iter().filter(|word| !word.is_sure()).cloned().collect();
        asked.len() >= SHORTEST_SURE && (least(label) == 0 || least(&doubtful) <= asked.len() / 5)
    }

    /// Whether a label that was read with doubt is worth another look: hardly anything was read, or a third of it and more is this.
    pub(super) fn may_be(&self, label: &[Word]) -> bool {
        let (edits, read) = self.edits(label);
        let vague = label.iter().any(|word| word.confidence < VAGUE);
        read == 0 || vague || 3 * edits <= 2 * read.max(self.letters.len())
    }

    /// Whether a word of `label` is none of this, however much of the rest was misread: it was surely read, and no part of this is like it.
    pub(super) fn has_no_word_of(&self, label: &[Word]) -> bool {
        let surely_other = |part: &Word| {
            let seen = signs(std::slice::from_ref(part));
            // Of all parts of this, the one that is most like it.
            let least = table(&seen, self.signs(), |_| 0).into_iter().min().unwrap_or(0);
            part.is_sure() && seen.len() >= SHORTEST_SURE && 2 * least > seen.len()
        };
        label.iter().any(surely_other)
    }

    /// How many letters of `label` must be others, more or fewer for it to say this, and how many it has.
    fn edits(&self, label: &[Word]) -> (usize, usize) {
        let seen = signs(label);
        let asked: Vec<char> = self.signs().collect();
        (table(&asked, seen.iter().copied(), |at| at).last().copied().unwrap_or(0), seen.len())
    }

    /// Whether `letters` say the same.
    fn is(&self, letters: &[Letter]) -> bool {
        letters.len() == self.letters.len() && self.letters.iter().zip(letters).all(|(asked, seen)| self.same(*asked, *seen))
    }

    /// Whether one letter is the other. A capital I and a small l are one bar to the eye: which of the two it is only its word tells,
    /// and in an identifier nothing does.
    fn same(&self, asked: Letter, seen: Letter) -> bool {
        let bars = seen.bar && !self.has_digit && (asked.bar || (asked.first && asked.sign == 'i'));
        asked.sign == seen.sign || (bars && matches!(asked.sign, 'i' | 'l'))
    }

    /// How many letters of `seen` must have been misread for it to say this, if so few may be: edits that pictures of letters excuse,
    /// and any in a word that its reader is unsure of. None where it says something else.
    fn misread(&self, seen: &[Letter], confidence: &[f64]) -> Option<usize> {
        let asked = &self.letters;
        let most = if asked.len() >= LONG { 2 } else { 1 };
        let digits = self.has_digit || seen.iter().any(|letter| letter.sign.is_numeric());
        if digits || asked.len() < SHORTEST_NEAR || asked.len().abs_diff(seen.len()) > most {
            return None;
        }
        // A letter that is a word of its own tells one label from the next: Service A from Service B.
        let lone = |letters: &[Letter], at: usize| letters[at].first && letters.get(at + 1).is_none_or(|next| next.first);
        let unsure = |at: usize| confidence.get(at).is_some_and(|&confidence| confidence < UNSURE);
        let free = |excused: bool, at: usize| excused || unsure(at);
        let mut cost = vec![vec![usize::MAX / 2; seen.len() + 1]; asked.len() + 1];
        cost[0][0] = 0;
        for a in 0..=asked.len() {
            for s in 0..=seen.len() {
                let so_far = cost[a][s];
                if so_far > most {
                    continue;
                }
                let mut step = |da: usize, ds: usize, edits: usize| {
                    let to = &mut cost[a + da][s + ds];
                    *to = (*to).min(so_far + edits);
                };
                let near = s.min(seen.len().saturating_sub(1));
                if a < asked.len() && s < seen.len() {
                    if self.same(asked[a], seen[s]) {
                        step(1, 1, 0);
                    } else if !lone(asked, a) && !lone(seen, s) && free(look_alike(asked[a].sign, seen[s].sign), s) {
                        step(1, 1, 1);
                    }
                }
                if a < asked.len() && !seen.is_empty() && !lone(asked, a) && free(is_thin(asked[a].sign), near) {
                    step(1, 0, 1);
                }
                if s < seen.len() && !lone(seen, s) && free(is_thin(seen[s].sign), s) {
                    step(0, 1, 1);
                }
                if a + 1 < asked.len() && s < seen.len() && is_pair(asked[a].sign, asked[a + 1].sign, seen[s].sign) {
                    step(2, 1, 1);
                }
                if a < asked.len() && s + 1 < seen.len() && is_pair(seen[s].sign, seen[s + 1].sign, asked[a].sign) {
                    step(1, 2, 1);
                }
            }
        }
        let edits = cost[asked.len()][seen.len()];
        (edits <= most).then_some(edits)
    }
}

/// What accents on capitals, and what hangs below the line, add to the height of a text, in heights of its capitals.
const ACCENTED: f64 = 0.3;
const HANGING: f64 = 0.3;

/// See [`Wanted::height`].
fn height(text: &str) -> f64 {
    let accented = |sign: char| sign.is_uppercase() && sign.nfd().count() > 1;
    let hanging = |sign: char| "gjpqyçQÇ,;()[]{}|@/".contains(sign);
    let of = |more: f64, has: bool| if has { more } else { 0.0 };
    1.0 + of(ACCENTED, text.nfc().any(accented)) + of(HANGING, text.nfc().any(hanging))
}

/// The most that a line is tall, in heights of its capitals.
pub(super) const TALLEST: f64 = 1.0 + ACCENTED + HANGING;

/// Letters that are taken for one another in small type.
fn look_alike(a: char, b: char) -> bool {
    const GROUPS: [&str; 7] = ["iljt", "tf", "ec", "vy", "nh", "gq", "uv"];
    GROUPS.iter().any(|group| group.contains(a) && group.contains(b))
}

/// Letters that are easily lost between two others.
fn is_thin(sign: char) -> bool {
    "il'-".contains(sign)
}

/// Whether `one` and `other` side by side look like `whole`.
fn is_pair(one: char, other: char, whole: char) -> bool {
    matches!((one, other, whole), ('r', 'n', 'm') | ('c', 'l', 'd') | ('v', 'v', 'w') | ('l', 'i', 'h') | ('i', 'i', 'u'))
}

/// The letters that were read, as they are compared.
pub(super) fn signs(label: &[Word]) -> Vec<char> {
    label.iter().flat_map(|part| word(&part.text)).map(|letter| letter.sign).collect()
}

/// How many letters must be others, more or fewer for `asked` to be `seen` up to each place of it (Levenshtein), where what of `seen`
/// stands before costs `start` of its length.
fn table(asked: &[char], seen: impl Iterator<Item = char>, start: impl Fn(usize) -> usize) -> Vec<usize> {
    let seen: Vec<char> = seen.collect();
    let mut row: Vec<usize> = (0..=seen.len()).map(start).collect();
    for (a, asked) in asked.iter().enumerate() {
        let mut before = row[0];
        row[0] = a + 1;
        for (s, seen) in seen.iter().enumerate() {
            let changed = before + usize::from(asked != seen);
            before = row[s + 1];
            row[s + 1] = changed.min(row[s] + 1).min(before + 1);
        }
    }
    row
}

#[cfg(test)]
mod tests {
    use super::super::types::Place;
    use super::*;
    use proptest::prelude::*;

    fn label(text: &str, confidence: f64) -> Vec<Word> {
        let place = Place { x: 0, y: 0, width: 1, height: 1 };
        text.split_whitespace().map(|text| Word { text: text.to_owned(), place, confidence }).collect()
    }

    fn fit(asked: &str, seen: &str) -> Option<Fit> {
        Wanted::new(asked).and_then(|wanted| wanted.compare(&label(seen, 0.95))).map(|found| found.fit)
    }

    #[test]
    fn the_order_is_exact_word_prefix_near() {
        for (asked, seen, expected) in [
            ("Valider", "VALIDER", Some(Fit::Exact)),
            ("valider", "Valider la commande", Some(Fit::Word)),
            ("la commande", "Valider la commande", Some(Fit::Word)),
            ("valid", "Valider la commande", Some(Fit::Prefix)),
            ("Option", "Options", None),
            ("Patient", "Patients du service", None),
            ("Martin", "MARTINE", None),
            ("Enable plugins", "Enable plugin support", None),
            ("Enable plug", "Enable plugin support", Some(Fit::Prefix)),
            ("Médecin traitant", "Medecintraitant", Some(Fit::Exact)),
            ("Iode", "lode", Some(Fit::Exact)),
            ("iode", "lode", Some(Fit::Exact)),
            ("Enregistrer", "Enregislrer", Some(Fit::Near)),
            ("Commande", "Cornmande", Some(Fit::Near)),
            // The other way round says less than was asked.
            ("Valider la commande", "Valider", None),
            ("Supprimer", "Imprimer", None),
            ("Archives", "Archiver", None),
            ("Modifier", "Notifier", None),
            ("Service A", "Service B", None),
            ("supprimer tout", "reviendra tel propos temps", None),
            ("nom", "renom", None),
            ("e", "valider", None),
            ("Nom :", "Nom", Some(Fit::Exact)),
            ("Nom", "Nom :", Some(Fit::Exact)),
            ("?", "?", Some(Fit::Exact)),
            ("?", "Nom ?", None),
            ("", "Nom", None),
            ("-", "Nom", None),
            ("A+", "A-", None),
            ("A+", "A", None),
        ] {
            assert_eq!(fit(asked, seen), expected, "{asked:?} on {seen:?}");
        }
    }

    #[test]
    fn an_identifier_is_itself_and_nothing_like_it() {
        for (asked, seen, expected) in [
            ("MG4408", "MG4408", Some(Fit::Exact)),
            ("MG4408", "MG44O8", None),
            ("MG44O8", "MG4408", None),
            ("8980288", "8980289", None),
            ("898028", "8980288", None),
            ("8980288", "IPP 8980288", Some(Fit::Word)),
            ("Archives 2024", "Archives 2025", None),
            ("l2", "12", None),
            ("I2", "l2", None),
            ("12/03/2021", "12/03/2021", Some(Fit::Exact)),
            ("1203/2021", "12/03/2021", None),
            ("Chambre 1", "Chambre 12", None),
        ] {
            assert_eq!(fit(asked, seen), expected, "{asked:?} on {seen:?}");
        }
    }

    #[test]
    fn an_unsure_reader_may_have_misread_more() {
        let wanted = Wanted::new("Prescription").unwrap();
        assert_eq!(wanted.compare(&label("Prezcription", 0.95)), None);
        let found = wanted.compare(&label("Prezcription", 0.4)).unwrap();
        assert!(found.fit == Fit::Near && found.score < 0.6);
        assert_eq!(wanted.compare(&label("Prezcripzzon", 0.4)), None);
    }

    #[test]
    fn what_was_read_with_doubt_may_be_it() {
        let resembles = |asked: &str, seen: &str| Wanted::new(asked).unwrap().resembles(&label(seen, 0.5));
        assert!(resembles("À surveiller", "[CA surveiller ]") && resembles("Stable", "[stabie") && resembles("Iode", "lode"));
        assert!(
            !resembles("Stable", "Critique")
                && !resembles("Stable", "")
                && !resembles("Stable", "[]")
                && !resembles("Valider", "Valider la commande")
        );
    }

    #[test]
    fn a_text_is_in_a_label_whatever_its_words() {
        let is_in = |asked: &str, seen: &str| Wanted::new(asked).unwrap().is_in(&label(seen, 0.3));
        assert!(is_in("Demande", "|Demande/compatiité (again") && is_in("à jeun", "Patient Ajeun"));
        assert!(!is_in("Demande", "Dernande") && !is_in("Oui", "Ouistreham"));
        // A letter was lost of what was read with doubt; of what was surely read none was.
        assert!(is_in("Verrouillages", "& verrouilages auto"));
        assert!(!Wanted::new("Verrouillages").unwrap().is_in(&label("& verrouilages auto", 0.9)));
    }

    #[test]
    fn one_sure_word_that_is_none_of_it_tells_a_label_apart() {
        let other = |asked: &str, seen: &[(&str, f64)]| {
            let words: Vec<Word> = seen.iter().flat_map(|(text, confidence)| label(text, *confidence)).collect();
            Wanted::new(asked).unwrap().has_no_word_of(&words)
        };
        assert!(other("Nom usuel", &[("&", 0.2), ("Messagerie", 0.9)]) && other("Iode", &[("Paracétamol", 0.9), ("x", 0.9)]));
        // Read with doubt, misread, a part of it with the spaces lost, and too short to be no icon.
        assert!(!other("Nom usuel", &[("&", 0.2), ("Messagerie", 0.7)]) && !other("Enregistrer", &[("Enreglster", 0.9)]));
        assert!(!other("Nom de naissance", &[("denaiss", 0.9)]) && !other("Imprimer", &[("EEE", 0.9)]));
    }

    #[test]
    fn the_words_that_say_it_are_told() {
        let wanted = Wanted::new("Nom usuel").unwrap();
        let found = wanted.compare(&label("> Nom usuel : PETIT", 0.9)).unwrap();
        assert_eq!((found.fit, found.words), (Fit::Word, 1..3));
        assert_eq!(wanted.compare(&label("• Nom usuel :", 0.9)).unwrap().words, 1..3);
    }

    proptest! {
        #[test]
        fn a_text_is_exactly_itself(text in "[A-Za-zÀ-ÿ0-9 '.-]{1,30}") {
            if let Some(wanted) = Wanted::new(&text) {
                let found = wanted.compare(&label(&text, 0.1)).unwrap();
                prop_assert_eq!((found.fit, found.score), (Fit::Exact, 1.0));
            }
        }

        #[test]
        fn scores_follow_the_order(asked in "[a-eil ]{1,12}", seen in "[a-eil ]{1,20}", confidence in 0.0..1.0_f64) {
            if let Some(found) = Wanted::new(&asked).and_then(|wanted| wanted.compare(&label(&seen, confidence))) {
                let within = match found.fit {
                    Fit::Exact => 1.0..=1.0,
                    Fit::Word => 0.8..=0.95,
                    Fit::Prefix => 0.65..=0.75,
                    Fit::Near => 0.0..=0.6,
                };
                prop_assert!(within.contains(&found.score));
                prop_assert!(!found.words.is_empty());
            }
        }
    }
}
