//! Who is calling, and what they may do.

use std::net::IpAddr;

use axum::extract::FromRequestParts;
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;
use axum::http::{Extensions, HeaderMap};

use super::reply::Refused;
use super::state::State;
use crate::error::{Error, Kind, Result};
use crate::fleet::{Caller, Claim, Token, TokenHash};
use crate::id::MachineId;
use crate::session::{Owner, SessionId, Speaker};

/// Who is calling.
#[derive(Debug, Clone)]
pub(super) enum Principal {
    /// Holds the operator's token.
    Operator,
    /// Holds a machine's token.
    Machine {
        /// The machine's row.
        agent: i64,
        /// The machine's id, folded.
        key: String,
        /// The hash of its token.
        token: TokenHash,
    },
    /// Holds an enrollment key.
    Key(TokenHash),
}

impl Principal {
    /// Finds out who is calling from the `Authorization` header.
    ///
    /// # Errors
    /// [`Kind::Unauthenticated`] without a token that is known; [`Kind::TooMany`] after too many wrong ones.
    pub(super) fn of(state: &State, headers: &HeaderMap, address: IpAddr) -> Result<Self> {
        let token = bearer(headers)?;
        let now = state.clock.monotonic();
        let wait = state.attempts.must_wait(address, now);
        if wait.is_none() || state.operator_is_strong || Token::has_our_form(token) {
            let hash = TokenHash::of(token);
            if hash == state.operator {
                return Ok(Self::Operator);
            }
            if let Some((agent, key)) = state.roster.machine_of(&hash) {
                return Ok(Self::Machine { agent, key, token: hash });
            }
            if let Some(key) = state.roster.key_of(&hash) {
                key.check_valid(state.clock.now())?;
                return Ok(Self::Key(hash));
            }
        }
        if let Some(wait) = wait {
            let seconds = wait.as_secs() + 1;
            return Err(
                Error::new(Kind::TooMany, "too_many_attempts", "too many wrong tokens from this address").detail("retry_after", seconds)
            );
        }
        state.attempts.wrong(address, now);
        Err(Error::new(Kind::Unauthenticated, "unknown_token", "the token is not known here, or no longer valid"))
    }

    /// Refuses a caller whose token is no longer what it was when the request came.
    ///
    /// # Errors
    /// [`Kind::Unauthenticated`] when the token was withdrawn or renewed since.
    pub(super) fn check_still_known(&self, state: &State) -> Result<()> {
        let known = match self {
            Self::Operator => true,
            Self::Machine { agent, token, .. } => state.roster.machine_of(token).is_some_and(|(now, _)| now == *agent),
            Self::Key(hash) => state.roster.key_of(hash).is_some(),
        };
        if known { Ok(()) } else { Err(Error::new(Kind::Unauthenticated, "unknown_token", "the token is no longer valid")) }
    }

    /// The caller, put into the request by the frame, which lets nobody through without.
    pub(super) fn admitted(extensions: &Extensions) -> Result<&Self> {
        extensions.get().ok_or_else(|| Error::new(Kind::Unauthenticated, "missing_token", "no token was given"))
    }

    /// The caller, for an enrollment.
    pub(super) fn claim(&self) -> Claim {
        match self {
            Self::Operator => Claim::Known(Caller::Operator),
            Self::Machine { agent, token, .. } => Claim::Known(Caller::Machine { agent: *agent, token: *token }),
            Self::Key(hash) => Claim::Key(*hash),
        }
    }

    /// The caller, if it is an operator.
    pub(super) fn operator(&self) -> Result<Caller> {
        match self {
            Self::Operator => Ok(Caller::Operator),
            Self::Machine { .. } => Err(Error::new(Kind::Forbidden, "operator_required", "only an operator may do this")),
            Self::Key(_) => Err(Error::new(Kind::Forbidden, "enroll_only", "an enrollment key may only enroll")),
        }
    }

    /// Refuses whoever has no business with screens: an enrollment key.
    pub(super) fn screen_reader(&self) -> Result<()> {
        match self {
            Self::Key(_) => self.operator().map(drop),
            Self::Operator | Self::Machine { .. } => Ok(()),
        }
    }

    /// Who speaks in a session: the machine by its own token, which need not say its name, or an operator for whom it names.
    ///
    /// # Errors
    /// [`Kind::Forbidden`] for a machine that names another, and for an enrollment key; [`Kind::Validation`] when `named` is no id.
    pub(super) fn speaker(&self, state: &State, loc: [&str; 2], named: Option<&str>) -> Result<Speaker> {
        let owner = || Owner::named(named).map_err(|why| Error::field(&loc, "value_error", why.to_string()));
        match self {
            Self::Operator => Ok(Speaker::Operator(owner()?)),
            Self::Machine { key, .. } => {
                let own: MachineId = state.roster.agent(key)?.machine_id.parse()?;
                match owner()? {
                    Owner::Machine(machine) if machine.key() != own.key() => {
                        Err(Error::new(Kind::Forbidden, "other_machine", "this token speaks for another machine"))
                    }
                    _ => Ok(Speaker::Machine(own)),
                }
            }
            Self::Key(_) => Err(Error::new(Kind::Forbidden, "enroll_only", "an enrollment key may only enroll")),
        }
    }

    /// Refuses a machine's token for a session of another machine; one that is not known, or nobody's, may be spoken of.
    ///
    /// # Errors
    /// [`Kind::Forbidden`] `other_machine`.
    pub(super) fn check_session(&self, state: &State, id: &SessionId) -> Result<()> {
        let Self::Machine { key, .. } = self else { return Ok(()) };
        let seat = state.seats.find(id.as_str());
        if seat.is_some_and(|seat| seat.owner().machine().is_some_and(|machine| machine.key() != *key)) {
            return Err(Error::new(Kind::Forbidden, "other_machine", "the session belongs to another machine"));
        }
        Ok(())
    }

    /// The caller, if it is an operator or the machine called `machine`.
    pub(super) fn operator_or(&self, machine: &str) -> Result<Caller> {
        match self {
            Self::Machine { agent, key, token } if crate::id::trim(machine).eq_ignore_ascii_case(key) => {
                Ok(Caller::Machine { agent: *agent, token: *token })
            }
            Self::Machine { .. } => Err(Error::new(Kind::Forbidden, "other_machine", "this token speaks for another machine")),
            _ => self.operator(),
        }
    }
}

fn bearer(headers: &HeaderMap) -> Result<&str> {
    let missing =
        || Error::new(Kind::Unauthenticated, "missing_token", "no token was given").hint("send the header `Authorization: Bearer TOKEN`");
    let value = headers.get(AUTHORIZATION).ok_or_else(missing)?;
    let (scheme, token) = value.to_str().ok().and_then(|text| text.split_once(' ')).ok_or_else(missing)?;
    if scheme.eq_ignore_ascii_case("bearer") && !token.trim().is_empty() { Ok(token.trim()) } else { Err(missing()) }
}

impl<S: Sync> FromRequestParts<S> for Principal {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Refused> {
        Self::admitted(&parts.extensions).cloned().map_err(Refused)
    }
}
