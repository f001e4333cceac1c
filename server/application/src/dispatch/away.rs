//! A worker who takes no jobs any more: what they have before them goes to others.

use futures::FutureExt;
use linli_domain::id::{JobId, OrderId, WorkerId};
use linli_domain::time::Instant;
use linli_domain::visit::VisitState;
use linli_domain::words::Words;
use linli_domain::worker::WorkerState;
use linli_store::booking::orders;
use linli_store::jobs::NewJob;
use linli_store::market::offers::{self, OfferState};
use linli_store::market::visits;
use linli_store::market::workers::{self, Worker};
use linli_store::messages;
use serde_json::json;

use super::{accept, offer};
use crate::channels::call;
use crate::orders::perform::{By, NotPerformed};
use crate::{App, Failure, Result};

/// More than anybody has.
const MOST: u32 = 200;

/// The job that looks whether a worker still takes jobs, once for what gave reason to.
pub(crate) fn job(app: &App, worker: WorkerId, source: &str, now: Instant) -> NewJob {
    NewJob {
        id: JobId(app.next_id()),
        kind: "worker.away".into(),
        payload: json!({ "worker": worker }),
        unique_key: Some(format!("worker.away/{source}")),
        run_at: now,
        created_at: now,
    }
}

/// Withdraws the offers of somebody who takes no jobs any more, and finds others for theirs. Whoever is at work when it
/// happens is left there; staff hear of it. Running it twice changes nothing.
///
/// # Errors
/// Faults of the database; what was done stays done.
pub(crate) async fn hand_back(app: &App, id: WorkerId) -> Result<()> {
    let reads = app.store.reads();
    let found = workers::one(reads, id).await?;
    let Some(worker) = found.filter(|worker| worker.state != WorkerState::Verified) else { return Ok(()) };
    for open in offers::of_worker(reads, id, MOST).await? {
        offer::end(app, &open, OfferState::Withdrawn, "").await?;
    }
    for order in visits::of_worker(reads, id, true, None, MOST).await? {
        give_back(app, &worker, order).await?;
    }
    app.hub.publish("jobs", "").await;
    Ok(())
}

async fn give_back(app: &App, worker: &Worker, id: OrderId) -> Result<()> {
    let (app, catalogue, worker) = (app.clone(), app.catalogue().await?, worker.clone());
    app.clone()
        .store
        .write(move |tx| {
            async move {
                let Some(order) = orders::lock(tx, &[id]).await?.pop() else { return Ok(()) };
                let visit = visits::lock(tx, id).await?.filter(|visit| visit.worker == Some(worker.id));
                let Some(visit) = visit.filter(|visit| VisitState::IN_HAND.contains(&visit.state)) else {
                    return Ok(());
                };
                let working = visit.state == VisitState::Working;
                // Where nobody is asked, somebody has to be sent.
                if working || !visit.way.asks_workers() {
                    let source = format!("visit.away/{id}/{}/{}", worker.id, worker.version);
                    let call = call(&app, order.subject, &order.area, Some(id), to_do(&worker.name, working));
                    messages::ask_to_call(tx, &call, &source).await?;
                }
                if !working {
                    let reason = json!({ "zh": "原来要上门的人不能来了", "en": "whoever was to come cannot" });
                    accept::unassign(&app, tx, &catalogue, order, By::SYSTEM, reason).await?;
                }
                Ok::<_, NotPerformed>(())
            }
            .boxed()
        })
        .await
        .map_err(Failure::from)
}

/// What staff are to do.
fn to_do(name: &str, working: bool) -> Words {
    if working {
        Words::new(
            format!("{name}已不能接单，但此时正在这里服务。请致电居民了解情况，必要时另派人。"),
            format!(
                "{name} takes no jobs any more and is at work there now. Please call the resident, and send somebody else if need be."
            ),
        )
    } else {
        Words::new(
            format!("{name}已不能接单，这一单需要另派人。请派人后致电居民。"),
            format!(
                "{name} takes no jobs any more, so somebody else has to be sent. Please do so, and call the resident."
            ),
        )
    }
}
