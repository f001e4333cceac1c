//! Hazards: what is reported around a place, following it, pictures of it, and whom to call first.

use linli_application::App;
use linli_application::hazards::{self, Near};
use linli_domain::geo::Wgs84;
use linli_domain::id::{FileId, OrderId};
use linli_domain::refusal::{Code, Refusal};
use poem_openapi::param::{Path, Query};
use poem_openapi::payload::{Binary, Json};
use poem_openapi::{Object, OpenApi};

use crate::actor::{Desk, Resident};
use crate::answer::Done;
use crate::dto::hazards::{Emergency, Hazard};
use crate::dto::{Cursor, Id, Limit, Text};
use crate::files::Shown;
use crate::problem::Answer;
use crate::server::Tag;

/// Staff may take a picture back: nobody keeps it for long.
const KEPT: &str = "private, max-age=60";

/// Hazards.
#[derive(Clone)]
pub struct HazardsApi {
    /// The application.
    pub app: App,
}

/// Shared reports.
#[derive(Debug, Clone, PartialEq, Object)]
#[oai(skip_serializing_if_is_none, deny_unknown_fields)]
struct HazardPage {
    /// The newest first.
    items: Vec<Hazard>,
    /// Where the next page begins.
    next: Option<String>,
}

/// Shared reports somebody follows.
#[derive(Debug, Clone, PartialEq, Object)]
#[oai(deny_unknown_fields)]
struct FollowedList {
    /// The newest first.
    items: Vec<Hazard>,
}

/// Whether everybody may see a picture.
#[derive(Debug, Clone, Object)]
#[oai(deny_unknown_fields)]
struct PublishIn {
    /// It shows no person and nobody's home, and may be seen by everybody.
    public: bool,
}

#[OpenApi(tag = "Tag::Service")]
impl HazardsApi {
    /// Hazards around a place
    ///
    /// Reports that were shared, open ones and those done in the last two weeks, the newest first. Private reports are
    /// never among them, nor counted. A page may hold fewer than asked for, and there may be a next one all the same.
    #[oai(path = "/hazards", method = "get", operation_id = "hazards")]
    async fn hazards(
        &self,
        /// Degrees north, WGS-84.
        #[oai(validator(minimum(value = "-90"), maximum(value = "90")))]
        lat: Query<f64>,
        /// Degrees east, WGS-84.
        #[oai(validator(minimum(value = "-180"), maximum(value = "180")))]
        lon: Query<f64>,
        /// How far around; a kilometre when it is left out.
        #[oai(validator(minimum(value = "1"), maximum(value = "20000")))]
        metres: Query<Option<u32>>,
        cursor: Query<Option<Cursor>>,
        limit: Query<Option<Limit>>,
    ) -> Answer<Json<HazardPage>> {
        let middle = Wgs84::new(lat.0, lon.0).ok_or_else(|| Refusal::new(Code::Malformed).field("lat"))?;
        let near = Near { middle, metres: metres.0.unwrap_or(1_000) };
        let before = cursor.0.map(|cursor| OrderId(cursor.0));
        let (found, next) = self.app.hazards_near(near, before, limit.0.unwrap_or_default().0).await?;
        let items = found.into_iter().map(Hazard::from).collect();
        Ok(Json(HazardPage { items, next: next.map(|last| Cursor::text(last.0)) }))
    }

    /// One shared report
    #[oai(path = "/hazards/:id", method = "get", operation_id = "hazard")]
    async fn hazard(&self, id: Path<Id<OrderId>>) -> Answer<Json<Hazard>> {
        Ok(Json(self.app.report(id.0.0).await?.into()))
    }

    /// The picture of a shared report
    ///
    /// Only one that staff have found fit for everybody.
    #[oai(path = "/hazards/:id/picture", method = "get", operation_id = "hazard_picture")]
    async fn picture(&self, id: Path<Id<OrderId>>) -> Answer<Shown> {
        Ok(Shown::Picture(Binary(self.app.report_picture(id.0.0).await?), KEPT.to_owned()))
    }

    /// Whom to call first
    ///
    /// Where a text sounds like an emergency, in Chinese or English: the numbers to call and what to do. Otherwise nothing.
    /// The text is kept nowhere.
    #[oai(path = "/emergency-words", method = "get", operation_id = "emergency_words")]
    async fn emergency(&self, text: Query<Text<500, 0>>) -> Answer<Json<Emergency>> {
        Ok(Json(hazards::emergency(&text.0.0).map(Emergency::from).unwrap_or_default()))
    }

    /// Follow what somebody else has reported
    ///
    /// One is told of every step, without learning who reported it. Again changes nothing.
    #[oai(path = "/visits/:order/follow", method = "post", operation_id = "follow_visit", tag = "Tag::Orders")]
    async fn follow(&self, actor: Resident, order: Path<Id<OrderId>>) -> Answer<Json<Hazard>> {
        Ok(Json(self.app.follow(&actor, order.0.0).await?.into()))
    }

    /// Follow it no more
    ///
    /// Also what one does not follow.
    #[oai(
        path = "/visits/:order/stop-following",
        method = "post",
        operation_id = "stop_following_visit",
        tag = "Tag::Orders"
    )]
    async fn stop_following(&self, actor: Resident, order: Path<Id<OrderId>>) -> Answer<Done> {
        self.app.stop_following(&actor, order.0.0).await?;
        Ok(Done::Nothing)
    }

    /// What I follow
    #[oai(path = "/me/following", method = "get", operation_id = "following", tag = "Tag::Me")]
    async fn following(&self, actor: Resident) -> Answer<Json<FollowedList>> {
        let items = self.app.followed(&actor).await?.into_iter().map(Hazard::from).collect();
        Ok(Json(FollowedList { items }))
    }

    /// Find a picture fit for everybody
    ///
    /// A picture of a shared report is private to those on the order until staff who serve it have looked at it; and again
    /// when they take it back.
    #[oai(path = "/desk/pictures/:id/publish", method = "post", operation_id = "publish_picture", tag = "Tag::Desk")]
    async fn publish(&self, actor: Desk, id: Path<Id<FileId>>, body: Json<PublishIn>) -> Answer<Done> {
        self.app.publish_picture(&actor, id.0.0, body.0.public).await?;
        Ok(Done::Nothing)
    }
}
