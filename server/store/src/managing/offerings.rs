//! Offerings, and their rules over time.

use linli_domain::area::AreaCode;
use linli_domain::id::{AccountId, OfferingId, ProviderId};
use linli_domain::time::{Day, Instant};
use linli_domain::words::Words;

use crate::booking::orders::ask;
use crate::catalogue::{OfferingVersion, bad, text};
use crate::connect::{Reads, Tx};
use crate::error::Result;
use crate::rows::Rows;

/// Raises the version of an offering, if it is still the one that was seen; none sees to nothing. Answers the new
/// version, or nothing when the offering is gone or has changed.
///
/// # Errors
/// Any [`StoreError`].
pub async fn raise(tx: &Tx, id: OfferingId, seen: Option<i32>) -> Result<Option<i32>> {
    let sql = "UPDATE offerings SET version = version + 1 WHERE id = $1 AND ($2 = 0 OR version = $2) RETURNING version";
    let rows = ask(tx, sql, [id.0.into(), seen.unwrap_or(0).into()]).await?;
    rows.first().map(|row| Ok(row.try_get("", "version")?)).transpose()
}

/// Raises the versions of several offerings.
///
/// # Errors
/// Any [`StoreError`].
pub async fn raise_all(tx: &Tx, ids: &[OfferingId]) -> Result<()> {
    Rows::new()
        .int("id", ids.iter().map(|id| id.0))
        .execute(tx, "UPDATE offerings SET version = version + 1 WHERE id IN (SELECT v.id FROM", "AS v)")
        .await?;
    Ok(())
}

/// The version of an offering.
///
/// # Errors
/// Any [`StoreError`].
pub async fn version(db: &impl Reads, id: OfferingId) -> Result<Option<i32>> {
    let rows = ask(db, "SELECT version FROM offerings WHERE id = $1", [id.0.into()]).await?;
    rows.first().map(|row| Ok(row.try_get("", "version")?)).transpose()
}

/// What of an offering may change while it is offered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Of which.
    pub id: OfferingId,
    /// With whom.
    pub provider: Option<ProviderId>,
    /// Only for residents of this area.
    pub residents_of: Option<AreaCode>,
    /// A word to residents; both texts empty when there is none.
    pub note: Words,
}

/// Writes changes.
///
/// # Errors
/// Any [`StoreError`].
pub async fn change(tx: &Tx, changes: &[Change]) -> Result<()> {
    Rows::new()
        .int("id", changes.iter().map(|change| change.id.0))
        .int_or_null("provider_id", changes.iter().map(|change| change.provider.map(|id| id.0)))
        .text_or_null("resident_area", changes.iter().map(|change| change.residents_of.as_ref().map(AreaCode::as_str)))
        .text("note_zh", changes.iter().map(|change| change.note.zh.as_str()))
        .text("note_en", changes.iter().map(|change| change.note.en.as_str()))
        .execute(
            tx,
            "UPDATE offerings SET provider_id = v.provider_id, resident_area = v.resident_area, note_zh = v.note_zh, \
             note_en = v.note_en FROM",
            "AS v WHERE offerings.id = v.id",
        )
        .await?;
    Ok(())
}

/// The rules of an offering from a day on, with what managers want to know of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct History {
    /// The rules.
    pub set: OfferingVersion,
    /// Orders that were placed under them and have something to come.
    pub orders: u32,
}

/// All rules of an offering, oldest first.
///
/// # Errors
/// Any [`StoreError`].
pub async fn history(db: &impl Reads, id: OfferingId) -> Result<Vec<History>> {
    let sql = format!(
        "SELECT v.version, v.rules, v.valid_from, v.valid_until, v.author, v.created_at, \
         (SELECT COUNT(*) FROM orders o WHERE o.offering_id = v.offering_id AND o.offering_version = v.version \
          AND o.state IN {}) AS orders \
         FROM offering_versions v WHERE v.offering_id = $1 ORDER BY v.version",
        super::standing::TO_COME
    );
    let read = |row: &sea_orm::QueryResult| {
        let (until, author): (Option<i32>, Option<i64>) = (row.try_get("", "valid_until")?, row.try_get("", "author")?);
        let orders: i64 = row.try_get("", "orders")?;
        let set = OfferingVersion {
            offering: id,
            version: row.try_get("", "version")?,
            rules: serde_json::from_str(&text(row, "rules")?).map_err(|_| bad("offering_versions.rules"))?,
            valid_from: Day(row.try_get("", "valid_from")?),
            valid_until: until.map(Day),
            author: author.map(AccountId),
            created_at: Instant(row.try_get("", "created_at")?),
        };
        Ok(History { set, orders: u32::try_from(orders).map_err(|_| bad("orders"))? })
    };
    ask(db, &sql, [id.0.into()]).await?.iter().map(read).collect()
}

/// Lets the rules of offerings hold no more from a day on. Those that were to come then end before they begin, and so
/// hold on no day; their history stays.
///
/// # Errors
/// Any [`StoreError`].
pub async fn end(tx: &Tx, ends: &[(OfferingId, Day)]) -> Result<()> {
    Rows::new()
        .int("offering_id", ends.iter().map(|(id, _)| id.0))
        .int("day", ends.iter().map(|(_, day)| i64::from(day.0)))
        .execute(
            tx,
            "UPDATE offering_versions SET valid_until = v.day FROM",
            "AS v WHERE offering_versions.offering_id = v.offering_id \
             AND (offering_versions.valid_until IS NULL OR offering_versions.valid_until > v.day)",
        )
        .await?;
    Ok(())
}
