//! How much likeness is asked for, and which places are about as good as another.

use super::types::{Candidate, Evidence, Parts, Standing, Strokes, is_recorded_scale};

/// What is asked of a place beyond its score. The numbers stand between what was measured on true places and on look-alikes:
/// see "Targets by anchor" in `docs/decisions.md`.
pub(super) struct Gate {
    /// Least correlation of what is blurred.
    blurred: f64,
    /// And what that correlation must stay below.
    patched: f64,
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
    /// The same as a share of what lies between dark and light in the anchor.
    peak_share: f64,
    /// Most that 97 of 100 parts may differ in mean colour, levels.
    colour_high: f64,
    /// Most that any part may differ in mean colour, levels.
    colour_most: f64,
    /// Most that any part may differ in colour without lightness, levels. Twice as much where [`shows_words`].
    hue_most: f64,
    /// The same as a multiple of how much the ground differs.
    hue_share: f64,
    /// Most that any part may differ in luma, levels.
    roughest: f64,
    /// Least difference of the ground on which the target stands, levels.
    ground: f64,
    /// How unlike the strokes may be. See [`unlike`]; without a limit they need not have been compared.
    unlike: f64,
    /// What letters that are more alike than [`CLEAR_LETTER`] make up for at most, one for one.
    for_letters: f64,
    /// How far one spot may stand out. See [`stands_out`].
    stands_out: f64,
    /// How far the left or the right edge may be off. See [`Strokes::rim`].
    rim: f64,
    /// What lies between dark and light, as a share of what does in the anchor: at least and at most.
    contrast: (f64, f64),
    /// Whether one of the two being greyed out speaks against the place. See [`is_greyed`].
    greyed: bool,
    /// How many pixels the place must have.
    least_pixels: u32,
    /// How far the place must lead over any other. See [`likeness`].
    lead: f64,
}

const NO_LIMIT: f64 = f64::INFINITY;

/// At the scale of the recording, and next to the same pixels: no closer look is needed.
const IDENTICAL: Gate = Gate {
    blurred: 0.9,
    patched: NO_LIMIT,
    least: 0.97,
    letter: 0.94,
    low: 0.0,
    usual: 0.0,
    edge_mean: 0.0,
    colour_peak: 20.0,
    peak_share: 0.25,
    colour_high: NO_LIMIT,
    colour_most: 12.0,
    hue_most: NO_LIMIT,
    hue_share: NO_LIMIT,
    roughest: 14.0,
    ground: 0.0,
    unlike: NO_LIMIT,
    for_letters: 0.0,
    stands_out: NO_LIMIT,
    rim: NO_LIMIT,
    contrast: (0.0, NO_LIMIT),
    greyed: false,
    least_pixels: 0,
    lead: 0.15,
};

/// At the scale of the recording: pixels differ by re-encoding, brightness and hovering only. A small icon turned around may do no
/// worse part by part; its strokes do.
const SAME: Gate = Gate {
    least: 0.90,
    letter: 0.82,
    colour_peak: 45.0,
    peak_share: NO_LIMIT,
    colour_most: 35.0,
    roughest: 32.0,
    unlike: 0.08,
    stands_out: 0.08,
    contrast: (0.66, 1.35),
    ..IDENTICAL
};

/// The same where a text was drawn anew between two pixels: its strokes are alike beyond doubt, and parts are a little different.
const REDRAWN: Gate = Gate { least: 0.80, letter: 0.65, usual: 0.90, roughest: 64.0, unlike: 0.05, ..SAME };

/// At another scale every letter is drawn anew: parts are a little different everywhere, and what decides are the strokes. They say nothing
/// of how dark they are, by which what is greyed out is told.
const SCALED: Gate = Gate {
    blurred: 0.75,
    patched: NO_LIMIT,
    least: 0.62,
    letter: 0.0,
    low: 0.70,
    usual: 0.86,
    edge_mean: 0.80,
    colour_peak: 81.0,
    peak_share: NO_LIMIT,
    colour_high: 21.0,
    colour_most: 40.0,
    hue_most: NO_LIMIT,
    hue_share: NO_LIMIT,
    roughest: NO_LIMIT,
    ground: 0.0,
    unlike: 0.08,
    for_letters: 0.06,
    stands_out: 0.17,
    rim: 0.28,
    contrast: (0.85, 1.6),
    greyed: false,
    least_pixels: LEAST_SCALED,
    lead: 0.2,
};

/// In another theme colours prove nothing but that the ground is another too; an icon in another colour on the same ground is
/// another icon.
const RECOLOURED: Gate = Gate {
    blurred: 0.0,
    patched: NO_LIMIT,
    least: 0.88,
    letter: 0.86,
    low: 0.0,
    usual: 0.0,
    edge_mean: 0.93,
    colour_peak: NO_LIMIT,
    peak_share: NO_LIMIT,
    colour_high: NO_LIMIT,
    colour_most: NO_LIMIT,
    hue_most: 60.0,
    hue_share: 1.2,
    roughest: NO_LIMIT,
    ground: 12.0,
    unlike: 0.095,
    for_letters: 0.0,
    stands_out: NO_LIMIT,
    rim: NO_LIMIT,
    contrast: (0.5, 2.0),
    greyed: true,
    least_pixels: 0,
    lead: 0.3,
};

/// The same where no one factor brings dark and light to the anchor's, as where the ground turned dark and a button on it did not: then
/// strokes say nothing.
const PATCHED: Gate = Gate { patched: 0.9, unlike: NO_LIMIT, ..RECOLOURED };

/// The same where the strokes are alike beyond doubt.
const REDRAWN_RECOLOURED: Gate = Gate { least: 0.78, letter: 0.70, edge_mean: 0.90, unlike: 0.05, ..RECOLOURED };

/// In another theme and at another scale there is little left to go by.
const SCALED_RECOLOURED: Gate = Gate {
    least: 0.88,
    letter: 0.84,
    usual: 0.92,
    edge_mean: 0.95,
    ground: 30.0,
    unlike: 0.20,
    for_letters: 0.06,
    stands_out: 0.15,
    contrast: (0.75, 1.4),
    least_pixels: LEAST_SCALED,
    lead: 0.35,
    ..RECOLOURED
};

/// The same where the strokes are about as alike as they must be at another scale in the same colours.
const REDRAWN_SCALED_RECOLOURED: Gate = Gate { least: 0.75, letter: 0.70, usual: 0.88, edge_mean: 0.91, unlike: 0.10, ..SCALED_RECOLOURED };

/// Whether a place shows words as large as they were recorded, rather than an icon: those are told by what they say, an icon by its colour
/// too. At another scale a word that is greyed out passed beside an icon that is not.
fn shows_words(candidate: &Candidate) -> bool {
    is_recorded_scale(candidate.scale) && candidate.place.width >= 2 * candidate.place.height
}

/// Mean difference of colour, levels, from which on a place is taken for recoloured as a whole.
const RECOLOURED_FROM: f64 = 20.0;

/// Whether a place has other colours than the anchor as a whole, as in another theme. What is off by no more than the same colours may be
/// is not: a button that lights up under the pointer.
pub fn is_recoloured(evidence: &Evidence) -> bool {
    let lit = evidence.parts.is_some_and(|parts| evidence.colour_peak <= SAME.colour_peak && parts.colour_most <= SAME.colour_most);
    evidence.colour_mean >= RECOLOURED_FROM && !lit
}

/// Whether a place in another theme is greyed out and the anchor is not, or the other way round, as far as their contrasts tell: the fainter
/// of them is faint, and drawn in another colour. One colour on two grounds is fainter on one of them.
fn is_greyed(parts: &Parts) -> bool {
    /// What is greyed out has less between dark and light, levels.
    const FAINT: f64 = 120.0;
    /// Colours that are farther apart are two, levels.
    const OTHER_INK: f64 = 24.0;
    parts.depth * parts.contrast.min(1.0) < FAINT && parts.inks.is_some_and(|apart| apart > OTHER_INK)
}

/// Strokes that are off by more than this anywhere are others.
const MOST_OFF: f64 = 0.28;

/// Letters that are more alike than this make up for strokes that are less so. See [`Gate::for_letters`].
const CLEAR_LETTER: f64 = 0.80;

/// A place whose least part, or 15 of 100 parts, are less alike than this is another thing whatever its strokes.
const LEAST_PART: f64 = 0.4;
const USUAL_PART: f64 = 0.75;

/// A place whose strokes are off by so much more than the leader's says something else.
const OTHER_STROKES: f64 = 0.12;

/// So does one whose least part and least letter are less alike than the leader's by this much each.
const OTHER_PART: f64 = 0.40;
const OTHER_LETTER: f64 = 0.30;

/// At another scale a part below this likeness, or a letter below the next, needs the lead after it.
const WORN_PART: f64 = 0.78;
const WORN_LETTER: f64 = 0.80;
const WORN_LEAD: f64 = 0.6;

/// A place whose worst part, worst letter and edges come this close to the leader's is its rival whatever else it lacks.
const CLOSE_PART: f64 = 0.10;
const CLOSE_EDGES: f64 = 0.04;

/// Two places whose colours lie farther apart than this, levels, are not alike whatever their shapes.
const OTHER_COLOUR: f64 = 45.0;

/// At another scale a place of fewer pixels than this shows too little: a shorter arrow is a smaller one. Of what was answered rightly the
/// smallest had 495, and 380 what was not.
const LEAST_SCALED: u32 = 440;

/// What speaks against a place by itself, if anything.
pub(super) fn refused(candidate: &Candidate) -> Option<Standing> {
    let gates = Gate::all_of(candidate);
    let refusal = gates[0].refuses(candidate)?;
    let others = gates[1..].iter().map(|gate| gate.refuses(candidate));
    // What is said is what the last of them, which asks for least, finds.
    others.reduce(Option::and).unwrap_or(Some(refusal))
}

/// Whether strokes may say of a place what the rest of its evidence cannot.
pub fn strokes_decide(candidate: &Candidate) -> bool {
    let Candidate { scale, evidence, .. } = candidate;
    let Some(parts) = &evidence.parts else { return false };
    let drawn_anew = !is_recorded_scale(*scale) || is_recoloured(evidence);
    let in_doubt = || {
        let colours = evidence.colour_peak <= SAME.colour_peak && parts.colour_most <= SAME.colour_most;
        colours && IDENTICAL.refuses(candidate).is_some()
    };
    parts.least >= LEAST_PART && parts.usual >= USUAL_PART && (drawn_anew || in_doubt())
}

/// Whether nothing but its strokes can speak against a place any more.
pub fn hangs_on_strokes(candidate: &Candidate) -> bool {
    Gate::all_of(candidate).iter().any(|gate| gate.refuses_parts(candidate).is_none())
}

/// Whether a place passes, and its strokes were compared: then those of its rivals count.
pub fn passes_by_strokes(candidate: &Candidate) -> bool {
    candidate.evidence.parts.is_some_and(|parts| parts.strokes.is_some()) && refused(candidate).is_none()
}

/// Strokes that are less unlike than this are alike beyond doubt.
const ALIKE: f64 = 0.035;

/// Whether strokes do not say beyond doubt that a place is the one.
pub(super) fn strokes_in_doubt(candidate: &Candidate) -> bool {
    candidate.evidence.parts.and_then(|parts| parts.strokes).is_none_or(|strokes| unlike(&strokes) > ALIKE)
}

/// How unlike strokes are: how far the worst spot is off, and the more the less alike the least alike spot is; 0 for the same pixels.
fn unlike(strokes: &Strokes) -> f64 {
    strokes.off * (1.2 - strokes.alike)
}

/// How far what differs most stands out of what is drawn elsewhere: letters drawn anew are all a little different, another one is
/// different by itself.
fn stands_out(strokes: &Strokes) -> f64 {
    /// Less is no difference.
    const NONE: f64 = 0.02;
    unlike(strokes) * strokes.off / strokes.elsewhere.max(NONE)
}

impl Gate {
    /// Those that a candidate must pass one of, what asks for most of the parts first.
    fn all_of(candidate: &Candidate) -> &'static [&'static Self] {
        match (is_recorded_scale(candidate.scale), is_recoloured(&candidate.evidence)) {
            (true, false) => &[&IDENTICAL, &SAME, &REDRAWN],
            (false, false) => &[&SCALED],
            (true, true) => &[&RECOLOURED, &PATCHED, &REDRAWN_RECOLOURED],
            (false, true) => &[&SCALED_RECOLOURED, &REDRAWN_SCALED_RECOLOURED],
        }
    }

    fn refuses(&self, candidate: &Candidate) -> Option<Standing> {
        let strokes = || candidate.evidence.parts.is_some_and(|parts| self.refuses_strokes(&parts));
        self.refuses_parts(candidate).or_else(|| strokes().then_some(Standing::PartDiffers))
    }

    /// What speaks against a place whatever its strokes.
    fn refuses_parts(&self, candidate: &Candidate) -> Option<Standing> {
        let Candidate { place, evidence, .. } = candidate;
        let Some(parts) = &evidence.parts else { return Some(Standing::Fainter) };
        let colour = evidence.colour_peak > self.colour_peak
            || evidence.colour_peak > self.peak_share * parts.depth
            || parts.colour_high > self.colour_high
            || parts.colour_most > self.colour_most
            || parts.hue_most > self.hue_most * if shows_words(candidate) { 2.0 } else { 1.0 }
            || parts.hue_most > self.hue_share * parts.ground
            || parts.ground < self.ground
            || parts.contrast < self.contrast.0
            || parts.contrast > self.contrast.1
            || self.greyed && is_greyed(parts);
        if colour {
            return Some(Standing::ColourDiffers);
        }
        let part = evidence.blurred.abs() < self.blurred
            || evidence.blurred.abs() >= self.patched
            || parts.least < self.least
            || parts.letter < self.letter
            || parts.low < self.low
            || parts.usual < self.usual
            || parts.edge_mean < self.edge_mean
            || parts.roughest > self.roughest
            || place.width * place.height < self.least_pixels;
        part.then_some(Standing::PartDiffers)
    }

    fn refuses_strokes(&self, parts: &Parts) -> bool {
        if self.unlike.is_infinite() {
            return false;
        }
        let allowed = self.unlike + (parts.letter - CLEAR_LETTER).clamp(0.0, self.for_letters);
        parts.strokes.is_none_or(|strokes| {
            let differs = strokes.off > MOST_OFF || strokes.rim > self.rim;
            differs || unlike(&strokes) > allowed || stands_out(&strokes) > self.stands_out
        })
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
    let other_strokes = mine.strokes.zip(theirs.strokes).is_some_and(|(mine, theirs)| theirs.off - mine.off >= OTHER_STROKES);
    if other_strokes || (mine.least - theirs.least >= OTHER_PART && mine.letter - theirs.letter >= OTHER_LETTER) {
        return false;
    }
    let worn = !recoloured && !is_recorded_scale(leader.scale) && (mine.least < WORN_PART || mine.letter < WORN_LETTER);
    let needed = if worn { WORN_LEAD } else { Gate::all_of(leader)[0].lead };
    let close = theirs.least >= mine.least - CLOSE_PART
        && theirs.letter >= mine.letter - CLOSE_PART
        && other.evidence.edges >= leader.evidence.edges - CLOSE_EDGES;
    // What passes with every part of the anchor, or with its very strokes, is a twin: what differs then lies along an edge.
    let whole = || theirs.least >= IDENTICAL.least && theirs.letter >= IDENTICAL.letter || !strokes_in_doubt(other);
    close || lead(leader, other) < needed || refused(other).is_none() && whole()
}
