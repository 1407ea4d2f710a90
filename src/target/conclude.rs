//! From the places that say a text to a verdict: of several only the caller can choose, by an expected position or a number.

use super::decide::{Cause, Verdict, clearly_nearest};
use super::element::{Element, SURE_ROLE};
use super::labels::Said;
use super::reading::Word;
use super::resolve::{By, Expected, Finding, Order, Seen, Why};
use super::types::{Candidate, Evidence, Place, Standing};
use super::wording::Fit;

/// From this on a role by itself may be meant, 0 to 1; from [`SURE_ROLE`] on it is enough.
const MAYBE_ROLE: f64 = 0.25;

/// What else was asked for, as far as it bears on the choice.
#[derive(Debug, Clone, Copy)]
pub(super) struct Choice {
    /// No text was asked for.
    pub(super) by_role_alone: bool,
    /// Which of several, from 1 in reading order.
    pub(super) index: Option<usize>,
    /// What was to be in the row or near and is not on the screen.
    pub(super) missing: Option<Cause>,
}

/// A place that may be meant.
#[derive(Debug, Clone)]
pub(super) struct Hit {
    pub(super) place: Place,
    /// Where it says so: beside a field, on a button, the place itself.
    pub(super) said: Place,
    pub(super) click: (f64, f64),
    pub(super) score: f64,
    pub(super) fit: Fit,
    pub(super) words: Vec<Word>,
    pub(super) pieces: Vec<usize>,
    pub(super) element: Option<Element>,
    pub(super) standing: Standing,
}

impl Hit {
    pub(super) fn of(said: Said, element: Option<Element>) -> Self {
        let Said { fit, score, place, words, pieces } = said;
        Self { click: place.centre(), place, said: place, score, fit, words, pieces, element, standing: Standing::Weaker }
    }

    /// Whether both are one thing said twice, so that a click on one is a click on the other: read from the same pieces, each clicked
    /// inside the other, or a text inside what is clicked as a whole. What merely lies in something larger is something else.
    fn is_same(&self, other: &Self) -> bool {
        if self.place.overlap(&other.place) < 0.5 {
            return false;
        }
        let shares = self.pieces.iter().any(|piece| other.pieces.contains(piece));
        let meet = self.place.holds(other.click) && other.place.holds(self.click);
        shares || meet || self.wraps(other) || other.wraps(self)
    }

    /// Whether `inner` is the text of this, which is clicked as a whole. What is many lines high is a panel and no button.
    fn wraps(&self, inner: &Self) -> bool {
        let is = |hit: &Self, roles: &[&str]| hit.element.as_ref().is_some_and(|element| roles.iter().any(|role| element.is_a(role)));
        is(self, &["button", "link", "menu item", "menuitem", "menu_item", "tab", "checkbox", "radio"])
            && is(inner, &["text", "label"])
            && !is(inner, &["field", "input", "edit", "box"])
            && self.place.height <= 4 * inner.place.height
            && self.place.holds(inner.click)
    }

    /// The same at an element, where it is to be clicked.
    pub(super) fn at(self, element: &Element) -> Self {
        Self { place: element.place, click: element.centre, element: Some(element.clone()), ..self }
    }
}

/// Decides among `hits`.
pub(super) fn concluded(order: &Order<'_>, mut hits: Vec<Hit>, choice: Choice, screen: (u32, u32)) -> Finding {
    // One place may be said twice: by a label and by a part of a longer one.
    hits.sort_by(|a, b| {
        (a.standing != Standing::Weaker, a.fit).cmp(&(b.standing != Standing::Weaker, b.fit)).then(b.score.total_cmp(&a.score))
    });
    let mut each: Vec<Hit> = Vec::new();
    for hit in hits {
        if !each.iter().any(|other| other.is_same(&hit)) {
            each.push(hit);
        }
    }
    // What nobody read to say it is no answer, and stands in the way of one whatever is asked of that.
    let unread = |hit: &Hit| !choice.by_role_alone && hit.words.is_empty();
    for hit in &mut each {
        let doubtful = choice.by_role_alone && hit.confidence_in_role() < SURE_ROLE;
        // What may be of the role is not the answer, and stands in the way of another.
        if doubtful && hit.confidence_in_role() >= MAYBE_ROLE && hit.standing == Standing::Weaker {
            hit.standing = Standing::Unsure;
        }
        let too_weak = (hit.score < order.threshold && !unread(hit)) || doubtful;
        if hit.standing == Standing::Weaker && too_weak {
            hit.standing = Standing::BelowThreshold;
        }
    }
    let candidates: Vec<Candidate> =
        each.iter().map(|hit| Candidate { place: hit.place, score: hit.score, scale: 1.0, evidence: Evidence::default() }).collect();
    let best = each.iter().filter(|hit| hit.standing == Standing::Weaker).map(|hit| hit.fit).min();
    // What was read almost like this may be this: a twin that was misread.
    let rival = |hit: &Hit| Some(hit.fit) == best || hit.fit == Fit::Near;
    let mut alike: Vec<usize> = (0..each.len()).filter(|&at| each[at].standing == Standing::Weaker && rival(&each[at])).collect();
    let expected = order.expected.map(|expected| match (expected, screen) {
        (Expected::Pixels(x, y), _) => (x, y),
        (Expected::Shares(x, y), (width, height)) => (x * f64::from(width), y * f64::from(height)),
    });
    // What could not be told may be it as well as what could.
    let unsure = each.iter().any(|hit| hit.standing == Standing::Unsure && best.is_none_or(|best| hit.fit <= best));
    // Of two texts that only come near the one that comes less near is the other's rival, whatever threshold it misses.
    let nearly = best == Some(Fit::Near) && each.iter().any(|hit| hit.standing == Standing::BelowThreshold && hit.fit == Fit::Near);
    let (hit, cause) = match (alike.as_slice(), expected, choice.index) {
        // Nobody asked for a text, so that what is unsure is which of them is meant.
        _ if unsure && choice.by_role_alone && each.len() > 1 => (None, Cause::SeveralAlike),
        _ if unsure => (None, Cause::ReadingUnsure),
        _ if choice.missing.is_some() => (None, choice.missing.unwrap_or(Cause::TextNotThere)),
        ([], ..) => (None, why_none(&each)),
        _ if nearly => (None, Cause::SeveralAlike),
        // What nobody read may be one of those that are counted, or none.
        (several, _, Some(_)) if several.iter().any(|&at| unread(&each[at])) => (None, Cause::ReadingUnsure),
        (_, _, Some(index)) => {
            alike.sort_by_key(|&at| (each[at].place.y, each[at].place.x));
            (alike.get(index - 1).copied(), if index <= alike.len() { Cause::ByIndex } else { Cause::IndexBeyond })
        }
        ([only], ..) => (Some(*only), Cause::SinglePlace),
        (_, None, _) => (None, Cause::SeveralAlike),
        (several, Some(point), _) => match clearly_nearest(&candidates, several, point) {
            Some(nearest) => (Some(nearest), Cause::NearestToExpected),
            None => (None, Cause::NoneClearlyNearest),
        },
    };
    // Nor is one clicked that was surely read to say something else: what comes near to the text asked for is it only where each of its
    // words may have been misread.
    let otherwise = |hit: &Hit| !choice.by_role_alone && hit.fit == Fit::Near && hit.words.iter().any(Word::is_sure);
    let no_answer = |hit: usize| unread(&each[hit]) || otherwise(&each[hit]);
    let (hit, refused) = hit.map_or((None, None), |hit| if no_answer(hit) { (None, Some(hit)) } else { (Some(hit), None) });
    if alike.len() > 1 {
        for &at in &alike {
            each[at].standing = Standing::Alike;
        }
    }
    if let Some(refused) = refused {
        each[refused].standing = Standing::Unsure;
    }
    let cause = refused.map_or(cause, |_| Cause::ReadingUnsure);
    if let Some(hit) = hit {
        each[hit].standing = Standing::Hit;
    }
    let verdict = match (hit, cause) {
        (Some(_), _) => Verdict::Found,
        (None, Cause::SeveralAlike | Cause::NoneClearlyNearest) => Verdict::Ambiguous,
        (None, _) => Verdict::Absent,
    };
    // The answer first, then as it was ranked.
    let mut order_of: Vec<usize> = (0..each.len()).collect();
    order_of.sort_by_key(|&at| (Some(at) != hit, at));
    let element = hit.and_then(|hit| each[hit].element.clone());
    let click = hit.map(|hit| each[hit].click);
    let second = order_of
        .iter()
        .filter(|&&at| Some(at) != hit && matches!(each[at].standing, Standing::Weaker | Standing::Alike))
        .map(|&at| each[at].score)
        .reduce(f64::max);
    let first = hit.or(order_of.first().copied()).map(|at| each[at].score);
    Finding {
        verdict,
        why: Why::Compared(cause),
        screen: Some(screen),
        hit: hit.map(|_| 0),
        margin: hit.and(first).zip(second).map(|(first, second)| first - second),
        click,
        expected,
        region: order.region,
        threshold: order.threshold,
        scales: Vec::new(),
        by: By::Text,
        element,
        seen: order_of.iter().map(|&at| each[at].seen()).collect(),
        candidates: order_of.iter().map(|&at| (candidates[at], each[at].standing)).collect(),
    }
}

impl Hit {
    /// What was read there.
    fn seen(&self) -> Seen {
        Seen {
            text: self.words.iter().map(|word| word.text.as_str()).collect::<Vec<_>>().join(" "),
            fit: self.fit,
            confidence: self.words.iter().map(|word| word.confidence).fold(1.0, f64::min),
        }
    }

    /// How sure it is what it was called, where it is known.
    fn confidence_in_role(&self) -> f64 {
        self.element.as_ref().map_or(0.0, Element::surety)
    }
}

/// Why no place is meant.
fn why_none(each: &[Hit]) -> Cause {
    let has = |standing: Standing| each.iter().any(|hit| hit.standing == standing);
    if has(Standing::Unsure) {
        Cause::ReadingUnsure
    } else if has(Standing::RoleDiffers) {
        Cause::RoleDiffers
    } else if has(Standing::Elsewhere) {
        Cause::NotInRow
    } else if has(Standing::BelowThreshold) {
        Cause::BelowThreshold
    } else {
        Cause::TextNotThere
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is concluded of texts that only come near, with such scores.
    fn near(scores: &[f64]) -> (Verdict, Why) {
        let hit = |(at, &score): (u32, &f64)| {
            let place = Place { x: 10, y: 100 * at, width: 70, height: 14 };
            let words = vec![Word { text: "JACQUEMINE".to_owned(), place, confidence: 0.5 }];
            Hit::of(Said { fit: Fit::Near, score, place, words, pieces: vec![at as usize] }, None)
        };
        let hits = (0..).zip(scores).map(hit).collect();
        let order = Order::new(b"", None, 0.5);
        let finding = concluded(&order, hits, Choice { by_role_alone: false, index: None, missing: None }, (1000, 1000));
        (finding.verdict, finding.why)
    }

    #[test]
    fn of_two_texts_that_come_near_neither_is_the_answer_whatever_threshold_one_misses() {
        assert_eq!(near(&[0.54]), (Verdict::Found, Why::Compared(Cause::SinglePlace)));
        assert_eq!(near(&[0.54, 0.48]), (Verdict::Ambiguous, Why::Compared(Cause::SeveralAlike)));
        assert_eq!(near(&[0.48]), (Verdict::Absent, Why::Compared(Cause::BelowThreshold)));
    }
}
