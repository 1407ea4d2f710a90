//! Server-sent events, taken apart: `event:` and `data:` lines up to an empty one. Everything else a stream may hold (comments that
//! keep it alive, ids, times to come back) is passed over.

use std::io::{BufRead, BufReader, Read};

use crate::error::{Error, Kind, Result};

/// The longest line, and the most data of one event, bytes. Progress is a few hundred; a reason is at most some thousand.
pub(super) const MAX_EVENT_BYTES: usize = 256 << 10;

/// One event.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Event {
    /// Its name; `message` where the server gave none.
    pub(super) name: String,
    /// Its data, lines separated by line feeds.
    pub(super) data: String,
}

/// Reads events from a stream, one after the other.
pub(super) struct Events<R> {
    input: BufReader<R>,
}

impl<R: Read> Events<R> {
    /// From the beginning of `input`.
    pub(super) fn new(input: R) -> Self {
        Self { input: BufReader::new(input) }
    }

    /// The next event; none when the stream ends. What stands behind the last empty line of a stream that ends is no event.
    ///
    /// # Errors
    /// `stream_lost` when the stream breaks off, which may be tried again; `event_too_large`; `invalid_stream` when it is no text.
    pub(super) fn read(&mut self) -> Result<Option<Event>> {
        let (mut event, mut any) = (Event::default(), false);
        while let Some(line) = self.line()? {
            if line.is_empty() {
                if any {
                    if event.name.is_empty() {
                        "message".clone_into(&mut event.name);
                    }
                    return Ok(Some(event));
                }
                // A name without data announces nothing.
                event = Event::default();
                continue;
            }
            let (field, value) = line.split_once(':').unwrap_or((&line, ""));
            let value = value.strip_prefix(' ').unwrap_or(value);
            match field {
                "event" => value.clone_into(&mut event.name),
                "data" => {
                    if event.data.len() + value.len() >= MAX_EVENT_BYTES {
                        return Err(too_large());
                    }
                    if any {
                        event.data.push('\n');
                    }
                    event.data.push_str(value);
                    any = true;
                }
                _ => {}
            }
        }
        Ok(None)
    }

    /// A whole line without its end; none at the end of the stream, also where a line is cut off there.
    fn line(&mut self) -> Result<Option<String>> {
        let mut bytes = Vec::new();
        let mut input = Read::take(&mut self.input, MAX_EVENT_BYTES as u64);
        input.read_until(b'\n', &mut bytes).map_err(|cause| {
            Error::new(Kind::Unreachable, "stream_lost", "network: the stream of events broke off")
                .detail("retryable", true)
                .caused_by(cause)
        })?;
        if bytes.pop_if(|last| *last == b'\n').is_none() {
            return if bytes.len() >= MAX_EVENT_BYTES { Err(too_large()) } else { Ok(None) };
        }
        bytes.pop_if(|last| *last == b'\r');
        String::from_utf8(bytes)
            .map(Some)
            .map_err(|_| Error::new(Kind::Server, "invalid_stream", "the stream of events holds something that is no text"))
    }
}

fn too_large() -> Error {
    Error::new(Kind::TooLarge, "event_too_large", format!("an event is larger than {MAX_EVENT_BYTES} bytes"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn all(text: &[u8]) -> Result<Vec<Event>> {
        let mut events = Events::new(text);
        std::iter::from_fn(|| events.read().transpose()).collect()
    }

    fn event(name: &str, data: &str) -> Event {
        Event { name: name.to_owned(), data: data.to_owned() }
    }

    #[test]
    fn names_data_comments_and_both_line_ends() {
        let text =
            b": still there\n\nevent: ended\r\ndata: {\"a\":1}\r\n\r\nid: 7\ndata:one\ndata: two\n\nevent: empty\n\ndata\n\ndata: cut";
        assert_eq!(all(text).unwrap(), [event("ended", "{\"a\":1}"), event("message", "one\ntwo"), event("message", "")]);
    }

    #[test]
    fn ceilings_are_kept() {
        let long = [b"data: ", vec![b'x'; MAX_EVENT_BYTES].as_slice(), b"\n\n"].concat();
        assert_eq!(all(&long).unwrap_err().code(), "event_too_large");
        let many = b"data: 0123456789\n".repeat(MAX_EVENT_BYTES / 10);
        assert_eq!(all(&many).unwrap_err().code(), "event_too_large");
        assert_eq!(all(b"data: \xff\n\n").unwrap_err().code(), "invalid_stream");
    }

    proptest! {
        #[test]
        fn whatever_comes_is_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
            let _ = all(&bytes);
        }

        #[test]
        fn what_was_written_is_read(events in prop::collection::vec(("[a-z]{1,8}", prop::collection::vec("[^\r\n]{0,30}", 1..4)), 0..6)) {
            let mut text = String::new();
            for (name, lines) in &events {
                text.extend(["event: ", name, "\n"]);
                text.extend(lines.iter().flat_map(|line| ["data: ", line, "\n"]));
                text.push('\n');
            }
            let expected: Vec<Event> = events.iter().map(|(name, lines)| event(name, &lines.join("\n"))).collect();
            prop_assert_eq!(all(text.as_bytes()).unwrap(), expected);
        }
    }
}
