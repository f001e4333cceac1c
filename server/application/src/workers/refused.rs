//! Not meeting somebody again, from either side. Nobody is told, and neither is asked why.

use futures::FutureExt;
use linli_domain::id::{OrderId, PersonId, WorkerId};
use linli_domain::refusal::Code;
use linli_domain::role::Actor;
use linli_domain::time::Instant;
use linli_domain::worker::initial;
use linli_store::audit::{self, ActingAs};
use linli_store::market::refused::{self as rows, Pair, Side};

use crate::people::household;
use crate::{App, Failure, Result, input};

/// The longest reason, in characters; for themselves.
const REASON_MAX: usize = 200;

/// Whom somebody does not want to meet again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Opponent {
    /// A worker, who is not to come to this person.
    Worker(WorkerId, PersonId),
    /// A resident.
    Person(PersonId),
}

/// An entry of such a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Blocked {
    /// Who.
    pub who: Opponent,
    /// A worker's name; of a resident the initial alone.
    pub name: String,
    /// To whom the worker is not to come; empty for residents.
    pub subject: String,
    /// Why; may be empty.
    pub reason: String,
    /// Since when.
    pub at: Instant,
}

impl App {
    /// Whoever came, or is to come, to the actor or a ward with this order is not to come again.
    ///
    /// # Errors
    /// [`Code::NotFound`] for orders of others, and for those nobody came with.
    pub async fn refuse_worker(&self, actor: &Actor, order: OrderId, reason: Option<String>) -> Result<Vec<Blocked>> {
        let (order, acting) = self.own_order(actor, order).await?;
        let pair = rows::of_order(self.store.reads(), order.id).await?.ok_or(Code::NotFound)?;
        self.keep_apart(actor, pair, Side::Resident, acting, reason).await?;
        self.refused_workers(actor).await
    }

    /// Whom the actor does not want to come to them or to a ward.
    ///
    /// # Errors
    /// The database's.
    pub async fn refused_workers(&self, actor: &Actor) -> Result<Vec<Blocked>> {
        let mut people = vec![actor.person];
        people.extend(household::list(self, actor).await?.into_iter().map(|minor| minor.person.id));
        let found = rows::of_people(self.store.reads(), &people).await?;
        let blocked = |pair: Pair| Blocked {
            who: Opponent::Worker(pair.worker, pair.person),
            name: pair.worker_name,
            subject: pair.person_name,
            reason: pair.reason,
            at: pair.at,
        };
        Ok(found.into_iter().map(blocked).collect())
    }

    /// A worker may come again.
    ///
    /// # Errors
    /// [`Code::NotFound`].
    pub async fn allow_worker(&self, actor: &Actor, worker: WorkerId, subject: Option<PersonId>) -> Result<()> {
        let subject = subject.unwrap_or(actor.person);
        let acting = self.capacity_for(actor, subject).await?.ok_or(Code::NotFound)?;
        self.let_meet(actor, (subject, worker), Side::Resident, acting).await
    }

    /// The actor, who came or is to come with this order, is not to be sent there again.
    ///
    /// # Errors
    /// [`Code::WorkerOnly`]; [`Code::NotFound`] for orders of others.
    pub async fn refuse_resident(&self, actor: &Actor, order: OrderId, reason: Option<String>) -> Result<Vec<Blocked>> {
        let own = self.working(actor).await?;
        let pair = rows::of_order(self.store.reads(), order).await?.filter(|(_, worker)| *worker == own);
        self.keep_apart(actor, pair.ok_or(Code::NotFound)?, Side::Worker, ActingAs::Provider, reason).await?;
        self.refused_residents(actor).await
    }

    /// To whom the actor does not want to be sent.
    ///
    /// # Errors
    /// [`Code::WorkerOnly`].
    pub async fn refused_residents(&self, actor: &Actor) -> Result<Vec<Blocked>> {
        let found = rows::of_worker(self.store.reads(), self.working(actor).await?).await?;
        let blocked = |pair: Pair| Blocked {
            who: Opponent::Person(pair.person),
            name: initial(&pair.person_name),
            subject: String::new(),
            reason: pair.reason,
            at: pair.at,
        };
        Ok(found.into_iter().map(blocked).collect())
    }

    /// The actor may be sent there again.
    ///
    /// # Errors
    /// [`Code::WorkerOnly`]; [`Code::NotFound`].
    pub async fn allow_resident(&self, actor: &Actor, person: PersonId) -> Result<()> {
        let own = self.working(actor).await?;
        self.let_meet(actor, (person, own), Side::Worker, ActingAs::Provider).await
    }

    async fn keep_apart(
        &self,
        actor: &Actor,
        pair: (PersonId, WorkerId),
        side: Side,
        acting: ActingAs,
        reason: Option<String>,
    ) -> Result<()> {
        let said = reason.filter(|reason| !reason.trim().is_empty());
        let reason = said.map(|said| input::note("reason", &said, REASON_MAX)).transpose()?.unwrap_or_default();
        // The record of the other side does not show it: it is about whoever said so.
        let entry = self.entry(actor, acting, "meeting.refused").about(actor.person);
        let now = self.now();
        self.store
            .write(move |tx| {
                async move {
                    rows::add(tx, pair, side, &reason, now).await?;
                    Ok::<_, Failure>(audit::record(tx, entry).await?)
                }
                .boxed()
            })
            .await
    }

    async fn let_meet(&self, actor: &Actor, pair: (PersonId, WorkerId), side: Side, acting: ActingAs) -> Result<()> {
        let entry = self.entry(actor, acting, "meeting.allowed").about(actor.person);
        self.store
            .write(move |tx| {
                async move {
                    if !rows::remove(tx, pair, side).await? {
                        return Err(Code::NotFound.into());
                    }
                    Ok::<_, Failure>(audit::record(tx, entry).await?)
                }
                .boxed()
            })
            .await
    }
}
