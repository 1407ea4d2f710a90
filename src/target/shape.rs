//! What looks like a widget on a screenshot, before anybody has read a word of it.

use serde::{Deserialize, Serialize};

use super::types::Place;

/// What a shape looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Form {
    /// An area that stands out from its surroundings by its colour and has no line of its own around it.
    Filled,
    /// An area with a line around it that is neither of the colour inside nor of the one outside. The two may differ as well.
    Bordered,
    /// A small bordered or filled square.
    Check {
        /// Something is drawn in it.
        marked: bool,
    },
    /// A small circle with a line around it.
    Radio {
        /// Something is drawn in it.
        marked: bool,
    },
    /// A compact drawing that is no letter as far as can be told.
    Icon,
}

/// A widget's outline on the screen. Shapes may lie in one another, as a button lies in a panel.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Shape {
    /// Its outermost pixels, a border included.
    pub place: Place,
    /// What it looks like.
    pub form: Form,
    /// The most frequent colour inside: red, green, blue.
    pub ground: [u8; 3],
    /// The most frequent colour just outside: red, green, blue.
    pub around: [u8; 3],
    /// How clearly it is one, 0 to 1.
    pub sureness: f64,
}
