//! Where somebody comes to.

use futures::FutureExt;
use linli_domain::area::{AreaCode, AreaLevel};
use linli_domain::geo::{Travel, Wgs84};
use linli_domain::id::{AddressId, CompoundId, PersonId};
use linli_domain::refusal::{Code, Refusal};
use linli_domain::role::Actor;
use linli_store::market::addresses;
pub use linli_store::market::addresses::Address;
use linli_store::market::places::{self, Compound};
use serde::Serialize;

use crate::catalogue::Catalogue;
use crate::{App, Failure, Result, input};

/// Addresses one person keeps at most.
const MOST: usize = 20;

/// Where to, as it is asked.
#[derive(Debug, Clone, Serialize)]
pub enum To {
    /// An address they keep.
    Kept(AddressId),
    /// Another one.
    New(NewAddress),
}

/// An address as it is written.
#[derive(Debug, Clone, Default, Serialize)]
pub struct NewAddress {
    /// What they call it.
    pub label: String,
    /// Compound or street.
    pub text: String,
    /// Building, entrance, floor, door.
    pub detail: String,
    /// Latitude and longitude, WGS-84.
    pub point: Option<(f64, f64)>,
    /// The compound; its gate is the point where none is given.
    pub compound: Option<CompoundId>,
}

/// An address somebody can come to.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Door {
    pub(crate) text: String,
    pub(crate) detail: String,
    pub(crate) area: AreaCode,
    pub(crate) compound: Option<CompoundId>,
    pub(crate) point: Wgs84,
}

impl App {
    /// The addresses somebody keeps, the oldest first.
    ///
    /// # Errors
    /// Faults of the database.
    pub async fn addresses(&self, actor: &Actor) -> Result<Vec<Address>> {
        Ok(addresses::of_person(self.store.reads(), actor.person).await?)
    }

    /// Keeps an address, or changes one.
    ///
    /// # Errors
    /// [`Code::AddressOffStreets`], [`Code::AddressUnknown`]; [`Code::NotFound`] for one of somebody else.
    pub async fn keep_address(&self, actor: &Actor, id: Option<AddressId>, new: NewAddress) -> Result<Address> {
        let kept = addresses::of_person(self.store.reads(), actor.person).await?;
        let before = id.map(|id| kept.iter().find(|one| one.id == id).ok_or(Code::NotFound)).transpose()?;
        if before.is_none() && kept.len() >= MOST {
            return Err(Refusal::new(Code::ValueInvalid).field("text").with("allowed", MOST.to_string()).into());
        }
        let label = if new.label.trim().is_empty() { String::new() } else { input::line("label", &new.label, 20)? };
        let door = self.door(&new).await?;
        let address = Address {
            id: before.map_or_else(|| AddressId(self.next_id()), |one| one.id),
            person: actor.person,
            label,
            text: door.text,
            detail: door.detail,
            area: door.area,
            compound: door.compound,
            point: door.point,
            created_at: before.map_or_else(|| self.now(), |one| one.created_at),
        };
        let row = address.clone();
        self.store
            .write(move |tx| async move { addresses::save(tx, &row).await.map_err(Failure::from) }.boxed())
            .await?;
        Ok(address)
    }

    /// Forgets an address.
    ///
    /// # Errors
    /// [`Code::NotFound`] for one of somebody else.
    pub async fn forget_address(&self, actor: &Actor, id: AddressId) -> Result<()> {
        let person = actor.person;
        let gone = self
            .store
            .write(move |tx| {
                async move { addresses::forget(tx, person, Some(id)).await.map_err(Failure::from) }.boxed()
            })
            .await?;
        if gone { Ok(()) } else { Err(Code::NotFound.into()) }
    }

    /// The door of a request: an address of the one who asks, or of the one who is served, or a new one.
    pub(crate) async fn door_of(&self, people: &[PersonId], to: &To) -> Result<Door> {
        match to {
            To::New(new) => self.door(new).await,
            To::Kept(id) => {
                for person in people {
                    if let Some(kept) = addresses::one(self.store.reads(), *person, *id).await? {
                        let Address { text, detail, area, compound, point, .. } = kept;
                        return Ok(Door { text, detail, area, compound, point });
                    }
                }
                Err(Refusal::new(Code::AddressUnknown).field("address").into())
            }
        }
    }

    async fn door(&self, new: &NewAddress) -> Result<Door> {
        let unknown = || Refusal::new(Code::AddressUnknown).field("address");
        let catalogue = self.catalogue().await?;
        let compound = match new.compound {
            Some(id) => Some(self.compound(id).await?.ok_or_else(unknown)?),
            None => None,
        };
        let point = match (new.point, &compound) {
            (Some((latitude, longitude)), _) => Wgs84::new(latitude, longitude).ok_or_else(unknown)?,
            (None, Some(compound)) => compound.point,
            (None, None) => return Err(unknown().into()),
        };
        if self.streets.snap(Travel::Foot, point).is_err() {
            return Err(Refusal::new(Code::AddressOffStreets).field("address").into());
        }
        let text = match &compound {
            Some(compound) if new.text.trim().is_empty() => compound.name.zh.clone(),
            _ => input::line("address", &new.text, 60)?,
        };
        let detail = if new.detail.trim().is_empty() { String::new() } else { input::line("detail", &new.detail, 60)? };
        let area = match &compound {
            Some(compound) => compound.area.clone(),
            None => self.area_at(&catalogue, point).await?.ok_or_else(unknown)?,
        };
        Ok(Door { text, detail, area, compound: compound.map(|compound| compound.id), point })
    }

    async fn compound(&self, id: CompoundId) -> Result<Option<Compound>> {
        Ok(places::compound_of(self.store.reads(), id).await?)
    }

    async fn compounds(&self) -> Result<Vec<Compound>> {
        Ok(places::compounds(self.store.reads()).await?)
    }

    /// The community a point most likely lies in: that of the nearest compound or place. The district has published
    /// no borders.
    pub(crate) async fn area_at(&self, catalogue: &Catalogue, point: Wgs84) -> Result<Option<AreaCode>> {
        let compounds = self.compounds().await?;
        let compounds = compounds.iter().map(|compound| (compound.point, &compound.area));
        let places = catalogue
            .places
            .values()
            .map(|place| (Wgs84 { latitude: place.latitude, longitude: place.longitude }, &place.area));
        let nearest = compounds
            .chain(places)
            .filter(|(_, area)| area.level() >= AreaLevel::Community)
            .min_by_key(|(at, _)| at.metres_to(point));
        Ok(nearest.and_then(|(_, area)| area.up_to(AreaLevel::Community)))
    }
}
