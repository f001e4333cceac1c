//! Workers over the wire.

use super::visits::Point;
use std::collections::BTreeMap;

use linli_application::workers::{
    Blocked, Card, DayOff as OffDay, DutyView, FileChange, Home, NewService, Opponent, PaperRow, Review as Said,
    ServiceView, WorkerView,
};
use linli_domain::demo::Gender;
use linli_domain::geo::{Travel, Wgs84};
use linli_domain::id::{DocumentId, OrganisationId, PersonId, WorkerId};
use linli_domain::refusal::{Code, Refusal};
use linli_domain::time::Day;
use linli_domain::worker::{self, Document, Duty, HourSpan, Hours, Missing, PaperState, ServiceState, WorkerState};
use poem_openapi::{Enum, Object};

use super::orders::PersonRef;
use super::people::keys;
use super::{At, Clock, Id, InArea, OfKind, On, Text, Words};
use crate::files;
use crate::problem::Answer;

keys! {
    /// Where a provider's file stands.
    WorkerStateKey = WorkerState {
        /// Being written.
        Draft,
        /// Waiting for staff.
        Submitted,
        /// They may take jobs.
        Verified,
        /// Not accepted; it may be changed and submitted again.
        Refused,
        /// No jobs for the time being.
        Suspended,
        /// They went away.
        Closed,
    }
}

keys! {
    /// Whether staff have looked at a service.
    ServiceStateKey = ServiceState {
        /// Not yet.
        Asked,
        /// They may do it.
        Verified,
        /// They may not.
        Refused,
    }
}

keys! {
    /// Whether staff have looked at a paper.
    DocumentStateKey = PaperState {
        /// Not yet.
        Asked,
        /// It is good.
        Verified,
        /// It is not.
        Refused,
        /// A newer one took its place.
        Replaced,
        /// It has run out.
        Expired,
    }
}

keys! {
    /// The gender somebody is listed with.
    WorkerGender = Gender {
        /// A woman.
        Female,
        /// A man.
        Male,
        /// Not listed.
        Unsaid,
    }
}

/// How somebody travels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Enum)]
#[oai(rename_all = "lowercase")]
pub enum TravelBy {
    /// On foot.
    Foot,
    /// By e-bike.
    EBike,
    /// By car.
    Car,
}

impl From<Travel> for TravelBy {
    fn from(travel: Travel) -> Self {
        match travel {
            Travel::Foot => Self::Foot,
            Travel::EBike => Self::EBike,
            Travel::Car => Self::Car,
        }
    }
}

impl From<TravelBy> for Travel {
    fn from(travel: TravelBy) -> Self {
        match travel {
            TravelBy::Foot => Self::Foot,
            TravelBy::EBike => Self::EBike,
            TravelBy::Car => Self::Car,
        }
    }
}

/// An area with its name.
#[derive(Debug, Clone, PartialEq, Eq, Object)]
#[oai(deny_unknown_fields, rename = "WorkerArea")]
pub struct AreaRef {
    /// Its code.
    pub code: InArea,
    /// What it is called.
    pub name: Words,
}

/// Where somebody starts from.
#[derive(Debug, Clone, PartialEq, Object)]
#[oai(skip_serializing_if_is_none, deny_unknown_fields)]
pub struct WorkerHome {
    /// In words.
    pub text: String,
    /// Where.
    pub point: Point,
    /// The community.
    pub area: Option<AreaRef>,
}

/// Where somebody starts from, to be written.
#[derive(Debug, Object)]
#[oai(deny_unknown_fields)]
pub struct WorkerHomeIn {
    /// In words, at most 100 characters.
    pub text: Text<100, 0>,
    /// Where.
    pub point: Point,
    /// The code of the community; that of the nearest place where nothing is said.
    pub area_code: Option<InArea>,
}

/// A span of a day.
#[derive(Debug, Clone, PartialEq, Eq, Object)]
#[oai(deny_unknown_fields)]
pub struct WorkerHours {
    /// Its beginning.
    pub from: Clock,
    /// Its end, up to 24:00.
    pub to: Clock,
}

/// A service of a provider.
#[derive(Debug, Clone, PartialEq, Eq, Object)]
#[oai(skip_serializing_if_is_none, deny_unknown_fields)]
pub struct WorkerService {
    /// The key of the kind.
    pub kind: OfKind,
    /// What it is called.
    pub name: Words,
    /// Their own price in fen; none: that of the kind.
    pub price_fen: Option<i64>,
    /// Keys of skills.
    pub skills: Vec<String>,
    /// Whether staff have looked at it.
    pub state: ServiceStateKey,
    /// Why not.
    pub reason: Option<String>,
    /// A paper it needs is not there or has run out.
    pub off_offer: bool,
    /// Keys of the papers it needs.
    pub needs: Vec<String>,
}

/// A service to be asked for.
#[derive(Debug, Object)]
#[oai(deny_unknown_fields)]
pub struct WorkerServiceIn {
    /// The key of the kind.
    pub kind: OfKind,
    /// Their own price in fen; none: that of the kind.
    pub price_fen: Option<i64>,
    /// Keys of skills.
    #[oai(default)]
    pub skills: Vec<Text<32>>,
}

/// A paper of a provider.
#[derive(Debug, Clone, PartialEq, Eq, Object)]
#[oai(skip_serializing_if_is_none, deny_unknown_fields)]
pub struct WorkerDocument {
    /// Which.
    pub id: Id<DocumentId>,
    /// Its key.
    pub document: String,
    /// What it is called.
    pub name: Words,
    /// Where its picture is got.
    pub file: Option<String>,
    /// The last day it holds; none: without end.
    pub valid_until: Option<On>,
    /// Whether staff have looked at it.
    pub state: DocumentStateKey,
    /// Why it was refused.
    pub reason: Option<String>,
    /// Days it still holds; negative when it has run out.
    pub days_left: Option<i32>,
}

/// Something a file still wants.
#[derive(Debug, Clone, PartialEq, Eq, Object)]
#[oai(deny_unknown_fields)]
pub struct WorkerMissing {
    /// On which step: `person`, `home`, `hours`, `services`, `documents`.
    pub step: String,
    /// What.
    pub words: Words,
}

/// A kind of paper.
#[derive(Debug, Clone, PartialEq, Eq, Object)]
#[oai(deny_unknown_fields)]
pub struct DocumentKind {
    /// Its key.
    pub key: String,
    /// What it is called.
    pub name: Words,
    /// Whether the last day it holds must be said.
    pub ends: bool,
}

/// A language workers may speak.
#[derive(Debug, Clone, PartialEq, Eq, Object)]
#[oai(deny_unknown_fields)]
pub struct LanguageKind {
    /// Its key.
    pub key: String,
    /// What it is called.
    pub name: Words,
}

/// What one may choose from when writing a file.
#[derive(Debug, Clone, PartialEq, Eq, Object)]
#[oai(deny_unknown_fields)]
pub struct WorkerChoices {
    /// Kinds of papers.
    pub documents: Vec<DocumentKind>,
    /// Languages.
    pub languages: Vec<LanguageKind>,
}

impl WorkerChoices {
    /// All of them.
    pub fn all() -> Self {
        let document =
            |one: Document| DocumentKind { key: one.key().into(), name: one.words().into(), ends: one.ends() };
        let language = |(key, zh, en): &(&str, &str, &str)| LanguageKind {
            key: (*key).to_owned(),
            name: Words { zh: (*zh).to_owned(), en: (*en).to_owned() },
        };
        Self {
            documents: Document::ALL.map(document).into(),
            languages: worker::LANGUAGES.iter().map(language).collect(),
        }
    }
}

/// Whom somebody works for.
#[derive(Debug, Clone, PartialEq, Eq, Object)]
#[oai(deny_unknown_fields)]
pub struct Employer {
    /// Which.
    pub id: Id<OrganisationId>,
    /// What it is called.
    pub name: Words,
}

/// A provider's file.
#[derive(Debug, Clone, PartialEq, Object)]
#[oai(skip_serializing_if_is_none, deny_unknown_fields)]
pub struct WorkerFile {
    /// Which; none while nothing was saved.
    pub id: Option<Id<WorkerId>>,
    /// Raised with every change; 0 while nothing was saved.
    pub version: i32,
    /// Where it stands.
    pub state: WorkerStateKey,
    /// Where it stands, in words.
    pub state_words: Words,
    /// As residents read it.
    pub name: String,
    /// The gender they are listed with.
    pub gender: WorkerGender,
    /// Keys of languages.
    pub languages: Vec<String>,
    /// What they say about themselves.
    pub about: String,
    /// How they travel.
    pub travel: TravelBy,
    /// Where they start from.
    pub home: Option<WorkerHome>,
    /// Codes of areas they go to; empty is everywhere.
    pub areas: Vec<InArea>,
    /// Weekday, `1` to `7`, to the spans of that day.
    pub hours: BTreeMap<String, Vec<WorkerHours>>,
    /// The most jobs they take at once.
    pub max_open: u32,
    /// The jobs they have open.
    pub open_jobs: u32,
    /// What they do.
    pub services: Vec<WorkerService>,
    /// Their papers, newest first.
    pub documents: Vec<WorkerDocument>,
    /// Whom they work for.
    pub organisation: Option<Employer>,
    /// What is wanted before it can be submitted.
    pub missing: Vec<WorkerMissing>,
    /// Why it was refused or suspended.
    pub reason: Option<String>,
    /// When it was submitted.
    pub submitted_at: Option<At>,
    /// When staff last decided.
    pub decided_at: Option<At>,
}

impl WorkerFile {
    /// A file as it goes over the wire.
    pub fn of(view: WorkerView, today: Day) -> Self {
        let WorkerView { worker, services, papers, organisation, home_area, missing, open_jobs } = view;
        let area = worker.home_area.clone().zip(home_area);
        let text = worker.home_text;
        let spans = |spans: &[HourSpan]| {
            spans.iter().map(|span| WorkerHours { from: Clock(span.from), to: Clock(span.to) }).collect()
        };
        let paper = |row: PaperRow| WorkerDocument {
            id: Id(row.paper.id),
            document: row.paper.document.key().to_owned(),
            name: row.paper.document.words().into(),
            file: row.file.map(files::url),
            valid_until: row.paper.valid_until.map(On),
            state: row.paper.state.into(),
            reason: said(row.reason),
            days_left: row.paper.days_left(today),
        };
        Self {
            id: Some(Id(worker.id)),
            version: worker.version,
            state: worker.state.into(),
            state_words: worker.state.words().into(),
            name: worker.name,
            gender: worker.gender.into(),
            languages: worker.languages,
            about: worker.about,
            travel: worker.travel.into(),
            home: worker.home.map(|home| WorkerHome {
                text,
                point: Point { lat: home.latitude, lon: home.longitude },
                area: area.map(|(code, name)| AreaRef { code: InArea(code), name: name.into() }),
            }),
            areas: worker.areas.into_iter().map(InArea).collect(),
            hours: worker.hours.days().map(|(weekday, of_day)| (weekday.to_string(), spans(of_day))).collect(),
            max_open: worker.max_open,
            open_jobs,
            services: services.into_iter().map(WorkerService::from).collect(),
            documents: papers.into_iter().map(paper).collect(),
            organisation: organisation.map(|(id, name)| Employer { id: Id(id), name: name.into() }),
            missing: missing.into_iter().map(WorkerMissing::from).collect(),
            reason: said(worker.reason),
            submitted_at: worker.submitted_at.map(At),
            decided_at: worker.decided_at.map(At),
        }
    }

    /// The file of somebody who has saved nothing yet.
    pub fn blank(missing: Vec<Missing>) -> Self {
        Self {
            id: None,
            version: 0,
            state: WorkerStateKey::Draft,
            state_words: WorkerState::Draft.words().into(),
            name: String::new(),
            gender: WorkerGender::Unsaid,
            languages: Vec::new(),
            about: String::new(),
            travel: TravelBy::Foot,
            home: None,
            areas: Vec::new(),
            hours: BTreeMap::new(),
            max_open: 3,
            open_jobs: 0,
            services: Vec::new(),
            documents: Vec::new(),
            organisation: None,
            missing: missing.into_iter().map(WorkerMissing::from).collect(),
            reason: None,
            submitted_at: None,
            decided_at: None,
        }
    }
}

fn said(text: String) -> Option<String> {
    (!text.is_empty()).then_some(text)
}

impl From<Missing> for WorkerMissing {
    fn from(missing: Missing) -> Self {
        Self { step: missing.step.key().to_owned(), words: missing.words.into() }
    }
}

impl From<ServiceView> for WorkerService {
    fn from(view: ServiceView) -> Self {
        let ServiceView { service, name, needs } = view;
        Self {
            kind: OfKind(service.kind),
            name: name.into(),
            price_fen: service.price_fen,
            skills: service.skills,
            state: service.state.into(),
            reason: said(service.reason),
            off_offer: service.off_offer,
            needs: needs.into_iter().map(|document| document.key().to_owned()).collect(),
        }
    }
}

/// A step of a file. What is left out stays as it is.
#[derive(Debug, Object)]
#[oai(deny_unknown_fields)]
pub struct WorkerFileIn {
    /// The version that was seen; left out: whatever it is.
    pub version: Option<i32>,
    /// As residents read it, at most 30 characters.
    pub name: Option<Text<30>>,
    /// The gender to be listed with.
    pub gender: Option<WorkerGender>,
    /// Keys of languages.
    pub languages: Option<Vec<Text<16>>>,
    /// About themselves, at most 300 characters.
    pub about: Option<Text<300, 0>>,
    /// How they travel.
    pub travel: Option<TravelBy>,
    /// Where they start from.
    pub home: Option<WorkerHomeIn>,
    /// Codes of areas they go to; empty is everywhere.
    pub areas: Option<Vec<InArea>>,
    /// Weekday, `1` to `7`, to the spans of that day.
    pub hours: Option<BTreeMap<String, Vec<WorkerHours>>>,
    /// The most jobs they take at once, 1 to 20.
    pub max_open: Option<u32>,
    /// Whom they work for.
    pub organisation_id: Option<Id<OrganisationId>>,
    /// They work for themselves after all.
    #[oai(default)]
    pub independent: bool,
    /// Everything they do.
    pub services: Option<Vec<WorkerServiceIn>>,
}

impl WorkerFileIn {
    /// What is to be written.
    ///
    /// # Errors
    /// [`Code::WorkerHoursInvalid`]; [`Code::ValueInvalid`] for a point that is none.
    pub fn change(self) -> Answer<FileChange> {
        let plain = |texts: Vec<Text<16>>| texts.into_iter().map(|text| text.0).collect();
        let service = |one: WorkerServiceIn| NewService {
            kind: one.kind.0,
            price_fen: one.price_fen,
            skills: one.skills.into_iter().map(|skill| skill.0).collect(),
        };
        Ok(FileChange {
            version: self.version,
            name: self.name.map(|name| name.0),
            gender: self.gender.map(Into::into),
            languages: self.languages.map(plain),
            about: self.about.map(|about| about.0),
            travel: self.travel.map(Into::into),
            home: self.home.map(home).transpose()?,
            areas: self.areas.map(|areas| areas.into_iter().map(|area| area.0).collect()),
            hours: self.hours.map(hours).transpose()?,
            max_open: self.max_open,
            organisation: match (self.organisation_id, self.independent) {
                (Some(id), _) => Some(Some(id.0)),
                (None, true) => Some(None),
                (None, false) => None,
            },
            services: self.services.map(|services| services.into_iter().map(service).collect()),
        })
    }
}

fn home(home: WorkerHomeIn) -> Answer<Home> {
    let point = Wgs84::new(home.point.lat, home.point.lon);
    let point = point.ok_or(Refusal::new(Code::ValueInvalid).field("home").with("allowed", "WGS-84"))?;
    Ok(Home { text: home.text.0, point, area: home.area_code.map(|code| code.0) })
}

fn hours(days: BTreeMap<String, Vec<WorkerHours>>) -> Answer<Hours> {
    let wrong = || Refusal::new(Code::WorkerHoursInvalid).field("hours");
    let span = |span: WorkerHours| HourSpan { from: span.from.0, to: span.to.0 };
    let mut week = Vec::with_capacity(days.len());
    for (weekday, spans) in days {
        week.push((weekday.parse().map_err(|_| wrong())?, spans.into_iter().map(span).collect()));
    }
    Ok(Hours::new(week).map_err(|_| wrong())?)
}

/// Files of providers.
#[derive(Debug, Clone, PartialEq, Object)]
#[oai(skip_serializing_if_is_none, deny_unknown_fields)]
pub struct WorkerFileList {
    /// Newest first.
    pub items: Vec<WorkerFile>,
    /// The cursor of the next page; none on the last.
    pub next: Option<String>,
}

/// Whether somebody takes jobs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Enum)]
#[oai(rename_all = "lowercase")]
pub enum DutyKey {
    /// Not.
    Off,
    /// Now.
    On,
    /// Soon again.
    Paused,
}

/// Whether somebody takes jobs, and what keeps jobs from them.
#[derive(Debug, Clone, PartialEq, Eq, Object)]
#[oai(skip_serializing_if_is_none, deny_unknown_fields)]
pub struct WorkerDuty {
    /// On duty, off, or resting.
    pub duty: DutyKey,
    /// Until when they rest; afterwards they are on duty by themselves.
    pub paused_until: Option<At>,
    /// The jobs they have open.
    pub open_jobs: u32,
    /// The most they take at once.
    pub max_open: u32,
    /// Why they are offered nothing at the moment.
    pub problem: Option<Words>,
}

impl From<DutyView> for WorkerDuty {
    fn from(view: DutyView) -> Self {
        let (duty, paused_until) = match view.duty {
            Duty::Off => (DutyKey::Off, None),
            Duty::On => (DutyKey::On, None),
            Duty::Paused(until) => (DutyKey::Paused, Some(At(until))),
        };
        Self {
            duty,
            paused_until,
            open_jobs: view.open_jobs,
            max_open: view.max_open,
            problem: view.problem.map(Into::into),
        }
    }
}

/// A day off.
#[derive(Debug, Clone, PartialEq, Eq, Object)]
#[oai(deny_unknown_fields)]
pub struct WorkerDayOff {
    /// Which.
    pub day: On,
    /// Why, for themselves, at most 60 characters.
    #[oai(default)]
    pub reason: String,
}

/// Days off.
#[derive(Debug, Clone, PartialEq, Eq, Object)]
#[oai(deny_unknown_fields)]
pub struct WorkerDaysOff {
    /// From today on, at most 100, within a year.
    pub days: Vec<WorkerDayOff>,
}

impl From<Vec<OffDay>> for WorkerDaysOff {
    fn from(days: Vec<OffDay>) -> Self {
        let day = |one: OffDay| WorkerDayOff { day: On(one.day), reason: one.reason };
        Self { days: days.into_iter().map(day).collect() }
    }
}

/// Whom somebody does not want to meet again.
#[derive(Debug, Clone, PartialEq, Eq, Object)]
#[oai(skip_serializing_if_is_none, deny_unknown_fields)]
pub struct RefusedOne {
    /// The worker, in the list of a resident.
    pub worker_id: Option<Id<WorkerId>>,
    /// To whom the worker is not to come, in the list of a resident.
    pub subject: Option<PersonRef>,
    /// The resident, in the list of a worker.
    pub person_id: Option<Id<PersonId>>,
    /// A worker's name; of a resident the initial alone.
    pub name: String,
    /// Why; may be empty.
    pub reason: String,
    /// Since when.
    pub since: At,
}

impl From<Blocked> for RefusedOne {
    fn from(one: Blocked) -> Self {
        let (worker_id, subject, person_id) = match one.who {
            Opponent::Worker(worker, person) => {
                (Some(Id(worker)), Some(PersonRef { id: Id(person), name: one.subject }), None)
            }
            Opponent::Person(person) => (None, None, Some(Id(person))),
        };
        Self { worker_id, subject, person_id, name: one.name, reason: one.reason, since: At(one.at) }
    }
}

/// Whom somebody does not want to meet again.
#[derive(Debug, Clone, PartialEq, Eq, Object)]
#[oai(deny_unknown_fields)]
pub struct RefusedList {
    /// The latest first.
    pub items: Vec<RefusedOne>,
}

impl From<Vec<Blocked>> for RefusedList {
    fn from(list: Vec<Blocked>) -> Self {
        Self { items: list.into_iter().map(RefusedOne::from).collect() }
    }
}

/// How people were satisfied.
#[derive(Debug, Clone, PartialEq, Object)]
#[oai(deny_unknown_fields)]
pub struct WorkerRating {
    /// The mean level, 1 to 5, in hundredths.
    pub mean: f64,
    /// Of how many.
    pub count: u32,
}

/// What somebody said.
#[derive(Debug, Clone, PartialEq, Eq, Object)]
#[oai(skip_serializing_if_is_none, deny_unknown_fields)]
pub struct WorkerReview {
    /// 1 very dissatisfied … 5 very satisfied.
    pub level: i32,
    /// In their words.
    pub words: String,
    /// What was answered.
    pub answer: Option<String>,
    /// The day.
    pub day: On,
}

/// What somebody does.
#[derive(Debug, Clone, PartialEq, Eq, Object)]
#[oai(deny_unknown_fields)]
pub struct CardKind {
    /// The key of the kind.
    pub kind: OfKind,
    /// What it is called.
    pub name: Words,
}

/// What residents may know of a provider.
#[derive(Debug, Clone, PartialEq, Object)]
#[oai(skip_serializing_if_is_none, deny_unknown_fields)]
pub struct WorkerCard {
    /// Which.
    pub id: Id<WorkerId>,
    /// As they are called.
    pub name: String,
    /// By which they are shown before they are met.
    pub initial: String,
    /// The gender they are listed with.
    pub gender: WorkerGender,
    /// What they say about themselves.
    pub about: String,
    /// What they do.
    pub kinds: Vec<CardKind>,
    /// How people were satisfied; left out while few have said.
    pub rating: Option<WorkerRating>,
    /// Jobs done.
    pub done: u32,
    /// Verified since.
    pub since: Option<On>,
    /// What was said of them, the latest first.
    pub reviews: Vec<WorkerReview>,
}

impl From<Card> for WorkerCard {
    fn from(card: Card) -> Self {
        let review = |one: Said| WorkerReview {
            level: one.level,
            words: one.words,
            answer: said(one.answer),
            day: On(one.at.day()),
        };
        Self {
            id: Id(card.id),
            name: card.name,
            initial: card.initial,
            gender: card.gender.into(),
            about: card.about,
            kinds: card
                .kinds
                .into_iter()
                .map(|(kind, name)| CardKind { kind: OfKind(kind), name: name.into() })
                .collect(),
            rating: card.rating.map(|(hundredths, count)| WorkerRating { mean: f64::from(hundredths) / 100.0, count }),
            done: card.done,
            since: card.since.map(On),
            reviews: card.reviews.into_iter().map(review).collect(),
        }
    }
}
