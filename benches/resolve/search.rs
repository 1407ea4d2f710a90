//! The old rule on pictures in memory: by our search, by the proven one, and by OpenCV.

use std::time::Instant;

use lea::target::Place;
use lea::vision::reference::SourceHit;
use lea::vision::{Compat, Gray, luma};

use crate::peer::Peer;
use crate::screens::{Dice, Page, cut, noisy, recompressed, rescaled};
use crate::{Extent, quantile, shown};

/// The score from which the old rule takes a place.
const THRESHOLD: f64 = 0.7;

/// Width and height of anchors: icons, a button, a line, a part of a form.
const ANCHORS: [(usize, usize); 5] = [(24, 24), (48, 48), (120, 40), (300, 100), (600, 300)];

/// Milliseconds of one search, the screen made ready within them as the peer does each time.
fn ours(screen: &Gray, anchor: &Gray, exact: bool) -> (Option<SourceHit>, f64) {
    let screen = screen.clone();
    let began = Instant::now();
    let hit = Compat::new(screen).find(anchor, THRESHOLD, exact);
    (hit, began.elapsed().as_secs_f64() * 1e3)
}

/// Times of the same search by each: fast, exact, peer; and what each found.
struct Trial {
    times: [f64; 3],
    hits: [Option<SourceHit>; 3],
}

impl Trial {
    /// In an order that changes with `turn`, so that none is always the one whose picture is already in the caches.
    fn run(turn: usize, screen: (&str, &Gray), anchor: &Gray, one_scale: bool, peer: Option<&Peer>) -> Self {
        if let Some(peer) = peer {
            peer.load("anchor", anchor);
        }
        let mut trial = Self { times: [f64::NAN; 3], hits: [None; 3] };
        for step in 0..3 {
            let which = (turn + step) % 3;
            let (hit, time) = match (which, peer) {
                (0 | 1, _) => ours(screen.1, anchor, which == 1),
                (_, Some(peer)) if one_scale => peer.find_at_one_scale(screen.0, "anchor"),
                (_, Some(peer)) => peer.find(screen.0, "anchor"),
                (_, None) => (None, f64::NAN),
            };
            (trial.times[which], trial.hits[which]) = (time, hit);
        }
        trial
    }
}

/// Hands all screens to the peer.
pub(crate) fn load(pages: &[Vec<Page>], peer: Option<&Peer>) {
    for (peer, page) in peer.iter().flat_map(|peer| pages.iter().flatten().map(move |page| (peer, page))) {
        peer.load(&page.name, &page.gray);
    }
}

/// An anchor of another page that the rule does not find on this one.
fn absent(pages: &[Page], on: usize, size: (usize, usize), dice: &mut Dice) -> Option<Gray> {
    (0..200).find_map(|_| {
        let from = (on + 1 + dice.below(pages.len() - 1)) % pages.len();
        let anchor = luma(&cut(&pages[from], size, dice));
        Compat::new(pages[on].gray.clone()).find(&anchor, THRESHOLD, false).is_none().then_some(anchor)
    })
}

/// Each size of screen and anchor, present (which ends at the recorded scale) and absent (which takes all seven).
pub(crate) fn cases(pages: &[Vec<Page>], peer: Option<&Peer>, extent: Extent) {
    println!("\nOne search of the old rule, ms, medians; ours with preparing the screen. Present: one scale; absent: seven.");
    println!(
        "{:<10} {:<8} {:<8} {:>8} {:>8} {:>8} {:>10} {:>11}",
        "screen", "anchor", "", "fast", "exact", "OpenCV", "fast/peer", "exact/peer"
    );
    let rows = pages.iter().flat_map(|pages| ANCHORS.iter().flat_map(move |&size| [(pages, size, true), (pages, size, false)]));
    let mut trials: Vec<Vec<Trial>> = rows.clone().map(|_| Vec::new()).collect();
    // Rounds outside, so that a slow minute of the machine is spread over all rows.
    for round in 0..extent.rounds {
        for (row, (pages, size, present)) in rows.clone().enumerate() {
            let mut dice = Dice((round * 1000 + row) as u64);
            let on = round % pages.len();
            let page = &pages[on];
            let anchor = if present { Some(luma(&cut(page, size, &mut dice))) } else { absent(pages, on, size, &mut dice) };
            trials[row].extend(anchor.map(|anchor| Trial::run(round, (&page.name, &page.gray), &anchor, present, peer)));
        }
    }
    for ((pages, (width, height), present), trials) in rows.zip(&trials) {
        let median = |of: &dyn Fn(&Trial) -> f64| quantile(trials.iter().map(of), 0.5);
        let screen = format!("{}x{}", pages[0].gray.width, pages[0].gray.height);
        let [fast, exact, theirs] = [0, 1, 2].map(|which| median(&|trial| trial.times[which]));
        let [fast_ratio, exact_ratio] = [0, 1].map(|which| median(&|trial| trial.times[which] / trial.times[2]));
        let (anchor, kind) = (format!("{width}x{height}"), if present { "present" } else { "absent" });
        let [fast, exact, theirs] = [fast, exact, theirs].map(|time| shown(time, 2));
        let [fast_ratio, exact_ratio] = [fast_ratio, exact_ratio].map(|ratio| shown(ratio, 3));
        println!("{screen:<10} {anchor:<8} {kind:<8} {fast:>8} {exact:>8} {theirs:>8} {fast_ratio:>10} {exact_ratio:>11}");
    }
}

/// What is done to an anchor, and whether it is then searched on the screen that it was cut out of.
const KINDS: [&str; 5] = ["crop", "rescaled", "noisy", "recompressed", "another screen"];

/// A pair of screen and anchor, the kind of the anchor by its number.
fn pair(pages: &[Vec<Page>], number: usize) -> (&Page, Gray) {
    let mut dice = Dice(number as u64 + 77);
    // Mostly the size that most screens have: the larger ones cost the peer seconds.
    let pages = &pages[[0, 0, 0, 0, 0, 0, 0, 0, 0, 1][number / KINDS.len() % 10]];
    let on = dice.below(pages.len());
    let kind = number % KINDS.len();
    let from = if kind == 4 { (on + 1 + dice.below(pages.len() - 1)) % pages.len() } else { on };
    let (width, height) = ANCHORS[number / KINDS.len() % ANCHORS.len()];
    let size = (width * (70 + dice.below(60)) / 100, height * (70 + dice.below(60)) / 100);
    let crop = cut(&pages[from], size, &mut dice);
    let anchor = match kind {
        1 => rescaled(&crop, dice.between(0.8, 1.25)),
        2 => noisy(&crop, 4 + dice.below(40), &mut dice),
        3 => recompressed(&crop, 35 + dice.below(55) as u8),
        _ => crop,
    };
    (&pages[on], luma(&anchor))
}

/// How a decision stands to the peer's.
#[derive(Clone, Copy, PartialEq)]
enum Agreement {
    Same,
    /// Another place that scores the same: which of them is given is chance.
    Tie,
    /// Another place, or another score.
    Other,
    /// Found by one alone.
    FoundByOne,
}

fn agreement(ours: Option<SourceHit>, theirs: Option<SourceHit>) -> Agreement {
    let (Some(ours), Some(theirs)) = (ours, theirs) else {
        return if ours.is_none() && theirs.is_none() { Agreement::Same } else { Agreement::FoundByOne };
    };
    let sides = |place: Place| [place.x, place.y, place.width, place.height];
    let near = sides(ours.place).iter().zip(sides(theirs.place)).all(|(a, b)| a.abs_diff(b) <= 1);
    match (near, (ours.score - theirs.score).abs() <= 1e-3) {
        (true, true) => Agreement::Same,
        (false, true) => Agreement::Tie,
        _ => Agreement::Other,
    }
}

/// Whether the decisions are the peer's, and what they take, over many pairs.
pub(crate) fn decisions(pages: &[Vec<Page>], peer: &Peer, extent: Extent) {
    let mut trials: Vec<Vec<Trial>> = KINDS.iter().map(|_| Vec::new()).collect();
    for number in 0..extent.pairs {
        let (page, anchor) = pair(pages, number);
        trials[number % KINDS.len()].push(Trial::run(number, (&page.name, &page.gray), &anchor, false, Some(peer)));
    }
    println!("\nDecisions of {} pairs beside OpenCV's (same: found or not, the place within 1 px, the score within 0.001),", extent.pairs);
    println!("and the time as a multiple of OpenCV's: median, what 10 and 90 of 100 stay below, and that of all pairs together.");
    println!(
        "{:<15} {:<6} {:>6} {:>6} {:>8} {:>6} {:>6} {:>13} {:>8} {:>8} {:>8} {:>9}",
        "anchor", "", "pairs", "found", "same", "tie", "other", "found by one", "median", "p10", "p90", "together"
    );
    for (which, name) in ["fast", "exact"].into_iter().enumerate() {
        for (kind, trials) in KINDS.iter().zip(&trials) {
            line(kind, name, &trials.iter().collect::<Vec<_>>(), which);
        }
        line("all", name, &trials.iter().flatten().collect::<Vec<_>>(), which);
    }
}

fn line(kind: &str, name: &str, trials: &[&Trial], which: usize) {
    let count = |wanted: Agreement| trials.iter().filter(|trial| agreement(trial.hits[which], trial.hits[2]) == wanted).count();
    let found = trials.iter().filter(|trial| trial.hits[2].is_some()).count();
    let same = format!("{:.2} %", 100.0 * count(Agreement::Same) as f64 / trials.len() as f64);
    let [middle, low, high] = [0.5, 0.1, 0.9].map(|share| quantile(trials.iter().map(|trial| trial.times[which] / trial.times[2]), share));
    let sum = |which: usize| trials.iter().map(|trial| trial.times[which]).sum::<f64>();
    let together = sum(which) / sum(2);
    println!(
        "{kind:<15} {name:<6} {:>6} {found:>6} {same:>8} {:>6} {:>6} {:>13} {middle:>8.3} {low:>8.3} {high:>8.3} {together:>9.3}",
        trials.len(),
        count(Agreement::Tie),
        count(Agreement::Other),
        count(Agreement::FoundByOne),
    );
}
