//! What is no text among the edges of a screen, and would join what is: the borders of boxes, the rules under headings, the sides of buttons and
//! fields, and drawings beside two rows.

use std::collections::HashMap;
use std::ops::RangeInclusive;

use super::grid::Grid;
use super::strokes::{Component, LETTERS};
use crate::target::{Form, Place, Shape};

/// Straight runs of edges from this length on are borders, pixels across and down, if they are no thicker than this across: bold letters
/// run into one another too.
const BORDER: (usize, usize) = (30, 64);
const THICKEST: usize = 4;

/// Clears long straight runs from `mask`, `width` pixels a row, those across and those down as both were.
pub(super) fn without_borders(mask: &mut [u8], width: usize) {
    let height = mask.len() / width.max(1);
    let mut cleared: Vec<(usize, usize)> = Vec::new();
    for y in 0..height {
        let row = &mask[y * width..(y + 1) * width];
        let mut x = 0;
        while let Some(from) = row[x..].iter().position(|&set| set != 0).map(|ahead| x + ahead) {
            let to = row[from..].iter().position(|&set| set == 0).map_or(width, |ahead| from + ahead);
            if to - from >= BORDER.0 {
                let run = Run { mask, width, from, to };
                let (first, last) = run.band(y);
                if last - first < THICKEST && !run.holds_letters(first, last) {
                    cleared.push((y * width + from, y * width + to));
                }
            }
            x = to;
        }
    }
    let mut down = vec![0_u32; width];
    for y in 0..=height {
        for (x, length) in down.iter_mut().enumerate() {
            if y < height && mask[y * width + x] != 0 {
                *length += 1;
            } else {
                if *length as usize >= BORDER.1 {
                    for back in 1..=*length as usize {
                        mask[(y - back) * width + x] = 0;
                    }
                }
                *length = 0;
            }
        }
    }
    for (from, to) in cleared {
        mask[from..to].fill(0);
    }
}

/// The columns `from..to`, which are all set in some row.
struct Run<'a> {
    mask: &'a [u8],
    width: usize,
    from: usize,
    to: usize,
}

impl Run<'_> {
    fn height(&self) -> usize {
        self.mask.len() / self.width
    }

    /// What is set of row `y`, none of a row that is not there.
    fn row(&self, y: usize) -> &[u8] {
        if y < self.height() { &self.mask[y * self.width + self.from..y * self.width + self.to] } else { &[] }
    }

    fn set(&self, y: usize) -> usize {
        self.row(y).iter().filter(|&&set| set != 0).count()
    }

    /// The first and the last of the rows around row `y` that are mostly set; no more than is too thick.
    fn band(&self, y: usize) -> (usize, usize) {
        let mostly = |y: &usize| 2 * self.set(*y) >= self.to - self.from;
        let above = (0..y).rev().take(THICKEST).take_while(mostly).count();
        let below = (y + 1..self.height()).take(THICKEST).take_while(mostly).count();
        (y - above, y + below)
    }

    /// Whether the run, which is rows `first` to `last`, is the tops of capitals that touch, as those of `PETIT` do: stems hang from all of
    /// it, no farther apart than they are long. They do not come through from above, as the tails of underlined letters do, nor do
    /// they stand on another run: that is a grid.
    fn holds_letters(&self, first: usize, last: usize) -> bool {
        /// Stems at least, and how long they are, pixels.
        const FEWEST: usize = 3;
        const LONG: RangeInclusive<usize> = 4..=64;
        /// What is next to the run may be its soft edge.
        const SOFT: usize = 2;
        let top = last + SOFT;
        let near = |column: &usize, y: usize| {
            let row = self.row(y);
            (column.saturating_sub(1)..=column + 1).any(|column| row.get(column).is_some_and(|&set| set != 0))
        };
        let stems = middles(self.row(top));
        if stems.len() < FEWEST {
            return false;
        }
        let mut lengths: Vec<usize> =
            stems.iter().map(|stem| (top..self.height()).take(*LONG.end() + 1).take_while(|&y| near(stem, y)).count()).collect();
        lengths.sort_unstable();
        let long = lengths[lengths.len() / 2];
        let ends = [0].into_iter().chain(stems.iter().copied()).chain([self.to - self.from]);
        let widest = ends.clone().zip(ends.skip(1)).map(|(left, right)| right - left).max().unwrap_or(0);
        let close = 2 * widest <= 3 * (long + SOFT);
        let through = first >= SOFT && 3 * stems.iter().filter(|stem| near(stem, first - SOFT)).count() > stems.len();
        let joined = (top + long - 1..=top + long).any(|y| 10 * self.set(y) > 7 * (self.to - self.from));
        LONG.contains(&long) && close && !through && !joined
    }
}

/// The middle columns of what is set side by side in a row.
fn middles(row: &[u8]) -> Vec<usize> {
    let mut all = Vec::new();
    let mut from = None;
    for (at, &set) in row.iter().chain([&0]).enumerate() {
        match (set != 0, from) {
            (true, None) => from = Some(at),
            (false, Some(start)) => {
                all.push(usize::midpoint(start, at));
                from = None;
            }
            _ => {}
        }
    }
    all
}

/// `found` without the left and the right sides of boxes among `shapes` that may hold a text: they are
/// no taller than letters, and with their round corners look like brackets. What is not wider than tall may be the hollow of a letter, unless it holds
/// something, as the box of a page's number does. What is but one pixel wide is left out too: two grounds meet there, and strokes have two
/// sides.
pub(super) fn without_sides(found: Vec<Component>, shapes: &[Shape]) -> Vec<Component> {
    /// How far a side may be off the box that it is of, pixels.
    const OFF: usize = 3;
    /// How far from all sides is what a box holds, pixels.
    const CLEAR: usize = 3;
    let is_box = |shape: &&Shape| matches!(shape.form, Form::Bordered | Form::Filled) && (shape.place.height as usize) < *LETTERS.end();
    let own = |place: Place| {
        let [x, y, width, height] = [place.x, place.y, place.width, place.height].map(|value| value as usize);
        Component { x, y, width, height, area: 0 }
    };
    let boxes: Vec<Component> = shapes.iter().filter(is_box).map(|shape| own(shape.place)).collect();
    let low = |of: &Component| 2 * of.width >= 3 * of.height;
    let insides = Grid::of(&boxes, |_| (0, 0));
    let mut holds = vec![false; boxes.len()];
    for part in &found {
        // A zero may have a dot in it.
        let is_held = |of: &Component| part.is_within(of, CLEAR) && part.height >= *LETTERS.start() && 4 * part.height >= of.height;
        for number in insides.near(part.x..part.x + 1, part.y..part.y + 1) {
            holds[number] |= is_held(&boxes[number]);
        }
    }
    let mut sides = Grid::default();
    for (number, of) in boxes.iter().enumerate() {
        for edge in [of.x, of.x + of.width] {
            sides.add(number, edge.saturating_sub(OFF)..edge + OFF + 1, of.y.saturating_sub(OFF)..of.y + of.height + OFF);
        }
    }
    let is_side = |part: &Component, number: usize| {
        let of = &boxes[number];
        // Sides of two boxes that nearly touch are one.
        let at_edge = [of.x, of.x + of.width].into_iter().any(|edge| part.x <= edge + OFF && part.x + part.width + OFF >= edge);
        let (bottom, end) = (part.y + part.height, of.y + of.height);
        let inside = part.y + OFF >= of.y && bottom <= end + OFF;
        let narrow = 10 * part.height >= 7 * of.height && 20 * part.width <= 9 * of.height;
        // So is the next box, where both share a side; and what is left of a side between round corners.
        let next = part.y <= of.y + OFF && bottom + OFF >= end && part.width <= 2 * of.height;
        let (from, to) = (of.x, of.x + of.width);
        let on_edge = [from, to].into_iter().any(|edge| part.x <= edge && part.x + part.width >= edge);
        let left = on_edge && part.width <= THICKEST && 2 * part.height >= of.height;
        // No letter beside another reaches into it.
        let reaches_in = (part.x <= from && part.x + part.width >= from + 2) || (part.x + 2 <= to && part.x + part.width >= to);
        at_edge && inside && (narrow && (low(of) || holds[number] || reaches_in) || holds[number] && (next || left))
    };
    let near = |part: &Component| sides.near(part.x..part.x + part.width + 1, part.y..part.y + 1).any(|number| is_side(part, number));
    let is_step = |part: &Component| part.width == 1 && part.height >= *LETTERS.start();
    found.into_iter().filter(|part| !is_step(part) && !near(part)).collect()
}

/// What is this much taller than most letters of a line may stand beside two of them, in heights of letters.
const TALLER: f64 = 1.45;

/// `line` as the rows that it is: what is taller than letters and stands beside two rows, as the round side of a picture, makes them one. It is
/// put by itself.
pub(super) fn rows(line: Vec<Component>) -> Vec<Vec<Component>> {
    let mut heights: Vec<usize> = line.iter().map(|part| part.height).collect();
    heights.sort_unstable();
    let usual = heights.get(heights.len() / 2).copied().unwrap_or(0) as f64;
    let (tall, mut letters): (Vec<Component>, Vec<Component>) = line.iter().copied().partition(|part| part.height as f64 >= TALLER * usual);
    letters.sort_by_key(|part| (part.y, part.x));
    let mut all: Vec<(usize, Vec<Component>)> = Vec::new();
    for part in letters {
        let bottom = part.y + part.height;
        match all.last_mut() {
            Some((end, row)) if part.y < *end => {
                row.push(part);
                *end = bottom.max(*end);
            }
            _ => all.push((bottom, vec![part])),
        }
    }
    if tall.is_empty() || all.len() < 2 {
        return vec![line];
    }
    let mut beside = Vec::new();
    for part in tall {
        // Capitals are of the one row that they reach into.
        let from = all.partition_point(|(end, _)| *end <= part.y);
        let is_of = |at: usize| all.get(at).is_some_and(|(_, row)| row[0].y < part.y + part.height);
        if is_of(from) && !is_of(from + 1) { all[from].1.push(part) } else { beside.push(vec![part]) }
    }
    all.into_iter().map(|(_, row)| row).chain(beside).collect()
}

/// `line`, the letters of a line from left to right, cut where sides of boxes stand between them, and without these: narrow, above and below all
/// letters, and two or more alike at one level. A row of old buttons is one line by its letters alone.
pub(super) fn between_sides(line: Vec<Component>) -> Vec<Vec<Component>> {
    /// By how much a side is above and below all letters, pixels. A bracket is so of neither those that rise nor those that hang.
    const BEYOND: usize = 2;
    // Round corners of two boxes side by side make a side of both wider.
    let narrow = |part: &Component| 10 * part.width <= 4 * part.height;
    let letters = || line.iter().filter(|part| !narrow(part));
    let (Some(top), Some(bottom)) = (letters().map(|part| part.y).min(), letters().map(|part| part.y + part.height).max()) else {
        return vec![line];
    };
    let reaches = |part: &Component| narrow(part) && part.y + BEYOND <= top && part.y + part.height >= bottom + BEYOND;
    let mut levels: HashMap<(usize, usize), usize> = HashMap::new();
    for part in line.iter().filter(|part| reaches(part)) {
        *levels.entry((part.y, part.height)).or_default() += 1;
    }
    let alike = |part: &Component| {
        let heights = part.height.saturating_sub(2)..=part.height + 2;
        let near = (part.y.saturating_sub(1)..=part.y + 1).flat_map(|y| heights.clone().map(move |height| (y, height)));
        near.filter_map(|level| levels.get(&level)).sum::<usize>()
    };
    let is_side = |part: &Component| reaches(part) && alike(part) > 1;
    line.split(is_side).filter(|part| !part.is_empty()).map(<[Component]>::to_vec).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A mask of 100 by 60 pixels with these boxes set, and how much of it is left without borders.
    fn left(boxes: &[[usize; 4]]) -> (usize, usize) {
        let mut mask = vec![0; 100 * 60];
        for [x, y, width, height] in boxes {
            for row in *y..y + height {
                mask[row * 100 + x..row * 100 + x + width].fill(1);
            }
        }
        let before = mask.iter().filter(|&&set| set != 0).count();
        without_borders(&mut mask, 100);
        (before, mask.iter().filter(|&&set| set != 0).count())
    }

    /// `count` letters of this width whose tops touch: a bar, and a stem in its middle.
    fn capitals(count: usize, width: usize) -> Vec<[usize; 4]> {
        let stem = |at: usize| [20 + at * width + width / 2 - 1, 22, 2, 10];
        [[20, 20, count * width, 2]].into_iter().chain((0..count).map(stem)).collect()
    }

    #[test]
    fn the_tops_of_capitals_that_touch_are_no_border() {
        let (before, after) = left(&capitals(5, 8));
        assert_eq!(before, after);
    }

    #[test]
    fn borders_grids_and_rules_are_cleared() {
        // A rule by itself, the top of a box, columns that are farther apart than they are high.
        assert_eq!(left(&[[20, 20, 40, 2]]).1, 0);
        assert_eq!(left(&[[20, 20, 40, 2], [20, 22, 2, 12], [58, 22, 2, 12]]).1, 48);
        assert_eq!(left(&capitals(3, 20)).1, 60);
        // Columns that stand on another line.
        let mut grid = capitals(5, 8);
        grid.push([20, 32, 40, 2]);
        assert_eq!(left(&grid).1, 100);
        // Tails of letters that come through the rule under them.
        let mut underlined = capitals(5, 8);
        underlined.extend((0..5).map(|at| [20 + at * 8 + 3, 10, 2, 10]));
        assert_eq!(left(&underlined).1, 200);
    }
}
