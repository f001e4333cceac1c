//! A day of an area at a glance.

use linli_domain::id::{MeetingId, OfferingId, OrderId, PersonId, SessionId, UnitId};
use linli_domain::order::State;
use linli_domain::time::{Day, Instant};
use sea_orm::QueryResult;

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

/// Counts a day's orders of these offerings by state; seats in sessions are counted by [`seats`].
///
/// # Errors
/// Any [`StoreError`].
pub async fn counts(db: &impl Reads, offerings: &[OfferingId], day: Day) -> Result<Vec<Count>> {
    let tail = format!(
        "AS v JOIN orders o ON o.offering_id = v.id AND o.day = {} AND o.session_id IS NULL \
         GROUP BY o.offering_id, o.state ORDER BY o.offering_id, o.state",
        day.0
    );
    let rows = Rows::new()
        .int("id", offerings.iter().map(|id| id.0))
        .query(db, "SELECT o.offering_id, o.state, COUNT(*) AS orders FROM", &tail)
        .await?;
    rows.iter()
        .map(|row| {
            let (state, orders) = (state(row)?, number(row, "orders")?);
            Ok(Count { offering: OfferingId(row.try_get("", "offering_id")?), state, orders })
        })
        .collect()
}

/// Counts the orders of these sessions by state.
///
/// # Errors
/// Any [`StoreError`].
pub async fn seats(db: &impl Reads, sessions: &[SessionId]) -> Result<Vec<(SessionId, State, u32)>> {
    let rows = Rows::new()
        .int("id", sessions.iter().map(|id| id.0))
        .query(
            db,
            "SELECT o.session_id, o.state, COUNT(*) AS orders FROM",
            "AS v JOIN orders o ON o.session_id = v.id GROUP BY o.session_id, o.state",
        )
        .await?;
    rows.iter()
        .map(|row| Ok((SessionId(row.try_get("", "session_id")?), state(row)?, number(row, "orders")?)))
        .collect()
}

/// Counts who was there at these meetings; a meeting with nobody is left out.
///
/// # Errors
/// Any [`StoreError`].
pub async fn present(db: &impl Reads, meetings: &[MeetingId]) -> Result<Vec<(MeetingId, u32)>> {
    let rows = Rows::new()
        .int("id", meetings.iter().map(|id| id.0))
        .query(
            db,
            "SELECT a.meeting_id, COUNT(*) AS people FROM",
            "AS v JOIN attendances a ON a.meeting_id = v.id AND a.mark = 'present' GROUP BY a.meeting_id",
        )
        .await?;
    rows.iter().map(|row| Ok((MeetingId(row.try_get("", "meeting_id")?), number(row, "people")?))).collect()
}

/// A time taken in a room.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RoomTime {
    /// Of what.
    pub offering: OfferingId,
    /// Which room, where they are told apart.
    pub unit: Option<UnitId>,
    /// By whom.
    pub subject: PersonId,
    /// From.
    pub start: Instant,
    /// To.
    pub end: Instant,
}

/// The times of a day that are taken in these offerings or were, by beginning; who has left is left out.
///
/// # Errors
/// Any [`StoreError`].
pub async fn room_times(db: &impl Reads, offerings: &[OfferingId], day: Day) -> Result<Vec<RoomTime>> {
    let tail = format!(
        "AS v JOIN orders o ON o.offering_id = v.id AND o.day = {} \
         WHERE o.state NOT IN ('waiting', 'rejected', 'cancelled', 'expired', 'no_show') \
         ORDER BY o.offering_id, o.starts_at, o.id",
        day.0
    );
    let rows = Rows::new()
        .int("id", offerings.iter().map(|id| id.0))
        .query(db, "SELECT o.offering_id, o.unit_id, o.subject_id, o.starts_at, o.ends_at FROM", &tail)
        .await?;
    rows.iter()
        .map(|row| {
            let unit: Option<i64> = row.try_get("", "unit_id")?;
            Ok(RoomTime {
                offering: OfferingId(row.try_get("", "offering_id")?),
                unit: unit.map(UnitId),
                subject: PersonId(row.try_get("", "subject_id")?),
                start: Instant(row.try_get("", "starts_at")?),
                end: Instant(row.try_get("", "ends_at")?),
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
    rows.first().map_or(Ok(0), |row| number(row, "n"))
}

fn number(row: &QueryResult, name: &str) -> Result<u32> {
    let number: i64 = row.try_get("", name)?;
    Ok(u32::try_from(number).unwrap_or(u32::MAX))
}

fn state(row: &QueryResult) -> Result<State> {
    let state: String = row.try_get("", "state")?;
    State::from_key(&state).ok_or_else(|| StoreError::Row("orders.state cannot be read".into()))
}
