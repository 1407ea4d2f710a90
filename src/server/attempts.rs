//! How often an address may be wrong about a token.
//!
//! Only a secret that somebody thought up can be guessed: tokens of 256 random bits are looked up even for an address that
//! has been wrong too often, so that one broken agent behind a hospital's single address cannot lock out all the others.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// Wrong tokens at once.
const BURST: u32 = 60;

/// One more is allowed after each of these.
const REFILL: Duration = Duration::from_secs(1);

/// Addresses that are remembered; beyond it those are forgotten that have been quiet longest.
const MAX_ADDRESSES: usize = 65_536;

/// Counts wrong tokens by address: a token bucket each.
#[derive(Debug, Default)]
pub(super) struct Attempts {
    /// For each address, the moment at which all is forgiven.
    forgiven_at: Mutex<HashMap<IpAddr, Duration>>,
}

impl Attempts {
    /// Counts one wrong token from `address` at `now` (monotonic).
    pub(super) fn wrong(&self, address: IpAddr, now: Duration) {
        let mut all = self.forgiven_at.lock().unwrap_or_else(PoisonError::into_inner);
        if all.len() >= MAX_ADDRESSES {
            all.retain(|_, forgiven| *forgiven > now);
            if all.len() >= MAX_ADDRESSES {
                all.clear();
            }
        }
        let forgiven = all.entry(network(address)).or_insert(now);
        *forgiven = (*forgiven).max(now).saturating_add(REFILL).min(now + REFILL * (BURST + 1));
    }

    /// How long `address` must wait before it may guess again; `None` if it may now.
    pub(super) fn must_wait(&self, address: IpAddr, now: Duration) -> Option<Duration> {
        let all = self.forgiven_at.lock().unwrap_or_else(PoisonError::into_inner);
        let owed = all.get(&network(address))?.checked_sub(now)?;
        owed.checked_sub(REFILL * BURST).map(|over| over + REFILL)
    }
}

/// Whoever has one IPv6 address has its whole network of 64 bits.
fn network(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V6(v6) => match v6.to_ipv4_mapped() {
            Some(v4) => IpAddr::V4(v4),
            None => IpAddr::V6(Ipv6Addr::from_bits(v6.to_bits() >> 64 << 64)),
        },
        v4 @ IpAddr::V4(_) => v4,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HERE: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(10, 0, 0, 7));

    #[test]
    fn sixty_wrong_tokens_then_one_a_second() {
        let attempts = Attempts::default();
        let start = Duration::from_secs(5);
        for _ in 0..BURST {
            assert_eq!(attempts.must_wait(HERE, start), None);
            attempts.wrong(HERE, start);
        }
        let wait = attempts.must_wait(HERE, start).unwrap();
        assert!(wait <= REFILL * 2, "{wait:?}");
        assert_eq!(attempts.must_wait(HERE, start + wait), None);
        assert_eq!(attempts.must_wait(IpAddr::V4(std::net::Ipv4Addr::LOCALHOST), start), None);
        for _ in 0..10_000 {
            attempts.wrong(HERE, start);
        }
        assert!(attempts.must_wait(HERE, start).unwrap() <= REFILL * 3, "a long attack is not a long punishment");
    }

    #[test]
    fn neighbours_in_an_ipv6_network_are_one() {
        let attempts = Attempts::default();
        for last in 0..=BURST {
            attempts.wrong(IpAddr::V6(Ipv6Addr::from_bits(0x2001_0db8 << 96 | u128::from(last))), Duration::ZERO);
        }
        assert!(attempts.must_wait("2001:db8::ffff".parse().unwrap(), Duration::ZERO).is_some());
        assert!(attempts.must_wait("2001:db8:0:1::1".parse().unwrap(), Duration::ZERO).is_none());
    }
}
