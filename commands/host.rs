//! What this machine says of itself: its id, its name, its system, its user. Each may be unknown.

use lea::client::blame;
use lea::error::{Error, Kind, Result};
use lea::id::{self, MAX_ID_CHARS, MachineId};

/// The operating system's own stable id.
///
/// # Errors
/// When it has none, or one that every copy of its disk image shares.
pub(crate) fn machine_id() -> Result<MachineId> {
    let unknown = |why: &str| {
        Error::new(Kind::Input, "no_machine_id", format!("machine: {why}"))
            .hint("give this machine an id with --machine-id ID")
            .detail("blame", blame::MACHINE)
    };
    let raw = machine_uid::get().map_err(|cause| unknown("the operating system tells no id").caused_by(cause.to_string()))?;
    usable(&raw).ok_or_else(|| unknown("the operating system's id is not set yet"))
}

/// A valid id from what the system says. An id of zeros, and the word that stands there before a system's first start, are none.
fn usable(raw: &str) -> Option<MachineId> {
    let raw = id::trim(raw);
    if raw.eq_ignore_ascii_case("uninitialized") || !raw.bytes().any(|byte| byte.is_ascii_alphanumeric() && byte != b'0') {
        return None;
    }
    let valid = |c: char| if c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-') { c } else { '-' };
    let text: String = raw.chars().map(valid).take(MAX_ID_CHARS).collect();
    text.trim_end_matches('.').parse().ok()
}

/// The machine's name on its network.
pub(crate) fn hostname() -> Option<String> {
    whoami::hostname().ok().as_deref().and_then(known)
}

/// Who runs this program, by the name that the system knows them by.
pub(crate) fn account() -> Option<String> {
    whoami::username().ok().as_deref().and_then(known)
}

/// The operating system and its version, such as `Windows 10.0.22631` or `Debian GNU/Linux 12`.
pub(crate) fn os_info() -> Option<String> {
    whoami::distro().ok().as_deref().and_then(known).or_else(|| known(std::env::consts::OS))
}

fn known(text: &str) -> Option<String> {
    let text = text.trim();
    (!text.is_empty() && !text.eq_ignore_ascii_case("unknown")).then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_made_valid_and_an_empty_one_is_none() {
        for (raw, id) in [
            ("0f1e2d3c4b5a69788796a5b4c3d2e1f0\n", Some("0f1e2d3c4b5a69788796a5b4c3d2e1f0")),
            ("{8D2B-11}", Some("-8D2B-11-")),
            ("a b.", Some("a-b")),
            ("uninitialized\n", None),
            ("00000000000000000000000000000000", None),
            ("00000000-0000-0000-0000-000000000000", None),
            ("  ", None),
            ("con", None),
        ] {
            assert_eq!(usable(raw).map(|id| id.to_string()).as_deref(), id, "{raw:?}");
        }
        assert_eq!(usable(&"a".repeat(200)).unwrap().as_str().len(), 128);
    }
}
