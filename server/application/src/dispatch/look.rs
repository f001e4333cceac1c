//! Looking for somebody: what a job does from the request on until somebody has accepted, or its time is over.

use std::collections::{BTreeMap, BTreeSet};

use futures::FutureExt;
use linli_domain::area::AreaLevel;
use linli_domain::channel::{News, Urgency};
use linli_domain::id::{JobId, OfferId, OrderId, WorkerId};
use linli_domain::order::{Event, State};
use linli_domain::platform::{VisitTerms, Way};
use linli_domain::ranking::Score;
use linli_domain::time::{Instant, Span};
use linli_domain::visit::{VisitEvent, VisitState, step};
use linli_domain::words::Words;
use linli_matching::assign::{Edge, assign};
use linli_store::Tx;
use linli_store::booking::{Order, orders};
use linli_store::jobs::{self, NewJob};
use linli_store::market::candidates::{self, Among};
use linli_store::market::offers::{self, Offer, OfferState};
use linli_store::market::reports;
use linli_store::market::visits::{self, Visit};
use serde_json::json;

use super::suit::{self, Job, Suited};
use super::{follow, offer, terms};
use crate::channels::{Batch, Telling};
use crate::orders::perform::{Act, By, perform};
use crate::orders::tell::recipients;
use crate::{App, Failure, Result};

/// An offer nobody could push, since the worker process was away, is given up after so long.
const UNPUSHED: Span = Span::minutes(10);
/// While nobody was found, somebody is looked for again so often.
const AGAIN: Span = Span::minutes(2);
/// Visits one sweep or one batch looks at.
const AT_ONCE: u32 = 500;
/// The most candidates a job has in a batch: the best ones.
const BATCH_EDGES: usize = 20;

/// The job that looks for somebody now.
pub(crate) fn look_job(id: JobId, visit: &Visit, now: Instant) -> NewJob {
    later(id, visit.order, visit.wave, now, now)
}

fn later(id: JobId, order: OrderId, wave: u32, run_at: Instant, now: Instant) -> NewJob {
    NewJob {
        id,
        kind: "visit.look".into(),
        payload: json!({ "order": order }),
        unique_key: Some(format!("visit.look/{order}/{wave}/{}", run_at.0)),
        run_at,
        created_at: now,
    }
}

/// Looks for somebody for one visit. Running it twice asks nobody twice.
///
/// # Errors
/// Faults of the database.
pub(crate) async fn look(app: &App, id: OrderId) -> Result<()> {
    let reads = app.store.reads();
    let (Some(order), Some(visit)) = (orders::one(reads, id).await?, visits::one(reads, id).await?) else {
        return Ok(());
    };
    if !visit.state.is_open() {
        return Ok(());
    }
    let now = app.now();
    let job = Job::new(app, &order, &visit)?;
    if now >= visit.until {
        app.step_by_system(id, &[State::Requested], Event::Expire).await?;
        return Ok(());
    }
    let mut next = visit.clone();
    if now >= visit.find_until && visit.nobody_at.is_none() {
        match following(job.terms, visit.way) {
            Some(way) => begin(&mut next, way, job.terms, now),
            None => return nobody(app, &order, &visit).await,
        }
    }
    let chosen = match next.way {
        Way::Ranked if visit.state == VisitState::Seeking => {
            let among = Among::Unasked(id);
            let unasked = candidates::of_kind(reads, among, &visit.kind, order.subject, visit.from.day()).await?;
            let many = usize::from(job.terms.first_wave) << next.wave.min(4);
            suit::ranked(app, reads, &job, unasked).await?.into_iter().take(many).collect()
        }
        _ => Vec::new(),
    };
    next.next_look = Some(match next.way {
        // The offers end by their own jobs; this is for the case that those are lost.
        Way::Ranked if !chosen.is_empty() => now + Span::seconds(i64::from(job.terms.offer_seconds)) + UNPUSHED,
        Way::Ranked => (now + AGAIN).min(later_than(next.find_until, now)),
        _ => later_than(next.find_until, now),
    });
    // Until its time is over, whoever looks at it here has just made it, given it back, or widened it.
    if next.way == Way::Board && (visit.way != Way::Board || now < visit.find_until) {
        follow::board_changed(app, &job).await?;
    }
    offer_to(app, &order, &visit, next, chosen).await
}

/// The end of the time to find somebody, or, when it has passed, a while from now.
fn later_than(until: Instant, now: Instant) -> Instant {
    if until > now { until } else { now + AGAIN }
}

/// The way after one that found nobody.
fn following(terms: &VisitTerms, way: Way) -> Option<Way> {
    let at = terms.ways.iter().position(|one| *one == way)?;
    terms.ways.get(at + 1).copied()
}

fn begin(visit: &mut Visit, way: Way, terms: &VisitTerms, now: Instant) {
    (visit.way, visit.wave) = (way, 0);
    visit.find_until = now + Span::minutes(i64::from(terms.find_minutes));
}

/// Writes what a look has decided, unless somebody was faster: the offers, and when to look again.
async fn offer_to(app: &App, order: &Order, seen: &Visit, mut next: Visit, chosen: Vec<(Suited, Score)>) -> Result<()> {
    let (this, order, seen) = (app.clone(), order.id, seen.clone());
    app.store
        .write(move |tx| {
            async move {
                let now = this.now();
                let Some(locked) = orders::lock(tx, &[order]).await?.pop() else { return Ok(()) };
                let Some(visit) = visits::lock(tx, order).await? else { return Ok(()) };
                if !suit::is_sought(&locked)
                    || (visit.state, visit.wave, visit.way) != (seen.state, seen.wave, seen.way)
                    || visit.sought_since != seen.sought_since
                {
                    return Ok(());
                }
                // What the resident changed meanwhile stays changed.
                (next.wider, next.wishes) = (visit.wider, visit.wishes);
                if !chosen.is_empty() {
                    next.wave += 1;
                    next.state = step(next.state, VisitEvent::Offer)?;
                }
                make(&this, tx, &next, chosen, now).await?;
                if let Some(at) = next.next_look {
                    jobs::enqueue(tx, &[later(JobId(this.next_id()), order, next.wave, at, now)]).await?;
                }
                visits::update(tx, &[&next]).await?;
                follow::changed(&this, tx, &locked, &next, now).await?;
                Ok::<_, Failure>(())
            }
            .boxed()
        })
        .await?;
    app.hub.publish("jobs", "").await;
    Ok(())
}

/// Writes offers and the jobs that push them.
async fn make(app: &App, tx: &Tx, visit: &Visit, chosen: Vec<(Suited, Score)>, now: Instant) -> Result<()> {
    let made: Vec<Offer> = chosen
        .into_iter()
        .map(|(one, score)| Offer {
            id: OfferId(app.next_id()),
            order: visit.order,
            worker: one.candidate.worker,
            wave: visit.wave,
            way: visit.way,
            state: OfferState::Open,
            points: score.points,
            reasons: json!(score),
            travel_seconds: one.travel_seconds,
            made_at: now,
            pushed_at: None,
            expires_at: None,
            answered_at: None,
            reason: String::new(),
        })
        .collect();
    offers::insert(tx, &made).await?;
    let pushes: Vec<NewJob> = made.iter().map(|one| offer::push_job(JobId(app.next_id()), one, now)).collect();
    jobs::enqueue(tx, &pushes).await?;
    Ok(())
}

/// Nobody was found in time: the resident, the staff of the community and whoever is responsible are told with the step
/// that says so, and it goes on quietly until its time is over.
async fn nobody(app: &App, order: &Order, seen: &Visit) -> Result<()> {
    let (reads, now) = (app.store.reads(), app.now());
    let community = order.area.up_to(AreaLevel::Community);
    let staff = reports::staff(reads, Some(order.organisation), community.as_ref(), now).await?;
    let residents = recipients(app, order.subject).await?;
    let (to_resident, to_staff) = nobody_found(&app.kind_of(order)?.name, order, seen);
    let told = [Batch::of(app, &residents, &to_resident).await?, Batch::of(app, &staff, &to_staff).await?];
    let (this, id, version, catalogue) = (app.clone(), seen.order, order.version, app.catalogue().await?);
    app.store
        .write(move |tx| {
            async move {
                let Some(order) = orders::lock(tx, &[id]).await?.pop() else { return Ok(()) };
                let Some(mut visit) = visits::lock(tx, id).await? else { return Ok(()) };
                // Something was done meanwhile: it is looked at anew by the next sweep.
                if order.version != version || !visit.state.is_open() || visit.nobody_at.is_some() {
                    return Ok(());
                }
                visit.nobody_at = Some(now);
                visit.next_look = Some(now + AGAIN);
                visits::update(tx, &[&visit]).await?;
                let order = perform(&this, tx, &catalogue, order, Act::note("nobody_found", By::SYSTEM)).await?;
                let next = later(JobId(this.next_id()), id, visit.wave, now + AGAIN, now);
                jobs::enqueue(tx, &[next]).await?;
                for batch in told {
                    batch.write(&this, tx).await?;
                }
                follow::changed(&this, tx, &order, &visit, now).await?;
                Ok::<_, Failure>(())
            }
            .boxed()
        })
        .await?;
    app.hub.publish("jobs", "").await;
    Ok(())
}

/// What the resident and the staff read when nobody was found in time.
fn nobody_found(kind: &Words, order: &Order, visit: &Visit) -> (Telling, Telling) {
    let to_resident = Telling {
        topic: "visit.nobody_found".to_owned(),
        title: Words::new("暂时没有找到合适的人", "Nobody was found for now"),
        body: Words::new(
            "我们还在继续找。您可以同意扩大范围、换个时间，或请社区帮忙联系。",
            "We go on looking. You can agree to somebody from farther away, choose another time, or ask the community for help.",
        ),
        order: Some((order.id, order.version + 1)),
        announcement: None,
        area: Some(order.area.clone()),
        source: format!("visit.nobody_found/{}/{}", order.id, order.version + 1),
        news: News { urgency: Urgency::Urgent, by: None },
    };
    let place = &visit.address;
    let to_staff = Telling {
        title: Words::new(format!("没有找到人：{}", kind.zh), format!("Nobody was found: {}", kind.en)),
        body: Words::new(
            format!("{}（{place}）到时限还没有找到人。请在“未找到人”一栏派人，或联系居民商量。", kind.zh),
            format!(
                "{} ({place}): nobody was found in time. Please send somebody from the list of those nobody was found for, or talk to the resident.",
                kind.en
            ),
        ),
        source: format!("{}/staff", to_resident.source),
        news: News { urgency: Urgency::Timely, by: Some(visit.until) },
        ..to_resident.clone()
    };
    (to_resident, to_staff)
}

/// Looks after everything whose job was lost: visits to look for, offers past their time, visits whose time is over.
///
/// # Errors
/// Faults of the database; what was done stays done.
pub(crate) async fn sweep(app: &App) -> Result<()> {
    let (reads, now) = (app.store.reads(), app.now());
    for late in offers::overdue(reads, now, now - UNPUSHED, AT_ONCE).await? {
        offer::end(app, &late, OfferState::Expired, "").await?;
    }
    for id in visits::to_look(reads, now, AT_ONCE).await? {
        look(app, id).await?;
    }
    for id in visits::run_out(reads, now, AT_ONCE).await? {
        app.step_by_system(id, &[State::Requested], Event::Expire).await?;
    }
    Ok(())
}

/// Assigns all open visits of the way `batch` to all who suit, as many as can be and at the least cost together, and
/// offers each to the one it was assigned to. Whoever is asked already is left in peace until they have answered.
///
/// # Errors
/// Faults of the database.
pub(crate) async fn batch(app: &App) -> Result<usize> {
    let reads = app.store.reads();
    let open = visits::open_by(reads, Way::Batch, AT_ONCE).await?;
    let open: Vec<Visit> = open.into_iter().filter(|visit| visit.state == VisitState::Seeking).collect();
    if open.is_empty() {
        return Ok(0);
    }
    let ids: Vec<OrderId> = open.iter().map(|visit| visit.order).collect();
    let orders: BTreeMap<OrderId, Order> =
        orders::many(reads, &ids).await?.into_iter().map(|order| (order.id, order)).collect();
    let now = app.now();
    let mut asked: BTreeSet<WorkerId> = offers::asked(reads).await?.into_iter().collect();
    let mut numbers = BTreeMap::new();
    let (mut edges, mut pairs) = (Vec::new(), BTreeMap::new());
    for (number, visit) in (0u32..).zip(&open) {
        let Some(order) = orders.get(&visit.order) else { continue };
        let job = Job::new(app, order, visit)?;
        let (waited, weights) = ((now - order.created_at).0 / 1_000_000, suit::weights(job.terms));
        let among = Among::Unasked(order.id);
        let unasked = candidates::of_kind(reads, among, &visit.kind, order.subject, visit.from.day()).await?;
        for (one, score) in suit::ranked(app, reads, &job, unasked).await?.into_iter().take(BATCH_EDGES) {
            let worker = one.candidate.worker;
            if asked.contains(&worker) {
                continue;
            }
            let fresh =
                u32::try_from(numbers.len()).map_err(|_| Failure::Fault("too many workers for a batch".into()))?;
            let provider = *numbers.entry(worker).or_insert(fresh);
            edges.push(Edge { job: number, provider, cost: score.cost_after(waited, &weights) });
            pairs.insert((number, provider), (one, score));
        }
    }
    let chosen = assign(&edges).pairs;
    let count = chosen.len();
    for edge in chosen {
        let visit = &open[edge.job as usize];
        let Some((pair, order)) = pairs.remove(&(edge.job, edge.provider)).zip(orders.get(&visit.order)) else {
            continue;
        };
        asked.insert(pair.0.candidate.worker);
        let seconds = i64::from(terms(app.kind_of(order)?)?.offer_seconds);
        let next = Visit { next_look: Some(app.now() + Span::seconds(seconds) + UNPUSHED), ..visit.clone() };
        offer_to(app, order, visit, next, vec![pair]).await?;
    }
    Ok(count)
}
