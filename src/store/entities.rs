//! Everything that one open transaction keeps: the ports of all slices at once.

use crate::fleet::Registry;
use crate::replay::Replays;
use crate::session::Sessions;
use crate::sync::Ledger;
use crate::update::Releases;

/// Machines, sessions, replays, releases and what is served in one transaction. A port of one slice is what its functions take; this is
/// what a caller has.
pub trait Entities: Registry + Sessions + Replays + Releases + Ledger {}

impl<T: Registry + Sessions + Replays + Releases + Ledger> Entities for T {}
