//! What an entry holds, unpacked into nothing.

use std::io::{BufRead, BufReader, Read, Seek, SeekFrom};

use flate2::bufread::DeflateDecoder;

use super::directory::Entry;
use crate::error::{Error, Kind, Result};

/// Unpacked at a time, bytes.
const PIECE: usize = 64 << 10;

/// Reads an entry to its end; what is wrong with it, if anything.
///
/// # Errors
/// When the archive itself cannot be read.
pub(super) fn fault(zip: &mut (impl Read + Seek), entry: &Entry) -> Result<Option<(&'static str, &'static str)>> {
    let failed = |cause| Error::new(Kind::Storage, "read_failed", "the archive cannot be read").caused_by(cause);
    zip.seek(SeekFrom::Start(entry.data)).map_err(failed)?;
    let mut packed = BufReader::with_capacity(PIECE, zip.by_ref().take(entry.packed));
    let (counted, crc32, left) = if entry.method == 8 {
        let mut unpacked = DeflateDecoder::new(&mut packed);
        let Some((counted, crc32)) = through(&mut unpacked, entry.size) else {
            return Ok(Some(("damaged_data", "its content cannot be unpacked")));
        };
        // The end of the packed data is only seen by reading on.
        let more = counted == entry.size && unpacked.read(&mut [0]).unwrap_or(1) > 0;
        drop(unpacked);
        (counted + u64::from(more), crc32, !packed.fill_buf().map_err(failed)?.is_empty())
    } else {
        match through(&mut packed, entry.size) {
            Some((counted, crc32)) => (counted, crc32, !packed.fill_buf().map_err(failed)?.is_empty()),
            None => return Ok(Some(("damaged_data", "its content cannot be read"))),
        }
    };
    Ok(if counted != entry.size {
        Some(("size_mismatch", "it is not as large as it says when it is unpacked"))
    } else if crc32 != entry.crc32 {
        Some(("crc_mismatch", "its content is not what its check sum was made of"))
    } else if left {
        Some(("damaged_data", "there is more behind its content"))
    } else {
        None
    })
}

/// Reads up to `most` bytes and one more; how many there were, and their CRC-32. None where they cannot be read.
fn through(from: &mut impl Read, most: u64) -> Option<(u64, u32)> {
    let mut hasher = crc32fast::Hasher::new();
    let mut piece = vec![0; PIECE];
    let mut counted = 0;
    while counted < most {
        let wanted = usize::try_from(most - counted).map_or(PIECE, |left| left.min(PIECE));
        match from.read(&mut piece[..wanted]) {
            Ok(0) => break,
            Ok(count) => {
                hasher.update(&piece[..count]);
                counted += count as u64;
            }
            Err(_) => return None,
        }
    }
    Some((counted, hasher.finalize()))
}
