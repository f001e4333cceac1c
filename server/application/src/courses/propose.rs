//! The first free time within a window, for many wishes at once.

use linli_domain::area::AreaCode;
use linli_domain::claim::{Pool, PoolKey};
use linli_domain::course::Window;
use linli_domain::id::OfferingId;
use linli_domain::platform::{KindKey, Rules};
use linli_domain::slot::{Door, Left, Slot, bookable};
use linli_domain::time::{Day, Instant};
use linli_store::scarcity;

use crate::catalogue::{Catalogue, Offered};
use crate::{App, Result};

/// The furthest day looked at, in days from now: no rule opens places further ahead.
const FURTHEST: i32 = 90;
/// Other offerings looked at, the nearest first.
const OTHERS: usize = 6;

/// What somebody would like to be proposed.
pub(super) struct Wish<'a> {
    /// The kind of service.
    pub kind: &'a KindKey,
    /// Where they were last, which is looked at first.
    pub last: Option<OfferingId>,
    /// Where they live.
    pub home: Option<&'a AreaCode>,
    /// On which days; none is any day.
    pub window: Option<Window>,
}

/// A free time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Found {
    pub offering: OfferingId,
    pub start: Instant,
}

type Times<'a> = Box<dyn Iterator<Item = Vec<(Slot, &'a Rules)>> + Send + 'a>;

/// One offering of one wish.
struct Search<'a> {
    wish: usize,
    rank: usize,
    offering: OfferingId,
    days: Times<'a>,
}

/// The first free time of each wish: where they were last, otherwise the nearest place that has one.
pub(super) async fn first_free(app: &App, catalogue: &Catalogue, wishes: &[Wish<'_>]) -> Result<Vec<Option<Found>>> {
    let now = app.now();
    let mut searching: Vec<Search<'_>> = Vec::new();
    for (wish, asked) in wishes.iter().enumerate() {
        for (rank, offered) in candidates(catalogue, asked).into_iter().enumerate() {
            let days = open_days(catalogue, offered, asked.window, now);
            searching.push(Search { wish, rank, offering: offered.offering.id, days });
        }
    }
    // What was found, by wish: the rank of the offering it was found at.
    let mut found: Vec<Option<(usize, Found)>> = vec![None; wishes.len()];
    let mut at_once = 1;
    loop {
        let round: Vec<Vec<(Slot, &Rules)>> =
            searching.iter_mut().map(|search| search.days.by_ref().take(at_once).flatten().collect()).collect();
        let keys: Vec<PoolKey> = searching
            .iter()
            .zip(&round)
            .flat_map(|(search, slots)| slots.iter().map(|(slot, _)| PoolKey::slot(search.offering, slot.start)))
            .collect();
        if keys.is_empty() {
            return Ok(found.into_iter().map(|found| found.map(|(_, found)| found)).collect());
        }
        let pools = scarcity::pools(app.store.reads(), &keys).await?;
        for (search, slots) in searching.iter().zip(&round) {
            let free = slots.iter().find(|(slot, rules)| {
                let key = PoolKey::slot(search.offering, slot.start);
                let pool = pools.get(&key).copied().unwrap_or(Pool::fresh(slot.capacity));
                matches!(Left::of_pool(&pool, rules), Left::Many | Left::Few)
            });
            let best = &mut found[search.wish];
            if let Some((slot, _)) = free
                && best.is_none_or(|(rank, _)| search.rank < rank)
            {
                *best = Some((search.rank, Found { offering: search.offering, start: slot.start }));
            }
        }
        // Only a better offering is still worth looking at.
        searching.retain(|search| found[search.wish].is_none_or(|(rank, _)| search.rank < rank));
        at_once *= 2;
    }
}

/// Where to look, the best first.
fn candidates<'a>(catalogue: &'a Catalogue, wish: &Wish<'_>) -> Vec<&'a Offered> {
    let last = wish.last.and_then(|id| catalogue.offerings.get(&id));
    let near = last.and_then(|offered| Some(&catalogue.place(offered).ok()?.area)).or(wish.home);
    let may = |offered: &&Offered| match (&offered.offering.residents_of, wish.home) {
        (None, _) => true,
        (Some(area), Some(home)) => home.is_within(area),
        (Some(_), None) => false,
    };
    let mut others: Vec<&Offered> = catalogue
        .offerings
        .values()
        .filter(|offered| offered.offering.kind == *wish.kind && Some(offered.offering.id) != wish.last)
        .filter(may)
        .collect();
    // The same community first, then the same street, then the rest.
    others.sort_by_key(|offered| {
        let shared = |place: &AreaCode, near: &AreaCode| {
            place.as_str().bytes().zip(near.as_str().bytes()).take_while(|(a, b)| a == b).count()
        };
        let place = catalogue.place(offered).ok().map(|place| &place.area);
        std::cmp::Reverse(place.zip(near).map_or(0, |(place, near)| shared(place, near)))
    });
    last.into_iter()
        .filter(|offered| offered.offering.kind == *wish.kind)
        .chain(others.into_iter().take(OTHERS))
        .collect()
}

/// The days of a window on which anything can be booked now.
fn open_days<'a>(catalogue: &'a Catalogue, offered: &'a Offered, window: Option<Window>, now: Instant) -> Times<'a> {
    let furthest = now.day().plus(FURTHEST);
    let (from, to) = match window {
        Some(window) => (window.earliest.max(now.day()), window.latest.min(furthest)),
        None => (now.day(), furthest),
    };
    Box::new((from.0..=to.0).map(Day).filter_map(move |day| {
        let (_, rules) = offered.rules_on(day)?;
        let slots = offered.slots(&catalogue.holidays, day).into_iter();
        let open: Vec<_> =
            slots.filter(|slot| bookable(slot, rules, Door::Online, now).is_ok()).map(|slot| (slot, rules)).collect();
        (!open.is_empty()).then_some(open)
    }))
}
