//! A machine that leaves the fleet, or is let in anew: what was started for it before ends with that, in the same transaction. Whatever
//! computer is enrolled under its id next is given nothing that was meant for the one before.

use std::sync::Arc;

use super::lanes::Slot;
use super::settle::{ANEW, LEFT};
use super::state::Shared;
use super::turns::{act, end_with};
use crate::error::Result;
use crate::fleet::{self, Agent, Caller, Order, Outcome};
use crate::id::MachineId;
use crate::replay::{Input, Lane};
use crate::session::Owner;
use crate::store::Entities;

/// Takes a machine out of the fleet and ends whatever runs, waits or is stalled on it. Goes on to the end even if the caller is gone.
///
/// # Errors
/// Those of [`fleet::uninstall`]; when nothing could be written.
pub(super) async fn uninstall(state: &Shared, machine: String, reason: Option<String>, caller: Caller) -> Result<Agent> {
    // An old row's id may be none, and then nothing was ever started for it.
    let slots = machine.parse::<MachineId>().map_or_else(
        |_| Vec::new(),
        |machine| {
            // Made where there is none, so that nothing starts there meanwhile.
            let own = state.lanes.slot(&machine.key());
            lanes_of(state, &own.key)
        },
    );
    let now = state.clock.now();
    let work = move |entities: &mut dyn Entities| Ok((fleet::uninstall(entities, &machine, reason.as_deref(), &caller, now)?, Some(LEFT)));
    end_with(state, slots, work).await
}

/// Enrolls a machine, and ends what was started for the one that had its id before.
///
/// # Errors
/// Those of [`fleet::enroll`].
pub(super) async fn enroll(state: &Shared, order: Order) -> Result<Outcome> {
    let slots = lanes_of(state, &order.machine.key());
    let now = state.clock.now();
    let work = move |entities: &mut dyn Entities| {
        let outcome = fleet::enroll(entities, &order, now)?;
        let anew = matches!(&outcome, Outcome::Enrolled(done) if done.anew).then_some(ANEW);
        Ok((outcome, anew))
    };
    end_with(state, slots, work).await
}

/// The lanes whose actions the machine called `key` (folded) would be given: its own, and those of sessions that became its.
fn lanes_of(state: &Shared, key: &str) -> Vec<Arc<Slot>> {
    let is_its = |slot: &Arc<Slot>| machine_of(state, slot).is_some_and(|machine| machine.key() == key);
    state.lanes.all().into_iter().filter(|slot| slot.is(key) || is_its(slot)).collect()
}

/// The machine that is given what waits in a lane.
fn machine_of(state: &Shared, slot: &Slot) -> Option<MachineId> {
    match Owner::session_of_lane(&slot.key) {
        None => slot.key.parse().ok(),
        Some(session) => state.seats.find(session)?.owner().machine().cloned(),
    }
}

/// Looks once at every lane: ends what is left of machines that another program took out of the fleet.
pub(super) async fn look_around(state: &Shared) {
    for slot in state.lanes.all() {
        let left = machine_of(state, &slot).is_some_and(|machine| state.roster.has_left(&machine.key()));
        if !left || slot.look(Lane::is_over) {
            continue;
        }
        let policy = state.policy();
        let cancel = move |lane: &Lane, now| lane.step(Input::Cancel { replay: None, reason: LEFT }, now, &policy);
        if let Err(error) = act(state, slot, cancel).await {
            tracing::warn!(code = error.code(), "a replay of an uninstalled machine could not be ended, and will be tried again: {error}");
        }
    }
}
