//! What a platform file says, once it has been read and checked.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::rules::{RuleBounds, Rules};
use super::shapes;
use super::visit::VisitTerms;
use crate::words::Words;

/// One platform: a family of kinds of service, declared by one file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Platform {
    /// The stable key, the name of its file: `medical`.
    pub key: String,
    /// Where it stands among the others, from 1; no two platforms share a number.
    pub order: u16,
    /// What residents call it; at most four characters in Chinese, for the grid of the first page.
    pub name: Words,
    /// One sentence on what it is for.
    pub summary: Words,
    /// What everybody who opens it must read first, such as where to turn in an emergency.
    pub notice: Option<Words>,
    /// The name of its icon, mapped to a picture by the front-end.
    pub icon: String,
    /// A short hash of the file's text: orders remember it, so that the rules they were placed under can be found.
    pub version: String,
    /// Its kinds of service, in the order of the file.
    pub kinds: Vec<Kind>,
}

/// One kind of service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kind {
    /// The key, unique over all platforms: `medical.general_practice`.
    pub key: KindKey,
    /// What residents call it; at most eight characters in Chinese.
    pub name: Words,
    /// One sentence on what one gets.
    pub summary: Words,
    /// What must be read before anything is ordered.
    pub notice: Option<Words>,
    /// How it is ordered.
    pub shape: Shape,
    /// A matter nobody but those on it may know of: it shows a phone number and cannot be ordered in any shape.
    pub confidential: bool,
    /// The number to call, digits and dashes. Confidential kinds always have one.
    pub phone: Option<String>,
    /// Free of charge for everybody; offerings cannot set a price.
    pub free: bool,
    /// Whether the subject is occupied while it lasts: a visit to a doctor does, a parcel at the door does not.
    pub takes_subject_time: bool,
    /// What must be known about the subject before ordering.
    pub requires: Vec<Requirement>,
    /// The ages it is meant for, on the day of service.
    pub age: Option<AgeRange>,
    /// What the order form asks beyond who, where and when.
    pub form: Vec<FormField>,
    /// How much of it one person may have.
    pub limits: PersonLimits,
    /// The rules an offering starts with. [`Rules::NONE`] where the shape has none, or the kind is confidential.
    pub rules: Rules,
    /// How far operators may move those rules. [`RuleBounds::NONE`] where there are none.
    pub bounds: RuleBounds,
    /// What happens to people who repeatedly do not come.
    pub no_show: Option<NoShow>,
    /// Doses or visits with intervals, for kinds of shape `slot`.
    pub courses: Vec<Course>,
    /// Contracts for a while, such as those with a family doctor.
    pub contract: Option<ContractTerms>,
    /// Whether those who come are marked on a list, without numbers and calls: day care.
    pub attendance: bool,
    /// What a visit is like, for kinds of shape `dispatch`. Every kind of that shape that can be ordered has it.
    pub visit: Option<VisitTerms>,
}

impl Kind {
    /// Whether residents and staff may place orders of this kind at all.
    ///
    /// # Errors
    /// [`NotOrderable`] with the reason; confidentiality is named first, whatever the shape.
    pub const fn orderable(&self) -> Result<(), NotOrderable> {
        if self.confidential {
            Err(NotOrderable::Confidential)
        } else if !self.shape.is_built() {
            Err(NotOrderable::ShapeNotBuilt)
        } else {
            Ok(())
        }
    }

    /// Every rule an offering of this kind may not have: its field, and what is allowed. Empty when all is well.
    ///
    /// Covers the kind's bounds, what its shape makes of the rules, and what holds for every kind, so that one call
    /// decides whether an offering may be saved.
    pub fn check(&self, rules: &Rules) -> Vec<(&'static str, String)> {
        shapes::check(self.shape, &self.bounds, rules)
    }
}

/// Why a kind cannot be ordered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotOrderable {
    /// The matter is confidential: people call.
    #[error("this matter is confidential: it is arranged by phone")]
    Confidential,
    /// Ordering in this shape does not exist yet.
    #[error("ordering of this shape is not open yet")]
    ShapeNotBuilt,
}

/// How a service is ordered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Shape {
    /// One of several places at a time, with a doctor, an officer, a room.
    Slot,
    /// A seat in an event or a whole term.
    Session,
    /// A room or a piece of equipment, from–to.
    Resource,
    /// Somebody comes.
    Dispatch,
    /// A standing plan of meals.
    Delivery,
    /// A confidential matter with a life of its own.
    Case,
}

impl Shape {
    /// All shapes, in the order of the documentation.
    pub const ALL: [Self; 6] = [Self::Slot, Self::Session, Self::Resource, Self::Dispatch, Self::Delivery, Self::Case];

    /// The stable key, as written in files and answers.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Slot => "slot",
            Self::Session => "session",
            Self::Resource => "resource",
            Self::Dispatch => "dispatch",
            Self::Delivery => "delivery",
            Self::Case => "case",
        }
    }

    /// Whether orders of this shape can be placed: the one list of what stands.
    pub const fn is_built(self) -> bool {
        matches!(self, Self::Slot | Self::Session | Self::Resource | Self::Dispatch)
    }
}

/// What must be known about the subject of an order, declared by themselves or verified by somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Requirement {
    /// The identity document has been seen by staff or checked against the register.
    IdentityVerified,
    /// Name and identity number are given, on the person's word; staff look at the document when they come. Until then
    /// they have one open booking of the kind at most.
    IdentityDeclared,
    /// The birth date is verified by a document.
    BirthDateVerified,
    /// The birth date is given, on the person's word.
    BirthDateDeclared,
    /// The person says they live in the district.
    LivesInDistrict,
    /// The address in the district is verified.
    ResidenceVerified,
}

impl Requirement {
    /// All requirements.
    pub const ALL: [Self; 6] = [
        Self::IdentityVerified,
        Self::IdentityDeclared,
        Self::BirthDateVerified,
        Self::BirthDateDeclared,
        Self::LivesInDistrict,
        Self::ResidenceVerified,
    ];

    /// The stable key.
    pub const fn key(self) -> &'static str {
        match self {
            Self::IdentityVerified => "identity_verified",
            Self::IdentityDeclared => "identity_declared",
            Self::BirthDateVerified => "birth_date_verified",
            Self::BirthDateDeclared => "birth_date_declared",
            Self::LivesInDistrict => "lives_in_district",
            Self::ResidenceVerified => "residence_verified",
        }
    }
}

/// Ages in completed years on the day of service, both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AgeRange {
    /// The youngest age served.
    #[serde(default)]
    pub min: Option<u8>,
    /// The oldest age served.
    #[serde(default)]
    pub max: Option<u8>,
}

impl AgeRange {
    /// Whether somebody of this age, in completed years, is served. A negative age (not born yet) never is.
    pub fn includes(&self, years: i32) -> bool {
        years >= self.min.map_or(0, i32::from) && self.max.is_none_or(|max| years <= i32::from(max))
    }
}

/// One question of the order form; the answer is text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FormField {
    /// The key the answer is kept under, unique within the form.
    pub key: String,
    /// The question.
    pub label: Words,
    /// An example of an answer, shown under the field.
    pub example: Words,
    /// Whether an order without an answer is refused.
    pub required: bool,
    /// The longest answer in characters, 1 to 1000.
    pub max_length: u16,
}

/// How much of one kind one person may have; nothing set, nothing limited.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PersonLimits {
    /// Places per person and local day of service.
    #[serde(default)]
    pub per_day: Option<u16>,
    /// Places per person and week of service, Monday to Sunday.
    #[serde(default)]
    pub per_week: Option<u16>,
    /// Open orders (not yet over) per person at any time.
    #[serde(default)]
    pub open: Option<u16>,
    /// Hours per person and week of use, Monday to Sunday, for kinds of shape `resource`.
    #[serde(default)]
    pub hours_per_week: Option<u16>,
}

/// What happens to people who repeatedly do not come: so many times within so many days, and ordering this kind is
/// closed to them for a while.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NoShow {
    /// How often it takes, 1 to 20.
    pub count: u8,
    /// The days looked back over, 1 to 366.
    pub within_days: u16,
    /// The days ordering stays closed, 1 to 366.
    pub blocked_days: u16,
}

/// Doses or visits that belong together, with the days between them: a vaccine, a follow-up, a therapy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Course {
    /// The key, unique within the kind.
    pub key: String,
    /// What residents call it.
    pub name: Words,
    /// What it is, for whom, and where the intervals come from.
    pub about: Words,
    /// How many visits there are; none when it goes on as long as somebody wishes, by the last interval.
    pub visits: Option<u8>,
    /// The days from one visit to the next: the first stands between the first and the second visit. The last one
    /// holds for all that follow.
    pub intervals: Vec<Interval>,
}

/// Days from one visit to the next, both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Interval {
    /// The fewest days.
    pub min_days: u16,
    /// The most days.
    pub max_days: u16,
}

/// What a contract of a kind is like.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContractTerms {
    /// How long one lasts, in months.
    pub months: u8,
    /// From how many days before its end it can be renewed.
    pub renew_days: u16,
    /// Which groups of residents there are, by key: their services differ.
    pub groups: Vec<(String, Words)>,
}

/// The key of a kind, unique over the product: platform and kind joined by a point.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct KindKey(String);

/// A text that is no key of a kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not the key of a kind, such as `medical.general_practice`")]
pub struct NotAKindKey;

impl KindKey {
    /// The whole key.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The platform's half.
    pub fn platform(&self) -> &str {
        self.halves().0
    }

    /// The kind's own half.
    pub fn kind(&self) -> &str {
        self.halves().1
    }

    fn halves(&self) -> (&str, &str) {
        self.0.split_once('.').expect("checked when it was read")
    }
}

impl fmt::Display for KindKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for KindKey {
    type Err = NotAKindKey;
    fn from_str(text: &str) -> Result<Self, NotAKindKey> {
        match text.split_once('.') {
            Some((platform, kind)) if is_key(platform) && is_key(kind) => Ok(Self(text.to_owned())),
            _ => Err(NotAKindKey),
        }
    }
}

impl Serialize for KindKey {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for KindKey {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

/// Keys of platforms, kinds and form fields: a small letter, then small letters, digits and underscores, 2 to 32
/// characters.
pub(crate) fn is_key(text: &str) -> bool {
    (2..=32).contains(&text.len())
        && text.starts_with(|c: char| c.is_ascii_lowercase())
        && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
}
