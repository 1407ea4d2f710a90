//! Recorded positions: shares of the screen, or pixels of a screen of known size.

use serde_json::{Map, Value, json};

/// The screen that pixels are of when nobody says, width and height.
const REFERENCE: (f64, f64) = (1920.0, 1080.0);

/// Decimals of a share that was computed from pixels.
const DECIMALS: usize = 6;

/// The position in `value` as shares of width and height, `None` when there is none. Two numbers up to 1 are shares, two beyond 1 are
/// pixels of `ref_width` by `ref_height` in `parameters` (1920 by 1080 when absent). `position_unit` there, `fraction` or `pixels`,
/// settles what could be read either way.
///
/// # Errors
/// A sentence: it is no pair of numbers, lies outside the screen, or could be read either way.
pub(super) fn position(value: Option<&Value>, parameters: &Map<String, Value>) -> Result<Option<(Value, Value)>, String> {
    let pair = match value {
        None | Some(Value::Null) => return Ok(None),
        Some(Value::Array(pair)) if pair.is_empty() => return Ok(None),
        Some(Value::Array(pair)) => pair,
        Some(_) => return Err("by_position must be two numbers".to_owned()),
    };
    let [x, y] = pair.as_slice() else { return Err(format!("by_position has {} numbers where two are needed", pair.len())) };
    let (Some(px), Some(py)) = (x.as_f64(), y.as_f64()) else { return Err("by_position must be two numbers".to_owned()) };
    let (width, height) = (reference(parameters, "ref_width", REFERENCE.0)?, reference(parameters, "ref_height", REFERENCE.1)?);
    let outside = || Err(format!("by_position {px}, {py} lies outside the screen"));
    if px < 0.0 || py < 0.0 {
        return outside();
    }
    let unit = parameters.get("position_unit").filter(|unit| !unit.is_null()).map(|unit| unit.as_str().unwrap_or_default());
    let shares = match unit {
        Some("fraction") => true,
        Some("pixels") => false,
        Some(_) => return Err("position_unit must be fraction or pixels".to_owned()),
        // The corner is the corner.
        None if px == 0.0 && py == 0.0 => true,
        None if px < 1.0 && py < 1.0 => true,
        None if px > 1.0 && py > 1.0 => false,
        // A border of the screen; a pixel would be whole.
        None if px <= 1.0 && py <= 1.0 && (px.fract() != 0.0 || py.fract() != 0.0) => true,
        // An edge of the screen in pixels: the other is beyond any share, and this one a whole pixel.
        None if px.max(py) > 1.0 && px.fract() == 0.0 && py.fract() == 0.0 => false,
        None => return Err(format!("by_position {px}, {py} may be pixels or shares of the screen: say which by position_unit")),
    };
    if shares {
        return if px <= 1.0 && py <= 1.0 { Ok(Some((x.clone(), y.clone()))) } else { outside() };
    }
    if px > width || py > height {
        return Err(format!("by_position {px}, {py} lies outside the screen of {width} by {height} that it is said to be of"));
    }
    // As decimal text, halves to even: what other programs give for the same pixels.
    let share = |pixels: f64, of: f64| json!(format!("{:.DECIMALS$}", pixels / of).parse::<f64>().unwrap_or_default());
    Ok(Some((share(px, width), share(py, height))))
}

/// A size of the reference screen; null and 0 count as absent.
fn reference(parameters: &Map<String, Value>, name: &str, default: f64) -> Result<f64, String> {
    match parameters.get(name) {
        None | Some(Value::Null) => Ok(default),
        Some(value) => match value.as_f64() {
            Some(0.0) => Ok(default),
            Some(size) if size > 0.0 && size.is_finite() => Ok(size),
            _ => Err(format!("{name} must be a number of pixels")),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_could_be_read_either_way_is_refused() {
        let read = |pair: Value, parameters: Value| position(Some(&pair), parameters.as_object().unwrap());
        assert_eq!(read(json!([0.5, 0.25]), json!({})).unwrap(), Some((json!(0.5), json!(0.25))));
        assert_eq!(read(json!([960, 540]), json!({})).unwrap(), Some((json!(0.5), json!(0.5))));
        assert_eq!(read(json!([0, 540]), json!({})).unwrap(), Some((json!(0.0), json!(0.5))));
        assert_eq!(read(json!([0, 0]), json!({})).unwrap(), Some((json!(0), json!(0))));
        assert_eq!(read(json!([1.0, 0.3]), json!({})).unwrap(), Some((json!(1.0), json!(0.3))));
        assert_eq!(read(json!([1, 1]), json!({ "position_unit": "fraction" })).unwrap(), Some((json!(1), json!(1))));
        assert_eq!(
            read(json!([1, 1]), json!({ "position_unit": "pixels", "ref_width": 100, "ref_height": 50 })).unwrap(),
            Some((json!(0.01), json!(0.02)))
        );
        for (pair, parameters) in [
            (json!([1, 1]), json!({})),
            (json!([0.5, 900]), json!({})),
            (json!([1.000_000_1, 0.3]), json!({})),
            (json!([-0.1, 0.5]), json!({})),
            (json!([1921, 5]), json!({})),
            (json!([5, 800]), json!({ "ref_height": 768 })),
            (json!([1]), json!({})),
            (json!(["a", 1]), json!({})),
            (json!("12,13"), json!({})),
            (json!([5, 5]), json!({ "ref_width": "wide" })),
            (json!([5, 5]), json!({ "position_unit": "inches" })),
        ] {
            assert!(read(pair.clone(), parameters).is_err(), "{pair}");
        }
    }
}
