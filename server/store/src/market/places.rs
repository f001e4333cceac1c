//! Compounds, and who is responsible for what where.

use linli_domain::area::AreaCode;
use linli_domain::geo::Wgs84;
use linli_domain::id::{CompoundId, OrganisationId};
use linli_domain::platform::KindKey;
use linli_domain::words::Words;
use sea_orm::QueryResult;

use crate::booking::orders::ask;
use crate::catalogue::{bad, text, words};
use crate::connect::{Reads, Tx};
use crate::error::Result;
use crate::rows::Rows;

/// Buildings behind gates.
#[derive(Debug, Clone, PartialEq)]
pub struct Compound {
    /// Which.
    pub id: CompoundId,
    /// Its key.
    pub key: String,
    /// What it is called.
    pub name: Words,
    /// The community it lies in.
    pub area: AreaCode,
    /// Its main gate.
    pub point: Wgs84,
    /// The company that looks after it.
    pub company: Option<OrganisationId>,
}

/// Who is responsible for a kind in an area.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Duty {
    /// The kind of service.
    pub kind: KindKey,
    /// The area and everything in it.
    pub area: AreaCode,
    /// Who.
    pub organisation: OrganisationId,
}

/// Who might be responsible at a place.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Named {
    /// The company of the compound.
    pub company: Option<OrganisationId>,
    /// Those who are responsible for the kind, by area.
    pub duties: Vec<(AreaCode, OrganisationId)>,
}

/// Adds compounds.
///
/// # Errors
/// [`crate::StoreError::Unique`] on a key that is taken.
pub async fn insert_compounds(tx: &Tx, rows: &[Compound]) -> Result<()> {
    Rows::new()
        .int("id", rows.iter().map(|one| one.id.0))
        .text("key", rows.iter().map(|one| one.key.as_str()))
        .text("name_zh", rows.iter().map(|one| one.name.zh.as_str()))
        .text("name_en", rows.iter().map(|one| one.name.en.as_str()))
        .text("area_code", rows.iter().map(|one| one.area.as_str()))
        .float("latitude", rows.iter().map(|one| one.point.latitude))
        .float("longitude", rows.iter().map(|one| one.point.longitude))
        .int_or_null("organisation_id", rows.iter().map(|one| one.company.map(|id| id.0)))
        .insert(tx, "compounds", "")
        .await?;
    Ok(())
}

/// Says who is responsible, over what was said before.
///
/// # Errors
/// Any [`crate::StoreError`].
pub async fn put_duties(tx: &Tx, duties: &[Duty]) -> Result<()> {
    Rows::new()
        .text("kind", duties.iter().map(|duty| duty.kind.as_str()))
        .text("area_code", duties.iter().map(|duty| duty.area.as_str()))
        .int("organisation_id", duties.iter().map(|duty| duty.organisation.0))
        .insert(
            tx,
            "responsibilities",
            "ON CONFLICT (kind, area_code) DO UPDATE SET organisation_id = excluded.organisation_id",
        )
        .await?;
    Ok(())
}

/// Everybody who is named for a kind and a compound, in one look.
///
/// # Errors
/// Any [`crate::StoreError`].
pub async fn named(db: &impl Reads, kind: &KindKey, compound: Option<CompoundId>) -> Result<Named> {
    let sql = "SELECT NULL AS area_code, organisation_id FROM compounds WHERE id = $1 AND organisation_id IS NOT NULL \
               UNION ALL SELECT area_code, organisation_id FROM responsibilities WHERE kind = $2";
    let mut named = Named::default();
    for row in ask(db, sql, [compound.map_or(0, |id| id.0).into(), kind.as_str().into()]).await? {
        let organisation = OrganisationId(row.try_get("", "organisation_id")?);
        match row.try_get::<Option<String>>("", "area_code")? {
            None => named.company = Some(organisation),
            Some(code) => {
                let area = code.parse().map_err(|_| bad("responsibilities.area_code"))?;
                named.duties.push((area, organisation));
            }
        }
    }
    Ok(named)
}

/// All compounds, by key. There are some hundreds in a district.
///
/// # Errors
/// Any [`crate::StoreError`].
pub async fn compounds(db: &impl Reads) -> Result<Vec<Compound>> {
    ask(db, "SELECT * FROM compounds ORDER BY key", []).await?.iter().map(compound).collect()
}

/// One compound.
///
/// # Errors
/// Any [`crate::StoreError`].
pub async fn compound_of(db: &impl Reads, id: CompoundId) -> Result<Option<Compound>> {
    ask(db, "SELECT * FROM compounds WHERE id = $1", [id.0.into()]).await?.first().map(compound).transpose()
}

fn compound(row: &QueryResult) -> Result<Compound> {
    let company: Option<i64> = row.try_get("", "organisation_id")?;
    Ok(Compound {
        id: CompoundId(row.try_get("", "id")?),
        key: text(row, "key")?,
        name: words(row, "name")?,
        area: text(row, "area_code")?.parse().map_err(|_| bad("compounds.area_code"))?,
        point: Wgs84 { latitude: row.try_get("", "latitude")?, longitude: row.try_get("", "longitude")? },
        company: company.map(OrganisationId),
    })
}
