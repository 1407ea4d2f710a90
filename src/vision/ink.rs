//! The colours of what is drawn and of what it stands on.

use super::picture::Picture;
use super::shapes::apart;
use crate::target::{Piece, Place};

/// A colour: red, green, blue.
pub(super) type Colour = [u8; 3];

/// The colours of all that is `shown`, row by row.
pub(super) fn colours(shown: &Picture) -> Vec<Colour> {
    shown.rgb.chunks_exact(3).map(|colour| [colour[0], colour[1], colour[2]]).collect()
}

/// How often each colour occurs, to five bits a channel; used again for the next piece.
pub(super) struct Counts {
    counts: Vec<u32>,
}

impl Counts {
    pub(super) fn new() -> Self {
        Self { counts: vec![0; 1 << 15] }
    }

    fn key([red, green, blue]: Colour) -> usize {
        usize::from(red >> 3) << 10 | usize::from(green >> 3) << 5 | usize::from(blue >> 3)
    }

    /// The mean of the colours that occur most: of those that do often, the ones that most pixels are close to. The ground of a title bar runs
    /// from one colour to another, and bold letters on it are all of one.
    pub(super) fn ground(&mut self, colours: &[Colour]) -> Colour {
        /// So many of the most frequent ones may be the ground.
        const OFTEN: usize = 4;
        /// This close to its mean is what a ground is, levels.
        const CLOSE: u8 = 20;
        let mut keys: Vec<usize> = Vec::new();
        for &colour in colours {
            let count = &mut self.counts[Self::key(colour)];
            if *count == 0 {
                keys.push(Self::key(colour));
            }
            *count += 1;
        }
        keys.sort_by_key(|&key| std::cmp::Reverse(self.counts[key]));
        let most = keys.first().map_or(0, |&key| self.counts[key] as usize);
        let alone = 2 * most >= colours.len();
        keys.truncate(if alone { 1 } else { OFTEN });
        for &colour in colours {
            self.counts[Self::key(colour)] = 0;
        }
        let means = keys.iter().map(|&key| mean(colours.iter().filter(|colour| Self::key(**colour) == key)));
        let close = |mean: &Colour| colours.iter().filter(|colour| apart(**colour, *mean) <= CLOSE).count();
        // Of equally good ones the most frequent.
        means.rev().max_by_key(|mean| if alone { 0 } else { close(mean) }).unwrap_or_default()
    }
}

fn mean<'a>(colours: impl Iterator<Item = &'a Colour>) -> Colour {
    let (mut sum, mut count) = ([0_u64; 3], 0);
    for colour in colours {
        (0..3).for_each(|channel| sum[channel] += u64::from(colour[channel]));
        count += 1;
    }
    sum.map(|sum| (sum / count.max(1)) as u8)
}

/// The mean of that part of `colours`, one in so many, which is farthest from the ground; of equally far ones the first. Black where there
/// are none.
pub(super) fn strongest(colours: &[Colour], ground: Colour, one_in: usize) -> Colour {
    let count = (colours.len() / one_in).max(1);
    let mut far = [0_usize; 256];
    for colour in colours {
        far[usize::from(apart(*colour, ground))] += 1;
    }
    // How far is far enough, and how many of just this distance are needed.
    let (mut least, mut needed) = (255, count);
    while least > 0 && far[least] < needed {
        needed -= far[least];
        least -= 1;
    }
    let mut sum = [0_u64; 3];
    for colour in colours {
        let away = usize::from(apart(*colour, ground));
        if away == least && needed > 0 {
            needed -= 1;
        } else if away <= least {
            continue;
        }
        (0..3).for_each(|channel| sum[channel] += u64::from(colour[channel]));
    }
    sum.map(|sum| (sum / count as u64) as u8)
}

/// The colours of letters and of what they stand on, told for each of `pieces`. The letters' is that of the tenth of all pixels that is
/// farthest from the ground: thin letters have few pixels of their full colour.
pub(super) fn with_colours(screen: &Picture, pieces: &mut [Piece]) {
    let mut counts = Counts::new();
    for piece in pieces {
        let colours = colours(&screen.crop(piece.place));
        piece.ground = counts.ground(&colours);
        piece.ink = strongest(&colours, piece.ground, 10);
    }
}

/// How much more or less colourful than its label an icon is, and how far its colour is from the label's, levels.
const OTHER_COLOUR: u8 = 80;

/// The colours of a screen, to be compared.
pub(super) struct Palette<'a> {
    screen: &'a Picture,
    counts: Counts,
}

impl<'a> Palette<'a> {
    /// Those of `screen`.
    pub(super) fn new(screen: &'a Picture) -> Self {
        Self { screen, counts: Counts::new() }
    }

    /// Whether what is drawn at `part` is of another colour than the letters at `text`, which stand on the same ground.
    pub(super) fn differ(&mut self, part: Place, text: Place) -> bool {
        let letters = colours(&self.screen.crop(text));
        let ground = self.counts.ground(&letters);
        // A drawing is filled as a rule, letters are thin.
        let (drawing, letters) = (strongest(&colours(&self.screen.crop(part)), ground, 4), strongest(&letters, ground, 10));
        let colourful = |colour: Colour| colour.iter().max().copied().unwrap_or(0) - colour.iter().min().copied().unwrap_or(0);
        apart(drawing, letters) >= OTHER_COLOUR && colourful(drawing).abs_diff(colourful(letters)) >= OTHER_COLOUR
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_ground_is_what_most_is_close_to_however_much_it_runs() {
        // A title bar of 20 rows that runs through 30 levels, a quarter of it white letters; no shade of it has as many pixels.
        let bar =
            |at: usize| if at.is_multiple_of(4) { [255; 3] } else { [120, 150, 190].map(|level: u8| level + (at / 100) as u8 * 3 / 2) };
        let colours: Vec<Colour> = (0..2000).map(bar).collect();
        let ground = Counts::new().ground(&colours);
        assert!(apart(ground, [135, 165, 205]) <= 15, "{ground:?}");
        // What has half of all pixels is the ground, and nothing has none.
        let flat: Vec<Colour> = (0..100_u8).map(|at| if at.is_multiple_of(2) { [240; 3] } else { [at; 3] }).collect();
        assert_eq!((Counts::new().ground(&flat), Counts::new().ground(&[])), ([240; 3], [0; 3]));
    }

    proptest! {
        #[test]
        fn the_strongest_are_the_first_of_all_sorted(
            colours in proptest::collection::vec(any::<[u8; 3]>(), 1..200),
            ground in any::<Colour>(),
            one_in in 1_usize..20,
            levels in 1_u8..100,
        ) {
            let colours: Vec<Colour> = colours.into_iter().map(|colour| colour.map(|level| level / levels * levels)).collect();
            let mut sorted = colours.clone();
            sorted.sort_by_key(|colour| std::cmp::Reverse(apart(*colour, ground)));
            sorted.truncate((colours.len() / one_in).max(1));
            let mean = [0, 1, 2].map(|channel| (sorted.iter().map(|colour| usize::from(colour[channel])).sum::<usize>() / sorted.len()) as u8);
            prop_assert_eq!(strongest(&colours, ground, one_in), mean);
        }
    }
}
