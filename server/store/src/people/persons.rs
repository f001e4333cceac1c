//! Persons: whoever can be served, with or without an account.

use linli_domain::id::PersonId;
use linli_domain::person::Person;
use linli_domain::phone::Phone;
use linli_domain::time::{Day, Instant};
use linli_domain::words::Language;
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::{Expr, ExprTrait, LikeExpr, LockType, Query};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::{odd, read};
use crate::entity::people::accounts;
use crate::entity::people::persons::{ActiveModel, Column, Entity, Model};
use crate::error::Result;
use crate::{Reads, Tx};

/// An identity number as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptIdentity {
    /// The whole number, sealed.
    pub sealed: String,
    /// Its keyed hash.
    pub hash: String,
    /// Enough of it for its owner to know it again.
    pub mask: String,
}

/// The person with this id, unless the account was closed.
///
/// # Errors
/// Any [`crate::StoreError`].
pub async fn person(reads: &impl Reads, id: PersonId) -> Result<Option<Person>> {
    let row = Entity::find_by_id(id.0).filter(Column::ClosedAt.is_null()).one(reads.connection()).await?;
    row.map(value).transpose()
}

/// The person with this id, unless the account was closed; on PostgreSQL nobody else changes the row until the
/// transaction ends, on SQLite nobody else writes anyway.
///
/// # Errors
/// Any [`crate::StoreError`].
pub async fn person_locked(tx: &Tx, id: PersonId) -> Result<Option<Person>> {
    // As `Tx::locking`: whoever writes a row of this person need not wait.
    let open = Entity::find_by_id(id.0).filter(Column::ClosedAt.is_null());
    let row = open.lock(LockType::NoKeyUpdate).one(tx.connection()).await?;
    row.map(value).transpose()
}

/// These people in the order of their ids; those whose account was closed have an empty name and nothing else.
///
/// # Errors
/// Any [`crate::StoreError`].
pub async fn persons(reads: &impl Reads, ids: &[PersonId]) -> Result<Vec<Person>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let rows = Entity::find()
        .filter(Column::Id.is_in(ids.iter().map(|id| id.0)))
        .order_by_asc(Column::Id)
        .all(reads.connection())
        .await?;
    rows.into_iter().map(value).collect()
}

/// The people a phone leads to, at most `limit`: the one whose account has it, and those it was noted for at a desk.
///
/// # Errors
/// Any [`crate::StoreError`].
pub async fn by_phone(reads: &impl Reads, phone: &Phone, limit: u64) -> Result<Vec<Person>> {
    let holders = Query::select()
        .column(accounts::Column::PersonId)
        .from(accounts::Entity)
        .and_where(accounts::Column::Phone.eq(phone.digits()))
        .to_owned();
    let rows = Entity::find()
        .filter(Column::ContactPhone.eq(phone.digits()).or(Column::Id.in_subquery(holders)))
        .filter(Column::ClosedAt.is_null())
        .order_by_asc(Column::Id)
        .limit(limit)
        .all(reads.connection())
        .await?;
    rows.into_iter().map(value).collect()
}

/// What begins so, with the signs of a pattern as signs like others.
fn begins_with(name: &str) -> LikeExpr {
    let literal: String =
        name.chars().flat_map(|c| matches!(c, '%' | '_' | '\\').then_some('\\').into_iter().chain([c])).collect();
    LikeExpr::new(format!("{literal}%")).escape('\\')
}

/// At most `limit` people whose name begins so and whose community's code begins with one of the prefixes.
///
/// # Errors
/// Any [`crate::StoreError`].
pub async fn by_name(reads: &impl Reads, name: &str, prefixes: &[String], limit: u64) -> Result<Vec<Person>> {
    let within = prefixes.iter().fold(sea_orm::sea_query::Condition::any(), |any, prefix| {
        any.add(Column::CommunityCode.starts_with(prefix.as_str()))
    });
    let rows = Entity::find()
        .filter(Column::Name.like(begins_with(name)))
        .filter(within)
        .filter(Column::ClosedAt.is_null())
        .order_by_asc(Column::Name)
        .order_by_asc(Column::Id)
        .limit(limit)
        .all(reads.connection())
        .await?;
    rows.into_iter().map(value).collect()
}

/// The person with this identity number.
///
/// # Errors
/// Any [`crate::StoreError`].
pub async fn by_identity(reads: &impl Reads, hash: &str) -> Result<Option<Person>> {
    let row = Entity::find()
        .filter(Column::IdentityHash.eq(hash))
        .filter(Column::ClosedAt.is_null())
        .one(reads.connection())
        .await?;
    row.map(value).transpose()
}

/// The phone to reach a person by: that of the account, otherwise the one noted at a desk.
///
/// # Errors
/// Any [`crate::StoreError`].
pub async fn phone(reads: &impl Reads, id: PersonId) -> Result<Option<Phone>> {
    Ok(phones(reads, &[id]).await?.pop().map(|(_, phone)| phone))
}

/// The phones to reach these people by; whoever has none is left out.
///
/// # Errors
/// Any [`crate::StoreError`].
pub async fn phones(reads: &impl Reads, ids: &[PersonId]) -> Result<Vec<(PersonId, Phone)>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let numbers = || ids.iter().map(|id| id.0);
    let noted: Vec<(i64, String)> = Entity::find()
        .select_only()
        .columns([Column::Id, Column::ContactPhone])
        .filter(Column::Id.is_in(numbers()))
        .filter(Column::ContactPhone.is_not_null())
        .into_tuple()
        .all(reads.connection())
        .await?;
    let own: Vec<(i64, String)> = accounts::Entity::find()
        .select_only()
        .columns([accounts::Column::PersonId, accounts::Column::Phone])
        .filter(accounts::Column::PersonId.is_in(numbers()))
        .filter(accounts::Column::Phone.is_not_null())
        .into_tuple()
        .all(reads.connection())
        .await?;
    let best: std::collections::BTreeMap<i64, String> = noted.into_iter().chain(own).collect();
    best.into_iter().map(|(id, phone)| Ok((PersonId(id), read("persons", id, "phone", &phone)?))).collect()
}

/// Adds a person, with the phone to reach them by when they have no account.
///
/// # Errors
/// Any [`crate::StoreError`].
pub async fn insert(tx: &Tx, person: &Person, contact_phone: Option<&Phone>, now: Instant) -> Result<()> {
    let row = ActiveModel {
        id: Set(person.id.0),
        version: Set(person.version),
        name: Set(person.name.clone()),
        birth_day: Set(person.birth_date.map(|day| day.0)),
        community_code: Set(person.community.as_ref().map(ToString::to_string)),
        address: Set(person.address.clone()),
        contact_phone: Set(contact_phone.map(|phone| phone.digits().to_owned())),
        identity_sealed: Set(None),
        identity_hash: Set(None),
        identity_mask: Set(None),
        language: Set(person.language.key().to_owned()),
        large_type: Set(person.large_type),
        created_at: Set(now.0),
        closed_at: Set(None),
    };
    Entity::insert(row).exec_without_returning(tx.connection()).await?;
    Ok(())
}

/// Writes what changed and raises the version, if the person still has the version that `person` was read with.
/// The identity number is changed by [`set_identity`] alone.
///
/// # Errors
/// Any [`crate::StoreError`].
pub async fn update(tx: &Tx, person: &Person) -> Result<bool> {
    let changed = Entity::update_many()
        .col_expr(Column::Version, Expr::value(person.version + 1))
        .col_expr(Column::Name, Expr::value(person.name.clone()))
        .col_expr(Column::BirthDay, Expr::value(person.birth_date.map(|day| day.0)))
        .col_expr(Column::CommunityCode, Expr::value(person.community.as_ref().map(ToString::to_string)))
        .col_expr(Column::Address, Expr::value(person.address.clone()))
        .col_expr(Column::Language, Expr::value(person.language.key()))
        .col_expr(Column::LargeType, Expr::value(person.large_type))
        .filter(Column::Id.eq(person.id.0))
        .filter(Column::Version.eq(person.version))
        .filter(Column::ClosedAt.is_null())
        .exec(tx.connection())
        .await?;
    Ok(changed.rows_affected == 1)
}

/// Keeps a person's identity number, or forgets it. The version stays: [`update`] raises it.
///
/// # Errors
/// [`crate::StoreError::Unique`] when somebody else has the number.
pub async fn set_identity(tx: &Tx, id: PersonId, identity: Option<&KeptIdentity>) -> Result<()> {
    Entity::update_many()
        .col_expr(Column::IdentitySealed, Expr::value(identity.map(|kept| kept.sealed.clone())))
        .col_expr(Column::IdentityHash, Expr::value(identity.map(|kept| kept.hash.clone())))
        .col_expr(Column::IdentityMask, Expr::value(identity.map(|kept| kept.mask.clone())))
        .filter(Column::Id.eq(id.0))
        .exec(tx.connection())
        .await?;
    Ok(())
}

/// The keyed hash of a person's identity number.
///
/// # Errors
/// Any [`crate::StoreError`].
pub async fn identity_hash(reads: &impl Reads, id: PersonId) -> Result<Option<String>> {
    Ok(Entity::find_by_id(id.0).one(reads.connection()).await?.and_then(|row| row.identity_hash))
}

/// Forgets who a person was. The row stays, so that old orders still have a subject.
///
/// # Errors
/// Any [`crate::StoreError`].
pub async fn anonymise(tx: &Tx, id: PersonId, now: Instant) -> Result<()> {
    Entity::update_many()
        .col_expr(Column::Version, Expr::col(Column::Version).add(1))
        .col_expr(Column::Name, Expr::value(""))
        .col_expr(Column::BirthDay, Expr::value(None::<i32>))
        .col_expr(Column::CommunityCode, Expr::value(None::<String>))
        .col_expr(Column::Address, Expr::value(None::<String>))
        .col_expr(Column::ContactPhone, Expr::value(None::<String>))
        .col_expr(Column::LargeType, Expr::value(false))
        .col_expr(Column::ClosedAt, Expr::value(now.0))
        .filter(Column::Id.eq(id.0))
        .exec(tx.connection())
        .await?;
    set_identity(tx, id, None).await
}

pub(crate) fn value(row: Model) -> Result<Person> {
    let community = row.community_code.as_deref();
    let language = match row.language.as_str() {
        "zh" => Language::Zh,
        "en" => Language::En,
        _ => return Err(odd("persons", row.id, "language")),
    };
    Ok(Person {
        id: PersonId(row.id),
        version: row.version,
        birth_date: row.birth_day.map(Day),
        community: community.map(|code| read("persons", row.id, "community_code", code)).transpose()?,
        name: row.name,
        address: row.address,
        identity_mask: row.identity_mask,
        language,
        large_type: row.large_type,
    })
}
