//! Orders over the wire.

use linli_application::App;
use linli_application::catalogue::{Catalogue, Offered};
use linli_application::orders::place::Preview as PreviewOf;
use linli_application::orders::queue::{self, Ticket as TicketRow, TicketState, desk_actions};
use linli_application::orders::view::{OrderView, as_revisit, by_for, event_words};
use linli_application::sessions::certificate::Seat;
use linli_domain::id::{CourseId, MeetingId, OfferingId, OrderId, PersonId, SeriesId, SessionId, UnitId};
use linli_domain::session::Session;
use poem_openapi::{Enum, Object};

use super::people::keys;
use super::{At, Id, On, Words};
use crate::dto::catalogue::{Offering, OrganisationRef, Place, Provider, ShapeKey, Slot};
use crate::dto::feedback::OrderRating;
use crate::dto::rooms::UnitRef;
use crate::dto::sessions::MarkKey;
use crate::dto::visits::OrderVisit;
use crate::problem::{Answer, Problem};

keys! {
    /// Where an order stands.
    OrderState = linli_domain::order::State {
        /// Asked for, not yet decided.
        Requested,
        /// In line.
        Waiting,
        /// A place is kept until `held_until`.
        Held,
        /// Booked.
        Confirmed,
        /// They are there.
        Underway,
        /// The provider says it is done.
        Fulfilled,
        /// Over.
        Closed,
        /// It was not right: it goes on.
        Reopened,
        /// The provider said no.
        Rejected,
        /// Given up.
        Cancelled,
        /// Time ran out.
        Expired,
        /// They did not come.
        NoShow,
    }
}

keys! {
    /// On whose authority an order was placed.
    AuthorityKey = linli_domain::person::Authority {
        /// For oneself.
        #[oai(rename = "self")]
        Myself,
        /// A guardian for a minor.
        Guardian,
        /// Staff, at the desk or by phone.
        Staff,
    }
}

/// A person by id and name.
#[derive(Debug, Clone, PartialEq, Eq, Object)]
#[oai(deny_unknown_fields)]
pub struct PersonRef {
    /// Which.
    pub id: Id<PersonId>,
    /// The name.
    pub name: String,
}

/// Who placed an order.
#[derive(Debug, Clone, PartialEq, Eq, Object)]
#[oai(deny_unknown_fields)]
pub struct PlacedBy {
    /// The name.
    pub name: String,
    /// On whose authority.
    pub authority: AuthorityKey,
}

/// Who pays how much.
#[derive(Debug, Clone, PartialEq, Eq, Object)]
#[oai(deny_unknown_fields)]
pub struct Share {
    /// Who, in words.
    pub payer: Words,
    /// How much, in fen.
    pub amount_fen: i64,
}

/// Where somebody stands in a waiting line.
#[derive(Debug, Clone, PartialEq, Eq, Object)]
#[oai(deny_unknown_fields)]
pub struct LinePlace {
    /// 1 is next.
    pub position: u32,
    /// How many wait in all.
    pub waiting: u32,
}

keys! {
    /// Where a number in the desk's queue stands.
    TicketStateKey = TicketState {
        /// Waiting to be called.
        Waiting,
        /// Called.
        Called,
        /// Served.
        Done,
        /// Called, and not there.
        Missed,
    }
}

/// A number in the desk's queue, as the resident sees it.
#[derive(Debug, Clone, PartialEq, Eq, Object)]
#[oai(skip_serializing_if_is_none, deny_unknown_fields)]
pub struct QueuePlace {
    /// The number.
    pub number: i32,
    /// Where it stands.
    pub state: TicketStateKey,
    /// The number now served.
    pub serving: Option<i32>,
    /// How many are ahead.
    pub ahead: u32,
}

/// An answer to the kind's form.
#[derive(Debug, Clone, PartialEq, Eq, Object)]
#[oai(deny_unknown_fields)]
pub struct FormAnswer {
    /// The question.
    pub label: Words,
    /// The answer.
    pub value: String,
}

/// One line of a timeline.
#[derive(Debug, Clone, PartialEq, Eq, Object)]
#[oai(deny_unknown_fields)]
pub struct TimelineEvent {
    /// When.
    pub at: At,
    /// What, as a stable key.
    pub event: String,
    /// What, in words.
    pub words: Words,
    /// Who did it, in words.
    pub by: Words,
}

/// One date of a session somebody has a seat in.
#[derive(Debug, Clone, PartialEq, Eq, Object)]
#[oai(skip_serializing_if_is_none, deny_unknown_fields)]
pub struct OrderMeeting {
    /// Which.
    pub id: Id<MeetingId>,
    /// Counting from 1.
    pub number: u32,
    /// From.
    pub start: At,
    /// To.
    pub end: At,
    /// What it is about.
    pub topic: Option<Words>,
    /// Why it will not take place, when it will not.
    pub cancelled: Option<String>,
    /// What stands on the roster.
    pub mark: Option<MarkKey>,
}

/// The session somebody has a seat in.
#[derive(Debug, Clone, PartialEq, Eq, Object)]
#[oai(deny_unknown_fields)]
pub struct OrderSession {
    /// Which.
    pub id: Id<SessionId>,
    /// `event`, `term` or `group`.
    pub form: String,
    /// What it is called.
    pub title: Words,
    /// Its dates, by beginning.
    pub meetings: Vec<OrderMeeting>,
    /// Meetings attended.
    pub attended: u32,
    /// Meetings that took place up to now.
    pub planned: u32,
}

impl OrderSession {
    fn of(session: &Session, seat: &Seat) -> Self {
        let mark =
            |id: MeetingId| seat.marks.iter().find(|(meeting, _)| *meeting == id).map(|(_, mark)| (*mark).into());
        let meeting = |meeting: &linli_domain::session::Meeting| OrderMeeting {
            id: Id(meeting.id),
            number: meeting.number,
            start: meeting.start.into(),
            end: meeting.end.into(),
            topic: (!meeting.topic.zh.is_empty()).then(|| (&meeting.topic).into()),
            cancelled: meeting.cancelled.clone(),
            mark: mark(meeting.id),
        };
        Self {
            id: Id(session.id),
            form: session.form.key().to_owned(),
            title: (&session.title).into(),
            meetings: session.meetings.iter().map(meeting).collect(),
            attended: seat.counted.attended,
            planned: seat.counted.planned,
        }
    }
}

/// The course an order is a visit of.
#[derive(Debug, Clone, PartialEq, Eq, Object)]
#[oai(skip_serializing_if_is_none, deny_unknown_fields)]
pub struct OrderCourse {
    /// Which.
    pub id: Id<CourseId>,
    /// The key of the course.
    pub key: String,
    /// What it is called.
    pub name: Words,
    /// Which visit it is, from 1.
    pub visit: u32,
    /// How many there are; none when it goes on as long as somebody wishes.
    pub visits: Option<u8>,
}

/// The orders it was placed together with.
#[derive(Debug, Clone, PartialEq, Eq, Object)]
#[oai(deny_unknown_fields)]
pub struct SeriesRef {
    /// Which.
    pub id: Id<SeriesId>,
    /// How many there are, this one included.
    pub count: u32,
}

/// An order.
#[derive(Debug, Clone, PartialEq, Object)]
#[oai(skip_serializing_if_is_none, deny_unknown_fields)]
pub struct Order {
    /// Which.
    pub id: Id<OrderId>,
    /// Raised with every change; send back the one you saw.
    pub version: i32,
    /// A short number to read out on the phone.
    pub number: String,
    /// Where it stands.
    pub state: OrderState,
    /// Where it stands, in words.
    pub state_words: Words,
    /// What happens next, and by when.
    pub next_step: Words,
    /// The platform's key.
    pub platform: String,
    /// The kind's key.
    pub kind: String,
    /// What the kind is called.
    pub kind_name: Words,
    /// How it is ordered.
    pub shape: Option<ShapeKey>,
    /// What it is called, where it has a name of its own: the session's title, or the course and its visit.
    pub title: Option<Words>,
    /// The session it is a seat in.
    pub session: Option<OrderSession>,
    /// The room or table.
    pub unit: Option<UnitRef>,
    /// The course it is a visit of.
    pub course: Option<OrderCourse>,
    /// The orders it was placed together with.
    pub series: Option<SeriesRef>,
    /// Who is served.
    pub subject: PersonRef,
    /// Who placed it.
    pub placed_by: PlacedBy,
    /// "By X for Y", unless somebody ordered for themselves.
    pub by_for: Option<Words>,
    /// What was ordered.
    pub offering_id: Id<OfferingId>,
    /// Who serves.
    pub organisation: OrganisationRef,
    /// Where.
    pub place: Place,
    /// With whom.
    pub provider: Option<Provider>,
    /// From.
    pub start: At,
    /// To.
    pub end: At,
    /// The price in fen.
    pub price_fen: i64,
    /// Who pays.
    pub shares: Vec<Share>,
    /// Until when it can be cancelled or moved here.
    pub changes_until: At,
    /// Until when a place is held.
    pub held_until: Option<At>,
    /// The place in line.
    pub line: Option<LinePlace>,
    /// The code to check in with.
    pub check_in_code: Option<String>,
    /// The number in the desk's queue.
    pub queue: Option<QueuePlace>,
    /// The visit that it is: who comes, and how far they are.
    pub visit: Option<OrderVisit>,
    /// What was asked and answered.
    pub form: Vec<FormAnswer>,
    /// What its subject said of it.
    pub rating: Option<OrderRating>,
    /// What can be done now: `accept`, `decline`, `cancel`, `cancel_series`, `move`, `leave_line`, `agree`, `reopen`,
    /// `rate`, `edit_rating`, `complain`.
    pub actions: Vec<String>,
    /// What happened, oldest first.
    pub timeline: Vec<TimelineEvent>,
}

impl Order {
    /// An order as it goes over the wire.
    pub fn of(app: &App, catalogue: &Catalogue, view: OrderView) -> Answer<Self> {
        use linli_domain::order::State;
        let by_for = by_for(&view).map(Words::from);
        let order = view.order;
        let offered = catalogue.offered(order.offering)?;
        let course_title = view.course.as_ref().map(|(course, visit)| course.titled(*visit).into());
        let course = view.course.map(|(course, visit)| OrderCourse {
            id: Id(course.id),
            key: course.key.to_string(),
            name: course.name.into(),
            visit,
            visits: course.visits,
        });
        let kind = app.platforms.kind(&order.kind);
        let form = kind.map(|kind| form_answers(kind, &order.form)).unwrap_or_default();
        let shows_code = matches!(order.state, State::Confirmed | State::Underway);
        let queue = view.queue.map(|(ticket, serving, ahead)| QueuePlace {
            number: ticket.number,
            state: ticket.state.into(),
            serving,
            ahead,
        });
        let timeline = view.timeline.iter().map(|(event, by)| TimelineEvent {
            at: event.at.into(),
            event: event.event.clone(),
            words: event_words(event).into(),
            by: by.into(),
        });
        Ok(Self {
            id: Id(order.id),
            version: order.version,
            number: short_number(order.id),
            state: order.state.into(),
            state_words: order.state.words().into(),
            next_step: view.next_step.into(),
            platform: order.kind.platform().to_owned(),
            kind: order.kind.to_string(),
            kind_name: kind.map_or_else(|| Words { zh: String::new(), en: String::new() }, |kind| (&kind.name).into()),
            shape: kind.map(|kind| kind.shape.into()),
            title: view.session.as_ref().map(|session| (&session.title).into()).or(course_title),
            course,
            session: view.session.as_ref().map(|session| OrderSession::of(session, &view.seat)),
            unit: unit_of(offered, order.unit),
            series: order.series.map(|id| SeriesRef { id: Id(id), count: view.series }),
            subject: PersonRef { id: Id(order.subject), name: view.subject },
            placed_by: PlacedBy { name: view.placed_by, authority: order.authority.into() },
            by_for,
            offering_id: Id(order.offering),
            organisation: OrganisationRef::of(catalogue, offered)?,
            place: Place::of(catalogue.place(offered)?),
            provider: Provider::of(catalogue, offered),
            start: order.starts_at.into(),
            end: order.ends_at.into(),
            price_fen: order.price_fen,
            shares: view
                .shares
                .into_iter()
                .map(|(payer, amount_fen)| Share { payer: payer.into(), amount_fen })
                .collect(),
            changes_until: order.changes_until.into(),
            held_until: order.held_until.map(At),
            line: view.line.map(|(position, waiting)| LinePlace { position, waiting }),
            check_in_code: shows_code.then_some(order.check_in_code),
            queue,
            visit: view.visit.map(OrderVisit::from),
            form,
            rating: view.rating.map(OrderRating::from),
            actions: view.actions.into_iter().map(str::to_owned).collect(),
            timeline: timeline.collect(),
        })
    }
}

fn unit_of(offered: &Offered, unit: Option<UnitId>) -> Option<UnitRef> {
    let unit = offered.unit(unit?)?;
    Some(UnitRef { id: Id(unit.id), name: (&unit.name).into() })
}

/// The last eight characters of an id in two groups: enough to find an order with, short enough to read out.
pub(crate) fn short_number(id: OrderId) -> String {
    let text = id.to_string();
    format!("{} {}", &text[5..9], &text[9..])
}

pub(crate) fn form_answers(kind: &linli_domain::platform::Kind, form: &serde_json::Value) -> Vec<FormAnswer> {
    let answer = |field: &linli_domain::platform::FormField| {
        let value = form.get(&field.key)?.as_str()?.to_owned();
        Some(FormAnswer { label: (&field.label).into(), value })
    };
    kind.form.iter().filter_map(answer).collect()
}

/// Orders, and where the next page begins.
#[derive(Debug, Clone, PartialEq, Object)]
#[oai(skip_serializing_if_is_none, deny_unknown_fields)]
pub struct OrderPage {
    /// The orders.
    pub items: Vec<Order>,
    /// The cursor of the next page; none on the last.
    pub next: Option<String>,
}

/// What would be booked.
#[derive(Debug, Clone, PartialEq, Object)]
#[oai(skip_serializing_if_is_none, deny_unknown_fields)]
pub struct Preview {
    /// Who is served.
    pub subject: PersonRef,
    /// What.
    pub offering: Offering,
    /// From.
    pub start: At,
    /// To.
    pub end: At,
    /// The price in fen.
    pub price_fen: i64,
    /// Who pays.
    pub shares: Vec<Share>,
    /// Until when it can be undone here.
    pub changes_until: At,
    /// Whether the place says yes or no to it.
    pub approval: bool,
    /// Why it cannot be booked, if so.
    pub refusal: Option<Problem>,
}

impl Preview {
    /// A preview as it goes over the wire.
    pub fn of(preview: PreviewOf, offering: Offering, for_oneself: bool) -> Self {
        let payer = if for_oneself {
            Words { zh: "本人支付".into(), en: "Paid by the resident".into() }
        } else {
            Words { zh: "监护人支付".into(), en: "Paid by the guardian".into() }
        };
        let payer = match preview.revisit_of {
            Some(day) => as_revisit(&linli_domain::words::Words::new(payer.zh, payer.en), Some(day)).into(),
            None => payer,
        };
        Self {
            subject: PersonRef { id: Id(preview.subject.0), name: preview.subject.1 },
            offering,
            start: preview.start.into(),
            end: preview.end.into(),
            price_fen: preview.price_fen,
            shares: vec![Share { payer, amount_fen: preview.price_fen }],
            changes_until: preview.changes_until.into(),
            approval: preview.approval,
            refusal: preview.refusal.as_ref().map(Problem::of),
        }
    }
}

/// A person as a desk sees them.
#[derive(Debug, Clone, PartialEq, Eq, Object)]
#[oai(skip_serializing_if_is_none, deny_unknown_fields)]
pub struct DeskPerson {
    /// Which.
    pub id: Id<PersonId>,
    /// The name.
    pub name: String,
    /// Completed years.
    pub age: Option<i32>,
    /// The phone, masked.
    pub phone_masked: Option<String>,
    /// Whether staff have seen an identity document of theirs that holds.
    pub identity_seen: bool,
}

impl DeskPerson {
    /// Somebody as far as the desk knows them; of whoever closed their account nothing is left.
    pub fn of(id: PersonId, known: Option<&queue::DeskPerson>) -> Self {
        Self {
            id: Id(id),
            name: known.map(|person| person.name.clone()).unwrap_or_default(),
            age: known.and_then(|person| person.age),
            phone_masked: known.and_then(|person| person.phone_masked.clone()),
            identity_seen: known.is_some_and(|person| person.identity_seen),
        }
    }
}

/// A number in the queue, as the desk sees it.
#[derive(Debug, Clone, PartialEq, Eq, Object)]
#[oai(skip_serializing_if_is_none, deny_unknown_fields)]
pub struct Ticket {
    /// The number.
    pub number: i32,
    /// Where it stands.
    pub state: TicketStateKey,
    /// When they checked in.
    pub arrived_at: At,
    /// When they were last called.
    pub called_at: Option<At>,
}

impl From<&TicketRow> for Ticket {
    fn from(row: &TicketRow) -> Self {
        Self {
            number: row.number,
            state: row.state.into(),
            arrived_at: row.arrived_at.into(),
            called_at: row.called_at.map(At),
        }
    }
}

/// An order as a desk sees it.
#[derive(Debug, Clone, PartialEq, Object)]
#[oai(skip_serializing_if_is_none, deny_unknown_fields)]
pub struct DeskOrder {
    /// Which.
    pub id: Id<OrderId>,
    /// Raised with every change; send back the one you saw.
    pub version: i32,
    /// Where it stands.
    pub state: OrderState,
    /// Where it stands, in words.
    pub state_words: Words,
    /// From.
    pub start: At,
    /// To.
    pub end: At,
    /// The room or table.
    pub unit: Option<UnitRef>,
    /// Who is served.
    pub subject: DeskPerson,
    /// On whose authority it was placed.
    pub authority: AuthorityKey,
    /// The code to check in with.
    pub check_in_code: String,
    /// What was asked and answered.
    pub form: Vec<FormAnswer>,
    /// The number in the queue.
    pub ticket: Option<Ticket>,
    /// What can be done now: `approve`, `reject`, `check_in`, `call`, `done`, `missed`, `recall`, `no_show`, `cancel`.
    pub actions: Vec<String>,
    /// What was ordered; only where orders of several offerings are listed together.
    pub offering: Option<Offering>,
}

impl DeskOrder {
    /// An order as it goes over the wire to a desk.
    pub fn of(
        app: &App,
        catalogue: &Catalogue,
        order: &linli_application::orders::Order,
        subject: DeskPerson,
        ticket: Option<&TicketRow>,
        offering: Option<Offering>,
    ) -> Self {
        let form = app.platforms.kind(&order.kind).map(|kind| form_answers(kind, &order.form)).unwrap_or_default();
        Self {
            id: Id(order.id),
            version: order.version,
            state: order.state.into(),
            state_words: order.state.words().into(),
            start: order.starts_at.into(),
            end: order.ends_at.into(),
            unit: catalogue.offered(order.offering).ok().and_then(|offered| unit_of(offered, order.unit)),
            subject,
            authority: order.authority.into(),
            check_in_code: order.check_in_code.clone(),
            form,
            ticket: ticket.map(Ticket::from),
            actions: desk_actions(order, ticket, app.now()).into_iter().map(str::to_owned).collect(),
            offering,
        }
    }
}

/// A desk's day.
#[derive(Debug, Clone, PartialEq, Object)]
#[oai(skip_serializing_if_is_none, deny_unknown_fields)]
pub struct DeskDay {
    /// Which day.
    pub day: On,
    /// Of what.
    pub offering: Offering,
    /// The number now served.
    pub serving: Option<i32>,
    /// The orders, by beginning.
    pub items: Vec<DeskOrder>,
    /// The times of the day, with what is left.
    pub slots: Vec<Slot>,
}
