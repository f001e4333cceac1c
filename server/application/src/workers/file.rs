//! Writing one's file in steps, and handing it in.

use futures::FutureExt;
use linli_domain::area::{AreaCode, AreaLevel};
use linli_domain::demo::Gender;
use linli_domain::geo::{Travel, Wgs84};
use linli_domain::id::{OrganisationId, WorkerId};
use linli_domain::platform::{KindKey, PriceForm};
use linli_domain::refusal::{Code, Refusal};
use linli_domain::role::Actor;
use linli_domain::worker::{Duty, Hours, LANGUAGES, MOST_OPEN, ServiceState, WorkerEvent, WorkerState, step};
use linli_store::audit::{self, ActingAs};
use linli_store::market::papers::{self as paper_rows, Service};
use linli_store::market::workers::{self as rows, Worker};
use linli_store::people::persons;
use serde_json::json;

use super::view::WorkerView;
use super::{Whole, gone, is_version};
use crate::catalogue::Catalogue;
use crate::{App, Failure, Result, input};

/// The longest description of oneself, in characters.
const ABOUT_MAX: usize = 300;
/// The most services of one worker.
const SERVICES_MAX: usize = 40;
/// The most areas one names.
const AREAS_MAX: usize = 40;

/// Where somebody starts from.
#[derive(Debug, Clone)]
pub struct Home {
    /// In words, for themselves and those who decide.
    pub text: String,
    /// Where.
    pub point: Wgs84,
    /// The community; none: that of the nearest place of the district.
    pub area: Option<AreaCode>,
}

/// A service somebody asks for.
#[derive(Debug, Clone)]
pub struct NewService {
    /// Of what kind.
    pub kind: KindKey,
    /// Their own price in fen; none: that of the kind.
    pub price_fen: Option<i64>,
    /// Keys of skills.
    pub skills: Vec<String>,
}

/// What is written anew. What is not said stays as it is.
#[derive(Debug, Clone, Default)]
pub struct FileChange {
    /// The version that was seen; none: whatever it is.
    pub version: Option<i32>,
    /// As residents read it.
    pub name: Option<String>,
    /// The gender they are listed with.
    pub gender: Option<Gender>,
    /// Keys of languages.
    pub languages: Option<Vec<String>>,
    /// What they say about themselves.
    pub about: Option<String>,
    /// How they travel.
    pub travel: Option<Travel>,
    /// Where they start from.
    pub home: Option<Home>,
    /// Areas they go to; empty is everywhere.
    pub areas: Option<Vec<AreaCode>>,
    /// The hours of their week.
    pub hours: Option<Hours>,
    /// The most jobs they take at once.
    pub max_open: Option<u32>,
    /// Whom they work for; inside, none: themselves.
    pub organisation: Option<Option<OrganisationId>>,
    /// Everything they do.
    pub services: Option<Vec<NewService>>,
}

impl App {
    /// Writes a step of the actor's file, which begins with the first. A file that was verified goes on being so: what is
    /// added to it waits for staff, and who they are stays as staff have seen it.
    ///
    /// # Errors
    /// [`Code::WorkerLocked`], [`Code::StaleVersion`], [`Code::WorkerServiceUnknown`], [`Code::WorkerPriceInvalid`],
    /// [`Code::CommunityUnknown`], [`Code::HomeOffStreets`], [`Code::ValueInvalid`], and the texts' own, each with its field.
    pub async fn save_worker_file(&self, actor: &Actor, change: FileChange) -> Result<WorkerView> {
        let catalogue = self.catalogue().await?;
        let me = persons::person(self.store.reads(), actor.person).await?.ok_or(Code::TokenInvalid)?;
        let (this, by, fresh) = (self.clone(), actor.clone(), WorkerId(self.next_id()));
        let worker = self
            .store
            .write(move |tx| {
                async move {
                    let now = this.now();
                    let blank = blank(fresh, &by, me.name, now);
                    rows::insert(tx, &blank).await?;
                    let worker = rows::lock_of_person(tx, by.person).await?.ok_or_else(gone)?;
                    is_version(&worker, change.version)?;
                    let mut whole = Whole::of(tx, worker).await?;
                    this.amend(&catalogue, &mut whole, change)?;
                    this.restate(&mut whole, now.day());
                    whole.worker.version += 1;
                    whole.worker.changed_at = now;
                    rows::update(tx, &whole.worker).await?;
                    paper_rows::set_services(tx, whole.worker.id, &whole.services).await?;
                    let entry = this.entry(&by, ActingAs::Provider, "worker.saved").about(by.person);
                    audit::record(tx, entry.on(whole.worker.id.0)).await?;
                    Ok::<_, Failure>(whole.worker)
                }
                .boxed()
            })
            .await?;
        self.worker_view(worker).await
    }

    /// Hands the actor's file in. What was refused is asked for again.
    ///
    /// # Errors
    /// [`Code::WorkerIncomplete`] with the first thing that is missing; [`Code::WorkerNotPossible`].
    pub async fn submit_worker_file(&self, actor: &Actor) -> Result<WorkerView> {
        let (this, by) = (self.clone(), actor.clone());
        let worker = self
            .store
            .write(move |tx| {
                async move {
                    let now = this.now();
                    let worker = rows::lock_of_person(tx, by.person).await?.ok_or_else(gone)?;
                    let state = step(worker.state, WorkerEvent::Submit)?;
                    let mut whole = Whole::of(tx, worker).await?;
                    if let Some(first) = this.missing(&whole).await?.into_iter().next() {
                        let refusal = Refusal::new(Code::WorkerIncomplete).field(first.step.key());
                        return Err(refusal.with("first", first.words).into());
                    }
                    for service in &mut whole.services {
                        if service.state == ServiceState::Refused {
                            (service.state, service.reason) = (ServiceState::Asked, String::new());
                        }
                    }
                    let worker = &mut whole.worker;
                    worker.state = state;
                    worker.version += 1;
                    worker.reason.clear();
                    (worker.submitted_at, worker.changed_at) = (Some(now), now);
                    rows::update(tx, worker).await?;
                    paper_rows::set_services(tx, worker.id, &whole.services).await?;
                    let entry = this.entry(&by, ActingAs::Provider, "worker.submitted").about(by.person);
                    audit::record(tx, entry.on(whole.worker.id.0)).await?;
                    Ok::<_, Failure>(whole.worker)
                }
                .boxed()
            })
            .await?;
        self.worker_view(worker).await
    }

    fn amend(&self, catalogue: &Catalogue, whole: &mut Whole, change: FileChange) -> Result<(), Refusal> {
        let open = whole.worker.state.is_open();
        let locked = |field| Refusal::new(Code::WorkerLocked).field(field);
        let worker = &mut whole.worker;
        if let Some(name) = change.name {
            let name = input::name(&name)?;
            if !open && name != worker.name {
                return Err(locked("name"));
            }
            worker.name = name;
        }
        if let Some(gender) = change.gender {
            if !open && gender != worker.gender {
                return Err(locked("gender"));
            }
            worker.gender = gender;
        }
        if let Some(organisation) = change.organisation {
            if !open && organisation != worker.organisation {
                return Err(locked("organisation_id"));
            }
            if organisation.is_some_and(|id| !catalogue.organisations.contains_key(&id)) {
                return Err(Refusal::new(Code::NotFound).field("organisation_id"));
            }
            worker.organisation = organisation;
        }
        if let Some(mut languages) = change.languages {
            languages.sort_unstable();
            languages.dedup();
            if languages.iter().any(|key| LANGUAGES.iter().all(|(known, ..)| known != key)) {
                let allowed: Vec<&str> = LANGUAGES.iter().map(|(key, ..)| *key).collect();
                return Err(value("languages", allowed.join(", ")));
            }
            worker.languages = languages;
        }
        if let Some(about) = change.about {
            worker.about = optional("about", &about, ABOUT_MAX)?;
        }
        let moved = change.home.is_some() || change.travel.is_some_and(|travel| travel != worker.travel);
        if let Some(travel) = change.travel {
            worker.travel = travel;
        }
        if let Some(home) = change.home {
            worker.home_text = optional("home", &home.text, input::ADDRESS_MAX)?;
            worker.home_area = Some(community(catalogue, &home)?);
            worker.home = Some(home.point);
        }
        // Whoever cannot be found on the streets by their own means would never be offered anything.
        if let Some(home) = worker.home.filter(|_| moved) {
            let off = |_| Refusal::new(Code::HomeOffStreets).field("home").with("travel", worker.travel.words());
            self.streets.snap(worker.travel, home).map_err(off)?;
        }
        if let Some(mut areas) = change.areas {
            areas.sort_unstable();
            areas.dedup();
            if areas.len() > AREAS_MAX || areas.iter().any(|code| catalogue.areas.get(code).is_none()) {
                return Err(Refusal::new(Code::CommunityUnknown).field("areas"));
            }
            worker.areas = areas;
        }
        if let Some(hours) = change.hours {
            worker.hours = hours;
        }
        if let Some(most) = change.max_open {
            if !(1..=MOST_OPEN).contains(&most) {
                return Err(value("max_open", format!("1–{MOST_OPEN}")));
            }
            worker.max_open = most;
        }
        if let Some(services) = change.services {
            whole.services = self.asked_services(&whole.services, services)?;
        }
        Ok(())
    }

    /// What somebody does from now on. What staff have verified stays so while nothing is added to it.
    fn asked_services(&self, before: &[Service], asked: Vec<NewService>) -> Result<Vec<Service>, Refusal> {
        let unknown = || Refusal::new(Code::WorkerServiceUnknown).field("services");
        if asked.len() > SERVICES_MAX {
            return Err(unknown());
        }
        let mut services: Vec<Service> = Vec::with_capacity(asked.len());
        for NewService { kind: key, price_fen, mut skills } in asked {
            let (kind, terms) = self.visit_kind(&key).ok_or_else(unknown)?;
            skills.sort_unstable();
            skills.dedup();
            let known = |skill: &String| terms.skills.iter().any(|(key, _)| key == skill);
            if !skills.iter().all(known) || services.iter().any(|one| one.kind == key) {
                return Err(unknown());
            }
            let (min, max) = (kind.bounds.price_fen.min, kind.bounds.price_fen.max);
            let good = |price: i64| terms.price != PriceForm::Free && (min..=max).contains(&price);
            if price_fen.is_some_and(|price| !good(price)) {
                let refusal = Refusal::new(Code::WorkerPriceInvalid).field("services");
                return Err(refusal.with("service", kind.name.clone()).with("allowed", allowed(terms.price, min, max)));
            }
            let old = before.iter().find(|one| one.kind == key);
            let (state, reason) = match old {
                Some(old) if old.state == ServiceState::Verified => {
                    let more = skills.iter().any(|skill| !old.skills.contains(skill));
                    (if more { ServiceState::Asked } else { ServiceState::Verified }, String::new())
                }
                Some(old) if old.skills == skills && old.price_fen == price_fen => (old.state, old.reason.clone()),
                _ => (ServiceState::Asked, String::new()),
            };
            let off_offer = old.is_some_and(|old| old.off_offer);
            services.push(Service { kind: key, price_fen, skills, state, reason, off_offer });
        }
        services.sort_by(|one, other| one.kind.as_str().cmp(other.kind.as_str()));
        Ok(services)
    }

    /// Records who did what to a file, with what they said.
    pub(super) fn worker_entry(
        &self,
        actor: &Actor,
        worker: &Worker,
        action: &'static str,
        reason: &str,
    ) -> audit::AuditEntry {
        let entry = self.entry(actor, ActingAs::Staff, action).about(worker.person).on(worker.id.0);
        if reason.is_empty() { entry } else { entry.saying(json!({ "reason": reason })) }
    }
}

fn blank(id: WorkerId, actor: &Actor, name: String, now: linli_domain::time::Instant) -> Worker {
    Worker {
        id,
        version: 0,
        person: actor.person,
        account: actor.account,
        organisation: None,
        state: WorkerState::Draft,
        name,
        gender: Gender::Unsaid,
        languages: Vec::new(),
        about: String::new(),
        travel: Travel::Foot,
        home_text: String::new(),
        home_area: None,
        home: None,
        areas: Vec::new(),
        hours: Hours::default(),
        max_open: 3,
        duty: Duty::Off,
        reason: String::new(),
        submitted_at: None,
        decided_at: None,
        decided_by: None,
        created_at: now,
        changed_at: now,
    }
}

/// The community somebody starts in: the one they name, otherwise that of the nearest place the district knows.
fn community(catalogue: &Catalogue, home: &Home) -> Result<AreaCode, Refusal> {
    let unknown = || Refusal::new(Code::CommunityUnknown).field("home");
    if let Some(named) = &home.area {
        let found = catalogue.areas.get(named).filter(|area| area.kind.level() == AreaLevel::Community);
        return found.map(|area| area.code.clone()).ok_or_else(unknown);
    }
    let metres = |place: &&crate::catalogue::Place| {
        let point = Wgs84::new(place.latitude, place.longitude);
        point.map_or(i64::MAX, |point| point.metres_to(home.point))
    };
    catalogue.places.values().min_by_key(metres).map(|place| place.area.clone()).ok_or_else(unknown)
}

fn allowed(form: PriceForm, min: i64, max: i64) -> String {
    let yuan = |fen: i64| format!("¥{}.{:02}", fen / 100, fen % 100);
    if form == PriceForm::Free { yuan(0) } else { format!("{}–{}", yuan(min), yuan(max)) }
}

fn optional(field: &'static str, text: &str, max: usize) -> Result<String, Refusal> {
    if text.trim().is_empty() { Ok(String::new()) } else { input::note(field, text, max) }
}

fn value(field: &'static str, allowed: String) -> Refusal {
    Refusal::new(Code::ValueInvalid).field(field).with("allowed", allowed)
}
