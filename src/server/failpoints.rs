//! Named points at which a debug build can be told to die, as if it were killed: so that tests see what a crash leaves behind.
//! A release build has none.

use std::sync::atomic::{AtomicU32, Ordering};

/// The point that is armed, if one is.
#[derive(Debug, Default)]
pub(super) struct Failpoints {
    armed: Option<(String, AtomicU32)>,
}

impl Failpoints {
    /// From `name` or `name:count`, the count-th time that the point is passed.
    pub(super) fn armed(text: Option<&str>) -> Self {
        let armed = text.filter(|_| cfg!(debug_assertions)).map(|text| {
            let (name, count) = text.split_once(':').unwrap_or((text, "1"));
            (name.to_owned(), AtomicU32::new(count.parse().unwrap_or(1)))
        });
        Self { armed }
    }

    /// Passes the point called `name`; dies there if it is its turn.
    pub(super) fn pass(&self, name: &str) {
        if let Some((armed, left)) = &self.armed
            && armed == name
            && left.fetch_sub(1, Ordering::SeqCst) == 1
        {
            // No destructor runs and nothing is flushed.
            std::process::abort();
        }
    }
}
