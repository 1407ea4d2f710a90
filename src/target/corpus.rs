//! Judging answers by what is known of a screenshot.

use super::decide::Verdict;
use super::resolve::Finding;
use super::types::Place;

/// What a case of a corpus expects.
#[derive(Debug, Clone, PartialEq)]
pub enum Expectation {
    /// The target is on the screenshot: the answer must lie in one of these boxes, left, top, width and height in pixels.
    Found(Vec<[f64; 4]>),
    /// It is there more than once. Where something says which is meant it lies in this box, and else none is.
    Ambiguous(Option<[f64; 4]>),
    /// It is not there, or the anchor proves nothing.
    NotFound,
}

/// What an answer is worth, the best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Worth {
    /// As it should be.
    Right,
    /// No answer, where there is one, or a word for it that helps less: nothing is clicked.
    Refused,
    /// A click in the wrong place.
    Wrong,
}

impl Worth {
    /// A stable word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Right => "right",
            Self::Refused => "refused",
            Self::Wrong => "wrong",
        }
    }
}

/// Judges `finding`. A place is judged by its centre, as a click is.
pub fn worth(expectation: &Expectation, finding: &Finding) -> Worth {
    let inside = |place: &Place, [x, y, width, height]: [f64; 4]| {
        let centre = place.centre();
        (x..=x + width).contains(&centre.0) && (y..=y + height).contains(&centre.1)
    };
    match (expectation, finding.found()) {
        (Expectation::Found(targets), Some(found)) if targets.iter().any(|target| inside(&found.place, *target)) => Worth::Right,
        (Expectation::Ambiguous(Some(target)), Some(found)) if inside(&found.place, *target) => Worth::Right,
        (_, Some(_)) => Worth::Wrong,
        (Expectation::Found(_), None) => Worth::Refused,
        (Expectation::Ambiguous(_), None) => {
            if finding.verdict == Verdict::Ambiguous {
                Worth::Right
            } else {
                Worth::Refused
            }
        }
        (Expectation::NotFound, None) => Worth::Right,
    }
}
