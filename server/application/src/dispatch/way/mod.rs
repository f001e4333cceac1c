//! What whoever comes does: sets out, arrives, begins, asks for a price, is done or cannot do it; and what others do
//! about it meanwhile. Each step is made once under its key and carries the time it really happened at: work done
//! without signal is told later.

pub mod call;
pub mod finish;
pub mod help;
pub mod pictures;
pub mod position;
pub mod price;
pub mod start;
mod stuck;
pub(crate) mod watch;

use std::sync::Arc;

use futures::future::BoxFuture;
use linli_domain::coming::Underway;
use linli_domain::geo::{Travel, Wgs84};
use linli_domain::id::{JobId, OrderId};
use linli_domain::order::ActingAs;
use linli_domain::refusal::{Code, Refusal};
use linli_domain::role::Actor;
use linli_domain::time::Instant;
use linli_domain::visit::VisitEvent;
use linli_store::booking::Order;
use linli_store::market::coming::Coming;
use linli_store::market::visits::{self, Visit};
use linli_store::{Tx, jobs};
use serde_json::Value;

use super::{act_of, follow, step_both};
use crate::catalogue::Catalogue;
use crate::idempotency::Once;
use crate::orders::perform::{Act, By, NotPerformed, perform};
use crate::orders::tell::tell_job;
use crate::{App, Result};

/// A step of a job about to be made: order and visit are locked.
pub(super) struct Step<'t> {
    pub(super) app: App,
    pub(super) catalogue: Arc<Catalogue>,
    pub(super) tx: &'t Tx,
    pub(super) order: Order,
    pub(super) visit: Visit,
    pub(super) by: By,
    pub(super) now: Instant,
}

impl Step<'_> {
    /// Makes the step, of the visit and of the order that goes along. Answers both as they are now.
    pub(super) async fn make(
        mut self,
        event: VisitEvent,
        called: &'static str,
        detail: Value,
    ) -> Result<(Order, Visit), NotPerformed> {
        let act = act_of(event, called, self.by).saying(detail);
        let only_visit = event.of_order().is_none();
        let order = step_both(&self.app, self.tx, &self.catalogue, self.order, &mut self.visit, event, act).await?;
        if only_visit {
            tell(&self.app, self.tx, &order, self.now).await?;
        }
        follow::changed(&self.app, self.tx, &order, &self.visit, self.now).await?;
        Ok((order, self.visit))
    }

    /// Writes what has changed of the visit with a line of the timeline, and tells people.
    pub(super) async fn note(self, called: &'static str, detail: Value) -> Result<Order, NotPerformed> {
        let Self { app, catalogue, tx, order, visit, by, now } = self;
        visits::update(tx, &[&visit]).await?;
        let order = perform(&app, tx, &catalogue, order, Act::note(called, by).saying(detail)).await?;
        tell(&app, tx, &order, now).await?;
        follow::changed(&app, tx, &order, &visit, now).await?;
        Ok(order)
    }
}

/// Writes the job that tells the resident of the line of the timeline that was just written.
async fn tell(app: &App, tx: &Tx, order: &Order, now: Instant) -> Result<()> {
    jobs::enqueue(tx, &[tell_job(JobId(app.next_id()), order.id, order.version, false, now)]).await?;
    Ok(())
}

impl App {
    /// Makes a step of a job of whoever asks, once.
    pub(super) async fn job_step<F>(&self, actor: &Actor, id: OrderId, once: Once, work: F) -> Result<()>
    where
        F: for<'t> FnOnce(Step<'t>) -> BoxFuture<'t, Result<Order, NotPerformed>> + Send + 'static,
    {
        // A step that was made is answered the same, whoever has the job by now.
        if self.made_before(&once).await?.is_some() {
            return Ok(());
        }
        let (_, seen) = self.own_job(actor, id).await?;
        let by = By { account: Some(actor.account), acting: ActingAs::Provider };
        self.visit_step(id, by, once, seen.worker, work).await
    }

    /// Makes a step of a visit that is still the same worker's, once.
    pub(super) async fn visit_step<F>(
        &self,
        id: OrderId,
        by: By,
        once: Once,
        worker: Option<linli_domain::id::WorkerId>,
        work: F,
    ) -> Result<()>
    where
        F: for<'t> FnOnce(Step<'t>) -> BoxFuture<'t, Result<Order, NotPerformed>> + Send + 'static,
    {
        let (app, catalogue) = (self.clone(), self.catalogue().await?);
        let made = self
            .step_once(id, None, once, move |tx, order| {
                Box::pin(async move {
                    let visit = visits::lock(tx, id).await?.filter(|visit| visit.worker == worker);
                    let visit = visit.ok_or(Refusal::from(Code::NotFound))?;
                    let now = app.now();
                    work(Step { app, catalogue, tx, order, visit, by, now }).await
                })
            })
            .await?;
        self.settled(made, id).await.map(drop)
    }
}

/// The way from one point to another, in seconds by streets; none where there is none.
pub(super) fn seconds_between(app: &App, travel: Travel, from: Wgs84, to: Wgs84) -> Option<u32> {
    let (from, to) = (app.streets.snap(travel, from).ok()?, app.streets.snap(travel, to).ok()?);
    app.streets.seconds(&from, &to).map(|seconds| seconds.0)
}

/// What is known of somebody on their way.
pub(super) fn underway(app: &App, coming: &Coming) -> Underway {
    let Coming { visit, travel, seen, .. } = coming;
    Underway {
        left_at: visit.on_way_at,
        way_seconds: visit.travel_seconds,
        seen_at: seen.map(|seen| seen.at),
        seconds_from_there: seen.and_then(|seen| seconds_between(app, *travel, seen.point, visit.point)),
    }
}
