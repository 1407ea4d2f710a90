//! What was found, in words.

use lea::api::ResolveAnswer;
use lea::error::Result;
use lea::target::{self, Finding};

use crate::context::Context;
use crate::output::Columns;

/// Places listed by `--explain`.
const MOST_ROWS: usize = 32;

/// The answer in a few lines.
pub(super) fn tell(finding: &Finding, answer: &ResolveAnswer, context: &Context) -> Result<()> {
    let line = |name: &str, text: String| context.output.line(&format!("  {name:<10}{text}"));
    let verdict = &answer.verdict;
    if let (Some(found), Some(click)) = (finding.found(), answer.click) {
        let place = found.place;
        context.output.line(&format!("{verdict} at {},{}", click.x, click.y))?;
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
    for matched in answer.matches.iter().flatten() {
        let place = matched.place;
        line(
            "match",
            format!("{},{} {}x{}, score {:.4} at scale {}", place.x, place.y, place.width, place.height, matched.score, matched.scale),
        )?;
    }
    line("took", format!("{:.0} ms", answer.elapsed_ms))
}

/// Every place, and what was measured there.
pub(super) fn explain(finding: &Finding, asked: &[f64], context: &Context) -> Result<()> {
    if !finding.scales.is_empty() {
        let list = finding.scales.iter().map(|scale| format!("{scale:.3}")).collect::<Vec<_>>().join(", ");
        let rest = if finding.scales.len() < asked.len() { "; others were not needed, or do not fit" } else { "" };
        context.output.line(&format!("  scales    {list}{rest}"))?;
    }
    let mut table =
        Columns::new(&["PLACE", "BOX", "SCORE", "SCALE", "COLOUR", "LEAST PART", "LETTER", "STROKES", "FROM EXPECTED", "STANDING"]);
    for (rank, (candidate, standing)) in (1..).zip(&finding.candidates).take(MOST_ROWS) {
        let (place, evidence) = (candidate.place, &candidate.evidence);
        let none = || "-".to_owned();
        let part = |of: fn(&target::Parts) -> f64| evidence.parts.as_ref().map_or_else(none, |parts| format!("{:.2}", of(parts)));
        let far = finding.expected.map(|point| format!("{:.0} px", target::distance(place.centre(), point)));
        table.row([
            format!("{rank}"),
            format!("{},{} {}x{}", place.x, place.y, place.width, place.height),
            format!("{:.4}", candidate.score),
            format!("{:.3}", candidate.scale).trim_end_matches('0').trim_end_matches('.').to_owned(),
            format!("{:.1}, {:.0} off", evidence.colour_mean, evidence.colour_peak),
            part(|parts| parts.least),
            part(|parts| parts.letter),
            evidence
                .parts
                .and_then(|parts| parts.strokes)
                .map_or_else(none, |strokes| format!("{:.2}, {:.2} off", strokes.alike, strokes.off)),
            far.unwrap_or_else(none),
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
