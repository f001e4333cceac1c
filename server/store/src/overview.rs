//! A day of an area at a glance.

use linli_domain::id::{OfferingId, OrderId};
use linli_domain::order::State;
use linli_domain::time::{Day, Instant};

use crate::booking::orders::ask;
use crate::connect::Reads;
use crate::error::{Result, StoreError};
use crate::rows::Rows;

/// How many orders of an offering stand in a state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Count {
    /// Of what.
    pub offering: OfferingId,
    /// The state.
    pub state: State,
    /// How many.
    pub orders: u32,
}

/// Counts a day's orders of these offerings by state.
///
/// # Errors
/// Any [`StoreError`].
pub async fn counts(db: &impl Reads, offerings: &[OfferingId], day: Day) -> Result<Vec<Count>> {
    let tail = format!(
        "AS v JOIN orders o ON o.offering_id = v.id AND o.day = {} GROUP BY o.offering_id, o.state \
         ORDER BY o.offering_id, o.state",
        day.0
    );
    let rows = Rows::new()
        .int("id", offerings.iter().map(|id| id.0))
        .query(db, "SELECT o.offering_id, o.state, COUNT(*) AS orders FROM", &tail)
        .await?;
    rows.iter()
        .map(|row| {
            let (state, orders): (String, i64) = (row.try_get("", "state")?, row.try_get("", "orders")?);
            Ok(Count {
                offering: OfferingId(row.try_get("", "offering_id")?),
                state: State::from_key(&state).ok_or_else(|| StoreError::Row("orders.state cannot be read".into()))?,
                orders: u32::try_from(orders).unwrap_or(u32::MAX),
            })
        })
        .collect()
}

/// Orders of these offerings that wait for the place's answer and are not over, oldest first.
///
/// # Errors
/// Any [`StoreError`].
pub async fn requests(db: &impl Reads, offerings: &[OfferingId], now: Instant, limit: u32) -> Result<Vec<OrderId>> {
    let tail = format!(
        "AS v JOIN orders o ON o.offering_id = v.id WHERE o.state = 'requested' AND o.ends_at > {} \
         ORDER BY o.id LIMIT {limit}",
        now.0
    );
    let rows = Rows::new().int("id", offerings.iter().map(|id| id.0)).query(db, "SELECT o.id FROM", &tail).await?;
    rows.iter().map(|row| Ok(OrderId(row.try_get("", "id")?))).collect()
}

/// How many people of an area wait for a call; `prefix` is the beginning of the codes of its communities.
///
/// # Errors
/// Any [`StoreError`].
pub async fn open_calls(db: &impl Reads, prefix: &str) -> Result<u32> {
    let sql = "SELECT COUNT(*) AS n FROM calls WHERE done_at IS NULL AND area_code LIKE $1";
    let rows = ask(db, sql, [format!("{prefix}%").into()]).await?;
    let n: i64 = rows.first().map_or(Ok(0), |row| row.try_get("", "n"))?;
    Ok(u32::try_from(n).unwrap_or(u32::MAX))
}
