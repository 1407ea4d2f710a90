//! The best places of a map of scores, each place once.

use super::reference::Map;
use crate::target::Place;

/// A local maximum of a map.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Peak {
    /// The place, of the anchor's size.
    pub place: Place,
    /// The score there, -1 to 1.
    pub score: f64,
}

/// How near in score two overlapping summits must be for both to stand.
const ABOUT_AS_GOOD: f64 = 0.03;

/// Summits within so many pixels of each other, in both directions, are one place however good they are.
const ONE_PLACE: u32 = 6;

/// Whether `other` is the same place as `better`, which scores at least as much: it shares more than half of its area, and is not a
/// summit of its own that is about as good some pixels away. An anchor of equal parts in a row (stars, dots, cells) has such summits
/// wherever the row goes on, and nothing tells which of them was meant.
pub(super) fn same_place(better: Peak, other: Peak) -> bool {
    let apart = better.place.x.abs_diff(other.place.x).max(better.place.y.abs_diff(other.place.y));
    let twin = apart > ONE_PLACE && better.score - other.score < ABOUT_AS_GOOD;
    better.place.overlap(&other.place) > 0.5 && !twin
}

/// At most `count` places of `map` with a score of at least `floor`, best first; of equal ones the first in raster order.
/// What is the same place as a better one is left out (non-maximum suppression). `width` and `height` are the anchor's.
pub fn peaks(map: &Map, (width, height): (usize, usize), floor: f64, count: usize) -> Vec<Peak> {
    let mut found: Vec<(usize, f32)> = Vec::new();
    for y in 0..map.height {
        for x in 0..map.width {
            let score = map.scores[y * map.width + x];
            if f64::from(score) >= floor && is_summit(map, x, y, score) {
                found.push((y * map.width + x, score));
            }
        }
    }
    found.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    let mut kept: Vec<Peak> = Vec::new();
    for (at, score) in found {
        let place = Place { x: (at % map.width) as u32, y: (at / map.width) as u32, width: width as u32, height: height as u32 };
        let peak = Peak { place, score: f64::from(score) };
        if !kept.iter().any(|better| same_place(*better, peak)) {
            kept.push(peak);
            if kept.len() == count {
                break;
            }
        }
    }
    kept
}

/// Whether no neighbour scores higher; on a plateau every place is a summit, and suppression keeps the first.
fn is_summit(map: &Map, x: usize, y: usize, score: f32) -> bool {
    let columns = x.saturating_sub(1)..=(x + 1).min(map.width - 1);
    (y.saturating_sub(1)..=(y + 1).min(map.height - 1)).all(|v| columns.clone().all(|u| map.scores[v * map.width + u] <= score))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn map(width: usize, scores: &[f32]) -> Map {
        Map { width, height: scores.len() / width, scores: scores.to_vec() }
    }

    #[test]
    fn best_first_and_only_summits_above_the_floor() {
        let map = map(5, &[0.9, 0.8, 0.2, 0.7, 0.95]);
        let found = peaks(&map, (1, 1), 0.5, 9);
        let at: Vec<_> = found.iter().map(|peak| peak.place.x).collect();
        assert_eq!(at, [4, 0]);
    }

    #[test]
    fn what_overlaps_by_more_than_half_is_one_place() {
        let scores = [0.9, 0.1, 0.8, 0.1, 0.7, 0.1];
        let at = |width: usize| peaks(&map(6, &scores), (width, 1), 0.5, 9).iter().map(|peak| peak.place.x).collect::<Vec<_>>();
        assert_eq!(at(3), [0, 2, 4]);
        assert_eq!(at(5), [0, 4]);
    }

    #[test]
    fn summits_as_good_some_pixels_away_are_places_of_their_own() {
        let row = |far: f32| {
            let mut scores = [0.1; 24];
            (scores[0], scores[8], scores[16]) = (0.99, far, 0.98);
            peaks(&map(24, &scores), (40, 1), 0.5, 9).iter().map(|peak| peak.place.x).collect::<Vec<_>>()
        };
        assert_eq!(row(0.985), [0, 8, 16]);
        assert_eq!(row(0.7), [0, 16]);
    }

    #[test]
    fn a_plateau_is_one_place_and_the_count_is_kept() {
        assert_eq!(peaks(&map(3, &[0.9; 3]), (6, 1), 0.5, 9).len(), 1);
        assert_eq!(peaks(&map(4, &[0.9; 4]), (1, 1), 0.5, 2).len(), 2);
    }
}
