//! The adapter: two encoded pictures in, what differs between them out.

use super::super::decode::{Ceilings, decode};
use super::super::picture::Picture;
use super::blocks::{Grid, Pair};
use super::clusters::{Cluster, Patch, apart, bounds, clusters, extent};
use super::noise::{Noise, USUAL};
use super::shapes::{MOST_SIDE, passing};
use crate::error::{Kind, Result};
use crate::target::{Compare, Comparison, Ignored, Judgement, NotComparable, Outcome};

/// Changed blocks, in 1,000 of all, from which on it is asked whether this may be a loss that the files don't tell of.
const SUSPICIOUS: usize = 10;

/// If a usual loss explains all but one in so many of the blocks, it was one.
const EXPLAINED: usize = 50;

/// Pixels around changed blocks in which the rest of a shape may lie.
const MARGIN: usize = 4;

/// Finds what changed between two screenshots, block by block.
#[derive(Debug, Clone, Copy)]
pub struct Differences {
    ceilings: Ceilings,
}

impl Differences {
    /// With these ceilings on each picture.
    pub fn new(ceilings: Ceilings) -> Self {
        Self { ceilings }
    }

    /// A copy of `after` with `judgement` drawn on it, and a cross at `at` (shares of width and height), as PNG.
    ///
    /// # Errors
    /// When `after` cannot be decoded.
    pub fn annotate(&self, after: &[u8], judgement: &Judgement, at: Option<(f64, f64)>) -> Result<Vec<u8>> {
        super::draw::annotate(&decode(after, self.ceilings)?, judgement, at)
    }

    /// The picture, or `None` where it is none.
    fn read(&self, bytes: &[u8]) -> Result<Option<Picture>> {
        match decode(bytes, self.ceilings) {
            Ok(picture) => Ok(Some(picture)),
            Err(error) if error.kind() == Kind::TooLarge => Err(error),
            Err(_) => Ok(None),
        }
    }
}

impl Compare for Differences {
    fn compare(&self, before: &[u8], after: &[u8]) -> Result<Outcome> {
        let Some(first) = self.read(before)? else { return Ok(Outcome::NotComparable(NotComparable::BeforeUndecodable)) };
        let screen = size(&first);
        if before == after {
            return Ok(Outcome::Compared(Comparison { screen, regions: Vec::new(), ignored: Vec::new() }));
        }
        let Some(second) = self.read(after)? else { return Ok(Outcome::NotComparable(NotComparable::AfterUndecodable)) };
        if size(&second) != screen {
            return Ok(Outcome::NotComparable(NotComparable::Sizes(screen, size(&second))));
        }
        let lost = [Noise::of(before), Noise::of(after)];
        Ok(Outcome::Compared(compare(&Pair { before: &first, after: &second, lost })))
    }
}

fn size(picture: &Picture) -> (u32, u32) {
    (picture.width as u32, picture.height as u32)
}

/// What differs between two decoded pictures of one size.
fn compare(pair: &Pair<'_>) -> Comparison {
    let changed = beyond_hidden_loss(pair, pair.changed());
    let screen = size(pair.before);
    let (mut regions, mut ignored) = (Vec::new(), Vec::new());
    for cluster in clusters(&changed) {
        let place = extent(&cluster, pair.before, pair.after);
        match by_itself(pair, &cluster, screen) {
            Some(why) => ignored.push(Ignored { place, why }),
            None => regions.push(place),
        }
    }
    ignored.sort_by_key(|ignored| (ignored.place.y, ignored.place.x));
    Comparison { screen, regions: apart(regions), ignored }
}

fn by_itself(pair: &Pair<'_>, cluster: &Cluster, screen: (u32, u32)) -> Option<crate::target::Passing> {
    let place = bounds(cluster, MARGIN, pair.before);
    if place.width > MOST_SIDE || place.height > MOST_SIDE {
        return None;
    }
    passing(&Patch::cut(place, pair.before, pair.after), screen)
}

/// `changed` without what a loss explains that no file tells of: a picture that was JPEG and is PNG now, or a better JPEG.
///
/// It is asked only where most of what the screen shows is a little off and its empty parts are not. A page that gave way to
/// another is far off, and one that came out of an empty one is off where there was nothing.
fn beyond_hidden_loss(pair: &Pair<'_>, changed: Grid) -> Grid {
    let count = changed.count();
    if count * 1000 < SUSPICIOUS * changed.flags.len() || !pair.looks_re_encoded(&changed) {
        return changed;
    }
    let explained = USUAL.iter().map(|noise| pair.changed_beyond(*noise)).find(|left| left.count() * EXPLAINED <= count);
    explained.unwrap_or(changed)
}
