//! What is searched: screens of three sizes, and anchors cut out of them.

use std::io::Cursor;
use std::path::{Path, PathBuf};

use font8x8::UnicodeFonts;
use image::codecs::jpeg::JpegEncoder;
use image::{ExtendedColorType, ImageEncoder};
use lea::target::Place;
use lea::vision::{Ceilings, Gray, Picture, decode, luma, resize_picture, statistics};

/// Full HD, and what is larger of common screens.
pub(crate) const SIZES: [(usize, usize); 3] = [(1920, 1080), (2560, 1440), (3840, 2160)];

/// Screens of each size at most, the smallest size first.
const SCREENS: [usize; 3] = [12, 4, 4];

/// An anchor whose luma deviates by less is of one colour as good as everywhere, levels.
const LEAST_DEVIATION: f64 = 18.0;

/// A screen in each form that is asked for.
pub(crate) struct Page {
    pub(crate) name: String,
    pub(crate) picture: Picture,
    pub(crate) gray: Gray,
    pub(crate) png: Vec<u8>,
}

/// Numbers that look random and are the same in each run.
pub(crate) struct Dice(pub(crate) u64);

impl Dice {
    /// Below `bound`.
    pub(crate) fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % bound.max(1)
    }

    /// From `low` to `high`.
    pub(crate) fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.below(1 << 20) as f64 / f64::from(1 << 20)
    }
}

/// Screens of each of [`SIZES`]: those in the folder that `LEA_BENCH_SCREENS` names, or drawn ones.
pub(crate) fn pages() -> Vec<Vec<Page>> {
    let sources = match std::env::var_os("LEA_BENCH_SCREENS") {
        Some(folder) => read_folder(Path::new(&folder)),
        None => (0..8).map(|number| drawn(SIZES[0], number)).collect(),
    };
    assert!(sources.len() >= 2, "one screen is too few: absent anchors come from another one");
    let of_size = |(size, count): (&(usize, usize), usize)| {
        let exact: Vec<&Picture> = sources.iter().filter(|source| (source.width, source.height) == *size).collect();
        // Spread over the folder: neighbours by name are often states of one screen.
        let kept = count.min(exact.len());
        let mut pictures: Vec<Picture> = (0..kept).map(|number| exact[number * exact.len() / kept].clone()).collect();
        for number in pictures.len()..count {
            pictures.push(tiled(&sources, *size, 5 * number + 1));
        }
        let page = |(number, picture): (usize, Picture)| Page {
            name: format!("screen {}x{} {number}", size.0, size.1),
            gray: luma(&picture),
            png: png(&picture),
            picture,
        };
        pictures.into_iter().enumerate().map(page).collect()
    };
    SIZES.iter().zip(SCREENS).map(of_size).collect()
}

fn read_folder(folder: &Path) -> Vec<Picture> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut paths: Vec<PathBuf> = entries
        .filter(|path| path.extension().is_some_and(|extension| ["png", "jpg", "jpeg"].iter().any(|known| extension == *known)))
        .collect();
    paths.sort();
    paths.iter().filter_map(|path| decode(&std::fs::read(path).unwrap(), Ceilings::default()).ok()).collect()
}

/// Screens side by side, the first of them `sources[first]`, cut at the right and the bottom.
fn tiled(sources: &[Picture], (width, height): (usize, usize), first: usize) -> Picture {
    let mut canvas = Picture { width, height, rgb: vec![235; 3 * width * height] };
    let (mut x, mut y, mut tallest, mut number) = (0, 0, 0, first);
    while y < height {
        let source = &sources[number % sources.len()];
        number += 1;
        paste(&mut canvas, source, x, y);
        (x, tallest) = (x + source.width, tallest.max(source.height));
        if x >= width {
            (x, y, tallest) = (0, y + tallest, 0);
        }
    }
    canvas
}

fn paste(canvas: &mut Picture, source: &Picture, x: usize, y: usize) {
    let width = source.width.min(canvas.width - x);
    for line in 0..source.height.min(canvas.height - y) {
        let at = 3 * ((y + line) * canvas.width + x);
        canvas.rgb[at..at + 3 * width].copy_from_slice(&source.row(line)[..3 * width]);
    }
}

/// Windows with bars, buttons and lines of words, and a part of a rendered application among them.
fn drawn((width, height): (usize, usize), number: u64) -> Picture {
    let mut dice = Dice(number.wrapping_mul(7919) + 1);
    let mut canvas = Picture { width, height, rgb: [226, 230, 236].repeat(width * height) };
    for _ in 0..5 {
        let (w, h) = (width / 4 + dice.below(width / 3), height / 4 + dice.below(height / 3));
        let (x, y) = (dice.below(width - w), dice.below(height - h));
        fill(&mut canvas, Place { x: x as u32, y: y as u32, width: w as u32, height: h as u32 }, [252, 252, 252]);
        fill(&mut canvas, Place { x: x as u32, y: y as u32, width: w as u32, height: 30 }, [40, 80 + dice.below(60) as u8, 140]);
        words(&mut canvas, (x + 10, y + 7), w - 40, [255; 3], &mut dice);
        for line in (y + 44..y + h - 44).step_by(26) {
            words(&mut canvas, (x + 12, line), w - 40, [40, 44, 52], &mut dice);
        }
        let button = Place { x: (x + 12) as u32, y: (y + h - 36) as u32, width: 130, height: 28 };
        fill(&mut canvas, button, [30 + dice.below(180) as u8, 110, 90]);
        words(&mut canvas, (x + 20, y + h - 30), 110, [255; 3], &mut dice);
    }
    let rendered =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/screens").join(["record.png", "tools.png"][number as usize % 2]);
    let rendered = decode(&std::fs::read(rendered).unwrap(), Ceilings::default()).unwrap();
    let (x, y) = (dice.below(width - rendered.width), dice.below(height - rendered.height));
    paste(&mut canvas, &rendered, x, y);
    canvas
}

fn fill(canvas: &mut Picture, place: Place, colour: [u8; 3]) {
    for y in place.y as usize..(place.y + place.height) as usize {
        let at = 3 * (y * canvas.width + place.x as usize);
        canvas.rgb[at..at + 3 * place.width as usize].copy_from_slice(&colour.repeat(place.width as usize));
    }
}

/// Made-up words from `at` on, letters of 16 pixels, no further than `width`.
fn words(canvas: &mut Picture, (left, top): (usize, usize), width: usize, ink: [u8; 3], dice: &mut Dice) {
    let letters = (3 + dice.below(40)).min(width / 16);
    for number in 0..letters {
        let letter = if dice.below(6) == 0 { ' ' } else { char::from(b'a' + dice.below(26) as u8) };
        let rows = font8x8::BASIC_FONTS.get(letter).unwrap();
        for (line, bits) in (0_u32..).zip(rows) {
            for column in (0..8).filter(|column| bits & (1 << column) != 0) {
                let place = Place { x: (left + 16 * number) as u32 + 2 * column, y: top as u32 + 2 * line, width: 2, height: 2 };
                fill(canvas, place, ink);
            }
        }
    }
}

/// A part of the page that is not of one colour.
pub(crate) fn cut(page: &Page, (width, height): (usize, usize), dice: &mut Dice) -> Picture {
    loop {
        let (x, y) = (dice.below(page.picture.width - width), dice.below(page.picture.height - height));
        let crop = page.picture.crop(Place { x: x as u32, y: y as u32, width: width as u32, height: height as u32 });
        if statistics(&luma(&crop)).deviation >= LEAST_DEVIATION {
            return crop;
        }
    }
}

/// As another display scale draws it.
pub(crate) fn rescaled(anchor: &Picture, scale: f64) -> Picture {
    let to = |length: usize| (length as f64 * scale).round().max(1.0) as usize;
    resize_picture(anchor, to(anchor.width), to(anchor.height))
}

/// Each channel off by up to `most` levels.
pub(crate) fn noisy(anchor: &Picture, most: usize, dice: &mut Dice) -> Picture {
    let rgb = anchor.rgb.iter().map(|&level| (usize::from(level) + dice.below(2 * most + 1)).saturating_sub(most).min(255) as u8).collect();
    Picture { rgb, ..*anchor }
}

/// Through JPEG of `quality` and back.
pub(crate) fn recompressed(anchor: &Picture, quality: u8) -> Picture {
    let mut bytes = Vec::new();
    let encoder = JpegEncoder::new_with_quality(&mut bytes, quality);
    encoder.write_image(&anchor.rgb, anchor.width as u32, anchor.height as u32, ExtendedColorType::Rgb8).unwrap();
    decode(&bytes, Ceilings::default()).unwrap()
}

pub(crate) fn png(picture: &Picture) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    let encoder = image::codecs::png::PngEncoder::new(&mut bytes);
    encoder.write_image(&picture.rgb, picture.width as u32, picture.height as u32, ExtendedColorType::Rgb8).unwrap();
    bytes.into_inner()
}
