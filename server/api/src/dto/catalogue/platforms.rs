//! Platforms and their kinds of service.

use linli_application::App;
use linli_domain::course::CourseKey;
use linli_domain::platform::{self, NotOrderable, Requirement, Shape};
use linli_domain::words;
use poem_openapi::{Enum, Object};

use crate::dto::Words;
use crate::dto::people::keys;
use crate::dto::visits::KindVisit;

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
        /// Name and identity number are given; staff look at the document when they come.
        IdentityDeclared,
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
    pub courses: Vec<KindCourse>,
    /// What a contract is like, where there are contracts.
    pub contract: Option<ContractTerms>,
    /// Whether those who come are marked on a list, without numbers and calls.
    pub attendance: bool,
    /// What a visit is like, where somebody comes.
    pub visit: Option<KindVisit>,
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
                hours_per_week: kind.limits.hours_per_week,
            },
            no_show: kind.no_show.map(|rule| NoShow {
                count: rule.count,
                within_days: rule.within_days,
                blocked_days: rule.blocked_days,
            }),
            courses: kind.courses.iter().map(|course| KindCourse::of(kind, course)).collect(),
            contract: kind.contract.as_ref().map(ContractTerms::from),
            attendance: kind.attendance,
            visit: kind.visit.as_ref().map(|terms| KindVisit::of(kind, terms)),
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
    /// Hours of use in one week, Monday to Sunday.
    pub hours_per_week: Option<u16>,
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

/// Doses or visits that belong together, with the days between them.
#[derive(Debug, Clone, PartialEq, Eq, Object)]
#[oai(skip_serializing_if_is_none, deny_unknown_fields)]
pub struct KindCourse {
    /// The key, such as `medical.vaccination/hpv9`: what an order is placed with.
    pub key: String,
    /// What it is called.
    pub name: Words,
    /// What it is, for whom, and where the days come from.
    pub about: Words,
    /// How many visits there are; left out when it goes on as long as somebody wishes.
    pub visits: Option<u8>,
    /// The days from one visit to the next; the last holds for all that follow.
    pub steps: Vec<CourseStep>,
}

impl KindCourse {
    fn of(kind: &platform::Kind, course: &platform::Course) -> Self {
        let step = |step: &platform::Interval| CourseStep { min_days: step.min_days, max_days: step.max_days };
        Self {
            key: CourseKey { kind: kind.key.clone(), course: course.key.clone() }.to_string(),
            name: (&course.name).into(),
            about: (&course.about).into(),
            visits: course.visits,
            steps: course.intervals.iter().map(step).collect(),
        }
    }
}

/// Days from one visit to the next, both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Object)]
#[oai(deny_unknown_fields)]
pub struct CourseStep {
    /// The fewest.
    pub min_days: u16,
    /// The most.
    pub max_days: u16,
}

/// What a contract of a kind is like.
#[derive(Debug, Clone, PartialEq, Eq, Object)]
#[oai(deny_unknown_fields)]
pub struct ContractTerms {
    /// How long one lasts, in months.
    pub months: u8,
    /// From how many days before its end it can be renewed.
    pub renew_days: u16,
    /// Which groups of residents there are.
    pub groups: Vec<ContractGroup>,
}

impl From<&platform::ContractTerms> for ContractTerms {
    fn from(terms: &platform::ContractTerms) -> Self {
        let group = |(key, name): &(String, words::Words)| ContractGroup { key: key.clone(), name: name.into() };
        Self { months: terms.months, renew_days: terms.renew_days, groups: terms.groups.iter().map(group).collect() }
    }
}

/// A group of residents, each with services of its own.
#[derive(Debug, Clone, PartialEq, Eq, Object)]
#[oai(deny_unknown_fields)]
pub struct ContractGroup {
    /// The key.
    pub key: String,
    /// What it is called.
    pub name: Words,
}
