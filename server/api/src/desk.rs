//! The desk: the day's queue, people without a phone in their hand, times taken away, and calls to make.

use std::collections::BTreeMap;

use linli_application::notices::OpenCall;
use linli_application::orders::act::{Ask, Side};
use linli_application::orders::closure::ClosureRequest;
use linli_application::orders::place::PlaceRequest;
use linli_application::orders::queue::DeskAsk;
use linli_application::{App, browse};
use linli_domain::id::{CallId, ExceptionId, OfferingId, OrderId, PersonId, SessionId, UnitId};
use linli_domain::slot::Door;
use linli_domain::time::TimeOfDay;
use poem_openapi::param::{Header, Path, Query};
use poem_openapi::payload::Json;
use poem_openapi::{Object, OpenApi};

use crate::actor::{AreaStaff, Desk};
use crate::answer::{Created, Done};
use crate::catalogue::OfferingList;
use crate::dto::catalogue::{Offering, Slot};
use crate::dto::orders::{DeskDay, DeskOrder, DeskPerson, Order};
use crate::dto::{At, Clock, Cursor, Id, IdempotencyKey, Limit, On, Text, Words, page};
use crate::orders::{COURSE_MAX, IfFull, Seen, SeenWithReason, course, wanted};
use crate::problem::Answer;
use crate::server::Tag;

/// What staff book for a person.
#[derive(Debug, Clone, Object)]
#[oai(deny_unknown_fields)]
pub struct DeskPlaceIn {
    /// What.
    pub offering_id: Id<OfferingId>,
    /// When: the beginning of a slot, or of the use of a room.
    pub start: Option<At>,
    /// The end of the use of a room.
    pub end: Option<At>,
    /// Which room or table; any when none is named.
    pub unit_id: Option<Id<UnitId>>,
    /// In which session.
    pub session_id: Option<Id<SessionId>>,
    /// The key of the course whose next visit it is, such as `medical.vaccination/hpv9`. The first one joins it.
    pub course: Option<Text<COURSE_MAX>>,
    /// For whom.
    pub person_id: Id<PersonId>,
    /// What to do when there is no place.
    pub if_full: IfFull,
    /// Answers to the kind's form, by key.
    #[oai(default)]
    pub form: BTreeMap<String, String>,
    /// The person is standing there: today's times until they end, checked in at once.
    #[oai(default)]
    pub walk_in: bool,
}

/// A time to take away.
#[derive(Debug, Clone, Object)]
#[oai(deny_unknown_fields)]
pub struct ClosureIn {
    /// Of what.
    pub offering_id: Id<OfferingId>,
    /// On which day.
    pub day: On,
    /// From; the beginning of the day when it is left out.
    pub from: Option<Clock>,
    /// To; the end of the day when it is left out.
    pub to: Option<Clock>,
    /// Why, in words residents read, at most 100 characters.
    pub reason: Text<100>,
}

/// What a closure did.
#[derive(Debug, Clone, PartialEq, Eq, Object)]
#[oai(deny_unknown_fields)]
pub struct ClosureOut {
    /// The day off.
    pub exception_id: Id<ExceptionId>,
    /// Orders with another place held for them.
    pub moved: u32,
    /// Orders that had to be cancelled.
    pub cancelled: u32,
}

/// What a closure would do.
#[derive(Debug, Clone, PartialEq, Eq, Object)]
#[oai(deny_unknown_fields)]
pub struct ClosurePreview {
    /// Orders it would hit.
    pub orders: u32,
    /// Those for which another place is free now.
    pub movable: u32,
}

/// Orders found.
#[derive(Debug, Clone, PartialEq, Object)]
#[oai(deny_unknown_fields)]
pub struct DeskOrderList {
    /// The orders.
    pub items: Vec<DeskOrder>,
}

/// Somebody to call.
#[derive(Debug, Clone, PartialEq, Eq, Object)]
#[oai(skip_serializing_if_is_none, deny_unknown_fields)]
pub struct CallPerson {
    /// Which.
    pub id: Id<PersonId>,
    /// The name.
    pub name: String,
    /// The number, if there is one.
    pub phone: Option<String>,
}

/// A call to make.
#[derive(Debug, Clone, PartialEq, Eq, Object)]
#[oai(skip_serializing_if_is_none, deny_unknown_fields)]
pub struct Call {
    /// Which.
    pub id: Id<CallId>,
    /// Whom.
    pub person: CallPerson,
    /// Why.
    pub reason: Words,
    /// About which order.
    pub order_id: Option<Id<OrderId>>,
    /// Since when.
    pub created_at: At,
}

impl From<OpenCall> for Call {
    fn from(open: OpenCall) -> Self {
        Self {
            id: Id(open.call.id),
            person: CallPerson { id: Id(open.call.person), name: open.name, phone: open.phone },
            reason: open.call.reason.into(),
            order_id: open.call.order.map(Id),
            created_at: open.call.created_at.into(),
        }
    }
}

/// Calls, and where the next page begins.
#[derive(Debug, Clone, PartialEq, Eq, Object)]
#[oai(skip_serializing_if_is_none, deny_unknown_fields)]
pub struct CallPage {
    /// The calls, oldest first.
    pub items: Vec<Call>,
    /// The cursor of the next page; none on the last.
    pub next: Option<String>,
}

/// What came of a call.
#[derive(Debug, Clone, Object)]
#[oai(deny_unknown_fields)]
pub struct CallDoneIn {
    /// In words, at most 500 characters.
    pub outcome: Text<500>,
}

/// The desk.
#[derive(Clone)]
pub struct DeskApi {
    /// The application.
    pub app: App,
}

#[OpenApi(tag = "Tag::Desk")]
impl DeskApi {
    /// What I serve
    #[oai(path = "/desk/offerings", method = "get", operation_id = "desk_offerings")]
    async fn offerings(&self, actor: Desk) -> Answer<Json<OfferingList>> {
        let catalogue = self.app.catalogue().await?;
        let mine = catalogue.offerings.values().filter(|offered| catalogue.serves(&actor, offered));
        let items = mine.map(|offered| Offering::of(&self.app, &catalogue, offered)).collect::<Answer<_>>()?;
        Ok(Json(OfferingList { items }))
    }

    /// The day's orders and queue
    #[oai(path = "/desk/day", method = "get", operation_id = "desk_day")]
    async fn day(&self, actor: Desk, offering: Query<Id<OfferingId>>, day: Query<On>) -> Answer<Json<DeskDay>> {
        let (offering, day) = (offering.0.0, day.0.0);
        let found = self.app.desk_day(&actor, offering, day).await?;
        let people = people(&self.app, found.orders.iter().map(|order| order.subject)).await?;
        let catalogue = self.app.catalogue().await?;
        let items = found.orders.iter().map(|order| {
            let ticket = found.tickets.iter().find(|ticket| ticket.order == order.id);
            DeskOrder::of(&self.app, &catalogue, order, people(order.subject), ticket, None)
        });
        let items = items.collect();
        let slots = browse::times_for(&self.app, &catalogue, catalogue.offered(offering)?, day, Door::WalkIn).await?;
        Ok(Json(DeskDay {
            day: On(day),
            offering: Offering::of(&self.app, &catalogue, catalogue.offered(offering)?)?,
            serving: found.serving,
            items,
            slots: slots.iter().map(Slot::from).collect(),
        }))
    }

    /// Find a booking by its check-in code
    #[oai(path = "/desk/bookings", method = "get", operation_id = "desk_bookings")]
    async fn bookings(&self, actor: Desk, code: Query<Text<6>>, day: Query<On>) -> Answer<Json<DeskOrderList>> {
        let orders = self.app.by_check_in_code(&actor, day.0.0, &code.0).await?;
        Ok(Json(DeskOrderList { items: desk_orders(&self.app, &orders).await? }))
    }

    /// They are there: check in
    #[oai(path = "/desk/orders/:id/check-in", method = "post", operation_id = "desk_check_in")]
    async fn check_in(
        &self,
        actor: Desk,
        id: Path<Id<OrderId>>,
        #[oai(name = "Idempotency-Key")] key: Header<IdempotencyKey>,
        body: Json<Seen>,
    ) -> Answer<Json<DeskOrder>> {
        self.act(&actor, id.0.0, body.0.version, DeskAsk::CheckIn, &key.0).await
    }

    /// Call this number, out of turn or again
    #[oai(path = "/desk/orders/:id/call", method = "post", operation_id = "desk_call")]
    async fn call(
        &self,
        actor: Desk,
        id: Path<Id<OrderId>>,
        #[oai(name = "Idempotency-Key")] key: Header<IdempotencyKey>,
        body: Json<Seen>,
    ) -> Answer<Json<DeskOrder>> {
        self.act(&actor, id.0.0, body.0.version, DeskAsk::Call, &key.0).await
    }

    /// Served
    #[oai(path = "/desk/orders/:id/done", method = "post", operation_id = "desk_done")]
    async fn done(
        &self,
        actor: Desk,
        id: Path<Id<OrderId>>,
        #[oai(name = "Idempotency-Key")] key: Header<IdempotencyKey>,
        body: Json<Seen>,
    ) -> Answer<Json<DeskOrder>> {
        self.act(&actor, id.0.0, body.0.version, DeskAsk::Done, &key.0).await
    }

    /// Called, and not there
    #[oai(path = "/desk/orders/:id/missed", method = "post", operation_id = "desk_missed")]
    async fn missed(
        &self,
        actor: Desk,
        id: Path<Id<OrderId>>,
        #[oai(name = "Idempotency-Key")] key: Header<IdempotencyKey>,
        body: Json<Seen>,
    ) -> Answer<Json<DeskOrder>> {
        self.act(&actor, id.0.0, body.0.version, DeskAsk::Missed, &key.0).await
    }

    /// Back in the queue under the same number
    #[oai(path = "/desk/orders/:id/recall", method = "post", operation_id = "desk_recall")]
    async fn recall(
        &self,
        actor: Desk,
        id: Path<Id<OrderId>>,
        #[oai(name = "Idempotency-Key")] key: Header<IdempotencyKey>,
        body: Json<Seen>,
    ) -> Answer<Json<DeskOrder>> {
        self.act(&actor, id.0.0, body.0.version, DeskAsk::Recall, &key.0).await
    }

    /// They did not come
    #[oai(path = "/desk/orders/:id/no-show", method = "post", operation_id = "desk_no_show")]
    async fn no_show(
        &self,
        actor: Desk,
        id: Path<Id<OrderId>>,
        #[oai(name = "Idempotency-Key")] key: Header<IdempotencyKey>,
        body: Json<Seen>,
    ) -> Answer<Json<DeskOrder>> {
        self.act(&actor, id.0.0, body.0.version, DeskAsk::NoShow, &key.0).await
    }

    /// Cancel for somebody
    #[oai(path = "/desk/orders/:id/cancel", method = "post", operation_id = "desk_cancel")]
    async fn cancel(
        &self,
        actor: Desk,
        id: Path<Id<OrderId>>,
        #[oai(name = "Idempotency-Key")] key: Header<IdempotencyKey>,
        body: Json<SeenWithReason>,
    ) -> Answer<Json<DeskOrder>> {
        let ask = Ask::Cancel { reason: body.0.reason.map(|reason| reason.0) };
        let order = self.app.ask(&actor, id.0.0, body.0.version, ask, Side::Staff, key.0.as_str()).await?;
        Ok(Json(self.shown(&order).await?))
    }

    /// Call the next number
    #[oai(path = "/desk/queues/:offering/next", method = "post", operation_id = "desk_next")]
    async fn next(
        &self,
        actor: Desk,
        offering: Path<Id<OfferingId>>,
        day: Query<On>,
        #[oai(name = "Idempotency-Key")] key: Header<IdempotencyKey>,
    ) -> Answer<Json<DeskOrder>> {
        let order = self.app.call_next(&actor, offering.0.0, day.0.0, key.0.as_str()).await?;
        Ok(Json(self.shown(&order).await?))
    }

    /// Book for somebody at the desk or on the phone
    ///
    /// A walk-in is checked in at once.
    #[oai(path = "/desk/orders", method = "post", operation_id = "desk_place")]
    async fn place(
        &self,
        actor: Desk,
        #[oai(name = "Idempotency-Key")] key: Header<IdempotencyKey>,
        body: Json<DeskPlaceIn>,
    ) -> Answer<Created<Order>> {
        let body = body.0;
        let request = PlaceRequest {
            offering: body.offering_id.0,
            wanted: wanted(body.start, body.end, body.unit_id, body.session_id)?,
            course: course(body.course)?,
            subject: Some(body.person_id.0),
            wait: body.if_full == IfFull::Wait,
            form: body.form,
        };
        let (id, _) = self.app.place_at_desk(&actor, request, body.walk_in, key.0.as_str()).await?;
        let view = self.app.order(&actor, id).await?;
        let catalogue = self.app.catalogue().await?;
        Ok(Created::Made(Json(Order::of(&self.app, &catalogue, view)?)))
    }

    /// What taking a time away would do
    #[oai(path = "/desk/closures/preview", method = "get", operation_id = "preview_closure")]
    async fn preview_closure(
        &self,
        actor: Desk,
        offering: Query<Id<OfferingId>>,
        day: Query<On>,
        from: Query<Option<Clock>>,
        to: Query<Option<Clock>>,
    ) -> Answer<Json<ClosurePreview>> {
        let request = closure(offering.0.0, day.0, from.0, to.0, String::new());
        let (orders, movable) = self.app.preview_closure(&actor, &request).await?;
        Ok(Json(ClosurePreview { orders, movable }))
    }

    /// Take a time away (停诊)
    ///
    /// Nothing more is given out for it; everybody it hits gets the next place held for them first, or is told that
    /// there is none.
    #[oai(path = "/desk/closures", method = "post", operation_id = "close_time")]
    async fn close_time(
        &self,
        actor: Desk,
        #[oai(name = "Idempotency-Key")] key: Header<IdempotencyKey>,
        body: Json<ClosureIn>,
    ) -> Answer<Created<ClosureOut>> {
        let body = body.0;
        let request = closure(body.offering_id.0, body.day, body.from, body.to, body.reason.0);
        let (id, report) = self.app.close_time(&actor, request, key.0.as_str()).await?;
        Ok(Created::Made(Json(ClosureOut { exception_id: Id(id), moved: report.moved, cancelled: report.cancelled })))
    }

    /// People to call
    #[oai(path = "/desk/calls", method = "get", operation_id = "list_calls")]
    async fn calls(
        &self,
        actor: AreaStaff,
        cursor: Query<Option<Cursor>>,
        limit: Query<Option<Limit>>,
    ) -> Answer<Json<CallPage>> {
        let limit = limit.0.unwrap_or_default().0;
        let after = cursor.0.map(|cursor| CallId(cursor.0));
        let more = u32::try_from(limit + 1).unwrap_or(101);
        let calls = self.app.calls(&actor, after, more).await?;
        let (items, next) = page(calls, limit, |open| open.call.id.0);
        Ok(Json(CallPage { items: items.into_iter().map(Call::from).collect(), next }))
    }

    /// A call was made
    #[oai(path = "/desk/calls/:id/done", method = "post", operation_id = "finish_call")]
    async fn finish_call(&self, actor: AreaStaff, id: Path<Id<CallId>>, body: Json<CallDoneIn>) -> Answer<Done> {
        self.app.finish_call(&actor, id.0.0, &body.0.outcome).await?;
        Ok(Done::Nothing)
    }

    async fn act(
        &self,
        actor: &Desk,
        id: OrderId,
        version: i32,
        ask: DeskAsk,
        key: &IdempotencyKey,
    ) -> Answer<Json<DeskOrder>> {
        let order = self.app.at_desk(actor, id, version, ask, key.as_str()).await?;
        Ok(Json(self.shown(&order).await?))
    }

    async fn shown(&self, order: &linli_application::orders::Order) -> Answer<DeskOrder> {
        let people = people(&self.app, [order.subject]).await?;
        let ticket = self.app.ticket(order.id).await?;
        let catalogue = self.app.catalogue().await?;
        Ok(DeskOrder::of(&self.app, &catalogue, order, people(order.subject), ticket.as_ref(), None))
    }
}

/// Orders of several offerings as a desk sees them, each with what was ordered.
pub(crate) async fn desk_orders(app: &App, orders: &[linli_application::orders::Order]) -> Answer<Vec<DeskOrder>> {
    let catalogue = app.catalogue().await?;
    let people = people(app, orders.iter().map(|order| order.subject)).await?;
    let mut items = Vec::with_capacity(orders.len());
    for order in orders {
        let offering = Offering::of(app, &catalogue, catalogue.offered(order.offering)?)?;
        let ticket = app.ticket(order.id).await?;
        items.push(DeskOrder::of(app, &catalogue, order, people(order.subject), ticket.as_ref(), Some(offering)));
    }
    Ok(items)
}

/// Looks people up once, and finds each by id.
pub(crate) async fn people(
    app: &App,
    ids: impl IntoIterator<Item = PersonId>,
) -> Answer<impl Fn(PersonId) -> DeskPerson> {
    let found = app.desk_people(ids.into_iter().collect()).await?;
    Ok(move |id| DeskPerson::of(id, found.get(&id)))
}

fn closure(offering: OfferingId, day: On, from: Option<Clock>, to: Option<Clock>, reason: String) -> ClosureRequest {
    ClosureRequest {
        offering,
        day: day.0,
        from: from.map_or(TimeOfDay(0), |clock| clock.0),
        to: to.map_or(TimeOfDay(1440), |clock| clock.0),
        reason,
    }
}
