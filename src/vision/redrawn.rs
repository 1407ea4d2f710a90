//! An anchor and a place that may have been drawn anew, stroke by stroke: the same word at another size is a little different
//! everywhere, another digit is quite different in one spot.
#![allow(clippy::inline_always, reason = "what is not inlined is not compiled for the instructions of its caller")]
#![allow(clippy::needless_range_loop, reason = "loops by index become vectors, and no call without optimisation")]

use super::kernels::{Instructions, Job, Kernel};
use super::picture::Gray;
use super::plane::Plane;
use crate::target::{Place, Strokes};

/// Places are read at every third of a pixel.
const THIRDS: usize = 3;

/// How far what is drawn may have moved to the side, thirds of a pixel: letters are laid out anew at every scale, and what they are off
/// adds up along a line.
const ASIDE: usize = 4 * THIRDS;

/// Shifts to the side that are tried, from [`ASIDE`] to the left to as many to the right.
const SHIFTS: usize = 2 * ASIDE + 1;

/// How far it may have moved up and down from where the whole fits best, thirds of a pixel.
const UP_OR_DOWN: isize = 2;

/// How far the whole is moved to where it fits best, thirds of a pixel: to the sides, and up and down.
const WHOLE: (isize, isize) = (4, 5);

/// Pixels around the place that are read as well.
const AROUND: usize = ASIDE / THIRDS + 2;

/// Pixels at the edges of an anchor that are not compared.
const EDGE: usize = 2;

/// The side of a cell, pixels; how far the layout is off is told for windows of three by three cells.
const CELL: usize = 3;

/// Cells along a window.
const SPAN: usize = 3;

/// What a third of a pixel aside costs, squared levels: where nothing is drawn nothing moves.
const COST_ASIDE: f32 = 2.0 / THIRDS as f32;

/// Deviation of the Gaussian that evens out how edges are smoothed, pixels.
const SMOOTH: f64 = 0.6;

/// Shrinking to a part of 1/f evens out by a Gaussian of this times sqrt(f² - 1), pixels before.
const SHRINK: f64 = 0.45;

/// No fewer pixels than this are compared across and down: a spot.
const LEAST_SIDE: usize = 5;

/// What noise adds to the deviation of a spot, levels.
const NOISE: f32 = 6.0;

/// Contrast is what lies between the lightest and the darkest within this many pixels.
const NEAR: usize = 12;

/// The least contrast that is reckoned with, levels.
const FAINT: f32 = 24.0;

/// Half of what a letter takes along a line at most, pixels: what is farther from a spot is another letter.
const LETTER: usize = 8;

/// Columns at either edge that are compared as one, pixels, and rows of them.
const RIM: (usize, usize) = (3, 5);

/// Where a spot is off by more than this share the others are not looked at: it is another thing.
const HOPELESS: f64 = 0.5;

/// Below this correlation of the whole there is nothing to compare.
const LEAST_WHOLE: f64 = 0.25;

/// Compares `recorded`, the anchor's luma as it was recorded, with `place` on `screen`, both at the coarser one's size. In other colours
/// (`recoloured`) what is light may be dark, and contrasts may be others. None where they are too small, or have nothing in common.
pub(super) fn strokes(recorded: &Gray, screen: &Gray, place: Place, recoloured: bool) -> Option<Strokes> {
    let (anchor, mut seen) = at_one_size(recorded, screen, place)?;
    let (down, factor, more) = fitted(&anchor, &seen, recoloured)?;
    for phase in &mut seen {
        phase.stretch(factor, more);
    }
    let pair = Pair { anchor: &anchor, seen: &seen, down };
    Some(Instructions::best().run(Compare { pair }))
}

/// Both at the size of the smaller one, evened out alike. The place has [`AROUND`] more pixels on every side and is read at every third
/// of a pixel: each row by itself, and of the columns those of one remainder in one plane.
fn at_one_size(recorded: &Gray, screen: &Gray, place: Place) -> Option<(Plane, [Plane; THIRDS])> {
    let (width, height) = (place.width as usize, place.height as usize);
    let grows = width >= recorded.width;
    let (columns, rows) = if grows { (recorded.width, recorded.height) } else { (width, height) };
    if columns < 2 * EDGE + LEAST_SIDE || rows < 2 * EDGE + LEAST_SIDE {
        return None;
    }
    let soft = |plane: Plane, by: f64| if by > 1.001 { plane.blurred(SHRINK * (by * by - 1.0).sqrt()) } else { plane };
    let steps = |length: usize, of: usize| length as f64 / of as f64;
    let (across, down) = if grows { (steps(width, columns), steps(height, rows)) } else { (1.0, 1.0) };
    let anchor = if grows {
        Plane::of(recorded)
    } else {
        let (across, down) = (steps(recorded.width, columns), steps(recorded.height, rows));
        let at = |count: usize, step: f64| (0..count).map(|at| (at as f64 + 0.5) * step - 0.5).collect::<Vec<_>>();
        soft(Plane::of(recorded), f64::midpoint(across, down)).sampled(&at(columns, across), &at(rows, down))
    };
    let margin = ((AROUND + 1) as f64 * across.max(down)).ceil() as usize + 2;
    let around = soft(Plane::of(&screen.padded(place, margin)), f64::midpoint(across, down));
    let at = |count: usize, step: f64| {
        let thirds = (count + 2 * AROUND) * THIRDS;
        (0..thirds).map(|at| (at as f64 / THIRDS as f64 - AROUND as f64 + 0.5) * step - 0.5 + margin as f64).collect::<Vec<_>>()
    };
    let seen = around.sampled(&at(columns, across), &at(rows, down)).blurred(SMOOTH * THIRDS as f64);
    Some((anchor.blurred(SMOOTH), [0, 1, 2].map(|first| seen.every_third(first))))
}

/// Row `y` of the anchor's size at a shift of thirds of a pixel.
#[inline(always)]
fn shifted(seen: &[Plane; THIRDS], width: usize, y: usize, (dx, dy): (isize, isize)) -> &[f32] {
    let row = ((y + AROUND) * THIRDS).saturating_add_signed(dy);
    let column = (AROUND * THIRDS).saturating_add_signed(dx);
    &seen[column % THIRDS].row(row)[column / THIRDS..][..width]
}

/// How far up or down the whole fits best, and the factor and the offset that bring the place's levels to the anchor's.
fn fitted(anchor: &Plane, seen: &[Plane; THIRDS], recoloured: bool) -> Option<(isize, f32, f32)> {
    let (alike, dy, stretch, (a_mean, b_mean)) =
        Instructions::best().run(Fit { anchor, seen }).filter(|best| best.0.abs() >= LEAST_WHOLE)?;
    let factor = if recoloured { stretch * alike.signum() } else { 1.0 };
    Some((dy, factor as f32, (a_mean - factor * b_mean) as f32))
}

/// The whole compared at each way to move it.
struct Fit<'a> {
    anchor: &'a Plane,
    seen: &'a [Plane; THIRDS],
}

impl Job for Fit<'_> {
    /// The best correlation, how far down it is, what the place's deviations are to be multiplied by, and both means.
    type Outcome = Option<(f64, isize, f64, (f64, f64))>;

    #[inline(always)]
    fn run<K: Kernel>(self) -> Self::Outcome {
        let Self { anchor, seen } = self;
        let (inner, rows) = (EDGE..anchor.width - EDGE, EDGE..anchor.height - EDGE);
        let (width, count) = (inner.len(), (inner.len() * rows.len()) as f64);
        let mut columns = [vec![0_f32; width], vec![0_f32; width], vec![0_f32; width]];
        let (mut a_sum, mut a_squares) = (0.0, 0.0);
        for y in rows.clone() {
            a_sum += anchor.row(y)[inner.clone()].iter().map(|a| f64::from(*a)).sum::<f64>();
            a_squares += anchor.row(y)[inner.clone()].iter().map(|a| f64::from(a * a)).sum::<f64>();
        }
        let a_spread = a_squares - a_sum * a_sum / count;
        let mut best: Self::Outcome = None;
        for dy in -WHOLE.1..=WHOLE.1 {
            for dx in -WHOLE.0..=WHOLE.0 {
                let [sums, squares, products] = &mut columns;
                let (sums, squares, products) = (&mut sums[..width], &mut squares[..width], &mut products[..width]);
                sums.fill(0.0);
                squares.fill(0.0);
                products.fill(0.0);
                for y in rows.clone() {
                    let a = &anchor.row(y)[EDGE..EDGE + width];
                    let b = &shifted(seen, anchor.width, y, (dx, dy))[EDGE..EDGE + width];
                    for x in 0..width {
                        sums[x] += b[x];
                        squares[x] += b[x] * b[x];
                        products[x] += a[x] * b[x];
                    }
                }
                let (mut b_sum, mut b_squares, mut shared) = (0.0, 0.0, 0.0);
                for x in 0..width {
                    b_sum += f64::from(sums[x]);
                    b_squares += f64::from(squares[x]);
                    shared += f64::from(products[x]);
                }
                let b_spread = b_squares - b_sum * b_sum / count;
                // What deviates by less than a level shows nothing.
                if a_spread.min(b_spread) < count {
                    continue;
                }
                let alike = (shared - a_sum * b_sum / count) / (a_spread * b_spread).sqrt();
                if best.is_none_or(|best| alike.abs() > best.0.abs()) {
                    best = Some((alike, dy, (a_spread / b_spread).sqrt(), (a_sum / count, b_sum / count)));
                }
            }
        }
        best
    }
}

/// What is compared, at one size and with levels alike.
#[derive(Clone, Copy)]
struct Pair<'a> {
    anchor: &'a Plane,
    seen: &'a [Plane; THIRDS],
    /// How far up or down the whole fits best, thirds of a pixel.
    down: isize,
}

impl Pair<'_> {
    /// The ways to move up and down.
    fn downs(&self) -> impl Iterator<Item = isize> + use<> {
        let most = ((AROUND - 1) * THIRDS) as isize;
        (self.down - UP_OR_DOWN..=self.down + UP_OR_DOWN).filter(move |dy| dy.abs() <= most)
    }
}

struct Compare<'a> {
    pair: Pair<'a>,
}

impl Job for Compare<'_> {
    type Outcome = Strokes;

    #[inline(always)]
    fn run<K: Kernel>(self) -> Strokes {
        let windows = Windows::new(self.pair);
        spots(self.pair, &windows.paths())
    }
}

/// How far each window is off at each shift to the side.
struct Windows {
    columns: usize,
    rows: usize,
    /// For each shift, row by row: the variance of the difference at its best, squared levels.
    off: Vec<Vec<f32>>,
}

impl Windows {
    #[inline(always)]
    fn new(pair: Pair<'_>) -> Self {
        let cells = ((pair.anchor.width - 2 * EDGE) / CELL, (pair.anchor.height - 2 * EDGE) / CELL);
        let (columns, rows) = (cells.0 - SPAN.min(cells.0) + 1, cells.1 - SPAN.min(cells.1) + 1);
        let mut off = vec![vec![f32::INFINITY; columns * rows]; SHIFTS];
        let width = cells.0 * CELL;
        let mut lines = [vec![0_f32; width], vec![0_f32; width]];
        let mut sums = [vec![0_f32; cells.0 * cells.1], vec![0_f32; cells.0 * cells.1]];
        // By column of a row of windows: of the whole, and of one row of its cells.
        let mut windows = [vec![0_f32; columns], vec![0_f32; columns], vec![0_f32; columns], vec![0_f32; columns]];
        for (shift, off) in off.iter_mut().enumerate() {
            for dy in pair.downs() {
                for row in 0..cells.1 {
                    let [line, squares] = &mut lines;
                    let (line, squares) = (&mut line[..width], &mut squares[..width]);
                    line.fill(0.0);
                    squares.fill(0.0);
                    for y in EDGE + row * CELL..EDGE + (row + 1) * CELL {
                        let a = &pair.anchor.row(y)[EDGE..EDGE + width];
                        let b = &shifted(pair.seen, pair.anchor.width, y, (shift as isize - ASIDE as isize, dy))[EDGE..EDGE + width];
                        for x in 0..width {
                            let by = a[x] - b[x];
                            line[x] += by;
                            squares[x] += by * by;
                        }
                    }
                    for cell in 0..cells.0 {
                        let at = CELL * cell;
                        sums[0][row * cells.0 + cell] = line[at] + line[at + 1] + line[at + 2];
                        sums[1][row * cells.0 + cell] = squares[at] + squares[at + 1] + squares[at + 2];
                    }
                }
                let (across, down) = (SPAN.min(cells.0), SPAN.min(cells.1));
                let count = (across * down * CELL * CELL) as f32;
                for row in 0..rows {
                    let [by, squares, line, line_squares] = &mut windows;
                    let (by, squares) = (&mut by[..columns], &mut squares[..columns]);
                    let (line, line_squares) = (&mut line[..columns], &mut line_squares[..columns]);
                    by.fill(0.0);
                    squares.fill(0.0);
                    for from in (row..row + down).map(|row| row * cells.0) {
                        line.fill(0.0);
                        line_squares.fill(0.0);
                        for step in from..from + across {
                            let (cell, cell_squares) = (&sums[0][step..step + columns], &sums[1][step..step + columns]);
                            for column in 0..columns {
                                line[column] += cell[column];
                                line_squares[column] += cell_squares[column];
                            }
                        }
                        for column in 0..columns {
                            by[column] += line[column];
                            squares[column] += line_squares[column];
                        }
                    }
                    let best = &mut off[row * columns..][..columns];
                    for column in 0..columns {
                        let spread = squares[column] - by[column] * by[column] / count;
                        let variance = if spread > 0.0 { spread } else { 0.0 } / count;
                        best[column] = if variance < best[column] { variance } else { best[column] };
                    }
                }
            }
        }
        Self { columns, rows, off }
    }

    /// For each window the shift at which it is compared: along a row of windows the one that fits best of all that change by no more
    /// than a third of a pixel from a window to the next.
    fn paths(&self) -> Paths {
        let count = self.off.len();
        let mut shifts = vec![0_usize; self.columns * self.rows];
        for row in 0..self.rows {
            let cost =
                |shift: usize, column: usize| self.off[shift][row * self.columns + column] + COST_ASIDE * shift.abs_diff(ASIDE) as f32;
            let mut sums: Vec<f32> = (0..count).map(|shift| cost(shift, 0)).collect();
            let mut from: Vec<Vec<usize>> = Vec::with_capacity(self.columns);
            for column in 1..self.columns {
                let before = |shift: usize| {
                    let near = shift.saturating_sub(1)..=(shift + 1).min(count - 1);
                    // Of equals the one that does not move.
                    near.min_by(|a, b| sums[*a].total_cmp(&sums[*b]).then(a.abs_diff(shift).cmp(&b.abs_diff(shift)))).unwrap_or(shift)
                };
                let befores: Vec<usize> = (0..count).map(before).collect();
                sums = befores.iter().enumerate().map(|(shift, &before)| sums[before] + cost(shift, column)).collect();
                from.push(befores);
            }
            let mut shift = (0..count).min_by(|a, b| sums[*a].total_cmp(&sums[*b])).unwrap_or(ASIDE);
            for column in (0..self.columns).rev() {
                shifts[row * self.columns + column] = shift;
                if let Some(befores) = column.checked_sub(1).and_then(|before| from.get(before)) {
                    shift = befores[shift];
                }
            }
        }
        Paths { columns: self.columns, rows: self.rows, shifts }
    }
}

/// At which shift each window is compared.
struct Paths {
    columns: usize,
    rows: usize,
    shifts: Vec<usize>,
}

impl Paths {
    /// The shift of the window whose middle is nearest to a pixel.
    fn at(&self, x: usize, y: usize, size: (usize, usize)) -> usize {
        let nearest = |at: usize, length: usize, count: usize| {
            let span = CELL * SPAN.min((length - 2 * EDGE) / CELL);
            ((at + 1).saturating_sub(EDGE + (span - 1) / 2) / CELL).min(count - 1)
        };
        self.shifts[nearest(y, size.1, self.rows) * self.columns + nearest(x, size.0, self.columns)]
    }
}

/// Spots of a row that are compared together; and where a row has fewer.
const SPOTS: usize = 16;
const FEW_SPOTS: usize = 4;

/// The spots that differ most: five pixels a side by the deviation of what differs, three a side by correlation.
#[inline(always)]
fn spots(pair: Pair<'_>, paths: &Paths) -> Strokes {
    let size = (pair.anchor.width, pair.anchor.height);
    let contrast = pair.anchor.ranges(NEAR);
    let mut alike = 1.0_f64;
    // How far the spots of each column are off at most.
    let mut by_column = vec![0.0_f64; size.0];
    let mut hopeless = false;
    let columns = EDGE + 2..size.0.saturating_sub(EDGE + 2);
    // By shift: how far each spot of a row is off, and how alike it is, at its best of all ways to move up and down.
    let mut seen = vec![(vec![0.0_f32; size.0], vec![0.0_f32; size.0]); SHIFTS];
    for y in EDGE + 2..size.1.saturating_sub(EDGE + 2) {
        if hopeless {
            break;
        }
        let near = columns.clone().map(|x| {
            let shift = paths.at(x, y, size);
            shift.saturating_sub(1)..(shift + 2).min(SHIFTS)
        });
        let near: Vec<std::ops::Range<usize>> = near.collect();
        let mut wanted = [false; SHIFTS];
        for shifts in &near {
            wanted[shifts.clone()].fill(true);
        }
        for (shift, (off, alike)) in seen.iter_mut().enumerate().filter(|(shift, _)| wanted[*shift]) {
            off.fill(f32::INFINITY);
            alike.fill(-1.0);
            for dy in pair.downs() {
                let shift = (shift as isize - ASIDE as isize, dy);
                match columns.len() {
                    SPOTS.. => row_of_spots::<SPOTS>(pair, columns.clone(), y, shift, off, alike),
                    FEW_SPOTS.. => row_of_spots::<FEW_SPOTS>(pair, columns.clone(), y, shift, off, alike),
                    _ => row_of_spots::<1>(pair, columns.clone(), y, shift, off, alike),
                }
            }
        }
        for (x, shifts) in columns.clone().zip(near) {
            let (mut off, mut most) = (f32::INFINITY, -1.0_f32);
            for (by, likeness) in &seen[shifts] {
                off = off.min(by[x]);
                most = most.max(likeness[x]);
            }
            let share = f64::from(off.sqrt() / contrast.row(y)[x].max(FAINT));
            by_column[x] = by_column[x].max(share);
            alike = alike.min(f64::from(most));
            hopeless |= share > HOPELESS;
        }
    }
    let worst = (0..size.0).max_by(|a, b| by_column[*a].total_cmp(&by_column[*b])).unwrap_or_default();
    let elsewhere = (0..size.0).filter(|x| x.abs_diff(worst) > LETTER).map(|x| by_column[x]).fold(0.0, f64::max);
    let rim = rim(pair, paths, &contrast, 0).max(rim(pair, paths, &contrast, size.0 - RIM.0));
    Strokes { off: by_column[worst], alike, elsewhere, rim }
}

/// How far the columns from `first` on are off, [`RIM`] of them: the mean difference of a few rows at its best, as a share of the contrast.
fn rim(pair: Pair<'_>, paths: &Paths, contrast: &Plane, first: usize) -> f64 {
    let size = (pair.anchor.width, pair.anchor.height);
    let (half, count) = (RIM.1 / 2, (RIM.0 * RIM.1) as f32);
    let off = |y: usize| {
        let middle = paths.at(first + RIM.0 / 2, y, size);
        let shifts = middle.saturating_sub(1)..(middle + 2).min(SHIFTS);
        let differs = |(shift, dy): (usize, isize)| {
            let row = |y: usize| {
                let b = shifted(pair.seen, size.0, y, (shift as isize - ASIDE as isize, dy));
                (first..first + RIM.0).map(|x| (pair.anchor.row(y)[x] - b[x]).abs()).sum::<f32>()
            };
            (y - half..=y + half).map(row).sum::<f32>() / count
        };
        let ways = shifts.flat_map(|shift| pair.downs().map(move |dy| (shift, dy)));
        let least = ways.map(differs).fold(f32::INFINITY, f32::min);
        f64::from(least / contrast.row(y)[first + RIM.0 / 2].max(FAINT))
    };
    (EDGE + half..size.1.saturating_sub(EDGE + half)).map(off).fold(0.0, f64::max)
}

/// Compares the spots of a row at one shift, `N` at a time and the last ones once more where they do not come out even, and keeps what
/// is best in `off` and `alike`: the variance of the difference over five by five pixels, and the correlation over three by three,
/// noise allowed for.
#[inline(always)]
fn row_of_spots<const N: usize>(
    pair: Pair<'_>,
    columns: std::ops::Range<usize>,
    y: usize,
    shift: (isize, isize),
    off: &mut [f32],
    alike: &mut [f32],
) {
    let mut next = columns.start;
    while next < columns.end {
        let x = next.min(columns.end - N);
        let (mut by, mut squares) = ([0.0_f32; N], [0.0_f32; N]);
        let (mut a_sum, mut b_sum) = ([0.0_f32; N], [0.0_f32; N]);
        let (mut a_squares, mut b_squares, mut products) = ([0.0_f32; N], [0.0_f32; N], [0.0_f32; N]);
        for row in 0..5 {
            let a = &pair.anchor.row(y + row - 2)[x - 2..x + 2 + N];
            let b = &shifted(pair.seen, pair.anchor.width, y + row - 2, shift)[x - 2..x + 2 + N];
            for at in 0..5 {
                let (a, b) = (&a[at..at + N], &b[at..at + N]);
                for spot in 0..N {
                    let difference = a[spot] - b[spot];
                    by[spot] += difference;
                    squares[spot] += difference * difference;
                }
            }
            if row == 0 || row == 4 {
                continue;
            }
            for at in 1..4 {
                let (a, b) = (&a[at..at + N], &b[at..at + N]);
                for spot in 0..N {
                    a_sum[spot] += a[spot];
                    b_sum[spot] += b[spot];
                    a_squares[spot] += a[spot] * a[spot];
                    b_squares[spot] += b[spot] * b[spot];
                    products[spot] += a[spot] * b[spot];
                }
            }
        }
        let (off, alike) = (&mut off[x..x + N], &mut alike[x..x + N]);
        for spot in 0..N {
            let (a, b) = (a_sum[spot] / 9.0, b_sum[spot] / 9.0);
            let (a_spread, b_spread) = (a_squares[spot] / 9.0 - a * a, b_squares[spot] / 9.0 - b * b);
            let a_spread = if a_spread > 0.0 { a_spread } else { 0.0 } + NOISE * NOISE;
            let b_spread = if b_spread > 0.0 { b_spread } else { 0.0 } + NOISE * NOISE;
            let near = (products[spot] / 9.0 - a * b + NOISE * NOISE) / (a_spread * b_spread).sqrt();
            let spread = squares[spot] / 25.0 - (by[spot] / 25.0) * (by[spot] / 25.0);
            let variance = if spread > 0.0 { spread } else { 0.0 };
            off[spot] = if variance < off[spot] { variance } else { off[spot] };
            alike[spot] = if near > alike[spot] { near } else { alike[spot] };
        }
        next = x + N;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The numerals 6 and 8, five by seven.
    const SIX: [u8; 7] = [0b01110, 0b10000, 0b10000, 0b11110, 0b10001, 0b10001, 0b01110];
    const EIGHT: [u8; 7] = [0b01110, 0b10001, 0b10001, 0b01110, 0b10001, 0b10001, 0b01110];

    /// Digits on paper, each square of them `size` pixels wide and high, `aside` pixels to the right; each pixel as dark as it is
    /// covered.
    fn drawn(digits: &[[u8; 7]], size: f64, aside: f64, ink: f64, paper: f64) -> Gray {
        const FINE: usize = 8;
        let (width, height) = ((size * (6.0 * digits.len() as f64 + 5.0)) as usize, (13.0 * size) as usize);
        let inked = |x: f64, y: f64| {
            let (x, y) = ((x - aside) / size - 3.0, y / size - 3.0);
            let (column, row) = (x.rem_euclid(6.0) as usize, y as usize);
            let digit = digits.get((x / 6.0) as usize).filter(|_| x >= 0.0 && y >= 0.0);
            digit.and_then(|digit| digit.get(row)).is_some_and(|line| column < 5 && line >> (4 - column) & 1 == 1)
        };
        let middle = |at: usize, part: usize| at as f64 + (part as f64 + 0.5) / FINE as f64;
        let covered = |x: usize, y: usize| {
            let parts = (0..FINE * FINE).filter(|part| inked(middle(x, part % FINE), middle(y, part / FINE))).count();
            parts as f64 / (FINE * FINE) as f64
        };
        let pixels = (0..width * height).map(|at| (paper + (ink - paper) * covered(at % width, at / width)).round() as u8).collect();
        Gray { width, height, pixels }
    }

    /// `shown`, all of it, for `asked`.
    fn compared(asked: &Gray, shown: &Gray, recoloured: bool) -> Strokes {
        let all = Place { x: 0, y: 0, width: shown.width as u32, height: shown.height as u32 };
        strokes(asked, shown, all, recoloured).unwrap()
    }

    const NUMBER: [[u8; 7]; 5] = [SIX, EIGHT, EIGHT, SIX, EIGHT];
    const ANOTHER: [[u8; 7]; 5] = [SIX, EIGHT, EIGHT, EIGHT, EIGHT];

    #[test]
    fn a_number_drawn_larger_is_the_same_and_one_other_digit_is_not() {
        let asked = drawn(&NUMBER, 1.4, 0.0, 30.0, 250.0);
        for size in [1.4 * 0.75, 1.54, 1.75, 2.1, 2.8] {
            for aside in [0.0, 0.4, 1.3] {
                let same = compared(&asked, &drawn(&NUMBER, size, aside, 30.0, 250.0), false);
                let other = compared(&asked, &drawn(&ANOTHER, size, aside, 30.0, 250.0), false);
                // As the gate puts the two together.
                let unlike = |strokes: Strokes| strokes.off * (1.2 - strokes.alike);
                assert!(unlike(same) < 0.08 && unlike(other) > 0.12, "{size} {aside}: {same:?} {other:?}");
            }
        }
    }

    #[test]
    fn dark_and_light_may_be_exchanged_only_in_other_colours() {
        let (asked, shown) = (drawn(&NUMBER, 1.4, 0.0, 30.0, 250.0), drawn(&NUMBER, 1.75, 0.0, 210.0, 40.0));
        let seen = compared(&asked, &shown, true);
        assert!(seen.off < 0.15 && seen.alike > 0.7, "{seen:?}");
        assert!(compared(&asked, &shown, false).off > 0.4);
        assert!(compared(&asked, &drawn(&ANOTHER, 1.75, 0.0, 210.0, 40.0), true).off > 0.2);
    }

    #[test]
    fn a_faint_digit_beside_something_dark_counts_as_much() {
        let beside = |digits: &[[u8; 7]], size: f64| {
            let mut gray = drawn(digits, size, 0.0, 190.0, 250.0);
            let from = gray.width - (3.0 * size) as usize;
            for y in 0..gray.height {
                gray.pixels[y * gray.width + from..(y + 1) * gray.width].fill(0);
            }
            gray
        };
        let asked = beside(&[EIGHT, SIX, EIGHT, EIGHT, EIGHT], 1.4);
        let (same, other) = (beside(&[EIGHT, SIX, EIGHT, EIGHT, EIGHT], 1.75), beside(&[EIGHT; 5], 1.75));
        assert!(compared(&asked, &same, false).off < 0.2);
        assert!(compared(&asked, &other, false).off > 0.2);
    }

    #[test]
    fn what_is_too_small_or_has_nothing_in_common_is_not_compared() {
        let small = Gray { width: 8, height: 20, pixels: vec![7; 160] };
        let place = Place { x: 0, y: 0, width: 8, height: 20 };
        assert_eq!(strokes(&small, &small, place, false), None);
        let even = Gray { width: 20, height: 20, pixels: vec![7; 400] };
        assert_eq!(strokes(&even, &even, Place { width: 20, ..place }, false), None);
    }

    proptest! {
        #[test]
        fn any_picture_at_any_place_gives_a_number(
            (width, height) in (1_usize..40, 1_usize..40),
            (wide, high) in (8_u32..60, 8_u32..60),
            (x, y) in (0_u32..30, 0_u32..30),
            seed in any::<u32>(),
            recoloured in any::<bool>(),
        ) {
            let noise = |width: usize, height: usize, seed: u32| {
                let level = |at: usize| ((at as u32 ^ seed).wrapping_mul(2_654_435_761) >> 24) as u8;
                Gray { width, height, pixels: (0..width * height).map(level).collect() }
            };
            let (asked, screen) = (noise(width, height, seed), noise(90, 90, seed.rotate_left(7)));
            if let Some(seen) = strokes(&asked, &screen, Place { x, y, width: wide, height: high }, recoloured) {
                prop_assert!(seen.off >= 0.0 && seen.off.is_finite() && (-1.0..=1.0).contains(&seen.alike), "{seen:?}");
            }
        }

        #[test]
        fn the_same_pixels_differ_in_nothing(size in 1.0..2.5_f64, aside in 0.0..3.0_f64, ink in 0.0..120.0_f64) {
            let asked = drawn(&[SIX, EIGHT], size, aside, ink, 240.0);
            let seen = compared(&asked, &asked, false);
            prop_assert!(seen.off < 0.1 && seen.alike > 0.85, "{seen:?}");
        }
    }
}
