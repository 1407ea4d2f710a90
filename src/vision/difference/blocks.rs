//! Which blocks of 8 by 8 pixels differ by more than re-encoding can explain.
//!
//! The blocks are those of JPEG, counted from the top left corner, since that is where its errors stay. The allowance for a
//! block is what its tables permit (see [`Noise`]), but never more than the block has of structure: JPEG may drop what is
//! there, and cannot put anything where nothing was. Beside strong colours it is more, because colour is stored at half the
//! size and what is cut off at black or white moves luma too.

use super::super::picture::Picture;
use super::noise::Noise;

/// Side of a block, pixels.
pub(super) const SIDE: usize = 8;

/// Between pictures that lost nothing, a channel that is off by this many levels may come from how a screen is read.
const LOSSLESS_LEVELS: u8 = 2;

/// Squared difference of luma that rounding to whole levels explains, summed over a block. Measured 180 at most where
/// neither structure nor colour is near; 400 is a shift of the whole block by 2.5 levels.
const ROUNDING: f64 = 400.0;

/// The share of the squared steps of colour within a block and around it that comes back as luma. Measured 0.017 at most.
const COLOUR_TO_LUMA: f64 = 0.025;

/// The share of the tables' allowance that strong colours close by add. Measured 0.065 at most, quality 45 to 95.
const COLOUR_NEAR: f64 = 0.09;

/// A range of colour, levels, from which on it counts as strong.
const STRONG_COLOUR: i32 = 8;

/// The mean colour of a block may be off by so many levels, and an eighth of the step by which it was rounded.
const COLOUR_ROUNDING: f64 = 2.5;

/// And by this share of the range of colours around, since colour bleeds over edges; more at larger steps.
const COLOUR_BLEEDING: f64 = 0.15;
const BLEEDING_BY_STEP: f64 = 0.012;

/// Levels of colour that may be gone from a picture without a trace.
const COLOUR_FADED: i32 = 40;

/// Squared deviation of luma, summed over a block, from which on it shows something: a faint line.
const STRUCTURE: f64 = 2000.0;

/// Luma and the two colours of JPEG from red, green and blue, in fixed point with 14 bits.
const LUMA: [i32; 3] = [4899, 9617, 1868];
const BLUE: [i32; 3] = [-2765, -5427, 8192];
const RED: [i32; 3] = [8192, -6860, -1332];

/// One flag for each block, rows from the top.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Grid {
    pub(super) columns: usize,
    pub(super) rows: usize,
    pub(super) flags: Vec<bool>,
}

impl Grid {
    pub(super) fn count(&self) -> usize {
        self.flags.iter().filter(|flag| **flag).count()
    }

    /// Column and row of each flagged block.
    pub(super) fn flagged(&self) -> impl Iterator<Item = (usize, usize)> {
        self.flags.iter().enumerate().filter(|(_, flag)| **flag).map(|(index, _)| (index % self.columns, index / self.columns))
    }
}

/// Two pictures of the same size, and what each of them lost before it came here.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pair<'a> {
    pub(super) before: &'a Picture,
    pub(super) after: &'a Picture,
    pub(super) lost: [Option<Noise>; 2],
}

/// A block, or an area around one: left, top, right and bottom, the last two exclusive.
#[derive(Debug, Clone, Copy)]
struct Area {
    left: usize,
    top: usize,
    right: usize,
    bottom: usize,
}

impl<'a> Pair<'a> {
    /// The blocks that differ by more than the files explain.
    pub(super) fn changed(&self) -> Grid {
        match self.lost {
            [None, None] => self.grid(|area| self.differs_exactly(area)),
            [Some(one), None] | [None, Some(one)] => self.grid(|area| self.differs(area, one)),
            [Some(one), Some(other)] => self.grid(|area| self.differs(area, one.and(other))),
        }
    }

    /// The blocks that differ by more than `noise` explains, whatever the files say.
    pub(super) fn changed_beyond(&self, noise: Noise) -> Grid {
        let lost = self.lost.iter().flatten().fold(noise, |sum, one| sum.and(*one));
        self.grid(|area| self.differs(area, lost))
    }

    /// Whether `changed` looks like a loss that no file tells of: of the blocks that show something in both pictures hardly one
    /// is the same and a good part is far off, and these are most of all that is far off.
    pub(super) fn looks_re_encoded(&self, changed: &Grid) -> bool {
        let (mut structured, mut same, mut both) = (0, 0, 0);
        for (area, changed) in self.areas().zip(&changed.flags) {
            if [self.before, self.after].iter().all(|picture| structure(picture, area) > STRUCTURE) {
                structured += 1;
                same += usize::from(self.is_same(area));
                both += usize::from(*changed);
            }
        }
        same * 10 <= structured && both * 5 >= structured && both * 2 >= changed.count()
    }

    /// The blocks, row by row.
    fn areas(&self) -> impl Iterator<Item = Area> + use<> {
        let (width, height) = (self.before.width, self.before.height);
        let area = move |left: usize, top: usize| Area { left, top, right: (left + SIDE).min(width), bottom: (top + SIDE).min(height) };
        (0..height).step_by(SIDE).flat_map(move |top| (0..width).step_by(SIDE).map(move |left| area(left, top)))
    }

    fn grid(&self, differs: impl Fn(Area) -> bool) -> Grid {
        let (columns, rows) = (self.before.width.div_ceil(SIDE), self.before.height.div_ceil(SIDE));
        Grid { columns, rows, flags: self.areas().map(|area| !self.is_same(area) && differs(area)).collect() }
    }

    fn rows(&self, area: Area) -> impl Iterator<Item = (&'a [u8], &'a [u8])> + use<'a> {
        let (before, after) = (self.before, self.after);
        (area.top..area.bottom).map(move |y| (part(before, area, y), part(after, area, y)))
    }

    fn is_same(&self, area: Area) -> bool {
        self.rows(area).all(|(before, after)| before == after)
    }

    fn differs_exactly(&self, area: Area) -> bool {
        self.rows(area).any(|(before, after)| before.iter().zip(after).any(|(a, b)| a.abs_diff(*b) > LOSSLESS_LEVELS))
    }

    fn differs(&self, area: Area, noise: Noise) -> bool {
        let mut sums = [0_i64; 2];
        let mut squares = 0_f32;
        for (before, after) in self.rows(area) {
            for (a, b) in before.chunks_exact(3).zip(after.chunks_exact(3)) {
                let off = [0, 1, 2].map(|channel| i32::from(b[channel]) - i32::from(a[channel]));
                let luma = weighed(LUMA, off) as f32;
                squares += luma * luma;
                sums[0] += i64::from(weighed(BLUE, off));
                sums[1] += i64::from(weighed(RED, off));
            }
        }
        let luma = f64::from(squares) / f64::from(1 << 28);
        let pixels = ((area.right - area.left) * (area.bottom - area.top)) as f64;
        let colour = sums.map(|sum| sum.abs() as f64 / f64::from(1 << 14) / pixels);
        let colour_allowed = COLOUR_ROUNDING + noise.chroma_step / 8.0;
        let is_colour_plain = colour.iter().all(|off| *off <= colour_allowed);
        if luma <= ROUNDING && is_colour_plain {
            return false;
        }
        let plainly = ROUNDING + noise.luma.min(self.of_original(|picture| structure(picture, area)));
        if luma <= plainly && is_colour_plain {
            return false;
        }
        // What lies around is looked at last: it takes the longest.
        let by_steps = if luma > plainly {
            COLOUR_TO_LUMA * noise.times.powi(2) * self.of_original(|picture| colour_steps(picture, area))
        } else {
            0.0
        };
        let nearby = COLOUR_NEAR * noise.luma;
        if luma > plainly + by_steps + nearby {
            return true;
        }
        let near = self.colour_near(area);
        let is_strong = near.iter().any(|range| *range > STRONG_COLOUR);
        let bleeding = COLOUR_BLEEDING + BLEEDING_BY_STEP * noise.chroma_step;
        luma > plainly + if is_strong { by_steps + nearby } else { 0.0 }
            || colour.iter().zip(near).any(|(off, range)| *off > colour_allowed + bleeding * f64::from(range))
    }

    /// What `measure` says of the picture that lost nothing; where both did, the larger.
    fn of_original(&self, measure: impl Fn(&Picture) -> f64) -> f64 {
        match self.lost {
            [None, Some(_)] => measure(self.before),
            [Some(_), None] => measure(self.after),
            _ => measure(self.before).max(measure(self.after)),
        }
    }

    /// The range of both colours in a block and in those around it, levels: what shares a stored block of colour with it. Where
    /// both pictures lost something it may have been more in the original than in the poorer one, but not by far.
    fn colour_near(&self, area: Area) -> [i32; 2] {
        let around = grown(area, SIDE, self.before);
        let of = |weights: [i32; 3], picture: &Picture| {
            let (mut low, mut high) = (i32::MAX, i32::MIN);
            for y in around.top..around.bottom {
                for pixel in part(picture, around, y).chunks_exact(3) {
                    let colour = weighed(weights, [0, 1, 2].map(|channel| i32::from(pixel[channel])));
                    (low, high) = (low.min(colour), high.max(colour));
                }
            }
            (high - low) >> 14
        };
        [BLUE, RED].map(|weights| match self.lost {
            [None, Some(_)] => of(weights, self.before),
            [Some(_), None] => of(weights, self.after),
            _ => {
                let (one, other) = (of(weights, self.before), of(weights, self.after));
                one.max(other).min(2 * one.min(other) + COLOUR_FADED)
            }
        })
    }
}

fn part(picture: &Picture, area: Area, y: usize) -> &[u8] {
    &picture.row(y)[3 * area.left..3 * area.right]
}

fn grown(area: Area, by: usize, picture: &Picture) -> Area {
    Area {
        left: area.left.saturating_sub(by),
        top: area.top.saturating_sub(by),
        right: (area.right + by).min(picture.width),
        bottom: (area.bottom + by).min(picture.height),
    }
}

fn weighed(weights: [i32; 3], channels: [i32; 3]) -> i32 {
    weights[0] * channels[0] + weights[1] * channels[1] + weights[2] * channels[2]
}

/// Squared deviation of luma from its mean, summed over `area`.
fn structure(picture: &Picture, area: Area) -> f64 {
    let (mut sum, mut squares, mut pixels) = (0_i32, 0_i32, 0_i32);
    for y in area.top..area.bottom {
        for pixel in part(picture, area, y).chunks_exact(3) {
            let luma = weighed(LUMA, [0, 1, 2].map(|channel| i32::from(pixel[channel]))) >> 14;
            sum += luma;
            squares += luma * luma;
            pixels += 1;
        }
    }
    (f64::from(squares) - f64::from(sum).powi(2) / f64::from(pixels)).max(0.0)
}

/// Squared steps of both colours from each pixel of `area` to the four beside it, summed.
fn colour_steps(picture: &Picture, area: Area) -> f64 {
    let around = grown(area, 1, picture);
    let mut colours = [[[0_i32; 2]; SIDE + 2]; SIDE + 2];
    for (y, row) in (around.top..around.bottom).zip(&mut colours) {
        for (pixel, colour) in part(picture, around, y).chunks_exact(3).zip(row) {
            *colour = [BLUE, RED].map(|weights| weighed(weights, [0, 1, 2].map(|channel| i32::from(pixel[channel]))) >> 14);
        }
    }
    let (left, top) = (area.left - around.left, area.top - around.top);
    let (width, height) = (area.right - area.left, area.bottom - area.top);
    let step = |a: [i32; 2], b: [i32; 2]| (a[0] - b[0]).pow(2) + (a[1] - b[1]).pow(2);
    let mut sum = 0;
    for y in top..top + height {
        for x in left..left + width {
            let here = colours[y][x];
            // At the picture's edge nothing is beside.
            if x > 0 {
                sum += step(here, colours[y][x - 1]);
            }
            if x + 1 < around.right - around.left {
                sum += step(here, colours[y][x + 1]);
            }
            if y > 0 {
                sum += step(here, colours[y - 1][x]);
            }
            if y + 1 < around.bottom - around.top {
                sum += step(here, colours[y + 1][x]);
            }
        }
    }
    f64::from(sum)
}
