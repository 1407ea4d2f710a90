//! What is on a screenshot, as `lea elements` tells it: in the form in which other programs hand elements in.

use serde::{Deserialize, Serialize};

use crate::target::{Element, Flaw, Why};

/// How large a screenshot is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScreenSize {
    /// Pixels across.
    pub width: u32,
    /// Pixels down.
    pub height: u32,
}

/// The elements of a screenshot.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ElementsAnswer {
    /// Width and height of the screenshot; null where it could not be used.
    pub screen: Option<ScreenSize>,
    /// The elements in reading order. The name is the one by which a request hands them in.
    pub ui_elements: Vec<ElementView>,
    /// Why the screenshot could not be used, a stable word; absent where it could.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cause: Option<String>,
    /// The same in a sentence.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
}

/// One element.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ElementView {
    /// What it says, or what is said beside it; empty where that is nothing.
    pub label: String,
    /// What kind it is: button, link, field, checkbox, radio, "menu item", tab, cell, icon or text.
    #[serde(rename = "type")]
    pub kind: String,
    /// The same again, for programs that look here.
    pub role: String,
    /// Where to click, pixels.
    pub center: [f64; 2],
    /// Left and top edge, width and height, pixels.
    #[serde(rename = "box")]
    pub place: [u32; 4],
    /// How sure the reader is of the label, 0 to 1.
    pub label_confidence: f64,
    /// Whether it can be used; absent where its colours don't tell.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub enabled: Option<bool>,
    /// Whether it is ticked or chosen; absent where it cannot be.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub marked: Option<bool>,
    /// How sure it is that it is of this kind, 0 to 1.
    pub confidence: f64,
}

impl ElementsAnswer {
    /// What is on a screen of this size.
    pub fn of<'a>(elements: impl IntoIterator<Item = &'a Element>, (width, height): (u32, u32)) -> Self {
        let ui_elements = elements.into_iter().map(ElementView::from).collect();
        Self { screen: Some(ScreenSize { width, height }), ui_elements, cause: None, detail: None }
    }

    /// Nothing, and why.
    pub fn unusable(flaw: Flaw) -> Self {
        let why = Why::Flawed(flaw);
        Self { screen: None, ui_elements: Vec::new(), cause: Some(why.word().to_owned()), detail: Some(why.sentence().to_owned()) }
    }
}

impl From<&Element> for ElementView {
    fn from(element: &Element) -> Self {
        let (place, (x, y)) = (element.place, element.centre);
        let short = |share: f64| (share * 1e3).round() / 1e3;
        Self {
            label: element.label(),
            kind: element.role.word().to_owned(),
            role: element.role.word().to_owned(),
            center: [x, y],
            place: [place.x, place.y, place.width, place.height],
            label_confidence: short(element.label_confidence()),
            enabled: element.enabled,
            marked: element.marked,
            confidence: short(element.confidence),
        }
    }
}
