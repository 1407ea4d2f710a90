//! The chain of the audit: what a line looks like, and what ties it to the lines before it.
//!
//! A line of ours ends with its number, `prev`, and `hash`. `hash` is the SHA-256 of the line up to it, `prev` included; `prev` is the
//! [`Head::hash`] of everything before. A line without these, as the source's module writes them, is tied in by the next one that has them:
//! the head goes from `h` to SHA-256(`h` ‖ line). So whatever is changed, left out, put in or moved before a line of ours shows at it.

use std::fmt::Write;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::node::Node;

/// The longest line, bytes.
pub(super) const MAX_LINE: usize = 1 << 20;

/// What stands between a line and its hash.
const BEFORE_HASH: &str = ", \"hash\": \"";

/// What stands between the number and the hash before.
const BEFORE_PREV: &str = ", \"prev\": \"";

/// What stands before the number.
const BEFORE_NUMBER: &str = "\"audit_entry_id\": ";

/// A hash as hexadecimal digits.
const HEX: usize = 64;

/// The hash of what ties a line.
pub(super) type Hash = [u8; 32];

/// Where the audit ends, as far as it is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Head {
    /// Lines so far, of any sort.
    pub lines: u64,
    /// Bytes so far.
    pub bytes: u64,
    /// The number of the last entry, 0 before the first.
    pub entry: u64,
    /// Lines that carry the chain.
    pub chained: u64,
    /// The hash over all of them.
    pub hash: Hash,
    /// Whether the last line is one of ours, and so ends with that hash.
    pub sealed: bool,
}

/// A line, as it is read back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Line<'a> {
    /// One of ours.
    Chained {
        /// Its number.
        entry: u64,
        /// What it says of the lines before it.
        prev: Hash,
        /// What it says of itself.
        hash: Hash,
        /// What the hash is made of.
        body: &'a [u8],
    },
    /// Anything else.
    Other,
}

impl<'a> Line<'a> {
    /// Reads a line without its end.
    pub fn read(line: &'a [u8]) -> Self {
        Self::chained(line).unwrap_or(Self::Other)
    }

    fn chained(line: &'a [u8]) -> Option<Self> {
        let rest = line.strip_suffix(b"\"}")?;
        let (body, hash) = rest.split_at(rest.len().checked_sub(HEX)?);
        let body = body.strip_suffix(BEFORE_HASH.as_bytes())?;
        let (rest, prev) = body.strip_suffix(b"\"")?.split_at(body.len().checked_sub(HEX + 1)?);
        let rest = rest.strip_suffix(BEFORE_PREV.as_bytes())?;
        let digits = rest.iter().rev().take(20).take_while(|byte| byte.is_ascii_digit()).count();
        let (rest, number) = rest.split_at(rest.len() - digits);
        if !rest.ends_with(BEFORE_NUMBER.as_bytes()) {
            return None;
        }
        let entry = std::str::from_utf8(number).ok()?.parse().ok()?;
        Some(Self::Chained { entry, prev: unhex(prev)?, hash: unhex(hash)?, body })
    }
}

/// Why a line does not fit where it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Misfit {
    /// Its own hash is not that of what it says.
    Changed,
    /// It follows another line than the one before it.
    Elsewhere,
    /// Its number doesn't follow the one before.
    Number,
    /// It fits, and the database knows nothing of it: each line of ours is known there before it is written.
    Stranger,
}

impl Head {
    /// Whether `line`, a line of ours, follows here.
    ///
    /// # Errors
    /// Why not.
    pub fn fits(&self, line: Line<'_>) -> Result<(), Misfit> {
        let Line::Chained { entry, prev, hash, body } = line else { return Ok(()) };
        if sha(&[body]) != hash {
            return Err(Misfit::Changed);
        }
        if prev != self.hash {
            return Err(Misfit::Elsewhere);
        }
        if entry != self.next_entry() {
            return Err(Misfit::Number);
        }
        Ok(())
    }

    /// The head after `raw`, a line without its end; `number` is what a line that is not ours says is its own.
    #[must_use]
    pub fn after(&self, raw: &[u8], number: Option<u64>) -> Self {
        let (hash, entry, sealed) = match Line::read(raw) {
            Line::Chained { entry, hash, .. } => (hash, entry, true),
            Line::Other => (sha(&[&self.hash, raw]), number.unwrap_or(0).max(self.entry).max(self.lines + 1), false),
        };
        Self {
            lines: self.lines + 1,
            bytes: self.bytes + raw.len() as u64 + 1,
            entry,
            chained: self.chained + u64::from(sealed),
            hash,
            sealed,
        }
    }

    /// The number of the next entry.
    pub fn next_entry(&self) -> u64 {
        self.entry.max(self.lines) + 1
    }

    /// The line, with its end, that says `fields` and follows here.
    pub fn seal(&self, fields: &Node) -> String {
        let mut line = spaced(fields);
        line.pop();
        let parted = if fields.entries().is_empty() { "" } else { ", " };
        let _ = write!(line, "{parted}{BEFORE_NUMBER}{}{BEFORE_PREV}{}\"", self.next_entry(), hex(&self.hash));
        let hash = sha(&[line.as_bytes()]);
        let _ = writeln!(line, "{BEFORE_HASH}{}\"}}", hex(&hash));
        line
    }
}

/// The hash of the parts, one after the other.
pub(super) fn sha(parts: &[&[u8]]) -> Hash {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(part);
    }
    hash.finalize().into()
}

/// Bytes as hexadecimal digits.
pub(super) fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    bytes.iter().flat_map(|byte| [DIGITS[usize::from(byte >> 4)], DIGITS[usize::from(byte & 15)]]).map(char::from).collect()
}

fn unhex(digits: &[u8]) -> Option<Hash> {
    let value = |digit: u8| match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        _ => None,
    };
    let mut bytes = [0; 32];
    for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
        *byte = value(pair[0])? << 4 | value(pair[1])?;
    }
    (digits.len() == HEX).then_some(bytes)
}

/// `node` as JSON with a space after each comma and colon, as Python writes it.
fn spaced(node: &Node) -> String {
    let mut bytes = Vec::with_capacity(512);
    let mut writer = serde_json::Serializer::with_formatter(&mut bytes, Spaced);
    // A tree of plain values is always JSON.
    let _ = node.serialize(&mut writer);
    String::from_utf8(bytes).unwrap_or_default()
}

struct Spaced;

impl serde_json::ser::Formatter for Spaced {
    fn begin_array_value<W: ?Sized + std::io::Write>(&mut self, writer: &mut W, first: bool) -> std::io::Result<()> {
        if first { Ok(()) } else { writer.write_all(b", ") }
    }

    fn begin_object_key<W: ?Sized + std::io::Write>(&mut self, writer: &mut W, first: bool) -> std::io::Result<()> {
        if first { Ok(()) } else { writer.write_all(b", ") }
    }

    fn begin_object_value<W: ?Sized + std::io::Write>(&mut self, writer: &mut W) -> std::io::Result<()> {
        writer.write_all(b": ")
    }
}

#[cfg(test)]
mod tests {
    use super::super::node::map;
    use super::*;

    fn entry(slug: &str) -> Node {
        map([("persist_id", Node::from("p")), ("slug", Node::from(slug))])
    }

    #[test]
    fn a_line_is_read_back_and_fits_where_it_was_made() {
        let start = Head::default().after(br#"{"persist_id": "old"}"#, None);
        let line = start.seal(&entry("é"));
        assert!(
            line.starts_with(r#"{"persist_id": "p", "slug": "é", "audit_entry_id": 2, "prev": ""#) && line.ends_with("\"}\n"),
            "{line}"
        );
        let raw = line.trim_end().as_bytes();
        assert_eq!(start.fits(Line::read(raw)), Ok(()));
        assert_eq!(Head::default().fits(Line::read(raw)), Err(Misfit::Elsewhere));
        let changed = line.replace('é', "e");
        assert_eq!(start.fits(Line::read(changed.trim_end().as_bytes())), Err(Misfit::Changed));
        let after = start.after(raw, None);
        assert_eq!((after.lines, after.entry, after.chained, after.sealed), (2, 2, 1, true));
        assert_eq!(after.bytes, 22 + line.len() as u64);
        let value: serde_json::Value = serde_json::from_str(&line).unwrap();
        assert_eq!(value["audit_entry_id"], 2);
    }

    #[test]
    fn anything_else_is_no_line_of_ours() {
        for text in ["", "{}", "\"}", r#"{"audit_entry_id": 1, "prev": "00", "hash": "00"}"#, &"x".repeat(400)] {
            assert_eq!(Line::read(text.as_bytes()), Line::Other);
        }
        let bare = Head::default().seal(&Node::Map(vec![]));
        assert!(matches!(Line::read(bare.trim_end().as_bytes()), Line::Chained { entry: 1, .. }), "{bare}");
    }
}
