//! Reading a screenshot as far as a question needs it: what could hold the text first, the rest if that does not settle it.

use std::rc::Rc;

use super::decide::decide;
use super::labels::{Label, Lines, around};
use super::reading::{Laid, Layout, Memory, Montage, Piece, Script, Text, Word};
use super::types::{Flaw, Place, Standing};
use super::wording::{TALLEST, Wanted};
use crate::error::{Kind, Result};

/// Capitals are read at this height, pixels: what Tesseract reads best is a line of about 36.
const CAPITAL: f64 = 22.0;

/// And at this one where they are looked at again.
const CAPITAL_AGAIN: f64 = 30.0;

/// From this correlation on a place may show what another does.
const ECHO: f64 = 0.7;

/// Places of one screenshot whose likes are remembered.
const MOST_REMEMBERED: usize = 256;

/// Below this confidence a word is read once more.
const SURE: f64 = 0.75;

/// The words that montages show may lie this far out of their spots, pixels across and down.
const SLACK: (u32, u32) = (12, 6);

/// What reading takes.
#[derive(Clone, Copy)]
pub struct Reader<'a> {
    /// Finds what may be text.
    pub layout: &'a dyn Layout,
    /// Reads it.
    pub text: &'a dyn Text,
    /// Remembers it.
    pub memory: &'a dyn Memory,
}

/// A screenshot that is being read.
pub(super) struct Open<'a> {
    screenshot: &'a [u8],
    reader: Reader<'a>,
    script: Script,
    /// What the script says, line by line.
    lines: Rc<Lines>,
    changed: bool,
}

/// A screenshot that can be read, or why it cannot.
pub(super) enum Opened<'a> {
    Readable(Box<Open<'a>>),
    Flawed(Flaw, Option<(u32, u32)>),
}

/// Begins to read.
///
/// # Errors
/// When the picture is beyond a ceiling.
pub(super) fn open<'a>(screenshot: &'a [u8], reader: Reader<'a>) -> Result<Opened<'a>> {
    let known = reader.memory.recall(screenshot, &reader.text.manner());
    let script = match known {
        Some(script) if is_whole(&script) => script,
        _ => {
            reader.text.expect();
            let Laid { screen, flaw, vacancy, pieces, shapes } = reader.layout.lay(screenshot)?;
            let flaw = flaw.or(vacancy.filter(|_| pieces.is_empty()));
            let (None, Some(screen)) = (flaw, screen) else {
                return Ok(Opened::Flawed(flaw.unwrap_or(Flaw::ScreenUndecodable), screen));
            };
            let unread = vec![None; pieces.len()];
            Script { screen, words: unread.clone(), again: unread, pieces, shapes, ..Script::default() }
        }
    };
    let lines = Rc::new(Lines::of(&script.pieces, &script.words));
    Ok(Opened::Readable(Box::new(Open { screenshot, reader, script, lines, changed: false })))
}

/// Whether a script that was remembered fits itself.
fn is_whole(script: &Script) -> bool {
    let inside = |place: &Place| place.within(script.screen) == Some(*place);
    script.words.len() == script.pieces.len()
        && script.again.len() == script.pieces.len()
        && script.pieces.iter().all(|piece| inside(&piece.place) && piece.capital.is_finite() && piece.capital >= 1.0)
        && script.shapes.iter().all(|shape| inside(&shape.place))
        && script.words.iter().chain(&script.again).flatten().flatten().all(|word| inside(&word.place))
}

impl Open<'_> {
    /// What was read so far.
    pub(super) fn script(&self) -> &Script {
        &self.script
    }

    pub(super) fn screen(&self) -> (u32, u32) {
        self.script.screen
    }

    /// The lines, read or not.
    pub(super) fn lines(&self) -> Rc<Lines> {
        Rc::clone(&self.lines)
    }

    /// The same as they were read the second time, where they were.
    pub(super) fn lines_again(&self) -> Lines {
        let mut lines = Lines::clone(&self.lines);
        lines.fill(&self.script.again);
        lines
    }

    /// Reads all pieces of the labels that `wanted` names and that were not read yet.
    ///
    /// # Errors
    /// Those of the reader.
    pub(super) fn read(&mut self, wanted: impl Fn(usize, &Label) -> bool) -> Result<Outcome> {
        let unread = self.unread(wanted);
        self.recognise(&unread, &[])
    }

    /// Reads what `wanted` names as [`Open::read`] does; and once more, at another size, what `doubtful` names of that which was read with
    /// doubt, to take the better of the two readings.
    ///
    /// # Errors
    /// Those of the reader.
    pub(super) fn read_better(
        &mut self,
        wanted: impl Fn(usize, &Label) -> bool,
        doubtful: impl Fn(usize, &Label) -> bool,
    ) -> Result<Outcome> {
        let sure = |words: &Option<Vec<Word>>| {
            words.as_ref().map_or(0.0, |words| words.iter().map(|word| word.confidence).fold(f64::NAN, f64::min).max(0.0))
        };
        let in_doubt = |at: &usize| {
            let piece = &self.script.pieces[*at];
            let wide = f64::from(piece.place.width) >= 1.8 * piece.capital;
            !piece.aside && wide && self.script.words[*at].is_some() && sure(&self.script.words[*at]) < SURE
        };
        let named = self.lines.all.iter().enumerate().filter(|(at, label)| doubtful(*at, label));
        let second: Vec<usize> = named.flat_map(|(_, label)| label.pieces.iter().copied()).filter(in_doubt).collect();
        let unread = self.unread(wanted);
        let outcome = self.recognise(&unread, &second)?;
        for at in second {
            if sure(&self.script.again[at]) > sure(&self.script.words[at]) {
                let script = &mut self.script;
                std::mem::swap(&mut script.again[at], &mut script.words[at]);
                self.changed = true;
            }
        }
        Rc::make_mut(&mut self.lines).fill(&self.script.words);
        Ok(outcome)
    }

    /// Reads `pieces` once more, at another size.
    ///
    /// # Errors
    /// Those of the reader.
    pub(super) fn read_again(&mut self, pieces: &[usize]) -> Result<Outcome> {
        self.recognise(&[], pieces)
    }

    /// The pieces of what `wanted` names that were not read yet.
    fn unread(&self, wanted: impl Fn(usize, &Label) -> bool) -> Vec<usize> {
        let named = self.lines.all.iter().enumerate().filter(|(at, label)| wanted(*at, label));
        let pieces = named.flat_map(|(_, label)| label.pieces.iter().copied());
        pieces.filter(|&at| self.script.words[at].is_none()).collect()
    }

    /// The places that look as `place` does, which is that of these pieces, itself left out: pieces of the same proportions and letters, and
    /// what the search for anchors takes for the same, wherever lines were cut.
    ///
    /// # Errors
    /// When the picture or the search is beyond a ceiling.
    pub(super) fn alike(&mut self, place: Place, own: &[usize]) -> Result<Vec<Place>> {
        if let Some((_, known)) = self.script.alike.iter().find(|(known, _)| *known == place) {
            return Ok(known.clone());
        }
        let pieces = &self.script.pieces;
        let Some(model) = own.first().map(|&at| Piece { place, ..pieces[at].clone() }) else { return Ok(Vec::new()) };
        let others: Vec<usize> = (0..pieces.len()).filter(|at| !own.contains(at)).collect();
        let rest: Vec<Piece> = others.iter().map(|&at| pieces[at].clone()).collect();
        let twins = self.reader.layout.twins(self.screenshot, &model, &rest)?;
        let mut found: Vec<Place> = twins.into_iter().map(|at| pieces[others[at]].place).collect();
        let echoes = self.reader.layout.echoes(self.screenshot, place)?;
        let decided = decide(&echoes, ECHO, None);
        let same = echoes.iter().zip(&decided.standings).filter(|(_, standing)| **standing == Standing::Alike);
        found.extend(same.map(|(echo, _)| echo.place).filter(|echo| echo.overlap(&place) < 0.5));
        if self.script.alike.len() < MOST_REMEMBERED {
            self.script.alike.push((place, found.clone()));
            self.changed = true;
        }
        Ok(found)
    }

    /// Where the letters drawn at `word` stand, enlarged.
    ///
    /// # Errors
    /// When the picture is beyond a ceiling.
    pub(super) fn glyphs(&mut self, word: Place) -> Result<Vec<Place>> {
        if let Some((_, known)) = self.script.glyphs.iter().find(|(known, _)| *known == word) {
            return Ok(known.clone());
        }
        let Some(piece) = self.script.pieces.iter().find(|piece| piece.place.overlap(&word) > 0.9) else { return Ok(Vec::new()) };
        let found = self.reader.layout.glyphs(self.screenshot, piece, word)?;
        if self.script.glyphs.len() < MOST_REMEMBERED {
            self.script.glyphs.push((word, found.clone()));
            self.changed = true;
        }
        Ok(found)
    }

    /// Reads the pieces `first` as everything is read, and of `again`, as it is the second time, those that have not been; all of it at once.
    fn recognise(&mut self, first: &[usize], again: &[usize]) -> Result<Outcome> {
        let again: Vec<usize> = again.iter().copied().filter(|&at| self.script.again[at].is_none()).collect();
        if first.is_empty() && again.is_empty() {
            return Ok(Outcome::Read);
        }
        let sized = |which: &[usize], capital: f64| -> Vec<(Piece, f64)> {
            which.iter().map(|&at| (self.script.pieces[at].clone(), capital)).collect()
        };
        let pieces = [sized(first, CAPITAL), sized(&again, CAPITAL_AGAIN)].concat();
        // Calls that run at once share what there is to read.
        let montages = self.reader.layout.montages(self.screenshot, &pieces, self.reader.text.calls())?;
        let read = match self.reader.text.recognise(&montages) {
            Err(error) if error.kind() == Kind::Timeout => return Ok(Outcome::TooSlow),
            read => read?,
        };
        let mut told = told(&pieces, &montages, read).into_iter();
        for (at, words) in first.iter().zip(&mut told) {
            self.script.words[*at] = Some(words);
        }
        for (at, words) in again.iter().zip(told) {
            self.script.again[*at] = Some(words);
        }
        self.changed = true;
        Rc::make_mut(&mut self.lines).fill(&self.script.words);
        Ok(Outcome::Read)
    }

    /// Lets the memory know what was read.
    pub(super) fn close(self) {
        if self.changed {
            self.reader.text.rest();
            self.reader.memory.keep(self.screenshot, &self.reader.text.manner(), &self.script);
        }
    }
}

/// How a reading ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Outcome {
    /// All that was to be read has been.
    Read,
    /// It took longer than it may.
    TooSlow,
}

/// What was read of each of `pieces`: the words of their `montages`, from left to right.
fn told(pieces: &[(Piece, f64)], montages: &[Montage], words: Vec<Vec<Word>>) -> Vec<Vec<Word>> {
    let mut told = vec![Vec::new(); pieces.len()];
    for (montage, words) in montages.iter().zip(words) {
        for (piece, word) in words.iter().flat_map(|word| placed(montage, pieces, word)) {
            told[piece].push(word);
        }
    }
    for words in &mut told {
        words.sort_by_key(|word| word.place.x);
        // A reader may draw a word's box around the next one too, and the middle of that is not to be clicked.
        let starts: Vec<u32> = words.iter().skip(1).map(|word| word.place.x).collect();
        for (word, next) in words.iter_mut().zip(starts) {
            word.place.width = word.place.width.min(next - word.place.x).max(1);
        }
    }
    told
}

/// The pieces that a word of a montage is of, each with the word where it stands on the screen.
fn placed(montage: &Montage, pieces: &[(Piece, f64)], word: &Word) -> Vec<(usize, Word)> {
    let (x, y) = word.place.centre();
    let holds = |spot: &Place| {
        let within = |at: f64, from: u32, length: u32, slack: u32| {
            at >= f64::from(from) - f64::from(slack) && at <= f64::from(from + length + slack)
        };
        within(x, spot.x, spot.width, SLACK.0) && within(y, spot.y, spot.height, SLACK.1)
    };
    let Some((_, spot)) = montage.spots.iter().find(|(_, spot)| holds(spot)) else { return Vec::new() };
    let shown = montage.spots.iter().filter(|(_, other)| other == spot);
    shown.filter_map(|(piece, _)| Some((*piece, on_screen(word, spot, pieces.get(*piece)?.0.place)))).collect()
}

/// A word of a montage, which shows `whole` at `spot`, where it stands on the screen.
fn on_screen(word: &Word, spot: &Place, whole: Place) -> Word {
    // A montage shows a pixel around each piece, which the margin of a few more covers.
    let along = |at: u32, from: u32, length: u32, start: u32, own: u32| {
        let share = (f64::from(at) - f64::from(from)) / f64::from(length.max(1));
        f64::from(start) - 1.0 + share * f64::from(own + 2)
    };
    let left = along(word.place.x, spot.x, spot.width, whole.x, whole.width);
    let right = along(word.place.x + word.place.width, spot.x, spot.width, whole.x, whole.width);
    let (from, to) = (f64::from(whole.x), f64::from(whole.x + whole.width));
    let (left, right) = (left.round().clamp(from, to - 1.0), right.round().clamp(from + 1.0, to));
    Word { place: Place { x: left as u32, width: (right - left).max(1.0) as u32, ..whole }, ..word.clone() }
}

/// How wide a text is in a common sans serif, in heights of its capitals.
fn usual_width(wanted: &Wanted) -> f64 {
    let width = |sign: char| match sign {
        'i' | 'j' | 'l' | '.' | ',' | '\'' | ':' | '|' | '!' => 0.36,
        'f' | 't' | 'r' | '(' | ')' | '-' | '/' => 0.48,
        'm' | 'w' | '%' | '@' => 1.15,
        _ => 0.78,
    };
    wanted.signs().map(width).sum::<f64>() + 0.4 * (wanted.words() as f64 - 1.0)
}

/// The least and the most of the usual width that a text takes: narrow and wide letters, bold ones, and capitals only.
const NARROWEST: f64 = 0.58;
const WIDEST: f64 = 1.55;

/// How tall the capitals of a line may be at least that is `height` of them tall. Letters that touch are measured as one, with what hangs
/// below the line.
fn least_capital(label: &Label, height: f64) -> f64 {
    label.capital.min(f64::from(label.place.height) / height)
}

/// Whether what is so many pixels wide of `label` could say just what is `wanted`, where that is no more than `height` of its capitals tall.
pub(super) fn fits(width: u32, label: &Label, wanted: &Wanted, height: f64) -> bool {
    let usual = usual_width(wanted);
    let least = NARROWEST * usual * least_capital(label, height) - 3.0;
    (least..=WIDEST * usual * label.capital + 6.0).contains(&f64::from(width))
}

/// Which of `lines` could say just what is `wanted`, by how wide they are, or a part of them is, or they are with their neighbours; where
/// they are no more than `height` of their capitals tall.
pub(super) fn could_be(lines: &Lines, wanted: &Wanted, height: f64) -> Vec<bool> {
    let labels = &lines.all;
    let fits = |width: u32, label: &Label| fits(width, label, wanted, height);
    let alone = |label: &Label| {
        let own = fits(label.place.width, label) || fits(label.whole().width, label);
        own || label.segments().into_iter().any(|width| fits(width, label))
    };
    let mut could: Vec<bool> = labels.iter().map(alone).collect();
    if wanted.words() > 1 {
        for group in &lines.groups {
            let first = &labels[group[0]];
            let widths = group.iter().map(|&at| labels[at].place.width + first.capital as u32 / 2).sum();
            let side_by_side = group.iter().map(|&at| labels[at].whole()).reduce(around).is_some_and(|place| fits(place.width, first));
            if side_by_side || fits(widths, first) {
                for &at in group {
                    could[at] = true;
                }
            }
        }
    }
    could
}

/// Whether a label is wide enough to hold what is `wanted`. On several lines it is nothing but that, see [`could_be`].
pub(super) fn could_hold(label: &Label, wanted: &Wanted) -> bool {
    f64::from(label.whole().width) >= NARROWEST * usual_width(wanted) * least_capital(label, TALLEST) - 3.0
}
