//! Columns as values, and back.

use rusqlite::Row;

use crate::clock::Time;
use crate::error::{Error, Kind, Result};

/// A time column; what an older program stored and is no time reads as nothing.
pub(super) fn time(row: &Row<'_>, column: &str) -> rusqlite::Result<Option<Time>> {
    let text: Option<String> = row.get(column)?;
    Ok(text.and_then(|text| text.parse().ok()))
}

/// A time column that this program wrote: anything else in it is a fault, not an absent time.
pub(super) fn own_time(row: &Row<'_>, column: &str) -> rusqlite::Result<Time> {
    read(&row.get::<_, String>(column)?)
}

/// As [`own_time`], where the column may be empty.
pub(super) fn own_time_or_none(row: &Row<'_>, column: &str) -> rusqlite::Result<Option<Time>> {
    row.get::<_, Option<String>>(column)?.map(|text| read(&text)).transpose()
}

fn read(text: &str) -> rusqlite::Result<Time> {
    text.parse().map_err(|cause: jiff::Error| rusqlite::Error::FromSqlConversionFailure(0, rusqlite::types::Type::Text, Box::new(cause)))
}

/// A time as the text of a column.
pub(super) fn text(time: Option<Time>) -> Option<String> {
    time.map(|time| time.to_string())
}

/// JSON as the text of a column.
pub(super) fn json<T: serde::Serialize>(value: &T) -> Result<String> {
    serde_json::to_string(value)
        .map_err(|cause| Error::new(Kind::Bug, "not_serialisable", "a row could not be written as JSON").caused_by(cause))
}

/// A column that holds JSON which this program wrote.
pub(super) fn own_json<T: serde::de::DeserializeOwned>(row: &Row<'_>, column: &str) -> rusqlite::Result<T> {
    let text: String = row.get(column)?;
    serde_json::from_str(&text).map_err(|cause| rusqlite::Error::FromSqlConversionFailure(0, rusqlite::types::Type::Text, Box::new(cause)))
}
