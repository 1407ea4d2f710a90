//! The cases of a corpus that were not answered as expected, as one page.

use std::fmt::Write;
use std::path::Path;

use lea::target::{Expectation, Finding};

use super::report::{CorpusReport, CorpusResult};
use super::truth::TruthCase;
use crate::html::{MAX_PICTURES, escaped, head, image};

/// What the page will hold.
pub(super) struct Page {
    title: String,
    sections: String,
    bytes: usize,
    left_out: usize,
}

impl Page {
    /// Of the corpus in `folder`.
    pub(super) fn new(folder: &Path) -> Self {
        let name = folder.canonicalize().ok().and_then(|path| path.file_name().map(|name| name.to_string_lossy().into_owned()));
        Self { title: format!("Corpus {}", name.unwrap_or_default()), sections: String::new(), bytes: 0, left_out: 0 }
    }

    /// Pictures that did not fit.
    pub(super) fn left_out(&self) -> usize {
        self.left_out
    }

    /// Adds a case: `drawn` is its screenshot with what was seen on it.
    pub(super) fn add(&mut self, case: &TruthCase, result: &CorpusResult, finding: &Finding, drawn: Option<&[u8]>, anchor: Option<&[u8]>) {
        let mut add = |text: std::fmt::Arguments<'_>| {
            // Writing to a text cannot fail.
            let _ = self.sections.write_fmt(text);
        };
        let heading = escaped(&format!("Case {}: {}", result.id, result.category));
        add(format_args!("<section>\n<h2>{heading} <span class=\"badge\">{}</span></h2>\n<table>\n", escaped(&result.outcome)));
        let rows = [
            ("expected", case.expect.clone()),
            ("answer", format!("{}: {}", result.verdict, finding.why.sentence())),
            ("score", result.score.map(|score| format!("{score:.4}")).unwrap_or_default()),
            ("screenshot", result.image.clone()),
            ("target", result.target.clone()),
        ];
        for (name, value) in rows {
            add(format_args!("<tr><th>{name}</th><td>{}</td></tr>\n", escaped(&value)));
        }
        add(format_args!("</table>\n"));
        for (caption, bytes) in [("the anchor", anchor), ("the screenshot; solid frame: where the target is", drawn)] {
            let Some((bytes, (width, height))) = bytes.and_then(|bytes| lea::vision::size(bytes).map(|size| (bytes, size))) else {
                continue;
            };
            if self.bytes + bytes.len() > MAX_PICTURES {
                self.left_out += 1;
                continue;
            }
            self.bytes += bytes.len();
            let wide = if caption == "the anchor" { format!(" style=\"width:{}px;max-width:100%\"", 2 * width) } else { String::new() };
            add(format_args!(
                "<figure>\n<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" role=\"img\" aria-label=\"{caption}\"{wide}>\
                 <image width=\"{width}\" height=\"{height}\" href=\"{}\"/>",
                image(bytes)
            ));
            if wide.is_empty()
                && let Ok(Expectation::Found(places)) = case.expectation(false)
            {
                for (class, [x, y, w, h]) in ["halo", "box"].iter().flat_map(|class| places.iter().map(move |place| (class, place))) {
                    add(format_args!("<rect class=\"{class}\" x=\"{x}\" y=\"{y}\" width=\"{w}\" height=\"{h}\"/>"));
                }
            }
            add(format_args!("</svg>\n<figcaption>{caption}</figcaption>\n</figure>\n"));
        }
        add(format_args!("</section>\n"));
    }

    /// The whole page. It is well-formed XML too.
    pub(super) fn render(&self, report: &CorpusReport) -> String {
        let mut page = head(&self.title);
        let title = escaped(&self.title);
        let counts = format!(
            "{} cases: {} right, {} refused, {} wrong. Median {:.0} ms, 95 of 100 within {:.0} ms.",
            report.cases, report.right, report.refused, report.wrong, report.p50_ms, report.p95_ms
        );
        let _ = write!(page, "<h1>{title}</h1>\n<p>{counts} Below is each case that was not answered as expected.</p>\n");
        page.push_str(&self.sections);
        page.push_str("</body>\n</html>\n");
        page
    }
}
