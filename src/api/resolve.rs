//! Requests and answers about targets on a screenshot.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use crate::clock::Clock;
use crate::error::{Error, FieldFault, Kind, Result};
use crate::target::{self, Candidate, Expected, Finding, Flaw, Order, Pixels, Place, Verdict, Why, likely_scales};

/// `POST /traces/stream/replay/resolve_target`.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
pub struct ResolveRequest {
    /// The session that the screenshot belongs to.
    pub session_id: String,
    /// The screenshot, PNG or JPEG, in base64; a `data:image/…;base64,` prefix is accepted.
    pub screenshot_b64: String,
    /// What to find.
    #[serde(deserialize_with = "object")]
    pub target_spec: TargetSpec,
    /// Where the caller would click if nothing is found, as a share of the width; a miss echoes it and nothing else uses it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fallback_x_pct: Option<f64>,
    /// The same as a share of the height.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fallback_y_pct: Option<f64>,
    /// Width of the caller's screen in pixels. Positions are shares of the screenshot itself, so nothing depends on it.
    #[serde(default = "default_width")]
    pub screen_width: i64,
    /// Height of the caller's screen in pixels; see `screen_width`.
    #[serde(default = "default_height")]
    pub screen_height: i64,
    /// Score from which a place counts, 0 to 1; absent or null: the server's setting.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub threshold: Option<f64>,
    /// Where the target was recorded; it chooses among places that are alike.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expected: Option<ExpectedPosition>,
    /// The part of the screenshot to search; absent or null: all of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub region: Option<BoxView>,
    /// The display scale of the screen now, 1.25 for 125 %; with the `anchor_scale` of the target it says at which size the target is
    /// looked for first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub display_scale: Option<f64>,
    /// Where on the desktop the screenshot's first pixel lies, in pixels; negative for a monitor to the left or above.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub screen_origin: Option<Origin>,
}

/// Reads an object by its names: a list would be taken by position.
fn object<'de, D: serde::Deserializer<'de>, T: serde::de::DeserializeOwned>(deserializer: D) -> Result<T, D::Error> {
    let value = serde_json::Map::deserialize(deserializer)?;
    T::deserialize(Value::Object(value)).map_err(serde::de::Error::custom)
}

/// Display scales that can be said, 1 for 100 %.
const DISPLAY_SCALES: std::ops::RangeInclusive<f64> = 0.5..=4.0;

const A_DISPLAY_SCALE: &str = "must be a number from 0.5 to 4, such as 1.25 for 125 %";

/// Places listed in an answer.
const MOST_CANDIDATES: usize = 32;

fn default_width() -> i64 {
    1920
}

fn default_height() -> i64 {
    1080
}

/// What to find. Criteria that are empty or null count as absent.
#[derive(Clone, Default, Serialize, Deserialize, ToSchema)]
pub struct TargetSpec {
    /// A picture of the target, PNG or JPEG, in base64.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub anchor_image_base64: Option<String>,
    /// The text on the target.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by_text: Option<String>,
    /// What kind of element it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by_role: Option<String>,
    /// Where in the anchor to click; absent: its centre.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub click: Option<ClickOffset>,
    /// The display scale at which the anchor was recorded, 1.25 for 125 %. With it only what desktops show it at is tried.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub anchor_scale: Option<f64>,
    /// A recorded position, pixels or shares by habit of the recorder; too vague to be used. See `expected`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by_position: Option<Value>,
}

/// A position as shares of the screenshot's width and height.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ExpectedPosition {
    /// Share of the width, 0 to 1.
    pub x_pct: f64,
    /// Share of the height, 0 to 1.
    pub y_pct: f64,
}

/// An offset from the centre of an anchor, in pixels of the anchor as it was recorded; it must not lead out of it.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ClickOffset {
    /// To the right.
    pub dx: f64,
    /// Down.
    pub dy: f64,
}

/// A pixel of the desktop.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Origin {
    /// To the right of the main monitor's left edge.
    pub x: i32,
    /// Below its top edge.
    pub y: i32,
}

/// A point in pixels of the desktop: of the screenshot, where nothing is known of other monitors.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ClickPoint {
    /// To the right.
    pub x: f64,
    /// Down.
    pub y: f64,
}

/// A rectangle in pixels of the screenshot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct BoxView {
    /// Left edge.
    pub x: u32,
    /// Top edge.
    pub y: u32,
    /// Width.
    pub width: u32,
    /// Height.
    pub height: u32,
}

/// What was found, or why nothing was.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ResolveAnswer {
    /// Whether there is a place to click.
    pub resolved: bool,
    /// `found`, `ambiguous`, `absent`, `unusable_anchor` or `unusable_screen`.
    pub verdict: String,
    /// `template_matching`, or `fallback` on a miss.
    pub method: String,
    /// Where to click, as a share of the screenshot's width, to six decimals. On a miss the caller's own fallback, or null.
    pub x_pct: Option<f64>,
    /// The same of the height.
    pub y_pct: Option<f64>,
    /// Correlation at the place found, -1 to 1; on a miss the best there was, or null.
    pub score: Option<f64>,
    /// The anchor's size at the place found, 1 as recorded; null on a miss.
    pub scale: Option<f64>,
    /// The place found; null on a miss.
    pub match_box: Option<BoxView>,
    /// The point that `x_pct` and `y_pct` name, in pixels of the desktop; null on a miss.
    pub click: Option<ClickPoint>,
    /// The place found as an element; null on a miss.
    pub matched_element: Option<MatchedElement>,
    /// On a miss the word that agents know: `template_matching_failed`, `decode_error`, `no_target_criteria`; else the cause.
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
    /// `anchor_template`.
    pub label: String,
    /// `visual_anchor`.
    #[serde(rename = "type")]
    pub kind: String,
    /// `anchor`.
    pub role: String,
    /// The centre in whole pixels, x and y.
    pub center: [u32; 2],
    /// The score.
    pub confidence: f64,
}

/// A place that was considered.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct CandidateView {
    /// Where.
    #[serde(rename = "box")]
    pub place: BoxView,
    /// Correlation, -1 to 1, to six decimals.
    pub score: f64,
    /// The anchor's size there, 1 as recorded.
    pub scale: f64,
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
    /// Distance of its centre from the expected position, pixels; null without one.
    pub from_expected: Option<f64>,
}

impl From<Place> for BoxView {
    fn from(place: Place) -> Self {
        Self { x: place.x, y: place.y, width: place.width, height: place.height }
    }
}

impl From<BoxView> for Place {
    fn from(view: BoxView) -> Self {
        Self { x: view.x, y: view.y, width: view.width, height: view.height }
    }
}

impl TargetSpec {
    /// Whether a text or a role is asked for, which takes a reader of text.
    pub fn wants_text(&self) -> bool {
        [&self.by_text, &self.by_role].into_iter().flatten().any(|text| !text.trim().is_empty())
    }

    /// Where in the anchor to click, from its centre.
    pub fn offset(&self) -> Option<(f64, f64)> {
        self.click.map(|click| (click.dx, click.dy))
    }

    /// Refuses numbers that are out of range, naming each field below `at`.
    pub fn faults(&self, at: &[&str]) -> Vec<FieldFault> {
        let mut faults = Vec::new();
        let mut add = |fields: &[&str], message: &str| faults.push(FieldFault::new(&[at, fields].concat(), "value_error", message));
        if !self.anchor_scale.is_none_or(|scale| DISPLAY_SCALES.contains(&scale)) {
            add(&["anchor_scale"], A_DISPLAY_SCALE);
        }
        if !self.click.is_none_or(|click| click.dx.is_finite() && click.dy.is_finite()) {
            add(&["click"], "must be two numbers");
        }
        faults
    }

    /// The anchor's bytes: absent when none is given, empty when what is given is not base64.
    pub fn anchor(&self) -> Option<Vec<u8>> {
        let text = self.anchor_image_base64.as_deref().filter(|text| !text.trim().is_empty())?;
        Some(bytes_of(text))
    }
}

/// The bytes behind strict base64, with or without a `data:` prefix; nothing when it is none, which no picture is either.
fn bytes_of(text: &str) -> Vec<u8> {
    let text = text.trim();
    let payload = match text.strip_prefix("data:").and_then(|rest| rest.split_once(',')) {
        Some((kind, payload)) if kind.starts_with("image/") && kind.ends_with(";base64") => payload,
        _ => text,
    };
    STANDARD.decode(payload).unwrap_or_default()
}

impl ResolveRequest {
    /// Refuses what is out of range, naming each such field.
    fn check(&self) -> Result<()> {
        let mut faults = Vec::new();
        let mut share = |loc: &[&str], value: Option<f64>| {
            if value.is_some_and(|value| !(0.0..=1.0).contains(&value)) {
                faults.push(FieldFault::new(loc, "value_error", "must be a number from 0 to 1"));
            }
        };
        share(&["body", "threshold"], self.threshold);
        share(&["body", "expected", "x_pct"], self.expected.map(|expected| expected.x_pct));
        share(&["body", "expected", "y_pct"], self.expected.map(|expected| expected.y_pct));
        if self.region.is_some_and(|region| region.width == 0 || region.height == 0) {
            faults.push(FieldFault::new(&["body", "region"], "value_error", "must be at least one pixel wide and high"));
        }
        if !self.display_scale.is_none_or(|scale| DISPLAY_SCALES.contains(&scale)) {
            faults.push(FieldFault::new(&["body", "display_scale"], "value_error", A_DISPLAY_SCALE));
        }
        faults.extend(self.target_spec.faults(&["body", "target_spec"]));
        if faults.is_empty() { Ok(()) } else { Err(Error::faults(faults)) }
    }
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
            _ => "template_matching_failed",
        };
        Self {
            resolved: found.is_some(),
            verdict: finding.verdict.word().to_owned(),
            method: if found.is_some() { "template_matching" } else { "fallback" }.to_owned(),
            x_pct: x,
            y_pct: y,
            score: best.map(|candidate| rounded(candidate.score)),
            scale: found.map(|candidate| candidate.scale),
            match_box: found.map(|candidate| candidate.place.into()),
            click: finding.click.map(|(x, y)| ClickPoint { x: rounded(x + f64::from(origin.0)), y: rounded(y + f64::from(origin.1)) }),
            matched_element: found.map(element),
            reason: reason.to_owned(),
            cause: finding.why.word().to_owned(),
            detail: finding.why.sentence().to_owned(),
            candidates: finding.candidates.iter().take(MOST_CANDIDATES).map(|(candidate, _)| view(candidate)).collect(),
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
        Self { matches: Some(finding.all().into_iter().map(view).collect()), ..self }
    }

    /// The same with what was measured at each place.
    #[must_use]
    pub fn with_explanation(self, finding: &Finding) -> Self {
        let explained = |(candidate, standing): &(Candidate, target::Standing)| {
            let evidence = &candidate.evidence;
            ExplainedView {
                place: candidate.place.into(),
                standing: standing.words().to_owned(),
                colour_mean: rounded(evidence.colour_mean),
                colour_peak: rounded(evidence.colour_peak),
                blurred: rounded(evidence.blurred),
                edges: rounded(evidence.edges),
                least_part: evidence.parts.map(|parts| rounded(parts.least)),
                least_letter: evidence.parts.map(|parts| rounded(parts.letter)),
                from_expected: finding.expected.map(|point| rounded(target::distance(candidate.place.centre(), point))),
            }
        };
        Self { explanation: Some(finding.candidates.iter().take(MOST_CANDIDATES).map(explained).collect()), ..self }
    }
}

fn element(found: &Candidate) -> MatchedElement {
    let (x, y) = found.place.centre();
    MatchedElement {
        label: "anchor_template".to_owned(),
        kind: "visual_anchor".to_owned(),
        role: "anchor".to_owned(),
        center: [x as u32, y as u32],
        confidence: rounded(found.score),
    }
}

fn view(candidate: &Candidate) -> CandidateView {
    CandidateView { place: candidate.place.into(), score: rounded(candidate.score), scale: candidate.scale }
}

/// To six decimals.
fn rounded(value: f64) -> f64 {
    (value * 1e6).round() / 1e6
}

/// The error for a target that is to be found by text or role, by a program that cannot read text.
pub fn ocr_unavailable(kind: Kind) -> Error {
    Error::new(kind, "ocr_unavailable", "this target is to be found by its text or role, and this version of lea cannot read text")
        .hint("give an anchor image alone")
}

/// Answers a request: checks it, searches with `pixels`, and takes the time by `clock`. `threshold` holds where the request
/// names none, 0 to 1.
///
/// # Errors
/// [`Kind::Validation`] for a field out of range, [`Kind::Unavailable`] for a text or role, [`Kind::TooLarge`] for a picture
/// or a search beyond its ceiling, [`Kind::Input`] for a region outside the screenshot. Everything else is an answer.
pub fn resolve_target(request: &ResolveRequest, threshold: f64, pixels: &dyn Pixels, clock: &dyn Clock) -> Result<ResolveAnswer> {
    request.check()?;
    if request.target_spec.wants_text() {
        return Err(ocr_unavailable(Kind::Unavailable));
    }
    let began = clock.monotonic();
    let anchor = request.target_spec.anchor();
    let scales = likely_scales(request.target_spec.anchor_scale, request.display_scale);
    let screenshot = bytes_of(&request.screenshot_b64);
    let order = Order {
        expected: request.expected.map(|at| Expected::Shares(at.x_pct, at.y_pct)),
        region: request.region.map(Place::from),
        scales: &scales,
        click: request.target_spec.offset(),
        ..Order::new(&screenshot, anchor.as_deref(), request.threshold.unwrap_or(threshold))
    };
    let finding = target::resolve(&order, pixels)?;
    let fallback = request.fallback_x_pct.zip(request.fallback_y_pct);
    let origin = request.screen_origin.map_or((0, 0), |origin| (origin.x, origin.y));
    Ok(ResolveAnswer::new(&finding, fallback, origin, clock.monotonic().saturating_sub(began)))
}
