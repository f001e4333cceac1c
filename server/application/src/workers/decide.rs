//! What staff decide about a file: whether it is good, which services, which papers; and whether somebody works at all.

use futures::FutureExt;
use linli_domain::id::{DocumentId, WorkerId};
use linli_domain::person::Fact;
use linli_domain::platform::KindKey;
use linli_domain::refusal::{Code, Refusal};
use linli_domain::role::Actor;
use linli_domain::time::{Day, Instant};
use linli_domain::worker::{Document, Duty, PaperState, ServiceState, WorkerEvent, needed, step};
use linli_store::market::papers as paper_rows;
use linli_store::market::workers as rows;
use linli_store::people::verifications;
use linli_store::{Tx, audit, jobs};

use super::papers::replace;
use super::tell::{self, What};
use super::view::WorkerView;
use super::{Whole, decides, gone, is_version};
use crate::dispatch::away;
use crate::{App, Failure, Result, input};

/// The longest reason, in characters.
const REASON_MAX: usize = 200;

/// What staff say to a service.
#[derive(Debug, Clone)]
pub struct OnService {
    /// Of what kind.
    pub kind: KindKey,
    /// Yes or no.
    pub verify: bool,
    /// Why not.
    pub reason: Option<String>,
}

/// What staff say to a paper.
#[derive(Debug, Clone)]
pub struct OnPaper {
    /// Which.
    pub id: DocumentId,
    /// Yes or no.
    pub verify: bool,
    /// Why not.
    pub reason: Option<String>,
    /// The last day it holds, where it was written down wrongly.
    pub valid_until: Option<Day>,
}

/// What staff say to a file.
#[derive(Debug, Clone)]
pub struct Decision {
    /// The version they looked at; none: whatever it is.
    pub version: Option<i32>,
    /// Whether the file is good. To a file that was verified before, only yes: for no there is [`App::suspend_worker`].
    pub verify: bool,
    /// Why not.
    pub reason: Option<String>,
    /// What they say to services; the others stay as they are.
    pub services: Vec<OnService>,
    /// What they say to papers; the others stay as they are.
    pub papers: Vec<OnPaper>,
}

impl App {
    /// Decides about a file, its services and its papers at once. A service is verified only with the papers it needs, and
    /// a file only with who somebody is.
    ///
    /// # Errors
    /// [`Code::NotFound`] for files of others; [`Code::SelfVerification`]; [`Code::StaleVersion`];
    /// [`Code::WorkerNotPossible`]; [`Code::WorkerDocumentMissing`]; [`Code::TextEmpty`] for a no without a reason;
    /// [`Code::DocumentExpired`].
    pub async fn decide_worker(&self, actor: &Actor, id: WorkerId, decision: Decision) -> Result<WorkerView> {
        let catalogue = self.catalogue().await?;
        let (this, by) = (self.clone(), actor.clone());
        let worker = self
            .store
            .write(move |tx| {
                async move {
                    let mut whole = Whole::locked(tx, id).await?.ok_or_else(gone)?;
                    if !decides(&catalogue, &by, &whole.worker) || whole.worker.submitted_at.is_none() {
                        return Err(gone());
                    }
                    not_oneself(&by, &whole)?;
                    is_version(&whole.worker, decision.version)?;
                    let event = if decision.verify { WorkerEvent::Verify } else { WorkerEvent::Refuse };
                    let before = whole.worker.state;
                    let state = step(before, event)?;
                    let reason = reason(decision.verify, "reason", decision.reason.as_deref())?;
                    let now = this.now();
                    on_papers(&mut whole, &decision.papers, &by, now)?;
                    this.on_services(&mut whole, &decision.services, now.day())?;
                    if decision.verify {
                        this.has_identity(tx, &whole, now).await?;
                    }
                    let worker = &mut whole.worker;
                    worker.state = state;
                    worker.version += 1;
                    worker.reason = reason;
                    (worker.decided_at, worker.decided_by, worker.changed_at) = (Some(now), Some(by.account), now);
                    let (what, action) = match (decision.verify, before == state) {
                        (false, _) => (What::Refused, "worker.refused"),
                        (true, false) => (What::Verified, "worker.verified"),
                        (true, true) => (What::Decided, "worker.decided"),
                    };
                    this.restate(&mut whole, now.day());
                    rows::update(tx, &whole.worker).await?;
                    paper_rows::set_services(tx, id, &whole.services).await?;
                    paper_rows::update(tx, &whole.papers).await?;
                    jobs::enqueue(tx, &[tell::job(&this, &whole.worker, what)]).await?;
                    let entry = this.worker_entry(&by, &whole.worker, action, &whole.worker.reason);
                    audit::record(tx, entry).await?;
                    Ok::<_, Failure>(whole.worker)
                }
                .boxed()
            })
            .await?;
        self.hub.publish("jobs", "").await;
        self.worker_view(worker).await
    }

    /// Takes somebody off all jobs for the time being. What they have not begun yet goes to others, and those who wait hear of
    /// it.
    ///
    /// # Errors
    /// [`Code::NotFound`] for files of others; [`Code::WorkerNotPossible`]; [`Code::TextEmpty`] without a reason.
    pub async fn suspend_worker(&self, actor: &Actor, id: WorkerId, reason: &str) -> Result<WorkerView> {
        let reason = input::note("reason", reason, REASON_MAX)?;
        self.turn_worker(actor, id, WorkerEvent::Suspend, reason).await
    }

    /// Lets somebody work again.
    ///
    /// # Errors
    /// [`Code::NotFound`] for files of others; [`Code::WorkerNotPossible`].
    pub async fn resume_worker(&self, actor: &Actor, id: WorkerId) -> Result<WorkerView> {
        self.turn_worker(actor, id, WorkerEvent::Resume, String::new()).await
    }

    async fn turn_worker(&self, actor: &Actor, id: WorkerId, event: WorkerEvent, reason: String) -> Result<WorkerView> {
        self.decided(actor, id).await?;
        let (this, by) = (self.clone(), actor.clone());
        let (what, action) = match event {
            WorkerEvent::Suspend => (What::Suspended, "worker.suspended"),
            _ => (What::Resumed, "worker.resumed"),
        };
        let worker = self
            .store
            .write(move |tx| {
                async move {
                    let mut worker = rows::lock(tx, id).await?.ok_or_else(gone)?;
                    if worker.person == by.person {
                        return Err(Code::SelfVerification.into());
                    }
                    let now = this.now();
                    worker.state = step(worker.state, event)?;
                    worker.version += 1;
                    worker.reason = reason;
                    (worker.decided_at, worker.decided_by, worker.changed_at) = (Some(now), Some(by.account), now);
                    rows::update(tx, &worker).await?;
                    rows::set_duty(tx, id, Duty::Off, now).await?;
                    jobs::enqueue(tx, &[tell::job(&this, &worker, what)]).await?;
                    if event == WorkerEvent::Suspend {
                        let source = format!("{id}/{}", worker.version);
                        jobs::enqueue(tx, &[away::job(&this, id, &source, now)]).await?;
                    }
                    audit::record(tx, this.worker_entry(&by, &worker, action, &worker.reason)).await?;
                    Ok::<_, Failure>(worker)
                }
                .boxed()
            })
            .await?;
        self.hub.publish("jobs", "").await;
        self.worker_view(worker).await
    }

    fn on_services(&self, whole: &mut Whole, said: &[OnService], today: Day) -> Result<()> {
        let papers = whole.plain_papers();
        for one in said {
            let unknown = || Refusal::new(Code::WorkerServiceUnknown).field("services");
            let service = whole.services.iter_mut().find(|service| service.kind == one.kind).ok_or_else(unknown)?;
            service.reason = reason(one.verify, "services", one.reason.as_deref())?;
            service.state = if one.verify { ServiceState::Verified } else { ServiceState::Refused };
            let missing = needed(&self.needs(&one.kind), &papers, today).filter(|_| one.verify);
            if let Some(document) = missing {
                let refusal = Refusal::new(Code::WorkerDocumentMissing).field("services");
                return Err(refusal
                    .with("service", self.kind_name(&one.kind))
                    .with("document", document.words())
                    .into());
            }
        }
        Ok(())
    }

    /// Who somebody is was seen at a desk, or stands on a paper that is good.
    async fn has_identity(&self, tx: &Tx, whole: &Whole, now: Instant) -> Result<()> {
        if needed(&[Document::Identity], &whole.plain_papers(), now.day()).is_none() {
            return Ok(());
        }
        let seen = verifications::of_persons(tx, &[whole.worker.person]).await?;
        if seen.iter().any(|one| one.fact == Fact::Identity && one.holds_at(now)) {
            return Ok(());
        }
        let refusal = Refusal::new(Code::WorkerDocumentMissing).field("documents");
        let file = linli_domain::words::Words::new("服务人员资料", "The file");
        Err(refusal.with("service", file).with("document", Document::Identity.words()).into())
    }
}

fn on_papers(whole: &mut Whole, said: &[OnPaper], by: &Actor, now: Instant) -> Result<()> {
    for one in said {
        let unknown = || Refusal::new(Code::DocumentUnknown).field("documents");
        let at = whole.papers.iter().position(|row| row.paper.id == one.id).ok_or_else(unknown)?;
        let row = &mut whole.papers[at];
        row.reason = reason(one.verify, "documents", one.reason.as_deref())?;
        row.paper.state = if one.verify { PaperState::Verified } else { PaperState::Refused };
        row.paper.valid_until = one.valid_until.or(row.paper.valid_until);
        (row.decided_by, row.decided_at, row.warned_at) = (Some(by.account), Some(now), None);
        if one.verify && !row.paper.holds_on(now.day()) {
            return Err(Refusal::new(Code::DocumentExpired).field("documents").into());
        }
        let document = row.paper.document;
        if one.verify {
            // A new one takes the place of what held before.
            let held = |state| matches!(state, PaperState::Verified | PaperState::Expired);
            let others = whole.papers.iter_mut().filter(|row| row.paper.id != one.id && row.paper.document == document);
            others.filter(|row| held(row.paper.state)).for_each(replace);
        }
    }
    Ok(())
}

/// A yes needs no reason, a no always does.
fn reason(verify: bool, field: &'static str, said: Option<&str>) -> Result<String, Refusal> {
    if verify { Ok(String::new()) } else { input::note(field, said.unwrap_or_default(), REASON_MAX) }
}

fn not_oneself(actor: &Actor, whole: &Whole) -> Result<(), Refusal> {
    if whole.worker.person == actor.person { Err(Code::SelfVerification.into()) } else { Ok(()) }
}
