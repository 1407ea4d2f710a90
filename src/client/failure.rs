//! Who is to blame when no answer came: the network, a proxy or a certificate; each with its own sentence and what to do.
//!
//! The HTTP library buries the reason below several layers, some of which hide their cause from
//! [`source`](std::error::Error::source). [`find`] digs it out; the tests do so on real connections, so that a layer which
//! changes is noticed.

use std::error::Error as Cause;
use std::io::{self, ErrorKind};

use rustls::CertificateError;

use super::address::Address;
use super::proxy::Proxy;
use crate::error::{Error, Kind};

/// The words that say who is to blame, as they stand in `blame` and at the beginning of a message.
pub mod blame {
    /// Name resolution, routing, a closed port, silence.
    pub const NETWORK: &str = "network";
    /// The proxy between this machine and the server.
    pub const PROXY: &str = "proxy";
    /// The server's certificate, or what this machine knows to check it with.
    pub const CERTIFICATE: &str = "certificate";
    /// The token or key that was shown.
    pub const TOKEN: &str = "token";
    /// What is on the server already.
    pub const CONFLICT: &str = "conflict";
    /// The server itself.
    pub const SERVER: &str = "server";
    /// This machine: its files, its facts, its input.
    pub const MACHINE: &str = "machine";
}

/// Why no answer came.
struct Failure {
    blame: &'static str,
    code: &'static str,
    /// What follows the blame.
    sentence: String,
    hint: &'static str,
    retryable: bool,
}

/// The error for a call that `error` ended before an answer was complete.
pub(super) fn transport(error: &reqwest::Error, server: &Address, proxy: Option<&Proxy>) -> Error {
    let failure = classify(error, server, proxy);
    Error::new(Kind::Unreachable, failure.code, format!("{}: {}", failure.blame, failure.sentence))
        .hint(failure.hint)
        .detail("blame", failure.blame)
        .detail("retryable", failure.retryable)
        .detail("host", server.host_port())
        .caused_by(innermost(error))
}

fn classify(error: &reqwest::Error, server: &Address, proxy: Option<&Proxy>) -> Failure {
    if let Some(tls) = find::<rustls::Error>(error) {
        return encryption(tls, server);
    }
    match proxy {
        Some(proxy) if error.is_connect() || tunnel(error).is_some() => at_the_proxy(error, server, proxy),
        _ => on_the_way(error, server, proxy),
    }
}

/// Whether the call that ended so surely never reached the server: there was no connection to send it over.
pub(super) fn never_left(error: &Error) -> bool {
    let nowhere = ["dns_failed", "connection_refused", "network_unreachable", "proxy_failed", "proxy_refused", "proxy_auth_required"];
    error.kind() == Kind::Unreachable && (nowhere.contains(&error.code()) || error.code().starts_with("certificate_"))
}

/// The handshake failed: the certificate, or no TLS at all.
fn encryption(error: &rustls::Error, server: &Address) -> Failure {
    let at = server.host_port();
    let (code, sentence, hint) = match error {
        rustls::Error::InvalidCertificate(why) => match why {
            CertificateError::UnknownIssuer => (
                "certificate_unknown_issuer",
                format!("the certificate of {at} is signed by an authority that this machine does not know"),
                "name that authority's certificate with --ca-cert FILE; where a proxy inspects TLS, it is the proxy's own",
            ),
            CertificateError::Expired | CertificateError::ExpiredContext { .. } => (
                "certificate_expired",
                format!("the certificate of {at} has expired"),
                "renew it on the server; if it is a fresh one, check the clock of this machine",
            ),
            CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => (
                "certificate_not_yet_valid",
                format!("the certificate of {at} is not valid yet"),
                "check the clock of this machine, then the server's certificate",
            ),
            CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => (
                "certificate_wrong_name",
                format!("the certificate of {at} was made for another name"),
                "use the name in the certificate as --server, or have it issued for this one",
            ),
            CertificateError::Revoked => {
                ("certificate_revoked", format!("the certificate of {at} has been revoked"), "have a new one issued for the server")
            }
            _ => (
                "certificate_invalid",
                format!("the certificate of {at} does not hold"),
                "have the server's certificate checked; `openssl s_client -connect` shows it",
            ),
        },
        _ => (
            "tls_failed",
            format!("{at} and this machine found no common encryption"),
            "check that the port speaks TLS; a server without it is named by http://",
        ),
    };
    Failure { blame: blame::CERTIFICATE, code, sentence, hint, retryable: false }
}

/// The proxy could not be reached, or would not let us through.
fn at_the_proxy(error: &reqwest::Error, server: &Address, proxy: &Proxy) -> Failure {
    let (at, between) = (server.host_port(), proxy.host_port());
    let failure = |code, sentence, hint, retryable| Failure { blame: blame::PROXY, code, sentence, hint, retryable };
    match tunnel(error).as_deref() {
        Some(text) if text.contains("authorization required") => proxy_wants_credentials(proxy),
        Some(text) if text.contains("unsuccessful") || text.contains("end of file") => failure(
            "proxy_refused",
            format!("the proxy {between} would not connect to {at}"),
            "ask for the host and port to be let through, or add the host to NO_PROXY if it is reached directly",
            true,
        ),
        _ => {
            let what = if error.is_timeout() {
                "did not answer in time"
            } else if error.is_dns() {
                "has a name that cannot be resolved"
            } else {
                "cannot be reached"
            };
            failure(
                "proxy_failed",
                format!("the proxy {between} ({}) {what}", proxy.variable()),
                "check the proxy's address, or add the server's host to NO_PROXY if it is reached directly",
                true,
            )
        }
    }
}

fn proxy_wants_credentials(proxy: &Proxy) -> Failure {
    Failure {
        blame: blame::PROXY,
        code: "proxy_auth_required",
        sentence: format!("the proxy {} wants a user name and password", proxy.host_port()),
        hint: "put them into the proxy's address: http://USER:PASSWORD@HOST:PORT",
        retryable: false,
    }
}

/// There was no answer from the server itself.
fn on_the_way(error: &reqwest::Error, server: &Address, proxy: Option<&Proxy>) -> Failure {
    let at = server.host_port();
    let through = proxy.map(|proxy| format!(" through the proxy {}", proxy.host_port())).unwrap_or_default();
    let failure = |code, sentence, hint, retryable| Failure { blame: blame::NETWORK, code, sentence, hint, retryable };
    if error.is_timeout() {
        return failure(
            "timed_out",
            format!("{at} did not answer in time{through}"),
            "give it more time with --timeout, or check that a firewall lets this machine through",
            true,
        );
    }
    if error.is_dns() {
        return failure(
            "dns_failed",
            format!("the name {} cannot be resolved", server.host()),
            "check the spelling of --server and this machine's name servers",
            true,
        );
    }
    let io = find::<io::Error>(error).map(io::Error::kind);
    if io == Some(ErrorKind::ConnectionRefused) {
        return failure(
            "connection_refused",
            format!("nothing answers at {at}"),
            "check that the server runs and that the port is right",
            true,
        );
    }
    if matches!(io, Some(ErrorKind::UnexpectedEof | ErrorKind::ConnectionReset)) && error.is_connect() {
        return failure(
            "connection_lost",
            format!("{at} closed the connection before it was set up"),
            "a firewall may cut it, or the port may not speak TLS; a server without it is named by http://",
            true,
        );
    }
    if error.is_connect() {
        return failure(
            "network_unreachable",
            format!("cannot reach {at}"),
            "check this machine's network, and the server's address",
            true,
        );
    }
    if find::<hyper::Error>(error).is_some_and(hyper::Error::is_parse) {
        return failure(
            "not_http",
            format!("what answers at {at} does not speak HTTP"),
            "check the port; a server with a certificate is named by https://",
            false,
        );
    }
    failure("connection_lost", format!("the connection to {at} broke off before the answer{through}"), "run it again", true)
}

/// The deepest `T` among `error` and what caused it, also where an I/O error hides what it wraps: those above it only pass it on.
fn find<'a, T: Cause + 'static>(error: &'a (dyn Cause + 'static)) -> Option<&'a T> {
    let mut found = None;
    let mut next = Some(error);
    while let Some(current) = next {
        found = current.downcast_ref::<T>().or(found);
        next = below(current);
    }
    found
}

/// What caused `error`.
fn below<'a>(error: &'a (dyn Cause + 'static)) -> Option<&'a (dyn Cause + 'static)> {
    match error.downcast_ref::<io::Error>().and_then(io::Error::get_ref) {
        Some(wrapped) => Some(wrapped),
        None => error.source(),
    }
}

/// What the library says of a proxy that refused the way through; its type is private, so its text has to do.
fn tunnel(error: &reqwest::Error) -> Option<String> {
    let mut next = below(error);
    while let Some(current) = next {
        let text = current.to_string();
        if text.starts_with("tunnel error") {
            return Some(text);
        }
        next = below(current);
    }
    None
}

/// The text of the first cause of all: the layers above it only say that something failed.
fn innermost(error: &reqwest::Error) -> String {
    let mut current: &(dyn Cause + 'static) = error;
    while let Some(next) = below(current) {
        current = next;
    }
    match current.downcast_ref::<reqwest::Error>() {
        Some(_) => "the call ended without a reason".to_owned(),
        None => current.to_string(),
    }
}
