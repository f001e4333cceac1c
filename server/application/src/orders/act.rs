//! What residents and staff do with an order that stands: cancel, move, accept, decline, agree, reopen.

use futures::FutureExt;
use futures::future::BoxFuture;
use linli_domain::id::{OfferingId, OrderId};
use linli_domain::order::{ActingAs, Event, State};
use linli_domain::refusal::{Code, Refusal};
use linli_domain::role::Actor;
use linli_domain::slot::Door;
use linli_store::Tx;
use linli_store::booking::keys::{self, Made};
use linli_store::booking::{Order, orders};
use serde::Serialize;
use serde_json::json;

use super::perform::{Act, By, NewTime, NotPerformed, perform};
use super::place::PlaceRequest;
use super::target::Wanted;
use crate::idempotency::Once;
use crate::{App, Failure, Result, input};

/// What can be asked of an order that stands.
#[derive(Debug, Clone, Serialize)]
pub enum Ask {
    /// Give it up; also leaves the line.
    Cancel {
        /// Why, in the words of whoever cancels.
        reason: Option<String>,
    },
    /// Take the held place.
    Accept,
    /// Let the held place go.
    Decline,
    /// The place says yes.
    Approve,
    /// The place says no.
    Reject {
        /// Why, in words the resident reads.
        reason: String,
    },
    /// Agree that it is done.
    Agree,
    /// Ask for more.
    Reopen {
        /// What was not right.
        reason: String,
    },
}

impl Ask {
    fn event(&self) -> Event {
        match self {
            Self::Cancel { .. } => Event::Cancel,
            Self::Accept => Event::Accept,
            Self::Decline => Event::Decline,
            Self::Approve => Event::Approve,
            Self::Reject { .. } => Event::Reject,
            Self::Agree => Event::Agree,
            Self::Reopen { .. } => Event::Reopen,
        }
    }

    fn detail(&self) -> Result<serde_json::Value, Refusal> {
        Ok(match self {
            Self::Cancel { reason: Some(reason) } | Self::Reopen { reason } | Self::Reject { reason } => {
                json!({ "reason": input::note("reason", reason, 200)? })
            }
            _ => json!({}),
        })
    }

    const fn operation(&self) -> &'static str {
        match self {
            Self::Cancel { .. } => "order.cancel",
            Self::Accept => "order.accept",
            Self::Decline => "order.decline",
            Self::Approve => "order.approve",
            Self::Reject { .. } => "order.reject",
            Self::Agree => "order.agree",
            Self::Reopen { .. } => "order.reopen",
        }
    }
}

/// Whether the asker stands before the desk or behind it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// The subject or a guardian.
    Resident,
    /// Staff who serve the offering.
    Staff,
}

impl App {
    /// Makes one step of an order. `version` is the one the asker saw.
    ///
    /// # Errors
    /// [`Code::NotFound`] for orders of others, [`Code::StaleVersion`], and what the order's life refuses.
    pub async fn ask(
        &self,
        actor: &Actor,
        id: OrderId,
        version: i32,
        ask: Ask,
        side: Side,
        key: &str,
    ) -> Result<Order> {
        let acting = self.side(actor, id, side).await?;
        let once = Once::new(actor.account, ask.operation(), key, &(id, version, &ask))?;
        let (event, detail) = (ask.event(), ask.detail()?);
        let by = By { account: Some(actor.account), acting };
        let this = self.clone();
        let catalogue = self.catalogue().await?;
        let made = self
            .step_once(id, Some(version), once, move |tx, order| {
                async move { perform(&this, tx, &catalogue, order, Act::new(event, by).saying(detail)).await }.boxed()
            })
            .await?;
        self.settled(made, id).await
    }

    /// Moves an order to another time, of the same offering or of another of the same kind, in one step: they hold
    /// the old place until they hold the new one.
    ///
    /// # Errors
    /// As [`App::ask`] and [`App::place`].
    pub async fn move_order(
        &self,
        actor: &Actor,
        id: OrderId,
        version: i32,
        (offering, wanted): (Option<OfferingId>, Wanted),
        side: Side,
        key: &str,
    ) -> Result<Order> {
        let acting = self.side(actor, id, side).await?;
        let once = Once::new(actor.account, "order.move", key, &(id, version, offering, wanted))?;
        let order = orders::one(self.store.reads(), id).await?.ok_or(Code::NotFound)?;
        let catalogue = self.catalogue().await?;
        let offering = offering.unwrap_or(order.offering);
        if catalogue.offered(offering)?.offering.kind != order.kind {
            return Err(Refusal::new(Code::SlotUnknown).field("offering_id").into());
        }
        if side == Side::Staff && !catalogue.serves(actor, catalogue.offered(offering)?) {
            return Err(Code::NotFound.into());
        }
        if order.session.is_some() {
            // A seat is given up and another one taken: the two are not the same thing.
            return Err(Refusal::new(Code::TransitionRefused).with("state", order.state.words()).into());
        }
        // A move that was made is answered before the rules are looked at again.
        if let Some(made) = self.made_before(&once).await? {
            return self.settled(made, id).await;
        }
        let request = PlaceRequest {
            offering,
            wanted,
            subject: Some(order.subject),
            course: None,
            wait: false,
            form: std::collections::BTreeMap::new(),
        };
        let door = if side == Side::Staff { Door::Desk } else { Door::Online };
        let checked = self.check(&catalogue, &request, order.subject, door).await?;
        if let Some(visit) = order.course {
            let phone = &catalogue.place(checked.target.offered)?.phone;
            self.may_move_visit(visit, checked.target.start.day(), door, phone).await?;
        }
        let new = NewTime::of(&checked.target, order.subject, self.now());
        let same_unit = !matches!(wanted, Wanted::Run { unit: Some(unit), .. } if order.unit != Some(unit));
        if (offering, new.start, new.end) == (order.offering, order.starts_at, order.ends_at) && same_unit {
            return Err(Refusal::new(Code::MoveSame).field("start").into());
        }
        let (this, shared) = (self.clone(), catalogue.clone());
        let by = By { account: Some(actor.account), acting };
        let outcome = self
            .step_once(id, Some(version), once, move |tx, order| {
                async move { perform(&this, tx, &shared, order, Act::new(Event::Move, by).to(new)).await }.boxed()
            })
            .await;
        match outcome {
            Ok(made) => self.settled(made, id).await,
            Err(NotPerformed::Failed(failure)) => Err(failure),
            Err(NotPerformed::Short(shortage)) => Err(self.shortage(&catalogue, &shortage, &checked).await?.into()),
        }
    }

    /// The capacity somebody acts in on one side of the desk.
    pub(super) async fn side(&self, actor: &Actor, id: OrderId, side: Side) -> Result<ActingAs> {
        match side {
            Side::Resident => Ok(self.own_order(actor, id).await?.1),
            Side::Staff => self.served_order(actor, id).await.map(|_| ActingAs::Staff),
        }
    }

    pub(crate) async fn made_before(&self, once: &Once) -> Result<Option<Made>> {
        let made = keys::find(self.store.reads(), std::slice::from_ref(&once.key)).await?.remove(&once.key);
        if let Some(made) = &made {
            once.is_repetition_of(made)?;
        }
        Ok(made)
    }

    pub(crate) async fn settled(&self, made: Made, id: OrderId) -> Result<Order> {
        debug_assert_eq!(made.order, id, "a key answers with the order it moved");
        self.hub.publish("jobs", "").await;
        orders::one(self.store.reads(), id).await?.ok_or_else(|| Code::NotFound.into())
    }

    /// Runs one step under its idempotency key: the key is looked up, the order locked, its version compared, the
    /// step made and the key remembered in one transaction. A repetition makes nothing.
    pub(crate) async fn step_once<F>(
        &self,
        id: OrderId,
        version: Option<i32>,
        once: Once,
        work: F,
    ) -> Result<Made, NotPerformed>
    where
        F: for<'t> FnOnce(&'t Tx, Order) -> BoxFuture<'t, Result<Order, NotPerformed>> + Send + 'static,
    {
        let now = self.now();
        self.store
            .write(move |tx| {
                async move {
                    let found = keys::find(tx, std::slice::from_ref(&once.key)).await?.remove(&once.key);
                    if let Some(made) = found {
                        once.is_repetition_of(&made)?;
                        return Ok(made);
                    }
                    let order = orders::lock(tx, &[id]).await?.pop().ok_or(Refusal::from(Code::NotFound))?;
                    // Locked now: somebody with the same key may have been a moment faster.
                    if let Some(made) = keys::find(tx, std::slice::from_ref(&once.key)).await?.remove(&once.key) {
                        once.is_repetition_of(&made)?;
                        return Ok(made);
                    }
                    if version.is_some_and(|seen| seen != order.version) {
                        return Err(Refusal::from(Code::StaleVersion).into());
                    }
                    let stepped = work(tx, order).await?;
                    let made = Made { fingerprint: once.fingerprint, order: stepped.id };
                    keys::remember(tx, &[(once.key, made)], now).await?;
                    Ok(made)
                }
                .boxed()
            })
            .await
    }

    /// A step made by a job: nothing happens when the order has moved on meanwhile.
    pub(crate) async fn step_by_system(&self, id: OrderId, from: &'static [State], event: Event) -> Result<bool> {
        let catalogue = self.catalogue().await?;
        let this = self.clone();
        let outcome = self
            .store
            .write(move |tx| {
                async move {
                    let Some(order) = orders::lock(tx, &[id]).await?.pop() else { return Ok(false) };
                    if !from.contains(&order.state) {
                        return Ok(false);
                    }
                    perform(&this, tx, &catalogue, order, Act::new(event, By::SYSTEM)).await?;
                    Ok(true)
                }
                .boxed()
            })
            .await;
        match outcome {
            Ok(made) => Ok(made),
            // Not yet, or no longer: what the rules say no to is not a fault of the job.
            Err(NotPerformed::Failed(Failure::Refused(refusal))) => {
                tracing::debug!(order = %id, code = refusal.code.key(), "a job found nothing to do");
                Ok(false)
            }
            Err(NotPerformed::Failed(failure)) => Err(failure),
            Err(NotPerformed::Short(shortage)) => {
                Err(Failure::Fault(format!("a release took something: {shortage:?}")))
            }
        }
    }
}

impl From<NotPerformed> for Failure {
    fn from(not: NotPerformed) -> Self {
        match not {
            NotPerformed::Failed(failure) => failure,
            NotPerformed::Short(shortage) => Self::Fault(format!("a step without claims was short: {shortage:?}")),
        }
    }
}
