//! Carrying a search for text out, on a screenshot or among another program's elements: what says it, what is a neighbour of what,
//! and which of several is meant.

use super::conclude::{Choice, Hit, concluded};
use super::decide::Cause;
use super::doubt::{confirm, in_doubt, only_one, question, twins_of};
use super::element::{Element, Role, SURE_ROLE};
use super::labels::{Label, Lines, Said, sayings};
use super::neighbours::{field_of, in_row, nearest};
use super::read::{Open, Opened, Outcome, Reader, could_be, could_hold, fits, open};
use super::reading::Word;
use super::recognise::{elements, usual_capital};
use super::resolve::{Finding, Order, flawed};
use super::types::{Flaw, Place, Standing};
use super::wording::{Fit, TALLEST, Wanted};
use crate::error::{Error, Kind, Result};

/// The longest text that is looked for, characters.
pub const MOST_ASKED: usize = 200;

/// A role that could not be told takes this off the score of a text that fits.
const ROLE_UNTOLD: f64 = 0.9;

/// From so many of the usual heights on, a text on nothing is a heading.
const HEADING: f64 = 1.3;

/// From this confidence on an element of the role that was asked for is preferred to what only may be of it: of what was told with less
/// a third was something else.
const SURELY: f64 = 0.7;

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
    // What only comes near to the text of a row is another row.
    let says = |hit: &Hit| hit.fit < Fit::Near;
    let places = |wanted: &Wanted| best_fits(saying(wanted)).into_iter().filter(says).map(|hit| (hit.place, capital)).collect::<Vec<_>>();
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
    if let Some(role) = asked.role.filter(|_| asked.text.is_some()) {
        settled(&mut hits, role);
    }
    if hits.iter().any(|hit| hit.fit == Fit::Exact) {
        // So may be one that says nothing else but for signs and what was hardly read: an icon, the frame of a button.
        for hit in hits.iter_mut().filter(|hit| hit.fit == Fit::Word && is_alone(hit, &lines.all)) {
            hit.fit = Fit::Exact;
        }
    }
    if let Some(text) = asked.text.as_ref().filter(|_| hits.is_empty()) {
        hits = in_doubt(&lines, text, &inside);
    }
    let places = |wanted: &Wanted| {
        let best = sayings(&lines, wanted, &|_| true);
        // What only comes near to the text of a row is another row: nobody looks a second time whether it was misread.
        let fit = best.iter().map(|said| said.fit).min().filter(|fit| *fit < Fit::Near);
        let capital = |said: &Said| said.pieces.first().and_then(|&at| page.script().pieces.get(at)).map_or(10.0, |piece| piece.capital);
        best.iter().filter(|said| Some(said.fit) == fit).map(|said| (said.place, capital(said))).collect::<Vec<_>>()
    };
    let (row, near) = (asked.row.as_ref().map(places), asked.near.as_ref().map(places));
    let missing = narrowed(&mut hits, row.as_deref(), near.as_deref());
    if let Some(text) = &asked.text
        && let Some(only) = only_one(&hits)
    {
        let fit = only.fit;
        let twins: Vec<Hit> = twins_of(page, text, only, &inside)?.into_iter().flat_map(hits_of).collect();
        if !twins.is_empty() {
            // What was read there says less of the text than what may stand there.
            hits.retain(|hit| hit.fit <= fit || twins.iter().all(|twin| twin.said.overlap(&hit.said) < 0.5));
            hits.extend(twins);
            narrowed(&mut hits, row.as_deref(), near.as_deref());
        }
    }
    let confirmed = match &asked.text {
        Some(text) if text.is_identifier() => confirm(page, text, &mut hits)?,
        Some(text) => question(page, text, &mut hits)?,
        None => Outcome::Read,
    };
    if confirmed == Outcome::TooSlow {
        return Ok(None);
    }
    Ok(Some((hits, missing)))
}

/// Reads as much as it takes to tell where `wanted` is said, of what `counts`.
fn read_for(page: &mut Open<'_>, wanted: &Wanted, counts: &dyn Fn(&Label) -> bool) -> Result<Outcome> {
    let could = could_be(&page.lines(), wanted, wanted.height());
    let fitting = |at: usize, label: &Label| counts(label) && could.get(at) == Some(&true);
    // Nothing else can be exactly this: it is too narrow or too wide.
    if page.read(fitting)? == Outcome::TooSlow {
        return Ok(Outcome::TooSlow);
    }
    // Where something is, only a second one is to be looked for, which was read with doubt; else in all that may hold it too.
    let settled = sayings(&page.lines(), wanted, counts).iter().any(|said| said.fit == Fit::Exact);
    let holding = |_: usize, label: &Label| !settled && counts(label) && could_hold(label, wanted);
    // No icon is read again for the label that it stands at, if that is surely another; nor are the other words of what may be several labels.
    let just_this = |label: &Label, height: f64| {
        let may_be = |words: &[Word]| wanted.may_be(words) && !wanted.has_no_word_of(words);
        may_be(&label.words) || label.runs().iter().any(|(width, words)| fits(*width, label, wanted, height) && may_be(words))
    };
    let unclear = |label: &Label| if settled { just_this(label, wanted.height()) } else { wanted.may_be(&label.words) };
    if page.read_better(holding, |at, label| fitting(at, label) && unclear(label))? == Outcome::TooSlow {
        return Ok(Outcome::TooSlow);
    }
    let said = sayings(&page.lines(), wanted, counts);
    if said.is_empty() || said.iter().any(|said| said.fit == Fit::Exact) {
        return Ok(Outcome::Read);
    }
    // What says it among other words is not meant where a label of just this was misread, however blurred and tall its letters are.
    let might = could_be(&page.lines(), wanted, TALLEST);
    page.read_better(|_, _| false, |at, label| counts(label) && might.get(at) == Some(&true) && just_this(label, TALLEST))
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
    let place = said.place;
    let capital = labels.iter().find(|label| label.place.overlap(&place) > 0.5).map_or(10.0, |label| label.capital);
    let fields = || field_of(place, capital, all, labels);
    if named == Some(Role::Field) {
        let fields = fields();
        if !fields.is_empty() {
            return fields.into_iter().map(|field| Hit::of(said.clone(), None).at(field)).collect();
        }
        return vec![Hit { standing: Standing::RoleDiffers, ..on_element(said, all) }];
    }
    let own = |element: &&Element| {
        let is_its_text = element.text.is_some_and(|text| text.overlap(&said.place) > 0.5);
        // Of a text on nothing, a link in a sentence, only what it says itself.
        let is_on = if element.is_bare() {
            is_its_text && element.place.overlap(&said.place) > 0.5
        } else {
            is_its_text || holds_most(element.place, said.place)
        };
        element.is_a(role) && is_on
    };
    let smallest = |element: &&Element| u64::from(element.place.width) * u64::from(element.place.height);
    if let Some(element) = all.iter().filter(own).min_by_key(smallest) {
        let hit = Hit::of(said.clone(), Some(element.clone()));
        // A widget is clicked in its middle, a part of a line where it stands.
        return vec![if element.is_bare() && said.fit == Fit::Word { hit } else { hit.at(element) }];
    }
    let hit = on_element(said, all);
    let clicked = matches!(named, Some(Role::Button | Role::Link | Role::MenuItem | Role::Tab));
    let may_be = hit.element.as_ref().is_none_or(|element| {
        let unsure = element.surety() < SURE_ROLE;
        // What is clicked by its name looks alike in more than one way, and what is on nothing may be anything of that.
        let kin = clicked && matches!(element.role, Role::Button | Role::MenuItem | Role::Tab);
        // Texts in rows and columns are on nothing either: one of them may lead somewhere, and is no button.
        let in_table = clicked && named != Some(Role::Link) && element.role == Role::Cell;
        (element.is_bare() && !in_table) || unsure || kin
    });
    // The label of a field is on nothing too, and so is a heading, which is larger than what it is about: nobody presses them.
    let is_heading = || named == Some(Role::Button) && capital >= HEADING * usual_capital(labels);
    let only_says = || clicked && hit.element.as_ref().is_none_or(Element::is_bare) && (is_heading() || !fields().is_empty());
    // A button is named by all that it says: a word of a sentence is none.
    let named_whole = matches!(named, Some(Role::Link | Role::Cell | Role::Text)) || hit.fit != Fit::Word || is_alone(&hit, labels);
    let untold = clicked || matches!(named, Some(Role::Cell | Role::Text));
    vec![if may_be && named_whole && untold && !only_says() {
        Hit { score: hit.score * ROLE_UNTOLD, ..hit }
    } else {
        Hit { standing: Standing::RoleDiffers, ..hit }
    }]
}

/// Whether the line of a hit says nothing else, but for signs and what was hardly read; or the cell of a line in which rules were read.
fn is_alone(hit: &Hit, labels: &[Label]) -> bool {
    let own = |label: &&Label| label.pieces.iter().any(|piece| hit.pieces.contains(piece));
    let real = |word: &&Word| word.confidence >= 0.6 && word.text.chars().filter(|sign| sign.is_alphanumeric()).count() >= 2;
    let is_other = |word: &&Word| word.place.overlap(&hit.said) <= 0.5;
    let is_cell = |cell: &&[Word]| cell.iter().any(|word| !is_other(&word));
    let others = |label: &Label| {
        let line = label.line();
        let cells: Vec<&[Word]> = line.split(|word| word.text == "|").filter(is_cell).collect();
        if cells.is_empty() { line.iter().any(|word| real(&word)) } else { cells.concat().iter().filter(real).any(|word| is_other(&word)) }
    };
    !labels.iter().filter(own).any(others)
}

/// Where one place is surely of the role that was asked for, what only may be of it and says the text no better is not meant.
fn settled(hits: &mut [Hit], role: &str) {
    let is_sure = |hit: &Hit| {
        let of_it = hit.element.as_ref().is_some_and(|element| element.is_a(role) && element.surety() >= SURELY);
        hit.standing == Standing::Weaker && !hit.words.is_empty() && of_it
    };
    let Some(best) = hits.iter().filter(|hit| is_sure(hit)).map(|hit| hit.fit).min() else { return };
    for hit in hits.iter_mut().filter(|hit| hit.standing == Standing::Weaker && !hit.words.is_empty() && hit.fit >= best) {
        if !hit.element.as_ref().is_some_and(|element| element.is_a(role)) {
            hit.standing = Standing::RoleDiffers;
        }
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    fn at(x: u32, y: u32, width: u32, height: u32) -> Place {
        Place { x, y, width, height }
    }

    fn words(text: &str, place: Place) -> Vec<Word> {
        let count = text.split(' ').count() as u32;
        let width = place.width / count;
        let word = |(at, text): (u32, &str)| Word {
            text: text.to_owned(),
            place: Place { x: place.x + at * width, width, ..place },
            confidence: 0.95,
        };
        (0..).zip(text.split(' ')).map(word).collect()
    }

    fn label(text: &str, place: Place, piece: usize) -> Label {
        let words = words(text, place);
        Label { words, place, capital: 10.0, aside: Vec::new(), pieces: vec![piece], own: piece, breaks: Vec::new() }
    }

    fn element(text: &str, role: Role, place: Place, own: Place, confidence: f64) -> Element {
        let words = words(text, own);
        Element { words, role, called: None, place, centre: place.centre(), text: Some(own), enabled: None, marked: None, confidence }
    }

    /// The standing and the click of each place that says `text`, as a `role` is asked for.
    fn asked(text: &str, role: &str, labels: Vec<Label>, all: &[Element]) -> Vec<(Standing, (f64, f64))> {
        let lines = Lines { all: labels, groups: Vec::new() };
        let said = sayings(&lines, &Wanted::new(text).unwrap(), &|_| true);
        let mut hits: Vec<Hit> = said.into_iter().flat_map(|said| with_role(said, role, all, &lines)).collect();
        settled(&mut hits, role);
        hits.into_iter().map(|hit| (hit.standing, hit.click)).collect()
    }

    #[test]
    fn a_room_in_narrow_letters_may_be_the_one_and_a_shorter_number_is_not() {
        let wanted = Wanted::new("416b").unwrap();
        let could = |width: u32| {
            let label = Label { capital: 19.0, ..label("", at(217, 71, width, 19), 0) };
            let lines = Lines { all: vec![label], groups: vec![vec![0]] };
            could_be(&lines, &wanted, wanted.height())[0]
        };
        // As measured, and a letter less.
        assert!(could(39) && !could(29));
    }

    #[test]
    fn a_cell_between_rules_is_alone_and_a_word_of_one_is_not() {
        let row = label("8004715967 | MARTIN Zoé | Glycémie", at(10, 10, 600, 12), 0);
        let alone = |text: &str| {
            let lines = Lines { all: vec![row.clone()], groups: Vec::new() };
            let said = sayings(&lines, &Wanted::new(text).unwrap(), &|_| true);
            is_alone(&on_element(said[0].clone(), &[]), &lines.all)
        };
        assert!(alone("8004715967") && alone("Martin Zoé") && alone("Glycémie"));
        assert!(!alone("Zoé"));
    }

    #[test]
    fn a_link_in_a_sentence_is_clicked_where_it_stands() {
        let (line, last) = (at(10, 10, 400, 12), at(310, 10, 100, 12));
        let all = [
            element("Lire avant tout la notice", Role::Text, line, line, 0.7),
            element("notice", Role::Link, at(330, 10, 80, 12), last, 0.8),
        ];
        let found = asked("notice", "link", vec![label("Lire avant tout la notice", line, 0)], &all);
        assert_eq!(found, [(Standing::Weaker, (370.0, 16.0))]);
    }

    #[test]
    fn a_word_of_a_sentence_is_no_button() {
        let line = at(10, 10, 200, 12);
        let all = [element("Supprimer la prescription", Role::Text, line, line, 0.7)];
        let found = asked("Supprimer", "button", vec![label("Supprimer la prescription", line, 0)], &all);
        assert_eq!(found[0].0, Standing::RoleDiffers);
        // A text that says just this may be a button that is but a word.
        let all = [element("Supprimer", Role::Text, line, line, 0.7)];
        assert_eq!(asked("Supprimer", "button", vec![label("Supprimer", line, 0)], &all)[0].0, Standing::Weaker);
    }

    #[test]
    fn a_heading_and_the_label_of_a_field_are_no_buttons() {
        let (text, small, tall) = (at(10, 10, 80, 12), at(10, 60, 80, 12), at(10, 120, 80, 12));
        let bare = || element("Date", Role::Text, text, text, 0.7);
        let standing = |all: &[Element], capital: f64| {
            let other = |place: Place, piece: usize| label("Patients", place, piece);
            let labels = vec![Label { capital, ..label("Date", text, 0) }, other(small, 1), other(tall, 2)];
            asked("Date", "button", labels, all)[0].0
        };
        assert_eq!((standing(&[bare()], 12.0), standing(&[bare()], 14.0)), (Standing::Weaker, Standing::RoleDiffers));
        let field = element("", Role::Field, at(10, 26, 200, 30), at(10, 26, 200, 30), 0.7);
        assert_eq!(standing(&[bare(), field.clone()], 10.0), Standing::RoleDiffers);
        // What is on a plate is pressed, whatever stands below it.
        let plate = element("Date", Role::Button, at(4, 4, 100, 20), text, 0.85);
        assert_eq!(standing(&[plate, field], 10.0), Standing::Weaker);
    }

    #[test]
    fn of_a_button_and_a_heading_the_button_is_meant() {
        let (heading, inside, plate) = (at(10, 10, 80, 12), at(30, 59, 80, 12), at(10, 50, 120, 30));
        let labels = || vec![label("Patients", heading, 0), label("Patients", inside, 1)];
        let all = [element("Patients", Role::Text, heading, heading, 0.7), element("Patients", Role::Button, plate, inside, 0.85)];
        assert_eq!(asked("Patients", "button", labels(), &all), [(Standing::RoleDiffers, (50.0, 16.0)), (Standing::Weaker, (70.0, 65.0))]);
        // Where neither is sure both may be meant.
        let all = [element("Patients", Role::Text, heading, heading, 0.7), element("Patients", Role::Button, plate, inside, 0.45)];
        assert!(asked("Patients", "button", labels(), &all).iter().all(|(standing, _)| *standing == Standing::Weaker));
    }

    #[test]
    fn what_is_surely_something_else_is_refused_and_what_is_unsure_is_not() {
        let (inside, plate) = (at(30, 59, 80, 12), at(10, 50, 200, 30));
        let told = |role: Role, confidence: f64| {
            let all = [element("Sorti", role, plate, inside, confidence)];
            asked("Sorti", "button", vec![label("Sorti", inside, 0)], &all)[0].0
        };
        assert_eq!(
            (told(Role::Cell, 0.8), told(Role::Field, 0.75), told(Role::Text, 0.7)),
            (Standing::RoleDiffers, Standing::RoleDiffers, Standing::RoleDiffers)
        );
        assert_eq!((told(Role::Field, 0.4), told(Role::Tab, 0.8)), (Standing::Weaker, Standing::Weaker));
        let cell = [element("Sorti", Role::Cell, inside, inside, 0.7)];
        let standing = |role: &str| asked("Sorti", role, vec![label("Sorti", inside, 0)], &cell)[0].0;
        assert_eq!((standing("button"), standing("link")), (Standing::RoleDiffers, Standing::Weaker));
    }
}
