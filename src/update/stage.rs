//! Staging: a ZIP is fetched beside the live files, verified, and put under its final name; who applies it is a person.
//!
//! The order is what makes a crash harmless. The part file grows under another name; only when its hash, its signature and every entry
//! hold is it flushed and renamed, and only then is `staged.json` written, which says what would change. Whatever was interrupted, the
//! same call goes on from there.

use std::io::{Read, SeekFrom};

use serde::Serialize;
use sha2::{Digest, Sha256};

use super::archive::{Ceilings, Member, Problem};
use super::plan::Plan;
use super::ports::{Changes, Installed, Note, Part, Record, Source, Staging};
use super::release::UpdateType;
use super::signature::TrustedKeys;
use super::verify::{Expected, Report, Trust, hash, hex, sha256_of, verify};
use super::version::Version;
use crate::clock::Time;
use crate::error::{Error, Kind, Result};

/// Fetched at a time, bytes.
const PIECE: usize = 64 << 10;

/// Room that is left on the disk besides what is fetched, bytes.
const MARGIN: u64 = 16 << 20;

/// What to stage.
#[derive(Clone, Copy)]
pub struct Job<'a> {
    /// The plan.
    pub plan: &'a Plan,
    /// The hash that somebody named besides.
    pub sha256: Option<&'a str>,
    /// Whose signatures count; with none, none is needed.
    pub keys: &'a TrustedKeys,
    /// What the ZIP may be at most.
    pub ceilings: &'a Ceilings,
    /// The live files, if they were named.
    pub installed: Option<&'a dyn Installed>,
    /// How many staged ZIPs are kept, the new one among them.
    pub keep: usize,
    /// See [`Record`].
    pub source: &'a str,
    /// See [`Record`].
    pub staged_by: &'a str,
    /// See [`Record`].
    pub from_version: Option<&'a str>,
    /// Now.
    pub now: Time,
}

impl Job<'_> {
    /// Whether it can be staged at all, as far as that can be told before anything comes.
    ///
    /// # Errors
    /// See [`stage`].
    pub fn check(&self) -> Result<()> {
        expected(self).map(drop)
    }
}

/// What came of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Outcome {
    /// Whether it is staged and whole.
    pub ok: bool,
    /// Where; none where it isn't.
    pub staged_zip: Option<String>,
    /// The version.
    pub target_version: String,
    /// What it replaces.
    pub update_type: UpdateType,
    /// Whether its hash is the one that was asked for.
    pub sha256_verified: bool,
    /// Where fetching went on after an earlier call was cut short, bytes; 0 where it began anew.
    pub resumed_from: u64,
    /// What is wrong with it; nothing is staged with any.
    pub problems: Vec<Problem>,
    /// Whether it was staged before, so that nothing changed.
    #[serde(skip)]
    pub already: bool,
    /// What `staged.json` says then.
    #[serde(skip)]
    pub record: Option<Record>,
}

/// The name of a staged file.
pub fn staged_name(version: &Version) -> String {
    format!("lea_update_{version}.zip")
}

/// Stages what `job` says. `told` hears how much has come, of how much.
///
/// # Errors
/// [`Kind::Integrity`] where hash or signature are missing from the start; [`Kind::TooLarge`], [`Kind::DiskFull`]; those of the source
/// and of the folder. What is wrong with a ZIP that came is no error but in the outcome; it is then gone.
pub fn stage(
    job: &Job<'_>,
    staging: &mut dyn Staging,
    source: &mut dyn Source<'_>,
    told: &mut dyn FnMut(u64, Option<u64>),
) -> Result<Outcome> {
    let expected = expected(job)?;
    let version = job.plan.version()?;
    let name = staged_name(&version);
    // A file that was handed in is looked at all the same: what it is must not be vouched for unseen.
    if let Some(report) = whole(job, &expected, staging, &name)?
        && source.agrees(expected.sha256.as_deref().unwrap_or_default())?
    {
        let changes = changes(job, &report)?;
        let record = finish(job, staging, &name, &report, changes)?;
        return Ok(outcome(job, &report, Some(staging.path(&name)), 0, true, record));
    }
    let (part, hashed, resumed_from) = fetched(job, &expected, staging, &name, source, told)?;
    let mut part = part;
    let report = verify(&mut part.content()?, Some(&hashed), &expected, job.keys, job.ceilings)?;
    if !report.ok {
        part.discard()?;
        return Ok(outcome(job, &report, None, resumed_from, false, None));
    }
    // Whatever may fail comes before the final name.
    let changes = changes(job, &report)?;
    if staging.record().is_some_and(|record| record.file == name) {
        // It speaks of the file that is about to be replaced.
        staging.set_record(None)?;
    }
    part.commit()?;
    let record = finish(job, staging, &name, &report, changes)?;
    tidy(job, staging, &version)?;
    Ok(outcome(job, &report, Some(staging.path(&name)), resumed_from, false, record))
}

/// What the ZIP must be.
fn expected(job: &Job<'_>) -> Result<Expected> {
    let plan = job.plan;
    let named = job.sha256.or(plan.sha256.as_deref());
    let Some(named) = named.filter(|text| !text.trim().is_empty()) else {
        return Err(Error::new(Kind::Integrity, "hash_missing", "the plan names no SHA-256, and nothing is staged without")
            .hint("name it with --sha256 HEX, from a source that you trust"));
    };
    if !job.keys.is_empty() && plan.signature.is_none() {
        return Err(Error::new(Kind::Integrity, "signature_missing", "the plan has no signature, and a public key is trusted here")
            .hint("have the release signed: `lea update sign`"));
    }
    if let Some(size) = plan.size.filter(|size| *size > job.ceilings.bytes) {
        let text = format!("the update has {size} bytes; {} are allowed", job.ceilings.bytes);
        return Err(Error::new(Kind::TooLarge, "update_too_large", text).hint("raise update.max_bytes if that is right"));
    }
    Ok(Expected {
        sha256: Some(sha256_of(named)?),
        size: plan.size,
        version: Some(plan.version()?),
        update_type: Some(plan.update_type),
        signature: plan.signature.clone(),
    })
}

/// What is known of the ZIP under its final name, if it is the one that is wanted and whole.
fn whole(job: &Job<'_>, expected: &Expected, staging: &dyn Staging, name: &str) -> Result<Option<Report>> {
    let Some(mut staged) = staging.staged(name)? else { return Ok(None) };
    let report = verify(&mut staged, None, expected, job.keys, job.ceilings)?;
    Ok(report.ok.then_some(report))
}

/// Fetches the ZIP; gives it with its hash, and where fetching went on.
fn fetched(
    job: &Job<'_>,
    expected: &Expected,
    staging: &mut dyn Staging,
    name: &str,
    source: &mut dyn Source<'_>,
    told: &mut dyn FnMut(u64, Option<u64>),
) -> Result<(Box<dyn Part>, String, u64)> {
    let wanted = expected.sha256.clone().unwrap_or_default();
    let mut part = staging.part(name)?;
    let kept = part.note().is_some_and(|note| note.sha256 == wanted) && expected.size.is_none_or(|size| part.length() <= size);
    if !kept || part.length() == 0 {
        part.restart(&Note { sha256: wanted.clone(), etag: None })?;
    }
    let mut resumed_from = part.length();
    loop {
        if let (Some(size), Some(room)) = (expected.size, staging.room())
            && size.saturating_sub(part.length()).saturating_add(MARGIN) > room
        {
            let text = format!("{size} bytes are to be fetched, and the disk has room for {room}");
            given_up(part)?;
            return Err(Error::new(Kind::DiskFull, "disk_full", text).hint("make room, or name another folder with --staging"));
        }
        let begun = part.length();
        match fill(job, expected, &wanted, &mut *part, source, told) {
            Ok(hashed) if hashed != wanted && resumed_from > 0 => {
                // What was kept, or what came after it, belongs to another file: once more from the beginning.
                part.restart(&Note { sha256: wanted.clone(), etag: None })?;
                resumed_from = 0;
            }
            Ok(hashed) => return Ok((part, hashed, resumed_from)),
            Err(error) if may_go_away(&error) && source.again(&error, part.length() > begun) => {}
            Err(error) => {
                given_up(part)?;
                return Err(error);
            }
        }
    }
}

/// Leaves a part for the next call, if there is anything in it.
fn given_up(part: Box<dyn Part>) -> Result<()> {
    if part.length() == 0 { part.discard() } else { Ok(()) }
}

fn may_go_away(error: &Error) -> bool {
    error.details().get("retryable").and_then(serde_json::Value::as_bool).unwrap_or(false)
}

/// Fetches what is missing of the part; gives the hash of the whole.
fn fill(
    job: &Job<'_>,
    expected: &Expected,
    wanted: &str,
    part: &mut dyn Part,
    source: &mut dyn Source<'_>,
    told: &mut dyn FnMut(u64, Option<u64>),
) -> Result<String> {
    if expected.size == Some(part.length()) && part.length() > 0 {
        return hash(&mut part.content()?);
    }
    let etag = part.note().and_then(|note| note.etag.clone());
    let mut incoming = source.open(part.length(), etag.as_deref())?;
    let other = etag.is_some() && incoming.etag != etag;
    if incoming.from != 0 && (other || incoming.from != part.length()) {
        incoming = source.open(0, None)?;
    }
    // Before anything that was kept is given up for it: a page that wants a login says its size too.
    if let (Some(size), Some(total)) = (expected.size, incoming.total)
        && size != total
    {
        let text = format!("the server sends {total} bytes where the plan says {size}");
        return Err(Error::new(Kind::Integrity, "size_differs", text).hint("ask for the plan again; the release may have changed"));
    }
    if incoming.from == 0 {
        part.restart(&Note { sha256: wanted.to_owned(), etag: incoming.etag.clone() })?;
    } else if incoming.from != part.length() {
        return Err(Error::new(Kind::Integrity, "range_ignored", "the server sends another part of the file than it was asked for"));
    }
    let most = expected.size.or(incoming.total).unwrap_or(u64::MAX).min(job.ceilings.bytes);
    let mut hasher = hashed_so_far(part)?;
    let mut piece = vec![0; PIECE];
    loop {
        told(part.length(), expected.size.or(incoming.total));
        let count = incoming.body.read(&mut piece)?;
        if count == 0 {
            break;
        }
        if part.length() + count as u64 > most {
            let (kind, code) =
                if most == job.ceilings.bytes { (Kind::TooLarge, "update_too_large") } else { (Kind::Integrity, "size_differs") };
            // Nothing of it is of any use.
            part.restart(&Note { sha256: wanted.to_owned(), etag: None })?;
            return Err(Error::new(kind, code, format!("the server sends more than {most} bytes")));
        }
        part.append(&piece[..count])?;
        hasher.update(&piece[..count]);
    }
    match expected.size.or(incoming.total) {
        Some(whole) if part.length() < whole => {
            let text = format!("network: the server sent {} of {whole} bytes", part.length());
            Err(Error::new(Kind::Unreachable, "connection_lost", text).detail("retryable", true))
        }
        _ => Ok(hex(&hasher.finalize())),
    }
}

fn hashed_so_far(part: &mut dyn Part) -> Result<Sha256> {
    let failed = |cause| Error::new(Kind::Storage, "read_failed", "the part file cannot be read").caused_by(cause);
    let mut hasher = Sha256::new();
    if part.length() == 0 {
        return Ok(hasher);
    }
    let mut content = part.content()?;
    content.seek(SeekFrom::Start(0)).map_err(failed)?;
    let mut piece = vec![0; PIECE];
    loop {
        match content.read(&mut piece).map_err(failed)? {
            0 => return Ok(hasher),
            count => hasher.update(&piece[..count]),
        }
    }
}

/// Writes `staged.json`, unless it says so already.
fn finish(job: &Job<'_>, staging: &mut dyn Staging, name: &str, report: &Report, changes: Option<Changes>) -> Result<Option<Record>> {
    let record = Record {
        file: name.to_owned(),
        version: job.plan.target_version.clone(),
        update_type: job.plan.update_type,
        sha256: report.sha256.clone(),
        size: report.size,
        files: report.members.len() as u64,
        expanded: report.members.iter().map(|member| member.size).sum(),
        signed: report.signature == Trust::Valid,
        source: job.source.to_owned(),
        staged_at: job.now,
        staged_by: job.staged_by.to_owned(),
        from_version: job.from_version.map(str::to_owned),
        changes,
    };
    let known = staging.record().filter(|known| {
        (&known.file, &known.sha256, known.update_type) == (&record.file, &record.sha256, record.update_type)
            && (known.size, known.files, known.signed) == (record.size, record.files, record.signed)
            && (record.changes.is_none() || known.changes == record.changes)
    });
    if known.is_some() {
        return Ok(known);
    }
    staging.set_record(Some(&record))?;
    Ok(Some(record))
}

/// What the update would do to the live files, if they were named.
fn changes(job: &Job<'_>, report: &Report) -> Result<Option<Changes>> {
    job.installed.map(|installed| compared(installed, &report.members, job.plan.update_type)).transpose()
}

fn compared(installed: &dyn Installed, members: &[Member], update_type: UpdateType) -> Result<Changes> {
    let mut found = Changes::default();
    for member in members {
        match installed.facts(&member.name)? {
            None => found.added.push(member.name.clone()),
            Some(facts) if facts == (member.size, member.crc32) => found.unchanged += 1,
            Some(_) => found.changed.push(member.name.clone()),
        }
    }
    let held: std::collections::HashSet<&str> = members.iter().map(|member| member.name.as_str()).collect();
    let replaced = |name: &str| update_type == UpdateType::Full || super::archive::is_code(name);
    found.removed = installed.files()?.into_iter().filter(|name| !held.contains(name.as_str()) && replaced(name)).collect();
    for list in [&mut found.added, &mut found.changed, &mut found.removed] {
        list.sort();
    }
    Ok(found)
}

/// Removes staged ZIPs of older versions beyond the number that is kept, and part files of other versions.
fn tidy(job: &Job<'_>, staging: &mut dyn Staging, staged: &Version) -> Result<()> {
    let version_of = |name: &str, end: &str| name.strip_prefix("lea_update_")?.strip_suffix(end)?.parse::<Version>().ok();
    let names = staging.names()?;
    let mut zips: Vec<(Version, &String)> = names.iter().filter_map(|name| Some((version_of(name, ".zip")?, name))).collect();
    zips.retain(|(version, _)| version != staged);
    zips.sort_by(|a, b| b.0.cmp(&a.0));
    for (_, name) in zips.iter().skip(job.keep.saturating_sub(1)) {
        staging.remove(name)?;
    }
    let of_parts = names.iter().filter(|name| [".zip.part", ".zip.part.json"].iter().any(|end| version_of(name, end).is_some()));
    of_parts.into_iter().try_for_each(|name| staging.remove(name))
}

fn outcome(
    job: &Job<'_>,
    report: &Report,
    staged_zip: Option<String>,
    resumed_from: u64,
    already: bool,
    record: Option<Record>,
) -> Outcome {
    let verified = !report.problems.iter().any(|problem| problem.code == "hash_mismatch");
    Outcome {
        ok: report.ok,
        staged_zip,
        target_version: job.plan.target_version.clone(),
        update_type: job.plan.update_type,
        sha256_verified: verified,
        resumed_from,
        problems: report.problems.clone(),
        already,
        record,
    }
}
