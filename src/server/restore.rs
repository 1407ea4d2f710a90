//! At the start: what is kept of sessions, and what their recordings say beyond it.

use std::collections::HashMap;

use super::recorder::FreshIds;
use super::seats::Seats;
use crate::clock::Time;
use crate::error::Result;
use crate::id::MachineId;
use crate::session::{Owner, Processing, Recording, Recordings, SessionId, ShotKind, Stage, Tally, event_id_of, event_key};

/// Puts back every session. Where a journal holds more than was counted, because the server was killed, the rest is counted; an end
/// that is no whole line is set aside.
///
/// Gives the sessions of which less is there than was counted: what is known of their events is to be forgotten, for events that a power
/// cut or a purge took away must not be known when they are sent again.
///
/// # Errors
/// When the recordings cannot be read.
pub(super) fn restore(
    kept: Vec<Recording>,
    recordings: &dyn Recordings,
    seats: &Seats,
    fresh: &FreshIds,
    now: Time,
) -> Result<Vec<String>> {
    let mut lost = Vec::new();
    recordings.sweep()?;
    let mut kept: HashMap<String, Recording> = kept.into_iter().map(|recording| (recording.id.key(), recording)).collect();
    for (machine, session) in recordings.folders()? {
        let (Ok(id), Ok(owner)) = (session.parse::<SessionId>(), owner_of(&machine)) else { continue };
        if seats.find(&session).is_some() {
            tracing::error!(session, machine, "a second folder of the same session is left alone");
            continue;
        }
        let mut recording = kept.remove(&id.key()).unwrap_or_else(|| unknown(id, owner.clone(), now));
        let before = recording.clone();
        let mut folder = format!("{machine}/{session}");
        if recording.owner == Owner::Nobody {
            // The folder knows better: it was moved, and then the server was killed.
            recording.owner = owner;
        } else if recording.owner != owner {
            // It was given a machine when something was in the folder already; now nobody is writing there.
            let wanted = format!("{}/{session}", recording.owner.as_str());
            match recordings.rename(&folder, &wanted) {
                Ok(()) => folder = wanted,
                Err(error) => tracing::warn!(code = error.code(), "a recording stays where it is: {error}"),
            }
        }
        let shorter = recount(&mut recording, &folder, recordings, fresh)?;
        if shorter {
            lost.push(recording.id.key());
        }
        let changed = recording != before || shorter;
        seats.restore(recording, changed);
        if let Some(seat) = seats.find(&session) {
            seat.folder.lock().unwrap_or_else(std::sync::PoisonError::into_inner).path = Some(folder);
        }
    }
    for recording in kept.into_values() {
        // Registered, and nothing recorded yet; or removed, and the server killed before it was forgotten.
        if recording.tally.bytes > 0 || recording.tally.shots > 0 {
            lost.push(recording.id.key());
        } else {
            seats.restore(recording, false);
        }
    }
    Ok(lost)
}

fn owner_of(machine: &str) -> Result<Owner> {
    Owner::named(Some(machine)).or_else(|_| machine.parse::<MachineId>().map(Owner::Machine))
}

fn unknown(id: SessionId, owner: Owner, now: Time) -> Recording {
    Recording {
        id,
        owner,
        created_at: now,
        last_activity: now,
        finalized_at: None,
        tally: Tally::default(),
        processing: Processing::default(),
    }
}

/// Counts what is there; says whether the journal is shorter than it was.
fn recount(recording: &mut Recording, folder: &str, recordings: &dyn Recordings, fresh: &FreshIds) -> Result<bool> {
    // What was being looked at when the server ended is looked at again.
    if recording.processing.stage == Stage::Running {
        recording.processing.stage = Stage::Queued;
    }
    let length = recordings.journal_length(folder)?;
    let tally = &mut recording.tally;
    let shorter = length < tally.bytes;
    if shorter {
        tracing::warn!(session = %recording.id, counted = tally.bytes, length, "a journal is shorter than it was: a power cut took its last lines");
        (tally.events, tally.bytes) = (0, 0);
    }
    if length > tally.bytes {
        let (mut events, mut bytes, mut ids) = (0_u64, 0_u64, Vec::new());
        recordings.read_journal(folder, tally.bytes, true, &mut |line| {
            events += 1;
            bytes += line.len() as u64 + 1;
            ids.extend(event_id_of(line).map(|event| event_key(&recording.id, &event)));
            Ok(())
        })?;
        tally.events += events;
        tally.bytes += bytes;
        if !ids.is_empty() {
            fresh.add(recording.id.key(), ids);
        }
    }
    if recording.finalized_at.is_none() {
        let shots = recordings.shots(folder)?;
        let full = |name: &&(String, u64)| ShotKind::of(&name.0) == ShotKind::Full;
        tally.shots = shots.len() as u64;
        tally.full_shots = shots.iter().filter(full).count() as u64;
    }
    Ok(shorter)
}
