//! The words of elements: what kinds there are and what is known of one. How they are told is not known here.

use std::fmt;

use super::reading::Word;
use super::shape::Shape;
use super::types::Place;

/// From this confidence on a role is what it was told to be; below it the element may be of another, 0 to 1.
pub(super) const SURE_ROLE: f64 = 0.5;

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
            "field" | "champ" | "input" | "textfield" | "textbox" | "edit" | "forminput" | "textarea" | "combobox" | "select"
            | "dropdown" | "listederoulante" | "searchbox" | "spinbutton" => Self::Field,
            "checkbox" | "check" | "case" | "caseacocher" => Self::Checkbox,
            "radio" | "radiobutton" => Self::Radio,
            "menuitem" | "menu" | "listitem" | "treeitem" | "option" => Self::MenuItem,
            "tab" | "onglet" | "tabitem" => Self::Tab,
            "cell" | "cellule" | "tablecell" | "dataitem" | "gridcell" | "columnheader" | "rowheader" => Self::Cell,
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
    /// An element of which nothing is known but its shape.
    pub(super) fn bare(shape: &Shape) -> Self {
        Self {
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

    /// Whether it is text that lies on no widget: where it is, is where its text stands.
    pub(super) fn is_bare(&self) -> bool {
        self.text == Some(self.place)
    }

    /// How sure it is what it was called, 0 to 1; another program knows what it says.
    pub(super) fn surety(&self) -> f64 {
        if self.called.is_some() { 1.0 } else { self.confidence }
    }

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
