//! What two people who meet leave behind: pictures of the work, and whose number was shown to whom.

use linli_domain::id::{FileId, OrderId, PersonId};
use linli_domain::time::Instant;
use sea_orm::Value;

use crate::booking::orders::ask;
use crate::connect::{Reads, Tx};
use crate::error::Result;

/// A picture of an order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    /// Its file.
    pub file: FileId,
    /// To which moment it belongs: `request`, `before`, `after`, `rating` or `answer`.
    pub moment: String,
    /// When.
    pub at: Instant,
}

/// Adds a picture somebody sent to an order, once. Answers whether it is theirs, and a picture.
///
/// # Errors
/// Any [`crate::StoreError`].
pub async fn add_picture(
    tx: &Tx,
    order: OrderId,
    file: FileId,
    moment: &str,
    by: PersonId,
    at: Instant,
) -> Result<bool> {
    let sql = "SELECT id FROM files WHERE id = $1 AND owner = $2 AND purpose = 'picture'";
    if ask(tx, sql, [file.0.into(), by.0.into()]).await?.is_empty() {
        return Ok(false);
    }
    let sql = "INSERT INTO order_pictures (order_id, file_id, moment, by_person, at) VALUES ($1, $2, $3, $4, $5) \
               ON CONFLICT (order_id, file_id) DO NOTHING RETURNING file_id";
    let values: [Value; 5] = [order.0.into(), file.0.into(), moment.into(), by.0.into(), at.0.into()];
    ask(tx, sql, values).await?;
    Ok(true)
}

/// The pictures of an order, the oldest first.
///
/// # Errors
/// Any [`crate::StoreError`].
pub async fn pictures(db: &impl Reads, order: OrderId) -> Result<Vec<Picture>> {
    let sql = "SELECT file_id, moment, at FROM order_pictures WHERE order_id = $1 ORDER BY at, file_id";
    let rows = ask(db, sql, [order.0.into()]).await?;
    let picture = |row: &sea_orm::QueryResult| {
        Ok(Picture {
            file: FileId(row.try_get("", "file_id")?),
            moment: row.try_get("", "moment")?,
            at: Instant(row.try_get("", "at")?),
        })
    };
    rows.iter().map(picture).collect()
}

/// Notes that somebody was shown a number.
///
/// # Errors
/// Any [`crate::StoreError`].
pub async fn revealed(tx: &Tx, id: i64, order: OrderId, by: PersonId, of: PersonId, at: Instant) -> Result<()> {
    let sql = "INSERT INTO number_reveals (id, order_id, by_person, of_person, at) VALUES ($1, $2, $3, $4, $5) \
               RETURNING id";
    ask(tx, sql, [id.into(), order.0.into(), by.0.into(), of.0.into(), at.0.into()]).await?;
    Ok(())
}
