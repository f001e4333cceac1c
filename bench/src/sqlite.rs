//! SQLite: a prepared file, and a copy of it for every round.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Result;
use rusqlite::Connection;

use crate::prepare::District;
use crate::server;
use crate::sums::Sums;

pub(crate) struct Sqlite {
    folder: PathBuf,
}

impl Sqlite {
    /// Makes the prepared file.
    pub(crate) fn prepare(folder: &Path, linli: &Path, district: &District) -> Result<Self> {
        let sqlite = Self { folder: folder.to_owned() };
        let file = sqlite.template();
        let url = format!("sqlite://{}", file.display());
        server::run(linli, "migrate", &url)?;
        server::run(linli, "seed", &url)?;
        let connection = Connection::open(&file)?;
        connection.execute_batch(&format!("BEGIN;\n{}COMMIT;\nANALYZE;\n", district.sql()))?;
        // The whole of it in one file, to be copied.
        connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
        Ok(sqlite)
    }

    /// Runs something on a fresh copy of the prepared file.
    pub(crate) fn round<T>(&self, measure: impl FnOnce(&Path) -> Result<T>) -> Result<T> {
        let folder = tempfile::tempdir_in(&self.folder)?;
        let file = folder.path().join("linli.sqlite3");
        fs::copy(self.template(), &file)?;
        fs::File::open(&file)?.sync_all()?;
        measure(&file)
    }

    fn template(&self) -> PathBuf {
        self.folder.join("prepared.sqlite3")
    }
}

/// What stands in a file.
pub(crate) fn sums(file: &Path) -> Result<Sums> {
    let row = Connection::open(file)?.query_row(Sums::SQL, [], |row| {
        let numbers = (0..row.as_ref().column_count()).map(|i| row.get::<_, i64>(i).map(|n| n.to_string()));
        Ok(numbers.collect::<Result<Vec<_>, _>>()?.join(" "))
    })?;
    Sums::read(&row)
}
