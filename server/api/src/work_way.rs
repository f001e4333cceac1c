//! On the way and at the door: what whoever comes does, and what whoever waits sees of it.

use linli_application::App;
use linli_application::dispatch::way::finish::{Done as IsDone, Failed};
use linli_application::dispatch::way::help::{Help, HelpView};
use linli_application::dispatch::way::pictures::Moment;
use linli_application::dispatch::way::position::{Kept, point};
use linli_application::dispatch::way::start::Begin;
use linli_domain::coming::Fix;
use linli_domain::id::{FileId, HelpCallId, OrderId};
use poem_openapi::param::{Header, Path, Query};
use poem_openapi::payload::Json;
use poem_openapi::{Enum, Object, OpenApi};

use crate::actor::{Desk, Resident};
use crate::answer::{Created, Done};
use crate::dto::visits::{Arrival, Job, Point};
use crate::dto::{At, Cursor, Id, IdempotencyKey, InArea, Limit, Text, Words, page};
use crate::problem::Answer;
use crate::server::Tag;

/// What whoever comes does on the way and at the door.
#[derive(Clone)]
pub struct WayApi {
    /// The application.
    pub app: App,
}

/// Calls for help, for staff.
#[derive(Clone)]
pub struct HelpApi {
    /// The application.
    pub app: App,
}

/// When it really happened.
#[derive(Debug, Clone, Object)]
#[oai(deny_unknown_fields)]
struct HappenedIn {
    /// When; now where it is left out. For what happened without signal: at most a day ago, not before the step that came
    /// before it.
    at: Option<At>,
}

/// That somebody is still coming.
#[derive(Debug, Clone, Object)]
#[oai(deny_unknown_fields)]
struct ComingIn {
    /// In how many minutes they will set out, 0 to 60.
    minutes: u16,
}

/// Where somebody is.
#[derive(Debug, Clone, Object)]
#[oai(deny_unknown_fields)]
struct PositionIn {
    /// Where, WGS-84.
    point: Point,
    /// How far it may be off, in metres.
    accuracy: Option<u32>,
    /// When; now where it is left out.
    at: Option<At>,
}

/// What came of a position.
#[derive(Debug, Clone, Object)]
#[oai(skip_serializing_if_is_none, deny_unknown_fields)]
struct PositionKept {
    /// Whether the resident sees it.
    kept: bool,
    /// Why not: `future`, `old`, `too_soon`, `inaccurate`, `jump`.
    why: Option<String>,
    /// The same in words.
    words: Option<Words>,
    /// What is left of the way by streets, in seconds.
    seconds_left: Option<u32>,
}

/// How work begins.
#[derive(Debug, Clone, Object)]
#[oai(deny_unknown_fields)]
struct StartIn {
    /// The four digits the resident reads out.
    code: Option<Text<4>>,
    /// Why there are none, at most 200 characters.
    reason: Option<Text<200>>,
    /// When it began; now where it is left out.
    at: Option<At>,
}

/// A price asked for at the door.
#[derive(Debug, Clone, Object)]
#[oai(deny_unknown_fields)]
struct QuoteIn {
    /// In fen: on top of coming to look, or, where it goes by the hour, the most it may cost altogether. 0 takes it back.
    fen: i64,
    /// For what, at most 200 characters.
    note: Text<200, 0>,
}

/// The answer to a price.
#[derive(Debug, Clone, Object)]
#[oai(deny_unknown_fields)]
struct QuoteAnswerIn {
    /// Yes or no.
    agree: bool,
    /// The price as you saw it, in fen: nobody says yes to another.
    fen: Option<i64>,
}

/// What somebody says when they are done.
#[derive(Debug, Clone, Object)]
#[oai(deny_unknown_fields)]
struct DoneIn {
    /// When; now where it is left out.
    at: Option<At>,
    /// The cash they were given, in fen; what is due where it is left out.
    pay_received: Option<i64>,
    /// How many minutes they worked, breaks left out.
    minutes_worked: Option<u32>,
}

/// Why it could not be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[oai(rename_all = "snake_case")]
enum FailReason {
    /// Nobody opened.
    NobodyHome,
    /// There is no way in.
    NoAccess,
    /// The price was not agreed to.
    PriceNotAgreed,
    /// A part has to be ordered.
    PartMissing,
    /// Another skill or tool is needed.
    OtherSkill,
    /// It is not safe.
    Unsafe,
    /// It is not wanted any more.
    NotWanted,
    /// Something else, in words.
    Other,
}

impl FailReason {
    const fn key(self) -> &'static str {
        use linli_domain::at_work::Failure;
        match self {
            Self::NobodyHome => Failure::NobodyHome.key(),
            Self::NoAccess => Failure::NoAccess.key(),
            Self::PriceNotAgreed => Failure::PriceNotAgreed.key(),
            Self::PartMissing => Failure::PartMissing.key(),
            Self::OtherSkill => Failure::OtherSkill.key(),
            Self::Unsafe => Failure::Unsafe.key(),
            Self::NotWanted => Failure::NotWanted.key(),
            Self::Other => Failure::Other.key(),
        }
    }
}

/// That it could not be done.
#[derive(Debug, Clone, Object)]
#[oai(deny_unknown_fields)]
struct FailIn {
    /// Why.
    reason: FailReason,
    /// More in words, at most 200 characters; needed for `other`.
    words: Option<Text<200>>,
    /// When; now where it is left out.
    at: Option<At>,
}

/// To which moment a picture belongs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[oai(rename_all = "snake_case")]
enum MomentKey {
    /// As it was found.
    Before,
    /// As it was left.
    After,
}

/// A picture of what somebody asked for.
#[derive(Debug, Clone, Object)]
#[oai(deny_unknown_fields)]
struct RequestPictureIn {
    /// The picture, sent before.
    file_id: Id<FileId>,
}

/// A picture of the work.
#[derive(Debug, Clone, Object)]
#[oai(deny_unknown_fields)]
struct JobPictureIn {
    /// The picture, sent before.
    file_id: Id<FileId>,
    /// To which moment it belongs.
    moment: MomentKey,
    /// When it was taken; now where it is left out.
    at: Option<At>,
}

/// What to dial.
#[derive(Debug, Clone, Object)]
#[oai(deny_unknown_fields)]
struct CallOut {
    /// The digits.
    number: String,
    /// Whether it is one in between.
    relayed: bool,
    /// What to know about it.
    words: Words,
    /// Until when it may be used.
    until: At,
}

/// A call for help.
#[derive(Debug, Clone, Object)]
#[oai(deny_unknown_fields)]
struct HelpIn {
    /// On which job.
    order_id: Option<Id<OrderId>>,
    /// Where you are, WGS-84.
    point: Option<Point>,
    /// What is wrong, at most 300 characters.
    words: Option<Text<300, 0>>,
}

/// A call for help that was heard.
#[derive(Debug, Clone, Object)]
#[oai(deny_unknown_fields)]
struct HelpHeard {
    /// Which.
    id: Id<HelpCallId>,
    /// Since when.
    at: At,
    /// What to do meanwhile.
    words: Words,
    /// Whom to call in danger.
    numbers: Vec<String>,
}

/// A call for help, for staff.
#[derive(Debug, Clone, Object)]
#[oai(skip_serializing_if_is_none, deny_unknown_fields)]
struct HelpCall {
    /// Which.
    id: Id<HelpCallId>,
    /// Who calls.
    worker: String,
    /// Their number, for whoever has taken it on.
    phone: Option<String>,
    /// On which job.
    order_id: Option<Id<OrderId>>,
    /// Where that is.
    address: Option<String>,
    /// In which area.
    area: InArea,
    /// Where they are.
    point: Option<Point>,
    /// What they say.
    words: String,
    /// Since when.
    at: At,
    /// Who is on it.
    taken_by: Option<String>,
    /// Since when.
    taken_at: Option<At>,
}

/// Open calls for help.
#[derive(Debug, Clone, Object)]
#[oai(skip_serializing_if_is_none, deny_unknown_fields)]
struct HelpList {
    /// The oldest first.
    items: Vec<HelpCall>,
    /// Where the next page begins.
    next: Option<String>,
}

/// What came of a call for help.
#[derive(Debug, Clone, Object)]
#[oai(deny_unknown_fields)]
struct OutcomeIn {
    /// In words, at most 500 characters.
    outcome: Text<500>,
}

#[OpenApi(tag = "Tag::Work")]
impl WayApi {
    /// I am on my way
    #[oai(path = "/work/jobs/:id/on-the-way", method = "post", operation_id = "job_on_the_way")]
    async fn on_the_way(
        &self,
        actor: Resident,
        id: Path<Id<OrderId>>,
        #[oai(name = "Idempotency-Key")] key: Header<IdempotencyKey>,
        body: Json<HappenedIn>,
    ) -> Answer<Json<Job>> {
        self.app.set_out(&actor, id.0.0, body.0.at.map(|at| at.0), key.0.as_str()).await?;
        self.job(&actor, id.0.0).await
    }

    /// I am still coming
    ///
    /// The answer to whoever asks why you have not set out: in so many minutes. Without one somebody else is looked for.
    #[oai(path = "/work/jobs/:id/coming", method = "post", operation_id = "job_still_coming")]
    async fn coming(&self, actor: Resident, id: Path<Id<OrderId>>, body: Json<ComingIn>) -> Answer<Done> {
        self.app.still_coming(&actor, id.0.0, u32::from(body.0.minutes)).await?;
        Ok(Done::Nothing)
    }

    /// Where I am
    ///
    /// Only while you are on the way, once in three seconds at most. Only the last one is kept, until you arrive.
    #[oai(path = "/work/jobs/:id/position", method = "post", operation_id = "job_position")]
    async fn position(
        &self,
        actor: Resident,
        id: Path<Id<OrderId>>,
        body: Json<PositionIn>,
    ) -> Answer<Json<PositionKept>> {
        let PositionIn { point: at_point, accuracy, at } = body.0;
        let at = at.map_or_else(|| self.app.now(), |at| at.0);
        let fix = Fix { point: point(at_point.lat, at_point.lon)?, accuracy, at };
        Ok(Json(match self.app.seen(&actor, id.0.0, fix).await? {
            Kept::Yes(seconds_left) => PositionKept { kept: true, why: None, words: None, seconds_left },
            Kept::No(ignored) => PositionKept {
                kept: false,
                why: Some(ignored.key().to_owned()),
                words: Some(ignored.words().into()),
                seconds_left: None,
            },
        }))
    }

    /// I am at the door
    #[oai(path = "/work/jobs/:id/arrived", method = "post", operation_id = "job_arrived")]
    async fn arrived(
        &self,
        actor: Resident,
        id: Path<Id<OrderId>>,
        #[oai(name = "Idempotency-Key")] key: Header<IdempotencyKey>,
        body: Json<HappenedIn>,
    ) -> Answer<Json<Job>> {
        self.app.arrive(&actor, id.0.0, body.0.at.map(|at| at.0), key.0.as_str()).await?;
        self.job(&actor, id.0.0).await
    }

    /// I begin
    ///
    /// With the four digits the resident reads out, or with a reason. After five wrong codes only a reason is left, and
    /// staff call the resident.
    #[oai(path = "/work/jobs/:id/start", method = "post", operation_id = "start_job")]
    async fn start(
        &self,
        actor: Resident,
        id: Path<Id<OrderId>>,
        #[oai(name = "Idempotency-Key")] key: Header<IdempotencyKey>,
        body: Json<StartIn>,
    ) -> Answer<Json<Job>> {
        let StartIn { code, reason, at } = body.0;
        let begin = Begin { code: code.map(|code| code.0), reason: reason.map(|said| said.0), at: at.map(|at| at.0) };
        self.app.begin_work(&actor, id.0.0, begin, key.0.as_str()).await?;
        self.job(&actor, id.0.0).await
    }

    /// What it will cost
    ///
    /// At the door, where the price is quoted or goes by the hour. It holds once the resident has said yes.
    #[oai(path = "/work/jobs/:id/quote", method = "post", operation_id = "quote_job")]
    async fn quote(
        &self,
        actor: Resident,
        id: Path<Id<OrderId>>,
        #[oai(name = "Idempotency-Key")] key: Header<IdempotencyKey>,
        body: Json<QuoteIn>,
    ) -> Answer<Json<Job>> {
        self.app.name_price(&actor, id.0.0, body.0.fen, &body.0.note.0, key.0.as_str()).await?;
        self.job(&actor, id.0.0).await
    }

    /// A picture of the work
    #[oai(path = "/work/jobs/:id/pictures", method = "post", operation_id = "add_job_picture")]
    async fn picture(
        &self,
        actor: Resident,
        id: Path<Id<OrderId>>,
        #[oai(name = "Idempotency-Key")] key: Header<IdempotencyKey>,
        body: Json<JobPictureIn>,
    ) -> Answer<Done> {
        let JobPictureIn { file_id, moment, at } = body.0;
        let moment = if moment == MomentKey::Before { Moment::Before } else { Moment::After };
        self.app.add_picture(&actor, id.0.0, file_id.0, moment, at.map(|at| at.0), key.0.as_str()).await?;
        Ok(Done::Nothing)
    }

    /// I am done
    #[oai(path = "/work/jobs/:id/done", method = "post", operation_id = "finish_job")]
    async fn done(
        &self,
        actor: Resident,
        id: Path<Id<OrderId>>,
        #[oai(name = "Idempotency-Key")] key: Header<IdempotencyKey>,
        body: Json<DoneIn>,
    ) -> Answer<Json<Job>> {
        let DoneIn { at, pay_received, minutes_worked } = body.0;
        let done = IsDone { at: at.map(|at| at.0), pay_received, minutes_worked };
        self.app.finish_work(&actor, id.0.0, done, key.0.as_str()).await?;
        self.job(&actor, id.0.0).await
    }

    /// It cannot be done
    #[oai(path = "/work/jobs/:id/fail", method = "post", operation_id = "fail_job")]
    async fn fail(
        &self,
        actor: Resident,
        id: Path<Id<OrderId>>,
        #[oai(name = "Idempotency-Key")] key: Header<IdempotencyKey>,
        body: Json<FailIn>,
    ) -> Answer<Json<Job>> {
        let FailIn { reason, words, at } = body.0;
        let (words, at) = (words.map(|words| words.0), at.map(|at| at.0));
        let failed = Failed { reason: reason.key().to_owned(), words, at };
        self.app.give_up(&actor, id.0.0, failed, key.0.as_str()).await?;
        self.job(&actor, id.0.0).await
    }

    /// I need help
    ///
    /// Staff of the area and of your organisation hear of it at once. The resident does not.
    #[oai(path = "/work/help", method = "post", operation_id = "call_for_help")]
    async fn help(&self, actor: Resident, body: Json<HelpIn>) -> Answer<Created<HelpHeard>> {
        let HelpIn { order_id, point: place, words } = body.0;
        let place = place.map(|place| point(place.lat, place.lon)).transpose()?;
        let words = words.map(|words| words.0).unwrap_or_default();
        let call = self.app.call_for_help(&actor, Help { order: order_id.map(|id| id.0), point: place, words }).await?;
        let heard = linli_domain::words::Words::new(
            "已通知社区和您的单位，他们会马上联系您。有危险请先离开，并拨打 110。",
            "Your community and your organisation have been told and will call you at once. In danger leave first, and call 110.",
        );
        let numbers = ["110", "120", "119"].map(str::to_owned).to_vec();
        Ok(Created::Made(Json(HelpHeard { id: Id(call.id), at: At(call.at), words: heard.into(), numbers })))
    }

    /// Answer the price
    ///
    /// After a no, only what was agreed to before is due.
    #[oai(path = "/visits/:id/quote", method = "post", operation_id = "answer_quote", tag = "Tag::Orders")]
    async fn answer_quote(
        &self,
        actor: Resident,
        id: Path<Id<OrderId>>,
        #[oai(name = "Idempotency-Key")] key: Header<IdempotencyKey>,
        body: Json<QuoteAnswerIn>,
    ) -> Answer<Done> {
        self.app.answer_price(&actor, id.0.0, body.0.agree, body.0.fen, key.0.as_str()).await?;
        Ok(Done::Nothing)
    }

    /// Add a picture of what it is about
    ///
    /// Until it is over. Only those on the order see it, unless staff find it fit for everybody.
    #[oai(path = "/visits/:id/pictures", method = "post", operation_id = "add_visit_picture", tag = "Tag::Orders")]
    async fn request_picture(
        &self,
        actor: Resident,
        id: Path<Id<OrderId>>,
        body: Json<RequestPictureIn>,
    ) -> Answer<Done> {
        self.app.add_request_picture(&actor, id.0.0, body.0.file_id.0).await?;
        Ok(Done::Nothing)
    }

    /// Where whoever comes is
    #[oai(path = "/orders/:id/position", method = "get", operation_id = "order_position", tag = "Tag::Orders")]
    async fn whereabouts(&self, actor: Resident, id: Path<Id<OrderId>>) -> Answer<Json<Arrival>> {
        Ok(Json(self.app.whereabouts(&actor, id.0.0).await?.into()))
    }

    /// Call the other side
    ///
    /// From the acceptance until a day after the end. It is noted who was shown whose number.
    #[oai(path = "/orders/:id/call", method = "post", operation_id = "call_other_side", tag = "Tag::Orders")]
    async fn call(&self, actor: Resident, id: Path<Id<OrderId>>) -> Answer<Json<CallOut>> {
        let dial = self.app.number_of_other(&actor, id.0.0).await?;
        let (relayed, until) = (dial.number.relayed, At(dial.number.until));
        Ok(Json(CallOut { number: dial.number.digits, relayed, words: dial.words.into(), until }))
    }

    async fn job(&self, actor: &Resident, id: OrderId) -> Answer<Json<Job>> {
        Ok(Json(self.app.job(actor, id).await?.into()))
    }
}

#[OpenApi(tag = "Tag::Desk")]
impl HelpApi {
    /// Open calls for help
    #[oai(path = "/desk/help", method = "get", operation_id = "help_calls")]
    async fn list(
        &self,
        actor: Desk,
        cursor: Query<Option<Cursor>>,
        limit: Query<Option<Limit>>,
    ) -> Answer<Json<HelpList>> {
        let limit = limit.0.unwrap_or_default().0;
        let after = cursor.0.map(|cursor| HelpCallId(cursor.0));
        let read = u32::try_from(limit + 1).unwrap_or(u32::MAX);
        let (items, next) = page(self.app.help_calls(&actor, after, read).await?, limit, |one| one.call.id.0);
        Ok(Json(HelpList { items: items.into_iter().map(HelpCall::from).collect(), next }))
    }

    /// Take a call for help on
    #[oai(path = "/desk/help/:id/take", method = "post", operation_id = "take_help_call")]
    async fn take(&self, actor: Desk, id: Path<Id<HelpCallId>>) -> Answer<Json<HelpCall>> {
        Ok(Json(self.app.take_help(&actor, id.0.0).await?.into()))
    }

    /// Close a call for help
    #[oai(path = "/desk/help/:id/close", method = "post", operation_id = "close_help_call")]
    async fn close(&self, actor: Desk, id: Path<Id<HelpCallId>>, body: Json<OutcomeIn>) -> Answer<Done> {
        self.app.close_help(&actor, id.0.0, &body.0.outcome).await?;
        Ok(Done::Nothing)
    }
}

impl From<HelpView> for HelpCall {
    fn from(view: HelpView) -> Self {
        let HelpView { call, worker, phone, address, taken_by } = view;
        Self {
            id: Id(call.id),
            worker,
            phone,
            order_id: call.order.map(Id),
            address,
            area: InArea(call.area),
            point: call.point.map(Point::from),
            words: call.words,
            at: At(call.at),
            taken_by,
            taken_at: call.taken.map(|(_, at)| At(at)),
        }
    }
}
