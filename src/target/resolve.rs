//! Carrying a search out: the port looks, the rule decides, the finding says why.

use super::decide::{Cause, Decision, Verdict, conclusive, decide, refusal};
use super::element::Element;
use super::scales::DEFAULT_SCALES;
use super::types::{Candidate, Flaw, Pixels, Place, Search, Standing};
use super::wording::Fit;
use crate::error::{Error, Kind, Result};

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
    /// Scales of the anchor, in the order in which they are tried: the likely one first.
    pub scales: &'a [f64],
    /// Where in the anchor to click, from its centre to the right and down, in pixels of the anchor; its centre when absent.
    pub click: Option<(f64, f64)>,
    /// See [`Search::exact`].
    pub exact: bool,
}

impl<'a> Order<'a> {
    /// Looks for `anchor` on `screenshot` at all scales, and everywhere.
    pub fn new(screenshot: &'a [u8], anchor: Option<&'a [u8]>, threshold: f64) -> Self {
        Self { screenshot, anchor, expected: None, region: None, threshold, scales: &DEFAULT_SCALES, click: None, exact: false }
    }
}

/// Why the verdict is what it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// Places were compared.
    Compared(Cause),
    /// There was nothing to compare.
    Flawed(Flaw),
}

/// What found the target, or was to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    /// Its picture.
    Anchor,
    /// What it says, or what kind of element it is.
    Text,
    /// Both, in the same place.
    Both,
}

/// What was read at a place.
#[derive(Debug, Clone, PartialEq)]
pub struct Seen {
    /// The text.
    pub text: String,
    /// How it fits what was asked for.
    pub fit: Fit,
    /// How sure the reader is of the word that it is least sure of, 0 to 1.
    pub confidence: f64,
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
    /// Where to click, in pixels of the screenshot; only when found.
    pub click: Option<(f64, f64)>,
    /// The expected position in pixels.
    pub expected: Option<(f64, f64)>,
    /// The part of the screenshot that was searched, if not all of it.
    pub region: Option<Place>,
    /// The threshold that was applied.
    pub threshold: f64,
    /// The scales that were tried.
    pub scales: Vec<f64>,
    /// What found it, or was to.
    pub by: By,
    /// What the place found is, as far as that was told by text or role.
    pub element: Option<Element>,
    /// What was read at each of the candidates, in their order; empty where nothing was.
    pub seen: Vec<Seen>,
}

impl Finding {
    /// The place that was found.
    pub fn found(&self) -> Option<&Candidate> {
        self.hit.and_then(|hit| self.candidates.get(hit)).map(|(candidate, _)| candidate)
    }

    /// Every place that passes by itself, best first; of places that overlap only the best.
    pub fn all(&self) -> Vec<&Candidate> {
        let mut all: Vec<&Candidate> = Vec::new();
        for (candidate, standing) in &self.candidates {
            let passes =
                matches!(standing, Standing::Hit | Standing::Alike | Standing::Weaker) && refusal(candidate, self.threshold).is_none();
            if passes && all.iter().all(|other| other.place.overlap(&candidate.place) <= 0.0) {
                all.push(candidate);
            }
        }
        all
    }
}

/// Looks for a target with `pixels` and decides.
///
/// # Errors
/// When a picture or the search is beyond a ceiling, or the region lies outside the screenshot. An unusable picture is a
/// verdict, no error.
pub fn resolve(order: &Order<'_>, pixels: &dyn Pixels) -> Result<Finding> {
    let Some(anchor) = order.anchor else { return Ok(flawed(order, Flaw::NothingAsked, None)) };
    // What is clicked beside the middle must be seen.
    let whole = order.click.is_some();
    let search = Search { screenshot: order.screenshot, anchor, region: order.region, scales: order.scales, exact: order.exact, whole };
    let sighting = pixels.search(&search, &|candidates| conclusive(candidates, order.threshold, &search))?;
    check_click(order, sighting.anchor)?;
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
    // A locked or disconnected session shows a pointer, or a clock, on black or on one shade.
    if let Some(flaw) = sighting.vacancy.filter(|_| verdict == Verdict::Absent) {
        return Ok(flawed(order, flaw, sighting.screen));
    }
    let click = hit.and_then(|hit| candidates.get(hit)).map(|(found, _)| {
        let ((x, y), (dx, dy)) = (found.place.centre(), order.click.unwrap_or_default());
        (x + dx * found.scale, y + dy * found.scale)
    });
    Ok(Finding {
        verdict,
        why: Why::Compared(cause),
        screen: sighting.screen,
        candidates,
        hit,
        margin,
        click,
        expected,
        region: order.region,
        threshold: order.threshold,
        scales: sighting.scales,
        by: By::Anchor,
        element: None,
        seen: Vec::new(),
    })
}

/// Looks for a target by the older servers' rule, to compare with: the best place over seven scales, if it reaches the threshold.
/// Nothing beyond its score is looked at, and nobody asks whether another place is as good.
///
/// # Errors
/// When a picture is beyond a ceiling.
pub fn resolve_by_source_rule(order: &Order<'_>, pixels: &dyn Pixels) -> Result<Finding> {
    let Some(anchor) = order.anchor else { return Ok(flawed(order, Flaw::NothingAsked, None)) };
    let search = Search { screenshot: order.screenshot, anchor, region: None, scales: &[], exact: order.exact, whole: true };
    let sighting = pixels.by_source_rule(&search, order.threshold)?;
    if let Some(flaw) = sighting.flaw {
        return Ok(flawed(order, flaw, sighting.screen));
    }
    let reaches = |candidate: &Candidate| candidate.score >= order.threshold;
    let hit = sighting.candidates.first().filter(|best| reaches(best)).map(|_| 0);
    let (verdict, cause) = if hit.is_some() { (Verdict::Found, Cause::SourceRule) } else { (Verdict::Absent, Cause::BelowThreshold) };
    let standing = |candidate: &Candidate| if reaches(candidate) { Standing::Hit } else { Standing::BelowThreshold };
    let candidates: Vec<_> = sighting.candidates.into_iter().map(|candidate| (candidate, standing(&candidate))).collect();
    Ok(Finding {
        verdict,
        why: Why::Compared(cause),
        screen: sighting.screen,
        click: hit.and_then(|hit| candidates.get(hit)).map(|(found, _)| found.place.centre()),
        candidates,
        hit,
        margin: None,
        expected: None,
        region: None,
        threshold: order.threshold,
        scales: sighting.scales,
        by: By::Anchor,
        element: None,
        seen: Vec::new(),
    })
}

/// Refuses an offset that leads out of the anchor: what is clicked then is not what was recognised.
fn check_click(order: &Order<'_>, anchor: Option<(u32, u32)>) -> Result<()> {
    let (Some((dx, dy)), Some((width, height))) = (order.click, anchor) else { return Ok(()) };
    if dx.abs() <= f64::from(width) / 2.0 && dy.abs() <= f64::from(height) / 2.0 {
        return Ok(());
    }
    let message = format!("the click {dx},{dy} from its centre lies outside the anchor of {width}x{height} pixels");
    Err(Error::new(Kind::Input, "click_outside_anchor", message).hint("take a larger anchor that holds the place to click"))
}

pub(super) fn flawed(order: &Order<'_>, flaw: Flaw, screen: Option<(u32, u32)>) -> Finding {
    Finding {
        verdict: flaw.verdict(),
        why: Why::Flawed(flaw),
        screen,
        candidates: Vec::new(),
        hit: None,
        margin: None,
        click: None,
        expected: None,
        region: order.region,
        threshold: order.threshold,
        scales: Vec::new(),
        by: By::Anchor,
        element: None,
        seen: Vec::new(),
    }
}
