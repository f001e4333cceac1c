//! Done, or not to be done.

use futures::FutureExt;
use linli_domain::at_work::{Failure as Reason, due, happened};
use linli_domain::id::OrderId;
use linli_domain::order::Event;
use linli_domain::refusal::{Code, Refusal};
use linli_domain::role::Actor;
use linli_domain::time::{Instant, Span};
use linli_domain::visit::VisitEvent;
use linli_store::booking::orders;
use linli_store::market::coming;
use serde::Serialize;
use serde_json::json;

use super::Step;
use crate::idempotency::Once;
use crate::orders::rules_of;
use crate::{App, Result, input, ledger};

/// What a worker says when they are done.
#[derive(Debug, Clone, Copy, Default, Serialize)]
pub struct Done {
    /// When it was done; now when it is left out.
    pub at: Option<Instant>,
    /// The cash they were given, in fen; what is due when it is left out.
    pub pay_received: Option<i64>,
    /// How long they worked; from the beginning to the end when it is left out.
    pub minutes_worked: Option<u32>,
}

/// What a worker says when it cannot be done.
#[derive(Debug, Clone, Serialize)]
pub struct Failed {
    /// The key of the reason.
    pub reason: String,
    /// More in words; needed where the reason is another one.
    pub words: Option<String>,
    /// When; now when it is left out.
    pub at: Option<Instant>,
}

impl App {
    /// A worker is done. What it costs is settled here, by what was agreed to.
    ///
    /// # Errors
    /// [`Code::NotFound`] for jobs of others, [`Code::StepTimeInvalid`], [`Code::QuoteOpen`], [`Code::ValueInvalid`] for
    /// more minutes than have passed, [`Code::TransitionRefused`].
    pub async fn finish_work(&self, actor: &Actor, id: OrderId, done: Done, key: &str) -> Result<()> {
        let once = Once::new(actor.account, "job.done", key, &(id, done))?;
        self.job_step(actor, id, once, move |mut step| {
            async move {
                if step.visit.quote.as_ref().is_some_and(|(_, _, state)| state == "asked") {
                    return Err(Refusal::from(Code::QuoteOpen).into());
                }
                let at = happened(done.at, step.visit.started_at, step.now)?;
                let passed = at - step.visit.started_at.unwrap_or(at);
                let worked = worked(passed, done.minutes_worked)?;
                step.visit.done_at = Some(at);
                // What is put right afterwards costs nothing more.
                let before = orders::events(step.tx, id).await?;
                let again = before.iter().any(|line| line.event == Event::Finish.key());
                if !again {
                    let (visit, base) = (&step.visit, rules_of(&step.catalogue, &step.order)?.price_fen);
                    let fen = due(visit.price_form, base, step.order.price_fen, visit.minutes, worked);
                    reprice(&mut step, fen).await?;
                }
                let fen = step.order.price_fen;
                let detail = json!({ "at": at, "minutes": worked.whole_seconds() / 60, "fen": fen });
                let (app, tx) = (step.app.clone(), step.tx);
                let (order, visit) = step.make(VisitEvent::Finish, "fulfilled", detail).await?;
                if !again {
                    ledger::post_visit(&app, tx, &order, &visit, done.pay_received).await?;
                }
                Ok(order)
            }
            .boxed()
        })
        .await
    }

    /// A worker was there, and it could not be done. It costs nothing, except that whoever came to look and named a price
    /// that was not agreed to is paid for coming.
    ///
    /// # Errors
    /// As [`App::finish_work`]; [`Code::ValueInvalid`] for a reason nobody knows.
    pub async fn give_up(&self, actor: &Actor, id: OrderId, failed: Failed, key: &str) -> Result<()> {
        let once = Once::new(actor.account, "job.fail", key, &(id, &failed))?;
        let reason = Reason::from_key(&failed.reason).ok_or_else(|| {
            let allowed = Reason::ALL.map(Reason::key).join(", ");
            Refusal::new(Code::ValueInvalid).field("reason").with("allowed", allowed)
        })?;
        let words = failed.words.filter(|words| !words.trim().is_empty() || reason == Reason::Other);
        let words = words.map(|words| input::note("words", &words, 200)).transpose()?;
        if reason == Reason::Other && words.is_none() {
            return Err(Refusal::new(Code::TextEmpty).field("words").into());
        }
        self.job_step(actor, id, once, move |mut step| {
            async move {
                let visit = &mut step.visit;
                let before = visit.started_at.or(visit.arrived_at).or(visit.on_way_at).or(visit.accepted_at);
                let at = happened(failed.at, before, step.now)?;
                visit.done_at = Some(at);
                visit.failure = reason.key().to_owned();
                let base = rules_of(&step.catalogue, &step.order)?.price_fen;
                let fen = if reason.pays_for_coming(step.visit.price_form) { base } else { 0 };
                reprice(&mut step, fen).await?;
                coming::forget(step.tx, id).await?;
                let said = reason.words();
                let more = words.map(|words| format!("：{words}")).unwrap_or_default();
                let detail = json!({
                    "at": at,
                    "key": reason.key(),
                    "fen": fen,
                    "reason": { "zh": format!("{}{more}", said.zh), "en": format!("{}{more}", said.en) },
                });
                let event = VisitEvent::Fail { nobody_home: reason == Reason::NobodyHome };
                let (app, tx) = (step.app.clone(), step.tx);
                let (order, visit) = step.make(event, "failed", detail).await?;
                ledger::post_visit(&app, tx, &order, &visit, None).await?;
                Ok(order)
            }
            .boxed()
        })
        .await
    }
}

/// How long somebody worked: what they say, which may be less than the time that has passed.
fn worked(passed: Span, said: Option<u32>) -> Result<Span, Refusal> {
    let Some(minutes) = said else { return Ok(passed) };
    let most = passed.whole_seconds().max(0) / 60 + 1;
    if !(1..=most).contains(&i64::from(minutes)) {
        let allowed = format!("1–{most}");
        return Err(Refusal::new(Code::ValueInvalid).field("minutes_worked").with("allowed", allowed));
    }
    Ok(Span::minutes(i64::from(minutes)))
}

/// Writes what the order costs now.
pub(super) async fn reprice(step: &mut Step<'_>, fen: i64) -> Result<()> {
    if step.order.price_fen != fen {
        step.order.price_fen = fen;
        orders::reprice(step.tx, step.order.id, fen).await?;
    }
    Ok(())
}
