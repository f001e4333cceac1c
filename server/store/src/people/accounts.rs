//! Accounts: somebody who can log in, by phone, by WeChat, or both.

use linli_domain::id::{AccountId, PersonId};
use linli_domain::phone::Phone;
use linli_domain::time::Instant;
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use super::read;
use crate::entity::people::accounts::{ActiveModel, Column, Entity, Model};
use crate::error::Result;
use crate::{Reads, Tx};

/// An account that is not closed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// Which.
    pub id: AccountId,
    /// The person who logs in with it.
    pub person: PersonId,
    /// The phone it was opened with.
    pub phone: Option<Phone>,
    /// The person's name within the mini-program.
    pub wechat_openid: Option<String>,
    /// The person's name across programs of the same owner.
    pub wechat_unionid: Option<String>,
    /// Since when.
    pub created_at: Instant,
}

/// The account with this id.
///
/// # Errors
/// Any [`crate::StoreError`].
pub async fn account(reads: &impl Reads, id: AccountId) -> Result<Option<Account>> {
    one(reads, Column::Id.eq(id.0)).await
}

/// The account of a person.
///
/// # Errors
/// Any [`crate::StoreError`].
pub async fn of_person(reads: &impl Reads, person: PersonId) -> Result<Option<Account>> {
    one(reads, Column::PersonId.eq(person.0)).await
}

/// The account with this phone.
///
/// # Errors
/// Any [`crate::StoreError`].
pub async fn by_phone(reads: &impl Reads, phone: &Phone) -> Result<Option<Account>> {
    one(reads, Column::Phone.eq(phone.digits())).await
}

/// The account linked to this WeChat name.
///
/// # Errors
/// Any [`crate::StoreError`].
pub async fn by_openid(reads: &impl Reads, openid: &str) -> Result<Option<Account>> {
    one(reads, Column::WechatOpenid.eq(openid)).await
}

/// Whose these accounts are or were; unknown ids are left out.
///
/// # Errors
/// Any [`crate::StoreError`].
pub async fn owners(reads: &impl Reads, ids: &[AccountId]) -> Result<Vec<(AccountId, PersonId)>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let rows = Entity::find().filter(Column::Id.is_in(ids.iter().map(|id| id.0))).all(reads.connection()).await?;
    Ok(rows.into_iter().map(|row| (AccountId(row.id), PersonId(row.person_id))).collect())
}

/// The phones of these accounts; whoever has none is left out.
///
/// # Errors
/// Any [`crate::StoreError`].
pub async fn phones(reads: &impl Reads, ids: &[AccountId]) -> Result<Vec<(AccountId, Phone)>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let rows = Entity::find().filter(Column::Id.is_in(ids.iter().map(|id| id.0))).all(reads.connection()).await?;
    let phones = rows.into_iter().filter_map(|row| {
        let phone = row.phone?;
        Some(read("accounts", row.id, "phone", &phone).map(|phone| (AccountId(row.id), phone)))
    });
    phones.collect()
}

async fn one(reads: &impl Reads, which: Expr) -> Result<Option<Account>> {
    let row = Entity::find().filter(which).filter(Column::ClosedAt.is_null()).one(reads.connection()).await?;
    row.map(value).transpose()
}

/// Adds an account.
///
/// # Errors
/// [`crate::StoreError::Unique`] when the phone or the WeChat name already has one.
pub async fn insert(tx: &Tx, account: &Account) -> Result<()> {
    let row = ActiveModel {
        id: Set(account.id.0),
        person_id: Set(account.person.0),
        phone: Set(account.phone.as_ref().map(|phone| phone.digits().to_owned())),
        wechat_openid: Set(account.wechat_openid.clone()),
        wechat_unionid: Set(account.wechat_unionid.clone()),
        created_at: Set(account.created_at.0),
        closed_at: Set(None),
    };
    Entity::insert(row).exec_without_returning(tx.connection()).await?;
    Ok(())
}

/// Links an account to a WeChat name, in place of the one it had.
///
/// # Errors
/// [`crate::StoreError::Unique`] when another account has the name.
pub async fn link_wechat(tx: &Tx, id: AccountId, openid: &str, unionid: Option<&str>) -> Result<()> {
    Entity::update_many()
        .col_expr(Column::WechatOpenid, Expr::value(openid))
        .col_expr(Column::WechatUnionid, Expr::value(unionid.map(str::to_owned)))
        .filter(Column::Id.eq(id.0))
        .exec(tx.connection())
        .await?;
    Ok(())
}

/// Closes an account and forgets its phone and WeChat name.
///
/// # Errors
/// Any [`crate::StoreError`].
pub async fn close(tx: &Tx, id: AccountId, now: Instant) -> Result<()> {
    Entity::update_many()
        .col_expr(Column::Phone, Expr::value(None::<String>))
        .col_expr(Column::WechatOpenid, Expr::value(None::<String>))
        .col_expr(Column::WechatUnionid, Expr::value(None::<String>))
        .col_expr(Column::ClosedAt, Expr::value(now.0))
        .filter(Column::Id.eq(id.0))
        .exec(tx.connection())
        .await?;
    Ok(())
}

fn value(row: Model) -> Result<Account> {
    let phone = row.phone.as_deref().map(|phone| read("accounts", row.id, "phone", phone)).transpose()?;
    Ok(Account {
        id: AccountId(row.id),
        person: PersonId(row.person_id),
        phone,
        wechat_openid: row.wechat_openid,
        wechat_unionid: row.wechat_unionid,
        created_at: Instant(row.created_at),
    })
}
