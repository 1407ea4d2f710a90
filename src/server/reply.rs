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
        let mut response = (status, Json(error.body())).into_response();
        if error.kind() == Kind::Unauthenticated {
            response.headers_mut().insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        if let Some(seconds) = error.details().get("retry_after").and_then(serde_json::Value::as_u64) {
            response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}
