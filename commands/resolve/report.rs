//! How the answers to a corpus fare, and whether better than before.

use lea::api::BoxView;
use lea::target::{Expectation, Finding, Worth, worth};
use serde::{Deserialize, Serialize};

use super::truth::TruthCase;

/// How a corpus fared.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct CorpusReport {
    /// How many cases there are.
    pub(crate) cases: usize,
    /// Answered as expected.
    pub(crate) right: usize,
    /// Not answered although there is an answer, or called by a word that helps less.
    pub(crate) refused: usize,
    /// Answered with a wrong place.
    pub(crate) wrong: usize,
    /// Median time of a case, milliseconds: decoding and search.
    pub(crate) p50_ms: f64,
    /// What 95 of 100 cases stay within, milliseconds.
    pub(crate) p95_ms: f64,
    /// The threshold that was applied.
    pub(crate) threshold: f64,
    /// The version of the program.
    pub(crate) version: String,
    /// The same by category, in the order in which they first occur.
    pub(crate) categories: Vec<CorpusCategory>,
    /// Each case.
    pub(crate) results: Vec<CorpusResult>,
    /// How it compares with an earlier run, if it was compared.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) baseline: Option<CorpusComparison>,
}

/// One category of a corpus.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct CorpusCategory {
    /// Its name.
    pub(crate) category: String,
    /// How many cases it has.
    pub(crate) cases: usize,
    /// See [`CorpusReport::right`].
    pub(crate) right: usize,
    /// See [`CorpusReport::refused`].
    pub(crate) refused: usize,
    /// See [`CorpusReport::wrong`].
    pub(crate) wrong: usize,
    /// Median time, milliseconds.
    pub(crate) p50_ms: f64,
}

/// One case of a corpus.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct CorpusResult {
    /// Its id.
    pub(crate) id: String,
    /// The screenshot.
    pub(crate) image: String,
    /// The anchor; empty where a text was looked for.
    pub(crate) anchor: String,
    /// What was looked for: the text, or the anchor.
    #[serde(default)]
    pub(crate) target: String,
    /// What it is a case of.
    pub(crate) category: String,
    /// What was expected.
    pub(crate) expect: String,
    /// `right`, `refused` or `wrong`.
    pub(crate) outcome: String,
    /// The verdict.
    pub(crate) verdict: String,
    /// What decided.
    pub(crate) cause: String,
    /// The score of the answer, or the best there was.
    pub(crate) score: Option<f64>,
    /// The anchor's size at the place found.
    pub(crate) scale: Option<f64>,
    /// The place found.
    pub(crate) match_box: Option<BoxView>,
    /// The time it took, milliseconds.
    pub(crate) elapsed_ms: f64,
}

impl CorpusResult {
    /// The result of `case`, of which `finding` came in `millis`.
    pub(crate) fn new(case: &TruthCase, expectation: &Expectation, finding: &Finding, millis: f64) -> Self {
        let best = finding.found().or_else(|| finding.candidates.first().map(|(candidate, _)| candidate));
        let rounded = |value: f64| (value * 1e6).round() / 1e6;
        Self {
            id: case.name(),
            image: case.image.clone(),
            anchor: case.anchor_png.clone().unwrap_or_default(),
            target: case.text.clone().or_else(|| case.anchor_png.clone()).unwrap_or_default(),
            category: if case.category.is_empty() { case.expect.clone() } else { case.category.clone() },
            expect: case.expect.clone(),
            outcome: worth(expectation, finding).word().to_owned(),
            verdict: finding.verdict.word().to_owned(),
            cause: finding.why.word().to_owned(),
            score: best.map(|candidate| rounded(candidate.score)),
            scale: finding.found().map(|found| rounded(found.scale)),
            match_box: finding.found().map(|found| found.place.into()),
            elapsed_ms: (millis * 1e3).round() / 1e3,
        }
    }
}

impl CorpusReport {
    /// Counts `results`.
    pub(crate) fn new(results: Vec<CorpusResult>, threshold: f64) -> Self {
        let all: Vec<&CorpusResult> = results.iter().collect();
        let mut names: Vec<&str> = Vec::new();
        for result in &results {
            if !names.contains(&result.category.as_str()) {
                names.push(&result.category);
            }
        }
        let categories = names.into_iter().map(|name| {
            let own: Vec<&CorpusResult> = results.iter().filter(|result| result.category == name).collect();
            let [right, refused, wrong] = counts(&own);
            CorpusCategory { category: name.to_owned(), cases: own.len(), right, refused, wrong, p50_ms: within(&own, 0.5) }
        });
        let [right, refused, wrong] = counts(&all);
        Self {
            cases: results.len(),
            right,
            refused,
            wrong,
            p50_ms: within(&all, 0.5),
            p95_ms: within(&all, 0.95),
            threshold,
            version: env!("CARGO_PKG_VERSION").to_owned(),
            categories: categories.collect(),
            baseline: None,
            results,
        }
    }
}

fn counts(results: &[&CorpusResult]) -> [usize; 3] {
    [Worth::Right, Worth::Refused, Worth::Wrong].map(|worth| results.iter().filter(|result| result.outcome == worth.word()).count())
}

/// What a `share` of the cases stays within, milliseconds: the nearest rank.
fn within(results: &[&CorpusResult], share: f64) -> f64 {
    let mut times: Vec<f64> = results.iter().map(|result| result.elapsed_ms).collect();
    times.sort_by(f64::total_cmp);
    let rank = (times.len() as f64 * share).ceil() as usize;
    times.get(rank.saturating_sub(1)).copied().unwrap_or_default()
}

/// What became of the cases of an earlier run.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct CorpusComparison {
    /// Cases that fare worse: `right` became `refused` or `wrong`, or `refused` became `wrong`.
    pub(crate) worse: Vec<CorpusChange>,
    /// Cases that fare better.
    pub(crate) better: Vec<CorpusChange>,
    /// Cases of the earlier run that are no longer there.
    pub(crate) missing: Vec<String>,
    /// Cases that are new and wrong.
    pub(crate) new_wrong: Vec<String>,
}

/// One case that fares otherwise.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct CorpusChange {
    /// Its id.
    pub(crate) id: String,
    /// The outcome of the earlier run.
    pub(crate) before: String,
    /// The outcome now.
    pub(crate) now: String,
}

impl CorpusComparison {
    /// Compares `now` with the run `before`. Times are not compared: they tell about the machine.
    pub(crate) fn new(before: &CorpusReport, now: &CorpusReport) -> Self {
        let rank = |word: &str| [Worth::Right, Worth::Refused, Worth::Wrong].iter().position(|worth| worth.word() == word);
        let mut comparison = Self::default();
        for old in &before.results {
            let Some(new) = now.results.iter().find(|new| new.id == old.id) else {
                comparison.missing.push(old.id.clone());
                continue;
            };
            let change = || CorpusChange { id: old.id.clone(), before: old.outcome.clone(), now: new.outcome.clone() };
            match rank(&new.outcome).cmp(&rank(&old.outcome)) {
                std::cmp::Ordering::Greater => comparison.worse.push(change()),
                std::cmp::Ordering::Less => comparison.better.push(change()),
                std::cmp::Ordering::Equal => {}
            }
        }
        let is_new = |id: &str| before.results.iter().all(|old| old.id != id);
        let wrong = now.results.iter().filter(|new| new.outcome == Worth::Wrong.word() && is_new(&new.id));
        comparison.new_wrong = wrong.map(|new| new.id.clone()).collect();
        comparison
    }

    /// Whether anything got worse. A case that is gone counts: nobody knows how it would fare.
    pub(crate) fn is_worse(&self) -> bool {
        !(self.worse.is_empty() && self.missing.is_empty() && self.new_wrong.is_empty())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn result(id: &str, outcome: &str, millis: f64) -> CorpusResult {
        serde_json::from_value(serde_json::json!({
            "id": id, "image": "a.png", "anchor": "b.png", "category": id.get(..1), "expect": "found", "outcome": outcome,
            "verdict": "found", "cause": "single_place", "score": 1.0, "scale": 1.0, "match_box": null, "elapsed_ms": millis
        }))
        .unwrap()
    }

    #[test]
    fn counts_and_times_are_told_as_a_whole_and_by_category() {
        let report = CorpusReport::new(vec![result("a1", "right", 1.0), result("b1", "wrong", 9.0), result("a2", "refused", 3.0)], 0.5);
        assert_eq!((report.cases, report.right, report.refused, report.wrong), (3, 1, 1, 1));
        assert_eq!((report.p50_ms, report.p95_ms), (3.0, 9.0));
        let first = &report.categories[0];
        assert_eq!((first.category.as_str(), first.cases, first.right, first.refused, first.p50_ms), ("a", 2, 1, 1, 1.0));
    }

    #[test]
    fn worse_is_any_step_down_a_new_wrong_one_and_a_case_that_is_gone() {
        let report = |all: &[(&str, &str)]| CorpusReport::new(all.iter().map(|(id, outcome)| result(id, outcome, 1.0)).collect(), 0.5);
        let compared = |before: &[(&str, &str)], now: &[(&str, &str)]| CorpusComparison::new(&report(before), &report(now));
        assert!(!compared(&[("a", "wrong"), ("b", "refused")], &[("a", "wrong"), ("b", "right"), ("c", "refused")]).is_worse());
        for now in [[("a", "refused"), ("b", "wrong")], [("a", "right"), ("b", "wrong")], [("a", "right"), ("c", "right")]] {
            assert!(compared(&[("a", "right"), ("b", "refused")], &now).is_worse(), "{now:?}");
        }
        assert!(compared(&[("a", "right")], &[("a", "right"), ("n", "wrong")]).is_worse());
    }
}
