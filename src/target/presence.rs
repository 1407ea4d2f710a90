//! Whether a target is on the screen, for whoever waits for it to come or to go. Going on too early is a click on the wrong screen,
//! so what is not sure is neither.

use serde::{Deserialize, Serialize};

use super::decide::{Cause, Verdict};
use super::resolve::{Finding, Why};
use super::types::Quality;
use crate::error::Result;

/// Whether a target is on the screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Presence {
    /// It is, at one place.
    Shown,
    /// It is not, and nothing is that resembles it as a whole.
    Gone,
    /// Nobody can say: several places, one that only a gate refused, or nothing to look for or at.
    Unsure,
}

impl Finding {
    /// Whether the target is on the screen. A place that reaches the threshold and was refused for its colours or a part of it may be
    /// the target under a pointer, greyed out or half drawn: it is not gone for sure.
    pub fn presence(&self) -> Presence {
        let reached = self.candidates.iter().any(|(candidate, _)| candidate.score >= self.threshold);
        match (self.verdict, self.why) {
            (Verdict::Found, _) => Presence::Shown,
            (Verdict::Absent, Why::Compared(Cause::NothingAlike | Cause::BelowThreshold | Cause::TextNotThere)) if !reached => {
                Presence::Gone
            }
            _ => Presence::Unsure,
        }
    }
}

/// Looks at anchors by themselves, before anybody looks for them.
pub trait Anchors: Send + Sync {
    /// What an anchor is worth by itself; none where it is no picture.
    ///
    /// # Errors
    /// When it is beyond a ceiling.
    fn quality(&self, anchor: &[u8]) -> Result<Option<Quality>>;
}

#[cfg(test)]
mod tests {
    use super::super::types::{Candidate, Evidence, Flaw, Place, Standing};
    use super::*;

    fn finding(verdict: Verdict, why: Why, candidates: &[(f64, Standing)]) -> Finding {
        let place = Place { x: 0, y: 0, width: 10, height: 10 };
        let candidate =
            |&(score, standing): &(f64, Standing)| (Candidate { place, score, scale: 1.0, evidence: Evidence::default() }, standing);
        Finding {
            verdict,
            why,
            screen: Some((100, 100)),
            candidates: candidates.iter().map(candidate).collect(),
            hit: (verdict == Verdict::Found).then_some(0),
            margin: None,
            click: None,
            expected: None,
            region: None,
            threshold: 0.9,
            by: super::super::resolve::By::Anchor,
            element: None,
            seen: Vec::new(),
            scales: Vec::new(),
        }
    }

    #[test]
    fn only_what_nothing_resembles_is_gone() {
        let compared = Why::Compared;
        for (verdict, why, candidates, presence) in [
            (Verdict::Found, compared(Cause::SinglePlace), vec![(0.99, Standing::Hit)], Presence::Shown),
            (Verdict::Found, compared(Cause::NearestToExpected), vec![(0.99, Standing::Hit)], Presence::Shown),
            (Verdict::Absent, compared(Cause::NothingAlike), vec![], Presence::Gone),
            (Verdict::Absent, compared(Cause::BelowThreshold), vec![(0.89, Standing::BelowThreshold)], Presence::Gone),
            // The best place stays below the threshold, and another reached it and was refused.
            (
                Verdict::Absent,
                compared(Cause::BelowThreshold),
                vec![(0.89, Standing::BelowThreshold), (0.9, Standing::ColourDiffers)],
                Presence::Unsure,
            ),
            // So faint beside others that it was not looked at closely; its score reaches the threshold all the same.
            (Verdict::Absent, compared(Cause::BelowThreshold), vec![(0.9, Standing::Fainter)], Presence::Unsure),
            (Verdict::Absent, compared(Cause::ColourDiffers), vec![(0.95, Standing::ColourDiffers)], Presence::Unsure),
            (Verdict::Absent, compared(Cause::PartDiffers), vec![(0.95, Standing::PartDiffers)], Presence::Unsure),
            (Verdict::Ambiguous, compared(Cause::SeveralAlike), vec![(0.99, Standing::Alike); 2], Presence::Unsure),
            (Verdict::Ambiguous, compared(Cause::NoneClearlyNearest), vec![(0.99, Standing::Alike); 2], Presence::Unsure),
            (Verdict::UnusableScreen, Why::Flawed(Flaw::ScreenBlack), vec![], Presence::Unsure),
            (Verdict::UnusableScreen, Why::Flawed(Flaw::ScreenUndecodable), vec![], Presence::Unsure),
            (Verdict::UnusableAnchor, Why::Flawed(Flaw::AnchorTooLarge), vec![], Presence::Unsure),
        ] {
            assert_eq!(finding(verdict, why, &candidates).presence(), presence, "{why:?} {candidates:?}");
        }
    }
}
