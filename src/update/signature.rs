//! Signatures: minisign's files, so that its own tools make and check them too. Ed25519 over the BLAKE2b hash of the content, and over
//! the trusted comment, which says what was signed.

use std::fmt;
use std::io::{Read, Seek};

use minisign::{KeyPair, PublicKey, PublicKeyBox, SecretKey, SecretKeyBox, SignatureBox};
use secrecy::{ExposeSecret, SecretString};

use super::release::UpdateType;
use super::version::Version;
use crate::error::{Error, Kind, Result};

/// The largest key or signature that is read, bytes.
pub const MAX_SIGNATURE_BYTES: usize = 8 << 10;

/// The most keys that are trusted at once.
const MAX_KEYS: usize = 32;

/// What minisign puts before each comment.
const UNTRUSTED: &str = "untrusted comment:";

/// The public keys that are trusted: while keys are changed, the old one and the new one.
#[derive(Clone, Default)]
pub struct TrustedKeys {
    keys: Vec<PublicKey>,
}

impl fmt::Debug for TrustedKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.keys.iter().map(|key| key_id(key.keynum()))).finish()
    }
}

/// A signature that holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signed {
    /// Who signed, as minisign writes key ids: 16 hexadecimal digits.
    pub key_id: String,
    /// The comment that was signed too.
    pub comment: String,
}

/// Why a signature does not hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Distrust {
    /// It is no minisign signature, or one of the old kind, which reads the whole content into memory.
    Unreadable,
    /// It was made with a key that is not trusted here.
    UnknownKey,
    /// It was not made for this content, or it was changed.
    Wrong,
    /// It holds, and is not for this release.
    OtherRelease,
}

impl Distrust {
    /// A sentence for people.
    pub fn sentence(self) -> &'static str {
        match self {
            Self::Unreadable => "the signature is not in minisign's format (prehashed)",
            Self::UnknownKey => "the signature was made with a key that is not trusted here",
            Self::Wrong => "the signature does not belong to this content",
            Self::OtherRelease => "the signature holds, but for another version, type, size or hash",
        }
    }
}

impl TrustedKeys {
    /// Reads keys, each in minisign's base 64 or as the whole text of a `.pub` file.
    ///
    /// # Errors
    /// [`Kind::Input`] for what is no public key, saying which, or too many.
    pub fn read<T: AsRef<str>>(texts: &[T]) -> Result<Self> {
        if texts.len() > MAX_KEYS {
            return Err(Error::new(Kind::Input, "too_many_keys", format!("no more than {MAX_KEYS} public keys can be trusted at once")));
        }
        let keys = texts.iter().enumerate().map(|(at, text)| public_key(text.as_ref(), at + 1)).collect::<Result<Vec<_>>>()?;
        Ok(Self { keys })
    }

    /// Whether none is trusted, so that no signature can hold.
    pub fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    /// Whether `signature` is that of a trusted key over `content`.
    ///
    /// # Errors
    /// [`Kind::Storage`] and the like when the content cannot be read.
    pub fn verify(&self, signature: &str, content: &mut (impl Read + Seek)) -> Result<Result<Signed, Distrust>> {
        if signature.len() > MAX_SIGNATURE_BYTES {
            return Ok(Err(Distrust::Unreadable));
        }
        let Ok(signature) = SignatureBox::from_string(signature) else { return Ok(Err(Distrust::Unreadable)) };
        if !signature.is_prehashed() {
            return Ok(Err(Distrust::Unreadable));
        }
        let Some(key) = self.keys.iter().find(|key| key.keynum() == signature.keynum()) else { return Ok(Err(Distrust::UnknownKey)) };
        let mut content = Watched { content, fault: None };
        let verified = minisign::verify(key, &signature, &mut content, true, false, false);
        if let Some(fault) = content.fault {
            return Err(Error::new(Kind::Storage, "read_failed", "what was signed cannot be read").caused_by(fault));
        }
        let comment = signature.trusted_comment();
        Ok(match (verified, comment) {
            (Ok(()), Ok(comment)) => Ok(Signed { key_id: key_id(key.keynum()), comment }),
            _ => Err(Distrust::Wrong),
        })
    }
}

/// Tells a fault of reading from a signature that doesn't hold: the library says the same of both.
struct Watched<'a, R> {
    content: &'a mut R,
    fault: Option<std::io::Error>,
}

impl<R: Read> Read for Watched<'_, R> {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        self.content.read(into).map_err(|fault| {
            let told = std::io::Error::from(fault.kind());
            self.fault = Some(fault);
            told
        })
    }
}

impl<R: Seek> Seek for Watched<'_, R> {
    fn seek(&mut self, to: std::io::SeekFrom) -> std::io::Result<u64> {
        self.content.seek(to)
    }
}

fn public_key(text: &str, at: usize) -> Result<PublicKey> {
    let text = text.trim();
    let wrong = || {
        Error::new(Kind::Input, "invalid_public_key", format!("public key {at} is none of minisign's"))
            .hint("give the line that begins with RW, or the .pub file that `lea update keygen` or minisign wrote")
    };
    if text.len() > MAX_SIGNATURE_BYTES {
        return Err(wrong());
    }
    let key = if text.starts_with(UNTRUSTED) {
        PublicKeyBox::from_string(text).and_then(PublicKeyBox::into_public_key)
    } else {
        PublicKey::from_base64(text)
    };
    key.map_err(|_| wrong())
}

fn key_id(number: &[u8]) -> String {
    use std::fmt::Write;
    number.iter().rev().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02X}");
        text
    })
}

/// What signs.
pub struct Signer {
    key: SecretKey,
}

impl fmt::Debug for Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Signer").field("key_id", &key_id(self.key.keynum())).finish_non_exhaustive()
    }
}

impl Signer {
    /// Reads the text of a secret key file, encrypted with `password` if it is encrypted at all.
    ///
    /// # Errors
    /// [`Kind::Input`] for what is no secret key, a password that is wrong, or missing.
    pub fn read(text: &SecretString, password: Option<&SecretString>) -> Result<Self> {
        let wrong = |code: &'static str, why: &str| Error::new(Kind::Input, code, format!("the secret key cannot be used: {why}"));
        let text = text.expose_secret();
        if text.len() > MAX_SIGNATURE_BYTES {
            return Err(wrong("invalid_secret_key", "it is too large for one"));
        }
        let sealed = || SecretKeyBox::from_string(text).map_err(|_| wrong("invalid_secret_key", "it is not in minisign's format"));
        if let Ok(key) = sealed()?.into_unencrypted_secret_key() {
            return Ok(Self { key });
        }
        let Some(password) = password else {
            return Err(
                wrong("password_needed", "it is encrypted, or none at all").hint("name the file with its password by --password-file")
            );
        };
        let key = sealed()?.into_secret_key(Some(password.expose_secret().to_owned()));
        key.map(|key| Self { key }).map_err(|_| wrong("wrong_password", "the password is wrong, or it is damaged"))
    }

    /// Signs what `content` gives, and `comment` with it; gives the text of the signature file.
    ///
    /// # Errors
    /// When the content cannot be read, or the comment is more than one line.
    pub fn sign(&self, content: &mut impl Read, comment: &str) -> Result<String> {
        if comment.chars().any(char::is_control) {
            return Err(Error::new(Kind::Bug, "bug", "a trusted comment must be one line"));
        }
        let failed =
            |cause: minisign::PError| Error::new(Kind::Storage, "sign_failed", "it could not be signed").caused_by(cause.to_string());
        let public = PublicKey::from_secret_key(&self.key).map_err(failed)?;
        let signed = minisign::sign(Some(&public), &self.key, content, Some(comment), Some("signature of lea")).map_err(failed)?;
        Ok(signed.into_string())
    }

    /// Its public half, in base 64.
    ///
    /// # Errors
    /// For a key that has none.
    pub fn public_key(&self) -> Result<String> {
        let public = PublicKey::from_secret_key(&self.key);
        public.map(|key| key.to_base64()).map_err(|_| Error::new(Kind::Input, "invalid_secret_key", "the secret key has no public half"))
    }
}

/// A new pair of keys as the texts of their files.
#[derive(Debug)]
pub struct NewKeys {
    /// The secret one.
    pub secret: SecretString,
    /// The public one.
    pub public: String,
    /// The public one in base 64 alone.
    pub public_base64: String,
    /// Their id, as minisign writes it.
    pub key_id: String,
}

/// Makes a pair of keys; the secret one is encrypted with `password`, if there is one.
///
/// # Errors
/// When the operating system gives no randomness, or too little memory to derive a key from the password.
pub fn generate(password: Option<&SecretString>) -> Result<NewKeys> {
    let failed = |cause: minisign::PError| Error::new(Kind::Bug, "keygen_failed", "no keys could be made").caused_by(cause.to_string());
    let pair = match password {
        Some(password) => KeyPair::generate_encrypted_keypair(Some(password.expose_secret().to_owned())),
        None => KeyPair::generate_unencrypted_keypair(),
    }
    .map_err(failed)?;
    let secret = pair.sk.to_box(Some("lea secret key")).map_err(failed)?.into_string();
    let public = pair.pk.to_box().map_err(failed)?.into_string();
    let id = key_id(pair.pk.keynum());
    Ok(NewKeys { secret: SecretString::from(secret), public, public_base64: pair.pk.to_base64(), key_id: id })
}

/// What the signature of a release says in its trusted comment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// The version.
    pub version: Version,
    /// What it replaces.
    pub update_type: UpdateType,
    /// The size of the ZIP, bytes.
    pub size: u64,
    /// Its SHA-256, 64 hexadecimal digits in lower case.
    pub sha256: String,
}

impl fmt::Display for Claim {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "lea version:{} type:{} size:{} sha256:{}", self.version, self.update_type, self.size, self.sha256)
    }
}

impl Claim {
    /// What `comment` says; none when it is no claim of this form.
    pub fn read(comment: &str) -> Option<Self> {
        let mut words = comment.split(' ');
        let mut field = |name: &str| words.next().and_then(|word| word.strip_prefix(name));
        if field("lea") != Some("") {
            return None;
        }
        let version = field("version:")?.parse().ok()?;
        let update_type = field("type:")?.parse().ok()?;
        let size = field("size:")?.parse().ok()?;
        let sha256 = field("sha256:")?.to_owned();
        (words.next().is_none() && is_sha256(&sha256)).then_some(Self { version, update_type, size, sha256 })
    }
}

/// Whether `text` is a SHA-256: 64 hexadecimal digits in lower case.
pub fn is_sha256(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Cursor;

    fn signed(keys: &NewKeys, content: &[u8], comment: &str) -> String {
        Signer::read(&keys.secret, None).unwrap().sign(&mut Cursor::new(content), comment).unwrap()
    }

    #[test]
    fn a_signature_holds_for_its_content_its_comment_and_its_key_alone() {
        let (old, new, other) = (generate(None).unwrap(), generate(None).unwrap(), generate(None).unwrap());
        let trusted = TrustedKeys::read(&[old.public.as_str(), new.public_base64.as_str()]).unwrap();
        let verify = |text: &str, content: &[u8]| trusted.verify(text, &mut Cursor::new(content)).unwrap();
        for keys in [&old, &new] {
            let text = signed(keys, b"content", "lea x");
            assert_eq!(verify(&text, b"content"), Ok(Signed { key_id: keys.key_id.clone(), comment: "lea x".to_owned() }));
            assert_eq!(verify(&text, b"Content"), Err(Distrust::Wrong));
            assert_eq!(verify(&text.replace("lea x", "lea y"), b"content"), Err(Distrust::Wrong));
        }
        assert_eq!(verify(&signed(&other, b"content", "lea x"), b"content"), Err(Distrust::UnknownKey));
        for text in ["", "x", "untrusted comment: a\nb\ntrusted comment: c\nd", &"x\n".repeat(9000)] {
            assert_eq!(verify(text, b"content"), Err(Distrust::Unreadable));
        }
        assert!(!format!("{:?}", Signer::read(&old.secret, None).unwrap()).contains("RW"), "no key is shown");
    }

    #[test]
    fn a_claim_is_read_as_it_was_written_and_no_other_way() {
        let claim = Claim { version: "1.4.0".parse().unwrap(), update_type: UpdateType::CodeOnly, size: 12, sha256: "ab".repeat(32) };
        let text = claim.to_string();
        assert_eq!(Claim::read(&text), Some(claim));
        for wrong in [text.replace("lea ", ""), format!("{text} x"), text.replace("size", "Size"), text.replace("ab", "AB"), String::new()]
        {
            assert_eq!(Claim::read(&wrong), None, "{wrong}");
        }
    }

    #[test]
    fn what_is_no_key_is_named() {
        let error = TrustedKeys::read(&[generate(None).unwrap().public_base64, "RWnonsense".to_owned()]).unwrap_err();
        assert!(error.message().contains("public key 2"), "{error}");
    }
}
