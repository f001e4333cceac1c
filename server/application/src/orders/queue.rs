//! The desk's queue: check in, call the next number, done, missed, called again.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use futures::FutureExt;
use futures::future::BoxFuture;
use linli_domain::id::{OfferingId, OrderId, PersonId};
use linli_domain::order::{Event, State};
use linli_domain::person::Fact;
use linli_domain::phone::Phone;
use linli_domain::platform::Shape;
use linli_domain::refusal::{Code, Refusal};
use linli_domain::role::Actor;
use linli_domain::time::{Day, Instant};
use linli_store::Tx;
use linli_store::booking::queue;
pub use linli_store::booking::queue::{Ticket, TicketState};
use linli_store::booking::{Order, orders};
use linli_store::people::{persons, verifications};
use serde::Serialize;

use super::act::Side;
use super::perform::{Act, By, NotPerformed, perform};
use crate::catalogue::Catalogue;
use crate::idempotency::Once;
use crate::{App, Failure, Result};

/// What staff do with somebody who is there, or who is not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum DeskAsk {
    /// They are there: they get a number.
    CheckIn,
    /// Call this number, out of turn or again.
    Call,
    /// Served.
    Done,
    /// Called, and not there.
    Missed,
    /// Back in the queue under the same number.
    Recall,
    /// They did not come at all.
    NoShow,
}

/// Requests shown at once. Those further away come up once the nearer ones are answered.
const MOST_REQUESTS: u32 = 200;

impl DeskAsk {
    const fn operation(self) -> &'static str {
        match self {
            Self::CheckIn => "desk.check_in",
            Self::Call => "desk.call",
            Self::Done => "desk.done",
            Self::Missed => "desk.missed",
            Self::Recall => "desk.recall",
            Self::NoShow => "desk.no_show",
        }
    }
}

impl App {
    /// Does something with an order at the desk. `version` is the one staff saw.
    ///
    /// # Errors
    /// [`Code::NotFound`] for orders of other desks, [`Code::StaleVersion`], and what the order's life or the queue
    /// refuses.
    pub async fn at_desk(&self, actor: &Actor, id: OrderId, version: i32, ask: DeskAsk, key: &str) -> Result<Order> {
        let acting = self.side(actor, id, Side::Staff).await?;
        let once = Once::new(actor.account, ask.operation(), key, &(id, version, ask))?;
        let by = By { account: Some(actor.account), acting };
        let this = self.clone();
        let catalogue = self.catalogue().await?;
        self.step_once(id, Some(version), once, move |tx, order| this.desk_step(tx, catalogue, order, ask, by)).await?;
        self.hub.publish("jobs", "").await;
        Ok(orders::one(self.store.reads(), id).await?.ok_or(Code::NotFound)?)
    }

    fn desk_step<'t>(
        self,
        tx: &'t Tx,
        catalogue: Arc<Catalogue>,
        order: Order,
        ask: DeskAsk,
        by: By,
    ) -> BoxFuture<'t, Result<Order, NotPerformed>> {
        async move {
            let now = self.now();
            let wrong = || Refusal::new(Code::TransitionRefused).with("state", order.state.words());
            let kind = self.kind_of(&order)?;
            // Numbers are for those who are called one by one.
            let numbered = kind.shape == Shape::Slot && !kind.attendance;
            let turn = async |from: &[TicketState], to: TicketState| -> Result<(), NotPerformed> {
                if queue::set(tx, order.id, from, to, now).await? { Ok(()) } else { Err(wrong().into()) }
            };
            match ask {
                DeskAsk::CheckIn => {
                    let there = perform(&self, tx, &catalogue, order, Act::new(Event::CheckIn, by)).await?;
                    if numbered {
                        queue::draw(tx, there.offering, there.starts_at.day(), there.id, now).await?;
                    }
                    Ok(there)
                }
                DeskAsk::Call => {
                    turn(&[TicketState::Waiting, TicketState::Called, TicketState::Missed], TicketState::Called)
                        .await?;
                    Ok(order)
                }
                DeskAsk::Missed => {
                    turn(&[TicketState::Called], TicketState::Missed).await?;
                    Ok(order)
                }
                DeskAsk::Recall => {
                    turn(&[TicketState::Missed, TicketState::Called], TicketState::Waiting).await?;
                    Ok(order)
                }
                DeskAsk::Done => {
                    if numbered {
                        turn(&[TicketState::Waiting, TicketState::Called], TicketState::Done).await?;
                    }
                    perform(&self, tx, &catalogue, order, Act::new(Event::Finish, by)).await
                }
                DeskAsk::NoShow => perform(&self, tx, &catalogue, order, Act::new(Event::Miss, by)).await,
            }
        }
        .boxed()
    }

    /// Calls the next waiting number of an offering's day.
    ///
    /// # Errors
    /// [`Code::QueueEmpty`]; [`Code::NotFound`] for offerings of other desks.
    pub async fn call_next(&self, actor: &Actor, offering: OfferingId, day: Day, key: &str) -> Result<Order> {
        let catalogue = self.catalogue().await?;
        if !catalogue.serves(actor, catalogue.offered(offering)?) {
            return Err(Code::NotFound.into());
        }
        let once = Once::new(actor.account, "desk.next", key, &(offering, day))?;
        let now = self.now();
        let called = self
            .store
            .write(move |tx| {
                async move {
                    use linli_store::booking::keys::{self, Made};
                    // One after the other: the same tap twice at once finds what the first has called.
                    queue::lock(tx, offering, day).await?;
                    if let Some(made) = keys::find(tx, std::slice::from_ref(&once.key)).await?.remove(&once.key) {
                        once.is_repetition_of(&made)?;
                        return Ok(made.order);
                    }
                    let next = queue::next(tx, offering, day).await?.ok_or(Refusal::from(Code::QueueEmpty))?;
                    queue::set(tx, next, &[TicketState::Waiting], TicketState::Called, now).await?;
                    let made = Made { fingerprint: once.fingerprint, order: next };
                    keys::remember(tx, &[(once.key, made)], now).await?;
                    Ok::<OrderId, Failure>(next)
                }
                .boxed()
            })
            .await?;
        Ok(orders::one(self.store.reads(), called).await?.ok_or(Code::NotFound)?)
    }

    /// The orders of an offering's day with their numbers, for its desk.
    ///
    /// # Errors
    /// [`Code::NotFound`] for offerings of other desks.
    pub async fn desk_day(&self, actor: &Actor, offering: OfferingId, day: Day) -> Result<DeskDay> {
        let catalogue = self.catalogue().await?;
        if !catalogue.serves(actor, catalogue.offered(offering)?) {
            return Err(Code::NotFound.into());
        }
        let reads = self.store.reads();
        let mut orders = orders::of_day(reads, offering, day).await?;
        // Who gave up or never got a place is of no use to the desk.
        orders.retain(|order| !matches!(order.state, State::Cancelled | State::Rejected | State::Expired));
        Ok(DeskDay {
            orders,
            tickets: queue::of_day(reads, offering, day).await?,
            serving: queue::serving(reads, offering, day).await?,
        })
    }

    /// Orders that wait for a yes of those somebody serves, the nearest first.
    ///
    /// # Errors
    /// The database's.
    pub async fn requests(&self, actor: &Actor) -> Result<Vec<Order>> {
        let catalogue = self.catalogue().await?;
        let mut mine: Vec<_> = catalogue
            .offerings
            .values()
            .filter(|offered| catalogue.serves(actor, offered))
            .map(|offered| offered.offering.organisation)
            .collect();
        mine.sort_unstable();
        mine.dedup();
        let mut found = orders::requested(self.store.reads(), &mine, MOST_REQUESTS).await?;
        found.retain(|order| actor.serves(order.organisation, &order.area));
        Ok(found)
    }

    /// Orders of a day with a check-in code, at the desks somebody serves.
    ///
    /// # Errors
    /// [`Code::CheckInCodeWrong`] when there is none.
    pub async fn by_check_in_code(&self, actor: &Actor, day: Day, code: &str) -> Result<Vec<Order>> {
        let catalogue = self.catalogue().await?;
        let mine: Vec<OfferingId> = catalogue
            .offerings
            .values()
            .filter(|offered| catalogue.serves(actor, offered))
            .map(|o| o.offering.id)
            .collect();
        let mut found = orders::by_code(self.store.reads(), &mine, day, code.trim()).await?;
        found.retain(|order| matches!(order.state, State::Confirmed | State::Underway | State::Held));
        if found.is_empty() {
            return Err(Refusal::new(Code::CheckInCodeWrong).field("code").into());
        }
        Ok(found)
    }

    /// The number of an order in its desk's queue.
    ///
    /// # Errors
    /// The database's.
    pub async fn ticket(&self, id: OrderId) -> Result<Option<Ticket>> {
        Ok(queue::of_order(self.store.reads(), id).await?)
    }

    /// Names, ages and masked phones of people on a desk's list.
    ///
    /// # Errors
    /// The database's.
    pub async fn desk_people(&self, mut ids: Vec<PersonId>) -> Result<BTreeMap<PersonId, DeskPerson>> {
        ids.sort_unstable();
        ids.dedup();
        let today = self.now().day();
        let people = persons::persons(self.store.reads(), &ids).await?;
        let now = self.now();
        let seen = verifications::of_persons(self.store.reads(), &ids).await?;
        let identity_seen: BTreeSet<PersonId> =
            seen.iter().filter(|one| one.fact == Fact::Identity && one.holds_at(now)).map(|one| one.person).collect();
        let phones: BTreeMap<PersonId, Phone> = persons::phones(self.store.reads(), &ids).await?.into_iter().collect();
        Ok(people
            .into_iter()
            .map(|person| {
                let age = person.age_on(today);
                let phone_masked = phones.get(&person.id).map(Phone::masked);
                let identity_seen = identity_seen.contains(&person.id);
                (person.id, DeskPerson { name: person.name, age, phone_masked, identity_seen })
            })
            .collect())
    }
}

/// What a desk sees of a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeskPerson {
    /// The name.
    pub name: String,
    /// Completed years.
    pub age: Option<i32>,
    /// The phone, masked.
    pub phone_masked: Option<String>,
    /// Whether staff have seen an identity document that holds.
    pub identity_seen: bool,
}

/// A desk's day.
#[derive(Debug, Clone)]
pub struct DeskDay {
    /// The orders, by beginning.
    pub orders: Vec<Order>,
    /// The numbers given out.
    pub tickets: Vec<Ticket>,
    /// The number now served.
    pub serving: Option<i32>,
}

/// What staff can do with an order now, for buttons. The rules decide again when it is done.
pub fn desk_actions(order: &Order, ticket: Option<&Ticket>, now: Instant) -> Vec<&'static str> {
    match (order.state, ticket.map(|ticket| ticket.state)) {
        (State::Requested, _) => vec!["approve", "reject"],
        (State::Confirmed, _) if now.day() < order.starts_at.day() => vec!["cancel"],
        (State::Confirmed, _) if now < order.starts_at => vec!["check_in", "cancel"],
        (State::Confirmed, _) => vec!["check_in", "no_show"],
        (State::Held | State::Waiting, _) => vec!["cancel"],
        (State::Underway, Some(TicketState::Waiting)) => vec!["call", "done"],
        (State::Underway, Some(TicketState::Called)) => vec!["call", "done", "missed", "recall"],
        (State::Underway, Some(TicketState::Missed)) => vec!["call", "recall"],
        (State::Underway, None) => vec!["done"],
        _ => Vec::new(),
    }
}
