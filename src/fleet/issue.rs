//! Enrollment keys, made and revoked.

use std::time::Duration;

use crate::clock::Time;
use crate::error::{Error, Kind, Result};
use crate::fleet::{EnrollmentKey, Keys, Token, TokenKind};
use crate::id;

/// The longest name of a key, in characters.
pub const MAX_KEY_NAME_CHARS: usize = 128;

/// Makes a key; the key itself is told this once.
///
/// # Errors
/// When the name is empty or too long, the limit is zero, or the registry fails.
pub fn create_key(
    registry: &mut dyn Keys,
    name: &str,
    expires_in: Option<Duration>,
    max_uses: Option<u32>,
    now: Time,
) -> Result<(EnrollmentKey, Token)> {
    let name = id::trim(name);
    if name.is_empty() || name.chars().count() > MAX_KEY_NAME_CHARS || name.chars().any(char::is_control) {
        return Err(Error::field(&["body", "name"], "value_error", format!("must be 1 to {MAX_KEY_NAME_CHARS} printable characters")));
    }
    if max_uses == Some(0) {
        return Err(Error::field(&["body", "max_uses"], "value_error", "must be at least 1"));
    }
    let token = Token::fresh(TokenKind::EnrollmentKey)?;
    let key = EnrollmentKey {
        id: id::fresh(),
        hash: token.hash(),
        name: name.to_owned(),
        created_at: now,
        expires_at: expires_in.map(|length| now.plus(length)),
        max_uses,
        uses: 0,
        last_used_at: None,
        revoked_at: None,
    };
    registry.insert_key(&key)?;
    Ok((key, token))
}

/// Revokes the key with this id; once revoked it stays revoked, with the first time.
///
/// # Errors
/// When there is no such key, or the registry fails.
pub fn revoke_key(registry: &mut dyn Keys, id: &str, now: Time) -> Result<EnrollmentKey> {
    let found = registry.keys()?.into_iter().find(|key| key.id == id);
    let mut key = found.ok_or_else(|| {
        Error::new(Kind::NotFound, "unknown_key", "there is no such enrollment key").hint("`lea fleet key list` shows them")
    })?;
    if key.revoked_at.is_none() {
        key.revoked_at = Some(now);
        registry.save_key(&key)?;
    }
    Ok(key)
}
