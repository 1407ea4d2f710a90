//! Taking over a snapshot: checked whole, no older than what was seen before, on disk first and in memory then.

use serde_json::Value;

use super::cache::{Cache, Kept};
use super::difference::Difference;
use super::snapshot::{Snapshot, is_version};
use crate::clock::Time;
use crate::error::{Error, Kind, Result};

/// What a server answered.
#[derive(Debug)]
pub struct Fetched {
    /// The body and what it is named by; nothing when the server has what it was asked about.
    pub news: Option<(Value, Option<String>)>,
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
}

impl AtHand {
    /// What is in `cache`, where `rules` let it count; beside it what is wrong with it, and then it is as if there were none.
    pub fn open(cache: &dyn Cache, server: Option<&str>, trust: Option<&dyn Trust>) -> (Self, Option<Error>) {
        let newest = server.map_or(Ok(None), |server| cache.newest(server));
        let kept = cache.load().and_then(|kept| match (&kept, trust) {
            (Some(kept), Some(trust)) => trust.check(&kept.snapshot).map(|()| Some(kept.clone())),
            _ => Ok(kept),
        });
        match (kept, newest) {
            (Ok(kept), Ok(newest)) => (Self { kept, newest }, None),
            (Err(error), newest) => (Self { kept: None, newest: newest.unwrap_or_default() }, Some(error)),
            (Ok(kept), Err(error)) => (Self { kept, newest: None }, Some(error)),
        }
    }

    /// What the server is asked by whether there is another. A version that is a hash names the same content everywhere.
    fn known(&self) -> Option<String> {
        let kept = self.kept.as_ref()?;
        let by_version = is_version(&kept.snapshot.version).then(|| format!("\"{}\"", kept.snapshot.version));
        kept.etag.clone().or(by_version)
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
    let Fetched { news, phase } = source.fetch(at_hand.known().as_deref())?;
    let previous = at_hand.kept.as_ref().map(|kept| kept.snapshot.version.clone());
    let Some((answer, etag)) = news else {
        let kept = at_hand.kept.as_mut().ok_or_else(|| {
            Error::new(Kind::Unreachable, "unexpected_answer", "the server says that nothing changed, and there is nothing at hand")
                .hint("a proxy may have answered in its place; check --server")
        })?;
        kept.checked_at = Some(now);
        let not_kept = cache.confirm(&kept.snapshot.version, now).err();
        return Ok(Pulled { difference: Difference::default(), changed: false, previous, not_kept, phase });
    };
    let snapshot = Snapshot::of_answer(answer)?;
    check_age(&snapshot, at_hand.newest, rules)?;
    if let Some(trust) = rules.trust {
        trust.check(&snapshot)?;
    }
    let before = at_hand.kept.as_ref().map(|kept| &kept.snapshot);
    let changed = previous.as_ref() != Some(&snapshot.version);
    let difference = if changed { Difference::between(before, &snapshot) } else { Difference::default() };
    let kept = Kept { snapshot, checked_at: Some(now), etag };
    let not_kept = cache.save(&kept, rules.server).err();
    at_hand.newest = kept.snapshot.synced_at;
    at_hand.kept = Some(kept);
    Ok(Pulled { difference, changed, previous, not_kept, phase })
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
    use std::cell::RefCell;

    use serde_json::json;

    #[derive(Default)]
    struct Memory {
        kept: RefCell<Option<Kept>>,
        newest: RefCell<Option<Time>>,
        broken: bool,
    }

    impl Cache for Memory {
        fn load(&self) -> Result<Option<Kept>> {
            Ok(self.kept.borrow().clone())
        }

        fn newest(&self, _server: &str) -> Result<Option<Time>> {
            Ok(*self.newest.borrow())
        }

        fn save(&self, kept: &Kept, _server: &str) -> Result<()> {
            if self.broken {
                return Err(Error::new(Kind::Storage, "x", "x"));
            }
            *self.newest.borrow_mut() = kept.snapshot.synced_at;
            *self.kept.borrow_mut() = Some(kept.clone());
            Ok(())
        }

        fn confirm(&self, _version: &str, at: Time) -> Result<()> {
            if let Some(kept) = self.kept.borrow_mut().as_mut() {
                kept.checked_at = Some(at);
            }
            Ok(())
        }
    }

    struct Says(RefCell<Option<Value>>, RefCell<Vec<Option<String>>>);

    impl Source for Says {
        fn fetch(&self, known: Option<&str>) -> Result<Fetched> {
            self.1.borrow_mut().push(known.map(str::to_owned));
            Ok(Fetched { news: self.0.borrow_mut().take().map(|body| (body, None)), phase: None })
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
        let (cache, mut at_hand) = (Memory { broken: true, ..Memory::default() }, AtHand::default());
        let pulled = pull(&Says(RefCell::new(Some(body("a", 10))), RefCell::default()), &cache, &mut at_hand, RULES, at(20)).unwrap();
        assert!(pulled.not_kept.is_some() && at_hand.kept.is_some() && cache.kept.borrow().is_none());
    }

    #[test]
    fn nothing_changed_is_no_answer_for_who_has_nothing() {
        let error =
            pull(&Says(RefCell::default(), RefCell::default()), &Memory::default(), &mut AtHand::default(), RULES, at(1)).unwrap_err();
        assert_eq!(error.code(), "unexpected_answer");
    }
}
