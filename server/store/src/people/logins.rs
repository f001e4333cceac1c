//! Logins: one token on one device. Only the token's hash is kept.

use linli_domain::id::{AccountId, LoginId};
use linli_domain::time::Instant;
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};

use crate::entity::people::logins::{ActiveModel, Column, Entity, Model};
use crate::error::Result;
use crate::{Reads, Tx};

/// A login.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Login {
    /// Which.
    pub id: LoginId,
    /// Whose.
    pub account: AccountId,
    /// What the person's device calls itself; may be empty.
    pub device: String,
    /// Since when.
    pub created_at: Instant,
    /// When it was last used, to the hour.
    pub seen_at: Instant,
    /// When it ends unless it is used.
    pub expires_at: Instant,
}

/// The login of a token that neither ended nor was revoked.
///
/// # Errors
/// Any [`crate::StoreError`].
pub async fn by_token(reads: &impl Reads, token_hash: &str, now: Instant) -> Result<Option<Login>> {
    let row = Entity::find()
        .filter(Column::TokenHash.eq(token_hash))
        .filter(Column::RevokedAt.is_null())
        .filter(Column::ExpiresAt.gt(now.0))
        .one(reads.connection())
        .await?;
    Ok(row.map(value))
}

/// The logins of an account that stand, newest first.
///
/// # Errors
/// Any [`crate::StoreError`].
pub async fn of_account(reads: &impl Reads, account: AccountId, now: Instant) -> Result<Vec<Login>> {
    let rows = Entity::find()
        .filter(Column::AccountId.eq(account.0))
        .filter(Column::RevokedAt.is_null())
        .filter(Column::ExpiresAt.gt(now.0))
        .order_by_desc(Column::Id)
        .all(reads.connection())
        .await?;
    Ok(rows.into_iter().map(value).collect())
}

/// Adds a login.
///
/// # Errors
/// Any [`crate::StoreError`].
pub async fn insert(tx: &Tx, login: &Login, token_hash: &str) -> Result<()> {
    let row = ActiveModel {
        id: Set(login.id.0),
        account_id: Set(login.account.0),
        token_hash: Set(token_hash.to_owned()),
        device: Set(login.device.clone()),
        created_at: Set(login.created_at.0),
        seen_at: Set(login.seen_at.0),
        expires_at: Set(login.expires_at.0),
        revoked_at: Set(None),
    };
    Entity::insert(row).exec_without_returning(tx.connection()).await?;
    Ok(())
}

/// Notes that a login was used, and puts off its end. A revoked one stays revoked.
///
/// # Errors
/// Any [`crate::StoreError`].
pub async fn touch(tx: &Tx, id: LoginId, seen_at: Instant, expires_at: Instant) -> Result<()> {
    Entity::update_many()
        .col_expr(Column::SeenAt, Expr::value(seen_at.0))
        .col_expr(Column::ExpiresAt, Expr::value(expires_at.0))
        .filter(Column::Id.eq(id.0))
        .filter(Column::RevokedAt.is_null())
        .exec(tx.connection())
        .await?;
    Ok(())
}

/// Which logins of an account to end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Which {
    /// This one.
    One(LoginId),
    /// All but this one.
    AllBut(LoginId),
    /// All.
    All,
}

/// Ends logins of an account, and says how many.
///
/// # Errors
/// Any [`crate::StoreError`].
pub async fn revoke(tx: &Tx, account: AccountId, which: Which, now: Instant) -> Result<u64> {
    let mut update = Entity::update_many()
        .col_expr(Column::RevokedAt, Expr::value(now.0))
        .filter(Column::AccountId.eq(account.0))
        .filter(Column::RevokedAt.is_null());
    update = match which {
        Which::One(id) => update.filter(Column::Id.eq(id.0)),
        Which::AllBut(id) => update.filter(Column::Id.ne(id.0)),
        Which::All => update,
    };
    Ok(update.exec(tx.connection()).await?.rows_affected)
}

fn value(row: Model) -> Login {
    Login {
        id: LoginId(row.id),
        account: AccountId(row.account_id),
        device: row.device,
        created_at: Instant(row.created_at),
        seen_at: Instant(row.seen_at),
        expires_at: Instant(row.expires_at),
    }
}
