//! The default rule: in memory, and as a process beside a Python that has OpenCV loaded already.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use lea::target::{Finding, Order, Verdict, resolve};
use lea::vision::{Ceilings, Correlation};

use crate::peer::Peer;
use crate::screens::{Dice, Page, cut, noisy, png, rescaled};
use crate::{Extent, quantile, shown};

/// Width and height of anchors as they are recorded: an icon, buttons, a line.
const ANCHORS: [(usize, usize); 4] = [(40, 40), (96, 46), (143, 46), (260, 60)];

fn search(pixels: &Correlation, screenshot: &[u8], anchor: &[u8]) -> (Finding, f64) {
    let order = Order::new(screenshot, Some(anchor), 0.5);
    let began = Instant::now();
    let finding = resolve(&order, pixels).unwrap();
    (finding, began.elapsed().as_secs_f64() * 1e3)
}

/// Anchors that the default rule gives a verdict of, as PNG, each with its screen, which is one of the first `screens` pages.
pub(crate) fn sample(pages: &[Page], screens: usize, wanted: Verdict, count: usize) -> Vec<(&Page, Vec<u8>)> {
    let tries = (0..40 * count).filter_map(|number| {
        let mut dice = Dice(number as u64 + 5);
        let on = number % screens;
        let from = if wanted == Verdict::Found { on } else { (on + 1 + dice.below(pages.len() - 1)) % pages.len() };
        let anchor = png(&cut(&pages[from], ANCHORS[number / screens % ANCHORS.len()], &mut dice));
        let finding = search(&Correlation::new(Ceilings::default()), &pages[on].png, &anchor).0;
        (finding.verdict == wanted).then_some((&pages[on], anchor))
    });
    tries.take(count).collect()
}

/// What a search takes on a screen that is seen for the first time, and again on the same one: on one thread, and on as many as the
/// command takes.
pub(crate) fn in_memory(pages: &[Vec<Page>], extent: Extent) {
    println!("\nThe default rule in memory, ms; unprepared: the screen is decoded and made ready within the time.");
    println!("{:<10} {:<18} {:>8} {:>8} {:>20} {:>20}", "", "", "", "", "unprepared", "prepared");
    println!(
        "{:<10} {:<18} {:>8} {:>8} {:>10} {:>9} {:>10} {:>9}",
        "screen", "recorded scale", "threads", "searches", "median", "p95", "median", "p95"
    );
    let all = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    for (pages, count) in pages.iter().zip([extent.searches, extent.searches / 3, extent.searches / 6]) {
        // By threads, and whether all scales were looked at.
        let mut times: [[Vec<(f64, f64)>; 2]; 2] = Default::default();
        for number in 0..count {
            let mut dice = Dice(number as u64 + 900);
            let on = number % pages.len();
            let from = if number % 4 == 3 { (on + 1) % pages.len() } else { on };
            let crop = cut(&pages[from], ANCHORS[number / 4 % ANCHORS.len()], &mut dice);
            let anchor = png(&match number % 4 {
                1 => rescaled(&crop, [0.8, 1.25, 1.5][number % 3]),
                2 => noisy(&crop, 8, &mut dice),
                _ => crop,
            });
            for (threads, times) in [1, all].into_iter().zip(&mut times) {
                let pixels = Correlation::new(Ceilings::default()).on_threads(threads);
                let (finding, unprepared) = search(&pixels, &pages[on].png, &anchor);
                let prepared = search(&pixels, &pages[on].png, &anchor).1;
                times[usize::from(finding.scales.len() != 1)].push((unprepared, prepared));
            }
        }
        let screen = format!("{}x{}", pages[0].gray.width, pages[0].gray.height);
        for (kind, name) in ["conclusive", "not: all scales"].into_iter().enumerate() {
            for (threads, times) in [1, all].into_iter().zip(&times) {
                let times = &times[kind];
                let [first, second] = [0.5, 0.95]
                    .map(|share| (quantile(times.iter().map(|times| times.0), share), quantile(times.iter().map(|times| times.1), share)));
                println!(
                    "{screen:<10} {name:<18} {threads:>8} {:>8} {:>10.1} {:>9.1} {:>10.1} {:>9.1}",
                    times.len(),
                    first.0,
                    second.0,
                    first.1,
                    second.1
                );
            }
        }
    }
}

/// The whole process, from its start to its end, beside a request to a Python that runs already.
pub(crate) fn process(pages: &[Page], peer: Option<&Peer>, extent: Extent) {
    println!("\n`lea resolve SHOT --anchor A --json` from start to end, beside a Python process that runs already, ms.");
    println!("{:<12} {:>6} {:>10} {:>10} {:>10} {:>10} {:>10}", "", "pairs", "lea", "p95", "OpenCV", "p95", "lea/peer");
    let folder = tempfile::tempdir().unwrap();
    for (name, verdict) in [("found", Verdict::Found), ("not found", Verdict::Absent)] {
        let mut times: Vec<(f64, f64)> = Vec::new();
        let files: Vec<(PathBuf, PathBuf)> = (0..)
            .zip(sample(pages, pages.len(), verdict, extent.processes))
            .map(|(number, (page, anchor))| {
                let file = |part: &str, bytes: &[u8]| {
                    let path = folder.path().join(format!("{name}_{part}_{number}.png"));
                    std::fs::write(&path, bytes).unwrap();
                    path
                };
                (file("screen", &page.png), file("anchor", &anchor))
            })
            .collect();
        for round in 0..extent.rounds {
            for (screenshot, anchor) in &files {
                let their_time = || {
                    peer.map_or(f64::NAN, |peer| {
                        let began = Instant::now();
                        peer.resolve(screenshot, anchor);
                        began.elapsed().as_secs_f64() * 1e3
                    })
                };
                times.push(if round % 2 == 0 {
                    let ours = run(screenshot, anchor, folder.path());
                    (ours, their_time())
                } else {
                    let theirs = their_time();
                    (run(screenshot, anchor, folder.path()), theirs)
                });
            }
        }
        let of = |which: &dyn Fn(&(f64, f64)) -> f64, share| quantile(times.iter().map(which), share);
        let (ours, theirs) = (|times: &(f64, f64)| times.0, |times: &(f64, f64)| times.1);
        println!(
            "{name:<12} {:>6} {:>10} {:>10} {:>10} {:>10} {:>10}",
            files.len(),
            shown(of(&ours, 0.5), 1),
            shown(of(&ours, 0.95), 1),
            shown(of(&theirs, 0.5), 1),
            shown(of(&theirs, 0.95), 1),
            shown(of(&|times| times.0 / times.1, 0.5), 3)
        );
    }
}

fn run(screenshot: &Path, anchor: &Path, folder: &Path) -> f64 {
    let mut command = Command::new(env!("CARGO_BIN_EXE_lea"));
    command.arg("resolve").arg(screenshot).arg("--anchor").arg(anchor).arg("--json").env("LEA_DATA_DIR", folder);
    let began = Instant::now();
    let output = command.stdin(Stdio::null()).output().unwrap();
    let time = began.elapsed().as_secs_f64() * 1e3;
    assert!(output.stdout.starts_with(b"{"), "{}", String::from_utf8_lossy(&output.stderr));
    time
}
