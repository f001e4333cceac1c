//! The desk's side: whoever is responsible says yes and sends somebody; staff help where nobody was found. And what
//! residents change of a request that is still open.

use std::collections::BTreeMap;

use futures::FutureExt;
use linli_domain::claim::{Claim, PoolKey};
use linli_domain::id::{OrderId, OrganisationId, PersonId, WorkerId};
use linli_domain::needed::Needed;
use linli_domain::order::{ActingAs, Event};
use linli_domain::platform::{Kind, Way};
use linli_domain::refusal::{Code, Refusal};
use linli_domain::role::{Actor, Scope};
use linli_domain::time::{Day, Instant};
use linli_domain::visit::{VisitEvent, VisitState, may_ask, step};
use linli_domain::words::Words;
use linli_store::Tx;
use linli_store::booking::{Order, orders};
use linli_store::market::candidates::{self, Among, Candidate};
use linli_store::market::offers::{self, OfferState};
use linli_store::market::visits::{self, Visit};
use serde_json::json;

pub use linli_store::market::visits::Listed as DeskList;

use super::suit::{self, Job};
use super::tell::{self, What};
use super::view::{JobView, VisitView};
use super::{accept, follow, step_both};
use crate::idempotency::Once;
use crate::orders::perform::{Act, By, NotPerformed, perform};
use crate::orders::place::limit_reached;
use crate::orders::rules_of;
use crate::{App, Result, input};

/// Somebody who could be sent.
#[derive(Debug, Clone)]
pub struct CandidateView {
    /// Who.
    pub worker: Candidate,
    /// How far, in seconds by streets.
    pub travel_seconds: Option<u32>,
    /// When they would begin.
    pub start: Option<Instant>,
    /// Why them.
    pub reasons: Vec<Words>,
    /// What stands in the way.
    pub problem: Option<Refusal>,
}

impl App {
    /// Visits of the desk of whoever asks: of their organisations, or of one area.
    ///
    /// # Errors
    /// [`Code::NotFound`] for an area they do not work for.
    pub async fn desk_visits(
        &self,
        actor: &Actor,
        area: Option<&linli_domain::area::AreaCode>,
        listed: DeskList,
        after: Option<(Instant, OrderId)>,
        limit: u32,
    ) -> Result<Vec<(JobView, VisitView)>> {
        let own: Vec<OrganisationId> = actor
            .grants
            .iter()
            .filter_map(|grant| match grant.scope {
                Scope::Organisation(id) => Some(id),
                Scope::Area(_) => None,
            })
            .collect();
        let governed = actor.grants.iter().find_map(|grant| match &grant.scope {
            Scope::Area(code) if grant.role.is_for_area() => Some(code),
            _ => None,
        });
        let area = match area {
            Some(area) if !actor.governs(area) => return Err(Code::NotFound.into()),
            Some(area) => Some(area),
            None => governed,
        };
        let reads = self.store.reads();
        let within = area.map(linli_domain::area::AreaCode::significant);
        let ids = visits::of_desk(reads, &own, within, listed, self.now(), after, limit).await?;
        let (mut orders, visits) = (orders::many(reads, &ids).await?, visits::many(reads, &ids).await?);
        orders.sort_by_key(|order| ids.iter().position(|id| *id == order.id));
        let mut views = Vec::with_capacity(orders.len());
        for order in orders {
            let Some(visit) = visits.iter().find(|visit| visit.order == order.id) else { continue };
            if let Some(view) = self.visit_view(&order, ActingAs::Staff).await? {
                views.push((self.job_view(order, visit.clone(), Vec::new()).await?, view));
            }
        }
        Ok(views)
    }

    /// A visit as staff may see it: of an organisation or an area they work for.
    pub(crate) async fn served_visit(&self, actor: &Actor, id: OrderId) -> Result<(Order, Visit)> {
        let (order, visit) = self.visit_of(id).await?;
        if actor.serves(order.organisation, &order.area) { Ok((order, visit)) } else { Err(Code::NotFound.into()) }
    }

    /// Who could be sent to a visit: those of the responsible organisation, or everybody on duty; best first, then those
    /// with something in the way.
    ///
    /// # Errors
    /// [`Code::NotFound`] for visits of other desks.
    pub async fn visit_candidates(&self, actor: &Actor, id: OrderId) -> Result<Vec<CandidateView>> {
        let (order, visit) = self.served_visit(actor, id).await?;
        let reads = self.store.reads();
        let job = Job::new(self, &order, &visit)?;
        let among = if visit.way.asks_workers() { Among::Everybody } else { Among::Of(order.organisation) };
        let mut all = candidates::of_kind(reads, among, &visit.kind, order.subject, visit.from.day()).await?;
        // Where a company has nobody of its own, whoever is on duty may be sent by staff of the area.
        if all.is_empty() && actor.governs(&order.area) {
            all = candidates::of_kind(reads, Among::Everybody, &visit.kind, order.subject, visit.from.day()).await?;
        }
        let judged = suit::judge(self, reads, &job, all.clone(), suit::By::Sent).await?;
        let mut views: Vec<CandidateView> = all
            .into_iter()
            .zip(&judged)
            .filter_map(|(worker, judged)| match judged {
                Ok(_) => None,
                Err(problem) => Some(CandidateView {
                    worker,
                    travel_seconds: None,
                    start: None,
                    reasons: Vec::new(),
                    problem: Some(problem.clone()),
                }),
            })
            .collect();
        let suited = judged.into_iter().filter_map(Result::ok).collect();
        let ranked = suit::score(self, reads, &job, suited).await?;
        let good = ranked.into_iter().map(|(one, score)| CandidateView {
            travel_seconds: Some(one.travel_seconds),
            start: Some(one.start),
            reasons: score.words_for_desk(),
            problem: None,
            worker: one.candidate,
        });
        views.splice(0..0, good);
        Ok(views)
    }

    /// Whoever is responsible sends somebody: a company one of its own, staff a warden or a volunteer who said yes to
    /// them. Also after the company has taken it without naming anybody.
    ///
    /// # Errors
    /// [`Code::WorkerUnknown`], what stands in their way; [`Code::NotFound`] for visits of other desks.
    pub async fn send_worker(&self, actor: &Actor, id: OrderId, worker: WorkerId, key: &str) -> Result<()> {
        let (order, visit) = self.served_visit(actor, id).await?;
        let once = Once::new(actor.account, "visit.assign", key, &(id, worker))?;
        let unknown = || Refusal::new(Code::WorkerUnknown).field("worker_id");
        let one = accept::candidate(self, worker, &order, &visit).await?.ok_or_else(unknown)?;
        // A company sends its own; staff of the area anybody.
        if one.organisation != Some(order.organisation) && !actor.governs(&order.area) {
            return Err(unknown().into());
        }
        let (suited, reasons) = self.fitting(&order, &visit, one, suit::By::Sent).await?;
        let by = By { account: Some(actor.account), acting: ActingAs::Staff };
        if visit.state.is_open() {
            return self.assign(id, None, suited, reasons, by, once).await;
        }
        let (this, catalogue) = (self.clone(), self.catalogue().await?);
        let made = self
            .step_once(id, None, once, move |tx, order| {
                async move {
                    let mut visit = visits::lock(tx, id).await?.ok_or(Refusal::from(Code::NotFound))?;
                    if visit.worker.is_some() || !linli_domain::visit::VisitState::IN_HAND.contains(&visit.state) {
                        return Err(Refusal::from(Code::VisitGone).into());
                    }
                    accept::still_works(tx, worker).await?;
                    visit.worker = Some(worker);
                    visit.travel_seconds = Some(suited.travel_seconds);
                    visit.reasons = reasons;
                    visits::update(tx, &[&visit]).await?;
                    let act = Act::note("assigned", by)
                        .taking(suited.claims(&order))
                        .saying(json!({ "who": suited.candidate.name, "start": suited.start }))
                        .serving(order.organisation, suited.start, suited.end);
                    let (order, now) = (perform(&this, tx, &catalogue, order, act).await?, this.now());
                    follow::changed(&this, tx, &order, &visit, now).await?;
                    tell::later(&this, tx, &order, worker, What::Sent, now).await?;
                    Ok(order)
                }
                .boxed()
            })
            .await?;
        self.settled(made, id).await.map(drop)
    }

    /// The responsible organisation says that it will see to it, without naming anybody yet.
    ///
    /// # Errors
    /// [`Code::VisitGone`]; [`Code::NotFound`] for visits of other desks.
    pub async fn take_visit(&self, actor: &Actor, id: OrderId, key: &str) -> Result<()> {
        let (_, visit) = self.served_visit(actor, id).await?;
        if visit.way.asks_workers() {
            return Err(Code::TransitionRefused.into());
        }
        let once = Once::new(actor.account, "visit.take", key, &id)?;
        let by = By { account: Some(actor.account), acting: ActingAs::Staff };
        let (this, catalogue) = (self.clone(), self.catalogue().await?);
        let made = self
            .step_once(id, None, once, move |tx, order| {
                async move {
                    let now = this.now();
                    let mut visit = visits::lock(tx, id).await?.ok_or(Refusal::from(Code::NotFound))?;
                    visit.accepted_at = Some(now);
                    (visit.next_look, visit.nobody_at) = (None, None);
                    let act = Act::new(Event::Assign, by);
                    let order = step_both(&this, tx, &catalogue, order, &mut visit, VisitEvent::Accept, act).await?;
                    follow::changed(&this, tx, &order, &visit, now).await?;
                    Ok(order)
                }
                .boxed()
            })
            .await?;
        self.settled(made, id).await.map(drop)
    }

    /// Staff take a visit from whoever has it, with a reason.
    ///
    /// # Errors
    /// [`Code::TransitionRefused`] once work has begun; [`Code::NotFound`] for visits of other desks.
    pub async fn take_back(&self, actor: &Actor, id: OrderId, reason: &str, key: &str) -> Result<()> {
        let reason = input::note("reason", reason, 200)?;
        self.served_visit(actor, id).await?;
        let once = Once::new(actor.account, "visit.unassign", key, &(id, &reason))?;
        let by = By { account: Some(actor.account), acting: ActingAs::Staff };
        self.unassign(id, by, reason, once).await
    }

    /// The resident agrees to somebody from farther away.
    ///
    /// # Errors
    /// [`Code::VisitGone`]; [`Code::NotFound`] for orders of others.
    pub async fn widen_visit(&self, actor: &Actor, id: OrderId, key: &str) -> Result<()> {
        let once = Once::new(actor.account, "visit.widen", key, &id)?;
        self.change_open(actor, id, once, "widened", |visit, _| {
            visit.wider = true;
            Ok(())
        })
        .await
    }

    /// The resident chooses another time.
    ///
    /// # Errors
    /// [`Code::WindowInvalid`], [`Code::VisitGone`]; [`Code::NotFound`] for orders of others.
    pub async fn postpone_visit(
        &self,
        actor: &Actor,
        id: OrderId,
        from: Instant,
        until: Instant,
        key: &str,
    ) -> Result<()> {
        let once = Once::new(actor.account, "visit.later", key, &(id, from, until))?;
        let now = self.now();
        self.change_open(actor, id, once, "rescheduled", move |visit, rules| {
            may_ask(from, until, rules, now)?;
            (visit.from, visit.until, visit.is_now, visit.sought_since) = (from, until, false, now);
            Ok(())
        })
        .await
    }

    /// Changes a request nobody has accepted yet, and looks again from the first way on.
    async fn change_open(
        &self,
        actor: &Actor,
        id: OrderId,
        once: Once,
        called: &'static str,
        change: impl FnOnce(&mut Visit, &linli_domain::platform::Rules) -> Result<(), Refusal> + Send + 'static,
    ) -> Result<()> {
        let (asked, acting) = self.own_order(actor, id).await?;
        let by = By { account: Some(actor.account), acting };
        let (this, catalogue) = (self.clone(), self.catalogue().await?);
        let made = self
            .step_once(id, None, once, move |tx, order| {
                async move {
                    let now = this.now();
                    let mut visit = visits::lock(tx, id).await?.ok_or(Refusal::from(Code::NotFound))?;
                    if !visit.state.is_open() {
                        return Err(Refusal::from(Code::VisitGone).into());
                    }
                    let sought_since = visit.sought_since;
                    change(&mut visit, rules_of(&catalogue, &order)?)?;
                    if visit.sought_since != sought_since {
                        ask_anew(&this, tx, &mut visit, now).await?;
                    }
                    let kind = this.kind_of(&order)?;
                    let terms = super::terms(kind)?;
                    visit.way = terms.ways.first().copied().unwrap_or(Way::Staff);
                    visit.find_until = now + linli_domain::time::Span::minutes(i64::from(terms.find_minutes));
                    (visit.nobody_at, visit.next_look) = (None, Some(now));
                    visits::update(tx, &[&visit]).await?;
                    let (start, end) = (visit.from, visit.until);
                    let (give, take) = other_limits(kind, order.subject, order.starts_at.day(), start.day());
                    let act = Act::note(called, by).giving(give).taking(take);
                    let act = act.serving(order.organisation, start, end);
                    let order = perform(&this, tx, &catalogue, order, act).await?;
                    follow::look_now(&this, tx, &visit, now).await?;
                    follow::changed(&this, tx, &order, &visit, now).await?;
                    Ok(order)
                }
                .boxed()
            })
            .await;
        let made = match made {
            Err(NotPerformed::Short(shortage)) => {
                let reached = limit_reached(&shortage, self.kind_of(&asked)?);
                return Err(reached.map_or_else(|| NotPerformed::Short(shortage).into(), Into::into));
            }
            made => made?,
        };
        self.settled(made, id).await.map(drop)
    }
}

/// At another time all offers are called off, and everybody may be asked again.
async fn ask_anew(app: &App, tx: &Tx, visit: &mut Visit, now: Instant) -> Result<()> {
    let ended = offers::end(tx, visit.order, None, OfferState::Withdrawn, "", now).await?;
    follow::offers_gone(app, tx, &ended, now).await?;
    if visit.state == VisitState::Offered {
        visit.state = step(visit.state, VisitEvent::Withdraw)?;
    }
    visit.wave = 0;
    Ok(())
}

/// What is given back and taken of somebody's limits for a kind when a visit is on another day. Two days of one week
/// have the limit of that week in common.
fn other_limits(kind: &Kind, subject: PersonId, from: Day, to: Day) -> (Vec<PoolKey>, Vec<Claim>) {
    let of =
        |day| Needed::limits_of_day(kind, subject, day).into_iter().filter_map(|claim| Some((pool(&claim)?, claim)));
    let (old, new): (BTreeMap<PoolKey, Claim>, BTreeMap<PoolKey, Claim>) = (of(from).collect(), of(to).collect());
    let give = old.keys().filter(|key| !new.contains_key(key)).cloned().collect();
    (give, new.into_iter().filter(|(key, _)| !old.contains_key(key)).map(|(_, claim)| claim).collect())
}

fn pool(claim: &Claim) -> Option<PoolKey> {
    match claim {
        Claim::Place { pool, .. } => Some(pool.clone()),
        Claim::Time { .. } => None,
    }
}
