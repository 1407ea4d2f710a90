//! How much likeness is asked for, and which places are about as good as another.

use super::types::{Candidate, Evidence, Standing, is_recorded_scale};

/// What is asked of a place beyond its score. The numbers stand between what was measured on true places and on look-alikes:
/// see "Targets by anchor" in `docs/decisions.md`.
pub(super) struct Gate {
    /// Least correlation of what is blurred.
    blurred: f64,
    /// Least likeness of the least similar part.
    least: f64,
    /// Least likeness of the least similar letter.
    letter: f64,
    /// Least likeness that 97 of 100 parts must reach.
    low: f64,
    /// Least likeness that 85 of 100 parts must reach.
    usual: f64,
    /// Least mean likeness of edges.
    edge_mean: f64,
    /// Most that 98 of 100 pixels may differ in colour, levels.
    colour_peak: f64,
    /// Most that 97 of 100 parts may differ in mean colour, levels.
    colour_high: f64,
    /// Most that any part may differ in mean colour, levels.
    colour_most: f64,
    /// Most that any part may differ in colour without lightness, levels.
    hue_most: f64,
    /// Most that any part may differ in luma, levels.
    roughest: f64,
    /// Least difference of the ground on which the target stands, levels.
    ground: f64,
    /// How far the place must lead over any other. See [`likeness`].
    lead: f64,
}

const NO_LIMIT: f64 = f64::INFINITY;

/// At the scale of the recording: pixels differ by re-encoding, brightness and hovering only.
const SAME: Gate = Gate {
    blurred: 0.9,
    least: 0.90,
    letter: 0.82,
    low: 0.0,
    usual: 0.0,
    edge_mean: 0.0,
    colour_peak: 45.0,
    colour_high: NO_LIMIT,
    colour_most: 35.0,
    hue_most: NO_LIMIT,
    roughest: 32.0,
    ground: 0.0,
    lead: 0.15,
};

/// At another scale every letter is drawn anew, so a likeness proves less.
const SCALED: Gate = Gate {
    blurred: 0.75,
    least: 0.74,
    letter: 0.80,
    low: 0.78,
    usual: 0.88,
    edge_mean: 0.0,
    colour_peak: NO_LIMIT,
    colour_high: 21.0,
    colour_most: 40.0,
    hue_most: NO_LIMIT,
    roughest: NO_LIMIT,
    ground: 0.0,
    lead: 0.2,
};

/// In another theme colours prove nothing but that the ground is another too; an icon in another colour on the same ground is
/// another icon.
const RECOLOURED: Gate = Gate {
    blurred: 0.0,
    least: 0.88,
    letter: 0.86,
    low: 0.0,
    usual: 0.0,
    edge_mean: 0.93,
    colour_peak: NO_LIMIT,
    colour_high: NO_LIMIT,
    colour_most: NO_LIMIT,
    hue_most: 60.0,
    roughest: NO_LIMIT,
    ground: 12.0,
    lead: 0.3,
};

/// In another theme and at another scale there is little left to go by.
const SCALED_RECOLOURED: Gate = Gate { least: 0.88, letter: 0.84, usual: 0.92, edge_mean: 0.95, ground: 40.0, lead: 0.35, ..RECOLOURED };

/// Mean difference of colour, levels, from which on a place is taken for recoloured as a whole.
const RECOLOURED_FROM: f64 = 20.0;

/// Whether a place has other colours than the anchor as a whole, as in another theme.
pub fn is_recoloured(evidence: &Evidence) -> bool {
    evidence.colour_mean >= RECOLOURED_FROM
}

/// At another scale a part below this likeness, or a letter below the next, needs the lead after it.
const WORN_PART: f64 = 0.78;
const WORN_LETTER: f64 = 0.80;
const WORN_LEAD: f64 = 0.6;

/// A place whose worst part, worst letter and edges come this close to the leader's is its rival whatever else it lacks.
const CLOSE_PART: f64 = 0.10;
const CLOSE_EDGES: f64 = 0.04;

/// Two places whose colours lie farther apart than this, levels, are not alike whatever their shapes.
const OTHER_COLOUR: f64 = 45.0;

impl Gate {
    /// The one that a candidate must pass.
    pub(super) fn of(candidate: &Candidate) -> &'static Self {
        match (is_recorded_scale(candidate.scale), is_recoloured(&candidate.evidence)) {
            (true, false) => &SAME,
            (false, false) => &SCALED,
            (true, true) => &RECOLOURED,
            (false, true) => &SCALED_RECOLOURED,
        }
    }

    pub(super) fn refuses(&self, evidence: &Evidence) -> Option<Standing> {
        let Some(parts) = &evidence.parts else { return Some(Standing::Fainter) };
        let colour = evidence.colour_peak > self.colour_peak
            || parts.colour_high > self.colour_high
            || parts.colour_most > self.colour_most
            || parts.hue_most > self.hue_most
            || parts.ground < self.ground;
        if colour {
            return Some(Standing::ColourDiffers);
        }
        let part = evidence.blurred.abs() < self.blurred
            || parts.least < self.least
            || parts.letter < self.letter
            || parts.low < self.low
            || parts.usual < self.usual
            || parts.edge_mean < self.edge_mean
            || parts.roughest > self.roughest;
        part.then_some(Standing::PartDiffers)
    }
}

/// What ranks places: the sum of what says that they are alike, in units of one correlation. Not a probability.
pub(super) fn likeness(candidate: &Candidate) -> f64 {
    /// What being drawn as large as it was recorded is worth.
    const RECORDED: f64 = 0.1;
    let evidence = &candidate.evidence;
    let whole = evidence.blurred.abs() + evidence.edges + if is_recorded_scale(candidate.scale) { RECORDED } else { 0.0 };
    let parts = evidence.parts.map_or(0.0, |parts| parts.luma_mean + parts.edge_mean + f64::midpoint(parts.luma_low, parts.edge_low));
    whole + parts
}

/// How far `leader` is ahead of `other`.
fn lead(leader: &Candidate, other: &Candidate) -> f64 {
    let least = |candidate: &Candidate| candidate.evidence.parts.map_or(0.0, |parts| parts.least);
    likeness(leader) - likeness(other) + (least(leader) - least(other)) / 2.0
}

/// Whether `other` is about as good as `leader`. It need not pass the gates itself: the true place may just fail one.
pub(super) fn is_rival(leader: &Candidate, other: &Candidate) -> bool {
    let (Some(mine), Some(theirs)) = (&leader.evidence.parts, &other.evidence.parts) else { return false };
    let recoloured = is_recoloured(&leader.evidence);
    let colours_apart =
        theirs.colour_most - mine.colour_most > OTHER_COLOUR && other.evidence.colour_peak - leader.evidence.colour_peak > OTHER_COLOUR;
    if !recoloured && colours_apart {
        return false;
    }
    let worn = !recoloured && !is_recorded_scale(leader.scale) && (mine.least < WORN_PART || mine.letter < WORN_LETTER);
    let needed = if worn { WORN_LEAD } else { Gate::of(leader).lead };
    let close = theirs.least >= mine.least - CLOSE_PART
        && theirs.letter >= mine.letter - CLOSE_PART
        && other.evidence.edges >= leader.evidence.edges - CLOSE_EDGES;
    close || lead(leader, other) < needed
}
