//! How far JPEG may have moved a picture, read off the tables in the file itself.
//!
//! JPEG rounds each of the 64 frequencies of a block of 8 by 8 pixels to a multiple of a step. A frequency is thereby off by
//! half its step at most, and the transform keeps squares: the sum of squared differences over the block's luma is at most the
//! sum of the squared half steps. This holds whatever wrote the file, and at every quality.

/// Entries of a table: one for each frequency.
const ENTRIES: usize = 64;

/// What re-encoding may do to a block.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Noise {
    /// The most that luma may be off, summed squares over a block, levels².
    pub(super) luma: f64,
    /// The step by which the mean colour of a block is rounded, eighths of a level.
    pub(super) chroma_step: f64,
    /// How many times colour was stored at half its size.
    pub(super) times: f64,
}

/// What the qualities 90 and 75 of the usual tables do, for pictures that were JPEG once and don't say so.
pub(super) const USUAL: [Noise; 2] =
    [Noise { luma: 2_878.0, chroma_step: 3.0, times: 1.0 }, Noise { luma: 18_240.0, chroma_step: 9.0, times: 1.0 }];

/// What the quality 60 does: for a file whose tables stand where nobody looks.
const COARSE: Noise = Noise { luma: 46_700.0, chroma_step: 14.0, times: 1.0 };

impl Noise {
    /// What the file `bytes` may have lost: `None` when it is no JPEG, and so lost nothing.
    pub(super) fn of(bytes: &[u8]) -> Option<Self> {
        if !bytes.starts_with(&[0xff, 0xd8]) {
            return None;
        }
        let tables = Tables::read(bytes);
        let luma = tables.first(tables.components[0]);
        let chroma = tables.first(tables.components[1]);
        Some(Self {
            luma: luma.map_or(COARSE.luma, |steps| steps.iter().map(|step| f64::from(*step).powi(2) / 4.0).sum()),
            chroma_step: chroma.or(luma).map_or(COARSE.chroma_step, |steps| f64::from(steps[0])),
            times: 1.0,
        })
    }

    /// What both did, one after the other or each to the same picture.
    pub(super) fn and(self, other: Self) -> Self {
        Self {
            luma: (self.luma.sqrt() + other.luma.sqrt()).powi(2),
            chroma_step: self.chroma_step + other.chroma_step,
            times: self.times + other.times,
        }
    }
}

/// The quantisation tables of a file, and which of them each of the first two components uses.
#[derive(Debug, Default)]
struct Tables {
    tables: [Option<[u16; ENTRIES]>; 4],
    components: [usize; 2],
}

impl Tables {
    fn first(&self, table: usize) -> Option<&[u16; ENTRIES]> {
        self.tables.get(table)?.as_ref()
    }

    /// Goes through the segments up to the first scan; what is cut short ends the reading.
    fn read(bytes: &[u8]) -> Self {
        let mut found = Self::default();
        let mut rest = bytes.get(2..).unwrap_or_default();
        while let Some((marker, body, after)) = segment(rest) {
            match marker {
                0xdb => found.take_tables(body),
                // Baseline, extended and progressive frames.
                0xc0..=0xc2 => found.take_frame(body),
                0xda => break,
                _ => {}
            }
            rest = after;
        }
        found
    }

    /// A segment may hold several tables, each led by its width (high half) and its number (low half).
    fn take_tables(&mut self, mut body: &[u8]) {
        while let Some((head, rest)) = body.split_first() {
            let width = if head >> 4 == 0 { 1 } else { 2 };
            let Some((steps, after)) = rest.split_at_checked(width * ENTRIES) else { return };
            let mut table = [0_u16; ENTRIES];
            for (entry, step) in table.iter_mut().zip(steps.chunks_exact(width)) {
                *entry = step.iter().fold(0, |value, byte| (value << 8) | u16::from(*byte));
            }
            if let Some(place) = self.tables.get_mut(usize::from(head & 15)) {
                *place = Some(table);
            }
            body = after;
        }
    }

    /// After precision, height, width and count each component has three bytes; the last is the number of its table.
    fn take_frame(&mut self, body: &[u8]) {
        let components: Vec<usize> = body.get(6..).unwrap_or_default().chunks_exact(3).map(|component| usize::from(component[2])).collect();
        if let [luma, rest @ ..] = components.as_slice() {
            self.components = [*luma, rest.first().copied().unwrap_or(*luma)];
        }
    }
}

/// The next segment: its marker, its body, and what follows.
fn segment(bytes: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    // Any number of filling bytes may stand before a marker.
    let start = bytes.iter().position(|byte| *byte != 0xff).filter(|start| *start > 0)?;
    let (marker, rest) = bytes[start..].split_first()?;
    if matches!(marker, 0x01 | 0xd0..=0xd8) {
        return Some((*marker, &[], rest));
    }
    let length = usize::from(u16::from_be_bytes([*rest.first()?, *rest.get(1)?]));
    let (body, after) = rest.split_at_checked(length)?;
    Some((*marker, body.get(2..)?, after))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn jpeg(quality: u8) -> Vec<u8> {
        let mut out = Vec::new();
        let encoder = image::codecs::jpeg::JpegEncoder::new_with_quality(&mut out, quality);
        image::ImageEncoder::write_image(encoder, &[90; 768], 16, 16, image::ExtendedColorType::Rgb8).unwrap();
        out
    }

    #[test]
    fn the_usual_tables_are_read_from_a_file() {
        let of = |quality: u8| Noise::of(&jpeg(quality)).unwrap();
        for (quality, usual) in [90, 75, 60].into_iter().zip([USUAL[0], USUAL[1], COARSE]) {
            let read = of(quality);
            assert!((read.luma / usual.luma - 1.0).abs() < 0.03, "{quality}: {read:?}");
            assert!((read.chroma_step - usual.chroma_step).abs() <= 1.0, "{quality}: {read:?}");
        }
        assert!(of(95).luma < of(90).luma && of(90).luma < of(40).luma);
        assert_eq!(Noise::of(b"\x89PNG\r\n\x1a\n"), None);
    }

    #[test]
    fn wide_tables_and_filling_bytes_are_read() {
        let mut bytes = vec![0xff, 0xd8, 0xff, 0xff, 0xff, 0xdb, 0, 131, 0x10];
        bytes.extend([1, 0].repeat(64));
        assert_eq!(Noise::of(&bytes), Some(Noise { luma: 64.0 * 128.0 * 128.0, chroma_step: 256.0, times: 1.0 }));
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_to_their_end(noise in proptest::collection::vec(any::<u8>(), 0..200), cut in 0..700_usize) {
            let _ = Noise::of(&[&[0xff, 0xd8, 0xff, 0xdb], &noise[..]].concat());
            let whole = jpeg(80);
            let read = Noise::of(&whole[..cut.min(whole.len()).max(2)]).unwrap();
            prop_assert!(read.luma.is_finite() && read.luma > 0.0);
        }
    }
}
