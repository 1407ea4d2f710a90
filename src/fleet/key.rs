//! Enrollment keys: an installer carries one instead of the operator's token.

use std::time::Duration;

use crate::clock::Time;
use crate::error::{Error, Kind, Result};
use crate::fleet::{Keys, Token, TokenHash, TokenKind};
use crate::id;

/// The longest name of a key, in characters.
pub const MAX_KEY_NAME_CHARS: usize = 128;

/// The longest life of a key: ten years.
const MAX_LIFETIME: Duration = Duration::from_hours(10 * 365 * 24);

/// A key that may enroll machines, and nothing else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EnrollmentKey {
    /// Its id, for revoking it.
    pub id: String,
    /// The hash of the key itself.
    pub hash: TokenHash,
    /// What it is for.
    pub name: String,
    /// When it was made.
    pub created_at: Time,
    /// When it stops working.
    pub expires_at: Option<Time>,
    /// How many machines it may enroll.
    pub max_uses: Option<u32>,
    /// How many it has enrolled.
    pub uses: u32,
    /// When it last enrolled one.
    pub last_used_at: Option<Time>,
    /// When it was revoked.
    pub revoked_at: Option<Time>,
}

impl EnrollmentKey {
    /// Whether it still opens the door at `now`; what it may still do is [`check_uses`](Self::check_uses).
    pub fn check_valid(&self, now: Time) -> Result<()> {
        let dead = |code: &'static str, what: &str| {
            Err(Error::new(Kind::Unauthenticated, code, format!("the enrollment key {what}"))
                .hint("ask an operator for another: `lea fleet key create`"))
        };
        match (self.revoked_at, self.expires_at) {
            (Some(_), _) => dead("key_revoked", "was revoked"),
            (None, Some(end)) if end <= now => dead("key_expired", "has expired"),
            _ => Ok(()),
        }
    }

    /// Whether it may enroll one more machine.
    pub fn check_uses(&self) -> Result<()> {
        match self.max_uses {
            Some(most) if self.uses >= most => {
                Err(Error::new(Kind::Forbidden, "key_exhausted", format!("the enrollment key has enrolled all of its {most} machines"))
                    .hint("ask an operator for another: `lea fleet key create`"))
            }
            _ => Ok(()),
        }
    }
}

/// A length of time: a number with `s`, `m`, `h` or `d`; a bare number is seconds.
///
/// # Errors
/// When it is something else, zero, or longer than ten years.
pub fn parse_lifetime(text: &str) -> Result<Duration> {
    let text = text.trim();
    let refuse = || {
        Error::new(Kind::Validation, "invalid_duration", format!("{text:?} is no length of time from 1s to 3650d"))
            .hint("write it like 90m, 24h or 7d")
    };
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (number, unit) = text.split_at(digits);
    let seconds = match unit {
        "" | "s" => 1,
        "m" => 60,
        "h" => 3_600,
        "d" => 86_400,
        _ => return Err(refuse()),
    };
    let number: u64 = number.parse().map_err(|_| refuse())?;
    let length = number.checked_mul(seconds).map(Duration::from_secs).filter(|length| !length.is_zero() && *length <= MAX_LIFETIME);
    length.ok_or_else(refuse)
}

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_of_time() {
        for (text, seconds) in [("90", 90), ("90s", 90), ("2m", 120), ("24h", 86_400), (" 7d ", 604_800)] {
            assert_eq!(parse_lifetime(text).unwrap().as_secs(), seconds, "{text}");
        }
        for text in ["", "h", "-1h", "1.5h", "0d", "1w", "99999999999999999999d", "4000d", "1 h"] {
            assert!(parse_lifetime(text).is_err(), "{text}");
        }
    }
}
