//! The integration tests: the built executable and the library, on real files, real sockets and a real database.
#![allow(unreachable_pub, reason = "what the tests share is public to all of them")]

mod architecture;
mod commands;
mod generated;
mod support;
