//! Decoding PNG and JPEG from anybody: ceilings first, pixels second, never a panic.

use std::io::{Cursor, SeekFrom};

use image::{DynamicImage, ImageDecoder, ImageError, ImageFormat, ImageReader};

use super::picture::Picture;
use crate::error::{Error, Kind, Result};

/// How large a picture may be.
#[derive(Debug, Clone, Copy)]
pub struct Ceilings {
    /// Bytes as encoded.
    pub bytes: usize,
    /// Pixels, by the header, before anything is decoded.
    pub pixels: u64,
}

impl Default for Ceilings {
    /// 20 MiB and 64 megapixels.
    fn default() -> Self {
        Self { bytes: 20 << 20, pixels: 64 << 20 }
    }
}

/// What decoding a file of `bytes` may take beside the pixels: chunks as they are read and as they are kept, and room for one
/// line of a million pixels in 16-bit colour with alpha. A colour profile that inflates to more than that is not read.
fn limits(bytes: u64) -> image::Limits {
    /// Bytes of one line.
    const LINE: u64 = 8 << 20;
    let mut limits = image::Limits::no_limits();
    limits.max_alloc = Some(bytes.saturating_mul(3).saturating_add(LINE));
    limits
}

/// Decodes `bytes` as PNG or JPEG, whichever they say they are, into 8-bit colour as `OpenCV` reads it: alpha dropped (not
/// blended), the low byte of 16-bit channels dropped, palettes and greys expanded. An orientation in EXIF is ignored, since
/// a screenshot has none and a place must be one in the stored pixels.
///
/// # Errors
/// [`Kind::TooLarge`] beyond a ceiling; [`Kind::Input`] with code `undecodable_image` for all else.
pub fn decode(bytes: &[u8], ceilings: Ceilings) -> Result<Picture> {
    let (width, height, picture) = decoded(bytes, ceilings)?;
    Ok(Picture { width, height, rgb: into_rgb(picture) })
}

/// The same, and its alpha, one byte a pixel; none where the file has none.
///
/// # Errors
/// Those of [`decode`].
pub(super) fn decode_with_alpha(bytes: &[u8], ceilings: Ceilings) -> Result<(Picture, Option<Vec<u8>>)> {
    let (width, height, picture) = decoded(bytes, ceilings)?;
    let alpha = picture.color().has_alpha().then(|| picture.to_rgba8().pixels().map(|pixel| pixel.0[3]).collect());
    Ok((Picture { width, height, rgb: into_rgb(picture) }, alpha))
}

fn decoded(bytes: &[u8], ceilings: Ceilings) -> Result<(usize, usize, DynamicImage)> {
    if bytes.len() > ceilings.bytes {
        return Err(too_large(format!("the picture has {} bytes, more than the {} that are allowed", bytes.len(), ceilings.bytes)));
    }
    let format = match image::guess_format(bytes) {
        Ok(format @ (ImageFormat::Png | ImageFormat::Jpeg)) => format,
        _ if bytes.is_empty() => return Err(undecodable("the picture is empty")),
        _ => return Err(undecodable("the picture is neither PNG nor JPEG")),
    };
    if format == ImageFormat::Jpeg && stops_half_way(bytes) {
        return Err(undecodable("the picture is a JPEG that stops half-way"));
    }
    let broken = |cause| refusal("the picture is damaged or not quite PNG or JPEG", cause);
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    reader.limits(limits(bytes.len() as u64));
    let decoder = reader.into_decoder().map_err(broken)?;
    let (width, height) = decoder.dimensions();
    let pixels = u64::from(width) * u64::from(height);
    if pixels > ceilings.pixels {
        let message = format!("the picture has {width}x{height} pixels, more than the {} that are allowed", ceilings.pixels);
        return Err(too_large(message));
    }
    if pixels == 0 {
        return Err(undecodable("the picture has no pixels"));
    }
    Ok((width as usize, height as usize, DynamicImage::from_decoder(decoder).map_err(broken)?))
}

/// Whether the scans of a JPEG begin and never end. A decoder makes the rest grey, and a target there would be called absent. What
/// stands before the first scan is walked over, since a thumbnail in it has an end of its own; in a scan no data looks like an end.
fn stops_half_way(jpeg: &[u8]) -> bool {
    let mut at = 2;
    while let Some(&[0xff, marker, high, low]) = jpeg.get(at..at + 4) {
        match marker {
            0xda => return !jpeg[at..].windows(2).rev().any(|pair| pair == [0xff, 0xd9]),
            0xff => at += 1,
            _ => at += 2 + usize::from(u16::from_be_bytes([high, low])),
        }
    }
    false
}

/// Width, height and the usual ending (`png`, `jpg`) of the picture in `source`, by its header alone.
///
/// # Errors
/// [`Kind::TooLarge`] beyond the ceiling on pixels; [`Kind::Input`] with code `undecodable_image` where it is neither PNG nor JPEG.
pub fn measure(mut source: impl std::io::BufRead + std::io::Seek, ceilings: Ceilings) -> Result<(u32, u32, &'static str)> {
    let unreadable = |cause: std::io::Error| undecodable("the picture cannot be read").caused_by(cause);
    let bytes = source.seek(SeekFrom::End(0)).map_err(unreadable)?;
    source.rewind().map_err(unreadable)?;
    let mut reader = ImageReader::new(source).with_guessed_format().map_err(unreadable)?;
    reader.limits(limits(bytes));
    let ending = match reader.format() {
        Some(ImageFormat::Png) => "png",
        Some(ImageFormat::Jpeg) => "jpg",
        _ => return Err(undecodable("the picture is neither PNG nor JPEG")),
    };
    let (width, height) = reader.into_dimensions().map_err(|cause| refusal("the picture's header is damaged", cause))?;
    let pixels = u64::from(width) * u64::from(height);
    if pixels > ceilings.pixels {
        return Err(too_large(format!("the picture has {width}x{height} pixels, more than the {} that are allowed", ceilings.pixels)));
    }
    if pixels == 0 {
        return Err(undecodable("the picture has no pixels"));
    }
    Ok((width, height, ending))
}

/// Width and height of a PNG or JPEG by its header, pixels; none where it is neither, or has no pixels.
pub fn size(bytes: &[u8]) -> Option<(u32, u32)> {
    measure(Cursor::new(bytes), Ceilings::default()).ok().map(|(width, height, _)| (width, height))
}

fn into_rgb(picture: DynamicImage) -> Vec<u8> {
    let high = |channel: u16| (channel >> 8) as u8;
    match picture {
        DynamicImage::ImageRgb8(picture) => picture.into_raw(),
        DynamicImage::ImageLuma16(picture) => picture.pixels().flat_map(|pixel| [high(pixel.0[0]); 3]).collect(),
        DynamicImage::ImageLumaA16(picture) => picture.pixels().flat_map(|pixel| [high(pixel.0[0]); 3]).collect(),
        DynamicImage::ImageRgb16(picture) => picture.pixels().flat_map(|pixel| pixel.0.map(high)).collect(),
        DynamicImage::ImageRgba16(picture) => picture.pixels().flat_map(|pixel| [0, 1, 2].map(|channel| high(pixel.0[channel]))).collect(),
        other => other.into_rgb8().into_raw(),
    }
}

/// What a decoder refused for `cause`: a lack of room is told from damage.
fn refusal(damaged: &str, cause: ImageError) -> Error {
    match cause {
        ImageError::Limits(_) => too_large("decoding the picture takes more memory than is allowed".to_owned()).caused_by(cause),
        _ => undecodable(damaged).caused_by(cause),
    }
}

fn undecodable(message: &str) -> Error {
    Error::new(Kind::Input, "undecodable_image", message).hint("give a whole PNG or JPEG file")
}

fn too_large(message: String) -> Error {
    Error::new(Kind::TooLarge, "image_too_large", message).hint("crop the picture, or raise limits.image_bytes or limits.image_pixels")
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::{ExtendedColorType, ImageEncoder};
    use proptest::prelude::*;

    const SMALL: Ceilings = Ceilings { bytes: 1 << 16, pixels: 1 << 12 };

    fn png(width: u32, height: u32, data: &[u8], color: ExtendedColorType) -> Vec<u8> {
        let mut out = Vec::new();
        image::codecs::png::PngEncoder::new(&mut out).write_image(data, width, height, color).unwrap();
        out
    }

    fn jpeg(width: u32, height: u32, rgb: &[u8]) -> Vec<u8> {
        let mut out = Vec::new();
        let encoder = image::codecs::jpeg::JpegEncoder::new_with_quality(&mut out, 95);
        encoder.write_image(rgb, width, height, ExtendedColorType::Rgb8).unwrap();
        out
    }

    fn pixels(bytes: &[u8]) -> Vec<u8> {
        decode(bytes, SMALL).unwrap().rgb
    }

    /// A chunk of a PNG, with its checksum.
    fn chunk(name: [u8; 4], data: &[u8]) -> Vec<u8> {
        let body = [&name[..], data].concat();
        let crc = !body.iter().fold(u32::MAX, |crc, &byte| {
            (0..8).fold(crc ^ u32::from(byte), |crc, _| if crc & 1 == 1 { (crc >> 1) ^ 0xEDB8_8320 } else { crc >> 1 })
        });
        [&(data.len() as u32).to_be_bytes()[..], &body, &crc.to_be_bytes()].concat()
    }

    fn png_of(chunks: &[([u8; 4], &[u8])]) -> Vec<u8> {
        let mut out = b"\x89PNG\r\n\x1a\n".to_vec();
        for (name, data) in chunks {
            out.extend(chunk(*name, data));
        }
        out
    }

    #[test]
    fn every_kind_of_channel_becomes_8_bit_colour() {
        assert_eq!(pixels(&png(1, 1, &[1, 2, 3], ExtendedColorType::Rgb8)), [1, 2, 3]);
        // Transparent red stays red: alpha is dropped, not blended.
        assert_eq!(pixels(&png(1, 1, &[200, 2, 3, 0], ExtendedColorType::Rgba8)), [200, 2, 3]);
        assert_eq!(pixels(&png(1, 1, &[77], ExtendedColorType::L8)), [77; 3]);
        assert_eq!(pixels(&png(1, 1, &[77, 9], ExtendedColorType::La8)), [77; 3]);
        let deep = |levels: &[u16]| levels.iter().flat_map(|level| level.to_ne_bytes()).collect::<Vec<_>>();
        assert_eq!(pixels(&png(1, 1, &deep(&[0x01ff, 0x80ff, 0xffff]), ExtendedColorType::Rgb16)), [1, 0x80, 255]);
        assert_eq!(pixels(&png(1, 1, &deep(&[0x01ff, 0x80ff, 0xffff, 0]), ExtendedColorType::Rgba16)), [1, 0x80, 255]);
        assert_eq!(pixels(&png(1, 1, &deep(&[0x4dff]), ExtendedColorType::L16)), [0x4d; 3]);
        assert_eq!(pixels(&png(1, 1, &deep(&[0x4dff, 5]), ExtendedColorType::La16)), [0x4d; 3]);
    }

    #[test]
    fn a_palette_is_looked_up() {
        // Two pixels of one bit each, stored: filter byte, then 0b01.
        let stored = [0x78, 0x01, 0x01, 2, 0, 0xfd, 0xff, 0x00, 0x40, 0x00, 0x82, 0x00, 0x41];
        let header = [0, 0, 0, 2, 0, 0, 0, 1, 1, 3, 0, 0, 0];
        let bytes = png_of(&[(*b"IHDR", &header), (*b"PLTE", &[1, 2, 3, 7, 8, 9]), (*b"IDAT", &stored), (*b"IEND", &[])]);
        assert_eq!(pixels(&bytes), [1, 2, 3, 7, 8, 9]);
    }

    #[test]
    fn the_header_says_the_size() {
        assert_eq!(size(&png(3, 2, &[0; 18], ExtendedColorType::Rgb8)), Some((3, 2)));
        assert_eq!(size(&jpeg(8, 16, &[0; 384])), Some((8, 16)));
        assert_eq!((size(b""), size(b"GIF89a"), size(&png(3, 2, &[0; 18], ExtendedColorType::Rgb8)[..12])), (None, None, None));
    }

    #[test]
    fn jpeg_comes_close() {
        let decoded = pixels(&jpeg(8, 8, &[10, 200, 90].repeat(64)));
        assert!(decoded.chunks_exact(3).all(|pixel| pixel.iter().zip([10, 200, 90]).all(|(a, b)| a.abs_diff(b) <= 3)), "{decoded:?}");
    }

    #[test]
    fn ceilings_are_read_off_the_header() {
        // 20,000 by 20,000 pixels are announced, and not one follows.
        let header = [&20_000_u32.to_be_bytes()[..], &20_000_u32.to_be_bytes(), &[8, 2, 0, 0, 0]].concat();
        let bytes = png_of(&[(*b"IHDR", &header), (*b"IDAT", &[0x78, 0x01]), (*b"IEND", &[])]);
        let refused = decode(&bytes, Ceilings::default()).unwrap_err();
        assert_eq!((refused.kind(), refused.code()), (Kind::TooLarge, "image_too_large"));
        let wide = jpeg(100, 50, &[7; 15_000]);
        assert!(decode(&wide, Ceilings { bytes: 1 << 20, pixels: 5000 }).is_ok());
        assert_eq!(decode(&wide, Ceilings { bytes: 1 << 20, pixels: 4999 }).unwrap_err().kind(), Kind::TooLarge);
        assert_eq!(decode(&wide, Ceilings { bytes: wide.len() - 1, pixels: 5000 }).unwrap_err().kind(), Kind::TooLarge);
    }

    #[test]
    fn a_line_too_long_to_hold_is_too_large() {
        let of_width = |width: u32| {
            let header = [&width.to_be_bytes()[..], &1_u32.to_be_bytes(), &[16, 6, 0, 0, 0]].concat();
            png_of(&[(*b"IHDR", &header), (*b"IDAT", &[0x78, 0x01]), (*b"IEND", &[])])
        };
        let kinds = |width: u32| {
            let bytes = of_width(width);
            let measured = measure(Cursor::new(&bytes), Ceilings::default()).map(|(width, ..)| width).map_err(|error| error.kind());
            (decode(&bytes, Ceilings::default()).unwrap_err().kind(), measured)
        };
        assert_eq!(kinds(1 << 20), (Kind::Input, Ok(1 << 20)), "the line fits; its pixels are missing");
        assert_eq!(kinds(1 << 21), (Kind::TooLarge, Err(Kind::TooLarge)));
    }

    #[test]
    fn a_jpeg_that_stops_half_way_is_none() {
        let rgb: Vec<u8> = (0..64 * 64 * 3_u32).map(|at| (at * at % 251) as u8).collect();
        let whole = jpeg(64, 64, &rgb);
        assert!(decode(&whole, SMALL).is_ok() && decode(&[&whole[..], &[0; 9]].concat(), SMALL).is_ok());
        for cut in [whole.len() - 1, whole.len() - 2, whole.len() / 2 + 100] {
            assert_eq!(decode(&whole[..cut], SMALL).unwrap_err().code(), "undecodable_image", "{cut} of {}", whole.len());
        }
        // A thumbnail before the frame has an end of its own.
        let mut with_thumbnail = whole.clone();
        with_thumbnail.splice(2..2, [0xff, 0xe1, 0, 6, 0xff, 0xd8, 0xff, 0xd9]);
        assert!(decode(&with_thumbnail, SMALL).is_ok());
        assert!(decode(&with_thumbnail[..with_thumbnail.len() - 2], SMALL).is_err());
    }

    #[test]
    fn what_is_no_picture_is_said_to_be_none() {
        for bytes in [&b""[..], b"hello", b"GIF89a\x01\x00\x01\x00", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff"] {
            assert_eq!(decode(bytes, SMALL).unwrap_err().code(), "undecodable_image", "{bytes:?}");
        }
    }

    #[test]
    fn a_jpeg_of_four_inks_does_not_panic() {
        // The frame header of three components, rewritten to say four as CMYK has; what follows no longer fits.
        let mut bytes = jpeg(8, 8, &[10; 192]);
        let frame = bytes.windows(2).position(|pair| pair == [0xff, 0xc0]).unwrap();
        bytes[frame + 9] = 4;
        bytes.splice(frame + 19..frame + 19, [4, 0x11, 0]);
        bytes[frame + 3] += 3;
        let _ = decode(&bytes, SMALL).map(|picture| assert_eq!(picture.rgb.len(), 192));
    }

    proptest! {
        #[test]
        fn damage_never_panics(at in any::<prop::sample::Index>(), with in any::<u8>(), cut in any::<prop::sample::Index>(), as_jpeg: bool) {
            let rgb: Vec<u8> = (0..16 * 16 * 3_u32).map(|level| (level * 31 % 256) as u8).collect();
            let whole = if as_jpeg { jpeg(16, 16, &rgb) } else { png(16, 16, &rgb, ExtendedColorType::Rgb8) };
            let mut bytes = whole.clone();
            bytes[at.index(whole.len())] ^= with;
            for damaged in [&bytes[..], &whole[..cut.index(whole.len())], &bytes[..cut.index(whole.len())]] {
                if let Ok(picture) = decode(damaged, SMALL) {
                    prop_assert_eq!(picture.rgb.len(), 3 * picture.width * picture.height);
                }
            }
        }

        #[test]
        fn noise_behind_a_signature_never_panics(noise in proptest::collection::vec(any::<u8>(), 0..300), as_jpeg: bool) {
            let start: &[u8] = if as_jpeg { b"\xff\xd8\xff\xe0" } else { b"\x89PNG\r\n\x1a\n" };
            let _ = decode(&[start, &noise].concat(), SMALL);
        }
    }
}
