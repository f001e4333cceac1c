//! What residents may know of a worker before and after they meet.

use linli_domain::id::WorkerId;
use linli_domain::time::Instant;

use super::ratings;
use crate::booking::orders::ask;
use crate::connect::Reads;
use crate::error::{Result, StoreError};

/// What somebody said of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Review {
    /// 1 very dissatisfied … 5 very satisfied.
    pub level: i32,
    /// In their words.
    pub words: String,
    /// What was answered.
    pub answer: String,
    /// When.
    pub at: Instant,
}

/// How much they have done, and how it went.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Record {
    /// Jobs done.
    pub done: u32,
    /// How many of them were rated.
    pub rated: u32,
    /// The sum of the levels.
    pub sum: u32,
}

/// How much a worker has done, and how it went. Ratings that cannot be read yet are not counted: a sum that moved with one
/// would tell it.
///
/// # Errors
/// Any [`StoreError`].
pub async fn record(db: &impl Reads, worker: WorkerId, now: Instant) -> Result<Record> {
    let sql = "SELECT COUNT(*) AS done FROM visits WHERE worker_id = $1 AND state = 'done'";
    let rows = ask(db, sql, [worker.0.into()]).await?;
    let done: i64 = rows.first().map_or(Ok(0), |row| row.try_get("", "done"))?;
    let done = u32::try_from(done).map_err(|_| StoreError::Row("visits cannot be counted".into()))?;
    let quality = ratings::shown_of(db, &[worker], now).await?.remove(&worker).unwrap_or_default();
    Ok(Record { done, rated: quality.count, sum: quality.sum })
}

/// What was said of a worker in words, the latest first, at most `limit`: what may be shown by now and was not hidden.
///
/// # Errors
/// Any [`StoreError`].
pub async fn reviews(db: &impl Reads, worker: WorkerId, now: Instant, limit: u32) -> Result<Vec<Review>> {
    let sql = "SELECT level, words, answer, at FROM ratings WHERE worker_id = $1 AND side = 'resident' \
               AND words <> '' AND hidden_reason IS NULL AND shown_from <= $2 ORDER BY at DESC, order_id DESC LIMIT $3";
    let rows = ask(db, sql, [worker.0.into(), now.0.into(), i64::from(limit).into()]).await?;
    rows.iter()
        .map(|row| {
            Ok(Review {
                level: row.try_get("", "level")?,
                words: row.try_get("", "words")?,
                answer: row.try_get("", "answer")?,
                at: Instant(row.try_get("", "at")?),
            })
        })
        .collect()
}
