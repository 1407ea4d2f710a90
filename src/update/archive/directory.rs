//! Where the entries of a ZIP stand, as its directory and their own headers say; APPNOTE.TXT 6.3.10, sections 4.3 and 4.5.

use std::io::{Read, Seek, SeekFrom};

use super::problem::{Ceilings, Problem};
use crate::error::{Error, Kind, Result};

/// The end of the directory without its comment.
const END_BYTES: u64 = 22;

/// The longest comment that a ZIP may have.
const MAX_COMMENT: u64 = 65_535;

/// The largest directory that is read, bytes.
const MAX_DIRECTORY: u64 = 16 << 20;

/// The longest name that is read, bytes; far more than any system takes.
const MAX_NAME: usize = 1024;

/// Extra fields that change nothing about name, content or kind: large sizes, times, owners, alignment of Java archives.
const EXTRAS: [u64; 6] = [0x0001, 0x5455, 0x5855, 0x7875, 0x000a, 0xcafe];

/// Bits of an entry's flags.
const ENCRYPTED: u16 = 1 | 1 << 6 | 1 << 13;
const DESCRIPTOR: u16 = 1 << 3;
const UTF8: u16 = 1 << 11;

/// An entry as the directory tells it.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    /// Its name; what is no UTF-8 shows as a replacement character.
    pub(super) name: String,
    flags: u16,
    pub(super) method: u16,
    pub(super) crc32: u32,
    /// Bytes in the archive.
    pub(super) packed: u64,
    /// Bytes when unpacked.
    pub(super) size: u64,
    attributes: u32,
    offset: u64,
    raw_name: Vec<u8>,
    /// Whether its extra fields change nothing about it.
    extras: bool,
    /// Where its content begins, once its own header was read.
    pub(super) data: u64,
}

impl Entry {
    /// Whether its content cannot be read without a password.
    pub(super) fn is_encrypted(&self) -> bool {
        self.flags & ENCRYPTED != 0
    }

    /// Whether it stands for a folder.
    pub(super) fn is_folder(&self) -> bool {
        self.name.ends_with('/')
    }

    /// What is wrong with what it is.
    pub(super) fn faults(&self) -> Vec<(&'static str, &'static str)> {
        let mut found = Vec::new();
        let kind = (self.attributes >> 16) & 0xF000;
        // Windows marks links by an attribute of their own.
        if kind == 0xA000 || self.attributes & 0x400 != 0 {
            found.push(("link", "it is a link, which may lead anywhere"));
        } else if !matches!(kind, 0 | 0x4000 | 0x8000) {
            found.push(("special_file", "it is neither a file nor a folder"));
        }
        if self.is_encrypted() {
            found.push(("encrypted", "it is encrypted, so that nobody can look at it"));
        }
        if !matches!(self.method, 0 | 8) {
            found.push(("unknown_method", "it is packed by another method than store or deflate"));
        }
        if self.is_folder() && (self.size > 0 || self.packed > 2) {
            found.push(("folder_with_content", "it is a folder and has content"));
        }
        let readable = std::str::from_utf8(&self.raw_name).is_ok() && (self.flags & UTF8 != 0 || self.raw_name.is_ascii());
        if !readable {
            found.push(("name_ambiguous", "its name is not said in a way that all programs read alike; UTF-8 is"));
        }
        if !self.extras {
            found.push(("unknown_extra", "a further field of it may give it another name or make it a link"));
        }
        let says_folder = kind == 0x4000 || self.attributes & 0x10 != 0;
        let says_file = kind == 0x8000;
        if (says_folder && !self.is_folder()) || (says_file && self.is_folder()) {
            found.push(("kind_ambiguous", "some programs take it for a file, others for a folder"));
        }
        found
    }
}

/// The number of `N` bytes at `at`, little end first.
fn number<const N: usize>(bytes: &[u8], at: usize) -> Option<u64> {
    let part: [u8; N] = bytes.get(at..at.checked_add(N)?)?.try_into().ok()?;
    Some(part.iter().rev().fold(0, |number, byte| number << 8 | u64::from(*byte)))
}

/// Reads `length` bytes at `from`; fewer where the file ends.
fn read_at(zip: &mut (impl Read + Seek), from: u64, length: u64) -> Result<Vec<u8>> {
    let failed = |cause| Error::new(Kind::Storage, "read_failed", "the archive cannot be read").caused_by(cause);
    let mut bytes = Vec::new();
    // No file is as long as that, and no system seeks there.
    if i64::try_from(from).is_err() {
        return Ok(bytes);
    }
    zip.seek(SeekFrom::Start(from)).map_err(failed)?;
    zip.by_ref().take(length).read_to_end(&mut bytes).map_err(failed)?;
    Ok(bytes)
}

/// Where the directory stands.
struct Place {
    from: u64,
    length: u64,
    entries: u64,
}

/// The entries of the archive of `length` bytes, with what is wrong with it as a whole; none of them where it is no ZIP.
pub(super) fn entries(zip: &mut (impl Read + Seek), length: u64, ceilings: &Ceilings, problems: &mut Vec<Problem>) -> Result<Vec<Entry>> {
    let place = match place(zip, length)? {
        Ok(place) => place,
        Err((code, sentence)) => {
            problems.push(Problem::whole(code, sentence));
            return Ok(Vec::new());
        }
    };
    if place.entries > ceilings.entries || place.length > MAX_DIRECTORY {
        let text = format!("it says to hold {} entries; {} are allowed", place.entries, ceilings.entries);
        problems.push(Problem::whole("too_many_entries", &text));
        return Ok(Vec::new());
    }
    let directory = read_at(zip, place.from, place.length)?;
    let mut found = Vec::new();
    let mut at = 0;
    while let Some((entry, next)) = directory_entry(&directory, at) {
        found.push(entry);
        at = next;
    }
    if at as u64 != place.length || found.len() as u64 != place.entries {
        problems.push(Problem::whole("directory_damaged", "its directory is damaged, or holds remarks or names beyond any that are taken"));
        return Ok(Vec::new());
    }
    laid_out(zip, &mut found, place.from, problems)?;
    Ok(found)
}

type Wrong = (&'static str, &'static str);

/// Finds the end of the archive, and by it the directory.
fn place(zip: &mut (impl Read + Seek), length: u64) -> Result<std::result::Result<Place, Wrong>> {
    let from = length.saturating_sub(END_BYTES + MAX_COMMENT);
    let tail = read_at(zip, from, length - from)?;
    let ends: Vec<usize> = tail.windows(4).enumerate().filter(|(_, four)| *four == b"PK\x05\x06").map(|(at, _)| at).collect();
    let whole = |at: &usize| number::<2>(&tail, at + 20).is_some_and(|comment| *at as u64 + END_BYTES + comment == tail.len() as u64);
    let at = match ends.iter().copied().filter(whole).collect::<Vec<_>>()[..] {
        [at] if ends.last() == Some(&at) => at,
        [] => {
            let begun = read_at(zip, 0, 4)?;
            return Ok(Err(if begun == b"PK\x03\x04" {
                ("truncated", "it begins as a ZIP and has no end: a part of it is missing")
            } else {
                ("not_a_zip", "it is no ZIP")
            }));
        }
        _ => return Ok(Err(("directory_ambiguous", "it has several ends, and programs take different ones"))),
    };
    let field = |offset: usize, wide: bool| {
        if wide { number::<4>(&tail, at + offset) } else { number::<2>(&tail, at + offset) }.unwrap_or_default()
    };
    let mut found = Place { from: field(16, true), length: field(12, true), entries: field(10, false) };
    let mut disks = [field(4, false), field(6, false)];
    let mut here = field(8, false);
    let mut end = from + at as u64;
    let is_wide = found.from == 0xFFFF_FFFF || found.length == 0xFFFF_FFFF || found.entries == 0xFFFF;
    let locator = match end.checked_sub(20) {
        Some(locator_at) => read_at(zip, locator_at, 20)?,
        None => Vec::new(),
    };
    // Some programs look for the large end only where a number is too large, others whenever there is one.
    if is_wide != locator.starts_with(b"PK\x06\x07") {
        return Ok(Err(if is_wide {
            ("directory_damaged", "the end of its directory is damaged")
        } else {
            ("directory_ambiguous", "it has two ends, a small and a large one, and programs take different ones")
        }));
    }
    if is_wide {
        let Some((wide, at)) = wide_end(zip, end - 20, &locator)? else {
            return Ok(Err(("directory_damaged", "the end of its directory is damaged")));
        };
        // Where the small end says a number, it must be the same.
        let agrees = |small: u64, none: u64, large: u64| small == none || small == large;
        let same = agrees(found.from, 0xFFFF_FFFF, wide.from)
            && agrees(found.length, 0xFFFF_FFFF, wide.length)
            && [found.entries, here].iter().all(|count| agrees(*count, 0xFFFF, wide.entries))
            && disks.iter().all(|disk| agrees(*disk, 0xFFFF, 0));
        if !same {
            return Ok(Err(("directory_ambiguous", "its two ends say different things, and programs take different ones")));
        }
        (here, disks, end) = (wide.entries, [0, 0], at);
        found = wide;
    }
    Ok(if disks != [0, 0] || here != found.entries {
        Err(("multi_disk", "it is one part of an archive in several"))
    } else if found.from.checked_add(found.length) != Some(end) {
        Err(("stray_bytes", "there are bytes around its directory that belong to nothing"))
    } else {
        Ok(found)
    })
}

/// The large end, and where it stands: right before its locator at `locator_at`, with nothing in it that not all programs read.
fn wide_end(zip: &mut (impl Read + Seek), locator_at: u64, locator: &[u8]) -> Result<Option<(Place, u64)>> {
    let Some(at) = number::<8>(locator, 8) else { return Ok(None) };
    let wide = read_at(zip, at, 56)?;
    let place = (|| {
        let one_disk = number::<4>(locator, 4)? == 0 && number::<4>(locator, 16)? == 1;
        let usual = wide.starts_with(b"PK\x06\x06") && number::<8>(&wide, 4)? == 44 && at.checked_add(56)? == locator_at;
        let whole = number::<4>(&wide, 16)? == 0 && number::<4>(&wide, 20)? == 0 && number::<8>(&wide, 24)? == number::<8>(&wide, 32)?;
        let place = Place { entries: number::<8>(&wide, 32)?, length: number::<8>(&wide, 40)?, from: number::<8>(&wide, 48)? };
        (one_disk && usual && whole).then_some((place, at))
    })();
    Ok(place)
}

/// The entry of the directory at `at`, and where the next one begins.
fn directory_entry(directory: &[u8], at: usize) -> Option<(Entry, usize)> {
    let head = directory.get(at..at.checked_add(46)?)?;
    if !head.starts_with(b"PK\x01\x02") {
        return None;
    }
    let narrow = |offset: usize| number::<2>(head, offset).unwrap_or_default();
    let wide = |offset: usize| number::<4>(head, offset).unwrap_or_default();
    let [name, extra, comment] = [28, 30, 32].map(|offset| narrow(offset) as usize);
    // A name that no system takes, or a remark, in which a second directory could hide.
    if name > MAX_NAME || comment > 0 {
        return None;
    }
    let raw_name = directory.get(at + 46..at + 46 + name)?.to_vec();
    let extra_at = at + 46 + name;
    let extra_bytes = directory.get(extra_at..extra_at + extra)?;
    let next = extra_at + extra + comment;
    directory.get(..next)?;
    let mut sizes = [wide(24), wide(20), wide(42)];
    widen(extra_bytes, &mut sizes)?;
    Some((
        Entry {
            name: String::from_utf8_lossy(&raw_name).into_owned(),
            flags: narrow(8) as u16,
            method: narrow(10) as u16,
            crc32: wide(16) as u32,
            size: sizes[0],
            packed: sizes[1],
            offset: sizes[2],
            attributes: wide(38) as u32,
            extras: known_extras(extra_bytes),
            raw_name,
            data: 0,
        },
        next,
    ))
}

/// The content of the extra field with this id.
fn extra_field(mut extra: &[u8], wanted: u64) -> Option<&[u8]> {
    while extra.len() >= 4 {
        let (id, length) = (number::<2>(extra, 0)?, number::<2>(extra, 2)? as usize);
        let content = extra.get(4..4 + length)?;
        if id == wanted {
            return Some(content);
        }
        extra = &extra[4 + length..];
    }
    None
}

/// Whether all extra fields are known to change nothing, and end where they should.
fn known_extras(mut extra: &[u8]) -> bool {
    let mut wide = 0;
    while !extra.is_empty() {
        let (Some(id), Some(length)) = (number::<2>(extra, 0), number::<2>(extra, 2)) else { return false };
        let Some(rest) = extra.get(4 + length as usize..) else { return false };
        wide += u32::from(id == 1);
        if !EXTRAS.contains(&id) || wide > 1 {
            return false;
        }
        extra = rest;
    }
    true
}

/// Replaces the numbers that are too large for their fields by those of the ZIP64 field; None where it lacks them.
fn widen(extra: &[u8], numbers: &mut [u64]) -> Option<()> {
    let mut wide = extra_field(extra, 1).unwrap_or_default();
    for number_ in numbers.iter_mut().filter(|number| **number == 0xFFFF_FFFF) {
        *number_ = number::<8>(wide, 0)?;
        wide = &wide[8..];
    }
    Some(())
}

/// Reads each entry's own header: it must say what the directory says, and the entries must follow one another without gap or overlap.
fn laid_out(zip: &mut (impl Read + Seek), entries: &mut [Entry], directory: u64, problems: &mut Vec<Problem>) -> Result<()> {
    let mut order: Vec<usize> = (0..entries.len()).collect();
    order.sort_by_key(|&at| entries[at].offset);
    let mut end = 0;
    let mut slack = 0;
    for at in order {
        let entry = &mut entries[at];
        let head = read_at(zip, entry.offset, 30)?;
        let sizes = (|| Some((number::<2>(&head, 26)?, number::<2>(&head, 28)?)))();
        let Some((name, extra)) = sizes.filter(|_| head.starts_with(b"PK\x03\x04")) else {
            problems.push(Problem::of(&entry.name, "header_missing", "its header is not where the directory says"));
            continue;
        };
        let rest = read_at(zip, entry.offset + 30, name + extra)?;
        entry.extras = entry.extras && rest.get(name as usize..).is_some_and(known_extras);
        if !says_the_same(entry, &head, &rest, name as usize) {
            problems.push(Problem::of(&entry.name, "headers_differ", "its own header says something else than the directory"));
        }
        entry.data = entry.offset + 30 + name + extra;
        let after = entry.data.checked_add(entry.packed).filter(|after| *after <= directory);
        if entry.offset < end || after.is_none() {
            problems.push(Problem::of(&entry.name, "overlapping_entries", "it overlaps what stands beside it in the archive"));
        } else if entry.offset > end + slack {
            problems.push(Problem::of(&entry.name, "stray_bytes", "there are bytes before it that belong to nothing"));
        }
        end = after.unwrap_or(end).max(end);
        // A descriptor repeats check sum and sizes: 12 or 16 bytes, 20 or 24 with large sizes.
        slack = if entry.flags & DESCRIPTOR != 0 { 24 } else { 0 };
    }
    if !entries.is_empty() && directory > end + slack {
        problems.push(Problem::whole("stray_bytes", "there are bytes before its directory that belong to nothing"));
    }
    Ok(())
}

fn says_the_same(entry: &Entry, head: &[u8], rest: &[u8], name: usize) -> bool {
    let narrow = |offset: usize| number::<2>(head, offset).unwrap_or_default();
    let wide = |offset: usize| number::<4>(head, offset).unwrap_or_default();
    let (flags, method) = (narrow(6) as u16, narrow(8) as u16);
    // Bits 1 and 2 only tell how hard it was tried to pack well.
    if rest.get(..name) != Some(&entry.raw_name[..]) || method != entry.method || (flags ^ entry.flags) & !0b110 != 0 {
        return false;
    }
    let mut sizes = [wide(22), wide(18)];
    if widen(rest.get(name..).unwrap_or_default(), &mut sizes).is_none() {
        return false;
    }
    let same = wide(14) == u64::from(entry.crc32) && sizes == [entry.size, entry.packed];
    same || (flags & DESCRIPTOR != 0 && wide(14) == 0 && sizes == [0, 0])
}
