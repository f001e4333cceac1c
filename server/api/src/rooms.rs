//! Rooms, tables and places: what is left, the same again week after week, and the yes of the place.

use linli_application::App;
use linli_application::browse::free;
use linli_application::orders::act::{Ask, Side};
use linli_application::orders::series::SeriesRequest;
use linli_domain::id::{OfferingId, OrderId, SeriesId};
use poem_openapi::OpenApi;
use poem_openapi::param::{Header, Path, Query};
use poem_openapi::payload::Json;

use crate::actor::{Desk, Resident};
use crate::answer::Created;
use crate::desk::{DeskOrderList, desk_orders};
use crate::dto::orders::{DeskOrder, Order};
use crate::dto::rooms::{Date, Free, Series, SeriesCancelled, SeriesIn, SeriesPreview};
use crate::dto::{Id, IdempotencyKey, On};
use crate::orders::{RejectIn, Seen};
use crate::problem::Answer;
use crate::server::Tag;

/// Rooms, tables and places.
#[derive(Clone)]
pub struct RoomsApi {
    /// The application.
    pub app: App,
}

#[OpenApi]
impl RoomsApi {
    /// What is left of a room on a day
    #[oai(path = "/offerings/:id/free", method = "get", operation_id = "free_times", tag = "Tag::Catalogue")]
    async fn free(&self, id: Path<Id<OfferingId>>, day: Query<On>) -> Answer<Json<Free>> {
        Ok(Json(Free::of(day.0.0, free::free(&self.app, id.0.0, day.0.0).await?)))
    }

    /// Look at the dates of a series before booking
    #[oai(path = "/orders/series/preview", method = "post", operation_id = "preview_series", tag = "Tag::Orders")]
    async fn preview(&self, actor: Resident, body: Json<SeriesIn>) -> Answer<Json<SeriesPreview>> {
        let request = SeriesRequest::from(body.0);
        let dates = self.app.preview_series(&actor, &request).await?;
        let catalogue = self.app.catalogue().await?;
        let offered = catalogue.offered(request.offering)?;
        let dates: Vec<Date> = dates.into_iter().map(|date| Date::of(offered, date)).collect();
        let count = |ok| u32::try_from(dates.iter().filter(|date| date.ok == ok).count()).unwrap_or(u32::MAX);
        let (good, bad) = (count(true), count(false));
        Ok(Json(SeriesPreview { dates, good, bad }))
    }

    /// Book the same again, week after week
    ///
    /// All dates, or nothing; with `rest_is_fine` those that can be had.
    #[oai(path = "/orders/series", method = "post", operation_id = "place_series", tag = "Tag::Orders")]
    async fn place(
        &self,
        actor: Resident,
        #[oai(name = "Idempotency-Key")] key: Header<IdempotencyKey>,
        body: Json<SeriesIn>,
    ) -> Answer<Created<Series>> {
        let request = SeriesRequest::from(body.0);
        let offering = request.offering;
        let made = self.app.place_series(&actor, request, key.0.as_str()).await?;
        let catalogue = self.app.catalogue().await?;
        let offered = catalogue.offered(offering)?;
        let mut orders = Vec::with_capacity(made.made.len());
        for id in made.made {
            orders.push(Order::of(&self.app, &catalogue, self.app.order(&actor, id).await?)?);
        }
        let failed = made.failed.into_iter().map(|date| Date::of(offered, date)).collect();
        Ok(Created::Made(Json(Series { series_id: Id(made.id), made: orders, failed })))
    }

    /// Cancel what is still to come of a series
    #[oai(path = "/orders/series/:id/cancel", method = "post", operation_id = "cancel_series", tag = "Tag::Orders")]
    async fn cancel(
        &self,
        actor: Resident,
        id: Path<Id<SeriesId>>,
        #[oai(name = "Idempotency-Key")] key: Header<IdempotencyKey>,
    ) -> Answer<Json<SeriesCancelled>> {
        let cancelled = self.app.cancel_series(&actor, id.0.0, key.0.as_str()).await?;
        Ok(Json(SeriesCancelled { cancelled }))
    }

    /// What waits for a yes
    #[oai(path = "/desk/requests", method = "get", operation_id = "desk_requests", tag = "Tag::Desk")]
    async fn requests(&self, actor: Desk) -> Answer<Json<DeskOrderList>> {
        let orders = self.app.requests(&actor).await?;
        Ok(Json(DeskOrderList { items: desk_orders(&self.app, &orders).await? }))
    }

    /// Say yes
    #[oai(path = "/desk/orders/:id/approve", method = "post", operation_id = "desk_approve", tag = "Tag::Desk")]
    async fn approve(
        &self,
        actor: Desk,
        id: Path<Id<OrderId>>,
        #[oai(name = "Idempotency-Key")] key: Header<IdempotencyKey>,
        body: Json<Seen>,
    ) -> Answer<Json<DeskOrder>> {
        self.decide(&actor, id.0.0, body.0.version, Ask::Approve, &key.0).await
    }

    /// Say no
    #[oai(path = "/desk/orders/:id/reject", method = "post", operation_id = "desk_reject", tag = "Tag::Desk")]
    async fn reject(
        &self,
        actor: Desk,
        id: Path<Id<OrderId>>,
        #[oai(name = "Idempotency-Key")] key: Header<IdempotencyKey>,
        body: Json<RejectIn>,
    ) -> Answer<Json<DeskOrder>> {
        let ask = Ask::Reject { reason: body.0.reason.0 };
        self.decide(&actor, id.0.0, body.0.version, ask, &key.0).await
    }

    async fn decide(
        &self,
        actor: &Desk,
        id: OrderId,
        version: i32,
        ask: Ask,
        key: &IdempotencyKey,
    ) -> Answer<Json<DeskOrder>> {
        let order = self.app.ask(actor, id, version, ask, Side::Staff, key.as_str()).await?;
        let mut items = desk_orders(&self.app, std::slice::from_ref(&order)).await?;
        Ok(Json(items.remove(0)))
    }
}
