//! Papers: handing one in, taking one back, and what happens when one runs out.

use futures::FutureExt;
use linli_domain::id::{DocumentId, FileId, WorkerId};
use linli_domain::refusal::{Code, Refusal};
use linli_domain::role::Actor;
use linli_domain::time::Day;
use linli_domain::worker::{Document, Paper, PaperState, ServiceState, WARN_DAYS};
use linli_store::audit::{self, ActingAs};
use linli_store::market::files;
use linli_store::market::papers::{self as rows, PaperRow};
use linli_store::market::workers::{self, Worker};
use linli_store::{Tx, jobs};

use super::tell::{self, What};
use super::view::WorkerView;
use super::{Whole, gone};
use crate::{App, Failure, Result};

/// The most papers of one worker that count.
const MOST: usize = 40;
/// Workers looked at between two looks at the database.
const AT_ONCE: u32 = 200;

/// A paper to be handed in.
#[derive(Debug, Clone)]
pub struct NewPaper {
    /// Its key.
    pub document: String,
    /// The picture of it, which its owner has sent before.
    pub file: FileId,
    /// The last day it holds.
    pub valid_until: Option<Day>,
}

impl App {
    /// Hands a paper in. It takes the place of one of the same kind that nobody has looked at yet; one that was verified
    /// goes on holding until the new one is verified.
    ///
    /// # Errors
    /// [`Code::DocumentUnknown`], [`Code::DocumentEndMissing`], [`Code::DocumentExpired`], [`Code::FileUnknown`];
    /// [`Code::NotFound`] where no file was begun.
    pub async fn add_paper(&self, actor: &Actor, new: NewPaper) -> Result<WorkerView> {
        let today = self.now().day();
        let unknown = || Refusal::new(Code::DocumentUnknown).field("document");
        let document = Document::from_key(&new.document).ok_or_else(unknown)?;
        if new.valid_until.is_none() && document.ends() {
            let refusal = Refusal::new(Code::DocumentEndMissing).field("valid_until");
            return Err(refusal.with("document", document.words()).into());
        }
        if new.valid_until.is_some_and(|last| last < today) {
            return Err(Refusal::new(Code::DocumentExpired).field("valid_until").into());
        }
        let (this, by) = (self.clone(), actor.clone());
        let worker = self
            .store
            .write(move |tx| {
                async move {
                    let now = this.now();
                    let worker = workers::lock_of_person(tx, by.person).await?.ok_or_else(gone)?;
                    let mut whole = Whole::of(tx, worker).await?;
                    if whole.papers.len() >= MOST {
                        return Err(unknown().into());
                    }
                    if !files::make_paper(tx, by.person, new.file).await? {
                        return Err(Refusal::new(Code::FileUnknown).field("file_id").into());
                    }
                    let waiting = |row: &PaperRow| {
                        row.paper.document == document
                            && matches!(row.paper.state, PaperState::Asked | PaperState::Refused)
                    };
                    let mut replaced: Vec<PaperRow> = whole.papers.iter().filter(|row| waiting(row)).cloned().collect();
                    replaced.iter_mut().for_each(replace);
                    rows::update(tx, &replaced).await?;
                    let paper = Paper {
                        id: DocumentId(this.next_id()),
                        document,
                        state: PaperState::Asked,
                        valid_until: new.valid_until,
                    };
                    let row = PaperRow {
                        worker: whole.worker.id,
                        paper,
                        file: Some(new.file),
                        reason: String::new(),
                        decided_by: None,
                        decided_at: None,
                        warned_at: None,
                        created_at: now,
                    };
                    rows::insert(tx, &[row]).await?;
                    // What was refused for want of this paper is asked for again.
                    for service in &mut whole.services {
                        if service.state == ServiceState::Refused && this.needs(&service.kind).contains(&document) {
                            (service.state, service.reason) = (ServiceState::Asked, String::new());
                        }
                    }
                    rows::set_services(tx, whole.worker.id, &whole.services).await?;
                    let worker = touched(tx, whole.worker, now).await?;
                    let entry = this.entry(&by, ActingAs::Provider, "worker.paper_added").about(by.person);
                    audit::record(tx, entry.on(paper.id.0)).await?;
                    Ok::<_, Failure>(worker)
                }
                .boxed()
            })
            .await?;
        self.worker_view(worker).await
    }

    /// Takes a paper back; its picture is deleted. Services that stood on it are off offer.
    ///
    /// # Errors
    /// [`Code::NotFound`] for papers of others.
    pub async fn remove_paper(&self, actor: &Actor, id: DocumentId) -> Result<WorkerView> {
        let (this, by) = (self.clone(), actor.clone());
        let worker = self
            .store
            .write(move |tx| {
                async move {
                    let worker = workers::lock_of_person(tx, by.person).await?.ok_or_else(gone)?;
                    let mut whole = Whole::of(tx, worker).await?;
                    let row = whole.papers.iter_mut().find(|row| row.paper.id == id).ok_or_else(gone)?;
                    replace(row);
                    rows::update(tx, std::slice::from_ref(row)).await?;
                    let now = this.now();
                    this.restate(&mut whole, now.day());
                    rows::set_services(tx, whole.worker.id, &whole.services).await?;
                    let worker = touched(tx, whole.worker, now).await?;
                    let entry = this.entry(&by, ActingAs::Provider, "worker.paper_removed").about(by.person);
                    audit::record(tx, entry.on(id.0)).await?;
                    Ok::<_, Failure>(worker)
                }
                .boxed()
            })
            .await?;
        self.worker_view(worker).await
    }
}

/// A paper that counts no more. Without its picture: that belongs to nothing now, and is swept away.
pub(super) fn replace(row: &mut PaperRow) {
    row.paper.state = PaperState::Replaced;
    row.file = None;
}

async fn touched(tx: &Tx, mut worker: Worker, now: linli_domain::time::Instant) -> Result<Worker> {
    worker.version += 1;
    worker.changed_at = now;
    workers::update(tx, &worker).await?;
    Ok(worker)
}

/// Looks after papers that have run out or soon will: takes the services that stood on them off offer, and warns their
/// owners, once each. Answers how many workers were looked at.
///
/// # Errors
/// Faults of the database.
pub(crate) async fn look(app: &App) -> Result<usize> {
    let mut seen = 0;
    loop {
        let today = app.now().day();
        let found = rows::ending(app.store.reads(), today, today.plus(WARN_DAYS), AT_ONCE).await?;
        if found.is_empty() {
            break;
        }
        seen += found.len();
        for id in found {
            look_at(app, id, today).await?;
        }
    }
    if seen > 0 {
        app.hub.publish("jobs", "").await;
    }
    Ok(seen)
}

/// One worker a transaction: each holds the lock of one row, and tells of what it wrote.
async fn look_at(app: &App, id: WorkerId, today: Day) -> Result<()> {
    let this = app.clone();
    app.store
        .write(move |tx| {
            async move {
                let Some(mut whole) = Whole::locked(tx, id).await? else { return Ok(()) };
                let now = this.now();
                let (mut changed, mut told) = (Vec::new(), Vec::new());
                for row in whole.papers.iter_mut().filter(|row| row.paper.state == PaperState::Verified) {
                    let Some(left) = row.paper.days_left(today) else { continue };
                    if left < 0 {
                        row.paper.state = PaperState::Expired;
                        told.push(tell::job(&this, &whole.worker, What::RanOut(row.paper.id)));
                    } else if left <= WARN_DAYS && row.warned_at.is_none() {
                        row.warned_at = Some(now);
                        told.push(tell::job(&this, &whole.worker, What::EndsSoon(row.paper.id)));
                    } else {
                        continue;
                    }
                    changed.push(row.clone());
                }
                rows::update(tx, &changed).await?;
                if this.restate(&mut whole, today) {
                    rows::set_services(tx, id, &whole.services).await?;
                }
                jobs::enqueue(tx, &told).await?;
                Ok::<_, Failure>(())
            }
            .boxed()
        })
        .await
}
