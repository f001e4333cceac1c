//! Orders with something to come: what changes of an offering have to look after.

use linli_domain::id::{OfferingId, UnitId};
use linli_domain::time::{Day, Instant};

use crate::booking::orders::ask;
use crate::catalogue::bad;
use crate::connect::Reads;
use crate::error::Result;
use crate::rows::Rows;

/// The states in which an order has something to come.
pub(super) const TO_COME: &str = "('requested', 'waiting', 'held', 'confirmed', 'underway')";

/// A time with orders.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StandingTime {
    /// Of which offering.
    pub offering: OfferingId,
    /// It begins.
    pub start: Instant,
    /// It ends.
    pub end: Instant,
    /// How many orders.
    pub orders: u32,
}

/// The times of some offerings at which orders stand, each offering from its day on.
///
/// # Errors
/// Any [`crate::StoreError`].
pub async fn times(db: &impl Reads, from: &[(OfferingId, Day)]) -> Result<Vec<StandingTime>> {
    let tail = format!(
        "AS v ON o.offering_id = v.offering_id AND o.day >= v.day WHERE o.state IN {TO_COME} \
         GROUP BY o.offering_id, o.starts_at, o.ends_at ORDER BY o.offering_id, o.starts_at"
    );
    let rows = Rows::new()
        .int("offering_id", from.iter().map(|(id, _)| id.0))
        .int("day", from.iter().map(|(_, day)| i64::from(day.0)))
        .query(db, "SELECT o.offering_id, o.starts_at, o.ends_at, COUNT(*) AS n FROM orders o JOIN", &tail)
        .await?;
    rows.iter()
        .map(|row| {
            Ok(StandingTime {
                offering: OfferingId(row.try_get("", "offering_id")?),
                start: Instant(row.try_get("", "starts_at")?),
                end: Instant(row.try_get("", "ends_at")?),
                orders: u32::try_from(row.try_get::<i64>("", "n")?).map_err(|_| bad("orders"))?,
            })
        })
        .collect()
}

/// How many orders of an offering stand from a day on.
///
/// # Errors
/// Any [`crate::StoreError`].
pub async fn count(db: &impl Reads, offering: OfferingId, from: Day) -> Result<u32> {
    let sql = format!("SELECT COUNT(*) AS n FROM orders WHERE offering_id = $1 AND day >= $2 AND state IN {TO_COME}");
    number(&ask(db, &sql, [offering.0.into(), from.0.into()]).await?)
}

/// How many orders and planned meetings use a unit from a day on.
///
/// # Errors
/// Any [`crate::StoreError`].
pub async fn count_unit(db: &impl Reads, unit: UnitId, from: Day) -> Result<u32> {
    let sql = format!(
        "SELECT (SELECT COUNT(*) FROM orders WHERE unit_id = $1 AND day >= $2 AND state IN {TO_COME}) \
         + (SELECT COUNT(*) FROM meetings WHERE unit_id = $1 AND day >= $2 AND state = 'planned') AS n"
    );
    number(&ask(db, &sql, [unit.0.into(), from.0.into()]).await?)
}

/// How many people hold a contract of an offering.
///
/// # Errors
/// Any [`crate::StoreError`].
pub async fn count_contracts(db: &impl Reads, offering: OfferingId, from: Day) -> Result<u32> {
    let sql = "SELECT COUNT(*) AS n FROM contracts WHERE offering_id = $1 AND until_day > $2 \
               AND state IN ('requested', 'active')";
    number(&ask(db, sql, [offering.0.into(), from.0.into()]).await?)
}

fn number(rows: &[sea_orm::QueryResult]) -> Result<u32> {
    let n: i64 = rows.first().map_or(Ok(0), |row| row.try_get("", "n"))?;
    u32::try_from(n).map_err(|_| bad("orders"))
}
