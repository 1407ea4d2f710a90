//! Which proxy stands between this machine and the server: the usual variables, read the usual way.

use std::fmt;
use std::net::IpAddr;

use reqwest::Url;

use super::address::Address;
use crate::config::Environment;
use crate::error::{Error, Kind, Result};

/// The proxies that were named, and the hosts that are reached without one.
#[derive(Clone, Default)]
pub struct ProxySettings {
    /// For `https` servers: the address, and the variable it came from.
    pub https: Option<(String, &'static str)>,
    /// For `http` servers.
    pub http: Option<(String, &'static str)>,
    /// Hosts that are reached directly, separated by commas or spaces.
    pub no_proxy: Option<String>,
}

impl ProxySettings {
    /// From `HTTPS_PROXY`, `http_proxy`, `ALL_PROXY` and `NO_PROXY`. As with curl, the lower case wins and the name for plain
    /// HTTP is read in lower case alone: a web server hands `HTTP_PROXY` to its programs from a header of any caller.
    pub fn from_environment(environment: &Environment) -> Self {
        let first =
            |names: &[&'static str]| names.iter().find_map(|name| environment.get(name).map(|value| (value.trim().to_owned(), *name)));
        Self {
            https: first(&["https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"]),
            http: first(&["http_proxy", "all_proxy", "ALL_PROXY"]),
            no_proxy: first(&["no_proxy", "NO_PROXY"]).map(|(value, _)| value),
        }
    }

    /// The proxy for `server`, if there is one between. A server on this machine is always reached directly.
    ///
    /// # Errors
    /// [`Kind::Input`] when the one that is named cannot be used.
    pub fn choose(&self, server: &Address) -> Result<Option<Proxy>> {
        let named = if server.is_https() { &self.https } else { &self.http };
        match named {
            Some((text, variable)) if !server.is_loopback() && !self.bypassed(server) => Proxy::parse(text, variable).map(Some),
            _ => Ok(None),
        }
    }

    /// Whether `server` stands in the list of hosts that are reached directly: `*`, a name and all below it, an address, a
    /// network such as `10.0.0.0/8`; each may end in `:PORT`.
    fn bypassed(&self, server: &Address) -> bool {
        let list = self.no_proxy.as_deref().unwrap_or_default();
        list.split([',', ' ']).map(str::trim).filter(|entry| !entry.is_empty()).any(|entry| matches(entry, server))
    }
}

/// The addresses may hold passwords.
impl fmt::Debug for ProxySettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = |entry: &Option<(String, &'static str)>| entry.as_ref().map(|(_, variable)| *variable);
        f.debug_struct("ProxySettings").field("https", &name(&self.https)).field("http", &name(&self.http)).finish_non_exhaustive()
    }
}

fn matches(entry: &str, server: &Address) -> bool {
    if entry == "*" {
        return true;
    }
    let (entry, port) = match entry.rsplit_once(':') {
        Some((host, port)) if !host.contains(':') || host.ends_with(']') => (host, port.parse::<u16>().ok()),
        _ => (entry, None),
    };
    if port.is_some_and(|port| port != server.port()) {
        return false;
    }
    let entry = entry.trim_start_matches('[').trim_end_matches(']');
    if let Ok(address) = server.host().parse::<IpAddr>() {
        return match entry.split_once('/') {
            Some((network, bits)) => within(address, network, bits),
            None => entry.parse() == Ok(address),
        };
    }
    let host = server.host().trim_end_matches('.').to_ascii_lowercase();
    let name = entry.trim_start_matches('*').trim_start_matches('.').to_ascii_lowercase();
    !name.is_empty() && (host == name || host.strip_suffix(&name).is_some_and(|below| below.ends_with('.')))
}

/// Whether `address` shares its first `bits` with `network`.
fn within(address: IpAddr, network: &str, bits: &str) -> bool {
    let (Ok(network), Ok(bits)) = (network.parse::<IpAddr>(), bits.parse::<u32>()) else { return false };
    match (address, network) {
        (IpAddr::V4(a), IpAddr::V4(b)) if bits <= 32 => (a.to_bits() ^ b.to_bits()).checked_shr(32 - bits).unwrap_or(0) == 0,
        (IpAddr::V6(a), IpAddr::V6(b)) if bits <= 128 => (a.to_bits() ^ b.to_bits()).checked_shr(128 - bits).unwrap_or(0) == 0,
        _ => false,
    }
}

/// A proxy that stands between.
#[derive(Clone)]
pub struct Proxy {
    url: Url,
    variable: &'static str,
}

impl Proxy {
    fn parse(text: &str, variable: &'static str) -> Result<Self> {
        let wrong = |why: &str| {
            Error::new(Kind::Input, "invalid_proxy", format!("proxy: {variable} {why}"))
                .detail("blame", "proxy")
                .hint("write it like http://proxy.example.org:3128, or add the server's host to NO_PROXY")
        };
        let text = if text.contains("://") { text.to_owned() } else { format!("http://{text}") };
        let url = Url::parse(&text).map_err(|_| wrong("is no address"))?;
        match url.scheme() {
            "http" | "https" if url.has_host() => Ok(Self { url, variable }),
            scheme if scheme.starts_with("socks") => Err(wrong("names a SOCKS proxy, which is not supported")),
            _ => Err(wrong("must begin with http:// or https://")),
        }
    }

    /// Host and port, without the credentials that the address may hold.
    pub fn host_port(&self) -> String {
        format!("{}:{}", self.url.host_str().unwrap_or_default(), self.url.port_or_known_default().unwrap_or_default())
    }

    /// The variable that names it.
    pub fn variable(&self) -> &'static str {
        self.variable
    }

    /// Whether the way to the proxy itself is encrypted.
    pub(super) fn is_https(&self) -> bool {
        self.url.scheme() == "https"
    }

    pub(super) fn url(&self) -> &Url {
        &self.url
    }
}

impl fmt::Debug for Proxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.host_port(), self.variable)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(variables: &[(&str, &str)]) -> ProxySettings {
        ProxySettings::from_environment(&Environment::new(variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))))
    }

    fn chosen(variables: &[(&str, &str)], server: &str) -> Option<String> {
        settings(variables).choose(&Address::parse(server).unwrap()).unwrap().map(|proxy| proxy.host_port())
    }

    #[test]
    fn each_scheme_has_its_variable() {
        let both = [("HTTPS_PROXY", "http://s:1"), ("http_proxy", "p:2"), ("ALL_PROXY", "http://all:3")];
        assert_eq!(chosen(&both, "https://a").unwrap(), "s:1");
        assert_eq!(chosen(&both, "http://a").unwrap(), "p:2");
        assert_eq!(chosen(&[("ALL_PROXY", "http://all:3")], "http://a").unwrap(), "all:3");
        // Set by a header of a web request, not by this machine's owner.
        assert_eq!(chosen(&[("HTTP_PROXY", "http://evil:1")], "http://a"), None);
        assert_eq!(chosen(&[("HTTPS_PROXY", "  ")], "https://a"), None);
        assert_eq!(chosen(&both, "http://127.0.0.1:5005"), None);
    }

    #[test]
    fn the_list_of_exceptions_is_read_as_curl_reads_it() {
        for (list, server, direct) in [
            ("*", "https://a.example", true),
            ("example", "https://a.example", true),
            (".example", "https://a.EXAMPLE", true),
            ("*.example", "https://a.example", true),
            ("a.example", "https://ba.example", false),
            ("b, a.example:443", "https://a.example", true),
            ("a.example:444", "https://a.example", false),
            ("10.0.0.0/8", "https://10.9.8.7", true),
            ("10.0.0.0/8", "https://11.9.8.7", false),
            ("0.0.0.0/0", "https://11.9.8.7", true),
            ("fd12::1", "https://[fd12::1]:99", true),
            ("[fd12::1]:99", "https://[fd12::1]:99", true),
            ("[fd12::1]:98", "https://[fd12::1]:99", false),
            ("fd00::/8", "https://[fd12::1]", true),
            ("1.2.3.4", "https://1.2.3.4", true),
            ("2.3.4", "https://1.2.3.4", false),
            ("", "https://a", false),
        ] {
            let through = chosen(&[("HTTPS_PROXY", "http://p:1"), ("NO_PROXY", list)], server);
            assert_eq!(through.is_none(), direct, "{list} {server}");
        }
    }

    #[test]
    fn a_proxy_that_cannot_be_used_is_said_without_its_password() {
        let refused = |text| settings(&[("HTTPS_PROXY", text)]).choose(&Address::parse("https://a").unwrap()).unwrap_err();
        assert_eq!(refused("socks5://u:secret@p:1").code(), "invalid_proxy");
        let error = refused("ftp://u:secret@p");
        assert!(!error.report().to_string().contains("secret"));
        let used = settings(&[("HTTPS_PROXY", "http://u:secret@p:1")]);
        let proxy = used.choose(&Address::parse("https://a").unwrap()).unwrap();
        assert!(!format!("{used:?} {proxy:?}").contains("secret"));
    }
}
