//! Visits, offers and jobs over the wire.

use linli_application::dispatch::address::Address as KeptAddress;
use linli_application::dispatch::desk::CandidateView;
use linli_application::dispatch::view::WorkerCard;
use linli_application::dispatch::way::pictures::Picture;
use linli_application::dispatch::way::position::Whereabouts;
use linli_application::dispatch::{Candidate, JobView, OfferedView, VisitView};
use linli_domain::geo::Wgs84;
use linli_domain::id::{AddressId, CompoundId, FileId, OfferId, OrderId, WorkerId};
use linli_domain::platform::{self, VisitTerms};
use linli_domain::time::Instant;
use linli_domain::worker::initial;
use poem_openapi::{Enum, Object};

use super::orders::{FormAnswer, OrderState, form_answers};
use super::people::keys;
use super::{At, Id, Words};
use crate::problem::Problem;

keys! {
    /// Where a visit stands.
    VisitStateKey = linli_domain::visit::VisitState {
        /// Nobody has been asked yet, or nobody who was asked could come.
        Seeking,
        /// Somebody is being asked.
        Offered,
        /// Somebody will come.
        Accepted,
        /// On the way.
        OnTheWay,
        /// At the door.
        Arrived,
        /// At work.
        Working,
        /// Done.
        Done,
        /// It could not be done.
        Failed,
        /// Called off, or its time ran out.
        Over,
    }
}

keys! {
    /// How somebody is found.
    WayKey = platform::Way {
        /// Offers to the best suited.
        Ranked,
        /// Everybody suited sees it.
        Board,
        /// The best assignment of all open jobs.
        Batch,
        /// The company responsible.
        Contract,
        /// Community staff send somebody.
        Staff,
    }
}

keys! {
    /// How the price comes about.
    PriceFormKey = platform::PriceForm {
        /// Nobody pays.
        Free,
        /// What is shown is paid.
        Fixed,
        /// For each hour begun.
        Hourly,
        /// For coming to look; the rest is quoted.
        Quote,
    }
}

keys! {
    /// What may be wished.
    WishKey = platform::Wish {
        /// A woman, or a man.
        Gender,
        /// A language.
        Language,
        /// Somebody they know, or not a certain one.
        Worker,
    }
}

keys! {
    /// Where somebody comes to.
    WhereKey = platform::Where {
        /// To a door.
        Home,
        /// To any place.
        Spot,
    }
}

keys! {
    /// How somebody travels.
    TravelKey = linli_domain::geo::Travel {
        /// On foot.
        Foot,
        /// By e-bike.
        #[oai(rename = "ebike")]
        EBike,
        /// By car.
        Car,
    }
}

/// A point, WGS-84.
#[derive(Debug, Clone, Copy, PartialEq, Object)]
#[oai(deny_unknown_fields)]
pub struct Point {
    /// Degrees north.
    pub lat: f64,
    /// Degrees east.
    pub lon: f64,
}

impl From<Wgs84> for Point {
    fn from(point: Wgs84) -> Self {
        Self { lat: point.latitude, lon: point.longitude }
    }
}

/// A skill.
#[derive(Debug, Clone, PartialEq, Eq, Object)]
#[oai(deny_unknown_fields)]
pub struct Skill {
    /// Its key.
    pub key: String,
    /// What it is called.
    pub name: Words,
}

/// What a visit of a kind is like.
#[derive(Debug, Clone, PartialEq, Eq, Object)]
#[oai(skip_serializing_if_is_none, deny_unknown_fields)]
pub struct KindVisit {
    /// The ways to find somebody, in order.
    pub ways: Vec<WayKey>,
    /// How the price comes about.
    pub price_form: PriceFormKey,
    /// The usual price in fen: of the visit, of an hour, or for coming to look.
    pub price_fen: i64,
    /// How long it takes, in minutes.
    pub minutes: u16,
    /// By which means workers come.
    pub travel: Vec<TravelKey>,
    /// The fifteen-minute circle, in minutes.
    pub circle_minutes: u16,
    /// Where somebody comes to.
    pub place: WhereKey,
    /// Whether work starts with a code.
    pub code: bool,
    /// Whether pictures before and after belong to it.
    pub photos: bool,
    /// Whether a report may be kept private.
    pub may_be_private: bool,
    /// What one thing is that is reported once.
    pub thing: Option<Words>,
    /// Whether it cannot wait.
    pub urgent: bool,
    /// What may be wished.
    pub wishes: Vec<WishKey>,
    /// Papers a worker needs.
    pub documents: Vec<String>,
    /// Skills a worker may have.
    pub skills: Vec<Skill>,
    /// How many days ahead it can be asked for.
    pub days_ahead: u16,
}

impl KindVisit {
    /// What a kind's file says.
    pub fn of(kind: &platform::Kind, terms: &VisitTerms) -> Self {
        Self {
            ways: terms.ways.iter().map(|way| (*way).into()).collect(),
            price_form: terms.price.into(),
            price_fen: kind.rules.price_fen,
            minutes: kind.rules.slot_minutes,
            travel: terms.travel.iter().map(|travel| (*travel).into()).collect(),
            circle_minutes: terms.circle_minutes,
            place: terms.place.into(),
            code: terms.code,
            photos: terms.photos,
            may_be_private: terms.may_be_private,
            thing: terms.thing.as_ref().map(Words::from),
            urgent: terms.urgent.is_some(),
            wishes: terms.wishes.iter().map(|wish| (*wish).into()).collect(),
            documents: terms.documents.clone(),
            skills: terms.skills.iter().map(|(key, name)| Skill { key: key.clone(), name: name.into() }).collect(),
            days_ahead: kind.rules.opens_days_before,
        }
    }
}

/// An address somebody keeps.
#[derive(Debug, Clone, PartialEq, Object)]
#[oai(skip_serializing_if_is_none, deny_unknown_fields)]
pub struct Address {
    /// Which.
    pub id: Id<AddressId>,
    /// What they call it.
    pub label: String,
    /// Compound or street.
    pub text: String,
    /// Building, entrance, floor, door.
    pub detail: String,
    /// The code of the community.
    pub area_code: String,
    /// The compound.
    pub compound_id: Option<Id<CompoundId>>,
    /// Where exactly.
    pub point: Point,
}

impl From<KeptAddress> for Address {
    fn from(kept: KeptAddress) -> Self {
        Self {
            id: Id(kept.id),
            label: kept.label,
            text: kept.text,
            detail: kept.detail,
            area_code: kept.area.to_string(),
            compound_id: kept.compound.map(Id),
            point: kept.point.into(),
        }
    }
}

/// Where somebody is to come.
#[derive(Debug, Clone, PartialEq, Object)]
#[oai(deny_unknown_fields)]
pub struct DoorRef {
    /// Compound or street.
    pub text: String,
    /// Building, entrance, floor, door.
    pub detail: String,
    /// Where exactly.
    pub point: Point,
}

/// The mean of somebody's ratings.
#[derive(Debug, Clone, Copy, PartialEq, Object)]
#[oai(deny_unknown_fields)]
pub struct Rating {
    /// 1 to 5.
    pub mean: f64,
    /// How many there are.
    pub count: u32,
}

/// Who comes.
#[derive(Debug, Clone, PartialEq, Object)]
#[oai(skip_serializing_if_is_none, deny_unknown_fields)]
pub struct WorkerRef {
    /// Which.
    pub id: Id<WorkerId>,
    /// The name.
    pub name: String,
    /// The initial, for where there is no picture.
    pub initial: String,
    /// `female`, `male` or `unsaid`.
    pub gender: String,
    /// How they come.
    pub travel: TravelKey,
    /// Their ratings; none before the first.
    pub rating: Option<Rating>,
}

impl From<&WorkerCard> for WorkerRef {
    fn from(card: &WorkerCard) -> Self {
        let rating = card.rating.map(|(milli, count)| Rating { mean: f64::from(milli) / 1000.0, count });
        Self { rating, ..Self::from(&card.worker) }
    }
}

impl From<&Candidate> for WorkerRef {
    fn from(worker: &Candidate) -> Self {
        Self {
            id: Id(worker.worker),
            initial: initial(&worker.name),
            name: worker.name.clone(),
            gender: worker.gender.clone(),
            travel: worker.travel.into(),
            rating: None,
        }
    }
}

/// A price asked for at the door.
#[derive(Debug, Clone, PartialEq, Eq, Object)]
#[oai(deny_unknown_fields)]
pub struct Quote {
    /// In fen.
    pub fen: i64,
    /// What for.
    pub note: String,
    /// `asked`, `agreed` or `refused`.
    pub state: String,
}

/// What the resident might do next.
#[derive(Debug, Clone, PartialEq, Eq, Object)]
#[oai(deny_unknown_fields)]
pub struct NextStep {
    /// `widen`, `later` or `call`.
    pub key: String,
    /// In words.
    pub words: Words,
}

/// When whoever comes will be there, and where they were seen last.
#[derive(Debug, Clone, PartialEq, Object)]
#[oai(skip_serializing_if_is_none, deny_unknown_fields)]
pub struct Arrival {
    /// Where they were seen last, while they are on the way.
    pub point: Option<Point>,
    /// When.
    pub at: Option<At>,
    /// How long ago, in seconds.
    pub age_seconds: Option<i64>,
    /// Whether it is an estimate, since no position is fresh.
    pub estimated: bool,
    /// Seconds left by streets. 0 says that they should be there, never that they are.
    pub seconds_left: Option<u32>,
    /// All of it in words.
    pub words: Words,
}

impl From<Whereabouts> for Arrival {
    fn from(whereabouts: Whereabouts) -> Self {
        let Whereabouts { seen, age_seconds, arrival } = whereabouts;
        Self {
            point: seen.map(|seen| seen.point.into()),
            at: seen.map(|seen| At(seen.at)),
            age_seconds,
            estimated: arrival.estimated,
            seconds_left: arrival.seconds_left,
            words: arrival.words.into(),
        }
    }
}

/// A picture of the work.
#[derive(Debug, Clone, PartialEq, Eq, Object)]
#[oai(deny_unknown_fields)]
pub struct WorkPicture {
    /// Which.
    pub id: Id<FileId>,
    /// `request`, `before`, `after`, `rating` or `answer`.
    pub moment: String,
    /// Where it is read, under `/api`.
    pub url: String,
}

impl From<Picture> for WorkPicture {
    fn from(picture: Picture) -> Self {
        Self { id: Id(picture.file), moment: picture.moment, url: format!("/files/{}", picture.file) }
    }
}

/// The visit of an order.
#[derive(Debug, Clone, PartialEq, Object)]
#[oai(skip_serializing_if_is_none, deny_unknown_fields)]
pub struct OrderVisit {
    /// Where it stands.
    pub state: VisitStateKey,
    /// Where it stands, in words.
    pub state_words: Words,
    /// How somebody is found.
    pub way: WayKey,
    /// Where to.
    pub address: DoorRef,
    /// As soon as possible.
    pub is_now: bool,
    /// From when.
    pub from: At,
    /// By when.
    pub until: At,
    /// How long it takes, in minutes.
    pub minutes: u16,
    /// How the price comes about.
    pub price_form: PriceFormKey,
    /// `free`, `cash` or `district`.
    pub pay_by: String,
    /// The price asked for at the door.
    pub quote: Option<Quote>,
    /// Who comes.
    pub worker: Option<WorkerRef>,
    /// Why them.
    pub reasons: Vec<Words>,
    /// The code that starts the work.
    pub code: Option<String>,
    /// What was asked for: a note.
    pub note: String,
    /// Somebody from farther away will do.
    pub wider: bool,
    /// Only those who work on it see it.
    pub is_private: bool,
    /// How far they were by streets when they accepted, in seconds.
    pub travel_seconds: Option<u32>,
    /// By when somebody must have said yes.
    pub accept_by: Option<At>,
    /// By when somebody must be there.
    pub arrive_by: Option<At>,
    /// When they set out.
    pub on_way_at: Option<At>,
    /// When they were at the door.
    pub arrived_at: Option<At>,
    /// When work began.
    pub started_at: Option<At>,
    /// When it was done.
    pub done_at: Option<At>,
    /// When they will be there, while they are on the way.
    pub arrival: Option<Arrival>,
    /// Pictures.
    pub pictures: Vec<WorkPicture>,
    /// Later than was promised.
    pub late: bool,
    /// Nobody was found in time.
    pub nobody: bool,
    /// What the resident might do next.
    pub next_step: Option<NextStep>,
    /// Until when the two may call each other.
    pub call_until: Option<At>,
    /// How many others reported the same.
    pub followers: u32,
    /// Why it could not be done.
    pub failure: Option<String>,
}

impl From<VisitView> for OrderVisit {
    fn from(view: VisitView) -> Self {
        let VisitView { visit, worker, reasons, code, late, call_until, next_step, followers, arrival, pictures } =
            view;
        Self {
            state: visit.state.into(),
            state_words: visit.state.words().into(),
            way: visit.way.into(),
            address: DoorRef { text: visit.address, detail: visit.detail, point: visit.point.into() },
            is_now: visit.is_now,
            from: visit.from.into(),
            until: visit.until.into(),
            minutes: visit.minutes,
            price_form: visit.price_form.into(),
            pay_by: visit.pay_by,
            quote: visit.quote.map(|(fen, note, state)| Quote { fen, note, state }),
            worker: worker.as_ref().map(WorkerRef::from),
            reasons: reasons.into_iter().map(Words::from).collect(),
            code,
            note: visit.note,
            wider: visit.wider,
            is_private: visit.is_private,
            travel_seconds: visit.travel_seconds,
            accept_by: visit.accept_by.map(At),
            arrive_by: visit.arrive_by.map(At),
            on_way_at: visit.on_way_at.map(At),
            arrived_at: visit.arrived_at.map(At),
            started_at: visit.started_at.map(At),
            done_at: visit.done_at.map(At),
            arrival: arrival.map(Arrival::from),
            pictures: pictures.into_iter().map(WorkPicture::from).collect(),
            late,
            nobody: visit.nobody_at.is_some(),
            next_step: next_step.map(|(key, words)| NextStep { key: key.to_owned(), words: words.into() }),
            call_until: call_until.map(At),
            followers,
            failure: (!visit.failure.is_empty()).then_some(visit.failure),
        }
    }
}

/// A job that is offered, or that hangs on the board.
#[derive(Debug, Clone, PartialEq, Object)]
#[oai(skip_serializing_if_is_none, deny_unknown_fields)]
pub struct JobOffer {
    /// The offer; none on the board.
    pub id: Option<Id<OfferId>>,
    /// The order.
    pub order_id: Id<OrderId>,
    /// The key of the kind.
    pub kind: String,
    /// What the kind is called.
    pub kind_name: Words,
    /// What was asked and answered.
    pub form: Vec<FormAnswer>,
    /// The compound or street; the door is shown to whoever accepts.
    pub place: String,
    /// Roughly where.
    pub point: Point,
    /// As soon as possible.
    pub is_now: bool,
    /// From when.
    pub from: At,
    /// By when.
    pub until: At,
    /// How long it takes, in minutes.
    pub minutes: u16,
    /// How the price comes about.
    pub price_form: PriceFormKey,
    /// What it is likely to pay, in fen.
    pub price_fen: i64,
    /// `free`, `cash` or `district`.
    pub pay_by: String,
    /// The way there by streets, in seconds.
    pub travel_seconds: u32,
    /// Why it is shown to you.
    pub reasons: Vec<Words>,
    /// Until when it can be accepted.
    pub expires_at: Option<At>,
    /// How many seconds that is from now.
    pub seconds_left: Option<u32>,
}

impl JobOffer {
    /// An offer as it goes over the wire.
    pub fn of(view: OfferedView, now: Instant) -> Self {
        let OfferedView { offer, order, visit, kind, rough, travel_seconds, reasons } = view;
        let expires = offer.as_ref().and_then(|offer| offer.expires_at);
        let left = |at: Instant| u32::try_from((at - now).0.max(0) / 1_000_000).unwrap_or(0);
        Self {
            id: offer.map(|offer| Id(offer.id)),
            order_id: Id(order.id),
            kind: kind.key.to_string(),
            kind_name: (&kind.name).into(),
            form: form_answers(&kind, &order.form),
            place: visit.address,
            point: rough.into(),
            is_now: visit.is_now,
            from: visit.from.into(),
            until: visit.until.into(),
            minutes: visit.minutes,
            price_form: visit.price_form.into(),
            price_fen: order.price_fen,
            pay_by: visit.pay_by,
            travel_seconds,
            reasons: reasons.into_iter().map(Words::from).collect(),
            expires_at: expires.map(At),
            seconds_left: expires.map(left),
        }
    }
}

/// A job somebody has, or had.
#[derive(Debug, Clone, PartialEq, Object)]
#[oai(skip_serializing_if_is_none, deny_unknown_fields)]
pub struct Job {
    /// The order.
    pub order_id: Id<OrderId>,
    /// Its version.
    pub version: i32,
    /// A short number to read out on the phone.
    pub number: String,
    /// Where the order stands.
    pub order_state: OrderState,
    /// Where the visit stands.
    pub state: VisitStateKey,
    /// In words.
    pub state_words: Words,
    /// The key of the kind.
    pub kind: String,
    /// What the kind is called.
    pub kind_name: Words,
    /// As soon as possible.
    pub is_now: bool,
    /// When it begins, as planned.
    pub start: At,
    /// When it ends, as planned.
    pub end: At,
    /// From when the resident asked for it.
    pub from: At,
    /// By when.
    pub until: At,
    /// How long it takes, in minutes.
    pub minutes: u16,
    /// Where to.
    pub address: DoorRef,
    /// Who is served.
    pub resident: String,
    /// What was asked and answered.
    pub form: Vec<FormAnswer>,
    /// What else they said.
    pub note: String,
    /// How the price comes about.
    pub price_form: PriceFormKey,
    /// The price in fen.
    pub price_fen: i64,
    /// `free`, `cash` or `district`.
    pub pay_by: String,
    /// The price asked for at the door.
    pub quote: Option<Quote>,
    /// The way there when it was accepted, in seconds.
    pub travel_seconds: Option<u32>,
    /// Whether work starts with a code.
    pub code_needed: bool,
    /// How many codes may still be tried.
    pub code_tries_left: u32,
    /// Whether pictures before and after belong to it.
    pub photos: bool,
    /// Pictures; only where one job is asked for.
    pub pictures: Vec<WorkPicture>,
    /// When they set out.
    pub on_way_at: Option<At>,
    /// When they were at the door.
    pub arrived_at: Option<At>,
    /// When work began.
    pub started_at: Option<At>,
    /// When it was done.
    pub done_at: Option<At>,
    /// By when somebody must be there.
    pub arrive_by: Option<At>,
    /// What can be done now, as keys.
    pub actions: Vec<String>,
    /// What happened, oldest first; only where one job is asked for.
    pub timeline: Vec<JobEvent>,
}

/// One line of a job's timeline.
#[derive(Debug, Clone, PartialEq, Eq, Object)]
#[oai(deny_unknown_fields)]
pub struct JobEvent {
    /// When.
    pub at: At,
    /// What, as a stable key.
    pub event: String,
    /// What, in words.
    pub words: Words,
}

impl From<JobView> for Job {
    fn from(view: JobView) -> Self {
        let JobView { order, visit, kind, resident, actions, timeline, pictures } = view;
        let terms = kind.visit.as_ref();
        let event = |event: linli_application::orders::OrderEvent| JobEvent {
            at: event.at.into(),
            words: linli_application::orders::view::event_words(&event).into(),
            event: event.event,
        };
        Self {
            order_id: Id(order.id),
            version: order.version,
            number: super::orders::short_number(order.id),
            order_state: order.state.into(),
            state: visit.state.into(),
            state_words: visit.state.words().into(),
            kind: kind.key.to_string(),
            kind_name: (&kind.name).into(),
            is_now: visit.is_now,
            start: order.starts_at.into(),
            end: order.ends_at.into(),
            from: visit.from.into(),
            until: visit.until.into(),
            minutes: visit.minutes,
            address: DoorRef { text: visit.address, detail: visit.detail, point: visit.point.into() },
            resident,
            form: form_answers(&kind, &order.form),
            note: visit.note,
            price_form: visit.price_form.into(),
            price_fen: order.price_fen,
            pay_by: visit.pay_by,
            quote: visit.quote.map(|(fen, note, state)| Quote { fen, note, state }),
            travel_seconds: visit.travel_seconds,
            code_needed: terms.is_some_and(|terms| terms.code),
            code_tries_left: linli_domain::at_work::CODE_TRIES.saturating_sub(visit.code_tries),
            photos: terms.is_some_and(|terms| terms.photos),
            pictures: pictures.into_iter().map(WorkPicture::from).collect(),
            on_way_at: visit.on_way_at.map(At),
            arrived_at: visit.arrived_at.map(At),
            started_at: visit.started_at.map(At),
            done_at: visit.done_at.map(At),
            arrive_by: visit.arrive_by.map(At),
            actions: actions.into_iter().map(str::to_owned).collect(),
            timeline: timeline.into_iter().map(event).collect(),
        }
    }
}

/// A visit as the desk sees it.
#[derive(Debug, Clone, PartialEq, Object)]
#[oai(deny_unknown_fields)]
pub struct DeskVisit {
    /// What is to be done.
    pub job: Job,
    /// How far it is.
    pub visit: OrderVisit,
}

/// Somebody who could be sent.
#[derive(Debug, Clone, PartialEq, Object)]
#[oai(skip_serializing_if_is_none, deny_unknown_fields)]
pub struct SendCandidate {
    /// Who.
    pub worker: WorkerRef,
    /// How far, in seconds by streets.
    pub travel_seconds: Option<u32>,
    /// When they would begin.
    pub start: Option<At>,
    /// Why them.
    pub reasons: Vec<Words>,
    /// What stands in the way.
    pub problem: Option<Problem>,
}

impl From<CandidateView> for SendCandidate {
    fn from(view: CandidateView) -> Self {
        let CandidateView { worker, travel_seconds, start, reasons, problem } = view;
        Self {
            worker: WorkerRef::from(&worker),
            travel_seconds,
            start: start.map(At),
            reasons: reasons.into_iter().map(Words::from).collect(),
            problem: problem.as_ref().map(Problem::of),
        }
    }
}
