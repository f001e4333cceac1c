//! The work of those who come: offers, the board, jobs.

use linli_application::App;
use linli_application::dispatch::Accept;
use linli_domain::id::{OfferId, OrderId};
use poem_openapi::param::{Header, Path, Query};
use poem_openapi::payload::Json;
use poem_openapi::{Object, OpenApi};

use crate::actor::Worker;
use crate::answer::Done;
use crate::dto::visits::{Job, JobOffer};
use crate::dto::{Id, IdempotencyKey, Limit, Text};
use crate::orders::{Scope, cursor_of, parse_cursor};
use crate::problem::Answer;
use crate::server::Tag;

/// The work of those who come.
#[derive(Clone)]
pub struct WorkApi {
    /// The application.
    pub app: App,
}

/// Jobs that can be accepted.
#[derive(Debug, Clone, Object)]
#[oai(deny_unknown_fields)]
struct JobOfferList {
    /// The jobs.
    items: Vec<JobOffer>,
}

/// Jobs, and where the next page begins.
#[derive(Debug, Clone, Object)]
#[oai(skip_serializing_if_is_none, deny_unknown_fields)]
struct JobPage {
    /// The jobs.
    items: Vec<Job>,
    /// The cursor of the next page; none on the last.
    next: Option<String>,
}

/// Why not, if they wish to say.
#[derive(Debug, Clone, Object)]
#[oai(deny_unknown_fields)]
struct DeclineIn {
    /// In words, at most 100 characters. It never counts against anybody.
    reason: Option<Text<100>>,
}

/// Why it is given back.
#[derive(Debug, Clone, Object)]
#[oai(deny_unknown_fields)]
struct GiveBackIn {
    /// In words, at most 200 characters.
    reason: Text<200>,
}

#[OpenApi(tag = "Tag::Work")]
impl WorkApi {
    /// My offers
    #[oai(path = "/work/offers", method = "get", operation_id = "my_offers")]
    async fn offers(&self, actor: Worker) -> Answer<Json<JobOfferList>> {
        let now = self.app.now();
        let views = self.app.own_offers(&actor).await?;
        Ok(Json(JobOfferList { items: views.into_iter().map(|view| JobOffer::of(view, now)).collect() }))
    }

    /// Accept an offer
    #[oai(path = "/work/offers/:id/accept", method = "post", operation_id = "accept_offer")]
    async fn accept(
        &self,
        actor: Worker,
        id: Path<Id<OfferId>>,
        #[oai(name = "Idempotency-Key")] key: Header<IdempotencyKey>,
    ) -> Answer<Json<Job>> {
        let order = self.app.accept_job(&actor, Accept::Offer(id.0.0), key.0.as_str()).await?;
        Ok(Json(self.app.job(&actor, order).await?.into()))
    }

    /// Decline an offer
    ///
    /// With or without a reason; it never counts against anybody.
    #[oai(path = "/work/offers/:id/decline", method = "post", operation_id = "decline_offer")]
    async fn decline(&self, actor: Worker, id: Path<Id<OfferId>>, body: Json<DeclineIn>) -> Answer<Done> {
        self.app.decline_offer(&actor, id.0.0, body.0.reason.map(|reason| reason.0)).await?;
        Ok(Done::Nothing)
    }

    /// The board
    ///
    /// Open jobs that suit you; the first to accept has it.
    #[oai(path = "/work/board", method = "get", operation_id = "job_board")]
    async fn board(&self, actor: Worker) -> Answer<Json<JobOfferList>> {
        let now = self.app.now();
        let views = self.app.board(&actor).await?;
        Ok(Json(JobOfferList { items: views.into_iter().map(|view| JobOffer::of(view, now)).collect() }))
    }

    /// Accept a job on the board
    #[oai(path = "/work/board/:id/accept", method = "post", operation_id = "accept_from_board")]
    async fn accept_from_board(
        &self,
        actor: Worker,
        id: Path<Id<OrderId>>,
        #[oai(name = "Idempotency-Key")] key: Header<IdempotencyKey>,
    ) -> Answer<Json<Job>> {
        let order = self.app.accept_job(&actor, Accept::Board(id.0.0), key.0.as_str()).await?;
        Ok(Json(self.app.job(&actor, order).await?.into()))
    }

    /// My jobs
    #[oai(path = "/work/jobs", method = "get", operation_id = "my_jobs")]
    async fn jobs(
        &self,
        actor: Worker,
        scope: Query<Scope>,
        cursor: Query<Option<Text<27>>>,
        limit: Query<Option<Limit>>,
    ) -> Answer<Json<JobPage>> {
        let after = cursor.0.map(|text| parse_cursor(&text)).transpose()?;
        let limit = u32::try_from(limit.0.unwrap_or_default().0).unwrap_or(100);
        let mut views = self.app.jobs(&actor, scope.0 == Scope::Open, after, limit + 1).await?;
        let more = views.len() > limit as usize;
        views.truncate(limit as usize);
        let next = views.last().filter(|_| more).map(|last| cursor_of(last.visit.from, last.order.id));
        Ok(Json(JobPage { items: views.into_iter().map(Job::from).collect(), next }))
    }

    /// One of my jobs
    #[oai(path = "/work/jobs/:id", method = "get", operation_id = "my_job")]
    async fn job(&self, actor: Worker, id: Path<Id<OrderId>>) -> Answer<Json<Job>> {
        Ok(Json(self.app.job(&actor, id.0.0).await?.into()))
    }

    /// Give a job back
    ///
    /// Before work has begun; it never counts against anybody.
    #[oai(path = "/work/jobs/:id/give-back", method = "post", operation_id = "give_job_back")]
    async fn give_back(
        &self,
        actor: Worker,
        id: Path<Id<OrderId>>,
        #[oai(name = "Idempotency-Key")] key: Header<IdempotencyKey>,
        body: Json<GiveBackIn>,
    ) -> Answer<Done> {
        self.app.give_back(&actor, id.0.0, &body.0.reason.0, key.0.as_str()).await?;
        Ok(Done::Nothing)
    }
}
