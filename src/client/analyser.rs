//! A program that looks at screenshots, over HTTP: the picture is sent to it, and the elements that it sees come back.

use std::time::Duration;

use reqwest::Method;

use super::http::{Call, Client, ClientOptions};
use super::proxy::ProxySettings;
use crate::api::UiElement;
use crate::error::{Error, Kind, Result};
use crate::target::{Analyser, Element};

/// An analyser at an address.
#[derive(Debug)]
pub struct HttpAnalyser {
    client: Client,
}

impl HttpAnalyser {
    /// The analyser at `url`, which has `limit` for an answer. Screens show patients' data, so it must be on this machine, or on a host of
    /// `allowed`, and then behind TLS.
    ///
    /// # Errors
    /// [`Kind::Input`] for an address that is none, or that no screen may be sent to.
    pub fn new(url: &str, allowed: &[String], limit: Duration, proxy: ProxySettings) -> Result<Self> {
        let wrong = |why: String| Error::new(Kind::Input, "invalid_analyzer", format!("resolve.analyzer_url {why}"));
        let options = ClientOptions { timeout: limit, proxy, ..ClientOptions::new(url) };
        let client = Client::new(options).map_err(|error| wrong("cannot be used".to_owned()).caused_by(error))?;
        let server = client.server();
        if !server.is_loopback() {
            let host = server.host();
            if !allowed.iter().any(|named| named.eq_ignore_ascii_case(host)) {
                return Err(wrong(format!("leads to {host}, and screens leave this machine only for hosts of resolve.analyzer_allow")));
            }
            if !server.is_https() {
                return Err(wrong(format!("leads to {host} without TLS, and screens show patients' data")));
            }
        }
        Ok(Self { client })
    }
}

/// What is known of a picture's form.
fn media(picture: &[u8]) -> &'static str {
    if picture.starts_with(&[0xff, 0xd8]) { "image/jpeg" } else { "image/png" }
}

impl Analyser for HttpAnalyser {
    fn analyse(&self, screenshot: &[u8], size: (u32, u32)) -> Result<Vec<Element>> {
        let client = &self.client;
        let call = Call { body: Some(screenshot.to_vec()), media: Some(media(screenshot)), ..Call::default() };
        let unusable = |error: Error| {
            let text = format!("the analyser of screens at {} gave no answer that can be used", client.server().host_port());
            Error::new(Kind::Unreachable, "analyzer_unavailable", text)
                .hint("check that it runs, or leave resolve.analyzer_url unset to read screens here")
                .caused_by(error)
        };
        let answer = client.send(Method::POST, client.server().url(), call).map_err(unusable)?;
        let bytes = answer.bytes(client.route()).map_err(unusable)?;
        let elements = UiElement::list(&bytes, "its answer").map_err(unusable)?;
        Ok(elements.iter().filter_map(|element| element.on(size)).collect())
    }
}
