//! `lea update keygen` and `lea update sign`.

use std::fs::File;
use std::io::{Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::ValueHint;
use lea::error::{Error, Kind, Result};
use lea::files::{Access, is_private, read_capped, write_whole};
use lea::update::{Claim, Expected, MAX_SIGNATURE_BYTES, Signer, TrustedKeys, UpdateType, Version, generate};
use secrecy::{ExposeSecret, SecretString};

use super::verify::{beside, look, problems};
use crate::context::Context;

#[derive(Debug, clap::Args)]
#[command(after_help = "minisign reads and uses both files. Trust the public one on every machine and on the server: update.public_keys.")]
pub(super) struct Keygen {
    /// Name of the files: NAME.key is the secret one, NAME.pub the public one
    #[arg(short, long, value_name = "NAME", default_value = "lea-update")]
    output: PathBuf,
    /// Encrypt the secret key with the password that this file holds
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    password_file: Option<PathBuf>,
}

#[derive(Debug, clap::Args)]
#[command(after_help = "The ZIP is checked first: what would be refused is not signed. The signature binds version, type, size and hash.")]
pub(super) struct Sign {
    /// The ZIP
    #[arg(value_hint = ValueHint::FilePath)]
    zip: PathBuf,
    /// Its version
    #[arg(long, value_name = "VERSION")]
    version: Version,
    /// What it replaces: code-only or full
    #[arg(long = "type", value_name = "TYPE")]
    update_type: UpdateType,
    /// Secret key, as `lea update keygen` or minisign wrote it
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    secret_key: PathBuf,
    /// File with the password of the secret key
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    password_file: Option<PathBuf>,
    /// Where to write the signature [default: ZIP.minisig]
    #[arg(short, long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    output: Option<PathBuf>,
}

fn secret_of(path: &Path) -> Result<SecretString> {
    let bytes = read_capped(path, MAX_SIGNATURE_BYTES as u64)?;
    let text = String::from_utf8(bytes)
        .map_err(|_| Error::new(Kind::Input, "invalid_secret_key", format!("{}: it is no text", path.display())))?;
    Ok(SecretString::from(text))
}

fn password_of(path: Option<&Path>) -> Result<Option<SecretString>> {
    let Some(path) = path else { return Ok(None) };
    let text = secret_of(path)?;
    let line = text.expose_secret().trim_end_matches(['\r', '\n']);
    if line.is_empty() {
        return Err(Error::new(Kind::Input, "invalid_password_file", format!("{}: it holds no password", path.display())));
    }
    Ok(Some(SecretString::from(line)))
}

pub(super) fn keygen(args: &Keygen, context: &Context) -> Result<()> {
    let with = |end: &str| {
        let mut name = args.output.as_os_str().to_owned();
        name.push(end);
        PathBuf::from(name)
    };
    let (secret, public) = (with(".key"), with(".pub"));
    for path in [&secret, &public] {
        if path.symlink_metadata().is_ok() {
            return Err(Error::new(Kind::Conflict, "file_exists", format!("{} is there already", path.display()))
                .hint("choose another name with -o; a key that was used is not replaced"));
        }
    }
    let keys = generate(password_of(args.password_file.as_deref())?.as_ref())?;
    write_whole(&secret, keys.secret.expose_secret().as_bytes(), Access::Owner)?;
    write_whole(&public, keys.public.as_bytes(), Access::Everyone)?;
    if context.output.is_json() {
        let found = serde_json::json!({ "secret_key": secret, "public_key": public, "key": keys.public_base64, "key_id": keys.key_id });
        return context.output.json(&found);
    }
    context.output.note(&format!("secret key in {}, for its owner alone; public key in {}:", secret.display(), public.display()));
    if args.password_file.is_none() {
        context.output.warn("the secret key has no password; keep it where only who signs can read it");
    }
    context.output.line(&keys.public_base64)
}

pub(super) fn sign(args: &Sign, context: &Context) -> Result<ExitCode> {
    let text = secret_of(&args.secret_key)?;
    if !is_private(&args.secret_key).unwrap_or(true) {
        context.output.warn(&format!("others can read {}", args.secret_key.display()));
    }
    let signer = Signer::read(&text, password_of(args.password_file.as_deref())?.as_ref())?;
    let expected = Expected { update_type: Some(args.update_type), ..Expected::default() };
    let report = look(&args.zip, &expected, &TrustedKeys::default(), context)?;
    if !report.ok {
        problems(&report.problems, context)?;
        let text = format!("{} would be refused, and is not signed", args.zip.display());
        return Err(Error::new(Kind::Integrity, "release_refused", text).detail("problems", serde_json::json!(report.problems)));
    }
    let claim = Claim { version: args.version.clone(), update_type: args.update_type, size: report.size, sha256: report.sha256 };
    let mut zip = File::open(&args.zip)
        .and_then(|mut file| file.seek(SeekFrom::Start(0)).map(|_| file))
        .map_err(|cause| Error::io("read", &args.zip, cause))?;
    let signature = signer.sign(&mut zip, &claim.to_string())?;
    let path = args.output.clone().unwrap_or_else(|| beside(&args.zip));
    write_whole(&path, signature.as_bytes(), Access::Everyone)?;
    if context.output.is_json() {
        let found =
            serde_json::json!({ "signature": path, "sha256": claim.sha256, "size": claim.size, "public_key": signer.public_key()? });
        context.output.json(&found)?;
    } else {
        context.output.line(&format!("{} is the signature of {} {}", path.display(), args.update_type, args.version))?;
    }
    Ok(ExitCode::SUCCESS)
}
