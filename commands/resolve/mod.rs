//! `lea resolve`: finds a target on a screenshot, offline, and says why there and nowhere else.

mod corpus;
mod page;
mod report;
mod tell;
mod truth;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use lea::api::{Eyes, ResolveAnswer, TargetSpec, UiElement};
use lea::clock::Clock;
use lea::error::{Error, Kind, Result};
use lea::files::{Access, read_capped, write_whole};
use lea::target::{self, Analyser, Expected, Finding, Order, Place, Reader, likely_scales};
use serde::Serialize;

use crate::context::Context;
use crate::pictures::{check_drawing, numbers, picture, point, without_reader};

/// Scales that can be tried.
const SCALES: std::ops::RangeInclusive<f64> = 0.1..=10.0;

/// Display scales that can be said.
const DISPLAY_SCALES: std::ops::RangeInclusive<f64> = 0.5..=4.0;

/// The threshold of the source's rule.
const COMPAT_THRESHOLD: f64 = 0.7;

#[derive(Debug, clap::Args)]
#[allow(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
#[command(group = clap::ArgGroup::new("target").required(true).multiple(true).args(["anchor", "spec", "corpus", "text", "role"]))]
pub(crate) struct Args {
    /// The screenshot to search, PNG or JPEG
    #[arg(value_hint = clap::ValueHint::FilePath, required_unless_present = "corpus", conflicts_with = "corpus")]
    screenshot: Option<PathBuf>,
    /// A picture of the target, PNG or JPEG; transparent pixels match anything. More than one: each is looked for
    #[arg(long, value_name = "PNG", value_hint = clap::ValueHint::FilePath, conflicts_with_all = ["spec", "corpus"])]
    anchor: Vec<PathBuf>,
    /// A target_spec as JSON, its picture in anchor_image_base64. More than one: each is looked for
    #[arg(long, value_name = "FILE", value_hint = clap::ValueHint::FilePath, conflicts_with = "corpus")]
    spec: Vec<PathBuf>,
    /// What the target says; with --anchor or --spec the two must agree on the place. Takes Tesseract, see lea doctor
    #[arg(long, value_name = "TEXT", conflicts_with_all = ["corpus", "compat"])]
    text: Option<String>,
    /// What kind of element it is: button, link, field, checkbox, radio, "menu item", tab, cell, icon or text
    #[arg(long, value_name = "ROLE", conflicts_with_all = ["corpus", "compat"])]
    role: Option<String>,
    /// Of several, the one that is clearly nearest to this text
    #[arg(long, value_name = "TEXT", conflicts_with_all = ["corpus", "compat"])]
    near: Option<String>,
    /// Of several, the one in the row that holds this text
    #[arg(long, value_name = "TEXT", conflicts_with_all = ["corpus", "compat"])]
    row: Option<String>,
    /// Of several that match by text or role, the one of this number in reading order, from 1
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..), conflicts_with_all = ["corpus", "compat"])]
    index: Option<u32>,
    /// Look for text and role among the elements that another program saw: a JSON list of {label, type, role, center, box}, or what lea elements --json printed
    #[arg(long, value_name = "FILE", value_hint = clap::ValueHint::FilePath, conflicts_with_all = ["corpus", "compat", "anchor"])]
    elements: Option<PathBuf>,
    /// Read the screenshot anew, and keep nothing of what is read
    #[arg(long)]
    no_cache: bool,
    /// Search this part of the screenshot only, in pixels
    #[arg(long, value_name = "X,Y,W,H", value_parser = region, conflicts_with_all = ["corpus", "compat"])]
    region: Option<Place>,
    /// Where the target's centre was when it was recorded, in pixels; chooses among places that are alike
    #[arg(long, value_name = "X,Y", value_parser = point, conflicts_with_all = ["corpus", "compat"])]
    expect: Option<(f64, f64)>,
    /// Score from which a place counts, 0 to 1 [env: LEA_RESOLVE_THRESHOLD; default: 0.50]
    #[arg(long, value_name = "SCORE")]
    threshold: Option<f64>,
    /// Sizes of the target to try, the likely one first [default: 1 and all quotients of 100, 110, 125, 150, 175 and 200 % from 0.5 to 2]
    #[arg(long, value_name = "LIST", value_delimiter = ',', value_parser = scale, conflicts_with = "compat")]
    scales: Option<Vec<f64>>,
    /// Display scale at which the target was recorded, 1.25 for 125 %; only what desktops show it at is tried then
    #[arg(long, value_name = "SCALE", value_parser = display_scale, conflicts_with_all = ["scales", "compat", "corpus"])]
    anchor_scale: Option<f64>,
    /// Display scale of the screenshot; with that of the target it says which size is tried first
    #[arg(long, value_name = "SCALE", value_parser = display_scale, conflicts_with_all = ["scales", "compat", "corpus"])]
    display_scale: Option<f64>,
    /// Where in the target to click, from its centre to the right and down, in its own pixels
    #[arg(long, value_name = "DX,DY", value_parser = point, allow_hyphen_values = true, conflicts_with_all = ["corpus", "compat"])]
    click: Option<(f64, f64)>,
    /// Where on the desktop the screenshot begins, in pixels; negative for a monitor to the left or above
    #[arg(long, value_name = "X,Y", value_parser = origin, allow_hyphen_values = true, conflicts_with = "corpus")]
    origin: Option<(i32, i32)>,
    /// Print every place that matches by itself, none over another; 0 is the exit code if there is one
    #[arg(long, conflicts_with_all = ["corpus", "compat"])]
    all: bool,
    /// Prove at each size that no place has a higher correlation than the best that is told; slower
    #[arg(long)]
    exact: bool,
    /// Answer by the older servers' rule: seven sizes, the first score of 0.95, else the best from 0.7 on. To compare with, not to click by
    #[arg(long)]
    compat: bool,
    /// Draw what was searched and found on a copy of the screenshot
    #[arg(long, value_name = "OUT.png", value_hint = clap::ValueHint::FilePath, conflicts_with = "corpus")]
    annotate: Option<PathBuf>,
    /// Print every place that was considered, and what spoke for and against it
    #[arg(long, conflicts_with = "corpus")]
    explain: bool,
    /// Answer every case of this folder's truth.json, and tell how many are right, refused and wrong
    #[arg(long, value_name = "DIR", value_hint = clap::ValueHint::DirPath)]
    corpus: Option<PathBuf>,
    #[command(flatten)]
    corpus_options: corpus::Options,
}

impl Args {
    /// The settings that flags of this command set: flag, setting, value.
    pub(crate) fn settings(&self) -> Vec<(&'static str, &'static str, String)> {
        self.threshold.map(|threshold| ("--threshold", "resolve.threshold", threshold.to_string())).into_iter().collect()
    }

    fn rule(&self, context: &Context) -> Rule {
        let threshold = context.settings.resolve.threshold;
        match (self.compat, self.threshold) {
            (true, None) => Rule { compat: true, exact: self.exact, threshold: COMPAT_THRESHOLD },
            (compat, _) => Rule { compat, exact: self.exact, threshold },
        }
    }
}

/// How it is decided.
#[derive(Debug, Clone, Copy)]
struct Rule {
    compat: bool,
    exact: bool,
    threshold: f64,
}

impl Rule {
    /// Looks for `spec`.
    fn resolve(self, spec: &TargetSpec, order: &Order<'_>, elements: Option<&[UiElement]>, eyes: Eyes<'_>) -> Result<Finding> {
        let order = Order { threshold: self.threshold, exact: self.exact, ..*order };
        if self.compat {
            target::resolve_by_source_rule(&order, eyes.pixels)
        } else {
            eyes.find(spec, &order, elements).map_err(without_reader)
        }
    }
}

fn region(text: &str) -> Result<Place, String> {
    match numbers::<4, u32>(text) {
        Some([x, y, width, height]) if width > 0 && height > 0 => Ok(Place { x, y, width, height }),
        _ => Err("give four whole numbers: left, top, width, height; width and height above 0".to_owned()),
    }
}

fn scale(text: &str) -> Result<f64, String> {
    within(text, &SCALES)
}

fn display_scale(text: &str) -> Result<f64, String> {
    within(text, &DISPLAY_SCALES)
}

fn within(text: &str, range: &std::ops::RangeInclusive<f64>) -> Result<f64, String> {
    let number = text.trim().parse().ok().filter(|number| range.contains(number));
    number.ok_or_else(|| format!("give numbers from {} to {}", range.start(), range.end()))
}

fn origin(text: &str) -> Result<(i32, i32), String> {
    numbers::<2, i32>(text).map(|[x, y]| (x, y)).ok_or_else(|| "give two whole numbers: x and y in pixels".to_owned())
}

/// A target that was asked for.
struct Target<'a> {
    /// The file that names it; none where its text and role do.
    path: Option<&'a Path>,
    spec: TargetSpec,
    anchor: Option<Vec<u8>>,
}

/// An answer among several.
#[derive(Serialize)]
struct Named<'a> {
    target: String,
    #[serde(flatten)]
    answer: &'a ResolveAnswer,
}

/// The answers to several targets, in the order in which they were asked.
#[derive(Serialize)]
struct Several<'a> {
    results: Vec<Named<'a>>,
}

pub(crate) fn run(args: &Args, context: &Context) -> Result<ExitCode> {
    if let Some(folder) = &args.corpus {
        return corpus::run(folder, &args.corpus_options, args.scales.as_deref(), args.rule(context), context);
    }
    let Some(path) = &args.screenshot else { return Err(Error::new(Kind::Usage, "invalid_usage", "name a screenshot")) };
    if let Some(out) = &args.annotate {
        check_drawing(out, [path].into_iter().chain(&args.anchor).chain(&args.spec))?;
        if args.anchor.len() + args.spec.len() > 1 {
            return Err(Error::new(Kind::Usage, "invalid_annotate", "one drawing shows one target; name a single one with --annotate"));
        }
    }
    let screenshot = picture(path, context)?;
    let targets = targets(args, context)?;
    if let Some(name) = targets.iter().find_map(|target| target.spec.narrows_nothing()) {
        let message = format!("--{name} chooses among several that match by text or role, and neither is given");
        return Err(Error::new(Kind::Usage, "nothing_to_narrow", message).hint("give --text or --role as well"));
    }
    let elements = args.elements.as_deref().map(|path| elements(path, context)).transpose()?;
    let (pixels, text, memory) = (context.pixels(), context.tesseract(), context.scripts(!args.no_cache));
    let analyser = context.analyser()?;
    let eyes = Eyes {
        pixels: &pixels,
        reader: Reader { layout: &pixels, text: &text, memory: &*memory },
        analyser: analyser.as_ref().map(|it| it as &dyn Analyser),
    };
    let mut answers = Vec::new();
    let spinner = context.output.spinner("searching");
    for target in &targets {
        let scales = match &args.scales {
            Some(scales) => scales.clone(),
            None => likely_scales(args.anchor_scale.or(target.spec.anchor_scale), args.display_scale),
        };
        let order = Order {
            expected: args.expect.map(|(x, y)| Expected::Pixels(x, y)),
            region: args.region,
            scales: &scales,
            click: args.click.or(target.spec.offset()),
            ..Order::new(&screenshot, target.anchor.as_deref(), 0.0)
        };
        let began = context.clock.monotonic();
        let finding = args.rule(context).resolve(&target.spec, &order, elements.as_deref(), eyes);
        let elapsed = context.clock.monotonic().saturating_sub(began);
        let finding = finding.inspect_err(|_| spinner.finish_and_clear())?;
        let answer = ResolveAnswer::new(&finding, None, args.origin.unwrap_or_default(), elapsed);
        let answer = if args.all { answer.with_all(&finding) } else { answer };
        let answer = if args.explain { answer.with_explanation(&finding) } else { answer };
        answers.push((target, answer, finding, scales));
    }
    spinner.finish_and_clear();

    if let (Some(path), [(_, _, finding, _)]) = (&args.annotate, answers.as_slice()) {
        match pixels.annotate(&screenshot, finding) {
            Ok(png) => {
                // A screenshot may show anything; its copy is for the one who asked.
                write_whole(path, &png, Access::Owner)?;
                context.output.note(&format!("drawn on {}", path.display()));
            }
            Err(_) => context.output.warn("nothing is drawn: the screenshot cannot be decoded"),
        }
    }
    let name = |target: &Target<'_>| target.path.map(|path| path.display().to_string()).unwrap_or_default();
    match (context.output.is_json(), answers.as_slice()) {
        (true, [(_, answer, ..)]) => context.output.json(answer)?,
        (true, several) => {
            let results = several.iter().map(|(target, answer, ..)| Named { target: name(target), answer }).collect();
            context.output.json(&Several { results })?;
        }
        (false, all) => {
            for (target, answer, finding, scales) in all {
                if all.len() > 1 {
                    context.output.line(&format!("{}:", name(target)))?;
                }
                tell::tell(finding, answer, context)?;
                if args.explain {
                    tell::explain(finding, scales, context)?;
                }
            }
        }
    }
    let done = |answer: &ResolveAnswer| answer.matches.as_ref().map_or(answer.resolved, |matches| !matches.is_empty());
    Ok(if answers.iter().all(|(_, answer, ..)| done(answer)) { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn targets<'a>(args: &'a Args, context: &Context) -> Result<Vec<Target<'a>>> {
    let said = |spec: TargetSpec| TargetSpec {
        by_text: args.text.clone().or(spec.by_text),
        by_role: args.role.clone().or(spec.by_role),
        near: args.near.clone().or(spec.near),
        row: args.row.clone().or(spec.row),
        index: args.index.or(spec.index),
        ..spec
    };
    if args.anchor.is_empty() && args.spec.is_empty() {
        return Ok(vec![Target { path: None, spec: said(TargetSpec::default()), anchor: None }]);
    }
    let anchors = args.anchor.iter().map(|path| {
        let anchor = Some(picture(path, context)?);
        Ok(Target { path: Some(path), spec: said(TargetSpec::default()), anchor })
    });
    let specs = args.spec.iter().map(|path| {
        let spec = said(specification(path, context)?);
        let anchor = spec.anchor();
        Ok(Target { path: Some(path), spec, anchor })
    });
    anchors.chain(specs).collect()
}

/// What another program saw.
fn elements(path: &Path, context: &Context) -> Result<Vec<UiElement>> {
    let bytes = read_capped(path, context.settings.limits.image_bytes as u64)?;
    UiElement::list(&bytes, &path.display().to_string())
}

/// A target specification.
fn specification(path: &Path, context: &Context) -> Result<TargetSpec> {
    let hint = r#"a specification looks like {"anchor_image_base64": "…", "click": {"dx": 0, "dy": 0}, "anchor_scale": 1.0}"#;
    // Base64 takes four bytes for three, and the rest of a specification is short.
    let ceiling = context.settings.limits.image_bytes as u64 * 4 / 3 + 65_536;
    let bytes = read_capped(path, ceiling).map_err(|error| error.hint(hint))?;
    let wrong = |what: String| {
        Error::new(Kind::Input, "invalid_spec", format!("{} is not a target specification{what}", path.display())).hint(hint)
    };
    // By way of an object: a list would be taken by position.
    let object: serde_json::Map<_, _> = serde_json::from_slice(&bytes).map_err(|cause| wrong(String::new()).caused_by(cause))?;
    let spec: TargetSpec = serde_json::from_value(object.into()).map_err(|cause| wrong(String::new()).caused_by(cause))?;
    if let Some(fault) = spec.faults(&[]).first() {
        return Err(wrong(format!(": {} {}", fault.loc.join("."), fault.msg)));
    }
    Ok(spec)
}
