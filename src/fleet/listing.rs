//! The order of the fleet, and pages of it.

use std::cmp::Reverse;
use std::fmt;
use std::str::FromStr;

use crate::clock::Time;
use crate::error::{Error, Result};
use crate::fleet::{Agent, Status};

/// The most machines on one page.
pub const MAX_PAGE: usize = 10_000;

/// A machine's place in the list: the newest enrollment first, of equals the newest row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place(Reverse<Option<Time>>, Reverse<i64>);

impl Place {
    /// The place of `agent`.
    pub fn of(agent: &Agent) -> Self {
        Self(Reverse(agent.enrolled_at), Reverse(agent.id))
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.0 {
            Some(time) => write!(f, "{}.{}", time.micros(), self.1.0),
            None => write!(f, "x.{}", self.1.0),
        }
    }
}

impl FromStr for Place {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let parts = text.split_once('.').and_then(|(time, row)| {
            let time = if time == "x" { None } else { Some(Time::from_micros(time.parse().ok()?)) };
            Some(Self(Reverse(time), Reverse(row.parse().ok()?)))
        });
        parts.ok_or_else(|| {
            Error::field(&["query", "cursor"], "value_error", "is no cursor of this list; leave it out to begin at the start")
        })
    }
}

/// Which part of the fleet is asked for.
#[derive(Debug, Clone, Default)]
pub struct PageQuery {
    /// Only machines of this status.
    pub status: Option<Status>,
    /// At most so many.
    pub limit: Option<usize>,
    /// Only those behind this place.
    pub after: Option<Place>,
}

/// A part of the fleet.
#[derive(Debug)]
pub struct Page<T> {
    /// The machines, in order.
    pub items: Vec<T>,
    /// Where the next page begins; `None` when there is none.
    pub next: Option<Place>,
}

/// The part of `sorted` (in order of [`Place`]) that `query` asks for.
pub fn page<T>(sorted: impl Iterator<Item = (Place, Status, T)>, query: &PageQuery) -> Page<T> {
    let wanted =
        |place: &Place, status: Status| query.after.is_none_or(|after| *place > after) && query.status.is_none_or(|only| only == status);
    let mut matching = sorted.filter(|(place, status, _)| wanted(place, *status)).peekable();
    let mut items = Vec::new();
    let mut last = None;
    for (place, _, item) in matching.by_ref() {
        items.push(item);
        last = Some(place);
        if query.limit == Some(items.len()) {
            break;
        }
    }
    Page { items, next: last.filter(|_| matching.peek().is_some()) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn pages_together_are_the_whole_list_once(mut rows in proptest::collection::vec((0_i64..5, any::<bool>()), 0..40), limit in 1_usize..9) {
            rows.sort_unstable();
            let mut all: Vec<(Place, Status, usize)> = rows.iter().enumerate().map(|(index, (time, active))| {
                let status = if *active { Status::Active } else { Status::Uninstalled };
                (Place(Reverse(Some(Time::from_micros(*time))), Reverse(index as i64)), status, index)
            }).collect();
            all.sort_unstable_by_key(|(place, ..)| *place);
            let expected: Vec<usize> = all.iter().map(|(.., index)| *index).collect();
            let mut seen = Vec::new();
            let mut after = None;
            loop {
                let query = PageQuery { status: None, limit: Some(limit), after };
                let page = page(all.iter().copied(), &query);
                prop_assert!(page.items.len() <= limit);
                seen.extend(page.items);
                let Some(next) = page.next else { break };
                after = Some(next.to_string().parse::<Place>().unwrap());
            }
            prop_assert_eq!(seen, expected);
        }
    }
}
