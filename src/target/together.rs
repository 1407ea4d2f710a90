//! An anchor and a text: each by itself, and both at once, which must then agree on the place.

use super::decide::{Cause, Verdict};
use super::read::Reader;
use super::resolve::{By, Finding, Order, Why, resolve};
use super::seek::{Query, seek};
use super::types::{Candidate, Pixels, Place, Standing};
use crate::error::Result;

/// Looks for what `order` and `query` name: by the anchor, by the text, or by both. Where both are given they must agree on the place.
/// A text alone is enough where the anchor is not found at all, as in another theme; an anchor without its text is not.
///
/// # Errors
/// Those of [`resolve`] and of [`seek`].
pub fn resolve_by_all(order: &Order<'_>, query: &Query<'_>, pixels: &dyn Pixels, reader: Reader<'_>) -> Result<Finding> {
    let by_text = query.text.is_some() || query.role.is_some();
    if !by_text {
        return resolve(order, pixels);
    }
    let anchored = if order.anchor.is_some() { Some(resolve(order, pixels)?) } else { None };
    let said = seek(order, query, reader)?;
    let anchors: Vec<Candidate> = anchored.iter().flat_map(meant).collect();
    let finding = match anchored {
        Some(anchored) => agreed(anchored, said),
        None => said,
    };
    Ok(clicked(finding, order.click, &anchors))
}

/// Where a place is to be clicked that the text told: beside the middle of the anchor, one of `anchors`, if it is there. Where it is not
/// nobody can say where that would be.
fn clicked(finding: Finding, click: Option<(f64, f64)>, anchors: &[Candidate]) -> Finding {
    let Some((dx, dy)) = click.filter(|click| *click != (0.0, 0.0)) else { return finding };
    let Some(text) = finding.found().filter(|_| finding.by == By::Text).map(|text| text.place) else { return finding };
    let mut there = anchors.iter().filter(|anchor| is_one(anchor.place, text));
    match (there.next(), there.next()) {
        (Some(anchor), None) => {
            let (x, y) = anchor.place.centre();
            Finding { click: Some((x + dx * anchor.scale, y + dy * anchor.scale)), ..finding }
        }
        _ => open(finding, Cause::ClickUnknown),
    }
}

/// The places that pass by themselves.
fn meant(finding: &Finding) -> Vec<Candidate> {
    let passes = |standing: Standing| matches!(standing, Standing::Hit | Standing::Alike);
    finding.candidates.iter().filter(|(_, standing)| passes(*standing)).map(|(candidate, _)| *candidate).collect()
}

/// The same without an answer.
fn open(finding: Finding, cause: Cause) -> Finding {
    Finding {
        verdict: Verdict::Ambiguous,
        why: Why::Compared(cause),
        hit: None,
        click: None,
        element: None,
        candidates: finding.candidates.into_iter().map(|(candidate, standing)| (candidate, demoted(standing))).collect(),
        ..finding
    }
}

/// Whether an anchor's place and a text's are one: the middle of the one lies in the other.
fn is_one(anchor: Place, text: Place) -> bool {
    let within = |(x, y): (f64, f64), place: Place| {
        (f64::from(place.x)..=f64::from(place.x + place.width)).contains(&x)
            && (f64::from(place.y)..=f64::from(place.y + place.height)).contains(&y)
    };
    within(text.centre(), anchor) || within(anchor.centre(), text)
}

/// What follows from what each of the two found.
pub(super) fn agreed(anchored: Finding, said: Finding) -> Finding {
    let places = meant(&anchored);
    // An anchor may tell texts apart that are alike. It does not make up for a row, a neighbour or a number that is not there, and
    // where one of several was asked for by its number it is that one.
    let texts = match said.verdict {
        Verdict::Found if said.why == Why::Compared(Cause::ByIndex) => said.found().copied().into_iter().collect(),
        Verdict::Found | Verdict::Ambiguous => meant(&said),
        _ => Vec::new(),
    };
    match (anchored.found().copied(), said.found().copied()) {
        // The screen could be searched and not be read.
        (Some(_), _) if matches!(said.why, Why::Flawed(_)) => said,
        (Some(place), _) if texts.iter().any(|text| is_one(place.place, text.place)) => {
            let element = said.element.filter(|element| is_one(place.place, element.place));
            Finding { why: Why::Compared(Cause::AnchorAndText), by: By::Both, element, ..anchored }
        }
        (Some(_), None) if texts.is_empty() => open(anchored, Cause::AnchorWithoutText),
        (Some(_), _) => open(anchored, Cause::AnchorAndTextApart),
        (None, Some(text)) if !places.is_empty() && !places.iter().any(|place| is_one(place.place, text.place)) => {
            open(said, Cause::AnchorAndTextApart)
        }
        (None, _) => said,
    }
}

fn demoted(standing: Standing) -> Standing {
    if standing == Standing::Hit { Standing::Alike } else { standing }
}

#[cfg(test)]
mod tests {
    use super::super::types::Evidence;
    use super::*;

    fn finding(places: &[(u32, Standing)]) -> Finding {
        let candidate =
            |x: u32| Candidate { place: Place { x, y: 0, width: 40, height: 20 }, score: 0.9, scale: 1.0, evidence: Evidence::default() };
        let hit = places.iter().position(|(_, standing)| *standing == Standing::Hit);
        let (verdict, cause) = match (hit, places.len()) {
            (Some(_), _) => (Verdict::Found, Cause::SinglePlace),
            (None, 0) => (Verdict::Absent, Cause::NothingAlike),
            (None, _) => (Verdict::Ambiguous, Cause::SeveralAlike),
        };
        Finding {
            verdict,
            why: Why::Compared(cause),
            screen: Some((400, 300)),
            candidates: places.iter().map(|&(x, standing)| (candidate(x), standing)).collect(),
            hit,
            margin: None,
            click: hit.map(|_| (1.0, 1.0)),
            expected: None,
            region: None,
            threshold: 0.5,
            scales: Vec::new(),
            by: By::Anchor,
            element: None,
            seen: Vec::new(),
        }
    }

    #[test]
    fn both_must_agree_and_a_text_alone_is_enough() {
        let (hit, alike) = (Standing::Hit, Standing::Alike);
        let of = |anchor: &[(u32, Standing)], text: &[(u32, Standing)]| {
            let Finding { verdict, why, by, click, .. } = agreed(finding(anchor), Finding { by: By::Text, ..finding(text) });
            assert_eq!(click.is_some(), verdict == Verdict::Found);
            (verdict, why.word(), by)
        };
        assert_eq!(of(&[(0, hit)], &[(5, hit)]), (Verdict::Found, "anchor_and_text", By::Both));
        assert_eq!(of(&[(0, hit)], &[(5, alike), (200, alike)]), (Verdict::Found, "anchor_and_text", By::Both));
        assert_eq!(of(&[(0, hit)], &[(200, hit)]).0, Verdict::Ambiguous);
        assert_eq!(of(&[(0, hit)], &[(200, hit)]).1, "anchor_and_text_apart");
        assert_eq!(of(&[(0, hit)], &[(100, alike), (200, alike)]).1, "anchor_and_text_apart");
        assert_eq!(of(&[(0, hit)], &[]).1, "anchor_without_text");
        assert_eq!(of(&[], &[(200, hit)]), (Verdict::Found, "single_place", By::Text));
        assert_eq!(of(&[(0, alike), (100, alike)], &[(105, hit)]).0, Verdict::Found);
        assert_eq!(of(&[(0, alike), (100, alike)], &[(205, hit)]).0, Verdict::Ambiguous);
        assert_eq!(of(&[], &[]).0, Verdict::Absent);
    }

    #[test]
    fn what_is_clicked_beside_the_anchor_needs_the_anchor() {
        let said = || Finding { by: By::Text, ..finding(&[(200, Standing::Hit)]) };
        let at = |x: u32| finding(&[(x, Standing::Hit)]).candidates[0].0;
        let of = |click: Option<(f64, f64)>, anchors: &[Candidate]| {
            let Finding { verdict, why, click, .. } = clicked(said(), click, anchors);
            (verdict, why.word(), click)
        };
        assert_eq!(of(None, &[]), (Verdict::Found, "single_place", Some((1.0, 1.0))));
        assert_eq!(of(Some((0.0, 0.0)), &[]), (Verdict::Found, "single_place", Some((1.0, 1.0))));
        assert_eq!(of(Some((-15.0, 2.0)), &[at(0), at(205)]), (Verdict::Found, "single_place", Some((210.0, 12.0))));
        assert_eq!(of(Some((-15.0, 2.0)), &[at(0)]), (Verdict::Ambiguous, "click_unknown", None));
        assert_eq!(of(Some((-15.0, 2.0)), &[at(195), at(205)]), (Verdict::Ambiguous, "click_unknown", None));
    }

    #[test]
    fn an_anchor_does_not_outvote_what_narrows_a_text_down() {
        let (hit, alike) = (Standing::Hit, Standing::Alike);
        let of = |verdict: Verdict, cause: Cause, text: &[(u32, Standing)]| {
            let said = Finding { by: By::Text, verdict, why: Why::Compared(cause), ..finding(text) };
            agreed(finding(&[(0, hit)]), said).why.word()
        };
        assert_eq!(of(Verdict::Found, Cause::ByIndex, &[(200, hit), (5, alike)]), "anchor_and_text_apart");
        assert_eq!(of(Verdict::Found, Cause::ByIndex, &[(5, hit), (200, alike)]), "anchor_and_text");
        assert_eq!(of(Verdict::Absent, Cause::IndexBeyond, &[(5, alike), (200, alike)]), "anchor_without_text");
        assert_eq!(of(Verdict::Absent, Cause::NearNotThere, &[(5, alike), (200, alike)]), "anchor_without_text");
    }
}
