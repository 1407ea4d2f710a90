//! Tokens: 256 random bits in text, kept only as a hash.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use crate::error::Result;
use crate::id;

/// Characters that 32 bytes take in base64 without padding.
const ENCODED_CHARS: usize = 43;

/// A chosen token of so many characters is taken for strong.
const STRONG_CHARS: usize = 32;

/// Whose token it is; the text begins with it, so that a leaked one can be told at sight.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenKind {
    /// All rights.
    Operator,
    /// Speaks for one machine.
    Machine,
    /// May only enroll.
    EnrollmentKey,
}

impl TokenKind {
    const ALL: [Self; 3] = [Self::Operator, Self::Machine, Self::EnrollmentKey];

    fn prefix(self) -> &'static str {
        match self {
            Self::Operator => "lea_o_",
            Self::Machine => "lea_m_",
            Self::EnrollmentKey => "lea_k_",
        }
    }
}

/// A token in clear. It exists on its way to whoever asked for it, and nowhere else.
#[derive(Clone)]
pub struct Token(SecretString);

impl Token {
    /// A token that nobody can guess.
    ///
    /// # Errors
    /// When the operating system has no randomness to give.
    pub fn fresh(kind: TokenKind) -> Result<Self> {
        let bytes = id::random_bytes::<32>()?;
        Ok(Self(SecretString::from(format!("{}{}", kind.prefix(), URL_SAFE_NO_PAD.encode(bytes)))))
    }

    /// The text, to be handed to its owner.
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }

    /// The hash to keep.
    pub fn hash(&self) -> TokenHash {
        TokenHash::of(self.expose())
    }

    /// Whether a token, made here or chosen by somebody, is long enough that guessing it is hopeless.
    pub fn is_strong(text: &str) -> bool {
        Self::has_our_form(text) || text.chars().count() >= STRONG_CHARS
    }

    /// Whether `text` has the form of a token made here: then it is as hard to guess as 256 random bits.
    pub fn has_our_form(text: &str) -> bool {
        TokenKind::ALL.iter().any(|kind| {
            let rest = text.strip_prefix(kind.prefix());
            rest.is_some_and(|rest| {
                rest.len() == ENCODED_CHARS && rest.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
            })
        })
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(********)")
    }
}

/// The SHA-256 of a token. Compared in constant time.
#[derive(Clone, Copy)]
pub struct TokenHash([u8; 32]);

impl TokenHash {
    /// The hash of a token's text.
    pub fn of(token: &str) -> Self {
        Self(Sha256::digest(token.as_bytes()).into())
    }

    /// From its 32 bytes.
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// Its 32 bytes.
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl PartialEq for TokenHash {
    fn eq(&self, other: &Self) -> bool {
        self.0.ct_eq(&other.0).into()
    }
}

impl Eq for TokenHash {}

impl std::hash::Hash for TokenHash {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.0.hash(state);
    }
}

impl fmt::Debug for TokenHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TokenHash(********)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fresh_tokens_differ_have_our_form_and_are_masked() {
        let (a, b) = (Token::fresh(TokenKind::Machine).unwrap(), Token::fresh(TokenKind::Machine).unwrap());
        assert_ne!(a.expose(), b.expose());
        assert_ne!(a.hash(), b.hash());
        assert_eq!(a.hash(), TokenHash::of(a.expose()));
        assert!(Token::has_our_form(a.expose()));
        assert!(!Token::has_our_form("lea_m_short") && !Token::has_our_form("hunter2"));
        assert!(!format!("{a:?} {:?}", a.hash()).contains(&a.expose()[6..12]));
    }
}
