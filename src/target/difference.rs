//! Whether an action changed anything, and where: the port to two screenshots, and the rule by which they are judged.
//!
//! Knows no pictures: what differs comes in through [`Compare`].

use super::types::Place;
use crate::error::Result;

/// How far beside an action a change still counts as its own, as a share of the screen's width. A click on the middle of a
/// field changes text at its left end: of 243 targets on recorded screens nine in ten are at most 210 pixels wide of 1920,
/// which is 105 to a side, and a focus ring or a shadow stands a little outside.
const REACH_ACROSS: f64 = 0.07;

/// The same downwards and upwards, as a share of the height: nine in ten targets are at most 67 pixels high of 1080.
const REACH_DOWN: f64 = 0.05;

/// The least reach in pixels, for pictures that are parts of a screen: about a button.
const LEAST_REACH: f64 = 24.0;

/// What differs between two screenshots of the same size.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comparison {
    /// Width and height of both in pixels.
    pub screen: (u32, u32),
    /// Rectangles that hold what changed, apart from each other, the largest first.
    pub regions: Vec<Place>,
    /// What changed too, and comes by itself.
    pub ignored: Vec<Ignored>,
}

impl Comparison {
    /// Whether both show the same: nothing changed, a caret, a clock and a mouse cursor aside.
    pub fn is_unchanged(&self) -> bool {
        self.regions.is_empty()
    }
}

/// A change that no action causes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ignored {
    /// Where.
    pub place: Place,
    /// What it is.
    pub why: Passing,
}

/// What comes and goes by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Passing {
    /// The blinking bar where text is typed.
    Caret,
    /// The clock in the corner of the screen.
    Clock,
    /// The mouse cursor.
    Cursor,
}

impl Passing {
    /// The word in an answer and on a drawing.
    pub fn word(self) -> &'static str {
        match self {
            Self::Caret => "caret",
            Self::Clock => "clock",
            Self::Cursor => "cursor",
        }
    }
}

/// Why two pictures cannot be compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotComparable {
    /// The first is no PNG or JPEG, or a damaged one.
    BeforeUndecodable,
    /// The second is.
    AfterUndecodable,
    /// They differ in size: width and height of the first, then of the second.
    Sizes((u32, u32), (u32, u32)),
}

/// What came of looking at two pictures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// They could be compared.
    Compared(Comparison),
    /// They could not.
    NotComparable(NotComparable),
}

/// The port: whoever can look at two encoded pictures.
pub trait Compare: Send + Sync {
    /// What differs between `before` and `after`, each PNG or JPEG.
    ///
    /// # Errors
    /// When a picture is beyond a ceiling. One that cannot be decoded is an answer, not an error.
    fn compare(&self, before: &[u8], after: &[u8]) -> Result<Outcome>;
}

/// What is said of two screenshots.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// Something changed at the place of the action, or beside it.
    Here,
    /// Something changed, but not there.
    Elsewhere,
    /// Something changed; nobody said where the action was.
    Somewhere,
    /// Nothing changed.
    Nothing,
    /// Nobody can tell.
    Unknown,
}

impl Change {
    /// The verdict in an answer.
    pub fn word(self) -> &'static str {
        match self {
            Self::Here => "changed_here",
            Self::Elsewhere => "changed_elsewhere",
            Self::Somewhere => "changed",
            Self::Nothing => "unchanged",
            Self::Unknown => "not_comparable",
        }
    }
}

/// A verdict with what it rests on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judgement {
    /// The verdict.
    pub verdict: Change,
    /// What changed, the largest first.
    pub regions: Vec<Place>,
    /// What changed too and does not count.
    pub ignored: Vec<Ignored>,
    /// The verdict in a sentence, without a full stop.
    pub detail: String,
}

/// Judges `outcome` for an action at `at`, shares of the screen's width and height from 0 to 1, if it had a place.
///
/// A clock counts like everything else where the action was: what is clicked there is no clock, or was meant.
pub fn judge(outcome: &Outcome, at: Option<(f64, f64)>) -> Judgement {
    let comparison = match outcome {
        Outcome::Compared(comparison) => comparison,
        Outcome::NotComparable(why) => {
            return Judgement { verdict: Change::Unknown, regions: Vec::new(), ignored: Vec::new(), detail: why.sentence() };
        }
    };
    let near = |place: &Place| at.is_some_and(|at| is_near(*place, at, comparison.screen));
    let is_meant = |ignored: &&Ignored| ignored.why == Passing::Clock && near(&ignored.place);
    let mut regions = comparison.regions.clone();
    regions.extend(comparison.ignored.iter().filter(is_meant).map(|ignored| ignored.place));
    let ignored: Vec<Ignored> = comparison.ignored.iter().filter(|ignored| !is_meant(ignored)).copied().collect();
    let here = regions.iter().filter(|region| near(region)).count();
    let verdict = match (regions.is_empty(), at) {
        (true, _) => Change::Nothing,
        (false, None) => Change::Somewhere,
        (false, Some(_)) if here > 0 => Change::Here,
        (false, Some(_)) => Change::Elsewhere,
    };
    let detail = match verdict {
        Change::Here if regions.len() == 1 => "1 region changed, at the place of the action".to_owned(),
        Change::Here => format!("{} changed, {here} of them at the place of the action", count(&regions)),
        Change::Elsewhere if regions.len() == 1 => "1 region changed, not at the place of the action".to_owned(),
        Change::Elsewhere => format!("{} changed, none at the place of the action", count(&regions)),
        Change::Nothing if !ignored.is_empty() => format!("nothing changed but {}", listed(&ignored)),
        Change::Nothing => "nothing changed".to_owned(),
        _ => format!("{} changed", count(&regions)),
    };
    Judgement { verdict, regions, ignored, detail }
}

impl NotComparable {
    /// A sentence without a full stop.
    pub fn sentence(self) -> String {
        match self {
            Self::BeforeUndecodable => "the first picture is not a whole PNG or JPEG".to_owned(),
            Self::AfterUndecodable => "the second picture is not a whole PNG or JPEG".to_owned(),
            Self::Sizes((w, h), (w2, h2)) => format!("the pictures differ in size: {w}x{h} and {w2}x{h2} pixels"),
        }
    }
}

/// Whether `place` lies within reach of `at`, shares of the screen.
fn is_near(place: Place, (x, y): (f64, f64), (width, height): (u32, u32)) -> bool {
    let beside = |at: f64, start: u32, length: u32| {
        let (start, end) = (f64::from(start), f64::from(start) + f64::from(length));
        (start - at).max(at - end).max(0.0)
    };
    let (width, height) = (f64::from(width), f64::from(height));
    beside(x * width, place.x, place.width) <= (REACH_ACROSS * width).max(LEAST_REACH)
        && beside(y * height, place.y, place.height) <= (REACH_DOWN * height).max(LEAST_REACH)
}

fn count(regions: &[Place]) -> String {
    if regions.len() == 1 { "1 region".to_owned() } else { format!("{} regions", regions.len()) }
}

/// `a caret, a clock`: each kind once.
fn listed(ignored: &[Ignored]) -> String {
    let there = |why: Passing| ignored.iter().any(|one| one.why == why).then(|| format!("a {}", why.word()));
    [Passing::Caret, Passing::Clock, Passing::Cursor].into_iter().filter_map(there).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const SCREEN: (u32, u32) = (1920, 1080);

    fn place(x: u32, y: u32) -> Place {
        Place { x, y, width: 20, height: 10 }
    }

    fn outcome(regions: &[Place], ignored: &[(Place, Passing)]) -> Outcome {
        let ignored = ignored.iter().map(|(place, why)| Ignored { place: *place, why: *why }).collect();
        Outcome::Compared(Comparison { screen: SCREEN, regions: regions.to_vec(), ignored })
    }

    #[expect(clippy::unnecessary_wraps, reason = "as the judge takes it")]
    fn at(x: u32, y: u32) -> Option<(f64, f64)> {
        Some((f64::from(x) / f64::from(SCREEN.0), f64::from(y) / f64::from(SCREEN.1)))
    }

    #[test]
    fn a_change_is_here_within_reach_and_elsewhere_beyond() {
        let seen = outcome(&[place(500, 500)], &[]);
        for (x, y, verdict) in [
            (510, 505, Change::Here),
            (654, 505, Change::Here),
            (655, 505, Change::Elsewhere),
            (366, 500, Change::Here),
            (365, 500, Change::Elsewhere),
            (510, 446, Change::Here),
            (510, 445, Change::Elsewhere),
            (510, 565, Change::Elsewhere),
        ] {
            assert_eq!(judge(&seen, at(x, y)).verdict, verdict, "{x},{y}");
        }
        assert_eq!(judge(&seen, None).verdict, Change::Somewhere);
        let far = judge(&outcome(&[place(0, 0), place(1800, 1000)], &[]), at(900, 500));
        assert_eq!((far.verdict, far.detail.as_str()), (Change::Elsewhere, "2 regions changed, none at the place of the action"));
    }

    #[test]
    fn what_passes_by_itself_is_no_change() {
        let seen = outcome(&[], &[(place(0, 0), Passing::Caret), (place(9, 9), Passing::Cursor), (place(50, 9), Passing::Caret)]);
        let judged = judge(&seen, at(5, 5));
        assert_eq!((judged.verdict, judged.detail.as_str()), (Change::Nothing, "nothing changed but a caret, a cursor"));
        assert_eq!(judged.ignored.len(), 3);
        assert_eq!(judge(&outcome(&[], &[]), None).detail, "nothing changed");
    }

    #[test]
    fn a_clock_counts_where_the_action_was() {
        let seen = outcome(&[], &[(place(1860, 1050), Passing::Clock)]);
        assert_eq!(judge(&seen, None).verdict, Change::Nothing);
        assert_eq!(judge(&seen, at(100, 100)).verdict, Change::Nothing);
        let judged = judge(&seen, at(1850, 1060));
        assert_eq!((judged.verdict, judged.regions.len(), judged.ignored.len()), (Change::Here, 1, 0));
    }

    #[test]
    fn what_cannot_be_compared_is_said_in_words() {
        for (why, part) in [
            (NotComparable::BeforeUndecodable, "first"),
            (NotComparable::AfterUndecodable, "second"),
            (NotComparable::Sizes((8, 9), (10, 9)), "8x9 and 10x9"),
        ] {
            let judged = judge(&Outcome::NotComparable(why), at(1, 1));
            assert_eq!(judged.verdict.word(), "not_comparable");
            assert!(judged.detail.contains(part), "{}", judged.detail);
        }
    }

    proptest! {
        #[test]
        fn any_place_is_judged(x in any::<f64>(), y in any::<f64>(), left in 0..1900_u32, top in 0..1070_u32) {
            let judged = judge(&outcome(&[place(left, top)], &[]), Some((x, y)));
            prop_assert!(matches!(judged.verdict, Change::Here | Change::Elsewhere));
        }

        #[test]
        fn inside_a_region_is_here(left in 0..1900_u32, top in 0..1070_u32, dx in 0..20_u32, dy in 0..10_u32) {
            prop_assert_eq!(judge(&outcome(&[place(left, top)], &[]), at(left + dx, top + dy)).verdict, Change::Here);
        }
    }
}
