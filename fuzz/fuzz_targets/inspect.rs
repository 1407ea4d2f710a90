//! The inspection of an update ZIP.
#![no_main]

#[path = "../../tests/support/inspect_archive.rs"]
mod inspect_archive;

libfuzzer_sys::fuzz_target!(|input: &[u8]| {
    let _ = inspect_archive::run(input);
});
