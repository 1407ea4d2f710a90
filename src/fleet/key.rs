//! Enrollment keys: an installer carries one instead of the operator's token.

use std::time::Duration;

use crate::clock::Time;
use crate::error::{Error, Kind, Result};
use crate::fleet::TokenHash;

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
