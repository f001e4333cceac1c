//! A file as its owner and those who decide see it.

use linli_domain::claim::PoolKey;
use linli_domain::id::{OrganisationId, WorkerId};
use linli_domain::person::Fact;
use linli_domain::platform::KindKey;
use linli_domain::role::{Actor, Scope};
use linli_domain::words::Words;
use linli_domain::worker::{self, Document, Missing, WorkerState};
use linli_store::market::papers::{self as paper_rows, PaperRow, Service};
use linli_store::market::workers::{self as rows, Worker};
use linli_store::people::verifications;
use linli_store::scarcity;

use super::{Wanted, Whole};
use crate::catalogue::Catalogue;
use crate::{App, Result, manage};

/// A file with everything a page shows of it.
#[derive(Debug, Clone)]
pub struct WorkerView {
    /// The file.
    pub worker: Worker,
    /// What they do.
    pub services: Vec<ServiceView>,
    /// Their papers, newest first.
    pub papers: Vec<PaperRow>,
    /// Whom they work for.
    pub organisation: Option<(OrganisationId, Words)>,
    /// What the community is called in which they start.
    pub home_area: Option<Words>,
    /// What is wanted before it can be handed in; empty once it was.
    pub missing: Vec<Missing>,
    /// The jobs they have open.
    pub open_jobs: u32,
}

/// A service with what it is called and needs.
#[derive(Debug, Clone)]
pub struct ServiceView {
    /// The service.
    pub service: Service,
    /// What the kind is called; its key where the platform file no longer has it.
    pub name: Words,
    /// The papers it needs.
    pub needs: Vec<Document>,
}

impl App {
    /// The actor's own file; none where there is none yet.
    ///
    /// # Errors
    /// The database's.
    pub async fn worker_file(&self, actor: &Actor) -> Result<Option<WorkerView>> {
        match rows::of_person(self.store.reads(), actor.person).await? {
            Some(worker) => Ok(Some(self.worker_view(worker).await?)),
            None => Ok(None),
        }
    }

    /// The files a desk decides about, newest first, older than `before`.
    ///
    /// # Errors
    /// The database's.
    pub async fn desk_workers(
        &self,
        actor: &Actor,
        wanted: Wanted<'_>,
        before: Option<WorkerId>,
        limit: u32,
    ) -> Result<Vec<WorkerView>> {
        let catalogue = self.catalogue().await?;
        let areas =
            actor.grants.iter().filter(|grant| grant.role.is_for_area()).filter_map(|grant| match &grant.scope {
                Scope::Area(area) => Some(area.significant().to_owned()),
                Scope::Organisation(_) => None,
            });
        let areas: Vec<String> = areas.collect();
        let own: Vec<OrganisationId> = manage::managed(&catalogue, actor).iter().map(|one| one.id).collect();
        let found = rows::of_desk(self.store.reads(), &areas, &own, &wanted, before, limit).await?;
        let ids: Vec<WorkerId> = found.iter().map(|one| one.id).collect();
        let mut services = paper_rows::services(self.store.reads(), &ids).await?;
        let mut papers = paper_rows::papers(self.store.reads(), &ids).await?;
        let open = self.open_jobs(&ids).await?;
        let view = |(worker, open): (Worker, u32)| {
            let services = services.remove(&worker.id).unwrap_or_default();
            let papers = papers.remove(&worker.id).unwrap_or_default();
            self.shown(&catalogue, Whole { worker, services, papers }, Vec::new(), open)
        };
        Ok(found.into_iter().zip(open).map(view).collect())
    }

    /// One of them.
    ///
    /// # Errors
    /// [`linli_domain::refusal::Code::NotFound`] for files of others.
    pub async fn desk_worker(&self, actor: &Actor, id: WorkerId) -> Result<WorkerView> {
        let worker = self.decided(actor, id).await?;
        self.worker_view(worker).await
    }

    pub(super) async fn worker_view(&self, worker: Worker) -> Result<WorkerView> {
        let whole = Whole::of(self.store.reads(), worker).await?;
        let open = self.open_jobs(&[whole.worker.id]).await?.pop().unwrap_or(0);
        let missing = if matches!(whole.worker.state, WorkerState::Draft | WorkerState::Refused) {
            self.missing(&whole).await?
        } else {
            Vec::new()
        };
        Ok(self.shown(&*self.catalogue().await?, whole, missing, open))
    }

    /// What is wanted before a file can be handed in.
    pub(super) async fn missing(&self, whole: &Whole) -> Result<Vec<Missing>> {
        let (now, person) = (self.now(), whole.worker.person);
        let seen = verifications::of_persons(self.store.reads(), &[person]).await?;
        let services: Vec<Vec<Document>> = whole.services.iter().map(|one| self.needs(&one.kind)).collect();
        let file = worker::File {
            name: &whole.worker.name,
            home: whole.worker.home,
            hours: &whole.worker.hours,
            services: &services,
            papers: &whole.plain_papers(),
            identity_verified: seen.iter().any(|one| one.fact == Fact::Identity && one.holds_at(now)),
        };
        Ok(worker::missing(&file, now.day()))
    }

    fn shown(&self, catalogue: &Catalogue, whole: Whole, missing: Vec<Missing>, open_jobs: u32) -> WorkerView {
        let Whole { worker, services, papers } = whole;
        let service = |service: Service| ServiceView {
            name: self.kind_name(&service.kind),
            needs: self.needs(&service.kind),
            service,
        };
        let employer = worker.organisation.and_then(|id| catalogue.organisations.get(&id));
        WorkerView {
            services: services.into_iter().map(service).collect(),
            papers,
            organisation: employer.map(|one| (one.id, one.name.clone())),
            home_area: worker
                .home_area
                .as_ref()
                .and_then(|code| catalogue.areas.get(code))
                .map(|area| area.name.clone()),
            missing,
            open_jobs,
            worker,
        }
    }

    /// What a kind is called; its key where the platform file no longer has it.
    pub(super) fn kind_name(&self, key: &KindKey) -> Words {
        self.platforms.kind(key).map_or_else(|| Words::new(key.as_str(), key.as_str()), |kind| kind.name.clone())
    }

    /// How many jobs each of these workers has open.
    pub(super) async fn open_jobs(&self, workers: &[WorkerId]) -> Result<Vec<u32>> {
        let keys: Vec<PoolKey> = workers.iter().map(|id| PoolKey::open_jobs(*id)).collect();
        let pools = scarcity::pools(self.store.reads(), &keys).await?;
        Ok(keys.iter().map(|key| pools.get(key).map_or(0, |pool| pool.taken)).collect())
    }
}
