//! Rooms, tables and machines of an offering, told apart from each other.

use linli_domain::id::{OfferingId, UnitId};
use linli_domain::platform::Shape;
use linli_domain::refusal::{Code, Refusal};
use linli_domain::role::Actor;
use linli_domain::time::Day;
use linli_domain::words::Words;
use linli_store::audit::{self, ActingAs};
use linli_store::catalogue::{self as tables, Unit};
use linli_store::managing::{offerings, standing, units as rows};
use serde_json::json;

use super::{NAME_MAX, allowed, change, from_day, offering, words};
use crate::{App, Result};

/// The most units of one offering.
const MOST: usize = 100;

/// Adds a unit from today on.
///
/// # Errors
/// [`Code::NotFound`], [`Code::ValueInvalid`] for kinds without rooms and for too many,
/// [`Code::OfferingOrdersStand`] where rooms were only counted so far and orders stand.
pub async fn add(app: &App, actor: &Actor, id: OfferingId, name: &Words) -> Result<UnitId> {
    let catalogue = app.catalogue().await?;
    let kind = app.orderable(offering(&catalogue, actor, id)?)?;
    let rooms = kind.shape == Shape::Resource;
    if !rooms && kind.shape != Shape::Session {
        return Err(allowed("offering", "场地类或场次类的服务", "a service of rooms or of sessions").into());
    }
    let (unit, today) = (UnitId(app.next_id()), app.now().day());
    let name = words("name", name, NAME_MAX)?;
    let entry = app.entry(actor, ActingAs::Staff, "unit.added").on(unit.0).saying(json!({ "offering": id }));
    change(app, move |tx| {
        Box::pin(async move {
            offerings::raise(tx, id, None).await?.ok_or(Code::NotFound)?;
            let there = rows::of_offering(tx, id).await?;
            if there.len() >= MOST {
                return Err(allowed("name", "最多 100 个", "at most 100").into());
            }
            // From the first unit on they are told apart, and orders that only count would be on none of them.
            let count = if rooms && there.is_empty() { standing::count(tx, id, today).await? } else { 0 };
            if count > 0 {
                let refusal = Refusal::new(Code::OfferingOrdersStand);
                return Err(refusal.with("from", today).with("count", count).into());
            }
            let position = there.iter().map(|one| one.position).max().unwrap_or(0) + 1;
            let row = Unit { id: unit, offering: id, name, position, valid_from: today, valid_until: None };
            tables::insert_units(tx, &[row]).await?;
            audit::record(tx, entry).await?;
            Ok(unit)
        })
    })
    .await
}

/// Gives a unit another name, or another place in lists.
///
/// # Errors
/// [`Code::NotFound`], those of names.
pub async fn amend(
    app: &App,
    actor: &Actor,
    id: OfferingId,
    unit: UnitId,
    name: Option<Words>,
    position: Option<i32>,
) -> Result<()> {
    let catalogue = app.catalogue().await?;
    let now = offering(&catalogue, actor, id)?.unit(unit).ok_or(Code::NotFound)?;
    let name = name.map_or_else(|| Ok(now.name.clone()), |name| words("name", &name, NAME_MAX))?;
    let position = position.unwrap_or(now.position);
    let entry = app.entry(actor, ActingAs::Staff, "unit.changed").on(unit.0);
    change(app, move |tx| {
        Box::pin(async move {
            offerings::raise(tx, id, None).await?;
            rows::rename(tx, unit, &name, position).await?;
            Ok(audit::record(tx, entry).await?)
        })
    })
    .await
}

/// Ends a unit from a day on.
///
/// # Errors
/// [`Code::UnitOrdersStand`] with how many orders and meetings use it from that day on; [`Code::NotFound`],
/// [`Code::DateInvalid`].
pub async fn end(app: &App, actor: &Actor, id: OfferingId, unit: UnitId, from: Option<Day>) -> Result<()> {
    let catalogue = app.catalogue().await?;
    offering(&catalogue, actor, id)?.unit(unit).ok_or(Code::NotFound)?;
    let from = from_day(app, "from", from.unwrap_or_else(|| app.now().day()))?;
    let entry = app.entry(actor, ActingAs::Staff, "unit.ended").on(unit.0).saying(json!({ "from": from }));
    change(app, move |tx| {
        Box::pin(async move {
            offerings::raise(tx, id, None).await?;
            let count = standing::count_unit(tx, unit, from).await?;
            if count > 0 {
                return Err(Refusal::new(Code::UnitOrdersStand).with("from", from).with("count", count).into());
            }
            rows::end(tx, unit, from).await?;
            Ok(audit::record(tx, entry).await?)
        })
    })
    .await
}
