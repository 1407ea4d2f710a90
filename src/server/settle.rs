//! At the start, before anything is handed out: ends what was started for machines that have left the fleet since, or were enrolled
//! anew. This server does both at once; another program, or an older one, may not have.

use std::collections::HashMap;

use super::moments::prepare;
use crate::clock::Time;
use crate::error::Result;
use crate::fleet::{Agents, Event, Histories, Record, Status};
use crate::id::MachineId;
use crate::replay::{Input, Kept, Lane, Policy};
use crate::session::{Owner, Recording};
use crate::store::{Database, Entities};

/// Why a replay ends when its machine is taken out of the fleet.
pub(super) const LEFT: &str = "the machine was uninstalled";

/// Why it ends when the machine is enrolled once more.
pub(super) const ANEW: &str = "the machine was enrolled anew";

/// Ends them, all in one transaction.
///
/// # Errors
/// When the database cannot be read or written.
pub(super) fn settle(database: &Database, recordings: &[Recording], policy: &Policy, now: Time) -> Result<()> {
    let owners: HashMap<String, &Owner> = recordings.iter().map(|recording| (recording.id.key(), &recording.owner)).collect();
    let live = database.read(|entities| entities.live_replays(now))?;
    let live: Vec<Kept> = live.into_iter().filter(|kept| !kept.replay.status().is_final()).collect();
    if live.is_empty() {
        return Ok(());
    }
    database.write(|entities| {
        for Kept { row, replay } in live {
            let plan = replay.plan();
            let machine: Option<MachineId> = match Owner::session_of_lane(&plan.lane) {
                None => plan.machine.parse().ok(),
                Some(session) => owners.get(session).and_then(|owner| owner.machine().cloned()),
            };
            let record = machine.map(|machine| Agents::find(entities, &machine)).transpose()?.flatten();
            let Some(record) = record else { continue };
            let Some(reason) = ended_by(entities, &record, plan.created_at, now)? else { continue };
            tracing::info!(replay = plan.id, "a replay ended with what it was started for: {reason}");
            let mut lane = Lane::default();
            lane.add(replay);
            let step = lane.step(Input::Cancel { replay: None, reason }, now, policy)?;
            prepare(&lane, |_| Some(row), &step, now).iter().try_for_each(|write| write.keep(entities))?;
        }
        Ok(())
    })
}

/// What ended the work that was started for a machine at `since`, if anything did.
fn ended_by(entities: &mut dyn Entities, record: &Record, since: Time, now: Time) -> Result<Option<&'static str>> {
    if record.agent.status == Status::Uninstalled {
        return Ok(Some(LEFT));
    }
    let again = [Event::Uninstalled, Event::Reactivated, Event::Forced].map(Event::as_str);
    let history = Histories::history(entities, record.agent.id)?;
    // A time that is yet to come is what a wrong clock left behind.
    let anew = history.iter().any(|entry| entry.at >= since && entry.at <= now && again.contains(&entry.event.as_str()));
    Ok(anew.then_some(ANEW))
}
