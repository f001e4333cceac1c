//! Those who come to the door: their file, what staff decide about it, when they are on duty, and whom they do not meet.
//!
//! Every change of a file locks its row first, then reads services and papers, so that two changes are made one after
//! the other. Which services are on offer is decided anew with every change of a paper ([`restate`]).

mod card;
mod decide;
pub(crate) mod duty;
mod file;
mod leave;
pub(crate) mod pace;
pub(crate) mod papers;
mod refused;
pub(crate) mod tell;
mod view;

pub use card::{Card, Review};
pub use decide::{Decision, OnPaper, OnService};
pub use duty::{DayOff, DutyView, Tap};
pub use file::{FileChange, Home, NewService};
pub(crate) use leave::{close, export};
pub use papers::NewPaper;
pub use refused::{Blocked, Opponent};
pub use view::{ServiceView, WorkerView};

use linli_domain::id::WorkerId;
use linli_domain::platform::{Kind, KindKey, VisitTerms};
use linli_domain::refusal::{Code, Refusal};
use linli_domain::role::Actor;
use linli_domain::time::Day;
use linli_domain::worker::{self, Document, Paper, WorkerState};
pub use linli_store::market::papers::{PaperRow, Service};
pub use linli_store::market::workers::{Wanted, Worker};
use linli_store::market::{papers as paper_rows, workers as rows};
use linli_store::{Reads, Tx};

use crate::catalogue::Catalogue;
use crate::{App, Failure, Result};

/// Whether somebody decides about a worker: staff of an area for whoever starts there, managers for those who work for
/// their organisation.
pub(crate) fn decides(catalogue: &Catalogue, actor: &Actor, worker: &Worker) -> bool {
    let governs = worker.home_area.as_ref().is_some_and(|area| actor.governs(area));
    let employer = worker.organisation.and_then(|id| catalogue.organisations.get(&id));
    governs || employer.is_some_and(|one| actor.manages(one.id, &one.area))
}

/// A worker's file with everything in it.
#[derive(Debug, Clone)]
struct Whole {
    worker: Worker,
    services: Vec<Service>,
    papers: Vec<PaperRow>,
}

impl Whole {
    async fn of(db: &impl Reads, worker: Worker) -> Result<Self> {
        let ids = [worker.id];
        let services = paper_rows::services(db, &ids).await?.remove(&worker.id).unwrap_or_default();
        let papers = paper_rows::papers(db, &ids).await?.remove(&worker.id).unwrap_or_default();
        Ok(Self { worker, services, papers })
    }

    /// Locked for a change in this transaction.
    async fn locked(tx: &Tx, id: WorkerId) -> Result<Option<Self>> {
        match rows::lock(tx, id).await? {
            Some(worker) if worker.state != WorkerState::Closed => Ok(Some(Self::of(tx, worker).await?)),
            _ => Ok(None),
        }
    }

    fn plain_papers(&self) -> Vec<Paper> {
        self.papers.iter().map(|row| row.paper).collect()
    }
}

impl App {
    /// A kind at whose door somebody comes.
    fn visit_kind(&self, key: &KindKey) -> Option<(&Kind, &VisitTerms)> {
        let kind = self.platforms.kind(key).filter(|kind| kind.orderable().is_ok())?;
        Some((kind, kind.visit.as_ref()?))
    }

    /// The papers a kind needs; none of a kind that is gone.
    fn needs(&self, key: &KindKey) -> Vec<Document> {
        let terms = self.platforms.kind(key).and_then(|kind| kind.visit.as_ref());
        terms
            .map(|terms| terms.documents.iter().filter_map(|key| Document::from_key(key)).collect())
            .unwrap_or_default()
    }

    /// Says anew which services are on offer. Answers whether anything changed.
    fn restate(&self, whole: &mut Whole, today: Day) -> bool {
        let papers = whole.plain_papers();
        let mut changed = false;
        for service in &mut whole.services {
            let off = worker::off_offer(&self.needs(&service.kind), &papers, today);
            changed |= off != service.off_offer;
            service.off_offer = off;
        }
        changed
    }

    /// The file of whoever may take jobs.
    ///
    /// # Errors
    /// [`Code::WorkerOnly`] for everybody else.
    pub async fn working(&self, actor: &Actor) -> Result<WorkerId> {
        match rows::state_of(self.store.reads(), actor.person).await? {
            Some((id, WorkerState::Verified)) => Ok(id),
            _ => Err(Code::WorkerOnly.into()),
        }
    }

    /// A file that somebody decides about.
    ///
    /// # Errors
    /// [`Code::NotFound`] for those of others.
    async fn decided(&self, actor: &Actor, id: WorkerId) -> Result<Worker> {
        let found = rows::one(self.store.reads(), id).await?;
        let found = found.filter(|one| !matches!(one.state, WorkerState::Draft | WorkerState::Closed));
        let worker = found.ok_or(Code::NotFound)?;
        let catalogue = self.catalogue().await?;
        if decides(&catalogue, actor, &worker) { Ok(worker) } else { Err(Code::NotFound.into()) }
    }
}

/// A refusal when somebody decided on what is no more.
fn is_version(worker: &Worker, version: Option<i32>) -> Result<(), Refusal> {
    match version {
        Some(version) if version != worker.version => Err(Code::StaleVersion.into()),
        _ => Ok(()),
    }
}

fn gone() -> Failure {
    Code::NotFound.into()
}
