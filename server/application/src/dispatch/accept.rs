//! Somebody says yes: the job, their time with the way there, and one of their open jobs, in one step.

use futures::FutureExt;
use linli_domain::claim::Shortage;
use linli_domain::id::{OfferId, OrderId, WorkerId};
use linli_domain::order::{ActingAs, Event, State};
use linli_domain::platform::Way;
use linli_domain::refusal::{Code, Refusal};
use linli_domain::role::Actor;
use linli_domain::time::{Instant, Span};
use linli_domain::visit::{VisitEvent, VisitState, again, step};
use linli_domain::worker::WorkerState;
use linli_store::Tx;
use linli_store::booking::Order;
use linli_store::market::candidates::{self, Among};
use linli_store::market::coming;
use linli_store::market::offers::{self, OfferState};
use linli_store::market::visits::{self, Visit};
use linli_store::market::workers;
use serde_json::{Value, json};

use super::suit::{self, Job, Suited};
use super::tell::{self, What};
use super::{follow, step_both, terms};
use crate::catalogue::Catalogue;
use crate::idempotency::Once;
use crate::orders::perform::{Act, By, NotPerformed};
use crate::{App, Failure, Result, input};

/// What a worker says yes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Accept {
    /// An offer made to them.
    Offer(OfferId),
    /// A job on the board.
    Board(OrderId),
}

impl App {
    /// A worker says yes. There is one winner: whoever's claims are had first. Whoever has it already is told yes again.
    ///
    /// # Errors
    /// [`Code::VisitGone`], [`Code::VisitOver`], [`Code::OfferEnded`], [`Code::OffDuty`], [`Code::TooManyJobs`],
    /// [`Code::ServiceNotYours`], [`Code::PaperExpired`], [`Code::WorkerBusy`], [`Code::TooFarAway`],
    /// [`Code::WorkerOnly`]; [`Code::NotFound`] for offers of others.
    pub async fn accept_job(&self, actor: &Actor, what: Accept, key: &str) -> Result<OrderId> {
        let (id, offer) = match what {
            Accept::Offer(offer) => (self.own_offer(actor, offer).await?.order, Some(offer)),
            Accept::Board(order) => (order, None),
        };
        let once = Once::new(actor.account, "job.accept", key, &(id, offer))?;
        if let Some(made) = self.made_before(&once).await? {
            return Ok(made.order);
        }
        match self.try_to_accept(actor, id, offer, once).await {
            Ok(()) => Ok(id),
            // Tapped twice: the other tap was faster, and nobody else has it.
            Err(Failure::Refused(_)) if self.has_in_hand(actor, id).await? => Ok(id),
            Err(failure) => Err(failure),
        }
    }

    async fn has_in_hand(&self, actor: &Actor, id: OrderId) -> Result<bool> {
        let own = candidates::worker_of(self.store.reads(), actor.person).await?;
        let visit = visits::one(self.store.reads(), id).await?;
        let has = |visit: &Visit| own.is_some() && visit.worker == own && VisitState::IN_HAND.contains(&visit.state);
        Ok(visit.as_ref().is_some_and(has))
    }

    async fn try_to_accept(&self, actor: &Actor, id: OrderId, offer: Option<OfferId>, once: Once) -> Result<()> {
        let (order, visit) = self.visit_of(id).await?;
        let own = self.worker_for(actor, &visit, order.subject).await?;
        if offer.is_none() && visit.way != Way::Board && visit.state.is_open() {
            return Err(Code::NotFound.into());
        }
        step(visit.state, VisitEvent::Accept)?;
        let (suited, reasons) = self.fitting(&order, &visit, own, suit::By::Themselves).await?;
        let by = By { account: Some(actor.account), acting: ActingAs::Provider };
        self.assign(id, offer, suited, reasons, by, once).await
    }

    /// Whether one worker can come, and why them.
    pub(super) async fn fitting(
        &self,
        order: &Order,
        visit: &Visit,
        one: candidates::Candidate,
        by: suit::By,
    ) -> Result<(Suited, Value)> {
        let job = Job::new(self, order, visit)?;
        let reads = self.store.reads();
        let judged = suit::judge(self, reads, &job, vec![one], by).await?.pop();
        let suited = judged.ok_or_else(|| Failure::from(Code::NotFound))??;
        let scored = suit::score(self, reads, &job, vec![suited.clone()]).await?;
        Ok((suited, json!(scored.first().map(|(_, score)| score))))
    }

    /// Gives a visit to a worker, in one transaction with everything it claims.
    pub(super) async fn assign(
        &self,
        id: OrderId,
        offer: Option<OfferId>,
        suited: Suited,
        reasons: Value,
        by: By,
        once: Once,
    ) -> Result<()> {
        let (this, catalogue) = (self.clone(), self.catalogue().await?);
        let (name, max) = (suited.candidate.name.clone(), suited.candidate.max_open);
        let outcome = self
            .step_once(id, None, once, move |tx, order| {
                async move {
                    let now = this.now();
                    let mut visit = visits::lock(tx, id).await?.ok_or(Refusal::from(Code::NotFound))?;
                    step(visit.state, VisitEvent::Accept)?;
                    if let Some(offer) = offer {
                        // Locked with the order: an offer ends under the same lock.
                        let stands = offers::one(tx, offer).await?.filter(|one| one.state == OfferState::Open);
                        if stands.is_none_or(|one| one.expires_at.is_some_and(|at| at <= now)) {
                            return Err(Refusal::from(Code::OfferEnded).into());
                        }
                        offers::end(tx, id, Some(offer), OfferState::Accepted, "", now).await?;
                    }
                    still_works(tx, suited.candidate.worker).await?;
                    let gone = offers::end(tx, id, None, OfferState::Withdrawn, "", now).await?;
                    follow::offers_gone(&this, tx, &gone, now).await?;
                    visit.worker = Some(suited.candidate.worker);
                    visit.reasons = reasons;
                    visit.travel_seconds = Some(suited.travel_seconds);
                    visit.accepted_at = Some(now);
                    (visit.next_look, visit.nobody_at) = (None, None);
                    let organisation = suited.candidate.organisation.unwrap_or(order.organisation);
                    let act = Act::new(Event::Assign, by)
                        .taking(suited.claims(&order))
                        .saying(json!({ "who": suited.candidate.name, "start": suited.start }))
                        .serving(organisation, suited.start, suited.end);
                    let order = step_both(&this, tx, &catalogue, order, &mut visit, VisitEvent::Accept, act).await?;
                    follow::changed(&this, tx, &order, &visit, now).await?;
                    if by.acting != ActingAs::Provider {
                        tell::later(&this, tx, &order, suited.candidate.worker, What::Sent, now).await?;
                    }
                    Ok(order)
                }
                .boxed()
            })
            .await;
        match outcome {
            Ok(made) => self.settled(made, id).await.map(drop),
            Err(NotPerformed::Failed(failure)) => Err(failure),
            Err(NotPerformed::Short(shortage)) => {
                tracing::debug!(worker = name, ?shortage, "somebody was faster");
                Err(short(&shortage, max).into())
            }
        }
    }

    /// A worker gives a job back before it has begun. Somebody else is looked for at once; it never counts against them.
    ///
    /// # Errors
    /// [`Code::NotFound`] for jobs of others, [`Code::TransitionRefused`] once work has begun.
    pub async fn give_back(&self, actor: &Actor, id: OrderId, reason: &str, key: &str) -> Result<()> {
        let reason = input::note("reason", reason, 200)?;
        let (_, visit) = self.own_job(actor, id).await?;
        debug_assert!(visit.worker.is_some(), "a job of one's own has a worker");
        let once = Once::new(actor.account, "job.give_back", key, &(id, &reason))?;
        let by = By { account: Some(actor.account), acting: ActingAs::Provider };
        self.unassign(id, by, reason, once).await
    }

    /// A job of the worker who asks: they have it, or had it.
    pub(crate) async fn own_job(&self, actor: &Actor, id: OrderId) -> Result<(Order, Visit)> {
        let (order, visit) = self.visit_of(id).await?;
        let own = candidates::worker_of(self.store.reads(), actor.person).await?;
        if own.is_some() && own == visit.worker { Ok((order, visit)) } else { Err(Code::NotFound.into()) }
    }

    /// Takes a visit from whoever has it, and looks for somebody else.
    pub(super) async fn unassign(&self, id: OrderId, by: By, reason: String, once: Once) -> Result<()> {
        let (this, catalogue) = (self.clone(), self.catalogue().await?);
        let made = self
            .step_once(id, None, once, move |tx, order| {
                async move { unassign(&this, tx, &catalogue, order, by, json!(reason)).await }.boxed()
            })
            .await?;
        self.settled(made, id).await.map(drop)
    }
}

/// Takes a locked order from whoever has it. The reason is read by the resident.
pub(crate) async fn unassign(
    app: &App,
    tx: &Tx,
    catalogue: &Catalogue,
    order: Order,
    by: By,
    reason: Value,
) -> Result<Order, NotPerformed> {
    let now = app.now();
    let mut visit = visits::lock(tx, order.id).await?.ok_or(Refusal::from(Code::NotFound))?;
    let left = visit.worker.take();
    coming::forget(tx, order.id).await?;
    let terms = terms(app.kind_of(&order)?)?;
    look_again(&mut visit, now);
    visit.find_until = now + Span::minutes(i64::from(terms.find_minutes));
    let (mut start, mut end) = (order.starts_at, order.ends_at);
    if order.state == State::Reopened {
        // Its first time is long over: whoever puts it right instead has as long as they had.
        (start, end) = (now, again(Span::minutes(i64::from(visit.minutes)), now).1);
        (visit.from, visit.until) = (start, end);
    }
    // Whoever is asked next may work for somebody else.
    let asked = terms.ways.iter().all(|way| way.asks_workers());
    let own = catalogue.offered(order.offering).ok().filter(|_| asked);
    let organisation = own.map_or(order.organisation, |own| own.offering.organisation);
    let act = Act::new(Event::Unassign, by).saying(json!({ "reason": reason })).serving(organisation, start, end);
    let order = step_both(app, tx, catalogue, order, &mut visit, VisitEvent::Unassign, act).await?;
    follow::look_now(app, tx, &visit, now).await?;
    follow::changed(app, tx, &order, &visit, now).await?;
    if let Some(worker) = left {
        follow::job_gone(app, tx, worker, order.id, now).await?;
        if by.acting == ActingAs::Staff {
            tell::later(app, tx, &order, worker, What::TakenBack, now).await?;
        }
    }
    Ok(order)
}

/// Locks the file of a worker who is about to have a job: whoever is taken off all jobs at the same moment either hears
/// it here, or gives this one back with the others.
pub(super) async fn still_works(tx: &Tx, worker: WorkerId) -> Result<(), NotPerformed> {
    match workers::lock(tx, worker).await? {
        Some(found) if found.state == WorkerState::Verified => Ok(()),
        _ => Err(Refusal::from(Code::WorkerOnly).into()),
    }
}

/// As if nobody had ever been on the way; who was asked already is not asked again.
fn look_again(visit: &mut Visit, now: Instant) {
    (visit.accepted_at, visit.on_way_at, visit.arrived_at) = (None, None, None);
    (visit.travel_seconds, visit.reasons, visit.nobody_at) = (None, json!([]), None);
    (visit.next_look, visit.late_told) = (Some(now), false);
}

/// Why claims could not be had, for the worker who wanted them.
fn short(shortage: &Shortage, max: u32) -> Refusal {
    match shortage {
        Shortage::Full(pool) if pool.0.starts_with("jobs/") => Refusal::new(Code::TooManyJobs).with("max", max),
        Shortage::Busy { .. } => Code::WorkerBusy.into(),
        _ => Code::VisitGone.into(),
    }
}

/// One worker as matching sees them, whatever their state.
pub(crate) async fn candidate(
    app: &App,
    worker: WorkerId,
    order: &Order,
    visit: &Visit,
) -> Result<Option<candidates::Candidate>> {
    let reads = app.store.reads();
    let found = candidates::of_kind(reads, Among::One(worker), &visit.kind, order.subject, visit.from.day()).await?;
    Ok(found.into_iter().next())
}
