//! The rule: from what was measured to a verdict. Values in, decision out.
//!
//! A click in the wrong place is worse than any refusal, so a place must pass every gate, and no other place may be nearly
//! as good unless the caller knows where the target was.

use super::types::{Candidate, Evidence, is_recorded_scale};

/// What is asked of a place beyond its score. The numbers stand between what was measured on true places and on look-alikes.
struct Gate {
    /// Most that the mean colour may differ, levels 0 to 255.
    colour_mean: f64,
    /// Most that 98 of 100 pixels may differ in colour, levels.
    colour_peak: f64,
    /// Least likeness of the least similar part, 0 to 1.
    tile_low: f64,
}

/// At the scale of the recording: pixels differ by re-encoding, brightness and hovering only.
const SAME_SCALE: Gate = Gate { colour_mean: 20.0, colour_peak: 45.0, tile_low: 0.6 };

/// At another scale every letter is drawn anew, so a likeness proves less.
const OTHER_SCALE: Gate = Gate { colour_mean: 10.0, colour_peak: 50.0, tile_low: 0.65 };

/// The lead over another place below which the two are about as good. See [`lead`].
const CLEAR_LEAD: f64 = 0.08;

/// What the likeness of the least similar part weighs in a lead, against the score's 1.
const TILE_WEIGHT: f64 = 0.1;

/// Two places whose colour peaks lie farther apart than this, levels, are not alike whatever their shapes. No less than what
/// a place may differ and pass.
const OTHER_COLOUR: f64 = 45.0;

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

/// How one place stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// It is the answer.
    Hit,
    /// It would do, and so would another.
    Alike,
    /// It would do, and another is clearly better.
    Weaker,
    /// Its score is below the threshold.
    BelowThreshold,
    /// Its colours are not the anchor's.
    ColourDiffers,
    /// A part of it is not the anchor's: another word, another digit.
    PartDiffers,
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

impl Gate {
    fn refuses(&self, evidence: &Evidence) -> Option<Standing> {
        if evidence.colour_mean > self.colour_mean || evidence.colour_peak > self.colour_peak {
            return Some(Standing::ColourDiffers);
        }
        (evidence.tile_low < self.tile_low).then_some(Standing::PartDiffers)
    }
}

/// What speaks against a place by itself, if anything.
fn refusal(candidate: &Candidate, threshold: f64) -> Option<Standing> {
    if candidate.score < threshold {
        return Some(Standing::BelowThreshold);
    }
    let gate = if is_recorded_scale(candidate.scale) { &SAME_SCALE } else { &OTHER_SCALE };
    gate.refuses(&candidate.evidence)
}

/// How far `leader` is ahead of `other`: the difference of their scores, and a tenth of that of their least similar parts.
fn lead(leader: &Candidate, other: &Candidate) -> f64 {
    leader.score - other.score + TILE_WEIGHT * (leader.evidence.tile_low - other.evidence.tile_low)
}

/// Whether `other` is about as good as `leader`. It need not pass the gates itself: the true place may just fail one.
fn is_rival(leader: &Candidate, other: &Candidate) -> bool {
    let colours_apart = other.evidence.colour_peak - leader.evidence.colour_peak > OTHER_COLOUR;
    !colours_apart && lead(leader, other) < CLEAR_LEAD
}

/// Decides among `candidates` (any order, each place once). `threshold` is a score, 0 to 1;
/// `expected` a point in pixels of the screenshot, where the target's centre was when it was recorded.
///
/// A place passes when its score reaches the threshold and its colours and each of its parts are the anchor's. Of those the
/// best score leads. Every other place that is nearly as good is a rival, even one that just fails a gate. Without
/// rivals the leader is found. With rivals only the expected position decides, and only if the nearest of them passes, is
/// close to it, and the next is several times as far away.
pub fn decide(candidates: &[Candidate], threshold: f64, expected: Option<(f64, f64)>) -> Decision {
    let mut standings: Vec<Standing> =
        candidates.iter().map(|candidate| refusal(candidate, threshold).unwrap_or(Standing::Weaker)).collect();
    let passes = |index: &usize| standings[*index] == Standing::Weaker;
    let better = |a: &usize, b: &usize| candidates[*a].score.total_cmp(&candidates[*b].score).then(b.cmp(a));
    let Some(leader) = (0..candidates.len()).filter(passes).max_by(better) else {
        let best = (0..candidates.len()).max_by(better);
        let cause = best.map_or(Cause::NothingAlike, |best| match standings[best] {
            Standing::ColourDiffers => Cause::ColourDiffers,
            Standing::PartDiffers => Cause::PartDiffers,
            _ => Cause::BelowThreshold,
        });
        let margin = best.and_then(|best| margin(candidates, best));
        return Decision { verdict: Verdict::Absent, cause, hit: None, standings, margin };
    };
    let rivals = |index: &usize| *index == leader || is_rival(&candidates[leader], &candidates[*index]);
    let alike: Vec<usize> = (0..candidates.len()).filter(rivals).collect();
    let (hit, cause) = match (alike.len(), expected) {
        (1, _) => (Some(leader), Cause::SinglePlace),
        (_, None) => (None, Cause::SeveralAlike),
        (_, Some(point)) => match clearly_nearest(candidates, &alike, point).filter(passes) {
            Some(nearest) => (Some(nearest), Cause::NearestToExpected),
            None => (None, Cause::NoneClearlyNearest),
        },
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

/// Whether `candidates`, seen at the scales tried so far, make trying other scales pointless: a place passes at the recorded
/// scale with a score of 0.95 or more. Another scale could then only add a rival that is drawn at another size.
pub fn conclusive(candidates: &[Candidate], threshold: f64) -> bool {
    let sure = |candidate: &Candidate| {
        is_recorded_scale(candidate.scale) && candidate.score >= CONCLUSIVE && refusal(candidate, threshold).is_none()
    };
    candidates.iter().any(sure)
}

/// Of the places `among`, the one whose centre is near `point` while every other is much farther.
fn clearly_nearest(candidates: &[Candidate], among: &[usize], point: (f64, f64)) -> Option<usize> {
    let distance = |index: usize| distance(candidates[index].place.centre(), point);
    let nearest = among.iter().copied().min_by(|&a, &b| distance(a).total_cmp(&distance(b)))?;
    let near = distance(nearest);
    let clear = |&other: &usize| other == nearest || (distance(other) >= CLEARLY * near && distance(other) - near >= CLEARLY_FARTHER);
    (near <= NEAR && among.iter().all(clear)).then_some(nearest)
}

/// The distance between two points, pixels.
pub fn distance(a: (f64, f64), b: (f64, f64)) -> f64 {
    (a.0 - b.0).hypot(a.1 - b.1)
}

fn margin(candidates: &[Candidate], of: usize) -> Option<f64> {
    let others = candidates.iter().enumerate().filter(|(index, _)| *index != of).map(|(_, other)| other.score);
    others.max_by(f64::total_cmp).map(|second| candidates[of].score - second)
}

#[cfg(test)]
mod tests {
    use super::super::types::Place;
    use super::*;
    use proptest::prelude::*;

    const EXACT: Evidence = Evidence { colour_mean: 0.0, colour_peak: 0.0, tile_low: 1.0 };

    fn at(x: u32, score: f64, evidence: Evidence) -> Candidate {
        Candidate { place: Place { x, y: 100, width: 40, height: 20 }, score, scale: 1.0, evidence }
    }

    /// The centre of a place made by [`at`].
    fn centre(x: u32) -> (f64, f64) {
        (f64::from(x) + 20.0, 110.0)
    }

    #[test]
    fn one_good_place_is_found_and_the_margin_told() {
        let decision = decide(&[at(0, 0.99, EXACT), at(200, 0.80, EXACT)], 0.9, None);
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
        let red = Evidence { colour_peak: 120.0, colour_mean: 30.0, tile_low: 1.0 };
        let word = Evidence { tile_low: 0.3, ..EXACT };
        assert_eq!(decide(&[at(0, 1.0, red)], 0.0, Some(centre(0))).cause, Cause::ColourDiffers);
        assert_eq!(decide(&[at(0, 0.99, word)], 0.0, Some(centre(0))).cause, Cause::PartDiffers);
        // And a look-alike in other colours is no rival to the true place.
        assert_eq!(decide(&[at(0, 1.0, EXACT), at(200, 1.0, red)], 0.9, None).hit, Some(0));
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
    fn another_scale_is_asked_for_more() {
        let fair = Evidence { tile_low: 0.62, ..EXACT };
        let other = Candidate { scale: 1.1, ..at(0, 0.95, fair) };
        assert_eq!(decide(&[at(0, 0.95, fair)], 0.9, None).verdict, Verdict::Found);
        assert_eq!(decide(&[other], 0.9, None).cause, Cause::PartDiffers);
        assert!(conclusive(&[at(0, 0.95, fair)], 0.9) && !conclusive(&[at(0, 0.94, fair)], 0.9));
        assert!(!conclusive(&[Candidate { scale: 1.1, ..at(0, 1.0, EXACT) }], 0.9));
    }

    fn evidence() -> impl Strategy<Value = Evidence> {
        let measured = (0.0..25.0_f64, 0.0..70.0_f64, 0.4..=1.0_f64);
        prop_oneof![Just(EXACT), measured.prop_map(|(colour_mean, colour_peak, tile_low)| Evidence { colour_mean, colour_peak, tile_low })]
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
