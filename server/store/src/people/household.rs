//! Guardians and the minors they act for. The relation is declared by the guardian.

use linli_domain::id::PersonId;
use linli_domain::time::Instant;
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};

use super::odd;
use crate::entity::people::guardianships::{ActiveModel, Column, Entity, Model};
use crate::error::Result;
use crate::{Reads, Tx};

/// What the guardian is to the minor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Relation {
    /// 父亲.
    Father,
    /// 母亲.
    Mother,
    /// 祖父母 or 外祖父母.
    Grandparent,
    /// Another guardian, Civil Code art. 27.
    Other,
}

impl Relation {
    /// Every relation.
    pub const ALL: [Self; 4] = [Self::Father, Self::Mother, Self::Grandparent, Self::Other];

    /// The stable key.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Father => "father",
            Self::Mother => "mother",
            Self::Grandparent => "grandparent",
            Self::Other => "other",
        }
    }

    /// The relation of a key.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|relation| relation.key() == key)
    }
}

/// A guardian, a minor, and what they are to each other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Guardianship {
    /// Who acts.
    pub guardian: PersonId,
    /// For whom.
    pub ward: PersonId,
    /// What the guardian is.
    pub relation: Relation,
    /// When it was declared.
    pub declared_at: Instant,
}

/// The minors of a guardian, in the order they were added.
///
/// # Errors
/// Any [`crate::StoreError`].
pub async fn wards(reads: &impl Reads, guardian: PersonId) -> Result<Vec<Guardianship>> {
    standing(reads, Column::GuardianId.eq(guardian.0)).await
}

/// The guardians of a minor, in the order they declared themselves.
///
/// # Errors
/// Any [`crate::StoreError`].
pub async fn guardians(reads: &impl Reads, ward: PersonId) -> Result<Vec<Guardianship>> {
    standing(reads, Column::WardId.eq(ward.0)).await
}

/// What a guardian is to a minor, if anything.
///
/// # Errors
/// Any [`crate::StoreError`].
pub async fn relation(reads: &impl Reads, guardian: PersonId, ward: PersonId) -> Result<Option<Relation>> {
    let row =
        Entity::find_by_id((guardian.0, ward.0)).filter(Column::EndedAt.is_null()).one(reads.connection()).await?;
    Ok(row.map(value).transpose()?.map(|found| found.relation))
}

async fn standing(reads: &impl Reads, which: Expr) -> Result<Vec<Guardianship>> {
    let rows = Entity::find()
        .filter(which)
        .filter(Column::EndedAt.is_null())
        .order_by_asc(Column::DeclaredAt)
        .order_by_asc(Column::WardId)
        .all(reads.connection())
        .await?;
    rows.into_iter().map(value).collect()
}

/// Adds a declared relation.
///
/// # Errors
/// Any [`crate::StoreError`].
pub async fn insert(tx: &Tx, declared: &Guardianship) -> Result<()> {
    let row = ActiveModel {
        guardian_id: Set(declared.guardian.0),
        ward_id: Set(declared.ward.0),
        relation: Set(declared.relation.key().to_owned()),
        declared_at: Set(declared.declared_at.0),
        ended_at: Set(None),
    };
    Entity::insert(row).exec_without_returning(tx.connection()).await?;
    Ok(())
}

/// Ends a relation.
///
/// # Errors
/// Any [`crate::StoreError`].
pub async fn end(tx: &Tx, guardian: PersonId, ward: PersonId, now: Instant) -> Result<()> {
    Entity::update_many()
        .col_expr(Column::EndedAt, Expr::value(now.0))
        .filter(Column::GuardianId.eq(guardian.0))
        .filter(Column::WardId.eq(ward.0))
        .filter(Column::EndedAt.is_null())
        .exec(tx.connection())
        .await?;
    Ok(())
}

fn value(row: Model) -> Result<Guardianship> {
    let relation = Relation::from_key(&row.relation).ok_or_else(|| odd("guardianships", row.ward_id, "relation"))?;
    Ok(Guardianship {
        guardian: PersonId(row.guardian_id),
        ward: PersonId(row.ward_id),
        relation,
        declared_at: Instant(row.declared_at),
    })
}
