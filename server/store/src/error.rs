//! What can go wrong with the database, told apart by what a caller can do about it.

use sea_orm::{DbErr, RuntimeErr, SqlErr};

/// A failed read or write. Nothing of a failed transaction is kept.
#[derive(Debug, Clone, thiserror::Error)]
pub enum StoreError {
    /// A unique index refused the row; the text names the index (PostgreSQL) or its columns (SQLite).
    #[error("already there: {0}")]
    Unique(String),
    /// Locked too long, out of connections or out of queue: trying again makes sense.
    #[error("the database is busy: {0}")]
    Busy(String),
    /// The database does not answer.
    #[error("the database is gone: {0}")]
    Gone(String),
    /// A row does not say what it should: a fault of ours.
    #[error("unexpected row: {0}")]
    Row(String),
    /// Anything else: a fault of ours.
    #[error("database: {0}")]
    Other(DbErr),
}

impl StoreError {
    /// Whether a unique index mentioning `word` refused the row.
    pub fn is_unique(&self, word: &str) -> bool {
        matches!(self, Self::Unique(text) if text.contains(word))
    }
}

impl From<DbErr> for StoreError {
    fn from(error: DbErr) -> Self {
        if let Some(SqlErr::UniqueConstraintViolation(text)) = error.sql_err() {
            return Self::Unique(text);
        }
        let text = error.to_string();
        match &error {
            DbErr::ConnectionAcquire(_) => Self::Busy(text),
            DbErr::Conn(RuntimeErr::SqlxError(_) | RuntimeErr::Internal(_)) => Self::Gone(text),
            DbErr::Exec(RuntimeErr::SqlxError(cause)) | DbErr::Query(RuntimeErr::SqlxError(cause)) => {
                Self::of_driver(cause, text).unwrap_or(Self::Other(error))
            }
            _ => Self::Other(error),
        }
    }
}

impl StoreError {
    fn of_driver(cause: &sea_orm::sqlx::Error, text: String) -> Option<Self> {
        use sea_orm::sqlx::Error as Driver;
        match cause {
            Driver::PoolTimedOut => Some(Self::Busy(text)),
            Driver::Io(_) | Driver::PoolClosed | Driver::WorkerCrashed | Driver::Tls(_) => Some(Self::Gone(text)),
            Driver::Database(reply) => match reply.code().as_deref() {
                // SQLite: BUSY and its kinds, LOCKED. PostgreSQL: serialization failure, deadlock, lock timeout.
                Some("5" | "6" | "261" | "517" | "40001" | "40P01" | "55P03" | "57014") => Some(Self::Busy(text)),
                // PostgreSQL: shutting down, starting up, crashed, no more connections. SQLite: disk I/O, cannot open.
                Some("57P01" | "57P02" | "57P03" | "53300" | "10" | "14") => Some(Self::Gone(text)),
                _ => None,
            },
            _ => None,
        }
    }
}

/// The result of a read or write.
pub type Result<T, E = StoreError> = std::result::Result<T, E>;
