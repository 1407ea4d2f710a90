//! What else may say a text that was found, and whether what says it was read right.

use super::conclude::Hit;
use super::identifier::is_doubtful;
use super::labels::{Label, Lines, MEANT, Said, sayings};
use super::read::{Open, Outcome};
use super::reading::Word;
use super::types::{Place, Standing};
use super::wording::{Fit, Wanted, signs};
use crate::error::Result;

/// Those of `hits` that nothing speaks against.
fn standing(hits: &[Hit]) -> impl Iterator<Item = &Hit> {
    hits.iter().filter(|hit| hit.standing == Standing::Weaker)
}

/// The same to be changed, where somebody read them. A twin that nobody read stays what it is.
fn read(hits: &mut [Hit]) -> impl Iterator<Item = &mut Hit> {
    hits.iter_mut().filter(|hit| hit.standing == Standing::Weaker && !hit.words.is_empty())
}

/// Reads what stands a second time.
fn look_again(page: &mut Open<'_>, hits: &[Hit]) -> Result<Outcome> {
    let pieces: Vec<usize> = standing(hits).flat_map(|hit| hit.pieces.clone()).collect();
    page.read_again(&pieces)
}

/// The only one of `hits` that fits best, where there is no other.
pub(super) fn only_one(hits: &[Hit]) -> Option<&Hit> {
    let best = standing(hits).map(|hit| hit.fit).min();
    let mut fitting = standing(hits).filter(|hit| Some(hit.fit) == best);
    fitting.next().filter(|_| fitting.next().is_none())
}

/// What may be a twin of `only`, which says the text, and was read as something else: what says the text as it was read the other time, and
/// what looks as `only` does, read a second time where it was read with doubt. It has no words: it is never the answer and stands in the
/// way of one. What was read as nearly the same is no twin of an identifier, nor is a part of something longer that looks like it: one
/// digit is all that tells it from the next. What looks like `only` in a line that was too wide to be read is read before it counts.
pub(super) fn twins_of(page: &mut Open<'_>, text: &Wanted, only: &Hit, inside: &dyn Fn(&Label) -> bool) -> Result<Vec<Said>> {
    let own = only.said;
    let alike = page.alike(own, &only.pieces)?;
    let looks_so = |label: &Label| inside(label) && alike.iter().any(|place| label.place.overlap(place) > 0.6);
    let unread: Vec<usize> =
        page.lines().all.iter().filter(|label| label.words.is_empty() && looks_so(label)).map(|label| label.own).collect();
    let fresh = |label: &Label| unread.contains(&label.own);
    // What takes too long is not settled, here and below.
    page.read(|_, label| fresh(label))?;
    let lines = page.lines();
    // About as large, or with more than a line around it: a frame that was not told from its letters.
    let sized = |label: &Label| 2 * label.place.width <= 3 * own.width || 5 * label.place.height >= 8 * own.height;
    let doubtful: Vec<&Label> = lines.all.iter().filter(|label| inside(label) && !is_sure(label)).collect();
    let looking: Vec<&Label> = doubtful.iter().copied().filter(|label| sized(label) && looks_so(label)).collect();
    let pieces: Vec<usize> = looking.iter().flat_map(|label| label.pieces.clone()).collect();
    page.read_again(&pieces)?;
    let other_time = page.lines_again();
    let (open, closed): (Vec<&Label>, Vec<&Label>) = looking.into_iter().partition(|label| may_say(&other_time, label, text));
    let mut places: Vec<Place> = if text.is_identifier() {
        open.iter().map(|label| label.place).collect()
    } else {
        let told = |place: &Place| closed.iter().any(|label| label.place.overlap(place) > 0.6);
        // Where no label says just this, one may that was taken for a longer one.
        let holds =
            |label: &Label| only.fit != Fit::Exact && !label.pieces.iter().any(|at| only.pieces.contains(at)) && text.is_in(&label.words);
        let like = doubtful.iter().filter(|label| text.resembles(&label.words) || holds(label)).map(|label| label.place);
        alike.iter().copied().filter(|place| may_be_twin(&lines.all, place, inside)).chain(like).filter(|place| !told(place)).collect()
    };
    places.extend(sayings(&lines, text, &fresh).iter().filter(|said| said.fit <= only.fit).map(|said| said.place));
    places.extend(sayings(&other_time, text, inside).iter().filter(|said| said.fit <= Fit::Word).map(|said| said.place));
    places.retain(|place| place.overlap(&own) < 0.5);
    Ok(places.into_iter().map(|place| Said { fit: Fit::Near, score: 0.6, place, words: Vec::new(), pieces: Vec::new() }).collect())
}

/// Whether `label`, which was read with doubt, may say `text` after it was read again: what is then surely read as something else is that. So is a
/// text that is read the same way twice, once without much doubt, and does not even come near; of an identifier a digit may be misread twice.
fn may_say(other_time: &Lines, label: &Label, text: &Wanted) -> bool {
    let Some(again) = other_time.all.iter().find(|other| other.pieces == label.pieces) else { return true };
    let meant = |label: &Label| !label.words.is_empty() && label.words.iter().all(|word| word.confidence >= MEANT);
    let same = !text.is_identifier() && (meant(label) || meant(again)) && signs(&again.words) == signs(&label.words);
    let other = same && text.compare(&label.words).is_none() && text.compare(&again.words).is_none();
    let says = |label: &Label| label.says(text).is_some_and(|said| said.fit <= Fit::Word);
    says(again) || says(label) || !(is_sure(again) || other)
}

/// Whether all of a label was surely read.
fn is_sure(label: &Label) -> bool {
    !label.words.is_empty() && label.words.iter().all(Word::is_sure)
}

/// Whether what looks like another text may be the same. What was surely read as something else is that: Service B, with all but one letter
/// of Service A.
fn may_be_twin(labels: &[Label], place: &Place, inside: &dyn Fn(&Label) -> bool) -> bool {
    let told = labels.iter().any(|label| is_sure(label) && label.place.overlap(place) > 0.6);
    !told && labels.iter().filter(|label| label.whole().overlap(place) > 0.6).all(inside)
}

/// What was read with doubt and resembles `text`, where nothing says it: it may be there. It is no answer, and it is not gone.
pub(super) fn in_doubt(lines: &Lines, text: &Wanted, inside: &dyn Fn(&Label) -> bool) -> Vec<Hit> {
    let doubtful = lines.all.iter().filter(|label| inside(label) && !is_sure(label) && text.resembles(&label.words));
    doubtful
        .map(|label| {
            let said = Said { fit: Fit::Near, score: 0.5, place: label.place, words: label.words.clone(), pieces: label.pieces.clone() };
            Hit { standing: Standing::Unsure, ..Hit::of(said, None) }
        })
        .collect()
}

/// Looks a second time at each place that says an identifier: it must be read as the same again, and no letter of it may be a digit.
pub(super) fn confirm(page: &mut Open<'_>, text: &Wanted, hits: &mut [Hit]) -> Result<Outcome> {
    let outcome = look_again(page, hits)?;
    let again = sayings(&page.lines_again(), text, &|_| true);
    for hit in read(hits) {
        // Of the very same pieces: another text may begin with one of them.
        let mut doubtful = !again.iter().any(|said| said.pieces == hit.pieces && said.fit <= Fit::Word);
        for word in hit.words.iter().filter(|word| word.text.chars().any(|sign| sign.is_ascii_digit())) {
            doubtful = doubtful || is_doubtful(&word.text, &page.glyphs(word.place)?);
        }
        if doubtful {
            hit.standing = Standing::Unsure;
        }
    }
    Ok(outcome)
}

/// Looks again at what only comes near to the text, where nothing says it better: what is read the same way twice, or surely the second time, is
/// that, and no misread text.
pub(super) fn question(page: &mut Open<'_>, text: &Wanted, hits: &mut [Hit]) -> Result<Outcome> {
    if standing(hits).any(|hit| hit.fit < Fit::Near) {
        return Ok(Outcome::Read);
    }
    let outcome = look_again(page, hits)?;
    let (once, twice) = (page.lines(), page.lines_again());
    for hit in read(hits) {
        let same = |lines: &Lines| lines.all.iter().find(|label| label.pieces == hit.pieces).map(|label| label.words.clone());
        let (Some(first), Some(second)) = (same(&once), same(&twice)) else { continue };
        let says = text.compare(&second).is_some_and(|found| found.fit <= Fit::Word);
        if !says && (signs(&first) == signs(&second) || (!second.is_empty() && second.iter().all(Word::is_sure))) {
            hit.standing = Standing::Unsure;
        }
    }
    Ok(outcome)
}
