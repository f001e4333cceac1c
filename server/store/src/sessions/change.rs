//! Changing sessions and their meetings.

use std::collections::BTreeSet;

use linli_domain::id::{MeetingId, OfferingId, SessionId};
use linli_domain::platform::AgeRange;
use linli_domain::session::{Meeting, Session};
use linli_domain::time::{Day, Instant};
use linli_domain::words::Words;

use crate::booking::orders::ask;
use crate::catalogue::words;
use crate::connect::{Reads, Tx};
use crate::error::{Result, StoreError};
use crate::rows::Rows;

/// Writes what can change of a session, its meetings not included. Whoever does raises the catalogue's version first,
/// which keeps others out.
///
/// # Errors
/// [`StoreError::Row`] when the version is not the next one.
pub async fn update(tx: &Tx, session: &Session) -> Result<()> {
    let (first, last) = session.span().ok_or_else(|| StoreError::Row(format!("session {} has no date", session.id)))?;
    let age = |pick: fn(&AgeRange) -> Option<u8>| session.age.as_ref().and_then(pick).map(i64::from);
    let changed = Rows::new()
        .int("id", [session.id.0])
        .int("version", [i64::from(session.version)])
        .text("key", [session.key.as_str()])
        .text("state", [session.state.key()])
        .text("title_zh", [session.title.zh.as_str()])
        .text("title_en", [session.title.en.as_str()])
        .text("about_zh", [session.about.zh.as_str()])
        .text("about_en", [session.about.en.as_str()])
        .int("seats", [i64::from(session.seats)])
        .int_or_null("age_min", [age(|range| range.min)])
        .int_or_null("age_max", [age(|range| range.max)])
        .text_or_null("resident_area", [session.residents_of.as_ref().map(|code| code.as_str())])
        .int("price_fen", [session.price_fen])
        .int_or_null("opens_at", [session.opens_at.map(|at| at.0)])
        .int_or_null("closes_at", [session.closes_at.map(|at| at.0)])
        .int("first_day", [i64::from(first.day().0)])
        .int("last_end", [last.0])
        .execute(
            tx,
            "UPDATE sessions SET version = v.version, key = v.key, state = v.state, title_zh = v.title_zh, \
             title_en = v.title_en, about_zh = v.about_zh, about_en = v.about_en, seats = v.seats, \
             age_min = v.age_min, age_max = v.age_max, resident_area = v.resident_area, price_fen = v.price_fen, \
             opens_at = v.opens_at, closes_at = v.closes_at, first_day = v.first_day, last_end = v.last_end FROM",
            "AS v WHERE sessions.id = v.id AND sessions.version = v.version - 1",
        )
        .await?;
    if changed == 1 { Ok(()) } else { Err(StoreError::Row(format!("session {} has moved on", session.id))) }
}

/// Writes what can change of meetings. Whoever does also brings their session's span up to date.
///
/// # Errors
/// Any [`StoreError`].
pub async fn update_meetings(tx: &Tx, meetings: &[&Meeting]) -> Result<()> {
    Rows::new()
        .int("id", meetings.iter().map(|m| m.id.0))
        .text("state", meetings.iter().map(|m| if m.cancelled.is_some() { "cancelled" } else { "planned" }))
        .int("starts_at", meetings.iter().map(|m| m.start.0))
        .int("ends_at", meetings.iter().map(|m| m.end.0))
        .int("day", meetings.iter().map(|m| i64::from(m.start.day().0)))
        .int_or_null("unit_id", meetings.iter().map(|m| m.unit.map(|id| id.0)))
        .text("topic_zh", meetings.iter().map(|m| m.topic.zh.as_str()))
        .text("topic_en", meetings.iter().map(|m| m.topic.en.as_str()))
        .text("reason", meetings.iter().map(|m| m.cancelled.clone().unwrap_or_default()))
        .execute(
            tx,
            "UPDATE meetings SET state = v.state, starts_at = v.starts_at, ends_at = v.ends_at, day = v.day, \
             unit_id = v.unit_id, topic_zh = v.topic_zh, topic_en = v.topic_en, reason = v.reason FROM",
            "AS v WHERE meetings.id = v.id",
        )
        .await?;
    Ok(())
}

/// Which of some keys sessions have already.
///
/// # Errors
/// Any [`StoreError`].
pub async fn keys_taken(db: &impl Reads, keys: &[String]) -> Result<BTreeSet<String>> {
    let rows = Rows::new()
        .text("key", keys.iter().map(String::as_str))
        .query(db, "SELECT s.key FROM sessions s JOIN", "AS v ON s.key = v.key")
        .await?;
    rows.iter().map(|row| Ok(row.try_get("", "key")?)).collect()
}

/// The session a meeting belongs to.
///
/// # Errors
/// Any [`StoreError`].
pub async fn session_of_meeting(db: &impl Reads, meeting: MeetingId) -> Result<Option<SessionId>> {
    let rows = ask(db, "SELECT session_id FROM meetings WHERE id = $1", [meeting.0.into()]).await?;
    rows.first().map(|row| Ok(SessionId(row.try_get("", "session_id")?))).transpose()
}

/// Sessions of some offerings that were over before an instant, the latest first, at most `limit`, after the last one
/// shown.
///
/// # Errors
/// Any [`StoreError`].
pub async fn past(
    db: &impl Reads,
    offerings: &[OfferingId],
    ended_before: Instant,
    after: Option<SessionId>,
    limit: u32,
) -> Result<Vec<SessionId>> {
    let ids: Vec<String> = offerings.iter().map(|id| id.0.to_string()).collect();
    let ids = if ids.is_empty() { "0".to_owned() } else { ids.join(", ") };
    let sql = format!(
        "SELECT id FROM sessions WHERE offering_id IN ({ids}) AND last_end < $1 \
         AND (form <> 'group' OR state = 'cancelled') \
         AND ($2 = 0 OR (last_end, id) < (SELECT a.last_end, a.id FROM sessions a WHERE a.id = $2)) \
         ORDER BY last_end DESC, id DESC LIMIT $3"
    );
    let after = after.map_or(0, |id| id.0);
    let rows = ask(db, &sql, [ended_before.0.into(), after.into(), i64::from(limit).into()]).await?;
    rows.iter().map(|row| Ok(SessionId(row.try_get("", "id")?))).collect()
}

/// What a meeting belongs to, by its title, and when it begins.
///
/// # Errors
/// Any [`crate::StoreError`].
pub async fn title_of_meeting(db: &impl Reads, meeting: MeetingId) -> Result<Option<(Words, Instant)>> {
    let sql = "SELECT s.title_zh, s.title_en, m.starts_at FROM meetings m JOIN sessions s ON m.session_id = s.id \
               WHERE m.id = $1";
    let rows = ask(db, sql, [meeting.0.into()]).await?;
    rows.first().map(|row| Ok((words(row, "title")?, Instant(row.try_get("", "starts_at")?)))).transpose()
}

/// Sessions with a meeting between two days, both included.
///
/// # Errors
/// Any [`StoreError`].
pub async fn between(db: &impl Reads, first: Day, last: Day) -> Result<Vec<SessionId>> {
    let sql = "SELECT DISTINCT session_id FROM meetings WHERE day >= $1 AND day <= $2 ORDER BY session_id";
    let rows = ask(db, sql, [first.0.into(), last.0.into()]).await?;
    rows.iter().map(|row| Ok(SessionId(row.try_get("", "session_id")?))).collect()
}

/// Why an offering is closed on a day, in the words of whoever closed it last.
///
/// # Errors
/// Any [`StoreError`].
pub async fn closure_reason(db: &impl Reads, offering: OfferingId, day: Day) -> Result<Option<String>> {
    let sql = "SELECT reason FROM schedule_exceptions WHERE offering_id = $1 AND day = $2 AND kind = 'closed' \
               ORDER BY id DESC LIMIT 1";
    let rows = ask(db, sql, [offering.0.into(), day.0.into()]).await?;
    rows.first().map(|row| Ok(row.try_get("", "reason")?)).transpose()
}
