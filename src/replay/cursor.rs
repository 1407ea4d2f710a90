//! Where a replay stands: what is out, what comes next, and the counts. Small enough to be copied and tried out.

use serde::Serialize;

use super::types::{Decision, Fact, Outcome, Stall, Status};

/// What a replay does next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Turn {
    /// Hands out the next action that was never handed out.
    Next,
    /// Hands out an action again, after a wait of the server's own if `wait`.
    Again { action: usize, number: u32, wait: bool },
    /// The wait is out; the action comes after it.
    Waiting { action: usize, number: u32 },
    /// An attempt is out.
    Out { action: usize, number: u32 },
    /// The server waits for what the screen shows, and nothing is out.
    Watch { action: usize },
    /// The same, and a wait is out after which it looks.
    Looking { action: usize },
    /// A person must decide about the last attempt.
    Undecided { action: usize, number: u32 },
}

/// How many actions ended how. Of each action the last attempt counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Counts {
    /// Reported as done.
    pub completed: usize,
    /// Of those, the ones whose effect could not be seen.
    pub doubtful: usize,
    /// Failed for good.
    pub failed: usize,
    /// Never reported.
    pub unreported: usize,
    /// Not known.
    pub unknown: usize,
    /// Passed over by a person.
    pub skipped: usize,
    /// Attempts after the first.
    pub retried: usize,
    /// Attempts whose effect could not be seen, also those that were tried again.
    pub unverified: usize,
}

/// Where a replay stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Cursor {
    pub(super) status: Status,
    pub(super) total: usize,
    /// The first action that was never handed out.
    pub(super) next: usize,
    pub(super) turn: Turn,
    pub(super) counts: Counts,
    /// The last attempt that ended: action, number, outcome.
    last: Option<(usize, u32, Outcome)>,
}

impl Cursor {
    /// At the start of a plan of `total` actions.
    pub(super) fn new(total: usize) -> Self {
        Self { status: Status::Running, total, next: 0, turn: Turn::Next, counts: Counts::default(), last: None }
    }

    /// Actions that are still to be handed out.
    pub(super) fn remaining(&self) -> usize {
        if self.status.is_final() {
            return 0;
        }
        let begun = matches!(self.turn, Turn::Again { .. } | Turn::Waiting { .. } | Turn::Watch { .. } | Turn::Looking { .. });
        self.total - self.next + usize::from(begun)
    }

    /// Whether every action has ended and none is out.
    pub(super) fn is_done(&self) -> bool {
        self.turn == Turn::Next && self.next == self.total
    }

    /// How a replay that is done ends.
    pub(super) fn verdict(&self) -> Status {
        let Counts { doubtful, unreported, skipped, unknown, .. } = self.counts;
        if doubtful + unreported + skipped + unknown > 0 { Status::CompletedWithWarnings } else { Status::Completed }
    }

    /// Moves on by a fact. A fact that does not fit changes nothing: it was checked before it became one.
    pub(super) fn apply(&mut self, fact: &Fact) {
        match *fact {
            Fact::Handed { action, number, .. } => {
                if number == 0 {
                    self.next = action + 1;
                }
                self.turn = Turn::Out { action, number };
            }
            Fact::Watching { action, .. } => {
                self.next = action + 1;
                self.turn = Turn::Watch { action };
            }
            Fact::Waiting { .. } => match self.turn {
                Turn::Again { action, number, .. } => self.turn = Turn::Waiting { action, number },
                Turn::Watch { action } => self.turn = Turn::Looking { action },
                _ => {}
            },
            Fact::Waited | Fact::Looked { .. } => match self.turn {
                Turn::Waiting { action, number } => self.turn = Turn::Again { action, number, wait: false },
                Turn::Looking { action } => self.turn = Turn::Watch { action },
                _ => {}
            },
            Fact::Ended { outcome, .. } => {
                let ended = match self.turn {
                    Turn::Out { action, number } => Some((action, number)),
                    Turn::Watch { action } | Turn::Looking { action } => Some((action, 0)),
                    _ => None,
                };
                if let Some((action, number)) = ended {
                    self.turn = Turn::Next;
                    self.last = Some((action, number, outcome));
                    self.count(outcome);
                    if outcome == Outcome::Unverified {
                        self.counts.unverified += 1;
                    }
                }
            }
            Fact::Again { wait } => {
                if let Some((action, number, outcome)) = self.last {
                    self.uncount(outcome);
                    self.counts.retried += 1;
                    self.turn = Turn::Again { action, number: number + 1, wait };
                }
            }
            Fact::Stalled { why } => {
                if let Some((action, number, outcome)) = self.last {
                    if why == Stall::Unchanged {
                        self.uncount(outcome);
                    }
                    self.status = Status::Stalled;
                    self.turn = Turn::Undecided { action, number };
                }
            }
            Fact::Paused => self.status = Status::Paused,
            Fact::Resumed { decision } => {
                self.status = Status::Running;
                if let (Turn::Undecided { action, number }, Some((.., outcome)), Some(decision)) = (self.turn, self.last, decision) {
                    self.turn = Turn::Next;
                    if outcome == Outcome::Unknown && decision != Decision::Retry {
                        self.uncount(outcome);
                    }
                    let settled = match decision {
                        // Uncounted when it is handed out again.
                        Decision::Retry if outcome == Outcome::Unknown => None,
                        Decision::Retry => return self.count(outcome),
                        Decision::Skip => Some(Outcome::Skipped),
                        Decision::Fail => Some(Outcome::Failed),
                    };
                    if let Some(settled) = settled {
                        self.last = Some((action, number, settled));
                        self.count(settled);
                    }
                }
            }
            Fact::Finished { status, .. } => self.status = status,
            Fact::Late { .. } | Fact::Sighted { .. } => {}
        }
    }

    fn count(&mut self, outcome: Outcome) {
        for counter in self.counters(outcome) {
            *counter += 1;
        }
    }

    fn uncount(&mut self, outcome: Outcome) {
        for counter in self.counters(outcome) {
            *counter = counter.saturating_sub(1);
        }
    }

    fn counters(&mut self, outcome: Outcome) -> Vec<&mut usize> {
        let counts = &mut self.counts;
        match outcome {
            Outcome::Success => vec![&mut counts.completed],
            Outcome::Unverified => vec![&mut counts.completed, &mut counts.doubtful],
            Outcome::Failed => vec![&mut counts.failed],
            Outcome::Unreported => vec![&mut counts.unreported],
            Outcome::Unknown => vec![&mut counts.unknown],
            Outcome::Skipped => vec![&mut counts.skipped],
        }
    }
}
