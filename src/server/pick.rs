//! On which session, and so in which lane, a replay starts.

use std::sync::Arc;

use super::seats::Seat;
use super::state::State;
use crate::clock::Time;
use crate::error::{Error, Kind, Result};
use crate::fleet::uninstalled;
use crate::session::{Owner, SessionId, Speaker};

/// Sessions of chats, which have no desktop: whoever names one means "the agent there is".
const CHAT: &str = "chat_";

/// Where a replay starts.
pub(super) struct Picked {
    pub(super) seat: Arc<Seat>,
    pub(super) lane: String,
    pub(super) machine: String,
}

/// The session that is meant by `session` and `machine`: the one that is named, else the machine's latest, else that of the one
/// agent that is connected.
///
/// # Errors
/// `no_session` when there is none; `machine_required` when there are several agents, or the only one is not connected;
/// `session_of_other_machine` when both are named and do not belong together; `uninstalled` when the machine has left the fleet.
pub(super) fn pick(state: &State, session: &str, machine: Option<&str>, now: Time) -> Result<Picked> {
    let owner = Owner::named(machine).map_err(|why| Error::field(&["body", "machine_id"], "value_error", why.to_string()))?;
    check_here(state, &owner)?;
    let seat = if session.is_empty() || session.starts_with(CHAT) {
        match &owner {
            Owner::Machine(machine) => {
                let found = state.seats.agents(now, |owner| owner.is_machine(machine)).into_iter().next();
                found.ok_or_else(|| {
                    Error::new(Kind::NotFound, "no_session", format!("no agent has a session on the machine {machine}"))
                        .hint("start the agent on that machine first")
                })?
            }
            Owner::Nobody => only_one(state, now)?,
        }
    } else {
        let id: SessionId = session.parse().map_err(|why: Error| Error::field(&["body", "session_id"], "value_error", why.to_string()))?;
        state.seats.take_quietly(&id, &Speaker::Operator(owner), now)?
    };
    check_here(state, &seat.owner())?;
    let lane = state.lane_of(&seat);
    let machine = seat.owner().as_str().to_owned();
    Ok(Picked { seat, lane, machine })
}

fn check_here(state: &State, owner: &Owner) -> Result<()> {
    match owner {
        Owner::Machine(machine) if state.has_left(owner) => Err(uninstalled(machine)),
        _ => Ok(()),
    }
}

fn only_one(state: &State, now: Time) -> Result<Arc<Seat>> {
    let agents = state.seats.agents(now, |owner| !state.has_left(owner));
    if agents.is_empty() {
        return Err(Error::new(Kind::NotFound, "no_session", "no agent has a session here").hint("start the agent on the desktop first"));
    }
    let live: Vec<&Arc<Seat>> = agents.iter().filter(|seat| state.is_live(seat, now)).collect();
    let required = |why: &str| {
        Error::new(Kind::Conflict, "machine_required", why.to_owned())
            .hint("name the machine with machine_id (`--machine`), or the session with session_id (`--session`)")
    };
    let first = live.first().ok_or_else(|| required("no agent is connected now"))?;
    if live.iter().any(|seat| seat.lane() != first.lane()) {
        return Err(required("several agents are connected: it must be said which is meant"));
    }
    Ok(Arc::clone(first))
}
