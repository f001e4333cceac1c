//! One offer: its push, its end, a no.

use futures::FutureExt;
use linli_domain::channel::{News, Urgency};
use linli_domain::id::{JobId, OfferId};
use linli_domain::refusal::{Code, Refusal};
use linli_domain::role::Actor;
use linli_domain::time::{Instant, Span};
use linli_domain::visit::{VisitEvent, VisitState, step};
use linli_domain::words::{Language, Words, say};
use linli_store::booking::orders;
use linli_store::jobs::{self, NewJob};
use linli_store::market::candidates;
use linli_store::market::offers::{self, Offer, OfferState};
use linli_store::market::visits;
use serde_json::json;

use super::{follow, look, terms};
use crate::channels::{self, Telling};
use crate::live::{self, Tell};
use crate::{App, Failure, Result, input};

/// The job that pushes an offer: its time runs from here.
pub(crate) fn push_job(id: JobId, offer: &Offer, now: Instant) -> NewJob {
    job(id, "offer.push", offer.id, now, now)
}

fn job(id: JobId, kind: &str, offer: OfferId, run_at: Instant, now: Instant) -> NewJob {
    NewJob {
        id,
        kind: kind.into(),
        payload: json!({ "offer": offer }),
        unique_key: Some(format!("{kind}/{offer}")),
        run_at,
        created_at: now,
    }
}

/// Pushes an offer to its worker: live to whoever has the page open, and by message, since a program in the background
/// hears nothing. Its time runs from the first push.
///
/// # Errors
/// Faults of the database.
pub(crate) async fn push(app: &App, id: OfferId) -> Result<()> {
    let reads = app.store.reads();
    let Some(offer) = offers::one(reads, id).await? else { return Ok(()) };
    let (Some(order), Some(visit)) = (orders::one(reads, offer.order).await?, visits::one(reads, offer.order).await?)
    else {
        return Ok(());
    };
    let Some(person) = candidates::person_of(reads, offer.worker).await? else { return Ok(()) };
    let kind = app.kind_of(&order)?;
    let seconds = i64::from(terms(kind)?.offer_seconds);
    let (this, now) = (app.clone(), app.now());
    let expires = now + Span::seconds(seconds);
    let order_id = order.id;
    app.store
        .write(move |tx| {
            async move {
                if !offers::pushed(tx, id, now, expires).await? {
                    return Ok(());
                }
                jobs::enqueue(tx, &[job(JobId(this.next_id()), "offer.expire", id, expires, now)]).await?;
                let payload = json!({ "offer_id": id, "order_id": order_id, "expires_at": expires });
                live::tell(&this, tx, now, vec![Tell { person, event: "offer.made", payload }]).await
            }
            .boxed()
        })
        .await?;
    let when = |language| {
        if visit.is_now {
            Words::new("尽快", "as soon as possible").in_language(language).to_owned()
        } else {
            say::instant(visit.from, language)
        }
    };
    let minutes = offer.travel_seconds.div_ceil(60);
    let body = Words::new(
        format!(
            "{}，{}，路上约 {minutes} 分钟。请在 {} 分钟内接单或谢绝，谢绝没有任何影响。",
            kind.name.zh,
            when(Language::Zh),
            seconds / 60
        ),
        format!(
            "{}, {}, about {minutes} minutes away. Please accept or decline within {} minutes; declining costs you nothing.",
            kind.name.en,
            when(Language::En),
            seconds / 60
        ),
    );
    let telling = Telling {
        topic: "offer.made".into(),
        title: Words::new("有一个新订单", "A job for you"),
        body,
        order: None,
        announcement: None,
        area: Some(order.area.clone()),
        source: format!("offer.push/{id}"),
        news: News { urgency: Urgency::Timely, by: Some(expires) },
    };
    channels::tell(app, &[person], &telling).await
}

/// Ends an offer whose time is over, and looks for the next.
///
/// # Errors
/// Faults of the database.
pub(crate) async fn expire(app: &App, id: OfferId) -> Result<()> {
    let Some(offer) = offers::one(app.store.reads(), id).await? else { return Ok(()) };
    if offer.state == OfferState::Open && offer.expires_at.is_some_and(|at| at <= app.now()) {
        end(app, &offer, OfferState::Expired, "").await?;
    }
    Ok(())
}

/// Ends an open offer. When nobody is being asked any more, somebody else is looked for at once.
pub(super) async fn end(app: &App, offer: &Offer, state: OfferState, reason: &str) -> Result<bool> {
    let (this, id, order, reason) = (app.clone(), offer.id, offer.order, reason.to_owned());
    let (ended, alone) = app
        .store
        .write(move |tx| {
            async move {
                let now = this.now();
                let Some(locked) = orders::lock(tx, &[order]).await?.pop() else { return Ok((false, false)) };
                let ended = offers::end(tx, order, Some(id), state, &reason, now).await?;
                if ended.is_empty() {
                    return Ok((false, false));
                }
                if state != OfferState::Declined {
                    follow::offers_gone(&this, tx, &ended, now).await?;
                }
                let open = offers::of_order(tx, order).await?.iter().any(|one| one.state == OfferState::Open);
                let Some(mut visit) = visits::lock(tx, order).await? else { return Ok((true, false)) };
                let alone = !open && visit.state == VisitState::Offered;
                if alone {
                    visit.state = step(visit.state, VisitEvent::Withdraw)?;
                    visit.next_look = Some(now);
                    visits::update(tx, &[&visit]).await?;
                    follow::changed(&this, tx, &locked, &visit, now).await?;
                }
                Ok::<_, Failure>((true, alone))
            }
            .boxed()
        })
        .await?;
    if alone {
        look::look(app, offer.order).await?;
    }
    Ok(ended)
}

impl App {
    /// A worker says no, with or without a reason. It never counts against them.
    ///
    /// # Errors
    /// [`Code::NotFound`] for offers of others, [`Code::OfferEnded`].
    pub async fn decline_offer(&self, actor: &Actor, id: OfferId, reason: Option<String>) -> Result<()> {
        let offer = self.own_offer(actor, id).await?;
        let reason = reason.map(|reason| input::note("reason", &reason, 100)).transpose()?.unwrap_or_default();
        if end(self, &offer, OfferState::Declined, &reason).await? || offer.state == OfferState::Declined {
            return Ok(());
        }
        Err(Refusal::from(Code::OfferEnded).into())
    }

    /// An offer made to whoever asks.
    pub(crate) async fn own_offer(&self, actor: &Actor, id: OfferId) -> Result<Offer> {
        let own = candidates::worker_of(self.store.reads(), actor.person).await?;
        let offer = offers::one(self.store.reads(), id).await?;
        offer.filter(|offer| own == Some(offer.worker)).ok_or_else(|| Code::NotFound.into())
    }
}
