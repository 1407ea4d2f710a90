//! Where text may stand: edges, without the straight lines of borders, grouped into lines as letters are.
//!
//! An edge is where red, green or blue changes within 2 by 2 pixels. Its groups are letters, mostly. Neighbours that are about as
//! tall and stand side by side make a line; dots and accents join the line they belong to. What stands at the end of a line and
//! is too wide and tall for a letter is a piece of its own: an icon.

use super::borders::{between_sides, rows, without_borders, without_sides};
use super::components::components;
use super::grid::Grid;
use super::ink::{Palette, with_colours};
use super::lettering::with_lettering;
use super::outlines::without_frames;
use super::picture::Picture;
use super::spans::Spans;
use super::strokes::{Component, LETTERS, edges, extent};
use crate::target::{Piece, Place, Shape};

/// A change of colour that is an edge, levels.
const EDGE: u8 = 30;

/// Groups of edges at most. A page has some thousands.
const MOST_COMPONENTS: usize = 120_000;

/// Pieces at most.
const MOST_PIECES: usize = 4096;

/// Taller and this much narrower than tall it is a bar: an `l`, or the side of a frame.
const BAR: (usize, f64) = (18, 0.2);

/// What may be text on `screen`, whose colours change as `spans` tell, line by line; the outlines of its `shapes` are none. None where there is
/// too much of it to be text. Where the picture was a `jpeg`, there are ripples around what differs much.
pub(super) fn pieces(screen: &Picture, spans: Spans, shapes: &[Shape], jpeg: bool) -> Option<Vec<Piece>> {
    let mut mask = edges(spans, EDGE, jpeg);
    without_borders(&mut mask, screen.width);
    let found = components(&mask, screen.width, MOST_COMPONENTS)?;
    let found = found.into_iter().map(Component::from).collect();
    let mut lines: Vec<Vec<Component>> = grouped(without_sides(found, shapes), screen, shapes);
    let mut palette = Palette::new(screen);
    lines.sort_by_key(|line| (extent(line).y, extent(line).x));
    let mut all = Vec::new();
    let lines = lines.into_iter().map(without_brackets).flat_map(|line| split(&line));
    for (number, line) in (0..).zip(lines) {
        for (part, aside) in parts(&line, &mut palette) {
            let (place, tall) = (extent(&part), capital(&part));
            let readable = LETTERS.contains(&place.height) && place.width >= 3;
            if let (true, Some(capital)) = (readable, tall) {
                let [x, y, width, height] = [place.x, place.y, place.width, place.height].map(|value| value as u32);
                let breaks = breaks(&part, capital);
                all.push(Piece {
                    place: Place { x, y, width, height },
                    line: number,
                    capital,
                    aside,
                    breaks,
                    ink: [0; 3],
                    ground: [0; 3],
                    tints: Vec::new(),
                    rules: Vec::new(),
                });
            }
        }
    }
    if all.len() > MOST_PIECES {
        return None;
    }
    with_colours(screen, &mut all);
    with_lettering(screen, &mut all);
    Some(all)
}

fn is_bar(part: &Component) -> bool {
    part.height >= BAR.0 && (part.width as f64) < BAR.1 * part.height as f64
}

/// The height that three of four letters stay within, if there is a letter.
fn capital(parts: &[Component]) -> Option<f64> {
    let mut heights: Vec<usize> = parts.iter().map(|part| part.height).filter(|height| LETTERS.contains(height)).collect();
    heights.sort_unstable();
    heights.get(heights.len() * 3 / 4).or(heights.last()).map(|&height| height as f64)
}

/// What two spans share.
fn shared(a: usize, length_a: usize, b: usize, length_b: usize) -> usize {
    (a + length_a).min(b + length_b).saturating_sub(a.max(b))
}

/// Rows of pixels that share a bucket, so that neighbours are looked for nearby only.
const BUCKET: usize = 32;

/// Letters joined into lines, each from left to right; those in an outline with one another only.
fn grouped(found: Vec<Component>, screen: &Picture, shapes: &[Shape]) -> Vec<Vec<Component>> {
    let (letters, rest): (Vec<_>, Vec<_>) = found.into_iter().partition(|part| LETTERS.contains(&part.height) && !is_bar(part));
    let (bars, marks): (Vec<_>, Vec<_>) = rest.into_iter().partition(|part| part.height > *LETTERS.start());
    let mut letters: Vec<Component> = letters.into_iter().filter(|part| part.width <= 40 * part.height).collect();
    letters.sort_by_key(|part| part.x);
    let (letters, frames): (Vec<Component>, Vec<Option<usize>>) = without_frames(letters, screen, shapes).into_iter().unzip();
    let mut parent: Vec<usize> = (0..letters.len()).collect();
    let mut buckets: std::collections::HashMap<usize, Vec<usize>> = std::collections::HashMap::new();
    for (index, part) in letters.iter().enumerate() {
        let (first, last) = (part.y / BUCKET, (part.y + part.height) / BUCKET);
        for bucket in first..=last {
            let near = buckets.entry(bucket).or_default();
            // Nothing in this bucket reaches as far as to here any more.
            near.retain(|&other: &usize| letters[other].x + letters[other].width + 2 * *LETTERS.end() > part.x);
            for &other in near.iter() {
                if frames[other] == frames[index] && are_neighbours(&letters[other], part) {
                    let (a, b) = (root(&mut parent, other), root(&mut parent, index));
                    parent[a.max(b)] = a.min(b);
                }
            }
            near.push(index);
        }
    }
    let mut lines: std::collections::BTreeMap<usize, Vec<Component>> = std::collections::BTreeMap::new();
    for (index, part) in letters.iter().enumerate() {
        lines.entry(root(&mut parent, index)).or_default().push(*part);
    }
    let mut lines = with_small(lines.into_values().flat_map(between_sides).flat_map(rows).collect());
    with_loose(&mut lines, &bars, belongs_as_bar);
    with_loose(&mut lines, &marks, belongs_as_mark);
    let mut lines = joined(lines);
    for line in &mut lines {
        line.sort_by_key(|part| (part.x, part.y));
    }
    lines
}

/// Lines of which the one goes on where the other ends are one. The one ends with what is small and leaves a gap: in `N° de dossier` the
/// raised o is beside no letter, and in a typewriter's `66,9` the digits are far apart. What comes next stands on the line that came before.
fn joined(lines: Vec<Vec<Component>>) -> Vec<Vec<Component>> {
    // What stands before the small one, how tall its letters are, and how far away the next ones may be.
    let hanging = |line: &[Component]| {
        let last = line.iter().max_by_key(|part| part.x + part.width)?;
        let before: Vec<Component> = line.iter().filter(|part| part.x + part.width <= last.x).copied().collect();
        let (tall, whole) = (capital(&before)?, extent(&before));
        let raised = last.y.abs_diff(whole.y) as f64 <= 0.25 * tall && line.len() <= MOST_BEFORE_RAISED;
        let tight = (last.x - (whole.x + whole.width)) as f64 <= TIGHT * tall;
        let reach = if raised { WIDEST_SPACE } else { TIGHT };
        (last.height as f64 <= 0.65 * tall && (raised || tight)).then_some((whole, tall, reach * tall))
    };
    let mut all: Vec<Option<Vec<Component>>> = lines.into_iter().map(Some).collect();
    let mut extents: Vec<Component> = all.iter().flatten().map(|line| extent(line)).collect();
    let mut starts = Grid::default();
    for (at, line) in extents.iter().enumerate() {
        starts.add(at, line.x..line.x + 1, line.y..line.y + line.height);
    }
    for at in 0..all.len() {
        while let Some((before, tall, reach)) = all[at].as_deref().and_then(hanging) {
            let own = extents[at];
            let goes_on = |other: &usize| {
                let next = &extents[*other];
                let gap = next.x as f64 - (own.x + own.width) as f64;
                let level = shared(before.y, before.height, next.y, next.height) as f64 >= 0.8 * before.height as f64;
                let alike = next.height as f64 <= 1.6 * tall && next.height as f64 >= 0.9 * tall;
                *other != at && (0.0..=reach).contains(&gap) && level && alike
            };
            let (from, middle) = (own.x + own.width, before.y + before.height / 2);
            let next = starts.near(from..from + reach as usize + 1, middle..middle + 1);
            let next = next.filter(|other| all[*other].is_some()).filter(goes_on).min();
            let Some(rest) = next.and_then(|next| all[next].take()) else { break };
            if let Some(line) = &mut all[at] {
                line.extend(rest);
                let whole = extent(line);
                starts.add(at, whole.x..whole.x + 1, whole.y..whole.y + whole.height);
                extents[at] = whole;
            }
        }
    }
    all.into_iter().flatten().collect()
}

/// Letters before and with a raised one, at most: `N°`, `1er` and the like.
const MOST_BEFORE_RAISED: usize = 4;

/// How far a comma is from the digits around it, in heights of capitals.
const TIGHT: f64 = 0.35;

fn root(parent: &mut [usize], mut at: usize) -> usize {
    while parent[at] != at {
        parent[at] = parent[parent[at]];
        at = parent[at];
    }
    at
}

/// Whether two letters, the first one starting no farther to the right, stand side by side in a line.
fn are_neighbours(a: &Component, b: &Component) -> bool {
    let (low, high) = (a.height.min(b.height), a.height.max(b.height));
    let gap = b.x as f64 - (a.x + a.width) as f64;
    // A space is a third of a capital or so, and never this wide.
    let near = gap <= (0.8 * high.min(40) as f64).max(4.0);
    near && high * 10 <= low * 19 && shared(a.y, a.height, b.y, b.height) * 10 >= low * 6
}

/// How far a part is from belonging to a line of so many letters; none where it does not.
type Belongs = fn(&Component, &Component, usize) -> Option<f64>;

/// Which of `lines` each of `loose` belongs to most.
fn homes(lines: &[Vec<Component>], loose: &[Component], belongs: Belongs) -> Vec<Option<usize>> {
    if loose.is_empty() {
        return Vec::new();
    }
    let extents: Vec<Component> = lines.iter().map(|line| extent(line)).collect();
    // What is taller than two lines of the largest letters is a drawing.
    let reach = |line: &Component| line.height.min(2 * *LETTERS.end());
    let grid = Grid::of(&extents, |line| (2 * reach(line) + reach(line) / 4 + 4, reach(line) + 4));
    let home = |part: &Component| {
        let near = grid.near(part.x..part.x + 1, part.y..part.y + 1);
        let distance = |index: usize| belongs(part, &extents[index], lines[index].len()).map(|distance| (distance, index));
        near.filter_map(distance).min_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, index)| index)
    };
    loose.iter().map(home).collect()
}

/// Gives each of `loose` to the line that it belongs to.
fn with_loose(lines: &mut [Vec<Component>], loose: &[Component], belongs: Belongs) {
    for (part, home) in loose.iter().zip(homes(lines, loose, belongs)) {
        if let Some(home) = home {
            lines[home].push(*part);
        }
    }
}

/// The lines, of those that are but one part the small ones given to where they belong.
fn with_small(mut lines: Vec<Vec<Component>>) -> Vec<Vec<Component>> {
    let single: Vec<usize> = (0..lines.len()).filter(|&at| lines[at].len() == 1).collect();
    // More than that are no page.
    if single.len() > MOST_PIECES {
        return lines;
    }
    let parts: Vec<Component> = single.iter().map(|&at| lines[at][0]).collect();
    let homes = homes(&lines, &parts, belongs_inside);
    let small: std::collections::HashSet<usize> = single.iter().zip(&homes).filter(|(_, home)| home.is_some()).map(|(at, _)| *at).collect();
    for (&at, home) in single.iter().zip(homes) {
        if let Some(home) = home.filter(|home| !small.contains(home)) {
            let part = lines[at].pop();
            lines[home].extend(part);
        }
    }
    lines.retain(|line| !line.is_empty());
    lines
}

/// How far two spans are apart.
fn apart(a: usize, length_a: usize, b: usize, length_b: usize) -> f64 {
    (a.max(b) as f64 - (a + length_a).min(b + length_b) as f64).max(0.0)
}

/// A bar belongs to a line whose height it fits: an `l` in large letters.
fn belongs_as_bar(bar: &Component, line: &Component, letters: usize) -> Option<f64> {
    let tall = line.height as f64;
    let away = apart(bar.x, bar.width, line.x, line.width);
    let base = ((bar.y + bar.height) as f64 - (line.y + line.height) as f64).abs();
    (letters > 1 && bar.height as f64 <= 1.35 * tall && base < 0.35 * tall && away < 0.6 * tall).then_some(away)
}

/// What is as tall as a small letter and no neighbour of any belongs to the line in which it stands, or which it ends: a comma between wide
/// digits, the dots of an ï, the hollow of a large letter.
fn belongs_inside(part: &Component, line: &Component, letters: usize) -> Option<f64> {
    let (right, end) = (part.x + part.width, line.x + line.width);
    let tight = part.x as f64 <= end as f64 + TIGHT * line.height as f64 && 3 * part.width <= 2 * line.height;
    let small = 3 * part.height <= 2 * line.height;
    if part.x > line.x && (right < end || tight) && small { belongs_as_mark(part, line, letters) } else { None }
}

/// A mark belongs to the line above, below or beside which it stands: an accent, a dot, a hyphen.
fn belongs_as_mark(mark: &Component, line: &Component, _: usize) -> Option<f64> {
    let tall = line.height as f64;
    let away = apart(mark.x, mark.width, line.x, line.width);
    let above = line.y as f64 - mark.y as f64;
    let below = (mark.y + mark.height) as f64 - (line.y + line.height) as f64;
    let within = line.height <= 50 && above <= 0.45 * tall && below <= 0.35 * tall && away <= 0.6 * tall;
    // A wide flat one is a rule.
    (within && mark.width as f64 <= 1.6 * tall).then(|| away + 2.0 * above.max(below).max(0.0))
}

/// The line without what frames it: narrow parts at its ends that reach above and below all letters between them, as the round ends of
/// a badge do.
fn without_brackets(mut line: Vec<Component>) -> Vec<Component> {
    let frames = |part: &Component, inner: &[Component]| {
        // One accent or one tail may reach as far.
        let second = |mut ends: Vec<usize>| {
            ends.sort_unstable();
            ends.get(usize::from(ends.len() > 2)).copied().unwrap_or_default() as f64
        };
        let top = second(inner.iter().map(|part| part.y).collect());
        let lowest = extent(inner).y + extent(inner).height;
        let bottom = lowest as f64 - second(inner.iter().map(|part| lowest - (part.y + part.height)).collect());
        let above = top - part.y as f64;
        let below = (part.y + part.height) as f64 - bottom;
        // A letter stands on the line or hangs below it; only brackets do both, and these say nothing.
        above >= 1.0 && below >= 1.0 && above + below >= 3.0 && part.width as f64 <= 0.6 * part.height as f64
    };
    while line.len() > 1 {
        let end = line.len() - 1;
        // Of two only the other can be the text, if it is as wide as a word.
        let word = |part: &Component| part.width * 2 >= part.height * 3;
        let (first, last) = if end > 1 {
            (frames(&line[0], &line[1..end]), frames(&line[end], &line[1..end]))
        } else {
            (word(&line[1]) && frames(&line[0], &line[1..]), word(&line[0]) && frames(&line[1], &line[..1]))
        };
        if last {
            line.pop();
        }
        if first {
            line.remove(0);
        }
        if !first && !last {
            break;
        }
    }
    line
}

/// A gap wider than this is no space, in heights of capitals: what stands on both sides are two labels.
const WIDEST_SPACE: f64 = 0.72;

/// And one wider than this may be either.
const WIDE_SPACE: f64 = 0.5;

/// The middles of gaps that may be more than a space, pixels from the left edge of the screen.
fn breaks(line: &[Component], tall: f64) -> Vec<u32> {
    let mut all = Vec::new();
    let mut end = line.first().map_or(0, |part| part.x);
    for part in line {
        let gap = part.x.saturating_sub(end);
        if gap as f64 > WIDE_SPACE * tall {
            all.push((end + gap / 2) as u32);
        }
        end = end.max(part.x + part.width);
    }
    all
}

/// The line cut where a gap is too wide for a space.
fn split(line: &[Component]) -> Vec<Vec<Component>> {
    let tall = capital(line).unwrap_or(1.0);
    cut(line, |gap, _, _| gap > WIDEST_SPACE * tall)
}

/// The line cut between parts where `is_end` says so of the gap, of what there is before it and of what comes next.
fn cut(line: &[Component], is_end: impl Fn(f64, &[Component], &Component) -> bool) -> Vec<Vec<Component>> {
    let mut all: Vec<Vec<Component>> = Vec::new();
    let mut end = 0;
    for part in line {
        let gap = part.x as f64 - end as f64;
        match all.last_mut() {
            Some(word) if !is_end(gap, word, part) => word.push(*part),
            _ => all.push(vec![*part]),
        }
        end = end.max(part.x + part.width);
    }
    all
}

/// Words at the start of a line that may be drawings.
const MOST_ASIDE: usize = 3;

/// Cuts icons off the ends of a line. Each part comes with whether it stands aside.
fn parts(line: &[Component], palette: &mut Palette<'_>) -> Vec<(Vec<Component>, bool)> {
    let icon = coloured(line, palette);
    let mut words = words(line, icon.as_ref());
    let (mut before, mut after) = (Vec::new(), Vec::new());
    // What opens a branch of a tree is narrow, and stands before what is an icon beyond doubt.
    let leading = |count: &usize| {
        let (some, rest) = words.split_at(*count);
        let narrow = |word: &Vec<Component>| capital(&rest.concat()).is_some_and(|tall| extent(word).width as f64 <= 1.3 * tall);
        let drawn = |word: &[Component]| is_aside(word, rest, true) || icon.as_ref().is_some_and(|icon| is_just(icon, word));
        !rest.is_empty() && drawn(&some[count - 1]) && some[..count - 1].iter().all(narrow)
    };
    let count = (1..=MOST_ASIDE.min(words.len().saturating_sub(1))).rev().find(leading).unwrap_or(0);
    before.extend(words.drain(..count).map(|word| (word, true)));
    while words.len() > 1 && is_aside(&words[words.len() - 1], &words[..words.len() - 1], false) {
        after.extend(words.pop().map(|word| (word, true)));
    }
    before.push((words.concat(), false));
    before.extend(after.into_iter().rev());
    before
}

/// Groups of edges at the start of a line among which its icon is looked for.
const MOST_BEFORE: usize = 4;

/// The icon that a line begins with, or has after a narrow part, if it is one by its colour: about as large as a letter, and of another
/// colour than the rest, as a folder before its name is.
fn coloured(line: &[Component], palette: &mut Palette<'_>) -> Option<Component> {
    (0..MOST_BEFORE.min(line.len().saturating_sub(2))).map(|at| (line[at], &line[at + 1..])).find_map(|(part, rest)| {
        let tall = capital(rest)?;
        let rest = extent(rest);
        let (width, height) = (part.width as f64, part.height as f64);
        let compact = (0.7 * tall..=1.8 * tall).contains(&width) && height >= 0.7 * tall;
        let apart = part.x + part.width <= rest.x && rest.width as f64 >= 2.0 * tall;
        (compact && apart && palette.differ(place(&part), place(&rest))).then_some(part)
    })
}

/// Whether `word` is `icon` and nothing else.
fn is_just(icon: &Component, word: &[Component]) -> bool {
    word.len() == 1 && word[0].x == icon.x
}

fn place(part: &Component) -> Place {
    let [x, y, width, height] = [part.x, part.y, part.width, part.height].map(|value| value as u32);
    Place { x, y, width, height }
}

/// The line cut where there is a gap, however small a space is, and around its `icon`.
fn words(line: &[Component], icon: Option<&Component>) -> Vec<Vec<Component>> {
    let tall = capital(line).unwrap_or(1.0);
    let around = |word: &[Component], next: &Component| icon.is_some_and(|icon| is_just(icon, word) || next.x == icon.x);
    cut(line, |gap, word, next| gap >= (0.15 * tall).max(2.0) || (gap >= 1.0 && is_drawing(word, tall)) || around(word, next))
}

/// Whether what a line begins with is too large for a letter.
fn is_drawing(word: &[Component], tall: f64) -> bool {
    word.len() == 1 && word[0].width as f64 >= 1.15 * tall && word[0].height as f64 >= 1.1 * tall
}

/// Whether the part at an end of a line may be an icon, by how it differs from the `rest`.
fn is_aside(part: &[Component], rest: &[Vec<Component>], leads: bool) -> bool {
    let letters: Vec<Component> = rest.concat();
    let Some(tall) = capital(&letters) else { return false };
    if is_word(part, tall) {
        return false;
    }
    let (part, rest) = (extent(part), extent(&letters));
    let gap = if leads { rest.x as f64 - (part.x + part.width) as f64 } else { part.x as f64 - (rest.x + rest.width) as f64 };
    let (width, height) = (part.width as f64, part.height as f64);
    // A comma is no label: that stands beside the middle of its icon.
    let below = (2 * rest.y + rest.height) as f64 > 2.0 * part.y as f64 + 1.5 * height;
    if width > 2.6 * tall || below {
        return false;
    }
    // Nor are drawings flat that are no taller than letters: these are some that have run into one another.
    if width >= 1.5 * height && height <= 1.4 * tall && gap < 0.5 * tall {
        return false;
    }
    // A letter is no wider than tall but for M and W, and these are no taller than others.
    let large = height >= 1.08 * tall && width >= 1.0 * tall;
    let far = gap >= 0.5 * tall && width >= 0.5 * tall;
    if leads { large || far } else { large && gap >= 0.28 * tall }
}

/// Whether `parts`, from left to right, are letters beside others that are `tall`, but for accents and the like: they stand side by side, and
/// none is much taller or wider. A drawing is in one piece, or its parts lie over one another.
fn is_word(parts: &[Component], tall: f64) -> bool {
    let letters: Vec<&Component> = parts.iter().filter(|part| part.height as f64 >= 0.6 * tall).collect();
    let letter = |part: &&&Component| part.height as f64 <= 1.6 * tall && part.width as f64 <= 1.4 * tall;
    let apart = |pair: &[&Component]| pair[0].x + pair[0].width <= pair[1].x + 1;
    letters.len() > 1 && letters.iter().all(|part| letter(&part)) && letters.windows(2).all(apart)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::target::Form;
    use proptest::prelude::*;

    fn pieces(screen: &Picture, shapes: &[Shape], jpeg: bool) -> Option<Vec<Piece>> {
        super::pieces(screen, Spans::new(screen), shapes, jpeg)
    }

    /// A white page with boxes on it, each of its colour.
    fn painted(width: usize, height: usize, boxes: &[([usize; 4], [u8; 3])]) -> Picture {
        let mut rgb = vec![255; 3 * width * height];
        for &([x, y, w, h], colour) in boxes {
            for row in y..y + h {
                rgb[3 * (row * width + x)..3 * (row * width + x + w)].chunks_exact_mut(3).for_each(|pixel| pixel.copy_from_slice(&colour));
            }
        }
        Picture { width, height, rgb }
    }

    /// A white page with black boxes on it.
    fn page(width: usize, height: usize, boxes: &[[usize; 4]]) -> Picture {
        painted(width, height, &boxes.iter().map(|&place| (place, [0; 3])).collect::<Vec<_>>())
    }

    /// Letters of a word: boxes 6 wide and 10 tall, 2 apart.
    fn word(x: usize, y: usize, letters: usize) -> Vec<[usize; 4]> {
        (0..letters).map(|at| [x + 8 * at, y, 6, 10]).collect()
    }

    #[test]
    fn a_line_is_one_piece_and_two_columns_are_two() {
        let mut boxes = word(20, 30, 5);
        boxes.extend(word(64, 30, 4));
        boxes.extend(word(140, 30, 3));
        let pieces = pieces(&page(200, 60, &boxes), &[], false).unwrap();
        assert_eq!(pieces.len(), 2, "{pieces:?}");
        assert!(pieces[0].place.x <= 20 && pieces[0].place.x + pieces[0].place.width >= 94 && !pieces[0].aside);
        assert_ne!(pieces[0].line, pieces[1].line);
    }

    #[test]
    fn sides_of_a_low_box_are_no_brackets() {
        // A box around a word: its sides with what of its upper and lower lines touches them.
        let mut boxes: Vec<[usize; 4]> = word(30, 26, 5);
        boxes.extend([[20, 18, 2, 26], [22, 18, 5, 2], [22, 42, 5, 2], [76, 18, 2, 26], [71, 18, 5, 2], [71, 42, 5, 2]]);
        let place = Place { x: 20, y: 18, width: 58, height: 26 };
        let shape = Shape { place, form: Form::Bordered, ground: [255; 3], around: [255; 3], sureness: 1.0 };
        let found = |shapes: &[Shape]| {
            pieces(&page(200, 60, &boxes), shapes, false)
                .unwrap()
                .iter()
                .map(|piece| (piece.place.x, piece.place.width))
                .collect::<Vec<_>>()
        };
        assert_eq!(found(&[shape]), [(29, 39)]);
        assert_ne!(found(&[]), [(29, 39)]);
    }

    /// Where the pieces of a page with these boxes stand.
    fn places(boxes: &[[usize; 4]]) -> Vec<[u32; 4]> {
        let places = pieces(&page(200, 80, boxes), &[], false).unwrap().into_iter().map(|piece| piece.place);
        places.map(|place| [place.x, place.y, place.width, place.height]).collect()
    }

    #[test]
    fn sides_of_a_row_of_boxes_are_no_letters_of_one_long_line() {
        let sides = |height: usize| [[62, 35 - height / 2, 3, height], [72, 35 - height / 2, 3, height]];
        let row = |height: usize| places(&[word(20, 30, 5), sides(height).to_vec(), word(80, 30, 4)].concat());
        assert_eq!(row(17), [[19, 29, 39, 11], [79, 29, 31, 11]]);
        // As tall as brackets are, they are read.
        assert_eq!(row(12).len(), 1);
        // One edge alone, of a ground that begins there, is no stroke.
        let panel = painted(
            200,
            80,
            &[word(20, 30, 5).into_iter().map(|place| (place, [0; 3])).collect(), vec![([62, 28, 80, 14], [200; 3])]].concat(),
        );
        let found = pieces(&panel, &[], false).unwrap();
        assert_eq!(found.iter().map(|piece| piece.place.width).collect::<Vec<_>>(), [39]);
    }

    /// The outline of a box, one pixel thick.
    fn outline(x: usize, y: usize, width: usize, height: usize) -> Vec<[usize; 4]> {
        vec![[x, y, width, 1], [x, y + height - 1, width, 1], [x, y, 1, height], [x + width - 1, y, 1, height]]
    }

    #[test]
    fn what_stands_in_an_outline_is_a_text_of_its_own() {
        // The numbers of three pages side by side, and a word that nearly touches the last one's box.
        let numbers = [20, 49, 78].into_iter().flat_map(|x| [outline(x, 20, 26, 28), vec![[x + 10, 29, 6, 10]]].concat());
        let all = places(&[numbers.collect(), word(107, 29, 4)].concat());
        assert_eq!(all, [[29, 28, 7, 11], [58, 28, 7, 11], [87, 28, 7, 11], [106, 28, 31, 11]]);
    }

    #[test]
    fn the_hollow_of_a_letter_is_none_nor_is_a_tick_a_text() {
        // Large capitals in thick strokes, two as H is, and one as O or A: what is inside is near the outline, or the strokes are no ground.
        let bars = |x: usize| vec![[x, 22, 5, 26], [x + 17, 22, 5, 26], [x + 5, 32, 12, 5]];
        let round = vec![[40, 22, 22, 5], [40, 43, 22, 5], [40, 27, 5, 16], [57, 27, 5, 16]];
        let peaked =
            vec![[48, 22, 6, 5], [44, 26, 14, 4], [41, 30, 5, 10], [56, 30, 5, 10], [46, 38, 10, 4], [40, 40, 4, 8], [58, 40, 4, 8]];
        for letter in [round, peaked] {
            let all = places(&[bars(70), bars(100), letter.clone()].concat());
            assert_eq!(all, [[39, 21, 83, 27]], "{letter:?}");
        }
        let zero = [outline(38, 20, 14, 20), vec![[44, 28, 2, 4]]].concat();
        let all = places(&[vec![[24, 20, 10, 20], [56, 20, 10, 20]], zero].concat());
        assert_eq!(all, [[23, 19, 43, 21]]);
        let boxes = [outline(20, 22, 18, 18), vec![[26, 27, 6, 8]], word(44, 26, 5)].concat();
        let place = Place { x: 20, y: 22, width: 18, height: 18 };
        let tick = Shape { place, form: Form::Check { marked: true }, ground: [255; 3], around: [255; 3], sureness: 1.0 };
        let found = |shapes: &[Shape]| {
            let all = pieces(&page(200, 80, &boxes), shapes, false).unwrap();
            all.iter().map(|piece| (piece.place.width, piece.aside)).collect::<Vec<_>>()
        };
        // The box with what is in it stands aside; as an outline it would hold a letter.
        assert_eq!(found(&[tick]), [(19, true), (39, false)]);
        assert_eq!(found(&[]), [(39, false), (7, false)]);
    }

    #[test]
    fn the_sides_of_a_high_box_are_no_brackets_where_it_holds_something() {
        // Two boxes that share a side, without the lines above and below, which are too long to be of letters.
        let sides = |x: usize| vec![[x, 20, 2, 30], [x, 20, 5, 2], [x, 48, 5, 2]];
        let boxes = [sides(20), sides(58), vec![[36, 29, 8, 12]]].concat();
        let place = Place { x: 20, y: 20, width: 40, height: 30 };
        let shape = Shape { place, form: Form::Bordered, ground: [255; 3], around: [255; 3], sureness: 1.0 };
        let found = |boxes: &[[usize; 4]]| {
            let all = pieces(&page(200, 80, boxes), std::slice::from_ref(&shape), false).unwrap();
            all.iter().map(|piece| (piece.place.x, piece.place.width)).collect::<Vec<_>>()
        };
        assert_eq!(found(&boxes), [(35, 9)]);
        // The next box is as high and begins where this one ends.
        assert_eq!(found(&[boxes.clone(), outline(60, 20, 24, 30)].concat()), [(35, 9)]);
    }

    #[test]
    fn two_rows_beside_what_is_as_tall_as_both_are_two() {
        let rows = places(&[word(40, 20, 5), word(40, 34, 4), vec![[30, 22, 6, 19]]].concat());
        assert_eq!(rows.iter().filter(|[.., height]| *height == 11).count(), 2, "{rows:?}");
        assert!(rows.iter().all(|[.., height]| *height <= 20), "{rows:?}");
        // Each keeps its capital, which is as much taller than its other letters.
        let row = |top: usize, letters: usize| [word(48, top + 5, letters), vec![[40, top, 6, 15]]].concat();
        let rows = places(&[row(15, 5), row(33, 4), vec![[30, 18, 6, 28]]].concat());
        assert_eq!(rows.iter().filter(|[.., height]| *height == 16).count(), 2, "{rows:?}");
    }

    #[test]
    fn ripples_of_a_jpeg_are_no_letters() {
        // Faint spots below the letters, in the blocks that these end in.
        let letters = word(24, 34, 5).into_iter().map(|place| (place, [0; 3]));
        let spots = (0..4).map(|at| ([25 + 9 * at, 45, 5, 2], [213; 3]));
        let screen = painted(200, 80, &letters.chain(spots).collect::<Vec<_>>());
        let heights = |jpeg: bool| pieces(&screen, &[], jpeg).unwrap().iter().map(|piece| piece.place.height).collect::<Vec<_>>();
        assert_eq!(heights(true), [11]);
        assert_ne!(heights(false), [11]);
    }

    #[test]
    fn borders_are_no_text_and_an_icon_stands_aside() {
        // A frame around the word, and a square icon before it.
        let mut boxes = vec![[10, 20, 120, 1], [10, 50, 120, 1], [10, 20, 1, 31], [129, 20, 1, 31], [20, 28, 15, 15]];
        boxes.extend(word(42, 31, 6));
        let pieces = pieces(&page(160, 80, &boxes), &[], false).unwrap();
        let shown: Vec<(u32, bool)> = pieces.iter().map(|piece| (piece.place.width, piece.aside)).collect();
        assert_eq!(shown.iter().filter(|(width, aside)| *aside && (15..=17).contains(width)).count(), 1, "{pieces:?}");
        assert_eq!(shown.iter().filter(|(width, aside)| !*aside && (46..=48).contains(width)).count(), 1, "{pieces:?}");
    }

    #[test]
    fn a_coloured_drawing_before_a_name_stands_aside_and_a_coloured_text_does_not() {
        let aside = |icon: [u8; 3], letters: [u8; 3]| {
            // What opens a branch, a folder as large as a letter, and a name.
            let mut boxes = vec![([20, 31, 5, 9], letters), ([28, 31, 10, 10], icon)];
            // Letters leave most of their ground free.
            let drawn = word(43, 31, 6).into_iter().flat_map(|[x, y, w, h]| [[x, y, w, 2], [x, y, 2, h]]);
            boxes.extend(drawn.map(|place| (place, letters)));
            pieces(&painted(160, 60, &boxes), &[], false).unwrap().iter().map(|piece| piece.aside).collect::<Vec<_>>()
        };
        let (black, yellow) = ([30; 3], [250, 190, 10]);
        assert_eq!(aside(yellow, black), [true, true, false]);
        assert_eq!(aside(black, black), [false]);
        assert_eq!(aside(yellow, yellow), [false]);
    }

    #[test]
    fn a_raised_letter_is_of_the_line_that_goes_on_after_it() {
        // N°, and a word that begins with a low letter: the raised one is beside none of its letters.
        let line = |away: usize| {
            let mut boxes = vec![[20, 30, 14, 18], [37, 30, 9, 9]];
            boxes.extend((0..6).map(|at| [58 + away + 15 * at, if at % 2 == 0 { 34 } else { 30 }, 11, if at % 2 == 0 { 14 } else { 18 }]));
            let lines: Vec<u32> = pieces(&page(200, 80, &boxes), &[], false).unwrap().iter().map(|piece| piece.line).collect();
            lines.iter().all(|line| *line == lines[0])
        };
        assert!(line(0));
        // Far enough away it is another label.
        assert!(!line(12));
    }

    #[test]
    fn a_comma_between_digits_that_are_far_apart_is_of_their_line() {
        // Two digits, a comma as tall as a small letter, and one more digit: each by itself too far from the next.
        let number = |away: usize| {
            let comma = [39, 38, 3, 5];
            let boxes = [[20, 30, 6, 10], [30, 30, 6, 10], comma, [46 + away, 30, 6, 10]];
            pieces(&page(100, 60, &boxes), &[], false).unwrap().iter().map(|piece| piece.place.width).collect::<Vec<_>>()
        };
        assert_eq!(number(0), [33]);
        // Farther away it is the next column, and the comma stays where it is.
        assert_eq!(number(12), [23, 7]);
    }

    #[test]
    fn a_word_that_is_taller_than_the_next_is_no_icon() {
        // Capitals or tails before low letters, one by one and run into one another; and a square as tall.
        let low = || (0..3).map(|at| [61 + 10 * at, 34, 7, 8]);
        let aside = |first: &[[usize; 4]]| {
            let boxes: Vec<[usize; 4]> = first.iter().copied().chain(low()).collect();
            pieces(&page(120, 60, &boxes), &[], false).unwrap().iter().any(|piece| piece.aside)
        };
        assert!(!aside(&[[40, 32, 8, 10], [50, 32, 8, 10]]));
        assert!(!aside(&[[40, 32, 18, 10]]));
        assert!(aside(&[[47, 32, 11, 11]]));
    }

    #[test]
    fn noise_is_too_much_to_be_text() {
        let rgb = (0..3 * 1200 * 900_u32).map(|at| (at.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
        // All of it hangs together, or it is too many pieces: no line comes out of it in either case.
        assert!(pieces(&Picture { width: 1200, height: 900, rgb }, &[], false).is_none_or(|pieces| pieces.len() < 10));
        let mut dots = Vec::new();
        for y in (0..1200).step_by(3) {
            dots.extend((0..1200).step_by(3).map(|x| [x, y, 1, 1]));
        }
        assert!(pieces(&page(1200, 1200, &dots), &[], false).is_none());
    }

    proptest! {
        #[test]
        fn places_lie_on_the_screen(width in 1_usize..60, height in 1_usize..60, seed in any::<u32>(), levels in 1_u32..6) {
            let level = |at: u32| ((at.wrapping_add(seed).wrapping_mul(2_654_435_761) >> 13) % levels * 50) as u8;
            let rgb = (0..3 * (width * height) as u32).map(level).collect();
            for piece in pieces(&Picture { width, height, rgb }, &[], false).unwrap_or_default() {
                prop_assert_eq!(piece.place.within((width as u32, height as u32)), Some(piece.place));
            }
        }
    }
}
