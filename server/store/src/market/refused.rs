//! Who does not want to meet whom again. Neither is told.

use linli_domain::id::{OrderId, PersonId, WorkerId};
use linli_domain::time::Instant;

use crate::booking::orders::ask;
use crate::connect::{Reads, Tx};
use crate::error::Result;
use crate::rows::Rows;

/// Who said so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// The one they came to.
    Resident,
    /// The one who came.
    Worker,
}

impl Side {
    const fn key(self) -> &'static str {
        match self {
            Self::Resident => "resident",
            Self::Worker => "worker",
        }
    }
}

/// Two who are not to meet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pair {
    /// The one somebody comes to.
    pub person: PersonId,
    /// Their name.
    pub person_name: String,
    /// The one who comes.
    pub worker: WorkerId,
    /// Their name.
    pub worker_name: String,
    /// Why, in the words of whoever said so.
    pub reason: String,
    /// Since when.
    pub at: Instant,
}

/// Who was served by an order, and who came or is to come: none where it is no visit or nobody has it.
///
/// # Errors
/// Any [`crate::StoreError`].
pub async fn of_order(db: &impl Reads, order: OrderId) -> Result<Option<(PersonId, WorkerId)>> {
    let sql = "SELECT o.subject_id, t.worker_id FROM visits t JOIN orders o ON o.id = t.order_id \
               WHERE t.order_id = $1 AND t.worker_id IS NOT NULL";
    let rows = ask(db, sql, [order.0.into()]).await?;
    let pair =
        rows.first().map(|row| Ok((PersonId(row.try_get("", "subject_id")?), WorkerId(row.try_get("", "worker_id")?))));
    pair.transpose()
}

/// Keeps two apart; said twice, the first time counts.
///
/// # Errors
/// Any [`crate::StoreError`].
pub async fn add(tx: &Tx, (person, worker): (PersonId, WorkerId), side: Side, reason: &str, at: Instant) -> Result<()> {
    Rows::new()
        .int("person_id", [person.0])
        .int("worker_id", [worker.0])
        .text("side", [side.key()])
        .text("reason", [reason])
        .int("at", [at.0])
        .insert(tx, "refused_pairs", "ON CONFLICT (person_id, worker_id, side) DO NOTHING")
        .await?;
    Ok(())
}

/// Lets two meet again, as far as this side goes. Answers whether they were kept apart.
///
/// # Errors
/// Any [`crate::StoreError`].
pub async fn remove(tx: &Tx, (person, worker): (PersonId, WorkerId), side: Side) -> Result<bool> {
    let sql = "DELETE FROM refused_pairs WHERE person_id = $1 AND worker_id = $2 AND side = $3 RETURNING worker_id";
    Ok(!ask(tx, sql, [person.0.into(), worker.0.into(), side.key().into()]).await?.is_empty())
}

/// Whom these people do not want to meet again, the latest first.
///
/// # Errors
/// Any [`crate::StoreError`].
pub async fn of_people(db: &impl Reads, people: &[PersonId]) -> Result<Vec<Pair>> {
    let tail = "AS v ON r.person_id = v.id JOIN workers w ON w.id = r.worker_id JOIN persons p ON p.id = r.person_id \
                WHERE r.side = 'resident' ORDER BY r.at DESC, r.worker_id";
    let rows = Rows::new().int("id", people.iter().map(|id| id.0)).query(db, HEAD, tail).await?;
    rows.iter().map(pair).collect()
}

/// Whom a worker does not want to meet again, the latest first.
///
/// # Errors
/// Any [`crate::StoreError`].
pub async fn of_worker(db: &impl Reads, worker: WorkerId) -> Result<Vec<Pair>> {
    let tail = "AS v ON r.worker_id = v.id JOIN workers w ON w.id = r.worker_id JOIN persons p ON p.id = r.person_id \
                WHERE r.side = 'worker' ORDER BY r.at DESC, r.person_id";
    let rows = Rows::new().int("id", [worker.0]).query(db, HEAD, tail).await?;
    rows.iter().map(pair).collect()
}

const HEAD: &str = "SELECT r.*, w.name AS worker_name, p.name AS person_name FROM refused_pairs r JOIN";

/// Forgets whom somebody did not want to meet, and who did not want to meet them.
///
/// # Errors
/// Any [`crate::StoreError`].
pub async fn forget(tx: &Tx, person: PersonId) -> Result<()> {
    ask(tx, "DELETE FROM refused_pairs WHERE person_id = $1 RETURNING worker_id", [person.0.into()]).await?;
    Ok(())
}

fn pair(row: &sea_orm::QueryResult) -> Result<Pair> {
    Ok(Pair {
        person: PersonId(row.try_get("", "person_id")?),
        person_name: row.try_get("", "person_name")?,
        worker: WorkerId(row.try_get("", "worker_id")?),
        worker_name: row.try_get("", "worker_name")?,
        reason: row.try_get("", "reason")?,
        at: Instant(row.try_get("", "at")?),
    })
}
