//! Whether a target is on a picture: the one place through which the server looks for a target that nobody asks it to point at.

use serde_json::{Map, Value};

use super::resolve::Eyes;
use super::sought::TargetSpec;
use crate::error::{FieldFault, Kind, Result};
use crate::replay::{Look, Sighted};
use crate::target::{self, Anchors, Order, Presence, Text, Wanted, Why, likely_scales};

/// Places that a look is noted with: the one that was found.
fn sighted(finding: &target::Finding) -> Sighted {
    let best = finding.found().or_else(|| finding.candidates.first().map(|(candidate, _)| candidate));
    Sighted {
        verdict: finding.verdict.word().to_owned(),
        cause: Some(finding.why.word().to_owned()),
        place: finding.found().map(|found| [found.place.x, found.place.y, found.place.width, found.place.height]),
        score: best.map(|candidate| (candidate.score * 1e6).round() / 1e6),
        screen: None,
    }
}

/// Why nobody can ever look for `target`, each field below `at`: no fields of a target, a text or a role where there is no reader of
/// text (`text`, where one is needed), a text that says nothing, an anchor that is no picture or shows nothing to find.
///
/// # Errors
/// When an anchor could not be looked at.
pub fn target_faults(target: &Map<String, Value>, at: &[&str], anchors: &dyn Anchors, text: Option<&dyn Text>) -> Result<Vec<FieldFault>> {
    let below = |fields: &[&str], kind: &str, why: String| FieldFault::new(&[at, fields].concat(), kind, why);
    let Ok(spec) = serde_json::from_value::<TargetSpec>(Value::Object(target.clone())) else {
        return Ok(vec![below(&[], "type_error", "a field of it is of the wrong type".to_owned())]);
    };
    let mut faults = spec.faults(at);
    if let Some(text) = text.filter(|_| spec.wants_text()) {
        let field = if spec.by_text.as_deref().is_some_and(|text| !text.trim().is_empty()) { "by_text" } else { "by_role" };
        if let Err(error) = text.ready() {
            faults.push(below(&[field], "value_error", error.message().to_owned()));
        }
    }
    for (field, said) in [("by_text", spec.query().text), ("near", spec.query().near), ("row", spec.query().row)] {
        if said.is_some_and(|said| Wanted::new(said).is_none()) {
            faults.push(below(&[field], "value_error", "says nothing: no letter, digit or sign is in it".to_owned()));
        }
    }
    let field = &["anchor_image_base64"];
    match spec.anchor().map(|anchor| anchors.quality(&anchor)) {
        None => {}
        Some(Ok(Some(quality))) => {
            let flaw = quality.flaw.map(|flaw| below(field, "value_error", Why::Flawed(flaw).sentence().to_owned()));
            faults.extend(flaw);
        }
        Some(Ok(None)) => faults.push(below(field, "value_error", "is not a readable PNG or JPEG".to_owned())),
        Some(Err(error)) if error.kind() == Kind::TooLarge => faults.push(below(field, "value_error", error.message().to_owned())),
        Some(Err(error)) => return Err(error),
    }
    Ok(faults)
}

/// The score from which an anchor's place may be the target that is to be gone, where nobody says another. Look-alikes reach 0.87, and
/// what is greyed out or under a pointer 0.93.
const STILL_THERE: f64 = 0.9;

/// Looks for `target` on `picture`, PNG or JPEG; `gone` when it is to be gone. `threshold` is the score from which a place counts, 0 to 1;
/// where none is asked for it is `usual`.
///
/// # Errors
/// [`Kind::Unavailable`] where a text cannot be read; [`Kind::TooLarge`] for a picture or a search beyond its ceiling; when these are no
/// fields of a target.
pub fn look_for(
    target: &Map<String, Value>,
    picture: &[u8],
    gone: bool,
    threshold: Option<f64>,
    usual: f64,
    eyes: Eyes<'_>,
) -> Result<Look> {
    let spec: TargetSpec = serde_json::from_value(Value::Object(target.clone()))
        .map_err(|cause| crate::error::Error::new(Kind::Input, "invalid_target", "the target cannot be read").caused_by(cause))?;
    let scales = likely_scales(spec.anchor_scale, None);
    let strict = if gone && !spec.wants_text() { usual.max(STILL_THERE) } else { usual };
    // Nothing is clicked, so a point to click is not asked for either.
    let spec = TargetSpec { click: None, ..spec };
    let find = |threshold| eyes.find(&spec, &Order { scales: &scales, ..Order::new(picture, None, threshold) }, None);
    let mut finding = find(threshold.unwrap_or(strict))?;
    // What would be found and clicked is not gone, however little it scores: in another theme, say.
    if threshold.is_none() && strict > usual && finding.presence() == Presence::Gone {
        let found = find(usual)?;
        if found.presence() == Presence::Shown {
            finding = found;
        }
    }
    Ok(Look { presence: finding.presence(), sighted: sighted(&finding) })
}
