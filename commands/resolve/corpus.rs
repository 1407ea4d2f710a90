//! `lea resolve --corpus`: a folder of cases, answered one by one.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use lea::api::{Eyes, TargetSpec};
use lea::clock::Clock;
use lea::error::{Error, Kind, Result};
use lea::files::{Access, read_capped, write_whole};
use lea::target::{Analyser, DEFAULT_SCALES, Expected, Order, Reader, Worth};

use super::Rule;
use super::page::Page;
use super::report::{CorpusComparison, CorpusReport, CorpusResult};
use super::truth::Truth;
use crate::context::Context;
use crate::output::Columns;
use crate::pictures::picture;

/// The most that a truth.json or an earlier run may take, bytes.
const MAX_DOCUMENT: u64 = 64 << 20;

#[derive(Debug, clap::Args)]
pub(super) struct Options {
    /// Write a page that shows each wrong or refused case as a picture
    #[arg(long, value_name = "OUT.html", conflicts_with = "screenshot", value_hint = clap::ValueHint::FilePath)]
    html: Option<PathBuf>,
    /// Compare with an earlier run, printed by --json; the exit code is 1 if anything got worse
    #[arg(long, value_name = "FILE", conflicts_with = "screenshot", value_hint = clap::ValueHint::FilePath)]
    baseline: Option<PathBuf>,
    /// Give the place where each anchor was cut out as its expected position
    #[arg(long, conflicts_with_all = ["screenshot", "compat"])]
    with_expected: bool,
}

pub(super) fn run(path: &Path, options: &Options, scales: Option<&[f64]>, rule: Rule, context: &Context) -> Result<ExitCode> {
    // What is compared with is read first: it may be the file that the answer is meant for.
    let baseline = options.baseline.as_deref().map(earlier).transpose()?;
    let hint = "a corpus is a folder with a truth.json or a texts.json and the pictures that it names, or the path of such a file";
    let (folder, document) = located(path);
    let truth = Truth::parse(&read_capped(&document, MAX_DOCUMENT).map_err(|error| error.hint(hint))?)?;
    let mut page = options.html.as_ref().map(|_| Page::new(&folder));
    let mut results = Vec::new();
    let bar = context.output.bar(truth.cases.len() as u64);
    for case in &truth.cases {
        let answered = (|| {
            let expectation = case.expectation(options.with_expected).map_err(|what| Error::new(Kind::Input, "invalid_truth", what))?;
            let screenshot = picture(&folder.join(&case.image), context)?;
            let anchor = case.anchor_png.as_ref().map(|path| picture(&folder.join(path), context)).transpose()?;
            let recorded = case.anchor_from.as_ref().and_then(|from| from.place).filter(|_| options.with_expected);
            let expected = recorded.map(|[x, y, width, height]| Expected::Pixels(x + width / 2.0, y + height / 2.0));
            let scales = scales.unwrap_or(&DEFAULT_SCALES);
            let order = Order { expected, scales, ..Order::new(&screenshot, anchor.as_deref(), rule.threshold) };
            // Each case on its own, so that its time is what one call costs.
            let (pixels, text) = (context.pixels(), context.tesseract());
            let (memory, analyser) = (context.scripts(false), context.analyser()?);
            let reader = Reader { layout: &pixels, text: &text, memory: &*memory };
            let eyes = Eyes { pixels: &pixels, reader, analyser: analyser.as_ref().map(|it| it as &dyn Analyser) };
            let spec = TargetSpec { by_text: case.text.clone(), ..TargetSpec::default() };
            let began = context.clock.monotonic();
            let finding = rule.resolve(&spec, &order, None, eyes)?;
            let millis = context.clock.monotonic().saturating_sub(began).as_secs_f64() * 1e3;
            let result = CorpusResult::new(case, &expectation, &finding, millis);
            if let Some(page) = &mut page
                && result.outcome != Worth::Right.word()
            {
                page.add(case, &result, &finding, pixels.annotate(&screenshot, &finding).ok().as_deref(), anchor.as_deref());
            }
            Ok(result)
        })();
        let answered = answered.map_err(|error: Error| error.led_by(&format!("case {}: ", case.name())));
        results.push(answered.inspect_err(|_| bar.finish_and_clear())?);
        bar.inc(1);
    }
    bar.finish_and_clear();
    let mut report = CorpusReport::new(results, rule.threshold);
    report.baseline = baseline.map(|before| CorpusComparison::new(&before, &report));
    if let (Some(path), Some(page)) = (&options.html, page) {
        if page.left_out() > 0 {
            context.output.warn(&format!("{} pictures are left out: the page would be too large", page.left_out()));
        }
        // A screenshot may show anything; the page is for the one who asked.
        write_whole(path, page.render(&report).as_bytes(), Access::Owner)?;
        context.output.note(&format!("written to {}", path.display()));
    }
    if context.output.is_json() {
        context.output.json(&report)?;
    } else {
        tell(&report, context)?;
    }
    let bad = report.baseline.as_ref().map_or(report.wrong > 0, CorpusComparison::is_worse);
    Ok(if bad { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

/// The folder of a corpus and what is known of it: the file that `path` names, or the one in the folder that it names.
fn located(path: &Path) -> (PathBuf, PathBuf) {
    if path.is_file() {
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        return (folder.to_owned(), path.to_owned());
    }
    let (anchors, texts) = (path.join("truth.json"), path.join("texts.json"));
    (path.to_owned(), if texts.is_file() && !anchors.exists() { texts } else { anchors })
}

/// A run that was printed by `--json`.
fn earlier(path: &Path) -> Result<CorpusReport> {
    let hint = "a baseline is what lea resolve --corpus DIR --json printed";
    let bytes = read_capped(path, MAX_DOCUMENT).map_err(|error| error.hint(hint))?;
    let wrong =
        |cause| Error::new(Kind::Input, "invalid_baseline", format!("{} is no earlier run", path.display())).hint(hint).caused_by(cause);
    serde_json::from_slice(&bytes).map_err(wrong)
}

fn tell(report: &CorpusReport, context: &Context) -> Result<()> {
    let mut table = Columns::new(&["CATEGORY", "CASES", "RIGHT", "REFUSED", "WRONG", "MEDIAN"]);
    for category in &report.categories {
        let name = if category.category.is_empty() { "-" } else { &category.category };
        let [cases, right, refused, wrong] =
            [category.cases, category.right, category.refused, category.wrong].map(|count| count.to_string());
        table.row([name.to_owned(), cases, right, refused, wrong, format!("{:.0} ms", category.p50_ms)]);
    }
    let [cases, right, refused, wrong] = [report.cases, report.right, report.refused, report.wrong].map(|count| count.to_string());
    table.row(["all".to_owned(), cases, right, refused, wrong, format!("{:.0} ms", report.p50_ms)]);
    context.output.table(table)?;
    context.output.line(&format!("95 of 100 cases within {:.0} ms; threshold {:.2}", report.p95_ms, report.threshold))?;
    for result in report.results.iter().filter(|result| result.outcome == Worth::Wrong.word()) {
        let place = result.match_box.map(|at| format!("{},{} {}x{}", at.x, at.y, at.width, at.height)).unwrap_or_default();
        context.output.line(&format!(
            "wrong: case {} ({} on {}): expected {}, found {place}",
            result.id, result.target, result.image, result.expect
        ))?;
    }
    let Some(baseline) = &report.baseline else { return Ok(()) };
    for (word, changes) in [("worse", &baseline.worse), ("better", &baseline.better)] {
        for change in changes {
            context.output.line(&format!("{word}: case {} was {}, is {}", change.id, change.before, change.now))?;
        }
    }
    for id in &baseline.missing {
        context.output.line(&format!("worse: case {id} is gone"))?;
    }
    for id in &baseline.new_wrong {
        context.output.line(&format!("worse: case {id} is new and wrong"))?;
    }
    context.output.line(if baseline.is_worse() { "worse than the baseline" } else { "no worse than the baseline" })
}
