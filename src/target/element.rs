//! What a label is on: buttons, fields, boxes to tick, told by shape, colour and where the text stands, with how sure that is.

use std::fmt;

use super::labels::Label;
use super::reading::{Script, Word};
use super::shape::{Form, Shape};
use super::types::Place;

/// What kind of element it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// Does something.
    Button,
    /// Leads somewhere.
    Link,
    /// Takes text.
    Field,
    /// Is ticked or not.
    Checkbox,
    /// Is chosen or not.
    Radio,
    /// An entry of a menu or a list.
    MenuItem,
    /// Shows another page of the same place.
    Tab,
    /// A cell of a table.
    Cell,
    /// A picture that means something.
    Icon,
    /// Text that is on nothing.
    Text,
}

impl Role {
    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Button => "button",
            Self::Link => "link",
            Self::Field => "field",
            Self::Checkbox => "checkbox",
            Self::Radio => "radio",
            Self::MenuItem => "menu item",
            Self::Tab => "tab",
            Self::Cell => "cell",
            Self::Icon => "icon",
            Self::Text => "text",
        }
    }

    /// The role that a word names, in any case, also by the words that other programs use.
    pub fn named(word: &str) -> Option<Self> {
        let word: String = word.to_lowercase().chars().filter(|sign| sign.is_alphanumeric()).collect();
        Some(match word.as_str() {
            "button" | "bouton" | "pushbutton" => Self::Button,
            "link" | "lien" | "hyperlink" => Self::Link,
            "field" | "champ" | "input" | "textfield" | "textbox" | "edit" | "forminput" | "textarea" => Self::Field,
            "checkbox" | "check" | "case" | "caseacocher" => Self::Checkbox,
            "radio" | "radiobutton" => Self::Radio,
            "menuitem" | "menu" | "listitem" => Self::MenuItem,
            "tab" | "onglet" | "tabitem" => Self::Tab,
            "cell" | "cellule" | "tablecell" | "dataitem" => Self::Cell,
            "icon" | "icone" | "image" => Self::Icon,
            "text" | "label" | "texte" => Self::Text,
            _ => return None,
        })
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// An element of a user interface.
#[derive(Debug, Clone, PartialEq)]
pub struct Element {
    /// What it says, or what is said beside it.
    pub words: Vec<Word>,
    /// What it is.
    pub role: Role,
    /// The role as another program called it, its type and its role; absent where it was told here.
    pub called: Option<(String, String)>,
    /// Where it is: the widget, or the text where there is none.
    pub place: Place,
    /// Where to click, pixels.
    pub centre: (f64, f64),
    /// Where its text stands, if it has one.
    pub text: Option<Place>,
    /// Whether it can be used, as far as its colours tell.
    pub enabled: Option<bool>,
    /// Whether it is ticked or chosen; only of those that can be.
    pub marked: Option<bool>,
    /// How sure the role is, 0 to 1.
    pub confidence: f64,
}

impl Element {
    /// What it says.
    pub fn label(&self) -> String {
        self.words.iter().map(|word| word.text.as_str()).collect::<Vec<_>>().join(" ")
    }

    /// How sure the reader is of the word of its label that it is least sure of, 0 to 1.
    pub fn label_confidence(&self) -> f64 {
        self.words.iter().map(|word| word.confidence).fold(1.0, f64::min)
    }

    /// Whether it is what `role` names. Another program's words count as it uses them: a part of its type or role is enough.
    pub fn is_a(&self, role: &str) -> bool {
        match &self.called {
            None => Role::named(role) == Some(self.role),
            Some((kind, called)) => {
                let role = role.trim().to_lowercase();
                kind.to_lowercase().contains(&role) || called.to_lowercase().contains(&role)
            }
        }
    }
}

/// Contrast below which text is greyed out, and from which it isn't; between them nobody can tell. A ratio of luminances as in
/// the accessibility guidelines (WCAG 2, "contrast ratio"), 1 to 21.
const GREYED: f64 = 3.0;
const PLAIN: f64 = 4.0;

/// Contrast of two colours: (L1 + 0.05) / (L2 + 0.05) with relative luminances.
pub(super) fn contrast(a: [u8; 3], b: [u8; 3]) -> f64 {
    let luminance = |colour: [u8; 3]| {
        let linear = |level: u8| {
            let share = f64::from(level) / 255.0;
            if share <= 0.04045 { share / 12.92 } else { ((share + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * linear(colour[0]) + 0.7152 * linear(colour[1]) + 0.0722 * linear(colour[2])
    };
    let (one, other) = (luminance(a), luminance(b));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

fn enabled(ink: [u8; 3], ground: [u8; 3]) -> Option<bool> {
    let seen = contrast(ink, ground);
    if seen < GREYED { Some(false) } else { (seen >= PLAIN).then_some(true) }
}

/// How far the strongest and the weakest channel of a colour are apart, levels.
fn colourfulness(colour: [u8; 3]) -> u8 {
    let most = colour.iter().max().copied().unwrap_or_default();
    most - colour.iter().min().copied().unwrap_or_default()
}

/// Whether a colour is that of a link: blue, clearly.
fn is_blue([red, green, blue]: [u8; 3]) -> bool {
    i32::from(blue) - i32::from(red) >= 60 && blue >= green
}

fn apart(a: [u8; 3], b: [u8; 3]) -> u8 {
    (0..3).map(|channel| a[channel].abs_diff(b[channel])).max().unwrap_or_default()
}

/// Whether the middle of `inner` lies in `outer`, and all of it but a few pixels.
fn holds(outer: Place, inner: Place) -> bool {
    outer.overlap(&inner) >= 0.9 && u64::from(outer.width) * u64::from(outer.height) >= u64::from(inner.width) * u64::from(inner.height)
}

/// The elements that `labels` and the shapes of `script` are, from top to bottom. Labels that have not been read say nothing yet.
pub(super) fn elements(script: &Script, labels: &[Label]) -> Vec<Element> {
    let shapes: Vec<&Shape> = script.shapes.iter().collect();
    let mut taken = vec![false; labels.len()];
    let mut all = Vec::new();
    let rows = Rows::of(&shapes);
    for shape in &shapes {
        let within: Vec<usize> = (0..labels.len()).filter(|&at| holds(shape.place, labels[at].whole())).collect();
        let found = match shape.form {
            Form::Check { marked } => Some(ticked(shape, Role::Checkbox, marked, labels, &shapes)),
            Form::Radio { marked } => Some(ticked(shape, Role::Radio, marked, labels, &shapes)),
            Form::Icon => {
                // A drawing in a label or a widget is a part of it.
                let part = labels.iter().any(|label| label.whole().overlap(&shape.place) > 0.3)
                    || shapes.iter().any(|other| {
                        other.form != Form::Icon && holds(other.place, shape.place) && other.place.height <= 3 * shape.place.height
                    });
                (!part).then(|| Element { role: Role::Icon, confidence: 0.5 * shape.sureness, ..bare(shape) })
            }
            Form::Filled | Form::Bordered => widget(shape, &within, labels, script, &rows),
        };
        if let Some(element) = found {
            let own = |at: &usize| element.text.is_some_and(|own| labels[*at].place.overlap(&own) > 0.5);
            for at in within.into_iter().filter(own) {
                taken[at] = true;
            }
            all.push(element);
        }
    }
    for (label, _) in labels.iter().zip(&taken).filter(|(label, taken)| !**taken && !label.words.is_empty()) {
        all.push(plain(label, script));
    }
    all.sort_by_key(|element| (element.place.y, element.place.x));
    all
}

/// An element of which nothing is known but its shape.
fn bare(shape: &Shape) -> Element {
    Element {
        words: Vec::new(),
        role: Role::Icon,
        called: None,
        place: shape.place,
        centre: shape.place.centre(),
        text: None,
        enabled: None,
        marked: None,
        confidence: 0.0,
    }
}

/// Text that is on no widget: a link if it is of a link's colour.
fn plain(label: &Label, script: &Script) -> Element {
    let colours = label.pieces.iter().filter_map(|&at| script.pieces.get(at)).find(|piece| piece.place == label.place);
    let (ink, ground) = colours.map_or(([0; 3], [255; 3]), |piece| (piece.ink, piece.ground));
    let (role, confidence) = if is_blue(ink) && !is_blue(ground) { (Role::Link, 0.6) } else { (Role::Text, 0.7) };
    Element {
        words: label.words.clone(),
        role,
        called: None,
        place: label.place,
        centre: label.place.centre(),
        text: Some(label.place),
        enabled: enabled(ink, ground),
        marked: None,
        confidence,
    }
}

/// A box to tick, with the label beside it: to the right as a rule, and never beyond another box.
fn ticked(shape: &Shape, role: Role, marked: bool, labels: &[Label], shapes: &[&Shape]) -> Element {
    let beside = |label: &&Label| {
        let own = label.place;
        let level = (own.centre().1 - shape.place.centre().1).abs() <= 0.6 * f64::from(shape.place.height.max(own.height));
        let gap = f64::from(own.x) - f64::from(shape.place.x + shape.place.width);
        level && (-2.0..=1.6 * f64::from(shape.place.height)).contains(&gap) && !holds(shape.place, own)
    };
    let free = |label: &&Label| {
        !shapes.iter().any(|other| {
            matches!(other.form, Form::Check { .. } | Form::Radio { .. })
                && other.place.x > shape.place.x
                && other.place.x < label.place.x
                && (other.place.centre().1 - shape.place.centre().1).abs() < f64::from(shape.place.height)
        })
    };
    let label = labels.iter().filter(beside).filter(free).min_by_key(|label| label.place.x);
    Element {
        words: label.map(|label| label.words.clone()).unwrap_or_default(),
        role,
        text: label.map(|label| label.place),
        marked: Some(marked),
        confidence: shape.sureness,
        ..bare(shape)
    }
}

/// Shapes of one height side by side, as the cells of a table are.
struct Rows {
    counts: std::collections::HashMap<(u32, u32), usize>,
}

impl Rows {
    fn of(shapes: &[&Shape]) -> Self {
        let mut counts = std::collections::HashMap::new();
        for shape in shapes.iter().filter(|shape| matches!(shape.form, Form::Bordered)) {
            *counts.entry((shape.place.y, shape.place.height)).or_default() += 1;
        }
        Self { counts }
    }

    fn beside(&self, shape: &Shape) -> usize {
        self.counts.get(&(shape.place.y, shape.place.height)).copied().unwrap_or_default()
    }

    /// Rows of the same heights as this one, the row itself among them.
    fn rows_like(&self, shape: &Shape) -> usize {
        self.counts.iter().filter(|((_, height), count)| *height == shape.place.height && **count >= 3).count()
    }
}

/// A bordered or filled widget with what stands in it: none, one label, and what of it is a panel is nothing.
fn widget(shape: &Shape, within: &[usize], labels: &[Label], script: &Script, rows: &Rows) -> Option<Element> {
    let (width, height) = (f64::from(shape.place.width), f64::from(shape.place.height));
    let sure = shape.sureness;
    let bordered = shape.form != Form::Filled;
    let [only] = within else {
        // A field in which nothing stands is much wider than tall; so is no icon's button.
        let empty = within.is_empty() && (16.0..=80.0).contains(&height) && bordered;
        let (role, confidence) = if empty && width >= 2.5 * height && colourfulness(shape.ground) < 60 {
            (Role::Field, 0.7 * sure)
        } else if within.is_empty() && width <= 2.0 * height && width >= 16.0 && height <= 80.0 {
            (Role::Button, 0.5 * sure)
        } else {
            return None;
        };
        return Some(Element { role, confidence, ..bare(shape) });
    };
    let label = &labels[*only];
    if height > 5.0 * label.capital + 8.0 {
        return None;
    }
    let whole = label.whole();
    let (left, right) =
        (f64::from(whole.x) - f64::from(shape.place.x), f64::from(shape.place.x + shape.place.width) - f64::from(whole.x + whole.width));
    let centred = (left - right).abs() <= (0.12 * width).max(5.0);
    let fits = right <= 3.2 * label.capital && left <= 3.2 * label.capital;
    let cell = bordered && rows.beside(shape) >= 3 && rows.rows_like(shape) >= 2;
    let stands_out = apart(shape.ground, shape.around) >= 60 || colourfulness(shape.ground) >= 60;
    let (role, confidence) = if cell {
        (Role::Cell, 0.7)
    } else if !bordered && stands_out && (centred || fits) {
        (Role::Button, 0.85)
    } else if shape.form == Form::Bordered && (centred || (fits && !label.aside.is_empty())) {
        (Role::Button, if centred { 0.75 } else { 0.6 })
    } else if bordered && left < 0.5 * right {
        (Role::Field, 0.7)
    } else if !bordered && left < right {
        (Role::MenuItem, 0.4)
    } else {
        return None;
    };
    let colours = label.pieces.iter().filter_map(|&at| script.pieces.get(at)).find(|piece| piece.place == label.place);
    Some(Element {
        words: label.words.clone(),
        role,
        text: Some(label.place),
        enabled: colours.and_then(|piece| enabled(piece.ink, piece.ground)),
        confidence: confidence * sure,
        ..bare(shape)
    })
}
