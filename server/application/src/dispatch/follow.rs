//! What goes along: a visit follows its order, and people hear of both while it happens.

use linli_domain::id::{JobId, OrderId, PersonId, WorkerId};
use linli_domain::order::{ActingAs, Event};
use linli_domain::platform::Way;
use linli_domain::refusal::{Code, Refusal};
use linli_domain::time::{Instant, Span};
use linli_domain::visit::{VisitEvent, VisitState, again, step};
use linli_store::Tx;
use linli_store::booking::Order;
use linli_store::jobs;
use linli_store::market::candidates::{self, Among};
use linli_store::market::coming;
use linli_store::market::offers::{self, Offer, OfferState};
use linli_store::market::visits::{self, Visit};
use serde_json::json;

use super::away;
use super::look::look_job;
use super::suit::{self, Job};
use super::tell::{self, What};
use crate::live::{self, Tell};
use crate::orders::perform::{By, NotPerformed};
use crate::{App, Result, ledger};

/// An order about to be reopened: whoever came comes again, at another time.
///
/// # Errors
/// Faults of the database.
pub(crate) async fn reopening(tx: &Tx, order: &mut Order, event: Event, now: Instant) -> Result<()> {
    if event == Event::Reopen
        && let Some(visit) = visits::lock(tx, order.id).await?
    {
        (order.starts_at, order.ends_at) = again(Span::minutes(i64::from(visit.minutes)), now);
    }
    Ok(())
}

/// The visit of an order that has made a step by itself: called off with it, reopened with it, done with it where the
/// desk says so for whoever forgot to.
///
/// # Errors
/// [`Code::VisitOnTheWay`] where a resident cancels while somebody is coming; [`Code::TransitionRefused`] for steps of a
/// desk where people come to it.
pub(crate) async fn order_stepped(app: &App, tx: &Tx, order: &Order, event: Event, by: By) -> Result<(), NotPerformed> {
    let follows = match event {
        Event::Cancel | Event::Expire | Event::Reject => VisitEvent::CallOff,
        Event::Reopen => VisitEvent::Reopen,
        Event::Finish => VisitEvent::Finish,
        // Somebody comes, or nobody does: the visit says so, and its order goes along.
        Event::Approve | Event::CheckIn | Event::Miss | Event::Move | Event::Resume => {
            return match visits::one(tx, order.id).await? {
                Some(visit) => Err(Refusal::new(Code::TransitionRefused).with("state", visit.state.words()).into()),
                None => Ok(()),
            };
        }
        _ => return Ok(()),
    };
    // Orders of other shapes have none.
    let Some(mut visit) = visits::lock(tx, order.id).await? else { return Ok(()) };
    if follows == VisitEvent::Finish && visit.state == VisitState::Done {
        // The step of whoever came, which this one goes along with.
        return Ok(());
    }
    let coming = matches!(visit.state, VisitState::OnTheWay | VisitState::Arrived);
    if coming && event == Event::Cancel && matches!(by.acting, ActingAs::Resident | ActingAs::Guardian) {
        return Err(Refusal::new(Code::VisitOnTheWay).with("phone", app.settings.help_phone.as_str()).into());
    }
    let now = app.now();
    if follows == VisitEvent::Reopen {
        (visit.on_way_at, visit.arrived_at, visit.started_at, visit.done_at) = (None, None, None, None);
        (visit.code_tries, visit.late_told) = (0, false);
        // What they were asked and said before counts no more.
        visit.accepted_at = Some(now);
        (visit.is_now, visit.from, visit.until) = (false, now, order.ends_at);
    }
    visit.state = step(visit.state, follows)?;
    coming::forget(tx, order.id).await?;
    visit.next_look = None;
    if follows == VisitEvent::Finish {
        visit.done_at = Some(now);
        ledger::post_visit(app, tx, order, &visit, None).await?;
    }
    visits::update(tx, &[&visit]).await?;
    let gone = offers::end(tx, order.id, None, OfferState::Withdrawn, "", now).await?;
    offers_gone(app, tx, &gone, now).await?;
    if let Some(worker) = visit.worker {
        job_gone(app, tx, worker, order.id, now).await?;
        let what = match follows {
            VisitEvent::Reopen => What::Again,
            VisitEvent::Finish => What::Finished,
            _ => What::CalledOff,
        };
        tell::later(app, tx, order, worker, what, now).await?;
        if what == What::Again {
            // They may have stopped working since.
            let source = format!("{}/{}", order.id, order.version);
            jobs::enqueue(tx, &[away::job(app, worker, &source, now)]).await?;
        }
    }
    changed(app, tx, order, &visit, now).await?;
    Ok(())
}

/// The resident, whoever follows the same report, and the worker hear that a visit has changed.
pub(crate) async fn changed(app: &App, tx: &Tx, order: &Order, visit: &Visit, now: Instant) -> Result<()> {
    let mut people = vec![order.subject];
    people.extend(visits::followers(tx, order.id).await?);
    if let Some(worker) = visit.worker {
        people.extend(candidates::person_of(tx, worker).await?);
    }
    let payload = json!({ "order_id": order.id, "version": order.version, "state": visit.state.key() });
    let tells = people.into_iter().map(|person| Tell { person, event: "visit.changed", payload: payload.clone() });
    live::tell(app, tx, now, tells.collect()).await
}

/// Those who were asked hear that they need not answer any more.
pub(crate) async fn offers_gone(app: &App, tx: &Tx, gone: &[Offer], now: Instant) -> Result<()> {
    let mut tells = Vec::with_capacity(gone.len());
    for offer in gone {
        if let Some(person) = candidates::person_of(tx, offer.worker).await? {
            let payload = json!({ "offer_id": offer.id, "order_id": offer.order });
            tells.push(Tell { person, event: "offer.gone", payload });
        }
    }
    live::tell(app, tx, now, tells).await
}

/// A worker hears that a job is no longer theirs, or has come back to them.
pub(crate) async fn job_gone(app: &App, tx: &Tx, worker: WorkerId, order: OrderId, now: Instant) -> Result<()> {
    let Some(person) = candidates::person_of(tx, worker).await? else { return Ok(()) };
    let tell = Tell { person, event: "visit.changed", payload: json!({ "order_id": order }) };
    live::tell(app, tx, now, vec![tell]).await
}

/// Writes the job that looks for somebody at once.
pub(crate) async fn look_now(app: &App, tx: &Tx, visit: &Visit, now: Instant) -> Result<()> {
    let mut job = look_job(JobId(app.next_id()), visit, now);
    // After a worker has left, the same wave is looked for again.
    job.unique_key = Some(format!("visit.look/{}", job.id));
    jobs::enqueue(tx, &[job]).await?;
    Ok(())
}

/// Everybody who suits hears that there is something new on the board.
pub(crate) async fn board_changed(app: &App, job: &Job<'_>) -> Result<()> {
    debug_assert!(job.terms.ways.contains(&Way::Board), "only kinds with a board change it");
    let (reads, order) = (app.store.reads(), job.order);
    let all = candidates::of_kind(reads, Among::Everybody, &order.kind, order.subject, job.visit.from.day()).await?;
    let people: Vec<PersonId> =
        suit::ranked(app, reads, job, all).await?.into_iter().map(|(one, _)| one.candidate.person).collect();
    live::pass_on(app, &people, "board.changed", &json!({ "order_id": order.id })).await;
    Ok(())
}
