//! Times as people say them.

use std::time::Duration;

use lea::clock::{Clock, Time};

use crate::context::Context;

/// How long ago `time` was, as people say it; a dash when there is none.
pub(crate) fn ago(time: Option<Time>, context: &Context) -> String {
    let Some(time) = time else { return "-".to_owned() };
    let now = context.clock.now();
    if time > now {
        return match time.since(now).as_secs() {
            0..60 => "now".to_owned(),
            seconds => format!("in {}", length(seconds)),
        };
    }
    match now.since(time).as_secs() {
        0..5 => "now".to_owned(),
        seconds => format!("{} ago", length(seconds)),
    }
}

fn length(seconds: u64) -> String {
    match seconds {
        0..120 => format!("{seconds} s"),
        120..7_200 => format!("{} min", seconds / 60),
        7_200..172_800 => format!("{} h", seconds / 3_600),
        _ => format!("{} days", seconds / 86_400),
    }
}

/// A short time as it stands in tables: `12 ms`, `1.8 s`, `3 min`.
pub(crate) fn short(time: Duration) -> String {
    match time.as_millis() {
        millis @ 0..1_000 => format!("{millis} ms"),
        1_000..120_000 => format!("{:.1} s", time.as_secs_f64()),
        _ => length(time.as_secs()),
    }
}
