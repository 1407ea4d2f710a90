//! The integration tests: the built executable and the library, on real files, real sockets and a real database.
#![allow(missing_docs, unreachable_pub, reason = "nobody imports a test")]
#![allow(clippy::disallowed_methods, reason = "tests prepare files and read the environment as they please")]

mod cli_doctor;
mod cli_enroll;
mod client;
mod conformance_registry;
mod faults;
mod fleet_http;
mod support;
