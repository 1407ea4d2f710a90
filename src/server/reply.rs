//! Errors as HTTP answers.

use axum::Json;
use axum::http::header::{RETRY_AFTER, WWW_AUTHENTICATE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};

use crate::error::{Error, Kind};

/// What a handler gives.
pub(super) type Answer<T> = Result<T, Refused>;

/// An error on its way to the caller: `{"detail", "code", …}` with the fitting status. Causes stay in the log.
#[derive(Debug)]
pub(super) struct Refused(pub(super) Error);

impl From<Error> for Refused {
    fn from(error: Error) -> Self {
        Self(error)
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        let Self(error) = self;
        let status = StatusCode::from_u16(error.kind().status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        if status.is_server_error() {
            tracing::error!(code = error.code(), causes = ?error.causes(), "{error}");
        }
        let mut response = (status, Json(without_places(&error).unwrap_or_else(|| error.body()))).into_response();
        if error.kind() == Kind::Unauthenticated {
            response.headers_mut().insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        if let Some(seconds) = error.details().get("retry_after").and_then(serde_json::Value::as_u64) {
            response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}

/// The body of a failure of the server's own disk or database, whose sentence names files: where a server keeps them is none of a caller's
/// business. The log has it.
fn without_places(error: &Error) -> Option<serde_json::Value> {
    let sentence = match error.code() {
        "database_busy" => "the server's database is busy; try again in a moment",
        "disk_full" => "there is no room left on the server's disk",
        "not_a_database" => "the server's database cannot be used",
        code if code.starts_with("database_") => "the server's database refused",
        "io_error" | "permission_denied" | "file_not_found" => "a file of the server's own could not be read or written",
        _ => return None,
    };
    let mut told = Error::new(error.kind(), error.code().to_owned(), sentence);
    for (name, value) in error.details() {
        told = told.detail(name, value.clone());
    }
    Some(told.body())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn where_the_server_keeps_its_files_is_told_to_nobody() {
        let place = std::path::Path::new("/srv/secret/lea.db");
        let busy = Error::new(Kind::Unavailable, "database_busy", format!("another program keeps the database {} locked", place.display()));
        let gone = Error::io("read", place, std::io::ErrorKind::PermissionDenied.into());
        for error in [busy.detail("retry_after", 1), gone] {
            let told = without_places(&error).unwrap();
            assert!(!told.to_string().contains("secret") && told["code"] == error.code(), "{told}");
        }
        assert!(without_places(&Error::new(Kind::Conflict, "uninstalled", "x")).is_none());
    }
}
