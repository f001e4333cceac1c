//! One process per SQLite file.

use std::fs::{File, OpenOptions, TryLockError};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

/// The lock beside a SQLite file, held until it is dropped or the process ends, however it ends.
#[derive(Debug)]
pub struct FileLock {
    _file: File,
}

/// A file of ours beside the SQLite file: `linli.sqlite3` and `lock` give `linli.sqlite3.lock`.
pub fn beside(sqlite: &Path, extension: &str) -> PathBuf {
    let mut name = sqlite.as_os_str().to_owned();
    name.push(".");
    name.push(extension);
    name.into()
}

impl FileLock {
    /// Takes the lock, or says who can share a database and how.
    ///
    /// # Errors
    /// When another process holds it, or the file cannot be made.
    pub fn take(sqlite: &Path) -> Result<Self> {
        let path = beside(sqlite, "lock");
        let file = OpenOptions::new()
            .create(true)
            .append(true)
            .open(&path)
            .with_context(|| format!("the lock file {} cannot be made", path.display()))?;
        match file.try_lock() {
            Ok(()) => Ok(Self { _file: file }),
            Err(TryLockError::WouldBlock) => bail!(
                "another Linli process is using {}. A SQLite file serves one process. Stop the other one, or set \
                 `database.url` to a PostgreSQL database (postgres://…), which any number of processes can share",
                sqlite.display()
            ),
            Err(TryLockError::Error(error)) => {
                Err(error).with_context(|| format!("{} cannot be locked", path.display()))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_holder_is_sent_to_postgresql() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("linli.sqlite3");
        let first = FileLock::take(&file).unwrap();
        let refusal = FileLock::take(&file).unwrap_err().to_string();
        assert!(refusal.contains("PostgreSQL") && refusal.contains("linli.sqlite3"), "{refusal}");
        drop(first);
        FileLock::take(&file).unwrap();
    }
}
