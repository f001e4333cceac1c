//! Missed visits, and the pause that follows enough of them.

use linli_domain::id::{OrderId, PersonId};
use linli_domain::platform::{KindKey, NoShow};
use linli_domain::time::{Instant, Span};

use super::orders::ask;
use crate::connect::Tx;
use crate::error::Result;

/// Notes a missed visit once per order. When the rule's count is reached within its window, booking of the kind is
/// paused; answers until when.
///
/// # Errors
/// Any [`StoreError`](crate::StoreError).
pub async fn strike(
    tx: &Tx,
    order: OrderId,
    person: PersonId,
    kind: &KindKey,
    rule: NoShow,
    now: Instant,
) -> Result<Option<Instant>> {
    let sql = "INSERT INTO strikes (order_id, person_id, kind, at) VALUES ($1, $2, $3, $4) \
               ON CONFLICT (order_id) DO NOTHING RETURNING order_id";
    ask(tx, sql, [order.0.into(), person.0.into(), kind.as_str().into(), now.0.into()]).await?;
    let since = now - Span::days(i64::from(rule.within_days));
    let sql = "SELECT COUNT(*) AS n FROM strikes WHERE person_id = $1 AND kind = $2 AND at > $3";
    let rows = ask(tx, sql, [person.0.into(), kind.as_str().into(), since.0.into()]).await?;
    let strikes: i64 = rows.first().map_or(Ok(0), |row| row.try_get("", "n"))?;
    if strikes < i64::from(rule.count) {
        return Ok(None);
    }
    let until = now + Span::days(i64::from(rule.blocked_days));
    let sql = "INSERT INTO blocks (person_id, kind, until) VALUES ($1, $2, $3) \
               ON CONFLICT (person_id, kind) DO UPDATE SET until = excluded.until RETURNING until";
    ask(tx, sql, [person.0.into(), kind.as_str().into(), until.0.into()]).await?;
    Ok(Some(until))
}
