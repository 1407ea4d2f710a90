//! `lea compare`: what the verification of an action sees in the screenshots before and after it, offline.

use std::path::PathBuf;
use std::process::ExitCode;

use lea::api::CompareAnswer;
use lea::error::{Error, Kind, Result};
use lea::files::{Access, write_whole};
use lea::target::{Change, Compare, Judgement, Outcome, Place, judge};

use crate::context::Context;
use crate::output::Columns;
use crate::pictures::{check_drawing, picture, point};

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The screenshot before the action, PNG or JPEG
    #[arg(value_hint = clap::ValueHint::FilePath)]
    before: PathBuf,
    /// The screenshot after it, PNG or JPEG
    #[arg(value_hint = clap::ValueHint::FilePath)]
    after: PathBuf,
    /// Where the action was, in pixels; tells a change there from one elsewhere
    #[arg(long, value_name = "X,Y", value_parser = point)]
    at: Option<(f64, f64)>,
    /// Draw what changed on a copy of the second screenshot
    #[arg(long, value_name = "OUT.png", value_hint = clap::ValueHint::FilePath)]
    annotate: Option<PathBuf>,
}

pub(crate) fn run(args: &Args, context: &Context) -> Result<ExitCode> {
    if let Some(path) = &args.annotate {
        check_drawing(path, [&args.before, &args.after].into_iter())?;
    }
    let (before, after) = (picture(&args.before, context)?, picture(&args.after, context)?);
    let differences = context.differences();
    let outcome = differences.compare(&before, &after)?;
    let at = match (&outcome, args.at) {
        (Outcome::Compared(comparison), Some(place)) => Some(share(place, comparison.screen)?),
        _ => None,
    };
    let judgement = judge(&outcome, at);
    if let Some(path) = &args.annotate {
        if judgement.verdict == Change::Unknown {
            context.output.warn("nothing is drawn: the pictures cannot be compared");
        } else {
            // A screenshot may show anything; its copy is for the one who asked.
            write_whole(path, &differences.annotate(&after, &judgement, at)?, Access::Owner)?;
            context.output.note(&format!("drawn on {}", path.display()));
        }
    }
    if context.output.is_json() {
        context.output.json(&CompareAnswer::from(&judgement))?;
    } else {
        tell(&judgement, context)?;
    }
    Ok(match judgement.verdict {
        Change::Here | Change::Elsewhere | Change::Somewhere => ExitCode::SUCCESS,
        Change::Nothing => ExitCode::FAILURE,
        Change::Unknown => ExitCode::from(Kind::Input.exit_code()),
    })
}

/// A place in pixels as shares of the screen, on which it must lie.
fn share((x, y): (f64, f64), (width, height): (u32, u32)) -> Result<(f64, f64)> {
    let (across, down) = (x / f64::from(width), y / f64::from(height));
    if (0.0..=1.0).contains(&across) && (0.0..=1.0).contains(&down) {
        return Ok((across, down));
    }
    let message = format!("the place {x},{y} lies outside the screenshots of {width}x{height} pixels");
    Err(Error::new(Kind::Input, "invalid_place", message).hint("a place is x,y in pixels from the top left corner"))
}

/// The verdict in a sentence, and what changed in a table.
fn tell(judgement: &Judgement, context: &Context) -> Result<()> {
    context.output.line(&format!("{}: {}", judgement.verdict.word(), judgement.detail))?;
    let mut table = Columns::new(&["REGION", "BOX", "COUNTS"]);
    let shown = |place: &Place| format!("{},{} {}x{}", place.x, place.y, place.width, place.height);
    for (rank, region) in (1..).zip(&judgement.regions) {
        table.row([format!("{rank}"), shown(region), "yes".to_owned()]);
    }
    for ignored in &judgement.ignored {
        table.row(["-".to_owned(), shown(&ignored.place), format!("no, a {}", ignored.why.word())]);
    }
    if table.is_empty() { Ok(()) } else { context.output.table(table) }
}
