//! Proving that the audit is whole, and reading it.

use std::io::{BufRead, Read};

use serde::Serialize;

use super::chain::{Head, Line, Misfit};
use super::node::Node;
use super::ports::{Ledger, Library};
use super::walk::{Raw, next_line, parsed, reason};
use crate::clock::Time;
use crate::error::{Error, Kind, Result};

/// What a look at the whole audit gave.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Verdict {
    /// Whether it is whole.
    pub ok: bool,
    /// Lines that say something.
    pub entries: u64,
    /// Lines that carry the chain.
    pub chained: u64,
    /// The first line that is not as it was written.
    pub first_bad: Option<BadLine>,
    /// Lines at the end that the source's module added and that no line of ours ties in yet.
    pub unchained_tail: u64,
}

/// A line that is not as it was written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BadLine {
    /// Its number, from 1, among all lines of the file.
    pub line: u64,
    /// What is wrong with it.
    pub reason: String,
}

/// Reads the whole audit and compares it with what the database knows: the head, and the line that was about to be added.
///
/// # Errors
/// When it cannot be read.
pub fn verify(reader: &mut dyn BufRead, known: Option<&Head>, pending: Option<&str>) -> Result<Verdict> {
    let mut verdict = Verdict { ok: true, entries: 0, chained: 0, first_bad: None, unchained_tail: 0 };
    let bad = |line: u64, why: &str| Some(BadLine { line, reason: why.to_owned() });
    let (mut head, mut raw) = (Head::default(), Raw { bytes: Vec::new(), whole: true });
    while next_line(reader, &mut raw)? {
        let number = head.lines + 1;
        if !raw.whole {
            verdict.first_bad = verdict.first_bad.or(bad(number, "is torn: it has no end"));
            break;
        }
        verdict.entries += u64::from(!raw.bytes.trim_ascii().is_empty());
        let line = Line::read(&raw.bytes);
        let loose = line == Line::Other;
        if verdict.first_bad.is_none() {
            if let Err(misfit) = head.fits(line) {
                // Lines without a hash that stand before it are the ones it does not know.
                let loose_before = if misfit == Misfit::Elsewhere { verdict.unchained_tail } else { 0 };
                verdict.first_bad = match loose_before {
                    0 => bad(number, reason(misfit)),
                    count => bad(
                        number - count,
                        &format!("is not what line {number} follows: from here to there a line was put in, changed or taken out"),
                    ),
                };
            } else if let Some(known) = known.filter(|known| head.lines >= known.lines && !loose)
                && pending.is_none_or(|pending| pending.trim_end().as_bytes() != raw.bytes)
            {
                verdict.first_bad = bad(number, &format!("is not known to the database, which knows of {} lines", known.lines));
            }
        }
        head = head.after(&raw.bytes, if loose { number_of(&raw.bytes) } else { None });
        verdict.chained += u64::from(!loose);
        verdict.unchained_tail = if loose { verdict.unchained_tail + 1 } else { 0 };
        if known.is_some_and(|known| known.lines == head.lines && known.hash != head.hash) {
            verdict.first_bad = verdict.first_bad.or(bad(number, "is not the line that the database knows as the last one"));
        }
    }
    if let Some(known) = known.filter(|known| known.lines > head.lines) {
        let why = format!("is missing: the file ends before it, and the database knows of {} lines", known.lines);
        verdict.first_bad = verdict.first_bad.or(bad(head.lines + 1, &why));
    }
    verdict.ok = verdict.first_bad.is_none();
    Ok(verdict)
}

fn number_of(line: &[u8]) -> Option<u64> {
    parsed(line)?.get("audit_entry_id")?.int().and_then(|number| u64::try_from(number).ok()).filter(|number| *number < 1 << 53)
}

/// Which entries are asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// Not before this time.
    pub since: Option<Time>,
    /// Of this slug.
    pub slug: Option<String>,
    /// Of this machine, in any case.
    pub machine: Option<String>,
    /// After the entry of this number.
    pub after: Option<u64>,
    /// At most so many.
    pub limit: Option<usize>,
}

impl Filter {
    fn lets(&self, entry: &Node) -> bool {
        let at = || entry.text_of("timestamp").and_then(|text| text.parse::<Time>().ok());
        let machine = |wanted: &String| entry.text_of("machine_id").is_some_and(|machine| machine.eq_ignore_ascii_case(wanted));
        let number = || entry.get("audit_entry_id").and_then(Node::int);
        self.since.is_none_or(|since| at().is_some_and(|at| at >= since))
            && self.slug.as_ref().is_none_or(|slug| entry.text_of("slug") == Some(slug))
            && self.machine.as_ref().is_none_or(machine)
            && self.after.is_none_or(|after| number().is_some_and(|number| number > i128::from(after)))
    }
}

/// Entries of the audit, oldest first; each that carries no chain is marked `"unchained": true`. What is no entry is passed over.
///
/// # Errors
/// When it cannot be read.
pub fn entries(reader: &mut dyn BufRead, filter: &Filter, take: &mut dyn FnMut(Node) -> Result<()>) -> Result<()> {
    let (mut raw, mut given) = (Raw { bytes: Vec::new(), whole: true }, 0);
    while next_line(reader, &mut raw)? && filter.limit.is_none_or(|limit| given < limit) {
        let Some(entry) = parsed(&raw.bytes).filter(|_| raw.whole).filter(|entry| filter.lets(entry)) else { continue };
        given += 1;
        take(marked(entry, &raw.bytes))?;
    }
    Ok(())
}

/// The first entry with this `persist_id`, or with this number if no such id is there.
///
/// # Errors
/// When the audit cannot be read.
pub fn find_entry(reader: &mut dyn BufRead, wanted: &str) -> Result<Option<Node>> {
    let mut raw = Raw { bytes: Vec::new(), whole: true };
    let (number, mut numbered) = (wanted.parse::<i128>().ok(), None);
    while next_line(reader, &mut raw)? {
        let Some(entry) = parsed(&raw.bytes).filter(|_| raw.whole) else { continue };
        if !wanted.is_empty() && entry.text_of("persist_id") == Some(wanted) {
            return Ok(Some(marked(entry, &raw.bytes)));
        }
        if number.is_some() && numbered.is_none() && entry.get("audit_entry_id").and_then(Node::int) == number {
            numbered = Some(marked(entry, &raw.bytes));
        }
    }
    Ok(numbered)
}

/// The entry that begins where `reader` stands.
///
/// # Errors
/// When it cannot be read.
pub fn entry_here(reader: &mut dyn BufRead) -> Result<Option<Node>> {
    let mut raw = Raw { bytes: Vec::new(), whole: true };
    next_line(reader, &mut raw)?;
    Ok(parsed(&raw.bytes).map(|entry| marked(entry, &raw.bytes)))
}

fn marked(entry: Node, line: &[u8]) -> Node {
    match (entry, Line::read(line)) {
        (Node::Map(mut fields), Line::Other) => {
            fields.push(("unchained".to_owned(), Node::Bool(true)));
            Node::Map(fields)
        }
        (entry, _) => entry,
    }
}

/// Looks at the whole audit as it is now, while nobody adds to it; and whether the database knows where it ends.
///
/// # Errors
/// When it cannot be read.
pub fn prove(library: &dyn Library, ledger: Option<&dyn Ledger>) -> Result<(Verdict, bool)> {
    // Where nothing was ever written, looking makes nothing either.
    if library.audit_length()? == 0 && ledger.map(Ledger::head).transpose()?.flatten().is_none() {
        return Ok((verify(&mut std::io::empty(), None, None)?, false));
    }
    // What is read after is what was there then: the audit only grows.
    let held = library.hold()?;
    let length = library.audit_length()?;
    let (known, pending) = match ledger {
        Some(ledger) => (ledger.head()?, ledger.pending()?),
        None => (None, None),
    };
    let mut reader = library.audit(0)?.take(length);
    drop(held);
    let verdict = verify(&mut reader, known.as_ref(), pending.as_ref().map(|intent| intent.line.as_str()))?;
    Ok((verdict, known.is_some()))
}

/// The first entry with this `persist_id`, or with this number if there is no such id: where the database knows it, without reading on.
///
/// # Errors
/// `unknown_entry` when there is none.
pub fn look_up(library: &dyn Library, ledger: Option<&dyn Ledger>, wanted: &str) -> Result<Node> {
    let mut from = 0;
    if let Some(ledger) = ledger {
        if let Some(known) = ledger.find(wanted)?
            && let Some(entry) = entry_here(&mut *library.audit(known.offset)?)?.filter(|entry| entry.text_of("persist_id") == Some(wanted))
        {
            return Ok(entry);
        }
        // A number may stand anywhere, an unknown id only in what was added since.
        let is_number = wanted.parse::<u64>().is_ok();
        from = ledger.head()?.filter(|_| !is_number).map_or(0, |head| head.bytes);
    }
    find_entry(&mut *library.audit(from)?, wanted)?
        .ok_or_else(|| Error::new(Kind::NotFound, "unknown_entry", "there is no entry of that id in the audit"))
}
