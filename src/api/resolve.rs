//! Answers about targets on a screenshot.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::sought::{BoxView, ClickPoint, ResolveRequest, TargetSpec, UiElement, bytes_of};
use crate::clock::Clock;
use crate::error::{Error, Kind, Result};
use crate::target::{
    self, Analyser, By, Candidate, Element, Expected, Finding, Flaw, Order, Pixels, Place, Reader, Seen, Verdict, Why, likely_scales,
    resolve_by_all, seek_among,
};

/// Places listed in an answer.
const MOST_CANDIDATES: usize = 32;

/// What was found, or why nothing was.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ResolveAnswer {
    /// Whether there is a place to click.
    pub resolved: bool,
    /// `found`, `ambiguous`, `absent`, `unusable_anchor` or `unusable_screen`.
    pub verdict: String,
    /// `template_matching` where an anchor led to the place, `visual` where a text or a role did, `fallback` on a miss.
    pub method: String,
    /// What found it: `anchor`, `text`, or both; empty on a miss.
    #[serde(default)]
    pub found_by: Vec<String>,
    /// Where to click, as a share of the screenshot's width, to six decimals. On a miss the caller's own fallback, or null.
    pub x_pct: Option<f64>,
    /// The same of the height.
    pub y_pct: Option<f64>,
    /// Correlation at the place found, -1 to 1, or how well the text there fits, 0 to 1; on a miss the best there was, or null.
    pub score: Option<f64>,
    /// The anchor's size at the place found, 1 as recorded; null on a miss, and where a text led there.
    pub scale: Option<f64>,
    /// The place found; null on a miss.
    pub match_box: Option<BoxView>,
    /// The point that `x_pct` and `y_pct` name, in pixels of the desktop; null on a miss.
    pub click: Option<ClickPoint>,
    /// The place found as an element; null on a miss.
    pub matched_element: Option<MatchedElement>,
    /// On a miss the word that agents know: `template_matching_failed`, `no_match` (for a text or a role), `decode_error`, `no_target_criteria`; else the cause.
    pub reason: String,
    /// A word for what decided, such as `single_place`, `several_alike`, `part_differs`, `anchor_flat`.
    pub cause: String,
    /// The same in a sentence.
    pub detail: String,
    /// The places that were considered, best first, 32 at most.
    pub candidates: Vec<CandidateView>,
    /// Score of the answer (on a miss, of the best place) less that of the next best place; null without one.
    pub margin: Option<f64>,
    /// Every place that passes by itself, best first, none over another; only when all were asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub matches: Option<Vec<CandidateView>>,
    /// What was measured at each place, in the order of `candidates`; only when asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub explanation: Option<Vec<ExplainedView>>,
    /// How long the search took, milliseconds.
    pub elapsed_ms: f64,
}

/// The place found, in the form of a user interface element.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct MatchedElement {
    /// What it says; `anchor_template` where only an anchor led there.
    pub label: String,
    /// What kind it is; `visual_anchor` where only an anchor led there.
    #[serde(rename = "type")]
    pub kind: String,
    /// What it is for; `anchor` where only an anchor led there.
    pub role: String,
    /// The centre in whole pixels, x and y.
    pub center: [u32; 2],
    /// The score, or how sure the reader is of the label.
    pub confidence: f64,
    /// Whether it can be used, as far as its colours tell; false for what is greyed out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub enabled: Option<bool>,
    /// Whether it is ticked or chosen; only of what can be.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub marked: Option<bool>,
}

/// A place that was considered.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct CandidateView {
    /// Where.
    #[serde(rename = "box")]
    pub place: BoxView,
    /// Correlation, -1 to 1, to six decimals.
    pub score: f64,
    /// The anchor's size there, 1 as recorded.
    pub scale: f64,
    /// What was read there; only where a text was looked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// How that fits: `exact`, `word`, `prefix` or `near`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fit: Option<String>,
}

/// A place that was considered, and what spoke for and against it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ExplainedView {
    /// Where.
    #[serde(rename = "box")]
    pub place: BoxView,
    /// How it stands, in a few words.
    pub standing: String,
    /// Mean difference of colour, levels.
    pub colour_mean: f64,
    /// The difference of colour that 98 of 100 pixels stay within, levels.
    pub colour_peak: f64,
    /// Correlation of luma once both are blurred, -1 to 1.
    pub blurred: f64,
    /// Correlation of how steep both are, -1 to 1.
    pub edges: f64,
    /// Likeness of the least similar part, up to 1; null where the place was not looked at closely.
    pub least_part: Option<f64>,
    /// The same of parts as small as a letter.
    pub least_letter: Option<f64>,
    /// How far its strokes are off where they differ most, as a share of the contrast; null where they were not compared.
    pub strokes_off: Option<f64>,
    /// How much alike its strokes are where they are least alike, -1 to 1; null where they were not compared.
    pub strokes_alike: Option<f64>,
    /// Distance of its centre from the expected position, pixels; null without one.
    pub from_expected: Option<f64>,
}

impl ResolveAnswer {
    /// The answer that a finding stands for. On a miss it echoes `fallback`. `origin` is where on the desktop the screenshot begins.
    pub fn new(finding: &Finding, fallback: Option<(f64, f64)>, origin: (i32, i32), elapsed: std::time::Duration) -> Self {
        let found = finding.found();
        let screen = finding.screen.map(|(width, height)| (f64::from(width), f64::from(height)));
        let (x, y) = match (finding.click, screen) {
            (Some((x, y)), Some((width, height))) => (Some(rounded(x / width)), Some(rounded(y / height))),
            _ => (fallback.map(|(x, _)| x), fallback.map(|(_, y)| y)),
        };
        let best = found.or_else(|| finding.candidates.first().map(|(candidate, _)| candidate));
        let reason = match finding.why {
            _ if finding.verdict == Verdict::Found => finding.why.word(),
            Why::Flawed(Flaw::ScreenUndecodable) => "decode_error",
            Why::Flawed(Flaw::NothingAsked) => "no_target_criteria",
            _ if finding.by == By::Text => "no_match",
            _ => "template_matching_failed",
        };
        Self {
            resolved: found.is_some(),
            verdict: finding.verdict.word().to_owned(),
            method: match (found, finding.by) {
                (None, _) => "fallback",
                (Some(_), By::Text) => "visual",
                (Some(_), By::Anchor | By::Both) => "template_matching",
            }
            .to_owned(),
            found_by: match (found, finding.by) {
                (None, _) => Vec::new(),
                (Some(_), By::Anchor) => vec!["anchor".to_owned()],
                (Some(_), By::Text) => vec!["text".to_owned()],
                (Some(_), By::Both) => vec!["anchor".to_owned(), "text".to_owned()],
            },
            x_pct: x,
            y_pct: y,
            score: best.map(|candidate| rounded(candidate.score)),
            scale: found.filter(|_| finding.by != By::Text).map(|candidate| candidate.scale),
            match_box: found.map(|candidate| candidate.place.into()),
            click: finding.click.map(|(x, y)| ClickPoint { x: rounded(x + f64::from(origin.0)), y: rounded(y + f64::from(origin.1)) }),
            matched_element: found.map(|found| element(found, finding)),
            reason: reason.to_owned(),
            cause: finding.why.word().to_owned(),
            detail: finding.why.sentence().to_owned(),
            candidates: (0..)
                .zip(&finding.candidates)
                .take(MOST_CANDIDATES)
                .map(|(at, (candidate, _)): (usize, _)| view(candidate, finding.seen.get(at)))
                .collect(),
            margin: finding.margin.map(rounded),
            matches: None,
            explanation: None,
            elapsed_ms: (elapsed.as_secs_f64() * 1e6).round() / 1e3,
        }
    }
}

impl ResolveAnswer {
    /// The same with every place that passes by itself.
    #[must_use]
    pub fn with_all(self, finding: &Finding) -> Self {
        Self { matches: Some(finding.all().into_iter().map(|candidate| view(candidate, None)).collect()), ..self }
    }

    /// The same with what was measured at each place.
    #[must_use]
    pub fn with_explanation(self, finding: &Finding) -> Self {
        let explained = |(candidate, standing): &(Candidate, target::Standing)| {
            let evidence = &candidate.evidence;
            let strokes = |of: fn(target::Strokes) -> f64| evidence.parts.and_then(|parts| parts.strokes).map(|seen| rounded(of(seen)));
            ExplainedView {
                place: candidate.place.into(),
                standing: standing.words().to_owned(),
                colour_mean: rounded(evidence.colour_mean),
                colour_peak: rounded(evidence.colour_peak),
                blurred: rounded(evidence.blurred),
                edges: rounded(evidence.edges),
                least_part: evidence.parts.map(|parts| rounded(parts.least)),
                least_letter: evidence.parts.map(|parts| rounded(parts.letter)),
                strokes_off: strokes(|strokes| strokes.off),
                strokes_alike: strokes(|strokes| strokes.alike),
                from_expected: finding.expected.map(|point| rounded(target::distance(candidate.place.centre(), point))),
            }
        };
        Self { explanation: Some(finding.candidates.iter().take(MOST_CANDIDATES).map(explained).collect()), ..self }
    }
}

fn element(found: &Candidate, finding: &Finding) -> MatchedElement {
    let (x, y) = found.place.centre();
    if let Some(element) = &finding.element {
        let (x, y) = finding.click.filter(|_| finding.by == By::Text).unwrap_or((x, y));
        let (kind, role) = element.called.clone().unwrap_or_else(|| (element.role.word().to_owned(), element.role.word().to_owned()));
        return MatchedElement {
            label: element.label(),
            kind,
            role,
            center: [x as u32, y as u32],
            confidence: rounded(element.label_confidence()),
            enabled: element.enabled,
            marked: element.marked,
        };
    }
    if let Some(seen) = finding.seen.first().filter(|_| finding.by == By::Text) {
        let word = "text".to_owned();
        let (label, confidence) = (seen.text.clone(), rounded(seen.confidence));
        return MatchedElement {
            label,
            kind: word.clone(),
            role: word,
            center: [x as u32, y as u32],
            confidence,
            enabled: None,
            marked: None,
        };
    }
    MatchedElement {
        label: "anchor_template".to_owned(),
        kind: "visual_anchor".to_owned(),
        role: "anchor".to_owned(),
        center: [x as u32, y as u32],
        confidence: rounded(found.score),
        enabled: None,
        marked: None,
    }
}

fn view(candidate: &Candidate, seen: Option<&Seen>) -> CandidateView {
    CandidateView {
        place: candidate.place.into(),
        score: rounded(candidate.score),
        scale: candidate.scale,
        text: seen.map(|seen| seen.text.clone()),
        fit: seen.map(|seen| seen.fit.word().to_owned()),
    }
}

/// To six decimals.
fn rounded(value: f64) -> f64 {
    (value * 1e6).round() / 1e6
}

/// What a target is looked for with.
#[derive(Clone, Copy)]
pub struct Eyes<'a> {
    /// Finds anchors.
    pub pixels: &'a dyn Pixels,
    /// Reads text.
    pub reader: Reader<'a>,
    /// Looks at screens instead of reading them, where one is configured.
    pub analyser: Option<&'a dyn Analyser>,
}

impl Eyes<'_> {
    /// Looks for `spec` on the screenshot of `order`, whose anchor and click are taken from it; texts and roles among `elements`, if
    /// another program named any.
    ///
    /// # Errors
    /// Those of [`resolve_by_all`], and [`Kind::Input`] where an anchor is asked for among elements.
    pub fn find(self, spec: &TargetSpec, order: &Order<'_>, elements: Option<&[UiElement]>) -> Result<Finding> {
        let anchor = spec.anchor();
        let order = Order { anchor: anchor.as_deref().or(order.anchor), click: order.click.or(spec.offset()), ..*order };
        let query = spec.query();
        // An anchor is looked for on the picture itself, and a text that must agree with it is read there too.
        let analyser = self.analyser.filter(|_| elements.is_none() && order.anchor.is_none() && spec.wants_text());
        if elements.is_none() && analyser.is_none() {
            return resolve_by_all(&order, &query, self.pixels, self.reader);
        }
        if order.anchor.is_some() {
            let message = "an anchor cannot be looked for among another program's elements";
            return Err(Error::new(Kind::Input, "anchor_among_elements", message)
                .hint("give the text and the role alone, or leave the elements out"));
        }
        let laid = self.reader.layout.lay(order.screenshot)?;
        match (laid.flaw, laid.screen) {
            (None | Some(Flaw::ScreenUnreadable), Some(size)) => {
                let elements: Vec<Element> = match analyser {
                    Some(analyser) => analyser.analyse(order.screenshot, size)?,
                    None => elements.unwrap_or_default().iter().filter_map(|element| element.on(size)).collect(),
                };
                seek_among(&elements, size, &order, &query)
            }
            // What it shows cannot be what the elements are of.
            _ => target::seek(&order, &query, self.reader),
        }
    }
}

/// Answers a request: checks it, looks with `eyes`, and takes the time by `clock`. `threshold` holds where the request
/// names none, 0 to 1.
///
/// # Errors
/// [`Kind::Validation`] for a field out of range, [`Kind::Unavailable`] where a text cannot be read here, [`Kind::TooLarge`] for a
/// picture or a search beyond its ceiling, [`Kind::Input`] for a region outside the screenshot. Everything else is an answer.
pub fn resolve_target(request: &ResolveRequest, threshold: f64, eyes: Eyes<'_>, clock: &dyn Clock) -> Result<ResolveAnswer> {
    request.check()?;
    let began = clock.monotonic();
    let scales = likely_scales(request.target_spec.anchor_scale, request.display_scale);
    let screenshot = bytes_of(&request.screenshot_b64);
    let order = Order {
        expected: request.expected.map(|at| Expected::Shares(at.x_pct, at.y_pct)),
        region: request.region.map(Place::from),
        scales: &scales,
        ..Order::new(&screenshot, None, request.threshold.unwrap_or(threshold))
    };
    let finding = eyes.find(&request.target_spec, &order, request.ui_elements.as_deref())?;
    let fallback = request.fallback_x_pct.zip(request.fallback_y_pct);
    let origin = request.screen_origin.map_or((0, 0), |origin| (origin.x, origin.y));
    Ok(ResolveAnswer::new(&finding, fallback, origin, clock.monotonic().saturating_sub(began)))
}
