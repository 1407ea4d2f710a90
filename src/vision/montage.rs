//! Pieces of a screenshot made ready to be read: dark on white whatever they were, about equally tall, side by side.

use super::components::components;
use super::ink::{Counts, colours};
use super::picture::{Gray, Picture};
use super::relief::flatten;
use super::resize::resize_smooth;
use super::shapes::apart;
use crate::target::{Montage, Piece, Place};

/// White between pieces, pixels across and down, and around all.
const GAP: (usize, usize) = (60, 14);
const MARGIN: usize = 20;

/// How wide a montage is unless a piece is wider, and how tall it may grow, pixels.
const WIDTH: usize = 1500;
const HEIGHT: usize = 1400;

/// It does not pay to share out less than this, pixels of width of all pieces: a program that is left waits for what is read next, and
/// reading as much takes as long as starting one.
const WORTH_SHARING: usize = 1800;

/// How much a piece is enlarged at most, and how wide it may become, pixels.
const MOST_ENLARGED: f64 = 3.0;
const MOST_WIDTH: f64 = 6000.0;

/// Colours that differ less than this from the ground are the ground, levels.
const GROUND: i32 = 8;

/// Ink that is fainter than this is not made any darker, levels.
const LEAST_INK: i32 = 30;

/// What one piece, or several, show, ready to be read.
struct Ready {
    pieces: Vec<usize>,
    width: usize,
    height: usize,
    pixels: Vec<u8>,
}

/// `pieces` of `screen` on montages, the capitals of each about as many pixels tall as stands beside it; on up to `parts` of them that take
/// about as long to read, and on more if they are too tall. Those of one height stand together, and those that show the very same stand in
/// one spot: a page of rows repeats itself, and what looks the same must not be read in two ways.
pub(super) fn montages(screen: &Picture, pieces: &[(Piece, f64)], parts: usize) -> Vec<Montage> {
    let mut counts = Counts::new();
    let sized = |(index, (piece, capital)): (usize, &(Piece, f64))| prepared(screen, index, piece, *capital, &mut counts);
    let mut ready: Vec<Ready> = (0..).zip(pieces).map(sized).collect();
    ready.sort_by(|a, b| (a.width, &a.pixels, &a.pieces).cmp(&(b.width, &b.pixels, &b.pieces)));
    ready.dedup_by(|next, kept| {
        let same = (next.width, &next.pixels) == (kept.width, &kept.pixels);
        if same {
            kept.pieces.append(&mut next.pieces);
        }
        same
    });
    ready.sort_by_key(|ready| (std::cmp::Reverse(ready.height), ready.pieces[0]));
    // The time it takes goes with the width of what is read.
    let width: usize = ready.iter().map(|piece| piece.width).sum();
    let share = width.div_ceil((width / WORTH_SHARING).clamp(1, parts.max(1)));
    let mut all = Vec::new();
    let mut rest = ready.as_slice();
    while !rest.is_empty() {
        let (montage, placed) = packed(rest, share);
        all.push(montage);
        rest = &rest[placed..];
    }
    all
}

/// As many of `ready` as fit into one montage, row by row, and have a `share` of pixels of width, and one in any case.
fn packed(ready: &[Ready], share: usize) -> (Montage, usize) {
    let mut places: Vec<Place> = Vec::new();
    let (mut x, mut y, mut row) = (MARGIN, MARGIN, 0);
    let (mut width, mut taken) = (WIDTH, 0);
    for (at, piece) in ready.iter().enumerate() {
        if x > MARGIN && x + piece.width + MARGIN > WIDTH {
            (x, y, row) = (MARGIN, y + row + GAP.1, 0);
        }
        if at > 0 && (y + piece.height + MARGIN > HEIGHT || taken >= share) {
            break;
        }
        taken += piece.width;
        width = width.max(piece.width + 2 * MARGIN);
        row = row.max(piece.height);
        let [left, top, wide, tall] = [x, y, piece.width, piece.height].map(|value| value as u32);
        places.push(Place { x: left, y: top, width: wide, height: tall });
        x += piece.width + GAP.0;
    }
    let height = y + row + MARGIN;
    let mut pixels = vec![255; width * height];
    let mut spots = Vec::new();
    for (place, piece) in places.iter().zip(ready) {
        spots.extend(piece.pieces.iter().map(|&piece| (piece, *place)));
        for (line, row) in (place.y as usize..).zip(piece.pixels.chunks_exact(piece.width)) {
            let start = line * width + place.x as usize;
            pixels[start..start + piece.width].copy_from_slice(row);
        }
    }
    (Montage { width, height, pixels, spots }, places.len())
}

/// One piece, its capitals `capital` pixels tall as far as that does not enlarge it too much.
fn prepared(screen: &Picture, index: usize, piece: &Piece, capital: f64, counts: &mut Counts) -> Ready {
    enlarged(screen, index, piece, (capital / piece.capital).clamp(0.25, MOST_ENLARGED), counts)
}

/// One piece so many times enlarged: how far each pixel is from the ground, as darkness.
fn enlarged(screen: &Picture, index: usize, piece: &Piece, times: f64, counts: &mut Counts) -> Ready {
    let place = around(piece.place, 1, (screen.width as u32, screen.height as u32));
    let shown = screen.crop(place);
    let colours = colours(&shown);
    let ground = counts.ground(&colours);
    let mut inks: Vec<i32> = colours.iter().map(|colour| i32::from(apart(*colour, ground))).collect();
    flatten(&mut inks, &shown, ground);
    let full = strong(&inks).max(LEAST_INK);
    let dark = |&ink: &i32| (255 - ((ink - GROUND).max(0) * 255 / full).min(255)) as u8;
    let pixels: Vec<u8> = inks.iter().map(dark).collect();
    let times = times.min(MOST_WIDTH / f64::from(place.width));
    let [width, height] = [place.width, place.height].map(|side| ((f64::from(side) * times).round() as usize).max(1));
    let sized = resize_smooth(&Gray { width: place.width as usize, height: place.height as usize, pixels }, width, height);
    Ready { pieces: vec![index], width, height, pixels: sized.pixels }
}

/// The ink that 98 of 100 pixels stay within.
fn strong(inks: &[i32]) -> i32 {
    let mut sorted = inks.to_vec();
    let at = sorted.len() * 98 / 100;
    if at >= sorted.len() {
        return 0;
    }
    *sorted.select_nth_unstable(at).1
}

/// From this correlation on two pieces show the same letters. Words of one width that are not the same stay below 0.6, and the same word
/// drawn a fraction of a pixel aside reaches 0.8.
const TWINS: f64 = 0.72;

/// How far two twins may be shifted against one another, pixels of the screen.
const SHIFT: i64 = 2;

/// Which of `others` show the letters that `piece` shows: about as large, and alike once both are dark on white.
pub(super) fn twins(screen: &Picture, piece: &Piece, others: &[Piece]) -> Vec<usize> {
    let (width, height) = (f64::from(piece.place.width), f64::from(piece.place.height));
    // As a heading it may be larger, and a pixel more or less of a small one is a lot.
    let times = |other: &Piece| {
        let (across, down) = (width / f64::from(other.place.width), height / f64::from(other.place.height));
        let off = 0.04 + 1.5 / height.min(f64::from(other.place.height));
        ((across / down - 1.0).abs() <= off && (0.45..=2.2).contains(&across)).then_some(across)
    };
    let mut counts = Counts::new();
    let mut inked = |piece: &Piece, times: f64| enlarged(screen, 0, piece, times, &mut counts);
    let own = inked(piece, 1.0);
    let alike = |(at, other): (usize, &Piece)| (likeness(&own, &inked(other, times(other)?)) >= TWINS).then_some(at);
    others.iter().enumerate().filter_map(alike).collect()
}

/// The best correlation of two pieces where they lie over one another, shifted by a few pixels.
fn likeness(a: &Ready, b: &Ready) -> f64 {
    let at = |ready: &Ready, x: i64, y: i64| {
        let inside = x >= 0 && y >= 0 && (x as usize) < ready.width && (y as usize) < ready.height;
        // What lies outside is white.
        if inside { f64::from(ready.pixels[y as usize * ready.width + x as usize]) } else { 255.0 }
    };
    let (width, height) = (a.width.max(b.width) as i64, a.height.max(b.height) as i64);
    let mut best = -1.0_f64;
    for (dx, dy) in (-SHIFT..=SHIFT).flat_map(|dx| (-SHIFT..=SHIFT).map(move |dy| (dx, dy))) {
        let (mut sum_a, mut sum_b, mut squares_a, mut squares_b, mut products) = (0.0, 0.0, 0.0, 0.0, 0.0);
        for (x, y) in (0..height).flat_map(|y| (0..width).map(move |x| (x, y))) {
            let (p, q) = (at(a, x, y), at(b, x + dx, y + dy));
            sum_a += p;
            sum_b += q;
            squares_a += p * p;
            squares_b += q * q;
            products += p * q;
        }
        let count = (width * height) as f64;
        let spread = ((squares_a - sum_a * sum_a / count) * (squares_b - sum_b * sum_b / count)).sqrt();
        if spread > 0.0 {
            best = best.max((products - sum_a * sum_b / count) / spread);
        }
    }
    best
}

/// How tall capitals are made before letters are told apart, pixels.
const GLYPHS: f64 = 60.0;

/// The letters drawn at `word`, a part of `piece`, from left to right: groups of ink, those above one another taken together, as an i and
/// its dot are. Their places are in pixels of the enlarged word.
pub(super) fn glyphs(screen: &Picture, piece: &Piece, word: Place) -> Vec<Place> {
    /// Darker than this it is ink.
    const INK: u8 = 128;
    /// More groups than this are no word.
    const MOST: usize = 1000;
    let part = Piece { place: around(word, 1, (screen.width as u32, screen.height as u32)), ..piece.clone() };
    // As large as it gets: what is compared is the width of letters that are some pixels wide.
    let ready = enlarged(screen, 0, &part, GLYPHS / piece.capital, &mut Counts::new());
    let mask: Vec<u8> = ready.pixels.iter().map(|&level| u8::from(level < INK)).collect();
    let mut groups = components(&mask, ready.width, MOST).unwrap_or_default();
    groups.sort_by_key(|group| group.left);
    let mut all: Vec<Place> = Vec::new();
    for group in groups {
        let (x, y, width, height) = (group.left, group.top, group.width(), group.height());
        let own = Place { x, y, width, height };
        match all.last_mut() {
            // Half of the narrower one stands above or below the other.
            Some(last) if 2 * (last.x + last.width).min(x + width).saturating_sub(x.max(last.x)) >= last.width.min(width) => {
                let (right, bottom) = ((last.x + last.width).max(x + width), (last.y + last.height).max(y + height));
                *last = Place { x: last.x, y: last.y.min(y), width: right - last.x, height: bottom - last.y.min(y) };
            }
            _ => all.push(own),
        }
    }
    all
}

/// `place` and `margin` pixels around it, as far as there are any.
fn around(place: Place, margin: u32, (width, height): (u32, u32)) -> Place {
    let (x, y) = (place.x.saturating_sub(margin), place.y.saturating_sub(margin));
    let (right, bottom) = ((place.x + place.width + margin).min(width), (place.y + place.height + margin).min(height));
    Place { x, y, width: right - x, height: bottom - y }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn piece(x: u32, y: u32, width: u32, height: u32) -> Piece {
        Piece {
            place: Place { x, y, width, height },
            line: 0,
            capital: f64::from(height),
            aside: false,
            breaks: Vec::new(),
            ink: [0; 3],
            ground: [255; 3],
            tints: Vec::new(),
            rules: Vec::new(),
        }
    }

    #[test]
    fn light_on_dark_becomes_dark_on_white() {
        // A light bar on dark blue, and a dark one on yellow.
        let (width, height) = (100, 40);
        let mut rgb = Vec::new();
        for at in 0..width * height {
            let (x, y) = (at % width, at / width);
            let ink = (15..25).contains(&y) && (x % 50 > 12 && x % 50 < 18 || x % 50 > 24 && x % 50 < 30);
            rgb.extend(match (x < 50, ink) {
                (true, true) => [240, 240, 255],
                (true, false) => [10, 20, 90],
                (false, true) => [40, 40, 40],
                (false, false) => [255, 200, 0],
            });
        }
        let screen = Picture { width, height, rgb };
        let montages = montages(&screen, &[(piece(10, 14, 24, 12), 24.0), (piece(60, 14, 24, 12), 24.0)], 1);
        assert_eq!(montages.len(), 1);
        let montage = &montages[0];
        assert_eq!(montage.pixels.len(), montage.width * montage.height);
        for (_, spot) in &montage.spots {
            let centre = |x: u32, y: u32| montage.pixels[y as usize * montage.width + x as usize];
            // 26 by 14 pixels at twice their size; ink from 4 to 9 and from 16 to 21 of them.
            assert!(centre(spot.x + 12, spot.y + 14) < 30 && centre(spot.x + 36, spot.y + 14) < 30);
            assert!(centre(spot.x + 24, spot.y + 14) > 240 && centre(spot.x + 2, spot.y + 14) > 240);
        }
    }

    /// A screen of 400 by 400 pixels on which no two places look the same.
    fn noise() -> Picture {
        let rgb = (0..3 * 400 * 400_u32).map(|at| (at.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
        Picture { width: 400, height: 400, rgb }
    }

    #[test]
    fn what_takes_long_is_shared_out_evenly_and_little_is_not() {
        let screen = noise();
        let read = |count: u32| {
            let pieces: Vec<(Piece, f64)> = (0..count).map(|at| (piece(10, 3 * at, 20 + 7 * (at % 9), 12), 24.0)).collect();
            let width = |montage: &Montage| montage.spots.iter().map(|(_, spot)| spot.width).sum::<u32>();
            montages(&screen, &pieces, 3).iter().map(width).collect::<Vec<_>>()
        };
        assert_eq!(read(20).len(), 1);
        let shares = read(100);
        assert_eq!(shares.len(), 3);
        let (least, most) = (shares.iter().min().unwrap(), shares.iter().max().unwrap());
        // Each but the last may have a part of a piece too much.
        assert!(most - least <= 3 * 2 * (20 + 7 * 8 + 2), "{shares:?}");
    }

    #[test]
    fn pieces_that_show_the_very_same_stand_in_one_spot() {
        // The same three bars twice, and once with one that is longer.
        let mut rgb = vec![255; 3 * 200 * 20];
        for (from, last) in [(10, 6), (70, 6), (130, 7)] {
            for (bar, width) in [(0, 3), (6, 5), (14, last)] {
                for at in (4..16).flat_map(|y| (from + bar..from + bar + width).map(move |x| y * 200 + x)) {
                    rgb[3 * at..3 * at + 3].fill(20);
                }
            }
        }
        let screen = Picture { width: 200, height: 20, rgb };
        let pieces = [130, 10, 70].map(|x| (piece(x, 4, 22, 12), 24.0));
        let montages = montages(&screen, &pieces, 1);
        let spot = |of: usize| montages[0].spots.iter().find(|(piece, _)| *piece == of).unwrap().1;
        assert_eq!((montages.len(), montages[0].spots.len()), (1, 3));
        assert_eq!(spot(1), spot(2));
        assert_ne!(spot(0), spot(1));
    }

    #[test]
    fn every_piece_has_its_spot_and_none_lies_over_another() {
        let screen = noise();
        let sizes = [60.0, 30.0];
        let of = |at: u32| (piece(at % 300, (at * 7) % 380, 20 + at % 80, 6 + at % 14), sizes[at as usize % 2]);
        let pieces: Vec<(Piece, f64)> = (0..390).map(of).collect();
        let montages = montages(&screen, &pieces, 2);
        assert!(montages.len() > 1);
        let mut seen: Vec<usize> = montages.iter().flat_map(|montage| montage.spots.iter().map(|(index, _)| *index)).collect();
        seen.sort_unstable();
        assert_eq!(seen, (0..390).collect::<Vec<_>>());
        for montage in &montages {
            for (at, (_, a)) in montage.spots.iter().enumerate() {
                assert_eq!(a.within((montage.width as u32, montage.height as u32)), Some(*a));
                assert!(montage.spots[..at].iter().all(|(_, b)| a.overlap(b) == 0.0));
            }
        }
    }
}
