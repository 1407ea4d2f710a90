//! The whole inspection: every entry is looked at and read through, and nothing is written.

use std::io::{Read, Seek, SeekFrom};

use super::contents::fault;
use super::directory::{Entry, entries};
use super::names::{Taken, faults, is_code};
use super::problem::{Ceilings, Problem};
use crate::error::{Error, Kind, Result};
use crate::update::release::UpdateType;

/// The most problems that are told of one archive.
const MAX_PROBLEMS: usize = 500;

/// Entries up to this size may be packed as well as they like: a file of zeros is no bomb yet.
const SMALL: u64 = 1 << 20;

/// A file in the archive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// Its path, with `/` between folders.
    pub name: String,
    /// Its size unpacked, bytes.
    pub size: u64,
    /// The CRC-32 of its content.
    pub crc32: u32,
}

/// What an archive is.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Inspection {
    /// How many entries it has, folders among them.
    pub entries: u64,
    /// Its files.
    pub members: Vec<Member>,
    /// How large it is unpacked, bytes.
    pub expanded: u64,
    /// What is wrong with it; nothing may be staged or published with any.
    pub problems: Vec<Problem>,
}

/// Reads the archive through, as an update of `update_type` where that is known.
///
/// # Errors
/// When it cannot be read. What is wrong with it is no error but its [`problems`](Inspection::problems).
pub fn inspect(zip: &mut (impl Read + Seek), update_type: Option<UpdateType>, ceilings: &Ceilings) -> Result<Inspection> {
    let failed = |cause| Error::new(Kind::Storage, "read_failed", "the archive cannot be read").caused_by(cause);
    let length = zip.seek(SeekFrom::End(0)).map_err(failed)?;
    let mut found = Inspection::default();
    if length > ceilings.bytes {
        let text = format!("it has {length} bytes; {} are allowed", ceilings.bytes);
        found.problems.push(Problem::whole("too_large", &text));
        return Ok(found);
    }
    let all = entries(zip, length, ceilings, &mut found.problems)?;
    found.entries = all.len() as u64;
    found.expanded = all.iter().fold(0, |sum, entry| sum.saturating_add(entry.size));
    let laid_out = found.problems.is_empty();
    if laid_out && !all.iter().any(|entry| !entry.is_folder()) {
        found.problems.push(Problem::whole("empty_archive", "it holds no file"));
    }
    let mut taken = Taken::default();
    let mut more = 0;
    for entry in &all {
        let mut told = faults(&entry.name);
        told.extend(taken.take(&entry.name));
        told.extend(entry.faults());
        if update_type == Some(UpdateType::CodeOnly) && !is_code(&entry.name) {
            told.push(("not_in_code_only", "a code-only update may only hold agent_v1/, lea_ui/, run_agent_v1.py and config.py"));
        }
        if is_bomb(entry, ceilings) {
            told.push(("ratio_too_high", "it is packed more densely than any honest file"));
        }
        let room = MAX_PROBLEMS.saturating_sub(found.problems.len());
        more += told.len().saturating_sub(room);
        found.problems.extend(told.into_iter().take(room).map(|(code, sentence)| Problem::of(&entry.name, code, sentence)));
    }
    if found.expanded > ceilings.expanded {
        let text = format!("it unpacks to {} bytes; {} are allowed", found.expanded, ceilings.expanded);
        found.problems.push(Problem::whole("expands_too_far", &text));
    } else if laid_out {
        for entry in all.iter().filter(|entry| matches!(entry.method, 0 | 8) && !entry.is_encrypted() && !is_bomb(entry, ceilings)) {
            if let Some((code, sentence)) = fault(zip, entry)? {
                if found.problems.len() < MAX_PROBLEMS {
                    found.problems.push(Problem::of(&entry.name, code, sentence));
                } else {
                    more += 1;
                }
            }
        }
    }
    if more > 0 {
        found.problems.push(Problem::whole("more_problems", &format!("there are {more} more problems")));
    }
    let files = all.into_iter().filter(|entry| !entry.is_folder());
    found.members = files.map(|entry| Member { name: entry.name, size: entry.size, crc32: entry.crc32 }).collect();
    Ok(found)
}

fn is_bomb(entry: &Entry, ceilings: &Ceilings) -> bool {
    entry.size > SMALL && entry.size / ceilings.ratio.max(1) > entry.packed
}
