//! The key that a server signs with, from a file that nobody else may read.

use std::path::Path;

use secrecy::SecretString;

use super::private::is_private;
use super::whole::read_capped;
use crate::error::{Error, Kind, Result};
use crate::update::{MAX_SIGNATURE_BYTES, Signer};

/// The key in the file at `path`, which must not be encrypted: a server starts without anybody to ask.
///
/// # Errors
/// [`Kind::Input`] for what is no such key, or a file that others may read.
pub fn signer(path: &Path) -> Result<Signer> {
    let bytes = read_capped(path, MAX_SIGNATURE_BYTES as u64)?;
    if !is_private(path).map_err(|cause| Error::io("look at", path, cause))? {
        let message = format!("the secret key {} can be read by others", path.display());
        return Err(Error::new(Kind::Input, "secret_key_exposed", message).hint("leave it to its owner alone: chmod 600"));
    }
    let text = String::from_utf8(bytes)
        .map_err(|_| Error::new(Kind::Input, "invalid_secret_key", format!("{}: it is not in minisign's format", path.display())))?;
    Signer::read(&SecretString::from(text), None)
        .map_err(|error| Error::new(error.kind(), error.code().to_owned(), format!("{}: {}", path.display(), error.message())))
}
