//! How fast workers earn: what they earned lately, and the time they were there for it, waiting or at work.

use linli_domain::id::WorkerId;
use linli_domain::platform::KindKey;
use linli_domain::time::{Day, Instant};
use sea_orm::QueryResult;

use super::ledger::OF_WORK;
use crate::booking::orders::ask;
use crate::connect::{Reads, Tx};
use crate::error::{Result, StoreError};
use crate::rows::Rows;

/// Somebody who may be active now.
#[derive(Debug, Clone, PartialEq)]
pub struct There {
    /// Who.
    pub worker: WorkerId,
    /// Their working hours: JSON, weekday to spans.
    pub hours: serde_json::Value,
    /// Whether they are off today.
    pub day_off: bool,
    /// Whether they are on the way or at work for somebody, whatever their hours.
    pub working: bool,
}

/// Everybody on duty, and everybody on the way or at work.
///
/// # Errors
/// Any [`StoreError`].
pub async fn there(db: &impl Reads, today: Day) -> Result<Vec<There>> {
    let sql = "SELECT * FROM (SELECT w.id, w.duty, w.hours, \
               EXISTS (SELECT 1 FROM worker_days_off d WHERE d.worker_id = w.id AND d.day = $1) AS day_off, \
               EXISTS (SELECT 1 FROM visits v WHERE v.worker_id = w.id \
                 AND v.state IN ('on_the_way', 'arrived', 'working')) AS working \
               FROM workers w WHERE w.state = 'verified') AS found WHERE duty = 'on' OR working ORDER BY id";
    let there = |row: &QueryResult| {
        let hours: String = row.try_get("", "hours")?;
        Ok(There {
            worker: WorkerId(row.try_get("", "id")?),
            hours: serde_json::from_str(&hours).map_err(|_| StoreError::Row("workers.hours cannot be read".into()))?,
            day_off: row.try_get("", "day_off")?,
            working: row.try_get("", "working")?,
        })
    };
    ask(db, sql, [today.0.into()]).await?.iter().map(there).collect()
}

/// Adds minutes to the day of each of these workers, unless this look has been counted already.
///
/// # Errors
/// Any [`StoreError`].
pub async fn count(tx: &Tx, look: Instant, minutes: u32, workers: &[WorkerId]) -> Result<u64> {
    let every = |value: i64| workers.iter().map(move |_| value);
    Rows::new()
        .int("worker_id", workers.iter().map(|id| id.0))
        .int("day", every(look.day().0.into()))
        .int("minutes", every(minutes.into()))
        .int("last_look", every(look.0))
        .insert(
            tx,
            "worker_active",
            "ON CONFLICT (worker_id, day) DO UPDATE SET minutes = worker_active.minutes + excluded.minutes, \
             last_look = excluded.last_look WHERE worker_active.last_look < excluded.last_look",
        )
        .await
}

/// Forgets the days before one.
///
/// # Errors
/// Any [`StoreError`].
pub async fn forget(tx: &Tx, before: Day) -> Result<()> {
    ask(tx, "DELETE FROM worker_active WHERE day < $1 RETURNING day", [before.0.into()]).await?;
    Ok(())
}

/// What somebody earned in a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pace {
    /// Who.
    pub worker: WorkerId,
    /// In fen, what went to the organisation they work for included.
    pub fen: i64,
    /// For so many orders.
    pub orders: i64,
    /// Minutes on duty or at work.
    pub active_minutes: i64,
}

/// Everybody who was active or earned something since a day.
///
/// # Errors
/// Any [`StoreError`].
pub async fn since(db: &impl Reads, day: Day) -> Result<Vec<Pace>> {
    let sql = format!(
        "SELECT worker_id, CAST(SUM(fen) AS BIGINT) AS fen, CAST(SUM(orders) AS BIGINT) AS orders, \
         CAST(SUM(minutes) AS BIGINT) AS minutes FROM \
           (SELECT worker_id, 0 AS fen, 0 AS orders, SUM(minutes) AS minutes FROM worker_active \
             WHERE day >= $1 GROUP BY worker_id \
           UNION ALL SELECT e.worker_id, SUM(p.amount_fen), COUNT(DISTINCT e.order_id), 0 FROM ledger_entries e \
             JOIN ledger_postings p ON p.entry_id = e.id AND {OF_WORK} WHERE e.day >= $1 GROUP BY e.worker_id) AS parts \
         GROUP BY worker_id ORDER BY worker_id"
    );
    let pace = |row: &QueryResult| {
        Ok(Pace {
            worker: WorkerId(row.try_get("", "worker_id")?),
            fen: row.try_get("", "fen")?,
            orders: row.try_get("", "orders")?,
            active_minutes: row.try_get("", "minutes")?,
        })
    };
    ask(db, &sql, [day.0.into()]).await?.iter().map(pace).collect()
}

/// Who offers what: every service that staff have verified.
///
/// # Errors
/// Any [`StoreError`].
pub async fn trades(db: &impl Reads) -> Result<Vec<(WorkerId, KindKey)>> {
    let sql = "SELECT worker_id, kind FROM worker_services WHERE state = $1 ORDER BY worker_id, kind";
    let trade = |row: &QueryResult| {
        let kind: String = row.try_get("", "kind")?;
        let kind = kind.parse().map_err(|_| StoreError::Row("worker_services.kind cannot be read".into()))?;
        Ok((WorkerId(row.try_get("", "worker_id")?), kind))
    };
    ask(db, sql, ["verified".into()]).await?.iter().map(trade).collect()
}
