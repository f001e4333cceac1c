//! The same again, week after week: every date is looked at, and either all are booked, or those that can be had once
//! somebody has said that the rest is fine.

use std::collections::BTreeMap;
use std::sync::Arc;

use futures::FutureExt;
use linli_domain::holiday::DayKind;
use linli_domain::id::{OfferingId, OrderId, PersonId, SeriesId, UnitId};
use linli_domain::order::State;
use linli_domain::platform::Shape;
use linli_domain::refusal::{Code, Refusal};
use linli_domain::role::Actor;
use linli_domain::slot::Door;
use linli_domain::time::{Day, Instant, TimeOfDay};
use linli_domain::words::{Language, Words, say};
use linli_store::StoreError;
use linli_store::booking::keys::{self, Made};
use linli_store::booking::orders;
use linli_store::scarcity::{self, Holding, Needs};
use serde::Serialize;

use super::act::{Ask, Side};
use super::desk::{NotPlaced, Placing, Written, claim, first_event, record};
use super::place::{Behalf, Checked, PlaceRequest};
use super::target::Wanted;
use crate::catalogue::Catalogue;
use crate::idempotency::Once;
use crate::{App, Failure, Result};

/// The most dates at once: once a week for a year.
pub const MOST_DATES: usize = 53;

/// Dates to book.
#[derive(Debug, Clone, Serialize)]
pub struct SeriesRequest {
    /// Of which offering.
    pub offering: OfferingId,
    /// Which room or table; any when none is named.
    pub unit: Option<UnitId>,
    /// For whom; the one who asks when nobody is named.
    pub subject: Option<PersonId>,
    /// Weekdays, 1 (Monday) to 7.
    pub weekdays: Vec<u8>,
    /// From.
    pub from: TimeOfDay,
    /// To, where it is a room.
    pub to: Option<TimeOfDay>,
    /// The first day looked at.
    pub first_day: Day,
    /// The last day looked at.
    pub last_day: Day,
    /// Answers to the kind's form.
    pub form: BTreeMap<String, String>,
    /// Whether to book the dates that can be had when others cannot.
    pub rest_is_fine: bool,
}

/// One date of a series.
#[derive(Debug, Clone)]
pub struct SeriesDate {
    /// The day.
    pub day: Day,
    /// From.
    pub start: Instant,
    /// Why it cannot be had, if so.
    pub problem: Option<Refusal>,
    /// The room or table it would have.
    pub unit: Option<UnitId>,
}

/// A series that was booked.
#[derive(Debug, Clone)]
pub struct SeriesMade {
    /// Which.
    pub id: SeriesId,
    /// The orders, by beginning.
    pub made: Vec<OrderId>,
    /// The dates that could not be had.
    pub failed: Vec<SeriesDate>,
}

impl SeriesRequest {
    fn days(&self) -> Result<Vec<Day>, Refusal> {
        let wrong = || Refusal::new(Code::SeriesInvalid).with("max", MOST_DATES);
        if self.weekdays.is_empty() || self.weekdays.iter().any(|day| !(1..=7).contains(day)) {
            return Err(wrong().field("weekdays"));
        }
        if self.last_day < self.first_day || self.last_day.0 - self.first_day.0 > 366 {
            return Err(wrong().field("last_day"));
        }
        let all = (self.first_day.0..=self.last_day.0).map(Day);
        let days: Vec<Day> = all.filter(|day| self.weekdays.contains(&day.weekday())).collect();
        if days.is_empty() || days.len() > MOST_DATES { Err(wrong().field("last_day")) } else { Ok(days) }
    }

    fn on(&self, day: Day) -> PlaceRequest {
        let start = day.at(self.from);
        let wanted = match self.to {
            Some(to) => Wanted::Run { start, end: day.at(to), unit: self.unit },
            None => Wanted::Slot { start },
        };
        PlaceRequest {
            offering: self.offering,
            wanted,
            subject: self.subject,
            course: None,
            wait: false,
            form: self.form.clone(),
        }
    }
}

/// What was looked at for one date.
type Looked<'a> = (Day, Result<Checked<'a>, Refusal>);

impl App {
    /// Every date, with what stands in its way; nothing is written.
    ///
    /// # Errors
    /// [`Code::SeriesInvalid`], [`Code::NotFound`]; the refusals of single dates are part of the answer.
    pub async fn preview_series(&self, actor: &Actor, request: &SeriesRequest) -> Result<Vec<SeriesDate>> {
        let subject = request.subject.unwrap_or(actor.person);
        self.authority_online(actor, subject).await?;
        let catalogue = self.catalogue().await?;
        let looked = self.look(&catalogue, request, subject).await?;
        // Nothing is locked: what is free now is likely, not promised.
        let mut needs = Needs::default();
        looked
            .iter()
            .filter_map(|(_, checked)| checked.as_ref().ok())
            .flat_map(|checked| checked.needed.touched())
            .for_each(|claim| needs.claim(claim));
        let mut ledger = scarcity::glance(self.store.reads(), &needs).await?;
        let mut dates = Vec::with_capacity(looked.len());
        for (day, checked) in looked {
            let start = day.at(request.from);
            let (unit, problem) = match checked {
                Err(refusal) => (None, Some(refusal)),
                Ok(checked) => match checked.needed.take(&mut ledger, &linli_domain::claim::Change::default()) {
                    Ok((unit, _)) => (unit, None),
                    Err(short) => (None, Some(self.shortage(&catalogue, &short, &checked).await?)),
                },
            };
            dates.push(SeriesDate { day, start, problem, unit });
        }
        Ok(dates)
    }

    /// Books every date in one transaction, or those that can be had when the rest is fine.
    ///
    /// # Errors
    /// [`Code::SeriesPartlyTaken`] when a date cannot be had and that is not fine, or when none can be had at all;
    /// nothing is booked then.
    pub async fn place_series(&self, actor: &Actor, request: SeriesRequest, key: &str) -> Result<SeriesMade> {
        let once = Once::new(actor.account, "series.place", key, &request)?;
        let subject = request.subject.unwrap_or(actor.person);
        let (authority, acting) = self.authority_online(actor, subject).await?;
        let before = keys::find(self.store.reads(), std::slice::from_ref(&once.key)).await?.remove(&once.key);
        if let Some(made) = before {
            once.is_repetition_of(&made)?;
            return self.series_made(SeriesId(made.order.0)).await;
        }
        let catalogue = self.catalogue().await?;
        let behalf = Behalf { subject, door: Door::Online, authority, acting };
        let looked = self.look(&catalogue, &request, subject).await?;
        let series = SeriesId(self.next_id());
        let mut asked = Vec::with_capacity(looked.len());
        for (day, checked) in &looked {
            let placing = match checked {
                Err(refusal) => Err(refusal.clone()),
                Ok(checked) => {
                    let request = request.on(*day);
                    let mut placing = self.placing(actor, &catalogue, &request, checked, &behalf, once.part(*day))?;
                    placing.order.series = Some(series);
                    Ok(placing)
                }
            };
            asked.push((*day, placing));
        }
        let (ids, now, rest_is_fine) = (self.ids.clone(), self.now(), request.rest_is_fine);
        let outcome: Outcome = self
            .store
            .write(move |tx| {
                async move {
                    let mut needs = Needs::default();
                    asked
                        .iter()
                        .filter_map(|(_, placing)| placing.as_ref().ok())
                        .flat_map(|placing| placing.needed.touched())
                        .for_each(|claim| needs.claim(claim));
                    let (written, failed) = scarcity::settle(tx, &needs, |ledger| {
                        let mut written: Vec<Written> = Vec::new();
                        let mut failed = Vec::new();
                        let mut holdings = Vec::new();
                        for (day, placing) in asked {
                            match placing.map_err(NotPlaced::Refused).and_then(|placing| {
                                let (order, claims) = claim(ledger, &placing)?;
                                Ok((placing, order, claims))
                            }) {
                                Ok((placing, order, claims)) => {
                                    holdings.push(Holding { order: order.id, claims, is_new: true });
                                    written.push(written_of(placing, order, now));
                                }
                                Err(why) => failed.push((day, why)),
                            }
                        }
                        ((written, failed), holdings)
                    })
                    .await?;
                    // Locked now: somebody with the same key may have been a moment faster.
                    if let Some(made) = keys::find(tx, std::slice::from_ref(&once.key)).await?.remove(&once.key) {
                        once.is_repetition_of(&made)?;
                        return Err(Stopped::Before(SeriesId(made.order.0)));
                    }
                    if written.is_empty() || (!failed.is_empty() && !rest_is_fine) {
                        // The transaction is given up: nothing of it stays.
                        return Err(Stopped::Short { good: written.len(), failed });
                    }
                    record(&ids, tx, &written.iter().collect::<Vec<_>>(), now).await?;
                    let made = Made { fingerprint: once.fingerprint, order: OrderId(series.0) };
                    keys::remember(tx, &[(once.key, made)], now).await?;
                    Ok(failed)
                }
                .boxed()
            })
            .await;
        match outcome {
            Ok(failed) => {
                self.hub.publish("jobs", "").await;
                let mut made = self.series_made(series).await?;
                for (day, why) in failed {
                    let problem = self.why_not(&catalogue, &looked, day, why).await?;
                    let start = day.at(request.from);
                    made.failed.push(SeriesDate { day, start, problem: Some(problem), unit: None });
                }
                Ok(made)
            }
            Err(Stopped::Before(series)) => self.series_made(series).await,
            Err(Stopped::Failed(failure)) => Err(failure),
            Err(Stopped::Short { good, failed }) => Err(partly_taken(&failed, good).into()),
        }
    }

    /// Cancels what is still to come of a series. Answers how many were cancelled; those that are past their deadline
    /// stay.
    ///
    /// # Errors
    /// [`Code::NotFound`] for a series of somebody else.
    pub async fn cancel_series(&self, actor: &Actor, id: SeriesId, key: &str) -> Result<u32> {
        let all = orders::of_series(self.store.reads(), id).await?;
        let first = all.first().ok_or(Code::NotFound)?;
        self.capacity_for(actor, first.subject).await?.ok_or(Code::NotFound)?;
        let mut cancelled = 0;
        for order in all.iter().filter(|order| matches!(order.state, State::Requested | State::Confirmed)) {
            // A repetition with the same key finds each of them cancelled already.
            let mut part = format!("{}-{key}", order.id);
            part.truncate(64);
            let ask = Ask::Cancel { reason: None };
            match self.ask(actor, order.id, order.version, ask, Side::Resident, &part).await {
                Ok(_) => cancelled += 1,
                Err(Failure::Refused(refusal)) => {
                    tracing::debug!(order = %order.id, code = refusal.code.key(), "stays")
                }
                Err(fault) => return Err(fault),
            }
        }
        Ok(cancelled)
    }

    /// Looks at every date.
    async fn look<'a>(
        &'a self,
        catalogue: &'a Arc<Catalogue>,
        request: &SeriesRequest,
        subject: PersonId,
    ) -> Result<Vec<Looked<'a>>> {
        let kind = self.orderable(catalogue.offered(request.offering)?)?;
        if !matches!(kind.shape, Shape::Slot | Shape::Resource) {
            return Err(Refusal::new(Code::SlotUnknown).field("offering_id").into());
        }
        let days = request.days()?;
        let known = self.known(catalogue, &request.on(request.first_day), subject, None).await?;
        let look = |day: Day| {
            if let DayKind::Holiday(name) = catalogue.holidays.kind_of(day) {
                return Err(Failure::from(Refusal::new(Code::HolidaySkipped).with("name", name)));
            }
            self.judge(catalogue, &request.on(day), known.clone(), Door::Online)
        };
        let mut looked = Vec::with_capacity(days.len());
        for day in days {
            match look(day) {
                Ok(checked) => looked.push((day, Ok(checked))),
                Err(Failure::Refused(refusal)) => looked.push((day, Err(refusal))),
                Err(fault) => return Err(fault),
            }
        }
        Ok(looked)
    }

    async fn why_not(&self, catalogue: &Catalogue, looked: &[Looked<'_>], day: Day, why: NotPlaced) -> Result<Refusal> {
        match why {
            NotPlaced::Refused(refusal) => Ok(refusal),
            NotPlaced::Short(shortage) => match looked.iter().find(|(on, _)| *on == day) {
                Some((_, Ok(checked))) => self.shortage(catalogue, &shortage, checked).await,
                _ => Ok(Code::SlotFull.into()),
            },
        }
    }

    async fn series_made(&self, id: SeriesId) -> Result<SeriesMade> {
        let orders = orders::of_series(self.store.reads(), id).await?;
        Ok(SeriesMade { id, made: orders.into_iter().map(|order| order.id).collect(), failed: Vec::new() })
    }
}

type Outcome = std::result::Result<Vec<(Day, NotPlaced)>, Stopped>;

/// Why a series was not written.
enum Stopped {
    /// An earlier request with the same key made it.
    Before(SeriesId),
    /// Dates that cannot be had, and how many could.
    Short { good: usize, failed: Vec<(Day, NotPlaced)> },
    /// Another refusal, or a fault.
    Failed(Failure),
}

impl From<Refusal> for Stopped {
    fn from(refusal: Refusal) -> Self {
        Self::Failed(refusal.into())
    }
}

impl From<StoreError> for Stopped {
    fn from(error: StoreError) -> Self {
        Self::Failed(error.into())
    }
}

fn written_of(placing: Placing, order: super::Order, now: Instant) -> Written {
    let event = first_event(&placing, &order, now);
    Written { order, event, shares: placing.shares, step: placing.step, visit: None, once: placing.once }
}

fn partly_taken(failed: &[(Day, NotPlaced)], good: usize) -> Refusal {
    let days = |language| {
        let said: Vec<String> = failed.iter().take(6).map(|(day, _)| say::day(*day, language)).collect();
        let joined = said.join(language.between());
        if failed.len() > 6 { format!("{joined} …") } else { joined }
    };
    Refusal::new(Code::SeriesPartlyTaken)
        .with("bad", failed.len())
        .with("good", good)
        .with("days", Words::new(days(Language::Zh), days(Language::En)))
}
