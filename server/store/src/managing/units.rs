//! Rooms, tables and machines of an offering.

use linli_domain::id::{OfferingId, UnitId};
use linli_domain::time::Day;
use linli_domain::words::Words;

use crate::booking::orders::ask;
use crate::catalogue::{Unit, unit};
use crate::connect::{Reads, Tx};
use crate::error::Result;

/// All units of an offering, those that have ended too, in their order.
///
/// # Errors
/// Any [`crate::StoreError`].
pub async fn of_offering(db: &impl Reads, offering: OfferingId) -> Result<Vec<Unit>> {
    let sql = "SELECT * FROM units WHERE offering_id = $1 ORDER BY position, id";
    ask(db, sql, [offering.0.into()]).await?.iter().map(unit).collect()
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
