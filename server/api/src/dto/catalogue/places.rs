//! Where, by which organisation, with whom.

use linli_application::catalogue::{self, Catalogue, Offered};
use linli_domain::id::{OrganisationId, PlaceId, ProviderId};
use poem_openapi::Object;

use crate::dto::{Clock, Id, InArea, Words};
use crate::problem::Answer;

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
