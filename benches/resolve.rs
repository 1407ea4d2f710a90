//! Targets on screenshots beside OpenCV and beside another server: `cargo bench --bench resolve`, `-- --quick` for a short look.
//!
//! Everything is measured in turn with its peer, since machines have slow minutes. OpenCV runs in a Python of its own, which is made
//! once below `target/`; `LEA_BENCH_PYTHON` names another one that has `cv2` and `numpy`. `LEA_BENCH_SCREENS` names a folder of PNG
//! or JPEG screenshots to take in place of drawn ones, and `LEA_BENCH_PEER` a server (see the bench `fleet`).
#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::doc_markdown,
    reason = "a bench measures time, prints, and may stop at once; OpenCV is a name"
)]

#[path = "resolve/http.rs"]
mod http;
#[allow(dead_code, reason = "this bench takes turns with its peer instead of measuring one after the other")]
mod load;
#[path = "resolve/peer.rs"]
mod peer;
#[path = "resolve/rule.rs"]
mod rule;
#[path = "resolve/screens.rs"]
mod screens;
#[path = "resolve/search.rs"]
mod search;

use std::time::Instant;

use peer::Peer;

/// What the executable takes its memory from.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// How much is measured.
#[derive(Clone, Copy)]
struct Extent {
    /// Times that everything takes its turn.
    rounds: usize,
    /// Pairs of anchor and screen whose decisions are compared.
    pairs: usize,
    /// Searches by the default rule on screens of the smallest size.
    searches: usize,
    /// Pairs given to whole processes.
    processes: usize,
    /// Requests of one round to the peer's server; this one gets three times as many.
    requests: usize,
    /// Polls of one round.
    polls: usize,
}

const FULL: Extent = Extent { rounds: 3, pairs: 500, searches: 90, processes: 8, requests: 8, polls: 40_000 };

const QUICK: Extent = Extent { rounds: 1, pairs: 50, searches: 24, processes: 3, requests: 4, polls: 5_000 };

/// The value that `share` of the others stay below; NaN where there are none, or where there was no peer.
fn quantile(values: impl Iterator<Item = f64>, share: f64) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values.get(((values.len() as f64 * share) as usize).min(values.len().saturating_sub(1))).copied().unwrap_or(f64::NAN)
}

/// A number, or a dash for what was not measured.
fn shown(value: f64, decimals: usize) -> String {
    if value.is_nan() { "-".to_owned() } else { format!("{value:.decimals$}") }
}

fn main() {
    let extent = if std::env::args().any(|argument| argument == "--quick") { QUICK } else { FULL };
    let peer = Peer::start();
    match &peer {
        Some(peer) => println!("lea {} beside OpenCV {}, one thread each", lea::VERSION, peer.version),
        None => println!("lea {} alone: no Python with OpenCV is to be had; LEA_BENCH_PYTHON may name one", lea::VERSION),
    }
    let began = Instant::now();
    let pages = screens::pages();
    search::load(&pages, peer.as_ref());
    let passed = |what: &str| println!("({what} done after {:.0} s)", began.elapsed().as_secs_f64());
    search::cases(&pages, peer.as_ref(), extent);
    passed("cases");
    if let Some(peer) = &peer {
        search::decisions(&pages, peer, extent);
        passed("decisions");
    }
    rule::in_memory(&pages, extent);
    rule::process(&pages[0], peer.as_ref(), extent);
    passed("the default rule");
    http::beside(&pages[0], extent);
    passed("everything");
}
