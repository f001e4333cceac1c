//! Visits as people see them: the resident, the worker who is asked, and the worker who has it.

use linli_domain::geo::Wgs84;
use linli_domain::id::OrderId;
use linli_domain::order::{ActingAs, State};
use linli_domain::platform::{Kind, PriceForm, VisitTerms, Way};
use linli_domain::refusal::Code;
use linli_domain::role::Actor;
use linli_domain::time::{Instant, Span};
use linli_domain::visit::VisitState;
use linli_domain::words::Words;
use linli_store::booking::{Order, OrderEvent, orders};
use linli_store::market::candidates::{self, Among, Candidate};
use linli_store::market::meeting;
use linli_store::market::offers::{self, Offer};
use linli_store::market::visits::{self, Visit};
use linli_store::people::persons;

use super::suit::{self, Job};
use super::way::call::may_call_until;
use super::way::pictures::Picture;
use super::way::position::Whereabouts;
use super::{accept, terms};
use crate::orders::rules_of;
use crate::{App, Result};

/// Offers or jobs shown at once.
const SHOWN: u32 = 50;
/// Points are shown to this part of a degree (some hundred metres) until a job is accepted.
const ROUGH: f64 = 0.001;

/// What a resident sees of whoever comes.
#[derive(Debug, Clone)]
pub struct WorkerCard {
    /// As matching sees them.
    pub worker: Candidate,
    /// The mean of their ratings in thousandths, and how many there are.
    pub rating: Option<(u32, u32)>,
}

/// A visit with everything the page of its order shows.
#[derive(Debug, Clone)]
pub struct VisitView {
    /// The visit.
    pub visit: Visit,
    /// Who comes.
    pub worker: Option<WorkerCard>,
    /// Why them.
    pub reasons: Vec<Words>,
    /// The code that starts the work, for the resident, until it has begun.
    pub code: Option<String>,
    /// Whether it is later than was promised.
    pub late: bool,
    /// Until when the two may call each other.
    pub call_until: Option<Instant>,
    /// What the resident might do next, where nobody was found.
    pub next_step: Option<(&'static str, Words)>,
    /// How many others reported the same.
    pub followers: u32,
    /// When they will be there, while they are on the way.
    pub arrival: Option<Whereabouts>,
    /// Pictures, the oldest first.
    pub pictures: Vec<Picture>,
}

/// A job as it is shown to somebody who might do it.
#[derive(Debug, Clone)]
pub struct OfferedView {
    /// The offer; none on the board.
    pub offer: Option<Offer>,
    /// The order.
    pub order: Order,
    /// The visit.
    pub visit: Visit,
    /// The kind of service.
    pub kind: Kind,
    /// Roughly where.
    pub rough: Wgs84,
    /// By streets, in seconds.
    pub travel_seconds: u32,
    /// Why it is shown to them.
    pub reasons: Vec<Words>,
}

/// A job as whoever has it sees it.
#[derive(Debug, Clone)]
pub struct JobView {
    /// The order.
    pub order: Order,
    /// The visit.
    pub visit: Visit,
    /// The kind of service.
    pub kind: Kind,
    /// The name of whoever is served.
    pub resident: String,
    /// What can be done with it now, as keys.
    pub actions: Vec<&'static str>,
    /// What happened, oldest first.
    pub timeline: Vec<OrderEvent>,
    /// Pictures, the oldest first; only where one job is asked for.
    pub pictures: Vec<Picture>,
}

impl App {
    /// What the page of an order shows of its visit; none where it is none.
    pub(crate) async fn visit_view(&self, order: &Order, acting: ActingAs) -> Result<Option<VisitView>> {
        let reads = self.store.reads();
        let Some(visit) = visits::one(reads, order.id).await? else { return Ok(None) };
        let worker = match visit.worker {
            Some(worker) => accept::candidate(self, worker, order, &visit).await?.map(card),
            None => None,
        };
        let now = self.now();
        let before_start = matches!(visit.state, VisitState::Accepted | VisitState::OnTheWay | VisitState::Arrived);
        let own = matches!(acting, ActingAs::Resident | ActingAs::Guardian);
        let kind = self.kind_of(order)?;
        let code = (own && before_start && terms(kind)?.code).then(|| visit.start_code.clone());
        let grace = Span::minutes(i64::from(rules_of(&*self.catalogue().await?, order)?.late_minutes));
        let late = before_start && visit.arrived_at.is_none() && order.starts_at + grace < now;
        let call_until = may_call_until(order, &visit);
        let on_way = visit.state == VisitState::OnTheWay;
        let arrival = if on_way { self.whereabouts_of(order.id).await? } else { None };
        Ok(Some(VisitView {
            reasons: suit::reasons(&visit.reasons, false),
            next_step: next_step(&visit, terms(kind)?.urgent.is_some()),
            followers: u32::try_from(visits::followers(reads, order.id).await?.len()).unwrap_or(u32::MAX),
            call_until: call_until.filter(|until| now < *until),
            pictures: meeting::pictures(reads, order.id).await?,
            arrival,
            worker,
            code,
            late,
            visit,
        }))
    }

    /// Offers somebody can answer, the newest first.
    ///
    /// # Errors
    /// [`Code::NotFound`] for those who are no worker.
    pub async fn own_offers(&self, actor: &Actor) -> Result<Vec<OfferedView>> {
        let reads = self.store.reads();
        let own = candidates::worker_of(reads, actor.person).await?.ok_or(Code::NotFound)?;
        let now = self.now();
        let mut open = offers::of_worker(reads, own, SHOWN).await?;
        open.retain(|offer| offer.expires_at.is_none_or(|at| now < at));
        let ids: Vec<OrderId> = open.iter().map(|offer| offer.order).collect();
        let (orders, visits) = (orders::many(reads, &ids).await?, visits::many(reads, &ids).await?);
        let mut views = Vec::with_capacity(open.len());
        for offer in open {
            let of = |order: &&Order| order.id == offer.order;
            let pair = orders.iter().find(of).zip(visits.iter().find(|visit| visit.order == offer.order));
            let Some((order, visit)) = pair else { continue };
            let (travel_seconds, reasons) = (offer.travel_seconds, suit::reasons(&offer.reasons, true));
            views.push(self.offered(Some(offer), order.clone(), visit.clone(), travel_seconds, reasons)?);
        }
        Ok(views)
    }

    /// The board: open jobs that suit whoever asks, the best suited first.
    ///
    /// # Errors
    /// [`Code::NotFound`] for those who are no worker.
    pub async fn board(&self, actor: &Actor) -> Result<Vec<OfferedView>> {
        let reads = self.store.reads();
        let own = candidates::worker_of(reads, actor.person).await?.ok_or(Code::NotFound)?;
        let open = visits::open_by(reads, Way::Board, SHOWN).await?;
        let ids: Vec<OrderId> = open.iter().map(|visit| visit.order).collect();
        let orders = orders::many(reads, &ids).await?;
        let mut suited = Vec::new();
        for visit in open {
            let Some(order) = orders.iter().find(|order| order.id == visit.order) else { continue };
            let among = Among::One(own);
            let day = visit.from.day();
            let found = candidates::of_kind(reads, among, &visit.kind, order.subject, day).await?;
            let job = Job::new(self, order, &visit)?;
            if let Some((one, score)) = suit::ranked(self, reads, &job, found).await?.pop() {
                let (seconds, reasons) = (one.travel_seconds, score.words_for_provider());
                suited.push((score.points, self.offered(None, order.clone(), visit, seconds, reasons)?));
            }
        }
        suited.sort_by_key(|(points, view)| (-points, view.order.id));
        Ok(suited.into_iter().map(|(_, view)| view).collect())
    }

    fn offered(
        &self,
        offer: Option<Offer>,
        order: Order,
        visit: Visit,
        travel_seconds: u32,
        reasons: Vec<Words>,
    ) -> Result<OfferedView> {
        let near = |degrees: f64| (degrees / ROUGH).round() * ROUGH;
        let rough = Wgs84 { latitude: near(visit.point.latitude), longitude: near(visit.point.longitude) };
        let kind = self.kind_of(&order)?.clone();
        Ok(OfferedView { offer, order, visit, kind, rough, travel_seconds, reasons })
    }

    /// Jobs of whoever asks: those before them by their time, or those that are over, the newest first.
    ///
    /// # Errors
    /// [`Code::NotFound`] for those who are no worker.
    pub async fn jobs(
        &self,
        actor: &Actor,
        open: bool,
        after: Option<(Instant, OrderId)>,
        limit: u32,
    ) -> Result<Vec<JobView>> {
        let reads = self.store.reads();
        let own = candidates::worker_of(reads, actor.person).await?.ok_or(Code::NotFound)?;
        let ids = visits::of_worker(reads, own, open, after, limit).await?;
        let (mut orders, visits) = (orders::many(reads, &ids).await?, visits::many(reads, &ids).await?);
        orders.sort_by_key(|order| ids.iter().position(|id| *id == order.id));
        let mut views = Vec::with_capacity(orders.len());
        for order in orders {
            if let Some(visit) = visits.iter().find(|visit| visit.order == order.id) {
                views.push(self.job_view(order, visit.clone(), Vec::new()).await?);
            }
        }
        Ok(views)
    }

    /// One job of whoever asks, with its timeline.
    ///
    /// # Errors
    /// [`Code::NotFound`] for jobs of others.
    pub async fn job(&self, actor: &Actor, id: OrderId) -> Result<JobView> {
        let (order, visit) = self.own_job(actor, id).await?;
        let timeline = orders::events(self.store.reads(), id).await?;
        let mut view = self.job_view(order, visit, timeline).await?;
        view.pictures = meeting::pictures(self.store.reads(), id).await?;
        Ok(view)
    }

    pub(crate) async fn job_view(&self, order: Order, visit: Visit, timeline: Vec<OrderEvent>) -> Result<JobView> {
        let resident =
            persons::person(self.store.reads(), order.subject).await?.map(|one| one.name).unwrap_or_default();
        let kind = self.kind_of(&order)?.clone();
        let actions = of_worker(&order, &visit, &kind, self.now());
        Ok(JobView { order, visit, kind, resident, actions, timeline, pictures: Vec::new() })
    }
}

fn card(worker: Candidate) -> WorkerCard {
    let (count, sum) = worker.quality;
    WorkerCard { rating: (count > 0).then(|| (sum * 1000 / count.max(1), count)), worker }
}

/// What the resident might do next, where nobody was found.
fn next_step(visit: &Visit, urgent: bool) -> Option<(&'static str, Words)> {
    if !visit.state.is_open() || visit.nobody_at.is_none() {
        return None;
    }
    Some(if !visit.wider && !urgent && visit.way.asks_workers() {
        ("widen", Words::new("同意由稍远的人上门", "Agree to somebody from farther away"))
    } else if visit.is_now {
        ("later", Words::new("换一个时间", "Choose another time"))
    } else {
        ("call", Words::new("请社区帮忙联系", "Ask the community for help"))
    })
}

/// What a resident can do beside what every order allows.
pub(crate) fn of_resident(order: &Order, view: &VisitView) -> Vec<&'static str> {
    let visit = &view.visit;
    let mut actions = Vec::new();
    if visit.state.is_open() {
        if !visit.wider && visit.way.asks_workers() {
            actions.push("widen");
        }
        actions.push("later");
    }
    if visit.quote.as_ref().is_some_and(|(_, _, state)| state == "asked") {
        actions.extend(["agree_quote", "refuse_quote"]);
    }
    if view.call_until.is_some() {
        actions.push("call_worker");
    }
    if visit.worker.is_some() && order.state.is_over() {
        actions.push("refuse_worker");
    }
    actions
}

fn of_worker(order: &Order, visit: &Visit, kind: &Kind, now: Instant) -> Vec<&'static str> {
    let mut actions: Vec<&'static str> = match visit.state {
        VisitState::Accepted => vec!["on_the_way", "coming", "arrived", "start", "give_back", "fail"],
        VisitState::OnTheWay => vec!["arrived", "start", "give_back", "fail"],
        VisitState::Arrived => vec!["start", "give_back", "fail"],
        VisitState::Working => vec!["done", "fail"],
        _ => Vec::new(),
    };
    let there = matches!(visit.state, VisitState::Arrived | VisitState::Working);
    let quoted = |terms: &VisitTerms| matches!(terms.price, PriceForm::Quote | PriceForm::Hourly);
    if there && kind.visit.as_ref().is_some_and(quoted) {
        actions.push("quote");
    }
    if there {
        actions.push("photo");
    }
    if VisitState::IN_HAND.contains(&visit.state) {
        actions.push("help");
    }
    if may_call_until(order, visit).is_some_and(|until| now < until) {
        actions.push("call");
    }
    if matches!(order.state, State::Fulfilled | State::Closed) {
        actions.push("rate");
    }
    actions
}
