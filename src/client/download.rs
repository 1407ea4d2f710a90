//! An update's ZIP from a server: from where it was cut, as often as it makes sense, and never from anywhere else.

use std::io::Read;
use std::time::Duration;

use reqwest::blocking::Response;
use reqwest::header::{CONTENT_LENGTH, CONTENT_RANGE, ETAG, HeaderName, IF_RANGE, RANGE};
use reqwest::{Method, StatusCode, Url};
use serde_json::Value;

use super::answer::{Answer, Route, broken_off};
use super::http::{Call, Client};
use super::retry::{Schedule, Waiting, asked_wait};
use crate::clock::Clock;
use crate::error::{Error, Kind, Result};
use crate::update::{Body, Incoming, Source};

/// How often it is tried again without anything having come in between.
const MOST_FRUITLESS: u32 = 5;

/// How often it is tried again in all: a server that sends a byte at a time comes to an end too.
const MOST_TRIES: u32 = 100;

/// The largest refusal that is read, bytes.
const MAX_REFUSAL: u64 = 1 << 20;

/// The longest wait that a server may ask for; who asks for more is not waited for.
const LONGEST_ASKED: Duration = Duration::from_mins(5);

/// The time in which at least [`LEAST_A_MINUTE`] must come, and how many bytes those are: a trickle holds the folder for nothing.
const A_MINUTE: Duration = Duration::from_mins(1);
const LEAST_A_MINUTE: u64 = 64 << 10;

/// A ZIP on a server.
pub struct Download<'a> {
    client: &'a Client,
    url: Url,
    waiting: Waiting<'a>,
    told: &'a mut dyn FnMut(&Error, Duration),
    /// How long it goes on with nothing coming.
    patience: Duration,
    schedule: Schedule,
    fruitless: u32,
    tries: u32,
}

impl<'a> Download<'a> {
    /// The file at `url`, a path on the client's server or an address there. It is given up once nothing has come for `patience`, so that
    /// a call of the client should take no more than a part of that. `told` hears of each wait before it begins.
    ///
    /// # Errors
    /// [`Kind::Integrity`] for an address of any other server: neither the token nor the update has any business there.
    pub fn new(
        client: &'a Client,
        url: &str,
        patience: Duration,
        waiting: Waiting<'a>,
        told: &'a mut dyn FnMut(&Error, Duration),
    ) -> Result<Self> {
        let server = client.server();
        let url = if url.starts_with('/') {
            server.with_path(url)?
        } else {
            Url::parse(url).map_err(|_| Error::new(Kind::Input, "invalid_plan", "the plan's url cannot be read"))?
        };
        if url.origin() != server.with_path("/")?.origin() || !url.username().is_empty() || url.password().is_some() {
            let text = format!("the plan leads to another server than {}, and nothing is fetched from there", server.host_port());
            return Err(Error::new(Kind::Integrity, "url_other_host", text)
                .hint("publish the ZIP on the configured server, or stage a copy of it with --file"));
        }
        let schedule = Schedule::until(waiting.clock.monotonic() + patience);
        Ok(Self { client, url, waiting, told, patience, schedule, fruitless: 0, tries: 0 })
    }
}

struct Stream<'a> {
    response: Response,
    client: &'a Client,
    clock: &'a dyn Clock,
    /// When this minute began, and what has come in it, bytes.
    minute: (Duration, u64),
}

impl Body for Stream<'_> {
    fn read(&mut self, into: &mut [u8]) -> Result<usize> {
        let count = self.response.read(into).map_err(|broken| broken_off(&broken, self.client.route()))?;
        let now = self.clock.monotonic();
        self.minute.1 += count as u64;
        if now.saturating_sub(self.minute.0) >= A_MINUTE {
            if self.minute.1 < LEAST_A_MINUTE && count > 0 {
                let text = format!("network: {} sent no more than {} bytes in a minute", self.client.server().host_port(), self.minute.1);
                return Err(Error::new(Kind::Unreachable, "too_slow", text).detail("retryable", true));
            }
            self.minute = (now, 0);
        }
        Ok(count)
    }
}

impl<'a> Source<'a> for Download<'a> {
    fn open(&mut self, from: u64, etag: Option<&str>) -> Result<Incoming<'a>> {
        let mut headers: Vec<(HeaderName, String)> = Vec::new();
        if from > 0 {
            headers.push((RANGE, format!("bytes={from}-")));
            headers.extend(etag.map(|etag| (IF_RANGE, etag.to_owned())));
        }
        let call = Call { headers: &headers, unhurried: true, ..Call::default() };
        let response = self.client.open(Method::GET, self.url.clone(), call)?;
        let said = |name: HeaderName| response.headers().get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
        let (status, etag) = (response.status(), said(ETAG));
        let range = said(CONTENT_RANGE);
        let (from, total) = match status {
            StatusCode::PARTIAL_CONTENT => match range.as_deref().and_then(part) {
                Some((first, total)) => (first, total),
                None => return Err(unusable(self.client.route(), "a part of the file without saying which")),
            },
            // All of it is there already, or more than there is.
            StatusCode::RANGE_NOT_SATISFIABLE if from > 0 => {
                let total = range.as_deref().and_then(|text| text.strip_prefix("bytes */")?.parse().ok());
                if total == Some(from) { (from, total) } else { return self.open(0, None) }
            }
            StatusCode::OK => (0, said(CONTENT_LENGTH).and_then(|length| length.parse().ok())),
            _ => return Err(self.refused(response)),
        };
        let empty = status == StatusCode::RANGE_NOT_SATISFIABLE;
        let body: Box<dyn Body + 'a> = if empty {
            Box::new(Nothing)
        } else {
            Box::new(Stream { response, client: self.client, clock: self.waiting.clock, minute: (self.waiting.clock.monotonic(), 0) })
        };
        Ok(Incoming { from, total, etag, body })
    }

    fn again(&mut self, failed: &Error, progressed: bool) -> bool {
        self.fruitless = if progressed { 0 } else { self.fruitless + 1 };
        self.tries += 1;
        let now = self.waiting.clock.monotonic();
        if progressed {
            // What came last came before the silence that this failure ended.
            self.schedule = Schedule::until(now + self.patience / 2);
        }
        if self.fruitless > MOST_FRUITLESS || self.tries > MOST_TRIES {
            return false;
        }
        if asked_wait(failed).is_some_and(|wait| wait > LONGEST_ASKED) {
            return false;
        }
        let Some(wait) = self.schedule.next(now, (self.waiting.random)(), asked_wait(failed)) else { return false };
        (self.told)(failed, wait);
        (self.waiting.sleep)(wait);
        true
    }
}

impl Download<'_> {
    fn refused(&self, response: Response) -> Error {
        let (status, route) = (response.status(), self.client.route());
        let error = match Answer::read_up_to(MAX_REFUSAL, response, route) {
            Ok(answer) => answer.success::<Value>(route).err().unwrap_or_else(|| unusable(route, "something that is no file")),
            Err(error) => error,
        };
        if matches!(status, StatusCode::NOT_FOUND | StatusCode::GONE) {
            let text = format!("{} no longer has this update", route.server.host_port());
            return Error::new(Kind::NotFound, "update_gone", text).hint("ask again with `lea update check`; it may have been withdrawn");
        }
        error
    }
}

fn unusable(route: Route<'_>, what: &str) -> Error {
    Error::new(Kind::Unreachable, "unexpected_answer", format!("network: {} sent {what}", route.server.host_port()))
}

/// Nothing more.
struct Nothing;

impl Body for Nothing {
    fn read(&mut self, _into: &mut [u8]) -> Result<usize> {
        Ok(0)
    }
}

/// First byte and size of the whole that `Content-Range: bytes 5-9/10` says.
fn part(text: &str) -> Option<(u64, Option<u64>)> {
    let (range, total) = text.strip_prefix("bytes ")?.split_once('/')?;
    let (first, last) = range.split_once('-')?;
    let (first, last): (u64, u64) = (first.trim().parse().ok()?, last.trim().parse().ok()?);
    let total = total.trim().parse().ok();
    (first <= last && total.is_none_or(|total: u64| last < total)).then_some((first, total))
}
