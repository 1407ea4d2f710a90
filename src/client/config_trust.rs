//! Whose signature a snapshot must have.

use std::io::Cursor;

use crate::error::{Error, Kind, Result};
use crate::sync::{Snapshot, Trust, claim_of};
use crate::update::{Distrust, TrustedKeys};

/// The keys one of which must have signed.
#[derive(Debug)]
pub struct SnapshotKeys(TrustedKeys);

impl SnapshotKeys {
    /// These keys; nothing when there are none, and then no signature is asked for.
    pub fn of(keys: TrustedKeys) -> Option<Self> {
        (!keys.is_empty()).then_some(Self(keys))
    }
}

impl Trust for SnapshotKeys {
    fn check(&self, snapshot: &Snapshot) -> Result<()> {
        let refused = |code: &'static str, why: &str| {
            Error::new(Kind::Integrity, code, format!("the snapshot is not taken: {why}"))
                .hint("sync.public_keys names whose signature is asked for; the server signs with the key in its sync.secret_key")
        };
        let Some(signature) = &snapshot.signature else { return Err(refused("signature_missing", "it is not signed")) };
        match self.0.verify(signature, &mut Cursor::new(snapshot.canonical()))? {
            Ok(signed) if snapshot.synced_at.is_some_and(|at| signed.comment == claim_of(&snapshot.version, at)) => Ok(()),
            Ok(_) => Err(refused("signature_invalid", "its signature is for another version or another time")),
            Err(Distrust::OtherRelease) => Err(refused("signature_invalid", "its signature is for something else")),
            Err(why) => Err(refused("signature_invalid", why.sentence())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Time;
    use crate::sync::version_of;
    use crate::update::{NewKeys, Signer, generate};
    use serde_json::json;

    fn snapshot(name: &str) -> Snapshot {
        let skills = vec![serde_json::from_value(json!({ "name": name })).unwrap()];
        let version = version_of(&skills, &[]);
        Snapshot { version, skills, workflows: Vec::new(), synced_at: Some(Time::from_micros(1_000_000)), signature: None }
    }

    fn signed(keys: &NewKeys, mut snapshot: Snapshot) -> Snapshot {
        let signer = Signer::read(&keys.secret, None).unwrap();
        let claim = claim_of(&snapshot.version, snapshot.synced_at.unwrap());
        snapshot.signature = Some(signer.sign(&mut Cursor::new(snapshot.canonical()), &claim).unwrap());
        snapshot
    }

    #[test]
    fn only_what_a_trusted_key_signed_with_its_version_and_time_is_taken() {
        let (ours, theirs) = (generate(None).unwrap(), generate(None).unwrap());
        let keys = SnapshotKeys::of(TrustedKeys::read(&[&ours.public]).unwrap()).unwrap();
        let code = |snapshot: &Snapshot| keys.check(snapshot).map_err(|error| error.code().to_owned());
        let good = signed(&ours, snapshot("a"));
        assert_eq!(code(&good), Ok(()));
        assert_eq!(code(&snapshot("a")), Err("signature_missing".to_owned()));
        let later = Snapshot { synced_at: Some(Time::from_micros(2_000_000)), ..good.clone() };
        let other = Snapshot { signature: good.signature, ..snapshot("b") };
        for bad in [later, other, signed(&theirs, snapshot("a"))] {
            assert_eq!(code(&bad), Err("signature_invalid".to_owned()));
        }
        assert!(SnapshotKeys::of(TrustedKeys::default()).is_none());
    }
}
