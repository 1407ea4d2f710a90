//! Resolution over HTTP beside another server, and what polls notice of it.

use std::sync::atomic::{AtomicBool, Ordering};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use lea::target::Verdict;
use serde_json::json;

use crate::load::{Rate, Server, load, request};
use crate::rule::sample;
use crate::screens::Page;
use crate::{Extent, quantile, shown};

const STREAM: &str = "/api/v1/traces/stream";

/// Agents that ask for a target at the same time.
const CLIENTS: usize = 2;

/// Anchors that are asked for in turn, and screenshots where these take turns as well: more than are kept ready.
const TURNS: usize = 4;

/// Questions of each anchor where none is asked twice: more than a server keeps the outcomes of.
const ANEW: usize = 12;

/// Connections that poll.
const POLLERS: usize = 4;

/// What one round gives on this server and on the peer.
type Round = (Rate, Option<Rate>);

/// The requests of a case, made in turn.
type Requests = &'static [Vec<u8>];

/// Each of the sample is asked for in so many ways, which differ in a column of pixels that is left out.
fn requests(pages: &[Page], screens: usize, verdict: Verdict, ways: usize) -> Requests {
    let sample = sample(pages, screens, verdict, TURNS);
    let asked = (0..ways).flat_map(|way| sample.iter().map(move |pair| (way, pair)));
    let bodies = asked.map(|(way, (page, anchor))| {
        let body = json!({
            "session_id": "sess_1",
            "screenshot_b64": STANDARD.encode(&page.png),
            "target_spec": { "anchor_image_base64": STANDARD.encode(anchor) },
            "fallback_x_pct": 0.5,
            "fallback_y_pct": 0.5,
            "screen_width": page.gray.width,
            "screen_height": page.gray.height,
            "region": { "x": 0, "y": 0, "width": page.gray.width - way, "height": page.gray.height },
        });
        request("POST", &format!("{STREAM}/replay/resolve_target"), &body.to_string())
    });
    Box::leak(bodies.collect::<Vec<_>>().into_boxed_slice())
}

fn resolves(server: &Server, requests: Requests, count: usize) -> Rate {
    load(server, CLIENTS, count, 200, move |number| requests[number % requests.len()].clone())
}

/// Requests a second on this server and on the peer, in turn.
pub(crate) fn beside(pages: &[Page], extent: Extent) {
    let command = std::env::var("LEA_BENCH_PEER").ok();
    let server = Server::start(None);
    let peer = command.as_deref().map(|command| Server::start(Some(command)));
    let screens = TURNS.min(pages.len());
    let of = |screens: usize, ways: usize| [Verdict::Found, Verdict::Absent].map(|verdict| requests(pages, screens, verdict, ways));
    let ([found, absent], [found_on_one, absent_on_one], [found_again, absent_again]) = (of(screens, ANEW), of(1, ANEW), of(1, 1));
    println!(
        "\n`resolve_target` over HTTP, {CLIENTS} clients, {}x{}: requests a second, medians.",
        pages[0].gray.width, pages[0].gray.height
    );
    println!("{:<28} {:>10} {:>12} {:>10} {:>12} {:>10}", "", "lea", "median ms", "peer", "median ms", "lea/peer");
    for (name, requests) in [
        ("found, one screenshot", found_on_one),
        ("found, asked again", found_again),
        ("found, screenshots in turn", found),
        ("absent, one screenshot", absent_on_one),
        ("absent, asked again", absent_again),
        ("absent, screenshots in turn", absent),
    ] {
        resolves(&server, requests, TURNS);
        let mut rounds: Vec<Round> = Vec::new();
        for _ in 0..extent.rounds {
            let ours = resolves(&server, requests, 3 * extent.requests);
            rounds.push((ours, peer.as_ref().map(|peer| resolves(peer, requests, extent.requests))));
        }
        let middle = |of: &dyn Fn(&Round) -> f64| quantile(rounds.iter().map(of), 0.5);
        let theirs = |of: fn(&Rate) -> f64| middle(&|round| round.1.as_ref().map_or(f64::NAN, of));
        let millis = |rate: &Rate| rate.median.as_secs_f64() * 1e3;
        println!(
            "{name:<28} {:>10} {:>12} {:>10} {:>12} {:>10}",
            shown(middle(&|round| round.0.per_second), 2),
            shown(middle(&|round| millis(&round.0)), 1),
            shown(theirs(|rate| rate.per_second), 2),
            shown(theirs(millis), 1),
            shown(middle(&|round| round.1.as_ref().map_or(f64::NAN, |peer| round.0.per_second / peer.per_second)), 1),
        );
    }
    drop(peer);
    polls(&server, found, absent, extent);
}

/// Polls alone, and while resolves run.
fn polls(server: &Server, found: Requests, absent: Requests, extent: Extent) {
    let poll = |_: usize| request("GET", &format!("{STREAM}/replay/next?session_id=sess_empty&machine_id=pc-empty"), "");
    let polls = || load(server, POLLERS, extent.polls, 200, poll);
    println!("\n`replay/next` on {POLLERS} connections, {} polls a round, medians of the rounds.", extent.polls);
    println!("{:<34} {:>12} {:>12} {:>12} {:>20}", "", "per second", "p50 ms", "p99 ms", "resolves a second");
    let beside = |requests: Option<Requests>| {
        let Some(requests) = requests else { return (polls(), 0.0) };
        let stop = AtomicBool::new(false);
        std::thread::scope(|scope| {
            let resolving = scope.spawn(|| {
                let (mut count, began) = (0, std::time::Instant::now());
                while !stop.load(Ordering::Relaxed) {
                    resolves(server, requests, 2 * CLIENTS);
                    count += 2 * CLIENTS;
                }
                count as f64 / began.elapsed().as_secs_f64()
            });
            let rate = polls();
            stop.store(true, Ordering::Relaxed);
            (rate, resolving.join().unwrap())
        })
    };
    let cases = [("without resolves", None), ("while targets are found", Some(found)), ("while absent ones are searched", Some(absent))];
    let mut rounds: Vec<Vec<(Rate, f64)>> = cases.iter().map(|_| Vec::new()).collect();
    for _ in 0..extent.rounds {
        for ((_, requests), rounds) in cases.iter().zip(&mut rounds) {
            rounds.push(beside(*requests));
        }
    }
    for ((name, _), rounds) in cases.iter().zip(&rounds) {
        let middle = |of: fn(&(Rate, f64)) -> f64| quantile(rounds.iter().map(of), 0.5);
        println!(
            "{name:<34} {:>12.0} {:>12.3} {:>12.3} {:>20.2}",
            middle(|round| round.0.per_second),
            middle(|round| round.0.median.as_secs_f64() * 1e3),
            middle(|round| round.0.p99.as_secs_f64() * 1e3),
            middle(|round| round.1)
        );
    }
}
