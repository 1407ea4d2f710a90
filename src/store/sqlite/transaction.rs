//! One open transaction: what the ports are implemented on.

use std::path::Path;

use rusqlite::{CachedStatement, Connection, Params, Row};

use super::failure::storage;
use crate::error::{Error, Result};
use crate::fleet::Record;

/// One open transaction.
pub(super) struct Transaction<'c> {
    connection: &'c Connection,
    path: &'c Path,
    /// Machines that were changed in it, as they are now.
    pub(super) changed: Vec<Record>,
    /// Whether enrollment keys were changed in it.
    pub(super) keys_changed: bool,
}

impl<'c> Transaction<'c> {
    /// On `connection`, where a transaction is open; `path` is for messages.
    pub(super) fn new(connection: &'c Connection, path: &'c Path) -> Self {
        Self { connection, path, changed: Vec::new(), keys_changed: false }
    }

    fn failed(&self, cause: rusqlite::Error) -> Error {
        storage(self.path, cause)
    }

    fn prepared(&self, sql: &str) -> Result<CachedStatement<'c>> {
        self.connection.prepare_cached(sql).map_err(|cause| self.failed(cause))
    }

    /// Runs a statement; gives how many rows it changed.
    pub(super) fn execute(&self, sql: &str, parameters: impl Params) -> Result<usize> {
        self.prepared(sql)?.execute(parameters).map_err(|cause| self.failed(cause))
    }

    /// Runs an insertion; gives the new row's number.
    pub(super) fn insert_row(&self, sql: &str, parameters: impl Params) -> Result<i64> {
        self.prepared(sql)?.insert(parameters).map_err(|cause| self.failed(cause))
    }

    /// The rows of a query.
    pub(super) fn rows<T>(&self, sql: &str, parameters: impl Params, read: fn(&Row<'_>) -> rusqlite::Result<T>) -> Result<Vec<T>> {
        let mut statement = self.prepared(sql)?;
        let rows = statement.query_map(parameters, read).map_err(|cause| self.failed(cause))?;
        rows.collect::<rusqlite::Result<_>>().map_err(|cause| self.failed(cause))
    }

    /// The first row of a query.
    pub(super) fn first<T>(&self, sql: &str, parameters: impl Params, read: fn(&Row<'_>) -> rusqlite::Result<T>) -> Result<Option<T>> {
        let mut statement = self.prepared(sql)?;
        let mut rows = statement.query_map(parameters, read).map_err(|cause| self.failed(cause))?;
        rows.next().transpose().map_err(|cause| self.failed(cause))
    }
}
