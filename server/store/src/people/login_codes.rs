//! The newest login code of each phone. Phone and code are known here by their keyed hashes alone.

use linli_domain::time::Instant;
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::{Expr, ExprTrait, OnConflict};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use crate::entity::people::login_codes::{ActiveModel, Column, Entity};
use crate::error::Result;
use crate::{Reads, Tx};

/// Replaces the code of a phone by a new one that nobody has tried.
///
/// # Errors
/// Any [`crate::StoreError`].
pub async fn put(tx: &Tx, phone_hash: &str, code_hash: &str, sent_at: Instant, expires_at: Instant) -> Result<()> {
    let row = ActiveModel {
        phone_hash: Set(phone_hash.to_owned()),
        code_hash: Set(code_hash.to_owned()),
        sent_at: Set(sent_at.0),
        expires_at: Set(expires_at.0),
        attempts: Set(0),
        used_at: Set(None),
    };
    let replace = OnConflict::column(Column::PhoneHash)
        .update_columns([Column::CodeHash, Column::SentAt, Column::ExpiresAt, Column::Attempts, Column::UsedAt])
        .to_owned();
    Entity::insert(row).on_conflict(replace).exec_without_returning(tx.connection()).await?;
    Ok(())
}

/// Tries a code, at most `max_attempts` times, and uses it up when it is right.
///
/// The attempt is counted before the code is compared, by one guarded update that locks the row: however many try at
/// once, no more than `max_attempts` comparisons happen. The caller commits also when the answer is `false`.
///
/// # Errors
/// Any [`crate::StoreError`].
pub async fn try_code(tx: &Tx, phone_hash: &str, code_hash: &str, max_attempts: i32, now: Instant) -> Result<bool> {
    let counted = Entity::update_many()
        .col_expr(Column::Attempts, Expr::col(Column::Attempts).add(1))
        .filter(Column::PhoneHash.eq(phone_hash))
        .filter(Column::UsedAt.is_null())
        .filter(Column::ExpiresAt.gt(now.0))
        .filter(Column::Attempts.lt(max_attempts))
        .exec(tx.connection())
        .await?;
    if counted.rows_affected == 0 {
        return Ok(false);
    }
    let used = Entity::update_many()
        .col_expr(Column::UsedAt, Expr::value(now.0))
        .filter(Column::PhoneHash.eq(phone_hash))
        .filter(Column::CodeHash.eq(code_hash))
        .exec(tx.connection())
        .await?;
    Ok(used.rows_affected == 1)
}

/// Removes codes that expired before an instant.
///
/// # Errors
/// Any [`crate::StoreError`].
pub async fn sweep(tx: &Tx, before: Instant) -> Result<u64> {
    Ok(Entity::delete_many().filter(Column::ExpiresAt.lt(before.0)).exec(tx.connection()).await?.rows_affected)
}
