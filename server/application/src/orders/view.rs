//! Orders as people see them: with names, words for where it stands and what comes next, and what can be done.

use std::collections::BTreeMap;

use linli_domain::id::{AccountId, OrderId, PersonId};
use linli_domain::order::{ActingAs, Event, State};
use linli_domain::person::{Authority, Person};
use linli_domain::platform::Shape;
use linli_domain::refusal::Code;
use linli_domain::role::Actor;
use linli_domain::session::Session;
use linli_domain::time::{Day, Instant, Span};
use linli_domain::visit::VisitState;
use linli_domain::words::{Language, Words, say};
use linli_store::booking::queue::{self, Ticket, TicketState};
use linli_store::booking::{Order, OrderEvent, orders};
use linli_store::people::{accounts, persons};
use linli_store::sessions;

use super::desk::Written;
use super::next;
use crate::courses::CourseRef;
use crate::dispatch::view::{VisitView, of_resident};
use crate::feedback::RatingView;
use crate::people::household;
use crate::sessions::certificate::{self, Seat};
use crate::{App, Result};

/// An order with everything a page shows of it.
#[derive(Debug, Clone)]
pub struct OrderView {
    /// The order.
    pub order: Order,
    /// The session it is a seat in.
    pub session: Option<Session>,
    /// The visit that it is.
    pub visit: Option<VisitView>,
    /// What came of that seat.
    pub seat: Seat,
    /// The course it belongs to, and which visit of it.
    pub course: Option<(CourseRef, u32)>,
    /// How many orders it was placed together with, itself included; 0 when it stands alone.
    pub series: u32,
    /// The subject's name.
    pub subject: String,
    /// The name of whoever placed it.
    pub placed_by: String,
    /// What happens next, and by when.
    pub next_step: Words,
    /// Who pays how much.
    pub shares: Vec<(Words, i64)>,
    /// The place in line: people ahead, counting from 1, and how many wait in all.
    pub line: Option<(u32, u32)>,
    /// The number in the desk's queue, the number now served, and how many are ahead.
    pub queue: Option<(Ticket, Option<i32>, u32)>,
    /// What its subject said of it.
    pub rating: Option<RatingView>,
    /// What can be done with it now, as keys.
    pub actions: Vec<&'static str>,
    /// What happened, oldest first, each with who did it.
    pub timeline: Vec<(OrderEvent, Words)>,
}

/// Which orders of somebody to list, and from where.
pub use linli_store::booking::orders::Span as Listed;

impl App {
    /// An order for its subject, their guardian, or staff who serve it.
    ///
    /// # Errors
    /// [`Code::NotFound`] for anybody else.
    pub async fn order(&self, actor: &Actor, id: OrderId) -> Result<OrderView> {
        let order = orders::one(self.store.reads(), id).await?.ok_or(Code::NotFound)?;
        let acting = match self.capacity_for(actor, order.subject).await? {
            Some(acting) => acting,
            None if actor.serves(order.organisation, &order.area) => ActingAs::Staff,
            None => return Err(Code::NotFound.into()),
        };
        self.view(order, acting).await
    }

    /// Orders for somebody and the minors of their household.
    ///
    /// # Errors
    /// The database's.
    pub async fn orders(
        &self,
        actor: &Actor,
        listed: Listed,
        after: Option<(Instant, OrderId)>,
        limit: u32,
    ) -> Result<Vec<OrderView>> {
        let mut people = vec![actor.person];
        people.extend(household::list(self, actor).await?.into_iter().map(|minor| minor.person.id));
        let found = orders::list(self.store.reads(), &people, None, listed, after, limit).await?;
        let mut views = Vec::with_capacity(found.len());
        for order in found {
            let own = order.subject == actor.person;
            views.push(self.view(order, if own { ActingAs::Resident } else { ActingAs::Guardian }).await?);
        }
        Ok(views)
    }

    /// Adds to an order what a page shows of it.
    ///
    /// # Errors
    /// The database's.
    pub async fn view(&self, order: Order, acting: ActingAs) -> Result<OrderView> {
        let events = orders::events(self.store.reads(), order.id).await?;
        let names = self.names(&order, &events).await?;
        let shares = orders::shares(self.store.reads(), order.id).await?;
        let shares = shares.into_iter().map(|(payer, _, fen)| (payer_words(&payer), fen)).collect();
        self.assemble(order, acting, &events, &names, shares).await
    }

    /// The view of an order that was written a moment ago: what stands in it is not read again.
    pub(super) async fn view_of_new(&self, actor: &Actor, written: &Written, subject: &Person) -> Result<OrderView> {
        let Written { order, event, shares, .. } = written;
        let events = std::slice::from_ref(event);
        let names = if subject.id == actor.person {
            Names {
                people: [(subject.id, subject.name.clone())].into(),
                accounts: [(actor.account, subject.name.clone())].into(),
            }
        } else {
            self.names(order, events).await?
        };
        let shares = shares.iter().map(|share| (payer_words(share.payer), share.amount_fen)).collect();
        self.assemble(order.clone(), event.acting_as, events, &names, shares).await
    }

    async fn assemble(
        &self,
        order: Order,
        acting: ActingAs,
        events: &[OrderEvent],
        names: &Names,
        mut shares: Vec<(Words, i64)>,
    ) -> Result<OrderView> {
        let reads = self.store.reads();
        let name = |account: AccountId| names.accounts.get(&account).cloned().unwrap_or_default();
        let line = match (order.state, order.line_number) {
            (State::Waiting, Some(number)) => {
                let ahead = orders::ahead_in_line(reads, &order.pool, number).await?;
                let pools = linli_store::scarcity::pools(reads, std::slice::from_ref(&order.pool)).await?;
                Some((ahead + 1, pools.get(&order.pool).map_or(ahead + 1, |pool| pool.waiting)))
            }
            _ => None,
        };
        let queue = self.queue_of(&order).await?;
        let timeline = events.iter().map(|event| (event.clone(), by_words(event, &order, names, &name))).collect();
        let phone = self.phone_of(&order).await?;
        let session = self.session_of(&order).await?;
        let seat = match &session {
            Some(session) => certificate::seat(self, &order, session).await?,
            None => Seat::default(),
        };
        let mut actions = actions(&order, acting, self.now(), self.silence(&order).await?);
        if let Some(session) = &session {
            actions.extend(of_seat(&order, acting, session, &seat, self.now()));
        }
        let visit =
            if self.kind_of(&order)?.shape == Shape::Dispatch { self.visit_view(&order, acting).await? } else { None };
        if let Some(visit) = visit.as_ref().filter(|_| matches!(acting, ActingAs::Resident | ActingAs::Guardian)) {
            // Another time is asked for in words of its own, and nobody is sent away from the door by a tap.
            let coming = matches!(visit.visit.state, VisitState::OnTheWay | VisitState::Arrived);
            actions.retain(|action| *action != "move" && !(coming && *action == "cancel"));
            actions.extend(of_resident(&order, visit));
        }
        let own = matches!(acting, ActingAs::Resident | ActingAs::Guardian);
        let mut rating = None;
        if own && matches!(order.state, State::Fulfilled | State::Closed | State::Reopened) {
            let (given, more) = self.rating_on(&order).await?;
            rating = given;
            actions.extend(more);
        }
        if own {
            actions.push("complain");
        }
        let course = match order.course {
            Some((id, visit)) => self.course_ref(id).await?.map(|course| (course, visit)),
            None => None,
        };
        if let Some(id) = order.revisit_of {
            let day = orders::one(reads, id).await?.map(|visit| visit.starts_at.day());
            shares = shares.into_iter().map(|(payer, fen)| (as_revisit(&payer, day), fen)).collect();
        }
        let series = match order.series {
            Some(series) => orders::of_series(reads, series).await?.len(),
            None => 0,
        };
        let next_step = match &visit {
            Some(visit) => next::of_visit(&order, visit.visit.state, &phone),
            None => next::step(&order, line, queue.as_ref(), &phone, self.now()),
        };
        Ok(OrderView {
            session,
            visit,
            course,
            series: u32::try_from(series).unwrap_or(u32::MAX),
            subject: names.people.get(&order.subject).cloned().unwrap_or_default(),
            placed_by: name(order.placed_by),
            next_step,
            rating,
            actions,
            seat,
            order,
            shares,
            line,
            queue,
            timeline,
        })
    }

    /// The session of an order, also when it is long over.
    async fn session_of(&self, order: &Order) -> Result<Option<Session>> {
        let Some(id) = order.session else { return Ok(None) };
        match self.catalogue().await?.sessions.get(&id) {
            Some(session) => Ok(Some(session.clone())),
            None => Ok(sessions::by_ids(self.store.reads(), &[id]).await?.pop()),
        }
    }

    async fn queue_of(&self, order: &Order) -> Result<Option<(Ticket, Option<i32>, u32)>> {
        if !matches!(order.state, State::Underway | State::Fulfilled) {
            return Ok(None);
        }
        let reads = self.store.reads();
        let Some(ticket) = queue::of_order(reads, order.id).await? else { return Ok(None) };
        let day = order.starts_at.day();
        let before = |other: &Ticket| other.state == TicketState::Waiting && other.number < ticket.number;
        let others = queue::of_day(reads, order.offering, day).await?;
        let ahead = others.iter().filter(|other| before(other)).count();
        let serving = queue::serving(reads, order.offering, day).await?;
        Ok(Some((ticket, serving, u32::try_from(ahead).unwrap_or(u32::MAX))))
    }

    async fn names(&self, order: &Order, events: &[OrderEvent]) -> Result<Names> {
        let mut accounts: Vec<AccountId> = events.iter().filter_map(|event| event.actor).collect();
        accounts.push(order.placed_by);
        accounts.sort_unstable();
        accounts.dedup();
        let owners = accounts::owners(self.store.reads(), &accounts).await?;
        let mut people: Vec<PersonId> = owners.iter().map(|(_, person)| *person).collect();
        people.push(order.subject);
        let people: BTreeMap<PersonId, String> =
            persons::persons(self.store.reads(), &people).await?.into_iter().map(|p| (p.id, p.name)).collect();
        let accounts = owners
            .into_iter()
            .map(|(account, person)| (account, people.get(&person).cloned().unwrap_or_default()))
            .collect();
        Ok(Names { people, accounts })
    }

    async fn phone_of(&self, order: &Order) -> Result<String> {
        let catalogue = self.catalogue().await?;
        Ok(catalogue.places.get(&order.place).map_or_else(|| self.settings.help_phone.clone(), |p| p.phone.clone()))
    }

    async fn silence(&self, order: &Order) -> Result<Span> {
        let catalogue = self.catalogue().await?;
        let days = super::rules_of(&catalogue, order).map_or(7, |rules| rules.close_after_days);
        Ok(Span::days(i64::from(days)))
    }
}

struct Names {
    people: BTreeMap<PersonId, String>,
    accounts: BTreeMap<AccountId, String>,
}

/// "By X for Y", unless somebody ordered for themselves.
pub fn by_for(view: &OrderView) -> Option<Words> {
    let (by, whom) = (&view.placed_by, &view.subject);
    match view.order.authority {
        Authority::Myself => None,
        Authority::Guardian => Some(Words::new(format!("{by}为{whom}预约"), format!("Booked by {by} for {whom}"))),
        Authority::Staff => {
            Some(Words::new(format!("工作人员{by}为{whom}预约"), format!("Booked by staff ({by}) for {whom}")))
        }
    }
}

fn by_words(event: &OrderEvent, order: &Order, names: &Names, name: &dyn Fn(AccountId) -> String) -> Words {
    let who = event.actor.map(name).unwrap_or_default();
    let whom = names.people.get(&order.subject).cloned().unwrap_or_default();
    match event.acting_as {
        ActingAs::Resident => Words::new(who.clone(), who),
        ActingAs::Guardian => Words::new(format!("{who}（代{whom}）"), format!("{who} for {whom}")),
        ActingAs::Provider => Words::new(format!("服务人员{who}"), format!("Provider: {who}")),
        ActingAs::Staff if who.is_empty() => Words::new("服务机构", "The provider"),
        ActingAs::Staff => Words::new(format!("工作人员{who}"), format!("Staff: {who}")),
        ActingAs::System => Words::new("系统", "The system"),
    }
}

fn payer_words(payer: &str) -> Words {
    match payer {
        "district" => Words::new("区级补贴", "District subsidy"),
        "placer" => Words::new("监护人支付", "Paid by the guardian"),
        _ => Words::new("本人支付", "Paid by the resident"),
    }
}

/// Who pays, with why it is less than at full price.
pub fn as_revisit(payer: &Words, visit: Option<Day>) -> Words {
    let day = |language| visit.map(|day| say::day(day, language)).unwrap_or_default();
    Words::new(
        format!("{}（{}就诊后的复诊价）", payer.zh, day(Language::Zh)),
        format!("{} (price of a revisit after {})", payer.en, day(Language::En)),
    )
}

/// What somebody can do with an order now, for buttons. The rules decide again when it is done.
fn actions(order: &Order, acting: ActingAs, now: Instant, silence: Span) -> Vec<&'static str> {
    if !matches!(acting, ActingAs::Resident | ActingAs::Guardian) {
        return Vec::new();
    }
    let mut actions = match order.state {
        State::Waiting => vec!["leave_line"],
        State::Requested => vec!["cancel"],
        State::Held if order.held_until.is_some_and(|until| now < until) => vec!["accept", "decline"],
        // A seat is given up and another one taken; it is not moved.
        State::Confirmed if now <= order.changes_until && order.session.is_some() => vec!["cancel"],
        State::Confirmed if now <= order.changes_until => vec!["move", "cancel"],
        State::Fulfilled => vec!["agree", "reopen"],
        State::Closed if now <= order.changed_at + silence => vec!["reopen"],
        _ => Vec::new(),
    };
    if order.series.is_some() && actions.contains(&"cancel") {
        actions.push("cancel_series");
    }
    actions
}

/// What somebody can do besides with a seat in a session.
fn of_seat(order: &Order, acting: ActingAs, session: &Session, seat: &Seat, now: Instant) -> Vec<&'static str> {
    let own = matches!(acting, ActingAs::Resident | ActingAs::Guardian);
    let comes = matches!(order.state, State::Confirmed | State::Underway);
    let more = session.planned().any(|meeting| now < meeting.start);
    let excuse = (own && comes && more).then_some("excuse");
    excuse.into_iter().chain((own && seat.earned).then_some("certificate")).collect()
}

/// The words of an event in a timeline.
pub fn event_words(event: &OrderEvent) -> Words {
    Event::words(&event.event)
}
