//! The rule: from what was measured to a verdict. Values in, decision out.
//!
//! A click in the wrong place is worse than any refusal, so a place must pass every gate, and no other place may be nearly
//! as good unless the caller knows where the target was.

use super::gates::{is_recoloured, is_rival, likeness, refused, strokes_in_doubt};
use super::types::{Candidate, Evidence, Search, Standing, is_recorded_scale};

/// A score at the recorded scale from which no other scale is tried, if the place passes.
const CONCLUSIVE: f64 = 0.95;

/// The expected position settles nothing beyond this distance from a place's centre, pixels.
const NEAR: f64 = 48.0;

/// The second nearest place must be this many times as far away.
const CLEARLY: f64 = 3.0;

/// And this much farther in pixels.
const CLEARLY_FARTHER: f64 = 12.0;

/// The answer in one word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// One place, clearly the best; or of several alike the one clearly nearest to the expected position.
    Found,
    /// Several places about as good, and nothing tells them apart.
    Ambiguous,
    /// No place is good enough.
    Absent,
    /// The anchor cannot be searched for.
    UnusableAnchor,
    /// There is nothing on the screenshot to search.
    UnusableScreen,
}

/// Why the verdict is what it is, where places were compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cause {
    /// One place passes, and no other is nearly as good.
    SinglePlace,
    /// Several are alike; one of them is clearly nearest to the expected position.
    NearestToExpected,
    /// Several are alike, and nobody said where the target was.
    SeveralAlike,
    /// Several are alike, and none is clearly nearest to the expected position.
    NoneClearlyNearest,
    /// No place resembles the anchor at all.
    NothingAlike,
    /// The best place stays below the threshold.
    BelowThreshold,
    /// The best place has other colours.
    ColourDiffers,
    /// The best place differs in a part.
    PartDiffers,
    /// The older servers' rule was asked for, and its best place reaches the threshold.
    SourceRule,
    /// Several say the text that was asked for, and the caller said which of them.
    ByIndex,
    /// There are not as many as the caller said.
    IndexBeyond,
    /// The text that was asked for stands nowhere.
    TextNotThere,
    /// It does, and on another kind of element.
    RoleDiffers,
    /// It does, and not in the row of the text, or near the text, that was asked for as well.
    NotInRow,
    /// The text that tells the row stands nowhere.
    RowNotThere,
    /// The text that it was to be near stands nowhere.
    NearNotThere,
    /// What may say it was read with doubt, or not the same way twice, or as what only comes near to it; or a letter of it may be a digit.
    ReadingUnsure,
    /// The anchor and the text are both there, and not in the same place.
    AnchorAndTextApart,
    /// The anchor is there, and the text that was asked for as well is not.
    AnchorWithoutText,
    /// The text is there; what is to be clicked is told from the middle of an anchor, which is not.
    ClickUnknown,
    /// The anchor and the text are found in the same place.
    AnchorAndText,
}

/// What was decided about a list of candidates.
#[derive(Debug, Clone, PartialEq)]
pub struct Decision {
    /// The verdict; one of the first three.
    pub verdict: Verdict,
    /// Why.
    pub cause: Cause,
    /// Which candidate is the answer; only when found.
    pub hit: Option<usize>,
    /// How each candidate stands, in their order.
    pub standings: Vec<Standing>,
    /// The answer's score (or the best one) less the best score of any other place. Negative when the expected position
    /// chose a place that scores a little less than its twin. Absent when there is no second place.
    pub margin: Option<f64>,
}

/// What speaks against a place by itself, if anything.
pub(super) fn refusal(candidate: &Candidate, threshold: f64) -> Option<Standing> {
    if candidate.score < threshold {
        return Some(Standing::BelowThreshold);
    }
    refused(candidate)
}

/// Whether two candidates are one place, seen at two scales or from a few pixels aside. At one scale places that stand farther apart
/// are two, even where they overlap: a row of stars goes on beyond its anchor.
fn is_same_place(a: &Candidate, b: &Candidate) -> bool {
    /// How far one place may be off at one scale, pixels.
    const ASIDE: f64 = 6.0;
    /// And at two, as a share of the anchor's size.
    const SHARE: f64 = 0.3;
    let (from, to) = (a.place.centre(), b.place.centre());
    let share = if a.scale.total_cmp(&b.scale).is_eq() { 0.0 } else { SHARE };
    let within = |distance: f64, length: u32| distance <= (f64::from(length) * share).max(ASIDE);
    within((from.0 - to.0).abs(), a.place.width) && within((from.1 - to.1).abs(), a.place.height)
}

/// Whether the same place as it was recorded is more like the anchor than `scaled` and was refused for a part of it, or for a colour where
/// strokes leave a doubt: what looks best at the recorded scale is not another size of something else, as `B07` is no smaller `BO7`.
fn is_better_as_recorded(scaled: &Candidate, candidates: &[Candidate], standings: &[Standing]) -> bool {
    !is_recorded_scale(scaled.scale)
        && candidates.iter().zip(standings).any(|(other, standing)| {
            is_recorded_scale(other.scale)
                && (*standing == Standing::PartDiffers || *standing == Standing::ColourDiffers && strokes_in_doubt(scaled))
                && is_same_place(scaled, other)
                && likeness(other) > likeness(scaled)
        })
}

/// Whether the rivals of `nearest` are as it is, so that its position may choose it. In other colours than the anchor's, places of one shape
/// and several colours are all as alike, and none of them need be the target.
fn are_twins(candidates: &[Candidate], alike: &[usize], nearest: usize) -> bool {
    /// How far the differences of colour from the anchor's may be apart, levels.
    const SAME_COLOURS: f64 = 8.0;
    let mine = &candidates[nearest].evidence;
    let hue = |evidence: &Evidence| evidence.parts.as_ref().map_or(0.0, |parts| parts.hue_most);
    let same = |theirs: &Evidence| {
        (theirs.colour_mean - mine.colour_mean).abs() <= SAME_COLOURS && (hue(theirs) - hue(mine)).abs() <= SAME_COLOURS
    };
    !is_recoloured(mine) || alike.iter().all(|&index| same(&candidates[index].evidence))
}

/// Decides among `candidates` (any order). `threshold` is a score, 0 to 1; `expected` a point in pixels of the screenshot, where
/// the target's centre was when it was recorded.
///
/// A place passes when its score reaches the threshold and its colours and each of its parts are the anchor's, as far as that
/// can be asked for at its scale and in its theme. Of those the one that is most alike leads. Every other place that is nearly
/// as good is a rival, even one that just fails a gate. Without rivals the leader is found. With rivals only the expected position
/// decides, and only if the nearest of them passes, is close to it, and the next is several times as far away.
pub fn decide(candidates: &[Candidate], threshold: f64, expected: Option<(f64, f64)>) -> Decision {
    let mut standings: Vec<Standing> =
        candidates.iter().map(|candidate| refusal(candidate, threshold).unwrap_or(Standing::Weaker)).collect();
    for index in 0..candidates.len() {
        if standings[index] == Standing::Weaker && is_better_as_recorded(&candidates[index], candidates, &standings) {
            standings[index] = Standing::PartDiffers;
        }
    }
    let passes = |index: &usize| standings[*index] == Standing::Weaker;
    let key = |index: usize| {
        let place = candidates[index].place;
        (place.y, place.x, place.width)
    };
    let better = |a: &usize, b: &usize| {
        let by_likeness = likeness(&candidates[*a]).total_cmp(&likeness(&candidates[*b]));
        by_likeness.then_with(|| key(*b).cmp(&key(*a)))
    };
    let Some(leader) = (0..candidates.len()).filter(passes).max_by(better) else {
        let best = (0..candidates.len()).max_by(better);
        let cause = best.map_or(Cause::NothingAlike, |best| match standings[best] {
            Standing::ColourDiffers => Cause::ColourDiffers,
            Standing::PartDiffers => Cause::PartDiffers,
            _ => Cause::BelowThreshold,
        });
        let by_score = |a: &usize, b: &usize| candidates[*a].score.total_cmp(&candidates[*b].score);
        let margin = (0..candidates.len()).max_by(by_score).and_then(|best| margin(candidates, best));
        return Decision { verdict: Verdict::Absent, cause, hit: None, standings, margin };
    };
    let rivals = |index: &usize| {
        *index == leader || (!is_same_place(&candidates[leader], &candidates[*index]) && is_rival(&candidates[leader], &candidates[*index]))
    };
    let alike: Vec<usize> = (0..candidates.len()).filter(rivals).collect();
    let (hit, cause) = match (alike.len(), expected) {
        (1, _) => (Some(leader), Cause::SinglePlace),
        (_, None) => (None, Cause::SeveralAlike),
        (_, Some(point)) => {
            match clearly_nearest(candidates, &alike, point).filter(passes).filter(|&nearest| are_twins(candidates, &alike, nearest)) {
                Some(nearest) => (Some(nearest), Cause::NearestToExpected),
                None => (None, Cause::NoneClearlyNearest),
            }
        }
    };
    if alike.len() > 1 {
        for &index in &alike {
            standings[index] = Standing::Alike;
        }
    }
    if let Some(hit) = hit {
        standings[hit] = Standing::Hit;
    }
    let verdict = if hit.is_some() { Verdict::Found } else { Verdict::Ambiguous };
    Decision { verdict, cause, hit, standings, margin: margin(candidates, hit.unwrap_or(leader)) }
}

/// Whether `candidates`, seen at the scales tried so far, make trying other scales pointless: a place passes at the likely
/// scale, in the colours of the recording, with a score of 0.95 or more. Another scale could then only add a rival that is
/// drawn at another size.
pub fn conclusive(candidates: &[Candidate], threshold: f64, search: &Search<'_>) -> bool {
    let sure = |candidate: &Candidate| {
        search.is_likely(candidate.scale)
            && candidate.score >= CONCLUSIVE
            && !is_recoloured(&candidate.evidence)
            && refusal(candidate, threshold).is_none()
    };
    candidates.iter().any(sure)
}

/// Of the places `among`, the one whose centre is near `point` while every other is much farther.
pub(super) fn clearly_nearest(candidates: &[Candidate], among: &[usize], point: (f64, f64)) -> Option<usize> {
    let distance = |index: usize| distance(candidates[index].place.centre(), point);
    let nearest = among.iter().copied().min_by(|&a, &b| distance(a).total_cmp(&distance(b)))?;
    let near = distance(nearest);
    // The same place at another scale is as near, and no other.
    let clear = |&other: &usize| {
        is_same_place(&candidates[nearest], &candidates[other])
            || (distance(other) >= CLEARLY * near && distance(other) - near >= CLEARLY_FARTHER)
    };
    (near <= NEAR && among.iter().all(clear)).then_some(nearest)
}

/// The distance between two points, pixels.
pub fn distance(a: (f64, f64), b: (f64, f64)) -> f64 {
    (a.0 - b.0).hypot(a.1 - b.1)
}

fn margin(candidates: &[Candidate], of: usize) -> Option<f64> {
    let others = candidates.iter().filter(|other| !is_same_place(&candidates[of], other)).map(|other| other.score);
    others.max_by(f64::total_cmp).map(|second| candidates[of].score - second)
}

#[cfg(test)]
mod tests {
    use super::super::types::{Evidence, Parts, Place, Strokes};
    use super::*;
    use proptest::prelude::*;

    const SAME: Parts = Parts {
        least: 1.0,
        low: 1.0,
        usual: 1.0,
        letter: 1.0,
        luma_mean: 1.0,
        luma_low: 1.0,
        edge_mean: 1.0,
        edge_low: 1.0,
        colour_high: 0.0,
        colour_most: 0.0,
        hue_most: 0.0,
        ground: 0.0,
        roughest: 0.0,
        contrast: 1.0,
        depth: 200.0,
        inks: None,
        strokes: Some(Strokes { off: 0.05, alike: 0.95, elsewhere: 0.05, rim: 0.0 }),
    };
    const EXACT: Evidence = Evidence { colour_mean: 0.0, colour_peak: 0.0, blurred: 1.0, edges: 1.0, parts: Some(SAME) };

    /// As alike as [`EXACT`], but for some parts.
    fn with(parts: Parts) -> Evidence {
        Evidence { parts: Some(parts), ..EXACT }
    }

    fn at(x: u32, score: f64, evidence: Evidence) -> Candidate {
        Candidate { place: Place { x, y: 100, width: 40, height: 20 }, score, scale: 1.0, evidence }
    }

    /// The centre of a place made by [`at`].
    fn centre(x: u32) -> (f64, f64) {
        (f64::from(x) + 20.0, 110.0)
    }

    #[test]
    fn one_good_place_is_found_and_the_margin_told() {
        let other =
            Evidence { blurred: 0.6, edges: 0.6, ..with(Parts { least: 0.4, letter: 0.3, luma_mean: 0.8, edge_mean: 0.8, ..SAME }) };
        let decision = decide(&[at(0, 0.99, EXACT), at(200, 0.80, other)], 0.9, None);
        assert_eq!((decision.verdict, decision.cause, decision.hit), (Verdict::Found, Cause::SinglePlace, Some(0)));
        assert!((decision.margin.unwrap() - 0.19).abs() < 1e-9);
        assert_eq!(decision.standings, [Standing::Hit, Standing::BelowThreshold]);
    }

    #[test]
    fn a_place_that_just_fails_a_gate_is_still_a_rival() {
        let worn = Evidence { colour_peak: 46.0, ..EXACT };
        let leader = Evidence { colour_peak: 20.0, ..EXACT };
        assert_eq!(decide(&[at(0, 0.97, leader), at(200, 0.96, worn)], 0.9, None).verdict, Verdict::Ambiguous);
        // The expected position must not choose it either.
        let decision = decide(&[at(0, 0.97, leader), at(200, 0.96, worn)], 0.9, Some(centre(200)));
        assert_eq!((decision.verdict, decision.cause), (Verdict::Ambiguous, Cause::NoneClearlyNearest));
    }

    #[test]
    fn other_colours_and_another_word_are_refused_whatever_the_score() {
        let red = Evidence { colour_peak: 120.0, ..with(Parts { colour_most: 120.0, hue_most: 80.0, ..SAME }) };
        let word = with(Parts { least: 0.3, letter: 0.2, ..SAME });
        assert_eq!(decide(&[at(0, 1.0, red)], 0.0, Some(centre(0))).cause, Cause::ColourDiffers);
        assert_eq!(decide(&[at(0, 0.99, word)], 0.0, Some(centre(0))).cause, Cause::PartDiffers);
        // And a look-alike in other colours is no rival to the true place.
        assert_eq!(decide(&[at(0, 1.0, EXACT), at(200, 1.0, red)], 0.9, None).hit, Some(0));
    }

    #[test]
    fn in_another_theme_a_position_only_chooses_among_twins() {
        // Recoloured as a whole: the ground is another, and so is every part.
        let blue = Evidence {
            colour_mean: 120.0,
            colour_peak: 160.0,
            ..with(Parts { ground: 150.0, colour_most: 150.0, colour_high: 150.0, hue_most: 30.0, ..SAME })
        };
        let red = Evidence { parts: blue.parts.map(|parts| Parts { hue_most: 45.0, ..parts }), ..blue };
        assert!(is_recoloured(&blue));
        let hit = |other: Evidence| decide(&[at(0, 0.99, blue), at(200, 0.99, other)], 0.5, Some(centre(0))).hit;
        assert_eq!((hit(blue), hit(red)), (Some(0), None));
    }

    #[test]
    fn a_position_between_two_rows_decides_nothing() {
        let rows = [at(0, 1.0, EXACT), at(60, 1.0, EXACT), at(120, 1.0, EXACT)];
        for off in 0..=15 {
            assert_eq!(decide(&rows, 0.9, Some(centre(60 + off))).hit, Some(1), "{off}");
        }
        for off in 16..=44 {
            assert_eq!(decide(&rows, 0.9, Some(centre(60 + off))).verdict, Verdict::Ambiguous, "{off}");
        }
        assert_eq!(decide(&rows, 0.9, Some((20.0, 110.0 - 49.0))).verdict, Verdict::Ambiguous);
    }

    #[test]
    fn another_scale_is_drawn_anew_and_another_theme_stands_on_other_ground() {
        let strokes = Some(Strokes { off: 0.15, alike: 0.8, elsewhere: 0.15, rim: 0.0 });
        let redrawn = with(Parts { least: 0.85, letter: 0.7, low: 0.9, usual: 0.95, roughest: 50.0, strokes, ..SAME });
        let there = |scale: f64, evidence: Evidence| decide(&[Candidate { scale, ..at(0, 0.9, evidence) }], 0.5, None).cause;
        assert_eq!(there(1.0, redrawn), Cause::PartDiffers);
        assert_eq!(there(1.25, redrawn), Cause::SinglePlace);
        let dark = |ground: f64| Evidence { colour_mean: 90.0, colour_peak: 200.0, ..with(Parts { ground, colour_most: 200.0, ..SAME }) };
        assert_eq!((there(1.0, dark(150.0)), there(1.0, dark(0.0))), (Cause::SinglePlace, Cause::ColourDiffers));
        let sure = |candidate: Candidate, likely: f64| {
            conclusive(
                &[candidate],
                0.5,
                &Search { screenshot: b"", anchor: b"", region: None, scales: &[likely, 1.5], exact: false, whole: true },
            )
        };
        assert!(sure(at(0, 0.95, EXACT), 1.0) && !sure(at(0, 0.94, EXACT), 1.0) && !sure(at(0, 1.0, EXACT), 1.25));
        let larger = Candidate { scale: 1.25, ..at(0, 1.0, EXACT) };
        assert!(sure(larger, 1.25) && !sure(larger, 1.0));
        assert!(!sure(at(0, 1.0, dark(150.0)), 1.0));
    }

    /// A place at another scale whose letters and strokes are so alike.
    fn drawn_anew(x: u32, letter: f64, strokes: Option<(f64, f64)>) -> Candidate {
        let strokes = strokes.map(|(off, alike)| Strokes { off, alike, elsewhere: off, rim: 0.0 });
        let parts = Parts { least: 0.85, letter, low: 0.9, usual: 0.95, roughest: 50.0, strokes, ..SAME };
        Candidate { scale: 1.25, ..at(x, 0.9, with(parts)) }
    }

    #[test]
    fn at_the_recorded_scale_strokes_tell_what_parts_cannot() {
        let seen = |(least, letter, roughest): (f64, f64, f64), strokes: Option<(f64, f64)>| {
            let strokes = strokes.map(|(off, alike)| Strokes { off, alike, elsewhere: off, rim: 0.0 });
            at(0, 0.91, with(Parts { least, letter, roughest, strokes, ..SAME }))
        };
        let cause = |parts: (f64, f64, f64), strokes: Option<(f64, f64)>| decide(&[seen(parts, strokes)], 0.5, None).cause;
        assert_eq!(cause((0.98, 0.95, 9.0), None), Cause::SinglePlace, "next to the same pixels");
        assert_eq!(cause((0.92, 0.88, 17.5), Some((0.07, 0.9))), Cause::SinglePlace, "saved again");
        // An arrow to the left for one to the right, as measured.
        assert_eq!(cause((0.92, 0.88, 17.5), Some((0.192, 0.708))), Cause::PartDiffers);
        assert_eq!(cause((0.92, 0.88, 17.5), None), Cause::PartDiffers, "nobody compared them");
        // A text between two other pixels, as measured; and another icon.
        assert_eq!(cause((0.853, 0.791, 59.9), Some((0.094, 0.931))), Cause::SinglePlace);
        assert_eq!(cause((0.948, 0.731, 38.7), Some((0.24, 0.57))), Cause::PartDiffers);
        // The same, a little larger: it would pass by itself, and as it was recorded it is more alike and another.
        let larger = Candidate { scale: 1.1, ..seen((0.919, 0.861, 20.0), Some((0.17, 0.7))) };
        assert_eq!(decide(&[larger], 0.5, None).cause, Cause::SinglePlace);
        assert_eq!(decide(&[seen((0.92, 0.88, 17.5), Some((0.192, 0.708))), larger], 0.5, None).cause, Cause::PartDiffers);
        let apart = Candidate { place: Place { x: 300, ..larger.place }, ..larger };
        assert_ne!(decide(&[seen((0.92, 0.88, 17.5), Some((0.192, 0.708))), apart], 0.5, None).cause, Cause::PartDiffers);
    }

    #[test]
    fn at_another_scale_one_stroke_is_enough_to_refuse() {
        let cause = |letter: f64, strokes: Option<(f64, f64)>| decide(&[drawn_anew(0, letter, strokes)], 0.5, None).cause;
        assert_eq!(cause(0.7, Some((0.2, 0.8))), Cause::SinglePlace);
        // A six for an eight, as measured: most of it is as alike as the true one.
        assert_eq!(cause(0.80, Some((0.19, 0.61))), Cause::PartDiffers);
        assert_eq!(cause(0.82, Some((0.23, 0.32))), Cause::PartDiffers);
        // Letters that are clearly the same make up for a little, and never for a stroke that is another.
        assert_eq!(cause(0.90, Some((0.19, 0.5))), Cause::SinglePlace);
        assert_eq!(cause(1.0, Some((0.29, 1.0))), Cause::PartDiffers);
        assert_eq!(cause(1.0, None), Cause::PartDiffers, "nobody compared them");
    }

    #[test]
    fn other_strokes_are_no_rival_and_the_same_ones_are() {
        let leader = drawn_anew(0, 0.82, Some((0.12, 0.85)));
        let verdict = |strokes: Option<(f64, f64)>| decide(&[leader, drawn_anew(200, 0.78, strokes)], 0.5, None).verdict;
        assert_eq!(verdict(Some((0.30, 0.3))), Verdict::Found);
        assert_eq!(verdict(Some((0.20, 0.6))), Verdict::Ambiguous);
        assert_eq!(verdict(None), Verdict::Ambiguous, "who knows");
    }

    #[test]
    fn in_another_theme_words_may_change_their_hue_and_icons_may_not() {
        let seen = |scale: f64, width: u32, hue_most: f64| {
            let parts = Parts { ground: 150.0, colour_most: 200.0, hue_most, ..SAME };
            let evidence = Evidence { colour_mean: 90.0, colour_peak: 200.0, ..with(parts) };
            let place = Place { x: 0, y: 100, width, height: 30 };
            decide(&[Candidate { place, scale, ..at(0, 0.99, evidence) }], 0.5, None).cause
        };
        let cause = |width: u32, hue_most: f64| seen(1.0, width, hue_most);
        // Green words on black that are black on white now, as measured; and an icon.
        assert_eq!((cause(87, 76.0), cause(30, 76.0)), (Cause::SinglePlace, Cause::ColourDiffers));
        assert_eq!((cause(30, 55.0), cause(87, 125.0)), (Cause::SinglePlace, Cause::ColourDiffers));
        assert_eq!((seen(1.25, 87, 55.0), seen(1.25, 87, 76.0)), (Cause::SinglePlace, Cause::ColourDiffers), "greyed out beside an icon");
    }

    #[test]
    fn at_another_scale_in_another_theme_strokes_make_up_for_parts() {
        let cause = |scale: f64, least: f64, (off, alike): (f64, f64)| {
            let strokes = Some(Strokes { off, alike, elsewhere: off, rim: 0.0 });
            let parts = Parts { least, letter: 0.77, low: 0.9, usual: 0.93, edge_mean: 0.94, ground: 150.0, strokes, ..SAME };
            let evidence = Evidence { colour_mean: 90.0, colour_peak: 200.0, ..with(parts) };
            decide(&[Candidate { scale, ..at(0, 0.9, evidence) }], 0.5, None).cause
        };
        for scale in [0.8, 1.25] {
            assert_eq!(cause(scale, 0.80, (0.10, 0.85)), Cause::SinglePlace, "{scale}");
            assert_eq!(cause(scale, 0.80, (0.20, 0.60)), Cause::PartDiffers, "{scale}");
            assert_eq!(cause(scale, 0.70, (0.10, 0.85)), Cause::PartDiffers, "{scale}");
        }
    }

    #[test]
    fn what_passes_with_every_part_or_stroke_is_a_twin_whatever_its_edge() {
        let verdict = |least: f64, (off, alike): (f64, f64)| {
            let strokes = Some(Strokes { off, alike, elsewhere: off, rim: 0.0 });
            // So much less alike along an edge that it is far behind otherwise.
            let edge = Parts { least, letter: 0.95, luma_mean: 0.9, luma_low: 0.7, edge_mean: 0.8, edge_low: 0.6, strokes, ..SAME };
            decide(&[at(0, 1.0, EXACT), at(200, 0.93, Evidence { edges: 0.9, ..with(edge) })], 0.5, None).verdict
        };
        assert_eq!((verdict(0.97, (0.1, 0.8)), verdict(0.91, (0.05, 0.9))), (Verdict::Ambiguous, Verdict::Ambiguous));
        assert_eq!(verdict(0.91, (0.1, 0.8)), Verdict::Found);
    }

    #[test]
    fn what_is_greyed_out_is_no_theme() {
        let dark = |contrast: f64| Evidence {
            colour_mean: 90.0,
            colour_peak: 200.0,
            ..with(Parts { ground: 150.0, colour_most: 200.0, contrast, ..SAME })
        };
        let cause = |contrast: f64| decide(&[at(0, 0.99, dark(contrast))], 0.5, None).cause;
        assert_eq!([0.43, 0.57, 1.5, 2.5].map(cause), [Cause::ColourDiffers, Cause::SinglePlace, Cause::SinglePlace, Cause::ColourDiffers]);
    }

    #[test]
    fn what_is_faint_in_another_theme_is_drawn_in_the_same_colour() {
        let dark = |depth: f64, contrast: f64, inks: f64| Evidence {
            colour_mean: 90.0,
            colour_peak: 200.0,
            ..with(Parts { ground: 150.0, colour_most: 200.0, contrast, depth, inks: Some(inks), ..SAME })
        };
        let cause = |depth: f64, contrast: f64, inks: f64| decide(&[at(0, 0.99, dark(depth, contrast, inks))], 0.5, None).cause;
        // White on black as grey on white, and back.
        assert_eq!((cause(158.0, 0.63, 52.0), cause(100.0, 1.58, 52.0)), (Cause::ColourDiffers, Cause::ColourDiffers));
        // One grey on white and on black, and what is strong enough in both.
        assert_eq!((cause(147.0, 0.57, 0.0), cause(218.0, 0.66, 60.0)), (Cause::SinglePlace, Cause::SinglePlace));
    }

    #[test]
    fn what_is_greyed_out_at_another_scale_is_refused_and_so_is_another_outline() {
        let cause = |contrast: f64, edge_mean: f64| {
            let candidate = drawn_anew(0, 0.9, Some((0.05, 0.95)));
            let parts = candidate.evidence.parts.map(|parts| Parts { edge_mean, contrast, ..parts });
            decide(&[Candidate { evidence: Evidence { parts, ..candidate.evidence }, ..candidate }], 0.5, None).cause
        };
        assert_eq!(
            [0.55, 0.93, 1.47, 1.9].map(|contrast| cause(contrast, 0.95)),
            [Cause::ColourDiffers, Cause::SinglePlace, Cause::SinglePlace, Cause::ColourDiffers]
        );
        assert_eq!((cause(1.0, 0.74), cause(1.0, 0.85)), (Cause::PartDiffers, Cause::SinglePlace));
    }

    #[test]
    fn what_lights_up_is_no_theme_either() {
        let lit = |off: f64| Evidence { colour_mean: 25.0, colour_peak: off, ..with(Parts { colour_most: off, hue_most: 15.0, ..SAME }) };
        assert_eq!(decide(&[at(0, 0.99, lit(31.0))], 0.5, None).cause, Cause::SinglePlace);
        assert_eq!(decide(&[at(0, 0.99, lit(60.0))], 0.5, None).cause, Cause::ColourDiffers);
    }

    #[test]
    fn what_was_not_looked_at_closely_is_never_found() {
        let faint = Evidence { parts: None, ..EXACT };
        let decision = decide(&[at(0, 1.0, faint)], 0.0, Some(centre(0)));
        assert_eq!((decision.verdict, decision.standings), (Verdict::Absent, vec![Standing::Fainter]));
    }

    #[test]
    fn one_spot_that_stands_out_and_one_letter_more_are_another_thing() {
        let seen = |scale: f64, elsewhere: f64, rim: f64| {
            let strokes = Some(Strokes { off: 0.15, alike: 0.72, elsewhere, rim });
            let parts = Parts { least: 0.94, letter: 0.92, low: 0.95, usual: 0.96, roughest: 20.0, strokes, ..SAME };
            decide(&[Candidate { scale, ..at(0, 0.96, with(parts)) }], 0.5, None).cause
        };
        // A lock that is open for one that is closed, as measured; and one that is drawn anew.
        assert_eq!((seen(1.25, 0.026, 0.0), seen(1.25, 0.15, 0.0)), (Cause::PartDiffers, Cause::SinglePlace));
        assert_eq!((seen(1.0, 0.10, 0.0), seen(1.0, 0.15, 0.0)), (Cause::PartDiffers, Cause::SinglePlace));
        assert_eq!((seen(1.25, 0.15, 0.31), seen(1.25, 0.15, 0.2)), (Cause::PartDiffers, Cause::SinglePlace), "Libress for Libres");
    }

    #[test]
    fn another_theme_is_no_other_colour_of_the_same_lightness_and_its_strokes_count() {
        let seen = |ground: f64, hue_most: f64, blurred: f64, (off, alike): (f64, f64)| {
            let strokes = Some(Strokes { off, alike, elsewhere: off, rim: 0.0 });
            let parts = Parts { least: 0.94, letter: 0.91, ground, hue_most, colour_most: 71.0, strokes, ..SAME };
            let evidence = Evidence { colour_mean: 58.0, colour_peak: 88.0, blurred, ..with(parts) };
            decide(&[at(0, 0.99, evidence)], 0.5, None).cause
        };
        // A red appointment for a purple one that says the same.
        assert_eq!((seen(18.0, 46.7, 1.0, (0.05, 0.97)), seen(60.0, 46.7, 1.0, (0.05, 0.97))), (Cause::ColourDiffers, Cause::SinglePlace));
        // One initial for another; and a button that stayed as it was on a ground that turned dark.
        assert_eq!((seen(71.0, 59.5, 1.0, (0.26, -0.13)), seen(71.0, 59.5, -0.7, (0.26, -0.13))), (Cause::PartDiffers, Cause::SinglePlace));
        // A green state on the ground of a grey one is as much lighter than its ground as no true place.
        let state = Evidence { colour_mean: 16.4, colour_peak: 44.0, ..with(Parts { contrast: 1.56, colour_most: 26.6, ..SAME }) };
        assert_eq!(decide(&[at(0, 0.92, state)], 0.5, None).cause, Cause::ColourDiffers);
    }

    #[test]
    fn what_is_more_alike_at_the_recorded_scale_is_no_other_size_of_it() {
        let strokes = Some(Strokes { off: 0.12, alike: 0.85, elsewhere: 0.09, rim: 0.06 });
        let scaled = |strokes: Option<Strokes>| {
            let parts = Parts { least: 0.90, letter: 0.88, low: 0.93, usual: 0.93, edge_mean: 0.90, luma_mean: 0.9, strokes, ..SAME };
            Candidate { scale: 1.0 / 1.1, ..at(0, 0.92, Evidence { blurred: 0.97, edges: 0.9, ..with(parts) }) }
        };
        // `B07` looked for as `BO7`: its pixels differ too much at scale 1.
        let parts = Parts { least: 0.87, letter: 0.87, strokes: None, ..SAME };
        let recorded = at(0, 0.84, Evidence { colour_mean: 13.7, colour_peak: 71.0, blurred: 0.94, edges: 0.95, ..with(parts) });
        let verdict = |scaled: Candidate| decide(&[scaled, recorded], 0.5, None).verdict;
        assert_eq!((verdict(scaled(strokes)), verdict(scaled(SAME.strokes))), (Verdict::Absent, Verdict::Found));
    }

    #[test]
    fn one_place_at_two_scales_is_no_rival_of_itself() {
        let again = Candidate { place: Place { x: 2, y: 101, width: 44, height: 22 }, scale: 1.1, ..at(0, 0.97, EXACT) };
        assert_eq!(decide(&[at(0, 0.99, EXACT), again], 0.5, None).hit, Some(0));
    }

    fn evidence() -> impl Strategy<Value = Evidence> {
        let measured = (0.0..40.0_f64, 0.0..70.0_f64, 0.5..=1.0_f64, 0.4..=1.0_f64, 0.0..60.0_f64, 0.0..0.5_f64, -0.5..1.0_f64);
        let one = measured.prop_map(|(colour_mean, colour_peak, edges, least, colour_most, off, alike)| {
            let strokes = (off > 0.05).then_some(Strokes { off, alike, elsewhere: off, rim: 0.0 });
            let parts =
                Parts { strokes, least, letter: least, low: least, usual: least.max(0.8), colour_most, ground: colour_mean, ..SAME };
            Evidence { colour_mean, colour_peak, blurred: edges, edges, parts: Some(parts) }
        });
        prop_oneof![2 => Just(EXACT), 3 => one, 1 => Just(Evidence { parts: None, ..EXACT })]
    }

    fn candidates() -> impl Strategy<Value = Vec<Candidate>> {
        let one = (0.5..=1.0_f64, prop_oneof![Just(1.0), Just(1.1)], evidence());
        proptest::collection::vec(one, 0..7).prop_map(|all| {
            let place = |index: u32| Place { x: index * 45, y: 0, width: 40, height: 20 };
            (0..).zip(all).map(|(index, (score, scale, evidence))| Candidate { place: place(index), score, scale, evidence }).collect()
        })
    }

    proptest! {
        #[test]
        fn the_threshold_is_obeyed(all in candidates(), threshold in 0.0..=1.0_f64, x in -50.0..400.0_f64) {
            for expected in [None, Some((x, 10.0))] {
                let decision = decide(&all, threshold, expected);
                prop_assert_eq!(decision.hit.is_some(), decision.verdict == Verdict::Found);
                if let Some(hit) = decision.hit {
                    prop_assert!(all[hit].score >= threshold);
                    prop_assert!(refusal(&all[hit], threshold).is_none());
                }
                if all.iter().all(|candidate| candidate.score < threshold) {
                    prop_assert_eq!(decision.verdict, Verdict::Absent);
                }
            }
        }

        #[test]
        fn an_expected_position_only_ever_settles_a_tie(all in candidates(), threshold in 0.5..=1.0_f64, x in -50.0..400.0_f64) {
            let (without, with) = (decide(&all, threshold, None), decide(&all, threshold, Some((x, 10.0))));
            if without.verdict == Verdict::Ambiguous {
                prop_assert!(with.verdict != Verdict::Absent);
            } else {
                prop_assert_eq!(without, with);
            }
        }

        #[test]
        fn twins_are_ambiguous_until_one_is_expected(score in 0.9..=1.0_f64, first in 0_u32..200, apart in 60_u32..300) {
            let twins = [at(first, score, EXACT), at(first + apart, score, EXACT)];
            prop_assert_eq!(decide(&twins, 0.9, None).verdict, Verdict::Ambiguous);
            prop_assert_eq!(decide(&twins, 0.9, Some(centre(first + apart))).hit, Some(1));
        }

        #[test]
        fn the_order_of_places_does_not_matter(all in candidates(), x in -50.0..400.0_f64) {
            let reversed: Vec<_> = all.iter().rev().copied().collect();
            let (forth, back) = (decide(&all, 0.9, Some((x, 10.0))), decide(&reversed, 0.9, Some((x, 10.0))));
            prop_assert_eq!(forth.verdict, back.verdict);
            // Of two places with the very same score either may be called the leader; the answer is the same one.
            prop_assert_eq!(forth.hit.map(|hit| all[hit].place), back.hit.map(|hit| reversed[hit].place));
        }
    }
}
