//! Looking at what is on offer, without logging in; and the calendar it follows.

use linli_application::browse::{self, Listed, Wanted};
use linli_application::catalogue::Catalogue;
use linli_application::{App, holidays};
use linli_domain::id::{OfferingId, PlaceId};
use poem_openapi::param::{Path, Query};
use poem_openapi::payload::Json;
use poem_openapi::{Object, OpenApi};

use crate::actor::DistrictStaff;
use crate::dto::catalogue::{DayAvailability, Offering, Place, Platform, Slot};
use crate::dto::{Id, InArea, OfKind, On, Text};
use crate::problem::Answer;
use crate::server::Tag;

/// The longest list of holidays, in characters: twenty years of them.
const LIST_MAX: usize = 48_000;
/// The longest key of a platform.
const KEY_MAX: usize = 32;

/// What is on offer.
#[derive(Clone)]
pub struct CatalogueApi {
    /// The application.
    pub app: App,
}

/// The calendar of holidays.
#[derive(Clone)]
pub struct HolidaysApi {
    /// The application.
    pub app: App,
}

/// All platforms.
#[derive(Debug, Object)]
#[oai(deny_unknown_fields)]
struct PlatformList {
    /// In the order of the first page.
    items: Vec<Platform>,
}

/// Places.
#[derive(Debug, Object)]
#[oai(deny_unknown_fields)]
struct PlaceList {
    /// The places found.
    items: Vec<Place>,
}

/// Offerings.
#[derive(Debug, Object)]
#[oai(deny_unknown_fields)]
pub struct OfferingList {
    /// In the order of the platforms and their kinds.
    pub items: Vec<Offering>,
}

/// Days of an offering.
#[derive(Debug, Object)]
#[oai(deny_unknown_fields)]
struct DayList {
    /// One after the other.
    items: Vec<DayAvailability>,
}

/// Times of an offering on a day.
#[derive(Debug, Object)]
#[oai(deny_unknown_fields)]
struct SlotList {
    /// The day.
    day: On,
    /// In order; those that are off or over too.
    items: Vec<Slot>,
}

/// Holidays and make-up days to be imported.
#[derive(Debug, Object)]
#[oai(deny_unknown_fields)]
struct HolidaysIn {
    /// Lines under the heading `date,kind,name_zh,name_en,source`; the kind is `holiday` or `workday`.
    csv: Text<LIST_MAX>,
}

/// What was imported.
#[derive(Debug, Object)]
#[oai(deny_unknown_fields)]
struct HolidaysImported {
    /// How many days.
    days: usize,
    /// The years they lie in.
    years: Vec<i32>,
}

fn listed(app: &App, catalogue: &Catalogue, listed: &Listed) -> Answer<Offering> {
    Ok(Offering::of(app, catalogue, catalogue.offered(listed.id)?)?.with_next(listed.next))
}

fn two_weeks() -> u32 {
    14
}

#[OpenApi(tag = "Tag::Catalogue")]
impl CatalogueApi {
    /// Platforms
    ///
    /// All platforms with their kinds of service, also those that cannot be booked here: they say why, and whom to call.
    #[oai(path = "/platforms", method = "get", operation_id = "platforms")]
    async fn platforms(&self) -> Answer<Json<PlatformList>> {
        let items = self.app.platforms.platforms.iter().map(|platform| Platform::of(&self.app, platform)).collect();
        Ok(Json(PlatformList { items }))
    }

    /// Places
    #[oai(path = "/places", method = "get", operation_id = "places")]
    async fn places(
        &self,
        /// Only where something of this platform can be booked.
        platform: Query<Option<Text<KEY_MAX>>>,
        /// Only in this area.
        area: Query<Option<InArea>>,
    ) -> Answer<Json<PlaceList>> {
        let area = area.0.map(|area| area.0);
        let places = browse::places(&self.app, platform.0.as_deref(), area.as_ref()).await?;
        Ok(Json(PlaceList { items: places.iter().map(Place::of).collect() }))
    }

    /// Offerings
    ///
    /// What can be booked, each with the first day with places.
    #[oai(path = "/offerings", method = "get", operation_id = "offerings")]
    async fn offerings(
        &self,
        /// Only of this platform.
        platform: Query<Option<Text<KEY_MAX>>>,
        /// Only of this kind.
        kind: Query<Option<OfKind>>,
        /// Only at this place.
        place: Query<Option<Id<PlaceId>>>,
        /// Only in this area.
        area: Query<Option<InArea>>,
        /// Only with times on this day; `next` is then looked for from this day on.
        day: Query<Option<On>>,
    ) -> Answer<Json<OfferingList>> {
        let wanted = Wanted {
            platform: platform.0.map(|key| key.0),
            kind: kind.0.map(|kind| kind.0),
            place: place.0.map(|id| id.0),
            area: area.0.map(|area| area.0),
            day: day.0.map(|day| day.0),
        };
        let found = browse::offerings(&self.app, &wanted).await?;
        let items = found.offerings.iter().map(|one| listed(&self.app, &found.catalogue, one));
        Ok(Json(OfferingList { items: items.collect::<Answer<_>>()? }))
    }

    /// One offering
    #[oai(path = "/offerings/:id", method = "get", operation_id = "offering")]
    async fn offering(&self, id: Path<Id<OfferingId>>) -> Answer<Json<Offering>> {
        let (catalogue, found) = browse::offering(&self.app, id.0.0).await?;
        Ok(Json(listed(&self.app, &catalogue, &found)?))
    }

    /// Days of an offering
    ///
    /// What is left on each day.
    #[oai(path = "/offerings/:id/days", method = "get", operation_id = "offering_days")]
    async fn days(
        &self,
        id: Path<Id<OfferingId>>,
        /// The first day; today if it is left out.
        from: Query<Option<On>>,
        /// How many days.
        #[oai(default = "two_weeks", validator(minimum(value = "1"), maximum(value = "31")))]
        days: Query<u32>,
    ) -> Answer<Json<DayList>> {
        let days = browse::days(&self.app, id.0.0, from.0.map(|day| day.0), days.0).await?;
        Ok(Json(DayList { items: days.into_iter().map(DayAvailability::from).collect() }))
    }

    /// Times of an offering on a day
    #[oai(path = "/offerings/:id/slots", method = "get", operation_id = "offering_slots")]
    async fn slots(
        &self,
        id: Path<Id<OfferingId>>,
        /// The day.
        day: Query<On>,
    ) -> Answer<Json<SlotList>> {
        let times = browse::times(&self.app, id.0.0, day.0.0).await?;
        Ok(Json(SlotList { day: day.0, items: times.iter().map(Slot::from).collect() }))
    }
}

#[OpenApi(prefix_path = "/staff", tag = "Tag::Staff")]
impl HolidaysApi {
    /// Import holidays
    ///
    /// Adds the holidays and make-up days of a list, in place of what was known of the same days. A mistake is told with
    /// its line, and nothing is then imported.
    #[oai(path = "/holidays", method = "post", operation_id = "import_holidays")]
    async fn import(&self, actor: DistrictStaff, body: Json<HolidaysIn>) -> Answer<Json<HolidaysImported>> {
        let imported = holidays::import(&self.app, &actor, &body.0.csv).await?;
        Ok(Json(HolidaysImported { days: imported.days, years: imported.years }))
    }
}
