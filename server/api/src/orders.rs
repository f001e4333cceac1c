//! Orders, for residents.

use std::collections::BTreeMap;

use linli_application::App;
use linli_application::orders::act::{Ask, Side};
use linli_application::orders::place::PlaceRequest;
use linli_application::orders::target::Wanted;
use linli_application::orders::view::Listed;
use linli_domain::course::CourseKey;
use linli_domain::id::{OfferingId, OrderId, PersonId, SessionId, UnitId};
use linli_domain::refusal::{Code, Refusal};
use linli_domain::time::Instant;
use poem_openapi::param::{Header, Path, Query};
use poem_openapi::payload::Json;
use poem_openapi::{Enum, Object, OpenApi};

use crate::actor::Resident;
use crate::answer::Created;
use crate::dto::catalogue::Offering;
use crate::dto::orders::{Order, OrderPage, Preview};
use crate::dto::{At, Id, IdempotencyKey, Limit, Text};
use crate::problem::Answer;
use crate::server::Tag;

/// The longest key of a course.
pub(crate) const COURSE_MAX: usize = 100;

/// What to do when there is no place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[oai(rename_all = "snake_case")]
pub enum IfFull {
    /// Say so.
    Refuse,
    /// Join the waiting line.
    Wait,
}

/// What to book: a time by its beginning, a room from–to, or a seat in a session.
#[derive(Debug, Clone, Object)]
#[oai(deny_unknown_fields)]
pub struct PlaceIn {
    /// Of which offering.
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
    /// For whom; yourself when nobody is named.
    pub subject_id: Option<Id<PersonId>>,
    /// What to do when there is no place.
    pub if_full: IfFull,
    /// Answers to the kind's form, by key.
    #[oai(default)]
    pub form: BTreeMap<String, String>,
}

/// What to look at before booking.
#[derive(Debug, Clone, Object)]
#[oai(deny_unknown_fields)]
pub struct PreviewIn {
    /// Of which offering.
    pub offering_id: Id<OfferingId>,
    /// When: the beginning of a slot, or of the use of a room.
    pub start: Option<At>,
    /// The end of the use of a room.
    pub end: Option<At>,
    /// Which room or table; any when none is named.
    pub unit_id: Option<Id<UnitId>>,
    /// In which session.
    pub session_id: Option<Id<SessionId>>,
    /// The key of the course whose next visit it is.
    pub course: Option<Text<COURSE_MAX>>,
    /// For whom; yourself when nobody is named.
    pub subject_id: Option<Id<PersonId>>,
}

/// The order as you saw it.
#[derive(Debug, Clone, Object)]
#[oai(deny_unknown_fields)]
pub struct Seen {
    /// Its version.
    pub version: i32,
}

/// The order as you saw it, and why.
#[derive(Debug, Clone, Object)]
#[oai(deny_unknown_fields)]
pub struct SeenWithReason {
    /// Its version.
    pub version: i32,
    /// Why, at most 200 characters.
    pub reason: Option<Text<200>>,
}

/// The order as you saw it, and what was not right.
#[derive(Debug, Clone, Object)]
#[oai(deny_unknown_fields)]
pub struct ReopenIn {
    /// Its version.
    pub version: i32,
    /// What was not right, at most 200 characters.
    pub reason: Text<200>,
}

/// The order as you saw it, and why the answer is no.
#[derive(Debug, Clone, Object)]
#[oai(deny_unknown_fields)]
pub struct RejectIn {
    /// Its version.
    pub version: i32,
    /// Why, in words the resident reads; at most 200 characters.
    pub reason: Text<200>,
}

/// Another time.
#[derive(Debug, Clone, Object)]
#[oai(deny_unknown_fields)]
pub struct MoveIn {
    /// The order's version as you saw it.
    pub version: i32,
    /// The beginning of the new slot, or of the use of a room.
    pub start: At,
    /// The end of the use of a room.
    pub end: Option<At>,
    /// Which room or table; any when none is named.
    pub unit_id: Option<Id<UnitId>>,
    /// Another offering of the same kind.
    pub offering_id: Option<Id<OfferingId>>,
}

/// The course that was named.
///
/// # Errors
/// [`Code::CourseUnknown`].
pub(crate) fn course(key: Option<Text<COURSE_MAX>>) -> Answer<Option<CourseKey>> {
    let unknown = || Refusal::new(Code::CourseUnknown).field("course");
    Ok(key.map(|key| key.parse().map_err(|_| unknown())).transpose()?)
}

/// What is asked for, from what was named of it.
///
/// # Errors
/// [`Code::SlotUnknown`] when nothing was.
pub(crate) fn wanted(
    start: Option<At>,
    end: Option<At>,
    unit: Option<Id<UnitId>>,
    session: Option<Id<SessionId>>,
) -> Answer<Wanted> {
    match (session, start, end) {
        (Some(session), ..) => Ok(Wanted::Session { id: session.0 }),
        (None, Some(start), Some(end)) => Ok(Wanted::Run { start: start.0, end: end.0, unit: unit.map(|unit| unit.0) }),
        (None, Some(start), None) => Ok(Wanted::Slot { start: start.0 }),
        (None, None, _) => Err(Refusal::new(Code::SlotUnknown).field("start").into()),
    }
}

/// Which orders to list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[oai(rename_all = "snake_case")]
pub enum Scope {
    /// With something to come, the nearest first.
    Open,
    /// Over, the newest first.
    Past,
}

/// Booking and what follows.
#[derive(Clone)]
pub struct OrdersApi {
    /// The application.
    pub app: App,
}

#[OpenApi(tag = "Tag::Orders")]
impl OrdersApi {
    /// Book
    ///
    /// Books a place, or joins the waiting line when there is none and that is wished. The same request with the
    /// same key is answered the same and books nothing new.
    #[oai(path = "/orders", method = "post", operation_id = "place_order")]
    async fn place(
        &self,
        actor: Resident,
        #[oai(name = "Idempotency-Key")] key: Header<IdempotencyKey>,
        body: Json<PlaceIn>,
    ) -> Answer<Created<Order>> {
        let body = body.0;
        let request = PlaceRequest {
            offering: body.offering_id.0,
            wanted: wanted(body.start, body.end, body.unit_id, body.session_id)?,
            subject: body.subject_id.map(|id| id.0),
            course: course(body.course)?,
            wait: body.if_full == IfFull::Wait,
            form: body.form,
        };
        let view = self.app.place_and_show(&actor, request, key.as_str()).await?;
        let catalogue = self.app.catalogue().await?;
        Ok(Created::Made(Json(Order::of(&self.app, &catalogue, view)?)))
    }

    /// Look before booking
    ///
    /// Says what would be booked, for whom, at what price, until when it can be undone, or why it cannot be booked.
    #[oai(path = "/orders/preview", method = "post", operation_id = "preview_order")]
    async fn preview(&self, actor: Resident, body: Json<PreviewIn>) -> Answer<Json<Preview>> {
        let body = body.0;
        let request = PlaceRequest {
            offering: body.offering_id.0,
            wanted: wanted(body.start, body.end, body.unit_id, body.session_id)?,
            subject: body.subject_id.map(|id| id.0),
            course: course(body.course)?,
            wait: false,
            form: BTreeMap::new(),
        };
        let preview = self.app.preview(&actor, &request).await?;
        let catalogue = self.app.catalogue().await?;
        let offering = Offering::of(&self.app, &catalogue, catalogue.offered(request.offering)?)?;
        let for_oneself = preview.subject.0 == actor.person;
        Ok(Json(Preview::of(preview, offering, for_oneself)))
    }

    /// My orders
    ///
    /// Orders for yourself and the minors of your household.
    #[oai(path = "/orders", method = "get", operation_id = "list_orders")]
    async fn list(
        &self,
        actor: Resident,
        scope: Query<Scope>,
        cursor: Query<Option<Text<27>>>,
        limit: Query<Option<Limit>>,
    ) -> Answer<Json<OrderPage>> {
        let after = cursor.0.map(|text| parse_cursor(&text)).transpose()?;
        let listed = if scope.0 == Scope::Open { Listed::Open } else { Listed::Past };
        let limit = u32::try_from(limit.0.unwrap_or_default().0).unwrap_or(100);
        let mut views = self.app.orders(&actor, listed, after, limit + 1).await?;
        let more = views.len() > limit as usize;
        views.truncate(limit as usize);
        let next = views.last().filter(|_| more).map(|last| cursor_of(last.order.starts_at, last.order.id));
        let catalogue = self.app.catalogue().await?;
        let items = views.into_iter().map(|view| Order::of(&self.app, &catalogue, view)).collect::<Answer<_>>()?;
        Ok(Json(OrderPage { items, next }))
    }

    /// One order
    #[oai(path = "/orders/:id", method = "get", operation_id = "get_order")]
    async fn get(&self, actor: Resident, id: Path<Id<OrderId>>) -> Answer<Json<Order>> {
        Ok(Json(self.shown(&actor, id.0.0).await?))
    }

    /// Cancel, or leave the line
    #[oai(path = "/orders/:id/cancel", method = "post", operation_id = "cancel_order")]
    async fn cancel(
        &self,
        actor: Resident,
        id: Path<Id<OrderId>>,
        #[oai(name = "Idempotency-Key")] key: Header<IdempotencyKey>,
        body: Json<SeenWithReason>,
    ) -> Answer<Json<Order>> {
        let ask = Ask::Cancel { reason: body.0.reason.map(|reason| reason.0) };
        self.ask(&actor, id.0.0, body.0.version, ask, &key.0).await
    }

    /// Move to another time
    ///
    /// In one step: the old place is kept until the new one is yours.
    #[oai(path = "/orders/:id/move", method = "post", operation_id = "move_order")]
    async fn move_to(
        &self,
        actor: Resident,
        id: Path<Id<OrderId>>,
        #[oai(name = "Idempotency-Key")] key: Header<IdempotencyKey>,
        body: Json<MoveIn>,
    ) -> Answer<Json<Order>> {
        let body = body.0;
        let to = (body.offering_id.map(|id| id.0), wanted(Some(body.start), body.end, body.unit_id, None)?);
        let order = self.app.move_order(&actor, id.0.0, body.version, to, Side::Resident, key.0.as_str()).await?;
        Ok(Json(self.shown(&actor, order.id).await?))
    }

    /// Take the held place
    #[oai(path = "/orders/:id/accept", method = "post", operation_id = "accept_order")]
    async fn accept(
        &self,
        actor: Resident,
        id: Path<Id<OrderId>>,
        #[oai(name = "Idempotency-Key")] key: Header<IdempotencyKey>,
        body: Json<Seen>,
    ) -> Answer<Json<Order>> {
        self.ask(&actor, id.0.0, body.0.version, Ask::Accept, &key.0).await
    }

    /// Let the held place go
    #[oai(path = "/orders/:id/decline", method = "post", operation_id = "decline_order")]
    async fn decline(
        &self,
        actor: Resident,
        id: Path<Id<OrderId>>,
        #[oai(name = "Idempotency-Key")] key: Header<IdempotencyKey>,
        body: Json<Seen>,
    ) -> Answer<Json<Order>> {
        self.ask(&actor, id.0.0, body.0.version, Ask::Decline, &key.0).await
    }

    /// Agree that it is done
    #[oai(path = "/orders/:id/agree", method = "post", operation_id = "agree_order")]
    async fn agree(
        &self,
        actor: Resident,
        id: Path<Id<OrderId>>,
        #[oai(name = "Idempotency-Key")] key: Header<IdempotencyKey>,
        body: Json<Seen>,
    ) -> Answer<Json<Order>> {
        self.ask(&actor, id.0.0, body.0.version, Ask::Agree, &key.0).await
    }

    /// Ask for more
    #[oai(path = "/orders/:id/reopen", method = "post", operation_id = "reopen_order")]
    async fn reopen(
        &self,
        actor: Resident,
        id: Path<Id<OrderId>>,
        #[oai(name = "Idempotency-Key")] key: Header<IdempotencyKey>,
        body: Json<ReopenIn>,
    ) -> Answer<Json<Order>> {
        let ask = Ask::Reopen { reason: body.0.reason.0 };
        self.ask(&actor, id.0.0, body.0.version, ask, &key.0).await
    }

    async fn ask(
        &self,
        actor: &Resident,
        id: OrderId,
        version: i32,
        ask: Ask,
        key: &IdempotencyKey,
    ) -> Answer<Json<Order>> {
        let order = self.app.ask(actor, id, version, ask, Side::Resident, key.as_str()).await?;
        Ok(Json(self.shown(actor, order.id).await?))
    }

    async fn shown(&self, actor: &Resident, id: OrderId) -> Answer<Order> {
        let view = self.app.order(actor, id).await?;
        let catalogue = self.app.catalogue().await?;
        Order::of(&self.app, &catalogue, view)
    }
}

/// Where a page of orders ended: the beginning of the last order and its id.
pub(crate) fn cursor_of(at: Instant, id: OrderId) -> String {
    format!("{}-{id}", linli_domain::id::encode(at.0))
}

pub(crate) fn parse_cursor(text: &str) -> Answer<(Instant, OrderId)> {
    let parts = text.split_once('-').and_then(|(at, id)| Some((linli_domain::id::decode(at).ok()?, id.parse().ok()?)));
    parts.map(|(at, id)| (Instant(at), id)).ok_or_else(|| Code::Malformed.into())
}
