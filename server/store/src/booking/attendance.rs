//! When people came and left, from the timelines of their orders.

use std::collections::BTreeMap;

use linli_domain::id::OrderId;
use linli_domain::time::Instant;

use crate::connect::Reads;
use crate::error::Result;
use crate::rows::Rows;

/// When somebody came, and when they left.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Times {
    /// The first time they were marked as there.
    pub came: Option<Instant>,
    /// The last time they were marked as done.
    pub left: Option<Instant>,
}

/// The times of some orders. Whoever has not come is left out.
///
/// # Errors
/// Any [`StoreError`](crate::StoreError).
pub async fn times(db: &impl Reads, orders: &[OrderId]) -> Result<BTreeMap<OrderId, Times>> {
    let rows = Rows::new()
        .int("order_id", orders.iter().map(|id| id.0))
        .query(
            db,
            "SELECT e.order_id, MIN(CASE WHEN e.event = 'checked_in' THEN e.at END) AS came, \
             MAX(CASE WHEN e.event = 'fulfilled' THEN e.at END) AS gone FROM order_events e JOIN",
            "AS v ON e.order_id = v.order_id WHERE e.event IN ('checked_in', 'fulfilled') GROUP BY e.order_id",
        )
        .await?;
    rows.iter()
        .map(|row| {
            let at = |name: &str| -> Result<Option<Instant>> { Ok(row.try_get::<Option<i64>>("", name)?.map(Instant)) };
            Ok((OrderId(row.try_get("", "order_id")?), Times { came: at("came")?, left: at("gone")? }))
        })
        .collect()
}
