//! Those who come to the door: verified, with papers nobody has a picture of, and on duty.

use linli_domain::demo::{Demo, DemoPaper, DemoWorker};
use linli_domain::geo::Wgs84;
use linli_domain::id::{AccountId, DocumentId, OrganisationId, PersonId, WorkerId};
use linli_domain::person::Person;
use linli_domain::platform::KindKey;
use linli_domain::time::Day;
use linli_domain::words::Language;
use linli_domain::worker::{Document, Duty, Hours, Paper, PaperState, ServiceState, WorkerState};
use linli_store::Tx;
use linli_store::market::papers::{self, PaperRow, Service};
use linli_store::market::workers::{self, Worker};
use linli_store::people::persons;

use super::residents::account;
use super::{DemoIds, Named, SOWN};
use crate::Result;
use crate::error::Failure;

/// Sows them.
pub(super) async fn sow(
    tx: &Tx,
    demo: &Demo,
    organisations: &Named<OrganisationId>,
    today: Day,
    ids: &DemoIds,
) -> Result<()> {
    let mut rows = Vec::new();
    for one in &demo.workers {
        let worker = worker(one, organisations, ids)?;
        let person = Person {
            id: worker.person,
            version: 1,
            name: one.name.clone(),
            birth_date: None,
            community: Some(one.area.clone()),
            address: None,
            identity_mask: None,
            language: Language::Zh,
            large_type: false,
        };
        persons::insert(tx, &person, None, SOWN).await?;
        account(tx, worker.account, worker.person, &one.phone).await?;
        workers::insert(tx, &worker).await?;
        workers::set_duty(tx, worker.id, Duty::On, SOWN).await?;
        let services: Vec<Service> = one.services.iter().map(service).collect();
        papers::set_services(tx, worker.id, &services).await?;
        for paper in &one.documents {
            rows.push(document(one, &worker, paper, today, ids)?);
        }
    }
    Ok(papers::insert(tx, &rows).await?)
}

fn odd(one: &DemoWorker, what: &str) -> Failure {
    Failure::Fault(format!("demo.toml: worker `{}`: {what}", one.key))
}

fn worker(one: &DemoWorker, organisations: &Named<OrganisationId>, ids: &DemoIds) -> Result<Worker> {
    let home = Wgs84::new(one.latitude, one.longitude).ok_or_else(|| odd(one, "no such point"))?;
    Ok(Worker {
        id: WorkerId(ids.next()),
        version: 1,
        person: PersonId(ids.next()),
        account: AccountId(ids.next()),
        organisation: one.organisation.as_ref().map(|key| organisations.id(key)).transpose()?,
        state: WorkerState::Verified,
        name: one.name.clone(),
        gender: one.gender,
        languages: one.languages.clone(),
        about: one.about.clone(),
        travel: one.travel,
        home_text: one.home.clone(),
        home_area: Some(one.area.clone()),
        home: Some(home),
        areas: Vec::new(),
        hours: Hours::daily(one.from, one.to).map_err(|error| odd(one, &error.to_string()))?,
        max_open: one.max_open,
        duty: Duty::Off,
        reason: String::new(),
        submitted_at: Some(SOWN),
        decided_at: Some(SOWN),
        decided_by: None,
        created_at: SOWN,
        changed_at: SOWN,
    })
}

fn service(kind: &KindKey) -> Service {
    Service {
        kind: kind.clone(),
        price_fen: None,
        skills: Vec::new(),
        state: ServiceState::Verified,
        reason: String::new(),
        off_offer: false,
    }
}

fn document(one: &DemoWorker, worker: &Worker, paper: &DemoPaper, today: Day, ids: &DemoIds) -> Result<PaperRow> {
    let document = Document::from_key(&paper.document).ok_or_else(|| odd(one, "no such document"))?;
    Ok(PaperRow {
        worker: worker.id,
        paper: Paper {
            id: DocumentId(ids.next()),
            document,
            state: PaperState::Verified,
            valid_until: paper.valid_days.map(|days| today.plus(days)),
        },
        file: None,
        reason: String::new(),
        decided_by: None,
        decided_at: Some(SOWN),
        warned_at: None,
        created_at: SOWN,
    })
}
