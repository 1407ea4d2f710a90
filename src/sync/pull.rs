//! Taking over a snapshot: checked whole, no older than what was seen before, on disk first and in memory then.

use std::time::Duration;

use serde_json::Value;

use super::cache::{Cache, Kept};
use super::difference::Difference;
use super::snapshot::{Snapshot, is_version};
use crate::clock::Time;
use crate::error::{Error, Kind, Result};

/// How far ahead of the local clock a snapshot's time may be: clocks of machines are wrong by minutes, or by a time zone.
const MOST_AHEAD: Duration = Duration::from_hours(24);

/// What a server answered.
#[derive(Debug)]
pub struct Fetched {
    /// The body; nothing when the server has what it was asked about.
    pub news: Option<Value>,
    /// The moment within the interval that the server gives this machine, 0 up to 1.
    pub phase: Option<f64>,
}

/// Where a snapshot is asked for.
pub trait Source {
    /// The snapshot, unless it is the one that `known` names.
    ///
    /// # Errors
    /// When there is no answer, or a refusal.
    fn fetch(&self, known: Option<&str>) -> Result<Fetched>;
}

/// Whose word a client takes for a snapshot.
pub trait Trust {
    /// Refuses a snapshot that nobody signed whom this client trusts.
    ///
    /// # Errors
    /// `signature_missing`, or what does not hold.
    fn check(&self, snapshot: &Snapshot) -> Result<()>;
}

/// By which rules a snapshot is taken over.
#[derive(Clone, Copy)]
pub struct Rules<'a> {
    /// The server, as its address is written.
    pub server: &'a str,
    /// Whether one older than what was seen before is taken.
    pub allow_older: bool,
    /// Whether it must be signed, and by whom.
    pub trust: Option<&'a dyn Trust>,
}

/// What a client has at hand.
#[derive(Debug, Default)]
pub struct AtHand {
    /// The copy in force.
    pub kept: Option<Kept>,
    /// The newest `synced_at` of the server that is asked.
    pub newest: Option<Time>,
    /// What is at hand may not be what is in the cache, because writing it failed.
    pub unsaved: bool,
    /// The cache could not be read because another program held it: it may be readable now.
    pub unread: bool,
}

impl AtHand {
    /// What is in `cache`, where `rules` let it count; beside it what is wrong with it, and then it is as if there were none.
    pub fn open(cache: &dyn Cache, server: Option<&str>, trust: Option<&dyn Trust>) -> (Self, Option<Error>) {
        let read = server.map_or(Ok(None), |server| cache.newest(server)).and_then(|newest| Ok((newest, cache.load()?)));
        let (newest, kept) = match read {
            Ok(read) => read,
            Err(error) if error.kind() == Kind::Unavailable => return (Self { unread: true, ..Self::default() }, Some(error)),
            // What was taken from a server counts also when the copy of it is lost.
            Err(error) => {
                let newest = server.and_then(|server| cache.newest(server).ok().flatten());
                return (Self { newest, ..Self::default() }, Some(error));
            }
        };
        let refused = match (&kept, trust) {
            (Some(kept), Some(trust)) => trust.check(&kept.snapshot).err(),
            _ => None,
        };
        (Self { kept: kept.filter(|_| refused.is_none()), newest, ..Self::default() }, refused)
    }

    /// Reads what another program kept from being read before. What came since stays, unless the cache holds something newer.
    fn read_again(&mut self, cache: &dyn Cache, rules: Rules<'_>) {
        let (found, _) = Self::open(cache, Some(rules.server), rules.trust);
        if found.unread {
            return;
        }
        self.unread = false;
        let older = self.synced_at() < found.newest && !rules.allow_older;
        self.newest = self.newest.max(found.newest);
        if found.kept.is_some() && (self.kept.is_none() || older) {
            (self.kept, self.unsaved) = (found.kept, false);
        }
    }

    fn synced_at(&self) -> Option<Time> {
        self.kept.as_ref().and_then(|kept| kept.snapshot.synced_at)
    }

    /// What the server is asked by whether there is another: a version that is a hash names the same content everywhere, and what a
    /// server calls it besides is no name to rely on.
    fn known(&self) -> Option<String> {
        let version = &self.kept.as_ref()?.snapshot.version;
        is_version(version).then(|| format!("\"{version}\""))
    }
}

/// What became of a pull.
#[derive(Debug)]
pub struct Pulled {
    /// What differs from what was at hand before.
    pub difference: Difference,
    /// Whether it is another version than before.
    pub changed: bool,
    /// The version before.
    pub previous: Option<String>,
    /// Why it could not be kept on disk. It is at hand all the same.
    pub not_kept: Option<Error>,
    /// The moment within the interval that the server gives this machine.
    pub phase: Option<f64>,
}

/// Asks `source`, and takes over what comes: into `cache` first, then to hand.
///
/// # Errors
/// When nothing came, or what came is not to be taken; what is at hand and in the cache is then as it was.
pub fn pull(source: &dyn Source, cache: &dyn Cache, at_hand: &mut AtHand, rules: Rules<'_>, now: Time) -> Result<Pulled> {
    if at_hand.unread {
        at_hand.read_again(cache, rules);
    }
    let known = at_hand.known();
    let Fetched { news, phase } = source.fetch(known.as_deref())?;
    let previous = at_hand.kept.as_ref().map(|kept| kept.snapshot.version.clone());
    let Some(answer) = news else {
        let kept = at_hand.kept.as_mut().filter(|_| known.is_some()).ok_or_else(unasked)?;
        kept.checked_at = Some(now);
        let confirmed = if at_hand.unsaved { Ok(false) } else { cache.confirm(&kept.snapshot.version, now) };
        let saved = confirmed.and_then(|there| if there { Ok(()) } else { cache.save(kept, rules.server, at_hand.newest) });
        at_hand.unsaved = saved.is_err();
        return Ok(Pulled { difference: Difference::default(), changed: false, previous, not_kept: saved.err(), phase });
    };
    let snapshot = Snapshot::of_answer(answer)?;
    check_age(&snapshot, at_hand.newest, rules)?;
    if let Some(trust) = rules.trust {
        trust.check(&snapshot)?;
    }
    check_clock(&snapshot, now)?;
    let before = at_hand.kept.as_ref().map(|kept| &kept.snapshot);
    let changed = previous.as_ref() != Some(&snapshot.version);
    let difference = if changed { Difference::between(before, &snapshot) } else { Difference::default() };
    let kept = Kept { snapshot, checked_at: Some(now) };
    at_hand.newest = kept.snapshot.synced_at;
    let not_kept = cache.save(&kept, rules.server, at_hand.newest).err();
    at_hand.unsaved = not_kept.is_some();
    at_hand.kept = Some(kept);
    Ok(Pulled { difference, changed, previous, not_kept, phase })
}

fn unasked() -> Error {
    Error::new(Kind::Unreachable, "unexpected_answer", "the server says that nothing changed, and was not asked whether anything did")
        .hint("a proxy may have answered in its place; check --server")
}

/// Refuses what claims to be of a time that is yet to come: taken once, everything that is served until then would look older.
fn check_clock(snapshot: &Snapshot, now: Time) -> Result<()> {
    match snapshot.synced_at {
        Some(of) if of > now.plus(MOST_AHEAD) => {
            let message = format!("the snapshot is of {of}, more than a day after what this machine takes for now, {now}");
            Err(Error::new(Kind::Integrity, "snapshot_from_the_future", message)
                .hint("compare the clocks of this machine and of the server, and set the one that is wrong")
                .detail("synced_at", of.to_string())
                .detail("now", now.to_string()))
        }
        _ => Ok(()),
    }
}

/// Refuses what is older than what this server gave before: somebody may have put an old snapshot in its place.
fn check_age(snapshot: &Snapshot, newest: Option<Time>, rules: Rules<'_>) -> Result<()> {
    match (snapshot.synced_at, newest) {
        (Some(of), Some(newest)) if of < newest && !rules.allow_older => {
            let message = format!("the snapshot is of {of}, older than the one of {newest} that {} gave before", rules.server);
            Err(Error::new(Kind::Integrity, "snapshot_older", message)
                .hint("if the server was set back on purpose, take it with `lea sync pull --allow-older`")
                .detail("synced_at", of.to_string())
                .detail("newest", newest.to_string()))
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::{Cell, RefCell};

    use serde_json::json;

    #[derive(Default)]
    struct Memory {
        kept: RefCell<Option<Kept>>,
        newest: RefCell<Option<Time>>,
        /// How many writes fail from now on.
        failing: Cell<u32>,
        /// How many readings fail from now on.
        locked: Cell<u32>,
    }

    fn one_less(count: &Cell<u32>, kind: Kind) -> Result<()> {
        let left = count.get();
        count.set(left.saturating_sub(1));
        if left > 0 { Err(Error::new(kind, "x", "x")) } else { Ok(()) }
    }

    impl Cache for Memory {
        fn load(&self) -> Result<Option<Kept>> {
            one_less(&self.locked, Kind::Unavailable)?;
            Ok(self.kept.borrow().clone())
        }

        fn newest(&self, _server: &str) -> Result<Option<Time>> {
            one_less(&self.locked, Kind::Unavailable)?;
            Ok(*self.newest.borrow())
        }

        fn save(&self, kept: &Kept, _server: &str, newest: Option<Time>) -> Result<()> {
            one_less(&self.failing, Kind::Storage)?;
            *self.newest.borrow_mut() = newest;
            *self.kept.borrow_mut() = Some(kept.clone());
            Ok(())
        }

        fn confirm(&self, version: &str, at: Time) -> Result<bool> {
            one_less(&self.failing, Kind::Storage)?;
            let mut kept = self.kept.borrow_mut();
            let Some(kept) = kept.as_mut().filter(|kept| kept.snapshot.version == version) else { return Ok(false) };
            kept.checked_at = Some(at);
            Ok(true)
        }
    }

    struct Says(RefCell<Option<Value>>, RefCell<Vec<Option<String>>>);

    impl Source for Says {
        fn fetch(&self, known: Option<&str>) -> Result<Fetched> {
            self.1.borrow_mut().push(known.map(str::to_owned));
            Ok(Fetched { news: self.0.borrow_mut().take(), phase: None })
        }
    }

    fn body(name: &str, second: i64) -> Value {
        let skills = vec![serde_json::from_value(json!({ "name": name })).unwrap()];
        let version = super::super::canonical::version_of(&skills, &[]);
        json!({ "version": version, "skills": skills, "workflows": [], "synced_at": Time::from_micros(second * 1_000_000) })
    }

    const RULES: Rules<'static> = Rules { server: "http://a", allow_older: false, trust: None };

    fn at(second: i64) -> Time {
        Time::from_micros(second * 1_000_000)
    }

    #[test]
    fn what_is_refused_leaves_everything_as_it_was_and_what_is_good_is_asked_for_by_its_version() {
        let (cache, mut at_hand) = (Memory::default(), AtHand::default());
        let says = |body: Value| Says(RefCell::new(Some(body)), RefCell::default());
        let pulled = pull(&says(body("a", 10)), &cache, &mut at_hand, RULES, at(20)).unwrap();
        assert!(pulled.changed && pulled.difference.skills.added == ["a"]);
        for (bad, code) in
            [(json!([]), "invalid_snapshot"), (json!({ "skills": null }), "invalid_snapshot"), (body("b", 9), "snapshot_older")]
        {
            let before = cache.load().unwrap();
            assert_eq!(pull(&says(bad), &cache, &mut at_hand, RULES, at(21)).unwrap_err().code(), code);
            assert_eq!((cache.load().unwrap(), at_hand.kept.clone()), (before.clone(), before));
        }
        let same = Says(RefCell::default(), RefCell::default());
        let pulled = pull(&same, &cache, &mut at_hand, RULES, at(30)).unwrap();
        assert!(!pulled.changed && pulled.difference.is_empty());
        assert_eq!(cache.load().unwrap().unwrap().checked_at, Some(at(30)));
        let version = body("a", 10)["version"].as_str().unwrap().to_owned();
        assert_eq!(same.1.into_inner(), [Some(format!("\"{version}\""))]);
    }

    #[test]
    fn an_older_one_is_taken_only_when_told_so_and_then_counts() {
        let (cache, mut at_hand) = (Memory::default(), AtHand::default());
        let says = |name, second| Says(RefCell::new(Some(body(name, second))), RefCell::default());
        pull(&says("a", 10), &cache, &mut at_hand, RULES, at(20)).unwrap();
        let (mut opened, none) = AtHand::open(&cache, Some("http://a"), None);
        assert!(none.is_none());
        assert_eq!(pull(&says("b", 5), &cache, &mut opened, RULES, at(21)).unwrap_err().code(), "snapshot_older");
        pull(&says("b", 5), &cache, &mut opened, Rules { allow_older: true, ..RULES }, at(21)).unwrap();
        pull(&says("c", 6), &cache, &mut opened, RULES, at(22)).unwrap();
    }

    #[test]
    fn a_disk_that_takes_nothing_is_told_and_the_snapshot_is_at_hand() {
        let (cache, mut at_hand) = (Memory { failing: Cell::new(9), ..Memory::default() }, AtHand::default());
        let pulled = pull(&Says(RefCell::new(Some(body("a", 10))), RefCell::default()), &cache, &mut at_hand, RULES, at(20)).unwrap();
        assert!(pulled.not_kept.is_some() && at_hand.kept.is_some() && cache.kept.borrow().is_none());
    }

    fn unchanged() -> Says {
        Says(RefCell::default(), RefCell::default())
    }

    fn says(name: &str, second: i64) -> Says {
        Says(RefCell::new(Some(body(name, second))), RefCell::default())
    }

    #[test]
    fn what_could_not_be_kept_is_kept_when_the_disk_takes_it_again() {
        let (cache, mut at_hand) = (Memory::default(), AtHand::default());
        pull(&says("a", 10), &cache, &mut at_hand, RULES, at(20)).unwrap();
        cache.failing.set(2);
        assert!(pull(&says("b", 11), &cache, &mut at_hand, RULES, at(21)).unwrap().not_kept.is_some());
        assert!(pull(&unchanged(), &cache, &mut at_hand, RULES, at(22)).unwrap().not_kept.is_some());
        let told = pull(&unchanged(), &cache, &mut at_hand, RULES, at(23)).unwrap();
        assert!(told.not_kept.is_none() && !told.changed);
        assert_eq!((cache.load().unwrap(), cache.newest("http://a").unwrap()), (at_hand.kept.clone(), Some(at(11))));
        // Somebody takes the copy away, or puts another in its place.
        for other in [None, Some(Kept { snapshot: Snapshot::of_answer(body("c", 1)).unwrap(), checked_at: None })] {
            *cache.kept.borrow_mut() = other;
            assert!(pull(&unchanged(), &cache, &mut at_hand, RULES, at(24)).unwrap().not_kept.is_none());
            assert_eq!(cache.load().unwrap(), at_hand.kept);
        }
    }

    #[test]
    fn a_cache_that_another_program_held_is_read_before_the_next_question() {
        let cache = Memory::default();
        pull(&says("a", 10), &cache, &mut AtHand::default(), RULES, at(20)).unwrap();
        cache.locked.set(1);
        let (mut at_hand, told) = AtHand::open(&cache, Some("http://a"), None);
        assert!(told.is_some() && at_hand.kept.is_none());
        let asked = unchanged();
        assert!(!pull(&asked, &cache, &mut at_hand, RULES, at(21)).unwrap().changed);
        assert!(asked.1.into_inner()[0].is_some());

        // Held for longer: what came meanwhile counts only if it is no older than what was there.
        cache.locked.set(2);
        cache.failing.set(1);
        let (mut at_hand, _) = AtHand::open(&cache, Some("http://a"), None);
        assert!(pull(&says("older", 5), &cache, &mut at_hand, RULES, at(22)).unwrap().not_kept.is_some());
        pull(&unchanged(), &cache, &mut at_hand, RULES, at(23)).unwrap();
        assert_eq!((at_hand.newest, at_hand.synced_at()), (Some(at(10)), Some(at(10))));
    }

    #[test]
    fn a_time_that_is_yet_to_come_is_no_time_to_remember() {
        let (cache, mut at_hand) = (Memory::default(), AtHand::default());
        let day = 24 * 3600;
        let rules = Rules { allow_older: true, ..RULES };
        let error = pull(&says("a", 22 + day), &cache, &mut at_hand, rules, at(20)).unwrap_err();
        assert_eq!((error.code(), error.kind()), ("snapshot_from_the_future", Kind::Integrity));
        assert!(at_hand.kept.is_none() && at_hand.newest.is_none() && cache.load().unwrap().is_none());
        pull(&says("a", 20 + day), &cache, &mut at_hand, RULES, at(20)).unwrap();
    }

    #[test]
    fn a_version_that_is_no_hash_is_not_asked_by_and_cannot_be_unchanged() {
        let snapshot = Snapshot::of_copy(&json!("c2e6500ac1d186ff"), json!([]), json!([]), &json!(null), None).unwrap();
        let mut at_hand = AtHand { kept: Some(Kept { snapshot, checked_at: None }), ..AtHand::default() };
        let asked = unchanged();
        assert_eq!(pull(&asked, &Memory::default(), &mut at_hand, RULES, at(1)).unwrap_err().code(), "unexpected_answer");
        assert_eq!(asked.1.into_inner(), [None]);
        assert_eq!(at_hand.kept.unwrap().checked_at, None);
    }

    #[test]
    fn the_age_by_a_clock_that_was_wrong_is_unknown() {
        let mut kept = Kept { snapshot: Snapshot::of_answer(body("a", 10)).unwrap(), checked_at: Some(at(1000)) };
        let age = |kept: &Kept, now| kept.age(at(now)).map(|age| age.as_secs());
        assert_eq!([age(&kept, 1005), age(&kept, 940), age(&kept, 939)], [Some(5), Some(0), None]);
        kept.checked_at = None;
        assert_eq!(age(&kept, 1005), None);
    }

    #[test]
    fn nothing_changed_is_no_answer_for_who_has_nothing() {
        let error =
            pull(&Says(RefCell::default(), RefCell::default()), &Memory::default(), &mut AtHand::default(), RULES, at(1)).unwrap_err();
        assert_eq!(error.code(), "unexpected_answer");
    }
}
