//! Carrying a search for text out, on a screenshot or among another program's elements: what says it, what is a neighbour of what,
//! and which of several is meant.

use super::conclude::{Choice, Hit, concluded};
use super::decide::Cause;
use super::element::{Element, Role, elements};
use super::identifier::is_doubtful;
use super::labels::{Label, Lines, Said, sayings};
use super::neighbours::{field_of, in_row, nearest};
use super::read::{Open, Opened, Outcome, Reader, could_be, could_hold, open};
use super::resolve::{Finding, Order, flawed};
use super::types::{Flaw, Place, Standing};
use super::wording::{Fit, Wanted};
use crate::error::{Error, Kind, Result};

/// The longest text that is looked for, characters.
pub const MOST_ASKED: usize = 200;

/// A role that could not be told takes this off the score of a text that fits.
const ROLE_UNTOLD: f64 = 0.9;

/// From this confidence on a word is what it was read as.
const SURE_WORD: f64 = 0.8;

/// What is looked for by what it says. What is none is not asked for.
#[derive(Debug, Clone, Copy, Default)]
pub struct Query<'a> {
    /// What it says.
    pub text: Option<&'a str>,
    /// What kind of element it is, in a word.
    pub role: Option<&'a str>,
    /// A text that stands nearer to it than to others of its kind.
    pub near: Option<&'a str>,
    /// A text that stands in the same row.
    pub row: Option<&'a str>,
    /// Which of several, from 1 in reading order.
    pub index: Option<usize>,
}

/// A text to look for, said in `field`.
fn wanted(text: Option<&str>, field: &str) -> Result<Option<Wanted>> {
    let Some(text) = text else { return Ok(None) };
    let refused = |why: String| Error::new(Kind::Input, "invalid_text", format!("{field} {why}"));
    if text.chars().count() > MOST_ASKED {
        return Err(refused(format!("is longer than {MOST_ASKED} characters")).hint("ask for a part of it that is unique"));
    }
    Wanted::new(text).map(Some).ok_or_else(|| refused("says nothing: no letter, digit or sign is in it".to_owned()))
}

/// A query as it is compared.
struct Asked<'a> {
    text: Option<Wanted>,
    role: Option<&'a str>,
    near: Option<Wanted>,
    row: Option<Wanted>,
    index: Option<usize>,
}

impl<'a> Asked<'a> {
    fn new(query: &Query<'a>) -> Result<Self> {
        if query.index == Some(0) {
            return Err(Error::new(Kind::Input, "invalid_index", "index counts from 1"));
        }
        let role = query.role.map(str::trim).filter(|role| !role.is_empty());
        Ok(Self {
            text: wanted(query.text, "text")?,
            role,
            near: wanted(query.near, "near")?,
            row: wanted(query.row, "row")?,
            index: query.index,
        })
    }

    fn choice(&self, missing: Option<Cause>) -> Choice {
        Choice { by_role_alone: self.text.is_none(), index: self.index, missing }
    }
}

/// Looks for what `query` says on the screenshot of `order`, and decides. The anchor of `order` is not looked at.
///
/// # Errors
/// [`Kind::Input`] for a text that says nothing or is too long, or a region outside the screenshot; those of the reader; and when
/// the picture is beyond a ceiling. A screenshot that cannot be read is a verdict, no error.
pub fn seek(order: &Order<'_>, query: &Query<'_>, reader: Reader<'_>) -> Result<Finding> {
    let asked = Asked::new(query)?;
    if asked.text.is_none() && asked.role.is_none() {
        return Ok(flawed(order, Flaw::NothingAsked, None));
    }
    let mut page = match open(order.screenshot, reader)? {
        Opened::Readable(page) => page,
        Opened::Flawed(flaw, screen) => return Ok(flawed(order, flaw, screen)),
    };
    let screen = page.screen();
    if let Some(region) = order.region.filter(|region| region.within(screen).is_none()) {
        // As the search for anchors refuses it.
        let message = format!("the region {region} lies outside the screenshot of {}x{} pixels", screen.0, screen.1);
        let error = Error::new(Kind::Input, "invalid_region", message);
        return Err(error.hint("a region is x,y,width,height in pixels of the screenshot"));
    }
    let looked = look(&mut page, &asked, order);
    let finding = match looked {
        Ok(Some((hits, missing))) => Ok(concluded(order, hits, asked.choice(missing), screen)),
        Ok(None) => Ok(flawed(order, Flaw::ScreenUnreadable, Some(screen))),
        Err(error) => Err(error),
    };
    page.close();
    finding
}

/// Looks for what `query` says among another program's `elements` on a screen of `size` pixels.
///
/// # Errors
/// [`Kind::Input`] for a text that says nothing or is too long.
pub fn seek_among(elements: &[Element], size: (u32, u32), order: &Order<'_>, query: &Query<'_>) -> Result<Finding> {
    let asked = Asked::new(query)?;
    if asked.text.is_none() && asked.role.is_none() {
        return Ok(flawed(order, Flaw::NothingAsked, Some(size)));
    }
    let inside = |element: &&Element| order.region.is_none_or(|region| is_inside(element.place, region));
    let among: Vec<&Element> = elements.iter().filter(inside).collect();
    let saying = |wanted: &Wanted| -> Vec<Hit> {
        among
            .iter()
            .filter_map(|element| wanted.compare(&element.words).map(|found| (element, found)))
            .map(|(element, found)| Hit {
                place: element.place,
                said: element.place,
                click: element.centre,
                score: found.score,
                fit: found.fit,
                words: element.words.clone(),
                pieces: Vec::new(),
                element: Some((*element).clone()),
                standing: Standing::Weaker,
            })
            .collect()
    };
    let mut hits = match &asked.text {
        Some(text) => saying(text),
        None => among.iter().map(|element| by_role(element)).collect(),
    };
    if let Some(role) = asked.role {
        for hit in &mut hits {
            if !hit.element.as_ref().is_some_and(|element| element.is_a(role)) {
                hit.standing = Standing::RoleDiffers;
            }
        }
        if asked.text.is_none() {
            hits.retain(|hit| hit.standing != Standing::RoleDiffers);
        }
    }
    let capital = 10.0;
    let places = |wanted: &Wanted| best_fits(saying(wanted)).into_iter().map(|hit| (hit.place, capital)).collect::<Vec<_>>();
    let (row, near) = (asked.row.as_ref().map(places), asked.near.as_ref().map(places));
    let missing = narrowed(&mut hits, row.as_deref(), near.as_deref());
    Ok(concluded(order, hits, asked.choice(missing), size))
}

/// What is on a screenshot.
#[derive(Debug, Clone)]
pub enum Inventory {
    /// Its elements, in reading order, on a screenshot of this width and height.
    Elements(Vec<Element>, (u32, u32)),
    /// Nothing can be told of it.
    Unusable(Flaw),
}

/// Reads the whole screenshot and tells its elements: widgets with their labels, and text that is on none.
///
/// # Errors
/// Those of the reader, and when the picture is beyond a ceiling.
pub fn inventory(screenshot: &[u8], reader: Reader<'_>) -> Result<Inventory> {
    let mut page = match open(screenshot, reader)? {
        Opened::Readable(page) => page,
        Opened::Flawed(flaw, _) => return Ok(Inventory::Unusable(flaw)),
    };
    let outcome = page.read(|_, _| true);
    let found = elements(page.script(), &page.lines().all);
    let screen = page.screen();
    page.close();
    Ok(match outcome? {
        Outcome::TooSlow => Inventory::Unusable(Flaw::ScreenUnreadable),
        Outcome::Read => Inventory::Elements(found, screen),
    })
}

/// An element that is looked for by its role alone.
fn by_role(element: &Element) -> Hit {
    Hit {
        place: element.place,
        said: element.place,
        click: element.centre,
        score: element.confidence,
        fit: Fit::Exact,
        words: element.words.clone(),
        pieces: Vec::new(),
        element: Some(element.clone()),
        standing: Standing::Weaker,
    }
}

fn is_inside(place: Place, region: Place) -> bool {
    region.holds(place.centre())
}

/// Those that fit best.
fn best_fits(hits: Vec<Hit>) -> Vec<Hit> {
    let best = hits.iter().map(|hit| hit.fit).min();
    hits.into_iter().filter(|hit| Some(hit.fit) == best).collect()
}

/// The places that may be meant, and what else was asked for and is not there. None where reading took too long.
type Looked = Option<(Vec<Hit>, Option<Cause>)>;

fn look(page: &mut Open<'_>, asked: &Asked<'_>, order: &Order<'_>) -> Result<Looked> {
    let inside = |label: &Label| order.region.is_none_or(|region| is_inside(label.whole(), region));
    if asked.text.is_none() && page.read(|_, _| true)? == Outcome::TooSlow {
        return Ok(None);
    }
    for (wanted, everywhere) in [(&asked.text, false), (&asked.near, true), (&asked.row, true)] {
        if let Some(wanted) = wanted
            && read_for(page, wanted, &|label| everywhere || inside(label))? == Outcome::TooSlow
        {
            return Ok(None);
        }
    }
    let lines = page.lines();
    let said: Vec<Said> = asked.text.as_ref().map(|text| sayings(&lines, text, &inside)).unwrap_or_default();
    let all = elements(page.script(), &lines.all);
    let hits_of = |said: Said| match asked.role {
        Some(role) => with_role(said, role, &all, &lines),
        None => vec![on_element(said, &all)],
    };
    let mut hits: Vec<Hit> = match (&asked.text, asked.role) {
        (Some(_), _) => said.into_iter().flat_map(hits_of).collect(),
        (None, Some(role)) => {
            let meant = |element: &&Element| element.is_a(role) && order.region.is_none_or(|region| is_inside(element.place, region));
            all.iter().filter(meant).map(by_role).collect()
        }
        (None, None) => Vec::new(),
    };
    if let Some(text) = asked.text.as_ref().filter(|_| hits.is_empty()) {
        hits = in_doubt(&lines, text, &inside);
    }
    let places = |wanted: &Wanted| {
        let best = sayings(&lines, wanted, &|_| true);
        let fit = best.iter().map(|said| said.fit).min();
        let capital = |said: &Said| said.pieces.first().and_then(|&at| page.script().pieces.get(at)).map_or(10.0, |piece| piece.capital);
        best.iter().filter(|said| Some(said.fit) == fit).map(|said| (said.place, capital(said))).collect::<Vec<_>>()
    };
    let (row, near) = (asked.row.as_ref().map(places), asked.near.as_ref().map(places));
    let missing = narrowed(&mut hits, row.as_deref(), near.as_deref());
    if let Some(text) = &asked.text
        && let Some(only) = only_one(&hits)
    {
        let twins: Vec<Hit> = twins_of(page, text, only, &inside)?.into_iter().flat_map(hits_of).collect();
        if !twins.is_empty() {
            hits.extend(twins);
            narrowed(&mut hits, row.as_deref(), near.as_deref());
        }
    }
    if let Some(text) = asked.text.as_ref().filter(|text| text.is_identifier())
        && confirm(page, text, &mut hits)? == Outcome::TooSlow
    {
        return Ok(None);
    }
    Ok(Some((hits, missing)))
}

/// Reads as much as it takes to tell where `wanted` is said, of what `counts`.
fn read_for(page: &mut Open<'_>, wanted: &Wanted, counts: &dyn Fn(&Label) -> bool) -> Result<Outcome> {
    let could = could_be(&page.lines(), wanted);
    let fitting = |at: usize, label: &Label| counts(label) && could.get(at) == Some(&true);
    // Nothing else can be exactly this: it is too narrow or too wide.
    if page.read(fitting)? == Outcome::TooSlow {
        return Ok(Outcome::TooSlow);
    }
    // Where something is, only a second one is to be looked for, which was read with doubt; else in all that may hold it too.
    let settled = sayings(&page.lines(), wanted, counts).iter().any(|said| said.fit == Fit::Exact);
    let holding = |_: usize, label: &Label| !settled && counts(label) && could_hold(label, wanted);
    page.read_better(holding, |at, label| fitting(at, label) && wanted.may_be(&label.words))
}

/// The only one of `hits` that fits best, where there is no other.
fn only_one(hits: &[Hit]) -> Option<&Hit> {
    let standing = || hits.iter().filter(|hit| hit.standing == Standing::Weaker);
    let best = standing().map(|hit| hit.fit).min();
    let mut fitting = standing().filter(|hit| Some(hit.fit) == best);
    fitting.next().filter(|_| fitting.next().is_none())
}

/// What looks as `only` does, which says the text, and was read as something else: a twin that was misread. It has no words: it is
/// never the answer and stands in the way of one. An identifier has none: one digit is all that tells it from the next.
fn twins_of(page: &mut Open<'_>, text: &Wanted, only: &Hit, inside: &dyn Fn(&Label) -> bool) -> Result<Vec<Said>> {
    if text.is_identifier() {
        return Ok(Vec::new());
    }
    let own = only.said;
    let alike = page.alike(own, &only.pieces)?;
    let lines = page.lines();
    let labels = &lines.all;
    // What was surely read as something else is that: Service B, with all but one letter of Service A.
    let sure = |label: &Label| !label.words.is_empty() && label.words.iter().all(|word| word.confidence >= SURE_WORD);
    let told = |place: &Place| labels.iter().any(|label| sure(label) && label.place.overlap(place) > 0.6);
    let within = |place: &Place| labels.iter().filter(|label| label.whole().overlap(place) > 0.6).all(inside);
    let mut places: Vec<Place> = alike.into_iter().filter(|place| !told(place) && within(place)).collect();
    let doubtful = |label: &&Label| inside(label) && !sure(label) && text.resembles(&label.words);
    places.extend(labels.iter().filter(doubtful).map(|label| label.place).filter(|place| place.overlap(&own) < 0.5));
    Ok(places.into_iter().map(|place| Said { fit: Fit::Near, score: 0.6, place, words: Vec::new(), pieces: Vec::new() }).collect())
}

/// What was read with doubt and resembles `text`, where nothing says it: it may be there. It is no answer, and it is not gone.
fn in_doubt(lines: &Lines, text: &Wanted, inside: &dyn Fn(&Label) -> bool) -> Vec<Hit> {
    let sure = |label: &Label| label.words.iter().all(|word| word.confidence >= SURE_WORD);
    let doubtful = lines.all.iter().filter(|label| inside(label) && !sure(label) && text.resembles(&label.words));
    doubtful
        .map(|label| {
            let said = Said { fit: Fit::Near, score: 0.5, place: label.place, words: label.words.clone(), pieces: label.pieces.clone() };
            Hit { standing: Standing::Unsure, ..Hit::of(said, None) }
        })
        .collect()
}

/// A text where it stands, with the element that it is on.
fn on_element(said: Said, all: &[Element]) -> Hit {
    let on = |element: &&Element| element.text.is_some_and(|text| text.overlap(&said.place) > 0.5) || holds_most(element.place, said.place);
    let element = all.iter().filter(on).min_by_key(|element| u64::from(element.place.width) * u64::from(element.place.height)).cloned();
    Hit::of(said, element)
}

fn holds_most(outer: Place, inner: Place) -> bool {
    outer.overlap(&inner) >= 0.9 && outer.height <= 5 * inner.height && outer.width >= inner.width
}

/// A text as an element of a role: the element that it is on or beside. Where the text is on nothing that has a shape, it may be a
/// button as well as a link; where it is on something else it is not meant.
fn with_role(said: Said, role: &str, all: &[Element], lines: &Lines) -> Vec<Hit> {
    let (named, labels) = (Role::named(role), &lines.all);
    if named == Some(Role::Field) {
        let capital = labels.iter().find(|label| label.place.overlap(&said.place) > 0.5).map_or(10.0, |label| label.capital);
        let fields = field_of(said.place, capital, all, labels);
        if !fields.is_empty() {
            return fields.into_iter().map(|field| Hit::of(said.clone(), None).at(field)).collect();
        }
        return vec![Hit { standing: Standing::RoleDiffers, ..on_element(said, all) }];
    }
    let own = |element: &&Element| {
        element.is_a(role) && (element.text.is_some_and(|text| text.overlap(&said.place) > 0.5) || holds_most(element.place, said.place))
    };
    let smallest = |element: &&Element| u64::from(element.place.width) * u64::from(element.place.height);
    if let Some(element) = all.iter().filter(own).min_by_key(smallest) {
        return vec![Hit::of(said, None).at(element)];
    }
    let hit = on_element(said, all);
    let bare = |element: &Element| element.text == Some(element.place) || matches!(element.role, Role::MenuItem | Role::Tab);
    let shapeless = hit.element.as_ref().is_none_or(bare);
    let untold = matches!(named, Some(Role::Button | Role::Link | Role::MenuItem | Role::Tab | Role::Cell | Role::Text));
    vec![if shapeless && untold { Hit { score: hit.score * ROLE_UNTOLD, ..hit } } else { Hit { standing: Standing::RoleDiffers, ..hit } }]
}

/// Leaves the hits in the row and near the text that were asked for; the others are elsewhere. Says what is not on the screen.
fn narrowed(hits: &mut [Hit], row: Option<&[(Place, f64)]>, near: Option<&[(Place, f64)]>) -> Option<Cause> {
    let mut missing = None;
    if let Some(rows) = row {
        if rows.is_empty() {
            missing = Some(Cause::RowNotThere);
        }
        for hit in hits.iter_mut().filter(|hit| hit.standing == Standing::Weaker) {
            if !rows.iter().any(|(place, capital)| in_row(hit.place, *place, *capital)) {
                hit.standing = Standing::Elsewhere;
            }
        }
    }
    if let Some(near) = near {
        if near.is_empty() {
            missing = missing.or(Some(Cause::NearNotThere));
        }
        let candidates: Vec<Place> = hits.iter().filter(|hit| hit.standing == Standing::Weaker).map(|hit| hit.place).collect();
        let places: Vec<Place> = near.iter().map(|(place, _)| *place).collect();
        if let Some(place) = nearest(&candidates, &places) {
            for hit in hits.iter_mut().filter(|hit| hit.standing == Standing::Weaker && hit.place != place) {
                hit.standing = Standing::Elsewhere;
            }
        }
    }
    missing
}

/// Looks a second time at each place that says an identifier: it must be read as the same again, and no letter of it may be a digit.
fn confirm(page: &mut Open<'_>, text: &Wanted, hits: &mut [Hit]) -> Result<Outcome> {
    let pieces: Vec<usize> = hits.iter().filter(|hit| hit.standing == Standing::Weaker).flat_map(|hit| hit.pieces.clone()).collect();
    let outcome = page.read_again(&pieces)?;
    let again = page.lines_again().all;
    for hit in hits.iter_mut().filter(|hit| hit.standing == Standing::Weaker) {
        let same = |label: &&Label| label.pieces.iter().any(|piece| hit.pieces.contains(piece));
        let said_again = again.iter().filter(same).any(|label| label.says(text).is_some_and(|said| said.fit <= Fit::Word));
        let mut doubtful = !said_again;
        for word in hit.words.iter().filter(|word| word.text.chars().any(|sign| sign.is_ascii_digit())) {
            doubtful = doubtful || is_doubtful(&word.text, &page.glyphs(word.place)?);
        }
        if doubtful {
            hit.standing = Standing::Unsure;
        }
    }
    Ok(outcome)
}
