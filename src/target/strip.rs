//! Texts side by side of which one stands out: tabs, told by what is below and behind them.

use super::colour::apart;
use super::reading::Rule;
use super::types::Place;

/// A text that may be one of several of a kind.
#[derive(Debug, Clone, Copy)]
pub(super) struct Entry<'a> {
    /// Where its text stands, icons aside.
    pub(super) text: Place,
    /// How tall its capitals are, pixels.
    pub(super) capital: f64,
    /// The box that is around it alone, if there is one.
    pub(super) plate: Option<Place>,
    /// The colours of its letters and of what they stand on.
    pub(super) ink: [u8; 3],
    pub(super) ground: [u8; 3],
    /// Thin lines that run below it.
    pub(super) rules: &'a [Rule],
}

impl Entry<'_> {
    /// Its box, or else its text.
    pub(super) fn place(&self) -> Place {
        self.plate.unwrap_or(self.text)
    }

    fn right(&self) -> f64 {
        f64::from(self.text.x + self.text.width)
    }
}

/// How much larger letters of one strip may be than others of it: what has no capitals is measured by its small letters.
pub(super) const LARGER: f64 = 1.5;

/// How far the middles of texts in one row may be apart: the chosen tab is raised a little. In heights of capitals.
const LEVEL: f64 = 0.5;

/// How far two texts of a strip may be apart, and two boxes, in heights of capitals.
const GAP: f64 = 7.0;
const PLATE_GAP: f64 = 1.2;

/// How far a line goes beyond a text at most to be its own, and beyond its box at least to be that of the strip, in heights of capitals.
const OWN_RULE: f64 = 3.2;
const LONG_RULE: f64 = 1.5;

/// How far the colours of one line may be apart, levels.
const SAME_LINE: u8 = 24;

/// The most texts that are looked at in this way: a screen has some hundreds.
pub(super) const MOST_ENTRIES: usize = 2000;

/// Rows of texts side by side, each from left to right, by the numbers of `entries`.
fn strips(entries: &[Entry]) -> Vec<Vec<usize>> {
    let middle = |at: usize| entries[at].text.centre().1;
    let mut order: Vec<usize> = (0..entries.len().min(MOST_ENTRIES)).collect();
    order.sort_by(|&a, &b| middle(a).total_cmp(&middle(b)));
    let mut rows: Vec<Vec<usize>> = Vec::new();
    for at in order {
        match rows.last_mut() {
            Some(row) if middle(at) - middle(row[0]) <= LEVEL * entries[at].capital.max(entries[row[0]].capital) => row.push(at),
            _ => rows.push(vec![at]),
        }
    }
    let mut all: Vec<Vec<usize>> = Vec::new();
    for mut row in rows {
        row.sort_by_key(|&at| entries[at].text.x);
        let mut strip: Vec<usize> = Vec::new();
        for at in row {
            let goes_on = strip.last().is_some_and(|&last| goes_on(&entries[last], &entries[at]));
            if !goes_on {
                all.push(std::mem::take(&mut strip));
            }
            strip.push(at);
        }
        all.push(strip);
    }
    all.retain(|strip| strip.len() > 1);
    all
}

fn goes_on(last: &Entry, next: &Entry) -> bool {
    let capital = last.capital.max(next.capital);
    let gap = match (last.plate, next.plate) {
        (Some(a), Some(b)) => (f64::from(b.x) - f64::from(a.x + a.width)) / PLATE_GAP * GAP,
        _ => f64::from(next.text.x) - last.right(),
    };
    gap <= GAP * capital && last.capital <= LARGER * next.capital && next.capital <= LARGER * last.capital
}

/// Which of `entries` are tabs: their numbers, and how sure that is.
pub(super) fn tabs(entries: &[Entry], boxes: &[Place]) -> Vec<(usize, f64)> {
    let told = |strip: &Vec<usize>| {
        let some: Vec<&Entry> = strip.iter().map(|&at| &entries[at]).collect();
        joined(&some)
            .or_else(|| marked(&some))
            .or_else(|| plated(&some, boxes))
            .map(|(range, sure)| strip[range].iter().map(|&at| (at, sure)).collect::<Vec<_>>())
    };
    strips(entries).iter().filter_map(told).flatten().collect()
}

type Told = Option<(std::ops::Range<usize>, f64)>;

/// The chosen one is joined to what stands below: a line runs below all others and goes on beyond them.
fn joined(strip: &[&Entry]) -> Told {
    let long = |entry: &Entry, rule: &Rule| {
        let (place, far) = (entry.place(), LONG_RULE * entry.capital);
        let (start, end) = (f64::from(rule.place.x), f64::from(rule.place.x + rule.place.width));
        f64::from(place.x) - start >= far || end - f64::from(place.x + place.width) >= far
    };
    let long_ones: Vec<&Rule> = strip.iter().flat_map(|entry| entry.rules.iter().filter(|rule| long(entry, rule))).collect();
    long_ones.into_iter().find_map(|line| {
        let (top, bottom) = (line.place.y, line.place.y + line.place.height);
        // It may begin with the first of them.
        let is_line = |rule: &&Rule| rule.place.y.abs_diff(top) <= 2 && apart(rule.colour, line.colour) <= SAME_LINE;
        let below = |entry: &Entry| entry.rules.iter().find(is_line).map(|rule| rule.place);
        let lined: Vec<usize> = (0..strip.len()).filter(|&at| below(strip[at]).is_some()).collect();
        let (&first, &last) = (lined.first()?, lined.last()?);
        let open: Vec<usize> = (first..=last).filter(|at| !lined.contains(at)).collect();
        // Where the line begins or ends right beside a text.
        let start = lined.iter().filter_map(|&at| below(strip[at])).map(|place| place.x).min()?;
        let end = lined.iter().filter_map(|&at| below(strip[at])).map(|place| place.x + place.width).max()?;
        let beside = |at: usize, gap: f64| (0.0..=OWN_RULE * strip[at].capital).contains(&gap);
        let range = match open.as_slice() {
            [_] => first..last + 1,
            [] if first > 0 && beside(first - 1, f64::from(start) - strip[first - 1].right()) => first - 1..last + 1,
            [] if last + 1 < strip.len() && beside(last + 1, f64::from(strip[last + 1].text.x) - f64::from(end)) => first..last + 2,
            _ => return None,
        };
        // Boxes end at the line; one of them may be drawn over it.
        let meets = |entry: &&Entry| {
            entry.plate.is_none_or(|plate| (plate.y + plate.height).abs_diff(top) <= 4 || (plate.y + plate.height).abs_diff(bottom) <= 4)
        };
        let near = |entry: &&Entry| f64::from(top) <= f64::from(entry.text.y + entry.text.height) + 2.2 * entry.capital;
        strip[range.clone()].iter().all(|entry| meets(entry) && near(entry)).then_some((range, 0.8))
    })
}

/// The chosen one has a line of its own below it, in another colour than its neighbours have.
fn marked(strip: &[&Entry]) -> Told {
    let own = |entry: &Entry| {
        let (text, far) = (entry.text, OWN_RULE * entry.capital);
        entry.rules.iter().copied().find(|Rule { place, .. }| {
            let (start, end) = (f64::from(place.x), f64::from(place.x + place.width));
            let below = f64::from(place.y) - f64::from(text.y + text.height);
            let is_border = entry.plate.is_some_and(|plate| plate.width.abs_diff(place.width) <= 4);
            let covers = start <= f64::from(text.x) + 0.5 * entry.capital && end >= entry.right() - 0.5 * entry.capital;
            let near = start >= f64::from(text.x) - far && end <= entry.right() + far;
            covers && near && below >= 0.35 * entry.capital && !is_border
        })
    };
    let rules: Vec<Option<Rule>> = strip.iter().map(|entry| own(entry)).collect();
    let [(_, mark)] = rules.iter().enumerate().filter_map(|(at, rule)| rule.map(|rule| (at, rule))).collect::<Vec<_>>()[..] else {
        return None;
    };
    let bare = strip.iter().all(|entry| entry.plate.is_none());
    // A mark is of a colour that its neighbours' lines have not.
    let alone = strip
        .iter()
        .flat_map(|entry| entry.rules)
        .filter(|rule| rule.place.x != mark.place.x)
        .all(|rule| rule.place.y.abs_diff(mark.place.y) > 3 || apart(rule.colour, mark.colour) >= 40);
    (bare && alone).then_some((0..strip.len(), 0.75))
}

/// The chosen one alone has a ground of its own, and the others stand as far apart as if they had one too.
fn plated(strip: &[&Entry], boxes: &[Place]) -> Told {
    let plates: Vec<usize> = (0..strip.len()).filter(|&at| strip[at].plate.is_some()).collect();
    let &[chosen] = plates.as_slice() else { return None };
    let plate = strip[chosen].plate?;
    let capital = strip[chosen].capital;
    let others: Vec<&&Entry> = (0..strip.len()).filter(|&at| at != chosen).map(|at| &strip[at]).collect();
    let one_ground = others.iter().all(|entry| apart(entry.ground, others[0].ground) <= 8);
    let stands_out = apart(strip[chosen].ground, others[0].ground) >= 5;
    let gaps: Vec<f64> = strip.windows(2).map(|pair| f64::from(pair[1].text.x) - pair[0].right()).collect();
    let (least, most) = gaps.iter().fold((f64::MAX, 0.0_f64), |(least, most), &gap| (least.min(gap), most.max(gap)));
    let padding = f64::from(strip[chosen].text.x) - f64::from(plate.x);
    let even = most - least <= 0.8 * capital && least >= 1.8 * padding && padding >= 0.6 * capital;
    if !(one_ground && stands_out && even && f64::from(plate.height) <= 4.5 * capital) {
        return None;
    }
    let all = strip.iter().map(|entry| entry.place()).reduce(super::labels::around)?;
    let tight = boxes.iter().any(|outer| {
        let over = f64::from(outer.height) / f64::from(plate.height);
        let beside = f64::from(outer.width) - f64::from(all.width);
        outer.overlap(&all) >= 0.98 && (1.0..=1.6).contains(&over) && outer.height > plate.height && (0.0..=8.0 * capital).contains(&beside)
    });
    match (tight, strip.len()) {
        (true, _) => Some((0..strip.len(), 0.75)),
        (false, 3..) => Some((0..strip.len(), 0.45)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WHITE: [u8; 3] = [255; 3];
    const GREY: [u8; 3] = [200; 3];
    const BLUE: [u8; 3] = [20, 90, 220];

    fn at(x: u32, y: u32, width: u32, height: u32) -> Place {
        Place { x, y, width, height }
    }

    /// Three texts of sixty pixels in a row, thirty apart.
    fn three(rules: [&[Rule]; 3]) -> [Entry<'_>; 3] {
        let entry = |index: u32, rules| Entry {
            text: at(20 + 90 * index, 20, 60, 12),
            capital: 10.0,
            plate: None,
            ink: [30; 3],
            ground: WHITE,
            rules,
        };
        [entry(0, rules[0]), entry(1, rules[1]), entry(2, rules[2])]
    }

    fn told(entries: &[Entry], boxes: &[Place]) -> Vec<usize> {
        tabs(entries, boxes).into_iter().map(|(at, _)| at).collect()
    }

    #[test]
    fn the_chosen_tab_has_a_line_of_its_own() {
        let (own, grey) = (Rule { place: at(10, 42, 80, 2), colour: BLUE }, Rule { place: at(0, 43, 600, 1), colour: GREY });
        assert_eq!(told(&three([&[own], &[], &[]]), &[]), [0, 1, 2]);
        assert_eq!(told(&three([&[own], &[grey], &[grey]]), &[]), [0, 1, 2]);
        // Underlined as the links beside it are, or near to the letters as an underline is: no tab.
        let second = Rule { place: at(100, 42, 80, 2), colour: BLUE };
        assert!(told(&three([&[own], &[second], &[]]), &[]).is_empty());
        let underline = Rule { place: at(20, 33, 60, 1), colour: [30; 3] };
        assert!(told(&three([&[underline], &[], &[]]), &[]).is_empty());
        // A line below all of them is the rule of a table's head.
        assert!(told(&three([&[grey], &[grey], &[grey]]), &[]).is_empty());
    }

    #[test]
    fn the_chosen_tab_is_joined_to_what_stands_below() {
        let before = Rule { place: at(0, 40, 100, 1), colour: GREY };
        let after = Rule { place: at(190, 40, 400, 1), colour: GREY };
        let (left, right) = ([before], [after]);
        let mut entries = three([&left, &[], &right]);
        assert_eq!(told(&entries, &[]), [0, 1, 2]);
        // The first one is chosen, and something else stands before it.
        let line = [Rule { place: at(105, 40, 500, 1), colour: GREY }];
        let mut first = three([&[], &line, &line]).to_vec();
        first.insert(0, Entry { text: at(0, 20, 10, 12), ..first[0] });
        first.iter_mut().skip(1).for_each(|entry| entry.text.x += 20);
        assert_eq!(told(&first, &[]), [1, 2, 3]);
        // Boxes that end at the line, as of folders.
        for (index, entry) in entries.iter_mut().enumerate() {
            entry.plate = Some(at(5 + 90 * index as u32, 10, 86, 31));
        }
        assert_eq!(told(&entries, &[]), [0, 1, 2]);
        // Buttons above a line end above it.
        for entry in &mut entries {
            entry.plate = entry.plate.map(|plate| Place { height: 22, ..plate });
        }
        assert!(told(&entries, &[]).is_empty());
    }

    #[test]
    fn the_chosen_tab_has_a_ground_of_its_own_in_a_strip() {
        let mut entries = three([&[], &[], &[]]);
        (entries[1].plate, entries[1].ground) = (Some(at(98, 12, 84, 28)), WHITE);
        (entries[0].ground, entries[2].ground) = (GREY, GREY);
        assert!(tabs(&entries, &[at(4, 8, 270, 36)])[0].1 > 0.7);
        assert!(tabs(&entries, &[])[0].1 < 0.5);
        assert!(tabs(&entries[..2], &[]).is_empty());
        // Several buttons are no tabs.
        entries[2].plate = Some(at(188, 12, 84, 28));
        assert!(tabs(&entries, &[at(4, 8, 270, 36)]).is_empty());
    }
}
