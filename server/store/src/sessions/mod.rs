//! Events, terms and groups with their meetings.

mod change;
pub mod members;

pub use change::{
    between, closure_reason, keys_taken, past, session_of_meeting, title_of_meeting, update, update_meetings,
};

use std::collections::BTreeMap;

use linli_domain::id::{AccountId, MeetingId, OfferingId, SessionId, UnitId};
use linli_domain::platform::AgeRange;
use linli_domain::session::{Form, Meeting, Session, SessionState};
use linli_domain::time::Instant;
use sea_orm::QueryResult;

use crate::booking::orders::ask;
use crate::catalogue::{bad, small, text, words};
use crate::connect::{Reads, Tx};
use crate::error::Result;
use crate::rows::Rows;

/// Everything that is not over at an instant, drafts and cancelled ones included; groups go on.
///
/// # Errors
/// Any [`crate::StoreError`].
pub async fn since(db: &impl Reads, instant: Instant) -> Result<Vec<Session>> {
    let which = "SELECT id FROM sessions WHERE last_end >= $1 OR form = 'group'";
    let sessions =
        ask(db, &format!("SELECT * FROM sessions WHERE id IN ({which}) ORDER BY first_day, id"), [instant.0.into()])
            .await?;
    let meetings = ask(
        db,
        &format!("SELECT * FROM meetings WHERE session_id IN ({which}) ORDER BY starts_at, id"),
        [instant.0.into()],
    )
    .await?;
    together(&sessions, &meetings)
}

/// Sessions by id, whenever they were.
///
/// # Errors
/// Any [`crate::StoreError`].
pub async fn by_ids(db: &impl Reads, ids: &[SessionId]) -> Result<Vec<Session>> {
    let rows = || Rows::new().int("id", ids.iter().map(|id| id.0));
    let sessions = rows().query(db, "SELECT s.* FROM sessions s JOIN", "AS v ON s.id = v.id ORDER BY s.id").await?;
    let meetings = rows()
        .query(db, "SELECT m.* FROM meetings m JOIN", "AS v ON m.session_id = v.id ORDER BY m.starts_at, m.id")
        .await?;
    together(&sessions, &meetings)
}

fn together(sessions: &[QueryResult], meetings: &[QueryResult]) -> Result<Vec<Session>> {
    let mut of: BTreeMap<SessionId, Vec<Meeting>> = BTreeMap::new();
    for row in meetings {
        of.entry(SessionId(row.try_get("", "session_id")?)).or_default().push(meeting(row)?);
    }
    let read = |row: &QueryResult| {
        let read = session(row)?;
        let meetings = of.get(&read.id).cloned().unwrap_or_default();
        Ok(Session { meetings, ..read })
    };
    sessions.iter().map(read).collect()
}

fn session(row: &QueryResult) -> Result<Session> {
    let limit = |name: &str| -> Result<Option<u8>> {
        let years: Option<i32> = row.try_get("", name)?;
        years.map(|years| u8::try_from(years).map_err(|_| bad(name))).transpose()
    };
    let (min, max) = (limit("age_min")?, limit("age_max")?);
    let area: Option<String> = row.try_get("", "resident_area")?;
    let instant = |name: &str| -> Result<Option<Instant>> {
        let at: Option<i64> = row.try_get("", name)?;
        Ok(at.map(Instant))
    };
    Ok(Session {
        id: SessionId(row.try_get("", "id")?),
        version: row.try_get("", "version")?,
        key: text(row, "key")?,
        offering: OfferingId(row.try_get("", "offering_id")?),
        form: Form::from_key(&text(row, "form")?).ok_or_else(|| bad("sessions.form"))?,
        state: SessionState::from_key(&text(row, "state")?).ok_or_else(|| bad("sessions.state"))?,
        title: words(row, "title")?,
        about: words(row, "about")?,
        seats: small(row, "seats")?,
        age: (min.is_some() || max.is_some()).then_some(AgeRange { min, max }),
        residents_of: area.map(|code| code.parse()).transpose().map_err(|_| bad("sessions.resident_area"))?,
        price_fen: row.try_get("", "price_fen")?,
        opens_at: instant("opens_at")?,
        closes_at: instant("closes_at")?,
        meetings: Vec::new(),
    })
}

fn meeting(row: &QueryResult) -> Result<Meeting> {
    let unit: Option<i64> = row.try_get("", "unit_id")?;
    Ok(Meeting {
        id: MeetingId(row.try_get("", "id")?),
        number: small(row, "number")?,
        start: Instant(row.try_get("", "starts_at")?),
        end: Instant(row.try_get("", "ends_at")?),
        unit: unit.map(UnitId),
        topic: words(row, "topic")?,
        cancelled: (text(row, "state")? == "cancelled").then_some(text(row, "reason")?),
    })
}

/// Adds sessions with their meetings. Whoever does raises the catalogue's version.
///
/// # Errors
/// [`crate::StoreError::Unique`] on a key that is taken.
pub async fn insert(tx: &Tx, sessions: &[Session], author: Option<AccountId>, now: Instant) -> Result<()> {
    let spans: Vec<(Instant, Instant)> = sessions.iter().map(|s| s.span().unwrap_or((now, now))).collect();
    let age =
        |pick: fn(&AgeRange) -> Option<u8>| sessions.iter().map(move |s| s.age.as_ref().and_then(pick).map(i64::from));
    Rows::new()
        .int("id", sessions.iter().map(|s| s.id.0))
        .int("version", sessions.iter().map(|s| i64::from(s.version)))
        .text("key", sessions.iter().map(|s| s.key.as_str()))
        .int("offering_id", sessions.iter().map(|s| s.offering.0))
        .text("form", sessions.iter().map(|s| s.form.key()))
        .text("state", sessions.iter().map(|s| s.state.key()))
        .text("title_zh", sessions.iter().map(|s| s.title.zh.as_str()))
        .text("title_en", sessions.iter().map(|s| s.title.en.as_str()))
        .text("about_zh", sessions.iter().map(|s| s.about.zh.as_str()))
        .text("about_en", sessions.iter().map(|s| s.about.en.as_str()))
        .int("seats", sessions.iter().map(|s| i64::from(s.seats)))
        .int_or_null("age_min", age(|range| range.min))
        .int_or_null("age_max", age(|range| range.max))
        .text_or_null("resident_area", sessions.iter().map(|s| s.residents_of.as_ref().map(|code| code.as_str())))
        .int("price_fen", sessions.iter().map(|s| s.price_fen))
        .int_or_null("opens_at", sessions.iter().map(|s| s.opens_at.map(|at| at.0)))
        .int_or_null("closes_at", sessions.iter().map(|s| s.closes_at.map(|at| at.0)))
        .int("first_day", spans.iter().map(|(first, _)| i64::from(first.day().0)))
        .int("last_end", spans.iter().map(|(_, last)| last.0))
        .int_or_null("author", sessions.iter().map(|_| author.map(|id| id.0)))
        .int("created_at", sessions.iter().map(|_| now.0))
        .insert(tx, "sessions", "")
        .await?;
    let meetings: Vec<(SessionId, &Meeting)> =
        sessions.iter().flat_map(|s| s.meetings.iter().map(|meeting| (s.id, meeting))).collect();
    insert_meetings(tx, &meetings).await
}

/// Adds meetings to sessions. Whoever does also brings the sessions' span up to date.
///
/// # Errors
/// Any [`crate::StoreError`].
pub async fn insert_meetings(tx: &Tx, meetings: &[(SessionId, &Meeting)]) -> Result<()> {
    Rows::new()
        .int("id", meetings.iter().map(|(_, m)| m.id.0))
        .int("session_id", meetings.iter().map(|(session, _)| session.0))
        .int("number", meetings.iter().map(|(_, m)| i64::from(m.number)))
        .text("state", meetings.iter().map(|(_, m)| if m.cancelled.is_some() { "cancelled" } else { "planned" }))
        .int("starts_at", meetings.iter().map(|(_, m)| m.start.0))
        .int("ends_at", meetings.iter().map(|(_, m)| m.end.0))
        .int("day", meetings.iter().map(|(_, m)| i64::from(m.start.day().0)))
        .int_or_null("unit_id", meetings.iter().map(|(_, m)| m.unit.map(|id| id.0)))
        .text("topic_zh", meetings.iter().map(|(_, m)| m.topic.zh.as_str()))
        .text("topic_en", meetings.iter().map(|(_, m)| m.topic.en.as_str()))
        .text("reason", meetings.iter().map(|(_, m)| m.cancelled.clone().unwrap_or_default()))
        .insert(tx, "meetings", "")
        .await?;
    Ok(())
}
