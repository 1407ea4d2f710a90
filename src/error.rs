//! One error for the whole library: a kind, a stable code, a sentence, and what to do about it.
//!
//! The kind decides the exit code and the HTTP status; [`Kind::exit_code`] and [`Kind::status`] read both from one
//! table, so that the command line and the server can never disagree. An error names the file, the field or the host
//! it is about; it repeats no cause (the cause is its [`source`](std::error::Error::source)) and carries no secret.

use std::borrow::Cow;
use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// The result of anything in this crate that can fail.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What sort of failure it is. See the table in this module for what each becomes outside.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// The command was called wrongly.
    Usage,
    /// A file or a value that was handed in cannot be used.
    Input,
    /// A request whose fields are missing, ill-typed or out of range.
    Validation,
    /// Nobody said who is asking, or the secret is not known here.
    Unauthenticated,
    /// The caller is known and may not do this.
    Forbidden,
    /// It contradicts what is there already.
    Conflict,
    /// The thing asked for does not exist.
    NotFound,
    /// The route exists, the method does not.
    MethodNotAllowed,
    /// The input is beyond a ceiling.
    TooLarge,
    /// Too much was asked in too short a time.
    TooMany,
    /// The request took longer than it may.
    Timeout,
    /// The server could not be reached or did not answer in time.
    Unreachable,
    /// A hash, a signature, an archive, a chain or a stored file does not hold.
    Integrity,
    /// The disk or the database refused.
    Storage,
    /// There is no room left on the disk.
    DiskFull,
    /// Something needed is not there for now.
    Unavailable,
    /// The server answered with a failure of its own.
    Server,
    /// A defect of this program.
    Bug,
}

/// kind, exit code of the command line, HTTP status.
const TABLE: [(Kind, u8, u16); 18] = [
    (Kind::Usage, 2, 400),
    (Kind::Input, 3, 400),
    (Kind::Validation, 3, 422),
    (Kind::Unauthenticated, 4, 401),
    (Kind::Forbidden, 4, 403),
    (Kind::Conflict, 5, 409),
    (Kind::NotFound, 8, 404),
    (Kind::MethodNotAllowed, 2, 405),
    (Kind::TooLarge, 3, 413),
    (Kind::TooMany, 6, 429),
    (Kind::Timeout, 6, 408),
    (Kind::Unreachable, 6, 502),
    (Kind::Integrity, 7, 500),
    (Kind::Storage, 9, 500),
    (Kind::DiskFull, 9, 507),
    (Kind::Unavailable, 9, 503),
    (Kind::Server, 9, 500),
    (Kind::Bug, 70, 500),
];

impl Kind {
    fn row(self) -> (u8, u16) {
        TABLE.iter().find(|(kind, ..)| *kind == self).map_or((70, 500), |(_, exit, status)| (*exit, *status))
    }

    /// The exit code of a command that ends with this kind of error.
    pub fn exit_code(self) -> u8 {
        self.row().0
    }

    /// The HTTP status of a request that ends with this kind of error.
    pub fn status(self) -> u16 {
        self.row().1
    }

    /// The kind that a server's answer with `status` (400 and above) stands for.
    pub fn from_status(status: u16) -> Self {
        match status {
            507 => Self::DiskFull,
            503 => Self::Unavailable,
            500.. => Self::Server,
            400 => Self::Input,
            _ => TABLE.iter().find(|(_, _, known)| *known == status).map_or(Self::Input, |(kind, ..)| *kind),
        }
    }
}

/// One field of a request that is wrong: where it stands, what is wrong, and the sort of fault.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct FieldFault {
    /// The path to the field: `body`, `query`, `path` or `header`, then the names below it.
    pub loc: Vec<String>,
    /// A sentence for people.
    pub msg: String,
    /// A word for programs: `missing`, `type_error`, `value_error`, `json_invalid`.
    #[serde(rename = "type")]
    pub kind: String,
}

impl FieldFault {
    /// A fault of the field at `loc`.
    pub fn new(loc: &[&str], kind: &str, msg: impl Into<String>) -> Self {
        Self { loc: loc.iter().map(ToString::to_string).collect(), msg: msg.into(), kind: kind.to_owned() }
    }
}

/// A failure: its kind, a stable code for programs, a sentence for people, and what to do.
pub struct Error(Box<Inner>);

struct Inner {
    kind: Kind,
    code: Cow<'static, str>,
    message: String,
    hint: Option<String>,
    faults: Vec<FieldFault>,
    details: Map<String, Value>,
    source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

impl Error {
    /// An error of `kind` with a `snake_case` code and a sentence.
    pub fn new(kind: Kind, code: impl Into<Cow<'static, str>>, message: impl Into<String>) -> Self {
        Self(Box::new(Inner {
            kind,
            code: code.into(),
            message: message.into(),
            hint: None,
            faults: Vec::new(),
            details: Map::new(),
            source: None,
        }))
    }

    /// A request with one field that is wrong (422).
    pub fn field(loc: &[&str], fault: &str, message: impl Into<String>) -> Self {
        Self::faults(vec![FieldFault::new(loc, fault, message)])
    }

    /// A request with several fields that are wrong (422).
    pub fn faults(faults: Vec<FieldFault>) -> Self {
        let name = |fault: &FieldFault| if fault.loc.len() > 1 { fault.loc[1..].join(".") } else { fault.loc.join(".") };
        let message = faults.iter().map(|fault| format!("{}: {}", name(fault), fault.msg)).collect::<Vec<_>>().join("; ");
        let mut error = Self::new(Kind::Validation, "validation_error", message);
        error.0.faults = faults;
        error
    }

    /// A path that could not be read or written, with the operating system's reason as cause.
    pub fn io(doing: &str, path: &std::path::Path, cause: std::io::Error) -> Self {
        let message = format!("cannot {doing} {}", path.display());
        let error = match cause.kind() {
            std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded => {
                Self::new(Kind::DiskFull, "disk_full", message).hint("free some space on that disk, then run it again")
            }
            std::io::ErrorKind::NotFound => Self::new(Kind::Input, "file_not_found", message),
            std::io::ErrorKind::PermissionDenied => Self::new(Kind::Input, "permission_denied", message),
            _ => Self::new(Kind::Input, "io_error", message),
        };
        error.caused_by(cause)
    }

    /// The same error with a sentence that says what to do.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.0.hint = Some(hint.into());
        self
    }

    /// The same error with its cause.
    #[must_use]
    pub fn caused_by(mut self, cause: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        self.0.source = Some(cause.into());
        self
    }

    /// The same error with one more field for programs, beside `detail` and `code`.
    #[must_use]
    pub fn detail(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.0.details.insert(name.to_owned(), value.into());
        self
    }

    /// The same as a failure of another kind.
    #[must_use]
    pub fn of_kind(mut self, kind: Kind) -> Self {
        self.0.kind = kind;
        self
    }

    /// The same error under another code.
    #[must_use]
    pub fn code_as(mut self, code: impl Into<Cow<'static, str>>) -> Self {
        self.0.code = code.into();
        self
    }

    /// The same error with `lead` before its sentence.
    #[must_use]
    pub fn led_by(mut self, lead: &str) -> Self {
        self.0.message.insert_str(0, lead);
        self
    }

    /// The kind.
    pub fn kind(&self) -> Kind {
        self.0.kind
    }

    /// The stable code, in `snake_case`.
    pub fn code(&self) -> &str {
        &self.0.code
    }

    /// The sentence.
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// What to do about it, if there is something.
    pub fn hint_text(&self) -> Option<&str> {
        self.0.hint.as_deref()
    }

    /// The fields that are wrong; empty unless the kind is [`Kind::Validation`].
    pub fn field_faults(&self) -> &[FieldFault] {
        &self.0.faults
    }

    /// Further fields for programs.
    pub fn details(&self) -> &Map<String, Value> {
        &self.0.details
    }

    /// The causes below this error, outermost first.
    pub fn causes(&self) -> Vec<String> {
        let mut causes = Vec::new();
        let mut next = std::error::Error::source(self);
        while let Some(cause) = next {
            causes.push(cause.to_string());
            next = cause.source();
        }
        causes
    }

    /// The body of an HTTP answer: `{"detail", "code", …}`; a list in `detail` when fields are wrong.
    pub fn body(&self) -> Value {
        let mut body = Map::new();
        let detail = if self.0.faults.is_empty() { Value::from(self.message()) } else { serde_json::json!(self.0.faults) };
        body.insert("detail".to_owned(), detail);
        body.insert("code".to_owned(), Value::from(self.code()));
        body.extend(self.0.details.clone());
        Value::Object(body)
    }

    /// What `--json` prints on standard error: `{"error": {"code", "message", "exit_code", "hint", "causes", …}}`.
    pub fn report(&self) -> Value {
        let mut error = Map::new();
        error.insert("code".to_owned(), Value::from(self.code()));
        error.insert("message".to_owned(), Value::from(self.message()));
        error.insert("exit_code".to_owned(), Value::from(self.kind().exit_code()));
        if let Some(hint) = self.hint_text() {
            error.insert("hint".to_owned(), Value::from(hint));
        }
        let causes = self.causes();
        if !causes.is_empty() {
            error.insert("causes".to_owned(), Value::from(causes));
        }
        error.extend(self.0.details.clone());
        Value::Object(Map::from_iter([("error".to_owned(), Value::Object(error))]))
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.message)
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Error")
            .field("kind", &self.0.kind)
            .field("code", &self.0.code)
            .field("message", &self.0.message)
            .field("causes", &self.causes())
            .finish_non_exhaustive()
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.0.source.as_deref().map(|source| source as _)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_stands_once_in_the_table() {
        let exits: Vec<u8> = TABLE.iter().map(|(kind, ..)| kind.exit_code()).collect();
        assert!(exits.iter().all(|exit| matches!(exit, 2..=9 | 70)), "{exits:?}");
        let kinds: std::collections::HashSet<Kind> = TABLE.iter().map(|(kind, ..)| *kind).collect();
        assert_eq!(kinds.len(), TABLE.len());
    }

    #[test]
    fn a_status_comes_back_as_a_kind_with_the_contracts_exit_code() {
        for (status, exit) in [
            (400, 3),
            (401, 4),
            (403, 4),
            (404, 8),
            (408, 6),
            (409, 5),
            (413, 3),
            (422, 3),
            (429, 6),
            (500, 9),
            (502, 9),
            (503, 9),
            (507, 9),
        ] {
            assert_eq!(Kind::from_status(status).exit_code(), exit, "{status}");
        }
    }

    #[test]
    fn a_cause_is_not_repeated_in_the_sentence() {
        let cause = std::io::Error::other("device on fire");
        let error = Error::io("read", std::path::Path::new("a.png"), cause);
        assert_eq!(error.to_string(), "cannot read a.png");
        assert_eq!(error.causes(), ["device on fire"]);
    }
}
