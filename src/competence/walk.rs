//! Walking along the audit, line by line.

use std::io::BufRead;

use super::chain::{Head, Line, MAX_LINE, Misfit};
use super::node::Node;
use super::ports::Persist;
use super::state::{State, path_of};
use crate::error::{Error, Kind, Result};

/// A line as it stands in the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Raw {
    /// Its bytes without the end.
    pub bytes: Vec<u8>,
    /// Whether it has an end.
    pub whole: bool,
}

/// Reads the next line; none at the end.
///
/// # Errors
/// When it cannot be read, or is longer than a line may be.
pub(super) fn next_line(reader: &mut dyn BufRead, raw: &mut Raw) -> Result<bool> {
    raw.bytes.clear();
    let mut limited = std::io::Read::take(&mut *reader, MAX_LINE as u64 + 1);
    let read = limited.read_until(b'\n', &mut raw.bytes);
    let read = read.map_err(|cause| Error::new(Kind::Storage, "audit_unreadable", "the audit could not be read").caused_by(cause))?;
    raw.whole = raw.bytes.last() == Some(&b'\n');
    if raw.whole {
        raw.bytes.pop();
    } else if read > MAX_LINE {
        return Err(Error::new(Kind::Integrity, "audit_line_too_long", format!("a line of the audit is longer than {MAX_LINE} bytes"))
            .hint("look at the file with an editor, and restore it from a backup"));
    }
    Ok(read > 0)
}

/// What stands in the audit beyond what is known of it.
#[derive(Debug, Default)]
pub(super) struct Beyond {
    /// Where its last readable line ends.
    pub head: Head,
    /// Entries with an id.
    pub persisted: Vec<Persist>,
    /// Whether something follows that is torn or no text.
    pub torn: bool,
}

/// Reads on from `head`; lines of ours only where `ours` may be there that the database does not know.
///
/// # Errors
/// `audit_broken` where a line of ours does not follow the one before it, or may not be there.
pub(super) fn beyond(reader: &mut dyn BufRead, head: Head, ours: bool) -> Result<Beyond> {
    let mut seen = Beyond { head, ..Beyond::default() };
    let mut kept = seen.persisted.len();
    let (mut head, mut raw, mut torn) = (head, Raw { bytes: Vec::new(), whole: true }, false);
    while next_line(reader, &mut raw)? {
        if !raw.whole {
            torn = true;
            break;
        }
        let line = Line::read(&raw.bytes);
        head.fits(line).map_err(|misfit| broken(head.lines + 1, misfit))?;
        if !ours && matches!(line, Line::Chained { .. }) {
            return Err(broken(head.lines + 1, Misfit::Stranger)
                .hint("where the database was restored from an older backup, `lea competence audit adopt` takes the lines in"));
        }
        let entry = parsed(&raw.bytes);
        let offset = head.bytes;
        head = head.after(&raw.bytes, entry.as_ref().and_then(number_of));
        if let Some(entry) = &entry {
            seen.persisted.extend(persist_of(entry, &head, offset));
        }
        if std::str::from_utf8(&raw.bytes).is_ok() {
            seen.head = head;
            kept = seen.persisted.len();
        }
    }
    // What no text follows is set aside with the rest.
    seen.persisted.truncate(kept);
    seen.torn = torn || head != seen.head;
    Ok(seen)
}

/// That the audit is not what was written.
pub(super) fn broken(line: u64, misfit: Misfit) -> Error {
    Error::new(Kind::Integrity, "audit_broken", format!("line {line} of the audit {}", reason(misfit)))
        .detail("line", line)
        .hint("nothing is added to it until it is mended: `lea competence audit verify` says more; restore the file from a backup")
}

/// A sentence for a misfit.
pub(super) fn reason(misfit: Misfit) -> &'static str {
    match misfit {
        Misfit::Changed => "was changed: its hash is not that of what it says",
        Misfit::Elsewhere => "does not follow the line before it: lines were removed, put in, changed or moved",
        Misfit::Stranger => {
            "is one of ours by its form and unknown to the database: somebody put it in, or the database is older than the audit"
        }
        Misfit::Number => "has a number that does not follow the one before it",
    }
}

/// A line as an entry, if it is an object.
pub(super) fn parsed(line: &[u8]) -> Option<Node> {
    let entry: Node = serde_json::from_slice(line).ok()?;
    matches!(entry, Node::Map(_)).then_some(entry)
}

fn number_of(entry: &Node) -> Option<u64> {
    // A number that leaves room for those to come.
    entry.get("audit_entry_id").and_then(Node::int).and_then(|number| u64::try_from(number).ok()).filter(|number| *number < 1 << 53)
}

/// What an entry with an id says of the persist that it is about.
fn persist_of(entry: &Node, head: &Head, offset: u64) -> Option<Persist> {
    let persist_id = entry.text_of("persist_id").filter(|id| !id.is_empty())?.to_owned();
    // What another program noted of a failure is no persist.
    if entry.text_of("status").is_some_and(|status| !["ok", "success", "persisted", "created", "stored"].contains(&status)) {
        return None;
    }
    let slug = entry.text_of("slug").unwrap_or_default().to_owned();
    let path = ["path", "yaml_path"].iter().find_map(|key| entry.text_of(key)).map(str::to_owned);
    Some(Persist {
        persist_id,
        request: entry.text_of("request_sha256").and_then(|text| unhex(text.as_bytes())),
        path: path.unwrap_or_else(|| path_of(State::Candidate, &slug)),
        slug,
        entry: number_of(entry).unwrap_or(head.entry),
        offset,
    })
}

fn unhex(text: &[u8]) -> Option<[u8; 32]> {
    let text = std::str::from_utf8(text).ok().filter(|text| text.len() == 64 && text.is_ascii())?;
    let mut bytes = [0; 32];
    for (index, byte) in bytes.iter_mut().enumerate() {
        *byte = u8::from_str_radix(&text[2 * index..2 * index + 2], 16).ok()?;
    }
    Some(bytes)
}
