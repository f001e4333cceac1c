//! How it went: ratings, complaints and praise, for residents and workers.

use linli_application::App;
use linli_application::feedback::{Act, NewMatter, NewRating};
use linli_domain::id::{FileId, MatterId, OrderId};
use linli_domain::matter::Form;
use linli_domain::platform::Shape;
use linli_domain::rating::{self, Level, Side};
use linli_domain::refusal::{Code, Refusal};
use poem_openapi::param::{Path, Query};
use poem_openapi::payload::Json;
use poem_openapi::{Enum, Object, OpenApi};

use crate::actor::{Resident, Worker};
use crate::answer::{Created, Done};
use crate::dto::feedback::{
    Matter, MatterPage, OrderRatings, RatingLevel, RatingLevels, RatingSide, RatingTag, ReceivedRating,
    ReceivedRatingPage,
};
use crate::dto::{Cursor, Id, InArea, Limit, OfKind, Text, page};
use crate::orders::{cursor_of, parse_cursor};
use crate::problem::Answer;
use crate::server::Tag;

/// The longest key of a tag.
const KEY_MAX: usize = 32;
/// The longest words of a rating.
const SAID_MAX: usize = rating::WORDS_MAX;
/// The longest words of a matter.
pub(crate) const WORDS_MAX: usize = linli_domain::matter::WORDS_MAX;

/// Ratings, complaints and praise.
#[derive(Clone)]
pub struct FeedbackApi {
    /// The application.
    pub app: App,
}

/// How it was.
#[derive(Debug, Object)]
#[oai(deny_unknown_fields)]
struct RatingIn {
    /// 5 is very satisfied, 1 very dissatisfied.
    #[oai(validator(minimum(value = "1"), maximum(value = "5")))]
    level: u8,
    /// Keys of tags of that level, each once.
    #[oai(default, validator(max_items = 6))]
    tags: Vec<Text<KEY_MAX>>,
    /// In your own words, at most 500 characters.
    words: Option<Text<SAID_MAX>>,
    /// Pictures of your own, at most 6.
    #[oai(default, validator(max_items = 6))]
    picture_ids: Vec<Id<FileId>>,
}

impl From<RatingIn> for NewRating {
    fn from(body: RatingIn) -> Self {
        Self {
            level: body.level.into(),
            tags: body.tags.into_iter().map(|tag| tag.0).collect(),
            words: body.words.map(|words| words.0),
            pictures: body.picture_ids.into_iter().map(|id| id.0).collect(),
        }
    }
}

/// How the circumstances were.
#[derive(Debug, Object)]
#[oai(deny_unknown_fields)]
struct WorkerRatingIn {
    /// 5 is very satisfied, 1 very dissatisfied.
    #[oai(validator(minimum(value = "1"), maximum(value = "5")))]
    level: u8,
    /// Keys of tags of that level, each once.
    #[oai(default, validator(max_items = 6))]
    tags: Vec<Text<KEY_MAX>>,
    /// In your own words, at most 500 characters.
    words: Option<Text<SAID_MAX>>,
}

impl From<WorkerRatingIn> for NewRating {
    fn from(body: WorkerRatingIn) -> Self {
        Self {
            level: body.level.into(),
            tags: body.tags.into_iter().map(|tag| tag.0).collect(),
            words: body.words.map(|words| words.0),
            pictures: Vec::new(),
        }
    }
}

/// An answer to a rating.
#[derive(Debug, Object)]
#[oai(deny_unknown_fields)]
struct AnswerIn {
    /// At most 500 characters.
    words: Text<SAID_MAX>,
}

/// Why somebody should look at a rating.
#[derive(Debug, Object)]
#[oai(deny_unknown_fields)]
struct ReportIn {
    /// At most 500 characters.
    reason: Text<SAID_MAX>,
    /// Whose word; the other side's when nobody is named.
    side: Option<RatingSide>,
}

/// What a resident can bring up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[oai(rename_all = "snake_case")]
enum MatterInForm {
    /// Something was wrong.
    Complaint,
    /// Somebody did well.
    Praise,
}

/// A complaint or a praise.
#[derive(Debug, Object)]
#[oai(deny_unknown_fields)]
struct MatterIn {
    /// Which of the two.
    form: MatterInForm,
    /// The order it is about.
    order_id: Option<Id<OrderId>>,
    /// The area it is about, where it is about no order; your own community when none is named.
    area_code: Option<InArea>,
    /// What happened, at most 1,000 characters.
    words: Text<WORDS_MAX>,
    /// Pictures of your own, at most 6.
    #[oai(default, validator(max_items = 6))]
    picture_ids: Vec<Id<FileId>>,
}

/// Why a matter should go up.
#[derive(Debug, Object)]
#[oai(deny_unknown_fields)]
struct ClimbIn {
    /// At most 1,000 characters.
    words: Option<Text<WORDS_MAX>>,
}

/// How the outcome was.
#[derive(Debug, Object)]
#[oai(deny_unknown_fields)]
struct FollowRatingIn {
    /// 5 is very satisfied, 1 very dissatisfied.
    #[oai(validator(minimum(value = "1"), maximum(value = "5")))]
    level: u8,
}

/// Whether a repair holds.
#[derive(Debug, Object)]
#[oai(deny_unknown_fields)]
struct StillFixedIn {
    /// Whether it does.
    fixed: bool,
    /// What is wrong, at most 1,000 characters.
    words: Option<Text<WORDS_MAX>>,
}

#[OpenApi(tag = "Tag::Feedback")]
impl FeedbackApi {
    /// The levels, and what can be said with one tap
    #[oai(path = "/rating-tags", method = "get", operation_id = "rating_tags")]
    async fn tags(&self, kind: Query<Option<OfKind>>) -> Answer<Json<RatingLevels>> {
        let shape = match kind.0 {
            Some(key) => {
                let kind = self.app.platforms.kind(&key.0).filter(|kind| !kind.confidential);
                kind.ok_or(Refusal::new(Code::NotFound))?.shape
            }
            None => Shape::Slot,
        };
        let tags = |side, level| rating::tags(side, level, shape).map(RatingTag::from).collect::<Vec<_>>();
        let level = |level: Level| RatingLevel {
            level: level.number(),
            words: level.words().into(),
            resident: tags(Side::Resident, level),
            worker: if shape == Shape::Dispatch { tags(Side::Worker, level) } else { Vec::new() },
        };
        Ok(Json(RatingLevels { items: Level::ALL.into_iter().rev().map(level).collect() }))
    }

    /// Rate an order
    ///
    /// From when it is done, for thirty days, once. Where somebody came, the two sides read each other when both have
    /// spoken, or after seven days.
    #[oai(path = "/orders/:id/rating", method = "post", operation_id = "rate_order")]
    async fn rate(
        &self,
        actor: Resident,
        id: Path<Id<OrderId>>,
        body: Json<RatingIn>,
    ) -> Answer<Created<OrderRatings>> {
        let all = self.app.rate(&actor, id.0.0, Side::Resident, body.0.into()).await?;
        Ok(Created::Made(Json(all.into())))
    }

    /// Change a rating
    ///
    /// Within a day, unless the other side can read it already or it was answered.
    #[oai(path = "/orders/:id/rating", method = "put", operation_id = "change_rating")]
    async fn change(&self, actor: Resident, id: Path<Id<OrderId>>, body: Json<RatingIn>) -> Answer<Json<OrderRatings>> {
        let all = self.app.change_rating(&actor, id.0.0, Side::Resident, body.0.into()).await?;
        Ok(Json(all.into()))
    }

    /// What was said of an order
    ///
    /// As far as you may read it: its subject or a guardian, the worker who came, staff who serve it.
    #[oai(path = "/orders/:id/ratings", method = "get", operation_id = "order_ratings")]
    async fn ratings(&self, actor: Resident, id: Path<Id<OrderId>>) -> Answer<Json<OrderRatings>> {
        Ok(Json(self.app.order_ratings(&actor, id.0.0).await?.into()))
    }

    /// Rate the circumstances of a job
    #[oai(path = "/work/jobs/:order/rating", method = "post", operation_id = "rate_job")]
    async fn rate_job(
        &self,
        actor: Worker,
        order: Path<Id<OrderId>>,
        body: Json<WorkerRatingIn>,
    ) -> Answer<Created<OrderRatings>> {
        let all = self.app.rate(&actor, order.0.0, Side::Worker, body.0.into()).await?;
        Ok(Created::Made(Json(all.into())))
    }

    /// Change what was said of a job
    #[oai(path = "/work/jobs/:order/rating", method = "put", operation_id = "change_job_rating")]
    async fn change_job(
        &self,
        actor: Worker,
        order: Path<Id<OrderId>>,
        body: Json<WorkerRatingIn>,
    ) -> Answer<Json<OrderRatings>> {
        let all = self.app.change_rating(&actor, order.0.0, Side::Worker, body.0.into()).await?;
        Ok(Json(all.into()))
    }

    /// Ratings I received
    ///
    /// What was said of your jobs, newest first, once it can be read.
    #[oai(path = "/work/ratings", method = "get", operation_id = "received_ratings")]
    async fn received(
        &self,
        actor: Worker,
        cursor: Query<Option<Text<27>>>,
        limit: Query<Option<Limit>>,
    ) -> Answer<Json<ReceivedRatingPage>> {
        let after = cursor.0.map(|text| parse_cursor(&text)).transpose()?;
        let limit = u32::try_from(limit.0.unwrap_or_default().0).unwrap_or(100);
        let mut found = self.app.received_ratings(actor.id(), after, limit + 1).await?;
        let more = found.len() > limit as usize;
        found.truncate(limit as usize);
        let next = found.last().filter(|_| more).map(|last| cursor_of(last.at, last.ratings.order));
        Ok(Json(ReceivedRatingPage { items: found.into_iter().map(ReceivedRating::from).collect(), next }))
    }

    /// Answer a rating
    ///
    /// The worker who came, or the desk of who served; once.
    #[oai(path = "/ratings/:order/answer", method = "post", operation_id = "answer_rating")]
    async fn answer(
        &self,
        actor: Resident,
        order: Path<Id<OrderId>>,
        body: Json<AnswerIn>,
    ) -> Answer<Json<OrderRatings>> {
        Ok(Json(self.app.answer_rating(&actor, order.0.0, &body.0.words).await?.into()))
    }

    /// Ask staff to look at a rating
    #[oai(path = "/ratings/:order/report", method = "post", operation_id = "report_rating")]
    async fn report(&self, actor: Resident, order: Path<Id<OrderId>>, body: Json<ReportIn>) -> Answer<Done> {
        let side = body.0.side.map(Side::from);
        self.app.report_rating(&actor, order.0.0, side, &body.0.reason).await?;
        Ok(Done::Nothing)
    }

    /// Complain, or praise
    ///
    /// About an order or about none, at any time. The same words again on the same day are the same matter.
    #[oai(path = "/matters", method = "post", operation_id = "make_matter")]
    async fn make(&self, actor: Resident, body: Json<MatterIn>) -> Answer<Created<Matter>> {
        let MatterIn { form, order_id, area_code, words, picture_ids } = body.0;
        let new = NewMatter {
            form: match form {
                MatterInForm::Complaint => Form::Complaint,
                MatterInForm::Praise => Form::Praise,
            },
            order: order_id.map(|id| id.0),
            area: area_code.map(|code| code.0),
            words: words.0,
            pictures: picture_ids.into_iter().map(|id| id.0).collect(),
        };
        Ok(Created::Made(Json(self.app.make_matter(&actor, new).await?.into())))
    }

    /// My matters
    ///
    /// And those of the minors of the household, newest first.
    #[oai(path = "/matters", method = "get", operation_id = "list_matters")]
    async fn list(
        &self,
        actor: Resident,
        cursor: Query<Option<Cursor>>,
        limit: Query<Option<Limit>>,
    ) -> Answer<Json<MatterPage>> {
        let limit = limit.0.unwrap_or_default().0;
        let before = cursor.0.map(|cursor| MatterId(cursor.0));
        let more = u32::try_from(limit + 1).unwrap_or(101);
        let found = self.app.matters(&actor, before, more).await?;
        let (found, next) = page(found, limit, |view| view.matter.id.0);
        Ok(Json(MatterPage { items: found.into_iter().map(Matter::from).collect(), next }))
    }

    /// One matter
    ///
    /// For whose it is, a guardian, and staff who may see it.
    #[oai(path = "/matters/:id", method = "get", operation_id = "matter")]
    async fn one(&self, actor: Resident, id: Path<Id<MatterId>>) -> Answer<Json<Matter>> {
        Ok(Json(self.app.matter(&actor, id.0.0).await?.into()))
    }

    /// Send a matter up
    ///
    /// From the organisation to the community, the street office, the district.
    #[oai(path = "/matters/:id/climb", method = "post", operation_id = "climb_matter")]
    async fn climb(&self, actor: Resident, id: Path<Id<MatterId>>, body: Json<ClimbIn>) -> Answer<Json<Matter>> {
        let act = Act::Climb { words: body.0.words.map(|words| words.0) };
        Ok(Json(self.app.act_on_matter(&actor, id.0.0, act).await?.into()))
    }

    /// Take a matter back
    #[oai(path = "/matters/:id/withdraw", method = "post", operation_id = "withdraw_matter")]
    async fn withdraw(&self, actor: Resident, id: Path<Id<MatterId>>) -> Answer<Json<Matter>> {
        Ok(Json(self.app.act_on_matter(&actor, id.0.0, Act::Withdraw).await?.into()))
    }

    /// Rate the outcome of a matter, once
    #[oai(path = "/matters/:id/follow-rating", method = "post", operation_id = "follow_rate_matter")]
    async fn follow(
        &self,
        actor: Resident,
        id: Path<Id<MatterId>>,
        body: Json<FollowRatingIn>,
    ) -> Answer<Json<Matter>> {
        let act = Act::Follow { level: body.0.level.into() };
        Ok(Json(self.app.act_on_matter(&actor, id.0.0, act).await?.into()))
    }

    /// Say whether a repair holds
    ///
    /// A "no" reopens the order where it still can be, and is somebody's work otherwise.
    #[oai(path = "/matters/:id/still-fixed", method = "post", operation_id = "still_fixed")]
    async fn still_fixed(
        &self,
        actor: Resident,
        id: Path<Id<MatterId>>,
        body: Json<StillFixedIn>,
    ) -> Answer<Json<Matter>> {
        let StillFixedIn { fixed, words } = body.0;
        let words = words.map(|words| words.0);
        Ok(Json(self.app.say_whether_fixed(&actor, id.0.0, fixed, words).await?.into()))
    }
}
