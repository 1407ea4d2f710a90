//! The address of a server: checked once, joined with paths, named in messages.

use std::fmt;
use std::net::IpAddr;

use reqwest::Url;

use crate::error::{Error, Kind, Result};

/// A server's address: `http` or `https`, a host, a port, perhaps a path in front of all others; no credentials, no query.
#[derive(Clone, PartialEq, Eq)]
pub struct Address(Url);

impl Address {
    /// Reads an address as people write it, such as `https://lea.example.org`.
    ///
    /// # Errors
    /// [`Kind::Usage`] with what is wrong. The text is not repeated: it may hold a password.
    pub fn parse(text: &str) -> Result<Self> {
        let wrong = |why: &str| {
            Error::new(Kind::Usage, "invalid_server", format!("the server's address {why}"))
                .hint("write it like https://lea.example.org or http://127.0.0.1:5005")
        };
        let mut url = match Url::parse(text.trim()) {
            Ok(url) => url,
            Err(_) if !text.contains("://") => return Err(wrong("must begin with http:// or https://")),
            Err(cause) => return Err(wrong("cannot be read").caused_by(cause.to_string())),
        };
        if !matches!(url.scheme(), "http" | "https") {
            return Err(wrong("must begin with http:// or https://"));
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(wrong("must not hold a user name or password").hint("the token comes by --token-file or LEA_TOKEN"));
        }
        if url.query().is_some() || url.fragment().is_some() {
            return Err(wrong("must not hold a `?` or `#`"));
        }
        let path = url.path().trim_end_matches('/').to_owned();
        url.set_path(&path);
        Ok(Self(url))
    }

    /// The address of what `segments` name below this one, each encoded as one piece of the path.
    ///
    /// # Errors
    /// When a segment is empty, `.` or `..`: no path can name that.
    pub fn join(&self, segments: &[&str]) -> Result<Url> {
        if segments.iter().any(|segment| matches!(*segment, "" | "." | "..")) {
            return Err(Error::new(Kind::Validation, "invalid_id", "an id that is empty, `.` or `..` cannot be asked for"));
        }
        let mut url = self.0.clone();
        if let Ok(mut path) = url.path_segments_mut() {
            path.pop_if_empty().extend(segments);
        }
        Ok(url)
    }

    /// The address with `path` (and its query, if any) behind it, as it is. `path` begins with a slash.
    ///
    /// # Errors
    /// [`Kind::Usage`] when that is no address.
    pub fn with_path(&self, path: &str) -> Result<Url> {
        let base = self.0.as_str().trim_end_matches('/');
        let joined = if path.starts_with('/') { Url::parse(&format!("{base}{path}")).ok() } else { None };
        joined.ok_or_else(|| Error::new(Kind::Usage, "invalid_path", format!("{path:?} is no path of a server")))
    }

    /// The address itself.
    pub(super) fn url(&self) -> Url {
        self.0.clone()
    }

    /// Host and port, as they stand in messages; an IPv6 address in brackets.
    pub fn host_port(&self) -> String {
        format!("{}:{}", self.0.host_str().unwrap_or_default(), self.port())
    }

    /// The host, an IPv6 address without its brackets.
    pub fn host(&self) -> &str {
        self.0.host_str().unwrap_or_default().trim_start_matches('[').trim_end_matches(']')
    }

    /// The port, the scheme's own if none is written.
    pub fn port(&self) -> u16 {
        self.0.port_or_known_default().unwrap_or_default()
    }

    /// Whether what is sent is encrypted.
    pub fn is_https(&self) -> bool {
        self.0.scheme() == "https"
    }

    /// Whether the server is on this machine.
    pub fn is_loopback(&self) -> bool {
        self.host().parse::<IpAddr>().map_or_else(|_| self.host().eq_ignore_ascii_case("localhost"), |address| address.is_loopback())
    }

    /// What the caller should be told about this address, if anything.
    pub fn warning(&self) -> Option<String> {
        let exposed = !self.is_https() && !self.is_loopback();
        exposed.then(|| format!("{self} is not encrypted: anybody on the way can read the token; use https"))
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.as_str().trim_end_matches('/'))
    }
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn only_plain_web_addresses_are_taken() {
        for bad in ["", "lea.example.org", "lea.example.org:5005", "ftp://a", "https://", "https://u:secret@a", "https://a?b", "http://a#b"]
        {
            let refused = Address::parse(bad).unwrap_err();
            assert_eq!(refused.kind(), Kind::Usage, "{bad}");
            assert!(!format!("{refused:?}").contains("secret"));
        }
        for (good, shown, host_port) in [
            ("https://lea.example.org", "https://lea.example.org", "lea.example.org:443"),
            (" http://127.0.0.1:5005/ ", "http://127.0.0.1:5005", "127.0.0.1:5005"),
            ("https://a.example/lea//", "https://a.example/lea", "a.example:443"),
            ("http://[::1]:80", "http://[::1]", "[::1]:80"),
        ] {
            let address = Address::parse(good).unwrap();
            assert_eq!((address.to_string().as_str(), address.host_port().as_str()), (shown, host_port));
        }
    }

    #[test]
    fn plain_http_beyond_this_machine_is_said() {
        for quiet in ["https://a.example", "http://localhost:1", "http://127.0.0.9", "http://[::1]"] {
            assert_eq!(Address::parse(quiet).unwrap().warning(), None, "{quiet}");
        }
        assert!(Address::parse("http://10.0.0.1").unwrap().warning().is_some());
    }

    proptest! {
        #[test]
        fn an_id_stays_one_piece_of_the_path(id in "\\PC{1,40}") {
            let base = Address::parse("https://a.example/lea").unwrap();
            if let Ok(url) = base.join(&["api", "v1", "agents", &id]) {
                prop_assert_eq!(url.host_str(), Some("a.example"));
                prop_assert_eq!(url.path_segments().unwrap().count(), 5);
                prop_assert!(url.path().starts_with("/lea/api/v1/agents/") && url.query().is_none());
            }
        }
    }
}
