//! The words of this slice: places, flaws, candidates, the port to pixels.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::error::Result;

/// A rectangle in pixels of the screenshot, its origin at the top left.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// Left edge.
    pub x: u32,
    /// Top edge.
    pub y: u32,
    /// Width, at least 1.
    pub width: u32,
    /// Height, at least 1.
    pub height: u32,
}

impl Place {
    /// The middle, in pixels.
    pub fn centre(&self) -> (f64, f64) {
        (f64::from(self.x) + f64::from(self.width) / 2.0, f64::from(self.y) + f64::from(self.height) / 2.0)
    }

    /// Whether the point `x`, `y`, in pixels, lies on it.
    pub fn holds(&self, (x, y): (f64, f64)) -> bool {
        let within = |at: f64, from: u32, length: u32| (f64::from(from)..f64::from(from) + f64::from(length)).contains(&at);
        within(x, self.x, self.width) && within(y, self.y, self.height)
    }

    /// The shared area, as a share of the smaller of the two: 0 apart, 1 one inside the other.
    pub fn overlap(&self, other: &Self) -> f64 {
        let along = |a: u32, length_a: u32, b: u32, length_b: u32| {
            let (end_a, end_b) = (u64::from(a) + u64::from(length_a), u64::from(b) + u64::from(length_b));
            end_a.min(end_b).saturating_sub(u64::from(a.max(b)))
        };
        let shared = along(self.x, self.width, other.x, other.width) * along(self.y, self.height, other.y, other.height);
        let area = |place: &Self| u64::from(place.width) * u64::from(place.height);
        shared as f64 / area(self).min(area(other)).max(1) as f64
    }

    /// Whether it is no more than 1.6 times as wide as it is tall, nor as tall as it is wide.
    pub(super) fn is_about_square(&self) -> bool {
        let (width, height) = (f64::from(self.width), f64::from(self.height));
        width <= 1.6 * height && height <= 1.6 * width
    }

    /// The part of this place on a screen of `width` by `height`, if there is one.
    pub fn within(&self, (width, height): (u32, u32)) -> Option<Self> {
        if self.x >= width || self.y >= height || self.width == 0 || self.height == 0 {
            return None;
        }
        Some(Self { width: self.width.min(width - self.x), height: self.height.min(height - self.y), ..*self })
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{},{},{},{}", self.x, self.y, self.width, self.height)
    }
}

/// What makes a search pointless.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flaw {
    /// The screenshot is no PNG or JPEG, or a damaged one.
    ScreenUndecodable,
    /// The screenshot is black.
    ScreenBlack,
    /// The screenshot shows one colour.
    ScreenOneColour,
    /// The screenshot shows next to nothing on one shade.
    ScreenVacant,
    /// So much of the screenshot looks like letters, or takes so long to read, that nothing can be told from it.
    ScreenUnreadable,
    /// Nobody said what to look for.
    NothingAsked,
    /// The anchor is no PNG or JPEG, or a damaged one.
    AnchorUndecodable,
    /// The anchor shows nothing but one shade.
    AnchorFlat,
    /// The anchor is too small to be told from its surroundings.
    AnchorTooSmall,
    /// The anchor does not fit the screenshot, or the region of it.
    AnchorTooLarge,
    /// The anchor leaves nothing to compare: all of it is transparent, or what is not is too scattered.
    AnchorTransparent,
    /// The anchor looks the same a few pixels further on, as a rule or a grid does: nobody can say where it is.
    AnchorRepeats,
}

/// What is known of a place beyond its score.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Evidence {
    /// Mean difference of colour between the anchor and the place, levels 0 to 255.
    pub colour_mean: f64,
    /// The difference of colour that 98 of 100 pixels stay within, levels 0 to 255.
    pub colour_peak: f64,
    /// Correlation of luma once both are blurred, -1 to 1; negative where dark and light are exchanged.
    pub blurred: f64,
    /// Correlation of how steep both are, blurred, -1 to 1.
    pub edges: f64,
    /// What was measured part by part; only where the place was looked at closely.
    pub parts: Option<Parts>,
}

/// A place compared part by part, each part about as large as a letter or two and moved by a few pixels to where it fits best.
/// Likeness is up to 1, and the better of that of luma and that of edges unless it says which.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Parts {
    /// The least similar part.
    pub least: f64,
    /// What 97 of 100 parts reach.
    pub low: f64,
    /// What 85 of 100 parts reach.
    pub usual: f64,
    /// The least similar part when parts are as small as one letter.
    pub letter: f64,
    /// Luma of all parts, their mean.
    pub luma_mean: f64,
    /// Luma: what 95 of 100 parts reach.
    pub luma_low: f64,
    /// Edges of all parts, their mean.
    pub edge_mean: f64,
    /// Edges: what 95 of 100 parts reach.
    pub edge_low: f64,
    /// The difference of mean colour that 97 of 100 parts stay within, levels.
    pub colour_high: f64,
    /// The difference of mean colour of the part that is off most, levels.
    pub colour_most: f64,
    /// The same of colour without lightness: a red for a green, not a light grey for a dark one; levels.
    pub hue_most: f64,
    /// The difference of mean colour of the outermost pixels: of what the target stands on; levels.
    pub ground: f64,
    /// The deviation of the difference in luma of the part that differs most, levels.
    pub roughest: f64,
    /// What lies between dark and light at the place, as a share of what does in the anchor, in the channel where each has most:
    /// what is greyed out has half or less.
    pub contrast: f64,
    /// What lies between dark and light in the anchor, in the channel where it has most, levels.
    pub depth: f64,
    /// How far the colours of what is drawn are apart, levels; only where the contrasts are.
    pub inks: Option<f64>,
    /// How its strokes compare; only where they were compared.
    pub strokes: Option<Strokes>,
}

/// A place that may have been drawn anew, compared stroke by stroke once both are at the coarser one's size and each stroke is moved to
/// where it fits best. The same word drawn anew is a little different everywhere; another digit is quite different in one spot.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Strokes {
    /// The deviation of the difference over the spot of five by five pixels that differs most, as a share of the contrast around it.
    pub off: f64,
    /// The correlation over the spot of three by three pixels that is least alike, -1 to 1, noise allowed for.
    pub alike: f64,
    /// As `off`, over the spots that are more than a letter away from that one along the line: how different a true one looks there.
    pub elsewhere: f64,
    /// What differs at the left or the right edge at most, as a share of the contrast there: a letter more than there was.
    pub rim: f64,
}

/// A place that may be the target.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Candidate {
    /// Where.
    pub place: Place,
    /// The magnitude of the zero-mean normalised correlation of luma, 0 to 1; see [`Evidence::blurred`] for its sign.
    pub score: f64,
    /// The anchor's size there, 1 as it was recorded.
    pub scale: f64,
    /// What else was measured there.
    pub evidence: Evidence,
}

/// How one place stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// It is the answer.
    Hit,
    /// It would do, and so would another.
    Alike,
    /// It would do, and another is clearly better.
    Weaker,
    /// Its score is below the threshold.
    BelowThreshold,
    /// Its colours are not the anchor's.
    ColourDiffers,
    /// A part of it is not the anchor's: another word, another digit.
    PartDiffers,
    /// So much less alike than others that it was not looked at closely.
    Fainter,
    /// It says the text and is another kind of element.
    RoleDiffers,
    /// It says the text, in another row or farther from what it was to be near.
    Elsewhere,
    /// It may say the text: it was read with doubt, in two ways or as what only comes near to it, or a letter may be a digit.
    Unsure,
}

/// Whether `scale` is the anchor's size as it was recorded, neither shrunk nor grown.
pub fn is_recorded_scale(scale: f64) -> bool {
    (scale - 1.0).abs() < 1e-9
}

/// One search: what the port is asked.
#[derive(Debug, Clone, Copy)]
pub struct Search<'a> {
    /// The screenshot, PNG or JPEG.
    pub screenshot: &'a [u8],
    /// The anchor, PNG or JPEG.
    pub anchor: &'a [u8],
    /// The part of the screenshot that is searched; all of it when absent.
    pub region: Option<Place>,
    /// Scales of the anchor, in the order in which they are tried: the likely one first.
    pub scales: &'a [f64],
    /// Whether it is proven at each scale that no place has a higher correlation of luma than the best that is told.
    pub exact: bool,
    /// Whether all of the anchor must be there; if not, its empty flanks may be others at other scales.
    pub whole: bool,
}

impl Search<'_> {
    /// Whether `scale` is the one that the target is likely to be seen at.
    pub fn is_likely(&self, scale: f64) -> bool {
        self.scales.first().is_some_and(|likely| (likely - scale).abs() < 1e-9)
    }
}

/// What was seen.
#[derive(Debug, Clone, Default)]
pub struct Sighting {
    /// Width and height of the screenshot in pixels, if it could be decoded.
    pub screen: Option<(u32, u32)>,
    /// Width and height of the anchor in pixels, if it could be decoded.
    pub anchor: Option<(u32, u32)>,
    /// What made the search pointless, if anything did.
    pub flaw: Option<Flaw>,
    /// The flaw of a screenshot that shows next to nothing, if that was asked: none of it matters where something is found.
    pub vacancy: Option<Flaw>,
    /// The best places, best first, each once: of two that overlap by more than half at one scale both stand only if both are
    /// summits, about as good, and some pixels apart.
    pub candidates: Vec<Candidate>,
    /// The scales that were tried.
    pub scales: Vec<f64>,
    /// There were more places than are kept; the nearest to a point may be among those left out.
    pub truncated: bool,
}

impl Sighting {
    /// A search that was pointless.
    pub fn flawed(flaw: Flaw, screen: Option<(u32, u32)>) -> Self {
        Self { screen, flaw: Some(flaw), ..Self::default() }
    }
}

/// An edge of a picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// The left one.
    Left,
    /// The upper one.
    Top,
    /// The right one.
    Right,
    /// The lower one.
    Bottom,
}

impl Side {
    /// A word for people.
    pub fn word(self) -> &'static str {
        match self {
            Self::Left => "left",
            Self::Top => "top",
            Self::Right => "right",
            Self::Bottom => "bottom",
        }
    }
}

/// What an anchor is worth by itself.
#[derive(Debug, Clone, PartialEq)]
pub struct Quality {
    /// Width and height in pixels.
    pub size: (u32, u32),
    /// The standard deviation of its luma, levels.
    pub deviation: f64,
    /// What makes it useless on any screen.
    pub flaw: Option<Flaw>,
    /// The smallest step to the right or down after which it looks the same again, up to half of it, pixels.
    pub repeats: Option<(usize, usize)>,
    /// The edges at which something is cut off.
    pub clipped: Vec<Side>,
}

/// Looks at pixels. It measures; it decides nothing.
pub trait Pixels: Send + Sync {
    /// Looks for the anchor at each scale in turn, until `enough` says that the candidates so far will do.
    ///
    /// # Errors
    /// When a picture or the search itself is beyond a ceiling, or the region lies outside the screenshot.
    fn search(&self, search: &Search<'_>, enough: &dyn Fn(&[Candidate]) -> bool) -> Result<Sighting>;

    /// The one place that the older servers' rule chooses over its own scales and the whole screenshot, whatever its score; with
    /// `exact` none that reaches `threshold` is missed. No evidence is measured, and a flat anchor is no flaw.
    ///
    /// # Errors
    /// When a picture is beyond a ceiling.
    fn by_source_rule(&self, search: &Search<'_>, threshold: f64) -> Result<Sighting>;
}
