//! Two pictures from anybody, decoded and searched to a verdict. See docs/security.md for how to run it.
#![no_main]

#[path = "../../tests/support/decode_to_verdict.rs"]
mod decode_to_verdict;

libfuzzer_sys::fuzz_target!(|input: &[u8]| {
    decode_to_verdict::run(input);
});
