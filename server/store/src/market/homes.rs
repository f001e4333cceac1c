//! Where residents live, as far as it is known: for planning, never by name.

use linli_domain::area::AreaCode;
use linli_domain::geo::Wgs84;
use linli_domain::time::Day;
use sea_orm::QueryResult;

use crate::booking::orders::ask;
use crate::connect::Reads;
use crate::error::{Result, StoreError};

/// One resident's home.
#[derive(Debug, Clone, PartialEq)]
pub struct Home {
    /// Their community.
    pub community: AreaCode,
    /// Their birth day, where it is known.
    pub born: Option<Day>,
    /// The first address they keep.
    pub point: Option<Wgs84>,
}

/// The homes of everybody who says they live in an area, given by the beginning of its codes.
///
/// # Errors
/// Any [`StoreError`].
pub async fn in_area(db: &impl Reads, within: &str, today: Day) -> Result<Vec<Home>> {
    // The day keeps those out who are not born yet: a slip of the pen.
    let sql = "SELECT p.community_code, p.birth_day, a.latitude, a.longitude FROM persons p \
               LEFT JOIN addresses a ON a.id = (SELECT MIN(b.id) FROM addresses b WHERE b.person_id = p.id) \
               WHERE p.closed_at IS NULL AND p.community_code LIKE $1 AND (p.birth_day IS NULL OR p.birth_day <= $2)";
    let rows = ask(db, sql, [format!("{within}%").into(), today.0.into()]).await?;
    rows.iter().map(home).collect()
}

fn home(row: &QueryResult) -> Result<Home> {
    let code: String = row.try_get("", "community_code")?;
    let born: Option<i32> = row.try_get("", "birth_day")?;
    let (latitude, longitude): (Option<f64>, Option<f64>) =
        (row.try_get("", "latitude")?, row.try_get("", "longitude")?);
    Ok(Home {
        community: code.parse().map_err(|_| StoreError::Row("persons.community_code cannot be read".into()))?,
        born: born.map(Day),
        point: latitude.zip(longitude).and_then(|(latitude, longitude)| Wgs84::new(latitude, longitude)),
    })
}
