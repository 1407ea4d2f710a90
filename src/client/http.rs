//! One call to the configured server: the token to it alone, no redirects, a ceiling on time and size.

use std::fmt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use reqwest::blocking::Response;
use reqwest::header::{AUTHORIZATION, HeaderName, HeaderValue};
use reqwest::{Certificate, Method, Url};
use secrecy::{ExposeSecret, SecretString};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::address::Address;
use super::answer::{Answer, Route};
use super::failure::{blame, transport};
use super::proxy::{Proxy, ProxySettings};
use crate::clock::Time;
use crate::error::{Error, Kind, Result};
use crate::files::read_capped;

/// The largest file of certificate authorities, bytes.
const MAX_CA_BYTES: u64 = 4 << 20;

/// The longest time that connecting may take; what remains is for the answer.
const CONNECT: Duration = Duration::from_secs(10);

/// What a [`Client`] is made of.
#[derive(Debug, Clone)]
pub struct ClientOptions {
    /// Address of the server, `http://…` or `https://…`.
    pub base_url: String,
    /// The token that is shown with each call.
    pub token: Option<SecretString>,
    /// Certificate authorities to trust besides the system's, PEM.
    pub ca_cert: Option<PathBuf>,
    /// The proxies that were named; nothing is read from the environment by itself.
    pub proxy: ProxySettings,
    /// The longest time that one call may take, its answer included.
    pub timeout: Duration,
    /// How the program names itself.
    pub user_agent: String,
}

impl ClientOptions {
    /// The server at `base_url`, with 30 seconds for a call and nothing else.
    pub fn new(base_url: impl Into<String>) -> Self {
        Self {
            base_url: base_url.into(),
            token: None,
            ca_cert: None,
            proxy: ProxySettings::default(),
            timeout: Duration::from_secs(30),
            user_agent: format!("lea/{}", crate::VERSION),
        }
    }
}

/// Talks to one `lea` server.
#[derive(Clone)]
pub struct Client {
    http: reqwest::blocking::Client,
    server: Address,
    proxy: Option<Proxy>,
    token: Option<SecretString>,
    timeout: Duration,
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client").field("server", &self.server).field("proxy", &self.proxy).finish_non_exhaustive()
    }
}

/// One call: everything but the method and the address is optional.
#[derive(Default)]
pub(super) struct Call<'a> {
    /// Shown instead of the client's own token.
    pub(super) token: Option<&'a SecretString>,
    /// Neither token is shown.
    pub(super) anonymous: bool,
    pub(super) query: &'a [(&'a str, String)],
    pub(super) idempotency_key: Option<&'a str>,
    /// Shorter than the client's own.
    pub(super) timeout: Option<Duration>,
    /// Time on top of that: what the server was asked to hold its answer for, or how long a stream is read.
    pub(super) held: Duration,
    pub(super) body: Option<Vec<u8>>,
    /// A file as the body instead, of this many bytes.
    pub(super) file: Option<(std::fs::File, u64)>,
    /// Further headers.
    pub(super) headers: &'a [(HeaderName, String)],
    /// Each piece may take the client's own time, and there may be as many as come.
    pub(super) unhurried: bool,
}

impl Client {
    /// Checks the options and makes a client; nothing is sent yet.
    ///
    /// # Errors
    /// An address, a proxy or a file of authorities that cannot be used; no authority at all for an `https` server.
    pub fn new(options: ClientOptions) -> Result<Self> {
        let server = Address::parse(&options.base_url)?;
        let proxy = options.proxy.choose(&server)?;
        // Only the first call in a process chooses; any later one finds the same provider in place.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let mut builder = reqwest::blocking::Client::builder()
            .user_agent(options.user_agent)
            .redirect(reqwest::redirect::Policy::none())
            .referer(false)
            .retry(reqwest::retry::never())
            .no_proxy()
            .timeout(options.timeout)
            .connect_timeout(options.timeout.mul_f64(0.8).min(CONNECT));
        let authorities = options.ca_cert.as_deref().map(authorities).transpose()?.unwrap_or_default();
        builder = if server.is_https() || proxy.as_ref().is_some_and(Proxy::is_https) {
            builder.tls_certs_merge(authorities)
        } else {
            // No certificate will be looked at: the system's need not be read, nor exist.
            builder.tls_certs_only([])
        };
        if let Some(proxy) = &proxy {
            let unusable = |_| Error::new(Kind::Input, "invalid_proxy", format!("proxy: {} cannot be used", proxy.variable()));
            builder = builder.proxy(reqwest::Proxy::all(proxy.url().clone()).map_err(unusable)?);
        }
        let http = builder.build().map_err(|cause| {
            let text = format!("certificate: this machine has nothing to check the certificate of {} with", server.host_port());
            Error::new(Kind::Input, "no_authorities", text)
                .hint("install the system's certificate authorities (package ca-certificates), or name one with --ca-cert FILE")
                .detail("blame", blame::CERTIFICATE)
                .caused_by(std::error::Error::source(&cause).map_or_else(|| cause.to_string(), ToString::to_string))
        })?;
        Ok(Self { http, server, proxy, token: options.token, timeout: options.timeout })
    }

    /// The address of the server.
    pub fn server(&self) -> &Address {
        &self.server
    }

    /// The proxy between, if there is one.
    pub fn proxy(&self) -> Option<&Proxy> {
        self.proxy.as_ref()
    }

    /// Whether it has a token to show.
    pub fn has_token(&self) -> bool {
        self.token.is_some()
    }

    /// The longest time that one call may take.
    pub fn timeout(&self) -> Duration {
        self.timeout
    }

    /// The same client with another token to show, or none.
    #[must_use]
    pub fn with_token(&self, token: Option<SecretString>) -> Self {
        Self { token, ..self.clone() }
    }

    /// What people should be told before the token is sent, if anything.
    pub fn warning(&self) -> Option<String> {
        self.server.warning()
    }

    pub(super) fn route(&self) -> Route<'_> {
        Route { server: &self.server, proxy: self.proxy.as_ref() }
    }

    /// Sends a call; gives the whole answer, whatever its status.
    pub(super) fn send(&self, method: Method, url: Url, call: Call<'_>) -> Result<Answer> {
        Answer::read(self.open(method, url, call)?, self.route())
    }

    /// Sends a call; gives the answer as soon as its headers are there.
    pub(super) fn open(&self, method: Method, mut url: Url, call: Call<'_>) -> Result<Response> {
        if !call.query.is_empty() {
            url.query_pairs_mut().extend_pairs(call.query.iter().map(|(name, value)| (*name, value.as_str())));
        }
        let mut request = self.http.request(method, url);
        if !call.unhurried {
            request = request.timeout(call.timeout.unwrap_or(self.timeout).min(self.timeout) + call.held);
        }
        for (name, value) in call.headers {
            request = request.header(name, value);
        }
        if let Some(token) = call.token.or(self.token.as_ref()).filter(|_| !call.anonymous) {
            request = request.header(AUTHORIZATION, bearer(token)?);
        }
        if let Some(key) = call.idempotency_key {
            request = request.header("idempotency-key", key);
        }
        if let Some(body) = call.body {
            request = request.header("content-type", "application/json").body(body);
        }
        if let Some((file, length)) = call.file {
            request = request.header("content-type", "application/zip").body(reqwest::blocking::Body::sized(file, length));
        }
        request.send().map_err(|error| transport(&error, &self.server, self.proxy.as_ref()))
    }

    /// Sends a call below `/api/v1/agents` and reads the answer.
    pub(super) fn agents<T: DeserializeOwned>(&self, method: Method, path: &[&str], call: Call<'_>) -> Result<T> {
        let segments: Vec<&str> = ["api", "v1", "agents"].iter().chain(path).copied().collect();
        self.send(method, self.server.join(&segments)?, call)?.success(self.route())
    }

    /// What the server has at `path` (such as `/api/v1/agents/fleet?limit=1`), as it is.
    ///
    /// # Errors
    /// No answer, or a refusal.
    pub fn get_json(&self, path: &str) -> Result<serde_json::Value> {
        self.send(Method::GET, self.server.with_path(path)?, Call::default())?.success(self.route())
    }

    /// Asks `/healthz`, without a token.
    ///
    /// # Errors
    /// No answer, or one that no `lea` server gives.
    pub fn health(&self) -> Result<Health> {
        let call = Call { anonymous: true, ..Call::default() };
        let answer = self.send(Method::GET, self.server.join(&["healthz"])?, call)?;
        let date = answer.date();
        let said: HealthAnswer = answer.success(self.route())?;
        Ok(Health { status: said.status, version: said.version, date })
    }

    /// Asks `/readyz`, without a token: whether the server can work.
    ///
    /// # Errors
    /// No answer, or that it cannot.
    pub fn ready(&self) -> Result<()> {
        let call = Call { anonymous: true, ..Call::default() };
        let answer = self.send(Method::GET, self.server.join(&["readyz"])?, call)?;
        answer.success::<serde_json::Value>(self.route()).map(|_| ())
    }

    /// The server's clock, to the second, if it tells it.
    ///
    /// # Errors
    /// As [`health`](Self::health).
    pub fn server_time(&self) -> Result<Option<Time>> {
        self.health().map(|health| health.date)
    }
}

/// A server that answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Health {
    /// `ok`.
    pub status: String,
    /// The server's version, if it tells it.
    pub version: Option<String>,
    /// The server's clock, to the second, if it tells it.
    pub date: Option<Time>,
}

#[derive(serde::Deserialize)]
struct HealthAnswer {
    status: String,
    version: Option<String>,
}

/// `value` as the body of a request.
pub(super) fn json_body<T: Serialize>(value: &T) -> Result<Vec<u8>> {
    serde_json::to_vec(value)
        .map_err(|cause| Error::new(Kind::Bug, "not_serialisable", "a request could not be written as JSON").caused_by(cause))
}

fn bearer(token: &SecretString) -> Result<HeaderValue> {
    let mut value = HeaderValue::from_str(&format!("Bearer {}", token.expose_secret())).map_err(|_| {
        Error::new(Kind::Input, "invalid_token", "token: the token holds characters that no token has").detail("blame", blame::TOKEN)
    })?;
    value.set_sensitive(true);
    Ok(value)
}

fn authorities(path: &Path) -> Result<Vec<Certificate>> {
    let wrong = |why: &str| {
        Error::new(Kind::Input, "invalid_ca_cert", format!("certificate: {}: {why}", path.display()))
            .hint("--ca-cert takes a file with one or more blocks `-----BEGIN CERTIFICATE-----`")
            .detail("blame", blame::CERTIFICATE)
    };
    let bytes = read_capped(path, MAX_CA_BYTES)?;
    let found = Certificate::from_pem_bundle(&bytes).map_err(|cause| wrong("a certificate cannot be read").caused_by(cause.to_string()))?;
    if found.is_empty() { Err(wrong("it holds no certificate in PEM form")) } else { Ok(found) }
}
