//! The tree of areas, and on which number each is reached.

use linli_domain::area::{Area, AreaCode, AreaKind};
use linli_domain::words::Words;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};

use crate::entity::areas::{Column, Entity, Model};
use crate::error::{Result, StoreError};
use crate::{Reads, Tx};

/// The area with this code.
///
/// # Errors
/// Any [`StoreError`].
pub async fn area(reads: &impl Reads, code: &AreaCode) -> Result<Option<Area>> {
    Entity::find_by_id(code.as_str()).one(reads.connection()).await?.map(value).transpose()
}

/// The district: the area that has none above it.
///
/// # Errors
/// Any [`StoreError`].
pub async fn district(reads: &impl Reads) -> Result<Option<Area>> {
    let row =
        Entity::find().filter(Column::ParentCode.is_null()).order_by_asc(Column::Code).one(reads.connection()).await?;
    row.map(value).transpose()
}

/// The areas directly below one, in the order of their codes.
///
/// # Errors
/// Any [`StoreError`].
pub async fn children(reads: &impl Reads, code: &AreaCode) -> Result<Vec<Area>> {
    let rows = Entity::find()
        .filter(Column::ParentCode.eq(code.as_str()))
        .order_by_asc(Column::Code)
        .all(reads.connection())
        .await?;
    rows.into_iter().map(value).collect()
}

/// These areas and all above them, each with the number it is reached on, in the order of their codes: whoever stands
/// higher comes first.
///
/// # Errors
/// Any [`StoreError`].
pub async fn with_ancestors(reads: &impl Reads, codes: &[AreaCode]) -> Result<Vec<(Area, Option<String>)>> {
    let mut wanted: Vec<String> = codes
        .iter()
        .flat_map(|code| std::iter::successors(Some(code.clone()), AreaCode::parent))
        .map(|code| code.to_string())
        .collect();
    wanted.sort_unstable();
    wanted.dedup();
    if wanted.is_empty() {
        return Ok(Vec::new());
    }
    let rows =
        Entity::find().filter(Column::Code.is_in(wanted)).order_by_asc(Column::Code).all(reads.connection()).await?;
    let with_phone = |mut row: Model| {
        let phone = row.phone.take();
        Ok((value(row)?, phone))
    };
    rows.into_iter().map(with_phone).collect()
}

/// Sets the number an area is reached on, or takes it away. Answers whether there is such an area.
///
/// # Errors
/// Any [`StoreError`].
pub async fn set_phone(tx: &Tx, code: &AreaCode, phone: Option<String>) -> Result<bool> {
    let update = Entity::update_many().col_expr(Column::Phone, Expr::value(phone));
    Ok(update.filter(Column::Code.eq(code.as_str())).exec(tx.connection()).await?.rows_affected == 1)
}

fn value(row: Model) -> Result<Area> {
    let odd = |column: &str| StoreError::Row(format!("areas {}: {column} {}", row.code, row.kind));
    let code = row.code.parse().map_err(|_| odd("code"))?;
    let kind = AreaKind::ALL.into_iter().find(|kind| kind.key() == row.kind).ok_or_else(|| odd("kind"))?;
    Ok(Area { code, kind, name: Words::new(row.name_zh, row.name_en) })
}
