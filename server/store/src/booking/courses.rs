//! Courses people are on, and the visits they had.

use std::collections::BTreeMap;

use linli_domain::course::{CourseState, Had};
use linli_domain::id::{AccountId, CourseId, OfferingId, OrderId, PersonId};
use linli_domain::order::State;
use linli_domain::platform::KindKey;
use linli_domain::time::{Day, Instant};
use sea_orm::QueryResult;

use super::orders::ask;
use crate::connect::{Reads, Tx};
use crate::error::{Result, StoreError};
use crate::rows::Rows;

/// Somebody on a course.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Enrolment {
    /// Which.
    pub id: CourseId,
    /// Who.
    pub person: PersonId,
    /// Of what kind of service.
    pub kind: KindKey,
    /// The key of the course within the kind.
    pub course: String,
    /// Where it stands.
    pub state: CourseState,
    /// When they joined.
    pub started_at: Instant,
    /// When it was over.
    pub ended_at: Option<Instant>,
}

/// A visit that was had.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Visit {
    /// Of which course.
    pub course: CourseId,
    /// Which and when.
    pub had: Had,
    /// The order; none when it was had elsewhere.
    pub order: Option<OrderId>,
    /// Where, when it was elsewhere.
    pub note: String,
    /// Who wrote it down.
    pub recorded_by: Option<AccountId>,
    /// When it was written down.
    pub recorded_at: Instant,
}

/// A visit that is booked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Booked {
    /// Of which course.
    pub course: CourseId,
    /// Which visit.
    pub number: u32,
    /// The order.
    pub order: OrderId,
    /// Where.
    pub offering: OfferingId,
    /// On which day.
    pub day: Day,
}

/// Writes people onto courses.
///
/// # Errors
/// Any [`StoreError`]; [`StoreError::Unique`] when one of them is on that course already.
pub async fn insert(tx: &Tx, enrolments: &[&Enrolment]) -> Result<()> {
    Rows::new()
        .int("id", enrolments.iter().map(|one| one.id.0))
        .int("person_id", enrolments.iter().map(|one| one.person.0))
        .text("kind", enrolments.iter().map(|one| one.kind.as_str()))
        .text("course", enrolments.iter().map(|one| one.course.as_str()))
        .text("state", enrolments.iter().map(|one| one.state.key()))
        .int("started_at", enrolments.iter().map(|one| one.started_at.0))
        .insert(tx, "courses", "")
        .await?;
    Ok(())
}

/// Reads one.
///
/// # Errors
/// Any [`StoreError`].
pub async fn one(db: &impl Reads, id: CourseId) -> Result<Option<Enrolment>> {
    ask(db, "SELECT * FROM courses WHERE id = $1", [id.0.into()]).await?.first().map(enrolment).transpose()
}

/// Locks courses by id, in the order of their ids, and reads them. Unknown ids are left out.
///
/// # Errors
/// Any [`StoreError`].
pub async fn lock(tx: &Tx, ids: &[CourseId]) -> Result<Vec<Enrolment>> {
    let lock = tx.locking("c");
    let rows = Rows::new()
        .int("id", ids.iter().map(|id| id.0))
        .query(tx, "SELECT c.* FROM courses c JOIN", &format!("AS v ON c.id = v.id ORDER BY c.id {lock}"))
        .await?;
    rows.iter().map(enrolment).collect()
}

/// The courses that somebody is on now, of those asked for by person, kind and key.
///
/// # Errors
/// Any [`StoreError`].
pub async fn active(db: &impl Reads, asked: &[(PersonId, KindKey, String)]) -> Result<Vec<Enrolment>> {
    let rows = Rows::new()
        .int("person_id", asked.iter().map(|(person, ..)| person.0))
        .text("kind", asked.iter().map(|(_, kind, _)| kind.as_str()))
        .text("course", asked.iter().map(|(.., course)| course.as_str()))
        .query(
            db,
            "SELECT c.* FROM courses c JOIN",
            "AS v ON c.person_id = v.person_id AND c.kind = v.kind AND c.course = v.course AND c.state = 'active'",
        )
        .await?;
    rows.iter().map(enrolment).collect()
}

/// The courses of some people, those under way first, then the newest; at most `limit`.
///
/// # Errors
/// Any [`StoreError`].
pub async fn of_people(db: &impl Reads, people: &[PersonId], limit: u32) -> Result<Vec<Enrolment>> {
    let tail = format!(
        "AS v ON c.person_id = v.person_id \
         ORDER BY CASE WHEN c.state = 'active' THEN 0 ELSE 1 END, c.id DESC LIMIT {limit}"
    );
    let rows = Rows::new()
        .int("person_id", people.iter().map(|person| person.0))
        .query(db, "SELECT c.* FROM courses c JOIN", &tail)
        .await?;
    rows.iter().map(enrolment).collect()
}

/// The visits that were had of some courses, by course and number.
///
/// # Errors
/// Any [`StoreError`].
pub async fn visits(db: &impl Reads, ids: &[CourseId]) -> Result<Vec<Visit>> {
    let rows = Rows::new()
        .int("course_id", ids.iter().map(|id| id.0))
        .query(
            db,
            "SELECT c.* FROM course_visits c JOIN",
            "AS v ON c.course_id = v.course_id ORDER BY c.course_id, c.number",
        )
        .await?;
    rows.iter().map(visit).collect()
}

/// The last visit that was had of each of some courses.
///
/// # Errors
/// Any [`StoreError`].
pub async fn last(db: &impl Reads, ids: &[CourseId]) -> Result<BTreeMap<CourseId, Had>> {
    let rows = Rows::new()
        .int("course_id", ids.iter().map(|id| id.0))
        .query(
            db,
            "SELECT c.course_id, c.number, c.day FROM course_visits c JOIN",
            "AS v ON c.course_id = v.course_id \
             WHERE c.number = (SELECT MAX(l.number) FROM course_visits l WHERE l.course_id = c.course_id)",
        )
        .await?;
    rows.iter()
        .map(|row| {
            let had = Had { number: number(row, "number")?, day: Day(row.try_get("", "day")?) };
            Ok((CourseId(row.try_get("", "course_id")?), had))
        })
        .collect()
}

/// The visits that are booked of some courses: one of each at most.
///
/// # Errors
/// Any [`StoreError`].
pub async fn booked(db: &impl Reads, ids: &[CourseId]) -> Result<Vec<Booked>> {
    let tail =
        format!("AS v ON o.course_id = v.course_id WHERE o.state IN ({}) ORDER BY o.course_id, o.id", open_states());
    let rows = Rows::new()
        .int("course_id", ids.iter().map(|id| id.0))
        .query(db, "SELECT o.course_id, o.course_visit, o.id, o.offering_id, o.day FROM orders o JOIN", &tail)
        .await?;
    rows.iter()
        .map(|row| {
            Ok(Booked {
                course: CourseId(row.try_get("", "course_id")?),
                number: number(row, "course_visit")?,
                order: OrderId(row.try_get("", "id")?),
                offering: OfferingId(row.try_get("", "offering_id")?),
                day: Day(row.try_get("", "day")?),
            })
        })
        .collect()
}

/// Writes a visit down. Answers false when it was written before: an order finished anew is the same visit.
///
/// # Errors
/// Any [`StoreError`].
pub async fn record(tx: &Tx, visit: &Visit) -> Result<bool> {
    let written = Rows::new()
        .int("course_id", [visit.course.0])
        .int("number", [i64::from(visit.had.number)])
        .int("day", [i64::from(visit.had.day.0)])
        .int_or_null("order_id", [visit.order.map(|id| id.0)])
        .text("note", [visit.note.as_str()])
        .int_or_null("recorded_by", [visit.recorded_by.map(|id| id.0)])
        .int("recorded_at", [visit.recorded_at.0])
        .insert(tx, "course_visits", "ON CONFLICT (course_id, number) DO NOTHING")
        .await?;
    Ok(written == 1)
}

/// Ends a course that was under way.
///
/// # Errors
/// Any [`StoreError`].
pub async fn end(tx: &Tx, id: CourseId, state: CourseState, now: Instant) -> Result<()> {
    let sql = "UPDATE courses SET state = $2, ended_at = $3 WHERE id = $1 AND state = 'active' RETURNING id";
    ask(tx, sql, [id.0.into(), state.key().into(), now.0.into()]).await?;
    Ok(())
}

/// Ends every course somebody is on.
///
/// # Errors
/// Any [`StoreError`].
pub async fn leave_all(tx: &Tx, person: PersonId, now: Instant) -> Result<()> {
    let sql = "UPDATE courses SET state = 'left', ended_at = $2 WHERE person_id = $1 AND state = 'active' RETURNING id";
    ask(tx, sql, [person.0.into(), now.0.into()]).await?;
    Ok(())
}

/// The states of an order that keep its visit booked, for an `IN`.
pub(super) fn open_states() -> String {
    let open: Vec<String> = State::OPEN
        .iter()
        .filter(|state| !matches!(state, State::Fulfilled | State::Reopened))
        .map(|state| format!("'{}'", state.key()))
        .collect();
    open.join(", ")
}

fn number(row: &QueryResult, name: &str) -> Result<u32> {
    let value: i32 = row.try_get("", name)?;
    u32::try_from(value).map_err(|_| StoreError::Row(format!("{name} is negative")))
}

fn enrolment(row: &QueryResult) -> Result<Enrolment> {
    let text = |name: &str| -> Result<String> { Ok(row.try_get("", name)?) };
    let unreadable = |name: &str| StoreError::Row(format!("courses.{name} cannot be read"));
    let ended_at: Option<i64> = row.try_get("", "ended_at")?;
    Ok(Enrolment {
        id: CourseId(row.try_get("", "id")?),
        person: PersonId(row.try_get("", "person_id")?),
        kind: text("kind")?.parse().map_err(|_| unreadable("kind"))?,
        course: text("course")?,
        state: CourseState::from_key(&text("state")?).ok_or_else(|| unreadable("state"))?,
        started_at: Instant(row.try_get("", "started_at")?),
        ended_at: ended_at.map(Instant),
    })
}

fn visit(row: &QueryResult) -> Result<Visit> {
    let (order, recorded_by): (Option<i64>, Option<i64>) =
        (row.try_get("", "order_id")?, row.try_get("", "recorded_by")?);
    Ok(Visit {
        course: CourseId(row.try_get("", "course_id")?),
        had: Had { number: number(row, "number")?, day: Day(row.try_get("", "day")?) },
        order: order.map(OrderId),
        note: row.try_get("", "note")?,
        recorded_by: recorded_by.map(AccountId),
        recorded_at: Instant(row.try_get("", "recorded_at")?),
    })
}
