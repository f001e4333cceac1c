//! A price asked for at the door, and the resident's yes or no.

use futures::FutureExt;
use linli_domain::at_work::{HIGHEST_QUOTE, price_with};
use linli_domain::id::OrderId;
use linli_domain::platform::PriceForm;
use linli_domain::refusal::{Code, Refusal};
use linli_domain::role::Actor;
use linli_domain::visit::VisitState;
use serde_json::json;

use super::finish::reprice;
use crate::idempotency::Once;
use crate::orders::perform::By;
use crate::orders::rules_of;
use crate::{App, Result, input};

impl App {
    /// A worker at the door names a price: what the work costs on top of coming to look, or, where it goes by the hour,
    /// the new most it may cost altogether. Naming another replaces it; naming 0 takes it back.
    ///
    /// # Errors
    /// [`Code::NotFound`] for jobs of others, [`Code::QuoteNotHere`], [`Code::ValueInvalid`],
    /// [`Code::TransitionRefused`] before they are there and once it is done.
    pub async fn name_price(&self, actor: &Actor, id: OrderId, fen: i64, note: &str, key: &str) -> Result<()> {
        let once = Once::new(actor.account, "job.quote", key, &(id, fen, note))?;
        if !(0..=HIGHEST_QUOTE).contains(&fen) {
            let allowed = format!("0–{HIGHEST_QUOTE}");
            return Err(Refusal::new(Code::ValueInvalid).field("fen").with("allowed", allowed).into());
        }
        let note = if fen == 0 { String::new() } else { input::note("note", note, 200)? };
        self.job_step(actor, id, once, move |mut step| {
            async move {
                if !matches!(step.visit.price_form, PriceForm::Quote | PriceForm::Hourly) {
                    return Err(Refusal::from(Code::QuoteNotHere).into());
                }
                if !matches!(step.visit.state, VisitState::Arrived | VisitState::Working) {
                    let state = step.visit.state.words();
                    return Err(Refusal::new(Code::TransitionRefused).with("state", state).into());
                }
                if fen == 0 {
                    step.visit.quote = None;
                    return step.note("quote_withdrawn", json!({})).await;
                }
                step.visit.quote = Some((fen, note.clone(), "asked".to_owned()));
                step.note("quoted", json!({ "fen": fen, "note": note })).await
            }
            .boxed()
        })
        .await
    }

    /// The resident says yes or no to the price. `seen` is the one they saw: nobody says yes to another.
    ///
    /// After a no only what was agreed to before is due; the worker goes on for that, names another price, or gives up.
    ///
    /// # Errors
    /// [`Code::NotFound`] for orders of others, [`Code::QuoteGone`].
    pub async fn answer_price(
        &self,
        actor: &Actor,
        id: OrderId,
        agree: bool,
        seen: Option<i64>,
        key: &str,
    ) -> Result<()> {
        let once = Once::new(actor.account, "visit.quote", key, &(id, agree, seen))?;
        if self.made_before(&once).await?.is_some() {
            return Ok(());
        }
        let (_, acting) = self.own_order(actor, id).await?;
        let (_, visit) = self.visit_of(id).await?;
        let by = By { account: Some(actor.account), acting };
        self.visit_step(id, by, once, visit.worker, move |mut step| {
            async move {
                let there = matches!(step.visit.state, VisitState::Arrived | VisitState::Working);
                let asked = step.visit.quote.take().filter(|(_, _, state)| there && state == "asked");
                let asked = asked.filter(|(fen, ..)| seen.is_none_or(|seen| seen == *fen));
                let (fen, note, _) = asked.ok_or(Refusal::from(Code::QuoteGone))?;
                let said = if agree { "agreed" } else { "refused" };
                step.visit.quote = Some((fen, note, said.to_owned()));
                if agree {
                    let base = rules_of(&step.catalogue, &step.order)?.price_fen;
                    let price = price_with(step.visit.price_form, base, fen);
                    reprice(&mut step, price).await?;
                }
                let detail = json!({ "fen": fen, "price_fen": step.order.price_fen });
                step.note(if agree { "quote_agreed" } else { "quote_refused" }, detail).await
            }
            .boxed()
        })
        .await
    }
}
