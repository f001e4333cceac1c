//! The desk: one queue and one writer per process, where orders are placed in order of arrival.
//!
//! The writer takes what waits, without waiting for more, decides each order against the others of its batch, and
//! writes them all in one transaction with an outcome per order; answers leave after the commit. One order's refusal
//! never spoils another. Everything that can be known beforehand is looked at before the queue, since a constraint
//! error costs a whole batch.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use futures::FutureExt;
use futures::future::BoxFuture;
use linli_domain::claim::{Change, Claim, Ledger, Line, Shortage};
use linli_domain::context::Clock;
use linli_domain::id::{CourseId, IdMaker, JobId, OrderId};
use linli_domain::needed::Needed;
use linli_domain::order::{ActingAs, Event, State, step};
use linli_domain::platform::{Rules, Shape};
use linli_domain::refusal::{Code, Refusal};
use linli_domain::time::{Instant, Span};
use linli_edge::Hub;
use linli_store::audit::{self, AuditEntry};
use linli_store::booking::keys::{self, IdempotencyKey, Made};
use linli_store::booking::{Order, OrderEvent, PayerShare, orders};
use linli_store::market::visits::{self, Visit};
use linli_store::scarcity::{self, Holding, Needs};
use linli_store::{Backend, Reads, Store, StoreError, Tx, jobs};
use tokio::sync::{mpsc, oneshot};

use super::standing;
use super::tell::tell_job;
use crate::context::Parts;
use crate::courses::{self, Step};
use crate::dispatch::look::look_job;
use crate::idempotency::Once;
use crate::{Failure, Result};

/// Orders decided in one transaction.
const LARGEST_BATCH: usize = 256;

/// An order that was looked at and only needs its claims.
#[derive(Debug)]
pub(crate) struct Placing {
    /// As it will be stored, but for its state and its number in line.
    pub order: Order,
    /// What it needs.
    pub needed: Needed,
    /// What happens first when there is a place.
    pub first: Event,
    /// The longest line, when they would wait.
    pub line: Option<u32>,
    /// Who pays.
    pub shares: Vec<PayerShare>,
    /// The visit of a course that it is.
    pub step: Option<Step>,
    /// The visit that it is.
    pub visit: Option<Visit>,
    /// In what capacity it was placed.
    pub acting: ActingAs,
    /// The request's key.
    pub once: Once,
}

/// An order that stands now.
#[derive(Debug, Clone)]
pub(crate) enum Placed {
    /// It was placed now.
    Now(Arc<Written>),
    /// An earlier request with the same key made it.
    Before(OrderId),
}

/// What was written of an order that was placed.
#[derive(Debug)]
pub(crate) struct Written {
    /// The order.
    pub order: Order,
    /// The first line of its timeline.
    pub event: OrderEvent,
    /// Who pays.
    pub shares: Vec<PayerShare>,
    /// The visit of a course that it is.
    pub(super) step: Option<Step>,
    /// The visit that it is.
    pub(super) visit: Option<Visit>,
    pub(super) once: Once,
}

/// Why a placing that was looked at still failed.
#[derive(Debug, Clone)]
pub(crate) enum NotPlaced {
    /// The claims could not be had.
    Short(Shortage),
    /// Another rule.
    Refused(Refusal),
}

type Outcome = std::result::Result<Placed, NotPlaced>;

struct Waiting {
    placing: Arc<Placing>,
    reply: oneshot::Sender<Result<Outcome>>,
}

/// The way into the queue.
#[derive(Debug, Clone)]
pub(crate) struct Desk(mpsc::Sender<Waiting>);

impl Desk {
    /// Opens the desk: starts its writer. It closes when the last sender is dropped.
    pub(crate) fn open(parts: &Parts) -> Self {
        let (sender, receiver) = mpsc::channel(parts.settings.desk_queue);
        let writer = Writer {
            store: parts.desk_store.clone(),
            clock: parts.clock.clone(),
            ids: parts.ids.clone(),
            hub: parts.hub.clone(),
        };
        tokio::spawn(writer.run(receiver));
        Self(sender)
    }

    /// Waits in the queue and answers when the order is committed or refused.
    ///
    /// # Errors
    /// [`Code::QueueFull`] at once; the database's faults.
    pub(crate) async fn place(&self, placing: Placing) -> Result<Outcome> {
        let (reply, answer) = oneshot::channel();
        self.0
            .try_send(Waiting { placing: Arc::new(placing), reply })
            .map_err(|_| Refusal::new(Code::QueueFull).retry_after(Span::seconds(2)))?;
        answer.await.map_err(|_| Failure::Fault("the desk stopped".into()))?
    }
}

struct Writer {
    store: Store,
    clock: Arc<dyn Clock>,
    ids: Arc<IdMaker>,
    hub: Arc<dyn Hub>,
}

impl Writer {
    async fn run(self, mut queue: mpsc::Receiver<Waiting>) {
        let writer = Arc::new(self);
        let mut batch = Vec::with_capacity(LARGEST_BATCH);
        while queue.recv_many(&mut batch, LARGEST_BATCH).await > 0 {
            metrics::histogram!("linli_desk_batch").record(batch.len() as f64);
            let (placings, replies): (Vec<_>, Vec<_>) =
                batch.drain(..).map(|waiting: Waiting| (waiting.placing, waiting.reply)).unzip();
            let outcomes = writer.clone().place(placings).await;
            for (reply, outcome) in replies.into_iter().zip(outcomes) {
                // Whoever hung up has their order all the same; the key answers when they come back.
                let _ = reply.send(outcome);
            }
            writer.hub.publish("jobs", "").await;
        }
    }

    /// Places a batch. One that fails on a constraint is halved; a single order is tried once more.
    fn place(self: Arc<Self>, batch: Vec<Arc<Placing>>) -> BoxFuture<'static, Vec<Result<Outcome>>> {
        async move {
            match self.attempt(batch.clone()).await {
                Ok(outcomes) => outcomes.into_iter().map(Ok).collect(),
                Err(error @ (StoreError::Busy(_) | StoreError::Gone(_))) => {
                    let again = error.to_string();
                    let gone = matches!(error, StoreError::Gone(_));
                    let same = |_| {
                        Err(Failure::Store(if gone {
                            StoreError::Gone(again.clone())
                        } else {
                            StoreError::Busy(again.clone())
                        }))
                    };
                    batch.iter().map(same).collect()
                }
                Err(error) if batch.len() == 1 => {
                    tracing::warn!(%error, "placing failed once");
                    vec![match self.attempt(batch).await {
                        Ok(mut outcomes) => Ok(outcomes.remove(0)),
                        Err(error) => Err(error.into()),
                    }]
                }
                Err(error) => {
                    tracing::warn!(%error, orders = batch.len(), "a batch is halved");
                    let mut first = batch;
                    let second = first.split_off(first.len() / 2);
                    let mut outcomes = self.clone().place(first).await;
                    outcomes.extend(self.place(second).await);
                    outcomes
                }
            }
        }
        .boxed()
    }

    async fn attempt(self: &Arc<Self>, batch: Vec<Arc<Placing>>) -> linli_store::Result<Vec<Outcome>> {
        let writer = self.clone();
        self.store.write(move |tx| async move { writer.write(tx, &batch).await }.boxed()).await
    }

    async fn write(&self, tx: &Tx, batch: &[Arc<Placing>]) -> linli_store::Result<Vec<Outcome>> {
        let now = self.clock.now();
        let wanted: Vec<IdempotencyKey> = batch.iter().map(|placing| placing.once.key.clone()).collect();
        let mut made = keys::find(tx, &wanted).await?;
        let is_new = |placing: &&Arc<Placing>| !made.contains_key(&placing.once.key);
        let steps: Vec<&Step> = batch.iter().filter(is_new).filter_map(|placing| placing.step.as_ref()).collect();
        let stale = courses::changed(tx, &steps).await?;
        let mut needs = Needs::default();
        for placing in batch.iter().filter(|placing| !made.contains_key(&placing.once.key)) {
            placing.needed.touched().for_each(|claim| needs.claim(claim));
        }
        let mut outcomes = scarcity::settle(tx, &needs, |ledger| decide(ledger, batch, &mut made, &stale, now)).await?;
        answer_repetitions(tx, batch, &mut outcomes).await?;
        let placed: Vec<&Written> = outcomes
            .iter()
            .filter_map(|outcome| match outcome {
                Ok(Placed::Now(written)) => Some(&**written),
                _ => None,
            })
            .collect();
        record(&self.ids, tx, &placed, now).await?;
        Ok(outcomes)
    }
}

/// Writes everything that placed orders leave behind.
pub(super) async fn record(ids: &IdMaker, tx: &Tx, placed: &[&Written], now: Instant) -> linli_store::Result<()> {
    let stored: Vec<&Order> = placed.iter().map(|written| &written.order).collect();
    let events: Vec<&OrderEvent> = placed.iter().map(|written| &written.event).collect();
    let shares: Vec<&PayerShare> = placed.iter().flat_map(|written| &written.shares).collect();
    orders::insert(tx, &stored, &events, &shares).await?;
    let steps: Vec<&Step> = placed.iter().filter_map(|written| written.step.as_ref()).collect();
    courses::enrol(tx, &steps).await?;
    let visits: Vec<&Visit> = placed.iter().filter_map(|written| written.visit.as_ref()).collect();
    visits::insert(tx, &visits).await?;
    let looks: Vec<_> = visits.iter().map(|visit| look_job(JobId(ids.next(now)), visit, now)).collect();
    jobs::enqueue(tx, &looks).await?;
    let told: Vec<jobs::NewJob> =
        stored.iter().map(|order| tell_job(JobId(ids.next(now)), order.id, order.version, false, now)).collect();
    jobs::enqueue(tx, &told).await?;
    let entries = placed.iter().map(|written| {
        let order = &written.order;
        AuditEntry::new(ids.next(now), now, Some(order.placed_by), written.event.acting_as, "order.placed")
            .about(order.subject)
            .on(order.id.0)
    });
    audit::record_all(tx, entries.collect()).await?;
    let made: Vec<(IdempotencyKey, Made)> =
        placed.iter().map(|written| (written.once.key.clone(), written.once.makes(written.order.id))).collect();
    keys::remember(tx, &made, now).await
}

/// While this process waited for the rows, another may have placed with the same keys and taken what is now short:
/// those requests are not refused, they are answered with what their key has made.
async fn answer_repetitions(tx: &Tx, batch: &[Arc<Placing>], outcomes: &mut [Outcome]) -> linli_store::Result<()> {
    let refused = || batch.iter().zip(outcomes.iter()).filter(|(_, outcome)| outcome.is_err());
    let keys: Vec<IdempotencyKey> = refused().map(|(placing, _)| placing.once.key.clone()).collect();
    // SQLite serves one process.
    if keys.is_empty() || tx.backend() == Backend::Sqlite {
        return Ok(());
    }
    let made = keys::find(tx, &keys).await?;
    for (placing, outcome) in batch.iter().zip(outcomes).filter(|(_, outcome)| outcome.is_err()) {
        if let Some(before) = made.get(&placing.once.key) {
            *outcome = repetition(placing, before);
        }
    }
    Ok(())
}

/// What a request is answered whose key has made something before.
fn repetition(placing: &Placing, before: &Made) -> Outcome {
    match placing.once.is_repetition_of(before) {
        Ok(()) => Ok(Placed::Before(before.order)),
        Err(refusal) => Err(NotPlaced::Refused(refusal)),
    }
}

/// Decides a batch in order of arrival, each also against those before it. Answers the outcomes, and what the placed
/// orders hold.
fn decide(
    ledger: &mut Ledger,
    batch: &[Arc<Placing>],
    made: &mut HashMap<IdempotencyKey, Made>,
    stale: &BTreeSet<CourseId>,
    now: Instant,
) -> (Vec<Outcome>, Vec<Holding>) {
    let mut outcomes = Vec::with_capacity(batch.len());
    let mut holdings = Vec::with_capacity(batch.len());
    for placing in batch {
        if let Some(before) = made.get(&placing.once.key) {
            outcomes.push(repetition(placing, before));
            continue;
        }
        if placing.step.as_ref().is_some_and(|step| stale.contains(&step.course)) {
            outcomes.push(Err(NotPlaced::Refused(Code::StaleVersion.into())));
            continue;
        }
        match claim(ledger, placing) {
            Ok((order, claims)) => {
                made.insert(placing.once.key.clone(), placing.once.makes(order.id));
                holdings.push(Holding { order: order.id, claims, is_new: true });
                let event = first_event(placing, &order, now);
                let (shares, step, once) = (placing.shares.clone(), placing.step.clone(), placing.once.clone());
                let visit = placing.visit.clone();
                outcomes.push(Ok(Placed::Now(Arc::new(Written { order, event, shares, step, visit, once }))));
            }
            Err(why) => outcomes.push(Err(why)),
        }
    }
    (outcomes, holdings)
}

/// Takes a place, or one in the line where there is none and they would wait.
pub(super) fn claim(ledger: &mut Ledger, placing: &Placing) -> std::result::Result<(Order, Vec<Claim>), NotPlaced> {
    let pool = &placing.order.pool;
    let (event, number, unit, claims) = match (placing.needed.take(ledger, &Change::default()), placing.line) {
        (Ok((unit, claims)), _) => (placing.first, None, unit, claims),
        (Err(Shortage::Full(full) | Shortage::Waited(full)), Some(max)) if full == *pool => {
            let capacity = placing.needed.touched().find_map(|claim| match claim {
                Claim::Place { pool, capacity, .. } if *pool == full => Some(*capacity),
                _ => None,
            });
            let join = Change {
                take: placing.needed.limits.clone(),
                line: Some(Line::Join { pool: full, capacity: capacity.unwrap_or(0), max }),
                ..Change::default()
            };
            let number = ledger.apply(&join).map_err(NotPlaced::Short)?;
            (Event::Wait, number, None, placing.needed.limits.clone())
        }
        (Err(shortage), _) => return Err(NotPlaced::Short(shortage)),
    };
    let mut order = placing.order.clone();
    order.unit = unit;
    // Of a new order only the state counts.
    let fresh = standing(&order, &Rules::NONE, Shape::Slot);
    order.state = step(&fresh, event, placing.acting, order.created_at).map_err(NotPlaced::Refused)?.to;
    order.line_number = number;
    Ok((order, claims))
}

pub(super) fn first_event(placing: &Placing, order: &Order, now: Instant) -> OrderEvent {
    OrderEvent {
        order: order.id,
        number: order.version,
        at: now,
        event: if order.state == State::Waiting { Event::Wait } else { placing.first }.key().to_owned(),
        from: None,
        to: order.state,
        actor: Some(order.placed_by),
        acting_as: placing.acting,
        detail: serde_json::json!({ "start": order.starts_at }),
    }
}
