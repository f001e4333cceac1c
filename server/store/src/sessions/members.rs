//! Who belongs to a session: their orders, the roster, and certificates.

use linli_domain::id::{AccountId, MeetingId, OrderId, SessionId};
use linli_domain::order::State;
use linli_domain::session::attended::Mark;
use linli_domain::time::Instant;

use crate::booking::orders::ask;
use crate::catalogue::{bad, text};
use crate::connect::{Reads, Tx};
use crate::error::Result;
use crate::rows::Rows;

/// A mark on the roster.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Marked {
    /// Whose.
    pub order: OrderId,
    /// At which meeting.
    pub meeting: MeetingId,
    /// What.
    pub mark: Mark,
}

/// Orders of a session in some states, by id, at most `limit`, after the last one looked at.
///
/// # Errors
/// Any [`crate::StoreError`].
pub async fn orders(
    db: &impl Reads,
    session: SessionId,
    states: &[State],
    after: OrderId,
    limit: u32,
) -> Result<Vec<OrderId>> {
    let states: Vec<&str> = states.iter().map(|state| state.key()).collect();
    let sql = format!(
        "SELECT id FROM orders WHERE session_id = $1 AND state IN ('{}') AND id > $2 ORDER BY id LIMIT $3",
        states.join("', '")
    );
    let rows = ask(db, &sql, [session.0.into(), after.0.into(), i64::from(limit).into()]).await?;
    rows.iter().map(|row| Ok(OrderId(row.try_get("", "id")?))).collect()
}

/// Orders that stand although their session was over before an instant, by id. Groups go on.
///
/// # Errors
/// Any [`crate::StoreError`].
pub async fn left_over(db: &impl Reads, ended_before: Instant, limit: u32) -> Result<Vec<OrderId>> {
    let sql = "SELECT o.id FROM orders o JOIN sessions s ON o.session_id = s.id \
               WHERE o.state IN ('confirmed', 'underway') AND s.form <> 'group' AND s.last_end <= $1 \
               ORDER BY o.id LIMIT $2";
    let rows = ask(db, sql, [ended_before.0.into(), i64::from(limit).into()]).await?;
    rows.iter().map(|row| Ok(OrderId(row.try_get("", "id")?))).collect()
}

/// The marks of some orders.
///
/// # Errors
/// Any [`crate::StoreError`].
pub async fn marks(db: &impl Reads, orders: &[OrderId]) -> Result<Vec<Marked>> {
    let rows = Rows::new()
        .int("id", orders.iter().map(|id| id.0))
        .query(
            db,
            "SELECT a.order_id, a.meeting_id, a.mark FROM attendances a JOIN",
            "AS v ON a.order_id = v.id ORDER BY a.order_id, a.meeting_id",
        )
        .await?;
    rows.iter()
        .map(|row| {
            Ok(Marked {
                order: OrderId(row.try_get("", "order_id")?),
                meeting: MeetingId(row.try_get("", "meeting_id")?),
                mark: Mark::from_key(&text(row, "mark")?).ok_or_else(|| bad("attendances.mark"))?,
            })
        })
        .collect()
}

/// Writes marks, over those that stand.
///
/// # Errors
/// Any [`crate::StoreError`].
pub async fn mark(tx: &Tx, marks: &[Marked], reason: &str, by: AccountId, now: Instant) -> Result<()> {
    Rows::new()
        .int("order_id", marks.iter().map(|one| one.order.0))
        .int("meeting_id", marks.iter().map(|one| one.meeting.0))
        .text("mark", marks.iter().map(|one| one.mark.key()))
        .text("reason", marks.iter().map(|_| reason))
        .int("marked_by", marks.iter().map(|_| by.0))
        .int("marked_at", marks.iter().map(|_| now.0))
        .insert(
            tx,
            "attendances",
            "ON CONFLICT (order_id, meeting_id) DO UPDATE SET mark = excluded.mark, reason = excluded.reason, \
             marked_by = excluded.marked_by, marked_at = excluded.marked_at",
        )
        .await?;
    Ok(())
}

/// Hands out a certificate, unless there is one already.
///
/// # Errors
/// [`crate::StoreError::Unique`] when somebody else has the number.
pub async fn issue(tx: &Tx, order: OrderId, number: &str, now: Instant) -> Result<()> {
    Rows::new()
        .int("order_id", [order.0])
        .text("number", [number])
        .int("issued_at", [now.0])
        .insert(tx, "certificates", "ON CONFLICT (order_id) DO NOTHING")
        .await?;
    Ok(())
}

/// The number of an order's certificate, and when it was handed out.
///
/// # Errors
/// Any [`crate::StoreError`].
pub async fn certificate(db: &impl Reads, order: OrderId) -> Result<Option<(String, Instant)>> {
    let rows = ask(db, "SELECT number, issued_at FROM certificates WHERE order_id = $1", [order.0.into()]).await?;
    rows.first().map(|row| Ok((text(row, "number")?, Instant(row.try_get("", "issued_at")?)))).transpose()
}

/// The order a certificate belongs to, and when it was handed out.
///
/// # Errors
/// Any [`crate::StoreError`].
pub async fn by_number(db: &impl Reads, number: &str) -> Result<Option<(OrderId, Instant)>> {
    let rows = ask(db, "SELECT order_id, issued_at FROM certificates WHERE number = $1", [number.into()]).await?;
    rows.first()
        .map(|row| Ok((OrderId(row.try_get("", "order_id")?), Instant(row.try_get("", "issued_at")?))))
        .transpose()
}
