//! What differs between two screenshots, as `lea compare --json` prints it.

use serde::{Deserialize, Serialize};

use super::sought::BoxView;
use crate::target::{Ignored, Judgement};

/// Whether an action changed anything, and where.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CompareAnswer {
    /// `changed_here`, `changed_elsewhere`, `changed` (no place was given), `unchanged` or `not_comparable`.
    pub verdict: String,
    /// Rectangles that hold what changed, the largest first.
    pub regions: Vec<BoxView>,
    /// What changed too and comes by itself.
    pub ignored: Vec<IgnoredView>,
    /// The verdict in a sentence.
    pub detail: String,
}

/// A change that no action causes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct IgnoredView {
    /// `caret`, `clock` or `cursor`.
    pub why: String,
    /// Where.
    #[serde(flatten)]
    pub place: BoxView,
}

impl From<&Judgement> for CompareAnswer {
    fn from(judgement: &Judgement) -> Self {
        Self {
            verdict: judgement.verdict.word().to_owned(),
            regions: judgement.regions.iter().copied().map(BoxView::from).collect(),
            ignored: judgement.ignored.iter().map(IgnoredView::from).collect(),
            detail: judgement.detail.clone(),
        }
    }
}

impl From<&Ignored> for IgnoredView {
    fn from(ignored: &Ignored) -> Self {
        Self { why: ignored.why.word().to_owned(), place: ignored.place.into() }
    }
}
