//! Who or what is booked within an offering.

use linli_domain::id::ProviderId;
use linli_domain::words::Words;

use crate::booking::orders::ask;
use crate::connect::{Reads, Tx};
use crate::error::Result;
use crate::rows::Rows;

/// What may change of a provider.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Of which.
    pub id: ProviderId,
    /// The name.
    pub name: Words,
    /// The professional title.
    pub title: Words,
    /// The department.
    pub department: Words,
    /// `female`, `male` or `unsaid`.
    pub gender: String,
}

/// The version of a provider.
///
/// # Errors
/// Any [`crate::StoreError`].
pub async fn version(db: &impl Reads, id: ProviderId) -> Result<Option<i32>> {
    let rows = ask(db, "SELECT version FROM providers WHERE id = $1", [id.0.into()]).await?;
    rows.first().map(|row| Ok(row.try_get("", "version")?)).transpose()
}

/// The versions of all providers of an organisation.
///
/// # Errors
/// Any [`crate::StoreError`].
pub async fn versions(
    db: &impl Reads,
    organisation: linli_domain::id::OrganisationId,
) -> Result<std::collections::BTreeMap<ProviderId, i32>> {
    let sql = "SELECT id, version FROM providers WHERE organisation_id = $1";
    let rows = ask(db, sql, [organisation.0.into()]).await?;
    rows.iter().map(|row| Ok((ProviderId(row.try_get("", "id")?), row.try_get("", "version")?))).collect()
}

/// Writes changes, and raises the versions.
///
/// # Errors
/// Any [`crate::StoreError`].
pub async fn change(tx: &Tx, changes: &[Change]) -> Result<()> {
    Rows::new()
        .int("id", changes.iter().map(|one| one.id.0))
        .text("name_zh", changes.iter().map(|one| one.name.zh.as_str()))
        .text("name_en", changes.iter().map(|one| one.name.en.as_str()))
        .text("title_zh", changes.iter().map(|one| one.title.zh.as_str()))
        .text("title_en", changes.iter().map(|one| one.title.en.as_str()))
        .text("department_zh", changes.iter().map(|one| one.department.zh.as_str()))
        .text("department_en", changes.iter().map(|one| one.department.en.as_str()))
        .text("gender", changes.iter().map(|one| one.gender.as_str()))
        .execute(
            tx,
            "UPDATE providers SET version = version + 1, name_zh = v.name_zh, name_en = v.name_en, \
             title_zh = v.title_zh, title_en = v.title_en, department_zh = v.department_zh, \
             department_en = v.department_en, gender = v.gender FROM",
            "AS v WHERE providers.id = v.id",
        )
        .await?;
    Ok(())
}
