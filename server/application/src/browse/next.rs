//! The first day with places, for many offerings at once.

use std::collections::{BTreeMap, BTreeSet};

use linli_domain::claim::{Pool, PoolKey};
use linli_domain::holiday::Holidays;
use linli_domain::id::OfferingId;
use linli_domain::platform::Rules;
use linli_domain::slot::{Door, Left, Slot, bookable, opens_at};
use linli_domain::time::{Day, Instant};
use linli_store::scarcity;

use crate::catalogue::{Catalogue, Offered};
use crate::{App, Result};

/// No rule opens places further ahead, in days.
const FURTHEST: i32 = 90;

/// A day with places.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Next {
    /// The day.
    pub day: Day,
    /// Many or few.
    pub left: Left,
}

/// A day on which times are open for booking.
struct OpenDay<'a> {
    day: Day,
    rules: &'a Rules,
    slots: Vec<Slot>,
}

impl OpenDay<'_> {
    fn keys(&self, offering: OfferingId) -> impl Iterator<Item = PoolKey> {
        self.slots.iter().map(move |slot| PoolKey::slot(offering, slot.start))
    }

    fn with_places(&self, offering: OfferingId, pools: &BTreeMap<PoolKey, Pool>) -> Option<Next> {
        let left = Left::of_day(self.slots.iter().zip(self.keys(offering)).map(|(slot, key)| {
            let mut pool = pools.get(&key).copied().unwrap_or(Pool::fresh(slot.capacity));
            pool.resize(slot.capacity);
            Left::of_pool(&pool, self.rules)
        }));
        matches!(left, Left::Many | Left::Few).then_some(Next { day: self.day, left })
    }
}

/// The days of an offering on which anything is open for booking now.
fn open_days<'a>(
    offered: &'a Offered,
    holidays: &'a Holidays,
    from: Day,
    now: Instant,
) -> impl Iterator<Item = OpenDay<'a>> {
    let last = now.day().plus(FURTHEST);
    (from.0..=last.0).map(Day).filter_map(move |day| {
        let (_, rules) = offered.rules_on(day)?;
        if opens_at(day.start(), rules) > now {
            return None;
        }
        let mut slots = offered.slots(holidays, day);
        slots.retain(|slot| bookable(slot, rules, Door::Online, now).is_ok());
        (!slots.is_empty()).then_some(OpenDay { day, rules, slots })
    })
}

/// The first day with places from a day on, by offering; those without any are left out.
///
/// Looks at the first open day of all, then at the next two of those still without, then four and so on: few
/// questions however many offerings there are, and few pools where places are plenty.
pub(crate) async fn days(
    app: &App,
    catalogue: &Catalogue,
    offerings: &[&Offered],
    from: Day,
) -> Result<BTreeMap<OfferingId, Next>> {
    let now = app.now();
    let mut found = BTreeMap::new();
    let mut searching: Vec<_> = offerings
        .iter()
        .map(|offered| (offered.offering.id, open_days(offered, &catalogue.holidays, from, now)))
        .collect();
    let mut at_once = 1;
    loop {
        let round: Vec<(OfferingId, Vec<OpenDay<'_>>)> =
            searching.iter_mut().map(|(id, days)| (*id, days.by_ref().take(at_once).collect())).collect();
        let keys: Vec<PoolKey> =
            round.iter().flat_map(|(id, days)| days.iter().flat_map(|day| day.keys(*id))).collect();
        if keys.is_empty() {
            return Ok(found);
        }
        let pools = scarcity::pools(app.store.reads(), &keys).await?;
        for (id, days) in &round {
            if let Some(next) = days.iter().find_map(|day| day.with_places(*id, &pools)) {
                found.insert(*id, next);
            }
        }
        searching.retain(|(id, _)| !found.contains_key(id));
        at_once *= 2;
    }
}

/// Those of the offerings that have places on a day, open for booking now.
pub(crate) async fn on_day(
    app: &App,
    catalogue: &Catalogue,
    offerings: &[&Offered],
    day: Day,
) -> Result<BTreeSet<OfferingId>> {
    let now = app.now();
    let open: Vec<(OfferingId, OpenDay<'_>)> = offerings
        .iter()
        .filter_map(|offered| {
            let first = open_days(offered, &catalogue.holidays, day, now).next()?;
            (first.day == day).then_some((offered.offering.id, first))
        })
        .collect();
    let keys: Vec<PoolKey> = open.iter().flat_map(|(id, day)| day.keys(*id)).collect();
    let pools = scarcity::pools(app.store.reads(), &keys).await?;
    let with_places = open.iter().filter(|(id, day)| day.with_places(*id, &pools).is_some());
    Ok(with_places.map(|(id, _)| *id).collect())
}
