//! Whether a ZIP is what it should be: its hash, its signature, and what is in it.

use std::io::{Read, Seek, SeekFrom};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::archive::{Ceilings, Inspection, Member, Problem, inspect};
use super::release::UpdateType;
use super::signature::{Claim, Distrust, TrustedKeys, is_sha256};
use super::version::Version;
use crate::error::{Error, Kind, Result};

/// Read at a time, bytes.
const PIECE: usize = 256 << 10;

/// What a ZIP should be, as far as it is known.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Expected {
    /// Its SHA-256, 64 hexadecimal digits in lower case.
    pub sha256: Option<String>,
    /// Its size, bytes.
    pub size: Option<u64>,
    /// Its version.
    pub version: Option<Version>,
    /// What it replaces.
    pub update_type: Option<UpdateType>,
    /// The text of its signature.
    pub signature: Option<String>,
}

/// The names that a manifest's fields have: a release's, a plan's and a server's answer's.
#[derive(Deserialize)]
struct Fields {
    #[serde(alias = "target_version", alias = "latest_version")]
    version: Option<String>,
    #[serde(rename = "update_type", alias = "type")]
    update_type: Option<String>,
    sha256: Option<String>,
    size: Option<u64>,
    signature: Option<String>,
}

impl Expected {
    /// Reads a manifest: a JSON object with `version`, `update_type`, `sha256`, `size` and `signature`. A plan and a server's answer are
    /// manifests too.
    ///
    /// # Errors
    /// [`Kind::Input`] naming the field; also when it names no hash, which is what a manifest is for.
    pub fn read(text: &[u8]) -> Result<Self> {
        let wrong = |why: String| Error::new(Kind::Input, "invalid_manifest", format!("the manifest cannot be used: {why}"));
        let mut value: serde_json::Value = serde_json::from_slice(text).map_err(|cause| wrong(cause.to_string()))?;
        // As `lea update check --json` prints a plan.
        if let Some(plan) = value.as_object_mut().and_then(|object| object.remove("update")) {
            value = plan;
        }
        if !value.is_object() {
            return Err(wrong("it is no object".to_owned()));
        }
        let fields: Fields = serde_path_to_error::deserialize(value).map_err(|cause| wrong(cause.to_string()))?;
        let sha256 = fields.sha256.as_deref().map(sha256_of).transpose()?;
        if sha256.is_none() {
            return Err(wrong("sha256 is missing".to_owned()));
        }
        Ok(Self {
            sha256,
            size: fields.size,
            version: fields.version.map(|text| text.parse()).transpose()?,
            update_type: fields.update_type.map(|text| text.parse()).transpose()?,
            signature: fields.signature,
        })
    }
}

/// A SHA-256 as somebody wrote it.
///
/// # Errors
/// [`Kind::Integrity`] when it is none.
pub fn sha256_of(text: &str) -> Result<String> {
    let text = text.trim().to_ascii_lowercase();
    if is_sha256(&text) {
        return Ok(text);
    }
    Err(Error::new(Kind::Integrity, "hash_invalid", "the hash is no SHA-256")
        .hint("it has 64 hexadecimal digits, as sha256sum prints them"))
}

/// What is known of a signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Trust {
    /// It is that of a trusted key, and for this very release.
    Valid,
    /// There is none.
    Absent,
    /// There is one, and no key to check it with.
    Unchecked,
    /// It does not hold.
    Invalid,
}

/// What was found out about a ZIP.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Report {
    /// Whether nothing is wrong.
    pub ok: bool,
    /// Its SHA-256.
    pub sha256: String,
    /// Its size, bytes.
    pub size: u64,
    /// How many entries it has.
    pub entries: u64,
    /// What is known of its signature.
    pub signature: Trust,
    /// What is wrong.
    pub problems: Vec<Problem>,
    /// Its files.
    #[serde(skip)]
    pub members: Vec<Member>,
    /// What its signature says, where it holds.
    #[serde(skip)]
    pub claim: Option<Claim>,
}

/// Looks at everything that is known of `zip`. `hashed` is its hash where somebody has made it while it came in.
///
/// # Errors
/// When it cannot be read. What is wrong with it is no error but in the report.
pub fn verify(
    zip: &mut (impl Read + Seek),
    hashed: Option<&str>,
    expected: &Expected,
    keys: &TrustedKeys,
    ceilings: &Ceilings,
) -> Result<Report> {
    let failed = |cause| Error::new(Kind::Storage, "read_failed", "the ZIP cannot be read").caused_by(cause);
    let size = zip.seek(SeekFrom::End(0)).map_err(failed)?;
    zip.seek(SeekFrom::Start(0)).map_err(failed)?;
    let sha256 = match hashed {
        Some(hashed) => hashed.to_owned(),
        None => hash(zip)?,
    };
    let mut problems = Vec::new();
    if expected.sha256.as_ref().is_some_and(|wanted| *wanted != sha256) {
        problems.push(Problem::whole("hash_mismatch", "its SHA-256 is not the one that it should have"));
    }
    if let Some(wanted) = expected.size.filter(|wanted| *wanted != size) {
        problems.push(Problem::whole("size_differs", &format!("it has {size} bytes and should have {wanted}")));
    }
    let mut claim = None;
    let signature = match &expected.signature {
        None if keys.is_empty() => Trust::Absent,
        None => {
            problems.push(Problem::whole("signature_missing", "it is not signed, and a key is trusted here"));
            Trust::Absent
        }
        Some(text) if keys.is_empty() => {
            // Nobody can check it here; but one that speaks of something else is a mistake already.
            if TrustedKeys::claimed(text).is_none_or(|claim| !speaks_of(&claim, &sha256, size, expected)) {
                problems.push(Problem::whole("signature_invalid", Distrust::OtherRelease.sentence()));
            }
            Trust::Unchecked
        }
        Some(text) => {
            zip.seek(SeekFrom::Start(0)).map_err(failed)?;
            let signed = keys.verify(text, zip)?;
            let of_this = |claim: &Claim| speaks_of(claim, &sha256, size, expected);
            let matching = signed.and_then(|signed| Claim::read(&signed.comment).filter(of_this).ok_or(Distrust::OtherRelease));
            match matching {
                Ok(found) => {
                    claim = Some(found);
                    Trust::Valid
                }
                Err(distrust) => {
                    problems.push(Problem::whole("signature_invalid", distrust.sentence()));
                    Trust::Invalid
                }
            }
        }
    };
    let update_type = expected.update_type.or(claim.as_ref().map(|claim| claim.update_type));
    // What somebody else made is not looked into: its reader is what it may be aimed at.
    let mut inspection = if problems.is_empty() { inspect(zip, update_type, ceilings)? } else { Inspection::default() };
    problems.append(&mut inspection.problems);
    let ok = problems.is_empty();
    Ok(Report { ok, sha256, size, entries: inspection.entries, signature, problems, members: inspection.members, claim })
}

/// Whether a claim is of this ZIP and of the release that is expected.
fn speaks_of(claim: &Claim, sha256: &str, size: u64, expected: &Expected) -> bool {
    claim.sha256 == sha256
        && claim.size == size
        && expected.version.as_ref().is_none_or(|version| *version == claim.version)
        && expected.update_type.is_none_or(|update_type| update_type == claim.update_type)
}

/// The SHA-256 of what follows, in hexadecimal digits.
///
/// # Errors
/// When it cannot be read.
pub fn hash(from: &mut impl Read) -> Result<String> {
    let failed = |cause| Error::new(Kind::Storage, "read_failed", "the ZIP cannot be read").caused_by(cause);
    let mut hasher = Sha256::new();
    let mut piece = vec![0; PIECE];
    loop {
        match from.read(&mut piece).map_err(failed)? {
            0 => return Ok(hex(&hasher.finalize())),
            count => hasher.update(&piece[..count]),
        }
    }
}

/// `bytes` in hexadecimal digits, lower case.
pub(super) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::with_capacity(2 * bytes.len()), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}
