//! Those who come to the door: their own side, the desk that decides about them, and what residents see of them.

use linli_application::App;
use linli_application::workers::{DayOff, Decision, NewPaper, OnPaper, OnService, Tap, Wanted, WorkerView};
use linli_domain::id::{DocumentId, FileId, OrderId, OrganisationId, PersonId, WorkerId};
use linli_domain::time::Day;
use linli_domain::worker::{self, File, Hours, Missing, WorkerState};
use poem_openapi::param::{Path, Query};
use poem_openapi::payload::Json;
use poem_openapi::{Enum, Object, OpenApi};

use crate::actor::{Desk, Resident, Worker};
use crate::answer::{Created, Done};
use crate::dto::workers::{
    DutyKey, RefusedList, WorkerCard, WorkerChoices, WorkerDaysOff, WorkerDuty, WorkerFile, WorkerFileIn,
    WorkerFileList,
};
use crate::dto::{Cursor, Id, InArea, Limit, OfKind, On, Text, page};
use crate::problem::Answer;
use crate::server::Tag;

/// Workers, and what residents see of them.
#[derive(Clone)]
pub struct WorkersApi {
    /// The application.
    pub app: App,
}

/// The desk that decides about workers.
#[derive(Clone)]
pub struct DeskWorkersApi {
    /// The application.
    pub app: App,
}

/// A paper to be handed in.
#[derive(Debug, Object)]
#[oai(deny_unknown_fields)]
struct DocumentIn {
    /// Its key.
    document: Text<32>,
    /// The picture of it, sent before.
    file_id: Id<FileId>,
    /// The last day it holds.
    valid_until: Option<On>,
}

/// One tap.
#[derive(Debug, Object)]
#[oai(deny_unknown_fields)]
struct DutyIn {
    /// On duty, off, or to rest.
    duty: DutyKey,
    /// For how many minutes to rest, 5 to 480; 30 where nothing is said.
    minutes: Option<u16>,
}

/// Whom not to meet again.
#[derive(Debug, Object)]
#[oai(deny_unknown_fields)]
struct RefusedIn {
    /// The order with which they met, or are to meet.
    order_id: Id<OrderId>,
    /// Why, for oneself, at most 200 characters.
    reason: Option<Text<200, 0>>,
}

#[OpenApi(tag = "Tag::Work")]
impl WorkersApi {
    /// My file as a provider
    ///
    /// Without one, an empty draft that says what is wanted.
    #[oai(path = "/work/file", method = "get", operation_id = "worker_file")]
    async fn file(&self, actor: Resident) -> Answer<Json<WorkerFile>> {
        match self.app.worker_file(&actor).await? {
            Some(view) => Ok(self.shown(view)),
            None => Ok(Json(WorkerFile::blank(everything()))),
        }
    }

    /// What one may choose from
    #[oai(path = "/work/choices", method = "get", operation_id = "worker_choices")]
    async fn choices(&self) -> Json<WorkerChoices> {
        Json(WorkerChoices::all())
    }

    /// Save a step of my file
    ///
    /// What is left out stays as it is. Once it was verified, name, gender and organisation stay as staff have seen them,
    /// and what is added waits for staff.
    #[oai(path = "/work/file", method = "put", operation_id = "save_worker_file")]
    async fn save(&self, actor: Resident, body: Json<WorkerFileIn>) -> Answer<Json<WorkerFile>> {
        Ok(self.shown(self.app.save_worker_file(&actor, body.0.change()?).await?))
    }

    /// Hand my file in
    #[oai(path = "/work/file/submit", method = "post", operation_id = "submit_worker_file")]
    async fn submit(&self, actor: Resident) -> Answer<Json<WorkerFile>> {
        Ok(self.shown(self.app.submit_worker_file(&actor).await?))
    }

    /// Hand in a paper
    #[oai(path = "/work/file/documents", method = "post", operation_id = "add_worker_document")]
    async fn add_document(&self, actor: Resident, body: Json<DocumentIn>) -> Answer<Created<WorkerFile>> {
        let DocumentIn { document, file_id, valid_until } = body.0;
        let new = NewPaper { document: document.0, file: file_id.0, valid_until: valid_until.map(|day| day.0) };
        Ok(Created::Made(self.shown(self.app.add_paper(&actor, new).await?)))
    }

    /// Take a paper back
    ///
    /// Its picture is deleted. Services that need it are off offer.
    #[oai(path = "/work/file/documents/:id", method = "delete", operation_id = "remove_worker_document")]
    async fn remove_document(&self, actor: Resident, id: Path<Id<DocumentId>>) -> Answer<Json<WorkerFile>> {
        Ok(self.shown(self.app.remove_paper(&actor, id.0.0).await?))
    }

    /// Whether I take jobs
    #[oai(path = "/work/duty", method = "get", operation_id = "worker_duty")]
    async fn duty(&self, actor: Worker) -> Answer<Json<WorkerDuty>> {
        Ok(Json(self.app.duty(&actor).await?.into()))
    }

    /// Go on duty, off, or to rest
    ///
    /// A rest ends by itself.
    #[oai(path = "/work/duty", method = "post", operation_id = "set_worker_duty")]
    async fn set_duty(&self, actor: Worker, body: Json<DutyIn>) -> Answer<Json<WorkerDuty>> {
        let tap = match body.0.duty {
            DutyKey::On => Tap::On,
            DutyKey::Off => Tap::Off,
            DutyKey::Paused => Tap::Rest(body.0.minutes),
        };
        Ok(Json(self.app.set_duty(&actor, tap).await?.into()))
    }

    /// My days off
    #[oai(path = "/work/days-off", method = "get", operation_id = "worker_days_off")]
    async fn days_off(&self, actor: Worker) -> Answer<Json<WorkerDaysOff>> {
        Ok(Json(self.app.days_off(&actor).await?.into()))
    }

    /// Write my days off
    ///
    /// In place of those from today on. Jobs accepted for such a day stay mine.
    #[oai(path = "/work/days-off", method = "put", operation_id = "set_worker_days_off")]
    async fn set_days_off(&self, actor: Worker, body: Json<WorkerDaysOff>) -> Answer<Json<WorkerDaysOff>> {
        let days = body.0.days.into_iter().map(|one| DayOff { day: one.day.0, reason: one.reason });
        Ok(Json(self.app.set_days_off(&actor, days.collect()).await?.into()))
    }

    /// To whom I do not want to be sent
    #[oai(path = "/work/refused", method = "get", operation_id = "refused_residents")]
    async fn refused_residents(&self, actor: Worker) -> Answer<Json<RefusedList>> {
        Ok(Json(self.app.refused_residents(&actor).await?.into()))
    }

    /// Do not send me there again
    ///
    /// Nobody is told.
    #[oai(path = "/work/refused", method = "post", operation_id = "refuse_resident")]
    async fn refuse_resident(&self, actor: Worker, body: Json<RefusedIn>) -> Answer<Created<RefusedList>> {
        let RefusedIn { order_id, reason } = body.0;
        let list = self.app.refuse_resident(&actor, order_id.0, reason.map(|text| text.0)).await?;
        Ok(Created::Made(Json(list.into())))
    }

    /// Send me there again
    #[oai(path = "/work/refused/:person", method = "delete", operation_id = "allow_resident")]
    async fn allow_resident(&self, actor: Worker, person: Path<Id<PersonId>>) -> Answer<Done> {
        self.app.allow_resident(&actor, person.0.0).await?;
        Ok(Done::Nothing)
    }

    /// Who is not to come again
    #[oai(path = "/me/refused-workers", method = "get", operation_id = "refused_workers")]
    async fn refused_workers(&self, actor: Resident) -> Answer<Json<RefusedList>> {
        Ok(Json(self.app.refused_workers(&actor).await?.into()))
    }

    /// Do not send them again
    ///
    /// Whoever came, or is to come, with an order. Nobody is told.
    #[oai(path = "/me/refused-workers", method = "post", operation_id = "refuse_worker")]
    async fn refuse_worker(&self, actor: Resident, body: Json<RefusedIn>) -> Answer<Created<RefusedList>> {
        let RefusedIn { order_id, reason } = body.0;
        let list = self.app.refuse_worker(&actor, order_id.0, reason.map(|text| text.0)).await?;
        Ok(Created::Made(Json(list.into())))
    }

    /// They may come again
    #[oai(path = "/me/refused-workers/:worker", method = "delete", operation_id = "allow_worker")]
    async fn allow_worker(
        &self,
        actor: Resident,
        worker: Path<Id<WorkerId>>,
        /// To whom; to oneself when nobody is named.
        subject: Query<Option<Id<PersonId>>>,
    ) -> Answer<Done> {
        self.app.allow_worker(&actor, worker.0.0, subject.0.map(|id| id.0)).await?;
        Ok(Done::Nothing)
    }

    /// Who may come
    #[oai(path = "/workers/:id", method = "get", operation_id = "worker_card")]
    async fn card(&self, _actor: Resident, id: Path<Id<WorkerId>>) -> Answer<Json<WorkerCard>> {
        Ok(Json(self.app.worker_card(id.0.0).await?.into()))
    }

    fn shown(&self, view: WorkerView) -> Json<WorkerFile> {
        Json(WorkerFile::of(view, self.app.now().day()))
    }
}

/// What a file wants of which nothing was saved yet.
fn everything() -> Vec<Missing> {
    let hours = Hours::default();
    let file = File { name: "", home: None, hours: &hours, services: &[], papers: &[], identity_verified: false };
    worker::missing(&file, Day(0))
}

/// Which files a desk looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Enum)]
#[oai(rename_all = "snake_case")]
enum WorkersWanted {
    /// Submitted, or with something added since that nobody has looked at.
    Waiting,
    /// Submitted.
    Submitted,
    /// They may take jobs.
    Verified,
    /// Not accepted.
    Refused,
    /// No jobs for the time being.
    Suspended,
}

/// What staff say to a service.
#[derive(Debug, Object)]
#[oai(deny_unknown_fields)]
struct ServiceDecisionIn {
    /// The key of the kind.
    kind: OfKind,
    /// Yes or no.
    verify: bool,
    /// Why not, at most 200 characters.
    reason: Option<Text<200, 0>>,
}

/// What staff say to a paper.
#[derive(Debug, Object)]
#[oai(deny_unknown_fields)]
struct DocumentDecisionIn {
    /// Which.
    id: Id<DocumentId>,
    /// Yes or no.
    verify: bool,
    /// Why not, at most 200 characters.
    reason: Option<Text<200, 0>>,
    /// The last day it holds, where it was written down wrongly.
    valid_until: Option<On>,
}

/// What staff say to a file.
#[derive(Debug, Object)]
#[oai(deny_unknown_fields)]
struct WorkerDecisionIn {
    /// The version that was looked at; left out: whatever it is.
    version: Option<i32>,
    /// Whether the file is good.
    verify: bool,
    /// Why not, at most 200 characters.
    reason: Option<Text<200, 0>>,
    /// What is said to services; the others stay as they are.
    #[oai(default)]
    services: Vec<ServiceDecisionIn>,
    /// What is said to papers; the others stay as they are.
    #[oai(default)]
    documents: Vec<DocumentDecisionIn>,
}

/// Why somebody is taken off all jobs.
#[derive(Debug, Object)]
#[oai(deny_unknown_fields)]
struct SuspensionIn {
    /// In words they read, at most 200 characters.
    reason: Text<200>,
}

#[OpenApi(tag = "Tag::Desk")]
impl DeskWorkersApi {
    /// Providers
    ///
    /// For staff of an area those who start there, for managers those who work for their organisation; newest first.
    #[oai(path = "/desk/workers", method = "get", operation_id = "desk_workers")]
    #[expect(clippy::too_many_arguments, reason = "each is a parameter of the query")]
    async fn list(
        &self,
        actor: Desk,
        state: Query<Option<WorkersWanted>>,
        area: Query<Option<InArea>>,
        organisation: Query<Option<Id<OrganisationId>>>,
        /// Part of the name.
        q: Query<Option<Text<30>>>,
        cursor: Query<Option<Cursor>>,
        limit: Query<Option<Limit>>,
    ) -> Answer<Json<WorkerFileList>> {
        let limit = limit.0.unwrap_or_default().0;
        let wanted = Wanted {
            state: match state.0 {
                Some(WorkersWanted::Submitted) => Some(WorkerState::Submitted),
                Some(WorkersWanted::Verified) => Some(WorkerState::Verified),
                Some(WorkersWanted::Refused) => Some(WorkerState::Refused),
                Some(WorkersWanted::Suspended) => Some(WorkerState::Suspended),
                Some(WorkersWanted::Waiting) | None => None,
            },
            waiting: state.0 == Some(WorkersWanted::Waiting),
            area: area.0.as_ref().map(|area| area.0.significant()),
            organisation: organisation.0.map(|id| id.0),
            name: q.0.as_deref().map(str::trim).filter(|name| !name.is_empty()),
        };
        let more = u32::try_from(limit + 1).unwrap_or(101);
        let before = cursor.0.map(|cursor| WorkerId(cursor.0));
        let found = self.app.desk_workers(&actor, wanted, before, more).await?;
        let (views, next) = page(found, limit, |view| view.worker.id.0);
        let today = self.app.now().day();
        Ok(Json(WorkerFileList { items: views.into_iter().map(|view| WorkerFile::of(view, today)).collect(), next }))
    }

    /// One of them
    #[oai(path = "/desk/workers/:id", method = "get", operation_id = "desk_worker")]
    async fn one(&self, actor: Desk, id: Path<Id<WorkerId>>) -> Answer<Json<WorkerFile>> {
        Ok(self.shown(self.app.desk_worker(&actor, id.0.0).await?))
    }

    /// Decide about a provider
    ///
    /// About the file, and about services and papers one by one. A no has a reason; a service is verified only with the
    /// papers it needs. Nobody decides about themselves.
    #[oai(path = "/desk/workers/:id/decide", method = "post", operation_id = "decide_worker")]
    async fn decide(
        &self,
        actor: Desk,
        id: Path<Id<WorkerId>>,
        body: Json<WorkerDecisionIn>,
    ) -> Answer<Json<WorkerFile>> {
        let WorkerDecisionIn { version, verify, reason, services, documents } = body.0;
        let text = |reason: Option<Text<200, 0>>| reason.map(|reason| reason.0);
        let service =
            |one: ServiceDecisionIn| OnService { kind: one.kind.0, verify: one.verify, reason: text(one.reason) };
        let paper = |one: DocumentDecisionIn| OnPaper {
            id: one.id.0,
            verify: one.verify,
            reason: text(one.reason),
            valid_until: one.valid_until.map(|day| day.0),
        };
        let decision = Decision {
            version,
            verify,
            reason: text(reason),
            services: services.into_iter().map(service).collect(),
            papers: documents.into_iter().map(paper).collect(),
        };
        Ok(self.shown(self.app.decide_worker(&actor, id.0.0, decision).await?))
    }

    /// Take a provider off all jobs for the time being
    #[oai(path = "/desk/workers/:id/suspend", method = "post", operation_id = "suspend_worker")]
    async fn suspend(&self, actor: Desk, id: Path<Id<WorkerId>>, body: Json<SuspensionIn>) -> Answer<Json<WorkerFile>> {
        Ok(self.shown(self.app.suspend_worker(&actor, id.0.0, &body.0.reason).await?))
    }

    /// Let a provider work again
    #[oai(path = "/desk/workers/:id/resume", method = "post", operation_id = "resume_worker")]
    async fn resume(&self, actor: Desk, id: Path<Id<WorkerId>>) -> Answer<Json<WorkerFile>> {
        Ok(self.shown(self.app.resume_worker(&actor, id.0.0).await?))
    }

    fn shown(&self, view: WorkerView) -> Json<WorkerFile> {
        Json(WorkerFile::of(view, self.app.now().day()))
    }
}
