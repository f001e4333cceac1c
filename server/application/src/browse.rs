//! Looking at what is on offer, before anybody logs in: places, offerings, days and times with what is left.
//!
//! Nothing here changes anything and nothing here is about a person. What is left is read from the pools of all
//! times asked about at once; a pool that nobody has used yet is as large as its slot says.

pub mod availability;
pub mod free;
pub(crate) mod next;

use std::sync::Arc;

use linli_domain::area::AreaCode;
use linli_domain::claim::PoolKey;
use linli_domain::id::{OfferingId, PlaceId};
use linli_domain::platform::{Deadline, Kind, KindKey, Rules};
use linli_domain::refusal::{Code, Refusal};
use linli_domain::slot::{Door, Slot};
use linli_domain::time::{Day, TimeOfDay};
use linli_domain::words::{Language, Words, say};
use linli_store::scarcity;

pub use availability::{DayView, TimeView};
pub use next::Next;

use crate::catalogue::{Catalogue, Offered, Place};
use crate::{App, Failure, Result};

/// The most days shown at once.
pub const MOST_DAYS: u32 = 31;

/// What offerings are looked for by; nothing said, nothing left out.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// The key of a platform.
    pub platform: Option<String>,
    /// A kind of service.
    pub kind: Option<KindKey>,
    /// A place.
    pub place: Option<PlaceId>,
    /// An area the place lies in.
    pub area: Option<AreaCode>,
    /// A day on which there are times; what is left is then looked at from that day on.
    pub day: Option<Day>,
}

/// An offering, and where to look first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Listed {
    /// Which offering of the catalogue.
    pub id: OfferingId,
    /// The first day with places, if there is one within the opening window.
    pub next: Option<Next>,
}

/// Offerings, and the catalogue they are in.
#[derive(Debug, Clone)]
pub struct Listing {
    /// The catalogue of this moment.
    pub catalogue: Arc<Catalogue>,
    /// In the order of the platform files, then of their ids.
    pub offerings: Vec<Listed>,
}

/// Places, in the order of their ids: those of an area, those where something of a platform is on offer.
///
/// # Errors
/// [`Code::ValueInvalid`] for a platform that is not there.
pub async fn places(app: &App, platform: Option<&str>, area: Option<&AreaCode>) -> Result<Vec<Place>> {
    known_platform(app, platform)?;
    let (catalogue, today) = (app.catalogue().await?, app.now().day());
    let serves = |place: &Place, platform: &str| {
        catalogue.offerings.values().any(|offered| {
            offered.offering.place == place.id
                && offered.offering.kind.platform() == platform
                && on_offer(app, offered, today).is_some()
        })
    };
    let found = catalogue.places.values().filter(|place| {
        area.is_none_or(|area| place.area.is_within(area)) && platform.is_none_or(|platform| serves(place, platform))
    });
    Ok(found.cloned().collect())
}

/// Offerings that can be ordered, each with its first day with places.
///
/// # Errors
/// [`Code::ValueInvalid`] for a platform or a kind that is not there.
pub async fn offerings(app: &App, wanted: &Wanted) -> Result<Listing> {
    known_platform(app, wanted.platform.as_deref())?;
    known_kind(app, wanted.kind.as_ref())?;
    let (catalogue, now) = (app.catalogue().await?, app.now());
    let order: Vec<&KindKey> = app.platforms.kinds().map(|kind| &kind.key).collect();
    let mut found: Vec<&Offered> = catalogue
        .offerings
        .values()
        .filter(|offered| on_offer(app, offered, now.day()).is_some() && wanted.takes(&catalogue, offered, now.day()))
        .collect();
    found.sort_by_key(|offered| order.iter().position(|kind| **kind == offered.offering.kind));
    let from = wanted.day.unwrap_or(now.day()).max(now.day());
    let next = next::days(app, &catalogue, &found, from).await?;
    let offerings = found
        .into_iter()
        .map(|offered| Listed { id: offered.offering.id, next: next.get(&offered.offering.id).copied() })
        .collect();
    Ok(Listing { catalogue, offerings })
}

pub(crate) fn known_platform(app: &App, key: Option<&str>) -> Result<(), Refusal> {
    if key.is_none_or(|key| app.platforms.platform(key).is_some()) {
        return Ok(());
    }
    let keys: Vec<&str> = app.platforms.platforms.iter().map(|platform| platform.key.as_str()).collect();
    Err(Refusal::new(Code::ValueInvalid).field("platform").with("allowed", keys.join(", ")))
}

pub(crate) fn known_kind(app: &App, key: Option<&KindKey>) -> Result<(), Refusal> {
    let Some(key) = key.filter(|key| app.platforms.kind(key).is_none()) else { return Ok(()) };
    let kinds = app.platforms.platform(key.platform()).map_or(&[][..], |platform| &platform.kinds);
    let platforms = || app.platforms.platforms.iter().map(|platform| format!("{}.…", platform.key)).collect();
    let keys: Vec<String> =
        if kinds.is_empty() { platforms() } else { kinds.iter().map(|kind| kind.key.to_string()).collect() };
    Err(Refusal::new(Code::ValueInvalid).field("kind").with("allowed", keys.join(", ")))
}

impl Wanted {
    fn takes(&self, catalogue: &Catalogue, offered: &Offered, today: Day) -> bool {
        let offering = &offered.offering;
        let in_area = |area: &AreaCode| catalogue.place(offered).is_ok_and(|place| place.area.is_within(area));
        let on_day = |day: Day| {
            day >= today
                && offered.rules_on(day).is_some()
                && offered.slots(&catalogue.holidays, day).iter().any(|slot| !slot.off)
        };
        self.platform.as_ref().is_none_or(|platform| offering.kind.platform() == platform)
            && self.kind.as_ref().is_none_or(|kind| offering.kind == *kind)
            && self.place.is_none_or(|place| offering.place == place)
            && self.area.as_ref().is_none_or(in_area)
            && self.day.is_none_or(on_day)
    }
}

/// The kind of an offering that residents may see: it can be ordered, and it has not ended.
pub(crate) fn on_offer<'a>(app: &'a App, offered: &Offered, today: Day) -> Option<&'a Kind> {
    if offered.has_ended(today) { None } else { app.orderable(offered).ok() }
}

/// One offering.
///
/// # Errors
/// [`Code::NotFound`] when it is not there or has ended, [`Code::KindConfidential`], [`Code::KindNotBuilt`].
pub async fn offering(app: &App, id: OfferingId) -> Result<(Arc<Catalogue>, Listed)> {
    let catalogue = app.catalogue().await?;
    let offered = seen(app, &catalogue, id)?;
    let next = next::days(app, &catalogue, &[offered], app.now().day()).await?.get(&id).copied();
    Ok((catalogue, Listed { id, next }))
}

pub(crate) fn seen<'a>(app: &App, catalogue: &'a Catalogue, id: OfferingId) -> Result<&'a Offered> {
    let offered = catalogue.offered(id)?;
    if offered.has_ended(app.now().day()) {
        return Err(Code::NotFound.into());
    }
    app.orderable(offered)?;
    Ok(offered)
}

/// What is left of an offering on each of some days, from today unless said otherwise.
///
/// # Errors
/// As [`offering`]; [`Code::ValueInvalid`] for less than one day or more than [`MOST_DAYS`].
pub async fn days(app: &App, id: OfferingId, from: Option<Day>, count: u32) -> Result<Vec<DayView>> {
    if !(1..=MOST_DAYS).contains(&count) {
        let allowed = format!("1-{MOST_DAYS}");
        return Err(Refusal::new(Code::ValueInvalid).field("days").with("allowed", allowed).into());
    }
    let catalogue = app.catalogue().await?;
    let offered = seen(app, &catalogue, id)?;
    let first = from.unwrap_or(app.now().day());
    let days: Vec<Day> = (0..).map(|n| first.plus(n)).take(count as usize).collect();
    let times = times_of_days(app, &catalogue, offered, &days, Door::Online).await?;
    let today = app.now().day();
    Ok(days.iter().zip(&times).map(|(day, times)| availability::day(*day, times, &catalogue.holidays, today)).collect())
}

/// The times of an offering on a day, with what is left at each.
///
/// # Errors
/// As [`offering`].
pub async fn times(app: &App, id: OfferingId, day: Day) -> Result<Vec<TimeView>> {
    let catalogue = app.catalogue().await?;
    times_for(app, &catalogue, seen(app, &catalogue, id)?, day, Door::Online).await
}

/// The times of an offering on a day as they stand for whoever comes through this door.
///
/// # Errors
/// Any failure of the database.
pub async fn times_for(
    app: &App,
    catalogue: &Catalogue,
    offered: &Offered,
    day: Day,
    door: Door,
) -> Result<Vec<TimeView>> {
    let mut times = times_of_days(app, catalogue, offered, &[day], door).await?;
    times.pop().ok_or_else(|| Failure::Fault("one day has one list of times".into()))
}

async fn times_of_days(
    app: &App,
    catalogue: &Catalogue,
    offered: &Offered,
    days: &[Day],
    door: Door,
) -> Result<Vec<Vec<TimeView>>> {
    let now = app.now();
    let of_day = |day: &Day| -> Vec<(Slot, &Rules)> {
        let Some((_, rules)) = offered.rules_on(*day) else { return Vec::new() };
        offered.slots(&catalogue.holidays, *day).into_iter().map(|slot| (slot, rules)).collect()
    };
    let slots: Vec<Vec<(Slot, &Rules)>> = days.iter().map(of_day).collect();
    let key = |slot: &Slot| PoolKey::slot(offered.offering.id, slot.start);
    let keys: Vec<PoolKey> =
        slots.iter().flatten().filter(|(slot, _)| !slot.off && slot.end > now).map(|(slot, _)| key(slot)).collect();
    let pools = scarcity::pools(app.store.reads(), &keys).await?;
    let view = |(slot, rules): &(Slot, &Rules)| availability::time(slot, rules, pools.get(&key(slot)), door, now);
    Ok(slots.iter().map(|slots| slots.iter().map(view).collect()).collect())
}

/// Until when one may change one's mind, as a sentence.
pub fn cancel_sentence(rules: &Rules) -> Words {
    let (zh, en) = match rules.cancel_until {
        Deadline::MinutesBefore(0) => ("开始前".to_owned(), "it begins".to_owned()),
        Deadline::MinutesBefore(minutes) => {
            let (count, zh, en) = match minutes {
                m if m % 1440 == 0 => (m / 1440, "天", "day"),
                m if m % 60 == 0 => (m / 60, "小时", "hour"),
                m => (m, "分钟", "minute"),
            };
            let plural = if count == 1 { "" } else { "s" };
            (format!("最晚开始前 {count} {zh}"), format!("{count} {en}{plural} before it begins"))
        }
        Deadline::DayBefore { days, at } => {
            let (day_zh, day_en) = match days {
                0 => ("当天".to_owned(), "the day itself".to_owned()),
                1 => ("前一天".to_owned(), "the day before".to_owned()),
                days => (format!("{days} 天前的"), format!("the day {days} days before")),
            };
            match at {
                // Said as a time, the end of a day would read as its beginning.
                TimeOfDay(1440) => (format!("{day_zh}24:00前"), format!("the end of {day_en}")),
                at => (
                    format!("{day_zh}{}前", say::time(at, Language::Zh)),
                    format!("{} on {day_en}", say::time(at, Language::En)),
                ),
            }
        }
    };
    Words::new(format!("{zh}可以取消或改期。"), format!("You can cancel or move it until {en}."))
}

#[cfg(test)]
mod tests;
