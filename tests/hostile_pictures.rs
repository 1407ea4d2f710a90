//! Pictures that lie, swell, stop half-way or are none, through the executable: each ends with a verdict or a clear error, within
//! a ceiling on memory.

use std::process::Command;

use image::{ExtendedColorType, ImageEncoder};
use serde_json::Value;

use crate::support::png::{Colour, header, png, zeros};
use crate::support::{Run, Sandbox, decode_to_verdict, root};

/// The address space that a run may take on Linux, KiB. What swells here would fill more than this.
const MEMORY_KIB: usize = 1 << 20;

/// How a run ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    /// Exit code 0 for `found` and 1 for the others, with this verdict.
    Verdict(&'static str),
    /// Exit code 3, with this code.
    Refused(&'static str),
}

const FOUND: End = End::Verdict("found");
const NO_SCREEN: End = End::Verdict("unusable_screen");
const NO_ANCHOR: End = End::Verdict("unusable_anchor");
const TOO_LARGE: End = End::Refused("image_too_large");

/// The screenshot and the anchor of a file of the corpus.
fn corpus(name: &str) -> (Vec<u8>, Vec<u8>) {
    let input = std::fs::read(root().join("tests/fixtures/fuzz/resolve").join(name)).unwrap();
    let (screenshot, anchor) = decode_to_verdict::split(&input);
    (screenshot.to_vec(), anchor.to_vec())
}

/// `command` with the ceiling on memory, where there is one to be had.
fn capped(command: &Command) -> Command {
    let mut capped = Command::new("/bin/sh");
    capped.args(["-c", &format!(r#"ulimit -v {MEMORY_KIB} && exec "$0" "$@""#)]);
    capped.arg(command.get_program()).args(command.get_args()).current_dir(command.get_current_dir().unwrap());
    capped.env_clear().envs(command.get_envs().filter_map(|(name, value)| Some((name, value?))));
    capped
}

/// Runs `lea resolve` on these two pictures and holds its end against `expected`.
fn check(name: &str, screenshot: &[u8], anchor: &[u8], expected: End) {
    let sandbox = Sandbox::new();
    std::fs::write(sandbox.path("screen"), screenshot).unwrap();
    std::fs::write(sandbox.path("anchor"), anchor).unwrap();
    let mut command = sandbox.lea(["resolve", "screen", "--anchor", "anchor", "--json"]);
    let run = if cfg!(target_os = "linux") { Run::of(&mut capped(&command)) } else { Run::of(&mut command) };
    match expected {
        End::Verdict(verdict) => {
            assert_eq!(run.code, i32::from(verdict != "found"), "{name}: {run:?}");
            assert_eq!(run.json()["verdict"], verdict, "{name}: {run:?}");
        }
        End::Refused(code) => {
            assert_eq!(run.code, 3, "{name}: {run:?}");
            let error: Value = run.error();
            assert_eq!(error["code"], code, "{name}: {run:?}");
            assert!(error["hint"].is_string(), "{name}: {run:?}");
        }
    }
}

/// Each picture as the screenshot and as the anchor, beside a good one, with the ends of both.
fn check_both(pictures: &[(&str, Vec<u8>, End, End)]) {
    let (screenshot, anchor) = corpus("found");
    for (name, picture, as_screen, as_anchor) in pictures {
        check(&format!("{name} as the screenshot"), picture, &anchor, *as_screen);
        check(&format!("{name} as the anchor"), &screenshot, picture, *as_anchor);
    }
}

/// A JPEG whose frame header says 20,000 by 20,000 pixels.
fn jpeg_that_lies(jpeg: &[u8]) -> Vec<u8> {
    let mut jpeg = jpeg.to_vec();
    let frame = jpeg.windows(2).position(|pair| pair == [0xff, 0xc0]).unwrap();
    jpeg[frame + 5..frame + 9].copy_from_slice(&[20_000_u16.to_be_bytes(), 20_000_u16.to_be_bytes()].concat());
    jpeg
}

/// A PNG of `before`, its pixels all zeros, with `more` than its header says.
fn black(width: u32, height: u32, before: &[([u8; 4], &[u8])], more: usize) -> Vec<u8> {
    let body = zeros((width as usize * 3 + 1) * height as usize + more);
    let header = header(width, height, Colour::Rgb);
    let chunks = [&[(*b"IHDR", &header[..])], before, &[(*b"IDAT", &body), (*b"IEND", &[])]].concat();
    png(&chunks)
}

#[test]
fn every_kind_of_png_and_jpeg_is_searched() {
    for name in [
        "found",
        "jpeg",
        "jpeg_444_restarts",
        "jpeg_cmyk",
        "jpeg_exif_orientation",
        "jpeg_grey",
        "jpeg_progressive",
        "png_16_bit",
        "png_16_bit_alpha",
        "png_alpha",
        "png_animated",
        "png_grey",
        "png_grey_alpha",
        "png_interlaced",
        "png_palette",
    ] {
        let (screenshot, anchor) = corpus(name);
        check(name, &screenshot, &anchor, FOUND);
    }
}

#[test]
fn a_size_beyond_the_ceiling_is_refused_whatever_follows() {
    let side = 20_000;
    let sizes = |body: &[u8]| png(&[(*b"IHDR", &header(side, side, Colour::Grey)), (*b"IDAT", body), (*b"IEND", &[])]);
    let (jpeg, _) = corpus("jpeg");
    let lies = jpeg_that_lies(&jpeg);
    let scan = lies.windows(2).position(|pair| pair == [0xff, 0xda]).unwrap();
    check_both(&[
        ("a PNG of 20,000 by 20,000, empty", sizes(&[]), TOO_LARGE, TOO_LARGE),
        ("a PNG of 20,000 by 20,000, black", sizes(&zeros((side as usize + 1) * side as usize)), TOO_LARGE, TOO_LARGE),
        ("a JPEG of 20,000 by 20,000, its scan missing", lies[..scan].to_vec(), NO_SCREEN, NO_ANCHOR),
        ("a JPEG of 20,000 by 20,000, its scan short", lies, TOO_LARGE, TOO_LARGE),
    ]);
}

#[test]
fn what_swells_is_not_let_swell() {
    const SWOLLEN: usize = 1 << 30;
    let profile = [b"p\0\0", &zeros(SWOLLEN)[..]].concat();
    let text = [b"Comment\0\0", &profile[3..]].concat();
    check_both(&[
        ("more pixels than declared", black(64, 64, &[], SWOLLEN), NO_SCREEN, NO_ANCHOR),
        ("a colour profile that swells", black(64, 64, &[(*b"iCCP", &profile)], 0), NO_SCREEN, NO_ANCHOR),
        ("a text that swells", black(64, 64, &[(*b"zTXt", &text)], 0), NO_SCREEN, NO_ANCHOR),
    ]);
    let (screenshot, anchor) = corpus("png_more_than_declared");
    check("more pixels than declared", &screenshot, &anchor, FOUND);
    let (screenshot, anchor) = corpus("png_swollen_chunks");
    check("chunks that swell", &screenshot, &anchor, FOUND);
}

#[test]
fn what_stops_half_way_is_unusable() {
    let (png, jpeg) = (corpus("found").0, corpus("jpeg").0);
    let less = corpus("png_less_than_declared").0;
    check_both(&[
        ("a PNG cut in its pixels", png[..png.len() / 2].to_vec(), NO_SCREEN, NO_ANCHOR),
        ("a PNG cut in its header", png[..20].to_vec(), NO_SCREEN, NO_ANCHOR),
        ("a PNG cut behind its header", png[..33].to_vec(), NO_SCREEN, NO_ANCHOR),
        ("a PNG with fewer pixels than declared", less, NO_SCREEN, NO_ANCHOR),
        ("a JPEG cut in its header", jpeg[..20].to_vec(), NO_SCREEN, NO_ANCHOR),
        ("a JPEG cut in its pixels", jpeg[..jpeg.len() / 2].to_vec(), NO_SCREEN, NO_ANCHOR),
    ]);
}

#[test]
fn what_is_no_png_and_no_jpeg_is_unusable() {
    let (zip, anchor_and_zip) = corpus("zip_and_zip_behind_png");
    let (gif, webp) = corpus("gif_and_webp");
    assert!(gif.starts_with(b"GIF8") && webp.starts_with(b"RIFF") && zip.starts_with(b"PK"));
    check_both(&[
        ("an empty file", Vec::new(), NO_SCREEN, NO_ANCHOR),
        ("a text", b"not a picture\n".to_vec(), NO_SCREEN, NO_ANCHOR),
        ("a GIF", gif, NO_SCREEN, NO_ANCHOR),
        ("a WebP", webp, NO_SCREEN, NO_ANCHOR),
        ("a ZIP", zip, NO_SCREEN, NO_ANCHOR),
    ]);
    check("a ZIP behind a PNG", &corpus("found").0, &anchor_and_zip, FOUND);
}

#[test]
fn a_strip_is_a_picture_like_any_other() {
    let mut strip = Vec::new();
    let levels: Vec<u8> = (0..60_000_u32).map(|at| (at % 251) as u8).collect();
    image::codecs::png::PngEncoder::new(&mut strip).write_image(&levels, 1, 60_000, ExtendedColorType::L8).unwrap();
    check_both(&[("a strip of 1 by 60,000", strip.clone(), NO_ANCHOR, NO_ANCHOR)]);
    check("a strip on itself", &strip, &strip, NO_ANCHOR);
    let (_, anchor) = corpus("found");
    let lying = png(&[(*b"IHDR", &header(u32::MAX >> 1, 1, Colour::Grey)), (*b"IDAT", &zeros(1)), (*b"IEND", &[])]);
    check("a strip of 2,147,483,647 by 1", &lying, &anchor, TOO_LARGE);
}
