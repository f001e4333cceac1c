//! What is on offer, as it goes over the wire.

use linli_application::browse::{self, DayView, Next, TimeView};
use linli_application::catalogue::{self, Catalogue, Offered};
use linli_application::{App, Failure};
use linli_domain::id::{OfferingId, OrganisationId, PlaceId, ProviderId};
use linli_domain::platform::{self, NotOrderable, Requirement, Shape};
use linli_domain::slot::Left;
use poem_openapi::{Enum, Object};

use super::contracts::ContractTerms;
use super::courses::Course;
use super::people::keys;
use super::rooms::ResourceRules;
use super::{At, Clock, Id, InArea, On, Words};
use crate::problem::Answer;

keys! {
    /// How a service is ordered.
    ShapeKey = Shape {
        /// One of several places at a time.
        Slot,
        /// A seat in an event or a whole term.
        Session,
        /// A room or a piece of equipment, from–to.
        Resource,
        /// Somebody comes.
        Dispatch,
        /// A standing plan of meals.
        Delivery,
        /// A confidential matter.
        Case,
    }
}

keys! {
    /// What must be known about the person served.
    RequirementKey = Requirement {
        /// Staff has seen the identity document.
        IdentityVerified,
        /// Staff has seen a document for the birth date.
        BirthDateVerified,
        /// The birth date is given.
        BirthDateDeclared,
        /// The person says they live in the district.
        LivesInDistrict,
        /// Staff has seen a document for the address.
        ResidenceVerified,
    }
}

keys! {
    /// What is left, in a word.
    LeftKey = Left {
        /// Plenty.
        Many,
        /// A fifth or less.
        Few,
        /// Nothing, and no line to join.
        None,
        /// Nothing for a newcomer, but a line to join.
        Line,
        /// Booking has not opened yet.
        NotOpen,
        /// Cancelled by the provider, or no times on that day.
        Closed,
        /// Over, or too late to book.
        Past,
    }
}

/// Why a kind of service cannot be booked here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[oai(rename_all = "snake_case")]
pub enum NotBookableKey {
    /// It is arranged by phone, to protect privacy.
    Confidential,
    /// Booking of this kind is not open yet.
    NotOpenYet,
}

/// A family of services.
#[derive(Debug, Clone, PartialEq, Eq, Object)]
#[oai(skip_serializing_if_is_none, deny_unknown_fields)]
pub struct Platform {
    /// The key, such as `medical`.
    pub key: String,
    /// What it is called.
    pub name: Words,
    /// What it is for.
    pub summary: Words,
    /// The name of its icon.
    pub icon: String,
    /// What must be read before anything else.
    pub notice: Option<Words>,
    /// Its kinds of service.
    pub kinds: Vec<Kind>,
}

impl Platform {
    /// A platform with its kinds.
    pub fn of(app: &App, platform: &platform::Platform) -> Self {
        Self {
            key: platform.key.clone(),
            name: (&platform.name).into(),
            summary: (&platform.summary).into(),
            icon: platform.icon.clone(),
            notice: platform.notice.as_ref().map(Words::from),
            kinds: platform.kinds.iter().map(|kind| Kind::of(app, kind)).collect(),
        }
    }
}

/// A kind of service.
#[derive(Debug, Clone, PartialEq, Eq, Object)]
#[oai(skip_serializing_if_is_none, deny_unknown_fields)]
pub struct Kind {
    /// The key, such as `medical.general_practice`.
    pub key: String,
    /// The key of its platform.
    pub platform: String,
    /// What it is called.
    pub name: Words,
    /// What one gets.
    pub summary: Words,
    /// How it is ordered.
    pub shape: ShapeKey,
    /// Whether it can be booked here.
    pub bookable: bool,
    /// Whether it is nobody else's business: arranged by phone.
    pub confidential: bool,
    /// Why it cannot be booked here.
    pub not_bookable_why: Option<NotBookableKey>,
    /// The number to call.
    pub phone: Option<String>,
    /// Free of charge for everybody.
    pub free: bool,
    /// What must be read before booking.
    pub notice: Option<Words>,
    /// What must be known about the person served.
    pub requires: Vec<RequirementKey>,
    /// The ages it is meant for.
    pub age: Option<AgeRange>,
    /// What is asked beyond who, where and when.
    pub form: Vec<FormField>,
    /// How much of it one person may have.
    pub limits: PersonLimits,
    /// What happens to people who repeatedly do not come.
    pub no_show: Option<NoShow>,
    /// Doses or visits that belong together.
    pub courses: Vec<Course>,
    /// Contracts for a while, where there are any.
    pub contract: Option<ContractTerms>,
    /// Whether those who come are marked on a list, without numbers and calls.
    pub attendance: bool,
}

impl Kind {
    fn of(app: &App, kind: &platform::Kind) -> Self {
        let why = kind.orderable().err().map(|why| match why {
            NotOrderable::Confidential => NotBookableKey::Confidential,
            NotOrderable::ShapeNotBuilt => NotBookableKey::NotOpenYet,
        });
        // Whoever cannot book is told whom to call.
        let help = || why.map(|_| app.settings.help_phone.clone());
        Self {
            key: kind.key.to_string(),
            platform: kind.key.platform().to_owned(),
            name: (&kind.name).into(),
            summary: (&kind.summary).into(),
            shape: kind.shape.into(),
            bookable: why.is_none(),
            confidential: kind.confidential,
            not_bookable_why: why,
            phone: kind.phone.clone().or_else(help),
            free: kind.free,
            notice: kind.notice.as_ref().map(Words::from),
            requires: kind.requires.iter().copied().map(RequirementKey::from).collect(),
            age: kind.age.map(|age| AgeRange { min: age.min, max: age.max }),
            form: kind.form.iter().map(FormField::from).collect(),
            limits: PersonLimits {
                per_day: kind.limits.per_day,
                per_week: kind.limits.per_week,
                open: kind.limits.open,
            },
            no_show: kind.no_show.map(|rule| NoShow {
                count: rule.count,
                within_days: rule.within_days,
                blocked_days: rule.blocked_days,
            }),
            courses: kind.courses.iter().map(|course| Course::of(kind, course)).collect(),
            contract: kind.contract.as_ref().map(ContractTerms::from),
            attendance: kind.attendance,
        }
    }
}

/// Ages in completed years on the day of service, both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Object)]
#[oai(skip_serializing_if_is_none, deny_unknown_fields)]
pub struct AgeRange {
    /// The youngest.
    pub min: Option<u8>,
    /// The oldest.
    pub max: Option<u8>,
}

/// A question of the order form; the answer is text.
#[derive(Debug, Clone, PartialEq, Eq, Object)]
#[oai(deny_unknown_fields)]
pub struct FormField {
    /// The key the answer is sent under.
    pub key: String,
    /// The question.
    pub label: Words,
    /// An example of an answer.
    pub example: Words,
    /// Whether it must be answered.
    pub required: bool,
    /// The longest answer, in characters.
    pub max_length: u16,
}

impl From<&platform::FormField> for FormField {
    fn from(field: &platform::FormField) -> Self {
        Self {
            key: field.key.clone(),
            label: (&field.label).into(),
            example: (&field.example).into(),
            required: field.required,
            max_length: field.max_length,
        }
    }
}

/// How much of a kind one person may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Object)]
#[oai(skip_serializing_if_is_none, deny_unknown_fields)]
pub struct PersonLimits {
    /// On one day of service.
    pub per_day: Option<u16>,
    /// In one week of service, Monday to Sunday.
    pub per_week: Option<u16>,
    /// Open at any time.
    pub open: Option<u16>,
}

/// Not coming so often within so many days closes online booking for a while.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Object)]
#[oai(deny_unknown_fields)]
pub struct NoShow {
    /// How often it takes.
    pub count: u8,
    /// The days looked back over.
    pub within_days: u16,
    /// The days booking stays closed.
    pub blocked_days: u16,
}

/// When a place is open on one weekday.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Object)]
#[oai(deny_unknown_fields)]
pub struct Hours {
    /// 1 (Monday) to 7 (Sunday).
    pub weekday: u8,
    /// Opening.
    pub from: Clock,
    /// Closing.
    pub to: Clock,
}

/// A building or room.
#[derive(Debug, Clone, PartialEq, Object)]
#[oai(deny_unknown_fields)]
pub struct Place {
    /// Which.
    pub id: Id<PlaceId>,
    /// Its key in imports.
    pub key: String,
    /// What stands there, such as `health_centre`.
    pub kind: String,
    /// What it is called.
    pub name: Words,
    /// The address.
    pub address: Words,
    /// The community or village it lies in.
    pub area_code: InArea,
    /// Degrees north, WGS-84.
    pub latitude: f64,
    /// Degrees east, WGS-84.
    pub longitude: f64,
    /// The number of its desk.
    pub phone: String,
    /// When it is open, in the order of the week.
    pub hours: Vec<Hours>,
    /// What makes it usable for more people, such as `ramp`.
    pub accessibility: Vec<String>,
}

impl Place {
    /// A place as it goes over the wire.
    pub fn of(place: &catalogue::Place) -> Self {
        let hours =
            place.hours.iter().map(|one| Hours { weekday: one.weekday, from: one.from.into(), to: one.to.into() });
        Self {
            id: Id(place.id),
            key: place.key.clone(),
            kind: place.kind.clone(),
            name: (&place.name).into(),
            address: (&place.address).into(),
            area_code: place.area.clone().into(),
            latitude: place.latitude,
            longitude: place.longitude,
            phone: place.phone.clone(),
            hours: hours.collect(),
            accessibility: place.accessibility.clone(),
        }
    }
}

/// Who serves.
#[derive(Debug, Clone, PartialEq, Eq, Object)]
#[oai(deny_unknown_fields)]
pub struct OrganisationRef {
    /// Which.
    pub id: Id<OrganisationId>,
    /// What it is called.
    pub name: Words,
    /// Its number.
    pub phone: String,
}

impl OrganisationRef {
    /// The organisation of an offering.
    ///
    /// # Errors
    /// A fault of ours when the catalogue does not have it.
    pub fn of(catalogue: &Catalogue, offered: &Offered) -> Answer<Self> {
        let organisation = catalogue.organisation(offered)?;
        Ok(Self { id: Id(organisation.id), name: (&organisation.name).into(), phone: organisation.phone.clone() })
    }
}

/// A doctor, a nurse, an officer.
#[derive(Debug, Clone, PartialEq, Eq, Object)]
#[oai(deny_unknown_fields)]
pub struct Provider {
    /// Which.
    pub id: Id<ProviderId>,
    /// The name.
    pub name: Words,
    /// The professional title.
    pub title: Words,
    /// The department.
    pub department: Words,
    /// `female`, `male` or `unsaid`.
    pub gender: String,
}

impl Provider {
    /// Who is booked within an offering, where it is somebody's own.
    pub fn of(catalogue: &Catalogue, offered: &Offered) -> Option<Self> {
        let provider = catalogue.providers.get(&offered.offering.provider?)?;
        Some(Self {
            id: Id(provider.id),
            name: (&provider.name).into(),
            title: (&provider.title).into(),
            department: (&provider.department).into(),
            gender: provider.gender.clone(),
        })
    }
}

/// What one should know of the rules before booking.
#[derive(Debug, Clone, PartialEq, Eq, Object)]
#[oai(deny_unknown_fields)]
pub struct OfferingRules {
    /// Places of a day open so many days before …
    pub opens_days_before: u16,
    /// … at this time.
    pub opens_at: Clock,
    /// Until when one may cancel or move, as a sentence.
    pub cancel_until: Words,
    /// How many minutes a place is held for somebody from the line.
    pub hold_minutes: u16,
    /// Whether one may wait in line for a full time.
    pub line: bool,
}

/// The first day with places.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Object)]
#[oai(deny_unknown_fields)]
pub struct NextDay {
    /// The day.
    pub day: On,
    /// Many or few.
    pub left: LeftKey,
}

impl From<Next> for NextDay {
    fn from(next: Next) -> Self {
        Self { day: next.day.into(), left: next.left.into() }
    }
}

/// A kind of service at a place, perhaps with somebody.
#[derive(Debug, Clone, PartialEq, Object)]
#[oai(skip_serializing_if_is_none, deny_unknown_fields)]
pub struct Offering {
    /// Which.
    pub id: Id<OfferingId>,
    /// The key of the kind.
    pub kind: String,
    /// What the kind is called.
    pub kind_name: Words,
    /// The key of the platform.
    pub platform: String,
    /// How it is ordered; none for a kind that has left its platform.
    pub shape: Option<ShapeKey>,
    /// How a room, a table or a place can be had.
    pub resource: Option<ResourceRules>,
    /// The price for those who come again soon.
    pub revisit: Option<Revisit>,
    /// Who serves.
    pub organisation: OrganisationRef,
    /// Where.
    pub place: Place,
    /// With whom.
    pub provider: Option<Provider>,
    /// The price of one place in fen.
    pub price_fen: i64,
    /// Whether it costs nothing.
    pub free: bool,
    /// A word to residents.
    pub note: Option<Words>,
    /// What one should know of the rules.
    pub rules: OfferingRules,
    /// The first day with places within the opening window; only where one looks around.
    pub next: Option<NextDay>,
    /// The area whose residents alone may book it.
    pub residents_of: Option<Words>,
}

impl Offering {
    /// An offering with today's rules, without its first day with places.
    ///
    /// # Errors
    /// A fault of ours when the catalogue lacks something the offering names.
    pub fn of(app: &App, catalogue: &Catalogue, offered: &Offered) -> Answer<Self> {
        let (offering, kind) = (&offered.offering, &offered.offering.kind);
        let rules = offered
            .rules_shown(app.now().day())
            .ok_or_else(|| Failure::Fault(format!("offering {} has no rules", offering.id)))?;
        // A kind may have left its platform file while orders of it are still there: its key stands in for the name.
        let plain = || Words { zh: kind.to_string(), en: kind.to_string() };
        let shape = app.platforms.kind(kind).map(|kind| kind.shape);
        let residents_of = offering.residents_of.as_ref().and_then(|code| catalogue.areas.get(code));
        Ok(Self {
            id: Id(offering.id),
            kind: kind.to_string(),
            kind_name: app.platforms.kind(kind).map_or_else(plain, |kind| (&kind.name).into()),
            platform: kind.platform().to_owned(),
            shape: shape.map(ShapeKey::from),
            resource: (shape == Some(platform::Shape::Resource))
                .then(|| ResourceRules::of(offered, rules, app.now().day())),
            revisit: (rules.revisit_days > 0)
                .then_some(Revisit { days: rules.revisit_days, price_fen: rules.revisit_price_fen }),
            organisation: OrganisationRef::of(catalogue, offered)?,
            place: Place::of(catalogue.place(offered)?),
            provider: Provider::of(catalogue, offered),
            price_fen: rules.price_fen,
            free: rules.price_fen == 0,
            note: (!offering.note.zh.is_empty()).then(|| (&offering.note).into()),
            rules: OfferingRules {
                opens_days_before: rules.opens_days_before,
                opens_at: rules.opens_at.into(),
                cancel_until: browse::cancel_sentence(rules).into(),
                hold_minutes: rules.hold_minutes,
                line: rules.line,
            },
            next: None,
            residents_of: residents_of.map(|area| (&area.name).into()),
        })
    }

    /// The same with its first day with places.
    #[must_use]
    pub fn with_next(self, next: Option<Next>) -> Self {
        Self { next: next.map(NextDay::from), ..self }
    }
}

/// The price for those who come again soon.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Object)]
#[oai(deny_unknown_fields)]
pub struct Revisit {
    /// Within so many days of the last visit.
    pub days: u16,
    /// In fen.
    pub price_fen: i64,
}

/// What is left on a day.
#[derive(Debug, Clone, PartialEq, Eq, Object)]
#[oai(skip_serializing_if_is_none, deny_unknown_fields)]
pub struct DayAvailability {
    /// The day.
    pub day: On,
    /// 1 (Monday) to 7 (Sunday).
    pub weekday: u8,
    /// The best of what its times show.
    pub left: LeftKey,
    /// Places nobody has.
    pub free: u32,
    /// People in line.
    pub waiting: u32,
    /// When booking opens, if it has not yet.
    pub opens_at: Option<At>,
    /// The public holiday it is.
    pub holiday: Option<Words>,
    /// A Saturday or Sunday on which people work for a holiday elsewhere.
    pub make_up_workday: bool,
    /// The official list of holidays of that year is not there yet: the plain week is shown.
    pub calendar_unknown: bool,
}

impl From<DayView> for DayAvailability {
    fn from(view: DayView) -> Self {
        Self {
            day: view.day.into(),
            weekday: view.day.weekday(),
            left: view.left.into(),
            free: view.free,
            waiting: view.waiting,
            opens_at: view.opens_at.map(At),
            holiday: view.holiday.map(Words::from),
            make_up_workday: view.make_up_workday,
            calendar_unknown: view.calendar_unknown,
        }
    }
}

/// A time, and what is left at it.
#[derive(Debug, Clone, PartialEq, Eq, Object)]
#[oai(skip_serializing_if_is_none, deny_unknown_fields)]
pub struct Slot {
    /// From.
    pub start: At,
    /// To.
    pub end: At,
    /// What is left, in a word.
    pub left: LeftKey,
    /// Places nobody has.
    pub free: u32,
    /// People in line.
    pub waiting: u32,
    /// Whether a place can be had right away.
    pub bookable: bool,
    /// Whether one may join the line.
    pub can_wait: bool,
    /// The code with which booking would be refused.
    pub why_not: Option<String>,
    /// When booking opens, if it has not yet.
    pub opens_at: Option<At>,
    /// Until when one may cancel or move it.
    pub changes_until: At,
}

impl From<&TimeView> for Slot {
    fn from(view: &TimeView) -> Self {
        Self {
            start: view.slot.start.into(),
            end: view.slot.end.into(),
            left: view.left.into(),
            free: view.free,
            waiting: view.waiting,
            bookable: view.is_bookable(),
            can_wait: view.can_wait(),
            why_not: view.why_not.map(|code| code.key().to_owned()),
            opens_at: view.opens_at.map(At),
            changes_until: view.changes_until.into(),
        }
    }
}
