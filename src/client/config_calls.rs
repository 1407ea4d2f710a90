//! Asking for the configuration: by its version, packed, whole.

use std::io::Read;

use flate2::read::MultiGzDecoder;
use reqwest::Method;
use reqwest::header::{ACCEPT_ENCODING, CONTENT_ENCODING, HeaderName, IF_NONE_MATCH};
use serde_json::Value;

use super::answer::{Answer, MAX_ANSWER_BYTES};
use super::failure::blame;
use super::http::{Call, Client};
use crate::error::{Error, Kind, Result};
use crate::sync::{Fetched, Source};

/// The header in which a server gives a machine its moment within the interval.
const PHASE: HeaderName = HeaderName::from_static("lea-phase");

impl Source for Client {
    fn fetch(&self, known: Option<&str>) -> Result<Fetched> {
        let mut headers = vec![(ACCEPT_ENCODING, "gzip".to_owned())];
        headers.extend(known.map(|known| (IF_NONE_MATCH, known.to_owned())));
        let call = Call { headers: &headers, ..Call::default() };
        let answer = self.send(Method::GET, self.server().join(&["api", "v1", "config", "all"])?, call)?;
        let phase = answer.header(&PHASE).and_then(|text| text.trim().parse().ok());
        if answer.status() == 304 {
            return Ok(Fetched { news: None, phase });
        }
        Ok(Fetched { news: Some(self.whole(answer)?), phase })
    }
}

impl Client {
    /// The body of a success as JSON.
    fn whole(&self, answer: Answer) -> Result<Value> {
        let packed = answer.header(&CONTENT_ENCODING).is_some_and(|encoding| encoding.trim().eq_ignore_ascii_case("gzip"));
        let answer = answer.unpacked(|body| if packed { self.unpack(&body) } else { Ok(body) })?;
        match answer.parsed() {
            Ok(value) if answer.is_success() => Ok(value),
            Err(why) if answer.is_success() && why.is_eof() && !answer.is_empty() => Err(self.cut()),
            _ => answer.success(self.route()),
        }
    }

    fn unpack(&self, body: &[u8]) -> Result<Vec<u8>> {
        let mut plain = Vec::new();
        // What was packed small may be large: no more of it is unpacked than would be read.
        let read = MultiGzDecoder::new(body).take(MAX_ANSWER_BYTES + 1).read_to_end(&mut plain);
        if plain.len() as u64 > MAX_ANSWER_BYTES {
            let text = format!("the answer of {} is larger than {MAX_ANSWER_BYTES} bytes", self.server().host_port());
            return Err(Error::new(Kind::TooLarge, "answer_too_large", text).detail("blame", blame::SERVER));
        }
        read.map(|_| plain).map_err(|cause| self.cut().caused_by(cause))
    }

    fn cut(&self) -> Error {
        let text = format!("network: the answer of {} is not whole", self.server().host_port());
        Error::new(Kind::Unreachable, "answer_cut", text)
            .hint("run it again; if it stays so, something between this machine and the server cuts long answers")
            .detail("blame", blame::NETWORK)
            .detail("retryable", true)
            .detail("host", self.server().host_port())
    }
}
