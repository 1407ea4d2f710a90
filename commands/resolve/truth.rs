//! A folder of cases with what is known of each.

use lea::error::{Error, Kind, Result};
use lea::target::Expectation;
use serde::Deserialize;
use serde_json::Value;

/// What is known of a corpus: its `truth.json`, or its `texts.json`. Fields that are not listed are left alone.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Truth {
    /// The cases.
    pub(crate) cases: Vec<TruthCase>,
}

/// One case.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct TruthCase {
    /// A number or a word, no two alike.
    pub(crate) id: Value,
    /// The screenshot, a path below the folder.
    pub(crate) image: String,
    /// The anchor, a path below the folder.
    #[serde(default)]
    pub(crate) anchor_png: Option<String>,
    /// The text that the target says.
    #[serde(default)]
    pub(crate) text: Option<String>,
    /// What it is a case of.
    #[serde(default)]
    pub(crate) category: String,
    /// `found`, `ambiguous`, `not_found` or `flat`.
    pub(crate) expect: String,
    /// Where the target is.
    #[serde(default)]
    pub(crate) target: Option<Located>,
    /// Where the target is, if that may be told in several ways, or it is there several times.
    #[serde(default)]
    pub(crate) boxes: Vec<[f64; 4]>,
    /// Where the anchor was cut out.
    #[serde(default)]
    pub(crate) anchor_from: Option<Located>,
}

/// A place on a screenshot, as far as it is known.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Located {
    /// Left, top, width and height in pixels.
    #[serde(default, rename = "box")]
    pub(crate) place: Option<[f64; 4]>,
}

impl Truth {
    /// Reads and checks it.
    ///
    /// # Errors
    /// [`Kind::Input`] naming the first case that is not as it must be.
    pub(crate) fn parse(bytes: &[u8]) -> Result<Self> {
        let wrong = |what: String| {
            let hint = r#"a case looks like {"id": 1, "image": "a.png", "anchor_png": "b.png", "expect": "found", "target": {"box": [x, y, w, h]}}, or with "text" for "anchor_png" and "boxes" for "target""#;
            Error::new(Kind::Input, "invalid_truth", format!("the truth of the corpus: {what}")).hint(hint)
        };
        let mut reader = serde_json::Deserializer::from_slice(bytes);
        let truth: Self =
            serde_path_to_error::deserialize(&mut reader).map_err(|cause| wrong(format!("{}: {}", cause.path(), cause.inner())))?;
        let mut known = std::collections::HashSet::new();
        for case in &truth.cases {
            let name = case.name();
            if !known.insert(name.clone()) {
                return Err(wrong(format!("case {name} stands there twice")));
            }
            case.expectation(false).map_err(|what| wrong(format!("case {name}: {what}")))?;
            let below = |path: &str| {
                let parts = std::path::Path::new(path).components();
                !path.is_empty() && !path.contains('\\') && parts.into_iter().all(|part| matches!(part, std::path::Component::Normal(_)))
            };
            if let Some(path) = [Some(&case.image), case.anchor_png.as_ref()].into_iter().flatten().find(|path| !below(path)) {
                return Err(wrong(format!("case {name}: {path:?} is no path below the folder")));
            }
        }
        if truth.cases.is_empty() { Err(wrong("there is no case in it".to_owned())) } else { Ok(truth) }
    }
}

impl TruthCase {
    /// The id as a text.
    pub(crate) fn name(&self) -> String {
        match &self.id {
            Value::String(text) => text.clone(),
            other => other.to_string(),
        }
    }

    /// What is expected; `told` when the search is told where the target was.
    ///
    /// # Errors
    /// What is wrong with the case.
    pub(crate) fn expectation(&self, told: bool) -> Result<Expectation, String> {
        let place = self.target.as_ref().and_then(|target| target.place);
        let places: Vec<[f64; 4]> = place.into_iter().chain(self.boxes.iter().copied()).collect();
        match (self.expect.as_str(), place) {
            ("found", _) if !places.is_empty() => Ok(Expectation::Found(places)),
            ("found", _) => Err("it says found and not where".to_owned()),
            ("ambiguous", meant) => Ok(Expectation::Ambiguous(meant.filter(|_| told))),
            ("not_found" | "flat", _) => Ok(Expectation::NotFound),
            (other, _) => Err(format!("{other:?} is none of found, ambiguous, not_found, flat")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_truth_that_is_not_as_it_must_be_is_named() {
        let refused = |text: &str| Truth::parse(text.as_bytes()).unwrap_err().to_string();
        let one = |more: &str| format!(r#"{{"cases": [{{"id": 1, "image": "a.png", "anchor_png": "b.png", {more}}}]}}"#);
        assert!(Truth::parse(one(r#""expect": "flat""#).as_bytes()).is_ok());
        assert!(refused(&one(r#""expect": "found""#)).contains("case 1: it says found and not where"));
        assert!(refused(&one(r#""expect": "maybe""#)).contains("none of found"));
        assert!(refused(r#"{"cases": []}"#).contains("no case"));
        assert!(refused(r#"{"cases": [{"id": 1}]}"#).contains("cases[0]"));
        for path in ["../a.png", "/etc/passwd", "", "C:\\\\a.png"] {
            let text = format!(r#"{{"cases": [{{"id": 1, "image": "{path}", "expect": "flat"}}]}}"#);
            assert!(refused(&text).contains("no path below"), "{path}");
        }
        let twice = r#"{"id": 1, "image": "a.png", "expect": "flat"}"#;
        assert!(refused(&format!(r#"{{"cases": [{twice}, {twice}]}}"#)).contains("twice"));
    }
}
