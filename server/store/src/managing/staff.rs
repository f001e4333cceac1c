//! Who works for an organisation.

use linli_domain::id::{AccountId, GrantId, OrganisationId, PersonId};
use linli_domain::phone::Phone;
use linli_domain::role::{Grant, Role, Scope};
use linli_domain::time::Instant;
use sea_orm::QueryResult;

use crate::booking::orders::ask;
use crate::catalogue::{bad, text};
use crate::connect::{Reads, Tx};
use crate::error::Result;
use crate::people::grants::GrantRecord;
use crate::rows::Rows;

/// Waits for whoever else changes the staff of an organisation, so that of two managers who leave at once one stays.
/// Answers whether there is such an organisation.
///
/// # Errors
/// Any [`crate::StoreError`].
pub async fn lock(tx: &Tx, organisation: OrganisationId) -> Result<bool> {
    let sql = "UPDATE organisations SET key = key WHERE id = $1 RETURNING id";
    Ok(!ask(tx, sql, [organisation.0.into()]).await?.is_empty())
}

/// The roles of an organisation in force, in the order they were given.
///
/// # Errors
/// Any [`crate::StoreError`].
pub async fn of_organisation(db: &impl Reads, id: OrganisationId, at: Instant) -> Result<Vec<GrantRecord>> {
    let sql = "SELECT * FROM role_grants WHERE organisation_id = $1 AND valid_from <= $2 \
               AND (valid_until IS NULL OR valid_until > $2) ORDER BY id";
    ask(db, sql, [id.0.into(), at.0.into()]).await?.iter().map(|row| grant(row, id)).collect()
}

fn grant(row: &QueryResult, organisation: OrganisationId) -> Result<GrantRecord> {
    let (by, until): (Option<i64>, Option<i64>) = (row.try_get("", "granted_by")?, row.try_get("", "valid_until")?);
    Ok(GrantRecord {
        id: GrantId(row.try_get("", "id")?),
        account: AccountId(row.try_get("", "account_id")?),
        grant: Grant {
            role: Role::from_key(&text(row, "role")?).ok_or_else(|| bad("role_grants.role"))?,
            scope: Scope::Organisation(organisation),
        },
        granted_by: by.map(AccountId),
        valid_from: Instant(row.try_get("", "valid_from")?),
        valid_until: until.map(Instant),
    })
}

/// The open accounts of some phones.
///
/// # Errors
/// Any [`crate::StoreError`].
pub async fn accounts(db: &impl Reads, phones: &[Phone]) -> Result<Vec<(Phone, AccountId, PersonId)>> {
    let rows = Rows::new()
        .text("phone", phones.iter().map(Phone::digits))
        .query(
            db,
            "SELECT a.phone, a.id, a.person_id FROM accounts a JOIN",
            "AS v ON a.phone = v.phone WHERE a.closed_at IS NULL",
        )
        .await?;
    let read = |row: &QueryResult| {
        let phone = text(row, "phone")?.parse().map_err(|_| bad("accounts.phone"))?;
        Ok((phone, AccountId(row.try_get("", "id")?), PersonId(row.try_get("", "person_id")?)))
    };
    rows.iter().map(read).collect()
}

/// Gives roles of one organisation.
///
/// # Errors
/// Any [`crate::StoreError`].
pub async fn give(tx: &Tx, organisation: OrganisationId, records: &[GrantRecord]) -> Result<()> {
    Rows::new()
        .int("id", records.iter().map(|record| record.id.0))
        .int("account_id", records.iter().map(|record| record.account.0))
        .text("role", records.iter().map(|record| record.grant.role.key()))
        .int("organisation_id", records.iter().map(|_| organisation.0))
        .int_or_null("granted_by", records.iter().map(|record| record.granted_by.map(|id| id.0)))
        .int("valid_from", records.iter().map(|record| record.valid_from.0))
        .int_or_null("valid_until", records.iter().map(|record| record.valid_until.map(|at| at.0)))
        .insert(tx, "role_grants", "")
        .await?;
    Ok(())
}

/// Ends roles now.
///
/// # Errors
/// Any [`crate::StoreError`].
pub async fn end(tx: &Tx, ids: &[GrantId], now: Instant) -> Result<()> {
    Rows::new()
        .int("id", ids.iter().map(|id| id.0))
        .int("now", ids.iter().map(|_| now.0))
        .execute(tx, "UPDATE role_grants SET valid_until = v.now FROM", "AS v WHERE role_grants.id = v.id")
        .await?;
    Ok(())
}
