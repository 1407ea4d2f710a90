//! JSON from a file or standard input.

use std::io::Read;
use std::path::Path;

use lea::error::{Error, Kind, Result};
use lea::files::read_capped;
use serde::de::DeserializeOwned;

/// The largest file, bytes. A server takes less (`limits.body_bytes`), and says so.
const MAX_BYTES: u64 = 16 << 20;

/// What `path` holds; `-` is standard input.
pub(super) fn read(path: &Path) -> Result<Vec<u8>> {
    if path != Path::new("-") {
        return read_capped(path, MAX_BYTES);
    }
    let mut bytes = Vec::new();
    std::io::stdin().take(MAX_BYTES + 1).read_to_end(&mut bytes).map_err(|cause| Error::io("read", Path::new("standard input"), cause))?;
    if bytes.len() as u64 > MAX_BYTES {
        return Err(Error::new(Kind::TooLarge, "file_too_large", format!("standard input is larger than {MAX_BYTES} bytes")));
    }
    Ok(bytes)
}

/// `bytes` as JSON; `name` is what they are called in an error. What they hold is not repeated: it may be a password to type.
pub(super) fn parse<T: DeserializeOwned>(name: &str, bytes: &[u8], wanted: &str) -> Result<T> {
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let value = serde_path_to_error::deserialize(&mut reader).map_err(|fault| {
        let (place, cause) = (fault.path().to_string(), fault.inner());
        let at = format!("line {}, column {}", cause.line(), cause.column());
        // What is no JSON has no place that could be named.
        let at = if matches!(place.as_str(), "." | "?") { at } else { format!("{place}, {at}") };
        let what = if cause.is_data() { format!("is not {wanted}") } else { "is no JSON".to_owned() };
        Error::new(Kind::Input, "invalid_json", format!("{name} {what} ({at})"))
    })?;
    reader.end().map_err(|_| Error::new(Kind::Input, "invalid_json", format!("{name} holds more than one JSON document")))?;
    Ok(value)
}

/// How a file is called in an error.
pub(super) fn name(path: &Path) -> String {
    if path == Path::new("-") { "standard input".to_owned() } else { path.display().to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_wrong_is_said_without_what_it_holds() {
        let refused = parse::<Vec<u8>>("a.json", br#"["geheim"]"#, "a list of numbers").unwrap_err();
        assert!(refused.message().contains("[0]") && !format!("{refused:?}").contains("geheim"), "{refused:?}");
        assert!(parse::<Vec<u8>>("a.json", b"[1", "x").unwrap_err().message().contains("no JSON"));
        let refused = parse::<serde_json::Value>("a.json", b"{bad", "x").unwrap_err();
        assert_eq!(refused.message(), "a.json is no JSON (line 1, column 2)");
        assert!(parse::<Vec<u8>>("a.json", b"[1] [2]", "x").is_err());
        assert_eq!(parse::<Vec<u8>>("a.json", b"[1]\n", "x").unwrap(), [1]);
    }
}
