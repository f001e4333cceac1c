//! Roles in force.

use linli_domain::id::{AccountId, GrantId, OrganisationId};
use linli_domain::role::{Grant, Role, Scope};
use linli_domain::time::Instant;
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::{Condition, Expr};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};

use super::{odd, read};
use crate::entity::people::role_grants::{ActiveModel, Column, Entity, Model};
use crate::error::Result;
use crate::{Reads, Tx};

/// A role given to an account for a time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GrantRecord {
    /// Which.
    pub id: GrantId,
    /// Whose.
    pub account: AccountId,
    /// What and where.
    pub grant: Grant,
    /// Who gave it; nobody for those of the first start.
    pub granted_by: Option<AccountId>,
    /// From then on.
    pub valid_from: Instant,
    /// Until then, exclusive.
    pub valid_until: Option<Instant>,
}

/// The roles of an account in force at an instant, in the order they were given.
///
/// # Errors
/// Any [`crate::StoreError`].
pub async fn of_account(reads: &impl Reads, account: AccountId, at: Instant) -> Result<Vec<GrantRecord>> {
    let rows = Entity::find()
        .filter(Column::AccountId.eq(account.0))
        .filter(in_force(at))
        .order_by_asc(Column::Id)
        .all(reads.connection())
        .await?;
    rows.into_iter().map(value).collect()
}

/// All roles in force at an instant, in the order they were given.
///
/// # Errors
/// Any [`crate::StoreError`].
pub async fn all(reads: &impl Reads, at: Instant) -> Result<Vec<GrantRecord>> {
    let rows = Entity::find().filter(in_force(at)).order_by_asc(Column::Id).all(reads.connection()).await?;
    rows.into_iter().map(value).collect()
}

/// The grant with this id, if it is in force at an instant.
///
/// # Errors
/// Any [`crate::StoreError`].
pub async fn grant(reads: &impl Reads, id: GrantId, at: Instant) -> Result<Option<GrantRecord>> {
    Entity::find_by_id(id.0).filter(in_force(at)).one(reads.connection()).await?.map(value).transpose()
}

/// Gives a role.
///
/// # Errors
/// Any [`crate::StoreError`].
pub async fn insert(tx: &Tx, record: &GrantRecord) -> Result<()> {
    let (area_code, organisation_id) = match &record.grant.scope {
        Scope::Area(code) => (Some(code.to_string()), None),
        Scope::Organisation(id) => (None, Some(id.0)),
    };
    let row = ActiveModel {
        id: Set(record.id.0),
        account_id: Set(record.account.0),
        role: Set(record.grant.role.key().to_owned()),
        area_code: Set(area_code),
        organisation_id: Set(organisation_id),
        granted_by: Set(record.granted_by.map(|id| id.0)),
        valid_from: Set(record.valid_from.0),
        valid_until: Set(record.valid_until.map(|at| at.0)),
    };
    Entity::insert(row).exec_without_returning(tx.connection()).await?;
    Ok(())
}

/// Ends one role now.
///
/// # Errors
/// Any [`crate::StoreError`].
pub async fn end(tx: &Tx, id: GrantId, now: Instant) -> Result<()> {
    end_where(tx, Column::Id.eq(id.0), now).await
}

/// Ends all roles of an account now.
///
/// # Errors
/// Any [`crate::StoreError`].
pub async fn end_all(tx: &Tx, account: AccountId, now: Instant) -> Result<()> {
    end_where(tx, Column::AccountId.eq(account.0), now).await
}

async fn end_where(tx: &Tx, which: Expr, now: Instant) -> Result<()> {
    Entity::update_many()
        .col_expr(Column::ValidUntil, Expr::value(now.0))
        .filter(which)
        .filter(Condition::any().add(Column::ValidUntil.is_null()).add(Column::ValidUntil.gt(now.0)))
        .exec(tx.connection())
        .await?;
    Ok(())
}

fn in_force(at: Instant) -> Condition {
    Condition::all()
        .add(Column::ValidFrom.lte(at.0))
        .add(Condition::any().add(Column::ValidUntil.is_null()).add(Column::ValidUntil.gt(at.0)))
}

pub(super) fn value(row: Model) -> Result<GrantRecord> {
    let role = Role::from_key(&row.role).ok_or_else(|| odd("role_grants", row.id, "role"))?;
    let scope = match (row.area_code.as_deref(), row.organisation_id) {
        (Some(code), None) => Scope::Area(read("role_grants", row.id, "area_code", code)?),
        (None, Some(id)) => Scope::Organisation(OrganisationId(id)),
        _ => return Err(odd("role_grants", row.id, "scope")),
    };
    Ok(GrantRecord {
        id: GrantId(row.id),
        account: AccountId(row.account_id),
        grant: Grant { role, scope },
        granted_by: row.granted_by.map(AccountId),
        valid_from: Instant(row.valid_from),
        valid_until: row.valid_until.map(Instant),
    })
}
