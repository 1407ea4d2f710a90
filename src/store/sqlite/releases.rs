//! Update releases.

use rusqlite::{Row, params};

use super::row::own_time;
use super::transaction::Transaction;
use crate::clock::Time;
use crate::error::Result;
use crate::update::{Release, Releases, Stage};

const SELECT: &str =
    "SELECT version, type, file, size, sha256, signature, rollout, min_version, notes, stage, published_at, changed_at FROM lea_releases";

/// A column that this program wrote as the text of a value.
fn own<T: std::str::FromStr<Err = crate::error::Error>>(row: &Row<'_>, column: &str) -> rusqlite::Result<T> {
    read(&row.get::<_, String>(column)?)
}

fn read<T: std::str::FromStr<Err = crate::error::Error>>(text: &str) -> rusqlite::Result<T> {
    text.parse().map_err(|cause| rusqlite::Error::FromSqlConversionFailure(0, rusqlite::types::Type::Text, Box::new(cause)))
}

fn release(row: &Row<'_>) -> rusqlite::Result<Release> {
    let size: i64 = row.get("size")?;
    let stage: String = row.get("stage")?;
    Ok(Release {
        version: own(row, "version")?,
        update_type: own(row, "type")?,
        file: row.get("file")?,
        size: size.cast_unsigned(),
        sha256: row.get("sha256")?,
        signature: row.get("signature")?,
        rollout: row.get("rollout")?,
        min_version: row.get::<_, Option<String>>("min_version")?.map(|text| read(&text)).transpose()?,
        notes: row.get("notes")?,
        // The table holds no other word.
        stage: Stage::named(&stage).unwrap_or(Stage::Withdrawn),
        published_at: own_time(row, "published_at")?,
        changed_at: own_time(row, "changed_at")?,
    })
}

impl Transaction<'_> {
    fn raise_revision(&self, now: Time) -> Result<()> {
        self.execute("UPDATE lea_release_revision SET revision = max(revision + 1, ?1)", [now.micros()])?;
        Ok(())
    }
}

impl Releases for Transaction<'_> {
    fn releases(&mut self) -> Result<Vec<Release>> {
        self.rows(SELECT, [], release)
    }

    fn insert_release(&mut self, release: &Release) -> Result<()> {
        let sql = "INSERT INTO lea_releases (canonical, version, type, file, size, sha256, signature, rollout, min_version, notes, stage, published_at, changed_at) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)";
        let values = params![
            release.version.canonical(),
            release.version.to_string(),
            release.update_type.as_str(),
            release.file,
            release.size.cast_signed(),
            release.sha256,
            release.signature,
            release.rollout,
            release.min_version.as_ref().map(ToString::to_string),
            release.notes,
            release.stage.as_str(),
            release.published_at.to_string(),
            release.changed_at.to_string(),
        ];
        self.execute(sql, values)?;
        self.raise_revision(release.changed_at)
    }

    fn save_release(&mut self, release: &Release) -> Result<()> {
        let sql = "UPDATE lea_releases SET rollout = ?3, stage = ?4, changed_at = ?5 WHERE canonical = ?1 AND type = ?2";
        let (canonical, changed_at) = (release.version.canonical(), release.changed_at.to_string());
        self.execute(sql, params![canonical, release.update_type.as_str(), release.rollout, release.stage.as_str(), changed_at])?;
        self.raise_revision(release.changed_at)
    }

    fn revision(&mut self) -> Result<u64> {
        let found: Option<i64> = self.first("SELECT revision FROM lea_release_revision", [], |row| row.get(0))?;
        Ok(found.unwrap_or_default().cast_unsigned())
    }
}
