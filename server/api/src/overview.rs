//! A day of an area on one page, for its staff.

use linli_application::App;
use linli_application::overview::{Counts as CountsOf, MeetingLine, Overview as OverviewOf, RoomLine};
use linli_domain::id::SessionId;
use poem_openapi::param::Query;
use poem_openapi::payload::Json;
use poem_openapi::{Object, OpenApi};

use crate::actor::AreaStaff;
use crate::desk::Call;
use crate::dto::catalogue::Offering;
use crate::dto::orders::{DeskOrder, DeskPerson};
use crate::dto::{At, Id, InArea, On, Words};
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

/// A meeting of the day.
#[derive(Debug, Object)]
#[oai(deny_unknown_fields)]
struct DayMeeting {
    /// Of which session.
    session_id: Id<SessionId>,
    /// What it is called.
    title: Words,
    /// From.
    start: At,
    /// To.
    end: At,
    /// Where.
    place: Words,
    /// People with a seat.
    booked: u32,
    /// People who were marked as there.
    present: u32,
}

impl From<MeetingLine> for DayMeeting {
    fn from(line: MeetingLine) -> Self {
        let MeetingLine { session, title, place, start, end, booked, present } = line;
        Self {
            session_id: Id(session),
            title: title.into(),
            start: At(start),
            end: At(end),
            place: place.into(),
            booked,
            present,
        }
    }
}

/// A time taken in a room.
#[derive(Debug, Object)]
#[oai(skip_serializing_if_is_none, deny_unknown_fields)]
struct RoomTime {
    /// From.
    start: At,
    /// To.
    end: At,
    /// Which room, where they are told apart.
    unit: Option<Words>,
    /// By whom.
    subject_name: String,
}

impl From<RoomLine> for RoomTime {
    fn from(line: RoomLine) -> Self {
        let RoomLine { start, end, unit, subject_name } = line;
        Self { start: At(start), end: At(end), unit: unit.map(Words::from), subject_name }
    }
}

/// The day of rooms.
#[derive(Debug, Object)]
#[oai(deny_unknown_fields)]
struct RoomDay {
    /// Which.
    offering: Offering,
    /// The times taken, by beginning.
    items: Vec<RoomTime>,
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
    /// Offerings with orders on the day; seats in sessions stand with their meetings.
    offerings: Vec<OfferingDay>,
    /// Meetings of the day, by beginning.
    meetings: Vec<DayMeeting>,
    /// Rooms with times taken on the day.
    rooms: Vec<RoomDay>,
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
        let OverviewOf { totals, offerings, meetings, rooms, calls, first_calls, requests } = found;
        let catalogue = self.app.catalogue().await?;
        let days = offerings.into_iter().map(|(id, counts)| {
            let offering = Offering::of(&self.app, &catalogue, catalogue.offered(id)?)?;
            Ok(OfferingDay { offering, counts: counts.into() })
        });
        let rooms = rooms.into_iter().map(|(id, lines)| {
            let offering = Offering::of(&self.app, &catalogue, catalogue.offered(id)?)?;
            Ok(RoomDay { offering, items: lines.into_iter().map(RoomTime::from).collect() })
        });
        let people = self.app.desk_people(requests.iter().map(|order| order.subject).collect()).await?;
        let requests = requests.iter().map(|order| {
            let person = DeskPerson::of(order.subject, people.get(&order.subject));
            DeskOrder::of(&self.app, &catalogue, order, person, None, None)
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
            meetings: meetings.into_iter().map(DayMeeting::from).collect(),
            rooms: rooms.collect::<Answer<_>>()?,
            calls: first_calls.into_iter().map(Call::from).collect(),
            requests: requests.collect(),
        }))
    }
}
