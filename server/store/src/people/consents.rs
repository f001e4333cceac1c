//! Consents, given and withdrawn. A row is never removed: it says what was agreed to, when, by whom.

use linli_domain::id::{AccountId, ConsentId, PersonId};
use linli_domain::time::Instant;
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};

use crate::entity::people::consents::{ActiveModel, Column, Entity, Model};
use crate::error::Result;
use crate::{Reads, Tx};

/// A consent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Consent {
    /// Which.
    pub id: ConsentId,
    /// Whose data it is about.
    pub person: PersonId,
    /// Who agreed: the person, or a guardian.
    pub given_by: AccountId,
    /// To what.
    pub purpose: String,
    /// To which version of the text.
    pub text_version: String,
    /// When.
    pub given_at: Instant,
    /// When it was withdrawn.
    pub withdrawn_at: Option<Instant>,
}

/// The consents about a person's data, oldest first.
///
/// # Errors
/// Any [`crate::StoreError`].
pub async fn of_person(reads: &impl Reads, person: PersonId) -> Result<Vec<Consent>> {
    let rows =
        Entity::find().filter(Column::PersonId.eq(person.0)).order_by_asc(Column::Id).all(reads.connection()).await?;
    Ok(rows.into_iter().map(value).collect())
}

/// The consent with this id.
///
/// # Errors
/// Any [`crate::StoreError`].
pub async fn consent(reads: &impl Reads, id: ConsentId) -> Result<Option<Consent>> {
    Ok(Entity::find_by_id(id.0).one(reads.connection()).await?.map(value))
}

/// Adds a consent.
///
/// # Errors
/// Any [`crate::StoreError`].
pub async fn insert(tx: &Tx, consent: &Consent) -> Result<()> {
    let row = ActiveModel {
        id: Set(consent.id.0),
        person_id: Set(consent.person.0),
        given_by: Set(consent.given_by.0),
        purpose: Set(consent.purpose.clone()),
        text_version: Set(consent.text_version.clone()),
        given_at: Set(consent.given_at.0),
        withdrawn_at: Set(consent.withdrawn_at.map(|at| at.0)),
    };
    Entity::insert(row).exec_without_returning(tx.connection()).await?;
    Ok(())
}

/// Withdraws a person's consents to a purpose that stand; with no purpose, all of them.
///
/// # Errors
/// Any [`crate::StoreError`].
pub async fn withdraw(tx: &Tx, person: PersonId, purpose: Option<&str>, now: Instant) -> Result<()> {
    let mut update = Entity::update_many()
        .col_expr(Column::WithdrawnAt, Expr::value(now.0))
        .filter(Column::PersonId.eq(person.0))
        .filter(Column::WithdrawnAt.is_null());
    if let Some(purpose) = purpose {
        update = update.filter(Column::Purpose.eq(purpose));
    }
    update.exec(tx.connection()).await?;
    Ok(())
}

fn value(row: Model) -> Consent {
    Consent {
        id: ConsentId(row.id),
        person: PersonId(row.person_id),
        given_by: AccountId(row.given_by),
        purpose: row.purpose,
        text_version: row.text_version,
        given_at: Instant(row.given_at),
        withdrawn_at: row.withdrawn_at.map(Instant),
    }
}
