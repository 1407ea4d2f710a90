//! The words of reading: pieces of lines, montages, recognised words, and the ports to them.

use serde::{Deserialize, Serialize};

use super::shape::Shape;
use super::types::{Candidate, Flaw, Place};
use crate::error::Result;

/// A part of a line of text that is recognised by itself.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Piece {
    /// Where, exactly around its ink.
    pub place: Place,
    /// Which line it is of; the pieces of a line stand together, from left to right.
    pub line: u32,
    /// How tall its capitals are, about, pixels.
    pub capital: f64,
    /// It stands apart from the rest of its line or is taller: an icon, maybe, and maybe a letter.
    pub aside: bool,
    /// The middles of its gaps that are wide for a space, pixels: two labels may stand side by side there.
    pub breaks: Vec<u32>,
    /// The colour of its letters: red, green, blue.
    pub ink: [u8; 3],
    /// The colour that they stand on.
    pub ground: [u8; 3],
    /// Its words by their colours, from left to right; empty where all of them have the same.
    pub tints: Vec<Tint>,
    /// Thin lines that run below it, from top to bottom: an underline, the mark of a chosen tab, the border of a box.
    pub rules: Vec<Rule>,
}

/// Words side by side whose letters have one colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tint {
    /// The first of their columns, pixels from the left edge of the screen.
    pub from: u32,
    /// The column after the last one.
    pub to: u32,
    /// The colour of their letters: red, green, blue.
    pub ink: [u8; 3],
}

/// A thin line across.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rule {
    /// Where, as far as it has one colour.
    pub place: Place,
    /// Its colour: red, green, blue.
    pub colour: [u8; 3],
}

/// What a screenshot shows before anything is read.
#[derive(Debug, Clone, Default)]
pub struct Laid {
    /// Width and height of the screenshot in pixels, if it could be decoded.
    pub screen: Option<(u32, u32)>,
    /// What makes reading pointless, if anything does.
    pub flaw: Option<Flaw>,
    /// The flaw of a screenshot that shows next to nothing; it can be read all the same.
    pub vacancy: Option<Flaw>,
    /// What may be text, line by line from top to bottom.
    pub pieces: Vec<Piece>,
    /// What looks like a widget.
    pub shapes: Vec<Shape>,
}

/// Pieces of a screenshot put together for one recognition: dark on white, all about equally tall.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Montage {
    /// Pixels in a row.
    pub width: usize,
    /// Rows.
    pub height: usize,
    /// `width * height` bytes, 255 where there is no ink.
    pub pixels: Vec<u8>,
    /// Where each piece stands in it: its index, and its place. Pieces that show the very same may stand in one.
    pub spots: Vec<(usize, Place)>,
}

/// A word that was recognised.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Word {
    /// Its text, without white space.
    pub text: String,
    /// Where, in pixels of what it was recognised on.
    pub place: Place,
    /// How sure the reader is of it, 0 to 1.
    pub confidence: f64,
}

impl Word {
    /// Whether it is what it was read as. With less confidence it may have been misread.
    pub(super) fn is_sure(&self) -> bool {
        self.confidence >= 0.8
    }
}

/// Finds what may be text. It reads nothing.
pub trait Layout: Send + Sync {
    /// The pieces of lines on `screenshot`, PNG or JPEG.
    ///
    /// # Errors
    /// When the picture is beyond a ceiling. One that cannot be decoded is a flaw, no error.
    fn lay(&self, screenshot: &[u8]) -> Result<Laid>;

    /// `pieces` of `screenshot` as pictures to be read, the capitals of each about as many pixels tall as stands beside it, on as many
    /// montages as it takes, and on up to `parts` that take about as long to read if there is much of it.
    ///
    /// # Errors
    /// When the picture is beyond a ceiling or cannot be decoded.
    fn montages(&self, screenshot: &[u8], pieces: &[(Piece, f64)], parts: usize) -> Result<Vec<Montage>>;

    /// Which of `others` look as `piece` does, letter for letter, whatever they were read as.
    ///
    /// # Errors
    /// When the picture is beyond a ceiling or cannot be decoded.
    fn twins(&self, screenshot: &[u8], piece: &Piece, others: &[Piece]) -> Result<Vec<usize>>;

    /// What looks like `place` anywhere on the screenshot, at its own size: the candidates of a search for that very part of it.
    ///
    /// # Errors
    /// When the picture or the search is beyond a ceiling, or the place does not lie on it.
    fn echoes(&self, screenshot: &[u8], place: Place) -> Result<Vec<Candidate>>;

    /// Where the letters drawn at `word`, a part of `piece`, stand beside one another, from left to right, as many times enlarged as all
    /// of them are.
    ///
    /// # Errors
    /// When the picture is beyond a ceiling or cannot be decoded.
    fn glyphs(&self, screenshot: &[u8], piece: &Piece, word: Place) -> Result<Vec<Place>>;
}

/// Reads text. What it is given is dark on white; what it gives is words, not lines.
pub trait Text: Send + Sync {
    /// The words on each montage.
    ///
    /// # Errors
    /// [`Kind::Unavailable`](crate::error::Kind::Unavailable) with code `ocr_unavailable` when there is no reader, and
    /// [`Kind::Timeout`](crate::error::Kind::Timeout) when it took too long.
    fn recognise(&self, montages: &[Montage]) -> Result<Vec<Vec<Word>>>;

    /// Something is about to be read: what takes its time before may begin. What goes wrong is told by [`Text::recognise`].
    fn expect(&self);

    /// All that was to be read of a screenshot has been: what the next one will need may begin.
    fn rest(&self);

    /// Whether there is a reader at all.
    ///
    /// # Errors
    /// As [`Text::recognise`].
    fn ready(&self) -> Result<()>;

    /// Montages that are read at once.
    fn calls(&self) -> usize;

    /// What else than the picture the words depend on: the languages, and the version of the reader.
    fn manner(&self) -> String;
}

/// What was read of a screenshot so far.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Script {
    /// Width and height of the screenshot in pixels.
    pub screen: (u32, u32),
    /// Its pieces.
    pub pieces: Vec<Piece>,
    /// What looks like a widget on it.
    pub shapes: Vec<Shape>,
    /// The words of each piece, from left to right in pixels of the screenshot; none where it was not read yet.
    pub words: Vec<Option<Vec<Word>>>,
    /// The same, read once more at another size; only of pieces that were looked at twice.
    pub again: Vec<Option<Vec<Word>>>,
    /// Places, and what was found to look as each of them does.
    pub alike: Vec<(Place, Vec<Place>)>,
    /// Words, and where the letters of each stand.
    pub glyphs: Vec<(Place, Vec<Place>)>,
}

/// Remembers what was read, by the content of the screenshot. It may forget at any time.
pub trait Memory: Send + Sync {
    /// What is remembered of the screenshot that `screenshot` are the bytes of, as it is read in this `manner`.
    fn recall(&self, screenshot: &[u8], manner: &str) -> Option<Script>;

    /// Remembers `script` in place of what was remembered.
    fn keep(&self, screenshot: &[u8], manner: &str, script: &Script);
}
