//! Somebody comes: addresses, asking for it, what the resident changes, and the desk's side.

use std::collections::BTreeMap;

use linli_application::App;
use linli_application::dispatch::address::{NewAddress, To};
use linli_application::dispatch::desk::DeskList;
use linli_application::dispatch::request::{Requested, Wishes};
use linli_application::dispatch::{VisitRequest, When};
use linli_application::hazards;
use linli_domain::id::{AddressId, CompoundId, OrderId, PersonId, WorkerId};
use linli_domain::refusal::{Code, Refusal};
use linli_domain::role::Actor;
use poem_openapi::param::{Header, Path, Query};
use poem_openapi::payload::Json;
use poem_openapi::{ApiResponse, Enum, Object, OpenApi};

use crate::actor::{Desk, Resident};
use crate::answer::{Created, Done};
use crate::dto::hazards::Emergency;
use crate::dto::orders::Order;
use crate::dto::visits::{Address, DeskVisit, Point, PriceFormKey, SendCandidate};
use crate::dto::{At, Id, IdempotencyKey, InArea, Limit, OfKind, Text, Words};
use crate::orders::{cursor_of, parse_cursor};
use crate::problem::{Answer, Problem};
use crate::server::Tag;

/// Where to: an address you keep, or another one.
#[derive(Debug, Clone, Object)]
#[oai(deny_unknown_fields)]
struct ToIn {
    /// One you keep, or one of whoever is served.
    id: Option<Id<AddressId>>,
    /// Compound or street.
    #[oai(default)]
    text: Text<60, 0>,
    /// Building, entrance, floor, door.
    #[oai(default)]
    detail: Text<60, 0>,
    /// Where exactly; a compound's gate where left out.
    point: Option<Point>,
    /// The compound.
    compound_id: Option<Id<CompoundId>>,
}

/// An address to keep.
#[derive(Debug, Clone, Object)]
#[oai(deny_unknown_fields)]
struct AddressIn {
    /// What you call it.
    #[oai(default)]
    label: Text<20, 0>,
    /// Compound or street.
    #[oai(default)]
    text: Text<60, 0>,
    /// Building, entrance, floor, door.
    #[oai(default)]
    detail: Text<60, 0>,
    /// Where exactly; a compound's gate where left out.
    point: Option<Point>,
    /// The compound.
    compound_id: Option<Id<CompoundId>>,
}

/// As soon as possible, or a window of time.
#[derive(Debug, Clone, Object)]
#[oai(deny_unknown_fields)]
struct WhenIn {
    /// As soon as possible.
    #[oai(default)]
    now: bool,
    /// From.
    from: Option<At>,
    /// By when it should be over.
    until: Option<At>,
}

/// What is wished of whoever comes.
#[derive(Debug, Clone, Default, Object)]
#[oai(deny_unknown_fields)]
struct WishesIn {
    /// `female` or `male`.
    gender: Option<Text<10>>,
    /// The key of a language.
    language: Option<Text<20>>,
    /// Somebody you know.
    worker_id: Option<Id<WorkerId>>,
    /// Not these.
    #[oai(default, validator(max_items = 20))]
    not_worker_ids: Vec<Id<WorkerId>>,
}

/// Who pays.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[oai(rename_all = "snake_case")]
enum PayBy {
    /// Nobody.
    Free,
    /// In cash, at the door.
    Cash,
    /// The district; staff decide.
    District,
}

/// What to ask for.
#[derive(Debug, Clone, Object)]
#[oai(deny_unknown_fields)]
struct VisitIn {
    /// Of which kind.
    kind: OfKind,
    /// For whom; yourself when nobody is named.
    subject_id: Option<Id<PersonId>>,
    /// Where to.
    address: ToIn,
    /// When.
    when: WhenIn,
    /// Answers to the kind's form, by key.
    #[oai(default)]
    form: BTreeMap<String, String>,
    /// What else to know.
    #[oai(default)]
    note: Text<300, 0>,
    /// Which thing it is about, where the kind asks.
    #[oai(default)]
    thing: Text<40, 0>,
    /// What is wished of whoever comes.
    #[oai(default)]
    wishes: WishesIn,
    /// Somebody from farther away will do.
    #[oai(default)]
    wider: bool,
    /// Only those who work on it may see it.
    #[oai(default)]
    private: bool,
    /// Who pays; cash where nothing is said and it is not free.
    pay_by: Option<PayBy>,
}

impl VisitIn {
    fn into_request(self) -> Answer<VisitRequest> {
        let when = match (self.when.now, self.when.from, self.when.until) {
            (true, None, None) => When::Now,
            (false, Some(from), Some(until)) => When::Window { from: from.0, until: until.0 },
            _ => {
                return Err(Refusal::new(Code::ValueInvalid)
                    .field("when")
                    .with("allowed", "now | from + until")
                    .into());
            }
        };
        let ToIn { id, text, detail, point, compound_id } = self.address;
        let to = match id {
            Some(id) => To::Kept(id.0),
            None => To::New(new_address(Text::default(), text, detail, point, compound_id)),
        };
        Ok(VisitRequest {
            kind: self.kind.0,
            subject: self.subject_id.map(|id| id.0),
            to,
            when,
            form: self.form,
            note: self.note.0,
            thing: self.thing.0,
            wishes: Wishes {
                gender: self.wishes.gender.map(|gender| gender.0),
                language: self.wishes.language.map(|language| language.0),
                worker: self.wishes.worker_id.map(|id| id.0),
                not_workers: self.wishes.not_worker_ids.into_iter().map(|id| id.0).collect(),
            },
            wider: self.wider,
            private: self.private,
            district_pays: self.pay_by == Some(PayBy::District),
        })
    }
}

fn new_address(
    label: Text<20, 0>,
    text: Text<60, 0>,
    detail: Text<60, 0>,
    point: Option<Point>,
    compound: Option<Id<CompoundId>>,
) -> NewAddress {
    NewAddress {
        label: label.0,
        text: text.0,
        detail: detail.0,
        point: point.map(|point| (point.lat, point.lon)),
        compound: compound.map(|id| id.0),
    }
}

/// What would be asked for.
#[derive(Debug, Clone, Object)]
#[oai(skip_serializing_if_is_none, deny_unknown_fields)]
struct VisitPreview {
    /// How the price comes about.
    price_form: PriceFormKey,
    /// What it is likely to cost, in fen.
    price_fen: i64,
    /// How long it takes, in minutes.
    minutes: u16,
    /// From.
    from: At,
    /// By when.
    until: At,
    /// How many could come in time.
    nearby: u32,
    /// That, in words.
    reach_words: Words,
    /// The way of the nearest, in seconds by streets.
    nearest_seconds: Option<u32>,
    /// Who is responsible, where it goes by contract.
    responsible: Option<Words>,
    /// The same thing is reported already: asking for it follows that report.
    same: bool,
    /// What was written sounds like an emergency: whom to call first.
    emergency: Option<Emergency>,
    /// Why it cannot be asked for.
    problem: Option<Problem>,
}

/// A request made, or a report that is followed.
#[derive(ApiResponse)]
enum Asked {
    /// The same thing was reported already; you follow that report now.
    #[oai(status = 200)]
    Followed(Json<Followed>),
    /// It was asked for.
    #[oai(status = 201)]
    Made(Json<Box<Order>>),
}

/// A report that is followed.
#[derive(Debug, Clone, Object)]
#[oai(deny_unknown_fields)]
struct Followed {
    /// The order of the first report.
    order_id: Id<OrderId>,
}

/// Another time.
#[derive(Debug, Clone, Object)]
#[oai(deny_unknown_fields)]
struct LaterIn {
    /// From.
    from: At,
    /// By when it should be over.
    until: At,
}

/// Addresses, in the order they were written down.
#[derive(Debug, Clone, Object)]
#[oai(deny_unknown_fields)]
struct AddressList {
    /// The addresses.
    items: Vec<Address>,
}

/// Addresses of one's own.
#[derive(Clone)]
pub struct AddressesApi {
    /// The application.
    pub app: App,
}

#[OpenApi(tag = "Tag::Me")]
impl AddressesApi {
    /// My addresses
    #[oai(path = "/me/addresses", method = "get", operation_id = "my_addresses")]
    async fn list(&self, actor: Resident) -> Answer<Json<AddressList>> {
        let items = self.app.addresses(&actor).await?.into_iter().map(Address::from).collect();
        Ok(Json(AddressList { items }))
    }

    /// Keep an address
    #[oai(path = "/me/addresses", method = "post", operation_id = "keep_address")]
    async fn keep(&self, actor: Resident, body: Json<AddressIn>) -> Answer<Created<Address>> {
        let AddressIn { label, text, detail, point, compound_id } = body.0;
        let new = new_address(label, text, detail, point, compound_id);
        Ok(Created::Made(Json(self.app.keep_address(&actor, None, new).await?.into())))
    }

    /// Change an address
    #[oai(path = "/me/addresses/:id", method = "put", operation_id = "change_address")]
    async fn change(&self, actor: Resident, id: Path<Id<AddressId>>, body: Json<AddressIn>) -> Answer<Json<Address>> {
        let AddressIn { label, text, detail, point, compound_id } = body.0;
        let new = new_address(label, text, detail, point, compound_id);
        Ok(Json(self.app.keep_address(&actor, Some(id.0.0), new).await?.into()))
    }

    /// Forget an address
    #[oai(path = "/me/addresses/:id", method = "delete", operation_id = "forget_address")]
    async fn forget(&self, actor: Resident, id: Path<Id<AddressId>>) -> Answer<Done> {
        self.app.forget_address(&actor, id.0.0).await?;
        Ok(Done::Nothing)
    }
}

/// Asking for somebody to come, and what follows.
#[derive(Clone)]
pub struct VisitsApi {
    /// The application.
    pub app: App,
}

#[OpenApi(tag = "Tag::Visits")]
impl VisitsApi {
    /// Look before asking
    ///
    /// What it would cost, how many could come in time, who is responsible, or why it cannot be asked for.
    #[oai(path = "/visits/preview", method = "post", operation_id = "preview_visit")]
    async fn preview(&self, actor: Resident, body: Json<VisitIn>) -> Answer<Json<VisitPreview>> {
        let request = body.0.into_request()?;
        let preview = self.app.preview_visit(&actor, &request).await?;
        let catalogue = self.app.catalogue().await?;
        let responsible = preview.responsible.and_then(|id| catalogue.organisations.get(&id));
        Ok(Json(VisitPreview {
            price_form: preview.price_form.into(),
            price_fen: preview.price_fen,
            minutes: preview.minutes,
            from: preview.window.0.into(),
            until: preview.window.1.into(),
            nearby: u32::try_from(preview.nearby).unwrap_or(u32::MAX),
            reach_words: preview.reach_words().into(),
            nearest_seconds: preview.nearest_seconds,
            responsible: responsible.map(|organisation| (&organisation.name).into()),
            same: preview.same.is_some(),
            emergency: hazards::emergency(&request.words()).map(Emergency::from),
            problem: preview.refusal.as_ref().map(Problem::of),
        }))
    }

    /// Ask for somebody to come
    ///
    /// The same request with the same key is answered the same and asks for nothing new. Where the same thing is
    /// reported already, that report is followed.
    #[oai(path = "/visits", method = "post", operation_id = "request_visit")]
    async fn request(
        &self,
        actor: Resident,
        #[oai(name = "Idempotency-Key")] key: Header<IdempotencyKey>,
        body: Json<VisitIn>,
    ) -> Answer<Asked> {
        let requested = self.app.request_visit(&actor, body.0.into_request()?, key.0.as_str()).await?;
        asked(&self.app, &actor, requested).await
    }

    /// Agree to somebody from farther away
    #[oai(path = "/visits/:id/widen", method = "post", operation_id = "widen_visit")]
    async fn widen(
        &self,
        actor: Resident,
        id: Path<Id<OrderId>>,
        #[oai(name = "Idempotency-Key")] key: Header<IdempotencyKey>,
    ) -> Answer<Json<Order>> {
        self.app.widen_visit(&actor, id.0.0, key.0.as_str()).await?;
        shown(&self.app, &actor, id.0.0).await
    }

    /// Choose another time
    #[oai(path = "/visits/:id/later", method = "post", operation_id = "postpone_visit")]
    async fn later(
        &self,
        actor: Resident,
        id: Path<Id<OrderId>>,
        #[oai(name = "Idempotency-Key")] key: Header<IdempotencyKey>,
        body: Json<LaterIn>,
    ) -> Answer<Json<Order>> {
        let LaterIn { from, until } = body.0;
        self.app.postpone_visit(&actor, id.0.0, from.0, until.0, key.0.as_str()).await?;
        shown(&self.app, &actor, id.0.0).await
    }
}

async fn shown(app: &App, actor: &Actor, id: OrderId) -> Answer<Json<Order>> {
    let catalogue = app.catalogue().await?;
    Ok(Json(Order::of(app, &catalogue, app.order(actor, id).await?)?))
}

async fn asked(app: &App, actor: &Actor, requested: Requested) -> Answer<Asked> {
    match requested {
        Requested::Made(id) | Requested::Before(id) => Ok(Asked::Made(Json(Box::new(shown(app, actor, id).await?.0)))),
        Requested::Same(id) => Ok(Asked::Followed(Json(Followed { order_id: Id(id) }))),
    }
}

/// Which visits to list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[oai(rename_all = "snake_case")]
enum VisitScope {
    /// Nobody has said yes yet.
    Open,
    /// Nobody was found in time.
    Unmatched,
    /// Past a deadline.
    Late,
    /// In hand.
    Underway,
    /// Done, or over without it; the latest first.
    Done,
}

/// Visits of a desk.
#[derive(Debug, Clone, Object)]
#[oai(skip_serializing_if_is_none, deny_unknown_fields)]
struct DeskVisitPage {
    /// The visits, those that are soonest first; of those that are over the latest.
    items: Vec<DeskVisit>,
    /// The cursor of the next page; none on the last.
    next: Option<String>,
}

/// Those who could be sent.
#[derive(Debug, Clone, Object)]
#[oai(deny_unknown_fields)]
struct SendCandidateList {
    /// The best suited first, then those with something in the way.
    items: Vec<SendCandidate>,
}

/// Whom to send.
#[derive(Debug, Clone, Object)]
#[oai(deny_unknown_fields)]
struct SendIn {
    /// The worker.
    worker_id: Id<WorkerId>,
}

/// Why it is taken from whoever has it.
#[derive(Debug, Clone, Object)]
#[oai(deny_unknown_fields)]
struct TakeBackIn {
    /// In words, at most 200 characters.
    reason: Text<200>,
}

/// A request staff make for somebody.
#[derive(Debug, Clone, Object)]
#[oai(deny_unknown_fields)]
struct DeskVisitIn {
    /// For whom.
    person_id: Id<PersonId>,
    /// What.
    visit: VisitIn,
}

/// Visits, at the desk.
#[derive(Clone)]
pub struct DeskVisitsApi {
    /// The application.
    pub app: App,
}

#[OpenApi(tag = "Tag::Desk")]
impl DeskVisitsApi {
    /// Visits of the desk
    ///
    /// Of the organisations one works for, and of the area.
    #[oai(path = "/desk/visits", method = "get", operation_id = "desk_visits")]
    async fn list(
        &self,
        actor: Desk,
        scope: Query<VisitScope>,
        area: Query<Option<InArea>>,
        cursor: Query<Option<Text<27>>>,
        limit: Query<Option<Limit>>,
    ) -> Answer<Json<DeskVisitPage>> {
        let after = cursor.0.map(|text| parse_cursor(&text)).transpose()?;
        let limit = u32::try_from(limit.0.unwrap_or_default().0).unwrap_or(100);
        let listed = match scope.0 {
            VisitScope::Open => DeskList::Open,
            VisitScope::Unmatched => DeskList::Unmatched,
            VisitScope::Late => DeskList::Late,
            VisitScope::Underway => DeskList::Underway,
            VisitScope::Done => DeskList::Done,
        };
        let area = area.0.map(|area| area.0);
        let mut views = self.app.desk_visits(&actor, area.as_ref(), listed, after, limit + 1).await?;
        let more = views.len() > limit as usize;
        views.truncate(limit as usize);
        let next = views.last().filter(|_| more).map(|(job, _)| cursor_of(job.visit.from, job.order.id));
        let items = views.into_iter().map(|(job, visit)| DeskVisit { job: job.into(), visit: visit.into() }).collect();
        Ok(Json(DeskVisitPage { items, next }))
    }

    /// Ask for somebody to come, for a person
    #[oai(path = "/desk/visits", method = "post", operation_id = "request_visit_at_desk")]
    async fn request(
        &self,
        actor: Desk,
        #[oai(name = "Idempotency-Key")] key: Header<IdempotencyKey>,
        body: Json<DeskVisitIn>,
    ) -> Answer<Asked> {
        let request = VisitRequest { subject: Some(body.0.person_id.0), ..body.0.visit.into_request()? };
        let requested = self.app.request_visit_at_desk(&actor, request, key.0.as_str()).await?;
        asked(&self.app, &actor, requested).await
    }

    /// Who could be sent
    #[oai(path = "/desk/visits/:id/candidates", method = "get", operation_id = "visit_candidates")]
    async fn candidates(&self, actor: Desk, id: Path<Id<OrderId>>) -> Answer<Json<SendCandidateList>> {
        let items = self.app.visit_candidates(&actor, id.0.0).await?.into_iter().map(SendCandidate::from).collect();
        Ok(Json(SendCandidateList { items }))
    }

    /// Send somebody
    #[oai(path = "/desk/visits/:id/assign", method = "post", operation_id = "send_worker")]
    async fn assign(
        &self,
        actor: Desk,
        id: Path<Id<OrderId>>,
        #[oai(name = "Idempotency-Key")] key: Header<IdempotencyKey>,
        body: Json<SendIn>,
    ) -> Answer<Done> {
        self.app.send_worker(&actor, id.0.0, body.0.worker_id.0, key.0.as_str()).await?;
        Ok(Done::Nothing)
    }

    /// See to it, without naming anybody yet
    #[oai(path = "/desk/visits/:id/take", method = "post", operation_id = "take_visit")]
    async fn take(
        &self,
        actor: Desk,
        id: Path<Id<OrderId>>,
        #[oai(name = "Idempotency-Key")] key: Header<IdempotencyKey>,
    ) -> Answer<Done> {
        self.app.take_visit(&actor, id.0.0, key.0.as_str()).await?;
        Ok(Done::Nothing)
    }

    /// Take it from whoever has it
    #[oai(path = "/desk/visits/:id/unassign", method = "post", operation_id = "unassign_visit")]
    async fn unassign(
        &self,
        actor: Desk,
        id: Path<Id<OrderId>>,
        #[oai(name = "Idempotency-Key")] key: Header<IdempotencyKey>,
        body: Json<TakeBackIn>,
    ) -> Answer<Done> {
        self.app.take_back(&actor, id.0.0, &body.0.reason.0, key.0.as_str()).await?;
        Ok(Done::Nothing)
    }
}
