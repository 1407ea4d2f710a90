//! A conversation as it goes in a hospital on a bad day: replays on three machines, agents that die in the middle of an action and
//! come back, a server that is killed and started again, and a person who decides where nobody knows. Whatever happens: each action
//! has exactly one outcome, and nothing is carried out twice unless its failure was reported or a person wanted it.

use std::collections::{HashMap, HashSet};
use std::io::{BufRead, BufReader};
use std::process::{Child, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::Duration;

use lea::api::{RawRequest, ReplayView, ResultView};
use lea::client::retry::Waiting;
use lea::client::{AgentNews, AgentOrder, Client, ClientOptions, ReplaysQuery, Script, StartCall, WatchNews, run_agent, session_id, watch};
use lea::clock::{Clock, SystemClock};
use lea::id;
use secrecy::SecretString;
use serde_json::{Value, json};

use crate::support::{OPERATOR, Sandbox, Server};

const MACHINES: [&str; 3] = ["PC-A", "PC-B", "PC-C"];

const ROUNDS: u64 = 60;

/// The server is killed in each so-manieth round.
const SERVER_DIES_EVERY: u64 = 4;

/// In each so-manieth round the agent that comes back is a process of its own, and is killed in a later one.
const PROCESS_EVERY: u64 = 6;

/// How long anything may take before the test gives up.
const PATIENCE: Duration = Duration::from_mins(1);

/// `SplitMix64`: enough chance for a test, and the same again from the same seed.
#[derive(Clone)]
struct Dice(u64);

impl Dice {
    fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    fn below(&mut self, end: u64) -> u64 {
        self.roll() % end
    }

    fn fork(&mut self) -> Self {
        Self(self.roll())
    }
}

/// Says which seed it was when the test fails.
struct Seed(u64);

impl Drop for Seed {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("the same dice again: LEA_TEST_SEED={}", self.0);
        }
    }
}

/// What agents said, in their own record: what it was, the action, success, and the server's word for it.
#[derive(Debug, Clone, PartialEq)]
struct Said {
    event: String,
    action: String,
    success: bool,
    status: String,
}

type Record = Arc<Mutex<Vec<Said>>>;

fn random() -> f64 {
    (u64::from_le_bytes(id::random_bytes().unwrap()) >> 11) as f64 / (1_u64 << 53) as f64
}

/// Runs `work` with what repeating needs.
fn with_waiting<R>(work: impl FnOnce(Waiting<'_>) -> R) -> R {
    work(Waiting { clock: &SystemClock::new(), sleep: &std::thread::sleep, random: &random })
}

enum Agent {
    Thread(Arc<AtomicBool>, JoinHandle<()>),
    Process(Child, JoinHandle<()>),
}

impl Agent {
    /// Ends it as it stands, in the middle of whatever it does; gives what is left to wait for.
    fn kill(self) -> JoinHandle<()> {
        match self {
            Self::Thread(stop, thread) => {
                stop.store(true, Ordering::SeqCst);
                thread
            }
            Self::Process(mut child, reader) => {
                child.kill().unwrap();
                child.wait().unwrap();
                reader
            }
        }
    }
}

struct Stage {
    sandbox: Sandbox,
    url: String,
    /// With the operator's token.
    client: Client,
    /// The machines' own tokens.
    tokens: HashMap<&'static str, String>,
    record: Record,
}

fn client(url: &str) -> Client {
    Client::new(ClientOptions { token: Some(SecretString::from(OPERATOR)), ..ClientOptions::new(url) }).unwrap()
}

fn serve(sandbox: &Sandbox, listen: &str) -> Server {
    let mut command = sandbox.lea(["serve", "--listen", listen, "-q"]);
    Server::spawn(command.env("LEA_TOKEN", OPERATOR).env("LEA_REPLAY_LEASE_SECONDS", "1"))
}

impl Stage {
    fn agent(&self, machine: &str, dice: &mut Dice) -> Agent {
        let stop = Arc::new(AtomicBool::new(false));
        let each = |dice: &mut Dice, least: u64| if dice.below(2) == 0 { 0 } else { least + dice.below(6) };
        let order = AgentOrder {
            script: Script { fail_every: each(dice, 3), lose_every: each(dice, 5), ..Script::default() },
            waits: false,
            poll: Duration::from_secs(1),
            patience: PATIENCE,
            ..AgentOrder::new(session_id(SystemClock::new().now()), machine.to_owned())
        };
        let client = self.client.with_token(Some(SecretString::from(self.tokens[machine].as_str())));
        let (record, asked) = (Arc::clone(&self.record), Arc::clone(&stop));
        let thread = std::thread::spawn(move || {
            let tell = |news: AgentNews<'_>| {
                let text = |action: &serde_json::Map<String, Value>| action["action_id"].as_str().unwrap().to_owned();
                let (event, action, success, status) = match news {
                    AgentNews::Given(action) => ("given", text(action), false, ""),
                    AgentNews::Answered(report, answer) => ("answered", report.action_id.clone(), report.success, answer.status.as_str()),
                    AgentNews::Refused(report) => ("answered", report.action_id.clone(), report.success, "unknown_action"),
                    _ => return,
                };
                let said = Said { event: event.to_owned(), action, success, status: status.to_owned() };
                record.lock().unwrap().push(said);
            };
            let mut tell = tell;
            let end = with_waiting(|waiting| run_agent(&client, &order, waiting, &|| asked.load(Ordering::SeqCst), &mut tell));
            // One that was killed may have been cut off in the middle of a call.
            assert!(asked.load(Ordering::SeqCst) || end.is_ok(), "{end:?}");
        });
        Agent::Thread(stop, thread)
    }

    fn process(&self, machine: &str) -> Agent {
        let mut command = self.sandbox.lea(["replay", "simulate", "--machine-id", machine, "--fast", "--json", "-q", "--timeout", "60"]);
        command.args(["--fail-every", "4", "--lose-every", "7", "--server", &self.url]).env("LEA_TOKEN", &self.tokens[machine]);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let (output, record) = (child.stdout.take().unwrap(), Arc::clone(&self.record));
        let reader = std::thread::spawn(move || {
            // A line that was cut off by the end of the process says nothing.
            let lines = BufReader::new(output).lines().map_while(Result::ok);
            for line in lines.filter_map(|line| serde_json::from_str::<Value>(&line).ok()) {
                let text = |name: &str| line[name].as_str().unwrap_or_default().to_owned();
                let said = Said {
                    event: text("event"),
                    action: text("action_id"),
                    success: line["success"] == json!(true),
                    status: text("status"),
                };
                record.lock().unwrap().push(said);
            }
        });
        Agent::Process(child, reader)
    }

    /// Starts a replay on a machine, whose agent may still be on its way.
    fn start(&self, name: &str, machine: &str, dice: &mut Dice) -> (String, usize) {
        let actions: Vec<Value> = (0..3 + dice.below(6)).map(|index| action(&format!("{name}a{index}"), dice)).collect();
        let actions = actions.into_iter().map(|action| action.as_object().unwrap().clone()).collect();
        let request = RawRequest { actions, machine_id: Some(machine.to_owned()), ..RawRequest::default() };
        let how = StartCall { idempotency_key: Some(name), timeout: None };
        let started = (0..5000).find_map(|_| match self.client.start_actions(&request, how) {
            Ok(answer) => Some(answer),
            Err(error) if error.code() == "no_session" => None,
            Err(error) => panic!("{name}: {error:?}"),
        });
        let started = started.expect("the agent never came");
        assert_eq!(self.client.start_actions(&request, how).unwrap(), started, "the same start twice is another replay");
        (started.replay_id, started.total_actions)
    }

    /// Follows a replay to its end, and decides wherever it waits for a person. Gives how it ended.
    fn watcher(&self, id: String, mut dice: Dice, ticks: Sender<()>) -> Receiver<ReplayView> {
        let client = self.client.clone();
        let (sender, end) = channel();
        std::thread::spawn(move || {
            let mut told = |news: WatchNews<'_>| {
                let WatchNews::Progress(view) = news else { return true };
                // Nobody may be counting any more.
                let _ = ticks.send(());
                if view.status == "stalled" && ["stalled", "snapshot"].contains(&view.event.as_str()) {
                    let decision = ["retry", "retry", "retry", "skip", "skip", "fail"][dice.below(6) as usize];
                    // When the answer is lost, the next snapshot says whether it must be said again.
                    if let Err(error) = client.resume_replay(&id, Some(decision)) {
                        assert!(["not_resumable", "connection_lost", "connection_refused"].contains(&error.code()), "{error:?}");
                    }
                }
                true
            };
            let view = with_waiting(|waiting| watch(&client, &id, PATIENCE, waiting, &mut told)).unwrap();
            // Whoever gave up waiting has failed already.
            let _ = sender.send(view);
        });
        end
    }
}

fn action(id: &str, dice: &mut Dice) -> Value {
    match dice.below(4) {
        0 => json!({ "action_id": id, "type": "click", "x_pct": 0.5, "y_pct": 0.25, "button": "left" }),
        1 => json!({ "action_id": id, "type": "type", "text": "Bonjour" }),
        2 => json!({ "action_id": id, "type": "key_combo", "keys": ["ctrl", "s"] }),
        _ => json!({ "action_id": id, "type": "wait", "duration_ms": 5 }),
    }
}

/// Waits until so many things have happened, or nothing can happen any more.
fn wait_for(ticks: &Receiver<()>, count: u64) {
    for _ in 0..count {
        if ticks.recv_timeout(PATIENCE).is_err() {
            return;
        }
    }
}

#[test]
fn each_action_has_exactly_one_outcome_whoever_dies_in_the_middle() {
    let seed = std::env::var("LEA_TEST_SEED").ok().and_then(|text| text.parse().ok());
    let seed = Seed(seed.unwrap_or_else(|| u64::from_le_bytes(id::random_bytes().unwrap())));
    let mut dice = Dice(seed.0);
    let sandbox = Sandbox::new();
    let mut server = Some(serve(&sandbox, "127.0.0.1:0"));
    let url = server.as_ref().unwrap().url.clone();
    let tokens = MACHINES.iter().map(|machine| (*machine, server.as_ref().unwrap().enroll(machine))).collect();
    let stage = Stage { sandbox, client: client(&url), url, tokens, record: Record::default() };
    let mut agents: HashMap<&str, Agent> = MACHINES.iter().map(|machine| (*machine, stage.agent(machine, &mut dice))).collect();
    let (mut gone, mut ends) = (Vec::new(), Vec::new());

    for round in 0..ROUNDS {
        let (sender, ticks) = channel();
        let mut watchers = Vec::new();
        for (index, machine) in MACHINES.iter().enumerate() {
            let (id, total) = stage.start(&format!("r{round}m{index}"), machine, &mut dice);
            watchers.push((stage.watcher(id, dice.fork(), sender.clone()), total));
        }
        drop(sender);
        wait_for(&ticks, 3 + dice.below(12));
        let victim = MACHINES[dice.below(3) as usize];
        gone.push(agents.remove(victim).unwrap().kill());
        if round % SERVER_DIES_EVERY == 2 {
            wait_for(&ticks, dice.below(8));
            drop(server.take());
            server = Some(serve(&stage.sandbox, stage.url.trim_start_matches("http://")));
        }
        let back = if round % PROCESS_EVERY == 1 { stage.process(victim) } else { stage.agent(victim, &mut dice) };
        agents.insert(victim, back);
        for (end, total) in watchers {
            let end = end.recv_timeout(PATIENCE).unwrap_or_else(|why| panic!("a replay of round {round} never ended: {why}"));
            ends.push((end, total));
        }
    }

    gone.extend(agents.into_values().map(Agent::kill));
    for left in gone {
        left.join().unwrap();
    }
    assert_eq!(ends.len() as u64, ROUNDS * 3);
    for status in ["running", "paused", "stalled"] {
        let query = ReplaysQuery { status: Some(status.to_owned()), ..ReplaysQuery::default() };
        assert_eq!(stage.client.replays(&query).unwrap().replays.len(), 0, "something is left {status}");
    }
    let record = stage.record.lock().unwrap().clone();
    let mut statuses = HashMap::<String, usize>::new();
    for (end, total) in &ends {
        // What was told late came after the end.
        let view = stage.client.replay(&end.replay_id).unwrap();
        assert_eq!((&view.status, view.results.len()), (&end.status, end.results.len()));
        check_replay(&view, *total, &record);
        *statuses.entry(view.status).or_default() += 1;
    }
    check_record(&record, &ends);
    // Dice that never hit anything would prove nothing.
    assert!(statuses.len() >= 3, "{statuses:?}");

    drop(server);
    let list = stage.sandbox.run(["replay", "list", "--all", "--json"]).expect(0).json();
    assert_eq!(list["replays"].as_array().unwrap().len() as u64, ROUNDS * 3);
}

/// One replay: its attempts follow one another by the rules, and the counts are theirs.
#[track_caller]
fn check_replay(view: &ReplayView, total: usize, record: &[Said]) {
    let show = || format!("{} {}: {:#?}", view.replay_id, view.status, view.results);
    assert!(["completed", "completed_with_warnings", "error"].contains(&view.status.as_str()), "{}", show());
    assert!(view.out.is_none() && view.remaining_actions == 0 && view.total_actions == total, "{}", show());
    let mut last: Option<&ResultView> = None;
    for result in &view.results {
        match last {
            // The same action again: as was reported, or as a person wanted.
            Some(before) if before.action_index == result.action_index => {
                assert_eq!(result.retry_count, before.retry_count + 1, "{}", show());
                // The agent's own words; that they are its own is seen below, where it lived to write down the answer.
                let failed = before.outcome == "failed" && !before.success && before.error.as_deref() == Some("failed on purpose");
                assert!(failed || before.decision.as_deref() == Some("retry"), "done again without a reason: {}", show());
            }
            _ => {
                assert_eq!((result.action_index, result.retry_count), (last.map_or(0, |last| last.action_index + 1), 0), "{}", show());
                assert!(last.is_none_or(|last| ["success", "unreported", "skipped"].contains(&last.outcome.as_str())), "{}", show());
            }
        }
        let given = said(record, "given", &result.action_id);
        assert!(given.is_some() || !result.success, "nobody did it: {}", show());
        if let Some(answer) = said(record, "answered", &result.action_id) {
            let told = match answer.status.as_str() {
                "recorded" => Some(result.success),
                "late" => result.late_success,
                other => panic!("{other}: {}", show()),
            };
            assert_eq!(told, Some(answer.success), "the server has it otherwise than the agent: {}", show());
        }
        last = Some(result);
    }
    let begun = last.map_or(0, |last| last.action_index + 1);
    assert!(begun == total || view.status == "error", "{}", show());
    let ReplayView { completed_actions, failed_actions, unreported_actions, unknown_actions, skipped_actions, .. } = view;
    assert_eq!(completed_actions + failed_actions + unreported_actions + unknown_actions + skipped_actions, begun, "{}", show());
    assert_eq!(
        (view.retried_actions, view.failed_actions),
        (view.results.len() - begun, usize::from(view.status == "error")),
        "{}",
        show()
    );
}

fn said<'a>(record: &'a [Said], event: &str, action: &str) -> Option<&'a Said> {
    record.iter().find(|said| said.event == event && said.action == action)
}

/// No action was given to two agents or twice to one, and the server knows each.
#[track_caller]
fn check_record(record: &[Said], ends: &[(ReplayView, usize)]) {
    let known: HashMap<&str, &ReplayView> =
        ends.iter().flat_map(|(end, _)| end.results.iter().map(move |result| (result.action_id.as_str(), end))).collect();
    let mut given = HashSet::new();
    for said in record.iter().filter(|said| said.event == "given" && !said.action.starts_with("wait_retry_")) {
        assert!(known.contains_key(said.action.as_str()), "the server knows nothing of {said:?}");
        assert!(given.insert(said.action.as_str()), "given twice: {said:?}");
    }
    assert!(!given.is_empty());
}
