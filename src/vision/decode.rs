//! Decoding PNG and JPEG from anybody: ceilings first, pixels second, never a panic.

use std::io::Cursor;

use image::{DynamicImage, ImageDecoder, ImageFormat, ImageReader};

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

/// What decoding may allocate beside the picture itself, bytes for each pixel: 16-bit colour with alpha, and work space.
const BYTES_A_PIXEL: u64 = 16;

/// Decodes `bytes` as PNG or JPEG, whichever they say they are, into 8-bit colour as `OpenCV` reads it: alpha dropped (not
/// blended), the low byte of 16-bit channels dropped, palettes and greys expanded. An orientation in EXIF is ignored, since
/// a screenshot has none and a place must be one in the stored pixels.
///
/// # Errors
/// [`Kind::TooLarge`] beyond a ceiling; [`Kind::Input`] with code `undecodable_image` for all else.
pub fn decode(bytes: &[u8], ceilings: Ceilings) -> Result<Picture> {
    if bytes.len() > ceilings.bytes {
        return Err(too_large(format!("the picture has {} bytes, more than the {} that are allowed", bytes.len(), ceilings.bytes)));
    }
    let format = match image::guess_format(bytes) {
        Ok(format @ (ImageFormat::Png | ImageFormat::Jpeg)) => format,
        _ if bytes.is_empty() => return Err(undecodable("the picture is empty")),
        _ => return Err(undecodable("the picture is neither PNG nor JPEG")),
    };
    let broken = |cause: image::ImageError| undecodable("the picture is damaged or not quite PNG or JPEG").caused_by(cause);
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    let mut limits = image::Limits::no_limits();
    limits.max_alloc = Some(ceilings.pixels.saturating_mul(BYTES_A_PIXEL));
    reader.limits(limits);
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
    let rgb = into_rgb(DynamicImage::from_decoder(decoder).map_err(broken)?);
    Ok(Picture { width: width as usize, height: height as usize, rgb })
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

fn undecodable(message: &str) -> Error {
    Error::new(Kind::Input, "undecodable_image", message).hint("give a whole PNG or JPEG file")
}

fn too_large(message: String) -> Error {
    Error::new(Kind::TooLarge, "image_too_large", message).hint("crop the picture, or raise limits.image_bytes or limits.image_pixels")
}
