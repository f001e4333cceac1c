//! Logins: one token on one device. Only the token's hash is kept.

use linli_domain::id::{AccountId, LoginId, PersonId};
use linli_domain::time::Instant;
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, FromQueryResult, QueryFilter, QueryOrder};

use super::grants::{self, GrantRecord};
use crate::booking::orders::ask;
use crate::entity::people::logins::{ActiveModel, Column, Entity, Model};
use crate::entity::people::role_grants;
use crate::error::{Result, StoreError};
use crate::rows::Rows;
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

/// Who is logged in, and what they may do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// The login.
    pub login: Login,
    /// Who logged in.
    pub person: PersonId,
    /// The roles in force, in the order they were given.
    pub grants: Vec<GrantRecord>,
}

/// The sessions of tokens, in their order: of logins that neither ended nor were revoked, to accounts that are open.
///
/// # Errors
/// Any [`crate::StoreError`].
pub async fn sessions(reads: &impl Reads, token_hashes: &[String], now: Instant) -> Result<Vec<Option<Session>>> {
    let rows = Rows::new()
        .int("position", (0..).take(token_hashes.len()))
        .text("token_hash", token_hashes.iter().map(String::as_str))
        .int("now", token_hashes.iter().map(|_| now.0))
        .query(
            reads,
            "SELECT v.position, l.*, a.person_id, g.id AS g_id, g.account_id AS g_account_id, g.role AS g_role, \
             g.area_code AS g_area_code, g.organisation_id AS g_organisation_id, g.granted_by AS g_granted_by, \
             g.valid_from AS g_valid_from, g.valid_until AS g_valid_until FROM",
            "AS v JOIN logins l ON l.token_hash = v.token_hash AND l.revoked_at IS NULL AND l.expires_at > v.now \
             JOIN accounts a ON a.id = l.account_id AND a.closed_at IS NULL \
             LEFT JOIN role_grants g ON g.account_id = a.id AND g.valid_from <= v.now \
               AND (g.valid_until IS NULL OR g.valid_until > v.now) \
             ORDER BY v.position, g.id",
        )
        .await?;
    let mut sessions: Vec<Option<Session>> = vec![None; token_hashes.len()];
    for row in rows {
        let position: i64 = row.try_get("", "position")?;
        let place = usize::try_from(position).ok().and_then(|position| sessions.get_mut(position));
        let place = place.ok_or_else(|| StoreError::Row("a position that was not sent".into()))?;
        // One row for each role: the login is the same in all of them.
        let login = value(Model::from_query_result(&row, "")?);
        let person = PersonId(row.try_get("", "person_id")?);
        let session = place.get_or_insert(Session { login, person, grants: Vec::new() });
        if row.try_get::<Option<i64>>("", "g_id")?.is_some() {
            session.grants.push(grants::value(role_grants::Model::from_query_result(&row, "g_")?)?);
        }
    }
    Ok(sessions)
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

/// Whose login it is, while it stands and the account is open.
///
/// # Errors
/// Any [`crate::StoreError`].
pub async fn holder(reads: &impl Reads, id: LoginId, now: Instant) -> Result<Option<(AccountId, PersonId)>> {
    let sql = "SELECT a.id, a.person_id FROM logins l JOIN accounts a ON a.id = l.account_id AND a.closed_at IS NULL \
               WHERE l.id = $1 AND l.revoked_at IS NULL AND l.expires_at > $2";
    let rows = ask(reads, sql, [id.0.into(), now.0.into()]).await?;
    let holder =
        rows.first().map(|row| Ok((AccountId(row.try_get("", "id")?), PersonId(row.try_get("", "person_id")?))));
    holder.transpose()
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
