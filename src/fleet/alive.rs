//! Whether what a caller presented still holds when its turn comes.

use crate::error::{Error, Kind, Result};
use crate::fleet::{Agents, Caller, Status};

/// Refuses a machine whose token has died between its request's first byte and this transaction. Everybody else passes.
///
/// # Errors
/// [`Kind::Unauthenticated`] when the machine's token is another by now, or none; when the registry fails.
pub(super) fn check_alive(caller: &Caller, agents: &mut (impl Agents + ?Sized)) -> Result<()> {
    let Caller::Machine { agent, token } = caller else { return Ok(()) };
    match agents.find_row(*agent)? {
        Some(record) if record.agent.status == Status::Active && record.token.as_ref() == Some(token) => Ok(()),
        _ => Err(Error::new(Kind::Unauthenticated, "unknown_token", "the token is not known here, or no longer valid")),
    }
}
