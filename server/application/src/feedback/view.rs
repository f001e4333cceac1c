//! Ratings and matters as people see them.

use std::collections::BTreeMap;

use linli_domain::id::{AccountId, FileId, MatterId, OrderId, PersonId, WorkerId};
use linli_domain::matter::{By, MatterEvent, step};
use linli_domain::order::ActingAs;
use linli_domain::rating::{Level, Quality, Rateable, Side, may_answer, may_edit, may_rate, tag_of};
use linli_domain::refusal::Code;
use linli_domain::role::Actor;
use linli_domain::time::{Day, Instant};
use linli_domain::words::Words;
use linli_store::booking::{Order, orders};
use linli_store::market::matters::{self as tables, Matter, MatterEventLine};
use linli_store::market::ratings::{self, Rating};
use linli_store::people::persons;

use super::rate::given;
use crate::people::views;
use crate::{App, Result};

/// One side's word with everything a page shows of it.
#[derive(Debug, Clone)]
pub struct RatingView {
    /// The rating.
    pub rating: Rating,
    /// Its tags, in words.
    pub tags: Vec<(String, Words)>,
    /// Its pictures.
    pub pictures: Vec<FileId>,
    /// Until when it can be changed; none when it can no longer be.
    pub editable_until: Option<Instant>,
}

impl RatingView {
    /// As others read it: what was hidden is not there.
    fn for_others(mut self) -> Self {
        if self.rating.hidden.is_some() {
            self.rating.words.clear();
            self.pictures.clear();
        }
        self.editable_until = None;
        self
    }
}

/// What was said of an order, as one of those on it sees it.
#[derive(Debug, Clone)]
pub struct OrderRatings {
    /// Which order.
    pub order: OrderId,
    /// The resident's word, where the viewer may read it.
    pub resident: Option<RatingView>,
    /// The worker's word, where the viewer may read it.
    pub worker: Option<RatingView>,
    /// Until when the viewer may rate; none when they may not.
    pub rate_until: Option<Instant>,
    /// When the other side's word can be read at the latest; none when it can be, or nothing was said yet.
    pub shown_from: Option<Instant>,
    /// What the viewer can do: `rate`, `edit_rating`, `answer`, `report`.
    pub actions: Vec<&'static str>,
}

/// What was said of a job of one's own.
#[derive(Debug, Clone)]
pub struct Received {
    /// What the job was.
    pub service: Words,
    /// When it began, as planned.
    pub start: Instant,
    /// When the resident gave their word: the newest come first.
    pub at: Instant,
    /// What was said.
    pub ratings: OrderRatings,
}

/// What everybody may read about a worker.
#[derive(Debug, Clone)]
pub struct Review {
    /// The level.
    pub level: Level,
    /// The tags, in words.
    pub tags: Vec<Words>,
    /// The words.
    pub words: String,
    /// The day.
    pub day: Day,
    /// What was answered.
    pub answer: Option<String>,
}

/// A matter with everything a page shows of it.
#[derive(Debug, Clone)]
pub struct MatterView {
    /// The matter.
    pub matter: Matter,
    /// The name of whose it is.
    pub person: String,
    /// Their number, for whoever has the matter in hand.
    pub phone: Option<String>,
    /// What the order was.
    pub service: Option<Words>,
    /// The name of the area.
    pub area: Words,
    /// The name of who served.
    pub organisation: Option<Words>,
    /// The name of who sees to it.
    pub owner: Option<String>,
    /// Whether a deadline has passed.
    pub late: bool,
    /// The rating it follows from.
    pub rating: Option<RatingView>,
    /// Its pictures.
    pub pictures: Vec<FileId>,
    /// What the viewer can do: `climb`, `withdraw`, `follow_rate`, `still_fixed`; at a desk `take`, `contacted`,
    /// `answer`, `climb`.
    pub actions: Vec<&'static str>,
    /// What happened, oldest first, each with who did it.
    pub timeline: Vec<(MatterEventLine, Words)>,
}

/// The words of an event in a matter's timeline.
pub fn event_words(event: &MatterEventLine) -> Words {
    MatterEvent::words(&event.event)
}

impl App {
    /// What was said of an order, for its subject or a guardian, the worker who came, or staff who serve it.
    ///
    /// # Errors
    /// [`Code::NotFound`] for anybody else.
    pub async fn order_ratings(&self, actor: &Actor, id: OrderId) -> Result<OrderRatings> {
        let order = orders::one(self.store.reads(), id).await?.ok_or(Code::NotFound)?;
        let (own, _) = self.part_in(actor, &order).await?.ok_or(Code::NotFound)?;
        self.ratings_for(&order, own).await
    }

    /// What was said of an order, as one side sees it, or staff.
    pub(crate) async fn ratings_for(&self, order: &Order, own: Option<Side>) -> Result<OrderRatings> {
        let done_at = ratings::done_at(self.store.reads(), order.id).await?;
        let said = self.ratings_of(&[order.id]).await?;
        Ok(as_read_by(own, order, done_at, &said, self.now()))
    }

    /// What was said of the jobs of a worker and they may read, newest first, at most `limit`, after the cursor (when it
    /// was given, and of which order).
    ///
    /// # Errors
    /// The database's.
    pub async fn received_ratings(
        &self,
        worker: WorkerId,
        after: Option<(Instant, OrderId)>,
        limit: u32,
    ) -> Result<Vec<Received>> {
        let (reads, now) = (self.store.reads(), self.now());
        let found = ratings::received(reads, worker, now, after, limit).await?;
        let ids: Vec<OrderId> = found.iter().map(|rating| rating.order).collect();
        let of: BTreeMap<OrderId, Order> =
            orders::many(reads, &ids).await?.into_iter().map(|order| (order.id, order)).collect();
        let done_at = ratings::all_done_at(reads, &ids).await?;
        let said = self.ratings_of(&ids).await?;
        let catalogue = self.catalogue().await?;
        let received = |rating: Rating| {
            let order = of.get(&rating.order)?;
            let done_at = done_at.get(&order.id).copied();
            Some(Received {
                service: self.service_of(&catalogue, order),
                start: order.starts_at,
                at: rating.at,
                ratings: as_read_by(Some(Side::Worker), order, done_at, &said, now),
            })
        };
        Ok(found.into_iter().filter_map(received).collect())
    }

    /// What the subject of an order said of it, and what they can do now about rating, for the page of the order.
    pub(crate) async fn rating_on(&self, order: &Order) -> Result<(Option<RatingView>, Vec<&'static str>)> {
        let mut all = self.ratings_for(order, Some(Side::Resident)).await?;
        all.actions.retain(|action| matches!(*action, "rate" | "edit_rating"));
        Ok((all.resident, all.actions))
    }

    /// On which side of an order somebody stands, if on any; none of the two for staff.
    pub(super) async fn part_in(&self, actor: &Actor, order: &Order) -> Result<Option<(Option<Side>, ActingAs)>> {
        if let Some(acting) = self.capacity_for(actor, order.subject).await? {
            return Ok(Some((Some(Side::Resident), acting)));
        }
        let came = ratings::came(self.store.reads(), order.id).await?;
        if came.is_some_and(|came| came.person == actor.person) {
            return Ok(Some((Some(Side::Worker), ActingAs::Provider)));
        }
        Ok(actor.serves(order.organisation, &order.area).then_some((None, ActingAs::Staff)))
    }

    /// What was said of orders, without looking at who may read it.
    pub(super) async fn ratings_of(&self, orders: &[OrderId]) -> Result<Vec<RatingView>> {
        let now = self.now();
        let given_ratings = ratings::of_orders(self.store.reads(), orders).await?;
        let pictures = ratings::pictures(self.store.reads(), orders).await?;
        let view = |rating: Rating| RatingView {
            tags: tag_words(&rating).map(|(key, words)| (key.to_owned(), words)).collect(),
            pictures: match rating.side {
                Side::Resident => pictures.get(&rating.order).cloned().unwrap_or_default(),
                Side::Worker => Vec::new(),
            },
            editable_until: may_edit(&given(&rating), now).ok().map(|()| given(&rating).editable_until()),
            rating,
        };
        Ok(given_ratings.into_iter().map(view).collect())
    }

    /// What residents wrote about a worker that everybody may read, newest first.
    ///
    /// # Errors
    /// The database's.
    pub async fn reviews(&self, worker: WorkerId, limit: u32) -> Result<Vec<Review>> {
        let found = ratings::reviews(self.store.reads(), worker, self.now(), limit).await?;
        let review = |rating: Rating| Review {
            level: rating.level,
            tags: tag_words(&rating).map(|(_, words)| words).collect(),
            day: rating.at.day(),
            answer: rating.answer.map(|(words, _)| words),
            words: rating.words,
        };
        Ok(found.into_iter().map(review).collect())
    }

    /// The ratings of workers as everybody sees them: only those that can be read, so that a sum tells of none that
    /// cannot.
    ///
    /// # Errors
    /// The database's.
    pub async fn reputations(&self, workers: &[WorkerId]) -> Result<std::collections::HashMap<WorkerId, Quality>> {
        Ok(ratings::shown_of(self.store.reads(), workers, self.now()).await?)
    }

    /// Adds to matters what a page shows of them.
    pub(super) async fn matter_views(&self, found: Vec<Matter>, by: By, actor: &Actor) -> Result<Vec<MatterView>> {
        let reads = self.store.reads();
        let now = self.now();
        let ids: Vec<MatterId> = found.iter().map(|matter| matter.id).collect();
        let mut orders_of: Vec<OrderId> = found.iter().filter_map(|matter| matter.order).collect();
        orders_of.sort_unstable();
        orders_of.dedup();
        let mut people: Vec<PersonId> = found.iter().map(|matter| matter.person).collect();
        people.sort_unstable();
        people.dedup();
        let events = tables::events(reads, &ids).await?;
        let mut pictures = tables::pictures(reads, &ids).await?;
        let orders = orders::many(reads, &orders_of).await?;
        let given = self.ratings_of(&orders_of).await?;
        let people_named: BTreeMap<PersonId, String> =
            persons::persons(reads, &people).await?.into_iter().map(|person| (person.id, person.name)).collect();
        let accounts = events.iter().filter_map(|event| event.actor).chain(found.iter().filter_map(|one| one.owner));
        let accounts: BTreeMap<AccountId, String> = views::names_of(reads, accounts).await?;
        let phones = if by == By::Staff { persons::phones(reads, &people).await? } else { Vec::new() };
        let catalogue = self.catalogue().await?;
        let view = |matter: Matter| {
            let order = orders.iter().find(|order| Some(order.id) == matter.order);
            let owns = matter.owner == Some(actor.account) && matter.standing.state.is_work();
            let phone = phones.iter().find(|(person, _)| owns && *person == matter.person);
            let own = |event: &&MatterEventLine| event.matter == matter.id;
            let name = |event: &MatterEventLine| event.actor.and_then(|account| accounts.get(&account));
            let organisation = matter.organisation.and_then(|id| catalogue.organisations.get(&id));
            let rated = |view: &&RatingView| {
                Some(view.rating.order) == matter.order
                    && view.rating.side == Side::Resident
                    && matter.standing.form == linli_domain::matter::Form::PoorRating
            };
            MatterView {
                person: people_named.get(&matter.person).cloned().unwrap_or_default(),
                phone: phone.map(|(_, phone)| phone.digits().to_owned()),
                service: order.map(|order| self.service_of(&catalogue, order)),
                area: catalogue.areas.get(&matter.area).map_or_else(|| Words::new("", ""), |area| area.name.clone()),
                organisation: organisation.map(|organisation| organisation.name.clone()),
                owner: matter.owner.and_then(|owner| accounts.get(&owner).cloned()),
                late: matter.standing.is_late(now),
                rating: given.iter().find(rated).cloned(),
                pictures: pictures.remove(&matter.id).unwrap_or_default(),
                actions: actions(&matter, by, actor, now),
                timeline: events
                    .iter()
                    .filter(own)
                    .map(|event| (event.clone(), by_words(event, name(event))))
                    .collect(),
                matter,
            }
        };
        Ok(found.into_iter().map(view).collect())
    }
}

/// What was said of an order, as one side reads it, or staff. `said` may hold what was said of others.
fn as_read_by(
    own: Option<Side>,
    order: &Order,
    done_at: Option<Instant>,
    said: &[RatingView],
    now: Instant,
) -> OrderRatings {
    let of_side = |side: Side| said.iter().find(|view| view.rating.order == order.id && view.rating.side == side);
    let spoken = |side: Side| of_side(side).is_some();
    let rate_until =
        own.and_then(|side| may_rate(&Rateable { state: order.state, done_at, spoken: spoken(side) }, now).ok());
    let mut shown_from = None;
    let mut read = |side: Side| {
        let view = of_side(side)?.clone();
        if own == Some(side) {
            if !given(&view.rating).is_shown(now) {
                shown_from = Some(view.rating.shown_from);
            }
            return Some(view);
        }
        given(&view.rating).is_shown(now).then(|| view.for_others())
    };
    let (resident, worker) = (read(Side::Resident), read(Side::Worker));
    let mine = match own {
        Some(Side::Resident) => resident.as_ref(),
        Some(Side::Worker) => worker.as_ref(),
        None => None,
    };
    let mut actions = Vec::new();
    if rate_until.is_some() {
        actions.push("rate");
    }
    if mine.is_some_and(|view| view.editable_until.is_some()) {
        actions.push("edit_rating");
    }
    let answerable = resident.as_ref().is_some_and(|view| may_answer(&given(&view.rating), now).is_ok());
    if own != Some(Side::Resident) && answerable {
        actions.push("answer");
    }
    let others = [(&resident, Side::Resident), (&worker, Side::Worker)];
    let reportable = |(view, side): &(&Option<RatingView>, Side)| {
        own != Some(*side) && view.as_ref().is_some_and(|view| view.rating.hidden.is_none())
    };
    if others.iter().any(reportable) {
        actions.push("report");
    }
    OrderRatings { order: order.id, resident, worker, rate_until, shown_from, actions }
}

fn tag_words(rating: &Rating) -> impl Iterator<Item = (&'static str, Words)> + '_ {
    let tags = rating.tags.iter().filter_map(|key| tag_of(rating.side, key));
    tags.map(|tag| (tag.key, tag.words()))
}

fn actions(matter: &Matter, by: By, actor: &Actor, now: Instant) -> Vec<&'static str> {
    let may = |event| step(&matter.standing, event, by, now).is_ok();
    let all = match by {
        By::Resident => vec![
            (may(MatterEvent::Holds), "still_fixed"),
            (may(MatterEvent::Follow(Level::Fair)), "follow_rate"),
            (may(MatterEvent::Climb), "climb"),
            (may(MatterEvent::Withdraw), "withdraw"),
        ],
        By::Staff => vec![
            (may(MatterEvent::Take) && matter.owner != Some(actor.account), "take"),
            (may(MatterEvent::Contact), "contacted"),
            (may(MatterEvent::Answer), "answer"),
            (may(MatterEvent::Climb), "climb"),
        ],
        By::System => Vec::new(),
    };
    all.into_iter().filter_map(|(may, action)| may.then_some(action)).collect()
}

fn by_words(event: &MatterEventLine, name: Option<&String>) -> Words {
    let named = name.filter(|name| !name.is_empty());
    match event.acting {
        ActingAs::System => Words::new("系统", "The system"),
        ActingAs::Staff => views::staff_words(name),
        ActingAs::Resident => named.map_or_else(|| Words::new("居民", "The resident"), |name| Words::new(name, name)),
        ActingAs::Guardian => named.map_or_else(
            || Words::new("监护人", "Guardian"),
            |name| Words::new(format!("监护人 {name}"), format!("Guardian: {name}")),
        ),
        ActingAs::Provider => Words::new("服务人员", "The provider"),
    }
}
