//! What somebody of the staff has seen a document for.

use linli_domain::id::{AccountId, PersonId, VerificationId};
use linli_domain::person::{Fact, Verification};
use linli_domain::time::Instant;
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};

use super::odd;
use crate::entity::people::verifications::{ActiveModel, Column, Entity, Model};
use crate::error::Result;
use crate::{Reads, Tx};

/// The verifications of these people that were not revoked, oldest first; expired ones too.
///
/// # Errors
/// Any [`crate::StoreError`].
pub async fn of_persons(reads: &impl Reads, persons: &[PersonId]) -> Result<Vec<Verification>> {
    if persons.is_empty() {
        return Ok(Vec::new());
    }
    let rows = Entity::find()
        .filter(Column::PersonId.is_in(persons.iter().map(|id| id.0)))
        .filter(Column::RevokedAt.is_null())
        .order_by_asc(Column::Id)
        .all(reads.connection())
        .await?;
    rows.into_iter().map(value).collect()
}

/// The verification with this id, unless it was revoked.
///
/// # Errors
/// Any [`crate::StoreError`].
pub async fn verification(reads: &impl Reads, id: VerificationId) -> Result<Option<Verification>> {
    let row = Entity::find_by_id(id.0).filter(Column::RevokedAt.is_null()).one(reads.connection()).await?;
    row.map(value).transpose()
}

/// Adds a verification.
///
/// # Errors
/// Any [`crate::StoreError`].
pub async fn insert(tx: &Tx, seen: &Verification) -> Result<()> {
    let row = ActiveModel {
        id: Set(seen.id.0),
        person_id: Set(seen.person.0),
        fact: Set(seen.fact.key().to_owned()),
        document: Set(seen.document.clone()),
        verified_by: Set(seen.verified_by.0),
        verified_at: Set(seen.verified_at.0),
        expires_at: Set(seen.expires_at.map(|at| at.0)),
        revoked_at: Set(None),
    };
    Entity::insert(row).exec_without_returning(tx.connection()).await?;
    Ok(())
}

/// Revokes one verification.
///
/// # Errors
/// Any [`crate::StoreError`].
pub async fn revoke(tx: &Tx, id: VerificationId, now: Instant) -> Result<()> {
    revoke_where(tx, Column::Id.eq(id.0), now).await?;
    Ok(())
}

/// Revokes what was verified of one fact of a person, and says whether there was anything.
///
/// # Errors
/// Any [`crate::StoreError`].
pub async fn revoke_fact(tx: &Tx, person: PersonId, fact: Fact, now: Instant) -> Result<bool> {
    Ok(revoke_where(tx, Column::PersonId.eq(person.0).and(Column::Fact.eq(fact.key())), now).await? > 0)
}

/// Revokes everything that was verified of a person.
///
/// # Errors
/// Any [`crate::StoreError`].
pub async fn revoke_all(tx: &Tx, person: PersonId, now: Instant) -> Result<()> {
    revoke_where(tx, Column::PersonId.eq(person.0), now).await?;
    Ok(())
}

async fn revoke_where(tx: &Tx, which: Expr, now: Instant) -> Result<u64> {
    let revoked = Entity::update_many()
        .col_expr(Column::RevokedAt, Expr::value(now.0))
        .filter(which)
        .filter(Column::RevokedAt.is_null())
        .exec(tx.connection())
        .await?;
    Ok(revoked.rows_affected)
}

pub(crate) fn value(row: Model) -> Result<Verification> {
    let fact = Fact::from_key(&row.fact).ok_or_else(|| odd("verifications", row.id, "fact"))?;
    Ok(Verification {
        id: VerificationId(row.id),
        person: PersonId(row.person_id),
        fact,
        document: row.document,
        verified_by: AccountId(row.verified_by),
        verified_at: Instant(row.verified_at),
        expires_at: row.expires_at.map(Instant),
    })
}
