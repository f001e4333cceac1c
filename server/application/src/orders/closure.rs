//! A time that is taken away (停诊): nothing more is given out, and everybody it hits gets the next place held for
//! them first, or is told that there is none.

use futures::FutureExt;
use linli_domain::claim::PoolKey;
use linli_domain::id::{ExceptionId, JobId, OfferingId, OrderId};
use linli_domain::order::{Event, State};
use linli_domain::platform::Shape;
use linli_domain::refusal::{Code, Refusal};
use linli_domain::role::Actor;
use linli_domain::slot::{Exception, Slot};
use linli_domain::time::{Day, Span, TimeOfDay};
use linli_store::audit::{self, ActingAs, AuditEntry};
use linli_store::booking::keys::{self, Made};
use linli_store::booking::{Order, orders};
use linli_store::catalogue::{self as tables, Authored};
use linli_store::jobs;
use linli_store::scarcity::{self, Needs};
use serde::Serialize;
use serde_json::json;

use super::perform::{Act, By, NewTime, NotPerformed, perform};
use crate::catalogue::Offered;
use crate::idempotency::Once;
use crate::{App, Failure, Result, input, sessions};

/// How far ahead another place is looked for, also on days that are not open to others yet.
const HORIZON_DAYS: i32 = 28;
/// How long somebody has to say yes to the place found for them.
const TIME_TO_ANSWER: Span = Span::hours(24);
/// A place that begins sooner than this is of no use to somebody who has to hear of it first.
const NOTICE: Span = Span::hours(2);

/// A time to take away.
#[derive(Debug, Clone, Serialize)]
pub struct ClosureRequest {
    /// Of which offering.
    pub offering: OfferingId,
    /// On which day.
    pub day: Day,
    /// From.
    pub from: TimeOfDay,
    /// To.
    pub to: TimeOfDay,
    /// Why, in words residents read.
    pub reason: String,
}

/// What a closure did, or would do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClosureReport {
    /// Orders with another place held for them.
    pub moved: u32,
    /// Orders that had to be cancelled.
    pub cancelled: u32,
}

impl App {
    /// Takes a time away and looks after everybody it hits. Repeated with the same key, it only finishes what was
    /// left.
    ///
    /// # Errors
    /// [`Code::NotFound`] for offerings of other desks; [`Code::DateInvalid`] for times that are over or empty.
    pub async fn close_time(
        &self,
        actor: &Actor,
        request: ClosureRequest,
        key: &str,
    ) -> Result<(ExceptionId, ClosureReport)> {
        let once = Once::new(actor.account, "desk.close", key, &request)?;
        let reason = input::line("reason", &request.reason, 100)?;
        let hit = self.hit_by(actor, &request).await?;
        let (offering, day, now) = (request.offering, request.day, self.now());
        let id = ExceptionId(self.next_id());
        let exception = Exception { day, from: request.from, to: request.to, extra: None };
        let authored = Authored { author: actor.account, at: now, reason };
        let pools: Vec<(PoolKey, u32)> =
            hit.iter().map(|slot| (PoolKey::slot(offering, slot.start), slot.capacity)).collect();
        let entry = AuditEntry::new(self.next_id(), now, Some(actor.account), ActingAs::Staff, "offering.closed")
            .on(offering.0)
            .saying(json!({ "day": day, "from": request.from, "to": request.to }));
        // Should this process stop before everybody was looked after, the job does the rest.
        let rest = jobs::NewJob {
            id: JobId(self.next_id()),
            kind: "closure.finish".into(),
            payload: json!({ "offering": offering, "day": day }),
            unique_key: Some(format!("closure.finish/{id}")),
            run_at: now + Span::minutes(1),
            created_at: now,
        };
        let id = self
            .store
            .write(move |tx| {
                async move {
                    // Raising the version takes the lock of its row: the same request sent twice at once waits here.
                    tables::touch(tx).await?;
                    if let Some(made) = keys::find(tx, std::slice::from_ref(&once.key)).await?.remove(&once.key) {
                        once.is_repetition_of(&made)?;
                        return Ok(ExceptionId(made.order.0));
                    }
                    tables::insert_exception(tx, id, offering, &exception, &authored).await?;
                    let mut needs = Needs::default();
                    pools.iter().for_each(|(pool, capacity)| needs.pool(pool, *capacity));
                    scarcity::settle(tx, &needs, |ledger| {
                        pools.iter().for_each(|(pool, _)| ledger.close(pool));
                        ((), Vec::new())
                    })
                    .await?;
                    jobs::enqueue(tx, &[rest]).await?;
                    audit::record(tx, entry).await?;
                    let made = Made { fingerprint: once.fingerprint, order: OrderId(id.0) };
                    keys::remember(tx, &[(once.key, made)], now).await?;
                    Ok::<_, Failure>(id)
                }
                .boxed()
            })
            .await?;
        self.forget_catalogue().await;
        let report = self.look_after(offering, day).await?;
        Ok((id, report))
    }

    /// How many orders a closure would hit, and for how many another place is free now.
    ///
    /// # Errors
    /// As [`App::close_time`].
    pub async fn preview_closure(&self, actor: &Actor, request: &ClosureRequest) -> Result<(u32, u32)> {
        let hit = self.hit_by(actor, request).await?;
        let orders = orders::of_day(self.store.reads(), request.offering, request.day).await?;
        let standing = orders.iter().filter(|order| {
            matches!(order.state, State::Requested | State::Confirmed | State::Held)
                && hit.iter().any(|slot| touches(slot, order))
        });
        let count = u32::try_from(standing.count()).unwrap_or(u32::MAX);
        let catalogue = self.catalogue().await?;
        let offered = catalogue.offered(request.offering)?;
        let mut free = 0;
        for slot in self.later_slots(&catalogue.holidays, offered, request.day) {
            if !hit.iter().any(|closed| closed.start == slot.start) {
                free += self.free_places(request.offering, &[slot]).await?.first().map_or(0, |(_, free)| *free);
            }
            if free >= count {
                break;
            }
        }
        Ok((count, count.min(free)))
    }

    /// The slots a closure hits.
    async fn hit_by(&self, actor: &Actor, request: &ClosureRequest) -> Result<Vec<Slot>> {
        let catalogue = self.catalogue().await?;
        let offered = catalogue.offered(request.offering)?;
        if !catalogue.serves(actor, offered) {
            return Err(Code::NotFound.into());
        }
        let (from, to) = (request.day.at(request.from), request.day.at(request.to));
        let now = self.now();
        if from >= to || to <= now || request.day > now.day().plus(366) {
            return Err(Refusal::new(Code::DateInvalid).field("day").into());
        }
        let slots = offered.slots(&catalogue.holidays, request.day);
        Ok(slots.into_iter().filter(|slot| slot.start < to && from < slot.end && now < slot.end).collect())
    }

    /// Looks after everybody whose time was taken away on a day: those with a place first, in the order in which
    /// they booked.
    ///
    /// # Errors
    /// The database's; whoever was looked after stays so.
    pub(crate) async fn look_after(&self, offering: OfferingId, day: Day) -> Result<ClosureReport> {
        let catalogue = self.catalogue().await?;
        let offered = catalogue.offered(offering)?;
        let off: Vec<Slot> = offered.slots(&catalogue.holidays, day).into_iter().filter(|slot| slot.off).collect();
        let mut hit = orders::of_day(self.store.reads(), offering, day).await?;
        hit.retain(|order| off.iter().any(|slot| touches(slot, order)));
        hit.sort_by_key(|order| (order.state == State::Waiting, order.created_at, order.id));
        sessions::cancel_meetings_of(self, offering, day).await?;
        let mut report = ClosureReport { moved: 0, cancelled: 0 };
        for order in hit {
            match order.state {
                State::Confirmed | State::Held => {
                    if self.displace(&order).await? {
                        report.moved += 1;
                    } else {
                        report.cancelled += u32::from(self.cancel_closed(order.id).await?);
                    }
                }
                State::Waiting | State::Requested => report.cancelled += u32::from(self.cancel_closed(order.id).await?),
                _ => {}
            }
        }
        self.hub.publish("jobs", "").await;
        Ok(report)
    }

    /// Holds the next place of the same offering for an order whose time was taken away. Answers whether one was
    /// found.
    async fn displace(&self, order: &Order) -> Result<bool> {
        let catalogue = self.catalogue().await?;
        let offered = catalogue.offered(order.offering)?;
        // Another hour is as good with a doctor; whoever wants a room wants it at that time, and is told instead.
        if self.orderable(offered)?.shape != Shape::Slot {
            return Ok(false);
        }
        let mut later = self.later_slots(&catalogue.holidays, offered, order.starts_at.day());
        let earliest = self.earliest_of(order).await?;
        later.retain(|slot| slot.start != order.starts_at && earliest.is_none_or(|day| day <= slot.start.day()));
        for (slot, free) in self.free_places(order.offering, &later).await? {
            let Ok(target) = self.target(&catalogue, order.offering, &slot.start.into()) else { continue };
            if free == 0 {
                continue;
            }
            // The price that was agreed stays.
            let new = NewTime {
                price_fen: order.price_fen,
                revisit_of: order.revisit_of,
                ..NewTime::of(&target, order.subject, self.now())
            };
            let until = (self.now() + TIME_TO_ANSWER).min(slot.start - Span::minutes(30));
            let event = Event::Displace { until };
            let (this, shared, id, was) = (self.clone(), catalogue.clone(), order.id, order.starts_at);
            let outcome = self
                .store
                .write(move |tx| {
                    async move {
                        let Some(order) = orders::lock(tx, &[id]).await?.pop() else { return Ok(false) };
                        // Moved or cancelled by themselves meanwhile.
                        if order.starts_at != was || !matches!(order.state, State::Confirmed | State::Held) {
                            return Ok(true);
                        }
                        let act = Act::new(event, By::SYSTEM).to(new).saying(json!({ "until": until }));
                        perform(&this, tx, &shared, order, act).await?;
                        Ok(true)
                    }
                    .boxed()
                })
                .await;
            match outcome {
                Ok(found) => return Ok(found),
                // Taken meanwhile, or the person is busy then: the next one.
                Err(NotPerformed::Short(_)) => {}
                Err(NotPerformed::Failed(failure)) => return Err(failure),
            }
        }
        Ok(false)
    }

    async fn cancel_closed(&self, id: OrderId) -> Result<bool> {
        let catalogue = self.catalogue().await?;
        let this = self.clone();
        let by = By { account: None, acting: ActingAs::Staff };
        let outcome = self
            .store
            .write(move |tx| {
                async move {
                    let Some(order) = orders::lock(tx, &[id]).await?.pop() else { return Ok(false) };
                    if !matches!(order.state, State::Requested | State::Confirmed | State::Held | State::Waiting) {
                        return Ok(false);
                    }
                    let act = Act::new(Event::Cancel, by).saying(json!({ "closed": true }));
                    perform(&this, tx, &catalogue, order, act).await?;
                    Ok(true)
                }
                .boxed()
            })
            .await;
        match outcome.map_err(|not: NotPerformed| Failure::from(not)) {
            // Over in this very moment: the others are still to be looked after.
            Err(Failure::Refused(refusal)) => {
                tracing::debug!(order = %id, code = refusal.code.key(), "nothing was left to cancel");
                Ok(false)
            }
            outcome => outcome,
        }
    }

    /// Slots of the coming weeks that somebody can still hear of, in the order in which they would want them instead:
    /// from the day on first, then those before it.
    fn later_slots(&self, holidays: &linli_domain::holiday::Holidays, offered: &Offered, day: Day) -> Vec<Slot> {
        let (today, earliest) = (self.now().day(), self.now() + NOTICE);
        let after = (0..=HORIZON_DAYS).map(|n| day.plus(n));
        let before = (today.0..day.0).map(Day);
        let slots = after.chain(before).flat_map(|day| offered.slots(holidays, day));
        slots.filter(|slot| !slot.off && slot.start >= earliest).collect()
    }

    /// The slots with their free places; none where people are waiting, since nobody passes them.
    async fn free_places(&self, offering: OfferingId, slots: &[Slot]) -> Result<Vec<(Slot, u32)>> {
        let keys: Vec<PoolKey> = slots.iter().map(|slot| PoolKey::slot(offering, slot.start)).collect();
        let pools = scarcity::pools(self.store.reads(), &keys).await?;
        let free = |key: &PoolKey, slot: &Slot| match pools.get(key) {
            Some(pool) if pool.closed || pool.waiting > 0 => 0,
            Some(pool) => pool.free(),
            None => slot.capacity,
        };
        Ok(slots.iter().zip(&keys).map(|(slot, key)| (*slot, free(key, slot))).collect())
    }
}

/// Whether an order is for a time, or for a part of it.
fn touches(slot: &Slot, order: &Order) -> bool {
    order.session.is_none() && order.starts_at < slot.end && slot.start < order.ends_at
}
