//! What occupies a room.

use std::collections::BTreeMap;

use linli_domain::calendar::Mask;
use linli_domain::id::{MeetingId, OrderId, UnitId};
use linli_domain::time::{Day, Instant};
use linli_domain::words::Words;

use crate::booking::orders::ask;
use crate::catalogue::words;
use crate::connect::Reads;
use crate::error::Result;
use crate::rows::Rows;

/// Calendars of rooms on days, without locking them. Those nobody has used yet are not among them.
///
/// # Errors
/// Any [`crate::StoreError`].
pub async fn calendars(db: &impl Reads, wanted: &[(UnitId, Day)]) -> Result<BTreeMap<(i64, Day), Mask>> {
    let rows = Rows::new()
        .int("owner", wanted.iter().map(|(unit, _)| unit.0))
        .int("day", wanted.iter().map(|(_, day)| i64::from(day.0)))
        .query(
            db,
            "SELECT c.owner, c.day, c.am, c.pm FROM calendars c JOIN",
            "AS v ON c.owner = v.owner AND c.day = v.day",
        )
        .await?;
    rows.iter()
        .map(|row| {
            let mask = Mask { am: row.try_get("", "am")?, pm: row.try_get("", "pm")? };
            Ok(((row.try_get("", "owner")?, Day(row.try_get("", "day")?)), mask))
        })
        .collect()
}

/// Who holds some of these quarter hours of a room: an order or a meeting, by the same number.
///
/// # Errors
/// Any [`crate::StoreError`].
pub async fn holder(db: &impl Reads, unit: UnitId, day: Day, mask: Mask) -> Result<Option<(OrderId, MeetingId)>> {
    let sql = "SELECT order_id, am, pm FROM claims WHERE owner = $1 AND day = $2 ORDER BY order_id";
    for row in ask(db, sql, [unit.0.into(), day.0.into()]).await? {
        let held = Mask { am: row.try_get("", "am")?, pm: row.try_get("", "pm")? };
        if !held.is_free_of(mask) {
            let id: i64 = row.try_get("", "order_id")?;
            return Ok(Some((OrderId(id), MeetingId(id))));
        }
    }
    Ok(None)
}

/// What a meeting belongs to, by its title, and when it begins.
///
/// # Errors
/// Any [`crate::StoreError`].
pub async fn title_of(db: &impl Reads, meeting: MeetingId) -> Result<Option<(Words, Instant)>> {
    let sql = "SELECT s.title_zh, s.title_en, m.starts_at FROM meetings m JOIN sessions s ON m.session_id = s.id \
               WHERE m.id = $1";
    let rows = ask(db, sql, [meeting.0.into()]).await?;
    rows.first().map(|row| Ok((words(row, "title")?, Instant(row.try_get("", "starts_at")?)))).transpose()
}
