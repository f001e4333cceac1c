//! Who is there, for services without numbers and calls.

use linli_application::App;
use linli_application::attendance::Attendee as AttendeeOf;
use linli_application::orders::queue::desk_actions;
use linli_domain::id::{OfferingId, OrderId};
use poem_openapi::param::Query;
use poem_openapi::payload::Json;
use poem_openapi::{Object, OpenApi};

use crate::actor::Desk;
use crate::desk::people;
use crate::dto::attendance::PresenceKey;
use crate::dto::orders::{DeskPerson, OrderState};
use crate::dto::{At, Id, On};
use crate::problem::Answer;
use crate::server::Tag;

/// Attendance.
#[derive(Clone)]
pub struct AttendanceApi {
    /// The application.
    pub app: App,
}

/// Somebody on the list of a day.
#[derive(Debug, Object)]
#[oai(skip_serializing_if_is_none, deny_unknown_fields)]
struct DayAttendee {
    /// Their order.
    order_id: Id<OrderId>,
    /// Its version: send it back with what you do.
    version: i32,
    /// Who.
    subject: DeskPerson,
    /// Where the order stands.
    state: OrderState,
    /// Where they are.
    presence: PresenceKey,
    /// From when they are expected.
    start: At,
    /// Until when.
    end: At,
    /// When they came.
    came_at: Option<At>,
    /// When they left.
    left_at: Option<At>,
    /// What can be done now: `check_in`, `done`, `no_show`, `cancel`.
    actions: Vec<String>,
}

/// The list of a day.
#[derive(Debug, Object)]
#[oai(deny_unknown_fields)]
struct DayAttendance {
    /// Those who are missing first, then those to come, those there, and the rest.
    items: Vec<DayAttendee>,
}

#[OpenApi(tag = "Tag::Desk")]
impl AttendanceApi {
    /// Who is there, who has left, and who is missing
    #[oai(path = "/desk/attendance", method = "get", operation_id = "desk_attendance")]
    async fn list(&self, actor: Desk, offering: Query<Id<OfferingId>>, day: Query<On>) -> Answer<Json<DayAttendance>> {
        let list = self.app.attendance(&actor, offering.0.0, day.0.0).await?;
        let subjects: Vec<_> = list.iter().map(|one| one.order.subject).collect();
        let people = people(&self.app, subjects).await?;
        let now = self.app.now();
        let items = list.into_iter().map(|AttendeeOf { order, presence, times }| DayAttendee {
            order_id: Id(order.id),
            version: order.version,
            subject: people(order.subject),
            state: order.state.into(),
            presence: presence.into(),
            start: At(order.starts_at),
            end: At(order.ends_at),
            came_at: times.came.map(At),
            left_at: times.left.map(At),
            actions: desk_actions(&order, None, now).into_iter().map(str::to_owned).collect(),
        });
        Ok(Json(DayAttendance { items: items.collect() }))
    }
}
