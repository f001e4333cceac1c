//! Setting out, arriving, beginning.

use futures::FutureExt;
use linli_domain::at_work::{CODE_TRIES, CodeTried, happened, try_code};
use linli_domain::id::OrderId;
use linli_domain::order::ActingAs;
use linli_domain::refusal::{Code, Refusal};
use linli_domain::role::Actor;
use linli_domain::time::{Instant, Span};
use linli_domain::visit::{VisitEvent, step};
use linli_domain::words::Words;
use linli_store::booking::{keys, orders};
use linli_store::market::coming;
use linli_store::market::visits;
use linli_store::messages;
use serde::Serialize;
use serde_json::json;

use crate::channels::call;
use crate::dispatch::{follow, terms};
use crate::idempotency::Once;
use crate::orders::perform::{Act, By, NotPerformed, perform};
use crate::{App, Failure, Result, input};

/// How work is begun.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Begin {
    /// The code the resident read out.
    pub code: Option<String>,
    /// Why there is none.
    pub reason: Option<String>,
    /// When it really began; now when it is left out.
    pub at: Option<Instant>,
}

impl App {
    /// A worker sets out.
    ///
    /// # Errors
    /// [`Code::NotFound`] for jobs of others, [`Code::StepTimeInvalid`], [`Code::TransitionRefused`].
    pub async fn set_out(&self, actor: &Actor, id: OrderId, at: Option<Instant>, key: &str) -> Result<()> {
        let once = Once::new(actor.account, "job.on_the_way", key, &(id, at))?;
        self.job_step(actor, id, once, move |mut step| {
            async move {
                let at = happened(at, step.visit.accepted_at, step.now)?;
                step.visit.on_way_at = Some(at);
                let way = step.visit.travel_seconds.map(|seconds| at + Span::seconds(i64::from(seconds)));
                let detail = json!({ "at": at, "eta": way });
                Ok(step.make(VisitEvent::Leave, "on_the_way", detail).await?.0)
            }
            .boxed()
        })
        .await
    }

    /// A worker is at the door. From here on nobody is shown where they are.
    ///
    /// # Errors
    /// As [`App::set_out`].
    pub async fn arrive(&self, actor: &Actor, id: OrderId, at: Option<Instant>, key: &str) -> Result<()> {
        let once = Once::new(actor.account, "job.arrived", key, &(id, at))?;
        self.job_step(actor, id, once, move |mut step| {
            async move {
                let at = happened(at, step.visit.on_way_at.or(step.visit.accepted_at), step.now)?;
                step.visit.arrived_at = Some(at);
                coming::forget(step.tx, id).await?;
                Ok(step.make(VisitEvent::Arrive, "arrived", json!({ "at": at })).await?.0)
            }
            .boxed()
        })
        .await
    }

    /// A worker begins: with the resident's code, or with a reason.
    ///
    /// # Errors
    /// As [`App::set_out`]; [`Code::StartCodeMissing`], [`Code::StartCodeWrong`], and [`Code::StartCodeLocked`] from the
    /// fifth wrong code on.
    pub async fn begin_work(&self, actor: &Actor, id: OrderId, begin: Begin, key: &str) -> Result<()> {
        let once = Once::new(actor.account, "job.start", key, &(id, &begin))?;
        if self.made_before(&once).await?.is_some() {
            return Ok(());
        }
        let (order, visit) = self.own_job(actor, id).await?;
        step(visit.state, VisitEvent::Start)?;
        let mut reason = begin.reason.map(|reason| input::note("reason", &reason, 200)).transpose()?;
        if terms(self.kind_of(&order)?)?.code {
            match begin.code {
                Some(code) => {
                    self.check_code(actor, id, code, &once).await?;
                    reason = None;
                }
                None if reason.is_none() => {
                    return Err(Refusal::new(Code::StartCodeMissing).field("code").into());
                }
                None => {}
            }
        }
        self.job_step(actor, id, once, move |mut step| {
            async move {
                let visit = &mut step.visit;
                let before = visit.arrived_at.or(visit.on_way_at).or(visit.accepted_at);
                let at = happened(begin.at, before, step.now)?;
                visit.started_at = Some(at);
                let mut detail = json!({ "at": at, "with": if reason.is_some() { "reason" } else { "code" } });
                if let Some(reason) = reason {
                    detail["reason"] = json!(reason);
                    visit.start_reason = reason;
                }
                coming::forget(step.tx, id).await?;
                Ok(step.make(VisitEvent::Start, "started", detail).await?.0)
            }
            .boxed()
        })
        .await
    }

    /// Looks at a code. A wrong one is counted, in a transaction of its own: it stays counted whatever follows.
    async fn check_code(&self, actor: &Actor, id: OrderId, code: String, once: &Once) -> Result<()> {
        let (this, catalogue, wrong) = (self.clone(), self.catalogue().await?, once.part("wrong"));
        let by = By { account: Some(actor.account), acting: ActingAs::Provider };
        let tried = self
            .store
            .write(move |tx| {
                async move {
                    let order = orders::lock(tx, &[id]).await?.pop().ok_or(Refusal::from(Code::NotFound))?;
                    let mut visit = visits::lock(tx, id).await?.ok_or(Refusal::from(Code::NotFound))?;
                    // The same request again is the same try.
                    if let Some(made) = keys::find(tx, std::slice::from_ref(&wrong.key)).await?.get(&wrong.key) {
                        wrong.is_repetition_of(made)?;
                        return Ok(CodeTried::Wrong { left: CODE_TRIES.saturating_sub(visit.code_tries) });
                    }
                    let tried = try_code(&code, &visit.start_code, visit.code_tries);
                    if let CodeTried::Wrong { left } = tried {
                        let now = this.now();
                        visit.code_tries += 1;
                        visits::update(tx, &[&visit]).await?;
                        keys::remember(tx, &[(wrong.key.clone(), wrong.makes(id))], now).await?;
                        if left == 0 {
                            let act = Act::note("code_locked", by);
                            let order = perform(&this, tx, &catalogue, order, act).await?;
                            let call = call(&this, order.subject, &order.area, Some(id), locked());
                            messages::ask_to_call(tx, &call, &format!("code_locked/{id}")).await?;
                            follow::changed(&this, tx, &order, &visit, now).await?;
                        }
                    }
                    Ok::<_, NotPerformed>(tried)
                }
                .boxed()
            })
            .await
            .map_err(Failure::from)?;
        match tried {
            CodeTried::Right => Ok(()),
            CodeTried::Wrong { left: 0 } | CodeTried::Locked => {
                Err(Refusal::new(Code::StartCodeLocked).field("code").into())
            }
            CodeTried::Wrong { left } => {
                Err(Refusal::new(Code::StartCodeWrong).field("code").with("left", left).into())
            }
        }
    }
}

/// Staff ask the resident whether all is well at the door.
fn locked() -> Words {
    Words::new(
        "上门的人连续五次输错开工码。请致电居民，确认门口的人是否就是接单的人。",
        "Whoever is at the door gave five wrong codes. Please call the resident and make sure that it is the one who accepted.",
    )
}
