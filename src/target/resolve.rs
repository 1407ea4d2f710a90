//! Carrying a search out: the port looks, the rule decides, the finding says why.

use super::decide::{Cause, Decision, Verdict, conclusive, decide};
use super::types::{Candidate, Flaw, Pixels, Place, Search, Standing};
use crate::error::Result;

/// The scales that are tried unless the caller names others: the quotients of the display scales 100, 110, 125, 150, 175 and 200 %
/// from a half to the double, the smaller changes first.
pub const DEFAULT_SCALES: [f64; 31] = [
    1.0,
    1.1,
    1.0 / 1.1,
    1.25 / 1.1,
    1.1 / 1.25,
    2.0 / 1.75,
    1.75 / 2.0,
    1.75 / 1.5,
    1.5 / 1.75,
    1.2,
    1.0 / 1.2,
    1.25,
    0.8,
    2.0 / 1.5,
    0.75,
    1.5 / 1.1,
    1.1 / 1.5,
    1.4,
    1.0 / 1.4,
    1.5,
    1.0 / 1.5,
    1.75 / 1.1,
    1.1 / 1.75,
    1.6,
    1.0 / 1.6,
    1.75,
    1.0 / 1.75,
    2.0 / 1.1,
    1.1 / 2.0,
    2.0,
    0.5,
];

/// Where the target's centre was when it was recorded.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Expected {
    /// In pixels of the screenshot.
    Pixels(f64, f64),
    /// As shares of the screenshot's width and height, 0 to 1.
    Shares(f64, f64),
}

/// What to find, and where.
#[derive(Debug, Clone, Copy)]
pub struct Order<'a> {
    /// The screenshot, PNG or JPEG; anything else makes it unusable.
    pub screenshot: &'a [u8],
    /// The anchor, PNG or JPEG; absent when the caller named none.
    pub anchor: Option<&'a [u8]>,
    /// Where the target was; it settles ties and nothing else.
    pub expected: Option<Expected>,
    /// The part of the screenshot that is searched.
    pub region: Option<Place>,
    /// The score from which a place counts, 0 to 1.
    pub threshold: f64,
    /// Scales of the anchor, in the order in which they are tried.
    pub scales: &'a [f64],
}

/// Why the verdict is what it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// Places were compared.
    Compared(Cause),
    /// There was nothing to compare.
    Flawed(Flaw),
}

/// The outcome of a search.
#[derive(Debug, Clone)]
pub struct Finding {
    /// The answer in one word.
    pub verdict: Verdict,
    /// Why.
    pub why: Why,
    /// Width and height of the screenshot in pixels, if it could be decoded.
    pub screen: Option<(u32, u32)>,
    /// Each place with how it stands, best first; of equal scores the answer first.
    pub candidates: Vec<(Candidate, Standing)>,
    /// Which of them is the answer; only when found.
    pub hit: Option<usize>,
    /// See [`Decision::margin`].
    pub margin: Option<f64>,
    /// The expected position in pixels.
    pub expected: Option<(f64, f64)>,
    /// The threshold that was applied.
    pub threshold: f64,
    /// The scales that were tried.
    pub scales: Vec<f64>,
}

impl Finding {
    /// The place that was found.
    pub fn found(&self) -> Option<&Candidate> {
        self.hit.and_then(|hit| self.candidates.get(hit)).map(|(candidate, _)| candidate)
    }
}

/// Looks for a target with `pixels` and decides.
///
/// # Errors
/// When a picture or the search is beyond a ceiling, or the region lies outside the screenshot. An unusable picture is a
/// verdict, no error.
pub fn resolve(order: &Order<'_>, pixels: &dyn Pixels) -> Result<Finding> {
    let Some(anchor) = order.anchor else { return Ok(flawed(order, Flaw::NothingAsked, None)) };
    let search = Search { screenshot: order.screenshot, anchor, region: order.region, scales: order.scales };
    let sighting = pixels.search(&search, &|candidates| conclusive(candidates, order.threshold))?;
    if let Some(flaw) = sighting.flaw {
        return Ok(flawed(order, flaw, sighting.screen));
    }
    let expected = order.expected.map(|expected| match (expected, sighting.screen.unwrap_or_default()) {
        (Expected::Pixels(x, y), _) => (x, y),
        (Expected::Shares(x, y), (width, height)) => (x * f64::from(width), y * f64::from(height)),
    });
    // Of places that were left out nobody can say how near they are.
    let usable = expected.filter(|_| !sighting.truncated);
    let Decision { verdict, cause, hit, standings, margin } = decide(&sighting.candidates, order.threshold, usable);
    let mut candidates: Vec<(Candidate, Standing)> = sighting.candidates.into_iter().zip(standings).collect();
    let is_hit = |standing: Standing| standing == Standing::Hit;
    // The answer first, then what was looked at closely, then by score.
    let closely = |candidate: &Candidate| candidate.evidence.parts.is_some();
    candidates.sort_by(|a, b| {
        let first = is_hit(b.1).cmp(&is_hit(a.1)).then(closely(&b.0).cmp(&closely(&a.0)));
        first.then(b.0.score.total_cmp(&a.0.score))
    });
    let hit = hit.and_then(|_| candidates.iter().position(|(_, standing)| is_hit(*standing)));
    Ok(Finding {
        verdict,
        why: Why::Compared(cause),
        screen: sighting.screen,
        candidates,
        hit,
        margin,
        expected,
        threshold: order.threshold,
        scales: sighting.scales,
    })
}

fn flawed(order: &Order<'_>, flaw: Flaw, screen: Option<(u32, u32)>) -> Finding {
    Finding {
        verdict: flaw.verdict(),
        why: Why::Flawed(flaw),
        screen,
        candidates: Vec::new(),
        hit: None,
        margin: None,
        expected: None,
        threshold: order.threshold,
        scales: Vec::new(),
    }
}
