//! What a request says about a target: how to know it, where it was, and what another program sees.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use crate::error::{Error, FieldFault, Kind, Result};
use crate::target::{self, Element, MOST_ASKED, Place, Query, Word};

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
    /// What another program sees on the screenshot. Texts and roles are then looked for among these, and nothing is read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ui_elements: Option<Vec<UiElement>>,
}

/// An element of a user interface as another program sees it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct UiElement {
    /// What it says.
    #[serde(default)]
    pub label: Option<String>,
    /// What kind it is.
    #[serde(default, rename = "type")]
    pub kind: Option<String>,
    /// What it is for.
    #[serde(default)]
    pub role: Option<String>,
    /// Its centre in pixels of the screenshot, x and y.
    pub center: [f64; 2],
    /// Its left and top edge, width and height in pixels; a pixel at its centre when absent.
    #[serde(default, rename = "box", alias = "bbox")]
    pub place: Option<[f64; 4]>,
    /// How sure the program is of the label, 0 to 1.
    #[serde(default = "sure")]
    pub label_confidence: f64,
}

fn sure() -> f64 {
    1.0
}

/// Elements that can be handed in.
pub const MOST_ELEMENTS: usize = 10_000;

/// Characters of an element's label that are looked at.
const MOST_LABEL: usize = 1_000;

impl UiElement {
    /// Elements as another program writes them: a list, or an object that holds it as `ui_elements`. `name` is the document's, for messages.
    ///
    /// # Errors
    /// [`Kind::Input`] for anything else, or more than [`MOST_ELEMENTS`].
    pub fn list(document: &[u8], name: &str) -> Result<Vec<Self>> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Document {
            List(Vec<UiElement>),
            Object { ui_elements: Vec<UiElement> },
        }
        let hint = r#"elements look like [{"label": "Valider", "type": "button", "role": "button", "center": [100, 200], "box": [60, 180, 80, 40]}]"#;
        let wrong = |what: String| Error::new(Kind::Input, "invalid_elements", format!("{name}: {what}")).hint(hint);
        let document =
            serde_json::from_slice(document).map_err(|cause| wrong("this is no list of elements".to_owned()).caused_by(cause))?;
        let (Document::List(elements) | Document::Object { ui_elements: elements }) = document;
        if elements.len() > MOST_ELEMENTS {
            return Err(wrong(format!("these are {} elements, more than the {MOST_ELEMENTS} that are allowed", elements.len())));
        }
        if let Some((at, fault)) = elements.iter().enumerate().find_map(|(at, element)| Some((at, element.fault()?))) {
            return Err(wrong(format!("element {at}: {fault}")));
        }
        Ok(elements)
    }

    /// What makes no sense of it, if anything: which place is meant then, nobody can tell.
    fn fault(&self) -> Option<&'static str> {
        let [x, y] = self.center;
        let [left, top, wide, tall] = self.place?;
        if ![left, top, wide, tall].iter().all(|number| number.is_finite()) || wide <= 0.0 || tall <= 0.0 {
            return Some("its box must have a width and a height: [left, top, width, height]");
        }
        let off = |at: f64, from: f64, length: f64| (at - from - length / 2.0).abs() > length / 4.0 + 1.0;
        (off(x, left, wide) || off(y, top, tall)).then_some("its center is not in the middle of its box: [left, top, width, height]")
    }

    /// The element, if it lies on a screen of `width` by `height` pixels.
    pub fn on(&self, (width, height): (u32, u32)) -> Option<Element> {
        let [x, y] = self.center;
        let inside = (0.0..f64::from(width)).contains(&x) && (0.0..f64::from(height)).contains(&y);
        if !inside {
            return None;
        }
        let [left, top, wide, tall] = self.place.unwrap_or([x.floor(), y.floor(), 1.0, 1.0]);
        let (left, top) = (left.clamp(0.0, f64::from(width) - 1.0), top.clamp(0.0, f64::from(height) - 1.0));
        let whole = Place { x: left as u32, y: top as u32, width: wide.clamp(1.0, 1e6) as u32, height: tall.clamp(1.0, 1e6) as u32 };
        let place = whole.within((width, height))?;
        let label: String = self.label.as_deref().unwrap_or_default().chars().take(MOST_LABEL).collect();
        let confidence = if self.label_confidence.is_finite() { self.label_confidence.clamp(0.0, 1.0) } else { 0.0 };
        Some(Element {
            words: label.split_whitespace().map(|text| Word { text: text.to_owned(), place, confidence }).collect(),
            role: target::Role::Text,
            called: Some((self.kind.clone().unwrap_or_default(), self.role.clone().unwrap_or_default())),
            place,
            centre: (x, y),
            text: None,
            enabled: None,
            marked: None,
            // How sure the program is of a label says nothing about the role that it names.
            confidence: 1.0,
        })
    }
}

/// Reads an object by its names: a list would be taken by position.
fn object<'de, D: serde::Deserializer<'de>, T: serde::de::DeserializeOwned>(deserializer: D) -> Result<T, D::Error> {
    let value = serde_json::Map::deserialize(deserializer)?;
    T::deserialize(Value::Object(value)).map_err(serde::de::Error::custom)
}

/// Display scales that can be said, 1 for 100 %.
const DISPLAY_SCALES: std::ops::RangeInclusive<f64> = 0.5..=4.0;

const A_DISPLAY_SCALE: &str = "must be a number from 0.5 to 4, such as 1.25 for 125 %";

const NOTHING_TO_NARROW: &str = "narrows a text or a role down, and neither is given";

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
    /// What kind of element it is: button, link, field, checkbox, radio, menu item, tab, cell, icon or text. It never makes up for a
    /// text that is not there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by_role: Option<String>,
    /// A text that stands nearer to the target than to others that match.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub near: Option<String>,
    /// A text that stands in the same row as the target.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub row: Option<String>,
    /// Which of several that match by text or role, from 1 in reading order; only where the order is known to stay.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub index: Option<u32>,
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
        let query = self.query();
        query.text.is_some() || query.role.is_some()
    }

    /// What is to choose among several that match by text or role, by its name, where neither of these is asked for: an anchor's place
    /// would be told as if it had been chosen.
    pub fn narrows_nothing(&self) -> Option<&'static str> {
        let query = self.query();
        let given = [("near", query.near.is_some()), ("row", query.row.is_some()), ("index", query.index.is_some())];
        given.into_iter().find(|(_, is_given)| *is_given).map(|(name, _)| name).filter(|_| !self.wants_text())
    }

    /// What is to be found by what it says; empty texts count as absent.
    pub fn query(&self) -> Query<'_> {
        fn some(text: Option<&String>) -> Option<&str> {
            text.map(String::as_str).filter(|text| !text.trim().is_empty())
        }
        Query {
            text: some(self.by_text.as_ref()),
            role: some(self.by_role.as_ref()),
            near: some(self.near.as_ref()),
            row: some(self.row.as_ref()),
            index: self.index.map(|index| index as usize),
        }
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
        for (name, text) in [("by_text", &self.by_text), ("by_role", &self.by_role), ("near", &self.near), ("row", &self.row)] {
            if text.as_ref().is_some_and(|text| text.chars().count() > MOST_ASKED) {
                add(&[name], &format!("must not be longer than {MOST_ASKED} characters"));
            }
        }
        if self.index == Some(0) {
            add(&["index"], "counts from 1");
        }
        if let Some(name) = self.narrows_nothing() {
            add(&[name], NOTHING_TO_NARROW);
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
pub(super) fn bytes_of(text: &str) -> Vec<u8> {
    let text = text.trim();
    let payload = match text.strip_prefix("data:").and_then(|rest| rest.split_once(',')) {
        Some((kind, payload)) if kind.starts_with("image/") && kind.ends_with(";base64") => payload,
        _ => text,
    };
    STANDARD.decode(payload).unwrap_or_default()
}

impl ResolveRequest {
    /// Refuses what is out of range, naming each such field.
    pub(super) fn check(&self) -> Result<()> {
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
        if self.ui_elements.as_ref().is_some_and(|elements| elements.len() > MOST_ELEMENTS) {
            faults.push(FieldFault::new(&["body", "ui_elements"], "value_error", format!("must not be more than {MOST_ELEMENTS}")));
        }
        for (at, element) in self.ui_elements.iter().flatten().enumerate().take(MOST_ELEMENTS) {
            if let Some(fault) = element.fault() {
                faults.push(FieldFault::new(&["body", "ui_elements", &at.to_string()], "value_error", fault));
            }
        }
        faults.extend(self.target_spec.faults(&["body", "target_spec"]));
        if faults.is_empty() { Ok(()) } else { Err(Error::faults(faults)) }
    }
}
