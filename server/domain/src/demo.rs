//! The demo district: what `server/data/demo.toml` holds.
//!
//! Things name each other by key; ids are made when the demo is sown. Everything in it is invented.

mod sessions;
mod workers;

use std::collections::BTreeMap;

use serde::Deserialize;
pub use sessions::{DemoSession, DemoTheme, DemoUnit};
pub use workers::{DemoPaper, DemoWorker};

use crate::area::{Area, AreaCode};
use crate::person::Fact;
use crate::phone::Phone;
use crate::platform::{KindKey, RuleChanges};
use crate::role::Role;
use crate::time::{Day, TimeOfDay};
use crate::words::{Language, Words};

/// The whole demo.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Demo {
    /// Sections and groups, which the list of the district does not have.
    pub areas: Vec<Area>,
    /// On which number an area is reached.
    pub area_phones: BTreeMap<AreaCode, String>,
    /// Buildings and rooms.
    pub places: Vec<DemoPlace>,
    /// Who offers services.
    pub organisations: Vec<DemoOrganisation>,
    /// Doctors, nurses, officers.
    pub providers: Vec<DemoProvider>,
    /// Buildings behind gates.
    pub compounds: Vec<DemoCompound>,
    /// Who is responsible for what where.
    pub responsibilities: Vec<DemoResponsibility>,
    /// What is on offer.
    pub offerings: Vec<DemoOffering>,
    /// Events, terms and groups.
    pub sessions: Vec<DemoSession>,
    /// What months are about.
    pub themes: Vec<DemoTheme>,
    /// Residents.
    pub people: Vec<DemoPerson>,
    /// Those who work at desks and in offices.
    pub staff: Vec<DemoStaff>,
    /// Those who come to the door.
    pub workers: Vec<DemoWorker>,
}

impl Demo {
    /// Reads the demo.
    ///
    /// # Errors
    /// The first mistake, which shows its line.
    pub fn parse(text: &str) -> Result<Self, toml::de::Error> {
        toml::from_str(text)
    }
}

/// What stands at a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PlaceKind {
    /// 社区卫生服务中心, one for a street or town.
    HealthCentre,
    /// 社区卫生服务站.
    HealthStation,
    /// 老年食堂.
    Canteen,
    /// 日间照料中心.
    CareCentre,
    /// 文化中心.
    CultureCentre,
    /// 社区警务室.
    PoliceRoom,
    /// 便民服务大厅.
    ServiceHall,
    /// 物业服务处.
    PropertyOffice,
    /// 社区学校.
    School,
    /// 社区党群服务中心.
    CommunityCentre,
    /// 调解室.
    MediationRoom,
}

impl PlaceKind {
    /// The stable key.
    pub const fn key(self) -> &'static str {
        match self {
            Self::HealthCentre => "health_centre",
            Self::HealthStation => "health_station",
            Self::Canteen => "canteen",
            Self::CareCentre => "care_centre",
            Self::CultureCentre => "culture_centre",
            Self::PoliceRoom => "police_room",
            Self::ServiceHall => "service_hall",
            Self::PropertyOffice => "property_office",
            Self::School => "school",
            Self::CommunityCentre => "community_centre",
            Self::MediationRoom => "mediation_room",
        }
    }
}

/// What makes a place usable for more people.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Accessibility {
    /// A way in without steps.
    Ramp,
    /// A lift to every floor.
    Lift,
    /// A toilet for wheelchairs.
    WheelchairToilet,
    /// A hearing loop at the desk.
    HearingLoop,
}

impl Accessibility {
    /// The stable key.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Ramp => "ramp",
            Self::Lift => "lift",
            Self::WheelchairToilet => "wheelchair_toilet",
            Self::HearingLoop => "hearing_loop",
        }
    }
}

/// A span of the day on some days of the week.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OpenHours {
    /// 1 (Monday) to 7 (Sunday).
    pub weekdays: Vec<u8>,
    /// Opening.
    pub from: TimeOfDay,
    /// Closing.
    pub to: TimeOfDay,
}

/// A building or room.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DemoPlace {
    /// Its key.
    pub key: String,
    /// What stands there.
    pub kind: PlaceKind,
    /// What it is called.
    pub name: Words,
    /// The community or village it lies in.
    pub area: AreaCode,
    /// The address.
    pub address: Words,
    /// Degrees north, WGS-84.
    pub latitude: f64,
    /// Degrees east, WGS-84.
    pub longitude: f64,
    /// The number of its desk.
    pub phone: String,
    /// When it is open.
    pub hours: Vec<OpenHours>,
    /// What makes it usable for more people.
    pub accessibility: Vec<Accessibility>,
}

/// Who offers services.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DemoOrganisation {
    /// Its key.
    pub key: String,
    /// What it is called.
    pub name: Words,
    /// The area it answers to.
    pub area: AreaCode,
    /// Its number.
    pub phone: String,
}

/// The gender a provider is listed with, since some people choose their doctor by it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Gender {
    /// 女.
    Female,
    /// 男.
    Male,
    /// Not listed.
    Unsaid,
}

impl Gender {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Female, Self::Male, Self::Unsaid];

    /// The stable key.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Female => "female",
            Self::Male => "male",
            Self::Unsaid => "unsaid",
        }
    }
}

/// A doctor, a nurse, an officer.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DemoProvider {
    /// The key.
    pub key: String,
    /// The key of the organisation they work for.
    pub organisation: String,
    /// The name.
    pub name: Words,
    /// The professional title.
    pub title: Words,
    /// The department.
    pub department: Words,
    /// The gender listed.
    pub gender: Gender,
}

/// A weekly line of an offering: places one after the other from the beginning to the end.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DemoSchedule {
    /// 1 (Monday) to 7 (Sunday).
    pub weekdays: Vec<u8>,
    /// When the first place begins.
    pub from: TimeOfDay,
    /// When the last place ends.
    pub to: TimeOfDay,
    /// The length of a place; that of the offering's rules when nothing is said.
    pub slot_minutes: Option<u16>,
    /// Places at each time; those of the offering's rules when nothing is said.
    pub capacity: Option<u32>,
}

/// What is on offer: a kind of service at a place, perhaps with somebody.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DemoOffering {
    /// Its key.
    pub key: String,
    /// The kind of service.
    pub kind: KindKey,
    /// The key of the organisation.
    pub organisation: String,
    /// The key of the place.
    pub place: String,
    /// The key of the provider, where it is somebody's own.
    pub provider: Option<String>,
    /// Only for residents of this area.
    pub resident_area: Option<AreaCode>,
    /// What one should know.
    pub note: Option<Words>,
    /// How its rules differ from those the kind starts with.
    #[serde(default)]
    pub rules: RuleChanges,
    /// The week; nothing where sessions bring their own times along.
    #[serde(default)]
    pub schedule: Vec<DemoSchedule>,
    /// Rooms, tables or machines that are told apart, those first that are given out first.
    #[serde(default)]
    pub units: Vec<DemoUnit>,
}

/// A compound.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DemoCompound {
    /// Its key.
    pub key: String,
    /// What it is called.
    pub name: Words,
    /// The community it lies in.
    pub area: AreaCode,
    /// Degrees north of its main gate, WGS-84.
    pub latitude: f64,
    /// Degrees east of its main gate, WGS-84.
    pub longitude: f64,
    /// The key of its property company, where it has one.
    pub company: Option<String>,
}

/// Who is responsible for some kinds in an area.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DemoResponsibility {
    /// The kinds of service.
    pub kinds: Vec<KindKey>,
    /// The area and everything in it.
    pub area: AreaCode,
    /// The key of the organisation.
    pub organisation: String,
}

/// A fact about a person that somebody of the staff has seen a document for.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DemoVerification {
    /// What.
    pub fact: Fact,
    /// The document, in words.
    pub document: String,
    /// The key of who saw it.
    pub by: String,
    /// The day it counts no more.
    pub expires: Option<Day>,
}

/// Whose ward a minor is.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DemoGuardian {
    /// The key of the guardian.
    pub person: String,
    /// What the guardian is to the child: `father`, `mother`, `grandparent` or `other`.
    pub relation: String,
}

/// A resident.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DemoPerson {
    /// The key.
    pub key: String,
    /// The name; empty for somebody who has just come.
    pub name: String,
    /// The number of their account, if they have one.
    pub phone: Option<Phone>,
    /// The declared birth date.
    pub birth_date: Option<Day>,
    /// Where they live.
    pub community: Option<AreaCode>,
    /// The address.
    pub address: Option<String>,
    /// A well-formed number under a region (99) that does not exist, so that it can be nobody's.
    pub identity_number: Option<String>,
    /// The language they read.
    #[serde(default)]
    pub language: Language,
    /// Whether they wish for large type.
    #[serde(default)]
    pub large_type: bool,
    /// What has been verified.
    #[serde(default)]
    pub verified: Vec<DemoVerification>,
    /// Whose ward they are.
    pub guardian: Option<DemoGuardian>,
}

/// Somebody with a role.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DemoStaff {
    /// The key.
    pub key: String,
    /// The name.
    pub name: String,
    /// The number of their account.
    pub phone: Phone,
    /// The role.
    pub role: Role,
    /// The area the role is held for.
    pub area: Option<AreaCode>,
    /// The key of the organisation the role is held for.
    pub organisation: Option<String>,
}

#[cfg(test)]
mod tests;
