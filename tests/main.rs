//! The integration tests: the built executable and the library, on real files, real sockets and a real database.

mod conformance_template;
mod resolve;
mod support;
