//! Texts on screenshots beside plain Tesseract on the whole page at twice its size: `cargo bench --bench text`.
//!
//! Takes the fixtures of the tests, or those of the folder that `LEA_BENCH_SCREENS` names: a `texts.json` with its pictures. Twelve texts are
//! looked for on each of the first four screenshots of 1920x1080 (or of any size, where there are none), nothing being remembered, and
//! then again when the page has been read; in turn with Tesseract reading the whole page.
#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::doc_markdown,
    reason = "a bench measures time, prints, and may stop at once; Tesseract is a name"
)]

use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use lea::ocr::{Recent, Tesseract, TesseractOptions};
use lea::target::{Order, Query, Reader, seek};
use lea::vision::{Ceilings, Correlation, decode, luma, resize_gray, size};

/// Screenshots, and texts on each.
const SCREENS: usize = 4;
const QUERIES: usize = 12;

/// What a case of a `texts.json` tells that is needed here.
#[derive(serde::Deserialize)]
struct Case {
    image: String,
    text: String,
}

#[derive(serde::Deserialize)]
struct Cases {
    cases: Vec<Case>,
}

/// The screenshots and their texts; texts of other screenshots fill up what is missing, as text that is not there.
fn cases(folder: &Path) -> Vec<(PathBuf, Vec<String>)> {
    let Cases { cases } = serde_json::from_slice(&std::fs::read(folder.join("texts.json")).unwrap()).unwrap();
    let mut by_image: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for case in &cases {
        by_image.entry(&case.image).or_default().push(case.text.clone());
    }
    let large = |image: &str| size(&std::fs::read(folder.join(image)).unwrap()) == Some((1920, 1080));
    let mut chosen: Vec<&str> = by_image.keys().copied().filter(|image| large(image)).collect();
    if chosen.is_empty() {
        chosen = by_image.keys().copied().collect();
    }
    // Spread over all of them: neighbours are the same page.
    let step = (chosen.len() / SCREENS).max(1);
    let chosen = chosen.into_iter().step_by(step).take(SCREENS);
    chosen
        .map(|image| {
            let mut texts = by_image[image].clone();
            texts.extend(cases.iter().map(|case| case.text.clone()).filter(|text| !by_image[image].contains(text)));
            texts.truncate(QUERIES);
            (folder.join(image), texts)
        })
        .collect()
}

/// Whole-page Tesseract at twice the size, both languages' worth of what it needs left to its defaults.
fn plain(screenshot: &[u8], languages: &str) -> Duration {
    let gray = luma(&decode(screenshot, Ceilings::default()).unwrap());
    let began = Instant::now();
    let large = resize_gray(&gray, 2 * gray.width, 2 * gray.height);
    let mut page = format!("P5\n{} {}\n255\n", large.width, large.height).into_bytes();
    page.extend_from_slice(&large.pixels);
    let mut child = Command::new("tesseract")
        .args(["-", "-", "-l", languages, "--psm", "11", "tsv"])
        .env("OMP_THREAD_LIMIT", "1")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut to = child.stdin.take().unwrap();
    let writing = std::thread::spawn(move || to.write_all(&page));
    child.wait_with_output().unwrap();
    writing.join().unwrap().unwrap();
    began.elapsed()
}

fn quantile(times: &[Duration], share: f64) -> f64 {
    let mut sorted = times.to_vec();
    sorted.sort_unstable();
    sorted
        .get(((sorted.len() as f64 * share) as usize).min(sorted.len().saturating_sub(1)))
        .map_or(f64::NAN, |time| time.as_secs_f64() * 1e3)
}

fn main() {
    let folder = std::env::var_os("LEA_BENCH_SCREENS").map_or_else(|| PathBuf::from("tests/fixtures/text"), PathBuf::from);
    let calls = std::thread::available_parallelism().map_or(1, usize::from).min(4);
    let options =
        TesseractOptions { program: "tesseract".into(), languages: "fra".to_owned(), timeout: Duration::from_mins(1), calls, waiting: 0 };
    // As a server reads, which keeps the program started.
    let always = Tesseract::new(TesseractOptions { waiting: 2 * calls, ..options.clone() });
    let (mut cold, mut serving, mut warm, mut peer) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for (path, texts) in cases(&folder) {
        let screenshot = std::fs::read(&path).unwrap();
        let (remembered, known) = (Recent::new(8), Correlation::new(Ceilings::default()).on_threads(calls));
        for text in &texts {
            let ask = |layout: &Correlation, reader: &Tesseract, memory: &Recent| {
                let order = Order::new(&screenshot, None, 0.5);
                let query = Query { text: Some(text), ..Query::default() };
                let began = Instant::now();
                let finding = seek(&order, &query, Reader { layout, text: reader, memory }).unwrap();
                (began.elapsed(), finding.verdict)
            };
            // Decoding is a part of it: nothing is known of the screenshot.
            let fresh = || Correlation::new(Ceilings::default()).on_threads(calls);
            // A command finds nothing started, and what it started and did not need ends with it.
            let once = Tesseract::new(options.clone());
            let (time, verdict) = ask(&fresh(), &once, &Recent::new(0));
            cold.push(time);
            let (time, served) = ask(&fresh(), &always, &Recent::new(0));
            serving.push(time);
            // The programs that wait from now on read their language data meanwhile.
            peer.push(plain(&screenshot, &options.languages));
            let (_, again) = ask(&known, &once, &remembered);
            warm.push(ask(&known, &once, &remembered).0);
            assert_eq!((verdict, verdict), (again, served), "{text:?} on {} depends on what is remembered", path.display());
        }
    }
    println!("{} queries on {} screenshots, ms", cold.len(), cold.len() / QUERIES);
    println!("{:<28}{:>10}{:>10}{:>10}", "", "median", "p95", "worst");
    for (name, times) in
        [("cold, a command", &cold), ("cold, a server", &serving), ("read before", &warm), ("plain Tesseract, whole page", &peer)]
    {
        println!("{name:<28}{:>10.1}{:>10.1}{:>10.1}", quantile(times, 0.5), quantile(times, 0.95), quantile(times, 1.0));
    }
    println!("cold, a command, as a share of plain Tesseract (medians): {:.2}", quantile(&cold, 0.5) / quantile(&peer, 0.5));
}
