//! Two pictures compared part by part, each part about as large as a letter or two and moved to where it fits best.
#![allow(clippy::inline_always, reason = "what is not inlined is not compiled for the instructions of its caller")]
#![allow(clippy::needless_range_loop, reason = "loops by index become vectors, and no call without optimisation")]

use super::kernels::{Instructions, Job, Kernel};
use super::picture::{Gray, Picture};

/// What noise (re-encoding, hinting) adds to the deviation of a part, grey levels.
const NOISE: f64 = 6.0;

/// Pixels at the edges that are left out: what is smoothed there knows nothing of its surroundings.
pub(super) const EDGE: usize = 2;

/// Products of columns that are summed in registers.
const CHUNK: usize = 32;

/// The same where a picture is narrower.
const NARROW: usize = 8;

/// A picture cut into cells. A part is two by two of them, so that parts overlap by half and nothing is summed twice.
pub(super) struct Grid {
    columns: Vec<(usize, usize)>,
    rows: Vec<(usize, usize)>,
}

/// What is measured of a part.
#[derive(Debug, Clone, Copy)]
enum Measure {
    /// `(cov + c) / sqrt((var + c)(var' + c))` with c for noise, after the structure term of SSIM (Wang et al. 2004): two flat
    /// parts are alike, a flat one and a lettered one are not. The most counts. Of what is inverted the covariance is.
    Alike { inverted: bool },
    /// The deviation of the difference, grey levels. The least counts.
    Rough,
}

impl Grid {
    /// Parts of about `side` pixels of a picture of this size. Their sides stay within five quarters of `side`, or two pixels, so that
    /// sums over a part of up to 100 pixels a side fit 31 bits.
    pub(super) fn new((width, height): (usize, usize), side: usize) -> Self {
        let cuts = |length: usize| {
            let edge = if length >= 4 * EDGE { EDGE } else { 0 };
            let inner = length - 2 * edge;
            let count = ((2 * inner + side / 2) / side.max(1)).clamp(2, inner.max(2));
            (0..count).map(|index| (edge + index * inner / count, edge + (index + 1) * inner / count)).collect()
        };
        Self { columns: cuts(width), rows: cuts(height) }
    }

    /// How alike each part is, at its best, up to 1; `around` has `play` pixels more on every side than `a`.
    pub(super) fn likeness(&self, a: &Gray, around: &Gray, play: usize, inverted: bool) -> Vec<f64> {
        Instructions::best().run(Moved { grid: self, a, around, play, measure: Measure::Alike { inverted } })
    }

    /// How much the part differs that differs most, at its best: the deviation of the difference, grey levels.
    pub(super) fn roughest(&self, a: &Gray, around: &Gray, play: usize) -> f64 {
        let rough = Instructions::best().run(Moved { grid: self, a, around, play, measure: Measure::Rough });
        rough.into_iter().fold(0.0, f64::max)
    }

    /// For each part how far its mean colour is off, in the channel that is off most, and how far without lightness, levels.
    pub(super) fn colours(&self, a: &Picture, b: &Picture) -> (Vec<f64>, Vec<f64>) {
        let across = self.columns.len();
        let mut cells = Vec::with_capacity(across * self.rows.len());
        let mut columns = vec![0_i32; 3 * a.width];
        for &(top, bottom) in &self.rows {
            columns.fill(0);
            for y in top..bottom {
                for ((sum, a), b) in columns.iter_mut().zip(a.row(y)).zip(b.row(y)) {
                    *sum += i32::from(*a) - i32::from(*b);
                }
            }
            for &(left, right) in &self.columns {
                let mut cell = [0_i64; 4];
                for pixel in columns[3 * left..3 * right].chunks_exact(3) {
                    for channel in 0..3 {
                        cell[channel] += i64::from(pixel[channel]);
                    }
                }
                cell[3] = ((right - left) * (bottom - top)) as i64;
                cells.push(cell);
            }
        }
        let part = |row: usize, column: usize| {
            let four = [(row, column), (row, column + 1), (row + 1, column), (row + 1, column + 1)];
            let sum = |of: usize| four.iter().map(|(row, column)| cells[row * across + column][of]).sum::<i64>();
            off([0, 1, 2].map(|channel| sum(channel) as f64 / sum(3).max(1) as f64))
        };
        let places = (0..self.rows.len() - 1).flat_map(|row| (0..across - 1).map(move |column| (row, column)));
        places.map(|(row, column)| part(row, column)).unzip()
    }

    /// Sums over the width of each part from sums over all columns to the left, counted from `shift`.
    #[inline(always)]
    fn widths(&self, sums: &[u32], shift: usize, out: &mut [u32]) {
        for column in 0..self.columns.len() - 1 {
            out[column] = sums[shift + self.columns[column + 1].1].wrapping_sub(sums[shift + self.columns[column].0]);
        }
    }
}

/// How far a colour is off, in the channel that is off most, and how far when all three are moved alike.
pub(super) fn off(by: [f64; 3]) -> (f64, f64) {
    let most = |by: [f64; 3]| by.into_iter().map(f64::abs).fold(0.0, f64::max);
    let mean = by.iter().sum::<f64>() / 3.0;
    (most(by), most(by.map(|channel| channel - mean)))
}

/// A measure of each part, the best over all ways to move `a` by up to `play` pixels on `around`.
struct Moved<'a> {
    grid: &'a Grid,
    a: &'a Gray,
    around: &'a Gray,
    play: usize,
    measure: Measure,
}

impl Job for Moved<'_> {
    type Outcome = Vec<f64>;

    /// Column by column down each row of cells, so that neighbours share an instruction; the sums over parts are differences then.
    /// What does not depend on the way is summed once.
    #[inline(always)]
    fn run<K: Kernel>(self) -> Vec<f64> {
        let (grid, a, around) = (self.grid, self.a, self.around);
        let (wide, strips, ways) = (grid.columns.len() - 1, grid.rows.len(), 2 * self.play + 1);
        let mut parts = Parts::new(self.measure, wide, wide * (strips - 1));
        let (mut line, mut lines) = (vec![0; around.width], vec![0; around.width]);
        let (mut sums, mut squares) = (vec![0; around.width + 1], vec![0; around.width + 1]);
        let (mut strip, mut strip_squares) = (vec![0; wide * strips], vec![0; wide * strips]);
        for (row, &(top, bottom)) in grid.rows.iter().enumerate() {
            columns(a, top..bottom, &mut line[..a.width], &mut lines[..a.width]);
            to_the_left(&line[..a.width], &mut sums);
            to_the_left(&lines[..a.width], &mut squares);
            grid.widths(&sums, 0, &mut strip[row * wide..(row + 1) * wide]);
            grid.widths(&squares, 0, &mut strip_squares[row * wide..(row + 1) * wide]);
        }
        parts.set(&strip, &strip_squares, |part| {
            let ((row, column), of) = ((part / wide, part % wide), |cuts: &[(usize, usize)], at: usize| cuts[at + 1].1 - cuts[at].0);
            of(&grid.columns, column) * of(&grid.rows, row)
        });
        let mut moved: Vec<[Vec<u32>; 3]> = (0..ways).map(|_| std::array::from_fn(|_| vec![0; wide * strips])).collect();
        for dy in 0..ways {
            for (row, &(top, bottom)) in grid.rows.iter().enumerate() {
                columns(around, top + dy..bottom + dy, &mut line, &mut lines);
                to_the_left(&line, &mut sums);
                to_the_left(&lines, &mut squares);
                for (dx, [own_sums, own_squares, products]) in moved.iter_mut().enumerate() {
                    let own = row * wide..(row + 1) * wide;
                    grid.widths(&sums, dx, &mut own_sums[own.clone()]);
                    grid.widths(&squares, dx, &mut own_squares[own.clone()]);
                    if a.width >= CHUNK {
                        shared::<CHUNK>((a, around), top..bottom, (dx, dy), &mut line[..a.width]);
                    } else {
                        shared::<NARROW>((a, around), top..bottom, (dx, dy), &mut line[..a.width]);
                    }
                    to_the_left(&line[..a.width], &mut lines[..=a.width]);
                    grid.widths(&lines, 0, &mut products[own]);
                }
            }
            for [sums, squares, products] in &moved {
                parts.better(sums, squares, products);
            }
        }
        parts.best
    }
}

/// What is known of each part, and the best of its measures so far.
struct Parts {
    measure: Measure,
    /// Parts in a row.
    wide: usize,
    /// Pixels.
    count: Vec<f64>,
    /// `Σ a`.
    sums: Vec<i32>,
    /// `Σ a²`.
    squares: Vec<i32>,
    best: Vec<f64>,
}

impl Parts {
    fn new(measure: Measure, wide: usize, count: usize) -> Self {
        let worst = match measure {
            Measure::Alike { .. } => f64::NEG_INFINITY,
            Measure::Rough => f64::INFINITY,
        };
        Self { measure, wide, count: vec![0.0; count], sums: vec![0; count], squares: vec![0; count], best: vec![worst; count] }
    }

    /// Takes in the sums over strips of `a`, and how many pixels each part has.
    fn set(&mut self, sums: &[u32], squares: &[u32], count: impl Fn(usize) -> usize) {
        for part in 0..self.count.len() {
            self.count[part] = count(part) as f64;
            self.sums[part] = sums[part].wrapping_add(sums[part + self.wide]) as i32;
            self.squares[part] = squares[part].wrapping_add(squares[part + self.wide]) as i32;
        }
    }

    /// Takes in one way to move `a`: `Σ b`, `Σ b²` and `Σ ab` over strips.
    #[inline(always)]
    fn better(&mut self, sums: &[u32], squares: &[u32], products: &[u32]) {
        let (count, wide) = (self.best.len(), self.wide);
        let (upper, lower) = (&sums[..count], &sums[wide..wide + count]);
        let (upper_squares, lower_squares) = (&squares[..count], &squares[wide..wide + count]);
        let (upper_products, lower_products) = (&products[..count], &products[wide..wide + count]);
        let (counts, own, own_squares) = (&self.count[..count], &self.sums[..count], &self.squares[..count]);
        let best = &mut self.best[..count];
        match self.measure {
            Measure::Alike { inverted } => {
                let sign = if inverted { -1.0 } else { 1.0 };
                for part in 0..count {
                    let count = counts[part];
                    let (a, b) = (f64::from(own[part]), f64::from(upper[part].wrapping_add(lower[part]) as i32));
                    let of = |product: i32, one: f64, other: f64| f64::from(product) - one * other / count;
                    let noise = NOISE * NOISE * count;
                    let shared = of(upper_products[part].wrapping_add(lower_products[part]) as i32, a, b);
                    let spread = of(own_squares[part], a, a) + noise;
                    let other = of(upper_squares[part].wrapping_add(lower_squares[part]) as i32, b, b) + noise;
                    let alike = (sign * shared + noise) / (spread * other).sqrt();
                    best[part] = if alike > best[part] { alike } else { best[part] };
                }
            }
            Measure::Rough => {
                for part in 0..count {
                    let difference = own[part] - upper[part].wrapping_add(lower[part]) as i32;
                    let products = upper_products[part].wrapping_add(lower_products[part]) as i32;
                    let square = own_squares[part] + upper_squares[part].wrapping_add(lower_squares[part]) as i32 - 2 * products;
                    let (square, mean) = (f64::from(square) / counts[part], f64::from(difference) / counts[part]);
                    let spread = square - mean * mean;
                    let rough = (if spread > 0.0 { spread } else { 0.0 }).sqrt();
                    best[part] = if rough < best[part] { rough } else { best[part] };
                }
            }
        }
    }
}

/// The sum and the sum of squares of each column over `rows`.
#[inline(always)]
fn columns(gray: &Gray, rows: std::ops::Range<usize>, sums: &mut [u32], squares: &mut [u32]) {
    let width = gray.width;
    let (sums, squares) = (&mut sums[..width], &mut squares[..width]);
    sums.fill(0);
    squares.fill(0);
    for y in rows {
        let row = &gray.row(y)[..width];
        for x in 0..width {
            sums[x] += u32::from(row[x]);
            squares[x] += u32::from(u16::from(row[x]) * u16::from(row[x]));
        }
    }
}

/// The sum of all columns to the left of each, and of all; it wraps around, and differences over parts are right nevertheless.
#[inline(always)]
fn to_the_left(columns: &[u32], out: &mut [u32]) {
    let out = &mut out[..=columns.len()];
    let mut sum = 0_u32;
    out[0] = 0;
    for x in 0..columns.len() {
        sum = sum.wrapping_add(columns[x]);
        out[x + 1] = sum;
    }
}

/// The sum of products of each column of `a` over `rows` with what lies under it on `around`, moved by `dx`, `dy`. So many columns at a
/// time; the last ones once more where they do not come out even, and all one by one where there are fewer.
#[inline(always)]
fn shared<const N: usize>((a, around): (&Gray, &Gray), rows: std::ops::Range<usize>, (dx, dy): (usize, usize), out: &mut [u32]) {
    let width = a.width;
    let mut x = 0;
    while width >= N && x < width {
        let first = x.min(width - N);
        let mut sums = [0_u32; N];
        for y in rows.clone() {
            let (line, other) = (&a.row(y)[first..first + N], &around.row(y + dy)[dx + first..dx + first + N]);
            for at in 0..N {
                sums[at] += u32::from(u16::from(line[at]) * u16::from(other[at]));
            }
        }
        out[first..first + N].copy_from_slice(&sums);
        x += N;
    }
    if width < N {
        for x in 0..width {
            out[x] = rows.clone().map(|y| u32::from(a.row(y)[x]) * u32::from(around.row(y + dy)[dx + x])).sum();
        }
    }
}
