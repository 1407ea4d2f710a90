//! From changed blocks to what a person would point at: blocks that lie together, and the pixels in them that changed.

use super::super::picture::Picture;
use super::blocks::{Grid, SIDE};
use crate::target::Place;

/// Blocks this far apart, counted in blocks, belong together: up to 8 pixels between them. What is farther off is looked at by
/// itself, so that a caret beside a letter is part of what was typed, and one in another field is a caret.
const TOGETHER: usize = 2;

/// Regions that are told at most. More are joined over larger gaps until they are fewer.
const MOST: usize = 256;

/// A pixel belongs to a change if it is off by this share of what the most changed pixel is off: less is ringing and softened
/// edges, which JPEG leaves up to a fifth of the contrast.
const SHARE_OF_PEAK: f64 = 0.4;

/// Changed blocks that lie together: column and row of each.
pub(super) type Cluster = Vec<(usize, usize)>;

/// The changed pixels of a small part of the screen, and what it showed before and after.
#[derive(Debug, Clone)]
pub(super) struct Patch {
    /// Where the part lies on the screen.
    pub(super) place: Place,
    /// One flag a pixel, rows from the top.
    pub(super) mask: Vec<bool>,
    /// The part before.
    pub(super) before: Picture,
    /// The part after.
    pub(super) after: Picture,
    /// By how much the most changed pixel is off, levels.
    pub(super) peak: u8,
}

/// Flagged blocks, joined where they are `TOGETHER`, or farther if they would be too many.
pub(super) fn clusters(grid: &Grid) -> Vec<Cluster> {
    let mut gap = TOGETHER;
    loop {
        let found = joined(grid, gap);
        if found.len() <= MOST || gap > grid.columns.max(grid.rows) {
            return found;
        }
        gap *= 2;
    }
}

fn joined(grid: &Grid, gap: usize) -> Vec<Cluster> {
    let mut left = grid.flags.clone();
    let mut found = Vec::new();
    for start in grid.flagged() {
        if !std::mem::take(&mut left[start.1 * grid.columns + start.0]) {
            continue;
        }
        let mut cluster = vec![start];
        let mut next = 0;
        while let Some(&(column, row)) = cluster.get(next) {
            next += 1;
            for y in row.saturating_sub(gap)..=(row + gap).min(grid.rows - 1) {
                for x in column.saturating_sub(gap)..=(column + gap).min(grid.columns - 1) {
                    if std::mem::take(&mut left[y * grid.columns + x]) {
                        cluster.push((x, y));
                    }
                }
            }
        }
        found.push(cluster);
    }
    found
}

/// The smallest rectangle around the pixels of `cluster` that changed.
pub(super) fn extent(cluster: &Cluster, before: &Picture, after: &Picture) -> Place {
    let (mut left, mut top, mut right, mut bottom) = (usize::MAX, usize::MAX, 0, 0);
    for &(column, row) in cluster {
        let (across, down) = span(column, row, before);
        let peak = down.clone().flat_map(|y| across.clone().map(move |x| (x, y))).map(|(x, y)| off(before, after, x, y)).max();
        let floor = floor_of(peak.unwrap_or(0));
        for y in down {
            for x in across.clone().filter(|x| off(before, after, *x, y) >= floor) {
                (left, top, right, bottom) = (left.min(x), top.min(y), right.max(x + 1), bottom.max(y + 1));
            }
        }
    }
    place(left, top, right, bottom)
}

/// The rectangle of the blocks of `cluster`, with `margin` pixels around as far as there are any.
pub(super) fn bounds(cluster: &Cluster, margin: usize, picture: &Picture) -> Place {
    let (mut left, mut top, mut right, mut bottom) = (usize::MAX, usize::MAX, 0, 0);
    for &(column, row) in cluster {
        let (across, down) = span(column, row, picture);
        (left, top, right, bottom) = (left.min(across.start), top.min(down.start), right.max(across.end), bottom.max(down.end));
    }
    let (right, bottom) = ((right + margin).min(picture.width), (bottom + margin).min(picture.height));
    place(left.saturating_sub(margin), top.saturating_sub(margin), right, bottom)
}

impl Patch {
    /// The part of both pictures at `place`, and its pixels that are off by a good share of the most.
    pub(super) fn cut(place: Place, before: &Picture, after: &Picture) -> Self {
        let (before, after) = (before.crop(place), after.crop(place));
        let off: Vec<u8> =
            (0..before.height).flat_map(|y| (0..before.width).map(move |x| (x, y))).map(|(x, y)| off(&before, &after, x, y)).collect();
        let peak = off.iter().copied().max().unwrap_or(0);
        let floor = floor_of(peak);
        Self { place, mask: off.iter().map(|off| *off >= floor).collect(), before, after, peak }
    }

    /// Groups of changed pixels that touch, also at a corner: the rectangle and the number of pixels of each, in pixels of the
    /// patch. None when there are more than `most`.
    pub(super) fn pieces(&self, most: usize) -> Option<Vec<(Place, usize)>> {
        let (columns, rows) = (self.before.width, self.before.height);
        let grid = Grid { columns, rows, flags: self.mask.clone() };
        let groups = joined(&grid, 1);
        (groups.len() <= most).then(|| groups.iter().map(|group| (around(group), group.len())).collect())
    }

    /// The rectangle around all changed pixels, in pixels of the patch.
    pub(super) fn marked(&self) -> Place {
        let columns = self.before.width;
        around(&self.mask.iter().enumerate().filter(|(_, on)| **on).map(|(index, _)| (index % columns, index / columns)).collect())
    }

    /// Whether the pixel changed; what lies outside the patch did not.
    pub(super) fn is_marked(&self, x: i64, y: i64) -> bool {
        let inside = x >= 0 && y >= 0 && x < self.before.width as i64 && y < self.before.height as i64;
        inside && self.mask[y as usize * self.before.width + x as usize]
    }
}

/// The largest first, of equals in raster order; those that overlap as one.
pub(super) fn apart(mut places: Vec<Place>) -> Vec<Place> {
    let area = |place: &Place| u64::from(place.width) * u64::from(place.height);
    let mut merged: Vec<Place> = Vec::new();
    while let Some(mut place) = places.pop() {
        // A rectangle that has grown may reach others that it did not before.
        while let Some(index) = merged.iter().position(|other| other.overlap(&place) > 0.0) {
            place = union(merged.swap_remove(index), place);
        }
        merged.push(place);
    }
    merged.sort_by_key(|place| (std::cmp::Reverse(area(place)), place.y, place.x));
    merged
}

fn union(a: Place, b: Place) -> Place {
    let (right, bottom) = ((a.x + a.width).max(b.x + b.width), (a.y + a.height).max(b.y + b.height));
    let (x, y) = (a.x.min(b.x), a.y.min(b.y));
    Place { x, y, width: right - x, height: bottom - y }
}

fn around(pixels: &Cluster) -> Place {
    let (mut left, mut top, mut right, mut bottom) = (usize::MAX, usize::MAX, 0, 0);
    for &(x, y) in pixels {
        (left, top, right, bottom) = (left.min(x), top.min(y), right.max(x + 1), bottom.max(y + 1));
    }
    place(left, top, right, bottom)
}

fn place(left: usize, top: usize, right: usize, bottom: usize) -> Place {
    Place { x: left as u32, y: top as u32, width: right.saturating_sub(left) as u32, height: bottom.saturating_sub(top) as u32 }
}

fn span(column: usize, row: usize, picture: &Picture) -> (std::ops::Range<usize>, std::ops::Range<usize>) {
    let (left, top) = (column * SIDE, row * SIDE);
    (left..(left + SIDE).min(picture.width), top..(top + SIDE).min(picture.height))
}

/// By how many levels the most changed channel of a pixel is off.
fn off(before: &Picture, after: &Picture, x: usize, y: usize) -> u8 {
    let of = |picture: &Picture, channel: usize| picture.rgb[3 * (y * picture.width + x) + channel];
    (0..3).map(|channel| of(before, channel).abs_diff(of(after, channel))).max().unwrap_or(0)
}

fn floor_of(peak: u8) -> u8 {
    ((f64::from(peak) * SHARE_OF_PEAK).ceil() as u8).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn grid(columns: usize, rows: usize, flagged: &[(usize, usize)]) -> Grid {
        let mut flags = vec![false; columns * rows];
        for (x, y) in flagged {
            flags[y * columns + x] = true;
        }
        Grid { columns, rows, flags }
    }

    #[test]
    fn blocks_with_one_between_them_belong_together() {
        let found = clusters(&grid(12, 6, &[(0, 0), (2, 1), (4, 3), (7, 3), (11, 5)]));
        assert_eq!(found, [vec![(0, 0), (2, 1), (4, 3)], vec![(7, 3)], vec![(11, 5)]]);
    }

    #[test]
    fn too_many_are_joined() {
        let scattered: Vec<(usize, usize)> = (0..40).flat_map(|x| (0..40).map(move |y| (3 * x, 3 * y))).collect();
        let found = clusters(&grid(120, 120, &scattered));
        assert_eq!((found.len(), found[0].len()), (1, 1600));
    }

    proptest! {
        #[test]
        fn what_is_apart_does_not_overlap_and_loses_nothing(corners in proptest::collection::vec((0..200_u32, 0..200_u32, 1..40_u32, 1..40_u32), 0..40)) {
            let places: Vec<Place> = corners.iter().map(|&(x, y, width, height)| Place { x, y, width, height }).collect();
            let merged = apart(places.clone());
            for (index, one) in merged.iter().enumerate() {
                prop_assert!(merged[index + 1..].iter().all(|other| other.overlap(one) <= 0.0));
            }
            for place in places {
                prop_assert!(merged.iter().any(|one| union(*one, place) == *one));
            }
        }
    }
}
