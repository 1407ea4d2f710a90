//! Reading on after a refusal: an answer to somebody who is still sending is often never seen.

use std::time::Duration;

use axum::body::Bytes;
use axum::extract::Request;
use axum::http::header::EXPECT;
use http_body_util::BodyExt;

/// What is read of a body that was refused, bytes.
const MAX_BYTES: usize = 16 << 20;

/// How long the next piece of it is waited for.
const NEXT_PIECE: Duration = Duration::from_millis(300);

/// How long it is read in all.
const IN_ALL: Duration = Duration::from_secs(3);

/// Reads the request's body for a while and throws it away. Whoever asked whether to send it has not begun to.
pub(super) async fn linger(request: Request) {
    if request.headers().contains_key(EXPECT) {
        return;
    }
    let mut body = request.into_body();
    let reading = async {
        let mut seen = 0;
        while seen < MAX_BYTES
            && let Ok(Some(Ok(frame))) = tokio::time::timeout(NEXT_PIECE, body.frame()).await
        {
            seen += frame.data_ref().map_or(0, Bytes::len);
        }
    };
    // Whether it came to an end makes no difference.
    let _ = tokio::time::timeout(IN_ALL, reading).await;
}
