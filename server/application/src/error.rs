//! How a use case ends badly: with a "no" that has words, or with a fault of ours.

use linli_domain::refusal::{Code, Refusal};
use linli_domain::time::Span;
use linli_store::StoreError;

/// Why a use case did nothing.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// A rule says no. The words are for the one who asked.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The database could not.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A fault of ours; the text is for the log alone and carries no personal data.
    #[error("{0}")]
    Fault(String),
}

impl From<Code> for Failure {
    fn from(code: Code) -> Self {
        Self::Refused(code.into())
    }
}

impl Failure {
    /// What the one who asked is told.
    pub fn refusal(&self) -> Refusal {
        match self {
            Self::Refused(refusal) => refusal.clone(),
            Self::Store(StoreError::Busy(_)) => Refusal::new(Code::DatabaseBusy).retry_after(Span::seconds(2)),
            Self::Store(StoreError::Gone(_)) => Refusal::new(Code::DatabaseGone).retry_after(Span::seconds(5)),
            Self::Store(_) | Self::Fault(_) => Code::Internal.into(),
        }
    }

    /// Whether it is worth an entry in the log: a fault of ours, or the database.
    pub fn is_fault(&self) -> bool {
        !matches!(self, Self::Refused(_))
    }
}

/// The result of a use case.
pub type Result<T, E = Failure> = std::result::Result<T, E>;
