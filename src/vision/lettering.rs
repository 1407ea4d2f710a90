//! How letters are drawn: words in a colour of their own within a line, and thin lines beneath. What either means is decided elsewhere.

use super::ink::{Colour, colours, strongest};
use super::picture::Picture;
use super::shapes::{apart, pixel};
use crate::target::{Piece, Place, Rule, Tint};

/// How far a colour is from the ground at least to be ink, levels.
const INK: u8 = 40;

/// How far apart the hues of two inks are at least, as shares of what lies between each and its ground, 0 to 1. Smoothing makes thin letters
/// fainter and leaves this as it is.
const OTHER_HUE: f64 = 0.3;

/// The narrowest gap between two words, in heights of capitals.
const SPACE: f64 = 0.2;

/// How far below a text a line may run, in heights of capitals, and the thickest one, pixels and heights of capitals.
const BELOW: f64 = 2.4;
const THICKEST: (usize, f64) = (3, 0.3);

/// Columns of a text that are looked at for a line below it, at most.
const SAMPLES: usize = 32;

/// The share of a text that a line runs below at least.
const ALONG: f64 = 0.8;

/// Levels that the pixels of a line may be apart, and that it differs by from what is above and below it at least.
const LEVEL: u8 = 6;
const STEP: u8 = 9;

/// Lines beneath one text, at most.
const MOST_RULES: usize = 4;

/// Tells how each of `pieces` is drawn; their grounds are known already.
pub(super) fn with_lettering(screen: &Picture, pieces: &mut [Piece]) {
    for piece in pieces {
        piece.tints = tints(screen, piece);
        piece.rules = rules(screen, piece);
    }
}

/// What tells one ink from another however thin its letters are: the channels of its distance from the ground, the farthest 1.
fn hue(ink: Colour, ground: Colour) -> [f64; 3] {
    let away = [0, 1, 2].map(|channel| f64::from(ink[channel]) - f64::from(ground[channel]));
    let most = away.iter().fold(1.0_f64, |most, away| most.max(away.abs()));
    away.map(|away| away / most)
}

/// The words of a piece by their colours, from left to right: one entry for each run of words of one colour, and none at all where all
/// of them have the same.
fn tints(screen: &Picture, piece: &Piece) -> Vec<Tint> {
    let Place { x, y, width, height } = piece.place;
    let (left, right, top, bottom) = (x as usize, (x + width) as usize, y as usize, (y + height) as usize);
    let drawn = |x: usize| (top..bottom).any(|y| apart(pixel(screen, x, y), piece.ground) >= INK);
    let space = (SPACE * piece.capital).max(2.0) as usize;
    let mut words: Vec<(usize, usize)> = Vec::new();
    for at in (left..right).filter(|&at| drawn(at)) {
        match words.last_mut() {
            Some(word) if at < word.1 + space => word.1 = at + 1,
            _ => words.push((at, at + 1)),
        }
    }
    let mut all: Vec<Tint> = Vec::new();
    for (from, to) in words {
        // What is narrower than a letter, a comma, has no colour that could be told.
        let narrow = ((to - from) as f64) < 0.5 * piece.capital;
        let place = Place { x: from as u32, y, width: (to - from) as u32, height };
        let own = strongest(&colours(&screen.crop(place)), piece.ground, 12);
        let (hue, own_from, own_to) = (hue(own, piece.ground), from as u32, to as u32);
        match all.last_mut() {
            Some(last) if narrow || is_same_hue(self::hue(last.ink, piece.ground), hue) => last.to = own_to,
            _ => all.push(Tint { from: own_from, to: own_to, ink: own }),
        }
    }
    if all.len() < 2 { Vec::new() } else { all }
}

fn is_same_hue(a: [f64; 3], b: [f64; 3]) -> bool {
    (0..3).all(|channel| (a[channel] - b[channel]).abs() < OTHER_HUE)
}

/// One row of pixels below a text.
#[derive(Clone, Copy)]
struct Row {
    /// The colour of most of it, and one column of this colour; none where no colour has most of it.
    colour: Option<(Colour, usize)>,
}

/// The thin lines that run below a piece, or through the tails of its letters; from top to bottom.
fn rules(screen: &Picture, piece: &Piece) -> Vec<Rule> {
    let Place { x, y, width, height } = piece.place;
    let (left, width) = (x as usize, width as usize);
    let count = width.min(SAMPLES);
    let columns: Vec<usize> = (0..count).map(|sample| left + (2 * sample + 1) * width / (2 * count)).collect();
    let first = y as usize + (height as usize * 7 / 10).max(1);
    let last = ((f64::from(y + height) + BELOW * piece.capital) as usize).min(screen.height);
    let rows: Vec<Row> = (first..last).map(|y| row(screen, &columns, y)).collect();
    let thickest = THICKEST.0.max((THICKEST.1 * piece.capital) as usize);
    let mut all = Vec::new();
    let mut at = 0;
    while at < rows.len() && all.len() < MOST_RULES {
        let Some((colour, column)) = rows[at].colour else {
            at += 1;
            continue;
        };
        let alike = |row: &Row| row.colour.is_some_and(|(other, _)| apart(other, colour) <= LEVEL);
        let end = at + rows[at..].iter().take_while(|row| alike(row)).count();
        // What goes on to the last row looked at may be of any thickness; the letters stand above the first one.
        let thin = end - at <= thickest && end < rows.len();
        let (above, below) = (at.checked_sub(1).and_then(|above| rows[above].colour), rows.get(end).and_then(|row| row.colour));
        let ground = above.map_or(piece.ground, |(above, _)| above);
        if thin && below.is_some_and(|(below, _)| stands_out(colour, ground, below)) {
            let (from, to) = extent(screen, colour, column, first + at);
            all.push(Rule {
                place: Place { x: from as u32, y: (first + at) as u32, width: (to - from) as u32, height: (end - at) as u32 },
                colour,
            });
        }
        at = end;
    }
    all
}

/// Whether a colour doesn't lie between two others: what does is the smoothed edge between them.
fn stands_out(colour: Colour, above: Colour, below: Colour) -> bool {
    let [colour, above, below] = [colour, above, below].map(|colour| colour.map(i16::from));
    (0..3).any(|channel| {
        let (low, high) = (above[channel].min(below[channel]), above[channel].max(below[channel]));
        colour[channel] + i16::from(STEP) <= low || colour[channel] >= high + i16::from(STEP)
    })
}

/// What most of the `columns` of row `y` show.
fn row(screen: &Picture, columns: &[usize], y: usize) -> Row {
    let mut best: Option<(usize, Colour, usize)> = None;
    // The most frequent of few is among a quarter of them.
    for &column in columns.iter().step_by(1 + columns.len() / 9) {
        let colour = pixel(screen, column, y);
        let alike = columns.iter().filter(|&&other| apart(pixel(screen, other, y), colour) <= LEVEL).count();
        if best.is_none_or(|(most, ..)| alike > most) {
            best = Some((alike, colour, column));
        }
    }
    let most = best.filter(|&(alike, ..)| alike as f64 >= ALONG * columns.len() as f64);
    Row { colour: most.map(|(_, colour, column)| (colour, column)) }
}

/// How far a line of one colour goes from `column` to both sides.
fn extent(screen: &Picture, colour: Colour, column: usize, y: usize) -> (usize, usize) {
    let on = |x: &usize| apart(pixel(screen, *x, y), colour) <= LEVEL;
    let from = (0..column).rev().take_while(on).last().unwrap_or(column);
    let to = (column..screen.width).take_while(on).last().unwrap_or(column) + 1;
    (from, to)
}

#[cfg(test)]
mod tests {
    use super::*;

    const WHITE: Colour = [255; 3];
    const INK: Colour = [40, 44, 50];
    const BLUE: Colour = [10, 90, 220];
    const GREY: Colour = [190; 3];

    fn page(boxes: &[([usize; 4], Colour)]) -> Picture {
        let (width, height) = (300, 80);
        let mut rgb = vec![255; 3 * width * height];
        for &([x, y, w, h], colour) in boxes {
            for row in y..y + h {
                rgb[3 * (row * width + x)..3 * (row * width + x + w)].chunks_exact_mut(3).for_each(|pixel| pixel.copy_from_slice(&colour));
            }
        }
        Picture { width, height, rgb }
    }

    /// Letters of a word: bars 2 wide and 10 tall, 5 apart.
    fn word(x: usize, letters: usize, colour: Colour) -> Vec<([usize; 4], Colour)> {
        (0..letters).map(|at| ([x + 3 * at, 20, 2, 10], colour)).collect()
    }

    fn seen(boxes: &[([usize; 4], Colour)], width: u32) -> Piece {
        let mut pieces = [Piece {
            place: Place { x: 40, y: 20, width, height: 10 },
            line: 0,
            capital: 10.0,
            aside: false,
            breaks: Vec::new(),
            ink: INK,
            ground: WHITE,
            tints: Vec::new(),
            rules: Vec::new(),
        }];
        with_lettering(&page(boxes), &mut pieces);
        let [piece] = pieces;
        piece
    }

    #[test]
    fn words_of_another_colour_are_told_apart() {
        let mut line = word(40, 8, INK);
        assert_eq!(seen(&line, 23).tints, []);
        line.extend(word(70, 8, BLUE));
        line.extend(word(100, 8, INK));
        let tints = seen(&line, 83).tints;
        assert_eq!(
            tints.iter().map(|tint| (tint.from, tint.to, tint.ink)).collect::<Vec<_>>(),
            [(40, 63, INK), (70, 93, BLUE), (100, 123, INK)]
        );
        // The same colour, fainter as thin letters are, is the same.
        let fainter = INK.map(|level| level + 90);
        assert_eq!(seen(&[word(40, 8, INK), word(70, 8, fainter)].concat(), 53).tints, []);
    }

    #[test]
    fn thin_lines_below_are_told_and_thick_ones_and_steps_are_not() {
        let line = |place: [usize; 4], colour: Colour| {
            let boxes = [word(40, 16, INK), vec![(place, colour)]].concat();
            seen(&boxes, 47)
                .rules
                .into_iter()
                .map(|rule| (rule.place.x, rule.place.y, rule.place.width, rule.place.height))
                .collect::<Vec<_>>()
        };
        assert_eq!(line([40, 32, 47, 1], INK), [(40, 32, 47, 1)]);
        assert_eq!(line([30, 44, 70, 2], BLUE), [(30, 44, 70, 2)]);
        assert_eq!(line([0, 40, 300, 1], GREY), [(0, 40, 300, 1)]);
        assert_eq!(line([60, 40, 20, 1], GREY), [], "too short for the text");
        assert_eq!(line([0, 40, 300, 12], GREY), [], "too thick");
        assert_eq!(line([0, 40, 300, 40], GREY), [], "a ground");
        assert_eq!(line([0, 60, 300, 1], GREY), [], "too far away");
    }
}
