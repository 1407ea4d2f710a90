//! `lea anchor check`: quality of anchors by themselves and on screens.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use lea::api::BoxView;
use lea::error::Result;
use lea::target::{self, Finding, Order, Quality, Standing, Verdict};
use lea::vision::Correlation;
use serde::Serialize;

use super::larger::{Larger, larger};
use crate::context::Context;
use crate::output::Columns;
use crate::pictures::{picture, point};

/// A place that scores this much at the recorded scale is where the anchor was cut out.
const OWN: f64 = 0.98;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The anchors, PNG or JPEG
    #[arg(required = true, value_hint = clap::ValueHint::FilePath)]
    anchors: Vec<PathBuf>,
    /// Screenshots that show the target; the one that an anchor was cut out of should be among them
    #[arg(long = "screen", value_name = "SCREENSHOT", num_args = 1.., value_hint = clap::ValueHint::FilePath)]
    screens: Vec<PathBuf>,
    /// Screenshots that do not show the target: an anchor that is found there is not fit
    #[arg(long, value_name = "SCREENSHOT", num_args = 1.., value_hint = clap::ValueHint::FilePath)]
    absent: Vec<PathBuf>,
    /// Where the target's centre was, in pixels; a larger crop is proposed for the place nearest to it
    #[arg(long, value_name = "X,Y", value_parser = point)]
    expect: Option<(f64, f64)>,
    /// Score from which a place counts, 0 to 1 [env: LEA_RESOLVE_THRESHOLD; default: 0.50]
    #[arg(long, value_name = "SCORE")]
    threshold: Option<f64>,
}

impl super::Args {
    /// The settings that flags of this command set: flag, setting, value.
    pub(crate) fn settings(&self) -> Vec<(&'static str, &'static str, String)> {
        let super::Command::Check(args) = &self.command;
        args.threshold.map(|threshold| ("--threshold", "resolve.threshold", threshold.to_string())).into_iter().collect()
    }
}

/// What is wrong with an anchor, or could be better.
#[derive(Debug, Serialize)]
struct Remark {
    code: &'static str,
    detail: String,
    /// Whether it makes the anchor unfit.
    serious: bool,
}

/// An anchor on one screen.
#[derive(Debug, Serialize)]
struct OnScreen {
    screen: String,
    /// Whether the target is said not to be there.
    absent: bool,
    verdict: &'static str,
    cause: &'static str,
    score: Option<f64>,
    scale: Option<f64>,
    match_box: Option<BoxView>,
    /// How many places are as good as one another; 1 when found.
    alike: usize,
    /// A crop that is unique there, if this one is not.
    larger: Option<Larger>,
}

impl OnScreen {
    /// Whether the anchor was cut out of it.
    fn is_own(&self) -> bool {
        self.score.is_some_and(|score| score >= OWN) && self.scale.is_none_or(target::is_recorded_scale)
    }
}

/// All that is known of one anchor.
#[derive(Debug, Serialize)]
struct Report {
    anchor: String,
    width: Option<u32>,
    height: Option<u32>,
    /// Standard deviation of its luma, levels.
    deviation: Option<f64>,
    fit: bool,
    remarks: Vec<Remark>,
    screens: Vec<OnScreen>,
}

#[derive(Debug, Serialize)]
struct Reports {
    anchors: Vec<Report>,
}

pub(super) fn run(args: &Args, context: &Context) -> Result<ExitCode> {
    let pixels = context.pixels();
    let read = |paths: &[PathBuf]| paths.iter().map(|path| Ok((path.clone(), picture(path, context)?))).collect::<Result<Vec<_>>>();
    let (screens, absent) = (read(&args.screens)?, read(&args.absent)?);
    let all: Vec<_> = screens.iter().map(|screen| (screen, false)).chain(absent.iter().map(|screen| (screen, true))).collect();
    let bar = context.output.bar((args.anchors.len() * all.len().max(1)) as u64);
    let mut anchors = Vec::new();
    for path in &args.anchors {
        let anchor = picture(path, context)?;
        let quality = pixels.quality(&anchor)?;
        let mut report = Report {
            anchor: path.display().to_string(),
            width: quality.as_ref().map(|quality| quality.size.0),
            height: quality.as_ref().map(|quality| quality.size.1),
            deviation: quality.as_ref().map(|quality| (quality.deviation * 10.0).round() / 10.0),
            fit: true,
            remarks: by_itself(quality.as_ref()),
            screens: Vec::new(),
        };
        for ((name, screenshot), absent) in &all {
            let seen = on_screen((name, screenshot), *absent, &anchor, args, context, &pixels).inspect_err(|_| bar.finish_and_clear())?;
            report.screens.push(seen);
            bar.inc(1);
        }
        report.remarks.extend(on_screens(&report.screens));
        report.fit = report.remarks.iter().all(|remark| !remark.serious);
        anchors.push(report);
    }
    bar.finish_and_clear();
    let fit = anchors.iter().all(|report| report.fit);
    if context.output.is_json() {
        context.output.json(&Reports { anchors })?;
    } else {
        anchors.iter().try_for_each(|report| tell(report, context))?;
    }
    Ok(if fit { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn by_itself(quality: Option<&Quality>) -> Vec<Remark> {
    let serious = |code, detail: &str| Remark { code, detail: detail.to_owned(), serious: true };
    let Some(quality) = quality else { return vec![serious("undecodable", "it is not a readable PNG or JPEG")] };
    let mut remarks = Vec::new();
    if let Some(flaw) = quality.flaw {
        let why = target::Why::Flawed(flaw);
        remarks.push(serious(why.word(), why.sentence()));
    }
    if let Some((dx, dy)) = quality.repeats {
        let (by, way) = if dx > 0 { (dx, "to the right") } else { (dy, "further down") };
        remarks.push(Remark {
            code: "repeats",
            detail: format!("it looks the same {by} pixels {way}: where its surroundings go on in the same way it cannot be placed"),
            serious: false,
        });
    }
    if !quality.clipped.is_empty() {
        let sides = quality.clipped.iter().map(|side| side.word()).collect::<Vec<_>>().join(", ");
        let detail = format!("something is cut off at its edge ({sides}): what stands there may change, and take the anchor with it");
        remarks.push(Remark { code: "clipped", detail, serious: false });
    }
    remarks
}

fn on_screens(screens: &[OnScreen]) -> Vec<Remark> {
    let mut remarks = Vec::new();
    let mut add = |code, detail: String| remarks.push(Remark { code, detail, serious: true });
    for seen in screens {
        match (seen.absent, seen.verdict) {
            (true, "found" | "ambiguous") => {
                add("accepted_where_absent", format!("it is seen on {}, which does not show the target", seen.screen));
            }
            (false, "ambiguous") => add("not_unique", format!("{} places on {} are as good as one another", seen.alike, seen.screen)),
            (false, "unusable_screen") => add("unusable_screen", format!("nothing can be found on {}", seen.screen)),
            _ => {}
        }
    }
    let shown = screens.iter().filter(|seen| !seen.absent);
    if shown.clone().count() > 0 && shown.clone().all(|seen| seen.verdict == "absent") {
        add("found_nowhere", "it is on none of the screens that show the target".to_owned());
    } else if shown.clone().any(|seen| seen.verdict == "found") && !shown.clone().any(OnScreen::is_own) {
        let detail =
            "it is on none of these screens as it was cut out; name the one that it comes from, to know whether it is unique there";
        remarks.push(Remark { code: "own_screen_missing", detail: detail.to_owned(), serious: false });
    }
    remarks
}

fn on_screen(
    (name, screenshot): (&Path, &[u8]),
    absent: bool,
    anchor: &[u8],
    args: &Args,
    context: &Context,
    pixels: &Correlation,
) -> Result<OnScreen> {
    let threshold = context.settings.resolve.threshold;
    let finding = target::resolve(&Order::new(screenshot, Some(anchor), threshold), pixels)?;
    let best = finding.found().or_else(|| finding.candidates.first().map(|(candidate, _)| candidate));
    let alike = finding.candidates.iter().filter(|(_, standing)| *standing == Standing::Alike).count();
    let larger = match (finding.verdict, absent) {
        (Verdict::Ambiguous, false) => proposal(&finding, screenshot, args.expect, threshold, pixels)?,
        _ => None,
    };
    Ok(OnScreen {
        screen: name.display().to_string(),
        absent,
        verdict: finding.verdict.word(),
        cause: finding.why.word(),
        score: best.map(|candidate| (candidate.score * 1e6).round() / 1e6),
        scale: finding.found().map(|found| found.scale),
        match_box: finding.found().map(|found| found.place.into()),
        alike: if finding.verdict == Verdict::Found { 1 } else { alike },
        larger,
    })
}

/// A larger crop around the place that was expected, or else the first of those that are alike.
fn proposal(
    finding: &Finding,
    screenshot: &[u8],
    expect: Option<(f64, f64)>,
    threshold: f64,
    pixels: &Correlation,
) -> Result<Option<Larger>> {
    let alike = finding.candidates.iter().filter(|(_, standing)| *standing == Standing::Alike).map(|(candidate, _)| candidate);
    // What was cut out of this very screen can be cut out anew.
    let own = alike.filter(|candidate| candidate.score >= OWN && target::is_recorded_scale(candidate.scale));
    let chosen = match expect {
        Some(point) => {
            let far = |candidate: &&target::Candidate| target::distance(candidate.place.centre(), point);
            own.min_by(|a, b| far(a).total_cmp(&far(b)))
        }
        None => own.min_by_key(|candidate| (candidate.place.y, candidate.place.x)),
    };
    match (chosen, finding.screen) {
        (Some(chosen), Some(screen)) => larger(screenshot, screen, chosen.place, threshold, pixels),
        _ => Ok(None),
    }
}

fn tell(report: &Report, context: &Context) -> Result<()> {
    let size = report.width.zip(report.height).map(|(width, height)| format!(", {width}x{height} pixels")).unwrap_or_default();
    context.output.line(&format!("{}{size}: {}", report.anchor, if report.fit { "fit" } else { "not fit" }))?;
    for remark in &report.remarks {
        let mark = if remark.serious { "problem" } else { "note" };
        context.output.line(&format!("  {mark}: {} [{}]", remark.detail, remark.code))?;
    }
    let mut table = Columns::new(&["SCREEN", "TARGET IS", "VERDICT", "SCORE", "SCALE", "BOX", "PLACES"]);
    for seen in &report.screens {
        let cell = |text: Option<String>| text.unwrap_or_else(|| "-".to_owned());
        table.row([
            seen.screen.clone(),
            if seen.absent { "absent" } else { "there" }.to_owned(),
            seen.verdict.to_owned(),
            cell(seen.score.map(|score| format!("{score:.4}"))),
            cell(seen.scale.map(|scale| format!("{scale:.3}"))),
            cell(seen.match_box.map(|at| format!("{},{} {}x{}", at.x, at.y, at.width, at.height))),
            if seen.alike > 0 { seen.alike.to_string() } else { "-".to_owned() },
        ]);
    }
    if !table.is_empty() {
        context.output.table(table)?;
    }
    for seen in &report.screens {
        if let Some(larger) = &seen.larger {
            let (at, click) = (larger.place, larger.click);
            let shape = format!("{},{},{},{}", at.x, at.y, at.width, at.height);
            context.output.line(&format!(
                "  unique on {}: the crop {shape}, with the click {},{} from its centre",
                seen.screen, click.dx, click.dy
            ))?;
        }
    }
    Ok(())
}
