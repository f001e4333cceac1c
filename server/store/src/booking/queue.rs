//! The desk's queue: numbers given to people who are there.

use linli_domain::id::{OfferingId, OrderId};
use linli_domain::time::{Day, Instant};
use sea_orm::QueryResult;

use super::orders::ask;
use crate::connect::{Reads, Tx};
use crate::error::{Result, StoreError};

/// Where a number in the queue stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TicketState {
    /// Waiting to be called.
    Waiting,
    /// Called.
    Called,
    /// Served.
    Done,
    /// Called, and not there.
    Missed,
}

impl TicketState {
    const ALL: [Self; 4] = [Self::Waiting, Self::Called, Self::Done, Self::Missed];

    /// The stable key.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Called => "called",
            Self::Done => "done",
            Self::Missed => "missed",
        }
    }
}

/// A number in the queue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ticket {
    /// Whose.
    pub order: OrderId,
    /// The number, from 1 each day.
    pub number: i32,
    /// Where it stands.
    pub state: TicketState,
    /// When they checked in.
    pub arrived_at: Instant,
    /// When they were last called.
    pub called_at: Option<Instant>,
}

/// Gives the next number of a day.
///
/// # Errors
/// [`StoreError::Unique`] when the order has one already.
pub async fn draw(tx: &Tx, offering: OfferingId, day: Day, order: OrderId, now: Instant) -> Result<Ticket> {
    let sql = "INSERT INTO queues (offering_id, day, last_number) VALUES ($1, $2, 1) \
               ON CONFLICT (offering_id, day) DO UPDATE SET last_number = queues.last_number + 1 \
               RETURNING last_number";
    let rows = ask(tx, sql, [offering.0.into(), day.0.into()]).await?;
    let row = rows.first().ok_or_else(|| StoreError::Row("no number was drawn".into()))?;
    let number: i32 = row.try_get("", "last_number")?;
    let sql = "INSERT INTO tickets (order_id, offering_id, day, number, state, arrived_at) \
               VALUES ($1, $2, $3, $4, 'waiting', $5) RETURNING order_id";
    ask(tx, sql, [order.0.into(), offering.0.into(), day.0.into(), number.into(), now.0.into()]).await?;
    Ok(Ticket { order, number, state: TicketState::Waiting, arrived_at: now, called_at: None })
}

/// Locks the queue of a day, so that its numbers are called one after the other. A queue nobody has a number of is not
/// there to be locked.
///
/// # Errors
/// Any [`StoreError`].
pub async fn lock(tx: &Tx, offering: OfferingId, day: Day) -> Result<()> {
    let lock = tx.locking("q");
    let sql = format!("SELECT q.last_number FROM queues q WHERE q.offering_id = $1 AND q.day = $2 {lock}");
    ask(tx, &sql, [offering.0.into(), day.0.into()]).await?;
    Ok(())
}

/// The order next to be called: the lowest waiting number. Locks it.
///
/// # Errors
/// Any [`StoreError`].
pub async fn next(tx: &Tx, offering: OfferingId, day: Day) -> Result<Option<OrderId>> {
    let lock = if tx.backend() == crate::Backend::Postgres { "FOR UPDATE SKIP LOCKED" } else { "" };
    let sql = format!(
        "SELECT order_id FROM tickets WHERE offering_id = $1 AND day = $2 AND state = 'waiting' \
         ORDER BY number LIMIT 1 {lock}"
    );
    let rows = ask(tx, &sql, [offering.0.into(), day.0.into()]).await?;
    rows.first().map(|row| Ok(OrderId(row.try_get("", "order_id")?))).transpose()
}

/// Moves a number from one of `from` to a state. Calling also shows it as the number now served. Answers whether the
/// number stood in one of them.
///
/// # Errors
/// Any [`StoreError`].
pub async fn set(tx: &Tx, order: OrderId, from: &[TicketState], to: TicketState, now: Instant) -> Result<bool> {
    let from: Vec<&str> = from.iter().map(|state| state.key()).collect();
    let stamp = match to {
        TicketState::Called => "called_at = $2, ended_at = NULL",
        TicketState::Waiting | TicketState::Done | TicketState::Missed => "ended_at = $2",
    };
    let sql = format!(
        "UPDATE tickets SET state = $3, {stamp} WHERE order_id = $1 AND state IN ('{}') \
         RETURNING offering_id, day, number",
        from.join("', '")
    );
    let rows = ask(tx, &sql, [order.0.into(), now.0.into(), to.key().into()]).await?;
    let Some(row) = rows.first() else { return Ok(false) };
    if to == TicketState::Called {
        let (offering, day): (i64, i32) = (row.try_get("", "offering_id")?, row.try_get("", "day")?);
        let number: i32 = row.try_get("", "number")?;
        let sql = "UPDATE queues SET serving = $3 WHERE offering_id = $1 AND day = $2 RETURNING serving";
        ask(tx, sql, [offering.into(), day.into(), number.into()]).await?;
    }
    Ok(true)
}

/// The number of an order.
///
/// # Errors
/// Any [`StoreError`].
pub async fn of_order(db: &impl Reads, order: OrderId) -> Result<Option<Ticket>> {
    let rows = ask(db, "SELECT * FROM tickets WHERE order_id = $1", [order.0.into()]).await?;
    rows.first().map(ticket).transpose()
}

/// All numbers of a day.
///
/// # Errors
/// Any [`StoreError`].
pub async fn of_day(db: &impl Reads, offering: OfferingId, day: Day) -> Result<Vec<Ticket>> {
    let sql = "SELECT * FROM tickets WHERE offering_id = $1 AND day = $2 ORDER BY number";
    ask(db, sql, [offering.0.into(), day.0.into()]).await?.iter().map(ticket).collect()
}

/// The number now served.
///
/// # Errors
/// Any [`StoreError`].
pub async fn serving(db: &impl Reads, offering: OfferingId, day: Day) -> Result<Option<i32>> {
    let sql = "SELECT serving FROM queues WHERE offering_id = $1 AND day = $2";
    let rows = ask(db, sql, [offering.0.into(), day.0.into()]).await?;
    rows.first().map_or(Ok(None), |row| Ok(row.try_get("", "serving")?))
}

fn ticket(row: &QueryResult) -> Result<Ticket> {
    let state: String = row.try_get("", "state")?;
    let called_at: Option<i64> = row.try_get("", "called_at")?;
    Ok(Ticket {
        order: OrderId(row.try_get("", "order_id")?),
        number: row.try_get("", "number")?,
        state: TicketState::ALL
            .into_iter()
            .find(|known| known.key() == state)
            .ok_or_else(|| StoreError::Row("tickets.state cannot be read".into()))?,
        arrived_at: Instant(row.try_get("", "arrived_at")?),
        called_at: called_at.map(Instant),
    })
}
