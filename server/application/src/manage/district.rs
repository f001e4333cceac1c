//! Organisations and places: made by staff of a street office for their street, by the district for all of it.

use linli_domain::area::{AreaCode, AreaLevel};
use linli_domain::demo::{Accessibility, PlaceKind};
use linli_domain::id::{AccountId, GrantId, OrganisationId, PersonId, PlaceId};
use linli_domain::person::Person;
use linli_domain::phone::Phone;
use linli_domain::refusal::Code;
use linli_domain::role::{Actor, Grant, Role, Scope};
use linli_domain::words::{Language, Words};
use linli_store::audit::{self, ActingAs, AuditEntry};
pub use linli_store::catalogue::Hours;
use linli_store::catalogue::{self as tables, Organisation, Place};
use linli_store::people::accounts::{self, Account};
use linli_store::people::grants::{self, GrantRecord};
use linli_store::people::persons;
use serde_json::json;

use super::{NAME_MAX, allowed, change, key, phone, words};
use crate::people::sessions;
use crate::{App, Failure, Result, input};

/// An organisation to be made.
#[derive(Debug, Clone)]
pub struct NewOrganisation {
    /// Its key in imports; made up when it is left out.
    pub key: Option<String>,
    /// What it is called.
    pub name: Words,
    /// The area it answers to.
    pub area: AreaCode,
    /// Its number.
    pub phone: String,
}

/// A place to be made.
#[derive(Debug, Clone)]
pub struct NewPlace {
    /// Its key in imports; made up when it is left out.
    pub key: Option<String>,
    /// What stands there, as a key.
    pub kind: String,
    /// What it is called.
    pub name: Words,
    /// The address.
    pub address: Words,
    /// The community or village it lies in.
    pub area: AreaCode,
    /// Degrees north, WGS-84.
    pub latitude: f64,
    /// Degrees east, WGS-84.
    pub longitude: f64,
    /// The number of its desk.
    pub phone: String,
    /// When it is open.
    pub hours: Vec<Hours>,
    /// What makes it usable for more people, as keys.
    pub accessibility: Vec<String>,
}

/// Whether somebody may make organisations and places there.
fn governs(actor: &Actor, area: &AreaCode) -> bool {
    actor.grants.iter().any(|own| {
        matches!((&own.scope, own.role), (Scope::Area(own), Role::StreetStaff | Role::DistrictStaff) if area.is_within(own))
    })
}

/// Makes an organisation.
///
/// # Errors
/// [`Code::NotFound`] for areas of others, [`Code::ValueInvalid`], [`Code::CatalogueKeyTaken`], those of texts.
pub async fn add_organisation(app: &App, actor: &Actor, new: NewOrganisation) -> Result<OrganisationId> {
    let catalogue = app.catalogue().await?;
    if !governs(actor, &new.area) || catalogue.areas.get(&new.area).is_none() {
        return Err(Code::NotFound.into());
    }
    let id = OrganisationId(app.next_id());
    let row = Organisation {
        id,
        key: key(new.key.as_deref(), || format!("organisation_{}", id.to_string().to_lowercase()))?,
        name: words("name", &new.name, NAME_MAX)?,
        area: new.area,
        phone: phone(&new.phone)?,
    };
    let entry = app.entry(actor, ActingAs::Staff, "organisation.added").on(id.0);
    change(app, move |tx| {
        Box::pin(async move {
            tables::insert_organisations(tx, &[row]).await?;
            audit::record(tx, entry).await?;
            Ok(id)
        })
    })
    .await
}

/// Makes a place.
///
/// # Errors
/// As [`add_organisation`].
pub async fn add_place(app: &App, actor: &Actor, new: NewPlace) -> Result<PlaceId> {
    let catalogue = app.catalogue().await?;
    if !governs(actor, &new.area) || catalogue.areas.get(&new.area).is_none() {
        return Err(Code::NotFound.into());
    }
    if new.area.level() != AreaLevel::Community {
        return Err(allowed("area_code", "社区或村", "a community or village").into());
    }
    if serde_json::from_value::<PlaceKind>(new.kind.clone().into()).is_err() {
        let kinds = "health_centre, health_station, canteen, care_centre, culture_centre, police_room, service_hall, property_office";
        return Err(allowed("kind", kinds, kinds).into());
    }
    if new.accessibility.iter().any(|key| serde_json::from_value::<Accessibility>(key.clone().into()).is_err()) {
        let keys = "ramp, lift, wheelchair_toilet, hearing_loop";
        return Err(allowed("accessibility", keys, keys).into());
    }
    if !(-90.0..=90.0).contains(&new.latitude) || !(-180.0..=180.0).contains(&new.longitude) {
        return Err(allowed(
            "latitude",
            "纬度 -90 到 90，经度 -180 到 180",
            "latitude -90 to 90, longitude -180 to 180",
        )
        .into());
    }
    let wrong = |hours: &Hours| !(1..=7).contains(&hours.weekday) || hours.from >= hours.to || hours.to.0 > 24 * 60;
    if new.hours.len() > 50 || new.hours.iter().any(wrong) {
        return Err(allowed("hours", "周一到周日，开门早于关门", "Monday to Sunday, opening before closing").into());
    }
    let id = PlaceId(app.next_id());
    let row = Place {
        id,
        key: key(new.key.as_deref(), || format!("place_{}", id.to_string().to_lowercase()))?,
        kind: new.kind,
        name: words("name", &new.name, NAME_MAX)?,
        address: words("address", &new.address, input::ADDRESS_MAX)?,
        area: new.area,
        latitude: new.latitude,
        longitude: new.longitude,
        phone: phone(&new.phone)?,
        hours: new.hours,
        accessibility: new.accessibility,
    };
    let entry = app.entry(actor, ActingAs::Staff, "place.added").on(id.0);
    change(app, move |tx| {
        Box::pin(async move {
            tables::insert_places(tx, &[row]).await?;
            audit::record(tx, entry).await?;
            Ok(id)
        })
    })
    .await
}

/// Makes somebody staff of the district who may not have logged in yet: the first of them has nobody who could.
/// Answers whether they are so only now.
///
/// # Errors
/// The database's, and a fault when there is no district yet.
pub async fn grant_district(app: &App, phone: Phone) -> Result<bool> {
    let area = app.catalogue().await?.district()?.code.clone();
    let (this, now) = (app.clone(), app.now());
    let (account, given) = app
        .store
        .write(move |tx| {
            Box::pin(async move {
                let (account, person) = match accounts::by_phone(tx, &phone).await? {
                    Some(known) => (known.id, known.person),
                    None => {
                        let (account, person) = (AccountId(this.next_id()), PersonId(this.next_id()));
                        persons::insert(tx, &nobody(person), None, now).await?;
                        let row = Account {
                            id: account,
                            person,
                            phone: Some(phone),
                            wechat_openid: None,
                            wechat_unionid: None,
                            created_at: now,
                        };
                        accounts::insert(tx, &row).await?;
                        (account, person)
                    }
                };
                let grant = Grant { role: Role::DistrictStaff, scope: Scope::Area(area) };
                let held = grants::of_account(tx, account, now).await?;
                if held.iter().any(|held| held.grant == grant && held.valid_until.is_none()) {
                    return Ok((account, false));
                }
                let id = GrantId(this.next_id());
                let record = GrantRecord { id, account, grant, granted_by: None, valid_from: now, valid_until: None };
                grants::insert(tx, &record).await?;
                let entry = AuditEntry::new(this.next_id(), now, None, ActingAs::System, "role.given");
                let said = json!({ "role": Role::DistrictStaff.key() });
                audit::record(tx, entry.about(person).on(id.0).saying(said)).await?;
                Ok::<_, Failure>((account, true))
            })
        })
        .await?;
    sessions::changed(app, account).await;
    Ok(given)
}

fn nobody(id: PersonId) -> Person {
    Person {
        id,
        version: 1,
        name: String::new(),
        birth_date: None,
        community: None,
        address: None,
        identity_mask: None,
        language: Language::Zh,
        large_type: false,
    }
}
