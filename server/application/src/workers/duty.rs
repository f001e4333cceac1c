//! On duty with one tap, a rest that ends by itself, days off.

use std::collections::{BTreeMap, BTreeSet};

use futures::FutureExt;
use linli_domain::refusal::{Code, Refusal};
use linli_domain::role::Actor;
use linli_domain::time::{Day, Instant, Span};
use linli_domain::words::Words;
use linli_domain::worker::{Duty, LONGEST_PAUSE, Presence, ServiceState, WorkerState, needed};
use linli_store::market::workers::{self as rows, Worker};

use super::Whole;
use crate::{App, Failure, Result, input};

/// How far ahead days off are known.
const AHEAD: i32 = 366;
/// The most days off ahead.
const DAYS_MAX: usize = 100;
/// The longest reason for a day off, in characters; for themselves.
const REASON_MAX: usize = 60;
/// A rest without a length, in minutes.
const USUAL_REST: u16 = 30;

/// A day off.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DayOff {
    /// Which.
    pub day: Day,
    /// Why, for themselves; may be empty.
    pub reason: String,
}

/// What a worker asks for with one tap.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tap {
    /// Jobs from now on.
    On,
    /// No more jobs.
    Off,
    /// No jobs for so many minutes.
    Rest(Option<u16>),
}

/// Whether somebody takes jobs, and what keeps jobs from them.
#[derive(Debug, Clone)]
pub struct DutyView {
    /// On duty, off, or resting.
    pub duty: Duty,
    /// Since when.
    pub open_jobs: u32,
    /// The most jobs they take at once.
    pub max_open: u32,
    /// Why they are offered nothing at the moment, if anything keeps jobs from them.
    pub problem: Option<Words>,
}

impl App {
    /// Whether the actor takes jobs at the moment.
    ///
    /// # Errors
    /// [`Code::WorkerOnly`].
    pub async fn duty(&self, actor: &Actor) -> Result<DutyView> {
        let worker = rows::of_person(self.store.reads(), actor.person).await?.ok_or(Code::WorkerOnly)?;
        self.duty_view(worker).await
    }

    /// Goes on duty, off, or to rest for some minutes.
    ///
    /// # Errors
    /// [`Code::WorkerOnly`]; [`Code::ValueInvalid`] for a rest that is too long.
    pub async fn set_duty(&self, actor: &Actor, tap: Tap) -> Result<DutyView> {
        let now = self.now();
        let duty = match tap {
            Tap::On => Duty::On,
            Tap::Off => Duty::Off,
            Tap::Rest(minutes) => Duty::Paused(now + rest(minutes)?),
        };
        let person = actor.person;
        let worker = self
            .store
            .write(move |tx| {
                async move {
                    let found = rows::lock_of_person(tx, person).await?;
                    let verified = found.filter(|one| one.state == WorkerState::Verified);
                    let worker = verified.ok_or(Code::WorkerOnly)?;
                    rows::set_duty(tx, worker.id, duty, now).await?;
                    Ok::<_, Failure>(Worker { duty, ..worker })
                }
                .boxed()
            })
            .await?;
        self.duty_view(worker).await
    }

    async fn duty_view(&self, worker: Worker) -> Result<DutyView> {
        let now = self.now();
        let duty = worker.duty.now(now);
        let open_jobs = self.open_jobs(&[worker.id]).await?.pop().unwrap_or(0);
        let off = rows::days_off(self.store.reads(), &[worker.id], now.day()).await?.remove(&worker.id);
        let days_off: BTreeSet<Day> = off.unwrap_or_default().into_keys().collect();
        let whole = Whole::of(self.store.reads(), worker).await?;
        let presence = Presence { hours: &whole.worker.hours, days_off: &days_off, duty };
        let full = (open_jobs >= whole.worker.max_open).then(|| {
            Words::new(
                "手上的单已到上限，完成后继续接单",
                "You have as many jobs as you take at once; finish one to be offered more",
            )
        });
        let absence = presence.absence(now, now + Span::minutes(1), true, now).map(|absence| absence.words());
        let problem = self.nothing_on_offer(&whole, now).or(absence).or(full);
        Ok(DutyView { duty, open_jobs, max_open: whole.worker.max_open, problem })
    }

    /// Why none of their services is on offer.
    fn nothing_on_offer(&self, whole: &Whole, now: Instant) -> Option<Words> {
        let verified = || whole.services.iter().filter(|one| one.state == ServiceState::Verified);
        if verified().any(|one| !one.off_offer) {
            return None;
        }
        let papers = whole.plain_papers();
        let missing = verified().find_map(|one| needed(&self.needs(&one.kind), &papers, now.day()));
        Some(match missing.map(|document| document.words()) {
            Some(document) => Words::new(
                format!("您的{}已到期或未审核，相关服务暂停接单", document.zh),
                format!("Your {} has run out or was not verified; services that need it are off offer", document.en),
            ),
            None => Words::new("还没有通过审核的服务", "None of your services has been verified yet"),
        })
    }

    /// The actor's days off from today on.
    ///
    /// # Errors
    /// [`Code::WorkerOnly`].
    pub async fn days_off(&self, actor: &Actor) -> Result<Vec<DayOff>> {
        let id = self.working(actor).await?;
        let found = rows::days_off(self.store.reads(), &[id], self.now().day()).await?.remove(&id).unwrap_or_default();
        Ok(found.into_iter().map(|(day, reason)| DayOff { day, reason }).collect())
    }

    /// Writes the actor's days off, in place of those that were. Jobs they have accepted for such a day stay theirs.
    ///
    /// # Errors
    /// [`Code::WorkerOnly`]; [`Code::DateInvalid`] for days past or more than a year away; [`Code::ValueInvalid`] for
    /// too many.
    pub async fn set_days_off(&self, actor: &Actor, days: Vec<DayOff>) -> Result<Vec<DayOff>> {
        let (id, today) = (self.working(actor).await?, self.now().day());
        let mut wanted = BTreeMap::new();
        for DayOff { day, reason } in days {
            if day < today || day > today.plus(AHEAD) {
                return Err(Refusal::new(Code::DateInvalid).field("days").into());
            }
            let reason = if reason.trim().is_empty() { reason } else { input::line("days", &reason, REASON_MAX)? };
            wanted.insert(day, reason.trim().to_owned());
        }
        if wanted.len() > DAYS_MAX {
            let refusal = Refusal::new(Code::ValueInvalid).field("days");
            return Err(refusal.with("allowed", format!("≤ {DAYS_MAX}")).into());
        }
        self.store
            .write(move |tx| {
                async move {
                    rows::lock(tx, id).await?;
                    Ok::<_, Failure>(rows::set_days_off(tx, id, today, &wanted).await?)
                }
                .boxed()
            })
            .await?;
        self.days_off(actor).await
    }
}

fn rest(minutes: Option<u16>) -> Result<Span, Refusal> {
    let minutes = minutes.unwrap_or(USUAL_REST);
    if (5..=LONGEST_PAUSE).contains(&minutes) {
        Ok(Span::minutes(minutes.into()))
    } else {
        Err(Refusal::new(Code::ValueInvalid).field("minutes").with("allowed", format!("5–{LONGEST_PAUSE}")))
    }
}

/// Ends the pauses that are over, so that matching finds whoever is back. Answers how many.
///
/// # Errors
/// Faults of the database.
pub(crate) async fn wake(app: &App) -> Result<usize> {
    let now = app.now();
    app.store.write(move |tx| async move { Ok::<_, Failure>(rows::wake(tx, now).await?) }.boxed()).await
}
