//! Public keys as people name them: the key itself, or a file that holds it.

use std::path::Path;

use super::whole::read_capped;
use crate::error::{Error, Kind, Result};
use crate::update::{MAX_SIGNATURE_BYTES, TrustedKeys};

/// The keys that `named` names: each in minisign's base 64, or the path of a `.pub` file.
///
/// # Errors
/// [`Kind::Input`] for what is neither.
pub fn trusted_keys<T: AsRef<str>>(named: &[T]) -> Result<TrustedKeys> {
    let text = |name: &str| -> Result<String> {
        if TrustedKeys::read(&[name]).is_ok() {
            return Ok(name.to_owned());
        }
        let path = Path::new(name);
        if !path.exists() {
            return Err(Error::new(Kind::Input, "invalid_public_key", "a public key is neither one of minisign's nor a file")
                .hint("give the line that begins with RW, or the path of the .pub file"));
        }
        let bytes = read_capped(path, MAX_SIGNATURE_BYTES as u64)?;
        let wrong = || Error::new(Kind::Input, "invalid_public_key", format!("{}: it holds no public key of minisign's", path.display()));
        let text = String::from_utf8(bytes).map_err(|_| wrong())?;
        if TrustedKeys::read(&[&text]).is_ok() { Ok(text) } else { Err(wrong()) }
    };
    TrustedKeys::read(&named.iter().map(|name| text(name.as_ref())).collect::<Result<Vec<_>>>()?)
}
