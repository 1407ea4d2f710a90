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

/// Squared deviation of luma, summed over a block, from which on it shows something: a faint line.
const STRUCTURE: f64 = 2000.0;

/// Colour of the screen, sixteenths of a level would be too coarse: fixed point with 14 bits.
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

    /// Whether `changed` looks like a loss that no file tells of: nearly all that shows something is a little different, and
    /// hardly anything else is.
    pub(super) fn looks_re_encoded(&self, changed: &Grid) -> bool {
        let structured = self.grid(|area| [self.before, self.after].iter().all(|picture| structure(picture, area) > STRUCTURE));
        let both = structured.flags.iter().zip(&changed.flags).filter(|(structured, changed)| **structured && **changed).count();
        both * 10 >= structured.count() * 6 && both * 10 >= changed.count() * 8
    }

    fn grid(&self, differs: impl Fn(Area) -> bool) -> Grid {
        let (width, height) = (self.before.width, self.before.height);
        let (columns, rows) = (width.div_ceil(SIDE), height.div_ceil(SIDE));
        let mut flags = Vec::with_capacity(columns * rows);
        for top in (0..height).step_by(SIDE) {
            for left in (0..width).step_by(SIDE) {
                let area = Area { left, top, right: (left + SIDE).min(width), bottom: (top + SIDE).min(height) };
                flags.push(!self.is_same(area) && differs(area));
            }
        }
        Grid { columns, rows, flags }
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
        if luma <= ROUNDING && colour.iter().all(|off| *off <= colour_allowed) {
            return false;
        }
        let bleeding = COLOUR_BLEEDING + BLEEDING_BY_STEP * noise.chroma_step;
        let near = self.colour_near(area);
        let is_strong = near.iter().any(|range| *range > STRONG_COLOUR);
        let by_colour = if is_strong {
            COLOUR_TO_LUMA * self.of_original(|picture| colour_steps(picture, area)) + COLOUR_NEAR * noise.luma
        } else {
            0.0
        };
        let allowed = ROUNDING + noise.luma.min(self.of_original(|picture| structure(picture, area))) + by_colour;
        luma > allowed || colour.iter().zip(near).any(|(off, range)| *off > colour_allowed + bleeding * f64::from(range))
    }

    /// What `measure` says of the picture that lost nothing; where both did, the larger.
    fn of_original(&self, measure: impl Fn(&Picture) -> f64) -> f64 {
        match self.lost {
            [None, Some(_)] => measure(self.before),
            [Some(_), None] => measure(self.after),
            _ => measure(self.before).max(measure(self.after)),
        }
    }

    /// The range of both colours in a block and half of each beside it, levels: what shares a stored block of colour with it.
    fn colour_near(&self, area: Area) -> [i32; 2] {
        let around = grown(area, SIDE, self.before);
        let of = |weights: [i32; 3]| {
            self.of_original(|picture| {
                let (mut low, mut high) = (i32::MAX, i32::MIN);
                for y in around.top..around.bottom {
                    for pixel in part(picture, around, y).chunks_exact(3) {
                        let colour = weighed(weights, [0, 1, 2].map(|channel| i32::from(pixel[channel])));
                        (low, high) = (low.min(colour), high.max(colour));
                    }
                }
                f64::from((high - low) >> 14)
            }) as i32
        };
        [of(BLUE), of(RED)]
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
    let (mut sum, mut squares, mut pixels) = (0.0_f64, 0.0_f64, 0.0_f64);
    for y in area.top..area.bottom {
        for pixel in part(picture, area, y).chunks_exact(3) {
            let luma = f64::from(weighed(LUMA, [0, 1, 2].map(|channel| i32::from(pixel[channel])))) / f64::from(1 << 14);
            sum += luma;
            squares += luma * luma;
            pixels += 1.0;
        }
    }
    (squares - sum * sum / pixels).max(0.0)
}

/// Squared steps of both colours from each pixel of `area` to those around it, summed.
fn colour_steps(picture: &Picture, area: Area) -> f64 {
    let around = grown(area, 1, picture);
    let colours = |x: usize, y: usize| {
        let pixel = [0, 1, 2].map(|channel| i32::from(picture.row(y)[3 * x + channel]));
        [BLUE, RED].map(|weights| f64::from(weighed(weights, pixel)) / f64::from(1 << 14))
    };
    let step = |a: [f64; 2], b: [f64; 2]| (a[0] - b[0]).powi(2) + (a[1] - b[1]).powi(2);
    let mut sum = 0.0;
    for y in area.top..area.bottom {
        for x in area.left..area.right {
            let here = colours(x, y);
            let beside = [(x > around.left, x.wrapping_sub(1), y), (x + 1 < around.right, x + 1, y)];
            let above = [(y > around.top, x, y.wrapping_sub(1)), (y + 1 < around.bottom, x, y + 1)];
            sum += beside.into_iter().chain(above).filter(|(there, ..)| *there).map(|(_, x, y)| step(here, colours(x, y))).sum::<f64>();
        }
    }
    sum
}
