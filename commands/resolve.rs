//! `lea resolve`: finds a target on a screenshot, offline, and says why there and nowhere else.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use lea::api::{ResolveAnswer, TargetSpec, ocr_unavailable};
use lea::clock::Clock;
use lea::error::{Error, Kind, Result};
use lea::files::{Access, read_capped, write_whole};
use lea::target::{self, DEFAULT_SCALES, Expected, Finding, Order, Place};

use crate::context::Context;
use crate::output::Columns;
use crate::pictures::{check_drawing, numbers, picture, point};

/// Scales that can be tried.
const SCALES: std::ops::RangeInclusive<f64> = 0.1..=10.0;

/// Places listed by `--explain`.
const MOST_ROWS: usize = 32;

#[derive(Debug, clap::Args)]
#[command(group = clap::ArgGroup::new("target").required(true).args(["anchor", "spec"]))]
pub(crate) struct Args {
    /// The screenshot to search, PNG or JPEG
    #[arg(value_hint = clap::ValueHint::FilePath)]
    screenshot: PathBuf,
    /// A picture of the target, PNG or JPEG
    #[arg(long, value_name = "PNG", value_hint = clap::ValueHint::FilePath)]
    anchor: Option<PathBuf>,
    /// A target_spec as JSON, its picture in anchor_image_base64
    #[arg(long, value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
    spec: Option<PathBuf>,
    /// Search this part of the screenshot only, in pixels
    #[arg(long, value_name = "X,Y,W,H", value_parser = region)]
    region: Option<Place>,
    /// Where the target's centre was when it was recorded, in pixels; chooses among places that are alike
    #[arg(long, value_name = "X,Y", value_parser = point)]
    expect: Option<(f64, f64)>,
    /// Score from which a place counts, 0 to 1 [env: LEA_RESOLVE_THRESHOLD; default: 0.50]
    #[arg(long, value_name = "SCORE")]
    threshold: Option<f64>,
    /// Sizes of the target to try, in this order [default: 1 and all quotients of 100, 110, 125, 150, 175 and 200 % from 0.5 to 2]
    #[arg(long, value_name = "LIST", value_delimiter = ',', value_parser = scale)]
    scales: Option<Vec<f64>>,
    /// Draw what was searched and found on a copy of the screenshot
    #[arg(long, value_name = "OUT.png", value_hint = clap::ValueHint::FilePath)]
    annotate: Option<PathBuf>,
    /// Print every place that was considered, and what spoke for and against it
    #[arg(long)]
    explain: bool,
}

impl Args {
    /// The settings that flags of this command set: flag, setting, value.
    pub(crate) fn settings(&self) -> Vec<(&'static str, &'static str, String)> {
        self.threshold.map(|threshold| ("--threshold", "resolve.threshold", threshold.to_string())).into_iter().collect()
    }
}

fn region(text: &str) -> Result<Place, String> {
    match numbers::<4, u32>(text) {
        Some([x, y, width, height]) if width > 0 && height > 0 => Ok(Place { x, y, width, height }),
        _ => Err("give four whole numbers: left, top, width, height; width and height above 0".to_owned()),
    }
}

fn scale(text: &str) -> Result<f64, String> {
    let scale = text.trim().parse().ok().filter(|scale| SCALES.contains(scale));
    scale.ok_or_else(|| format!("give numbers from {} to {}", SCALES.start(), SCALES.end()))
}

pub(crate) fn run(args: &Args, context: &Context) -> Result<ExitCode> {
    if let Some(path) = &args.annotate {
        let inputs = [Some(&args.screenshot), args.anchor.as_ref(), args.spec.as_ref()];
        check_drawing(path, inputs.into_iter().flatten())?;
    }
    let screenshot = picture(&args.screenshot, context)?;
    let anchor = match (&args.anchor, &args.spec) {
        (Some(path), _) => Some(picture(path, context)?),
        (None, Some(path)) => anchor_of(path, context)?,
        (None, None) => None,
    };
    let pixels = context.pixels();
    let order = Order {
        screenshot: &screenshot,
        anchor: anchor.as_deref(),
        expected: args.expect.map(|(x, y)| Expected::Pixels(x, y)),
        region: args.region,
        threshold: context.settings.resolve.threshold,
        scales: args.scales.as_deref().unwrap_or(&DEFAULT_SCALES),
    };
    let spinner = context.output.spinner("searching");
    let began = context.clock.monotonic();
    let finding = target::resolve(&order, &pixels);
    let elapsed = context.clock.monotonic().saturating_sub(began);
    spinner.finish_and_clear();
    let finding = finding?;

    if let Some(path) = &args.annotate {
        match pixels.annotate(&screenshot, &finding) {
            Ok(png) => {
                // A screenshot may show anything; its copy is for the one who asked.
                write_whole(path, &png, Access::Owner)?;
                context.output.note(&format!("drawn on {}", path.display()));
            }
            Err(_) => context.output.warn("nothing is drawn: the screenshot cannot be decoded"),
        }
    }
    let answer = ResolveAnswer::new(&finding, None, elapsed);
    if context.output.is_json() {
        context.output.json(&answer)?;
    } else {
        tell(&finding, &answer, context)?;
        if args.explain {
            explain(&finding, order.scales, context)?;
        }
    }
    Ok(if answer.resolved { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// The anchor in a target specification.
fn anchor_of(path: &Path, context: &Context) -> Result<Option<Vec<u8>>> {
    let hint = r#"a specification looks like {"anchor_image_base64": "…"}"#;
    // Base64 takes four bytes for three, and the rest of a specification is short.
    let ceiling = context.settings.limits.image_bytes as u64 * 4 / 3 + 65_536;
    let bytes = read_capped(path, ceiling).map_err(|error| error.hint(hint))?;
    let wrong = |cause: serde_json::Error| {
        Error::new(Kind::Input, "invalid_spec", format!("{} is not a target specification", path.display())).hint(hint).caused_by(cause)
    };
    // By way of an object: a list would be taken by position.
    let object: serde_json::Map<_, _> = serde_json::from_slice(&bytes).map_err(wrong)?;
    let spec: TargetSpec = serde_json::from_value(object.into()).map_err(wrong)?;
    if spec.wants_text() {
        return Err(ocr_unavailable(Kind::Input));
    }
    Ok(spec.anchor())
}

/// The answer in a few lines.
fn tell(finding: &Finding, answer: &ResolveAnswer, context: &Context) -> Result<()> {
    let line = |name: &str, text: String| context.output.line(&format!("  {name:<10}{text}"));
    let verdict = &answer.verdict;
    if let Some(found) = finding.found() {
        let ((x, y), place) = (found.place.centre(), found.place);
        context.output.line(&format!("{verdict} at {x},{y}"))?;
        line("box", format!("{},{} {}x{}", place.x, place.y, place.width, place.height))?;
        line("score", format!("{:.4} at scale {} (threshold {:.2})", found.score, found.scale, finding.threshold))?;
    } else {
        context.output.line(verdict)?;
        if let Some(score) = answer.score {
            line("score", format!("{score:.4} at best (threshold {:.2})", finding.threshold))?;
        }
    }
    if let Some(margin) = answer.margin {
        line("margin", format!("{margin:.4} to the next best place"))?;
    }
    line("because", format!("{} [{}]", answer.detail, answer.cause))?;
    line("took", format!("{:.0} ms", answer.elapsed_ms))
}

/// Every place, and what was measured there.
fn explain(finding: &Finding, asked: &[f64], context: &Context) -> Result<()> {
    if !finding.scales.is_empty() {
        let list = finding.scales.iter().map(|scale| format!("{scale:.3}")).collect::<Vec<_>>().join(", ");
        let rest = if finding.scales.len() < asked.len() { "; others were not needed, or do not fit" } else { "" };
        context.output.line(&format!("  scales    {list}{rest}"))?;
    }
    let mut table = Columns::new(&["PLACE", "BOX", "SCORE", "SCALE", "COLOUR", "LEAST PART", "LETTER", "FROM EXPECTED", "STANDING"]);
    for (rank, (candidate, standing)) in (1..).zip(&finding.candidates).take(MOST_ROWS) {
        let (place, evidence) = (candidate.place, &candidate.evidence);
        let part =
            |of: fn(&target::Parts) -> f64| evidence.parts.as_ref().map_or_else(|| "-".to_owned(), |parts| format!("{:.2}", of(parts)));
        let far = finding.expected.map(|point| format!("{:.0} px", target::distance(place.centre(), point)));
        table.row([
            format!("{rank}"),
            format!("{},{} {}x{}", place.x, place.y, place.width, place.height),
            format!("{:.4}", candidate.score),
            format!("{:.3}", candidate.scale).trim_end_matches('0').trim_end_matches('.').to_owned(),
            format!("{:.1}, {:.0} off", evidence.colour_mean, evidence.colour_peak),
            part(|parts| parts.least),
            part(|parts| parts.letter),
            far.unwrap_or_else(|| "-".to_owned()),
            standing.words().to_owned(),
        ]);
    }
    if !table.is_empty() {
        context.output.table(table)?;
    }
    let left_out = finding.candidates.len().saturating_sub(MOST_ROWS);
    if left_out > 0 {
        context.output.line(&format!("  and {left_out} weaker places"))?;
    }
    Ok(())
}
