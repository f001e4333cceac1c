//! Rooms, tables and machines of an offering.

use linli_domain::id::{OfferingId, UnitId};
use linli_domain::time::Day;
use linli_domain::words::Words;
use sea_orm::QueryResult;

use crate::booking::orders::ask;
use crate::catalogue::{Unit, words};
use crate::connect::{Reads, Tx};
use crate::error::Result;
use crate::rows::Rows;

/// All units of an offering, those that have ended too, in their order.
///
/// # Errors
/// Any [`crate::StoreError`].
pub async fn of_offering(db: &impl Reads, offering: OfferingId) -> Result<Vec<Unit>> {
    let sql = "SELECT * FROM units WHERE offering_id = $1 ORDER BY position, id";
    let read = |row: &QueryResult| {
        let until: Option<i32> = row.try_get("", "valid_until")?;
        Ok(Unit {
            id: UnitId(row.try_get("", "id")?),
            offering: OfferingId(row.try_get("", "offering_id")?),
            name: words(row, "name")?,
            position: row.try_get("", "position")?,
            valid_from: Day(row.try_get("", "valid_from")?),
            valid_until: until.map(Day),
        })
    };
    ask(db, sql, [offering.0.into()]).await?.iter().map(read).collect()
}

/// Adds units.
///
/// # Errors
/// Any [`crate::StoreError`].
pub async fn insert(tx: &Tx, units: &[Unit]) -> Result<()> {
    Rows::new()
        .int("id", units.iter().map(|unit| unit.id.0))
        .int("offering_id", units.iter().map(|unit| unit.offering.0))
        .text("name_zh", units.iter().map(|unit| unit.name.zh.as_str()))
        .text("name_en", units.iter().map(|unit| unit.name.en.as_str()))
        .int("position", units.iter().map(|unit| i64::from(unit.position)))
        .int("valid_from", units.iter().map(|unit| i64::from(unit.valid_from.0)))
        .int_or_null("valid_until", units.iter().map(|unit| unit.valid_until.map(|day| i64::from(day.0))))
        .insert(tx, "units", "")
        .await?;
    Ok(())
}

/// Writes the name and place in lists of a unit.
///
/// # Errors
/// Any [`crate::StoreError`].
pub async fn rename(tx: &Tx, id: UnitId, name: &Words, position: i32) -> Result<()> {
    let sql = "UPDATE units SET name_zh = $2, name_en = $3, position = $4 WHERE id = $1 RETURNING id";
    ask(tx, sql, [id.0.into(), name.zh.as_str().into(), name.en.as_str().into(), position.into()]).await?;
    Ok(())
}

/// Ends a unit from a day on.
///
/// # Errors
/// Any [`crate::StoreError`].
pub async fn end(tx: &Tx, id: UnitId, from: Day) -> Result<()> {
    ask(tx, "UPDATE units SET valid_until = $2 WHERE id = $1 RETURNING id", [id.0.into(), from.0.into()]).await?;
    Ok(())
}
