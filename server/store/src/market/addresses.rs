//! Addresses that people keep.

use linli_domain::area::AreaCode;
use linli_domain::geo::Wgs84;
use linli_domain::id::{AddressId, CompoundId, PersonId};
use linli_domain::time::Instant;
use sea_orm::QueryResult;

use crate::booking::orders::ask;
use crate::connect::{Reads, Tx};
use crate::error::{Result, StoreError};
use crate::rows::Rows;

/// An address as it is stored.
#[derive(Debug, Clone, PartialEq)]
pub struct Address {
    /// Which.
    pub id: AddressId,
    /// Whose.
    pub person: PersonId,
    /// What they call it.
    pub label: String,
    /// Compound or street.
    pub text: String,
    /// Building, entrance, floor, door.
    pub detail: String,
    /// The community it lies in.
    pub area: AreaCode,
    /// The compound.
    pub compound: Option<CompoundId>,
    /// Where exactly.
    pub point: Wgs84,
    /// When it was written down.
    pub created_at: Instant,
}

/// Writes a new one, or changes it.
///
/// # Errors
/// Any [`StoreError`].
pub async fn save(tx: &Tx, address: &Address) -> Result<()> {
    Rows::new()
        .int("id", [address.id.0])
        .int("person_id", [address.person.0])
        .text("label", [address.label.as_str()])
        .text("text", [address.text.as_str()])
        .text("detail", [address.detail.as_str()])
        .text("area_code", [address.area.as_str()])
        .int_or_null("compound_id", [address.compound.map(|id| id.0)])
        .float("latitude", [address.point.latitude])
        .float("longitude", [address.point.longitude])
        .int("created_at", [address.created_at.0])
        .insert(
            tx,
            "addresses",
            "ON CONFLICT (id) DO UPDATE SET label = excluded.label, text = excluded.text, detail = excluded.detail, \
             area_code = excluded.area_code, compound_id = excluded.compound_id, latitude = excluded.latitude, \
             longitude = excluded.longitude",
        )
        .await?;
    Ok(())
}

/// Those of a person, the oldest first.
///
/// # Errors
/// Any [`StoreError`].
pub async fn of_person(db: &impl Reads, person: PersonId) -> Result<Vec<Address>> {
    let rows = ask(db, "SELECT * FROM addresses WHERE person_id = $1 ORDER BY id", [person.0.into()]).await?;
    rows.iter().map(address).collect()
}

/// One of a person's.
///
/// # Errors
/// Any [`StoreError`].
pub async fn one(db: &impl Reads, person: PersonId, id: AddressId) -> Result<Option<Address>> {
    Ok(of_person(db, person).await?.into_iter().find(|address| address.id == id))
}

/// Forgets one, or all of a person.
///
/// # Errors
/// Any [`StoreError`].
pub async fn forget(tx: &Tx, person: PersonId, id: Option<AddressId>) -> Result<bool> {
    let sql = "DELETE FROM addresses WHERE person_id = $1 AND (id = $2 OR $2 = 0) RETURNING id";
    Ok(!ask(tx, sql, [person.0.into(), id.map_or(0, |id| id.0).into()]).await?.is_empty())
}

fn address(row: &QueryResult) -> Result<Address> {
    let text = |name: &str| -> Result<String> { Ok(row.try_get("", name)?) };
    let compound: Option<i64> = row.try_get("", "compound_id")?;
    Ok(Address {
        id: AddressId(row.try_get("", "id")?),
        person: PersonId(row.try_get("", "person_id")?),
        label: text("label")?,
        text: text("text")?,
        detail: text("detail")?,
        area: text("area_code")?.parse().map_err(|_| StoreError::Row("addresses.area_code cannot be read".into()))?,
        compound: compound.map(CompoundId),
        point: Wgs84 { latitude: row.try_get("", "latitude")?, longitude: row.try_get("", "longitude")? },
        created_at: Instant(row.try_get("", "created_at")?),
    })
}
