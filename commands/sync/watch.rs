//! `lea sync watch`.

use std::cell::RefCell;
use std::process::ExitCode;
use std::sync::mpsc;
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::Duration;

use lea::client::{Client, FollowNews, follow, on_ending};
use lea::clock::{Clock, Time};
use lea::error::{Error, Kind, Result};
use lea::sync::{AtHand, Cache, Fetched, Kept, Rules, Schedule, Source};

use super::events::Event;
use super::hook;
use super::place::{Place, Purpose, not_kept, trust};
use crate::context::Context;

/// How long a signal waits for a step that has begun: what is written is written whole, and the command after a change may end.
const LAST_STEP: Duration = Duration::from_secs(10);

#[derive(Debug, clap::Args)]
#[command(
    after_help = "Asks at once, and then at this machine's own moment within each interval, so that a fleet does not arrive together; \
    after failures up to four intervals later. SIGTERM, SIGINT and Ctrl-C end it with exit code 0.\n\n\
    The command of --on-change is run by /bin/sh -c (cmd /C on Windows) after another version came. LEA_SYNC_VERSION, LEA_SYNC_PREVIOUS and \
    LEA_SYNC_CACHE are set, LEA_SYNC_SKILLS and LEA_SYNC_WORKFLOWS hold the names of what changed, one a line; standard input has all of it as \
    JSON. What it prints goes to standard error."
)]
pub(crate) struct Args {
    /// How often to ask [env: LEA_SYNC_INTERVAL_SECONDS; default: 300]
    #[arg(long, value_name = "SECONDS")]
    interval: Option<u64>,
    /// Command to run after a change
    #[arg(long, value_name = "COMMAND", value_hint = clap::ValueHint::CommandString)]
    on_change: Option<String>,
    /// How long that command may take; then it is ended
    #[arg(long, value_name = "SECONDS", requires = "on_change", default_value_t = 300, value_parser = clap::value_parser!(u64).range(1..=86_400))]
    on_change_limit: u64,
    /// Take a snapshot that is older than one this server gave before
    #[arg(long)]
    allow_older: bool,
}

impl Args {
    pub(super) fn interval(&self) -> Option<u64> {
        self.interval
    }
}

/// Whether a step is under way that must not be cut, and whether another may begin.
#[derive(Debug, Default)]
struct Steps {
    /// A step is under way; none may begin any more.
    state: Mutex<(bool, bool)>,
    over: Condvar,
}

impl Steps {
    /// A step begins, or goes on. After a signal none begins: the program is about to end, and this thread with it.
    fn begin(&self) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        while state.1 && !state.0 {
            state = self.over.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        state.0 = true;
    }

    fn end(&self) {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).0 = false;
        self.over.notify_all();
    }

    /// Lets no other step begin, and waits for the end of the one that has; false when that takes too long.
    fn stop(&self) -> bool {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.1 = true;
        let waited = self.over.wait_timeout_while(state, LAST_STEP, |(busy, _)| *busy);
        !waited.unwrap_or_else(PoisonError::into_inner).1.timed_out()
    }
}

/// A cache whose writing begins a step; what is told of it ends the step.
struct Stepped<C>(C, Arc<Steps>);

impl<C: Cache> Cache for Stepped<C> {
    fn load(&self) -> Result<Option<Kept>> {
        self.0.load()
    }

    fn newest(&self, server: &str) -> Result<Option<Time>> {
        self.0.newest(server)
    }

    fn save(&self, kept: &Kept, server: &str, newest: Option<Time>) -> Result<()> {
        self.1.begin();
        self.0.save(kept, server, newest)
    }

    fn confirm(&self, version: &str, at: Time) -> Result<bool> {
        self.1.begin();
        self.0.confirm(version, at)
    }
}

/// A client that looks for its token once more when the server no longer knows it: the machine may have been enrolled anew.
struct Renewing {
    context: Context,
    client: RefCell<Client>,
}

impl Source for Renewing {
    fn fetch(&self, known: Option<&str>) -> Result<Fetched> {
        let refused = match self.client.borrow().fetch(known) {
            Err(error) if error.kind() == Kind::Unauthenticated => error,
            done => return done,
        };
        let Ok(renewed) = self.context.machine_client() else { return Err(refused) };
        let fetched = renewed.fetch(known)?;
        self.client.replace(renewed);
        Ok(fetched)
    }
}

/// Why watching ends.
enum End {
    Signal,
    /// Nobody reads what is printed, or it cannot be printed.
    Failed(Error),
}

/// Tells that watching has ended, however that came.
struct Gone(mpsc::Sender<End>);

impl Drop for Gone {
    fn drop(&mut self) {
        // The first reason counts; after a signal nobody listens any more.
        let _ = self.0.send(End::Failed(Error::new(Kind::Bug, "bug", "watching had a defect")));
    }
}

pub(super) fn run(args: &Args, context: &Context) -> Result<ExitCode> {
    let place = Place::with_server(context, Purpose::Keep)?;
    let Place { client: Some(client), cache, at_hand, keys } = place else {
        return Err(Error::new(Kind::Usage, "no_server", "no server is named"));
    };
    let steps = Arc::new(Steps::default());
    let (tell, told) = mpsc::channel();
    let signal = tell.clone();
    on_ending(move || drop(signal.send(End::Signal)))?;
    // Waiting for an answer cannot be broken off; the end of the program does it.
    let watcher = Watcher {
        context: context.clone(),
        steps: Arc::clone(&steps),
        on_change: args.on_change.clone(),
        limit: Duration::from_secs(args.on_change_limit),
    };
    let (interval, allow_older) = (context.settings.sync.interval, args.allow_older);
    let work = move || {
        let _gone = Gone(tell.clone());
        let cache = Stepped(cache, Arc::clone(&watcher.steps));
        let server = client.server().to_string();
        let rules = Rules { server: &server, allow_older, trust: trust(keys.as_ref()) };
        let waiting = watcher.context.waiting();
        let schedule = Schedule::new(interval, (waiting.random)());
        let source = Renewing { context: watcher.context.clone(), client: RefCell::new(client) };
        follow(&source, &cache, at_hand, rules, schedule, waiting, &mut |news, wait| {
            let shown = watcher.hear(&news, wait);
            watcher.steps.end();
            match shown {
                Ok(()) => true,
                Err(error) => {
                    drop(tell.send(End::Failed(error)));
                    false
                }
            }
        });
    };
    std::thread::Builder::new()
        .name("lea-watch".to_owned())
        .spawn(work)
        .map_err(|cause| Error::new(Kind::Storage, "no_thread", "no thread could be started").caused_by(cause))?;
    match told.recv() {
        Ok(End::Signal) => {
            if !steps.stop() {
                context.output.warn("the command after a change did not end in time, and is left alone");
            }
            Event::Stopped { at: context.clock.now() }.tell(None, context)?;
            Ok(ExitCode::SUCCESS)
        }
        Ok(End::Failed(error)) => Err(error),
        Err(_) => Err(Error::new(Kind::Bug, "bug", "watching ended without a reason")),
    }
}

/// Tells what happened, and runs the command after a change.
struct Watcher {
    context: Context,
    steps: Arc<Steps>,
    on_change: Option<String>,
    limit: Duration,
}

impl Watcher {
    fn hear(&self, news: &FollowNews<'_>, wait: Duration) -> Result<()> {
        let context = &self.context;
        let at = context.clock.now();
        let (pulled, at_hand) = match news {
            FollowNews::Failed(error, at_hand) => return Event::failed(error, at_hand, at, wait).tell(Some(at_hand), context),
            FollowNews::Current(pulled, at_hand) => (*pulled, *at_hand),
        };
        let AtHand { kept: Some(kept), .. } = at_hand else { return Ok(()) };
        if let Some(error) = &pulled.not_kept {
            context.output.warn_of(&not_kept(error));
        }
        Event::current(pulled, kept, at, wait).tell(Some(at_hand), context)?;
        let Some(command) = self.on_change.as_deref().filter(|_| pulled.changed) else { return Ok(()) };
        match hook::run(command, self.limit, pulled, kept, context) {
            Ok(ended) => Event::Hook { at: context.clock.now(), ok: ended.ok, exit_code: ended.exit_code }.tell(None, context),
            Err(error) => {
                context.output.warn_of(&error);
                Event::Hook { at: context.clock.now(), ok: false, exit_code: None }.tell(None, context)
            }
        }
    }
}
