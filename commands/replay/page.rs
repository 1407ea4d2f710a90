//! A replay as one page that needs nothing else: no script, no other file, no network. Pictures are in it as they are.
//!
//! Every text that came from outside is escaped. What was typed and what variables stood for is not on the page; what a screen shows is.

use std::collections::HashMap;
use std::fmt::Write;

use lea::api::{ReplayView, ResultView, TargetView};
use lea::error::Result;

use super::words::{counts, outcome};
use crate::html::{MAX_PICTURES, escaped, head, image};
use crate::times::short;

/// A picture that a result names.
enum Picture {
    Here { number: usize, bytes: Vec<u8>, width: u32, height: u32 },
    TooMuch,
    Missing,
}

/// The pictures of a replay, each once.
pub(super) struct Pictures {
    all: HashMap<String, Picture>,
}

impl Pictures {
    /// Fetches every picture that the results name, as far as they fit.
    pub(super) fn gather(replay: &ReplayView, fetch: impl Fn(&str) -> Result<Vec<u8>>) -> Self {
        let (mut all, mut total) = (HashMap::new(), 0);
        for name in replay.results.iter().flat_map(|result| [&result.screen_before, &result.screen_after]).flatten() {
            if all.contains_key(name) {
                continue;
            }
            let picture = if total >= MAX_PICTURES { Picture::TooMuch } else { Self::fetched(fetch(name), all.len(), &mut total) };
            all.insert(name.clone(), picture);
        }
        Self { all }
    }

    fn fetched(bytes: Result<Vec<u8>>, number: usize, total: &mut usize) -> Picture {
        // What is not kept, and what is named by a word of the agent's own, is said on the page and no failure.
        let Some((bytes, (width, height))) = bytes.ok().and_then(|bytes| lea::vision::size(&bytes).map(|size| (bytes, size))) else {
            return Picture::Missing;
        };
        if *total + bytes.len() > MAX_PICTURES {
            return Picture::TooMuch;
        }
        *total += bytes.len();
        Picture::Here { number, bytes, width, height }
    }

    /// How many did not fit.
    pub(super) fn left_out(&self) -> usize {
        self.all.values().filter(|picture| matches!(picture, Picture::TooMuch)).count()
    }
}

/// The whole page. It is well-formed XML too.
pub(super) fn render(replay: &ReplayView, pictures: &Pictures) -> String {
    let mut page = Page { text: String::new(), pictures, drawn: Vec::new() };
    page.head(replay);
    for (place, result) in replay.results.iter().enumerate() {
        page.attempt(place, replay, result);
    }
    page.text.push_str("</body>\n</html>\n");
    page.text
}

struct Page<'a> {
    text: String,
    pictures: &'a Pictures,
    /// Numbers of pictures that stand on the page already; they are shown again from there.
    drawn: Vec<usize>,
}

impl Page<'_> {
    fn add(&mut self, text: std::fmt::Arguments<'_>) {
        // Writing to a text cannot fail.
        let _ = self.text.write_fmt(text);
    }

    fn head(&mut self, replay: &ReplayView) {
        let id = escaped(&replay.replay_id);
        self.add(format_args!("{}<h1>{id}</h1>\n<table>\n", head(&format!("{}: {}", replay.replay_id, replay.status))));
        let time = |time: Option<lea::clock::Time>| time.map(|time| time.to_string());
        let rows = [
            ("status", Some(replay.status.clone())),
            ("reason", replay.reason.clone()),
            ("actions", Some(counts(replay))),
            ("workflow", Some(replay.workflow_id.clone())),
            ("machine", Some(replay.machine_id.clone())),
            ("session", Some(replay.session_id.clone())),
            ("variables", (!replay.params.is_empty()).then(|| replay.params.keys().cloned().collect::<Vec<_>>().join(", "))),
            ("out", replay.out.as_ref().map(|out| format!("{} ({}) since {}", out.action_id, out.action_type, out.handed_at))),
            ("created", time(Some(replay.created_at))),
            ("started", time(replay.started_at)),
            ("finished", time(replay.finished_at)),
        ];
        for (name, value) in rows {
            if let Some(value) = value {
                self.add(format_args!("<tr><th>{name}</th><td>{}</td></tr>\n", escaped(&value)));
            }
        }
        self.text.push_str(
            "</table>\n<p>Typed text and the values of variables are not on this page. Screens are, with whatever they show.</p>\n",
        );
    }

    fn attempt(&mut self, place: usize, replay: &ReplayView, result: &ResultView) {
        self.add(format_args!(
            "<section>\n<h2>{}. Action {} of {}: {} <span class=\"badge\">{}</span></h2>\n<table>\n",
            place + 1,
            result.action_index + 1,
            replay.total_actions,
            escaped(&result.action_type),
            escaped(&outcome(result)),
        ));
        let seen = result.verification.as_ref();
        let rows = [
            ("action", Some(result.action_id.clone())),
            ("attempt", Some((result.retry_count + 1).to_string())),
            ("time", Some(format!("{}, handed out {}", short(result.ended_at.since(result.handed_at)), result.handed_at))),
            ("screens", seen.map(|seen| format!("{}: {}", seen.verdict, seen.detail))),
            ("target", result.target.as_ref().map(target)),
            ("error", result.error.clone()),
        ];
        for (name, value) in rows {
            if let Some(value) = value {
                self.add(format_args!("<tr><th>{name}</th><td>{}</td></tr>\n", escaped(&value)));
            }
        }
        self.text.push_str("</table>\n<div class=\"shots\">\n");
        self.shot("Before", result.screen_before.as_deref(), result, true);
        self.shot("After", result.screen_after.as_deref(), result, false);
        self.text.push_str("</div>\n</section>\n");
    }

    fn shot(&mut self, title: &str, name: Option<&str>, result: &ResultView, before: bool) {
        let mut caption = title.to_owned();
        self.text.push_str("<figure>\n");
        match name.map(|name| self.pictures.all.get(name)) {
            Some(Some(Picture::Here { number, bytes, width, height })) => {
                self.picture(title, *number, bytes, (*width, *height));
                if before && let Some([x, y, w, h]) = result.target.as_ref().and_then(|target| target.place) {
                    for class in ["halo", "box"] {
                        self.add(format_args!("<rect class=\"{class}\" x=\"{x}\" y=\"{y}\" width=\"{w}\" height=\"{h}\"/>"));
                    }
                    caption.push_str(" · frame: where the target was found");
                }
                if let Some(at) = result.actual_position {
                    let arm = (f64::from((*width).max(*height)) / 60.0).max(4.0);
                    let (x, y) = (at.x, at.y);
                    for class in ["halo", "cross"] {
                        self.add(format_args!("<path class=\"{class}\" d=\"M{} {y}H{}M{x} {}V{}\"/>", x - arm, x + arm, y - arm, y + arm));
                    }
                    caption.push_str(" · cross: where the agent clicked");
                }
                self.text.push_str("</svg>\n");
            }
            Some(Some(Picture::TooMuch)) => self.text.push_str("<div class=\"none\">left out: the page would be too large</div>\n"),
            Some(_) => self.text.push_str("<div class=\"none\">the picture is not kept here</div>\n"),
            None => self.text.push_str("<div class=\"none\">no picture</div>\n"),
        }
        self.add(format_args!("<figcaption>{caption}</figcaption>\n</figure>\n"));
    }

    /// Opens a drawing in the picture's own pixels, with the picture in it.
    fn picture(&mut self, title: &str, number: usize, bytes: &[u8], (width, height): (u32, u32)) {
        self.add(format_args!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" role=\"img\" aria-label=\"{title}\">"
        ));
        if self.drawn.contains(&number) {
            self.add(format_args!("<use href=\"#p{number}\"/>"));
            return;
        }
        self.drawn.push(number);
        self.add(format_args!("<image id=\"p{number}\" width=\"{width}\" height=\"{height}\" href=\"{}\"/>", image(bytes)));
    }
}

fn target(target: &TargetView) -> String {
    let score = target.score.map(|score| format!(", score {score:.3}")).unwrap_or_default();
    format!("{}{score}", target.verdict)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::html::assert_well_formed;
    use lea::error::{Error, Kind};
    use serde_json::json;

    /// A PNG's signature and header: all that the page reads of it.
    fn png(width: u32, height: u32) -> Vec<u8> {
        let body = [&b"IHDR"[..], &width.to_be_bytes(), &height.to_be_bytes(), &[8, 2, 0, 0, 0]].concat();
        let crc = !body.iter().fold(u32::MAX, |crc, &byte| {
            (0..8).fold(crc ^ u32::from(byte), |crc, _| if crc & 1 == 1 { (crc >> 1) ^ 0xEDB8_8320 } else { crc >> 1 })
        });
        // The reader goes on to the first data before it tells the size.
        let data = [&[0, 0, 0, 0][..], b"IDAT", &[0x35, 0xaf, 0x06, 0x1e]].concat();
        [b"\x89PNG\r\n\x1a\n", &13_u32.to_be_bytes()[..], &body, &crc.to_be_bytes(), &data].concat()
    }

    fn replay(error: &str) -> ReplayView {
        let attempt = |index: usize, before: &str, after: &str| {
            json!({
                "action_id": format!("a{index}<"), "action_index": index, "action_type": "click", "outcome": "success", "success": true,
                "error": error, "has_screenshot": true, "actual_position": { "x": 40.5, "y": 20.0 }, "retry_count": 1,
                "verification": { "verified": true, "suggestion": "continue", "detail": error, "verdict": "changed_here" },
                "handed_at": "2026-04-15T07:09:19Z", "ended_at": "2026-04-15T07:09:20.5Z", "session_id": "sess_1",
                "screen_before": before, "screen_after": after,
                "target": { "verdict": "found", "place": [10, 12, 30, 8], "score": 0.98765 }
            })
        };
        serde_json::from_value(json!({
            "replay_id": "replay_1", "workflow_id": error, "session_id": "sess_1", "machine_id": "PC-1", "status": "completed",
            "total_actions": 3, "completed_actions": 3, "failed_actions": 0, "current_action_index": 3,
            "params": { "patient": "Jeanne Martin" },
            "results": [attempt(0, "a.png", "b.png"), attempt(1, "b.png", "c.png"), attempt(2, "C:\\shots\\x", "d.png")],
            "retried_actions": 0, "unverified_actions": 0, "error_log": [], "last_screenshot": null, "unreported_actions": 0,
            "unknown_actions": 0, "skipped_actions": 0, "remaining_actions": 0, "out": null, "reason": null,
            "created_at": "2026-04-15T07:09:18Z", "started_at": null, "finished_at": null
        }))
        .unwrap()
    }

    fn page(error: &str) -> String {
        let replay = replay(error);
        let pictures = Pictures::gather(&replay, |name| match name {
            "a.png" | "b.png" | "c.png" => Ok(png(200, 100)),
            "d.png" => Ok(b"nothing".to_vec()),
            _ => Err(Error::new(Kind::NotFound, "unknown_screen", "x")),
        });
        render(&replay, &pictures)
    }

    #[test]
    fn pictures_stand_once_with_what_was_found_drawn_on_them() {
        let text = page("no");
        assert_well_formed(&text);
        assert_eq!((text.matches("data:image/png").count(), text.matches("<use ").count()), (3, 1));
        assert_eq!(text.matches("viewBox=\"0 0 200 100\"").count(), 4);
        assert_eq!(text.matches("<rect class=\"box\" x=\"10\" y=\"12\" width=\"30\" height=\"8\"/>").count(), 2);
        assert_eq!(text.matches("class=\"cross\"").count(), 4);
        assert_eq!(text.matches("the picture is not kept here").count(), 2, "an agent's own reference, and a damaged file");
        assert!(text.contains("score 0.988") && text.contains("changed_here: no") && text.contains("1.5 s"));
        assert!(text.contains("patient") && !text.contains("Jeanne") && !text.contains("<script"));
        assert!(text.contains("default-src 'none'; img-src data:"));
    }

    #[test]
    fn no_text_from_outside_becomes_a_tag() {
        for hostile in
            ["<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "]]>--><!--", "a\u{0}\u{1b}\u{202e}b", "' onload='x"]
        {
            let text = page(hostile);
            assert_well_formed(&text);
            assert!(!text.contains("<script") && !text.contains("<img") && !text.contains('\u{0}') && !text.contains('\u{202e}'));
        }
    }
}
