//! The integration tests: the built executable and the library, on real files, real sockets and a real database.
#![allow(missing_docs, unreachable_pub, reason = "what the tests share is public to all of them")]
#![allow(clippy::disallowed_methods, reason = "tests lay out files, read them back and look at the clock themselves")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stderr,
    clippy::print_stdout,
    reason = "what helps a test fails it, and says so"
)]

mod architecture;
mod cli_anchor;
mod cli_competence;
mod cli_doctor;
mod cli_elements;
mod cli_enroll;
mod cli_fleet;
mod cli_replay;
mod cli_session;
mod cli_sync;
mod cli_update;
mod client;
mod commands;
mod compare;
mod competence_faults;
mod competences_http;
mod conformance_competence;
mod conformance_registry;
mod conformance_replay;
mod conformance_template;
mod conformance_text;
mod conformance_update;
mod conformance_workflow;
mod dependencies;
mod documents;
mod faults;
mod fleet_http;
mod frame;
mod fuzz_corpus;
mod generated;
mod hostile_pictures;
mod migration;
mod personal_data;
mod replay_conversation;
mod replay_http;
mod replay_leaving;
mod replay_looks;
mod resolve;
mod resolve_http;
mod resolve_text;
mod resolve_text_http;
mod serve;
mod sessions_http;
mod support;
mod sync_http;
mod update_archive;
mod update_faults;
