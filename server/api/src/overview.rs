//! A day of an area on one page, for its staff.

use linli_application::App;
use linli_application::overview::{Counts as CountsOf, Overview as OverviewOf};
use poem_openapi::param::Query;
use poem_openapi::payload::Json;
use poem_openapi::{Object, OpenApi};

use crate::actor::AreaStaff;
use crate::desk::Call;
use crate::dto::catalogue::Offering;
use crate::dto::orders::{DeskOrder, DeskPerson};
use crate::dto::{Id, InArea, On};
use crate::problem::Answer;
use crate::server::Tag;

/// How many orders of the day stand where.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Object)]
#[oai(deny_unknown_fields)]
pub(crate) struct DayCounts {
    /// Booked or held, and not there yet.
    booked: u32,
    /// There.
    there: u32,
    /// Served.
    done: u32,
    /// Not come.
    missed: u32,
    /// In line.
    waiting: u32,
    /// Asked for, and not answered.
    requests: u32,
}

impl From<CountsOf> for DayCounts {
    fn from(counts: CountsOf) -> Self {
        let CountsOf { booked, there, done, missed, waiting, requests } = counts;
        Self { booked, there, done, missed, waiting, requests }
    }
}

/// Everything together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Object)]
#[oai(deny_unknown_fields)]
struct DayTotals {
    /// Booked or held, and not there yet.
    booked: u32,
    /// There.
    there: u32,
    /// Served.
    done: u32,
    /// Not come.
    missed: u32,
    /// In line.
    waiting: u32,
    /// Asked for on this day, and not answered.
    requests: u32,
    /// People to call.
    calls: u32,
}

/// The day of one offering.
#[derive(Debug, Object)]
#[oai(deny_unknown_fields)]
struct OfferingDay {
    /// Which.
    offering: Offering,
    /// How many orders stand where.
    counts: DayCounts,
}

/// A day of an area.
#[derive(Debug, Object)]
#[oai(deny_unknown_fields)]
struct DayOverview {
    /// The area.
    area: InArea,
    /// The day.
    day: On,
    /// Everything together.
    totals: DayTotals,
    /// Offerings with orders on the day.
    offerings: Vec<OfferingDay>,
    /// The first fifty people to call.
    calls: Vec<Call>,
    /// The first fifty orders of any day that wait for the place's answer.
    requests: Vec<DeskOrder>,
}

/// The day at a glance.
#[derive(Clone)]
pub struct OverviewApi {
    /// The application.
    pub app: App,
}

#[OpenApi(tag = "Tag::Desk")]
impl OverviewApi {
    /// A day of an area at a glance
    #[oai(path = "/desk/overview", method = "get", operation_id = "overview")]
    async fn overview(&self, actor: AreaStaff, area: Query<InArea>, day: Query<On>) -> Answer<Json<DayOverview>> {
        let found = self.app.overview(&actor, &area.0.0, day.0.0).await?;
        let OverviewOf { totals, offerings, calls, first_calls, requests } = found;
        let catalogue = self.app.catalogue().await?;
        let days = offerings.into_iter().map(|(id, counts)| {
            let offering = Offering::of(&self.app, &catalogue, catalogue.offered(id)?)?;
            Ok(OfferingDay { offering, counts: counts.into() })
        });
        let people = self.app.desk_people(requests.iter().map(|order| order.subject).collect()).await?;
        let requests = requests.iter().map(|order| {
            let person = people.get(&order.subject);
            let person = DeskPerson {
                id: Id(order.subject),
                name: person.map(|person| person.name.clone()).unwrap_or_default(),
                age: person.and_then(|person| person.age),
                phone_masked: person.and_then(|person| person.phone_masked.clone()),
            };
            DeskOrder::of(&self.app, order, person, None, None)
        });
        Ok(Json(DayOverview {
            area: area.0,
            day: day.0,
            totals: DayTotals {
                booked: totals.booked,
                there: totals.there,
                done: totals.done,
                missed: totals.missed,
                waiting: totals.waiting,
                requests: totals.requests,
                calls,
            },
            offerings: days.collect::<Answer<_>>()?,
            calls: first_calls.into_iter().map(Call::from).collect(),
            requests: requests.collect(),
        }))
    }
}
