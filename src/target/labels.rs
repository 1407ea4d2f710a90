//! From pieces and words to labels: what stands together on a screen, with and without the icons at its ends.

use super::reading::{Piece, Word};
use super::types::Place;
use super::wording::{Fit, Match, Wanted};

/// Below this confidence a few letters at the end of a line are a drawing that was read.
const JUNK: f64 = 0.5;

/// From this confidence on a reader means what it says.
pub(super) const MEANT: f64 = 0.6;

/// The share of a line's width that its words take at least, where all of it was read.
const MOSTLY: f64 = 0.6;

/// A line of text on a screen.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Label {
    /// Its words, without what stands aside.
    pub(super) words: Vec<Word>,
    /// Where they stand.
    pub(super) place: Place,
    /// How tall its capitals are, about, pixels.
    pub(super) capital: f64,
    /// What stands aside before and after, each with its words.
    pub(super) aside: Vec<(Place, Vec<Word>)>,
    /// The pieces that it is made of, from left to right.
    pub(super) pieces: Vec<usize>,
    /// The one of them that does not stand aside.
    pub(super) own: usize,
    /// Where two labels may stand side by side in it, pixels; see [`Piece::breaks`].
    pub(super) breaks: Vec<u32>,
}

/// The smallest place that holds both.
pub(super) fn around(a: Place, b: Place) -> Place {
    let (x, y) = (a.x.min(b.x), a.y.min(b.y));
    let (right, bottom) = ((a.x + a.width).max(b.x + b.width), (a.y + a.height).max(b.y + b.height));
    Place { x, y, width: right - x, height: bottom - y }
}

/// The lines of text on a screenshot, from top to bottom, and which of them may be one text. Where they stand is known before any of
/// them is read.
#[derive(Debug, Clone, Default)]
pub(super) struct Lines {
    /// The lines.
    pub(super) all: Vec<Label>,
    /// Lines that may be one text, in the order in which it is read: two below one another, or some in a row with wide spaces between.
    pub(super) groups: Vec<Vec<usize>>,
}

impl Lines {
    /// The lines that `pieces` are, with what was read of them: `words` of each piece, none where it was not read.
    pub(super) fn of(pieces: &[Piece], words: &[Option<Vec<Word>>]) -> Self {
        let mut all: Vec<Label> = Vec::new();
        let mut from = 0;
        while from < pieces.len() {
            let to = (from..pieces.len()).find(|&at| pieces[at].line != pieces[from].line).unwrap_or(pieces.len());
            // Where no piece is the line's own all of it stands aside: an icon by itself, or a letter.
            let own = (from..to).find(|&at| !pieces[at].aside).unwrap_or(from);
            all.push(Label {
                words: Vec::new(),
                place: pieces[own].place,
                capital: pieces[own].capital,
                aside: (from..to).filter(|&at| at != own).map(|at| (pieces[at].place, Vec::new())).collect(),
                pieces: (from..to).collect(),
                own,
                breaks: pieces[own].breaks.clone(),
            });
            from = to;
        }
        let groups = groups(&all);
        let mut lines = Self { all, groups };
        lines.fill(words);
        lines
    }

    /// Takes over what was read, as [`Lines::of`] does.
    pub(super) fn fill(&mut self, words: &[Option<Vec<Word>>]) {
        let of = |at: usize| words.get(at).cloned().flatten().unwrap_or_default();
        for label in &mut self.all {
            let own = label.own;
            label.words = of(own);
            let others = label.pieces.iter().copied().filter(|&at| at != own);
            for ((_, words), at) in label.aside.iter_mut().zip(others) {
                *words = of(at);
            }
        }
    }
}

/// Where a label, or a part of one, says what was asked for.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Said {
    /// How it fits.
    pub(super) fit: Fit,
    /// How well, 0 to 1; see [`Match::score`].
    pub(super) score: f64,
    /// Where.
    pub(super) place: Place,
    /// What was read there.
    pub(super) words: Vec<Word>,
    /// The pieces that it was read from.
    pub(super) pieces: Vec<usize>,
}

fn said(found: Match, words: &[Word], whole: Place, pieces: &[usize]) -> Said {
    let some = &words[found.words];
    let part = some.iter().map(|word| word.place).reduce(around).unwrap_or(whole);
    // Where most of a line was not read, what was read is not in its middle.
    let little = f64::from(part.width) < MOSTLY * f64::from(whole.width);
    Said {
        fit: found.fit,
        score: found.score,
        place: if found.fit == Fit::Word || little { part } else { whole },
        words: some.to_vec(),
        pieces: pieces.to_vec(),
    }
}

impl Label {
    /// All words of the line, from left to right.
    pub(super) fn line(&self) -> Vec<Word> {
        let mut all: Vec<Word> = self.aside.iter().flat_map(|(_, words)| words).chain(&self.words).cloned().collect();
        all.sort_by_key(|word| word.place.x);
        all
    }

    /// Where the whole line stands.
    pub(super) fn whole(&self) -> Place {
        self.aside.iter().map(|(place, _)| *place).fold(self.place, around)
    }

    /// How many signs were read of it, aside from what stands aside.
    pub(super) fn signs(&self) -> usize {
        self.words.iter().map(|word| word.text.chars().count()).sum()
    }

    /// How wide the parts are that may be labels of their own, pixels.
    pub(super) fn segments(&self) -> Vec<u32> {
        self.ends().windows(2).map(|pair| pair[1].saturating_sub(pair[0])).collect()
    }

    /// Parts next to one another that may be one label of their own, each with its width, pixels, and its words.
    pub(super) fn runs(&self) -> Vec<(u32, Vec<Word>)> {
        let ends = self.ends();
        let pairs = (0..ends.len()).flat_map(|from| (from + 1..ends.len()).map(move |to| (from, to)));
        let run = |(from, to): (usize, usize)| {
            let (from, to) = (ends[from], ends[to]);
            let is_in = |word: &&Word| (from..to).contains(&(word.place.x + word.place.width / 2));
            (to.saturating_sub(from), self.words.iter().filter(is_in).cloned().collect())
        };
        pairs.map(run).collect()
    }

    /// Where its parts end, and the first one begins, pixels from the left.
    fn ends(&self) -> Vec<u32> {
        std::iter::once(self.place.x).chain(self.breaks.iter().copied()).chain([self.place.x + self.place.width]).collect()
    }

    /// Whether nothing but wide gaps and what was misread stands around these words.
    fn is_apart(&self, words: &std::ops::Range<usize>) -> bool {
        let junk = |word: &Word| word.confidence < JUNK && word.text.chars().count() <= 3;
        let broken = |left: &Word, right: &Word| {
            let (from, to) = (left.place.x + left.place.width / 2, right.place.x + right.place.width / 2);
            self.breaks.iter().any(|at| (from..to).contains(at))
        };
        let before = &self.words[..words.start];
        let after = &self.words[words.end..];
        let left = before.iter().all(junk) || before.last().is_some_and(|last| broken(last, &self.words[words.start]));
        let right = after.iter().all(junk) || after.first().is_some_and(|first| broken(&self.words[words.end - 1], first));
        left && right
    }

    /// How this label says what is `wanted`, if it does.
    pub(super) fn says(&self, wanted: &Wanted) -> Option<Said> {
        let own = wanted.compare(&self.words).map(|found| {
            let apart = found.fit == Fit::Word && self.is_apart(&found.words);
            let mut said = said(found, &self.words, self.place, &self.pieces);
            if apart {
                (said.fit, said.score) = (Fit::Exact, 0.97);
            }
            // What stands aside may be a word all the same, and the label then says more than was asked for.
            if said.fit == Fit::Exact && self.aside.iter().any(|(place, words)| self.is_text(*place, words)) {
                (said.fit, said.score) = (Fit::Word, 0.94);
            }
            said
        });
        let line = if self.aside.is_empty() {
            None
        } else {
            let line = self.line();
            wanted.compare(&line).map(|found| said(found, &line, self.whole(), &self.pieces))
        };
        match (own, line) {
            (Some(own), Some(line)) if line.fit < own.fit => Some(line),
            (None, line) => line,
            (own, _) => own,
        }
    }

    /// Whether what stands aside is text, as far as its shape and its reader tell.
    fn is_text(&self, place: Place, words: &[Word]) -> bool {
        let low = f64::from(place.height) <= 1.25 * self.capital;
        low && words.iter().any(|word| word.confidence >= MEANT && word.text.chars().any(char::is_alphanumeric))
    }

    /// Whether `below` is the next line of the same text.
    fn goes_on_in(&self, below: &Self) -> bool {
        let (tall, gap) = (self.capital, f64::from(below.place.y) - f64::from(self.place.y + self.place.height));
        let near = gap >= -0.2 * tall && gap <= 1.1 * tall;
        let alike = (self.capital / below.capital - 1.0).abs() <= 0.35;
        let left = (f64::from(self.place.x) - f64::from(below.place.x)).abs() <= 0.6 * tall;
        let left_of_all = (f64::from(self.whole().x) - f64::from(below.place.x)).abs() <= 0.6 * tall;
        let middle = (self.place.centre().0 - below.place.centre().0).abs() <= 0.6 * tall;
        near && alike && (left || left_of_all || middle)
    }

    /// Whether `right` stands in the same row, a wide space away.
    fn stands_before(&self, right: &Self) -> bool {
        let gap = f64::from(right.whole().x) - f64::from(self.whole().x + self.whole().width);
        let middle = (self.place.centre().1 - right.place.centre().1).abs();
        (0.0..=1.8 * self.capital).contains(&gap) && middle <= 0.35 * self.capital && (self.capital / right.capital - 1.0).abs() <= 0.35
    }
}

/// Every place of those that `counts` says what is `wanted`: labels, and labels that are one text, on two lines or a wide space apart.
pub(super) fn sayings(lines: &Lines, wanted: &Wanted, counts: &dyn Fn(&Label) -> bool) -> Vec<Said> {
    let labels = &lines.all;
    let mut all: Vec<Said> = labels.iter().filter(|label| counts(label)).filter_map(|label| label.says(wanted)).collect();
    if wanted.words() < 2 {
        return all;
    }
    // The first words of it stand in the one, the next in another; nothing else is worth a look.
    let signs: Vec<char> = wanted.signs().collect();
    for group in &lines.groups {
        let some: Vec<&Label> = group.iter().map(|&at| &labels[at]).collect();
        if some.iter().all(|label| counts(label)) && !some[0].words.is_empty() && starts(some[0], &signs) {
            all.extend(chained(&some, wanted));
        }
    }
    all
}

/// Labels that may be one text, as in a typewriter's type each word stands by itself.
const MOST_CHAINED: usize = 8;

/// Labels that may be one text: two on two lines, or some in a row with wide spaces between.
fn groups(labels: &[Label]) -> Vec<Vec<usize>> {
    let mut all = Vec::new();
    for (at, first) in labels.iter().enumerate() {
        all.extend((0..labels.len()).filter(|&other| other != at && first.goes_on_in(&labels[other])).map(|other| vec![at, other]));
        let mut chain = vec![at];
        while chain.len() < MOST_CHAINED
            && let Some(last) = chain.last().map(|&last| &labels[last])
            && let Some(next) =
                (0..labels.len()).filter(|&other| last.stands_before(&labels[other])).min_by_key(|&other| labels[other].whole().x)
            && !chain.contains(&next)
        {
            chain.push(next);
            all.push(chain.clone());
        }
    }
    all
}

/// What several labels say as one, if it is just this.
fn chained(labels: &[&Label], wanted: &Wanted) -> Option<Said> {
    let words: Vec<Word> = labels.iter().flat_map(|label| label.line()).collect();
    let found = wanted.compare(&words).filter(|found| found.fit == Fit::Exact)?;
    let pieces: Vec<usize> = labels.iter().flat_map(|label| label.pieces.clone()).collect();
    let place = labels.iter().map(|label| label.place).reduce(around)?;
    Some(said(found, &words, place, &pieces))
}

fn starts(label: &Label, signs: &[char]) -> bool {
    let own: Vec<char> = label.words.iter().flat_map(|word| super::fold::word(&word.text)).map(|letter| letter.sign).collect();
    // A misread first letter is looked over: what counts is that the label is shorter and ends as a part of it.
    match own.as_slice() {
        [] => false,
        [only] => *only == signs[0],
        _ => own.len() < signs.len() && own[1..] == signs[1..own.len()],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Words of eight pixels a letter, twelve tall.
    fn words(text: &str, x: u32, y: u32) -> Vec<Word> {
        let mut at = x;
        let word = |text: &str| {
            let width = 8 * text.chars().count() as u32;
            let place = Place { x: at, y, width, height: 12 };
            at += width + 4;
            Word { text: text.to_owned(), place, confidence: 0.95 }
        };
        text.split(' ').map(word).collect()
    }

    fn label(text: &str, x: u32, y: u32) -> Label {
        let words = words(text, x, y);
        let place = words.iter().map(|word| word.place).reduce(around).unwrap();
        Label { words, place, capital: 10.0, aside: Vec::new(), pieces: vec![0], own: 0, breaks: Vec::new() }
    }

    fn best(labels: &[Label], text: &str) -> Vec<(Fit, Place)> {
        let lines = Lines { all: labels.to_vec(), groups: groups(labels) };
        sayings(&lines, &Wanted::new(text).unwrap(), &|_| true).into_iter().map(|said| (said.fit, said.place)).collect()
    }

    #[test]
    fn an_icon_is_not_the_label_and_a_letter_is() {
        let icon = |text: &str, height: u32, confidence: f64| {
            let place = Place { x: 10, y: 20, width: 14, height };
            let word = Word { text: text.to_owned(), place, confidence };
            Label { aside: vec![(place, vec![word])], ..label("Imprimer", 30, 20) }
        };
        // A printer that was read as a copyright sign, as a sure E but too tall for one, as an E of letters' height.
        assert_eq!(best(&[icon("©", 14, 0.9)], "Imprimer")[0].0, Fit::Exact);
        assert_eq!(best(&[icon("E", 16, 0.9)], "Imprimer")[0].0, Fit::Exact);
        assert_eq!(best(&[icon("E", 12, 0.9)], "Imprimer")[0].0, Fit::Word);
        assert_eq!(best(&[icon("E", 12, 0.9)], "E Imprimer")[0].0, Fit::Exact);
        assert_eq!(best(&[icon("E", 12, 0.2)], "Imprimer")[0].0, Fit::Exact);
    }

    #[test]
    fn a_text_on_two_lines_or_with_a_wide_space_is_one() {
        let wrapped = [label("Comptes", 10, 20), label("rendus", 10, 40), label("rendus", 200, 20)];
        assert_eq!(best(&wrapped, "Comptes rendus"), [(Fit::Exact, Place { x: 10, y: 20, width: 56, height: 32 })]);
        let spaced = [label("Unité", 10, 20), label("de soins", 64, 20)];
        assert_eq!(best(&spaced, "Unité de soins").len(), 1);
        let apart = [label("Unité", 10, 20), label("de soins", 90, 20)];
        assert!(best(&apart, "Unité de soins").is_empty());
    }

    #[test]
    fn a_word_of_a_label_is_told_by_its_own_place() {
        assert_eq!(best(&[label("Nom de naissance", 10, 20)], "naissance"), [(Fit::Word, Place { x: 58, y: 20, width: 72, height: 12 })]);
    }
}
