//! Organisations, places, providers and what they offer.

use std::collections::HashMap;

use linli_domain::demo::{Accessibility, Demo, DemoOffering, DemoPlace, DemoSchedule};
use linli_domain::geo::Wgs84;
use linli_domain::id::{CompoundId, OfferingId, OrganisationId, PlaceId, ProviderId, ScheduleId, UnitId};
use linli_domain::platform::Rules;
use linli_domain::slot::ScheduleLine;
use linli_domain::words::Words;
use linli_store::Tx;
use linli_store::catalogue::{self as tables, Hours, Offering, OfferingVersion, Organisation, Place, Provider, Unit};

use linli_store::market::places::{self as market, Compound, Duty};

use super::{DemoIds, Named, SOWN, first_day};
use crate::error::Failure;
use crate::{App, Result};

/// What the rest of the demo names of them.
pub(super) struct Offers {
    pub(super) organisations: Named<OrganisationId>,
    pub(super) offerings: Named<OfferingId>,
    pub(super) units: Named<UnitId>,
    /// The rules of each offering.
    pub(super) rules: HashMap<OfferingId, Rules>,
    /// The minutes that stay free after each use of a room.
    pub(super) gaps: HashMap<UnitId, u16>,
}

/// Sows them.
pub(super) async fn sow(app: &App, tx: &Tx, demo: &Demo, ids: &DemoIds) -> Result<Offers> {
    let organisations =
        Named::new("organisation", demo.organisations.iter().map(|one| &one.key), || OrganisationId(ids.next()));
    let places = Named::new("place", demo.places.iter().map(|one| &one.key), || PlaceId(ids.next()));
    let providers = Named::new("provider", demo.providers.iter().map(|one| &one.key), || ProviderId(ids.next()));
    let offerings = Named::new("offering", demo.offerings.iter().map(|one| &one.key), || OfferingId(ids.next()));

    let rows = all(&demo.organisations, |one| {
        Ok(Organisation {
            id: organisations.id(&one.key)?,
            key: one.key.clone(),
            name: one.name.clone(),
            area: one.area.clone(),
            phone: one.phone.clone(),
        })
    });
    tables::insert_organisations(tx, &rows?).await?;
    let rows = all(&demo.places, |one| Ok(place(one, places.id(&one.key)?)));
    tables::insert_places(tx, &rows?).await?;
    let rows = all(&demo.providers, |one| {
        Ok(Provider {
            id: providers.id(&one.key)?,
            key: one.key.clone(),
            organisation: organisations.id(&one.organisation)?,
            name: one.name.clone(),
            title: one.title.clone(),
            department: one.department.clone(),
            gender: one.gender.key().to_owned(),
        })
    });
    tables::insert_providers(tx, &rows?).await?;
    let rows = all(&demo.compounds, |one| {
        Ok(Compound {
            id: CompoundId(ids.next()),
            key: one.key.clone(),
            name: one.name.clone(),
            area: one.area.clone(),
            point: Wgs84 { latitude: one.latitude, longitude: one.longitude },
            company: one.company.as_deref().map(|key| organisations.id(key)).transpose()?,
        })
    });
    market::insert_compounds(tx, &rows?).await?;
    let mut duties = Vec::new();
    for duty in &demo.responsibilities {
        let organisation = organisations.id(&duty.organisation)?;
        duties.extend(duty.kinds.iter().map(|kind| Duty { kind: kind.clone(), area: duty.area.clone(), organisation }));
    }
    market::put_duties(tx, &duties).await?;
    let rows = all(&demo.offerings, |one| {
        Ok(Offering {
            id: offerings.id(&one.key)?,
            key: one.key.clone(),
            kind: one.kind.clone(),
            organisation: organisations.id(&one.organisation)?,
            place: places.id(&one.place)?,
            provider: one.provider.as_deref().map(|key| providers.id(key)).transpose()?,
            residents_of: one.resident_area.clone(),
            note: one.note.clone().unwrap_or_else(|| Words::new("", "")),
        })
    });
    tables::insert_offerings(tx, &rows?).await?;

    let units = demo.offerings.iter().flat_map(|one| &one.units);
    let units = Named::new("unit", units.map(|unit| &unit.key), || UnitId(ids.next()));
    let mut versions = Vec::with_capacity(demo.offerings.len());
    let mut schedules = Vec::new();
    let mut unit_rows = Vec::new();
    let (mut all_rules, mut gaps) = (HashMap::new(), HashMap::new());
    for offering in &demo.offerings {
        let (id, rules) = (offerings.id(&offering.key)?, rules(app, offering)?);
        versions.push(OfferingVersion {
            offering: id,
            version: 1,
            rules,
            valid_from: first_day(),
            valid_until: None,
            author: None,
            created_at: SOWN,
        });
        all_rules.insert(id, rules);
        for (position, unit) in (1..).zip(&offering.units) {
            let unit_id = units.id(&unit.key)?;
            gaps.insert(unit_id, rules.gap_minutes);
            unit_rows.push(Unit {
                id: unit_id,
                offering: id,
                name: unit.name.clone(),
                position,
                valid_from: first_day(),
                valid_until: None,
            });
        }
        schedules.extend(offering.schedule.iter().map(|one| (ScheduleId(ids.next()), id, line(one, &rules))));
    }
    tables::insert_versions(tx, &versions).await?;
    tables::insert_schedules(tx, &schedules).await?;
    tables::insert_units(tx, &unit_rows).await?;
    Ok(Offers { organisations, offerings, units, rules: all_rules, gaps })
}

fn all<D, R>(declared: &[D], row: impl Fn(&D) -> Result<R>) -> Result<Vec<R>> {
    declared.iter().map(row).collect()
}

fn place(one: &DemoPlace, id: PlaceId) -> Place {
    let mut hours: Vec<Hours> = one
        .hours
        .iter()
        .flat_map(|open| open.weekdays.iter().map(|weekday| Hours { weekday: *weekday, from: open.from, to: open.to }))
        .collect();
    hours.sort_by_key(|hours| (hours.weekday, hours.from));
    Place {
        id,
        key: one.key.clone(),
        kind: one.kind.key().to_owned(),
        name: one.name.clone(),
        address: one.address.clone(),
        area: one.area.clone(),
        latitude: one.latitude,
        longitude: one.longitude,
        phone: one.phone.clone(),
        hours,
        accessibility: one.accessibility.iter().copied().map(Accessibility::key).map(str::to_owned).collect(),
    }
}

/// The kind's rules with the offering's changes, within the bounds operators have too.
fn rules(app: &App, offering: &DemoOffering) -> Result<Rules> {
    let fault = |what: String| Failure::Fault(format!("demo.toml: offering `{}`: {what}", offering.key));
    let kind = app
        .platforms
        .kind(&offering.kind)
        .ok_or_else(|| fault(format!("no platform file has the kind `{}`", offering.kind)))?;
    let rules = offering.rules.apply(&kind.rules);
    match kind.check(&rules).first() {
        None => Ok(rules),
        Some((field, allowed)) => Err(fault(format!("`{field}` must be {allowed}"))),
    }
}

fn line(one: &DemoSchedule, rules: &Rules) -> ScheduleLine {
    ScheduleLine {
        weekdays: one.weekdays.iter().fold(0, |days, weekday| days | 1 << (weekday - 1)),
        from: one.from,
        to: one.to,
        slot_minutes: one.slot_minutes.unwrap_or(rules.slot_minutes),
        capacity: one.capacity.unwrap_or(rules.capacity),
        valid_from: first_day(),
        valid_until: None,
    }
}
