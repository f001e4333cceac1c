//! Weekly lines over time, and days that differ.

use linli_domain::id::{AccountId, ExceptionId, OfferingId, ScheduleId};
use linli_domain::slot::{Exception, Extra, ScheduleLine};
use linli_domain::time::{Day, Instant, TimeOfDay};
use sea_orm::QueryResult;

use crate::booking::orders::ask;
use crate::catalogue::{insert_schedules, schedule, small, text};
use crate::connect::{Reads, Tx};
use crate::error::Result;
use crate::rows::Rows;

/// The lines of some offerings, those of the past too, in the order they were set.
///
/// # Errors
/// Any [`crate::StoreError`].
pub async fn lines(db: &impl Reads, offerings: &[OfferingId]) -> Result<Vec<(OfferingId, ScheduleLine)>> {
    let rows = Rows::new()
        .int("id", offerings.iter().map(|id| id.0))
        .query(db, "SELECT s.* FROM schedules s JOIN", "AS v ON s.offering_id = v.id ORDER BY s.id")
        .await?;
    rows.iter().map(schedule).collect()
}

/// Ends what holds from a day on, takes away what was to come, and sets new lines. What held before stays on record.
///
/// # Errors
/// Any [`crate::StoreError`].
pub async fn replace(
    tx: &Tx,
    ends: &[(OfferingId, Day)],
    lines: &[(ScheduleId, OfferingId, ScheduleLine)],
) -> Result<()> {
    let rows = || {
        Rows::new()
            .int("offering_id", ends.iter().map(|(id, _)| id.0))
            .int("day", ends.iter().map(|(_, day)| i64::from(day.0)))
    };
    rows()
        .execute(
            tx,
            "DELETE FROM schedules WHERE EXISTS (SELECT 1 FROM",
            "AS v WHERE v.offering_id = schedules.offering_id AND schedules.valid_from >= v.day)",
        )
        .await?;
    rows()
        .execute(
            tx,
            "UPDATE schedules SET valid_until = v.day FROM",
            "AS v WHERE schedules.offering_id = v.offering_id \
             AND (schedules.valid_until IS NULL OR schedules.valid_until > v.day)",
        )
        .await?;
    insert_schedules(tx, lines).await
}

/// A day off or extra hours, with who set it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Excepted {
    /// Which.
    pub id: ExceptionId,
    /// Of which offering.
    pub offering: OfferingId,
    /// What.
    pub exception: Exception,
    /// Why.
    pub reason: String,
    /// Who set it.
    pub author: Option<AccountId>,
    /// When.
    pub created_at: Instant,
}

fn excepted(row: &QueryResult) -> Result<Excepted> {
    let author: Option<i64> = row.try_get("", "author")?;
    let extra = if text(row, "kind")? == "extra" {
        Some(Extra { slot_minutes: small(row, "slot_minutes")?, capacity: small(row, "capacity")? })
    } else {
        None
    };
    Ok(Excepted {
        id: ExceptionId(row.try_get("", "id")?),
        offering: OfferingId(row.try_get("", "offering_id")?),
        exception: Exception {
            day: Day(row.try_get("", "day")?),
            from: TimeOfDay(small(row, "from_minute")?),
            to: TimeOfDay(small(row, "to_minute")?),
            extra,
        },
        reason: text(row, "reason")?,
        author: author.map(AccountId),
        created_at: Instant(row.try_get("", "created_at")?),
    })
}

/// The days of an offering that differ, from a day on.
///
/// # Errors
/// Any [`crate::StoreError`].
pub async fn exceptions(db: &impl Reads, offering: OfferingId, since: Day) -> Result<Vec<Excepted>> {
    let sql = "SELECT * FROM schedule_exceptions WHERE offering_id = $1 AND day >= $2 ORDER BY day, from_minute, id";
    ask(db, sql, [offering.0.into(), since.0.into()]).await?.iter().map(excepted).collect()
}

/// One of them.
///
/// # Errors
/// Any [`crate::StoreError`].
pub async fn exception(db: &impl Reads, id: ExceptionId) -> Result<Option<Excepted>> {
    let sql = "SELECT * FROM schedule_exceptions WHERE id = $1";
    ask(db, sql, [id.0.into()]).await?.first().map(excepted).transpose()
}

/// Takes one away. Answers whether it was there.
///
/// # Errors
/// Any [`crate::StoreError`].
pub async fn remove_exception(tx: &Tx, id: ExceptionId) -> Result<bool> {
    let rows = ask(tx, "DELETE FROM schedule_exceptions WHERE id = $1 RETURNING id", [id.0.into()]).await?;
    Ok(!rows.is_empty())
}
