//! What people hear while it happens: numbered for each person without a hole, in the order it was committed.

use linli_domain::id::{LoginId, PersonId};
use linli_domain::time::Instant;
use sea_orm::QueryResult;
use serde_json::Value;

use crate::booking::orders::ask;
use crate::connect::{Reads, Tx};
use crate::error::{Result, StoreError};
use crate::rows::Rows;

/// Something one person is to hear.
#[derive(Debug, Clone, PartialEq)]
pub struct New {
    /// Who.
    pub person: PersonId,
    /// When.
    pub at: Instant,
    /// The stable key of what happened.
    pub event: String,
    /// Its particulars, a JSON object.
    pub payload: Value,
}

/// Something one person was told.
#[derive(Debug, Clone, PartialEq)]
pub struct Told {
    /// Its number among all that this person was told, from 1.
    pub number: i64,
    /// When.
    pub at: Instant,
    /// The stable key of what happened.
    pub event: String,
    /// Its particulars, a JSON object.
    pub payload: Value,
}

/// One look at what a person was told.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Look {
    /// The newest number; 0 for somebody who was never told anything.
    pub last: i64,
    /// What comes after the number that was asked for, in order.
    pub told: Vec<Told>,
}

/// Tells people something once this transaction commits.
///
/// Nothing is written before the transaction's end. The numbers of a person are given out under a lock on that person's
/// row: taken last, all at once and in the order of persons, it is held for a moment only, and nobody who holds it
/// waits for any other row. So it can be called anywhere in a transaction, and more than once.
pub fn tell(tx: &Tx, news: impl IntoIterator<Item = New>) {
    tx.tell(news);
}

/// Numbers and writes what was told in a transaction, in the order in which each person is to hear it.
pub(crate) async fn write(tx: &Tx, mut news: Vec<New>) -> Result<()> {
    if news.is_empty() {
        return Ok(());
    }
    // A stable sort: what one person is told stays in its order.
    news.sort_by_key(|one| one.person);
    let heads: Vec<&[New]> = news.chunk_by(|one, other| one.person == other.person).collect();
    let rows = Rows::new()
        .int("person_id", heads.iter().map(|head| head[0].person.0))
        .int("last", heads.iter().map(|head| i64::try_from(head.len()).unwrap_or(i64::MAX)))
        .query(
            tx,
            "INSERT INTO live_heads (person_id, last) SELECT person_id, last FROM",
            "AS v WHERE true ORDER BY person_id \
             ON CONFLICT (person_id) DO UPDATE SET last = live_heads.last + excluded.last RETURNING person_id, last",
        )
        .await?;
    let mut numbers = std::collections::HashMap::new();
    for row in rows {
        let (person, last): (i64, i64) = (row.try_get("", "person_id")?, row.try_get("", "last")?);
        numbers.insert(PersonId(person), last);
    }
    let mut numbered = Vec::with_capacity(news.len());
    for head in heads {
        let last = *numbers
            .get(&head[0].person)
            .ok_or_else(|| StoreError::Row("no number was given out for somebody who is told something".into()))?;
        let first = last - i64::try_from(head.len()).unwrap_or(0) + 1;
        numbered.extend(first..=last);
    }
    Rows::new()
        .int("person_id", news.iter().map(|one| one.person.0))
        .int("number", numbered)
        .int("at", news.iter().map(|one| one.at.0))
        .text("event", news.iter().map(|one| one.event.as_str()))
        .text("payload", news.iter().map(|one| one.payload.to_string()))
        .insert(tx, "live_events", "")
        .await?;
    Ok(())
}

/// What a person was told after a number, at most `limit`, and the newest number of all: both as of one moment.
///
/// # Errors
/// Any [`StoreError`].
pub async fn look(db: &impl Reads, person: PersonId, after: i64, limit: u32) -> Result<Look> {
    let sql = "SELECT h.last, e.number, e.at, e.event, e.payload FROM live_heads h \
               LEFT JOIN live_events e ON e.person_id = h.person_id AND e.number > $2 \
               WHERE h.person_id = $1 ORDER BY e.number LIMIT $3";
    let rows = ask(db, sql, [person.0.into(), after.into(), i64::from(limit).into()]).await?;
    let mut look = Look::default();
    for row in &rows {
        look.last = row.try_get("", "last")?;
        look.told.extend(told(row)?);
    }
    Ok(look)
}

/// The newest number of each of these people, in their order; 0 for somebody who was never told anything.
///
/// # Errors
/// Any [`StoreError`].
pub async fn lasts(db: &impl Reads, people: &[PersonId]) -> Result<Vec<i64>> {
    let rows = Rows::new()
        .int("position", (0..).take(people.len()))
        .int("person_id", people.iter().map(|person| person.0))
        .query(db, "SELECT v.position, h.last FROM", "AS v JOIN live_heads h ON h.person_id = v.person_id")
        .await?;
    let mut lasts = vec![0; people.len()];
    for row in rows {
        let (position, last): (i64, i64) = (row.try_get("", "position")?, row.try_get("", "last")?);
        let place = usize::try_from(position).ok().and_then(|position| lasts.get_mut(position));
        *place.ok_or_else(|| StoreError::Row("a position that was not sent".into()))? = last;
    }
    Ok(lasts)
}

/// Forgets what was told before an instant, and tickets whose time is over. Answers how much was forgotten.
///
/// # Errors
/// Any [`StoreError`].
pub async fn forget(tx: &Tx, told_before: Instant, now: Instant) -> Result<u64> {
    let told = ask(tx, "DELETE FROM live_events WHERE at < $1 RETURNING number", [told_before.0.into()]).await?;
    let sql = "DELETE FROM live_tickets WHERE expires_at <= $1 RETURNING expires_at";
    let tickets = ask(tx, sql, [now.0.into()]).await?;
    Ok((told.len() + tickets.len()) as u64)
}

/// Keeps a ticket for a login, by its hash.
///
/// # Errors
/// Any [`StoreError`].
pub async fn keep_ticket(tx: &Tx, hash: &str, login: LoginId, expires_at: Instant) -> Result<()> {
    let sql = "INSERT INTO live_tickets (ticket_hash, login_id, expires_at) VALUES ($1, $2, $3) RETURNING login_id";
    ask(tx, sql, [hash.into(), login.0.into(), expires_at.0.into()]).await?;
    Ok(())
}

/// Uses a ticket up: nobody comes in with it again. Answers the login it stands for, if it is still good.
///
/// # Errors
/// Any [`StoreError`].
pub async fn take_ticket(tx: &Tx, hash: &str, now: Instant) -> Result<Option<LoginId>> {
    let sql = "DELETE FROM live_tickets WHERE ticket_hash = $1 AND expires_at > $2 RETURNING login_id";
    let rows = ask(tx, sql, [hash.into(), now.0.into()]).await?;
    rows.first().map(|row| Ok(LoginId(row.try_get("", "login_id")?))).transpose()
}

fn told(row: &QueryResult) -> Result<Option<Told>> {
    let Some(number) = row.try_get::<Option<i64>>("", "number")? else { return Ok(None) };
    let payload: String = row.try_get("", "payload")?;
    Ok(Some(Told {
        number,
        at: Instant(row.try_get("", "at")?),
        event: row.try_get("", "event")?,
        payload: serde_json::from_str(&payload).map_err(|_| StoreError::Row("live_events.payload: no JSON".into()))?,
    }))
}
