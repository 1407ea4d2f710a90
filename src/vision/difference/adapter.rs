//! The adapter: two encoded pictures in, what differs between them out.

use super::super::decode::{Ceilings, decode};
use super::super::picture::Picture;
use super::blocks::{Grid, Pair, SIDE};
use super::clusters::{Cluster, Patch, apart, bounds, clusters, extent};
use super::noise::{Noise, USUAL};
use super::shapes::{MOST_SIDE, passing};
use crate::error::{Kind, Result};
use crate::target::{Compare, Comparison, Ignored, Judgement, NotComparable, Outcome, Passing, Place};

/// Changed blocks, in 1,000 of all, from which on it is asked whether this may be a loss that the files don't tell of.
const SUSPICIOUS: usize = 10;

/// If a usual loss explains all but one in so many of the blocks, it was one.
const EXPLAINED: usize = 50;

/// Pixels around changed blocks in which the rest of a shape may lie.
const MARGIN: usize = 4;

/// Pixels beside a shape in which its shadow and its softened edges may lie: a frame or a button that comes with it reaches
/// farther. JPEG spreads a change over the block beside it too.
const CLOSE_BY: u32 = 4;

/// Finds what changed between two screenshots, block by block.
#[derive(Debug, Clone, Copy)]
pub struct Differences {
    ceilings: Ceilings,
}

impl Differences {
    /// With these ceilings on each picture.
    pub fn new(ceilings: Ceilings) -> Self {
        Self { ceilings }
    }

    /// A copy of `after` with `judgement` drawn on it, and a cross at `at` (shares of width and height), as PNG.
    ///
    /// # Errors
    /// When `after` cannot be decoded.
    pub fn annotate(&self, after: &[u8], judgement: &Judgement, at: Option<(f64, f64)>) -> Result<Vec<u8>> {
        super::draw::annotate(&decode(after, self.ceilings)?, judgement, at)
    }

    /// The picture, or `None` where it is none.
    fn read(&self, bytes: &[u8]) -> Result<Option<Picture>> {
        match decode(bytes, self.ceilings) {
            Ok(picture) => Ok(Some(picture)),
            Err(error) if error.kind() == Kind::TooLarge => Err(error),
            Err(_) => Ok(None),
        }
    }
}

impl Compare for Differences {
    fn compare(&self, before: &[u8], after: &[u8]) -> Result<Outcome> {
        let Some(first) = self.read(before)? else { return Ok(Outcome::NotComparable(NotComparable::BeforeUndecodable)) };
        let screen = size(&first);
        if before == after {
            return Ok(Outcome::Compared(Comparison { screen, regions: Vec::new(), ignored: Vec::new() }));
        }
        let Some(second) = self.read(after)? else { return Ok(Outcome::NotComparable(NotComparable::AfterUndecodable)) };
        if size(&second) != screen {
            return Ok(Outcome::NotComparable(NotComparable::Sizes(screen, size(&second))));
        }
        let lost = [Noise::of(before), Noise::of(after)];
        Ok(Outcome::Compared(compare(&Pair { before: &first, after: &second, lost })))
    }
}

fn size(picture: &Picture) -> (u32, u32) {
    (picture.width as u32, picture.height as u32)
}

/// What differs between two decoded pictures of one size.
fn compare(pair: &Pair<'_>) -> Comparison {
    let changed = beyond_hidden_loss(pair, pair.changed());
    let screen = size(pair.before);
    let (mut regions, mut ignored) = (Vec::new(), Vec::new());
    for cluster in clusters(&changed) {
        let place = extent(&cluster, pair.before, pair.after);
        match by_itself(pair, &cluster, screen) {
            Some(why) => ignored.push(Ignored { place, why }),
            None => regions.push(place),
        }
    }
    ignored.sort_by_key(|ignored| (ignored.place.y, ignored.place.x));
    Comparison { screen, regions: apart(regions), ignored }
}

/// What `cluster` is if it comes by itself, and nothing else is in it: a caret may come with the frame of its field, a cursor
/// with a button that lights up, and these are fainter.
fn by_itself(pair: &Pair<'_>, cluster: &Cluster, screen: (u32, u32)) -> Option<Passing> {
    let place = bounds(cluster, MARGIN, pair.before);
    if place.width > MOST_SIDE || place.height > MOST_SIDE {
        return None;
    }
    let patch = Patch::cut(place, pair.before, pair.after);
    let around = if pair.lost.iter().all(Option::is_none) { CLOSE_BY } else { CLOSE_BY + SIDE as u32 };
    let marked = patch.marked();
    let (left, top) = ((place.x + marked.x).saturating_sub(around), (place.y + marked.y).saturating_sub(around));
    let (right, bottom) = (place.x + marked.x + marked.width + around, place.y + marked.y + marked.height + around);
    let shape = Place { x: left, y: top, width: right - left, height: bottom - top };
    let touches = |block: &(usize, usize)| bounds(&vec![*block], 0, pair.before).overlap(&shape) > 0.0;
    if cluster.iter().all(touches) { passing(&patch, screen) } else { None }
}

/// `changed` without what a loss explains that no file tells of: a picture that was JPEG and is PNG now, or a better JPEG.
///
/// It is asked only where most of what the screen shows is a little off and its empty parts are not. A page that gave way to
/// another is far off, and one that came out of an empty one is off where there was nothing.
fn beyond_hidden_loss(pair: &Pair<'_>, changed: Grid) -> Grid {
    let count = changed.count();
    if count * 1000 < SUSPICIOUS * changed.flags.len() || !pair.looks_re_encoded(&changed) {
        return changed;
    }
    let explained = USUAL.iter().map(|noise| pair.changed_beyond(*noise)).find(|left| left.count() * EXPLAINED <= count);
    explained.unwrap_or(changed)
}

#[cfg(test)]
mod tests {
    use super::super::pointers::{ARROW, HAND, I_BEAM, Part, Pointer};
    use super::*;
    use proptest::prelude::*;

    const WIDTH: usize = 96;
    const HEIGHT: usize = 80;

    /// Light ground with rows of dark marks, as text has them.
    fn page(width: usize, height: usize, seed: u32) -> Picture {
        let level = |x: usize, y: usize| {
            let at = seed.wrapping_add((x / 2) as u32 * 7919 + (y / 2) as u32 * 104_729);
            if y % 16 < 8 && at.wrapping_mul(2_654_435_761) >> 29 < 3 { [40, 44, 60] } else { [246, 247, 250] }
        };
        let rgb = (0..height).flat_map(|y| (0..width).flat_map(move |x| level(x, y))).collect();
        Picture { width, height, rgb }
    }

    fn paint(picture: &mut Picture, place: Place, colour: [u8; 3]) {
        for y in place.y as usize..(place.y + place.height) as usize {
            for x in place.x as usize..(place.x + place.width) as usize {
                let at = 3 * (y * picture.width + x);
                picture.rgb[at..at + 3].copy_from_slice(&colour);
            }
        }
    }

    fn encoded(picture: &Picture, quality: Option<u8>) -> Vec<u8> {
        let (mut out, size) = (Vec::new(), (picture.width as u32, picture.height as u32));
        let colour = image::ExtendedColorType::Rgb8;
        match quality {
            None => image::ImageEncoder::write_image(image::codecs::png::PngEncoder::new(&mut out), &picture.rgb, size.0, size.1, colour),
            Some(quality) => {
                image::codecs::jpeg::JpegEncoder::new_with_quality(&mut out, quality).encode(&picture.rgb, size.0, size.1, colour)
            }
        }
        .unwrap();
        out
    }

    fn seen(before: &[u8], after: &[u8]) -> Comparison {
        match Differences::new(Ceilings::default()).compare(before, after).unwrap() {
            Outcome::Compared(comparison) => comparison,
            Outcome::NotComparable(why) => panic!("{why:?}"),
        }
    }

    fn whys(comparison: &Comparison) -> Vec<Passing> {
        comparison.ignored.iter().map(|ignored| ignored.why).collect()
    }

    #[test]
    fn what_is_no_picture_or_another_size_is_an_answer() {
        let compare = |a: &[u8], b: &[u8]| Differences::new(Ceilings::default()).compare(a, b).unwrap();
        let (page_png, other) = (encoded(&page(20, 20, 0), None), encoded(&page(20, 21, 0), None));
        assert_eq!(compare(b"no", &page_png), Outcome::NotComparable(NotComparable::BeforeUndecodable));
        assert_eq!(compare(&page_png, b"no"), Outcome::NotComparable(NotComparable::AfterUndecodable));
        assert_eq!(compare(b"no", b"no"), Outcome::NotComparable(NotComparable::BeforeUndecodable));
        assert_eq!(compare(&page_png, &other), Outcome::NotComparable(NotComparable::Sizes((20, 20), (20, 21))));
        let small = Differences::new(Ceilings { bytes: 1 << 20, pixels: 399 });
        assert_eq!(small.compare(&page_png, &page_png).unwrap_err().kind(), Kind::TooLarge);
    }

    #[test]
    fn a_caret_alone_is_none_and_beside_a_letter_or_with_a_frame_it_is_a_change() {
        let blank = Picture { width: WIDTH, height: HEIGHT, rgb: vec![250; 3 * WIDTH * HEIGHT] };
        let caret = Place { x: 41, y: 30, width: 1, height: 17 };
        let with = |more: &[(Place, [u8; 3])]| {
            let mut picture = blank.clone();
            paint(&mut picture, caret, [0; 3]);
            for (place, colour) in more {
                paint(&mut picture, *place, *colour);
            }
            picture
        };
        for quality in [None, Some(90)] {
            let compared = |more: &[(Place, [u8; 3])]| seen(&encoded(&blank, None), &encoded(&with(more), quality));
            let alone = compared(&[]);
            assert_eq!((whys(&alone), alone.is_unchanged()), (vec![Passing::Caret], true), "{quality:?}");
            let stroke = Place { x: 36, y: 33, width: 1, height: 11 };
            assert!(!compared(&[(stroke, [0; 3])]).is_unchanged(), "a letter of one stroke");
            let frame = Place { x: 20, y: 25, width: 60, height: 1 };
            assert!(!compared(&[(frame, [215; 3])]).is_unchanged(), "a faint frame");
        }
        let mut moved = blank.clone();
        paint(&mut moved, Place { x: 50, ..caret }, [0; 3]);
        assert_eq!(whys(&seen(&encoded(&with(&[]), None), &encoded(&moved, None))), [Passing::Caret]);
        let tall = Place { x: 60, y: 10, width: 1, height: 50 };
        assert!(!seen(&encoded(&blank, None), &encoded(&with(&[(tall, [0; 3])]), None)).is_unchanged());
    }

    #[test]
    fn a_cursor_is_none_at_each_size_and_a_ticked_box_is_not_a_cursor() {
        let blank = Picture { width: WIDTH, height: HEIGHT, rgb: vec![250; 3 * WIDTH * HEIGHT] };
        // An I-beam has no inside to be known by: it must be all that changed.
        for (rows, ground) in
            [(ARROW, page(WIDTH, HEIGHT, 0)), (HAND, page(WIDTH, HEIGHT, 0)), (ARROW, blank.clone()), (I_BEAM, blank.clone())]
        {
            for size in [4, 5, 6, 8] {
                let pointer = Pointer::at(rows, size);
                let mut after = ground.clone();
                for (part, colour) in [(Part::Outline, [0; 3]), (Part::Inside, [255; 3])] {
                    for (x, y) in pointer.of(part) {
                        paint(&mut after, Place { x: 21 + x as u32, y: 9 + y as u32, width: 1, height: 1 }, colour);
                    }
                }
                let seen = seen(&encoded(&ground, None), &encoded(&after, None));
                assert_eq!(whys(&seen), [Passing::Cursor], "{size} {:?}", seen.regions);
            }
        }
        let mut ticked = blank.clone();
        paint(&mut ticked, Place { x: 30, y: 30, width: 12, height: 12 }, [0, 95, 184]);
        for quality in [None, Some(90)] {
            assert!(!seen(&encoded(&blank, None), &encoded(&ticked, quality)).is_unchanged());
        }
    }

    #[test]
    fn digits_in_the_corner_of_a_screen_are_a_clock_and_elsewhere_they_are_not() {
        let (width, height) = (1024, 768);
        let dark = Picture { width, height, rgb: vec![30; 3 * width * height] };
        let digits = |x: u32, y: u32, gap: u32| {
            let mut picture = dark.clone();
            for stroke in 0..3 {
                paint(&mut picture, Place { x: x + stroke * gap, y, width: 2, height: 9 }, [240; 3]);
            }
            picture
        };
        let compared = |x: u32, y: u32| seen(&encoded(&digits(x, y, 5), None), &encoded(&digits(x, y, 6), None));
        assert_eq!(whys(&compared(970, 745)), [Passing::Clock]);
        assert_eq!(whys(&compared(970, 8)), [Passing::Clock]);
        assert!(!compared(500, 745).is_unchanged() && !compared(970, 300).is_unchanged());
        let appeared = seen(&encoded(&dark, None), &encoded(&digits(970, 745, 5), None));
        assert!(!appeared.is_unchanged(), "what was not there before is no clock");
    }

    #[test]
    fn a_png_that_was_a_jpeg_is_the_same_picture_and_another_page_is_not() {
        let (width, height) = (640, 480);
        let original = page(width, height, 1);
        let lossy = decode(&encoded(&original, Some(75)), Ceilings::default()).unwrap();
        assert_eq!(seen(&encoded(&original, None), &encoded(&lossy, None)).regions, []);
        assert!(!seen(&encoded(&original, None), &encoded(&page(width, height, 99), None)).is_unchanged());
    }

    #[test]
    fn changes_far_apart_are_told_apart() {
        let before = page(400, 300, 0);
        let mut after = before.clone();
        let places = [Place { x: 300, y: 200, width: 30, height: 20 }, Place { x: 20, y: 40, width: 12, height: 12 }];
        for place in places {
            paint(&mut after, place, [200, 30, 30]);
        }
        assert_eq!(seen(&encoded(&before, None), &encoded(&after, None)).regions, places);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(40))]

        #[test]
        fn a_picture_saved_again_is_unchanged(seed: u32, quality in 60..=98_u8, width in 17..120_usize, height in 17..90_usize) {
            let original = page(width, height, seed);
            let (png, jpeg) = (encoded(&original, None), encoded(&original, Some(quality)));
            prop_assert!(seen(&png, &jpeg).regions.is_empty());
            prop_assert!(seen(&jpeg, &png).regions.is_empty());
            prop_assert!(seen(&encoded(&original, Some(90)), &jpeg).regions.is_empty());
        }

        #[test]
        fn a_square_that_changed_is_found_wherever_it_lies(
            x in 0..WIDTH as u32 - 6, y in 0..HEIGHT as u32 - 6, side in 3..=6_u32, contrast in 110..=200_u8, seed: u32, quality in 90..=98_u8,
        ) {
            let before = Picture { width: WIDTH, height: HEIGHT, rgb: vec![230; 3 * WIDTH * HEIGHT] };
            let before = if seed % 2 == 0 { before } else { page(WIDTH, HEIGHT, seed) };
            let mut after = before.clone();
            let place = Place { x, y, width: side, height: side };
            let at = 3 * (y as usize * WIDTH + x as usize);
            // Away from what the square covers, lest it be painted in its own colour.
            let ground = before.crop(place).rgb.iter().map(|level| u64::from(*level)).sum::<u64>() / u64::from(3 * side * side);
            let level = if ground > 127 { ground as u8 - contrast.min(ground as u8) } else { ground as u8 + contrast.min(255 - ground as u8) };
            paint(&mut after, place, [level; 3]);
            prop_assume!(after.rgb[at] != before.rgb[at]);
            for quality in [None, Some(quality)] {
                let found = seen(&encoded(&before, None), &encoded(&after, quality));
                prop_assert!(found.regions.iter().any(|region| region.overlap(&place) > 0.0), "{quality:?} {found:?}");
            }
        }
    }
}
