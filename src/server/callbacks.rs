//! Error callbacks: only to hosts that the configuration names, never after a redirect, signed, and tried again until they arrive.
//!
//! What must be told is written with what it is about, in one transaction; it is removed once it was told.

use std::fmt::Write;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::time::Duration;

use hmac::{Hmac, KeyInit, Mac};
use reqwest::redirect::Policy;
use reqwest::{Client, Url};
use secrecy::{ExposeSecret, SecretString};
use sha2::Sha256;

use super::state::Shared;
use crate::error::{Error, Kind, Result};
use crate::replay::Notice;

/// How long one try may take.
const TRY_TIME: Duration = Duration::from_secs(5);

/// How long the address of a host is looked for.
const LOOK_UP: Duration = Duration::from_secs(5);

/// How long to wait after each try that failed; the last for all further ones.
const PAUSES: [Duration; 6] = [
    Duration::from_secs(1),
    Duration::from_secs(5),
    Duration::from_secs(30),
    Duration::from_mins(2),
    Duration::from_mins(10),
    Duration::from_hours(1),
];

/// After this it is given up.
const GIVE_UP: Duration = Duration::from_hours(24);

/// Notices sent one after the other before anything else is looked at.
const TOGETHER: usize = 16;

/// How often it is looked whether one is due.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// The longest address of a callback, characters.
const MAX_URL: usize = 2000;

/// Checks the address of a callback.
///
/// # Errors
/// 422 when it is no address; 403 `callback_not_allowed` when its host is not among `allowed`.
pub(super) fn check_url(text: &str, allowed: &[String]) -> Result<Url> {
    let wrong = |why: &str| Error::field(&["body", "callback_url"], "value_error", why.to_owned());
    if text.len() > MAX_URL {
        return Err(wrong("is too long"));
    }
    let url: Url = text.parse().map_err(|_| wrong("is no address"))?;
    if !["http", "https"].contains(&url.scheme()) {
        return Err(wrong("must begin with http:// or https://"));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(wrong("must hold no user name and no password"));
    }
    let host = host_of(&url).ok_or_else(|| wrong("has no host"))?;
    if !is_listed(&host, url.port_or_known_default(), allowed) {
        return Err(Error::new(Kind::Forbidden, "callback_not_allowed", format!("callbacks may not go to {host}"))
            .hint("name the host in replay.callback_allow of the server's settings"));
    }
    Ok(url)
}

/// The host, in lower case, an IPv6 address without its brackets.
fn host_of(url: &Url) -> Option<String> {
    Some(url.host_str()?.trim_start_matches('[').trim_end_matches(']').to_lowercase())
}

/// Whether `host` is named, alone or with this port.
fn is_listed(host: &str, port: Option<u16>, allowed: &[String]) -> bool {
    let with_port = port.map(|port| if host.contains(':') { format!("[{host}]:{port}") } else { format!("{host}:{port}") });
    allowed.iter().any(|named| named.trim_start_matches('[').trim_end_matches(']') == host || Some(named) == with_port.as_ref())
}

/// Whether an address belongs to this machine or to a network of its own, where a callback could reach what strangers may not.
fn is_private(address: IpAddr) -> bool {
    match address.to_canonical() {
        IpAddr::V4(v4) => {
            let [a, b, ..] = v4.octets();
            v4.is_private()
                || v4.is_loopback()
                || v4.is_link_local()
                || v4.is_unspecified()
                || v4.is_broadcast()
                || v4.is_multicast()
                || a == 0
                || (a == 100 && (64..128).contains(&b))
                || (a == 192 && b == 0 && v4.octets()[2] == 0)
                || (a == 198 && (b == 18 || b == 19))
                || a >= 240
        }
        IpAddr::V6(v6) => {
            let first = v6.segments()[0];
            // Addresses that stand for others: what they stand for decides (NAT64).
            let behind = (v6.segments()[..6] == [0x64, 0xff9b, 0, 0, 0, 0]).then(|| {
                let [a, b, c, d] = [v6.octets()[12], v6.octets()[13], v6.octets()[14], v6.octets()[15]];
                Ipv4Addr::new(a, b, c, d)
            });
            v6.is_loopback()
                || v6.is_unspecified()
                || v6.is_multicast()
                || (first & 0xfe00) == 0xfc00
                || (first & 0xffc0) == 0xfe80
                || behind.is_some_and(|v4| is_private(IpAddr::V4(v4)))
        }
    }
}

/// Where to connect: every address of the host is looked at first, and the connection goes to one of those and no other.
async fn addresses(url: &Url, allowed: &[String]) -> Result<Vec<SocketAddr>> {
    let unreachable = |why: &str| Error::new(Kind::Unreachable, "callback_unreachable", why.to_owned());
    let (Some(host), Some(port)) = (host_of(url), url.port_or_known_default()) else { return Err(unreachable("the address has no host")) };
    let found = tokio::time::timeout(LOOK_UP, tokio::net::lookup_host((host.as_str(), port))).await;
    let found = found.map_err(|_| unreachable("the host's name is not answered for"))?;
    let found: Vec<SocketAddr> = found.map_err(|cause| unreachable("the host's name is not known").caused_by(cause))?.collect();
    if found.is_empty() {
        return Err(unreachable("the host has no address"));
    }
    if let Some(address) = found.iter().find(|it| is_private(it.ip()) && !is_listed(&it.ip().to_string(), Some(port), allowed)) {
        let message = format!("the host leads to the private address {}, which the configuration does not name", address.ip());
        return Err(Error::new(Kind::Forbidden, "callback_not_allowed", message));
    }
    Ok(found)
}

/// `sha256=` and the HMAC-SHA-256 of the time and the body, a dot between them, in hexadecimal.
fn signature(secret: &SecretString, seconds: i64, body: &str) -> Result<String> {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.expose_secret().as_bytes())
        .map_err(|_| Error::new(Kind::Bug, "bug", "a signature could not be made"))?;
    mac.update(format!("{seconds}.").as_bytes());
    mac.update(body.as_bytes());
    let mut text = "sha256=".to_owned();
    for byte in mac.finalize().into_bytes() {
        // A text takes everything.
        let _ = write!(text, "{byte:02x}");
    }
    Ok(text)
}

async fn send(state: &Shared, notice: &Notice) -> Result<()> {
    let settings = &state.settings.replay;
    let url = check_url(&notice.url, &settings.callback_allow)?;
    let (host, found) = (url.host_str().unwrap_or_default().to_owned(), addresses(&url, &settings.callback_allow).await?);
    // Only the first call in a process chooses; that it was made before is no fault.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let failed = |cause: reqwest::Error| {
        // Its text may hold the address, and with it a secret of whoever registered it.
        Error::new(Kind::Unreachable, "callback_unreachable", "the callback could not be delivered").caused_by(cause.without_url())
    };
    let client =
        Client::builder().no_proxy().redirect(Policy::none()).timeout(TRY_TIME).resolve_to_addrs(&host, &found).build().map_err(failed)?;
    let seconds = state.clock.now().micros() / 1_000_000;
    let mut request =
        client.post(url).header("content-type", "application/json").header("x-lea-notice", notice.id).body(notice.body.clone());
    if let Some(secret) = &settings.callback_secret {
        let signed = signature(secret, seconds, &notice.body)?;
        request = request.header("x-lea-timestamp", seconds).header("x-lea-signature", signed);
    }
    let status = request.send().await.map_err(failed)?.status();
    if status.is_success() {
        return Ok(());
    }
    Err(Error::new(Kind::Unreachable, "callback_refused", format!("the callback was answered with {status}")))
}

/// Sends what is due, and comes back for what could not be sent.
pub(super) async fn run(state: Shared) {
    loop {
        let now = state.clock.now();
        let due = state.bridge.read(move |entities| entities.due_notices(now, TOGETHER)).await.unwrap_or_default();
        let more = due.len() == TOGETHER;
        for notice in due {
            deliver(&state, notice).await;
        }
        if !more {
            tokio::select! {
                () = state.notices.notified() => {}
                () = tokio::time::sleep(LOOK_EVERY) => {}
            }
        }
    }
}

async fn deliver(state: &Shared, notice: Notice) {
    let sent = send(state, &notice).await;
    let now = state.clock.now();
    let given_up = now.since(notice.made_at) > GIVE_UP;
    let done = match &sent {
        Ok(()) => {
            tracing::info!(notice = notice.id, "callback delivered");
            true
        }
        Err(error) if given_up => {
            tracing::error!(notice = notice.id, code = error.code(), causes = ?error.causes(), "callback given up: {error}");
            true
        }
        Err(error) => {
            tracing::warn!(notice = notice.id, tries = notice.tries + 1, code = error.code(), causes = ?error.causes(), "callback not delivered: {error}");
            false
        }
    };
    let pause = PAUSES[(notice.tries as usize).min(PAUSES.len() - 1)];
    let noted = state
        .bridge
        .write(
            move |entities| {
                if done { entities.drop_notice(notice.id) } else { entities.delay_notice(notice.id, notice.tries + 1, now.plus(pause)) }
            },
        )
        .await;
    if let Err(error) = noted {
        // It will be sent again: its number tells the receiver.
        tracing::warn!(code = error.code(), "a callback could not be noted: {error}");
        tokio::time::sleep(LOOK_EVERY).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_hosts_that_are_named() {
        let allowed = ["chat.example.org".to_owned(), "10.0.0.5:8443".to_owned(), "[::1]:9".to_owned(), "fd00::5".to_owned()];
        for good in [
            "https://chat.example.org/x",
            "http://CHAT.example.org:81/",
            "https://10.0.0.5:8443/cb",
            "http://[::1]:9/",
            "http://[fd00::5]/",
        ] {
            assert!(check_url(good, &allowed).is_ok(), "{good}");
        }
        for other in
            ["https://example.org/", "https://chat.example.org.evil.test/", "http://10.0.0.5/", "http://169.254.169.254/", "http://[::1]/"]
        {
            assert_eq!(check_url(other, &allowed).unwrap_err().code(), "callback_not_allowed", "{other}");
        }
        for bad in
            ["not a url", "file:///etc/passwd", "ftp://chat.example.org/", "http://u:p@chat.example.org/", "https://", &"h".repeat(3000)]
        {
            assert_eq!(check_url(bad, &allowed).unwrap_err().kind(), Kind::Validation, "{bad}");
        }
        assert!(check_url("https://chat.example.org/", &[]).is_err());
    }

    #[test]
    fn private_addresses_by_any_spelling() {
        for text in [
            "127.0.0.1",
            "10.1.2.3",
            "172.16.0.1",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "0.0.0.0",
            "224.0.0.1",
            "::1",
            "fd00::1",
            "fe80::1",
            "::ffff:10.0.0.1",
            "64:ff9b::a00:1",
            "::",
        ] {
            assert!(is_private(text.parse().unwrap()), "{text}");
        }
        for text in ["8.8.8.8", "172.32.0.1", "100.128.0.1", "2001:4860:4860::8888", "::ffff:8.8.8.8"] {
            assert!(!is_private(text.parse().unwrap()), "{text}");
        }
    }

    #[test]
    fn the_signature_is_the_standards() {
        // HMAC-SHA-256 of `1.{}` under `key`, by another program.
        let signed = signature(&SecretString::from("key"), 1, "{}").unwrap();
        assert_eq!(signed, "sha256=1ba6b8171186efc613e8bcc0cbdab2748f24984d7c5a84faa2637afa0e40d224");
    }
}
