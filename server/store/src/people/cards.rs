//! Cards that identify somebody without a phone. One is in force at a time.

use linli_domain::id::{AccountId, CardId, PersonId};
use linli_domain::time::Instant;
use sea_orm::{QueryResult, Value};

use crate::booking::orders::ask;
use crate::connect::{Reads, Tx};
use crate::error::Result;

/// A card in force.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Card {
    /// Which.
    pub id: CardId,
    /// Whose.
    pub person: PersonId,
    /// Its code, sealed.
    pub sealed: String,
    /// Since when.
    pub issued_at: Instant,
}

/// The card of a person.
///
/// # Errors
/// Any [`StoreError`](crate::StoreError).
pub async fn of(db: &impl Reads, person: PersonId) -> Result<Option<Card>> {
    let sql = "SELECT * FROM person_cards WHERE person_id = $1 AND ended_at IS NULL";
    ask(db, sql, [person.0.into()]).await?.first().map(card).transpose()
}

/// Whose card has a code.
///
/// # Errors
/// Any [`StoreError`](crate::StoreError).
pub async fn holder(db: &impl Reads, code_hash: &str) -> Result<Option<Card>> {
    let sql = "SELECT * FROM person_cards WHERE code_hash = $1 AND ended_at IS NULL";
    ask(db, sql, [code_hash.into()]).await?.first().map(card).transpose()
}

/// Ends the card of a person. Answers whether there was one.
///
/// # Errors
/// Any [`StoreError`](crate::StoreError).
pub async fn end(tx: &Tx, person: PersonId, now: Instant) -> Result<bool> {
    let sql = "UPDATE person_cards SET ended_at = $2 WHERE person_id = $1 AND ended_at IS NULL RETURNING id";
    Ok(!ask(tx, sql, [person.0.into(), now.0.into()]).await?.is_empty())
}

/// Writes a new card. The one before must have been ended.
///
/// # Errors
/// [`StoreError::Unique`](crate::StoreError::Unique) when another was issued at the same moment.
pub async fn issue(tx: &Tx, card: &Card, code_hash: &str, by: AccountId) -> Result<()> {
    let sql = "INSERT INTO person_cards (id, person_id, code_hash, code_sealed, issued_at, issued_by) \
               VALUES ($1, $2, $3, $4, $5, $6) RETURNING id";
    let values: [Value; 6] = [
        card.id.0.into(),
        card.person.0.into(),
        code_hash.into(),
        card.sealed.as_str().into(),
        card.issued_at.0.into(),
        by.0.into(),
    ];
    ask(tx, sql, values).await?;
    Ok(())
}

fn card(row: &QueryResult) -> Result<Card> {
    Ok(Card {
        id: CardId(row.try_get("", "id")?),
        person: PersonId(row.try_get("", "person_id")?),
        sealed: row.try_get("", "code_sealed")?,
        issued_at: Instant(row.try_get("", "issued_at")?),
    })
}
